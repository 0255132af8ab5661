//! Pupils on roll, as the authority sets them on the console: of one school, and of all from a file.

use dolen_domain::access::Role;
use dolen_tests::clients::fresh_key;
use dolen_tests::{Client, Reply, TestApp, bodies};
use serde_json::json;

/// A campaign that asks years 7 to 9; its id.
async fn campaign(app: &TestApp) -> String {
    let mut new = bodies::campaign(app.db().clock().now().date());
    new["year_groups"] = json!([7, 8, 9]);
    let made = app.signed_in(Role::Administrator).post("/v1/survey-campaigns").json(&new).await;
    made.expect_status(201);
    made.json["id"].as_str().unwrap().to_owned()
}

fn text(reply: &Reply) -> String {
    String::from_utf8_lossy(&reply.body).into_owned()
}

async fn page(client: &Client, path: &str) -> Reply {
    client.get(path).header("accept", "text/html").await
}

/// What forms of this session carry.
async fn csrf(client: &Client) -> String {
    let page = text(&page(client, "/").await);
    page.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

/// Sends a form of this session; the key is new, so each is another form.
async fn send(client: &Client, path: &str, fields: &[(&str, &str)]) -> Reply {
    let (csrf, key) = (csrf(client).await, fresh_key());
    let fields = [&[("csrf", csrf.as_str()), ("key", key.as_str())], fields].concat();
    client.post(path).header("accept", "text/html").form(&fields).await
}

async fn send_file(client: &Client, path: &str, name: &str, bytes: &[u8]) -> Reply {
    let (csrf, key) = (csrf(client).await, fresh_key());
    let fields = [("csrf", csrf.as_str()), ("key", key.as_str())];
    client.post(path).header("accept", "text/html").form_with_file(&fields, (name, "text/csv", bytes)).await
}

/// What the page that a reply leads to says was done.
async fn told(client: &Client, reply: &Reply, language: &str) -> String {
    reply.expect_status(303);
    let flash = reply.header("set-cookie").split(';').next().unwrap();
    let path = format!("{language}{}", reply.header("location"));
    let page = client.get(&path).header("accept", "text/html");
    let page = text(&page.header("cookie", &format!("dolen={}; {flash}", client.secret())).await);
    let banner = page.split("govuk-notification-banner__heading\">").nth(1).unwrap();
    banner.split("</p>").next().unwrap().to_owned()
}

/// How many rolls are known, how many pupils they are, and how often some were set.
fn known(app: &TestApp) -> [i64; 3] {
    let mut inspect = app.database().inspect();
    [
        "SELECT count(*) FROM campaign_rolls",
        "SELECT CAST(coalesce(sum(pupils), 0) AS BIGINT) FROM campaign_rolls",
        "SELECT count(*) FROM audit_entries WHERE action = 'campaign.rolls'",
    ]
    .map(|sql| inspect.number(sql))
}

#[tokio::test]
async fn a_school_s_rolls_are_set_by_a_form() {
    let app = TestApp::start().await;
    let id = campaign(&app).await;
    let (office, number) = (app.signed_in(Role::Administrator), app.world().schools[0].number.clone());
    let (survey, path) = (format!("/surveys/{id}"), format!("/surveys/{id}/schools/{number}/rolls"));
    let form = text(&page(&office, &path).await);
    assert!(form.contains("for=\"year_7\">Year 7</label>") && form.contains("id=\"year_9\""), "{form}");
    assert!(!form.contains("id=\"year_6\"") && !form.contains("id=\"year_10\""), "{form}");
    assert!(text(&page(&office, &survey).await).contains(&format!("href=\"{path}\"")));
    // An empty year group is not in the school; one there are no pupils of is.
    let done = send(&office, &path, &[("year_7", " 90 "), ("year_8", ""), ("year_9", "0")]).await;
    assert_eq!(told(&office, &done, "").await, "The school&#39;s pupils on roll were set.");
    assert_eq!(known(&app), [2, 90, 1]);
    let form = text(&page(&office, &path).await);
    for (field, value) in [("year_7", "90"), ("year_8", ""), ("year_9", "0")] {
        let input = form.split(&format!("id=\"{field}\"")).nth(1).unwrap().split('>').next().unwrap();
        assert!(input.contains(&format!(" value=\"{value}\"")), "{input}");
    }
    // Every fault at its field, in the reader's language; what was typed stays.
    let typed = [("year_7", "x"), ("year_8", "20000"), ("year_9", "20001")];
    for (language, wrong) in [("", "Year 9: write a whole number"), ("/cy", "Blwyddyn 9: ysgrifennwch")] {
        let refused = send(&office, &format!("{language}{path}"), &typed).await;
        refused.expect_status(422);
        let refused = text(&refused);
        for part in ["href=\"#year_7\"", "href=\"#year_9\"", "id=\"year_9-error\"", " value=\"20001\"", wrong] {
            assert!(refused.contains(part), "{part}: {refused}");
        }
        assert!(!refused.contains("href=\"#year_8\""), "{refused}");
    }
    let full = [("year_7", "20000"), ("year_8", "1")];
    for (typed, words) in [(&[][..], "at least one year group"), (&full[..], "more than 20,000")] {
        let refused = send(&office, &path, typed).await;
        refused.expect_status(422);
        let summary = text(&refused);
        let summary = summary.split("href=\"#year_7\">").nth(1).unwrap().split("</a>").next().unwrap();
        assert!(summary.contains(words), "{summary}");
    }
    assert_eq!(known(&app), [2, 90, 1]);
    // A school's people see neither the form nor the link; nor is there one for a school that is not.
    for role in [Role::SchoolSubmitter, Role::Headteacher] {
        let school = app.signed_in(role);
        page(&school, &path).await.expect_status(403);
        send(&school, &path, &[("year_7", "1")]).await.expect_status(403);
        assert!(!text(&page(&school, &survey).await).contains("/rolls\""));
    }
    page(&office, &path.replace(&number, "9999999")).await.expect_status(404);
    assert_eq!(known(&app), [2, 90, 1]);
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

#[tokio::test]
async fn all_schools_rolls_are_set_from_a_file() {
    let app = TestApp::start().await;
    let id = campaign(&app).await;
    let office = app.signed_in(Role::Administrator);
    let [one, two] = [0, 1].map(|i: usize| app.world().schools[i].number.clone());
    let (survey, path) = (format!("/surveys/{id}"), format!("/surveys/{id}/rolls"));
    assert!(text(&page(&office, &survey).await).contains(&format!("href=\"{path}\"")));
    let form = text(&page(&office, &format!("/cy{path}")).await);
    assert!(
        form.contains("Gosod niferoedd ar y gofrestr o ffeil") && form.contains("<code>school_number</code>"),
        "{form}"
    );
    let table = format!("year_group;school_number;pupils\n7;{one};90\n8;{one};85\n7;{two};60\n");
    let forms = [
        table.clone().into_bytes(),
        format!("\u{feff}{}", table.replace(';', ",")).into_bytes(),
        table.replace(';', "\t").into_bytes(),
        workbook(&table),
    ];
    for (times, bytes) in (1..).zip(forms) {
        let done = send_file(&office, &path, "rolls", &bytes).await;
        assert_eq!(told(&office, &done, "").await, "The pupils on roll of 2 schools were set.");
        assert_eq!(
            told(&office, &done, "/cy").await,
            "Gosodwyd nifer y disgyblion ar y gofrestr ar gyfer 2 o ysgolion."
        );
        assert_eq!(known(&app), [3, 235, 2 * times]);
    }
    // A school in the file has what the file says; another keeps what it had.
    let done =
        send_file(&office, &path, "rolls.csv", format!("pupils,year_group,school_number\n5,9,{one}").as_bytes()).await;
    assert_eq!(told(&office, &done, "").await, "The pupils on roll of 1 school were set.");
    assert_eq!(known(&app), [2, 65, 9]);
}

#[tokio::test]
async fn a_file_with_a_fault_sets_nothing() {
    let app = TestApp::start().await;
    let id = campaign(&app).await;
    let office = app.signed_in(Role::Administrator);
    let (path, one) = (format!("/surveys/{id}/rolls"), app.world().schools[0].number.clone());
    let faulty = format!(
        "school_number,year_group,pupils\n{one},7,90\n9999999,7,1\n{one},10,1\n\n{one},7,Secret\n{one},8,20001\n{one},9\n"
    );
    let rows: &[(u64, &str, &str, &str)] = &[
        (3, "school_number", "No school with this number takes part", "Nid oes ysgol â&#39;r rhif hwn"),
        (4, "year_group", "does not ask this year group", "yn holi&#39;r grŵp blwyddyn hwn"),
        (6, "pupils", "Write a whole number of pupils", "Ysgrifennwch nifer cyfan"),
        (6, "year_group", "A row above is of the same school", "Mae rhes uchod"),
        (7, "pupils", "at most 20,000", "i 20,000 ar y mwyaf"),
        (8, "", "more or fewer cells", "fwy neu lai o gelloedd"),
    ];
    for (language, summary) in [("", "Mend the 6 faults"), ("/cy", "(6 ohonynt)")] {
        let refused = send_file(&office, &format!("{language}{path}"), "rolls.csv", faulty.as_bytes()).await;
        refused.expect_status(422);
        let shown = text(&refused);
        assert!(shown.contains("<a href=\"#file\">") && shown.contains(summary), "{shown}");
        for (row, column, english, welsh) in rows {
            let words = if language.is_empty() { english } else { welsh };
            let line = |line: &&str| {
                line.contains(&format!(">{row}</th>"))
                    && line.contains(&format!(">{column}</td>"))
                    && line.contains(words)
            };
            assert!(shown.lines().any(|l| line(&l)), "{row} {column} {words}: {shown}");
        }
        assert_eq!(shown.matches("<th scope=\"row\"").count(), rows.len());
        assert!(!shown.contains("Secret"), "{shown}");
    }
    for (bytes, words) in [
        (&b""[..], "Choose a file"),
        (b"school_number,year_group,pupils\n", "no rows below"),
        (b"PK\x03\x04 no archive", "Save the file as an Excel workbook"),
        (b"number;year_group;pupils\n1;7;1\n", "does not name this column"),
    ] {
        let refused = send_file(&office, &path, "rolls.csv", bytes).await;
        refused.expect_status(422);
        assert!(text(&refused).contains(words), "{words}: {}", text(&refused));
    }
    let good = format!("school_number,year_group,pupils\n{one},7,90\n");
    for role in [Role::SchoolSubmitter, Role::Headteacher] {
        let school = app.signed_in(role);
        page(&school, &path).await.expect_status(403);
        send_file(&school, &path, "rolls.csv", good.as_bytes()).await.expect_status(403);
        // Nothing is said of the file to who may not send it.
        send_file(&school, &path, "rolls.csv", faulty.as_bytes()).await.expect_status(403);
    }
    let nowhere = format!("/surveys/{}/rolls", uuid::Uuid::nil());
    send_file(&office, &nowhere, "rolls.csv", good.as_bytes()).await.expect_status(404);
    assert_eq!(known(&app), [0, 0, 0]);
}
