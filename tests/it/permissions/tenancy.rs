//! The school is the wall: two clusters of schools that are alike in everything, and everything of one asked for by
//! everyone of the others, on every operation, field and page (`facts/reliability.md` TEN-1).
//!
//! What a school has and an id names is records. Uploads and exports join `Owned` when there are any.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use dolen_domain::access::Role;
use dolen_domain::kernel::{Actor, OsChance, Reference, Scopes};
use dolen_tests::seed::Seed;
use dolen_tests::writes::{Draft, keyed};
use dolen_tests::{Client, TestApp};
use futures_util::StreamExt as _;
use serde_json::{Value, json};
use uuid::Uuid;

use super::cells::{all_text, answers, shown, told};
use super::operations::{self, Address, Need, Operation, Target};
use super::oracle::Answer;
use super::things::{self, Thing};
use super::{pages, timing};

/// What is said of another school by its number, and why: that there is such a school is in the directory, which is for
/// everybody, so "not yours" gives nothing away. Every operation on a school of a campaign is here, and no other.
const ANOTHERS_NUMBER: &[&str] = &[
    "acknowledge_survey_concern",
    "check_survey_responses",
    "get_survey_pack",
    "get_survey_results",
    "list_survey_code_sheets",
    "page GET /surveys/{id}/schools/{number}",
    "page GET /surveys/{id}/schools/{number}/bulk",
    "page GET /surveys/{id}/schools/{number}/codes",
    "page GET /surveys/{id}/schools/{number}/pack/{format}",
    "page GET /surveys/{id}/schools/{number}/reopen",
    "page GET /surveys/{id}/schools/{number}/rolls",
    "page GET /surveys/{id}/schools/{number}/sign-off",
    "page GET /surveys/{id}/schools/{number}/texts",
    "page POST /surveys/{id}/schools/{number}/actions",
    "page POST /surveys/{id}/schools/{number}/bulk",
    "page POST /surveys/{id}/schools/{number}/codes",
    "page POST /surveys/{id}/schools/{number}/codes/{sheet}/replace",
    "page POST /surveys/{id}/schools/{number}/concerns/{concern}/acknowledge",
    "page POST /surveys/{id}/schools/{number}/reopen",
    "page POST /surveys/{id}/schools/{number}/rolls",
    "page POST /surveys/{id}/schools/{number}/sign-off",
    "print_survey_codes",
    "reopen_survey",
    "set_survey_rolls",
    "sign_off_survey",
    "submit_survey_responses",
    "take_up_survey_advice",
    "void_survey_code_sheet",
    "withdraw_all_survey_responses",
    "withdraw_survey_responses",
];

/// How often each of two addresses is timed.
const TIMED: usize = 120;

/// What belongs to a school and names itself.
struct Owned {
    target: Target,
    thing: Thing,
}

/// Somebody of a school.
struct Person {
    client: Client,
    csrf: String,
    is_system: bool,
}

/// The world under test.
struct Walls {
    app: TestApp,
    open: Uuid,
    operations: Vec<Operation>,
    owned: Vec<Owned>,
    /// By school.
    people: Vec<Vec<Person>>,
}

/// One thing asked for by somebody of another school; without a thing, what is nowhere.
struct Try<'a> {
    operation: usize,
    person: &'a Person,
    /// Which person, counted through all schools.
    who: usize,
    owned: Option<&'a Owned>,
}

/// What came of one.
struct Told {
    operation: usize,
    who: usize,
    answer: Answer,
    bytes: Vec<u8>,
    /// What is wrong with it.
    wrong: Option<String>,
}

