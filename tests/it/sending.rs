//! Sending a WARRN record from the console: what is typed is sent once, a fault is told at its field and nothing typed is
//! lost, and its sender adds a document and reads none.

use dolen_domain::access::Role;
use dolen_tests::clients::fresh_key;
use dolen_tests::{Client, Reply, TestApp};
use reqwest::Method;

const PATH: &str = "/warrn/send";
/// What only the recipients may read again.
const SECRETS: [&str; 3] = ["Gyfrinachol", "Loud &#60;b&#62;corridors", "Loud <b>corridors"];

fn text(reply: &Reply) -> String {
    String::from_utf8(reply.body.clone()).unwrap()
}

async fn page(client: &Client, path: &str) -> String {
    let reply = client.get(path).header("accept", "text/html").await;
    reply.expect_status(200);
    text(&reply)
}

fn hidden(page: &str, name: &str) -> String {
    let at = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_else(|| panic!("no {name} in {page}"));
    at.split('"').next().unwrap().to_owned()
}

type Form = Vec<(&'static str, String)>;

/// A whole form, as the page shown carries it.
fn filled(app: &TestApp, page: &str) -> Form {
    let school = app.world().schools[0].number.as_str();
    let typed = [
        ("school", school),
        ("given_name", "Enghraifft"),
        ("family_name", "Gyfrinachol"),
        ("born_on_day", "4"),
        ("born_on_month", "5"),
        ("born_on_year", "2012"),
        ("upn", ""),
        ("source", "school_nurse"),
        ("agreement", "WASPI-2026-07"),
        ("received_on", "2026-02-27"),
        ("expected_return_on", "2026-03-16"),
        ("summary-current_situation", " "),
        ("summary-triggers", "Loud <b>corridors"),
        ("summary-safety_plan", ""),
    ];
    let carried = ["csrf", "key"].map(|name| (name, hidden(page, name)));
    typed.into_iter().map(|(name, value)| (name, value.to_owned())).chain(carried).collect()
}

/// What is typed wrongly, and the fields where it is told.
type Faulty<'t> = (&'t [(&'static str, &'t str)], &'t [&'t str]);

