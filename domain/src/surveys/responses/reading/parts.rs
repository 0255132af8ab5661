//! The XML of a workbook's parts (ECMA-376 part 1, §18), as far as a table goes.
//!
//! Read here and not by a library of spreadsheets: the one at hand makes room for as many shared strings as a file says it
//! has, and a file of a thousand bytes can say a number that ends the process.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{BufReader, Cursor, Read};

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use zip::ZipArchive;

use crate::kernel::{Code, Error, Fault, FaultCode, Result};

/// Rows and columns of a sheet (ECMA-376 leaves it to Excel: XFD1048576).
const MOST_ROWS: u32 = 1_048_576;
const MOST_SHEET_COLUMNS: u32 = 16_384;
/// Bytes that shared strings take once they are read: those of 50,000 rows with a long key each take a tenth.
const MOST_SHARED: usize = 32_000_000;
/// Sheets, and what a workbook relates to.
const MOST_SHEETS: usize = 1000;

/// What stands in a cell.
#[derive(Clone)]
pub(super) enum Value<'s> {
    Empty,
    Text(Cow<'s, str>),
    Number(f64),
    Truth(bool),
    /// A day, a time, an error: none of our words.
    Unfit,
}

/// A workbook's strings, one after the other.
#[derive(Default)]
struct Strings {
    text: String,
    ends: Vec<usize>,
}

impl Strings {
    fn get(&self, index: usize) -> Option<&str> {
        let start = match index.checked_sub(1) {
            None => 0,
            Some(before) => *self.ends.get(before)?,
        };
        self.text.get(start..*self.ends.get(index)?)
    }
}

/// Where the parts are that make the first sheet.
struct Places {
    sheet: String,
    strings: Option<String>,
    styles: Option<String>,
}

/// The first sheet, and what its cells refer to.
pub(super) struct First {
    sheet: String,
    strings: Strings,
    dates: Vec<bool>,
}

/// A workbook's parts.
pub(super) struct Parts<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
}

pub(super) fn unreadable() -> Error {
    Error::faults(Code::MalformedBody, vec![Fault::at("", FaultCode::NotWorkbook)])
}

/// What a library says of a file is that it can't be read.
fn bad<E>(_: E) -> Error {
    unreadable()
}

impl<'b> Parts<'b> {
    /// The parts of an archive that was measured.
    pub fn of(archive: ZipArchive<Cursor<&'b [u8]>>) -> Self {
        Self { archive }
    }

    /// What the cells of the first sheet refer to: its place, the strings, and which styles are of days.
    pub fn first(&mut self) -> Result<First> {
        let places = self.places()?;
        let strings = self.strings(places.strings.as_deref())?;
        Ok(First { strings, dates: self.dates(places.styles.as_deref())?, sheet: places.sheet })
    }

    /// Gives each cell of the sheet with its row and column, both from 0, in the order of the file.
    pub fn cells<'s>(
        &mut self,
        first: &'s First,
        mut each: impl FnMut(u32, u32, Value<'s>) -> Result<()>,
    ) -> Result<()> {
        let (mut xml, mut buffer) = (self.open(&first.sheet)?, Vec::new());
        let (mut row, mut column) = (0_u32, 0_u32);
        let (mut kind, mut is_date, mut text, mut taking) = (None, false, String::new(), Taking::default());
        loop {
            buffer.clear();
            match xml.read_event_into(&mut buffer).map_err(bad)? {
                Event::Start(e) if e.local_name().as_ref() == "row" => {
                    if let Some(number) = attribute(&e, "r")? {
                        row = number.parse::<u32>().ok().and_then(|n| n.checked_sub(1)).ok_or_else(unreadable)?;
                    }
                    column = 0;
                }
                Event::Start(e) if e.local_name().as_ref() == "c" => {
                    if let Some(name) = attribute(&e, "r")? {
                        (row, column) = place(&name).ok_or_else(unreadable)?;
                    }
                    kind = attribute(&e, "t")?;
                    let style = attribute(&e, "s")?.and_then(|s| s.parse::<usize>().ok());
                    is_date = style.and_then(|s| first.dates.get(s)).is_some_and(|date| *date);
                    text.clear();
                }
                Event::Start(e) => taking.begin(e.local_name().as_ref()),
                Event::End(e) => match e.local_name().as_ref() {
                    "c" => {
                        each(row, column, value(kind.as_deref(), &text, is_date, &first.strings)?)?;
                        column = column.saturating_add(1);
                    }
                    "row" => row = row.checked_add(1).filter(|r| *r <= MOST_ROWS).ok_or_else(unreadable)?,
                    "sheetData" => return Ok(()),
                    name => taking.end(name),
                },
                Event::Eof => return Err(unreadable()),
                event => taking.take(&event, &mut text)?,
            }
        }
    }