/// The same for every school: of each service, by a person or by the school's system, and a WARRN record.
fn content(app: &TestApp) -> Vec<Owned> {
    let world = app.world();
    let mut wanted = Vec::new();
    for school in 0..world.schools.len() {
        let person = Actor::Person(world.who_at(Role::SchoolSubmitter, school).id);
        let client = Actor::Client(world.integration(school).id);
        for (service, sender) in [("eps", person), ("bss", client), ("sbc", person)] {
            let officer = world.officer_of(service).officer;
            let (school, service, sender) = (Some(school), Some(service), Some(sender));
            wanted.push((Target::Referral, Thing { school, service, officer, sender, ..Thing::default() }, ()));
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
async fn people_of(app: &TestApp, school: usize) -> Vec<Person> {
    let mut all = Vec::new();
    for person in app.world().people.iter().filter(|p| p.school == Some(school)) {
        let client = app.signed_in_as(person.id);
        let csrf = pages::token(&client).await;
        all.push(Person { client, csrf, is_system: false });
    }
    let scopes = Scopes::parse(&super::principals::SCOPES.join(" "));
    let (system, now) = (app.world().integration(school).id, app.db().clock().now());
    let client = app.with_bearer(&app.app().tokens.sign(system, &scopes, now, Uuid::new_v4()).unwrap().0);
    all.push(Person { client, csrf: String::new(), is_system: true });
    all
}

impl Walls {
    async fn build() -> Self {
        let app = TestApp::with().standing().set("server.workers", "2").start().await;
        let (open, _) = things::campaigns(&app);
        let owned = content(&app);
        let mut people = Vec::new();
        for school in 0..app.world().schools.len() {
            people.push(people_of(&app, school).await);
        }
        Self { app, open, operations: operations::all(), owned, people }
    }

    /// Who could ask for what: each of the others' things once, and what is nowhere, on every operation on such a thing.
    fn tries<'a>(&'a self, foreign: impl Fn(usize, &Thing) -> bool) -> Vec<Try<'a>> {
        let mut tries = Vec::new();
        let mut who = 0;
        for (school, people) in self.people.iter().enumerate() {
            for person in people {
                let mut add = |owned: Option<&'a Owned>, targets: &[Target]| {
                    let on = self.operations.iter().enumerate().filter(|(_, o)| targets.contains(&o.target));
                    tries.extend(on.map(|(operation, _)| Try { operation, person, who, owned }));
                };
                for owned in self.owned.iter().filter(|o| foreign(school, &o.thing)) {
                    add(Some(owned), &[owned.target]);
                }
                add(None, &[Target::Referral, Target::Warrn]);
                who += 1;
            }
        }
        tries
    }

    fn address(&self, it: &Try<'_>) -> Address {
        let nowhere =
            Thing { id: Uuid::new_v4(), reference: Reference::random(&OsChance).to_string(), ..Thing::default() };
        let thing = it.owned.map_or(&nowhere, |o| &o.thing);
        Address {
            record: thing.id,
            school: self.app.world().schools[thing.school.unwrap_or(0)].number.clone(),
            campaign: self.open,
            questionnaire: Uuid::nil(),
            reference: thing.reference.clone(),
            csrf: it.person.csrf.clone(),
            person: Uuid::new_v4(),
            pupil: Uuid::new_v4(),
            children: <[String; 3]>::default(),
            kept: thing.kept,
            system: Uuid::nil(),
            sheet: Uuid::new_v4(),
            concern: Uuid::new_v4(),
        }
    }

    /// Asks. Not there is said, the same way each time; where no system may ask at all, one is told that instead.
    async fn ask(&self, it: &Try<'_>) -> Told {
        let operation = &self.operations[it.operation];
        let to = self.address(it);
        let reply = shown(&operation.request(&self.app, &it.person.client, &to).await, operation, &to);
        let (answer, text) = (answers(&reply, operation)[0], all_text(&reply));
        let marks = it.owned.map(|o| marks(&o.thing)).unwrap_or_default();
        let leak = marks.iter().find(|mark| text.contains(mark.as_str())).map(|mark| format!("{mark} in {text}"));
        let right = match answer {
            Answer::Unseen => true,
            // A system without the scope is told so, and the same of what is nowhere: see `read_alike`.
            Answer::Scope => it.person.is_system,
            Answer::SignIn => it.person.is_system && operation.is_page(),
            // The way back from a form, which leads there whatever stands there.
            Answer::Done => operation.parts[0].needs == [Need::Session],
            _ => false,
        };
        let wrong = leak.or_else(|| (!right).then(|| format!("{reply:?}")));
        let (operation, who) = (it.operation, it.who);
        Told {
            operation,
            who,
            answer,
            bytes: told(&reply),
            wrong: wrong.map(|w| format!("{}: {w}", self.name(operation))),
        }
    }

    fn name(&self, operation: usize) -> &str {
        &self.operations[operation].id
    }

    async fn ask_all(&self, tries: Vec<Try<'_>>) -> Vec<Told> {
        let asked = futures_util::stream::iter(tries).map(|it| async move { self.ask(&it).await });
        asked.buffer_unordered(4).collect().await
    }

    /// What is another's and what is nowhere read alike to the byte: to everyone the same, and for a page, which carries
    /// its reader's menu, to each reader.
    fn read_alike(&self, told: &[Told]) {
        let mut ways: BTreeMap<(usize, String), BTreeSet<&[u8]>> = BTreeMap::new();
        for t in told {
            let reader = if self.operations[t.operation].is_page() { t.who.to_string() } else { String::new() };
            ways.entry((t.operation, format!("{:?} {reader}", t.answer))).or_default().insert(&t.bytes);
        }
        for ((operation, answer), ways) in ways {
            let ways: Vec<_> = ways.into_iter().map(String::from_utf8_lossy).collect();
            assert_eq!(ways.len(), 1, "{} {answer} in more ways than one: {ways:#?}", self.name(operation));
        }
    }

    /// Times what is another's against what is nowhere, turn by turn. A difference must show three times to count: the
    /// machine has other things to do.
    async fn times_alike(&self) {
        let owned = |target| self.owned.iter().find(|o| o.target == target && o.thing.school == Some(2)).unwrap();
        let mut told = Vec::new();
        for id in [
            "get_referral",
            "get_referral_content",
            "accept_referral",
            "graphql referral",
            "page GET /referrals/{id}",
            "page GET /r/{reference} of a referral",
            "get_warrn_content",
            "page GET /warrn/{id}",
        ] {
            let operation = self.operations.iter().position(|o| o.id == id).unwrap_or_else(|| panic!("no {id}"));
            let there = owned(self.operations[operation].target);
            let mut compared = self.time(operation, there).await;
            for _ in 0..2 {
                if compared.tells_apart() {
                    compared = self.time(operation, there).await;
                }
            }
            let percent = compared.difference() * 100.0;
            let line = format!(
                "{id}: {:.0} and {:.0} µs, {percent:.1} %, p {:.3}",
                compared.medians.0, compared.medians.1, compared.p
            );
            assert!(!compared.tells_apart(), "what is another's is told by the time it takes: {line}");
            told.push(line);
        }
        eprintln!("another's and nowhere: {}", told.join("; "));
    }

    async fn time(&self, operation: usize, there: &Owned) -> timing::Compared {
        let (seed, person) = (Seed::new(7), &self.people[0][1]);
        let mut times = [Vec::new(), Vec::new()];
        while times.iter().any(|t| t.len() < TIMED) {
            let nowhere = usize::try_from(seed.below(2)).unwrap();
            let owned = (nowhere == 0).then_some(there);
            let it = Try { operation, person, who: 0, owned };
            let (to, operation) = (self.address(&it), &self.operations[operation]);
            let started = Instant::now();
            let reply = operation.request(&self.app, &person.client, &to).await;
            let taken = started.elapsed();
            assert_eq!(answers(&reply, operation)[0], Answer::Unseen);
            times[nowhere].push(taken.as_secs_f64() * 1e6);
        }
        timing::compare(&times[0], &times[1])
    }
}

