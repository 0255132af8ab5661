//! What each page needs: the one row a reviewer reads, and the permission tests walk.
//!
//! The decision itself is the service's own (`dolen_domain::access`); a row here that says something else than the
//! service does, and a page without a row, fail `tests/it/permissions`.

use dolen_domain::access::Action;
use dolen_domain::cases::Use;

/// What a reader needs for a page. An API client has no session, and is led to the sign-in page like anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opens {
    /// Nothing: nobody need have signed in.
    Anybody,
    /// A session, whatever their roles.
    SignedIn,
    /// Rules for all of these actions.
    All(&'static [Action]),
    /// A rule for one of these actions: the page shows the part of it that is theirs.
    OneOf(&'static [Action]),
    /// A rule for this use of a case, which the kind of the case names; who may not see it is told that there is none.
    Case(Use),
}

/// A page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// How it is asked for: `GET`, or `POST` for a form.
    pub method: &'static str,
    /// Its address, without its language. A `{step:a|b}` of the handler is a row for each.
    pub path: &'static str,
    /// What it needs.
    pub opens: Opens,
    /// What the sealed content it shows needs besides; who lacks that is shown the page without, and who has only to prove a
    /// second factor again is shown that, or led there first.
    pub content: Option<Opens>,
}

const fn page(method: &'static str, path: &'static str, opens: Opens) -> Page {
    Page { method, path, opens, content: None }
}

const fn sealed(path: &'static str, opens: Opens, content: Opens) -> Page {
    Page { method: "GET", path, opens, content: Some(content) }
}

use Action as A;
use Opens::{All, Anybody, Case, OneOf, SignedIn};

