//! What a pupil sees when a page can't be had: gentle words and the way back to the code. Nothing that was sent stands in it,
//! and nothing that staff would do about it.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use dolen_domain::kernel::{Error, Result};

use crate::console::address;
use crate::console::desk::Visitor;
use crate::console::page::Page;
use crate::console::strings::keys;
use crate::error::status;

#[derive(Template)]
#[template(path = "pupil_wrong.html")]
struct WrongPage {
    page: Page,
    /// Whether it is to be tried later.
    wait: bool,
}

/// Whether an address is of the pupils' pages, in either language.
#[must_use]
pub fn is_pupils(path: &str) -> bool {
    let page = address::bare(path);
    page == "/survey" || page.starts_with("/survey/")
}

/// The page for whatever went wrong on one of them.
///
/// # Errors
/// When the server was put together without its parts, or the template can't be written.
pub fn wrong(request: &HttpRequest, error: &Error) -> Result<HttpResponse> {
    let wait = error.retry_after.is_some();
    Page::public(&Visitor::of(request)?).show(status(error.code.class()), |page| WrongPage { page, wait })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_of_staff_are_not_pupils() {
        for path in ["/survey", "/cy/survey", "/survey/", "/survey/thanks", "/cy/survey/none"] {
            assert!(is_pupils(path), "{path}");
        }
        for path in ["/", "/cy", "/surveys", "/cy/surveys/new", "/surveyor", "/work/survey", "/v1/survey-campaigns"] {
            assert!(!is_pupils(path), "{path}");
        }
    }
}
