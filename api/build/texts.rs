//! The Welsh and English texts of the pages: proves that both are whole, and names them: `OUT_DIR/string_keys.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::Outcome;

/// One text as the check sees it.
#[derive(Default)]
struct Text {
    line: usize,
    value: String,
}

/// Compares the two languages and writes one constant for each key.
pub fn check(strings: &Path, keys: &Path) -> Outcome<()> {
    let mut faults = Vec::new();
    let en = read_language(&strings.join("en.ftl"), &mut faults)?;
    let cy = read_language(&strings.join("cy.ftl"), &mut faults)?;

    for (key, text) in &en {
        match cy.get(key) {
            None => faults.push(format!("cy.ftl has no `{key}` (en.ftl line {})", text.line)),
            Some(other) => {
                for (what, names) in [("takes", arguments as fn(&str) -> _), ("has", attributes)] {
                    let (ours, theirs) = (names(&text.value), names(&other.value));
                    if ours == theirs {
                        continue;
                    }
                    faults.push(format!(
                        "`{key}` {what} {} in English (line {}) but {} in Welsh (line {})",
                        listed(&ours),
                        text.line,
                        listed(&theirs),
                        other.line
                    ));
                }
            }
        }
    }
    for (key, text) in cy.iter().filter(|(key, _)| !en.contains_key(*key)) {
        faults.push(format!("en.ftl has no `{key}` (cy.ftl line {})", text.line));
    }

    let mut names: BTreeMap<String, &str> = BTreeMap::new();
    for key in en.keys().filter(|key| !key.starts_with('-')) {
        let name = key.replace('-', "_").to_uppercase();
        if let Some(first) = names.insert(name.clone(), key) {
            faults.push(format!("`{first}` and `{key}` would both be the constant {name}"));
        }
    }
    if !faults.is_empty() {
        return Err(format!(
            "faults in console/strings: {}. Every text must stand in Welsh and in English.\n  {}",
            faults.len(),
            faults.join("\n  ")
        )
        .into());
    }

    let mut code = String::from("// Made by build.rs from console/strings: one constant for each text.\n");
    for (name, key) in names {
        writeln!(code, "pub const {name}: &str = {key:?};")?;
    }
    fs::write(keys, code)?;
    Ok(())
}

/// Reads the part of Fluent that the texts use: `key = text`, indented lines below it, `{ $argument }`, selectors,
/// attributes, terms and comments. Anything else is a fault, for Fluent itself would skip it without a word.
fn read_language(path: &Path, faults: &mut Vec<String>) -> Outcome<BTreeMap<String, Text>> {
    let file = path.file_name().and_then(OsStr::to_str).unwrap_or("?").to_owned();
    let source = fs::read_to_string(path).map_err(|error| format!("console/strings/{file}: {error}"))?;
    let mut texts: BTreeMap<String, Text> = BTreeMap::new();
    let mut current: Option<String> = None;

    for (at, line) in source.lines().enumerate() {
        let number = at + 1;
        if line.contains('\t') {
            faults.push(format!("{file} line {number}: a tab, Fluent knows only spaces"));
        }
        if line.starts_with('#') || line.trim().is_empty() {
            continue;
        }
        // A selector may close in the first column.
        if line.starts_with([' ', '}']) {
            match current.as_ref().and_then(|key| texts.get_mut(key)) {
                Some(text) => {
                    text.value.push('\n');
                    text.value.push_str(line.trim());
                }
                None => faults.push(format!("{file} line {number}: belongs to no text")),
            }
            continue;
        }
        let (key, value) =
            line.split_once('=').map_or((line.trim(), None), |(key, value)| (key.trim(), Some(value.trim())));
        match value {
            Some(value) if is_key(key) => {
                if let Some(first) = texts.insert(key.to_owned(), Text { line: number, value: value.to_owned() }) {
                    faults.push(format!("{file} line {number}: `{key}` is already in line {}", first.line));
                }
                current = Some(key.to_owned());
            }
            _ => {
                faults.push(format!("{file} line {number}: neither `key = text` nor a comment: {line}"));
                current = None;
            }
        }
    }

    for (key, text) in &texts {
        for fault in faults_of(&text.value, &texts) {
            faults.push(format!("{file} line {}: `{key}` {fault}", text.line));
        }
    }
    Ok(texts)
}

