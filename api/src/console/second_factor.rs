//! The second factor: adding it, proving it again, new recovery codes. What is shown once is shown in the answer to the
//! form itself and kept nowhere, so these forms are not done "once for a key".

use actix_web::http::header::{CACHE_CONTROL, HeaderValue, LOCATION};
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use askama::Template;
use dolen_domain::identity::{self, Enrolment, Lacking};
use dolen_domain::kernel::{Code, Error, Result};
use serde::Deserialize;

use crate::auth::{cookie, demo};
use crate::error::status;
use crate::rest::{ISSUER, Reply};

use super::address;
use super::desk::{Desk, Door};
use super::form::{Sent, SentAtDoor};
use super::page::{FieldError, Page};
use super::sign_in::refusal;
use super::strings::keys;
use crate::paper::Dots;

/// How someone comes to the page that asks for a code.
#[derive(Default, Deserialize)]
pub struct Coming {
    /// The page to go on to.
    then: Option<String>,
}

#[derive(Template)]
#[template(path = "step_up.html")]
struct StepUp {
    page: Page,
    then: String,
    demo_code: Option<String>,
}

/// A secret to be added to an app: its letters in fours, and its address as the path of a square of dots.
struct Shown {
    secret: String,
    dots: Dots,
}

#[derive(Template)]
#[template(path = "second_factor.html")]
struct SecondFactor {
    page: Page,
    forced: bool,
    shown: Option<Shown>,
}

#[derive(Template)]
#[template(path = "recovery_codes.html")]
struct RecoveryCodes {
    page: Page,
    codes: Vec<String>,
}

impl Shown {
    fn of(enrolment: &Enrolment) -> Result<Self> {
        let dots = Dots::of(&enrolment.uri(ISSUER))?;
        let letters: Vec<char> = enrolment.secret.chars().collect();
        let fours: Vec<String> = letters.chunks(4).map(|four| four.iter().collect()).collect();
        Ok(Self { secret: fours.join(" "), dots })
    }
}

/// The next code the demo's pages show for who is signed in.
async fn demo_code(desk: &Desk) -> Result<Option<String>> {
    let app = &desk.visitor.app;
    let person = desk.session.person;
    let last = app.read(&desk.caller, move |work, _| identity::last_step(work, person)).await?;
    Ok(demo::code(app, last))
}

/// Asks for a code, so that who is signed in shows it is still them.
#[get("/step-up")]
pub async fn ask(door: Door, coming: web::Query<Coming>) -> Reply {
    let desk = door.0;
    if desk.lacking == Some(Lacking::Factor) {
        return Err(Code::SecondFactorEnrolmentRequired.into());
    }
    let then = coming.then.as_deref().and_then(address::local).unwrap_or_default();
    let demo_code = demo_code(&desk).await?;
    Ok(Page::of(&desk).ok(|page| StepUp { page, then, demo_code })?)
}

/// Takes the code and goes on, in a session with a new id and secret.
#[post("/step-up")]
pub async fn step_up(request: HttpRequest, sent: SentAtDoor) -> Reply {
    let Sent { desk, fields, .. } = &sent.0;
    let then = address::local(fields.get("then")).unwrap_or_default();
    let app = &desk.visitor.app;
    let code = fields.get("code").to_owned();
    let mut page = Page::of(desk);
    let error = match app.step_up(&request, &desk.caller, desk.session.id, code).await {
        Ok((token, _)) => {
            let to = address::of(desk.visitor.lang, if then.is_empty() { "/" } else { &then });
            let cookie = cookie::issue(app, &token);
            return Ok(HttpResponse::SeeOther().insert_header((LOCATION, to)).cookie(cookie).finish());
        }
        Err(error) => error,
    };
    let shown = status(error.code.class());
    let text = refusal(&page, error)?;
    page.errors.push(FieldError { field: "code".into(), text });
    let demo_code = demo_code(desk).await?;
    Ok(page.show(shown, |page| StepUp { page, then, demo_code })?)
}

/// The page on which an app is added.
#[get("/account/second-factor")]
pub async fn show(door: Door) -> Reply {
    let desk = door.0;
    let begun = desk.visitor.app.read(&desk.caller, |work, app| identity::pending_enrolment(work, &app.vault)).await?;
    let shown = begun.as_ref().map(Shown::of).transpose()?;
    let forced = desk.lacking == Some(Lacking::Factor);
    private(Page::of(&desk).ok(|page| SecondFactor { page, forced, shown })?)
}

/// Makes a secret and shows it.
#[post("/account/second-factor")]
pub async fn begin(sent: SentAtDoor) -> Reply {
    let desk = &sent.0.desk;
    desk.visitor.app.write(&desk.caller, |work, app| identity::begin_enrolment(work, &app.vault).map(|_| ())).await?;
    let to = address::of(desk.visitor.lang, "/account/second-factor");
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, to)).finish())
}

/// Takes the first code, and shows ten recovery codes, once.
#[post("/account/second-factor/confirm")]
pub async fn confirm(request: HttpRequest, sent: SentAtDoor) -> Reply {
    let Sent { desk, fields, .. } = &sent.0;
    let app = &desk.visitor.app;
    let code = fields.get("code").to_owned();
    let error = match app.confirm_factor(&request, &desk.caller, desk.session.id, code).await {
        Ok(enrolled) => {
            // The page's forms belong to the session under its new id.
            let mut renewed = desk.clone();
            renewed.session.id = enrolled.session.id;
            renewed.lacking = None;
            let codes = enrolled.recovery_codes;
            let mut response = Page::of(&renewed).ok(|page| RecoveryCodes { page, codes })?;
            let cookie = cookie::issue(app, enrolled.session.token.reveal());
            response.add_cookie(&cookie).map_err(Error::internal)?;
            return private(response);
        }
        Err(error) => error,
    };
    let mut page = Page::of(desk);
    let answer = status(error.code.class());
    let text = refusal(&page, error)?;
    page.errors.push(FieldError { field: "code".into(), text });
    let begun = app.read(&desk.caller, |work, app| identity::pending_enrolment(work, &app.vault)).await?;
    let shown = begun.as_ref().map(Shown::of).transpose()?;
    let forced = desk.lacking == Some(Lacking::Factor);
    private(page.show(answer, |page| SecondFactor { page, forced, shown })?)
}

/// Makes ten new recovery codes and shows them, once.
#[post("/account/recovery-codes")]
pub async fn recovery_codes(sent: Sent) -> Reply {
    let desk = &sent.desk;
    let made = desk.visitor.app.write(&desk.caller, |work, _| identity::new_recovery_codes(work)).await;
    let codes = match made {
        // What was pressed can't be pressed again by itself: back to the page with the button.
        Err(error) if error.code == Code::StepUpRequired => {
            let to = address::of(desk.visitor.lang, "/step-up?then=%2Faccount");
            return Ok(HttpResponse::SeeOther().insert_header((LOCATION, to)).finish());
        }
        made => made?,
    };
    private(Page::of(desk).ok(|page| RecoveryCodes { page, codes })?)
}

/// A page that no cache may keep: it holds a secret.
#[expect(clippy::unnecessary_wraps, reason = "handlers end with it")]
fn private(mut response: HttpResponse) -> Reply {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
