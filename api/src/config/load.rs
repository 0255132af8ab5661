//! Where each value comes from.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::settings::Settings;
use super::table::{SETTINGS, Setting, env_name};

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Nothing set it.
    Default,
    /// A settings file.
    File(String),
    /// An environment variable.
    Env(String),
    /// A file of the service manager's (`LoadCredential=` in systemd).
    Credential(PathBuf),
    /// The command line.
    Flag,
}

/// Every value with its source.
#[derive(Debug, Clone)]
pub struct Loaded {
    values: BTreeMap<&'static str, (String, Source)>,
    files: BTreeMap<&'static str, PathBuf>,
}

impl Loaded {
    /// The value of a key; empty for an unknown one.
    #[must_use]
    pub fn get(&self, key: &str) -> &str {
        self.values.get(key).map_or("", |(v, _)| v.as_str())
    }

    /// The file a secret was read from, for whoever asks who else can read it.
    #[must_use]
    pub fn file_of(&self, key: &str) -> Option<&Path> {
        self.files.get(key).map(PathBuf::as_path)
    }

    /// Where a value came from.
    #[must_use]
    pub fn source_of(&self, key: &str) -> Option<&Source> {
        self.values.get(key).map(|(_, source)| source)
    }

    /// Sets a value from the command line.
    ///
    /// # Errors
    /// When there is no such key.
    pub fn set(&mut self, key: &str, value: impl Into<String>) -> Result<(), String> {
        let setting = find(key)?;
        self.values.insert(setting.key, (value.into(), Source::Flag));
        Ok(())
    }

    /// The typed settings.
    ///
    /// # Errors
    /// Every value that can't be read, one a line, with what is expected.
    pub fn settings(&self) -> Result<Settings, String> {
        Settings::read(self)
    }

    /// One line a setting: key, value (secrets only as set or not set), source.
    #[must_use]
    pub fn show(&self) -> String {
        let mut out = String::new();
        for setting in SETTINGS {
            let Some((value, source)) = self.values.get(setting.key) else {
                continue;
            };
            let shown = match (setting.secret, value.is_empty()) {
                (true, true) => "(not set)".to_owned(),
                (true, false) => "(set)".to_owned(),
                (false, _) => format!("{value:?}"),
            };
            let source = match source {
                Source::Default => "default".to_owned(),
                Source::File(f) => format!("file {f}"),
                Source::Env(n) => format!("environment {n}"),
                Source::Credential(path) => format!("credential {}", path.display()),
                Source::Flag => "command line".to_owned(),
            };
            let _ = writeln!(out, "{} = {shown}  # {source}. {}", setting.key, setting.doc);
        }
        out
    }
}

/// Finds a setting, or says which was probably meant.
fn find(key: &str) -> Result<&'static Setting, String> {
    SETTINGS.iter().find(|s| s.key == key).ok_or_else(|| {
        let near = SETTINGS
            .iter()
            .map(|s| (strsim::jaro_winkler(key, s.key), s.key))
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .filter(|(score, _)| *score > 0.75);
        match near {
            Some((_, name)) => format!("unknown setting `{key}`; did you mean `{name}`?"),
            None => format!("unknown setting `{key}`; `dolen config show` lists them all"),
        }
    })
}

/// Loads defaults, then a file, then the service manager's credentials, then the environment.
///
/// `file` is read when given, else `dolen.toml` in the working directory when there is one. `env` is the environment.
///
/// # Errors
/// Unknown keys (with "did you mean"), unreadable files, and secrets given twice.
pub fn load(file: Option<&Path>, env: impl Iterator<Item = (String, String)>) -> Result<Loaded, String> {
    let mut values: BTreeMap<&'static str, (String, Source)> =
        SETTINGS.iter().map(|s| (s.key, (s.default.to_owned(), Source::Default))).collect();
    let fallback = Path::new("dolen.toml");
    let path = file.or_else(|| fallback.exists().then_some(fallback));
    if let Some(path) = path {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|e| format!("{name}: {e}"))?;
        let table: toml::Table = text.parse().map_err(|e: toml::de::Error| format!("{name}: {}", e.message()))?;
        for (key, value) in flatten("", &table).map_err(|e| format!("{name}: {e}"))? {
            let setting = find(&key).map_err(|e| format!("{name}: {e}"))?;
            values.insert(setting.key, (value, Source::File(name.clone())));
        }
    }
    let mut files = BTreeMap::new();
    let env: Vec<(String, String)> = env.collect();
    let folder = env.iter().find(|(n, _)| n == "CREDENTIALS_DIRECTORY").map(|(_, v)| PathBuf::from(v));
    for setting in SETTINGS.iter().filter(|s| s.secret) {
        let Some(path) = folder.as_ref().map(|f| f.join(setting.key)).filter(|p| p.is_file()) else { continue };
        values.insert(setting.key, (read_secret(&path)?, Source::Credential(path.clone())));
        files.insert(setting.key, path);
    }
    for (name, value) in env.into_iter().filter(|(n, _)| n.starts_with("DOLEN_") && !is_other(n)) {
        let path = PathBuf::from(&value);
        let (setting, value) = from_env(&name, value)?;
        if setting.secret && name != env_name(setting.key) {
            files.insert(setting.key, path);
        } else {
            files.remove(setting.key);
        }
        values.insert(setting.key, (value, Source::Env(name)));
    }
    Ok(Loaded { values, files })
}

