//! Who signs in, as whom, and since when: people, sessions, API clients and memberships.
//!
//! People and clients have no rights of their own; a membership gives a role somewhere, and `access` decides with it.

mod clients;
mod factors;
mod invitations;
mod links;
mod memberships;
mod model;
mod people;
mod secret;
mod sessions;

pub use clients::{Client, NewClient, add_client, client_is_active, deactivate_client, verify_client};
pub use factors::{
    Enrolled, Enrolment, FRESH_SECONDS, FactorStanding, TotpSecret, begin_enrolment, code_at, confirm_enrolment,
    enrol_known, factor_standing, is_fresh, last_step, new_recovery_codes, open_session_with, pending_enrolment,
    reset_factor, step_of, step_up,
};
pub use invitations::{
    Accepted, DAYS as INVITATION_DAYS, Invitation, Invite, Invited, accept_invitation, invitation, invitation_link,
    invite,
};
pub use links::{MINUTES as LINK_MINUTES, follow_sign_in_link, new_sign_in_link, sign_in_link};
pub use memberships::{
    Member, MembershipLine, MembershipState, NewMembership, add_membership, confirm_membership, end_membership,
    end_role, holders, holders_anywhere, people_of_officer, people_of_service,
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
