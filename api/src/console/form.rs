//! Reading a form, saying what is wrong with it, and doing what it asks once.

use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, LOCATION};
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use chrono::NaiveDate;
use dolen_domain::db::Work;
use dolen_domain::idempotency::{Answer, Key};
use dolen_domain::kernel::{Code, Error, Fault, FaultCode, Faults, Result};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::app::App;
use crate::auth::command::whole_body;
use crate::error::Problem;

use super::address;
use super::desk::{Desk, Visitor};
use super::flash::Flash;
use super::page::{FieldError, Page};
use super::strings::keys;

/// The fields of a form as they were sent. No `Debug`: it may be a child's.
#[derive(Clone, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads `application/x-www-form-urlencoded`.
    ///
    /// # Errors
    /// [`Code::MalformedBody`].
    pub fn parse(body: &[u8]) -> Result<Self> {
        serde_urlencoded::from_bytes(body).map(Self).map_err(|_| Code::MalformedBody.into())
    }

    /// Fields filled in beforehand.
    #[must_use]
    pub fn of(fields: &[(&str, &str)]) -> Self {
        Self(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    /// Adds a field.
    pub fn put(&mut self, name: String, value: String) {
        self.0.push((name, value));
    }

    /// What was typed into a field; nothing typed and no field are the same. Of several with one name, the last.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().rev().find(|(n, _)| n == name).map_or("", |(_, value)| value.as_str())
    }

    /// The same, where a field may be left empty.
    #[must_use]
    pub fn optional(&self, name: &str) -> Option<String> {
        Some(self.get(name).to_owned()).filter(|v| !v.trim().is_empty())
    }

    /// What was typed into fields whose names begin so, each with the rest of its name, in the form's order.
    pub fn below<'f>(&'f self, start: &'f str) -> impl Iterator<Item = (&'f str, &'f str)> {
        self.0.iter().filter_map(move |(name, value)| Some((name.strip_prefix(start)?, value.as_str())))
    }
}

/// The body of a form, of anybody.
///
/// # Errors
/// [`Code::ContentTypeUnsupported`], [`Code::PayloadTooLarge`] or [`Code::MalformedBody`].
pub async fn body_of(request: &HttpRequest, payload: &mut Payload, app: &App) -> Result<Vec<u8>> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(Code::ContentTypeUnsupported.into());
    }
    // A form writes a byte as three when it is none of a word's (`%C5%B5` is ŵ): what may be sent as JSON may be typed.
    whole_body(payload, app.settings.limits.body_bytes.saturating_mul(3)).await
}

/// The start of a form's fingerprint: its address without what comes after `?`, which says how the answer is to look and
/// never what is done.
fn fingerprint_of_form(request: &HttpRequest) -> Sha256 {
    Sha256::new().chain_update(request.path()).chain_update([0])
}

/// A form that somebody signed in sent, from a page of this session.
pub struct Sent {
    /// Who.
    pub desk: Desk,
    /// What they typed.
    pub fields: Fields,
    fingerprint: Vec<u8>,
}

impl Sent {
    async fn of(desk: Desk, request: &HttpRequest, payload: &mut Payload) -> Result<Self> {
        let body = body_of(request, payload, &desk.visitor.app).await?;
        let fields = Fields::parse(&body)?;
        let mut hash = fingerprint_of_form(request);
        hash.update(&body);
        Self::with(desk, fields, hash)
    }

    /// A form that was read already, with a fingerprint of all of it.
    ///
    /// # Errors
    /// [`Code::CsrfFailed`] when another page made it.
    pub fn with(desk: Desk, fields: Fields, hash: Sha256) -> Result<Self> {
        desk.check_csrf(fields.get("csrf"))?;
        Ok(Self { desk, fields, fingerprint: hash.finalize().to_vec() })
    }

    /// The version of the record the form was made for, as a tag.
    #[must_use]
    pub fn version(&self) -> String {
        self.fields.get("version").to_owned()
    }

    /// Does what the form asks, once however often it is sent, and says where to go on.
    ///
    /// # Errors
    /// What `f` returns.
    pub async fn once(
        &self,
        f: impl FnOnce(&mut Work<'_>, &App) -> Result<Done> + Send + 'static,
    ) -> Result<HttpResponse> {
        Ok(self.once_for(f).await?.respond(&self.desk.visitor))
    }

    /// Does what the form asks, once however often it is sent, and gives what it made: the same each time.
    ///
    /// # Errors
    /// What `f` returns.
    pub async fn once_for<T: Serialize + DeserializeOwned>(
        &self,
        f: impl FnOnce(&mut Work<'_>, &App) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let key = Key::read(Some(self.fields.get("key")).filter(|k| !k.is_empty()), self.fingerprint.clone())?;
        let app = &self.desk.visitor.app;
        let (answer, _) = app
            .write_once(&self.desk.caller, key, |work, app| {
                let body = serde_json::to_vec(&f(work, app)?).map_err(Error::internal)?;
                Ok(Answer { status: i64::from(StatusCode::SEE_OTHER.as_u16()), body })
            })
            .await?;
        serde_json::from_slice(&answer.body).map_err(Error::internal)
    }
}

impl FromRequest for Sent {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            // Who comes first: a stranger is not told what is wrong with a form.
            let desk = Desk::of(&request).await?;
            Ok(Self::of(desk, &request, &mut payload).await?)
        })
    }
}

