//! How long things are kept, and their end.

use clap::{Args, Subcommand};
use dolen_domain::db::conn::scrub;
use dolen_domain::kernel::{Caller, to_hex};
use dolen_domain::records::retention::{self, Plan};
use dolen_domain::records::sealed;

use crate::app::App;
use crate::tombstones;

use super::{Global, Outcome, open, say};

/// How long things are kept.
#[derive(Subcommand)]
pub enum Retention {
    /// Show the rules.
    Rules,
    /// Show what is over and what a run would dispose of. Changes nothing.
    Plan,
    /// Dispose of what the plan lists as due, for good.
    Run(Run),
    /// Print a certificate, or list them.
    Certificate(Certificate),
    /// Take the remains out of the database's files; on PostgreSQL as the owner of the tables, which are locked meanwhile.
    Scrub,
}

/// How a run is meant.
#[derive(Args)]
pub struct Run {
    /// Really do it: what goes can't be had back.
    #[arg(long)]
    confirm: bool,
}

/// Which certificate.
#[derive(Args)]
pub struct Certificate {
    /// Its number; without one all are listed.
    number: Option<i64>,
}

/// Shows or disposes.
pub fn retention(global: &Global, what: &Retention) -> Outcome {
    let app = open(global)?;
    let caller = Caller::system("cli");
    let text = |e: dolen_domain::kernel::Error| e.to_string();
    match what {
        Retention::Rules => {
            for rule in app.db.read(&caller, retention::rules).map_err(text)? {
                let (class, anchor, years, end) = (rule.class, rule.anchor, rule.years, rule.end);
                say(format_args!("{class}: {years} years after {anchor}, then {end} ({})", rule.source));
            }
        }
        Retention::Plan => show(&reckoned(&app)?),
        Retention::Run(run) => {
            tombstones::require(&app.settings).map_err(text)?;
            let plan = reckoned(&app)?;
            show(&plan);
            if !run.confirm {
                return Err("nothing was disposed of: add --confirm to dispose of what is listed as due".to_owned());
            }
            dispose(&app)?;
        }
        Retention::Certificate(which) => certificate(&app, which.number)?,
        Retention::Scrub => {
            scrub(&app.settings.database.url, &sealed::tables()).map_err(text)?;
            say("the remains are gone");
        }
    }
    Ok(())
}

/// The plan, once every case is reckoned.
fn reckoned(app: &App) -> Result<Plan, String> {
    let caller = Caller::system("cli");
    while app.db.read(&caller, retention::is_any_unreckoned).map_err(|e| e.to_string())? {
        let vault = std::sync::Arc::clone(&app.vault);
        app.db.write(&caller, move |work| retention::reckon(work, &vault)).map_err(|e| e.to_string())?;
    }
    app.db.read(&caller, retention::plan).map_err(|e| e.to_string())
}

fn show(plan: &Plan) {
    for item in &plan.items {
        let standing = item.standing.as_str();
        say(format_args!("{} {} kept until {}: {standing}", item.reference, item.class, item.dispose_after));
    }
    for (class, count) in plan.counts() {
        say(format_args!("{class}: {count} to be disposed of"));
    }
    say(format_args!("{} children of whom nothing would be left", plan.children.len()));
    if plan.more {
        say("there is more: run again after this one");
    }
}

/// Disposes, files the tombstones, and takes the remains out of SQLite's files.
fn dispose(app: &App) -> Outcome {
    let vault = std::sync::Arc::clone(&app.vault);
    let done = app.db.write(&Caller::system("cli"), move |work| retention::run(work, &vault));
    let Some(certificate) = done.map_err(|e| e.to_string())? else {
        say("nothing is due");
        return Ok(());
    };
    tombstones::sync(app).map_err(|e| e.to_string())?;
    say(&certificate.body);
    say(format_args!("sha256 {}", to_hex(&certificate.digest)));
    if app.db.kind() == dolen_domain::db::Kind::Sqlite {
        scrub(&app.settings.database.url, &[]).map_err(|e| e.to_string())?;
    } else {
        say("now run `dolen retention scrub` as the owner of the tables");
    }
    Ok(())
}

fn certificate(app: &App, number: Option<i64>) -> Outcome {
    let caller = Caller::system("cli");
    match number {
        Some(number) => {
            let found = app.db.read(&caller, |work| retention::certificate(work, number)).map_err(|e| e.to_string())?;
            say(&found.body);
            say(format_args!("sha256 {}", to_hex(&found.digest)));
        }
        None => {
            for found in app.db.read(&caller, retention::certificates).map_err(|e| e.to_string())? {
                say(format_args!("{} {} sha256 {}", found.number, found.made_at.chrono(), to_hex(&found.digest)));
            }
        }
    }
    Ok(())
}
