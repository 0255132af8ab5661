//! `keys`: making master keys, and changing one for another while the service runs.

use std::io::Write as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Subcommand;
use dolen_domain::audit::checkpoints::Signer;
use dolen_domain::custody;
use dolen_domain::kernel::{Caller, Chance as _, OsChance, to_hex};
use dolen_domain::vault::{Kek as _, MasterKey};
use secrecy::ExposeSecret as _;

use super::{Global, Outcome, load, open, say, write_private};

/// Keys outside the database.
#[derive(Subcommand)]
pub enum Keys {
    /// Make a fresh key of 64 hexadecimal digits, for keys.master, keys.signing or keys.checkpoint.
    #[command(alias = "generate")]
    New {
        /// Write it to a new file that only its owner can read, instead of to standard output.
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// List the master keys: which is current, which are at hand, how many rows name each, which are retired.
    List,
    /// Wrap every key in the database under keys.master, beside the running service. It can be interrupted and repeated.
    Rotate {
        /// Rows in one transaction.
        #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(i64).range(1..=5000))]
        batch: i64,
    },
    /// Take a master key out of use that no row names any more.
    Retire {
        /// Its id, as `dolen keys list` shows it.
        id: String,
    },
    /// Print the public half of keys.checkpoint, for `dolen audit verify --public-key`.
    CheckpointKey,
}

/// Makes, lists, rotates or retires keys.
pub fn keys(global: &Global, what: &Keys) -> Outcome {
    match what {
        Keys::New { out } => new(out.as_ref()),
        Keys::List => list(global),
        Keys::Rotate { batch } => rotate(global, *batch),
        Keys::Retire { id } => {
            let (app, id) = (open(global)?, id.clone());
            let ring = app.vault.ring().clone();
            let done = app.db.write(&Caller::system("cli"), move |work| custody::retire(work, &ring, &id));
            done.map_err(|e| e.detail.clone().unwrap_or_else(|| e.to_string()))?;
            say("retired; keep its file until the last backup made under it is gone");
            Ok(())
        }
        Keys::CheckpointKey => {
            let settings = load(global)?.settings()?;
            let seed = settings.keys.checkpoint.expose_secret();
            say(Signer::from_hex(seed).map_err(|e| e.to_string())?.public_hex());
            Ok(())
        }
    }
}

fn new(out: Option<&PathBuf>) -> Outcome {
    let fresh = to_hex(&OsChance.bytes::<32>());
    let id = MasterKey::from_hex(&fresh).map_err(|e| e.to_string())?;
    match out {
        None => say(&fresh),
        Some(path) if path.exists() => return Err(format!("{} is there already", path.display())),
        Some(path) => write_private(path, &format!("{fresh}\n"))?,
    }
    // Not on standard output: that is the key's.
    let _ = writeln!(std::io::stderr(), "as a master key its id is {}", id.id());
    Ok(())
}

fn list(global: &Global) -> Outcome {
    let app = open(global)?;
    let keys = app.db.read(&Caller::system("cli"), |work| custody::list(work, app.vault.ring()));
    say("key               state    at hand  children  own  retired");
    for key in keys.map_err(|e| e.to_string())? {
        let state = match (key.current, key.retired_at) {
            (true, _) => "current",
            (_, Some(_)) => "retired",
            _ => "older",
        };
        let at = key.retired_at.map_or_else(|| "-".to_owned(), |at| at.date().to_string());
        let at_hand = if key.at_hand { "yes" } else { "no" };
        say(format_args!("{:16}  {state:7}  {at_hand:7}  {:8}  {:3}  {at}", key.id, key.children, key.own));
    }
    Ok(())
}

fn rotate(global: &Global, batch: i64) -> Outcome {
    let app = open(global)?;
    let caller = Caller::system("cli");
    let (begun, mut told) = (Instant::now(), Instant::now());
    #[expect(clippy::cast_precision_loss, reason = "a rate for people to read")]
    let rate = |done: i64| done as f64 / begun.elapsed().as_secs_f64().max(0.001);
    let outcome = custody::rotate(&app.db, &caller, app.vault.ring(), batch, |progress| {
        if told.elapsed() >= Duration::from_secs(1) {
            told = Instant::now();
            let (done, waiting) = (progress.done, progress.waiting);
            say(format_args!("{done} rows done, {waiting} wait, {:.0} rows/s", rate(done)));
        }
    });
    let progress = outcome.map_err(|e| e.to_string())?;
    let (done, waiting) = (progress.done, progress.waiting);
    say(format_args!("{done} rows done, {waiting} wait, {:.0} rows/s", rate(done)));
    if waiting == 0 {
        Ok(())
    } else {
        Err("some rows name a key that is not at hand: see `dolen keys list`".to_owned())
    }
}
