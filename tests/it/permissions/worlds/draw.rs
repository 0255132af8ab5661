//! Drawing a world: who there is, and which records stand how to them.

use diesel::prelude::*;
use dolen_domain::access::Role;
use dolen_domain::audit::{self, Object};
use dolen_domain::cases::{CaseKind, OfCase as _};
use dolen_domain::db::Work;
use dolen_domain::db::schema::{
    case_events as ev, case_recipients as cr, cases as c, sessions as s, warrn_records as w,
};
use dolen_domain::db::types::Uid;
use dolen_domain::kernel::{Actor, CaseId, OfficerId, PersonId, PupilId, RecipientId, Result, Upn, Utc, WarrnId};
use dolen_domain::pupils;
use dolen_domain::vault::Vault;
use dolen_tests::TestApp;
use dolen_tests::seed::Seed;

use crate::permissions::operations::Target;
use crate::permissions::principals::{self, Draft, Place, Post, Principal, ROLES, SCOPES, STALE, State};
use crate::permissions::things::{self, EMERGENCY_SERVICE, Thing};

use super::doors::{Field, Record};

/// People of a world, and systems. Nobody comes besides.
const PEOPLE: usize = 6;
const SYSTEMS: usize = 2;
/// Referrals and WARRN records of a world.
const REFERRALS: usize = 3;
const WARRNS: usize = 3;

/// The one whose people may break the glass comes up more often.
const SERVICES: [&str; 4] = [EMERGENCY_SERVICE, EMERGENCY_SERVICE, "bss", "sbc"];

/// Whether a record is one that a filter lets through.
type Fits = Box<dyn Fn(&Record) -> bool>;

/// The roles with most to see come up more often.
const MOST: [Role; 6] =
    [Role::Dsp, Role::Officer, Role::TeamLead, Role::SafeguardingLead, Role::Headteacher, Role::InReachWorker];

/// The dice of a world, and what it is drawn from.
pub struct Dice<'a> {
    pub seed: &'a Seed,
    pub app: &'a TestApp,
    /// The schools in which most of it happens.
    homes: [usize; 2],
}

impl<'a> Dice<'a> {
    pub fn new(seed: &'a Seed, app: &'a TestApp) -> Self {
        let schools = app.world().schools.len();
        let first = usize::try_from(seed.below(schools as u64)).unwrap();
        Self { seed, app, homes: [first, (first + 1) % schools] }
    }

    fn below(&self, bound: usize) -> usize {
        usize::try_from(self.seed.below(bound as u64)).unwrap()
    }

