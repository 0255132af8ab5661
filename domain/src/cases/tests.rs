//! Cases of both kinds on a real database: what is kept with them, for whom, and what is refused.

mod documents;
mod keeping;
mod milestones;
mod refusals;
mod reminders;
mod sealing;
mod world;
