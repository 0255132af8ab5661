//! Authorities with questions of every kind, and all that is published of them, for an attacker that shares no code with the
//! engine (`tests/disclosure/whole.py`).

use std::borrow::Cow;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::*;
use crate::instruments::Answer;

/// A scale, one that some are routed to and that takes several answers, the scale that makes the roles, one for the older
/// pupils alone, and what groups are made by.
pub const ASKED: [&str; 5] = ["bullied", "bullied_types", "bullied_others", "learned", "gender"];

const TYPES: [&str; 8] =
    ["names", "left_out", "hit", "rumours", "belongings", "threatened", "other", "prefer_not_to_say"];

/// One of these by its weight; one in thirty leaves the question out.
fn one(dice: &mut Dice, of: &[(&'static str, u64)]) -> Option<&'static str> {
    let mut at = dice.below(of.iter().map(|(_, weight)| weight).sum());
    let found = of.iter().find(|(_, weight)| {
        let is_it = at < *weight;
        at = at.saturating_sub(*weight);
        is_it
    });
    found.filter(|_| dice.below(30) > 0).map(|(option, _)| *option)
}

fn scale(dice: &mut Dice, rare: u64) -> Option<&'static str> {
    let often = ["two_or_three_a_month", "weekly", "several_a_week"].map(|case| (case, rare));
    let others = [("once_or_twice", 40), ("not_at_all", 240), ("prefer_not_to_say", 4)];
    one(dice, &[&often[..], &others[..]].concat())
}

pub fn answer(dice: &mut Dice, layout: &Layout, year: YearGroup, rare: u64) -> Vec<u8> {
    let (bullied, others) = (scale(dice, rare), scale(dice, rare / 2));
    let learned = one(dice, &[("yes", 70), ("no", 25), ("prefer_not_to_say", 2)]).filter(|_| year.number() >= 7);
    let gender = one(dice, &[("girl", 48), ("boy", 48), ("another", 3), ("prefer_not_to_say", 2)]);
    let singles = [("bullied", bullied), ("bullied_others", others), ("learned", learned), ("gender", gender)];
    let mut given: Vec<(Cow<'_, str>, Answer<'_>)> =
        singles.into_iter().filter_map(|(q, o)| Some((q.into(), Answer::One(o?.into())))).collect();
    if bullied.is_some_and(|b| b != "not_at_all" && b != "prefer_not_to_say") && dice.below(12) > 0 {
        let mut types: BTreeSet<&str> = BTreeSet::new();
        for _ in 0..=dice.below(3) {
            types.insert(TYPES[usize::try_from(dice.below(8)).unwrap()]);
        }
        given.push(("bullied_types".into(), Answer::Many(types.into_iter().map(Cow::from).collect())));
    }
    layout.pack(layout.band(year).unwrap(), &given).unwrap().as_bytes().to_vec()
}

/// Every other authority is large enough to be told of broadly as well. One school of each sent nothing, and some year groups
/// are of a few pupils.
pub fn world(seed: u64) -> Gathered {
    let (mut dice, layout) = (Dice(seed * 104_729 + 71), testing::layout(&ASKED));
    let is_large = seed % 2 == 1;
    let (primaries, secondaries) =
        if is_large { (2 + dice.below(2), 3) } else { (3 + dice.below(2), 1 + dice.below(2)) };
    let phase = |n| if n < primaries { Phase::Primary } else { Phase::Secondary };
    let schools: Vec<School> =
        (0..=primaries + secondaries).map(|n| school(u32::try_from(n).unwrap(), phase(n))).collect();
    let rare = 1 + dice.below(14);
    let mut cells = Vec::new();
    for (at, school) in schools.iter().enumerate().take(schools.len() - 1) {
        let (years, least, more) = match (school.phase, is_large) {
            (Phase::Primary, _) => (5..=6, 4, 45),
            (_, false) => (7..=8, 10, 70),
            (_, true) => (7..=8, 60, 70),
        };
        for number in years {
            let pupils = if dice.below(9) == 0 { 1 + dice.below(4) } else { least + dice.below(more) };
            let (year, mut rows) = (YearGroup::new(number).unwrap(), Rows::of(layout.width()));
            for _ in 0..pupils {
                assert!(rows.push(&answer(&mut dice, &layout, year, rare)));
            }
            cells.push(Cell { school: at, year, rows });
        }
    }
    let expected = schools.into_iter().map(|school| Expected { school, rolls: Rolls::default() });
    gathered(layout, expected.collect(), cells)
}

/// Every pupil's answers, year group by year group: what nobody is given.
pub fn rows_of(gathered: &Gathered) -> Value {
    let cell = |cell: &Cell| {
        let code = format!("school/{}/year/{}", gathered.schools[cell.school].school.number, cell.year.number());
        let pupil = |row| gathered.layout.unpack(row).unwrap().into_iter().collect::<BTreeMap<_, _>>();
        (code, json!(cell.rows.iter().map(pupil).collect::<Vec<_>>()))
    };
    Value::Object(gathered.cells.iter().map(cell).collect())
}

/// Writes twenty worlds into the folder that `DOLEN_WORLDS` names: `N.release.json`, as it is kept and given out, and apart
/// from it `N.rows.json`. Without a folder it is two worlds, and they are not written.
#[test]
fn whole_releases_tell_of_their_rows_and_are_written_for_another_attacker() {
    let folder = std::env::var_os("DOLEN_WORLDS").map(PathBuf::from);
    let mut broad = 0;
    for seed in 1..=if folder.is_some() { WORLDS } else { 2 } {
        let rows = rows_of(&world(seed));
        let released = published(world(seed));
        for table in released.tables.iter().filter(|t| t.kind == Kind::SchoolYear) {
            let pupils = rows[&table.code].as_array().unwrap().len();
            assert_eq!(table.responses, u32::try_from(pupils).ok(), "world {seed}, {}", table.code);
        }
        let shown =
            released.tables.iter().flat_map(|t| &t.figures).filter(|f| matches!(f.view(), Figure::Shown { .. }));
        assert!(shown.count() > 10, "world {seed} tells something");
        let figures = released.header.breakdowns.iter().flat_map(|b| &b.figures);
        broad += figures.filter(|(_, figure)| figure.symbol().is_none()).count();
        if let Some(folder) = &folder {
            std::fs::create_dir_all(folder).unwrap();
            let release = json!({ "header": released.header, "tables": released.tables });
            for (what, value) in [("release", &release), ("rows", &rows)] {
                std::fs::write(folder.join(format!("{seed}.{what}.json")), value.to_string()).unwrap();
            }
        }
    }
    assert!(broad > 0, "some are told of broadly");
}
