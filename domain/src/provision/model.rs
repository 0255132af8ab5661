//! What special provision is, and what its readers see.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::kernel::{Bilingual, PersonId, ProvisionId, PupilId, Reference, SchoolId, Utc, WarrnId, pair, text_enum};

text_enum! {
    /// What is provided.
    pub enum Kind {
        /// A positive handling plan: what is agreed for when the child is in danger.
        HandlingPlan = "handling_plan",
        /// Fewer hours at school for a short time, with consent.
        ReducedTimetable = "reduced_timetable",
        /// Education otherwise than at school.
        Eotas = "eotas",
    }
}

impl Kind {
    /// Its name. Welsh awaits a translator's review.
    #[must_use]
    pub const fn name(self) -> Bilingual<&'static str> {
        match self {
            Self::HandlingPlan => pair("Cynllun trafod cadarnhaol", "Positive handling plan"),
            Self::ReducedTimetable => pair("Amserlen lai", "Reduced timetable"),
            Self::Eotas => pair("Addysg heblaw yn yr ysgol", "Education otherwise than at school"),
        }
    }
}

text_enum! {
    /// Where a child is taught who is not taught at school. The product's own list: the official values were not to be
    /// verified (`facts/domain.md` §8, "Provision type values").
    pub enum Placement {
        /// A pupil referral unit.
        PupilReferralUnit = "pupil_referral_unit",
        /// Individual or home tuition.
        HomeTuition = "home_tuition",
        /// An independent school.
        IndependentSchool = "independent_school",
        /// A college of further education.
        FurtherEducation = "further_education",
        /// Work-based learning.
        WorkBased = "work_based",
        /// A youth service or the third sector.
        YouthOrThirdSector = "youth_or_third_sector",
        /// Bought from a private provider.
        PrivateProvider = "private_provider",
        /// A hospital or teaching centre.
        Hospital = "hospital",
        /// A place is still being looked for.
        Awaiting = "awaiting",
    }
}

impl Placement {
    /// Its name. Welsh awaits a translator's review.
    #[must_use]
    pub const fn name(self) -> Bilingual<&'static str> {
        match self {
            Self::PupilReferralUnit => pair("Uned cyfeirio disgyblion", "Pupil referral unit"),
            Self::HomeTuition => pair("Hyfforddiant unigol neu yn y cartref", "Individual or home tuition"),
            Self::IndependentSchool => pair("Ysgol annibynnol", "Independent school"),
            Self::FurtherEducation => pair("Coleg addysg bellach", "Further education college"),
            Self::WorkBased => pair("Dysgu seiliedig ar waith", "Work-based learning"),
            Self::YouthOrThirdSector => {
                pair("Gwasanaeth ieuenctid neu'r trydydd sector", "Youth service or third sector")
            }
            Self::PrivateProvider => pair("Darparwr preifat", "Private provider"),
            Self::Hospital => pair("Ysbyty neu ganolfan addysgu", "Hospital or teaching centre"),
            Self::Awaiting => pair("Yn aros am leoliad", "Awaiting a placement"),
        }
    }
}

text_enum! {
    /// How provision ended.
    pub enum Ending {
        /// The child attends full time.
        FullTime = "full_time",
        /// Another of its kind takes its place.
        Extended = "extended",
        /// The child is taught somewhere else.
        PlacementChanged = "placement_changed",
        /// The child is back at school: the reintegration.
        ReturnedToSchool = "returned_to_school",
        /// It is not needed any more, or was called off.
        NoLongerNeeded = "no_longer_needed",
    }
}

impl Ending {
    /// Its name. Welsh awaits a translator's review.
    #[must_use]
    pub const fn name(self) -> Bilingual<&'static str> {
        match self {
            Self::FullTime => pair("Yn ôl yn llawn amser", "Full time again"),
            Self::Extended => pair("Un newydd yn ei le", "Replaced by a new one"),
            Self::PlacementChanged => pair("Newidiwyd y lleoliad", "Placement changed"),
            Self::ReturnedToSchool => pair("Dychwelodd i'r ysgol", "Returned to school"),
            Self::NoLongerNeeded => pair("Dim ei angen mwyach", "No longer needed"),
        }
    }
}

text_enum! {
    /// A clock of provision, as a milestone of its record's case. The words don't say what is provided.
    pub enum Clock {
        /// It is to be looked at again.
        Review = "provision_review",
        /// It ends, or was planned to.
        End = "provision_end",
    }
}

text_enum! {
    /// What a note was written at.
    pub enum NoteKind {
        /// A review.
        Review = "review",
        /// Another end than planned.
        Extension = "extension",
        /// The end.
        End = "end",
    }
}

impl NoteKind {
    /// Its name. Welsh awaits a translator's review.
    #[must_use]
    pub const fn name(self) -> Bilingual<&'static str> {
        match self {
            Self::Review => pair("Adolygiad", "Review"),
            Self::Extension => pair("Dyddiad gorffen newydd", "New end date"),
            Self::End => pair("Diwedd", "End"),
        }
    }
}

