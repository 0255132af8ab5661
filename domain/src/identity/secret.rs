//! Tokens and secrets that are shown once and stored as a digest.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::kernel::Chance;

/// A token or secret on its way to the one who holds it: 32 random bytes as base64url, perhaps after a visible prefix.
/// Never stored, never logged; wiped when dropped.
#[derive(Clone)]
pub struct SecretToken(Zeroizing<String>);

impl SecretToken {
    /// A fresh one.
    pub(super) fn random(prefix: &str, chance: &dyn Chance) -> Self {
        let mut raw = Zeroizing::new([0_u8; 32]);
        chance.fill(raw.as_mut_slice());
        Self(Zeroizing::new(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(raw.as_slice()))))
    }

    /// One that came back from the one who holds it.
    pub(super) fn known(text: &str) -> Self {
        Self(Zeroizing::new(text.to_owned()))
    }

    /// The text, to be shown or sent once.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for SecretToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretToken")
    }
}

/// What is stored of a token. A plain SHA-256 is enough: 256 random bits can't be guessed from it.
pub(super) fn digest(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::FixedChance;

    #[test]
    fn tokens_hold_32_bytes_and_do_not_print() {
        let chance = FixedChance::seeded(3);
        let (one, two) = (SecretToken::random("dolen_", &chance), SecretToken::random("dolen_", &chance));
        assert_ne!(one.reveal(), two.reveal());
        let raw = URL_SAFE_NO_PAD.decode(one.reveal().strip_prefix("dolen_").unwrap()).unwrap();
        assert_eq!(raw.len(), 32);
        assert_eq!(format!("{one:?}"), "SecretToken");
        assert_eq!(digest(one.reveal()).len(), 32);
    }
}
