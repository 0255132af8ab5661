//! Text that means something is a type with one way in.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::FaultCode;

/// Normalises text to NFC and trims it. Control characters other than line breaks and tabs are refused
/// (PostgreSQL can't store NUL; the rest is never meant).
///
/// # Errors
/// [`FaultCode::BadCharacter`].
pub fn clean_text(raw: &str) -> Result<String, FaultCode> {
    let text: String = raw.nfc().collect::<String>().trim().to_owned();
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(FaultCode::BadCharacter);
    }
    Ok(text)
}

/// Declares a newtype over a parsed `String` with `parse` as its only way in.
macro_rules! parsed_text {
    ($(#[$m:meta])* $n:ident) => {
        $(#[$m])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $n(String);
        impl $n {
            /// The text as parsed.
            #[must_use]
            pub fn as_str(&self) -> &str { &self.0 }
        }
        impl std::fmt::Display for $n {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(&self.0) }
        }
        impl From<$n> for String { fn from(t: $n) -> Self { t.0 } }
        impl TryFrom<String> for $n {
            type Error = String;
            fn try_from(raw: String) -> Result<Self, Self::Error> {
                Self::parse(&raw).map_err(|code| code.as_str().to_owned())
            }
        }
        impl std::str::FromStr for $n {
            type Err = FaultCode;
            fn from_str(raw: &str) -> Result<Self, Self::Err> { Self::parse(raw) }
        }
    };
}
pub(super) use parsed_text;

parsed_text! {
    /// An e-mail address: one `@`, a dotted domain, no spaces, at most 254 octets (RFC 5321 §4.5.3.1), lower-cased.
    EmailAddress
}

impl EmailAddress {
    /// Reads an address.
    ///
    /// # Errors
    /// [`FaultCode::TooLong`], [`FaultCode::BadFormat`] or [`FaultCode::BadCharacter`].
    pub fn parse(raw: &str) -> Result<Self, FaultCode> {
        let text = clean_text(raw)?.to_lowercase();
        if text.len() > 254 {
            return Err(FaultCode::TooLong);
        }
        let (local, domain) = text.split_once('@').ok_or(FaultCode::BadFormat)?;
        let local_ok = !local.is_empty()
            && local.len() <= 64
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..")
            && local.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c));
        let domain_ok = domain.contains('.')
            && domain.split('.').all(|label| {
                !label.is_empty()
                    && label.len() <= 63
                    && !label.starts_with('-')
                    && !label.ends_with('-')
                    && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            });
        if local_ok && domain_ok { Ok(Self(text)) } else { Err(FaultCode::BadFormat) }
    }
}

parsed_text! {
    /// A school's number: three digits of the authority and four of the establishment
    /// (`facts/domain.md` §9; WSI 2011/1942 names both).
    SchoolNumber
}

impl SchoolNumber {
    /// Reads seven digits; `676/4051` and `676 4051` are read too.
    ///
    /// # Errors
    /// [`FaultCode::BadFormat`].
    pub fn parse(raw: &str) -> Result<Self, FaultCode> {
        let text: String = raw.trim().chars().filter(|c| !matches!(c, '/' | ' ' | '-')).collect();
        if text.len() == 7 && text.chars().all(|c| c.is_ascii_digit()) {
            Ok(Self(text))
        } else {
            Err(FaultCode::BadFormat)
        }
    }

    /// The authority's three digits.
    #[must_use]
    pub fn authority(&self) -> &str {
        self.0.get(..3).unwrap_or_default()
    }
}

/// Free text of 1 to `MAX` characters, NFC, trimmed. No `Debug` output of the content: it may be a child's.
#[derive(Clone, PartialEq, Eq)]
pub struct FreeText<const MAX: usize>(String);

impl<const MAX: usize> FreeText<MAX> {
    /// Reads the text.
    ///
    /// # Errors
    /// [`FaultCode::Missing`] when empty, [`FaultCode::TooLong`] or [`FaultCode::BadCharacter`].
    pub fn parse(raw: &str) -> Result<Self, FaultCode> {
        let text = clean_text(raw)?;
        if text.is_empty() {
            return Err(FaultCode::Missing);
        }
        if text.chars().count() > MAX {
            return Err(FaultCode::TooLong);
        }
        Ok(Self(text))
    }

    /// The text as parsed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> std::fmt::Debug for FreeText<MAX> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FreeText({} bytes)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emails_are_lowered_and_bad_ones_refused() {
        assert_eq!(EmailAddress::parse(" Pen.Ep@LA.example ").unwrap().as_str(), "pen.ep@la.example");
        for bad in [
            "",
            "a",
            "a@b",
            "a@@b.example",
            "a b@c.example",
            "a@b.example\r\nBcc: x@y.example",
            ".a@b.example",
            "a@-b.example",
        ] {
            assert!(EmailAddress::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn school_numbers_have_seven_digits() {
        assert_eq!(SchoolNumber::parse("676/4051").unwrap().as_str(), "6764051");
        assert_eq!(SchoolNumber::parse("6764051").unwrap().authority(), "676");
        for bad in ["", "676405", "67640511", "676405a"] {
            assert!(SchoolNumber::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn text_is_nfc_and_free_of_nul() {
        assert_eq!(clean_text("w\u{302}yr").unwrap(), "ŵyr");
        assert_eq!(clean_text("a\0b"), Err(FaultCode::BadCharacter));
        assert!(FreeText::<3>::parse("abcd").is_err());
        assert_eq!(format!("{:?}", FreeText::<9>::parse("secret").unwrap()), "FreeText(6 bytes)");
    }
}
