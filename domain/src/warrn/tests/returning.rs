//! The whole way from receipt to closing, and the ways off it.

use super::*;
use crate::db::schema::{case_events as ce, case_milestones as cm};
use crate::kernel::FaultCode;
use crate::provision::Consent;
use returns::{
    Attendance, Moved, Outcome, PartTime, Plan, Present, Progress, ReturnFile, ReviewAttendance, State, Step,
    StepContent, TakeStep, Taken, Who, move_return, own_steps, progress, return_file, returning, take_step,
};

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(super) fn plan(part_time: bool) -> Plan {
    let text = |word: &str| format!("{word} {SECRET}");
    Plan {
        triggers: text("triggers"),
        what_helps: text("what helps"),
        safe_places: text("places"),
        key_adult: text("adult"),
        adjustments: text("adjustments"),
        timetable: part_time.then(|| text("mornings")),
    }
}

impl Rig {
    pub(super) fn today(&self) -> NaiveDate {
        uk_date(self.t.clock.now())
    }

    pub(super) fn take(&self, who: PersonId, id: WarrnId, step: TakeStep) -> Result<Taken> {
        let ((), version) = self.progress(self.worker, id).map(|(r, _)| ((), r.version))?;
        self.take_at(who, id, version, step)
    }

    pub(super) fn take_at(&self, who: PersonId, id: WarrnId, version: i64, step: TakeStep) -> Result<Taken> {
        let settings = WarrnSettings::default();
        self.t.db.write(&caller(who), move |work| take_step(work, &vault(), &settings, id, version, step))
    }

    pub(super) fn progress(&self, who: PersonId, id: WarrnId) -> Result<(WarrnEnvelope, Progress)> {
        self.t.db.write(&caller(who), move |work| progress(work, id))
    }

    pub(super) fn file(&self, who: PersonId, id: WarrnId) -> Result<ReturnFile> {
        self.t.db.write(&testing::stepped_up(&self.t, caller(who)), move |work| return_file(work, &vault(), id))
    }

    pub(super) fn move_to(&self, who: PersonId, id: WarrnId, on: Option<NaiveDate>) -> Result<Moved> {
        let version = self.progress(self.worker, id)?.0.version;
        let settings = WarrnSettings::default();
        self.t.db.write(&caller(who), move |work| move_return(work, &vault(), &settings, id, version, on))
    }

    /// Both parts have it.
    pub(super) fn acknowledged(&self) -> WarrnId {
        let id = self.send().record.id;
        self.acknowledge(self.dsp, id, 1).unwrap();
        self.acknowledge(self.ep_person, id, 2).unwrap();
        id
    }

    pub(super) fn events(&self, id: WarrnId) -> Vec<String> {
        setup(&self.t, move |work| {
            let of = ce::table.filter(ce::case_id.eq(CaseId::from_uuid(id.uuid())));
            Ok(of.order((ce::at.asc(), ce::id.asc())).select(ce::kind).load(work.conn())?)
        })
    }

    pub(super) fn go(&self, date: &str, hour: u32) {
        let to = Utc::from_date_hour(day(date), hour);
        self.t.clock.advance_seconds((to.micros() - self.t.clock.now().micros()) / 1_000_000);
    }

    pub(super) fn assessment(&self) -> TakeStep {
        TakeStep::RiskAssessment { held_on: self.today(), with_eps: true, findings: format!("found {SECRET}") }
    }

    pub(super) fn meeting(&self) -> TakeStep {
        let there = |who| Present { who, name: format!("Name {SECRET}") };
        let present = [Who::Pupil, Who::Parent, Who::KeyAdult].map(there).to_vec();
        TakeStep::ReturnMeeting { held_on: self.today(), present, note: None }
    }

    pub(super) fn agreed(&self, part_time: bool) -> TakeStep {
        let soon = |days| self.today() + chrono::Days::new(days);
        TakeStep::ReturnPlan {
            agreed_on: self.today(),
            plan: plan(part_time),
            review_on: soon(10),
            part_time_until: part_time.then(|| soon(28)),
            part_time: if part_time { self.mornings() } else { PartTime::default() },
        }
    }

    /// What a part-time timetable says besides itself.
    pub(super) fn mornings(&self) -> PartTime {
        PartTime {
            from: Some(self.today()),
            review_on: Some(self.today() + chrono::Days::new(14)),
            minutes_per_week: Some(750),
            consent: Some(Consent { by: format!("Parent {SECRET}"), on: self.today() }),
            reason: Some(format!("tired {SECRET}")),
        }
    }

