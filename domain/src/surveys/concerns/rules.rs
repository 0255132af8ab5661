//! When a concern is raised, and how wide a group it names. Pure.

use chrono::NaiveDate;

use super::model::{ClassDay, Scope};

/// The fewest who answered together for a concern to name their class: the answers that wait are shuffled by as many
/// (`facts/reliability.md` D12).
pub(super) const FEWEST: i64 = 10;

/// From this hour in the United Kingdom on, a concern waits no longer for more of its class to answer: before the school day
/// ends, somebody must be able to act (our own proposal; no figure was found).
pub(super) const LATEST_HOUR: u32 = 14;

/// What is to be done about a class's day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// Wait for more to answer.
    Wait,
    /// They are a group, with or without a concern to raise of it, and the next begins.
    Group(Option<Scope>),
    /// The day is past and there is nothing to say.
    Forget,
}

/// Decides about the days of a school's classes, in their order.
///
/// Those who answered since the last look are one group when they are enough, and the concern names their class. Had it named
/// the class whenever help words came, whoever saw that there was none a while ago and is one now would know it of those who
/// answered between. Classes that stay small are put together, the year group's and else the school's: the concern means one
/// of them, for of the others it would have named the class. From the latest hour on it is raised in any case: fewer than ten
/// may have answered then, and help goes before. Each look of the afternoon begins every class's group anew, help or none: a
/// later concern must not be reckoned of those of whom it was known by then that they wrote none.
pub(super) fn steps(days: &[ClassDay], today: NaiveDate, hour: u32) -> Vec<Step> {
    let over = |one: &ClassDay| one.day < today || hour >= LATEST_HOUR;
    let small = |one: &&ClassDay| one.answered < FEWEST;
    let step = |one: &ClassDay| {
        if !small(&one) {
            return Step::Group(one.help.then(|| Scope::Class(one.year_group, one.class.clone())));
        }
        if one.help && over(one) {
            let beside =
                days.iter().filter(small).filter(|other| other.day == one.day && other.year_group == one.year_group);
            let together: i64 = beside.map(|other| other.answered).sum();
            return Step::Group(Some(if together >= FEWEST { Scope::Year(one.year_group) } else { Scope::School }));
        }
        if one.day < today {
            Step::Forget
        } else if over(one) && one.answered > 0 {
            Step::Group(None)
        } else {
            Step::Wait
        }
    };
    days.iter().map(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::YearGroup;

    fn year(number: i64) -> YearGroup {
        YearGroup::new(number).unwrap()
    }

    fn day(number: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, number).unwrap()
    }

    fn class(year_group: i64, class: &str, on: u32, answered: i64, help: bool) -> ClassDay {
        ClassDay { year_group: year(year_group), class: class.to_owned(), day: day(on), answered, help }
    }

    #[test]
    fn a_class_is_named_when_enough_of_it_answered() {
        let named = |class: &str| Step::Group(Some(Scope::Class(year(8), class.to_owned())));
        let days = [class(8, "8 Glas", 2, 10, true), class(8, "8 Coch", 2, 9, true), class(8, "8 Aur", 2, 30, false)];
        assert_eq!(steps(&days, day(2), 13), [named("8 Glas"), Step::Wait, Step::Group(None)]);
        // At the latest hour: the small classes of the year are nine together.
        assert_eq!(steps(&days, day(2), 14), [named("8 Glas"), Step::Group(Some(Scope::School)), Step::Group(None)]);
        // The same at any hour of a later day.
        assert_eq!(steps(&days, day(3), 0), [named("8 Glas"), Step::Group(Some(Scope::School)), Step::Group(None)]);
    }

    #[test]
    fn small_classes_are_told_together() {
        let days = [
            class(8, "8 Glas", 2, 5, true),
            class(8, "8 Coch", 2, 5, false),
            class(8, "8 Aur", 1, 9, true),
            class(9, "9 Glas", 2, 9, true),
            class(9, "9 Coch", 1, 1, false),
            class(9, "9 Aur", 2, 0, false),
        ];
        let step = steps(&days, day(2), 14);
        assert_eq!(step[0], Step::Group(Some(Scope::Year(year(8)))));
        // Of another day, or of another year group: not counted with them.
        let school = Step::Group(Some(Scope::School));
        assert_eq!((&step[2], &step[3]), (&school, &school));
        // Who wrote none is reckoned to no later group.
        assert_eq!((&step[1], &step[4], &step[5]), (&Step::Group(None), &Step::Forget, &Step::Wait));
        assert!(steps(&days, day(2), 9).iter().all(|s| !matches!(s, Step::Group(Some(Scope::Year(_))))));
    }
}
