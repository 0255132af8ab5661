use super::*;
use crate::access::Role;
use crate::kernel::Caller;
use crate::surveys::campaigns::SchoolsIn;
use crate::surveys::releases::{Reason, Threshold};
use crate::surveys::stage::{Stage, listed, new_campaign, number, person, vault};
use crate::testing;

fn system() -> Caller {
    Caller::system("test")
}

/// A campaign of these schools that is over, published; its window begins on this day of January.
fn published(stage: &Stage, opens: u32, schools: &[&str]) -> CampaignId {
    let date = |d| chrono::NaiveDate::from_ymd_opt(2026, 1, d).unwrap();
    let mut new = new_campaign(SchoolsIn::Listed(schools.iter().map(|n| listed(n, Some(100))).collect()));
    (new.opens_on, new.closes_on) = (date(opens), date(opens + 5));
    let made = stage.db.db.write(&system(), move |work| campaigns::create(work, new)).unwrap().id;
    let line = stage.db.db.write(&system(), move |work| releases::ask(work, made, Reason::First)).unwrap();
    let gathered = stage.db.db.read(&system(), |work| releases::gather(work, &vault(), &line)).unwrap();
    let judged = releases::decide(gathered, Threshold::default());
    assert!(stage.db.db.write(&system(), move |work| releases::keep(work, &judged)).unwrap());
    made
}

fn take_up(stage: &Stage, campaign: CampaignId, schools: &[&str], approach: &str) {
    for school in schools {
        let (at, codes) = (number(school), [approach.to_owned()]);
        let take = move |work: &mut Work<'_>| packs::take_up(work, (campaign, &at), &codes);
        assert_eq!(stage.db.db.write(&system(), take).unwrap().len(), 1);
    }
}

#[test]
fn the_report_counts_schools_from_five_on_and_names_none() {
    let stage = Stage::new();
    let numbers: Vec<String> = (0..9).map(|n| format!("67641{n:02}")).collect();
    let schools: Vec<&str> = numbers.iter().map(String::as_str).collect();
    for school in &schools {
        testing::school(&stage.db, school);
    }
    let (last, now) = (published(&stage, 5, &schools), published(&stage, 15, &schools));
    take_up(&stage, last, &schools[..5], "mapped_places");
    take_up(&stage, now, &schools[..5], "shared_meaning");
    take_up(&stage, now, &schools[5..9], "mapped_places");
    let analyst = person(&stage.db, "analyst@la.example", Role::Analyst, None);
    let read = |caller: &Caller, id| stage.db.db.read(caller, |work| annual(work, id));
    let report = read(&analyst, now).unwrap();
    let told: Vec<_> = report.taken_up.iter().map(|a| (a.code.as_str(), a.now, a.before)).collect();
    assert_eq!(
        told,
        [("shared_meaning", Told::Number(5), Some(Told::Few)), ("mapped_places", Told::Few, Some(Told::Number(5)))]
    );
    assert_eq!((report.schools_taking_up, report.taking_part.schools), (Told::Number(9), 9));
    assert_eq!(report.before.as_ref().unwrap().header.campaign_id, last);
    let all = format!("{report:?}");
    assert!(schools.iter().all(|school| !all.contains(school)), "a school is named");
    // Of the first there is none before; a school's people read neither.
    assert!(read(&analyst, last).unwrap().before.is_none());
    assert_eq!(read(&stage.here, now).unwrap_err().code, Code::Forbidden);
    // Until something is published there is nothing.
    assert_eq!(read(&analyst, stage.campaign).unwrap_err().code, Code::StateConflict);
    let heat = |question: Option<&str>| stage.db.db.read(&analyst, |work| heat(work, now, question));
    assert_eq!(heat(None).unwrap().released.tables.len(), 1 + schools.len());
    assert_eq!(heat(Some("no_such")).unwrap_err().code, Code::InvalidParameter);
}
