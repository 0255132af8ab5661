//! What comes in.

use dolen_domain::referrals::{NewConsent, OpenReferral};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::rest::warrn::NewPupilBody;

/// Who consented, and when.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewConsent)]
#[serde(deny_unknown_fields)]
pub struct ConsentBody {
    /// `parent`, `carer` or `young_person`.
    #[schema(example = "parent", max_length = 32)]
    pub given_by: String,
    /// When.
    pub given_on: chrono::NaiveDate,
}

/// A referral to be opened.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewReferral)]
#[serde(deny_unknown_fields)]
pub struct OpenReferralBody {
    /// The school, seven digits.
    #[schema(example = "6764051", max_length = 16)]
    pub school_number: String,
    /// The service's code.
    #[schema(example = "sbc", max_length = 32)]
    pub service: String,
    /// The child.
    pub pupil: NewPupilBody,
    /// Year group, 0 (Reception) to 14.
    #[schema(minimum = 0, maximum = 14, example = 9)]
    pub year_group: i64,
    /// What it is about, when that is known: a key area of the contact list.
    #[schema(example = "wellbeing", max_length = 64, nullable = false)]
    pub key_area: Option<String>,
    /// `routine`, `soon` or `urgent`; routine when not given.
    #[schema(example = "routine", max_length = 32, nullable = false)]
    pub urgency: Option<String>,
    /// What help is asked for. Sealed.
    #[schema(min_length = 1, max_length = 4000)]
    pub need: String,
    /// What the school has tried, for how long, with what effect. Sealed.
    #[schema(max_length = 4000, nullable = false)]
    pub evidence: Option<String>,
    /// Who consented.
    #[serde(default)]
    #[schema(nullable = false)]
    pub consent: Option<ConsentBody>,
    /// Anything else. Sealed.
    #[schema(max_length = 4000, nullable = false)]
    pub notes: Option<String>,
}

impl From<OpenReferralBody> for OpenReferral {
    fn from(b: OpenReferralBody) -> Self {
        Self {
            school_number: b.school_number,
            service: b.service,
            pupil: b.pupil.into(),
            year_group: b.year_group,
            key_area: b.key_area,
            urgency: b.urgency,
            need: b.need,
            evidence: b.evidence,
            consent: b.consent.map(|c| NewConsent { given_by: c.given_by, given_on: c.given_on }),
            notes: b.notes,
        }
    }
}

/// A question to the referrer.
#[derive(Deserialize, ToSchema)]
#[schema(as = ReferralQuestion)]
#[serde(deny_unknown_fields)]
pub struct QuestionBody {
    /// The question. Sealed.
    #[schema(min_length = 1, max_length = 4000)]
    pub question: String,
}

/// The referrer's answer.
#[derive(Deserialize, ToSchema)]
#[schema(as = ReferralAnswer)]
#[serde(deny_unknown_fields)]
pub struct AnswerBody {
    /// The answer. Sealed.
    #[schema(min_length = 1, max_length = 4000)]
    pub answer: String,
}

/// Why a referral is declined.
#[derive(Deserialize, ToSchema)]
#[schema(as = ReferralDecline)]
#[serde(deny_unknown_fields)]
pub struct DeclineBody {
    /// `not_eligible`, `insufficient_evidence`, `other_service_better`, `needs_met_elsewhere` or `other`.
    #[schema(example = "needs_met_elsewhere", max_length = 64)]
    pub reason: String,
    /// What the referrer should know; needed with `other`. Sealed.
    #[schema(min_length = 1, max_length = 4000, nullable = false)]
    pub note: Option<String>,
}

/// Where a referral goes instead.
#[derive(Deserialize, ToSchema)]
#[schema(as = ReferralRedirect)]
#[serde(deny_unknown_fields)]
pub struct RedirectBody {
    /// The other service's code.
    #[schema(example = "bss", max_length = 32)]
    pub service: String,
    /// Why. Sealed.
    #[schema(min_length = 1, max_length = 4000, nullable = false)]
    pub note: Option<String>,
}
