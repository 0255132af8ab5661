//! The service with issuers it knows, and browsers that go between them.

use std::collections::BTreeMap;

use dolen_domain::identity::{self, AddPerson, Preference};
use dolen_domain::kernel::{Clock as _, Code, EmailAddress, FreeText, PersonId};
use dolen_tests::TestApp;
use dolen_tests::inspect::Inspector;
use reqwest::Url;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::issuer::{CLIENT_ID, CLIENT_SECRET, Issuer};

pub struct Scene {
    pub app: TestApp,
    pub issuer: Issuer,
    pub other: Issuer,
    _folder: TempDir,
}

/// What a browser is told.
pub struct Seen {
    pub status: u16,
    pub location: String,
    pub text: String,
}

impl Seen {
    /// Asserts that this is the page of a problem, in English.
    #[track_caller]
    pub fn refuses(&self, status: u16, code: Code) {
        assert_eq!(self.status, status, "{}", self.text);
        assert!(self.text.contains(code.title().en), "not {code:?}: {}", self.text);
    }
}

/// A browser: its cookies, and nothing followed by itself.
#[derive(Default)]
pub struct Browser {
    pub cookies: BTreeMap<String, String>,
}

impl Scene {
    pub async fn set() -> Self {
        Self::set_with(|_| ()).await
    }

    /// A scene with other settings of the first issuer.
    pub async fn set_with(change: impl FnOnce(&mut Value)) -> Self {
        let (issuer, other) = (Issuer::start(), Issuer::start());
        let folder = tempfile::tempdir().unwrap();
        let secret = folder.path().join("secret");
        std::fs::write(&secret, format!("{CLIENT_SECRET}\n")).unwrap();
        let settings = |code: &str, name: &str, issuer: &Issuer| {
            json!({
                "code": code, "name_cy": format!("Cyfrif {name}"), "name_en": format!("{name} account"),
                "issuer": issuer.base(), "client_id": CLIENT_ID, "client_secret_file": secret,
                "email_domains": ["la.example", "school1.example"],
                "second_factor_amr": ["mfa"], "second_factor_acr": ["c1"],
                "roles": [
                    {"value": "Auditor", "role": "auditor"},
                    {"value": "Dsp.{school}", "role": "dsp"},
                    {"value": "Head of the first", "role": "headteacher", "school": "6764001"},
                    {"value": "Eps", "role": "officer", "service": "eps"},
                    {"value": "Nowhere", "role": "team_lead", "service": "nowhere"},
                ],
            })
        };
        let mut first = settings("council", "Council", &issuer);
        change(&mut first);
        let issuers = json!([first, settings("hwb", "Hwb", &other)]);
        let app = TestApp::with().standing().set("auth.issuers", issuers.to_string()).start().await;
        Self { app, issuer, other, _folder: folder }
    }

    /// Adds somebody who was invited: no password, and no role yet.
    pub fn invite(&self, email: &str) -> PersonId {
        let new = AddPerson {
            email: EmailAddress::parse(email).unwrap(),
            name: FreeText::parse("Example Person").unwrap(),
            lang: Preference::Both,
            password: None,
        };
        self.app.write(move |work| identity::add_person(work, &new))
    }

    /// Says who is at the first issuer.
    pub fn is(&self, who: Value) {
        self.issuer.with(|s| s.who = who);
    }

    pub async fn get(&self, browser: &mut Browser, url: &str) -> Seen {
        for issuer in [&self.issuer, &self.other] {
            issuer.with(|s| s.now = self.app.clock().now().micros() / 1_000_000);
        }
        let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let url = if url.starts_with('/') { format!("{}{url}", self.app.base()) } else { url.to_owned() };
        let mut request = http.get(&url).header("accept", "text/html");
        if url.starts_with(self.app.base()) {
            let cookies: Vec<String> = browser.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
            request = request.header("cookie", cookies.join("; "));
        }
        let response = request.send().await.unwrap();
        for set in response.headers().get_all("set-cookie") {
            let set = set.to_str().unwrap();
            assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax") && set.contains("Path=/"), "{set}");
            let (name, value) = set.split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() {
                browser.cookies.remove(name);
            } else {
                browser.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let location = response.headers().get("location").map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default();
        let status = response.status().as_u16();
        Seen { status, location, text: response.text().await.unwrap() }
    }

    /// To the issuer and out of it again: the address a browser is sent back to.
    pub async fn away(&self, browser: &mut Browser, start: &str) -> String {
        let sent = self.get(browser, start).await;
        assert_eq!(sent.status, 303, "{}", sent.text);
        let back = self.get(browser, &sent.location).await;
        assert_eq!(back.status, 302, "{}", back.text);
        back.location
    }

    /// The whole way, with this browser.
    pub async fn sign_in(&self, browser: &mut Browser) -> Seen {
        let back = self.away(browser, "/sign-in/council").await;
        self.get(browser, &back).await
    }

    /// The whole way, with a browser of its own.
    pub async fn arrive(&self) -> Seen {
        self.sign_in(&mut Browser::default()).await
    }

    /// Who the browser's session says it is.
    pub async fn me(&self, browser: &Browser) -> Option<PersonId> {
        let token = browser.cookies.get("dolen")?;
        let reply = self.app.with_session(token).get("/v1/session").await;
        (reply.status == 200).then(|| reply.json["person_id"].as_str().unwrap().parse().unwrap())
    }

    pub fn inspect(&self) -> Inspector {
        self.app.database().inspect()
    }

    pub fn count(&self, sql: &str) -> i64 {
        self.inspect().number(sql)
    }
}

/// One value of an address's query.
pub fn query(url: &str, name: &str) -> Option<String> {
    Url::parse(url).unwrap().query_pairs().find(|(n, _)| n == name).map(|(_, v)| v.into_owned())
}

/// The same address with a value changed, added, or taken out.
pub fn with_query(url: &str, name: &str, value: Option<&str>) -> String {
    let mut url = Url::parse(url).unwrap();
    let others: Vec<(String, String)> =
        url.query_pairs().filter(|(n, _)| n != name).map(|(n, v)| (n.into_owned(), v.into_owned())).collect();
    url.query_pairs_mut().clear().extend_pairs(others).extend_pairs(value.map(|v| (name, v)));
    url.into()
}
