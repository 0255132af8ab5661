//! The return to school: what happens from a record's receipt until the return has lasted
//! (`facts/domain.md` §7; `seeds/003`: effectiveness is the "successful re-integration record").
//!
//! A record's steps are milestones of its case, each with a clock and a part it belongs to; one is open until the record is
//! closed. Clocks run from the receipt and towards the return date, whichever comes first, and are not paused: the date does
//! not stand still. What is written at a step is sealed. The sender sees which steps are done, and nothing of what they say.

mod after_closing;
mod clock;
mod clocks;
mod escalation;
mod leave;
mod lists;
mod model;
mod posts;
mod progress;
mod reading;
mod recount;
mod report;
mod rules;
mod service;
mod steps;
mod store;
mod succession;
mod take_back;
#[cfg(test)]
mod tests;

pub use clock::{tend, waiting_for_clock};
pub(super) use clocks::SchoolClock;
pub use clocks::{ReturnClocks, StepTime};
pub(super) use lists::with_mine;
pub use lists::{OwnStep, Returning, own_steps, returning, unacknowledged};
pub use model::{
    Attendance, Clocked, Noted, Outcome, PartTime, Plan, Present, Progress, ReviewAttendance, Source, State, Step,
    StepContent, TakeStep, Who,
};
pub use reading::{Happened, ReturnFile, progress, progress_after, return_file};
pub use report::{Reintegration, SUSTAINED, reintegration, years_over};
pub use rules::{can_take_back, is_possible, outcomes, possible};
pub use service::{Moved, move_return};
pub(super) use service::{acknowledge_by, acknowledged, begin, follow};
pub use steps::{Taken, take_step};
pub use take_back::take_back_return;
