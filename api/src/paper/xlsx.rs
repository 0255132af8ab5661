//! A tidy table as a workbook of one sheet.

use chrono::{DateTime, Utc};
use dolen_domain::kernel::{Error, Result};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet};

use super::tidy::{Cell, Tidy, harmless};

/// The table as XLSX. `name` is the sheet's, at most 31 characters; `made` stands in the file's properties, so that the same
/// table of the same moment is the same file.
///
/// The file holds nothing beside the table: no author, no hidden sheet, no formula, no defined name.
///
/// # Errors
/// When it has more rows or columns than a sheet, or the name is none of a sheet's.
pub fn xlsx(table: &Tidy, name: &str, made: DateTime<Utc>) -> Result<Vec<u8>> {
    let mut book = Workbook::new();
    let moment = ExcelDateTime::from_timestamp(made.timestamp()).map_err(Error::internal)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&moment));
    let sheet = book.add_worksheet();
    sheet.set_name(name).map_err(Error::internal)?;
    let bold = Format::new().set_bold();
    for (column, name) in (0_u16..).zip(&table.columns) {
        sheet.write_string_with_format(0, column, harmless(name), &bold).map_err(Error::internal)?;
    }
    sheet.set_freeze_panes(1, 0).map_err(Error::internal)?;
    for (row, cells) in (1_u32..).zip(&table.rows) {
        for (column, cell) in (0_u16..).zip(cells) {
            write(sheet, (row, column), cell)?;
        }
    }
    book.save_to_buffer().map_err(Error::internal)
}

fn write(sheet: &mut Worksheet, (row, column): (u32, u16), cell: &Cell) -> Result<()> {
    let written = match cell {
        Cell::Text(text) => sheet.write_string(row, column, harmless(text)),
        // A number as its text says it: what the CSV shows is what the sheet holds.
        Cell::Whole(_) | Cell::Tenths(_) => {
            let number: f64 = cell.to_string().parse().map_err(Error::internal)?;
            sheet.write_number(row, column, number)
        }
    };
    written.map(|_| ()).map_err(Error::internal)
}
