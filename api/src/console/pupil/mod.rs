//! The survey as a pupil meets it: a code, what this is about, one question a page, and thanks.
//!
//! Nobody is signed in, and nothing is kept between two pages: a form carries what was answered so far to the next, and the
//! answers are stored when the last is sent (`facts/ecosystem.md` §1.3 C1–C6, §1.5). No cookie is set and none is read, no
//! session, no address and no browser is written down, and a page works without JavaScript.

mod asking;
mod wrong;

use std::borrow::Cow;

use actix_web::http::StatusCode;
use actix_web::http::header::{CLEAR_SITE_DATA, HeaderValue, LOCATION};
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use askama::Template;
use dolen_domain::instruments::{Answer, Choice, Definition, Kind, LONGEST_TEXT, Question};
use dolen_domain::kernel::{Code, Error, Fault, FaultCode, Result};
use dolen_domain::surveys::codes::{self, Entered, Ticket, WordCode};
use dolen_domain::surveys::texts::Written;
use serde::Deserialize;

use crate::auth::caller::nobody;
use crate::auth::peer;
use crate::context::RequestContext;
use crate::error::status;
use crate::rest::Reply;

use self::asking::{Given, Now, Press, band_of, options, takes_text, turn};
use super::address;
use super::desk::Visitor;
use super::form::{Fields, body_of};
use super::page::{FieldError, Page};
use super::pages::with_wait;
use super::strings::keys;
use super::symbols;

pub use self::wrong::{is_pupils, wrong};

/// The pages, in the order a pupil comes to them.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(begin).service(enter).service(ask).service(finish).service(thank).service(back);
}

/// A code that came with the address: from a sheet's QR code.
#[derive(Default, Deserialize)]
pub struct Coming {
    code: Option<String>,
}

#[derive(Template)]
#[template(path = "pupil_code.html")]
struct CodePage {
    page: Page,
    typed: String,
}

#[derive(Template)]
#[template(path = "pupil_about.html")]
struct AboutPage {
    page: Page,
    carried: Carried,
    ticket: Box<Ticket>,
}

impl AboutPage {
    fn definition(&self) -> &str {
        let wording = self.ticket.definition.definition.of(band_of(&self.ticket));
        wording.map_or("", |text| self.page.half(text))
    }
}

#[derive(Template)]
#[template(path = "pupil_question.html")]
struct QuestionPage {
    page: Page,
    carried: Carried,
    ticket: Box<Ticket>,
    question: String,
    /// What was written on the page and can't be taken as it is.
    typed: Option<String>,
}

impl QuestionPage {
    fn question(&self) -> Option<&Question> {
        self.ticket.definition.questions.iter().find(|q| q.code == self.question)
    }

    fn text(&self) -> &str {
        let wording = self.question().and_then(|q| q.text.of(band_of(&self.ticket)));
        wording.map_or(self.question.as_str(), |text| self.page.half(text))
    }

    fn takes_several(&self) -> bool {
        self.question().is_some_and(|q| q.kind == Kind::Multi)
    }

    fn takes_text(&self) -> bool {
        takes_text(&self.ticket.definition, &self.question)
    }

    fn longest(&self) -> usize {
        LONGEST_TEXT
    }

    fn written(&self) -> &str {
        let before = || self.carried.given.to(&self.question).first().map_or("", String::as_str);
        self.typed.as_deref().unwrap_or_else(before)
    }

    fn choices(&self) -> Vec<&Choice> {
        let definition: &Definition = &self.ticket.definition;
        self.question().map_or_else(Vec::new, |q| options(definition, q, band_of(&self.ticket)))
    }

    fn label<'a>(&'a self, choice: &'a Choice) -> &'a str {
        choice.label.of(band_of(&self.ticket)).map_or(choice.code.as_str(), |text| self.page.half(text))
    }

    fn symbol(&self, choice: &Choice) -> String {
        choice.drawn().map(symbols::drawn).unwrap_or_default()
    }

