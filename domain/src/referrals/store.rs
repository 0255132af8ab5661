//! The table of referrals.

mod events;

pub(super) use events::{NewEvent, add_event, events};

use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable};

use crate::access::{Facts, Grant, Scope};
use crate::db::schema::referrals as r;
use crate::db::types::{Json, SealedBytes, Uid, Utc};
use crate::db::{MultiBackend, Work, failure};
use crate::directory::officers::KeyArea;
use crate::kernel::{
    Actor, ClientId, Code, Cursor, Error, OfficerId, Page, PageRequest, PersonId, PupilId, Reference, ReferralId,
    Result, SchoolId, ServiceId, YearGroup,
};
use crate::vault::Sealed;

use super::model::{Content, DeclineReason, Envelope, Filter, State, Urgency};

/// An actor as two columns.
fn stored_actor(actor: Actor) -> (&'static str, Option<Uid>) {
    (actor.kind(), actor.uuid().map(Uid::from_uuid))
}

fn actor(kind: &str, id: Option<Uid>) -> Result<Actor> {
    match (kind, id) {
        ("person", Some(id)) => Ok(Actor::Person(PersonId::from_uuid(id.uuid()))),
        ("client", Some(id)) => Ok(Actor::Client(ClientId::from_uuid(id.uuid()))),
        ("system", None) => Ok(Actor::System),
        _ => Err(Error::internal("a referral names an actor of an unknown kind")),
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = r)]
struct Row {
    id: ReferralId,
    reference: String,
    school_id: SchoolId,
    service_id: ServiceId,
    pupil_id: PupilId,
    year_group: i64,
    key_area: Option<KeyArea>,
    urgency: Urgency,
    state: State,
    officer_id: Option<OfficerId>,
    queue: Option<String>,
    routing: Json,
    reason: Option<DeclineReason>,
    successor_id: Option<ReferralId>,
    opened_by_kind: String,
    opened_by_id: Uid,
    version: i64,
    created_at: Utc,
    updated_at: Utc,
}

impl Row {
    fn envelope(self) -> Result<Envelope> {
        let unreadable = || Error::internal("a stored referral can't be read");
        Ok(Envelope {
            id: self.id,
            reference: Reference::parse(&self.reference).map_err(|_| unreadable())?,
            school: self.school_id,
            service: self.service_id,
            pupil: self.pupil_id,
            year_group: YearGroup::new(self.year_group).map_err(|_| unreadable())?,
            key_area: self.key_area,
            urgency: self.urgency,
            state: self.state,
            officer: self.officer_id,
            queue: self.queue,
            routing: serde_json::from_value(self.routing.0).map_err(Error::internal)?,
            reason: self.reason,
            successor: self.successor_id,
            opened_by: actor(&self.opened_by_kind, Some(self.opened_by_id))?,
            version: self.version,
            created_at: self.created_at,
            updated_at: self.updated_at,
        })
    }
}

/// What the policy needs to know of a referral, nothing when there is none.
///
/// # Errors
/// When the database can't be read.
pub fn facts(work: &mut Work<'_>, id: ReferralId) -> Result<Option<Facts>> {
    type Found = (SchoolId, ServiceId, Option<OfficerId>, String, Uid, PupilId, State);
    let found: Option<Found> = r::table
        .find(id)
        .select((r::school_id, r::service_id, r::officer_id, r::opened_by_kind, r::opened_by_id, r::pupil_id, r::state))
        .first(work.conn())
        .optional()?;
    found
        .map(|(school, service, officer, kind, by, pupil, state)| {
            Ok(Facts {
                school: Some(school),
                service: Some(service),
                pupil: Some(pupil),
                state: Some(state.word()),
                officer,
                sender: Some(actor(&kind, Some(by))?),
                ..Facts::default()
            })
        })
        .transpose()
}

/// The referral with this reference, for asking `access` about it.
pub(super) fn id_of(work: &mut Work<'_>, reference: &Reference) -> Result<Option<ReferralId>> {
    Ok(r::table.filter(r::reference.eq(reference.as_str())).select(r::id).first(work.conn()).optional()?)
}

pub(super) fn find(work: &mut Work<'_>, pass: &Grant<ReferralId>) -> Result<Envelope> {
    r::table.find(pass.id()).select(Row::as_select()).first(work.conn())?.envelope()
}

pub(super) fn content(work: &mut Work<'_>, pass: &Grant<ReferralId>) -> Result<Sealed<Content>> {
    Ok(Sealed::from_stored(r::table.find(pass.id()).select(r::content).first(work.conn())?))
}

#[derive(Insertable)]
#[diesel(table_name = r)]
struct NewRow<'a> {
    id: ReferralId,
    reference: &'a str,
    school_id: SchoolId,
    service_id: ServiceId,
    pupil_id: PupilId,
    year_group: i64,
    key_area: Option<KeyArea>,
    urgency: Urgency,
    state: State,
    officer_id: Option<OfficerId>,
    queue: Option<&'a str>,
    routing: Json,
    content: SealedBytes,
    opened_by_kind: &'static str,
    opened_by_id: Uid,
    version: i64,
    created_at: Utc,
    updated_at: Utc,
}

