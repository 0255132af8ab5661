//! Commands that look and change nothing: audit, documents, settings.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::{Args, Subcommand};
use dolen_domain::audit::checkpoints::PublicKeys;
use dolen_domain::audit::{self, Finding};
use dolen_domain::db::look;
use dolen_domain::kernel::{Error, OsChance, SystemClock};

use crate::checkpoints;

use super::{Global, Outcome, complain, load, say};

/// The audit record.
#[derive(Subcommand)]
pub enum Audit {
    /// Walk the whole chain and name the first entry that was changed, removed or reordered; with checkpoints also what
    /// was cut off or built anew. It needs no secret key. Exit code 0: whole; 1: it could not be verified; 3: the record
    /// is broken; 4: the record is whole and the checkpoints are not.
    Verify(Verify),
}

/// What to verify against.
#[derive(Args)]
pub struct Verify {
    /// Folder of checkpoints, kept where the database's administrator can't change them.
    #[arg(long, value_name = "DIR", requires = "public_key")]
    checkpoints: Option<PathBuf>,
    /// File with the public half of the key they were signed with (`dolen keys checkpoint-key`).
    #[arg(long, value_name = "FILE", requires = "checkpoints")]
    public_key: Option<PathBuf>,
}

/// The exit code for a broken record.
const BROKEN: u8 = 3;
/// The exit code for a whole record with broken checkpoints.
const BAD_CHECKPOINTS: u8 = 4;

/// Verifies the audit chain.
pub fn audit(global: &Global, what: &Audit) -> Result<ExitCode, String> {
    let Audit::Verify(verify) = what;
    let settings = load(global)?.settings()?;
    let outside = match (&verify.checkpoints, &verify.public_key) {
        (Some(folder), Some(file)) => {
            let lines = checkpoints::lines(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
            let text = std::fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
            Some((lines, PublicKeys::parse(&text).map_err(|e| format!("{}: {e}", file.display()))?))
        }
        _ => None,
    };
    let begun = Instant::now();
    let found = look(&settings.database.url, &SystemClock, &OsChance, |work| match &outside {
        Some((lines, keys)) => audit::checkpoints::verify(work, lines, keys),
        None => audit::verify(work),
    });
    match found.map_err(|e| told(&e))? {
        Finding::Whole { entries } => {
            let against =
                outside.map_or_else(String::new, |(lines, _)| format!(", as {} checkpoints say", lines.len()));
            let seconds = begun.elapsed().as_secs_f64();
            say(format_args!("the audit record is whole: {entries} entries{against} ({seconds:.1} s)"));
            Ok(ExitCode::SUCCESS)
        }
        Finding::Broken { seq, how } => {
            complain(format_args!("the audit record is broken at entry {seq}: {how}"));
            Ok(ExitCode::from(BROKEN))
        }
        Finding::Checkpoint { number, how } => {
            complain(format_args!("checkpoint {number}: {how}"));
            Ok(ExitCode::from(BAD_CHECKPOINTS))
        }
    }
}

/// An error with its cause: whoever is at the command line may know.
fn told(error: &Error) -> String {
    error.cause().map_or_else(|| error.to_string(), ToString::to_string)
}

/// Which document.
#[derive(Args)]
pub struct Openapi {
    /// The 3.0.3 document for generators that want it, instead of 3.1.
    #[arg(long)]
    v30: bool,
}

/// Prints the OpenAPI document.
#[expect(clippy::unnecessary_wraps, reason = "every command ends alike")]
pub fn openapi(what: &Openapi) -> Outcome {
    let text = if what.v30 { crate::openapi::text_30() } else { crate::openapi::text_31() };
    say(text.trim_end());
    Ok(())
}

/// Prints the GraphQL schema.
#[expect(clippy::unnecessary_wraps, reason = "every command ends alike")]
pub fn graphql_schema() -> Outcome {
    say(crate::graphql::sdl().trim_end());
    Ok(())
}

/// The settings.
#[derive(Subcommand)]
pub enum Config {
    /// Show every setting with its value, its source and its meaning. Secrets are never shown.
    Show,
    /// Check the settings and say what is wrong.
    Validate,
}

/// Shows or checks the settings.
pub fn config(global: &Global, what: &Config) -> Outcome {
    let loaded = load(global)?;
    match what {
        Config::Show => say(loaded.show().trim_end()),
        Config::Validate => {
            loaded.settings()?;
            say("the settings are good");
        }
    }
    Ok(())
}
