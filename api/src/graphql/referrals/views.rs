//! A referral as GraphQL shows it.

use async_graphql::{ComplexObject, Context, ID};
use chrono::{DateTime, Utc};
use dolen_domain::kernel::{Code, Error, OfficerId, ReferralId, Result, SchoolId, ServiceId};
use dolen_domain::referrals::{self, Envelope, Event, Opened};
use dolen_domain::routing::Step;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::graphql::directory::{Officer, School, Service, officer_of, school_number, school_of, service_of};
use crate::graphql::enums::{
    ConsentGiver, KeyArea, ReferralDeclineReason, ReferralEventKind, ReferralState, ReferralUrgency, RoutingReason,
};
use crate::graphql::plain::{BilingualText, Date, plain};
use crate::graphql::visit::{Visit, answer, read_on_record};
use crate::rest::etag;
use crate::rest::referrals::KIND;

plain! {
    /// A referral: what everyone who may follow it sees, and its content for those who must know it.
    #[expect(clippy::struct_field_names, reason = "the field is named as its id is everywhere else")]
    #[derive(Debug, Clone, Serialize, Deserialize)]
    #[graphql(complex)]
    pub struct Referral {
        /// Its id.
        pub id: ID,
        /// The reference people quote.
        pub reference: String,
        /// Its version: give it as `expectedVersion` with a change. The same as REST's `ETag`.
        pub version: String,
        /// The child's year group, 0 (Reception) to 14.
        pub year_group: u8,
        /// What it is about.
        pub key_area: Option<KeyArea>,
        /// How soon.
        pub urgency: ReferralUrgency,
        /// Where it stands.
        pub state: ReferralState,
        /// The state in words.
        pub state_text: BilingualText,
        /// The queue it waits in; null when an officer has it.
        pub queue: Option<String>,
        /// Why it was declined.
        pub reason: Option<ReferralDeclineReason>,
        /// The referral that continues it at another service.
        pub successor_id: Option<ID>,
        /// When it was opened.
        pub created_at: DateTime<Utc>,
        /// When it last changed.
        pub updated_at: DateTime<Utc>,
        #[graphql(skip)]
        referral: ReferralId,
        #[graphql(skip)]
        school: SchoolId,
        #[graphql(skip)]
        service: ServiceId,
        #[graphql(skip)]
        officer: Option<OfficerId>,
        #[graphql(skip)]
        steps: Vec<Step>,
    }
}

impl Referral {
    /// The view of an envelope.
    #[must_use]
    pub fn of(app: &App, e: Envelope) -> Self {
        Self {
            id: e.id.into(),
            version: etag(&app.vault, KIND, e.id.uuid(), e.version),
            reference: e.reference.into(),
            year_group: e.year_group.number(),
            key_area: e.key_area.map(Into::into),
            urgency: e.urgency.into(),
            state: e.state.into(),
            state_text: e.state.name().into(),
            queue: e.queue,
            reason: e.reason.map(Into::into),
            successor_id: e.successor.map(Into::into),
            created_at: e.created_at.chrono(),
            updated_at: e.updated_at.chrono(),
            referral: e.id,
            school: e.school,
            service: e.service,
            officer: e.officer,
            steps: e.routing.steps,
        }
    }
}

/// A referral's edges.
#[ComplexObject]
impl Referral {
    /// The number of the school it comes from.
    #[graphql(complexity = 0)]
    async fn school_number(&self, ctx: &Context<'_>) -> Option<String> {
        let number = async { school_number(Visit::of(ctx)?, self.school).await };
        answer(ctx, number.await)
    }

    /// The code of the service it is for.
    #[graphql(complexity = 0)]
    async fn service_code(&self, ctx: &Context<'_>) -> Option<String> {
        let code = async { Ok(Visit::of(ctx)?.loader.load_one(self.service).await?.ok_or(Code::NotFound)?.code) };
        answer(ctx, code.await)
    }

    /// The school it comes from; needs access to the directory.
    async fn school(&self, ctx: &Context<'_>) -> Option<School> {
        let school = async { school_of(Visit::of(ctx)?, self.school).await };
        answer(ctx, school.await)
    }

    /// The service it is for; needs access to the directory.
    async fn service(&self, ctx: &Context<'_>) -> Option<Service> {
        let service = async { service_of(Visit::of(ctx)?, self.service).await };
        answer(ctx, service.await)
    }

    /// Who has it; null when it waits in a queue. Needs access to the directory.
    async fn officer(&self, ctx: &Context<'_>) -> Option<Officer> {
        let id = self.officer?;
        let officer = async { officer_of(Visit::of(ctx)?, id).await };
        answer(ctx, officer.await)
    }

    /// Why it went to that officer or queue.
    #[graphql(complexity = "2 + child_complexity")]
    async fn routing(&self, ctx: &Context<'_>) -> Option<Vec<RoutingStep>> {
        answer(ctx, self.reasons(ctx).await)
    }

