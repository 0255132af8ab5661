//! The console's pages, each as something to ask for: the rows of `console::policy`, held to the handlers' own addresses.

use std::collections::BTreeSet;

use dolen_api::console::policy::{Opens, PAGES, Page};
use dolen_domain::access::{Action, Role};
use dolen_tests::source::Source;
use dolen_tests::world::PASSWORD;
use dolen_tests::{Client, Reply, TestApp};
use reqwest::Method;

use super::operations::{Address, Need, Operation, Part, Target, Wire};
use super::oracle::Answer;
use super::things::{BORN_IN_WORDS, CANARY};

/// A captured message, for its page.
pub const MESSAGE: &str = "20260302T090000Z-permissions.eml";

/// Every page.
pub fn all() -> Vec<Operation> {
    PAGES.iter().filter(|page| !is_own(page)).flat_map(read).collect()
}

/// Whether a page changes one's own account and nobody else's, or is opened by a link that works once: whoever has it may,
/// and each use spends what the next would need. They are tried in `tests/it/factors`.
fn is_own(page: &Page) -> bool {
    let link = page.path.contains("{link}");
    let account = page.path.starts_with("/account/") || page.path == "/step-up";
    link || account && page.method == "POST"
}

fn read(page: &Page) -> Vec<Operation> {
    let named: Vec<&str> = page.path.split('/').filter(|part| part.starts_with('{')).collect();
    let target = match (page.path.split('/').nth(1).unwrap(), &named[..]) {
        (_, []) | ("assets" | "problems" | "mail", _) => Target::Nothing,
        ("people", _) => Target::Account,
        ("referrals", ["{id}"]) => Target::Referral,
        ("warrn", ["{id}"]) => Target::Warrn,
        ("surveys", ["{id}"]) => Target::Campaign,
        ("surveys", ["{id}", "{number}"]) => Target::SchoolInCampaign,
        // One address for both.
        ("r", ["{reference}"]) => {
            let both =
                [(Target::Referral, Action::ReadReferral, "referral"), (Target::Warrn, Action::ReadWarrn, "record")];
            let one = |(target, action, word)| {
                operation(page, &format!(" of a {word}"), target, vec![Need::Rule(action, None)])
            };
            return both.map(one).into();
        }
        _ => panic!("{} names things unknown to tests/it/permissions/pages.rs: add them", page.path),
    };
    let rule = |action: &Action| Need::Rule(*action, None);
    let needs = match page.opens {
        Opens::Anybody => vec![Need::Nothing],
        Opens::SignedIn => vec![Need::Session],
        Opens::All(actions) => actions.iter().map(rule).collect(),
        Opens::OneOf(actions) => vec![Need::OneOf(actions.to_vec())],
    };
    vec![operation(page, "", target, needs)]
}

fn operation(page: &Page, of: &str, target: Target, needs: Vec<Need>) -> Operation {
    let id = format!("page {} {}{of}", page.method, page.path);
    let mut parts = vec![Part { name: id.clone(), path: Vec::new(), needs: needs.clone() }];
    if let Some(content) = page.content {
        let needs = needs.into_iter().chain([Need::Rule(content, None)]).collect();
        parts.push(Part { name: format!("{id} content"), path: vec!["content".to_owned()], needs });
    }
    let method = Method::from_bytes(page.method.as_bytes()).unwrap();
    let changes = method != Method::GET;
    Operation { id, target, parts, changes, wire: Wire::Page { method, path: page.path.to_owned() } }
}

/// What stands in a page's address.
pub fn address(path: &str, to: &Address) -> String {
    let id = match path.split('/').nth(1) {
        Some("surveys") => to.campaign,
        Some("people") => to.person,
        _ => to.record,
    };
    if path.starts_with("/assets/") {
        return dolen_api::console::asset("dolen.css").expect("every build has it");
    }
    path.replace("{id}", &id.to_string())
        .replace("{number}", &to.school)
        .replace("{reference}", &to.reference)
        .replace("{name}", MESSAGE)
        .replace("{code}", "not_found")
        .replace("{of}", "person")
        .replace("{verb}", "end-sessions")
}

