//! What each field needs: the one row a reviewer reads, and the permission tests walk.
//!
//! The decision itself is the service's own (`dolen_domain::access`); a row here that says something else than the
//! service does fails `tests/it/permissions`.

use dolen_domain::access::Action;
use dolen_domain::cases::Use;

use crate::rest::policy::Access;

const fn action(field: &'static str, action: Action) -> (&'static str, Option<Access>) {
    (field, Some(Access::Action(action)))
}

const fn case(field: &'static str, wanted: Use) -> (&'static str, Option<Access>) {
    (field, Some(Access::Case(wanted)))
}

/// Every field of `Query` and `Mutation` with what it needs; `None` for anyone signed in, an API client too.
pub const FIELDS: &[(&str, Option<Access>)] = &[
    ("me", None),
    action("schools", Action::ReadDirectory),
    action("school", Action::ReadDirectory),
    action("services", Action::ReadDirectory),
    action("officers", Action::ReadDirectory),
    action("referral", Action::ReadReferral),
    action("referrals", Action::ReadReferral),
    action("warrnRecord", Action::ReadWarrn),
    action("warrnRecords", Action::ReadWarrn),
    action("returning", Action::ReadWarrn),
    action("ownReturnSteps", Action::StepWarrn),
    action("alerts", Action::ReadAlerts),
    action("reintegrationReport", Action::ReadReturnReport),
    action("provisions", Action::ReadWarrnContent),
    action("provision", Action::ReadWarrnContent),
    action("emergencyAccess", Action::ReadEmergency),
    action("emergencyAccesses", Action::ReadEmergency),
    action("referralReaders", Action::ReadReferralReaders),
    action("warrnReaders", Action::ReadWarrnReaders),
    action("childReaders", Action::ReadChildReaders),
    action("accessReport", Action::ReadAccessReport),
    case("case", Use::See),
    ("ownTasks", Some(Access::SignedIn)),
    action("surveyCampaigns", Action::ReadCampaign),
    action("surveyCampaign", Action::ReadCampaign),
    action("surveyRelease", Action::ReadRelease),
    action("surveyReport", Action::ReadRelease),
    action("notices", Action::ReadNotices),
    action("openReferral", Action::OpenReferral),
    action("acceptReferral", Action::DecideReferral),
    action("requestReferralInformation", Action::DecideReferral),
    action("answerReferral", Action::AnswerReferral),
    action("declineReferral", Action::DecideReferral),
    action("redirectReferral", Action::DecideReferral),
    action("sendWarrnRecord", Action::SendWarrn),
    action("acknowledgeWarrnRecord", Action::AcknowledgeWarrn),
    action("assessWarrnRisk", Action::StepWarrn),
    action("holdWarrnMeeting", Action::StepWarrn),
    action("agreeWarrnPlan", Action::StepWarrn),
    action("recordWarrnReturn", Action::StepWarrn),
    action("withdrawWarrnReturn", Action::StepWarrn),
    action("endWarrnPartTime", Action::StepWarrn),
    action("reviewWarrnReturn", Action::StepWarrn),
    action("closeWarrnRecord", Action::StepWarrn),
    action("moveWarrnReturn", Action::MoveWarrnReturn),
    action("handOverWarrnRecord", Action::HandOverWarrn),
    action("referFromWarrnRecord", Action::StepWarrn),
    action("startProvision", Action::StepWarrn),
    action("reviewProvision", Action::StepWarrn),
    action("extendProvision", Action::StepWarrn),
    action("endProvision", Action::StepWarrn),
    action("startEmergencyAccess", Action::StartEmergency),
    action("reviewEmergencyAccess", Action::ReviewEmergency),
    case("addCasePerson", Use::Keep),
    case("endCasePerson", Use::Keep),
    case("addCaseTask", Use::Keep),
    case("completeCaseTask", Use::Keep),
    case("pauseCase", Use::Keep),
    case("endCasePause", Use::Keep),
    action("createSurveyCampaign", Action::ManageCampaign),
];

/// Every other field that decides for itself, with what it needs beside that of the field it stands below. All the rest is
/// given with the object it is a field of.
pub const EDGES: &[(&str, Access)] = &[
    ("Referral.school", Access::Action(Action::ReadDirectory)),
    ("Referral.service", Access::Action(Action::ReadDirectory)),
    ("Referral.officer", Access::Action(Action::ReadDirectory)),
    ("Referral.events", Access::Action(Action::ReadReferral)),
    ("Referral.content", Access::Action(Action::ReadReferralContent)),
    ("WarrnRecord.school", Access::Action(Action::ReadDirectory)),
    ("WarrnRecord.version", Access::Action(Action::ReadWarrn)),
    ("WarrnRecord.agreement", Access::Action(Action::ReadWarrn)),
    ("WarrnRecord.recipients", Access::Action(Action::ReadWarrn)),
    ("WarrnRecord.content", Access::Action(Action::ReadWarrnContent)),
    ("WarrnRecord.progress", Access::Action(Action::ReadWarrn)),
    ("WarrnRecord.returnFile", Access::Action(Action::ReadWarrnContent)),
    ("EmergencyAccess.reason", Access::Action(Action::ReadEmergencyReason)),
    ("Case.timeline", Access::Case(Use::See)),
    ("Case.links", Access::Case(Use::See)),
    ("Case.pauses", Access::Case(Use::See)),
    ("Case.people", Access::Case(Use::Open)),
    ("Case.tasks", Access::Case(Use::Open)),
    ("Case.documents", Access::Case(Use::Open)),
    ("SurveyCampaign.progress", Access::Action(Action::ReadProgress)),
    ("SurveyCampaign.results", Access::Action(Action::ReadResults)),
    ("SurveyCampaign.releases", Access::Action(Action::ReadCampaign)),
];
