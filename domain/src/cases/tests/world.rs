//! One school with a referral and a WARRN record, those who stand to them in every way, and strangers. All invented.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::access::{self, Action, Facts, Role};
use crate::audit::{self, Object};
use crate::cases::{self, CaseKind, DocumentRules, NewCase, NewDocument, NewPerson, NewTask, Scan};
use crate::db::Work;
use crate::db::schema::{audit_entries, case_recipients as cr, officers};
use crate::directory::services;
use crate::identity::{AddPerson, Member, NewClient, NewMembership, Preference, add_client, add_membership};
use crate::kernel::{
    Actor, Caller, CaseId, ClientId, Code, EmailAddress, FaultCode, FreeText, Lang, OfficerId, PersonId, Reference,
    Result, SchoolId, Scopes, ServiceId,
};
use crate::pupils::{self, PupilIdentity};
use crate::testing::{self, TestDb};
use crate::vault::{MasterKey, Vault};

/// Children made up so far.
static CHILDREN: AtomicU32 = AtomicU32::new(0);

pub(super) const ALL_SCOPES: &str = "referrals:read referrals:write warrn:read warrn:write directory:read";

pub(super) struct World {
    pub t: TestDb,
    pub vault: Arc<Vault>,
    pub school: SchoolId,
    pub eps: ServiceId,
    pub officer: OfficerId,
    /// The person who is `officer`, of the Educational Psychology Service: holds the referral, receives the record.
    pub psychologist: PersonId,
    /// Leads that service.
    pub lead: PersonId,
    /// Designated safeguarding person of the school: may keep both.
    pub dsp: PersonId,
    /// Headteacher: sees the referral, and nothing else.
    pub head: PersonId,
    /// Safeguarding person of another school.
    pub stranger: PersonId,
    /// Sent the record, and may not read it.
    pub worker: PersonId,
    /// The school's system, which opened the referral.
    pub system: ClientId,
    /// The health board's system, which sent the record.
    pub health: ClientId,
    pub referral: CaseId,
    pub warrn: CaseId,
}

fn person(work: &mut Work<'_>, name: &str) -> Result<PersonId> {
    let new = AddPerson {
        email: EmailAddress::parse(&format!("{name}@la.example")).unwrap(),
        name: FreeText::parse(name).unwrap(),
        lang: Preference::Both,
        password: None,
    };
    crate::identity::add_person(work, &new)
}

fn client(work: &mut Work<'_>, name: &str) -> Result<ClientId> {
    let new = NewClient {
        name: FreeText::parse(name).unwrap(),
        scopes: Scopes::parse(ALL_SCOPES),
        expires_at: None,
        networks: crate::identity::Networks::default(),
    };
    Ok(add_client(work, &new)?.0)
}

fn officer(work: &mut Work<'_>) -> Result<OfficerId> {
    let id = OfficerId::from_uuid(work.new_id());
    let row = (
        (officers::id.eq(id), officers::email.eq("duty.officer@la.example"), officers::name.eq("Duty Officer")),
        (officers::role_title.eq("Psychologist"), officers::lang.eq("both"), officers::listed.eq(true)),
        (officers::version.eq(1_i64), officers::updated_at.eq(work.now())),
    );
    diesel::insert_into(officers::table).values(row).execute(work.conn())?;
    Ok(id)
}

/// An envelope, as the area above would make it.
pub(super) struct Envelope {
    pub kind: CaseKind,
    pub service: Option<ServiceId>,
    pub officer: Option<OfficerId>,
    pub opened_by: Actor,
    /// Who receives a record in person.
    pub person: Option<PersonId>,
}

