//! An invented authority, made through the domain's own services.
//!
//! Four schools in two clusters are alike in everything but their numbers and names, so that what belongs to one and
//! shows at another is noticed. Every role has its person, at every school where it belongs to a school.

use std::sync::{Arc, LazyLock};

use dolen_domain::access::Role;
use dolen_domain::audit::{self, Object};
use dolen_domain::custody;
use dolen_domain::db::{Db, DbOptions, Work};
use dolen_domain::directory::{import, officers, schools, services};
use dolen_domain::identity::{
    self, AddPerson, Invite, Member, Networks, NewClient, NewMembership, Opening, PasswordHash, Preference, TotpSecret,
};
use dolen_domain::instruments;
use dolen_domain::kernel::{
    Caller, CampaignId, ClientId, ConcernId, EmailAddress, FixedClock, FreeText, MembershipId, OfficerId, OsChance,
    PersonId, Reference, SchoolId, Scopes, ServiceId, Utc,
};
use dolen_domain::vault::{KeyRing, MasterKey};

use crate::TestApp;

/// Every person's password.
pub const PASSWORD: &str = "cyfrinair hir iawn";

/// Everyone's second factor: the secret of RFC 6238's own test values.
pub const TOTP: &[u8] = b"12345678901234567890";

/// The authority's three digits.
pub const AUTHORITY: &str = "676";

const SCHOOLS: &str = "\
number,name,name_cy,phase,medium,cluster
6764001,First Example School,Ysgol Enghraifft Un,secondary,english,North Example
6764002,Second Example School,Ysgol Enghraifft Dau,secondary,english,North Example
6764003,Third Example School,Ysgol Enghraifft Tri,secondary,english,South Example
6764004,Fourth Example School,Ysgol Enghraifft Pedwar,secondary,english,South Example
";

const OFFICERS: &str = "\
Name,Contact details,Role,Key Areas,Services,Coverage,Deputy,Language
Educational Psychologist,eps@la.example 01000 000 001,Educational Psychologist,Wellbeing,eps,all,eps.deputy@la.example,both
Deputy Psychologist,eps.deputy@la.example,Deputy Educational Psychologist,Equalities and Bullying,eps,all,,cy
Behaviour Lead,bss@la.example,Behaviour Support Lead,Behaviour and EOTAS,bss,all,,en
Counselling Manager,sbc@la.example,School-based Counselling Manager,Wellbeing,sbc,all,,both
";

/// What a school's information system may ask for.
const SCHOOL_SCOPES: &str = "directory:read referrals:read referrals:write surveys:read surveys:write";
/// What a health system may ask for.
const HEALTH_SCOPES: &str = "directory:read warrn:read warrn:write";

/// A school.
#[derive(Debug, Clone)]
pub struct TestSchool {
    /// Its id.
    pub id: SchoolId,
    /// Its number.
    pub number: String,
    /// Its cluster.
    pub cluster: String,
}

/// Someone who signs in.
#[derive(Debug, Clone)]
pub struct TestPerson {
    /// Their id.
    pub id: PersonId,
    /// What they sign in with, and [`PASSWORD`].
    pub email: String,
    /// What they are.
    pub role: Role,
    /// The school they are it at: its place in [`World::schools`].
    pub school: Option<usize>,
    /// The service's code.
    pub service: Option<&'static str>,
    /// Whom on the contact list they are.
    pub officer: Option<OfficerId>,
    /// A deputy.
    pub deputy: bool,
}

/// A system that fetches tokens.
#[derive(Debug, Clone)]
pub struct TestClient {
    /// Its id.
    pub id: ClientId,
    /// Its secret.
    pub secret: String,
    /// What it is.
    pub role: Role,
    /// The school it belongs to: its place in [`World::schools`].
    pub school: Option<usize>,
    /// What its tokens may allow.
    pub scopes: &'static str,
}

/// Who and what there is.
#[derive(Debug, Clone)]
pub struct World {
    /// The schools, by number; the first two are one cluster, the others the second.
    pub schools: Vec<TestSchool>,
    /// Everyone.
    pub people: Vec<TestPerson>,
    /// One for each school in its order, then the health system.
    pub clients: Vec<TestClient>,
}

impl World {
    /// When it began: Monday 2 March 2026, nine o'clock.
    #[must_use]
    pub fn monday() -> Utc {
        Utc::from_date_hour(chrono::NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(), 9)
    }

    /// Makes the authority in the database at this address, in one transaction.
    #[must_use]
    pub fn fill(url: &str) -> Self {
        let mut options = DbOptions::for_url(url);
        options.pool_size = 1;
        let db = Db::open(&options, Arc::new(FixedClock::at(Self::monday())), Arc::new(OsChance)).unwrap();
        // Argon2 is slow on purpose; once is enough.
        let password = HASH.clone();
        let master = MasterKey::from_hex(crate::app::MASTER).unwrap();
        let vault = custody::open(&db, KeyRing::new(Arc::new(master), Vec::new())).unwrap();
        db.write(&Caller::system("test"), move |work| {
            let world = fill(work, &password);
            for person in &world.people {
                identity::enrol_known(work, &vault, person.id, &TotpSecret::from_bytes(TOTP))?;
            }
            Ok(world)
        })
        .unwrap()
    }

