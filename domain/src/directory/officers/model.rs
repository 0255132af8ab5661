//! An officer of the contact list.

use chrono::NaiveDate;

use crate::identity::Preference;
use crate::kernel::{Bilingual, EmailAddress, Medium, OfficerId, Phase, SchoolNumber, ServiceId, pair, text_enum};

text_enum! {
    /// What an officer looks after: the key areas of `seeds/003`'s contact list (`facts/domain.md` §0).
    pub enum KeyArea {
        /// Social inclusion.
        SocialInclusion = "social_inclusion",
        /// Behaviour.
        Behaviour = "behaviour",
        /// Education other than at school.
        Eotas = "eotas",
        /// Elective home education.
        ElectiveHomeEducation = "elective_home_education",
        /// Wellbeing.
        Wellbeing = "wellbeing",
        /// Equalities.
        Equalities = "equalities",
        /// Bullying.
        Bullying = "bullying",
        /// Safeguarding.
        Safeguarding = "safeguarding",
        /// Youth Service.
        YouthService = "youth_service",
        /// Healthy Schools Scheme.
        HealthySchools = "healthy_schools",
        /// Period dignity.
        PeriodDignity = "period_dignity",
        /// Pupil voice.
        PupilVoice = "pupil_voice",
    }
}

impl KeyArea {
    /// Its name, as the contact list has it. Welsh awaits a translator's review.
    #[must_use]
    pub const fn name(self) -> Bilingual<&'static str> {
        match self {
            Self::SocialInclusion => pair("Cynhwysiant cymdeithasol", "Social inclusion"),
            Self::Behaviour => pair("Ymddygiad", "Behaviour"),
            Self::Eotas => pair("Addysg heblaw yn yr ysgol (EOTAS)", "Education other than at school (EOTAS)"),
            Self::ElectiveHomeEducation => pair("Addysg ddewisol yn y cartref", "Elective home education"),
            Self::Wellbeing => pair("Llesiant", "Wellbeing"),
            Self::Equalities => pair("Cydraddoldeb", "Equalities"),
            Self::Bullying => pair("Bwlio", "Bullying"),
            Self::Safeguarding => pair("Diogelu", "Safeguarding"),
            Self::YouthService => pair("Gwasanaeth Ieuenctid", "Youth Service"),
            Self::HealthySchools => pair("Ysgolion Iach", "Healthy Schools"),
            Self::PeriodDignity => pair("Urddas mislif", "Period dignity"),
            Self::PupilVoice => pair("Llais y disgybl", "Pupil voice"),
        }
    }
}

/// Which schools an officer covers. Someone with several covers what any of them names.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Coverage {
    /// Every school.
    All,
    /// One school.
    School(SchoolNumber),
    /// The schools of a cluster.
    Cluster(String),
    /// The schools of a phase.
    Phase(Phase),
    /// The schools that teach in a language.
    Medium(Medium),
}

/// Someone on the contact list. Officers stay when they leave it: old records name them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Officer {
    /// Their id.
    pub id: OfficerId,
    /// Their name.
    pub name: String,
    /// Where they are written to; also what tells them apart in a new list.
    pub email: EmailAddress,
    /// Their role's title, as the list has it.
    pub role_title: String,
    /// Their telephone number, as the list has it.
    pub phone: Option<String>,
    /// Their language.
    pub lang: Preference,
    /// What they look after.
    pub areas: Vec<KeyArea>,
    /// The services they work for.
    pub services: Vec<ServiceId>,
    /// Which schools they cover.
    pub coverage: Vec<Coverage>,
    /// Who stands in for them.
    pub deputy: Option<OfficerId>,
    /// The first and last day of their absence.
    pub absent: Option<(NaiveDate, NaiveDate)>,
    /// Whether they are on the list now.
    pub listed: bool,
}

impl Officer {
    /// Whether they are absent on a date; the first and the last day count.
    #[must_use]
    pub fn is_absent_on(&self, date: NaiveDate) -> bool {
        self.absent.is_some_and(|(from, until)| (from..=until).contains(&date))
    }
}
