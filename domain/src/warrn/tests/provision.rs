//! Special provision of a record: its life, its alarms, and who sees it. Beside the records, because their clock tells of it.

use super::returning::day;
use super::*;
use crate::db::schema::{calendar_terms as ct, case_milestones as cm, provision_notes, provisions};
use crate::kernel::FaultCode;
use crate::provision::{
    self, Consent, EndProvision, Ending, ExtendProvision, Kind, Placement, Provision, ProvisionFile, ProvisionSettings,
    ReviewProvision, StartProvision,
};
use returns::{Attendance, Outcome, Step, TakeStep, own_steps};

fn timetable() -> StartProvision {
    StartProvision {
        kind: Kind::ReducedTimetable,
        starts_on: day("2026-03-09"),
        review_on: day("2026-03-16"),
        ends_on: Some(day("2026-03-27")),
        plan: format!("an hour more each week {SECRET}"),
        triggers: None,
        techniques: None,
        minutes_per_week: Some(750),
        consent: Some(Consent { by: format!("Parent {SECRET}"), on: day("2026-03-02") }),
        reason: Some(format!("tired {SECRET}")),
        placement: None,
        provider: None,
    }
}

fn handling_plan() -> StartProvision {
    StartProvision {
        kind: Kind::HandlingPlan,
        ends_on: None,
        triggers: Some(format!("noise {SECRET}")),
        techniques: Some(format!("words first {SECRET}")),
        minutes_per_week: None,
        consent: None,
        reason: None,
        ..timetable()
    }
}

fn placement() -> StartProvision {
    StartProvision {
        kind: Kind::Eotas,
        ends_on: Some(day("2026-07-20")),
        minutes_per_week: None,
        consent: None,
        reason: None,
        placement: Some(Placement::PupilReferralUnit),
        provider: Some(format!("The unit {SECRET}")),
        ..timetable()
    }
}

impl Rig {
    fn provide(&self, who: PersonId, id: WarrnId, given: StartProvision) -> Result<Provision> {
        let settings = ProvisionSettings::default();
        self.t.db.write(&caller(who), move |work| provision::start(work, &vault(), &settings, id, given))
    }

    fn reviewed(&self, who: PersonId, of: &Provision, next_on: Option<NaiveDate>) -> Result<Provision> {
        let (settings, which) = (ProvisionSettings::default(), (of.id, of.version));
        let given = ReviewProvision { held_on: self.today(), note: format!("going well {SECRET}"), next_on };
        self.t.db.write(&caller(who), move |work| provision::review(work, &vault(), &settings, which, &given))
    }

    fn extended(&self, of: &Provision, ends_on: &str) -> Result<Provision> {
        let (settings, which) = (ProvisionSettings::default(), (of.id, of.version));
        let consent =
            (of.kind == Kind::ReducedTimetable).then(|| Consent { by: format!("Parent {SECRET}"), on: self.today() });
        let given = ExtendProvision { ends_on: day(ends_on), reason: format!("slower {SECRET}"), consent };
        self.t.db.write(&caller(self.dsp), move |work| provision::extend(work, &vault(), &settings, which, given))
    }

    fn ended(&self, who: PersonId, of: &Provision, ending: Ending) -> Result<Provision> {
        let which = (of.id, of.version);
        let given = EndProvision { on: self.today(), ending, note: Some(format!("done {SECRET}")) };
        self.t.db.write(&caller(who), move |work| provision::end(work, &vault(), which, given))
    }

    fn provided(&self, who: PersonId, of: &Provision) -> Result<ProvisionFile> {
        let id = of.id;
        self.t.db.write(&testing::stepped_up(&self.t, caller(who)), move |work| provision::file(work, &vault(), id))
    }

    fn all_provided(&self, who: PersonId, id: WarrnId) -> Result<Vec<Provision>> {
        self.t.db.write(&testing::stepped_up(&self.t, caller(who)), move |work| provision::list(work, id))
    }

    /// The open clocks of provision, and until when.
    fn clocks(&self, id: WarrnId) -> Vec<(String, i64, String)> {
        let rows: Vec<(String, i64, Option<Utc>)> = setup(&self.t, move |work| {
            let open = cm::table.filter(cm::done_at.is_null()).filter(cm::dropped_at.is_null());
            Ok(open
                .filter(cm::case_id.eq(CaseId::from_uuid(id.uuid())).and(cm::kind.like("provision_%")))
                .order((cm::kind.asc(), cm::turn.asc()))
                .select((cm::kind, cm::turn, cm::due_at))
                .load(work.conn())?)
        });
        rows.into_iter()
            .map(|(kind, turn, due)| (kind, turn, uk_time(due.unwrap()).format("%m-%d %H:%M").to_string()))
            .collect()
    }