    fn is_chosen(&self, choice: &Choice) -> bool {
        self.carried.given.to(&self.question).contains(&choice.code)
    }
}

/// The first answer is where a complaint about all of them leads.
const fn first_id(at: &usize) -> &'static str {
    if *at == 0 { "choice" } else { "" }
}

#[derive(Template)]
#[template(path = "pupil_help.html")]
struct HelpPage {
    page: Page,
    carried: Carried,
    question: String,
}

#[derive(Template)]
#[template(path = "pupil_end.html")]
struct EndPage {
    page: Page,
    carried: Carried,
    ticket: Box<Ticket>,
}

#[derive(Template)]
#[template(path = "pupil_thanks.html")]
struct ThanksPage {
    page: Page,
}

/// What every form of these pages carries.
struct Carried {
    code: String,
    pass: String,
    given: Given,
}

/// The page where a code is typed; from a sheet's QR code it stands there already.
#[get("/survey")]
pub async fn begin(visitor: Visitor, coming: web::Query<Coming>) -> Reply {
    let typed = coming.into_inner().code.unwrap_or_default();
    Ok(Page::public(&visitor).ok(|page| CodePage { page, typed })?)
}

/// Takes a code: on to what this is about, or back with what is wrong.
#[post("/survey")]
pub async fn enter(request: HttpRequest, visitor: Visitor, payload: web::Payload) -> Reply {
    let fields = read(&request, payload, &visitor).await?;
    // Guessing takes many tries; a hall full of pupils behind one address takes few. Kept in memory alone.
    let counted = visitor.app.attempts.code(peer(&visitor.app, &request));
    let typed = fields.get("code").to_owned();
    if let Err(error) = counted {
        return hold_up(&visitor, typed, &error);
    }
    let Some(code) = WordCode::parse(&typed) else { return refuse(&visitor, typed, keys::PUPIL_CODE_UNKNOWN) };
    match look(&visitor, &code).await? {
        Entered::Ready(ticket) => {
            let pass = pass_of(&visitor, &typed);
            let carried = Carried { code: typed, pass, given: Given::default() };
            Ok(Page::public(&visitor).ok(|page| AboutPage { page, carried, ticket })?)
        }
        Entered::Spent => refuse(&visitor, typed, keys::PUPIL_CODE_SPENT),
        Entered::Closed => refuse(&visitor, typed, keys::PUPIL_CODE_CLOSED),
        Entered::Unknown => refuse(&visitor, typed, keys::PUPIL_CODE_UNKNOWN),
    }
}

