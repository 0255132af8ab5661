//! The outbox as a whole: nothing lost, nothing sent twice without reason, one end for each message.

use std::collections::HashMap;

use proptest::prelude::*;

use super::*;
use crate::kernel::{Caller, NoticeId, PageRequest, PersonId, Reference, ReferralId, Utc};
use crate::testing::{self, TestDb};

/// How long a lease lasts in these tests.
const LEASE: i64 = 60;

fn worker() -> Caller {
    Caller::system("worker")
}

fn write_one(db: &TestDb, dedupe: &str) {
    let dedupe = dedupe.to_owned();
    db.db
        .upkeep(&worker(), move |work| {
            let new = NewNotice {
                wording: Wording::ReferralReceived,
                to: Recipient::Person(PersonId::from_uuid(work.new_id())),
                subject: Subject::Referral(ReferralId::from_uuid(work.new_id())),
                reference: Reference::random(work.chance()),
                due_at: None,
                dedupe,
            };
            enqueue(work, new)
        })
        .unwrap();
}

fn take(db: &TestDb, limit: i64) -> Vec<Leased> {
    db.db.upkeep(&worker(), move |work| claim(work, limit, LEASE)).unwrap()
}

fn end(db: &TestDb, held: &Leased, outcome: Outcome) {
    let held = held.clone();
    db.db.upkeep(&worker(), move |work| settle(work, &held, outcome)).unwrap();
}

fn put_back(db: &TestDb, held: &Leased) {
    let held = held.clone();
    db.db.upkeep(&worker(), move |work| give_back(work, &held, 10)).unwrap();
}

fn ledger(db: &TestDb) -> HashMap<NoticeId, Notice> {
    let all = PageRequest::read(Some(200), None).unwrap();
    let page = db.db.read(&worker(), |work| page(work, all)).unwrap();
    page.items.into_iter().map(|n| (n.id, n)).collect()
}

fn now(db: &TestDb) -> Utc {
    db.db.clock().now()
}

#[test]
fn the_same_cause_is_told_once() {
    let db = testing::db();
    for dedupe in ["a", "a", "b", "a"] {
        write_one(&db, dedupe);
    }
    assert_eq!(ledger(&db).len(), 2);
}

#[test]
fn a_temporary_failure_runs_through_the_schedule_and_a_permanent_one_does_not() {
    let db = testing::db();
    write_one(&db, "a");
    for try_number in 1..=LARGEST_ATTEMPT {
        let held = take(&db, 10);
        assert_eq!(held.iter().map(|l| l.attempt).collect::<Vec<_>>(), [try_number]);
        assert!(take(&db, 10).is_empty(), "held by one worker alone");
        end(&db, &held[0], Outcome::Temporary("smtp-451"));
        assert!(take(&db, 10).is_empty(), "not before its next time");
        db.clock.advance_seconds(12 * 3600);
    }
    let lines = ledger(&db);
    let line = lines.values().next().unwrap();
    assert_eq!((line.state, line.attempts, line.problem.as_deref()), (State::TechnicalFailure, 8, Some("smtp-451")));
    assert!(take(&db, 10).is_empty());

    write_one(&db, "b");
    let held = take(&db, 10);
    end(&db, &held[0], Outcome::Permanent("smtp-550"));
    assert_eq!(ledger(&db)[&held[0].id].state, State::PermanentFailure);
    let found = db.db.read(&worker(), crate::audit::verify).unwrap();
    assert_eq!(found, crate::audit::Finding::Whole { entries: 2 }, "each failure is on record");
}

#[test]
fn a_late_worker_does_not_disturb_the_present_one() {
    let db = testing::db();
    write_one(&db, "a");
    let late = take(&db, 1).remove(0);
    db.clock.advance_seconds(LEASE);
    let present = take(&db, 1).remove(0);
    assert_eq!(present.attempt, 2);
    for outcome in [Outcome::Temporary("timeout"), Outcome::Permanent("smtp-550"), Outcome::Technical("made")] {
        end(&db, &late, outcome);
        assert_eq!(ledger(&db)[&late.id].state, State::Sending);
    }
    end(&db, &late, Outcome::Delivered);
    assert_eq!(ledger(&db)[&late.id].state, State::Delivered, "it did arrive");
    end(&db, &present, Outcome::Permanent("smtp-550"));
    assert_eq!(ledger(&db)[&late.id].state, State::Delivered, "an end is an end");
}

#[test]
fn a_message_that_kills_its_worker_every_time_is_given_up() {
    let db = testing::db();
    write_one(&db, "a");
    for _ in 0..LARGEST_ATTEMPT {
        assert_eq!(take(&db, 1).len(), 1);
        db.clock.advance_seconds(LEASE);
    }
    assert!(take(&db, 1).is_empty());
    let lines = ledger(&db);
    let line = lines.values().next().unwrap();
    assert_eq!((line.state, line.problem.as_deref()), (State::TechnicalFailure, Some("lost")));
}

