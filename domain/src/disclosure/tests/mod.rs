//! The engine on invented authorities (`facts/reliability.md` SUR-3, SUR-4), looked at by other means than its own: the
//! attacker's whole programme, and a plain enumeration of differences.

mod differences;
mod highs;
mod shared;
mod worlds;

use super::attack::{Facts, Told, Truth, What, range};
use super::model::Verdict;
use super::release::Question;
use super::sets::Atoms;
use super::*;
use worlds::{Dice, Size, world};

const WORLDS: u64 = 20;

fn small_world(seed: u64) -> Release {
    let mut dice = Dice::new(seed);
    world(seed, &Size { schools: dice.between(3, 4), years: dice.between(2, 4), questions: 3 })
}

/// What somebody may want to know of a question: atoms, groups, and what is left of each group without another, or without all
/// of a kind that are shown.
fn sets(release: &Release, figures: &[PublishedFigure]) -> Vec<Atoms> {
    let groups: Vec<(&Atoms, &str, bool)> = release
        .sets
        .iter()
        .zip(&release.groups)
        .zip(figures)
        .map(|((s, g), f)| (s, g.kind.as_str(), matches!(f.view(), Figure::Shown { .. })))
        .collect();
    let mut all: Vec<Atoms> = (0..release.atoms.len()).map(|a| std::iter::once(a).collect()).collect();
    for (set, ..) in &groups {
        all.push((*set).clone());
        for (part, kind, _) in groups.iter().filter(|(p, ..)| p != set && p.is_within(set)) {
            all.push(set.less(part));
            let shown = groups.iter().filter(|(p, k, shown)| k == kind && *shown && p.is_within(set));
            all.push(shown.fold((*set).clone(), |rest, (p, ..)| rest.less(p)));
        }
    }
    all.retain(|s| !s.is_empty());
    all.sort();
    all.dedup();
    all
}

fn is_asked(question: &Question, set: &Atoms) -> bool {
    set.iter().any(|a| matches!(question.tallies[a], Tally::Counted { .. }))
}

fn roll(release: &Release, question: &Question, set: &Atoms) -> u32 {
    let asked = set.iter().filter(|a| matches!(question.tallies[*a], Tally::Counted { .. }));
    asked.map(|a| release.atoms[a].roll.unwrap()).sum()
}

/// SUR-3: by the attacker's programme over all tables of a question at once, no count from nought to four, nor of those who did
/// not choose, has an interval less than three wide. Every year group has at least four pupils here.
#[test]
fn no_small_count_is_found_out() {
    let (mut looked, mut shown, mut few) = (0, 0, 0);
    for seed in 0..WORLDS {
        let release = small_world(seed);
        let figures = disclose(&release, Threshold::default()).unwrap();
        audit(&release, &figures, Threshold::default()).unwrap();
        for (question, figures) in release.questions.iter().zip(&figures) {
            let truth = Truth::of(&release, question);
            let facts = Facts::of(&release, question, figures.iter().map(|f| Told::by(f, 30)).collect());
            shown += figures.iter().filter(|f| matches!(f.view(), Figure::Shown { .. })).count();
            for set in sets(&release, figures).iter().filter(|s| is_asked(question, s)) {
                assert!(roll(&release, question, set) >= 4);
                for option in 0..question.options.len() {
                    for what in [What::Chose(option), What::ChoseNot(option)] {
                        let value = truth.value(set, what);
                        if !(0..=4).contains(&value) {
                            continue;
                        }
                        let (least, most) = range(&facts, set, what).unwrap();
                        assert!((least..=most).contains(&value), "the truth is one of the attacker's worlds");
                        assert!(
                            most - least >= 3,
                            "world {seed}, {}, {set:?}, {what:?}: {value} in {least}..={most}",
                            question.code
                        );
                        looked += 1;
                        few += usize::from((1..=4).contains(&value));
                    }
                }
            }
        }
    }
    assert!(
        looked > few && few > 1000 && shown > 300,
        "the worlds have what is looked for, and are told of: {few}, {shown}"
    );
}

