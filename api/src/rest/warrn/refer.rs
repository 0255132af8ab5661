//! A referral from a record.

use actix_web::http::StatusCode;
use actix_web::{post, web};
use dolen_domain::kernel::WarrnId;
use dolen_domain::referrals::NewConsent;
use dolen_domain::warrn::{self, ReferFromRecord};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::Command;
use crate::rest::problems::CreateProblems;
use crate::rest::referrals::{self, ConsentBody, ReferralView, view_of};
use crate::rest::{Kept, Reply, etag, reply};

/// A referral to be opened for a record's child.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewReferralFromRecord)]
#[serde(deny_unknown_fields)]
pub struct ReferBody {
    /// The service's code.
    #[schema(example = "sbc", max_length = 32)]
    pub service: String,
    /// Year group, 0 (Reception) to 14.
    #[schema(minimum = 0, maximum = 14, example = 9)]
    pub year_group: i64,
    /// What it is about, when that is known: a key area of the contact list.
    #[schema(example = "wellbeing", max_length = 64, nullable = false)]
    pub key_area: Option<String>,
    /// `routine`, `soon` or `urgent`; routine when not given.
    #[schema(example = "routine", max_length = 32, nullable = false)]
    pub urgency: Option<String>,
    /// What help is asked for, in the sender's own words: nothing of the record is copied. Sealed.
    #[schema(min_length = 1, max_length = 4000)]
    pub need: String,
    /// What the school has tried. Sealed.
    #[schema(max_length = 4000, nullable = false)]
    pub evidence: Option<String>,
    /// Who consented.
    #[serde(default)]
    #[schema(nullable = false)]
    pub consent: Option<ConsentBody>,
}

impl From<ReferBody> for ReferFromRecord {
    fn from(b: ReferBody) -> Self {
        Self {
            service: b.service,
            year_group: b.year_group,
            key_area: b.key_area,
            urgency: b.urgency,
            need: b.need,
            evidence: b.evidence,
            consent: b.consent.map(|c| NewConsent { given_by: c.given_by, given_on: c.given_on }),
        }
    }
}

/// Open a referral from a WARRN record
///
/// By a recipient who may open referrals for the school. Child and school are the record's; its content is not copied. The
/// two are linked.
#[utoipa::path(tag = "warrn", operation_id = "refer_from_warrn_record", request_body = ReferBody, security(("session" = [])),
    params(
        ("warrn_id" = uuid::Uuid, Path, description = "The record's id"),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters", min_length = 1, max_length = 255),
    ),
    responses((status = 201, description = "Opened and routed", body = ReferralView), CreateProblems))]
#[post("/v1/warrn-records/{warrn_id}/referrals")]
pub async fn refer_from_warrn_record(
    app: web::Data<App>,
    command: Command<ReferBody>,
    path: web::Path<uuid::Uuid>,
) -> Reply {
    let Command { order, body } = command;
    let id = WarrnId::from_uuid(*path);
    reply(&app, order, move |work, app| {
        let envelope = warrn::refer(work, &app.vault, id, body.into())?;
        let view = view_of(work, &envelope)?;
        let tag = etag(&app.vault, referrals::KIND, envelope.id.uuid(), envelope.version);
        let location = format!("/v1/referrals/{}", view.id);
        Kept::json(StatusCode::CREATED, &view, Some(tag), Some(location))
    })
    .await
}