impl World {
    pub(super) fn new() -> Self {
        let t = testing::db();
        let (school, other) = (testing::school(&t, "6764001"), testing::school(&t, "6764002"));
        let made = t.db.write(&Caller::system("test"), move |work| {
            services::ensure_builtin(work)?;
            let eps = services::by_code(work, "eps")?.id;
            let officer = officer(work)?;
            Ok((eps, officer))
        });
        let (eps, officer) = made.unwrap();
        let add = |name: &'static str, role, school, service, officer| {
            let adding = move |work: &mut Work<'_>| {
                let id = person(work, name)?;
                let who = Member::Person(id);
                add_membership(work, &NewMembership { who, role, school, service, officer, deputy: false })?;
                Ok(id)
            };
            t.db.write(&Caller::system("test"), adding).unwrap()
        };
        let psychologist = add("psychologist", Role::Officer, None, Some(eps), Some(officer));
        let lead = add("lead", Role::TeamLead, None, Some(eps), None);
        let dsp = add("dsp", Role::Dsp, Some(school), None, None);
        let head = add("head", Role::Headteacher, Some(school), None, None);
        let stranger = add("stranger", Role::Dsp, Some(other), None, None);
        let worker = add("worker", Role::InReachWorker, None, None, None);
        let add = |name: &'static str, role, school| {
            let adding = move |work: &mut Work<'_>| {
                let id = client(work, name)?;
                let who = Member::Client(id);
                let new = NewMembership { who, role, school, service: None, officer: None, deputy: false };
                add_membership(work, &new)?;
                if let Some(school) = school {
                    crate::identity::give_consent(work, school, id)?;
                }
                Ok(id)
            };
            t.db.write(&Caller::system("test"), adding).unwrap()
        };
        let system = add("school system", Role::Integration, Some(school));
        let health = add("health system", Role::InReachWorker, None);
        let vault = Arc::new(Vault::new(&MasterKey::new([9; 32])));
        let nowhere = CaseId::from_uuid(uuid::Uuid::nil());
        let (referral, warrn) = (nowhere, nowhere);
        let mut w = Self {
            t,
            vault,
            school,
            eps,
            officer,
            psychologist,
            lead,
            dsp,
            head,
            stranger,
            worker,
            system,
            health,
            referral,
            warrn,
        };
        w.referral = w.make(w.envelope(CaseKind::Referral));
        w.warrn = w.make(w.envelope(CaseKind::Warrn));
        w
    }

    /// A referral held by the officer, or a record sent to the school's safeguarding person and the officer.
    pub(super) fn envelope(&self, kind: CaseKind) -> Envelope {
        let (eps, officer, dsp) = (Some(self.eps), Some(self.officer), Some(self.dsp));
        match kind {
            CaseKind::Referral => {
                Envelope { kind, service: eps, officer, opened_by: Actor::Client(self.system), person: None }
            }
            CaseKind::Warrn => {
                let opened_by = Actor::Client(self.health);
                Envelope { kind, service: None, officer: None, opened_by, person: dsp }
            }
        }
    }

    /// A case of a child of its own.
    #[expect(clippy::needless_pass_by_value, reason = "a case is made of it")]
    pub(super) fn make(&self, new: Envelope) -> CaseId {
        let (school, officer) = (self.school, self.officer);
        self.system(move |work, vault| {
            let pass = access::grant(work, Action::OpenReferral, school, &Facts::of_school(school))?;
            let child = PupilIdentity {
                given_name: "Canarygiven".to_owned(),
                family_name: format!("Canaryfamily {}", CHILDREN.fetch_add(1, Ordering::Relaxed)),
                born_on: day(3, 4),
                upn: None,
            };
            let pupil = pupils::find_or_add(work, vault, school, &child)?.id;
            let id = CaseId::from_uuid(work.new_id());
            let reference = Reference::random(work.chance());
            let Envelope { kind, service, officer: held, opened_by, person } = new;
            let case = NewCase { id, kind, reference, school, service, pupil, officer: held, queue: None, opened_by };
            cases::insert(work, &pass, &case)?;
            if kind == CaseKind::Warrn {
                recipient(work, id, "dsp", person, None)?;
                recipient(work, id, "ep", None, Some(officer))?;
            }
            audit::record(work, "test.make", Object::all("request"), "");
            Ok(id)
        })
    }

    pub(super) fn system<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Work<'_>, &Vault) -> Result<T> + Send + 'static,
    ) -> T {
        self.write(&Caller::system("test"), f).unwrap()
    }

    pub(super) fn write<T: Send + 'static>(
        &self,
        caller: &Caller,
        f: impl FnOnce(&mut Work<'_>, &Vault) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let vault = Arc::clone(&self.vault);
        self.t.db.write(&testing::stepped_up(&self.t, caller.clone()), move |work| f(work, &vault))
    }

    /// Without a second factor proved lately.
    pub(super) fn write_unproved<T: Send + 'static>(
        &self,
        caller: &Caller,
        f: impl FnOnce(&mut Work<'_>, &Vault) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let vault = Arc::clone(&self.vault);
        self.t.db.write(caller, move |work| f(work, &vault))
    }

    pub(super) fn read<T>(&self, who: PersonId, f: impl FnOnce(&mut Work<'_>) -> Result<T>) -> Result<T> {
        self.t.db.read(&caller(who), f)
    }

    /// Reads what is read on record.
    pub(super) fn look<T: Send + 'static>(
        &self,
        who: PersonId,
        f: impl FnOnce(&mut Work<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.t.db.write(&caller(who), f)
    }

    /// Closes a case, as the area above would.
    pub(super) fn close(&self, id: CaseId) {
        self.system(move |work, _| {
            let (_, pass) = cases::permit(work, cases::Use::See, id)?;
            let version = cases::find(work, &pass)?.version;
            cases::advance(work, &pass, version, Some("over"))?;
            audit::record(work, "test.close", Object::all("request"), "");
            Ok(())
        });
    }

    /// Every byte of the database's files.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let files = std::fs::read_dir(self.t.folder.path()).unwrap();
        files.flat_map(|f| std::fs::read(f.unwrap().path()).unwrap()).collect()
    }

    /// What is on record about cases, oldest first.
    pub(super) fn trail(&self) -> Vec<(String, String)> {
        use audit_entries as x;
        let load = |work: &mut Work<'_>| {
            let ours = x::table.filter(x::action.like("case.%")).order(x::seq.asc());
            Ok(ours.select((x::action, x::detail)).load(work.conn())?)
        };
        self.t.db.read(&Caller::system("test"), load).unwrap()
    }
}

