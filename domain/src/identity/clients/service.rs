//! Making clients, changing their secrets, and knowing them again.

use subtle::ConstantTimeEq as _;

use crate::access::{self, Action, Facts};
use crate::audit::{self, Object};
use crate::db::Work;
use crate::identity::secret::{SecretToken, digest};
use crate::kernel::{ClientId, Faults, Page, PageRequest, Result, Utc};

use super::model::{Client, ClientInForce, Networks, NewClient, RegisteredClient, SecretLife};
use super::{rules, store};

/// What a secret starts with, so that a scanner of leaked files knows it.
const PREFIX: &str = "dolen_";

/// Makes a client with a fresh secret, which is shown this once. It can do nothing until a membership says what it is, and
/// for a school nothing until that school consents.
///
/// # Errors
/// When the caller may not manage people; faults at `/scopes` and `/expires_at`.
pub fn add_client(work: &mut Work<'_>, new: &NewClient) -> Result<(ClientId, SecretToken)> {
    let pass = access::grant(work, Action::ManagePeople, (), &Facts::default())?;
    let mut faults = Faults::default();
    faults.keep("/scopes", rules::check_scopes(&new.scopes));
    faults.keep("/expires_at", rules::check_expiry(new.expires_at, work.now()));
    faults.finish()?;
    let id = ClientId::from_uuid(work.new_id());
    let secret = SecretToken::random(PREFIX, work.chance());
    store::insert(work, &pass, id, new, &digest(secret.reveal()))?;
    audit::record(work, "client.add", Object::one("client", id.uuid()), format!("scopes {}", new.scopes));
    Ok((id, secret))
}

/// Gives a client a new secret, shown this once. The one before it lives on for a while, so that nothing stops while it is
/// replaced where it is used; one before that ends now. Returns when the one before ends.
///
/// # Errors
/// When the caller may not manage people; a fault at `/overlap_hours`; [`crate::kernel::Code::NotFound`] when there is no
/// such client in force.
pub fn rotate_secret(work: &mut Work<'_>, id: ClientId, life: SecretLife) -> Result<(SecretToken, Utc)> {
    let pass = access::grant(work, Action::ManagePeople, id, &Facts::default())?;
    let mut faults = Faults::default();
    faults.keep("/overlap_hours", rules::check_overlap(life.overlap_hours));
    faults.finish()?;
    let secret = SecretToken::random(PREFIX, work.chance());
    let ends_at = work.now().plus_hours(i64::from(life.overlap_hours));
    store::rotate(work, &pass, &digest(secret.reveal()), ends_at)?;
    let detail = format!("overlap {} hours", life.overlap_hours);
    audit::record(work, "client.rotate", Object::one("client", id.uuid()), detail);
    Ok((secret, ends_at))
}

/// Says anew where a client may call from and when it stops working.
///
/// # Errors
/// When the caller may not manage people; a fault at `/expires_at`; [`crate::kernel::Code::NotFound`].
pub fn limit_client(work: &mut Work<'_>, id: ClientId, networks: &Networks, expires_at: Option<Utc>) -> Result<()> {
    let pass = access::grant(work, Action::ManagePeople, id, &Facts::default())?;
    let mut faults = Faults::default();
    faults.keep("/expires_at", rules::check_expiry(expires_at, work.now()));
    faults.finish()?;
    store::limit(work, &pass, networks, expires_at)?;
    let ends = if expires_at.is_some() { "ends" } else { "does not end" };
    let detail = format!("networks {} {ends}", networks.texts().len());
    audit::record(work, "client.limit", Object::one("client", id.uuid()), detail);
    Ok(())
}

/// A page of the clients, the newest first.
///
/// # Errors
/// When the caller may not manage people.
pub fn clients(work: &mut Work<'_>, request: PageRequest) -> Result<Page<RegisteredClient>> {
    let pass = access::scope(work, Action::ManagePeople)?;
    store::page(work, &pass, request)
}

/// One client.
///
/// # Errors
/// When the caller may not manage people, or [`crate::kernel::Code::NotFound`].
pub fn registered_client(work: &mut Work<'_>, id: ClientId) -> Result<RegisteredClient> {
    let pass = access::grant(work, Action::ManagePeople, id, &Facts::default())?;
    store::one(work, &pass)
}

