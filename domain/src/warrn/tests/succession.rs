//! Who left after reading is followed by who holds their post now, once and with the day.

use super::*;
use crate::cases::OfCase as _;
use crate::identity::{Absence, set_own_absence};
use returns::{State, Step};

impl Rig {
    pub(super) fn row(&self, id: WarrnId, to: Recipient) -> Option<NamedRecipient> {
        self.rows(id).into_iter().filter(|n| n.to == to).max_by_key(|n| n.begins_at)
    }

    pub(super) fn rows(&self, id: WarrnId) -> Vec<NamedRecipient> {
        setup(&self.t, move |work| {
            let known = facts(work, id)?.unwrap_or_default();
            let pass = crate::access::grant(work, crate::access::Action::ReadWarrn, id, &known)?;
            store::recipients(work, &pass)
        })
    }

    pub(super) fn succeeded(&self) -> Vec<String> {
        self.audited().into_iter().filter(|(a, _)| a == "warrn.succeed").map(|(_, detail)| detail).collect()
    }

    fn told_of(&self, who: Recipient) -> usize {
        self.told().iter().filter(|(.., to)| *to == who.uuid()).count()
    }
}

#[test]
fn a_dsp_who_left_is_followed_by_the_deputy_who_acknowledges_anew() {
    let rig = rig();
    let id = rig.acknowledged();
    assert_eq!((rig.escalate(), rig.waiting().len()), (0, 0), "nobody left");
    rig.t.clock.advance_seconds(7200);
    end_all(&rig.t, rig.dsp);
    assert_eq!(rig.waiting().len(), 1, "no step is late, and still somebody is missing");
    let (left, version) = (rig.t.clock.now(), rig.progress(rig.worker, id).unwrap().0.version);
    assert_eq!(rig.escalate(), 1);
    assert_eq!(rig.row(id, Recipient::Person(rig.dsp)).unwrap().ends_at, Some(left));
    let follower = rig.row(id, Recipient::Person(rig.deputy_dsp)).unwrap();
    assert_eq!((follower.begins_at, follower.ends_at, follower.stage), (left, None, 0));
    assert_eq!(rig.succeeded(), ["dsp=deputy left=1"]);
    assert_eq!(rig.events(id).iter().filter(|k| *k == "recipient_followed").count(), 1);
    assert_eq!(rig.told_of(Recipient::Person(rig.deputy_dsp)), 1);
    assert_eq!(rig.told_of(Recipient::Person(rig.lead)), 0);
    let view = rig.read(rig.deputy_dsp, id).unwrap();
    assert!(view.content().is_some());
    assert_eq!(view.record().version, version + 1);
    assert_eq!(view.mine().unwrap().acknowledged_at, None, "that another had read it helps nobody");
    assert_eq!(code(rig.read(rig.dsp, id)), Code::NotFound);
    // Once, however often the clock looks.
    for _ in 0..3 {
        rig.t.clock.advance_seconds(60);
        assert_eq!((rig.waiting().len(), rig.escalate()), (0, 0));
    }
    assert_eq!((rig.rows(id).len(), rig.told_of(Recipient::Person(rig.deputy_dsp))), (3, 1));
    // What was done stays done, and their clock is one of its own.
    let (_, progress) = rig.progress(rig.deputy_dsp, id).unwrap();
    assert_eq!(progress.state(), State::Acknowledged);
    let turns: Vec<_> = progress.steps.iter().filter(|s| s.step == Step::AcknowledgeDsp).map(|s| s.turn).collect();
    assert_eq!((turns, progress.open(Step::AcknowledgeDsp).unwrap().due_at), (vec![1, 2], Some(follower.due_at)));
    // Moving the return moves it by when they were named, not by when the record came.
    rig.t.clock.advance_seconds(3600);
    rig.move_to(rig.worker, id, None).unwrap();
    let due = rig.progress(rig.worker, id).unwrap().1.open(Step::AcknowledgeDsp).unwrap().due_at;
    assert_eq!(due, Some(left.plus_seconds(DAY)));
    let version = rig.progress(rig.worker, id).unwrap().0.version;
    rig.acknowledge(rig.deputy_dsp, id, version).unwrap();
    assert!(rig.progress(rig.worker, id).unwrap().1.open(Step::AcknowledgeDsp).is_none());
    assert!(rig.list(rig.deputy_dsp).unwrap()[0].mine().unwrap().acknowledged_at.is_some());
}

