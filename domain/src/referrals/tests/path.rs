//! What goes as it should.

use std::sync::Arc;

use super::world::{CANARIES, World, code, first_page, referral};
use crate::access::Role;
use crate::audit::{self, Finding};
use crate::identity::{Member, NewClient, NewMembership, add_client, add_membership, end_membership};
use crate::kernel::{Actor, Caller, Code, FreeText, Lang, PersonId, Scopes};
use crate::notices::{Composed, Outcome, Recipient, Wording, compose};
use crate::referrals::*;
use crate::routing::{Reason, Target};

fn kinds(w: &World, who: PersonId, referral: &Envelope) -> Vec<EventKind> {
    w.see(who, |work| history_beside(work, referral)).unwrap().into_iter().map(|e| e.kind).collect()
}

fn seen(w: &World, who: PersonId, filter: &Filter) -> Vec<String> {
    let page = w.see(who, |work| list(work, filter, first_page())).unwrap();
    page.items.into_iter().map(|r| r.reference.to_string()).collect()
}

#[test]
fn a_referral_is_routed_asked_about_answered_and_accepted() {
    let w = World::new();
    let opened = w.opened();
    assert_eq!(opened.officer, Some(w.officer));
    assert_eq!(opened.routing.to, Target::Officer(w.officer));
    assert_eq!(opened.routing.steps.last().unwrap().code, Reason::Chosen);
    let told = w.outbox();
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].wording, told[0].to), (Wording::ReferralReceived, Recipient::Officer(w.officer)));
    assert_eq!(told[0].reference, opened.reference);

    // A school sees its referral by list and reference; so does the officer it went to.
    for who in [w.submitter, w.dsp, w.head, w.psychologist] {
        assert_eq!(seen(&w, who, &Filter::default()), [opened.reference.to_string()]);
        assert_eq!(w.see(who, |work| by_reference(work, &opened.reference)).unwrap(), opened.id);
        assert_eq!(w.see(who, |work| peek(work, opened.id)).unwrap(), opened);
    }
    let mine = Filter { mine: true, ..Filter::default() };
    assert_eq!(seen(&w, w.psychologist, &mine).len(), 1);
    assert_eq!(seen(&w, w.submitter, &mine).len(), 1);
    assert!(seen(&w, w.dsp, &mine).is_empty());
    let declined = Filter { state: Some(State::Declined), ..Filter::default() };
    assert!(seen(&w, w.submitter, &declined).is_empty());

    let id = opened.id;
    let asked =
        w.write(w.psychologist, move |work, vault| request_information(work, vault, id, 1, "canary question")).unwrap();
    assert_eq!((asked.state, asked.version), (State::InfoRequested, 2));
    let told = w.outbox();
    assert_eq!((told[0].wording, told[0].to), (Wording::ReferralInfoRequested, Recipient::Person(w.submitter)));

    let answered = w.write(w.dsp, move |work, vault| answer(work, vault, id, 2, "canary answer")).unwrap();
    assert_eq!((answered.state, answered.version), (State::Submitted, 3));
    assert_eq!(w.outbox()[0].wording, Wording::ReferralAnswered);

    let reading = w.read(w.psychologist, &opened).unwrap();
    let content = reading.opened.unwrap();
    assert_eq!(content.content.need, "canary need");
    assert_eq!(content.content.pupil.given_name, "Canarygiven");
    let said: Vec<_> = content.notes.iter().map(|n| (n.kind, n.text.as_str())).collect();
    assert_eq!(said.len(), 2);
    assert!(said.contains(&(EventKind::InfoRequested, "canary question")));
    assert!(said.contains(&(EventKind::Answered, "canary answer")));

    w.t.clock.advance_seconds(60);
    let accepted = w.write(w.psychologist, move |work, _| accept(work, id, 3)).unwrap();
    assert_eq!((accepted.state, accepted.version), (State::Accepted, 4));
    assert_eq!(w.see(w.submitter, |work| peek(work, id)).unwrap(), accepted);
    assert_eq!(w.outbox()[0].wording, Wording::ReferralAccepted);
    assert_eq!(kinds(&w, w.head, &opened).last(), Some(&EventKind::Accepted));
    assert_eq!(kinds(&w, w.head, &opened).len(), 4);

    let trail = w.trail();
    for action in
        ["referral.open", "referral.request_information", "referral.answer", "referral.read_content", "referral.accept"]
    {
        assert_eq!(trail.iter().filter(|a| *a == action).count(), 1, "{action}");
    }
    let whole = w.t.db.read(&Caller::system("test"), audit::verify).unwrap();
    assert!(matches!(whole, Finding::Whole { .. }));
    let bytes = w.bytes();
    for canary in CANARIES {
        assert!(!bytes.windows(canary.len()).any(|b| b == canary.as_bytes()), "{canary} stands unsealed");
    }
    assert!(bytes.windows(15).any(|b| b == b"referral.accept"), "the search does look at the right files");
}

