//! Two schools, their people, an officer and a client. All invented.

use std::sync::Arc;

use actix_web::dev::ServiceResponse;
use actix_web::http::header::{ACCEPT_LANGUAGE, AUTHORIZATION, COOKIE};
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::{App as ActixApp, web};
use dolen_domain::access::Role;
use dolen_domain::cases::NewDocument;
use dolen_domain::db::Work;
use dolen_domain::directory::{import, officers, schools, services};
use dolen_domain::identity::{self, AddPerson, Member, NewClient, NewMembership, Preference};
use dolen_domain::instruments;
use dolen_domain::kernel::{Caller, EmailAddress, FixedClock, FreeText, Lang, OsChance, PersonId, Result, Scopes, Utc};
use serde_json::{Value, json};

use crate::app::App;
use crate::auth::Signed;
use crate::graphql::{routes, schema};
use crate::{config, middleware, rest};

const SCHOOLS: &str = "number,name,name_cy,phase,medium\n\
    6764001,First Example School,Ysgol Enghraifft Un,secondary,english\n\
    6764002,Second Example School,Ysgol Enghraifft Dau,secondary,english\n";
const OFFICERS: &str = "Name,Contact details,Role,Key Areas,Services,Coverage,Deputy,Language\n\
    Educational Psychologist,eps@la.example,Educational Psychologist,Wellbeing,eps,all,,both\n";

/// A running service.
pub struct World {
    pub app: App,
    pub clock: Arc<FixedClock>,
    _folder: tempfile::TempDir,
}

/// An answer.
pub struct Answer {
    pub status: u16,
    pub kind: String,
    pub etag: Option<String>,
    pub body: Value,
}

impl Answer {
    async fn of(response: ServiceResponse) -> Self {
        let header = |name: &str| {
            let value = response.headers().get(name)?;
            Some(value.to_str().unwrap().to_owned())
        };
        let (kind, etag) = (header("content-type").unwrap_or_default(), header("etag"));
        let status = response.status().as_u16();
        let bytes = read_body(response).await;
        let body = serde_json::from_slice(&bytes)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes).into_owned()));
        let etag = etag.map(|t| t.trim_matches('"').to_owned());
        Self { status, kind, etag, body }
    }

    /// A value of the data, by JSON Pointer.
    pub fn at(&self, pointer: &str) -> &Value {
        self.body.pointer(&format!("/data{pointer}")).unwrap_or(&Value::Null)
    }

    /// The same as text.
    pub fn text(&self, pointer: &str) -> String {
        self.at(pointer).as_str().unwrap_or_else(|| panic!("{pointer} of {}", self.body)).to_owned()
    }

    /// The codes of the errors.
    pub fn codes(&self) -> Vec<&str> {
        let errors = self.body["errors"].as_array();
        errors.into_iter().flatten().map(|e| e["extensions"]["code"].as_str().unwrap()).collect()
    }

    /// The codes of a payload's `userErrors`.
    pub fn user_codes(&self, field: &str) -> Vec<&str> {
        let errors = self.at(&format!("/{field}/userErrors")).as_array();
        errors.into_iter().flatten().map(|e| e["code"].as_str().unwrap()).collect()
    }

    /// Says that nothing went wrong.
    pub fn fine(self) -> Self {
        assert_eq!((self.status, &self.body["errors"]), (200, &Value::Null), "{}", self.body);
        self
    }
}

impl World {
    pub fn new() -> Self {
        Self::with(&[])
    }

    pub fn with(settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut loaded = config::load(None, std::iter::empty()).unwrap();
        let url = format!("sqlite:{}", folder.path().join("dolen.db").display());
        loaded.set("database.url", &url).unwrap();
        loaded.set("authority.number", "676").unwrap();
        loaded.set("keys.master", "01".repeat(32)).unwrap();
        loaded.set("keys.signing", "02".repeat(32)).unwrap();
        for (key, value) in settings {
            loaded.set(key, *value).unwrap();
        }
        let monday = chrono::NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        let clock = Arc::new(FixedClock::at(Utc::from_date_hour(monday, 9)));
        let app = App::open(loaded.settings().unwrap(), Arc::clone(&clock) as _, Arc::new(OsChance)).unwrap();
        app.db.write(&Caller::system("test"), fill).unwrap();
        Self { app, clock, _folder: folder }
    }

