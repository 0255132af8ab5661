//! Whatever is done to the audit record from beside the service is found, with the checkpoints kept outside.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use dolen_domain::audit::checkpoints::{self, PublicKeys, Signer};
use dolen_domain::audit::{self, Entry, Finding};
use dolen_domain::db::schema::{audit_entries as t, audit_head as h};
use dolen_domain::db::types::Uid;
use dolen_domain::db::{Conn, Work};
use dolen_domain::kernel::{Caller, Clock as _, OsChance, SystemClock, Utc};
use dolen_tests::TestApp;
use dolen_tests::inspect::Inspector;
use dolen_tests::seed::Seed;
use dolen_tests::writes::{Draft, operations};

/// How many random tampers, on either database: `facts/reliability.md` AUD-1.
const ROUNDS: u32 = 1000;

fn signer() -> Signer {
    Signer::from_hex(&"5a".repeat(32)).unwrap()
}

/// What is kept outside: the lines, and how far each went.
struct Outside {
    lines: Vec<String>,
    sizes: Vec<i64>,
}

impl Outside {
    /// The last entry that a checkpoint before `seq` vouches for.
    fn proved_before(&self, seq: i64) -> i64 {
        self.sizes.iter().copied().filter(|size| *size < seq).max().unwrap_or(0)
    }
}

/// A service whose record has entries of every sort, signed several times on the way and at the end, and whose guards
/// against changing them are gone.
async fn unguarded() -> (TestApp, Inspector, Outside) {
    let app = TestApp::start().await;
    let mut outside = Outside { lines: Vec::new(), sizes: Vec::new() };
    for (n, operation) in operations().iter().filter(|o| *o != "create_token").enumerate() {
        Draft::of(&app, operation).await.sent(&app).await;
        if n % 3 == 2 {
            outside.lines.push(app.write(|work| checkpoints::sign(work, &signer())));
        }
    }
    outside.lines.push(app.write(|work| checkpoints::sign(work, &signer())));
    outside.sizes = outside.lines.iter().map(|l| checkpoints::parse(l).unwrap().size).collect();
    app.will_tamper();
    let mut inspect = app.database().inspect();
    inspect.execute(if inspect.is_postgres() {
        "DROP TRIGGER audit_entries_no_change ON audit_entries"
    } else {
        "DROP TRIGGER audit_entries_no_update; DROP TRIGGER audit_entries_no_delete"
    });
    (app, inspect, outside)
}

/// What verifying finds in itself and against these lines.
fn found(conn: &mut Conn, lines: &[String]) -> (Finding, Finding) {
    let caller = Caller::system("test");
    let keys = PublicKeys::parse(&signer().public_hex()).unwrap();
    let mut work = Work::new(conn, &caller, SystemClock.now(), &OsChance);
    (audit::verify(&mut work).unwrap(), checkpoints::verify(&mut work, lines, &keys).unwrap())
}

/// What verifying finds after this was done, which is undone again.
fn found_after(inspect: &mut Inspector, lines: &[String], act: &Act) -> (Finding, Finding) {
    inspect.execute("BEGIN");
    match act {
        Act::Sql(sql) => inspect.execute(sql),
        Act::Rebuild(entries) => rebuild(inspect.conn(), entries),
    }
    let found = found(inspect.conn(), lines);
    inspect.conn().batch_execute("ROLLBACK").unwrap();
    found
}

/// What somebody does to the database.
enum Act {
    Sql(String),
    /// Every entry anew, linked as they should be, with a head that fits.
    Rebuild(Vec<Entry>),
}

/// Every entry, as whoever tampers reads them.
fn entries(conn: &mut Conn) -> Vec<Entry> {
    type Row =
        ((i64, Utc, String, Option<Uid>, String, String), (Option<Uid>, Option<Uid>, String, String, Vec<u8>, Vec<u8>));
    let rows: Vec<Row> = t::table
        .order(t::seq)
        .select((
            (t::seq, t::at, t::actor_kind, t::actor_id, t::action, t::object_kind),
            (t::object_id, t::school_id, t::request_id, t::detail, t::prev, t::hash),
        ))
        .load(conn)
        .unwrap();
    let entry = |((seq, at, actor_kind, actor_id, action, object_kind), rest): Row| {
        let (object_id, school_id, request_id, detail, prev, hash) = rest;
        let id = |id: Option<Uid>| id.map(Uid::uuid);
        Entry {
            seq,
            at,
            actor_kind,
            actor_id: id(actor_id),
            action,
            object_kind,
            object_id: id(object_id),
            school_id: id(school_id),
            request_id,
            detail,
            prev,
            hash,
        }
    };
    rows.into_iter().map(entry).collect()
}

