//! When a message is tried again and when it is given up. Pure.

use super::model::{Outcome, State};

/// The waits between tries in seconds: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h (`facts/reliability.md` OUT-2).
pub const RETRY_SECONDS: [i64; 7] = [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000];

/// The last try there is: the first and one after each wait.
pub const LARGEST_ATTEMPT: i64 = 8;

/// What follows a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Nothing more: this is the message's final state.
    Final(State),
    /// Another try after so many seconds.
    Retry(i64),
}

/// What follows try number `attempt` that ended so. `random` spreads the waits by up to a fifth either way, so that
/// messages which failed together are not tried together.
#[must_use]
pub fn next(outcome: Outcome, attempt: i64, random: u16) -> Next {
    match outcome {
        Outcome::Delivered => Next::Final(State::Delivered),
        Outcome::Permanent(_) => Next::Final(State::PermanentFailure),
        Outcome::Technical(_) => Next::Final(State::TechnicalFailure),
        Outcome::Withdrawn(_) => Next::Final(State::Withdrawn),
        Outcome::Temporary(_) => {
            let wait = usize::try_from(attempt.max(1) - 1).ok().and_then(|i| RETRY_SECONDS.get(i));
            // 800 to 1,200 thousandths.
            wait.map_or(Next::Final(State::TechnicalFailure), |s| {
                Next::Retry(s * (800 + i64::from(random % 401)) / 1000)
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schedule_is_the_one_written_down() {
        for (attempt, seconds) in (1_i64..).zip([5, 300, 1_800, 7_200, 18_000, 36_000, 36_000]) {
            assert_eq!(next(Outcome::Temporary("t"), attempt, 200), Next::Retry(seconds));
            assert_eq!(next(Outcome::Temporary("t"), attempt, 0), Next::Retry(seconds * 8 / 10));
            assert_eq!(next(Outcome::Temporary("t"), attempt, 400), Next::Retry(seconds * 12 / 10));
        }
        assert_eq!(next(Outcome::Temporary("t"), LARGEST_ATTEMPT, 200), Next::Final(State::TechnicalFailure));
        assert_eq!(next(Outcome::Temporary("t"), i64::MAX, 200), Next::Final(State::TechnicalFailure));
    }

    #[test]
    fn only_what_may_pass_is_tried_again() {
        for attempt in 1..=9 {
            assert_eq!(next(Outcome::Delivered, attempt, 7), Next::Final(State::Delivered));
            assert_eq!(next(Outcome::Permanent("p"), attempt, 7), Next::Final(State::PermanentFailure));
            assert_eq!(next(Outcome::Technical("x"), attempt, 7), Next::Final(State::TechnicalFailure));
            assert_eq!(next(Outcome::Withdrawn("w"), attempt, 7), Next::Final(State::Withdrawn));
        }
    }

    proptest::proptest! {
        #[test]
        fn jitter_stays_within_a_fifth(attempt in 1_i64..8, random: u16) {
            let base = RETRY_SECONDS[usize::try_from(attempt - 1).unwrap()];
            let Next::Retry(seconds) = next(Outcome::Temporary("t"), attempt, random) else { panic!("no retry") };
            proptest::prop_assert!(seconds * 10 >= base * 8 && seconds * 10 <= base * 12);
        }
    }
}
