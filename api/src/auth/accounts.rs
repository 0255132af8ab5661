//! Signing in and proving who one is: what REST, the console and the command line do alike. The slow comparison of a
//! password runs outside the transaction; what failed is counted in one of its own, since a refused one is rolled back.

use actix_web::http::header::USER_AGENT;
use actix_web::{HttpRequest, web};
use dolen_domain::db::Work;
use dolen_domain::identity::{self, Enrolled, Invite, Invited, NewSession, Opening, PasswordHash, Session};
use dolen_domain::kernel::{Actor, Caller, Code, EmailAddress, Error, FaultCode, PersonId, Result, SessionId};
use dolen_domain::notices::{self, Wording};

use crate::app::App;
use crate::context::RequestContext;

use super::caller::nobody;

/// What a browser says it is, coarsely.
#[must_use]
pub fn device(request: &HttpRequest) -> String {
    let agent = request.headers().get(USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    identity::device_of(agent)
}

/// The person who acts.
fn person_of(caller: &Caller) -> Result<PersonId> {
    match caller.actor {
        Actor::Person(id) => Ok(id),
        _ => Err(Code::SignInRequired.into()),
    }
}

impl App {
    /// The rules of signing in, from the settings.
    #[must_use]
    pub fn sign_in_rules(&self) -> identity::SignInRules {
        let auth = &self.settings.auth;
        identity::SignInRules {
            attempts: auth.lockout_failures,
            lock_seconds: auth.lockout_minutes * 60,
            idle_seconds: auth.idle_minutes * 60,
            absolute_seconds: auth.session_hours * 3600,
            second_factor_roles: auth.second_factor_roles,
        }
    }

    /// Signs a person in. An unknown address costs what a known one costs, is counted and locked alike, and is told the
    /// same. Only who has the right password hears of a second factor. Gives the secret for the cookie and the session.
    ///
    /// # Errors
    /// [`Code::InvalidCredentials`], [`Code::AccountLocked`], [`Code::SecondFactorRequired`],
    /// [`Code::SecondFactorWrong`] or [`Code::RateLimited`].
    pub async fn sign_in(
        &self,
        request: &HttpRequest,
        email: &str,
        password: String,
        code: Option<String>,
    ) -> Result<(String, Session)> {
        self.attempts.attempt(super::peer(self, request))?;
        let context = RequestContext::current();
        let (nobody, rules) = (nobody(&context), self.sign_in_rules());
        // An address that can't be one is an unknown one, and costs as much.
        let email = EmailAddress::parse(email).ok();
        let (known, locked) = match email.clone() {
            Some(email) => {
                let read = move |work: &mut Work<'_>, _: &Self| match identity::credentials(work, &email)? {
                    Some(known) => Ok((Some(known), None)),
                    None => Ok((None, identity::locked_address(work, &email)?)),
                };
                self.read(&nobody, read).await?
            }
            None => (None, None),
        };
        let hash = known.as_ref().and_then(|k| k.hash.clone());
        let right = compare(hash, password).await?;
        let now = self.db.clock().now();
        let judged = identity::locked(locked, now).and_then(|()| identity::judge(known.as_ref(), right, now));
        let person = match judged {
            Ok(person) => person,
            Err(error) => {
                if let Some(email) = email.filter(|_| error.code == Code::InvalidCredentials) {
                    self.upkeep(&nobody, move |work, _| identity::note_failure(work, &email, &rules)).await?;
                }
                return Err(error);
            }
        };
        let caller = Caller::person(person, context.lang, &context.request_id);
        let device = device(request);
        let open = move |work: &mut Work<'_>, app: &Self| {
            identity::open_session_with(work, &app.vault, person, code.as_deref(), device, &rules)
        };
        let opened = self.counted(&caller, open).await?;
        self.entered(&caller, &opened).await
    }

    /// Runs a write in which a code is compared; a wrong one is counted towards the account's lock.
    async fn counted<T: Send + 'static>(
        &self,
        caller: &Caller,
        f: impl FnOnce(&mut Work<'_>, &Self) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let done = self.write(caller, f).await;
        if matches!(&done, Err(e) if matches!(e.code, Code::SecondFactorWrong | Code::InvalidCredentials)) {
            let (person, rules) = (person_of(caller)?, self.sign_in_rules());
            self.upkeep(caller, move |work, _| identity::note_failure_of(work, person, &rules)).await?;
        }
        done
    }

    /// The session just opened or renewed, with the secret for the cookie.
    async fn entered(&self, caller: &Caller, opened: &NewSession) -> Result<(String, Session)> {
        let (token, rules) = (opened.token.reveal().to_owned(), self.sign_in_rules());
        let lookup = token.clone();
        let session =
            self.read(caller, move |work, _| identity::session(work, &lookup, &rules)).await?.ok_or(Code::Internal)?;
        Ok((token, session))
    }

    /// Proves the second factor again; the session gets a new id and a new secret.
    ///
    /// # Errors
    /// [`Code::SecondFactorWrong`], [`Code::SecondFactorEnrolmentRequired`], [`Code::AccountLocked`] or
    /// [`Code::RateLimited`].
    pub async fn step_up(
        &self,
        request: &HttpRequest,
        caller: &Caller,
        session: SessionId,
        code: String,
    ) -> Result<(String, Session)> {
        self.attempts.attempt(super::peer(self, request))?;
        let prove = move |work: &mut Work<'_>, app: &Self| identity::step_up(work, &app.vault, session, &code);
        let opened = self.counted(caller, prove).await?;
        self.entered(caller, &opened).await
    }

    /// Confirms the factor begun with a code of it, and tells its owner by mail.
    ///
    /// # Errors
    /// As [`identity::confirm_enrolment`], or [`Code::RateLimited`].
    pub async fn confirm_factor(
        &self,
        request: &HttpRequest,
        caller: &Caller,
        session: SessionId,
        code: String,
    ) -> Result<Enrolled> {
        self.attempts.attempt(super::peer(self, request))?;
        let person = person_of(caller)?;
        let confirm = move |work: &mut Work<'_>, app: &Self| {
            let enrolled = identity::confirm_enrolment(work, &app.vault, session, &code)?;
            tell_changed(work, person)?;
            Ok(enrolled)
        };
        self.write(caller, confirm).await
    }

    /// Changes the caller's own password, once the old one was compared. A wrong one is counted.
    ///
    /// # Errors
    /// [`Code::InvalidCredentials`] for the old one; the faults of the new one; [`Code::RateLimited`].
    pub async fn change_password(
        &self,
        request: &HttpRequest,
        caller: &Caller,
        session: SessionId,
        old: String,
        new: String,
    ) -> Result<String> {
        self.attempts.attempt(super::peer(self, request))?;
        let hash = self.read(caller, |work, _| identity::own_password(work)).await?;
        let right = compare(hash, old).await?;
        let hash = self.hashed(new).await?;
        let person = person_of(caller)?;
        let change = move |work: &mut Work<'_>, _: &Self| {
            if !right {
                return Err(Code::InvalidCredentials.into());
            }
            let renewed = identity::change_password(work, session, &hash)?;
            tell_changed(work, person)?;
            Ok(renewed)
        };
        Ok(self.counted(caller, change).await?.token.reveal().to_owned())
    }

    /// Hashes a new password on a blocking thread.
    async fn hashed(&self, password: String) -> Result<PasswordHash> {
        let app = self.clone();
        let hash = web::block(move || identity::hash_password(&password, &**app.db.chance()));
        hash.await.map_err(Error::unavailable)?
    }

    /// Follows an invitation's link. Who chose a password is signed in.
    ///
    /// # Errors
    /// As [`identity::accept_invitation`], or [`Code::RateLimited`].
    pub async fn accept_invitation(
        &self,
        request: &HttpRequest,
        link: String,
        password: Option<String>,
    ) -> Result<Option<String>> {
        self.attempts.attempt(super::peer(self, request))?;
        let nobody = nobody(&RequestContext::current());
        let asked = link.clone();
        let chooses = self.read(&nobody, move |work, _| identity::invitation(work, &asked)).await?.chooses_password;
        let hash = match password.filter(|_| chooses) {
            Some(password) => Some(self.hashed(password).await?),
            None if chooses => return Err(Error::fault("/password", FaultCode::Missing)),
            None => None,
        };
        let (rules, opening) = (self.sign_in_rules(), Opening { second_factor: false, device: device(request) });
        let follow = move |work: &mut Work<'_>, _: &Self| {
            identity::accept_invitation(work, &link, hash.as_ref(), &opening, &rules)
        };
        let accepted = self.write(&nobody, follow).await?;
        Ok(accepted.session.map(|s| s.token.reveal().to_owned()))
    }

    /// Follows a one-time link of the command line, and tells its owner by mail.
    ///
    /// # Errors
    /// [`Code::LinkInvalid`] or [`Code::RateLimited`].
    pub async fn follow_sign_in_link(&self, request: &HttpRequest, link: String) -> Result<String> {
        self.attempts.attempt(super::peer(self, request))?;
        let (rules, opening) = (self.sign_in_rules(), Opening { second_factor: false, device: device(request) });
        let follow = move |work: &mut Work<'_>, _: &Self| {
            let (person, opened) = identity::follow_sign_in_link(work, &link, &opening, &rules)?;
            tell_changed(work, person)?;
            Ok(opened)
        };
        Ok(self.write(&nobody(&RequestContext::current()), follow).await?.token.reveal().to_owned())
    }
}

/// Compares a password on a blocking thread.
async fn compare(hash: Option<PasswordHash>, password: String) -> Result<bool> {
    web::block(move || identity::verify_password(hash.as_ref(), &password)).await.map_err(Error::unavailable)
}

/// Tells somebody by mail that the way they sign in was changed (OWASP ASVS 6.3.7).
///
/// # Errors
/// When the database refuses it.
pub fn tell_changed(work: &mut Work<'_>, person: PersonId) -> Result<()> {
    let id = work.new_id().to_string();
    notices::enqueue_account(work, Wording::AccountChanged, person, &id)
}

/// Invites somebody, and writes their mail.
///
/// # Errors
/// As [`identity::invite`].
pub fn invite(work: &mut Work<'_>, app: &App, new: &Invite) -> Result<Invited> {
    let invited = identity::invite(work, &app.vault, new)?;
    notices::enqueue_account(work, Wording::Invited, invited.person, &invited.id.to_string())?;
    Ok(invited)
}

/// Takes somebody's second factor away, and tells them by mail.
///
/// # Errors
/// As [`identity::reset_factor`].
pub fn reset_factor(work: &mut Work<'_>, person: PersonId) -> Result<()> {
    identity::reset_factor(work, person)?;
    tell_changed(work, person)
}
