//! A school's answers as a file: in every form, checked, taken in, taken back.

use dolen_domain::access::Role;
use dolen_tests::{Client, Reply, TestApp, bodies};
use serde_json::json;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

const TABLE: &str = "year_group;row_key;bullied;bullied_types\n8;\u{e9}1;weekly;hit|names\n9;b;not_at_all;\n";

/// A campaign that is open; its id, and the address of the first school in it.
async fn campaign(app: &TestApp) -> (String, String) {
    let new = bodies::campaign(app.db().clock().now().date());
    let made = app.signed_in(Role::Administrator).post("/v1/survey-campaigns").json(&new).await;
    made.expect_status(201);
    let id = made.json["id"].as_str().unwrap().to_owned();
    let school = format!("/v1/survey-campaigns/{id}/schools/{}", app.world().schools[0].number);
    (id, school)
}

async fn send(client: &Client, path: &str, kind: &str, body: impl Into<Vec<u8>>) -> Reply {
    client.post(path).header("content-type", kind).body(body.into()).await
}

/// A workbook of this table.
fn workbook(table: &str) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, line) in (0..).zip(table.lines()) {
        for (column, text) in (0..).zip(line.split(';')) {
            match text.parse::<f64>() {
                Ok(number) => sheet.write_number(row, column, number),
                Err(_) => sheet.write_string(row, column, text),
            }
            .unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

fn counts(reply: &Reply) -> [u64; 3] {
    ["accepted", "rejected", "duplicates"].map(|name| reply.json[name].as_u64().unwrap())
}

fn text(reply: &Reply) -> String {
    String::from_utf8_lossy(&reply.body).into_owned()
}

/// The same rows have the same keys in every form: the first is taken in, and of the others nothing is new.
#[tokio::test]
async fn one_file_is_the_same_in_every_form() {
    let app = TestApp::start().await;
    let (_, school) = campaign(&app).await;
    let (submitter, path) = (app.signed_in(Role::SchoolSubmitter), format!("{school}/responses"));
    let first = send(&submitter, &path, XLSX, workbook(TABLE)).await;
    first.expect_status(201);
    assert_eq!(counts(&first), [2, 0, 0]);
    let windows: Vec<u8> = TABLE.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let lines = "{\"year_group\":8,\"row_key\":\"\u{e9}1\",\"answers\":{\"bullied\":\"weekly\",\"bullied_types\":[\"hit\",\"names\"]}}\n\
                 {\"year_group\":9,\"row_key\":\"b\",\"answers\":{\"bullied\":\"not_at_all\"}}\n";
    for (kind, body) in [
        ("text/csv", TABLE.as_bytes().to_vec()),
        ("text/csv", format!("\u{feff}{TABLE}").into_bytes()),
        ("text/csv", windows.clone()),
        ("text/csv; charset=windows-1252", [&windows[..], b"\n"].concat()),
        ("text/csv; charset=utf-8", TABLE.replace(';', "\t").into_bytes()),
        ("text/csv", TABLE.replace(';', ",").replace('\n', "\r").into_bytes()),
        ("application/x-ndjson", lines.into()),
    ] {
        let reply = send(&submitter, &path, kind, body).await;
        reply.expect_status(201);
        assert_eq!(counts(&reply), [0, 0, 2], "{kind}");
    }
    for (kind, body, status, code) in [
        (XLSX, &b"year_group\n8\n"[..], 400, "malformed_body"),
        (XLSX, b"PK\x03\x04", 400, "malformed_body"),
        ("text/csv; charset=utf-16", b"year_group\n8\n", 415, "content_type_unsupported"),
        ("text/csv; charset=utf-8", b"year_group,row_key\n8,\xe9\n", 422, "rows_rejected"),
    ] {
        send(&submitter, &path, kind, body).await.expect_problem(status, code);
    }
    // A packed body is no table, and is told so before it is read as one; what is not packed may say so.
    for (encoding, status) in [("gzip", 415), ("GZIP", 415), ("br", 415), ("identity, gzip", 415), ("identity", 201)] {
        let ask = submitter.post(&path).header("content-type", "text/csv").header("content-encoding", encoding);
        let reply = ask.body(TABLE.as_bytes().to_vec()).await;
        reply.expect_status(status);
        if status == 415 {
            reply.expect_problem(status, "content_type_unsupported");
        }
    }
    let told = send(&submitter, &path, "text/csv", format!("sep=;\r\n{TABLE}")).await;
    told.expect_status(201);
    assert_eq!(counts(&told), [0, 0, 2]);
}

/// What may be answered is said: as data, in the table of faults and on the console.
#[tokio::test]
async fn a_wrong_answer_is_told_the_right_ones() {
    let app = TestApp::start().await;
    let (_, school) = campaign(&app).await;
    let submitter = app.signed_in(Role::SchoolSubmitter);
    let body = "year_group;bullied;bullied_types\n8;often;\n8;weekly;hit,names\n8;weekly\n";
    let receipt = send(&submitter, &format!("{school}/responses?mode=valid&dry_run=true"), "text/csv", body).await.json;
    let problems = receipt["problems"].as_array().unwrap();
    let codes: Vec<_> = problems.iter().map(|p| p["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["not_in_list", "wrong_separator", "wrong_cell_count"], "{receipt}");
    assert_eq!(problems[0]["allowed"][1], "once_or_twice");
    assert!(problems[1].get("allowed").is_none(), "{receipt}");
    let check = text(&send(&submitter, &format!("{school}/responses/check"), "text/csv", body).await);
    assert!(
        check.contains("2,bullied,not_in_list,\"Use one of the allowed values: not_at_all, once_or_twice, "),
        "{check}"
    );
}

/// After a survey is opened again, what was sent before the sign-off counts twice: who sends is told so on the page.
#[tokio::test]
async fn who_sends_again_is_told_what_is_not_recognised() {
    let app = TestApp::start().await;
    let (id, school) = campaign(&app).await;
    let submitter = app.signed_in(Role::SchoolSubmitter);
    send(&submitter, &format!("{school}/responses"), "text/csv", TABLE).await.expect_status(201);
    let path = format!("/surveys/{id}/schools/{}/bulk", app.world().schools[0].number);
    let warning = "would count twice";
    assert!(!text(&submitter.get(&path).header("accept", "text/html").await).contains(warning));
    let head = app.signed_in(Role::Headteacher);
    let sign = async |answer: &str| head.post(&format!("{school}/sign-off")).json(&json!({"answer": answer})).await;
    sign("complete").await.expect_status(200);
    sign("complete").await.expect_status(200);
    sign("no_pupils").await.expect_problem(409, "state_conflict");
    let until = app.db().clock().now().date() + chrono::Days::new(3);
    let again = json!({"until": until, "reason": "mended_answers"});
    app.signed_in(Role::Administrator).post(&format!("{school}/reopen")).json(&again).await.expect_status(200);
    let page = text(&submitter.get(&path).header("accept", "text/html").await);
    assert!(page.contains(warning), "{page}");
    let page = text(&submitter.get(&format!("/cy{path}")).header("accept", "text/html").await);
    assert!(page.contains("yn cyfrif ddwywaith"), "{page}");
    // It is true.
    let reply = send(&submitter, &format!("{school}/responses"), "text/csv", TABLE).await;
    assert_eq!(counts(&reply), [2, 0, 0]);
}

/// A campaign that asks nobody is not made.
#[tokio::test]
async fn a_campaign_needs_a_school() {
    let app = TestApp::start().await;
    let admin = app.signed_in(Role::Administrator);
    let make = async |schools: serde_json::Value| {
        let mut new = bodies::campaign(app.db().clock().now().date());
        new.as_object_mut().unwrap().extend(schools.as_object().unwrap().clone());
        admin.post("/v1/survey-campaigns").json(&new).await
    };
    let number = app.world().schools[0].number.clone();
    for (schools, code) in [
        (json!({"phases": ["nursery"]}), "not_found"),
        (json!({"phases": []}), "missing"),
        (json!({"phases": ["primary"], "schools": [{"school_number": number}]}), "duplicate"),
    ] {
        let reply = make(schools).await;
        reply.expect_problem(422, "invalid_body");
        assert_eq!(reply.json["errors"][0]["pointer"], "/phases", "{}", reply.json);
        assert_eq!(reply.json["errors"][0]["code"], code, "{}", reply.json);
    }
}

#[tokio::test]
async fn faults_come_back_as_a_table() {
    let app = TestApp::start().await;
    let (_, school) = campaign(&app).await;
    let (submitter, path) = (app.signed_in(Role::SchoolSubmitter), format!("{school}/responses/check"));
    let body = "year_group;row_key;bullied\n8;Secret-1;weekly\n\nSecret-2;Secret-3;Secret-4\n=1+1;;\n";
    let (csv, book) = (body.as_bytes().to_vec(), workbook(body));
    for (kind, body) in [("text/csv", csv), (XLSX, book)] {
        let ask = submitter.post(&path).header("content-type", kind).header("accept-language", "cy").without_key();
        let reply = ask.body(body).await;
        reply.expect_status(200);
        assert_eq!(reply.header("content-type"), "text/csv; charset=utf-8");
        assert!(reply.header("content-disposition").starts_with("attachment"));
        let told = text(&reply);
        let lines: Vec<&str> = told.lines().collect();
        assert_eq!(lines[0], "\u{feff}rhes,colofn,cod,sut i'w gywiro");
        assert!(lines[1].starts_with("4,year_group,wrong_type,") && lines[2].starts_with("5,year_group,wrong_type,"));
        assert_eq!(lines.len(), 3, "{told}");
        assert!(!told.contains("Secret") && !told.contains("1+1"), "{told}");
    }
    app.signed_in(Role::Officer)
        .post(&path)
        .header("content-type", "text/csv")
        .body("x")
        .await
        .expect_problem(403, "forbidden");
    // Nothing was kept: the same file is new.
    let reply = send(&submitter, &format!("{school}/responses?mode=valid"), "text/csv", body).await;
    assert_eq!(counts(&reply), [1, 2, 0]);
}

/// More rows than pupils on roll are taken, and told: to systems and on the console, before and after.
#[tokio::test]
async fn more_rows_than_pupils_on_roll_are_told() {
    let app = TestApp::start().await;
    let (id, school) = campaign(&app).await;
    let (submitter, path) = (app.signed_in(Role::SchoolSubmitter), format!("{school}/responses"));
    let rolls = json!({"rolls": [{"year_group": 8, "pupils": 0}, {"year_group": 9, "pupils": 5}]});
    app.signed_in(Role::Administrator).post(&format!("{school}/rolls")).json(&rolls).await.expect_status(200);
    let advice = "Look whether this is the right body; if the roll is wrong, tell the authority";
    let warnings = json!([{"code": "more_than_roll", "year_group": 8, "roll": 0, "advice": advice}]);
    let mut digest = String::new();
    for path in [format!("{path}?dry_run=true"), path.clone(), path] {
        let receipt = send(&submitter, &path, "text/csv", TABLE).await.json;
        assert_eq!(receipt["warnings"], warnings, "{path}: {receipt}");
        digest = receipt["digest"].as_str().unwrap().to_owned();
    }
    let page = format!("/surveys/{id}/schools/{}/bulk", app.world().schools[0].number);
    for (language, told) in [("", "Year group 8: 0 on roll"), ("/cy", "Grŵp blwyddyn 8: 0 ar y gofrestr")] {
        let form = text(&submitter.get(&page).header("accept", "text/html").await);
        let hidden = |name: &str| {
            let value = form.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
            value.split('"').next().unwrap().to_owned()
        };
        let (csrf, key) = (hidden("csrf"), hidden("key"));
        for step in ["check", "send"] {
            let fields = [("csrf", csrf.as_str()), ("key", &key), ("step", step), ("digest", &digest)];
            let request = submitter.post(&format!("{language}{page}")).header("accept", "text/html");
            let reply = request.form_with_file(&fields, ("answers.csv", "text/csv", TABLE.as_bytes())).await;
            assert!(text(&reply).contains(told), "{step}: {}", text(&reply));
        }
    }
}

#[tokio::test]
async fn a_file_is_taken_back_by_sending_it_again() {
    let app = TestApp::start().await;
    let (_, school) = campaign(&app).await;
    let (submitter, path) = (app.signed_in(Role::SchoolSubmitter), format!("{school}/responses"));
    let withdraw = format!("{path}/withdraw");
    let mut inspect = app.database().inspect();
    let mut rows = || inspect.number("SELECT count(*) FROM responses");
    send(&submitter, &path, "text/csv", TABLE).await.expect_status(201);
    let other = format!("{TABLE}10;c;weekly;hit\n");
    assert_eq!(counts(&send(&submitter, &path, "text/csv", other.as_str()).await), [1, 0, 2]);
    send(&submitter, &withdraw, "text/csv", other.as_str()).await.expect_problem(409, "withdrawal_ambiguous");
    send(&submitter, &withdraw, "text/csv", "year_group\n8\n").await.expect_problem(409, "submission_unknown");
    assert_eq!(rows(), 3);
    send(&submitter, &withdraw, "text/csv", TABLE).await.expect_problem(409, "withdrawal_ambiguous");
    let all = submitter.post(&format!("{path}/withdraw-all")).await;
    assert_eq!((&all.json["submissions"], &all.json["rows"], rows()), (&json!(2), &json!(3), 0));
    assert_eq!(counts(&send(&submitter, &path, "text/csv", TABLE).await), [2, 0, 0]);
    let gone = send(&submitter, &withdraw, "text/csv", TABLE).await;
    gone.expect_status(200);
    assert_eq!((&gone.json["submissions"], &gone.json["rows"], rows()), (&json!(1), &json!(2), 0));
    send(&submitter, &withdraw, "text/csv", TABLE).await.expect_problem(409, "submission_unknown");
    // What is on record is how many, and nothing else.
    let told =
        inspect.texts("SELECT detail AS value FROM audit_entries WHERE action LIKE 'survey.withdraw%' ORDER BY seq");
    assert_eq!(told, ["3 rows of 2 submissions", "2 rows"]);
    // A school whose pupils have codes sends no file.
    submitter.post(&format!("{school}/code-sheets")).json(&bodies::codes()).await.expect_status(201);
    send(&submitter, &path, "text/csv", TABLE).await.expect_problem(409, "codes_in_use");
}

/// On the console: the file is checked, chosen again and sent, and taken back.
#[tokio::test]
async fn a_school_sends_a_file_from_the_console() {
    let app = TestApp::start().await;
    let (id, _) = campaign(&app).await;
    let submitter = app.signed_in(Role::SchoolSubmitter);
    let path = format!("/surveys/{id}/schools/{}/bulk", app.world().schools[0].number);
    let hidden = |page: &str, name: &str| {
        let value = page.split(&format!("name=\"{name}\" value=\"")).nth(1);
        value.map(|v| v.split('"').next().unwrap().to_owned()).unwrap_or_default()
    };
    let page = submitter.get(&path).header("accept", "text/html").await;
    page.expect_status(200);
    let go = async |before: &str, more: &[(&str, &str)], body: &[u8], language: &str| {
        let held = ["csrf", "key", "digest"].map(|name| (name, hidden(before, name)));
        let mut fields: Vec<(&str, &str)> = held.iter().map(|(name, value)| (*name, value.as_str())).collect();
        fields.extend(more);
        let request = submitter.post(&format!("{language}{path}")).header("accept", "text/html");
        request.form_with_file(&fields, ("answers.csv", "application/vnd.ms-excel", body)).await
    };
    let faulty = format!("{TABLE}x;Secret-1;weekly;\n");
    let checked = go(&text(&page), &[("step", "check")], faulty.as_bytes(), "/cy").await;
    checked.expect_status(200);
    let shown = text(&checked);
    assert!(shown.contains("<td class=\"govuk-table__cell\">year_group</td>") && shown.contains(">4</th>"), "{shown}");
    assert!(shown.contains("href=\"data:text/csv;charset=utf-8;base64,") && !shown.contains("Secret"), "{shown}");
    // Not another file, and not with faults nobody said to leave out.
    for (body, more) in [(TABLE, vec![("step", "send")]), (faulty.as_str(), vec![("step", "send")])] {
        go(&shown, &more, body.as_bytes(), "").await.expect_status(422);
    }
    let more = [("step", "send"), ("leave_out", "yes")];
    let receipt = go(&shown, &more, faulty.as_bytes(), "").await;
    receipt.expect_status(200);
    assert!(text(&receipt).contains(&hidden(&shown, "digest")), "{}", text(&receipt));
    // Sent twice, the form says the same.
    assert_eq!(text(&go(&shown, &more, faulty.as_bytes(), "").await).matches(">2</dd>").count(), 1);
    let mut inspect = app.database().inspect();
    assert_eq!(inspect.number("SELECT count(*) FROM responses"), 2);
    let page = text(&submitter.get(&path).header("accept", "text/html").await);
    go(&page, &[("step", "withdraw")], TABLE.as_bytes(), "").await.expect_status(422);
    go(&page, &[("step", "withdraw")], faulty.as_bytes(), "").await.expect_status(200);
    assert_eq!(inspect.number("SELECT count(*) FROM responses"), 0);
    // Nothing that can be read is no file.
    let page = text(&submitter.get(&path).header("accept", "text/html").await);
    for (body, status) in [(&b""[..], 422), (b"PK\x03\x04 no archive", 422), (b"Name;Class\n", 422)] {
        go(&page, &[("step", "check")], body, "").await.expect_status(status);
    }
    app.signed_in(Role::Officer).get(&path).header("accept", "text/html").await.expect_status(403);
}
