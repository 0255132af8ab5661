//! A factor on its way to its owner, and how it stands.

use zeroize::Zeroizing;

use crate::identity::NewSession;
use crate::kernel::{EmailAddress, Utc};

/// A secret shown to its owner while they add it to their app. Not stored in this form, not logged.
#[derive(Clone)]
pub struct Enrolment {
    /// The secret, in base32 (RFC 4648 §6), as apps take it by hand.
    pub secret: Zeroizing<String>,
    /// Whose it is: what the app shows beside the code.
    pub email: EmailAddress,
}

impl std::fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Enrolment")
    }
}

impl Enrolment {
    /// The address a QR code holds (the `otpauth` form that authenticator apps read; the numbers are RFC 6238's defaults).
    #[must_use]
    pub fn uri(&self, issuer: &str) -> Zeroizing<String> {
        let (issuer, email) = (quoted(issuer), quoted(self.email.as_str()));
        Zeroizing::new(format!(
            "otpauth://totp/{issuer}:{email}?secret={}&issuer={issuer}&algorithm=SHA1&digits=6&period=30",
            self.secret.as_str()
        ))
    }
}

/// Percent-encodes all but the unreserved (RFC 3986 §2.3).
fn quoted(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

/// A factor just confirmed: the only time its recovery codes are known here.
#[derive(Debug, Clone)]
pub struct Enrolled {
    /// Ten codes, each good once.
    pub recovery_codes: Vec<String>,
    /// The session under its new id.
    pub session: NewSession,
}

/// How somebody's second factor stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FactorStanding {
    /// Since when it counts; none without one.
    pub confirmed_at: Option<Utc>,
    /// Recovery codes not used yet.
    pub recovery_codes_left: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_reads_the_address_and_nothing_prints_the_secret() {
        let enrolment = Enrolment {
            secret: Zeroizing::new("JBSWY3DPEHPK3PXP".to_owned()),
            email: EmailAddress::parse("dsp+a@school.example").unwrap(),
        };
        assert_eq!(
            enrolment.uri("Dolen Dŵr").as_str(),
            "otpauth://totp/Dolen%20D%C5%B5r:dsp%2Ba%40school.example?secret=JBSWY3DPEHPK3PXP&issuer=Dolen%20D%C5%B5r\
             &algorithm=SHA1&digits=6&period=30"
        );
        assert_eq!(format!("{enrolment:?}"), "Enrolment");
    }
}
