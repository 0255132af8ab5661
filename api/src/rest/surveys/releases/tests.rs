//! What is out is out: a release is given out byte for byte as it was when it was published, by whatever version comes later.

use dolen_domain::surveys::releases::{Header, Released, Table};
use serde_json::Value;

use super::ReleaseView;

/// A release as a database holds it.
fn stored() -> Released {
    let mut all: Value = serde_json::from_str(include_str!("stored.json")).unwrap();
    let mut take = |part: &str| all[part].take();
    let header: Header = serde_json::from_value(take("header")).unwrap();
    let tables: Vec<Table> = serde_json::from_value(take("tables")).unwrap();
    Released { header, tables, digest: take("digest").as_str().unwrap().to_owned() }
}

/// When this fails, releases that are out would be given out otherwise, under another entity tag. What is new in the document has
/// to be absent from releases that were published without it.
#[test]
fn a_release_is_given_out_as_it_was_published() {
    let given = serde_json::to_string(&ReleaseView::from(&stored())).unwrap();
    assert_eq!(given, include_str!("given.json").trim_end());
}

/// Of a release from before there were breakdowns and carried questions both are told, as empty.
#[test]
fn an_older_release_is_read_as_well() {
    let mut released = stored();
    let mut header = serde_json::to_value(&released.header).unwrap();
    let fields = header.as_object_mut().unwrap();
    assert!(fields.remove("breakdowns").is_some() && fields.remove("carried").is_some());
    released.header = serde_json::from_value(header).unwrap();
    let given = serde_json::to_value(ReleaseView::from(&released)).unwrap();
    assert_eq!((&given["breakdowns"], &given["carried"]), (&serde_json::json!([]), &serde_json::json!([])));
    assert_eq!(given["tables"][0]["figures"][0]["base"], 685);
}

/// What is stored is what was stored: else digests would be of something else.
#[test]
fn what_is_stored_is_written_as_it_was_read() {
    let all: Value = serde_json::from_str(include_str!("stored.json")).unwrap();
    let released = stored();
    assert_eq!(serde_json::to_value(&released.header).unwrap(), all["header"]);
    assert_eq!(serde_json::to_value(&released.tables).unwrap(), all["tables"]);
}
