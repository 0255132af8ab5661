use super::*;
use crate::directory::import::import_officers;
use crate::kernel::Caller;
use crate::surveys::stage::{HERE, Stage, number};

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
            helpers(work, &school)
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
