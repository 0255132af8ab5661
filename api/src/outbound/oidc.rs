//! Asking an OpenID Connect issuer: its description, its keys, and a token for a code. Nothing is followed elsewhere, and
//! nothing long is read.

use std::time::Duration;

use dolen_domain::kernel::{Error, Result};
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::config::{is_loopback, may_ask};

/// The longest answer read, in bytes.
const LONGEST: usize = 1_048_576;
/// How long a connection may take, in seconds.
const CONNECT_SECONDS: u64 = 5;
/// How long a whole answer may take, in seconds.
const ANSWER_SECONDS: u64 = 10;

/// What an issuer says of itself (`OpenID Connect Discovery` §3), as far as it is used.
#[derive(Debug, Clone, Deserialize)]
pub struct Description {
    /// Its identifier.
    pub issuer: String,
    /// Where people sign in.
    pub authorization_endpoint: String,
    /// Where a code becomes a token.
    pub token_endpoint: String,
    /// Where its keys are.
    pub jwks_uri: String,
    /// Where people sign out.
    #[serde(default)]
    pub end_session_endpoint: Option<String>,
    /// How it signs.
    #[serde(default)]
    pub id_token_signing_alg_values_supported: Vec<String>,
    /// How it lets us prove who we are; `client_secret_basic` when it says nothing.
    #[serde(default)]
    pub token_endpoint_auth_methods_supported: Option<Vec<String>>,
    /// Whether it names itself when it sends people back (RFC 9207 §3).
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
}

/// One public key as it is published (RFC 7517), as far as it is used.
#[derive(Debug, Clone, Deserialize)]
pub struct PublishedKey {
    /// `RSA`, `EC` or `OKP`; others are left alone.
    pub kty: String,
    /// What it is for.
    #[serde(default, rename = "use")]
    pub usage: Option<String>,
    /// For which algorithm.
    #[serde(default)]
    pub alg: Option<String>,
    /// Its name.
    #[serde(default)]
    pub kid: Option<String>,
    /// Its curve.
    #[serde(default)]
    pub crv: Option<String>,
    /// RSA modulus.
    #[serde(default)]
    pub n: Option<String>,
    /// RSA exponent.
    #[serde(default)]
    pub e: Option<String>,
    /// A curve's point.
    #[serde(default)]
    pub x: Option<String>,
    /// Its other half.
    #[serde(default)]
    pub y: Option<String>,
}

/// Keys as they are published. One that can't be read leaves the others be.
#[derive(Debug, Deserialize)]
struct PublishedKeys {
    keys: Vec<serde_json::Value>,
}

/// What a code was worth. No `Debug`: it is a token.
#[derive(Deserialize)]
struct Redeemed {
    id_token: String,
}

/// A code to be redeemed.
pub struct Redemption<'a> {
    /// The code.
    pub code: &'a str,
    /// Where the issuer sent it.
    pub redirect_uri: &'a str,
    /// What its challenge was made of (RFC 7636 §4.1).
    pub verifier: &'a str,
    /// Who we are.
    pub client_id: &'a str,
    /// What proves it.
    pub client_secret: Option<&'a SecretString>,
}

/// Why a code was not redeemed.
pub enum NotRedeemed {
    /// The issuer said no.
    Refused,
    /// The issuer could not be asked.
    Failed(Error),
}

/// The client for one issuer.
#[derive(Debug, Clone)]
pub struct IssuerClient {
    http: Client,
    issuer: String,
}

impl IssuerClient {
    /// A client for the issuer with this identifier. Over TLS the machine's proxy settings hold; to this machine none do.
    ///
    /// # Errors
    /// When the machine's certificates can't be read.
    pub fn new(issuer: &str) -> Result<Self> {
        let local = Url::parse(issuer).is_ok_and(|url| is_loopback(&url));
        let builder = Client::builder()
            .redirect(Policy::none())
            .https_only(!local)
            .connect_timeout(Duration::from_secs(CONNECT_SECONDS))
            .timeout(Duration::from_secs(ANSWER_SECONDS))
            .user_agent(concat!("dolen/", env!("CARGO_PKG_VERSION")));
        let builder = if local { builder.no_proxy() } else { builder };
        Ok(Self { http: builder.build().map_err(Error::internal)?, issuer: issuer.to_owned() })
    }