/// One question after another. Words that say somebody may be hurt lead to where help is before the next; nothing of that is
/// written down, and nothing is held up by it.
#[post("/survey/questions")]
pub async fn ask(request: HttpRequest, visitor: Visitor, payload: web::Payload) -> Reply {
    let fields = read(&request, payload, &visitor).await?;
    let Some((mut carried, ticket)) = resume(&visitor, &fields).await? else { return Ok(to(&visitor, "/survey")) };
    let at = fields.optional("question");
    let press = Press::of(fields.get("go"));
    let chosen: Vec<String> =
        fields.below("choice").filter(|(rest, _)| rest.is_empty()).map(|(_, value)| value.to_owned()).collect();
    let (chosen, calls) = match &at {
        Some(code) if takes_text(&ticket.definition, code) => {
            match (Written::read(code, fields.get("choice")), press) {
                (Ok(Some(written)), Press::Next) => {
                    let calls = visitor.app.settings.survey.help_words.are_in(&written.words);
                    (vec![written.words], calls)
                }
                // Back, or the page in the other language: nothing that was typed is lost.
                (Ok(Some(written)), Press::Back | Press::Stay) => {
                    carried.given.put(code, vec![written.words]);
                    (Vec::new(), false)
                }
                (Err(fault), Press::Next | Press::Back | Press::Stay) => {
                    return too_much(&visitor, carried, ticket, (code, fields.get("choice")), fault);
                }
                _ => (Vec::new(), press == Press::Help),
            }
        }
        _ => (chosen, false),
    };
    let band = band_of(&ticket).to_owned();
    let now = turn(&ticket.definition, &band, &mut carried.given, (at.as_deref(), chosen, press));
    let mut page = Page::public(&visitor);
    if let (true, Some(question)) = (calls, at) {
        return Ok(page.ok(|page| HelpPage { page, carried, question })?);
    }
    Ok(match now {
        Now::Beginning => page.ok(|page| AboutPage { page, carried, ticket })?,
        Now::End => page.ok(|page| EndPage { page, carried, ticket })?,
        Now::Question { code, missing } => {
            let status = if missing { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            if missing {
                let text = page.say(keys::PUPIL_CHOOSE_OR_SKIP);
                page.errors.push(FieldError { field: "choice".into(), text });
            }
            page.show(status, |page| QuestionPage { page, carried, ticket, question: code, typed: None })?
        }
    })
}

/// The page of a text that can't be taken as it is, with what was typed.
fn too_much(
    visitor: &Visitor,
    carried: Carried,
    ticket: Box<Ticket>,
    (question, typed): (&str, &str),
    fault: FaultCode,
) -> Reply {
    let mut page = Page::public(visitor);
    let text = match fault {
        FaultCode::TooLong => page.tell(keys::PUPIL_TEXT_TOO_LONG, "longest", LONGEST_TEXT),
        _ => page.say(keys::PUPIL_TEXT_BAD),
    };
    page.errors.push(FieldError { field: "choice".into(), text });
    let (question, typed) = (question.to_owned(), Some(typed.to_owned()));
    Ok(page.show(StatusCode::UNPROCESSABLE_ENTITY, |page| QuestionPage { page, carried, ticket, question, typed })?)
}

/// Takes the answers, and spends the code. Who sends the last page twice is thanked twice, and counted once.
#[post("/survey/finish")]
pub async fn finish(request: HttpRequest, visitor: Visitor, payload: web::Payload) -> Reply {
    let fields = read(&request, payload, &visitor).await?;
    let Some(code) = passed(&visitor, &fields) else { return Ok(to(&visitor, "/survey")) };
    let given = Given::of(&fields);
    let caller = nobody(&RequestContext::current());
    let kept = visitor.app.upkeep(&caller, move |work, app| {
        let help = &app.settings.survey.help_words;
        let Entered::Ready(ticket) = codes::enter(work, &app.vault, &code)? else {
            return codes::answer(work, &app.vault, &code, &[], (&[], help));
        };
        let written = written(&ticket.definition, &given)?;
        codes::answer(work, &app.vault, &code, &answers(&ticket.definition, &given), (&written, help))
    });
    match kept.await {
        Ok(None | Some(Entered::Spent)) => Ok(to(&visitor, "/survey/thanks")),
        Ok(Some(Entered::Unknown)) => refuse(&visitor, fields.get("code").to_owned(), keys::PUPIL_CODE_UNKNOWN),
        Ok(Some(_)) => refuse(&visitor, fields.get("code").to_owned(), keys::PUPIL_CODE_CLOSED),
        // A form that none of these pages made; the code is good still.
        Err(error) if error.code == Code::InvalidBody => Ok(to(&visitor, "/survey")),
        Err(error) => Err(error.into()),
    }
}

/// Thanks, where help is to be had, and the way to the first page for the next pupil. It doesn't go there by itself: a page
/// that goes away while somebody reads where to ring is no help (WCAG 2.2.1).
#[get("/survey/thanks")]
pub async fn thank(visitor: Visitor) -> Reply {
    let mut response = Page::public(&visitor).ok(|page| ThanksPage { page })?;
    // Some browsers keep pages to go back to, whatever `no-store` says: the next pupil must not.
    response.headers_mut().insert(CLEAR_SITE_DATA, HeaderValue::from_static("\"cache\""));
    Ok(response)
}

/// The address of a form in the middle of it: to the beginning.
#[get("/survey/{step:questions|finish}")]
pub async fn back(visitor: Visitor) -> Reply {
    Ok(to(&visitor, "/survey"))
}

async fn read(request: &HttpRequest, payload: web::Payload, visitor: &Visitor) -> Result<Fields> {
    Fields::parse(&body_of(request, &mut payload.into_inner(), &visitor.app).await?)
}

fn to(visitor: &Visitor, bare: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, address::of(visitor.lang, bare))).finish()
}

