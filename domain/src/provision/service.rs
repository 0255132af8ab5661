//! Beginning provision, looking at it again, changing its end, ending it; reading it.

use chrono::NaiveDate;

use crate::access::{self, Action, Grant};
use crate::audit::{self, Object, Reading};
use crate::cases::{self, CaseKind, NewEvent, NewMilestone, OfCase as _};
use crate::db::Work;
use crate::directory::calendar;
use crate::kernel::{Actor, Code, Error, Fault, Faults, PersonId, ProvisionId, Result, WarrnId, uk_date};
use crate::pupils;
use crate::vault::{Place, Vault};

use super::model::{
    Clock, EndProvision, Ending, ExtendProvision, Kind, NoteContent, NoteKind, Noted, Provision, ProvisionFile,
    ReviewProvision, StartProvision,
};
use super::settings::ProvisionSettings;
use super::{rules, store};

/// A clock gives no less time than this, in hours: one set on the evening it is due is due soon, not before it was set.
const SHORTEST_HOURS: i64 = 1;

const fn place(id: ProvisionId) -> Place {
    Place { table: "provisions", column: "content", row: id.uuid() }
}

const fn note_place(row: uuid::Uuid) -> Place {
    Place { table: "provision_notes", column: "content", row }
}

/// Provision as the audit chain names it: as the record it belongs to, which says nothing of its kind.
const fn object(provision: &Provision) -> Object {
    Object::one("warrn", provision.record.uuid()).at(provision.school)
}

/// Lets something be done about a record's provision. A record that is none is told from none to nobody.
fn permit(work: &mut Work<'_>, action: Action, record: WarrnId) -> Result<Grant<WarrnId>> {
    let found = cases::facts(work, record.case())?;
    let facts = found.filter(|(kind, _)| *kind == CaseKind::Warrn).map(|(_, facts)| facts);
    access::grant(work, action, record, &facts.unwrap_or_default())
}

/// The same by the provision's id, with its record.
fn permit_one(work: &mut Work<'_>, action: Action, id: ProvisionId) -> Result<Grant<WarrnId>> {
    // One that does not exist is asked about all the same, so that both refusals read alike.
    let record = store::record_of(work, id)?.unwrap_or_else(|| WarrnId::from_uuid(id.uuid()));
    permit(work, action, record)
}

/// The person who writes: nobody else can.
fn person(work: &Work<'_>) -> Result<PersonId> {
    match work.caller().actor {
        Actor::Person(person) => Ok(person),
        _ => Err(Code::Forbidden.into()),
    }
}

/// Keeps provision with an open record, sealed, and sets its clocks.
///
/// # Errors
/// [`Code::InvalidBody`] with every fault; a refusal of [`Action::StepWarrn`]; [`Code::StateConflict`] when the record is
/// closed.
pub fn start(
    work: &mut Work<'_>,
    vault: &Vault,
    settings: &ProvisionSettings,
    record: WarrnId,
    given: StartProvision,
) -> Result<Provision> {
    let pass = permit(work, Action::StepWarrn, record)?;
    begin(work, vault, settings, &pass, given)
}

/// What is wrong with provision that is to begin.
pub(crate) fn faults_of(given: StartProvision, settings: &ProvisionSettings, today: NaiveDate) -> Vec<Fault> {
    let mut faults = Faults::default();
    rules::check_start(given, settings, today, &mut faults);
    faults.into_vec()
}

