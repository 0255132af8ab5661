//! What goes out of more than one handler.

use std::collections::HashMap;

use dolen_domain::cases::{Case, CaseKind};
use dolen_domain::db::Work;
use dolen_domain::directory::{officers, schools, services};
use dolen_domain::kernel::{Bilingual, OfficerId, Result, SchoolId, ServiceId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::rest::directory::TextView;
use crate::rest::referrals::AssignedView;

/// A word's name in both languages.
pub(super) fn text(name: Bilingual<&'static str>) -> TextView {
    TextView { cy: name.cy.to_owned(), en: name.en.to_owned() }
}

/// The id of something that was added to a case or changed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CasePart)]
pub struct PartView {
    /// Its id.
    pub id: uuid::Uuid,
}

/// A case's envelope: no name, and nothing of the matter.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseEnvelope)]
pub struct CaseView {
    /// Its id, and that of the referral or record it is the envelope of.
    pub id: uuid::Uuid,
    /// `referral` or `warrn`.
    #[schema(example = "referral")]
    pub kind: String,
    /// Its reference.
    #[schema(example = "DL-7K4Q-3M9X")]
    pub reference: String,
    /// The child's school.
    #[schema(example = "6764051")]
    pub school_number: String,
    /// The code of the service it is with.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "sbc")]
    pub service: Option<String>,
    /// Who holds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub officer: Option<AssignedView>,
    /// The queue it waits in, when nobody holds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub queue: Option<String>,
    /// When it came in.
    pub opened_at: chrono::DateTime<chrono::Utc>,
    /// When it last changed.
    pub updated_at: chrono::DateTime<chrono::Utc>,
    /// When it was closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub closed_at: Option<chrono::DateTime<chrono::Utc>>,
    /// Why it was closed: a word of its kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub close_reason: Option<String>,
    /// Where the rest of it is.
    #[schema(example = "/v1/referrals/0198f2f0-0000-7000-8000-000000000000")]
    pub record: String,
}

/// The names that views of cases need, read in three statements whatever the number of cases.
pub struct Names {
    schools: HashMap<SchoolId, String>,
    services: HashMap<ServiceId, String>,
    officers: HashMap<OfficerId, officers::Officer>,
}

impl Names {
    /// Reads the names for these cases.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn read(work: &mut Work<'_>, cases: &[&Case]) -> Result<Self> {
        let schools: Vec<_> = cases.iter().map(|c| c.school).collect();
        let services: Vec<_> = cases.iter().filter_map(|c| c.service).collect();
        let officers: Vec<_> = cases.iter().filter_map(|c| c.officer).collect();
        Ok(Self {
            schools: schools::by_ids(work, &schools)?.into_iter().map(|s| (s.id, s.number.to_string())).collect(),
            services: services::by_ids(work, &services)?.into_iter().map(|s| (s.id, s.code)).collect(),
            officers: officers::by_ids(work, &officers)?.into_iter().map(|o| (o.id, o)).collect(),
        })
    }

    /// The view of an envelope.
    #[must_use]
    pub fn view(&self, case: &Case) -> CaseView {
        let officer = case.officer.and_then(|id| self.officers.get(&id)).map(|o| AssignedView {
            id: o.id.uuid(),
            name: o.name.clone(),
            role: o.role_title.clone(),
        });
        let collection = match case.kind {
            CaseKind::Referral => "referrals",
            CaseKind::Warrn => "warrn-records",
        };
        CaseView {
            id: case.id.uuid(),
            kind: case.kind.to_string(),
            reference: case.reference.to_string(),
            school_number: self.schools.get(&case.school).cloned().unwrap_or_default(),
            service: case.service.and_then(|id| self.services.get(&id)).cloned(),
            officer,
            queue: case.queue.clone(),
            opened_at: case.opened_at.chrono(),
            updated_at: case.updated_at.chrono(),
            closed_at: case.closed.as_ref().map(|(at, _)| at.chrono()),
            close_reason: case.closed.as_ref().map(|(_, reason)| reason.clone()),
            record: format!("/v1/{collection}/{}", case.id.uuid()),
        }
    }
}
