//! Sets a paper's blocks on pages.

mod cards;
mod table;

use dolen_domain::kernel::Lang;

use super::bars;
use super::face::Face;
use super::model::{Bars, Block, Level, Note, Paper, Said};
use super::sheet::{Area, Ink, Place, Role, Sheets, Tone};

/// A4, in points.
pub(super) const PAGE: (f32, f32) = (595.0, 842.0);
/// The margin on every side.
pub(super) const MARGIN: f32 = 56.0;
const TOP: f32 = MARGIN;
const BOTTOM: f32 = PAGE.1 - MARGIN;
/// How wide a line may be.
const ROOM: f32 = PAGE.0 - 2.0 * MARGIN;
/// From one line to the next, and down to the base line, in sizes.
const LEADING: f32 = 1.4;
const BASE: f32 = 1.05;
/// Points of a paragraph's letters.
const BODY: f32 = 11.0;

/// How a text looks.
#[derive(Clone, Copy)]
struct Style {
    size: f32,
    bold: bool,
    /// The space before it.
    above: f32,
    /// How far it is set in.
    indent: f32,
}

const PARAGRAPH: Style = Style { size: BODY, bold: false, above: 6.0, indent: 0.0 };

/// Sets a paper on pages.
pub(super) fn set(paper: &Paper, face: &Face) -> Sheets {
    let mut flow = Flow { face, sheets: Sheets::default(), page: 0, y: TOP };
    for block in &paper.blocks {
        flow.block(block);
    }
    flow.number_pages();
    flow.sheets
}

struct Flow<'a> {
    face: &'a Face,
    sheets: Sheets,
    page: usize,
    /// The lower edge of what stands on the page.
    y: f32,
}

