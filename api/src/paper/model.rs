//! The document.

use dolen_domain::kernel::Lang;

use super::dots::Dots;

/// Something to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// Its title: what a reader's window and a library call it. The paper's first heading says it on the page.
    pub title: String,
    /// The language of most of it, and of its title; a block in the other says so itself.
    pub lang: Lang,
    /// What it says, in the order of reading.
    pub blocks: Vec<Block>,
}

/// A text with its language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Its language.
    pub lang: Lang,
    /// The text. A line break in it begins a new line.
    pub text: String,
}

/// A text in a language.
#[must_use]
pub fn said(lang: Lang, text: impl Into<String>) -> Said {
    Said { lang, text: text.into() }
}

/// A part of a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading. Levels are not skipped on the way down (ISO 14289-1 §7.4.2).
    Heading(Level, Said),
    /// A paragraph.
    Paragraph(Said),
    /// A list of points, none of them more important than another.
    List(Vec<Said>),
    /// Something that stands out.
    Note(Note),
    /// A table.
    Table(Table),
    /// A bar chart.
    Bars(Bars),
    /// What follows begins a page.
    PageBreak,
    /// Cards to be cut out.
    Cards(Cards),
}

/// How high a heading stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// The paper's own.
    One,
    /// A part's.
    Two,
    /// Within a part.
    Three,
}

/// Something that stands out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What it is about.
    pub title: Option<Said>,
    /// What it says.
    pub text: Vec<Said>,
}

/// A table. Every row names itself in its first cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The language of its words.
    pub lang: Lang,
    /// What it shows.
    pub caption: String,
    /// Its columns; the first is what the rows are named after.
    pub columns: Vec<Column>,
    /// The cells of each row, as many as there are columns; what is missing is left empty, and what is too much left out.
    pub rows: Vec<Vec<String>>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// What stands in it.
    pub name: String,
    /// Whether its cells are figures, which stand below each other at the right.
    pub numeric: bool,
}

/// A bar chart of shares, 0 to 100 %.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bars {
    /// The language of its words.
    pub lang: Lang,
    /// What it shows.
    pub title: String,
    /// The same in words, for who can't see it. A PDF without it is refused.
    pub alt: String,
    /// What the two kinds of bar are, when a bar is compared.
    pub key: Option<Key>,
    /// The bars, from the top.
    pub bars: Vec<Bar>,
}

/// What the bars of a chart are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The full ones, such as “This school”.
    pub own: String,
    /// Those they are compared with, such as “All schools”.
    pub compared: String,
}

/// A bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// What it counts.
    pub label: String,
    /// Where its end lies; none when the figure isn't shown, and `text` says why.
    pub band: Option<Band>,
    /// Where the end of what it is compared with lies.
    pub compared: Option<Band>,
    /// The figure in words, such as “12% to 15% (c)”: the bar alone tells nobody a number.
    pub text: String,
}

/// Where a share lies, in thousandths. What is above 1000 counts as 1000, and a band whose ends are the wrong way round is
/// turned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Band {
    /// It is no less.
    pub from: u16,
    /// It is no more.
    pub to: u16,
}

impl Band {
    /// Its ends as parts of one, the lower first.
    pub(super) fn ends(self) -> (f32, f32) {
        let part = |thousandths: u16| f32::from(thousandths.min(1000)) / 1000.0;
        (part(self.from.min(self.to)), part(self.from.max(self.to)))
    }
}

/// Cards in two columns, with lines to cut along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cards {
    /// The cards, row by row.
    pub cards: Vec<Card>,
}

/// A card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// What it says.
    pub lines: Vec<CardLine>,
    /// Its QR code.
    pub dots: Dots,
    /// What the QR code is, for who can't see it.
    pub alt: Said,
}

/// A line of a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardLine {
    /// What it says.
    pub said: Said,
    /// Whether it is what the card is for.
    pub big: bool,
}
