//! Survey campaigns: which questionnaire, when, at which schools, and how far they are.

mod model;
mod rules;
mod service;
mod store;

pub use model::{
    Campaign, Door, Listed, NewCampaign, NilReason, Part, Progress, Rolls, SchoolsIn, Shut, Stage, UnlockReason,
    Window, YearProgress,
};
pub(in crate::surveys) use rules::LARGEST_ROLL;
pub use service::{by_id, create, list, progress, set_rolls, with_results};
pub(in crate::surveys) use service::{door, is_over, put_rolls};
pub(in crate::surveys) use store::{facts, note_begun, parts, roll_of, rolls_of, set_part};
