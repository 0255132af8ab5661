//! Watching over who reads what.

use async_graphql::{ComplexObject, Context, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use dolen_domain::access::{Basis, Relation};
use dolen_domain::cases::CaseKind;
use dolen_domain::kernel::{Actor, Cursor, Page, PageRequest, Result, SchoolId};
use dolen_domain::oversight::{
    self, Emergency, EmergencyFilter, EmergencyView, NewEmergency, NewReview, Seen, Watched,
};
use serde::{Deserialize, Serialize};

use super::directory::school_number;
use super::enums::{AccessFlag, AccessRelation, EmergencyOutcome, ReadingPart, Role};
use super::once::{key_of, once, payload};
use super::paging::{self, Connection, page_cost};
use super::plain::{known_id, plain};
use super::visit::{Visit, answer, read, read_on_record};

plain! {
    /// A record an emergency access opens.
    #[derive(Debug, Clone, Serialize, Deserialize)]
    pub struct EmergencyRecord {
        /// Its id.
        pub id: ID,
        /// Its reference.
        pub reference: String,
        /// Whether it is a WARRN record.
        pub warrn: bool,
    }
}

plain! {
    /// What another person made of an emergency access.
    #[derive(Debug, Clone, Serialize, Deserialize)]
    pub struct EmergencyReview {
        /// What.
        pub outcome: EmergencyOutcome,
        /// When.
        pub reviewed_at: DateTime<Utc>,
    }
}

plain! {
    /// What was said, for who reviews.
    pub struct EmergencyReason {
        /// The reason given.
        pub reason: String,
        /// The reviewer's note, once there is one.
        pub note: Option<String>,
    }
}

plain! {
    /// That somebody broke the glass. It says nothing of the child but their school.
    #[derive(Debug, Clone, Serialize, Deserialize)]
    #[graphql(complex)]
    pub struct EmergencyAccess {
        /// Its id.
        pub id: ID,
        /// Its own reference.
        pub reference: String,
        /// As what somebody broke it.
        pub role: Role,
        /// Whether it was the caller.
        pub own: bool,
        /// From when.
        pub started_at: DateTime<Utc>,
        /// Until when.
        pub ends_at: DateTime<Utc>,
        /// What another person made of it; null while that waits.
        pub review: Option<EmergencyReview>,
        /// The child's records, for who started it and while it lasts; empty in a list.
        pub records: Vec<EmergencyRecord>,
        #[graphql(skip)]
        school: SchoolId,
    }
}

impl EmergencyAccess {
    fn of(e: &Emergency, caller: Actor) -> Self {
        Self {
            id: e.id.into(),
            reference: e.reference.to_string(),
            role: e.role.into(),
            own: caller == Actor::Person(e.person),
            started_at: e.started_at.chrono(),
            ends_at: e.ends_at.chrono(),
            review: e
                .review
                .map(|r| EmergencyReview { outcome: r.outcome.into(), reviewed_at: r.reviewed_at.chrono() }),
            records: Vec::new(),
            school: e.school,
        }
    }

    fn whole(view: &EmergencyView, caller: Actor) -> Self {
        let record = |c: &oversight::CaseOpened| EmergencyRecord {
            id: c.id.into(),
            reference: c.reference.to_string(),
            warrn: c.kind == CaseKind::Warrn,
        };
        Self { records: view.cases.iter().map(record).collect(), ..Self::of(&view.emergency, caller) }
    }
}

/// What an access does not show of itself at once.
#[ComplexObject]
impl EmergencyAccess {
    /// The number of the child's school.
    #[graphql(complexity = 0)]
    async fn school_number(&self, ctx: &Context<'_>) -> Option<String> {
        let number = async { school_number(Visit::of(ctx)?, self.school).await };
        answer(ctx, number.await)
    }

    /// What was said, for who reviews, with a second factor proved in the last five minutes. The reading is recorded
    /// before the answer leaves.
    #[graphql(complexity = "20 + child_complexity")]
    async fn reason(&self, ctx: &Context<'_>) -> Option<EmergencyReason> {
        let id = known_id(&self.id);
        let said = read_on_record(ctx, move |work, app| oversight::reason(work, &app.vault, id?));
        answer(ctx, said.await.map(|s| EmergencyReason { reason: s.reason, note: s.note }))
    }
}

plain! {
    /// Somebody has seen something of a record.
    pub struct Reading {
        /// When.
        pub at: DateTime<Utc>,
        /// What.
        pub part: ReadingPart,
        /// Of which record.
        pub reference: Option<String>,
        /// In which role; null for entries older than the record of it.
        pub role: Option<Role>,
        /// On what ground.
        pub relation: Option<AccessRelation>,
        /// Whether it was the caller.
        pub own: bool,
        /// Whether it was an API client.
        pub client: bool,
        /// The reader's name, for those who watch over the whole.
        pub name: Option<String>,
    }
}

impl From<Seen> for Reading {
    fn from(s: Seen) -> Self {
        let basis: Option<(_, Relation)> = match s.basis {
            Some(Basis::Role(role, relation)) => Some((role, relation)),
            _ => None,
        };
        Self {
            at: s.at.chrono(),
            part: s.part.into(),
            reference: s.of.map(|(_, reference)| reference.to_string()),
            role: basis.map(|(role, _)| role.into()),
            relation: basis.map(|(_, relation)| relation.into()),
            own: s.own,
            client: s.by_client,
            name: s.name,
        }
    }
}

plain! {
    /// What a reader did in the last seven days.
    pub struct Reader {
        /// Their id.
        pub id: Option<ID>,
        /// Whether it is an API client.
        pub client: bool,
        /// Their name; null for an API client.
        pub name: Option<String>,
        /// Their roles in force.
        pub roles: Vec<Role>,
        /// Different children whose records they opened in the last 24 hours.
        pub children_day: u32,
        /// The same in the last 7 days.
        pub children_week: u32,
        /// Their usual: the mean of the four weeks before.
        pub children_usual: f64,
        /// Openings outside working hours.
        pub out_of_hours: u32,
        /// Openings after the case was closed.
        pub no_open_case: u32,
        /// Emergency accesses started.
        pub emergencies: u32,
        /// What of it is worth a question.
        pub flags: Vec<AccessFlag>,
    }
}

impl From<Watched> for Reader {
    fn from(w: Watched) -> Self {
        Self {
            id: w.who.uuid().map(|id| ID(id.to_string())),
            client: matches!(w.who, Actor::Client(_)),
            name: w.name,
            roles: w.roles.into_iter().map(Into::into).collect(),
            children_day: w.children_day,
            children_week: w.children_week,
            children_usual: f64::from(w.children_four_weeks) / 4.0,
            out_of_hours: w.out_of_hours,
            no_open_case: w.no_open_case,
            emergencies: w.emergencies,
            flags: w.flags.into_iter().map(Into::into).collect(),
        }
    }
}

plain! {
    /// Who reads unusually much, at unusual times or without an open case. It proves nothing.
    pub struct AccessReport {
        /// Up to when.
        pub at: DateTime<Utc>,
        /// Everybody who opened anything in the last seven days; those with most flags first.
        pub readers: Vec<Reader>,
    }
}

fn readings(page: (Page<Seen>, PageRequest)) -> Connection<Reading> {
    let number = |seq| uuid::Uuid::from_u128(u128::from(u64::try_from(seq).unwrap_or(0)));
    let place = |s: &Seen| Cursor { at: s.at, id: number(s.seq) };
    Connection::of(page.0, &page.1, place, Into::into)
}

/// Oversight's part of the query.
#[derive(Default)]
pub struct OversightQuery;

/// Watching over who reads what.
#[Object]
impl OversightQuery {
    /// An emergency access, for who started it, was told of it, reviews or audits. The reading is recorded before the
    /// answer leaves.
    async fn emergency_access(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id.")] id: ID,
    ) -> Option<EmergencyAccess> {
        let found = read_on_record(ctx, move |work, _| {
            let view = oversight::get(work, known_id(&id)?)?;
            Ok(EmergencyAccess::whole(&view, work.caller().actor))
        });
        answer(ctx, found.await)
    }

    /// Emergency accesses the caller may know of, newest first.
    #[graphql(complexity = "page_cost(first, child_complexity)")]
    async fn emergency_accesses(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The caller's own.")] mine: Option<bool>,
        #[graphql(desc = "Those that wait for their review.")] unreviewed: Option<bool>,
        #[graphql(desc = "Items on the page, 1 to 100; 20 when not given.")] first: Option<i32>,
        #[graphql(desc = "`endCursor` of the page before.")] after: Option<String>,
    ) -> Option<Connection<EmergencyAccess>> {
        let filter = EmergencyFilter { mine: mine.unwrap_or_default(), unreviewed: unreviewed.unwrap_or_default() };
        let page = read(ctx, move |work, _| {
            let request = paging::request(first, after.as_deref())?;
            Ok((oversight::list(work, filter, request)?, request, work.caller().actor))
        });
        let place = |e: &Emergency| Cursor { at: e.started_at, id: e.id.uuid() };
        let page = page
            .await
            .map(|(page, request, me)| Connection::of(page, &request, place, |e| EmergencyAccess::of(&e, me)));
        answer(ctx, page)
    }

    /// Who has seen a referral, newest first. The reading of this is recorded before the answer leaves.
    #[graphql(complexity = "20 + page_cost(first, child_complexity)")]
    async fn referral_readers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The referral's id.")] id: ID,
        #[graphql(desc = "Items on the page, 1 to 100; 20 when not given.")] first: Option<i32>,
        #[graphql(desc = "`endCursor` of the page before.")] after: Option<String>,
    ) -> Option<Connection<Reading>> {
        let page = read_on_record(ctx, move |work, _| {
            let request = paging::request(first, after.as_deref())?;
            Ok((oversight::of_referral(work, known_id(&id)?, request)?, request))
        });
        answer(ctx, page.await.map(readings))
    }

    /// Who has seen a WARRN record, newest first. The reading of this is recorded before the answer leaves.
    #[graphql(complexity = "20 + page_cost(first, child_complexity)")]
    async fn warrn_readers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The record's id.")] id: ID,
        #[graphql(desc = "Items on the page, 1 to 100; 20 when not given.")] first: Option<i32>,
        #[graphql(desc = "`endCursor` of the page before.")] after: Option<String>,
    ) -> Option<Connection<Reading>> {
        let page = read_on_record(ctx, move |work, _| {
            let request = paging::request(first, after.as_deref())?;
            Ok((oversight::of_warrn(work, known_id(&id)?, request)?, request))
        });
        answer(ctx, page.await.map(readings))
    }

    /// Who has seen anything about a child, newest first. The reading of this is recorded before the answer leaves.
    #[graphql(complexity = "20 + page_cost(first, child_complexity)")]
    async fn child_readers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The child's id.")] id: ID,
        #[graphql(desc = "Items on the page, 1 to 100; 20 when not given.")] first: Option<i32>,
        #[graphql(desc = "`endCursor` of the page before.")] after: Option<String>,
    ) -> Option<Connection<Reading>> {
        let page = read_on_record(ctx, move |work, _| {
            let request = paging::request(first, after.as_deref())?;
            Ok((oversight::of_pupil(work, known_id(&id)?, request)?, request))
        });
        answer(ctx, page.await.map(readings))
    }

    /// Who reads unusually much, at unusual times or without an open case. Its reading is recorded.
    #[graphql(complexity = "100 + child_complexity")]
    async fn access_report(&self, ctx: &Context<'_>) -> Option<AccessReport> {
        let report = read_on_record(ctx, move |work, app| oversight::report(work, &app.settings.oversight));
        let view = |r: oversight::Report| AccessReport {
            at: r.at.chrono(),
            readers: r.readers.into_iter().map(Into::into).collect(),
        };
        answer(ctx, report.await.map(view))
    }
}