    pub(super) fn review(&self, next_on: Option<NaiveDate>) -> TakeStep {
        self.review_of(Some(ReviewAttendance::FullTime), next_on)
    }

    pub(super) fn review_of(&self, attendance: Option<ReviewAttendance>, next_on: Option<NaiveDate>) -> TakeStep {
        TakeStep::Review { held_on: self.today(), attendance, note: format!("well {SECRET}"), next_on }
    }
}

fn open(progress: &Progress) -> Vec<(Step, i64, String)> {
    let open = progress.steps.iter().filter(|s| s.is_open());
    let due = |s: &returns::Clocked| uk_time(s.due_at.unwrap()).format("%m-%d %H:%M").to_string();
    open.map(|s| (s.step, s.turn, due(s))).collect()
}

#[test]
fn a_record_goes_all_the_way_and_its_sender_sees_the_steps_alone() {
    let rig = rig();
    let id = rig.acknowledged();
    let (_, now) = rig.progress(rig.dsp, id).unwrap();
    assert_eq!(now.state(), State::Acknowledged);
    let end = "03-09 16:00".to_owned();
    assert_eq!(
        open(&now),
        [Step::RiskAssessment, Step::ReturnMeeting, Step::ReturnPlan, Step::Return].map(|s| (s, 1, end.clone()))
    );
    assert_eq!(code(rig.take(rig.dsp, id, rig.agreed(false))), Code::StateConflict, "no plan before the meeting");
    assert_eq!(rig.take(rig.dsp, id, rig.assessment()).unwrap().state, State::Assessed);
    assert_eq!(code(rig.take(rig.dsp, id, rig.assessment())), Code::StateConflict, "once");
    // The psychologist may note what was agreed with them.
    assert_eq!(rig.take(rig.ep_person, id, rig.meeting()).unwrap().state, State::Met);
    assert_eq!(rig.take(rig.dsp, id, rig.agreed(true)).unwrap().state, State::Planned);
    rig.go("2026-03-09", 10);
    let back = TakeStep::Return { on: rig.today(), attendance: Attendance::PartTime };
    assert_eq!(rig.take(rig.dsp, id, back).unwrap().state, State::Returned);
    let (_, now) = rig.progress(rig.dsp, id).unwrap();
    assert_eq!(now.returned, Some((day("2026-03-09"), Attendance::PartTime)));
    // The plan's own date comes before the two weeks; the timetable ends as planned.
    let clocks = [(Step::Review, 1, "03-12 16:00".to_owned())];
    assert_eq!((open(&now).as_slice(), now.provision_runs), (clocks.as_slice(), true));
    rig.go("2026-03-12", 10);
    rig.take(rig.dsp, id, rig.review(None)).unwrap();
    assert_eq!(open(&rig.progress(rig.dsp, id).unwrap().1)[0].2, "04-20 16:00", "six weeks after the return");
    rig.go("2026-03-30", 10);
    rig.take(rig.dsp, id, TakeStep::FullTime { on: rig.today() }).unwrap();
    let sustained = |outcome| TakeStep::Close { outcome, note: Some(format!("end {SECRET}")) };
    let early = rig.take(rig.dsp, id, sustained(Outcome::Sustained6Weeks)).unwrap_err();
    assert_eq!(early.code, Code::NotSustained);
    rig.go("2026-04-20", 10);
    rig.take(rig.dsp, id, rig.review(None)).unwrap();
    rig.go("2026-06-01", 10);
    rig.take(rig.dsp, id, rig.review(None)).unwrap();
    let (_, now) = rig.progress(rig.dsp, id).unwrap();
    assert_eq!(open(&now), [(Step::Close, 1, "06-08 11:00".to_owned())], "after twelve weeks it is closed");
    let closed = rig.take(rig.dsp, id, sustained(Outcome::Sustained12Weeks)).unwrap();
    assert_eq!(closed.state, State::Closed);
    assert_eq!(code(rig.take(rig.dsp, id, rig.review(None))), Code::StateConflict);

    let (_, seen) = rig.progress(rig.worker, id).unwrap();
    assert_eq!(seen.closed.map(|(_, o)| o), Some(Outcome::Sustained12Weeks));
    assert!(!format!("{seen:?}").contains(SECRET));
    assert_eq!(code(rig.file(rig.worker, id)), Code::Forbidden);
    assert_eq!(code(rig.take(rig.worker, id, rig.review(None))), Code::Forbidden);
    let file = rig.file(rig.ep_person, id).unwrap();
    assert_eq!(file.notes.len(), 9);
    assert!(file.notes.iter().any(|n| matches!(&n.content, Some(StepContent::ReturnPlan(p)) if *p == plan(true))));
    assert!(file.possible.is_empty());
    let kinds: Vec<_> = file.timeline.iter().map(|h| h.event.kind.as_str()).collect();
    let whole = [
        "received",
        "acknowledge_dsp",
        "acknowledge_ep",
        "risk_assessment",
        "return_meeting",
        "return_plan",
        "provision_started",
        "return",
        "review",
        "full_time",
        "provision_ended",
        "review",
        "review",
        "close",
    ];
    let mut sorted = [kinds.clone(), whole.to_vec()];
    for k in &mut sorted {
        k.sort_unstable();
    }
    assert_eq!(sorted[0], sorted[1], "each step once");
    for stranger in [rig.deputy_dsp, rig.lead, rig.deputy_ep_person] {
        assert_eq!(code(rig.progress(stranger, id)), Code::NotFound);
        assert_eq!(code(rig.file(stranger, id)), Code::NotFound);
    }
}

