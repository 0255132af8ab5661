//! What is kept: documents, and how long.

use std::path::PathBuf;

use super::{DocumentSettings, Reader, ScannerAddress};

/// How long what is held is kept.
#[derive(Debug, Clone)]
pub struct RecordsSettings {
    /// Where tombstones are kept; beside SQLite's file when not set.
    pub tombstone_file: Option<PathBuf>,
    /// Whether the worker disposes of what is due.
    pub dispose: bool,
    /// How many days after its release a subject-access bundle ends.
    pub bundle_days: i64,
}

/// How long what is held is kept.
pub(super) fn records(r: &mut Reader<'_>) -> RecordsSettings {
    let bundle_days = r.number("records.bundle_days");
    r.check((1..=3650).contains(&bundle_days), "records.bundle_days: from 1 to 3650");
    RecordsSettings {
        tombstone_file: Some(r.text("records.tombstone_file")).filter(|p| !p.is_empty()).map(PathBuf::from),
        dispose: r.word("records.dispose", &[("true", true), ("false", false)], false),
        bundle_days,
    }
}

pub(super) fn documents(r: &mut Reader<'_>) -> DocumentSettings {
    let text = r.text("documents.scanner");
    let scanner = match text.split_once(':') {
        Some(("tcp", address)) if address.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok()) => {
            Some(ScannerAddress::Tcp(address.to_owned()))
        }
        Some(("unix", path)) if path.starts_with('/') => Some(ScannerAddress::Unix(PathBuf::from(path))),
        _ => None,
    };
    r.check(
        text.is_empty() || scanner.is_some(),
        format!("documents.scanner: `{text}` is not tcp:HOST:PORT or unix:/PATH, or empty"),
    );
    let scan_required = r.word("documents.scan_required", &[("true", true), ("false", false)], true);
    r.check(!scan_required || !text.is_empty(), "documents.scan_required: needs documents.scanner");
    let scan_timeout_seconds = r.number("documents.scan_timeout_seconds");
    r.check(scan_timeout_seconds > 0, "documents.scan_timeout_seconds: at least 1");
    DocumentSettings { scanner, scan_required, scan_timeout_seconds }
}
