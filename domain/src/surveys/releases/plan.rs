//! Which tables a release has, and what they are made of. Pure.
//!
//! The finest cells are the year groups of schools: what all tables are sums of. Girls and boys are told apart broadly, beside
//! them ([`super::breakdowns`]).

use std::collections::BTreeMap;

use crate::directory::schools::School;
use crate::disclosure::{Atom, Choice, Group, Question, Release, Tally};
use crate::instruments::{self, Slot};
use crate::kernel::{Bilingual, SchoolId, pair};
use crate::surveys::tallies::{Counted, count};

use super::model::{Asked, Gathered, Kind, Table};
use super::rules::merged;
use super::snapshot::Place;

/// Fewest schools with answers in a year group, phase or cluster that is told apart: with two, each would know the other
/// (`facts/domain.md` §4, Active Lives: "areas with ≤2 schools").
const FEWEST_SCHOOLS: usize = 3;

/// A release to be decided, and its tables without figures, in the same order as its groups.
pub(super) struct Plan {
    pub release: Release,
    pub tables: Vec<Table>,
    /// The school a table is of, if it is one's.
    pub owners: Vec<Option<SchoolId>>,
    pub asked: Vec<Asked>,
    /// Of each atom the year group it is; nothing of a school from which nothing came.
    pub places: Vec<Option<Place>>,
}

/// A cell with its counts.
struct Piece {
    school: usize,
    year: Option<u8>,
    tallies: Vec<Tally>,
}

/// Lays a release out; nothing when the answers are not of the questionnaire.
pub(super) fn lay_out(gathered: &Gathered) -> Option<Plan> {
    let slots = gathered.layout.slots();
    let asked: Vec<Asked> =
        slots.iter().map(|slot| Asked { code: slot.code().to_owned(), options: options(slot) }).collect();
    let mut pieces: Vec<Piece> = Vec::new();
    for cell in &gathered.cells {
        let band = gathered.layout.band(cell.year)?;
        let tallies = slots
            .iter()
            .zip(count(&gathered.layout, &cell.rows)?)
            .map(|(slot, counted)| if slot.is_for(band) { told(slot, &counted) } else { Tally::NotAsked });
        pieces.push(Piece { school: cell.school, year: Some(cell.year.number()), tallies: tallies.collect() });
    }
    // A school that was expected and from which nothing came.
    for school in (0..gathered.schools.len()).filter(|at| !gathered.cells.iter().any(|c| c.school == *at)) {
        pieces.push(Piece { school, year: None, tallies: vec![Tally::Unavailable; slots.len()] });
    }
    let (groups, tables, owners) = groups(gathered, &pieces);
    let code = |p: &Piece| {
        let number = gathered.schools.get(p.school).map(|s| s.school.number.to_string()).unwrap_or_default();
        format!("{number}/{}", p.year.map_or_else(String::new, |y| y.to_string()))
    };
    // How many of a year group took part is known from following the survey: nobody else can have answered.
    let answered = |p: &Piece| gathered.cells.iter().find(|c| c.school == p.school && Some(c.year.number()) == p.year);
    let roll = |p: &Piece| answered(p).and_then(|c| u32::try_from(c.rows.len()).ok());
    let atoms = pieces.iter().map(|p| Atom { code: code(p), roll: roll(p), least: 0, owner: Some(p.school) }).collect();
    let questions = slots.iter().zip(&asked).enumerate().map(|(at, (slot, asked))| Question {
        code: asked.code.clone(),
        options: asked.options.clone(),
        choice: if slot.kind() == instruments::Kind::Single { Choice::One } else { Choice::Many },
        tallies: pieces.iter().map(|p| p.tallies.get(at).cloned().unwrap_or(Tally::Unavailable)).collect(),
    });
    let place = |p: &Piece| Some((gathered.schools.get(p.school)?.school.id, p.year?));
    let places = pieces.iter().map(place).collect();
    let release = Release::new(atoms, groups, questions.collect()).ok()?;
    Some(Plan { release, tables, owners, asked, places })
}

/// The options a release tells of: those of the frequency scale that make up the case definition are one.
pub(super) fn options(slot: &Slot) -> Vec<String> {
    merged(slot).into_iter().map(|(code, _)| code.to_owned()).collect()
}

pub(super) fn told(slot: &Slot, counted: &Counted) -> Tally {
    let sum = |places: Vec<usize>| places.into_iter().filter_map(|at| counted.chosen.get(at)).sum();
    Tally::Counted { base: counted.base, counts: merged(slot).into_iter().map(|(_, places)| sum(places)).collect() }
}

/// The pieces of which something holds.
type Those<'a> = &'a dyn Fn(&dyn Fn(&Piece) -> bool) -> Vec<usize>;

type Groups = (Vec<Group>, Vec<Table>, Vec<Option<SchoolId>>);

/// A table to be, and the pieces it is made of.
struct Wanted {
    table: Table,
    owner: Option<SchoolId>,
    pieces: Vec<usize>,
}

fn table(kind: Kind, code: String, name: Bilingual) -> Table {
    Table {
        kind,
        code,
        name,
        school_number: None,
        year_group: None,
        responses: None,
        roll: None,
        beside: Vec::new(),
        figures: Vec::new(),
    }
}

