//! The survey as pupils meet it: a class answers with its codes, once each, and no answer is anybody's.

use std::collections::BTreeMap;

use dolen_domain::access::Role;
use dolen_domain::kernel::to_hex;
use dolen_tests::inspect::Inspector;
use dolen_tests::{Client, Reply, TestApp, bodies};
use serde_json::json;

/// A campaign that is open, and a sheet of so many codes for a class of year 8 at the first school: both, in English.
async fn sheet(app: &TestApp, size: u16) -> (String, Vec<String>) {
    let new = bodies::campaign(app.db().clock().now().date());
    let campaign = app.signed_in(Role::Administrator).post("/v1/survey-campaigns").json(&new).await;
    campaign.expect_status(201);
    let id = campaign.json["id"].as_str().unwrap().to_owned();
    let number = &app.world().schools[0].number;
    let path = format!("/v1/survey-campaigns/{id}/schools/{number}/code-sheets");
    let new = json!({"year_group": 8, "class": "8 Glas", "size": size});
    let printed = app.signed_in(Role::SchoolSubmitter).post(&path).json(&new).await;
    printed.expect_status(201);
    let codes = printed.json["codes"].as_array().unwrap().iter();
    (id, codes.map(|code| code["en"].as_str().unwrap().to_owned()).collect())
}

fn form(fields: &[(&str, &str)]) -> String {
    fields.iter().map(|(name, value)| format!("{name}={}", value.replace(' ', "+"))).collect::<Vec<_>>().join("&")
}

pub async fn send(client: &Client, path: &str, fields: &[(&str, &str)]) -> Reply {
    let request = client.post(path).header("content-type", "application/x-www-form-urlencoded");
    request.header("accept", "text/html").body(form(fields)).await
}

pub fn text(reply: &Reply) -> String {
    String::from_utf8_lossy(&reply.body).into_owned()
}

/// What a form of the page carries hidden.
pub fn carried(page: &Reply) -> Vec<(String, String)> {
    let text = text(page);
    let main = text.split("<main").nth(1).unwrap();
    let form = main.split("<form").nth(1).unwrap().split("</form>").next().unwrap();
    let value =
        |tag: &str, name: &str| tag.split(&format!("{name}=\"")).nth(1).unwrap().split('"').next().unwrap().to_owned();
    form.split("<input")
        .filter(|tag| tag.contains("type=\"hidden\""))
        .map(|t| (value(t, "name"), value(t, "value")))
        .collect()
}

/// The next page, with what this one carries and these besides.
pub async fn go(client: &Client, path: &str, page: &Reply, more: &[(&str, &str)]) -> Reply {
    let held = carried(page);
    let mut fields: Vec<(&str, &str)> = held.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.extend(more);
    send(client, path, &fields).await
}

/// Answers the first questions with these options and skips the rest; gives the last page.
async fn walk(client: &Client, code: &str, options: &[&str]) -> Reply {
    let about = send(client, "/survey", &[("code", code)]).await;
    about.expect_status(200);
    let mut page = go(client, "/survey/questions", &about, &[("go", "next")]).await;
    for n in 0..60 {
        page.expect_status(200);
        if text(&page).contains("action=\"/survey/finish\"") {
            return page;
        }
        page = match options.get(n) {
            Some(option) => go(client, "/survey/questions", &page, &[("choice", option), ("go", "next")]).await,
            None => go(client, "/survey/questions", &page, &[("go", "skip")]).await,
        };
    }
    panic!("there is no end: {}", text(&page));
}

async fn accepted(app: &TestApp, campaign: &str) -> i64 {
    let path = format!("/v1/survey-campaigns/{campaign}/progress");
    let progress = app.signed_in(Role::TeamLead).get(&path).await;
    let number = json!(app.world().schools[0].number);
    let items = progress.json["items"].as_array().unwrap();
    items.iter().find(|item| item["school_number"] == number).unwrap()["accepted"].as_i64().unwrap()
}

