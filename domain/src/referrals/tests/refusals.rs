//! What is refused, and how.

use super::world::{World, code, day, faults, first_page, referral};
use crate::access::Facts;
use crate::kernel::{Caller, Code, FaultCode, PersonId, Reference, ReferralId};
use crate::referrals::*;

#[test]
fn every_fault_is_told_at_once_and_nothing_is_kept() {
    let w = World::new();
    let mut raw = referral();
    raw.service = "nosuch".into();
    raw.pupil.upn = Some("L676400024002".into());
    raw.pupil.given_name = " ".into();
    raw.year_group = 15;
    raw.key_area = Some("astrology".into());
    raw.urgency = Some("now".into());
    raw.need = "a\0b".into();
    raw.evidence = Some("x".repeat(4001));
    raw.consent = Some(NewConsent { given_by: "teacher".into(), given_on: day(3, 3) });
    raw.notes = Some("\u{7}".into());
    assert_eq!(
        faults(w.open(w.submitter, raw)),
        [
            ("/service", FaultCode::NotFound),
            ("/pupil/given_name", FaultCode::Missing),
            ("/pupil/upn", FaultCode::BadCheckLetter),
            ("/year_group", FaultCode::OutOfRange),
            ("/key_area", FaultCode::NotInList),
            ("/urgency", FaultCode::NotInList),
            ("/need", FaultCode::BadCharacter),
            ("/evidence", FaultCode::TooLong),
            ("/consent/given_by", FaultCode::NotInList),
            ("/consent/given_on", FaultCode::InFuture),
            ("/notes", FaultCode::BadCharacter),
        ]
        .map(|(place, code)| (place.to_owned(), code))
    );
    let page = w.see(w.submitter, |work| list(work, &Filter::default(), first_page())).unwrap();
    assert!(page.items.is_empty() && w.outbox().is_empty());
}

#[test]
fn the_gate_refuses_with_the_place_to_mend() {
    let w = World::new();
    let mut raw = referral();
    raw.service = "sbc".into();
    raw.consent = None;
    assert_eq!(
        faults(w.open(w.submitter, raw)),
        [("/year_group".to_owned(), FaultCode::NotEligible), ("/consent".to_owned(), FaultCode::ConsentMissing)]
    );
    let mut raw = referral();
    raw.evidence = Some("  ".into());
    assert_eq!(faults(w.open(w.submitter, raw)), [("/evidence".to_owned(), FaultCode::EvidenceMissing)]);

    // The same gate stands before a redirection; there it is the choice of service that is wrong.
    let id = w.opened().id;
    let to = |service: &'static str| {
        faults(w.write(w.psychologist, move |work, vault| redirect(work, vault, id, 1, service, None)))
    };
    assert_eq!(to("sbc"), [("/service".to_owned(), FaultCode::NotEligible)]);
    assert_eq!(to("eps"), [("/service".to_owned(), FaultCode::NotInList)]);
    assert_eq!(to("nosuch"), [("/service".to_owned(), FaultCode::NotFound)]);
}

#[test]
fn a_closed_or_unknown_school_refers_nobody() {
    use crate::db::schema::{schools, services};
    use diesel::prelude::*;

    let w = World::new();
    let mut raw = referral();
    raw.school_number = "6769999".into();
    assert_eq!(faults(w.open(w.submitter, raw)), [("/school_number".to_owned(), FaultCode::NotFound)]);
    let mut raw = referral();
    raw.school_number = "676".into();
    assert_eq!(faults(w.open(w.submitter, raw)), [("/school_number".to_owned(), FaultCode::BadFormat)]);
    let a = w.a;
    w.t.db
        .upkeep(&Caller::system("test"), move |work| {
            diesel::update(schools::table.find(a)).set(schools::closed_on.eq(Some(day(3, 1)))).execute(work.conn())?;
            diesel::update(services::table).set(services::active.eq(false)).execute(work.conn())?;
            Ok(())
        })
        .unwrap();
    assert_eq!(
        faults(w.open(w.submitter, referral())),
        [("/school_number".to_owned(), FaultCode::NotOpen), ("/service".to_owned(), FaultCode::NotOpen)]
    );
}

#[test]
fn only_who_may_open_is_told_what_is_wrong() {
    let w = World::new();
    for who in [w.stranger, w.head, w.psychologist, w.lead] {
        assert_eq!(code(w.open(who, referral())), Code::Forbidden);
        let mut raw = referral();
        raw.need = String::new();
        assert_eq!(code(w.open(who, raw)), Code::Forbidden);
    }
    let mut raw = referral();
    raw.school_number = "nowhere".into();
    assert_eq!(code(w.open(w.head, raw)), Code::Forbidden);
}

/// Every way to ask about or change a referral, as a caller's outcome.
fn attempts(w: &World, who: PersonId, id: ReferralId) -> Vec<(&'static str, Result<(), Code>)> {
    let told = |r: crate::kernel::Result<()>| r.map_err(|e| e.code);
    vec![
        ("envelope", told(w.write(who, move |work, _| envelope(work, id).map(drop)))),
        ("history", told(w.write(who, move |work, _| history(work, id).map(drop)))),
        ("read", told(w.write(who, move |work, vault| read(work, vault, id).map(drop)))),
        ("answer", told(w.write(who, move |work, vault| answer(work, vault, id, 9, "x").map(drop)))),
        ("accept", told(w.write(who, move |work, _| accept(work, id, 9).map(drop)))),
        ("ask", told(w.write(who, move |work, vault| request_information(work, vault, id, 9, "x").map(drop)))),
        ("decline", told(w.write(who, move |work, vault| decline(work, vault, id, 9, "other", Some("x")).map(drop)))),
        ("redirect", told(w.write(who, move |work, vault| redirect(work, vault, id, 9, "bss", None).map(drop)))),
    ]
}