#[test]
fn who_follows_and_does_not_acknowledge_is_late_like_anybody() {
    let rig = rig();
    let id = rig.acknowledged();
    let next = holder(&rig.t, Role::Dsp, At { school: Some(rig.school), ..At::default() });
    end_all(&rig.t, rig.dsp);
    assert_eq!(rig.escalate(), 1);
    assert!(rig.row(id, Recipient::Person(next)).is_some(), "the post's holder comes before its deputy");
    assert!(rig.row(id, Recipient::Person(rig.deputy_dsp)).is_none());
    rig.t.clock.advance_seconds(DAY + 1);
    assert_eq!(rig.escalate(), 1);
    assert!(rig.audited().contains(&("warrn.escalate".to_owned(), "acknowledge_dsp=deputy".to_owned())));
    assert!(rig.read(rig.deputy_dsp, id).is_ok());
}

#[test]
fn a_deputy_named_for_one_late_step_keeps_out_no_new_holder_and_stands_beside_them() {
    let rig = rig();
    let id = rig.acknowledged();
    for step in [rig.meeting(), rig.assessment(), rig.agreed(false)] {
        rig.take(rig.dsp, id, step).unwrap();
    }
    rig.go("2026-03-09", 17);
    assert_eq!(rig.escalate(), 1, "the return, to the deputy and the leads");
    end_all(&rig.t, rig.dsp);
    assert_eq!((rig.waiting().len(), rig.escalate()), (0, 0), "the deputy has it, and there is nobody new");
    rig.t.clock.advance_seconds(600);
    let new = holder(&rig.t, Role::Dsp, At { school: Some(rig.school), ..At::default() });
    let at = rig.t.clock.now();
    assert_eq!((rig.waiting().len(), rig.escalate(), rig.waiting().len(), rig.escalate()), (1, 1, 0, 0));
    assert_eq!(rig.succeeded(), ["dsp=named left=1"]);
    let row = rig.row(id, Recipient::Person(new)).unwrap();
    assert_eq!((row.stage, row.begins_at, row.ends_at), (0, at, None));
    assert_eq!(rig.row(id, Recipient::Person(rig.dsp)).unwrap().ends_at, Some(at));
    for beside in [rig.deputy_dsp, rig.lead] {
        let row = rig.row(id, Recipient::Person(beside)).unwrap();
        assert!(row.ends_at.is_none() && row.stage > 0);
        assert!(rig.read(beside, id).unwrap().content().is_some());
    }
    let view = rig.read(new, id).unwrap();
    assert!(
        view.content().is_some() && view.mine().unwrap().acknowledged_at.is_none(),
        "who follows acknowledges anew"
    );
    assert_eq!(rig.told_of(Recipient::Person(new)), 1);
}

#[test]
fn a_psychologist_who_left_is_followed_by_who_stands_in() {
    for off_the_list in [false, true] {
        let rig = rig();
        let id = rig.acknowledged();
        let ep = rig.ep;
        if off_the_list {
            setup(&rig.t, move |work| {
                diesel::update(o::table.find(ep)).set(o::listed.eq(false)).execute(work.conn())?;
                Ok(())
            });
        } else {
            end_all(&rig.t, rig.ep_person);
        }
        assert_eq!((rig.escalate(), rig.escalate()), (1, 0));
        assert!(rig.row(id, Recipient::Officer(ep)).unwrap().ends_at.is_some());
        assert!(rig.read(rig.deputy_ep_person, id).unwrap().content().is_some());
        assert_eq!(rig.told_of(Recipient::Officer(rig.deputy_ep)), 1);
        assert!(rig.read(rig.dsp, id).is_ok(), "the other part is as it was");
        // What comes now goes to who is there from the start.
        assert_eq!(rig.send().recipients[1].to, Recipient::Officer(rig.deputy_ep));
    }
}

#[test]
fn who_is_on_leave_holds_the_post_still() {
    let rig = rig();
    let id = rig.acknowledged();
    let away = Absence { begins_on: rig.today(), ends_on: rig.today() + chrono::Days::new(30) };
    for who in [rig.dsp, rig.ep_person] {
        rig.t.db.write(&caller(who), move |work| set_own_absence(work, Some(away))).unwrap();
    }
    set_absent(&rig.t, rig.ep);
    // Back in five school days: their deputies are named beside them, and nobody in their place.
    assert_eq!((rig.escalate(), rig.escalate(), rig.rows(id).len()), (2, 0, 4));
    assert!(rig.rows(id).iter().all(|n| n.ends_at.is_none()));
    assert_eq!(rig.succeeded(), [""; 0]);
}

