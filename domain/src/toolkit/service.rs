//! Reading what ships.

use crate::access::{Action, scope};
use crate::db::Work;
use crate::kernel::{Code, Error, Result};

use super::model::Toolkit;

/// The version reports are made with now.
pub const NEWEST: u16 = 1;

/// The versions that ship, each for ever: a report of last year is read with the advice it gave. Welsh awaits a
/// translator's review.
const BUILTIN: &[(u16, &str)] = &[(1, include_str!("builtin/approaches-v1.json"))];

/// A version, for engines.
///
/// # Errors
/// [`Code::NotFound`] for one that never was.
pub fn shipped(version: u16) -> Result<Toolkit> {
    let (_, text) = BUILTIN.iter().find(|(number, _)| *number == version).ok_or(Code::NotFound)?;
    serde_json::from_str(text).map_err(Error::internal)
}

/// The newest version, for its readers: everybody who may read the directory, which is where its helpers stand.
///
/// # Errors
/// A refusal of [`Action::ReadDirectory`].
pub fn read(work: &mut Work<'_>) -> Result<Toolkit> {
    scope(work, Action::ReadDirectory)?;
    shipped(NEWEST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::services;
    use crate::kernel::Caller;
    use crate::testing;

    #[test]
    fn each_version_is_itself_and_no_other_is_there() {
        for (version, _) in BUILTIN {
            assert_eq!(shipped(*version).unwrap().version, *version);
        }
        assert!(BUILTIN.iter().any(|(version, _)| *version == NEWEST));
        assert_eq!(shipped(NEWEST + 1).unwrap_err().code, Code::NotFound);
    }

    #[test]
    fn who_can_help_is_in_the_directory() {
        let scratch = testing::db();
        let system = Caller::system("test");
        scratch.db.write(&system, services::ensure_builtin).unwrap();
        let known: Vec<String> =
            scratch.db.read(&system, services::all).unwrap().into_iter().map(|service| service.code).collect();
        for approach in scratch.db.read(&system, read).unwrap().approaches {
            assert!(approach.help.iter().all(|code| known.contains(code)), "{}: {:?}", approach.code, approach.help);
        }
    }
}
