//! The delivery ledger.

use actix_web::{HttpResponse, get, web};
use dolen_domain::notices;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::Signed;

use super::problems::ListProblems;
use super::{PageQuery, Reply};

/// One message to one recipient. Neither address nor text: only how far it got.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Notice)]
pub struct NoticeView {
    /// Its id.
    pub id: uuid::Uuid,
    /// The record it is about.
    #[schema(example = "DL-7K4Q-3M9X")]
    pub reference: String,
    /// `created`, `sending`, `delivered`, `permanent-failure`, `temporary-failure`, `technical-failure` or `withdrawn`.
    #[schema(example = "delivered")]
    pub state: String,
    /// How often it was tried.
    pub attempts: i64,
    /// When it was written.
    pub created_at: chrono::DateTime<chrono::Utc>,
    /// When it reached its final state.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub finished_at: Option<chrono::DateTime<chrono::Utc>>,
    /// What went wrong last, as a word of ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub problem: Option<String>,
}

/// A page of the ledger.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NoticePage)]
pub struct NoticePageView {
    /// Newest first.
    pub items: Vec<NoticeView>,
    /// Where the next page begins; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next_cursor: Option<String>,
}

/// List messages
#[utoipa::path(tag = "notices", operation_id = "list_notices", params(PageQuery), security(("session" = [])),
    responses(
        (status = 200, description = "A page of the ledger", body = NoticePageView),
        ListProblems,
    ))]
#[get("/v1/notices")]
pub async fn list_notices(app: web::Data<App>, signed: Signed, query: web::Query<PageQuery>) -> Reply {
    let request = query.read()?;
    let page = app.read(&signed.caller, move |work, _| notices::page(work, request)).await?;
    let next_cursor = page.next.map(dolen_domain::kernel::Cursor::encode);
    let items = page
        .items
        .into_iter()
        .map(|n| NoticeView {
            id: n.id.uuid(),
            reference: n.reference.to_string(),
            state: n.state.to_string(),
            attempts: n.attempts,
            created_at: n.created_at.chrono(),
            finished_at: n.finished_at.map(dolen_domain::kernel::Utc::chrono),
            problem: n.problem,
        })
        .collect();
    Ok(HttpResponse::Ok().json(NoticePageView { items, next_cursor }))
}
