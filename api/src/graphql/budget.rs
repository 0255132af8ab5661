//! A budget of objects for each query: what a list turns out to hold counts too, whatever its complexity was thought to
//! be (`facts/reliability.md` M4).

use std::sync::Arc;
use std::sync::atomic::Ordering;

use async_graphql::async_trait::async_trait;
use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextResolve, ResolveInfo};
use async_graphql::{ServerResult, Value};
use dolen_domain::kernel::Code;

use super::problems::error_of;
use super::visit::Visit;

/// So many objects.
#[derive(Debug, Clone, Copy)]
pub struct Budget(pub usize);

impl ExtensionFactory for Budget {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(*self)
    }
}

#[async_trait]
impl Extension for Budget {
    async fn resolve(
        &self,
        ctx: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<Value>> {
        // A field with fields below it is an object, or a list of them whose items come through here one by one.
        if !info.field.selection_set.node.items.is_empty()
            && let Some(visit) = ctx.data_opt::<Visit>()
            && visit.tally.objects.fetch_add(1, Ordering::Relaxed) >= self.0
        {
            let detail = format!("at most {} objects", self.0);
            return Err(error_of(Code::QueryTooExpensive, Some(detail), None));
        }
        next.run(ctx, info).await
    }
}
