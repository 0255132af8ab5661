//! `demo`: an invented authority, filled in and served.

use std::path::PathBuf;

use clap::Args;

use super::{Global, Outcome};

/// Where and how.
#[derive(Args)]
pub struct Demo {
    /// Folder for the database, the keys, the credentials and the captured mail.
    #[arg(long, default_value = "dolen-demo")]
    dir: PathBuf,
    /// Port on 127.0.0.1.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Fill and exit.
    #[arg(long)]
    no_serve: bool,
}

/// Fills and serves.
pub fn run(_global: &Global, _demo: &Demo) -> Outcome {
    Err("the demo is not filled yet".to_owned())
}
