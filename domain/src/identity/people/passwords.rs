//! Passwords: argon2id, slow on purpose, so run it outside the transaction.

use argon2::password_hash::phc::PasswordHash as Phc;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::kernel::{Chance, Error, FaultCode, Result};

/// Argon2id with 19 MiB, two passes, one lane: the floor of `facts/reliability.md` D13.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// The fewest characters of a password.
pub const SHORTEST: usize = 12;
/// The most bytes of one: more is no safer, and hashing it costs.
const LONGEST: usize = 1024;

/// A hash no password has, of the same cost as a real one.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$ZG9sZW4ubm9ib2R5LjE$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A password's hash, as a PHC string. Only [`hash_password`] and the table make one.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(pub(super) String);

impl PasswordHash {
    /// The PHC string.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash")
    }
}

/// One form for what two keyboards write in two ways, such as a circumflex (NIST SP 800-63B §5.1.1.2: NFKC).
fn normal(password: &str) -> Zeroizing<String> {
    Zeroizing::new(password.nfkc().collect())
}

fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|e| Error::internal(e.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Hashes a new password. Pure but for the salt, and slow: call it before the transaction.
///
/// # Errors
/// [`FaultCode::TooShort`] under 12 characters, [`FaultCode::TooLong`] over 1,024 bytes, at `/password`.
pub fn hash_password(password: &str, chance: &dyn Chance) -> Result<PasswordHash> {
    let password = normal(password);
    if password.chars().count() < SHORTEST {
        return Err(Error::fault("/password", FaultCode::TooShort));
    }
    if password.len() > LONGEST {
        return Err(Error::fault("/password", FaultCode::TooLong));
    }
    let mut salt = [0_u8; 16];
    chance.fill(&mut salt);
    let hash: Phc = argon2()?
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map_err(|_| Error::internal("a password could not be hashed"))?;
    Ok(PasswordHash(hash.to_string()))
}

/// Whether the password is the one of the hash. Without a hash (an unknown e-mail, a person without a password) it takes
/// as long and says no, so that time tells nobody which addresses are known.
#[must_use]
pub fn verify_password(hash: Option<&PasswordHash>, password: &str) -> bool {
    let known = hash.is_some();
    // Longer than any password set here, so it can't be right; hash its start only, to take as long as any other.
    let fits = password.len() <= LONGEST;
    let password = normal(if fits { password } else { "too long" });
    let text = hash.map_or(NOBODY, |h| h.0.as_str());
    let (Ok(argon2), Ok(phc)) = (argon2(), Phc::new(text)) else {
        return false;
    };
    argon2.verify_password(password.as_bytes(), &phc).is_ok() && known && fits
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::kernel::FixedChance;

    #[test]
    fn the_right_password_and_no_other() {
        let chance = FixedChance::seeded(5);
        let hash = hash_password("ceffyl dŵr glas", &chance).unwrap();
        assert!(hash.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify_password(Some(&hash), "ceffyl dw\u{302}r glas"), "the same in decomposed letters");
        assert!(!verify_password(Some(&hash), "ceffyl dwr glas"));
        assert!(!verify_password(None, "ceffyl dŵr glas"));
        assert_ne!(hash, hash_password("ceffyl dŵr glas", &chance).unwrap(), "a salt of its own");
        assert_eq!(format!("{hash:?}"), "PasswordHash");
    }

    #[test]
    fn length_is_checked() {
        let chance = FixedChance::seeded(5);
        let code = |password: &str| hash_password(password, &chance).unwrap_err().faults[0].code;
        assert_eq!(code("elevenchars"), FaultCode::TooShort);
        assert_eq!(code(&"a".repeat(1025)), FaultCode::TooLong);
    }

    #[test]
    fn an_unknown_address_costs_a_hash_too() {
        // The stand-in costs what a real hash costs: the same algorithm and parameters, read from its text.
        let real = hash_password("twelve chars", &FixedChance::seeded(5)).unwrap();
        let cost = |text: &str| text.rsplitn(3, '$').nth(2).map(str::to_owned);
        assert_eq!(cost(NOBODY), cost(real.as_str()));
        assert!(Phc::new(NOBODY).is_ok());
        let time = |hash: Option<&PasswordHash>| {
            let start = Instant::now();
            assert!(!verify_password(hash, "wrong password"));
            start.elapsed()
        };
        let (known, unknown) = (time(Some(&real)), time(None));
        assert!(unknown * 4 > known, "{unknown:?} for nobody against {known:?} for somebody");
    }
}