/// The control of SUR-3: counts under five left out, totals published, as people did for years.
#[test]
fn hiding_under_five_and_publishing_totals_breaks() {
    for seed in 0..WORLDS {
        let release = small_world(seed);
        let mut found = 0;
        for question in &release.questions {
            for school in release.groups.iter().filter(|g| g.kind == "school") {
                let row = |o: usize| school.atoms.iter().map(|a| question.tallies[*a].count(o)).collect::<Vec<u32>>();
                // Who didn't choose the option is in the table as well: the base of a year group is one of its totals.
                for option in 0..question.options.len() {
                    let not = |a: &usize| question.tallies[*a].base() - question.tallies[*a].count(option);
                    let table = vec![row(option), school.atoms.iter().map(not).collect()];
                    let hidden = frequency_cells(&table);
                    let ranges = frequency::ranges(&table, &hidden).unwrap();
                    found += ranges.iter().filter(|(_, (least, most))| most - least < 3).count();
                }
            }
        }
        assert!(found > 0, "world {seed}");
    }
}

fn frequency_cells(table: &[Vec<u32>]) -> std::collections::BTreeSet<frequency::Cell> {
    let cells = table.iter().enumerate().flat_map(|(r, line)| line.iter().enumerate().map(move |(c, n)| ((r, c), *n)));
    cells.filter(|(_, n)| (1..5).contains(n)).map(|(at, _)| at).collect()
}

/// Every figure by itself, by a plain rule: five points from thirty answers on.
fn plain(release: &Release) -> Figures {
    let figure = |question: &Question, set: &Atoms| {
        let base = question.base(set);
        if !is_asked(question, set) {
            return PublishedFigure(Verdict::NotAsked);
        }
        if base < 30 {
            return PublishedFigure(Verdict::Small);
        }
        let share = |option: usize| {
            let percent = u8::try_from(5 * ((40 * question.count(set, option) + base) / (2 * base))).unwrap();
            let middle = 10 * u16::from(percent);
            let band = Band { from: middle.saturating_sub(25), to: (middle + 25).min(1000) };
            Share { option: question.options[option].clone(), percent, band }
        };
        let shares = (0..question.options.len()).map(share).collect();
        PublishedFigure(Verdict::Shown { base: u64::from(base - base % 5), shares })
    };
    release.questions.iter().map(|q| release.sets.iter().map(|s| figure(q, s)).collect()).collect()
}

/// The control of the audit: five points of 30 answers are counts in disguise, and tables each of which is safe are not.
#[test]
fn the_audit_refuses_figures_that_were_decided_one_by_one() {
    for seed in 0..WORLDS {
        let release = small_world(seed);
        let breach = audit(&release, &plain(&release), Threshold::default()).unwrap_err();
        assert!(matches!(breach.finding, Finding::Narrow | Finding::Isolates), "{breach}");
        let option = breach.option.iter().all(|o| release.questions.iter().any(|q| q.options.contains(o)));
        assert!(option && breach.finding == Finding::Isolates || breach.option.is_some(), "{breach}");
    }
}

