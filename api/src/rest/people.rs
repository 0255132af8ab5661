//! People and their roles, for who manages them.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use dolen_domain::access::Role;
use dolen_domain::db::Work;
use dolen_domain::directory::{officers, schools, services};
use dolen_domain::identity::{self, Invite, MembershipLine, PersonLine, Preference};
use dolen_domain::kernel::{
    Code, Cursor, EmailAddress, Error, FaultCode, Faults, FreeText, MembershipId, PersonId, Result, SchoolNumber,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::{Command, Order, Signed, accounts};

use super::problems::{ActProblems, CreateProblems, ListProblems};
use super::{Kept, PageQuery, Reply, reply};

/// A role somewhere, until it ends.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Membership)]
pub struct MembershipView {
    /// Its id.
    pub id: uuid::Uuid,
    /// The role.
    #[schema(example = "dsp")]
    pub role: String,
    /// `invited`, `accepted` or `confirmed`; only the last allows anything.
    #[schema(example = "confirmed")]
    pub state: String,
    /// At this school.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub school_id: Option<uuid::Uuid>,
    /// In this service.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub service_id: Option<uuid::Uuid>,
    /// As a deputy.
    pub deputy: bool,
}

/// A person who signs in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Person)]
pub struct PersonView {
    /// Their id.
    pub id: uuid::Uuid,
    /// Their name.
    pub name: String,
    /// What they sign in with.
    pub email: String,
    /// Whether they may still sign in.
    pub active: bool,
    /// Whether they have a second factor.
    pub second_factor: bool,
    /// Their roles that have not ended.
    pub memberships: Vec<MembershipView>,
}

/// A page of people.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PersonPage)]
pub struct PersonPageView {
    /// The newest first.
    pub items: Vec<PersonView>,
    /// Where the next page begins; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next_cursor: Option<String>,
}

impl MembershipView {
    fn of(line: MembershipLine) -> Self {
        Self {
            id: line.id.uuid(),
            role: line.role.to_string(),
            state: line.state.to_string(),
            school_id: line.school.map(dolen_domain::kernel::SchoolId::uuid),
            service_id: line.service.map(dolen_domain::kernel::ServiceId::uuid),
            deputy: line.deputy,
        }
    }
}

impl PersonView {
    fn of(line: PersonLine) -> Self {
        Self {
            id: line.person.id.uuid(),
            name: line.person.name,
            email: line.person.email.to_string(),
            active: line.person.active,
            second_factor: line.has_factor,
            memberships: line.memberships.into_iter().map(MembershipView::of).collect(),
        }
    }
}

/// Whom to invite, as what.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InviteBody {
    /// What they will sign in with; the link goes there.
    #[schema(max_length = 254, example = "dsp@ysgol-bryn.example")]
    pub email: String,
    /// Their name.
    #[schema(max_length = 200, example = "Designated Safeguarding Person")]
    pub name: String,
    /// Language of their mail: `cy`, `en` or `both`; `both` when absent.
    #[serde(default)]
    #[schema(max_length = 8, nullable = false)]
    pub lang: Option<String>,
    /// The role.
    #[schema(max_length = 40, example = "dsp")]
    pub role: String,
    /// Number of the school, for a school's role.
    #[serde(default)]
    #[schema(max_length = 7, nullable = false, example = "6764051")]
    pub school: Option<String>,
    /// Code of the service, for a service's role.
    #[serde(default)]
    #[schema(max_length = 40, nullable = false, example = "eps")]
    pub service: Option<String>,
    /// E-mail of the officer on the contact list they are.
    #[serde(default)]
    #[schema(max_length = 254, nullable = false)]
    pub officer: Option<String>,
    /// As a deputy.
    #[serde(default)]
    pub deputy: bool,
}

/// An invitation that was written.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Invitation)]
pub struct InvitationView {
    /// Its id.
    pub id: uuid::Uuid,
    /// Who is invited.
    pub person_id: uuid::Uuid,
    /// The role that waits.
    pub membership_id: uuid::Uuid,
    /// Until when the link works.
    pub expires_at: chrono::DateTime<chrono::Utc>,
}