/// Links the entries as the service would, and puts them in the place of all there were.
fn rebuild(conn: &mut Conn, entries: &[Entry]) {
    conn.batch_execute("DELETE FROM audit_entries").unwrap();
    let (mut prev, mut last) = (vec![0_u8; 32], 0);
    for (entry, seq) in entries.iter().zip(1_i64..) {
        let mut entry = Entry { seq, prev: prev.clone(), ..entry.clone() };
        entry.hash = audit::link(&prev, &entry);
        let id = |id: Option<uuid::Uuid>| id.map(Uid::from_uuid);
        let row = (
            (
                t::seq.eq(seq),
                t::at.eq(entry.at),
                t::actor_kind.eq(&entry.actor_kind),
                t::actor_id.eq(id(entry.actor_id)),
            ),
            (t::action.eq(&entry.action), t::object_kind.eq(&entry.object_kind), t::object_id.eq(id(entry.object_id))),
            (t::school_id.eq(id(entry.school_id)), t::request_id.eq(&entry.request_id), t::detail.eq(&entry.detail)),
            (t::prev.eq(&entry.prev), t::hash.eq(&entry.hash)),
        );
        diesel::insert_into(t::table).values(row).execute(conn).unwrap();
        (prev, last) = (entry.hash, seq);
    }
    diesel::update(h::table.find(1)).set((h::seq.eq(last), h::hash.eq(prev))).execute(conn).unwrap();
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

/// One random way to tamper: what it is, what is done, what is left of the checkpoints, and the number that must be named.
struct Tamper {
    what: String,
    act: Act,
    lines: Vec<String>,
    named: Named,
}

/// The number a finding must name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Named {
    /// This entry.
    Entry(i64),
    /// This checkpoint.
    Checkpoint(i64),
}

impl Named {
    fn is(self, found: &Finding) -> bool {
        match (self, found) {
            (Self::Entry(n), Finding::Broken { seq, .. }) => n == *seq,
            (Self::Checkpoint(n), Finding::Checkpoint { number, .. }) => n == *number,
            _ => false,
        }
    }
}

fn tamper(seed: &Seed, postgres: bool, all: &[Entry], outside: &Outside) -> Tamper {
    let count = all.len() as u64;
    let (entries, seq) = (i64::try_from(count).unwrap(), i64::try_from(seed.between(1, count)).unwrap());
    let other = (seq + i64::try_from(seed.between(1, count - 1)).unwrap() - 1) % entries + 1;
    let at = |seq: i64| usize::try_from(seq - 1).unwrap();
    let copy = |from: i64, to: i64| {
        format!(
            "INSERT INTO audit_entries (seq, {COLUMNS}) SELECT {to}, {COLUMNS} FROM audit_entries WHERE seq = {from}"
        )
    };
    let renumber = |from: i64, to: i64| format!("UPDATE audit_entries SET seq = {to} WHERE seq = {from}");
    let sql = |what: String, sql: String, named: i64| Tamper {
        what,
        act: Act::Sql(sql),
        lines: outside.lines.clone(),
        named: Named::Entry(named),
    };
    // Built anew from `from` on: in itself it is whole, so the first entry no checkpoint covers is named.
    let anew = |what: String, list: Vec<Entry>, from: i64| {
        let proved = outside.proved_before(from);
        let length = i64::try_from(list.len()).unwrap();
        let short = outside.sizes.iter().all(|s| *s <= proved || *s > length);
        let named = match (from, short) {
            (1, _) => 1,
            (_, true) => length + 1,
            (_, false) => proved + 1,
        };
        Tamper { what, act: Act::Rebuild(list), lines: outside.lines.clone(), named: Named::Entry(named) }
    };
    match seed.below(14) {
        0 | 1 => {
            let (column, value) = EDITS[usize::try_from(seed.below(EDITS.len() as u64)).unwrap()];
            let edit = format!("UPDATE audit_entries SET {column} = {value} WHERE seq = {seq}");
            sql(format!("edit {column} of {seq}"), spell(postgres, &edit), seq)
        }
        2 => sql(format!("delete {seq}"), format!("DELETE FROM audit_entries WHERE seq = {seq}"), seq),
        3 => sql(format!("insert a copy of {seq} at the end"), copy(seq, entries + 1), entries + 1),
        4 => {
            // Make room behind `seq`, from the far end so that no number is taken twice.
            let mut steps: Vec<String> = (seq + 1..=entries).rev().map(|s| renumber(s, s + 1)).collect();
            steps.push(copy(if other > seq { other + 1 } else { other }, seq + 1));
            // A copy of the next one is that one: it is the next one itself that comes too late.
            let named = if other == seq + 1 { seq + 2 } else { seq + 1 };
            sql(format!("insert a copy of {other} after {seq}"), steps.join(";"), named)
        }
        5 => {
            let swap = [renumber(seq, 0), renumber(other, seq), renumber(0, other)];
            sql(format!("swap {seq} and {other}"), swap.join(";"), seq.min(other))
        }
        6 => {
            let cut = format!("DELETE FROM audit_entries WHERE seq >= {seq}");
            sql(format!("cut off from {seq}, the head left"), cut, seq)
        }
        7 => {
            let back = format!("UPDATE audit_head SET seq = seq - {}", seed.between(1, count));
            sql("set the head back".to_owned(), back, entries + 1)
        }
        8 => {
            // An old copy restored, or the end cut off with its head. The last entry is about the last checkpoint, and
            // no checkpoint vouches for it yet: without it nothing that was signed is lost.
            let kept = seq.min(entries - 2);
            anew(format!("cut off after {kept}, the head set to fit"), all[..at(kept + 1)].to_vec(), kept + 1)
        }
        9 => {
            let mut list = all.to_vec();
            list[at(seq)].detail.push('x');
            let from = seq.min(entries - 1);
            list[at(from)].detail.push('x');
            anew(format!("edit {from} and build anew"), list, from)
        }
        10 => {
            let mut list = all.to_vec();
            let gone = seq.min(entries - 1);
            list.remove(at(gone));
            anew(format!("delete {gone} and build anew"), list, gone)
        }
        11 => {
            let mut list = all.to_vec();
            let (one, two) = (seq.min(other).min(entries - 1), seq.max(other));
            // Two that differ: entries of one instant may be alike in everything.
            "swapped".clone_into(&mut list[at(one)].request_id);
            list.swap(at(one), at(two));
            anew(format!("swap {one} and {two} and build anew"), list, one)
        }
        12 => {
            // An old copy went on: other entries from here.
            let kept = seq.min(entries - 2);
            let mut list = all[..at(kept + 1)].to_vec();
            let grown = seed.between(1, 2 * count);
            list.extend((0..grown).map(|n| Entry { request_id: format!("other-{n}"), ..all[0].clone() }));
            anew(format!("an old copy of {kept} entries went on for {grown}"), list, kept + 1)
        }
        _ => {
            let taken = usize::try_from(seed.below(outside.lines.len() as u64)).unwrap();
            let mut lines = outside.lines.clone();
            lines.remove(taken);
            let named = Named::Checkpoint(i64::try_from(taken).unwrap() + 1);
            Tamper {
                what: format!("drop checkpoint {}", taken + 1),
                act: Act::Sql("SELECT 1".to_owned()),
                lines,
                named,
            }
        }
    }
}

