//! The console's pages, each as something to ask for: the rows of `console::policy`, held to the handlers' own addresses.

use std::collections::BTreeSet;

use dolen_api::console::policy::{Opens, PAGES, Page};
use dolen_domain::access::{Action, Role};
use dolen_tests::source::Source;
use dolen_tests::world::PASSWORD;
use dolen_tests::{Client, Reply, TestApp};
use reqwest::Method;

use super::cases;
use super::operations::{Address, Need, Operation, Part, Target, Wire};
use super::oracle::Answer;
use super::things::{BORN_IN_WORDS, CANARY};

/// A captured message, for its page.
pub const MESSAGE: &str = "20260302T090000Z-permissions.eml";

/// Needs or leaves what other cells must not stand on.
const IN_RETENTION: &str = "every form and every reading is asked by everybody in tests/it/retention";

/// Pages that are no cells yet, and why. This list may only become shorter; `who_has_no_part_in_it_is_refused` holds of
/// each of them all the same.
const NOT_YET: &[(&str, &str)] = &[
    ("/sign-in/{issuer}", "no issuer is set up here; tried in tests/it/oidc"),
    ("/sign-in/{issuer}/return", "no issuer is set up here; tried in tests/it/oidc"),
    ("/sign-out/{issuer}", "no issuer is set up here; tried in tests/it/oidc"),
    ("/warrn/{id}/plan", "there is none before a plan is agreed; what it opens is the file's, which is a cell"),
    ("/emergencies/{id}", "a cell of `emergencies`"),
    ("/emergencies/{id}/review", "a cell of `emergencies`"),
    ("/surveys/{id}/texts/{text}", "a text is decided on once; asked by every role in tests/it/texts"),
    ("/records/run", IN_RETENTION),
    ("/records/review/{case}/{class}", IN_RETENTION),
    ("/records/holds", IN_RETENTION),
    ("/records/holds/{id}/end", IN_RETENTION),
    ("/records/certificates/{number}", IN_RETENTION),
    ("/subject-access/{id}", IN_RETENTION),
    ("/subject-access/{id}/{step}", IN_RETENTION),
    ("/subject-access/{id}/pieces/{number}", IN_RETENTION),
    ("/subject-access/{id}/bundle/{format}", IN_RETENTION),
];

/// Asking for subject access is no cell either, though its list is: see [`IN_RETENTION`].
fn is_not_yet(page: &Page) -> bool {
    let asks = page.path == "/subject-access" && page.method == "POST";
    asks || NOT_YET.iter().any(|(path, _)| *path == page.path)
}

/// Every page.
pub fn all() -> Vec<Operation> {
    PAGES.iter().filter(|page| !is_own(page) && !is_not_yet(page)).flat_map(read).collect()
}

/// Whether a page changes one's own account and nobody else's, or is opened by a link or a pupil's code that works once:
/// whoever has it may, and each use spends what the next would need. They are tried in `tests/it/factors` and `pupils`.
fn is_own(page: &Page) -> bool {
    let code = ["/survey", "/survey/questions", "/survey/finish"].contains(&page.path) && page.method == "POST";
    let link = page.path.contains("{link}") || code;
    let account = page.path.starts_with("/account/") || page.path == "/step-up";
    link || account && page.method == "POST"
}

fn read(page: &Page) -> Vec<Operation> {
    let named: Vec<&str> = page.path.split('/').filter(|part| part.starts_with('{')).collect();
    let target = match (page.path.split('/').nth(1).unwrap(), &named[..]) {
        (_, []) | ("assets" | "problems" | "mail", _) => Target::Nothing,
        ("people", _) => Target::Account,
        ("referrals", ["{id}"]) => Target::Referral,
        ("warrn", ["{id}"] | ["{id}", "{step}" | "{kind}" | "{provision}"] | ["{id}", "{provision}", "{change}"]) => {
            Target::Warrn
        }
        ("questionnaires", ["{id}"]) => Target::Questionnaire,
        ("systems", ["{client_id}"]) => Target::School,
        // Both kinds: see `cases`.
        ("cases", ["{id}", ..]) => {
            let one = |(kind, target, word)| {
                let session = vec![Need::Session];
                let needs = |of| match of {
                    Opens::Case(wanted) => cases::needed(kind, wanted, false),
                    _ => session.clone(),
                };
                operation(page, &format!(" on {word}"), target, needs(page.opens), page.content.map(needs))
            };
            return cases::KINDS.map(one).into();
        }
        ("surveys", ["{id}"] | ["{id}", "{format}"]) => Target::Campaign,
        ("surveys", ["{id}", "{number}"] | ["{id}", "{number}", "{sheet}" | "{format}" | "{concern}"]) => {
            Target::SchoolInCampaign
        }
        // One address for both.
        ("r", ["{reference}"]) => {
            let both =
                [(Target::Referral, Action::ReadReferral, "referral"), (Target::Warrn, Action::ReadWarrn, "record")];
            let one = |(target, action, word)| {
                operation(page, &format!(" of a {word}"), target, vec![Need::Rule(action, None)], None)
            };
            return both.map(one).into();
        }
        _ => panic!("{} names things unknown to tests/it/permissions/pages.rs: add them", page.path),
    };
    let rule = |action: &Action| Need::Rule(*action, None);
    let needs = |opens| match opens {
        Opens::Anybody => vec![Need::Nothing],
        Opens::SignedIn => vec![Need::Session],
        Opens::All(actions) => actions.iter().map(rule).collect(),
        Opens::OneOf(actions) => vec![Need::OneOf(actions.to_vec())],
        Opens::Case(_) => panic!("{} is no case's: add it to tests/it/permissions/pages.rs", page.path),
    };
    vec![operation(page, "", target, needs(page.opens), page.content.map(needs))]
}

