//! The school is the wall: schools that are alike in everything, and everything of one asked for by everyone of another
//! (`facts/reliability.md` TEN-1).

use std::collections::BTreeSet;

use dolen_domain::access::Role;
use dolen_domain::kernel::{Actor, Scopes};
use dolen_tests::{Client, TestApp};
use futures_util::StreamExt as _;
use serde_json::json;
use uuid::Uuid;

use super::cells::{all_text, answers, told};
use super::operations::{self, Address, Operation, Target};
use super::oracle::Answer;
use super::things::{self, Thing};

/// What belongs to a school and names itself.
struct Owned {
    target: Target,
    thing: Thing,
}

/// The same for every school: of each service, by a person and by the school's system, and a WARRN record.
fn content(app: &TestApp) -> Vec<Owned> {
    let world = app.world();
    let mut wanted = Vec::new();
    for school in 0..world.schools.len() {
        let person = Actor::Person(world.who_at(Role::SchoolSubmitter, school).id);
        let client = Actor::Client(world.integration(school).id);
        for service in ["eps", "bss", "sbc"] {
            for sender in [person, client] {
                let officer = world.officer_of(service).officer;
                let (school, service, sender) = (Some(school), Some(service), Some(sender));
                wanted.push((Target::Referral, Thing { school, service, officer, sender, ..Thing::default() }, ()));
            }
        }
        let sender = Some(Actor::Person(world.who(Role::InReachWorker).id));
        let (people, officers) = (vec![world.who_at(Role::Dsp, school).id], world.officer_of("eps").officer);
        let (school, officers) = (Some(school), officers.into_iter().collect());
        wanted.push((Target::Warrn, Thing { school, sender, people, officers, ..Thing::default() }, ()));
    }
    let made = things::make(app, wanted).into_iter().map(|(thing, ())| thing);
    let target = |thing: &Thing| if thing.service.is_some() { Target::Referral } else { Target::Warrn };
    made.map(|thing| Owned { target: target(&thing), thing }).collect()
}

/// Everyone of a school: its people, and its system with every scope.
fn people_of(app: &TestApp, school: usize) -> Vec<Client> {
    let people = app.world().people.iter().filter(|p| p.school == Some(school));
    let mut all: Vec<Client> = people.map(|p| app.signed_in_as(p.id)).collect();
    let scopes = Scopes::parse(&super::principals::SCOPES.join(" "));
    let (system, now) = (app.world().integration(school).id, app.db().clock().now());
    all.push(app.with_bearer(&app.app().tokens.sign(system, &scopes, now, Uuid::new_v4()).unwrap().0));
    all
}

/// One thing asked for by somebody of another school.
struct Try<'a> {
    operation: &'a Operation,
    client: &'a Client,
    is_system: bool,
    to: Address,
    /// What names the thing or stands in it.
    marks: &'a [String],
}

/// Asks, and gives what was wrong with the answer. Not there is said the same way each time; where no client may ask at
/// all, a system is told that instead.
async fn ask(app: &TestApp, it: &Try<'_>) -> (Answer, Vec<u8>, Option<String>) {
    let reply = it.operation.request(app, it.client, &it.to).await;
    let (answer, text) = (answers(&reply, it.operation)[0], all_text(&reply));
    let leaks = it.marks.iter().find(|mark| text.contains(mark.as_str())).map(|mark| format!("{mark} in {text}"));
    let no_client_may = it.operation.parts[0].needs.iter().any(|n| matches!(n, operations::Need::Rule(_, None)));
    let right = match answer {
        Answer::Unseen => true,
        Answer::Scope => it.is_system && no_client_may,
        _ => false,
    };
    (answer, told(&reply), leaks.or_else(|| (!right).then(|| format!("{reply:?}"))))
}

