//! The REST API: the route table, and what every area's handlers share.

pub mod directory;
mod fallback;
mod health;
mod notices;
mod oauth;
mod page;
pub mod policy;
pub mod problems;
pub mod referrals;
mod reply;
mod sessions;
pub mod surveys;
pub mod warrn;

pub use fallback::{bad_query, fallback};
pub use page::PageQuery;
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
        .service(warrn::returns::end_warrn_part_time)
        .service(warrn::returns::review_warrn_return)
        .service(warrn::returns::close_warrn_record)
        .service(warrn::documents::add_warrn_document)
        .service(warrn::documents::list_warrn_documents)
        .service(warrn::documents::get_warrn_document)
        .service(warrn::returns::list_returning)
        .service(warrn::returns::list_own_return_steps)
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
