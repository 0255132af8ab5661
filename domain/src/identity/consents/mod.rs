//! A school's consent that an API client acts for it.
//!
//! A client set up for a school can do nothing there until the school consents, and nothing from the request on that
//! follows a withdrawal: `access` reads the consent with the client's memberships. Rows are kept, so that it can be shown
//! who consented from when until when. A health system has no school: what it may do rests on the sharing agreement it was
//! set up under.

mod model;
mod service;
mod store;

pub use model::{Consent, ConsentBasis, Given};
pub use service::{consents_of_school, give_consent, withdraw_consent};
