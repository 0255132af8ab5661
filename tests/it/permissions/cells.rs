//! The cells: every operation, by everyone, on every way a record can stand to them.

use std::sync::{Arc, OnceLock};

use dolen_domain::access::Role;
use dolen_domain::access::policy::{RULES, Rule};
use dolen_domain::kernel::{Actor, OsChance, PersonId, Reference};
use dolen_tests::clients::Request;
use dolen_tests::world::fresh_client;
use dolen_tests::{Reply, TestApp, canary};
use futures_util::StreamExt as _;
use serde_json::Value;
use uuid::Uuid;

use super::cases;
use super::operations::{self, Address, Need, Operation, Part, Target, Wire};
use super::oracle::{self, Answer};
use super::pages;
use super::principals::{self, Principal};
use super::things::{self, Thing};

/// What is asked for of one thing: whose operations, and who asks which of them.
type Asked = (Target, Thing, Vec<(usize, usize)>);

/// How many requests are under way at a time.
const AT_ONCE: usize = 4;

/// Records of one kind or the other.
type Wishes = Vec<(Target, Thing)>;

/// The records that stand the same way to everyone.
const ROUTED: &str = "one routed to an officer";
const QUEUED: &str = "one in the queue";
const OTHERS: &str = "one between others";
const OVER: &str = "one that is over";

/// Records that nobody is asked about by name.
const ANOTHERS: &str = "another's";

/// What is done only with what was asked.
const ANSWERS: [&str; 3] = ["answer_referral", "graphql answerReferral", "page POST /referrals/{id}/answer"];

/// What is done only while the clocks stand still.
const ENDS_A_PAUSE: [&str; 3] = ["end_case_pause", "graphql endCasePause", "page POST /cases/{id}/pauses/end"];

/// What breaks the glass.
const STARTS: [&str; 3] = ["start_emergency_access", "graphql startEmergencyAccess", "page POST /emergencies/new"];

/// Whether they are asked for pages: of systems, which have none, one of each kind is enough.
fn has_pages(who: &Principal) -> bool {
    who.scopes.is_none() && who.fresh || who.actor == Actor::Anonymous || who.scopes.is_some() && who.is_whole()
}

/// Everyone, everything asked for, and what was answered.
pub struct Stage {
    pub app: TestApp,
    pub operations: Vec<Operation>,
    pub principals: Vec<Principal>,
    pub open: Uuid,
    pub over: Uuid,
    /// Another that is open: a school that answers with codes sends no file.
    pub coded: Uuid,
    /// One in which schools sign off, and are opened again.
    pub signed: Uuid,
    /// One that is over, and of which nothing is published.
    pub silent: Uuid,
    /// Of the first school's, for that one; and a concern.
    sheet: (Uuid, Uuid),
    /// Records of children nobody has opened in an emergency, and a child.
    children: OnceLock<([String; 3], Uuid)>,
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
    /// To each part.
    pub answers: Vec<Answer>,
    /// What a caller can tell answers apart by.
    pub told: Vec<u8>,
    /// Secrets where none may be, or missing where they should be.
    pub leak: Option<String>,
}

/// The class of an answer.
fn class(reply: &Reply) -> Answer {
    match (reply.status, reply.code()) {
        (200..=299, _) => Answer::Done,
        (401, "sign_in_required") => Answer::SignIn,
        (403, "step_up_required") => Answer::StepUp,
        (403, "scope_insufficient") => Answer::Scope,
        (403, "forbidden") => Answer::Forbidden,
        (404, "not_found") => Answer::Unseen,
        (status, _) => Answer::Other(status),
    }
}