/// What a form is sent with, with secrets planted wherever one can stand.
pub fn form(app: &TestApp, path: &str, to: &Address, version: &str) -> Vec<(&'static str, String)> {
    let own = |fields: &[(&'static str, &str)]| fields.iter().map(|(n, v)| (*n, (*v).to_owned())).collect::<Vec<_>>();
    let mut fields = match path.rsplit('/').next().unwrap() {
        "sign-in" => return own(&[("email", &app.world().who(Role::Dsp).email), ("password", PASSWORD)]),
        "sign-out" | "accept" | "acknowledge" | "{verb}" => Vec::new(),
        "people" => {
            let email = format!("{}@invited.example", uuid::Uuid::new_v4());
            own(&[("email", &email), ("name", "Example Analyst"), ("role", "analyst")])
        }
        "ask" => own(&[("question", CANARY)]),
        "answer" => own(&[("answer", CANARY)]),
        "decline" => own(&[("reason", "other"), ("note", CANARY)]),
        "redirect" => own(&[("service", "bss"), ("note", CANARY)]),
        _ => panic!("no form of `POST {path}` is known to tests/it/permissions/pages.rs: add it"),
    };
    let key = dolen_tests::clients::fresh_key();
    fields.extend([("csrf", to.csrf.clone()), ("key", key), ("version", version.to_owned())]);
    fields
}

/// What a form of this session carries: it stands in every page, for signing out.
pub async fn token(client: &Client) -> String {
    let page = String::from_utf8(client.get("/").await.body).unwrap();
    hidden(&page, "csrf").unwrap_or_default().to_owned()
}

fn hidden<'p>(page: &'p str, name: &str) -> Option<&'p str> {
    page.split(&format!("name=\"{name}\" value=\"")).nth(1)?.split('"').next()
}

/// The class of what a page says of one of its parts.
pub fn class(reply: &Reply, part: &Part) -> Answer {
    let cookies = || reply.headers.get_all("set-cookie").iter().filter_map(|v| v.to_str().ok());
    let said = |word: &str| cookies().any(|cookie| cookie.starts_with(&format!("dolen-flash={word};")));
    let whole = match reply.status {
        303 if said("changed") => Answer::Other(303),
        303 if reply.header("location").starts_with("/sign-in") && !said("signed_out") => Answer::SignIn,
        200 | 303 => Answer::Done,
        403 => Answer::Forbidden,
        404 => Answer::Unseen,
        status => Answer::Other(status),
    };
    let text = String::from_utf8_lossy(&reply.body);
    let shows = || text.contains(CANARY) || BORN_IN_WORDS.iter().any(|day| text.contains(day));
    if whole == Answer::Done && !part.path.is_empty() && !shows() { Answer::Forbidden } else { whole }
}

/// A page without what every page has of its own: its session's token, its forms' key, and what its address names, which
/// the way to the other language repeats.
pub fn without_its_own(text: &str, row: &str, path: &str) -> String {
    let mut text = text.to_owned();
    for name in ["csrf", "key"] {
        while let Some(value) = hidden(&text, name).filter(|v| !v.is_empty()).map(str::to_owned) {
            text = text.replace(&value, "");
        }
    }
    let named = row.split('/').zip(path.split('/')).filter(|(part, _)| part.starts_with('{'));
    named.fold(text, |text, (part, value)| text.replace(value, part))
}

/// The pages the handlers declare, a row for each word of `{step:a|b}`; `""` is the shorter address of the first page.
fn declared() -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for source in Source::below(&["api/src/console"]) {
        for (method, word) in
            [("GET", "get"), ("POST", "post"), ("PUT", "put"), ("DELETE", "delete"), ("PATCH", "patch")]
        {
            for rest in source.text.split(&format!("#[{word}(\"")).skip(1) {
                let path = rest.split('"').next().unwrap();
                let (before, choice, after) = match path.split_once(":") {
                    Some((before, rest)) => {
                        let (choice, after) = rest.split_once('}').unwrap();
                        (&before[..before.rfind('{').unwrap()], choice, after)
                    }
                    None => (path, "", ""),
                };
                for word in choice.split('|') {
                    found.insert((method.to_owned(), format!("{before}{word}{after}")));
                }
            }
        }
    }
    found.remove(&("GET".to_owned(), String::new()));
    found
}

#[test]
fn every_page_has_exactly_one_row() {
    let rows: BTreeSet<_> = PAGES.iter().map(|p| (p.method.to_owned(), p.path.to_owned())).collect();
    assert_eq!(rows.len(), PAGES.len(), "a page is listed twice");
    let missing: Vec<_> = declared().difference(&rows).cloned().collect();
    assert!(missing.is_empty(), "pages without a row in api/src/console/policy.rs: {missing:?}");
    let gone: Vec<_> = rows.difference(&declared()).cloned().collect();
    assert!(gone.is_empty(), "rows of api/src/console/policy.rs without a page: {gone:?}");
}

/// No page is served by anything but a handler that declares its address.
#[test]
fn no_page_hides_behind_another_way_to_route() {
    for source in Source::below(&["api/src/console"]) {
        let code = source.code();
        for way in
            ["web::resource(", "web::route(", ".route(", "#[route(", "#[head(", "#[routes]", "web::get(", "web::post("]
        {
            assert!(!code.contains(way), "{}: {way} is a way tests/it/permissions/pages.rs does not look", source.path);
        }
    }
}