    /// Somebody's id.
    pub fn person(&self, name: &str) -> PersonId {
        let email = EmailAddress::parse(&format!("{name}@la.example")).unwrap();
        let find = move |work: &mut Work<'_>| identity::credentials(work, &email);
        let known = self.app.db.read(&Caller::system("test"), find).unwrap();
        known.unwrap_or_else(|| panic!("there is a {name}")).person
    }

    /// A person as a signed-in caller.
    pub fn signed(&self, name: &str) -> Signed {
        Signed { caller: Caller::person(self.person(name), Lang::En, "test"), session: None }
    }

    /// A fresh session's cookie.
    pub fn cookie(&self, name: &str) -> String {
        let (id, rules) = (self.person(name), self.app.sign_in_rules());
        let caller = Caller::person(id, Lang::En, "test");
        let opening = identity::Opening { second_factor: true, ..identity::Opening::default() };
        let open = move |work: &mut Work<'_>| identity::open_session_as(work, id, &rules, &opening);
        let session = self.app.db.write(&caller, open).unwrap();
        format!("dolen={}", session.token.reveal())
    }

    /// A token of the first school's system with these scopes.
    pub fn token(&self, scopes: &str) -> String {
        let new = NewClient {
            name: FreeText::parse("System").unwrap(),
            scopes: Scopes::parse(scopes),
            expires_at: None,
            networks: identity::Networks::default(),
        };
        let add = move |work: &mut Work<'_>| {
            let (id, _) = identity::add_client(work, &new)?;
            let school = schools::all(work)?[0].id;
            let role = NewMembership { school: Some(school), ..member(Member::Client(id), Role::Integration) };
            identity::add_membership(work, &role)?;
            identity::give_consent(work, school, id)?;
            Ok(id)
        };
        let id = self.app.db.write(&Caller::system("test"), add).unwrap();
        let now = self.app.db.clock().now();
        let (token, _) = self.app.tokens.sign(id, &Scopes::parse(scopes), now, uuid::Uuid::nil()).unwrap();
        token
    }

    pub async fn send(&self, request: TestRequest) -> Answer {
        let service = ActixApp::new()
            .app_data(web::Data::new(self.app.clone()))
            .app_data(web::Data::new(schema(&self.app)))
            .service(rest::referrals::get_referral)
            .service(rest::referrals::get_referral_content)
            .service(rest::referrals::list_referral_events)
            .configure(cases)
            .configure(warrn)
            .configure(routes)
            .wrap(from_fn(middleware::edge));
        let service = init_service(service).await;
        Answer::of(call_service(&service, request.to_request()).await).await
    }

    /// Sends a query as a person, in English.
    pub async fn ask(&self, name: &str, query: &str, variables: Value) -> Answer {
        let request = post().insert_header((COOKIE, self.cookie(name)));
        self.send(request.set_json(json!({"query": query, "variables": variables}))).await
    }

    /// Sends a query with a session's cookie.
    pub async fn ask_with(&self, cookie: &str, query: &str, variables: Value) -> Answer {
        let request = post().insert_header((COOKIE, cookie));
        self.send(request.set_json(json!({"query": query, "variables": variables}))).await
    }

    /// The same in Welsh.
    pub async fn ask_in_welsh(&self, name: &str, query: &str, variables: Value) -> Answer {
        let request = post().insert_header((COOKIE, self.cookie(name))).insert_header((ACCEPT_LANGUAGE, "cy"));
        self.send(request.set_json(json!({"query": query, "variables": variables}))).await
    }

    /// Sends a query with a token.
    pub async fn ask_as_client(&self, token: &str, query: &str, variables: Value) -> Answer {
        let request = post().insert_header((AUTHORIZATION, format!("Bearer {token}")));
        self.send(request.set_json(json!({"query": query, "variables": variables}))).await
    }

    /// Gets a REST address as a person.
    pub async fn get(&self, name: &str, path: &str) -> Answer {
        self.send(TestRequest::get().uri(path).insert_header((COOKIE, self.cookie(name)))).await
    }

    /// Publishes a campaign's results.
    pub fn publish(&self, campaign: &str) {
        use dolen_domain::surveys::releases;
        let id = dolen_domain::kernel::CampaignId::from_uuid(campaign.parse().unwrap());
        let (system, vault) = (Caller::system("test"), self.app.vault.clone());
        let ask = move |work: &mut Work<'_>| releases::ask(work, id, releases::Reason::First);
        let line = self.app.db.write(&system, ask).unwrap();
        let gathered = self.app.db.read(&system, move |work| releases::gather(work, &vault, &line)).unwrap();
        let judged = releases::decide(gathered, self.app.threshold());
        assert!(self.app.db.write(&system, move |work| releases::keep(work, &judged)).unwrap());
    }

    /// Keeps a document with a case.
    pub fn keep_document(&self, name: &str, case: &str) {
        let (id, vault, rules) = (case.parse().unwrap(), self.app.vault.clone(), self.app.document_rules());
        let bytes = b"canary bytes".to_vec();
        let new = NewDocument {
            name: "canary.txt".to_owned(),
            media_type: "text/plain".to_owned(),
            bytes,
            scan: dolen_domain::cases::Scan::Clean,
        };
        let keep = move |work: &mut Work<'_>| dolen_domain::cases::add_document(work, &vault, &rules, id, new);
        self.app.db.write(&Caller::person(self.person(name), Lang::En, "test"), keep).unwrap();
    }

    /// Opens a referral from the first school to the psychologists: the payload's answer.
    pub async fn open(&self, key: &str) -> Answer {
        self.ask("submitter", OPEN, json!({"input": referral(key)})).await
    }
}

