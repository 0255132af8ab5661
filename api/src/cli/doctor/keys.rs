//! The keys: there, good, readable by the service alone, and nowhere near what they protect.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use dolen_domain::custody;
use dolen_domain::db::conn::sqlite_path;
use dolen_domain::db::{Kind, look};
use dolen_domain::kernel::{OsChance, SystemClock};

use crate::app::key_ring;
use crate::config::{Loaded, Settings, Source};

use super::Findings;

/// The secrets that are keys.
const KEYS: [&str; 4] = ["keys.master", "keys.ring", "keys.signing", "keys.checkpoint"];

/// Checks the files that keys come from.
pub fn check(loaded: &Loaded, settings: &Settings, backups: Option<&Path>, found: &mut Findings) {
    match key_ring(settings) {
        Ok(ring) => {
            found.good("keys", format!("{} at hand, keys.master is {}", ring.ids().count(), ring.current().id()));
        }
        Err(error) => found.bad("keys", error.cause().map_or_else(|| error.to_string(), ToString::to_string)),
    }
    let mut near: Vec<(&str, PathBuf)> = Vec::new();
    if Kind::of(&settings.database.url).is_ok_and(|k| k == Kind::Sqlite)
        && let Some(data) = Path::new(sqlite_path(&settings.database.url)).parent()
    {
        near.push(("the folder of the database", data.to_owned()));
    }
    near.extend(backups.map(|b| ("the folder of the backups", b.to_owned())));
    near.extend(settings.audit.checkpoint_dir.clone().map(|d| ("the folder of the checkpoints", d)));
    for key in KEYS.into_iter().filter(|k| !loaded.get(k).is_empty()) {
        let Some(path) = loaded.file_of(key) else {
            let how = match loaded.source_of(key) {
                Some(Source::File(file)) => format!("{key} is written in {file}: move it to a file of its own"),
                _ => format!(
                    "{key} is in the environment or on the command line, which others may see: give it as a file"
                ),
            };
            found.bad_in_production("key files", how);
            continue;
        };
        check_file(key, path, found);
        for (what, folder) in &near {
            if inside(path, folder) {
                let path = path.display();
                let how = format!("{path} ({key}) is in {what}: whoever takes that has the key too. Move it");
                found.bad_in_production("key files", how);
            }
        }
    }
}

fn check_file(key: &str, path: &Path, found: &mut Findings) {
    let shown = path.display();
    match std::fs::metadata(path).map(|about| about.permissions().mode() & 0o777) {
        Ok(mode) if mode & 0o007 != 0 => {
            found.bad_in_production(
                "key files",
                format!("{shown} ({key}) is open to everybody ({mode:o}): chmod 400 {shown}"),
            );
        }
        Ok(mode) if mode & 0o070 != 0 => {
            found.warn("key files", format!("{shown} ({key}) is open to its group ({mode:o}): chmod 400 {shown}"));
        }
        Ok(_) => found.good("key files", format!("{shown} ({key}) is its owner's alone")),
        Err(error) => found.bad("key files", format!("{shown} ({key}): {error}")),
    }
}

/// Whether a path lies in a folder, whatever links lead there.
pub fn inside(path: &Path, folder: &Path) -> bool {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let real = |p: &Path| std::fs::canonicalize(p).ok();
    match (real(path), real(folder)) {
        (Some(path), Some(folder)) => path.starts_with(folder),
        _ => false,
    }
}

/// Checks that every key a row names is at hand.
pub fn check_rows(settings: &Settings, found: &mut Findings) {
    let Ok(ring) = key_ring(settings) else { return };
    let keys = match look(&settings.database.url, &SystemClock, &OsChance, |work| custody::list(work, &ring)) {
        Ok(keys) => keys,
        Err(error) => return found.bad("keys", error.to_string()),
    };
    let mut whole = true;
    for key in keys {
        let rows = key.children + key.own;
        if rows > 0 && !key.at_hand {
            found.bad("keys", format!("{rows} rows are under {}, which is not at hand: add it to keys.ring", key.id));
            whole = false;
        } else if rows > 0 && !key.current {
            found.warn("keys", format!("{rows} rows are under an older key, {}: run `dolen keys rotate`", key.id));
            whole = false;
        }
        if key.current && key.retired_at.is_some() {
            found.bad("keys", format!("keys.master is {}, which was retired: give a newer one", key.id));
            whole = false;
        }
    }
    if whole {
        found.good("keys", "every row is under keys.master");
    }
}
