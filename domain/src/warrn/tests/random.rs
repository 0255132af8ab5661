//! Whatever people do in whatever order: no step is left without a clock or an owner until the record is closed, each
//! change is on record and on the timeline once, and no time that passed is told a third time before its days are over.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::cases::{self, Milestone};
use crate::db::schema::{case_events as ce, case_milestones as cm};
use returns::{Attendance, Outcome, Step, TakeStep};

#[derive(Debug, Clone, Copy)]
enum Op {
    Wait(u16),
    Tick,
    Acknowledge(u8),
    Take(u8, u8),
    Move(Option<i8>),
    TakeBack,
    Leave(bool),
    ComeBack(bool),
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        3 => (1_u16..400).prop_map(Op::Wait),
        3 => Just(Op::Tick),
        3 => any::<u8>().prop_map(Op::Acknowledge),
        10 => (any::<u8>(), any::<u8>()).prop_map(|(who, what)| Op::Take(who, what)),
        1 => proptest::option::of(any::<i8>()).prop_map(Op::Move),
        2 => Just(Op::TakeBack),
        1 => any::<bool>().prop_map(Op::Leave),
        1 => any::<bool>().prop_map(Op::ComeBack),
    ]
}

/// What the database says of a record.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    closed: bool,
    version: i64,
    steps: Vec<Milestone>,
    owners: Vec<Part>,
    audited: usize,
    events: usize,
    escalations: Vec<String>,
    again: usize,
    at: Utc,
    followed: usize,
}

impl Rig {
    fn seen(&self, id: WarrnId) -> Seen {
        let case = CaseId::from_uuid(id.uuid());
        let (steps, events, (closed, version)) = setup(&self.t, move |work| {
            use crate::db::schema::cases as c;
            let known = cases::facts(work, case)?.map(|(_, f)| f).unwrap_or_default();
            let pass = crate::access::grant(work, crate::access::Action::ReadWarrn, id, &known)?;
            let steps = cases::milestones(work, &pass)?;
            let events: i64 = ce::table.filter(ce::case_id.eq(case)).count().get_result(work.conn())?;
            let envelope: (Option<Utc>, i64) =
                c::table.find(case).select((c::closed_at, c::version)).first(work.conn())?;
            Ok((steps, events, envelope))
        });
        let now = self.t.clock.now();
        let named = setup(&self.t, move |work| {
            let known = cases::facts(work, case)?.map(|(_, f)| f).unwrap_or_default();
            let pass = crate::access::grant(work, crate::access::Action::ReadWarrn, id, &known)?;
            store::recipients(work, &pass)
        });
        let audited = self.audited();
        let all = audited.iter().filter(|(a, _)| a == "warrn.escalate").map(|(_, detail)| detail);
        let (again, escalations): (Vec<_>, Vec<_>) = all.partition(|detail| detail.ends_with("_again"));
        Seen {
            closed: closed.is_some(),
            version,
            steps,
            owners: named.into_iter().filter(|n| n.in_force(now)).map(|n| n.part).collect(),
            audited: audited.iter().filter(|(a, _)| a != "warrn.read").count(),
            events: usize::try_from(events).unwrap(),
            followed: audited.iter().filter(|(a, _)| a == "warrn.succeed").count(),
            escalations: escalations.into_iter().map(|d| d.split('=').next().unwrap().to_owned()).collect(),
            again: again.len(),
            at: now,
        }
    }

    /// Does something; whether it changed the record.
    fn act(&self, id: WarrnId, op: Op) -> bool {
        let people = [self.dsp, self.ep_person, self.deputy_dsp, self.lead];
        let who = |n: u8| people[usize::from(n) % people.len()];
        match op {
            Op::Wait(hours) => {
                self.t.clock.advance_seconds(i64::from(hours) * 3600);
                false
            }
            Op::Tick => {
                self.escalate();
                false
            }
            Op::Acknowledge(n) => {
                let (before, version) = (self.seen(id), self.seen(id).version);
                self.acknowledge(who(n), id, version).is_ok() && self.seen(id).version != before.version
            }
            Op::Take(n, what) => self.take(who(n), id, self.some_step(what)).is_ok(),
            Op::Move(days) => {
                let today = self.today();
                let on = days.map(|d| today + chrono::TimeDelta::days(i64::from(d)));
                self.move_to(self.dsp, id, on).is_ok()
            }
            Op::TakeBack => self.take_back(self.dsp, id, "by mistake").is_ok(),
            Op::Leave(school) => {
                end_all(&self.t, if school { self.dsp } else { self.ep_person });
                false
            }
            Op::ComeBack(true) => {
                give(&self.t, self.dsp, Role::Dsp, At { school: Some(self.school), ..At::default() });
                false
            }
            Op::ComeBack(false) => {
                let at = At { officer: Some(self.ep), service: Some(self.eps), ..At::default() };
                give(&self.t, self.ep_person, Role::Officer, at);
                false
            }
        }
    }

