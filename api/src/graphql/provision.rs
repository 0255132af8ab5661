//! Special provision of a WARRN record.

use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use dolen_domain::db::Work;
use dolen_domain::kernel::{ProvisionId, Result, WarrnId};
use dolen_domain::provision;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::rest::provision::KIND;
use crate::rest::{etag, etag_matches};

use super::enums::{ProvisionEnding, ProvisionKind, ProvisionNoteKind, ProvisionPlacement};
use super::once::{key_of, once, payload};
use super::plain::{Date, known_id, plain};
use super::visit::{answer, read_on_record};

plain! {
    /// Special provision without what is said in it.
    #[derive(Debug, Clone, Serialize, Deserialize)]
    pub struct Provision {
        /// Its id.
        pub id: ID,
        /// The record it belongs to.
        pub record_id: ID,
        /// Its reference.
        pub reference: String,
        /// Its version: give it as `expectedVersion` with a change.
        pub version: String,
        /// What is provided.
        pub kind: ProvisionKind,
        /// Its first day.
        pub starts_on: Date,
        /// When it is looked at next.
        pub review_on: Option<Date>,
        /// Its last day as planned.
        pub ends_on: Option<Date>,
        /// Minutes of school offered in a week.
        pub minutes_per_week: Option<i64>,
        /// When consent was last given.
        pub consent_on: Option<Date>,
        /// Where.
        pub placement: Option<ProvisionPlacement>,
        /// When it ended.
        pub ended_on: Option<Date>,
        /// How.
        pub ending: Option<ProvisionEnding>,
        /// When it was noted.
        pub started_at: DateTime<Utc>,
    }
}

impl Provision {
    fn of(app: &App, p: &provision::Provision) -> Self {
        Self {
            id: p.id.into(),
            record_id: p.record.into(),
            reference: p.reference.to_string(),
            version: etag(&app.vault, KIND, p.id.uuid(), p.version),
            kind: p.kind.into(),
            starts_on: Date(p.starts_on),
            review_on: p.review_on.map(Date),
            ends_on: p.ends_on.map(Date),
            minutes_per_week: p.minutes_per_week,
            consent_on: p.consent_on.map(Date),
            placement: p.placement.map(Into::into),
            ended_on: p.ended.map(|(on, _)| Date(on)),
            ending: p.ended.map(|(_, how)| how.into()),
            started_at: p.started_at.chrono(),
        }
    }
}

plain! {
    /// A note of provision.
    pub struct ProvisionNote {
        /// At what.
        pub kind: ProvisionNoteKind,
        /// When it was held, agreed or happened.
        pub held_on: Date,
        /// The date it names: the next review, the new last day.
        pub next_on: Option<Date>,
        /// What was said.
        pub text: Option<String>,
        /// Who consented to a longer timetable.
        pub consent_by: Option<String>,
        /// When it was noted.
        pub noted_at: DateTime<Utc>,
    }
}

plain! {
    /// All there is of provision, for who may open its record.
    pub struct ProvisionFile {
        /// What stands in the open.
        pub provision: Provision,
        /// The plan.
        pub plan: String,
        /// What sets it off.
        pub triggers: Option<String>,
        /// The techniques agreed.
        pub techniques: Option<String>,
        /// Why.
        pub reason: Option<String>,
        /// Who consented at its beginning.
        pub consent_by: Option<String>,
        /// By whom.
        pub provider: Option<String>,
        /// The notes, oldest first.
        pub notes: Vec<ProvisionNote>,
    }
}

impl ProvisionFile {
    fn of(app: &App, f: provision::ProvisionFile) -> Self {
        let note = |n: provision::Noted| ProvisionNote {
            kind: n.kind.into(),
            held_on: Date(n.held_on),
            next_on: n.next_on.map(Date),
            text: n.content.text,
            consent_by: n.content.consent_by,
            noted_at: n.noted_at.chrono(),
        };
        Self {
            provision: Provision::of(app, &f.provision),
            plan: f.content.plan,
            triggers: f.content.triggers,
            techniques: f.content.techniques,
            reason: f.content.reason,
            consent_by: f.content.consent_by,
            provider: f.content.provider,
            notes: f.notes.into_iter().map(note).collect(),
        }
    }
}

