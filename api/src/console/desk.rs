//! Who is at the page: anybody, or somebody signed in.

use std::future::{Ready, ready};
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use dolen_domain::access::{self, Action, Standing};
use dolen_domain::identity::{Lacking, Session};
use dolen_domain::kernel::{Caller, Code, Error, Lang, Result};

use crate::app::App;
use crate::auth::{Signed, Unproved};
use crate::error::Problem;

use super::Strings;
use super::address;
use super::flash::Flash;

/// Anybody who asks for a page.
#[derive(Clone)]
pub struct Visitor {
    /// The service.
    pub app: web::Data<App>,
    /// The texts.
    pub strings: web::Data<Strings>,
    /// The language of the address.
    pub lang: Lang,
    /// The address, without its language.
    pub here: String,
    /// What the page before has to say.
    pub flash: Option<Flash>,
}

impl Visitor {
    /// Reads who comes.
    ///
    /// # Errors
    /// When the server was put together without its parts.
    pub fn of(request: &HttpRequest) -> Result<Self> {
        let missing = || Error::internal("the console lacks its service or its texts");
        let here = request.uri().path_and_query().map_or("/", |p| p.as_str());
        Ok(Self {
            app: request.app_data::<web::Data<App>>().ok_or_else(missing)?.clone(),
            strings: request.app_data::<web::Data<Strings>>().ok_or_else(missing)?.clone(),
            lang: address::lang_of(request.path()),
            here: address::bare(here),
            flash: Flash::of(request),
        })
    }

    /// A text in the page's language.
    #[must_use]
    pub fn say(&self, key: &str) -> String {
        self.strings.say(self.lang, key)
    }
}

impl FromRequest for Visitor {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request).map_err(Problem))
    }
}

/// Somebody signed in, and what they are.
#[derive(Clone)]
pub struct Desk {
    /// The page asked for.
    pub visitor: Visitor,
    /// Who acts.
    pub caller: Caller,
    /// Their session.
    pub session: Session,
    /// Their roles, for what the page offers. What they may do is decided where it is done.
    pub standing: Standing,
    /// What their session lacks before it may do anything; only [`Door`] lets such a one in.
    pub lacking: Option<Lacking>,
}

impl Desk {
    /// Finds out who is at the page. Kept with the request, for a problem's page.
    ///
    /// # Errors
    /// [`Code::SignInRequired`] or [`Code::BadToken`], which lead to the sign-in page; [`Code::SecondFactorRequired`] or
    /// [`Code::SecondFactorEnrolmentRequired`], which lead to theirs; [`Code::CsrfFailed`].
    pub async fn of(request: &HttpRequest) -> Result<Self> {
        let signed = Signed::of(request).await?;
        Self::at(request, signed, None).await
    }

    /// The same for a session that may lack its second factor: for the pages that lead to it, and away.
    ///
    /// # Errors
    /// [`Code::SignInRequired`] or [`Code::BadToken`]; [`Code::CsrfFailed`].
    pub async fn unproved(request: &HttpRequest) -> Result<Self> {
        let Unproved(signed, lacking) = Unproved::of(request).await?;
        Self::at(request, signed, lacking).await
    }

    async fn at(request: &HttpRequest, signed: Signed, lacking: Option<Lacking>) -> Result<Self> {
        let visitor = Visitor::of(request)?;
        let session = signed.session.ok_or(Code::SignInRequired)?;
        // The path says the page's language, whatever the browser prefers.
        let caller = Caller { lang: visitor.lang, ..signed.caller };
        let standing = visitor.app.read(&caller, |work, _| access::standing(work)).await?;
        let desk = Self { visitor, caller, session, standing, lacking };
        request.extensions_mut().insert(desk.clone());
        Ok(desk)
    }

    /// Whether this could be allowed anywhere: what the menu offers.
    #[must_use]
    pub fn may(&self, action: Action) -> bool {
        access::scope_of(&self.standing, action).is_some()
    }

    /// What this session's forms carry, and nobody else can know.
    #[must_use]
    pub fn csrf(&self) -> String {
        self.visitor.app.vault.tag(&[b"csrf", self.session.id.uuid().as_bytes()])
    }

    /// Refuses a form that another page made.
    ///
    /// # Errors
    /// [`Code::CsrfFailed`].
    pub fn check_csrf(&self, given: &str) -> Result<()> {
        verify_slices_are_equal(self.csrf().as_bytes(), given.as_bytes()).map_err(|_| Code::CsrfFailed.into())
    }
}

impl FromRequest for Desk {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Self::of(&request).await.map_err(Problem) })
    }
}

/// Somebody signed in, whatever their session has proved.
pub struct Door(pub Desk);

impl FromRequest for Door {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Desk::unproved(&request).await.map(Self).map_err(Problem) })
    }
}
