//! Survey campaigns: which questionnaire, when, at which schools, and how far they are.

mod model;
mod rules;
mod service;
mod store;

pub use model::{Campaign, NewCampaign, Progress, SchoolsIn, Window};
pub use service::{by_id, create, list, progress, with_results};
pub(in crate::surveys) use store::{facts, has_school};
