//! Who signs in, as whom, and since when: people, sessions, API clients and memberships.
//!
//! People and clients have no rights of their own; a membership gives a role somewhere, and `access` decides with it.

mod clients;
mod consents;
mod issuers;
mod memberships;
mod model;
mod people;
mod secret;
mod sessions;

pub use clients::{
    Client, ClientInForce, Networks, NewClient, RegisteredClient, SecretLife, add_client, client_in_force, clients,
    deactivate_client, limit_client, registered_client, rotate_secret, verify_client,
};
pub use consents::{Consent, ConsentBasis, Given, consents_of_school, give_consent, withdraw_consent};
pub use issuers::{
    Arrival, Begun, Entry, IssuerIdentity, IssuerTrust, MappedRole, PlacedRole, Recognised, RoleMapping, begin_sign_in,
    finish_sign_in, forget_stale_sign_ins, mapped, open_by_issuer, recognise, unbind_person,
};
pub use memberships::{
    Member, NewMembership, add_membership, end_membership, holders, holders_anywhere, people_of_officer,
    people_of_service,
};
pub(crate) use model::stored_email;
pub use model::{Contact, Preference};
pub use people::{
    AddPerson, PasswordHash, Person, SHORTEST, add_person, contact, deactivate_person, hash_password, people_by_ids,
    set_password, verify_password,
};
pub use secret::SecretToken;
pub use sessions::{
    Credentials, NewSession, Session, SignInRules, credentials, end_session, forget_expired, judge, note_failure,
    open_session, session, touch_session,
};
