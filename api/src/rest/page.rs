//! Pages on the wire.

use dolen_domain::kernel::{PageRequest, Result};
use serde::Deserialize;
use utoipa::IntoParams;

/// What part of a list is asked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PageQuery {
    /// Items on a page, 1 to 200; 50 when not given.
    #[param(minimum = 1, maximum = 200, nullable = false)]
    pub limit: Option<i64>,
    /// `next_cursor` of the page before.
    #[param(max_length = 200, nullable = false)]
    pub cursor: Option<String>,
}

impl PageQuery {
    /// The page asked for.
    ///
    /// # Errors
    /// When the limit is out of range or the cursor is none of ours.
    pub fn read(&self) -> Result<PageRequest> {
        PageRequest::read(self.limit, self.cursor.as_deref())
    }
}
