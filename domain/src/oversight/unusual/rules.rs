//! Counting, and what is worth a question. Pure.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Timelike as _;

use crate::kernel::{Actor, Calendar, PupilId, Utc, uk_time};
use crate::oversight::OversightSettings;

use super::model::{Flag, Opening, Watched};

const DAY: i64 = 86_400;
const WEEK: i64 = 7 * DAY;
/// How far back the report looks: this week, and the four before it for what is usual.
pub(super) const SECONDS: i64 = 5 * WEEK;

/// Whether an instant is outside working hours in the United Kingdom.
pub(super) fn is_out_of_hours(at: Utc, settings: &OversightSettings, calendar: &Calendar) -> bool {
    let local = uk_time(at);
    let hours = settings.from_hour..settings.until_hour;
    !calendar.is_working_day(local.date_naive()) || !hours.contains(&local.hour())
}

#[derive(Default)]
struct Tally {
    day: BTreeSet<PupilId>,
    week: BTreeSet<PupilId>,
    before: BTreeSet<(i64, PupilId)>,
    out_of_hours: u32,
    no_open_case: u32,
    emergencies: u32,
}

/// The key readers are counted under.
fn key(who: Actor) -> (&'static str, Option<uuid::Uuid>) {
    (who.kind(), who.uuid())
}

/// Counts the openings up to `now` for each reader, with the emergency accesses each started in the last week; names and
/// roles are not known here.
pub(super) fn watch(
    openings: &[Opening],
    emergencies: &[Actor],
    now: Utc,
    settings: &OversightSettings,
    calendar: &Calendar,
) -> Vec<Watched> {
    let mut all: BTreeMap<_, (Actor, Tally)> = BTreeMap::new();
    for opening in openings {
        let age = (now.micros() - opening.at.micros()) / 1_000_000;
        if !(0..SECONDS).contains(&age) {
            continue;
        }
        let (_, tally) = all.entry(key(opening.who)).or_insert_with(|| (opening.who, Tally::default()));
        if age >= WEEK {
            tally.before.insert((age / WEEK, opening.child));
            continue;
        }
        tally.week.insert(opening.child);
        if age < DAY {
            tally.day.insert(opening.child);
        }
        tally.out_of_hours += u32::from(is_out_of_hours(opening.at, settings, calendar));
        tally.no_open_case += u32::from(opening.closed);
    }
    for who in emergencies {
        let (_, tally) = all.entry(key(*who)).or_insert_with(|| (*who, Tally::default()));
        tally.emergencies += 1;
    }
    let mut watched: Vec<Watched> = all
        .into_values()
        .filter(|(_, t)| !t.week.is_empty() || t.emergencies > 0)
        .map(|(who, tally)| row(who, &tally, settings))
        .collect();
    watched.sort_by_key(|w| std::cmp::Reverse((w.flags.len(), w.children_week)));
    watched
}

