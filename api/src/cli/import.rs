//! `import schools|officers|calendar FILE`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use dolen_domain::directory::import::{self, ImportReport};
use dolen_domain::kernel::Caller;

use super::{Global, Outcome, open, say};

/// What to import.
#[derive(Subcommand)]
pub enum Import {
    /// Schools: number, name, Welsh name, phase, medium, cluster, opened and closed dates.
    Schools(File),
    /// The contact list: name, contact details, role, key areas, and optionally services, coverage, deputy, absence.
    Officers(File),
    /// Terms, INSET days, holidays and closures: kind, school number (empty for all), first and last day, names.
    Calendar(CalendarFile),
}

/// A calendar and whether it replaces what is there.
#[derive(Args)]
pub struct CalendarFile {
    #[command(flatten)]
    file: File,
    /// Remove what is known of the school years in the file and is not in it.
    #[arg(long)]
    replace: bool,
}

/// The file and how to read it.
#[derive(Args)]
pub struct File {
    /// A CSV file: UTF-8 or Windows-1252; comma, semicolon or tab.
    path: PathBuf,
    /// Check the file and say what would change, but change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

/// Imports a file, all or nothing.
pub fn run(global: &Global, what: &Import) -> Outcome {
    let app = open(global)?;
    let (options, replace) = match what {
        Import::Schools(file) | Import::Officers(file) => (file, false),
        Import::Calendar(calendar) => (&calendar.file, calendar.replace),
    };
    let bytes = std::fs::read(&options.path).map_err(|e| format!("{}: {e}", options.path.display()))?;
    let (dry_run, schools, calendar) =
        (options.dry_run, matches!(what, Import::Schools(_)), matches!(what, Import::Calendar(_)));
    let authority = app.settings.authority.number.clone();
    if schools && authority.is_empty() {
        return Err("authority.number is not set: schools' numbers begin with it".to_owned());
    }
    let report = app
        .db
        .write(&Caller::system("cli"), move |work| {
            if schools {
                import::import_schools(work, &bytes, &authority, dry_run)
            } else if calendar {
                import::import_calendar(work, &bytes, replace, dry_run)
            } else {
                import::import_officers(work, &bytes, dry_run)
            }
        })
        .map_err(|e| e.to_string())?;
    if options.json {
        say(serde_json::to_string_pretty(&report).map_err(|e| e.to_string())?);
    } else {
        tell(&report);
    }
    if report.faults.is_empty() { Ok(()) } else { Err("nothing was imported".to_owned()) }
}

fn tell(report: &ImportReport) {
    for fault in &report.faults {
        say(format_args!(
            "row {}, column {}: {}. {}",
            fault.row.unwrap_or_default(),
            fault.column.as_deref().unwrap_or("-"),
            fault.code.as_str(),
            fault.code.mend().en
        ));
    }
    say(format_args!(
        "{} rows: {} added, {} changed, {} unchanged, {} faults{}",
        report.rows,
        report.added.len(),
        report.changed.len(),
        report.unchanged,
        report.faults.len(),
        if report.written { "" } else { "; nothing was written" }
    ));
    for removed in &report.removed {
        say(format_args!("not in the file, {}removed: {removed}", if report.written { "" } else { "would be " }));
    }
    for missing in &report.missing {
        say(format_args!("not in the file, kept as it is: {missing}"));
    }
}