    /// What happened to it, oldest first. The reading is recorded before the answer leaves.
    #[graphql(complexity = "5 + 5 * child_complexity")]
    async fn events(&self, ctx: &Context<'_>) -> Option<Vec<ReferralEvent>> {
        let events = async {
            let history = Visit::of(ctx)?.loader.load_one(self.referral).await?;
            Ok::<_, Error>(history.ok_or(Code::NotFound)??)
        };
        answer(ctx, events.await.map(|all| all.into_iter().map(Into::into).collect()))
    }

    /// The child and the narrative, for those who must know them. The reading is recorded before the answer leaves.
    #[graphql(complexity = "20 + child_complexity")]
    async fn content(&self, ctx: &Context<'_>) -> Option<ReferralContent> {
        let id = self.referral;
        let reading = read_on_record(ctx, move |work, app| referrals::read(work, &app.vault, id));
        let opened = reading.await.and_then(referrals::Reading::into_opened);
        answer(ctx, opened.map(Into::into))
    }
}

impl Referral {
    async fn reasons(&self, ctx: &Context<'_>) -> Result<Vec<RoutingStep>> {
        let officers = self.steps.iter().flat_map(|s| s.officer.into_iter().chain(s.instead_of));
        let names = Visit::of(ctx)?.loader.load_many(officers.collect::<Vec<_>>()).await?;
        let step = |s: &Step| RoutingStep {
            code: s.code.into(),
            officer_id: s.officer.map(Into::into),
            text: s.sentence(|id| names.get(&id).map(|o| o.name.clone())).into(),
        };
        Ok(self.steps.iter().map(step).collect())
    }
}

plain! {
    /// One step of the routing decision.
    pub struct RoutingStep {
        /// Why.
        pub code: RoutingReason,
        /// The officer considered.
        pub officer_id: Option<ID>,
        /// The step in words.
        pub text: BilingualText,
    }
}

plain! {
    /// Something that happened to a referral.
    pub struct ReferralEvent {
        /// When.
        pub at: DateTime<Utc>,
        /// Who: `person`, `client` or `system`.
        pub by: String,
        /// What.
        pub kind: ReferralEventKind,
        /// Where the referral stood then.
        pub state: ReferralState,
        /// Why it was declined.
        pub reason: Option<ReferralDeclineReason>,
        /// Whether something was said with it, to be read with the content.
        pub has_note: bool,
    }
}

impl From<Event> for ReferralEvent {
    fn from(e: Event) -> Self {
        Self {
            at: e.at.chrono(),
            by: e.actor.kind().to_owned(),
            kind: e.kind.into(),
            state: e.state.into(),
            reason: e.reason.map(Into::into),
            has_note: e.has_note,
        }
    }
}

plain! {
    /// Who a child is, for those who may know.
    pub struct Pupil {
        /// Given name.
        pub given_name: String,
        /// Family name.
        pub family_name: String,
        /// Date of birth.
        pub born_on: Date,
        /// Unique pupil number.
        pub upn: Option<String>,
    }
}

impl From<dolen_domain::pupils::PupilIdentity> for Pupil {
    fn from(p: dolen_domain::pupils::PupilIdentity) -> Self {
        Self {
            given_name: p.given_name,
            family_name: p.family_name,
            born_on: Date(p.born_on),
            upn: p.upn.map(Into::into),
        }
    }
}

plain! {
    /// Who agreed to a referral.
    pub struct Consent {
        /// Who.
        pub given_by: ConsentGiver,
        /// When.
        pub given_on: Date,
    }
}

plain! {
    /// What was said with an event.
    pub struct ReferralNote {
        /// When.
        pub at: DateTime<Utc>,
        /// With which event.
        pub kind: ReferralEventKind,
        /// What was said.
        pub text: String,
    }
}

plain! {
    /// A referral's sealed content.
    pub struct ReferralContent {
        /// The child.
        pub pupil: Pupil,
        /// What help is asked for.
        pub need: String,
        /// What the school has tried.
        pub evidence: Option<String>,
        /// Who agreed.
        pub consent: Option<Consent>,
        /// Anything else.
        pub notes: Option<String>,
        /// Questions, answers and reasons, oldest first.
        pub said: Vec<ReferralNote>,
    }
}

impl From<Opened> for ReferralContent {
    fn from(o: Opened) -> Self {
        let said = o.notes.into_iter().map(|n| ReferralNote { at: n.at.chrono(), kind: n.kind.into(), text: n.text });
        Self {
            pupil: o.content.pupil.into(),
            need: o.content.need,
            evidence: o.content.evidence,
            consent: o.content.consent.map(|c| Consent { given_by: c.given_by.into(), given_on: Date(c.given_on) }),
            notes: o.content.notes,
            said: said.collect(),
        }
    }
}
