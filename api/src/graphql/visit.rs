//! One request's visit to the schema: who asks, what they used so far, and the one way its fields read and write.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_graphql::Context;
use async_graphql::dataloader::{DataLoader, HashMapCache};
use dolen_domain::access::{self, Action};
use dolen_domain::db::Work;
use dolen_domain::identity::Session;
use dolen_domain::kernel::{Caller, Code, Error, Result};
use tokio::sync::OnceCell;

use crate::app::App;
use crate::auth::Signed;

use super::loaders::Loader;
use super::problems::refused;

/// How much a request did, for its log line and the tests.
#[derive(Debug, Default)]
pub struct Tally {
    /// Objects resolved.
    pub objects: AtomicUsize,
    /// Transactions: reads and writes.
    pub transactions: AtomicUsize,
    /// Batches loaded, each one of those transactions too.
    pub batches: AtomicUsize,
}

/// One request's visit.
pub struct Visit {
    /// The service.
    pub app: App,
    /// Who asks.
    pub caller: Caller,
    /// Their session, when a person.
    pub session: Option<Session>,
    /// What it did so far.
    pub tally: Arc<Tally>,
    /// Things asked for by id, gathered and read together.
    pub loader: DataLoader<Loader, HashMapCache>,
    directory: OnceCell<std::result::Result<(), Code>>,
}

impl Visit {
    /// A signed-in caller's visit.
    #[must_use]
    pub fn new(app: App, signed: Signed) -> Self {
        let tally = Arc::new(Tally::default());
        let loader = Loader { app: app.clone(), caller: signed.caller.clone(), tally: Arc::clone(&tally) };
        Self {
            app,
            caller: signed.caller,
            session: signed.session,
            tally,
            loader: DataLoader::with_cache(loader, tokio::spawn, HashMapCache::default()),
            directory: OnceCell::new(),
        }
    }

    /// The visit a field is resolved in.
    ///
    /// # Errors
    /// When the schema was run without one, which is a fault of ours.
    pub fn of<'c>(ctx: &Context<'c>) -> Result<&'c Self> {
        ctx.data_opt::<Self>().ok_or_else(|| Error::internal("the schema was run without a caller"))
    }

    /// Refuses who may not see the directory; asked once for all the schools, services and officers of a query.
    ///
    /// # Errors
    /// A refusal of [`Action::ReadDirectory`].
    pub async fn sees_directory(&self) -> Result<()> {
        let asked = self.directory.get_or_init(|| async {
            self.tally.transactions.fetch_add(1, Ordering::Relaxed);
            let pass = self.app.read(&self.caller, |work, _| access::scope(work, Action::ReadDirectory)).await;
            pass.map(|_| ()).map_err(|error| {
                crate::error::log(&error);
                error.code
            })
        });
        (*asked.await).map_err(Error::new)
    }
}

/// Reads for a field.
///
/// # Errors
/// What `f` returns.
pub async fn read<T: Send + 'static>(
    ctx: &Context<'_>,
    f: impl FnOnce(&mut Work<'_>, &App) -> Result<T> + Send + 'static,
) -> Result<T> {
    let visit = Visit::of(ctx)?;
    visit.tally.transactions.fetch_add(1, Ordering::Relaxed);
    visit.app.read(&visit.caller, f).await
}

/// Reads for a field what must be on record before it leaves.
///
/// # Errors
/// What `f` returns.
pub async fn read_on_record<T: Send + 'static>(
    ctx: &Context<'_>,
    f: impl FnOnce(&mut Work<'_>, &App) -> Result<T> + Send + 'static,
) -> Result<T> {
    let visit = Visit::of(ctx)?;
    visit.tally.transactions.fetch_add(1, Ordering::Relaxed);
    visit.app.write(&visit.caller, f).await
}

/// A field's value; null, and an error beside it, when it was refused. Every field that can fail is nullable, so that
/// one refusal takes nothing else with it.
pub fn answer<T>(ctx: &Context<'_>, result: Result<T>) -> Option<T> {
    result.map_err(|error| ctx.add_error(ctx.set_error_path(refused(&error, ctx.item.pos)))).ok()
}
