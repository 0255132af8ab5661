//! The REST API: the route table, and what every area's handlers share.

mod account;
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
pub mod referrals;
mod reply;
mod sessions;
pub mod surveys;
pub mod warrn;

pub use account::ISSUER;
pub use fallback::{bad_query, fallback};
pub use page::PageQuery;
pub use people::InviteBody;
pub use reply::{Kept, Reply, etag, etag_matches, reply, tagged};

use actix_web::web;
use utoipa_actix_web::service_config::ServiceConfig;

/// Every operation of the OpenAPI document, readable as a menu.
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
        .service(account::make_recovery_codes)
        .service(account::change_password)
        // People
        .service(people::list_people)
        .service(people::invite_person)
        .service(people::confirm_membership)
        .service(people::end_membership)
        .service(people::end_sessions_of_person)
        .service(people::reset_second_factor)
        .service(people::deactivate_person)
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
        // Surveys
        .service(surveys::list_campaigns)
        .service(surveys::create_campaign)
        .service(surveys::get_campaign)
        .service(surveys::get_instrument)
        .service(surveys::get_progress)
        .service(surveys::submit_responses)
        .service(surveys::get_results)
        // Notices
        .service(notices::list_notices);
}

/// Addresses that are no operations of the document: health, and the documents themselves.
pub fn unlisted(config: &mut web::ServiceConfig) {
    config
        .service(health::livez)
        .service(health::readyz)
        .service(crate::openapi::openapi_json)
        .service(crate::openapi::openapi_30_json);
}
