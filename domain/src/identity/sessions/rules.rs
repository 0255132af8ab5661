//! Who gets in, who is locked out, and how long a session lives. Pure.

use crate::kernel::{Code, Error, PersonId, Result, Utc};

use super::model::{Credentials, SignInRules};

/// A session's use is noted at most once in so many seconds: reads should not each cost a write.
pub(super) const TOUCH_SECONDS: i64 = 60;

/// Decides on an attempt, the password having been compared.
///
/// A locked account is told so even with the right password, and the attempt is not counted. Addresses nobody has and
/// people who were let go are locked in the same way, so that a lock tells nobody which addresses are known.
///
/// # Errors
/// [`Code::AccountLocked`] with the seconds to wait, or [`Code::InvalidCredentials`] for whatever else is wrong.
pub fn judge(credentials: Option<&Credentials>, password_matches: bool, now: Utc) -> Result<PersonId> {
    let Some(known) = credentials else {
        return Err(Code::InvalidCredentials.into());
    };
    locked(known.locked_until, now)?;
    if password_matches && known.active { Ok(known.person) } else { Err(Code::InvalidCredentials.into()) }
}

/// Refuses while a lock lasts.
///
/// # Errors
/// [`Code::AccountLocked`] with the seconds to wait.
pub fn locked(locked_until: Option<Utc>, now: Utc) -> Result<()> {
    let Some(until) = locked_until.filter(|until| now < *until) else { return Ok(()) };
    let seconds = (until.micros() - now.micros()).max(0).unsigned_abs().div_ceil(1_000_000);
    Err(Error::new(Code::AccountLocked).retry_after(seconds))
}

/// The browser's and the system's family in a `User-Agent`, as `Firefox, Windows`: enough to know one's own sessions by,
/// too little to tell people apart. Empty when neither is known.
#[must_use]
pub fn device_of(user_agent: &str) -> String {
    // The first that fits: Edge and Chrome say Safari too, Android says Linux.
    let browsers = [("Edg", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];
    let systems = [
        ("Windows", "Windows"),
        ("iPhone", "iOS"),
        ("iPad", "iOS"),
        ("Android", "Android"),
        ("CrOS", "ChromeOS"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let first =
        |list: &[(&str, &'static str)]| list.iter().find(|(word, _)| user_agent.contains(word)).map(|(_, f)| *f);
    [first(&browsers), first(&systems)].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The count of failed attempts, and the lock it may lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tally {
    pub failed: i64,
    pub locked_until: Option<Utc>,
}

/// The tally after one more failure. A lock starts the count anew; while it lasts nothing counts.
pub(super) fn after_failure(before: Tally, now: Utc, rules: &SignInRules) -> Tally {
    if before.locked_until.is_some_and(|until| now < until) {
        return before;
    }
    let failed = before.failed + 1;
    if failed >= i64::from(rules.attempts) {
        Tally { failed: 0, locked_until: Some(now.plus_seconds(rules.lock_seconds)) }
    } else {
        Tally { failed, locked_until: None }
    }
}

/// Whether a session that was used last at one instant and ends at another still lives.
pub(super) fn lives(last_used: Utc, expires: Utc, now: Utc, rules: &SignInRules) -> bool {
    now < expires && now < last_used.plus_seconds(rules.idle_seconds)
}

/// Whether a session's use should be noted again.
pub(super) fn touch_due(last_used: Utc, now: Utc) -> bool {
    last_used.plus_seconds(TOUCH_SECONDS) <= now
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::RoleSet;

    const RULES: SignInRules = SignInRules {
        attempts: 5,
        lock_seconds: 900,
        idle_seconds: 900,
        absolute_seconds: 28_800,
        second_factor_roles: RoleSet::ALL,
    };

    fn at(seconds: i64) -> Utc {
        Utc::from_micros(1_770_000_000_000_000).plus_seconds(seconds)
    }

    #[test]
    fn the_fifth_failure_locks_and_the_lock_ends() {
        let mut tally = Tally { failed: 0, locked_until: None };
        for n in 1..=4 {
            tally = after_failure(tally, at(n), &RULES);
            assert_eq!(tally, Tally { failed: n, locked_until: None });
        }
        tally = after_failure(tally, at(5), &RULES);
        assert_eq!(tally, Tally { failed: 0, locked_until: Some(at(905)) });
        assert_eq!(after_failure(tally, at(904), &RULES), tally, "attempts under a lock do not prolong it");
        assert_eq!(after_failure(tally, at(905), &RULES), Tally { failed: 1, locked_until: None });
    }

    #[test]
    fn a_lock_beats_the_right_password_and_nobody_is_told_why() {
        let person = PersonId::from_uuid(uuid::Uuid::from_u128(1));
        let known = Credentials { person, hash: None, active: true, locked_until: Some(at(10)) };
        let locked = judge(Some(&known), true, at(9)).unwrap_err();
        assert_eq!((locked.code, locked.retry_after), (Code::AccountLocked, Some(1)));
        assert_eq!(judge(Some(&known), true, at(10)).unwrap(), person);
        let code = |known, matches| judge(known, matches, at(10)).unwrap_err().code;
        assert_eq!(code(Some(&known), false), Code::InvalidCredentials);
        assert_eq!(code(None, false), Code::InvalidCredentials);
        let gone = Credentials { active: false, ..known.clone() };
        assert_eq!(code(Some(&gone), true), Code::InvalidCredentials);
        let gone = Credentials { locked_until: Some(at(11)), ..gone.clone() };
        assert_eq!(code(Some(&gone), true), Code::AccountLocked, "as anybody else");
    }

    #[test]
    fn a_device_is_known_by_its_families_alone() {
        let windows =
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0";
        for (agent, device) in [
            (format!("{windows} Safari/537.36"), "Chrome, Windows"),
            (format!("{windows} Safari/537.36 Edg/140.0.0.0"), "Edge, Windows"),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".to_owned(), "Firefox, Linux"),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1".to_owned(),
                "Safari, iOS",
            ),
            ("curl/8.0 <script>".to_owned(), ""),
        ] {
            assert_eq!(device_of(&agent), device, "{agent}");
        }
    }

    #[test]
    fn sessions_end_by_idleness_and_by_age() {
        assert!(lives(at(0), at(28_800), at(899), &RULES));
        assert!(!lives(at(0), at(28_800), at(900), &RULES));
        assert!(!lives(at(28_799), at(28_800), at(28_800), &RULES));
        assert!(!touch_due(at(0), at(59)) && touch_due(at(0), at(60)));
    }
}