/// The same under the grant of a step of the record's return, in whose transaction it begins.
///
/// # Errors
/// As [`start`].
pub(crate) fn begin(
    work: &mut Work<'_>,
    vault: &Vault,
    settings: &ProvisionSettings,
    pass: &Grant<WarrnId>,
    given: StartProvision,
) -> Result<Provision> {
    let (record, by) = (pass.id(), person(work)?);
    // Steps before anything else of a case, as the clock and the record's own steps do: two that wait for each other never
    // lock in a circle, and a record is not closed while provision of it begins.
    cases::lock_milestones(work, pass)?;
    let case = cases::find(work, pass)?;
    if case.closed.is_some() {
        return Err(Code::StateConflict.into());
    }
    let provision = Provision {
        id: ProvisionId::from_uuid(work.new_id()),
        record,
        reference: cases::fresh_reference(work)?,
        school: case.school,
        pupil: case.pupil,
        kind: given.kind,
        starts_on: given.starts_on,
        review_on: Some(given.review_on),
        ends_on: given.ends_on,
        minutes_per_week: given.minutes_per_week,
        consent_on: given.consent.as_ref().map(|c| c.on),
        placement: given.placement,
        ended: None,
        started_at: work.now(),
        started_by: by,
        version: 1,
    };
    let mut faults = Faults::default();
    let content = rules::check_start(given, settings, uk_date(work.now()), &mut faults);
    faults.finish()?;
    let content = content.ok_or_else(|| Error::internal("provision without a fault was not sound"))?;
    let key = pupils::key(work, vault, case.pupil)?;
    let content = vault.seal(&key, place(provision.id), &content, work.chance())?;
    store::insert(work, pass, &provision, content)?;
    set_clock(work, pass, settings, provision.id, (Clock::Review, provision.review_on))?;
    set_clock(work, pass, settings, provision.id, (Clock::End, provision.ends_on))?;
    note(work, pass, "provision_started")?;
    audit::record(work, "provision.start", object(&provision), provision.id.to_string());
    Ok(provision)
}

/// Notes a review and sets the clock of the next.
///
/// # Errors
/// [`Code::InvalidBody`] with every fault; [`Code::StateConflict`] when it has ended; [`Code::VersionMismatch`].
pub fn review(
    work: &mut Work<'_>,
    vault: &Vault,
    settings: &ProvisionSettings,
    (id, version): (ProvisionId, i64),
    given: &ReviewProvision,
) -> Result<Provision> {
    let (pass, before, by) = open(work, id, version)?;
    let (held_on, next_on) = (given.held_on, given.next_on);
    let mut faults = Faults::default();
    let said = rules::check_review(given, &before, uk_date(work.now()), &mut faults);
    faults.finish()?;
    let after = Provision { review_on: next_on, version: version + 1, ..before };
    store::update(work, &pass, &after, version)?;
    add_note(work, vault, &pass, &after, (NoteKind::Review, held_on, next_on, by), said)?;
    set_clock(work, &pass, settings, id, (Clock::Review, next_on))?;
    note(work, &pass, "provision_reviewed")?;
    audit::record(work, "provision.review", object(&after), id.to_string());
    Ok(after)
}

/// Moves the end, for a reason. A reduced timetable lasts no longer than the authority's own bound, counted from its first
/// day; what is to last longer begins anew, with consent and reason of its own.
///
/// # Errors
/// [`Code::InvalidBody`] with every fault; [`Code::StateConflict`] when it has ended; [`Code::VersionMismatch`].
pub fn extend(
    work: &mut Work<'_>,
    vault: &Vault,
    settings: &ProvisionSettings,
    (id, version): (ProvisionId, i64),
    given: ExtendProvision,
) -> Result<Provision> {
    let (pass, before, by) = open(work, id, version)?;
    let (ends_on, consent_on) = (given.ends_on, given.consent.as_ref().map(|c| c.on));
    let today = uk_date(work.now());
    let mut faults = Faults::default();
    let said = rules::check_extension(given, &before, settings, today, &mut faults);
    faults.finish()?;
    let consent_on = consent_on.or(before.consent_on);
    let after = Provision { ends_on: Some(ends_on), consent_on, version: version + 1, ..before };
    store::update(work, &pass, &after, version)?;
    add_note(work, vault, &pass, &after, (NoteKind::Extension, today, Some(ends_on), by), said)?;
    set_clock(work, &pass, settings, id, (Clock::End, Some(ends_on)))?;
    note(work, &pass, "provision_extended")?;
    audit::record(work, "provision.extend", object(&after), id.to_string());
    Ok(after)
}

/// Ends provision; its clocks are given up.
///
/// # Errors
/// [`Code::InvalidBody`] with every fault; [`Code::StateConflict`] when it has ended; [`Code::VersionMismatch`].
pub fn end(
    work: &mut Work<'_>,
    vault: &Vault,
    (id, version): (ProvisionId, i64),
    given: EndProvision,
) -> Result<Provision> {
    let (pass, before, by) = open(work, id, version)?;
    let (on, ending) = (given.on, given.ending);
    let mut faults = Faults::default();
    let said = rules::check_end(given, &before, uk_date(work.now()), &mut faults);
    faults.finish()?;
    finish(work, vault, &pass, before, (on, ending, by), said)
}

