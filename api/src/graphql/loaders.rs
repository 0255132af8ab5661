//! Things asked for by id, gathered over a whole query and read in one transaction for each kind.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use async_graphql::dataloader;
use dolen_domain::db::Work;
use dolen_domain::directory::{officers, schools, services};
use dolen_domain::kernel::{Caller, CampaignId, Code, OfficerId, ReferralId, Result, SchoolId, ServiceId};
use dolen_domain::referrals::{self, Event};
use dolen_domain::surveys::releases::{self, Line};

use crate::app::App;

use super::visit::Tally;

/// Loads for one caller. Names of schools, services and officers are part of a referral's or a record's envelope; the
/// things themselves are given out only past [`super::visit::Visit::sees_directory`].
pub struct Loader {
    pub(super) app: App,
    pub(super) caller: Caller,
    pub(super) tally: Arc<Tally>,
}

impl Loader {
    async fn batch<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Work<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T, Code> {
        self.count();
        self.app.read(&self.caller, |work, _| f(work)).await.map_err(told)
    }

    /// The same for what must be on record before it leaves.
    async fn batch_on_record<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Work<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T, Code> {
        self.count();
        self.app.write(&self.caller, |work, _| f(work)).await.map_err(told)
    }

    fn count(&self) {
        self.tally.transactions.fetch_add(1, Ordering::Relaxed);
        self.tally.batches.fetch_add(1, Ordering::Relaxed);
    }
}

#[expect(clippy::needless_pass_by_value, reason = "an error is told once")]
fn told(error: dolen_domain::kernel::Error) -> Code {
    crate::error::log(&error);
    error.code
}

impl dataloader::Loader<SchoolId> for Loader {
    type Value = schools::School;
    type Error = Code;

    async fn load(&self, keys: &[SchoolId]) -> Result<HashMap<SchoolId, schools::School>, Code> {
        let keys = keys.to_vec();
        let found = self.batch(move |work| schools::by_ids(work, &keys)).await?;
        Ok(found.into_iter().map(|s| (s.id, s)).collect())
    }
}

/// The releases of a campaign that are out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ReleasesOf(pub CampaignId);

impl dataloader::Loader<ReleasesOf> for Loader {
    type Value = Vec<Line>;
    type Error = Code;

    async fn load(&self, keys: &[ReleasesOf]) -> Result<HashMap<ReleasesOf, Vec<Line>>, Code> {
        let campaigns: Vec<CampaignId> = keys.iter().map(|of| of.0).collect();
        let mut found: HashMap<ReleasesOf, Vec<Line>> = HashMap::with_capacity(keys.len());
        for line in self.batch(move |work| releases::published(work, &campaigns)).await? {
            found.entry(ReleasesOf(line.campaign)).or_default().push(line);
        }
        Ok(found)
    }
}

impl dataloader::Loader<ServiceId> for Loader {
    type Value = services::Service;
    type Error = Code;

    async fn load(&self, keys: &[ServiceId]) -> Result<HashMap<ServiceId, services::Service>, Code> {
        let keys = keys.to_vec();
        let found = self.batch(move |work| services::by_ids(work, &keys)).await?;
        Ok(found.into_iter().map(|s| (s.id, s)).collect())
    }
}

impl dataloader::Loader<OfficerId> for Loader {
    type Value = officers::Officer;
    type Error = Code;

    async fn load(&self, keys: &[OfficerId]) -> Result<HashMap<OfficerId, officers::Officer>, Code> {
        let keys = keys.to_vec();
        let found = self.batch(move |work| officers::by_ids(work, &keys)).await?;
        Ok(found.into_iter().map(|o| (o.id, o)).collect())
    }
}

/// A referral's history, each asked for under its own grant and on record.
impl dataloader::Loader<ReferralId> for Loader {
    type Value = Result<Vec<Event>, Code>;
    type Error = Code;

    async fn load(&self, keys: &[ReferralId]) -> Result<HashMap<ReferralId, Self::Value>, Code> {
        let keys = keys.to_vec();
        self.batch_on_record(move |work| {
            let mut histories = HashMap::with_capacity(keys.len());
            for id in keys {
                let history = match referrals::history(work, id) {
                    Ok(events) => Ok(events),
                    Err(error) if super::problems::is_the_callers(error.code) => Err(error.code),
                    Err(error) => return Err(error),
                };
                histories.insert(id, history);
            }
            // Nothing was read, so there is nothing to put on record: what refused one refuses them all.
            match histories.values().find_map(|h| h.as_ref().err().copied()) {
                Some(code) if histories.values().all(Result::is_err) => Err(code.into()),
                _ => Ok(histories),
            }
        })
        .await
    }
}
