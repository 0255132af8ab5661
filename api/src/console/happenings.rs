//! What happened to a case, in words: the same on every page that has a timeline.

use dolen_domain::cases::CaseKind;
use dolen_domain::warrn::returns::Step;

use super::page::Page;
use super::strings::keys;

/// The words for an event of a case's timeline.
pub fn words(page: &Page, case: CaseKind, event: &str) -> String {
    match event.parse::<Step>() {
        Ok(step) if case == CaseKind::Warrn => page.half_of(step.name()).to_owned(),
        _ => page.say(key(case, event)),
    }
}

/// A newer word than this list has is another change; no reader is shown the word itself.
fn key(case: CaseKind, event: &str) -> &'static str {
    let waits = !case.clocks_can_stop();
    match event {
        "opened" => keys::EVENT_OPENED,
        "accepted" => keys::EVENT_ACCEPTED,
        "info_requested" => keys::EVENT_INFO_REQUESTED,
        "answered" => keys::EVENT_ANSWERED,
        "declined" => keys::EVENT_DECLINED,
        "redirected" => keys::EVENT_REDIRECTED,
        "person_added" => keys::EVENT_PERSON_ADDED,
        "person_ended" => keys::EVENT_PERSON_ENDED,
        "task_added" => keys::EVENT_TASK_ADDED,
        "task_done" => keys::EVENT_TASK_DONE,
        "document_added" => keys::EVENT_DOCUMENT_ADDED,
        "paused" if waits => keys::EVENT_WAIT_BEGUN,
        "resumed" if waits => keys::EVENT_WAIT_ENDED,
        "paused" => keys::EVENT_PAUSED,
        "resumed" => keys::EVENT_RESUMED,
        "received" => keys::EVENT_RECEIVED,
        "return_moved" => keys::EVENT_RETURN_MOVED,
        "calendar_changed" => keys::EVENT_CALENDAR_CHANGED,
        "return_taken_back" => keys::EVENT_RETURN_TAKEN_BACK,
        "escalated_to_deputy" => keys::EVENT_TO_DEPUTY,
        "escalated_to_leads" => keys::EVENT_TO_LEADS,
        "escalated_to_nobody" => keys::EVENT_TO_NOBODY,
        "told_recipients" => keys::EVENT_TO_RECIPIENTS,
        "recipient_followed" => keys::EVENT_FOLLOWED,
        "recipient_left" => keys::EVENT_LEFT,
        "recipient_left_to_leads" => keys::EVENT_LEFT_TO_LEADS,
        "recipient_left_to_nobody" => keys::EVENT_LEFT_TO_NOBODY,
        "deputy_stands_in" => keys::EVENT_STANDS_IN,
        "leads_stand_in" => keys::EVENT_LEADS_STAND_IN,
        "handed_over" => keys::EVENT_HANDED_OVER,
        "referred" => keys::EVENT_REFERRED,
        "provision_started" => keys::EVENT_PROVISION_STARTED,
        "provision_reviewed" => keys::EVENT_PROVISION_REVIEWED,
        "provision_extended" => keys::EVENT_PROVISION_EXTENDED,
        "provision_ended" => keys::EVENT_PROVISION_ENDED,
        _ => keys::EVENT_OTHER,
    }
}
