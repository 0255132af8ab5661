//! The project's own source, as the architecture tests read it.

use std::path::Path;

use crate::binary::root;

/// A file of source.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its path below the project's folder, with `/`.
    pub path: String,
    /// Its text.
    pub text: String,
}

impl Source {
    /// A file that is not there, for the checks' own controls.
    #[must_use]
    pub fn invented(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    /// Every `.rs` file below these folders, by path.
    #[must_use]
    pub fn below(folders: &[&str]) -> Vec<Self> {
        let mut found = Vec::new();
        for folder in folders {
            collect(&root().join(folder), &mut found);
        }
        found.sort_by(|a, b| a.path.cmp(&b.path));
        found
    }

    /// The code: comments, texts and (where they begin a line) test modules blanked out, lines kept.
    #[must_use]
    pub fn code(&self) -> String {
        without_tests(&without_words(&self.text))
    }

    /// Whether the file is made for tests alone.
    #[must_use]
    pub fn is_test(&self) -> bool {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        matches!(name, "tests.rs" | "testing.rs")
            || self.path.contains("/tests/")
            || self.path.contains("/testing/")
            || self.path.starts_with("tests/")
    }
}

fn collect(folder: &Path, found: &mut Vec<Source>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let path = path.strip_prefix(root()).unwrap().display().to_string().replace('\\', "/");
            found.push(Source { path, text });
        }
    }
}

/// Blanks comments, texts and characters.
fn without_words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let taken = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(length) = raw_text(rest, out.chars().last()) {
            length
        } else if c == '"' {
            quoted(rest, '"')
        } else if c == '\'' && is_character(rest) {
            quoted(rest, '\'')
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        };
        out.extend(rest[..taken].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
        rest = &rest[taken..];
    }
    out
}

/// The length of a raw text that begins here.
fn raw_text(rest: &str, before: Option<char>) -> Option<usize> {
    if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
        return None;
    }
    let prefix = if rest.starts_with("br") { 2 } else { usize::from(rest.starts_with('r')) };
    let hashes = rest.get(prefix..)?.chars().take_while(|c| *c == '#').count();
    let opening = prefix + hashes;
    if prefix == 0 || !rest.get(opening..)?.starts_with('"') {
        return None;
    }
    let close = format!("\"{}", "#".repeat(hashes));
    Some(rest[opening + 1..].find(&close).map_or(rest.len(), |end| opening + 1 + end + close.len()))
}

/// The length of a text or character that begins here.
fn quoted(rest: &str, mark: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == mark => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// A character, not a lifetime: it closes soon.
fn is_character(rest: &str) -> bool {
    let mut chars = rest.chars().skip(1);
    match chars.next() {
        Some('\\') => true,
        Some(_) => chars.next() == Some('\''),
        None => false,
    }
}

/// Blanks what follows a `#[cfg(test)]` in the first column, up to the closing brace or semicolon.
fn without_tests(code: &str) -> String {
    let mut out = String::with_capacity(code.len());
    let mut lines = code.lines();
    while let Some(line) = lines.next() {
        if line.starts_with("#[cfg(test)]") {
            out.push('\n');
            for line in lines.by_ref() {
                out.push('\n');
                if line == "}" || line.ends_with(';') && !line.starts_with([' ', '#']) {
                    break;
                }
            }
        } else {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}