    /// Reads its description, which must be its own letter by letter (`OpenID Connect Discovery` §4.3).
    ///
    /// # Errors
    /// [`dolen_domain::kernel::Code::Unavailable`] when it can't be had or can't be trusted.
    pub async fn describe(&self) -> Result<Description> {
        let url = format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'));
        let found: Description = self.get(&url).await?;
        if found.issuer != self.issuer {
            return Err(unusable("its description names another issuer"));
        }
        let end = found.end_session_endpoint.iter();
        let all = [&found.authorization_endpoint, &found.token_endpoint, &found.jwks_uri].into_iter().chain(end);
        for url in all {
            self.allow(url)?;
        }
        Ok(found)
    }

    /// Reads its keys.
    ///
    /// # Errors
    /// As [`Self::describe`].
    pub async fn keys(&self, description: &Description) -> Result<Vec<PublishedKey>> {
        let set: PublishedKeys = self.get(&description.jwks_uri).await?;
        Ok(set.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok()).collect())
    }

    /// Redeems a code for an ID token.
    ///
    /// # Errors
    /// [`NotRedeemed`].
    pub async fn redeem(&self, at: &Description, what: &Redemption<'_>) -> Result<String, NotRedeemed> {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", what.code),
            ("redirect_uri", what.redirect_uri),
            ("code_verifier", what.verifier),
        ];
        let request = self.http.post(&at.token_endpoint).header(ACCEPT, "application/json");
        let basic = at.token_endpoint_auth_methods_supported.as_ref();
        let basic = basic.is_none_or(|methods| methods.iter().any(|m| m == "client_secret_basic"));
        let request = match what.client_secret {
            // RFC 6749 §2.3.1: both halves are encoded as in a form first.
            Some(secret) if basic => request.basic_auth(encoded(what.client_id), Some(encoded(secret.expose_secret()))),
            Some(secret) => {
                form.extend([("client_id", what.client_id), ("client_secret", secret.expose_secret())]);
                request
            }
            None => {
                form.push(("client_id", what.client_id));
                request
            }
        };
        let (status, body) = read(request.form(&form)).await.map_err(NotRedeemed::Failed)?;
        match status {
            StatusCode::OK => {}
            // RFC 6749 §5.2: the code is no good, or we are not who we say.
            StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                tracing::warn!(%status, "an issuer refused a code");
                return Err(NotRedeemed::Refused);
            }
            other => return Err(NotRedeemed::Failed(unusable(&format!("its token endpoint answers {other}")))),
        }
        let redeemed: Redeemed = serde_json::from_slice(&body).map_err(|_| NotRedeemed::Refused)?;
        Ok(redeemed.id_token)
    }

    /// A TLS issuer leads to TLS addresses alone; one on this machine may name others on it.
    fn allow(&self, url: &str) -> Result<()> {
        let plain = Url::parse(url).is_ok_and(|u| is_loopback(&u));
        let local = Url::parse(&self.issuer).is_ok_and(|u| is_loopback(&u));
        if may_ask(url) && (!plain || local) {
            Ok(())
        } else {
            Err(unusable("it names an address that is not https://"))
        }
    }

    async fn get<T: DeserializeOwned>(&self, url: &str) -> Result<T> {
        let (status, body) = read(self.http.get(url).header(ACCEPT, "application/json")).await?;
        if status != StatusCode::OK {
            return Err(unusable(&format!("it answers {status}")));
        }
        serde_json::from_slice(&body).map_err(|_| unusable("it answers something else than asked for"))
    }
}

fn encoded(text: &str) -> String {
    serde_urlencoded::to_string([("", text)]).unwrap_or_default().trim_start_matches('=').to_owned()
}

/// The issuer is of no use now: said in the log, not to the caller.
fn unusable(why: &str) -> Error {
    Error::unavailable(format!("the issuer can't be used: {why}"))
}

/// Sends a request and reads an answer of JSON up to the limit.
async fn read(request: RequestBuilder) -> Result<(StatusCode, Vec<u8>)> {
    let mut response = request.send().await.map_err(|e| Error::unavailable(e.without_url()))?;
    let status = response.status();
    let kind = response.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_json = essence == "application/json" || essence.starts_with("application/") && essence.ends_with("+json");
    if status == StatusCode::OK && !is_json {
        return Err(unusable("it answers no JSON"));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|e| Error::unavailable(e.without_url()))? {
        if body.len() + chunk.len() > LONGEST {
            return Err(unusable("its answer is too long"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok((status, body))
}
