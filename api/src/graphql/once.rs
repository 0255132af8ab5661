//! Mutations: once for a key, with the caller's own mistakes told in the payload.

use async_graphql::{Context, InputType};
use dolen_domain::db::Work;
use dolen_domain::idempotency::{Answer, Key};
use dolen_domain::kernel::{Error, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use std::sync::atomic::Ordering;

use crate::app::App;

use super::problems::{UserError, is_the_callers};
use super::visit::{Visit, answer};

/// What a mutation came to: the thing changed, or why nothing was.
pub type Outcome<T> = std::result::Result<T, Vec<UserError>>;

/// The caller's key for a mutation. Its fingerprint covers the field and the whole input, which reads the same however
/// the caller ordered it; the version expected is part of it.
///
/// # Errors
/// [`dolen_domain::kernel::Code::IdempotencyKeyInvalid`].
pub fn key_of(field: &str, key: &str, input: &impl InputType) -> Result<Key> {
    let mut hash = Sha256::new();
    hash.update(b"graphql\0");
    hash.update(field);
    hash.update([0]);
    hash.update(input.to_value().to_string());
    Key::read(Some(key), hash.finalize().to_vec())
}

/// Runs a write once for its key: a repeat of the same field with the same input gives the same answer and changes
/// nothing; the same key with anything else is refused. Nothing at all when the fault is ours: the error then stands
/// beside the field.
pub async fn once<T: Serialize + DeserializeOwned + Send + 'static>(
    ctx: &Context<'_>,
    key: Result<Key>,
    f: impl FnOnce(&mut Work<'_>, &App) -> Result<T> + Send + 'static,
) -> Option<Outcome<T>> {
    match run(ctx, key, f).await {
        Ok(value) => Some(Ok(value)),
        Err(error) if is_the_callers(error.code) => Some(Err(UserError::of(&error))),
        Err(error) => answer(ctx, Err(error)),
    }
}

async fn run<T: Serialize + DeserializeOwned + Send + 'static>(
    ctx: &Context<'_>,
    key: Result<Key>,
    f: impl FnOnce(&mut Work<'_>, &App) -> Result<T> + Send + 'static,
) -> Result<T> {
    let visit = Visit::of(ctx)?;
    visit.tally.transactions.fetch_add(1, Ordering::Relaxed);
    let kept = visit.app.write_once(&visit.caller, key?, move |work, app| {
        let value = f(work, app)?;
        Ok(Answer { status: 200, body: serde_json::to_vec(&value).map_err(Error::internal)? })
    });
    let (kept, _) = kept.await?;
    serde_json::from_slice(&kept.body).map_err(Error::internal)
}

/// Declares a mutation's payload: the thing changed, or why nothing was.
macro_rules! payload {
    ($(#[$m:meta])* $n:ident { $(#[$fm:meta])* $f:ident: $t:ty }) => {
        $(#[$m])*
        #[derive(async_graphql::SimpleObject)]
        pub struct $n {
            $(#[$fm])*
            pub $f: Option<$t>,
            /// What to put right; nothing was changed then.
            pub user_errors: Vec<$crate::graphql::problems::UserError>,
        }
        impl From<$crate::graphql::once::Outcome<$t>> for $n {
            fn from(outcome: $crate::graphql::once::Outcome<$t>) -> Self {
                match outcome {
                    Ok(thing) => Self { $f: Some(thing), user_errors: Vec::new() },
                    Err(user_errors) => Self { $f: None, user_errors },
                }
            }
        }
    };
}
pub(super) use payload;