/// What must not be told of a thing: its reference, and what it says.
fn marks(thing: &Thing) -> Vec<String> {
    vec![thing.reference.clone(), thing.canary.clone(), things::CANARY.to_owned(), things::BORN.to_owned()]
}

#[tokio::test]
async fn nothing_of_a_school_is_there_for_another() {
    let walls = Walls::build().await;
    let before = walls.app.database().inspect().counts();
    let tries = walls.tries(|school, thing| thing.school != Some(school));
    let (asked, nowhere) = (tries.len(), tries.iter().filter(|t| t.owned.is_none()).count());
    assert!(asked - nowhere >= 5_000, "{asked} requests, {nowhere} of them for nothing");
    let told = walls.ask_all(tries).await;
    let wrong: Vec<&str> = told.iter().filter_map(|t| t.wrong.as_deref()).collect();
    assert!(wrong.is_empty(), "{} of {asked}:\n{}", wrong.len(), wrong.join("\n"));
    walls.read_alike(&told);
    assert_eq!(walls.app.database().inspect().counts(), before, "a refusal changed something");
    eprintln!("{} requests for what is another school's, {nowhere} for what is nowhere: 0 leaks", asked - nowhere);
    walls.times_alike().await;
    by_number(&walls).await;
    elsewhere(&walls).await;
    keys(&walls).await;
    a_shared_record_is_reported(&walls).await;
}

/// What names a school by its number: refused, the same to all.
async fn by_number(walls: &Walls) {
    let on: Vec<usize> =
        (0..walls.operations.len()).filter(|o| walls.operations[*o].target == Target::SchoolInCampaign).collect();
    let mut names: Vec<&str> = on.iter().map(|o| walls.name(*o)).collect();
    names.sort_unstable();
    assert_eq!(
        names, ANOTHERS_NUMBER,
        "say in tests/it/permissions/tenancy.rs what is told of another school, and why"
    );
    let other = Owned { target: Target::SchoolInCampaign, thing: Thing { school: Some(2), ..Thing::default() } };
    for operation in on {
        for person in &walls.people[0] {
            let told = walls.ask(&Try { operation, person, who: 0, owned: Some(&other) }).await;
            let asked = &walls.operations[operation];
            let for_no_system = matches!(asked.parts[0].needs[..], [Need::Rule(_, None), ..]);
            let expected = match person.is_system {
                true if asked.is_page() => Answer::SignIn,
                true if for_no_system => Answer::Scope,
                _ => Answer::Forbidden,
            };
            assert_eq!(told.answer, expected, "{:?}", told.wrong);
        }
    }
}