/// The client with this id, when the secret is one of its own that live and it is active and not expired. A read.
///
/// # Errors
/// When the database can't be read.
pub fn verify_client(work: &mut Work<'_>, id: ClientId, secret: &str) -> Result<Option<Client>> {
    let given = digest(secret);
    let now = work.now();
    let Some(row) = store::in_force(work, id)? else {
        return Ok(None);
    };
    let present = given.ct_eq(&row.secret_hash);
    let old = row.old_secret(now).map_or(subtle::Choice::from(0), |hash| given.ct_eq(hash));
    Ok(bool::from(present | old).then(|| row.client()))
}

/// What a client may still do, for tokens made before; nothing when it was stopped or has expired.
///
/// # Errors
/// When the database can't be read.
pub fn client_in_force(work: &mut Work<'_>, id: ClientId) -> Result<Option<ClientInForce>> {
    let client = store::in_force(work, id)?.map(store::Row::client);
    Ok(client.map(|c| ClientInForce { scopes: c.scopes, networks: c.networks }))
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
    use crate::kernel::{Actor, Caller, Code, FreeText, Scopes};
    use crate::testing::{self, TestDb};

    fn client(db: &TestDb, expires_in: i64) -> (ClientId, SecretToken) {
        let new = NewClient {
            name: FreeText::parse("MIS of a school").unwrap(),
            scopes: Scopes::parse("referrals:write surveys:write"),
            expires_at: Some(db.db.clock().now().plus_hours(expires_in)),
            networks: Networks::default(),
        };
        db.db.write(&Caller::system("test"), move |work| add_client(work, &new)).unwrap()
    }

    fn verify(db: &TestDb, id: ClientId, secret: &str) -> Option<Client> {
        db.db.read(&Caller::system("test"), |work| verify_client(work, id, secret)).unwrap()
    }

    #[test]
    fn only_the_right_secret_of_a_client_in_force_opens() {
        let db = testing::db();
        let system = Caller::system("test");
        let (id, secret) = client(&db, 1);
        assert!(secret.reveal().starts_with("dolen_") && secret.reveal().len() == 6 + 43);
        let known = verify(&db, id, secret.reveal()).unwrap();
        assert_eq!((known.name.as_str(), known.scopes.has("surveys:write")), ("MIS of a school", true));
        assert_eq!(verify(&db, id, "dolen_wrong"), None);
        assert_eq!(verify(&db, ClientId::from_uuid(uuid::Uuid::nil()), secret.reveal()), None);
        let active = || db.db.read(&system, |work| client_in_force(work, id)).unwrap().is_some();
        assert!(active());
        db.clock.advance_seconds(3600);
        assert!(!active() && verify(&db, id, secret.reveal()).is_none(), "expired");
        db.clock.advance_seconds(-3600);
        db.db.write(&system, move |work| deactivate_client(work, id)).unwrap();
        assert!(!active() && verify(&db, id, secret.reveal()).is_none(), "deactivated");
    }

    #[test]
    fn two_secrets_live_for_the_overlap_and_never_three() {
        let db = testing::db();
        let rotate = |id, overlap_hours| {
            let life = SecretLife { overlap_hours };
            db.db.write(&Caller::system("test"), move |work| rotate_secret(work, id, life))
        };
        let (id, first) = client(&db, 100);
        let (second, ends_at) = rotate(id, 2).unwrap();
        assert_eq!(ends_at, db.db.clock().now().plus_hours(2));
        let works = |secret: &SecretToken| verify(&db, id, secret.reveal()).is_some();
        assert!(works(&first) && works(&second));
        db.clock.advance_seconds(7199);
        assert!(works(&first));
        db.clock.advance_seconds(1);
        assert!(!works(&first) && works(&second), "the old one ends at its time");
        let (third, _) = rotate(id, 2).unwrap();
        let (fourth, _) = rotate(id, 2).unwrap();
        assert!(!works(&second) && works(&third) && works(&fourth), "two, not three");
        let (fifth, _) = rotate(id, 0).unwrap();
        assert!(!works(&fourth) && works(&fifth), "without an overlap it ends at once");
        assert_eq!(rotate(id, 721).unwrap_err().code, Code::InvalidBody);
        assert_eq!(rotate(ClientId::from_uuid(uuid::Uuid::nil()), 1).unwrap_err().code, Code::NotFound);
        assert!(works(&fifth));
    }

    #[test]
    fn clients_are_made_by_who_may() {
        let db = testing::db();
        let caller = Caller { actor: Actor::Anonymous, ..Caller::system("test") };
        let name = FreeText::parse("n").unwrap();
        let new = NewClient { name, scopes: Scopes::default(), expires_at: None, networks: Networks::default() };
        let refused = db.db.write(&caller, move |work| add_client(work, &new)).unwrap_err();
        assert_eq!(refused.code, Code::SignInRequired);
    }
}
