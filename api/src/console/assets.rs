//! Styles and scripts, embedded in the binary and served under addresses that change with their content.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use actix_web::http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse, get, web};
use dolen_domain::kernel::{Code, to_hex};
use rust_embed::Embed;

use crate::error::Problem;
use crate::rest::Reply;

#[derive(Embed)]
#[folder = "$OUT_DIR/assets"]
struct Folder;

/// Each file's name and the hash in its address. In a debug build the folder is read as it was at the build.
static HASHES: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    Folder::iter()
        .filter_map(|name| {
            let mut hash = to_hex(&Folder::get(&name)?.metadata.sha256_hash());
            hash.truncate(8);
            Some((name.into_owned(), hash))
        })
        .collect()
});

/// The address of a file; nothing when this build has no such file.
#[must_use]
pub fn address(name: &str) -> Option<String> {
    HASHES.get(name).map(|hash| format!("/assets/{hash}/{name}"))
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "text/plain; charset=utf-8",
    }
}

/// A file. Its address names its content, so a browser may keep it for good.
#[get("/assets/{hash}/{name}")]
pub async fn get_asset(request: HttpRequest, path: web::Path<(String, String)>) -> Reply {
    let (hash, name) = path.into_inner();
    let missing = || Problem::from(Code::NotFound);
    if HASHES.get(&name) != Some(&hash) {
        return Err(missing());
    }
    let tag = format!("\"{hash}\"");
    let known = request.headers().get(IF_NONE_MATCH).and_then(|v| v.to_str().ok());
    let mut response = HttpResponse::Ok();
    response.insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable")).insert_header((ETAG, tag.clone()));
    if known.is_some_and(|k| k.split(',').any(|t| t.trim().trim_start_matches("W/") == tag)) {
        return Ok(response.status(actix_web::http::StatusCode::NOT_MODIFIED).finish());
    }
    let file = Folder::get(&name).ok_or_else(missing)?;
    Ok(response.content_type(content_type(&name)).body(file.data.into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_build_has_what_the_layout_names() {
        for name in ["styles.css", "dolen.css", "dolen.js", "favicon.svg"] {
            assert!(address(name).is_some_and(|a| a.starts_with("/assets/") && a.ends_with(name)), "{name}");
        }
        assert_eq!(address("no-such-file.css"), None);
    }
}
