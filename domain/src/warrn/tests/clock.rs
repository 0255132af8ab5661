//! Acknowledging in time, and what happens otherwise.

use super::*;

#[test]
fn each_part_acknowledges_once_against_the_version_it_read() {
    let rig = rig();
    let id = rig.send().record.id;
    assert_eq!(rig.acknowledge(rig.dsp, id, 1).unwrap(), Acknowledged { version: 2, at: rig.t.clock.now() });
    assert_eq!(code(rig.acknowledge(rig.ep_person, id, 1)), Code::VersionMismatch);
    let first = rig.t.clock.now();
    rig.t.clock.advance_seconds(60);
    assert_eq!(rig.acknowledge(rig.ep_person, id, 2).unwrap().version, 3);
    // Again, with a stale version: what stands is told and nothing changes.
    assert_eq!(rig.acknowledge(rig.dsp, id, 1).unwrap(), Acknowledged { version: 3, at: first });
    let view = rig.read(rig.worker, id).unwrap();
    let by: Vec<_> = view.recipients().iter().map(|r| r.acknowledged_by).collect();
    assert_eq!(by, [Some(rig.dsp), Some(rig.ep_person)]);
    assert_eq!(view.record().version, 3);
    rig.t.clock.advance_seconds(2 * DAY);
    assert_eq!(rig.escalate(), 0, "nothing is overdue once acknowledged");
}

#[test]
fn an_overdue_part_goes_to_its_deputy_once() {
    let rig = rig();
    let id = rig.send().record.id;
    rig.acknowledge(rig.ep_person, id, 1).unwrap();
    rig.t.clock.advance_seconds(DAY);
    assert_eq!(rig.escalate(), 0, "due now is not yet overdue");
    rig.t.clock.advance_seconds(1);
    assert_eq!(rig.waiting().iter().map(|(id, _)| *id).collect::<Vec<_>>(), [id]);
    assert_eq!(rig.escalate(), 1);
    assert_eq!(rig.escalate(), 0);
    assert!(rig.waiting().is_empty());
    let told = rig.told();
    assert_eq!(told.len(), 3);
    assert_eq!(told[2], ("warrn_escalated".to_owned(), "person".to_owned(), rig.deputy_dsp.uuid()));
    let view = rig.read(rig.deputy_dsp, id).unwrap();
    assert!(view.content().is_some());
    assert!(view.recipients()[0].escalated_at.is_some() && view.recipients()[1].is_deputy());
    assert_eq!(view.recipients()[1].due_at, rig.t.clock.now().plus_seconds(DAY));
    rig.acknowledge(rig.deputy_dsp, id, view.record().version).unwrap();
    assert!(rig.list(rig.dsp).unwrap()[0].mine().unwrap().acknowledged_at.is_some(), "the part is acknowledged");
    assert!(rig.audited().contains(&("warrn.escalate".to_owned(), "acknowledge_dsp=deputy".to_owned())));
    assert_eq!(
        code(rig.t.db.write(&caller(rig.dsp), move |w| tend(w, &WarrnSettings::default(), id))),
        Code::Forbidden
    );
}

#[test]
fn both_parts_escalate_past_absent_deputies_and_at_last_to_the_safeguarding_lead() {
    let rig = rig();
    let (far, _) = officer(&rig.t, rig.eps, ("all", ""));
    set_deputy(&rig.t, rig.deputy_ep, Some(far));
    set_absent(&rig.t, rig.deputy_ep);
    end_all(&rig.t, rig.deputy_dsp);
    let id = rig.send().record.id;
    rig.t.clock.advance_seconds(DAY + 1);
    assert_eq!(rig.escalate(), 2);
    let view = rig.read(rig.lead, id).unwrap();
    assert!(view.content().is_some(), "the safeguarding lead stands in for a school without a deputy");
    let deputies: Vec<_> = view.recipients().iter().filter(|r| r.is_deputy()).map(|r| (r.part, r.to)).collect();
    assert_eq!(deputies, [(Part::Dsp, Recipient::Person(rig.lead)), (Part::Ep, Recipient::Officer(far))]);
    assert_eq!(rig.list(rig.lead).unwrap().len(), 1);
}

#[test]
fn with_nobody_left_to_tell_the_clock_says_so_once() {
    let rig = rig();
    end_all(&rig.t, rig.deputy_dsp);
    end_all(&rig.t, rig.lead);
    // A chain of deputies that bites its own tail.
    set_deputy(&rig.t, rig.ep, Some(rig.ep));
    rig.send();
    rig.t.clock.advance_seconds(DAY + 1);
    assert_eq!((rig.escalate(), rig.escalate()), (2, 0));
    let mut words: Vec<_> = rig.audited().into_iter().filter(|(a, _)| a == "warrn.escalate").map(|(_, d)| d).collect();
    words.sort();
    assert_eq!(words, ["acknowledge_dsp=nobody", "acknowledge_ep=nobody"]);
    assert_eq!(rig.told().len(), 2);
    // The clock goes on: who is appointed since is told.
    let lead = holder(&rig.t, Role::SafeguardingLead, At::default());
    rig.t.clock.advance_seconds(7 * DAY);
    assert!(rig.escalate() >= 2);
    assert!(rig.told().len() >= 4, "{:?}", rig.told());
    assert!(!rig.list(lead).unwrap().is_empty(), "and has the record");
}

#[test]
fn several_workers_tell_each_deputy_once_between_them() {
    let rig = rig();
    for _ in 0..3 {
        rig.send();
    }
    rig.t.clock.advance_seconds(DAY + 1);
    let rig = &rig;
    let dealt: usize = std::thread::scope(|s| {
        let workers: Vec<_> = (0..6).map(|_| s.spawn(move || rig.escalate())).collect();
        workers.into_iter().map(|w| w.join().unwrap()).sum()
    });
    assert_eq!(dealt, 6, "three records, two parts each");
    let escalations = rig.told().into_iter().filter(|(w, ..)| w == "warrn_escalated").count();
    assert_eq!(escalations, 6);
}
