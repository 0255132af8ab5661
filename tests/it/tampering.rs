//! Whatever is done to the audit record from beside the service is found.
//!
//! One thing is not: a tail cut off, or the whole rebuilt, with the head set to fit. It needs a note of the head kept
//! elsewhere, which the last test shows.

use diesel::connection::SimpleConnection as _;
use dolen_domain::audit::{self, Finding};
use dolen_domain::db::Work;
use dolen_domain::kernel::{Caller, Clock as _, OsChance, SystemClock};
use dolen_tests::TestApp;
use dolen_tests::inspect::Inspector;
use dolen_tests::seed::Seed;
use dolen_tests::writes::{Draft, operations};

/// A service whose record has entries of every sort, and whose guards against changing them are gone.
async fn unguarded() -> (TestApp, Inspector) {
    let app = TestApp::start().await;
    for operation in operations().iter().filter(|o| *o != "create_token") {
        Draft::of(&app, operation).await.sent(&app).await;
    }
    app.will_tamper();
    let mut inspect = app.database().inspect();
    inspect.execute(if inspect.is_postgres() {
        "DROP TRIGGER audit_entries_no_change ON audit_entries"
    } else {
        "DROP TRIGGER audit_entries_no_update; DROP TRIGGER audit_entries_no_delete"
    });
    (app, inspect)
}

/// What verifying finds after these statements, which are undone again.
fn found_after(inspect: &mut Inspector, sql: &str) -> Finding {
    inspect.execute("BEGIN");
    inspect.execute(sql);
    let caller = Caller::system("test");
    let found = audit::verify(&mut Work::new(inspect.conn(), &caller, SystemClock.now(), &OsChance)).unwrap();
    inspect.conn().batch_execute("ROLLBACK").unwrap();
    found
}

/// Columns, with a way to change each.
const EDITS: &[(&str, &str)] = &[
    ("at", "at + {second}"),
    ("actor_kind", "CASE actor_kind WHEN 'system' THEN 'person' ELSE 'system' END"),
    ("actor_id", "{other_id}"),
    ("action", "action || 'x'"),
    ("object_kind", "'x' || object_kind"),
    ("object_id", "{other_id}"),
    ("school_id", "{other_id}"),
    ("request_id", "request_id || ' '"),
    ("detail", "detail || '.'"),
    ("prev", "{zeros}"),
    ("hash", "{zeros}"),
];

/// Every column but the number, in the order of the table.
const COLUMNS: &str =
    "at, actor_kind, actor_id, action, object_kind, object_id, school_id, request_id, detail, prev, hash";

/// SQL that the two databases spell differently.
fn spell(postgres: bool, sql: &str) -> String {
    let (second, id, zeros) = if postgres {
        (
            "interval '1 second'",
            "'00000000-0000-0000-0000-00000000002a'::uuid",
            "decode(repeat('00', 31) || '01', 'hex')",
        )
    } else {
        (
            "1000000",
            "x'0000000000000000000000000000002a'",
            "x'0000000000000000000000000000000000000000000000000000000000000001'",
        )
    };
    sql.replace("{second}", second).replace("{other_id}", id).replace("{zeros}", zeros)
}

/// One random way to tamper with a record of `entries` entries: what it is, and the statements.
fn tamper(seed: &Seed, postgres: bool, entries: u64) -> (String, String) {
    let seq = seed.between(1, entries);
    let other = (seq + seed.between(1, entries - 1) - 1) % entries + 1;
    let copy = |from: u64, to: u64| {
        format!(
            "INSERT INTO audit_entries (seq, {COLUMNS}) SELECT {to}, {COLUMNS} FROM audit_entries WHERE seq = {from}"
        )
    };
    let renumber = |from: u64, to: u64| format!("UPDATE audit_entries SET seq = {to} WHERE seq = {from}");
    let next = entries + 1;
    match seed.below(8) {
        0 | 1 => {
            let (column, value) = EDITS[usize::try_from(seed.below(EDITS.len() as u64)).unwrap()];
            let sql = format!("UPDATE audit_entries SET {column} = {value} WHERE seq = {seq}");
            (format!("edit {column} of {seq}"), spell(postgres, &sql))
        }
        2 => (format!("delete {seq}"), format!("DELETE FROM audit_entries WHERE seq = {seq}")),
        3 => (format!("insert a copy of {seq} at the end"), copy(seq, next)),
        4 => {
            // Make room behind `seq`, from the far end so that no number is taken twice.
            let mut steps: Vec<String> = (seq + 1..=entries).rev().map(|s| renumber(s, s + 1)).collect();
            steps.push(copy(if other > seq { other + 1 } else { other }, seq + 1));
            (format!("insert a copy of {other} after {seq}"), steps.join(";"))
        }
        5 => {
            let swap = [renumber(seq, 0), renumber(other, seq), renumber(0, other)];
            (format!("swap {seq} and {other}"), swap.join(";"))
        }
        6 => {
            let cut = format!("DELETE FROM audit_entries WHERE seq >= {seq}");
            (format!("cut off from {seq}, the head left"), cut)
        }
        _ => {
            let back = format!("UPDATE audit_head SET seq = seq - {}", seed.between(1, entries));
            ("set the head back".to_owned(), back)
        }
    }
}

#[tokio::test]
async fn two_hundred_random_tampers_are_all_found() {
    let (_app, mut inspect) = unguarded().await;
    let entries = inspect.audit_entries();
    let count = u64::try_from(entries).unwrap();
    let postgres = inspect.is_postgres();
    // The control: an untouched record is whole.
    assert_eq!(found_after(&mut inspect, "SELECT 1"), Finding::Whole { entries });
    let seed = Seed::of_run();
    for round in 0..200 {
        let (what, sql) = tamper(&seed, postgres, count);
        let found = found_after(&mut inspect, &sql);
        assert!(matches!(found, Finding::Broken { .. }), "SEED={} round {round}: {what}: {found:?}", seed.value());
    }
    assert_eq!(found_after(&mut inspect, "SELECT 1"), Finding::Whole { entries });
}

#[tokio::test]
async fn every_column_counts_and_the_first_bad_entry_is_named() {
    let (_app, mut inspect) = unguarded().await;
    let (postgres, entries) = (inspect.is_postgres(), inspect.audit_entries());
    for seq in [1, entries / 2, entries] {
        for (column, value) in EDITS {
            let sql = spell(postgres, &format!("UPDATE audit_entries SET {column} = {value} WHERE seq = {seq}"));
            match found_after(&mut inspect, &sql) {
                Finding::Broken { seq: named, .. } => assert_eq!(named, seq, "{column}"),
                whole @ Finding::Whole { .. } => panic!("{column} of {seq}: {whole:?}"),
            }
        }
    }
}

#[tokio::test]
async fn a_tail_cut_off_with_its_head_shows_against_a_note_kept_elsewhere() {
    let (_app, mut inspect) = unguarded().await;
    let noted = inspect.audit_entries();
    let last = noted - 3;
    let found = found_after(
        &mut inspect,
        &format!(
            "DELETE FROM audit_entries WHERE seq > {last}; \
             UPDATE audit_head SET seq = {last}, hash = (SELECT hash FROM audit_entries WHERE seq = {last})"
        ),
    );
    // In itself it is whole: only that there were more entries once tells.
    assert_eq!(found, Finding::Whole { entries: last });
    assert_ne!(found, Finding::Whole { entries: noted });
}
