//! What is routed, where to, and the reasons.

use serde::{Deserialize, Serialize};

use crate::directory::officers::KeyArea;
use crate::kernel::{Bilingual, Medium, OfficerId, Phase, SchoolNumber, ServiceId, pair, text_enum};

/// What the decision needs to know of an item: nothing of a child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The service it is for.
    pub service: ServiceId,
    /// That service's code, for people.
    pub service_code: String,
    /// What it is about, when that is known.
    pub key_area: Option<KeyArea>,
    /// The school it comes from.
    pub school: SchoolNumber,
    /// That school's cluster.
    pub cluster: Option<String>,
    /// That school's phase.
    pub phase: Phase,
    /// The language that school teaches in.
    pub medium: Medium,
    /// The service's named queue, for when there is no officer.
    pub queue: String,
}

/// Who gets the item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// An officer of the contact list.
    Officer(OfficerId),
    /// A service's named queue.
    Queue(String),
}

text_enum! {
    /// Why an officer was passed over or chosen. Words are stored with the item.
    pub enum Reason {
        /// Works for the service but not with this school.
        NotCovering = "not_covering",
        /// Would have been the one, but is away.
        Absent = "absent",
        /// Stands in for an absent officer, but is away too.
        DeputyAbsent = "deputy_absent",
        /// Stands in for an absent officer, but left the contact list.
        DeputyNotListed = "deputy_not_listed",
        /// The chain of deputies comes back to someone already asked.
        DeputyLoop = "deputy_loop",
        /// Stands in for an absent officer, and gets it.
        DeputyUsed = "deputy_used",
        /// Gets it.
        Chosen = "chosen",
        /// Covers the school less closely than the one who gets it.
        LessSpecific = "less_specific",
        /// Covers it as closely, but looks after other areas.
        OtherArea = "other_area",
        /// Equal in everything; the list's fixed order decided.
        LaterInOrder = "later_in_order",
        /// Nobody works for the service and covers the school.
        NoCandidate = "no_candidate",
        /// Everyone who could have it is away without a deputy.
        NobodyPresent = "nobody_present",
    }
}

impl Reason {
    /// The reason in words, to stand after an officer's name and a colon, or alone where nobody is meant. Welsh awaits a
    /// translator's review.
    #[must_use]
    pub const fn text(self) -> Bilingual<&'static str> {
        match self {
            Self::NotCovering => pair("nid yw'n gweithio gyda'r ysgol hon", "does not work with this school"),
            Self::Absent => pair("yn absennol ar y diwrnod hwn", "absent on this day"),
            Self::DeputyAbsent => pair("dirprwy, ond yn absennol hefyd", "deputy, but absent too"),
            Self::DeputyNotListed => {
                pair("dirprwy, ond heb fod ar y rhestr gyswllt mwyach", "deputy, but no longer on the contact list")
            }
            Self::DeputyLoop => {
                pair("dirprwy yr ystyriwyd eisoes; daeth y gadwyn i ben", "deputy already considered; the chain ended")
            }
            Self::DeputyUsed => pair("dewiswyd fel dirprwy", "chosen as deputy"),
            Self::Chosen => pair("dewiswyd", "chosen"),
            Self::LessSpecific => {
                pair("yn cwmpasu'r ysgol yn llai penodol na'r dewis", "covers the school less closely than the choice")
            }
            Self::OtherArea => pair("yn gyfrifol am feysydd eraill", "looks after other areas"),
            Self::LaterInOrder => {
                pair("yr un mor addas; trefn sefydlog y rhestr a benderfynodd", "as suitable; the list's order decided")
            }
            Self::NoCandidate => pair(
                "Nid oes swyddog i'r gwasanaeth hwn sy'n gweithio gyda'r ysgol; aeth i giw'r gwasanaeth",
                "No officer of this service works with the school; it went to the service's queue",
            ),
            Self::NobodyPresent => pair(
                "Mae pob swyddog addas yn absennol heb ddirprwy; aeth i giw'r gwasanaeth",
                "Every suitable officer is absent without a deputy; it went to the service's queue",
            ),
        }
    }
}

/// One officer considered, or the end of the search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Why.
    pub code: Reason,
    /// Who; nobody at the end of a search in vain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub officer: Option<OfficerId>,
    /// For whom they stand in, where they are a deputy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<OfficerId>,
}

impl Step {
    /// The step as a sentence in both languages. `name` gives an officer's name, when the reader may see it.
    pub fn sentence(&self, name: impl Fn(OfficerId) -> Option<String>) -> Bilingual {
        let text = self.code.text();
        let Some(officer) = self.officer else {
            return Bilingual { cy: format!("{}.", text.cy), en: format!("{}.", text.en) };
        };
        let who = name(officer);
        let other = self.instead_of.and_then(name);
        let say = |unknown: &str, what: &str, link: &str| {
            let who = who.as_deref().unwrap_or(unknown);
            other.as_deref().map_or_else(|| format!("{who}: {what}."), |o| format!("{who}: {what} ({link} {o})."))
        };
        Bilingual { cy: say("Swyddog", text.cy, "yn lle"), en: say("Officer", text.en, "instead of") }
    }
}

/// Where an item goes and every step that led there. Stored with the item as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Who gets it.
    pub to: Target,
    /// The steps, in the order taken.
    pub steps: Vec<Step>,
}

impl Decision {
    /// The officer, when it is one.
    #[must_use]
    pub const fn officer(&self) -> Option<OfficerId> {
        match self.to {
            Target::Officer(id) => Some(id),
            Target::Queue(_) => None,
        }
    }

    /// The queue, when it is one.
    #[must_use]
    pub fn queue(&self) -> Option<&str> {
        match &self.to {
            Target::Officer(_) => None,
            Target::Queue(name) => Some(name),
        }
    }
}
