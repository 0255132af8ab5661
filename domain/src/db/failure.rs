//! Database errors as the service's own. The text of a database error never reaches a caller.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

use crate::kernel::{Code, Error};

/// The name of the violated unique constraint, the same on both databases: `table_column_column_key`.
///
/// PostgreSQL gives the constraint's name, which our migrations form that way. SQLite gives only
/// "UNIQUE constraint failed: table.column, table.column".
#[must_use]
pub fn unique_key(error: &DieselError) -> Option<String> {
    let DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, info) = error else {
        return None;
    };
    if let Some(name) = info.constraint_name() {
        return Some(name.to_owned());
    }
    let columns = info.message().split_once(": ")?.1;
    let mut key = String::new();
    for (i, column) in columns.split(", ").enumerate() {
        let (table, column) = column.split_once('.')?;
        if i == 0 {
            key.push_str(table);
        }
        key.push('_');
        key.push_str(column);
    }
    key.push_str("_key");
    Some(key)
}

/// Turns a unique violation of the named key into `code`; anything else into the general error.
pub fn conflict(key: &'static str, code: Code) -> impl FnOnce(DieselError) -> Error {
    move |error| {
        if unique_key(&error).as_deref() == Some(key) { Error::new(code) } else { error.into() }
    }
}

impl From<DieselError> for Error {
    fn from(error: DieselError) -> Self {
        match &error {
            DieselError::NotFound => Self::new(Code::NotFound),
            DieselError::DatabaseError(kind, info) => match kind {
                DatabaseErrorKind::UniqueViolation => Self::new(Code::AlreadyExists),
                DatabaseErrorKind::SerializationFailure
                | DatabaseErrorKind::ClosedConnection
                | DatabaseErrorKind::ReadOnlyTransaction => Self::unavailable(error),
                _ if transient(info.message()) => Self::unavailable(error),
                _ => Self::internal(error),
            },
            DieselError::BrokenTransactionManager | DieselError::RollbackErrorOnCommit { .. } => {
                Self::unavailable(error)
            }
            _ => Self::internal(error),
        }
    }
}

/// Messages of faults that pass: a full or failing disk, a lock held too long, a server going away.
fn transient(message: &str) -> bool {
    [
        "database or disk is full",
        "disk I/O error",
        "database is locked",
        "deadlock detected",
        "statement timeout",
        "lock timeout",
        "terminating connection",
        "server closed the connection",
        "connection to server",
        "the database system is",
        "no connection to the server",
        "could not extend file",
    ]
    .iter()
    .any(|m| message.contains(m))
}
