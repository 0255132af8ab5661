//! A tidy table as CSV.

use ::csv::{Terminator, WriterBuilder};
use dolen_domain::kernel::{Error, Result};

use super::tidy::{Tidy, harmless};

/// UTF-8 says that it is: without this mark the usual spreadsheet reads Welsh letters as something else.
const MARK: &str = "\u{feff}";

/// The table as CSV (RFC 4180): UTF-8 with a mark, commas, a line of column names.
///
/// # Errors
/// When a row has not as many cells as there are columns.
pub fn csv(table: &Tidy) -> Result<Vec<u8>> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(MARK.as_bytes().to_vec());
    let names = table.columns.iter().map(|name| harmless(name));
    writer.write_record(names).map_err(Error::internal)?;
    for row in &table.rows {
        writer.write_record(row.iter().map(ToString::to_string)).map_err(Error::internal)?;
    }
    writer.into_inner().map_err(|e| Error::internal(e.to_string()))
}
