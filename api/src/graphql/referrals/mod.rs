//! Referrals: follow, open, decide.

mod follow;
mod inputs;
mod mutate;
mod views;

pub use follow::ReferralQuery;
pub use mutate::ReferralMutation;
pub use inputs::PupilInput;
pub use views::{Pupil, Referral};
