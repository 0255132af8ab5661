//! Every typed identifier, alphabetical. A row of one kind can't be asked for with the id of another.

use crate::db::types::uuid_id;

uuid_id! {
    /// An entry of the calendar.
    CalendarId,
    /// A survey campaign.
    CampaignId,
    /// An API client.
    ClientId,
    /// A questionnaire in one version.
    InstrumentId,
    /// A child's data key.
    KeyId,
    /// A person's or client's role somewhere.
    MembershipId,
    /// A message to one recipient.
    NoticeId,
    /// An officer on the contact list.
    OfficerId,
    /// A person who signs in.
    PersonId,
    /// A pupil known to the authority.
    PupilId,
    /// A named recipient of a WARRN record.
    RecipientId,
    /// A referral to a service.
    ReferralId,
    /// A school.
    SchoolId,
    /// A service schools refer to.
    ServiceId,
    /// A signed-in session.
    SessionId,
    /// A school's bulk submission of survey responses.
    SubmissionId,
    /// A WARRN record.
    WarrnId,
}
