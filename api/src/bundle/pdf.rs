//! For printing: the bundle as a paper.

use dolen_domain::kernel::{Bilingual, Lang, Result};

use crate::paper::{self, Level, Paper, Said, said};

use super::Block;

/// The bundle as PDF.
pub(super) fn render(blocks: &[Block]) -> Result<Vec<u8>> {
    let title = blocks.iter().find_map(|block| if let Block::Title(text) = block { Some(joined(text)) } else { None });
    let blocks = blocks.iter().flat_map(set).collect();
    paper::pdf(&Paper { title: title.unwrap_or_default(), lang: Lang::Cy, blocks })
}

fn set(block: &Block) -> Vec<paper::Block> {
    let heading = |level, text| paper::Block::Heading(level, welsh(text));
    let paragraph = |said| paper::Block::Paragraph(said);
    match block {
        Block::Title(text) => vec![heading(Level::One, joined(text))],
        Block::Heading(text) => vec![heading(Level::Two, joined(text))],
        Block::Both(text) => {
            vec![paragraph(welsh(text.cy.clone())), paragraph(said(Lang::En, text.en.clone()))]
        }
        Block::Text(label, text) => vec![heading(Level::Three, joined(label)), paragraph(welsh(text.clone()))],
        Block::Attachment { name, .. } => {
            vec![paragraph(welsh(format!("{name} (yn y ffeil HTML / in the HTML file)")))]
        }
    }
}

/// What nobody says the language of is read in the document's.
fn welsh(text: String) -> Said {
    said(Lang::Cy, text)
}

fn joined(text: &Bilingual) -> String {
    if text.cy == text.en { text.cy.clone() } else { format!("{} / {}", text.cy, text.en) }
}