fn recipient(
    work: &mut Work<'_>,
    case: CaseId,
    part: &str,
    person: Option<PersonId>,
    officer: Option<OfficerId>,
) -> Result<()> {
    let row = (
        (cr::id.eq(crate::kernel::RecipientId::from_uuid(work.new_id())), cr::case_id.eq(case), cr::part.eq(part)),
        (cr::stage.eq(0_i64), cr::person_id.eq(person), cr::officer_id.eq(officer)),
        (cr::begins_at.eq(work.now()), cr::due_at.eq(work.now())),
    );
    diesel::insert_into(cr::table).values(row).execute(work.conn())?;
    Ok(())
}

pub(super) fn caller(who: PersonId) -> Caller {
    Caller::person(who, Lang::En, "test")
}

/// A client with a token for these scopes.
pub(super) fn token(who: ClientId, scopes: &str) -> Caller {
    Caller { actor: Actor::Client(who), scopes: Some(Scopes::parse(scopes)), ..Caller::system("test") }
}

pub(super) fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

pub(super) fn mother() -> NewPerson {
    NewPerson {
        relation: "parent".to_owned(),
        name: "canary mother".to_owned(),
        contact: Some("canary number".to_owned()),
        remark: Some("canary remark".to_owned()),
    }
}

pub(super) fn call(person: Option<PersonId>) -> NewTask {
    NewTask { what: "canary task".to_owned(), person, due_on: Some(day(3, 5)) }
}

pub(super) fn letter() -> NewDocument {
    NewDocument {
        name: "canary letter.txt".to_owned(),
        media_type: "text/plain".to_owned(),
        bytes: b"canary bytes".to_vec(),
        scan: Scan::Clean,
    }
}

pub(super) fn rules() -> DocumentRules {
    DocumentRules::default()
}

/// The code of a refusal.
pub(super) fn code<T>(result: Result<T>) -> Code {
    result.err().expect("a refusal").code
}

/// The places and codes of the faults of a refusal.
pub(super) fn faults<T>(result: Result<T>) -> Vec<(String, FaultCode)> {
    let error = result.err().expect("a refusal");
    assert_eq!(error.code, Code::InvalidBody, "{error}");
    error.faults.into_iter().map(|f| (f.pointer, f.code)).collect()
}
