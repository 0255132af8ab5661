//! Every reading that is put on record, by its words.
//!
//! An entry is made from one of these and understood as one of them, so who has seen a record and who reads unusually much
//! can't miss a kind of reading: where they say what each is, the compiler asks for every one.

use std::fmt::Display;

use crate::db::Work;
use crate::kernel::text_enum;

use super::model::Object;

text_enum! {
    /// What was read: the word of the action, then the first words of its detail.
    pub enum Reading {
        /// That there is a referral, and how far it is.
        ReferralEnvelope = "referral.read envelope",
        /// What happened to a referral, without what was said.
        ReferralTimeline = "referral.read envelope timeline",
        /// What a referral says.
        ReferralContent = "referral.read_content content",
        /// Who has seen a referral.
        ReferralReaders = "referral.read_readers readers",
        /// That there is a WARRN record, and how far it is.
        WarrnEnvelope = "warrn.read envelope",
        /// What a WARRN record says.
        WarrnContent = "warrn.read content",
        /// The steps of a return and their days.
        WarrnSteps = "warrn.read steps",
        /// The steps of a return with what was said at each.
        WarrnFile = "warrn.read steps content",
        /// Which special provision there is, and its days.
        WarrnProvision = "warrn.read provision",
        /// One special provision with what is written of it.
        WarrnProvisionFile = "warrn.read content provision",
        /// Who has seen a WARRN record.
        WarrnReaders = "warrn.read_readers readers",
        /// That there is a case.
        CaseEnvelope = "case.read envelope",
        /// What happened to a case, without what was said.
        CaseTimeline = "case.read envelope timeline",
        /// The cases linked with one.
        CaseLinks = "case.read envelope links",
        /// When a case's clocks stood still.
        CasePauses = "case.read envelope pauses",
        /// The people around the child.
        CasePeople = "case.read_people content",
        /// What is to be done.
        CaseTasks = "case.read_tasks content",
        /// The names of a case's documents.
        CaseDocuments = "case.read_documents names",
        /// One document.
        CaseDocument = "case.read_document content",
        /// Everything sealed in a case, taken apart for a request for a child's data.
        AccessGathered = "subject_access.read_case gathered",
        /// The pieces of a case that were found for such a request.
        AccessPieces = "subject_access.read_case pieces",
        /// What such a request is given of a case.
        AccessBundle = "subject_access.read_case bundle",
        /// A request for a child's data of which nothing is gathered yet.
        AccessNothing = "subject_access.read nothing",
        /// The pieces of such a request, whichever case they are of.
        AccessRequest = "subject_access.read content",
        /// A child's date of birth, to reckon how long their records are kept.
        Birthday = "retention.read_birthday content",
        /// Why something is held.
        HoldReason = "retention.read_hold content",
        /// Who has seen anything about a child.
        ChildReaders = "pupil.read_readers readers",
        /// That somebody broke the glass.
        EmergencyEnvelope = "emergency.read envelope",
        /// Why somebody broke the glass.
        EmergencyReason = "emergency.read_reason content",
        /// The alerts of a service.
        Alerts = "alert.read alerts",
        /// A text a pupil wrote in a survey.
        SurveyText = "survey.read_text content",
        /// In which classes help words were written.
        Concerns = "concern.read concerns",
        /// Who reads unusually much.
        AccessReport = "access_report.read report",
    }
}

impl Reading {
    /// The word of the action, and the first words of the detail.
    fn words(self) -> (&'static str, &'static str) {
        self.as_str().split_once(' ').unwrap_or((self.as_str(), ""))
    }

    /// Which reading an entry is of: the one that shares most words with it. None for a word this version does not know.
    #[must_use]
    pub fn of(action: &str, detail: &str) -> Option<Self> {
        let begins =
            |words: &str| detail.strip_prefix(words).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
        let fits = |reading: &&Self| reading.words().0 == action && begins(reading.words().1);
        Self::ALL.iter().filter(fits).max_by_key(|reading| reading.words().1.len()).copied()
    }
}

/// Records that the work's caller reads something of `object`, with words of ours more: on what ground, which one, how many.
pub fn read(work: &mut Work<'_>, reading: Reading, object: Object, more: impl Display) {
    let (action, first) = reading.words();
    super::record(work, action, object, format!("{first} {more}").trim_end());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reading_is_known_again_by_its_words() {
        for reading in Reading::ALL {
            let (action, first) = reading.words();
            assert!(action.contains(".read") && !first.is_empty(), "{reading}");
            for more in ["", " dsp/recipient", " 018f officer/emergency", " system"] {
                assert_eq!(Reading::of(action, &format!("{first}{more}")), Some(*reading), "{reading}{more}");
            }
        }
    }

    #[test]
    fn a_word_that_only_begins_like_one_is_another() {
        assert_eq!(Reading::of("warrn.read", "steps contents"), Some(Reading::WarrnSteps));
        for (action, detail) in [
            ("warrn.read", "stepson"),
            ("warrn.read", ""),
            ("warrn.reads", "steps"),
            ("warrn.read_plan", "content dsp/recipient"),
            ("case.read_document", "names dsp/recipient"),
        ] {
            assert_eq!(Reading::of(action, detail), None, "{action} {detail}");
        }
    }
}
