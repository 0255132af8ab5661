//! How long deciding a release takes: an invented authority of so many schools, with the tables that a survey's release has.
//! `cargo run --release -p dolen-domain --example releases -- [SCHOOLS] [split]`; `split` tells girls and boys apart.

use std::collections::BTreeMap;
use std::time::Instant;

use dolen_domain::disclosure::{Atom, Choice, Figure, Group, Question, Release, Tally, Threshold, audit, disclose};

/// Dice that fall alike each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        u32::try_from((self.0 >> 11) % u64::from(n.max(1))).unwrap_or_default()
    }
}

/// A cell: the school, whether it is a secondary one, the year group, the answer to the question of gender.
struct Piece {
    school: usize,
    is_secondary: bool,
    year: u32,
    gender: usize,
    pupils: u32,
}

fn pieces(schools: usize, split: bool, dice: &mut Dice) -> Vec<Piece> {
    let mut all = Vec::new();
    for school in 0..schools {
        let is_secondary = school.is_multiple_of(5);
        let (years, least, most) = if is_secondary { (7..=11, 90, 120) } else { (3..=6, 12, 48) };
        for year in years {
            let pupils = least + dice.below(most);
            let piece = |gender, pupils| Piece { school, is_secondary, year, gender, pupils };
            if split {
                let (girls, others) = (pupils * (44 + dice.below(10)) / 100, dice.below(pupils / 12 + 1));
                all.extend([(0, girls), (1, pupils - girls - others), (2, others)].map(|(g, n)| piece(g, n)));
            } else {
                all.push(piece(0, pupils));
            }
        }
    }
    all.retain(|p| p.pupils > 0);
    all
}

/// The tables of a release: the authority, its years, two phases, clusters of ten schools, schools, years of schools; and of
/// girls and boys in each but the last.
fn groups(pieces: &[Piece], split: bool) -> Vec<Group> {
    let mut groups: BTreeMap<(u8, String), Group> = BTreeMap::new();
    for (at, p) in pieces.iter().enumerate() {
        let places = [
            (0, "authority", "all".to_owned()),
            (1, "year", p.year.to_string()),
            (2, "phase", p.is_secondary.to_string()),
            (3, "cluster", (p.school / 10).to_string()),
            (4, "school", p.school.to_string()),
            (5, "school_year", format!("{}/{}", p.school, p.year)),
        ];
        for (order, kind, code) in places {
            let mut put = |order: u8, kind: String, code: String, roll| {
                let new = || Group { code: format!("{kind}/{code}"), kind, atoms: Vec::new(), roll };
                groups.entry((order, code.clone())).or_insert_with(new).atoms.push(at);
            };
            let is_told = matches!(kind, "school" | "school_year");
            let inside = |o: &&Piece| o.school == p.school && (kind == "school" || o.year == p.year);
            let roll = is_told.then(|| pieces.iter().filter(inside).map(|o| o.pupils).sum());
            put(order, kind.to_owned(), code.clone(), roll);
            if split && matches!(kind, "authority" | "phase") {
                put(order + 10, format!("{kind}_gender"), format!("{code}/{}", p.gender), None);
            }
        }
    }
    groups.into_values().collect()
}

/// As the shipped questionnaire has them: options, whether several may be chosen, of how many in a hundred it is asked, and how
/// many in a hundred choose the rarer options.
const QUESTIONS: [(usize, bool, u32, u32); 24] = [
    (5, false, 97, 12),
    (5, false, 97, 8),
    (5, false, 97, 15),
    (4, false, 97, 20),
    (4, false, 97, 18),
    (4, false, 97, 9),
    (9, true, 28, 20),
    (7, true, 14, 20),
    (11, true, 28, 15),
    (15, true, 28, 8),
    (5, false, 28, 30),
    (3, false, 28, 30),
    (8, true, 17, 20),
    (8, true, 10, 20),
    (4, false, 17, 30),
    (9, true, 12, 20),
    (5, false, 12, 30),
    (4, false, 97, 7),
    (4, false, 97, 4),
    (4, false, 97, 30),
    (8, true, 45, 20),
    (5, false, 97, 20),
    (3, false, 97, 20),
    (4, false, 97, 40),
];

fn question(at: usize, pieces: &[Piece], dice: &mut Dice) -> Question {
    let (options, many, asked, rare) = QUESTIONS.get(at).copied().unwrap_or((4, false, 97, 20));
    let last = options - 1;
    let tally = |p: &Piece| {
        let (mut base, mut counts) = (0, vec![0_u32; options]);
        for _ in 0..p.pupils {
            if dice.below(100) >= asked {
                continue;
            }
            base += 1;
            let mut chosen: Vec<usize> = Vec::new();
            for option in 1..options {
                if dice.below(100) < rare / if option == last { 3 } else { 1 } && (many || chosen.is_empty()) {
                    chosen.push(option);
                }
            }
            if chosen.is_empty() {
                chosen.push(0);
            }
            for option in chosen {
                if let Some(count) = counts.get_mut(option) {
                    *count += 1;
                }
            }
        }
        Tally::Counted { base, counts }
    };
    Question {
        code: format!("q{at}"),
        options: (0..options).map(|o| format!("o{o}")).collect(),
        choice: if many { Choice::Many } else { Choice::One },
        tallies: pieces.iter().map(tally).collect(),
    }
}

#[expect(clippy::print_stdout, reason = "it measures for a person")]
fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let schools = words.first().and_then(|w| w.parse().ok()).unwrap_or(60);
    let split = words.iter().any(|w| w == "split");
    let mut dice = Dice(88_172_645_463_325_252);
    let pieces = pieces(schools, split, &mut dice);
    let told = |p: &Piece| (!split).then_some(p.pupils);
    let atom = |p: &Piece| Atom {
        code: format!("{}/{}/{}", p.school, p.year, p.gender),
        roll: told(p),
        least: 0,
        owner: Some(p.school),
    };
    let questions: Vec<Question> = (0..QUESTIONS.len()).map(|at| question(at, &pieces, &mut dice)).collect();
    for one in &questions {
        let begin = Instant::now();
        let alone = Release::new(pieces.iter().map(atom).collect(), groups(&pieces, split), vec![one.clone()]);
        let Ok(release) = alone else { continue };
        let outcome = disclose(&release, Threshold::default());
        let took = begin.elapsed().as_millis();
        println!(
            "{} {} options: {took} ms {}",
            one.code,
            one.options.len(),
            outcome.err().map(|b| b.to_string()).unwrap_or_default()
        );
    }
    let pupils: u32 = pieces.iter().map(|p| p.pupils).sum();
    let Ok(release) = Release::new(pieces.iter().map(atom).collect(), groups(&pieces, split), questions) else {
        return;
    };
    let begin = Instant::now();
    match disclose(&release, Threshold::default()) {
        Err(breach) => println!("refused: {breach}"),
        Ok(figures) => {
            let decided = begin.elapsed();
            let begin = Instant::now();
            let outcome = audit(&release, &figures, Threshold::default());
            let shown = figures.iter().flatten().filter(|f| matches!(f.view(), Figure::Shown { .. })).count();
            println!(
                "{schools} schools, {pupils} pupils, {} cells, {} tables of {} questions: decided in {} ms, audited in {} ms ({outcome:?}), {shown} figures shown of {}",
                pieces.len(),
                release.groups().len(),
                QUESTIONS.len(),
                decided.as_millis(),
                begin.elapsed().as_millis(),
                figures.iter().map(Vec::len).sum::<usize>(),
            );
        }
    }
}
