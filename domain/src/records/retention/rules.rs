//! Until when, and what then. Pure.

use chrono::{Datelike, NaiveDate};
use sha2::{Digest, Sha256};

use crate::cases::CaseKind;
use crate::kernel::{FaultCode, Faults, FreeText, Utc, uk_date};

use super::model::{Anchor, End, Item, NewRule, RecordClass, Review, Rule, Standing};

/// The service whose referrals are counselling (`seeds/003`: school-based counselling).
const COUNSELLING: &str = "sbc";

/// A case nobody closed is done when nothing in it changed for so many days: five years (the product's own proposal).
const IDLE_DAYS: i64 = 5 * 365;

/// Longest words on where a rule comes from.
const SOURCE: usize = 300;

/// The class of a case.
#[must_use]
pub fn class_of(kind: CaseKind, service: Option<&str>) -> RecordClass {
    match kind.as_str() {
        "referral" if service == Some(COUNSELLING) => RecordClass::CounsellingReferral,
        "referral" => RecordClass::Referral,
        "warrn" => RecordClass::Warrn,
        // Handling plans, reduced timetables, EOTAS, and whatever comes next to them.
        _ => RecordClass::Provision,
    }
}

/// The last day of the year so many years after: coarse, so that the day stored for a case gives no birthday away, and
/// never sooner than the rule asks.
#[must_use]
pub fn dispose_after(from: NaiveDate, years: i64) -> Option<NaiveDate> {
    let year = i64::from(from.year()).checked_add(years)?;
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, 12, 31)
}

/// The later of two days; none when either is not known.
pub(super) fn later(one: Option<NaiveDate>, other: Option<NaiveDate>) -> Option<NaiveDate> {
    Some(one?.max(other?))
}

/// Whether the time is over.
#[must_use]
pub fn is_due(dispose_after: NaiveDate, today: NaiveDate) -> bool {
    dispose_after < today
}

/// Whether nobody works on a case any more.
#[must_use]
pub fn is_done(closed: bool, updated_at: Utc, today: NaiveDate) -> bool {
    closed || (today - updated_at.date()).num_days() > IDLE_DAYS
}

/// The instant before which a case must have changed last to be done, on a day: [`is_done`] for the database.
pub(super) fn idle_since(today: NaiveDate) -> Utc {
    Utc::from_date_hour(today - chrono::Days::new(IDLE_DAYS.unsigned_abs()), 0)
}

/// How something stands whose time is over. A hold comes before everything; what a review lets go takes two people, and
/// comes with whether the second has agreed.
#[must_use]
pub fn standing(held: bool, done: bool, end: End, review: Option<(Review, bool)>) -> Standing {
    match (held, done, end, review) {
        (true, ..) => Standing::Held,
        (_, false, ..) => Standing::Open,
        (.., Some((Review::Destroy, true))) | (_, _, End::Destroy, None) => Standing::Due,
        // Kept once by a review and over again: it is looked at again, whatever the rule says by now.
        (.., Some(_)) | (_, _, End::Review, None) => Standing::Review,
    }
}

/// Whether a rule changed like this could dispose of anything sooner or with less care. Years counted from another day
/// can't be compared, and count as shorter.
#[must_use]
pub fn shortens(old: &Rule, new: &Rule) -> bool {
    old.anchor != new.anchor || new.years < old.years || (old.end == End::Review && new.end == End::Destroy)
}

/// A rule as it would be, when it is sound.
pub(super) fn parse(old: &Rule, new: &NewRule, faults: &mut Faults) -> Option<Rule> {
    let anchor = faults.keep("/anchor", new.anchor.parse::<Anchor>());
    let end = faults.keep("/action", new.end.parse::<End>());
    let source = faults.keep("/source", FreeText::<SOURCE>::parse(&new.source));
    if !(1..=100).contains(&new.years) {
        faults.add("/years", FaultCode::OutOfRange);
        return None;
    }
    let source = source?.as_str().to_owned();
    Some(Rule { anchor: anchor?, end: end?, years: new.years, source, version: old.version + 1, ..old.clone() })
}

/// The beginning of the school year an instant falls into: 1 September.
pub(super) fn school_year(at: Utc) -> Utc {
    let day = uk_date(at);
    let year = if day.month() >= 9 { day.year() } else { day.year() - 1 };
    NaiveDate::from_ymd_opt(year, 9, 1).map_or(at, |first| Utc::from_date_hour(first, 0))
}

