//! Special provision for one child: a positive handling plan, a reduced timetable, education otherwise than at school
//! (`facts/domain.md` §8). Each belongs to the WARRN record it came from.
//!
//! Who may know of it are exactly those who may open that record, and who may change it exactly those who take the steps of
//! its return: named recipients, in force. So it has no actions of its own in the policy; two tables of the same rows would
//! only drift apart. Its reviews and its end are milestones of the record's case, and whoever watches those clocks
//! (`warrn::returns`) tells of them when they pass. A record isn't closed while provision of it runs: the alarm would go
//! with it (`docs/adr/0020-special-provision.md`).

mod model;
mod rules;
mod service;
mod settings;
mod store;

pub use model::{
    Clock, Consent, Content, EndProvision, Ending, ExtendProvision, Kind, NoteContent, NoteKind, Noted, Placement,
    Provision, ProvisionFile, ReviewProvision, StartProvision,
};
pub use rules::endings;
pub(crate) use service::{begin, end_timetables, faults_of, timetable_since};
pub use service::{end, extend, file, list, provision_after, review, start, version};
pub use settings::ProvisionSettings;
