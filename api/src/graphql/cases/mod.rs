//! What every case has, whatever its kind: envelope, timeline, links, people, tasks, documents, pauses. Documents' bytes
//! come and go by REST alone: they are shown to the virus scanner on their way.

mod mutate;
mod parts;
mod views;
mod words;

pub use mutate::CaseMutation;

use async_graphql::{Context, ID, Object, SimpleObject};
use dolen_domain::cases;
use dolen_domain::kernel::Code;

use crate::rest::cases::Names;

use super::plain::{Date, known_id};
use super::visit::{Visit, answer, read, read_on_record};
use views::{Case, CaseEnvelope};

/// An open task of the caller's, without what is to be done: that is read at the case.
#[derive(SimpleObject)]
pub struct OwnTask {
    /// Its id.
    #[graphql(complexity = 0)]
    pub id: ID,
    /// By which day.
    #[graphql(complexity = 0)]
    pub due_on: Option<Date>,
    /// The case it is for.
    pub case: CaseEnvelope,
}

/// The cases' part of the query.
#[derive(Default)]
pub struct CaseQuery;

/// Following cases of either kind.
#[Object]
impl CaseQuery {
    /// A case: what referrals and WARRN records have in common. The reading is recorded before the answer leaves.
    async fn case(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id: that of the referral or record.")] id: ID,
    ) -> Option<Case> {
        let case = read_on_record(ctx, move |work, app| {
            let case = cases::case(work, known_id(&id)?)?;
            Ok(Case::of(app, &Names::read(work, &[&case])?, &case))
        });
        answer(ctx, case.await)
    }

    /// The caller's open tasks of cases the caller may still see, without what is to be done: the next due first, those
    /// without a day last; at most 100. For people alone.
    #[graphql(complexity = "20 + 20 * child_complexity")]
    async fn own_tasks(&self, ctx: &Context<'_>) -> Option<Vec<OwnTask>> {
        let tasks = async {
            Visit::of(ctx)?.session.as_ref().ok_or(Code::NotFound)?;
            let own = read(ctx, |work, _| {
                let own = cases::own_tasks(work)?;
                let names = Names::read(work, &own.iter().map(|(_, _, case)| case).collect::<Vec<_>>())?;
                Ok(own.into_iter().map(|(id, due_on, case)| (id, due_on, CaseEnvelope::of(&names, &case))).collect())
            });
            let own: Vec<_> = own.await?;
            Ok(own.into_iter().map(|(id, due_on, case)| OwnTask { id: id.into(), due_on: due_on.map(Date), case }))
        };
        answer(ctx, tasks.await.map(Iterator::collect))
    }
}
