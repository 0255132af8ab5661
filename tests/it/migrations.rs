//! The schema: the same on both databases and in `schema.rs`, and every step can be taken back.

use std::collections::{BTreeMap, BTreeSet};

use diesel_migrations::{FileBasedMigrations, MigrationHarness as _};
use dolen_domain::db::Conn;
use dolen_tests::TestDatabase;
use dolen_tests::binary::root;
use dolen_tests::inspect::Inspector;

pub(super) fn names(backend: &str) -> Vec<String> {
    let entries = std::fs::read_dir(root().join("migrations").join(backend)).unwrap();
    let mut names: Vec<String> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn both_databases_have_the_same_steps_each_with_its_way_back() {
    let steps = names("sqlite");
    assert_eq!(steps, names("postgres"));
    for (backend, step) in ["sqlite", "postgres"].iter().flat_map(|b| steps.iter().map(move |s| (b, s))) {
        for file in ["up.sql", "down.sql"] {
            let path = root().join("migrations").join(backend).join(step).join(file);
            assert!(std::fs::read_to_string(&path).unwrap().contains(';'), "{}", path.display());
        }
    }
}

/// Everything there is, as text.
fn dump(inspect: &mut Inspector) -> Vec<String> {
    inspect.texts(if inspect.is_postgres() {
        "SELECT format('column %s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default) AS value \
           FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_diesel%' \
         UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE '\\_\\_diesel%' \
         UNION ALL SELECT format('constraint %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) \
           FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text NOT LIKE '\\_\\_diesel%' \
         UNION ALL SELECT 'trigger ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal \
         UNION ALL SELECT 'function ' || pg_get_functiondef(p.oid) FROM pg_proc p WHERE pronamespace = 'public'::regnamespace \
           AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') AND proname NOT LIKE 'diesel%' \
         ORDER BY 1"
    } else {
        "SELECT type || ' ' || name || ' ' || coalesce(sql, '') AS value FROM sqlite_schema \
         WHERE tbl_name NOT LIKE '\\_\\_diesel%' ESCAPE '\\' ORDER BY 1"
    })
}

/// Takes the next step, or the last one back.
pub(super) fn step(inspect: &mut Inspector, forward: bool) {
    match inspect.conn() {
        Conn::Pg(c) => {
            let source = FileBasedMigrations::from_path(root().join("migrations/postgres")).unwrap();
            if forward { c.run_next_migration(source).map(drop) } else { c.revert_last_migration(source).map(drop) }
        }
        Conn::Sqlite(c) => {
            let source = FileBasedMigrations::from_path(root().join("migrations/sqlite")).unwrap();
            if forward { c.run_next_migration(source).map(drop) } else { c.revert_last_migration(source).map(drop) }
        }
    }
    .unwrap();
}

/// What changes rows and no table: its work is looked at by the tests of its area.
const ROWS_ALONE: [&str; 1] = ["20261122000019_told_again"];

#[test]
fn every_step_can_be_taken_back_and_again() {
    let database = TestDatabase::empty();
    let mut inspect = database.inspect();
    let nothing = dump(&mut inspect);
    let mut stages = vec![nothing];
    for name in names("sqlite") {
        step(&mut inspect, true);
        let there = dump(&mut inspect);
        let does = there != stages[stages.len() - 1];
        assert_eq!(does, !ROWS_ALONE.contains(&name.as_str()), "{name} does nothing, or more than it should");
        step(&mut inspect, false);
        assert_eq!(dump(&mut inspect), stages[stages.len() - 1], "{name} taken back");
        step(&mut inspect, true);
        assert_eq!(dump(&mut inspect), there, "{name} taken again");
        stages.push(there);
    }
    while stages.len() > 1 {
        stages.pop();
        step(&mut inspect, false);
        assert_eq!(dump(&mut inspect), stages[stages.len() - 1]);
    }
    let (filled, _) = TestDatabase::with_world();
    let mut inspect = filled.inspect();
    for _ in names("sqlite") {
        step(&mut inspect, false);
    }
    assert!(inspect.tables().is_empty(), "a database with rows in it can be taken back too");
}

/// Foreign keys no index begins with, as `table.column`.
fn unindexed(inspect: &mut Inspector) -> Vec<String> {
    inspect.texts(if inspect.is_postgres() {
        "SELECT conrelid::regclass || '.' || (SELECT string_agg(attname, ',' ORDER BY attnum) FROM pg_attribute \
           WHERE attrelid = conrelid AND attnum = ANY(conkey)) AS value FROM pg_constraint c WHERE contype = 'f' \
         AND NOT EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indpred IS NULL \
           AND (i.indkey::int2[])[0:cardinality(conkey) - 1] @> conkey) ORDER BY 1"
    } else {
        "SELECT t.name || '.' || k.\"from\" AS value FROM sqlite_schema t, pragma_foreign_key_list(t.name) k \
         WHERE t.type = 'table' AND NOT EXISTS (SELECT 1 FROM pragma_index_list(t.name) l, pragma_index_info(l.name) i \
           WHERE l.partial = 0 AND i.seqno = 0 AND i.name = k.\"from\") ORDER BY 1"
    })
}

#[test]
fn every_foreign_key_is_indexed() {
    let (database, _) = TestDatabase::with_world();
    let mut inspect = database.inspect();
    let none: [&str; 0] = [];
    assert_eq!(unindexed(&mut inspect), none);
    // The control: one without, one behind another column, one with.
    inspect.execute(if inspect.is_postgres() {
        "CREATE TABLE control (a uuid REFERENCES schools (id), b uuid REFERENCES schools (id), c uuid REFERENCES schools (id))"
    } else {
        "CREATE TABLE control (a BLOB REFERENCES schools (id), b BLOB REFERENCES schools (id), c BLOB REFERENCES schools (id))"
    });
    inspect.execute("CREATE INDEX control_c ON control (c, b)");
    assert_eq!(unindexed(&mut inspect), ["control.a", "control.b"]);
}

/// Table → column → kind and whether it may be null.
type Schema = BTreeMap<String, BTreeMap<String, String>>;

/// What `schema.rs` says.
fn declared(text: &str) -> Schema {
    let mut schema = Schema::new();
    let mut table = String::new();
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with("diesel::")) {
        if let Some((column, kind)) = line.split_once(" -> ") {
            let kind = kind.trim_end_matches(',');
            let shown = kind
                .strip_prefix("Nullable<")
                .map_or_else(|| format!("{kind} NOT NULL"), |inner| inner.trim_end_matches('>').to_owned());
            let column = column.trim_start_matches("r#").to_owned();
            schema.entry(table.clone()).or_default().insert(column, shown);
        } else if let Some((name, key)) = line.split_once(" (").filter(|_| line.ends_with(") {")) {
            let columns = key.trim_end_matches(") {").split(", ");
            assert!(columns.clone().all(|c| !c.is_empty()), "{line}");
            name.clone_into(&mut table);
        }
    }
    schema
}

