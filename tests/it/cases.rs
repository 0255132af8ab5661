//! What every case has, over HTTP: kept and read with either kind, documents served harmlessly, scanned before they are
//! kept.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dolen_domain::access::Role;
use dolen_tests::clamd::{Clamd, Mood, eicar};
use dolen_tests::writes::Draft;
use dolen_tests::{Client, Reply, TestApp};
use serde_json::{Value, json};

/// A referral and a record, of the first school, whose safeguarding person may keep both.
async fn both(app: &TestApp) -> [String; 2] {
    let referral = Draft::of(app, "open_referral").await.sent(app).await;
    let record = Draft::of(app, "send_warrn_record").await.sent(app).await;
    [referral, record].map(|reply| format!("/v1/cases/{}", reply.json["id"].as_str().unwrap()))
}

async fn one(app: &TestApp) -> String {
    let [referral, _] = both(app).await;
    referral
}

fn document(name: &str, kind: &str, bytes: &[u8]) -> Value {
    json!({"name": name, "media_type": kind, "content": STANDARD.encode(bytes)})
}

async fn add(client: &Client, case: &str, body: &Value) -> Reply {
    client.post(&format!("{case}/documents")).json(body).await
}

async fn items(client: &Client, path: &str) -> Vec<Value> {
    let reply = client.get(path).await;
    reply.expect_status(200);
    reply.json["items"].as_array().unwrap().clone()
}