/// Every page, in the order of the route table.
pub const PAGES: &[Page] = &[
    page("GET", "/assets/{hash}/{name}", Anybody),
    page("GET", "/sign-in", Anybody),
    page("POST", "/sign-in", Anybody),
    page("POST", "/sign-out", SignedIn),
    // On the way to an issuer and back: who they are is what is to be found out.
    page("GET", "/sign-in/{issuer}", Anybody),
    page("GET", "/sign-in/{issuer}/return", Anybody),
    page("GET", "/sign-out/{issuer}", Anybody),
    page("GET", "/step-up", SignedIn),
    page("POST", "/step-up", SignedIn),
    page("GET", "/account", SignedIn),
    page("POST", "/account/language", SignedIn),
    page("GET", "/account/absence", SignedIn),
    page("POST", "/account/absence", SignedIn),
    page("GET", "/account/password", SignedIn),
    page("POST", "/account/password", SignedIn),
    page("GET", "/account/second-factor", SignedIn),
    page("POST", "/account/second-factor", SignedIn),
    page("POST", "/account/second-factor/confirm", SignedIn),
    page("POST", "/account/recovery-codes", SignedIn),
    page("POST", "/account/sessions/{id}/end", SignedIn),
    page("POST", "/account/sessions/end-others", SignedIn),
    // A link that works once is all that is needed.
    page("GET", "/invitation/{link}", Anybody),
    page("POST", "/invitation/{link}", Anybody),
    page("GET", "/sign-in-link/{link}", Anybody),
    page("POST", "/sign-in-link/{link}", Anybody),
    page("GET", "/", SignedIn),
    page("GET", "/r/{reference}", OneOf(&[A::ReadReferral, A::ReadWarrn])),
    page("GET", "/work", OneOf(&[A::ReadReferral, A::ReadWarrn])),
    sealed("/referrals/{id}", All(&[A::ReadReferral]), All(&[A::ReadReferralContent])),
    // Leads back to the referral, which decides; the same for one that is not there.
    page("GET", "/referrals/{id}/accept", SignedIn),
    page("POST", "/referrals/{id}/accept", All(&[A::DecideReferral])),
    page("GET", "/referrals/{id}/ask", All(&[A::DecideReferral])),
    page("GET", "/referrals/{id}/answer", All(&[A::AnswerReferral])),
    page("GET", "/referrals/{id}/decline", All(&[A::DecideReferral])),
    page("GET", "/referrals/{id}/redirect", All(&[A::DecideReferral])),
    page("POST", "/referrals/{id}/ask", All(&[A::DecideReferral])),
    page("POST", "/referrals/{id}/answer", All(&[A::AnswerReferral])),
    page("POST", "/referrals/{id}/decline", All(&[A::DecideReferral])),
    page("POST", "/referrals/{id}/redirect", All(&[A::DecideReferral])),
    page("GET", "/warrn/send", All(&[A::SendWarrn])),
    page("POST", "/warrn/send", All(&[A::SendWarrn])),
    sealed("/warrn/{id}", All(&[A::ReadWarrn]), All(&[A::ReadWarrnContent])),
    page("GET", "/warrn/{id}/acknowledge", SignedIn),
    page("POST", "/warrn/{id}/acknowledge", All(&[A::AcknowledgeWarrn])),
    page("GET", "/warrn/{id}/documents", SignedIn),
    page("POST", "/warrn/{id}/documents", All(&[A::AttachToWarrn])),
    page("GET", "/warrn/{id}/hand-over", All(&[A::HandOverWarrn])),
    page("POST", "/warrn/{id}/hand-over", All(&[A::HandOverWarrn])),
    page("GET", "/emergencies", All(&[A::ReadEmergency])),
    page("GET", "/emergencies/new", All(&[A::StartEmergency])),
    page("POST", "/emergencies/new", All(&[A::StartEmergency])),
    sealed("/emergencies/{id}", All(&[A::ReadEmergency]), All(&[A::ReadEmergencyReason])),
    page("GET", "/emergencies/{id}/review", SignedIn),
    page("POST", "/emergencies/{id}/review", All(&[A::ReviewEmergency])),
    page("GET", "/referrals/{id}/readers", All(&[A::ReadReferralReaders])),
    page("GET", "/warrn/{id}/readers", All(&[A::ReadWarrnReaders])),
    page("GET", "/access-report", All(&[A::ReadAccessReport])),
    sealed("/cases/{id}", Case(Use::See), Case(Use::Open)),
    page("POST", "/cases/{id}/people", Case(Use::Keep)),
    page("POST", "/cases/{id}/people/{person}/end", Case(Use::Keep)),
    page("POST", "/cases/{id}/tasks", Case(Use::Keep)),
    page("POST", "/cases/{id}/tasks/{task}/complete", Case(Use::Keep)),
    page("POST", "/cases/{id}/pauses", Case(Use::Keep)),
    page("POST", "/cases/{id}/pauses/end", Case(Use::Keep)),
    page("POST", "/cases/{id}/documents", Case(Use::Keep)),
    page("GET", "/cases/{id}/documents/{document}", Case(Use::Open)),
    // Lead back to the case, which decides; the same for one that is not there.
    page("GET", "/cases/{id}/people", SignedIn),
    page("GET", "/cases/{id}/tasks", SignedIn),
    page("GET", "/cases/{id}/pauses", SignedIn),
    page("GET", "/cases/{id}/documents", SignedIn),
    page("GET", "/alerts", All(&[A::ReadAlerts])),
    page("GET", "/reports/reintegration", All(&[A::ReadReturnReport])),
    page("GET", "/warrn/{id}/refer", All(&[A::StepWarrn, A::ReadWarrnContent, A::OpenReferral])),
    page("POST", "/warrn/{id}/refer", All(&[A::StepWarrn, A::ReadWarrnContent, A::OpenReferral])),
    // The step `return_date` needs `MoveWarrnReturn` instead.
    page("GET", "/warrn/{id}/steps/{step}", All(&[A::StepWarrn])),
    page("POST", "/warrn/{id}/steps/{step}", All(&[A::StepWarrn])),
    page("GET", "/warrn/{id}/file", All(&[A::ReadWarrnContent])),
    page("GET", "/warrn/{id}/plan", All(&[A::ReadWarrnContent])),
    page("GET", "/warrn/{id}/provision/new/{kind}", All(&[A::StepWarrn])),
    page("POST", "/warrn/{id}/provision/new/{kind}", All(&[A::StepWarrn])),
    page("GET", "/warrn/{id}/provision/{provision}/{change}", All(&[A::StepWarrn])),
    page("POST", "/warrn/{id}/provision/{provision}/{change}", All(&[A::StepWarrn])),
    page("GET", "/warrn/{id}/provision/{provision}", All(&[A::ReadWarrnContent])),
    // A code is all that a pupil has.
    page("GET", "/survey", Anybody),
    page("POST", "/survey", Anybody),
    page("POST", "/survey/questions", Anybody),
    page("POST", "/survey/finish", Anybody),
    page("GET", "/survey/thanks", Anybody),
    page("GET", "/survey/questions", Anybody),
    page("GET", "/survey/finish", Anybody),
    page("GET", "/surveys", All(&[A::ReadCampaign])),
    page("GET", "/surveys/new", All(&[A::ManageCampaign])),
    page("POST", "/surveys", All(&[A::ManageCampaign])),
    page("GET", "/surveys/{id}/schools/{number}/sign-off", All(&[A::SignOffSurvey])),
    page("POST", "/surveys/{id}/schools/{number}/sign-off", All(&[A::SignOffSurvey])),
    page("GET", "/surveys/{id}/schools/{number}/reopen", All(&[A::ManageCampaign])),
    page("POST", "/surveys/{id}/schools/{number}/reopen", All(&[A::ManageCampaign])),
    page("GET", "/surveys/{id}/schools/{number}/rolls", All(&[A::ManageCampaign])),
    page("POST", "/surveys/{id}/schools/{number}/rolls", All(&[A::ManageCampaign])),
    page("GET", "/surveys/{id}/rolls", All(&[A::ManageCampaign])),
    page("POST", "/surveys/{id}/rolls", All(&[A::ManageCampaign])),
    page("GET", "/surveys/{id}/results", All(&[A::ReadRelease, A::ReadCampaign])),
    page("GET", "/surveys/{id}/report", All(&[A::ReadRelease, A::ReadCampaign])),
    page("GET", "/surveys/{id}/report/{format}", All(&[A::ReadRelease])),
    page("GET", "/surveys/{id}/releases", All(&[A::ManageCampaign])),
    page("POST", "/surveys/{id}/releases", All(&[A::ManageCampaign])),
    page("GET", "/surveys/{id}", All(&[A::ReadCampaign])),
    page("GET", "/surveys/{id}/schools/{number}", All(&[A::ReadCampaign, A::ReadResults])),
    page("GET", "/surveys/{id}/schools/{number}/pack/{format}", All(&[A::ReadResults])),
    page("POST", "/surveys/{id}/schools/{number}/actions", All(&[A::TakeUpAdvice])),
    page("GET", "/surveys/{id}/schools/{number}/codes", All(&[A::ManageCodes])),
    page("GET", "/surveys/{id}/schools/{number}/bulk", All(&[A::SubmitResponses])),
    page("POST", "/surveys/{id}/schools/{number}/bulk", All(&[A::SubmitResponses])),
    page("POST", "/surveys/{id}/schools/{number}/codes", All(&[A::ManageCodes])),
    page("POST", "/surveys/{id}/schools/{number}/codes/{sheet}/replace", All(&[A::ManageCodes])),
    page("GET", "/questionnaires", All(&[A::ManageCampaign])),
    page("POST", "/questionnaires", All(&[A::ManageCampaign])),
    page("GET", "/questionnaires/{id}", All(&[A::ManageCampaign])),
    page("POST", "/questionnaires/{id}", All(&[A::ManageCampaign])),
    page("POST", "/questionnaires/{id}/publish", All(&[A::ManageCampaign])),
    page("POST", "/questionnaires/{id}/discard", All(&[A::ManageCampaign])),
    page("GET", "/questionnaires/{id}/preview", All(&[A::ManageCampaign])),
    page("GET", "/questionnaires/{id}/file", All(&[A::ManageCampaign])),
    page("GET", "/surveys/{id}/texts", All(&[A::RedactTexts])),
    page("POST", "/surveys/{id}/texts/{text}", All(&[A::RedactTexts])),
    page("GET", "/surveys/{id}/schools/{number}/texts", All(&[A::ReadCampaign, A::ReadResults])),
    page("GET", "/concerns", All(&[A::ReadConcerns])),
    page("POST", "/surveys/{id}/schools/{number}/concerns/{concern}/acknowledge", All(&[A::AcknowledgeConcern])),
    page("GET", "/systems", All(&[A::ConsentClient])),
    page("POST", "/systems/{client_id}/consent", All(&[A::ConsentClient])),
    page("POST", "/systems/{client_id}/withdraw", All(&[A::ConsentClient])),
    page("GET", "/people", All(&[A::ManagePeople])),
    page("POST", "/people", All(&[A::ManagePeople])),
    page("POST", "/people/{of}/{id}/{verb}", All(&[A::ManagePeople])),
    page("GET", "/mail", All(&[A::ReadNotices])),
    page("GET", "/mail/{name}", All(&[A::ReadNotices])),
    page("GET", "/records", All(&[A::ManageRetention])),
    page("POST", "/records/run", All(&[A::ManageRetention])),
    page("POST", "/records/review/{case}/{class}", All(&[A::ManageRetention])),
    page("POST", "/records/holds", All(&[A::ManageRetention])),
    page("POST", "/records/holds/{id}/end", All(&[A::ManageRetention])),
    page("GET", "/records/certificates/{number}", All(&[A::ManageRetention])),
    page("GET", "/subject-access", All(&[A::HandleSubjectAccess])),
    page("POST", "/subject-access", All(&[A::HandleSubjectAccess])),
    sealed("/subject-access/{id}", All(&[A::HandleSubjectAccess]), All(&[A::OpenSubjectAccess])),
    // Gathering and releasing open what was found; withdrawing does not.
    page("POST", "/subject-access/{id}/{step}", OneOf(&[A::HandleSubjectAccess, A::OpenSubjectAccess])),
    page("POST", "/subject-access/{id}/pieces/{number}", All(&[A::OpenSubjectAccess])),
    page("GET", "/subject-access/{id}/bundle/{format}", All(&[A::OpenSubjectAccess])),
    page("GET", "/problems/{code}", Anybody),
];
