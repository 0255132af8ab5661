//! The styles and scripts the pages need: `OUT_DIR/assets`.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, io, thread};

use crate::Outcome;

/// A machine whose network swallows packets must not hold a build up for longer than this.
const NPM_MAY_TAKE: Duration = Duration::from_mins(2);
const VENDORING_MAY_TAKE: Duration = Duration::from_secs(30);

/// Fills `OUT_DIR/assets`.
pub fn gather(console: &Path, out: &Path) -> Outcome<()> {
    let target = out.join("assets");
    remove(&target)?;
    fs::create_dir_all(&target)?;

    let wish = env::var("DOLEN_CONSOLE_ASSETS").unwrap_or_default();
    let library = match wish.as_str() {
        "plain" => Err("DOLEN_CONSOLE_ASSETS=plain asks for it".to_owned()),
        "" | "require" => vendor(console, out, &target).map_err(|error| error.to_string()),
        other => return Err(format!("DOLEN_CONSOLE_ASSETS is `{other}`: use `require`, `plain` or nothing").into()),
    };
    match library {
        Ok(()) => {}
        Err(why) if wish == "require" => {
            return Err(format!("DOLEN_CONSOLE_ASSETS=require, but GOV.UK Frontend can't be embedded: {why}").into());
        }
        Err(why) => {
            if wish != "plain" {
                println!(
                    "cargo::warning=the console is built with its plain stylesheet, without GOV.UK Frontend: {why}"
                );
                println!(
                    "cargo::warning=to try again, build with DOLEN_CONSOLE_ASSETS=require; to settle for it, with DOLEN_CONSOLE_ASSETS=plain"
                );
            }
            // A vendoring that stopped half way must leave nothing behind.
            remove(&target)?;
            fs::create_dir_all(&target)?;
            fs::copy(console.join("assets/plain.css"), target.join("styles.css"))?;
        }
    }

    for entry in fs::read_dir(console.join("assets"))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default();
        if path.is_file() && name != "plain.css" && !name.to_string_lossy().starts_with('.') {
            fs::copy(&path, target.join(name))?;
        }
    }
    Ok(())
}

/// Brings the library and writes what may be shipped of it to `target`.
fn vendor(console: &Path, out: &Path, target: &Path) -> Outcome<()> {
    let npm = on_path("npm").ok_or("npm is not installed")?;
    let node = on_path("node").ok_or("node is not installed")?;

    let installed = console.join("node_modules");
    let modules = if is_newer(&installed.join(".package-lock.json"), &console.join("package-lock.json")) {
        installed
    } else {
        install(console, &out.join("npm"), &npm)?
    };
    let library = modules.join("govuk-frontend");

    let mut command = Command::new(node);
    command.arg(console.join("vendor.mjs")).arg(target).arg(&library);
    run(command, VENDORING_MAY_TAKE, &out.join("vendor.log"))
}

/// `npm ci` in a copy, so that the source tree stays clean; once for each lock, whatever else has changed.
fn install(console: &Path, copy: &Path, npm: &Path) -> Outcome<PathBuf> {
    let modules = copy.join("node_modules");
    let done = copy.join("installed");
    let wanted =
        fs::read_to_string(console.join("package.json"))? + &fs::read_to_string(console.join("package-lock.json"))?;
    if fs::read_to_string(&done).is_ok_and(|had| had == wanted) && modules.is_dir() {
        return Ok(modules);
    }
    remove(copy)?;
    fs::create_dir_all(copy)?;
    for name in ["package.json", "package-lock.json"] {
        fs::copy(console.join(name), copy.join(name))?;
    }
    let mut command = Command::new(npm);
    // No script of a package ever runs on the machine that builds.
    command.args([
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--no-progress",
        "--prefer-offline",
        "--fetch-retries=1",
        "--fetch-timeout=30000",
    ]);
    command.current_dir(copy).env("npm_config_update_notifier", "false");
    run(command, NPM_MAY_TAKE, &copy.join("npm.log"))?;
    // Last, so that an install that was broken off is not taken for a whole one.
    fs::write(done, wanted)?;
    Ok(modules)
}

/// Runs a command to its end or to its time. Its words go to a file: a pipe nobody empties could stop it.
fn run(mut command: Command, limit: Duration, log: &Path) -> Outcome<()> {
    let name = Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy().into_owned();
    let words = File::create(log)?;
    let mut child = command.stdin(Stdio::null()).stdout(words.try_clone()?).stderr(words).spawn()?;
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if start.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            return Err(format!("{name} was stopped after {} s", limit.as_secs()).into());
        }
        thread::sleep(Duration::from_millis(50));
    };
    if status.success() {
        return Ok(());
    }
    let log = fs::read_to_string(log).unwrap_or_default();
    let said = |line: &&str| !line.trim().is_empty() && !line.starts_with("npm warn") && !line.contains("debug-0.log");
    let first: Vec<&str> = log.lines().filter(said).take(3).map(str::trim).collect();
    Err(format!("{name} ended with {status}: {}", first.join(" / ")).into())
}

fn on_path(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(program)).find(|path| path.is_file())
}

fn is_newer(this: &Path, other: &Path) -> bool {
    let changed = |path: &Path| fs::metadata(path).and_then(|data| data.modified());
    matches!((changed(this), changed(other)), (Ok(a), Ok(b)) if a >= b)
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