fn id(reply: &Reply, status: u16) -> String {
    reply.expect_status(status);
    reply.json["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn either_kind_is_kept_and_read_in_the_same_way() {
    let app = TestApp::start().await;
    let (dsp, stranger) = (app.signed_in(Role::Dsp), app.signed_in_at(Role::Dsp, 1));
    for (case, kind) in both(&app).await.iter().zip(["referral", "warrn"]) {
        let read = dsp.get(case).await;
        read.expect_status(200);
        assert_eq!((read.json["kind"].as_str(), read.json["school_number"].as_str()), (Some(kind), Some("6764001")));
        dsp.get(read.json["record"].as_str().unwrap()).await.expect_status(200);
        let again = dsp.get(case).header("if-none-match", read.header("etag")).await;
        assert_eq!((again.status, again.body.len()), (304, 0));

        let mother = json!({"relation": "parent", "name": "Rhiant Enghreifftiol", "contact": "01000 000 000"});
        let person = id(&dsp.post(&format!("{case}/people")).json(&mother).await, 201);
        id(&dsp.post(&format!("{case}/people/{person}/end")).await, 200);
        let people = items(&dsp, &format!("{case}/people")).await;
        assert_eq!((people.len(), &people[0]["name"]), (1, &mother["name"]));
        assert!(people[0]["ended_at"].is_string() && people[0]["relation_text"]["cy"] == "Rhiant");

        let task = id(&dsp.post(&format!("{case}/tasks")).json(&json!({"what": "Ring home"})).await, 201);
        let own = items(&dsp, "/v1/tasks").await;
        assert_eq!((own.len(), own[0]["id"].as_str()), (1, Some(task.as_str())));
        assert!(!own[0].to_string().contains("Ring"), "what is to be done is read at the case");
        id(&dsp.post(&format!("{case}/tasks/{task}/complete")).await, 200);
        assert!(items(&dsp, "/v1/tasks").await.is_empty());
        assert_eq!(items(&dsp, &format!("{case}/tasks")).await[0]["what"], "Ring home");

        let letter = id(&add(&dsp, case, &document("Llythyr.txt", "text/plain", b"Annwyl")).await, 201);
        let listed = items(&dsp, &format!("{case}/documents")).await;
        assert_eq!((&listed[0]["name"], &listed[0]["scan"]), (&json!("Llythyr.txt"), &json!("not_scanned")));
        let content = dsp.get(&format!("{case}/documents/{letter}/content")).await;
        content.expect_status(200);
        assert_eq!(content.body, b"Annwyl".as_slice());

        let paused = dsp.post(&format!("{case}/pauses")).json(&json!({"reason": "awaiting_consent"})).await;
        paused.expect_status(201);
        let twice = dsp.post(&format!("{case}/pauses")).json(&json!({"reason": "awaiting_panel"})).await;
        twice.expect_problem(409, "state_conflict");
        dsp.post(&format!("{case}/pauses/end")).await.expect_status(200);
        let stops = items(&dsp, &format!("{case}/pauses")).await[0]["stops_clocks"].clone();
        assert_eq!(stops, json!(kind == "referral"), "the clocks of a return go on, and it is said");
        assert!(items(&dsp, &format!("{case}/pauses")).await[0]["ends_at"].is_string());

        let kinds: Vec<Value> =
            items(&dsp, &format!("{case}/timeline")).await.iter().map(|e| e["kind"].clone()).collect();
        for word in ["person_added", "person_ended", "task_added", "task_done", "document_added", "paused", "resumed"] {
            assert_eq!(kinds.iter().filter(|k| *k == word).count(), 1, "{word} in {kinds:?}");
        }
        assert!(items(&dsp, &format!("{case}/links")).await.is_empty());
        for part in ["", "/timeline", "/links", "/people", "/tasks", "/documents", "/pauses"] {
            stranger.get(&format!("{case}{part}")).await.expect_problem(404, "not_found");
        }
        // What is read is on record, and no word of it.
        let trail = app.database().inspect().texts(
            "SELECT action || ' ' || detail AS value FROM audit_entries WHERE action LIKE 'case.%' ORDER BY seq",
        );
        assert!(trail.iter().any(|e| e.starts_with("case.read envelope ")), "{trail:?}");
        assert!(trail.iter().any(|e| e.starts_with("case.read_document content ")), "{trail:?}");
        for word in ["Rhiant", "Ring", "Llythyr"] {
            assert!(trail.iter().all(|e| !e.contains(word)), "{trail:?}");
        }
    }
}

#[tokio::test]
async fn a_referral_passed_on_is_linked_from_both_ends() {
    let app = TestApp::start().await;
    let draft = Draft::of(&app, "redirect_referral").await;
    let passed = draft.sent(&app).await;
    let [old, new] = ["id", "successor_id"].map(|key| passed.json[key].as_str().unwrap().to_owned());
    let dsp = app.signed_in(Role::Dsp);
    for (from, to, outward) in [(&old, &new, true), (&new, &old, false)] {
        let links = items(&dsp, &format!("/v1/cases/{from}/links")).await;
        assert_eq!(links.len(), 1);
        assert_eq!((&links[0]["kind"], &links[0]["outward"]), (&json!("redirected_to"), &json!(outward)));
        assert_eq!(links[0]["case"]["id"], json!(to));
    }
    // A closed one is read, and nothing is added to it.
    let closed = dsp.get(&format!("/v1/cases/{old}")).await;
    assert_eq!(closed.json["close_reason"], "redirected");
    let late = dsp.post(&format!("/v1/cases/{old}/tasks")).json(&json!({"what": "Too late"})).await;
    late.expect_problem(409, "state_conflict");
}

#[tokio::test]
async fn a_document_is_only_ever_saved_and_under_a_name_that_tells_nothing() {
    let app = TestApp::start().await;
    let (dsp, case) = (app.signed_in(Role::Dsp), one(&app).await);
    let reference = dsp.get(&case).await.json["reference"].as_str().unwrap().to_owned();
    let page = b"<!DOCTYPE html><script>alert(document.cookie)</script>";
    let picture = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    let png = b"\x89PNG\r\n\x1A\n<script>alert(1)</script>";
    let tries: [(&str, &[u8], &str, &str); 3] = [
        ("text/plain", page, "txt", "text/plain; charset=utf-8"),
        ("text/plain", picture, "txt", "text/plain; charset=utf-8"),
        ("image/png", png, "png", "image/png"),
    ];
    for (kind, bytes, ending, served) in tries {
        let added = id(&add(&dsp, &case, &document("Enw Plentyn.html", kind, bytes)).await, 201);
        let content = dsp.get(&format!("{case}/documents/{added}/content")).header("accept", "text/html").await;
        content.expect_status(200);
        assert_eq!(content.body, bytes);
        assert_eq!(content.header("content-type"), served);
        assert_eq!(content.header("content-disposition"), format!("attachment; filename=\"{reference}.{ending}\""));
        assert_eq!(content.header("x-content-type-options"), "nosniff");
        assert_eq!(content.header("content-security-policy"), "default-src 'none'; sandbox");
        assert_eq!(content.header("cache-control"), "no-store");
        assert!(!format!("{:?}", content.headers).contains("Plentyn"));
    }
    for kind in ["text/html", "image/svg+xml", "application/octet-stream"] {
        let refused = add(&dsp, &case, &document("a", kind, page)).await;
        refused.expect_problem(422, "invalid_body");
        assert_eq!(refused.json["errors"][0]["pointer"], "/media_type");
    }
    // A PDF named otherwise is what its bytes are, and only that.
    let refused = add(&dsp, &case, &document("a.docx", "application/vnd.oasis.opendocument.text", b"%PDF-1.7")).await;
    assert_eq!(refused.json["errors"][0]["code"], "wrong_type");
    id(&add(&dsp, &case, &document("a.docx", "application/pdf", b"%PDF-1.7")).await, 201);
}

#[tokio::test]
async fn a_document_may_be_larger_than_other_bodies_and_no_larger_than_its_own_limit() {
    let limits =
        |b: dolen_tests::app::Builder| b.set("limits.document_bytes", "100000").set("limits.documents_per_case", "2");
    let app = limits(TestApp::with()).start().await;
    let (dsp, case) = (app.signed_in(Role::Dsp), one(&app).await);
    let of = |n: usize| document("a", "text/plain", &vec![b'a'; n]);
    let too_long = add(&dsp, &case, &of(100_001)).await;
    too_long.expect_problem(422, "invalid_body");
    assert_eq!(too_long.json["errors"][0]["code"], "too_long");
    add(&dsp, &case, &of(200_000)).await.expect_problem(413, "payload_too_large");
    id(&add(&dsp, &case, &of(100_000)).await, 201);
    // Any other body ends sooner.
    let long = json!({"relation": "other", "name": "x".repeat(70_000)});
    dsp.post(&format!("{case}/people")).json(&long).await.expect_problem(413, "payload_too_large");
    for content in ["not base64!", "QUJD\n", "QQ=Q", "====", "Q"] {
        let refused = dsp
            .post(&format!("{case}/documents"))
            .json(&json!({"name": "a", "media_type": "text/plain", "content": content}))
            .await;
        refused.expect_problem(422, "invalid_body");
        assert_eq!(refused.json["errors"][0]["pointer"], "/content", "{content}");
    }
    let unpadded = json!({"name": "a", "media_type": "text/plain", "content": "QQ"});
    id(&add(&dsp, &case, &unpadded).await, 201);
    let too_many = add(&dsp, &case, &of(1)).await;
    too_many.expect_problem(422, "invalid_body");
    assert_eq!(too_many.json["errors"][0]["code"], "too_many");
    // Who may not is told so before the body counts.
    let head = app.signed_in(Role::Headteacher);
    add(&head, &case, &of(200_000)).await.expect_problem(403, "forbidden");
    add(&app.signed_in_at(Role::Dsp, 1), &case, &of(200_000)).await.expect_problem(404, "not_found");
}

async fn with_scanner(address: &str, required: bool) -> TestApp {
    let required = if required { "true" } else { "false" };
    TestApp::with()
        .set("documents.scanner", address)
        .set("documents.scan_required", required)
        .set("documents.scan_timeout_seconds", "1")
        .start()
        .await
}

async fn scans(app: &TestApp, case: &str) -> Vec<Value> {
    let listed = items(&app.signed_in(Role::Dsp), &format!("{case}/documents")).await;
    listed.iter().map(|d| d["scan"].clone()).collect()
}

#[tokio::test]
async fn what_the_scanner_finds_is_refused_and_the_rest_is_clean() {
    let folder = tempfile::tempdir().unwrap();
    for scanner in [Clamd::tcp(Mood::Good), Clamd::unix(folder.path(), Mood::Good)] {
        let app = with_scanner(&scanner.address, true).await;
        let (dsp, case) = (app.signed_in(Role::Dsp), one(&app).await);
        let large = vec![b'a'; 1_000_000];
        id(&add(&dsp, &case, &document("Enw.txt", "text/plain", b"Annwyl")).await, 201);
        id(&add(&dsp, &case, &document("Enw.txt", "text/plain", &large)).await, 201);
        let mut infected = large.clone();
        infected.extend(eicar());
        for bytes in [&eicar(), &infected] {
            let refused = add(&dsp, &case, &document("Enw.txt", "text/plain", bytes)).await;
            refused.expect_problem(422, "document_refused");
            assert!(!String::from_utf8_lossy(&refused.body).contains("Eicar"), "the scanner's words stay in the log");
        }
        let welsh = dsp.post(&format!("{case}/documents")).header("accept-language", "cy");
        let welsh = welsh.json(&document("a", "text/plain", &eicar())).await;
        assert_eq!(welsh.json["title"], "Gwrthodwyd y ddogfen: canfu'r sganiwr firws ynddi");
        assert_eq!(scans(&app, &case).await, ["clean", "clean"]);
        // It was shown the bytes, all of them, and no name.
        assert_eq!(scanner.seen(), [b"Annwyl".to_vec(), large, eicar(), infected, eicar()]);
    }
    // The control: without a scanner the same bytes are kept.
    let app = TestApp::start().await;
    let (dsp, case) = (app.signed_in(Role::Dsp), one(&app).await);
    id(&add(&dsp, &case, &document("a", "text/plain", &eicar())).await, 201);
    assert_eq!(scans(&app, &case).await, ["not_scanned"]);
}

#[tokio::test]
async fn a_scanner_that_does_not_say_ok_leaves_a_document_unscanned_or_out() {
    let moods = [
        Mood::Closes,
        Mood::Silent,
        Mood::Small(3),
        Mood::Says(b"stream: OK"),
        Mood::Says(b"stream: OK\n\0"),
        Mood::Says(b"stream: NOT OK\0"),
        Mood::Says(b"OK\0"),
        Mood::Says(b"\0"),
        Mood::Says(b"FOUND\0"),
    ];
    let mut addresses: Vec<String> = moods.into_iter().map(|mood| Clamd::tcp(mood).address).collect();
    addresses.push("tcp:127.0.0.1:1".to_owned());
    addresses.push("unix:/nowhere/clamd.sock".to_owned());
    for address in addresses {
        for required in [true, false] {
            let app = with_scanner(&address, required).await;
            let (dsp, case) = (app.signed_in(Role::Dsp), one(&app).await);
            let body = document("a", "text/plain", b"Annwyl");
            let reply = dsp.post(&format!("{case}/documents")).json(&body).may_fail().await;
            if required {
                assert_eq!((reply.status, reply.code()), (503, "unavailable"), "{address}: {reply:?}");
                assert!(scans(&app, &case).await.is_empty());
            } else {
                id(&reply, 201);
                assert_eq!(scans(&app, &case).await, ["not_scanned"]);
            }
        }
    }
}

/// What a hidden field of a page carries.
fn hidden(page: &str, name: &str) -> String {
    let at = page.find(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("no {name} in {page}"));
    page[at..].split('"').nth(3).unwrap().to_owned()
}

async fn page(client: &Client, path: &str) -> String {
    let reply = client.get(path).header("accept", "text/html").await;
    reply.expect_status(200);
    String::from_utf8(reply.body.clone()).unwrap()
}

async fn upload(client: &Client, path: &str, form: &[(&str, &str)], file: (&str, &str, &[u8])) -> Reply {
    client.request(reqwest::Method::POST, path).header("accept", "text/html").form_with_file(form, file).await
}

#[tokio::test]
async fn the_page_of_a_case_works_without_a_script_for_either_kind_and_in_both_languages() {
    let app = TestApp::start().await;
    let dsp = app.signed_in(Role::Dsp);
    for (case, lang) in both(&app).await.iter().zip(["", "/cy"]) {
        let address = format!("{lang}{}", case.trim_start_matches("/v1"));
        let send = async |part: &str, fields: &[(&str, &str)]| {
            let page = page(&dsp, &address).await;
            let (csrf, key) = (hidden(&page, "csrf"), hidden(&page, "key"));
            let all: Vec<(&str, &str)> =
                [("csrf", csrf.as_str()), ("key", key.as_str())].into_iter().chain(fields.iter().copied()).collect();
            dsp.request(reqwest::Method::POST, &format!("{address}{part}"))
                .header("accept", "text/html")
                .form(&all)
                .await
        };
        let good = async |part: &str, fields: &[(&str, &str)]| {
            let reply = send(part, fields).await;
            assert_eq!((reply.status, reply.header("location")), (303, address.as_str()), "{part}");
        };
        good("/people", &[("relation", "parent"), ("name", "<b>Rhiant</b>"), ("contact", "01000"), ("remark", "")])
            .await;
        good("/tasks", &[("what", "Ring home & ask"), ("due_on", "")]).await;
        good("/pauses", &[("reason", "awaiting_consent")]).await;
        let stale = send("/pauses", &[("reason", "awaiting_panel")]).await;
        assert_eq!((stale.status, stale.header("location")), (303, address.as_str()), "somebody else was quicker");
        // What is wrong is said at its field, and what was typed stays.
        for (part, fields, id) in [
            ("/people", vec![("relation", "parent"), ("name", " "), ("contact", "typed-before")], "name-error"),
            ("/tasks", vec![("what", ""), ("due_on", "2001-01-01")], "what-error"),
        ] {
            let wrong = send(part, &fields).await;
            assert_eq!(wrong.status, 422);
            let text = String::from_utf8_lossy(&wrong.body).into_owned();
            assert!(text.contains(&format!("id=\"{id}\"")), "{text}");
            assert!(part != "/people" || text.contains("typed-before"));
        }
        let shown = page(&dsp, &address).await;
        let (csrf, key) = (hidden(&shown, "csrf"), hidden(&shown, "key"));
        let own = [("csrf", csrf.as_str()), ("key", key.as_str())];
        let letter: (_, _, &[u8]) = ("Llythyr.pdf", "application/octet-stream", b"%PDF-1.7");
        let to = format!("{address}/documents");
        let foreign = [("csrf", "x"), ("key", key.as_str())];
        assert_eq!(upload(&dsp, &to, &foreign, letter).await.status, 403, "another page made it");
        for _ in 0..2 {
            let reply = upload(&dsp, &to, &own, letter).await;
            assert_eq!((reply.status, reply.header("location")), (303, address.as_str()), "sent twice is done once");
        }
        for (name, kind, bytes) in
            [("a.html", "text/html", &b"<p>"[..]), ("a.pdf", "application/pdf", b"<p>"), ("", "", b"")]
        {
            let fresh = page(&dsp, &address).await;
            let (csrf, key) = (hidden(&fresh, "csrf"), hidden(&fresh, "key"));
            let fields = [("csrf", csrf.as_str()), ("key", key.as_str())];
            let refused = upload(&dsp, &to, &fields, (name, kind, bytes)).await;
            assert_eq!(refused.status, 422, "{name} {kind}");
            assert!(String::from_utf8_lossy(&refused.body).contains("id=\"file-error\""));
        }
        let shown = page(&dsp, &address).await;
        assert_eq!(shown.matches("Llythyr.pdf").count(), 1);
        assert!(shown.contains("&#60;b&#62;Rhiant") || shown.contains("&lt;b&gt;Rhiant"), "{shown}");
        assert!(!shown.contains("<b>Rhiant"));
        let at = shown.find("/documents/").unwrap();
        let document = shown[at..].split('"').next().unwrap();
        let saved = dsp.get(&format!("{address}{document}")).header("accept", "text/html").await;
        saved.expect_status(200);
        assert!(saved.header("content-disposition").starts_with("attachment; filename=\"DL-"));
        assert_eq!(saved.header("content-security-policy"), "default-src 'none'; sandbox");
        // What is to be done is on the work list by reference, and not in words.
        let work = page(&dsp, &format!("{lang}/work")).await;
        assert!(work.contains(&format!("href=\"{address}#tasks\"")), "{work}");
        assert!(!work.contains("Ring home"));
        for part in ["tasks", "people"] {
            let step = if part == "tasks" { "complete" } else { "end" };
            let shown = page(&dsp, &address).await;
            let form = format!("action=\"{address}/{part}/");
            let at = shown.find(&form).unwrap() + form.len();
            let id = shown[at..].split('/').next().unwrap();
            good(&format!("/{part}/{id}/{step}"), &[]).await;
        }
        good("/pauses/end", &[]).await;
        assert!(!page(&dsp, &format!("{lang}/work")).await.contains("#tasks"));
    }
    // A headteacher sees how far a referral is, and nothing of what is kept with it; a stranger sees nothing.
    let [referral, _] = both(&app).await;
    let address = referral.trim_start_matches("/v1");
    let shown = page(&app.signed_in(Role::Headteacher), address).await;
    assert!(shown.contains("id=\"timeline\"") && !shown.contains("id=\"documents\"") && !shown.contains("<textarea"));
    let stranger = app.signed_in_at(Role::Dsp, 1).get(address).header("accept", "text/html").await;
    assert_eq!(stranger.status, 404);
}