/// Keeps that one ended, with what was said, and gives up its clocks.
fn finish(
    work: &mut Work<'_>,
    vault: &Vault,
    pass: &Grant<WarrnId>,
    before: Provision,
    (on, ending, by): (NaiveDate, Ending, PersonId),
    said: Option<NoteContent>,
) -> Result<Provision> {
    let (id, version) = (before.id, before.version);
    let after = Provision { ended: Some((on, ending)), version: version + 1, ..before };
    store::update(work, pass, &after, version)?;
    add_note(work, vault, pass, &after, (NoteKind::End, on, None, by), said)?;
    for clock in Clock::ALL {
        drop_clock(work, pass, id, *clock)?;
    }
    note(work, pass, "provision_ended")?;
    audit::record(work, "provision.end", object(&after), id.to_string());
    Ok(after)
}

/// The reduced timetables of a record that run or are to begin.
fn timetables(work: &mut Work<'_>, pass: &Grant<WarrnId>) -> Result<Vec<Provision>> {
    let all = store::all(work, pass)?.into_iter();
    Ok(all.filter(|p| p.kind == Kind::ReducedTimetable && p.is_open()).collect())
}

/// Since when a reduced timetable of a record runs, or when it is to begin.
///
/// # Errors
/// When the database can't be read.
pub(crate) fn timetable_since(work: &mut Work<'_>, pass: &Grant<WarrnId>) -> Result<Option<NaiveDate>> {
    Ok(timetables(work, pass)?.iter().map(|p| p.starts_on).min())
}

/// Ends a record's reduced timetables in the transaction of a step of its return: the child attends full time, or another
/// takes their place. What had not begun by its last day was called off.
///
/// # Errors
/// [`Code::Forbidden`] for anybody but a person.
pub(crate) fn end_timetables(
    work: &mut Work<'_>,
    vault: &Vault,
    pass: &Grant<WarrnId>,
    (on, ending): (NaiveDate, Ending),
) -> Result<()> {
    let by = person(work)?;
    for one in timetables(work, pass)? {
        let ending = if on < one.starts_on { Ending::NoLongerNeeded } else { ending };
        finish(work, vault, pass, one, (on, ending, by), Some(NoteContent { text: None, consent_by: None }))?;
    }
    Ok(())
}

/// Running provision to change, in the version the caller has seen.
fn open(work: &mut Work<'_>, id: ProvisionId, version: i64) -> Result<(Grant<WarrnId>, Provision, PersonId)> {
    let pass = permit_one(work, Action::StepWarrn, id)?;
    let by = person(work)?;
    cases::lock_milestones(work, &pass)?;
    let provision = store::find(work, &pass, id)?;
    if provision.version != version {
        return Err(Code::VersionMismatch.into());
    }
    if provision.is_open() { Ok((pass, provision, by)) } else { Err(Code::StateConflict.into()) }
}

/// Seals what was said and keeps it.
fn add_note(
    work: &mut Work<'_>,
    vault: &Vault,
    pass: &Grant<WarrnId>,
    provision: &Provision,
    (kind, held_on, next_on, noted_by): (NoteKind, NaiveDate, Option<NaiveDate>, PersonId),
    said: Option<NoteContent>,
) -> Result<()> {
    let said = said.ok_or_else(|| Error::internal("a note without a fault was not sound"))?;
    let id = work.new_id();
    let key = pupils::key(work, vault, provision.pupil)?;
    let content = vault.seal(&key, note_place(id), &said, work.chance())?;
    let noted_at = work.now();
    let stored = store::StoredNote { id, kind, held_on, next_on, content, noted_at, noted_by };
    store::add_note(work, pass, provision.id, stored)
}

