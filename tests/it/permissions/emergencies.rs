//! An emergency access as something to ask for: who learns of one, reads why, and reviews it, by everyone, on every way it
//! can stand to them, over REST, GraphQL and the console (`facts/reliability.md` AUZ-1, REC-2).
//!
//! A matrix of its own beside the one of records: a review can be made once, so each cell has an access of its own.

use diesel::prelude::*;
use dolen_domain::access::policy::{RULES, Rule, STEP_UP};
use dolen_domain::access::{Action, Relation, Role};
use dolen_domain::audit::{self, Object};
use dolen_domain::db::Work;
use dolen_domain::db::schema::{emergency_accesses as e, emergency_owners as o};
use dolen_domain::db::types::{SealedBytes, Uid};
use dolen_domain::directory::services;
use dolen_domain::kernel::{Actor, EmergencyId, PersonId, PupilId, Reference, Result, SchoolId, ServiceId};
use dolen_domain::pupils::{self, PupilIdentity};
use dolen_domain::vault::{Place, Vault};
use dolen_tests::clients::{Request, fresh_key};
use dolen_tests::{Reply, TestApp, World, canary};
use futures_util::StreamExt as _;
use reqwest::Method;
use serde_json::json;

use super::principals::{self, Principal, ROLES};
use super::things::{EMERGENCY_SERVICE, Thing};
use super::{oracle, pages};

/// What these cells are about.
const ACTIONS: [Action; 3] = [Action::ReadEmergency, Action::ReadEmergencyReason, Action::ReviewEmergency];

/// How an access stands to who asks.
const WAYS: [&str; 7] = [
    "their own",
    "their own, over",
    "told to them",
    "told to their service",
    "of their service",
    "of nobody",
    "of a child they opened",
];

/// What a page says to who would review their own.
const OWN_REVIEW: [&str; 2] =
    ["Rhaid i rywun arall adolygu eich mynediad brys", "Somebody else must review your emergency access"];

/// One way to ask, and what it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Get,
    Reason,
    Review,
    Field,
    FieldOfReason,
    Mutation,
    Page,
    ReasonOnPage,
    Form,
}

const ALL: [Asked; 9] = [
    Asked::Get,
    Asked::Reason,
    Asked::Review,
    Asked::Field,
    Asked::FieldOfReason,
    Asked::Mutation,
    Asked::Page,
    Asked::ReasonOnPage,
    Asked::Form,
];

impl Asked {
    const fn action(self) -> Action {
        match self {
            Self::Get | Self::Field | Self::Page => Action::ReadEmergency,
            Self::Reason | Self::FieldOfReason | Self::ReasonOnPage => Action::ReadEmergencyReason,
            Self::Review | Self::Mutation | Self::Form => Action::ReviewEmergency,
        }
    }

    const fn is_page(self) -> bool {
        matches!(self, Self::Page | Self::ReasonOnPage | Self::Form)
    }
}

/// An answer, as far as the cells tell them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Done,
    SignIn,
    StepUp,
    Scope,
    Forbidden,
    Own,
    Unseen,
    Other(u16),
}

struct Cell {
    asked: Asked,
    who: usize,
    thing: Thing,
}

struct Observed {
    cell: Cell,
    answer: Answer,
    leak: bool,
}

/// What should be answered, from the rows alone.
fn expected(rules: &[Rule], who: &Principal, cell: &Cell) -> Answer {
    if cell.asked.is_page() && !matches!(who.actor, Actor::Person(_)) {
        return Answer::SignIn;
    }
    if who.actor == Actor::Anonymous {
        return Answer::SignIn;
    }
    // No scope opens any of it to a client.
    if who.scopes.is_some() {
        return Answer::Scope;
    }
    let may = |action| oracle::allowed(rules, who, action, &cell.thing);
    let action = cell.asked.action();
    let is_stale = STEP_UP.contains(&action) && !who.fresh;
    // The page and the field stand without the reason, which is a part of them.
    let part = matches!(cell.asked, Asked::FieldOfReason | Asked::ReasonOnPage);
    let whole = if part { may(Action::ReadEmergency) } else { may(action) };
    match (whole, may(action)) {
        (true, true) if is_stale => Answer::StepUp,
        (true, true) if action == Action::ReviewEmergency && cell.thing.sender == Some(who.actor) => Answer::Own,
        (true, true) => Answer::Done,
        (true, false) => Answer::Forbidden,
        (false, _) if may(Action::ReadEmergency) => Answer::Forbidden,
        (false, _) => Answer::Unseen,
    }
}

