//! WARRN records.

use async_graphql::{ComplexObject, Context, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use dolen_domain::access::Action;
use dolen_domain::kernel::{Cursor, Error, Result, SchoolId, SchoolNumber, Utc as Instant, WarrnId};
use dolen_domain::warrn::returns;
use dolen_domain::warrn::{self, Mine, NamedRecipient, SendWarrn, WarrnEnvelope, WarrnListed};
use serde::{Deserialize, Serialize};
use tokio::sync::OnceCell;

use crate::app::App;
use crate::rest::warrn::KIND;
use crate::rest::{etag, etag_matches};

use super::directory::{School, school_number, school_of};
use super::enums::{WarrnPart, WarrnSource};
use super::once::{key_of, once, payload};
use super::paging::{self, Connection, page_cost};
use super::plain::{Date, known_id, plain};
use super::referrals::{Pupil, PupilInput};
use super::returns::{ReturnProgress, WarrnReturnFile, progress_of};
use super::visit::{Visit, answer, read, read_on_record};

plain! {
    /// How the caller's own part of a record stands.
    #[derive(Debug, Clone, Serialize, Deserialize)]
    pub struct WarrnOwnPart {
        /// The part.
        pub part: WarrnPart,
        /// Until when to acknowledge.
        pub due_at: DateTime<Utc>,
        /// When the part was acknowledged, by whomever of it.
        pub acknowledged_at: Option<DateTime<Utc>>,
    }
}

impl From<&Mine> for WarrnOwnPart {
    fn from(m: &Mine) -> Self {
        Self { part: m.part.into(), due_at: m.due_at.chrono(), acknowledged_at: m.acknowledged_at.map(Instant::chrono) }
    }
}

plain! {
    /// One named recipient and how far they got.
    #[derive(Debug, Clone, Serialize, Deserialize)]
    pub struct WarrnRecipient {
        /// For which part.
        pub part: WarrnPart,
        /// Named later, in place of someone who did not acknowledge in time.
        pub deputy: bool,
        /// Since when they may know. Who left and came back stands here once for each time.
        pub begins_at: DateTime<Utc>,
        /// Until when, if it has ended or is to end.
        pub ends_at: Option<DateTime<Utc>>,
        /// Until when to acknowledge.
        pub due_at: DateTime<Utc>,
        /// When it was acknowledged.
        pub acknowledged_at: Option<DateTime<Utc>>,
        /// When it went on to the deputy.
        pub escalated_at: Option<DateTime<Utc>>,
    }
}

impl From<&NamedRecipient> for WarrnRecipient {
    fn from(r: &NamedRecipient) -> Self {
        Self {
            part: r.part.into(),
            deputy: r.is_deputy(),
            begins_at: r.begins_at.chrono(),
            ends_at: r.ends_at.map(Instant::chrono),
            due_at: r.due_at.chrono(),
            acknowledged_at: r.acknowledged_at.map(Instant::chrono),
            escalated_at: r.escalated_at.map(Instant::chrono),
        }
    }
}

plain! {
    /// One part of a record's summary.
    pub struct WarrnSection {
        /// The heading's code.
        pub heading: String,
        /// What is said under it.
        pub text: String,
    }
}

plain! {
    /// What a record says, for its recipients.
    pub struct WarrnContent {
        /// The child.
        pub pupil: Pupil,
        /// The summary.
        pub summary: Vec<WarrnSection>,
    }
}

impl From<warrn::Content> for WarrnContent {
    fn from(c: warrn::Content) -> Self {
        let section = |s: warrn::Section| WarrnSection { heading: s.heading, text: s.text };
        Self { pupil: c.pupil.into(), summary: c.summary.into_iter().map(section).collect() }
    }
}

/// What a list does not show of a record: reading it is on record.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Whole {
    version: String,
    agreement: String,
    recipients: Vec<WarrnRecipient>,
}

impl Whole {
    fn of(app: &App, record: &WarrnEnvelope, recipients: &[NamedRecipient]) -> Self {
        Self {
            version: etag(&app.vault, KIND, record.id.uuid(), record.version),
            agreement: record.agreement.clone(),
            recipients: recipients.iter().map(Into::into).collect(),
        }
    }
}

plain! {
    /// A WARRN record, for its named recipients and its sender.
    #[derive(Debug, Clone, Serialize, Deserialize)]
    #[graphql(complex)]
    pub struct WarrnRecord {
        /// Its id.
        pub id: ID,
        /// Its reference.
        pub reference: String,
        /// When it came.
        pub received_at: DateTime<Utc>,
        /// When the child is expected back.
        pub expected_return_on: Option<Date>,
        /// The caller's own part, when the caller is a recipient.
        pub own_part: Option<WarrnOwnPart>,
        /// Whether the child has changed school and the record waits to be handed over; absent for who is not told.
        #[serde(default)]
        pub child_moved: Option<bool>,
        #[graphql(skip)]
        record: WarrnId,
        #[graphql(skip)]
        school: SchoolId,
        #[graphql(skip)]
        #[serde(skip)]
        whole: OnceCell<Option<Whole>>,
    }
}