/// Gives one a new clock in place of the one it had: lateness that was told is told anew when the new time passes.
fn set_clock(
    work: &mut Work<'_>,
    pass: &Grant<WarrnId>,
    settings: &ProvisionSettings,
    id: ProvisionId,
    (clock, on): (Clock, Option<NaiveDate>),
) -> Result<()> {
    drop_clock(work, pass, id, clock)?;
    let Some(on) = on else { return Ok(()) };
    let calendar = calendar::load(work, &settings.calendar)?;
    let due = calendar.closing(on).max(work.now().plus_hours(SHORTEST_HOURS));
    let of_this = |m: &cases::Milestone| (m.kind == clock.as_str()).then_some(m.turn);
    let turn = cases::milestones(work, pass)?.iter().filter_map(of_this).max().unwrap_or(0) + 1;
    let new = NewMilestone { kind: clock.as_str(), turn, due_at: Some(due) };
    cases::set_milestone(work, pass, pass.id().case(), &new)?;
    store::set_turn(work, pass, id, clock, Some(turn))
}

/// Gives up a clock of one, if it has one.
fn drop_clock(work: &mut Work<'_>, pass: &Grant<WarrnId>, id: ProvisionId, clock: Clock) -> Result<()> {
    let Some(turn) = store::turn(work, pass, id, clock)? else { return Ok(()) };
    cases::drop_step(work, pass, clock.as_str(), turn)?;
    store::set_turn(work, pass, id, clock, None)
}

/// An event on the case's timeline. The sender reads that too: it doesn't say what is provided.
fn note(work: &mut Work<'_>, pass: &Grant<WarrnId>, kind: &'static str) -> Result<()> {
    let case = pass.id().case();
    let event = NewEvent { id: work.new_id(), case, kind, state: "open", reason: None, note: None };
    cases::add_event(work, pass, event)
}

/// A record's provision without what is sealed of it, the first first; for who may open the record. On record, so it
/// belongs in a write.
///
/// # Errors
/// A refusal of [`Action::ReadWarrnContent`].
pub fn list(work: &mut Work<'_>, record: WarrnId) -> Result<Vec<Provision>> {
    let pass = permit(work, Action::ReadWarrnContent, record)?;
    let found = store::all(work, &pass)?;
    let school = cases::find(work, &pass)?.school;
    audit::read(work, Reading::WarrnProvision, Object::one("warrn", record.uuid()).at(school), pass.basis());
    Ok(found)
}

/// All there is of one, opened. On record before the bytes leave: call it inside [`crate::db::Db::write`].
///
/// # Errors
/// A refusal of [`Action::ReadWarrnContent`]: [`Code::NotFound`] for everybody but the record's recipients and its sender.
pub fn file(work: &mut Work<'_>, vault: &Vault, id: ProvisionId) -> Result<ProvisionFile> {
    let pass = permit_one(work, Action::ReadWarrnContent, id)?;
    let provision = store::find(work, &pass, id)?;
    let key = pupils::key(work, vault, provision.pupil)?;
    let sealed = store::content(work, &pass, id)?;
    let content = vault.open(&pass, &key, place(id), &sealed)?;
    let mut notes = Vec::new();
    for stored in store::notes(work, &pass, id)? {
        let content = vault.open(&pass, &key, note_place(stored.id), &stored.content)?;
        let (kind, held_on, next_on) = (stored.kind, stored.held_on, stored.next_on);
        notes.push(Noted { kind, held_on, next_on, content, noted_at: stored.noted_at, noted_by: stored.noted_by });
    }
    audit::read(work, Reading::WarrnProvisionFile, object(&provision), pass.basis());
    Ok(ProvisionFile { provision, content, notes })
}

/// Its version, for who means to change it.
///
/// # Errors
/// A refusal of [`Action::StepWarrn`].
pub fn version(work: &mut Work<'_>, id: ProvisionId) -> Result<i64> {
    let pass = permit_one(work, Action::StepWarrn, id)?;
    Ok(store::find(work, &pass, id)?.version)
}

/// One as the caller's own change left it: who may change it needs no proof anew to learn what came of that. On record.
///
/// # Errors
/// A refusal of [`Action::StepWarrn`].
pub fn provision_after(work: &mut Work<'_>, id: ProvisionId) -> Result<Provision> {
    let pass = permit_one(work, Action::StepWarrn, id)?;
    let provision = store::find(work, &pass, id)?;
    audit::read(work, Reading::WarrnProvision, object(&provision), pass.basis());
    Ok(provision)
}
