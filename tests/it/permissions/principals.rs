//! Everyone who might ask: every role in every place, in every state a membership can have, as person and as client.

use argon2::password_hash::phc::PasswordHash as Phc;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, Version};
use diesel::prelude::*;
use dolen_domain::access::Role;
use dolen_domain::access::policy::STEP_UP_SECONDS;
use dolen_domain::db::Work;
use dolen_domain::db::schema::{memberships as m, sessions as s};
use dolen_domain::directory::services;
use dolen_domain::identity::{self, AddPerson, Member, NewClient, NewMembership, Opening, Preference};
use dolen_domain::kernel::{Actor, Code, EmailAddress, FreeText, MembershipId, OfficerId, Scopes};
use dolen_tests::clients::fresh_key;
use dolen_tests::world::PASSWORD;
use dolen_tests::{Client, TestApp, World};

/// Every scope there is.
pub const SCOPES: [&str; 7] = [
    "directory:read",
    "referrals:read",
    "referrals:write",
    "surveys:read",
    "surveys:write",
    "warrn:read",
    "warrn:write",
];

/// How far a membership is. Only the first two count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    InForce,
    /// In force, and its end is known.
    Ending,
    Ended,
    /// Past its end, though nobody wrote that it ended.
    Lapsed,
    Invited,
    Accepted,
    /// Confirmed, and not begun.
    Ahead,
}

/// The states to be tried for a role: that the state counts at all is the same for each of them, so the finer ones are
/// tried for those who have most to see.
fn states(role: Role) -> &'static [State] {
    match role {
        Role::Dsp | Role::TeamLead | Role::Integration => {
            &[State::Ended, State::Lapsed, State::Invited, State::Accepted, State::Ahead]
        }
        _ => &[State::Ended, State::Invited],
    }
}

/// Where a role is held: a school by its place in the world, a service by its code, an officer by their service's code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    pub school: Option<usize>,
    pub service: Option<&'static str>,
    pub officer: Option<OfficerId>,
}

/// One membership.
#[derive(Debug, Clone, Copy)]
pub struct Post {
    pub role: Role,
    pub place: Place,
    pub state: State,
}

/// Somebody who asks.
pub struct Principal {
    pub name: String,
    pub actor: Actor,
    pub posts: Vec<Post>,
    /// A client's; none for people.
    pub scopes: Option<Vec<&'static str>>,
    pub client: Client,
    /// Whether they proved a second factor lately.
    pub fresh: bool,
    /// What the forms of their session carry.
    pub csrf: String,
}

impl Principal {
    /// The memberships that count.
    pub fn in_force(&self) -> impl Iterator<Item = &Post> {
        self.posts.iter().filter(|p| matches!(p.state, State::InForce | State::Ending))
    }
}

impl Principal {
    /// Whether they hold something, and everything they might ask for is within their scopes.
    pub fn is_whole(&self) -> bool {
        self.in_force().next().is_some() && self.scopes.as_ref().is_none_or(|s| s.len() == SCOPES.len())
    }
}

/// Somebody to be made.
pub struct Draft {
    pub name: String,
    pub posts: Vec<Post>,
    pub scopes: Option<Vec<&'static str>>,
}

const fn at(school: usize) -> Place {
    Place { school: Some(school), service: None, officer: None }
}

const fn of(service: Option<&'static str>, officer: Option<OfficerId>) -> Place {
    Place { school: None, service, officer }
}

/// The places a role can be held in, its best one for the records under test first. Those are of school 0 and the
/// service `eps`; school 1 is of the same cluster, school 2 of another.
fn places(world: &World, role: Role) -> Vec<Place> {
    let (eps, bss) = (world.officer_of("eps").officer, world.officer_of("bss").officer);
    let elsewhere = Place { school: Some(1), ..of(Some("eps"), eps) };
    // Nothing forbids a post in a service that names a school.
    let visiting = Place { school: Some(0), ..of(Some("bss"), None) };
    match role {
        Role::SchoolSubmitter | Role::Dsp | Role::Headteacher | Role::Integration => {
            vec![at(0), at(1), at(2), elsewhere]
        }
        Role::Officer => vec![
            of(Some("eps"), eps),
            of(Some("eps"), None),
            of(None, eps),
            of(Some("bss"), bss),
            of(Some("bss"), None),
            of(None, bss),
            elsewhere,
            visiting,
        ],
        Role::TeamLead => {
            vec![of(Some("eps"), None), of(Some("eps"), eps), of(Some("bss"), None), of(Some("bss"), eps), visiting]
        }
        Role::SafeguardingLead | Role::InReachWorker => vec![Place::default(), at(0), at(1), of(Some("eps"), eps)],
        Role::Analyst | Role::Auditor | Role::Administrator => vec![Place::default(), at(0), of(Some("eps"), eps)],
    }
}