/// What a certificate says, as JSON in a fixed form, and its digest.
pub(super) fn certify(
    number: i64,
    made_at: Utc,
    items: &[&Item],
    rules: &[Rule],
    children: usize,
) -> crate::kernel::Result<(String, Vec<u8>)> {
    let counts = RecordClass::ALL.iter().map(|c| (c.as_str(), items.iter().filter(|i| i.class == *c).count()));
    let counts: std::collections::BTreeMap<_, _> = counts.filter(|(_, n)| *n > 0).collect();
    let rules: Vec<_> = rules
        .iter()
        .filter(|r| counts.contains_key(r.class.as_str()))
        .map(|r| {
            serde_json::json!({ "record_class": r.class, "anchor": r.anchor, "years": r.years, "action": r.end,
                "source": r.source, "version": r.version })
        })
        .collect();
    let listed: Vec<_> = items
        .iter()
        .map(|i| {
            serde_json::json!({ "reference": i.reference.as_str(), "record_class": i.class,
                "dispose_after": i.dispose_after })
        })
        .collect();
    let body = serde_json::json!({
        "certificate": number, "made_at": made_at.chrono(), "disposed_of": listed, "counts": counts, "rules": rules,
        "children_shredded": children,
    });
    let body = serde_json::to_string_pretty(&body).map_err(crate::kernel::Error::internal)?;
    let digest = Sha256::digest(body.as_bytes()).to_vec();
    Ok((body, digest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    fn rule(anchor: Anchor, years: i64, end: End) -> Rule {
        let class = RecordClass::Referral;
        Rule { class, anchor, years, end, source: String::new(), version: 1, updated_at: Utc::from_micros(0) }
    }

    #[test]
    fn kept_to_the_end_of_the_year_and_not_a_day_less_than_the_rule() {
        // DOB + 25: the 25th birthday is before the stored day, whenever in the year it was.
        for born in [day(2012, 1, 1), day(2012, 2, 29), day(2012, 12, 31)] {
            let until = dispose_after(born, 25).unwrap();
            assert_eq!(until, day(2037, 12, 31), "every birthday of a year has the same day");
            assert!(!is_due(until, day(2037, 12, 31)) && is_due(until, day(2038, 1, 1)));
        }
        assert_eq!(dispose_after(day(2012, 1, 1), i64::MAX), None);
    }

    #[test]
    fn a_hold_comes_first_and_open_cases_wait() {
        use Standing::{Due, Held, Open, Review as Look};
        assert_eq!(standing(true, true, End::Destroy, Some((Review::Destroy, true))), Held);
        assert_eq!(standing(false, false, End::Destroy, None), Open);
        assert_eq!(standing(false, true, End::Destroy, None), Due);
        assert_eq!(standing(false, true, End::Review, None), Look);
        assert_eq!(standing(false, true, End::Review, Some((Review::Destroy, true))), Due);
        assert_eq!(standing(false, true, End::Review, Some((Review::Destroy, false))), Look, "one person alone");
        assert_eq!(standing(false, true, End::Destroy, Some((Review::Destroy, false))), Look, "whatever the rule says");
        assert_eq!(standing(false, true, End::Destroy, Some((Review::Keep, false))), Look);
        let now = Utc::from_date_hour(day(2026, 3, 2), 9);
        assert!(!is_done(false, now, day(2031, 3, 1)) && is_done(false, now, day(2031, 3, 2)));
        assert!(is_done(true, now, day(2026, 3, 2)));
        for (hour, month, of) in [(0, 3, 1), (23, 3, 1), (0, 3, 2), (23, 3, 2), (0, 3, 3)] {
            let (changed, today) = (Utc::from_date_hour(day(2026, month, of), hour), day(2031, 3, 2));
            assert_eq!(is_done(false, changed, today), changed < idle_since(today), "{month}-{of} {hour}");
        }
    }

    #[test]
    fn what_shortens_is_noticed() {
        let old = rule(Anchor::BornOn, 25, End::Review);
        assert!(shortens(&old, &rule(Anchor::BornOn, 24, End::Review)));
        assert!(shortens(&old, &rule(Anchor::BornOn, 25, End::Destroy)));
        assert!(shortens(&old, &rule(Anchor::Closed, 99, End::Review)));
        assert!(!shortens(&old, &rule(Anchor::BornOn, 26, End::Review)));
        assert!(!shortens(&rule(Anchor::Closed, 7, End::Destroy), &rule(Anchor::Closed, 7, End::Review)));
    }

    #[test]
    fn of_two_days_the_later_and_none_unless_both_are_known() {
        let (one, other) = (Some(day(2037, 12, 31)), Some(day(2043, 12, 31)));
        assert_eq!((later(one, other), later(other, one)), (other, other));
        assert_eq!((later(one, None), later(None, one)), (None, None));
    }

    #[test]
    fn counselling_is_a_class_of_its_own() {
        assert_eq!(class_of(CaseKind::Referral, Some("sbc")), RecordClass::CounsellingReferral);
        assert_eq!(class_of(CaseKind::Referral, Some("eps")), RecordClass::Referral);
        assert_eq!(class_of(CaseKind::Warrn, Some("sbc")), RecordClass::Warrn);
    }
}