    /// Nothing of the return itself waits: only provision can be late.
    fn returned(&self) -> WarrnId {
        let id = self.acknowledged();
        for step in [self.assessment(), self.meeting(), self.agreed(false)] {
            self.take(self.dsp, id, step).unwrap();
        }
        self.take(self.dsp, id, TakeStep::Return { on: self.today(), attendance: Attendance::FullTime }).unwrap();
        id
    }
}

fn term(rig: &Rig, from: &str, until: &str) {
    let (from, until) = (day(from), day(until));
    setup(&rig.t, move |work| {
        let row = (
            (ct::id.eq(Uid::from_uuid(work.new_id())), ct::begins_on.eq(from), ct::ends_on.eq(until)),
            (ct::name_cy.eq("Tymor"), ct::name_en.eq("Term")),
        );
        diesel::insert_into(ct::table).values(row).execute(work.conn())?;
        Ok(())
    });
}

fn clock(kind: &str, turn: i64, due: &str) -> (String, i64, String) {
    (kind.to_owned(), turn, due.to_owned())
}

#[test]
fn a_reduced_timetable_is_begun_looked_at_extended_and_ended() {
    let rig = rig();
    let id = rig.acknowledged();
    let first = rig.provide(rig.dsp, id, timetable()).unwrap();
    assert_eq!((first.version, first.minutes_per_week, first.school), (1, Some(750), rig.school));
    let begun = [clock("provision_end", 1, "03-27 16:00"), clock("provision_review", 1, "03-16 16:00")];
    assert_eq!(rig.clocks(id), begun);
    rig.go("2026-03-16", 10);
    // The psychologist is a recipient too.
    let second = rig.reviewed(rig.ep_person, &first, Some(day("2026-03-23"))).unwrap();
    let next = [clock("provision_end", 1, "03-27 16:00"), clock("provision_review", 2, "03-23 16:00")];
    assert_eq!((rig.clocks(id), second.version), (next.to_vec(), 2));
    assert_eq!(code(rig.reviewed(rig.dsp, &first, None)), Code::VersionMismatch);
    let far = rig.extended(&second, "2026-04-21").unwrap_err();
    assert_eq!(far.faults[0].code, FaultCode::DateOutOfRange, "six weeks from its first day, and not silently more");
    let third = rig.extended(&second, "2026-04-20").unwrap();
    assert_eq!(third.consent_on, Some(day("2026-03-16")));
    assert_eq!(rig.clocks(id)[0], clock("provision_end", 2, "04-20 16:00"));
    rig.go("2026-04-20", 10);
    assert_eq!(code(rig.ended(rig.dsp, &second, Ending::FullTime)), Code::VersionMismatch);
    let ended = rig.ended(rig.dsp, &third, Ending::FullTime).unwrap();
    assert_eq!(ended.ended, Some((day("2026-04-20"), Ending::FullTime)));
    assert_eq!(rig.clocks(id), [], "an ended one has no clock");
    for change in [rig.reviewed(rig.dsp, &ended, None), rig.extended(&ended, "2026-04-21")] {
        assert_eq!(code(change), Code::StateConflict);
    }
    let file = rig.provided(rig.dsp, &ended).unwrap();
    assert_eq!(file.content.consent_by.as_deref(), Some(format!("Parent {SECRET}").as_str()));
    assert_eq!(file.notes.len(), 3);
    let told: Vec<_> = rig.events(id).into_iter().filter(|k| k.starts_with("provision")).collect();
    let events = ["provision_started", "provision_reviewed", "provision_extended", "provision_ended"];
    assert_eq!(told, events, "none says what is provided");
}

