//! The records asked about, made through the domain's own services and then put where a cell wants them.

use std::collections::BTreeMap;

use diesel::prelude::*;
use dolen_domain::access::Role;
use dolen_domain::cases::OfCase as _;
use dolen_domain::db::Work;
use dolen_domain::db::schema::{
    case_milestones as cm, case_recipients as wr, cases as c, emergency_accesses as e, people as p, pupils as pu,
    referrals as r, warrn_returns as ret, warrn_steps as s,
};
use dolen_domain::db::types::Uid;
use dolen_domain::directory::services;
use dolen_domain::kernel::{
    Actor, Bilingual, Caller, CampaignId, CaseId, Code, EmergencyId, Lang, MilestoneId, OfficerId, PersonId, PupilId,
    Reference, ReferralId, Result, SchoolId, SchoolNumber, WarrnId, YearGroup,
};
use dolen_domain::pupils::{self, NewPupil};
use dolen_domain::referrals::{self, NewConsent, OpenReferral, State};
use dolen_domain::surveys::campaigns::{self, NewCampaign, SchoolsIn};
use dolen_domain::surveys::codes::{self, NewSheet};
use dolen_domain::surveys::releases::{self, Reason};
use dolen_domain::surveys::responses::{self as bulk, Format, Limits, Mode, Reader};
use dolen_domain::vault::{Place, Vault};
use dolen_domain::warrn::returns::{Step, StepContent};
use dolen_domain::warrn::{self, Section, SendWarrn};
use dolen_tests::TestApp;
use dolen_tests::world::fresh_concern;
use uuid::Uuid;

use super::cases::{self, Kept};
use super::operations::Target;

/// What every planted secret contains, and nothing else does.
pub const CANARY: &str = dolen_tests::canary::STEM;
/// A planted date of birth.
pub const BORN: &str = "2011-11-11";
/// The same, as pages write it.
pub const BORN_IN_WORDS: [&str; 2] = ["11 November 2011", "11 Tachwedd 2011"];

/// The service whose officers and leads may break the glass, by default.
pub const EMERGENCY_SERVICE: &str = "eps";

/// What the decision may depend on, as the test knows it.
#[derive(Debug, Clone, Default)]
pub struct Thing {
    pub id: Uuid,
    pub reference: String,
    /// Which of the ways it can stand to the one who asks.
    pub what: &'static str,
    pub school: Option<usize>,
    pub service: Option<&'static str>,
    pub officer: Option<OfficerId>,
    pub people: Vec<PersonId>,
    pub officers: Vec<OfficerId>,
    /// Services whose leads it was told to.
    pub leads: Vec<&'static str>,
    pub sender: Option<Actor>,
    /// A recipient whose time has run out.
    pub once: Option<PersonId>,
    /// Who has an emergency access to its child.
    pub emergency: Option<PersonId>,
    /// Whether it is over.
    pub closed: bool,
    /// What is kept with it.
    pub kept: Kept,
    /// Whether its child is at another school by now.
    pub moved: bool,
    /// Whether its clocks stand still.
    pub paused: bool,
    /// Whether its school has been asked something.
    pub asked: bool,
    /// The steps of its return that are done already.
    pub done: &'static [&'static str],
    /// Whether several cells stand on it.
    pub shared: bool,
    /// Something said in it that only those with its content may read.
    pub canary: String,
    /// The child's unique pupil number.
    pub upn: Option<String>,
}

fn parts(actor: Actor) -> (&'static str, Uid) {
    (actor.kind(), Uid::from_uuid(actor.uuid().unwrap()))
}

fn pupil(canary: &str, upn: Option<String>) -> NewPupil {
    NewPupil {
        given_name: format!("Enw {canary}"),
        family_name: format!("Teulu {canary}"),
        born_on: BORN.parse().unwrap(),
        upn,
    }
}

/// Makes the records, each carrying along what it was wanted for.
pub fn make<T>(app: &TestApp, wanted: Vec<(Target, Thing, T)>) -> Vec<(Thing, T)> {
    let mut groups: BTreeMap<(bool, usize), Vec<(Thing, T)>> = BTreeMap::new();
    for (target, thing, why) in wanted {
        let school = thing.school.unwrap();
        groups.entry((target == Target::Warrn, school)).or_default().push((thing, why));
    }
    let mut made = Vec::new();
    for ((is_warrn, school), group) in groups {
        let (things, why): (Vec<_>, Vec<_>) = group.into_iter().unzip();
        let mut things = if is_warrn { warrns(app, school, things) } else { referrals(app, school, things) };
        cases::keep(app, school, &mut things);
        made.extend(things.into_iter().zip(why));
    }
    made
}

