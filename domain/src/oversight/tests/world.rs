//! Two schools, a child with a WARRN record and a referral, and the people around them. All invented.

use std::sync::Arc;

use diesel::prelude::*;

use crate::access::Role;
use crate::db::Work;
use crate::db::schema::{audit_entries as a, notices as n, officer_coverage, officer_services, officers};
use crate::directory::services;
use crate::identity::{AddPerson, Member, NewMembership, Preference, add_membership, add_person};
use crate::kernel::*;
use crate::oversight::{self, EmergencyView, NewEmergency, NewReview, OversightSettings};
use crate::pupils::NewPupil;
use crate::referrals::{self, NewConsent, OpenReferral};
use crate::testing::{self, TestDb};
use crate::vault::{MasterKey, Vault};
use crate::warrn::{self, Section, SendWarrn, WarrnSettings};

pub(super) const REASON: &str = "canary reason: the child is in danger and the recipient can't be reached";
pub(super) const NOTE: &str = "canary note: seen and right";

pub(super) struct World {
    pub t: TestDb,
    pub vault: Arc<Vault>,
    pub people: Vec<(&'static str, PersonId, MembershipId)>,
    pub officer: OfficerId,
    pub warrn: warrn::WarrnEnvelope,
    pub referral: referrals::Envelope,
}

fn person(work: &mut Work<'_>, name: &str) -> Result<PersonId> {
    let new = AddPerson {
        email: EmailAddress::parse(&format!("{name}@la.example")).unwrap(),
        name: FreeText::parse(name).unwrap(),
        lang: Preference::Both,
        password: None,
    };
    add_person(work, &new)
}

fn officer(work: &mut Work<'_>, service: ServiceId, name: &str) -> Result<OfficerId> {
    let id = OfficerId::from_uuid(work.new_id());
    let row = (
        (officers::id.eq(id), officers::email.eq(format!("{name}@la.example")), officers::name.eq(name)),
        (officers::role_title.eq("Psychologist"), officers::lang.eq("both"), officers::listed.eq(true)),
        (officers::version.eq(1_i64), officers::updated_at.eq(work.now())),
    );
    diesel::insert_into(officers::table).values(row).execute(work.conn())?;
    let row = (officer_services::officer_id.eq(id), officer_services::service_id.eq(service));
    diesel::insert_into(officer_services::table).values(row).execute(work.conn())?;
    let row = (officer_coverage::officer_id.eq(id), officer_coverage::kind.eq("all"), officer_coverage::value.eq(""));
    diesel::insert_into(officer_coverage::table).values(row).execute(work.conn())?;
    Ok(id)
}

pub(super) fn child(upn: Option<&str>) -> NewPupil {
    NewPupil {
        given_name: "Canarygiven".into(),
        family_name: "Canaryfamily".into(),
        born_on: chrono::NaiveDate::from_ymd_opt(2014, 5, 6).unwrap(),
        upn: upn.map(str::to_owned),
    }
}

pub(super) fn record(upn: Option<&str>) -> SendWarrn {
    SendWarrn {
        school: SchoolNumber::parse("6764001").unwrap(),
        pupil: child(upn),
        agreement: "A-1".into(),
        source: None,
        received_on: None,
        expected_return_on: None,
        summary: vec![Section { heading: "triggers".into(), text: "canary summary".into() }],
    }
}

fn referral() -> OpenReferral {
    OpenReferral {
        school_number: "676/4001".into(),
        service: "bss".into(),
        pupil: child(Some("L676400024001")),
        year_group: 5,
        key_area: Some("bullying".into()),
        urgency: None,
        need: "canary need".into(),
        evidence: Some("canary evidence".into()),
        consent: Some(NewConsent {
            given_by: "parent".into(),
            given_on: chrono::NaiveDate::from_ymd_opt(2026, 3, 1).unwrap(),
        }),
        notes: None,
    }
}

type Place = (Option<SchoolId>, Option<ServiceId>, Option<OfficerId>);

impl World {
    pub(super) fn new() -> Self {
        let t = testing::db();
        let (school, other) = (testing::school(&t, "6764001"), testing::school(&t, "6764002"));
        let made = t.db.write(&Caller::system("test"), move |work| {
            services::ensure_builtin(work)?;
            let (eps, bss) = (services::by_code(work, "eps")?.id, services::by_code(work, "bss")?.id);
            let ep = officer(work, eps, "duty")?;
            let places: [(&'static str, Role, Place); 17] = [
                ("dsp", Role::Dsp, (Some(school), None, None)),
                ("other_dsp", Role::Dsp, (Some(other), None, None)),
                ("head", Role::Headteacher, (Some(school), None, None)),
                ("submitter", Role::SchoolSubmitter, (Some(school), None, None)),
                ("ep", Role::Officer, (None, Some(eps), Some(ep))),
                ("colleague", Role::Officer, (None, Some(eps), None)),
                ("eps_lead", Role::TeamLead, (None, Some(eps), None)),
                ("bss_lead", Role::TeamLead, (None, Some(bss), None)),
                ("bss_officer", Role::Officer, (None, Some(bss), None)),
                ("lead", Role::SafeguardingLead, (None, None, None)),
                ("second_lead", Role::SafeguardingLead, (None, None, None)),
                ("worker", Role::InReachWorker, (None, None, None)),
                ("analyst", Role::Analyst, (None, None, None)),
                ("auditor", Role::Auditor, (None, None, None)),
                ("administrator", Role::Administrator, (None, None, None)),
                ("integration", Role::Integration, (Some(school), None, None)),
                ("third_lead", Role::SafeguardingLead, (None, None, None)),
            ];
            let mut people = Vec::new();
            for (name, role, (school, service, officer)) in places {
                let who = person(work, name)?;
                let new = NewMembership { who: Member::Person(who), role, school, service, officer, deputy: false };
                people.push((name, who, add_membership(work, &new)?));
            }
            Ok((ep, people))
        });
        let (officer, people) = made.unwrap();
        let vault = Arc::new(Vault::new(&MasterKey::new([9; 32])));
        let who = |name| people.iter().find(|(n, ..)| *n == name).unwrap().1;
        let v = Arc::clone(&vault);
        let worker = Caller::person(who("worker"), Lang::En, "test");
        let sent = t.db.write(&worker, move |work| {
            warrn::send(work, &v, &WarrnSettings::default(), record(Some("L676400024001")))
        });
        let v = Arc::clone(&vault);
        let submitter = Caller::person(who("submitter"), Lang::En, "test");
        let opened = t.db.write(&submitter, move |work| referrals::open(work, &v, referral()));
        Self { t, vault, people, officer, warrn: sent.unwrap().record, referral: opened.unwrap() }
    }

    pub(super) fn who(&self, name: &str) -> PersonId {
        self.people.iter().find(|(n, ..)| *n == name).unwrap().1
    }

    pub(super) fn membership(&self, name: &str) -> MembershipId {
        self.people.iter().find(|(n, ..)| *n == name).unwrap().2
    }

    /// A caller whose second factor was proved so many seconds ago.
    pub(super) fn caller(&self, name: &str, proved_ago: Option<i64>) -> Caller {
        let at = proved_ago.map(|s| self.t.clock.now().plus_seconds(-s));
        Caller { second_factor_at: at, ..Caller::person(self.who(name), Lang::En, "test") }
    }

    pub(super) fn write<T: Send + 'static>(
        &self,
        name: &str,
        f: impl FnOnce(&mut Work<'_>, &Vault) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.write_as(&self.caller(name, Some(0)), f)
    }

    pub(super) fn write_as<T: Send + 'static>(
        &self,
        caller: &Caller,
        f: impl FnOnce(&mut Work<'_>, &Vault) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let vault = Arc::clone(&self.vault);
        self.t.db.write(caller, move |work| f(work, &vault))
    }

    pub(super) fn system<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Work<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.t.db.upkeep(&Caller::system("test"), f)
    }

