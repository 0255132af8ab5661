//! The cells: every operation, by everyone, on every way a record can stand to them.

use std::sync::Arc;

use dolen_domain::access::Role;
use dolen_domain::access::policy::{RULES, Rule};
use dolen_domain::kernel::{Actor, PersonId};
use dolen_tests::{Reply, TestApp};
use futures_util::StreamExt as _;
use uuid::Uuid;

use super::operations::{self, Address, Operation, Target};
use super::oracle::{self, Answer};
use super::principals::{self, Principal};
use super::things::{self, CANARY, Thing};

/// How many requests are under way at a time.
const AT_ONCE: usize = 8;

/// Records of one kind or the other.
type Wishes = Vec<(Target, Thing)>;

/// The records that stand the same way to everyone.
const ROUTED: &str = "one routed to an officer";
const QUEUED: &str = "one in the queue";
const OTHERS: &str = "one between others";

/// Everyone, everything asked for, and what was answered.
pub struct Stage {
    pub app: TestApp,
    pub operations: Vec<Operation>,
    pub principals: Vec<Principal>,
    pub open: Uuid,
    pub over: Uuid,
}

/// One request to be made.
#[derive(Clone)]
pub struct Cell {
    pub operation: usize,
    pub who: usize,
    pub thing: Arc<Thing>,
}

/// The answer to one.
pub struct Observed {
    pub cell: Cell,
    pub answer: Answer,
    /// What a caller can tell answers apart by.
    pub told: Vec<u8>,
    /// Secrets where none may be, or missing where they should be.
    pub leak: Option<String>,
}

/// The class of an answer.
pub fn class(reply: &Reply) -> Answer {
    match (reply.status, reply.code()) {
        (200..=299, _) => Answer::Done,
        (401, "sign_in_required") => Answer::SignIn,
        (403, "scope_insufficient") => Answer::Scope,
        (403, "forbidden") => Answer::Forbidden,
        (404, "not_found") => Answer::Unseen,
        (status, _) => Answer::Other(status),
    }
}

/// Status, headers and body, without the request's own id and the time of day.
pub fn told(reply: &Reply) -> Vec<u8> {
    let id = reply.header("x-request-id");
    let mut told = format!("{}\n", reply.status);
    for (name, value) in &reply.headers {
        if !["x-request-id", "date"].contains(&name.as_str()) {
            told += &format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes()));
        }
    }
    told += &String::from_utf8_lossy(&reply.body).replace(id, "");
    told.into_bytes()
}

/// Everything of an answer that carries text.
pub fn all_text(reply: &Reply) -> String {
    let headers = reply.headers.iter().map(|(n, v)| format!("{n}: {}\n", String::from_utf8_lossy(v.as_bytes())));
    headers.collect::<String>() + &String::from_utf8_lossy(&reply.body)
}

impl Stage {
    /// The service with everyone in it.
    pub async fn set() -> Self {
        let app = TestApp::with().standing().set("server.workers", "2").start().await;
        let (open, over) = things::campaigns(&app);
        let principals = principals::make(&app);
        Self { app, operations: operations::all(), principals, open, over }
    }

    /// Records as this principal can stand to them.
    fn standing_things(&self, who: &Principal) -> Wishes {
        let world = self.app.world();
        let officer = |service| world.officer_of(service).officer.expect("on the list");
        let (eps, sbc) = (officer("eps"), officer("sbc"));
        let submitter = Actor::Person(world.who(Role::SchoolSubmitter).id);
        let in_reach = Actor::Person(world.who(Role::InReachWorker).id);
        let dsp = world.who(Role::Dsp).id;
        let referral = |what, officer, sender| {
            let (school, service, sender) = (Some(0), Some("eps"), Some(sender));
            Thing { what, school, service, officer, sender, ..Thing::default() }
        };
        let warrn = |what, sender, people: Vec<PersonId>, officer| {
            let (school, officers, sender) = (Some(0), vec![officer], Some(sender));
            Thing { what, school, sender, people, officers, ..Thing::default() }
        };
        let mut wishes = vec![
            (Target::Referral, referral(ROUTED, Some(eps), submitter)),
            (Target::Referral, referral(QUEUED, None, submitter)),
            (Target::Warrn, warrn(OTHERS, in_reach, vec![dsp], eps)),
        ];
        if who.actor != Actor::Anonymous {
            wishes.push((Target::Referral, referral("opened by them", Some(eps), who.actor)));
            wishes.push((Target::Warrn, warrn("sent by them", who.actor, vec![dsp], sbc)));
        }
        if let Actor::Person(me) = who.actor {
            wishes.push((Target::Warrn, warrn("sent to them", in_reach, vec![me], sbc)));
            let once = Thing { once: Some(me), ..warrn("once sent to them", in_reach, Vec::new(), sbc) };
            wishes.push((Target::Warrn, once));
        }
        wishes
    }

