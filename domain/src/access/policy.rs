//! The policy table: which role, in which relationship, in which state of the thing, may do which action. What is not
//! here is refused.

use super::model::{Action, Relation, Role, StateWord};

/// What needs a second factor proved lately: opening what is sealed, and breaking the glass
/// (`facts/reliability.md` REC-2 and ASVS 7.5.3; features 7).
pub const STEP_UP: &[Action] = &[
    Action::ReadReferralContent,
    Action::ReadWarrnContent,
    Action::StartEmergency,
    Action::ReadEmergencyReason,
    Action::OpenSubjectAccess,
    Action::RedactTexts,
];

/// How old the proof may be, in seconds: five minutes (`facts/reliability.md` REC-2). No setting, because nothing that
/// an authority could choose instead would be safer than asking again.
pub const STEP_UP_SECONDS: i64 = 5 * 60;

/// One row: this role in this relationship may do this, while the thing is in one of these states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// What.
    pub action: Action,
    /// Who.
    pub role: Role,
    /// Standing how to the thing.
    pub relation: Relation,
    /// In which states; none named is any.
    pub when: &'static [StateWord],
}

const fn rule(action: Action, role: Role, relation: Relation) -> Rule {
    Rule { action, role, relation, when: &[] }
}

const fn rule_while(when: &'static [StateWord], action: Action, role: Role, relation: Relation) -> Rule {
    Rule { action, role, relation, when }
}

/// Until it is over.
const UNTIL_CLOSED: &[StateWord] = &[StateWord::Open];

use Action as A;
use Relation::{Any, Emergency, Holder, Moved, OwnSchool, OwnService, Recipient, Sender};
use Role as R;