fn refuse(visitor: &Visitor, typed: String, why: &str) -> Reply {
    again(visitor, typed, why, StatusCode::UNPROCESSABLE_ENTITY)
}

/// The page of the code with what is wrong, and what was typed.
fn again(visitor: &Visitor, typed: String, why: &str, status: StatusCode) -> Reply {
    let mut page = Page::public(visitor);
    let text = page.say(why);
    page.errors.push(FieldError { field: "code".into(), text });
    Ok(page.show(status, |page| CodePage { page, typed })?)
}

/// The same for who types after too many codes have been: a whole hall may be behind one address, and the code is as good in a
/// minute. Whether it is good is not looked at.
fn hold_up(visitor: &Visitor, typed: String, error: &Error) -> Reply {
    let response = again(visitor, typed, keys::PUPIL_CODE_WAIT, status(error.code.class()))?;
    Ok(with_wait(response, error))
}

async fn look(visitor: &Visitor, code: &WordCode) -> Result<Entered> {
    let (caller, code) = (nobody(&RequestContext::current()), code.clone());
    visitor.app.read(&caller, move |work, app| codes::enter(work, &app.vault, &code)).await
}

/// What says that a code has been typed on the first page, where tries are counted: the pages after it look up no other.
fn pass_of(visitor: &Visitor, typed: &str) -> String {
    visitor.app.vault.tag(&[b"survey code", typed.as_bytes()])
}

fn passed(visitor: &Visitor, fields: &Fields) -> Option<WordCode> {
    let typed = fields.get("code");
    let good = pass_of(visitor, typed);
    let same =
        aws_lc_rs::constant_time::verify_slices_are_equal(good.as_bytes(), fields.get("pass").as_bytes()).is_ok();
    if same { WordCode::parse(typed) } else { None }
}

/// What a form of the middle carries, and what its code opens; nothing when the code is good no longer.
async fn resume(visitor: &Visitor, fields: &Fields) -> Result<Option<(Carried, Box<Ticket>)>> {
    let Some(code) = passed(visitor, fields) else { return Ok(None) };
    let Entered::Ready(ticket) = look(visitor, &code).await? else { return Ok(None) };
    let carried =
        Carried { code: fields.get("code").to_owned(), pass: fields.get("pass").to_owned(), given: Given::of(fields) };
    Ok(Some((carried, ticket)))
}

/// What was written, as the service reads it.
fn written(definition: &Definition, given: &Given) -> Result<Vec<Written>> {
    let texts = given.all().filter(|(question, _)| takes_text(definition, question));
    let read = |(question, words): (&str, &[String])| {
        let fault = |code| Error::faults(Code::InvalidBody, vec![Fault::at(format!("/{question}"), code)]);
        match words {
            [words] => Written::read(question, words).map_err(fault),
            _ => Err(fault(FaultCode::WrongType)),
        }
    };
    texts.filter_map(|text| read(text).transpose()).collect()
}

/// The answers as the questionnaire reads them.
fn answers<'a>(definition: &Definition, given: &'a Given) -> Vec<(Cow<'a, str>, Answer<'a>)> {
    let kind = |code: &str| definition.questions.iter().find(|q| q.code == code).map(|q| q.kind);
    let one = |(question, options): (&'a str, &'a [String])| {
        let answer = match (kind(question), options) {
            (Some(Kind::Multi), options) => Answer::Many(options.iter().map(|o| Cow::from(o.as_str())).collect()),
            (_, [option]) => Answer::One(option.as_str().into()),
            _ => Answer::Other,
        };
        (Cow::from(question), answer)
    };
    given.all().filter(|(question, _)| !takes_text(definition, question)).map(one).collect()
}
