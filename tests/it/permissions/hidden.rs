//! What is hidden can't be asked about by the way: not by a filter, not by an order, not by an entity tag, and not by a
//! change that names it (`facts/reliability.md` AUZ-3).

use std::collections::BTreeMap;

use dolen_domain::access::Role;
use dolen_tests::writes::{Draft, keyed};
use dolen_tests::{Client, Reply, TestApp};
use serde_json::json;

use super::cells::{all_text, told};
use super::operations::Target;
use super::pages;
use super::things::{self, BORN, CANARY, Thing};

/// What only those with the content may know of a record, by the names it has on the wire, and ways to ask by them.
const HIDDEN: &[&str] = &[
    "need",
    "evidence",
    "notes",
    "consent",
    "pupil",
    "pupil.given_name",
    "given_name",
    "family_name",
    "born_on",
    "upn",
    "summary",
    "content",
    "note",
    "question",
    "answer",
    "pupil_id",
    "created_by",
    "recipients",
    "version",
];
const ORDERS: &[&str] =
    &["sort", "order", "order_by", "sort_by", "fields", "include", "expand", "q", "search", "filter"];

/// Every list of the document, and whether it takes questions at all: one that takes none says the same to each.
fn lists() -> Vec<(String, bool)> {
    let document = serde_json::to_value(dolen_api::openapi::document()).unwrap();
    let paths = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .filter(|(path, item)| !path.contains('{') && item["get"].is_object() && !path.ends_with("/session"));
    let asks = |item: &serde_json::Value| {
        let parameters = item["get"]["parameters"].as_array().into_iter().flatten();
        parameters.into_iter().any(|p| p["in"] == "query")
    };
    paths.map(|(path, item)| (path.clone(), asks(item))).collect()
}

/// A record in which everything hidden is a secret.
fn plant(app: &TestApp) -> Thing {
    let world = app.world();
    let sender = Some(dolen_domain::kernel::Actor::Person(world.who(Role::SchoolSubmitter).id));
    let officer = world.officer_of("eps").officer;
    let wanted = Thing { school: Some(0), service: Some("eps"), officer, sender, ..Thing::default() };
    things::make(app, vec![(Target::Referral, wanted, ())]).remove(0).0
}

#[tokio::test]
async fn nothing_is_filtered_or_ordered_by_what_is_hidden() {
    let app = TestApp::with().standing().start().await;
    let there = plant(&app).canary;
    let client = app.signed_in(Role::Headteacher);
    let lists = lists();
    assert!(lists.len() >= 5, "{lists:?}");
    let mut asked = 0;
    for (list, asks) in &lists {
        if client.get(list).await.status == 403 {
            continue;
        }
        let named = HIDDEN.iter().flat_map(|f| [(*f).to_owned(), format!("filter[{f}]"), format!("{f}[contains]")]);
        let queries = named
            .map(|f| (f, None))
            .chain(ORDERS.iter().flat_map(|o| HIDDEN.iter().map(|f| ((*o).to_owned(), Some(*f)))));
        for (name, value) in queries {
            let answer = async |value: &str| client.get(&format!("{list}?{name}={value}")).await;
            let (yes, no) = (answer(value.unwrap_or(&there)).await, answer("nothing").await);
            if *asks {
                assert_eq!((yes.status, yes.code()), (400, "invalid_parameter"), "{list}?{name}: {yes:?}");
            } else {
                assert_eq!(told(&yes), told(&client.get(list).await), "{list}?{name}");
            }
            assert_eq!(told(&yes), told(&no), "{list}?{name} tells what is there");
            asked += 2;
        }
    }
    // GraphQL knows no such argument; a page's address may say anything, and is not heard.
    for field in ["need", "givenName", "upn", "summary", "orderBy", "sort"] {
        let query = |value: &str| json!({"query": format!("{{ referrals(filter: {{{field}: \"{value}\"}}) {{ edges {{ cursor }} }} }}")});
        let (yes, no) = (
            client.post("/v1/graphql").json(&query(&there)).await,
            client.post("/v1/graphql").json(&query("nothing")).await,
        );
        assert!(yes.json["errors"].is_array() && yes.json["data"].is_null(), "{yes:?}");
        assert_eq!(told(&yes), told(&no));
        let page = async |value: &str| {
            let path = format!("/work?{field}={value}&sort={field}");
            let reply = client.get(&path).header("accept", "text/html").await;
            pages::without_its_own(&String::from_utf8(told(&reply)).unwrap(), "/", "/").replace(value, "")
        };
        assert_eq!(page(&there).await, page(&"n".repeat(there.len())).await, "{field}");
        asked += 4;
    }
    eprintln!("{asked} questions by what is hidden: none was answered");
}