    fn one<T: Copy>(&self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// So often in a hundred.
    pub fn chance(&self, percent: u64) -> bool {
        self.seed.below(100) < percent
    }

    fn school(&self) -> usize {
        if self.chance(85) { self.one(&self.homes) } else { self.below(self.app.world().schools.len()) }
    }

    fn officer(&self) -> OfficerId {
        let all: Vec<OfficerId> = self.app.world().people.iter().filter_map(|p| p.officer).collect();
        self.one(&all)
    }

    fn place(&self, role: Role) -> Place {
        let (school, service, officer) = match role {
            Role::SchoolSubmitter | Role::Dsp | Role::Headteacher | Role::Integration => (100, 10, 10),
            Role::Officer => (15, 50, 70),
            Role::TeamLead => (15, 100, 35),
            _ => (25, 15, 15),
        };
        let mut place = Place {
            school: self.chance(school).then(|| self.school()),
            service: self.chance(service).then(|| self.one(&SERVICES)),
            officer: self.chance(officer).then(|| self.officer()),
        };
        if role == Role::Officer && place.officer.is_none() && place.service.is_none() {
            place.service = Some(SERVICES[0]);
        }
        place
    }

    fn post(&self, roles: &[Role]) -> Post {
        let states = [State::Ending, State::Ended, State::Lapsed, State::Invited, State::Accepted, State::Ahead];
        let role = self.one(roles);
        let state = if self.chance(65) { State::InForce } else { self.one(&states) };
        Post { role, place: self.place(role), state }
    }

    fn draft_person(&self) -> Draft {
        let posts: Vec<Post> = (0..self.one(&[0, 1, 1, 1, 1, 2, 2, 3]))
            .map(|_| if self.chance(50) { self.post(&MOST) } else { self.post(&ROLES) })
            .collect();
        let stale = if self.chance(10) { STALE } else { "" };
        Draft { name: format!("{}{stale}", principals::describe(self.app.world(), &posts)), posts, scopes: None }
    }

    fn draft_system(&self) -> Draft {
        let post =
            if self.chance(80) { self.post(&[Role::Integration, Role::InReachWorker]) } else { self.post(&ROLES) };
        // A system without any scope is none.
        let (whole, first) = (self.chance(60), self.one(&SCOPES));
        let scopes: Vec<_> = SCOPES.into_iter().filter(|scope| whole || *scope == first || self.chance(50)).collect();
        let name = format!("client {}, {}", principals::describe(self.app.world(), &[post]), scopes.join(" "));
        Draft { name, posts: vec![post], scopes: Some(scopes) }
    }

    /// Everybody; nobody is the first.
    pub fn everybody(&self) -> Vec<Principal> {
        let drafts = (0..PEOPLE).map(|_| self.draft_person()).chain((0..SYSTEMS).map(|_| self.draft_system()));
        let others = principals::enrol(self.app, drafts.collect());
        std::iter::once(principals::nobody(self.app)).chain(others).collect()
    }

    fn referral(&self, everybody: &[Principal]) -> Thing {
        let somebody = self.somebody(everybody);
        let school = self.school_of(somebody);
        let submitter = Actor::Person(self.app.world().who_at(Role::SchoolSubmitter, school).id);
        Thing {
            school: Some(school),
            service: Some(self.one(&SERVICES)),
            officer: self.chance(70).then(|| self.officer_of(everybody)),
            sender: Some(if self.chance(60) { somebody.actor } else { submitter }),
            emergency: self.chance(45).then(|| self.breaker(everybody)),
            asked: self.chance(30),
            closed: self.chance(30),
            ..Thing::default()
        }
    }

    fn warrn(&self, everybody: &[Principal]) -> (Thing, Besides) {
        let somebody = self.somebody(everybody);
        let school = self.school_of(somebody);
        let in_reach = Actor::Person(self.app.world().who(Role::InReachWorker).id);
        let mut people: Vec<PersonId> = Vec::new();
        let mut besides = Besides { closed: self.chance(20), ..Besides::default() };
        let once = self.chance(30).then(|| self.person(everybody));
        for _ in 0..=self.below(4) {
            let person = self.person(everybody);
            if once == Some(person) || people.contains(&person) || besides.people.iter().any(|(p, _)| *p == person) {
                continue;
            }
            match self.below(4) {
                0 => besides.people.push((person, State::Ended)),
                1 => besides.people.push((person, State::Ahead)),
                _ => people.push(person),
            }
        }
        // Somebody is always named; a stranger, when none of these is.
        if people.is_empty() && once.is_none() {
            people.push(self.app.world().who_at(Role::Dsp, school).id);
        }
        let named = usize::from(once.is_none());
        besides.people.extend(people.iter().skip(named).map(|p| (*p, State::InForce)));
        let thing = Thing {
            school: Some(school),
            people,
            officers: vec![self.officer_of(everybody)],
            sender: Some(if self.chance(60) { somebody.actor } else { in_reach }),
            once,
            emergency: self.chance(45).then(|| self.breaker(everybody)),
            moved: !besides.closed && self.chance(30),
            ..Thing::default()
        };
        (thing, besides)
    }

    /// A filter of the list of referrals, as the query says it, and what fits it.
    pub fn filter(&self, who: &Principal) -> (String, Fits) {
        match self.below(4) {
            0 => {
                let (actor, officers) = (who.actor, who.in_force().filter_map(|p| p.place.officer).collect::<Vec<_>>());
                let mine = move |thing: &Thing| {
                    thing.sender == Some(actor) || thing.officer.is_some_and(|o| officers.contains(&o))
                };
                ("mine=true".to_owned(), Box::new(move |r| mine(&r.thing)))
            }
            1 => {
                let service = self.one(&SERVICES);
                (format!("service={service}"), Box::new(move |r| r.thing.service == Some(service)))
            }
            2 => {
                let school = self.school();
                let number = &self.app.world().schools[school].number;
                (format!("school_number={number}"), Box::new(move |r| r.thing.school == Some(school)))
            }
            _ => {
                let state = self.one(&["submitted", "info_requested", "declined"]);
                let of = |thing: &Thing| match (thing.closed, thing.asked) {
                    (true, _) => "declined",
                    (false, true) => "info_requested",
                    (false, false) => "submitted",
                };
                (format!("state={state}"), Box::new(move |r| of(&r.thing) == state))
            }
        }
    }

    /// A school, often one where they hold something.
    fn school_of(&self, who: &Principal) -> usize {
        let theirs: Vec<usize> = who.posts.iter().filter_map(|post| post.place.school).collect();
        if theirs.is_empty() || self.chance(30) { self.school() } else { self.one(&theirs) }
    }

    /// An officer, often one that somebody is.
    fn officer_of(&self, everybody: &[Principal]) -> OfficerId {
        let theirs: Vec<OfficerId> =
            everybody.iter().flat_map(Principal::in_force).filter_map(|post| post.place.officer).collect();
        if theirs.is_empty() || self.chance(40) { self.officer() } else { self.one(&theirs) }
    }

    fn somebody<'p>(&self, everybody: &'p [Principal]) -> &'p Principal {
        &everybody[1 + self.below(everybody.len() - 1)]
    }

    fn person(&self, everybody: &[Principal]) -> PersonId {
        let people = everybody.iter().filter_map(|p| if let Actor::Person(id) = p.actor { Some(id) } else { None });
        self.one(&people.collect::<Vec<_>>())
    }

    /// A person, mostly one with a role that may break the glass.
    fn breaker(&self, everybody: &[Principal]) -> PersonId {
        let may = |p: &&Principal| {
            p.in_force().any(|post| match post.role {
                Role::SafeguardingLead => true,
                Role::Officer | Role::TeamLead => post.place.service == Some(EMERGENCY_SERVICE),
                _ => false,
            })
        };
        let may: Vec<PersonId> = everybody
            .iter()
            .filter(may)
            .filter_map(|p| if let Actor::Person(id) = p.actor { Some(id) } else { None })
            .collect();
        if may.is_empty() || self.chance(20) { self.person(everybody) } else { self.one(&may) }
    }

    /// The records, each seen once already; `number` tells the first from those of other worlds.
    pub fn records(&self, everybody: &[Principal], number: usize) -> Vec<Record> {
        let referrals = (0..REFERRALS).map(|_| (Target::Referral, self.referral(everybody), Besides::default()));
        let warrns = (0..WARRNS).map(|_| self.warrn(everybody)).map(|(thing, more)| (Target::Warrn, thing, more));
        let mut wanted: Vec<_> = referrals.chain(warrns).collect();
        for (i, (_, thing, _)) in wanted.iter_mut().enumerate() {
            thing.upn = Some(upn(number + i));
        }
        let wanted = wanted.into_iter().map(|(target, thing, besides)| (target, thing, (target, besides)));
        let made = things::make(self.app, wanted.collect());
        // At a minute of its own, so that it is known again.
        self.app.advance(60);
        let (vault, now) = (self.app.app().vault.clone(), self.app.db().clock().now());
        let records = self.app.write(move |work| {
            let mut records = Vec::new();
            for (i, (mut thing, (target, besides))) in made.into_iter().enumerate() {
                let happened = minute(number + i);
                plant(work, &vault, target, &thing, happened)?;
                besides.write(work, WarrnId::from_uuid(thing.id))?;
                thing.closed |= besides.closed;
                records.push(Record { target, happened, seen: now, thing });
            }
            Ok(records)
        });
        // All that is read from now on is read later than what is looked for; and everybody's second factor is as it was.
        self.app.advance(60);
        let fresh = everybody.iter().filter(|p| p.fresh);
        let fresh: Vec<PersonId> =
            fresh.filter_map(|p| if let Actor::Person(id) = p.actor { Some(id) } else { None }).collect();
        self.app.write(move |work| {
            let now = work.now();
            diesel::update(s::table.filter(s::person_id.eq_any(fresh)))
                .set(s::second_factor_at.eq(Some(now)))
                .execute(work.conn())?;
            audit::record(work, "session.step_up", Object::all("session"), "as the test has it");
            Ok(())
        });
        records
    }
}