payload! {
    /// What came of breaking the glass or reviewing it.
    EmergencyAccessPayload {
        /// The access as it is now.
        emergency_access: EmergencyAccess
    }
}

/// Breaking the glass. Name the child by one of their records or by id, in one way.
#[derive(InputObject)]
pub struct StartEmergencyAccessInput {
    /// 1 to 255 visible ASCII characters; the same key with the same input is carried out once.
    pub idempotency_key: String,
    /// The reference of one of the child's records.
    pub reference: Option<String>,
    /// The child's id.
    pub pupil_id: Option<ID>,
    /// Why, 20 to 2,000 characters. It is sealed, and read by whoever reviews.
    pub reason: String,
}

/// A review.
#[derive(InputObject)]
pub struct ReviewEmergencyAccessInput {
    /// 1 to 255 visible ASCII characters; the same key with the same input is carried out once.
    pub idempotency_key: String,
    /// The access's id.
    pub id: ID,
    /// What you make of it.
    pub outcome: EmergencyOutcome,
    /// Why, 1 to 2,000 characters. It is sealed.
    pub note: String,
}

fn whole(view: Result<EmergencyView>, caller: Actor) -> Result<EmergencyAccess> {
    view.map(|view| EmergencyAccess::whole(&view, caller))
}

/// Oversight's part of the mutations.
#[derive(Default)]
pub struct OversightMutation;

