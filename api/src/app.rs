//! The running service: database, keys, settings; and the one way every transport reads and writes.

use std::sync::Arc;

use actix_web::web;
use dolen_domain::audit::checkpoints::Signer;
use dolen_domain::cases::DocumentRules;
use dolen_domain::db::{Db, DbOptions, Work};
use dolen_domain::idempotency::{self, Answer, Outcome};
use dolen_domain::kernel::{Caller, Chance, Clock, Code, Error, Result, from_hex};
use dolen_domain::surveys::releases::Threshold;
use dolen_domain::vault::{Kek, KeyRing, MasterKey, Vault};
use dolen_domain::{custody, directory, instruments};
use secrecy::ExposeSecret;

use crate::auth::issuers::Issuers;
use crate::auth::limits::AttemptLimiter;
use crate::auth::tokens::Tokens;
use crate::config::Settings;
use crate::{replay, tombstones};

/// The service. Cheap to clone; one for all threads.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub db: Db,
    /// Sealing.
    pub vault: Arc<Vault>,
    /// Settings.
    pub settings: Arc<Settings>,
    /// API clients' tokens.
    pub tokens: Arc<Tokens>,
    /// Whom people may sign in by.
    pub issuers: Arc<Issuers>,
    /// How often one address may try to sign in, and one caller may ask.
    pub attempts: Arc<AttemptLimiter>,
    /// Signs checkpoints of the audit record, when it was given a key.
    pub signer: Option<Arc<Signer>>,
}

impl App {
    /// Opens the database, brings it up to date and reads the keys.
    ///
    /// # Errors
    /// When any of them can't be had, with what to do about it.
    pub fn open(settings: Settings, clock: Arc<dyn Clock>, chance: Arc<dyn Chance>) -> Result<Self> {
        let ring = key_ring(&settings)?;
        let signer = settings.keys.checkpoint.expose_secret();
        let signer = (!signer.is_empty()).then(|| Signer::from_hex(signer).map(Arc::new)).transpose()?;
        let seed = from_hex(settings.keys.signing.expose_secret().trim()).and_then(|b| <[u8; 32]>::try_from(b).ok());
        let seed = seed.ok_or_else(|| {
            Error::internal(
                "keys.signing is not 64 hexadecimal digits: run `dolen keys new` and set DOLEN_KEYS_SIGNING_FILE",
            )
        })?;
        let tokens = Arc::new(Tokens::new(&seed, &settings.server.public_url, settings.auth.token_minutes)?);
        let mut options = DbOptions::for_url(&settings.database.url);
        options.pool_size = settings.database.pool_size;
        let db = Db::open(&options, clock, chance)?;
        let vault = Arc::new(custody::open(&db, ring)?);
        provide(&db)?;
        let attempts = Arc::new(AttemptLimiter::new(
            settings.auth.attempts_per_minute,
            settings.limits.requests_per_minute,
            settings.survey.codes_per_minute,
        ));
        let issuers = Arc::new(Issuers::new(&settings.auth.issuers)?);
        let app = Self { db, vault, settings: Arc::new(settings), tokens, issuers, attempts, signer };
        // Before anybody is let in: an older database must not bring back what had gone.
        tombstones::sync(&app)?;
        Ok(app)
    }

    /// How many must have answered before a figure is published.
    #[must_use]
    pub fn threshold(&self) -> Threshold {
        let survey = &self.settings.survey;
        Threshold { min_base: u64::from(survey.min_base), dominance: survey.dominance }
    }

    /// The bounds of documents kept with cases.
    #[must_use]
    pub fn document_rules(&self) -> DocumentRules {
        let limits = &self.settings.limits;
        DocumentRules {
            max_bytes: limits.document_bytes,
            max_documents: limits.documents_per_case,
            scan_required: self.settings.documents.scan_required,
        }
    }

    /// Reads on a blocking thread.
    ///
    /// # Errors
    /// What `f` returns.
    pub async fn read<T: Send + 'static>(
        &self,
        caller: &Caller,
        f: impl FnOnce(&mut Work<'_>, &App) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (app, caller) = (self.clone(), caller.clone());
        web::block(move || app.db.read(&caller, |work| f(work, &app))).await.map_err(Error::unavailable)?
    }

