//! How someone wants to be written to; sets of roles.

use crate::access::Role;
use crate::kernel::{EmailAddress, Error, Lang, Result, text_enum};

text_enum! {
    /// The language someone wants to be written to in.
    pub enum Preference {
        /// Welsh.
        Cy = "cy",
        /// English.
        En = "en",
        /// Both, Welsh first.
        Both = "both",
    }
}

impl Preference {
    /// The languages a message is written in, in order.
    #[must_use]
    pub const fn langs(self) -> &'static [Lang] {
        match self {
            Self::Cy => &[Lang::Cy],
            Self::En => &[Lang::En],
            Self::Both => &[Lang::Cy, Lang::En],
        }
    }

    /// The one language of a page: Welsh for who reads both
    /// (Welsh Language Standards, `No.1` Regulations 2015: no less favourable).
    #[must_use]
    pub const fn lang(self) -> Lang {
        match self {
            Self::Cy | Self::Both => Lang::Cy,
            Self::En => Lang::En,
        }
    }
}

/// Where and in which language a message reaches someone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// The address.
    pub email: EmailAddress,
    /// The language.
    pub lang: Preference,
}

/// A set of roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RoleSet(u64);

impl RoleSet {
    /// Every role there is or will be.
    pub const ALL: Self = Self(u64::MAX);
    /// No role.
    pub const NONE: Self = Self(0);

    /// These roles.
    #[must_use]
    pub fn of(roles: impl IntoIterator<Item = Role>) -> Self {
        Self(roles.into_iter().fold(0, |set, role| set | Self::bit(role)))
    }

    /// Whether the role is among them.
    #[must_use]
    pub const fn has(self, role: Role) -> bool {
        self.0 & Self::bit(role) != 0
    }

    const fn bit(role: Role) -> u64 {
        1 << (role as u8)
    }
}

/// An address as we stored it; it was parsed on its way in.
pub(crate) fn stored_email(text: &str) -> Result<EmailAddress> {
    EmailAddress::parse(text).map_err(|_| Error::internal("a stored e-mail address can't be read"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_what_was_put_in_and_nothing_else() {
        assert!(Role::ALL.len() < 64, "a bit for each role");
        for role in Role::ALL {
            assert!(RoleSet::ALL.has(*role) && !RoleSet::NONE.has(*role));
            for other in Role::ALL {
                assert_eq!(RoleSet::of([*role]).has(*other), role == other);
            }
        }
    }
}
