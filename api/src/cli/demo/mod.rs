//! `demo`: an invented authority, filled in and served. Every person in it is a role, every address ends in `.example`.

mod answers;
mod people;
mod story;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use dolen_domain::directory::{import, schools};
use dolen_domain::kernel::{Caller, Chance as _, Clock as _, Error, FixedClock, OsChance, SystemClock, Utc, to_hex};

use crate::app::App;
use crate::config::{Loaded, Settings};

use super::{Global, Outcome, load, say, serve, write_private};

/// The invented authority's number: none in use begins with it.
const AUTHORITY: &str = "699";

/// Where and how.
#[derive(Args)]
pub struct Demo {
    /// Folder for the database, the keys, the credentials and the captured mail.
    #[arg(long, default_value = "dolen-demo")]
    dir: PathBuf,
    /// Port on 127.0.0.1; metrics are on the next one.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Fill and exit.
    #[arg(long)]
    no_serve: bool,
}

/// Fills and serves. A second run finds the data and only serves.
pub fn run(global: &Global, demo: &Demo) -> Outcome {
    let mut loaded = load(global)?;
    prepare(&mut loaded, global, demo)?;
    let mut settings = loaded.settings()?;
    settings.demo = true;
    let known = fill_if_empty(&settings, &demo.dir, SystemClock.now())?;
    let app = App::open(settings, Arc::new(SystemClock), Arc::new(OsChance)).map_err(|e| e.to_string())?;
    say(format_args!(
        "{} {}\n  console      {}/\n  yn Gymraeg   {}/cy\n  API          {}/v1/openapi.json\n  sign in with {}, and the code the page shows\n  mail         {}",
        if known { "The demo's data is there already:" } else { "An invented authority was filled in:" },
        demo.dir.display(),
        app.settings.server.public_url,
        app.settings.server.public_url,
        app.settings.server.public_url,
        demo.dir.join("credentials.json").display(),
        demo.dir.join("mail").display(),
    ));
    if demo.no_serve {
        return serve::deliver_once(&app);
    }
    serve::run(app)
}

/// The demo's own settings, over files and environment but under explicit `--set` flags.
fn prepare(loaded: &mut Loaded, global: &Global, demo: &Demo) -> Outcome {
    std::fs::create_dir_all(demo.dir.join("keys")).map_err(|e| format!("{}: {e}", demo.dir.display()))?;
    let text = |path: PathBuf| path.to_string_lossy().into_owned();
    if global.database_url.is_none() {
        loaded.set("database.url", format!("sqlite:{}", text(demo.dir.join("dolen.db"))))?;
    }
    let values = [
        ("server.bind", format!("127.0.0.1:{}", demo.port)),
        ("server.metrics_bind", format!("127.0.0.1:{}", demo.port.wrapping_add(1))),
        ("server.public_url", format!("http://127.0.0.1:{}", demo.port)),
        ("keys.master", key(&demo.dir.join("keys/master.hex"))?),
        ("keys.signing", key(&demo.dir.join("keys/signing.hex"))?),
        ("keys.checkpoint", key(&demo.dir.join("keys/checkpoint.hex"))?),
        // In earnest it is elsewhere.
        ("audit.checkpoint_dir", text(demo.dir.join("checkpoints"))),
        ("authority.number", AUTHORITY.to_owned()),
        ("authority.name_cy", "Cyngor Dyffryn Enghraifft".to_owned()),
        ("authority.name_en", "Example Valley Council".to_owned()),
        ("mail.transport", "capture".to_owned()),
        ("mail.capture_dir", text(demo.dir.join("mail"))),
        ("log.level", "warn".to_owned()),
    ];
    for (name, value) in values {
        loaded.set(name, value)?;
    }
    for pair in &global.set {
        if let Some((name, value)) = pair.split_once('=') {
            loaded.set(name.trim(), value.trim())?;
        }
    }
    Ok(())
}

