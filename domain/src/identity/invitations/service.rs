//! Inviting somebody, and following the link.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq as _;

use crate::access::{self, Action, Facts};
use crate::audit::{self, Object};
use crate::db::Work;
use crate::identity::secret::digest;
use crate::identity::{
    AddPerson, Member, NewMembership, Opening, PasswordHash, SignInRules, factors, memberships, people, sessions,
};
use crate::kernel::{Code, InvitationId, PersonId, Result};
use crate::vault::Vault;

use super::model::{Accepted, Invitation, Invite, Invited};
use super::store;

/// How many days a link works.
pub const DAYS: i64 = 7;

/// The secret of an invitation's link: a keyed digest of its id under a key of the vault's that serves such names alone.
fn secret(vault: &Vault, id: InvitationId) -> String {
    URL_SAFE_NO_PAD.encode(vault.blind_index("invitations.link", &id.to_string()))
}

/// Invites somebody, known or new, to a role. The role waits for them; it allows nothing until it is confirmed. Invitations
/// of theirs that are still open are void. Their mail is the caller's to write.
///
/// # Errors
/// When the caller may not manage people; the faults of a role without its place; [`Code::AlreadyExists`] for somebody
/// who was let go.
pub fn invite(work: &mut Work<'_>, vault: &Vault, new: &Invite) -> Result<Invited> {
    let pass = access::grant(work, Action::ManagePeople, (), &Facts::default())?;
    let person = match people::store::sign_in_by_email(work, &new.email)? {
        Some(known) if known.active => known.id,
        Some(_) => return Err(Code::AlreadyExists.into()),
        None => {
            let (email, name, lang) = (new.email.clone(), new.name.clone(), new.lang);
            people::add_person(work, &AddPerson { email, name, lang, password: None })?
        }
    };
    let Invite { role, school, service, officer, deputy, .. } = *new;
    let role = NewMembership { who: Member::Person(person), role, school, service, officer, deputy };
    let membership = memberships::invite_to(work, &role)?;
    let id = InvitationId::from_uuid(work.random_id());
    let expires_at = work.now().plus_hours(24 * DAYS);
    store::insert(work, &pass, id, person, &digest(&secret(vault, id)), expires_at)?;
    audit::record(work, "invitation.add", Object::one("invitation", id.uuid()), format!("membership {membership}"));
    Ok(Invited { id, person, membership, expires_at })
}

/// The last part of the link of a person's open invitation, for the mail: made when it is written. A read.
///
/// # Errors
/// When the database can't be read.
pub fn invitation_link(work: &mut Work<'_>, vault: &Vault, person: PersonId) -> Result<Option<String>> {
    Ok(store::open_of(work, person)?.map(|row| format!("{}.{}", row.id.uuid().simple(), secret(vault, row.id))))
}

/// The open invitation a link's last part leads to.
fn found(work: &mut Work<'_>, link: &str) -> Result<store::Row> {
    let parts = link.split_once('.').filter(|_| link.len() <= 128);
    let (id, given) = parts.ok_or(Code::LinkInvalid)?;
    let id: InvitationId = id.parse().map_err(|_| Code::LinkInvalid)?;
    let row = store::open(work, id)?.ok_or(Code::LinkInvalid)?;
    let same: bool = digest(given).ct_eq(&row.secret_hash).into();
    if same { Ok(row) } else { Err(Code::LinkInvalid.into()) }
}

/// What a link leads to, for its page. Changes nothing: mail scanners follow links too.
///
/// # Errors
/// [`Code::LinkInvalid`] whatever is wrong with it.
pub fn invitation(work: &mut Work<'_>, link: &str) -> Result<Invitation> {
    let row = found(work, link)?;
    let person = people::store::by_id(work, row.person)?.filter(|p| p.active).ok_or(Code::LinkInvalid)?;
    let roles = memberships::store::invited_roles(work, row.person)?;
    let chooses_password = !people::store::has_password(work, row.person)?;
    Ok(Invitation { id: row.id, person: row.person, name: person.name, email: person.email, chooses_password, roles })
}

/// Follows a link, once. Who has no password chooses one and goes on signed in, to add a second factor where the role
/// forces one: the invitation is accepted with that. Who has a password keeps it, and the link is their acceptance.
///
/// # Errors
/// [`Code::LinkInvalid`]; the fault of a missing password at `/password`.
pub fn accept_invitation(
    work: &mut Work<'_>,
    link: &str,
    password: Option<&PasswordHash>,
    opening: &Opening,
    rules: &SignInRules,
) -> Result<Accepted> {
    let invitation = invitation(work, link)?;
    let person = invitation.person;
    if !store::use_up(work, invitation.id)? {
        return Err(Code::LinkInvalid.into());
    }
    audit::record(work, "invitation.follow", Object::one("invitation", invitation.id.uuid()), "");
    let session = if invitation.chooses_password {
        let missing = || crate::kernel::Error::fault("/password", crate::kernel::FaultCode::Missing);
        people::store::set_first_password(work, person, password.ok_or_else(missing)?)?;
        Some(sessions::open_session_as(work, person, rules, opening)?)
    } else {
        None
    };
    let has_factor = factors::store::confirmed(work, person)?.is_some();
    let forced = invitation.roles.iter().any(|role| rules.second_factor_roles.has(*role));
    if has_factor || !forced {
        memberships::accept(work, person)?;
    }
    Ok(Accepted { person, session })
}
