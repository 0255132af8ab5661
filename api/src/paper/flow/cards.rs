//! Cards in two columns, with lines to cut along.

use super::super::model::{Card, CardLine, Cards};
use super::super::sheet::{Ink, Role, Tone};
use super::{BASE, Flow, LEADING, PAGE, Style, spaced};

/// Cards go nearer to the paper's edge than text.
const EDGE: f32 = 28.0;
const WIDTH: f32 = (PAGE.0 - 2.0 * EDGE) / 2.0;
/// Between a card's cut and what stands on it.
const PAD: f32 = 8.0;
/// The side of a QR code, with its quiet: 29 dots and more, each of a millimetre.
const SQUARE: f32 = 96.0;
/// How wide a card's lines may be.
const ROOM: f32 = WIDTH - 2.0 * PAD - SQUARE;

fn style(line: &CardLine) -> Style {
    let size = if line.big { 15.0 } else { 9.0 };
    Style { size, bold: line.big, above: if line.big { 4.0 } else { 2.0 }, indent: 0.0 }
}

impl Flow<'_> {
    pub(super) fn cards(&mut self, cards: &Cards) {
        // All of one height, so that a guillotine cuts many sheets at once.
        let height = cards.cards.iter().map(|card| self.height_of(card)).fold(SQUARE, f32::max) + 2.0 * PAD;
        self.space(18.0);
        for row in cards.cards.chunks(2) {
            self.need(height);
            let top = self.y;
            self.cut(top, height);
            for (card, x) in row.iter().zip([EDGE, EDGE + WIDTH]) {
                self.card(card, x + PAD, top + PAD);
            }
            self.y = top + height;
        }
    }

    fn height_of(&self, card: &Card) -> f32 {
        let height = |line: &CardLine| {
            let style = style(line);
            let lines = self.face.lines(&line.said.text, style.size, style.bold, ROOM).len();
            style.above + style.size * LEADING * f32::from(u16::try_from(lines).unwrap_or(u16::MAX))
        };
        card.lines.iter().map(height).sum()
    }

    fn card(&mut self, card: &Card, left: f32, top: f32) {
        self.sheets.begin(Role::Group, card.alt.lang);
        let mut y = top;
        for line in &card.lines {
            let style = style(line);
            y += style.above;
            self.sheets.begin(Role::Paragraph, line.said.lang);
            let lines = self.face.lines(&line.said.text, style.size, style.bold, ROOM);
            let last = lines.len().saturating_sub(1);
            for (number, text) in lines.into_iter().enumerate() {
                let at = (left, y + style.size * BASE);
                self.line(self.page, at, style, line.said.lang, spaced(text, number < last));
                y += style.size * LEADING;
            }
            self.sheets.end();
        }
        self.sheets.begin(Role::Figure(card.alt.text.clone()), card.alt.lang);
        let side = SQUARE / f32::from(card.dots.side.max(1));
        let dark = card.dots.dark.clone();
        let squares = Ink::Squares { x: left + ROOM, y: top, side, dark };
        self.sheets.read(self.page, None, vec![squares]);
        self.sheets.end();
        self.sheets.end();
    }

    /// The lines to cut along: above a row, below it, and between its two.
    fn cut(&mut self, top: f32, height: f32) {
        let (left, middle, right) = (EDGE, EDGE + WIDTH, PAGE.0 - EDGE);
        let rule = |from, to| Ink::Rule { from, to, tone: Tone::Grey, dashed: true };
        let bottom = top + height;
        let rules = vec![
            rule((left, top), (right, top)),
            rule((left, bottom), (right, bottom)),
            rule((middle, top), (middle, bottom)),
        ];
        self.sheets.adorn(self.page, rules);
    }
}
