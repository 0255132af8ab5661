//! Who signs in, as whom, and since when: people, sessions, API clients and memberships.
//!
//! People and clients have no rights of their own; a membership gives a role somewhere, and `access` decides with it.

mod absences;
mod clients;
mod consents;
mod factors;
mod invitations;
mod issuers;
mod links;
mod memberships;
mod model;
mod people;
mod secret;
mod sessions;

pub use absences::{Absence, absent, own_absences, set_own_absence};
pub use clients::{
    Client, ClientInForce, Networks, NewClient, RegisteredClient, SecretLife, add_client, client_in_force, clients,
    deactivate_client, limit_client, registered_client, rotate_secret, verify_client,
};
pub use consents::{Consent, ConsentBasis, Given, consents_of_school, give_consent, withdraw_consent};
pub use factors::{
    Enrolled, Enrolment, FactorStanding, TotpSecret, begin_enrolment, code_at, confirm_enrolment, enrol_known,
    factor_standing, last_step, new_recovery_codes, open_session_with, pending_enrolment, reset_factor, step_of,
    step_up,
};
pub use invitations::{
    Accepted, DAYS as INVITATION_DAYS, Invitation, Invite, Invited, accept_invitation, invitation, invitation_link,
    invite,
};
pub use issuers::{
    Arrival, Begun, Entry, IssuerIdentity, IssuerTrust, MappedRole, PlacedRole, Recognised, RoleMapping, begin_sign_in,
    finish_sign_in, forget_stale_sign_ins, mapped, open_by_issuer, recognise, unbind_person,
};
pub use links::{MINUTES as LINK_MINUTES, follow_sign_in_link, new_sign_in_link, sign_in_link};
pub use memberships::{
    Member, MembershipLine, MembershipState, NewMembership, add_membership, confirm_membership, end_membership,
    end_role, holders, holders_anywhere, is_vacated, people_of_officer, people_of_service,
};
pub(crate) use model::stored_email;
pub use model::{Contact, Preference, RoleSet};
pub use people::{
    AddPerson, PasswordHash, Person, PersonLine, SHORTEST, add_person, change_password, contact, deactivate_person,
    hash_password, may_manage_people, own_password, people, people_by_ids, set_language, set_password, verify_password,
};
pub use secret::SecretToken;
pub use sessions::{
    Credentials, Lacking, NewSession, Opening, Session, SessionLine, SignInRules, credentials, device_of,
    end_other_sessions, end_session, end_sessions_of, forget_expired, judge, lacking, locked, locked_address,
    note_failure, note_failure_of, open_session, open_session_as, own_sessions, renew_session, session, touch_session,
};