/// Ways around the wall that need no id of their own: lists and their cursors, filters, entity tags, and writing on
/// behalf of another school.
async fn elsewhere(walls: &Walls) {
    let (own, theirs) = (&walls.people[0], &walls.people[2]);
    let number = &walls.app.world().schools[2].number;
    let of_theirs = walls.owned.iter().filter(|o| o.thing.school == Some(2));
    let foreign: Vec<String> = of_theirs.clone().flat_map(|o| marks(&o.thing).into_iter().take(2)).collect();
    let first = theirs[0].client.get("/v1/referrals?limit=1").await;
    let cursor = first.json["next_cursor"].as_str().expect("another page").to_owned();
    let record = theirs[1].client.get("/v1/warrn-records?limit=1").await;
    let record = record.json["items"][0]["reference"].as_str().expect("a record").to_owned();
    assert!(foreign.contains(&record), "the control: they see their own");
    let query = "query($after: String) { referrals(first: 5, after: $after) { edges { cursor node { reference } } } }";
    let thing = of_theirs.clone().find(|o| o.target == Target::Referral).unwrap();
    let path = format!("/v1/referrals/{}", thing.thing.id);
    let tag = theirs[0].client.get(&path).await.header("etag").to_owned();
    assert!(!tag.is_empty(), "who may see it is given its tag");
    for Person { client, .. } in own {
        for list in [
            format!("/v1/referrals?cursor={cursor}"),
            format!("/v1/referrals?school_number={number}"),
            "/v1/referrals".to_owned(),
            "/v1/warrn-records".to_owned(),
            format!("/v1/warrn-records?cursor={cursor}"),
            "/work".to_owned(),
            format!("/work?cursor={cursor}&warrn_cursor={cursor}"),
        ] {
            let reply = client.get(&list).await;
            let text = all_text(&reply);
            assert!([200, 303, 400, 403].contains(&reply.status), "{reply:?}");
            assert!(!foreign.iter().any(|mark| text.contains(mark.as_str())), "{list}: {text}");
        }
        let body = json!({"query": query, "variables": {"after": cursor}});
        let text = all_text(&client.post("/v1/graphql").json(&body).await);
        assert!(!foreign.iter().any(|mark| text.contains(mark.as_str())), "{text}");
        client.get(&path).header("if-none-match", &tag).await.expect_problem(404, "not_found");
    }
    let body = dolen_tests::bodies::referral(number, "sbc");
    for Person { client, .. } in own {
        client.post("/v1/referrals").json(&body).await.expect_problem(403, "forbidden");
    }
}

/// A key someone of another school has used gives nothing away: its answer is not given again, and the request is
/// refused as it would be without.
async fn keys(walls: &Walls) {
    for operation in keyed() {
        let draft = Draft::of(&walls.app, &operation).await;
        let done = draft.from(&draft.sender(&walls.app)).key(&operation).await;
        done.expect_status(draft.status);
        let told = |json: &Value| json["id"].as_str().or(json["reference"].as_str()).unwrap_or("no id").to_owned();
        for person in &walls.people[2] {
            let reply = draft.from(&person.client).key(&operation).await;
            // Everybody may say when they are away themselves.
            let own = operation == "record_absence" && reply.status == 201;
            assert!(own || [403, 404].contains(&reply.status), "{operation}: {reply:?}");
            assert!(reply.header("idempotent-replayed").is_empty(), "{operation}: {reply:?}");
            assert!(!all_text(&reply).contains(&told(&done.json)), "{operation}: {reply:?}");
        }
    }
}

/// The control: a record that does stand on both sides of the wall is reported, on REST, GraphQL and the pages.
async fn a_shared_record_is_reported(walls: &Walls) {
    let shared = walls.owned.iter().find(|o| o.target == Target::Referral && o.thing.school == Some(2)).unwrap();
    let (own, reference) = (&walls.app.world().schools[0].number, &shared.thing.reference);
    walls.app.database().inspect().execute(&format!(
        "UPDATE cases SET school_id = (SELECT id FROM schools WHERE number = '{own}') WHERE reference = '{reference}'"
    ));
    let told = walls.ask_all(walls.tries(|school, thing| school == 0 && thing.id == shared.thing.id)).await;
    let reported: BTreeSet<&str> = told.iter().filter(|t| t.wrong.is_some()).map(|t| walls.name(t.operation)).collect();
    for operation in
        ["get_referral", "graphql referral", "page GET /referrals/{id}", "page GET /r/{reference} of a referral"]
    {
        assert!(reported.contains(operation), "{operation} is not among {reported:?}");
    }
    eprintln!("control: a shared record is reported by {} of the operations on it", reported.len());
}
