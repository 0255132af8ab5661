//! The issuers as they are known now: their descriptions and keys, kept for a while.

use std::sync::Arc;

use dolen_domain::kernel::{Result, Utc};
use tokio::sync::Mutex;

use crate::config::IssuerSettings;
use crate::outbound::oidc::{Description, IssuerClient};

use super::id_token::{Bad, Checked, Expected, Key, check};

/// How long a description and keys are kept, in seconds. A key an issuer takes back is believed no longer than this.
const KEPT_SECONDS: i64 = 3_600;
/// How often an unknown key's name may make us look for newer keys, in seconds: anybody can write a name into a token.
const AGAIN_SECONDS: i64 = 60;

/// Every issuer of the settings.
#[derive(Debug, Default)]
pub struct Issuers(Vec<Arc<Provider>>);

impl Issuers {
    /// From the settings; nothing is asked yet.
    ///
    /// # Errors
    /// When the machine's certificates can't be read.
    pub fn new(settings: &[IssuerSettings]) -> Result<Self> {
        let one = |s: &IssuerSettings| {
            let client = IssuerClient::new(&s.trust.issuer)?;
            Ok(Arc::new(Provider { settings: s.clone(), client, known: Mutex::default() }))
        };
        settings.iter().map(one).collect::<Result<_>>().map(Self)
    }

    /// The one with this code.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<Arc<Provider>> {
        self.0.iter().find(|p| p.settings.code == code).cloned()
    }

    /// All of them, in the order of the settings.
    pub fn all(&self) -> impl Iterator<Item = &IssuerSettings> {
        self.0.iter().map(|p| &p.settings)
    }
}

/// What was learnt, and when.
#[derive(Debug, Default)]
struct Known {
    description: Option<(Utc, Arc<Description>)>,
    keys: Option<(Utc, Arc<Vec<Key>>)>,
    /// When an unknown name last made us look.
    looked_again: Option<Utc>,
}

/// One issuer.
#[derive(Debug)]
pub struct Provider {
    /// What the settings say of it.
    pub settings: IssuerSettings,
    /// How it is asked.
    pub client: IssuerClient,
    // Held while asking: of many who come at once, one asks.
    known: Mutex<Known>,
}

fn fresh(at: Utc, now: Utc, seconds: i64) -> bool {
    at <= now && now < at.plus_seconds(seconds)
}

impl Provider {
    /// Its description.
    ///
    /// # Errors
    /// [`dolen_domain::kernel::Code::Unavailable`].
    pub async fn description(&self, now: Utc) -> Result<Arc<Description>> {
        let mut known = self.known.lock().await;
        self.described(&mut known, now).await
    }

    async fn described(&self, known: &mut Known, now: Utc) -> Result<Arc<Description>> {
        if let Some((at, description)) = &known.description
            && fresh(*at, now, KEPT_SECONDS)
        {
            return Ok(Arc::clone(description));
        }
        let description = Arc::new(self.client.describe().await?);
        known.description = Some((now, Arc::clone(&description)));
        Ok(description)
    }

    /// Its keys: those kept, or newer ones when `newer` and they were not looked for just now.
    async fn keys(&self, now: Utc, newer: bool) -> Result<Arc<Vec<Key>>> {
        let mut known = self.known.lock().await;
        let kept = known.keys.as_ref().filter(|(at, _)| fresh(*at, now, KEPT_SECONDS)).map(|(_, k)| Arc::clone(k));
        let too_soon = known.looked_again.is_some_and(|at| fresh(at, now, AGAIN_SECONDS));
        match kept {
            Some(kept) if !newer || too_soon => return Ok(kept),
            Some(_) => known.looked_again = Some(now),
            None => {}
        }
        let description = self.described(&mut known, now).await?;
        let published = self.client.keys(&description).await?;
        let keys: Arc<Vec<Key>> = Arc::new(published.iter().filter_map(Key::of).collect());
        known.keys = Some((now, Arc::clone(&keys)));
        Ok(keys)
    }

    /// Checks a token; a key's name that is not known makes us look for newer keys once in a while.
    ///
    /// # Errors
    /// When the keys can't be had; inside, what is wrong with the token.
    pub async fn check(&self, token: &str, expected: &Expected<'_>) -> Result<Result<Checked, Bad>> {
        let keys = self.keys(expected.now, false).await?;
        match check(token, expected, &keys) {
            Err(Bad::UnknownKey) => {
                let keys = self.keys(expected.now, true).await?;
                Ok(check(token, expected, &keys))
            }
            outcome => Ok(outcome),
        }
    }
}