    fn some_step(&self, n: u8) -> TakeStep {
        let on = self.today();
        match n % 12 {
            0 | 8 => self.assessment(),
            1 | 9 => self.meeting(),
            2 => self.agreed(false),
            3 => self.agreed(true),
            4 => TakeStep::Return { on, attendance: Attendance::FullTime },
            5 => TakeStep::Return { on, attendance: Attendance::PartTime },
            6 => TakeStep::FullTime { on },
            7 => self.review(Some(on + chrono::Days::new(20))),
            10 => self.review(None),
            _ => TakeStep::Close { outcome: Outcome::ALL[usize::from(n) % Outcome::ALL.len()], note: None },
        }
    }
}

/// What must never be seen, in words.
fn broken(seen: &Seen) -> Option<String> {
    let open: Vec<_> = seen.steps.iter().filter(|m| m.is_open()).collect();
    if seen.closed {
        return (!open.is_empty()).then(|| "closed with a step open".to_owned());
    }
    if open.is_empty() {
        return Some("nothing waits, and it is not closed".to_owned());
    }
    for step in &open {
        if step.due_at.is_none() {
            return Some(format!("{} has no clock", step.kind));
        }
        let part = step.kind.parse::<Step>().unwrap().part();
        if !seen.owners.contains(&part) {
            return Some(format!("{} has no owner", step.kind));
        }
        if step.next_stage_at.is_none() {
            return Some(format!("{} stands still unseen", step.kind));
        }
    }
    None
}

/// The times a step was ever due, by its kind.
type Dues = BTreeSet<(String, i64, Option<Utc>)>;

/// Each time that passes is told twice at most, but for the leads being told again after days: another time is another
/// lateness.
fn told_too_often(seen: &Seen, dues: &mut Dues) -> Option<String> {
    dues.extend(seen.steps.iter().map(|m| (m.kind.clone(), m.turn, m.due_at)));
    let often = |kind: &str| seen.escalations.iter().filter(|e| *e == kind).count();
    let times = |kind: &str| dues.iter().filter(|(of, ..)| of == kind).count();
    Step::ALL.iter().find(|s| often(s.as_str()) > 2 * times(s.as_str())).map(|s| format!("{s} was told a third time"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_path_leaves_a_step_without_a_clock_or_owner(ops in proptest::collection::vec(op(), 1..35)) {
        let rig = rig();
        let id = rig.send().record.id;
        let mut before = rig.seen(id);
        let mut dues = Dues::new();
        told_too_often(&before, &mut dues);
        for op in ops {
            let changed = rig.act(id, op);
            let after = rig.seen(id);
            prop_assert_eq!(broken(&after), None, "after {:?}", op);
            prop_assert_eq!(told_too_often(&after, &mut dues), None, "after {:?}", op);
            match op {
                Op::Wait(_) => {
                    let at = before.at;
                    before.at = after.at;
                    prop_assert_eq!(&before, &after, "since {:?}", at);
                },
                Op::Tick => {
                    let again = after.again - before.again;
                    let told = after.escalations.len() - before.escalations.len() + after.followed - before.followed + again;
                    prop_assert!(again <= before.steps.iter().filter(|m| m.is_open() && m.stage == 2).count());
                    prop_assert!(rig.waiting().is_empty(), "the clock is done after one look");
                    prop_assert_eq!(after.events - before.events, told);
                    prop_assert!(after.version - before.version == i64::try_from(told).unwrap());
                }
                _ if changed => {
                    // A plan or full time may begin and end a reduced timetable, which has entries and events of its own.
                    let entries = if matches!(op, Op::Take(..)) { 3 } else { 1 };
                    prop_assert!((1..=entries).contains(&(after.audited - before.audited)), "{:?}", op);
                    if entries == 3 {
                        prop_assert_eq!(after.audited - before.audited, after.events - before.events, "{:?}", op);
                    }
                    prop_assert_eq!(after.version - before.version, 1, "{:?}", op);
                    // One person may acknowledge for both parts; all else is one event.
                    let most = if matches!(op, Op::Acknowledge(_)) { 2 } else { entries };
                    prop_assert!((1..=most).contains(&(after.events - before.events)), "{:?}", op);
                }
                _ => {
                    prop_assert_eq!((after.version, after.events), (before.version, before.events), "{:?}", op);
                    prop_assert_eq!(&after.steps, &before.steps);
                }
            }
            before = after;
        }
    }
}

#[test]
fn the_eye_that_watches_the_paths_sees_what_is_broken() {
    let rig = rig();
    let id = rig.send().record.id;
    assert_eq!(broken(&rig.seen(id)), None);
    let spoil = |sql: &'static str| {
        setup(&rig.t, move |work| Ok(diesel::sql_query(sql).execute(work.conn())?));
        broken(&rig.seen(id)).unwrap()
    };
    assert!(spoil("UPDATE case_milestones SET next_stage_at = NULL WHERE kind = 'return'").contains("unseen"));
    assert!(spoil("UPDATE case_milestones SET due_at = NULL WHERE kind = 'return'").contains("no clock"));
    assert!(spoil("UPDATE case_recipients SET ends_at = begins_at WHERE part = 'ep'").contains("no owner"));
    assert!(spoil("DELETE FROM case_milestones").contains("nothing waits"));
    let left: i64 = setup(&rig.t, |work| Ok(cm::table.count().get_result(work.conn())?));
    assert_eq!(left, 0);
}
