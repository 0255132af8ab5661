//! Who may, what it opens, who is told, and what can't be changed.

use diesel::prelude::*;

use super::world::*;
use crate::db::schema::{emergency_accesses as e, emergency_reviews as v};
use crate::identity;
use crate::kernel::*;
use crate::notices::{self, Composed};
use crate::oversight::{self, EmergencyFilter, NewEmergency};
use crate::warrn::{self, WarrnListed, WarrnView};
use crate::{referrals, testing};

#[test]
fn the_glass_opens_one_childs_records_for_an_hour() {
    let w = World::new();
    for name in ["lead", "eps_lead", "colleague"] {
        assert_eq!(code(w.read_warrn(name)), Code::NotFound, "{name} before");
        let view = w.start(name).unwrap();
        assert_eq!(view.emergency.ends_at, view.emergency.started_at.plus_seconds(3600));
        let mut kinds: Vec<_> = view.cases.iter().map(|c| c.kind.as_str()).collect();
        kinds.sort_unstable();
        assert_eq!(kinds, ["referral", "warrn"]);
        assert_eq!(w.read_warrn(name).unwrap().content().unwrap().summary[0].text, "canary summary");
        let id = w.referral.id;
        let referral = w.write(name, move |work, vault| referrals::read(work, vault, id)).unwrap();
        assert_eq!(referral.into_opened().unwrap().content.need, "canary need");
        // They find it in their lists, and do nothing to it.
        let (warrn, referral) = (w.warrn.id, w.referral.id);
        let listed = w.write(name, |work, _| keep(work, |w| warrn::list(w, first_page()))).unwrap().items;
        assert!(matches!(&listed[..], [WarrnListed::Emergency(_)]), "which they did not send: {listed:?}");
        assert!(matches!(w.read_warrn(name).unwrap(), WarrnView::Emergency(_)));
        assert_eq!(code(w.write(name, move |work, _| warrn::acknowledge(work, warrn, 1))), Code::Forbidden);
        assert_eq!(code(w.write(name, move |work, _| referrals::accept(work, referral, 1))), Code::Forbidden);
        assert!(
            w.trail().iter().any(|(a, d)| a == "warrn.read" && d.starts_with("content ") && d.ends_with("/emergency"))
        );
        // The last second opens, the end does not.
        w.t.clock.advance_seconds(3599);
        assert!(w.read_warrn(name).is_ok());
        w.t.clock.advance_seconds(1);
        assert_eq!(code(w.read_warrn(name)), Code::NotFound, "{name} after");
    }
}

/// A reading list inside a write, with something on record.
fn keep<T>(work: &mut crate::db::Work<'_>, f: impl FnOnce(&mut crate::db::Work<'_>) -> Result<T>) -> Result<T> {
    crate::audit::record(work, "test.list", crate::audit::Object::all("test"), "");
    f(work)
}

#[test]
fn a_list_shows_the_child_of_the_emergency_and_no_other() {
    let w = World::new();
    let other = record(Some("P207000016049"));
    let settings = warrn::WarrnSettings::default();
    w.write("worker", move |work, vault| warrn::send(work, vault, &settings, other)).unwrap();
    let list = || w.t.db.read(&w.caller("colleague", None), |work| warrn::list(work, first_page()));
    assert!(list().unwrap().items.is_empty());
    w.start("colleague").unwrap();
    let seen: Vec<_> = list().unwrap().items.iter().map(|i| i.record().id).collect();
    assert_eq!(seen, [w.warrn.id]);
    let leads =
        || w.t.db.read(&w.caller("second_lead", None), |work| referrals::count(work, &referrals::Filter::default()));
    assert_eq!(code(leads()), Code::Forbidden, "a right that only an emergency gives is none without one");
    w.start("second_lead").unwrap();
    assert_eq!(leads().unwrap(), 1);
    w.t.clock.advance_seconds(3600);
    assert!(list().unwrap().items.is_empty());
    assert_eq!(code(leads()), Code::Forbidden);
}

