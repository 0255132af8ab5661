//! One person per role, and the API clients.

use dolen_domain::access::Role;
use dolen_domain::directory::{officers, schools, services};
use dolen_domain::identity::{self, AddPerson, Member, Networks, NewClient, NewMembership, Preference};
use dolen_domain::kernel::{
    Caller, Chance as _, ClientId, Code, EmailAddress, Error, FaultCode, FreeText, Lang, OsChance, PersonId, Result,
    SchoolNumber, Scopes, to_hex,
};
use serde_json::{Value, json};

use crate::app::App;
use crate::auth::demo;

/// Someone who can sign in.
struct Part {
    key: &'static str,
    email: &'static str,
    name: &'static str,
    lang: Preference,
    role: Role,
    school: Option<&'static str>,
    service: Option<&'static str>,
    officer: Option<&'static str>,
    deputy: bool,
}

const SECONDARY: &str = "6994001";
const WELSH_SECONDARY: &str = "6994002";
const PRIMARY: &str = "6992001";

const fn at_school(
    key: &'static str,
    email: &'static str,
    name: &'static str,
    role: Role,
    school: &'static str,
) -> Part {
    Part {
        key,
        email,
        name,
        lang: Preference::Both,
        role,
        school: Some(school),
        service: None,
        officer: None,
        deputy: false,
    }
}

const fn in_service(
    key: &'static str,
    email: &'static str,
    name: &'static str,
    role: Role,
    service: &'static str,
) -> Part {
    Part {
        key,
        email,
        name,
        lang: Preference::En,
        role,
        school: None,
        service: Some(service),
        officer: Some(email),
        deputy: false,
    }
}

const fn of_authority(key: &'static str, email: &'static str, name: &'static str, role: Role) -> Part {
    Part { key, email, name, lang: Preference::Both, role, school: None, service: None, officer: None, deputy: false }
}

/// Everyone in the demo.
const CAST: &[Part] = &[
    at_school("submitter", "submitter@valley.example", "School Submitter", Role::SchoolSubmitter, SECONDARY),
    at_school("dsp", "dsp@valley.example", "Designated Safeguarding Person", Role::Dsp, SECONDARY),
    Part {
        deputy: true,
        ..at_school("deputy_dsp", "deputy.dsp@valley.example", "Deputy Safeguarding Person", Role::Dsp, SECONDARY)
    },
    at_school("headteacher", "head@valley.example", "Headteacher", Role::Headteacher, SECONDARY),
    Part {
        lang: Preference::Cy,
        ..at_school(
            "submitter_cy",
            "cyflwynydd@bryn.example",
            "Cyflwynydd yr Ysgol",
            Role::SchoolSubmitter,
            WELSH_SECONDARY,
        )
    },
    Part {
        lang: Preference::Cy,
        ..at_school("dsp_cy", "ddd@bryn.example", "Person Diogelu Dynodedig", Role::Dsp, WELSH_SECONDARY)
    },
    at_school(
        "submitter_primary",
        "submitter@upper.example",
        "Primary School Submitter",
        Role::SchoolSubmitter,
        PRIMARY,
    ),
    in_service("officer", "counsellor@la.example", "School-based Counsellor", Role::Officer, "sbc"),
    in_service("officer_bss", "behaviour.officer@la.example", "Behaviour Support Officer", Role::Officer, "bss"),
    in_service(
        "officer_eps",
        "deputy.ep@la.example",
        "Deputy Principal Educational Psychologist",
        Role::Officer,
        "eps",
    ),
    in_service("team_lead", "principal.ep@la.example", "Principal Educational Psychologist", Role::TeamLead, "sbc"),
    of_authority(
        "safeguarding_lead",
        "safeguarding@la.example",
        "Education Safeguarding Coordinator",
        Role::SafeguardingLead,
    ),
    of_authority("in_reach_worker", "in-reach@health.example", "CAMHS In-reach Worker", Role::InReachWorker),
    of_authority("analyst", "analyst@la.example", "Analyst", Role::Analyst),
    of_authority("auditor", "auditor@la.example", "Auditor", Role::Auditor),
    of_authority("administrator", "admin@la.example", "Administrator", Role::Administrator),
];

/// An API client.
struct System {
    key: &'static str,
    name: &'static str,
    role: Role,
    school: Option<&'static str>,
    scopes: &'static str,
}

const SCHOOL_SCOPES: &str = "directory:read referrals:read referrals:write surveys:read surveys:write";

const SYSTEMS: &[System] = &[
    System {
        key: "mis",
        name: "MIS of Example Valley Comprehensive",
        role: Role::Integration,
        school: Some(SECONDARY),
        scopes: SCHOOL_SCOPES,
    },
    System {
        key: "mis_primary",
        name: "MIS of Upper Valley Primary",
        role: Role::Integration,
        school: Some(PRIMARY),
        scopes: SCHOOL_SCOPES,
    },
    System {
        key: "health",
        name: "Health record system",
        role: Role::InReachWorker,
        school: None,
        scopes: "directory:read warrn:read warrn:write",
    },
];

