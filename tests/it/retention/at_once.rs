//! What somebody is adding while a run begins is seen by the run, or finds the child gone: nothing is lost between.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use dolen_domain::kernel::Result;
use dolen_domain::pupils;
use dolen_domain::records::holds;
use dolen_domain::records::retention::{RecordClass, Standing};
use dolen_domain::records::subject_access;
use dolen_domain::vault::Vault;

use super::*;

const UPN: &str = "L676400024001";

/// Long enough that a run which did not wait would be over.
const HELD_OPEN: Duration = Duration::from_millis(700);

/// Begins `adding` in a transaction of its own, runs the disposal while that is not committed yet, and waits for both.
fn run_while(
    rig: &Rig,
    who: &Caller,
    adding: impl FnOnce(&mut Work<'_>, &Vault) -> Result<()> + Send + 'static,
) -> Option<Certificate> {
    let (begun, is_begun) = mpsc::channel();
    thread::scope(|scope| {
        let other = scope.spawn(move || {
            rig.write(who, move |work, vault| {
                adding(work, vault)?;
                begun.send(()).unwrap();
                thread::sleep(HELD_OPEN);
                Ok(())
            })
            .unwrap();
        });
        is_begun.recv().unwrap();
        let certificate = rig.run();
        other.join().unwrap();
        certificate
    })
}

/// A child whose only referral is over, and a clock that says so.
fn over(rig: &Rig) -> Child {
    let child = rig.child("goner", Some(UPN), day(2010, 5, 6), "bss");
    rig.reckon();
    rig.advance_years(10);
    assert_eq!(rig.plan().children, [child.referral.pupil]);
    child
}

fn again(rig: &Rig) -> OpenReferral {
    OpenReferral {
        school_number: rig.world.schools[0].number.clone(),
        service: "eps".to_owned(),
        pupil: NewPupil {
            given_name: "Once".to_owned(),
            family_name: "More".to_owned(),
            born_on: day(2010, 5, 6),
            upn: Some(UPN.to_owned()),
        },
        year_group: 9,
        key_area: Some("wellbeing".to_owned()),
        urgency: None,
        need: "What came in meanwhile.".to_owned(),
        evidence: Some("Notes of two reviews.".to_owned()),
        consent: Some(NewConsent { given_by: "parent".to_owned(), given_on: rig.clock.now().date() }),
        notes: None,
    }
}

#[test]
fn a_referral_sent_while_a_run_begins_keeps_its_child() {
    let rig = Rig::new();
    let child = over(&rig);
    let dsp = caller(rig.world.who(Role::Dsp).id);
    let new = again(&rig);
    let certificate = run_while(&rig, &dsp, move |work, vault| referrals::open(work, vault, new).map(drop));
    // The old case goes; the child, who has a new one, is not shredded.
    let body: serde_json::Value = serde_json::from_str(&certificate.unwrap().body).unwrap();
    assert_eq!(body["children_shredded"].as_u64(), Some(0));
    let mut inspect = rig.inspect();
    assert!(!wrapped(&mut inspect, &child).is_empty(), "the key of a child with an open referral");
    let vault = Arc::clone(&rig.vault);
    let pupil = child.referral.pupil;
    assert!(rig.db.read(&Caller::system("test"), move |work| pupils::key(work, &vault, pupil).map(drop)).is_ok());
    rig.verify();
}

#[test]
fn a_hold_placed_while_a_run_begins_holds() {
    let rig = Rig::new();
    let child = over(&rig);
    let before = left(&mut rig.inspect(), &child);
    let reference = child.referral.reference.to_string();
    let certificate = run_while(&rig, &rig.administrator(), move |work, vault| {
        let reason = "A claim before the court, number 12.".to_owned();
        holds::place(work, vault, &holds::NewHold { reference, whole_child: true, reason, until: None }).map(drop)
    });
    assert!(certificate.is_none(), "nothing was left to dispose of");
    let still = left(&mut rig.inspect(), &child);
    assert!(before.iter().all(|column| still.contains(column)), "{before:?} {still:?}");
    let plan = rig.plan();
    let referral = plan.items.iter().find(|i| i.class == RecordClass::Referral).unwrap();
    assert_eq!(referral.standing, Standing::Held);
}

#[test]
fn a_request_taken_in_while_a_run_begins_holds_what_it_asks_for() {
    let rig = Rig::new();
    let child = over(&rig);
    let before = left(&mut rig.inspect(), &child);
    let new = super::asks::by_number(&rig, UPN);
    let certificate =
        run_while(&rig, &rig.administrator(), move |work, vault| subject_access::open(work, vault, &new).map(drop));
    assert!(certificate.is_none(), "nothing was left to dispose of");
    assert_eq!(left(&mut rig.inspect(), &child), before);
}
