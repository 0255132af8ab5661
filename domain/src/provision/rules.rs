//! What provision must say, and until when it may last. Pure.

use chrono::NaiveDate;

use crate::kernel::{FaultCode, Faults, FreeText};

use super::model::{
    Consent, Content, EndProvision, Ending, ExtendProvision, Kind, NoteContent, Placement, Provision, ReviewProvision,
    StartProvision,
};
use super::settings::ProvisionSettings;

/// Longest text, in characters.
const TEXT: usize = 4000;
/// Longest name, in characters.
const NAME: usize = 200;
/// A date further off than this, either way, is a slip of the keyboard (the product's own bound).
const DAYS: i64 = 366;
/// A planned end further off than this is (the product's own bound: placements may last for years).
const END_DAYS: i64 = 3 * DAYS;
/// More hours than this are no school week, in minutes (the product's own bound: 40 hours).
const MOST_MINUTES: i64 = 40 * 60;

/// The ways in which a kind can end.
#[must_use]
pub const fn endings(kind: Kind) -> &'static [Ending] {
    match kind {
        Kind::HandlingPlan => &[Ending::Extended, Ending::NoLongerNeeded],
        Kind::ReducedTimetable => &[Ending::FullTime, Ending::Extended, Ending::NoLongerNeeded],
        Kind::Eotas => &[Ending::Extended, Ending::PlacementChanged, Ending::ReturnedToSchool, Ending::NoLongerNeeded],
    }
}

/// Reads provision as it begins and notes every fault.
pub(super) fn check_start(
    given: StartProvision,
    settings: &ProvisionSettings,
    today: NaiveDate,
    faults: &mut Faults,
) -> Option<Content> {
    let kind = given.kind;
    if (given.starts_on - today).num_days().abs() > DAYS {
        faults.add("/starts_on", FaultCode::DateOutOfRange);
    }
    if given.ends_on.is_none() && kind == Kind::ReducedTimetable {
        faults.add("/ends_on", FaultCode::Missing);
    }
    if let Some(ends_on) = given.ends_on {
        ends(kind, given.starts_on, ends_on, settings, today, faults);
    }
    next_review(("/review_on", given.review_on), (given.starts_on, given.ends_on), today, faults);
    let (handling, timetable, eotas) =
        (kind == Kind::HandlingPlan, kind == Kind::ReducedTimetable, kind == Kind::Eotas);
    match given.minutes_per_week {
        Some(minutes) if timetable => {
            if !(1..=MOST_MINUTES).contains(&minutes) {
                faults.add("/minutes_per_week", FaultCode::OutOfRange);
            }
        }
        given => only_of(timetable, "/minutes_per_week", given.is_some(), faults),
    }
    if given.placement.is_some() != eotas {
        only_of(eotas, "/placement", given.placement.is_some(), faults);
    }
    let plan = text::<TEXT>("/plan", &given.plan, faults);
    let triggers = of_kind::<TEXT>(handling, "/triggers", given.triggers, faults);
    let techniques = of_kind::<TEXT>(handling, "/techniques", given.techniques, faults);
    let reason = of_kind::<TEXT>(timetable, "/reason", given.reason, faults);
    let looked_for = given.placement == Some(Placement::Awaiting);
    let provider = match given.provider.filter(|p| !p.trim().is_empty()) {
        None if looked_for => Some(None),
        provider => of_kind::<NAME>(eotas, "/provider", provider, faults),
    };
    let consent_by = consent(timetable, given.consent, today, faults);
    Some(Content {
        plan: plan?,
        triggers: triggers?,
        techniques: techniques?,
        reason: reason?,
        consent_by: consent_by?,
        provider: provider?,
    })
}

/// Reads a review and notes every fault.
pub(super) fn check_review(
    given: &ReviewProvision,
    provision: &Provision,
    today: NaiveDate,
    faults: &mut Faults,
) -> Option<NoteContent> {
    past("/held_on", given.held_on, today, faults);
    if given.held_on < provision.starts_on {
        faults.add("/held_on", FaultCode::WrongOrder);
    }
    match given.next_on {
        Some(next) => next_review(("/next_on", next), (provision.starts_on, provision.ends_on), today, faults),
        // Without an end there would be no clock left.
        None if provision.ends_on.is_none() => faults.add("/next_on", FaultCode::Missing),
        None => {}
    }
    let text = text::<TEXT>("/note", &given.note, faults)?;
    Some(NoteContent { text: Some(text), consent_by: None })
}