#[test]
fn who_goes_on_leave_has_their_deputy_beside_them_when_the_return_is_near() {
    let rig = rig();
    let id = rig.acknowledged();
    rig.move_to(rig.worker, id, Some("2026-03-20".parse().unwrap())).unwrap();
    let away = Absence { begins_on: rig.today(), ends_on: rig.today() + chrono::Days::new(90) };
    for who in [rig.dsp, rig.ep_person] {
        rig.t.db.write(&caller(who), move |work| set_own_absence(work, Some(away))).unwrap();
    }
    for date in ["2026-03-02", "2026-03-12"] {
        rig.go(date, 10);
        assert_eq!((rig.waiting().len(), rig.escalate()), (0, 0), "{date}: six school days or more, and nothing due");
    }
    rig.go("2026-03-13", 10);
    let (at, version) = (rig.t.clock.now(), rig.progress(rig.worker, id).unwrap().0.version);
    assert_eq!((rig.waiting().len(), rig.escalate()), (1, 2));
    for to in [Recipient::Person(rig.deputy_dsp), Recipient::Officer(rig.deputy_ep)] {
        let row = rig.row(id, to).unwrap();
        assert_eq!((row.begins_at, row.ends_at, row.stage), (at, None, 1));
        assert_eq!(rig.told_of(to), 1);
    }
    for who in [rig.dsp, rig.ep_person, rig.deputy_dsp, rig.deputy_ep_person] {
        let view = rig.read(who, id).unwrap();
        assert!(
            view.content().is_some() && view.mine().unwrap().acknowledged_at.is_some(),
            "beside them, and not anew"
        );
        assert_eq!(view.record().version, version + 2);
    }
    assert_eq!(rig.events(id).iter().filter(|k| *k == "deputy_stands_in").count(), 2);
    let audited: Vec<_> = rig.audited().into_iter().filter(|(a, _)| a == "warrn.stand_in").map(|(_, d)| d).collect();
    assert_eq!(audited, ["dsp=deputy", "ep=deputy"]);
    for _ in 0..3 {
        rig.t.clock.advance_seconds(600);
        assert_eq!((rig.waiting().len(), rig.escalate()), (0, 0), "once");
    }
}

#[test]
fn a_step_due_today_presses_too_and_without_a_deputy_the_leads_stand_in() {
    let rig = rig();
    let second_lead = holder(&rig.t, Role::SafeguardingLead, At::default());
    let id = rig.acknowledged();
    rig.move_to(rig.worker, id, None).unwrap();
    end_all(&rig.t, rig.deputy_dsp);
    let away = Absence { begins_on: rig.today(), ends_on: rig.today() + chrono::Days::new(90) };
    for who in [rig.dsp, rig.ep_person] {
        rig.t.db.write(&caller(who), move |work| set_own_absence(work, Some(away))).unwrap();
    }
    rig.go("2026-03-08", 10);
    assert_eq!((rig.waiting().len(), rig.escalate()), (0, 0));
    // The return date is to be found out by nine; it is eight.
    rig.go("2026-03-09", 8);
    assert_eq!((rig.waiting().len(), rig.escalate(), rig.waiting().len(), rig.escalate()), (1, 1, 0, 0));
    for lead in [rig.lead, second_lead] {
        assert!(rig.read(lead, id).unwrap().content().is_some());
        assert_eq!(rig.told_of(Recipient::Person(lead)), 1);
    }
    assert_eq!(rig.events(id).iter().filter(|k| *k == "leads_stand_in").count(), 1);
    assert_eq!(rig.rows(id).iter().filter(|n| n.part == Part::Ep).count(), 1, "the psychologist has nothing to do");
}

#[test]
fn who_is_away_with_nobody_to_stand_in_leaves_the_clock_idle() {
    let rig = rig();
    for who in [rig.deputy_dsp, rig.lead] {
        end_all(&rig.t, who);
    }
    rig.acknowledged();
    let away = Absence { begins_on: rig.today(), ends_on: rig.today() + chrono::Days::new(90) };
    rig.t.db.write(&caller(rig.dsp), move |work| set_own_absence(work, Some(away))).unwrap();
    assert_eq!((rig.waiting().len(), rig.escalate()), (0, 0));
}