/// The same from a session that may lack its second factor.
pub struct SentAtDoor(pub Sent);

impl FromRequest for SentAtDoor {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let desk = Desk::unproved(&request).await?;
            Ok(Self(Sent::of(desk, &request, &mut payload).await?))
        })
    }
}

/// Where to go on after a form, and what to say there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// The page, without its language.
    pub to: String,
    /// What to say.
    pub flash: Option<Flash>,
}

impl Done {
    /// On to a page with something to say.
    #[must_use]
    pub fn at(to: impl Into<String>, flash: Flash) -> Self {
        Self { to: to.into(), flash: Some(flash) }
    }

    /// The redirection.
    #[must_use]
    pub fn respond(&self, visitor: &Visitor) -> HttpResponse {
        let mut response = HttpResponse::SeeOther();
        response.insert_header((LOCATION, address::of(visitor.lang, &self.to)));
        if let Some(flash) = self.flash {
            response.cookie(flash.cookie(visitor.app.settings.server.is_https()));
        }
        response.finish()
    }
}

/// Whether the record is no longer as the form's page showed it, or the form was sent before with another text.
#[must_use]
pub const fn is_stale(code: Code) -> bool {
    matches!(code, Code::VersionMismatch | Code::StateConflict | Code::IdempotencyKeyReused)
}

/// A field of a form: its name, and what to say of it for some faults. Others are told in the fault's own words.
pub struct Field {
    /// Its name, which is also the fault's place (`/name`).
    pub name: &'static str,
    /// What to say, by fault.
    pub texts: &'static [(FaultCode, &'static str)],
}

/// What is wrong with a text that is too long.
pub const TOO_LONG: (FaultCode, &str) = (FaultCode::TooLong, keys::TEXT_TOO_LONG);

/// A day that must be given.
#[must_use]
pub const fn a_date(name: &'static str) -> Field {
    Field { name, texts: &[(FaultCode::Missing, keys::DATE_MISSING)] }
}

/// A text that must be written.
#[must_use]
pub const fn a_text(name: &'static str) -> Field {
    Field { name, texts: &[(FaultCode::Missing, keys::TEXT_MISSING), TOO_LONG] }
}

/// A date that must be given.
pub fn date(fields: &Fields, name: &str, faults: &mut Faults) -> Option<NaiveDate> {
    let given = date_if_any(fields, name, faults)?;
    if given.is_none() {
        faults.add(format!("/{name}"), FaultCode::Missing);
    }
    given
}

/// A date that may be left empty; nothing when it is no date.
#[expect(clippy::option_option, reason = "nothing given, and given but faulty, are two things")]
pub fn date_if_any(fields: &Fields, name: &str, faults: &mut Faults) -> Option<Option<NaiveDate>> {
    match fields.optional(name) {
        None => Some(None),
        Some(typed) => {
            faults.keep(format!("/{name}"), typed.trim().parse().map_err(|_| FaultCode::BadFormat)).map(Some)
        }
    }
}

/// Puts each fault at its field; one that belongs to none of them is told at the first.
pub fn complain(page: &mut Page, form: &[Field], faults: &[Fault]) {
    for fault in faults {
        let place = fault.pointer.trim_start_matches('/');
        let Some(field) = form.iter().find(|f| f.name == place).or_else(|| form.first()) else { continue };
        let own = field.texts.iter().find(|(code, _)| *code == fault.code && field.name == place);
        let text = own.map_or_else(|| page.half_of(fault.code.mend()).to_owned(), |(_, key)| page.say(key));
        let error = FieldError { field: field.name.into(), text };
        if !page.errors.contains(&error) {
            page.errors.push(error);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_typed() {
        let fields = Fields::parse(b"note=a+b%0D%0Ac&service=bss&service=eps&empty=+").unwrap();
        assert_eq!(fields.get("note"), "a b\r\nc");
        assert_eq!(fields.get("service"), "eps");
        assert_eq!((fields.get("empty"), fields.optional("empty")), (" ", None));
        assert_eq!((fields.get("missing"), fields.optional("missing")), ("", None));
        assert_eq!(Fields::parse(b"a=%C3%B4").unwrap().get("a"), "ô");
    }

    #[test]
    fn a_second_hand_is_told_and_a_fault_is_not() {
        assert!([Code::VersionMismatch, Code::StateConflict, Code::IdempotencyKeyReused].into_iter().all(is_stale));
        assert!(![Code::InvalidBody, Code::Forbidden, Code::NotFound].into_iter().any(is_stale));
    }
}
