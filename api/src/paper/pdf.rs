//! A paper as PDF: tagged, for PDF/UA-1 (ISO 14289-1), with headings, lists, tables and alternatives a screen reader follows.

use std::collections::BTreeMap;
use std::num::NonZeroU16;

use dolen_domain::kernel::{Error, Result};
use krilla::configure::{Accessibility, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{Path, PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule, Stroke, StrokeDash};
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, ListNumbering, SpanTag, TableHeaderScope, Tag, TagGroup, TagKind,
    TagTree,
};
use krilla::text::TextDirection;
use krilla::{Document, SerializeSettings};

use super::face::Face;
use super::flow::{self, PAGE};
use super::model::{Level, Paper};
use super::sheet::{Area, Element, Ink, Mark, Part, Place, Role, Sheets, Tone, stripes};

/// The paper as PDF: the same bytes whenever it is made.
///
/// # Errors
/// [`dolen_domain::kernel::Code::Internal`] when it breaks a rule of PDF/UA-1 that can be checked, such as a figure without
/// an alternative, or a paper without a title or a heading.
pub fn pdf(paper: &Paper) -> Result<Vec<u8>> {
    if paper.title.trim().is_empty() {
        return Err(Error::internal("a paper without a title"));
    }
    let face = Face::embedded()?;
    let Sheets { pages, top, places, .. } = flow::set(paper, &face);
    let configuration = ConfigurationBuilder::new().with_accessibility_validator(Accessibility::UA1).finish();
    let configuration = configuration.map_err(|_| Error::internal("PDF/UA-1 can't be asked for"))?;
    let mut document = Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
    let mut leaves = BTreeMap::new();
    for marks in pages {
        let settings = PageSettings::from_wh(PAGE.0, PAGE.1);
        let settings = settings.ok_or_else(|| Error::internal("A4 is not a page's size"))?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        for mark in marks {
            draw(&mut surface, &face, mark, &mut leaves);
        }
        surface.finish();
        page.finish();
    }
    let mut tree = TagTree::new().with_lang(Some(paper.lang.tag().to_owned()));
    tree.children = parts(top, &leaves);
    document.set_tag_tree(tree);
    document.set_outline(outline(&places));
    document.set_metadata(Metadata::new().title(paper.title.clone()).language(paper.lang.tag().to_owned()));
    document.finish().map_err(|e| Error::internal(format!("a PDF could not be made: {e:?}")))
}

fn draw(surface: &mut Surface<'_>, face: &Face, mark: Mark, leaves: &mut BTreeMap<usize, Identifier>) {
    let tag = match (mark.leaf, mark.lang) {
        (None, _) => ContentTag::Artifact(Artifact::new(ArtifactType::Layout, None)),
        (Some(_), Some(lang)) => ContentTag::Span(SpanTag::empty().with_lang(Some(lang.tag()))),
        (Some(_), None) => ContentTag::Other,
    };
    let id = surface.start_tagged(tag);
    for ink in mark.inks {
        draw_ink(surface, face, ink);
    }
    surface.end_tagged();
    if let Some(leaf) = mark.leaf {
        leaves.insert(leaf, id);
    }
}

fn draw_ink(surface: &mut Surface<'_>, face: &Face, ink: Ink) {
    match ink {
        Ink::Text { x, y, size, bold, tone, text } => {
            surface.set_stroke(None);
            surface.set_fill(Some(fill(tone)));
            surface.draw_text(Point::from_xy(x, y), face.font(bold), size, &text, false, TextDirection::Auto);
        }
        Ink::Fill(area, tone) => paint(surface, rectangle(area), Some(fill(tone)), None),
        Ink::Outline(area, tone) => paint(surface, rectangle(area), None, Some(stroke(tone, 1.2, false))),
        Ink::Stripes(area, tone) => {
            paint(surface, rectangle(area), None, Some(stroke(tone, 1.0, false)));
            for x in stripes(area) {
                let path = line((x, area.y), (x, area.y + area.height));
                paint(surface, path, None, Some(stroke(tone, 1.0, false)));
            }
        }
        Ink::Rule { from, to, tone, dashed } => {
            paint(surface, line(from, to), None, Some(stroke(tone, 0.7, dashed)));
        }
        Ink::Squares { x, y, side, dark } => {
            let mut path = PathBuilder::new();
            for (right, down) in dark {
                let at = (x + f32::from(right) * side, y + f32::from(down) * side);
                if let Some(square) = Rect::from_xywh(at.0, at.1, side, side) {
                    path.push_rect(square);
                }
            }
            paint(surface, path.finish(), Some(fill(Tone::Black)), None);
        }
    }
}

