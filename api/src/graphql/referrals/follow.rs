//! Following referrals.

use async_graphql::{Context, ID, InputObject, Object};
use dolen_domain::access::{self, Action};
use dolen_domain::db::Work;
use dolen_domain::directory::{schools, services};
use dolen_domain::kernel::{Code, Cursor, Error, Result, SchoolNumber};
use dolen_domain::referrals::{self, Envelope, Filter};

use crate::graphql::enums::ReferralState;
use crate::graphql::paging::{self, Connection, page_cost};
use crate::graphql::plain::known_id;
use crate::graphql::visit::{Visit, answer, read, read_on_record};

use super::Referral;

/// Which referrals.
#[derive(Default, InputObject)]
pub struct ReferralFilter {
    /// In this state.
    pub state: Option<ReferralState>,
    /// From this school.
    pub school_number: Option<String>,
    /// For this service.
    pub service_code: Option<String>,
    /// Routed to the caller, or opened by the caller.
    pub mine: Option<bool>,
}

impl ReferralFilter {
    fn read(self, work: &mut Work<'_>) -> Result<Filter> {
        // Which schools and services there are is told to nobody without a right to any referral.
        access::scope(work, Action::ReadReferral)?;
        let unknown = |name| Error::new(Code::InvalidParameter).with_detail(format!("there is no such {name}"));
        let school = match &self.school_number {
            Some(text) => {
                let number = SchoolNumber::parse(text).map_err(|_| unknown("school"))?;
                Some(schools::by_number(work, &number).map_err(|_| unknown("school"))?.id)
            }
            None => None,
        };
        let service = match &self.service_code {
            Some(code) => Some(services::by_code(work, code).map_err(|_| unknown("service"))?.id),
            None => None,
        };
        Ok(Filter { state: self.state.map(Into::into), school, service, mine: self.mine.unwrap_or(false) })
    }
}

/// The referrals' part of the query.
#[derive(Default)]
pub struct ReferralQuery;

/// Following referrals.
#[Object]
impl ReferralQuery {
    /// A referral. The reading is recorded before the answer leaves.
    async fn referral(&self, ctx: &Context<'_>, #[graphql(desc = "Its id.")] id: ID) -> Option<Referral> {
        let referral = read_on_record(ctx, move |work, app| {
            let envelope = referrals::envelope(work, known_id(&id)?)?;
            Ok(Referral::of(app, envelope))
        });
        answer(ctx, referral.await)
    }

    /// The referrals of the caller's school, service or desk, newest first.
    #[graphql(complexity = "page_cost(first, child_complexity)")]
    async fn referrals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Items on the page, 1 to 100; 20 when not given.")] first: Option<i32>,
        #[graphql(desc = "`endCursor` of the page before.")] after: Option<String>,
        #[graphql(desc = "Which; all when not given.")] filter: Option<ReferralFilter>,
    ) -> Option<Connection<Referral>> {
        let page = read(ctx, move |work, _| {
            let request = paging::request(first, after.as_deref())?;
            let filter = filter.unwrap_or_default().read(work)?;
            Ok((referrals::list(work, &filter, request)?, request))
        });
        let connection = async {
            let (page, request) = page.await?;
            let app = &Visit::of(ctx)?.app;
            Ok(Connection::of(page, &request, place, |e| Referral::of(app, e)))
        };
        answer(ctx, connection.await)
    }
}

/// Referrals are paged by when they came in.
fn place(e: &Envelope) -> Cursor {
    Cursor { at: e.created_at, id: e.id.uuid() }
}
