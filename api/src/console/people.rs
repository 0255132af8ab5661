//! People and their roles, for administrators.

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, get, post, web};
use askama::Template;
use dolen_domain::access::Role;
use dolen_domain::db::Work;
use dolen_domain::directory::{schools, services};
use dolen_domain::identity::{self, MembershipLine, MembershipState, PersonLine};
use dolen_domain::kernel::{
    Bilingual, Code, Cursor, FaultCode, MembershipId, Page as Items, PageRequest, PersonId, Result,
};
use serde::Deserialize;

use crate::auth::accounts;
use crate::rest::{InviteBody, Reply};

use super::address;
use super::desk::Desk;
use super::flash::Flash;
use super::form::{self, Done, Field, Fields, Sent, complain};
use super::names::{Names, Wanted};
use super::page::Page;
use super::strings::keys;

/// Which page of the list.
#[derive(Default, Deserialize)]
pub struct Query {
    cursor: Option<String>,
}

/// One of the choices of a list.
struct Choice {
    value: String,
    text: String,
}

#[derive(Template)]
#[template(path = "people.html")]
struct People {
    page: Page,
    lines: Items<PersonLine>,
    names: Names,
    me: PersonId,
    roles: Vec<Choice>,
    schools: Vec<Choice>,
    services: Vec<Choice>,
    fields: Fields,
}

const INVITE: &[Field] = &[
    Field { name: "email", texts: &[(FaultCode::BadFormat, keys::SIGN_IN_EMAIL_MISSING)] },
    Field { name: "name", texts: &[] },
    Field { name: "role", texts: &[] },
    Field { name: "school", texts: &[(FaultCode::Missing, keys::INVITE_SCHOOL_MISSING)] },
    Field { name: "service", texts: &[(FaultCode::Missing, keys::INVITE_SERVICE_MISSING)] },
    Field { name: "officer", texts: &[(FaultCode::Missing, keys::INVITE_SERVICE_MISSING)] },
];

/// A role in words; one that has no words here yet by its own.
pub fn role_name(page: &Page, role: Role) -> String {
    let key = match role.as_str() {
        "school_submitter" => keys::ROLE_SCHOOL_SUBMITTER,
        "dsp" => keys::ROLE_DSP,
        "headteacher" => keys::ROLE_HEADTEACHER,
        "officer" => keys::ROLE_OFFICER,
        "team_lead" => keys::ROLE_TEAM_LEAD,
        "safeguarding_lead" => keys::ROLE_SAFEGUARDING_LEAD,
        "in_reach_worker" => keys::ROLE_IN_REACH_WORKER,
        "analyst" => keys::ROLE_ANALYST,
        "auditor" => keys::ROLE_AUDITOR,
        "administrator" => keys::ROLE_ADMINISTRATOR,
        other => return other.replace('_', " "),
    };
    page.say(key)
}

impl People {
    fn role(&self, line: &MembershipLine) -> String {
        let place = match (line.school, line.service) {
            (Some(school), _) => format!(", {}", self.names.school(&self.page, &school)),
            (None, Some(service)) => format!(", {}", self.names.service(&self.page, &service)),
            (None, None) => String::new(),
        };
        let deputy = if line.deputy { format!(" ({})", self.page.say(keys::DEPUTY)) } else { String::new() };
        format!("{}{deputy}{place}", role_name(&self.page, line.role))
    }

    fn state(&self, line: &MembershipLine) -> String {
        self.page.say(match line.state {
            MembershipState::Invited => keys::MEMBERSHIP_INVITED,
            MembershipState::Accepted => keys::MEMBERSHIP_ACCEPTED,
            MembershipState::Confirmed => keys::MEMBERSHIP_CONFIRMED,
            MembershipState::Ended => keys::MEMBERSHIP_ENDED,
        })
    }

    fn waits_for_me(&self, line: &MembershipLine) -> bool {
        line.state == MembershipState::Accepted && line.person != self.me
    }

    fn next(&self) -> Option<String> {
        self.lines.next.map(Cursor::encode)
    }
}

/// What the page shows besides the form.
type Seen = (Items<PersonLine>, Names, Vec<Place>, Vec<Place>);
/// A place a role can be at: its number or code, and its name.
type Place = (String, Bilingual);

fn seen(work: &mut Work<'_>, request: PageRequest) -> Result<Seen> {
    let people = identity::people(work, request)?;
    let mut wanted = Wanted::default();
    people.items.iter().flat_map(|p| &p.memberships).filter_map(|m| m.school).for_each(|id| wanted.school(id));
    let names = wanted.find(work)?;
    let schools = schools::all(work)?.into_iter().map(|s| (s.number.to_string(), s.name)).collect();
    let services = services::all(work)?.into_iter().map(|s| (s.code, s.name)).collect();
    Ok((people, names, schools, services))
}

