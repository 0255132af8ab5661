//! What a client may be given. Pure.

use crate::access::Action;
use crate::kernel::{FaultCode, Scopes, Utc};

/// The longest a replaced secret lives on, in hours: thirty days, for a supplier with many schools to go round.
pub(super) const LONGEST_OVERLAP_HOURS: u32 = 720;

/// Every scope must be one some action needs.
pub(super) fn check_scopes(scopes: &Scopes) -> Result<(), FaultCode> {
    if scopes.is_empty() {
        return Err(FaultCode::Missing);
    }
    let known = |scope: &str| Action::ALL.iter().any(|a| a.scope() == Some(scope));
    if scopes.to_string().split(' ').all(known) { Ok(()) } else { Err(FaultCode::NotInList) }
}

/// An end must lie ahead.
pub(super) fn check_expiry(expires_at: Option<Utc>, now: Utc) -> Result<(), FaultCode> {
    if expires_at.is_some_and(|at| at <= now) { Err(FaultCode::DateOutOfRange) } else { Ok(()) }
}

/// A secret lives on for so long at most.
pub(super) fn check_overlap(hours: u32) -> Result<(), FaultCode> {
    if hours <= LONGEST_OVERLAP_HOURS { Ok(()) } else { Err(FaultCode::OutOfRange) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_must_be_known() {
        let check = |text: &str| check_scopes(&Scopes::parse(text));
        assert_eq!(check(""), Err(FaultCode::Missing));
        assert_eq!(check("referrals:write everything"), Err(FaultCode::NotInList));
        assert_eq!(check("referrals:write warrn:read"), Ok(()));
    }

    #[test]
    fn an_end_lies_ahead_and_an_overlap_is_a_month_at_most() {
        let now = Utc::from_micros(1);
        assert_eq!(check_expiry(Some(now), now), Err(FaultCode::DateOutOfRange));
        assert_eq!((check_expiry(None, now), check_expiry(Some(now.plus_seconds(1)), now)), (Ok(()), Ok(())));
        assert_eq!((check_overlap(720), check_overlap(721)), (Ok(()), Err(FaultCode::OutOfRange)));
    }
}
