//! Transitions, the gate, and reading what comes in. Pure.

use chrono::NaiveDate;

use crate::directory::officers::KeyArea;
use crate::directory::services::Gate;
use crate::kernel::{Code, Fault, FaultCode, Faults, FreeText, Phase, Result, YearGroup};

use super::model::{Command, Consent, ConsentBy, Content, NewConsent, OpenReferral, State, Urgency};

/// The longest text of a referral, in characters.
pub(super) const LONGEST: usize = 4000;

/// Where a referral stands after a command.
///
/// The service may decide without waiting for an answer to its question; what it has decided stays.
///
/// # Errors
/// [`Code::StateConflict`] when the command is none for this state.
pub fn transition(state: State, command: Command) -> Result<State> {
    match (state, command) {
        (State::Submitted | State::InfoRequested, Command::Accept) => Ok(State::Accepted),
        (State::Submitted | State::InfoRequested, Command::Decline) => Ok(State::Declined),
        (State::Submitted | State::InfoRequested, Command::Redirect) => Ok(State::Redirected),
        (State::Submitted, Command::RequestInformation) => Ok(State::InfoRequested),
        (State::InfoRequested, Command::Answer) => Ok(State::Submitted),
        (State::Submitted, Command::Answer)
        | (State::InfoRequested, Command::RequestInformation)
        | (State::Accepted | State::Declined | State::Redirected, _) => Err(Code::StateConflict.into()),
    }
}

/// What a referral lacks for a service to look at it. `who` is the school's phase and the child's year group, when both
/// are known.
#[must_use]
pub fn gate(gate: &Gate, who: Option<(Phase, YearGroup)>, consent: bool, evidence: bool) -> Vec<Fault> {
    let mut faults = Vec::new();
    if who.is_some_and(|(phase, year)| !gate.takes(year, phase)) {
        faults.push(Fault::at("/year_group", FaultCode::NotEligible));
    }
    if gate.consent_required && !consent {
        faults.push(Fault::at("/consent", FaultCode::ConsentMissing));
    }
    if gate.evidence_required && !evidence {
        faults.push(Fault::at("/evidence", FaultCode::EvidenceMissing));
    }
    faults
}

/// A referral with every value read; school and service are looked up by the caller.
pub(super) struct Parsed {
    pub year_group: Option<YearGroup>,
    pub key_area: Option<KeyArea>,
    pub urgency: Urgency,
    pub has_consent: bool,
    pub has_evidence: bool,
    /// Nothing when any part of it was faulty.
    pub content: Option<Content>,
}

/// Reads everything but the school and the service, noting each fault at its place.
pub(super) fn parse(raw: OpenReferral, today: NaiveDate, faults: &mut Faults) -> Parsed {
    let has_consent = raw.consent.is_some();
    let pupil = raw.pupil.parse("/pupil", today, faults);
    let year_group = faults.keep("/year_group", YearGroup::new(raw.year_group));
    let key_area = raw.key_area.and_then(|word| faults.keep("/key_area", word.parse::<KeyArea>()));
    let urgency = raw.urgency.map_or(Some(Urgency::Routine), |word| faults.keep("/urgency", word.parse()));
    let need = text("/need", &raw.need, faults);
    let evidence = optional_text("/evidence", raw.evidence.as_deref(), faults);
    let agreed = match raw.consent {
        None => Some(None),
        Some(raw) => consent(&raw, today, faults).map(Some),
    };
    let notes = optional_text("/notes", raw.notes.as_deref(), faults);
    // Faulty evidence is a fault already; it is not missing too.
    let has_evidence = evidence.as_ref().is_none_or(Option::is_some);
    let content = match (pupil, need, evidence, agreed, notes) {
        (Some(pupil), Some(need), Some(evidence), Some(consent), Some(notes)) => {
            Some(Content { pupil, need, evidence, consent, notes })
        }
        _ => None,
    };
    Parsed { year_group, key_area, urgency: urgency.unwrap_or(Urgency::Routine), has_consent, has_evidence, content }
}

fn consent(raw: &NewConsent, today: NaiveDate, faults: &mut Faults) -> Option<Consent> {
    let given_by = faults.keep("/consent/given_by", raw.given_by.parse::<ConsentBy>());
    let sound = if raw.given_on > today { Err(FaultCode::InFuture) } else { Ok(raw.given_on) };
    let given_on = faults.keep("/consent/given_on", sound);
    Some(Consent { given_by: given_by?, given_on: given_on? })
}

/// A text that must be there.
pub(super) fn text(pointer: &str, raw: &str, faults: &mut Faults) -> Option<String> {
    faults.keep(pointer, FreeText::<LONGEST>::parse(raw)).map(|t| t.as_str().to_owned())
}

/// A text that may be left out; blank is left out. The outer option is whether it is sound.
#[expect(clippy::option_option, reason = "sound or not, and there or not, are two questions")]
pub(super) fn optional_text(pointer: &str, raw: Option<&str>, faults: &mut Faults) -> Option<Option<String>> {
    match raw.filter(|t| !t.trim().is_empty()) {
        None => Some(None),
        Some(raw) => text(pointer, raw, faults).map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_of_state_and_command_is_decided() {
        use {Command as C, State as S};
        let allowed = [
            (S::Submitted, C::Accept, S::Accepted),
            (S::Submitted, C::RequestInformation, S::InfoRequested),
            (S::Submitted, C::Decline, S::Declined),
            (S::Submitted, C::Redirect, S::Redirected),
            (S::InfoRequested, C::Accept, S::Accepted),
            (S::InfoRequested, C::Answer, S::Submitted),
            (S::InfoRequested, C::Decline, S::Declined),
            (S::InfoRequested, C::Redirect, S::Redirected),
        ];
        for state in State::ALL {
            for command in Command::ALL {
                let want = allowed.iter().find(|(s, c, _)| s == state && c == command).map(|(_, _, after)| *after);
                match (transition(*state, *command), want) {
                    (Ok(after), Some(want)) => assert_eq!(after, want),
                    (Err(e), None) => assert_eq!(e.code, Code::StateConflict),
                    (got, want) => panic!("{state} {command:?}: {got:?}, wanted {want:?}"),
                }
            }
        }
    }

    #[test]
    fn the_gate_tells_everything_that_is_missing() {
        let counselling = Gate {
            years: Some((6, 13)),
            phases: vec![],
            consent_required: true,
            evidence_required: true,
            queue: "q".into(),
        };
        let year = |n| YearGroup::new(n).unwrap();
        let codes = |who, consent, evidence| {
            gate(&counselling, who, consent, evidence).into_iter().map(|f| (f.pointer, f.code)).collect::<Vec<_>>()
        };
        assert_eq!(
            codes(Some((Phase::Primary, year(5))), false, false),
            [
                ("/year_group".to_owned(), FaultCode::NotEligible),
                ("/consent".to_owned(), FaultCode::ConsentMissing),
                ("/evidence".to_owned(), FaultCode::EvidenceMissing)
            ]
        );
        for (n, open) in [(5, false), (6, true), (13, true), (14, false)] {
            assert_eq!(codes(Some((Phase::Secondary, year(n))), true, true).is_empty(), open, "year {n}");
        }
        let anyone = Gate { years: None, consent_required: false, evidence_required: false, ..counselling };
        assert!(gate(&anyone, Some((Phase::Pru, year(0))), false, false).is_empty());
        let primary = Gate { phases: vec![Phase::Primary], ..anyone };
        assert_eq!(gate(&primary, Some((Phase::Secondary, year(6))), true, true).len(), 1);
    }
}
