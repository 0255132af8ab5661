//! The names of roles and relationships in both languages. Welsh awaits a translator's review.

use crate::kernel::{Bilingual, pair};

use super::model::{Relation, Role};

impl Role {
    /// Its title.
    #[must_use]
    pub const fn name(self) -> Bilingual<&'static str> {
        match self {
            Self::SchoolSubmitter => pair("Staff ysgol", "School staff"),
            Self::Dsp => pair("Person diogelu dynodedig", "Designated safeguarding person"),
            Self::Headteacher => pair("Pennaeth", "Headteacher"),
            Self::Officer => pair("Swyddog", "Officer"),
            Self::TeamLead => pair("Arweinydd tîm", "Team lead"),
            Self::SafeguardingLead => pair("Arweinydd diogelu", "Safeguarding lead"),
            Self::InReachWorker => pair("Gweithiwr mewngymorth", "In-reach worker"),
            Self::Analyst => pair("Dadansoddwr", "Analyst"),
            Self::Auditor => pair("Archwilydd", "Auditor"),
            Self::Administrator => pair("Gweinyddwr", "Administrator"),
            Self::Integration => pair("System ysgol", "School system"),
        }
    }
}

impl Relation {
    /// On what ground, for who has seen a record.
    #[must_use]
    pub const fn name(self) -> Bilingual<&'static str> {
        match self {
            Self::Any => pair("Rôl", "Role"),
            Self::OwnSchool => pair("Yr un ysgol", "Same school"),
            Self::OwnService => pair("Yr un gwasanaeth", "Same service"),
            Self::Holder => pair("Yn gyfrifol amdano", "Responsible for it"),
            Self::Recipient => pair("Derbynnydd a enwir", "Named recipient"),
            Self::Sender => pair("Anfonwr", "Sender"),
            Self::Moved => pair("Newidiodd y plentyn ysgol", "The child has changed school"),
            Self::Emergency => pair("Mynediad brys", "Emergency access"),
        }
    }
}