/// Makes referrals of a school; one without an officer waits in a queue.
fn referrals(app: &TestApp, school: usize, wanted: Vec<Thing>) -> Vec<Thing> {
    if wanted.is_empty() {
        return wanted;
    }
    let (number, vault) = (app.world().schools[school].number.clone(), app.app().vault.clone());
    let opener = Caller::person(app.world().who_at(Role::SchoolSubmitter, school).id, Lang::En, "test");
    let made = app.db().write(&opener, move |work| {
        let mut made = Vec::new();
        for mut thing in wanted {
            let canary = dolen_tests::canary::fresh();
            let envelope = referrals::open(work, &vault, open_referral(&number, &thing, &canary))?;
            let (kind, sender) = parts(thing.sender.unwrap());
            let queue = thing.officer.is_none().then(|| "queue".to_owned());
            let state = if thing.asked { State::InfoRequested } else { State::Submitted };
            diesel::update(r::table.find(envelope.id)).set(r::state.eq(state)).execute(work.conn())?;
            diesel::update(c::table.find(envelope.id.case()))
                .set((
                    (c::opened_by_kind.eq(kind), c::opened_by_id.eq(sender)),
                    (c::officer_id.eq(thing.officer), c::queue.eq(queue)),
                ))
                .execute(work.conn())?;
            if let Some(person) = thing.emergency {
                break_glass(work, person, envelope.id.case())?;
            }
            (thing.id, thing.reference, thing.canary) = (envelope.id.uuid(), envelope.reference.to_string(), canary);
            made.push(thing);
        }
        Ok(made)
    });
    made.unwrap()
}

/// Closes a referral that is to be over. Before, nothing more could be kept with it.
pub fn close(work: &mut Work<'_>, case: CaseId) -> Result<()> {
    let (now, referral) = (work.now(), ReferralId::from_uuid(case.uuid()));
    diesel::update(r::table.find(referral)).set(r::state.eq(State::Declined)).execute(work.conn())?;
    diesel::update(c::table.find(case))
        .set((c::closed_at.eq(Some(now)), c::close_reason.eq(Some("declined"))))
        .execute(work.conn())?;
    Ok(())
}

/// An emergency access to a case's child, put in from beside: how one is come by is tried in the area of oversight.
fn break_glass(work: &mut Work<'_>, person: PersonId, case: CaseId) -> Result<()> {
    let (pupil, school): (PupilId, SchoolId) =
        c::table.find(case).select((c::pupil_id, c::school_id)).first(work.conn())?;
    let eps = services::by_code(work, EMERGENCY_SERVICE)?.id;
    let (id, now) = (EmergencyId::from_uuid(work.new_id()), work.now());
    let row = (
        (e::id.eq(id), e::reference.eq(Reference::random(work.chance()).to_string()), e::role.eq("officer")),
        (e::person_id.eq(person), e::pupil_id.eq(pupil), e::school_id.eq(school), e::service_id.eq(Some(eps))),
        (e::reason.eq(vec![0_u8]), e::started_at.eq(now), e::ends_at.eq(now.plus_seconds(3600)), e::live.eq(true)),
    );
    diesel::insert_into(e::table).values(row).execute(work.conn())?;
    Ok(())
}

/// A referral with its secret in every field that can hold one.
fn open_referral(number: &str, thing: &Thing, canary: &str) -> OpenReferral {
    OpenReferral {
        school_number: number.to_owned(),
        service: thing.service.unwrap().to_owned(),
        pupil: pupil(canary, thing.upn.clone()),
        year_group: 9,
        key_area: None,
        urgency: None,
        need: format!("angen {canary}"),
        evidence: Some(format!("tystiolaeth {canary}")),
        consent: Some(NewConsent { given_by: "parent".to_owned(), given_on: "2026-02-20".parse().unwrap() }),
        notes: Some(format!("nodiadau {canary}")),
    }
}

/// Stands among the steps of a record without special provision: one that has some can't be closed.
pub const NO_PROVISION: &str = "no_provision";

/// Stands among the steps of a record whose child has moved on before it is handed over.
pub const CHILD_MOVED: &str = "child_moved";

/// The steps that must be done before an operation or a field can be carried out.
pub fn before(operation: &str) -> &'static [&'static str] {
    match operation.trim_start_matches("graphql ") {
        "page GET /warrn/{id}/steps/{step}" | "page POST /warrn/{id}/steps/{step}" => &["acknowledge_dsp"],
        "assess_warrn_risk" | "hold_warrn_meeting" | "record_warrn_return" => &["acknowledge_dsp"],
        "assessWarrnRisk" | "holdWarrnMeeting" | "recordWarrnReturn" => &["acknowledge_dsp"],
        "hand_over_warrn_record"
        | "handOverWarrnRecord"
        | "page GET /warrn/{id}/hand-over"
        | "page POST /warrn/{id}/hand-over" => &[CHILD_MOVED],
        "close_warrn_record" | "closeWarrnRecord" => &["acknowledge_dsp", NO_PROVISION],
        "agree_warrn_plan" | "agreeWarrnPlan" => &["acknowledge_dsp", "risk_assessment", "return_meeting"],
        "end_warrn_part_time" | "review_warrn_return" | "endWarrnPartTime" | "reviewWarrnReturn" => {
            &["acknowledge_dsp", "return"]
        }
        "withdraw_warrn_return" | "withdrawWarrnReturn" => &["acknowledge_dsp", "return"],
        _ => &[],
    }
}