#[tokio::test]
async fn a_class_answers_page_by_page_and_each_code_counts_once() {
    let app = TestApp::start().await;
    let (campaign, codes) = sheet(&app, 12).await;
    let nobody = app.anonymous();
    for code in &codes {
        let end = walk(&nobody, code, &["always", "sometimes"]).await;
        let sent = go(&nobody, "/survey/finish", &end, &[]).await;
        sent.expect_status(303);
        assert_eq!(sent.header("location"), "/survey/thanks");
        // The last page sent twice thanks twice.
        assert_eq!(go(&nobody, "/survey/finish", &end, &[]).await.header("location"), "/survey/thanks");
        let again = send(&nobody, "/survey", &[("code", code)]).await;
        assert!(again.status == 422 && text(&again).contains("This code has been used"), "{again:?}");
    }
    assert_eq!(accepted(&app, &campaign).await, 12);
    let thanks = nobody.get("/survey/thanks").await;
    assert!(text(&thanks).contains("Childline") && text(&thanks).contains("href=\"/survey\""), "{thanks:?}");
}

#[tokio::test]
async fn the_pages_keep_nothing_and_know_nobody() {
    let app = TestApp::start().await;
    let (_, codes) = sheet(&app, 2).await;
    let before = app.database().inspect().audit_entries();
    let nobody = app.anonymous();
    let about = send(&nobody, "/cy/survey", &[("code", &codes[0])]).await;
    let first = go(&nobody, "/cy/survey/questions", &about, &[("go", "next")]).await;
    let missing = go(&nobody, "/cy/survey/questions", &first, &[("go", "next")]).await;
    assert!(missing.status == 422 && text(&missing).contains("Dewisa ateb, neu pwysa Hepgor"), "{missing:?}");
    let second = go(&nobody, "/cy/survey/questions", &first, &[("go", "next"), ("choice", "always")]).await;
    let back = go(&nobody, "/survey/questions", &second, &[("go", "back")]).await;
    assert!(
        text(&back).contains("value=\"always\" id=\"choice\" checked"),
        "what was answered is there: {}",
        text(&back)
    );
    let end = walk(&nobody, &codes[0], &["always"]).await;
    let sent = go(&nobody, "/survey/finish", &end, &[]).await;
    for page in [&about, &first, &missing, &second, &back, &end, &sent] {
        assert!(page.headers.get("set-cookie").is_none() && page.header("cache-control") == "no-store", "{page:?}");
        // The one script reads aloud; no page needs it.
        let scripts = text(page).matches("<script").count();
        let own = text(page).matches("/read-aloud.js\"").count();
        assert!(scripts == own && (own == 1 || page.status == 303), "{scripts}");
    }
    assert_eq!(app.database().inspect().audit_entries(), before, "no pupil is on record");
    // A form without its pass looks nothing up: codes are guessed on the first page, where tries are counted.
    let forged = send(&nobody, "/survey/questions", &[("code", &codes[1]), ("go", "next")]).await;
    assert_eq!((forged.status, forged.header("location")), (303, "/survey"));
    let forged = send(&nobody, "/survey/finish", &[("code", &codes[1]), ("pass", "0")]).await;
    assert_eq!((forged.status, forged.header("location")), (303, "/survey"));
    // Nor does one with answers that no page offers.
    let end = walk(&nobody, &codes[1], &[]).await;
    let held = [("a.safe_school", "xqcanari"), ("a.nothing", "x"), ("a.safe_school", "always")];
    assert_eq!(go(&nobody, "/survey/finish", &end, &held).await.header("location"), "/survey");
    assert_eq!(go(&nobody, "/survey/finish", &end, &[]).await.header("location"), "/survey/thanks");
}

#[tokio::test]
async fn guessing_is_slow() {
    let app = TestApp::start().await;
    let (_, codes) = sheet(&app, 1).await;
    let nobody = app.anonymous();
    let mut refused = 0;
    for n in 0..200 {
        let guess = send(&nobody, "/survey", &[("code", &format!("cat red sun {}", 1000 + n))]).await;
        assert!([422, 429].contains(&guess.status), "{guess:?}");
        refused += usize::from(guess.status == 429);
    }
    assert!(refused > 50, "{refused} of 200 were refused");
    assert_eq!(send(&nobody, "/survey", &[("code", &codes[0])]).await.status, 429, "a right one too");
}

