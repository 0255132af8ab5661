//! The audit record is signed now and then, and once more at the end.

use actix_web::web;
use dolen_domain::kernel::{Error, Result};

use crate::app::App;
use crate::checkpoints;

/// Signs and writes out what is new.
pub(super) async fn tick(app: &App) -> Result<()> {
    let app = app.clone();
    web::block(move || checkpoints::tick(&app, &super::caller())).await.map_err(Error::unavailable)?
}
