//! Settings: flags over environment over `dolen.toml` over defaults, each known by one dotted key.
//!
//! [`table::SETTINGS`] is the only list: loading, validation, `config show` and the documentation all read it, so they
//! can't drift apart.

mod issuers;
mod load;
mod settings;
pub mod table;

pub use issuers::{IssuerSettings, is_loopback, may_ask};
pub use load::{Loaded, Source, load};
pub use settings::{
    AuthSettings, Authority, DatabaseSettings, DocumentSettings, KeySettings, Limits, MailSettings, MailTransport,
    RecordsSettings, ScannerAddress, ServerSettings, Settings, SurveySettings, TlsMode, WorkerSettings,
};
