//! What is known of a request before anybody is signed in: its id and its language.

use actix_web::HttpMessage;
use actix_web::dev::ServiceRequest;
use dolen_domain::kernel::Lang;

tokio::task_local! {
    static CURRENT: RequestContext;
}

/// A request's id and language.
#[derive(Debug, Clone)]
pub struct RequestContext {
    /// From `X-Request-Id` when that is a plain word of up to 64 characters, else made here.
    pub request_id: String,
    /// From the path (`/cy/…`), else from `Accept-Language`.
    pub lang: Lang,
}

impl RequestContext {
    /// Reads a request's context.
    #[must_use]
    pub fn of(request: &ServiceRequest, fresh_id: impl FnOnce() -> String) -> Self {
        let header = |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok());
        let plain = |id: &&str| {
            !id.is_empty() && id.len() <= 64 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        };
        let request_id = header("x-request-id").filter(plain).map_or_else(fresh_id, str::to_owned);
        let path = request.path();
        let lang = if path == "/cy" || path.starts_with("/cy/") {
            Lang::Cy
        } else {
            header("accept-language").map_or(Lang::En, Lang::from_accept_language)
        };
        Self { request_id, lang }
    }

    /// Runs a future with this context at hand.
    pub async fn scope<F: Future>(self, future: F) -> F::Output {
        CURRENT.scope(self, future).await
    }

    /// The context of the request being answered; a nameless English one outside of requests.
    #[must_use]
    pub fn current() -> Self {
        CURRENT.try_with(Clone::clone).unwrap_or_else(|_| Self { request_id: "none".to_owned(), lang: Lang::En })
    }

    /// Keeps the context with the request, for handlers that need it by name.
    pub fn attach(&self, request: &ServiceRequest) {
        request.extensions_mut().insert(self.clone());
    }
}