/// Makes steps done; after a return a part-time timetable waits for its end.
fn finish(work: &mut Work<'_>, id: WarrnId, done: &[&'static str]) -> Result<()> {
    let now = work.now();
    let of_case = cm::table.filter(cm::case_id.eq(id.case())).filter(cm::kind.eq_any(done.to_vec()));
    diesel::update(of_case).set(cm::done_at.eq(now)).execute(work.conn())?;
    if done.contains(&"return") {
        let today = now.date();
        diesel::update(ret::table.find(id))
            .set((ret::returned_on.eq(today - chrono::Days::new(20)), ret::attendance.eq("part_time")))
            .execute(work.conn())?;
        let milestone = MilestoneId::from_uuid(work.new_id());
        diesel::insert_into(cm::table)
            .values((
                (cm::id.eq(milestone), cm::case_id.eq(id.case()), cm::kind.eq("full_time"), cm::turn.eq(1_i64)),
                (cm::due_at.eq(now), cm::stage.eq(0_i64), cm::next_stage_at.eq(now)),
            ))
            .execute(work.conn())?;
    }
    Ok(())
}

/// Something said at a review long past, so that the file of the return holds a secret of its own.
fn say_at_a_review(work: &mut Work<'_>, vault: &Vault, id: WarrnId, canary: &str) -> Result<()> {
    let pupil: PupilId = c::table.find(id.case()).select(c::pupil_id).first(work.conn())?;
    let by: PersonId = p::table.select(p::id).first(work.conn())?;
    let (row, key) = (work.new_id(), pupils::key(work, vault, pupil)?);
    let place = Place { table: "warrn_steps", column: "content", row };
    let said = StepContent::Note(format!("adolygiad {canary}"));
    let content = vault.seal(&key, place, &said, work.chance())?.into_stored();
    diesel::insert_into(s::table)
        .values((
            (s::id.eq(Uid::from_uuid(row)), s::record_id.eq(id), s::step.eq(Step::Review), s::turn.eq(99_i64)),
            (s::held_on.eq(work.now().date()), s::content.eq(Some(content))),
            (s::noted_at.eq(work.now()), s::noted_by.eq(by)),
        ))
        .execute(work.conn())?;
    Ok(())
}

/// Makes WARRN records of a school. The first person is named for the school's part, or who was named once and whose
/// time has run out; the first officer for the psychologist's.
fn warrns(app: &TestApp, school: usize, wanted: Vec<Thing>) -> Vec<Thing> {
    let (vault, settings) = (app.app().vault.clone(), app.app().settings.warrn.clone());
    let number = app.world().schools[school].number.clone();
    let elsewhere = app.world().schools[(school + 1) % app.world().schools.len()].id;
    let sender = Caller::person(app.world().who(Role::InReachWorker).id, Lang::En, "test");
    let made = app.db().write(&sender, move |work| {
        let mut made = Vec::new();
        for mut thing in wanted {
            let canary = dolen_tests::canary::fresh();
            let sent = warrn::send(work, &vault, &settings, send_warrn(&number, &thing, &canary))?;
            let (id, (kind, sender)) = (sent.record.id, parts(thing.sender.unwrap()));
            diesel::update(c::table.find(id.case()))
                .set((c::opened_by_kind.eq(kind), c::opened_by_id.eq(sender)))
                .execute(work.conn())?;
            finish(work, id, thing.done)?;
            if thing.moved || thing.done.contains(&CHILD_MOVED) {
                let pupil: PupilId = c::table.find(id.case()).select(c::pupil_id).first(work.conn())?;
                diesel::update(pu::table.find(pupil)).set(pu::school_id.eq(elsewhere)).execute(work.conn())?;
            }
            say_at_a_review(work, &vault, id, &canary)?;
            let of = |part: &'static str| wr::table.filter(wr::case_id.eq(id.case())).filter(wr::part.eq(part));
            let person = thing.once.or(thing.people.first().copied()).unwrap();
            let ends = thing.once.map(|_| work.now());
            diesel::update(of("dsp"))
                .set((wr::person_id.eq(Some(person)), wr::officer_id.eq(None::<OfficerId>), wr::ends_at.eq(ends)))
                .execute(work.conn())?;
            diesel::update(of("ep"))
                .set((wr::officer_id.eq(thing.officers.first().copied()), wr::person_id.eq(None::<PersonId>)))
                .execute(work.conn())?;
            if let Some(person) = thing.emergency {
                break_glass(work, person, id.case())?;
            }
            (thing.id, thing.reference, thing.canary) = (id.uuid(), sent.record.reference.to_string(), canary);
            made.push(thing);
        }
        Ok(made)
    });
    made.unwrap()
}

