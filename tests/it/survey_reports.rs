//! What comes out of a survey, by every way: a school's pack, all schools beside one another, the authority's report.

use dolen_domain::access::Role;
use dolen_domain::surveys::releases::{self, Reason};
use dolen_tests::{Client, Reply, TestApp, surveys};
use serde_json::{Value, json};
use uuid::Uuid;

const DAY: i64 = 86_400;

/// Pupils of each school who are bullied often, seldom and never, and who prefer not to say: the first school stands out, the
/// last has too few. Nothing is nought, as the figures around it would be told more broadly.
const NOW: [[usize; 4]; 4] = [[90, 30, 60, 20], [20, 30, 130, 20], [20, 30, 130, 20], [3, 4, 3, 2]];
const BEFORE: [[usize; 4]; 4] = [[20, 30, 130, 20], [20, 30, 130, 20], [20, 30, 130, 20], [10, 10, 10, 10]];

/// A campaign of these two days with these answers, over and published.
fn published(app: &TestApp, opens: &str, closes: &str, answers: [[usize; 4]; 4]) -> Uuid {
    // Every other pupil is a girl; the boys all say that they bullied somebody once or twice.
    let pupil = |(at, answer): (usize, &str)| {
        let [gender, others] = if at.is_multiple_of(2) { ["girl", "not_at_all"] } else { ["boy", "once_or_twice"] };
        json!({"bullied": answer, "bullied_others": others, "gender": gender})
    };
    let made = surveys::campaign(app, opens, closes);
    for (school, counts) in app.world().schools.iter().zip(answers) {
        let all = ["weekly", "once_or_twice", "not_at_all", "prefer_not_to_say"].into_iter().zip(counts);
        let all = all.flat_map(|(answer, count)| std::iter::repeat_n(answer, count));
        surveys::send(app, made, &school.number, all.enumerate().map(pupil));
    }
    app.advance(2 * DAY);
    assert!(surveys::publish(app, made, Reason::First));
    made.uuid()
}

/// The campaign before, and the one that is told of.
fn two_years(app: &TestApp) -> (Uuid, Uuid) {
    let before = published(app, "2026-03-01", "2026-03-02", BEFORE);
    (before, published(app, "2026-03-03", "2026-03-04", NOW))
}

fn text(reply: &Reply) -> String {
    String::from_utf8_lossy(&reply.body).into_owned()
}

fn find(list: &Value, test: impl Fn(&Value) -> bool) -> &Value {
    list.as_array().unwrap().iter().find(|v| test(v)).unwrap_or(&Value::Null)
}

async fn ask(client: &Client, query: &str, variables: Value) -> Reply {
    let reply = client.post("/v1/graphql").json(&json!({"query": query, "variables": variables})).await;
    reply.expect_status(200);
    reply
}

