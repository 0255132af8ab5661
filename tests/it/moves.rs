//! Referrals and WARRN records of a database from before the cases' step keep everything across it, and back.

#![expect(clippy::format_collect, clippy::format_push_string, reason = "a script is written statement by statement")]
#![expect(clippy::items_after_statements, reason = "a type named where its rows are")]

use dolen_tests::TestDatabase;
use dolen_tests::inspect::Inspector;

use super::migrations::{names, step};

/// The tables that move.
const MOVED: [&str; 5] = ["referrals", "referral_events", "warrn_records", "warrn_recipients", "notices"];

/// Values as each database writes them.
#[derive(Clone, Copy)]
struct Words {
    postgres: bool,
}

impl Words {
    fn id(self, n: u32) -> String {
        if self.postgres { format!("'{}'", uuid::Uuid::from_u128(n.into())) } else { format!("X'{n:032x}'") }
    }

    fn maybe_id(self, n: Option<u32>) -> String {
        n.map_or_else(|| "NULL".to_owned(), |n| self.id(n))
    }

    fn at(self, seconds: u32) -> String {
        if self.postgres { format!("to_timestamp({seconds})") } else { format!("{}", u64::from(seconds) * 1_000_000) }
    }

    fn maybe_at(self, seconds: Option<u32>) -> String {
        seconds.map_or_else(|| "NULL".to_owned(), |s| self.at(s))
    }

    fn bytes(self, text: &str) -> String {
        let hex: String = text.bytes().map(|b| format!("{b:02x}")).collect();
        if self.postgres { format!("'\\x{hex}'") } else { format!("X'{hex}'") }
    }

    fn truth(self, yes: bool) -> &'static str {
        match (self.postgres, yes) {
            (true, true) => "TRUE",
            (true, false) => "FALSE",
            (false, true) => "1",
            (false, false) => "0",
        }
    }
}

/// What stands around them: a school, a service, two officers, three people, two children.
fn ground(w: Words) -> String {
    let (school, service, key, yes) = (w.id(1), w.id(2), w.id(3), w.truth(true));
    let mut sql = format!(
        "INSERT INTO schools (id, number, name_cy, name_en, phase, medium, version, updated_at) \
           VALUES ({school}, '6764001', 'Ysgol', 'School', 'primary', 'welsh', 1, {at});\
         INSERT INTO services (id, code, name_cy, name_en, gate, active) VALUES ({service}, 'eps', 'A', 'B', '{{}}', {yes});\
         INSERT INTO child_keys (id, kek_id, wrapped, created_at) VALUES ({key}, 'k', {wrapped}, {at});",
        at = w.at(1),
        wrapped = w.bytes("wrapped"),
    );
    for n in [10, 11] {
        sql += &format!(
            "INSERT INTO officers (id, email, name, role_title, lang, listed, version, updated_at) \
               VALUES ({}, 'o{n}@la.example', 'Officer', 'Officer', 'cy', {yes}, 1, {});",
            w.id(n),
            w.at(1)
        );
    }
    for n in [20, 21, 22] {
        sql += &format!(
            "INSERT INTO people (id, email, name, lang, active, failed_sign_ins, version, created_at) \
               VALUES ({}, 'p{n}@la.example', 'Person', 'cy', {yes}, 0, 1, {});",
            w.id(n),
            w.at(1)
        );
    }
    for n in [30, 31] {
        sql += &format!(
            "INSERT INTO pupils (id, school_id, key_id, identity, created_at) VALUES ({}, {school}, {key}, {}, {});",
            w.id(n),
            w.bytes("identity"),
            w.at(1)
        );
    }
    sql
}

