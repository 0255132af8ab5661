//! The file of tombstones, outside the database: a restored backup must bring nothing back.
//!
//! One JSON object a line, appended and flushed. At every start what the file knows and the database does not is done
//! again, and what the database knows and the file does not is written, so that either mends the other.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use dolen_domain::db::Kind;
use dolen_domain::db::conn::{scrub, sqlite_path};
use dolen_domain::kernel::{Caller, Error, Result};
use dolen_domain::records::tombstones::{self, Line};

use crate::app::App;
use crate::config::Settings;

/// Where the file is: as set, else beside SQLite's file. Nothing on PostgreSQL unless it is set.
#[must_use]
pub fn path(settings: &Settings) -> Option<PathBuf> {
    if let Some(set) = &settings.records.tombstone_file {
        return Some(set.clone());
    }
    let url = &settings.database.url;
    matches!(Kind::of(url), Ok(Kind::Sqlite)).then(|| PathBuf::from(format!("{}.tombstones", sqlite_path(url))))
}

/// Reads the file. A last line without its end was cut off by a crash, and is written again from the database.
fn read(path: &Path) -> Result<Vec<Line>> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::internal(format!("{}: {error}", path.display()))),
    };
    let whole = text.rfind('\n').map_or("", |end| text.get(..end).unwrap_or_default());
    let lines = whole.lines().filter(|line| !line.trim().is_empty()).enumerate();
    lines
        .map(|(number, line)| {
            serde_json::from_str(line).map_err(|_| {
                let place = format!("{} line {}", path.display(), number + 1);
                Error::internal(format!("{place} is no tombstone: mend it from a copy; nothing starts without it"))
            })
        })
        .collect()
}

/// Appends lines and flushes them to the disk.
fn append(path: &Path, lines: &[Line]) -> Result<()> {
    let failed = |error: std::io::Error| Error::internal(format!("{}: {error}", path.display()));
    // What a crash cut off goes first.
    if let Ok(bytes) = std::fs::read(path) {
        let whole = bytes.iter().rposition(|b| *b == b'\n').map_or(0, |end| end + 1);
        let file = OpenOptions::new().write(true).open(path).map_err(failed)?;
        file.set_len(u64::try_from(whole).map_err(Error::internal)?).map_err(failed)?;
    }
    let mut file = OpenOptions::new().create(true).append(true).open(path).map_err(failed)?;
    let mut text = String::new();
    for line in lines {
        text.push_str(&serde_json::to_string(line).map_err(Error::internal)?);
        text.push('\n');
    }
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.sync_all().map_err(failed)
}

/// Brings file and database to know the same. Says how many things were taken away again.
///
/// # Errors
/// When the file can't be read or written, or the database refuses: then the service must not start.
pub fn sync(app: &App) -> Result<usize> {
    let Some(path) = path(&app.settings) else { return Ok(0) };
    let caller = Caller::system("tombstones");
    let filed = read(&path)?;
    let known = app.db.read(&caller, tombstones::lines)?;
    let forgotten = tombstones::missing(&filed, &known);
    let again = if forgotten.is_empty() {
        0
    } else {
        let vault = std::sync::Arc::clone(&app.vault);
        let again = app.db.write(&caller, move |work| tombstones::replay(work, &vault, &forgotten))?;
        tracing::warn!(again, "the database is older than its tombstones: what had gone was taken away again");
        again
    };
    let unfiled = tombstones::missing(&known, &filed);
    if !unfiled.is_empty() {
        append(&path, &unfiled)?;
    }
    Ok(again)
}

/// Ends a run: files its tombstones, and on SQLite takes its remains out of the write-ahead log. On PostgreSQL only the
/// tables' owner can do that (`dolen retention scrub`).
///
/// # Errors
/// As [`sync`]. A log that somebody is reading just then is no error: it is said, and the next run empties it.
pub fn finish(app: &App) -> Result<()> {
    sync(app)?;
    if app.db.kind() == Kind::Sqlite
        && let Err(error) = scrub(&app.settings.database.url, &[])
    {
        tracing::warn!(%error, "what was disposed of is still in the write-ahead log: run `dolen retention scrub`");
    }
    Ok(())
}

/// Refuses to dispose of anything where no tombstone could be kept.
///
/// # Errors
/// When no file is set.
pub fn require(settings: &Settings) -> Result<()> {
    path(settings).map(|_| ()).ok_or_else(|| {
        Error::internal("set records.tombstone_file to a path that is not restored together with the database")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_crash_cut_off_is_passed_over_and_what_is_broken_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tombstones");
        assert!(read(&path).unwrap().is_empty(), "no file yet");
        let line: Line = serde_json::from_str(
            r#"{"line":"tombstone","kind":"case","id":"018f0000-0000-7000-8000-000000000001","at":"2026-03-02T09:00:00Z","record_class":"referral","certificate":1}"#,
        )
        .unwrap();
        append(&path, std::slice::from_ref(&line)).unwrap();
        std::fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(b"{\"line\":\"tomb").unwrap();
        assert_eq!(read(&path).unwrap(), std::slice::from_ref(&line));
        append(&path, std::slice::from_ref(&line)).unwrap();
        assert_eq!(read(&path).unwrap(), [line.clone(), line]);
        std::fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(b"{}\n").unwrap();
        assert!(read(&path).is_err(), "the control: a whole line that says nothing");
    }
}
