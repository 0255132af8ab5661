//! What can be asked: the operations of the document and the fields of the schema, each with a request that would be
//! taken.
//!
//! Method, address, scope and headers come from the document. An operation with a body no one wrote here stops the test.

use dolen_api::rest::policy::{Access, OPERATIONS};
use dolen_api::rest::{self, referrals, warrn};
use dolen_domain::access::{Action, Role};
use dolen_tests::clients::{Request, fresh_key};
use dolen_tests::world::{PASSWORD, accepted_membership, fresh_client};
use dolen_tests::{Client, TestApp};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{cases, fields};

/// What changes one's own account and nobody else's: whoever signed in may, and each use spends what the next would need.
/// They are tried in `tests/it/factors`.
const OWN: &[&str] = &[
    "prove_second_factor",
    "begin_second_factor",
    "confirm_second_factor",
    "create_recovery_codes",
    "change_password",
    "end_own_session",
    "end_other_sessions",
];

/// What a request names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    Nothing,
    School,
    Campaign,
    SchoolInCampaign,
    Referral,
    Warrn,
    /// A person or a role, which nobody may know of who may not manage people: each request has one of its own.
    Account,
}

/// What a caller needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Need {
    /// Nothing.
    Nothing,
    /// A person's session.
    Session,
    /// To be somebody.
    SignedIn,
    /// A rule, and for a client this scope; no client may where there is none.
    Rule(Action, Option<String>),
    /// The same, and who has it not is told that there is nothing, whatever they lack.
    Seen(Action, Option<String>),
}

/// One thing an answer says yes or no to: the whole of an operation, or a field of a query.
pub struct Part {
    pub name: String,
    /// Where it stands in an answer of GraphQL.
    pub path: Vec<String>,
    /// All of this, the first first.
    pub needs: Vec<Need>,
}

impl Part {
    /// Whether it gives what is sealed, to those it gives it to.
    pub fn gives_content(&self) -> bool {
        let sealed =
            |need: &Need| matches!(need, Need::Rule(Action::ReadReferralContent | Action::ReadWarrnContent, _));
        self.needs.iter().any(sealed)
    }
}

/// How it is asked for.
pub enum Wire {
    Rest { method: Method, path: String, keyed: bool, versioned: bool },
    Field { name: String, text: String },
}

/// Something to ask for.
pub struct Operation {
    pub id: String,
    pub target: Target,
    pub parts: Vec<Part>,
    /// Whether it changes something: each such cell that should be taken needs a record of its own.
    pub changes: bool,
    pub wire: Wire,
}

/// Everything of both.
pub fn all() -> Vec<Operation> {
    let mut all = documented();
    all.extend(fields::all());
    all
}

/// Every operation of the document.
fn documented() -> Vec<Operation> {
    let document = serde_json::to_value(dolen_api::openapi::document()).unwrap();
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        // Records management knows no school and no relation: every role is asked in `retention.rs`.
        if path.starts_with("/v1/retention/") || path.starts_with("/v1/subject-access-requests") {
            continue;
        }
        for (method, operation) in item.as_object().unwrap() {
            if !OWN.contains(&operation["operationId"].as_str().unwrap()) {
                all.extend(cases::of_either_kind(read(path, method, operation)));
            }
        }
    }
    all
}

fn read(path: &str, method: &str, operation: &Value) -> Operation {
    let id = operation["operationId"].as_str().unwrap().to_owned();
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
        // Both kinds: see `cases`.
        ["{campaign_id}"] => Target::Campaign,
        ["{campaign_id}", "{school_number}"] => Target::SchoolInCampaign,
        ["{case_id}", ..] | ["{referral_id}"] => Target::Referral,
        ["{warrn_id}"] => Target::Warrn,
        ["{person_id}" | "{membership_id}" | "{client_id}"] => Target::Account,
        // The client is one of the school's own; each request has a fresh one.
        ["{school_number}"] | ["{school_number}", "{client_id}"] => Target::School,
        _ => panic!("{path} names things unknown to tests/it/permissions/operations.rs: add them"),
    };
    // The scope is the document's, the action the table's: that they agree is a test of the table's own.
    let mut promised = operation["security"].as_array().into_iter().flatten();
    let scope = promised.find_map(|s| s["client"][0].as_str()).map(str::to_owned);
    let row = OPERATIONS.iter().find(|(row, _)| *row == id);
    let need = match row.unwrap_or_else(|| panic!("{id} has no row in api/src/rest/policy.rs")).1 {
        Access::Public => Need::Nothing,
        Access::SignedIn => Need::Session,
        Access::Action(action) => Need::Rule(action, scope),
        Access::Case(_) => Need::SignedIn,
    };
    let method = Method::from_bytes(method.to_ascii_uppercase().as_bytes()).unwrap();
    Operation {
        parts: vec![Part { name: id.clone(), path: Vec::new(), needs: vec![need] }],
        id,
        target,
        changes: method != Method::GET,
        wire: Wire::Rest {
            method,
            path: path.to_owned(),
            keyed: headers.contains(&"Idempotency-Key"),
            versioned: headers.contains(&"If-Match"),
        },
    }
}