    /// The first sheet's place, and those of what it refers to.
    fn places(&mut self) -> Result<Places> {
        let mut sheets = Vec::new();
        self.elements("xl/workbook.xml", "sheet", |e| {
            sheets.extend(attribute(e, "id")?);
            if sheets.len() > MOST_SHEETS { Err(unreadable()) } else { Ok(()) }
        })?;
        let mut related: Vec<(String, String, String)> = Vec::new();
        self.elements("xl/_rels/workbook.xml.rels", "Relationship", |e| {
            if let (Some(id), Some(kind), Some(to)) =
                (attribute(e, "Id")?, attribute(e, "Type")?, attribute(e, "Target")?)
            {
                let to = to.strip_prefix('/').map_or_else(|| format!("xl/{to}"), str::to_owned);
                related.push((id, kind, to));
            }
            if related.len() > MOST_SHEETS { Err(unreadable()) } else { Ok(()) }
        })?;
        let of_kind = |word: &str| related.iter().find(|(_, kind, _)| kind.ends_with(word)).map(|(.., to)| to.clone());
        let is_sheet = |id: &String| related.iter().find(|(i, kind, _)| i == id && kind.ends_with("/worksheet"));
        let (_, _, sheet) = sheets.iter().find_map(is_sheet).ok_or_else(unreadable)?;
        Ok(Places { sheet: sheet.clone(), strings: of_kind("/sharedStrings"), styles: of_kind("/styles") })
    }

    fn open(&mut self, path: &str) -> Result<Reader<BufReader<impl Read>>> {
        let mut names = self.archive.file_names().filter_map(std::result::Result::ok);
        let alike = names.find(|name| name.eq_ignore_ascii_case(path)).map(Cow::into_owned);
        drop(names);
        let part = self.archive.by_name(alike.ok_or_else(unreadable)?.as_str()).map_err(bad)?;
        let mut xml = Reader::from_reader(BufReader::new(part));
        xml.config_mut().expand_empty_elements = true;
        Ok(xml)
    }

