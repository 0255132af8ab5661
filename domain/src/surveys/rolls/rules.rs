//! What a file of rolls says. Pure.

use std::collections::{BTreeMap, HashSet};

use crate::kernel::{Code, Error, Fault, FaultCode, Result, SchoolNumber, YearGroup, YearGroups};
use crate::surveys::campaigns::LARGEST_ROLL;
use crate::surveys::responses::Line;

/// The columns of a file of rolls.
pub const COLUMNS: [&str; 3] = ["school_number", "year_group", "pupils"];

/// A school's pupils on roll, by year group.
pub(super) type SchoolRolls = (SchoolNumber, Vec<(YearGroup, i64)>);

/// The rolls of each school in the file, by school number, when every row is good: of a school that takes part, a year group that
/// is asked, and neither said before. A row whose number of pupils is bad has been said all the same.
///
/// # Errors
/// [`Code::InvalidBody`] with every fault of every row; without a row or a column when there is no row at all.
pub(super) fn rolls_of(
    lines: &[Line<3>],
    asked: YearGroups,
    taking_part: &HashSet<SchoolNumber>,
) -> Result<Vec<SchoolRolls>> {
    let mut faults = Vec::new();
    let mut rolls: BTreeMap<SchoolNumber, Vec<(YearGroup, i64)>> = BTreeMap::new();
    let mut said = HashSet::new();
    for line in lines {
        let mut wrong = |column, code| faults.push(Fault::in_row(line.number, column, code));
        let [school, year, pupils] = match &line.cells {
            Ok(cells) => cells,
            Err(code) => {
                wrong(None, *code);
                continue;
            }
        };
        let [at_school, at_year, at_pupils] = COLUMNS.map(Some);
        let school = text(school).and_then(SchoolNumber::parse);
        let school = school.and_then(|n| if taking_part.contains(&n) { Ok(n) } else { Err(FaultCode::NotFound) });
        let year = whole(year).and_then(YearGroup::new);
        let year = year.and_then(|y| if asked.has(y) { Ok(y) } else { Err(FaultCode::OutOfRange) });
        let in_range = |n| if (0..=LARGEST_ROLL).contains(&n) { Ok(n) } else { Err(FaultCode::OutOfRange) };
        let pupils = whole(pupils).and_then(in_range);
        let parts =
            [(at_school, school.as_ref().err()), (at_year, year.as_ref().err()), (at_pupils, pupils.as_ref().err())];
        for (column, code) in parts {
            if let Some(code) = code {
                wrong(column, *code);
            }
        }
        let (Ok(school), Ok(year)) = (school, year) else { continue };
        if !said.insert((school.clone(), year)) {
            wrong(at_year, FaultCode::Duplicate);
            continue;
        }
        let Ok(pupils) = pupils else { continue };
        let known = rolls.entry(school).or_default();
        let before: i64 = known.iter().map(|(_, n)| n).sum();
        // Told once, at the row that goes beyond it.
        if before <= LARGEST_ROLL && before + pupils > LARGEST_ROLL {
            wrong(at_pupils, FaultCode::OutOfRange);
        }
        known.push((year, pupils));
    }
    if lines.is_empty() {
        faults.push(Fault::at("", FaultCode::Missing));
    }
    if faults.is_empty() { Ok(rolls.into_iter().collect()) } else { Err(Error::faults(Code::InvalidBody, faults)) }
}

fn text(cell: &Result<String, FaultCode>) -> Result<&str, FaultCode> {
    cell.as_deref().map_err(|code| *code)
}

