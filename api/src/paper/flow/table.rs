//! Tables: columns as wide as they need, rows that stay whole where they can, the head again on every page.

use dolen_domain::kernel::Lang;

use super::super::model::{Column, Table};
use super::super::sheet::{Ink, Role, Tone};
use super::{BASE, BODY, BOTTOM, Flow, LEADING, MARGIN, PARAGRAPH, ROOM, Style, TOP, spaced};

/// Points of a cell's letters.
const SIZE: f32 = 10.0;
const LINE: f32 = SIZE * LEADING;
/// Beside and above a cell's text.
const PAD: f32 = 4.0;

/// A column's place.
#[derive(Clone, Copy)]
struct Slot {
    x: f32,
    width: f32,
    numeric: bool,
}

/// The lines of a row's cells, and how many the highest has.
struct Lines {
    cells: Vec<Vec<String>>,
    most: usize,
}

impl Flow<'_> {
    pub(super) fn table(&mut self, table: &Table) {
        let slots = self.slots(table);
        let head = self.cells(&slots, table.columns.iter().map(|column| column.name.as_str()), true);
        let caption = self.face.lines(&table.caption, BODY, true, ROOM).len();
        // The caption, the head and two lines of rows stay together.
        self.space(12.0);
        self.need(height(caption) + height(head.most) + height(2) + 4.0 * PAD);
        self.sheets.begin(Role::Table, table.lang);
        self.sheets.begin(Role::Caption, table.lang);
        let said = super::Said { lang: table.lang, text: table.caption.clone() };
        self.lines(&said, Style { bold: true, ..PARAGRAPH });
        self.sheets.end();
        self.sheets.begin(Role::Head, table.lang);
        self.row(&slots, &head, table.lang, None, |_| Role::ColumnHeader);
        self.sheets.end();
        self.sheets.begin(Role::Rows, table.lang);
        for row in &table.rows {
            let lines = self.cells(&slots, row.iter().map(String::as_str), false);
            let role = |at| if at == 0 { Role::RowHeader } else { Role::Cell };
            self.row(&slots, &lines, table.lang, Some(&head), role);
        }
        self.sheets.end();
        self.sheets.end();
    }

    /// Where the columns stand: as wide as their longest line where there is room, no narrower than their longest word.
    fn slots(&self, table: &Table) -> Vec<Slot> {
        let cells = |at: usize| table.rows.iter().filter_map(move |row| row.get(at));
        let widest = |at: usize, column: &Column, measure: &dyn Fn(&str, bool) -> f32| {
            let name = measure(&column.name, true);
            cells(at).map(|cell| measure(cell, at == 0)).fold(name, f32::max) + 2.0 * PAD
        };
        let whole = |text: &str, bold| self.face.width(text, SIZE, bold);
        let word = |text: &str, bold| self.face.longest_word(text, SIZE, bold);
        let columns = || table.columns.iter().enumerate();
        let wanted: Vec<f32> = columns().map(|(at, column)| widest(at, column, &whole)).collect();
        let least: Vec<f32> = columns().map(|(at, column)| widest(at, column, &word)).collect();
        let (all, need) = (wanted.iter().sum::<f32>(), least.iter().sum::<f32>());
        let mut x = MARGIN;
        let place = |(at, (wanted, least)): (usize, (f32, f32))| {
            let width = if all <= ROOM {
                // What is left over goes to the column that names the rows.
                if at == 0 { wanted + ROOM - all } else { wanted }
            } else if need < ROOM {
                least + (ROOM - need) * (wanted - least) / (all - need)
            } else {
                least * ROOM / need
            };
            let slot = Slot { x, width, numeric: table.columns.get(at).is_some_and(|column| column.numeric) };
            x += width;
            slot
        };
        wanted.into_iter().zip(least).enumerate().map(place).collect()
    }

    /// The lines of a row's cells, a column each.
    fn cells<'t>(&self, slots: &[Slot], mut texts: impl Iterator<Item = &'t str>, head: bool) -> Lines {
        let lines = |(at, slot): (usize, &Slot)| {
            let text = texts.next().unwrap_or_default();
            self.face.lines(text, SIZE, head || at == 0, (slot.width - 2.0 * PAD).max(1.0))
        };
        let cells: Vec<Vec<String>> = slots.iter().enumerate().map(lines).collect();
        let most = cells.iter().map(Vec::len).max().unwrap_or_default();
        Lines { cells, most }
    }

    /// A row: whole where a page has room for it, over several pages where none has. On each page after the first the
    /// table's head stands again, to be seen; it is read once.
    fn row(&mut self, slots: &[Slot], row: &Lines, lang: Lang, again: Option<&Lines>, role: impl Fn(usize) -> Role) {
        let page = self.page;
        self.need(height(row.most) + 2.0 * PAD);
        if self.page != page {
            self.head_again(slots, again);
        }
        self.y += PAD;
        let mut places = Vec::with_capacity(row.most);
        for _ in 0..row.most {
            if self.y + LINE > BOTTOM && self.y > TOP {
                self.turn();
                self.head_again(slots, again);
            }
            places.push((self.page, self.y + SIZE * BASE));
            self.y += LINE;
        }
        self.y += PAD;
        self.sheets.begin(Role::Row, lang);
        for (at, (slot, lines)) in slots.iter().zip(&row.cells).enumerate() {
            let role = role(at);
            let bold = role != Role::Cell;
            self.sheets.begin(role, lang);
            let style = Style { size: SIZE, bold, above: 0.0, indent: 0.0 };
            for (number, (line, (page, y))) in lines.iter().zip(&places).enumerate() {
                let x = self.start(*slot, line, bold);
                self.line(*page, (x, *y), style, lang, spaced(line.clone(), number + 1 < lines.len()));
            }
            self.sheets.end();
        }
        self.sheets.end();
        self.underline(again.is_none());
    }

    fn head_again(&mut self, slots: &[Slot], head: Option<&Lines>) {
        let Some(head) = head else { return };
        let top = self.y + PAD;
        let mut inks = Vec::new();
        for (slot, lines) in slots.iter().zip(&head.cells) {
            let mut y = top + SIZE * BASE;
            for line in lines {
                let x = self.start(*slot, line, true);
                inks.push(Ink::Text { x, y, size: SIZE, bold: true, tone: Tone::Black, text: line.clone() });
                y += LINE;
            }
        }
        self.sheets.adorn(self.page, inks);
        self.y = top + height(head.most) + PAD;
        self.underline(true);
    }

    /// Where a line of a cell begins.
    fn start(&self, slot: Slot, line: &str, bold: bool) -> f32 {
        if slot.numeric { slot.x + slot.width - PAD - self.face.width(line, SIZE, bold) } else { slot.x + PAD }
    }

    fn underline(&mut self, strong: bool) {
        let tone = if strong { Tone::Black } else { Tone::Pale };
        let rule = Ink::Rule { from: (MARGIN, self.y), to: (MARGIN + ROOM, self.y), tone, dashed: false };
        self.sheets.adorn(self.page, vec![rule]);
    }
}

/// How high so many lines are.
fn height(lines: usize) -> f32 {
    LINE * f32::from(u16::try_from(lines).unwrap_or(u16::MAX))
}
