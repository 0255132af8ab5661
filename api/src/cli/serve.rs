//! `serve` and `worker`.

use std::net::TcpListener;

use dolen_domain::db::conn::establish;
use dolen_domain::db::roles;
use tokio::sync::watch;

use crate::app::App;
use crate::{server, telemetry, worker};

use super::{Global, Outcome, open};

/// Serves until told to stop.
pub fn serve(global: &Global) -> Outcome {
    let app = open(global)?;
    refuse_superuser(&app)?;
    run(app)
}

/// A superuser could change the audit record behind every trigger: it is not served as one unless somebody says so.
fn refuse_superuser(app: &App) -> Outcome {
    let settings = &app.settings.database;
    let mut conn = establish(&settings.url, true).map_err(|e| e.to_string())?;
    match roles::standing(&mut conn).map_err(|e| e.to_string())? {
        Some(role) if role.superuser && !settings.allow_superuser => Err(format!(
            "the PostgreSQL role {} is a superuser and could change the audit record. Make a role for the service, run \
             `dolen migrate up` with database.owner_url and serve as that role (docs/operations.md); to try Dolen out, \
             set database.allow_superuser=true",
            role.role
        )),
        _ => Ok(()),
    }
}

/// Serves an opened service: API and console, metrics, and the worker when it is embedded.
pub fn run(app: App) -> Outcome {
    telemetry::start_logging(&app.settings.log_level);
    let metrics = telemetry::start_metrics();
    tracing::info!(limits = ?app.settings.limits, database = app.db.kind().as_str(), "starting");
    let listener = bind(&app.settings.server.bind)?;
    let metrics_listener = app.settings.server.metrics_bind.as_deref().map(bind).transpose()?;
    actix_web::rt::System::new()
        .block_on(async move {
            let (stop, stopped) = watch::channel(false);
            let background =
                app.settings.worker.embedded.then(|| actix_web::rt::spawn(worker::run(app.clone(), stopped)));
            if let (Some(handle), Some(listener)) = (metrics, metrics_listener) {
                actix_web::rt::spawn(server::metrics(handle, listener)?);
            }
            let bound = listener.local_addr()?;
            tracing::info!(address = %bound, "serving");
            // Ends on SIGTERM, SIGINT or SIGQUIT, after the requests under way.
            let outcome = server::build(app, listener)?.await;
            let _ = stop.send(true);
            if let Some(background) = background {
                let _ = background.await;
            }
            outcome
        })
        .map_err(|e: std::io::Error| e.to_string())
}

/// Runs the worker alone until told to stop.
pub fn worker(global: &Global) -> Outcome {
    let app = open(global)?;
    refuse_superuser(&app)?;
    telemetry::start_logging(&app.settings.log_level);
    actix_web::rt::System::new().block_on(async move {
        let (stop, stopped) = watch::channel(false);
        let background = actix_web::rt::spawn(worker::run(app, stopped));
        let mut terminate =
            tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).map_err(|e| e.to_string())?;
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        let _ = stop.send(true);
        background.await.map_err(|e| e.to_string())
    })
}

fn bind(address: &str) -> Result<TcpListener, String> {
    TcpListener::bind(address)
        .map_err(|e| format!("{address}: {e}; is another `dolen` running? Set server.bind to another port"))
}

/// Delivers what waits, once, and stops.
pub fn deliver_once(app: &App) -> Outcome {
    actix_web::rt::System::new().block_on(worker::deliver_waiting(app)).map_err(|e| e.to_string())
}
