//! The policy table: which role, in which relationship, may do which action. What is not here is refused.

use super::model::{Action, Relation, Role};

/// One row: this role in this relationship may do this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// What.
    pub action: Action,
    /// Who.
    pub role: Role,
    /// Standing how to the thing.
    pub relation: Relation,
}

const fn rule(action: Action, role: Role, relation: Relation) -> Rule {
    Rule { action, role, relation }
}

use Action as A;
use Relation::{Any, Holder, OwnSchool, OwnService, Recipient, Sender};
use Role as R;

/// Every permission there is.
///
/// Counselling and WARRN content follow need to know: an administrator and an analyst open nothing sealed, a headteacher
/// sees a referral's progress but not its narrative, and a WARRN record is for its named recipients alone
/// (`seeds/003`, WARRN pilot: "School Designated Safeguarding Officer and LA Education Team").
pub const RULES: &[Rule] = &[
    // The directory is for everyone who signs in.
    rule(A::ReadDirectory, R::SchoolSubmitter, Any),
    rule(A::ReadDirectory, R::Dsp, Any),
    rule(A::ReadDirectory, R::Headteacher, Any),
    rule(A::ReadDirectory, R::Officer, Any),
    rule(A::ReadDirectory, R::TeamLead, Any),
    rule(A::ReadDirectory, R::SafeguardingLead, Any),
    rule(A::ReadDirectory, R::InReachWorker, Any),
    rule(A::ReadDirectory, R::Analyst, Any),
    rule(A::ReadDirectory, R::Auditor, Any),
    rule(A::ReadDirectory, R::Administrator, Any),
    rule(A::ReadDirectory, R::Integration, Any),
    rule(A::ManageDirectory, R::Administrator, Any),
    // Referrals: the school opens and follows its own; the service's officers and lead decide theirs.
    rule(A::OpenReferral, R::SchoolSubmitter, OwnSchool),
    rule(A::OpenReferral, R::Dsp, OwnSchool),
    rule(A::OpenReferral, R::Integration, OwnSchool),
    rule(A::ReadReferral, R::SchoolSubmitter, OwnSchool),
    rule(A::ReadReferral, R::Dsp, OwnSchool),
    rule(A::ReadReferral, R::Headteacher, OwnSchool),
    rule(A::ReadReferral, R::Integration, OwnSchool),
    rule(A::ReadReferral, R::Officer, Holder),
    rule(A::ReadReferral, R::Officer, OwnService),
    rule(A::ReadReferral, R::TeamLead, OwnService),
    rule(A::ReadReferralContent, R::SchoolSubmitter, Sender),
    rule(A::ReadReferralContent, R::Dsp, OwnSchool),
    rule(A::ReadReferralContent, R::Integration, Sender),
    rule(A::ReadReferralContent, R::Officer, Holder),
    rule(A::ReadReferralContent, R::TeamLead, OwnService),
    rule(A::DecideReferral, R::Officer, Holder),
    rule(A::DecideReferral, R::TeamLead, OwnService),
    rule(A::AnswerReferral, R::SchoolSubmitter, OwnSchool),
    rule(A::AnswerReferral, R::Dsp, OwnSchool),
    rule(A::AnswerReferral, R::Integration, Sender),
    rule(A::KeepReferral, R::SchoolSubmitter, Sender),
    rule(A::KeepReferral, R::Dsp, OwnSchool),
    rule(A::KeepReferral, R::Integration, Sender),
    rule(A::KeepReferral, R::Officer, Holder),
    rule(A::KeepReferral, R::TeamLead, OwnService),
    // WARRN: sent from health, read by its recipients, followed by its sender without the content.
    rule(A::SendWarrn, R::InReachWorker, Any),
    rule(A::ReadWarrn, R::InReachWorker, Sender),
    rule(A::ReadWarrn, R::Dsp, Recipient),
    rule(A::ReadWarrn, R::Officer, Recipient),
    rule(A::ReadWarrn, R::TeamLead, Recipient),
    rule(A::ReadWarrn, R::SafeguardingLead, Recipient),
    rule(A::ReadWarrnContent, R::Dsp, Recipient),
    rule(A::ReadWarrnContent, R::Officer, Recipient),
    rule(A::ReadWarrnContent, R::TeamLead, Recipient),
    rule(A::ReadWarrnContent, R::SafeguardingLead, Recipient),
    rule(A::AcknowledgeWarrn, R::Dsp, Recipient),
    rule(A::AcknowledgeWarrn, R::Officer, Recipient),
    rule(A::AcknowledgeWarrn, R::TeamLead, Recipient),
    rule(A::AcknowledgeWarrn, R::SafeguardingLead, Recipient),
    rule(A::KeepWarrn, R::Dsp, Recipient),
    rule(A::KeepWarrn, R::Officer, Recipient),
    rule(A::KeepWarrn, R::TeamLead, Recipient),
    rule(A::KeepWarrn, R::SafeguardingLead, Recipient),
    // The survey: everyone may read the questions; a school submits and reads its own; the authority sees progress.
    rule(A::ReadCampaign, R::SchoolSubmitter, Any),
    rule(A::ReadCampaign, R::Dsp, Any),
    rule(A::ReadCampaign, R::Headteacher, Any),
    rule(A::ReadCampaign, R::Officer, Any),
    rule(A::ReadCampaign, R::TeamLead, Any),
    rule(A::ReadCampaign, R::SafeguardingLead, Any),
    rule(A::ReadCampaign, R::Analyst, Any),
    rule(A::ReadCampaign, R::Administrator, Any),
    rule(A::ReadCampaign, R::Integration, Any),
    rule(A::ManageCampaign, R::Administrator, Any),
    rule(A::ManageCampaign, R::TeamLead, Any),
    rule(A::SubmitResponses, R::SchoolSubmitter, OwnSchool),
    rule(A::SubmitResponses, R::Integration, OwnSchool),
    rule(A::ReadProgress, R::Officer, Any),
    rule(A::ReadProgress, R::TeamLead, Any),
    rule(A::ReadProgress, R::SafeguardingLead, Any),
    rule(A::ReadProgress, R::Analyst, Any),
    rule(A::ReadProgress, R::Administrator, Any),
    rule(A::ReadResults, R::SchoolSubmitter, OwnSchool),
    rule(A::ReadResults, R::Dsp, OwnSchool),
    rule(A::ReadResults, R::Headteacher, OwnSchool),
    rule(A::ReadResults, R::Integration, OwnSchool),
    rule(A::ReadResults, R::Officer, Any),
    rule(A::ReadResults, R::TeamLead, Any),
    rule(A::ReadResults, R::SafeguardingLead, Any),
    rule(A::ReadResults, R::Analyst, Any),
    // Running the service.
    rule(A::ReadNotices, R::Administrator, Any),
    rule(A::ReadNotices, R::TeamLead, Any),
    rule(A::ManagePeople, R::Administrator, Any),
    rule(A::ReadAudit, R::Auditor, Any),
];