fn by_code(code: &str, status: u16) -> Answer {
    match code {
        "sign_in_required" => Answer::SignIn,
        "step_up_required" => Answer::StepUp,
        "scope_insufficient" => Answer::Scope,
        "forbidden" => Answer::Forbidden,
        "own_review" => Answer::Own,
        "not_found" => Answer::Unseen,
        _ => Answer::Other(status),
    }
}

fn of_field(reply: &Reply, asked: Asked) -> Answer {
    if reply.status != 200 {
        return by_code(reply.code(), reply.status);
    }
    let field = if asked == Asked::Mutation { "reviewEmergencyAccess" } else { "emergencyAccess" };
    let data = &reply.json["data"][field];
    let error = reply.json["errors"][0]["extensions"]["code"].as_str();
    match error.or(data["userErrors"][0]["code"].as_str()) {
        Some(code) => by_code(code, reply.status),
        None if data.is_null() => Answer::Other(200),
        None => Answer::Done,
    }
}

fn of_page(reply: &Reply, asked: Asked, canary: &str) -> Answer {
    let text = String::from_utf8_lossy(&reply.body);
    match reply.status {
        303 if reply.header("location").starts_with("/sign-in") => Answer::SignIn,
        303 if asked == Asked::Form => Answer::Done,
        200 if asked == Asked::ReasonOnPage && !text.contains(canary) => {
            if text.contains("/step-up") {
                Answer::StepUp
            } else {
                Answer::Forbidden
            }
        }
        200 => Answer::Done,
        403 if OWN_REVIEW.iter().any(|words| text.contains(words)) => Answer::Own,
        403 if text.contains("/step-up") => Answer::StepUp,
        403 => Answer::Forbidden,
        404 => Answer::Unseen,
        status => Answer::Other(status),
    }
}

/// A request that would be taken.
fn request(who: &Principal, cell: &Cell) -> Request {
    let (client, id) = (&who.client, cell.thing.id);
    let rest = format!("/v1/emergency-accesses/{id}");
    let field =
        |text: &str, variables| client.post("/v1/graphql").json(&json!({"query": text, "variables": variables}));
    match cell.asked {
        Asked::Get => client.get(&rest),
        Asked::Reason => client.get(&format!("{rest}/reason")),
        Asked::Review => client
            .post(&format!("{rest}/review"))
            .key(&fresh_key())
            .json(&json!({"outcome": "appropriate", "note": "Seen."})),
        Asked::Field => field("query($id: ID!) { emergencyAccess(id: $id) { id reference } }", json!({"id": id})),
        Asked::FieldOfReason => {
            field("query($id: ID!) { emergencyAccess(id: $id) { id reason { reason } } }", json!({"id": id}))
        }
        Asked::Mutation => {
            let input = json!({"idempotencyKey": fresh_key(), "id": id, "outcome": "APPROPRIATE", "note": "Seen."});
            let text = "mutation($input: ReviewEmergencyAccessInput!) { reviewEmergencyAccess(input: $input) \
                        { emergencyAccess { id } userErrors { code } } }";
            field(text, json!({"input": input}))
        }
        Asked::Page | Asked::ReasonOnPage => client.get(&format!("/emergencies/{id}")).header("accept", "text/html"),
        Asked::Form => client
            .request(Method::POST, &format!("/emergencies/{id}/review"))
            .header("accept", "text/html")
            .form(&[("csrf", who.csrf.as_str()), ("key", &fresh_key()), ("outcome", "appropriate"), ("note", "Seen.")]),
    }
}

/// An access that stands so to who asks; the row is written directly, since how one is come by is tried in the area.
struct Draft {
    thing: Thing,
    is_over: bool,
}

fn draft(app: &TestApp, who: &Principal, way: &'static str) -> Draft {
    let stranger = app.world().who(Role::Administrator).id;
    let mut thing = Thing {
        what: way,
        school: Some(0),
        sender: Some(Actor::Person(stranger)),
        canary: canary::fresh(),
        ..Thing::default()
    };
    let me = match who.actor {
        Actor::Person(me) => Some(me),
        _ => None,
    };
    match way {
        "their own" | "their own, over" => thing.sender = me.map(Actor::Person).or(thing.sender),
        "told to them" => {
            thing.people = me.into_iter().collect();
            thing.officers = who.posts.iter().filter_map(|post| post.place.officer).collect();
        }
        "told to their service" => thing.leads = vec![EMERGENCY_SERVICE],
        "of their service" => thing.service = Some(EMERGENCY_SERVICE),
        "of a child they opened" => thing.emergency = me,
        _ => {}
    }
    if way == "their own" {
        thing.emergency = me;
    }
    Draft { thing, is_over: way == "their own, over" }
}