/// Reads a key, or makes one that only its owner can read.
fn key(path: &Path) -> Result<String, String> {
    if let Ok(text) = std::fs::read_to_string(path) {
        return Ok(text.trim().to_owned());
    }
    let fresh = to_hex(&OsChance.bytes::<32>());
    write_private(path, &fresh)?;
    Ok(fresh)
}

/// Fills an empty database, a year back first: clocks and windows then stand as they would. Says whether it was filled
/// before.
fn fill_if_empty(settings: &Settings, dir: &Path, now: Utc) -> Result<bool, String> {
    let clock = Arc::new(FixedClock::at(now.plus_seconds(-story::YEAR_SECONDS)));
    let app = App::open(settings.clone(), Arc::clone(&clock) as _, Arc::new(OsChance)).map_err(|e| e.to_string())?;
    let system = Caller::system("demo");
    let filled = app.db.read(&system, |work| Ok(!schools::all(work)?.is_empty())).map_err(|e| e.to_string())?;
    let credentials = dir.join("credentials.json");
    if filled {
        readdress(&credentials, &settings.server.public_url)?;
        return Ok(true);
    }
    fill(&app, &clock, now, &credentials).map_err(|e| e.to_string())?;
    Ok(false)
}

/// Writes this run's address into the credentials of an earlier one.
fn readdress(credentials: &Path, base_url: &str) -> Outcome {
    let gone = |why: &dyn std::fmt::Display| {
        format!(
            "the database is filled but {}: {why}; give another --dir, or remove the database",
            credentials.display()
        )
    };
    let text = std::fs::read_to_string(credentials).map_err(|e| gone(&e))?;
    let mut known: serde_json::Value = serde_json::from_str(&text).map_err(|e| gone(&e))?;
    if let Some(known) = known.as_object_mut() {
        known.insert("base_url".to_owned(), base_url.into());
    }
    write_private(credentials, &serde_json::to_string_pretty(&known).map_err(|e| gone(&e))?)
}

fn fill(app: &App, clock: &FixedClock, now: Utc, credentials: &Path) -> dolen_domain::kernel::Result<()> {
    let system = Caller::system("demo");
    app.db.write(&system, |work| {
        let schools = import::import_schools(work, include_bytes!("schools.csv"), AUTHORITY, false)?;
        let officers = import::import_officers(work, include_bytes!("contact-list.csv"), false)?;
        if schools.fault_count + officers.fault_count > 0 {
            return Err(Error::internal("the demo's own files have faults"));
        }
        Ok(())
    })?;
    let cast = people::add(app)?;
    // Written before the story, so that whoever interrupts it can still look around.
    let text = serde_json::to_string_pretty(&cast.credentials(&app.settings.server.public_url))
        .map_err(dolen_domain::kernel::Error::internal)?;
    write_private(credentials, &text).map_err(dolen_domain::kernel::Error::internal)?;
    story::tell(app, clock, now, &cast)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever tries it out does so at any hour of any day: just after midnight what came an hour ago came yesterday.
    #[test]
    fn the_story_can_be_told_at_any_hour() {
        for (year, month, day, hour) in
            [(2026, 11, 23, 0), (2026, 7, 5, 23), (2027, 1, 1, 0), (2028, 2, 29, 12), (2026, 9, 1, 8)]
        {
            let folder = tempfile::tempdir().unwrap();
            let demo = Demo { dir: folder.path().to_owned(), port: 8080, no_serve: true };
            let global = Global::default();
            let mut loaded = crate::config::load(None, std::iter::empty()).unwrap();
            prepare(&mut loaded, &global, &demo).unwrap();
            let date = chrono::NaiveDate::from_ymd_opt(year, month, day).unwrap();
            let now = Utc::from_date_hour(date, hour).plus_seconds(420);
            let settings = loaded.settings().unwrap();
            assert_eq!(fill_if_empty(&settings, &demo.dir, now), Ok(false), "{date} {hour}");
            assert_eq!(fill_if_empty(&settings, &demo.dir, now), Ok(true), "a second run finds it");
        }
    }
}
