//! The extractor that says a handler needs someone signed in.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpRequest, web};
use dolen_domain::identity::{self, Lacking};
use dolen_domain::kernel::{Actor, Caller, Code, Lang, Result};

use crate::app::App;
use crate::context::RequestContext;
use crate::error::Problem;

use super::cookie;

/// A signed-in caller: a person by session or an API client by token. A handler without it is public.
#[derive(Debug, Clone)]
pub struct Signed {
    /// The caller.
    pub caller: Caller,
    /// The session, when a person signed in.
    pub session: Option<identity::Session>,
}

impl Signed {
    /// Finds out who is asking, and that their session has proved what their roles force: the one place where it is
    /// asked, at each request, from the database.
    ///
    /// # Errors
    /// As [`Unproved::of`]; [`Code::SecondFactorRequired`] or [`Code::SecondFactorEnrolmentRequired`].
    pub async fn of(request: &HttpRequest) -> Result<Self> {
        Unproved::of(request).await?.proved()
    }
}

/// Somebody signed in, and what their session still lacks. Only what leads to proving it, and away, takes this instead of
/// [`Signed`].
#[derive(Debug, Clone)]
pub struct Unproved(pub Signed, pub Option<Lacking>);

impl Unproved {
    /// Finds out who is asking.
    ///
    /// # Errors
    /// [`Code::SignInRequired`], [`Code::BadToken`], [`Code::CsrfFailed`] or [`Code::RateLimited`].
    pub async fn of(request: &HttpRequest) -> Result<Self> {
        let app = request.app_data::<web::Data<App>>().ok_or(Code::Internal)?.clone();
        let context = RequestContext::current();
        let (signed, lacking) = if let Some(header) = request.headers().get(AUTHORIZATION) {
            (by_token(&app, request, header.to_str().map_err(|_| Code::BadToken)?, &context).await?, None)
        } else {
            let token = cookie::token(&app, request).ok_or(Code::SignInRequired)?;
            same_origin(request)?;
            by_session(&app, token, &context).await?
        };
        if let Some(id) = signed.caller.actor.uuid() {
            app.attempts.request(&id.to_string())?;
        }
        Ok(Self(signed, lacking))
    }

    /// The caller, if their session lacks nothing.
    ///
    /// # Errors
    /// [`Code::SecondFactorRequired`] or [`Code::SecondFactorEnrolmentRequired`].
    pub fn proved(self) -> Result<Signed> {
        match self.1 {
            None => Ok(self.0),
            Some(Lacking::Proof) => Err(Code::SecondFactorRequired.into()),
            Some(Lacking::Factor) => Err(Code::SecondFactorEnrolmentRequired.into()),
        }
    }

    /// The session.
    ///
    /// # Errors
    /// [`Code::NotFound`] for an API client, which has none.
    pub fn session(&self) -> Result<&identity::Session> {
        self.0.session.as_ref().ok_or_else(|| Code::NotFound.into())
    }
}

/// A browser says where a request comes from; one from another site may read nothing and change nothing.
///
/// # Errors
/// [`Code::CsrfFailed`].
pub fn same_origin(request: &HttpRequest) -> Result<()> {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let site = request.headers().get("sec-fetch-site").and_then(|v| v.to_str().ok());
    match site {
        _ if safe => Ok(()),
        None | Some("same-origin" | "none") => Ok(()),
        Some(_) => Err(Code::CsrfFailed.into()),
    }
}

/// Nobody yet, in this request.
pub(crate) fn nobody(context: &RequestContext) -> Caller {
    Caller {
        actor: Actor::Anonymous,
        scopes: None,
        second_factor_at: None,
        lang: context.lang,
        request_id: context.request_id.clone(),
    }
}

/// A client by its bearer token. A client that was stopped is nobody at once, whatever its token still says; what was
/// taken from its scopes or networks since is taken from its tokens too.
async fn by_token(app: &App, request: &HttpRequest, header: &str, context: &RequestContext) -> Result<Signed> {
    let (scheme, token) = header.split_once(' ').ok_or(Code::BadToken)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Code::BadToken.into());
    }
    let verified = app.tokens.verify(token, app.db.clock().now())?;
    let id = verified.client;
    let client = app.read(&nobody(context), move |work, _| identity::client_in_force(work, id)).await?;
    let client = client.ok_or(Code::BadToken)?;
    if !client.networks.admit(super::peer(app, request)) {
        return Err(Code::AddressNotAllowed.into());
    }
    let caller = Caller {
        actor: Actor::Client(id),
        scopes: Some(verified.scopes.within(&client.scopes)),
        second_factor_at: None,
        lang: context.lang,
        request_id: context.request_id.clone(),
    };
    Ok(Signed { caller, session: None })
}

async fn by_session(app: &App, token: String, context: &RequestContext) -> Result<(Signed, Option<Lacking>)> {
    let nobody = nobody(context);
    let rules = app.sign_in_rules();
    let found = app.read(&nobody, move |work, _| {
        let Some(session) = identity::session(work, &token, &rules)? else { return Ok(None) };
        let lacking = identity::lacking(work, &session, &rules)?;
        Ok(Some((session, lacking)))
    });
    let (session, lacking) = found.await?.ok_or(Code::BadToken)?;
    if session.touch_due {
        let id = session.id;
        app.upkeep(&nobody, move |work, _| identity::touch_session(work, id)).await?;
    }
    let lang: Lang = context.lang;
    let caller = Caller {
        second_factor_at: session.second_factor_at,
        ..Caller::person(session.person, lang, &context.request_id)
    };
    Ok((Signed { caller, session: Some(session) }, lacking))
}

impl FromRequest for Signed {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Self::of(&request).await.map_err(Problem) })
    }
}

impl FromRequest for Unproved {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Self::of(&request).await.map_err(Problem) })
    }
}
