//! Signing in and out.

use actix_web::http::StatusCode;
use actix_web::http::header::{LOCATION, RETRY_AFTER};
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use askama::Template;
use dolen_domain::identity;
use dolen_domain::kernel::{Code, Error, Result};
use serde::Deserialize;

use crate::auth::{caller, cookie, demo};
use crate::config::IssuerSettings;
use crate::error::status;
use crate::rest::Reply;

use super::address;
use super::desk::{Desk, Visitor};
use super::flash::Flash;
use super::form::{Done, Fields, SentAtDoor, body_of};
use super::page::{FieldError, Page};
use super::strings::keys;

/// How someone comes to the sign-in page.
#[derive(Default, Deserialize)]
pub struct Coming {
    /// The page they asked for.
    next: Option<String>,
    /// Whether a session of theirs has ended.
    ended: Option<String>,
    /// The issuer they signed out from here, and may sign out from there.
    left: Option<String>,
}

/// An issuer on the page.
struct Way {
    href: String,
    name: String,
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn {
    page: Page,
    email: String,
    next: String,
    ended: bool,
    demo_code: Option<String>,
    ways: Vec<Way>,
    left: Option<Way>,
}

/// The issuers one may sign in by, in the page's language.
fn ways(visitor: &Visitor, next: &str) -> Vec<Way> {
    let query = if next.is_empty() { String::new() } else { form_pair("next", next) };
    let way = |issuer: &IssuerSettings| Way {
        href: address::of(visitor.lang, &format!("/sign-in/{}{query}", issuer.code)),
        name: issuer.name.of(visitor.lang).clone(),
    };
    visitor.app.issuers.all().map(way).collect()
}

fn form_pair(name: &str, value: &str) -> String {
    serde_urlencoded::to_string([(name, value)]).map(|q| format!("?{q}")).unwrap_or_default()
}

/// Asks who it is. Who is signed in already goes on.
#[get("/sign-in")]
pub async fn ask(request: HttpRequest, visitor: Visitor, coming: web::Query<Coming>) -> Reply {
    let next = coming.next.as_deref().and_then(address::local).unwrap_or_default();
    if Desk::unproved(&request).await.is_ok() {
        return Ok(onward(&visitor, &next).finish());
    }
    let ended = coming.ended.is_some();
    let left = coming.left.as_deref().and_then(|code| visitor.app.issuers.get(code)).map(|issuer| Way {
        href: address::of(visitor.lang, &format!("/sign-out/{}", issuer.settings.code)),
        name: issuer.settings.name.of(visitor.lang).clone(),
    });
    let (ways, demo_code) = (ways(&visitor, &next), demo::code(&visitor.app, None));
    Ok(Page::public(&visitor).ok(|page| SignIn { page, email: String::new(), next, ended, demo_code, ways, left })?)
}

/// Lets them in, or says why not. The password is never shown again.
#[post("/sign-in")]
pub async fn sign_in(request: HttpRequest, visitor: Visitor, payload: web::Payload) -> Reply {
    // No session yet, so no token: the browser's own word that the form was ours.
    caller::same_origin(&request)?;
    let fields = Fields::parse(&body_of(&request, &mut payload.into_inner(), &visitor.app).await?)?;
    let next = address::local(fields.get("next")).unwrap_or_default();
    let mut page = Page::public(&visitor);
    page.errors = missing(&page, &fields);
    let mut shown = StatusCode::UNPROCESSABLE_ENTITY;
    let mut wait = None;
    if page.errors.is_empty() {
        let (email, password, code) = (fields.get("email"), fields.get("password").to_owned(), fields.optional("code"));
        match visitor.app.sign_in(&request, email, password, code).await {
            Ok((token, _)) => {
                return Ok(onward(&visitor, &next).cookie(cookie::issue(&visitor.app, &token)).finish());
            }
            Err(error) => {
                (shown, wait) = (status(error.code.class()), error.retry_after);
                let of_code = matches!(error.code, Code::SecondFactorRequired | Code::SecondFactorWrong);
                let text = refusal(&page, error)?;
                page.errors.push(FieldError { field: if of_code { "code" } else { "email" }.into(), text });
            }
        }
    }
    let (email, demo_code) = (fields.get("email").to_owned(), demo::code(&visitor.app, None));
    let ways = ways(&visitor, &next);
    let shown_page = |page| SignIn { page, email, next, ended: false, demo_code, ways, left: None };
    let mut response = page.show(shown, shown_page)?;
    if let Some(seconds) = wait {
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    Ok(response)
}

/// Ends the session.
#[post("/sign-out")]
pub async fn sign_out(sent: SentAtDoor) -> Reply {
    let desk = &sent.0.desk;
    let id = desk.session.id;
    desk.visitor.app.write(&desk.caller, move |work, _| identity::end_session(work, id)).await?;
    // Who came by an issuer is still signed in there: the page says so, and offers to end that too.
    let left = desk.session.issuer.as_deref().map(|code| form_pair("left", code)).unwrap_or_default();
    let mut response = Done::at(format!("/sign-in{left}"), Flash::SignedOut).respond(&desk.visitor);
    response.add_cookie(&cookie::clear(&desk.visitor.app)).map_err(Error::internal)?;
    Ok(response)
}

fn onward(visitor: &Visitor, next: &str) -> actix_web::HttpResponseBuilder {
    let to = address::of(visitor.lang, if next.is_empty() { "/" } else { next });
    let mut response = HttpResponse::SeeOther();
    response.insert_header((LOCATION, to));
    response
}

fn missing(page: &Page, fields: &Fields) -> Vec<FieldError> {
    [("email", keys::SIGN_IN_EMAIL_MISSING), ("password", keys::SIGN_IN_PASSWORD_MISSING)]
        .into_iter()
        .filter(|(field, _)| fields.get(field).trim().is_empty())
        .map(|(field, key)| FieldError { field: field.into(), text: page.say(key) })
        .collect()
}

/// Why someone was not let in, in words; any other problem is a page of its own.
pub(super) fn refusal(page: &Page, error: Error) -> Result<String> {
    let seconds = error.retry_after.unwrap_or_default();
    let minutes = i64::try_from(seconds.div_ceil(60).max(1)).unwrap_or(i64::MAX);
    match error.code {
        Code::InvalidCredentials => Ok(page.say(keys::SIGN_IN_WRONG)),
        Code::SecondFactorRequired => Ok(page.say(keys::CODE_MISSING)),
        Code::SecondFactorWrong => Ok(page.say(keys::CODE_WRONG)),
        Code::AccountLocked => Ok(page.count(keys::SIGN_IN_LOCKED, &minutes)),
        Code::RateLimited => Ok(page.count(keys::SIGN_IN_TOO_MANY, &minutes)),
        _ => Err(error),
    }
}
