//! Following links: an invitation's, and the one-time link of the command line. The page of a link changes nothing, for
//! programs follow links too; its form does.

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use askama::Template;
use dolen_domain::identity::{self, Invitation};
use dolen_domain::kernel::{Code, FaultCode};

use crate::auth::caller::nobody;
use crate::auth::{caller, cookie};
use crate::context::RequestContext;
use crate::rest::Reply;

use super::address;
use super::desk::Visitor;
use super::flash::Flash;
use super::form::{Done, Field, Fields, body_of, complain};
use super::page::Page;
use super::people::role_name;
use super::strings::keys;

#[derive(Template)]
#[template(path = "invitation.html")]
struct InvitationPage {
    page: Page,
    invitation: Invitation,
}

#[derive(Template)]
#[template(path = "sign_in_link.html")]
struct LinkPage {
    page: Page,
}

impl InvitationPage {
    fn roles(&self) -> Vec<String> {
        self.invitation.roles.iter().map(|role| role_name(&self.page, *role)).collect()
    }
}

const PASSWORD: &[Field] = &[Field {
    name: "password",
    texts: &[(FaultCode::TooShort, keys::PASSWORD_TOO_SHORT), (FaultCode::Missing, keys::PASSWORD_TOO_SHORT)],
}];

/// What somebody is invited to.
#[get("/invitation/{link}")]
pub async fn show(visitor: Visitor, link: web::Path<String>) -> Reply {
    let link = link.into_inner();
    let nobody = nobody(&RequestContext::current());
    let invitation = visitor.app.read(&nobody, move |work, _| identity::invitation(work, &link)).await?;
    Ok(Page::public(&visitor).ok(|page| InvitationPage { page, invitation })?)
}

/// Accepts it. Who has chosen a password goes on to their second factor, others to signing in.
#[post("/invitation/{link}")]
pub async fn accept(request: HttpRequest, visitor: Visitor, link: web::Path<String>, payload: web::Payload) -> Reply {
    // No session yet, so no token: the browser's own word that the form was ours.
    caller::same_origin(&request)?;
    let fields = Fields::parse(&body_of(&request, &mut payload.into_inner(), &visitor.app).await?)?;
    let link = link.into_inner();
    let password = Some(fields.get("password").to_owned()).filter(|p| !p.is_empty());
    match visitor.app.accept_invitation(&request, link.clone(), password).await {
        Ok(Some(token)) => {
            let to = address::of(visitor.lang, "/account/second-factor");
            let cookie = cookie::issue(&visitor.app, &token);
            Ok(HttpResponse::SeeOther().insert_header((LOCATION, to)).cookie(cookie).finish())
        }
        Ok(None) => Ok(Done::at("/sign-in", Flash::InvitationAccepted).respond(&visitor)),
        Err(error) if error.code == Code::InvalidBody => {
            let nobody = nobody(&RequestContext::current());
            let invitation = visitor.app.read(&nobody, move |work, _| identity::invitation(work, &link)).await?;
            let mut page = Page::public(&visitor);
            complain(&mut page, PASSWORD, &error.faults);
            Ok(page.show(StatusCode::UNPROCESSABLE_ENTITY, |page| InvitationPage { page, invitation })?)
        }
        Err(error) => Err(error.into()),
    }
}

/// What a one-time link does, before it does it.
#[get("/sign-in-link/{link}")]
pub async fn show_link(visitor: Visitor, link: web::Path<String>) -> Reply {
    let link = link.into_inner();
    let nobody = nobody(&RequestContext::current());
    visitor.app.read(&nobody, move |work, _| identity::sign_in_link(work, &link).map(|_| ())).await?;
    Ok(Page::public(&visitor).ok(|page| LinkPage { page })?)
}

/// Follows a one-time link: on to adding another second factor.
#[post("/sign-in-link/{link}")]
pub async fn follow_link(request: HttpRequest, visitor: Visitor, link: web::Path<String>) -> Reply {
    caller::same_origin(&request)?;
    let token = visitor.app.follow_sign_in_link(&request, link.into_inner()).await?;
    let to = address::of(visitor.lang, "/account/second-factor");
    let cookie = cookie::issue(&visitor.app, &token);
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, to)).cookie(cookie).finish())
}
