//! The vault: what seals, opens and indexes.

use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::db::Work;
use crate::db::types::SealedBytes;
use crate::kernel::{Chance, Error, KeyId, Result, to_hex};

use super::kek::NO_KEY;
use super::model::{child_place, system_place};
use super::{ChildKey, Kek, KeyRing, MasterKey, MayOpen, Place, Purpose, PurposeKeys, Sealed, envelope, store};

/// HMAC-SHA-256 over length-prefixed parts.
pub(super) fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// Seals, opens and indexes.
///
/// The key ring wraps children's keys and changes when a master key is rotated. The purpose keys never change: what was
/// indexed, and what was sealed for ourselves, is found and opened whatever master key is current.
pub struct Vault {
    ring: KeyRing,
    purposes: PurposeKeys,
}

impl Vault {
    /// A vault over one master key, with the purpose keys the first releases derived from it. For tests, and for what
    /// stands before there is a database; the service opens its own with `custody::open`.
    #[must_use]
    pub fn new(master: &MasterKey) -> Self {
        let key = Arc::new(master.clone());
        let derived = |purpose| key.derived(purpose).unwrap_or_default();
        let purposes = PurposeKeys::new(derived);
        Self { ring: KeyRing::new(key, Vec::new()), purposes }
    }

    /// A vault over a ring, with the purpose keys of the database.
    #[must_use]
    pub const fn over(ring: KeyRing, purposes: PurposeKeys) -> Self {
        Self { ring, purposes }
    }

    /// The master keys at hand.
    #[must_use]
    pub const fn ring(&self) -> &KeyRing {
        &self.ring
    }

    /// Makes and stores a new child's key, wrapped by the current master key.
    ///
    /// # Errors
    /// When the database refuses it, or the current master key was retired.
    pub fn new_child_key(&self, work: &mut Work<'_>) -> Result<ChildKey> {
        let id = KeyId::from_uuid(work.new_id());
        let mut bytes = Zeroizing::new([0_u8; 32]);
        work.chance().fill(bytes.as_mut());
        let kek = self.ring.current();
        let wrapped = kek.wrap_key(child_place(id), &bytes, work.chance())?;
        store::insert(work, id, kek.id(), SealedBytes(wrapped))?;
        Ok(ChildKey { id, bytes })
    }

    /// Unwraps a child's key.
    ///
    /// # Errors
    /// When the key was shredded, or was wrapped under a master key that is not at hand.
    pub fn child_key(&self, work: &mut Work<'_>, id: KeyId) -> Result<ChildKey> {
        let (kek, wrapped) = store::find(work, id)?;
        let bytes = self.ring.find(&kek)?.unwrap_key(child_place(id), &wrapped.0)?;
        Ok(ChildKey { id, bytes })
    }

    /// Destroys a child's key: whatever was sealed under it is never opened again. The row stays, naming no master key.
    ///
    /// # Errors
    /// When the database refuses it.
    pub fn destroy_child_key(&self, work: &mut Work<'_>, id: KeyId) -> Result<()> {
        store::destroy(work, id)
    }

    /// Seals a value at its place under a child's key.
    ///
    /// # Errors
    /// When the value can't be written as JSON.
    pub fn seal<T: Serialize>(
        &self,
        key: &ChildKey,
        place: Place,
        value: &T,
        chance: &dyn Chance,
    ) -> Result<Sealed<T>> {
        let plain = Zeroizing::new(serde_json::to_vec(value).map_err(Error::internal)?);
        Ok(Sealed::from_stored(SealedBytes(envelope::seal(&key.bytes, key.id.uuid(), place, &plain, chance)?)))
    }

    /// Opens a sealed value. The pass is a grant; without one nothing opens.
    ///
    /// # Errors
    /// When the envelope was changed, moved or belongs to another key.
    pub fn open<T: DeserializeOwned>(
        &self,
        _pass: &impl MayOpen,
        key: &ChildKey,
        place: Place,
        sealed: &Sealed<T>,
    ) -> Result<T> {
        Self::unseal(key, place, sealed)
    }