/// Who consented, and when; coming in.
#[derive(InputObject)]
pub struct ProvisionConsentInput {
    /// Who, 1 to 200 characters.
    pub by: String,
    /// When; at most a year ago.
    pub on: Date,
}

impl From<ProvisionConsentInput> for provision::Consent {
    fn from(c: ProvisionConsentInput) -> Self {
        Self { by: c.by, on: c.on.0 }
    }
}

/// Special provision to be kept with a record.
#[derive(InputObject)]
pub struct StartProvisionInput {
    /// 1 to 255 visible ASCII characters; the same key with the same input is carried out once.
    pub idempotency_key: String,
    /// The record's id.
    pub id: ID,
    /// What is provided.
    pub kind: ProvisionKind,
    /// Its first day.
    pub starts_on: Date,
    /// When it is looked at again; in the future.
    pub review_on: Date,
    /// Its last day, or the planned reintegration. A reduced timetable has one.
    pub ends_on: Option<Date>,
    /// The plan. This and each text below has 1 to 4,000 characters.
    pub plan: String,
    /// What sets it off; of a handling plan.
    pub triggers: Option<String>,
    /// The techniques agreed; of a handling plan.
    pub techniques: Option<String>,
    /// Minutes of school offered in a week, 1 to 2,400; of a reduced timetable.
    pub minutes_per_week: Option<i64>,
    /// Consent; of a reduced timetable.
    pub consent: Option<ProvisionConsentInput>,
    /// Why; of a reduced timetable.
    pub reason: Option<String>,
    /// Where; of education otherwise than at school.
    pub placement: Option<ProvisionPlacement>,
    /// By whom, 1 to 200 characters; of education otherwise than at school, unless a place is still being looked for.
    pub provider: Option<String>,
}

/// A review of provision.
#[derive(InputObject)]
pub struct ReviewProvisionInput {
    /// 1 to 255 visible ASCII characters; the same key with the same input is carried out once.
    pub idempotency_key: String,
    /// Its id.
    pub id: ID,
    /// Its `version` as the caller has seen it.
    pub expected_version: String,
    /// When it was held; at most a year ago.
    pub held_on: Date,
    /// What was found, in words, 1 to 4,000 characters. Never a score.
    pub note: String,
    /// When the next is. Only provision with a last day can go without.
    pub next_on: Option<Date>,
}

/// Another last day.
#[derive(InputObject)]
pub struct ExtendProvisionInput {
    /// 1 to 255 visible ASCII characters; the same key with the same input is carried out once.
    pub idempotency_key: String,
    /// Its id.
    pub id: ID,
    /// Its `version` as the caller has seen it.
    pub expected_version: String,
    /// The new last day.
    pub ends_on: Date,
    /// Why, 1 to 4,000 characters.
    pub reason: String,
    /// Consent; of a reduced timetable that lasts longer.
    pub consent: Option<ProvisionConsentInput>,
}

/// The end of provision.
#[derive(InputObject)]
pub struct EndProvisionInput {
    /// 1 to 255 visible ASCII characters; the same key with the same input is carried out once.
    pub idempotency_key: String,
    /// Its id.
    pub id: ID,
    /// Its `version` as the caller has seen it.
    pub expected_version: String,
    /// Its last day, as it was.
    pub on: Date,
    /// How, as its kind allows.
    pub ending: ProvisionEnding,
    /// What was said, at most 4,000 characters.
    pub note: Option<String>,
}

/// Provision's part of the query.
#[derive(Default)]
pub struct ProvisionQuery;

/// Special provision, for who may open its record.
#[Object]
impl ProvisionQuery {
    /// The special provision of a WARRN record, by the record's id: kinds and dates. The reading is recorded before the
    /// answer leaves.
    #[graphql(complexity = "20 + child_complexity")]
    async fn provisions(&self, ctx: &Context<'_>, id: ID) -> Option<Vec<Provision>> {
        let found = read_on_record(ctx, move |work, app| {
            let found = provision::list(work, known_id(&id)?)?;
            Ok(found.iter().map(|p| Provision::of(app, p)).collect())
        });
        answer(ctx, found.await)
    }

