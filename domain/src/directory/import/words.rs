//! What the words of a file mean, in English and Welsh. All of it is in these tables.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

use crate::directory::officers::KeyArea;
use crate::identity::Preference;
use crate::kernel::{FaultCode, Medium, Phase};

/// Text for comparing: NFC, lower case, everything but letters and digits as single spaces.
pub(super) fn flat(text: &str) -> String {
    let spaced: String = text.nfc().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    spaced.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The phase a word names.
pub(super) fn phase(text: &str) -> Result<Phase, FaultCode> {
    Ok(match flat(text).as_str() {
        "nursery" | "meithrin" => Phase::Nursery,
        "primary" | "cynradd" => Phase::Primary,
        "middle" | "canol" | "3 16" | "3 19" => Phase::Middle,
        "secondary" | "uwchradd" => Phase::Secondary,
        "special" | "arbennig" => Phase::Special,
        "pru" | "pupil referral unit" | "ucd" | "uned cyfeirio disgyblion" => Phase::Pru,
        "independent" | "annibynnol" => Phase::Independent,
        _ => return Err(FaultCode::NotInList),
    })
}

/// The teaching language a phrase names (`facts/domain.md` §9, Welsh-medium categories).
pub(super) fn medium(text: &str) -> Result<Medium, FaultCode> {
    Ok(match flat(text).as_str() {
        "welsh" | "welsh medium" | "cymraeg" | "cyfrwng cymraeg" => Medium::Welsh,
        "dual stream" | "dwy ffrwd" => Medium::DualStream,
        "transitional" | "trosiannol" => Medium::Transitional,
        "bilingual" | "bilingual a" | "bilingual b" | "bilingual c" | "bilingual ch" | "dwyieithog"
        | "dwyieithog a" | "dwyieithog b" | "dwyieithog c" | "dwyieithog ch" => Medium::Bilingual,
        "english significant welsh"
        | "english with significant welsh"
        | "saesneg gyda defnydd sylweddol o r gymraeg"
        | "saesneg â defnydd sylweddol o r gymraeg" => Medium::EnglishSignificantWelsh,
        "english" | "english medium" | "saesneg" | "cyfrwng saesneg" => Medium::English,
        _ => return Err(FaultCode::NotInList),
    })
}

/// The language of letters a word names.
pub(super) fn preference(text: &str) -> Result<Preference, FaultCode> {
    Ok(match flat(text).as_str() {
        "cy" | "welsh" | "cymraeg" => Preference::Cy,
        "en" | "english" | "saesneg" => Preference::En,
        "both" | "bilingual" | "y ddwy" | "dwyieithog" => Preference::Both,
        _ => return Err(FaultCode::NotInList),
    })
}

/// What a phrase of a key-areas cell stands for.
#[derive(Clone, Copy)]
enum Means {
    Area(KeyArea),
    /// A service's code: "Line Manager of EPS and SBCS" names two.
    Service(&'static str),
    /// Nothing to route by.
    Nothing,
}
use Means::{Area, Nothing, Service};

/// The keyword table: what the seed's list says, its Welsh (with the mutations that follow "a" and "ar"), the codes
/// themselves, and the words around them that mean nothing for routing. The longest phrase wins.
const PHRASES: &[(Means, &[&str])] = &[
    (
        Area(KeyArea::SocialInclusion),
        &["social inclusion", "cynhwysiant cymdeithasol", "chynhwysiant cymdeithasol", "gynhwysiant cymdeithasol"],
    ),
    (Area(KeyArea::Behaviour), &["behaviour", "ymddygiad"]),
    (
        Area(KeyArea::Eotas),
        &[
            "eotas",
            "education other than at school",
            "addysg heblaw yn yr ysgol",
            "addysg heblaw yn yr ysgol eotas",
            "education other than at school eotas",
        ],
    ),
    (
        Area(KeyArea::ElectiveHomeEducation),
        &["elective home education", "ehe", "addysg ddewisol yn y cartref", "addysg gartref ddewisol"],
    ),
    (
        Area(KeyArea::Wellbeing),
        &["wellbeing", "well being", "emotional wellbeing", "llesiant", "lesiant", "lles", "les", "llesiant emosiynol"],
    ),
    (Area(KeyArea::Equalities), &["equalities", "equality", "cydraddoldeb", "chydraddoldeb", "gydraddoldeb"]),
    (Area(KeyArea::Bullying), &["bullying", "anti bullying", "bwlio", "fwlio", "gwrthfwlio", "gwrth fwlio"]),
    (Area(KeyArea::Safeguarding), &["safeguarding", "diogelu", "ddiogelu"]),
    (Area(KeyArea::YouthService), &["youth service", "gwasanaeth ieuenctid", "wasanaeth ieuenctid"]),
    (Area(KeyArea::HealthySchools), &["healthy schools", "ysgolion iach"]),
    (Area(KeyArea::PeriodDignity), &["period dignity", "urddas mislif", "urddas yn ystod mislif"]),
    (
        Area(KeyArea::PupilVoice),
        &["pupil voice", "learner voice", "llais y disgybl", "llais disgyblion", "llais y dysgwr", "llais dysgwyr"],
    ),
    (Service("eps"), &["eps", "educational psychology service", "gwasanaeth seicoleg addysg"]),
    (
        Service("sbc"),
        &[
            "sbc",
            "sbcs",
            "school based counselling",
            "school based counselling service",
            "gwasanaeth cwnsela mewn ysgolion",
        ],
    ),
    (Service("bss"), &["bss", "behaviour support service", "gwasanaeth cymorth ymddygiad"]),
    (
        Nothing,
        &[
            "and",
            "of",
            "the",
            "for",
            "lead",
            "line",
            "manager",
            "overseeing",
            "support",
            "advice",
            "scheme",
            "campaign",
            "project",
            "projects",
        ],
    ),
    (
        Nothing,
        &[
            "a",
            "ac",
            "y",
            "yr",
            "o",
            "ar",
            "gyfer",
            "arweinydd",
            "rheolwr",
            "llinell",
            "goruchwylio",
            "cymorth",
            "chymorth",
            "cefnogaeth",
            "chefnogaeth",
            "cyngor",
            "chyngor",
            "cynllun",
            "ymgyrch",
            "prosiect",
            "prosiectau",
            "phrosiectau",
        ],
    ),
];

/// What a key-areas cell says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// The areas, each once.
    pub areas: BTreeSet<KeyArea>,
    /// The codes of the services it names.
    pub services: BTreeSet<&'static str>,
    /// Whether some of it means nothing to us.
    pub unknown: bool,
}

/// Reads a key-areas cell as people write it: "EOTAS and Elective Home Education".
#[must_use]
pub fn read_key_areas(text: &str) -> Reading {
    let text = flat(text);
    let words: Vec<&str> = text.split(' ').filter(|w| !w.is_empty()).collect();
    let mut reading = Reading::default();
    let mut rest = words.as_slice();
    while let Some((_, after)) = rest.split_first() {
        let longest = PHRASES
            .iter()
            .flat_map(|(means, phrases)| phrases.iter().map(move |p| (means, p)))
            .filter_map(|(means, phrase)| strip(rest, phrase).map(|left| (means, left)))
            .min_by_key(|(_, left)| left.len());
        let Some((means, left)) = longest else {
            reading.unknown = true;
            rest = after;
            continue;
        };
        match means {
            Area(area) => _ = reading.areas.insert(*area),
            Service(code) => _ = reading.services.insert(code),
            Nothing => {}
        }
        rest = left;
    }
    reading
}

/// The words after a phrase, when they begin with it.
fn strip<'a, 'w>(words: &'a [&'w str], phrase: &str) -> Option<&'a [&'w str]> {
    let count = phrase.split(' ').count();
    let (head, left) = words.split_at_checked(count)?;
    head.iter().copied().eq(phrase.split(' ')).then_some(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn areas(text: &str) -> Vec<KeyArea> {
        let reading = read_key_areas(text);
        assert!(!reading.unknown, "{text}");
        reading.areas.into_iter().collect()
    }

    #[test]
    fn the_contact_list_of_the_seed_is_read() {
        use KeyArea as K;
        assert_eq!(areas(""), []);
        assert_eq!(areas("Behaviour and EOTAS"), [K::Behaviour, K::Eotas]);
        assert_eq!(areas("Wellbeing and Line Manager of EPS and SBCS"), [K::Wellbeing]);
        assert_eq!(areas("EOTAS and Elective Home Education"), [K::Eotas, K::ElectiveHomeEducation]);
        assert_eq!(areas("Equalities and Bullying"), [K::Equalities, K::Bullying]);
        assert_eq!(areas("Safeguarding support and advice"), [K::Safeguarding]);
        assert_eq!(areas("Overseeing Youth Service projects"), [K::YouthService]);
        assert_eq!(areas("Healthy Schools Scheme Period Dignity Campaign"), [K::HealthySchools, K::PeriodDignity]);
        assert_eq!(areas("Healthy Schools Scheme Pupil Voice"), [K::HealthySchools, K::PupilVoice]);
        let services = read_key_areas("Wellbeing and Line Manager of EPS and SBCS").services;
        assert_eq!(services.into_iter().collect::<Vec<_>>(), ["eps", "sbc"]);
    }

    #[test]
    fn codes_names_and_welsh_are_read() {
        use KeyArea as K;
        for area in K::ALL {
            assert_eq!(areas(area.as_str()), [*area]);
            assert_eq!(areas(area.name().cy), [*area]);
            assert_eq!(areas(area.name().en), [*area]);
        }
        assert_eq!(areas("Bwlio a Chydraddoldeb"), [K::Equalities, K::Bullying]);
        assert_eq!(areas("Llesiant; Ymddygiad"), [K::Behaviour, K::Wellbeing]);
        assert_eq!(areas("Cymorth a chyngor ar ddiogelu"), [K::Safeguarding]);
        let service = read_key_areas("Gwasanaeth Cymorth Ymddygiad");
        assert!(service.areas.is_empty() && service.services.contains("bss"));
    }

    #[test]
    fn the_unknown_is_not_guessed() {
        let reading = read_key_areas("Bullying and Admissions");
        assert!(reading.unknown && reading.areas.contains(&KeyArea::Bullying));
        assert!(read_key_areas("Well").unknown);
        for phrase in PHRASES.iter().flat_map(|(_, phrases)| phrases.iter()) {
            assert_eq!(flat(phrase), **phrase, "a phrase no text could match");
        }
    }

    #[test]
    fn words_in_both_languages() {
        assert_eq!(
            (phase("Uwchradd"), phase("PRU"), phase("x")),
            (Ok(Phase::Secondary), Ok(Phase::Pru), Err(FaultCode::NotInList))
        );
        assert_eq!((medium("Cyfrwng Cymraeg"), medium("dual_stream")), (Ok(Medium::Welsh), Ok(Medium::DualStream)));
        assert_eq!((preference("Cymraeg"), preference("BOTH")), (Ok(Preference::Cy), Ok(Preference::Both)));
        for code in Phase::ALL {
            assert_eq!(phase(code.as_str()), Ok(*code));
        }
        for code in Medium::ALL {
            assert_eq!(medium(code.as_str()), Ok(*code));
        }
        for code in Preference::ALL {
            assert_eq!(preference(code.as_str()), Ok(*code));
        }
    }
}
