//! The steps from a record's receipt to a sustained return, and what is noted at each.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::kernel::{Bilingual, PersonId, Utc, pair, text_enum};
use crate::provision::Consent;
use crate::warrn::model::Part;

use super::clocks::SUSTAINED_WEEKS;
pub use super::progress::{Clocked, Progress};

text_enum! {
    /// Where a record came from.
    pub enum Source {
        /// A CAMHS in-reach worker (`seeds/003`, WARRN pilot).
        CamhsInReach = "camhs_in_reach",
        /// A school nurse.
        SchoolNurse = "school_nurse",
        /// Another worker or system of health.
        Other = "other",
    }
}

text_enum! {
    /// A step of the return to school (`facts/domain.md` §7).
    pub enum Step {
        /// The school's DSP says that they have it.
        AcknowledgeDsp = "acknowledge_dsp",
        /// The educational psychologist does.
        AcknowledgeEp = "acknowledge_ep",
        /// The school assesses the risks of the return, with the psychology service.
        RiskAssessment = "risk_assessment",
        /// The pupil, a parent and the key adult meet the school.
        ReturnMeeting = "return_meeting",
        /// The plan is agreed, or a changed one is.
        ReturnPlan = "return_plan",
        /// The pupil is back.
        Return = "return",
        /// The part-time timetable ends.
        FullTime = "full_time",
        /// How it goes is looked at, again and again.
        Review = "review",
        /// The record is closed with an outcome.
        Close = "close",
        /// Special provision is looked at again. Not a step of the return: [`crate::provision`] takes it, and its clock is
        /// told here. The sender sees on the timeline that there is some, and nothing of it.
        ProvisionReview = "provision_review",
        /// Special provision ends; likewise.
        ProvisionEnd = "provision_end",
    }
}

impl Step {
    /// Whether it belongs to special provision and not to the return itself.
    #[must_use]
    pub const fn is_of_provision(self) -> bool {
        matches!(self, Self::ProvisionReview | Self::ProvisionEnd)
    }

    /// Whose it is to take: the school's, but for the psychologist's own acknowledgement.
    #[must_use]
    pub const fn part(self) -> Part {
        match self {
            Self::AcknowledgeEp => Part::Ep,
            _ => Part::Dsp,
        }
    }

    /// The acknowledgement of a part.
    #[must_use]
    pub const fn acknowledgement_of(part: Part) -> Self {
        match part {
            Part::Dsp => Self::AcknowledgeDsp,
            Part::Ep => Self::AcknowledgeEp,
        }
    }

    /// Its name. Welsh awaits a translator's review.
    #[must_use]
    pub const fn name(self) -> Bilingual<&'static str> {
        match self {
            Self::AcknowledgeDsp => {
                pair("Cydnabyddiaeth y person diogelu", "Acknowledged by the school's safeguarding person")
            }
            Self::AcknowledgeEp => {
                pair("Cydnabyddiaeth y seicolegydd addysg", "Acknowledged by the educational psychologist")
            }
            Self::RiskAssessment => pair("Asesiad risg yr ysgol", "School risk assessment"),
            Self::ReturnMeeting => pair("Cyfarfod dychwelyd", "Return meeting"),
            Self::ReturnPlan => pair("Cynllun dychwelyd", "Return plan"),
            Self::Return => pair("Dychwelyd i'r ysgol", "Return to school"),
            Self::FullTime => pair("Diwedd yr amserlen ran-amser", "End of the part-time timetable"),
            Self::Review => pair("Adolygiad", "Review"),
            Self::Close => pair("Cau'r cofnod", "Closing the record"),
            Self::ProvisionReview => pair("Adolygu darpariaeth arbennig", "Review of special provision"),
            Self::ProvisionEnd => pair("Diwedd darpariaeth arbennig", "End of special provision"),
        }
    }
}

text_enum! {
    /// How a pupil came back.
    pub enum Attendance {
        /// For the whole timetable.
        FullTime = "full_time",
        /// For part of it, for a time.
        PartTime = "part_time",
    }
}

text_enum! {
    /// Whether the pupil attends when a review is held. A return is sustained by what a review saw, not by the day a record
    /// happened to be closed on.
    pub enum ReviewAttendance {
        /// For the whole timetable.
        FullTime = "full_time",
        /// For part of it.
        PartTime = "part_time",
        /// Not at all.
        Absent = "absent",
    }
}

impl ReviewAttendance {
    /// The words that count towards a sustained return.
    pub const ATTENDING: [Self; 2] = [Self::FullTime, Self::PartTime];
}

