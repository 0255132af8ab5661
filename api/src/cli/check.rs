//! Commands that look and change nothing: audit, documents, settings.

use clap::{Args, Subcommand};
use dolen_domain::audit::{self, Finding};
use dolen_domain::kernel::Caller;

use super::{Global, Outcome, load, open, say};

/// The audit record.
#[derive(Subcommand)]
pub enum Audit {
    /// Walk the whole chain and name the first entry that was changed, removed or reordered.
    Verify,
}

/// Verifies the audit chain; a broken one is a failure.
pub fn audit(global: &Global, what: &Audit) -> Outcome {
    let Audit::Verify = what;
    let app = open(global)?;
    match app.db.read(&Caller::system("cli"), audit::verify).map_err(|e| e.to_string())? {
        Finding::Whole { entries } => {
            say(format_args!("the audit record is whole: {entries} entries"));
            Ok(())
        }
        Finding::Broken { seq, how } => Err(format!("the audit record is broken at entry {seq}: {how}")),
    }
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