    /// The first with this role: at the first school, where it belongs to one.
    #[must_use]
    pub fn who(&self, role: Role) -> &TestPerson {
        self.people.iter().find(|p| p.role == role && !p.deputy).expect("every role has its person")
    }

    /// The one with this role at a school.
    #[must_use]
    pub fn who_at(&self, role: Role, school: usize) -> &TestPerson {
        let at = |p: &&TestPerson| p.role == role && p.school == Some(school) && !p.deputy;
        self.people.iter().find(at).expect("the role belongs to a school")
    }

    /// The officer of a service.
    #[must_use]
    pub fn officer_of(&self, service: &str) -> &TestPerson {
        let of = |p: &&TestPerson| p.role == Role::Officer && p.service == Some(service) && !p.deputy;
        self.people.iter().find(of).expect("every service has its officer")
    }

    /// The information system of a school.
    #[must_use]
    pub fn integration(&self, school: usize) -> &TestClient {
        self.clients.iter().find(|c| c.school == Some(school)).expect("every school has its system")
    }

    /// The health system.
    #[must_use]
    pub fn health(&self) -> &TestClient {
        self.clients.iter().find(|c| c.role == Role::InReachWorker).expect("the health system")
    }
}

fn fill(work: &mut Work<'_>, password: &PasswordHash) -> World {
    services::ensure_builtin(work).unwrap();
    instruments::ensure_builtin(work).unwrap();
    let imported = import::import_schools(work, SCHOOLS.as_bytes(), AUTHORITY, false).unwrap();
    assert!(imported.written, "{:?}", imported.faults);
    let imported = import::import_officers(work, OFFICERS.as_bytes(), false).unwrap();
    assert!(imported.written, "{:?}", imported.faults);
    let schools: Vec<TestSchool> = schools::all(work)
        .unwrap()
        .into_iter()
        .map(|s| TestSchool { id: s.id, number: s.number.to_string(), cluster: s.cluster.unwrap_or_default() })
        .collect();
    let mut world = World { schools, people: Vec::new(), clients: Vec::new() };
    for school in 0..world.schools.len() {
        for (name, role, deputy) in [
            ("submitter", Role::SchoolSubmitter, false),
            ("dsp", Role::Dsp, false),
            ("deputy.dsp", Role::Dsp, true),
            ("head", Role::Headteacher, false),
        ] {
            let email = format!("{name}@school{}.example", school + 1);
            add_person(
                work,
                &mut world,
                password,
                &email,
                Post { role, school: Some(school), deputy, ..Post::of(role) },
            );
        }
        add_client(work, &mut world, "School information system", Role::Integration, Some(school), SCHOOL_SCOPES);
    }
    for (email, service, deputy) in [
        ("eps@la.example", "eps", false),
        ("eps.deputy@la.example", "eps", true),
        ("bss@la.example", "bss", false),
        ("sbc@la.example", "sbc", false),
    ] {
        let post = Post { service: Some(service), on_list: true, deputy, ..Post::of(Role::Officer) };
        add_person(work, &mut world, password, email, post);
    }
    let lead = Post { service: Some("eps"), ..Post::of(Role::TeamLead) };
    add_person(work, &mut world, password, "eps.lead@la.example", lead);
    for (email, role) in [
        ("safeguarding@la.example", Role::SafeguardingLead),
        ("in-reach@health.example", Role::InReachWorker),
        ("analyst@la.example", Role::Analyst),
        ("auditor@la.example", Role::Auditor),
        ("administrator@la.example", Role::Administrator),
    ] {
        add_person(work, &mut world, password, email, Post::of(role));
    }
    add_client(work, &mut world, "Health system", Role::InReachWorker, None, HEALTH_SCOPES);
    world
}

/// What someone is to be, where.
#[derive(Clone, Copy)]
struct Post {
    role: Role,
    school: Option<usize>,
    service: Option<&'static str>,
    on_list: bool,
    deputy: bool,
}

impl Post {
    const fn of(role: Role) -> Self {
        Self { role, school: None, service: None, on_list: false, deputy: false }
    }
}

fn add_person(work: &mut Work<'_>, world: &mut World, password: &PasswordHash, email: &str, post: Post) {
    let email = EmailAddress::parse(email).unwrap();
    let officer = officers::all_listed(work).unwrap().into_iter().find(|o| post.on_list && o.email == email);
    let service: Option<ServiceId> = post.service.map(|code| services::by_code(work, code).unwrap().id);
    let new = AddPerson {
        email: email.clone(),
        name: FreeText::parse(&format!("Example {}", post.role)).unwrap(),
        lang: Preference::Both,
        password: Some(password.clone()),
    };
    let id = identity::add_person(work, &new).unwrap();
    let membership = NewMembership {
        who: Member::Person(id),
        role: post.role,
        school: post.school.map(|s| world.schools[s].id),
        service,
        officer: officer.as_ref().map(|o| o.id),
        // On the contact list it is the list that names deputies.
        deputy: post.deputy && !post.on_list,
    };
    identity::add_membership(work, &membership).unwrap();
    let Post { role, school, service, deputy, .. } = post;
    let officer = officer.map(|o| o.id);
    world.people.push(TestPerson { id, email: email.to_string(), role, school, service, officer, deputy });
}

