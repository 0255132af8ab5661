//! The outermost layer.

use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, web};

use crate::app::App;
use crate::context::RequestContext;

use super::headers;

/// Gives the request its context, answers it, and notes method, route pattern, status and time. The log and the metrics
/// know the pattern (`/v1/referrals/{id}`), never the address itself.
///
/// # Errors
/// What the handler's framework reports; problems are answers already.
pub async fn edge<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let started = Instant::now();
    let app = request.app_data::<web::Data<App>>().cloned();
    let context = RequestContext::of(&request, || {
        let mut bytes = [0_u8; 16];
        if let Some(app) = &app {
            app.db.chance().fill(&mut bytes);
        }
        uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
    });
    context.attach(&request);
    let method = request.method().clone();
    let https = app.as_ref().is_some_and(|a| a.settings.server.is_https());
    let request_id = context.request_id.clone();
    let mut response = context.scope(next.call(request)).await?;
    headers::apply(response.headers_mut(), &request_id, https);
    let route = response.request().match_pattern().unwrap_or_else(|| "none".to_owned());
    let status = response.status().as_u16();
    let elapsed = started.elapsed();
    metrics::counter!("dolen_requests_total", "method" => method.to_string(), "route" => route.clone(), "status" => status.to_string())
        .increment(1);
    metrics::histogram!("dolen_request_seconds", "route" => route.clone()).record(elapsed.as_secs_f64());
    tracing::info!(%request_id, %method, %route, status, micros = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX), "request");
    Ok(response)
}