#[tokio::test]
async fn nothing_of_a_school_is_there_for_another() {
    let app = TestApp::with().standing().set("server.workers", "2").start().await;
    let (open, _) = things::campaigns(&app);
    let owned = content(&app);
    let operations: Vec<Operation> = operations::all();
    let schools = app.world().schools.clone();
    let references = references(&app);
    let marks: Vec<Vec<String>> = owned.iter().map(|o| marks(&o.thing, &references)).collect();
    let people: Vec<Vec<Client>> = (0..schools.len()).map(|s| people_of(&app, s)).collect();
    let mut tries = Vec::new();
    for (own, people) in people.iter().enumerate() {
        for (o, marks) in owned.iter().zip(&marks).filter(|(o, _)| o.thing.school != Some(own)) {
            for operation in operations.iter().filter(|op| op.target == o.target) {
                for (i, client) in people.iter().enumerate() {
                    let school = schools[o.thing.school.unwrap()].number.clone();
                    let to = Address { record: o.thing.id, school, campaign: open };
                    tries.push(Try { operation, client, is_system: i + 1 == people.len(), to, marks });
                }
            }
        }
    }
    let before = app.database().inspect().counts();
    let asked = tries.len();
    let fired = futures_util::stream::iter(tries).map(|it| {
        let app = &app;
        async move { (it.operation.id.clone(), ask(app, &it).await) }
    });
    let answered: Vec<_> = fired.buffer_unordered(4).collect().await;
    let wrong: Vec<String> =
        answered.iter().filter_map(|(id, (.., wrong))| wrong.as_ref().map(|w| format!("{id}: {w}"))).collect();
    assert!(wrong.is_empty(), "{} of {asked}:\n{}", wrong.len(), wrong.join("\n"));
    let ways: BTreeSet<_> = answered.iter().map(|(id, (answer, told, _))| (id, format!("{answer:?}"), told)).collect();
    let kinds: BTreeSet<_> = answered.iter().map(|(id, (answer, ..))| (id, format!("{answer:?}"))).collect();
    assert_eq!(ways.len(), kinds.len(), "not there is said in more ways than one");
    assert_eq!(app.database().inspect().counts(), before, "a refusal changed something");
    eprintln!("{asked} requests for what is another school's: 0 leaks");
    elsewhere(&app, &owned, &marks, &people).await;
}

/// The references of all records, by id.
fn references(app: &TestApp) -> Vec<(String, String)> {
    let sql = |id: &str, table: &str| format!("SELECT {id} || ' ' || reference AS value FROM {table} ORDER BY 1");
    let mut inspect = app.database().inspect();
    let id = if inspect.is_postgres() { "replace(CAST(id AS text), '-', '')" } else { "lower(hex(id))" };
    let lines = ["referrals", "warrn_records"].map(|table| inspect.texts(&sql(id, table))).concat();
    lines.iter().map(|l| l.split_once(' ').unwrap()).map(|(id, r)| (id.to_owned(), r.to_owned())).collect()
}

/// What must not be told of a thing: its reference, and what it says.
fn marks(thing: &Thing, references: &[(String, String)]) -> Vec<String> {
    let id = thing.id.simple().to_string();
    let reference = references.iter().find(|(of, _)| *of == id).map(|(_, r)| r.clone()).expect("it has a reference");
    vec![reference, thing.canary.clone(), things::CANARY.to_owned(), things::BORN.to_owned()]
}

/// Ways around the wall that need no id of their own: lists and their cursors, filters, entity tags, kept answers, and
/// writing on behalf of another school.
async fn elsewhere(app: &TestApp, owned: &[Owned], marks: &[Vec<String>], people: &[Vec<Client>]) {
    let (a, b) = (&people[0], &people[1]);
    let number = &app.world().schools[1].number;
    let foreign: Vec<&String> = owned
        .iter()
        .zip(marks)
        .filter(|(o, _)| o.thing.school == Some(1))
        .flat_map(|(_, m)| m.iter().take(2))
        .collect();
    let theirs = b[0].get("/v1/referrals?limit=1").await;
    let cursor = theirs.json["next_cursor"].as_str().expect("another page").to_owned();
    let thing = owned.iter().find(|o| o.thing.school == Some(1)).unwrap();
    let path = format!("/v1/referrals/{}", thing.thing.id);
    let tag = b[0].get(&path).await.header("etag").to_owned();
    assert!(!tag.is_empty(), "who may see it is given its tag");
    for client in a {
        for list in [
            format!("/v1/referrals?cursor={cursor}"),
            format!("/v1/referrals?school_number={number}"),
            "/v1/referrals".to_owned(),
            "/v1/warrn-records".to_owned(),
        ] {
            let reply = client.get(&list).await;
            let text = all_text(&reply);
            assert!([200, 403].contains(&reply.status), "{reply:?}");
            assert!(!foreign.iter().any(|mark| text.contains(mark.as_str())), "{text}");
        }
        client.get(&path).header("if-none-match", &tag).await.expect_problem(404, "not_found");
    }
    // A key someone of the other school has used is a key never used, and their school is not mine to write for.
    let mut body = dolen_tests::bodies::referral(number, "sbc");
    body["need"] = json!("canari-angen");
    b[0].post("/v1/referrals").key("theirs").json(&body).await.expect_status(201);
    for client in a {
        let reply = client.post("/v1/referrals").key("theirs").json(&body).await;
        reply.expect_problem(403, "forbidden");
    }
}
