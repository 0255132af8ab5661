//! Questionnaires as files: looked over before anybody is asked anything.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use dolen_domain::instruments::{Definition, check, reading_ages, without_symbol};

use super::say;

/// Questionnaires.
#[derive(Subcommand)]
pub enum Instrument {
    /// Say what is wrong with a questionnaire's file, where, and how to mend it, and how old a reader of its English must be.
    /// It needs no database. Exit code 0: it could be published; 1: it can't be read; 3: something is wrong with it.
    Check(Check),
}

/// Which.
#[derive(Args)]
pub struct Check {
    /// The file: JSON, as `domain/src/instruments/builtin/bullying-v1.json` is.
    file: PathBuf,
}

/// The exit code for a questionnaire that can't be published.
const FLAWED: u8 = 3;

/// Looks a questionnaire over.
pub fn instrument(what: &Instrument) -> Result<ExitCode, String> {
    let Instrument::Check(Check { file }) = what;
    let text = std::fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
    let definition = read(&text).map_err(|e| format!("{}: {e}", file.display()))?;
    let flaws = check(&definition);
    for flaw in &flaws {
        say(format_args!("{}: {}", place(&flaw.place), flaw.kind.words().en));
    }
    for bare in without_symbol(&definition) {
        say(format_args!("{}: warning: no symbol stands beside this answer: give it one (`symbol`)", place(&bare)));
    }
    for reading in reading_ages(&definition) {
        let (place, band, age, youngest) = (place(&reading.place), &reading.band, reading.age, reading.youngest);
        let hard =
            if reading.is_hard() { format!(", harder than the band's youngest ({youngest})") } else { String::new() };
        say(format_args!("{place} ({band}): reading age {age:.0}{hard}"));
    }
    let name = visible(&definition.code);
    if flaws.is_empty() {
        say(format_args!("{name} {}: nothing is wrong with it", definition.version));
        return Ok(ExitCode::SUCCESS);
    }
    say(format_args!("{name} {}: {} wrong", definition.version, flaws.len()));
    Ok(ExitCode::from(FLAWED))
}

/// What stands in a file as it is told: a terminal obeys control characters.
fn visible(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// A place as it is told: `questions/0/kind`.
fn place(place: &str) -> String {
    match place {
        "" | "." => "the whole".to_owned(),
        place => visible(&place.replace(['[', '.'], "/").replace(']', "")),
    }
}

/// Reads a definition; what can't be read is told with its place, and how to mend it.
fn read(text: &str) -> Result<Definition, String> {
    let mut json = serde_json::Deserializer::from_str(text.trim_start_matches('\u{feff}'));
    let told = |at: &str, what: &str| format!("{}: {}: {}", place(at), visible(what), mend(what));
    let definition =
        serde_path_to_error::deserialize(&mut json).map_err(|e| told(&e.path().to_string(), &e.inner().to_string()))?;
    json.end().map_err(|e| told("", &e.to_string()))?;
    Ok(definition)
}

/// How to mend what the reader says is wrong.
fn mend(what: &str) -> &'static str {
    const MENDS: [(&str, &str); 5] = [
        ("missing field", "add it"),
        ("unknown field", "take it away, or mend its name"),
        ("unknown variant", "use one of those expected"),
        ("invalid type", "write what is expected there"),
        ("duplicate field", "keep one of them"),
    ];
    let found = MENDS.iter().find(|(start, _)| what.starts_with(start));
    found.map_or("mend the file there; it is JSON, as the questionnaire that ships is", |(_, mend)| mend)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_told_with_its_place() {
        let shipped = include_str!("../../../domain/src/instruments/builtin/bullying-v1.json");
        assert!(read(shipped).is_ok() && read(&format!("\u{feff}{shipped}")).is_ok());
        let misspelt = shipped.replacen("\"kind\": \"single\"", "\"kind\": \"sing\"", 1);
        let told = read(&misspelt).unwrap_err();
        assert!(told.starts_with("questions/0/kind: unknown variant") && told.contains("line"), "{told}");
        assert!(told.ends_with(": use one of those expected"), "{told}");
        let mut json: serde_json::Value = serde_json::from_str(shipped).unwrap();
        json["questions"][0]["text"] = serde_json::json!({"cy": "a", "en": "b", "fr": "c"});
        let told = read(&json.to_string()).unwrap_err();
        assert!(told.starts_with("questions/0/text/fr: unknown field `fr`"), "{told}");
        json["questions"][0]["text"] = serde_json::json!({"en": "Do you feel safe here?"});
        json["questions"][1]["options"] = serde_json::json!([{"code": "yes", "label": {"cy": "Ydw"}, "x": 1}]);
        let told = read(&json.to_string()).unwrap_err();
        assert!(told.starts_with("questions/1/options/0/x: unknown field `x`"), "{told}");
        assert!(read(&format!("{shipped} {{}}")).is_err(), "more than one");
        assert!(read("").unwrap_err().contains("EOF"));
        // The whole has no place of its own.
        let told = read("{}").unwrap_err();
        assert!(told.starts_with("the whole: missing field `code`") && told.ends_with(": add it"), "{told}");
        let told = read("[]").unwrap_err();
        assert!(told.starts_with("the whole: ") && !told.contains(" .:"), "{told}");
        let told = read(&shipped.replacen("\"version\": 1", "\"version\": \"1\"", 1)).unwrap_err();
        assert!(told.starts_with("version: invalid type: string") && told.contains("write what is expected"), "{told}");
        assert_eq!(place("questions[0].text"), "questions/0/text");
        assert_eq!(visible("a\u{1b}[2J"), "a\u{fffd}[2J");
    }
}
