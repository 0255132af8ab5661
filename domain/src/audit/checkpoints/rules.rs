//! A checkpoint's bytes, its signature and its line in the file. Pure.

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::kernel::{Error, Result, Utc, from_hex, to_hex};

use super::Checkpoint;

/// What is signed: a domain tag and every field, each with its length.
fn message(checkpoint: &Checkpoint) -> Vec<u8> {
    let mut out = Vec::new();
    let mut part = |bytes: &[u8]| {
        out.extend(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
        out.extend(bytes);
    };
    part(b"dolen.checkpoint.v1");
    part(&checkpoint.chain);
    part(&checkpoint.number.to_be_bytes());
    part(&checkpoint.size.to_be_bytes());
    part(&checkpoint.head);
    part(&checkpoint.at.micros().to_be_bytes());
    part(&checkpoint.previous);
    out
}

/// The digest that the next checkpoint names.
pub(super) fn digest(checkpoint: &Checkpoint) -> [u8; 32] {
    Sha256::digest(message(checkpoint)).into()
}

/// A public key's short name.
fn key_id(public: &[u8]) -> String {
    let mut id = to_hex(&Sha256::digest(public));
    id.truncate(16);
    id
}

/// The private half: signs checkpoints and nothing else.
pub struct Signer {
    pair: Ed25519KeyPair,
}

impl Signer {
    /// From a seed of 64 hexadecimal digits.
    ///
    /// # Errors
    /// When the text is anything else.
    pub fn from_hex(text: &str) -> Result<Self> {
        let bad = || Error::internal("keys.checkpoint is 64 hexadecimal digits: run `dolen keys new`");
        let seed = from_hex(text.trim()).filter(|b| b.len() == 32).ok_or_else(bad)?;
        Ok(Self { pair: Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_| bad())? })
    }

    /// The public half, as whoever verifies is given it.
    #[must_use]
    pub fn public_hex(&self) -> String {
        to_hex(self.pair.public_key().as_ref())
    }

    /// The line of a checkpoint.
    pub(super) fn line(&self, checkpoint: &Checkpoint) -> Result<String> {
        let line = Line {
            kind: KIND.to_owned(),
            chain: to_hex(&checkpoint.chain),
            number: checkpoint.number,
            size: checkpoint.size,
            head: to_hex(&checkpoint.head),
            at: checkpoint.at.micros(),
            previous: to_hex(&checkpoint.previous),
            key: key_id(self.pair.public_key().as_ref()),
            signature: to_hex(self.pair.sign(&message(checkpoint)).as_ref()),
        };
        serde_json::to_string(&line).map_err(Error::internal)
    }
}

/// The word every line begins with.
const KIND: &str = "dolen.checkpoint.v1";

/// A line of the file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    kind: String,
    chain: String,
    number: i64,
    size: i64,
    head: String,
    /// Microseconds since 1970, in UTC.
    at: i64,
    previous: String,
    key: String,
    signature: String,
}

/// The public halves that are trusted: more than one after a checkpoint key was changed.
#[derive(Debug, Clone)]
pub struct PublicKeys(Vec<Vec<u8>>);

impl PublicKeys {
    /// Keys of 64 hexadecimal digits, separated by white space; lines that begin with `#` are passed over.
    ///
    /// # Errors
    /// When a word is anything else, or there is none.
    pub fn parse(text: &str) -> Result<Self> {
        let words = text.lines().filter(|l| !l.trim_start().starts_with('#')).flat_map(str::split_whitespace);
        let keys: Option<Vec<Vec<u8>>> = words.map(|w| from_hex(w).filter(|b| b.len() == 32)).collect();
        let keys = keys.filter(|k| !k.is_empty());
        keys.map(Self).ok_or_else(|| Error::internal("a public key is 64 hexadecimal digits"))
    }

    fn accept(&self, message: &[u8], signature: &[u8]) -> bool {
        self.0.iter().any(|key| UnparsedPublicKey::new(&ED25519, key).verify(message, signature).is_ok())
    }
}

/// Reads a line without asking for its signature.
#[must_use]
pub fn parse(line: &str) -> Option<Checkpoint> {
    read(line).map(|(checkpoint, _)| checkpoint)
}

/// Reads a line and its signature.
fn read(line: &str) -> Option<(Checkpoint, Vec<u8>)> {
    let line: Line = serde_json::from_str(line).ok()?;
    let bytes = |hex: &str| from_hex(hex).and_then(|b| <[u8; 32]>::try_from(b).ok());
    let checkpoint = Checkpoint {
        chain: bytes(&line.chain)?,
        number: line.number,
        size: line.size,
        head: bytes(&line.head)?,
        at: Utc::try_from_micros(line.at)?,
        previous: bytes(&line.previous)?,
    };
    (line.kind == KIND).then_some((checkpoint, from_hex(&line.signature)?))
}

/// The checkpoints of these lines in their order, or the number of the first that is wrong and how.
pub(super) fn checked(lines: &[String], keys: &PublicKeys) -> Result<Vec<Checkpoint>, (i64, &'static str)> {
    let mut all: Vec<Checkpoint> = Vec::new();
    for (line, at) in lines.iter().zip(1_i64..) {
        let Some((checkpoint, signature)) = read(line) else { return Err((at, "this line is no checkpoint")) };
        if !keys.accept(&message(&checkpoint), &signature) {
            return Err((checkpoint.number, "its signature is not of the key given"));
        }
        // Two workers over one folder may both have written it.
        if !all.contains(&checkpoint) {
            all.push(checkpoint);
        }
    }
    all.sort_by_key(|c| c.number);
    let mut before: Option<&Checkpoint> = None;
    for (checkpoint, number) in all.iter().zip(1_i64..) {
        if checkpoint.number < number {
            return Err((checkpoint.number, "two checkpoints have this number: a restored copy went on signing"));
        }
        if checkpoint.number > number {
            return Err((number, "this checkpoint was taken away"));
        }
        let (previous, size, chain) = before.map_or(([0; 32], 0, checkpoint.chain), |b| (digest(b), b.size, b.chain));
        if checkpoint.previous != previous || checkpoint.size < size || checkpoint.chain != chain {
            return Err((number, "it does not follow the checkpoint before it"));
        }
        before = Some(checkpoint);
    }
    Ok(all)
}
