//! What the vault hands out.

use std::marker::PhantomData;

use uuid::Uuid;
use zeroize::Zeroizing;

use crate::db::types::SealedBytes;
use crate::kernel::KeyId;

/// Where an envelope belongs. It is bound in, so an envelope moved to another row, column or table does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Table.
    pub table: &'static str,
    /// Column.
    pub column: &'static str,
    /// The row's id.
    pub row: Uuid,
}

/// A child's data key, unwrapped for one use. Wiped when dropped; no `Debug` of its bytes.
pub struct ChildKey {
    pub(super) id: KeyId,
    pub(super) bytes: Zeroizing<[u8; 32]>,
}

impl ChildKey {
    /// The key's id, as stored beside what it seals.
    #[must_use]
    pub const fn id(&self) -> KeyId {
        self.id
    }
}

/// A sealed value of type `T`: neither `Debug` of the content nor `Serialize`. Only the vault opens it, with a pass.
pub struct Sealed<T> {
    bytes: SealedBytes,
    of: PhantomData<fn() -> T>,
}

impl<T> Sealed<T> {
    /// A sealed value as it was stored.
    #[must_use]
    pub const fn from_stored(bytes: SealedBytes) -> Self {
        Self { bytes, of: PhantomData }
    }

    /// The bytes to store.
    #[must_use]
    pub const fn as_stored(&self) -> &SealedBytes {
        &self.bytes
    }

    /// The bytes to store, by value.
    #[must_use]
    pub fn into_stored(self) -> SealedBytes {
        self.bytes
    }
}

impl<T> Clone for Sealed<T> {
    fn clone(&self) -> Self {
        Self { bytes: self.bytes.clone(), of: PhantomData }
    }
}

impl<T> std::fmt::Debug for Sealed<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.bytes.fmt(f)
    }
}

/// A proof that the caller may open what is sealed. `access::Grant` is the only implementor; a test says so.
pub trait MayOpen {}
