//! What stands where on which page, and what each part of it is: between the document and the file.

use dolen_domain::kernel::Lang;

use super::model::Level;

/// A rectangle, in points from the left and the top.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Area {
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub height: f32,
}

/// A colour. Those of the Government Analysis Function, with 4.5 to 1 on white where text is set in one
/// (`facts/ecosystem.md` §1.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// Text.
    Black,
    /// What is said aside.
    Grey,
    /// Rules and grids.
    Pale,
    /// Bars.
    Blue,
}

impl Tone {
    /// Red, green and blue.
    pub(super) fn rgb(self) -> (u8, u8, u8) {
        match self {
            Self::Black => (0x0b, 0x0c, 0x0c),
            Self::Grey => (0x59, 0x59, 0x59),
            Self::Pale => (0xb1, 0xb4, 0xb6),
            Self::Blue => (0x12, 0x43, 0x6d),
        }
    }
}

/// Something drawn, in points from the left and the top.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Ink {
    /// A text, from the left end of its base line.
    Text { x: f32, y: f32, size: f32, bold: bool, tone: Tone, text: String },
    /// A full rectangle.
    Fill(Area, Tone),
    /// An empty rectangle with an edge.
    Outline(Area, Tone),
    /// A rectangle of upright stripes with an edge.
    Stripes(Area, Tone),
    /// A line, from one point to another.
    Rule { from: (f32, f32), to: (f32, f32), tone: Tone, dashed: bool },
    /// Squares side by side, each of so many points: from the left, from the top.
    Squares { x: f32, y: f32, side: f32, dark: Vec<(u16, u16)> },
}

/// The upright lines of a striped rectangle, as distances from the left.
pub(super) fn stripes(area: Area) -> impl Iterator<Item = f32> {
    let step = 3.0;
    std::iter::successors(Some(area.x + step), move |x| Some(x + step)).take_while(move |x| *x < area.x + area.width)
}

/// What is drawn together, and what it belongs to.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    /// The leaf of the structure it is. Without one it is nothing to be read: a rule, a page number.
    pub leaf: Option<usize>,
    /// The language, when it is a line of text.
    pub lang: Option<Lang>,
    pub inks: Vec<Ink>,
}

/// What a part of the document is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Role {
    Heading(Level, String),
    Paragraph,
    List,
    Item,
    Bullet,
    Body,
    /// Parts that belong together.
    Group,
    Table,
    Caption,
    Head,
    Rows,
    Row,
    ColumnHeader,
    RowHeader,
    Cell,
    /// With its alternative.
    Figure(String),
}

/// A part of the document.
#[derive(Debug, Clone)]
pub(super) struct Element {
    pub role: Role,
    pub lang: Lang,
    pub parts: Vec<Part>,
}

/// What an element is made of.
#[derive(Debug, Clone)]
pub(super) enum Part {
    Element(Element),
    /// A leaf: the mark with this number.
    Leaf(usize),
}

/// A heading, for the outline.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub level: Level,
    pub text: String,
    pub page: usize,
    /// Its upper edge.
    pub y: f32,
}

/// The pages and the structure, as they grow.
#[derive(Debug, Default)]
pub(super) struct Sheets {
    pub pages: Vec<Vec<Mark>>,
    pub top: Vec<Part>,
    pub places: Vec<Place>,
    open: Vec<Element>,
    leaves: usize,
}

impl Sheets {
    /// Begins a part; what comes until [`Self::end`] belongs to it.
    pub(super) fn begin(&mut self, role: Role, lang: Lang) {
        self.open.push(Element { role, lang, parts: Vec::new() });
    }

    /// Ends the part that was begun last. One with nothing in it is none, as a screen reader would stop at it.
    pub(super) fn end(&mut self) {
        if let Some(element) = self.open.pop()
            && (!element.parts.is_empty() || matches!(element.role, Role::Cell | Role::RowHeader | Role::ColumnHeader))
        {
            self.parts().push(Part::Element(element));
        }
    }

    fn parts(&mut self) -> &mut Vec<Part> {
        match self.open.last_mut() {
            Some(element) => &mut element.parts,
            None => &mut self.top,
        }
    }

    /// Draws something that is read, as a part of what is open.
    pub(super) fn read(&mut self, page: usize, lang: Option<Lang>, inks: Vec<Ink>) {
        let leaf = self.leaves;
        self.leaves += 1;
        self.parts().push(Part::Leaf(leaf));
        self.put(page, Mark { leaf: Some(leaf), lang, inks });
    }

    /// Draws something that is only seen.
    pub(super) fn adorn(&mut self, page: usize, inks: Vec<Ink>) {
        self.put(page, Mark { leaf: None, lang: None, inks });
    }

    fn put(&mut self, page: usize, mark: Mark) {
        if self.pages.len() <= page {
            self.pages.resize_with(page + 1, Vec::new);
        }
        if let Some(page) = self.pages.get_mut(page) {
            page.push(mark);
        }
    }
}
