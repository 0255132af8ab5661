//! The server: used by `serve`, by the demo and by the tests alike.

use std::net::TcpListener;

use actix_web::dev::Server;
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App as ActixApp, HttpResponse, HttpServer, web};
use metrics_exporter_prometheus::PrometheusHandle;
use utoipa_actix_web::AppExt as _;

use crate::app::App;
use crate::error::Problem;
use crate::{console, graphql, middleware, openapi, rest};

/// Builds the server on a bound socket. It stops gracefully: requests under way are answered for up to 30 seconds.
///
/// # Errors
/// When the socket can't be used.
pub fn build(app: App, listener: TcpListener) -> std::io::Result<Server> {
    let workers = app.settings.server.workers;
    let documents = web::Data::new(openapi::Documents::build());
    let schema = web::Data::new(graphql::schema(&app));
    let strings = web::Data::new(console::Strings::load());
    let server = HttpServer::new(move || {
        let (inner, _) = ActixApp::new()
            .app_data(web::Data::new(app.clone()))
            .app_data(documents.clone())
            .app_data(schema.clone())
            .app_data(strings.clone())
            .app_data(web::QueryConfig::default().error_handler(|e, _| rest::bad_query(&e).into()))
            .app_data(
                web::PathConfig::default()
                    .error_handler(|_, _| Problem(dolen_domain::kernel::Code::NotFound.into()).into()),
            )
            .into_utoipa_app()
            .configure(rest::routes)
            .split_for_parts();
        inner
            .configure(rest::unlisted)
            .configure(graphql::routes)
            .configure(console::routes)
            .default_service(web::to(rest::fallback))
            .wrap(Compress::default())
            .wrap(from_fn(middleware::edge))
    })
    .workers(workers)
    .shutdown_timeout(30)
    .client_request_timeout(std::time::Duration::from_secs(10))
    // A compressed answer is written in parts: the last of them must not wait 40 ms for the reader to confirm the first.
    .tcp_nodelay(true)
    .listen(listener)?
    .run();
    Ok(server)
}

/// Builds the small server that shows metrics, on its own port.
///
/// # Errors
/// When the socket can't be used.
pub fn metrics(handle: PrometheusHandle, listener: TcpListener) -> std::io::Result<Server> {
    let server = HttpServer::new(move || {
        let handle = handle.clone();
        ActixApp::new().route(
            "/metrics",
            web::get().to(move || {
                let text = handle.render();
                async move { HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(text) }
            }),
        )
    })
    .workers(1)
    .disable_signals()
    .listen(listener)?
    .run();
    Ok(server)
}
