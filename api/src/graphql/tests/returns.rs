//! A WARRN record and its return read alike by REST and GraphQL, at its beginning and at its end.

use serde_json::{Value, json};

use super::words::{in_words_of_rest, rests};
use super::world::World;

const STEPS: &str = "state source receivedOn expectedReturnOn returnedOn attendance closedAt outcome
    steps { step turn dueAt doneAt droppedAt }";

/// Everything of a record. `progress` and `returnFile` are what REST gives at `steps` and `return-file`.
fn all() -> String {
    format!(
        "query($id: ID!) {{ warrnRecord(id: $id) {{ id reference version schoolNumber agreement receivedAt
            expectedReturnOn childMoved recipients {{ part deputy beginsAt endsAt dueAt acknowledgedAt escalatedAt }}
            ownPart {{ part dueAt acknowledgedAt }}
            content {{ pupil {{ givenName familyName bornOn upn }} summary {{ heading text }} }}
            progress {{ id reference version {STEPS} }}
            returnFile {{ possible outcomes timeline {{ at kind state note }}
                notes {{ step turn heldOn nextOn partTimeUntil withEps present {{ who name }} note attendance takenBack notedAt
                    plan {{ triggers whatHelps safePlaces keyAdult adjustments timetable }} }} }} }} }}"
    )
}

/// Sends a change that is taken, and gives the record's version after it.
async fn change(world: &World, name: &str, field: &str, id: &str, version: &str, mut input: Value) -> String {
    let (first, rest) = field.split_at(1);
    let of = if field.starts_with("acknowledge") { "warrnRecord" } else { "progress" };
    let kind = format!("{}{rest}Input", first.to_uppercase());
    let query = format!(
        "mutation($input: {kind}!) {{ {field}(input: $input) {{ {of} {{ version }} userErrors {{ code pointer }} }} }}"
    );
    input["id"] = json!(id);
    input["expectedVersion"] = json!(version);
    input["idempotencyKey"] = json!(format!("{field}-{name}-{}", version.trim_matches('"')));
    let answer = world.ask(name, &query, json!({"input": input})).await.fine();
    assert_eq!(answer.at(&format!("/{field}/userErrors")), &json!([]), "{field}");
    answer.text(&format!("/{field}/{of}/version"))
}

/// Sends a record that comes back on Thursday, and gives its id and version.
async fn send(world: &World) -> (String, String) {
    let query = "mutation($input: SendWarrnRecordInput!) { sendWarrnRecord(input: $input) {
        warrnRecord { id version } userErrors { code pointer } } }";
    let heading = &world.app.settings.warrn.headings[0].code;
    let input = json!({
        "idempotencyKey": "w1", "school": "6764001", "agreement": "WASPI-2026-01", "source": "SCHOOL_NURSE",
        "pupil": {"givenName": "Enghraifft", "familyName": "Ddysgwr", "bornOn": "2012-04-05"},
        "receivedOn": "2026-03-01", "expectedReturnOn": "2026-03-05",
        "summary": [{"heading": heading, "text": "canary text"}],
    });
    let sent = world.ask("inreach", query, json!({"input": input})).await.fine();
    (sent.text("/sendWarrnRecord/warrnRecord/id"), sent.text("/sendWarrnRecord/warrnRecord/version"))
}

/// Compares everything of a record by both ways, as one person reads it, and gives GraphQL's.
async fn same(world: &World, name: &str, id: &str) -> Value {
    let graph = world.ask(name, &all(), json!({"id": id})).await.fine();
    let g = |field: &str| in_words_of_rest(graph.at(&format!("/warrnRecord{field}")));
    let path = format!("/v1/warrn-records/{id}");
    let rest = world.get(name, &path).await;
    assert_eq!(graph.text("/warrnRecord/version"), rest.etag.clone().unwrap());
    for (member, value) in rests(&rest.body).as_object().unwrap() {
        assert_eq!(&g("")[member], value, "{member}");
    }
    assert_eq!(g("/content"), rests(&world.get(name, &format!("{path}/content")).await.body));
    let steps = world.get(name, &format!("{path}/steps")).await;
    assert_eq!(g("/progress"), rests(&steps.body));
    assert_eq!(graph.text("/warrnRecord/progress/version"), steps.etag.unwrap());
    let mut file = rests(&world.get(name, &format!("{path}/return-file")).await.body);
    assert_eq!(file.as_object_mut().unwrap().remove("progress"), Some(g("/progress")));
    assert_eq!(g("/returnFile"), file);
    graph.at("/warrnRecord").clone()
}

