//! The table of clients.

use diesel::prelude::*;

use crate::access::{Grant, Scope};
use crate::db::Work;
use crate::db::schema::{api_clients as clients, client_consents as consents, memberships};
use crate::kernel::{ClientId, Code, Cursor, Error, Page, PageRequest, Result, SchoolId, Scopes, Utc};

use super::model::{Client, Networks, NewClient, RegisteredClient};

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
    networks: String,
}

#[derive(Queryable)]
pub(super) struct Row {
    id: ClientId,
    name: String,
    scopes: String,
    networks: String,
    pub secret_hash: Vec<u8>,
    old_secret_hash: Option<Vec<u8>>,
    old_secret_ends_at: Option<Utc>,
}

impl Row {
    /// The secret before the present one, while it lives.
    pub fn old_secret(&self, now: Utc) -> Option<&Vec<u8>> {
        self.old_secret_hash.as_ref().filter(|_| self.old_secret_ends_at.is_some_and(|ends| now < ends))
    }

    pub fn client(self) -> Client {
        let networks = stored_networks(&self.networks);
        Client { id: self.id, name: self.name, scopes: Scopes::parse(&self.scopes), networks }
    }
}

#[derive(Queryable)]
struct RegisteredRow {
    id: ClientId,
    name: String,
    scopes: String,
    active: bool,
    expires_at: Option<Utc>,
    created_at: Utc,
    old_secret_ends_at: Option<Utc>,
    networks: String,
}

/// Networks as we stored them. Should they not be readable any more, nobody is let through rather than everybody.
fn stored_networks(text: &str) -> Networks {
    Networks::parse(text).unwrap_or_else(|_| {
        tracing::error!("a client's stored networks can't be read");
        Networks::nowhere()
    })
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
        networks: new.networks.to_string(),
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
        .select((
            clients::id,
            clients::name,
            clients::scopes,
            clients::networks,
            clients::secret_hash,
            clients::old_secret_hash,
            clients::old_secret_ends_at,
        ));
    Ok(query.first(work.conn()).optional()?)
}

/// Sets a new secret and keeps the present one until its end.
pub(super) fn rotate(work: &mut Work<'_>, pass: &Grant<ClientId>, hash: &[u8], old_ends_at: Utc) -> Result<()> {
    let active = clients::table.find(pass.id()).filter(clients::active.eq(true));
    let changed = diesel::update(active)
        .set((
            // The right-hand side is the row as it was.
            clients::old_secret_hash.eq(clients::secret_hash.nullable()),
            clients::old_secret_ends_at.eq(Some(old_ends_at)),
            clients::secret_hash.eq(hash),
        ))
        .execute(work.conn())?;
    found(changed)
}

pub(super) fn limit(
    work: &mut Work<'_>,
    pass: &Grant<ClientId>,
    networks: &Networks,
    expires_at: Option<Utc>,
) -> Result<()> {
    let changed = diesel::update(clients::table.find(pass.id()))
        .set((clients::networks.eq(networks.to_string()), clients::expires_at.eq(expires_at)))
        .execute(work.conn())?;
    found(changed)
}

pub(super) fn deactivate(work: &mut Work<'_>, pass: &Grant<ClientId>) -> Result<()> {
    let changed = diesel::update(clients::table.find(pass.id())).set(clients::active.eq(false)).execute(work.conn())?;
    found(changed)
}

/// One row, or there is no such client.
fn found(changed: usize) -> Result<()> {
    if changed == 1 { Ok(()) } else { Err(Error::new(Code::NotFound)) }
}

type Columns = (
    clients::id,
    clients::name,
    clients::scopes,
    clients::active,
    clients::expires_at,
    clients::created_at,
    clients::old_secret_ends_at,
    clients::networks,
);

const COLUMNS: Columns = (
    clients::id,
    clients::name,
    clients::scopes,
    clients::active,
    clients::expires_at,
    clients::created_at,
    clients::old_secret_ends_at,
    clients::networks,
);

pub(super) fn page(work: &mut Work<'_>, _pass: &Grant<Scope>, request: PageRequest) -> Result<Page<RegisteredClient>> {
    let mut query = clients::table
        .select(COLUMNS)
        .order((clients::created_at.desc(), clients::id.desc()))
        .limit(request.limit.get() + 1)
        .into_boxed();
    if let Some(after) = request.after {
        let id = ClientId::from_uuid(after.id);
        query =
            query.filter(clients::created_at.lt(after.at).or(clients::created_at.eq(after.at).and(clients::id.lt(id))));
    }
    let rows = query.load(work.conn())?;
    let items = with_schools(work, rows)?;
    Ok(Page::from_overfull(items, request.limit, |c| Cursor { at: c.created_at, id: c.id.uuid() }))
}

pub(super) fn one(work: &mut Work<'_>, pass: &Grant<ClientId>) -> Result<RegisteredClient> {
    let rows = clients::table.find(pass.id()).select(COLUMNS).load(work.conn())?;
    with_schools(work, rows)?.pop().ok_or_else(|| Error::new(Code::NotFound))
}

fn with_schools(work: &mut Work<'_>, rows: Vec<RegisteredRow>) -> Result<Vec<RegisteredClient>> {
    let now = work.now();
    let ids: Vec<ClientId> = rows.iter().map(|r| r.id).collect();
    let at: Vec<(Option<ClientId>, Option<SchoolId>)> = memberships::table
        .filter(memberships::client_id.eq_any(ids.iter().copied().map(Some)))
        .filter(memberships::school_id.is_not_null())
        .filter(memberships::state.eq("confirmed"))
        .filter(memberships::ends_at.is_null().or(memberships::ends_at.gt(now)))
        .select((memberships::client_id, memberships::school_id))
        .distinct()
        .order((memberships::client_id.asc(), memberships::school_id.asc()))
        .load(work.conn())?;
    let given: Vec<(ClientId, SchoolId)> = consents::table
        .filter(consents::client_id.eq_any(&ids))
        .filter(consents::withdrawn_at.is_null())
        .select((consents::client_id, consents::school_id))
        .load(work.conn())?;
    Ok(rows
        .into_iter()
        .map(|r| {
            let own = at.iter().filter(|(client, _)| *client == Some(r.id)).filter_map(|(_, school)| *school);
            let schools = own.map(|school| (school, given.contains(&(r.id, school)))).collect();
            let networks = stored_networks(&r.networks);
            RegisteredClient {
                id: r.id,
                name: r.name,
                scopes: Scopes::parse(&r.scopes),
                active: r.active,
                expires_at: r.expires_at,
                created_at: r.created_at,
                old_secret_ends_at: r.old_secret_ends_at.filter(|ends| now < *ends),
                networks,
                schools,
            }
        })
        .collect())
}
