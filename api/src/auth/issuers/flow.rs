//! Sending a browser to an issuer, and taking it in when it comes back.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use dolen_domain::directory::{officers, schools, services};
use dolen_domain::identity::{self, Arrival, Entry, IssuerIdentity, MappedRole, PlacedRole};
use dolen_domain::kernel::{Actor, Caller, Code, EmailAddress, Error, Lang, PersonId, Result};
use dolen_domain::{access::Role, db::Work};
use reqwest::Url;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::context::RequestContext;
use crate::outbound::oidc::{NotRedeemed, Redemption};

use super::Provider;
use super::id_token::{Bad, Checked, Expected};

/// Where to send a browser, and what it keeps.
pub struct Sent {
    /// The issuer's own page.
    pub to: String,
    /// What the cookie holds.
    pub browser: String,
}

/// What a browser brings back in its address.
#[derive(Debug, Deserialize)]
pub struct Answered {
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    state: Option<String>,
    #[serde(default)]
    iss: Option<String>,
    #[serde(default)]
    error: Option<String>,
}

fn nobody() -> Caller {
    let RequestContext { request_id, lang } = RequestContext::current();
    Caller { actor: Actor::Anonymous, scopes: None, second_factor_at: None, lang, request_id }
}

/// A value bound to one sign-in that nobody can know without our key: the nonce, and the verifier of PKCE.
fn bound(app: &App, what: &str, state: &str) -> String {
    let half = |n: &[u8]| app.vault.tag(&[b"oidc", what.as_bytes(), n, state.as_bytes()]);
    format!("{}{}", half(b"1"), half(b"2"))
}

impl App {
    /// Where an issuer sends a browser back to.
    fn return_address(&self, lang: Lang, code: &str) -> String {
        let language = if lang == Lang::Cy { "/cy" } else { "" };
        format!("{}{language}/sign-in/{code}/return", self.settings.server.public_url)
    }

