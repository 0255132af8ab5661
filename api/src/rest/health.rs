//! Whether the process lives, and whether it can serve.

use actix_web::{HttpResponse, get, web};

use crate::app::App;
use crate::error::Problem;

/// The process answers.
#[get("/livez")]
pub async fn livez() -> HttpResponse {
    HttpResponse::Ok().json(serde_json::json!({"status": "live"}))
}

/// The database answers too.
#[get("/readyz")]
pub async fn readyz(app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let db = app.db.clone();
    web::block(move || db.ping()).await.map_err(dolen_domain::kernel::Error::unavailable)??;
    Ok(HttpResponse::Ok().json(serde_json::json!({"status": "ready"})))
}
