//! Which code is right, once. Pure.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use totp_rs::{Algorithm, Builder, Secret, Totp};
use zeroize::Zeroizing;

use crate::kernel::{Chance, PersonId, Utc};

/// A code is shown for so many seconds (RFC 6238 §5.2, the recommended step).
const STEP_SECONDS: u64 = 30;
/// A clock may be off by so many steps either way (RFC 6238 §5.2 allows for the network and the typing).
const DRIFT: i64 = 1;
/// Recovery codes in a set.
pub(super) const RECOVERY_CODES: usize = 10;
/// Letters of a recovery code: 80 bits in base32.
const RECOVERY_LETTERS: usize = 16;

/// A secret shared with an authenticator app: 160 bits (RFC 4226 §4, R6). Wiped when dropped.
#[derive(Clone)]
pub struct TotpSecret(Zeroizing<Vec<u8>>);

impl TotpSecret {
    /// A fresh one.
    pub(super) fn random(chance: &dyn Chance) -> Self {
        let mut bytes = Zeroizing::new(vec![0_u8; 20]);
        chance.fill(&mut bytes);
        Self(bytes)
    }

    /// One from its bytes: out of the vault, or known beforehand (the demo, tests).
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self(Zeroizing::new(bytes.to_vec()))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// As apps take it by hand (RFC 4648 §6).
    #[must_use]
    pub fn base32(&self) -> Zeroizing<String> {
        Zeroizing::new(Secret::from(self.0.to_vec()).to_base32())
    }

    fn totp(&self) -> Totp {
        Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_skew(0)
            .with_step_duration(STEP_SECONDS)
            .with_secret(self.0.to_vec())
            .build_noncompliant()
    }
}

/// The step an instant belongs to.
#[must_use]
pub fn step_of(at: Utc) -> i64 {
    at.micros().div_euclid(1_000_000).div_euclid(STEP_SECONDS.cast_signed())
}

/// The code of a step: what the app shows then. For the demo's pages and for tests.
#[must_use]
pub fn code_at(secret: &TotpSecret, step: i64) -> String {
    let seconds = u64::try_from(step).unwrap_or_default().saturating_mul(STEP_SECONDS);
    secret.totp().generate(seconds).to_string()
}

/// The step whose code this is, among those near now and after the last one used.
pub(super) fn matching_step(secret: &TotpSecret, code: &str, now: Utc, last: i64) -> Option<i64> {
    let step = step_of(now);
    // All are compared, and each in constant time, whatever the first says.
    let found = (step - DRIFT..=step + DRIFT).filter(|s| {
        let same: bool = code_at(secret, *s).as_bytes().ct_eq(code.as_bytes()).into();
        same && *s > last
    });
    found.fold(None, |first, s| first.or(Some(s)))
}

/// What somebody typed where a code is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Typed {
    /// Six digits: of the app.
    Code(String),
    /// Sixteen letters and digits: a recovery code.
    Recovery(String),
    /// Neither.
    Neither,
}

/// Reads what somebody typed: spaces, hyphens and case don't matter.
pub(super) fn typed(text: &str) -> Typed {
    if text.len() > 64 {
        return Typed::Neither;
    }
    let flat: String =
        text.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()).collect();
    let base32 = |c: char| c.is_ascii_uppercase() || ('2'..='7').contains(&c);
    if flat.len() == 6 && flat.bytes().all(|b| b.is_ascii_digit()) {
        Typed::Code(flat)
    } else if flat.len() == RECOVERY_LETTERS && flat.chars().all(base32) {
        Typed::Recovery(flat)
    } else {
        Typed::Neither
    }
}

/// A fresh recovery code, as it is shown: `ABCD-EFGH-IJKL-MNOP`.
pub(super) fn recovery_code(chance: &dyn Chance) -> String {
    let mut bytes = Zeroizing::new(vec![0_u8; 10]);
    chance.fill(&mut bytes);
    let letters = Zeroizing::new(Secret::from(bytes.to_vec()).to_base32());
    let letters: Vec<char> = letters.chars().collect();
    letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// What is stored of a recovery code. A plain SHA-256 is enough: 80 random bits can't be guessed from it. Bound to its
/// person, so that equal rows of two people would mean nothing.
pub(super) fn recovery_digest(person: PersonId, code: &str) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(b"dolen.recovery.v1");
    hash.update(person.uuid().as_bytes());
    hash.update(code.as_bytes());
    hash.finalize().to_vec()
}

/// The stored digest that is this one. All are compared, each in constant time.
pub(super) fn same_digest<'d>(stored: &'d [Vec<u8>], given: &[u8]) -> Option<&'d Vec<u8>> {
    stored.iter().filter(|s| s.as_slice().ct_eq(given).into()).fold(None, |first, s| first.or(Some(s)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::FixedChance;

    fn at(seconds: i64) -> Utc {
        Utc::from_micros(seconds * 1_000_000)
    }

    /// RFC 6238, appendix B, SHA-1: the last six of its eight digits.
    #[test]
    fn the_codes_are_those_of_the_rfc() {
        let secret = TotpSecret::from_bytes(b"12345678901234567890");
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code_at(&secret, step_of(at(seconds))), code);
            assert_eq!(matching_step(&secret, code, at(seconds), 0), Some(step_of(at(seconds))));
        }
    }

    #[test]
    fn a_step_either_way_is_taken_once_and_no_other() {
        let secret = TotpSecret::from_bytes(b"12345678901234567890");
        let now = at(1_234_567_890);
        let step = step_of(now);
        for (offset, taken) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            let code = code_at(&secret, step + offset);
            assert_eq!(matching_step(&secret, &code, now, 0), taken.then_some(step + offset), "{offset}");
            assert_eq!(matching_step(&secret, &code, now, step + offset), None, "used already");
        }
        assert_eq!(matching_step(&secret, &code_at(&secret, step - 1), now, step), None, "older than the one used");
        assert_eq!(matching_step(&secret, "", now, 0), None);
        assert_eq!(matching_step(&TotpSecret::from_bytes(b"another secret 34567"), "005924", now, 0), None);
    }

    #[test]
    fn what_is_typed_is_read_kindly() {
        assert_eq!(typed(" 123 456\n"), Typed::Code("123456".to_owned()));
        assert_eq!(typed("abcd-efgh-ijkl-mn27"), Typed::Recovery("ABCDEFGHIJKLMN27".to_owned()));
        for neither in ["", "12345", "1234567", "１２３４５６", "ABCD-EFGH-IJKL-MN18", &"1 ".repeat(100)] {
            assert_eq!(typed(neither), Typed::Neither, "{neither}");
        }
    }

    #[test]
    fn recovery_codes_are_eighty_bits_and_only_digests_are_compared() {
        let chance = FixedChance::seeded(8);
        let (one, two) = (recovery_code(&chance), recovery_code(&chance));
        assert_ne!(one, two);
        assert_eq!(one.len(), 19);
        let (a, b) = (PersonId::from_uuid(uuid::Uuid::from_u128(1)), PersonId::from_uuid(uuid::Uuid::from_u128(2)));
        let Typed::Recovery(flat) = typed(&one.to_lowercase()) else { panic!("{one}") };
        let stored = vec![recovery_digest(a, "OTHER"), recovery_digest(a, &flat)];
        assert_eq!(same_digest(&stored, &recovery_digest(a, &flat)), Some(&stored[1]));
        assert_eq!(same_digest(&stored, &recovery_digest(b, &flat)), None, "somebody else's");
    }
}
