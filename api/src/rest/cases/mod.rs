//! What every case has, whatever its kind: envelope, timeline, links, people, tasks, documents, pauses.

mod documents;
mod follow;
mod pauses;
mod people;
mod tasks;
mod views;

pub use documents::{
    AROUND, NewDocumentBody, add_case_document, bytes_of, content_response, get_case_document_content,
    list_case_documents,
};
pub use follow::{get_case, list_case_events, list_case_links};
pub use pauses::{PauseBody, end_case_pause, list_case_pauses, pause_case};
pub use people::{NewPersonBody, add_case_person, end_case_person, list_case_people};
pub use tasks::{NewTaskBody, add_case_task, complete_case_task, list_case_tasks, list_own_tasks};
pub use views::{CaseView, Names, PartView};

/// The tag's kind.
pub const KIND: &str = "case";
