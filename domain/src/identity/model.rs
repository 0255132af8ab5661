//! How someone wants to be written to.

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

/// An address as we stored it; it was parsed on its way in.
pub(crate) fn stored_email(text: &str) -> Result<EmailAddress> {
    EmailAddress::parse(text).map_err(|_| Error::internal("a stored e-mail address can't be read"))
}