#[test]
fn a_redirected_referral_goes_on_at_the_other_service() {
    let w = World::new();
    let first = w.opened();
    w.outbox();
    let id = first.id;
    let ended =
        w.write(w.psychologist, move |work, vault| redirect(work, vault, id, 1, "bss", Some("canary notes"))).unwrap();
    assert_eq!((ended.state, ended.version), (State::Redirected, 2));
    let next = w.see(w.submitter, |work| peek(work, ended.successor.unwrap())).unwrap();
    assert_eq!((next.state, next.officer, next.queue.as_deref()), (State::Submitted, None, Some("bss")));
    assert_eq!(next.opened_by, Actor::Person(w.submitter));
    assert_eq!((next.pupil, next.year_group, next.school), (first.pupil, first.year_group, first.school));

    let told = w.outbox();
    let mut told: Vec<_> = told.iter().map(|l| (l.wording, l.to, l.reference.clone())).collect();
    told.sort_by_key(|t| t.0);
    assert_eq!(
        told,
        [
            (Wording::ReferralReceived, Recipient::Person(w.lead), next.reference.clone()),
            (Wording::ReferralRedirected, Recipient::Person(w.submitter), first.reference.clone()),
        ]
    );
    // The referrer follows both, each service its own.
    assert_eq!(seen(&w, w.submitter, &Filter::default()).len(), 2);
    assert_eq!(seen(&w, w.psychologist, &Filter::default()), [first.reference.to_string()]);
    assert_eq!(seen(&w, w.lead, &Filter::default()), [next.reference.to_string()]);
    assert_eq!(code(w.read(w.psychologist, &next)), Code::NotFound);
    for who in [w.lead, w.submitter] {
        let opened = w.read(who, &next).unwrap().opened.unwrap();
        assert_eq!(opened.content.evidence.as_deref(), Some("canary evidence"));
        assert_eq!(opened.notes[0].text, "canary notes");
    }
    let id = next.id;
    assert_eq!(w.write(w.lead, move |work, _| accept(work, id, 1)).unwrap().state, State::Accepted);
}

#[test]
fn a_declined_child_may_be_referred_again() {
    let w = World::new();
    let first = w.opened();
    assert_eq!(code(w.open(w.dsp, referral())), Code::ReferralAlreadyOpen);
    let id = first.id;
    w.t.clock.advance_seconds(1);
    let declined =
        w.write(w.psychologist, move |work, vault| decline(work, vault, id, 1, "insufficient_evidence", None)).unwrap();
    assert_eq!((declined.state, declined.reason), (State::Declined, Some(DeclineReason::InsufficientEvidence)));
    let last = w.write(w.submitter, move |work, _| history(work, id)).unwrap().pop().unwrap();
    assert_eq!((last.reason, last.has_note), (Some(DeclineReason::InsufficientEvidence), false));
    w.t.clock.advance_seconds(1);
    let again = w.open(w.dsp, referral()).unwrap();
    assert_eq!(again.pupil, first.pupil, "the same child by its number");
}

