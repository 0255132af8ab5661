//! Every write of the API, ready to be sent: for what holds of all of them.

use dolen_domain::access::Role;
use dolen_domain::identity;
use dolen_domain::kernel::PersonId;
use reqwest::Method;
use serde_json::{Value, json};

use crate::clients::{Client, Request};
use crate::world::PASSWORD;
use crate::{Reply, TestApp, bodies};

/// A write that will succeed, with everything before it done. It can be sent again, and differently.
#[derive(Clone)]
pub struct Draft {
    /// Who sends it; nobody, when it needs no one signed in.
    pub by: Option<PersonId>,
    /// How.
    pub method: Method,
    /// Where to.
    pub path: String,
    /// With what.
    pub body: Option<Value>,
    /// On which version.
    pub version: Option<String>,
    /// What it is told.
    pub status: u16,
}

/// The writes that keep no answer for their key, and why.
pub const WITHOUT_KEY: &[(&str, &str)] = &[
    ("check_survey_responses", "changes nothing"),
    ("create_token", "changes nothing; every token is a new one"),
    ("create_session", "a kept answer would be a kept secret"),
    ("end_session", "doing it again finds no session"),
    ("end_own_session", "doing it again finds no session"),
    ("end_other_sessions", "doing it again finds no session"),
    ("end_absence", "doing it again finds no absence"),
    ("replace_questionnaire", "doing it again finds another version"),
    ("discard_questionnaire", "doing it again finds no draft"),
    ("prove_second_factor", "a kept answer would be a kept secret"),
    ("begin_second_factor", "a kept answer would be a kept secret"),
    ("confirm_second_factor", "a kept answer would be a kept secret"),
    ("create_recovery_codes", "a kept answer would be a kept secret"),
    ("change_password", "a kept answer would be a kept secret"),
];