    /// Writes on a blocking thread: one transaction, with its audit entry; answered after the durable commit. Reads
    /// of sealed content are writes too, for their audit entry.
    ///
    /// # Errors
    /// What `f` returns.
    pub async fn write<T: Send + 'static>(
        &self,
        caller: &Caller,
        f: impl FnOnce(&mut Work<'_>, &App) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (app, caller) = (self.clone(), caller.clone());
        web::block(move || {
            let inner = app.clone();
            app.db.write(&caller, move |work| f(work, &inner))
        })
        .await
        .map_err(Error::unavailable)?
    }

    /// Bookkeeping without an audit entry (see [`Db::upkeep`]).
    ///
    /// # Errors
    /// What `f` returns.
    pub async fn upkeep<T: Send + 'static>(
        &self,
        caller: &Caller,
        f: impl FnOnce(&mut Work<'_>, &App) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (app, caller) = (self.clone(), caller.clone());
        web::block(move || {
            let inner = app.clone();
            app.db.upkeep(&caller, move |work| f(work, &inner))
        })
        .await
        .map_err(Error::unavailable)?
    }

    /// Writes at most once for this key: the first time runs `f` and keeps its answer in the same transaction; a
    /// repeat gives the kept answer and changes nothing, to a caller who still has the rights of then. Says whether it was
    /// a repeat.
    ///
    /// # Errors
    /// What `f` returns, or [`dolen_domain::kernel::Code::IdempotencyKeyReused`].
    pub async fn write_once(
        &self,
        caller: &Caller,
        key: idempotency::Key,
        f: impl FnOnce(&mut Work<'_>, &App) -> Result<Answer> + Send + 'static,
    ) -> Result<(Answer, bool)> {
        let (app, caller) = (self.clone(), caller.clone());
        web::block(move || {
            let inner = app.clone();
            app.db.write(&caller, move |work| match idempotency::begin(work, &inner.vault, &key)? {
                Outcome::Replay(answer) => {
                    let body = replay::unpack(work, &answer.body)?;
                    let object = dolen_domain::audit::Object::all("request");
                    dolen_domain::audit::record(work, "request.replay", object, "");
                    Ok((Answer { body, ..answer }, true))
                }
                Outcome::Fresh => {
                    let answer = f(work, &inner)?;
                    let body = replay::pack(work, answer.body.clone())?;
                    idempotency::complete(work, &inner.vault, &key, &Answer { status: answer.status, body })?;
                    Ok((answer, false))
                }
            })
        })
        .await
        .map_err(Error::unavailable)?
    }
}

/// The master keys of the settings: the current one, and those that rows may still or already name.
///
/// # Errors
/// When there is none, or one is not a key.
pub fn key_ring(settings: &Settings) -> Result<KeyRing> {
    let master = settings.keys.master.expose_secret();
    if master.is_empty() {
        return Err(Error::internal("keys.master is not set: run `dolen keys new` and set DOLEN_KEYS_MASTER_FILE"));
    }
    let others = settings.keys.ring.expose_secret().split_whitespace();
    let others: Result<Vec<Arc<dyn Kek>>> =
        others.map(|text| MasterKey::from_hex(text).map(|key| Arc::new(key) as Arc<dyn Kek>)).collect();
    Ok(KeyRing::new(Arc::new(MasterKey::from_hex(master)?), others?))
}

/// Puts in what every installation needs and a fresh database lacks: the services and the questionnaire the product
/// ships. What an authority has changed since is left alone.
fn provide(db: &Db) -> Result<()> {
    let caller = Caller::system("start");
    let missing = db.read(&caller, |work| match directory::services::by_code(work, "eps") {
        Err(e) if e.code == Code::NotFound => Ok(true),
        other => other.map(|_| false),
    })?;
    // Another process may start over the same fresh database at the same moment; then the other one did it.
    let done = |outcome: Result<()>| match outcome {
        Err(e) if e.code == Code::AlreadyExists => Ok(()),
        other => other,
    };
    if missing {
        done(db.write(&caller, |work| directory::services::ensure_builtin(work).map(|_| ())))?;
    }
    done(db.upkeep(&caller, instruments::ensure_builtin))
}
