//! How long what is held is kept, and giving a child their own.

mod retention;
mod subject_access;
mod views;

pub use retention::{
    change_retention_rule, decide_retention_change, end_legal_hold, get_retention_certificate, get_retention_plan,
    list_legal_holds, list_retention_certificates, list_retention_rules, place_legal_hold, review_retention,
    run_retention,
};
pub use subject_access::{
    decide_subject_access_piece, download_subject_access_bundle, file, gather_subject_access,
    get_subject_access_request, list_subject_access_pieces, list_subject_access_requests, open_subject_access_request,
    release_subject_access, withdraw_subject_access_request,
};