/// Breaking the glass and reviewing it.
#[Object]
impl OversightMutation {
    /// Opens one child's records to the caller for 60 minutes. Whose records they are and the authority's safeguarding
    /// leads are told at once, and another person must review it.
    async fn start_emergency_access(
        &self,
        ctx: &Context<'_>,
        input: StartEmergencyAccessInput,
    ) -> Option<EmergencyAccessPayload> {
        let key = key_of("startEmergencyAccess", &input.idempotency_key, &input);
        let started = once(ctx, key, move |work, app| {
            let pupil = input.pupil_id.map(|id| id.0);
            let new = NewEmergency { reference: input.reference, pupil, reason: input.reason };
            whole(oversight::start(work, &app.vault, &app.settings.oversight, &new), work.caller().actor)
        });
        started.await.map(Into::into)
    }

    /// Says what another person makes of an emergency access, which closes it.
    async fn review_emergency_access(
        &self,
        ctx: &Context<'_>,
        input: ReviewEmergencyAccessInput,
    ) -> Option<EmergencyAccessPayload> {
        let key = key_of("reviewEmergencyAccess", &input.idempotency_key, &input);
        let reviewed = once(ctx, key, move |work, app| {
            let outcome = oversight::Outcome::from(input.outcome).to_string();
            let new = NewReview { outcome, note: input.note };
            whole(oversight::review(work, &app.vault, known_id(&input.id)?, &new), work.caller().actor)
        });
        reviewed.await.map(Into::into)
    }
}
