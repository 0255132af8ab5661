//! The only shared database code: connections, the open transaction, migrations, the schema.
//!
//! One code path serves SQLite and PostgreSQL through diesel's `MultiConnection`; where they differ, a fragment in
//! [`fragments`] or the [`both!`](crate::both) macro says so in one line.

pub mod conn;
pub mod failure;
pub mod fragments;
mod migrate;
mod pool;
pub mod roles;
#[expect(missing_docs, reason = "diesel's `table!` writes public items; the migrations document the tables")]
pub mod schema;
pub mod types;
mod work;
mod writer;

pub use conn::{Conn, Kind, MultiBackend};
pub use migrate::{known, migrate, waiting};
pub use pool::{Db, DbOptions, look};
pub use work::Work;