    /// Gives each element of this name in a part.
    fn elements(&mut self, path: &str, name: &str, mut each: impl FnMut(&BytesStart<'_>) -> Result<()>) -> Result<()> {
        let (mut xml, mut buffer) = (self.open(path)?, Vec::new());
        loop {
            buffer.clear();
            match xml.read_event_into(&mut buffer).map_err(bad)? {
                Event::Start(e) if e.local_name().as_ref() == name => each(&e)?,
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    fn strings(&mut self, path: Option<&str>) -> Result<Strings> {
        let mut strings = Strings::default();
        let Some(path) = path else { return Ok(strings) };
        let (mut xml, mut buffer) = (self.open(path)?, Vec::new());
        let mut taking = Taking::default();
        loop {
            buffer.clear();
            match xml.read_event_into(&mut buffer).map_err(bad)? {
                Event::Start(e) => taking.begin(e.local_name().as_ref()),
                Event::End(e) => {
                    taking.end(e.local_name().as_ref());
                    if e.local_name().as_ref() == "si" {
                        strings.ends.push(strings.text.len());
                    }
                }
                Event::Eof => return Ok(strings),
                event => taking.take(&event, &mut strings.text)?,
            }
            if strings.text.len() + size_of::<usize>() * strings.ends.len() > MOST_SHARED {
                return Err(Error::new(Code::PayloadTooLarge).with_detail("the workbook has too many texts"));
            }
        }
    }

    /// Of each cell style whether it shows a number as a day or a time.
    fn dates(&mut self, path: Option<&str>) -> Result<Vec<bool>> {
        let Some(path) = path else { return Ok(Vec::new()) };
        let mut own: HashMap<String, bool> = HashMap::new();
        let mut dates = Vec::new();
        let (mut xml, mut buffer, mut in_cells) = (self.open(path)?, Vec::new(), false);
        loop {
            buffer.clear();
            match xml.read_event_into(&mut buffer).map_err(bad)? {
                Event::Start(e) if e.local_name().as_ref() == "cellXfs" => in_cells = true,
                Event::End(e) if e.local_name().as_ref() == "cellXfs" => in_cells = false,
                Event::Start(e) if e.local_name().as_ref() == "numFmt" => {
                    if let (Some(id), Some(code)) = (attribute(&e, "numFmtId")?, attribute(&e, "formatCode")?) {
                        own.insert(id, is_date(&code));
                    }
                }
                Event::Start(e) if in_cells && e.local_name().as_ref() == "xf" => {
                    let id = attribute(&e, "numFmtId")?.unwrap_or_default();
                    // ECMA-376 part 1 §18.8.30: the formats that need not be written down.
                    let builtin = matches!(id.parse(), Ok(14..=22 | 27..=36 | 45..=47 | 50..=58_u32));
                    dates.push(own.get(&id).copied().unwrap_or(builtin));
                }
                Event::Eof => return Ok(dates),
                _ => {}
            }
        }
    }
}

/// Whether a format of somebody's own shows a day or a time: by its letters, outside of quotes and brackets.
fn is_date(code: &str) -> bool {
    let (mut quoted, mut bracketed, mut escaped) = (false, false, false);
    code.chars().any(|c| {
        let plain = !quoted && !bracketed && !escaped;
        escaped = plain && c == '\\';
        match c {
            '"' if !bracketed => quoted = !quoted,
            '[' if plain => bracketed = true,
            ']' => bracketed = false,
            _ => {}
        }
        plain && matches!(c, 'd' | 'y' | 'h' | 'D' | 'Y' | 'H')
    })
}

/// Which text is a cell's own: that of `t` and `v`, but for how it is pronounced.
#[derive(Default)]
struct Taking {
    inside: bool,
    pronounced: bool,
}

impl Taking {
    fn begin(&mut self, name: &str) {
        match name {
            "t" | "v" => self.inside = true,
            "rPh" => self.pronounced = true,
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "t" | "v" => self.inside = false,
            "rPh" => self.pronounced = false,
            _ => {}
        }
    }

    fn take(&self, event: &Event<'_>, text: &mut String) -> Result<()> {
        if !self.inside || self.pronounced {
            return Ok(());
        }
        match event {
            Event::Text(t) => text.push_str(&t.xml10_content()),
            Event::CData(t) => text.push_str(&t.xml10_content()),
            Event::GeneralRef(entity) => match resolve_predefined_entity(entity) {
                Some(known) => text.push_str(known),
                None => text.push(entity.resolve_char_ref().map_err(bad)?.ok_or_else(unreadable)?),
            },
            _ => {}
        }
        Ok(())
    }
}

/// An attribute's value, by its name without a prefix.
fn attribute(element: &BytesStart<'_>, name: &str) -> Result<Option<String>> {
    for attribute in element.attributes().with_checks(false) {
        let attribute = attribute.map_err(bad)?;
        if attribute.key.local_name().as_ref() == name {
            return Ok(Some(attribute.normalized_value(XmlVersion::Implicit1_0).map_err(bad)?.into_owned()));
        }
    }
    Ok(None)
}

/// The row and column of a place such as `B3`, both from 0.
fn place(name: &str) -> Option<(u32, u32)> {
    let split = name.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = name.split_at(split);
    let mut column = 0_u32;
    for letter in letters.bytes() {
        let value = u32::from(letter.checked_sub(b'A').filter(|v| *v < 26)?) + 1;
        column = column.checked_mul(26)?.checked_add(value)?;
    }
    let row = digits.parse::<u32>().ok().filter(|r| *r <= MOST_ROWS)?;
    Some((row.checked_sub(1)?, column.checked_sub(1).filter(|c| *c < MOST_SHEET_COLUMNS)?))
}

/// What a cell's text is, by its type.
fn value<'s>(kind: Option<&str>, text: &str, is_date: bool, strings: &'s Strings) -> Result<Value<'s>> {
    Ok(match kind.unwrap_or("n") {
        "s" => {
            let index = text.trim().parse().map_err(bad)?;
            Value::Text(Cow::Borrowed(strings.get(index).ok_or_else(unreadable)?))
        }
        "str" | "inlineStr" => Value::Text(Cow::Owned(text.to_owned())),
        "b" => Value::Truth(text.trim() == "1"),
        "n" if text.trim().is_empty() => Value::Empty,
        "n" if !is_date => match text.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => Value::Number(number),
            _ => Value::Unfit,
        },
        _ => Value::Unfit,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_have_rows_and_columns() {
        let known = [("A1", (0, 0)), ("B3", (2, 1)), ("AA10", (9, 26)), ("XFD1048576", (1_048_575, 16_383))];
        for (name, expected) in known {
            assert_eq!(place(name), Some(expected), "{name}");
        }
        for name in ["", "A", "1", "A0", "XFE1", "A1048577", "a1", "A1B", "A-1", "ZZZZZZZZZZ1", "A99999999999"] {
            assert_eq!(place(name), None, "{name}");
        }
    }

    #[test]
    fn formats_of_days_and_times_are_known() {
        for code in ["yyyy-mm-dd", "d/m", "[$-809]dd mmmm", "h:mm", "\"on\" d"] {
            assert!(is_date(code), "{code}");
        }
        for code in ["General", "0.00", "#,##0", "[Red]0", "0\" days\"", "\\d0", "0%"] {
            assert!(!is_date(code), "{code}");
        }
    }
}
