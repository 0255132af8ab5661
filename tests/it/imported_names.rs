//! What the authority's own files call schools and officers is shown as text wherever it is shown: a file may come from
//! anybody's spreadsheet. What people type is tried in a browser, in tests/browser/cases/scripts.mjs.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use dolen_domain::access::Role;
use dolen_domain::directory::import;
use dolen_tests::world::AUTHORITY;
use dolen_tests::writes::Draft;
use dolen_tests::{Reply, TestApp};

/// Out of a text, of an attribute in either quotes, and of a title; a name has no line of its own.
const SCHOOL: &str = "Ysgol <script>alert(1)</script> \"><img src=x onerror=alert(2)> ' onfocus=alert(3) x='";
const SCHOOL_CY: &str = "Ysgol </title><svg onload=alert(4)> &lt;script&gt;alert(5)&lt;/script&gt;";
const OFFICER: &str = "Swyddog </option></select><script>alert(6)</script> \" autofocus onfocus=alert(7) \"";

/// As a page writes it.
fn written(text: &str) -> String {
    let escaped = text.chars().map(|c| match c {
        '&' | '<' | '>' | '"' | '\'' => format!("&#{};", u32::from(c)),
        c => c.to_string(),
    });
    escaped.collect()
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// Says which of the names a page writes; what it must not hold it does not.
fn check(reply: &Reply) -> Vec<&'static str> {
    let page = String::from_utf8_lossy(&reply.body);
    assert_eq!(reply.status, 200, "{reply:?}");
    for raw in ["<script>", "<img src=x", "<svg onload", "</option></select><script", " autofocus onfocus=alert(7) \""]
    {
        assert!(!page.contains(raw), "{raw} in {page}");
    }
    [SCHOOL, SCHOOL_CY, OFFICER].into_iter().filter(|name| page.contains(&written(name))).collect()
}

#[tokio::test]
async fn a_name_from_a_file_is_shown_as_text() {
    let app = TestApp::start().await;
    let mut schools = "number,name,name_cy,phase,medium,cluster\n".to_owned();
    for school in &app.world().schools {
        let (name, name_cy) = (quoted(SCHOOL), quoted(SCHOOL_CY));
        writeln!(schools, "{},{name},{name_cy},secondary,english,{}", school.number, school.cluster).unwrap();
    }
    let mut officers = "Name,Contact details,Role,Key Areas,Services,Coverage,Deputy,Language\n".to_owned();
    for service in ["eps", "bss", "sbc"] {
        let (name, email) = (quoted(OFFICER), format!("{service}@la.example"));
        writeln!(officers, "{name},{email},{name},Wellbeing,{service},all,,both").unwrap();
    }
    app.write(move |work| {
        let imported = import::import_schools(work, schools.as_bytes(), AUTHORITY, false)?;
        assert!(imported.written, "{:?}", imported.faults);
        let imported = import::import_officers(work, officers.as_bytes(), false)?;
        assert!(imported.written, "{:?}", imported.faults);
        Ok(())
    });
    let referral = Draft::of(&app, "open_referral").await.sent(&app).await;
    let record = Draft::of(&app, "acknowledge_warrn_record").await;
    record.sent(&app).await;
    let campaign = Draft::of(&app, "create_survey_campaign").await.sent(&app).await;
    let record = record.path.replace("/v1/warrn-records/", "/warrn/").replace("/acknowledge", "");
    let id = |reply: &Reply| reply.json["id"].as_str().unwrap().to_owned();
    let referral = format!("/referrals/{}", id(&referral));
    let campaign = format!("/surveys/{}", id(&campaign));
    let eps = app.signed_in_as(app.world().officer_of("eps").id);
    let dsp = app.signed_in(Role::Dsp);
    let administrator = app.signed_in(Role::Administrator);
    let mut shown = BTreeSet::new();
    for (client, path) in [
        (&eps, "/work"),
        (&eps, &referral),
        (&eps, &campaign),
        (&dsp, &referral),
        (&dsp, &record),
        (&dsp, "/work"),
        (&dsp, "/systems"),
        (&administrator, "/people"),
        (&administrator, &campaign),
        (&app.signed_in(Role::InReachWorker), "/warrn/send"),
    ] {
        for address in [path.to_owned(), format!("/cy{path}")] {
            let names = check(&client.get(&address).await);
            assert!(!names.is_empty(), "{address} shows no name");
            shown.extend(names);
        }
    }
    assert_eq!(shown.len(), 3, "the control: {shown:?}");
}
