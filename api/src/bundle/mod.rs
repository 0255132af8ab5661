//! A child's own data as files: for machines, for reading, for printing. Bilingual with Welsh first, since nobody may know
//! which language is preferred (`facts/domain.md` §12: unknown → bilingual, Welsh first).

mod html;
mod json;
mod pdf;

use dolen_domain::kernel::{Bilingual, Result, pair};
use dolen_domain::records::subject_access::{Bundle, Given, Rendered, source_name};

/// A part of the document, the same for reading and printing.
enum Block {
    /// The document's title.
    Title(Bilingual),
    /// A heading.
    Heading(Bilingual),
    /// Something said in both languages.
    Both(Bilingual),
    /// Something as it was written, under a label in both languages.
    Text(Bilingual, String),
    /// A document.
    Attachment {
        /// Its name.
        name: String,
        /// Its kind.
        media_type: String,
        /// Its bytes.
        bytes: Vec<u8>,
    },
}

/// Makes the files.
///
/// # Errors
/// When one can't be made.
pub fn render(bundle: &Bundle) -> Result<Rendered> {
    let blocks = blocks(bundle);
    Ok(Rendered { json: json::render(bundle)?, html: html::render(&blocks)?, pdf: pdf::render(&blocks)? })
}

fn both(cy: impl Into<String>, en: impl Into<String>) -> Bilingual {
    Bilingual { cy: cy.into(), en: en.into() }
}

/// The document. Welsh awaits a translator's review.
fn blocks(bundle: &Bundle) -> Vec<Block> {
    let mut all = vec![
        Block::Title(both("Eich gwybodaeth chi", "Your information")),
        Block::Both(both(
            format!("Cais {}, a dderbyniwyd {}.", bundle.reference, bundle.received_on),
            format!("Request {}, received {}.", bundle.reference, bundle.received_on),
        )),
        Block::Both(both(
            "Dyma'r hyn sydd gennym amdanoch chi. Lle mae rhywbeth wedi'i dynnu allan, dywedir pam. Gallwch gwyno i \
             Swyddfa'r Comisiynydd Gwybodaeth.",
            "This is what we hold about you. Where something was taken out, it says why. You can complain to the \
             Information Commissioner's Office.",
        )),
        Block::Heading(both("Pwy ydych chi", "Who you are")),
        Block::Text(both("Enw", "Name"), format!("{} {}", bundle.child.given_name, bundle.child.family_name)),
        Block::Text(both("Dyddiad geni", "Date of birth"), bundle.child.born_on.to_string()),
    ];
    if let Some(upn) = &bundle.child.upn {
        all.push(Block::Text(both("Rhif unigryw disgybl", "Unique pupil number"), upn.to_string()));
    }
    for case in &bundle.cases {
        let kind = kind(&case.kind);
        all.push(Block::Heading(both(
            format!("{} {}", kind.cy, case.reference),
            format!("{} {}", kind.en, case.reference),
        )));
        all.push(Block::Text(both("Ysgol", "School"), format!("{} / {}", case.school.name.cy, case.school.name.en)));
        if let Some(service) = &case.service {
            all.push(Block::Text(both("Gwasanaeth", "Service"), format!("{} / {}", service.cy, service.en)));
        }
        all.push(Block::Text(both("Agorwyd", "Opened"), case.opened_on.to_string()));
        if let Some(day) = case.closed_on {
            all.push(Block::Text(both("Caewyd", "Closed"), day.to_string()));
        }
        all.extend(case.given.iter().map(given));
        for document in &case.documents {
            let (name, media_type, bytes) =
                (document.name.clone(), document.media_type.clone(), document.bytes.clone());
            all.push(Block::Attachment { name, media_type, bytes });
        }
    }
    all.push(Block::Heading(both("Pwy sydd wedi gweld hyn", "Who has seen this")));
    all.extend(
        bundle
            .readers
            .iter()
            .map(|r| Block::Text(both(r.on.to_string(), r.on.to_string()), format!("{}: {}", r.role, r.action))),
    );
    all
}

