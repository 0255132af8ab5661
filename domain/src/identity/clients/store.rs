//! The table of clients.

use diesel::prelude::*;

use crate::access::Grant;
use crate::db::Work;
use crate::db::schema::api_clients as clients;
use crate::kernel::{ClientId, Code, Error, Result, Scopes, Utc};

use super::model::{Client, NewClient};

#[derive(Insertable)]
#[diesel(table_name = clients)]
struct NewRow<'a> {
    id: ClientId,
    name: &'a str,
    secret_hash: &'a [u8],
    scopes: String,
    active: bool,
    expires_at: Option<Utc>,
    created_at: Utc,
}

#[derive(Queryable)]
pub(super) struct Row {
    id: ClientId,
    name: String,
    scopes: String,
    pub secret_hash: Vec<u8>,
}

impl Row {
    pub fn client(self) -> Client {
        Client { id: self.id, name: self.name, scopes: Scopes::parse(&self.scopes) }
    }
}

pub(super) fn insert(
    work: &mut Work<'_>,
    _pass: &Grant<()>,
    id: ClientId,
    new: &NewClient,
    secret_hash: &[u8],
) -> Result<()> {
    let row = NewRow {
        id,
        name: new.name.as_str(),
        secret_hash,
        scopes: new.scopes.to_string(),
        active: true,
        expires_at: new.expires_at,
        created_at: work.now(),
    };
    diesel::insert_into(clients::table).values(&row).execute(work.conn())?;
    Ok(())
}

/// The client with this id while it is active and not expired. Its secret is the proof; there is no caller yet.
pub(super) fn in_force(work: &mut Work<'_>, id: ClientId) -> Result<Option<Row>> {
    let now = work.now();
    let query = clients::table
        .find(id)
        .filter(clients::active.eq(true))
        .filter(clients::expires_at.is_null().or(clients::expires_at.gt(now)))
        .select((clients::id, clients::name, clients::scopes, clients::secret_hash));
    Ok(query.first(work.conn()).optional()?)
}

pub(super) fn deactivate(work: &mut Work<'_>, pass: &Grant<ClientId>) -> Result<()> {
    let changed = diesel::update(clients::table.find(pass.id())).set(clients::active.eq(false)).execute(work.conn())?;
    if changed == 1 { Ok(()) } else { Err(Error::new(Code::NotFound)) }
}
