//! The import corpus, against a database.

use chrono::{Days, NaiveDate};

use super::*;
use crate::db::Work;
use crate::directory::officers::{self, Coverage, KeyArea, Officer};
use crate::directory::{schools, services};
use crate::identity::Preference;
use crate::kernel::{Actor, Caller, Code, FaultCode, Medium, Phase, SchoolNumber};
use crate::testing::{self, TestDb};

const SCHOOLS: &[u8] = include_bytes!("samples/schools.csv");
const LIST: &[u8] = include_bytes!("samples/contact-list.csv");

fn system() -> Caller {
    Caller::system("test")
}

fn load_schools(db: &TestDb, bytes: &[u8], dry_run: bool) -> ImportReport {
    let bytes = bytes.to_vec();
    db.db.write(&system(), move |work| import_schools(work, &bytes, "676", dry_run)).unwrap()
}

fn load_list(db: &TestDb, bytes: &[u8], dry_run: bool) -> ImportReport {
    let bytes = bytes.to_vec();
    db.db.write(&system(), move |work| import_officers(work, &bytes, dry_run)).unwrap()
}

/// A database with the sample schools and the shipped services.
fn ready() -> TestDb {
    let db = testing::db();
    db.db.write(&system(), services::ensure_builtin).unwrap();
    assert!(load_schools(&db, SCHOOLS, false).written);
    db
}

fn listed(db: &TestDb) -> Vec<Officer> {
    db.db.read(&system(), officers::all_listed).unwrap()
}

fn officer(db: &TestDb, email: &str) -> Officer {
    listed(db).into_iter().find(|o| o.email.as_str() == email).unwrap()
}

/// Code, row and column of each fault.
fn faults(report: &ImportReport) -> Vec<(FaultCode, Option<u64>, &str)> {
    report.faults.iter().map(|f| (f.code, f.row, f.column.as_deref().unwrap_or_default())).collect()
}

#[test]
fn the_sample_schools_come_in_once() {
    let db = testing::db();
    let report = load_schools(&db, SCHOOLS, false);
    assert_eq!((report.added.len(), report.faults.len(), report.written), (8, 0, true));
    let all = db.db.read(&system(), schools::all).unwrap();
    assert_eq!(all.len(), 8);
    let welsh = all.iter().find(|s| s.number.as_str() == "6764002").unwrap();
    assert_eq!(
        (welsh.phase, welsh.medium, welsh.cluster.as_deref()),
        (Phase::Secondary, Medium::Welsh, Some("Gwynt y Bryn"))
    );
    let closed = all.iter().find(|s| s.closed_on.is_some()).unwrap();
    assert!(!closed.is_open_on(db.db.clock().now().date()));
    let again = load_schools(&db, SCHOOLS, false);
    assert_eq!((again.added.len(), again.changed.len(), again.unchanged, again.written), (0, 0, 8, false));
}

#[test]
fn a_school_was_of_the_cluster_it_was_of() {
    let db = ready();
    let today = db.db.clock().now().date();
    let load = |place: &str| {
        let file = format!("number,name,phase,medium,{place}");
        load_schools(&db, file.as_bytes(), false)
    };
    let cluster = |day: NaiveDate| {
        let on = |work: &mut Work<'_>| {
            let school = schools::by_number(work, &SchoolNumber::parse("6764002").unwrap())?;
            Ok(schools::places_on(work, day, &[school.id])?.remove(&school.id).unwrap().cluster.unwrap_or_default())
        };
        db.db.read(&system(), on).unwrap()
    };
    let row = "6764002,Ysgol Gyfun Gwynt y Bryn,secondary,welsh";
    let (earlier, yesterday) = (today - Days::new(30), today - Days::new(1));
    assert!(load(&format!("cluster\n{row},Dwyrain\n")).written);
    assert_eq!([yesterday, today, today + Days::new(9)].map(cluster), ["Gwynt y Bryn", "Dwyrain", "Dwyrain"]);
    // It is told late: since then it had been of another.
    assert!(load(&format!("cluster,place_from\n{row},Gorllewin,{earlier}\n")).written);
    assert_eq!(
        [earlier - Days::new(1), earlier, today].map(cluster),
        ["Gwynt y Bryn", "Gorllewin", "Gorllewin"],
        "what was said of later days is no more"
    );
    // And late again, of the day alone: it is of the same cluster, and since later.
    let later = earlier + Days::new(10);
    let report = load(&format!("cluster,place_from\n{row},Gorllewin,{later}\n"));
    assert_eq!(report.changed, [Changed { key: "6764002".into(), fields: vec!["place_from"] }]);
    assert_eq!([earlier, later - Days::new(1), later].map(cluster), ["Gwynt y Bryn", "Gwynt y Bryn", "Gorllewin"]);
    assert_eq!(load(&format!("cluster,place_from\n{row},Gorllewin,{later}\n")).unchanged, 1);
    let report = load(&format!("cluster,place_from\n{row},De,{}\n", today + Days::new(1)));
    assert_eq!((faults(&report), report.written), (vec![(FaultCode::InFuture, Some(1), "place_from")], false));
}

