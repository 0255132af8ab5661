//! The command line: one subcommand per role.

mod admin;
mod check;
mod client;
mod demo;
mod doctor;
mod import;
mod instrument;
mod keys;
mod retention;
mod serve;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Parser, Subcommand};
use dolen_domain::kernel::{OsChance, SystemClock};

use crate::app::App;
use crate::config::{self, Loaded};

/// Dolen joins schools to the people in a local authority who can help a child.
#[derive(Parser)]
#[command(name = "dolen", version, about, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Settings that every subcommand takes. Flags win over the environment, that over the file, that over defaults.
#[derive(Default, Args)]
struct Global {
    /// Settings file; `dolen.toml` in the working directory when there is one.
    #[arg(long, global = true, env = "DOLEN_CONFIG")]
    config: Option<PathBuf>,
    /// Database: `sqlite:PATH` or `postgres://…`.
    #[arg(long, global = true, alias = "database")]
    database_url: Option<String>,
    /// Any other setting, as `key=value`; may be given several times.
    #[arg(long = "set", global = true, value_name = "KEY=VALUE")]
    set: Vec<String>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API and the console (and run the worker, unless told otherwise).
    Serve,
    /// Run the worker alone: deliver messages, watch the clocks.
    Worker,
    /// Fill a database with an invented authority and serve it.
    Demo(demo::Demo),
    /// Bring the database up to date, or say what waits.
    #[command(subcommand)]
    Migrate(admin::Migrate),
    /// Read a CSV file into the directory, all or nothing.
    #[command(subcommand)]
    Import(import::Import),
    /// People who sign in.
    #[command(subcommand)]
    User(admin::User),
    /// API clients.
    #[command(subcommand)]
    Client(client::Client),
    /// Keys outside the database.
    #[command(subcommand)]
    Keys(keys::Keys),
    /// The audit record.
    #[command(subcommand)]
    Audit(check::Audit),
    /// Look at the settings, the database, the keys and what is around them, and say what is wrong and what to do.
    Doctor(doctor::Doctor),
    /// How long things are kept, and their end.
    #[command(subcommand)]
    Retention(retention::Retention),
    /// Questionnaires as files.
    #[command(subcommand)]
    Instrument(instrument::Instrument),
    /// Print the OpenAPI document.
    Openapi(check::Openapi),
    /// Print the GraphQL schema.
    GraphqlSchema,
    /// Show or check the settings.
    #[command(subcommand)]
    Config(check::Config),
}

/// Why a command stopped, in words for the operator.
type Outcome = Result<(), String>;

/// Runs the command line.
#[must_use]
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match cli.command {
        Command::Serve => serve::serve(&cli.global),
        Command::Worker => serve::worker(&cli.global),
        Command::Demo(demo) => demo::run(&cli.global, &demo),
        Command::Migrate(what) => admin::migrate(&cli.global, &what),
        Command::Import(what) => import::run(&cli.global, &what),
        Command::User(what) => admin::user(&cli.global, what),
        Command::Client(what) => client::client(&cli.global, what),
        Command::Keys(what) => keys::keys(&cli.global, &what),
        Command::Audit(what) => match check::audit(&cli.global, &what) {
            Ok(code) => return code,
            Err(message) => Err(message),
        },
        Command::Doctor(what) => match doctor::run(&cli.global, &what) {
            Ok(code) => return code,
            Err(message) => Err(message),
        },
        Command::Retention(what) => retention::retention(&cli.global, &what),
        Command::Instrument(what) => match instrument::instrument(&what) {
            Ok(code) => return code,
            Err(message) => Err(message),
        },
        Command::Openapi(what) => check::openapi(&what),
        Command::GraphqlSchema => check::graphql_schema(),
        Command::Config(what) => check::config(&cli.global, &what),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            complain(message);
            ExitCode::FAILURE
        }
    }
}

/// Prints a line about what went wrong.
fn complain(line: impl std::fmt::Display) {
    eprintln!("dolen: {line}");
}

/// Prints a line of output. Nobody reading it (`| head`) is no error.
fn say(line: impl std::fmt::Display) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Writes a file only its owner can read.
fn write_private(path: &Path, text: &str) -> Outcome {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path);
    let mut file = file.map_err(|e| format!("{}: {e}", path.display()))?;
    file.write_all(text.as_bytes()).map_err(|e| format!("{}: {e}", path.display()))
}

/// Loads the settings with the flags on top.
fn load(global: &Global) -> Result<Loaded, String> {
    let mut loaded = config::load(global.config.as_deref(), std::env::vars())?;
    if let Some(url) = &global.database_url {
        loaded.set("database.url", url)?;
    }
    for pair in &global.set {
        let (key, value) = pair.split_once('=').ok_or_else(|| format!("--set {pair}: write KEY=VALUE"))?;
        loaded.set(key.trim(), value.trim())?;
    }
    Ok(loaded)
}

/// Opens the service as the settings say.
fn open(global: &Global) -> Result<App, String> {
    let settings = load(global)?.settings()?;
    App::open(settings, Arc::new(SystemClock), Arc::new(OsChance)).map_err(|e| e.to_string())
}
