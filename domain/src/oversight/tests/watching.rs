//! Who has seen a record, and who reads unusually much.

use super::world::*;
use crate::access::{Basis, Relation, Role};
use crate::kernel::*;
use crate::oversight::{self, Flag, OversightSettings, Part, Report};
use crate::warrn::returns;
use crate::{provision, referrals};

fn seen(w: &World, name: &str) -> Result<Vec<oversight::Seen>> {
    let id = w.warrn.id;
    w.write(name, move |work, _| oversight::of_warrn(work, id, first_page())).map(|p| p.items)
}

#[test]
fn every_reading_of_a_record_is_listed_with_its_ground() {
    let w = World::new();
    w.read_warrn("dsp").unwrap();
    w.read_warrn("worker").unwrap();
    w.start("colleague").unwrap();
    w.read_warrn("colleague").unwrap();
    let all = seen(&w, "dsp").unwrap();
    let short: Vec<_> = all.iter().map(|s| (s.part, s.basis, s.own, s.name.clone())).collect();
    let on = |role, relation| Some(Basis::Role(role, relation));
    assert_eq!(
        short,
        [
            (Part::Content, on(Role::Officer, Relation::Emergency), false, None),
            (Part::Envelope, on(Role::InReachWorker, Relation::Sender), false, None),
            (Part::Content, on(Role::Dsp, Relation::Recipient), true, None),
        ]
    );
    // Who watches over the whole sees names, and that the DSP looked at the list.
    let all = seen(&w, "auditor").unwrap();
    assert_eq!(all[0].part, Part::Readers);
    assert_eq!(
        all.iter().map(|s| s.name.as_deref()).collect::<Vec<_>>(),
        [Some("dsp"), Some("colleague"), Some("worker"), Some("dsp")]
    );
    assert!(all.iter().all(|s| s.of.as_ref().is_some_and(|(_, r)| *r == w.warrn.reference)));
    // A referral is a record of its own; a child has both.
    let id = w.referral.id;
    w.write("dsp", move |work, vault| referrals::read(work, vault, id)).unwrap();
    let of_referral = w.write("lead", move |work, _| oversight::of_referral(work, id, first_page())).unwrap().items;
    assert_eq!(of_referral.len(), 1);
    let pupil = w.referral.pupil;
    let of_pupil = w.write("lead", move |work, _| oversight::of_pupil(work, pupil, first_page())).unwrap().items;
    assert_eq!(of_pupil.len(), 7);
    let two = PageRequest { limit: Limit::new(Some(2)).unwrap(), after: None };
    let page = w.write("lead", move |work, _| oversight::of_pupil(work, pupil, two)).unwrap();
    let rest = PageRequest { limit: Limit::new(Some(50)).unwrap(), after: page.next };
    let rest = w.write("lead", move |work, _| oversight::of_pupil(work, pupil, rest)).unwrap();
    // Eight by now, with the list read just above.
    assert!(rest.items.iter().all(|s| s.seq < page.items[1].seq));
    assert_eq!(rest.items.len(), 6);
}