/// What a page says once it is written out: `'` and `"` are marks there.
fn said(page: &Reply) -> String {
    text(page).replace("&#39;", "'").replace("&#34;", "\"")
}

/// One of the pupils' own pages, with nothing in it that is for staff.
fn is_pupils(page: &Reply, lang: &str) {
    let html = said(page);
    assert_eq!(page.header("content-language"), lang, "{page:?}");
    assert!(page.header("cache-control") == "no-store" && page.headers.get("set-cookie").is_none(), "{page:?}");
    let (exit, back) =
        if lang == "cy" { ("Gadael y dudalen hon", "/cy/survey") } else { ("Exit this page", "/survey") };
    assert!(html.contains(exit), "{html}");
    assert!(html.contains(&format!("href=\"{back}\"")) || html.contains(&format!("action=\"{back}\"")), "{html}");
    for staffs in ["href=\"/\"", "href=\"/cy\"", "sign-in", page.header("x-request-id"), "xqcanari"] {
        assert!(!staffs.is_empty() && !html.contains(staffs), "{staffs}: {html}");
    }
    for formal in ["Arhoswch", "arhoswch", "Rhowch", "rhowch", "Ewch", "ewch"] {
        assert!(!html.contains(formal), "pupils are told ti: {html}");
    }
}

#[tokio::test]
async fn who_types_after_too_many_codes_waits_on_the_page_of_the_code() {
    let app = TestApp::with().set("survey.codes_per_minute", "30").start().await;
    let nobody = app.anonymous();
    for (lang, path, wait) in [
        ("en", "/survey", "Many codes have just been typed here. Wait a minute, then press Go"),
        ("cy", "/cy/survey", "Mae llawer o godau newydd gael eu teipio yma. Arhosa funud, yna pwysa Ymlaen"),
    ] {
        let mut held = send(&nobody, path, &[("code", "cat red sun 1001")]).await;
        for _ in 0..100 {
            if held.status == 429 {
                break;
            }
            held = send(&nobody, path, &[("code", "cat red sun 1001")]).await;
        }
        assert_eq!(held.status, 429, "{held:?}");
        assert!(held.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds > 0), "{held:?}");
        is_pupils(&held, lang);
        // What was typed is there: one press is enough.
        assert!(said(&held).contains(wait) && said(&held).contains("value=\"cat red sun 1001\""), "{held:?}");
    }
}

#[tokio::test]
async fn whatever_goes_wrong_a_pupil_meets_a_pupils_page() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    for (lang, at, title) in [("en", "/survey", "Something went wrong"), ("cy", "/cy/survey", "Aeth rhywbeth o'i le")] {
        let long = "xqcanari".repeat(40_000);
        let html = |request: dolen_tests::clients::Request| request.header("accept", "text/html");
        let steps = [at.to_owned(), format!("{at}/questions"), format!("{at}/finish")];
        let mut met = Vec::new();
        for step in &steps {
            met.push((413, send(&nobody, step, &[("code", &long)]).await));
            let json = nobody.post(step).header("content-type", "application/json").body("{\"code\": \"xqcanari\"}");
            met.push((415, html(json).await));
        }
        met.push((400, html(nobody.get(&format!("{at}?code=xqcanari&code=b"))).await));
        met.push((404, html(nobody.get(&format!("{at}/xqcanari"))).await));
        for (status, page) in met {
            assert_eq!(page.status, status, "{page:?}");
            assert!(said(&page).contains(title), "{page:?}");
            is_pupils(&page, lang);
        }
    }
    // Staff's pages keep theirs.
    let staffs = nobody.get("/surveyor").header("accept", "text/html").await;
    assert!(staffs.status == 404 && text(&staffs).contains("href=\"/\""), "{staffs:?}");
}