/// A referral in each state, one of them passed on; with their events, noted and not.
fn referrals(w: Words) -> String {
    let mut sql = String::new();
    // The one another was passed on to comes first.
    let all = [
        (101, "submitted", 30, Some(10), None, "person", 20),
        (102, "redirected", 30, Some(11), Some(101), "person", 20),
        (103, "info_requested", 31, None, None, "client", 99),
        (104, "declined", 31, Some(10), None, "client", 99),
        (105, "declined", 31, Some(10), None, "person", 21),
    ];
    for (n, state, pupil, officer, successor, kind, by) in all {
        let queue = if officer.is_none() { "'queue'" } else { "NULL" };
        let reason = if state == "declined" { "'not_eligible'" } else { "NULL" };
        sql += &format!(
            "INSERT INTO referrals (id, reference, school_id, service_id, pupil_id, year_group, key_area, urgency, state, \
               officer_id, queue, routing, reason, successor_id, content, opened_by_kind, opened_by_id, version, created_at, \
               updated_at) VALUES ({}, 'DL-R{n}', {}, {}, {}, 5, 'wellbeing', 'soon', '{state}', {}, {queue}, '{{\"n\": {n}}}', \
               {reason}, {}, {}, '{kind}', {}, {}, {}, {});",
            w.id(n),
            w.id(1),
            w.id(2),
            w.id(pupil),
            w.maybe_id(officer),
            w.maybe_id(successor),
            w.bytes(&format!("sealed content {n}")),
            w.id(by),
            n - 100,
            w.at(n),
            w.at(n + 50),
        );
        for (e, note) in [(0, None), (1, Some(format!("sealed note {n}")))] {
            sql += &format!(
                "INSERT INTO referral_events (id, referral_id, at, actor_kind, actor_id, kind, state, reason, note) \
                   VALUES ({}, {}, {}, '{}', {}, 'opened', '{state}', {reason}, {});",
                w.id(n * 10 + e),
                w.id(n),
                w.at(n + e),
                if e == 0 { "system" } else { kind },
                if e == 0 { "NULL".to_owned() } else { w.id(by) },
                note.map_or_else(|| "NULL".to_owned(), |n| w.bytes(&n)),
            );
        }
    }
    sql
}

