//! Who is told when a step is late, who stands in, and who is told again.

use super::returning::day;
use super::*;
use crate::db::schema::{case_milestones as cm, person_absences as pa};
use crate::identity::{Absence, set_own_absence};
use crate::kernel::FaultCode;
use returns::{Attendance, Outcome, TakeStep};

#[test]
fn a_dsp_on_leave_has_their_deputy_named_from_the_start() {
    let rig = rig();
    let away = Absence { begins_on: day("2026-03-01"), ends_on: day("2026-03-06") };
    rig.t.db.write(&caller(rig.dsp), move |work| set_own_absence(work, Some(away))).unwrap();
    let sent = rig.send();
    assert_eq!(sent.recipients[0].to, Recipient::Person(rig.deputy_dsp));
    assert_eq!(code(rig.read(rig.dsp, sent.record.id)), Code::NotFound);
    rig.t.db.write(&caller(rig.dsp), move |work| set_own_absence(work, None)).unwrap();
    let left: i64 = setup(&rig.t, |work| Ok(pa::table.count().get_result(work.conn())?));
    assert_eq!(left, 0);
    assert_eq!(rig.send().recipients[0].to, Recipient::Person(rig.dsp));
    let wrong = Absence { begins_on: day("2026-03-05"), ends_on: day("2026-03-04") };
    let refused = rig.t.db.write(&caller(rig.dsp), move |work| set_own_absence(work, Some(wrong))).unwrap_err();
    assert_eq!(refused.faults[0].code, FaultCode::WrongOrder);
}

#[test]
fn a_late_step_goes_to_the_deputy_then_to_all_leads() {
    let rig = rig();
    let second_lead = holder(&rig.t, Role::SafeguardingLead, At::default());
    let id = rig.acknowledged();
    for step in [rig.meeting(), rig.assessment(), rig.agreed(false)] {
        rig.take(rig.dsp, id, step).unwrap();
    }
    rig.move_to(rig.dsp, id, None).unwrap();
    let before = rig.told().len();
    rig.go("2026-03-09", 17);
    assert_eq!(rig.escalate(), 1, "the return's date, which nobody found out");
    assert_eq!(rig.told().len(), before + 1);
    assert!(rig.file(rig.deputy_dsp, id).is_ok(), "the deputy can act on it");
    assert_eq!(code(rig.file(rig.lead, id)), Code::NotFound);
    rig.go("2026-03-11", 17);
    assert_eq!(rig.escalate(), 1);
    assert_eq!(rig.told().len(), before + 3, "every lead, not only the first");
    assert!(rig.file(rig.lead, id).is_ok() && rig.file(second_lead, id).is_ok());
    rig.go("2026-03-12", 17);
    assert_eq!(rig.escalate(), 0, "that is all for now");
    // A date moved into the time to come begins the clock anew, and is told anew when it passes: to all at once, for the
    // child may be there already.
    rig.move_to(rig.dsp, id, Some(day("2026-03-17"))).unwrap();
    assert_eq!(rig.escalate(), 0, "not before");
    let before = rig.told().len();
    rig.go("2026-03-17", 17);
    assert_eq!((rig.escalate(), rig.escalate()), (1, 0));
    assert_eq!(rig.told().len(), before + 3, "the deputy, once more, and both leads");
    let escalated = rig.events(id).into_iter().filter(|k| k.starts_with("escalated")).collect::<Vec<_>>();
    assert_eq!(escalated, ["escalated_to_deputy", "escalated_to_leads", "escalated_to_leads"]);
    assert!(rig.audited().contains(&("warrn.escalate".to_owned(), "return=deputy_and_leads".to_owned())));
}

#[test]
fn the_leads_are_told_on_the_morning_of_the_return_and_not_after_it() {
    let rig = rig();
    // Friday afternoon, and the child is back on Monday.
    rig.go("2026-03-06", 15);
    rig.t.clock.advance_seconds(1800);
    rig.send();
    let escalated = |rig: &Rig, who: PersonId| {
        rig.told().into_iter().filter(|(w, _, to)| w == "warrn_escalated" && *to == who.uuid()).count()
    };
    rig.t.clock.advance_seconds(3601);
    assert_eq!(rig.escalate(), 2, "16:30, both acknowledgements");
    assert_eq!((escalated(&rig, rig.deputy_dsp), escalated(&rig, rig.lead)), (1, 0));
    rig.go("2026-03-09", 9);
    assert_eq!(rig.escalate(), 0, "due now is not yet overdue");
    rig.t.clock.advance_seconds(1);
    assert_eq!(rig.escalate(), 2);
    assert_eq!(escalated(&rig, rig.lead), 2, "of each part, before lessons and not on Tuesday");
}

#[test]
fn without_a_lead_what_presses_stays_with_the_deputy_and_waits_for_one() {
    let rig = rig();
    end_all(&rig.t, rig.lead);
    rig.acknowledged();
    rig.go("2026-03-09", 17);
    assert_eq!((rig.escalate(), rig.escalate()), (4, 0));
    assert!(rig.audited().contains(&("warrn.escalate".to_owned(), "return=deputy".to_owned())));
    let lead = holder(&rig.t, Role::SafeguardingLead, At::default());
    rig.go("2026-03-11", 17);
    assert_eq!(rig.escalate(), 4);
    assert_eq!(rig.told().into_iter().filter(|(.., to)| *to == lead.uuid()).count(), 4);
}

