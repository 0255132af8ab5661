//! An API client.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::kernel::{ClientId, FaultCode, FreeText, SchoolId, Scopes, Utc};

/// Networks a client may call from; any when there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Networks(Vec<IpNet>);

impl Networks {
    /// The most of them.
    pub const MOST: usize = 50;

    /// Reads networks in CIDR form, or single addresses, separated by spaces.
    ///
    /// # Errors
    /// [`FaultCode::BadFormat`], or [`FaultCode::TooMany`].
    pub fn parse(text: &str) -> Result<Self, FaultCode> {
        Self::read(text.split_ascii_whitespace())
    }

    /// Reads one network from each text.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn read<'a>(texts: impl Iterator<Item = &'a str>) -> Result<Self, FaultCode> {
        let one = |text: &str| {
            let net = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
            // Without its host bits, so that two ways of writing a network are one.
            net.map(|n| n.trunc()).map_err(|_| FaultCode::BadFormat)
        };
        let nets = texts.map(one).collect::<Result<Vec<_>, _>>()?;
        if nets.len() > Self::MOST { Err(FaultCode::TooMany) } else { Ok(Self(nets)) }
    }

    /// A network nobody calls from: the address that is none (RFC 1122 §3.2.1.3).
    #[must_use]
    pub(super) fn nowhere() -> Self {
        Self(vec![IpNet::from(IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED))])
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the address is in one of them.
    #[must_use]
    pub fn has(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|net| net.contains(&address))
    }

    /// Whether a caller from there is let through: from anywhere when there is none, else from one of them.
    #[must_use]
    pub fn admit(&self, address: Option<IpAddr>) -> bool {
        self.is_empty() || address.is_some_and(|a| self.has(a))
    }

    /// Each as text.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        self.0.iter().map(ToString::to_string).collect()
    }
}

impl std::fmt::Display for Networks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.texts().join(" "))
    }
}

/// A client whose secret was right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Its id.
    pub id: ClientId,
    /// Its name.
    pub name: String,
    /// What its tokens may allow.
    pub scopes: Scopes,
    /// Where it may call from.
    pub networks: Networks,
}

/// What a token's client may do now, whatever it could when the token was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientInForce {
    /// What its tokens may allow.
    pub scopes: Scopes,
    /// Where it may call from.
    pub networks: Networks,
}

/// A new client.
#[derive(Debug, Clone)]
pub struct NewClient {
    /// Its name.
    pub name: FreeText<200>,
    /// What its tokens may allow.
    pub scopes: Scopes,
    /// When it stops working, if ever.
    pub expires_at: Option<Utc>,
    /// Where it may call from.
    pub networks: Networks,
}

/// A client as an administrator sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisteredClient {
    /// Its id.
    pub id: ClientId,
    /// Its name.
    pub name: String,
    /// What its tokens may allow.
    pub scopes: Scopes,
    /// Whether it was stopped.
    pub active: bool,
    /// When it stops working.
    pub expires_at: Option<Utc>,
    /// When it was made.
    pub created_at: Utc,
    /// Until when the secret before the present one still works.
    pub old_secret_ends_at: Option<Utc>,
    /// Where it may call from.
    pub networks: Networks,
    /// The schools it is set up to act for, and whether each consents now.
    pub schools: Vec<(SchoolId, bool)>,
}

/// How long the secret before a new one lives on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecretLife {
    /// In hours; none ends it at once.
    pub overlap_hours: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_hold_their_addresses_in_every_dress() {
        let nets = Networks::parse("192.0.2.0/24 2001:db8::/32 198.51.100.7").unwrap();
        assert_eq!(nets.to_string(), "192.0.2.0/24 2001:db8::/32 198.51.100.7/32");
        let has = |text: &str| nets.has(text.parse().unwrap());
        for inside in ["192.0.2.1", "::ffff:192.0.2.1", "2001:db8::5", "198.51.100.7"] {
            assert!(has(inside), "{inside}");
        }
        for outside in ["192.0.3.1", "198.51.100.8", "2001:db9::1", "::1", "::192.0.2.1"] {
            assert!(!has(outside), "{outside}");
        }
        assert!(!nets.admit(None) && Networks::default().admit(None));
        assert_eq!(Networks::parse("192.0.2.9/24"), Networks::parse("192.0.2.0/24"));
        for bad in ["192.0.2.0/33", "x", "192.0.2", "192.0.2.0/24,10.0.0.0/8", "010.0.0.1"] {
            assert_eq!(Networks::parse(bad), Err(FaultCode::BadFormat), "{bad}");
        }
        assert_eq!(Networks::parse(&"10.0.0.1 ".repeat(51)), Err(FaultCode::TooMany));
    }
}