#[tokio::test]
async fn a_pack_says_what_stands_out_and_by_which_numbers() {
    let app = TestApp::with().standing().start().await;
    let (before, now) = two_years(&app);
    let number = app.world().schools[0].number.clone();
    let path = format!("/v1/survey-campaigns/{now}/schools/{number}/pack");
    let dsp = app.signed_in(Role::Dsp);
    let reply = dsp.get(&path).await;
    reply.expect_status(200);
    let pack = &reply.json;
    assert_eq!((pack["release"].as_i64(), pack["school_number"].as_str()), (Some(1), Some(number.as_str())));
    let finding = find(&pack["findings"], |f| f["code"] == "high_bullied");
    assert_eq!((&finding["rule"], &finding["severe"]), (&json!("funnel"), &json!(true)));
    let own = find(&pack["tables"], |t| t["kind"] == "school");
    let bullied = find(&own["figures"], |f| f["question"] == "bullied");
    let often = find(&bullied["shares"], |s| s["option"] == releases::OFTEN);
    let (least, below) = (often["at_least"].as_i64().unwrap(), often["below"].as_i64().unwrap());
    assert!(least <= 45 && 45 <= below, "ninety of two hundred: {often}");
    assert_eq!(finding["own"], json!({"base": 200, "at_least": least, "below": below}));
    assert!(finding["limits"]["to"].as_i64().unwrap() <= least, "the school lies beyond its limits: {finding}");
    let rise = find(&pack["findings"], |f| f["code"] == "rising_bullied");
    assert!(rise["change"]["from"].as_i64().unwrap() > 0 && rise["compared"]["base"] == 200, "{rise}");
    let changed = find(&pack["changes"], |c| c["option"] == releases::OFTEN);
    assert_eq!(changed["change"], rise["change"]);
    let [from, to] = ["interval_from", "interval_to"].map(|end| often[end].as_i64().unwrap());
    assert!(from < least && to > below, "the interval is wider than the range: {often}");
    // The officer for bullying is the route's, not the first of the list.
    let helps = pack["advice"].as_array().unwrap().iter().flat_map(|a| a["services"].as_array().unwrap());
    let eps: Vec<&Value> = helps.filter(|s| s["service"] == "eps").collect();
    assert!(!eps.is_empty() && eps.iter().all(|s| s["officer"]["email"] == "eps.deputy@la.example"), "{eps:?}");
    let page = text(&dsp.get(&format!("/surveys/{now}/schools/{number}")).header("accept", "text/html").await);
    assert!(page.contains("eps.deputy@la.example") && page.contains(&format!("{least}–{below}%")));
    // Who can't see the bars hears of both, and the table beside them has both.
    let whole = find(&pack["tables"], |t| t["kind"] == "authority");
    let name = whole["name"]["en"].as_str().unwrap();
    let heard = format!(": {least}–{below}% in your school, 20–25% in the authority");
    assert!(page.split("</desc>").next().unwrap().contains(&heard), "{heard}: {page}");
    let main = page.split("The main figures</caption>").nth(1).and_then(|rest| rest.split("</table>").next()).unwrap();
    assert!(main.contains(&format!(">{name}</th>")) && main.contains(">20–25%</td>"), "{main}");
    let pdf = dsp.get(&format!("/surveys/{now}/schools/{number}/pack/pdf?lang=both")).await;
    assert!(pdf.body.starts_with(b"%PDF"));
    // The same again is not given twice; what is taken up makes it another.
    let tag = reply.header("etag").to_owned();
    dsp.get(&path).header("if-none-match", &tag).await.expect_status(304);
    let actions = format!("{path}/actions");
    let code = pack["advice"][0]["approach"]["code"].as_str().unwrap();
    let taken = dsp.post(&actions).json(&json!({"approaches": [code]})).await;
    taken.expect_status(200);
    assert_eq!(taken.json["items"][0]["code"], code);
    let again = dsp.get(&path).header("if-none-match", &tag).await;
    again.expect_status(200);
    assert_eq!(again.json["takes_up"], taken.json["items"]);
    assert_eq!(again.json["advice"][0]["taken_up_on"], taken.json["items"][0]["taken_up_on"]);
    // The campaign before is no part of it, and opens the next one's pack.
    let earlier = format!("/v1/survey-campaigns/{before}/schools/{number}/pack/actions");
    dsp.post(&earlier).json(&json!({"approaches": ["mapped_places"]})).await.expect_status(200);
    let next = dsp.get(&path).await;
    assert_eq!(next.json["taken_up_before"][0]["code"], "mapped_places");
    for (body, code) in [
        (json!({"approaches": ["no_such"]}), "not_in_list"),
        (json!({"approaches": [code, code]}), "duplicate"),
        (json!({"approaches": vec![code; 101]}), "too_many"),
    ] {
        let refused = dsp.post(&actions).json(&body).await;
        refused.expect_problem(422, "invalid_body");
        assert!(text(&refused).contains(code), "{refused:?}");
    }
}