    /// Opens a sealed value, for this file alone.
    fn unseal<T: DeserializeOwned>(key: &ChildKey, place: Place, sealed: &Sealed<T>) -> Result<T> {
        let bytes = &sealed.as_stored().0;
        if envelope::key_id(bytes)? != key.id.uuid() {
            return Err(envelope::unreadable());
        }
        let plain = envelope::open(&key.bytes, place, bytes)?;
        serde_json::from_slice(&plain)
            .map_err(|_| Error::internal("a sealed field holds something else than it should"))
    }

    /// Whether something holds of a sealed value: a yes or a no, for a use case that must know and may not read.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn holds<T: DeserializeOwned>(
        &self,
        key: &ChildKey,
        place: Place,
        sealed: &Sealed<T>,
        of: impl FnOnce(&T) -> bool,
    ) -> Result<bool> {
        Ok(of(&Self::unseal(key, place, sealed)?))
    }

    /// Seals our own bytes (a replayed answer) at their place.
    ///
    /// # Errors
    /// When sealing fails.
    pub fn seal_own(&self, place: Place, plain: &[u8], chance: &dyn Chance) -> Result<Vec<u8>> {
        envelope::seal(&self.purposes.system, NO_KEY, place, plain, chance)
    }

    /// Opens what [`Self::seal_own`] sealed.
    ///
    /// # Errors
    /// When the envelope was changed or moved.
    pub fn open_own(&self, place: Place, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        if envelope::key_id(sealed)? != NO_KEY {
            return Err(envelope::unreadable());
        }
        envelope::open(&self.purposes.system, place, sealed)
    }

    /// Seals a value of ours that belongs to no child (a person's second factor) under the system key, at its place.
    ///
    /// # Errors
    /// When the value can't be written as JSON.
    pub fn seal_system<T: Serialize>(&self, place: Place, value: &T, chance: &dyn Chance) -> Result<Sealed<T>> {
        let plain = Zeroizing::new(serde_json::to_vec(value).map_err(Error::internal)?);
        Ok(Sealed::from_stored(SealedBytes(self.seal_own(place, &plain, chance)?)))
    }

    /// Opens what [`Self::seal_system`] sealed. It takes no grant: a second factor is read before anybody is signed in.
    ///
    /// # Errors
    /// When the envelope was changed, moved, or holds something else.
    pub fn open_system<T: DeserializeOwned>(&self, place: Place, sealed: &Sealed<T>) -> Result<T> {
        let plain = self.open_own(place, &sealed.as_stored().0)?;
        serde_json::from_slice(&plain)
            .map_err(|_| Error::internal("a sealed field holds something else than it should"))
    }

    /// A blind index of a value in a named column: equal values, equal indexes; nothing else to learn without the key.
    #[must_use]
    pub fn blind_index(&self, column: &str, value: &str) -> Vec<u8> {
        mac(&self.purposes.index, &[column.as_bytes(), value.as_bytes()]).to_vec()
    }

    /// A short keyed tag over parts, for entity tags: it tells nothing of the version it stands for.
    #[must_use]
    pub fn tag(&self, parts: &[&[u8]]) -> String {
        let mut tag = to_hex(&mac(&self.purposes.tags, parts));
        tag.truncate(24);
        tag
    }
}

/// Wraps a purpose key for its row.
///
/// # Errors
/// When the key service fails.
pub fn wrap_purpose(kek: &dyn Kek, purpose: Purpose, key: &[u8; 32], chance: &dyn Chance) -> Result<SealedBytes> {
    kek.wrap_key(system_place(purpose), key, chance).map(SealedBytes)
}

/// Unwraps the key of a purpose.
///
/// # Errors
/// When it was changed, moved or wrapped by another.
pub fn unwrap_purpose(kek: &dyn Kek, purpose: Purpose, wrapped: &SealedBytes) -> Result<Zeroizing<[u8; 32]>> {
    kek.unwrap_key(system_place(purpose), &wrapped.0)
}

/// The same child's key under another master key. The plain key is in memory for that long and nowhere else.
///
/// # Errors
/// When it does not unwrap.
pub fn rewrap_child(
    from: &dyn Kek,
    to: &dyn Kek,
    id: KeyId,
    wrapped: &SealedBytes,
    chance: &dyn Chance,
) -> Result<SealedBytes> {
    let plain = from.unwrap_key(child_place(id), &wrapped.0)?;
    to.wrap_key(child_place(id), &plain, chance).map(SealedBytes)
}
