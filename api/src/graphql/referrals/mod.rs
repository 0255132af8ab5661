//! Referrals: follow, open, decide.

mod follow;
mod inputs;
mod mutate;
mod views;

pub use follow::ReferralQuery;
pub use inputs::PupilInput;
pub use mutate::ReferralMutation;
pub use views::{Pupil, Referral};