/// Reads another end and notes every fault. A reduced timetable that lasts longer needs consent to that.
pub(super) fn check_extension(
    given: ExtendProvision,
    provision: &Provision,
    settings: &ProvisionSettings,
    today: NaiveDate,
    faults: &mut Faults,
) -> Option<NoteContent> {
    ends(provision.kind, provision.starts_on, given.ends_on, settings, today, faults);
    let timetable = provision.kind == Kind::ReducedTimetable;
    let longer = provision.ends_on.is_none_or(|planned| planned < given.ends_on);
    let text = text::<TEXT>("/reason", &given.reason, faults);
    let consent_by = if timetable && !longer && given.consent.is_none() {
        Some(None)
    } else {
        consent(timetable, given.consent, today, faults)
    };
    Some(NoteContent { text: Some(text?), consent_by: consent_by? })
}

/// Reads the end and notes every fault. What has not begun can only be called off.
pub(super) fn check_end(
    given: EndProvision,
    provision: &Provision,
    today: NaiveDate,
    faults: &mut Faults,
) -> Option<NoteContent> {
    past("/on", given.on, today, faults);
    if given.on < provision.starts_on && given.ending != Ending::NoLongerNeeded {
        faults.add("/on", FaultCode::WrongOrder);
    }
    if !endings(provision.kind).contains(&given.ending) {
        faults.add("/ending", FaultCode::NotInList);
    }
    let note = match given.note.filter(|n| !n.trim().is_empty()) {
        Some(note) => Some(text::<TEXT>("/note", &note, faults)?),
        None => None,
    };
    Some(NoteContent { text: note, consent_by: None })
}

/// A last day that is still to come, after the first, and no later than the kind may last.
fn ends(
    kind: Kind,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    settings: &ProvisionSettings,
    today: NaiveDate,
    faults: &mut Faults,
) {
    let weeks = i64::from(settings.longest_timetable_weeks);
    let too_long = kind == Kind::ReducedTimetable && (ends_on - starts_on).num_days() > weeks * 7;
    if ends_on <= starts_on {
        faults.add("/ends_on", FaultCode::WrongOrder);
    } else if too_long || !(1..=END_DAYS).contains(&(ends_on - today).num_days()) {
        faults.add("/ends_on", FaultCode::DateOutOfRange);
    }
}

/// A review that is still to come, and while the provision lasts.
fn next_review(
    (pointer, on): (&str, NaiveDate),
    (starts_on, ends_on): (NaiveDate, Option<NaiveDate>),
    today: NaiveDate,
    faults: &mut Faults,
) {
    if !(1..=DAYS).contains(&(on - today).num_days()) {
        faults.add(pointer, FaultCode::DateOutOfRange);
    } else if on < starts_on || ends_on.is_some_and(|end| end < on) {
        faults.add(pointer, FaultCode::WrongOrder);
    }
}

fn past(pointer: &str, date: NaiveDate, today: NaiveDate, faults: &mut Faults) {
    if date > today {
        faults.add(pointer, FaultCode::InFuture);
    } else if (today - date).num_days() > DAYS {
        faults.add(pointer, FaultCode::DateOutOfRange);
    }
}

/// Who consented, where that is asked.
#[expect(clippy::option_option, reason = "none asked, and asked but faulty, are two things")]
fn consent(asked: bool, given: Option<Consent>, today: NaiveDate, faults: &mut Faults) -> Option<Option<String>> {
    match given {
        Some(consent) if asked => {
            past("/consent/on", consent.on, today, faults);
            text::<NAME>("/consent/by", &consent.by, faults).map(Some)
        }
        None if asked => {
            faults.add("/consent", FaultCode::ConsentMissing);
            None
        }
        given => {
            only_of(false, "/consent", given.is_some(), faults);
            Some(None)
        }
    }
}

/// A text that one kind has and the others have not.
#[expect(clippy::option_option, reason = "none asked, and asked but faulty, are two things")]
fn of_kind<const N: usize>(
    asked: bool,
    pointer: &str,
    given: Option<String>,
    faults: &mut Faults,
) -> Option<Option<String>> {
    let given = given.filter(|g| !g.trim().is_empty());
    if asked != given.is_some() {
        only_of(asked, pointer, given.is_some(), faults);
        return None;
    }
    given.map_or(Some(None), |given| text::<N>(pointer, &given, faults).map(Some))
}

/// What is asked and not there, or there and not asked.
fn only_of(asked: bool, pointer: &str, is_there: bool, faults: &mut Faults) {
    match (asked, is_there) {
        (true, false) => faults.add(pointer, FaultCode::Missing),
        (false, true) => faults.add(pointer, FaultCode::UnknownField),
        _ => {}
    }
}