/// What the database says, in the words of `schema.rs`. Several kinds may share one of the database's.
fn stored(inspect: &mut Inspector) -> BTreeMap<String, BTreeMap<String, (BTreeSet<&'static str>, bool)>> {
    let sql = if inspect.is_postgres() {
        "SELECT table_name || '|' || column_name || '|' || data_type || '|' || (is_nullable = 'NO')::text AS value \
         FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_diesel%'"
    } else {
        "SELECT t.name || '|' || c.name || '|' || c.type || '|' || CASE WHEN c.\"notnull\" = 1 OR c.pk > 0 THEN 'true' ELSE 'false' END \
         AS value FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table' \
         AND t.name NOT LIKE '\\_\\_diesel%' ESCAPE '\\' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    };
    let mut schema: BTreeMap<String, BTreeMap<String, (BTreeSet<&'static str>, bool)>> = BTreeMap::new();
    for row in inspect.texts(sql) {
        let parts: Vec<&str> = row.split('|').collect();
        let kinds: &[&str] = match parts[2] {
            "bigint" => &["BigInt"],
            "integer" => &["Integer"],
            "smallint" => &["SmallInt"],
            "text" => &["Text"],
            "bytea" => &["Binary"],
            "uuid" => &["UuidSql"],
            "boolean" => &["Bool"],
            "date" => &["Date"],
            "jsonb" => &["JsonSql"],
            "timestamp with time zone" => &["UtcSql"],
            "INTEGER" => &["BigInt", "Integer", "SmallInt", "Bool", "UtcSql"],
            "TEXT" => &["Text", "Date", "JsonSql"],
            "BLOB" => &["Binary", "UuidSql"],
            other => panic!("{row}: {other} is no type of ours"),
        };
        let kinds = kinds.iter().copied().collect();
        schema.entry(parts[0].to_owned()).or_default().insert(parts[1].to_owned(), (kinds, parts[3] == "true"));
    }
    schema
}

/// Where the two differ.
fn differences(declared: &Schema, inspect: &mut Inspector) -> Vec<String> {
    let stored = stored(inspect);
    let mut found = Vec::new();
    let tables: BTreeSet<&String> = declared.keys().chain(stored.keys()).collect();
    for table in tables {
        let (Some(ours), Some(theirs)) = (declared.get(table), stored.get(table)) else {
            found.push(format!("{table} is on one side only"));
            continue;
        };
        for column in ours.keys().chain(theirs.keys()).collect::<BTreeSet<_>>() {
            let fits = match (ours.get(column), theirs.get(column)) {
                (Some(said), Some((kinds, not_null))) => {
                    let (kind, must) = said.strip_suffix(" NOT NULL").map_or((said.as_str(), false), |k| (k, true));
                    kinds.contains(kind) && must == *not_null
                }
                _ => false,
            };
            if !fits {
                found.push(format!("{table}.{column}: {:?} and {:?}", ours.get(column), theirs.get(column)));
            }
        }
    }
    found
}

#[test]
fn the_schema_in_the_code_is_the_schema_in_the_database() {
    let text = std::fs::read_to_string(root().join("domain/src/db/schema.rs")).unwrap();
    let declared = declared(&text);
    let (database, _) = TestDatabase::with_world();
    let mut inspect = database.inspect();
    let none: [&str; 0] = [];
    assert_eq!(differences(&declared, &mut inspect), none);
    // The control: each kind of difference shows.
    let wrong = super::migrations::declared(
        &text
            .replacen("number -> Text", "number -> Nullable<Text>", 1)
            .replacen("cluster -> Nullable<Text>", "cluster -> Nullable<UuidSql>", 1)
            .replacen("failed_sign_ins -> BigInt,", "", 1)
            .replacen("child_keys (id)", "children_keys (id)", 1),
    );
    let found = differences(&wrong, &mut inspect);
    for part in ["schools.number", "schools.cluster", "people.failed_sign_ins", "child_keys is", "children_keys is"] {
        assert!(found.iter().any(|f| f.starts_with(part)), "{part}: {found:?}");
    }
    assert_eq!(found.len(), 5, "{found:?}");
}
