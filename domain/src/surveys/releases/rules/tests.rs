mod carried;
mod differences;
mod together;
mod whole;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::super::model::{Asked, Cell, Earlier, Expected, Kind};
use super::testing::{self, gathered, school};
use super::*;
use crate::directory::schools::School;
use crate::disclosure::{Figure, disclose_group};
use crate::instruments::Layout;
use crate::kernel::{Phase, YearGroup};
use crate::surveys::campaigns::Rolls;
use crate::surveys::stage::vault;
use crate::surveys::tallies::Rows;

/// Dice that fall alike for a seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % n
    }
}

/// Three of the questionnaire's questions: enough to attack, few enough to do it often.
fn layout() -> Layout {
    testing::layout(&["bullied", "trusted_adult", "gender"])
}

fn answer(dice: &mut Dice, layout: &Layout, year: YearGroup, rare: u64) -> Vec<u8> {
    let bullied = match dice.below(100) {
        n if n < rare => ["two_or_three_a_month", "weekly", "several_a_week"][usize::try_from(dice.below(3)).unwrap()],
        n if n < rare + 15 => "once_or_twice",
        _ => "not_at_all",
    };
    let adult = ["yes", "yes", "yes", "no", "not_sure"][usize::try_from(dice.below(5)).unwrap()];
    let gender = ["girl", "boy", "girl", "boy", "girl", "boy", "another"][usize::try_from(dice.below(7)).unwrap()];
    testing::answers_of(layout, year, &[("bullied", bullied), ("trusted_adult", adult), ("gender", gender)])
}

/// An authority of its own for each seed: some schools of two phases, year groups of 4 to 60 pupils, one school without answers.
fn world(seed: u64) -> Gathered {
    let mut dice = Dice(seed * 7919 + 13);
    let (primaries, secondaries) = (3 + dice.below(3), 1 + dice.below(3));
    authority(dice, primaries, secondaries, 4)
}

/// So many schools, and so many pupils at least in each year group.
fn authority(mut dice: Dice, primaries: u64, secondaries: u64, least: u64) -> Gathered {
    let layout = layout();
    let mut schools: Vec<School> = Vec::new();
    for n in 0..=primaries + secondaries {
        let phase = if n < primaries { Phase::Primary } else { Phase::Secondary };
        schools.push(school(u32::try_from(n).unwrap(), phase));
    }
    let mut cells = Vec::new();
    let rare = 2 + dice.below(20);
    for (at, school) in schools.iter().enumerate().take(schools.len() - 1) {
        let (years, most) = if school.phase == Phase::Primary { (5..=6, 35) } else { (7..=8, 60) };
        for number in years {
            let year = YearGroup::new(number).unwrap();
            let mut rows = Rows::of(layout.width());
            for _ in 0..least + dice.below(most) {
                assert!(rows.push(&answer(&mut dice, &layout, year, rare)));
            }
            cells.push(Cell { school: at, year, rows });
        }
    }
    let expected = schools.into_iter().map(|school| Expected { school, rolls: Rolls::default() });
    gathered(layout, expected.collect(), cells)
}

fn published(gathered: Gathered) -> Released {
    decide(gathered, Threshold::default()).outcome.unwrap()
}

const WORLDS: u64 = 20;

/// Each world's plan and what is published of it: decided once for all tests.
static DECIDED: LazyLock<Vec<(Plan, Released)>> = LazyLock::new(|| {
    let both = |seed| (lay_out(&world(seed)).unwrap(), published(world(seed)));
    (1..=WORLDS).map(both).collect()
});

/// SUR-3 over whole releases: nothing that is decided can be attacked, and what is decided figure by figure can.
#[test]
fn whole_releases_stand_and_figures_decided_alone_fall() {
    let (mut shown, mut fallen) = (0, 0);
    for (plan, released) in DECIDED.iter() {
        let is_shown = |f: &&PublishedFigure| matches!(f.view(), Figure::Shown { .. });
        shown += released.tables.iter().flat_map(|t| &t.figures).filter(is_shown).count();
        // The control: each table is safe by itself, and all of them are given out.
        let alone: Vec<Vec<PublishedFigure>> = plan
            .release
            .questions()
            .iter()
            .map(|question| {
                let of = |group: &crate::disclosure::Group| {
                    let counted = group.atoms.iter().map(|at| question.tallies[*at].clone());
                    disclose_group("alone", vec![summed(question, &counted.collect::<Vec<_>>())], Threshold::default())
                        .unwrap()
                        .remove(0)
                };
                plan.release.groups().iter().map(of).collect()
            })
            .collect();
        fallen += u64::from(audit(&plan.release, &alone, Threshold::default()).is_err());
    }
    assert!(shown > 200, "{shown} figures are shown: a test of what is withheld would pass with anything");
    assert!(fallen > WORLDS / 2, "the control falls in {fallen} of {WORLDS} worlds");
}

/// The answers of several atoms as those of one.
fn summed(question: &crate::disclosure::Question, tallies: &[crate::disclosure::Tally]) -> crate::disclosure::Question {
    use crate::disclosure::Tally;
    let mut sum = (0, vec![0; question.options.len()]);
    let mut answered = false;
    for tally in tallies {
        if let Tally::Counted { base, counts } = tally {
            answered = true;
            sum.0 += base;
            sum.1.iter_mut().zip(counts).for_each(|(all, n)| *all += n);
        }
    }
    let tally = if answered { Tally::Counted { base: sum.0, counts: sum.1 } } else { tallies[0].clone() };
    crate::disclosure::Question { tallies: vec![tally], ..question.clone() }
}

