//! Publishing what ships, and reading.

use crate::access::{Action, Facts, grant};
use crate::audit::{self, Object};
use crate::db::Work;
use crate::kernel::{Code, Error, InstrumentId, Result};

use super::model::{Definition, Instrument};
use super::{check, store};

/// The definitions that ship, each version for ever.
pub(super) const BUILTIN: &[&str] =
    &[include_str!("builtin/bullying-v1.json"), include_str!("builtin/bullying-v2.json")];

/// Whether a code is of what ships: an authority's own questionnaire takes another.
#[must_use]
pub fn is_builtin(code: &str) -> bool {
    SHIPPED.contains(&code)
}

/// The codes of [`BUILTIN`]; a test holds them to it.
const SHIPPED: &[&str] = &["bullying"];

/// Publishes the shipped definitions that are not stored yet. Call it inside `Db::upkeep`: there is an audit entry for
/// what is added, and nothing to audit when all is there.
///
/// # Errors
/// When a shipped definition is flawed, or differs from the stored one of the same version.
pub fn ensure_builtin(work: &mut Work<'_>) -> Result<()> {
    for text in BUILTIN {
        let definition: Definition = serde_json::from_str(text).map_err(Error::internal)?;
        if let Some(flaw) = check(&definition).first() {
            return Err(Error::internal(format!("a shipped questionnaire is flawed: {flaw:?}")));
        }
        match store::by_version(work, &definition.code, definition.version)? {
            Some(stored) if stored.definition == definition => {}
            Some(_) => {
                return Err(Error::internal(format!(
                    "the stored questionnaire {} {} differs from the shipped one; a published version never changes",
                    definition.code, definition.version
                )));
            }
            None => {
                let id = InstrumentId::from_uuid(work.new_id());
                store::insert(work, id, &definition)?;
                let detail = format!("{} {}", definition.code, definition.version);
                audit::record(work, "instrument.publish", Object::one("instrument", id.uuid()), detail);
            }
        }
    }
    Ok(())
}

/// The newest version of a questionnaire, for engines.
///
/// # Errors
/// [`Code::NotFound`].
pub fn by_code(work: &mut Work<'_>, code: &str) -> Result<Instrument> {
    // Whatever came in may stand here, and PostgreSQL can't even be asked for text with a NUL in it.
    if code.contains('\0') {
        return Err(Code::NotFound.into());
    }
    store::newest(work, code)
}

/// A published version of a questionnaire, for engines; without a number the newest.
///
/// # Errors
/// [`Code::NotFound`].
pub fn published(work: &mut Work<'_>, code: &str, version: Option<i64>) -> Result<Instrument> {
    let newest = by_code(work, code)?;
    match version {
        Some(version) if version != newest.definition.version => {
            store::by_version(work, code, version)?.ok_or_else(|| Code::NotFound.into())
        }
        _ => Ok(newest),
    }
}

/// A questionnaire by its id, for engines.
///
/// # Errors
/// [`Code::NotFound`].
pub fn by_id(work: &mut Work<'_>, id: InstrumentId) -> Result<Instrument> {
    store::by_id(work, id)
}

/// A questionnaire for its readers.
///
/// # Errors
/// [`Code::NotFound`], or a refusal of [`Action::ReadCampaign`].
pub fn read(work: &mut Work<'_>, id: InstrumentId) -> Result<Instrument> {
    let grant = grant(work, Action::ReadCampaign, id, &Facts::default())?;
    store::by_id(work, grant.id())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::Finding;
    use crate::kernel::Caller;
    use crate::testing;

    #[test]
    fn what_ships_is_published_once() {
        let scratch = testing::db();
        let system = Caller::system("test");
        for _ in 0..2 {
            scratch.db.upkeep(&system, ensure_builtin).unwrap();
        }
        let found = scratch.db.read(&system, |work| by_code(work, "bullying")).unwrap();
        assert_eq!(found.definition.version, 2);
        let version = |n| scratch.db.read(&system, move |work| published(work, "bullying", n));
        assert_eq!(version(None).unwrap().id, found.id);
        assert_eq!(version(Some(1)).unwrap().definition.version, 1);
        assert_eq!(version(Some(3)).unwrap_err().code, Code::NotFound);
        for text in BUILTIN {
            let definition: Definition = serde_json::from_str(text).unwrap();
            assert!(is_builtin(&definition.code) && !is_builtin("another"));
        }
        let again = scratch.db.read(&system, |work| read(work, found.id)).unwrap();
        assert_eq!(again.definition, found.definition);
        assert_eq!(scratch.db.read(&system, audit::verify).unwrap(), Finding::Whole { entries: 2 });
        assert!(scratch.db.read(&system, |work| by_code(work, "another")).is_err());
    }
}
