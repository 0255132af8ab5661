//! For reading: one file that needs nothing else, no script and no network.

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dolen_domain::kernel::{Error, Result};

use super::Block;

#[derive(Template)]
#[template(path = "bundle.html")]
struct Document<'a> {
    blocks: &'a [Block],
}

/// Bytes as a link can hold them.
fn inline(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The bundle as HTML.
pub(super) fn render(blocks: &[Block]) -> Result<Vec<u8>> {
    Document { blocks }.render().map(String::into_bytes).map_err(Error::internal)
}