impl Flow<'_> {
    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(level, said) => self.heading(*level, said),
            Block::Paragraph(said) => self.text(Role::Paragraph, said, PARAGRAPH),
            Block::List(points) => self.list(points),
            Block::Note(note) => self.note(note),
            Block::Table(table) => self.table(table),
            Block::Bars(bars) => self.bars(bars),
            Block::PageBreak => {
                if self.y > TOP {
                    self.turn();
                }
            }
            Block::Cards(cards) => self.cards(cards),
        }
    }

    /// Goes on on the next page.
    fn turn(&mut self) {
        self.page += 1;
        self.y = TOP;
    }

    /// Turns the page unless so much is left of it.
    fn need(&mut self, height: f32) {
        if self.y + height > BOTTOM && self.y > TOP {
            self.turn();
        }
    }

    /// Leaves a space, but none at the head of a page.
    fn space(&mut self, height: f32) {
        if self.y > TOP {
            self.y += height;
        }
    }

    /// Takes the place of a line: its upper edge.
    fn take(&mut self, height: f32) -> f32 {
        self.need(height);
        let top = self.y;
        self.y += height;
        top
    }

    /// A text as a part of its own.
    fn text(&mut self, role: Role, said: &Said, style: Style) {
        self.space(style.above);
        self.sheets.begin(role, said.lang);
        self.lines(said, style);
        self.sheets.end();
    }

    /// The lines of a text, as a part of what is open.
    fn lines(&mut self, said: &Said, style: Style) {
        let lines = self.face.lines(&said.text, style.size, style.bold, ROOM - style.indent);
        let last = lines.len().saturating_sub(1);
        for (number, line) in lines.into_iter().enumerate() {
            let top = self.take(style.size * LEADING);
            let at = (MARGIN + style.indent, top + style.size * BASE);
            self.line(self.page, at, style, said.lang, spaced(line, number < last));
        }
    }

    /// One line, read as a part of what is open.
    fn line(&mut self, page: usize, (x, y): (f32, f32), style: Style, lang: Lang, text: String) {
        if !text.trim().is_empty() {
            let (size, bold) = (style.size, style.bold);
            self.sheets.read(page, Some(lang), vec![Ink::Text { x, y, size, bold, tone: Tone::Black, text }]);
        }
    }

    fn heading(&mut self, level: Level, said: &Said) {
        let (size, above) = match level {
            Level::One => (20.0, 24.0),
            Level::Two => (14.0, 18.0),
            Level::Three => (11.5, 12.0),
        };
        let lines = self.face.lines(&said.text, size, true, ROOM).len();
        let height = size * LEADING * f32::from(u16::try_from(lines).unwrap_or(u16::MAX));
        // Two lines of what follows stay with it.
        self.need(above + height + 2.0 * BODY * LEADING + PARAGRAPH.above);
        self.space(above);
        self.sheets.places.push(Place { level, text: said.text.clone(), page: self.page, y: self.y });
        self.text(Role::Heading(level, said.text.clone()), said, Style { size, bold: true, above: 0.0, indent: 0.0 });
    }

    fn list(&mut self, points: &[Said]) {
        let Some(first) = points.first() else { return };
        let style = Style { indent: 16.0, above: 0.0, ..PARAGRAPH };
        self.space(PARAGRAPH.above);
        self.sheets.begin(Role::List, first.lang);
        for point in points {
            self.space(2.0);
            self.need(style.size * LEADING);
            self.sheets.begin(Role::Item, point.lang);
            self.sheets.begin(Role::Bullet, point.lang);
            let at = (MARGIN + 4.0, self.y + style.size * BASE);
            self.line(self.page, at, style, point.lang, "•".to_owned());
            self.sheets.end();
            self.text(Role::Body, point, style);
            self.sheets.end();
        }
        self.sheets.end();
    }

    fn note(&mut self, note: &Note) {
        let style = Style { indent: 14.0, above: 4.0, ..PARAGRAPH };
        let lang = note.title.as_ref().or(note.text.first()).map_or_else(Lang::default, |said| said.lang);
        self.space(10.0);
        self.need(3.0 * BODY * LEADING);
        let (page, top) = (self.page, self.y);
        self.sheets.begin(Role::Group, lang);
        if let Some(title) = &note.title {
            self.text(Role::Paragraph, title, Style { bold: true, ..style });
        }
        for said in &note.text {
            self.text(Role::Paragraph, said, style);
        }
        self.sheets.end();
        // The rule at its side, on every page it reaches.
        for on in page..=self.page {
            let from = if on == page { top } else { TOP };
            let to = if on == self.page { self.y } else { BOTTOM };
            let area = Area { x: MARGIN, y: from, width: 3.0, height: to - from };
            self.sheets.adorn(on, vec![Ink::Fill(area, Tone::Blue)]);
        }
        self.y += 6.0;
    }

    fn bars(&mut self, bars: &Bars) {
        let face = self.face;
        let wrap = |text: &str, size: f32, bold: bool, room: f32| face.lines(text, size, bold, room);
        let width = |text: &str, size: f32, bold: bool| face.width(text, size, bold);
        let (inks, height) = bars::draw(bars, ROOM, &wrap, &width);
        let title = 2.0 * BODY * LEADING;
        if title + height > BOTTOM - TOP && bars.bars.len() > 1 {
            // Longer than a page: two charts of the same title and words.
            let (first, second) = bars.bars.split_at(bars.bars.len() / 2);
            for part in [first, second] {
                self.bars(&Bars { bars: part.to_vec(), ..bars.clone() });
            }
            return;
        }
        self.space(10.0);
        self.need(title + height);
        self.sheets.begin(Role::Group, bars.lang);
        let title = Said { lang: bars.lang, text: bars.title.clone() };
        self.text(Role::Paragraph, &title, Style { bold: true, above: 0.0, ..PARAGRAPH });
        self.y += 4.0;
        let top = self.take(height);
        self.sheets.begin(Role::Figure(bars.alt.clone()), bars.lang);
        self.sheets.read(self.page, None, shifted(inks, (MARGIN, top)));
        self.sheets.end();
        self.sheets.end();
    }

    fn number_pages(&mut self) {
        let count = self.page + 1;
        for page in 0..count {
            let text = format!("{} / {count}", page + 1);
            let (x, y) = (MARGIN, PAGE.1 - MARGIN / 2.0);
            self.sheets.adorn(page, vec![Ink::Text { x, y, size: 9.0, bold: false, tone: Tone::Grey, text }]);
        }
    }
}

/// A line that goes on ends in a space: without it its last word and the next line's first are read as one.
fn spaced(mut line: String, goes_on: bool) -> String {
    if goes_on && !line.is_empty() {
        line.push(' ');
    }
    line
}

/// What was drawn from the top left corner, drawn from here.
fn shifted(inks: Vec<Ink>, (right, down): (f32, f32)) -> Vec<Ink> {
    let area = |a: Area| Area { x: a.x + right, y: a.y + down, ..a };
    let shift = |ink| match ink {
        Ink::Text { x, y, size, bold, tone, text } => Ink::Text { x: x + right, y: y + down, size, bold, tone, text },
        Ink::Fill(a, tone) => Ink::Fill(area(a), tone),
        Ink::Outline(a, tone) => Ink::Outline(area(a), tone),
        Ink::Stripes(a, tone) => Ink::Stripes(area(a), tone),
        Ink::Rule { from, to, tone, dashed } => {
            Ink::Rule { from: (from.0 + right, from.1 + down), to: (to.0 + right, to.1 + down), tone, dashed }
        }
        Ink::Squares { x, y, side, dark } => Ink::Squares { x: x + right, y: y + down, side, dark },
    };
    inks.into_iter().map(shift).collect()
}
