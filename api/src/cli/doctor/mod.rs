//! `doctor`: looks at everything the service stands on, says what is wrong, and what to do about it.

mod database;
mod keys;
mod surroundings;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::{Global, load, say};
use crate::config::{Loaded, Settings};

/// What else to look at.
#[derive(Args)]
pub struct Doctor {
    /// The folder backups are written to: no key may be in it.
    #[arg(long, value_name = "DIR")]
    backups: Option<PathBuf>,
    /// Leave out what reaches over the network (the mail relay).
    #[arg(long)]
    offline: bool,
}

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Good,
    Warning,
    Bad,
}

/// What the checks found, in their order.
struct Findings {
    /// Whether people's records are here: what is a warning while trying out is a fault then.
    production: bool,
    all: Vec<(Level, &'static str, String)>,
}

impl Findings {
    fn good(&mut self, what: &'static str, how: impl Into<String>) {
        self.all.push((Level::Good, what, how.into()));
    }

    fn warn(&mut self, what: &'static str, how: impl Into<String>) {
        self.all.push((Level::Warning, what, how.into()));
    }

    fn bad(&mut self, what: &'static str, how: impl Into<String>) {
        self.all.push((Level::Bad, what, how.into()));
    }

    /// A fault in production, a warning while trying out.
    fn bad_in_production(&mut self, what: &'static str, how: impl Into<String>) {
        if self.production { self.bad(what, how) } else { self.warn(what, how) }
    }
}

/// Runs every check. Exit code 0: nothing stands in the way (warnings may); 1: something must be mended first.
pub fn run(global: &Global, options: &Doctor) -> Result<ExitCode, String> {
    let loaded = load(global)?;
    let settings = match loaded.settings() {
        Ok(settings) => settings,
        Err(faults) => {
            faults.lines().for_each(|f| say(format_args!("bad      settings: {f}")));
            return Ok(ExitCode::FAILURE);
        }
    };
    let found = examine(&loaded, &settings, options);
    for (level, what, how) in &found.all {
        let word = match level {
            Level::Good => "good",
            Level::Warning => "warning",
            Level::Bad => "bad",
        };
        say(format_args!("{word:7}  {what}: {how}"));
    }
    let count = |level| found.all.iter().filter(|(l, ..)| *l == level).count();
    let (bad, warnings) = (count(Level::Bad), count(Level::Warning));
    say(format_args!("{bad} to mend, {warnings} warnings, {} good", count(Level::Good)));
    Ok(if bad == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn examine(loaded: &Loaded, settings: &Settings, options: &Doctor) -> Findings {
    let mut found = Findings { production: settings.server.is_https(), all: Vec::new() };
    surroundings::check(settings, &mut found);
    let reached = database::check(settings, &mut found);
    keys::check(loaded, settings, options.backups.as_deref(), &mut found);
    if reached {
        keys::check_rows(settings, &mut found);
        database::check_record(settings, &mut found);
    }
    surroundings::check_mail(settings, options.offline, &mut found);
    found
}
