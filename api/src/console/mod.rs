//! The console.

use actix_web::{HttpRequest, HttpResponse, web};

/// Text in two languages.
pub struct Strings;

impl Strings {
    /// Loads.
    #[must_use]
    pub const fn load() -> Self {
        Self
    }
}

/// Whether a page is wanted rather than data.
#[must_use]
pub fn wants_html(_request: &HttpRequest) -> bool {
    false
}

/// The page for an unknown address.
#[must_use]
pub fn not_found(_request: &HttpRequest) -> HttpResponse {
    HttpResponse::NotFound().finish()
}

/// Where the pages are.
pub fn routes(_config: &mut web::ServiceConfig) {}
