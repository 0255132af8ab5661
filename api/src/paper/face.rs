//! The typeface: Atkinson Hyperlegible Next 2.001 (Braille Institute, SIL Open Font License 1.1). It has every Welsh letter,
//! those with a roof or an accent on w and y too, which its first version lacked.

use dolen_domain::kernel::{Error, Result};
use krilla::text::Font;
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, GlyphId, MetadataProvider as _};

static REGULAR: &[u8] = include_bytes!("../../assets/fonts/AtkinsonHyperlegibleNext-Regular.ttf");
static BOLD: &[u8] = include_bytes!("../../assets/fonts/AtkinsonHyperlegibleNext-Bold.ttf");

/// What stands for a letter the typeface lacks. A reader sees that something was there; the file is valid.
const LACKING: char = '?';

/// One weight of the typeface: as it is drawn, and as its letters are measured.
struct Weight {
    font: Font,
    measures: FontRef<'static>,
}

impl Weight {
    fn of(bytes: &'static [u8]) -> Result<Self> {
        let broken = || Error::internal("the embedded typeface can't be read");
        let font = Font::new(bytes.to_vec().into(), 0).ok_or_else(broken)?;
        let measures = FontRef::new(bytes).map_err(|_| broken())?;
        Ok(Self { font, measures })
    }

    /// What draws a letter, if it is drawn at all.
    fn glyph(&self, letter: char) -> Option<GlyphId> {
        self.measures.charmap().map(letter).filter(|glyph| glyph.to_u32() != 0)
    }
}

/// The typeface in its two weights.
pub(super) struct Face {
    regular: Weight,
    bold: Weight,
}

impl Face {
    /// Reads the embedded files.
    pub(super) fn embedded() -> Result<Self> {
        Ok(Self { regular: Weight::of(REGULAR)?, bold: Weight::of(BOLD)? })
    }

    fn weight(&self, bold: bool) -> &Weight {
        if bold { &self.bold } else { &self.regular }
    }

    /// What draws it.
    pub(super) fn font(&self, bold: bool) -> Font {
        self.weight(bold).font.clone()
    }

    /// How wide a text is, in the unit of its size.
    pub(super) fn width(&self, text: &str, size: f32, bold: bool) -> f32 {
        let weight = self.weight(bold);
        let widths = weight.measures.glyph_metrics(Size::new(size), LocationRef::default());
        let width = |c| weight.glyph(c).and_then(|glyph| widths.advance_width(glyph)).unwrap_or(size * 0.6);
        text.chars().map(width).sum()
    }

    /// The text with the letters that can be drawn. PDF/UA-1 allows no other.
    fn drawable(&self, text: &str, bold: bool) -> String {
        let weight = self.weight(bold);
        text.chars().map(|c| if weight.glyph(c).is_some() { c } else { LACKING }).collect()
    }

    /// The lines a text makes, at least one. A word that is too long for any line is cut.
    pub(super) fn lines(&self, text: &str, size: f32, bold: bool, room: f32) -> Vec<String> {
        let width = |text: &str| self.width(text, size, bold);
        let mut lines = Vec::new();
        for paragraph in text.split('\n') {
            let mut line = String::new();
            for word in paragraph.split_whitespace() {
                let mut word = self.drawable(word, bold);
                let joined = if line.is_empty() { word.clone() } else { format!("{line} {word}") };
                if width(&joined) <= room {
                    line = joined;
                    continue;
                }
                if !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                }
                while width(&word) > room {
                    let head = head(&word, |text| width(text) <= room);
                    word = word.split_off(head.len());
                    lines.push(head);
                }
                line = word;
            }
            lines.push(line);
        }
        lines
    }

    /// How wide the longest word of a text is.
    pub(super) fn longest_word(&self, text: &str, size: f32, bold: bool) -> f32 {
        text.split_whitespace().map(|word| self.width(word, size, bold)).fold(0.0, f32::max)
    }
}

/// As much of a word as fits: one letter, however narrow the room.
fn head(word: &str, fits: impl Fn(&str) -> bool) -> String {
    let mut head = String::new();
    for c in word.chars() {
        head.push(c);
        if !fits(&head) && head.chars().count() > 1 {
            head.pop();
            break;
        }
    }
    head
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_breaks_where_it_must_and_loses_nothing() {
        let face = Face::embedded().unwrap();
        let text = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch yw enw'r tŷ, medd y dŵr.";
        for room in [1.0, 40.0, 90.0, 1000.0] {
            let lines = face.lines(text, 11.0, false, room);
            let letters = |t: &str| t.split_whitespace().collect::<String>();
            assert_eq!(letters(&lines.concat()), letters(text), "{room}");
            let fits = |line: &String| face.width(line, 11.0, false) <= room || line.chars().count() == 1;
            assert!(lines.iter().all(fits), "{room}: {lines:?}");
        }
        assert_eq!(face.lines("", 11.0, false, 10.0), [""]);
        assert_eq!(face.lines("a\n\nb", 11.0, true, 90.0), ["a", "", "b"]);
    }

    #[test]
    fn welsh_is_drawn_and_what_cannot_be_is_marked() {
        let face = Face::embedded().unwrap();
        let welsh = "âêîôûŵŷÂÊÎÔÛŴŶáéíóúẃýäëïöüẅÿàèìòùẁỳ–’“”•…%";
        assert_eq!(face.lines(welsh, 11.0, false, 1000.0), [welsh]);
        assert_eq!(face.lines(welsh, 11.0, true, 1000.0), [welsh]);
        assert_eq!(face.lines("a\u{1F600}b\u{0}", 11.0, false, 1000.0), ["a?b?"]);
    }
}