/// Every permission there is. Of several that fit, the first is the basis on record: emergency comes last.
///
/// Counselling and WARRN content follow need to know: an administrator, an analyst and an auditor open nothing sealed, a
/// headteacher sees a referral's progress but not its narrative, and a WARRN record is for its named recipients alone
/// (`seeds/003`, WARRN pilot: "School Designated Safeguarding Officer and LA Education Team"). Why a row is as it is:
/// `docs/adr/0015-policy-states-and-break-glass.md`.
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
    rule(A::ReadReferral, R::TeamLead, Holder),
    rule(A::ReadReferral, R::SafeguardingLead, Emergency),
    rule(A::ReadReferral, R::TeamLead, Emergency),
    rule(A::ReadReferral, R::Officer, Emergency),
    // Its narrative: once it is over, for the service's lead, the school's DSP, and who sent it there, who must be able to
    // read why it was refused.
    rule(A::ReadReferralContent, R::SchoolSubmitter, Sender),
    rule(A::ReadReferralContent, R::Dsp, OwnSchool),
    rule_while(UNTIL_CLOSED, A::ReadReferralContent, R::Integration, Sender),
    rule_while(UNTIL_CLOSED, A::ReadReferralContent, R::Officer, Holder),
    rule(A::ReadReferralContent, R::TeamLead, OwnService),
    rule_while(UNTIL_CLOSED, A::ReadReferralContent, R::TeamLead, Holder),
    rule(A::ReadReferralContent, R::SafeguardingLead, Emergency),
    rule(A::ReadReferralContent, R::TeamLead, Emergency),
    rule(A::ReadReferralContent, R::Officer, Emergency),
    rule(A::DecideReferral, R::Officer, Holder),
    rule(A::DecideReferral, R::TeamLead, OwnService),
    rule(A::DecideReferral, R::TeamLead, Holder),
    rule(A::AnswerReferral, R::SchoolSubmitter, OwnSchool),
    rule(A::AnswerReferral, R::Dsp, OwnSchool),
    rule(A::AnswerReferral, R::Integration, Sender),
    rule(A::KeepReferral, R::SchoolSubmitter, Sender),
    rule(A::KeepReferral, R::Dsp, OwnSchool),
    rule(A::KeepReferral, R::Integration, Sender),
    rule(A::KeepReferral, R::Officer, Holder),
    rule(A::KeepReferral, R::TeamLead, OwnService),
    rule(A::KeepReferral, R::TeamLead, Holder),
    // WARRN: sent from health, read by its recipients, followed by its sender without the content.
    rule(A::SendWarrn, R::InReachWorker, Any),
    rule(A::ReadWarrn, R::InReachWorker, Sender),
    rule(A::ReadWarrn, R::Dsp, Recipient),
    rule(A::ReadWarrn, R::Officer, Recipient),
    rule(A::ReadWarrn, R::TeamLead, Recipient),
    rule(A::ReadWarrn, R::SafeguardingLead, Recipient),
    // A headteacher who is named learns that there is one, and nothing of what it says (`facts/reliability.md` D1).
    rule(A::ReadWarrn, R::Headteacher, Recipient),
    // A child who has changed school: until the record is handed over the authority's safeguarding lead sees it, and whom it
    // is about, for a slip in a pupil number must be told from a move. Neither school sees more than before.
    rule(A::ReadWarrn, R::SafeguardingLead, Moved),
    rule(A::ReadWarrn, R::SafeguardingLead, Emergency),
    rule(A::ReadWarrn, R::TeamLead, Emergency),
    rule(A::ReadWarrn, R::Officer, Emergency),
    rule(A::ReadWarrnContent, R::Dsp, Recipient),
    rule(A::ReadWarrnContent, R::Officer, Recipient),
    rule(A::ReadWarrnContent, R::TeamLead, Recipient),
    rule(A::ReadWarrnContent, R::SafeguardingLead, Recipient),
    rule(A::ReadWarrnContent, R::SafeguardingLead, Moved),
    rule(A::ReadWarrnContent, R::SafeguardingLead, Emergency),
    rule(A::ReadWarrnContent, R::TeamLead, Emergency),
    rule(A::ReadWarrnContent, R::Officer, Emergency),
    rule(A::AcknowledgeWarrn, R::Dsp, Recipient),
    rule(A::AcknowledgeWarrn, R::Officer, Recipient),
    rule(A::AcknowledgeWarrn, R::TeamLead, Recipient),
    rule(A::AcknowledgeWarrn, R::SafeguardingLead, Recipient),
    rule(A::KeepWarrn, R::Dsp, Recipient),
    rule(A::KeepWarrn, R::Officer, Recipient),
    rule(A::KeepWarrn, R::TeamLead, Recipient),
    rule(A::KeepWarrn, R::SafeguardingLead, Recipient),
    rule(A::StepWarrn, R::Dsp, Recipient),
    rule(A::StepWarrn, R::Officer, Recipient),
    rule(A::StepWarrn, R::TeamLead, Recipient),
    rule(A::StepWarrn, R::SafeguardingLead, Recipient),
    rule(A::MoveWarrnReturn, R::Dsp, Recipient),
    rule(A::MoveWarrnReturn, R::Officer, Recipient),
    rule(A::MoveWarrnReturn, R::TeamLead, Recipient),
    rule(A::MoveWarrnReturn, R::SafeguardingLead, Recipient),
    rule(A::MoveWarrnReturn, R::InReachWorker, Sender),
    rule(A::HandOverWarrn, R::SafeguardingLead, Recipient),
    rule(A::HandOverWarrn, R::SafeguardingLead, Moved),
    rule(A::HandOverWarrn, R::TeamLead, Recipient),
    rule(A::AttachToWarrn, R::Dsp, Recipient),
    rule(A::AttachToWarrn, R::Officer, Recipient),
    rule(A::AttachToWarrn, R::TeamLead, Recipient),
    rule(A::AttachToWarrn, R::SafeguardingLead, Recipient),
    rule(A::AttachToWarrn, R::InReachWorker, Sender),
    rule(A::ReadAlerts, R::TeamLead, OwnService),
    rule(A::ReadReturnReport, R::TeamLead, Any),
    rule(A::ReadReturnReport, R::SafeguardingLead, Any),
    rule(A::ReadReturnReport, R::Analyst, Any),
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
    rule(A::ManageCodes, R::SchoolSubmitter, OwnSchool),
    rule(A::ManageCodes, R::Dsp, OwnSchool),
    rule(A::ManageCodes, R::Headteacher, OwnSchool),
    rule(A::SignOffSurvey, R::Headteacher, OwnSchool),
    rule(A::ReadProgress, R::Officer, Any),
    rule(A::ReadProgress, R::TeamLead, Any),
    rule(A::ReadProgress, R::SafeguardingLead, Any),
    rule(A::ReadProgress, R::Administrator, Any),
    rule(A::ReadResults, R::SchoolSubmitter, OwnSchool),
    rule(A::ReadResults, R::Dsp, OwnSchool),
    rule(A::ReadResults, R::Headteacher, OwnSchool),
    rule(A::ReadResults, R::Integration, OwnSchool),
    rule(A::ReadResults, R::Officer, Any),
    rule(A::ReadResults, R::TeamLead, Any),
    rule(A::ReadResults, R::SafeguardingLead, Any),
    // An analyst sees released results and nothing on the way to them.
    rule(A::ReadResults, R::Analyst, Any),
    rule(A::TakeUpAdvice, R::Dsp, OwnSchool),
    rule(A::TakeUpAdvice, R::Headteacher, OwnSchool),
    rule(A::ReadRelease, R::Officer, Any),
    rule(A::ReadRelease, R::TeamLead, Any),
    rule(A::ReadRelease, R::SafeguardingLead, Any),
    rule(A::ReadRelease, R::Analyst, Any),
    // What pupils wrote: read by who leads a campaign or answers for safeguarding, before anybody else may. An administrator
    // makes campaigns too, and opens nothing.
    rule(A::RedactTexts, R::TeamLead, Any),
    rule(A::RedactTexts, R::SafeguardingLead, Any),
    // That help words were written in a class: for the school's safeguarding person; the authority's lead sees at which school
    // and on which day, and takes it up where the school has nobody.
    rule(A::ReadConcerns, R::Dsp, OwnSchool),
    rule(A::ReadConcerns, R::SafeguardingLead, Any),
    rule(A::AcknowledgeConcern, R::Dsp, OwnSchool),
    rule(A::AcknowledgeConcern, R::SafeguardingLead, Any),
    // Running the service.
    rule(A::ReadNotices, R::Administrator, Any),
    rule(A::ReadNotices, R::TeamLead, Any),
    rule(A::ManagePeople, R::Administrator, Any),
    rule(A::ConsentClient, R::Dsp, OwnSchool),
    rule(A::ConsentClient, R::Headteacher, OwnSchool),
    rule(A::ReadAudit, R::Auditor, Any),
    // Break-glass: the authority's safeguarding lead, and the lead and officers of the service that names it. Whose
    // records they are is told; a lead reviews what somebody else did.
    rule(A::StartEmergency, R::SafeguardingLead, Any),
    rule(A::StartEmergency, R::TeamLead, OwnService),
    rule(A::StartEmergency, R::Officer, OwnService),
    rule(A::ReadEmergency, R::SafeguardingLead, Any),
    rule(A::ReadEmergency, R::Auditor, Any),
    rule(A::ReadEmergency, R::TeamLead, OwnService),
    rule(A::ReadEmergency, R::TeamLead, Sender),
    rule(A::ReadEmergency, R::Officer, Sender),
    rule(A::ReadEmergency, R::Dsp, Recipient),
    rule(A::ReadEmergency, R::Officer, Recipient),
    rule(A::ReadEmergency, R::TeamLead, Recipient),
    rule(A::ReadEmergencyReason, R::SafeguardingLead, Any),
    rule(A::ReadEmergencyReason, R::TeamLead, OwnService),
    rule(A::ReviewEmergency, R::SafeguardingLead, Any),
    rule(A::ReviewEmergency, R::TeamLead, OwnService),
    // Who has seen this: whoever holds it, and those who watch over the whole.
    rule(A::ReadReferralReaders, R::Dsp, OwnSchool),
    rule(A::ReadReferralReaders, R::Officer, Holder),
    rule(A::ReadReferralReaders, R::TeamLead, OwnService),
    rule(A::ReadReferralReaders, R::TeamLead, Holder),
    rule(A::ReadReferralReaders, R::SafeguardingLead, Any),
    rule(A::ReadReferralReaders, R::Auditor, Any),
    rule(A::ReadWarrnReaders, R::Dsp, Recipient),
    rule(A::ReadWarrnReaders, R::Officer, Recipient),
    rule(A::ReadWarrnReaders, R::TeamLead, Recipient),
    rule(A::ReadWarrnReaders, R::SafeguardingLead, Any),
    rule(A::ReadWarrnReaders, R::Auditor, Any),
    rule(A::ReadChildReaders, R::SafeguardingLead, Any),
    rule(A::ReadChildReaders, R::Auditor, Any),
    rule(A::ReadAccessReport, R::SafeguardingLead, Any),
    rule(A::ReadAccessReport, R::Auditor, Any),
    // Records management: an administrator keeps the rules and opens nothing; what a child's request found is opened by
    // the authority's safeguarding lead.
    rule(A::ManageRetention, R::Administrator, Any),
    rule(A::HandleSubjectAccess, R::Administrator, Any),
    rule(A::HandleSubjectAccess, R::SafeguardingLead, Any),
    rule(A::OpenSubjectAccess, R::SafeguardingLead, Any),
];
