//! The one binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    dolen_api::cli::run()
}
