//! The table of envelopes.

use diesel::prelude::*;

use crate::access::{Facts, Grant, StateWord};
use crate::cases::model::{Case, CaseKind, NewCase, OfCase};
use crate::cases::rules;
use crate::db::fragments::for_update;
use crate::db::schema::{case_recipients as cr, cases as c, pupils as p};
use crate::db::types::{Uid, Utc};
use crate::db::{Work, failure};
use crate::kernel::{Actor, CaseId, Code, Error, OfficerId, PersonId, PupilId, Reference, Result, SchoolId, ServiceId};

/// A stored envelope, to be selected beside the rows of the area it is the envelope of.
#[derive(Queryable, Selectable)]
#[diesel(table_name = c)]
pub struct CaseRow {
    id: CaseId,
    kind: CaseKind,
    reference: String,
    school_id: SchoolId,
    service_id: Option<ServiceId>,
    pupil_id: PupilId,
    officer_id: Option<OfficerId>,
    queue: Option<String>,
    opened_by_kind: String,
    opened_by_id: Uid,
    opened_at: Utc,
    updated_at: Utc,
    closed_at: Option<Utc>,
    close_reason: Option<String>,
    version: i64,
}

/// Who opened a case, of two columns.
fn opener(kind: &str, id: Uid) -> Result<Actor> {
    Actor::from_stored(kind, Some(id.uuid())).ok_or_else(|| Error::internal("a case was opened by an unknown kind"))
}

impl CaseRow {
    /// The envelope.
    ///
    /// # Errors
    /// When what is stored is not one.
    pub fn case(self) -> Result<Case> {
        let reference = Reference::parse(&self.reference);
        Ok(Case {
            id: self.id,
            kind: self.kind,
            reference: reference.map_err(|_| Error::internal("a stored reference can't be read"))?,
            school: self.school_id,
            service: self.service_id,
            pupil: self.pupil_id,
            officer: self.officer_id,
            queue: self.queue,
            opened_by: opener(&self.opened_by_kind, self.opened_by_id)?,
            opened_at: self.opened_at,
            updated_at: self.updated_at,
            closed: self.closed_at.zip(self.close_reason),
            version: self.version,
        })
    }
}

/// What the policy needs to know of a case, with its kind; nothing when there is none or it was disposed of.
/// Its recipients are those in force now.
pub fn facts(work: &mut Work<'_>, id: CaseId) -> Result<Option<(CaseKind, Facts)>> {
    type Found = (CaseKind, SchoolId, Option<ServiceId>, Option<OfficerId>, String, Uid);
    type Named = (Option<PersonId>, Option<OfficerId>);
    type Row = (Found, (PupilId, Option<SchoolId>), Option<Utc>, Option<Named>);
    let now = work.now();
    let in_force = cr::case_id.eq(c::id).and(cr::begins_at.le(now)).and(cr::ends_at.is_null().or(cr::ends_at.gt(now)));
    // One question whatever there is, so that the time it takes doesn't tell whether there is anything.
    let found: Vec<Row> = c::table
        .left_join(cr::table.on(in_force))
        .left_join(p::table.on(p::id.eq(c::pupil_id)))
        .filter(c::id.eq(id))
        .filter(c::disposed_at.is_null())
        .order(cr::id.asc())
        .select((
            (c::kind, c::school_id, c::service_id, c::officer_id, c::opened_by_kind, c::opened_by_id),
            (c::pupil_id, p::school_id.nullable()),
            c::closed_at,
            (cr::person_id, cr::officer_id).nullable(),
        ))
        .load(work.conn())?;
    let Some(((kind, school, service, officer, by, by_id), (pupil, child_at), closed_at, _)) = found.first() else {
        return Ok(None);
    };
    let kind = *kind;
    let mut facts = Facts {
        school: Some(*school),
        service: *service,
        pupil: Some(*pupil),
        state: Some(if closed_at.is_none() { StateWord::Open } else { StateWord::Closed }),
        officer: *officer,
        sender: Some(opener(by, *by_id)?),
        ..Facts::default()
    };
    if kind == CaseKind::Warrn {
        let named = || found.iter().filter_map(|(.., named)| *named);
        facts.recipients = named().filter_map(|(person, _)| person).collect();
        facts.recipient_officers = named().filter_map(|(_, officer)| officer).collect();
        facts.moved = closed_at.is_none() && child_at.is_some_and(|at| at != *school);
    }
    Ok(Some((kind, facts)))
}

/// The case of this kind with this reference, for asking `access` about it.
pub fn id_of(work: &mut Work<'_>, kind: CaseKind, reference: &Reference) -> Result<Option<CaseId>> {
    let found =
        c::table.filter(c::reference.eq(reference.as_str())).filter(c::kind.eq(kind)).filter(c::disposed_at.is_null());
    Ok(found.select(c::id).first(work.conn()).optional()?)
}

/// The envelope itself.
pub fn find<T: OfCase>(work: &mut Work<'_>, pass: &Grant<T>) -> Result<Case> {
    c::table.find(pass.id().case()).select(CaseRow::as_select()).first(work.conn())?.case()
}

/// Locks an open case until the transaction ends, so that of two that add the last thing it may hold only one does, and
/// nothing comes to a case that is being closed.
///
/// # Errors
/// [`Code::StateConflict`] when it is closed.
pub fn lock_open(work: &mut Work<'_>, pass: &Grant<CaseId>) -> Result<()> {
    let row = c::table.filter(c::id.eq(pass.id())).select(c::closed_at);
    let closed: Option<Utc> = for_update(row).get_result(work.conn())?;
    if closed.is_some() { Err(Code::StateConflict.into()) } else { Ok(()) }
}