#[test]
fn what_was_put_back_has_lost_no_try_and_waits_a_little() {
    let db = testing::db();
    write_one(&db, "a");
    let waits = |db: &TestDb| db.db.read(&worker(), waiting_since).unwrap();
    assert_eq!(waits(&db), Some(now(&db)));
    let held = take(&db, 9).remove(0);
    assert_eq!(waits(&db), None, "a worker holds it");
    put_back(&db, &held);
    put_back(&db, &held);
    let line = ledger(&db)[&held.id].clone();
    assert_eq!((line.state, line.attempts, line.next_at), (State::Created, 0, Some(now(&db).plus_seconds(10))));
    assert_eq!((waits(&db), take(&db, 9)), (None, vec![]));
    db.clock.advance_seconds(10);
    let again = take(&db, 9).remove(0);
    assert_eq!(again, held, "the same try");
    end(&db, &again, Outcome::Temporary("timeout"));
    db.clock.advance_seconds(6);
    let second = take(&db, 9).remove(0);
    put_back(&db, &second);
    let line = ledger(&db)[&held.id].clone();
    assert_eq!((line.state, line.attempts), (State::TemporaryFailure, 1));
    end(&db, &again, Outcome::Permanent("smtp-550"));
    assert_eq!(ledger(&db)[&held.id].state, State::TemporaryFailure, "an old lease settles nothing");
}

#[derive(Debug, Clone)]
enum Op {
    Write,
    Claim(i64),
    Settle(usize, Outcome),
    GiveBack(usize),
    Jump(i64),
}

fn outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        2 => Just(Outcome::Delivered),
        4 => Just(Outcome::Temporary("timeout")),
        1 => Just(Outcome::Permanent("smtp-550")),
        1 => Just(Outcome::Technical("made")),
        1 => Just(Outcome::Withdrawn("recipient-gone")),
    ]
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        2 => Just(Op::Write),
        4 => (1_i64..5).prop_map(Op::Claim),
        4 => (0_usize..64, outcome()).prop_map(|(i, o)| Op::Settle(i, o)),
        2 => (0_usize..64).prop_map(Op::GiveBack),
        3 => prop_oneof![Just(3_i64), Just(59), Just(60), Just(400), Just(40_000)].prop_map(Op::Jump),
    ]
}

/// OUT-1 of `facts/reliability.md`.
fn run(ops: &[Op]) {
    let db = testing::db();
    let mut written = 0_usize;
    let mut leases: Vec<(Leased, Utc)> = Vec::new();
    let mut ends: HashMap<NoticeId, State> = HashMap::new();
    let mut check = |db: &TestDb, written: usize| {
        let lines = ledger(db);
        assert_eq!(lines.len(), written, "no message is lost or invented");
        for line in lines.values() {
            assert_eq!(line.state.is_final(), line.finished_at.is_some());
            if line.state.is_final() {
                assert_eq!(*ends.entry(line.id).or_insert(line.state), line.state, "one final state");
            } else {
                assert!(!ends.contains_key(&line.id), "what has ended stays so");
            }
        }
    };
    for op in ops {
        match op {
            Op::Write => {
                written += 1;
                write_one(&db, &format!("n{written}"));
            }
            Op::Claim(limit) => {
                let before = ledger(&db);
                for held in take(&db, *limit) {
                    let line = &before[&held.id];
                    assert!(!line.state.is_final() && line.next_at.unwrap() <= now(&db));
                    let others = leases.iter().filter(|(l, _)| l.id == held.id && line.state == State::Sending);
                    assert!(others.map(|(_, until)| *until).all(|until| until <= now(&db)), "held by another");
                    leases.push((held, now(&db).plus_seconds(LEASE)));
                }
            }
            Op::Settle(which, outcome) => {
                if !leases.is_empty() {
                    // Any lease, settled before or run out, too: workers are slow and repeat themselves.
                    let held = leases[which % leases.len()].0.clone();
                    end(&db, &held, *outcome);
                }
            }
            Op::GiveBack(which) => {
                if !leases.is_empty() {
                    // Whoever puts a message back has it no more.
                    let (held, _) = leases.swap_remove(which % leases.len());
                    put_back(&db, &held);
                }
            }
            Op::Jump(seconds) => db.clock.advance_seconds(*seconds),
        }
        check(&db, written);
    }
    for _ in 0..20 {
        db.clock.advance_seconds(13 * 3600);
        for held in take(&db, 200) {
            end(&db, &held, Outcome::Delivered);
        }
        check(&db, written);
    }
    assert!(ledger(&db).values().all(|line| line.state.is_final()), "every message ends");
    assert!(matches!(db.db.read(&worker(), crate::audit::verify).unwrap(), crate::audit::Finding::Whole { .. }));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn every_message_ends_once_whatever_the_workers_do(ops in proptest::collection::vec(op(), 1..60)) {
        run(&ops);
    }
}
