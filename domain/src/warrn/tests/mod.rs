//! Records sent, read, acknowledged and escalated, on a database of their own.

mod after_closing;
mod alerts;
mod clock;
mod lateness;
mod moving;
mod part_time;
mod provision;
mod random;
mod reading;
mod recounting;
mod returning;
mod sending;
mod succession;
mod sustained;
mod taking_back;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::*;
use crate::access::Role;
use crate::audit::{self, Object};
use crate::db::Work;
use crate::db::schema::{
    audit_entries, case_recipients, memberships as m, notices as n, officer_coverage, officer_services, officers as o,
    people as p, pupils, services, warrn_records,
};
use crate::db::types::{Json, Uid};
use crate::kernel::*;
use crate::notices::Recipient;
use crate::pupils::NewPupil;
use crate::testing::{self, TestDb};
use crate::vault::{MasterKey, Vault};

const SECRET: &str = "canary-kestrel-7431";
const DAY: i64 = 86_400;

/// A school with everybody who could meet a record, and the people around it.
struct Rig {
    t: TestDb,
    school: SchoolId,
    eps: ServiceId,
    dsp: PersonId,
    deputy_dsp: PersonId,
    ep: OfficerId,
    ep_person: PersonId,
    deputy_ep: OfficerId,
    deputy_ep_person: PersonId,
    lead: PersonId,
    worker: PersonId,
}

fn vault() -> Vault {
    Vault::new(&MasterKey::new([3; 32]))
}

fn setup<T: Send + 'static>(t: &TestDb, f: impl FnOnce(&mut Work<'_>) -> Result<T> + Send + 'static) -> T {
    t.db.upkeep(&Caller::system("test"), f).unwrap()
}

fn person(t: &TestDb) -> PersonId {
    setup(t, |work| {
        let id = PersonId::from_uuid(work.new_id());
        let row = (
            (p::id.eq(id), p::email.eq(format!("{id}@la.example")), p::name.eq("Person"), p::lang.eq("cy")),
            (p::active.eq(true), p::failed_sign_ins.eq(0_i64), p::version.eq(1_i64), p::created_at.eq(work.now())),
        );
        diesel::insert_into(p::table).values(row).execute(work.conn())?;
        Ok(id)
    })
}

/// Where a role is held.
#[derive(Clone, Copy, Default)]
struct At {
    school: Option<SchoolId>,
    service: Option<ServiceId>,
    officer: Option<OfficerId>,
    deputy: bool,
}

fn give(t: &TestDb, person: PersonId, role: Role, at: At) {
    setup(t, move |work| {
        let row = (
            (m::id.eq(MembershipId::from_uuid(work.new_id())), m::person_id.eq(Some(person)), m::role.eq(role)),
            (m::school_id.eq(at.school), m::service_id.eq(at.service), m::officer_id.eq(at.officer)),
            (m::deputy.eq(at.deputy), m::state.eq("confirmed"), m::begins_at.eq(work.now())),
        );
        diesel::insert_into(m::table).values(row).execute(work.conn())?;
        Ok(())
    });
}

fn holder(t: &TestDb, role: Role, at: At) -> PersonId {
    let id = person(t);
    give(t, id, role, at);
    id
}

fn end_all(t: &TestDb, person: PersonId) {
    setup(t, move |work| {
        let now = work.now();
        diesel::update(m::table.filter(m::person_id.eq(person))).set(m::ends_at.eq(now)).execute(work.conn())?;
        Ok(())
    });
}

/// An officer of the service who covers this, with the person who signs in as them.
fn officer(t: &TestDb, service: ServiceId, cover: (&'static str, &'static str)) -> (OfficerId, PersonId) {
    let id = setup(t, move |work| {
        let id = OfficerId::from_uuid(work.new_id());
        let row = (
            (o::id.eq(id), o::email.eq(format!("{id}@la.example")), o::name.eq("Officer"), o::role_title.eq("EP")),
            (o::lang.eq("en"), o::listed.eq(true), o::version.eq(1_i64), o::updated_at.eq(work.now())),
        );
        diesel::insert_into(o::table).values(row).execute(work.conn())?;
        let row = (officer_services::officer_id.eq(id), officer_services::service_id.eq(service));
        diesel::insert_into(officer_services::table).values(row).execute(work.conn())?;
        let row = (
            officer_coverage::officer_id.eq(id),
            officer_coverage::kind.eq(cover.0),
            officer_coverage::value.eq(cover.1),
        );
        diesel::insert_into(officer_coverage::table).values(row).execute(work.conn())?;
        Ok(id)
    });
    (id, holder(t, Role::Officer, At { officer: Some(id), service: Some(service), ..At::default() }))
}

fn set_deputy(t: &TestDb, of: OfficerId, deputy: Option<OfficerId>) {
    setup(t, move |work| {
        diesel::update(o::table.find(of)).set(o::deputy_id.eq(deputy)).execute(work.conn())?;
        Ok(())
    });
}

