//! The shared vocabulary: identifiers, codes, parsed text, two languages, time, pages and errors.
//!
//! Nothing here opens a connection or knows an area. What only one area needs stays in that area.

mod bilingual;
mod calendar;
mod caller;
mod chance;
mod clock;
mod codes;
mod error;
mod fault;
mod hex;
pub mod ids;
mod page;
mod reference;
mod text;
mod uk;
mod upn;

pub use bilingual::{Bilingual, Lang, pair};
pub use calendar::{Calendar, CalendarEntry, CalendarSettings, Counted, DayKind, Days, Division, Pause, bank_holidays};
pub use caller::{Actor, Caller, Scopes};
pub use chance::{Chance, FixedChance, OsChance};
pub use clock::{Clock, FixedClock, SystemClock};
pub(crate) use codes::text_enum;
pub use codes::{Medium, Phase, YearGroup, YearGroups};
pub use error::{Class, Code, Error, Result};
pub use fault::{Fault, FaultCode, Faults};
pub use hex::{from_hex, to_hex};
pub use ids::*;
pub use page::{Cursor, Limit, Page, PageRequest};
pub use reference::Reference;
pub use text::{EmailAddress, FreeText, SchoolNumber, clean_text};
pub use uk::{uk_date, uk_instant, uk_time};
pub use upn::Upn;

pub use crate::db::types::Utc;
