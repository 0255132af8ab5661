//! What a sound reason is, and who may review. Pure.

use crate::kernel::{Actor, FaultCode, Faults, FreeText, PersonId, PupilId, Reference};

use super::model::{NewEmergency, NewReview, Outcome, SHORTEST_REASON};

/// Longest reason and longest note, in characters (the product's own bound).
const LONGEST: usize = 2000;

/// Whose records are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum About {
    /// Those of the child this record is about.
    Case(Reference),
    /// This child's.
    Pupil(PupilId),
}

/// A reason that says something: long enough, and not one key held down.
pub(super) fn reason(raw: &str) -> Result<String, FaultCode> {
    let text = FreeText::<LONGEST>::parse(raw)?;
    let text = text.as_str();
    let mut said = text.chars().filter(|c| !c.is_whitespace());
    let first = said.next();
    if text.chars().count() < SHORTEST_REASON || said.all(|c| Some(c) == first) {
        return Err(FaultCode::TooShort);
    }
    Ok(text.to_owned())
}

/// Whose records, when exactly one way of saying it was used.
fn about(new: &NewEmergency, faults: &mut Faults) -> Option<About> {
    match (&new.reference, &new.pupil) {
        (Some(reference), None) => faults.keep("/reference", Reference::parse(reference)).map(About::Case),
        (None, Some(pupil)) => {
            let id = pupil.parse().map_err(|_| FaultCode::BadFormat);
            faults.keep("/pupil", id).map(About::Pupil)
        }
        (None, None) => {
            faults.add("/reference", FaultCode::Missing);
            None
        }
        (Some(_), Some(_)) => {
            // One child: two ways of saying it could name two.
            faults.add("/pupil", FaultCode::TooMany);
            None
        }
    }
}

/// Reads a wish to break the glass and notes every fault.
pub(super) fn parse(new: &NewEmergency, faults: &mut Faults) -> Option<(About, String)> {
    let about = about(new, faults);
    let reason = faults.keep("/reason", reason(&new.reason));
    Some((about?, reason?))
}

/// Reads a review and notes every fault.
pub(super) fn parse_review(new: &NewReview, faults: &mut Faults) -> Option<(Outcome, String)> {
    let outcome = faults.keep("/outcome", new.outcome.parse());
    let note = faults.keep("/note", FreeText::<LONGEST>::parse(&new.note));
    Some((outcome?, note?.as_str().to_owned()))
}

/// Whether somebody is another person than the one who broke the glass.
pub(super) fn is_another(reviewer: Actor, started_by: PersonId) -> bool {
    matches!(reviewer, Actor::Person(id) if id != started_by)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{ClientId, Code};

    #[test]
    fn a_reason_says_something() {
        let nineteen = "a child is at risk!";
        assert_eq!(nineteen.chars().count(), 19);
        for (raw, fault) in [
            ("", FaultCode::Missing),
            ("   \n  ", FaultCode::Missing),
            (nineteen, FaultCode::TooShort),
            (&format!("   {nineteen}      "), FaultCode::TooShort),
            (&"x".repeat(40), FaultCode::TooShort),
            (&"x ".repeat(40), FaultCode::TooShort),
            (&"ŵyr ".repeat(501), FaultCode::TooLong),
            ("a reason with a \0 in it that is long", FaultCode::BadCharacter),
        ] {
            assert_eq!(reason(raw), Err(fault), "{raw:?}");
        }
        assert_eq!(reason(&format!(" {nineteen}! ")).unwrap(), format!("{nineteen}!"));
        // Characters, not bytes: nineteen two-byte letters are nineteen.
        assert!(reason(&"ŵŷ".repeat(9)).is_err());
        assert!(reason(&"ŵŷ".repeat(10)).is_ok());
    }

    fn told(reference: Option<&str>, pupil: Option<&str>, reason: &str) -> Vec<(String, FaultCode)> {
        let new = NewEmergency {
            reference: reference.map(str::to_owned),
            pupil: pupil.map(str::to_owned),
            reason: reason.to_owned(),
        };
        let mut faults = Faults::default();
        let sound = parse(&new, &mut faults).is_some();
        assert_eq!(sound, faults.is_empty());
        faults.into_vec().into_iter().map(|f| (f.pointer, f.code)).collect()
    }

    #[test]
    fn one_child_is_named_in_one_way_and_every_fault_is_told() {
        let good = "the child is at risk now";
        let id = "018f3b1a-0000-7000-8000-000000000001";
        assert!(told(None, Some(id), good).is_empty());
        let at = |p: &str, c| (p.to_owned(), c);
        assert_eq!(told(None, None, good), [at("/reference", FaultCode::Missing)]);
        assert_eq!(told(Some("DL-3467-BCD3"), Some(id), good), [at("/pupil", FaultCode::TooMany)]);
        assert_eq!(told(None, Some("x"), ""), [at("/pupil", FaultCode::BadFormat), at("/reason", FaultCode::Missing)]);
        assert_eq!(told(Some("x"), None, good).len(), 1);
    }

    #[test]
    fn a_review_has_an_outcome_and_a_note() {
        let told = |outcome: &str, note: &str| {
            let new = NewReview { outcome: outcome.to_owned(), note: note.to_owned() };
            let mut faults = Faults::default();
            let sound = parse_review(&new, &mut faults);
            assert_eq!(sound.is_some(), faults.is_empty());
            faults.finish().err().map(|e| (e.code, e.faults.len()))
        };
        for outcome in Outcome::ALL {
            assert_eq!(told(outcome.as_str(), "seen"), None);
        }
        assert_eq!(told("fine", " "), Some((Code::InvalidBody, 2)));
    }

    #[test]
    fn nobody_but_another_person_reviews() {
        let one = PersonId::from_uuid(uuid::Uuid::from_u128(1));
        let other = PersonId::from_uuid(uuid::Uuid::from_u128(2));
        assert!(is_another(Actor::Person(other), one));
        for who in [
            Actor::Person(one),
            Actor::System,
            Actor::Anonymous,
            Actor::Client(ClientId::from_uuid(uuid::Uuid::from_u128(2))),
        ] {
            assert!(!is_another(who, one), "{who:?}");
        }
    }
}