fn page_of(desk: &Desk, page: Page, seen: Seen, fields: Fields) -> People {
    let (people, names, schools, services) = seen;
    let none = || Choice { value: String::new(), text: page.say(keys::INVITE_NO_PLACE) };
    let choices = |places: Vec<Place>| {
        let offered = places.into_iter().map(|(value, name)| Choice { value, text: page.half(&name).to_owned() });
        std::iter::once(none()).chain(offered).collect::<Vec<_>>()
    };
    let (schools, services) = (choices(schools), choices(services));
    let held_by_people = Role::ALL.iter().filter(|role| **role != Role::Integration);
    let roles = held_by_people.map(|r| Choice { value: r.to_string(), text: role_name(&page, *r) }).collect();
    People { page, lines: people, names, me: desk.session.person, roles, schools, services, fields }
}

/// Everybody, and a form to invite somebody more.
#[get("/people")]
pub async fn list(desk: Desk, query: web::Query<Query>) -> Reply {
    let request = PageRequest::read(None, query.cursor.as_deref())?;
    let seen = desk.visitor.app.read(&desk.caller, move |work, _| seen(work, request)).await?;
    Ok(Page::of(&desk).ok(|page| page_of(&desk, page, seen, Fields::default()))?)
}

/// Invites somebody, or says what is wrong with the form.
#[post("/people")]
pub async fn invite(sent: Sent) -> Reply {
    let fields = &sent.fields;
    let body = InviteBody {
        email: fields.get("email").trim().to_owned(),
        name: fields.get("name").to_owned(),
        lang: fields.optional("lang"),
        role: fields.get("role").to_owned(),
        school: fields.optional("school"),
        service: fields.optional("service"),
        officer: fields.optional("officer"),
        deputy: fields.get("deputy") == "yes",
    };
    let done = sent.once(move |work, app| {
        identity::may_manage_people(work)?;
        let new = body.read(work)?;
        accounts::invite(work, app, &new)?;
        Ok(Done::at("/people", Flash::Invited))
    });
    match done.await {
        Err(error) if error.code == Code::InvalidBody => {
            let desk = &sent.desk;
            let first = PageRequest::read(None, None)?;
            let seen = desk.visitor.app.read(&desk.caller, move |work, _| seen(work, first)).await?;
            let mut page = Page::of(desk);
            complain(&mut page, INVITE, &error.faults);
            let fields = sent.fields.clone();
            Ok(page.show(StatusCode::UNPROCESSABLE_ENTITY, |page| page_of(desk, page, seen, fields))?)
        }
        done => Ok(done?),
    }
}

/// Does something with a role or a person: `/people/roles/{id}/confirm`, `/people/{id}/reset` and the like.
#[post("/people/{of}/{id}/{verb}")]
pub async fn act(sent: Sent, path: web::Path<(String, uuid::Uuid, String)>) -> Reply {
    let (of, id, verb) = path.into_inner();
    let done = sent.once(move |work, _| {
        let (person, role) = (PersonId::from_uuid(id), MembershipId::from_uuid(id));
        let flash = match (of.as_str(), verb.as_str()) {
            ("roles", "confirm") => identity::confirm_membership(work, role).map(|()| Flash::RoleConfirmed),
            ("roles", "end") => identity::end_membership(work, role).map(|()| Flash::RoleEnded),
            ("person", "end-sessions") => identity::end_sessions_of(work, person).map(|_| Flash::SessionsEnded),
            ("person", "reset") => accounts::reset_factor(work, person).map(|()| Flash::FactorReset),
            ("person", "deactivate") => identity::deactivate_person(work, person).map(|()| Flash::PersonGone),
            _ => Err(Code::NotFound.into()),
        };
        Ok(Done::at("/people", flash?))
    });
    match done.await {
        // A form can't be sent on by a link: back to the page it stands on.
        Err(error) if error.code == Code::StepUpRequired => {
            let to = address::of(sent.desk.visitor.lang, "/step-up?then=%2Fpeople");
            Ok(HttpResponse::SeeOther().insert_header((LOCATION, to)).finish())
        }
        Err(error) if form::is_stale(error.code) => Ok(Done::at("/people", Flash::Changed).respond(&sent.desk.visitor)),
        done => Ok(done?),
    }
}
