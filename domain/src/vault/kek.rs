//! Key-encryption keys: what wraps other keys and never enters the database.

use std::fmt;
use std::sync::Arc;

use uuid::Uuid;
use zeroize::Zeroizing;

use crate::kernel::{Chance, Error, Result, from_hex, to_hex};

use super::keys::mac;
use super::{Place, Purpose, envelope};

/// Wraps and unwraps keys. A file or a systemd credential holds one now ([`MasterKey`]); a key service that never gives
/// its key away can be another: it needs an id that never changes and these two calls.
pub trait Kek: Send + Sync {
    /// The id that rows name it by.
    fn id(&self) -> &str;

    /// Wraps a key for its place.
    ///
    /// # Errors
    /// When the key service can't be reached.
    fn wrap_key(&self, place: Place, key: &[u8; 32], chance: &dyn Chance) -> Result<Vec<u8>>;

    /// Unwraps what [`Self::wrap_key`] gave, at the same place.
    ///
    /// # Errors
    /// When the wrapped key was changed, moved, or wrapped by another.
    fn unwrap_key(&self, place: Place, wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>>;

    /// The key of a purpose as the first releases derived it from the one master key there was. What they stored must
    /// be found and read for ever. A key service never served them and has none.
    fn derived(&self, _purpose: Purpose) -> Option<Zeroizing<[u8; 32]>> {
        None
    }
}

/// The id in the header of what a master key seals: no child's key has it.
pub(super) const NO_KEY: Uuid = Uuid::nil();

/// A key-encryption key of 32 bytes, from a file or a credential outside the database.
#[derive(Clone)]
pub struct MasterKey {
    bytes: Zeroizing<[u8; 32]>,
    wrapping: Zeroizing<[u8; 32]>,
    id: String,
}

impl MasterKey {
    /// A key from its bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        let bytes = Zeroizing::new(bytes);
        let mut id = to_hex(derive(&bytes, "id").as_ref());
        id.truncate(16);
        Self { wrapping: derive(&bytes, "wrap"), bytes, id }
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
}

/// A key for one purpose, so that no key ever serves two.
fn derive(master: &[u8; 32], purpose: &str) -> Zeroizing<[u8; 32]> {
    Zeroizing::new(mac(master, &[b"dolen.derive.v1", purpose.as_bytes()]))
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterKey({})", self.id)
    }
}

impl Kek for MasterKey {
    fn id(&self) -> &str {
        &self.id
    }

    fn wrap_key(&self, place: Place, key: &[u8; 32], chance: &dyn Chance) -> Result<Vec<u8>> {
        envelope::seal(&self.wrapping, NO_KEY, place, key, chance)
    }

    fn unwrap_key(&self, place: Place, wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>> {
        if envelope::key_id(wrapped)? != NO_KEY {
            return Err(envelope::unreadable());
        }
        let plain = envelope::open(&self.wrapping, place, wrapped)?;
        let bytes: [u8; 32] = plain.as_slice().try_into().map_err(|_| envelope::unreadable())?;
        Ok(Zeroizing::new(bytes))
    }

    fn derived(&self, purpose: Purpose) -> Option<Zeroizing<[u8; 32]>> {
        Some(derive(&self.bytes, purpose.as_str()))
    }
}

/// The key-encryption keys at hand: one wraps what is new, all of them unwrap what names them.
#[derive(Clone)]
pub struct KeyRing {
    current: Arc<dyn Kek>,
    others: Vec<Arc<dyn Kek>>,
}

impl KeyRing {
    /// A ring. A key given twice counts once.
    #[must_use]
    pub fn new(current: Arc<dyn Kek>, others: Vec<Arc<dyn Kek>>) -> Self {
        let mut kept: Vec<Arc<dyn Kek>> = Vec::new();
        for key in others {
            if key.id() != current.id() && kept.iter().all(|k| k.id() != key.id()) {
                kept.push(key);
            }
        }
        Self { current, others: kept }
    }

    /// The key that wraps what is new.
    #[must_use]
    pub fn current(&self) -> &dyn Kek {
        &*self.current
    }

    /// The ids, the current one first.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.current.id()).chain(self.others.iter().map(|k| k.id()))
    }

    /// The key with this id.
    ///
    /// # Errors
    /// When it is not at hand: the row stays sealed until somebody brings the key.
    pub fn find(&self, id: &str) -> Result<&dyn Kek> {
        let all = std::iter::once(&self.current).chain(&self.others);
        all.map(|k| &**k).find(|k| k.id() == id).ok_or_else(|| {
            Error::internal(format!(
                "a stored key is wrapped under master key {id:?}, which is not at hand: add it to keys.ring"
            ))
        })
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.ids()).finish()
    }
}
