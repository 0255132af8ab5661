//! On either database the service can add to the audit record and read it, and do nothing else to it.

use diesel::connection::SimpleConnection as _;
use dolen_domain::db::conn::establish;
use dolen_domain::db::{Conn, Kind, roles};
use dolen_tests::binary::{self, command, run};
use dolen_tests::database::kind;
use dolen_tests::{TestApp, TestDatabase};

/// What somebody who has got hold of the service's connection might try.
const CHANGES: &[&str] = &[
    "UPDATE audit_entries SET detail = 'x' WHERE seq = 1",
    "DELETE FROM audit_entries WHERE seq = 1",
    "DELETE FROM audit_entries",
    "UPDATE audit_checkpoints SET size = 0",
    "DELETE FROM audit_checkpoints",
];

/// The same, where there are roles.
const POSTGRES: &[&str] = &[
    "TRUNCATE audit_entries",
    "TRUNCATE people",
    "UPDATE emergency_accesses SET reason = ''",
    "UPDATE emergency_accesses SET ends_at = ends_at + interval '1 day'",
    "DELETE FROM emergency_accesses",
    "UPDATE emergency_owners SET person_id = NULL",
    "DELETE FROM emergency_owners",
    "UPDATE emergency_reviews SET outcome = 'appropriate'",
    "DELETE FROM emergency_reviews",
    "DELETE FROM audit_head",
    "INSERT INTO audit_head (id, seq, hash) VALUES (2, 0, '')",
    "ALTER TABLE audit_entries DISABLE TRIGGER ALL",
    "ALTER TABLE audit_entries ADD COLUMN x text",
    "ALTER TABLE people ADD COLUMN x text",
    "DROP TRIGGER audit_entries_no_change ON audit_entries",
    "DROP TABLE audit_entries",
    "DROP TABLE referrals",
    "CREATE TABLE mine (x text)",
    "CREATE TRIGGER mine BEFORE INSERT ON audit_entries EXECUTE FUNCTION audit_entries_refuse()",
    "CREATE OR REPLACE FUNCTION audit_entries_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
    "DROP FUNCTION audit_entries_refuse() CASCADE",
    "SET session_replication_role = replica",
    "ALTER ROLE dolen_test_service SUPERUSER",
    "CREATE ROLE dolen_test_other",
    "UPDATE __diesel_schema_migrations SET version = '0'",
    "DELETE FROM __diesel_schema_migrations",
];

#[tokio::test]
async fn the_service_can_neither_alter_tables_nor_change_or_remove_what_is_on_record() {
    let app = TestApp::start().await;
    let signer = dolen_domain::audit::checkpoints::Signer::from_hex(&"5c".repeat(32)).unwrap();
    app.write(move |work| dolen_domain::audit::checkpoints::sign(work, &signer));
    let before = app.database().inspect().counts();
    let mut service = establish(app.database().url(), false).unwrap();
    let more: &[&str] = if kind() == Kind::Postgres { POSTGRES } else { &[] };
    for sql in CHANGES.iter().chain(more) {
        assert!(service.batch_execute(sql).is_err(), "{sql}");
    }
    // PostgreSQL only warns of a right that is not one's own to give. It gives none.
    if kind() == Kind::Postgres {
        let _ = service.batch_execute("GRANT UPDATE, DELETE, TRUNCATE ON audit_entries TO PUBLIC, dolen_test_service");
        assert!(!roles::standing(&mut service).unwrap().unwrap().edits_audit);
        // It is the right that is missing, triggers or not; the one column that may change can.
        let mut inspect = app.database().inspect();
        let may = |table: &str| {
            format!(
                "SELECT count(*) FROM pg_roles WHERE rolname = 'dolen_test_service' AND \
                 has_table_privilege(oid, '{table}', 'UPDATE, DELETE, TRUNCATE')"
            )
        };
        for table in roles::APPEND_ONLY.iter().chain(&["emergency_accesses"]) {
            assert_eq!(inspect.number(&may(table)), 0, "{table}");
        }
        assert_eq!(inspect.number(&may("referrals")), 1, "the control");
        service.batch_execute("UPDATE emergency_accesses SET live = false WHERE live").unwrap();
    }
    // The controls: it is the place that refuses, not the statements. The service reads and adds.
    service.batch_execute("SELECT count(*) FROM audit_entries; UPDATE audit_head SET seq = seq WHERE id = 1").unwrap();
    let mut owner = app.database().connect();
    for sql in CHANGES {
        owner.batch_execute("BEGIN").unwrap();
        owner
            .batch_execute(match &owner {
                Conn::Pg(_) => {
                    "ALTER TABLE audit_entries DISABLE TRIGGER ALL; ALTER TABLE audit_checkpoints DISABLE TRIGGER ALL"
                }
                Conn::Sqlite(_) => {
                    "DROP TRIGGER audit_entries_no_update; DROP TRIGGER audit_entries_no_delete; \
                     DROP TRIGGER audit_checkpoints_no_update; DROP TRIGGER audit_checkpoints_no_delete"
                }
            })
            .unwrap();
        owner.batch_execute(sql).unwrap_or_else(|e| panic!("{sql}: {e}"));
        owner.batch_execute("ROLLBACK").unwrap();
    }
    assert_eq!(app.database().inspect().counts(), before);
}

#[tokio::test]
async fn the_service_stands_as_it_should_and_the_owner_does_not() {
    let app = TestApp::start().await;
    let mut service = establish(app.database().url(), false).unwrap();
    let standing = roles::standing(&mut service).unwrap();
    assert_eq!(standing.is_some(), kind() == Kind::Postgres);
    let Some(standing) = standing else { return };
    assert!(!standing.superuser && !standing.creates && !standing.edits_audit && !standing.privileged, "{standing:?}");
    assert_eq!(standing.owns, 0);
    let owner = roles::standing(&mut app.database().connect()).unwrap().unwrap();
    assert!(owner.owns > 0 && owner.creates && owner.edits_audit, "{owner:?}");
}

/// A migration by the owner, and the service that waits for it.
#[test]
fn the_owner_migrates_and_the_service_only_asks() {
    if kind() != Kind::Postgres {
        return;
    }
    let binary = binary::dolen();
    let database = TestDatabase::empty();
    let (owner, service) = (database.owner_url().to_owned(), dolen_tests::database::as_service(database.owner_url()));
    let early = run(&mut command(&binary, &service, &[], &["user", "deactivate", "--email", "x@la.example"]));
    assert!(early.code == Some(1) && early.said.contains("dolen migrate up"), "{early:?}");
    let migrated = run(&mut command(&binary, &service, &[("database.owner_url", &owner)], &["migrate", "up"]));
    assert_eq!(migrated.code, Some(0), "{migrated:?}");
    let status = run(&mut command(&binary, &service, &[], &["migrate", "status"]));
    assert!(status.code == Some(0) && !status.said.contains("waits"), "{status:?}");
    let now = run(&mut command(&binary, &service, &[], &["keys", "list"]));
    assert!(now.code == Some(0) && now.said.contains("current"), "{now:?}");
    // Nobody serves as a superuser by mistake.
    let standing = roles::standing(&mut establish(&owner, false).unwrap()).unwrap().unwrap();
    assert!(standing.superuser, "the tests' owner is one");
    for role in ["serve", "worker"] {
        let refused = run(&mut command(&binary, &owner, &[], &[role]));
        assert!(refused.code == Some(1) && refused.said.contains("superuser"), "{refused:?}");
    }
}