/// A minute of January 2024 that is no other record's.
fn minute(number: usize) -> Utc {
    let begin = Utc::from_date_hour(chrono::NaiveDate::from_ymd_opt(2024, 1, 2).unwrap(), 0);
    begin.plus_seconds(60 * i64::try_from(number).unwrap())
}

/// A unique pupil number with its own check letter.
fn upn(number: usize) -> String {
    let numbers = ('A'..='Z').map(|letter| format!("{letter}676499{number:06}"));
    numbers.into_iter().find(|number| Upn::parse(number).is_ok()).unwrap()
}

/// What a WARRN record is besides what a cell can want of one.
#[derive(Default)]
struct Besides {
    closed: bool,
    /// Further recipients, whose time is, is over, or is to come.
    people: Vec<(PersonId, State)>,
}

impl Besides {
    fn write(&self, work: &mut Work<'_>, id: WarrnId) -> Result<()> {
        // Not at the minute of the first reading, which is looked for.
        let now = work.now().plus_seconds(-60);
        for (person, state) in &self.people {
            let row = (
                (cr::id.eq(RecipientId::from_uuid(work.new_id())), cr::case_id.eq(id.case()), cr::part.eq("dsp")),
                (cr::stage.eq(2_i64), cr::person_id.eq(Some(*person)), cr::due_at.eq(now.plus_hours(24))),
                cr::begins_at.eq(if *state == State::Ahead { now.plus_hours(24 * 30) } else { now }),
                cr::ends_at.eq((*state == State::Ended).then_some(now)),
            );
            diesel::insert_into(cr::table).values(row).execute(work.conn())?;
        }
        if self.closed {
            diesel::update(c::table.find(id.case()))
                .set((c::closed_at.eq(Some(now)), c::close_reason.eq(Some("re_referred"))))
                .execute(work.conn())?;
        }
        Ok(())
    }
}

