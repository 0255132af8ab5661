//! An emergency access, and its review.

use crate::access::Role;
use crate::cases::CaseKind;
use crate::kernel::{Bilingual, CaseId, EmergencyId, PersonId, Reference, SchoolId, Utc, pair, text_enum};

/// How long one lasts, in minutes (`facts/reliability.md` threat 6 and REC-2). Both databases check it too.
pub const MINUTES: i64 = 60;

/// How long a reason must be, in characters (`facts/reliability.md` REC-2).
pub const SHORTEST_REASON: usize = 20;

/// A person's wish to break the glass, as it came in. No `Debug` of the reason.
#[derive(Clone)]
pub struct NewEmergency {
    /// The reference of one of the child's records…
    pub reference: Option<String>,
    /// …or the child's id.
    pub pupil: Option<String>,
    /// Why.
    pub reason: String,
}

impl std::fmt::Debug for NewEmergency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewEmergency(…)")
    }
}

/// That somebody broke the glass. Says nothing of the child but their school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Emergency {
    /// Its id.
    pub id: EmergencyId,
    /// Its own reference, which no record shares.
    pub reference: Reference,
    /// Who.
    pub person: PersonId,
    /// As what.
    pub role: Role,
    /// The child's school.
    pub school: SchoolId,
    /// From when.
    pub started_at: Utc,
    /// Until when.
    pub ends_at: Utc,
    /// What another person made of it; none while that waits.
    pub review: Option<Review>,
}

impl Emergency {
    /// Whether it still opens anything.
    #[must_use]
    pub fn in_force(&self, now: Utc) -> bool {
        self.started_at <= now && now < self.ends_at
    }
}

text_enum! {
    /// What a reviewer made of an emergency access.
    pub enum Outcome {
        /// It was right.
        Appropriate = "appropriate",
        /// It was wrong.
        NotAppropriate = "not_appropriate",
        /// Something more has to be done.
        FurtherAction = "further_action",
    }
}

impl Outcome {
    /// Its name. Welsh awaits a translator's review.
    #[must_use]
    pub const fn name(self) -> Bilingual<&'static str> {
        match self {
            Self::Appropriate => pair("Priodol", "Appropriate"),
            Self::NotAppropriate => pair("Amhriodol", "Not appropriate"),
            Self::FurtherAction => pair("Angen gweithredu pellach", "Further action needed"),
        }
    }
}

/// Who reviewed it, when and how. The note is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Review {
    /// By whom.
    pub reviewer: PersonId,
    /// What they made of it.
    pub outcome: Outcome,
    /// When.
    pub reviewed_at: Utc,
}

/// A review, as it came in. No `Debug` of the note.
#[derive(Clone)]
pub struct NewReview {
    /// One of [`Outcome`]'s words.
    pub outcome: String,
    /// Why.
    pub note: String,
}

impl std::fmt::Debug for NewReview {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewReview(…)")
    }
}

/// A record the access opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseOpened {
    /// Its id.
    pub id: CaseId,
    /// What it is.
    pub kind: CaseKind,
    /// Its reference.
    pub reference: Reference,
}

/// What was said. No `Debug` of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Opened {
    /// The reason given.
    pub reason: String,
    /// The reviewer's note, once there is one.
    pub note: Option<String>,
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Opened(…)")
    }
}

/// An access as its reader may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmergencyView {
    /// What everybody sees who may know of it.
    pub emergency: Emergency,
    /// The child's records, for who started it and while it lasts.
    pub cases: Vec<CaseOpened>,
    /// What was said, for who reviews.
    pub opened: Option<Opened>,
    /// Whether that would open once the reader has proved a second factor again.
    pub step_up: bool,
    /// Whether the reader may review it now.
    pub may_review: bool,
}

/// What narrows a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EmergencyFilter {
    /// The caller's own alone.
    pub mine: bool,
    /// Those that wait for their review alone.
    pub unreviewed: bool,
}