#[test]
fn a_changed_school_says_what_changed_and_a_missing_one_stays() {
    let db = ready();
    let file = b"Rhif;Enw;Enw Cymraeg;Cyfnod;Cyfrwng;Clwstwr\n\
        676/2001;Upper Example Primary School;Ysgol Gynradd Enghraifft Uchaf;Cynradd;Dwy ffrwd;\n";
    let report = load_schools(&db, file, false);
    assert_eq!(report.changed, [Changed { key: "6762001".into(), fields: vec!["medium", "cluster"] }]);
    assert_eq!((report.missing.len(), report.written), (7, true));
    let all = db.db.read(&system(), schools::all).unwrap();
    assert_eq!((all.len(), all[1].medium, all[1].cluster.clone()), (8, Medium::DualStream, None));
    // The file had no column of dates: the one that was known stays.
    let file = b"number,name,phase,medium\n6762003,Lower Example Primary School,primary,english\n";
    assert_eq!((load_schools(&db, file, false).unchanged, load_schools(&db, file, false).changed), (1, vec![]));
    // A school with one name has it in both languages when it gets another.
    let file = b"number,name,phase,medium\n6764002,Ysgol Gyfun y Bryn,secondary,welsh\n";
    assert_eq!(load_schools(&db, file, false).changed[0].fields, ["name", "name_cy"]);
}

#[test]
fn windows_1252_keeps_its_letters() {
    let db = testing::db();
    let file = b"number,name,name_cy,phase,medium\n6762009,Example,Ysgol y Gl\xf4yn G\xeat,primary,welsh\n";
    assert!(load_schools(&db, file, false).written);
    let school = db.db.read(&system(), schools::all).unwrap().remove(0);
    assert_eq!((school.name.cy.as_str(), school.name.en.as_str()), ("Ysgol y Glôyn Gêt", "Example"));
}

#[test]
fn one_bad_school_keeps_all_out() {
    let db = testing::db();
    let file = b"number,name,phase,medium,opened_on,closed_on\n\
        6762001,Good,primary,english,,\n\
        67620,Short,primary,english,,\n\
        6752001,Abroad,primary,english,,\n\
        6762001,Twice,primary,english,,\n\
        6762004,,academy,english,2020-09-01,2019-09-01\n";
    let report = load_schools(&db, file, false);
    assert_eq!(
        faults(&report),
        [
            (FaultCode::BadFormat, Some(2), "number"),
            (FaultCode::WrongPlace, Some(3), "number"),
            (FaultCode::Duplicate, Some(4), "number"),
            (FaultCode::Missing, Some(5), "name"),
            (FaultCode::NotInList, Some(5), "phase"),
            (FaultCode::WrongOrder, Some(5), "closed_on"),
        ]
    );
    assert!(report.faults[4].allowed.contains(&"primary") && report.faults[4].mend == FaultCode::NotInList.mend());
    assert!(!report.written);
    assert!(db.db.read(&system(), schools::all).unwrap().is_empty());
    let headless = load_schools(&db, b"6762001,Good,primary,english\n", false);
    assert!(headless.faults.iter().all(|f| f.row.is_none()) && headless.fault_count == 8);
    let told = serde_json::to_string(&report).unwrap();
    assert!(told.contains("\"wrong_place\"") && !told.contains("Abroad"), "a report never repeats what was wrong");
}

