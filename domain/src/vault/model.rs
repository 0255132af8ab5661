//! What the vault hands out.

use std::marker::PhantomData;

use uuid::Uuid;
use zeroize::Zeroizing;

use crate::db::types::SealedBytes;
use crate::kernel::{KeyId, text_enum};

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

/// A wrapped child's key's place.
pub(super) const fn child_place(id: KeyId) -> Place {
    Place { table: "child_keys", column: "wrapped", row: id.uuid() }
}

/// A wrapped purpose key's place. There is one row for each purpose, so the purpose stands for the row.
pub(super) const fn system_place(purpose: Purpose) -> Place {
    Place { table: "system_keys", column: purpose.as_str(), row: Uuid::nil() }
}

text_enum! {
    /// What a key of ours is for. No key ever serves two. They do not change when a master key does.
    pub enum Purpose {
        /// Our own records: kept answers, second factors.
        System = "system",
        /// Blind indexes.
        Index = "index",
        /// Entity tags and tokens of pages.
        Tags = "tags",
    }
}

/// The key of each purpose, unwrapped. Wiped when dropped; no `Debug` of their bytes.
pub struct PurposeKeys {
    pub(super) system: Zeroizing<[u8; 32]>,
    pub(super) index: Zeroizing<[u8; 32]>,
    pub(super) tags: Zeroizing<[u8; 32]>,
}

impl PurposeKeys {
    /// Takes the key of each purpose.
    #[must_use]
    pub fn new(key: impl Fn(Purpose) -> Zeroizing<[u8; 32]>) -> Self {
        Self { system: key(Purpose::System), index: key(Purpose::Index), tags: key(Purpose::Tags) }
    }
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
