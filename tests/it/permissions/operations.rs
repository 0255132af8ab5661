//! What can be asked: the operations of the document and the fields of the schema, each with a request that would be
//! taken.
//!
//! Method, address, scope and headers come from the document. An operation with a body no one wrote here stops the test.

use dolen_api::rest::policy::{Access, OPERATIONS};
use dolen_api::rest::{self, provision, referrals, warrn};
use dolen_domain::access::{Action, Role};
use dolen_tests::clients::{Request, fresh_key};
use dolen_tests::questionnaires;
use dolen_tests::world::{PASSWORD, accepted_membership, fresh_client};
use dolen_tests::{Client, TestApp};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::things::CANARY;
use super::{cases, fields, pages, things};

/// What changes one's own account and nobody else's: whoever signed in may, and each use spends what the next would need.
/// They are tried in `tests/it/factors` and `tests/it/absence`.
const OWN: &[&str] = &[
    "prove_second_factor",
    "begin_second_factor",
    "confirm_second_factor",
    "create_recovery_codes",
    "change_password",
    "end_own_session",
    "end_other_sessions",
    "record_absence",
    "end_absence",
];

/// What a request names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    Nothing,
    School,
    Campaign,
    SchoolInCampaign,
    /// Changed, one of its own; read, what ships.
    Questionnaire,
    Referral,
    Warrn,
    Pupil,
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
    /// A rule for one of these.
    OneOf(Vec<Action>),
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
        // What is read there stays in the referral.
        let refers = ["refer_from_warrn_record", "referFromWarrnRecord", "page POST /warrn/{id}/refer"];
        if refers.contains(&self.name.as_str()) {
            return false;
        }
        let sealed =
            |need: &Need| matches!(need, Need::Rule(Action::ReadReferralContent | Action::ReadWarrnContent, _));
        // Kinds and dates alone.
        !["list_provision", "provisions"].contains(&self.name.as_str()) && self.needs.iter().any(sealed)
    }
}