/// What a share is of stands above all of them, and in the files.
#[tokio::test]
async fn a_pack_says_how_many_took_part_of_how_many() {
    let app = TestApp::with().standing().start().await;
    let campaign = surveys::campaign(&app, "2026-03-01", "2026-03-02");
    let of = |at: usize| app.world().schools[at].number.clone();
    let (id, known, unknown) = (campaign.uuid(), of(0), of(1));
    let rolls = json!({"rolls": [{"year_group": 8, "pupils": 160}]});
    let path = format!("/v1/survey-campaigns/{id}/schools/{known}/rolls");
    app.signed_in(Role::Administrator).post(&path).json(&rolls).await.expect_status(200);
    for school in &app.world().schools {
        surveys::send(&app, campaign, &school.number, (0..120).map(|_| json!({"bullied": "not_at_all"})));
    }
    app.advance(2 * DAY);
    assert!(surveys::publish(&app, campaign, Reason::First));
    let analyst = app.signed_in(Role::Analyst);
    for (lang, school, sentence) in [
        ("", &known, "120 of 160 pupils on roll took part: a response rate of 75%."),
        ("/cy", &known, "Cymerodd 120 o&#39;r 160 o ddisgyblion ar y gofrestr ran: cyfradd ymateb o 75%."),
        ("", &unknown, "120 pupils took part. How many are on roll is not known"),
        ("/cy", &unknown, "Cymerodd 120 o ddisgyblion ran."),
    ] {
        let path = format!("{lang}/surveys/{id}/schools/{school}");
        let page = text(&analyst.get(&path).header("accept", "text/html").await);
        assert!(page.contains(sentence), "{path}: {page}");
    }
    for (school, told) in [(&known, ",120,160,75"), (&unknown, ",120,,")] {
        let csv = text(&analyst.get(&format!("/surveys/{id}/schools/{school}/pack/csv")).await);
        assert!(csv.lines().next().unwrap().ends_with(",quality,responses,roll,response_rate"), "{csv}");
        let own = format!(",school/{school},Total,bullied,");
        assert!(csv.lines().filter(|line| line.contains(&own)).all(|line| line.ends_with(told)), "{csv}");
    }
}

/// A school sees its year groups beside one another, and no other school's; of one year group there is nothing to see.
#[tokio::test]
async fn a_pack_shows_the_school_by_year_group() {
    let app = TestApp::with().standing().start().await;
    let both = surveys::campaign_of(&app, ["2026-03-01", "2026-03-02"], &[8, 9]);
    let pupil = |at: usize| {
        let answer = ["weekly", "once_or_twice", "not_at_all", "not_at_all", "prefer_not_to_say"][at / 2 % 5];
        (if at.is_multiple_of(2) { 8 } else { 9 }, json!({"bullied": answer, "bullied_others": answer}))
    };
    for school in &app.world().schools {
        surveys::send_of(&app, both, &school.number, (0..200).map(pupil));
    }
    app.advance(2 * DAY);
    assert!(surveys::publish(&app, both, Reason::First));
    let (one, number) = (published(&app, "2026-03-03", "2026-03-04", NOW), &app.world().schools[0].number);
    let dsp = app.signed_in(Role::Dsp);
    let page = async |id: Uuid, lang: &str| {
        let path = format!("{lang}/surveys/{id}/schools/{number}");
        text(&dsp.get(&path).header("accept", "text/html").await)
    };
    for (lang, heading, names) in
        [("", "By year group", ["Year 8", "Year 9"]), ("/cy", "Fesul grŵp blwyddyn", ["Blwyddyn 8", "Blwyddyn 9"])]
    {
        let page = page(both.uuid(), lang).await;
        let years = page.split(&format!(">{heading}</h2>")).nth(1).and_then(|rest| rest.split("<h2").next()).unwrap();
        let first = years.split("</table>").next().unwrap();
        let rows: Vec<&str> = first.split("<tr").filter(|row| row.contains("scope=\"row\"")).collect();
        assert_eq!(rows.len(), 2, "{first}");
        for (row, name) in rows.iter().zip(names) {
            assert!(row.contains(&format!(">{name}</th>")) && row.contains(">100–104</td>"), "{row}");
        }
    }
    assert!(!page(one, "").await.contains(">By year group</h2>"));
}

#[tokio::test]
async fn a_school_reads_and_changes_its_own_alone() {
    let app = TestApp::with().standing().start().await;
    let (_, now) = two_years(&app);
    let pack =
        |school: usize| format!("/v1/survey-campaigns/{now}/schools/{}/pack", app.world().schools[school].number);
    let system = app.token(&app.world().clients[0]).await;
    for own in [&app.signed_in(Role::Headteacher), &app.signed_in(Role::SchoolSubmitter), &system] {
        own.get(&pack(0)).await.expect_status(200);
        let refused = own.get(&pack(1)).await;
        refused.expect_status(403);
        assert!(!text(&refused).contains("base"), "{refused:?}");
        for of_all in ["results/schools", "results/schools.csv", "report"] {
            own.get(&format!("/v1/survey-campaigns/{now}/{of_all}")).await.expect_status(403);
        }
        for (of_all, number) in [("surveyRelease", "number"), ("surveyReport", "release")] {
            let query = format!("query($id: ID!) {{ {of_all}(campaignId: $id) {{ {number} }} }}");
            let reply = ask(own, &query, json!({"id": now})).await;
            assert!(reply.json["data"][of_all].is_null() && text(&reply).contains("forbidden"), "{reply:?}");
        }
    }
    let body = json!({"approaches": ["standing_by"]});
    let (head, officer) = (app.signed_in(Role::Headteacher), app.signed_in(Role::Officer));
    head.post(&format!("{}/actions", pack(1))).json(&body).await.expect_problem(403, "forbidden");
    officer.post(&format!("{}/actions", pack(0))).json(&body).await.expect_problem(403, "forbidden");
    officer.get(&pack(1)).await.expect_status(200);
}