    /// One with plan and notes. The reading is recorded before the answer leaves.
    #[graphql(complexity = "20 + child_complexity")]
    async fn provision(&self, ctx: &Context<'_>, id: ID) -> Option<ProvisionFile> {
        let found = read_on_record(ctx, move |work, app| {
            Ok(ProvisionFile::of(app, provision::file(work, &app.vault, known_id(&id)?)?))
        });
        answer(ctx, found.await)
    }
}

payload! {
    /// What came of a change.
    ProvisionPayload {
        /// As it is now.
        provision: Provision
    }
}

/// What a change is meant for, when it is still in the version the caller has seen.
fn current(work: &mut Work<'_>, app: &App, id: &ID, expected: &str) -> Result<(ProvisionId, i64)> {
    let id: ProvisionId = known_id(id)?;
    let version = provision::version(work, id)?;
    etag_matches(&app.vault, KIND, id.uuid(), version, expected)?;
    Ok((id, version))
}

/// Provision's part of the mutations.
#[derive(Default)]
pub struct ProvisionMutation;

/// What is kept and changed of provision, each by a recipient of the record in person.
#[Object]
impl ProvisionMutation {
    /// Keeps special provision with an open WARRN record.
    async fn start_provision(&self, ctx: &Context<'_>, input: StartProvisionInput) -> Option<ProvisionPayload> {
        let key = key_of("startProvision", &input.idempotency_key, &input);
        let begun = once(ctx, key, move |work, app| {
            let record: WarrnId = known_id(&input.id)?;
            let given = provision::StartProvision {
                kind: input.kind.into(),
                starts_on: input.starts_on.0,
                review_on: input.review_on.0,
                ends_on: input.ends_on.map(|d| d.0),
                plan: input.plan,
                triggers: input.triggers,
                techniques: input.techniques,
                minutes_per_week: input.minutes_per_week,
                consent: input.consent.map(Into::into),
                reason: input.reason,
                placement: input.placement.map(Into::into),
                provider: input.provider,
            };
            let begun = provision::start(work, &app.vault, &app.settings.provision, record, given)?;
            Ok(Provision::of(app, &begun))
        });
        begun.await.map(Into::into)
    }

    /// Notes a review, and when the next is.
    async fn review_provision(&self, ctx: &Context<'_>, input: ReviewProvisionInput) -> Option<ProvisionPayload> {
        let key = key_of("reviewProvision", &input.idempotency_key, &input);
        let changed = once(ctx, key, move |work, app| {
            let which = current(work, app, &input.id, &input.expected_version)?;
            let (held_on, next_on) = (input.held_on.0, input.next_on.map(|d| d.0));
            let given = provision::ReviewProvision { held_on, note: input.note, next_on };
            Ok(Provision::of(app, &provision::review(work, &app.vault, &app.settings.provision, which, &given)?))
        });
        changed.await.map(Into::into)
    }

    /// Changes the last day, with a reason.
    async fn extend_provision(&self, ctx: &Context<'_>, input: ExtendProvisionInput) -> Option<ProvisionPayload> {
        let key = key_of("extendProvision", &input.idempotency_key, &input);
        let changed = once(ctx, key, move |work, app| {
            let which = current(work, app, &input.id, &input.expected_version)?;
            let consent = input.consent.map(Into::into);
            let given = provision::ExtendProvision { ends_on: input.ends_on.0, reason: input.reason, consent };
            Ok(Provision::of(app, &provision::extend(work, &app.vault, &app.settings.provision, which, given)?))
        });
        changed.await.map(Into::into)
    }

    /// Ends it; reintegration is `RETURNED_TO_SCHOOL`.
    async fn end_provision(&self, ctx: &Context<'_>, input: EndProvisionInput) -> Option<ProvisionPayload> {
        let key = key_of("endProvision", &input.idempotency_key, &input);
        let changed = once(ctx, key, move |work, app| {
            let which = current(work, app, &input.id, &input.expected_version)?;
            let given = provision::EndProvision { on: input.on.0, ending: input.ending.into(), note: input.note };
            Ok(Provision::of(app, &provision::end(work, &app.vault, which, given)?))
        });
        changed.await.map(Into::into)
    }
}
