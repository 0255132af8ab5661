//! The tables of emergency accesses, of whom they were told to, and of their reviews.

use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable};

use crate::access::{Grant, Role, Scope};
use crate::cases::CaseKind;
use crate::db::failure::conflict;
use crate::db::schema::{
    case_recipients as cr, cases as c, emergency_accesses as e, emergency_owners as o, emergency_reviews as v, pupils,
};
use crate::db::types::{SealedBytes, Uid};
use crate::db::{MultiBackend, Work};
use crate::kernel::{
    CaseId, Code, Cursor, EmergencyId, Error, OfficerId, Page, PageRequest, PersonId, PupilId, Reference, Result,
    SchoolId, ServiceId, Utc,
};
use crate::vault::Sealed;

use super::model::{CaseOpened, Emergency, EmergencyFilter, Outcome, Review};

/// The child a record is about, and the child's school.
pub(super) fn of_case(work: &mut Work<'_>, reference: &Reference) -> Result<Option<PupilId>> {
    Ok(c::table.filter(c::reference.eq(reference.as_str())).select(c::pupil_id).first(work.conn()).optional()?)
}

/// The child's school; nothing when there is no such child.
pub(super) fn school_of(work: &mut Work<'_>, pupil: PupilId) -> Result<Option<SchoolId>> {
    Ok(pupils::table.find(pupil).select(pupils::school_id).first(work.conn()).optional()?)
}

/// Somebody whose record it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// A named recipient, in person.
    Person(PersonId),
    /// The officer who holds it, or is a named recipient.
    Officer(OfficerId),
    /// The leads of the service in whose queue it waits.
    LeadsOf(ServiceId),
}

/// Who holds the child's records, open or not, and who are their recipients in force; each once.
pub(super) fn owners(work: &mut Work<'_>, pupil: PupilId) -> Result<Vec<Owner>> {
    let held: Vec<(Option<OfficerId>, Option<ServiceId>)> =
        c::table.filter(c::pupil_id.eq(pupil)).select((c::officer_id, c::service_id)).load(work.conn())?;
    let now = work.now();
    let named: Vec<(Option<PersonId>, Option<OfficerId>)> = cr::table
        .inner_join(c::table.on(c::id.eq(cr::case_id)))
        .filter(c::pupil_id.eq(pupil))
        .filter(cr::begins_at.le(now))
        .filter(cr::ends_at.is_null().or(cr::ends_at.gt(now)))
        .select((cr::person_id, cr::officer_id))
        .load(work.conn())?;
    let mut owners: Vec<Owner> = Vec::new();
    let mut add = |owner: Option<Owner>| {
        if let Some(owner) = owner.filter(|o| !owners.contains(o)) {
            owners.push(owner);
        }
    };
    for (officer, service) in held {
        add(officer.map(Owner::Officer).or(service.map(Owner::LeadsOf)));
    }
    for (person, officer) in named {
        add(person.map(Owner::Person));
        add(officer.map(Owner::Officer));
    }
    Ok(owners)
}

/// The child's records.
pub(super) fn cases_of<T>(work: &mut Work<'_>, _pass: &Grant<T>, pupil: PupilId) -> Result<Vec<CaseOpened>> {
    let rows: Vec<(CaseId, CaseKind, String)> = c::table
        .filter(c::pupil_id.eq(pupil))
        .order((c::opened_at.desc(), c::id.desc()))
        .select((c::id, c::kind, c::reference))
        .load(work.conn())?;
    rows.into_iter().map(|(id, kind, stored)| Ok(CaseOpened { id, kind, reference: reference(&stored)? })).collect()
}

fn reference(stored: &str) -> Result<Reference> {
    Reference::parse(stored).map_err(|_| Error::internal("a stored reference can't be read"))
}

/// Puts out those of the person and the child that have ended, so that another may start.
pub(super) fn put_out(work: &mut Work<'_>, _pass: &Grant<()>, person: PersonId, pupil: PupilId) -> Result<()> {
    let now = work.now();
    let ended = e::table
        .filter(e::person_id.eq(person))
        .filter(e::pupil_id.eq(pupil))
        .filter(e::live.eq(true))
        .filter(e::ends_at.le(now));
    diesel::update(ended).set(e::live.eq(false)).execute(work.conn())?;
    Ok(())
}

