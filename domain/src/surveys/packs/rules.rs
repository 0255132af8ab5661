//! What stands out in a school's results. Pure, and from published ranges alone.
//!
//! A range stands for every share in it: something is said to stand out only when it does so wherever in its range the share
//! lies. So it is never said of what chance or rounding made, and little is said of small schools.

use crate::disclosure::statistics::{Confidence, Stands, change, stands};
use crate::disclosure::{Figure, PublishedFigure, Share};
use crate::instruments::Definition;
use crate::surveys::releases::{Kind, OFTEN, Released, Table};
use crate::toolkit::{Finding, FindingCode};

use super::model::{Before, Direction, Found, Rule};

/// What is held against the authority, and against the campaign before: finding, finding of a rise, question, option, and
/// which way is worse. In the order of pressing. Questions are known by their comparability keys, which an authority's own
/// questionnaire keeps.
const COMPARED: &[(&str, Option<&str>, &str, &str, Direction)] = &[
    ("high_bullied", Some("rising_bullied"), "bullied", OFTEN, Direction::High),
    ("feels_unsafe", None, "safe_school", "always", Direction::Low),
    ("high_bullying_others", Some("rising_bullying_others"), "bullied_others", OFTEN, Direction::High),
    ("type_online", None, "bullied_online", OFTEN, Direction::High),
    ("response_not_helped", None, "school_helped", "stopped", Direction::Low),
    ("not_told", None, "told", "no", Direction::High),
    ("no_trusted_adult", None, "trusted_adult", "yes", Direction::Low),
    ("low_belonging", None, "belonging", "always", Direction::Low),
    ("witnesses_do_nothing", None, "seen_did", "watched", Direction::High),
    ("unsafe_travel", None, "safe_travel", "always", Direction::Low),
    ("not_learned", None, "learned", "no", Direction::High),
];

/// Questions, by key, of which the option that most named is told: where to begin.
const NAMED: &[(&str, &str)] =
    &[("bullied_types", "type_"), ("bullied_places", "place_"), ("bullied_reasons", "reason_")];

/// Below this share of those on roll the results speak for few (our own proposal: half).
const FEW_ANSWERED: i64 = 50;

/// What is held against the authority: the finding, the question's key and the option that is counted, and which way is worse.
pub(in crate::surveys) fn compared() -> impl Iterator<Item = (&'static str, &'static str, &'static str, Direction)> {
    COMPARED.iter().map(|(finding, _, question, option, worse)| (*finding, *question, *option, *worse))
}

/// Whether results with so many comparable questions of those asked now are a trend at all: half of them or more (our own
/// proposal). A short survey between two of the yearly ones isn't the year before.
#[must_use]
pub fn is_a_trend(comparable: usize, asked: usize) -> bool {
    comparable > 0 && 2 * comparable >= asked
}

/// What stands out in a school's own table, the most pressing first. `definition` is what was asked; `before` is the
/// campaign before, for the same school.
#[must_use]
pub fn findings(released: &Released, definition: &Definition, before: Option<&Before>) -> Vec<Found> {
    let (Some(own), Some(whole)) = (table(released, Kind::School), table(released, Kind::Authority)) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let asked = |key: &str| definition.keyed(key).map(|q| q.code.as_str());
    for (high, rising, key, option, worse) in COMPARED {
        let Some(question) = asked(key) else { continue };
        let Some((base, share)) = share(released, own, question, option) else { continue };
        if let Some((_, average)) = self::share(released, whole, question, option) {
            found.extend(by_funnel(high, *worse, (base, &share), &average).map(|found| of(found, question, option)));
        }
        let last = before.and_then(|b| {
            let then = b.same.get(question)?;
            self::share(&b.released, table(&b.released, Kind::School)?, then, option)
        });
        if let (Some(rising), Some(last)) = (rising, last) {
            found.extend(by_change(rising, (base, &share), (last.0, &last.1)).map(|found| of(found, question, option)));
        }
    }
    for (key, start) in NAMED {
        let Some(question) = asked(key) else { continue };
        found.extend(most_named(released, own, question, start).map(|(found, option)| of(found, question, &option)));
    }
    if own.rate().is_some_and(|rate| rate < FEW_ANSWERED) {
        found.extend(told("low_response_rate", false, Rule::ResponseRate, None, None));
    }
    found
}

