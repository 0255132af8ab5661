//! How long what is held is kept, and its end.
//!
//! A rule says for a class of records: so many years after the birthday or the closing, then review or destroy. A pass of
//! the worker reckons for every case until when it is kept, as a year's last day. A plan lists what is due; a run disposes
//! of just that and leaves a certificate.

mod model;
mod rules;
mod service;
mod store;

pub use model::{
    Anchor, Certificate, Changed, End, Item, NewRule, Plan, RecordClass, Review, Reviewed, Rule, RuleChange, Shredded,
    Standing,
};
pub use rules::{class_of, dispose_after, is_due};
pub use service::{
    certificate, certificates, change_rule, changes, decide_change, is_any_unreckoned, plan, plan_some, reckon, review,
    rules, run, run_some,
};
pub(super) use service::{erase_again, manage};
pub(super) use store::certificates as stored_certificates;
pub(super) use store::keep_certificate;
