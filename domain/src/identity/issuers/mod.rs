//! Signing in through somebody else: an `OpenID` Connect issuer such as the authority's Entra ID, or Hwb.
//!
//! The edge speaks with the issuer and checks its token; here the token's words become a person, their roles and a
//! session. A person is known by issuer and subject; an e-mail address binds the first time only, and only where the
//! issuer may speak for that address. Roles that come from an issuer begin and end with what it says at each sign-in.

mod model;
mod rules;
mod service;
mod store;

pub use model::{Arrival, Begun, Entry, IssuerIdentity, IssuerTrust, MappedRole, PlacedRole, Recognised, RoleMapping};
pub use rules::mapped;
pub use service::{begin_sign_in, finish_sign_in, forget_stale_sign_ins, open_by_issuer, recognise, unbind_person};
