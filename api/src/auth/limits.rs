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

/// Codes typed per minute at one address: a hall of pupils behind one address types far fewer, and at this rate somebody who
/// guesses finds one of 30,000 unspent ones (of more than 10¹¹) in a month at best. Our own proposal.
const CODES_PER_MINUTE: u32 = 120;

fn per_minute(n: u32) -> Quota {
    Quota::per_minute(NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN))
}

impl AttemptLimiter {
    /// So many attempts per minute and address, so many requests per minute and caller.
    #[must_use]
    pub fn new(attempts: u32, requests: u32) -> Self {
        Self {
            attempts: RateLimiter::keyed(per_minute(attempts)),
            requests: RateLimiter::keyed(per_minute(requests)),
            codes: RateLimiter::keyed(per_minute(CODES_PER_MINUTE)),
        }
    }

    /// Counts one attempt from an address.
    ///
    /// # Errors
    /// [`Code::RateLimited`] with when to try again.
    pub fn attempt(&self, from: Option<IpAddr>) -> Result<()> {
        let Some(ip) = from else { return Ok(()) };
        self.attempts.check_key(&ip).map_err(|wait| limited(wait.wait_time_from(DefaultClock::default().now())))
    }

    /// Counts one survey code typed at an address.
    ///
    /// # Errors
    /// [`Code::RateLimited`] with when to try again.
    pub fn code(&self, from: Option<IpAddr>) -> Result<()> {
        let Some(ip) = from else { return Ok(()) };
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

fn limited(wait: std::time::Duration) -> Error {
    Error::new(Code::RateLimited).retry_after(wait.as_secs().max(1))
}