impl WarrnRecord {
    fn of(record: &WarrnEnvelope, mine: Option<&Mine>, child_moved: Option<bool>) -> Self {
        Self {
            id: record.id.into(),
            reference: record.reference.to_string(),
            received_at: record.received_at.chrono(),
            expected_return_on: record.expected_return_on.map(Date),
            own_part: mine.map(Into::into),
            child_moved,
            record: record.id,
            school: record.school,
            whole: OnceCell::new(),
        }
    }

    fn with(self, whole: Whole) -> Self {
        Self { whole: OnceCell::new_with(Some(Some(whole))), ..self }
    }

    /// The rest of it, read once for all the fields that need it.
    async fn whole(&self, ctx: &Context<'_>) -> Option<&Whole> {
        let id = self.record;
        let read = || async {
            let whole = read_on_record(ctx, move |work, app| {
                let view = warrn::envelope(work, id)?;
                Ok(Whole::of(app, view.record(), view.recipients()))
            });
            answer(ctx, whole.await)
        };
        self.whole.get_or_init(read).await.as_ref()
    }
}

/// What a list does not show, and a record's edges.
#[ComplexObject]
impl WarrnRecord {
    /// The number of the child's school.
    #[graphql(complexity = 0)]
    async fn school_number(&self, ctx: &Context<'_>) -> Option<String> {
        let number = async { school_number(Visit::of(ctx)?, self.school).await };
        answer(ctx, number.await)
    }

    /// The child's school; needs access to the directory.
    async fn school(&self, ctx: &Context<'_>) -> Option<School> {
        let school = async { school_of(Visit::of(ctx)?, self.school).await };
        answer(ctx, school.await)
    }

    /// Its version: give it as `expectedVersion` with a change. The same as REST's `ETag`.
    #[graphql(complexity = 5)]
    async fn version(&self, ctx: &Context<'_>) -> Option<&str> {
        self.whole(ctx).await.map(|w| w.version.as_str())
    }

    /// The agreement it was sent under.
    #[graphql(complexity = 5)]
    async fn agreement(&self, ctx: &Context<'_>) -> Option<&str> {
        self.whole(ctx).await.map(|w| w.agreement.as_str())
    }

    /// Its named recipients. The reading is recorded before the answer leaves.
    #[graphql(complexity = "5 + child_complexity")]
    async fn recipients(&self, ctx: &Context<'_>) -> Option<&[WarrnRecipient]> {
        self.whole(ctx).await.map(|w| w.recipients.as_slice())
    }

    /// What it says, for its named recipients alone. The reading is recorded before the answer leaves.
    #[graphql(complexity = "20 + child_complexity")]
    async fn content(&self, ctx: &Context<'_>) -> Option<WarrnContent> {
        let id = self.record;
        let content = read_on_record(ctx, move |work, app| warrn::content(work, &app.vault, id));
        answer(ctx, content.await.map(Into::into))
    }

    /// How far its return is: steps and dates. The reading is recorded before the answer leaves.
    #[graphql(complexity = "5 + child_complexity")]
    async fn progress(&self, ctx: &Context<'_>) -> Option<ReturnProgress> {
        let id = self.record;
        let progress = read_on_record(ctx, move |work, app| progress_of(work, app, Action::ReadWarrn, id));
        answer(ctx, progress.await)
    }

    /// What was noted of its return, for its named recipients alone. The reading is recorded before the answer leaves.
    #[graphql(complexity = "20 + child_complexity")]
    async fn return_file(&self, ctx: &Context<'_>) -> Option<WarrnReturnFile> {
        let id = self.record;
        let file = read_on_record(ctx, move |work, app| returns::return_file(work, &app.vault, id));
        answer(ctx, file.await.map(Into::into))
    }
}

/// The records' part of the query.
#[derive(Default)]
pub struct WarrnQuery;

/// Following WARRN records.
#[Object]
impl WarrnQuery {
    /// A WARRN record. The reading is recorded before the answer leaves.
    async fn warrn_record(&self, ctx: &Context<'_>, #[graphql(desc = "Its id.")] id: ID) -> Option<WarrnRecord> {
        let record = read_on_record(ctx, move |work, app| {
            let view = warrn::envelope(work, known_id(&id)?)?;
            let whole = Whole::of(app, view.record(), view.recipients());
            Ok(WarrnRecord::of(view.record(), view.mine(), view.moved()).with(whole))
        });
        answer(ctx, record.await)
    }