fn is_key(key: &str) -> bool {
    let name = key.strip_prefix('-').unwrap_or(key);
    name.starts_with(|first: char| first.is_ascii_alphabetic()) && name.chars().all(is_name)
}

fn is_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '-' || character == '_'
}

fn faults_of(value: &str, texts: &BTreeMap<String, Text>) -> Vec<String> {
    let mut faults = Vec::new();
    let parts = parts(value);
    if parts.unbalanced {
        faults.push("has a bracket without its partner".to_owned());
    }
    for argument in &parts.bare {
        faults.push(format!("names ${argument} outside brackets"));
    }
    for name in parts.references.iter().filter(|name| !texts.contains_key(*name)) {
        faults.push(format!("refers to `{name}`, which isn't there"));
    }

    let lines: Vec<&str> = value.lines().collect();
    let own = lines.iter().take_while(|line| attribute(line).is_none());
    let has_attributes = lines.iter().any(|line| attribute(line).is_some());
    if own.clone().all(|line| line.is_empty()) && !has_attributes {
        faults.push("is empty".to_owned());
    }
    // What follows a line, as far as this check cares: does its text go on below it?
    let goes_on = |at: usize| lines.get(at + 1).is_some_and(|next| !next.starts_with(['[', '*', '}', '.']));
    for (at, line) in lines.iter().enumerate() {
        let variant = line.strip_prefix('*').unwrap_or(line).strip_prefix('[').and_then(|rest| rest.split_once(']'));
        if let Some((name, text)) = variant
            && text.trim().is_empty()
            && !goes_on(at)
        {
            faults.push(format!("has an empty variant [{}]", name.trim()));
        }
        if attribute(line).is_some_and(|(_, text)| text.is_empty()) && !goes_on(at) {
            faults.push(format!("has an empty attribute {line}"));
        }
    }
    let selectors = lines.iter().filter(|line| line.ends_with("->")).count();
    if selectors != lines.iter().filter(|line| line.starts_with("*[")).count() {
        faults.push("needs exactly one `*[…]` for each selector".to_owned());
    }
    faults
}

/// The name and the text of an attribute, when the line starts one.
fn attribute(line: &str) -> Option<(&str, &str)> {
    let (name, text) = line.strip_prefix('.')?.split_once('=')?;
    is_key(name.trim()).then(|| (name.trim(), text.trim()))
}

fn attributes(value: &str) -> BTreeSet<String> {
    value.lines().filter_map(attribute).map(|(name, _)| format!(".{name}")).collect()
}

fn arguments(value: &str) -> BTreeSet<String> {
    parts(value).arguments.iter().map(|name| format!("${name}")).collect()
}

fn listed(names: &BTreeSet<String>) -> String {
    if names.is_empty() {
        return "nothing".to_owned();
    }
    names.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}

#[derive(Default)]
struct Parts {
    arguments: BTreeSet<String>,
    /// Other texts and terms this one builds on.
    references: BTreeSet<String>,
    /// Arguments written without brackets: a reader would see `$name`.
    bare: BTreeSet<String>,
    unbalanced: bool,
}

fn parts(value: &str) -> Parts {
    let mut parts = Parts::default();
    let mut depth = 0_usize;
    let mut rest = value;
    while let Some(first) = rest.chars().next() {
        let after = rest.get(first.len_utf8()..).unwrap_or_default();
        let name: String = after.chars().take_while(|c| is_name(*c)).collect();
        rest = after;
        match first {
            '{' => {
                depth += 1;
                let inner = after.trim_start();
                let reference: String = inner.chars().take_while(|c| is_name(*c)).collect();
                // FUNCTION(…) is written in capitals, and a number is not a name.
                if reference.starts_with(|c: char| c.is_ascii_lowercase() || c == '-')
                    && reference.chars().any(|c| c.is_ascii_alphabetic())
                {
                    parts.references.insert(reference);
                }
                if inner.starts_with('"') {
                    // A quoted text may hold a bracket.
                    rest = inner.get(1..).and_then(|quoted| quoted.split_once('"')).map_or("", |(_, after)| after);
                }
            }
            '}' if depth == 0 => parts.unbalanced = true,
            '}' => depth -= 1,
            '$' if name.starts_with(|c: char| c.is_ascii_alphabetic()) => {
                if depth == 0 {
                    parts.bare.insert(name);
                } else {
                    parts.arguments.insert(name);
                }
            }
            _ => {}
        }
    }
    parts.unbalanced |= depth != 0;
    parts
}
