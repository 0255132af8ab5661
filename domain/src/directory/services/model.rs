//! A service and its gate.

use serde::{Deserialize, Serialize};

use crate::kernel::{Bilingual, Phase, ServiceId, YearGroup};

/// A service schools refer to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Its id.
    pub id: ServiceId,
    /// Its short word in addresses and files (`eps`).
    pub code: String,
    /// Its name.
    pub name: Bilingual,
    /// What a referral must meet.
    pub gate: Gate,
    /// Whether it takes referrals now.
    pub active: bool,
}

/// What a referral must meet before a service looks at it. Data, not code: an authority sets its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// The first and last year group taken (0 is Reception); every one when none.
    #[serde(default)]
    pub years: Option<(u8, u8)>,
    /// The phases taken; every one when empty.
    #[serde(default)]
    pub phases: Vec<Phase>,
    /// Whether someone's consent must be recorded.
    pub consent_required: bool,
    /// Whether the school must say what it has already tried.
    pub evidence_required: bool,
    /// The named queue of a referral for which no officer is found.
    pub queue: String,
}

impl Gate {
    /// Whether a pupil of this year group, at a school of this phase, may be referred.
    #[must_use]
    pub fn takes(&self, year: YearGroup, phase: Phase) -> bool {
        self.years.is_none_or(|(first, last)| (first..=last).contains(&year.number()))
            && (self.phases.is_empty() || self.phases.contains(&phase))
    }
}
