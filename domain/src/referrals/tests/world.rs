//! Two schools, three services, one officer, and the people around them. All invented.

use std::sync::Arc;

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::access::Role;
use crate::db::Work;
use crate::db::schema::{officer_coverage, officer_services, officers};
use crate::directory::services;
use crate::identity::{AddPerson, Member, NewMembership, Preference, add_membership, add_person};
use crate::kernel::{
    Caller, Code, EmailAddress, FaultCode, FreeText, Lang, MembershipId, OfficerId, PageRequest, PersonId, Result,
    SchoolId, ServiceId,
};
use crate::notices::{self, Leased};
use crate::pupils::NewPupil;
use crate::referrals::{Envelope, NewConsent, OpenReferral, Reading, open, read};
use crate::testing::{self, TestDb};
use crate::vault::{MasterKey, Vault};

/// Words that must never be found outside an envelope of the vault.
pub(super) const CANARIES: [&str; 7] = [
    "Canarygiven",
    "Canaryfamily",
    "canary need",
    "canary evidence",
    "canary notes",
    "canary question",
    "canary answer",
];

pub(super) struct World {
    pub t: TestDb,
    pub vault: Arc<Vault>,
    pub a: SchoolId,
    pub eps: ServiceId,
    pub officer: OfficerId,
    /// Submits for school A.
    pub submitter: PersonId,
    /// That membership.
    pub submits: MembershipId,
    /// Designated safeguarding person of school A.
    pub dsp: PersonId,
    /// Headteacher of school A.
    pub head: PersonId,
    /// Submits for school B.
    pub stranger: PersonId,
    /// The person who is `officer`, of the Educational Psychology Service.
    pub psychologist: PersonId,
    /// Leads the Behaviour Support Service, which has no officer.
    pub lead: PersonId,
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

fn member(who: PersonId, role: Role) -> NewMembership {
    NewMembership { who: Member::Person(who), role, school: None, service: None, officer: None, deputy: false }
}

fn officer(work: &mut Work<'_>, service: ServiceId) -> Result<OfficerId> {
    let id = OfficerId::from_uuid(work.new_id());
    let row = (
        (officers::id.eq(id), officers::email.eq("duty.officer@la.example"), officers::name.eq("Duty Officer")),
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

impl World {
    pub(super) fn new() -> Self {
        let t = testing::db();
        let (a, b) = (testing::school(&t, "6764001"), testing::school(&t, "6764002"));
        let people = t.db.write(&Caller::system("test"), move |work| {
            services::ensure_builtin(work)?;
            let (eps, bss) = (services::by_code(work, "eps")?.id, services::by_code(work, "bss")?.id);
            let officer = officer(work, eps)?;
            let mut at = |name: &str, role, school, service, officer| -> Result<(PersonId, MembershipId)> {
                let id = person(work, name)?;
                let role = NewMembership { school, service, officer, ..member(id, role) };
                Ok((id, add_membership(work, &role)?))
            };
            let (submitter, submits) = at("submitter", Role::SchoolSubmitter, Some(a), None, None)?;
            let (dsp, _) = at("dsp", Role::Dsp, Some(a), None, None)?;
            let (head, _) = at("head", Role::Headteacher, Some(a), None, None)?;
            let (stranger, _) = at("stranger", Role::SchoolSubmitter, Some(b), None, None)?;
            let (psychologist, _) = at("psychologist", Role::Officer, None, Some(eps), Some(officer))?;
            let (lead, _) = at("lead", Role::TeamLead, None, Some(bss), None)?;
            Ok((eps, officer, (submitter, submits), dsp, head, stranger, psychologist, lead))
        });
        let (eps, officer, (submitter, submits), dsp, head, stranger, psychologist, lead) = people.unwrap();
        let vault = Arc::new(Vault::new(&MasterKey::new([9; 32])));
        Self { t, vault, a, eps, officer, submitter, submits, dsp, head, stranger, psychologist, lead }
    }

    pub(super) fn caller(who: PersonId) -> Caller {
        Caller::person(who, Lang::En, "test")
    }

    pub(super) fn write<T: Send + 'static>(
        &self,
        who: PersonId,
        f: impl FnOnce(&mut Work<'_>, &Vault) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let vault = Arc::clone(&self.vault);
        self.t.db.write(&testing::stepped_up(&self.t, Self::caller(who)), move |work| f(work, &vault))
    }

    pub(super) fn see<T>(&self, who: PersonId, f: impl FnOnce(&mut Work<'_>) -> Result<T>) -> Result<T> {
        self.t.db.read(&Self::caller(who), f)
    }

    pub(super) fn open(&self, who: PersonId, raw: OpenReferral) -> Result<Envelope> {
        self.write(who, move |work, vault| open(work, vault, raw))
    }

    /// A referral of the usual child from school A to the Educational Psychology Service.
    pub(super) fn opened(&self) -> Envelope {
        self.open(self.submitter, referral()).unwrap()
    }

    pub(super) fn read(&self, who: PersonId, referral: &Envelope) -> Result<Reading> {
        let id = referral.id;
        self.write(who, move |work, vault| read(work, vault, id))
    }

    /// What waits in the outbox now; taking it makes it wait no more.
    pub(super) fn outbox(&self) -> Vec<Leased> {
        self.t.db.upkeep(&Caller::system("worker"), |work| notices::claim(work, 100, 86_400)).unwrap()
    }

    /// Every byte of the database's files.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let files = std::fs::read_dir(self.t.folder.path()).unwrap();
        files.flat_map(|f| std::fs::read(f.unwrap().path()).unwrap()).collect()
    }

    /// The actions on record, oldest first.
    pub(super) fn trail(&self) -> Vec<String> {
        use crate::db::schema::audit_entries as x;
        let load = |work: &mut Work<'_>| Ok(x::table.order(x::seq.asc()).select(x::action).load(work.conn())?);
        self.t.db.read(&Caller::system("test"), load).unwrap()
    }
}

pub(super) fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

pub(super) fn first_page() -> PageRequest {
    PageRequest::read(None, None).unwrap()
}

pub(super) fn referral() -> OpenReferral {
    OpenReferral {
        school_number: "676/4001".into(),
        service: "eps".into(),
        pupil: NewPupil {
            given_name: "Canarygiven".into(),
            family_name: "Canaryfamily".into(),
            born_on: NaiveDate::from_ymd_opt(2014, 5, 6).unwrap(),
            upn: Some("L676400024001".into()),
        },
        year_group: 5,
        key_area: Some("bullying".into()),
        urgency: None,
        need: "canary need".into(),
        evidence: Some("canary evidence".into()),
        consent: Some(NewConsent { given_by: "parent".into(), given_on: day(3, 1) }),
        notes: Some("canary notes".into()),
    }
}

/// The code of a refusal.
pub(super) fn code<T: std::fmt::Debug>(result: Result<T>) -> Code {
    result.unwrap_err().code
}

/// The places and codes of the faults of a refusal.
pub(super) fn faults<T: std::fmt::Debug>(result: Result<T>) -> Vec<(String, FaultCode)> {
    let error = result.unwrap_err();
    assert_eq!(error.code, Code::InvalidBody, "{error}");
    error.faults.into_iter().map(|f| (f.pointer, f.code)).collect()
}
