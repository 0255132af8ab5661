//! Pages about problems: those that an address of the API's problems leads to, and those a reader runs into.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{ACCEPT, LOCATION, RETRY_AFTER};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, get, web};
use askama::Template;
use dolen_domain::kernel::{Code, Error, Result};

use crate::context::RequestContext;
use crate::error::{Problem, status};
use crate::rest::Reply;

use super::address;
use super::desk::{Desk, Visitor};
use super::page::Page;
use super::pupil;
use super::strings::keys;

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    page: Page,
    title: String,
    advice: String,
    request_id: String,
}

#[derive(Template)]
#[template(path = "problem_code.html")]
struct CodePage {
    page: Page,
    code: Code,
    status: u16,
}

/// Whether a page is wanted rather than data. Of the pupils' addresses nothing else is to be had.
#[must_use]
pub fn wants_html(request: &HttpRequest) -> bool {
    if pupil::is_pupils(request.path()) {
        return true;
    }
    let accepts = request.headers().get(ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    accepts.contains("text/html") && !request.path().starts_with("/v1/") && request.path() != "/graphql"
}

/// The page for an unknown address.
#[must_use]
pub fn not_found(request: &HttpRequest) -> HttpResponse {
    answer(request, &Code::NotFound.into())
}

/// Turns a handler's problem into a page, or into a way to sign in.
///
/// # Errors
/// What the framework reports.
pub async fn as_pages(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let response = next.call(request).await?.map_into_boxed_body();
    let found = response.response().error().and_then(|e| e.as_error::<Problem>());
    let Some(page) = found.map(|p| answer(response.request(), &p.0)) else { return Ok(response) };
    Ok(response.into_response(page))
}

fn answer(request: &HttpRequest, error: &Error) -> HttpResponse {
    let page = match error.code {
        // Nobody is signed in there: nothing of staff's stands on a pupil's page.
        _ if pupil::is_pupils(request.path()) => pupil_page(request, error),
        Code::SignInRequired | Code::BadToken => to_sign_in(request, error.code),
        Code::SecondFactorEnrolmentRequired => to_own_page(request, "/account/second-factor"),
        Code::SecondFactorRequired | Code::StepUpRequired => to_step_up(request),
        _ => problem_page(request, error),
    };
    page.unwrap_or_else(|e| {
        crate::error::log(&e);
        HttpResponse::InternalServerError().finish()
    })
}

/// To the sign-in page, which leads back here. An ended session is said; what was typed is not kept.
fn to_sign_in(request: &HttpRequest, code: Code) -> Result<HttpResponse> {
    let visitor = Visitor::of(request)?;
    let mut query = Vec::new();
    if let Some(next) = address::local(&visitor.here).filter(|n| n != "/") {
        query.push(("next", next));
    }
    if code == Code::BadToken {
        query.push(("ended", "yes".to_owned()));
    }
    let query = serde_urlencoded::to_string(query).map_err(Error::internal)?;
    // A link in a mail has no language: a reader who has not signed in gets their browser's.
    let lang = if visitor.here.starts_with("/r/") { RequestContext::current().lang } else { visitor.lang };
    let to = address::of(lang, "/sign-in");
    let to = if query.is_empty() { to } else { format!("{to}?{query}") };
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, to)).finish())
}

fn to_own_page(request: &HttpRequest, page: &str) -> Result<HttpResponse> {
    let to = address::of(Visitor::of(request)?.lang, page);
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, to)).finish())
}

/// To the page that asks for a code, which leads back here. What a form held is not kept.
fn to_step_up(request: &HttpRequest) -> Result<HttpResponse> {
    let here = Visitor::of(request)?.here;
    let then = address::local(&here).filter(|_| request.method() == Method::GET).unwrap_or_else(|| "/".to_owned());
    let query = serde_urlencoded::to_string([("then", then)]).map_err(Error::internal)?;
    to_own_page(request, &format!("/step-up?{query}"))
}

fn problem_page(request: &HttpRequest, error: &Error) -> Result<HttpResponse> {
    // Who is signed in keeps the menu.
    let desk = request.extensions().get::<Desk>().cloned();
    let page = match desk {
        Some(desk) => Page::of(&desk),
        None => Page::public(&Visitor::of(request)?),
    };
    let title = match error.code {
        Code::NotFound => page.say(keys::PROBLEM_NOT_FOUND),
        code => page.half_of(code.title()).to_owned(),
    };
    let advice = page.say(advice(error.code));
    let request_id = RequestContext::current().request_id;
    let shown = status(error.code.class());
    let response = page.show(shown, |page| ProblemPage { page, title, advice, request_id })?;
    Ok(with_wait(response, error))
}

fn pupil_page(request: &HttpRequest, error: &Error) -> Result<HttpResponse> {
    Ok(with_wait(pupil::wrong(request, error)?, error))
}

/// When it may be tried again, in seconds.
pub(super) fn with_wait(mut response: HttpResponse, error: &Error) -> HttpResponse {
    if let Some(seconds) = error.retry_after {
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    response
}

/// What a reader can do about a problem.
fn advice(code: Code) -> &'static str {
    match status(code.class()) {
        StatusCode::NOT_FOUND => keys::ADVICE_NOT_FOUND,
        StatusCode::FORBIDDEN if code == Code::CsrfFailed => keys::ADVICE_CSRF,
        StatusCode::FORBIDDEN => keys::ADVICE_FORBIDDEN,
        StatusCode::TOO_MANY_REQUESTS => keys::ADVICE_TOO_MANY,
        s if s.is_server_error() => keys::ADVICE_OURS,
        _ => keys::ADVICE_BACK,
    }
}

/// What a problem's code means: where the `type` of a problem leads.
#[get("/problems/{code}")]
pub async fn problem(visitor: Visitor, code: web::Path<String>) -> Reply {
    let code = Code::ALL.iter().copied().find(|c| c.as_str() == code.as_str()).ok_or(Code::NotFound)?;
    let status = status(code.class()).as_u16();
    Ok(Page::public(&visitor).ok(|page| CodePage { page, code, status })?)
}