fn of(found: Found, question: &str, option: &str) -> Found {
    Found { of: Some((question.to_owned(), option.to_owned())), ..found }
}

fn told(code: &str, severe: bool, rule: Rule, own: Option<&Share>, compared: Option<&Share>) -> Option<Found> {
    let finding = Finding { code: FindingCode::parse(code)?, severe };
    Some(Found { finding, rule, of: None, own: own.cloned(), compared: compared.cloned() })
}

pub(super) fn table(released: &Released, kind: Kind) -> Option<&Table> {
    released.tables.iter().find(|t| t.kind == kind)
}

/// The published base and share of an option.
pub(super) fn share(released: &Released, table: &Table, question: &str, option: &str) -> Option<(u64, Share)> {
    let at = released.header.questions.iter().position(|q| q.code == question)?;
    match table.figures.get(at).map(PublishedFigure::view)? {
        Figure::Shown { base, shares } => shares.iter().find(|s| s.option == option).map(|s| (base, s.clone())),
        Figure::Withheld { .. } | Figure::NotAsked { .. } => None,
    }
}

/// How many answered a question in the table of this kind, as it was published.
#[must_use]
pub fn base_of(released: &Released, kind: Kind, question: &str) -> Option<u64> {
    let at = released.header.questions.iter().position(|q| q.code == question)?;
    match table(released, kind)?.figures.get(at)?.view() {
        Figure::Shown { base, .. } => Some(base),
        Figure::Withheld { .. } | Figure::NotAsked { .. } => None,
    }
}

/// The ends of a range as proportions.
pub(super) fn ends(share: &Share) -> (f64, f64) {
    (f64::from(share.band.from) / 1000.0, f64::from(share.band.to) / 1000.0)
}

/// Bases are far below what a float holds exactly.
pub(super) fn size(base: u64) -> f64 {
    u32::try_from(base).map_or(f64::from(u32::MAX), f64::from)
}

fn by_funnel(code: &str, worse: Direction, own: (u64, &Share), average: &Share) -> Option<Found> {
    told(code, out(worse, own, average)?, Rule::Funnel, Some(own.1), Some(average))
}

/// Whether a share lies beyond the funnel's limits in this direction, wherever in its range it lies: then whether far beyond.
fn out(to: Direction, (base, own): (u64, &Share), average: &Share) -> Option<bool> {
    let (own, average) = (ends(own), ends(average));
    // The end of each range that is nearest to the other.
    match to {
        Direction::High => {
            let nearest = stands(own.0, size(base), average.1);
            (nearest >= Stands::Above).then_some(nearest == Stands::FarAbove)
        }
        Direction::Low => {
            let nearest = stands(own.1, size(base), average.0);
            (nearest <= Stands::Below).then_some(nearest == Stands::FarBelow)
        }
    }
}

/// How a share stands to the authority's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Its whole range lies above what chance makes for so many answers.
    Above,
    /// Its whole range lies below.
    Below,
}

/// How an option's share in a table stands to the authority's; nothing when chance may have made the difference, or one of
/// them is not shown.
#[must_use]
pub fn mark(released: &Released, table: &Table, question: &str, option: &str) -> Option<Mark> {
    let whole = self::table(released, Kind::Authority)?;
    let (base, own) = share(released, table, question, option)?;
    let (_, average) = share(released, whole, question, option)?;
    if out(Direction::High, (base, &own), &average).is_some() {
        Some(Mark::Above)
    } else {
        out(Direction::Low, (base, &own), &average).map(|_| Mark::Below)
    }
}

fn by_change(code: &str, (base, own): (u64, &Share), (base_before, before): (u64, &Share)) -> Option<Found> {
    let rose = change((ends(before).1, size(base_before)), (ends(own).0, size(base)), Confidence::P95);
    if rose.lower > 0.0 { told(code, false, Rule::Change, Some(own), Some(before)) } else { None }
}