fn groups(gathered: &Gathered, pieces: &[Piece]) -> Groups {
    let mut wanted: Vec<Wanted> = Vec::new();
    let of = |test: &dyn Fn(&Piece) -> bool| -> Vec<usize> {
        pieces.iter().enumerate().filter(|(_, p)| test(p)).map(|(at, _)| at).collect()
    };
    let put = |wanted: &mut Vec<Wanted>, table, pieces: Vec<usize>| {
        if !pieces.is_empty() {
            wanted.push(Wanted { table, owner: None, pieces });
        }
    };
    let all = pair("Yr awdurdod", "The authority").to_owned_pair();
    put(&mut wanted, table(Kind::Authority, "authority".into(), all), of(&|_| true));
    for year in gathered.campaign.years.iter() {
        let name = Bilingual { cy: format!("Blwyddyn {year}"), en: format!("Year {year}") };
        let table =
            Table { year_group: Some(year.number()), ..table(Kind::Year, format!("year/{}", year.number()), name) };
        // Of one or two schools it would be a school's own figures under another name.
        let those = gathered.cells.iter().filter(|c| c.year == year).count();
        if those >= FEWEST_SCHOOLS {
            put(&mut wanted, table, of(&|p| p.year == Some(year.number())));
        }
    }
    for (kind, code, name, schools) in areas(gathered) {
        put(&mut wanted, table(kind, code, name), of(&|p| schools.contains(&p.school)));
    }
    for (at, expected) in gathered.schools.iter().enumerate() {
        of_school(gathered, at, expected.school.id, &of, &mut wanted);
    }
    let group = |w: &Wanted| Group {
        code: w.table.code.clone(),
        kind: w.table.kind.to_string(),
        atoms: w.pieces.clone(),
        // Where it is told how many took part, nobody else can have answered.
        roll: w.table.responses,
    };
    let groups = wanted.iter().map(group).collect();
    let (tables, owners) = wanted.into_iter().map(|w| (w.table, w.owner)).unzip();
    (groups, tables, owners)
}

/// The codes of the phase and cluster that a school stands beside.
fn beside(school: &School) -> Vec<String> {
    let phase = std::iter::once(format!("{}/{}", Kind::Phase, school.phase));
    phase.chain(school.cluster.as_ref().map(|cluster| format!("{}/{cluster}", Kind::Cluster))).collect()
}

/// A school's tables: itself, and each of its year groups.
fn of_school(gathered: &Gathered, at: usize, id: SchoolId, of: Those<'_>, wanted: &mut Vec<Wanted>) {
    let Some(expected) = gathered.schools.get(at) else { return };
    let (number, name) = (expected.school.number.to_string(), &expected.school.name);
    let answered = |year: Option<u8>| {
        let mine = gathered.cells.iter().filter(|c| c.school == at && year.is_none_or(|y| c.year.number() == y));
        u32::try_from(mine.map(|c| c.rows.len()).sum::<usize>()).ok()
    };
    let own = Table {
        school_number: Some(number.clone()),
        responses: answered(None),
        roll: expected.rolls.all,
        beside: beside(&expected.school),
        ..table(Kind::School, format!("school/{number}"), name.clone())
    };
    wanted.push(Wanted { table: own, owner: Some(id), pieces: of(&|p| p.school == at) });
    for cell in gathered.cells.iter().filter(|c| c.school == at) {
        let year = cell.year.number();
        let words = Bilingual {
            cy: format!("{}, Blwyddyn {}", name.cy, cell.year),
            en: format!("{}, Year {}", name.en, cell.year),
        };
        let own = Table {
            school_number: Some(number.clone()),
            year_group: Some(year),
            responses: answered(Some(year)),
            roll: expected.rolls.by_year.iter().find(|(y, _)| y.number() == year).map(|(_, n)| *n),
            ..table(Kind::SchoolYear, format!("school/{number}/year/{year}"), words)
        };
        let pieces = of(&|p| p.school == at && p.year == Some(year));
        wanted.push(Wanted { table: own, owner: Some(id), pieces });
    }
}

pub(super) type Area = (Kind, String, Bilingual, Vec<usize>);

/// Phases and clusters with schools enough to be told apart.
pub(super) fn areas(gathered: &Gathered) -> Vec<Area> {
    let mut areas: BTreeMap<(bool, String), (Bilingual, Vec<usize>)> = BTreeMap::new();
    for (at, expected) in gathered.schools.iter().enumerate() {
        let phase = expected.school.phase;
        let words = phase.as_str().to_owned();
        let name = super::rules::phase_name(phase).to_owned_pair();
        areas.entry((false, words)).or_insert_with(|| (name, Vec::new())).1.push(at);
        if let Some(cluster) = &expected.school.cluster {
            let name = Bilingual { cy: cluster.clone(), en: cluster.clone() };
            areas.entry((true, cluster.clone())).or_insert_with(|| (name, Vec::new())).1.push(at);
        }
    }
    let answered = |at: &usize| gathered.cells.iter().any(|c| c.school == *at);
    let enough = |schools: &[usize]| schools.iter().filter(|at| answered(at)).count() >= FEWEST_SCHOOLS;
    let known = areas.into_iter().filter(|(_, (_, schools))| enough(schools));
    let area = |((is_cluster, code), (name, schools)): ((bool, String), (Bilingual, Vec<usize>))| {
        let kind = if is_cluster { Kind::Cluster } else { Kind::Phase };
        (kind, format!("{kind}/{code}"), name, schools)
    };
    known.map(area).collect()
}