#[test]
fn the_audit_names_the_cell() {
    let question = |counts: [u32; 2]| Question {
        code: "bullied".into(),
        options: vec!["yes".into(), "no".into()],
        choice: Choice::One,
        tallies: vec![Tally::Counted { base: 31, counts: counts.to_vec() }],
    };
    let release = |counts| {
        let group = Group { code: "oak".into(), kind: "school".into(), atoms: vec![0], roll: None };
        Release::new(
            vec![Atom { code: "oak/y3".into(), roll: Some(31), least: 0, owner: None }],
            vec![group],
            vec![question(counts)],
        )
        .unwrap()
    };
    let breach = audit(&release([2, 29]), &plain(&release([2, 29])), Threshold::default()).unwrap_err();
    assert_eq!(breach.to_string(), "Narrow: question bullied, oak, option yes");
    assert!(audit(&release([15, 16]), &plain(&release([15, 16])), Threshold::default()).is_ok());
    // Of another world.
    let breach = audit(&release([2, 29]), &plain(&release([15, 16])), Threshold::default()).unwrap_err();
    assert_eq!(breach.finding, Finding::Untrue);
    assert_eq!(audit(&release([2, 29]), &[], Threshold::default()).unwrap_err().finding, Finding::Untrue);
    let figures = disclose(&release([2, 29]), Threshold::default()).unwrap();
    let Figure::Shown { base: 30, shares } = figures[0][0].view() else { panic!("31 answered") };
    assert_eq!((shares[0].symbol(), shares[1].symbol()), (Some("low"), Some("high")));
    assert_eq!(shares[0].band, Band { from: 0, to: 150 });
    assert_eq!(figures[0][0].quality(), Some("u"));
}

#[test]
fn a_release_comes_out_the_same_every_time() {
    for seed in [3, 4] {
        let figures = || disclose(&small_world(seed), Threshold::default()).unwrap();
        assert_eq!(figures(), figures());
    }
}

/// What is withheld looks the same whatever lies under it, and every reason has its symbol.
#[test]
fn withheld_figures_tell_nothing() {
    let mut seen = std::collections::BTreeMap::new();
    for seed in 0..6 {
        let release = world(seed, &Size { schools: 4, years: 3, questions: 7 });
        for figure in disclose(&release, Threshold::default()).unwrap().into_iter().flatten() {
            let reason = match figure.view() {
                Figure::Withheld { symbol, reason } => (symbol, reason),
                Figure::NotAsked { symbol } => (symbol, "not_asked"),
                Figure::Shown { .. } => continue,
            };
            seen.entry(reason).or_insert_with(Vec::new).push(figure);
        }
    }
    let reasons: Vec<_> = seen.keys().copied().collect();
    assert_eq!(reasons, [("c", "differencing"), ("c", "small_n"), ("x", "unavailable"), ("z", "not_asked")]);
    for (reason, figures) in seen {
        assert!(figures.iter().all(|f| *f == figures[0] && f.quality().is_none()), "{reason:?}");
    }
}

/// A question nothing can be withheld for: its one option is what everybody chose, whatever is told.
#[test]
fn a_question_of_which_nothing_may_be_told_is_withheld_with_the_reason() {
    let ask = |code: &str, options: &[&str], tally: Tally| Question {
        code: code.to_owned(),
        options: options.iter().map(|o| (*o).to_owned()).collect(),
        choice: Choice::One,
        tallies: vec![tally],
    };
    let halves =
        |base: u32| ask("halves", &["yes", "no"], Tally::Counted { base, counts: vec![base / 2, base - base / 2] });
    let one = || ask("one", &["yes"], Tally::Counted { base: 40, counts: vec![40] });
    let reasons = |questions: Vec<Question>| {
        let figures = disclose_group("school", questions, Threshold::default()).unwrap();
        let reason = |figure: &PublishedFigure| match figure.view() {
            Figure::Shown { .. } => "shown",
            Figure::Withheld { reason, .. } => reason,
            Figure::NotAsked { .. } => "not_asked",
        };
        figures.iter().map(reason).collect::<Vec<_>>()
    };
    assert_eq!(
        reasons(vec![halves(40), halves(12), ask("none", &["a"], Tally::NotAsked)]),
        ["shown", "small_n", "not_asked"]
    );
    let rest = [halves(12), ask("none", &["a"], Tally::NotAsked), ask("late", &["a"], Tally::Unavailable)];
    assert_eq!(
        reasons([vec![one(), halves(40)], rest.to_vec()].concat()),
        ["differencing", "shown", "small_n", "not_asked", "unavailable"]
    );
    let two = ask("two", &["yes", "no"], Tally::Counted { base: 40, counts: vec![40] });
    assert!(disclose_group("school", vec![two], Threshold::default()).is_err(), "a count for each option");
}
