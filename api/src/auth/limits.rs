//! How often: sign-in attempts per address, requests per caller.

use std::net::IpAddr;
use std::num::NonZeroU32;

use dolen_domain::kernel::{Code, Error, Result};
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

/// Three limiters: attempts and survey codes by address, requests by caller. They are kept in memory, and nowhere else.
pub struct AttemptLimiter {
    attempts: DefaultKeyedRateLimiter<IpAddr>,
    requests: DefaultKeyedRateLimiter<String>,
    codes: DefaultKeyedRateLimiter<IpAddr>,
}

fn per_minute(n: u32) -> Quota {
    Quota::per_minute(NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN))
}

impl AttemptLimiter {
    /// So many attempts per minute and address, so many requests per minute and caller, so many codes per minute and address.
    #[must_use]
    pub fn new(attempts: u32, requests: u32, codes: u32) -> Self {
        Self {
            attempts: RateLimiter::keyed(per_minute(attempts)),
            requests: RateLimiter::keyed(per_minute(requests)),
            codes: RateLimiter::keyed(per_minute(codes)),
        }
    }

    /// Counts one attempt from an address.
    ///
    /// # Errors
    /// [`Code::RateLimited`] with when to try again.
    pub fn attempt(&self, from: Option<IpAddr>) -> Result<()> {
        let Some(ip) = from.map(network) else { return Ok(()) };
        self.attempts.check_key(&ip).map_err(|wait| limited(wait.wait_time_from(DefaultClock::default().now())))
    }

    /// Counts one survey code typed at an address.
    ///
    /// # Errors
    /// [`Code::RateLimited`] with when to try again.
    pub fn code(&self, from: Option<IpAddr>) -> Result<()> {
        let Some(ip) = from.map(network) else { return Ok(()) };
        self.codes.check_key(&ip).map_err(|wait| limited(wait.wait_time_from(DefaultClock::default().now())))
    }

    /// Counts one request of a caller.
    ///
    /// # Errors
    /// [`Code::RateLimited`] with when to try again.
    pub fn request(&self, caller: &str) -> Result<()> {
        self.requests
            .check_key(&caller.to_owned())
            .map_err(|wait| limited(wait.wait_time_from(DefaultClock::default().now())))
    }

    /// Forgets addresses and callers that have been quiet; the worker calls it now and then.
    pub fn forget_quiet(&self) {
        self.attempts.retain_recent();
        self.codes.retain_recent();
        self.requests.retain_recent();
    }
}

/// Where an address is from: who has one of IPv6 has 2⁶⁴ of them, so that half counts as one.
fn network(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(_) => ip,
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() & !u128::from(u64::MAX)).into()),
    }
}

fn limited(wait: std::time::Duration) -> Error {
    Error::new(Code::RateLimited).retry_after(wait.as_secs().max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_host_of_ipv6_is_one_however_many_addresses_it_has() {
        let limits = AttemptLimiter::new(2, 2, 2);
        let at = |text: &str| Some(text.parse().unwrap());
        for address in ["2001:db8::1", "2001:db8::2"] {
            assert!(limits.code(at(address)).is_ok() && limits.attempt(at(address)).is_ok());
        }
        assert!(limits.code(at("2001:db8::3")).is_err() && limits.attempt(at("2001:db8::3")).is_err());
        assert!(limits.code(at("2001:db8:0:1::1")).is_ok() && limits.code(at("192.0.2.1")).is_ok());
        assert!(limits.code(at("192.0.2.2")).is_ok());
    }
}
