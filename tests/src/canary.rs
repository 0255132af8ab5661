//! Planted secrets: words that nothing else contains, found again in whatever dress.

#![expect(clippy::format_collect, clippy::sliced_string_as_bytes, reason = "small texts, made once")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use memchr::memmem;

/// What every planted secret begins with.
pub const STEM: &str = "xqcanari";

/// How many letters after it tell one secret from another.
const LETTERS: usize = 12;

/// A secret no other test has.
#[must_use]
pub fn fresh() -> String {
    let random = uuid::Uuid::from_bytes(dolen_domain::kernel::Chance::bytes(&dolen_domain::kernel::OsChance));
    let letters = random.as_bytes().iter().take(LETTERS).map(|b| char::from(b'a' + b % 26));
    STEM.chars().chain(letters).collect()
}

/// Every secret in a text.
#[must_use]
pub fn all(text: &str) -> Vec<&str> {
    text.match_indices(STEM).map(|(at, _)| text[at..].get(..STEM.len() + LETTERS).unwrap_or(&text[at..])).collect()
}

/// The ways a text can stand in bytes: name and bytes.
#[must_use]
pub fn dresses(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let hex: String = text.bytes().map(|b| format!("{b:02x}")).collect();
    let wide = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect();
    let mut all = vec![
        ("as it is", text.as_bytes().to_vec()),
        ("in upper case", text.to_uppercase().into_bytes()),
        ("in hex", hex.clone().into_bytes()),
        ("in upper hex", hex.to_uppercase().into_bytes()),
        ("in UTF-16LE", wide(u16::to_le_bytes)),
        ("in UTF-16BE", wide(u16::to_be_bytes)),
    ];
    // In base64 it looks different after 0, 1 or 2 other bytes; what its neighbours have a part in is left off.
    for before in 0..3_usize {
        let bytes = [vec![0; before], text.as_bytes().to_vec()].concat();
        let coded = STANDARD.encode(&bytes);
        let (from, to) = ((before * 8).div_ceil(6), bytes.len() * 8 / 6);
        all.push(("in base64", coded[from..to].as_bytes().to_vec()));
    }
    all
}

/// The first of these texts in the bytes, in any dress: what, how, and what stands around it.
#[must_use]
pub fn find(bytes: &[u8], texts: &[&str]) -> Option<String> {
    texts.iter().find_map(|text| {
        dresses(text).into_iter().find_map(|(how, dress)| {
            let at = memmem::find(bytes, &dress)?;
            let around = &bytes[at.saturating_sub(80)..(at + 80).min(bytes.len())];
            Some(format!("{text} {how}: …{}…", String::from_utf8_lossy(around)))
        })
    })
}

/// Every file below a folder that can be read: its path and its bytes.
#[must_use]
pub fn files(folder: &std::path::Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if let Ok(bytes) = std::fs::read(&path) {
            found.push((path.display().to_string(), bytes));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_in_every_dress() {
        let secret = fresh();
        let coded = |before: &str| STANDARD.encode(format!("{before}{secret} and more"));
        let hex: String = secret.bytes().map(|b| format!("{b:02X}")).collect();
        let wide: Vec<u8> = secret.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [
            format!("before {secret} after").into_bytes(),
            coded("").into_bytes(),
            coded("a").into_bytes(),
            coded("ab").into_bytes(),
            coded("abc").into_bytes(),
            hex.into_bytes(),
            [b"\0".as_slice(), &wide].concat(),
        ] {
            assert!(find(&bytes, &[&secret]).is_some(), "{bytes:?}");
            assert!(find(&bytes, &[STEM]).is_some(), "{bytes:?}");
            assert!(find(&bytes, &[&fresh()]).is_none());
        }
        assert_eq!(all(&format!("a {secret}, b")), [secret]);
        assert!(all("canari").is_empty());
    }
}
