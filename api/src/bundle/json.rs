//! For machines.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dolen_domain::kernel::{Error, Result};
use dolen_domain::records::subject_access::{Bundle, CasePart};
use serde_json::{Value, json};

/// The bundle as JSON.
pub(super) fn render(bundle: &Bundle) -> Result<Vec<u8>> {
    let child = &bundle.child;
    let document = json!({
        "reference": bundle.reference.as_str(),
        "received_on": bundle.received_on,
        "released_on": bundle.released_on,
        "child": { "given_name": child.given_name, "family_name": child.family_name, "born_on": child.born_on,
            "upn": child.upn.as_ref().map(ToString::to_string) },
        "cases": bundle.cases.iter().map(case).collect::<Vec<_>>(),
        "seen_by": bundle.readers,
    });
    serde_json::to_vec_pretty(&document).map_err(Error::internal)
}

fn case(part: &CasePart) -> Value {
    let documents: Vec<Value> = part
        .documents
        .iter()
        .map(|d| json!({ "name": d.name, "media_type": d.media_type, "content": STANDARD.encode(&d.bytes) }))
        .collect();
    json!({
        "reference": part.reference.as_str(),
        "kind": part.kind,
        "school": { "number": part.school.number.to_string(), "cy": part.school.name.cy, "en": part.school.name.en },
        "service": part.service.as_ref().map(|s| json!({ "cy": s.cy, "en": s.en })),
        "opened_on": part.opened_on,
        "closed_on": part.closed_on,
        "found": part.given,
        "documents": documents,
    })
}