/// Writes an access and who was told of it.
fn write(work: &mut Work<'_>, vault: &Vault, world: &World, draft: Draft) -> Result<Thing> {
    let Draft { mut thing, is_over } = draft;
    let school = world.schools[thing.school.unwrap()].id;
    let identity = PupilIdentity {
        given_name: format!("Enw {}", thing.canary),
        family_name: "Teulu".to_owned(),
        born_on: super::things::BORN.parse().unwrap(),
        upn: None,
    };
    let pupils::Child { id: pupil, key, .. } = pupils::find_or_add(work, vault, school, &identity)?;
    let id = EmergencyId::from_uuid(work.new_id());
    let place = Place { table: "emergency_accesses", column: "reason", row: id.uuid() };
    let reason = vault.seal(&key, place, &format!("{}, and nobody else is there", thing.canary), work.chance())?;
    let Some(Actor::Person(by)) = thing.sender else { unreachable!("a person breaks the glass") };
    let of = thing.service.map(|code| services::by_code(work, code).map(|s| s.id)).transpose()?;
    let stored = reason.into_stored();
    insert(work, (id, by, pupil, school, of), stored, is_over)?;
    if thing.what == "of a child they opened"
        && let Some(me) = thing.emergency
    {
        let mine = EmergencyId::from_uuid(work.new_id());
        let eps = services::by_code(work, EMERGENCY_SERVICE)?.id;
        insert(work, (mine, me, pupil, school, Some(eps)), SealedBytes(vec![0]), false)?;
    }
    let told = thing.people.iter().map(|p| (Some(*p), None, None));
    let told = told.chain(thing.officers.iter().map(|f| (None, Some(*f), None)));
    let leads: Vec<ServiceId> =
        thing.leads.iter().map(|code| services::by_code(work, code).map(|s| s.id)).collect::<Result<_>>()?;
    for (person, officer, service) in told.chain(leads.into_iter().map(|s| (None, None, Some(s)))).collect::<Vec<_>>() {
        let row = Uid::from_uuid(work.new_id());
        diesel::insert_into(o::table)
            .values((
                (o::id.eq(row), o::emergency_id.eq(id)),
                (o::person_id.eq(person), o::officer_id.eq(officer), o::service_id.eq(service)),
            ))
            .execute(work.conn())?;
    }
    audit::record(work, "emergency.start", Object::one("emergency", id.uuid()).at(school), "as the test has it");
    thing.id = id.uuid();
    Ok(thing)
}

type Row = (EmergencyId, PersonId, PupilId, SchoolId, Option<ServiceId>);

fn insert(
    work: &mut Work<'_>,
    (id, by, pupil, school, service): Row,
    reason: SealedBytes,
    is_over: bool,
) -> Result<()> {
    let begun = work.now().plus_seconds(if is_over { -7200 } else { 0 });
    let reference = Reference::random(work.chance()).to_string();
    let row = (
        (e::id.eq(id), e::reference.eq(reference), e::role.eq("officer")),
        (e::person_id.eq(by), e::pupil_id.eq(pupil), e::school_id.eq(school), e::service_id.eq(service)),
        (e::reason.eq(reason), e::started_at.eq(begun), e::ends_at.eq(begun.plus_seconds(3600)), e::live.eq(!is_over)),
    );
    diesel::insert_into(e::table).values(row).execute(work.conn())?;
    Ok(())
}

/// Every cell: each way to ask, by everyone, on each way an access stands to them.
fn cells(app: &TestApp, everyone: &[Principal]) -> Vec<Cell> {
    let mut wanted = Vec::new();
    for (who, principal) in everyone.iter().enumerate() {
        for way in WAYS {
            for asked in ALL {
                wanted.push((asked, who, draft(app, principal, way)));
            }
        }
    }
    let (vault, world) = (app.app().vault.clone(), app.world().clone());
    app.write(move |work| {
        let cell = |(asked, who, draft)| Ok(Cell { asked, who, thing: write(work, &vault, &world, draft)? });
        wanted.into_iter().map(cell).collect()
    })
}

