//! Those who ask: named clients, and what they are told.

use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};

use dolen_domain::kernel::Code;
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;
use serde_json::Value;

/// How a client proves who it is.
#[derive(Clone)]
pub enum Auth {
    /// Not at all.
    Nobody,
    /// By cookie.
    Session(String),
    /// By token.
    Bearer(String),
}

/// Somebody who asks.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    auth: Auth,
}

/// Keys that no two requests of a run share.
static NEXT_KEY: AtomicU64 = AtomicU64::new(1);

/// A fresh idempotency key.
#[must_use]
pub fn fresh_key() -> String {
    format!("test-{}", NEXT_KEY.fetch_add(1, Ordering::Relaxed))
}

impl Client {
    /// A client of the service at `base`.
    #[must_use]
    pub fn new(http: reqwest::Client, base: &str, auth: Auth) -> Self {
        Self { http, base: base.to_owned(), auth }
    }

    /// What it proves itself with, when it does.
    #[must_use]
    pub fn secret(&self) -> &str {
        match &self.auth {
            Auth::Nobody => "",
            Auth::Session(secret) | Auth::Bearer(secret) => secret,
        }
    }

    /// `GET`.
    #[must_use]
    pub fn get(&self, path: &str) -> Request {
        self.request(Method::GET, path)
    }

    /// `POST`, with a fresh idempotency key unless told otherwise.
    #[must_use]
    pub fn post(&self, path: &str) -> Request {
        self.request(Method::POST, path).key(&fresh_key())
    }

    /// `DELETE`.
    #[must_use]
    pub fn delete(&self, path: &str) -> Request {
        self.request(Method::DELETE, path)
    }

    /// Any method, with nothing but the proof of who asks.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "`Method::GET` reads better than a reference to it")]
    pub fn request(&self, method: Method, path: &str) -> Request {
        let inner = self.http.request(method.clone(), format!("{}{path}", self.base));
        let request = Request { inner, what: format!("{method} {path}"), headers: HeaderMap::new(), may_fail: false };
        match &self.auth {
            Auth::Nobody => request,
            Auth::Session(token) => request.header("cookie", &format!("dolen={token}; __Host-dolen={token}")),
            Auth::Bearer(token) => request.header("authorization", &format!("Bearer {token}")),
        }
    }
}

/// A request on its way; `await` sends it.
pub struct Request {
    inner: reqwest::RequestBuilder,
    what: String,
    headers: HeaderMap,
    may_fail: bool,
}

impl Request {
    /// Sets a header; one set before is replaced.
    #[must_use]
    pub fn header(self, name: &str, value: &str) -> Self {
        self.header_bytes(name, value.as_bytes())
    }

    /// Sets a header to any bytes a header can carry.
    #[must_use]
    pub fn header_bytes(mut self, name: &str, value: &[u8]) -> Self {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        self.headers.insert(name, HeaderValue::from_bytes(value).unwrap());
        self
    }

    /// Sets the idempotency key.
    #[must_use]
    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    /// Leaves the idempotency key out.
    #[must_use]
    pub fn without_key(mut self) -> Self {
        self.headers.remove("idempotency-key");
        self
    }

    /// Says which version is changed: an entity tag as it came.
    #[must_use]
    pub fn if_match(self, etag: &str) -> Self {
        self.header("if-match", etag)
    }

    /// Sends JSON.
    #[must_use]
    pub fn json(self, body: &impl Serialize) -> Self {
        let bytes = serde_json::to_vec(body).unwrap();
        self.header("content-type", "application/json").body(bytes)
    }

    /// Sends a form.
    #[must_use]
    pub fn form(mut self, form: &[(&str, &str)]) -> Self {
        self.inner = self.inner.form(form);
        self
    }

    /// Sends a form with a file, as a browser does (RFC 7578). The file is its name, its kind and its bytes.
    #[must_use]
    pub fn form_with_file(self, form: &[(&str, &str)], (name, kind, bytes): (&str, &str, &[u8])) -> Self {
        let field = |(name, value): &(&str, &str)| {
            format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let mut body: Vec<u8> = form.iter().map(field).collect::<String>().into_bytes();
        let head = format!(
            "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: {kind}\r\n\r\n"
        );
        body.extend(head.into_bytes());
        body.extend(bytes);
        body.extend(b"\r\n--XX--\r\n");
        self.header("content-type", "multipart/form-data; boundary=XX").body(body)
    }

    /// Sends bytes.
    #[must_use]
    pub fn body(mut self, bytes: impl Into<reqwest::Body>) -> Self {
        self.inner = self.inner.body(bytes);
        self
    }

    /// Takes a 5xx as an answer; without it the test ends there.
    #[must_use]
    pub const fn may_fail(mut self) -> Self {
        self.may_fail = true;
        self
    }

    /// Sends it to a service that may be gone.
    ///
    /// # Errors
    /// When no whole answer came.
    pub async fn try_send(self) -> Result<Reply, reqwest::Error> {
        let response = self.inner.headers(self.headers).send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.bytes().await?.to_vec();
        let json = serde_json::from_slice(&body).unwrap_or(Value::Null);
        let reply = Reply { what: self.what, status, headers, body, json };
        assert!(status < 500 || self.may_fail, "a fault of ours: {reply:?}");
        Ok(reply)
    }
}

impl IntoFuture for Request {
    type Output = Reply;
    type IntoFuture = Pin<Box<dyn Future<Output = Reply> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let what = self.what.clone();
        Box::pin(async move { self.try_send().await.unwrap_or_else(|e| panic!("{what}: {e:?}")) })
    }
}

/// What a client is told.
#[derive(Clone)]
pub struct Reply {
    /// What was asked.
    pub what: String,
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
    /// The body as JSON; null when it is none.
    pub json: Value,
}

impl std::fmt::Debug for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} -> {} {}", self.what, self.status, String::from_utf8_lossy(&self.body))
    }
}

impl Reply {
    /// A header's text; empty when it is not there.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }

    /// The problem's code; empty when it is none.
    #[must_use]
    pub fn code(&self) -> &str {
        self.json["code"].as_str().unwrap_or_default()
    }

    /// Asserts the status.
    pub fn expect_status(&self, status: u16) {
        assert_eq!(self.status, status, "{self:?}");
    }

    /// Asserts that this is a well-formed problem with this status and code.
    pub fn expect_problem(&self, status: u16, code: &str) {
        assert_eq!((self.status, self.code()), (status, code), "{self:?}");
        self.expect_any_problem();
    }

    /// Asserts that this is a well-formed problem of the 4xx, with one of the service's codes.
    pub fn expect_any_problem(&self) {
        assert!((400..500).contains(&self.status), "{self:?}");
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        assert_eq!(self.json["status"], self.status, "{self:?}");
        assert!(Code::ALL.iter().any(|c| c.as_str() == self.code()), "{self:?}");
        assert_eq!(self.json["type"], format!("/problems/{}", self.code()), "{self:?}");
        assert!(!self.json["title"].as_str().unwrap_or_default().is_empty(), "{self:?}");
        assert_eq!(self.json["request_id"], self.header("x-request-id"), "{self:?}");
    }
}
