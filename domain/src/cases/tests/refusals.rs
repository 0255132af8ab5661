//! Every function, by everyone who may not.

use super::world::{ALL_SCOPES, World, call, caller, code, letter, mother, rules, token};
use crate::audit::{self, Object};
use crate::cases::*;
use crate::db::Work;
use crate::kernel::{Caller, CaseId, CasePersonId, Code, DocumentId, Result, TaskId};
use crate::vault::Vault;

/// What is kept with a case and can be asked for.
#[derive(Clone, Copy)]
struct Kept {
    person: CasePersonId,
    task: TaskId,
    document: DocumentId,
}

type Function = fn(&mut Work<'_>, &Vault, CaseId, Kept) -> Result<()>;

/// Every function on a case, with the use it is.
const FUNCTIONS: &[(&str, Use, Function)] = &[
    ("case", Use::See, |work, _, id, _| case(work, id).map(drop)),
    ("timeline", Use::See, |work, _, id, _| timeline(work, id).map(drop)),
    ("links", Use::See, |work, _, id, _| links(work, id).map(drop)),
    ("pauses", Use::See, |work, _, id, _| pauses(work, id).map(drop)),
    ("people", Use::Open, |work, vault, id, _| people(work, vault, id).map(drop)),
    ("tasks", Use::Open, |work, vault, id, _| tasks(work, vault, id).map(drop)),
    ("documents", Use::Open, |work, vault, id, _| documents(work, vault, id).map(drop)),
    ("open_document", Use::Open, |work, vault, id, kept| open_document(work, vault, id, kept.document).map(drop)),
    ("add_person", Use::Keep, |work, vault, id, _| add_person(work, vault, id, mother()).map(drop)),
    ("end_person", Use::Keep, |work, _, id, kept| end_person(work, id, kept.person)),
    ("add_task", Use::Keep, |work, vault, id, _| add_task(work, vault, id, &call(None)).map(drop)),
    ("complete_task", Use::Keep, |work, _, id, kept| complete_task(work, id, kept.task)),
    ("add_document", Use::Keep, |work, vault, id, _| add_document(work, vault, &rules(), id, letter()).map(drop)),
    ("pause", Use::Keep, |work, _, id, _| pause(work, id, PauseReason::AwaitingPanel).map(drop)),
    ("resume", Use::Keep, |work, _, id, _| resume(work, id).map(drop)),
];

fn ask(w: &World, by: &Caller, (function, id, kept): (Function, CaseId, Kept)) -> Result<()> {
    w.write(by, move |work, vault| {
        function(work, vault, id, kept)?;
        audit::record(work, "test.ask", Object::all("request"), "");
        Ok(())
    })
}

/// One of each thing that can be kept.
fn keep(w: &World, id: CaseId) -> Kept {
    let made = w.write(&caller(w.dsp), move |work, vault| {
        Ok(Kept {
            person: add_person(work, vault, id, mother())?,
            task: add_task(work, vault, id, &call(None))?,
            document: add_document(work, vault, &rules(), id, letter())?,
        })
    });
    made.unwrap()
}

/// Everything is refused to this caller with this code, but what they may.
fn refused(w: &World, (what, by): (&str, &Caller), (id, kept): (CaseId, Kept), expected: impl Fn(Use) -> Option<Code>) {
    for (name, wanted, function) in FUNCTIONS {
        let answer = ask(w, by, (*function, id, kept)).err().map(|e| e.code);
        // A client has no task and can't do one; whether clocks stand still is not what is asked here.
        let answer =
            answer.filter(|a| !(*name == "resume" && *a == Code::StateConflict && expected(*wanted).is_none()));
        assert_eq!(answer, expected(*wanted), "{name} by {what}");
    }
}

#[test]
fn who_may_is_not_refused() {
    let w = World::new();
    for id in [w.referral, w.warrn] {
        let kept = keep(&w, id);
        refused(&w, ("the safeguarding person", &caller(w.dsp)), (id, kept), |_| None);
        let kept = keep(&w, id);
        refused(&w, ("the psychologist", &caller(w.psychologist)), (id, kept), |_| None);
    }
}

#[test]
fn who_may_not_see_is_told_there_is_nothing() {
    let w = World::new();
    let nowhere = CaseId::from_uuid(uuid::Uuid::nil());
    for id in [w.referral, w.warrn] {
        let kept = keep(&w, id);
        let unseen = |_| Some(Code::NotFound);
        refused(&w, ("a stranger", &caller(w.stranger)), (id, kept), unseen);
        refused(&w, ("somebody, of nothing", &caller(w.dsp)), (nowhere, kept), unseen);
        let nobody = Caller { actor: crate::kernel::Actor::Anonymous, ..Caller::system("test") };
        refused(&w, ("nobody", &nobody), (id, kept), |_| Some(Code::SignInRequired));
        refused(&w, ("nobody, of nothing", &nobody), (nowhere, kept), |_| Some(Code::SignInRequired));
    }
    let kept = keep(&w, w.referral);
    refused(&w, ("the sender of the record", &caller(w.worker)), (w.referral, kept), |_| Some(Code::NotFound));
    let kept = keep(&w, w.warrn);
    for (what, who) in [("a headteacher", w.head), ("a team lead", w.lead)] {
        refused(&w, (what, &caller(who)), (w.warrn, kept), |_| Some(Code::NotFound));
    }
}

#[test]
fn a_token_for_the_other_kind_is_told_there_is_nothing() {
    let w = World::new();
    // Both opened what they ask about; only the token's scopes stand between.
    let kinds = [
        (w.referral, w.system, "referrals:read referrals:write", ["warrn:read warrn:write", "directory:read", ""]),
        (w.warrn, w.health, "warrn:read warrn:write", ["referrals:read referrals:write", "directory:read", ""]),
    ];
    for (id, client, own, others) in kinds {
        let kept = keep(&w, id);
        for scopes in others {
            refused(&w, (scopes, &token(client, scopes)), (id, kept), |_| Some(Code::NotFound));
        }
        // The control: with its own it sees it.
        ask(&w, &token(client, own), (FUNCTIONS[0].2, id, kept)).unwrap();
        ask(&w, &token(client, ALL_SCOPES), (FUNCTIONS[0].2, id, kept)).unwrap();
    }
    // Who may write but has no token for reading sees nothing either.
    let kept = keep(&w, w.referral);
    let writes = token(w.system, "referrals:write");
    refused(&w, ("a token that only writes", &writes), (w.referral, kept), |_| Some(Code::NotFound));
    // Who sees it and may not write is told that the token doesn't reach.
    let reads = token(w.system, "referrals:read");
    refused(&w, ("a token that only reads", &reads), (w.referral, kept), |wanted| {
        (wanted == Use::Keep).then_some(Code::ScopeInsufficient)
    });
}

#[test]
fn who_may_see_and_no_more_is_forbidden() {
    let w = World::new();
    let more = |wanted| (wanted != Use::See).then_some(Code::Forbidden);
    let kept = keep(&w, w.referral);
    refused(&w, ("a headteacher", &caller(w.head)), (w.referral, kept), more);
    let mut envelope = w.envelope(CaseKind::Warrn);
    envelope.opened_by = crate::kernel::Actor::Person(w.worker);
    let record = w.make(envelope);
    let kept = keep(&w, record);
    refused(&w, ("the sender", &caller(w.worker)), (record, kept), more);
    // No token reaches a record's content, or keeps anything with one.
    let health = token(w.health, ALL_SCOPES);
    let kept = keep(&w, w.warrn);
    let reach = |wanted| (wanted != Use::See).then_some(Code::ScopeInsufficient);
    refused(&w, ("the health board's system", &health), (w.warrn, kept), reach);
}

#[test]
fn what_is_sealed_opens_for_people_who_proved_a_second_factor_lately() {
    let w = World::new();
    for id in [w.referral, w.warrn] {
        let kept = keep(&w, id);
        for (name, wanted, function) in FUNCTIONS {
            let asked = w.write_unproved(&caller(w.dsp), move |work, vault| {
                function(work, vault, id, kept)?;
                audit::record(work, "test.ask", Object::all("request"), "");
                Ok(())
            });
            let expected = (*wanted == Use::Open).then_some(Code::StepUpRequired);
            assert_eq!(asked.err().map(|e| e.code), expected, "{name}");
        }
    }
}

#[test]
fn a_closed_case_is_read_and_not_added_to() {
    let w = World::new();
    for id in [w.referral, w.warrn] {
        let kept = keep(&w, id);
        w.close(id);
        let over = |wanted| (wanted == Use::Keep).then_some(Code::StateConflict);
        refused(&w, ("the safeguarding person", &caller(w.dsp)), (id, kept), over);
        // Who may not keep anything is told so before anything of its state.
        if id == w.referral {
            let more = |wanted| (wanted != Use::See).then_some(Code::Forbidden);
            refused(&w, ("a headteacher", &caller(w.head)), (id, kept), more);
        }
        refused(&w, ("a stranger", &caller(w.stranger)), (id, kept), |_| Some(Code::NotFound));
    }
}

#[test]
fn a_refusal_changes_nothing() {
    let w = World::new();
    let (id, kept) = (w.referral, keep(&w, w.referral));
    let happened = || w.look(w.dsp, move |work| timeline(work, id)).unwrap();
    let events = happened();
    let before = w.trail();
    for by in [caller(w.stranger), caller(w.head)] {
        for (_, _, function) in FUNCTIONS.iter().filter(|(_, wanted, _)| *wanted == Use::Keep) {
            assert!(matches!(code(ask(&w, &by, (*function, id, kept))), Code::NotFound | Code::Forbidden));
        }
    }
    assert_eq!(w.trail(), before);
    assert_eq!(happened(), events);
}