#[test]
fn each_kind_keeps_what_is_its_own_and_faults_are_told_together() {
    let rig = rig();
    let id = rig.acknowledged();
    rig.provide(rig.dsp, id, handling_plan()).unwrap();
    let placed = rig.provide(rig.ep_person, id, placement()).unwrap();
    assert_eq!(rig.clocks(id).len(), 3, "the plan has no end");
    let kinds: Vec<_> = rig.all_provided(rig.dsp, id).unwrap().into_iter().map(|p| (p.kind, p.placement)).collect();
    assert!(kinds.contains(&(Kind::Eotas, Some(Placement::PupilReferralUnit))) && kinds.len() == 2, "{kinds:?}");
    let consent = rig.provide(rig.dsp, id, StartProvision { consent: None, plan: String::new(), ..timetable() });
    let faults: Vec<_> = consent.unwrap_err().faults.into_iter().map(|f| (f.pointer, f.code)).collect();
    assert!(faults.contains(&("/consent".to_owned(), FaultCode::ConsentMissing)), "{faults:?}");
    assert!(faults.iter().any(|(pointer, _)| pointer == "/plan"), "{faults:?}");
    rig.go("2026-06-15", 10);
    let back = rig.ended(rig.dsp, &placed, Ending::ReturnedToSchool).unwrap();
    assert_eq!(back.ended, Some((day("2026-06-15"), Ending::ReturnedToSchool)), "the reintegration");
    assert_eq!(rig.clocks(id).len(), 1, "the handling plan's own stays");
    let rows: (i64, i64) = setup(&rig.t, |work| {
        Ok((
            provisions::table.count().get_result(work.conn())?,
            provision_notes::table.count().get_result(work.conn())?,
        ))
    });
    assert_eq!(rows, (2, 1));
}

#[test]
fn a_date_that_passed_is_told_to_the_recipients_then_to_deputy_and_leads_and_holidays_hold_the_second_back() {
    let rig = rig();
    term(&rig, "2026-01-05", "2026-03-27");
    term(&rig, "2026-04-13", "2026-07-20");
    let id = rig.returned();
    rig.provide(rig.dsp, id, StartProvision { review_on: day("2026-03-24"), ..timetable() }).unwrap();
    // The return's own review is noted; only provision is left to be late before Easter.
    rig.go("2026-03-12", 10);
    rig.take(rig.dsp, id, rig.review(Some(day("2026-04-22")))).unwrap();
    let before = rig.told().len();
    rig.go("2026-03-24", 15);
    assert_eq!(rig.escalate(), 0, "not before its time");
    rig.go("2026-03-24", 17);
    assert_eq!(rig.escalate(), 1, "the review");
    let told = rig.told();
    let new: Vec<_> = told.iter().filter(|(wording, ..)| wording == "provision_overdue").collect();
    let to: Vec<_> = new.iter().map(|(_, _, to)| *to).collect();
    assert!(new.len() == 2 && told.len() == before + 2, "{told:?}");
    assert!(to.contains(&rig.dsp.uuid()) && to.contains(&rig.ep.uuid()));
    assert_eq!(code(rig.provided(rig.lead, &rig.all_provided(rig.dsp, id).unwrap()[0])), Code::NotFound);
    rig.go("2026-03-26", 17);
    assert_eq!(rig.escalate(), 1, "a school day later");
    assert!(rig.file(rig.deputy_dsp, id).is_ok() && rig.file(rig.lead, id).is_ok());
    rig.go("2026-03-27", 18);
    assert_eq!(rig.escalate(), 1, "the end");
    let after = rig.told().len();
    // Easter: the end's second telling counts school days.
    for date in ["2026-03-31", "2026-04-10", "2026-04-13"] {
        rig.go(date, 17);
        assert_eq!(rig.escalate(), 0, "{date}");
    }
    rig.go("2026-04-14", 17);
    assert_eq!(rig.escalate(), 1);
    assert!(rig.told().len() > after);
    rig.go("2026-04-16", 17);
    assert_eq!(rig.escalate(), 0, "that is all for now");
    rig.go("2026-04-17", 17);
    assert_eq!(rig.escalate(), 1, "the review, five school days after the leads were told");
    let late = rig.t.db.read(&caller(rig.dsp), |work| own_steps(work, 7)).unwrap();
    let steps: Vec<_> = late.iter().map(|o| o.step.step).collect();
    assert!(steps.contains(&Step::ProvisionReview) && steps.contains(&Step::ProvisionEnd), "{steps:?}");
}

