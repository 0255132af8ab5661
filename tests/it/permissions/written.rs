//! Every write of the document that takes words about a child, sent with a secret in each of them: what `canaries` then
//! looks for everywhere.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dolen_tests::TestApp;
use dolen_tests::writes::{Draft, operations};
use serde_json::{Value, json};

use super::things::CANARY;

/// What takes words of staff, of systems and of the authority, which stand in the open, or spends what others need.
const NOT_OF_A_CHILD: &[&str] = &[
    "begin_second_factor",
    "change_password",
    "change_retention_rule",
    "confirm_second_factor",
    "create_api_client",
    "create_recovery_codes",
    "create_session",
    "create_survey_campaign",
    "decide_retention_change",
    "end_own_session",
    "end_other_sessions",
    "end_session",
    "invite_person",
    "prove_second_factor",
    "record_absence",
    "end_absence",
    "submit_survey_responses",
    "check_survey_responses",
    "withdraw_survey_responses",
    "withdraw_all_survey_responses",
    "print_survey_codes",
    "void_survey_code_sheet",
    "acknowledge_survey_concern",
    "sign_off_survey",
    "publish_survey_release",
    "reopen_survey",
    "set_survey_rolls",
    "take_up_survey_advice",
    "copy_questionnaire",
    "replace_questionnaire",
    "publish_questionnaire",
    "discard_questionnaire",
];

/// Words with a meaning for the service: in the open, or refused when they are others.
const PLAIN: &[&str] = &["agreement", "reference", "school", "school_number", "media_type", "service"];

/// Puts the secret into every free text, which a code, a number and a date are not. Says how many there were.
fn plant(key: &str, value: &mut Value) -> usize {
    match value {
        Value::Object(fields) => fields.iter_mut().map(|(key, value)| plant(key, value)).sum(),
        Value::Array(items) => items.iter_mut().map(|item| plant(key, item)).sum(),
        Value::String(text) if is_free(key, text) => {
            let secret = format!("Teulu {CANARY} {key}");
            *value = json!(if key == "content" { STANDARD.encode(secret) } else { secret });
            1
        }
        _ => 0,
    }
}

fn is_free(key: &str, text: &str) -> bool {
    let free = text.contains(' ') || text.chars().any(char::is_uppercase);
    free && !PLAIN.contains(&key)
}

/// Writes all of them. Gives those that took such words, and how many words there were.
pub async fn everything(app: &TestApp) -> (Vec<String>, usize) {
    let (mut taken, mut words) = (Vec::new(), 0);
    for operation in operations().into_iter().filter(|o| !NOT_OF_A_CHILD.contains(&o.as_str())) {
        // What nobody's draft is needed for, as a token, has no body of ours.
        if operation == "create_token" {
            continue;
        }
        let mut draft = Draft::of(app, &operation).await;
        let planted = draft.body.as_mut().map_or(0, |body| plant("", body));
        if planted > 0 {
            draft.sent(app).await;
            taken.push(operation);
            words += planted;
        }
    }
    (taken, words)
}
