//! Writes of questionnaires, ready to be sent, and drafts to send them on.

use dolen_api::rest;
use dolen_domain::access::Role;
use dolen_domain::instruments::{self, Definition, drafts};
use dolen_domain::kernel::InstrumentId;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::TestApp;
use crate::writes::Draft;

/// Whether a write is one of these.
#[must_use]
pub fn drafts(operation: &str) -> bool {
    operation.ends_with("_questionnaire")
}

/// The newest version of what ships.
#[must_use]
pub fn shipped(app: &TestApp) -> Uuid {
    app.write(|work| {
        instruments::ensure_builtin(work)?;
        // The writing of what was there already has no entry of its own.
        dolen_domain::audit::record(work, "test.look", dolen_domain::audit::Object::all("instrument"), "");
        Ok(instruments::by_code(work, "bullying")?.id.uuid())
    })
}

/// A code nobody has.
#[must_use]
pub fn code() -> String {
    format!("own-{}", Uuid::from_bytes(dolen_domain::kernel::Chance::bytes(&dolen_domain::kernel::OsChance)).simple())
}

/// A draft that nobody has written yet: a copy of what ships.
#[must_use]
pub fn fresh(app: &TestApp) -> Uuid {
    let (of, code) = (InstrumentId::from_uuid(shipped(app)), code());
    app.write(move |work| Ok(drafts::copy(work, of, &code)?.id.uuid()))
}

/// What a questionnaire asks; of one there is not, what ships.
#[must_use]
pub fn definition(app: &TestApp, id: Uuid) -> Definition {
    app.read(move |work| match drafts::by_id(work, InstrumentId::from_uuid(id)) {
        Ok(held) => Ok(held.definition),
        Err(_) => Ok(instruments::by_code(work, "bullying")?.definition),
    })
}

/// The tag of a draft that nobody has written yet.
#[must_use]
pub fn tag(app: &TestApp, id: Uuid) -> String {
    rest::etag(&app.app().vault, rest::surveys::KIND, id, 1)
}

/// A write of a questionnaire, ready, on a fresh draft.
///
/// # Panics
/// When it is not known here.
pub fn draft(app: &TestApp, operation: &str) -> Draft {
    let by = app.world().who(Role::Administrator).id;
    if operation == "copy_questionnaire" {
        let body = json!({"copy_of": shipped(app), "code": code()});
        return Draft::post(by, "/v1/questionnaires", body, 201);
    }
    let id = fresh(app);
    let path = format!("/v1/questionnaires/{id}");
    let version = Some(format!("\"{}\"", tag(app, id)));
    let bare = Draft { version, ..Draft::post(by, path, Value::Null, 200).bare() };
    match operation {
        "replace_questionnaire" => {
            let body = serde_json::to_value(definition(app, id)).unwrap();
            Draft { method: Method::PUT, body: Some(body), ..bare }
        }
        "publish_questionnaire" => Draft { path: format!("{}/publish", bare.path), ..bare },
        "discard_questionnaire" => Draft { method: Method::DELETE, status: 204, ..bare },
        other => panic!("the write `{other}` is not known to tests/src/questionnaires.rs: add it"),
    }
}