text_enum! {
    /// How a return ended (`facts/domain.md` §7; leaving, with a return or without, is the product's own addition, for a record
    /// must be able to end).
    pub enum Outcome {
        /// Still at school twelve weeks after the return.
        Sustained12Weeks = "sustained_12_weeks",
        /// Still at school six weeks after the return.
        Sustained6Weeks = "sustained_6_weeks",
        /// Away again.
        ReAbsence = "re_absence",
        /// Back with health.
        ReReferred = "re_referred",
        /// At another school or provision.
        MovedOn = "moved_on",
    }
}

impl Outcome {
    /// After how many weeks the pupil must have been seen to attend; nothing for an outcome that doesn't say so.
    #[must_use]
    pub const fn weeks(self) -> Option<u32> {
        let [six, twelve] = SUSTAINED_WEEKS;
        match self {
            Self::Sustained12Weeks => Some(twelve),
            Self::Sustained6Weeks => Some(six),
            Self::ReAbsence | Self::ReReferred | Self::MovedOn => None,
        }
    }

    /// Its name. Welsh awaits a translator's review.
    #[must_use]
    pub const fn name(self) -> Bilingual<&'static str> {
        match self {
            Self::Sustained12Weeks => pair("Wedi'i gynnal am 12 wythnos", "Sustained for 12 weeks"),
            Self::Sustained6Weeks => pair("Wedi'i gynnal am 6 wythnos", "Sustained for 6 weeks"),
            Self::ReAbsence => pair("Yn absennol eto", "Absent again"),
            Self::ReReferred => pair("Wedi'i atgyfeirio eto", "Re-referred"),
            Self::MovedOn => pair("Ysgol neu ddarpariaeth arall", "At another school or provision"),
        }
    }
}

text_enum! {
    /// Where a record stands, by the furthest that was done.
    pub enum State {
        /// Come in; a part has not acknowledged yet.
        Received = "received",
        /// Both parts have it.
        Acknowledged = "acknowledged",
        /// The risks of the return are assessed.
        Assessed = "assessed",
        /// They met.
        Met = "met",
        /// The plan is agreed.
        Planned = "planned",
        /// The pupil is back.
        Returned = "returned",
        /// Ended.
        Closed = "closed",
    }
}

impl State {
    /// Its name. Welsh awaits a translator's review.
    #[must_use]
    pub const fn name(self) -> Bilingual<&'static str> {
        match self {
            Self::Received => pair("Daeth i law", "Received"),
            Self::Acknowledged => pair("Cydnabuwyd", "Acknowledged"),
            Self::Assessed => pair("Aseswyd y risg", "Risks assessed"),
            Self::Met => pair("Cynhaliwyd y cyfarfod", "Meeting held"),
            Self::Planned => pair("Cytunwyd ar y cynllun", "Plan agreed"),
            Self::Returned => pair("Yn ôl yn yr ysgol", "Back at school"),
            Self::Closed => pair("Ar gau", "Closed"),
        }
    }
}

text_enum! {
    /// Who was at a meeting.
    pub enum Who {
        /// The pupil.
        Pupil = "pupil",
        /// A parent or carer.
        Parent = "parent",
        /// The adult the pupil turns to at school.
        KeyAdult = "key_adult",
        /// The psychology service.
        Eps = "eps",
        /// Somebody else of the school.
        SchoolStaff = "school_staff",
        /// Somebody of health.
        Health = "health",
        /// Somebody else.
        Other = "other",
    }
}

impl Who {
    /// Its name. Welsh awaits a translator's review.
    #[must_use]
    pub const fn name(self) -> Bilingual<&'static str> {
        match self {
            Self::Pupil => pair("Disgybl", "Pupil"),
            Self::Parent => pair("Rhiant neu ofalwr", "Parent or carer"),
            Self::KeyAdult => pair("Oedolyn allweddol", "Key adult"),
            Self::Eps => pair("Gwasanaeth Seicoleg Addysg", "Educational Psychology Service"),
            Self::SchoolStaff => pair("Staff yr ysgol", "School staff"),
            Self::Health => pair("Iechyd", "Health"),
            Self::Other => pair("Arall", "Other"),
        }
    }
}

/// Somebody at a meeting. No `Debug` of the name.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Present {
    /// As what.
    pub who: Who,
    /// Their name, 1 to 200 characters.
    pub name: String,
}

