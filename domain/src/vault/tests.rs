//! What every past format was, and what an envelope must withstand.

use std::collections::HashSet;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use uuid::Uuid;

use super::model::child_place;
use super::*;
use crate::access::test_grant;
use crate::db::types::SealedBytes;
use crate::kernel::{Error, FixedChance, KeyId, OsChance, from_hex, to_hex};

const PLACE: Place = Place { table: "t", column: "c", row: Uuid::from_u128(1) };

fn golden(name: &str) -> String {
    let text = include_str!("golden/v1-vault.txt");
    let line = text.lines().find_map(|l| l.strip_prefix(name)?.strip_prefix(" = "));
    line.unwrap_or_else(|| panic!("no golden {name}")).to_owned()
}

fn golden_bytes(name: &str) -> Vec<u8> {
    from_hex(&golden(name)).unwrap()
}

struct Pass;
impl MayOpen for Pass {}
