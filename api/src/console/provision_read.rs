//! What a form of special provision asks for, read from its fields.

use dolen_domain::kernel::{Code, Fault, FaultCode, Faults, Result};
use dolen_domain::provision::{Consent, EndProvision, ExtendProvision, Kind, ReviewProvision, StartProvision};

use super::form::{Fields, date, date_if_any};

/// Reads a beginning. What the domain checks is not checked here.
///
/// # Errors
/// The faults of its dates and words.
pub fn start(kind: Kind, fields: &Fields) -> Result<StartProvision> {
    let mut faults = Faults::default();
    let starts_on = date(fields, "starts_on", &mut faults);
    let review_on = date(fields, "review_on", &mut faults);
    let ends_on = date_if_any(fields, "ends_on", &mut faults);
    let minutes_per_week = if kind == Kind::ReducedTimetable { hours(fields, &mut faults) } else { Some(None) };
    let placement = match fields.optional("placement").filter(|_| kind == Kind::Eotas) {
        Some(word) => faults.keep("/placement", word.parse()).map(Some),
        None => Some(None),
    };
    let consent = if kind == Kind::ReducedTimetable { consent(fields, &mut faults) } else { Some(None) };
    faults.finish()?;
    let read = || {
        Some(StartProvision {
            kind,
            starts_on: starts_on?,
            review_on: review_on?,
            ends_on: ends_on?,
            plan: fields.get("plan").to_owned(),
            triggers: fields.optional("triggers"),
            techniques: fields.optional("techniques"),
            minutes_per_week: minutes_per_week?,
            consent: consent?,
            reason: fields.optional("reason"),
            placement: placement?,
            provider: fields.optional("provider"),
        })
    };
    read().ok_or_else(|| Code::InvalidBody.into())
}

/// Reads a review.
///
/// # Errors
/// The faults of its dates.
pub fn review(fields: &Fields) -> Result<ReviewProvision> {
    let mut faults = Faults::default();
    let held_on = date(fields, "held_on", &mut faults);
    let next_on = date_if_any(fields, "next_on", &mut faults);
    faults.finish()?;
    let (Some(held_on), Some(next_on)) = (held_on, next_on) else { return Err(Code::InvalidBody.into()) };
    Ok(ReviewProvision { held_on, note: fields.get("note").to_owned(), next_on })
}

/// Reads another last day.
///
/// # Errors
/// The faults of its dates.
pub fn extension(fields: &Fields) -> Result<ExtendProvision> {
    let mut faults = Faults::default();
    let ends_on = date(fields, "ends_on", &mut faults);
    let consent = consent(fields, &mut faults);
    faults.finish()?;
    let (Some(ends_on), Some(consent)) = (ends_on, consent) else { return Err(Code::InvalidBody.into()) };
    Ok(ExtendProvision { ends_on, reason: fields.get("reason").to_owned(), consent })
}

/// Reads an end.
///
/// # Errors
/// The faults of its date and word.
pub fn end(fields: &Fields) -> Result<EndProvision> {
    let mut faults = Faults::default();
    let on = date(fields, "on", &mut faults);
    let ending = faults.keep("/ending", fields.get("ending").parse());
    faults.finish()?;
    let (Some(on), Some(ending)) = (on, ending) else { return Err(Code::InvalidBody.into()) };
    Ok(EndProvision { on, ending, note: fields.optional("note") })
}

/// A fault of the domain's at the form's own field.
#[must_use]
pub fn at_its_field(fault: Fault) -> Fault {
    let pointer = match fault.pointer.as_str() {
        "/consent" | "/consent/by" => "/consent_by",
        "/consent/on" => "/consent_on",
        "/minutes_per_week" => "/hours_per_week",
        other => other,
    };
    Fault { pointer: pointer.to_owned(), ..fault }
}

/// Who consented and when; nothing when neither was typed.
#[expect(clippy::option_option, reason = "nothing given, and given but faulty, are two things")]
pub fn consent(fields: &Fields, faults: &mut Faults) -> Option<Option<Consent>> {
    let by = fields.get("consent_by").to_owned();
    if by.trim().is_empty() && fields.optional("consent_on").is_none() {
        return Some(None);
    }
    date(fields, "consent_on", faults).map(|on| Some(Consent { by, on }))
}

/// Hours a week, when any were typed.
#[expect(clippy::option_option, reason = "nothing given, and given but faulty, are two things")]
pub fn hours(fields: &Fields, faults: &mut Faults) -> Option<Option<i64>> {
    match fields.optional("hours_per_week") {
        Some(typed) => faults.keep("/minutes_per_week", minutes(&typed)).map(Some),
        None => Some(None),
    }
}

/// Hours as people write them: `12`, `12.5` or `12:30`.
fn minutes(typed: &str) -> Result<i64, FaultCode> {
    let bad = |_| FaultCode::BadFormat;
    let typed = typed.trim();
    let number = |text: &str| text.parse::<u16>().map(i64::from).map_err(bad);
    if let Some((hours, minutes)) = typed.split_once(':') {
        let minutes = number(minutes)?;
        return if minutes < 60 { Ok(number(hours)? * 60 + minutes) } else { Err(FaultCode::BadFormat) };
    }
    let (hours, tenths) = typed.split_once(['.', ',']).unwrap_or((typed, "0"));
    // Tenths are whole minutes, and so are quarters.
    let minutes = match (tenths.len(), number(tenths)?) {
        (1, tenths) => tenths * 6,
        (2, hundredths) if hundredths * 60 % 100 == 0 => hundredths * 60 / 100,
        _ => return Err(FaultCode::BadFormat),
    };
    Ok(number(hours)? * 60 + minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_as_people_write_them() {
        for (typed, read) in [
            ("12", Ok(720)),
            ("12.5", Ok(750)),
            ("12,5", Ok(750)),
            (" 12:30 ", Ok(750)),
            ("12.25", Ok(735)),
            ("0:45", Ok(45)),
            ("12:60", Err(FaultCode::BadFormat)),
            ("12.33", Err(FaultCode::BadFormat)),
            ("-3", Err(FaultCode::BadFormat)),
            ("twelve", Err(FaultCode::BadFormat)),
            ("", Err(FaultCode::BadFormat)),
        ] {
            assert_eq!(minutes(typed), read, "{typed}");
        }
    }

    #[test]
    fn a_form_takes_what_its_kind_has_and_tells_missing_dates() {
        let fields = |body: &str| Fields::parse(body.as_bytes()).unwrap();
        let whole = "starts_on=2026-03-09&review_on=2026-03-16&ends_on=2026-03-27&plan=p&reason=r&hours_per_week=12.5\
                     &consent_by=Parent&consent_on=2026-03-02";
        let read = start(Kind::ReducedTimetable, &fields(whole)).unwrap();
        assert_eq!((read.minutes_per_week, read.consent.map(|c| c.by)), (Some(750), Some("Parent".to_owned())));
        let faults = start(Kind::ReducedTimetable, &fields("starts_on=soon&consent_by=Parent")).err().unwrap().faults;
        let told: Vec<_> = faults.into_iter().map(|f| (f.pointer, f.code)).collect();
        let missing = |name: &str| (name.to_owned(), FaultCode::Missing);
        let soon = ("/starts_on".to_owned(), FaultCode::BadFormat);
        assert_eq!(told, [soon, missing("/review_on"), missing("/consent_on")]);
        assert!(extension(&fields("ends_on=2026-03-27&reason=r")).unwrap().consent.is_none());
        assert_eq!(at_its_field(Fault::at("/consent", FaultCode::ConsentMissing)).pointer, "/consent_by");
    }
}
