//! What an audit entry of a reading says. Pure.

use crate::access::{Basis, Relation};
use crate::audit::Reading;

use super::model::Part;

/// What was read of a record or a child; none for readings of what is neither.
const fn part_of(reading: Reading) -> Option<Part> {
    match reading {
        Reading::ReferralEnvelope
        | Reading::ReferralTimeline
        | Reading::WarrnEnvelope
        | Reading::CaseEnvelope
        | Reading::CaseTimeline
        | Reading::CaseLinks
        | Reading::CasePauses => Some(Part::Envelope),
        Reading::ReferralContent | Reading::WarrnContent => Some(Part::Content),
        Reading::ReferralReaders | Reading::WarrnReaders | Reading::ChildReaders => Some(Part::Readers),
        Reading::WarrnSteps => Some(Part::Steps),
        Reading::WarrnFile => Some(Part::ReturnFile),
        Reading::WarrnProvision => Some(Part::Provision),
        Reading::WarrnProvisionFile => Some(Part::ProvisionFile),
        Reading::CasePeople => Some(Part::People),
        Reading::CaseTasks => Some(Part::Tasks),
        Reading::CaseDocuments | Reading::CaseDocument => Some(Part::Documents),
        Reading::AccessGathered | Reading::AccessPieces | Reading::AccessBundle => Some(Part::SubjectAccess),
        Reading::Birthday => Some(Part::Birthday),
        Reading::AccessNothing
        | Reading::AccessRequest
        | Reading::HoldReason
        | Reading::EmergencyEnvelope
        | Reading::EmergencyReason
        | Reading::Alerts
        | Reading::SurveyText
        | Reading::Concerns
        | Reading::AccessReport => None,
    }
}

/// What was read, by the words of the entry.
pub(in crate::oversight) fn part(action: &str, detail: &str) -> Part {
    Reading::of(action, detail).and_then(part_of).unwrap_or(Part::Other)
}

/// Whether a reading opened something sealed of a record or a child. What this version has no word for may have.
pub(in crate::oversight) fn is_opening(action: &str, detail: &str) -> bool {
    Reading::of(action, detail).is_none_or(|reading| part_of(reading).is_some_and(Part::is_opening))
}

/// On what ground, when the entry says it.
pub(in crate::oversight) fn basis(detail: &str) -> Option<Basis> {
    detail.split(' ').rev().find_map(|word| word.parse().ok())
}

/// Whether the ground of a grant is that of somebody who watches over the whole: they see names.
pub(super) fn watches_over(ground: Basis) -> bool {
    matches!(ground, Basis::System | Basis::Role(_, Relation::Any))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Role;

    #[test]
    fn every_reading_on_record_is_understood() {
        for (action, detail, expected) in [
            ("warrn.read", "envelope dsp/recipient", Part::Envelope),
            ("warrn.read", "content", Part::Content),
            ("warrn.read", "steps in_reach_worker/sender", Part::Steps),
            ("warrn.read", "steps content dsp/recipient", Part::ReturnFile),
            ("warrn.read", "provision dsp/recipient", Part::Provision),
            ("warrn.read", "content provision dsp/recipient", Part::ProvisionFile),
            ("referral.read", "envelope headteacher/own_school", Part::Envelope),
            ("referral.read", "envelope timeline headteacher/own_school", Part::Envelope),
            ("referral.read_content", "content dsp/own_school", Part::Content),
            ("case.read_people", "content dsp/recipient", Part::People),
            ("case.read_tasks", "content dsp/recipient", Part::Tasks),
            ("case.read_documents", "names dsp/recipient", Part::Documents),
            ("case.read_document", "content 018f dsp/recipient", Part::Documents),
            ("warrn.read_readers", "readers auditor/any", Part::Readers),
            ("subject_access.read_case", "bundle safeguarding_lead/any", Part::SubjectAccess),
            ("retention.read_birthday", "content", Part::Birthday),
            ("warrn.read_plan", "content dsp/recipient", Part::Other),
            ("warrn.read", "something", Part::Other),
            ("warrn.read", "", Part::Other),
        ] {
            assert_eq!(part(action, detail), expected, "{action} {detail}");
        }
        assert_eq!(basis("content 018f officer/emergency"), Some(Basis::Role(Role::Officer, Relation::Emergency)));
        assert_eq!(basis("content system"), Some(Basis::System));
        for none in ["content", "", "officer/", "/emergency", "officer-emergency"] {
            assert_eq!(basis(none), None, "{none}");
        }
        let opening: Vec<_> = Part::ALL.iter().filter(|p| !p.is_opening()).collect();
        assert_eq!(opening, [&Part::Envelope, &Part::Readers, &Part::Steps, &Part::Provision]);
    }

    #[test]
    fn an_entry_tells_whether_something_sealed_was_opened() {
        for (action, detail, opens) in [
            ("warrn.read", "content dsp/recipient", true),
            ("case.read_document", "content 018f dsp/recipient", true),
            ("warrn.read", "envelope dsp/recipient", false),
            ("warrn.read_readers", "readers auditor/any", false),
            ("emergency.read", "envelope auditor/any", false),
            ("access_report.read", "report auditor/any", false),
            ("warrn.read", "a word to come", true),
        ] {
            assert_eq!(is_opening(action, detail), opens, "{action} {detail}");
        }
    }

    #[test]
    fn names_are_for_whoever_watches_over_the_whole() {
        assert!(watches_over(Basis::System));
        for relation in Relation::ALL {
            let ground = Basis::Role(Role::SafeguardingLead, *relation);
            assert_eq!(watches_over(ground), *relation == Relation::Any, "{ground}");
        }
    }
}