#[test]
fn nothing_that_is_said_lies_open_in_the_database() {
    let rig = rig();
    let id = rig.acknowledged();
    for step in [rig.assessment(), rig.meeting(), rig.agreed(true)] {
        rig.take(rig.dsp, id, step).unwrap();
    }
    rig.move_to(rig.dsp, id, Some(day("2026-03-16"))).unwrap();
    rig.file(rig.dsp, id).unwrap();
    let mut bytes = Vec::new();
    for file in std::fs::read_dir(rig.t.folder.path()).unwrap() {
        bytes.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    assert!(memchr::memmem::find(&bytes, b"return_plan").is_some(), "the scan finds what is there");
    assert!(memchr::memmem::find(&bytes, SECRET.as_bytes()).is_none());
}

#[test]
fn a_moved_return_date_moves_the_open_clocks_and_is_told() {
    let rig = rig();
    let id = rig.acknowledged();
    rig.take(rig.dsp, id, rig.assessment()).unwrap();
    let told = rig.told().len();
    let moved = rig.move_to(rig.worker, id, Some(day("2026-03-05"))).unwrap();
    assert_eq!(moved.clocks, 3, "what is done has no clock any more");
    assert_eq!(rig.told().len(), told + 2, "both recipients hear of it, the sender moved it");
    let due = |id| open(&rig.progress(rig.dsp, id).unwrap().1).into_iter().map(|(_, _, at)| at).collect::<Vec<_>>();
    assert_eq!(due(id), ["03-05 16:00"; 3]);
    rig.t.clock.advance_seconds(60);
    rig.move_to(rig.dsp, id, None).unwrap();
    // Ten school days from the receipt; five to find out the date.
    assert_eq!(due(id), ["03-16 09:00", "03-16 09:00", "03-09 09:00"]);
    assert_eq!(rig.events(id).iter().filter(|k| *k == "return_moved").count(), 2);
    let mut said: Vec<_> = rig.file(rig.dsp, id).unwrap().timeline.into_iter().filter_map(|h| h.note).collect();
    // Both at the same standing instant: their order says nothing.
    said.sort();
    assert_eq!(said, ["2026-03-05 → -", "2026-03-09 → 2026-03-05"]);
    let far = rig.move_to(rig.dsp, id, Some(day("2036-03-05"))).unwrap_err();
    assert_eq!(far.faults[0].code, FaultCode::DateOutOfRange);
    rig.take(rig.dsp, id, TakeStep::Return { on: rig.today(), attendance: Attendance::FullTime }).unwrap();
    assert_eq!(code(rig.move_to(rig.dsp, id, None)), Code::StateConflict);
    // What was left out before the return is due that day, not forgotten.
    assert_eq!(due(id)[..2], ["03-02 16:00"; 2]);
}

#[test]
fn nobody_is_back_before_the_sender_had_the_record() {
    let rig = rig();
    let received = day("2026-02-27");
    let id = rig.try_send(SendWarrn { received_on: Some(received), ..record() }).unwrap().record.id;
    rig.acknowledge(rig.dsp, id, 1).unwrap();
    let back = |on: NaiveDate| TakeStep::Return { on, attendance: Attendance::FullTime };
    for early in [received.pred_opt().unwrap(), day("2025-03-10")] {
        let refused = rig.take(rig.dsp, id, back(early)).unwrap_err();
        let faults: Vec<_> = refused.faults.iter().map(|f| (f.pointer.as_str(), f.code)).collect();
        assert_eq!((refused.code, faults), (Code::InvalidBody, vec![("/on", FaultCode::DateOutOfRange)]), "{early}");
    }
    assert_eq!(rig.progress(rig.dsp, id).unwrap().1.returned, None);
    assert_eq!(rig.take(rig.dsp, id, back(received)).unwrap().state, State::Returned, "on the day itself");
}

#[test]
fn returning_within_a_week_and_not_acknowledged_is_found_by_its_recipients() {
    let rig = rig();
    let id = rig.send().record.id;
    let list = |who: PersonId| {
        rig.t
            .db
            .read(&caller(who), returning)
            .map(|l| l.into_iter().map(|r| (r.record.id, r.waiting)).collect::<Vec<_>>())
    };
    let today = crate::kernel::uk_date(rig.t.clock.now());
    rig.move_to(rig.dsp, id, today.checked_add_days(chrono::Days::new(8))).unwrap();
    assert_eq!(list(rig.dsp).unwrap(), [], "in eight days");
    rig.t.clock.advance_seconds(DAY);
    assert_eq!(list(rig.dsp).unwrap(), [(id, vec![Part::Dsp, Part::Ep])]);
    assert_eq!(list(rig.lead).unwrap(), []);
    assert_eq!(code(list(rig.t_auditor())), Code::Forbidden);
    rig.acknowledge(rig.dsp, id, 2).unwrap();
    assert_eq!(list(rig.ep_person).unwrap(), [(id, vec![Part::Ep])]);
    rig.acknowledge(rig.ep_person, id, 3).unwrap();
    assert_eq!(list(rig.ep_person).unwrap(), []);
}

#[test]
fn the_others_acknowledgement_is_no_step_of_ones_own() {
    let rig = rig();
    let id = rig.send().record.id;
    let steps = |who: PersonId| {
        let found = rig.t.db.read(&caller(who), |work| own_steps(work, 60)).unwrap();
        found.into_iter().filter(|s| s.record.id == id).map(|s| s.step.step).collect::<Vec<_>>()
    };
    let (dsp, ep) = (steps(rig.dsp), steps(rig.ep_person));
    assert!(dsp.contains(&Step::AcknowledgeDsp) && !dsp.contains(&Step::AcknowledgeEp), "{dsp:?}");
    assert!(ep.contains(&Step::AcknowledgeEp) && !ep.contains(&Step::AcknowledgeDsp), "{ep:?}");
    assert!(dsp.contains(&Step::RiskAssessment) && ep.contains(&Step::RiskAssessment));
}

#[test]
fn two_who_acknowledge_at_once_are_one() {
    let rig = rig();
    let id = rig.send().record.id;
    rig.t.clock.advance_seconds(DAY + 1);
    rig.escalate();
    let version = rig.read(rig.dsp, id).unwrap().record().version;
    let rig = &rig;
    let outcomes: Vec<_> = std::thread::scope(|s| {
        let both = [rig.dsp, rig.deputy_dsp].map(|who| s.spawn(move || rig.acknowledge(who, id, version)));
        both.into_iter().map(|b| b.join().unwrap()).collect()
    });
    assert!(outcomes.iter().all(|o| o.as_ref().is_ok_and(|a| a.version == version + 1)), "{outcomes:?}");
    assert_eq!(rig.events(id).iter().filter(|k| *k == "acknowledge_dsp").count(), 1);
    let done: i64 = setup(&rig.t, |work| {
        let done = cm::table.filter(cm::kind.eq("acknowledge_dsp")).filter(cm::done_at.is_not_null());
        Ok(done.count().get_result(work.conn())?)
    });
    assert_eq!(done, 1);
    // And two who write a step on the same version: the second is told.
    let version = version + 1;
    let steps: Vec<_> = std::thread::scope(|s| {
        let both = [rig.dsp, rig.deputy_dsp]
            .map(|who| s.spawn(move || rig.take_at(who, id, version, rig.assessment()).map_err(|e| e.code)));
        both.into_iter().map(|b| b.join().unwrap()).collect()
    });
    assert_eq!(steps.iter().filter(|s| s.is_ok()).count(), 1);
    assert!(steps.contains(&Err(Code::VersionMismatch)));
}

impl Rig {
    fn t_auditor(&self) -> PersonId {
        holder(&self.t, Role::Auditor, At::default())
    }
}

#[test]
fn no_table_or_field_of_a_record_holds_a_number_that_could_be_a_score() {
    let rig = rig();
    // What is a number here counts turns, stages, versions and bytes, or is a time.
    let known = [
        "version",
        "turn",
        "stage",
        "size",
        "opened_at",
        "updated_at",
        "closed_at",
        "begins_at",
        "ends_at",
        "due_at",
        "acknowledged_at",
        "escalated_at",
        "at",
        "added_at",
        "ended_at",
        "done_at",
        "dropped_at",
        "next_stage_at",
        "noted_at",
        "disposed_at",
        "calendar_version",
        "reviewed_at",
        "certificate",
        "raised_at",
        "told_at",
    ];
    let numbers = |rig: &Rig| -> Vec<String> {
        setup(&rig.t, |work| {
            #[derive(diesel::QueryableByName)]
            struct Found {
                #[diesel(sql_type = diesel::sql_types::Text)]
                name: String,
            }
            let found: Vec<Found> = diesel::sql_query(
                "SELECT p.name AS name FROM sqlite_schema t, pragma_table_info(t.name) p WHERE t.type = 'table' \
                 AND (t.name LIKE 'warrn%' OR t.name IN ('cases', 'case_recipients', 'case_events', 'case_people', \
                 'case_milestones', 'case_pauses', 'case_tasks', 'case_documents', 'case_links')) AND upper(p.type) NOT IN ('TEXT', 'BLOB')",
            )
            .load(work.conn())?;
            Ok(found.into_iter().map(|f| f.name).collect())
        })
    };
    let strange = |names: Vec<String>| names.into_iter().filter(|n| !known.contains(&n.as_str())).collect::<Vec<_>>();
    assert_eq!(strange(numbers(&rig)), [""; 0]);
    // The control: one that is added is found.
    setup(&rig.t, |work| {
        diesel::sql_query("ALTER TABLE warrn_steps ADD COLUMN risk_level INTEGER").execute(work.conn())?;
        Ok(())
    });
    assert_eq!(strange(numbers(&rig)), ["risk_level"]);
}

#[test]
fn a_referral_from_a_record_copies_the_child_and_nothing_of_what_it_says() {
    let rig = rig();
    let id = rig.acknowledged();
    let refer = |who: PersonId, need: &str| {
        let new = ReferFromRecord {
            service: "eps".to_owned(),
            year_group: 6,
            key_area: None,
            urgency: None,
            need: need.to_owned(),
            evidence: None,
            consent: None,
        };
        rig.t.db.write(&testing::stepped_up(&rig.t, caller(who)), move |work| refer(work, &vault(), id, new))
    };
    assert_eq!(code(refer(rig.worker, "need")), Code::Forbidden, "the sender follows, and does nothing here");
    assert_eq!(code(refer(rig.deputy_dsp, "need")), Code::NotFound);
    assert_eq!(refer(rig.dsp, " ").unwrap_err().faults[0].pointer, "/need");
    let children =
        || -> i64 { setup(&rig.t, |work| Ok(crate::db::schema::pupils::table.count().get_result(work.conn())?)) };
    let before = children();
    let opened = refer(rig.dsp, "somebody to talk to").unwrap();
    assert_eq!(children(), before, "the record's child, and no second one");
    let dsp = testing::stepped_up(&rig.t, caller(rig.dsp));
    let read = rig.t.db.write(&dsp, move |work| crate::referrals::read(work, &vault(), opened.id)).unwrap();
    assert_eq!(read.opened.unwrap().content.need, "somebody to talk to");
    let linked = rig.t.db.write(&caller(rig.dsp), move |work| crate::cases::links(work, CaseId::from_uuid(id.uuid())));
    let linked = linked.unwrap();
    assert_eq!(linked.len(), 1);
    assert_eq!((linked[0].case.id.uuid(), linked[0].outward), (opened.id.uuid(), true));
    // Who sees the referral alone is not shown where it came from.
    let from = rig
        .t
        .db
        .write(&caller(rig.deputy_dsp), move |work| crate::cases::links(work, CaseId::from_uuid(opened.id.uuid())));
    assert!(from.unwrap().is_empty());
    assert_eq!(rig.events(id).iter().filter(|k| *k == "referred").count(), 1);
}