fn with(mut form: Form, changes: &[(&'static str, &str)]) -> Form {
    for (name, value) in changes {
        form.retain(|(n, _)| n != name);
        form.push((*name, (*value).to_owned()));
    }
    form
}

async fn send(client: &Client, path: &str, form: &Form) -> Reply {
    let form: Vec<(&str, &str)> = form.iter().map(|(n, v)| (*n, v.as_str())).collect();
    client.request(Method::POST, path).header("accept", "text/html").form(&form).await
}

fn records(app: &TestApp) -> i64 {
    app.database().inspect().number("SELECT count(*) FROM warrn_records")
}

/// A clock that stands, so that the days of the form are what they are.
async fn start() -> TestApp {
    TestApp::with().standing().start().await
}

/// Where the record sent is.
async fn sent(app: &TestApp, sender: &Client) -> String {
    let reply = send(sender, PATH, &filled(app, &page(sender, PATH).await)).await;
    assert_eq!(reply.status, 303, "{reply:?}");
    reply.header("location").to_owned()
}

#[tokio::test]
async fn a_form_sent_twice_sends_one_record_and_says_what_was_typed_to_its_recipients_alone() {
    let app = start().await;
    let sender = app.signed_in(Role::InReachWorker);
    for path in ["/", "/work"] {
        assert!(page(&sender, path).await.contains("href=\"/warrn/send\""), "the way there is on {path}");
    }
    let form = filled(&app, &page(&sender, PATH).await);
    let first = send(&sender, PATH, &form).await;
    let again = send(&sender, PATH, &form).await;
    assert_eq!((first.status, again.status), (303, 303), "{first:?} {again:?}");
    let address = first.header("location").to_owned();
    assert!(address.starts_with("/warrn/") && address == again.header("location"), "{address}");
    assert!(first.header("set-cookie").starts_with("dolen-flash=record_sent;"), "{first:?}");
    assert_eq!((records(&app), app.database().inspect().number("SELECT count(*) FROM pupils")), (1, 1));

    let seen = page(&sender, &address).await;
    assert!(
        seen.contains("WASPI-2026-07") && seen.contains("School nurse") && seen.contains("16 March 2026"),
        "{seen}"
    );
    assert!(!SECRETS.iter().any(|secret| seen.contains(secret)), "{seen}");
    let read = page(&app.signed_in_at(Role::Dsp, 0), &address).await;
    assert!(read.contains("Enghraifft Gyfrinachol") && read.contains("4 May 2012"), "{read}");
    assert!(
        read.contains("Loud &#60;b&#62;corridors") && !read.contains("Safety plan"),
        "an empty box says nothing: {read}"
    );

    // The same form with other words is told so, and what was typed stays.
    let other = send(&sender, PATH, &with(form.clone(), &[("summary-triggers", "Something else")])).await;
    assert_eq!((other.status, records(&app)), (422, 1));
    assert!(text(&other).contains("This form was sent before") && text(&other).contains("Something else"));
    // The control: a fresh form is another record.
    assert_ne!(sent(&app, &sender).await, address);
    assert_eq!(records(&app), 2);
}

#[tokio::test]
async fn a_fault_is_told_at_its_field_and_what_was_typed_stays() {
    let app = start().await;
    let sender = app.signed_in(Role::InReachWorker);
    let long = "x".repeat(4001);
    let faults: [Faulty<'_>; 10] = [
        (&[("school", "")], &["school"]),
        (&[("school", "9999999")], &["school"]),
        (&[("born_on_day", "31"), ("born_on_month", "2")], &["born_on"]),
        (&[("born_on_year", "2031")], &["born_on"]),
        (&[("upn", "A123456789013"), ("given_name", "")], &["given_name", "upn"]),
        (&[("source", "")], &["source"]),
        (&[("received_on", "2026-03-03"), ("agreement", " ")], &["agreement", "received_on"]),
        (&[("expected_return_on", "soon"), ("family_name", "")], &["family_name", "expected_return_on"]),
        (&[("summary-triggers", &long)], &["summary-triggers"]),
        (&[("summary-triggers", ""), ("source", "")], &["source", "summary-current_situation"]),
    ];
    for (changes, fields) in faults {
        let form = with(filled(&app, &page(&sender, PATH).await), changes);
        let reply = send(&sender, PATH, &form).await;
        let shown = text(&reply);
        reply.expect_status(422);
        let summary = shown.split("govuk-error-summary__list").nth(1).unwrap().split("</ul>").next().unwrap();
        let told: Vec<&str> = summary.split("href=\"#").skip(1).map(|l| l.split('"').next().unwrap()).collect();
        assert_eq!(told, fields, "{changes:?}: {summary}");
        for field in fields {
            assert!(shown.contains(&format!("id=\"{field}-error\"")) && shown.contains(&format!("id=\"{field}\"")));
        }
        assert!(shown.contains("<title>Error: "), "{shown}");
        // Everything else that was typed is there still, as text.
        let typed = |name: &str| form.iter().find(|(n, _)| *n == name).unwrap().1.clone();
        assert!(typed("family_name").is_empty() || shown.contains("value=\"Gyfrinachol\""), "{shown}");
        assert!(
            typed("summary-triggers") != "Loud <b>corridors"
                || shown.contains("\nLoud &#60;b&#62;corridors</textarea>")
        );
        assert!(shown.contains(&format!("id=\"born_on_year\" name=\"born_on_year\" type=\"text\" inputmode=\"numeric\" autocomplete=\"off\" value=\"{}\"", typed("born_on_year"))));
        assert_eq!(reply.header("cache-control"), "no-store");
    }
    assert_eq!(records(&app), 0);
    // In Welsh too.
    let empty = with(filled(&app, &page(&sender, "/cy/warrn/send").await), &[("agreement", "")]);
    let told = text(&send(&sender, "/cy/warrn/send", &empty).await);
    assert!(told.contains("Rhowch ddynodydd y cytundeb rhannu gwybodaeth"), "{told}");
    // The control: the same form without a fault.
    sent(&app, &sender).await;
    assert_eq!(records(&app), 1);
}

#[tokio::test]
async fn the_boxes_are_the_authoritys_headings_and_what_is_under_none_is_not_lost() {
    let headings = "worries=Pryderon|Worries; strengths=Cryfderau|Strengths";
    let app = TestApp::with().standing().set("warrn.headings", headings).start().await;
    let sender = app.signed_in(Role::InReachWorker);
    let shown = page(&sender, "/cy/warrn/send").await;
    assert!(shown.contains("Pryderon</label>") && shown.contains("id=\"summary-strengths\""), "{shown}");
    assert!(!shown.contains("summary-triggers"), "{shown}");
    // A form of before the headings were changed.
    let old = send(&sender, PATH, &filled(&app, &shown)).await;
    old.expect_status(422);
    let shown = text(&old);
    assert!(
        shown.contains("href=\"#summary-triggers\"") && shown.contains("Loud &#60;b&#62;corridors</textarea>"),
        "{shown}"
    );
    let mended = with(filled(&app, &shown), &[("summary-triggers", ""), ("summary-worries", "Loud <b>corridors")]);
    assert_eq!(send(&sender, PATH, &mended).await.status, 303);
}

#[tokio::test]
async fn who_may_not_send_is_refused_before_anything_is_said_of_the_form() {
    let app = start().await;
    let sender = app.signed_in(Role::InReachWorker);
    let form = filled(&app, &page(&sender, PATH).await);
    assert!(app.anonymous().get(PATH).await.header("location").starts_with("/sign-in?next="));
    for role in [Role::Dsp, Role::SchoolSubmitter, Role::Headteacher, Role::TeamLead, Role::Administrator] {
        let other = app.signed_in(role);
        let home = page(&other, "/").await;
        assert!(!home.contains("/warrn/send"), "{role}");
        other.get(PATH).header("accept", "text/html").await.expect_status(403);
        for changes in [vec![], vec![("born_on_day", "x")]] {
            let own = with(with(form.clone(), &changes), &[("csrf", &hidden(&home, "csrf"))]);
            let reply = send(&other, PATH, &own).await;
            reply.expect_status(403);
            assert!(!SECRETS.iter().any(|secret| text(&reply).contains(secret)), "{role}: {reply:?}");
        }
    }
    // Another session's form, or none, is refused of who may.
    for csrf in ["", "0123456789abcdef01234567"] {
        send(&sender, PATH, &with(form.clone(), &[("csrf", csrf)])).await.expect_status(403);
    }
    assert_eq!(records(&app), 0);
    assert_eq!(send(&sender, PATH, &form).await.status, 303, "the control");
}

#[tokio::test]
async fn the_sender_adds_a_document_and_reads_none() {
    let app = start().await;
    let (sender, dsp) = (app.signed_in(Role::InReachWorker), app.signed_in_at(Role::Dsp, 0));
    let address = sent(&app, &sender).await;
    let to = format!("{address}/documents");
    let shown = page(&sender, &address).await;
    assert!(shown.contains(&format!("action=\"{to}\"")), "{shown}");
    // A recipient adds with the case, and a stranger nothing anywhere.
    assert!(!page(&dsp, &address).await.contains(&format!("action=\"{to}\"")));
    let csrf = hidden(&shown, "csrf");
    let upload = async |client: &Client, csrf: &str, key: &str, file: (&str, &str, &[u8])| {
        let form = [("csrf", csrf), ("key", key)];
        client.request(Method::POST, &to).header("accept", "text/html").form_with_file(&form, file).await
    };
    let letter: (_, _, &[u8]) = ("Asesiad.pdf", "application/pdf", b"%PDF-1.7");
    let key = hidden(&shown, "key");
    for _ in 0..2 {
        let reply = upload(&sender, &csrf, &key, letter).await;
        assert_eq!((reply.status, reply.header("location")), (303, address.as_str()), "{reply:?}");
        assert!(reply.header("set-cookie").starts_with("dolen-flash=attached;"));
    }
    let kept = || app.database().inspect().number("SELECT count(*) FROM case_documents");
    assert_eq!(kept(), 1);
    for (name, kind, bytes) in
        [("a.html", "text/html", &b"<p>"[..]), ("a.pdf", "application/pdf", b"<p>"), ("", "", b"")]
    {
        let refused = upload(&sender, &csrf, &fresh_key(), (name, kind, bytes)).await;
        refused.expect_status(422);
        assert!(text(&refused).contains("id=\"file-error\""), "{refused:?}");
    }
    let case = address.replace("/warrn/", "/cases/");
    for path in [&address, &case] {
        let seen = page(&sender, path).await;
        assert!(!seen.contains("Asesiad") && !seen.contains("/documents/"), "{seen}");
    }
    let held = page(&dsp, &case).await;
    assert_eq!(held.matches("Asesiad.pdf").count(), 1, "the recipient finds it: {held}");
    let document = held.split("/documents/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let path = format!("{case}/documents/{document}");
    dsp.get(&path).header("accept", "text/html").await.expect_status(200);
    sender.get(&path).header("accept", "text/html").await.expect_status(403);

    let stranger = app.signed_in_at(Role::Dsp, 1);
    let theirs = hidden(&page(&stranger, "/").await, "csrf");
    upload(&stranger, &theirs, &fresh_key(), letter).await.expect_status(404);
    upload(&sender, "x", &fresh_key(), letter).await.expect_status(403);
    assert_eq!(kept(), 1);
    let back = sender.get(&to).header("accept", "text/html").await;
    assert_eq!((back.status, back.header("location")), (303, address.as_str()));
}

#[tokio::test]
async fn boxes_full_of_welsh_letters_are_taken() {
    let app = start().await;
    let sender = app.signed_in(Role::InReachWorker);
    let full = "ŵ".repeat(4000);
    let boxes =
        ["summary-current_situation", "summary-triggers", "summary-safety_plan"].map(|name| (name, full.as_str()));
    let form = with(filled(&app, &page(&sender, PATH).await), &boxes);
    let written: usize = boxes.iter().map(|(_, text)| 3 * text.len()).sum();
    assert!(written > 65_536, "{written}: more than a body of JSON may have");
    assert_eq!(send(&sender, PATH, &form).await.status, 303);
    // The control: there is an end to it.
    let more = "ŵ".repeat(20_000);
    let reply = send(&sender, PATH, &with(form, &[("summary-triggers", &more), ("summary-safety_plan", &more)])).await;
    assert_eq!((reply.status, records(&app)), (413, 1));
}