#[tokio::test]
async fn a_thousand_random_tampers_are_all_found() {
    let (_app, mut inspect, outside) = unguarded().await;
    let all = entries(inspect.conn());
    let whole = Finding::Whole { entries: i64::try_from(all.len()).unwrap() };
    let postgres = inspect.is_postgres();
    // The controls: an untouched record is whole, and so is one built anew without a change.
    let (alone, against) = found_after(&mut inspect, &outside.lines, &Act::Sql("SELECT 1".to_owned()));
    assert_eq!((alone, against), (whole.clone(), whole.clone()));
    let (alone, against) = found_after(&mut inspect, &outside.lines, &Act::Rebuild(all.clone()));
    assert_eq!((alone, against), (whole.clone(), whole.clone()));
    let seed = Seed::of_run();
    let mut only_outside = 0;
    for round in 0..ROUNDS {
        let done = tamper(&seed, postgres, &all, &outside);
        let (alone, against) = found_after(&mut inspect, &done.lines, &done.act);
        only_outside += u32::from(matches!(alone, Finding::Whole { .. }));
        let (what, value) = (&done.what, seed.value());
        assert!(done.named.is(&against), "SEED={value} round {round}: {what}: {against:?}, not {:?}", done.named);
        // No false alarm in between.
        if round % 100 == 0 {
            assert_eq!(found(inspect.conn(), &outside.lines).1, whole);
        }
    }
    eprintln!("{only_outside} of them were found by the checkpoints alone");
    assert!(only_outside > 0);
}

#[tokio::test]
async fn every_column_counts_and_the_first_bad_entry_is_named() {
    let (_app, mut inspect, outside) = unguarded().await;
    let (postgres, entries) = (inspect.is_postgres(), inspect.audit_entries());
    for seq in [1, entries / 2, entries] {
        for (column, value) in EDITS {
            let sql = spell(postgres, &format!("UPDATE audit_entries SET {column} = {value} WHERE seq = {seq}"));
            let (alone, against) = found_after(&mut inspect, &outside.lines, &Act::Sql(sql));
            assert!(Named::Entry(seq).is(&alone), "{column} of {seq}: {alone:?}");
            assert_eq!(alone, against);
        }
    }
}

#[tokio::test]
async fn a_tail_cut_off_with_its_head_is_found_against_a_checkpoint() {
    let (_app, mut inspect, outside) = unguarded().await;
    let last = inspect.audit_entries() - 3;
    let cut = format!(
        "DELETE FROM audit_entries WHERE seq > {last}; \
         UPDATE audit_head SET seq = {last}, hash = (SELECT hash FROM audit_entries WHERE seq = {last})"
    );
    let (alone, against) = found_after(&mut inspect, &outside.lines, &Act::Sql(cut));
    // In itself it is whole: only what was signed tells that there was more.
    assert_eq!(alone, Finding::Whole { entries: last });
    assert!(Named::Entry(last + 1).is(&against), "{against:?}");
}
