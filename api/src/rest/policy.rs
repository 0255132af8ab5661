//! What each operation of the document needs: the one row a reviewer reads, and the permission tests walk.
//!
//! The decision itself is the service's own (`dolen_domain::access`); a row here that says something else than the
//! service does fails `tests/it/permissions`.

use dolen_domain::access::Action;

/// What a caller needs for an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Nothing: nobody need have signed in.
    Public,
    /// A session of their own, whatever their roles. An API client has none, and is told so.
    SignedIn,
    /// A rule for this action, and for an API client its scope.
    Action(Action),
}

const fn action(operation: &'static str, action: Action) -> (&'static str, Access) {
    (operation, Access::Action(action))
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
    ("begin_second_factor", Access::SignedIn),
    ("confirm_second_factor", Access::SignedIn),
    ("make_recovery_codes", Access::SignedIn),
    ("change_password", Access::SignedIn),
    action("list_people", Action::ManagePeople),
    action("invite_person", Action::ManagePeople),
    action("confirm_membership", Action::ManagePeople),
    action("end_membership", Action::ManagePeople),
    action("end_sessions_of_person", Action::ManagePeople),
    action("reset_second_factor", Action::ManagePeople),
    action("deactivate_person", Action::ManagePeople),
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
    action("start_emergency_access", Action::StartEmergency),
    action("list_emergency_accesses", Action::ReadEmergency),
    action("get_emergency_access", Action::ReadEmergency),
    action("get_emergency_access_reason", Action::ReadEmergencyReason),
    action("review_emergency_access", Action::ReviewEmergency),
    action("list_referral_readers", Action::ReadReferralReaders),
    action("list_warrn_readers", Action::ReadWarrnReaders),
    action("list_pupil_readers", Action::ReadChildReaders),
    action("get_access_report", Action::ReadAccessReport),
    action("list_survey_campaigns", Action::ReadCampaign),
    action("create_survey_campaign", Action::ManageCampaign),
    action("get_survey_campaign", Action::ReadCampaign),
    action("get_survey_instrument", Action::ReadCampaign),
    action("get_survey_progress", Action::ReadProgress),
    action("submit_survey_responses", Action::SubmitResponses),
    action("get_survey_results", Action::ReadResults),
    action("list_notices", Action::ReadNotices),
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
                Access::Action(action) => match action.scope() {
                    Some(scope) => json!([{"client": [scope]}, {"session": []}]),
                    None => json!([{"session": []}]),
                },
            };
            assert_eq!(promised, expected, "{id}");
        }
    }
}