fn set_absent(t: &TestDb, id: OfficerId) {
    setup(t, move |work| {
        let today = work.now().date();
        let away = (o::absent_from.eq(today), o::absent_until.eq(today + chrono::Days::new(30)));
        diesel::update(o::table.find(id)).set(away).execute(work.conn())?;
        Ok(())
    });
}

fn service(t: &TestDb) -> ServiceId {
    setup(t, |work| {
        let id = ServiceId::from_uuid(work.new_id());
        let gate = serde_json::json!({
            "years": null, "phases": [], "consent_required": false, "evidence_required": false, "queue": "eps"
        });
        let row = (
            (services::id.eq(id), services::code.eq("eps"), services::name_cy.eq("GSA"), services::name_en.eq("EPS")),
            (services::gate.eq(Json(gate)), services::active.eq(true)),
        );
        diesel::insert_into(services::table).values(row).execute(work.conn())?;
        Ok(id)
    })
}

fn rig() -> Rig {
    let t = testing::db();
    let school = testing::school(&t, "6764051");
    let eps = service(&t);
    let at_school = At { school: Some(school), ..At::default() };
    let (deputy_ep, deputy_ep_person) = officer(&t, eps, ("all", ""));
    let (ep, ep_person) = officer(&t, eps, ("school", "6764051"));
    set_deputy(&t, ep, Some(deputy_ep));
    let deputy_dsp = holder(&t, Role::Dsp, At { deputy: true, ..at_school });
    let dsp = holder(&t, Role::Dsp, at_school);
    let lead = holder(&t, Role::SafeguardingLead, At::default());
    let worker = holder(&t, Role::InReachWorker, At::default());
    Rig { t, school, eps, dsp, deputy_dsp, ep, ep_person, deputy_ep, deputy_ep_person, lead, worker }
}

fn caller(id: PersonId) -> Caller {
    Caller::person(id, Lang::Cy, "test")
}

fn record() -> SendWarrn {
    SendWarrn {
        school: SchoolNumber::parse("6764051").unwrap(),
        pupil: NewPupil {
            given_name: format!("Given-{SECRET}"),
            family_name: "Family".to_owned(),
            born_on: NaiveDate::from_ymd_opt(2012, 5, 6).unwrap(),
            upn: Some("L676400024001".to_owned()),
        },
        agreement: "ISP-2026-014".to_owned(),
        source: Some(returns::Source::CamhsInReach),
        received_on: None,
        expected_return_on: NaiveDate::from_ymd_opt(2026, 3, 9),
        summary: vec![Section { heading: "safety_plan".to_owned(), text: format!("Text {SECRET}") }],
    }
}

impl Rig {
    fn try_send(&self, sent: SendWarrn) -> Result<Sent> {
        self.t.db.write(&caller(self.worker), move |work| send(work, &vault(), &WarrnSettings::default(), sent))
    }

    fn try_send_as(&self, who: PersonId) -> Result<Sent> {
        self.t.db.write(&caller(who), |work| send(work, &vault(), &WarrnSettings::default(), record()))
    }

    fn send(&self) -> Sent {
        self.try_send(record()).unwrap()
    }

    fn read(&self, who: PersonId, id: WarrnId) -> Result<WarrnView> {
        self.t.db.write(&testing::stepped_up(&self.t, caller(who)), move |work| read(work, &vault(), id))
    }

    fn acknowledge(&self, who: PersonId, id: WarrnId, version: i64) -> Result<Acknowledged> {
        self.t.db.write(&caller(who), move |work| acknowledge(work, id, version))
    }

    fn list(&self, who: PersonId) -> Result<Vec<WarrnListed>> {
        let request = PageRequest { limit: Limit::new(None).unwrap(), after: None };
        self.t.db.read(&caller(who), |work| list(work, request)).map(|page| page.items)
    }

    fn escalate(&self) -> usize {
        let system = Caller::system("worker");
        let tend = |(id, _)| self.t.db.write(&system, move |work| tend(work, &WarrnSettings::default(), id)).unwrap();
        self.waiting().into_iter().map(tend).sum()
    }

    /// What the clock has something to do in.
    fn waiting(&self) -> Vec<(WarrnId, String)> {
        self.t.db.read(&Caller::system("worker"), |w| waiting_for_clock(w, &WarrnSettings::default())).unwrap()
    }

    /// Who was told what, in order.
    fn told(&self) -> Vec<(String, String, uuid::Uuid)> {
        setup(&self.t, |work| {
            let rows: Vec<(String, String, Uid)> = n::table
                .order((n::created_at.asc(), n::recipient_kind.desc()))
                .select((n::wording, n::recipient_kind, n::recipient_id))
                .load(work.conn())?;
            Ok(rows.into_iter().map(|(w, k, id)| (w, k, id.uuid())).collect())
        })
    }

    /// The audit record's words on WARRN records.
    fn audited(&self) -> Vec<(String, String)> {
        setup(&self.t, |work| {
            Ok(audit_entries::table
                .filter(audit_entries::object_kind.eq("warrn"))
                .order(audit_entries::seq.asc())
                .select((audit_entries::action, audit_entries::detail))
                .load(work.conn())?)
        })
    }
}

fn code<T>(result: Result<T>) -> Code {
    result.err().expect("a refusal").code
}
