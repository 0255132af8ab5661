//! A child who changes school while a record is open: the leads are told, and hand it over.

use super::*;
use crate::cases::{self, OfCase as _};
use crate::pupils::PupilIdentity;
use returns::Step;

/// Another school, its DSP and its deputy, away from the first.
struct Other {
    school: SchoolId,
    dsp: PersonId,
}

impl Rig {
    fn other(&self) -> Other {
        let school = testing::school(&self.t, "6764052");
        let dsp = holder(&self.t, Role::Dsp, At { school: Some(school), ..At::default() });
        Other { school, dsp }
    }

    /// A school sends the child's number.
    fn turns_up_at(&self, school: SchoolId) {
        let child = record().pupil;
        let identity = PupilIdentity {
            given_name: child.given_name,
            family_name: child.family_name,
            born_on: child.born_on,
            upn: Upn::parse(&child.upn.unwrap()).ok(),
        };
        self.t.clock.advance_seconds(60);
        setup(&self.t, move |work| cases::child(work, &vault(), school, &identity).map(drop));
    }

    fn hand_over(&self, who: PersonId, id: WarrnId, version: i64) -> Result<HandedOver> {
        self.t.db.write(&caller(who), move |work| hand_over(work, &WarrnSettings::default(), id, version))
    }

    fn told_to_move(&self) -> Vec<uuid::Uuid> {
        self.told().into_iter().filter(|(wording, ..)| wording == "child_moved").map(|(.., to)| to).collect()
    }

    fn in_force(&self, id: WarrnId) -> Vec<Recipient> {
        let now = self.t.clock.now();
        self.rows(id).into_iter().filter(|n| n.in_force(now)).map(|n| n.to).collect()
    }

    fn waits_for(&self, who: PersonId) -> Result<usize> {
        self.t.db.read(&caller(who), |work| moved(work).map(|all| all.len()))
    }
}

#[test]
fn a_move_is_told_to_the_leads_who_see_the_record_and_to_nobody_at_the_other_school() {
    let rig = rig();
    let (other, id) = (rig.other(), rig.acknowledged());
    // The control: a record whose child is where it is is no lead's.
    assert_eq!((rig.list(rig.lead).unwrap().len(), rig.waits_for(rig.lead).unwrap()), (0, 0));
    assert_eq!(code(rig.read(rig.lead, id)), Code::NotFound);
    rig.turns_up_at(rig.school);
    assert!(rig.told_to_move().is_empty(), "nobody moved");

    rig.turns_up_at(other.school);
    assert_eq!(rig.told_to_move(), [rig.lead.uuid()]);
    assert!(rig.audited().contains(&("warrn.child_moved".to_owned(), "leads 1".to_owned())));
    let view = rig.read(rig.lead, id).unwrap();
    assert!(matches!(view, WarrnView::Lead(_)) && view.content().is_some() && view.moved() == Some(true));
    assert_eq!((view.record().school, view.hand_over_to()), (rig.school, Some(other.school)));
    assert!(rig.list(rig.lead).unwrap()[0].moved() == Some(true));
    assert_eq!(rig.waits_for(rig.lead).unwrap(), 1);
    // A mail to them leaves: they may know.
    let mails = setup(&rig.t, |work| {
        let held = crate::notices::claim(work, 100, 60)?;
        let held = held.into_iter().filter(|h| h.wording == crate::notices::Wording::ChildMoved);
        held.map(|h| crate::notices::compose(work, &h, "https://dolen.example")).collect::<Result<Vec<_>>>()
    });
    assert!(matches!(&mails[..], [crate::notices::Composed::Ready(_)]));

    // The old school keeps it, and is not told where the child is; the new one sees nothing; nor does the sender.
    let theirs = rig.read(rig.dsp, id).unwrap();
    assert!(theirs.content().is_some() && theirs.moved() == Some(true) && theirs.hand_over_to().is_none());
    rig.take(rig.dsp, id, rig.meeting()).unwrap();
    assert_eq!(code(rig.read(other.dsp, id)), Code::NotFound);
    assert!(rig.list(other.dsp).unwrap().is_empty());
    assert!(rig.list(rig.worker).unwrap()[0].moved().is_none());
    for who in [rig.dsp, rig.ep_person] {
        assert_eq!(code(rig.hand_over(who, id, 4)), Code::Forbidden);
    }
    assert_eq!(code(rig.hand_over(other.dsp, id, 4)), Code::NotFound);

    // It was a slip: the child's own school sends the number again.
    rig.turns_up_at(rig.school);
    assert_eq!(code(rig.read(rig.lead, id)), Code::NotFound);
    assert!(rig.read(rig.dsp, id).unwrap().moved() == Some(false));
    rig.turns_up_at(other.school);
    assert_eq!(rig.told_to_move().len(), 2, "who moves again is told again");
}