/// What a request is filled with.
#[derive(Debug, Clone)]
pub struct Address {
    pub record: Uuid,
    pub school: String,
    pub campaign: Uuid,
    pub kept: cases::Kept,
}

impl Operation {
    /// Whether it gives a page of whatever its caller may see.
    pub fn is_list(&self) -> bool {
        self.target == Target::Nothing && !self.changes
    }

    /// The version of a record that nobody has changed yet.
    pub fn version(&self, app: &TestApp, to: &Address) -> String {
        let kind = if self.target == Target::Warrn { warrn::KIND } else { referrals::KIND };
        rest::etag(&app.app().vault, kind, to.record, 1)
    }

    /// A good request from this client.
    pub fn request(&self, app: &TestApp, client: &Client, to: &Address) -> Request {
        let (method, path, keyed, versioned) = match &self.wire {
            Wire::Field { name, text } => {
                let variables = fields::variables(name, app, to, &self.version(app, to));
                let body = json!({"query": text, "variables": variables});
                return client.request(Method::POST, "/v1/graphql").json(&body);
            }
            Wire::Rest { method, path, keyed, versioned } => {
                (method.clone(), cases::address(path, to), *keyed, *versioned)
            }
        };
        let path = path
            .replace("{referral_id}", &to.record.to_string())
            .replace("{warrn_id}", &to.record.to_string())
            .replace("{school_number}", &to.school)
            .replace("{campaign_id}", &to.campaign.to_string());
        let path = if path.contains("{client_id}") {
            let consented = self.id == "withdraw_api_client_consent";
            path.replace("{client_id}", &fresh_client(app, &to.school, consented).to_string())
        } else {
            path
        };
        let path = if path.contains("{membership_id}") {
            path.replace("{membership_id}", &accepted_membership(app).to_string())
        } else {
            path.replace("{person_id}", &app.world().who(Role::Analyst).id.to_string())
        };
        let mut request = client.request(method, &path);
        if keyed {
            request = request.key(&fresh_key());
        }
        if versioned {
            request = request.if_match(&format!("\"{}\"", self.version(app, to)));
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
        if let Some(body) = cases::body(app, self, "canari-achos") {
            return Some(body);
        }
        Some(match cases::plain(&self.id) {
            "create_session" => json!({"email": app.world().who(Role::Dsp).email, "password": PASSWORD}),
            "invite_person" => json!({
                "email": format!("{}@invited.example", Uuid::new_v4()), "name": "Example Analyst", "role": "analyst",
            }),
            "create_api_client" => json!({
                "name": "Example system", "scopes": ["surveys:read"], "role": "integration", "school_number": "6764001",
            }),
            "rotate_api_client_secret" => json!({"overlap_hours": 1}),
            "limit_api_client" => json!({"networks": ["127.0.0.0/8"]}),
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
            "assess_warrn_risk" => {
                json!({"held_on": "2026-02-27", "with_eps": true, "findings": "canari-asesiad"})
            }
            "hold_warrn_meeting" => json!({
                "held_on": "2026-02-27", "present": [{"who": "pupil", "name": "Canariglas"}], "note": "canari-nodyn",
            }),
            "agree_warrn_plan" => json!({
                "agreed_on": "2026-02-27", "triggers": "canari-sbardun", "what_helps": "canari-help",
                "safe_places": "canari-lle", "key_adult": "canari-oedolyn", "adjustments": "canari-addasiad",
                "review_on": "2026-03-20",
            }),
            "record_warrn_return" => json!({"on": "2026-02-27", "attendance": "full_time"}),
            "end_warrn_part_time" => json!({"on": "2026-02-27"}),
            "review_warrn_return" => json!({"held_on": "2026-02-27", "note": "canari-adolygiad"}),
            "close_warrn_record" => json!({"outcome": "re_referred", "note": "canari-diwedd"}),
            "move_warrn_return" => json!({"expected_return_on": "2026-03-20"}),
            "add_warrn_document" => json!({"name": "canari.txt", "media_type": "text/plain", "content": "Y2FuYXJp"}),
            "create_survey_campaign" => json!({
                "instrument": "bullying", "academic_year": "2025/26", "title": {"cy": "Arolwg", "en": "Survey"},
                "opens_on": "2026-03-01", "closes_on": "2026-04-30",
            }),
            "submit_survey_responses" => json!({"responses": [
                {"year_group": 8, "row_key": Uuid::new_v4(), "answers": {"safe_school": "always"}},
            ]}),
            "accept_referral"
            | "acknowledge_warrn_record"
            | "end_session"
            | "end_case_person"
            | "complete_case_task"
            | "end_case_pause" => return None,
            "consent_to_api_client" | "withdraw_api_client_consent" => return None,
            _ if self.target == Target::Account => return None,
            _ if !self.changes => return None,
            other => panic!("no body of `{other}` is known to tests/it/permissions/operations.rs: add it"),
        })
    }
}