/// What a reader has before and after: the answer, and its tag.
type Seen = BTreeMap<usize, (Vec<u8>, String)>;

async fn seen(readers: &[Client], path: &str) -> Seen {
    let mut all = Seen::new();
    for (i, reader) in readers.iter().enumerate() {
        let reply: Reply = reader.get(path).await;
        if reply.status == 200 {
            let mut body = reply.body.clone();
            // How far a WARRN record is, is told beside it, under the same tag.
            if path.starts_with("/v1/warrn-records/") {
                let steps: Reply = reader.get(&format!("{path}/steps")).await;
                body.extend(steps.body);
            }
            all.insert(i, (body, reply.header("etag").to_owned()));
        }
    }
    all
}

/// Whose tag changed though nothing they see did.
fn tells(before: &Seen, after: &Seen) -> Vec<usize> {
    let both = before.iter().filter_map(|(i, was)| Some((*i, was, after.get(i)?)));
    both.filter(|(_, was, is)| was.0 == is.0 && was.1 != is.1).map(|(i, ..)| i).collect()
}

/// Every change of a record, as everyone who may see the record sees it. A reader to whom nothing has changed is not told
/// by the tag that something has.
#[tokio::test]
async fn a_tag_says_nothing_of_what_is_hidden() {
    let app = TestApp::start().await;
    let people: Vec<_> = app.world().people.iter().collect();
    let readers: Vec<Client> = people.iter().map(|p| app.signed_in_as(p.id)).collect();
    let (mut compared, mut changes) = (0, 0);
    for operation in keyed() {
        let draft = Draft::of(&app, &operation).await;
        if draft.version.is_none() {
            continue;
        }
        let record = draft.path.rsplit_once('/').unwrap().0.to_owned();
        let before = seen(&readers, &record).await;
        draft.sent(&app).await;
        let after = seen(&readers, &record).await;
        let told: Vec<_> = tells(&before, &after).into_iter().map(|i| people[i].role).collect();
        assert!(told.is_empty(), "{operation}: the tag tells {told:?}");
        compared += before.len();
        changes += before.values().zip(after.values()).filter(|(a, b)| a.0 != b.0).count();
    }
    assert!(compared >= 20 && changes >= 10, "{compared} readers, {changes} of whom something changed for");
    // The control: a tag that changes by itself is reported.
    let one = |tag: &str| Seen::from([(7, (b"the same".to_vec(), tag.to_owned()))]);
    assert_eq!((tells(&one("a"), &one("b")), tells(&one("a"), &one("a"))), (vec![7], Vec::new()));
    eprintln!("{compared} times a record was read before and after a change, {changes} times something had changed");
}

/// A change that names what it may not set is refused, and nothing is set.
#[tokio::test]
async fn a_change_that_names_what_is_not_its_own_is_refused() {
    let app = TestApp::start().await;
    let mut tried = 0;
    for operation in keyed() {
        let draft = Draft::of(&app, &operation).await;
        let sender = draft.sender(&app);
        let before = app.database().inspect().counts();
        let own = draft.body.clone().unwrap_or_else(|| json!({}));
        for field in HIDDEN.iter().chain(&["id", "state", "officer", "school_id", "opened_by", "reference", "owner"]) {
            if !own[*field].is_null() || field.contains('.') {
                continue;
            }
            let mut body = own.clone();
            body[*field] = json!(format!("{CANARY} {BORN}"));
            // One it knows but was not given is set, if its value will do.
            let optional = [("send_warrn_record", "notes"), ("open_referral", "notes"), ("decline_referral", "note")];
            if optional.contains(&(operation.as_str(), field)) {
                continue;
            }
            let other = Draft { body: Some(body), ..draft.clone() };
            let reply = other.from(&sender).key(&dolen_tests::clients::fresh_key()).await;
            // An operation without a body reads none.
            if draft.body.is_some() {
                assert!([400, 422].contains(&reply.status), "{operation} took {field}: {reply:?}");
                assert_eq!(app.database().inspect().counts(), before, "{operation}, {field}");
            }
            assert!(!all_text(&reply).contains(CANARY), "{operation}, {field}: {reply:?}");
            tried += 1;
            if draft.body.is_none() {
                break;
            }
        }
    }
    assert!(tried >= 100, "{tried}");
}