/// The operations of the document with a method that writes, in its order.
#[must_use]
pub fn operations() -> Vec<String> {
    let document = serde_json::to_value(dolen_api::openapi::document()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let items = paths.values().flat_map(|item| item.as_object().unwrap());
    let writes = items.filter(|(method, _)| ["post", "put", "patch", "delete"].contains(&method.as_str()));
    writes.map(|(_, operation)| operation["operationId"].as_str().unwrap().to_owned()).collect()
}

/// Those of them that take an idempotency key.
#[must_use]
pub fn keyed() -> Vec<String> {
    operations().into_iter().filter(|o| !WITHOUT_KEY.iter().any(|(w, _)| w == o)).collect()
}

impl Draft {
    pub(crate) fn post(by: PersonId, path: impl Into<String>, body: Value, status: u16) -> Self {
        let method = Method::POST;
        Self { by: Some(by), method, path: path.into(), body: Some(body), version: None, status }
    }

    fn on(self, version: &str) -> Self {
        Self { version: Some(version.to_owned()), ..self }
    }

    pub(crate) fn bare(self) -> Self {
        Self { body: None, ..self }
    }

    /// A write, ready.
    ///
    /// # Panics
    /// When it is not known here: whoever adds a write adds it here, and has it tested with all the others.
    #[expect(clippy::too_many_lines, reason = "one table of drafts")]
    pub async fn of(app: &TestApp, operation: &str) -> Self {
        let world = app.world();
        let who = |role| world.who(role).id;
        let number = world.schools[0].number.as_str();
        match operation {
            "create_session" => {
                let dsp = world.who(Role::Dsp);
                let body = json!({"email": dsp.email, "password": PASSWORD, "code": app.code(dsp.id)});
                Self { by: None, ..Self::post(who(Role::Dsp), "/v1/session", body, 201) }
            }
            "end_session" => {
                let draft = Self::post(who(Role::Dsp), "/v1/session", Value::Null, 204).bare();
                Self { method: Method::DELETE, ..draft }
            }
            "end_own_session" => {
                let other = app.signed_in_as(who(Role::Dsp)).get("/v1/sessions").await;
                let path = format!("/v1/sessions/{}", other.json["items"][0]["id"].as_str().unwrap());
                let draft = Self::post(who(Role::Dsp), path, Value::Null, 204).bare();
                Self { method: Method::DELETE, ..draft }
            }
            "end_other_sessions" => {
                let draft = Self::post(who(Role::Dsp), "/v1/sessions", Value::Null, 200).bare();
                Self { method: Method::DELETE, ..draft }
            }
            "prove_second_factor" => {
                let body = json!({"code": app.code(who(Role::Dsp))});
                Self::post(who(Role::Dsp), "/v1/sessions/current/second-factor", body, 200)
            }
            // Who else comes in as the DSP must still be able to.
            "begin_second_factor" => {
                Self::post(who(Role::Headteacher), "/v1/account/second-factor", Value::Null, 201).bare()
            }
            "confirm_second_factor" => {
                let begun = app.signed_in_as(who(Role::Headteacher)).post("/v1/account/second-factor").await;
                let secret = crate::world::secret_of(begun.json["secret"].as_str().unwrap());
                let step = identity::step_of(app.db().clock().now());
                let body = json!({"code": identity::code_at(&secret, step)});
                Self::post(who(Role::Headteacher), "/v1/account/second-factor/confirm", body, 200)
            }
            "create_recovery_codes" => {
                Self::post(who(Role::Headteacher), "/v1/account/recovery-codes", Value::Null, 200).bare()
            }
            "record_absence" => {
                let today = app.db().clock().now().date();
                let body =
                    json!({"begins_on": today, "ends_on": today.checked_add_days(chrono::Days::new(3)).unwrap()});
                Self::post(who(Role::Headteacher), "/v1/account/absence", body, 201)
            }
            "end_absence" => {
                let draft = Self::post(who(Role::Headteacher), "/v1/account/absence", Value::Null, 204).bare();
                Self { method: Method::DELETE, ..draft }
            }
            "change_password" => {
                let body = json!({"old": PASSWORD, "new": "cyfrinair arall hir"});
                Self::post(who(Role::Headteacher), "/v1/account/password", body, 204)
            }
            "invite_person" => {
                let email = format!("{}@invited.example", crate::clients::fresh_key());
                let body = json!({"email": email, "name": "Example Analyst", "role": "analyst"});
                Self::post(who(Role::Administrator), "/v1/invitations", body, 201)
            }
            "confirm_membership" => {
                let id = crate::world::accepted_membership(app);
                let path = format!("/v1/memberships/{id}/confirm");
                Self::post(who(Role::Administrator), path, Value::Null, 200).bare()
            }
            "end_membership" => {
                let id = crate::world::accepted_membership(app);
                let path = format!("/v1/memberships/{id}/end");
                Self::post(who(Role::Administrator), path, Value::Null, 200).bare()
            }
            "end_sessions_of_person" | "reset_second_factor" | "deactivate_person" => {
                let verb = match operation {
                    "end_sessions_of_person" => "end-sessions",
                    "reset_second_factor" => "reset-second-factor",
                    _ => "deactivate",
                };
                let path = format!("/v1/people/{}/{verb}", who(Role::Analyst));
                Self::post(who(Role::Administrator), path, Value::Null, 200).bare()
            }
            "open_referral" => {
                Self::post(who(Role::SchoolSubmitter), "/v1/referrals", bodies::referral(number, "eps"), 201)
            }
            "accept_referral" => Self::decide(app, "accept", Value::Null).await.bare(),
            "request_referral_information" => {
                Self::decide(app, "request-information", json!({"question": "Since when?"})).await
            }
            "decline_referral" => {
                Self::decide(app, "decline", json!({"reason": "other", "note": "Helped elsewhere."})).await
            }
            "redirect_referral" => {
                Self::decide(app, "redirect", json!({"service": "bss", "note": "Better there."})).await
            }
            "answer_referral" => {
                let asked = Self::decide(app, "request-information", json!({"question": "Since when?"})).await;
                let reply = asked.sent(app).await;
                let path = asked.path.replace("request-information", "answer");
                let body = json!({"answer": "Since September."});
                Self::post(who(Role::SchoolSubmitter), path, body, 200).on(reply.header("etag"))
            }
            "send_warrn_record" => {
                Self::post(who(Role::InReachWorker), "/v1/warrn-records", bodies::warrn(number), 201)
            }
            "acknowledge_warrn_record" => {
                let body = bodies::warrn(number);
                let sent = Self::post(who(Role::InReachWorker), "/v1/warrn-records", body, 201).sent(app).await;
                let path = format!("/v1/warrn-records/{}/acknowledge", sent.json["id"].as_str().unwrap());
                Self::post(who(Role::Dsp), path, Value::Null, 200).bare().on(sent.header("etag"))
            }
            "hand_over_warrn_record" => {
                let body = bodies::warrn(number);
                let sent = Self::post(who(Role::InReachWorker), "/v1/warrn-records", body, 201).sent(app).await;
                let reference = sent.json["reference"].as_str().unwrap();
                let other = &world.schools[1].number;
                app.database().inspect().execute(&format!(
                    "UPDATE pupils SET school_id = (SELECT id FROM schools WHERE number = '{other}') \
                     WHERE id = (SELECT pupil_id FROM cases WHERE reference = '{reference}')"
                ));
                let path = format!("/v1/warrn-records/{}/hand-over", sent.json["id"].as_str().unwrap());
                Self::post(who(Role::SafeguardingLead), path, Value::Null, 200).bare().on(sent.header("etag"))
            }
            "start_emergency_access" => {
                let lead = who(Role::SafeguardingLead);
                Self::post(lead, "/v1/emergency-accesses", Self::emergency(app).await, 201)
            }
            "review_emergency_access" => {
                let officer = world.officer_of("eps").id;
                let started = Self::post(officer, "/v1/emergency-accesses", Self::emergency(app).await, 201);
                let started = started.sent(app).await;
                let path = format!("/v1/emergency-accesses/{}/review", started.json["id"].as_str().unwrap());
                let body = json!({"outcome": "appropriate", "note": "Nobody else was there."});
                Self::post(who(Role::SafeguardingLead), path, body, 200)
            }
            "add_case_person" => Self::add(app, "people").await,
            "end_case_person" => Self::add(app, "people").await.then(app, "end").await,
            "add_case_task" => Self::add(app, "tasks").await,
            "complete_case_task" => Self::add(app, "tasks").await.then(app, "complete").await,
            "add_case_document" => Self::add(app, "documents").await,
            "pause_case" => Self::add(app, "pauses").await,
            "end_case_pause" => {
                let pause = Self::add(app, "pauses").await;
                pause.sent(app).await;
                let path = format!("{}/end", pause.path);
                Self { path, status: 200, ..pause.bare() }
            }
            "create_survey_campaign" => {
                let body = bodies::campaign(app.db().clock().now().date());
                Self::post(who(Role::Administrator), "/v1/survey-campaigns", body, 201)
            }
            "submit_survey_responses"
            | "check_survey_responses"
            | "withdraw_survey_responses"
            | "withdraw_all_survey_responses" => {
                let body = bodies::campaign(app.db().clock().now().date());
                let made = Self::post(who(Role::Administrator), "/v1/survey-campaigns", body, 201).sent(app).await;
                let id = made.json["id"].as_str().unwrap();
                let path = format!("/v1/survey-campaigns/{id}/schools/{number}/responses");
                let submit = Self::post(who(Role::SchoolSubmitter), path, bodies::responses(), 201);
                let (verb, bare) = match operation {
                    "check_survey_responses" => ("check", false),
                    "withdraw_survey_responses" => ("withdraw", false),
                    "withdraw_all_survey_responses" => ("withdraw-all", true),
                    _ => return submit,
                };
                submit.sent(app).await;
                let path = format!("{}/{verb}", submit.path);
                let draft = Self { path, status: 200, ..submit };
                if bare { draft.bare() } else { draft }
            }
            "print_survey_codes" | "void_survey_code_sheet" => {
                let body = bodies::campaign(app.db().clock().now().date());
                let made = Self::post(who(Role::Administrator), "/v1/survey-campaigns", body, 201).sent(app).await;
                let path =
                    format!("/v1/survey-campaigns/{}/schools/{number}/code-sheets", made.json["id"].as_str().unwrap());
                let print = Self::post(who(Role::SchoolSubmitter), path, bodies::codes(), 201);
                if operation == "print_survey_codes" {
                    return print;
                }
                let printed = print.sent(app).await;
                let path = format!("{}/{}/void", print.path, printed.json["sheet"]["id"].as_str().unwrap());
                Self::post(who(Role::SchoolSubmitter), path, Value::Null, 200).bare()
            }
            "sign_off_survey" | "reopen_survey" | "set_survey_rolls" | "take_up_survey_advice" => {
                let body = bodies::campaign(app.db().clock().now().date());
                let made = Self::post(who(Role::Administrator), "/v1/survey-campaigns", body, 201).sent(app).await;
                let at = format!("/v1/survey-campaigns/{}/schools/{number}", made.json["id"].as_str().unwrap());
                let until = app.db().clock().now().date() + chrono::Days::new(3);
                match operation {
                    "sign_off_survey" => {
                        let body = json!({"answer": "no_pupils"});
                        Self::post(who(Role::Headteacher), format!("{at}/sign-off"), body, 200)
                    }
                    "take_up_survey_advice" => {
                        let body = json!({"approaches": ["standing_by", "mapped_places"]});
                        Self::post(who(Role::Headteacher), format!("{at}/pack/actions"), body, 200)
                    }
                    "reopen_survey" => {
                        let body = json!({"until": until, "reason": "technical_fault"});
                        Self::post(who(Role::Administrator), format!("{at}/reopen"), body, 200)
                    }
                    _ => {
                        let body = json!({"rolls": [{"year_group": 8, "pupils": 90}]});
                        Self::post(who(Role::Administrator), format!("{at}/rolls"), body, 200)
                    }
                }
            }
            "acknowledge_survey_concern" => {
                let body = bodies::campaign(app.db().clock().now().date());
                let made = Self::post(who(Role::Administrator), "/v1/survey-campaigns", body, 201).sent(app).await;
                let campaign = made.json["id"].as_str().unwrap();
                let concern = crate::world::fresh_concern(app, campaign.parse().unwrap(), number);
                let path = format!("/v1/survey-campaigns/{campaign}/schools/{number}/concerns/{concern}/acknowledge");
                Self::post(who(Role::Dsp), path, Value::Null, 200).bare()
            }
            "publish_survey_release" => {
                let today = app.db().clock().now().date();
                let mut body = bodies::campaign(today);
                body["opens_on"] = json!(today - chrono::Days::new(20));
                body["closes_on"] = json!(today - chrono::Days::new(2));
                let made = Self::post(who(Role::Administrator), "/v1/survey-campaigns", body, 201).sent(app).await;
                let path = format!("/v1/survey-campaigns/{}/releases", made.json["id"].as_str().unwrap());
                Self::post(who(Role::Administrator), path, json!({"reason": "first"}), 202)
            }
            "create_api_client" => {
                let scopes = ["surveys:read"];
                let body =
                    json!({"name": "Example system", "scopes": scopes, "role": "integration", "school_number": number});
                Self::post(who(Role::Administrator), "/v1/api-clients", body, 201)
            }
            "rotate_api_client_secret" => Self::of_client(app, "secrets", json!({"overlap_hours": 1}), 201),
            "limit_api_client" => Self::of_client(app, "limits", json!({"networks": ["127.0.0.0/8"]}), 200),
            "deactivate_api_client" => Self::of_client(app, "deactivate", Value::Null, 200).bare(),
            "consent_to_api_client" | "withdraw_api_client_consent" => {
                let consents = operation == "consent_to_api_client";
                let client = crate::world::fresh_client(app, number, !consents);
                let last = if consents { "consent" } else { "withdraw" };
                let path = format!("/v1/schools/{number}/api-clients/{client}/{last}");
                Self::post(who(Role::Dsp), path, Value::Null, 200).bare()
            }
            records if crate::records::drafts(records) => crate::records::draft(app, records).await,
            returns if crate::returns::drafts(returns) => crate::returns::draft(app, returns).await,
            one if crate::questionnaires::drafts(one) => crate::questionnaires::draft(app, one),
            one if crate::provision::drafts(one) => crate::provision::draft(app, one).await,
            other => panic!("the write `{other}` is not known to tests/src/writes.rs: add it"),
        }
    }

    /// Something about a fresh system of the school's.
    fn of_client(app: &TestApp, word: &str, body: Value, status: u16) -> Self {
        let client = crate::world::fresh_client(app, app.world().schools[0].number.as_str(), true);
        let path = format!("/v1/api-clients/{client}/{word}");
        Self::post(app.world().who(Role::Administrator).id, path, body, status)
    }

    /// The reason to open a fresh child's records.
    async fn emergency(app: &TestApp) -> Value {
        let number = app.world().schools[0].number.as_str();
        let submitter = app.world().who(Role::SchoolSubmitter).id;
        let opened = Self::post(submitter, "/v1/referrals", bodies::referral(number, "sbc"), 201).sent(app).await;
        json!({"reference": opened.json["reference"], "reason": "The child is here, and nobody else is to be had."})
    }

    /// Something to be added to a fresh referral by the school's safeguarding person.
    async fn add(app: &TestApp, part: &str) -> Self {
        let world = app.world();
        let opened = Self::of_referral(app).sent(app).await;
        let path = format!("/v1/cases/{}/{part}", opened.json["id"].as_str().unwrap());
        let body = match part {
            "people" => json!({"relation": "parent", "name": "Rhiant Enghreifftiol", "remark": "Speaks Welsh"}),
            "tasks" => json!({"what": "Ring home"}),
            "documents" => json!({"name": "Llythyr.txt", "media_type": "text/plain", "content": "QW5ud3ls"}),
            "pauses" => json!({"reason": "awaiting_consent"}),
            other => panic!("`{other}` is no part of a case"),
        };
        Self::post(world.who(Role::Dsp).id, path, body, 201)
    }

    fn of_referral(app: &TestApp) -> Self {
        let (world, number) = (app.world(), app.world().schools[0].number.as_str());
        Self::post(world.who(Role::SchoolSubmitter).id, "/v1/referrals", bodies::referral(number, "eps"), 201)
    }

    /// What is done next with what this adds.
    async fn then(self, app: &TestApp, step: &str) -> Self {
        let added = self.sent(app).await;
        let path = format!("{}/{}/{step}", self.path, added.json["id"].as_str().unwrap());
        Self { path, status: 200, ..self.bare() }
    }

    /// A decision on a fresh referral by the officer it was routed to.
    async fn decide(app: &TestApp, step: &str, body: Value) -> Self {
        let number = app.world().schools[0].number.as_str();
        let submitter = app.world().who(Role::SchoolSubmitter).id;
        let opened = Self::post(submitter, "/v1/referrals", bodies::referral(number, "sbc"), 201).sent(app).await;
        let path = format!("/v1/referrals/{}/{step}", opened.json["id"].as_str().unwrap());
        Self::post(app.world().officer_of("sbc").id, path, body, 200).on(opened.header("etag"))
    }

    /// Another request, as good as this one: other words, or without words another version.
    #[must_use]
    pub fn otherwise(mut self) -> Self {
        let words = [
            "what",
            "class",
            "findings",
            "triggers",
            "name",
            "need",
            "question",
            "note",
            "answer",
            "agreement",
            "source",
            "outcome",
            "confirm",
            "decision",
            "asked_by",
            "record_class",
            "reason",
            "answer",
            "code",
        ];
        match &mut self.body {
            Some(body) if body["responses"].is_array() => body["responses"][0]["year_group"] = json!(7),
            Some(body) if body["rolls"].is_array() => body["rolls"][0]["pupils"] = json!(7),
            Some(body) if body["overlap_hours"].is_number() => body["overlap_hours"] = json!(2),
            Some(body) if body["approaches"].is_array() => body["approaches"] = json!(["standing_by"]),
            Some(body) if body["networks"].is_array() => body["networks"] = json!(["192.0.2.0/24"]),
            Some(body) if body["begins_on"].is_string() => body["ends_on"] = body["begins_on"].clone(),
            Some(body) if body["on"].is_string() => body["on"] = json!("2026-01-05"),
            Some(body) if body["expected_return_on"].is_string() => body["expected_return_on"] = json!("2026-12-01"),
            Some(body) if body["closes_on"].is_string() => body["closes_on"] = body["opens_on"].clone(),
            Some(body) => {
                let word = words.iter().find(|w| body[**w].is_string()).expect("a body with words");
                body[*word] = json!("2025/26");
            }
            None => self.version = Some("\"another\"".to_owned()),
        }
        self
    }

    /// Its sender, signed in.
    #[must_use]
    pub fn sender(&self, app: &TestApp) -> Client {
        self.by.map_or_else(|| app.anonymous(), |person| app.signed_in_as(person))
    }

    /// The request, from this client.
    #[must_use]
    pub fn from(&self, client: &Client) -> Request {
        let mut request = client.request(self.method.clone(), &self.path);
        if let Some(version) = &self.version {
            request = request.if_match(version);
        }
        match &self.body {
            Some(body) => request.json(body),
            None => request,
        }
    }

    /// Sends it as it should be sent.
    pub async fn sent(&self, app: &TestApp) -> Reply {
        let reply = self.from(&self.sender(app)).key(&crate::clients::fresh_key()).await;
        reply.expect_status(self.status);
        reply
    }
}
