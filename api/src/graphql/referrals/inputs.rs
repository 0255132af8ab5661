//! What comes in.

use async_graphql::{ID, InputObject};
use dolen_domain::pupils::NewPupil;
use dolen_domain::warrn::ReferFromRecord;
use dolen_domain::{referrals, referrals::NewConsent};

use crate::graphql::enums::{ConsentGiver, KeyArea, ReferralDeclineReason, ReferralUrgency};
use crate::graphql::plain::Date;

/// Who a child is.
#[derive(InputObject)]
pub struct PupilInput {
    /// Given name, 1 to 100 characters.
    pub given_name: String,
    /// Family name, 1 to 100 characters.
    pub family_name: String,
    /// Date of birth.
    pub born_on: Date,
    /// Unique pupil number.
    pub upn: Option<String>,
}

impl From<PupilInput> for NewPupil {
    fn from(p: PupilInput) -> Self {
        Self { given_name: p.given_name, family_name: p.family_name, born_on: p.born_on.0, upn: p.upn }
    }
}

/// Who agreed, and when.
#[derive(InputObject)]
pub struct ConsentInput {
    /// Who.
    pub given_by: ConsentGiver,
    /// When.
    pub given_on: Date,
}

impl From<ConsentInput> for NewConsent {
    fn from(c: ConsentInput) -> Self {
        Self { given_by: referrals::ConsentBy::from(c.given_by).to_string(), given_on: c.given_on.0 }
    }
}

/// A referral to be opened.
#[derive(InputObject)]
pub struct OpenReferralInput {
    /// 1 to 255 visible ASCII characters; the same key with the same input is carried out once.
    pub idempotency_key: String,
    /// The school, seven digits.
    pub school_number: String,
    /// The service's code.
    pub service: String,
    /// The child.
    pub pupil: PupilInput,
    /// Year group, 0 (Reception) to 14.
    pub year_group: i32,
    /// What it is about, when that is known.
    pub key_area: Option<KeyArea>,
    /// How soon; routine when not given.
    pub urgency: Option<ReferralUrgency>,
    /// What help is asked for, 1 to 4,000 characters. Sealed.
    pub need: String,
    /// What the school has tried, for how long, with what effect, up to 4,000 characters. Sealed.
    pub evidence: Option<String>,
    /// Who agreed.
    pub consent: Option<ConsentInput>,
    /// Anything else, up to 4,000 characters. Sealed.
    pub notes: Option<String>,
}

impl From<OpenReferralInput> for referrals::OpenReferral {
    fn from(i: OpenReferralInput) -> Self {
        Self {
            school_number: i.school_number,
            service: i.service,
            pupil: i.pupil.into(),
            year_group: i.year_group.into(),
            key_area: i.key_area.map(|k| dolen_domain::directory::officers::KeyArea::from(k).to_string()),
            urgency: i.urgency.map(|u| referrals::Urgency::from(u).to_string()),
            need: i.need,
            evidence: i.evidence,
            consent: i.consent.map(Into::into),
            notes: i.notes,
        }
    }
}

/// A referral to be opened for a WARRN record's child.
#[derive(InputObject)]
pub struct ReferFromWarrnRecordInput {
    /// 1 to 255 visible ASCII characters; the same key with the same input is carried out once.
    pub idempotency_key: String,
    /// The record's id.
    pub id: ID,
    /// The service's code.
    pub service: String,
    /// Year group, 0 (Reception) to 14.
    pub year_group: i32,
    /// What it is about, when that is known.
    pub key_area: Option<KeyArea>,
    /// How soon; routine when not given.
    pub urgency: Option<ReferralUrgency>,
    /// What help is asked for, 1 to 4,000 characters: nothing of the record is copied. Sealed.
    pub need: String,
    /// What the school has tried, up to 4,000 characters. Sealed.
    pub evidence: Option<String>,
    /// Who agreed.
    pub consent: Option<ConsentInput>,
}

impl From<ReferFromWarrnRecordInput> for ReferFromRecord {
    fn from(i: ReferFromWarrnRecordInput) -> Self {
        Self {
            service: i.service,
            year_group: i.year_group.into(),
            key_area: i.key_area.map(|k| dolen_domain::directory::officers::KeyArea::from(k).to_string()),
            urgency: i.urgency.map(|u| referrals::Urgency::from(u).to_string()),
            need: i.need,
            evidence: i.evidence,
            consent: i.consent.map(Into::into),
        }
    }
}

/// Declares the input of a change: key, referral, the version the caller has seen, and what the change says.
macro_rules! changes {
    ($($(#[$m:meta])* $n:ident { $($(#[$fm:meta])* $f:ident: $t:ty),* $(,)? })*) => {$(
        $(#[$m])*
        #[derive(InputObject)]
        pub struct $n {
            /// 1 to 255 visible ASCII characters; the same key with the same input is carried out once.
            pub idempotency_key: String,
            /// The referral's id.
            pub id: ID,
            /// The referral's `version` as the caller has seen it.
            pub expected_version: String,
            $($(#[$fm])* pub $f: $t),*
        }
    )*};
}

changes! {
    /// A referral to be accepted.
    AcceptReferralInput {}

    /// A question to the referrer.
    RequestReferralInformationInput {
        /// The question, 1 to 4,000 characters. Sealed.
        question: String,
    }

    /// The referrer's answer.
    AnswerReferralInput {
        /// The answer, 1 to 4,000 characters. Sealed.
        answer: String,
    }

    /// Why a referral is declined.
    DeclineReferralInput {
        /// The reason, which the referrer sees.
        reason: ReferralDeclineReason,
        /// What the referrer should know, 1 to 4,000 characters; needed with `OTHER`. Sealed.
        note: Option<String>,
    }

    /// Where a referral goes instead.
    RedirectReferralInput {
        /// The other service's code.
        service: String,
        /// Why, 1 to 4,000 characters. Sealed.
        note: Option<String>,
    }
}
