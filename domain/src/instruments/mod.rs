//! Questionnaires as data: what is asked, of which age, after which answers, and how answers are packed.
//!
//! A published version never changes: answers are stored as bytes whose meaning is the version's [`Layout`]. The shipped
//! survey (`builtin/`) is worded by this project; nothing in it is taken from a licensed instrument.

pub mod drafts;
mod flaws;
mod layout;
mod model;
mod reading_age;
mod rules;
mod service;
mod store;
mod symbols;
#[cfg(test)]
pub(crate) mod testing;
mod texts;
mod wording;

pub use flaws::{Flaw, FlawKind};
pub use layout::{Answer, BandRef, Layout, Misfit, Packed, Slot};
pub use model::{
    AskIf, Band, Choice, Definition, Instrument, Kind, LONGEST_TEXT, OFTEN, Options, PREFER_NOT_TO_SAY, Question,
    Wording,
};
pub use reading_age::{ReadingAge, reading_ages};
use rules::good_code;
pub use rules::{check, comparable};
pub use service::{by_code, by_id, ensure_builtin, is_builtin, published, read};
pub use symbols::Symbol;
pub use texts::without_symbol;
