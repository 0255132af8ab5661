//! Results as tidy tables, with the official symbols in the figures' places (`facts/ecosystem.md` §1.4).

use dolen_domain::surveys::packs::{self, Seen, Worth, seen};
use dolen_domain::surveys::releases::{Broad, BroadFigure, Header, Kind, ROLE_OPTIONS, Released, Table};
use dolen_domain::surveys::reports::{self, Annual, Heat};

use crate::paper::{Cell, Tidy};

use super::heat::word;

/// What every figure is said of.
const OF: [&str; 7] =
    ["time_period", "time_identifier", "geographic_level", "group", "year_group", "question", "option"];

/// A figure.
const FIGURE: [&str; 4] = ["base_at_least", "share_at_least", "share_below", "quality"];

/// How many took part of those a table is of, at the end of a row; empty where it is not known.
const PART: [&str; 3] = ["responses", "roll", "response_rate"];

fn names(groups: &[&[&str]]) -> Vec<String> {
    groups.concat().into_iter().map(str::to_owned).collect()
}

fn of(header: &Header, table: &Table, question: &str, option: &str) -> Vec<Cell> {
    let year = table.year_group.map_or_else(|| "Total".to_owned(), |y| y.to_string());
    let of = [table.kind.as_str(), &table.code, &year, question, option];
    time(header).into_iter().chain(of.map(Cell::text)).collect()
}

fn time(header: &Header) -> [Cell; 2] {
    let period: String = header.academic_year.chars().filter(char::is_ascii_digit).collect();
    [period.as_str(), "Academic year"].map(Cell::text)
}

fn whole(number: u64) -> Cell {
    Cell::Whole(i64::try_from(number).unwrap_or(i64::MAX))
}

fn figure(seen: &Seen) -> Vec<Cell> {
    match seen {
        Seen::Shown(worth) => {
            let tenths = |n: u16| Cell::Tenths(i64::from(n));
            let band = worth.share.band;
            let quality = Cell::text(worth.quality.unwrap_or(""));
            vec![whole(worth.base), tenths(band.from), tenths(band.to), quality]
        }
        Seen::Withheld { symbol, .. } => [symbol, symbol, symbol, &""].map(|text| Cell::text(*text)).into(),
    }
}

/// Every option of every question of some tables, each with what `more` says of it.
fn figures<'r>(
    released: &'r Released,
    more: &dyn Fn(&Table, &str, &str, &Seen) -> Vec<Cell>,
) -> impl Iterator<Item = Vec<Cell>> + use<'r> {
    let mut rows = Vec::new();
    for table in &released.tables {
        for asked in &released.header.questions {
            for option in &asked.options {
                let Some(seen) = seen(released, table, &asked.code, option) else { continue };
                let mut row = of(&released.header, table, &asked.code, option);
                row.extend(figure(&seen));
                row.extend(more(table, &asked.code, option, &seen));
                rows.push(row);
            }
        }
    }
    rows.into_iter()
}

/// Every figure of some tables, each with how many took part.
#[must_use]
pub fn of_release(released: &Released) -> Tidy {
    let known = |number: Option<i64>| number.map_or_else(|| Cell::text(""), Cell::Whole);
    let part = |table: &Table, _: &str, _: &str, _: &Seen| {
        [table.responses.map(i64::from), table.roll, table.rate()].map(known).to_vec()
    };
    Tidy { columns: names(&[&OF, &FIGURE, &PART]), rows: figures(released, &part).collect() }
}

