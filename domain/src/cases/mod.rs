//! What referrals, WARRN records and whatever comes later have in common: one envelope.
//!
//! A case says which child of which school, for which service, who holds it, since when and until when, and nothing of the
//! matter. Around it stand its timeline, the people near the child, steps with clocks, named pauses, tasks, documents and
//! the cases it led to. A referral or a record has the case's id and holds the rest in a table of its own.

mod documents;
mod model;
mod moves;
mod people;
mod reminders;
mod rules;
mod service;
mod store;
mod tasks;
#[cfg(test)]
mod tests;

pub(crate) use documents::attach;
pub use documents::{
    Document, DocumentRules, MediaType, NewDocument, OpenedDocument, Scan, add_document, documents, open_document,
};
pub use model::{
    Case, CaseKind, Event, LinkKind, Linked, Milestone, NewCase, NewMilestone, OfCase, Pause, PauseReason, Use,
};
pub use moves::child;
pub use people::{NewPerson, PersonAround, PersonDetails, Relation, add_person, end_person, people};
pub use reminders::{overdue_tasks, tell_overdue};
pub use rules::paused_days;
pub use service::{case, facts, links, pause, pauses, permit, resume, timeline};
pub use store::envelope::{CaseRow, advance, find, fresh_reference, id_of, insert, move_to};
pub use store::events::{NewEvent, StoredEvent, add_event, events};
pub use store::links::link;
pub use store::milestones::{
    complete, drop_open, drop_step, late_cases, lock_late, lock_milestones, milestones, milestones_of, reschedule,
    set_milestone, stage_up,
};
pub use store::pauses::pauses as pauses_of;
pub use tasks::{NewTask, Task, add_task, complete_task, own_tasks, tasks};