/// Every role. A new one without a place here does not compile; one missing here fails `every_role_is_there`.
pub const ROLES: [Role; 11] = [
    Role::SchoolSubmitter,
    Role::Dsp,
    Role::Headteacher,
    Role::Officer,
    Role::TeamLead,
    Role::SafeguardingLead,
    Role::InReachWorker,
    Role::Analyst,
    Role::Auditor,
    Role::Administrator,
    Role::Integration,
];

/// Memberships in words.
pub fn describe(world: &World, posts: &[Post]) -> String {
    let officer = |id: OfficerId| {
        let person = world.people.iter().find(|p| p.officer == Some(id) && !p.deputy);
        format!(" as officer of {}", person.and_then(|p| p.service).unwrap_or("?"))
    };
    let posts = posts.iter().map(|p| {
        let school = p.place.school.map(|s| format!(" at school {s}")).unwrap_or_default();
        let service = p.place.service.map(|s| format!(" in {s}")).unwrap_or_default();
        let officer = p.place.officer.map(officer).unwrap_or_default();
        let state = if p.state == State::InForce { String::new() } else { format!(" ({:?})", p.state) };
        format!("{}{school}{service}{officer}{state}", p.role)
    });
    posts.collect::<Vec<_>>().join(" + ")
}

fn drafts(world: &World) -> Vec<Draft> {
    let (mut all, mut stale) = (Vec::new(), Vec::new());
    let mut person = |posts: Vec<Post>| {
        all.push(Draft { name: describe(world, &posts), posts, scopes: None });
    };
    let post = |role, place, state| Post { role, place, state };
    let held = |role, place| post(role, place, State::InForce);
    person(Vec::new());
    for role in ROLES {
        for place in places(world, role) {
            person(vec![held(role, place)]);
        }
        for state in states(role) {
            person(vec![post(role, places(world, role)[0], *state)]);
        }
    }
    for role in [Role::Dsp, Role::Officer, Role::TeamLead, Role::SafeguardingLead] {
        let posts = vec![held(role, places(world, role)[0])];
        stale.push(Draft { name: format!("{}{STALE}", describe(world, &posts)), posts, scopes: None });
    }
    // Roles that add up, and must not lend each other their places.
    person(vec![held(Role::Headteacher, at(0)), held(Role::Dsp, at(1))]);
    person(vec![held(Role::Dsp, at(1)), held(Role::SchoolSubmitter, at(0))]);
    person(vec![held(Role::Analyst, at(0)), held(Role::TeamLead, of(Some("bss"), None))]);
    person(vec![held(Role::InReachWorker, Place::default()), held(Role::Dsp, at(1))]);
    person(vec![post(Role::Dsp, at(0), State::Ended), held(Role::Headteacher, at(0))]);
    person(vec![post(Role::TeamLead, of(Some("eps"), None), State::Ended), held(Role::Officer, of(Some("bss"), None))]);
    let mut client = |what: &str, scopes: Vec<&'static str>, posts: Vec<Post>| {
        all.push(Draft { name: format!("client {}{what}", describe(world, &posts)), posts, scopes: Some(scopes) });
    };
    for role in ROLES {
        client(", all scopes", SCOPES.to_vec(), vec![held(role, places(world, role)[0])]);
    }
    for role in [Role::Integration, Role::InReachWorker] {
        let home = places(world, role)[0];
        for scope in SCOPES {
            client(&format!(", only {scope}"), vec![scope], vec![held(role, home)]);
        }
        for state in states(role) {
            client(", all scopes", SCOPES.to_vec(), vec![post(role, home, *state)]);
        }
    }
    for school in [1, 2] {
        client(", all scopes", SCOPES.to_vec(), vec![held(Role::Integration, at(school))]);
    }
    client(", all scopes", SCOPES.to_vec(), Vec::new());
    all.extend(stale);
    all
}

/// How somebody is named who proved no second factor lately.
pub const STALE: &str = ", whose second factor is too long ago";

/// Makes them all. The first is nobody.
pub fn make(app: &TestApp) -> Vec<Principal> {
    let others = enrol(app, drafts(app.world()));
    std::iter::once(nobody(app)).chain(others).collect()
}

/// Who did not sign in.
pub fn nobody(app: &TestApp) -> Principal {
    Principal {
        name: "nobody".to_owned(),
        actor: Actor::Anonymous,
        posts: Vec::new(),
        scopes: None,
        client: app.anonymous(),
        fresh: false,
        csrf: String::new(),
    }
}

