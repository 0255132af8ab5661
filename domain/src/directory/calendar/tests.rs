//! Importing a calendar and loading it.

use chrono::NaiveDate;

use super::load;
use crate::directory::import::{ImportReport, import_calendar};
use crate::kernel::{CalendarSettings, Caller, Code, FaultCode, Lang, PersonId, Result};
use crate::testing::{self, TestDb};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn import(t: &TestDb, file: &str, replace: bool) -> Result<ImportReport> {
    let file = file.as_bytes().to_vec();
    t.db.write(&Caller::system("test"), move |work| import_calendar(work, &file, replace, false))
}

const FILE: &str = "kind,school_number,begins_on,ends_on,name_cy,name_en\n\
    term,,2026-01-05,2026-03-27,Tymor y gwanwyn,Spring term\n\
    Term,,13/04/2026,2026-07-20,Tymor yr haf,Summer term\n\
    holiday,,2026-02-16,2026-02-20,Hanner tymor,Half-term\n\
    inset,6764051,2026-03-13,,Hyfforddiant,Training\n\
    bank holiday,,2026-06-15,,Gŵyl,Proclaimed\n";

#[test]
fn a_calendar_is_imported_changed_and_replaced() {
    let t = testing::db();
    let school = testing::school(&t, "6764051");
    let other = testing::school(&t, "6764052");
    let report = import(&t, FILE, false).unwrap();
    assert_eq!((report.rows, report.added.len(), report.written), (5, 5, true), "{:?}", report.faults);
    let calendar = |t: &TestDb| t.db.read(&Caller::system("test"), |w| load(w, &CalendarSettings::default())).unwrap();
    let now = calendar(&t);
    assert!(now.is_school_day(Some(other), day("2026-03-13")) && !now.is_school_day(Some(school), day("2026-03-13")));
    assert!(!now.is_school_day(None, day("2026-02-17")) && !now.is_school_day(None, day("2026-04-01")));
    assert!(now.is_working_day(day("2026-04-01")) && !now.is_working_day(day("2026-06-15")));

    let again = import(&t, FILE, false).unwrap();
    assert_eq!((again.unchanged, again.written), (5, false));
    // The half-term is longer, and the file has nothing else of the year.
    let changed = "kind,begins_on,ends_on,name_en\nholiday,2026-02-16,2026-02-23,Half-term\n";
    let report = import(&t, changed, false).unwrap();
    assert_eq!((report.changed.len(), report.missing.len()), (1, 4));
    assert!(!calendar(&t).is_school_day(None, day("2026-02-23")));
    let report = import(&t, changed, true).unwrap();
    assert_eq!((report.unchanged, report.removed.len(), report.written), (1, 4, true));
    assert!(!calendar(&t).knows_terms(None, day("2026-02-11")));
}

#[test]
fn every_fault_is_told_and_nothing_is_written() {
    let t = testing::db();
    let file = "kind,school_number,begins_on,ends_on,name_en\n\
        term,6769999,2026-01-05,2026-03-27,Spring\n\
        teatime,,2026-01-05,,Tea\n\
        inset,,2026-01-05,2026-01-04,Training\n\
        term,,2026-01-05,2027-01-05,A year\n\
        closure,,soon,,Closed\n\
        closure,,2026-01-05,,\n\
        closure,,2026-01-06,,Snow\n\
        closure,,2026-01-06,,Snow\n";
    let report = import(&t, file, false).unwrap();
    let told: Vec<_> = report.faults.iter().map(|f| (f.row.unwrap(), f.column.as_deref().unwrap(), f.code)).collect();
    assert_eq!(
        told,
        [
            (1, "school_number", FaultCode::NotFound),
            (2, "kind", FaultCode::NotInList),
            (3, "ends_on", FaultCode::WrongOrder),
            (4, "ends_on", FaultCode::DateOutOfRange),
            (5, "begins_on", FaultCode::BadFormat),
            (6, "name_en", FaultCode::Missing),
            (8, "begins_on", FaultCode::Duplicate),
        ]
    );
    assert!(!report.written);
    let somebody = Caller::person(PersonId::from_uuid(uuid::Uuid::from_u128(7)), Lang::En, "test");
    let refused = t.db.write(&somebody, |work| import_calendar(work, FILE.as_bytes(), false, false));
    assert_eq!(refused.unwrap_err().code, Code::Forbidden);
}
