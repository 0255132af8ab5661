//! Every reading of records management, over REST and in the console: by the tables of operations and of pages, asked by
//! every person, every client and nobody. Its writes are asked in `writes`.

use dolen_api::console::policy::{Opens, PAGES};
use dolen_api::rest::policy::{Access, OPERATIONS};
use dolen_domain::access::Action;
use dolen_tests::writes::Draft;
use dolen_tests::{Client, TestApp, records};

use super::over_http::allowed;

/// What there is to be read, and what for: who has one of the actions may.
type Reading = (String, Vec<Action>);

/// What stands for the parts of an address.
struct There {
    request: String,
    certificate: String,
}

impl There {
    /// A request whose bundle is ready, and the certificate of a run.
    async fn prepare(app: &TestApp) -> Self {
        records::over(app, "bss").await;
        let run = Draft::of(app, "run_retention").await.sent(app).await;
        let release = Draft::of(app, "release_subject_access").await;
        release.sent(app).await;
        let request = release.path.split('/').nth(3).unwrap().to_owned();
        Self { request, certificate: run.json["certificate"]["number"].to_string() }
    }

    fn address(&self, path: &str) -> String {
        let path = path.replace("{request_id}", &self.request).replace("{number}", &self.certificate);
        path.replace("{id}", &self.request).replace("{format}", "html")
    }

    fn operations(&self) -> Vec<Reading> {
        let document = serde_json::to_value(dolen_api::openapi::document()).unwrap();
        let paths = document["paths"].as_object().unwrap().clone();
        let ours = |path: &str| path.starts_with("/v1/retention/") || path.starts_with("/v1/subject-access-requests");
        let reads = paths.iter().filter(|(path, item)| ours(path) && item.get("get").is_some());
        let reading = |(path, item): (&String, &serde_json::Value)| {
            let id = item["get"]["operationId"].as_str().unwrap();
            let row = OPERATIONS.iter().find(|(operation, _)| *operation == id).unwrap();
            let Access::Action(action) = row.1 else { panic!("{id}") };
            (self.address(path), vec![action])
        };
        reads.map(reading).collect()
    }

    fn pages(&self) -> Vec<Reading> {
        let ours = |path: &str| path.starts_with("/records") || path.starts_with("/subject-access");
        let reads = PAGES.iter().filter(|page| page.method == "GET" && ours(page.path));
        let reading = |page: &dolen_api::console::policy::Page| {
            let (Opens::All(actions) | Opens::OneOf(actions)) = page.opens else { panic!("{page:?}") };
            (self.address(page.path), actions.to_vec())
        };
        reads.map(reading).collect()
    }
}

async fn asked(client: &Client, path: &str) -> u16 {
    client.get(path).await.status
}

#[tokio::test]
async fn every_reading_is_for_who_the_tables_say() {
    let app = TestApp::start().await;
    let there = There::prepare(&app).await;
    let (operations, pages) = (there.operations(), there.pages());
    assert!(operations.len() >= 9 && pages.len() >= 5, "{operations:?} {pages:?}");
    let mut cells = 0;
    for (path, actions) in operations.iter().chain(&pages) {
        let mut may = 0;
        for person in app.world().people.clone() {
            let is_allowed = actions.iter().any(|action| allowed(person.role, *action));
            let status = asked(&app.signed_in_as(person.id), path).await;
            assert_eq!(status, if is_allowed { 200 } else { 403 }, "{path} by {}", person.role);
            may += usize::from(is_allowed);
            cells += 1;
        }
        assert!(may > 0, "the control: somebody reads {path}");
        let is_page = pages.iter().any(|(page, _)| page == path);
        assert_eq!(asked(&app.anonymous(), path).await, if is_page { 303 } else { 401 }, "{path} by nobody");
        for client in app.world().clients.clone() {
            let status = asked(&app.token(&client).await, path).await;
            assert_eq!(status, if is_page { 303 } else { 403 }, "{path} by the client of a {}", client.role);
            cells += 1;
        }
    }
    assert!(cells > 300, "{cells}");
}