    pub(super) fn start_as(&self, caller: &Caller, new: NewEmergency) -> Result<EmergencyView> {
        let settings = OversightSettings::default();
        self.write_as(caller, move |work, vault| oversight::start(work, vault, &settings, &new))
    }

    /// Breaks the glass over the child of the WARRN record.
    pub(super) fn start(&self, name: &str) -> Result<EmergencyView> {
        self.start_as(&self.caller(name, Some(0)), self.asked())
    }

    pub(super) fn asked(&self) -> NewEmergency {
        NewEmergency { reference: Some(self.warrn.reference.to_string()), pupil: None, reason: REASON.into() }
    }

    pub(super) fn review(&self, name: &str, id: EmergencyId) -> Result<EmergencyView> {
        let new = NewReview { outcome: "appropriate".into(), note: NOTE.into() };
        self.write(name, move |work, vault| oversight::review(work, vault, id, &new))
    }

    pub(super) fn read_warrn(&self, name: &str) -> Result<warrn::WarrnView> {
        let id = self.warrn.id;
        self.write(name, move |work, vault| warrn::read(work, vault, id))
    }

    /// Actions and details on record, oldest first.
    pub(super) fn trail(&self) -> Vec<(String, String)> {
        self.system(|work| Ok(a::table.order(a::seq.asc()).select((a::action, a::detail)).load(work.conn())?)).unwrap()
    }

    /// To whom notices of an emergency were written.
    pub(super) fn told(&self) -> Vec<uuid::Uuid> {
        use crate::db::types::Uid;
        let load = |work: &mut Work<'_>| -> Result<Vec<Uid>> {
            let of = n::table.filter(n::subject_kind.eq("emergency")).order(n::recipient_id.asc());
            Ok(of.select(n::recipient_id).load(work.conn())?)
        };
        self.system(load).unwrap().into_iter().map(Uid::uuid).collect()
    }
}

pub(super) fn code<T: std::fmt::Debug>(result: Result<T>) -> Code {
    result.unwrap_err().code
}

pub(super) fn first_page() -> PageRequest {
    PageRequest::read(None, None).unwrap()
}