#[test]
fn who_may_not_know_of_a_record_does_not_learn_who_read_it() {
    let w = World::new();
    let warrn = |name: &str| seen(&w, name).map(|_| ()).map_err(|e| e.code);
    for name in ["dsp", "ep", "lead", "auditor"] {
        assert_eq!(warrn(name), Ok(()), "{name}");
    }
    assert_eq!(warrn("worker"), Err(Code::Forbidden));
    for name in ["head", "submitter", "colleague", "eps_lead", "bss_lead", "other_dsp", "administrator", "analyst"] {
        assert_eq!(warrn(name), Err(Code::NotFound), "{name}");
    }
    let id = w.referral.id;
    let referral = |name: &str| {
        w.write(name, move |work, _| oversight::of_referral(work, id, first_page())).map(|_| ()).map_err(|e| e.code)
    };
    for name in ["dsp", "bss_lead", "lead", "auditor"] {
        assert_eq!(referral(name), Ok(()), "{name}");
    }
    for name in ["head", "submitter", "bss_officer"] {
        assert_eq!(referral(name), Err(Code::Forbidden), "{name}");
    }
    assert_eq!(referral("other_dsp"), Err(Code::NotFound));
    // One kind is not asked about by the other's name, and nothing is not a record.
    let crossed = WarrnId::from_uuid(id.uuid());
    assert_eq!(
        code(w.write("auditor", move |work, _| oversight::of_warrn(work, crossed, first_page()))),
        Code::NotFound
    );
    let pupil = w.referral.pupil;
    for (name, expected) in
        [("auditor", Ok(())), ("lead", Ok(())), ("dsp", Err(Code::Forbidden)), ("administrator", Err(Code::Forbidden))]
    {
        let outcome = w.write(name, move |work, _| oversight::of_pupil(work, pupil, first_page()));
        assert_eq!(outcome.map(|_| ()).map_err(|e| e.code), expected, "{name}");
    }
    let nobody = PupilId::from_uuid(uuid::Uuid::nil());
    assert_eq!(
        code(w.write("auditor", move |work, _| oversight::of_pupil(work, nobody, first_page()))),
        Code::NotFound
    );
}

fn report(w: &World, name: &str) -> Result<Report> {
    let settings = OversightSettings { children_a_day: 1, ..OversightSettings::default() };
    w.write(name, move |work, _| oversight::report(work, &settings))
}

#[test]
fn the_report_counts_what_the_audit_record_holds() {
    let w = World::new();
    assert!(report(&w, "auditor").unwrap().readers.is_empty());
    w.read_warrn("worker").unwrap(); // The envelope opens nothing.
    w.read_warrn("dsp").unwrap();
    w.read_warrn("dsp").unwrap();
    w.start("colleague").unwrap();
    w.t.clock.advance_seconds(12 * 3600); // Monday, 21:00.
    w.read_warrn("ep").unwrap();
    let report_now = report(&w, "lead").unwrap();
    let short: Vec<_> = report_now
        .readers
        .iter()
        .map(|r| (r.name.as_deref().unwrap(), r.children_day, r.out_of_hours, r.emergencies, r.flags.clone()))
        .collect();
    assert_eq!(short.len(), 3);
    assert!(short.contains(&("ep", 1, 1, 0, vec![Flag::OutOfHours])));
    assert!(short.contains(&("colleague", 0, 0, 1, vec![Flag::Emergency])));
    assert_eq!(short[2], ("dsp", 1, 0, 0, vec![]));
    assert_eq!(report_now.readers[2].roles, [Role::Dsp]);
    for name in ["dsp", "ep", "eps_lead", "administrator", "analyst", "worker"] {
        assert_eq!(code(report(&w, name)), Code::Forbidden, "{name}");
    }
}

#[test]
fn who_looks_at_the_steps_of_a_return_has_opened_nothing_and_who_reads_its_file_has() {
    let w = World::new();
    let id = w.warrn.id;
    w.write("worker", move |work, _| returns::progress(work, id)).unwrap();
    let parts = |w: &World| -> Vec<_> { seen(w, "auditor").unwrap().iter().map(|s| s.part).collect() };
    assert_eq!(parts(&w), [Part::Steps]);
    assert!(report(&w, "auditor").unwrap().readers.is_empty(), "the sender sees days alone");
    w.write("dsp", move |work, _| provision::list(work, id)).unwrap();
    assert!(report(&w, "auditor").unwrap().readers.is_empty(), "which provision there is is not sealed");
    w.write("dsp", move |work, vault| returns::return_file(work, vault, id)).unwrap();
    let readers = report(&w, "auditor").unwrap().readers;
    let short: Vec<_> = readers.iter().map(|r| (r.name.as_deref().unwrap(), r.children_day)).collect();
    assert_eq!(short, [("dsp", 1)], "and the recipient what was said");
    assert_eq!(parts(&w), [Part::ReturnFile, Part::Provision, Part::Readers, Part::Steps]);
}