/// These envelopes, in no order. The caller has asked `access` about each.
pub fn find_all(work: &mut Work<'_>, passes: &[Grant<CaseId>]) -> Result<Vec<Case>> {
    let ids: Vec<CaseId> = passes.iter().map(Grant::id).collect();
    let rows: Vec<CaseRow> = c::table.filter(c::id.eq_any(ids)).select(CaseRow::as_select()).load(work.conn())?;
    rows.into_iter().map(CaseRow::case).collect()
}

#[derive(Insertable)]
#[diesel(table_name = c)]
struct NewRow<'a> {
    id: CaseId,
    kind: CaseKind,
    reference: &'a str,
    school_id: SchoolId,
    service_id: Option<ServiceId>,
    pupil_id: PupilId,
    officer_id: Option<OfficerId>,
    queue: Option<&'a str>,
    opened_by_kind: &'static str,
    opened_by_id: Uid,
    opened_at: Utc,
    updated_at: Utc,
    version: i64,
}

/// A reference that no case has. Of many thousand two are alike now and then.
///
/// # Errors
/// [`Code::Unavailable`] when each of some is taken: the next attempt finds another.
pub fn fresh_reference(work: &mut Work<'_>) -> Result<Reference> {
    let found = rules::first_free(
        work,
        |work| Reference::random(work.chance()),
        |work, reference| {
            let same = c::table.filter(c::reference.eq(reference.as_str())).count();
            Ok(same.get_result::<i64>(work.conn())? != 0)
        },
    );
    found?.ok_or_else(|| Error::unavailable("every reference that was drawn is taken"))
}

/// Stores a new envelope under the grant it is opened with.
///
/// # Errors
/// [`Code::ReferralAlreadyOpen`] when the child has an open referral to the service; [`Code::Unavailable`] when the random
/// reference is taken.
pub fn insert<T>(work: &mut Work<'_>, _pass: &Grant<T>, new: &NewCase) -> Result<()> {
    let (opened_by_kind @ ("person" | "client"), Some(by)) = (new.opened_by.kind(), new.opened_by.uuid()) else {
        return Err(Code::Forbidden.into());
    };
    let row = NewRow {
        id: new.id,
        kind: new.kind,
        reference: new.reference.as_str(),
        school_id: new.school,
        service_id: new.service,
        pupil_id: new.pupil,
        officer_id: new.officer,
        queue: new.queue.as_deref(),
        opened_by_kind,
        opened_by_id: Uid::from_uuid(by),
        opened_at: work.now(),
        updated_at: work.now(),
        version: 1,
    };
    diesel::insert_into(c::table).values(&row).execute(work.conn()).map(|_| ()).map_err(|error| {
        match failure::unique_key(&error).as_deref() {
            Some("cases_pupil_id_service_id_key") => Code::ReferralAlreadyOpen.into(),
            Some("cases_reference_key") => Error::unavailable(error),
            _ => error.into(),
        }
    })
}

/// Puts an open case, in the version its reader saw, to another school, and counts its version up. Gives the version now.
///
/// # Errors
/// [`Code::VersionMismatch`] when it has another by now.
pub fn move_to<T: OfCase>(work: &mut Work<'_>, pass: &Grant<T>, version: i64, school: SchoolId) -> Result<i64> {
    let now = work.now();
    let case = c::table.filter(c::id.eq(pass.id().case())).filter(c::version.eq(version));
    let moved = (c::school_id.eq(school), c::version.eq(version + 1), c::updated_at.eq(now));
    let changed = diesel::update(case).set(moved).execute(work.conn())?;
    if changed == 1 { Ok(version + 1) } else { Err(Code::VersionMismatch.into()) }
}

/// The open cases of a kind of this child that are of another school than the child is now: each with its reference and
/// school. For whoever has just found the child to have moved.
pub fn left_behind(
    work: &mut Work<'_>,
    kind: CaseKind,
    pupil: PupilId,
    school: SchoolId,
) -> Result<Vec<(CaseId, Reference, SchoolId)>> {
    let rows: Vec<(CaseId, String, SchoolId)> = c::table
        .filter(c::pupil_id.eq(pupil))
        .filter(c::kind.eq(kind))
        .filter(c::closed_at.is_null())
        .filter(c::disposed_at.is_null())
        .filter(c::school_id.ne(school))
        .order(c::id.asc())
        .select((c::id, c::reference, c::school_id))
        .load(work.conn())?;
    let read = |(id, reference, school): (CaseId, String, SchoolId)| {
        let reference = Reference::parse(&reference);
        Ok((id, reference.map_err(|_| Error::internal("a stored reference can't be read"))?, school))
    };
    rows.into_iter().map(read).collect()
}

/// Counts a case's version up from the one its reader saw, and closes it when there is a reason to. Gives the version now.
///
/// # Errors
/// [`Code::VersionMismatch`] when it has another by now.
pub fn advance<T: OfCase>(work: &mut Work<'_>, pass: &Grant<T>, version: i64, closing: Option<&str>) -> Result<i64> {
    let now = work.now();
    let case = c::table.filter(c::id.eq(pass.id().case())).filter(c::version.eq(version));
    let changed = match closing {
        None => diesel::update(case).set((c::version.eq(version + 1), c::updated_at.eq(now))).execute(work.conn())?,
        Some(reason) => diesel::update(case)
            .set((c::version.eq(version + 1), c::updated_at.eq(now), c::closed_at.eq(now), c::close_reason.eq(reason)))
            .execute(work.conn())?,
    };
    if changed == 1 { Ok(version + 1) } else { Err(Code::VersionMismatch.into()) }
}