pub const OPEN: &str = "mutation($input: OpenReferralInput!) { openReferral(input: $input) {
    referral { id version reference state } userErrors { code message pointer mend } } }";

/// What every case has, by REST.
fn cases(config: &mut web::ServiceConfig) {
    config
        .service(rest::cases::get_case)
        .service(rest::cases::list_case_events)
        .service(rest::cases::list_case_links)
        .service(rest::cases::list_case_pauses)
        .service(rest::cases::list_case_people)
        .service(rest::cases::list_case_tasks)
        .service(rest::cases::list_case_documents)
        .service(rest::cases::list_own_tasks);
}

/// WARRN records and their return, by REST.
fn warrn(config: &mut web::ServiceConfig) {
    config
        .service(rest::warrn::list_warrn_records)
        .service(rest::warrn::get_warrn_record)
        .service(rest::warrn::get_warrn_content)
        .service(rest::warrn::returns::get_warrn_steps)
        .service(rest::warrn::returns::get_warrn_return_file)
        .service(rest::warrn::returns::list_returning)
        .service(rest::warrn::returns::list_own_return_steps);
}

pub fn post() -> TestRequest {
    TestRequest::post().uri("/v1/graphql")
}

/// A referral's input; each key is another child.
pub fn referral(key: &str) -> Value {
    json!({
        "idempotencyKey": key, "schoolNumber": "6764001", "service": "eps", "yearGroup": 9, "keyArea": "WELLBEING",
        "pupil": {"givenName": format!("Given {key}"), "familyName": "Enghraifft", "bornOn": "2012-04-05"},
        "need": "canary need", "evidence": "canary evidence",
        "consent": {"givenBy": "PARENT", "givenOn": "2026-03-01"},
    })
}

fn member(who: Member, role: Role) -> NewMembership {
    NewMembership { who, role, school: None, service: None, officer: None, deputy: false }
}

fn fill(work: &mut Work<'_>) -> Result<()> {
    services::ensure_builtin(work)?;
    instruments::ensure_builtin(work)?;
    assert!(import::import_schools(work, SCHOOLS.as_bytes(), "676", false)?.written);
    assert!(import::import_officers(work, OFFICERS.as_bytes(), false)?.written);
    let schools = schools::all(work)?;
    let eps = services::by_code(work, "eps")?.id;
    let officer = officers::all_listed(work)?[0].id;
    let at = |school: usize, role| (Some(schools[school].id), None, None, role);
    for (name, (school, service, officer, role)) in [
        ("submitter", at(0, Role::SchoolSubmitter)),
        ("dsp", at(0, Role::Dsp)),
        ("head", at(0, Role::Headteacher)),
        ("stranger", at(1, Role::SchoolSubmitter)),
        ("psychologist", (None, Some(eps), Some(officer), Role::Officer)),
        ("analyst", (None, None, None, Role::Analyst)),
        ("administrator", (None, None, None, Role::Administrator)),
        ("inreach", (None, None, None, Role::InReachWorker)),
    ] {
        let new = AddPerson {
            email: EmailAddress::parse(&format!("{name}@la.example")).unwrap(),
            name: FreeText::parse(name).unwrap(),
            lang: Preference::Both,
            password: None,
        };
        let id = identity::add_person(work, &new)?;
        let role = NewMembership { school, service, officer, ..member(Member::Person(id), role) };
        identity::add_membership(work, &role)?;
    }
    Ok(())
}
