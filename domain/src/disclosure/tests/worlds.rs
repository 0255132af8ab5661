//! Invented authorities with their pupils' answers.

use crate::disclosure::{Atom, Choice, Group, Question, Release, Tally};

/// A plain generator of numbers: the same seed makes the same world.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33
    }

    /// From `least` to `most`.
    pub fn between(&mut self, least: u32, most: u32) -> u32 {
        least + u32::try_from(self.next() % u64::from(most - least + 1)).unwrap()
    }

    fn happens(&mut self, percent: u32) -> bool {
        self.between(1, 100) <= percent
    }
}

/// How large a world is.
pub struct Size {
    pub schools: u32,
    pub years: u32,
    pub questions: usize,
}

const SCALE: [&str; 6] = ["never", "once", "monthly", "weekly", "daily", "rather_not"];
const YES_NO: [&str; 3] = ["yes", "no", "rather_not"];
const TYPES: [&str; 5] = ["names", "left_out", "hit", "online", "other"];

/// An authority: primary schools with small year groups, secondary ones with large and a few small ones, rolls public,
/// and every table a reader can get: year groups of schools, schools, clusters, phases, year groups of the authority, the
/// authority.
pub fn world(seed: u64, size: &Size) -> Release {
    let mut dice = Dice::new(seed);
    let (mut atoms, mut groups, mut places) = (Vec::new(), Vec::new(), Vec::new());
    for school in 0..size.schools {
        let secondary = school % 3 == 2;
        let scale = if secondary { dice.between(35, 180) } else { dice.between(8, 60) };
        for year in 0..size.years {
            let small = dice.happens(12);
            let roll = if small { dice.between(4, 12) } else { dice.between(scale - scale / 5, scale + scale / 5) };
            let year = if secondary { 7 + year } else { year };
            places.push((school, secondary, year));
            atoms.push(Atom { code: format!("s{school}/y{year}"), roll: Some(roll), least: 0, owner: None });
        }
    }
    let mut add = |code: String, kind: &str, of: &dyn Fn(&(u32, bool, u32)) -> bool| {
        let atoms: Vec<usize> = (0..places.len()).filter(|i| of(&places[*i])).collect();
        if !atoms.is_empty() {
            groups.push(Group { code, kind: kind.to_owned(), atoms, roll: None });
        }
    };
    for (school, _, year) in &places {
        add(format!("s{school}/y{year}"), "school_year", &|p| (p.0, p.2) == (*school, *year));
    }
    for school in 0..size.schools {
        add(format!("s{school}"), "school", &|p| p.0 == school);
    }
    for cluster in 0..size.schools.div_ceil(6) {
        add(format!("cluster{cluster}"), "cluster", &|p| p.0 / 6 == cluster);
    }
    for secondary in [false, true] {
        add(format!("phase{secondary}"), "phase", &|p| p.1 == secondary);
    }
    for year in 0..14 {
        add(format!("y{year}"), "year", &|p| p.2 == year);
    }
    add("authority".into(), "authority", &|_| true);
    let takes_part: Vec<u32> =
        (0..size.schools).map(|_| if dice.happens(15) { 100 } else { dice.between(60, 98) }).collect();
    let questions = (0..size.questions)
        .map(|nth| {
            let (options, choice): (&[&str], Choice) = match nth % 3 {
                0 => (&SCALE, Choice::One),
                1 => (&YES_NO, Choice::One),
                _ => (&TYPES, Choice::Many),
            };
            let weights: Vec<u32> = options
                .iter()
                .enumerate()
                .map(|(i, _)| if i == 0 { dice.between(40, 97) } else { dice.between(0, 12) })
                .collect();
            let routed = if choice == Choice::Many { dice.between(20, 60) } else { 100 };
            let tallies = atoms
                .iter()
                .zip(&places)
                .map(|(atom, (school, secondary, _))| {
                    if nth % 5 == 4 && !secondary {
                        return Tally::NotAsked;
                    }
                    if *school == 1 && nth % 7 == 6 {
                        return Tally::Unavailable;
                    }
                    tally(&mut dice, atom.roll.unwrap(), takes_part[*school as usize] * routed / 100, choice, &weights)
                })
                .collect();
            let options = options.iter().map(|o| (*o).to_owned()).collect();
            Question { code: format!("q{nth}"), options, choice, tallies }
        })
        .collect();
    Release::new(atoms, groups, questions).unwrap()
}

fn tally(dice: &mut Dice, roll: u32, percent: u32, choice: Choice, weights: &[u32]) -> Tally {
    let (mut base, mut counts) = (0, vec![0; weights.len()]);
    for _ in 0..roll {
        if !dice.happens(percent) {
            continue;
        }
        base += 1;
        let mut pick = dice.between(1, weights.iter().sum());
        let first = weights
            .iter()
            .position(|w| {
                if pick <= *w {
                    true
                } else {
                    pick -= w;
                    false
                }
            })
            .unwrap();
        counts[first] += 1;
        if choice == Choice::Many {
            for (option, count) in counts.iter_mut().enumerate() {
                *count += u32::from(option != first && dice.happens(weights[option].min(40)));
            }
        }
    }
    Tally::Counted { base, counts }
}
