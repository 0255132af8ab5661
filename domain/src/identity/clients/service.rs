//! Making clients and knowing them again.

use subtle::ConstantTimeEq as _;

use crate::access::{self, Action, Facts};
use crate::audit::{self, Object};
use crate::db::Work;
use crate::identity::secret::{SecretToken, digest};
use crate::kernel::{ClientId, Error, FaultCode, Result};

use super::model::{Client, NewClient};
use super::store;

/// What a secret starts with, so that a scanner of leaked files knows it.
const PREFIX: &str = "dolen_";

/// Makes a client with a fresh secret, which is shown this once. It can do nothing until a membership says what it is.
///
/// # Errors
/// When the caller may not manage people; [`FaultCode::Missing`] or [`FaultCode::NotInList`] at `/scopes`.
pub fn add_client(work: &mut Work<'_>, new: &NewClient) -> Result<(ClientId, SecretToken)> {
    let pass = access::grant(work, Action::ManagePeople, (), &Facts::default())?;
    check_scopes(&new.scopes.to_string()).map_err(|code| Error::fault("/scopes", code))?;
    let id = ClientId::from_uuid(work.new_id());
    let secret = SecretToken::random(PREFIX, work.chance());
    store::insert(work, &pass, id, new, &digest(secret.reveal()))?;
    audit::record(work, "client.add", Object::one("client", id.uuid()), format!("scopes {}", new.scopes));
    Ok((id, secret))
}

/// Every scope must be one some action needs.
fn check_scopes(scopes: &str) -> Result<(), FaultCode> {
    if scopes.is_empty() {
        return Err(FaultCode::Missing);
    }
    let known = |scope: &str| Action::ALL.iter().any(|a| a.scope() == Some(scope));
    if scopes.split(' ').all(known) { Ok(()) } else { Err(FaultCode::NotInList) }
}

/// The client with this id, when the secret is its own and it is active and not expired. A read.
///
/// # Errors
/// When the database can't be read.
pub fn verify_client(work: &mut Work<'_>, id: ClientId, secret: &str) -> Result<Option<Client>> {
    let given = digest(secret);
    let Some(row) = store::in_force(work, id)? else {
        return Ok(None);
    };
    Ok(bool::from(given.ct_eq(&row.secret_hash)).then(|| row.client()))
}

/// Whether a client may still act: for tokens made before.
///
/// # Errors
/// When the database can't be read.
pub fn client_is_active(work: &mut Work<'_>, id: ClientId) -> Result<bool> {
    Ok(store::in_force(work, id)?.is_some())
}

/// Stops a client now.
///
/// # Errors
/// When the caller may not manage people, or [`crate::kernel::Code::NotFound`].
pub fn deactivate_client(work: &mut Work<'_>, id: ClientId) -> Result<()> {
    let pass = access::grant(work, Action::ManagePeople, id, &Facts::default())?;
    store::deactivate(work, &pass)?;
    audit::record(work, "client.deactivate", Object::one("client", id.uuid()), "");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{Caller, Code, FreeText, Scopes};
    use crate::testing;

    #[test]
    fn only_the_right_secret_of_a_client_in_force_opens() {
        let db = testing::db();
        let system = Caller::system("test");
        let new = NewClient {
            name: FreeText::parse("MIS of a school").unwrap(),
            scopes: Scopes::parse("referrals:write surveys:write"),
            expires_at: Some(db.db.clock().now().plus_hours(1)),
        };
        let (id, secret) = db.db.write(&system, move |work| add_client(work, &new)).unwrap();
        assert!(secret.reveal().starts_with("dolen_") && secret.reveal().len() == 6 + 43);
        let verify = |id, secret: &str| db.db.read(&system, |work| verify_client(work, id, secret)).unwrap();
        let client = verify(id, secret.reveal()).unwrap();
        assert_eq!((client.name.as_str(), client.scopes.has("surveys:write")), ("MIS of a school", true));
        assert_eq!(verify(id, "dolen_wrong"), None);
        assert_eq!(verify(ClientId::from_uuid(uuid::Uuid::nil()), secret.reveal()), None);
        let active = || db.db.read(&system, |work| client_is_active(work, id)).unwrap();
        assert!(active());
        db.clock.advance_seconds(3600);
        assert!(!active() && verify(id, secret.reveal()).is_none(), "expired");
        db.clock.advance_seconds(-3600);
        db.db.write(&system, move |work| deactivate_client(work, id)).unwrap();
        assert!(!active() && verify(id, secret.reveal()).is_none(), "deactivated");
    }

    #[test]
    fn scopes_must_be_known() {
        assert_eq!(check_scopes(""), Err(FaultCode::Missing));
        assert_eq!(check_scopes("referrals:write everything"), Err(FaultCode::NotInList));
        assert_eq!(check_scopes("referrals:write warrn:read"), Ok(()));
        let db = testing::db();
        let caller = Caller { actor: crate::kernel::Actor::Anonymous, ..Caller::system("test") };
        let new = NewClient { name: FreeText::parse("n").unwrap(), scopes: Scopes::default(), expires_at: None };
        let refused = db.db.write(&caller, move |work| add_client(work, &new)).unwrap_err();
        assert_eq!(refused.code, Code::SignInRequired);
    }
}