fn paint(surface: &mut Surface<'_>, path: Option<Path>, fill: Option<Fill>, stroke: Option<Stroke>) {
    let Some(path) = path else { return };
    surface.set_fill(fill);
    surface.set_stroke(stroke);
    surface.draw_path(&path);
}

fn rectangle(area: Area) -> Option<Path> {
    let mut path = PathBuilder::new();
    path.push_rect(Rect::from_xywh(area.x, area.y, area.width, area.height)?);
    path.finish()
}

fn line(from: (f32, f32), to: (f32, f32)) -> Option<Path> {
    let mut path = PathBuilder::new();
    path.move_to(from.0, from.1);
    path.line_to(to.0, to.1);
    path.finish()
}

fn color(tone: Tone) -> krilla::color::rgb::Color {
    let (red, green, blue) = tone.rgb();
    krilla::color::rgb::Color::new(red, green, blue)
}

fn fill(tone: Tone) -> Fill {
    Fill { paint: color(tone).into(), opacity: NormalizedF32::ONE, rule: FillRule::NonZero }
}

fn stroke(tone: Tone, width: f32, dashed: bool) -> Stroke {
    let dash = dashed.then(|| StrokeDash { array: vec![4.0, 4.0], offset: 0.0 });
    Stroke { paint: color(tone).into(), width, dash, ..Stroke::default() }
}

/// The structure, in the order of reading.
fn parts(parts: Vec<Part>, leaves: &BTreeMap<usize, Identifier>) -> Vec<krilla::tagging::Node> {
    let node = |part| match part {
        Part::Leaf(leaf) => leaves.get(&leaf).map(|id| (*id).into()),
        Part::Element(element) => Some(group(element, leaves).into()),
    };
    parts.into_iter().filter_map(node).collect()
}

fn group(element: Element, leaves: &BTreeMap<usize, Identifier>) -> TagGroup {
    let mut kind: TagKind = match element.role {
        Role::Heading(level, text) => Tag::Hn(number(level), Some(text)).into(),
        Role::Paragraph => Tag::P.into(),
        Role::List => Tag::L(ListNumbering::Disc).into(),
        Role::Item => Tag::LI.into(),
        Role::Bullet => Tag::Lbl.into(),
        Role::Body => Tag::LBody.into(),
        Role::Group => Tag::Div.into(),
        Role::Table => Tag::Table.into(),
        Role::Caption => Tag::Caption.into(),
        Role::Head => Tag::THead.into(),
        Role::Rows => Tag::TBody.into(),
        Role::Row => Tag::TR.into(),
        Role::ColumnHeader => Tag::TH(TableHeaderScope::Column).into(),
        Role::RowHeader => Tag::TH(TableHeaderScope::Row).into(),
        Role::Cell => Tag::TD.into(),
        Role::Figure(alt) => Tag::Figure(Some(alt)).into(),
    };
    kind.set_lang(Some(element.lang.tag().to_owned()));
    TagGroup::with_children(kind, parts(element.parts, leaves))
}

fn number(level: Level) -> NonZeroU16 {
    let below = match level {
        Level::One => 0,
        Level::Two => 1,
        Level::Three => 2,
    };
    NonZeroU16::MIN.saturating_add(below)
}

/// The headings as bookmarks, those of a lower level below the one before them.
fn outline(places: &[Place]) -> Outline {
    let mut outline = Outline::new();
    for node in nodes(places) {
        outline.push_child(node);
    }
    outline
}

fn nodes(places: &[Place]) -> Vec<OutlineNode> {
    let mut nodes = Vec::new();
    let mut rest = places;
    while let [first, after @ ..] = rest {
        let below = after.iter().take_while(|place| number(place.level) > number(first.level)).count();
        let (inner, next) = after.split_at(below);
        let at = XyzDestination::new(first.page, Point::from_xy(0.0, first.y));
        let mut node = OutlineNode::new(first.text.clone(), at);
        for child in self::nodes(inner) {
            node.push_child(child);
        }
        nodes.push(node);
        rest = next;
    }
    nodes
}
