//! The console: pages for officers and schools, written out on the server, in Welsh and English.
//!
//! Every page works without JavaScript. A page's address says its language: `/work` is English, `/cy/work` Welsh, and
//! one handler answers both. Nothing is decided here: a page offers what the policy could allow, and the domain's
//! services decide when it is asked for.
#![expect(
    clippy::trivially_copy_pass_by_ref,
    clippy::unused_self,
    reason = "templates pass what they show by reference, and reach a function through the page"
)]

mod absence;
mod account;
mod address;
mod alerts;
mod assets;
mod breakdown_words;
mod bulk;
mod campaigns;
mod cases;
mod code_paper;
mod code_sheets;
mod concerns;
mod dates;
mod desk;
mod flash;
mod form;
mod hand_over;
mod happenings;
mod home;
mod invitation;
mod issuers;
mod mail;
mod names;
mod oversight;
mod pack_words;
mod page;
mod pages;
mod paper_file;
mod people;
pub mod policy;
mod provision;
mod provision_read;
mod pupil;
mod questionnaires;
mod records;
mod refer;
mod referrals;
mod report_words;
mod reports;
mod results;
mod returning;
mod returns;
mod returns_read;
mod rolls;
mod second_factor;
mod send;
mod sign_in;
mod steps;
mod strings;
mod subject_access;
mod survey_report;
mod surveys;
mod symbols;
mod systems;
mod texts;
mod upload;
mod warrn;
mod work;

pub use pages::{not_found, wants_html};
pub use strings::Strings;

pub use assets::address as asset;

use actix_web::middleware::from_fn;
use actix_web::web::{ServiceConfig, scope};

/// Where the pages are: the Welsh ones, and the same in English.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(assets::get_asset)
        .service(scope("/cy").wrap(from_fn(pages::as_pages)).service(home::welsh).configure(pages_of_a_language))
        .service(scope("").wrap(from_fn(pages::as_pages)).configure(pages_of_a_language));
}

/// Every page, readable as a menu.
fn pages_of_a_language(config: &mut ServiceConfig) {
    config
        // Coming and going
        .service(sign_in::ask)
        .service(sign_in::sign_in)
        .service(sign_in::sign_out)
        .service(issuers::go)
        .service(issuers::come_back)
        .service(issuers::leave)
        .service(second_factor::ask)
        .service(second_factor::step_up)
        .service(invitation::show)
        .service(invitation::accept)
        .service(invitation::show_link)
        .service(invitation::follow_link)
        // One's own account
        .service(account::show)
        .service(account::language)
        .service(absence::ask)
        .service(absence::set)
        .service(account::ask_password)
        .service(account::change_password)
        .service(account::end_session)
        .service(account::end_others)
        .service(second_factor::show)
        .service(second_factor::begin)
        .service(second_factor::confirm)
        .service(second_factor::recovery_codes)
        .service(home::home)
        .service(home::find)
        // Work
        .service(work::list)
        .service(referrals::show)
        .service(steps::back)
        .service(steps::accept)
        .service(steps::ask)
        .service(steps::send)
        // The longer address first: `send` is no id.
        .service(send::ask)
        .service(send::send)
        .service(warrn::show)
        .service(warrn::back)
        .service(warrn::acknowledge)
        .service(warrn::attach)
        .service(hand_over::ask)
        .service(hand_over::send)
        // Oversight
        .service(oversight::list)
        .service(oversight::ask)
        .service(oversight::start)
        .service(oversight::show)
        .service(oversight::back)
        .service(oversight::review)
        .service(oversight::of_referral)
        .service(oversight::of_warrn)
        .service(oversight::report)
        .service(cases::show)
        .service(cases::add_person)
        .service(cases::end_person)
        .service(cases::add_task)
        .service(cases::complete_task)
        .service(cases::begin_pause)
        .service(cases::end_pause)
        .service(cases::add_document)
        .service(cases::get_document)
        .service(cases::back)
        .service(alerts::list)
        .service(reports::reintegration)
        .service(refer::ask)
        .service(refer::send)
        .service(returns::ask)
        .service(returns::send)
        .service(returns::show_file)
        .service(returns::show_plan)
        // The longer address first: `new` is no id.
        .service(provision::ask_new)
        .service(provision::send_new)
        .service(provision::ask_change)
        .service(provision::send_change)
        .service(provision::show)
        .configure(pages_of_surveys)
        // Systems
        .service(systems::list)
        .service(systems::consent)
        .service(systems::withdraw)
        // Running the service
        .service(people::list)
        .service(people::invite)
        .service(people::act)
        .service(mail::list)
        .service(mail::show)
        .service(records::show)
        .service(records::run)
        .service(records::review)
        .service(records::place_hold)
        .service(records::end_hold)
        .service(records::get_certificate)
        .service(subject_access::list)
        .service(subject_access::open)
        .service(subject_access::show)
        .service(subject_access::step)
        .service(subject_access::decide)
        .service(subject_access::download)
        .service(pages::problem);
}

/// The pages of surveys.
fn pages_of_surveys(config: &mut ServiceConfig) {
    config
        .configure(pupil::routes)
        .configure(code_sheets::routes)
        .configure(campaigns::routes)
        .configure(questionnaires::routes)
        .configure(bulk::routes)
        .configure(rolls::routes)
        .configure(surveys::routes)
        .configure(results::routes)
        .configure(survey_report::routes);
}
