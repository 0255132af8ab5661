//! Every column in which something of a child is sealed. Disposal and subject access walk this list and no other, so a
//! test holds it against the schema: a column of bytes is here, or says in [`OPEN`] why it need not be.

use crate::cases::CaseKind;
use crate::kernel::CaseId;
use crate::vault::Place;

/// Whose a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// A case's: the named column holds its id.
    Case(&'static str),
    /// A child's: the named column holds their id.
    Child(&'static str),
    /// A subject-access request's, and so a child's: the named column holds its id.
    Request(&'static str),
}

/// What disposal does to it, besides destroying the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The row goes.
    Row,
    /// The row stays for counts, with nothing in the column.
    Empty,
    /// The row can't be changed by anybody: without its key it says nothing.
    KeyOnly,
}

/// One column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Table.
    pub table: &'static str,
    /// Column.
    pub column: &'static str,
    /// Whose.
    pub owner: Owner,
    /// What becomes of it.
    pub end: End,
}

const fn column(table: &'static str, column: &'static str, owner: Owner, end: End) -> Column {
    Column { table, column, owner, end }
}

/// All of them.
pub const SEALED: &[Column] = &[
    column("pupils", "identity", Owner::Child("id"), End::Empty),
    column("referrals", "content", Owner::Case("id"), End::Empty),
    column("warrn_records", "content", Owner::Case("id"), End::Empty),
    // The dates of steps stay: reports of the past are made of them.
    column("warrn_steps", "content", Owner::Case("record_id"), End::Empty),
    // Notes before what they are of: the rows go in this order.
    column("provision_notes", "content", Owner::Case("record_id"), End::Row),
    column("provisions", "content", Owner::Case("record_id"), End::Row),
    column("case_events", "note", Owner::Case("case_id"), End::Row),
    column("case_people", "details", Owner::Case("case_id"), End::Row),
    column("case_tasks", "what", Owner::Case("case_id"), End::Row),
    column("case_documents", "name", Owner::Case("case_id"), End::Row),
    column("case_documents", "content", Owner::Case("case_id"), End::Row),
    column("emergency_accesses", "reason", Owner::Child("pupil_id"), End::KeyOnly),
    column("emergency_reviews", "note", Owner::Child("id"), End::KeyOnly),
    column("legal_holds", "reason", Owner::Child("pupil_id"), End::Empty),
    // With the child; pieces also with the case they were found in, bundles some days after their release.
    column("subject_access_pieces", "content", Owner::Request("request_id"), End::Row),
    column("subject_access_bundles", "content", Owner::Request("request_id"), End::Row),
];

/// Columns of bytes that hold nothing sealed under a child's key, with why.
pub const OPEN: &[(&str, &str)] = &[
    ("audit_entries", "hashes of the chain"),
    ("audit_head", "the chain's last hash"),
    ("audit_checkpoints", "hashes of the chain"),
    ("child_keys", "the wrapped keys themselves: destroyed with the child"),
    ("system_keys", "keys of ours"),
    ("idempotency_keys", "kept answers, sealed under a key of ours and forgotten after two days"),
    ("sessions", "digests of tokens"),
    ("api_clients", "digests of secrets"),
    ("factors", "secrets of staff"),
    ("recovery_codes", "digests"),
    ("invitations", "digests"),
    ("sign_in_links", "digests"),
    ("sign_in_misses", "digests"),
    ("issuer_states", "digests"),
    ("pupils.upn_index", "a blind index: dropped with the child"),
    ("responses", "answers of the survey, which no child can be found in"),
    ("arrivals", "answers of the survey, which no child can be found in"),
    (
        "survey_text_arrivals",
        "what pupils wrote, who are nobody here: sealed under a key of ours, gone when it is decided on",
    ),
    ("survey_texts", "the same, and what is left of it without names"),
    ("response_keys", "digests"),
    ("survey_codes", "digests"),
    ("spent_codes", "digests"),
    ("spent_arrivals", "digests"),
    ("submissions", "blind indexes of digests"),
    ("survey_releases", "keyed hashes of answers, which are nobody's"),
    ("retention_certificates", "digests"),
];

impl Column {
    /// Where a row of it is sealed.
    #[must_use]
    pub fn place(&self, kind: CaseKind, row: uuid::Uuid) -> Place {
        match self.table {
            // Notes of referrals were sealed in a table of their own, and a seal is bound to its place.
            "case_events" => kind.note_place(row),
            table => Place { table, column: self.column, row },
        }
    }

    /// Whether it belongs to cases.
    #[must_use]
    pub const fn is_of_cases(&self) -> bool {
        matches!(self.owner, Owner::Case(_))
    }
}

/// The tables whose old rows hold what was taken away: those with sealed columns, the keys, and the envelopes.
#[must_use]
pub fn tables() -> Vec<&'static str> {
    let mut tables: Vec<&str> = SEALED.iter().map(|c| c.table).collect();
    tables.extend(["child_keys", "cases", "case_recipients", "idempotency_keys", "notices"]);
    tables.sort_unstable();
    tables.dedup();
    tables
}

/// A sealed row of a case, still sealed.
pub struct Found {
    /// Which column.
    pub column: Column,
    /// Of which case.
    pub case: CaseId,
    /// The row.
    pub row: uuid::Uuid,
    /// The envelope.
    pub sealed: crate::db::types::SealedBytes,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Columns of bytes in the schema that neither list knows.
    fn unknown(schema: &str) -> Vec<String> {
        let (mut table, mut found) = (String::new(), Vec::new());
        for line in schema.lines().map(str::trim) {
            if let Some((column, kind)) = line.split_once(" -> ") {
                let known = SEALED.iter().any(|c| c.table == table && c.column == column)
                    || OPEN.iter().any(|(open, _)| *open == table || *open == format!("{table}.{column}"));
                if kind.contains("Binary") && !known {
                    found.push(format!("{table}.{column}"));
                }
            } else if let Some((name, _)) = line.split_once(" (").filter(|_| line.ends_with(") {")) {
                name.clone_into(&mut table);
            }
        }
        found
    }

    #[test]
    fn no_column_of_bytes_is_forgotten() {
        let schema = include_str!("../db/schema.rs");
        let none: [&str; 0] = [];
        assert_eq!(unknown(schema), none);
        // The control: one that neither list knows is found.
        let more =
            format!("{schema}\n    later_notes (id) {{\n        id -> UuidSql,\n        said -> Nullable<Binary>,\n");
        assert_eq!(unknown(&more), ["later_notes.said"]);
        for column in SEALED {
            assert!(schema.contains(&format!("    {} (", column.table)), "{}", column.table);
        }
    }
}
