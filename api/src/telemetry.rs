//! Logs as JSON lines and metrics for Prometheus. Neither carries personal data: identifiers of ours and words of ours.

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

/// What is logged at a level: our own words, and other crates' warnings. Theirs below that would show addresses.
#[must_use]
pub fn filter(level: &str) -> EnvFilter {
    EnvFilter::try_new(format!("warn,dolen={level},dolen_api={level},dolen_domain={level}"))
        .unwrap_or_else(|_| EnvFilter::new("info"))
}

/// Starts logging to standard error at a level. Called once; a second call changes nothing.
pub fn start_logging(level: &str) {
    let filter = filter(level);
    let _ = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .try_init();
}

/// Starts collecting metrics; the handle renders them.
#[must_use]
pub fn start_metrics() -> Option<PrometheusHandle> {
    PrometheusBuilder::new().install_recorder().ok()
}
