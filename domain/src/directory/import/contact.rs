//! A contact-details cell: an address, and perhaps a telephone number.

use crate::kernel::{EmailAddress, FaultCode};

/// What stands before or between the two.
const LABELS: &[&str] =
    &["e-mail", "email", "e-bost", "ebost", "tel", "telephone", "phone", "mobile", "ffôn", "symudol"];

/// Reads the cell: one address, then whatever is left must be a telephone number.
pub(super) fn read(text: &str) -> Result<(EmailAddress, Option<String>), FaultCode> {
    let mut email: Option<EmailAddress> = None;
    let mut left = Vec::new();
    for word in text.split([' ', ',', ';', '<', '>', '|']).filter(|w| !w.is_empty()) {
        let word = word.strip_prefix("mailto:").unwrap_or(word);
        let label = word.trim_end_matches([':', '.']).to_lowercase();
        if word.contains('@') {
            let address = word.rsplit(':').next().unwrap_or(word).trim_end_matches('.');
            match email.replace(EmailAddress::parse(address)?) {
                Some(before) if email.as_ref() != Some(&before) => return Err(FaultCode::Duplicate),
                _ => {}
            }
        } else if !LABELS.contains(&label.as_str()) && word != "/" && word != "-" {
            left.push(word);
        }
    }
    let email = email.ok_or(FaultCode::BadFormat)?;
    let phone = if left.is_empty() { None } else { Some(phone(&left.join(" "))?) };
    Ok((email, phone))
}

/// A telephone number as people write it: digits, spaces, brackets, hyphens, a plus, an extension.
pub(super) fn phone(text: &str) -> Result<String, FaultCode> {
    let lower = text.to_lowercase();
    let bare = lower.replace("ext", "").replace("est", "");
    let digits = bare.chars().filter(char::is_ascii_digit).count();
    let known = bare.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '+' | '(' | ')' | '-' | '.' | 'x'));
    if known && (6..=20).contains(&digits) && text.len() <= 40 {
        Ok(text.to_owned())
    } else {
        Err(FaultCode::BadFormat)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_cell_may_hold_both() {
        let read = |text: &str| read(text).map(|(e, p)| (e.to_string(), p));
        let email = "lead.inclusion@la.example".to_owned();
        let phone = || Some("01443 000 000".to_owned());
        assert_eq!(read("lead.inclusion@la.example"), Ok((email.clone(), None)));
        assert_eq!(read("Lead.Inclusion@la.example 01443 000 000"), Ok((email.clone(), phone())));
        assert_eq!(read("Ffôn: 01443 000 000; E-bost: lead.inclusion@la.example"), Ok((email.clone(), phone())));
        assert_eq!(read("<mailto:lead.inclusion@la.example>"), Ok((email, None)));
        assert_eq!(read("01443 000 000"), Err(FaultCode::BadFormat));
        assert_eq!(read("a@la.example b@la.example"), Err(FaultCode::Duplicate));
        assert_eq!(read("a@la.example ask at the desk"), Err(FaultCode::BadFormat));
        assert_eq!(read("a@@la.example"), Err(FaultCode::BadFormat));
        assert_eq!(super::phone("+44 (0)1443 000000 ext 12").as_deref(), Ok("+44 (0)1443 000000 ext 12"));
        assert!(super::phone("1234").is_err());
    }
}