#[tokio::test]
async fn a_school_prints_a_sheet_replaces_it_when_it_is_lost_and_a_class_answers_with_what_is_on_it() {
    let app = TestApp::start().await;
    let (campaign, _) = sheet(&app, 1).await;
    let submitter = app.signed_in(Role::SchoolSubmitter);
    let path = format!("/surveys/{campaign}/schools/{}/codes", app.world().schools[0].number);
    let page = submitter.get(&path).await;
    page.expect_status(200);
    let new = [("year_group", "8"), ("class", "8 Coch"), ("size", "3")];
    let bad = go(&submitter, &path, &page, &[("year_group", "two"), ("class", ""), ("size", "0")]).await;
    assert!(bad.status == 422 && text(&bad).contains("Give a year group"), "{bad:?}");
    let printed = go(&submitter, &path, &page, &new).await;
    printed.expect_status(200);
    let words = |page: &Reply| {
        let text = text(page);
        let each = text
            .split("dolen-codes__words\" lang=\"en\">")
            .skip(1)
            .map(|rest| rest.split('<').next().unwrap().to_owned());
        each.collect::<Vec<_>>()
    };
    let codes = words(&printed);
    assert!(codes.len() == 3 && text(&printed).matches("<path d=\"M").count() == 3, "{printed:?}");
    // The form sent twice shows the same sheet; the one on the sheet's page asks for the same as a PDF.
    assert_eq!(words(&go(&submitter, &path, &page, &new).await), codes);
    let file = go(&submitter, &format!("{path}?as=pdf"), &printed, &[]).await;
    file.expect_status(200);
    assert_eq!(file.header("content-type"), "application/pdf");
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"dolen-codes.pdf\"");
    assert_eq!(file.header("cache-control"), "no-store");
    assert!(file.body.starts_with(b"%PDF-1.7"), "{file:?}");
    assert_eq!(go(&submitter, &format!("{path}?as=pdf"), &printed, &[]).await.body, file.body);
    let api = format!("/v1/survey-campaigns/{campaign}/schools/{}/code-sheets", app.world().schools[0].number);
    let sheets = submitter.get(&api).await.json["items"].as_array().unwrap().clone();
    assert_eq!(sheets.iter().filter(|sheet| sheet["class"] == "8 Coch").count(), 1, "{sheets:?}");
    let nobody = app.anonymous();
    let end = walk(&nobody, &codes[0], &["always"]).await;
    assert_eq!(go(&nobody, "/survey/finish", &end, &[]).await.header("location"), "/survey/thanks");
    // Lost: two were left, and open nothing any more.
    let list = text(&submitter.get(&path).await);
    let class = list.split("8 Coch").nth(1).unwrap();
    let replace = class.split("action=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let fresh = submitter.get(&path).await;
    let again = go(&submitter, &replace, &fresh, &[]).await;
    assert_eq!(words(&again).len(), 2, "{again:?}");
    // Somebody else pressed it too: the list says why nothing comes.
    let late = go(&submitter, &replace, &submitter.get(&path).await, &[]).await;
    assert_eq!((late.status, late.header("location")), (303, path.as_str()));
    assert!(late.header("set-cookie").starts_with("dolen-flash=sheet_gone;"), "{late:?}");
    let cookie = format!("dolen={}; dolen-flash=sheet_gone", submitter.secret());
    let told = app.anonymous().get(&path).header("cookie", &cookie).await;
    assert!(text(&told).contains("No new sheet was made"), "{told:?}");
    let refused = send(&nobody, "/survey", &[("code", &codes[1])]).await;
    assert!(refused.status == 422 && text(&refused).contains("Look at your code again"), "{refused:?}");
    let end = walk(&nobody, &words(&again)[0], &[]).await;
    assert_eq!(go(&nobody, "/survey/finish", &end, &[]).await.header("location"), "/survey/thanks");
    assert_eq!(accepted(&app, &campaign).await, 2);
}

/// `facts/reliability.md` SUR-2: sixty-four at once with one code.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_at_once_with_one_code_one_is_taken() {
    let app = TestApp::start().await;
    let (campaign, codes) = sheet(&app, 1).await;
    let end = walk(&app.anonymous(), &codes[0], &["always"]).await;
    let held = carried(&end);
    let fields: Vec<(&str, &str)> = held.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let body = form(&fields);
    let race: Vec<_> = (0..64)
        .map(|_| {
            let (client, body) = (app.anonymous(), body.clone());
            tokio::spawn(async move {
                let request = client.post("/survey/finish").header("content-type", "application/x-www-form-urlencoded");
                request.body(body).await.status
            })
        })
        .collect();
    for one in race {
        assert_eq!(one.await.unwrap(), 303);
    }
    assert_eq!(accepted(&app, &campaign).await, 1);
}