#[test]
fn only_those_of_the_policy_may_and_others_learn_nothing() {
    let w = World::new();
    let bad = NewEmergency { reference: Some("x".into()), pupil: None, reason: String::new() };
    for (name, ..) in &w.people {
        let may = ["lead", "second_lead", "third_lead", "eps_lead", "ep", "colleague"].contains(name);
        let expected = if may { Code::InvalidBody } else { Code::Forbidden };
        assert_eq!(code(w.start_as(&w.caller(name, Some(0)), bad.clone())), expected, "{name}");
        let stale = if may { Code::StepUpRequired } else { Code::Forbidden };
        for proved in [None, Some(301), Some(-1)] {
            assert_eq!(code(w.start_as(&w.caller(name, proved), bad.clone())), stale, "{name} {proved:?}");
        }
    }
    assert_eq!(code(w.start_as(&Caller::system("cli"), w.asked())), Code::Forbidden);
    let nobody = Reference::random(&FixedChance::seeded(99)).to_string();
    let unknown = NewEmergency { reference: Some(nobody), ..w.asked() };
    let error = w.start_as(&w.caller("lead", Some(0)), unknown).unwrap_err();
    assert_eq!((error.faults[0].pointer.as_str(), error.faults[0].code), ("/reference", FaultCode::NotFound));
    let nobody = NewEmergency { reference: None, pupil: Some(uuid::Uuid::nil().to_string()), ..w.asked() };
    let error = w.start_as(&w.caller("lead", Some(0)), nobody).unwrap_err();
    assert_eq!((error.faults[0].pointer.as_str(), error.faults[0].code), ("/pupil", FaultCode::NotFound));
    let by_id = NewEmergency { reference: None, pupil: Some(w.referral.pupil.to_string()), ..w.asked() };
    assert_eq!(w.start_as(&w.caller("lead", Some(0)), by_id).unwrap().cases.len(), 2);
}

/// The record stays with its school when the child moves, and so does the right to know who opened it.
#[test]
fn whose_record_it_is_is_told_although_the_child_has_moved() {
    let w = World::new();
    let child = crate::pupils::PupilIdentity {
        given_name: "Enw".into(),
        family_name: "Cyfenw".into(),
        born_on: super::world::child(None).born_on,
        upn: Some(Upn::parse("L676400024001").unwrap()),
    };
    let school = testing::school(&w.t, "6764003");
    w.write("worker", move |work, vault| crate::pupils::find_or_add(work, vault, school, &child).map(drop)).unwrap();
    let view = w.start("lead").unwrap();
    assert_eq!(view.emergency.school, school, "the child has moved");
    let held = w.system(|work| notices::claim(work, 100, 60)).unwrap();
    let dsp = notices::Recipient::Person(w.who("dsp"));
    let told = held.iter().find(|h| h.to == dsp && h.reference == view.emergency.reference).unwrap().clone();
    let composed = w.system(move |work| notices::compose(work, &told, "https://dolen.example")).unwrap();
    assert!(matches!(composed, Composed::Ready(_)), "{composed:?}");
    let id = view.emergency.id;
    let sees = |name: &str| w.write_as(&w.caller(name, None), move |work, _| oversight::get(work, id));
    let lists = |name: &str| {
        let list = |work: &mut crate::db::Work<'_>| oversight::list(work, EmergencyFilter::default(), first_page());
        w.t.db.read(&w.caller(name, None), list).map(|page| page.items.len())
    };
    assert!(sees("dsp").is_ok());
    assert_eq!(lists("dsp").unwrap(), 1);
    // Another school's has no part in it, and who has left that school no longer.
    assert_eq!((code(sees("other_dsp")), lists("other_dsp").unwrap()), (Code::NotFound, 0));
    let post = w.membership("dsp");
    w.system(move |work| identity::end_membership(work, post)).unwrap();
    assert_eq!(code(sees("dsp")), Code::NotFound);
}