/// Whether the person has one to the child that has not ended.
pub(super) fn has_live(work: &mut Work<'_>, person: PersonId, pupil: PupilId) -> Result<bool> {
    let found: i64 = e::table
        .filter(e::person_id.eq(person))
        .filter(e::pupil_id.eq(pupil))
        .filter(e::live.eq(true))
        .count()
        .get_result(work.conn())?;
    Ok(found > 0)
}

/// One to keep.
pub(super) struct NewRow<'a> {
    pub emergency: &'a Emergency,
    pub pupil: PupilId,
    pub service: Option<ServiceId>,
    pub reason: Sealed<String>,
}

/// Keeps it.
///
/// # Errors
/// [`Code::EmergencyInForce`] when another request of the person started one to the child at this moment.
pub(super) fn insert(work: &mut Work<'_>, _pass: &Grant<()>, new: NewRow<'_>) -> Result<()> {
    let it = new.emergency;
    let row = (
        (e::id.eq(it.id), e::reference.eq(it.reference.as_str()), e::role.eq(it.role), e::person_id.eq(it.person)),
        (e::pupil_id.eq(new.pupil), e::school_id.eq(it.school), e::service_id.eq(new.service)),
        (e::reason.eq(new.reason.into_stored()), e::started_at.eq(it.started_at), e::ends_at.eq(it.ends_at)),
        e::live.eq(true),
    );
    diesel::insert_into(e::table)
        .values(row)
        .execute(work.conn())
        .map_err(conflict("emergency_accesses_person_id_pupil_id_key", Code::EmergencyInForce))?;
    Ok(())
}

pub(super) fn add_owner(work: &mut Work<'_>, _pass: &Grant<()>, id: EmergencyId, owner: Owner) -> Result<()> {
    let (person, officer, service) = match owner {
        Owner::Person(id) => (Some(id), None, None),
        Owner::Officer(id) => (None, Some(id), None),
        Owner::LeadsOf(id) => (None, None, Some(id)),
    };
    let row = (
        (o::id.eq(Uid::from_uuid(work.new_id())), o::emergency_id.eq(id)),
        (o::person_id.eq(person), o::officer_id.eq(officer), o::service_id.eq(service)),
    );
    diesel::insert_into(o::table).values(row).execute(work.conn())?;
    Ok(())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = e)]
struct Row {
    id: EmergencyId,
    reference: String,
    role: Role,
    person_id: PersonId,
    school_id: SchoolId,
    started_at: Utc,
    ends_at: Utc,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = v)]
struct ReviewRow {
    id: EmergencyId,
    reviewer_id: PersonId,
    outcome: Outcome,
    reviewed_at: Utc,
}

fn emergency((row, review): (Row, Option<ReviewRow>)) -> Result<Emergency> {
    Ok(Emergency {
        id: row.id,
        reference: reference(&row.reference)?,
        person: row.person_id,
        role: row.role,
        school: row.school_id,
        started_at: row.started_at,
        ends_at: row.ends_at,
        review: review.map(|v| Review { reviewer: v.reviewer_id, outcome: v.outcome, reviewed_at: v.reviewed_at }),
    })
}

pub(super) fn find(work: &mut Work<'_>, pass: &Grant<EmergencyId>) -> Result<Emergency> {
    let found = e::table.left_join(v::table.on(v::id.eq(e::id))).filter(e::id.eq(pass.id()));
    emergency(found.select((Row::as_select(), Option::<ReviewRow>::as_select())).first(work.conn())?)
}

/// The one with this reference, for asking `access` about it.
pub(super) fn id_of(work: &mut Work<'_>, reference: &Reference) -> Result<Option<EmergencyId>> {
    Ok(e::table.filter(e::reference.eq(reference.as_str())).select(e::id).first(work.conn()).optional()?)
}

/// The child it is about.
pub(super) fn pupil_of(work: &mut Work<'_>, pass: &Grant<EmergencyId>) -> Result<PupilId> {
    Ok(e::table.find(pass.id()).select(e::pupil_id).first(work.conn())?)
}

