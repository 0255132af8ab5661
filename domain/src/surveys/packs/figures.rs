//! Figures beside one another and what they are worth: intervals, and what changed since the campaign before. Pure.
//!
//! Everything is made of published ranges and bases, and holds wherever in its range a share lies: so nothing here tells more
//! than the release does (`disclosure::statistics`).

use crate::disclosure::statistics::{Confidence, Interval, Points, change_of, funnel_of, wilson_of};
use crate::disclosure::{Figure, PublishedFigure, Share};
use crate::instruments::Definition;
use crate::surveys::releases::{Kind, OFTEN, Released, Table};

use super::model::{Before, Changed, Seen, Worth};
use super::rules::{ends, size, table};

/// The questions that stand for the rest, by their comparability keys, and the option of each that is counted: in charts, in the table of all schools and
/// in the authority's report.
pub const HEADLINES: &[(&str, &str)] = &[
    ("bullied", OFTEN),
    ("bullied_online", OFTEN),
    ("bullied_others", OFTEN),
    ("safe_school", "always"),
    ("belonging", "always"),
    ("trusted_adult", "yes"),
    ("told", "yes"),
    ("school_helped", "stopped"),
];

/// The headlines of a questionnaire, by its own codes.
#[must_use]
pub fn headlines(definition: &Definition) -> Vec<(&str, &'static str)> {
    HEADLINES.iter().filter_map(|(key, option)| Some((definition.keyed(key)?.code.as_str(), *option))).collect()
}

fn between(share: &Share) -> Interval {
    let (lower, upper) = ends(share);
    Interval { lower, upper }
}

/// Wilson's interval of a published share of so many answers, 95 times of 100 (`facts/domain.md` §5).
#[must_use]
pub fn interval(base: u64, share: &Share) -> Points {
    wilson_of(between(share), size(base), Confidence::P95).points()
}

/// The limits within which a share of so many answers lies by chance, 95 times of 100, where `average` is the authority's
/// (`facts/domain.md` §5, funnel).
#[must_use]
pub fn limits(base: u64, average: &Share) -> Points {
    funnel_of(between(average), size(base), Confidence::P95).points()
}

/// By how many points a share changed, 95 times of 100 (`facts/domain.md` §5, Newcombe).
#[must_use]
pub fn change(before: (u64, &Share), now: (u64, &Share)) -> Points {
    let of = |(base, share): (u64, &Share)| (between(share), size(base));
    change_of(of(before), of(now), Confidence::P95).points()
}

/// What a table shows of an option; nothing when the release knows no such question or option.
#[must_use]
pub fn seen(released: &Released, table: &Table, question: &str, option: &str) -> Option<Seen> {
    let at = released.header.questions.iter().position(|q| q.code == question)?;
    let asked = released.header.questions.get(at)?;
    if !asked.options.iter().any(|o| o == option) {
        return None;
    }
    let figure = table.figures.get(at)?;
    Some(match figure.view() {
        Figure::Shown { base, shares } => Seen::Shown(worth(figure, base, shares.iter().find(|s| s.option == option)?)),
        Figure::Withheld { symbol, reason } => Seen::Withheld { symbol, reason },
        Figure::NotAsked { symbol } => Seen::Withheld { symbol, reason: "not_asked" },
    })
}

fn worth(figure: &PublishedFigure, base: u64, share: &Share) -> Worth {
    let quality = figure.quality().or_else(|| share.symbol());
    Worth { base, share: share.clone(), interval: interval(base, share), quality }
}

/// What changed in a table of this kind since the campaign before, question by question: of the options whose shares are shown
/// in both, where the questions are comparable. `last` holds the table of the same kind, of the same school where it is a school's.
#[must_use]
pub fn changes(now: &Released, kind: Kind, last: &Before) -> Vec<Changed> {
    let before = &last.released;
    let (Some(is), Some(was)) = (table(now, kind), table(before, kind)) else { return Vec::new() };
    let mut changes = Vec::new();
    for asked in &now.header.questions {
        let Some(then) = last.same.get(&asked.code) else { continue };
        for option in &asked.options {
            let shown = |of: Option<Seen>| of.and_then(Seen::shown);
            let found = (shown(seen(now, is, &asked.code, option)), shown(seen(before, was, then, option)));
            let (Some(now), Some(before)) = found else { continue };
            changes.push(Changed {
                question: asked.code.clone(),
                option: option.clone(),
                change: change((before.base, &before.share), (now.base, &now.share)),
                now,
                before,
            });
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclosure::Band;

    fn share(from: u16, to: u16) -> Share {
        Share { option: "yes".into(), percent: 0, band: Band { from, to } }
    }

    #[test]
    fn an_interval_is_wider_than_its_range_and_narrows_with_the_base() {
        let of = |base| {
            let Points { from, to } = interval(base, &share(100, 150));
            (from, to)
        };
        assert_eq!(of(80), (5, 25));
        assert_eq!(of(2000), (8, 17));
        assert_eq!(interval(30, &share(0, 150)).from, 0);
    }

    #[test]
    fn no_change_is_among_what_may_have_changed() {
        let (low, high) = (share(100, 150), share(300, 350));
        let of = |before: &Share, now: &Share| change((400, before), (400, now));
        assert!(of(&low, &low).from < 0 && of(&low, &low).to > 0);
        // Fifteen points lie between the nearest ends, and twenty-five between the furthest.
        let rise = of(&low, &high);
        assert!(rise.from > 5 && rise.from < 15 && rise.to > 25, "{rise:?}");
        assert_eq!(of(&high, &low), Points { from: -rise.to, to: -rise.from });
    }

    #[test]
    fn limits_hold_the_average() {
        let Points { from, to } = limits(100, &share(150, 200));
        assert!(from < 15 && to > 20, "{from} {to}");
        assert!(limits(1000, &share(150, 200)).to < to);
    }
}