fn observe(cell: Cell, reply: &Reply) -> Observed {
    let canary = &cell.thing.canary;
    let answer = match cell.asked {
        Asked::Get | Asked::Reason | Asked::Review if (200..300).contains(&reply.status) => Answer::Done,
        Asked::Get | Asked::Reason | Asked::Review => by_code(reply.code(), reply.status),
        Asked::Field | Asked::FieldOfReason | Asked::Mutation => of_field(reply, cell.asked),
        Asked::Page | Asked::ReasonOnPage | Asked::Form => of_page(reply, cell.asked, canary),
    };
    let shows = String::from_utf8_lossy(&reply.body).contains(canary.as_str());
    // A page shows why, to whom its other cell says it may; nothing else does but what asks for it.
    let may = answer == Answer::Done && cell.asked.action() == Action::ReadEmergencyReason || cell.asked == Asked::Page;
    Observed { leak: shows && !may, answer, cell }
}

fn mismatches<'o>(rules: &[Rule], everyone: &[Principal], all: impl IntoIterator<Item = &'o Observed>) -> Vec<String> {
    let mut wrong = Vec::new();
    for seen in all {
        let (who, cell) = (&everyone[seen.cell.who], &seen.cell);
        let should = expected(rules, who, cell);
        if seen.answer != should {
            let (asked, name, way, answer) = (cell.asked, &who.name, cell.thing.what, seen.answer);
            wrong.push(format!("{asked:?} by {name} on one {way}: {answer:?}, not {should:?}"));
        }
    }
    wrong
}

/// Whether a row that is not there would allow nothing new: an access has no holder and stays where it is, and only who could break the glass
/// stands to a child by it.
fn says_nothing_new(rule: Rule) -> bool {
    let has = |relation| RULES.contains(&Rule { relation, ..rule });
    let breaks = [Role::SafeguardingLead, Role::TeamLead, Role::Officer].contains(&rule.role);
    has(Relation::Any)
        || [Relation::Holder, Relation::Moved].contains(&rule.relation)
        || rule.relation == Relation::Emergency && !breaks
        || rule.role == Role::Integration
}

#[tokio::test]
async fn every_cell_of_an_emergency_answers_as_the_policy_says() {
    let app = TestApp::with().standing().set("server.workers", "2").start().await;
    let mut everyone = principals::make(&app);
    for who in everyone.iter_mut().filter(|p| matches!(p.actor, Actor::Person(_))) {
        who.csrf = pages::token(&who.client).await;
    }
    let cells = cells(&app, &everyone);
    let many = cells.len();
    let seen: Vec<Observed> = futures_util::stream::iter(cells)
        .map(|cell| {
            let request = request(&everyone[cell.who], &cell);
            async move {
                let reply = request.await;
                observe(cell, &reply)
            }
        })
        .buffer_unordered(16)
        .collect()
        .await;
    let wrong = mismatches(RULES, &everyone, &seen);
    assert!(wrong.is_empty(), "{} of {many} cells:\n{}", wrong.len(), wrong.join("\n"));
    let leaks: Vec<_> = seen.iter().filter(|s| s.leak).map(|s| (s.cell.asked, &everyone[s.cell.who].name)).collect();
    assert!(leaks.is_empty(), "{leaks:?}");

    // The controls: each row is missed when it is gone, and noticed when it is new.
    let of = |role: Role| {
        let everyone = &everyone;
        seen.iter().filter(move |s| everyone[s.cell.who].posts.iter().any(|post| post.role == role))
    };
    for (i, rule) in RULES.iter().enumerate().filter(|(_, rule)| ACTIONS.contains(&rule.action)) {
        let without: Vec<Rule> = RULES.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, r)| *r).collect();
        assert!(!mismatches(&without, &everyone, of(rule.role)).is_empty(), "no cell needs {rule:?}");
    }
    let mut unnoticed = Vec::new();
    let new = ACTIONS.iter().flat_map(|action| {
        ROLES.iter().flat_map(move |role| Relation::ALL.iter().map(move |relation| (*action, *role, *relation)))
    });
    for (action, role, relation) in new {
        let rule = Rule { action, role, relation, when: &[] };
        let with: Vec<Rule> = RULES.iter().copied().chain([rule]).collect();
        if !RULES.contains(&rule) && !says_nothing_new(rule) && mismatches(&with, &everyone, of(role)).is_empty() {
            unnoticed.push(rule);
        }
    }
    assert!(unnoticed.is_empty(), "{unnoticed:#?}");
    eprintln!("{many} cells by {} principals", everyone.len());
}
