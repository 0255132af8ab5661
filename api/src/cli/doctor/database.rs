//! The database: reached, durable, up to date, under the right role; its clock and its checkpoints.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use dolen_domain::audit::{self, checkpoints as signed};
use dolen_domain::db::conn::{assert_durable, establish, sqlite_path};
use dolen_domain::db::{self, Conn, Kind, look, roles};
use dolen_domain::kernel::{Clock as _, OsChance, SystemClock, Utc};

use crate::checkpoints;
use crate::config::Settings;

use super::Findings;

/// So many seconds between two clocks are noticed.
const CLOCK: i64 = 5;

/// Checks everything but what is in the tables. Says whether there is a database to look into.
pub fn check(settings: &Settings, found: &mut Findings) -> bool {
    let url = &settings.database.url;
    let kind = match Kind::of(url) {
        Ok(kind) => kind,
        Err(error) => {
            found.bad("database", format!("{error}"));
            return false;
        }
    };
    let path = Path::new(sqlite_path(url));
    if kind == Kind::Sqlite && !path.is_file() {
        found
            .warn("database", format!("{} is not there; `dolen migrate up` or `dolen serve` makes it", path.display()));
        return false;
    }
    let mut conn = match establish(url, true) {
        Ok(conn) => conn,
        Err(error) => {
            found.bad("database", format!("can't be reached ({error}): check database.url and its password"));
            return false;
        }
    };
    found.good("database", kind.as_str());
    match assert_durable(&mut conn) {
        Ok(()) => found.good("durability", "an acknowledged write survives a power cut"),
        Err(error) => found.bad("durability", told(&error)),
    }
    if kind == Kind::Sqlite {
        check_file(path, found);
    }
    check_role(settings, &mut conn, found);
    if let Ok(Some(seconds)) = roles::clock_difference(&mut conn, SystemClock.now()) {
        if seconds.abs() > CLOCK {
            found.bad("clock", format!("{seconds} s from the database server's: run a time service (NTP) on both"));
        } else {
            found.good("clock", "agrees with the database server's");
        }
    }
    match db::waiting(&mut conn) {
        Ok(names) if names.is_empty() => {
            found.good("migrations", format!("all {} applied", db::known()));
            true
        }
        Ok(names) => {
            found.bad("migrations", format!("{} wait ({}): run `dolen migrate up`", names.len(), names.join(", ")));
            false
        }
        Err(error) => {
            found.bad("migrations", format!("can't be read: {}", told(&error)));
            false
        }
    }
}

/// An error's cause, when it has one.
fn told(error: &dolen_domain::kernel::Error) -> String {
    error.cause().map_or_else(|| error.to_string(), ToString::to_string)
}

fn check_file(path: &Path, found: &mut Findings) {
    if let Ok(about) = std::fs::metadata(path) {
        let mode = about.permissions().mode() & 0o777;
        if mode & 0o007 != 0 {
            let path = path.display();
            found.bad_in_production("file", format!("{path} is open to everybody ({mode:o}): chmod 600 {path}"));
        } else {
            found.good("file", format!("{} is not open to everybody", path.display()));
        }
    }
}

/// The service's role on PostgreSQL.
fn check_role(settings: &Settings, conn: &mut Conn, found: &mut Findings) {
    let role = match roles::standing(conn) {
        Ok(Some(role)) => role,
        Ok(None) => return,
        Err(error) => return found.bad("role", told(&error)),
    };
    let remedy = "make a role for the service, give the owner's address as database.owner_url to `dolen migrate up`, and \
                  serve as that role (docs/operations.md)";
    if role.superuser {
        let how = format!("{} is a superuser and can change the audit record: {remedy}", role.role);
        if settings.database.allow_superuser { found.warn("role", how) } else { found.bad("role", how) }
    } else if role.owns > 0 {
        let how = format!(
            "{} owns {} tables and can switch off what guards the audit record: {remedy}",
            role.role, role.owns
        );
        found.bad_in_production("role", how);
    } else if role.edits_audit || role.creates || role.privileged {
        let how = format!(
            "{} may do more than serve (change the audit record, make tables, or make roles): {remedy}",
            role.role
        );
        found.bad_in_production("role", how);
    } else {
        found.good("role", format!("{} may neither change tables nor the audit record", role.role));
    }
}

/// The newest entry's time, and whether the newest checkpoint is new enough.
pub fn check_record(settings: &Settings, found: &mut Findings) {
    let now = SystemClock.now();
    let seen = look(&settings.database.url, &SystemClock, &OsChance, |work| {
        Ok((audit::newest_at(work)?, signed::latest(work)?, signed::is_due(work)?))
    });
    let (newest, latest, due) = match seen {
        Ok(seen) => seen,
        Err(error) => return found.bad("audit record", told(&error)),
    };
    if newest.is_some_and(|at| at > now.plus_seconds(CLOCK)) {
        found.bad("clock", "the newest entry of the audit record is in the future: set the clock right");
    }
    let Some(folder) = &settings.audit.checkpoint_dir else {
        let how = "are off: an end of the audit record that is cut off would not be noticed. Set keys.checkpoint and \
                   audit.checkpoint_dir, a folder the database's administrator can't change";
        return found.bad_in_production("checkpoints", how);
    };
    check_folder(settings, folder, found);
    let written = match checkpoints::newest(folder) {
        Ok(written) => written,
        Err(error) => return found.bad("checkpoints", told(&error)),
    };
    if let (Some(written), latest) = (&written, &latest)
        && latest.as_ref().is_none_or(|l| l.number < written.number)
    {
        let how = format!("checkpoint {} is not known to the database: it is an older copy. Verify it", written.number);
        return found.bad("checkpoints", how);
    }
    let minutes = i64::try_from(settings.audit.checkpoint_minutes).unwrap_or(60);
    let old = |at: Utc| at.plus_seconds(2 * 60 * minutes) < now;
    match (latest, written) {
        (None, _) if due => found.bad_in_production("checkpoints", "none was signed yet: is the worker running?"),
        (None, _) => found.good("checkpoints", "nothing is on record yet"),
        (Some(latest), written) if written.as_ref() != Some(&latest) => {
            let how = format!("checkpoint {} was signed and is not in {}", latest.number, folder.display());
            found.bad("checkpoints", how);
        }
        (Some(latest), _) if due && old(latest.at) => {
            let how = format!("the newest is of {}: is the worker running?", latest.at.chrono().to_rfc3339());
            found.bad_in_production("checkpoints", how);
        }
        (Some(latest), _) => {
            found.good("checkpoints", format!("number {} vouches for {} entries", latest.number, latest.size));
        }
    }
}

/// The folder of checkpoints is not where the database is.
fn check_folder(settings: &Settings, folder: &Path, found: &mut Findings) {
    let data = Path::new(sqlite_path(&settings.database.url)).parent().map(Path::to_owned);
    let sqlite = Kind::of(&settings.database.url).is_ok_and(|k| k == Kind::Sqlite);
    if sqlite && data.is_some_and(|data| super::keys::inside(folder, &data)) {
        let how =
            format!("{} is beside the database: whoever changes one changes both. Put it elsewhere", folder.display());
        found.bad_in_production("checkpoints", how);
    }
}
