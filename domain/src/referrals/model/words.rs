//! The words of a referral: states, commands, reasons, and their names in both languages.

use crate::kernel::{Bilingual, pair, text_enum};

text_enum! {
    /// Where a referral stands.
    pub enum State {
        /// With the service, which has to decide.
        Submitted = "submitted",
        /// With the school, which has to answer a question.
        InfoRequested = "info_requested",
        /// The service took it.
        Accepted = "accepted",
        /// The service declined it, with a reason.
        Declined = "declined",
        /// The service passed it to another; its successor goes on.
        Redirected = "redirected",
    }
}

impl State {
    /// Whether nothing follows it: the referral's case is closed.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Declined | Self::Redirected)
    }

    /// Its name. Welsh awaits a translator's review.
    #[must_use]
    pub const fn name(self) -> Bilingual<&'static str> {
        match self {
            Self::Submitted => pair("Cyflwynwyd", "Submitted"),
            Self::InfoRequested => pair("Gofynnwyd am wybodaeth", "Information requested"),
            Self::Accepted => pair("Derbyniwyd", "Accepted"),
            Self::Declined => pair("Gwrthodwyd", "Declined"),
            Self::Redirected => pair("Ailgyfeiriwyd", "Redirected"),
        }
    }
}

/// What can be done to a referral once it is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Command {
    /// The service takes it.
    Accept,
    /// The service asks the school something.
    RequestInformation,
    /// The school answers.
    Answer,
    /// The service declines it.
    Decline,
    /// The service passes it to another.
    Redirect,
}

impl Command {
    /// Every command.
    pub const ALL: &'static [Self] =
        &[Self::Accept, Self::RequestInformation, Self::Answer, Self::Decline, Self::Redirect];
}

text_enum! {
    /// How soon the school asks for an answer.
    pub enum Urgency {
        /// In its turn.
        Routine = "routine",
        /// Sooner than in its turn.
        Soon = "soon",
        /// First.
        Urgent = "urgent",
    }
}

impl Urgency {
    /// Its name. Welsh awaits a translator's review.
    #[must_use]
    pub const fn name(self) -> Bilingual<&'static str> {
        match self {
            Self::Routine => pair("Arferol", "Routine"),
            Self::Soon => pair("Yn fuan", "Soon"),
            Self::Urgent => pair("Brys", "Urgent"),
        }
    }
}

text_enum! {
    /// Who agreed to the referral.
    pub enum ConsentBy {
        /// A parent.
        Parent = "parent",
        /// A carer.
        Carer = "carer",
        /// The young person.
        YoungPerson = "young_person",
    }
}

text_enum! {
    /// Why a service declines.
    pub enum DeclineReason {
        /// The child is outside the service's eligibility.
        NotEligible = "not_eligible",
        /// What the school has tried is not told well enough to decide.
        InsufficientEvidence = "insufficient_evidence",
        /// Another service would help better.
        OtherServiceBetter = "other_service_better",
        /// The child is helped elsewhere already.
        NeedsMetElsewhere = "needs_met_elsewhere",
        /// Something else, told in the note.
        Other = "other",
    }
}

impl DeclineReason {
    /// Its name. Welsh awaits a translator's review.
    #[must_use]
    pub const fn name(self) -> Bilingual<&'static str> {
        match self {
            Self::NotEligible => pair("Y tu allan i gymhwysedd y gwasanaeth", "Outside the service's eligibility"),
            Self::InsufficientEvidence => pair("Dim digon o dystiolaeth", "Not enough evidence"),
            Self::OtherServiceBetter => {
                pair("Byddai gwasanaeth arall yn helpu'n well", "Another service would help better")
            }
            Self::NeedsMetElsewhere => pair("Diwellir yr anghenion mewn man arall", "Needs are met elsewhere"),
            Self::Other => pair("Rheswm arall", "Another reason"),
        }
    }
}

text_enum! {
    /// What happened to a referral.
    pub enum EventKind {
        /// It came in and was routed.
        Opened = "opened",
        /// The service took it.
        Accepted = "accepted",
        /// The service asked something.
        InfoRequested = "info_requested",
        /// The school answered.
        Answered = "answered",
        /// The service declined it.
        Declined = "declined",
        /// The service passed it on.
        Redirected = "redirected",
    }
}