/// What is withheld of the last school is withheld by every way, and what is shown of the first is shown.
#[tokio::test]
async fn what_is_withheld_is_withheld_everywhere() {
    let app = TestApp::with().standing().start().await;
    let (_, now) = two_years(&app);
    let [first, last] = [0, 3].map(|at: usize| app.world().schools[at].number.clone());
    let analyst = app.signed_in(Role::Analyst);
    let of = |figure: &Value| (figure["symbol"].clone(), figure["reason"].clone(), figure["base"].clone());
    let withheld = (json!("c"), json!("small_n"), Value::Null);
    let shown = (Value::Null, Value::Null, json!(200));
    for (number, expected) in [(&first, &shown), (&last, &withheld)] {
        let pack = analyst.get(&format!("/v1/survey-campaigns/{now}/schools/{number}/pack")).await;
        let own = find(&pack.json["tables"], |t| t["kind"] == "school");
        assert_eq!(of(find(&own["figures"], |f| f["question"] == "bullied")), *expected);
        assert_eq!(pack.json["changes"].as_array().unwrap().is_empty(), *number == last);
        let heat = analyst.get(&format!("/v1/survey-campaigns/{now}/results/schools")).await;
        let row = find(&heat.json["rows"], |r| r["school_number"] == **number);
        let cell = find(&row["cells"], |c| c["question"] == "bullied");
        assert_eq!(of(cell), *expected);
        assert_eq!(cell["mark"], if *number == first { json!("above") } else { Value::Null });
        let query = "query($id: ID!, $school: String!) { surveyRelease(campaignId: $id) {
            tables(kind: SCHOOL, schoolNumber: $school) { nodes {
                figures(questions: [\"bullied\"]) { symbol reason base shares { option atLeast below } } } }
            schools(question: \"bullied\") { nodes { schoolNumber cells { option symbol reason base mark } } } } }";
        let graph = ask(&analyst, query, json!({"id": now, "school": number})).await;
        let release = &graph.json["data"]["surveyRelease"];
        let figure = &release["tables"]["nodes"][0]["figures"][0];
        assert_eq!(
            (of(figure), &figure["shares"].as_array().unwrap().is_empty()),
            (expected.clone(), &(*number == last))
        );
        let row = find(&release["schools"]["nodes"], |r| r["schoolNumber"] == **number);
        let cell = find(&row["cells"], |c| c["option"] == releases::OFTEN);
        assert_eq!(of(cell), *expected);
        let table =
            text(&analyst.get(&format!("/v1/survey-campaigns/{now}/results/schools.csv?question=bullied")).await);
        let line = table.lines().find(|l| l.contains(number.as_str()) && l.contains(releases::OFTEN)).unwrap();
        assert_eq!(line.ends_with(",c,c,c,,"), *number == last, "{line}");
        assert_eq!(line.contains(",200,") && line.ends_with(",above"), *number == first, "{line}");
        let page = text(&analyst.get(&format!("/surveys/{now}/schools/{number}/pack/csv")).await);
        let line =
            page.lines().find(|l| l.contains(&format!("school/{number},")) && l.contains(releases::OFTEN)).unwrap();
        assert_eq!(line.ends_with(",c,c,c,,12,,"), *number == last, "{line}");
        assert_eq!(line.ends_with(",200,,"), *number == first, "how many took part, and no roll: {line}");
    }
    let unknown = analyst.get(&format!("/v1/survey-campaigns/{now}/results/schools?question=no_such")).await;
    unknown.expect_problem(400, "invalid_parameter");
    let nowhere = analyst.get(&format!("/v1/survey-campaigns/{}/results/schools", Uuid::from_u128(7))).await;
    nowhere.expect_problem(404, "not_found");
}

#[tokio::test]
async fn the_annual_report_names_no_school_and_counts_none_of_few() {
    let app = TestApp::with().standing().start().await;
    let (_, now) = two_years(&app);
    for at in 0..4 {
        let path = format!("/v1/survey-campaigns/{now}/schools/{}/pack/actions", app.world().schools[at].number);
        let taken = app.signed_in_at(Role::Headteacher, at).post(&path).json(&json!({"approaches": ["mapped_places"]}));
        taken.await.expect_status(200);
    }
    let analyst = app.signed_in(Role::Analyst);
    let report =
        async |format: &str| analyst.get(&format!("/surveys/{now}/report{format}")).header("accept", "text/html").await;
    let page = report("").await;
    page.expect_status(200);
    let page = text(&page);
    assert!(page.contains("Bullying survey 2025/26: annual report"));
    // Both are of one year: their first days tell them apart.
    assert!(page.contains("2025/26 (1 March 2026)") && page.contains("2025/26 (3 March 2026)"), "{page}");
    // One school stands out and four take something up: both are fewer than five.
    assert!(page.matches("fewer than 5").count() >= 4);
    assert!(!page.contains("A map of unsafe places"), "taken up by four");
    for school in &app.world().schools {
        assert!(!page.contains(&school.number), "{} is named", school.number);
    }
    for name in ["First Example", "Second Example", "Third Example", "Fourth Example"] {
        assert!(!page.contains(name), "{name}");
    }
    let csv = text(&report("/csv").await);
    let line = csv.lines().find(|l| l.contains("authority,Total,bullied,") && l.contains(releases::OFTEN)).unwrap();
    assert!(line.contains(",610,20.0,25.0,,") && page.contains("20–25%"), "{line}");
    assert!(!csv.contains("67640"), "{csv}");
    for way in ["/pdf", "/pdf?lang=both"] {
        assert!(report(way).await.body.starts_with(b"%PDF"), "{way}");
    }
    assert!(report("/xlsx").await.body.starts_with(b"PK"));
    report("/docx").await.expect_status(404);
    for role in [Role::Dsp, Role::Headteacher, Role::SchoolSubmitter] {
        let refused = app.signed_in(role).get(&format!("/surveys/{now}/report")).header("accept", "text/html").await;
        refused.expect_status(403);
        let refused = app.signed_in(role).get(&format!("/v1/survey-campaigns/{now}/report")).await;
        refused.expect_problem(403, "forbidden");
    }
}

/// GraphQL's answer in REST's names, with its pages as lists and without what is not there.
fn as_rest(value: &Value) -> Value {
    let snake = |name: &str| -> String {
        let parts = name
            .chars()
            .map(|c| if c.is_ascii_uppercase() { format!("_{}", c.to_ascii_lowercase()) } else { c.into() });
        parts.collect()
    };
    match value {
        Value::Array(items) => items.iter().map(as_rest).collect(),
        Value::Object(map) if map.contains_key("nodes") => {
            assert_eq!(map["pageInfo"]["hasNextPage"], false, "a page more is not asked for");
            as_rest(&map["nodes"])
        }
        Value::Object(map) => {
            let word = |name: &str, v: &Value| match v.as_str() {
                Some(word) if ["kind", "worse"].contains(&name) => json!(word.to_lowercase()),
                _ => as_rest(v),
            };
            map.iter().filter(|(_, v)| !v.is_null()).map(|(name, v)| (snake(name), word(name, v))).collect()
        }
        _ => value.clone(),
    }
}

const REPORT: &str = "query($id: ID!) { surveyReport(campaignId: $id) {
    campaignId release academicYear title { cy en } publishedOn opensOn instrument minBase carried { question release }
    takingPart { schools signedOff nilReturns responses roll responseRate }
    standingOut { finding question option worse above below of }
    tables(first: 30) { nodes { kind code name { cy en } schoolNumber yearGroup responses roll
        figures { ...figure } } pageInfo { hasNextPage } }
    breakdowns { nodes { kind code name { cy en } byQuestion byOption figures { ...figure } } pageInfo { hasNextPage } }
    before { campaignId academicYear release publishedOn opensOn }
    changes(first: 40) { nodes { question option now { base atLeast below } before { base atLeast below }
        change { from to } } pageInfo { hasNextPage } }
    schoolsTakingUp takenUp { code title { cy en } now before } } }
    fragment figure on SurveyFigure { question symbol reason base quality
        shares { option percent atLeast below intervalFrom intervalTo symbol } }";

/// What a line of the report's CSV says, beside the same in the report's JSON; false where a symbol stands in a figure's place.
fn is_as_told(report: &Value, cells: &[&str]) -> bool {
    let number = |cell: &str| cell.trim_end_matches(".0").parse::<i64>().ok();
    let [group, question, option] = [cells[3], cells[5], cells[6]];
    let groups = ["tables", "breakdowns"].into_iter().flat_map(|part| report[part].as_array().unwrap());
    let figures = groups.filter(|g| g["code"] == group).flat_map(|g| g["figures"].as_array().unwrap());
    let figure = figures.into_iter().find(|f| f["question"] == question).unwrap_or(&Value::Null);
    let Some(base) = number(cells[7]) else {
        assert!(figure["base"].is_null() && figure["symbol"] == cells[7], "{cells:?}: {figure}");
        return false;
    };
    let share = find(&figure["shares"], |s| s["option"] == option);
    assert_eq!((&figure["base"], figure["symbol"].is_null()), (&json!(base), true), "{cells:?}");
    for (cell, name) in [(8, "at_least"), (9, "below"), (11, "interval_from"), (12, "interval_to")] {
        assert_eq!(share[name].as_i64(), number(cells[cell]), "{name} of {cells:?}");
    }
    if let Some(from) = number(cells[16]) {
        let changed = find(&report["changes"], |c| c["question"] == question && c["option"] == option);
        let was = &changed["before"];
        let told =
            [&was["base"], &was["at_least"], &was["below"], &changed["change"]["from"], &changed["change"]["to"]];
        let read = [13, 14, 15, 16, 17].map(|cell| number(cells[cell]));
        assert_eq!(told.map(Value::as_i64), read, "from {from}: {cells:?}");
    }
    true
}

#[tokio::test]
async fn the_annual_report_is_the_same_by_every_way() {
    let app = TestApp::with().standing().start().await;
    let (before, now) = two_years(&app);
    let analyst = app.signed_in(Role::Analyst);
    let path = format!("/v1/survey-campaigns/{now}/report");
    let reply = analyst.get(&path).await;
    reply.expect_status(200);
    let report = &reply.json;
    assert_eq!((&report["release"], &report["before"]["campaign_id"]), (&json!(1), &json!(before)));
    assert_eq!(report["taking_part"]["responses"], 612);
    let whole = find(&report["tables"], |t| t["kind"] == "authority");
    let bullied = find(&whole["figures"], |f| f["question"] == "bullied");
    let often = find(&bullied["shares"], |s| s["option"] == releases::OFTEN);
    assert_eq!((&bullied["base"], &often["at_least"], &often["below"]), (&json!(610), &json!(20), &json!(25)));
    // One school stands out, which is told as none.
    let out = find(&report["standing_out"], |f| f["finding"] == "high_bullied");
    assert_eq!((&out["worse"], out.get("above"), out.get("below")), (&json!("high"), None, None));
    // The page's own file says the same of every figure, and of what changed.
    let csv = text(&analyst.get(&format!("/surveys/{now}/report/csv")).await);
    let lines: Vec<Vec<&str>> = csv.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let told = lines.iter().filter(|cells| is_as_told(report, cells)).count();
    let changed = lines.iter().filter(|cells| !cells[16].is_empty()).count();
    assert!(told > 20 && changed == report["changes"].as_array().unwrap().len() && changed > 2, "{told}, {changed}");
    // GraphQL tells all of it, but for how to read it.
    let graph = ask(&analyst, REPORT, json!({"id": now})).await;
    let mut rest = report.clone();
    rest.as_object_mut().unwrap().remove("note");
    assert_eq!(as_rest(&graph.json["data"]["surveyReport"]), rest, "{}", graph.json["errors"]);
    // No school is named, and four that take something up are told as nobody was.
    for at in 0..4 {
        let actions = format!("/v1/survey-campaigns/{now}/schools/{}/pack/actions", app.world().schools[at].number);
        let head = app.signed_in_at(Role::Headteacher, at);
        head.post(&actions).json(&json!({"approaches": ["mapped_places"]})).await.expect_status(200);
    }
    let again = analyst.get(&path).header("if-none-match", reply.header("etag")).await;
    again.expect_status(304);
    assert!(
        !text(&reply).contains("67640") && !text(&graph).contains("67640") && !text(&reply).contains("First Example")
    );
}

#[tokio::test]
async fn the_annual_report_waits_for_a_release() {
    let app = TestApp::with().standing().start().await;
    let analyst = app.signed_in(Role::Analyst);
    let waiting = surveys::campaign(&app, "2026-03-01", "2026-03-02").uuid();
    for (id, status, code) in [(waiting, 409, "state_conflict"), (Uuid::from_u128(7), 404, "not_found")] {
        analyst.get(&format!("/v1/survey-campaigns/{id}/report")).await.expect_problem(status, code);
        let graph = ask(&analyst, REPORT, json!({"id": id})).await;
        assert!(graph.json["data"]["surveyReport"].is_null(), "{graph:?}");
        assert_eq!(graph.json["errors"][0]["extensions"]["code"], code);
    }
}

/// Girls, boys and roles are told of the authority alone, broadly, and alike by every way; a school reads none.
#[tokio::test]
async fn large_groups_are_told_broadly_and_no_school_of_its_own() {
    let app = TestApp::with().standing().start().await;
    let (_, now) = two_years(&app);
    let analyst = app.signed_in(Role::Analyst);
    let document = analyst.get(&format!("/v1/survey-campaigns/{now}/releases/1")).await;
    let all = &document.json["breakdowns"];
    let girls = find(all, |b| b["code"] == "authority/gender/girl");
    assert_eq!((&girls["by_question"], &girls["by_option"]), (&json!("gender"), &json!("girl")));
    let bullied = find(&girls["figures"], |f| f["question"] == "bullied");
    let never = find(&bullied["shares"], |s| s["option"] == "not_at_all");
    // Half of 306 girls: 24 more or fewer are between three and seven of ten.
    assert_eq!((&bullied["base"], &never["at_least"], &never["below"]), (&json!(250), &json!(30), &json!(70)));
    let others = find(all, |b| b["code"] == "authority/gender/another");
    let none = find(&others["figures"], |f| f["question"] == "bullied");
    assert_eq!((&none["symbol"], &none["reason"]), (&json!("c"), &json!("small_n")), "nobody is told as a few are");
    let whole = find(all, |b| b["code"] == "authority");
    let roles = find(&whole["figures"], |f| f["question"] == "roles");
    assert_eq!(roles["base"], json!(500));
    let options: Vec<&Value> = roles["shares"].as_array().unwrap().iter().map(|s| &s["option"]).collect();
    assert_eq!(options, ["neither", "bullied", "bullied_others", "both"]);
    let query = "query($id: ID!) { surveyRelease(campaignId: $id) { breakdowns { nodes {
        code byOption figures { question symbol base shares { option atLeast below } } } } } }";
    let graph = ask(&analyst, query, json!({"id": now})).await;
    let nodes = &graph.json["data"]["surveyRelease"]["breakdowns"]["nodes"];
    assert_eq!(nodes.as_array().unwrap().len(), all.as_array().unwrap().len());
    let same = find(nodes, |b| b["code"] == "authority/gender/girl");
    let same = find(&same["figures"], |f| f["question"] == "bullied");
    assert_eq!(find(&same["shares"], |s| s["option"] == "not_at_all")["atLeast"], json!(30));
    let report = async |way: &str| {
        text(&analyst.get(&format!("/surveys/{now}/report{way}")).header("accept", "text/html").await)
    };
    let page = report("").await;
    for words in
        ["Roles in bullying", "Girls, boys and other groups", "60–100% of 500 or more", "60–100% of 250 or more"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    let csv = report("/csv").await;
    assert!(csv.contains("authority,authority/gender/girl,Total,bullied,not_at_all,250,30.0,70.0,"), "{csv}");
    assert!(csv.contains("authority,authority/gender/another,Total,bullied,not_at_all,c,c,c,"), "{csv}");
    let columns: Vec<usize> = csv.lines().map(|line| line.split(',').count()).collect();
    assert!(columns.iter().all(|n| *n == columns[0]), "every line has every column");
    let number = &app.world().schools[0].number;
    for way in ["pack", "results"] {
        let own = app.signed_in(Role::Dsp).get(&format!("/v1/survey-campaigns/{now}/schools/{number}/{way}")).await;
        own.expect_status(200);
        assert!(!text(&own).contains("gender/girl"), "{way}");
    }
    app.signed_in(Role::Dsp).get(&format!("/v1/survey-campaigns/{now}/releases/1")).await.expect_status(403);
}