#[test]
fn owners_and_safeguarding_leads_are_told_and_nothing_of_the_child() {
    let w = World::new();
    let view = w.start("lead").unwrap();
    let mut expected: Vec<_> = ["dsp", "bss_lead", "second_lead", "third_lead"].map(|n| w.who(n).uuid()).to_vec();
    expected.push(w.officer.uuid());
    expected.sort_unstable();
    let mut told = w.told();
    told.sort_unstable();
    assert_eq!(told, expected);
    let held = w.system(|work| notices::claim(work, 100, 60)).unwrap();
    let mut sent = 0;
    for held in held.iter().filter(|h| h.reference == view.emergency.reference) {
        let composed = w.system({
            let held = held.clone();
            move |work| notices::compose(work, &held, "https://dolen.example")
        });
        let Composed::Ready(mail) = composed.unwrap() else { panic!("withdrawn: {held:?}") };
        assert!(mail.text.contains(view.emergency.reference.as_str()));
        for secret in ["anary", w.warrn.reference.as_str(), "676", "Example School"] {
            assert!(!mail.text.contains(secret) && !mail.subject.contains(secret), "{secret}: {}", mail.text);
        }
        sent += 1;
    }
    assert_eq!(sent, 5);
    // Whoever was told may see that it happened, without the reason; whoever has nothing to do with it may not.
    let id = view.emergency.id;
    for name in ["dsp", "ep", "bss_lead", "second_lead", "auditor", "lead", "eps_lead"] {
        let seen = w.write_as(&w.caller(name, None), move |work, _| oversight::get(work, id)).unwrap();
        assert_eq!(seen.emergency.person, w.who("lead"), "{name}");
        assert_eq!(seen.cases.is_empty(), name != "lead", "{name}");
        assert_eq!(seen.may_review, ["second_lead", "eps_lead"].contains(&name), "{name}");
        let list = |filter| w.t.db.read(&w.caller(name, None), move |work| oversight::list(work, filter, first_page()));
        let all = EmergencyFilter::default();
        assert_eq!(list(all).unwrap().items.len(), 1, "{name}");
        assert_eq!(list(EmergencyFilter { mine: true, ..all }).unwrap().items.len(), usize::from(name == "lead"));
        assert_eq!(list(EmergencyFilter { unreviewed: true, ..all }).unwrap().items.len(), 1);
        let opened = w.write(name, move |work, vault| oversight::read(work, vault, id)).unwrap().opened;
        assert_eq!(opened.is_some(), ["lead", "second_lead", "eps_lead"].contains(&name), "{name}");
    }
    for name in ["other_dsp", "head", "submitter", "colleague", "bss_officer", "worker", "analyst", "administrator"] {
        assert_eq!(
            code(w.write_as(&w.caller(name, None), move |work, _| oversight::get(work, id))),
            Code::NotFound,
            "{name}"
        );
        let mine =
            w.t.db.read(&w.caller(name, None), |work| oversight::list(work, EmergencyFilter::default(), first_page()));
        assert!(mine.as_ref().is_ok_and(|p| p.items.is_empty()) || code(mine) == Code::Forbidden, "{name}");
        let named = view.emergency.reference.clone();
        let by_reference = w.t.db.read(&w.caller(name, None), move |work| oversight::by_reference(work, &named));
        assert_eq!(code(by_reference), Code::NotFound, "{name}");
    }
}

#[test]
fn another_person_reviews_once_and_the_words_stay_sealed() {
    let w = World::new();
    let id = w.start("lead").unwrap().emergency.id;
    assert_eq!(code(w.review("lead", id)), Code::OwnReview);
    for name in ["dsp", "ep", "auditor", "bss_lead"] {
        assert_eq!(code(w.review(name, id)), Code::Forbidden, "{name}");
    }
    assert_eq!(code(w.review("administrator", id)), Code::NotFound);
    let unknown = EmergencyId::from_uuid(uuid::Uuid::nil());
    assert_eq!(code(w.review("second_lead", unknown)), Code::NotFound);
    let stale = w.write_as(&w.caller("second_lead", Some(301)), move |work, vault| oversight::read(work, vault, id));
    let stale = stale.unwrap();
    assert!(stale.step_up && stale.opened.is_none());
    let stale = w.write_as(&w.caller("second_lead", Some(301)), move |work, vault| oversight::reason(work, vault, id));
    assert_eq!(code(stale), Code::StepUpRequired);
    let reviewed = w.review("second_lead", id).unwrap().emergency.review.unwrap();
    assert_eq!((reviewed.reviewer, reviewed.outcome), (w.who("second_lead"), oversight::Outcome::Appropriate));
    assert_eq!(code(w.review("third_lead", id)), Code::StateConflict);
    let said = w.write("third_lead", move |work, vault| oversight::reason(work, vault, id)).unwrap();
    assert_eq!((said.reason.as_str(), said.note.as_deref()), (REASON, Some(NOTE)));
    let unreviewed = EmergencyFilter { unreviewed: true, mine: false };
    let waiting =
        w.t.db.read(&w.caller("third_lead", None), move |work| oversight::list(work, unreviewed, first_page()));
    assert!(waiting.unwrap().items.is_empty());
    let files = std::fs::read_dir(w.t.folder.path()).unwrap();
    let bytes: Vec<u8> = files.flat_map(|f| std::fs::read(f.unwrap().path()).unwrap()).collect();
    assert!(memchr::memmem::find(&bytes, b"emergency_accesses").is_some(), "the scan finds what is plain");
    assert!(memchr::memmem::find(&bytes, b"canary").is_none());
    assert!(w.trail().iter().all(|(_, d)| !d.contains("canary")));
}

