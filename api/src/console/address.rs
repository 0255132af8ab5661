//! Addresses of pages: the same path in English and, under `/cy`, in Welsh.

use dolen_domain::kernel::Lang;

/// Longer ones are none of ours.
const LONGEST: usize = 500;

/// The language of an address: the path alone says it, so that a link means the same to everyone.
#[must_use]
pub fn lang_of(path: &str) -> Lang {
    if path == "/cy" || path.starts_with("/cy/") || path.starts_with("/cy?") { Lang::Cy } else { Lang::En }
}

/// The address without its language.
#[must_use]
pub fn bare(address: &str) -> String {
    let rest = match lang_of(address) {
        Lang::En => address,
        Lang::Cy => address.strip_prefix("/cy").unwrap_or_default(),
    };
    if rest.starts_with('/') { rest.to_owned() } else { format!("/{rest}") }
}

/// The address of a page (given without its language) in a language.
#[must_use]
pub fn of(lang: Lang, bare: &str) -> String {
    match lang {
        Lang::En => bare.to_owned(),
        Lang::Cy if bare == "/" => "/cy".to_owned(),
        Lang::Cy if bare.starts_with("/?") => format!("/cy{}", bare.trim_start_matches('/')),
        Lang::Cy => format!("/cy{bare}"),
    }
}

/// Where someone may be sent after signing in: a page of this console, without its language. Anything else is nothing,
/// for a link in a false mail must not lead on to another site.
#[must_use]
pub fn local(wanted: &str) -> Option<String> {
    let ours = wanted.starts_with('/')
        && !wanted.starts_with("//")
        && wanted.len() <= LONGEST
        // Browsers read a backslash as a slash and drop tabs and line breaks before they look.
        && wanted.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    let page = bare(wanted);
    let path = page.split(['?', '#']).next().unwrap_or_default();
    let comes_or_goes = |way: &str| path == way || path.strip_prefix(way).is_some_and(|rest| rest.starts_with('/'));
    let is_page = !page.starts_with("//") && !["/sign-in", "/sign-out", "/step-up"].into_iter().any(comes_or_goes);
    (ours && is_page).then_some(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_the_same_address_in_both_languages() {
        for page in ["/", "/work", "/work?state=submitted&cursor=x", "/?a=b", "/cymru"] {
            let welsh = of(Lang::Cy, page);
            assert_eq!((lang_of(&welsh), bare(&welsh).as_str()), (Lang::Cy, page), "{welsh}");
            assert_eq!((lang_of(page), bare(page).as_str()), (Lang::En, page));
        }
        assert_eq!(bare("/cy/"), "/");
        assert_eq!(of(Lang::Cy, "/"), "/cy");
    }

    #[test]
    fn only_a_page_of_ours_is_led_on_to() {
        for (wanted, page) in [("/work?state=submitted", "/work?state=submitted"), ("/cy/work", "/work"), ("/cy", "/")]
        {
            assert_eq!(local(wanted).as_deref(), Some(page));
        }
        let long = format!("/{}", "a".repeat(LONGEST));
        for wanted in [
            "",
            "work",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example",
            "/\t/evil.example",
            "/cy//evil.example",
            "/a\nb",
            "javascript:alert(1)",
            "/sign-in",
            "/cy/sign-in?next=/",
            "/sign-out",
            "/sign-in/entra",
            "/cy/sign-in/entra/return?code=x",
            "/step-up?then=/step-up",
            "/ffôn",
            &long,
        ] {
            assert_eq!(local(wanted), None, "{wanted}");
        }
    }
}
