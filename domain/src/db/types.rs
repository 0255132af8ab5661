//! One SQL type and one Rust type per concept, native on each database.
//!
//! `uuid`, `timestamptz` and `jsonb` on PostgreSQL; BLOB, INTEGER (microseconds since 1970) and TEXT on SQLite.

use std::io::Write as _;

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::HasSqlType;
use diesel::sqlite::Sqlite;

use super::conn::MultiBackend;

/// The SQL types of this project, for `schema.rs`.
pub mod sql {
    use diesel::query_builder::QueryId;
    use diesel::sql_types::SqlType;

    /// An identifier.
    #[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
    #[diesel(postgres_type(oid = 2950, array_oid = 2951))]
    #[diesel(sqlite_type(name = "Binary"))]
    pub struct UuidSql;
    /// An instant.
    #[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
    #[diesel(postgres_type(oid = 1184, array_oid = 1185))]
    #[diesel(sqlite_type(name = "Long"))]
    pub struct UtcSql;
    /// A JSON document.
    #[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
    #[diesel(postgres_type(oid = 3802, array_oid = 3807))]
    #[diesel(sqlite_type(name = "Text"))]
    pub struct JsonSql;
}
use sql::{JsonSql, UtcSql, UuidSql};

/// The glue that lets a type travel over either connection.
macro_rules! multi_type {
    ($t:ty, $st:ty) => {
        impl diesel::serialize::ToSql<$st, $crate::db::conn::MultiBackend> for $t {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, $crate::db::conn::MultiBackend>,
            ) -> diesel::serialize::Result {
                out.set_value((<$st>::default(), self));
                Ok(diesel::serialize::IsNull::No)
            }
        }
        impl diesel::deserialize::FromSql<$st, $crate::db::conn::MultiBackend> for $t {
            fn from_sql(
                raw: <$crate::db::conn::MultiBackend as diesel::backend::Backend>::RawValue<'_>,
            ) -> diesel::deserialize::Result<Self> {
                raw.from_sql::<$t, $st>()
            }
        }
    };
}

macro_rules! multi_sql_type {
    ($($st:ty),*) => {$(
        impl HasSqlType<$st> for MultiBackend {
            fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
                MultiBackend::lookup_sql_type::<$st>(lookup)
            }
        }
    )*};
}
multi_sql_type!(UuidSql, UtcSql, JsonSql);

/// Declares typed identifiers over UUIDs.
macro_rules! uuid_id {
    ($($(#[$m:meta])* $n:ident),* $(,)?) => {$(
        $(#[$m])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord,
            diesel::expression::AsExpression, diesel::deserialize::FromSqlRow,
            serde::Serialize, serde::Deserialize)]
        #[diesel(sql_type = $crate::db::types::sql::UuidSql)]
        #[serde(transparent)]
        pub struct $n(uuid::Uuid);
        impl $n {
            /// The id with this value.
            #[must_use]
            pub const fn from_uuid(id: uuid::Uuid) -> Self { Self(id) }
            /// The value.
            #[must_use]
            pub const fn uuid(self) -> uuid::Uuid { self.0 }
        }
        impl std::fmt::Display for $n {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
        }
        impl std::str::FromStr for $n {
            type Err = $crate::kernel::FaultCode;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                uuid::Uuid::parse_str(s).map(Self).map_err(|_| $crate::kernel::FaultCode::BadFormat)
            }
        }
        impl diesel::serialize::ToSql<$crate::db::types::sql::UuidSql, diesel::pg::Pg> for $n {
            fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, diesel::pg::Pg>) -> diesel::serialize::Result {
                std::io::Write::write_all(out, self.0.as_bytes())?;
                Ok(diesel::serialize::IsNull::No)
            }
        }
        impl diesel::deserialize::FromSql<$crate::db::types::sql::UuidSql, diesel::pg::Pg> for $n {
            fn from_sql(v: diesel::pg::PgValue<'_>) -> diesel::deserialize::Result<Self> {
                Ok(Self(uuid::Uuid::from_slice(v.as_bytes())?))
            }
        }
        impl diesel::serialize::ToSql<$crate::db::types::sql::UuidSql, diesel::sqlite::Sqlite> for $n {
            fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, diesel::sqlite::Sqlite>) -> diesel::serialize::Result {
                out.set_value(self.0.as_bytes().as_slice());
                Ok(diesel::serialize::IsNull::No)
            }
        }
        impl diesel::deserialize::FromSql<$crate::db::types::sql::UuidSql, diesel::sqlite::Sqlite> for $n {
            fn from_sql(v: <diesel::sqlite::Sqlite as diesel::backend::Backend>::RawValue<'_>) -> diesel::deserialize::Result<Self> {
                let bytes = <Vec<u8> as diesel::deserialize::FromSql<diesel::sql_types::Binary, diesel::sqlite::Sqlite>>::from_sql(v)?;
                Ok(Self(uuid::Uuid::from_slice(&bytes)?))
            }
        }
        $crate::db::types::multi_type!($n, $crate::db::types::sql::UuidSql);
    )*};
}
pub(crate) use {multi_type, uuid_id};