/// What was done, and to whom or what.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Done)]
pub struct DoneView {
    /// The id of the person or membership.
    pub id: uuid::Uuid,
}

impl InviteBody {
    /// The invitation, once every place is found. All faults are told together.
    ///
    /// # Errors
    /// The faults.
    pub fn read(&self, work: &mut Work<'_>) -> Result<Invite> {
        let mut faults = Faults::default();
        let mut take = |pointer: &str, code: FaultCode| faults.add(pointer, code);
        let email = EmailAddress::parse(&self.email).map_err(|c| take("/email", c)).ok();
        let name = FreeText::parse(&self.name).map_err(|c| take("/name", c)).ok();
        let lang = self.lang.as_deref().unwrap_or("both").parse::<Preference>();
        let lang = lang.map_err(|_| take("/lang", FaultCode::NotInList)).ok();
        let role = self.role.parse::<Role>().ok().filter(|role| *role != Role::Integration);
        if role.is_none() {
            take("/role", FaultCode::NotInList);
        }
        let mut found = |pointer: &str, result: Result<uuid::Uuid>| match result {
            Ok(id) => Ok(Some(id)),
            Err(e) if e.code == Code::NotFound => {
                take(pointer, FaultCode::NotFound);
                Ok(None)
            }
            Err(e) => Err(e),
        };
        let school = match &self.school {
            Some(number) => match SchoolNumber::parse(number) {
                Ok(number) => found("/school", schools::by_number(work, &number).map(|s| s.id.uuid()))?,
                Err(_) => found("/school", Err(Code::NotFound.into()))?,
            },
            None => None,
        };
        let service = match &self.service {
            Some(code) => found("/service", services::by_code(work, code).map(|s| s.id.uuid()))?,
            None => None,
        };
        let officer = match &self.officer {
            Some(email) => {
                let listed = officers::all_listed(work)?.into_iter();
                let officer = listed.into_iter().find(|o| o.email.as_str().eq_ignore_ascii_case(email));
                found("/officer", officer.map(|o| o.id.uuid()).ok_or_else(|| Error::new(Code::NotFound)))?
            }
            None => None,
        };
        faults.finish()?;
        let (Some(email), Some(name), Some(lang), Some(role)) = (email, name, lang, role) else {
            return Err(Code::InvalidBody.into());
        };
        Ok(Invite {
            email,
            name,
            lang,
            role,
            school: school.map(dolen_domain::kernel::SchoolId::from_uuid),
            service: service.map(dolen_domain::kernel::ServiceId::from_uuid),
            officer: officer.map(dolen_domain::kernel::OfficerId::from_uuid),
            deputy: self.deputy,
        })
    }
}

/// List people
#[utoipa::path(tag = "people", operation_id = "list_people", params(PageQuery), security(("session" = [])),
    responses((status = 200, description = "A page of people", body = PersonPageView), ListProblems))]
#[get("/v1/people")]
pub async fn list_people(app: web::Data<App>, signed: Signed, query: web::Query<PageQuery>) -> Reply {
    let request = query.read()?;
    let page = app.read(&signed.caller, move |work, _| identity::people(work, request)).await?;
    let next_cursor = page.next.map(Cursor::encode);
    let items = page.items.into_iter().map(PersonView::of).collect();
    Ok(HttpResponse::Ok().json(PersonPageView { items, next_cursor }))
}

/// Invite somebody
///
/// They get a link by mail that works once, for seven days. With it they choose a password and add a second factor; the
/// role counts when an administrator has confirmed it.
#[utoipa::path(tag = "people", operation_id = "invite_person", request_body = InviteBody, security(("session" = [])),
    params(("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255)),
    responses((status = 201, description = "Invited", body = InvitationView), CreateProblems))]