/// The reason, and the review's note.
pub(super) fn sealed(
    work: &mut Work<'_>,
    pass: &Grant<EmergencyId>,
) -> Result<(Sealed<String>, Option<Sealed<String>>)> {
    let reason: SealedBytes = e::table.find(pass.id()).select(e::reason).first(work.conn())?;
    let note: Option<SealedBytes> = v::table.find(pass.id()).select(v::note).first(work.conn()).optional()?;
    Ok((Sealed::from_stored(reason), note.map(Sealed::from_stored)))
}

/// Keeps a review.
///
/// # Errors
/// [`Code::StateConflict`] when there is one.
pub(super) fn insert_review(
    work: &mut Work<'_>,
    pass: &Grant<EmergencyId>,
    review: Review,
    note: Sealed<String>,
) -> Result<()> {
    let row = (
        (v::id.eq(pass.id()), v::reviewer_id.eq(review.reviewer), v::outcome.eq(review.outcome)),
        (v::note.eq(note.into_stored()), v::reviewed_at.eq(review.reviewed_at)),
    );
    diesel::insert_into(v::table)
        .values(row)
        .execute(work.conn())
        .map_err(conflict("emergency_reviews_pkey", Code::StateConflict))?;
    Ok(())
}

type Predicate = Box<dyn BoxableExpression<e::table, MultiBackend, SqlType = Nullable<Bool>>>;

/// What the scope shows.
fn shown(scope: &Scope) -> Predicate {
    let told = || o::table.select(o::emergency_id);
    let mut seen: Predicate = Box::new(e::service_id.eq_any(scope.services.clone()));
    if let Some(crate::kernel::Actor::Person(person)) = scope.sender {
        seen = Box::new(seen.or(e::person_id.eq(person).nullable()));
    }
    if let Some(person) = scope.recipient {
        let here = e::school_id.eq_any(scope.recipient_schools.clone());
        // Of a child who has moved: by the school of the record that is theirs.
        let theirs = cr::table
            .inner_join(c::table.on(c::id.eq(cr::case_id)))
            .filter(cr::person_id.eq(person))
            .filter(c::school_id.eq_any(scope.recipient_schools.clone()))
            .select(c::pupil_id);
        let where_it_is = here.or(e::pupil_id.eq_any(theirs));
        seen = Box::new(seen.or(e::id.eq_any(told().filter(o::person_id.eq(person))).and(where_it_is).nullable()));
    }
    let officers = told().filter(o::officer_id.eq_any(scope.recipient_officers.clone()));
    let leads = told().filter(o::service_id.eq_any(scope.recipient_services.clone()));
    Box::new(seen.or(e::id.eq_any(officers).or(e::id.eq_any(leads)).nullable()))
}

/// A page of those in scope that match, newest first.
pub(super) fn page(
    work: &mut Work<'_>,
    pass: &Grant<Scope>,
    filter: EmergencyFilter,
    own: Option<PersonId>,
    request: PageRequest,
) -> Result<Page<Emergency>> {
    let mut query = e::table
        .order((e::started_at.desc(), e::id.desc()))
        .limit(request.limit.get() + 1)
        .select(Row::as_select())
        .into_boxed();
    if !pass.on().everything {
        query = query.filter(shown(pass.on()));
    }
    if filter.mine {
        query = query.filter(e::person_id.nullable().eq(own));
    }
    if filter.unreviewed {
        query = query.filter(e::id.ne_all(v::table.select(v::id)));
    }
    if let Some(after) = request.after {
        let id = EmergencyId::from_uuid(after.id);
        query = query.filter(e::started_at.lt(after.at).or(e::started_at.eq(after.at).and(e::id.lt(id))));
    }
    let rows: Vec<Row> = query.load(work.conn())?;
    let ids: Vec<EmergencyId> = rows.iter().map(|r| r.id).collect();
    let mut reviews: Vec<ReviewRow> =
        v::table.filter(v::id.eq_any(&ids)).select(ReviewRow::as_select()).load(work.conn())?;
    let mut review_of = |id| reviews.iter().position(|v| v.id == id).map(|at| reviews.swap_remove(at));
    let items = rows.into_iter().map(|row| {
        let review = review_of(row.id);
        emergency((row, review))
    });
    let items = items.collect::<Result<Vec<_>>>()?;
    Ok(Page::from_overfull(items, request.limit, |i| Cursor { at: i.started_at, id: i.id.uuid() }))
}
