//! The tables of rules, of what is due, and of what went.

mod due;
mod erase;
mod rules;

pub(super) use due::{
    Over, Unreckoned, confirm_review, holds, is_any_unreckoned, live_cases, next_number, over, reviewer, set_day,
    set_review, unreckoned,
};
pub(in crate::records) use due::{certificates, keep_certificate};
pub(super) use erase::{erase_case, erase_documents, erase_pupil, key_of};
pub(super) use rules::{add_change, find, find_change, pending, rules, settle_change, update};