fn row(who: Actor, tally: &Tally, settings: &OversightSettings) -> Watched {
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let (day, week, four) = (count(tally.day.len()), count(tally.week.len()), count(tally.before.len()));
    // A reader without a past has no usual: the absolute limits are for them.
    let far = four > 0 && week.saturating_mul(4) > settings.times_usual.saturating_mul(four);
    let flags = [
        (Flag::ManyInADay, day > settings.children_a_day),
        (Flag::ManyInAWeek, week > settings.children_a_week),
        (Flag::FarAboveUsual, far),
        (Flag::OutOfHours, tally.out_of_hours > 0),
        (Flag::NoOpenCase, tally.no_open_case > 0),
        (Flag::Emergency, tally.emergencies > 0),
    ];
    Watched {
        who,
        name: None,
        roles: Vec::new(),
        children_day: day,
        children_week: week,
        children_four_weeks: four,
        out_of_hours: tally.out_of_hours,
        no_open_case: tally.no_open_case,
        emergencies: tally.emergencies,
        flags: flags.into_iter().filter(|(_, is)| *is).map(|(flag, _)| flag).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::CalendarSettings;

    fn calendar() -> Calendar {
        Calendar::new(CalendarSettings::default(), &[])
    }
    use crate::kernel::PersonId;

    fn now() -> Utc {
        // Wednesday 4 March 2026, noon.
        Utc::from_date_hour(chrono::NaiveDate::from_ymd_opt(2026, 3, 4).unwrap(), 12)
    }

    fn who(n: u128) -> Actor {
        Actor::Person(PersonId::from_uuid(uuid::Uuid::from_u128(n)))
    }

    fn opening(reader: u128, hours_ago: i64, child: u128) -> Opening {
        let child = PupilId::from_uuid(uuid::Uuid::from_u128(child));
        Opening { who: who(reader), at: now().plus_hours(-hours_ago), child, closed: false }
    }

    fn settings() -> OversightSettings {
        OversightSettings { children_a_day: 2, children_a_week: 3, ..OversightSettings::default() }
    }

    #[test]
    fn children_count_once_each_in_their_day_and_week() {
        let mut openings = vec![opening(1, 0, 1), opening(1, 1, 1), opening(1, 23, 2), opening(1, 24, 3)];
        let only = |o: &[Opening]| watch(o, &[], now(), &settings(), &calendar()).remove(0);
        let w = only(&openings);
        assert_eq!((w.children_day, w.children_week, w.children_four_weeks), (2, 3, 0));
        assert!(!w.flags.contains(&Flag::ManyInADay) && !w.flags.contains(&Flag::ManyInAWeek));
        openings.push(opening(1, 2, 4));
        let w = only(&openings);
        assert_eq!((w.children_day, w.children_week), (3, 4));
        assert!(w.flags.contains(&Flag::ManyInADay) && w.flags.contains(&Flag::ManyInAWeek));
        // At seven days it is last week's; at five weeks it is forgotten; what is to come does not count.
        openings.extend([opening(1, 7 * 24, 9), opening(1, 8 * 24, 9), opening(1, 14 * 24, 9)]);
        openings.extend([opening(1, 35 * 24, 8), opening(1, -1, 8)]);
        let w = only(&openings);
        assert_eq!((w.children_week, w.children_four_weeks), (4, 2));
        assert!(watch(&[opening(1, 7 * 24, 9)], &[], now(), &settings(), &calendar()).is_empty());
    }

    #[test]
    fn far_above_usual_needs_a_usual() {
        let wide = OversightSettings::default();
        let week = |n: u128| (0..n).map(|c| opening(1, 1, c)).collect::<Vec<_>>();
        let flags = |o: &[Opening]| watch(o, &[], now(), &wide, &calendar()).remove(0).flags;
        assert!(!flags(&week(12)).contains(&Flag::FarAboveUsual), "no past, no usual");
        let with_past = |n: u128| {
            let mut all = week(n);
            all.extend((0..4).map(|w| opening(1, (w * 7 + 8) * 24, 50)));
            all
        };
        // One child a week is usual; three times that is not far, four is.
        assert!(!flags(&with_past(3)).contains(&Flag::FarAboveUsual));
        assert!(flags(&with_past(4)).contains(&Flag::FarAboveUsual));
    }

    #[test]
    fn hours_are_the_kingdoms_own() {
        let s = OversightSettings::default();
        let at = |m, d, h| Utc::from_date_hour(chrono::NaiveDate::from_ymd_opt(2026, m, d).unwrap(), h);
        for (m, d, h, out) in [
            (3, 4, 6, true),
            (3, 4, 7, false),
            (3, 4, 18, false),
            (3, 4, 19, true),
            (3, 7, 12, true), // Saturday
            (7, 1, 6, false), // seven in summer
            (7, 1, 18, true), // and nineteen
        ] {
            assert_eq!(is_out_of_hours(at(m, d, h), &s, &calendar()), out, "{m}-{d} {h}");
        }
        let late = Opening { at: at(3, 3, 22), ..opening(1, 1, 1) };
        let w = watch(&[late], &[], now(), &s, &calendar()).remove(0);
        assert_eq!((w.out_of_hours, w.flags), (1, vec![Flag::OutOfHours]));
    }

    #[test]
    fn closed_cases_and_emergencies_are_worth_a_question_and_come_first() {
        let closed = Opening { closed: true, ..opening(2, 1, 1) };
        let openings = [opening(1, 1, 1), opening(1, 1, 2), closed, opening(3, 8 * 24, 1)];
        let all = watch(&openings, &[who(2), who(2), who(4)], now(), &OversightSettings::default(), &calendar());
        let short: Vec<_> =
            all.iter().map(|w| (w.who, w.flags.clone(), w.emergencies, w.no_open_case, w.children_week)).collect();
        assert_eq!(
            short,
            [
                (who(2), vec![Flag::NoOpenCase, Flag::Emergency], 2, 1, 1),
                (who(4), vec![Flag::Emergency], 1, 0, 0),
                (who(1), vec![], 0, 0, 2),
            ]
        );
    }
}