/// Two records: one acknowledged in part and gone on to deputies, one fresh; and a message about each kind.
fn records(w: Words) -> String {
    let mut sql = String::new();
    for (n, kind, by, back) in [(201, "person", 20, "'2026-03-09'"), (202, "client", 99, "NULL")] {
        sql += &format!(
            "INSERT INTO warrn_records (id, reference, school_id, pupil_id, agreement, expected_return_on, content, \
               sent_by_kind, sent_by_id, version, received_at) \
               VALUES ({}, 'DL-W{n}', {}, {}, 'WASPI-{n}', {back}, {}, '{kind}', {}, {}, {});",
            w.id(n),
            w.id(1),
            w.id(30),
            w.bytes(&format!("sealed record {n}")),
            w.id(by),
            n - 199,
            w.at(n),
        );
    }
    // Record, part, deputy, person, officer, ended, acknowledged, escalated.
    type Named = (u32, &'static str, bool, Option<u32>, Option<u32>, Option<u32>, Option<u32>, Option<u32>);
    let named: [Named; 6] = [
        (201, "dsp", false, Some(20), None, Some(900), None, Some(800)),
        (201, "dsp", true, Some(21), None, None, Some(850), None),
        (201, "ep", false, None, Some(10), None, None, Some(800)),
        (201, "ep", true, None, Some(11), None, None, None),
        (202, "dsp", false, Some(22), None, None, None, None),
        (202, "ep", false, None, Some(10), None, Some(860), None),
    ];
    for (i, (n, part, deputy, person, officer, ended, acknowledged, escalated)) in (0_u32..).zip(named) {
        sql += &format!(
            "INSERT INTO warrn_recipients (id, record_id, part, deputy, person_id, officer_id, begins_at, ends_at, due_at, \
               acknowledged_at, acknowledged_by, escalated_at) \
               VALUES ({}, {}, '{part}', {}, {}, {}, {}, {}, {}, {}, {}, {});",
            w.id(2100 + i),
            w.id(n),
            w.truth(deputy),
            w.maybe_id(person),
            w.maybe_id(officer),
            w.at(n),
            w.maybe_at(ended),
            w.at(n + 700),
            w.maybe_at(acknowledged),
            w.maybe_id(acknowledged.map(|_| 21)),
            w.maybe_at(escalated),
        );
    }
    for (n, kind, subject) in [(301, "referral", 101), (302, "warrn", 201)] {
        sql += &format!(
            "INSERT INTO notices (id, dedupe, wording, recipient_kind, recipient_id, subject_kind, subject_id, reference, \
               state, attempts, next_at, created_at) \
               VALUES ({}, 'd{n}', 'w', 'person', {}, '{kind}', {}, 'DL-{n}', 'created', 0, {}, {});",
            w.id(n),
            w.id(20),
            w.id(subject),
            w.at(n),
            w.at(n),
        );
    }
    sql
}

/// Every value of every row of a table, as text.
fn rows(inspect: &mut Inspector, table: &str) -> Vec<String> {
    if inspect.is_postgres() {
        return inspect.texts(&format!("SELECT t::text AS value FROM {table} t ORDER BY 1"));
    }
    let columns = inspect.texts(&format!("SELECT 'quote(' || name || ')' AS value FROM pragma_table_info('{table}')"));
    inspect.texts(&format!("SELECT {} AS value FROM {table} ORDER BY 1", columns.join(" || ' ' || ")))
}

fn all(inspect: &mut Inspector) -> Vec<Vec<String>> {
    MOVED.map(|table| rows(inspect, table)).into()
}

#[test]
fn the_step_of_the_cases_loses_nothing_on_the_way_there_or_back() {
    let database = TestDatabase::empty();
    let mut inspect = database.inspect();
    for _ in names("sqlite").iter().take_while(|name| !name.ends_with("000007_cases")) {
        step(&mut inspect, true);
    }
    let w = Words { postgres: inspect.is_postgres() };
    inspect.execute(&[ground(w), referrals(w), records(w)].concat());
    let before = all(&mut inspect);
    assert_eq!(before.iter().map(Vec::len).collect::<Vec<_>>(), [5, 10, 2, 6, 2]);

    step(&mut inspect, true);
    let envelopes = "SELECT reference || ' ' || kind || ' ' || COALESCE(close_reason, '-') || ' ' || opened_by_kind || ' ' \
         || COALESCE(queue, '-') || ' ' || CAST(version AS text) AS value FROM cases ORDER BY reference";
    assert_eq!(
        inspect.texts(envelopes),
        [
            "DL-R101 referral - person - 1",
            "DL-R102 referral redirected person - 2",
            "DL-R103 referral - client queue 3",
            "DL-R104 referral declined client - 4",
            "DL-R105 referral declined person - 5",
            "DL-W201 warrn - person - 2",
            "DL-W202 warrn - client - 3",
        ]
    );
    let closed = "SELECT count(*) FROM cases WHERE closed_at = updated_at AND opened_at < updated_at";
    assert_eq!(inspect.number(closed), 3);
    let links = "SELECT f.reference || ' ' || l.kind || ' ' || t.reference AS value \
         FROM case_links l JOIN cases f ON f.id = l.from_id JOIN cases t ON t.id = l.to_id";
    assert_eq!(inspect.texts(links), ["DL-R102 redirected_to DL-R101"]);
    let stages = "SELECT c.reference || ' ' || r.part || ' ' || CAST(r.stage AS text) AS value \
         FROM case_recipients r JOIN cases c ON c.id = r.case_id ORDER BY 1";
    let expected = ["DL-W201 dsp 0", "DL-W201 dsp 1", "DL-W201 ep 0", "DL-W201 ep 1", "DL-W202 dsp 0", "DL-W202 ep 0"];
    assert_eq!(inspect.texts(stages), expected);
    assert_eq!(inspect.number("SELECT count(*) FROM case_events e JOIN cases c ON c.id = e.case_id"), 10);
    assert_eq!(inspect.number("SELECT count(*) FROM case_events WHERE note IS NOT NULL"), 5);
    assert_eq!(rows(&mut inspect, "notices"), before[4]);
    let left = inspect.tables().into_iter().filter(|t| t.starts_with("kept_")).count();
    assert_eq!(left, 0, "nothing is left of the move itself");
    // One open referral of a child to a service, still.
    let again = format!(
        "INSERT INTO cases (id, kind, reference, school_id, service_id, pupil_id, queue, opened_by_kind, opened_by_id, \
           opened_at, updated_at, version) VALUES ({}, 'referral', 'DL-R106', {}, {}, {}, 'queue', 'person', {}, {}, {}, 1)",
        w.id(106),
        w.id(1),
        w.id(2),
        w.id(30),
        w.id(20),
        w.at(1),
        w.at(1),
    );
    inspect.try_execute(&again).unwrap_err();

    step(&mut inspect, false);
    assert_eq!(all(&mut inspect), before);
    step(&mut inspect, true);
    // The control: a word changed on the way shows.
    inspect.execute(&format!(
        "UPDATE case_events SET note = {} WHERE note = {}",
        w.bytes("x"),
        w.bytes("sealed note 101")
    ));
    inspect.execute(&format!("DELETE FROM case_recipients WHERE id = {}", w.id(2105)));
    step(&mut inspect, false);
    let changed: Vec<&str> =
        MOVED.iter().zip(all(&mut inspect)).zip(&before).filter(|((_, a), b)| a != *b).map(|((t, _), _)| *t).collect();
    assert_eq!(changed, ["referral_events", "warrn_recipients"]);
}
