//! The checks. Each takes files and gives complaints, so that each can be tried on a file that is wrong.

use dolen_tests::source::Source;

/// The areas of the domain, lowest first. Those in one row may know each other.
pub const LAYERS: &[&[&str]] = &[
    &["kernel", "db"],
    &["vault"],
    &["audit"],
    &["custody"],
    &["idempotency"],
    &["access"],
    &["identity"],
    &["directory"],
    &["pupils"],
    &["notices"],
    &["routing"],
    &["instruments"],
    &["toolkit"],
    &["disclosure"],
    &["cases"],
    &["referrals"],
    &["provision"],
    &["warrn"],
    &["surveys"],
    &["oversight"],
    &["records"],
];

/// The most lines of a file.
pub const LONGEST: usize = 500;

fn layer(area: &str) -> Option<usize> {
    LAYERS.iter().position(|row| row.contains(&area))
}

/// The area of a file of the domain.
fn area(path: &str) -> Option<&str> {
    path.strip_prefix("domain/src/")?.split('/').next().filter(|a| !a.contains('.'))
}

/// How deep a file's module lies below the crate: `a/mod.rs` is one, `a/b.rs` two.
fn depth(path: &str) -> usize {
    let inside = path.strip_prefix("domain/src/").unwrap_or(path);
    let parts = inside.split('/').count();
    if inside.ends_with("/mod.rs") { parts - 1 } else { parts }
}

/// The areas that code names, by `crate::…` or by climbing to the top.
pub fn named_areas(path: &str, code: &str) -> Vec<String> {
    let top = "super::".repeat(depth(path));
    let mut named = Vec::new();
    for root in ["crate::", top.as_str()] {
        for (at, _) in code.match_indices(root) {
            // Not a part of a longer climb or name.
            let before = code[..at].chars().last();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                continue;
            }
            named.extend(heads(&code[at + root.len()..]));
        }
    }
    named
}

/// The first names of a path, or of each path in braces.
fn heads(rest: &str) -> Vec<String> {
    let name = |text: &str| text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    let Some(inside) = rest.strip_prefix('{') else { return vec![name(rest)] };
    let (mut open, mut heads, mut begins) = (0, Vec::new(), 0);
    for (at, c) in inside.char_indices() {
        match c {
            '{' => open += 1,
            '}' if open > 0 => open -= 1,
            ',' | '}' if open == 0 => {
                heads.push(name(&inside[begins..at]));
                begins = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    heads
}

/// No area names one above it.
pub fn layer_order(files: &[Source]) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in files.iter().filter(|f| !f.is_test()) {
        let Some(own) = area(&file.path) else { continue };
        let Some(own_layer) = layer(own) else {
            complaints.push(format!("{}: the area `{own}` has no place in LAYERS", file.path));
            continue;
        };
        for other in named_areas(&file.path, &file.code()) {
            if layer(&other).is_some_and(|l| l > own_layer) {
                complaints.push(format!("{}: `{own}` names `{other}`, which stands above it", file.path));
            }
        }
    }
    complaints
}

/// Whether a file is where SQL belongs.
fn is_store(path: &str) -> bool {
    path.starts_with("domain/src/db/")
        || path.starts_with("domain/src/") && (path.ends_with("/store.rs") || path.contains("/store/"))
}

/// SQL is in stores and below `db` alone; nothing outside the domain knows diesel.
pub fn sql_in_stores(files: &[Source]) -> Vec<String> {
    let words = ["diesel::", "sql_query", "batch_execute", ".conn()", "db::schema", "OnConflictDoNothing"];
    // The one macro that gives the words of an area their form in the database.
    let exempt = ["domain/src/kernel/codes.rs"];
    let asked = files.iter().filter(|f| !f.is_test() && !is_store(&f.path) && !exempt.contains(&f.path.as_str()));
    asked.flat_map(|f| saying(f, &words, "SQL belongs in a store")).collect()
}

/// Complaints about each line of code that holds one of these words.
fn saying(file: &Source, words: &[&str], why: &str) -> Vec<String> {
    let holds = |line: &str| words.iter().find(|w| line.contains(**w)).copied();
    let code = file.code();
    let lines = code.lines().enumerate().filter_map(|(n, line)| Some((n + 1, holds(line)?)));
    lines.map(|(n, word)| format!("{}:{n}: `{word}`: {why}", file.path)).collect()
}

/// Complaints about words outside the files that may say them.
pub fn only_in(files: &[Source], words: &[&str], allowed: &[&str], why: &str) -> Vec<String> {
    let elsewhere = files.iter().filter(|f| !f.is_test() && !allowed.contains(&f.path.as_str()));
    elsewhere.flat_map(|f| saying(f, words, why)).collect()
}

/// Nothing in the domain waits.
pub fn nothing_async(files: &[Source]) -> Vec<String> {
    let domain = files.iter().filter(|f| f.path.starts_with("domain/"));
    domain.flat_map(|f| saying(f, &["async ", ".await", "tokio::"], "the domain is not async")).collect()
}

/// No file is too long to be read.
pub fn short_files(files: &[Source]) -> Vec<String> {
    let long = |f: &&Source| f.text.lines().count() > LONGEST && f.path != "domain/src/db/schema.rs";
    files.iter().filter(long).map(|f| format!("{}: {} lines", f.path, f.text.lines().count())).collect()
}

/// The five files of an area, and what stands beside them.
pub fn area_shape(files: &[Source], extras: &[&str]) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in files.iter().filter(|f| !f.is_test()) {
        let Some(own) = area(&file.path).filter(|a| !["kernel", "db"].contains(a)) else { continue };
        let inside = file.path.trim_start_matches("domain/src/");
        let name = inside.rsplit('/').next().unwrap_or_default().trim_end_matches(".rs");
        let of_a_kind = ["model", "rules", "service", "store"].iter().any(|kind| inside.contains(&format!("/{kind}/")));
        let usual = ["mod", "model", "rules", "service", "store"].contains(&name);
        if !usual && !of_a_kind && !extras.iter().any(|e| inside == *e || e.ends_with('/') && inside.starts_with(e)) {
            complaints.push(format!("{}: `{own}` has a file of its own making; list it with its reason", file.path));
        }
        if file.text.lines().filter(|l| !l.trim().is_empty()).count() < 3 {
            complaints.push(format!("{}: an empty file", file.path));
        }
    }
    complaints
}

/// The words of actions of readings that code spells itself: `audit::read` takes a `Reading`.
pub fn spelt_readings(files: &[Source]) -> Vec<String> {
    let spelt = |l: &&str| l.split_once(".read").is_some_and(|(a, _)| !a.is_empty() && !a.contains([' ', '%', '/']));
    let of_domain =
        |f: &&Source| f.path.starts_with("domain/src/") && f.path != "domain/src/audit/readings.rs" && !f.is_test();
    let complain = |file: &Source| {
        let code = file.text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let words: Vec<String> = code.split('"').skip(1).step_by(2).filter(spelt).map(str::to_owned).collect();
        words.into_iter().map(|word| format!("{}: `{word}` is no `Reading`", file.path)).collect::<Vec<_>>()
    };
    files.iter().filter(of_domain).flat_map(complain).collect()
}
