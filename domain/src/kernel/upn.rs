//! Unique pupil numbers.

use serde::{Deserialize, Serialize};

use super::FaultCode;
use super::text::parsed_text;

parsed_text! {
    /// A unique pupil number: 13 characters, check letter first
    /// (GDSC `UniquePupilNumber` 2.0; rules 1510, 1540 and 1550; `facts/domain.md` §9).
    Upn
}

/// The check letters: no I, O or S.
const LETTERS: &[u8; 23] = b"ABCDEFGHJKLMNPQRTUVWXYZ";

impl Upn {
    /// Reads a permanent UPN, or a temporary one that ends in a letter.
    ///
    /// # Errors
    /// [`FaultCode::BadFormat`] or [`FaultCode::BadCheckLetter`].
    pub fn parse(raw: &str) -> Result<Self, FaultCode> {
        let text = raw.trim().to_ascii_uppercase();
        let bytes = text.as_bytes();
        let (Some((&check, rest)), 13) = (bytes.split_first(), bytes.len()) else {
            return Err(FaultCode::BadFormat);
        };
        let mut sum = 0_usize;
        for (i, &c) in rest.iter().enumerate() {
            let last = i == 11;
            let value = match c {
                b'0'..=b'9' => usize::from(c - b'0'),
                _ if last => LETTERS.iter().position(|&l| l == c).ok_or(FaultCode::BadFormat)?,
                _ => return Err(FaultCode::BadFormat),
            };
            sum += value * (i + 2);
        }
        match LETTERS.get(sum % 23) {
            Some(&letter) if letter == check => Ok(Self(text)),
            _ => Err(FaultCode::BadCheckLetter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vectors of `facts/domain.md` §9, among them the published example that is wrong.
    #[test]
    fn vectors() {
        for good in [
            "B801200005001",
            "R674123101121",
            "H243278544154",
            "X845212818005",
            "L676400024001",
            "X67640002400A",
            "P207000016049",
        ] {
            assert!(Upn::parse(good).is_ok(), "{good}");
        }
        assert_eq!(Upn::parse("R247962919251"), Err(FaultCode::BadCheckLetter));
        assert_eq!(Upn::parse("Q207000016049"), Err(FaultCode::BadCheckLetter));
        for bad in ["", "A12", "P20700001604S", "P2070000160490", "éééééééééé123"] {
            assert!(Upn::parse(bad).is_err(), "{bad}");
        }
    }
}