/// The name of a kind of case. Welsh awaits a translator's review.
fn kind(word: &str) -> Bilingual<&'static str> {
    match word {
        "referral" => pair("Atgyfeiriad", "Referral"),
        "warrn" => pair("Cofnod WARRN", "WARRN record"),
        _ => pair("Darpariaeth", "Provision"),
    }
}

fn given(given: &Given) -> Block {
    let name = source_name(&given.source);
    let part = if given.field.is_empty() { String::new() } else { format!(" ({})", given.field) };
    let label = both(format!("{}{part}", name.cy), format!("{}{part}", name.en));
    match (&given.text, given.redacted) {
        (Some(text), _) => Block::Text(label, text.clone()),
        (None, Some(reason)) => {
            let why = reason.name();
            Block::Text(label, format!("[wedi'i dynnu allan: {} / taken out: {}]", why.cy, why.en))
        }
        (None, None) => Block::Text(label, String::new()),
    }
}

#[cfg(test)]
mod tests {
    use dolen_domain::directory::schools::School;
    use dolen_domain::kernel::{FixedChance, Medium, Phase, Reference, SchoolId, SchoolNumber};
    use dolen_domain::pupils::PupilIdentity;
    use dolen_domain::records::subject_access::{CasePart, GivenDocument, Reader, Reason};

    use super::*;

    fn bundle() -> Bundle {
        let day = |d| chrono::NaiveDate::from_ymd_opt(2026, 3, d).unwrap();
        let given = |text: Option<&str>, redacted| Given {
            source: "referrals".to_owned(),
            field: "need".to_owned(),
            text: text.map(str::to_owned),
            redacted,
        };
        let long = "Geiriau hir iawn am y tŷ a'r dŵr. ".repeat(200);
        Bundle {
            reference: Reference::random(&FixedChance::seeded(1)),
            received_on: day(2),
            released_on: day(9),
            child: PupilIdentity {
                given_name: "Enghraifft".to_owned(),
                family_name: "Ddysgwr & <b>".to_owned(),
                born_on: day(1),
                upn: None,
            },
            cases: vec![CasePart {
                reference: Reference::random(&FixedChance::seeded(2)),
                kind: "referral".to_owned(),
                school: School {
                    id: SchoolId::from_uuid(uuid::Uuid::nil()),
                    number: SchoolNumber::parse("6764001").unwrap(),
                    name: both("Ysgol", "School"),
                    phase: Phase::Primary,
                    medium: Medium::Welsh,
                    cluster: None,
                    opened_on: None,
                    closed_on: None,
                },
                service: Some(both("Gwasanaeth", "Service")),
                opened_on: day(2),
                closed_on: None,
                given: vec![given(Some(&long), None), given(None, Some(Reason::ThirdParty))],
                documents: vec![GivenDocument {
                    name: "a\"b.txt".to_owned(),
                    media_type: "text/plain".to_owned(),
                    bytes: b"said".to_vec(),
                }],
            }],
            readers: vec![Reader { on: day(3), action: "referral.read_content".to_owned(), role: "dsp".to_owned() }],
        }
    }

    #[test]
    fn the_files_hold_what_is_given_and_not_what_is_not() {
        let made = render(&bundle()).unwrap();
        let html = String::from_utf8(made.html).unwrap();
        assert!(html.contains("Ddysgwr &#38; &#60;b&#62;") && html.contains("taken out: It is about somebody else"));
        assert!(html.contains("lang=\"cy\"") && html.contains("<h2") && !html.contains("<script"));
        let json: serde_json::Value = serde_json::from_slice(&made.json).unwrap();
        assert_eq!(json["cases"][0]["found"][1]["redacted"], "third_party");
        assert_eq!(json["cases"][0]["documents"][0]["content"], "c2FpZA==");
        // A real PDF, tagged, of several pages, with a language.
        let text = String::from_utf8_lossy(&made.pdf);
        assert!(made.pdf.starts_with(b"%PDF-") && text.contains("StructTreeRoot") && text.contains("%%EOF"));
        assert!(text.matches("/Type/Page").count() > 2 || text.matches("/Type /Page").count() > 2);
    }
}