fn add_client(
    work: &mut Work<'_>,
    world: &mut World,
    name: &str,
    role: Role,
    school: Option<usize>,
    scopes: &'static str,
) {
    let new = NewClient {
        name: FreeText::parse(name).unwrap(),
        scopes: Scopes::parse(scopes),
        expires_at: None,
        networks: Networks::default(),
    };
    let (id, secret) = identity::add_client(work, &new).unwrap();
    let membership = NewMembership {
        who: Member::Client(id),
        role,
        school: school.map(|s| world.schools[s].id),
        service: None,
        officer: None,
        deputy: false,
    };
    identity::add_membership(work, &membership).unwrap();
    if let Some(school) = membership.school {
        identity::give_consent(work, school, id).unwrap();
    }
    world.clients.push(TestClient { id, secret: secret.reveal().to_owned(), role, school, scopes });
}

/// The secret an app was given, from its letters.
#[must_use]
pub fn secret_of(base32: &str) -> TotpSecret {
    let letters = base32.bytes().filter_map(|b| b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".iter().position(|a| *a == b));
    let bits: Vec<bool> = letters.flat_map(|n| (0..5).rev().map(move |bit| n >> bit & 1 == 1)).collect();
    let byte = |bits: &[bool]| bits.iter().fold(0_u8, |byte, bit| byte << 1 | u8::from(*bit));
    TotpSecret::from_bytes(&bits.chunks_exact(8).map(byte).collect::<Vec<_>>())
}

/// [`PASSWORD`]'s hash: argon2 is slow on purpose; once is enough.
static HASH: LazyLock<PasswordHash> = LazyLock::new(|| identity::hash_password(PASSWORD, &OsChance).unwrap());

/// A role that somebody new has accepted and nobody has confirmed.
#[must_use]
pub fn accepted_membership(app: &TestApp) -> MembershipId {
    let email = EmailAddress::parse(&format!("{}@accepted.example", crate::clients::fresh_key())).unwrap();
    let vault = Arc::clone(&app.app().vault);
    let rules = app.app().sign_in_rules();
    app.write(move |work| {
        let (name, lang) = (FreeText::parse("Example Analyst").unwrap(), Preference::Both);
        let (role, school, service, officer, deputy) = (Role::Analyst, None, None, None, false);
        let invited =
            identity::invite(work, &vault, &Invite { email, name, lang, role, school, service, officer, deputy })?;
        identity::enrol_known(work, &vault, invited.person, &TotpSecret::from_bytes(TOTP))?;
        let link = identity::invitation_link(work, &vault, invited.person)?.unwrap();
        identity::accept_invitation(work, &link, Some(&HASH), &Opening::default(), &rules)?;
        Ok(invited.membership)
    })
}

/// A client set up for a school, new, with the school's consent or without. Nothing is set up for a school that is not
/// there; then it is anybody's.
#[must_use]
pub fn fresh_client(app: &TestApp, school: &str, consented: bool) -> ClientId {
    let school = app.world().schools.iter().find(|s| s.number == school).map_or(app.world().schools[0].id, |s| s.id);
    app.write(move |work| {
        let name = FreeText::parse("Example system").unwrap();
        let (scopes, networks) = (Scopes::parse(SCHOOL_SCOPES), Networks::default());
        let (id, _) = identity::add_client(work, &NewClient { name, scopes, expires_at: None, networks })?;
        let (who, role) = (Member::Client(id), Role::Integration);
        let post = NewMembership { who, role, school: Some(school), service: None, officer: None, deputy: false };
        identity::add_membership(work, &post)?;
        if consented {
            identity::give_consent(work, school, id)?;
        }
        Ok(id)
    })
}

/// A concern of a school's in a campaign, put in from beside: how one is raised is tried in the area of surveys.
#[must_use]
pub fn fresh_concern(app: &TestApp, campaign: uuid::Uuid, school: &str) -> uuid::Uuid {
    use diesel::prelude::*;
    use dolen_domain::db::schema::survey_concerns as c;

    let school = app.world().schools.iter().find(|s| s.number == school).unwrap().id;
    app.write(move |work| {
        let id = ConcernId::from_uuid(work.random_id());
        let (reference, campaign) = (Reference::random(work.chance()), CampaignId::from_uuid(campaign));
        let day = work.now().date();
        diesel::insert_into(c::table)
            .values((
                (c::id.eq(id), c::reference.eq(reference.as_str()), c::campaign_id.eq(campaign)),
                (c::school_id.eq(school), c::year_group.eq(8), c::class.eq(id.to_string()), c::day.eq(day)),
            ))
            .execute(work.conn())?;
        audit::record(work, "concern.raise", Object::one("concern", id.uuid()).at(school), "test");
        Ok(id.uuid())
    })
}
