//! A sheet of codes as a paper: for the teacher, and cards to be cut out. Both languages, as nobody knows which a class
//! reads.

use dolen_domain::kernel::{Lang, Result};
use dolen_domain::surveys::campaigns::Campaign;

use crate::paper::{Block, Card, CardLine, Cards, Dots, Level, Note, Paper, said};

use super::Strings;
use super::code_sheets::PrintedSheet;
use super::dates::day;
use super::strings::keys;

/// What a teacher is told, in this order (`facts/ecosystem.md` §1.5: nobody looks at screens).
const POINTS: [&str; 6] = [
    keys::SHEET_SCRIPT_HAND_OUT,
    keys::SHEET_SCRIPT_SEATS,
    keys::SHEET_SCRIPT_SAY,
    keys::SHEET_SCRIPT_ONCE,
    keys::SHEET_SCRIPT_LOST,
    keys::SHEET_SCRIPT_WORRY,
];

/// Makes the paper. `at` gives the address where pupils of a language type a code.
///
/// # Errors
/// When an address is too long for a QR code.
pub(super) fn paper(
    strings: &Strings,
    campaign: &Campaign,
    sheet: &PrintedSheet,
    at: impl Fn(Lang) -> String,
) -> Result<Paper> {
    let title = |lang| strings.tell(lang, keys::SHEET_TITLE, &[("class", sheet.class.clone().into())]);
    let mut blocks = Vec::new();
    for lang in [Lang::Cy, Lang::En] {
        let days = [
            ("title", campaign.title.of(lang).clone().into()),
            ("first", day(lang, campaign.opens_on).into()),
            ("last", day(lang, campaign.closes_on).into()),
        ];
        blocks.push(Block::Heading(Level::One, said(lang, title(lang))));
        blocks.push(Block::Paragraph(said(lang, strings.tell(lang, keys::SHEET_SCRIPT_DAYS, &days))));
        blocks.push(Block::List(POINTS.iter().map(|key| said(lang, strings.say(lang, key))).collect()));
    }
    let secret = [Lang::Cy, Lang::En].map(|lang| said(lang, strings.say(lang, keys::SHEET_SCRIPT_KEEP)));
    blocks.push(Block::Note(Note { title: None, text: secret.to_vec() }));
    let cards = sheet.codes.iter().map(|code| card(strings, campaign, sheet, code, &at)).collect::<Result<_>>()?;
    blocks.push(Block::Cards(Cards { cards }));
    Ok(Paper { title: format!("{} / {}", title(Lang::Cy), title(Lang::En)), lang: Lang::Cy, blocks })
}

fn card(
    strings: &Strings,
    campaign: &Campaign,
    sheet: &PrintedSheet,
    (cy, en): &(String, String),
    at: &impl Fn(Lang) -> String,
) -> Result<Card> {
    let mut lines = Vec::new();
    for (lang, code) in [(Lang::Cy, cy), (Lang::En, en)] {
        let line = |text: String, big| CardLine { said: said(lang, text), big };
        lines.push(line(format!("{} · {}", sheet.class, campaign.title.of(lang)), false));
        lines.push(line(code.clone(), true));
        lines.push(line(at(lang), false));
    }
    let alt = [Lang::Cy, Lang::En].map(|lang| strings.say(lang, keys::SHEET_QR));
    // The camera opens the page in Welsh, where a link leads to the English one.
    let dots = Dots::of(&format!("{}?code={}", at(Lang::Cy), cy.replace(' ', "-")))?;
    Ok(Card { lines, dots, alt: said(Lang::Cy, alt.join(" / ")) })
}

#[cfg(test)]
mod tests {
    use dolen_domain::kernel::{CampaignId, InstrumentId, pair};

    use super::*;
    use crate::paper::pdf;
    use crate::paper::tests::reading::Read;

    fn campaign() -> Campaign {
        let day = |d| chrono::NaiveDate::from_ymd_opt(2027, 3, d).unwrap();
        Campaign {
            id: CampaignId::from_uuid(uuid::Uuid::nil()),
            instrument: InstrumentId::from_uuid(uuid::Uuid::nil()),
            academic_year: "2026/27".to_owned(),
            title: pair("Arolwg bwlio’r ysgolion uwchradd", "Secondary schools’ bullying survey").to_owned_pair(),
            opens_on: day(1),
            closes_on: day(12),
            late_days: 0,
            years: dolen_domain::kernel::YearGroups::ALL,
            version: 1,
            created_at: dolen_domain::kernel::Utc::from_micros(0),
        }
    }

    #[test]
    fn every_pupil_gets_a_card_in_both_languages() {
        let code = |n: usize| (format!("dŵr mynydd tŷ {}", 1000 + n), format!("water mountain house {}", 1000 + n));
        let sheet = PrintedSheet::of("8 Glas", (0..30).map(code).collect());
        let at = |lang: Lang| format!("https://dolen.example/{}/survey", lang.tag());
        let strings = Strings::load();
        let paper = paper(&strings, &campaign(), &sheet, at).unwrap();
        let made = pdf(&paper).unwrap();
        let read = Read::of(&made);
        assert_eq!(read.title(), "Codau ar gyfer 8 Glas / Codes for 8 Glas");
        let texts = |role: &str| read.roles(role).iter().map(|e| (e.lang.clone(), read.text(e))).collect::<Vec<_>>();
        let headings = texts("H1");
        assert_eq!(headings, [("cy", "Codau ar gyfer 8 Glas"), ("en", "Codes for 8 Glas")].map(both));
        assert_eq!(texts("LBody").len(), 2 * POINTS.len());
        let lines = texts("P");
        for (cy, en) in &sheet.codes {
            assert!(lines.contains(&("cy".to_owned(), cy.clone())) && lines.contains(&("en".to_owned(), en.clone())));
        }
        assert!(lines.contains(&both(("cy", "https://dolen.example/cy/survey"))));
        assert!(lines[0].1.contains("1 Mawrth 2027 hyd 12 Mawrth 2027") && lines[1].1.contains("12 March 2027"));
        let squares = read.roles("Figure");
        assert_eq!(squares.len(), 30);
        assert!(squares.iter().all(|s| s.alt.contains("Cod QR") && s.alt.contains("QR code that opens")));
        // Nothing that can't be drawn, such as a mark around an argument.
        assert!((0..read.pages()).all(|page| !read.page_text(page).contains('?')));
        assert_eq!(read.marked(), read.in_tree());
    }

    fn both((lang, text): (&str, &str)) -> (String, String) {
        (lang.to_owned(), text.to_owned())
    }
}