#[test]
fn an_extended_or_ended_one_is_quiet_and_a_new_date_is_told_anew() {
    let rig = rig();
    let id = rig.returned();
    let first = rig.provide(rig.dsp, id, timetable()).unwrap();
    rig.go("2026-03-12", 10);
    rig.take(rig.dsp, id, rig.review(Some(day("2026-04-22")))).unwrap();
    rig.go("2026-03-16", 10);
    let first = rig.reviewed(rig.dsp, &first, None).unwrap();
    rig.go("2026-03-27", 17);
    assert_eq!(rig.escalate(), 1);
    let longer = rig.extended(&first, "2026-04-02").unwrap();
    rig.go("2026-04-01", 17);
    assert_eq!(rig.escalate(), 0, "the old date is quiet");
    rig.go("2026-04-02", 17);
    assert_eq!(rig.escalate(), 1, "the new one is told");
    rig.ended(rig.dsp, &longer, Ending::FullTime).unwrap();
    rig.go("2026-04-16", 17);
    assert_eq!(rig.escalate(), 0);
}

#[test]
fn the_clocks_of_provision_are_steps_the_return_tells_of() {
    let of_provision: Vec<&str> = Step::ALL.iter().filter(|s| s.is_of_provision()).map(|s| s.as_str()).collect();
    assert_eq!(of_provision, provision::Clock::ALL.iter().map(|c| c.as_str()).collect::<Vec<_>>());
}

#[test]
fn a_record_is_not_closed_while_provision_of_it_runs() {
    let rig = rig();
    let id = rig.returned();
    let placed = rig.provide(rig.dsp, id, placement()).unwrap();
    rig.go("2026-06-01", 10);
    let close = || TakeStep::Close { outcome: Outcome::Sustained12Weeks, note: None };
    let refused = rig.take(rig.dsp, id, close()).unwrap_err();
    assert_eq!(refused.code, Code::StateConflict);
    assert!(refused.detail.is_some_and(|why| why.contains("provision")), "it is said why");
    assert!(!rig.file(rig.dsp, id).unwrap().possible.contains(&Step::Close));
    rig.ended(rig.dsp, &placed, Ending::ReturnedToSchool).unwrap();
    assert!(rig.file(rig.dsp, id).unwrap().possible.contains(&Step::Close), "the control");
    rig.take(rig.dsp, id, rig.review(None)).unwrap();
    rig.take(rig.dsp, id, close()).unwrap();
    assert_eq!(code(rig.provide(rig.dsp, id, timetable())), Code::StateConflict, "none begins in a closed record");
}

#[test]
fn nobody_else_learns_of_it_and_the_sender_not_even_that_it_is() {
    let rig = rig();
    let id = rig.acknowledged();
    let one = rig.provide(rig.dsp, id, timetable()).unwrap();
    let (_, seen) = rig.progress(rig.worker, id).unwrap();
    assert!(seen.steps.iter().all(|s| !s.step.is_of_provision()), "no clock of it");
    for (who, refused) in [
        (rig.worker, Code::Forbidden),
        (rig.deputy_dsp, Code::NotFound),
        (rig.lead, Code::NotFound),
        (rig.deputy_ep_person, Code::NotFound),
        (holder(&rig.t, Role::Administrator, At::default()), Code::NotFound),
    ] {
        assert_eq!(code(rig.provided(who, &one)), refused);
        assert_eq!(code(rig.all_provided(who, id)), refused);
        assert_eq!(code(rig.provide(who, id, timetable())), refused);
        assert_eq!(code(rig.reviewed(who, &one, None)), refused);
        assert_eq!(code(rig.ended(who, &one, Ending::FullTime)), refused);
    }
    let none = Provision { id: ProvisionId::from_uuid(id.uuid()), ..one.clone() };
    assert_eq!(code(rig.provided(rig.dsp, &none)), Code::NotFound, "a record's own id is no provision's");
    // Without a second factor proved lately it stays shut.
    let which = one.id;
    let shut = rig.t.db.write(&caller(rig.dsp), move |work| provision::file(work, &vault(), which));
    assert_eq!(code(shut), Code::StepUpRequired);
    let mut bytes = Vec::new();
    for file in std::fs::read_dir(rig.t.folder.path()).unwrap() {
        bytes.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    assert!(memchr::memmem::find(&bytes, b"reduced_timetable").is_some(), "the scan finds what is there");
    assert!(memchr::memmem::find(&bytes, SECRET.as_bytes()).is_none());
    let words: Vec<_> = rig.audited().into_iter().filter(|(action, _)| action.starts_with("provision.")).collect();
    assert_eq!(words, [("provision.start".to_owned(), one.id.to_string())], "the audit record says which, not what");
}