/// Makes what happened first happen at a minute of its own, says something there, gives the queue or the agreement a name
/// of its own, and lets the record be seen now.
fn plant(work: &mut Work<'_>, vault: &Vault, target: Target, thing: &Thing, at: Utc) -> Result<()> {
    let case = CaseId::from_uuid(thing.id);
    let first = ev::table.filter(ev::case_id.eq(case)).filter(ev::kind.eq_any(["opened", "received"]));
    diesel::update(first).set(ev::at.eq(at)).execute(work.conn())?;
    let read = if target == Target::Referral {
        let pupil: PupilId = c::table.find(case).select(c::pupil_id).first(work.conn())?;
        let (id, key) = (work.new_id(), pupils::key(work, vault, pupil)?);
        let said = Field::Said.word(thing);
        let note = vault.seal(&key, CaseKind::Referral.note_place(id), &said, work.chance())?.into_stored();
        let later = at.plus_hours(24 * 100);
        diesel::insert_into(ev::table)
            .values((
                (ev::id.eq(Uid::from_uuid(id)), ev::case_id.eq(case), ev::at.eq(later), ev::actor_kind.eq("system")),
                (ev::kind.eq("info_requested"), ev::state.eq("info_requested"), ev::note.eq(Some(note))),
            ))
            .execute(work.conn())?;
        if thing.officer.is_none() {
            diesel::update(c::table.find(case))
                .set(c::queue.eq(Some(Field::Queue.word(thing))))
                .execute(work.conn())?;
        }
        "referral.read"
    } else {
        diesel::update(w::table.find(WarrnId::from_uuid(thing.id)))
            .set(w::agreement.eq(Field::Agreement.word(thing)))
            .execute(work.conn())?;
        "warrn.read"
    };
    audit::record(work, read, Object::one("case", thing.id), "envelope system");
    Ok(())
}
