//! What special provision is told in.

use chrono::NaiveDate;
use dolen_domain::kernel::{Error, Faults, Result};
use dolen_domain::provision::{Consent, EndProvision, ExtendProvision, ReviewProvision, StartProvision};
use serde::Deserialize;
use utoipa::ToSchema;

/// Who consented, and when.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewProvisionConsent)]
#[serde(deny_unknown_fields)]
pub struct ConsentBody {
    /// Who.
    #[schema(min_length = 1, max_length = 200)]
    pub by: String,
    /// When; at most a year ago.
    pub on: NaiveDate,
}

impl From<ConsentBody> for Consent {
    fn from(b: ConsentBody) -> Self {
        Self { by: b.by, on: b.on }
    }
}

/// Special provision to be kept with a record.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewProvision)]
#[serde(deny_unknown_fields)]
pub struct StartProvisionBody {
    /// `handling_plan`, `reduced_timetable` or `eotas`.
    #[schema(example = "reduced_timetable", max_length = 32)]
    pub kind: String,
    /// Its first day.
    pub starts_on: NaiveDate,
    /// When it is looked at again; in the future.
    pub review_on: NaiveDate,
    /// Its last day, or the planned reintegration. A reduced timetable has one, within the authority's longest time.
    #[schema(nullable = false)]
    pub ends_on: Option<NaiveDate>,
    /// The plan; a reduced timetable's says how the child comes back to full time, a placement's to school.
    #[schema(min_length = 1, max_length = 4000)]
    pub plan: String,
    /// What sets it off; of a handling plan.
    #[schema(max_length = 4000, nullable = false)]
    pub triggers: Option<String>,
    /// The techniques agreed; of a handling plan.
    #[schema(max_length = 4000, nullable = false)]
    pub techniques: Option<String>,
    /// Minutes of school offered in a week; of a reduced timetable.
    #[schema(minimum = 1, maximum = 2400, nullable = false)]
    pub minutes_per_week: Option<i64>,
    /// Consent; of a reduced timetable.
    #[schema(nullable = false)]
    pub consent: Option<ConsentBody>,
    /// Why; of a reduced timetable.
    #[schema(max_length = 4000, nullable = false)]
    pub reason: Option<String>,
    /// Where; of EOTAS: `pupil_referral_unit`, `home_tuition`, `independent_school`, `further_education`, `work_based`,
    /// `youth_or_third_sector`, `private_provider`, `hospital` or `awaiting`. The product's own list.
    #[schema(example = "home_tuition", max_length = 32, nullable = false)]
    pub placement: Option<String>,
    /// By whom; of EOTAS, unless a place is still being looked for.
    #[schema(max_length = 200, nullable = false)]
    pub provider: Option<String>,
}

impl StartProvisionBody {
    /// As the domain takes it.
    ///
    /// # Errors
    /// A fault for each word that is none.
    pub fn read(self) -> Result<StartProvision> {
        let mut faults = Faults::default();
        let kind = faults.keep("/kind", self.kind.parse());
        let placement = match self.placement {
            Some(word) => faults.keep("/placement", word.parse()).map(Some),
            None => Some(None),
        };
        faults.finish()?;
        let (Some(kind), Some(placement)) = (kind, placement) else {
            return Err(Error::internal("words without a fault were not sound"));
        };
        Ok(StartProvision {
            kind,
            starts_on: self.starts_on,
            review_on: self.review_on,
            ends_on: self.ends_on,
            plan: self.plan,
            triggers: self.triggers,
            techniques: self.techniques,
            minutes_per_week: self.minutes_per_week,
            consent: self.consent.map(Into::into),
            reason: self.reason,
            placement,
            provider: self.provider,
        })
    }
}

/// A review of provision.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewProvisionReview)]
#[serde(deny_unknown_fields)]
pub struct ReviewProvisionBody {
    /// When it was held; at most a year ago.
    pub held_on: NaiveDate,
    /// What was found, in words. Never a score.
    #[schema(min_length = 1, max_length = 4000)]
    pub note: String,
    /// When the next is; in the future. Only provision with a last day can go without.
    #[schema(nullable = false)]
    pub next_on: Option<NaiveDate>,
}

impl From<ReviewProvisionBody> for ReviewProvision {
    fn from(b: ReviewProvisionBody) -> Self {
        Self { held_on: b.held_on, note: b.note, next_on: b.next_on }
    }
}

/// Another last day.
#[derive(Deserialize, ToSchema)]
#[schema(as = ProvisionExtension)]
#[serde(deny_unknown_fields)]
pub struct ExtendProvisionBody {
    /// The new last day; in the future, and for a reduced timetable within the longest time from its first day.
    pub ends_on: NaiveDate,
    /// Why.
    #[schema(min_length = 1, max_length = 4000)]
    pub reason: String,
    /// Consent; of a reduced timetable that lasts longer.
    #[schema(nullable = false)]
    pub consent: Option<ConsentBody>,
}

impl From<ExtendProvisionBody> for ExtendProvision {
    fn from(b: ExtendProvisionBody) -> Self {
        Self { ends_on: b.ends_on, reason: b.reason, consent: b.consent.map(Into::into) }
    }
}

/// The end of provision.
#[derive(Deserialize, ToSchema)]
#[schema(as = ProvisionEnd)]
#[serde(deny_unknown_fields)]
pub struct EndProvisionBody {
    /// Its last day, as it was; today or before.
    pub on: NaiveDate,
    /// How: `full_time`, `extended`, `placement_changed`, `returned_to_school` or `no_longer_needed`, as its kind allows.
    #[schema(example = "no_longer_needed", max_length = 32)]
    pub ending: String,
    /// What was said.
    #[schema(max_length = 4000, nullable = false)]
    pub note: Option<String>,
}

impl EndProvisionBody {
    /// As the domain takes it.
    ///
    /// # Errors
    /// The fault of a word that is none.
    pub fn read(self) -> Result<EndProvision> {
        let ending = self.ending.parse().map_err(|code| Error::fault("/ending", code))?;
        Ok(EndProvision { on: self.on, ending, note: self.note })
    }
}
