//! A case as GraphQL shows it: its envelope, and around it what each asks for itself.

use async_graphql::{ComplexObject, Context, ID, SimpleObject};
use chrono::{DateTime, Utc};
use dolen_domain::cases::{self, Event, Linked};
use dolen_domain::kernel::CaseId;

use crate::app::App;
use crate::graphql::plain::plain;
use crate::graphql::visit::{answer, read_on_record};
use crate::rest::cases::{KIND, Names};
use crate::rest::etag;
use crate::rest::referrals::AssignedView;

use super::parts::{CaseDocument, CasePause, CasePerson, CaseTask};
use super::words::{CaseKind, CaseLinkKind};

plain! {
    /// The officer who holds a case.
    pub struct CaseOfficer {
        /// Their id.
        pub id: ID,
        /// Their name.
        pub name: String,
        /// Their role.
        pub role: String,
    }
}

impl From<AssignedView> for CaseOfficer {
    fn from(o: AssignedView) -> Self {
        Self { id: o.id.into(), name: o.name, role: o.role }
    }
}

plain! {
    /// A case's envelope: no name, and nothing of the matter.
    pub struct CaseEnvelope {
        /// Its id, and that of the referral or record it is the envelope of.
        pub id: ID,
        /// What it is: the rest of it is read at `referral` or `warrnRecord`.
        pub kind: CaseKind,
        /// Its reference.
        pub reference: String,
        /// The number of the child's school.
        pub school_number: String,
        /// The code of the service it is with.
        pub service_code: Option<String>,
        /// Who holds it.
        pub officer: Option<CaseOfficer>,
        /// The queue it waits in, when nobody holds it.
        pub queue: Option<String>,
        /// When it came in.
        pub opened_at: DateTime<Utc>,
        /// When it last changed.
        pub updated_at: DateTime<Utc>,
        /// When it was closed.
        pub closed_at: Option<DateTime<Utc>>,
        /// Why it was closed: a word of its kind.
        pub close_reason: Option<String>,
    }
}

impl CaseEnvelope {
    /// The view of an envelope: REST's.
    pub(super) fn of(names: &Names, case: &cases::Case) -> Self {
        let view = names.view(case);
        Self {
            id: view.id.into(),
            kind: case.kind.into(),
            reference: view.reference,
            school_number: view.school_number,
            service_code: view.service,
            officer: view.officer.map(Into::into),
            queue: view.queue,
            opened_at: view.opened_at,
            updated_at: view.updated_at,
            closed_at: view.closed_at,
            close_reason: view.close_reason,
        }
    }
}

plain! {
    /// Something that happened to a case.
    pub struct CaseEvent {
        /// When.
        pub at: DateTime<Utc>,
        /// Who: `person`, `client` or `system`.
        pub by: String,
        /// What, as a word: `person_added`, `person_ended`, `task_added`, `task_done`, `document_added`, `paused`, `resumed`,
        /// or a word of the case's kind.
        pub kind: String,
        /// Where the case stood then: a word of its kind.
        pub state: String,
        /// Why.
        pub reason: Option<String>,
        /// Whether something was said with it, to be read with the content.
        pub has_note: bool,
    }
}

impl From<Event> for CaseEvent {
    fn from(e: Event) -> Self {
        Self {
            at: e.at.chrono(),
            by: e.actor.kind().to_owned(),
            kind: e.kind,
            state: e.state,
            reason: e.reason,
            has_note: e.has_note,
        }
    }
}

/// A case linked with another.
#[derive(SimpleObject)]
pub struct CaseLink {
    /// How.
    #[graphql(complexity = 0)]
    pub kind: CaseLinkKind,
    /// Whether the link goes from the case asked about to this one.
    #[graphql(complexity = 0)]
    pub outward: bool,
    /// The other.
    pub case: CaseEnvelope,
}

/// What every case has, whatever its kind.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Case {
    /// Its version. The same as REST's `ETag`.
    #[graphql(complexity = 0)]
    pub version: String,
    /// Its envelope.
    #[graphql(complexity = "child_complexity")]
    pub envelope: CaseEnvelope,
    #[graphql(skip)]
    id: CaseId,
}

impl Case {
    /// A case with its envelope.
    pub(super) fn of(app: &App, names: &Names, case: &cases::Case) -> Self {
        Self {
            version: etag(&app.vault, KIND, case.id.uuid(), case.version),
            envelope: CaseEnvelope::of(names, case),
            id: case.id,
        }
    }
}

/// What stands around a case. Each reading is recorded before the answer leaves.
#[ComplexObject]
impl Case {
    /// What happened to it, oldest first, without what was said. The reading is recorded before the answer leaves.
    #[graphql(complexity = "5 + child_complexity")]
    async fn timeline(&self, ctx: &Context<'_>) -> Option<Vec<CaseEvent>> {
        let id = self.id;
        let events = read_on_record(ctx, move |work, _| cases::timeline(work, id));
        answer(ctx, events.await.map(all))
    }

    /// The cases linked with it, as far as the caller may see them. The reading is recorded before the answer leaves.
    #[graphql(complexity = "5 + 5 * child_complexity")]
    async fn links(&self, ctx: &Context<'_>) -> Option<Vec<CaseLink>> {
        let id = self.id;
        let links = read_on_record(ctx, move |work, _| {
            let linked = cases::links(work, id)?;
            let names = Names::read(work, &linked.iter().map(|l| &l.case).collect::<Vec<_>>())?;
            let link = |l: &Linked| CaseLink {
                kind: l.kind.into(),
                outward: l.outward,
                case: CaseEnvelope::of(&names, &l.case),
            };
            Ok(linked.iter().map(link).collect())
        });
        answer(ctx, links.await)
    }

    /// The times in which its clocks stood still, the first first. The reading is recorded before the answer leaves.
    #[graphql(complexity = "5 + child_complexity")]
    async fn pauses(&self, ctx: &Context<'_>) -> Option<Vec<CasePause>> {
        let id = self.id;
        let pauses = read_on_record(ctx, move |work, _| cases::pauses(work, id));
        answer(ctx, pauses.await.map(all))
    }

    /// The people around the child, for who may read the case's content. The reading is recorded before the answer leaves.
    #[graphql(complexity = "20 + child_complexity")]
    async fn people(&self, ctx: &Context<'_>) -> Option<Vec<CasePerson>> {
        let id = self.id;
        let people = read_on_record(ctx, move |work, app| cases::people(work, &app.vault, id));
        answer(ctx, people.await.map(all))
    }

    /// Its tasks, for who may read the case's content. The reading is recorded before the answer leaves.
    #[graphql(complexity = "20 + child_complexity")]
    async fn tasks(&self, ctx: &Context<'_>) -> Option<Vec<CaseTask>> {
        let id = self.id;
        let tasks = read_on_record(ctx, move |work, app| cases::tasks(work, &app.vault, id));
        answer(ctx, tasks.await.map(all))
    }

    /// Its documents without their bytes, for who may read the case's content. The reading is recorded before the answer
    /// leaves.
    #[graphql(complexity = "20 + child_complexity")]
    async fn documents(&self, ctx: &Context<'_>) -> Option<Vec<CaseDocument>> {
        let id = self.id;
        let documents = read_on_record(ctx, move |work, app| cases::documents(work, &app.vault, id));
        answer(ctx, documents.await.map(all))
    }
}

fn all<T, V: From<T>>(items: Vec<T>) -> Vec<V> {
    items.into_iter().map(Into::into).collect()
}
