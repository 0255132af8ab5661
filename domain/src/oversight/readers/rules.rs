//! What an audit entry of a reading says. Pure.

use crate::access::{Basis, Grant, Relation};

use super::model::Part;

/// What was read, by the action's word (`warrn.read`, `case.read_people`) and the detail's first.
pub(in crate::oversight) fn part(action: &str, detail: &str) -> Part {
    let what = action.split_once(".read").map_or("", |(_, rest)| rest.trim_start_matches('_'));
    let first = detail.split(' ').next().unwrap_or_default();
    match what {
        "people" => Part::People,
        "tasks" => Part::Tasks,
        "document" | "documents" => Part::Documents,
        "readers" => Part::Readers,
        "" | "content" => first.parse().unwrap_or(Part::Other),
        _ => Part::Other,
    }
}

/// Whether a reading opened something sealed.
pub(in crate::oversight) fn is_opening(action: &str, detail: &str) -> bool {
    part(action, detail).is_opening()
}

/// On what ground, when the entry says it.
pub(in crate::oversight) fn basis(detail: &str) -> Option<Basis> {
    detail.split(' ').rev().find_map(|word| word.parse().ok())
}

/// Whether a grant is that of somebody who watches over the whole: they see names.
pub(super) fn watches_over<T>(pass: &Grant<T>) -> bool {
    matches!(pass.basis(), Basis::System | Basis::Role(_, Relation::Any))
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
            ("referral.read", "envelope headteacher/own_school", Part::Envelope),
            ("referral.read_content", "content dsp/own_school", Part::Content),
            ("case.read_people", "content dsp/recipient", Part::People),
            ("case.read_tasks", "content dsp/recipient", Part::Tasks),
            ("case.read_documents", "names dsp/recipient", Part::Documents),
            ("case.read_document", "content 018f dsp/recipient", Part::Documents),
            ("warrn.read_readers", "readers auditor/any", Part::Readers),
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
        assert_eq!(opening, [&Part::Envelope, &Part::Readers]);
    }
}