/// The return plan. No `Debug` of it. Each text has 1 to 4,000 characters.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// What upsets.
    pub triggers: String,
    /// What helps: what the pupil can do, what others can.
    pub what_helps: String,
    /// Where the pupil can go.
    pub safe_places: String,
    /// Whom the pupil turns to.
    pub key_adult: String,
    /// What is done differently.
    pub adjustments: String,
    /// The part-time timetable, when there is one.
    pub timetable: Option<String>,
}

/// What a plan's part-time timetable says besides itself: it is kept as a reduced timetable ([`crate::provision`]), with the
/// same checks and the same alarms.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct PartTime {
    /// Its first day; the day the pupil is expected back, or the day of the plan, when it is not said.
    pub from: Option<NaiveDate>,
    /// When it is looked at again. There must be one.
    pub review_on: Option<NaiveDate>,
    /// Minutes of school offered in a week.
    pub minutes_per_week: Option<i64>,
    /// Who consented, and when.
    pub consent: Option<Consent>,
    /// Why the pupil can't follow the whole timetable.
    pub reason: Option<String>,
}

/// What was said at a step. Sealed as a whole.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepContent {
    /// The school's assessment.
    RiskAssessment {
        /// Whether the psychology service took part.
        with_eps: bool,
        /// What was found, in words.
        findings: String,
    },
    /// The meeting.
    ReturnMeeting {
        /// Who was there.
        present: Vec<Present>,
        /// What was said.
        note: Option<String>,
    },
    /// The plan.
    ReturnPlan(Plan),
    /// A note at a return, a review or the closing.
    Note(String),
}

macro_rules! no_debug {
    ($($name:ident),*) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )*};
}
no_debug!(Present, Plan, PartTime, StepContent, TakeStep);

/// A step as it is taken, not yet checked.
#[derive(Clone)]
pub enum TakeStep {
    /// The risks of the return were assessed.
    RiskAssessment {
        /// When.
        held_on: NaiveDate,
        /// Whether the psychology service took part.
        with_eps: bool,
        /// What was found.
        findings: String,
    },
    /// They met.
    ReturnMeeting {
        /// When.
        held_on: NaiveDate,
        /// Who was there.
        present: Vec<Present>,
        /// What was said.
        note: Option<String>,
    },
    /// A plan was agreed; the first one, or one that takes its place.
    ReturnPlan {
        /// When.
        agreed_on: NaiveDate,
        /// What it says.
        plan: Plan,
        /// When it is looked at again.
        review_on: NaiveDate,
        /// The last day of the part-time timetable, when there is one.
        part_time_until: Option<NaiveDate>,
        /// The rest of it.
        part_time: PartTime,
    },
    /// The pupil came back.
    Return {
        /// When.
        on: NaiveDate,
        /// How.
        attendance: Attendance,
    },
    /// The pupil attends full time.
    FullTime {
        /// Since when.
        on: NaiveDate,
    },
    /// A review was held.
    Review {
        /// When.
        held_on: NaiveDate,
        /// Whether the pupil attends. A review that doesn't say so shows no return to be sustained.
        attendance: Option<ReviewAttendance>,
        /// What was found.
        note: String,
        /// When the next is, if another than the usual.
        next_on: Option<NaiveDate>,
    },
    /// The record is closed.
    Close {
        /// How it ended.
        outcome: Outcome,
        /// What was said.
        note: Option<String>,
    },
}

impl TakeStep {
    /// Which step it is.
    #[must_use]
    pub const fn step(&self) -> Step {
        match self {
            Self::RiskAssessment { .. } => Step::RiskAssessment,
            Self::ReturnMeeting { .. } => Step::ReturnMeeting,
            Self::ReturnPlan { .. } => Step::ReturnPlan,
            Self::Return { .. } => Step::Return,
            Self::FullTime { .. } => Step::FullTime,
            Self::Review { .. } => Step::Review,
            Self::Close { .. } => Step::Close,
        }
    }
}

/// What was noted at a step, opened.
#[derive(Debug, Clone)]
pub struct Noted {
    /// At which step.
    pub step: Step,
    /// Which time.
    pub turn: i64,
    /// When it was held, agreed or happened.
    pub held_on: NaiveDate,
    /// The next date it names: a plan's or a review's.
    pub next_on: Option<NaiveDate>,
    /// The last day of the part-time timetable.
    pub part_time_until: Option<NaiveDate>,
    /// Whether the pupil attended when a review was held.
    pub attendance: Option<ReviewAttendance>,
    /// Whether it is a return that was taken back since.
    pub taken_back: bool,
    /// What was said.
    pub content: Option<StepContent>,
    /// When it was noted.
    pub noted_at: Utc,
    /// By whom.
    pub noted_by: PersonId,
}
