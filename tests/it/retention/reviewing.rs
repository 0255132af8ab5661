//! What waits for a review or for a second person, beside what is due.

use super::*;

#[test]
fn what_waits_does_not_keep_what_is_due_from_its_end() {
    let rig = Rig::new();
    // Over the longest, and none of them due: held, asked for, to be reviewed, open. The last is due.
    let held = rig.child("held", None, day(2006, 5, 6), "bss");
    let asked = rig.child("asked", Some("L676400024001"), day(2006, 5, 6), "bss");
    rig.child("reviewed", None, day(2006, 5, 6), "sbc");
    let open = rig.child("open", None, day(2006, 5, 6), "bss");
    let due = rig.child("due", None, day(2010, 5, 6), "bss");
    let reference = held.referral.reference.to_string();
    rig.write(&rig.administrator(), move |work, vault| {
        let reason = "A claim before the court, number 12.".to_owned();
        holds::place(work, vault, &holds::NewHold { reference, whole_child: false, reason, until: None })
    })
    .unwrap();
    let new = asks::by_number(&rig, "L676400024001");
    rig.write(&rig.administrator(), move |work, vault| subject_access::open(work, vault, &new)).unwrap();
    rig.reckon();
    rig.advance_years(10);
    let mut inspect = rig.inspect();
    let now = rig.clock.now();
    let now = if inspect.is_postgres() { format!("'{}'", now.chrono().to_rfc3339()) } else { now.micros().to_string() };
    let id = open.case.uuid();
    let id = if inspect.is_postgres() { format!("'{id}'") } else { format!("x'{}'", id.simple()) };
    inspect.execute(&format!(
        "UPDATE cases SET closed_at = NULL, close_reason = NULL, updated_at = {now} WHERE id = {id}"
    ));
    rig.reckon();

    // All of it: every row the database calls due is due, and no other is.
    let whole = rig.plan();
    let standings: Vec<Standing> = whole.items.iter().map(|i| i.standing).collect();
    let first_other = standings.iter().position(|s| *s != Standing::Due).unwrap();
    assert_eq!(
        first_other, 3,
        "the case that is due, its documents, and those of the one to be reviewed: {standings:?}"
    );
    assert!(standings[first_other..].iter().all(|s| *s != Standing::Due), "{standings:?}");
    for standing in [Standing::Held, Standing::Open, Standing::Review] {
        assert!(standings.contains(&standing), "{standing:?}: {standings:?}");
    }
    let held =
        |child: &Child| whole.items.iter().filter(|i| i.case == child.case && i.standing == Standing::Held).count();
    assert_eq!(held(&asked), 2);
    // One at a time, and none is left out.
    let mut runs = 0;
    while rig.write(&rig.administrator(), |work, vault| retention::run_some(work, vault, 1)).unwrap().is_some() {
        runs += 1;
    }
    assert_eq!(runs, 3);
    let none: [&str; 0] = [];
    assert_eq!(left(&mut inspect, &due), none);
    let some = rig.db.read(&rig.administrator(), |work| retention::plan_some(work, 1)).unwrap();
    assert_eq!((some.items.len(), some.more, some.due().count()), (1, true, 0));
    rig.verify();
}

#[test]
fn what_a_review_lets_go_takes_two_people_who_prove_themselves() {
    let rig = Rig::new();
    let child = rig.child("counselled", None, day(2010, 5, 6), "sbc");
    rig.reckon();
    rig.advance_years(10);
    let (case, class) = (child.case, RecordClass::CounsellingReferral);
    let (first, second) = (rig.administrator(), second_administrator(&rig.db, &rig.world));
    let destroy = move |work: &mut Work<'_>, _: &Vault| retention::review(work, case, class, None);
    let keep = move |work: &mut Work<'_>, _: &Vault| retention::review(work, case, class, Some(1));
    let item = |rig: &Rig| {
        let plan = rig.plan();
        plan.items.iter().find(|i| i.case == case && i.class == class).map(|i| (i.standing, i.waits))
    };
    // A session left open is not enough; keeping needs no more than that.
    let stale = Caller { second_factor_at: Some(rig.clock.now().plus_seconds(-301)), ..first.clone() };
    for bare in [stale, first.clone()] {
        let refused = rig.db.write(&bare, move |work| retention::review(work, case, class, None));
        assert_eq!(refused.unwrap_err().code, Code::StepUpRequired);
    }
    assert_eq!(rig.write(&first, destroy).unwrap(), Reviewed::Waits);
    assert_eq!(item(&rig), Some((Standing::Review, true)));
    assert_eq!(rig.write(&first, destroy).unwrap_err().code, Code::Forbidden, "the same person twice is one person");
    rig.run();
    assert!(left(&mut rig.inspect(), &child).iter().any(|c| c == "referrals.content"), "one person let it go");
    // The other keeps it: the first one's word is gone with that.
    assert_eq!(rig.write(&second, keep).unwrap(), Reviewed::Kept);
    assert_eq!(item(&rig), None);
    rig.advance_years(3);
    assert_eq!(item(&rig), Some((Standing::Review, false)));
    assert_eq!(rig.write(&second, destroy).unwrap(), Reviewed::Waits);
    assert_eq!(rig.write(&first, destroy).unwrap(), Reviewed::Goes);
    assert_eq!(item(&rig), Some((Standing::Due, false)));
    rig.run().unwrap();
    let none: [&str; 0] = [];
    assert_eq!(left(&mut rig.inspect(), &child), none);
    rig.verify();
}
