//! Gathers what the binary embeds from `console/`: the styles and scripts, and the keys of the Welsh and English texts.
//!
//! * **Styles**: GOV.UK Frontend through npm, as `console/package-lock.json` names it. Without npm or a network the
//!   build goes on with the project's own plain sheet and says so, because `cargo build` must work on a machine with
//!   Rust and a C compiler alone. `DOLEN_CONSOLE_ASSETS=require` (CI, release images) makes that an error, and
//!   `DOLEN_CONSOLE_ASSETS=plain` doesn't try.
//! * **Texts**: every text exists in both languages with the same arguments, or there is no build.
//!
//! Everything written goes to `OUT_DIR`: the source tree stays clean.

use std::env;
use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

#[path = "build/styles.rs"]
mod styles;
#[path = "build/texts.rs"]
mod texts;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Not a panic: its backtrace hint would be the last thing a reader sees, instead of the list.
            eprintln!("\n{error}\n");
            ExitCode::FAILURE
        }
    }
}

fn build() -> Outcome<()> {
    let out = folder("OUT_DIR")?;
    let console = folder("CARGO_MANIFEST_DIR")?.join("..").join("console");

    // Named one by one: `console/node_modules` or an editor's file beside them must not start the build anew.
    println!("cargo::rerun-if-env-changed=DOLEN_CONSOLE_ASSETS");
    for name in ["assets", "strings", "package.json", "package-lock.json", "vendor.mjs"] {
        println!("cargo::rerun-if-changed=../console/{name}");
    }

    texts::check(&console.join("strings"), &out.join("string_keys.rs"))?;
    styles::gather(&console, &out)
}

fn folder(variable: &str) -> Outcome<PathBuf> {
    env::var_os(variable)
        .map(PathBuf::from)
        .ok_or_else(|| format!("{variable} is not set: run this through cargo").into())
}
