//! For printing: a tagged PDF, with headings and paragraphs a screen reader can follow.
//!
//! The typeface is Atkinson Hyperlegible (Braille Institute, SIL Open Font License 1.1), which has every Welsh letter.

use std::num::NonZeroU16;

use dolen_domain::kernel::{Error, Result};
use krilla::Document;
use krilla::geom::Point;
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::tagging::{ArtifactType, ContentTag, Identifier, Node, SpanTag, Tag, TagGroup, TagTree};
use krilla::text::{Font, TextDirection};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider as _};

use super::Block;

static REGULAR: &[u8] = include_bytes!("../../assets/fonts/AtkinsonHyperlegible-Regular.ttf");
static BOLD: &[u8] = include_bytes!("../../assets/fonts/AtkinsonHyperlegible-Bold.ttf");

/// A4, in points.
const PAGE: (f32, f32) = (595.0, 842.0);
/// The margin on every side.
const MARGIN: f32 = 56.0;

/// A typeface: as krilla draws it, and as its letters are measured.
struct Face {
    font: Font,
    measures: FontRef<'static>,
}

impl Face {
    fn of(bytes: &'static [u8]) -> Result<Self> {
        let broken = || Error::internal("the embedded typeface can't be read");
        let font = Font::new(bytes.to_vec().into(), 0).ok_or_else(broken)?;
        let measures = FontRef::new(bytes).map_err(|_| broken())?;
        Ok(Self { font, measures })
    }

    /// How wide a text is.
    fn width(&self, text: &str, size: f32) -> f32 {
        let letters = self.measures.charmap();
        let widths = self.measures.glyph_metrics(Size::new(size), LocationRef::default());
        let width = |c| letters.map(c).and_then(|g| widths.advance_width(g)).unwrap_or(size * 0.6);
        text.chars().map(width).sum()
    }

    /// The lines a text makes. A word that is too long for any line is cut.
    fn lines(&self, text: &str, size: f32, room: f32) -> Vec<String> {
        let mut lines = Vec::new();
        for paragraph in text.split('\n') {
            let mut line = String::new();
            for word in paragraph.split_whitespace() {
                let mut word = word.to_owned();
                let joined = if line.is_empty() { word.clone() } else { format!("{line} {word}") };
                if self.width(&joined, size) <= room {
                    line = joined;
                    continue;
                }
                if !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                }
                while self.width(&word, size) > room {
                    let mut head = String::new();
                    for c in word.chars() {
                        head.push(c);
                        if self.width(&head, size) > room {
                            head.pop();
                            break;
                        }
                    }
                    if head.is_empty() {
                        break;
                    }
                    word = word.split_off(head.len());
                    lines.push(head);
                }
                line = word;
            }
            lines.push(line);
        }
        lines
    }
}

/// A line to draw: of which paragraph, how, and how far below the one before.
struct Line {
    paragraph: usize,
    text: String,
    bold: bool,
    size: f32,
    above: f32,
    lang: &'static str,
}

/// Everything to draw, and what each paragraph is.
#[derive(Default)]
struct Flow {
    lines: Vec<Line>,
    /// The heading's level and text; a paragraph has none.
    paragraphs: Vec<Option<(u16, String)>>,
}

impl Flow {
    fn add(&mut self, face: &Face, text: &str, heading: Option<u16>, (bold, size): (bool, f32), lang: &'static str) {
        let paragraph = self.paragraphs.len();
        self.paragraphs.push(heading.map(|level| (level, text.to_owned())));
        let lines = face.lines(text, size, PAGE.0 - 2.0 * MARGIN);
        for (number, text) in lines.into_iter().enumerate() {
            let above = if number > 0 { size * 1.4 } else { size * if heading.is_some() { 2.4 } else { 1.7 } };
            self.lines.push(Line { paragraph, text, bold, size, above, lang });
        }
    }
}