#[test]
fn the_sample_contact_list_comes_in_once() {
    let db = ready();
    let report = load_list(&db, LIST, false);
    assert_eq!(faults(&report), []);
    assert_eq!((report.added.len(), report.written), (10, true));
    let services = db.db.read(&system(), services::all).unwrap();
    let codes = |o: &Officer| {
        let mut codes: Vec<_> =
            services.iter().filter(|s| o.services.contains(&s.id)).map(|s| s.code.as_str()).collect();
        codes.sort_unstable();
        codes.join(" ")
    };
    let lead = officer(&db, "inclusion.lead@council.example");
    assert_eq!((lead.areas.clone(), lead.lang), (vec![KeyArea::SocialInclusion], Preference::Both));
    let head = officer(&db, "vulnerable.learners@council.example");
    assert_eq!((head.phone.as_deref(), codes(&head).as_str()), (Some("01000 000 001"), "bss"));
    let principal = officer(&db, "principal.ep@council.example");
    let deputy = officer(&db, "deputy.ep@council.example");
    assert_eq!((principal.areas.clone(), codes(&principal).as_str()), (vec![KeyArea::Wellbeing], "eps sbc"));
    assert_eq!(principal.deputy, Some(deputy.id));
    assert_eq!(deputy.coverage, [Coverage::Phase(Phase::Secondary), Coverage::Phase(Phase::Special)]);
    let welsh = officer(&db, "seicolegydd.cymraeg@council.example");
    assert_eq!(welsh.areas, [KeyArea::Bullying, KeyArea::Equalities]);
    assert_eq!(welsh.coverage, [Coverage::Cluster("Gwynt y Bryn".into()), Coverage::Medium(Medium::Welsh)]);
    let absent = officer(&db, "senior.ep@council.example");
    assert!(absent.is_absent_on(db.db.clock().now().date()));
    let some = officer(&db, "healthy.schools@council.example");
    let school = |n: &str| Coverage::School(SchoolNumber::parse(n).unwrap());
    assert_eq!(some.coverage, [school("6762001"), school("6764001")]);
    let again = load_list(&db, LIST, false);
    assert_eq!((again.added.len(), again.changed, again.unchanged, again.written), (0, vec![], 10, false));
}

#[test]
fn a_list_of_the_seeds_four_columns_leaves_the_rest_as_it_was() {
    let db = ready();
    load_list(&db, LIST, false);
    let file = b"Name\tContact details\tRole\tKey Areas\n\
        Deputy Psychologist\tdeputy.ep@council.example\tActing Principal Educational Psychologist\tBullying\n\
        New Officer\tnew@council.example\tSenior Educational Psychologist\tEqualities and Bullying\n";
    let before = officer(&db, "deputy.ep@council.example");
    let report = load_list(&db, file, false);
    assert_eq!((report.added.clone(), report.missing.len()), (vec!["new@council.example".to_owned()], 9));
    let key = "deputy.ep@council.example".to_owned();
    assert_eq!(report.changed, [Changed { key, fields: vec!["Role", "Key Areas"] }]);
    let after = officer(&db, "deputy.ep@council.example");
    let expected = Officer {
        areas: vec![KeyArea::Bullying],
        role_title: "Acting Principal Educational Psychologist".into(),
        ..before
    };
    assert_eq!(after, expected);
    let new = officer(&db, "new@council.example");
    assert_eq!((new.coverage, new.lang), (vec![Coverage::All], Preference::Both));
    assert_eq!(listed(&db).len(), 11, "who is missing from the file stays on the list");
}

#[test]
fn a_dry_run_tells_and_writes_nothing() {
    let db = ready();
    let report = load_list(&db, LIST, true);
    assert_eq!((report.added.len(), report.dry_run, report.written), (10, true, false));
    assert!(listed(&db).is_empty());
    let then = load_list(&db, LIST, false);
    assert_eq!((then.added, then.written), (report.added, true), "what was told is what happens");
}