#[test]
fn whoever_has_nothing_to_do_with_it_finds_nothing() {
    let w = World::new();
    let opened = w.opened();
    for who in [w.stranger, w.lead] {
        for (what, outcome) in attempts(&w, who, opened.id) {
            assert_eq!(outcome, Err(Code::NotFound), "{what}");
        }
        assert_eq!(code(w.see(who, |work| by_reference(work, &opened.reference))), Code::NotFound);
        let page = w.see(who, |work| list(work, &Filter::default(), first_page())).unwrap();
        assert!(page.items.is_empty());
        let nosy = Filter { school: Some(w.a), service: Some(w.eps), ..Filter::default() };
        assert!(w.see(who, |work| list(work, &nosy, first_page())).unwrap().items.is_empty());
    }
    let nowhere = ReferralId::from_uuid(uuid::Uuid::from_u128(4));
    for (what, outcome) in attempts(&w, w.submitter, nowhere) {
        assert_eq!(outcome, Err(Code::NotFound), "{what}");
    }
    let nobody = Reference::random(&crate::kernel::FixedChance::seeded(99));
    assert_eq!(code(w.see(w.submitter, |work| by_reference(work, &nobody))), Code::NotFound);
    assert_eq!(w.see(w.submitter, |work| facts(work, nowhere)).unwrap(), None);
    let known = w.see(w.submitter, |work| facts(work, opened.id)).unwrap().unwrap();
    assert_eq!(
        known,
        Facts {
            school: Some(w.a),
            service: Some(w.eps),
            pupil: Some(opened.pupil),
            state: Some(crate::access::StateWord::Open),
            officer: Some(w.officer),
            sender: Some(opened.opened_by),
            ..Facts::default()
        }
    );
}

#[test]
fn a_headteacher_follows_but_neither_reads_nor_decides() {
    let w = World::new();
    let opened = w.opened();
    for (what, outcome) in attempts(&w, w.head, opened.id) {
        let want = if ["envelope", "history", "read"].contains(&what) { Ok(()) } else { Err(Code::Forbidden) };
        assert_eq!(outcome, want, "{what}");
    }
    let reading = w.read(w.head, &opened).unwrap();
    assert_eq!((reading.envelope, reading.opened), (opened.clone(), None));
    assert!(w.trail().contains(&"referral.read".to_owned()));
    assert!(!w.trail().contains(&"referral.read_content".to_owned()));
    // The school does not decide, and the service does not answer for the school.
    let id = opened.id;
    assert_eq!(code(w.write(w.submitter, move |work, _| accept(work, id, 1))), Code::Forbidden);
    assert_eq!(code(w.write(w.psychologist, move |work, vault| answer(work, vault, id, 1, "x"))), Code::Forbidden);
}

#[test]
fn a_stale_copy_or_a_wrong_state_changes_nothing() {
    let w = World::new();
    let opened = w.opened();
    let id = opened.id;
    let take = |version| w.write(w.psychologist, move |work, _| accept(work, id, version));
    assert_eq!(code(take(2)), Code::VersionMismatch);
    assert_eq!(code(take(0)), Code::VersionMismatch);
    let early = w.write(w.submitter, move |work, vault| answer(work, vault, id, 1, "x"));
    assert_eq!(code(early), Code::StateConflict);
    assert_eq!(w.write(w.head, move |work, _| envelope(work, id)).unwrap(), opened);
    take(1).unwrap();
    assert_eq!(code(take(1)), Code::VersionMismatch, "the copy seen before is stale");
    assert_eq!(code(take(2)), Code::StateConflict, "accepted twice");
    assert_eq!(w.write(w.head, move |work, _| history(work, id)).unwrap().len(), 2);
    assert_eq!(w.trail().iter().filter(|a| *a == "referral.accept").count(), 1);
}

#[test]
fn a_refusal_needs_its_reason_and_a_question_its_words() {
    let w = World::new();
    let id = w.opened().id;
    let no = |reason: &'static str, note| {
        faults(w.write(w.psychologist, move |work, vault| decline(work, vault, id, 1, reason, note)))
    };
    assert_eq!(no("because", None), [("/reason".to_owned(), FaultCode::NotInList)]);
    assert_eq!(no("other", Some(" ")), [("/note".to_owned(), FaultCode::Missing)]);
    let ask = w.write(w.psychologist, move |work, vault| request_information(work, vault, id, 1, ""));
    assert_eq!(faults(ask), [("/question".to_owned(), FaultCode::Missing)]);
}

#[test]
fn a_child_already_at_the_other_service_is_not_redirected_there() {
    let w = World::new();
    let id = w.opened().id;
    let mut raw = referral();
    raw.service = "bss".into();
    w.open(w.submitter, raw).unwrap();
    let twice = w.write(w.psychologist, move |work, vault| redirect(work, vault, id, 1, "bss", None));
    assert_eq!(code(twice), Code::ReferralAlreadyOpen);
    assert_eq!(w.see(w.submitter, |work| peek(work, id)).unwrap().state, State::Submitted);
}
