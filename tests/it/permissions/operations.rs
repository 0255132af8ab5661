//! The operations as the document describes them, and a request of each that would be taken.
//!
//! Method, address, scope and headers come from the document. An operation with a body no one wrote here stops the test.

use dolen_api::rest::policy::{Access, OPERATIONS};
use dolen_api::rest::{self, referrals, warrn};
use dolen_domain::access::{Action, Role};
use dolen_tests::clients::{Request, fresh_key};
use dolen_tests::world::PASSWORD;
use dolen_tests::{Client, TestApp};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

/// What an operation's address names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    Nothing,
    School,
    Campaign,
    SchoolInCampaign,
    Referral,
    Warrn,
}

/// An operation.
pub struct Operation {
    pub id: String,
    pub access: Access,
    pub target: Target,
    /// The scope the document says a client needs; none when it names no client.
    pub scope: Option<String>,
    pub method: Method,
    path: String,
    keyed: bool,
    versioned: bool,
}

/// Every operation of the document.
pub fn all() -> Vec<Operation> {
    let document = serde_json::to_value(dolen_api::openapi::document()).unwrap();
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            all.push(read(path, method, operation));
        }
    }
    all
}

fn read(path: &str, method: &str, operation: &Value) -> Operation {
    let id = operation["operationId"].as_str().unwrap();
    let row = OPERATIONS.iter().find(|(row, _)| *row == id);
    let headers: Vec<&str> = operation["parameters"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|p| p["in"] == "header")
        .map(|p| p["name"].as_str().unwrap())
        .collect();
    let names: Vec<&str> = path.split('/').filter(|part| part.starts_with('{')).collect();
    let target = match names[..] {
        [] => Target::Nothing,
        ["{school_number}"] => Target::School,
        ["{campaign_id}"] => Target::Campaign,
        ["{campaign_id}", "{school_number}"] => Target::SchoolInCampaign,
        ["{referral_id}"] => Target::Referral,
        ["{warrn_id}"] => Target::Warrn,
        _ => panic!("{path} names things unknown to tests/it/permissions/operations.rs: add them"),
    };
    let promised = operation["security"].as_array().into_iter().flatten();
    let scope = promised.filter_map(|s| s["client"][0].as_str()).next().map(str::to_owned);
    Operation {
        id: id.to_owned(),
        access: row.unwrap_or_else(|| panic!("{id} has no row in api/src/rest/policy.rs")).1,
        target,
        scope,
        method: Method::from_bytes(method.to_ascii_uppercase().as_bytes()).unwrap(),
        path: path.to_owned(),
        keyed: headers.contains(&"Idempotency-Key"),
        versioned: headers.contains(&"If-Match"),
    }
}

/// What the addresses of a request are filled with.
#[derive(Debug, Clone)]
pub struct Address {
    pub record: Uuid,
    pub school: String,
    pub campaign: Uuid,
}

impl Operation {
    /// Whether it changes something: each such cell needs a record of its own.
    pub fn changes(&self) -> bool {
        self.method != Method::GET
    }

    /// Whether it gives what is sealed, to those it gives it to.
    pub fn gives_content(&self) -> bool {
        matches!(self.access, Access::Action(Action::ReadReferralContent | Action::ReadWarrnContent))
    }

    /// The address.
    pub fn path(&self, to: &Address) -> String {
        self.path
            .replace("{referral_id}", &to.record.to_string())
            .replace("{warrn_id}", &to.record.to_string())
            .replace("{school_number}", &to.school)
            .replace("{campaign_id}", &to.campaign.to_string())
    }

    /// A good request from this client.
    pub fn request(&self, app: &TestApp, client: &Client, to: &Address) -> Request {
        let mut request = client.request(self.method.clone(), &self.path(to));
        if self.keyed {
            request = request.key(&fresh_key());
        }
        if self.versioned {
            let kind = if self.target == Target::Warrn { warrn::KIND } else { referrals::KIND };
            request = request.if_match(&format!("\"{}\"", rest::etag(&app.app().vault, kind, to.record, 1)));
        }
        if self.id == "create_token" {
            let own = app.world().integration(0);
            let id = own.id.to_string();
            let form = [("grant_type", "client_credentials"), ("client_id", &id), ("client_secret", &own.secret)];
            return request.form(&form);
        }
        match self.body(app, &to.school) {
            Some(body) => request.json(&body),
            None => request,
        }
    }

    /// Its body, with secrets planted wherever one can stand.
    fn body(&self, app: &TestApp, school: &str) -> Option<Value> {
        let pupil = json!({"given_name": "Canariglas", "family_name": "Canarimelyn", "born_on": super::things::BORN});
        Some(match self.id.as_str() {
            "create_session" => json!({"email": app.world().who(Role::Dsp).email, "password": PASSWORD}),
            "open_referral" => json!({
                "school_number": school, "service": "eps", "pupil": pupil, "year_group": 9, "need": "canari-angen",
                "evidence": "canari-tystiolaeth", "notes": "canari-nodiadau",
                "consent": {"given_by": "parent", "given_on": "2026-02-20"},
            }),
            "request_referral_information" => json!({"question": "canari-cwestiwn"}),
            "answer_referral" => json!({"answer": "canari-ateb"}),
            "decline_referral" => json!({"reason": "other", "note": "canari-nodyn"}),
            "redirect_referral" => json!({"service": "bss", "note": "canari-nodyn"}),
            "send_warrn_record" => json!({
                "school": school, "pupil": pupil, "agreement": "WASPI-2026-01",
                "summary": [{"heading": "triggers", "text": "canari-crynodeb"}],
            }),
            "create_survey_campaign" => json!({
                "instrument": "bullying", "academic_year": "2025/26", "title": {"cy": "Arolwg", "en": "Survey"},
                "opens_on": "2026-03-01", "closes_on": "2026-04-30",
            }),
            "submit_survey_responses" => json!({"responses": [
                {"year_group": 8, "row_key": Uuid::new_v4(), "answers": {"safe_school": "always"}},
            ]}),
            "accept_referral" | "acknowledge_warrn_record" | "end_session" => return None,
            _ if self.method == Method::GET => return None,
            other => panic!("no body of `{other}` is known to tests/it/permissions/operations.rs: add it"),
        })
    }
}