#[test]
fn the_leads_are_told_again_every_five_school_days_until_it_is_done() {
    let rig = rig();
    let second_lead = holder(&rig.t, Role::SafeguardingLead, At::default());
    let id = rig.acknowledged();
    for step in [rig.meeting(), rig.assessment(), rig.agreed(false)] {
        rig.take(rig.dsp, id, step).unwrap();
    }
    rig.go("2026-03-09", 17);
    assert_eq!(rig.escalate(), 1, "deputy and leads at once");
    let told = |rig: &Rig| rig.told().len();
    let mut before = told(&rig);
    // From Tuesday morning five days: the clock looks every day, and tells on the sixteenth's week alone.
    for (date, hour, looks) in [
        ("2026-03-13", 17, 0),
        ("2026-03-17", 9, 0),
        ("2026-03-17", 10, 1),
        ("2026-03-17", 17, 0),
        ("2026-03-24", 9, 0),
        ("2026-03-24", 11, 1),
    ] {
        rig.go(date, hour);
        assert_eq!((rig.escalate(), rig.escalate()), (looks, 0), "{date} {hour}");
        before += 2 * looks;
        assert_eq!(told(&rig), before, "{date} {hour}: both leads, and not the deputy");
    }
    assert!(rig.audited().contains(&("warrn.escalate".to_owned(), "return=safeguarding_lead_again".to_owned())));
    assert!(rig.read(second_lead, id).is_ok());
    rig.take(rig.dsp, id, TakeStep::Return { on: rig.today(), attendance: Attendance::FullTime }).unwrap();
    rig.go("2026-04-02", 17);
    assert_eq!((rig.escalate(), rig.events(id).iter().filter(|k| *k == "escalated_to_leads").count()), (0, 3));
}

#[test]
fn records_at_their_last_stage_from_before_are_told_again() {
    let rig = rig();
    let (told, once, closed) = (rig.send().record.id, rig.send().record.id, rig.send().record.id);
    let spoil = |id: WarrnId, stage: i64| {
        let case = CaseId::from_uuid(id.uuid());
        setup(&rig.t, move |work| {
            let steps = cm::table.filter(cm::case_id.eq(case));
            let silent = (cm::stage.eq(stage), cm::next_stage_at.eq(None::<Utc>));
            Ok(diesel::update(steps).set(silent).execute(work.conn())?)
        });
    };
    spoil(told, 2);
    // As migration 14 took over what was told once: nobody looked at it again.
    spoil(once, 1);
    rig.acknowledge(rig.dsp, closed, 1).unwrap();
    rig.take(rig.dsp, closed, TakeStep::Close { outcome: Outcome::MovedOn, note: None }).unwrap();
    spoil(closed, 2);
    rig.go("2026-03-10", 10);
    assert_eq!(rig.waiting(), [], "the control: without the step nobody looks");
    let up = include_str!("../../../../migrations/sqlite/20261122000019_told_again/up.sql");
    setup(&rig.t, move |work| Ok(diesel::sql_query(up).execute(work.conn())?));
    let waiting: Vec<_> = rig.waiting().into_iter().map(|(id, _)| id).collect();
    assert_eq!((waiting.len(), waiting.contains(&told), waiting.contains(&once)), (2, true, true));
    assert_eq!((rig.escalate(), rig.escalate()), (12, 0), "six steps each");
    let detail = |end: &str| rig.audited().iter().filter(|(a, d)| a == "warrn.escalate" && d.ends_with(end)).count();
    assert_eq!((detail("=safeguarding_lead"), detail("=safeguarding_lead_again")), (6, 6));
}

#[test]
fn a_deputy_who_is_away_is_passed_over_for_who_is_there() {
    let rig = rig();
    let id = rig.acknowledged();
    for step in [rig.meeting(), rig.assessment(), rig.agreed(false)] {
        rig.take(rig.dsp, id, step).unwrap();
    }
    rig.go("2026-03-09", 17);
    assert_eq!(rig.escalate(), 1, "the deputy is named");
    let third = holder(&rig.t, Role::Dsp, At { school: Some(rig.school), deputy: true, ..At::default() });
    let away = Absence { begins_on: day("2026-03-10"), ends_on: day("2026-06-30") };
    rig.t.db.write(&caller(rig.deputy_dsp), move |work| set_own_absence(work, Some(away))).unwrap();
    rig.move_to(rig.dsp, id, Some(day("2026-04-21"))).unwrap();
    rig.go("2026-04-22", 9);
    assert_eq!(rig.escalate(), 1);
    let to: Vec<_> = rig.told().into_iter().filter(|(w, ..)| w == "warrn_escalated").collect();
    let to: Vec<_> = to.into_iter().map(|(.., to)| to).filter(|to| *to != rig.lead.uuid()).collect();
    assert_eq!(to, [rig.deputy_dsp.uuid(), third.uuid()]);
    assert!(rig.file(third, id).is_ok(), "who is there can act on it");
}

#[test]
fn a_psychologist_who_says_they_are_away_is_stood_in_for() {
    let rig = rig();
    let away = Absence { begins_on: day("2026-03-01"), ends_on: day("2026-03-31") };
    rig.t.db.write(&caller(rig.ep_person), move |work| set_own_absence(work, Some(away))).unwrap();
    let sent = rig.send();
    assert_eq!(sent.recipients[1].to, Recipient::Officer(rig.deputy_ep));
}
