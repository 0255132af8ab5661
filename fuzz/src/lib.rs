//! What holds of every body of responses, whatever it is made of.

use std::sync::LazyLock;

use dolen_domain::instruments::{Definition, Kind, Layout, Slot};
use dolen_domain::kernel::Result;
use dolen_domain::surveys::responses::{Batch, Format, Limits, PackedRow, Reader};

/// Small enough that a fuzzer reaches them.
const LIMITS: Limits = Limits { max_rows: 200, max_line: 2048, max_bytes: 1 << 20 };
/// What we write may take more room than what came.
const WIDE: Limits = Limits { max_rows: 200, max_line: 1 << 16, max_bytes: 1 << 24 };

/// The shipped questionnaire's layout.
///
/// # Panics
/// When it is flawed.
pub fn layout() -> Layout {
    static LAYOUT: LazyLock<Layout> = LazyLock::new(|| {
        let text = include_str!("../../domain/src/instruments/builtin/bullying-v1.json");
        Layout::of(&serde_json::from_str::<Definition>(text).unwrap()).unwrap()
    });
    LAYOUT.clone()
}

fn read(format: Format, limits: Limits, body: &[u8]) -> Result<Batch> {
    let mut reader = Reader::new(format, layout(), limits);
    // Cut where its own length says, so that the fuzzer finds boundaries too.
    let (a, b) = body.split_at(body.len() / 3);
    reader.feed(a)?;
    reader.feed(b)?;
    reader.finish()
}

/// Reads a body and checks all that must hold. Says how many rows came, if it could be read at all.
///
/// # Panics
/// When it does not.
pub fn check(format: Format, body: &[u8]) -> Option<u64> {
    let batch = read(format, LIMITS, body).ok()?;
    assert!(batch.received <= LIMITS.max_rows && batch.faults.len() <= 1000);
    assert_eq!(batch.received, batch.rejected + batch.rows.len() as u64);
    assert!(batch.faults.len() as u64 <= batch.fault_count && (batch.rejected == 0) == batch.faults.is_empty());
    for fault in &batch.faults {
        // Rows are told by number, columns by names of ours or by place.
        let ours = |c: &str| {
            layout().find(c).is_some() || ["year_group", "row_key", "answers"].contains(&c)
        };
        assert!(fault.row.is_some() && fault.column.as_deref().is_none_or(ours), "{fault:?}");
    }
    for row in &batch.rows {
        assert!(row.key.as_ref().is_none_or(|key| (1..=128).contains(&key.chars().count())));
    }
    // What was taken is taken again when it is written out, in either form.
    for (format, body) in [(Format::Ndjson, as_lines(&batch.rows)), (Format::Csv(None), as_csv(&batch.rows))] {
        let again = read(format, WIDE, &body).expect("what we write we read");
        assert_eq!((again.rejected, again.rows), (0, batch.rows.clone()), "{format:?}");
    }
    Some(batch.received)
}

fn cells(row: &PackedRow) -> Vec<(String, Kind, Vec<String>)> {
    let layout = layout();
    let given = layout.unpack(row.answers.as_bytes()).expect("a packed row is of its layout");
    let of = |slot: &Slot| {
        let (_, answers) = given.iter().find(|(code, _)| *code == slot.code())?;
        Some((slot.code().to_owned(), slot.kind(), answers.iter().map(|a| (*a).to_owned()).collect()))
    };
    layout.slots().iter().filter_map(of).collect()
}

fn as_lines(rows: &[PackedRow]) -> Vec<u8> {
    let mut out = String::new();
    for row in rows {
        let mut line = serde_json::json!({"year_group": row.year_group.number(), "answers": {}});
        if let Some(key) = &row.key {
            line["row_key"] = key.clone().into();
        }
        for (code, kind, answers) in cells(row) {
            line["answers"][code] = match kind {
                Kind::Single => answers.concat().into(),
                Kind::Multi => answers.into(),
                Kind::Text => continue,
            };
        }
        out.push_str(&format!("{line}\n"));
    }
    out.into_bytes()
}

fn as_csv(rows: &[PackedRow]) -> Vec<u8> {
    let layout = layout();
    let mut out = csv::Writer::from_writer(Vec::new());
    let codes: Vec<&str> = layout.slots().iter().map(Slot::code).collect();
    out.write_record(["year_group", "row_key"].iter().chain(&codes)).unwrap();
    for row in rows {
        let given = cells(row);
        let mut line = vec![row.year_group.number().to_string(), row.key.clone().unwrap_or_default()];
        for code in &codes {
            line.push(given.iter().find(|(c, ..)| c == code).map_or_else(String::new, |(_, _, a)| a.join("|")));
        }
        out.write_record(&line).unwrap();
    }
    out.into_inner().unwrap()
}
