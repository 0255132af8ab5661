//! Records close together, for the psychology service's lead; and what became of a year's returns, for the authority.

use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use dolen_domain::warrn::returns;

use crate::rest::warrn::reports::{AlertView, ReportView, last_alerts, report_of};

use super::plain::{BilingualText, plain};
use super::surveys::SurveyFigure;
use super::visit::{answer, read_on_record};

plain! {
    /// Records of several children of a school or a cluster that came within some weeks. It opens no record.
    pub struct WarrnAlert {
        /// Its id.
        pub id: ID,
        /// Its reference.
        pub reference: String,
        /// The school, where they are of one.
        pub school_number: Option<String>,
        /// The cluster of schools, where they are of several.
        pub cluster: Option<String>,
        /// When it was raised.
        pub raised_at: DateTime<Utc>,
        /// The records' references, the first received first; the last fifty of more.
        pub references: Vec<String>,
    }
}

impl From<AlertView> for WarrnAlert {
    fn from(a: AlertView) -> Self {
        Self {
            id: a.id.into(),
            reference: a.reference,
            school_number: a.school_number,
            cluster: a.cluster,
            raised_at: a.raised_at,
            references: a.references,
        }
    }
}

plain! {
    /// What became of a year's returns.
    pub struct ReintegrationReport {
        /// The year in which the records were closed.
        pub academic_year: String,
        /// How to read the figures.
        pub note: BilingualText,
        /// `outcomes`: closed records by outcome. `sustained`: of the children who came back, those a review saw at
        /// school after six and after twelve weeks.
        pub figures: Vec<SurveyFigure>,
        /// Half of the children were back after so many school days or fewer; null when too few came back.
        pub median_school_days: Option<u32>,
    }
}

impl From<ReportView> for ReintegrationReport {
    fn from(r: ReportView) -> Self {
        Self {
            academic_year: r.academic_year,
            note: r.note.into(),
            figures: r.figures.into_iter().map(Into::into).collect(),
            median_school_days: r.median_school_days,
        }
    }
}

/// The reports' part of the query.
#[derive(Default)]
pub struct ReportQuery;

/// Counts and figures of records, never a record.
#[Object]
impl ReportQuery {
    /// The last alerts of records that came close together, for the lead of the psychology service alone. The reading is
    /// recorded before the answer leaves.
    #[graphql(complexity = "100 + child_complexity")]
    async fn alerts(&self, ctx: &Context<'_>) -> Option<Vec<WarrnAlert>> {
        let found = read_on_record(ctx, |work, _| last_alerts(work));
        answer(ctx, found.await.map(|all| all.into_iter().map(Into::into).collect()))
    }

    /// The report of an academic year that is over, of the whole authority. A figure is published only when at least 30
    /// records stand behind it. The reading is recorded before the answer leaves.
    #[graphql(complexity = "50 + child_complexity")]
    async fn reintegration_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The academic year in which the records were closed, such as `2024/25`.")]
        academic_year: String,
    ) -> Option<ReintegrationReport> {
        let report = read_on_record(ctx, move |work, app| {
            let report = returns::reintegration(work, &app.settings.warrn, app.threshold(), &academic_year)?;
            Ok(report_of(report).into())
        });
        answer(ctx, report.await)
    }
}
