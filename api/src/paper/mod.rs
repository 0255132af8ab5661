//! What is printed and downloaded: one plain document and its writers.
//!
//! A [`Paper`] is what class sheets, a school's pack, the authority's report and a child's own data have in common: headings,
//! paragraphs, lists, notes, tables, bar charts and cards. Its strings are chosen by whoever makes it; a writer translates
//! nothing and asks for nothing. The same paper makes the same bytes: no writer knows a clock or draws a random id.
//!
//! | Writer | Makes |
//! |---|---|
//! | [`pdf()`] | a tagged PDF/UA-1 (ISO 14289-1), refused when a figure says nothing to who can't see it |
//! | [`svg()`] | one chart, for a page |
//! | [`csv()`], [`xlsx()`] | a [`Tidy`] table, for other programs |

mod bars;
mod csv;
mod dots;
mod face;
mod flow;
mod model;
mod pdf;
mod sheet;
mod svg;
mod tidy;
mod xlsx;

pub use self::csv::csv;
pub use self::dots::Dots;
pub use self::model::{
    Band, Bar, Bars, Block, Card, CardLine, Cards, Column, Key, Level, Note, Paper, Said, Table, said,
};
pub use self::pdf::pdf;
pub use self::svg::svg;
pub use self::tidy::{Cell, Tidy};
pub use self::xlsx::xlsx;

#[cfg(test)]
pub(crate) mod tests;
