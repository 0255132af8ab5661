//! The REST API: the route table, and what every area's handlers share.

mod absence;
mod account;
mod api_clients;
pub mod cases;
pub mod directory;
mod fallback;
mod health;
mod notices;
mod oauth;
pub mod oversight;
mod page;
mod people;
pub mod policy;
pub mod problems;
pub mod provision;
pub mod records;
pub mod referrals;
mod reply;
mod sessions;
pub mod surveys;
pub mod toolkit;
pub mod warrn;

pub use account::ISSUER;
pub use fallback::{bad_query, fallback};
pub use page::PageQuery;
pub use people::InviteBody;
pub use reply::{Kept, Reply, etag, etag_matches, reply, tagged, tagged_by_content};

use actix_web::web;
use utoipa_actix_web::service_config::ServiceConfig;

/// Every operation of the OpenAPI document, readable as a menu.
#[expect(clippy::too_many_lines, reason = "one table, readable as a menu")]
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        // Signing in
        .service(oauth::create_token)
        .service(oauth::get_jwks)
        .service(sessions::create_session)
        .service(sessions::get_session)
        .service(sessions::end_session)
        // One's own account
        .service(account::list_sessions)
        .service(account::end_other_sessions)
        .service(account::prove_second_factor)
        .service(account::end_own_session)
        .service(account::get_second_factor)
        .service(account::begin_second_factor)
        .service(account::confirm_second_factor)
        .service(account::create_recovery_codes)
        .service(account::change_password)
        .service(absence::get_absence)
        .service(absence::record_absence)
        .service(absence::end_absence)
        // People
        .service(people::list_people)
        .service(people::invite_person)
        .service(people::confirm_membership)
        .service(people::end_membership)
        .service(people::end_sessions_of_person)
        .service(people::reset_second_factor)
        .service(people::deactivate_person)
        // API clients
        .service(api_clients::list_api_clients)
        .service(api_clients::get_api_client)
        .service(api_clients::create_api_client)
        .service(api_clients::rotate_api_client_secret)
        .service(api_clients::limit_api_client)
        .service(api_clients::deactivate_api_client)
        .service(api_clients::list_school_api_clients)
        .service(api_clients::consent_to_api_client)
        .service(api_clients::withdraw_api_client_consent)
        // Directory
        .service(directory::list_schools)
        .service(directory::get_school)
        .service(directory::list_services)
        .service(directory::list_officers)
        // Referrals
        .service(referrals::open_referral)
        .service(referrals::list_referrals)
        .service(referrals::get_referral)
        .service(referrals::get_referral_content)
        .service(referrals::list_referral_events)
        .service(referrals::accept_referral)
        .service(referrals::request_referral_information)
        .service(referrals::answer_referral)
        .service(referrals::decline_referral)
        .service(referrals::redirect_referral)
        // WARRN
        .service(warrn::send_warrn_record)
        .service(warrn::list_warrn_records)
        .service(warrn::get_warrn_record)
        .service(warrn::get_warrn_content)
        .service(warrn::acknowledge_warrn_record)
        .service(warrn::returns::get_warrn_steps)
        .service(warrn::returns::get_warrn_return_file)
        .service(warrn::returns::move_warrn_return)
        .service(warrn::returns::assess_warrn_risk)
        .service(warrn::returns::hold_warrn_meeting)
        .service(warrn::returns::agree_warrn_plan)
        .service(warrn::returns::record_warrn_return)
        .service(warrn::returns::withdraw_warrn_return)
        .service(warrn::returns::end_warrn_part_time)
        .service(warrn::returns::review_warrn_return)
        .service(warrn::returns::close_warrn_record)
        .service(warrn::hand_over::hand_over_warrn_record)
        .service(warrn::documents::add_warrn_document)
        .service(warrn::returns::list_returning)
        .service(warrn::returns::list_own_return_steps)
        .service(warrn::refer::refer_from_warrn_record)
        .service(warrn::reports::list_alerts)
        .service(warrn::reports::get_reintegration_report)
        // Special provision
        .service(provision::start_provision)
        .service(provision::list_provision)
        .service(provision::get_provision)
        .service(provision::review_provision)
        .service(provision::extend_provision)
        .service(provision::end_provision)
        // Oversight
        .service(oversight::start_emergency_access)
        .service(oversight::list_emergency_accesses)
        .service(oversight::get_emergency_access)
        .service(oversight::get_emergency_access_reason)
        .service(oversight::review_emergency_access)
        .service(oversight::list_referral_readers)
        .service(oversight::list_warrn_readers)
        .service(oversight::list_pupil_readers)
        .service(oversight::get_access_report)
        // What every case has
        .service(cases::get_case)
        .service(cases::list_case_events)
        .service(cases::list_case_links)
        .service(cases::list_case_people)
        .service(cases::add_case_person)
        .service(cases::end_case_person)
        .service(cases::list_case_tasks)
        .service(cases::add_case_task)
        .service(cases::complete_case_task)
        .service(cases::list_own_tasks)
        .service(cases::list_case_documents)
        .service(cases::add_case_document)
        .service(cases::get_case_document_content)
        .service(cases::list_case_pauses)
        .service(cases::pause_case)
        .service(cases::end_case_pause)
        // Toolkit
        .service(toolkit::list_approaches)
        // Surveys
        .service(surveys::list_campaigns)
        .service(surveys::create_campaign)
        .service(surveys::get_campaign)
        .service(surveys::get_instrument)
        .service(surveys::list_questionnaires)
        .service(surveys::copy_questionnaire)
        .service(surveys::get_questionnaire)
        .service(surveys::replace_questionnaire)
        .service(surveys::publish_questionnaire)
        .service(surveys::discard_questionnaire)
        .service(surveys::get_progress)
        .service(surveys::submit_responses)
        .service(surveys::check_responses)
        .service(surveys::withdraw_responses)
        .service(surveys::withdraw_all_responses)
        .service(surveys::print_codes)
        .service(surveys::list_sheets)
        .service(surveys::void_sheet)
        .service(surveys::sign_off)
        .service(surveys::reopen)
        .service(surveys::set_rolls)
        .service(surveys::publish)
        .service(surveys::list_releases)
        .service(surveys::get_release)
        .service(surveys::get_results)
        .service(surveys::get_pack)
        .service(surveys::take_up)
        .service(surveys::get_heat)
        .service(surveys::download_heat)
        .service(surveys::get_report)
        .service(surveys::list_concerns)
        .service(surveys::acknowledge_concern)
        // Notices
        .service(notices::list_notices)
        // Retention
        .service(records::list_retention_rules)
        .service(records::change_retention_rule)
        .service(records::decide_retention_change)
        .service(records::get_retention_plan)
        .service(records::run_retention)
        .service(records::review_retention)
        .service(records::list_retention_certificates)
        .service(records::get_retention_certificate)
        .service(records::list_legal_holds)
        .service(records::place_legal_hold)
        .service(records::end_legal_hold)
        // Subject access
        .service(records::open_subject_access_request)
        .service(records::list_subject_access_requests)
        .service(records::get_subject_access_request)
        .service(records::gather_subject_access)
        .service(records::list_subject_access_pieces)
        .service(records::decide_subject_access_piece)
        .service(records::release_subject_access)
        .service(records::withdraw_subject_access_request)
        .service(records::download_subject_access_bundle);
}

/// Addresses that are no operations of the document: health, and the documents themselves.
pub fn unlisted(config: &mut web::ServiceConfig) {
    config
        .service(health::livez)
        .service(health::readyz)
        .service(crate::openapi::openapi_json)
        .service(crate::openapi::openapi_30_json);
}