uuid_id! {
    /// An identifier whose kind another column tells.
    Uid
}

/// An instant in UTC, in whole microseconds.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    AsExpression,
    FromSqlRow,
    serde::Serialize,
    serde::Deserialize,
)]
#[diesel(sql_type = UtcSql)]
#[serde(transparent)]
pub struct Utc(chrono::DateTime<chrono::Utc>);

impl Utc {
    /// The instant so many microseconds after 1970; the epoch itself when out of chrono's range.
    #[must_use]
    pub fn from_micros(micros: i64) -> Self {
        Self::try_from_micros(micros).unwrap_or(Self(chrono::DateTime::UNIX_EPOCH))
    }

    /// The instant so many microseconds after 1970, when chrono can hold it.
    #[must_use]
    pub fn try_from_micros(micros: i64) -> Option<Self> {
        chrono::DateTime::from_timestamp_micros(micros).map(Self)
    }

    /// A date at a full hour, for tests and defaults.
    #[must_use]
    pub fn from_date_hour(date: chrono::NaiveDate, hour: u32) -> Self {
        Self(date.and_hms_opt(hour.min(23), 0, 0).unwrap_or_default().and_utc())
    }

    /// Microseconds after 1970.
    #[must_use]
    pub fn micros(self) -> i64 {
        self.0.timestamp_micros()
    }

    /// The chrono value, for the wire.
    #[must_use]
    pub const fn chrono(self) -> chrono::DateTime<chrono::Utc> {
        self.0
    }

    /// The calendar day in UTC.
    #[must_use]
    pub fn date(self) -> chrono::NaiveDate {
        self.0.date_naive()
    }

    /// So many seconds later (or earlier when negative).
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self::from_micros(self.micros().saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// So many hours later.
    #[must_use]
    pub fn plus_hours(self, hours: i64) -> Self {
        self.plus_seconds(hours.saturating_mul(3600))
    }
}

/// PostgreSQL counts from 2000-01-01.
const PG_EPOCH: i64 = 946_684_800_000_000;

impl ToSql<UtcSql, Pg> for Utc {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(&(self.micros() - PG_EPOCH).to_be_bytes())?;
        Ok(IsNull::No)
    }
}
impl FromSql<UtcSql, Pg> for Utc {
    fn from_sql(v: PgValue<'_>) -> deserialize::Result<Self> {
        let micros = i64::from_be_bytes(v.as_bytes().try_into()?);
        micros.checked_add(PG_EPOCH).and_then(Self::try_from_micros).ok_or_else(|| "instant out of range".into())
    }
}
impl ToSql<UtcSql, Sqlite> for Utc {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.micros());
        Ok(IsNull::No)
    }
}
impl FromSql<UtcSql, Sqlite> for Utc {
    fn from_sql(v: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let micros = <i64 as FromSql<diesel::sql_types::BigInt, Sqlite>>::from_sql(v)?;
        Self::try_from_micros(micros).ok_or_else(|| "instant out of range".into())
    }
}
multi_type!(Utc, UtcSql);

/// A JSON document. `jsonb` re-orders keys: never hash or sign what comes back.
#[derive(Debug, Clone, PartialEq, Eq, AsExpression, FromSqlRow, serde::Serialize, serde::Deserialize)]
#[diesel(sql_type = JsonSql)]
#[serde(transparent)]
pub struct Json(pub serde_json::Value);

impl ToSql<JsonSql, Pg> for Json {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        // The version byte of jsonb's binary form.
        out.write_all(&[1])?;
        serde_json::to_writer(out, &self.0)?;
        Ok(IsNull::No)
    }
}
impl FromSql<JsonSql, Pg> for Json {
    fn from_sql(v: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(serde_json::from_slice(v.as_bytes().get(1..).ok_or("empty jsonb")?)?))
    }
}
impl ToSql<JsonSql, Sqlite> for Json {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(serde_json::to_string(&self.0)?);
        Ok(IsNull::No)
    }
}
impl FromSql<JsonSql, Sqlite> for Json {
    fn from_sql(v: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let text = <String as FromSql<diesel::sql_types::Text, Sqlite>>::from_sql(v)?;
        Ok(Self(serde_json::from_str(&text)?))
    }
}
multi_type!(Json, JsonSql);

/// Sealed bytes as stored. Opening them is the vault's, with a grant.
#[derive(Clone, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = diesel::sql_types::Binary)]
pub struct SealedBytes(pub Vec<u8>);

impl std::fmt::Debug for SealedBytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SealedBytes({})", self.0.len())
    }
}
impl<DB: Backend> ToSql<diesel::sql_types::Binary, DB> for SealedBytes
where
    [u8]: ToSql<diesel::sql_types::Binary, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.0.as_slice().to_sql(out)
    }
}
impl<DB: Backend> FromSql<diesel::sql_types::Binary, DB> for SealedBytes
where
    Vec<u8>: FromSql<diesel::sql_types::Binary, DB>,
{
    fn from_sql(raw: DB::RawValue<'_>) -> deserialize::Result<Self> {
        Vec::<u8>::from_sql(raw).map(Self)
    }
}
