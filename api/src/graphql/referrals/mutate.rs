//! Opening and deciding referrals.

use async_graphql::{Context, ID, Object};
use dolen_domain::access::Action;
use dolen_domain::db::Work;
use dolen_domain::idempotency::Key;
use dolen_domain::kernel::{ReferralId, Result, WarrnId};
use dolen_domain::referrals::{self, DeclineReason, Envelope};
use dolen_domain::warrn;

use crate::app::App;
use crate::graphql::once::{key_of, once, payload};
use crate::graphql::plain::known_id;
use crate::rest::etag_matches;
use crate::rest::referrals::KIND;

use super::Referral;
use super::inputs::{
    AcceptReferralInput, AnswerReferralInput, DeclineReferralInput, OpenReferralInput, RedirectReferralInput,
    ReferFromWarrnRecordInput, RequestReferralInformationInput,
};

payload! {
    /// What came of a change to a referral.
    ReferralPayload {
        /// The referral as it is now.
        referral: Referral
    }
}

/// The referrals' part of the mutations.
#[derive(Default)]
pub struct ReferralMutation;

/// Opening and deciding referrals.
#[Object]
impl ReferralMutation {
    /// Opens a referral: checked at the service's gate, routed to an officer by key area, service and coverage.
    async fn open_referral(&self, ctx: &Context<'_>, input: OpenReferralInput) -> Option<ReferralPayload> {
        let key = key_of("openReferral", &input.idempotency_key, &input);
        let opened = once(ctx, key, move |work, app| {
            let envelope = referrals::open(work, &app.vault, input.into())?;
            Ok(Referral::of(app, envelope))
        });
        opened.await.map(Into::into)
    }

    /// Opens a referral from a WARRN record: by a recipient who may open referrals for the school. Child and school are the
    /// record's; its content is not copied. The two are linked.
    async fn refer_from_warrn_record(
        &self,
        ctx: &Context<'_>,
        input: ReferFromWarrnRecordInput,
    ) -> Option<ReferralPayload> {
        let key = key_of("referFromWarrnRecord", &input.idempotency_key, &input);
        let opened = once(ctx, key, move |work, app| {
            let id: WarrnId = known_id(&input.id)?;
            let envelope = warrn::refer(work, &app.vault, id, input.into())?;
            Ok(Referral::of(app, envelope))
        });
        opened.await.map(Into::into)
    }

    /// Accepts a referral: by the officer who has it, or the service's team lead.
    async fn accept_referral(&self, ctx: &Context<'_>, input: AcceptReferralInput) -> Option<ReferralPayload> {
        let key = key_of("acceptReferral", &input.idempotency_key, &input);
        let seen = (input.id, input.expected_version);
        change(ctx, key, Action::DecideReferral, seen, |work, _, id, version| referrals::accept(work, id, version))
            .await
    }

    /// Asks the referrer something. The question is sealed; the referrer is told that there is one.
    async fn request_referral_information(
        &self,
        ctx: &Context<'_>,
        input: RequestReferralInformationInput,
    ) -> Option<ReferralPayload> {
        let key = key_of("requestReferralInformation", &input.idempotency_key, &input);
        let (seen, question) = ((input.id, input.expected_version), input.question);
        change(ctx, key, Action::DecideReferral, seen, move |work, app, id, version| {
            referrals::request_information(work, &app.vault, id, version, &question)
        })
        .await
    }

    /// Answers a question about a referral: by the school. The referral is with the service again.
    async fn answer_referral(&self, ctx: &Context<'_>, input: AnswerReferralInput) -> Option<ReferralPayload> {
        let key = key_of("answerReferral", &input.idempotency_key, &input);
        let (seen, answer) = ((input.id, input.expected_version), input.answer);
        change(ctx, key, Action::AnswerReferral, seen, move |work, app, id, version| {
            referrals::answer(work, &app.vault, id, version, &answer)
        })
        .await
    }

    /// Declines a referral, with a reason the referrer sees.
    async fn decline_referral(&self, ctx: &Context<'_>, input: DeclineReferralInput) -> Option<ReferralPayload> {
        let key = key_of("declineReferral", &input.idempotency_key, &input);
        let seen = (input.id, input.expected_version);
        let (reason, note) = (DeclineReason::from(input.reason), input.note);
        change(ctx, key, Action::DecideReferral, seen, move |work, app, id, version| {
            referrals::decline(work, &app.vault, id, version, reason.as_str(), note.as_deref())
        })
        .await
    }

    /// Passes a referral to another service. This one ends; `successorId` names the one that continues it there.
    async fn redirect_referral(&self, ctx: &Context<'_>, input: RedirectReferralInput) -> Option<ReferralPayload> {
        let key = key_of("redirectReferral", &input.idempotency_key, &input);
        let seen = (input.id, input.expected_version);
        let (service, note) = (input.service, input.note);
        change(ctx, key, Action::DecideReferral, seen, move |work, app, id, version| {
            referrals::redirect(work, &app.vault, id, version, &service, note.as_deref())
        })
        .await
    }
}

/// Changes a referral once for the key, in the version the caller has seen.
async fn change(
    ctx: &Context<'_>,
    key: Result<Key>,
    action: Action,
    (id, expected): (ID, String),
    f: impl FnOnce(&mut Work<'_>, &App, ReferralId, i64) -> Result<Envelope> + Send + 'static,
) -> Option<ReferralPayload> {
    let changed = once(ctx, key, move |work, app| {
        let id: ReferralId = known_id(&id)?;
        // Who may not do this is told so before anything about versions.
        let version = referrals::version(work, action, id)?;
        etag_matches(&app.vault, KIND, id.uuid(), version, &expected)?;
        let after = f(work, app, id, version)?;
        Ok(Referral::of(app, after))
    });
    changed.await.map(Into::into)
}
