//! What each operation of the document needs: the one row a reviewer reads, and the permission tests walk.
//!
//! The decision itself is the service's own (`dolen_domain::access`); a row here that says something else than the
//! service does fails `tests/it/permissions`.

use dolen_domain::access::Action;
use dolen_domain::cases::Use;

/// What a caller needs for an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Nothing: nobody need have signed in.
    Public,
    /// A session of their own, whatever their roles. An API client has none, and is told so.
    SignedIn,
    /// A rule for this action, and for an API client its scope.
    Action(Action),
    /// A rule for this use of a case, which the kind of the case names; for an API client the scope of that.
    Case(Use),
}

const fn action(operation: &'static str, action: Action) -> (&'static str, Access) {
    (operation, Access::Action(action))
}

const fn case(operation: &'static str, wanted: Use) -> (&'static str, Access) {
    (operation, Access::Case(wanted))
}

/// Every operation, in the order of the route table.
pub const OPERATIONS: &[(&str, Access)] = &[
    ("create_token", Access::Public),
    ("get_jwks", Access::Public),
    ("create_session", Access::Public),
    ("get_session", Access::SignedIn),
    ("end_session", Access::SignedIn),
    ("list_sessions", Access::SignedIn),
    ("end_other_sessions", Access::SignedIn),
    ("prove_second_factor", Access::SignedIn),
    ("end_own_session", Access::SignedIn),
    ("get_second_factor", Access::SignedIn),
    ("get_absence", Access::SignedIn),
    ("record_absence", Access::SignedIn),
    ("end_absence", Access::SignedIn),
    ("begin_second_factor", Access::SignedIn),
    ("confirm_second_factor", Access::SignedIn),
    ("create_recovery_codes", Access::SignedIn),
    ("change_password", Access::SignedIn),
    action("list_people", Action::ManagePeople),
    action("invite_person", Action::ManagePeople),
    action("confirm_membership", Action::ManagePeople),
    action("end_membership", Action::ManagePeople),
    action("end_sessions_of_person", Action::ManagePeople),
    action("reset_second_factor", Action::ManagePeople),
    action("deactivate_person", Action::ManagePeople),
    action("list_api_clients", Action::ManagePeople),
    action("get_api_client", Action::ManagePeople),
    action("create_api_client", Action::ManagePeople),
    action("rotate_api_client_secret", Action::ManagePeople),
    action("limit_api_client", Action::ManagePeople),
    action("deactivate_api_client", Action::ManagePeople),
    action("list_school_api_clients", Action::ConsentClient),
    action("consent_to_api_client", Action::ConsentClient),
    action("withdraw_api_client_consent", Action::ConsentClient),
    action("list_schools", Action::ReadDirectory),
    action("get_school", Action::ReadDirectory),
    action("list_services", Action::ReadDirectory),
    action("list_officers", Action::ReadDirectory),
    action("open_referral", Action::OpenReferral),
    action("list_referrals", Action::ReadReferral),
    action("get_referral", Action::ReadReferral),
    action("get_referral_content", Action::ReadReferralContent),
    action("list_referral_events", Action::ReadReferral),
    action("accept_referral", Action::DecideReferral),
    action("request_referral_information", Action::DecideReferral),
    action("answer_referral", Action::AnswerReferral),
    action("decline_referral", Action::DecideReferral),
    action("redirect_referral", Action::DecideReferral),
    action("send_warrn_record", Action::SendWarrn),
    action("list_warrn_records", Action::ReadWarrn),
    action("get_warrn_record", Action::ReadWarrn),
    action("get_warrn_content", Action::ReadWarrnContent),
    action("acknowledge_warrn_record", Action::AcknowledgeWarrn),
    action("get_warrn_steps", Action::ReadWarrn),
    action("get_warrn_return_file", Action::ReadWarrnContent),
    action("move_warrn_return", Action::MoveWarrnReturn),
    action("assess_warrn_risk", Action::StepWarrn),
    action("hold_warrn_meeting", Action::StepWarrn),
    action("agree_warrn_plan", Action::StepWarrn),
    action("record_warrn_return", Action::StepWarrn),
    action("withdraw_warrn_return", Action::StepWarrn),
    action("end_warrn_part_time", Action::StepWarrn),
    action("review_warrn_return", Action::StepWarrn),
    action("close_warrn_record", Action::StepWarrn),
    action("hand_over_warrn_record", Action::HandOverWarrn),
    action("add_warrn_document", Action::AttachToWarrn),
    action("list_returning", Action::ReadWarrn),
    action("list_own_return_steps", Action::StepWarrn),
    action("refer_from_warrn_record", Action::StepWarrn),
    action("list_alerts", Action::ReadAlerts),
    action("get_reintegration_report", Action::ReadReturnReport),
    action("start_provision", Action::StepWarrn),
    action("list_provision", Action::ReadWarrnContent),
    action("get_provision", Action::ReadWarrnContent),
    action("review_provision", Action::StepWarrn),
    action("extend_provision", Action::StepWarrn),
    action("end_provision", Action::StepWarrn),
    action("start_emergency_access", Action::StartEmergency),
    action("list_emergency_accesses", Action::ReadEmergency),
    action("get_emergency_access", Action::ReadEmergency),
    action("get_emergency_access_reason", Action::ReadEmergencyReason),
    action("review_emergency_access", Action::ReviewEmergency),
    action("list_referral_readers", Action::ReadReferralReaders),
    action("list_warrn_readers", Action::ReadWarrnReaders),
    action("list_pupil_readers", Action::ReadChildReaders),
    action("get_access_report", Action::ReadAccessReport),
    case("get_case", Use::See),
    case("list_case_events", Use::See),
    case("list_case_links", Use::See),
    case("list_case_people", Use::Open),
    case("add_case_person", Use::Keep),
    case("end_case_person", Use::Keep),
    case("list_case_tasks", Use::Open),
    case("add_case_task", Use::Keep),
    case("complete_case_task", Use::Keep),
    ("list_own_tasks", Access::SignedIn),
    case("list_case_documents", Use::Open),
    case("add_case_document", Use::Keep),
    case("get_case_document_content", Use::Open),
    case("list_case_pauses", Use::See),
    case("pause_case", Use::Keep),
    case("end_case_pause", Use::Keep),
    action("list_approaches", Action::ReadDirectory),
    action("list_survey_campaigns", Action::ReadCampaign),
    action("create_survey_campaign", Action::ManageCampaign),
    action("get_survey_campaign", Action::ReadCampaign),
    action("get_survey_instrument", Action::ReadCampaign),
    action("list_questionnaires", Action::ManageCampaign),
    action("copy_questionnaire", Action::ManageCampaign),
    action("get_questionnaire", Action::ManageCampaign),
    action("replace_questionnaire", Action::ManageCampaign),
    action("publish_questionnaire", Action::ManageCampaign),
    action("discard_questionnaire", Action::ManageCampaign),
    action("get_survey_progress", Action::ReadProgress),
    action("submit_survey_responses", Action::SubmitResponses),
    action("check_survey_responses", Action::SubmitResponses),
    action("withdraw_survey_responses", Action::SubmitResponses),
    action("withdraw_all_survey_responses", Action::SubmitResponses),
    action("print_survey_codes", Action::ManageCodes),
    action("list_survey_code_sheets", Action::ManageCodes),
    action("void_survey_code_sheet", Action::ManageCodes),
    action("sign_off_survey", Action::SignOffSurvey),
    action("reopen_survey", Action::ManageCampaign),
    action("set_survey_rolls", Action::ManageCampaign),
    action("publish_survey_release", Action::ManageCampaign),
    action("list_survey_releases", Action::ReadCampaign),
    action("get_survey_release", Action::ReadRelease),
    action("get_survey_results", Action::ReadResults),
    action("get_survey_pack", Action::ReadResults),
    action("take_up_survey_advice", Action::TakeUpAdvice),
    action("get_survey_heat_table", Action::ReadRelease),
    action("download_survey_heat_table", Action::ReadRelease),
    action("get_survey_report", Action::ReadRelease),
    action("list_survey_concerns", Action::ReadConcerns),
    action("acknowledge_survey_concern", Action::AcknowledgeConcern),
    action("list_notices", Action::ReadNotices),
    action("list_retention_rules", Action::ManageRetention),
    action("change_retention_rule", Action::ManageRetention),
    action("decide_retention_change", Action::ManageRetention),
    action("get_retention_plan", Action::ManageRetention),
    action("run_retention", Action::ManageRetention),
    action("review_retention", Action::ManageRetention),
    action("list_retention_certificates", Action::ManageRetention),
    action("get_retention_certificate", Action::ManageRetention),
    action("list_legal_holds", Action::ManageRetention),
    action("place_legal_hold", Action::ManageRetention),
    action("end_legal_hold", Action::ManageRetention),
    action("open_subject_access_request", Action::HandleSubjectAccess),
    action("list_subject_access_requests", Action::HandleSubjectAccess),
    action("get_subject_access_request", Action::HandleSubjectAccess),
    action("gather_subject_access", Action::OpenSubjectAccess),
    action("list_subject_access_pieces", Action::OpenSubjectAccess),
    action("decide_subject_access_piece", Action::OpenSubjectAccess),
    action("release_subject_access", Action::OpenSubjectAccess),
    action("withdraw_subject_access_request", Action::HandleSubjectAccess),
    action("download_subject_access_bundle", Action::OpenSubjectAccess),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::{Value, json};

    use super::*;

    /// Every operation of the document: its id and what it says of security.
    fn documented() -> Vec<(String, Value)> {
        let document = serde_json::to_value(crate::openapi::document()).unwrap();
        let items = document["paths"].as_object().unwrap().values();
        items
            .flat_map(|item| item.as_object().unwrap().values())
            .map(|o| (o["operationId"].as_str().unwrap().to_owned(), o["security"].clone()))
            .collect()
    }

    #[test]
    fn every_operation_has_exactly_one_row() {
        let rows: BTreeSet<_> = OPERATIONS.iter().map(|(id, _)| (*id).to_owned()).collect();
        assert_eq!(rows.len(), OPERATIONS.len(), "an operation is listed twice");
        let ids: BTreeSet<_> = documented().into_iter().map(|(id, _)| id).collect();
        assert_eq!(rows, ids, "left: the rows here; right: the operations of the document");
    }

    #[test]
    fn the_document_promises_what_the_rows_say() {
        for (id, promised) in documented() {
            let access = OPERATIONS.iter().find(|(row, _)| *row == id).unwrap().1;
            let expected = match access {
                Access::Public => Value::Null,
                Access::SignedIn => json!([{"session": []}]),
                // Which scope depends on the case's kind, and for some uses none reaches.
                Access::Case(_) => json!([{"client": []}, {"session": []}]),
                Access::Action(action) => match action.scope() {
                    Some(scope) => json!([{"client": [scope]}, {"session": []}]),
                    None => json!([{"session": []}]),
                },
            };
            assert_eq!(promised, expected, "{id}");
        }
    }
}