/// Stores a new referral. The grant is the one it is opened or redirected under.
///
/// # Errors
/// [`Code::ReferralAlreadyOpen`] when the child has an open one to this service; [`Code::Unavailable`] when the random
/// reference is taken.
pub(super) fn insert<T>(work: &mut Work<'_>, _pass: &Grant<T>, new: &Envelope, content: Sealed<Content>) -> Result<()> {
    let (opened_by_kind @ ("person" | "client"), Some(opened_by_id)) = stored_actor(new.opened_by) else {
        return Err(Code::Forbidden.into());
    };
    let row = NewRow {
        id: new.id,
        reference: new.reference.as_str(),
        school_id: new.school,
        service_id: new.service,
        pupil_id: new.pupil,
        year_group: new.year_group.into(),
        key_area: new.key_area,
        urgency: new.urgency,
        state: new.state,
        officer_id: new.officer,
        queue: new.queue.as_deref(),
        routing: Json(serde_json::to_value(&new.routing).map_err(Error::internal)?),
        content: content.into_stored(),
        opened_by_kind,
        opened_by_id,
        version: new.version,
        created_at: new.created_at,
        updated_at: new.updated_at,
    };
    diesel::insert_into(r::table).values(&row).execute(work.conn()).map(|_| ()).map_err(|error| {
        match failure::unique_key(&error).as_deref() {
            Some("referrals_pupil_id_service_id_key") => Code::ReferralAlreadyOpen.into(),
            Some("referrals_reference_key") => Error::unavailable(error),
            _ => error.into(),
        }
    })
}

/// What a decision changes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Change {
    pub state: State,
    pub reason: Option<DeclineReason>,
    pub successor: Option<ReferralId>,
}

/// Changes a referral that still has this version.
///
/// # Errors
/// [`Code::VersionMismatch`] when it has another by now.
pub(super) fn update(work: &mut Work<'_>, pass: &Grant<ReferralId>, version: i64, change: Change) -> Result<()> {
    let now = work.now();
    let changed = diesel::update(r::table.filter(r::id.eq(pass.id())).filter(r::version.eq(version)))
        .set((
            r::state.eq(change.state),
            r::reason.eq(change.reason),
            r::successor_id.eq(change.successor),
            r::version.eq(version + 1),
            r::updated_at.eq(now),
        ))
        .execute(work.conn())?;
    if changed == 1 { Ok(()) } else { Err(Code::VersionMismatch.into()) }
}

type Predicate = Box<dyn BoxableExpression<r::table, MultiBackend, SqlType = Nullable<Bool>>>;

/// What narrows a list: the scope, and the filter. `own` is the caller as officers of the contact list, asked for when
/// only the caller's own are wanted.
fn narrowing(work: &Work<'_>, pass: &Grant<Scope>, filter: &Filter, own: Vec<OfficerId>) -> Vec<Predicate> {
    let mut all: Vec<Predicate> = Vec::new();
    let scope = pass.on();
    if !scope.everything {
        all.push(Box::new(
            r::officer_id
                .eq_any(scope.officers.clone())
                .or(r::school_id.eq_any(scope.schools.clone()))
                .or(r::service_id.eq_any(scope.services.clone()))
                .or(r::pupil_id.eq_any(scope.pupils.clone())),
        ));
    }
    if filter.mine {
        let (kind, id) = stored_actor(work.caller().actor);
        all.push(Box::new(
            r::officer_id.eq_any(own).or(r::opened_by_kind.eq(kind).and(r::opened_by_id.nullable().eq(id))),
        ));
    }
    if let Some(state) = filter.state {
        all.push(Box::new(r::state.eq(state).nullable()));
    }
    if let Some(school) = filter.school {
        all.push(Box::new(r::school_id.eq(school).nullable()));
    }
    if let Some(service) = filter.service {
        all.push(Box::new(r::service_id.eq(service).nullable()));
    }
    all
}

/// A page of the referrals in the scope that match, newest first.
pub(super) fn page(
    work: &mut Work<'_>,
    pass: &Grant<Scope>,
    filter: &Filter,
    own: Vec<OfficerId>,
    request: PageRequest,
) -> Result<Page<Envelope>> {
    let mut query = r::table
        .select(Row::as_select())
        .order((r::created_at.desc(), r::id.desc()))
        .limit(request.limit.get() + 1)
        .into_boxed();
    for condition in narrowing(work, pass, filter, own) {
        query = query.filter(condition);
    }
    if let Some(after) = request.after {
        let id = ReferralId::from_uuid(after.id);
        query = query.filter(r::created_at.lt(after.at).or(r::created_at.eq(after.at).and(r::id.lt(id))));
    }
    let rows: Vec<Row> = query.load(work.conn())?;
    let items = rows.into_iter().map(Row::envelope).collect::<Result<Vec<_>>>()?;
    Ok(Page::from_overfull(items, request.limit, |i| Cursor { at: i.created_at, id: i.id.uuid() }))
}

/// How many referrals in the scope match.
pub(super) fn count(work: &mut Work<'_>, pass: &Grant<Scope>, filter: &Filter, own: Vec<OfficerId>) -> Result<i64> {
    let mut query = r::table.count().into_boxed();
    for condition in narrowing(work, pass, filter, own) {
        query = query.filter(condition);
    }
    Ok(query.get_result(work.conn())?)
}