#[test]
fn a_release_is_the_same_bytes_again_and_says_what_stands_beside_a_school() {
    let one = published(world(3));
    assert_eq!(one, published(world(3)));
    assert_eq!(one.digest.len(), 64);
    assert_ne!(one.digest, published(world(4)).digest);
    let kinds: BTreeSet<Kind> = one.tables.iter().map(|t| t.kind).collect();
    assert!([Kind::Authority, Kind::Year, Kind::School, Kind::SchoolYear].iter().all(|k| kinds.contains(k)));
    // From whom nothing came, and everybody knows.
    let silent = one.tables.iter().rfind(|t| t.kind == Kind::School).unwrap();
    assert!(silent.figures.iter().all(|f| matches!(f.view(), Figure::Withheld { symbol: "x", .. })));
    // What is kept is what was decided.
    let text = serde_json::to_string(&one.tables).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Table>>(&text).unwrap(), one.tables);
    // The case definition is one option, and a phase of two schools is not told apart.
    let scale = &one.header.questions.iter().find(|q| q.code == "bullied").unwrap().options;
    assert_eq!(scale, &["not_at_all", "once_or_twice", OFTEN, "prefer_not_to_say"]);
    let phases = |released: &Released| released.tables.iter().filter(|t| t.kind == Kind::Phase).count();
    for seed in 1..=6 {
        let gathered = world(seed);
        let answered = |phase| {
            let schools = gathered.schools.iter().enumerate().filter(|(_, s)| s.school.phase == phase);
            schools.filter(|(at, _)| gathered.cells.iter().any(|c| c.school == *at)).count()
        };
        let enough = [Phase::Primary, Phase::Secondary].into_iter().filter(|p| answered(*p) >= 3).count();
        let tables = lay_out(&gathered).unwrap().tables;
        let of_phases = Released { tables, ..one.clone() };
        assert_eq!(phases(&of_phases), enough, "world {seed}");
    }
}

/// A few late answers must not be told by what changes.
#[test]
fn a_correction_waits_until_ten_answers_changed() {
    let with = |more: usize| {
        let mut gathered = world(5);
        let first = published(world(5));
        gathered.before = vec![Earlier { released: first, snapshot: world(5).snapshot }];
        let (mut dice, year) = (Dice(99), gathered.cells[0].year);
        let layout = layout();
        for _ in 0..more {
            assert!(gathered.cells[0].rows.push(&answer(&mut dice, &layout, year, 50)));
        }
        super::super::service::note(&mut gathered, &vault());
        decide(gathered, Threshold::default()).outcome
    };
    for few in [1, 4, 9] {
        let refused = with(few).unwrap_err();
        assert_eq!((refused.group.as_str(), refused.finding), ("school/6764000/year/5", Finding::Isolates), "{few}");
    }
    assert_eq!(with(0).unwrap().header.changed, [], "nothing changed, and that is said");
    let mended = with(30).unwrap();
    assert!(!mended.header.changed.is_empty());
}

/// A school whose answers were withdrawn has no table of its year group any more, and one that came late has one that was not
/// there: both are in what changed.
#[test]
fn tables_that_come_and_go_are_among_what_changed() {
    let mut gathered = world(5);
    let mut last = published(world(5));
    let table = last.tables.iter_mut().find(|t| t.kind == Kind::SchoolYear).unwrap();
    let came = std::mem::replace(&mut table.code, "school/6764999/year/5".to_owned());
    let of = |code: &str| {
        let question = |asked: &Asked| Change { table: code.to_owned(), question: asked.code.clone() };
        last.header.questions.iter().map(question).collect::<Vec<_>>()
    };
    let expected = [of(&came), of("school/6764999/year/5")].concat();
    gathered.before = vec![Earlier { released: last, snapshot: world(5).snapshot }];
    assert_eq!(decide(gathered, Threshold::default()).outcome.unwrap().header.changed, expected);
}

/// A secondary with its primaries, as a Welsh cluster is: what the oldest alone are asked is the secondary's, and nobody else's to
/// read under another name.
#[test]
fn what_one_school_is_asked_is_told_of_it_alone() {
    let layout = testing::layout(&["bullied", "school_deals"]);
    let years = [8, 5, 5, 5].map(|n| YearGroup::new(n).unwrap());
    let cells: Vec<Cell> = (0..4)
        .map(|at| {
            let mut rows = Rows::of(layout.width());
            for n in 0..if at == 0 { 150 } else { 60 } {
                let given: &[(&str, &str)] = match (at, n % 3) {
                    (0, 0) => &[("bullied", "weekly"), ("school_deals", "very_well")],
                    (0, _) => &[("bullied", "not_at_all"), ("school_deals", "not_well")],
                    (_, 0) => &[("bullied", "weekly")],
                    _ => &[("bullied", "not_at_all")],
                };
                assert!(rows.push(&testing::answers_of(&layout, years[at], given)));
            }
            Cell { school: at, year: years[at], rows }
        })
        .collect();
    let phase = |at: u32| if at == 0 { Phase::Secondary } else { Phase::Primary };
    let schools = (0..4).map(|at| Expected { school: school(2 * at, phase(at)), rolls: Rolls::default() }).collect();
    let released = published(gathered(layout, schools, cells));
    let shown = |code: &str, question: usize| {
        let table = released.tables.iter().find(|t| t.code == code).unwrap();
        matches!(table.figures[question].view(), Figure::Shown { .. })
    };
    for code in ["authority", "cluster/Dwyrain"] {
        assert_eq!((shown(code, 0), shown(code, 1)), (true, false), "{code}");
    }
    assert!(shown("school/6764000", 1), "it reads its own");
}