/// The option whose range lies above every other's, of those there is advice for.
fn most_named(released: &Released, table: &Table, question: &str, start: &str) -> Option<(Found, String)> {
    let at = released.header.questions.iter().position(|q| q.code == question)?;
    let Figure::Shown { shares, .. } = table.figures.get(at)?.view() else { return None };
    let most = shares.iter().max_by_key(|s| s.band.from)?;
    let above = |other: &&Share| other.option == most.option || other.band.to <= most.band.from;
    if !shares.iter().all(|other| above(&other)) {
        return None;
    }
    let found = told(&format!("{start}{}", most.option), false, Rule::MostNamed, Some(most), None)?;
    Some((found, most.option.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclosure::{Choice, Question, Tally, Threshold, disclose_group};
    use crate::kernel::{Bilingual, YearGroups};
    use crate::surveys::releases::{Asked, Header, Reason};

    const SCALE: [&str; 3] = ["not_at_all", "once_or_twice", OFTEN];
    const TYPES: [&str; 3] = ["names", "hit", "other"];

    fn date(d: u32) -> chrono::NaiveDate {
        chrono::NaiveDate::from_ymd_opt(2026, 3, d).unwrap()
    }

    /// A release of a school beside the authority: counts of how often pupils were bullied, and of which kinds were named.
    fn release(school: [u32; 3], all: [u32; 3], types: [u32; 3], roll: i64) -> Released {
        let figure = |options: &[&str], counts: &[u32], choice, base| {
            let question = Question {
                code: "q".into(),
                options: options.iter().map(|o| (*o).to_owned()).collect(),
                choice,
                tallies: vec![Tally::Counted { base, counts: counts.to_vec() }],
            };
            disclose_group("g", vec![question], Threshold::default()).unwrap().remove(0)
        };
        let table = |kind, counts: [u32; 3]| {
            let base = counts.iter().sum();
            Table {
                kind,
                code: kind.to_string(),
                name: Bilingual { cy: "Enw".into(), en: "Name".into() },
                school_number: None,
                year_group: None,
                responses: Some(base),
                roll: Some(roll),
                beside: Vec::new(),
                figures: vec![
                    figure(&SCALE, &counts, Choice::One, base),
                    figure(&TYPES, &types, Choice::Many, types.iter().copied().max().unwrap().max(60)),
                ],
            }
        };
        let asked = |code: &str, options: &[&str]| Asked {
            code: code.into(),
            options: options.iter().map(|o| (*o).to_owned()).collect(),
        };
        Released {
            header: Header {
                campaign_id: crate::kernel::CampaignId::from_uuid(uuid::Uuid::nil()),
                number: 1,
                reason: Reason::First,
                academic_year: "2025/26".into(),
                title: Bilingual { cy: "Arolwg".into(), en: "Survey".into() },
                window: [date(1), date(14)],
                published_on: date(16),
                instrument: "bullying/1".into(),
                min_base: 30,
                questions: vec![asked("bullied", &SCALE), asked("bullied_types", &TYPES)],
                changed: Vec::new(),
                carried: Vec::new(),
                breakdowns: Vec::new(),
            },
            tables: vec![table(Kind::School, school), table(Kind::Authority, all)],
            digest: String::new(),
        }
    }

    /// What was asked: the shipped questionnaire, of which a release here has two questions.
    fn asked() -> Definition {
        let text = include_str!("../../instruments/builtin/bullying-v1.json");
        serde_json::from_str(text).unwrap()
    }

    fn findings(released: &Released, before: Option<&Released>) -> Vec<Found> {
        let same = crate::instruments::comparable((&asked(), YearGroups::ALL), (&asked(), YearGroups::ALL));
        let before = before.map(|released| Before { released: released.clone(), same });
        super::findings(released, &asked(), before.as_ref())
    }

    fn codes(found: &[Found]) -> Vec<(String, bool, Rule)> {
        found.iter().map(|f| (f.finding.code.to_string(), f.finding.severe, f.rule)).collect()
    }

    #[test]
    fn what_chance_or_rounding_may_have_made_does_not_stand_out() {
        let all = [6800, 2000, 1200];
        let found = |school| codes(&findings(&release(school, all, [30, 30, 30], 200), None));
        // Twelve of a hundred everywhere.
        assert_eq!(found([136, 40, 24]), []);
        assert_eq!(found([130, 38, 32]), [], "sixteen of a hundred, of two hundred, may be chance");
        assert_eq!(found([212, 100, 88]), [("high_bullied".to_owned(), false, Rule::Funnel)]);
        assert_eq!(found([60, 60, 80]), [("high_bullied".to_owned(), true, Rule::Funnel)]);
        let marked = |school| {
            let released = release(school, all, [30, 30, 30], 200);
            mark(&released, &released.tables[0], "bullied", OFTEN)
        };
        assert_eq!((marked([60, 60, 80]), marked([130, 38, 32])), (Some(Mark::Above), None));
        assert_eq!(marked([900, 290, 10]), Some(Mark::Below));
        // The same shares of forty.
        assert_eq!(codes(&findings(&release([22, 8, 10], all, [30, 30, 30], 40), None)), []);
    }

    #[test]
    fn a_rise_is_told_when_it_is_one_wherever_the_shares_lie() {
        let all = [7000, 2000, 1000];
        let of = |often| release([160 - often, 40, often], all, [30, 30, 30], 200);
        let rises = |before, after| {
            let found = findings(&of(after), Some(&of(before)));
            codes(&found).iter().any(|(code, ..)| code == "rising_bullied")
        };
        assert!(rises(10, 60));
        assert!(!rises(10, 20) && !rises(60, 10) && !rises(30, 31));
    }

    #[test]
    fn what_most_named_is_told_and_a_tie_is_not() {
        let all = [6800, 2000, 1200];
        let found = |types| findings(&release([136, 40, 24], all, types, 200), None);
        let named = found([50, 10, 5]);
        assert_eq!(codes(&named), [("type_names".to_owned(), false, Rule::MostNamed)]);
        assert_eq!(named[0].of, Some(("bullied_types".to_owned(), "names".to_owned())));
        assert_eq!(codes(&found([40, 40, 5])), []);
        assert_eq!(codes(&found([5, 10, 50])), [], "for `other` there is no advice");
    }

    #[test]
    fn few_answers_are_told() {
        let all = [6800, 2000, 1200];
        let found = |roll| codes(&findings(&release([136, 40, 24], all, [30, 30, 30], roll), None));
        assert_eq!(found(400), [], "half");
        assert_eq!(found(500), [("low_response_rate".to_owned(), false, Rule::ResponseRate)]);
    }

    /// A question of a copy keeps its findings and its trend under another code, as long as it keeps its key and its options.
    #[test]
    fn a_trend_goes_on_by_key_and_breaks_with_the_options() {
        use crate::instruments::{Options, comparable};
        let all = [7000, 2000, 1000];
        let of = |often| release([160 - often, 40, often], all, [30, 30, 30], 200);
        let before = asked();
        let renamed = |d: &mut Definition| {
            let at = d.questions.iter().position(|q| q.code == "bullied").unwrap();
            (d.questions[at].code, d.questions[at].trend) = ("bullied_here".into(), Some("bullied".into()));
            for on in d.questions.iter_mut().flat_map(|q| &mut q.ask_if).filter(|on| on.question == "bullied") {
                on.question = "bullied_here".into();
            }
            at
        };
        let found = |definition: &Definition| {
            let mut now = of(60);
            now.header.questions[0].code = "bullied_here".into();
            let before = Before {
                released: of(10),
                same: comparable((definition, YearGroups::ALL), (&before, YearGroups::ALL)),
            };
            super::findings(&now, definition, Some(&before))
        };
        let mut copy = asked();
        let at = renamed(&mut copy);
        let rise = found(&copy).into_iter().find(|f| f.finding.code.to_string() == "rising_bullied").unwrap();
        assert_eq!(rise.of, Some(("bullied_here".into(), OFTEN.into())));
        // The control: another list of answers, and this question alone has no trend; what it shows by itself is told still.
        let mut choices = copy.options_of(&copy.questions[at]).to_vec();
        choices.retain(|c| c.code != "weekly");
        copy.questions[at].options = Options::Own(choices);
        let told: Vec<String> = found(&copy).iter().map(|f| f.finding.code.to_string()).collect();
        assert_eq!(told, ["high_bullied"]);
        assert_eq!(comparable((&copy, YearGroups::ALL), (&before, YearGroups::ALL)).len(), before.questions.len() - 1);
        // Without its key it is another question.
        copy.questions[at].trend = None;
        assert_eq!(found(&copy), []);
    }

    #[test]
    fn what_asks_little_of_the_same_is_no_year_before() {
        assert!(is_a_trend(24, 24) && is_a_trend(12, 24) && is_a_trend(3, 3));
        assert!(!is_a_trend(11, 24) && !is_a_trend(0, 0));
    }
}