fn text<const N: usize>(pointer: &str, text: &str, faults: &mut Faults) -> Option<String> {
    faults.keep(pointer, FreeText::<N>::parse(text)).map(|t| t.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{FixedChance, PersonId, ProvisionId, PupilId, Reference, SchoolId, Utc, WarrnId};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn start(kind: Kind) -> StartProvision {
        let of = |wanted: Kind| (kind == wanted).then(|| "text".to_owned());
        let timetable = kind == Kind::ReducedTimetable;
        StartProvision {
            kind,
            starts_on: day("2026-03-02"),
            review_on: day("2026-03-16"),
            ends_on: timetable.then(|| day("2026-03-30")),
            plan: "plan".to_owned(),
            triggers: of(Kind::HandlingPlan),
            techniques: of(Kind::HandlingPlan),
            minutes_per_week: timetable.then_some(750),
            consent: timetable.then(|| Consent { by: "Parent".to_owned(), on: day("2026-03-01") }),
            reason: of(Kind::ReducedTimetable),
            placement: (kind == Kind::Eotas).then_some(Placement::HomeTuition),
            provider: of(Kind::Eotas),
        }
    }

    /// The faults of a beginning on 2 March 2026.
    fn faults(given: StartProvision) -> Vec<(String, FaultCode)> {
        let mut faults = Faults::default();
        let sound = check_start(given, &ProvisionSettings::default(), day("2026-03-02"), &mut faults);
        let found: Vec<_> = faults.into_vec().into_iter().map(|f| (f.pointer, f.code)).collect();
        assert!(sound.is_some() || !found.is_empty(), "a refusal says why");
        found
    }

    #[test]
    fn each_kind_needs_its_own_and_takes_nothing_of_the_others() {
        for kind in Kind::ALL.iter().copied() {
            assert_eq!(faults(start(kind)), [], "{kind}");
            for other in Kind::ALL.iter().copied().filter(|other| *other != kind) {
                let mixed = StartProvision { kind, ..start(other) };
                let found = faults(mixed);
                assert!(found.iter().any(|(_, code)| *code == FaultCode::UnknownField), "{kind} of {other}: {found:?}");
                let missing = [FaultCode::Missing, FaultCode::ConsentMissing];
                assert!(found.iter().any(|(_, code)| missing.contains(code)), "{kind} of {other}: {found:?}");
            }
        }
        let awaiting = StartProvision { placement: Some(Placement::Awaiting), provider: None, ..start(Kind::Eotas) };
        assert_eq!(faults(awaiting), []);
        let nobody = StartProvision { provider: Some(" ".to_owned()), ..start(Kind::Eotas) };
        assert_eq!(faults(nobody), [("/provider".to_owned(), FaultCode::Missing)]);
    }

    #[test]
    fn a_reduced_timetable_needs_consent_and_ends_within_its_weeks() {
        let of = |change: fn(&mut StartProvision)| {
            let mut given = start(Kind::ReducedTimetable);
            change(&mut given);
            faults(given)
        };
        let fault = |pointer: &str, code| [(pointer.to_owned(), code)];
        assert_eq!(of(|g| g.consent = None), fault("/consent", FaultCode::ConsentMissing));
        assert_eq!(of(|g| g.ends_on = None), fault("/ends_on", FaultCode::Missing));
        assert_eq!(of(|g| g.ends_on = Some(day("2026-04-13"))), [], "six weeks to the day");
        assert_eq!(of(|g| g.ends_on = Some(day("2026-04-14"))), fault("/ends_on", FaultCode::DateOutOfRange));
        assert_eq!(of(|g| g.review_on = day("2026-03-31")), fault("/review_on", FaultCode::WrongOrder));
        assert_eq!(of(|g| g.review_on = day("2026-03-02")), fault("/review_on", FaultCode::DateOutOfRange));
        for (minutes, sound) in [(0, false), (1, true), (2400, true), (2401, false)] {
            let mut given = start(Kind::ReducedTimetable);
            given.minutes_per_week = Some(minutes);
            assert_eq!(faults(given).is_empty(), sound, "{minutes}");
        }
        let order = of(|g| g.ends_on = Some(day("2026-03-02")));
        assert!(order.contains(&("/ends_on".to_owned(), FaultCode::WrongOrder)), "{order:?}");
        let late = of(|g| g.consent = Some(Consent { by: String::new(), on: day("2026-03-03") }));
        let pointers: Vec<_> = late.iter().map(|(pointer, _)| pointer.as_str()).collect();
        assert_eq!(pointers, ["/consent/on", "/consent/by"]);
    }

    fn provision(kind: Kind, ends_on: Option<&str>) -> Provision {
        let nil = uuid::Uuid::nil();
        Provision {
            id: ProvisionId::from_uuid(nil),
            record: WarrnId::from_uuid(nil),
            reference: Reference::random(&FixedChance::seeded(1)),
            school: SchoolId::from_uuid(nil),
            pupil: PupilId::from_uuid(nil),
            kind,
            starts_on: day("2026-03-02"),
            review_on: None,
            ends_on: ends_on.map(day),
            minutes_per_week: None,
            consent_on: None,
            placement: None,
            ended: None,
            started_at: Utc::from_date_hour(day("2026-03-02"), 9),
            started_by: PersonId::from_uuid(nil),
            version: 1,
        }
    }

    #[test]
    fn an_extension_counts_from_the_first_day_and_needs_consent_to_be_longer() {
        let timetable = provision(Kind::ReducedTimetable, Some("2026-03-30"));
        let consented = || Some(Consent { by: "Parent".to_owned(), on: day("2026-03-20") });
        for (ends_on, consent, kept, fault) in [
            ("2026-04-13", consented(), true, None),
            ("2026-04-13", None, false, Some(FaultCode::ConsentMissing)),
            ("2026-03-25", None, false, None),
            ("2026-04-14", consented(), true, Some(FaultCode::DateOutOfRange)),
            ("2026-03-20", None, false, Some(FaultCode::DateOutOfRange)),
        ] {
            let given = ExtendProvision { ends_on: day(ends_on), reason: "more time".to_owned(), consent };
            let (mut faults, settings) = (Faults::default(), ProvisionSettings::default());
            let sound = check_extension(given, &timetable, &settings, day("2026-03-20"), &mut faults);
            let found = faults.into_vec().first().map(|f| f.code);
            assert_eq!(found, fault, "{ends_on}");
            assert_eq!(sound.and_then(|s| s.consent_by).is_some(), kept, "{ends_on}");
        }
    }

    #[test]
    fn a_date_too_far_off_is_mended_by_a_date_and_not_by_a_number() {
        let timetable = provision(Kind::ReducedTimetable, Some("2026-03-30"));
        let given = ExtendProvision { ends_on: day("2026-09-14"), reason: "more time".to_owned(), consent: None };
        let (mut faults, settings) = (Faults::default(), ProvisionSettings::default());
        let _ = check_extension(given, &timetable, &settings, day("2026-03-20"), &mut faults);
        let found = faults.into_vec();
        let mend = found.iter().find(|f| f.pointer == "/ends_on").unwrap().code.mend();
        assert!(mend.en.contains("date") && !mend.en.contains("number"), "{}", mend.en);
        assert!(mend.cy.contains("ddyddiad") && !mend.cy.contains("rif"), "{}", mend.cy);
    }

    #[test]
    fn a_review_leaves_a_clock_behind() {
        let today = day("2026-03-20");
        for (kind, ends_on, next_on, fault) in [
            (Kind::HandlingPlan, None, None, Some(FaultCode::Missing)),
            (Kind::HandlingPlan, None, Some("2026-06-01"), None),
            (Kind::ReducedTimetable, Some("2026-03-30"), None, None),
            (Kind::ReducedTimetable, Some("2026-03-30"), Some("2026-03-31"), Some(FaultCode::WrongOrder)),
            (Kind::Eotas, Some("2026-09-01"), Some("2026-03-20"), Some(FaultCode::DateOutOfRange)),
        ] {
            let given = ReviewProvision { held_on: today, note: "well".to_owned(), next_on: next_on.map(day) };
            let mut faults = Faults::default();
            let _ = check_review(&given, &provision(kind, ends_on), today, &mut faults);
            assert_eq!(faults.into_vec().first().map(|f| f.code), fault, "{kind} {ends_on:?} {next_on:?}");
        }
    }

    #[test]
    fn each_kind_ends_in_its_own_ways_and_what_has_not_begun_is_called_off() {
        let end = |kind, on: &str, ending| {
            let mut faults = Faults::default();
            let given = EndProvision { on: day(on), ending, note: None };
            let _ = check_end(given, &provision(kind, None), day("2026-03-20"), &mut faults);
            faults.into_vec().first().map(|f| f.code)
        };
        for kind in Kind::ALL.iter().copied() {
            for ending in Ending::ALL.iter().copied() {
                let may = endings(kind).contains(&ending);
                assert_eq!(end(kind, "2026-03-20", ending).is_none(), may, "{kind} {ending}");
            }
        }
        assert_eq!(end(Kind::Eotas, "2026-03-01", Ending::ReturnedToSchool), Some(FaultCode::WrongOrder));
        assert_eq!(end(Kind::Eotas, "2026-03-01", Ending::NoLongerNeeded), None);
        assert_eq!(end(Kind::Eotas, "2026-03-21", Ending::NoLongerNeeded), Some(FaultCode::InFuture));
    }
}
