//! The delivery ledger.

use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use dolen_domain::kernel::{Cursor, Utc as Instant};
use dolen_domain::notices;

use super::enums::NoticeState;
use super::paging::{self, Connection, page_cost};
use super::plain::plain;
use super::visit::{answer, read};

plain! {
    /// One message to one recipient. Neither address nor text: only how far it got.
    pub struct Notice {
        /// Its id.
        pub id: ID,
        /// The record it is about.
        pub reference: String,
        /// How far it got.
        pub state: NoticeState,
        /// How often it was tried.
        pub attempts: i64,
        /// When it was written.
        pub created_at: DateTime<Utc>,
        /// When it reached its final state.
        pub finished_at: Option<DateTime<Utc>>,
        /// What went wrong last, as a word of ours.
        pub problem: Option<String>,
    }
}

impl From<notices::Notice> for Notice {
    fn from(n: notices::Notice) -> Self {
        Self {
            id: n.id.into(),
            reference: n.reference.into(),
            state: n.state.into(),
            attempts: n.attempts,
            created_at: n.created_at.chrono(),
            finished_at: n.finished_at.map(Instant::chrono),
            problem: n.problem,
        }
    }
}

/// The ledger's part of the query.
#[derive(Default)]
pub struct NoticeQuery;

/// The delivery ledger.
#[Object]
impl NoticeQuery {
    /// Messages, newest first.
    #[graphql(complexity = "page_cost(first, child_complexity)")]
    async fn notices(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Items on the page, 1 to 100; 20 when not given.")] first: Option<i32>,
        #[graphql(desc = "`endCursor` of the page before.")] after: Option<String>,
    ) -> Option<Connection<Notice>> {
        let page = read(ctx, move |work, _| {
            let request = paging::request(first, after.as_deref())?;
            Ok((notices::page(work, request)?, request))
        });
        let place = |n: &notices::Notice| Cursor { at: n.created_at, id: n.id.uuid() };
        let page = page.await.map(|(page, request)| Connection::of(page, &request, place, Into::into));
        answer(ctx, page)
    }
}