#[test]
fn a_client_opens_for_its_school_and_is_not_written_to() {
    let w = World::new();
    let school = w.a;
    let client =
        w.t.db
            .write(&Caller::system("test"), move |work| {
                let scopes = Scopes::parse("referrals:read referrals:write");
                let name = FreeText::parse("MIS").unwrap();
                let (id, _) = add_client(
                    work,
                    &NewClient { name, scopes, expires_at: None, networks: crate::identity::Networks::default() },
                )?;
                let role = NewMembership {
                    who: Member::Client(id),
                    role: Role::Integration,
                    school: Some(school),
                    service: None,
                    officer: None,
                    deputy: false,
                };
                add_membership(work, &role)?;
                crate::identity::give_consent(work, school, id)?;
                Ok(id)
            })
            .unwrap();
    let caller = |scopes| Caller {
        actor: Actor::Client(client),
        scopes: Some(Scopes::parse(scopes)),
        second_factor_at: None,
        lang: Lang::Cy,
        request_id: "test".into(),
    };
    let vault = Arc::clone(&w.vault);
    let refused = w.t.db.write(&caller("referrals:read"), move |work| open(work, &vault, referral()));
    assert_eq!(code(refused), Code::ScopeInsufficient);
    let vault = Arc::clone(&w.vault);
    let opened = w.t.db.write(&caller("referrals:write"), move |work| open(work, &vault, referral())).unwrap();
    assert_eq!(opened.opened_by, Actor::Client(client));
    let id = opened.id;
    w.write(w.psychologist, move |work, _| accept(work, id, 1)).unwrap();
    let told: Vec<_> = w.outbox().iter().map(|l| l.wording).collect();
    assert_eq!(told, [Wording::ReferralReceived]);
}

#[test]
fn mail_leaves_for_those_who_may_still_know_and_says_nothing() {
    let w = World::new();
    let opened = w.opened();
    let id = opened.id;
    w.write(w.psychologist, move |work, vault| request_information(work, vault, id, 1, "canary question")).unwrap();
    let told = w.outbox();
    let write =
        |held| w.t.db.read(&Caller::system("worker"), |work| compose(work, held, "https://dolen.la.example")).unwrap();
    let addresses: Vec<_> = told
        .iter()
        .map(|held| match write(held) {
            Composed::Ready(mail) => {
                assert_eq!(mail.message_id, format!("<{}@dolen.la.example>", held.id));
                let all = format!("{}\n{}", mail.subject, mail.text);
                assert!(all.contains(&format!("https://dolen.la.example/r/{}", opened.reference)));
                for canary in CANARIES.iter().chain(&["676", "Example", "Seicoleg", "Psychology", "bullying"]) {
                    assert!(!all.contains(canary), "{canary}");
                }
                assert_eq!(Composed::Ready(mail.clone()), write(held), "a repeat is the same message");
                mail.to.to_string()
            }
            Composed::Withdrawn(outcome) => panic!("{outcome:?}"),
        })
        .collect();
    assert!(addresses.contains(&"duty.officer@la.example".to_owned()));
    assert!(addresses.contains(&"submitter@la.example".to_owned()));

    // The submitter leaves the school, the officer leaves the list: neither is written to any more.
    let submits = w.submits;
    let officer = w.officer;
    w.t.db
        .write(&Caller::system("test"), move |work| {
            use crate::db::schema::officers as o;
            use diesel::prelude::*;
            diesel::update(o::table.find(officer)).set(o::listed.eq(false)).execute(work.conn())?;
            end_membership(work, submits)
        })
        .unwrap();
    for held in &told {
        let why = match held.to {
            Recipient::Officer(_) => "recipient-gone",
            Recipient::Person(_) => "no-longer-entitled",
        };
        assert_eq!(write(held), Composed::Withdrawn(Outcome::Withdrawn(why)));
    }
}

#[test]
fn knowing_a_pupil_number_does_not_show_what_another_school_wrote() {
    let w = World::new();
    w.opened();
    let mut raw = referral();
    raw.school_number = "6764002".into();
    raw.service = "bss".into();
    raw.pupil.given_name = "Guess".into();
    raw.pupil.family_name = "Work".into();
    let theirs = w.open(w.stranger, raw).unwrap();
    let content = w.read(w.stranger, &theirs).unwrap().opened.unwrap().content;
    assert_eq!((content.pupil.given_name.as_str(), content.pupil.family_name.as_str()), ("Guess", "Work"));
    assert_eq!(seen(&w, w.stranger, &Filter::default()), [theirs.reference.to_string()]);
}