    /// The records the caller sent or is a named recipient of, newest first.
    #[graphql(complexity = "page_cost(first, child_complexity)")]
    async fn warrn_records(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Items on the page, 1 to 100; 20 when not given.")] first: Option<i32>,
        #[graphql(desc = "`endCursor` of the page before.")] after: Option<String>,
    ) -> Option<Connection<WarrnRecord>> {
        let page = read(ctx, move |work, _| {
            let request = paging::request(first, after.as_deref())?;
            Ok((warrn::list(work, request)?, request))
        });
        let place = |l: &WarrnListed| Cursor { at: l.record().received_at, id: l.record().id.uuid() };
        let page = page.await.map(|(page, request)| {
            Connection::of(page, &request, place, |l| WarrnRecord::of(l.record(), l.mine(), l.moved()))
        });
        answer(ctx, page)
    }
}

payload! {
    /// What came of sending or acknowledging a record.
    WarrnRecordPayload {
        /// The record as it is now.
        warrn_record: WarrnRecord
    }
}

/// One part of a record's summary.
#[derive(InputObject)]
pub struct WarrnSectionInput {
    /// The heading's code, one of the authority's.
    pub heading: String,
    /// What is said under it, 1 to 4,000 characters. Never a risk score: WARRN is a formulation.
    pub text: String,
}

/// A WARRN record to be sent.
#[derive(InputObject)]
pub struct SendWarrnRecordInput {
    /// 1 to 255 visible ASCII characters; the same key with the same input is carried out once.
    pub idempotency_key: String,
    /// The school, seven digits.
    pub school: String,
    /// The child.
    pub pupil: PupilInput,
    /// Id of the information-sharing agreement this is sent under.
    pub agreement: String,
    /// Where it comes from; another worker of health when not given.
    pub source: Option<WarrnSource>,
    /// When the sender had it; today when not given.
    pub received_on: Option<Date>,
    /// When the child is expected back.
    pub expected_return_on: Option<Date>,
    /// A minimal structured summary.
    pub summary: Vec<WarrnSectionInput>,
}

impl SendWarrnRecordInput {
    fn read(self) -> Result<SendWarrn> {
        let section = |s: WarrnSectionInput| warrn::Section { heading: s.heading, text: s.text };
        Ok(SendWarrn {
            school: SchoolNumber::parse(&self.school).map_err(|code| Error::fault("/school", code))?,
            pupil: self.pupil.into(),
            agreement: self.agreement,
            source: self.source.map(Into::into),
            received_on: self.received_on.map(|d| d.0),
            expected_return_on: self.expected_return_on.map(|d| d.0),
            summary: self.summary.into_iter().map(section).collect(),
        })
    }
}

/// A record to be acknowledged.
#[derive(InputObject)]
pub struct AcknowledgeWarrnRecordInput {
    /// 1 to 255 visible ASCII characters; the same key with the same input is carried out once.
    pub idempotency_key: String,
    /// The record's id.
    pub id: ID,
    /// The record's `version` as the caller has seen it.
    pub expected_version: String,
}

/// The records' part of the mutations.
#[derive(Default)]
pub struct WarrnMutation;

/// Sending and acknowledging WARRN records.
#[Object]
impl WarrnMutation {
    /// Sends a WARRN record: exactly the school's designated safeguarding person and its educational psychologist are
    /// told.
    async fn send_warrn_record(&self, ctx: &Context<'_>, input: SendWarrnRecordInput) -> Option<WarrnRecordPayload> {
        let key = key_of("sendWarrnRecord", &input.idempotency_key, &input);
        let sent = once(ctx, key, move |work, app| {
            let sent = warrn::send(work, &app.vault, &app.settings.warrn, input.read()?)?;
            let whole = Whole::of(app, &sent.record, &sent.recipients);
            Ok((WarrnRecord::of(&sent.record, None, None), whole))
        });
        sent.await.map(|outcome| outcome.map(|(record, whole)| record.with(whole)).into())
    }

    /// Acknowledges a WARRN record: by a named recipient, in person. Acknowledging again changes nothing.
    async fn acknowledge_warrn_record(
        &self,
        ctx: &Context<'_>,
        input: AcknowledgeWarrnRecordInput,
    ) -> Option<WarrnRecordPayload> {
        let key = key_of("acknowledgeWarrnRecord", &input.idempotency_key, &input);
        let acknowledged = once(ctx, key, move |work, app| {
            let id: WarrnId = known_id(&input.id)?;
            let version = warrn::version(work, Action::AcknowledgeWarrn, id)?;
            etag_matches(&app.vault, KIND, id.uuid(), version, &input.expected_version)?;
            warrn::acknowledge(work, id, version)?;
            let after = warrn::envelope(work, id)?;
            let whole = Whole::of(app, after.record(), after.recipients());
            Ok((WarrnRecord::of(after.record(), after.mine(), after.moved()), whole))
        });
        let outcome = acknowledged.await;
        outcome.map(|outcome| outcome.map(|(record, whole)| record.with(whole)).into())
    }
}
