//! The master key and what is derived from it.

use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::Sha256;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::db::Work;
use crate::db::types::SealedBytes;
use crate::kernel::{Chance, Error, KeyId, Result, from_hex, to_hex};

use super::{ChildKey, MayOpen, Place, Sealed, envelope, store};

/// The key-encryption key: 32 bytes from a file or credential outside the database.
pub struct MasterKey(Zeroizing<[u8; 32]>);

impl MasterKey {
    /// A key from its bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Reads 32 bytes written as 64 hexadecimal digits (white space around is ignored).
    ///
    /// # Errors
    /// When the text is anything else.
    pub fn from_hex(text: &str) -> Result<Self> {
        let bytes = from_hex(text.trim()).and_then(|b| <[u8; 32]>::try_from(b).ok());
        let bytes = bytes.ok_or_else(|| Error::internal("a master key is 64 hexadecimal digits"))?;
        Ok(Self::new(bytes))
    }

    /// A key for one purpose, so that no key ever serves two.
    fn derive(&self, purpose: &str) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(mac(&self.0, &[b"dolen.derive.v1", purpose.as_bytes()]))
    }
}

/// HMAC-SHA-256 over length-prefixed parts.
fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// The id under which our own records (replayed answers) are sealed; no child's key has it.
const SYSTEM_KEY: Uuid = Uuid::nil();

/// Seals, opens and indexes.
pub struct Vault {
    wrapping: Zeroizing<[u8; 32]>,
    system: Zeroizing<[u8; 32]>,
    index: Zeroizing<[u8; 32]>,
    tags: Zeroizing<[u8; 32]>,
    kek_id: String,
}

impl Vault {
    /// A vault over a master key.
    #[must_use]
    pub fn new(master: &MasterKey) -> Self {
        let mut kek_id = to_hex(master.derive("id").as_ref());
        kek_id.truncate(16);
        Self {
            wrapping: master.derive("wrap"),
            system: master.derive("system"),
            index: master.derive("index"),
            tags: master.derive("tags"),
            kek_id,
        }
    }

    /// Makes and stores a new child's key.
    ///
    /// # Errors
    /// When the database refuses it.
    pub fn new_child_key(&self, work: &mut Work<'_>) -> Result<ChildKey> {
        let id = KeyId::from_uuid(work.new_id());
        let mut bytes = Zeroizing::new([0_u8; 32]);
        work.chance().fill(bytes.as_mut());
        let wrapped = envelope::seal(&self.wrapping, SYSTEM_KEY, wrap_place(id), bytes.as_ref(), work.chance())?;
        store::insert(work, id, &self.kek_id, SealedBytes(wrapped))?;
        Ok(ChildKey { id, bytes })
    }

    /// Unwraps a child's key.
    ///
    /// # Errors
    /// When the key was shredded, or was wrapped under another master key.
    pub fn child_key(&self, work: &mut Work<'_>, id: KeyId) -> Result<ChildKey> {
        let wrapped = store::find(work, id)?;
        let plain = envelope::open(&self.wrapping, wrap_place(id), &wrapped.0)?;
        let bytes: [u8; 32] =
            plain.as_slice().try_into().map_err(|_| Error::internal("a child's key has the wrong length"))?;
        Ok(ChildKey { id, bytes: Zeroizing::new(bytes) })
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
        let bytes = &sealed.as_stored().0;
        if envelope::key_id(bytes)? != key.id.uuid() {
            return Err(Error::internal("a sealed field names another child's key"));
        }
        let plain = envelope::open(&key.bytes, place, bytes)?;
        serde_json::from_slice(&plain)
            .map_err(|_| Error::internal("a sealed field holds something else than it should"))
    }

    /// Seals our own bytes (a replayed answer) at their place.
    ///
    /// # Errors
    /// When sealing fails.
    pub fn seal_own(&self, place: Place, plain: &[u8], chance: &dyn Chance) -> Result<Vec<u8>> {
        envelope::seal(&self.system, SYSTEM_KEY, place, plain, chance)
    }

    /// Opens what [`Self::seal_own`] sealed.
    ///
    /// # Errors
    /// When the envelope was changed or moved.
    pub fn open_own(&self, place: Place, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        envelope::open(&self.system, place, sealed)
    }

    /// A blind index of a value in a named column: equal values, equal indexes; nothing else to learn without the key.
    #[must_use]
    pub fn blind_index(&self, column: &str, value: &str) -> Vec<u8> {
        mac(&self.index, &[column.as_bytes(), value.as_bytes()]).to_vec()
    }

    /// A short keyed tag over parts, for entity tags: it tells nothing of the version it stands for.
    #[must_use]
    pub fn tag(&self, parts: &[&[u8]]) -> String {
        let mut tag = to_hex(&mac(&self.tags, parts));
        tag.truncate(24);
        tag
    }
}

/// A wrapped key's place.
const fn wrap_place(id: KeyId) -> Place {
    Place { table: "child_keys", column: "wrapped", row: id.uuid() }
}
