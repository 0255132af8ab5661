//! The whole path of a referral over a real database, and each refusal.

mod path;
mod refusals;
mod world;