#[test]
fn who_sent_a_record_and_sees_it_as_a_lead_too_is_shown_what_a_lead_is() {
    let rig = rig();
    let other = rig.other();
    let id = rig.send().record.id;
    give(&rig.t, rig.worker, Role::SafeguardingLead, At::default());
    assert!(matches!(rig.read(rig.worker, id).unwrap(), WarrnView::Sender(_)), "before the child moves");
    rig.turns_up_at(other.school);
    let view = rig.read(rig.worker, id).unwrap();
    assert!(matches!(view, WarrnView::Lead(_)) && view.content().is_some(), "{view:?}");
    assert_eq!(view.hand_over_to(), Some(other.school));
    assert!(matches!(rig.list(rig.worker).unwrap()[0], WarrnListed::Reader { moved: Some(true), .. }));
}

#[test]
fn a_record_handed_over_is_the_new_schools_who_acknowledges_anew() {
    let rig = rig();
    let (other, id) = (rig.other(), rig.acknowledged());
    rig.turns_up_at(other.school);
    rig.t.clock.advance_seconds(3600);
    let (at, version) = (rig.t.clock.now(), rig.progress(rig.worker, id).unwrap().0.version);
    assert_eq!(code(rig.hand_over(rig.lead, id, version - 1)), Code::VersionMismatch);
    let done = rig.hand_over(rig.lead, id, version).unwrap();
    assert_eq!((done.record.school, done.record.version), (other.school, version + 1));
    assert_eq!(done.progress, rig.progress(other.dsp, id).unwrap().1);

    // The old ones ended then, and see it no more; nor does the lead, nor anybody who was never named.
    let named = rig.rows(id);
    let ended = named.iter().filter(|n| n.ends_at == Some(at)).map(|n| n.to).collect::<Vec<_>>();
    assert_eq!(ended, [Recipient::Person(rig.dsp), Recipient::Officer(rig.ep)]);
    for who in [rig.dsp, rig.ep_person, rig.deputy_dsp, rig.lead] {
        assert_eq!(code(rig.read(who, id)), Code::NotFound);
    }
    // The psychologist for schools without one of their own is the new school's.
    assert_eq!(rig.in_force(id), [Recipient::Person(other.dsp), Recipient::Officer(rig.deputy_ep)]);
    let told: Vec<_> = rig.told().into_iter().filter(|(.., to)| *to == other.dsp.uuid()).map(|(w, ..)| w).collect();
    assert_eq!(told, ["warrn_received"]);
    assert_eq!(rig.events(id).iter().filter(|kind| *kind == "handed_over").count(), 1);
    assert!(rig.audited().contains(&("warrn.hand_over".to_owned(), "dsp=named ep=named left=2".to_owned())));
    assert_eq!(rig.waits_for(rig.lead).unwrap(), 0);

    // What was done stays done; they acknowledge by a clock of their own, and are late like anybody.
    let view = rig.read(other.dsp, id).unwrap();
    assert!(view.content().is_some() && view.moved() == Some(false) && view.hand_over_to().is_none());
    assert_eq!(view.mine().unwrap().acknowledged_at, None);
    let open = done.progress.open(Step::AcknowledgeDsp).unwrap();
    assert_eq!((open.turn, open.due_at), (2, Some(at.plus_seconds(DAY))));
    assert_eq!(view.mine().unwrap().due_at, at.plus_seconds(DAY));
    assert_eq!((rig.waiting().len(), rig.escalate()), (0, 0), "nobody is missing");
    rig.acknowledge(other.dsp, id, version + 1).unwrap();
    assert!(rig.progress(rig.worker, id).unwrap().1.open(Step::AcknowledgeDsp).is_none());
    rig.take(other.dsp, id, rig.assessment()).unwrap();
}