    /// Begins signing in by an issuer. `again` asks it to have its person prove who they are though it knows them.
    ///
    /// # Errors
    /// [`Code::Unavailable`] when the issuer can't be asked.
    pub async fn send_to_issuer(
        &self,
        issuer: &Provider,
        lang: Lang,
        (next, again): (String, bool),
        browser: Option<String>,
    ) -> Result<Sent> {
        let description = issuer.description(self.db.clock().now()).await?;
        let code = issuer.settings.code.clone();
        let begun = self
            .upkeep(&nobody(), move |work, _| identity::begin_sign_in(work, &code, &next, browser.as_deref()))
            .await?;
        let state = begun.state.reveal();
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(bound(self, "verifier", state)));
        let mut to = Url::parse(&description.authorization_endpoint).map_err(Error::unavailable)?;
        let mut query = to.query_pairs_mut();
        query
            .append_pair("response_type", "code")
            .append_pair("client_id", &issuer.settings.client_id)
            .append_pair("redirect_uri", &self.return_address(lang, &issuer.settings.code))
            .append_pair("scope", &issuer.settings.scopes)
            .append_pair("state", state)
            .append_pair("nonce", &bound(self, "nonce", state))
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256")
            .append_pair("ui_locales", lang.tag());
        if again {
            query.append_pair("prompt", "login").append_pair("max_age", "0");
        }
        drop(query);
        Ok(Sent { to: to.into(), browser: begun.browser.reveal().to_owned() })
    }

    /// Takes a browser in that an issuer sent back. Gives the secret of its session, and the page it had asked for.
    ///
    /// # Errors
    /// [`Code::SignInExpired`], [`Code::IssuerRefused`], [`Code::AccountUnknown`], [`Code::NoRole`] or
    /// [`Code::Unavailable`].
    pub async fn take_from_issuer(
        &self,
        issuer: &Provider,
        lang: Lang,
        answered: Answered,
        (browser, device): (Option<String>, String),
    ) -> Result<(String, String)> {
        let (state, browser) = answered.state.zip(browser).ok_or(Code::SignInExpired)?;
        let (code, returned) = (issuer.settings.code.clone(), state.clone());
        // Used up before anything else: whatever comes of it, it can't be brought a second time.
        let next =
            self.upkeep(&nobody(), move |work, _| identity::finish_sign_in(work, &code, &returned, &browser)).await?;
        let description = issuer.description(self.db.clock().now()).await?;
        let named = answered.iss.as_deref();
        let must_name = description.authorization_response_iss_parameter_supported;
        // RFC 9207 §2.4: an answer of another issuer than the one asked.
        if named.map_or(must_name, |iss| iss != description.issuer) {
            return Err(refused("the answer names another issuer"));
        }
        if answered.error.is_some() {
            return Err(refused("the issuer sent an error"));
        }
        let code = answered.code.filter(|c| c.len() <= 4096).ok_or_else(|| refused("the answer has no code"))?;
        let redemption = Redemption {
            code: &code,
            redirect_uri: &self.return_address(lang, &issuer.settings.code),
            verifier: &bound(self, "verifier", &state),
            client_id: &issuer.settings.client_id,
            client_secret: issuer.settings.client_secret.as_ref(),
        };
        let token = issuer.client.redeem(&description, &redemption).await.map_err(|e| match e {
            NotRedeemed::Refused => refused("the code was not redeemed"),
            NotRedeemed::Failed(error) => error,
        })?;
        let expected = Expected {
            issuer: &issuer.settings.trust.issuer,
            client_id: &issuer.settings.client_id,
            nonce: &bound(self, "nonce", &state),
            algorithms: &description.id_token_signing_alg_values_supported,
            now: self.db.clock().now(),
        };
        let checked = issuer.check(&token, &expected).await?.map_err(|bad| match bad {
            Bad::UnknownKey => refused("the token names a key that is not known"),
            Bad::Token(why) => refused(why),
        })?;
        match self.let_in(issuer, &checked, device).await? {
            Entry::Opened(session) => Ok((session.token.reveal().to_owned(), next)),
            Entry::NoRole => Err(Code::NoRole.into()),
        }
    }

    /// Binds, places and opens: one transaction.
    async fn let_in(&self, issuer: &Provider, checked: &Checked, device: String) -> Result<Entry> {
        let settings = &issuer.settings;
        let who = IssuerIdentity {
            subject: checked.subject().to_owned(),
            email: checked.email().and_then(|e| EmailAddress::parse(e).ok()),
            email_verified: checked.email_verified(),
        };
        let now = self.db.clock().now();
        let (amr, acr) = (&settings.second_factor_amr, &settings.second_factor_acr);
        let second_factor_at = checked.second_factor_at(amr, acr, now);
        let arrival = Arrival { code: settings.code.clone(), second_factor_at, device };
        let roles = identity::mapped(&settings.roles, &checked.values(&settings.role_claim));
        let (trust, limits) = (settings.trust.clone(), self.sign_in_rules());
        self.write(&nobody(), move |work, _| {
            let known = identity::recognise(work, &trust, &who)?;
            let mut placed = Vec::new();
            for role in &roles {
                placed.extend(place(work, known.person(), role)?);
            }
            identity::open_by_issuer(work, &known, &placed, &arrival, &limits)
        })
        .await
    }
}

/// Nothing for a place that is not there, which the log says: the mapping is wrong, and the role is none.
fn found<T>(outcome: Result<T>) -> Result<Option<T>> {
    match outcome {
        Err(e) if e.code == Code::NotFound => {
            tracing::warn!("a mapped role names a school or service that is not there");
            Ok(None)
        }
        other => other.map(Some),
    }
}

/// The role at its place, if that is there. An officer is the one on the contact list with the person's own address.
fn place(work: &mut Work<'_>, person: PersonId, mapped: &MappedRole) -> Result<Option<PlacedRole>> {
    let mut role = PlacedRole { role: mapped.role, school: None, service: None, officer: None, deputy: mapped.deputy };
    if let Some(number) = &mapped.school {
        let Some(school) = found(schools::by_number(work, number))? else { return Ok(None) };
        role.school = Some(school.id);
    }
    if let Some(code) = &mapped.service {
        let Some(service) = found(services::by_code(work, code))? else { return Ok(None) };
        role.service = Some(service.id);
    }
    if matches!(mapped.role, Role::Officer | Role::TeamLead) {
        let own = identity::people_by_ids(work, &[person])?.into_iter().next().map(|p| p.email);
        let listed = officers::all_listed(work)?;
        role.officer = listed.into_iter().find(|o| own.as_ref() == Some(&o.email)).map(|o| o.id);
    }
    Ok(Some(role))
}

/// Told to the log in full and to the browser by its code alone.
fn refused(why: &'static str) -> Error {
    tracing::warn!(why, "a sign-in by an issuer was refused");
    Error::new(Code::IssuerRefused)
}
