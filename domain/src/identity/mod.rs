//! Who signs in, as whom, and since when: people, sessions, API clients and memberships.
//!
//! People and clients have no rights of their own; a membership gives a role somewhere, and `access` decides with it.

mod absences;
mod clients;
mod memberships;
mod model;
mod people;
mod secret;
mod sessions;

pub use absences::{Absence, absent, own_absences, set_own_absence};
pub use clients::{Client, NewClient, add_client, client_is_active, deactivate_client, verify_client};
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
