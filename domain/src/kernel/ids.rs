//! Every typed identifier, alphabetical. A row of one kind can't be asked for with the id of another.

use crate::db::types::uuid_id;

uuid_id! {
    /// An alert of records close together.
    AlertId,
    /// An entry of the calendar.
    CalendarId,
    /// What was given to whom it is about, in one format.
    BundleId,
    /// A survey campaign.
    CampaignId,
    /// A case: a referral, a WARRN record or a provision has the same id.
    CaseId,
    /// A person around a child, in a case.
    CasePersonId,
    /// An API client.
    ClientId,
    /// A concern: help words were written in a class on a day.
    ConcernId,
    /// A document kept with a case.
    DocumentId,
    /// A second factor.
    FactorId,
    /// A break-glass access to one child's records.
    EmergencyId,
    /// A legal hold.
    HoldId,
    /// A questionnaire in one version.
    InstrumentId,
    /// An invitation to join.
    InvitationId,
    /// A child's data key.
    KeyId,
    /// A one-time sign-in link.
    LinkId,
    /// A person's or client's role somewhere.
    MembershipId,
    /// A step of a case with a clock.
    MilestoneId,
    /// A message to one recipient.
    NoticeId,
    /// An officer on the contact list.
    OfficerId,
    /// A person who signs in.
    PersonId,
    /// A piece of what a subject-access request found.
    PieceId,
    /// Special provision for a child.
    ProvisionId,
    /// A pupil known to the authority.
    PupilId,
    /// A named recipient of a WARRN record.
    RecipientId,
    /// A referral to a service.
    ReferralId,
    /// A change to a retention rule that waits for a second person.
    RuleChangeId,
    /// A school.
    SchoolId,
    /// A service schools refer to.
    ServiceId,
    /// A sheet of codes for a class.
    SheetId,
    /// A signed-in session.
    SessionId,
    /// A request for a child's own data.
    SubjectAccessId,
    /// A school's bulk submission of survey responses.
    SubmissionId,
    /// Something to do for a case.
    TaskId,
    /// What a pupil wrote, waiting or passed.
    TextId,
    /// A WARRN record.
    WarrnId,
}
