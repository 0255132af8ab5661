//! The attacker's programme against `SciPy`'s `HiGHS` (`tests/disclosure/highs.py`, which makes the worlds as well).

use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
struct World {
    many: bool,
    rolls: Vec<u32>,
    base: Vec<u32>,
    counts: Vec<Vec<u32>>,
    groups: Vec<Vec<usize>>,
    told: Vec<Published>,
    /// For each group and option, those who chose it and those who didn't: option, which, least, most.
    ranges: Vec<(usize, bool, i32, i32)>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Published {
    Below { below: i32 },
    AtLeast { at_least: i32 },
    Shown { base: i32, bands: Vec<(u16, u16)> },
}

fn release(world: &World) -> Release {
    let tally = |(base, counts): (&u32, &Vec<u32>)| Tally::Counted { base: *base, counts: counts.clone() };
    let question = Question {
        code: "q".into(),
        options: world.counts[0].iter().enumerate().map(|(o, _)| format!("o{o}")).collect(),
        choice: if world.many { Choice::Many } else { Choice::One },
        tallies: world.base.iter().zip(&world.counts).map(tally).collect(),
    };
    let atom = |roll: &u32| Atom { code: "a".into(), roll: Some(*roll), least: 0, owner: None };
    let group = |(at, atoms): (usize, &Vec<usize>)| {
        let code = format!("g{at}");
        Group { code: code.clone(), kind: code, atoms: atoms.clone(), roll: None }
    };
    let groups = world.groups.iter().enumerate().map(group).collect();
    Release::new(world.rolls.iter().map(atom).collect(), groups, vec![question]).unwrap()
}

#[test]
fn intervals_are_those_of_another_solver() {
    let worlds: Vec<World> = serde_json::from_str(include_str!("highs.json")).unwrap();
    let mut narrow = 0;
    for (nth, world) in worlds.iter().enumerate() {
        let release = release(world);
        let question = &release.questions[0];
        let told = world.told.iter().map(|t| match t {
            Published::Below { below } => Told::Below(*below),
            Published::AtLeast { at_least } => Told::AtLeast(*at_least),
            Published::Shown { base, bands } => {
                let bands = bands.iter().map(|(from, to)| Band { from: *from, to: *to }).collect();
                Told::Shown { least: *base, most: base + 4, bands }
            }
        });
        let facts = Facts::of(&release, question, told.collect());
        assert_eq!(facts.untrue(&Truth::of(&release, question)), None, "the same rule made the same bands");
        let mut ranges = world.ranges.iter();
        for set in &release.sets {
            for (option, chose, least, most) in ranges.by_ref().take(2 * question.options.len()) {
                let what = if *chose { What::Chose(*option) } else { What::ChoseNot(*option) };
                assert_eq!(range(&facts, set, what), Ok((*least, *most)), "world {nth}, {set:?}, {what:?}");
                narrow += usize::from(most - least < 8);
            }
        }
        assert_eq!(ranges.count(), 0);
    }
    assert!(worlds.len() == 8 && narrow > 50, "worlds in which something is known: {narrow}");
}