fn whole(cell: &Result<String, FaultCode>) -> Result<i64, FaultCode> {
    text(cell)?.parse().map_err(|_| FaultCode::WrongType)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Schools with their rolls, or faults as row, column, code.
    type Told = Result<Vec<(String, Vec<(u8, i64)>)>, Vec<(Option<u64>, String, FaultCode)>>;
    /// A row, and its faults by column.
    type Slip<'a> = ([&'a str; 3], &'a [(&'a str, FaultCode)]);

    /// What a file comes to in a campaign of years 7 and 8 at two schools.
    fn told(rows: &[[&str; 3]]) -> Told {
        let cell = |text: &str| if text.is_empty() { Err(FaultCode::Missing) } else { Ok(text.to_owned()) };
        let line = |(number, row): (u64, &[&str; 3])| Line { number, cells: Ok(row.map(cell)) };
        let lines: Vec<_> = (2..).zip(rows).map(line).collect();
        told_of(&lines)
    }

    fn told_of(lines: &[Line<3>]) -> Told {
        let asked = YearGroups::of([7, 8].map(|n| YearGroup::new(n).unwrap()));
        let taking_part = ["6764051", "6764052"].map(|n| SchoolNumber::parse(n).unwrap()).into();
        let years = |all: Vec<(YearGroup, i64)>| all.into_iter().map(|(y, n)| (y.number(), n)).collect();
        rolls_of(lines, asked, &taking_part)
            .map(|all| all.into_iter().map(|(n, by_year)| (n.to_string(), years(by_year))).collect())
            .map_err(|e| e.faults.into_iter().map(|f| (f.row, f.column.unwrap_or_default(), f.code)).collect())
    }

    #[test]
    fn good_rows_are_each_schools_rolls() {
        let rows = [["6764052", "8", "20000"], ["676/4051", "8", "0"], ["6764052", "7", "0"], ["6764051", "7", "90"]];
        let expected =
            vec![("6764051".to_owned(), vec![(8, 0), (7, 90)]), ("6764052".to_owned(), vec![(8, 20_000), (7, 0)])];
        assert_eq!(told(&rows), Ok(expected));
    }

    #[test]
    fn each_slip_of_a_row_has_its_place_and_code() {
        use FaultCode as F;
        let (school, year, pupils) = (COLUMNS[0], COLUMNS[1], COLUMNS[2]);
        let cases: &[Slip<'_>] = &[
            (["", "", ""], &[(school, F::Missing), (year, F::Missing), (pupils, F::Missing)]),
            (["676405", "x", "1.5"], &[(school, F::BadFormat), (year, F::WrongType), (pupils, F::WrongType)]),
            (["6764053", "7", "1"], &[(school, F::NotFound)]),
            (["6764051", "6", "1"], &[(year, F::OutOfRange)]),
            (["6764051", "9", "1"], &[(year, F::OutOfRange)]),
            (["6764051", "15", "1"], &[(year, F::OutOfRange)]),
            (["6764051", "-1", "1"], &[(year, F::OutOfRange)]),
            (["6764051", "7", "-1"], &[(pupils, F::OutOfRange)]),
            (["6764051", "7", "20001"], &[(pupils, F::OutOfRange)]),
            (["6764051", "7", "99999999999999999999"], &[(pupils, F::WrongType)]),
            (["6764051", "7", "1 200"], &[(pupils, F::WrongType)]),
        ];
        for (row, expected) in cases {
            let expected = expected.iter().map(|(column, code)| (Some(2), (*column).to_owned(), *code)).collect();
            assert_eq!(told(&[*row]), Err(expected), "{row:?}");
        }
    }

    #[test]
    fn a_year_group_is_said_once_and_a_school_is_not_too_large() {
        let at = |row, column: &str, code| vec![(Some(row), column.to_owned(), code)];
        let twice = [["6764051", "7", "x"], ["6764052", "7", "1"], ["676 4051", "07", "2"]];
        let mut expected = at(2, "pupils", FaultCode::WrongType);
        expected.extend(at(4, "year_group", FaultCode::Duplicate));
        assert_eq!(told(&twice), Err(expected));
        let large = [["6764051", "7", "20000"], ["6764051", "8", "1"]];
        assert_eq!(told(&large), Err(at(3, "pupils", FaultCode::OutOfRange)));
        let full = [["6764051", "7", "19999"], ["6764051", "8", "1"]];
        assert!(told(&full).is_ok());
    }

    #[test]
    fn a_row_that_cannot_be_read_and_a_file_without_rows_are_faults() {
        let lines = [Line { number: 5, cells: Err(FaultCode::BadFormat) }];
        assert_eq!(told_of(&lines), Err(vec![(Some(5), String::new(), FaultCode::BadFormat)]));
        assert_eq!(told(&[]), Err(vec![(None, String::new(), FaultCode::Missing)]));
    }
}