fn operation(page: &Page, of: &str, target: Target, needs: Vec<Need>, content: Option<Vec<Need>>) -> Operation {
    let id = format!("page {} {}{of}", page.method, page.path);
    let mut parts = vec![Part { name: id.clone(), path: Vec::new(), needs: needs.clone() }];
    if let Some(content) = content {
        let needs = needs.into_iter().chain(content).collect();
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
        Some("questionnaires") => to.questionnaire,
        Some("people") => to.person,
        _ => to.record,
    };
    if path.starts_with("/assets/") {
        return dolen_api::console::asset("dolen.css").expect("every build has it");
    }
    path.replace("{id}", &id.to_string())
        .replace("{number}", &to.school)
        .replace("{sheet}", &to.sheet.to_string())
        .replace("{concern}", &to.concern.to_string())
        .replace("{reference}", &to.reference)
        .replace("{name}", MESSAGE)
        .replace("{code}", "not_found")
        .replace("/pack/{format}", "/pack/csv")
        .replace("/report/{format}", "/report/csv")
        .replace("{client_id}", &to.system.to_string())
        .replace("{step}", "risk_assessment")
        .replace("{kind}", "handling_plan")
        .replace("{change}", "review")
        .replace("{provision}", &to.kept.provision.to_string())
        .replace("{person}", &to.kept.person.to_string())
        .replace("{task}", &to.kept.task.to_string())
        .replace("{document}", &to.kept.document.to_string())
        .replace("{of}", "person")
        .replace("{verb}", "end-sessions")
}