fn flow(blocks: &[Block], regular: &Face, bold: &Face) -> Flow {
    let mut flow = Flow::default();
    for block in blocks {
        match block {
            Block::Title(text) => {
                flow.add(bold, &format!("{} / {}", text.cy, text.en), Some(1), (true, 20.0), "cy");
            }
            Block::Heading(text) => {
                flow.add(bold, &format!("{} / {}", text.cy, text.en), Some(2), (true, 14.0), "cy");
            }
            Block::Both(text) => {
                flow.add(regular, &text.cy, None, (false, 11.0), "cy");
                flow.add(regular, &text.en, None, (false, 11.0), "en");
            }
            Block::Text(label, text) => {
                let label =
                    if label.cy == label.en { label.cy.clone() } else { format!("{} / {}", label.cy, label.en) };
                flow.add(bold, &label, Some(3), (true, 11.0), "cy");
                flow.add(regular, text, None, (false, 11.0), "cy");
            }
            Block::Attachment { name, .. } => {
                let text = format!("{name} (yn y ffeil HTML / in the HTML file)");
                flow.add(regular, &text, None, (false, 11.0), "cy");
            }
        }
    }
    flow
}

/// The lines of each page.
fn pages(lines: Vec<Line>) -> Vec<Vec<(f32, Line)>> {
    let (mut pages, mut page, mut y) = (Vec::new(), Vec::new(), MARGIN);
    for line in lines {
        y += line.above;
        if y > PAGE.1 - MARGIN {
            pages.push(std::mem::take(&mut page));
            y = MARGIN + line.size;
        }
        page.push((y, line));
    }
    pages.push(page);
    pages
}

/// The bundle as PDF.
pub(super) fn render(blocks: &[Block]) -> Result<Vec<u8>> {
    let (regular, bold) = (Face::of(REGULAR)?, Face::of(BOLD)?);
    let Flow { lines, paragraphs } = flow(blocks, &regular, &bold);
    let mut parts: Vec<Vec<Identifier>> = paragraphs.iter().map(|_| Vec::new()).collect();
    let mut document = Document::new();
    let pages = pages(lines);
    let count = pages.len();
    for (number, page) in pages.into_iter().enumerate() {
        let settings =
            PageSettings::from_wh(PAGE.0, PAGE.1).ok_or_else(|| Error::internal("A4 is not a page's size"))?;
        let mut sheet = document.start_page_with(settings);
        let mut surface = sheet.surface();
        for (y, line) in page {
            let face = if line.bold { &bold } else { &regular };
            let id = surface.start_tagged(ContentTag::Span(SpanTag::empty().with_lang(Some(line.lang))));
            let at = Point::from_xy(MARGIN, y);
            surface.draw_text(at, face.font.clone(), line.size, &line.text, false, TextDirection::Auto);
            surface.end_tagged();
            if let Some(part) = parts.get_mut(line.paragraph) {
                part.push(id);
            }
        }
        let footer = krilla::tagging::Artifact::new(ArtifactType::PageNumber, None);
        surface.start_tagged(ContentTag::Artifact(footer));
        let at = Point::from_xy(MARGIN, PAGE.1 - MARGIN / 2.0);
        let text = format!("{} / {count}", number + 1);
        surface.draw_text(at, regular.font.clone(), 9.0, &text, false, TextDirection::Auto);
        surface.end_tagged();
        surface.finish();
        sheet.finish();
    }
    document.set_tag_tree(tree(paragraphs, parts));
    let metadata = Metadata::new().title("Eich gwybodaeth chi / Your information".to_owned()).language("cy".to_owned());
    document.set_metadata(metadata);
    document.finish().map_err(|e| Error::internal(format!("a PDF could not be made: {e:?}")))
}

/// What each paragraph is, in the order of reading.
fn tree(paragraphs: Vec<Option<(u16, String)>>, parts: Vec<Vec<Identifier>>) -> TagTree {
    let mut tree = TagTree::new().with_lang(Some("cy".to_owned()));
    for (paragraph, ids) in paragraphs.into_iter().zip(parts) {
        let children: Vec<Node> = ids.into_iter().map(Node::from).collect();
        let heading = paragraph.and_then(|(level, text)| Some((NonZeroU16::new(level)?, text)));
        let group = match heading {
            Some((level, text)) => TagGroup::with_children(Tag::Hn(level, Some(text)), children),
            None => TagGroup::with_children(Tag::P, children),
        };
        tree.push(group);
    }
    tree
}
