//! Referrals: open, follow, decide.

mod bodies;
mod decide;
mod follow;
mod views;

pub use bodies::{AnswerBody, ConsentBody, DeclineBody, OpenReferralBody, QuestionBody, RedirectBody};
pub use decide::{
    accept_referral, answer_referral, decline_referral, open_referral, redirect_referral, request_referral_information,
};
pub use follow::{ReferralQuery, get_referral, get_referral_content, list_referral_events, list_referrals};
pub use views::{AssignedView, ReferralContentView, ReferralEventListView, ReferralPageView, ReferralView, view_of};

/// The tag's kind.
pub const KIND: &str = "referral";
