use chrono::NaiveDate;

use super::*;
use crate::directory::import::import_officers;
use crate::instruments::drafts;
use crate::kernel::Caller;
use crate::surveys::campaigns::{self, NewCampaign, SchoolsIn};
use crate::surveys::releases::{self, Reason, Threshold};
use crate::surveys::stage::{HERE, Stage, listed, new_campaign, number, vault};

const OFFICERS: &str = "Name,Contact details,Role,Key Areas,Services,Coverage,Deputy,Absent from,Absent until\n\
    Wellbeing Psychologist,wellbeing@council.example,Senior Educational Psychologist,Wellbeing,eps,all,,,\n\
    Bullying Psychologist,bullying@council.example 01000 000 001,Senior Educational Psychologist,Bullying,eps,all,,,\n\
    School Psychologist,school@council.example,Link Psychologist,Wellbeing,eps,school:6764052,,,\n\
    Behaviour Teacher,away@council.example,Specialist Teacher,Behaviour,bss,all,,2020-01-01,2030-01-01\n";

/// Of each service whoever a referral of the school's about bullying would go to; nobody where it would go to the queue.
#[test]
fn help_names_the_officer_of_the_schools_route() {
    let stage = Stage::new();
    let system = Caller::system("test");
    stage.db.db.write(&system, services::ensure_builtin).unwrap();
    let help = |school: &'static str| {
        let of = |work: &mut Work<'_>| {
            let school = schools::by_number(work, &number(school))?;
            helpers(work, school.id)
        };
        stage.db.db.read(&system, of).unwrap()
    };
    let none = help(HERE);
    assert_eq!(none.len(), 3);
    assert!(none.values().all(|help| help.officer.is_none()), "the contact list is empty");
    let written = stage.db.db.write(&system, |work| import_officers(work, OFFICERS.as_bytes(), false)).unwrap();
    assert!(written.written);
    let of = |school: &'static str| {
        let found = help(school);
        ["eps", "bss", "sbc"].map(|code| found[code].officer.clone())
    };
    let [eps, bss, sbc] = of(HERE);
    let named = NamedOfficer {
        name: "Bullying Psychologist".into(),
        role_title: "Senior Educational Psychologist".into(),
        email: "bullying@council.example".into(),
        phone: Some("01000 000 001".into()),
    };
    assert_eq!((eps, bss, sbc), (Some(named), None, None), "who is away and has no deputy is not named");
    // The school's own is closer than whoever looks after bullying everywhere, as for its referrals.
    assert_eq!(of("6764052")[0].as_ref().unwrap().name, "School Psychologist");
}

fn date(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

/// A campaign that is over, of the first school, with its results published.
fn published(stage: &Stage, (month, day): (u32, u32), (code, version): (&str, i64)) -> CampaignId {
    let new = NewCampaign {
        instrument: code.into(),
        instrument_version: Some(version),
        opens_on: date(month, day),
        closes_on: date(month, day + 10),
        ..new_campaign(SchoolsIn::Listed(vec![listed(HERE, Some(120))]))
    };
    let system = Caller::system("test");
    let id = stage.db.db.write(&system, |work| Ok(campaigns::create(work, new)?.id)).unwrap();
    let line = stage.db.db.write(&system, move |work| releases::ask(work, id, Reason::First)).unwrap();
    let gathered = stage.db.db.read(&system, |work| releases::gather(work, &vault(), &line)).unwrap();
    let judged = releases::decide(gathered, Threshold::default());
    assert!(stage.db.db.write(&system, move |work| releases::keep(work, &judged)).unwrap());
    id
}

/// An authority's questionnaire of these questions of what ships.
fn own(stage: &Stage, code: &'static str, keep: usize) {
    let system = Caller::system("test");
    let make = move |work: &mut Work<'_>| {
        let shipped = crate::instruments::by_code(work, "bullying")?.id;
        let draft = drafts::copy(work, shipped, code)?;
        let mut definition = draft.definition;
        definition.questions.truncate(keep);
        drafts::replace(work, draft.id, 1, &definition)?;
        drafts::publish(work, draft.id, 2).map(drop)
    };
    stage.db.db.write(&system, make).unwrap();
}

#[test]
fn what_was_taken_up_comes_over_to_the_next_version() {
    let (stage, system) = (Stage::new(), Caller::system("test"));
    let first = published(&stage, (1, 1), ("bullying", 1));
    let approach = vec!["shared_meaning".to_owned()];
    stage.db.db.write(&system, move |work| take_up(work, (first, &number(HERE)), &approach)).unwrap();
    let read = |id| stage.db.db.read(&system, move |work| pack(work, id, &number(HERE))).unwrap();
    assert!(read(first).before.is_none());
    let second = read(published(&stage, (2, 1), ("bullying", 2)));
    let before = second.before.unwrap();
    assert_eq!(before.released.header.instrument, "bullying/1");
    assert_eq!(before.same.len(), second.results.definition.questions.len());
    assert_eq!(second.taken_up.len(), 1);
}

#[test]
fn a_short_survey_between_is_not_the_year_before() {
    let (stage, system) = (Stage::new(), Caller::system("test"));
    own(&stage, "short", 4);
    own(&stage, "long", 20);
    let read = |id| stage.db.db.read(&system, move |work| pack(work, id, &number(HERE))).unwrap();
    let before = |id| read(id).before.map(|b| (b.released.header.instrument, b.same.len()));
    let long = published(&stage, (1, 1), ("long", 1));
    assert_eq!(before(long), None);
    // All that the short one asks was asked before.
    let short = published(&stage, (1, 16), ("short", 1));
    assert_eq!(before(short), Some(("long/1".into(), 4)));
    // Four of twenty-four are no trend; twenty are.
    let last = published(&stage, (2, 1), ("bullying", 2));
    assert_eq!(before(last), Some(("long/1".into(), 20)));
}