#[actix_web::test]
async fn a_return_reads_alike_from_its_beginning_to_its_end() {
    let world = World::new();
    let (id, mut version) = send(&world).await;
    for name in ["dsp", "psychologist"] {
        let fresh = same(&world, name, &id).await;
        assert_eq!(
            (&fresh["progress"]["state"], &fresh["content"]["summary"][0]["text"]),
            (&json!("RECEIVED"), &json!("canary text"))
        );
    }
    let waiting = "{ returning { id reference expectedReturnOn waiting }
        ownReturnSteps { id reference step { step turn dueAt doneAt droppedAt } } }";
    let graph = world.ask("dsp", waiting, json!({})).await.fine();
    assert_eq!(graph.at("/returning/0/waiting"), &json!(["DSP", "EP"]));
    assert!(!graph.at("/ownReturnSteps").as_array().unwrap().is_empty());
    for (field, path) in [("/returning", "/v1/warrn-returning"), ("/ownReturnSteps", "/v1/warrn-steps")] {
        let rest = world.get("dsp", path).await;
        assert_eq!(in_words_of_rest(graph.at(field)), rests(&rest.body["items"]), "{field}");
    }
    let list = "{ warrnRecords { nodes { id reference schoolNumber receivedAt expectedReturnOn childMoved
        ownPart { dueAt acknowledgedAt } } } }";
    let graph = world.ask("psychologist", list, json!({})).await.fine();
    let mut item = in_words_of_rest(graph.at("/warrnRecords/nodes/0"));
    let own = item.as_object_mut().unwrap().remove("own_part").unwrap();
    item.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
    assert_eq!(item, rests(&world.get("psychologist", "/v1/warrn-records").await.body["items"][0]));

    for (name, field, input) in [
        ("dsp", "acknowledgeWarrnRecord", json!({})),
        ("psychologist", "acknowledgeWarrnRecord", json!({})),
        ("inreach", "moveWarrnReturn", json!({"expectedReturnOn": "2026-03-04"})),
        ("dsp", "assessWarrnRisk", json!({"heldOn": "2026-03-02", "withEps": true, "findings": "canary findings"})),
        (
            "psychologist",
            "holdWarrnMeeting",
            json!({"heldOn": "2026-03-02", "present": [{"who": "PUPIL", "name": "canary"}], "note": "canary note"}),
        ),
        (
            "dsp",
            "agreeWarrnPlan",
            json!({
                "agreedOn": "2026-03-02", "triggers": "canary a", "whatHelps": "canary b", "safePlaces": "canary c",
                "keyAdult": "canary d", "adjustments": "canary e", "reviewOn": "2026-03-20",
                "timetable": "canary f", "partTimeUntil": "2026-03-13", "partTimeFrom": "2026-03-02",
                "partTimeReviewOn": "2026-03-09", "minutesPerWeek": 750, "partTimeReason": "canary g",
                "consent": {"by": "canary h", "on": "2026-03-02"},
            }),
        ),
        ("dsp", "recordWarrnReturn", json!({"on": "2026-03-01", "attendance": "FULL_TIME"})),
        ("dsp", "withdrawWarrnReturn", json!({"reason": "canary day"})),
        ("dsp", "recordWarrnReturn", json!({"on": "2026-03-02", "attendance": "PART_TIME"})),
        ("dsp", "endWarrnPartTime", json!({"on": "2026-03-02"})),
        (
            "dsp",
            "reviewWarrnReturn",
            json!({"heldOn": "2026-03-02", "attendance": "FULL_TIME", "note": "canary review"}),
        ),
    ] {
        world.clock.advance_seconds(60);
        version = change(&world, name, field, &id, &version, input).await;
        same(&world, "dsp", &id).await;
    }
    let close = json!({"outcome": "RE_ABSENCE", "note": "canary end"});
    change(&world, "dsp", "closeWarrnRecord", &id, &version, close).await;
    let closed = same(&world, "dsp", &id).await;
    assert_eq!(
        (&closed["progress"]["state"], &closed["progress"]["outcome"]),
        (&json!("CLOSED"), &json!("RE_ABSENCE"))
    );
    let notes = closed["returnFile"]["notes"].as_array().unwrap();
    for step in ["RISK_ASSESSMENT", "RETURN_MEETING", "RETURN_PLAN", "RETURN", "FULL_TIME", "REVIEW", "CLOSE"] {
        assert!(notes.iter().any(|n| n["step"] == step), "{step} in {notes:?}");
    }
    let plan = notes.iter().find(|n| n["plan"].is_object());
    assert_eq!(plan.unwrap()["plan"]["timetable"], "canary f");
}

#[actix_web::test]
async fn its_sender_sees_how_far_it_is_and_not_what_it_says_by_both_ways() {
    let world = World::new();
    let (id, _) = send(&world).await;
    let graph = world.ask("inreach", &all(), json!({"id": id})).await;
    assert_eq!(graph.codes(), ["forbidden"; 2], "{}", graph.body);
    assert!(graph.at("/warrnRecord/content").is_null() && graph.at("/warrnRecord/returnFile").is_null());
    assert!(!graph.body.to_string().contains("canary"));
    let path = format!("/v1/warrn-records/{id}");
    let steps = world.get("inreach", &format!("{path}/steps")).await;
    assert_eq!(in_words_of_rest(graph.at("/warrnRecord/progress")), rests(&steps.body));
    for part in ["content", "return-file"] {
        let refused = world.get("inreach", &format!("{path}/{part}")).await;
        assert_eq!((refused.status, &refused.body["code"]), (403, &json!("forbidden")), "{part}");
    }
    let cookie = world.cookie("dsp");
    world.clock.advance_seconds(6 * 60);
    let late = world.ask_with(&cookie, &all(), json!({"id": id})).await;
    assert_eq!((late.codes(), late.text("/warrnRecord/id")), (vec!["step_up_required"; 2], id));
    assert!(!late.body.to_string().contains("canary"));
}
