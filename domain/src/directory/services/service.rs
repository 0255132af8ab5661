//! Setting the services up.

use crate::access::{self, Action, Facts};
use crate::audit::{self, Object};
use crate::db::Work;
use crate::kernel::Result;

use super::{builtin, store};

/// Adds the shipped services that are not there yet and leaves the others as they are: their gates are the authority's
/// to change. Returns how many were added. Audited, also when there was nothing to add.
///
/// # Errors
/// When the caller may not manage the directory.
pub fn ensure_builtin(work: &mut Work<'_>) -> Result<usize> {
    let pass = access::grant(work, Action::ManageDirectory, (), &Facts::default())?;
    let mut added = 0;
    for shipped in builtin::shipped() {
        if store::add_if_new(work, &pass, &shipped)? {
            added += 1;
        }
    }
    audit::record(work, "directory.services", Object::all("service"), format!("added {added}"));
    Ok(added)
}

#[cfg(test)]
mod tests {
    use super::super::{all, by_code};
    use super::*;
    use crate::kernel::{Caller, Code, Phase, YearGroup};
    use crate::testing;

    #[test]
    fn the_shipped_services_come_once_with_their_gates() {
        let db = testing::db();
        let caller = Caller::system("test");
        assert_eq!(db.db.write(&caller, ensure_builtin).unwrap(), 3);
        assert_eq!(db.db.write(&caller, ensure_builtin).unwrap(), 0);
        let services = db.db.read(&caller, all).unwrap();
        let codes: Vec<_> = services.iter().map(|s| s.code.as_str()).collect();
        assert_eq!(codes, ["bss", "eps", "sbc"]);
        let takes = |code: &str, year| {
            let service = services.iter().find(|s| s.code == code).unwrap();
            service.gate.takes(YearGroup::new(year).unwrap(), Phase::Secondary)
        };
        assert_eq!([5, 6, 13, 14].map(|y| takes("sbc", y)), [false, true, true, false]);
        assert!(takes("eps", 0) && takes("bss", 14));
        assert!(services.iter().all(|s| s.gate.consent_required));
        assert_eq!(services.iter().map(|s| s.gate.evidence_required).collect::<Vec<_>>(), [true, true, false]);
        let unknown = db.db.read(&caller, |work| by_code(work, "nil")).unwrap_err();
        assert_eq!(unknown.code, Code::NotFound);
    }
}
