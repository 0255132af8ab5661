//! One's own account: the second factor, the sessions, the password, the language.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, get, post, web};
use askama::Template;
use dolen_domain::identity::{self, Absence, FactorStanding, Preference, SessionLine};
use dolen_domain::kernel::{Code, Error, FaultCode, SessionId};

use crate::auth::cookie;
use crate::rest::Reply;

use super::desk::Desk;
use super::flash::Flash;
use super::form::{Done, Field, Sent, complain};
use super::page::{FieldError, Page};
use super::sign_in::refusal;
use super::strings::keys;

#[derive(Template)]
#[template(path = "account.html")]
struct Account {
    page: Page,
    factor: FactorStanding,
    sessions: Vec<SessionLine>,
    current: SessionId,
    lang: Preference,
    away: Option<Absence>,
}

#[derive(Template)]
#[template(path = "password.html")]
struct Password {
    page: Page,
}

const PASSWORD: &[Field] = &[Field { name: "password", texts: &[(FaultCode::TooShort, keys::PASSWORD_TOO_SHORT)] }];

/// The page.
#[get("/account")]
pub async fn show(desk: Desk) -> Reply {
    let (rules, current, lang) = (desk.visitor.app.sign_in_rules(), desk.session.id, desk.session.lang);
    let read = desk.visitor.app.read(&desk.caller, move |work, _| {
        let away = identity::own_absences(work)?.first().copied();
        Ok((identity::factor_standing(work)?, identity::own_sessions(work, &rules)?, away))
    });
    let (factor, sessions, away) = read.await?;
    Ok(Page::of(&desk).ok(|page| Account { page, factor, sessions, current, lang, away })?)
}

/// Sets the language of mail.
#[post("/account/language")]
pub async fn language(sent: Sent) -> Reply {
    let lang: Preference = sent.fields.get("lang").parse().map_err(|_| Code::MalformedBody)?;
    let done = sent.once(move |work, _| {
        identity::set_language(work, lang)?;
        Ok(Done::at("/account", Flash::LanguageSet))
    });
    Ok(done.await?)
}

/// Asks for a new password.
#[get("/account/password")]
pub async fn ask_password(desk: Desk) -> Reply {
    Ok(Page::of(&desk).ok(|page| Password { page })?)
}

/// Changes the password, or says why not. No password is shown again.
#[post("/account/password")]
pub async fn change_password(request: HttpRequest, sent: Sent) -> Reply {
    let desk = &sent.desk;
    let (old, new) = (sent.fields.get("old").to_owned(), sent.fields.get("password").to_owned());
    let app = &desk.visitor.app;
    let changed = app.change_password(&request, &desk.caller, desk.session.id, old, new).await;
    let mut page = Page::of(desk);
    match changed {
        Ok(token) => {
            let mut response = Done::at("/account", Flash::PasswordChanged).respond(&desk.visitor);
            response.add_cookie(&cookie::issue(app, &token)).map_err(Error::internal)?;
            return Ok(response);
        }
        Err(error) if error.code == Code::InvalidBody => complain(&mut page, PASSWORD, &error.faults),
        Err(error) if error.code == Code::InvalidCredentials => {
            let text = page.say(keys::PASSWORD_OLD_WRONG);
            page.errors.push(FieldError { field: "old".into(), text });
        }
        Err(error) => {
            let text = refusal(&page, error)?;
            page.errors.push(FieldError { field: "old".into(), text });
        }
    }
    Ok(page.show(StatusCode::UNPROCESSABLE_ENTITY, |page| Password { page })?)
}

/// Ends one of one's own sessions.
#[post("/account/sessions/{id}/end")]
pub async fn end_session(sent: Sent, id: web::Path<uuid::Uuid>) -> Reply {
    let id = SessionId::from_uuid(*id);
    let done = sent.once(move |work, _| {
        identity::end_session(work, id)?;
        Ok(Done::at("/account", Flash::SessionsEnded))
    });
    Ok(done.await?)
}

/// Ends one's other sessions.
#[post("/account/sessions/end-others")]
pub async fn end_others(sent: Sent) -> Reply {
    let keep = sent.desk.session.id;
    let done = sent.once(move |work, _| {
        identity::end_other_sessions(work, keep)?;
        Ok(Done::at("/account", Flash::SessionsEnded))
    });
    Ok(done.await?)
}
