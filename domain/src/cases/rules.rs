//! Time under the clock, and what is drawn by lot.

use chrono::NaiveDate;

use crate::kernel::{Result, Utc, uk_date};

use super::model::Pause;

/// The days of a case on which its clocks stood still the whole day, by the United Kingdom's calendar: the days after a
/// pause began and before it ended. The day it began on was worked, and so is the day it ended.
#[must_use]
pub fn paused_days(pauses: &[Pause], now: Utc) -> Vec<NaiveDate> {
    let mut days: Vec<NaiveDate> = pauses
        .iter()
        .flat_map(|p| {
            let end = uk_date(p.ends_at.unwrap_or(now));
            uk_date(p.begins_at).iter_days().skip(1).take_while(move |day| *day < end)
        })
        .collect();
    days.sort_unstable();
    days.dedup();
    days
}

/// The first of some that are drawn which is not taken, if there is one.
pub(super) fn first_free<W, T>(
    with: &mut W,
    draw: impl Fn(&mut W) -> T,
    is_taken: impl Fn(&mut W, &T) -> Result<bool>,
) -> Result<Option<T>> {
    const DRAWN: usize = 4;
    for _ in 0..DRAWN {
        let drawn = draw(with);
        if !is_taken(with, &drawn)? {
            return Ok(Some(drawn));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::model::PauseReason;

    fn at(day: u32, hour: u32) -> Utc {
        Utc::from_date_hour(NaiveDate::from_ymd_opt(2026, 6, day).unwrap(), hour)
    }

    fn pause(from: Utc, until: Option<Utc>) -> Pause {
        Pause { reason: PauseReason::AwaitingConsent, begins_at: from, ends_at: until, stops_clocks: true }
    }

    #[test]
    fn what_is_taken_is_drawn_again_some_times() {
        let found = |taken: u32| {
            let draw = |count: &mut u32| {
                *count += 1;
                *count
            };
            first_free(&mut 0, draw, |_, drawn| Ok(*drawn <= taken)).unwrap()
        };
        assert_eq!([found(0), found(1), found(3), found(4)], [Some(1), Some(2), Some(4), None]);
    }

    #[test]
    fn only_whole_days_stand_still() {
        let days = |pauses: &[Pause]| -> Vec<u32> {
            paused_days(pauses, at(20, 9)).iter().map(chrono::Datelike::day).collect()
        };
        assert_eq!(days(&[pause(at(1, 10), Some(at(1, 15)))]), [0_u32; 0]);
        assert_eq!(days(&[pause(at(1, 10), Some(at(2, 9)))]), [0_u32; 0]);
        assert_eq!(days(&[pause(at(1, 10), Some(at(4, 9)))]), [2, 3]);
        assert_eq!(days(&[pause(at(17, 10), None)]), [18, 19], "one that lasts counts until now");
        assert_eq!(days(&[pause(at(1, 10), Some(at(4, 9))), pause(at(2, 10), Some(at(5, 9)))]), [2, 3, 4], "once each");
        // 23:30 UTC in summer is the next day's first half hour in the United Kingdom.
        assert_eq!(days(&[pause(at(1, 23), Some(at(4, 9)))]), [3]);
    }
}
