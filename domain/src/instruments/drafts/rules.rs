//! What may be kept as a draft. Pure. Flaws are no hindrance: they are told, and keep it from being published.

use crate::instruments::Definition;
use crate::instruments::texts::control_characters;
use crate::kernel::{FaultCode, Faults};

/// Notes the texts no database can store, and that no reader could see: those with control characters.
pub(super) fn storable(definition: &Definition, faults: &mut Faults) {
    for at in control_characters(definition) {
        faults.add(at, FaultCode::BadCharacter);
    }
}

/// A copy under a code and a version. Its questions keep their comparability keys whatever their codes become.
pub(super) fn copied(of: &Definition, code: &str, version: i64) -> Definition {
    let mut copy = Definition { code: code.to_owned(), version, ..of.clone() };
    for question in &mut copy.questions {
        question.trend = Some(question.key().to_owned());
    }
    copy
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instruments::comparable;
    use crate::instruments::service::BUILTIN;
    use crate::kernel::YearGroups;

    fn shipped() -> Definition {
        serde_json::from_str(BUILTIN[0]).unwrap()
    }

    fn faults(definition: &Definition) -> Vec<(String, FaultCode)> {
        let mut faults = Faults::default();
        storable(definition, &mut faults);
        faults.into_vec().into_iter().map(|f| (f.pointer, f.code)).collect()
    }

    #[test]
    fn what_cannot_be_stored_is_told_with_its_place() {
        let mut definition = shipped();
        assert_eq!(faults(&definition), []);
        definition.title.cy = "Arolwg\nbwlio".into();
        assert_eq!(faults(&definition), [], "a line may be broken");
        definition.title.cy = "Arolwg\0".into();
        definition.questions[1].code = "a\u{1b}".into();
        let choices = definition.sets.remove("there_is").unwrap();
        definition.sets.insert("a\0".into(), choices);
        assert_eq!(faults(&definition).len(), 3);
        assert!(faults(&definition).contains(&("/title/cy".into(), FaultCode::BadCharacter)));
        assert!(faults(&definition).contains(&("/questions/1/code".into(), FaultCode::BadCharacter)));
        assert!(faults(&definition).contains(&("/sets".into(), FaultCode::BadCharacter)));
    }

    #[test]
    fn a_copy_stays_comparable_whatever_its_questions_are_called() {
        let first = shipped();
        let mut copy = copied(&first, "own", 1);
        assert_eq!((copy.code.as_str(), copy.version), ("own", 1));
        copy.questions[0].code = "safe_here".into();
        assert_eq!(
            comparable((&copy, YearGroups::ALL), (&first, YearGroups::ALL)).get("safe_here").map(String::as_str),
            Some("safe_school")
        );
        assert_eq!(comparable((&copy, YearGroups::ALL), (&first, YearGroups::ALL)).len(), first.questions.len());
    }
}
