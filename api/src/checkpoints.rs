//! The folder outside the database that checkpoints of the audit record are kept in.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use dolen_domain::audit::checkpoints::{self, Checkpoint};
use dolen_domain::kernel::{Caller, Error, Result};

use crate::app::App;

/// The file that checkpoints are added to.
pub const FILE: &str = "checkpoints.jsonl";

/// The lines in a folder, of every file whose name ends in `.jsonl`, in the order of the names.
///
/// # Errors
/// When the folder can't be read.
pub fn lines(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "jsonl") {
            names.push(path);
        }
    }
    names.sort();
    let mut lines = Vec::new();
    for name in names {
        let text = std::fs::read_to_string(name)?;
        lines.extend(text.lines().filter(|l| !l.is_empty()).map(str::to_owned));
    }
    Ok(lines)
}

/// Adds lines, durably. The file only ever grows, so the folder may be one that lets nothing be changed.
fn append(folder: &Path, lines: &[String]) -> io::Result<()> {
    let mut file = OpenOptions::new().append(true).create(true).mode(0o640).open(folder.join(FILE))?;
    let mut text = lines.join("\n");
    text.push('\n');
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    File::open(folder)?.sync_all()
}

/// Signs a checkpoint when the record has grown, and writes out what the folder lacks: of this one, and of any that an
/// earlier process signed and had no time to write. Without a key or a folder nothing is done.
///
/// # Errors
/// When the database or the folder fails; when the folder knows a newer checkpoint than the database, which is then a
/// restored copy; and when it holds another chain's.
pub fn tick(app: &App, caller: &Caller) -> Result<()> {
    let (Some(signer), Some(folder)) = (&app.signer, &app.settings.audit.checkpoint_dir) else { return Ok(()) };
    std::fs::create_dir_all(folder).map_err(Error::internal)?;
    let newest = newest(folder)?;
    let known = newest.as_ref().map_or(0, |c| c.number);
    let stored = app.db.read(caller, |work| checkpoints::lines_after(work, (known - 1).max(0)))?;
    let stored: Vec<Checkpoint> = stored.iter().filter_map(|l| checkpoints::parse(l)).collect();
    if let Some(newest) = &newest
        && !stored.contains(newest)
    {
        return Err(Error::internal(format!(
            "{} knows checkpoint {known}, and the database does not: the database is an older copy or another one. \
             Verify it (`dolen audit verify --checkpoints`), then give audit.checkpoint_dir a new folder and keep the old",
            folder.display()
        )));
    }
    if app.db.read(caller, checkpoints::is_due)? {
        let signer = std::sync::Arc::clone(signer);
        let line = app.db.write(caller, move |work| checkpoints::sign(work, &signer))?;
        tracing::info!(checkpoint = line, "the audit record was signed");
    }
    let lacking = app.db.read(caller, |work| checkpoints::lines_after(work, known))?;
    if lacking.is_empty() { Ok(()) } else { append(folder, &lacking).map_err(Error::internal) }
}

/// The newest checkpoint in a folder.
///
/// # Errors
/// When the folder can't be read.
pub fn newest(folder: &Path) -> Result<Option<Checkpoint>> {
    let lines = lines(folder).map_err(|e| Error::internal(format!("{}: {e}", folder.display())))?;
    Ok(lines.iter().filter_map(|l| checkpoints::parse(l)).max_by_key(|c| c.number))
}