#[test]
fn what_was_not_acknowledged_begins_anew_and_comes_back_the_same_way() {
    let rig = rig();
    let (other, id) = (rig.other(), rig.send().record.id);
    rig.turns_up_at(other.school);
    let at = rig.t.clock.now();
    let done = rig.hand_over(rig.lead, id, 1).unwrap();
    let open = done.progress.open(Step::AcknowledgeDsp).unwrap();
    assert_eq!((open.turn, open.due_at), (1, Some(at.plus_seconds(DAY))));
    rig.turns_up_at(rig.school);
    rig.hand_over(rig.lead, id, 2).unwrap();
    assert!(rig.in_force(id).contains(&Recipient::Person(rig.dsp)), "named again from then on");
    assert_eq!(code(rig.read(other.dsp, id)), Code::NotFound);
    assert!(rig.read(rig.dsp, id).unwrap().content().is_some());
}

#[test]
fn only_what_was_left_behind_is_handed_over_and_only_while_it_is_open() {
    let rig = rig();
    let (other, id) = (rig.other(), rig.acknowledged());
    // A team lead who is the record's psychologist may; the child is where the record is.
    let at = At { officer: Some(rig.ep), service: Some(rig.eps), ..At::default() };
    give(&rig.t, rig.ep_person, Role::TeamLead, at);
    assert_eq!(code(rig.hand_over(rig.ep_person, id, 3)), Code::StateConflict);
    assert_eq!(code(rig.hand_over(rig.lead, id, 3)), Code::NotFound);
    rig.turns_up_at(other.school);
    rig.hand_over(rig.ep_person, id, 3).unwrap();
    assert_eq!(code(rig.hand_over(rig.lead, id, 4)), Code::NotFound, "once");
    // Closed, it stays its last school's.
    let close = returns::TakeStep::Close { outcome: returns::Outcome::MovedOn, note: None };
    let version = rig.progress(rig.worker, id).unwrap().0.version;
    rig.take_at(other.dsp, id, version, close).unwrap();
    rig.turns_up_at(rig.school);
    assert_eq!((rig.told_to_move().len(), rig.waits_for(rig.lead).unwrap()), (1, 0));
    assert_eq!(code(rig.read(rig.lead, id)), Code::NotFound);
}

#[test]
fn a_school_without_a_dsp_has_its_deputy_named_and_else_the_leads_and_who_serves_both_schools_stays() {
    let rig = rig();
    let other = rig.other();
    end_all(&rig.t, other.dsp);
    let deputy = holder(&rig.t, Role::Dsp, At { school: Some(other.school), deputy: true, ..At::default() });
    let second = holder(&rig.t, Role::SafeguardingLead, At::default());
    let id = rig.send().record.id;
    // One psychologist for both.
    setup(&rig.t, move |work| {
        let named = case_recipients::table.filter(case_recipients::case_id.eq(id.case()));
        diesel::update(named.filter(case_recipients::part.eq("ep")))
            .set(case_recipients::officer_id.eq(Some(rig.deputy_ep)))
            .execute(work.conn())?;
        Ok(())
    });
    rig.turns_up_at(other.school);
    assert_eq!(rig.told_to_move().len(), 2);
    rig.hand_over(second, id, 1).unwrap();
    let stays = Recipient::Officer(rig.deputy_ep);
    assert_eq!(rig.in_force(id), [Recipient::Person(deputy), stays]);
    assert!(rig.audited().contains(&("warrn.hand_over".to_owned(), "dsp=deputy ep=stays left=1".to_owned())));
    let news = rig.told().into_iter().filter(|(w, _, to)| w == "warrn_news" && *to == rig.deputy_ep.uuid());
    assert_eq!(news.count(), 1);
    // And where nobody is, it falls to all the leads, who see it as recipients then.
    end_all(&rig.t, rig.dsp);
    end_all(&rig.t, rig.deputy_dsp);
    rig.turns_up_at(rig.school);
    rig.hand_over(rig.lead, id, 2).unwrap();
    let mut named = rig.in_force(id);
    named.retain(|to| matches!(to, Recipient::Person(_)));
    assert_eq!(named.len(), 2);
    assert!(rig.read(rig.lead, id).unwrap().mine().is_some() && rig.read(second, id).is_ok());
}
