//! The envelope's bytes: `version ‖ algorithm ‖ key id ‖ nonce ‖ ciphertext`.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::kernel::{Chance, Error, Result};

use super::Place;

/// The envelope's version.
const VERSION: u8 = 1;
/// `XChaCha20-Poly1305`: 24-byte nonces may be random without fear of a repeat.
const ALGORITHM: u8 = 1;
/// Bytes before the ciphertext.
const HEADER: usize = 2 + 16 + 24;

/// What is authenticated with the ciphertext: the header and the place, each length-prefixed.
fn bound(header: &[u8], place: Place) -> Vec<u8> {
    let mut aad = b"dolen.envelope.v1".to_vec();
    for part in [header, place.table.as_bytes(), place.column.as_bytes(), place.row.as_bytes()] {
        aad.extend(u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        aad.extend(part);
    }
    aad
}

/// Seals `plain` under `key`.
pub(super) fn seal(key: &[u8; 32], key_id: Uuid, place: Place, plain: &[u8], chance: &dyn Chance) -> Result<Vec<u8>> {
    let mut nonce = [0_u8; 24];
    chance.fill(&mut nonce);
    let mut out = vec![VERSION, ALGORITHM];
    out.extend(key_id.as_bytes());
    let aad = bound(&out, place);
    let cipher = XChaCha20Poly1305::new(key.into());
    let sealed = cipher
        .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: &aad })
        .map_err(|_| Error::internal("sealing failed"))?;
    out.extend(nonce);
    out.extend(sealed);
    Ok(out)
}

/// The key id an envelope names, if its header is one of ours.
pub(super) fn key_id(envelope: &[u8]) -> Result<Uuid> {
    let header = envelope.get(..HEADER).ok_or_else(unreadable)?;
    match header {
        [VERSION, ALGORITHM, rest @ ..] => {
            Uuid::from_slice(rest.get(..16).ok_or_else(unreadable)?).map_err(|_| unreadable())
        }
        _ => Err(unreadable()),
    }
}

/// Opens an envelope at its place.
pub(super) fn open(key: &[u8; 32], place: Place, envelope: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    key_id(envelope)?;
    let (header, sealed) = envelope.split_at_checked(HEADER).ok_or_else(unreadable)?;
    let (named, nonce) = header.split_at_checked(18).ok_or_else(unreadable)?;
    let nonce: [u8; 24] = nonce.try_into().map_err(|_| unreadable())?;
    let aad = bound(named, place);
    XChaCha20Poly1305::new(key.into())
        .decrypt(&XNonce::from(nonce), Payload { msg: sealed, aad: &aad })
        .map(Zeroizing::new)
        .map_err(|_| unreadable())
}

/// One error for every way an envelope can be wrong.
pub(super) fn unreadable() -> Error {
    Error::internal("a sealed field does not open: it was changed, moved or sealed under another key")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::OsChance;

    const PLACE: Place = Place { table: "t", column: "c", row: Uuid::from_u128(1) };

    #[test]
    fn opens_only_whole_in_its_place_and_under_its_key() {
        let key = [7_u8; 32];
        let envelope = seal(&key, Uuid::from_u128(9), PLACE, b"content", &OsChance).unwrap();
        assert_eq!(open(&key, PLACE, &envelope).unwrap().as_slice(), b"content");
        assert!(open(&[8; 32], PLACE, &envelope).is_err());
        for other in
            [Place { row: Uuid::from_u128(2), ..PLACE }, Place { column: "d", ..PLACE }, Place { table: "u", ..PLACE }]
        {
            assert!(open(&key, other, &envelope).is_err());
        }
        for bit in 0..envelope.len() * 8 {
            let mut bad = envelope.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            assert!(open(&key, PLACE, &bad).is_err(), "bit {bit}");
        }
        for len in 0..envelope.len() {
            assert!(open(&key, PLACE, &envelope[..len]).is_err());
        }
    }

    /// An envelope sealed by the first release: it must open for ever.
    #[test]
    fn golden_envelope_opens() {
        let envelope = crate::kernel::from_hex(include_str!("golden/v1.hex").trim()).unwrap();
        assert_eq!(open(&[7; 32], PLACE, &envelope).unwrap().as_slice(), b"the first sealed words");
    }
}