/// `facts/reliability.md` SUR-1: who knows in which order the codes were used learns nothing from the database's own order.
#[tokio::test]
async fn no_order_of_the_rows_is_the_order_of_the_pupils() {
    const PUPILS: u16 = 57;
    let app = TestApp::with().standing().start().await;
    let (campaign, codes) = sheet(&app, PUPILS).await;
    let nobody = app.anonymous();
    // Each pupil's answers are their own: three questions with five options and more say which of them it is.
    let scale = ["always", "mostly", "sometimes", "never", "prefer_not_to_say"];
    let mut own: BTreeMap<Vec<u8>, usize> = BTreeMap::new();
    for (n, code) in codes.iter().enumerate() {
        let options = [scale[n % 5], scale[n / 5 % 5], scale[n / 25 % 5]];
        let end = walk(&nobody, code, &options).await;
        assert_eq!(go(&nobody, "/survey/finish", &end, &[]).await.header("location"), "/survey/thanks");
        let place = |option: &str| u8::try_from(scale.iter().position(|o| *o == option).unwrap() + 1).unwrap();
        own.insert(options.iter().map(|o| place(o)).collect(), n);
    }
    assert_eq!(own.len(), usize::from(PUPILS));
    let mut inspect = app.database().inspect();
    let postgres = inspect.is_postgres();
    // Of what waits, no transaction wrote one answer with one code: where it wrote any, it wrote many of both.
    if postgres {
        let joined =
            "SELECT count(*) FROM spent_arrivals s JOIN arrivals a ON CAST(a.xmin AS text) = CAST(s.xmin AS text)";
        let waiting = inspect.number("SELECT count(*) FROM arrivals");
        assert!(waiting >= 10 && inspect.number(joined) == waiting * waiting, "{waiting}");
    }
    // The worker's next look after the last day.
    app.advance(60 * 86_400);
    let campaign = dolen_domain::kernel::CampaignId::from_uuid(campaign.parse().unwrap());
    app.write(move |work| dolen_domain::surveys::codes::settle(work, campaign));
    let in_place = |inspect: &mut Inspector, table: &str, order: &str| {
        let column = if postgres { "encode(answers, 'hex')" } else { "lower(hex(answers))" };
        let rows = inspect.texts(&format!("SELECT {column} AS value FROM {table} ORDER BY {order}"));
        assert_eq!(rows.len(), usize::from(PUPILS));
        let byte = |row: &String, i: usize| u8::from_str_radix(&row[2 * i..2 * i + 2], 16).unwrap();
        rows.iter()
            .enumerate()
            .filter(|(place, row)| own[&(0..3).map(|i| byte(row, i)).collect::<Vec<_>>()] == *place)
            .count()
    };
    let orders: &[&str] = if postgres { &["ctid", "CAST(CAST(xmin AS text) AS bigint), ctid", "id"] } else { &["id"] };
    for order in orders {
        let matches = in_place(&mut inspect, "responses", order);
        // By chance one is in its place, give or take one: three of those more are allowed.
        eprintln!("{matches} of {PUPILS} rows stand in their pupil's place by {order}");
        assert!(matches <= 4, "{matches} by {order}");
    }
    // The control: rows that are written as they come.
    inspect.execute(&format!("CREATE TABLE control (answers {})", if postgres { "bytea" } else { "BLOB" }));
    let mut by_pupil: Vec<_> = own.iter().map(|(answers, pupil)| (*pupil, answers)).collect();
    by_pupil.sort_unstable();
    for (_, answers) in by_pupil {
        let hex = to_hex(answers);
        let literal = if postgres { format!("decode('{hex}', 'hex')") } else { format!("x'{hex}'") };
        inspect.execute(&format!("INSERT INTO control VALUES ({literal})"));
    }
    let matches = in_place(&mut inspect, "control", if postgres { "ctid" } else { "rowid" });
    assert_eq!(matches, usize::from(PUPILS), "the control: who writes them down in order gives everybody away");
}