/// Makes people and clients, in one transaction, each with a session or a token.
pub fn enrol(app: &TestApp, drafts: Vec<Draft>) -> Vec<Principal> {
    let rules = app.app().sign_in_rules();
    let world = app.world().clone();
    let made = app.write(move |work| {
        let mut made = Vec::new();
        for draft in drafts {
            let (actor, secret) = match &draft.scopes {
                None => {
                    let new = AddPerson {
                        email: EmailAddress::parse(&format!("{}@permissions.example", fresh_key())).unwrap(),
                        name: FreeText::parse("Example Role").unwrap(),
                        lang: Preference::Both,
                        password: None,
                    };
                    let id = identity::add_person(work, &new)?;
                    (Actor::Person(id), String::new())
                }
                Some(scopes) => {
                    let new = NewClient {
                        name: FreeText::parse("Example system").unwrap(),
                        scopes: Scopes::parse(&scopes.join(" ")),
                        expires_at: None,
                        networks: identity::Networks::default(),
                    };
                    (Actor::Client(identity::add_client(work, &new)?.0), String::new())
                }
            };
            for post in &draft.posts {
                add_post(work, &world, actor, post)?;
            }
            // After the posts: the end of one ends sessions.
            let secret = match actor {
                Actor::Person(id) => {
                    let opening = Opening { second_factor: true, ..Opening::default() };
                    let opened = identity::open_session_as(work, id, &rules, &opening)?;
                    if draft.name.ends_with(STALE) {
                        let then = work.now().plus_seconds(-(STEP_UP_SECONDS + 1));
                        let of_them = s::table.filter(s::person_id.eq(id));
                        diesel::update(of_them).set(s::second_factor_at.eq(Some(then))).execute(work.conn())?;
                    }
                    opened.token.reveal().to_owned()
                }
                _ => secret,
            };
            made.push((draft, actor, secret));
        }
        Ok(made)
    });
    let people = made.into_iter().map(|(Draft { name, posts, scopes }, actor, secret)| {
        let fresh = !name.ends_with(STALE);
        let client = match (actor, &scopes) {
            (Actor::Client(id), Some(scopes)) => {
                let (scopes, now) = (Scopes::parse(&scopes.join(" ")), app.db().clock().now());
                let token = app.app().tokens.sign(id, &scopes, now, uuid::Uuid::new_v4()).unwrap();
                app.with_bearer(&token.0)
            }
            _ => app.with_session(&secret),
        };
        Principal { name, actor, posts, scopes, client, fresh, csrf: String::new() }
    });
    people.collect()
}

fn add_post(work: &mut Work<'_>, world: &World, actor: Actor, post: &Post) -> dolen_domain::kernel::Result<()> {
    let who = match actor {
        Actor::Client(id) => Member::Client(id),
        Actor::Person(id) => Member::Person(id),
        Actor::System | Actor::Anonymous => unreachable!("only people and clients hold roles"),
    };
    let service = post.place.service.map(|code| services::by_code(work, code).map(|s| s.id)).transpose()?;
    let new = NewMembership {
        who,
        role: post.role,
        school: post.place.school.map(|s| world.schools[s].id),
        service,
        officer: post.place.officer,
        deputy: false,
    };
    let id = identity::add_membership(work, &new)?;
    if let (Actor::Client(client), Some(school)) = (actor, new.school) {
        // Two posts at one school need one consent.
        match identity::give_consent(work, school, client) {
            Err(e) if e.code == Code::StateConflict => {}
            other => other?,
        }
    }
    put_in_state(work, id, post.state)
}

/// The table is written directly: the way to each state is another test's.
fn put_in_state(work: &mut Work<'_>, id: MembershipId, state: State) -> dolen_domain::kernel::Result<()> {
    let (now, row) = (work.now(), m::table.find(id));
    match state {
        State::InForce => 1,
        State::Ending => diesel::update(row).set(m::ends_at.eq(Some(now.plus_hours(2)))).execute(work.conn())?,
        State::Ended => {
            identity::end_membership(work, id)?;
            1
        }
        State::Lapsed => diesel::update(row).set(m::ends_at.eq(Some(now))).execute(work.conn())?,
        State::Invited => diesel::update(row).set(m::state.eq("invited")).execute(work.conn())?,
        State::Accepted => diesel::update(row).set(m::state.eq("accepted")).execute(work.conn())?,
        State::Ahead => diesel::update(row).set(m::begins_at.eq(now.plus_hours(1))).execute(work.conn())?,
    };
    Ok(())
}

/// Gives the person who signs in a hash of their password that costs next to nothing to compare: signing in is a cell
/// for everyone.
pub fn sign_in_cheaply(app: &TestApp) {
    let params = Params::new(Params::MIN_M_COST, Params::MIN_T_COST, 1, None).unwrap();
    let cheap = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash: Phc = cheap.hash_password_with_salt(PASSWORD.as_bytes(), b"permissions.test").unwrap();
    let email = &app.world().who(Role::Dsp).email;
    let mut inspect = app.database().inspect();
    inspect.execute(&format!("UPDATE people SET password_hash = '{hash}' WHERE email = '{email}'"));
    // A code works once; without a factor it needs none, for a session that could only add one.
    inspect.execute(&format!("DELETE FROM factors WHERE person_id = (SELECT id FROM people WHERE email = '{email}')"));
}