/// The class of what GraphQL says of a field. An error where no part stands is nobody's to explain.
fn class_of_field(reply: &Reply, operation: &Operation, part: &Part) -> Answer {
    if reply.status != 200 {
        return class(reply);
    }
    let mut told = None;
    for error in reply.json["errors"].as_array().into_iter().flatten() {
        let path: Vec<_> = error["path"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        if !operation.parts.iter().any(|p| p.path == path) {
            return Answer::Other(200);
        }
        if part.path.iter().zip(&path).filter(|(a, b)| a == b).count() == path.len() {
            told = error["extensions"]["code"].as_str();
        }
    }
    let data = &reply.json["data"][&part.path[0]];
    match told.or(data["userErrors"][0]["code"].as_str()) {
        None if data.is_null() => Answer::Other(200),
        None => Answer::Done,
        Some("step_up_required") => Answer::StepUp,
        Some("scope_insufficient") => Answer::Scope,
        Some("forbidden") => Answer::Forbidden,
        Some("not_found") => Answer::Unseen,
        Some(_) => Answer::Other(200),
    }
}

/// What of an answer is compared and looked through: for a page, without what is its own each time.
pub fn shown(reply: &Reply, operation: &Operation, to: &Address) -> Reply {
    let mut shown = reply.clone();
    if let Wire::Page { path: row, .. } = &operation.wire {
        let (path, text) = (operation.path(to), String::from_utf8_lossy(&reply.body));
        shown.body = pages::without_its_own(&text, row, &path).into_bytes();
        if let Some(location) = shown.headers.get_mut("location") {
            *location = pages::without_its_own(reply.header("location"), row, &path).parse().unwrap();
        }
    }
    shown
}

/// What a reply says to each part.
pub fn answers(reply: &Reply, operation: &Operation) -> Vec<Answer> {
    match operation.wire {
        Wire::Rest { .. } => vec![class(reply)],
        Wire::Field { .. } => operation.parts.iter().map(|part| class_of_field(reply, operation, part)).collect(),
        Wire::Page { .. } => operation.parts.iter().map(|part| pages::class(reply, part)).collect(),
    }
}

/// Status, headers in order and body, without the request's own id, the time of day and what is the connection's.
pub fn told(reply: &Reply) -> Vec<u8> {
    let own = ["x-request-id", "date", "connection"];
    let shown = reply.headers.iter().filter(|(name, _)| !own.contains(&name.as_str()));
    let mut headers: Vec<_> = shown.map(|(n, v)| format!("{n}: {}\n", String::from_utf8_lossy(v.as_bytes()))).collect();
    headers.sort();
    let body = String::from_utf8_lossy(&reply.body).replace(reply.header("x-request-id"), "");
    format!("{}\n{}{body}", reply.status, headers.concat()).into_bytes()
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
        principals::sign_in_cheaply(&app);
        let (open, over) = things::campaigns(&app);
        things::publish(&app, over);
        let (coded, signed) = (things::another(&app), things::another(&app));
        let silent = things::silent(&app);
        let sheet = things::sheet(&app, coded);
        let mut principals = principals::make(&app);
        for who in principals.iter_mut().filter(|p| matches!(p.actor, Actor::Person(_))) {
            who.csrf = pages::token(&who.client).await;
        }
        let mail = app.folder().join("mail");
        std::fs::create_dir_all(&mail).unwrap();
        let message = "From: <dolen@la.example>\r\nTo: <eps@la.example>\r\nSubject: DL\r\n\r\nA reference.\r\n";
        std::fs::write(mail.join(pages::MESSAGE), message).unwrap();
        Self {
            app,
            operations: operations::all(),
            principals,
            open,
            over,
            coded,
            signed,
            silent,
            sheet,
            children: OnceLock::new(),
        }
    }

    /// Records as this principal can stand to them.
    fn standing_things(&self, who: &Principal) -> Wishes {
        let world = self.app.world();
        let officer = |service| world.officer_of(service).officer.unwrap();
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
            Thing { what, school, people, officers, sender, ..Thing::default() }
        };
        let mut wishes = Vec::new();
        // Who holds nothing, or lacks a scope, is tried on what is nearest to them alone.
        if who.is_whole() || who.actor == Actor::Anonymous {
            wishes.push((Target::Referral, referral(ROUTED, Some(eps), submitter)));
            wishes.push((Target::Referral, referral(QUEUED, None, submitter)));
            wishes.push((Target::Referral, Thing { closed: true, ..referral(OVER, Some(eps), submitter) }));
            wishes.push((Target::Warrn, warrn(OTHERS, in_reach, vec![dsp], eps)));
        }
        if who.actor != Actor::Anonymous {
            wishes.push((Target::Referral, referral("opened by them", Some(eps), who.actor)));
            let over = Thing { closed: true, ..referral("opened by them, and over", Some(eps), who.actor) };
            wishes.push((Target::Referral, over));
            wishes.push((Target::Warrn, warrn("sent by them", who.actor, vec![dsp], sbc)));
        }
        if let Actor::Person(me) = who.actor {
            wishes.push((Target::Warrn, warrn("sent to them", in_reach, vec![me], sbc)));
            let once = Thing { once: Some(me), ..warrn("once sent to them", in_reach, Vec::new(), sbc) };
            wishes.push((Target::Warrn, once));
            // Of those who can't have one, one of each kind is enough.
            let of_office = [Role::Officer, Role::TeamLead, Role::SafeguardingLead];
            let may = who.in_force().any(|post| of_office.contains(&post.role));
            let here = |p: &super::principals::Post| p.place.school == Some(0) || p.role == Role::Auditor;
            let first = |role| who.in_force().any(|p| p.role == role && here(p)) && who.posts.len() == 1;
            if !may && ![Role::Dsp, Role::Headteacher, Role::Auditor].into_iter().any(first) {
                return wishes;
            }
            let left_behind = warrn("of a child who has changed school", in_reach, vec![dsp], sbc);
            wishes.push((Target::Warrn, Thing { moved: true, ..left_behind }));
            let emergency = Some(me);
            wishes.push((
                Target::Referral,
                Thing {
                    emergency,
                    service: Some("sbc"),
                    ..referral("open to them in an emergency", Some(sbc), submitter)
                },
            ));
            let record = warrn("open to them in an emergency", in_reach, vec![dsp], sbc);
            wishes.push((Target::Warrn, Thing { emergency, ..record }));
        }
        wishes
    }

    /// The cells of every operation, and the records there are. Reads, and changes that should be refused, share a
    /// record: if one that should be refused is taken all the same, that is found, for itself and for those after it.
    pub fn plan(&self) -> (Vec<Cell>, Vec<Arc<Thing>>) {
        let (mut cells, mut things) = (Vec::new(), Vec::new());
        let mut wanted: Vec<Asked> = Vec::new();
        for (w, who) in self.principals.iter().enumerate() {
            for (target, thing) in self.standing_things(who) {
                let mut shared = Vec::new();
                for (o, operation) in self.operations.iter().enumerate().filter(|(_, o)| o.target == target) {
                    if !has_pages(who) && operation.is_page() {
                        continue;
                    }
                    let taken = oracle::answer(RULES, who, operation, 0, &thing) == Answer::Done;
                    // Nothing is done with what is over; that it can't be is the referrals' own test.
                    let step =
                        operation.id.starts_with("page GET /referrals/{id}/") && !operation.id.ends_with("/readers");
                    if thing.closed && (operation.changes || step) {
                        continue;
                    }
                    // A page for what can't be done now leads back to its record.
                    let now = operation.id == "page GET /referrals/{id}/answer";
                    let done = things::before(&operation.id);
                    if taken && (operation.changes || !done.is_empty()) || now {
                        let asked = now || ANSWERS.contains(&operation.id.as_str());
                        let paused = ENDS_A_PAUSE.contains(&cases::plain(&operation.id));
                        wanted.push((target, Thing { paused, asked, done, ..thing.clone() }, vec![(o, w)]));
                    } else {
                        shared.push((o, w));
                    }
                }
                let everybodys = [ROUTED, QUEUED, OTHERS, OVER].contains(&thing.what);
                match wanted.iter_mut().find(|(_, t, _)| everybodys && t.what == thing.what && t.shared) {
                    Some((_, _, cells)) => cells.extend(shared),
                    None => wanted.push((target, Thing { shared: true, ..thing }, shared)),
                }
            }
            for (operation, o) in self.operations.iter().enumerate().map(|(i, o)| (o, i)) {
                if !has_pages(who) && operation.is_page() {
                    continue;
                }
                let school = match operation.target {
                    Target::Referral | Target::Warrn => continue,
                    Target::School | Target::Campaign | Target::SchoolInCampaign => Some(0),
                    Target::Nothing if ["open_referral", "graphql openReferral"].contains(&operation.id.as_str()) => {
                        Some(0)
                    }
                    Target::Account | Target::Pupil | Target::Questionnaire | Target::Nothing => None,
                };
                // Who may break the glass is a matter of one service.
                let starts = STARTS.contains(&operation.id.as_str());
                let service = starts.then_some(things::EMERGENCY_SERVICE);
                let thing = Arc::new(Thing { what: "-", school, service, ..Thing::default() });
                cells.push(Cell { operation: o, who: w, thing });
            }
        }
        wanted.extend(self.of_others());
        for (thing, for_cells) in things::make(&self.app, wanted) {
            let thing = Arc::new(thing);
            things.push(Arc::clone(&thing));
            let cell = |(operation, who)| Cell { operation, who, thing: Arc::clone(&thing) };
            cells.extend(for_cells.into_iter().map(cell));
        }
        let others: Vec<&Arc<Thing>> = things.iter().filter(|t| t.what == ANOTHERS && t.service.is_some()).collect();
        let children = [0, 1, 2].map(|n: usize| others[n].reference.clone());
        let _ = self.children.set((children, things::some_child(&self.app)));
        (cells, things)
    }

    /// Records of every school and service, for the lists.
    fn of_others(&self) -> Vec<Asked> {
        let world = self.app.world();
        let mut all = Vec::new();
        for school in 0..world.schools.len() {
            let sender = Some(Actor::Person(world.who_at(Role::SchoolSubmitter, school).id));
            for service in ["eps", "bss", "sbc"] {
                let (school, officer, what) = (Some(school), world.officer_of(service).officer, ANOTHERS);
                let service = Some(service);
                let thing = Thing { what, school, service, officer, sender, ..Thing::default() };
                all.push((Target::Referral, thing, Vec::new()));
            }
            let (people, officers) = (vec![world.who_at(Role::Dsp, school).id], world.officer_of("bss").officer);
            let (school, officers, what) = (Some(school), officers.into_iter().collect(), ANOTHERS);
            let sender = Some(Actor::Person(world.who(Role::InReachWorker).id));
            let thing = Thing { what, school, people, officers, sender, ..Thing::default() };
            all.push((Target::Warrn, thing, Vec::new()));
        }
        all
    }

    fn address(&self, operation: &Operation, who: usize, record: Uuid, reference: &str) -> Address {
        let packed = operation.id.contains("/pack/") || operation.id.contains("/report");
        let (id, is) = (operation.id.as_str(), |word| operation.id.contains(word));
        // Withdrawing all would take from others what they are to withdraw, and signing off shuts a school's door.
        let campaign = if operations::OF_RELEASE.contains(&id) || packed {
            self.over
        } else if id == "publish_survey_release" || id == "page POST /surveys/{id}/releases" {
            self.silent
        } else if is("sign-off") || is("sign_off_survey") || is("reopen") {
            self.signed
        } else if id == "withdraw_all_survey_responses" || id.ends_with("/bulk") || is("code") || is("concern") {
            self.coded
        } else {
            self.open
        };
        let school = self.app.world().schools[0].number.clone();
        let (children, pupil) = self.children.get().cloned().unwrap_or_default();
        let (reference, csrf) = (reference.to_owned(), self.principals[who].csrf.clone());
        let person = self.app.world().who(Role::Analyst).id.uuid();
        let (kept, mut system) = (cases::Kept::default(), Uuid::nil());
        if operation.id.starts_with("page POST /systems/") {
            system = fresh_client(&self.app, &school, operation.id.ends_with("/withdraw")).uuid();
        }
        let (sheet, concern) = self.sheet;
        let questionnaire = operation.questionnaire(&self.app);
        Address {
            record,
            school,
            campaign,
            questionnaire,
            sheet,
            concern,
            reference,
            csrf,
            person,
            pupil,
            system,
            kept,
            children,
        }
    }

    /// The request of a cell, as often as it is asked for.
    pub fn request(&self, cell: &Cell) -> Request {
        let operation = &self.operations[cell.operation];
        let to = self.address(operation, cell.who, cell.thing.id, &cell.thing.reference);
        let to = Address { kept: cell.thing.kept, ..to };
        operation.request(&self.app, &self.principals[cell.who].client, &to)
    }

    /// Makes the requests.
    pub async fn fire(&self, cells: Vec<Cell>) -> Vec<Observed> {
        let fired = futures_util::stream::iter(cells).map(|cell| async move {
            let operation = &self.operations[cell.operation];
            let who = &self.principals[cell.who];
            // A session ends once.
            let again = match (operation.id.as_str(), who.actor) {
                ("end_session" | "page POST /sign-out", Actor::Person(id)) => Some(self.app.signed_in_as(id)),
                _ => None,
            };
            let to = self.address(operation, cell.who, cell.thing.id, &cell.thing.reference);
            let mut to = Address { kept: cell.thing.kept, ..to };
            if let Some(again) = again.as_ref().filter(|_| operation.is_page()) {
                to.csrf = pages::token(again).await;
            }
            let client = again.as_ref().unwrap_or(&who.client);
            let mut reply = operation.request(&self.app, client, &to).await;
            // A machine with too much to do closes connections that wait; nothing was read of the request then.
            for _ in 0..3 {
                if reply.status == 408 {
                    reply = operation.request(&self.app, client, &to).await;
                }
            }
            self.observe(cell, &reply, &to)
        });
        fired.buffer_unordered(AT_ONCE).collect().await
    }

    fn observe(&self, cell: Cell, reply: &Reply, to: &Address) -> Observed {
        let operation = &self.operations[cell.operation];
        let shown = shown(reply, operation, to);
        let (answers, text) = (answers(reply, operation), all_text(&shown));
        let opened = |(part, answer): (&Part, &Answer)| *answer == Answer::Done && part.gives_content();
        let opened = operation.parts.iter().zip(&answers).any(opened);
        let born = text.contains(things::BORN) || things::BORN_IN_WORDS.iter().any(|day| text.contains(day));
        let secrets = canary::all(&text);
        let own = |secret: &&str| **secret == cell.thing.canary;
        // Both names and what is said, and each of this record alone.
        // What is kept with a record is only a part of what is said in it.
        let part = operation.gives_a_part();
        let leak = match opened {
            true if part && !secrets.is_empty() && secrets.iter().all(own) => None,
            true if born && secrets.len() > 2 && secrets.iter().all(own) => None,
            false if !born && secrets.is_empty() => None,
            true => Some(format!("the content is not the record's: {secrets:?}")),
            false => Some(format!("a secret: {text}")),
        };
        let public = operation.parts[0].needs == [Need::Nothing];
        let kept = (!public && reply.header("cache-control") != "no-store").then(|| "a cache may keep it".to_owned());
        let leak = leak.or(kept);
        Observed { cell, answers, told: told(&shown), leak }
    }

    /// Asks for something that is not there: another record, or another campaign; or else another school.
    pub async fn ask_for_nothing(&self, operation: usize, who: usize, school: bool) -> (Answer, Vec<u8>) {
        let operation = &self.operations[operation];
        let nowhere = Reference::random(&OsChance).to_string();
        let mut to = self.address(operation, who, Uuid::new_v4(), &nowhere);
        if school {
            "6769999".clone_into(&mut to.school);
        } else {
            to.campaign = Uuid::new_v4();
            to.questionnaire = Uuid::new_v4();
        }
        let reply = operation.request(&self.app, &self.principals[who].client, &to).await;
        (answers(&reply, operation)[0], told(&shown(&reply, operation, &to)))
    }

    /// What should have been answered to each part.
    pub fn expected(&self, rules: &[Rule], cell: &Cell) -> Vec<Answer> {
        let (who, operation) = (&self.principals[cell.who], &self.operations[cell.operation]);
        (0..operation.parts.len()).map(|part| oracle::answer(rules, who, operation, part, &cell.thing)).collect()
    }

    /// A cell in words.
    pub fn describe(&self, cell: &Cell) -> String {
        let (operation, who) = (&self.operations[cell.operation].id, &self.principals[cell.who].name);
        format!("{operation} by {who} on {}", cell.thing.what)
    }

    /// The cells whose answer is another than these rules say.
    pub fn mismatches<'o>(&self, rules: &[Rule], observed: impl IntoIterator<Item = &'o Observed>) -> Vec<String> {
        let mut wrong = Vec::new();
        for seen in observed {
            let expected = self.expected(rules, &seen.cell);
            let parts = &self.operations[seen.cell.operation].parts;
            for ((part, is), should) in parts.iter().zip(&seen.answers).zip(&expected).filter(|((_, a), b)| *a != *b) {
                let told = String::from_utf8_lossy(&seen.told);
                let told = told.lines().last().unwrap_or_default();
                wrong.push(format!("{}: {} {is:?}, not {should:?} ({told})", self.describe(&seen.cell), part.name));
            }
        }
        wrong
    }
}