#[test]
fn with_nobody_of_the_post_the_leads_have_it_until_there_is_somebody() {
    let rig = rig();
    let second_lead = holder(&rig.t, Role::SafeguardingLead, At::default());
    let id = rig.acknowledged();
    let elsewhere = testing::school(&rig.t, "6764052");
    end_all(&rig.t, rig.deputy_dsp);
    end_all(&rig.t, rig.dsp);
    give(&rig.t, rig.dsp, Role::Dsp, At { school: Some(elsewhere), ..At::default() });
    assert_eq!((rig.escalate(), rig.escalate()), (1, 0));
    assert_eq!(rig.succeeded(), ["dsp=safeguarding_lead left=1"]);
    for lead in [rig.lead, second_lead] {
        assert!(rig.read(lead, id).unwrap().content().is_some());
        assert_eq!(rig.told_of(Recipient::Person(lead)), 1);
    }
    let version = rig.progress(rig.worker, id).unwrap().0.version;
    rig.acknowledge(second_lead, id, version).unwrap();
    rig.t.clock.advance_seconds(60);
    let before = rig.row(id, Recipient::Person(rig.dsp)).unwrap();
    // The DSP comes back to the school: they get another row, and the old one says until when they were one before.
    give(&rig.t, rig.dsp, Role::Dsp, At { school: Some(rig.school), ..At::default() });
    assert_eq!((rig.escalate(), rig.escalate()), (1, 0));
    let back = rig.row(id, Recipient::Person(rig.dsp)).unwrap();
    assert_eq!((back.begins_at, back.ends_at, back.acknowledged_at), (rig.t.clock.now(), None, None));
    assert!(before.ends_at.is_some() && before.acknowledged_at.is_some() && before.id != back.id);
    assert!(rig.rows(id).contains(&before), "who could see this when stays to be answered");
    assert_eq!(rig.told_of(Recipient::Person(rig.dsp)), 2, "the first time, and now");
    let view = rig.read(rig.dsp, id).unwrap();
    assert_eq!(view.mine().unwrap().acknowledged_at, None);
    assert!(rig.read(rig.lead, id).is_ok(), "and the leads, who were told, keep it");
    rig.acknowledge(rig.dsp, id, view.record().version).unwrap();
    assert!(rig.progress(rig.worker, id).unwrap().1.open(Step::AcknowledgeDsp).is_none());
}

#[test]
fn with_nobody_at_all_it_is_said_once_and_who_comes_is_named() {
    let rig = rig();
    let id = rig.acknowledged();
    for who in [rig.lead, rig.deputy_dsp, rig.dsp] {
        end_all(&rig.t, who);
    }
    assert_eq!((rig.escalate(), rig.escalate(), rig.waiting().len()), (1, 0, 0));
    assert_eq!(rig.succeeded(), ["dsp=nobody left=1"]);
    assert_eq!(rig.events(id).iter().filter(|k| *k == "recipient_left_to_nobody").count(), 1);
    let next = holder(&rig.t, Role::Dsp, At { school: Some(rig.school), ..At::default() });
    assert_eq!((rig.escalate(), rig.escalate()), (1, 0));
    assert!(rig.read(next, id).unwrap().content().is_some());
    assert_eq!(rig.succeeded(), ["dsp=nobody left=1", "dsp=named left=0"]);
}

#[test]
fn one_record_that_fails_holds_up_no_other() {
    let rig = rig();
    let (bad, good) = (rig.send().record.id, rig.send().record.id);
    let case = bad.case();
    setup(&rig.t, move |work| {
        use crate::db::schema::case_milestones as cm;
        let theirs = cm::table.filter(cm::case_id.eq(case)).filter(cm::kind.eq("acknowledge_dsp"));
        Ok(diesel::update(theirs).set(cm::kind.eq("nonsense")).execute(work.conn())?)
    });
    rig.t.clock.advance_seconds(DAY + 1);
    let listed: Vec<WarrnId> = rig.waiting().into_iter().map(|(id, _)| id).collect();
    assert!(listed.contains(&bad) && listed.contains(&good));
    let tend = |id| rig.t.db.write(&Caller::system("worker"), move |w| tend(w, &WarrnSettings::default(), id));
    assert_eq!(code(tend(bad)), Code::Internal);
    assert_eq!(tend(good).unwrap(), 2);
    assert_eq!(rig.waiting().iter().map(|(id, _)| *id).collect::<Vec<_>>(), [bad], "and is tried again");
}

#[test]
fn who_leaves_and_comes_back_again_and_again_has_a_row_for_each_time() {
    let rig = rig();
    let id = rig.acknowledged();
    end_all(&rig.t, rig.deputy_dsp);
    let mut times = vec![rig.row(id, Recipient::Person(rig.dsp)).unwrap().begins_at];
    for _ in 0..2 {
        rig.t.clock.advance_seconds(DAY);
        end_all(&rig.t, rig.dsp);
        rig.escalate();
        times.push(rig.t.clock.now());
        assert_eq!(code(rig.read(rig.dsp, id)), Code::NotFound);
        rig.t.clock.advance_seconds(DAY);
        give(&rig.t, rig.dsp, Role::Dsp, At { school: Some(rig.school), ..At::default() });
        rig.escalate();
        times.push(rig.t.clock.now());
        assert!(rig.read(rig.dsp, id).unwrap().content().is_some());
    }
    let mut rows: Vec<_> = rig
        .rows(id)
        .into_iter()
        .filter(|n| n.to == Recipient::Person(rig.dsp))
        .map(|n| (n.begins_at, n.ends_at))
        .collect();
    rows.sort_unstable();
    assert_eq!(rows, [(times[0], Some(times[1])), (times[2], Some(times[3])), (times[4], None)]);
    assert_eq!(rig.rows(id).iter().filter(|n| n.to == Recipient::Person(rig.lead)).count(), 1, "who stayed has one");
}