#[test]
fn one_bad_officer_keeps_all_out() {
    let db = ready();
    let file = "Enw;Manylion cyswllt;R\u{f4}l;Meysydd allweddol;Gwasanaethau;Cwmpas;Dirprwy;Yn absennol o;Yn absennol tan\n\
        Good;good@la.example;R;Bwlio;eps;all;;;\n\
        Area;area@la.example;R;Bullying and Admissions;;;;;\n\
        Service;service@la.example;R;;\"eps; nil\";;;;\n\
        School;school@la.example;R;;;school:6769999;;;\n\
        Cluster;cluster@la.example;R;;;cluster:Nowhere;;;\n\
        Loop;loop1@la.example;R;;;;loop2@la.example;;\n\
        Loop;loop2@la.example;R;;;;loop1@la.example;;\n\
        Self;self@la.example;R;;;;self@la.example;;\n\
        Nobody;nobody@la.example;R;;;;gone@la.example;;\n\
        Half;half@la.example;R;;;;;01/03/2026;\n\
        Back;back@la.example;R;;;;;02/03/2026;01/03/2026\n\
        Twice;GOOD@la.example;R;;;;;;\n\
        None;01000 000 000;;;;;;;\n";
    let report = load_list(&db, file.as_bytes(), false);
    let mut found = faults(&report);
    found.sort_by_key(|f| f.1);
    assert_eq!(
        found,
        [
            (FaultCode::NotInList, Some(2), "Key Areas"),
            (FaultCode::NotInList, Some(3), "Services"),
            (FaultCode::NotFound, Some(4), "Coverage"),
            (FaultCode::NotFound, Some(5), "Coverage"),
            (FaultCode::DeputyLoop, Some(6), "Deputy"),
            (FaultCode::DeputyLoop, Some(7), "Deputy"),
            (FaultCode::DeputyLoop, Some(8), "Deputy"),
            (FaultCode::NotFound, Some(9), "Deputy"),
            (FaultCode::Missing, Some(10), "Absent until"),
            (FaultCode::WrongOrder, Some(11), "Absent until"),
            (FaultCode::Duplicate, Some(12), "Contact details"),
            (FaultCode::BadFormat, Some(13), "Contact details"),
            (FaultCode::Missing, Some(13), "Role"),
        ]
    );
    assert!(report.faults.iter().any(|f| f.allowed.contains(&"healthy_schools")), "the allowed areas are told");
    assert!(!report.written && listed(&db).is_empty());
}

#[test]
fn a_loop_through_someone_not_in_the_file_is_found() {
    let db = ready();
    load_list(&db, LIST, false);
    // Principal → deputy → senior are known; a list that has only the senior closes the circle.
    let file = b"Name,Contact details,Role,Key Areas,Deputy\n\
        Senior Psychologist,senior.ep@council.example,Senior Educational Psychologist,Bullying,principal.ep@council.example\n";
    assert_eq!(faults(&load_list(&db, file, false)), [(FaultCode::DeputyLoop, Some(1), "Deputy")]);
}

#[test]
fn only_who_manages_the_directory_imports_and_each_import_is_audited() {
    let db = ready();
    let nobody = Caller { actor: Actor::Anonymous, ..system() };
    let refused = db.db.write(&nobody, |work| import_officers(work, LIST, false)).unwrap_err();
    assert_eq!(refused.code, Code::SignInRequired);
    let entries = || match db.db.read(&system(), crate::audit::verify).unwrap() {
        crate::audit::Finding::Whole { entries } => entries,
        broken => panic!("{broken:?}"),
    };
    let before = entries();
    let report = load_list(&db, LIST, false);
    assert_eq!(report.counts(), "added 10 changed 0 unchanged 0 missing 0 faults 0 written true dry_run false");
    load_list(&db, LIST, false);
    load_list(&db, b"nonsense", false);
    assert_eq!(entries(), before + 3, "the second changed nothing and the third was refused");
}

#[test]
fn schools_are_listed_page_by_page_to_whoever_signs_in() {
    use crate::access::{self, Action};
    use crate::kernel::{Cursor, PageRequest, Utc};

    let db = ready();
    let page = |cursor: Option<&str>| {
        let request = PageRequest::read(Some(3), cursor).unwrap();
        db.db.read(&system(), |work| {
            let scope = access::scope(work, Action::ReadDirectory)?;
            schools::page(work, &scope, request)
        })
    };
    let (mut seen, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let next = page(cursor.as_deref()).unwrap();
        seen.extend(next.items.iter().map(|s| s.number.to_string()));
        match next.next {
            Some(c) => cursor = Some(c.encode()),
            None => break,
        }
    }
    let all: Vec<_> = db.db.read(&system(), schools::all).unwrap().iter().map(|s| s.number.to_string()).collect();
    assert_eq!(seen, all);
    let stray = Cursor { at: Utc::from_micros(0), id: uuid::Uuid::nil() }.encode();
    assert_eq!(page(Some(&stray)).unwrap_err().code, Code::InvalidCursor);
    let number = SchoolNumber::parse("6764001").unwrap();
    let school = db.db.read(&system(), |work| schools::by_number(work, &number)).unwrap();
    assert_eq!(db.db.read(&system(), |work| schools::by_id(work, school.id)).unwrap(), school);
    assert_eq!(db.db.read(&system(), |work| schools::by_ids(work, &[school.id])).unwrap(), [school]);
}