/// How it is asked for.
pub enum Wire {
    Rest { method: Method, path: String, keyed: bool, versioned: bool },
    Field { name: String, text: String },
    Page { method: Method, path: String },
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

/// Everything of all three.
pub fn all() -> Vec<Operation> {
    let mut all = documented();
    all.extend(fields::all());
    all.extend(pages::all());
    all
}

/// Every operation of the document.
fn documented() -> Vec<Operation> {
    let document = serde_json::to_value(dolen_api::openapi::document()).unwrap();
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        // Records management knows no school and no relation: every role and client is asked in `retention`.
        if path.starts_with("/v1/retention/") || path.starts_with("/v1/subject-access-requests") {
            continue;
        }
        for (method, operation) in item.as_object().unwrap() {
            // Emergency accesses have a matrix of their own: `emergencies`.
            let emergency = path.contains("{emergency_id}");
            if !emergency && !OWN.contains(&operation["operationId"].as_str().unwrap()) {
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
        ["{campaign_id}"] | ["{campaign_id}", "{number}"] => Target::Campaign,
        ["{campaign_id}", "{school_number}"] | ["{campaign_id}", "{school_number}", "{sheet_id}" | "{concern_id}"] => {
            Target::SchoolInCampaign
        }
        ["{case_id}", ..] | ["{referral_id}"] => Target::Referral,
        ["{warrn_id}" | "{provision_id}"] => Target::Warrn,
        ["{pupil_id}"] => Target::Pupil,
        ["{questionnaire_id}"] => Target::Questionnaire,
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
    let needs = std::iter::once(need).chain(needed_besides(&id)).collect();
    Operation {
        parts: vec![Part { name: id.clone(), path: Vec::new(), needs }],
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

/// What an operation needs besides the action of its row: who refers a record's child must read who it is, and may open
/// referrals for the school.
pub fn needed_besides(name: &str) -> Vec<Need> {
    match name {
        "refer_from_warrn_record" | "referFromWarrnRecord" => {
            [Action::ReadWarrnContent, Action::OpenReferral].map(|action| Need::Rule(action, None)).into()
        }
        _ => Vec::new(),
    }
}

/// What there is of a release alone: asked of a campaign that has one.
pub const OF_RELEASE: [&str; 9] = [
    "get_survey_results",
    "get_survey_pack",
    "get_survey_heat_table",
    "download_survey_heat_table",
    "graphql surveyCampaign",
    "graphql surveyRelease",
    "get_survey_report",
    "graphql surveyReport",
    "get_survey_release",
];

/// What a request is filled with.
#[derive(Debug, Clone)]
pub struct Address {
    pub record: Uuid,
    pub school: String,
    pub campaign: Uuid,
    /// A draft or what ships.
    pub questionnaire: Uuid,
    /// A sheet of the school's codes.
    pub sheet: Uuid,
    /// A concern of the school's.
    pub concern: Uuid,
    /// The record's.
    pub reference: String,
    /// What the forms of the caller's session carry.
    pub csrf: String,
    /// Somebody else.
    pub person: Uuid,
    /// A child's id.
    pub pupil: Uuid,
    /// A system of the school's, for the pages of one.
    pub system: Uuid,
    /// What is kept with the record.
    pub kept: cases::Kept,
    /// References of records of children whom nobody has opened in an emergency: one for each transport.
    pub children: [String; 3],
}

impl Operation {
    /// Whether it gives a page of whatever its caller may see.
    pub fn is_list(&self) -> bool {
        self.target == Target::Nothing && !self.changes
    }

    /// Whether it is a page of the console.
    pub const fn is_page(&self) -> bool {
        matches!(self.wire, Wire::Page { .. })
    }

    /// Whether what it opens is not the record's whole content, but something kept with it.
    pub fn gives_a_part(&self) -> bool {
        let of_a_return = [
            "get_warrn_return_file",
            "page GET /warrn/{id}/file",
            "page GET /warrn/{id}/refer",
            "get_provision",
            "page GET /warrn/{id}/provision/{provision}",
            "graphql provision",
        ]
        .contains(&self.id.as_str());
        cases::plain(&self.id) != self.id || of_a_return
    }

    /// Whether it names special provision and not its record.
    fn is_of_provision(&self) -> bool {
        match &self.wire {
            Wire::Rest { path, .. } => path.contains("{provision_id}"),
            Wire::Page { path, .. } => path.contains("{provision}"),
            Wire::Field { name, .. } => ["reviewProvision", "extendProvision", "endProvision"].contains(&name.as_str()),
        }
    }

    /// The questionnaire it is asked of: changed, a draft of its own; read, what ships.
    pub fn questionnaire(&self, app: &TestApp) -> Uuid {
        match (self.target, self.changes) {
            (Target::Questionnaire, true) => questionnaires::fresh(app),
            (Target::Questionnaire, false) => questionnaires::shipped(app),
            _ => Uuid::nil(),
        }
    }

    /// Its address.
    pub fn path(&self, to: &Address) -> String {
        match &self.wire {
            Wire::Field { .. } => "/v1/graphql".to_owned(),
            Wire::Page { path, .. } => pages::address(path, to),
            Wire::Rest { path, .. } if self.id == "get_reintegration_report" => {
                format!("{path}?academic_year=2024/25")
            }
            Wire::Rest { path, .. } => cases::address(path, to)
                .replace("{referral_id}", &to.record.to_string())
                .replace("{warrn_id}", &to.record.to_string())
                .replace("{provision_id}", &to.kept.provision.to_string())
                .replace("{pupil_id}", &to.pupil.to_string())
                .replace("{school_number}", &to.school)
                .replace("{sheet_id}", &to.sheet.to_string())
                .replace("{questionnaire_id}", &to.questionnaire.to_string())
                .replace("{concern_id}", &to.concern.to_string())
                .replace("{campaign_id}", &to.campaign.to_string())
                .replace("{number}", "1"),
        }
    }

    /// The version of a record that nobody has changed yet.
    pub fn version(&self, app: &TestApp, to: &Address) -> String {
        if self.is_of_provision() {
            return rest::etag(&app.app().vault, provision::KIND, to.kept.provision, 1);
        }
        if self.target == Target::Questionnaire {
            return questionnaires::tag(app, to.questionnaire);
        }
        let kind = if self.target == Target::Warrn { warrn::KIND } else { referrals::KIND };
        rest::etag(&app.app().vault, kind, to.record, 1)
    }

    /// A good request from this client.
    pub fn request(&self, app: &TestApp, client: &Client, to: &Address) -> Request {
        let path = self.path(to);
        let (method, keyed, versioned) = match &self.wire {
            Wire::Field { name, text } => {
                let variables = fields::variables(name, app, to, self.target, &self.version(app, to));
                let body = json!({"query": text, "variables": variables});
                return client.request(Method::POST, &path).json(&body);
            }
            Wire::Page { method, .. } if *method == Method::GET => {
                return client.get(&path).header("accept", "text/html");
            }
            Wire::Page { method, path: row } => {
                let fields = pages::form(app, row, to, &self.version(app, to));
                let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
                let request = client.request(method.clone(), &path).header("accept", "text/html");
                return match pages::file(app, row, to) {
                    Some((name, kind, bytes)) => request.form_with_file(&fields, (name, kind, &bytes)),
                    None => request.form(&fields),
                };
            }
            Wire::Rest { method, keyed, versioned, .. } => (method.clone(), *keyed, *versioned),
        };
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
        match self.body(app, to) {
            Some(body) => request.json(&body),
            None => request,
        }
    }

    /// Its body, with secrets planted wherever one can stand.
    fn body(&self, app: &TestApp, to: &Address) -> Option<Value> {
        let school = &to.school;
        // A child of its own: of one who is known already a second referral is refused.
        let family = format!("Teulu xqcanariaaaaaaaaaaaa {}", Uuid::new_v4());
        let pupil =
            json!({"given_name": "Enw xqcanariaaaaaaaaaaaa", "family_name": family, "born_on": super::things::BORN});
        if let Some(body) = cases::body(app, self, "xqcanariaaaaaaaaaaaa-achos") {
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
                "school_number": school, "service": "eps", "pupil": pupil, "year_group": 9, "need": "xqcanariaaaaaaaaaaaa-angen",
                "evidence": "xqcanariaaaaaaaaaaaa-tystiolaeth", "notes": "xqcanariaaaaaaaaaaaa-nodiadau",
                "consent": {"given_by": "parent", "given_on": "2026-02-20"},
            }),
            "request_referral_information" => json!({"question": "xqcanariaaaaaaaaaaaa-cwestiwn"}),
            "answer_referral" => json!({"answer": "xqcanariaaaaaaaaaaaa-ateb"}),
            "decline_referral" => json!({"reason": "other", "note": "xqcanariaaaaaaaaaaaa-nodyn"}),
            "redirect_referral" => json!({"service": "bss", "note": "xqcanariaaaaaaaaaaaa-nodyn"}),
            "send_warrn_record" => json!({
                "school": school, "pupil": pupil, "agreement": "WASPI-2026-01",
                "summary": [{"heading": "triggers", "text": "xqcanariaaaaaaaaaaaa-crynodeb"}],
            }),
            "assess_warrn_risk" => {
                json!({"held_on": "2026-02-27", "with_eps": true, "findings": "xqcanariaaaaaaaaaaaa-asesiad"})
            }
            "hold_warrn_meeting" => json!({
                "held_on": "2026-02-27", "present": [{"who": "pupil", "name": "Enw xqcanariaaaaaaaaaaaa"}], "note": "xqcanariaaaaaaaaaaaa-nodyn",
            }),
            "agree_warrn_plan" => json!({
                "agreed_on": "2026-02-27", "triggers": "xqcanariaaaaaaaaaaaa-sbardun", "what_helps": "xqcanariaaaaaaaaaaaa-help",
                "safe_places": "xqcanariaaaaaaaaaaaa-lle", "key_adult": "xqcanariaaaaaaaaaaaa-oedolyn", "adjustments": "xqcanariaaaaaaaaaaaa-addasiad",
                "review_on": "2026-03-20",
            }),
            "record_warrn_return" => json!({"on": "2026-03-02", "attendance": "full_time"}),
            "withdraw_warrn_return" => json!({"reason": "xqcanariaaaaaaaaaaaa-rheswm"}),
            "end_warrn_part_time" => json!({"on": "2026-02-27"}),
            "review_warrn_return" => json!({"held_on": "2026-02-27", "note": "xqcanariaaaaaaaaaaaa-adolygiad"}),
            "close_warrn_record" => json!({"outcome": "re_referred", "note": "xqcanariaaaaaaaaaaaa-diwedd"}),
            "move_warrn_return" => json!({"expected_return_on": "2026-03-20"}),
            "refer_from_warrn_record" => json!({
                "service": "eps", "year_group": 9, "need": "xqcanariaaaaaaaaaaaa-angen", "evidence": "xqcanariaaaaaaaaaaaa-tystiolaeth",
                "consent": {"given_by": "parent", "given_on": "2026-02-20"},
            }),
            "add_warrn_document" => {
                json!({"name": "xqcanariaaaaaaaaaaaa.txt", "media_type": "text/plain", "content": "Y2FuYXJp"})
            }
            "start_provision" => json!({
                "kind": "reduced_timetable", "starts_on": "2026-03-02", "review_on": "2026-03-16", "ends_on": "2026-03-27",
                "plan": "xqcanariaaaaaaaaaaaa-cynllun", "minutes_per_week": 750, "reason": "xqcanariaaaaaaaaaaaa-rheswm",
                "consent": {"by": "Enw xqcanariaaaaaaaaaaaa", "on": "2026-02-27"},
            }),
            "review_provision" => {
                json!({"held_on": "2026-03-02", "note": "xqcanariaaaaaaaaaaaa-adolygiad", "next_on": "2026-03-20"})
            }
            "extend_provision" => json!({"ends_on": "2026-04-24", "reason": "xqcanariaaaaaaaaaaaa-rheswm"}),
            "end_provision" => {
                json!({"on": "2026-03-02", "ending": "no_longer_needed", "note": "xqcanariaaaaaaaaaaaa-diwedd"})
            }
            "create_survey_campaign" => json!({
                "instrument": "bullying", "academic_year": "2025/26", "title": {"cy": "Arolwg", "en": "Survey"},
                "opens_on": "2026-03-01", "closes_on": "2026-04-30",
            }),
            "copy_questionnaire" => {
                json!({"copy_of": questionnaires::shipped(app), "code": questionnaires::code()})
            }
            "replace_questionnaire" => serde_json::to_value(questionnaires::definition(app, to.questionnaire)).unwrap(),
            "publish_questionnaire" | "discard_questionnaire" => return None,
            "start_emergency_access" => {
                json!({"reference": to.children[0], "reason": format!("{CANARY}, and nobody else is there")})
            }
            "print_survey_codes" => json!({"year_group": 8, "class": "8 Glas", "size": 1}),
            "void_survey_code_sheet" | "acknowledge_survey_concern" => return None,
            "publish_survey_release" => json!({"reason": "first"}),
            "sign_off_survey" => json!({"answer": "no_pupils"}),
            "reopen_survey" => json!({"until": "2026-04-20", "reason": "technical_fault"}),
            "set_survey_rolls" => json!({"rolls": [{"year_group": 8, "pupils": 900}]}),
            "submit_survey_responses" | "check_survey_responses" => things::responses(),
            "take_up_survey_advice" => json!({"approaches": ["standing_by"]}),
            "withdraw_survey_responses" => things::sent(app, to.campaign, school),
            "withdraw_all_survey_responses" => return None,
            "accept_referral"
            | "acknowledge_warrn_record"
            | "hand_over_warrn_record"
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