#[post("/v1/invitations")]
pub async fn invite_person(app: web::Data<App>, command: Command<InviteBody>) -> Reply {
    let body = command.body;
    reply(&app, command.order, move |work, app| {
        identity::may_manage_people(work)?;
        let new = body.read(work)?;
        let invited = accounts::invite(work, app, &new)?;
        let view = InvitationView {
            id: invited.id.uuid(),
            person_id: invited.person.uuid(),
            membership_id: invited.membership.uuid(),
            expires_at: invited.expires_at.chrono(),
        };
        Kept::json(StatusCode::CREATED, &view, None, None)
    })
    .await
}

/// Does something with a person or membership.
async fn act(
    app: &App,
    order: Order,
    id: uuid::Uuid,
    f: impl FnOnce(&mut Work<'_>) -> Result<()> + Send + 'static,
) -> Reply {
    reply(app, order, move |work, _| {
        f(work)?;
        Kept::json(StatusCode::OK, &DoneView { id }, None, None)
    })
    .await
}

/// Confirm a role
///
/// What was accepted counts from now on. Nobody confirms their own.
#[utoipa::path(tag = "people", operation_id = "confirm_membership", security(("session" = [])),
    params(("membership_id" = uuid::Uuid, Path, description = "Membership"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255)),
    responses((status = 200, description = "In force", body = DoneView), ActProblems))]
#[post("/v1/memberships/{membership_id}/confirm")]
pub async fn confirm_membership(app: web::Data<App>, order: Order, path: web::Path<uuid::Uuid>) -> Reply {
    let id = *path;
    act(&app, order, id, move |work| identity::confirm_membership(work, MembershipId::from_uuid(id))).await
}

/// End a role
///
/// Whatever it allowed ends with the next request, and so do its person's sessions.
#[utoipa::path(tag = "people", operation_id = "end_membership", security(("session" = [])),
    params(("membership_id" = uuid::Uuid, Path, description = "Membership"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255)),
    responses((status = 200, description = "Ended", body = DoneView), ActProblems))]
#[post("/v1/memberships/{membership_id}/end")]
pub async fn end_membership(app: web::Data<App>, order: Order, path: web::Path<uuid::Uuid>) -> Reply {
    let id = *path;
    act(&app, order, id, move |work| identity::end_membership(work, MembershipId::from_uuid(id))).await
}

/// End all sessions of a person
#[utoipa::path(tag = "people", operation_id = "end_sessions_of_person", security(("session" = [])),
    params(("person_id" = uuid::Uuid, Path, description = "Person"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255)),
    responses((status = 200, description = "They have ended", body = DoneView), ActProblems))]
#[post("/v1/people/{person_id}/end-sessions")]
pub async fn end_sessions_of_person(app: web::Data<App>, order: Order, path: web::Path<uuid::Uuid>) -> Reply {
    let id = *path;
    act(&app, order, id, move |work| identity::end_sessions_of(work, PersonId::from_uuid(id)).map(|_| ())).await
}

/// Take a person's second factor away
///
/// For who has lost theirs: their sessions end, and they add a new one when they sign in next. Nobody does it for
/// themselves.
#[utoipa::path(tag = "people", operation_id = "reset_second_factor", security(("session" = [])),
    params(("person_id" = uuid::Uuid, Path, description = "Person"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255)),
    responses((status = 200, description = "Taken away", body = DoneView), ActProblems))]
#[post("/v1/people/{person_id}/reset-second-factor")]
pub async fn reset_second_factor(app: web::Data<App>, order: Order, path: web::Path<uuid::Uuid>) -> Reply {
    let id = *path;
    act(&app, order, id, move |work| accounts::reset_factor(work, PersonId::from_uuid(id))).await
}

/// Let a person go
///
/// They can't sign in, their sessions end, nothing is sent to them.
#[utoipa::path(tag = "people", operation_id = "deactivate_person", security(("session" = [])),
    params(("person_id" = uuid::Uuid, Path, description = "Person"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255)),
    responses((status = 200, description = "Let go", body = DoneView), ActProblems))]
#[post("/v1/people/{person_id}/deactivate")]
pub async fn deactivate_person(app: web::Data<App>, order: Order, path: web::Path<uuid::Uuid>) -> Reply {
    let id = *path;
    act(&app, order, id, move |work| identity::deactivate_person(work, PersonId::from_uuid(id))).await
}