/// Every figure of the authority's report, with its interval; beside what changed, what it was and by how many points.
#[must_use]
pub fn of_report(annual: &Annual) -> Tidy {
    let worth = |worth: Option<&Worth>| match worth {
        Some(Worth { interval, .. }) => [interval.from, interval.to].map(|n| Cell::Whole(n.into())),
        None => [Cell::text(""), Cell::text("")],
    };
    let more = |table: &Table, question: &str, option: &str, seen: &Seen| {
        let shown = match seen {
            Seen::Shown(worth) => Some(worth),
            Seen::Withheld { .. } => None,
        };
        let of_all = table.kind == Kind::Authority;
        let changed = annual.changes.iter().find(|c| of_all && c.question == question && c.option == option);
        let mut cells: Vec<Cell> = worth(shown).into();
        match changed {
            Some(c) => {
                let band = c.before.share.band;
                cells.push(whole(c.before.base));
                cells.extend([band.from, band.to].map(|n| Cell::Tenths(n.into())));
                cells.extend([c.change.from, c.change.to].map(|n| Cell::Whole(n.into())));
            }
            None => cells.extend([""; 5].map(Cell::text)),
        }
        cells
    };
    let besides = [
        "interval_from",
        "interval_to",
        "base_before_at_least",
        "share_before_at_least",
        "share_before_below",
        "change_points_from",
        "change_points_to",
    ];
    let rows = figures(&annual.released, &more).chain(breakdowns(&annual.released.header));
    Tidy { columns: names(&[&OF, &FIGURE, &besides]), rows: rows.collect() }
}

/// Every share of the groups that are told broadly. Nothing is said of what they were the year before.
fn breakdowns(header: &Header) -> impl Iterator<Item = Vec<Cell>> {
    let mut rows = Vec::new();
    for breakdown in &header.breakdowns {
        let row = |question: &str, option: &str, cells: Vec<Cell>| {
            let of = [breakdown.kind.as_str(), &breakdown.code, "Total", question, option];
            let mut row: Vec<Cell> = time(header).into_iter().chain(of.map(Cell::text)).collect();
            row.extend(cells);
            row.extend([""; 5].map(Cell::text));
            row
        };
        for (question, figure) in &breakdown.figures {
            for option in options(header, question) {
                rows.push(row(question, option, broad(figure, option)));
            }
        }
    }
    rows.into_iter()
}

/// A share that is told broadly with its interval, or the symbol in its place.
fn broad(figure: &BroadFigure, option: &str) -> Vec<Cell> {
    let instead = |symbol: &str| [symbol, symbol, symbol, "", "", ""].map(Cell::text).to_vec();
    if let Some((symbol, _)) = figure.symbol() {
        return instead(symbol);
    }
    let Broad::Shown { least, shares } = figure.view() else { return instead("c") };
    let Some(share) = shares.iter().find(|share| share.option == option) else { return instead("c") };
    let base = u64::from(*least);
    let interval = packs::interval(base, share);
    let mut cells = vec![whole(base)];
    cells.extend([share.band.from, share.band.to].map(|n| Cell::Tenths(n.into())));
    cells.push(Cell::text(share.symbol().unwrap_or("")));
    cells.extend([interval.from, interval.to].map(|n| Cell::Whole(n.into())));
    cells
}

/// What a question's figure tells the shares of.
fn options<'h>(header: &'h Header, question: &str) -> Vec<&'h str> {
    match header.questions.iter().find(|asked| asked.code == question) {
        Some(asked) => asked.options.iter().map(String::as_str).collect(),
        None => ROLE_OPTIONS.to_vec(),
    }
}

/// Every cell of the table of schools, with its mark.
#[must_use]
pub fn of_heat(heat: &Heat) -> Tidy {
    let mut rows = Vec::new();
    for table in reports::compared_tables(&heat.released) {
        for cell in reports::row(&heat.released, table, &heat.columns) {
            let mut row = of(&heat.released.header, table, &cell.question, &cell.option);
            row.extend([&table.name.cy, &table.name.en].map(Cell::text));
            row.push(Cell::text(table.school_number.as_deref().unwrap_or("")));
            row.push(table.rate().map_or_else(|| Cell::text(""), Cell::Whole));
            row.extend(figure(&cell.seen));
            row.push(Cell::text(cell.mark.map_or("", word)));
            rows.push(row);
        }
    }
    let school = ["name_cy", "name_en", "school_number", "response_rate"];
    Tidy { columns: names(&[&OF, &school, &FIGURE, &["mark"]]), rows }
}
