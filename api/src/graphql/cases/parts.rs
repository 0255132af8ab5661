//! What is kept with a case: people, tasks, documents, pauses.

use async_graphql::ID;
use chrono::{DateTime, Utc};
use dolen_domain::cases::{Document, Pause, PersonAround, Task};
use dolen_domain::kernel::Utc as Instant;
use serde::{Deserialize, Serialize};

use crate::graphql::plain::{BilingualText, Date, plain};

use super::words::{CaseDocumentScan, CasePauseReason, CasePersonRelation};

plain! {
    /// Somebody around the child.
    pub struct CasePerson {
        /// Their id in this case.
        pub id: ID,
        /// How they stand to the child.
        pub relation: CasePersonRelation,
        /// That in words.
        pub relation_text: BilingualText,
        /// Their name.
        pub name: String,
        /// How to reach them.
        pub contact: Option<String>,
        /// Anything else.
        pub remark: Option<String>,
        /// Since when.
        pub added_at: DateTime<Utc>,
        /// Until when.
        pub ended_at: Option<DateTime<Utc>>,
    }
}

impl From<PersonAround> for CasePerson {
    fn from(p: PersonAround) -> Self {
        Self {
            id: p.id.into(),
            relation: p.relation.into(),
            relation_text: p.relation.name().into(),
            name: p.details.name,
            contact: p.details.contact,
            remark: p.details.remark,
            added_at: p.added_at.chrono(),
            ended_at: p.ended_at.map(Instant::chrono),
        }
    }
}

plain! {
    /// Something to do for a case.
    pub struct CaseTask {
        /// Its id.
        pub id: ID,
        /// What is to be done.
        pub what: String,
        /// For whom.
        pub person_id: ID,
        /// By which day.
        pub due_on: Option<Date>,
        /// Since when.
        pub added_at: DateTime<Utc>,
        /// When it was done.
        pub done_at: Option<DateTime<Utc>>,
        /// By whom.
        pub done_by: Option<ID>,
    }
}

impl From<Task> for CaseTask {
    fn from(t: Task) -> Self {
        Self {
            id: t.id.into(),
            what: t.what,
            person_id: t.person.into(),
            due_on: t.due_on.map(Date),
            added_at: t.added_at.chrono(),
            done_at: t.done_at.map(Instant::chrono),
            done_by: t.done_by.map(Into::into),
        }
    }
}

plain! {
    /// A document kept with a case. Its bytes are fetched and added by REST (`/v1/cases/{case_id}/documents`).
    pub struct CaseDocument {
        /// Its id.
        pub id: ID,
        /// Its name.
        pub name: String,
        /// Its kind, such as `application/pdf`.
        pub media_type: String,
        /// Its size in bytes.
        pub size: i64,
        /// What the virus scanner said.
        pub scan: CaseDocumentScan,
        /// Who added it: `person` or `client`.
        pub added_by: String,
        /// When.
        pub added_at: DateTime<Utc>,
    }
}

impl From<Document> for CaseDocument {
    fn from(d: Document) -> Self {
        Self {
            id: d.id.into(),
            name: d.name,
            media_type: d.media_type.to_string(),
            size: d.size,
            scan: d.scan.into(),
            added_by: d.added_by.kind().to_owned(),
            added_at: d.added_at.chrono(),
        }
    }
}

plain! {
    /// A time in which something was waited for, and the clocks stood still where they can.
    #[derive(Debug, Clone, Serialize, Deserialize)]
    pub struct CasePause {
        /// Why.
        pub reason: CasePauseReason,
        /// That in words.
        pub reason_text: BilingualText,
        /// From when.
        pub begins_at: DateTime<Utc>,
        /// Until when; null while it lasts.
        pub ends_at: Option<DateTime<Utc>>,
        /// Whether the clocks stand still meanwhile. Those of a return to school go on: the date does not stand still.
        #[serde(default)]
        pub stops_clocks: bool,
    }
}

impl From<Pause> for CasePause {
    fn from(p: Pause) -> Self {
        Self {
            reason: p.reason.into(),
            reason_text: p.reason.name().into(),
            begins_at: p.begins_at.chrono(),
            ends_at: p.ends_at.map(Instant::chrono),
            stops_clocks: p.stops_clocks,
        }
    }
}