    /// The cells of every operation, with the records they need. Reads, and changes that should be refused, share a
    /// record: if one that should be refused is taken all the same, that is found, for itself and for those after it.
    pub fn plan(&self) -> Vec<Cell> {
        let mut cells = Vec::new();
        let mut wanted: Vec<(Target, Thing, Vec<(usize, usize)>)> = Vec::new();
        for (w, who) in self.principals.iter().enumerate() {
            for (target, thing) in self.standing_things(who) {
                let mut shared = Vec::new();
                for (o, operation) in self.operations.iter().enumerate().filter(|(_, o)| o.target == target) {
                    let alone = operation.changes() && oracle::answer(RULES, who, operation, &thing) == Answer::Done;
                    if alone {
                        let asked = operation.id == "answer_referral";
                        wanted.push((target, Thing { asked, ..thing.clone() }, vec![(o, w)]));
                    } else {
                        shared.push((o, w));
                    }
                }
                let everybodys = [ROUTED, QUEUED, OTHERS].contains(&thing.what);
                match wanted.iter_mut().find(|(_, t, _)| everybodys && t.what == thing.what && t.shared) {
                    Some((_, _, cells)) => cells.extend(shared),
                    None => wanted.push((target, Thing { shared: true, ..thing }, shared)),
                }
            }
            for (operation, o) in self.operations.iter().enumerate().map(|(i, o)| (o, i)) {
                let school = match operation.target {
                    Target::Referral | Target::Warrn => continue,
                    Target::School | Target::SchoolInCampaign => Some(0),
                    Target::Nothing if operation.id == "open_referral" => Some(0),
                    Target::Nothing | Target::Campaign => None,
                };
                let thing = Arc::new(Thing { what: "-", school, ..Thing::default() });
                cells.push(Cell { operation: o, who: w, thing });
            }
        }
        for (thing, for_cells) in things::make(&self.app, wanted) {
            let thing = Arc::new(thing);
            let cell = |(operation, who)| Cell { operation, who, thing: Arc::clone(&thing) };
            cells.extend(for_cells.into_iter().map(cell));
        }
        cells
    }

    fn address(&self, operation: &Operation, record: Uuid) -> Address {
        let campaign = if operation.id == "get_survey_results" { self.over } else { self.open };
        Address { record, school: self.app.world().schools[0].number.clone(), campaign }
    }

    /// Makes the requests.
    pub async fn fire(&self, cells: Vec<Cell>) -> Vec<Observed> {
        let fired = futures_util::stream::iter(cells).map(|cell| async move {
            let operation = &self.operations[cell.operation];
            let who = &self.principals[cell.who];
            // A session ends once.
            let again = match (operation.id.as_str(), who.actor) {
                ("end_session", Actor::Person(id)) => Some(self.app.signed_in_as(id)),
                _ => None,
            };
            let to = self.address(operation, cell.thing.id);
            let reply = operation.request(&self.app, again.as_ref().unwrap_or(&who.client), &to).await;
            self.observe(cell, &reply)
        });
        fired.buffer_unordered(AT_ONCE).collect().await
    }

    fn observe(&self, cell: Cell, reply: &Reply) -> Observed {
        let operation = &self.operations[cell.operation];
        let (answer, text) = (class(reply), all_text(reply));
        let opened = answer == Answer::Done && operation.gives_content();
        let leak = match (opened, text.contains(CANARY) || text.contains(things::BORN)) {
            (true, true) if text.contains(&cell.thing.canary) => None,
            (false, false) => None,
            (true, _) => Some("the content is not the record's".to_owned()),
            (false, true) => Some(format!("a secret: {text}")),
        };
        Observed { cell, answer, told: told(reply), leak }
    }

    /// Asks for something that is not there.
    pub async fn ask_for_nothing(&self, cell: &Cell) -> Vec<u8> {
        let operation = &self.operations[cell.operation];
        let mut to = self.address(operation, Uuid::new_v4());
        if matches!(operation.target, Target::Campaign | Target::SchoolInCampaign) {
            to.campaign = Uuid::new_v4();
        }
        told(&operation.request(&self.app, &self.principals[cell.who].client, &to).await)
    }

    /// What should have been answered.
    pub fn expected(&self, rules: &[Rule], cell: &Cell) -> Answer {
        oracle::answer(rules, &self.principals[cell.who], &self.operations[cell.operation], &cell.thing)
    }

    /// A cell in words.
    pub fn describe(&self, cell: &Cell) -> String {
        let (operation, who) = (&self.operations[cell.operation].id, &self.principals[cell.who].name);
        format!("{operation} by {who} on {}", cell.thing.what)
    }

    /// The cells whose answer is another than these rules say.
    pub fn mismatches(&self, rules: &[Rule], observed: &[Observed]) -> Vec<String> {
        let mut wrong = Vec::new();
        for seen in observed {
            let expected = self.expected(rules, &seen.cell);
            if seen.answer != expected {
                let told = String::from_utf8_lossy(&seen.told);
                let told = told.lines().last().unwrap_or_default();
                wrong.push(format!("{}: {:?}, not {expected:?} ({told})", self.describe(&seen.cell), seen.answer));
            }
        }
        wrong
    }
}