#[test]
fn neither_the_access_nor_its_review_is_ever_changed() {
    let w = World::new();
    let id = w.start("lead").unwrap().emergency.id;
    w.review("second_lead", id).unwrap();
    let refused = |sql: &'static str| w.system(move |work| Ok(diesel::sql_query(sql).execute(work.conn())?)).is_err();
    for sql in [
        "UPDATE emergency_accesses SET reason = x'00'",
        "UPDATE emergency_accesses SET started_at = started_at + 1, ends_at = ends_at + 1",
        "UPDATE emergency_accesses SET ends_at = ends_at + 1",
        "UPDATE emergency_accesses SET person_id = (SELECT id FROM people ORDER BY id LIMIT 1)",
        "UPDATE emergency_accesses SET pupil_id = pupil_id",
        "UPDATE emergency_accesses SET reference = 'x'",
        "UPDATE emergency_accesses SET live = 1",
        "DELETE FROM emergency_accesses",
        "INSERT OR REPLACE INTO emergency_accesses SELECT * FROM emergency_accesses",
        "UPDATE emergency_reviews SET outcome = 'not_appropriate'",
        "DELETE FROM emergency_reviews",
        "INSERT OR REPLACE INTO emergency_reviews SELECT * FROM emergency_reviews",
        "INSERT INTO emergency_accesses SELECT randomblob(16), 'DL-X', role, person_id, pupil_id, school_id, service_id, \
         reason, started_at, ends_at + 1, 0 FROM emergency_accesses",
    ] {
        assert!(refused(sql), "{sql}");
    }
    // What may happen to it is that it is put out; then the next one starts. The review by oneself is refused below too.
    assert!(!refused("UPDATE emergency_accesses SET live = 0"));
    let again = w.start("lead").unwrap().emergency.id;
    let own = w.who("lead");
    let forged = w.system(move |work| {
        let row = (
            v::id.eq(again),
            v::reviewer_id.eq(own),
            v::outcome.eq("appropriate"),
            v::note.eq(vec![0_u8]),
            v::reviewed_at.eq(work.now()),
        );
        Ok(diesel::insert_into(v::table).values(row).execute(work.conn())?)
    });
    assert!(forged.is_err());
    assert_eq!(w.system(|work| Ok(e::table.count().get_result::<i64>(work.conn())?)).unwrap(), 2);
}

#[test]
fn of_sixty_four_at_once_one_starts() {
    let w = World::new();
    let outcomes: Vec<_> = std::thread::scope(|s| {
        let runs: Vec<_> =
            (0..64).map(|_| s.spawn(|| w.start("lead").map(|v| v.emergency.id).map_err(|e| e.code))).collect();
        runs.into_iter().map(|r| r.join().unwrap()).collect()
    });
    assert_eq!(outcomes.iter().filter(|o| o.is_ok()).count(), 1);
    assert!(outcomes.iter().all(|o| matches!(o, Ok(_) | Err(Code::EmergencyInForce))), "{outcomes:?}");
    // Somebody else may start theirs; and the first again once theirs has ended.
    w.start("second_lead").unwrap();
    w.t.clock.advance_seconds(3600);
    w.start("lead").unwrap();
}

#[test]
fn a_role_that_ends_takes_the_access_with_it() {
    let w = World::new();
    w.start("colleague").unwrap();
    assert!(w.read_warrn("colleague").is_ok());
    let membership = w.membership("colleague");
    w.t.db.write(&Caller::system("test"), move |work| identity::end_membership(work, membership)).unwrap();
    assert_eq!(code(w.read_warrn("colleague")), Code::NotFound);
}