/// A secret's file, without the line's end.
fn read_secret(path: &Path) -> Result<String, String> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// Names that begin like ours and are no settings: the settings file's own, the build's, and the test command's.
const OTHER_ENV: &[&str] = &["DOLEN_CONFIG", "DOLEN_CONSOLE_ASSETS", "DOLEN_VENV", "DOLEN_CHROMIUM"];

fn is_other(name: &str) -> bool {
    OTHER_ENV.contains(&name) || name.starts_with("DOLEN_TEST_") || name.starts_with("DOLEN_CONFORMANCE_")
}

fn from_env(name: &str, value: String) -> Result<(&'static Setting, String), String> {
    if let Some(setting) = SETTINGS.iter().find(|s| env_name(s.key) == name) {
        return Ok((setting, value));
    }
    if let Some(base) = name.strip_suffix("_FILE")
        && let Some(setting) = SETTINGS.iter().find(|s| s.secret && env_name(s.key) == base)
    {
        return Ok((setting, read_secret(Path::new(&value)).map_err(|e| format!("{name}: {e}"))?));
    }
    let key = name.trim_start_matches("DOLEN_").to_ascii_lowercase().replacen('_', ".", 1);
    Err(format!(
        "environment {name}: {}",
        find(&key).err().unwrap_or_else(|| "only secrets may be read with _FILE".to_owned())
    ))
}

/// Dotted keys of a TOML table; lists become comma-separated text.
fn flatten(prefix: &str, table: &toml::Table) -> Result<Vec<(String, String)>, String> {
    let mut out = Vec::new();
    for (key, value) in table {
        let key = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        match value {
            toml::Value::Table(inner) => out.extend(flatten(&key, inner)?),
            toml::Value::String(text) => out.push((key, text.clone())),
            toml::Value::Integer(n) => out.push((key, n.to_string())),
            toml::Value::Boolean(b) => out.push((key, b.to_string())),
            // A list of tables (`[[auth.issuers]]`) is one value, kept as JSON.
            toml::Value::Array(items) if items.iter().any(toml::Value::is_table) => {
                out.push((key.clone(), serde_json::to_string(items).map_err(|e| format!("{key}: {e}"))?));
            }
            toml::Value::Array(items) => {
                let items: Option<Vec<&str>> = items.iter().map(toml::Value::as_str).collect();
                out.push((key.clone(), items.ok_or_else(|| format!("{key}: a list holds only text"))?.join(",")));
            }
            toml::Value::Float(_) | toml::Value::Datetime(_) => {
                return Err(format!("{key}: expected text, a whole number, true or false, or a list of text"));
            }
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn none() -> std::iter::Empty<(String, String)> {
        std::iter::empty()
    }

    #[test]
    fn environment_wins_over_file_wins_over_default() {
        let dir = std::env::temp_dir().join(format!("dolen-config-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        let file = dir.join("a.toml");
        std::fs::write(&file, "[server]\nbind = \"127.0.0.1:1\"\nworkers = 3\n").unwrap();
        let env = [("DOLEN_SERVER_BIND".to_owned(), "127.0.0.1:2".to_owned())];
        let loaded = load(Some(&file), env.into_iter()).unwrap();
        assert_eq!(loaded.get("server.bind"), "127.0.0.1:2");
        assert_eq!(loaded.get("server.workers"), "3");
        assert_eq!(loaded.get("mail.port"), "587");
        std::fs::write(&file, "[server]\nbnd = \"x\"\n").unwrap();
        let error = load(Some(&file), none()).unwrap_err();
        assert!(error.contains("did you mean `server.bind`"), "{error}");
        let secret = dir.join("secret");
        std::fs::write(&secret, "hunter2\n").unwrap();
        let env = [("DOLEN_MAIL_PASSWORD_FILE".to_owned(), secret.display().to_string())];
        let loaded = load(None, env.into_iter()).unwrap();
        assert_eq!(loaded.get("mail.password"), "hunter2");
        assert!(!loaded.show().contains("hunter2"));
        assert_eq!(loaded.file_of("mail.password"), Some(secret.as_path()));
        // A credential of the service manager's is found by its name, and gives way to the environment.
        std::fs::write(dir.join("mail.password"), "hunter3\n").unwrap();
        let folder = ("CREDENTIALS_DIRECTORY".to_owned(), dir.display().to_string());
        let loaded = load(None, [folder.clone()].into_iter()).unwrap();
        assert_eq!(loaded.get("mail.password"), "hunter3");
        let loaded =
            load(None, [folder, ("DOLEN_MAIL_PASSWORD".to_owned(), "hunter4".to_owned())].into_iter()).unwrap();
        assert_eq!(loaded.get("mail.password"), "hunter4");
        assert_eq!(loaded.file_of("mail.password"), None);
        let env = [("DOLEN_SERVER_BIMD".to_owned(), "x".to_owned())];
        assert!(load(None, env.into_iter()).unwrap_err().contains("server.bind"));
        std::fs::remove_dir_all(&dir).unwrap();
    }
}
