//! The reference people quote on the telephone: `DL-7K4Q-2M9X`.

use super::text::parsed_text;
use super::{Chance, FaultCode};
use serde::{Deserialize, Serialize};

parsed_text! {
    /// A record's public reference: `DL-` and seven random letters or digits with a check character, in two groups.
    /// It says nothing of the record's kind, school or order, so it may stand in an e-mail.
    Reference
}

/// No vowels (no words), and none of `0 1 L O I S Z 2 5` pairs that are misread: 24 characters.
const ALPHABET: &[u8; 24] = b"3467BCDFGHJKMNPQRTVWXY89";

/// The check character: a weighted sum, so that one wrong or two swapped characters are noticed.
fn check(body: &[u8]) -> u8 {
    let sum: usize = body
        .iter()
        .enumerate()
        .map(|(i, c)| {
            ALPHABET.iter().position(|a| a == c).unwrap_or(0) * [1, 5, 7, 11, 13, 17, 19].get(i).copied().unwrap_or(1)
        })
        .sum();
    ALPHABET.get(sum % 24).copied().unwrap_or(b'3')
}

impl Reference {
    /// A fresh random reference. Uniqueness is the table's constraint; a clash is tried again by the caller's retry.
    pub fn random(chance: &dyn Chance) -> Self {
        let mut raw = [0_u8; 7];
        chance.fill(&mut raw);
        let body: Vec<u8> = raw.iter().map(|b| ALPHABET.get(usize::from(*b) % 24).copied().unwrap_or(b'3')).collect();
        let mut text = String::from("DL-");
        for (i, c) in body.iter().chain(std::iter::once(&check(&body))).enumerate() {
            if i == 4 {
                text.push('-');
            }
            text.push(char::from(*c));
        }
        Self(text)
    }

    /// Reads a reference as people type it: any case, with or without hyphens or spaces.
    ///
    /// # Errors
    /// [`FaultCode::BadFormat`] when a character is not one of ours or the check fails.
    pub fn parse(raw: &str) -> Result<Self, FaultCode> {
        let flat: Vec<u8> = raw.bytes().filter(|b| !matches!(b, b'-' | b' ')).map(|b| b.to_ascii_uppercase()).collect();
        let body = flat.strip_prefix(b"DL").filter(|b| b.len() == 8).ok_or(FaultCode::BadFormat)?;
        if body.iter().any(|c| !ALPHABET.contains(c)) {
            return Err(FaultCode::BadFormat);
        }
        let (head, last) = body.split_at(7);
        if last != [check(head)] {
            return Err(FaultCode::BadFormat);
        }
        let text: String = body.iter().map(|b| char::from(*b)).collect();
        let (a, b) = text.split_at(4);
        Ok(Self(format!("DL-{a}-{b}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::FixedChance;

    #[test]
    fn round_trips_and_notices_slips() {
        let chance = FixedChance::seeded(7);
        for _ in 0..500 {
            let reference = Reference::random(&chance);
            assert_eq!(Reference::parse(&reference.as_str().to_lowercase().replace('-', " ")).unwrap(), reference);
        }
        let text = Reference::random(&chance).to_string();
        for i in 3..text.len() {
            for c in ALPHABET {
                let mut wrong = text.clone().into_bytes();
                if wrong[i] == b'-' || wrong[i] == *c {
                    continue;
                }
                wrong[i] = *c;
                // The weights 1, 5, 7, 11, 13, 17 and 19 are units modulo 24, so every single slip shows.
                assert!(Reference::parse(std::str::from_utf8(&wrong).unwrap()).is_err());
            }
        }
    }
}