/// The people and clients as they were added.
pub struct Cast {
    people: Vec<(&'static Part, PersonId, String)>,
    clients: Vec<(&'static System, ClientId, String)>,
}

impl Cast {
    /// A caller who is this person.
    ///
    /// # Errors
    /// When there is nobody of that name in the cast.
    pub fn caller(&self, key: &str) -> Result<Caller> {
        let found = self.people.iter().find(|(p, _, _)| p.key == key);
        let (_, id, _) = found.ok_or_else(|| Error::internal("the demo's cast lacks someone"))?;
        Ok(Caller::person(*id, Lang::En, "demo"))
    }

    /// What `credentials.json` says.
    #[must_use]
    pub fn credentials(&self, base_url: &str) -> Value {
        let totp = demo::secret().base32();
        let people: Vec<Value> = self
            .people
            .iter()
            .map(|(p, _, password)| {
                json!({"key": p.key, "email": p.email, "password": password, "totp": totp.as_str(), "name": p.name, "role": p.role.as_str(),
                    "school": p.school, "service": p.service, "deputy": p.deputy})
            })
            .collect();
        let clients: Vec<Value> = self
            .clients
            .iter()
            .map(|(s, id, secret)| {
                json!({"key": s.key, "id": id.to_string(), "secret": secret, "name": s.name, "role": s.role.as_str(),
                    "school": s.school, "scopes": s.scopes.split_ascii_whitespace().collect::<Vec<_>>()})
            })
            .collect();
        json!({"base_url": base_url, "people": people, "clients": clients})
    }
}

fn parsed<T>(value: Result<T, FaultCode>) -> Result<T> {
    value.map_err(|code| Error::fault("", code))
}

/// Adds everyone, each with a password of their own.
///
/// # Errors
/// When the directory lacks a place someone belongs to.
pub fn add(app: &App) -> Result<Cast> {
    let system = Caller::system("demo");
    let mut people = Vec::new();
    for part in CAST {
        let password = format!("demo-{}", to_hex(&OsChance.bytes::<6>()));
        let hash = identity::hash_password(&password, &OsChance)?;
        let vault = std::sync::Arc::clone(&app.vault);
        let id = app.db.write(&system, move |work| {
            let new = AddPerson {
                email: parsed(EmailAddress::parse(part.email))?,
                name: parsed(FreeText::parse(part.name))?,
                lang: part.lang,
                password: Some(hash),
            };
            let person = identity::add_person(work, &new)?;
            identity::enrol_known(work, &vault, person, &demo::secret())?;
            let membership = NewMembership {
                who: Member::Person(person),
                role: part.role,
                school: school(work, part.school)?,
                service: part.service.map(|code| services::by_code(work, code)).transpose()?.map(|s| s.id),
                officer: match part.officer {
                    Some(email) => {
                        let listed = officers::all_listed(work)?;
                        let found = listed.into_iter().find(|o| o.email.as_str() == email);
                        Some(found.ok_or(Code::NotFound)?.id)
                    }
                    None => None,
                },
                deputy: part.deputy,
            };
            identity::add_membership(work, &membership)?;
            if part.role == Role::TeamLead {
                // Who leads one service and works for another holds a role in each: what is routed to them is theirs.
                let service = Some(services::by_code(work, "eps")?.id);
                identity::add_membership(work, &NewMembership { role: Role::Officer, service, ..membership.clone() })?;
                // The psychology service's alerts need somebody to come to.
                identity::add_membership(work, &NewMembership { service, officer: None, ..membership })?;
            }
            Ok(person)
        })?;
        people.push((part, id, password));
    }
    let mut clients = Vec::new();
    for entry in SYSTEMS {
        let (id, secret) = app.db.write(&system, move |work| {
            let name = parsed(FreeText::parse(entry.name))?;
            let new = NewClient {
                name,
                scopes: Scopes::parse(entry.scopes),
                expires_at: None,
                networks: Networks::default(),
            };
            let (client, secret) = identity::add_client(work, &new)?;
            let membership = NewMembership {
                who: Member::Client(client),
                role: entry.role,
                school: school(work, entry.school)?,
                service: None,
                officer: None,
                deputy: false,
            };
            identity::add_membership(work, &membership)?;
            if let Some(school) = membership.school {
                // In the demo the schools have consented already; they can see and withdraw it.
                identity::give_consent(work, school, client)?;
            }
            Ok((client, secret.reveal().to_owned()))
        })?;
        clients.push((entry, id, secret));
    }
    Ok(Cast { people, clients })
}

fn school(
    work: &mut dolen_domain::db::Work<'_>,
    number: Option<&str>,
) -> Result<Option<dolen_domain::kernel::SchoolId>> {
    let Some(number) = number else { return Ok(None) };
    Ok(Some(schools::by_number(work, &parsed(SchoolNumber::parse(number))?)?.id))
}
