//! The domain's words as GraphQL enums. Each is tied to its domain type: a word added there does not compile here until
//! it is named.

/// Declares a GraphQL enum over a domain enum with the same variants.
macro_rules! words {
    ($($(#[$m:meta])* $n:ident = $remote:ty { $($(#[$vm:meta])* $var:ident),* $(,)? })*) => {$(
        $(#[$m])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, async_graphql::Enum, serde::Serialize, serde::Deserialize)]
        pub enum $n { $($(#[$vm])* $var),* }
        impl From<$remote> for $n {
            fn from(word: $remote) -> Self { match word { $(<$remote>::$var => Self::$var),* } }
        }
        impl From<$n> for $remote {
            fn from(word: $n) -> Self { match word { $($n::$var => <$remote>::$var),* } }
        }
    )*};
}
pub(super) use words;

words! {
    /// Where a referral stands.
    ReferralState = dolen_domain::referrals::State {
        /// With the service, which has to decide.
        Submitted,
        /// With the school, which has to answer a question.
        InfoRequested,
        /// The service took it.
        Accepted,
        /// The service declined it, with a reason.
        Declined,
        /// The service passed it to another; its successor goes on.
        Redirected,
    }

    /// How soon the school asks for an answer.
    ReferralUrgency = dolen_domain::referrals::Urgency {
        /// In its turn.
        Routine,
        /// Sooner than in its turn.
        Soon,
        /// First.
        Urgent,
    }

    /// Who agreed to a referral.
    ConsentGiver = dolen_domain::referrals::ConsentBy {
        /// A parent.
        Parent,
        /// A carer.
        Carer,
        /// The young person.
        YoungPerson,
    }

    /// Why a service declines.
    ReferralDeclineReason = dolen_domain::referrals::DeclineReason {
        /// The child is outside the service's eligibility.
        NotEligible,
        /// What the school has tried is not told well enough to decide.
        InsufficientEvidence,
        /// Another service would help better.
        OtherServiceBetter,
        /// The child is helped elsewhere already.
        NeedsMetElsewhere,
        /// Something else, told in the note.
        Other,
    }

    /// What happened to a referral.
    ReferralEventKind = dolen_domain::referrals::EventKind {
        /// It came in and was routed.
        Opened,
        /// The service took it.
        Accepted,
        /// The service asked something.
        InfoRequested,
        /// The school answered.
        Answered,
        /// The service declined it.
        Declined,
        /// The service passed it on.
        Redirected,
    }

    /// Why an officer was passed over or chosen.
    RoutingReason = dolen_domain::routing::Reason {
        /// Works for the service but not with this school.
        NotCovering,
        /// Would have been the one, but is away.
        Absent,
        /// Stands in for an absent officer, but is away too.
        DeputyAbsent,
        /// Stands in for an absent officer, but left the contact list.
        DeputyNotListed,
        /// The chain of deputies comes back to someone already asked.
        DeputyLoop,
        /// Stands in for an absent officer, and gets it.
        DeputyUsed,
        /// Gets it.
        Chosen,
        /// Covers the school less closely than the one who gets it.
        LessSpecific,
        /// Covers it as closely, but looks after other areas.
        OtherArea,
        /// Equal in everything; the list's fixed order decided.
        LaterInOrder,
        /// Nobody works for the service and covers the school.
        NoCandidate,
        /// Everyone who could have it is away without a deputy.
        NobodyPresent,
    }

    /// What an officer looks after: the key areas of the contact list.
    KeyArea = dolen_domain::directory::officers::KeyArea {
        /// Social inclusion.
        SocialInclusion,
        /// Behaviour.
        Behaviour,
        /// Education other than at school.
        Eotas,
        /// Elective home education.
        ElectiveHomeEducation,
        /// Wellbeing.
        Wellbeing,
        /// Equalities.
        Equalities,
        /// Bullying.
        Bullying,
        /// Safeguarding.
        Safeguarding,
        /// Youth Service.
        YouthService,
        /// Healthy Schools Scheme.
        HealthySchools,
        /// Period dignity.
        PeriodDignity,
        /// Pupil voice.
        PupilVoice,
    }

    /// A school's phase.
    SchoolPhase = dolen_domain::kernel::Phase {
        /// Nursery.
        Nursery,
        /// Primary.
        Primary,
        /// Middle (3–16 or 3–19).
        Middle,
        /// Secondary.
        Secondary,
        /// Special.
        Special,
        /// Pupil referral unit.
        Pru,
        /// Independent.
        Independent,
    }

    /// The language a school teaches in.
    SchoolMedium = dolen_domain::kernel::Medium {
        /// Welsh medium.
        Welsh,
        /// Dual stream.
        DualStream,
        /// Transitional.
        Transitional,
        /// Bilingual (A, B, C or Ch).
        Bilingual,
        /// English with significant Welsh.
        EnglishSignificantWelsh,
        /// English medium; every school in England.
        English,
    }

    /// Which of a WARRN record's two parts a recipient stands for.
    WarrnPart = dolen_domain::warrn::Part {
        /// The school's designated safeguarding person.
        Dsp,
        /// The school's educational psychologist.
        Ep,
    }

    /// Where a WARRN record came from.
    WarrnSource = dolen_domain::warrn::returns::Source {
        /// A CAMHS in-reach worker.
        CamhsInReach,
        /// A school nurse.
        SchoolNurse,
        /// Another worker or system of health.
        Other,
    }

    /// A step of the return to school.
    ReturnStepKind = dolen_domain::warrn::returns::Step {
        /// The school's DSP says that they have it.
        AcknowledgeDsp,
        /// The educational psychologist does.
        AcknowledgeEp,
        /// The school assesses the risks of the return.
        RiskAssessment,
        /// The pupil, a parent and the key adult meet the school.
        ReturnMeeting,
        /// The plan is agreed.
        ReturnPlan,
        /// The pupil is back.
        Return,
        /// The part-time timetable ends.
        FullTime,
        /// How it goes is looked at.
        Review,
        /// The record is closed.
        Close,
        /// Special provision is looked at again; only in one's own list.
        ProvisionReview,
        /// Special provision ends; likewise.
        ProvisionEnd,
    }

    /// Where a WARRN record stands.
    ReturnState = dolen_domain::warrn::returns::State {
        /// Come in.
        Received,
        /// Both parts have it.
        Acknowledged,
        /// The risks of the return are assessed.
        Assessed,
        /// They met.
        Met,
        /// The plan is agreed.
        Planned,
        /// The pupil is back.
        Returned,
        /// Ended.
        Closed,
    }

    /// How a pupil came back.
    ReturnAttendance = dolen_domain::warrn::returns::Attendance {
        /// For the whole timetable.
        FullTime,
        /// For part of it, for a time.
        PartTime,
    }

    /// Whether the pupil attends when a review is held.
    ReviewAttendance = dolen_domain::warrn::returns::ReviewAttendance {
        /// For the whole timetable.
        FullTime,
        /// For part of it.
        PartTime,
        /// Not at all.
        Absent,
    }

    /// How a return ended.
    ReturnOutcome = dolen_domain::warrn::returns::Outcome {
        /// Still at school twelve weeks after the return.
        Sustained12Weeks,
        /// Still at school six weeks after the return.
        Sustained6Weeks,
        /// Away again.
        ReAbsence,
        /// Back with health.
        ReReferred,
        /// At another school or provision.
        MovedOn,
    }

    /// Who was at a meeting.
    MeetingRole = dolen_domain::warrn::returns::Who {
        /// The pupil.
        Pupil,
        /// A parent or carer.
        Parent,
        /// The adult the pupil turns to at school.
        KeyAdult,
        /// The psychology service.
        Eps,
        /// Somebody else of the school.
        SchoolStaff,
        /// Somebody of health.
        Health,
        /// Somebody else.
        Other,
    }

    /// Where today lies relative to a survey's first and last day.
    SurveyWindow = dolen_domain::surveys::campaigns::Window {
        /// Before the first day.
        Ahead,
        /// From the first day to the last, both included.
        Open,
        /// After the last day, and schools that have begun may finish.
        Closing,
        /// Nothing is taken any more.
        Over,
    }

    /// How far a school's survey is.
    SurveyStage = dolen_domain::surveys::campaigns::Stage {
        /// Nothing has come, and no code was printed.
        Owing,
        /// Codes were printed or answers came.
        Begun,
        /// The school says that this is all.
        SignedOff,
        /// The school says that there is nothing to send.
        NilReturn,
    }

    /// How far a message got.
    NoticeState = dolen_domain::notices::State {
        /// Waits for its first try.
        Created,
        /// A worker holds it.
        Sending,
        /// Handed over. Final.
        Delivered,
        /// The recipient's side refused it for good. Final.
        PermanentFailure,
        /// The last try failed in a way that may pass.
        TemporaryFailure,
        /// Given up on. Final.
        TechnicalFailure,
        /// Not sent, because the recipient is gone or may no longer know. Final.
        Withdrawn,
    }

    /// What a person or client is, somewhere.
    Role = dolen_domain::access::Role {
        /// School staff who submit referrals and survey responses.
        SchoolSubmitter,
        /// Designated safeguarding person of a school.
        Dsp,
        /// Headteacher.
        Headteacher,
        /// Officer of a service.
        Officer,
        /// Lead of a service's team.
        TeamLead,
        /// The authority's safeguarding lead.
        SafeguardingLead,
        /// CAMHS in-reach worker or school nurse who sends WARRN records.
        InReachWorker,
        /// Sees released results only.
        Analyst,
        /// Sees the audit record only.
        Auditor,
        /// Sets up people, the directory and campaigns; sees no content.
        Administrator,
        /// A school's management information system.
        Integration,
    }

    /// How a reader stands to what they read.
    AccessRelation = dolen_domain::access::Relation {
        /// The role is enough.
        Any,
        /// It belongs to the reader's school.
        OwnSchool,
        /// It belongs to the reader's service.
        OwnService,
        /// It was routed to the reader.
        Holder,
        /// The reader is a named recipient.
        Recipient,
        /// The reader sent it.
        Sender,
        /// The child has changed school, and the reader is of the authority.
        Moved,
        /// The reader broke the glass.
        Emergency,
    }

    /// What was read of a record.
    ReadingPart = dolen_domain::oversight::Part {
        /// That there is one, and how far it is.
        Envelope,
        /// What it says.
        Content,
        /// The people around the child.
        People,
        /// What is to be done.
        Tasks,
        /// The names of its documents, or one of them.
        Documents,
        /// Who has seen it.
        Readers,
        /// How far a return to school is: its steps and their days.
        Steps,
        /// What was said at the steps of a return.
        ReturnFile,
        /// Which special provision there is, and its days.
        Provision,
        /// What is written of a special provision.
        ProvisionFile,
        /// All of it, to answer a request for the child's data.
        SubjectAccess,
        /// The child's date of birth.
        Birthday,
        /// Something this version has no word for.
        Other,
    }

    /// What a reviewer made of an emergency access.
    EmergencyOutcome = dolen_domain::oversight::Outcome {
        /// It was right.
        Appropriate,
        /// It was wrong.
        NotAppropriate,
        /// Something more has to be done.
        FurtherAction,
    }

    /// Why a reader is worth a question.
    AccessFlag = dolen_domain::oversight::Flag {
        /// Many children in a day.
        ManyInADay,
        /// Many children in a week.
        ManyInAWeek,
        /// Far more children in a week than this reader's usual.
        FarAboveUsual,
        /// Outside working hours.
        OutOfHours,
        /// After the case was closed.
        NoOpenCase,
        /// By breaking the glass.
        Emergency,
    }

    /// What is provided.
    ProvisionKind = dolen_domain::provision::Kind {
        /// A positive handling plan.
        HandlingPlan,
        /// Fewer hours at school for a short time.
        ReducedTimetable,
        /// Education otherwise than at school.
        Eotas,
    }

    /// Where a child is taught who is not taught at school. The product's own list.
    ProvisionPlacement = dolen_domain::provision::Placement {
        /// A pupil referral unit.
        PupilReferralUnit,
        /// Individual or home tuition.
        HomeTuition,
        /// An independent school.
        IndependentSchool,
        /// A college of further education.
        FurtherEducation,
        /// Work-based learning.
        WorkBased,
        /// A youth service or the third sector.
        YouthOrThirdSector,
        /// A private provider.
        PrivateProvider,
        /// A hospital or teaching centre.
        Hospital,
        /// A place is still being looked for.
        Awaiting,
    }

    /// How provision ended.
    ProvisionEnding = dolen_domain::provision::Ending {
        /// The child attends full time.
        FullTime,
        /// Another of its kind takes its place.
        Extended,
        /// The child is taught somewhere else.
        PlacementChanged,
        /// The child is back at school.
        ReturnedToSchool,
        /// It is not needed any more, or was called off.
        NoLongerNeeded,
    }

    /// What a note of provision was written at.
    ProvisionNoteKind = dolen_domain::provision::NoteKind {
        /// A review.
        Review,
        /// Another last day.
        Extension,
        /// The end.
        End,
    }
}