/// A record with its secret in every field that can hold one.
fn send_warrn(number: &str, thing: &Thing, canary: &str) -> SendWarrn {
    SendWarrn {
        school: SchoolNumber::parse(number).unwrap(),
        pupil: pupil(canary, thing.upn.clone()),
        agreement: "WASPI-2026-01".to_owned(),
        source: None,
        received_on: None,
        expected_return_on: None,
        summary: vec![Section { heading: "triggers".to_owned(), text: format!("crynodeb {canary}") }],
    }
}

/// A child there is.
pub fn some_child(app: &TestApp) -> Uuid {
    use dolen_domain::db::schema::pupils as p;
    app.read(|work| Ok(p::table.select(p::id).first::<PupilId>(work.conn())?)).uuid()
}

fn campaign(opens: &str, closes: &str) -> NewCampaign {
    NewCampaign {
        instrument: "bullying".to_owned(),
        instrument_version: None,
        academic_year: "2025/26".to_owned(),
        title: Bilingual { cy: "Arolwg".to_owned(), en: "Survey".to_owned() },
        opens_on: opens.parse().unwrap(),
        closes_on: closes.parse().unwrap(),
        late_days: 0,
        years: Vec::new(),
        schools: SchoolsIn::AllOpen,
    }
}

/// Makes a campaign of every school, open on the test's day, and one that is over.
pub fn campaigns(app: &TestApp) -> (Uuid, Uuid) {
    app.write(move |work| {
        dolen_domain::instruments::ensure_builtin(work)?;
        let open = campaigns::create(work, campaign("2026-03-01", "2026-04-30"))?;
        let over = campaigns::create(work, campaign("2026-01-05", "2026-02-06"))?;
        Ok((open.id.uuid(), over.id.uuid()))
    })
}

/// Publishes a campaign's results.
pub fn publish(app: &TestApp, campaign: Uuid) {
    let id = CampaignId::from_uuid(campaign);
    let line = app.write(move |work| releases::ask(work, id, Reason::First));
    let vault = app.app().vault.clone();
    let gathered = app.read(move |work| releases::gather(work, &vault, &line));
    let judged = releases::decide(gathered, releases::Threshold::default());
    assert!(app.write(move |work| releases::keep(work, &judged)));
}

/// Makes one more that is open.
pub fn another(app: &TestApp) -> Uuid {
    app.write(|work| Ok(campaigns::create(work, campaign("2026-03-01", "2026-04-30"))?.id.uuid()))
}

/// Makes one more that is over.
pub fn silent(app: &TestApp) -> Uuid {
    app.write(|work| Ok(campaigns::create(work, campaign("2026-01-05", "2026-02-06"))?.id.uuid()))
}

/// A body of responses that nobody has sent.
pub fn responses() -> serde_json::Value {
    serde_json::json!({"responses": [
        {"year_group": 8, "row_key": Uuid::new_v4(), "answers": {"safe_school": "always"}},
    ]})
}

/// A body of responses that was taken in for a school, if there is such a one in the campaign.
pub fn sent(app: &TestApp, campaign: Uuid, school: &str) -> serde_json::Value {
    let (body, vault) = (responses(), app.app().vault.clone());
    let (campaign, number) = (CampaignId::from_uuid(campaign), SchoolNumber::parse(school).unwrap());
    let bytes = serde_json::to_vec(&body).unwrap();
    let taken = app.db().write(&Caller::system("test"), move |work| {
        let mut reader = Reader::new(Format::Json, bulk::begin(work, campaign, &number)?, Limits::default());
        reader.feed(&bytes)?;
        bulk::submit(work, &vault, (campaign, &number), reader.finish()?, Mode::All, false)
    });
    if let Err(error) = taken {
        assert_eq!(error.code, Code::NotFound);
    }
    body
}

/// A sheet of codes of the first school's, and a concern.
pub fn sheet(app: &TestApp, campaign: Uuid) -> (Uuid, Uuid) {
    let concern = fresh_concern(app, campaign, &app.world().schools[0].number);
    let number = SchoolNumber::parse(&app.world().schools[0].number).unwrap();
    let (vault, campaign) = (app.app().vault.clone(), CampaignId::from_uuid(campaign));
    let new = NewSheet { year_group: YearGroup::new(8).unwrap(), class: "8 Glas".to_owned(), size: 2 };
    let sheet = app.write(move |work| Ok(codes::make(work, &vault, (campaign, &number), new)?.sheet.id.uuid()));
    (sheet, concern)
}