/// What a form is sent with, with secrets planted wherever one can stand.
pub fn form(app: &TestApp, path: &str, to: &Address, version: &str) -> Vec<(&'static str, String)> {
    let own = |fields: &[(&'static str, &str)]| fields.iter().map(|(n, v)| (*n, (*v).to_owned())).collect::<Vec<_>>();
    let mut fields = match path.rsplit('/').next().unwrap() {
        "people" if path.starts_with("/cases/") => own(&[("relation", "parent"), ("name", CANARY), ("remark", CANARY)]),
        "documents" | "replace" => Vec::new(),
        // The one step of the form that is done whatever was sent before.
        "bulk" => own(&[("step", "withdraw_all")]),
        "codes" => own(&[("year_group", "8"), ("class", "8 Glas"), ("size", "1")]),
        "send" => own(&[
            ("school", &to.school),
            ("given_name", CANARY),
            ("family_name", CANARY),
            ("born_on_day", "11"),
            ("born_on_month", "11"),
            ("born_on_year", "2011"),
            ("source", "camhs_in_reach"),
            ("agreement", "WASPI-2026-01"),
            ("received_on", "2026-02-27"),
            ("summary-triggers", CANARY),
        ]),
        "tasks" => own(&[("what", CANARY)]),
        "pauses" => own(&[("reason", "awaiting_panel")]),
        "end" | "complete" => Vec::new(),
        "consent" | "withdraw" => own(&[("school", &to.school)]),
        "new" => own(&[("reference", &to.children[2]), ("reason", &format!("{CANARY}, and nobody else is there"))]),
        "refer" => own(&[
            ("service", "eps"),
            ("year_group", "9"),
            ("need", CANARY),
            ("evidence", CANARY),
            ("consent_by", "parent"),
            ("consent_on", "2026-02-20"),
        ]),
        "{kind}" => own(&[
            ("starts_on", "2026-03-02"),
            ("review_on", "2026-03-16"),
            ("plan", CANARY),
            ("triggers", CANARY),
            ("techniques", CANARY),
        ]),
        "{change}" => own(&[("held_on", "2026-03-02"), ("note", CANARY), ("next_on", "2026-03-20")]),
        "{step}" => own(&[("held_on", "2026-02-27"), ("with_eps", "yes"), ("findings", CANARY)]),
        "sign-in" => return own(&[("email", &app.world().who(Role::Dsp).email), ("password", PASSWORD)]),
        "sign-out" | "accept" | "acknowledge" | "hand-over" | "{verb}" => Vec::new(),
        "people" => {
            let email = format!("{}@invited.example", uuid::Uuid::new_v4());
            own(&[("email", &email), ("name", "Example Analyst"), ("role", "analyst")])
        }
        "ask" => own(&[("question", CANARY)]),
        "surveys" => own(&[
            ("title_cy", "Arolwg"),
            ("title_en", "Survey"),
            ("academic_year", "2025/26"),
            ("opens_on", "2026-03-01"),
            ("closes_on", "2026-04-30"),
            ("schools", "all"),
        ]),
        "questionnaires" => own(&[("copy_of", "bullying/2"), ("code", &dolen_tests::questionnaires::code())]),
        "{id}" | "publish" | "discard" if path.starts_with("/questionnaires/") => Vec::new(),
        "actions" => Vec::new(),
        "sign-off" => own(&[("answer", "no_pupils")]),
        "reopen" => own(&[("until", "2026-04-20"), ("reason", "technical_fault")]),
        // Of one school; the file beside the other form is of one too.
        "rolls" => own(&[("year_8", "900")]),
        "releases" => own(&[("reason", "first")]),
        "answer" => own(&[("answer", CANARY)]),
        "decline" => own(&[("reason", "other"), ("note", CANARY)]),
        "redirect" => own(&[("service", "bss"), ("note", CANARY)]),
        _ => panic!("no form of `POST {path}` is known to tests/it/permissions/pages.rs: add it"),
    };
    let key = dolen_tests::clients::fresh_key();
    fields.extend([("csrf", to.csrf.clone()), ("key", key), ("version", version.to_owned())]);
    fields
}

/// The file that is sent with a form.
pub fn file(app: &TestApp, path: &str, to: &Address) -> Option<(&'static str, &'static str, Vec<u8>)> {
    match path.rsplit('/').next() {
        Some("documents") => Some((CANARY, "text/plain", CANARY.as_bytes().to_vec())),
        Some("rolls") if path == "/surveys/{id}/rolls" => {
            let table = format!("school_number,year_group,pupils\n{},8,900\n", to.school);
            Some(("rolls.csv", "text/csv", table.into_bytes()))
        }
        Some("bulk") => Some(("responses.csv", "text/csv", b"year_group,safe_school\n8,always\n".to_vec())),
        Some("{id}") if path.starts_with("/questionnaires/") => {
            let definition = dolen_tests::questionnaires::definition(app, to.questionnaire);
            Some(("questionnaire.json", "application/json", serde_json::to_vec(&definition).unwrap()))
        }
        _ => None,
    }
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

/// What is no cell yet opens for nobody who has no part in it: who did not sign in is led to where they do, and a school's
/// submitter is refused or told that there is none.
#[tokio::test]
async fn who_has_no_part_in_it_is_refused() {
    let app = TestApp::start().await;
    let (nobody, submitter) = (app.anonymous(), app.signed_in(Role::SchoolSubmitter));
    let csrf = token(&submitter).await;
    let of = |client: &Client, page: &Page| {
        let id = uuid::Uuid::new_v4().to_string();
        let parts = page.path.split('/').map(|part| match part {
            "{class}" => "referral",
            "{number}" => "1",
            "{format}" => "json",
            "{step}" => "gather",
            part if part.starts_with('{') => &id,
            part => part,
        });
        let path = parts.collect::<Vec<_>>().join("/");
        let key = dolen_tests::clients::fresh_key();
        let request = client.request(Method::from_bytes(page.method.as_bytes()).unwrap(), &path);
        let request = request.header("accept", "text/html");
        if page.method == "POST" { request.form(&[("csrf", &csrf), ("key", &key)]) } else { request }
    };
    let part = Part { name: String::new(), path: Vec::new(), needs: Vec::new() };
    let mut tried = 0;
    for page in PAGES.iter().filter(|page| is_not_yet(page) && page.opens != Opens::Anybody) {
        let (method, path) = (page.method, page.path);
        let reply = of(&nobody, page).await;
        assert_eq!(class(&reply, &part), Answer::SignIn, "{method} {path} by nobody: {reply:?}");
        tried += 1;
        if page.opens == Opens::SignedIn {
            continue;
        }
        let reply = of(&submitter, page).await;
        let told = class(&reply, &part);
        assert!([Answer::Forbidden, Answer::Unseen].contains(&told), "{method} {path} by a submitter: {reply:?}");
    }
    assert!(tried >= 14, "{tried}");
    // The control: a page anybody may have who signed in is given.
    let home = PAGES.iter().find(|page| page.method == "GET" && page.path == "/").unwrap();
    assert_eq!(class(&of(&submitter, home).await, &part), Answer::Done);
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
