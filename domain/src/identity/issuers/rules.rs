//! What an issuer's words are worth. Pure.

use crate::identity::memberships::NewMembership;
use crate::kernel::{EmailAddress, SchoolNumber};

use super::model::{IssuerIdentity, IssuerTrust, MappedRole, PlacedRole, RoleMapping};

/// Stands for a school's number in a mapping's value.
const SCHOOL: &str = "{school}";

/// The address an issuer may bind a person by: proved, and of a domain it may speak for.
pub(super) fn binding_address<'a>(trust: &IssuerTrust, who: &'a IssuerIdentity) -> Option<&'a EmailAddress> {
    let email = who.email.as_ref().filter(|_| who.email_verified || trust.email_trusted)?;
    let (_, domain) = email.as_str().rsplit_once('@')?;
    trust.email_domains.iter().any(|d| d.eq_ignore_ascii_case(domain)).then_some(email)
}

/// Whether a subject can be one (`OpenID Connect Core` §2: at most 255 ASCII characters).
pub(super) fn is_subject(text: &str) -> bool {
    !text.is_empty() && text.len() <= 255 && text.bytes().all(|b| (0x20..0x7f).contains(&b))
}

/// The school in a claim's value, when the mapping's value has a place for one.
fn school_in(pattern: &str, value: &str) -> Option<SchoolNumber> {
    let (before, after) = pattern.split_once(SCHOOL)?;
    let digits = value.strip_prefix(before)?.strip_suffix(after)?;
    let plain = digits.len() == 7 && digits.bytes().all(|b| b.is_ascii_digit());
    SchoolNumber::parse(digits).ok().filter(|_| plain)
}

/// The roles these values of the claim stand for, each once. A value no mapping names stands for nothing.
#[must_use]
pub fn mapped(mappings: &[RoleMapping], values: &[String]) -> Vec<MappedRole> {
    let mut roles: Vec<MappedRole> = Vec::new();
    for (mapping, value) in mappings.iter().flat_map(|m| values.iter().map(move |v| (m, v))) {
        let school = match school_in(&mapping.value, value) {
            Some(school) => Some(school),
            None if mapping.value == *value && !value.contains(SCHOOL) => mapping.school.clone(),
            None => continue,
        };
        let (role, service, deputy) = (mapping.role, mapping.service.clone(), mapping.deputy);
        let found = MappedRole { role, school, service, deputy };
        if !roles.contains(&found) {
            roles.push(found);
        }
    }
    roles
}

/// Which of the roles held from an issuer end, and which begin.
pub(super) fn changes<'a>(
    held: &'a [NewMembership],
    given: &'a [PlacedRole],
) -> (Vec<&'a NewMembership>, Vec<&'a PlacedRole>) {
    let same = |h: &NewMembership, g: &PlacedRole| {
        (h.role, h.school, h.service, h.officer, h.deputy) == (g.role, g.school, g.service, g.officer, g.deputy)
    };
    let ending = held.iter().filter(|h| !given.iter().any(|g| same(h, g))).collect();
    let beginning = given.iter().filter(|g| !held.iter().any(|h| same(h, g))).collect();
    (ending, beginning)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Role;

    fn mapping(value: &str, role: Role, school: Option<&str>) -> RoleMapping {
        let school = school.map(|s| SchoolNumber::parse(s).unwrap());
        RoleMapping { value: value.to_owned(), role, school, service: None, deputy: false }
    }

    #[test]
    fn values_become_roles_and_unknown_ones_nothing() {
        let table = [
            mapping("Auditor", Role::Auditor, None),
            mapping("Dsp.{school}", Role::Dsp, None),
            mapping("Head of first", Role::Headteacher, Some("6764001")),
        ];
        let roles = |values: &[&str]| {
            let values: Vec<String> = values.iter().map(|v| (*v).to_owned()).collect();
            let found = mapped(&table, &values).into_iter();
            found.map(|r| (r.role, r.school.map(|s| s.to_string()))).collect::<Vec<_>>()
        };
        assert_eq!(roles(&["Auditor", "Auditor", "Nobody"]), [(Role::Auditor, None)]);
        let (first, second) = (Some("6764001".to_owned()), Some("6764002".to_owned()));
        assert_eq!(roles(&["Dsp.6764001", "Dsp.6764002"]), [(Role::Dsp, first.clone()), (Role::Dsp, second)]);
        assert_eq!(roles(&["Head of first"]), [(Role::Headteacher, first)]);
        for none in ["Dsp.{school}", "Dsp.676/4001", "Dsp.67640011", "dsp.6764001", "Dsp.", "auditor", ""] {
            assert!(roles(&[none]).is_empty(), "{none}");
        }
    }

    #[test]
    fn an_address_binds_when_it_is_proved_and_the_issuers_own() {
        let trust = |domains: &[&str], email_trusted| IssuerTrust {
            issuer: "https://i.example".to_owned(),
            email_domains: domains.iter().map(|d| (*d).to_owned()).collect(),
            email_trusted,
        };
        let who = |email: &str, email_verified| IssuerIdentity {
            subject: "s".to_owned(),
            email: EmailAddress::parse(email).ok(),
            email_verified,
        };
        let binds = |t: &IssuerTrust, w: &IssuerIdentity| binding_address(t, w).is_some();
        assert!(binds(&trust(&["LA.example"], false), &who("a@la.example", true)));
        assert!(binds(&trust(&["la.example"], true), &who("a@la.example", false)));
        assert!(!binds(&trust(&["la.example"], false), &who("a@la.example", false)), "not proved");
        assert!(!binds(&trust(&["la.example"], true), &who("a@evil-la.example", true)), "not its own");
        assert!(!binds(&trust(&["la.example"], true), &who("a@sub.la.example", true)));
        assert!(!binds(&trust(&[], true), &who("a@la.example", true)), "none may be bound");
        assert!(!binds(&trust(&["la.example"], true), &who("", true)));
    }

    #[test]
    fn a_subject_is_printable_ascii() {
        assert!(is_subject("00u1|x y") && is_subject(&"a".repeat(255)));
        for bad in ["", "é", "a\nb", "a\0", &"a".repeat(256)] {
            assert!(!is_subject(bad), "{bad:?}");
        }
    }
}
