//! What happens around every request: its id and language, its log line and metrics, the headers every answer carries.

mod edge;
mod headers;

pub use edge::edge;