/// Who consented, and when.
#[derive(Clone, PartialEq, Eq)]
pub struct Consent {
    /// Who, 1 to 200 characters.
    pub by: String,
    /// When.
    pub on: NaiveDate,
}

/// Provision as it begins, not yet checked. Which texts it needs follows from its kind.
#[derive(Clone)]
pub struct StartProvision {
    /// What is provided.
    pub kind: Kind,
    /// Its first day.
    pub starts_on: NaiveDate,
    /// When it is looked at again.
    pub review_on: NaiveDate,
    /// Its last day; for education otherwise than at school the planned reintegration. A reduced timetable has one.
    pub ends_on: Option<NaiveDate>,
    /// The plan; a reduced timetable's says how the child comes back to full time, a placement's to school.
    pub plan: String,
    /// What sets it off; of a handling plan.
    pub triggers: Option<String>,
    /// The techniques agreed; of a handling plan.
    pub techniques: Option<String>,
    /// Minutes of school offered in a week; of a reduced timetable.
    pub minutes_per_week: Option<i64>,
    /// Consent; of a reduced timetable.
    pub consent: Option<Consent>,
    /// Why; of a reduced timetable.
    pub reason: Option<String>,
    /// Where; of a placement.
    pub placement: Option<Placement>,
    /// By whom; of a placement, unless one is still being looked for.
    pub provider: Option<String>,
}

/// A review as it is noted.
#[derive(Clone)]
pub struct ReviewProvision {
    /// When it was held.
    pub held_on: NaiveDate,
    /// What was found.
    pub note: String,
    /// When the next is. Only provision with an end can go without.
    pub next_on: Option<NaiveDate>,
}

/// Another end than planned.
#[derive(Clone)]
pub struct ExtendProvision {
    /// The new last day.
    pub ends_on: NaiveDate,
    /// Why.
    pub reason: String,
    /// Consent; of a reduced timetable that lasts longer.
    pub consent: Option<Consent>,
}

/// The end.
#[derive(Clone)]
pub struct EndProvision {
    /// Its last day, as it was.
    pub on: NaiveDate,
    /// How.
    pub ending: Ending,
    /// What was said.
    pub note: Option<String>,
}

/// What is sealed of provision.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// The plan.
    pub plan: String,
    /// What sets it off.
    pub triggers: Option<String>,
    /// The techniques agreed.
    pub techniques: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Who consented.
    pub consent_by: Option<String>,
    /// By whom.
    pub provider: Option<String>,
}

/// What is sealed of a note.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteContent {
    /// What was said.
    pub text: Option<String>,
    /// Who consented to a longer timetable.
    pub consent_by: Option<String>,
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
no_debug!(Consent, StartProvision, ReviewProvision, ExtendProvision, EndProvision, Content, NoteContent);

/// Provision without what is sealed of it. Child and school are the record's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provision {
    /// Its id.
    pub id: ProvisionId,
    /// The record it belongs to.
    pub record: WarrnId,
    /// Its reference.
    pub reference: Reference,
    /// The child's school.
    pub school: SchoolId,
    /// The child, as an id.
    pub pupil: PupilId,
    /// What is provided.
    pub kind: Kind,
    /// Its first day.
    pub starts_on: NaiveDate,
    /// When it is looked at next.
    pub review_on: Option<NaiveDate>,
    /// Its last day as planned.
    pub ends_on: Option<NaiveDate>,
    /// Minutes of school offered in a week.
    pub minutes_per_week: Option<i64>,
    /// When consent was last given.
    pub consent_on: Option<NaiveDate>,
    /// Where.
    pub placement: Option<Placement>,
    /// When it ended, and how.
    pub ended: Option<(NaiveDate, Ending)>,
    /// When it was noted here.
    pub started_at: Utc,
    /// By whom.
    pub started_by: PersonId,
    /// Its version, for `If-Match`.
    pub version: i64,
}

impl Provision {
    /// Whether it runs, or is to begin.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.ended.is_none()
    }
}

/// A note, opened.
#[derive(Debug, Clone)]
pub struct Noted {
    /// At what.
    pub kind: NoteKind,
    /// When it was held, agreed or happened.
    pub held_on: NaiveDate,
    /// The date it names: the next review, the new end.
    pub next_on: Option<NaiveDate>,
    /// What was said.
    pub content: NoteContent,
    /// When it was noted.
    pub noted_at: Utc,
    /// By whom.
    pub noted_by: PersonId,
}

/// All there is of provision.
#[derive(Debug, Clone)]
pub struct ProvisionFile {
    /// What stands in the open.
    pub provision: Provision,
    /// What is sealed.
    pub content: Content,
    /// The notes, oldest first.
    pub notes: Vec<Noted>,
}
