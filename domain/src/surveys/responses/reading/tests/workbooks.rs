//! Workbooks, and what all forms have in common.

use std::borrow::Cow;
use std::io::{Read as _, Write as _};

use proptest::prelude::*;
use rust_xlsxwriter::{Format as Look, Workbook};

use super::*;
use crate::kernel::YearGroup;

const CAPS: &str = "the archive is refused before it is read";

/// What stands in a cell.
enum Put {
    Text(&'static str),
    Number(f64),
    Truth(bool),
    Day(f64),
    Formula(&'static str, &'static str),
}

use Put::{Day, Formula, Number, Text, Truth};

/// A workbook of these cells, each at its row and column.
fn workbook(cells: &[(u32, u16, Put)]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let day = Look::new().set_num_format("yyyy-mm-dd");
    for (row, column, put) in cells {
        let (row, column) = (*row, *column);
        match put {
            Text(text) => sheet.write_string(row, column, *text),
            Number(number) => sheet.write_number(row, column, *number),
            Truth(truth) => sheet.write_boolean(row, column, *truth),
            Day(number) => sheet.write_number_with_format(row, column, *number, &day),
            Formula(formula, result) => {
                sheet.write_formula(row, column, rust_xlsxwriter::Formula::new(*formula).set_result(*result))
            }
        }
        .unwrap();
    }
    // A second sheet is none of ours.
    book.add_worksheet().write_string(0, 0, "year_group").unwrap();
    book.save_to_buffer().unwrap()
}

/// An archive of these parts.
fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        out.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

/// Rows written out as a table.
fn table(rows: &[PackedRow]) -> Vec<Vec<String>> {
    let layout = layout();
    let names = ["year_group", "row_key"].into_iter().chain(layout.slots().iter().map(crate::instruments::Slot::code));
    let mut all: Vec<Vec<String>> = vec![names.map(str::to_owned).collect()];
    for row in rows {
        let mut cells = vec![row.year_group.number().to_string(), row.key.clone().unwrap_or_default()];
        let given = layout.unpack(row.answers.as_bytes()).unwrap();
        cells.extend(layout.slots().iter().map(|slot| {
            given.iter().find(|(code, _)| *code == slot.code()).map_or_else(String::new, |(_, a)| a.join("|"))
        }));
        all.push(cells);
    }
    all
}

fn as_xlsx(table: &[Vec<String>]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0..).zip(table) {
        for (column, text) in (0..).zip(cells) {
            match text.parse::<f64>() {
                Ok(number) if column == 0 => sheet.write_number(row, column, number).unwrap(),
                _ if text.is_empty() => sheet,
                _ => sheet.write_string(row, column, text).unwrap(),
            };
        }
    }
    book.save_to_buffer().unwrap()
}

fn as_csv(table: &[Vec<String>], separator: u8) -> Vec<u8> {
    let mut out = csv::WriterBuilder::new().delimiter(separator).from_writer(Vec::new());
    for cells in table {
        out.write_record(cells).unwrap();
    }
    out.into_inner().unwrap()
}

fn as_json(table: &[Vec<String>], lines: bool) -> Vec<u8> {
    let layout = layout();
    let (names, rows) = table.split_first().unwrap();
    let one = |cells: &Vec<String>| {
        let mut row = serde_json::json!({"year_group": cells[0].parse::<i64>().unwrap(), "answers": {}});
        if !cells[1].is_empty() {
            row["row_key"] = cells[1].clone().into();
        }
        for (name, text) in names.iter().zip(cells).skip(2).filter(|(_, text)| !text.is_empty()) {
            row["answers"][name] = match layout.slots()[layout.find(name).unwrap()].kind() {
                crate::instruments::Kind::Single => text.clone().into(),
                crate::instruments::Kind::Multi => text.split('|').collect::<Vec<_>>().into(),
                crate::instruments::Kind::Text => continue,
            };
        }
        row
    };
    let rows: Vec<_> = rows.iter().map(one).collect();
    if lines {
        rows.iter().flat_map(|row| format!("{row}\n").into_bytes()).collect()
    } else {
        serde_json::json!({ "responses": rows }).to_string().into_bytes()
    }
}

#[test]
fn one_file_in_every_form_gives_the_same_rows() {
    let header = |row| {
        [
            (row, 0, Text("row_key")),
            (row, 1, Text(" year_group ")),
            (row, 2, Text("bullied_types")),
            (row, 3, Text("bullied")),
        ]
    };
    let mut cells: Vec<_> = header(1).into();
    cells.extend([
        (3, 0, Text("Café; \"3\"")),
        (3, 1, Number(8.0)),
        (3, 2, Text("hit | names")),
        (3, 3, Text("weekly")),
    ]);
    cells.extend([(4, 0, Number(17.0)), (4, 1, Text("10")), (4, 3, Formula("=A1", "not_at_all"))]);
    cells.push((9, 1, Number(5.0)));
    let book = read(Format::Xlsx, &workbook(&cells)).unwrap();
    assert_eq!((book.received, book.rejected, book.faults.len()), (3, 0, 0));
    let utf8 =
        "row_key;year_group;bullied_types;bullied\n\"Café; \"\"3\"\"\";8;hit|names;weekly\n17;10;;not_at_all\n;5;;\n";
    let (windows, _, _) = encoding_rs::WINDOWS_1252.encode(utf8);
    let mut forms = vec![utf8.as_bytes().to_vec(), format!("\u{feff}{utf8}").into_bytes(), windows.into_owned()];
    forms.push(utf8.replace('\n', "\r\n").into_bytes());
    forms.push(utf8.replace('\n', "\r").into_bytes());
    for body in forms {
        assert_eq!(read(CSV, &body).unwrap().rows, book.rows);
    }
    let table = table(&book.rows);
    assert_eq!(read(Format::Json, &as_json(&table, false)).unwrap().rows, book.rows);
    assert_eq!(read(Format::Ndjson, &as_json(&table, true)).unwrap().rows, book.rows);
}

#[test]
fn a_workbooks_faults_have_the_rows_that_excel_shows() {
    let mut cells = vec![(2, 0, Text("year_group")), (2, 1, Text("gender")), (2, 2, Text("row_key"))];
    cells.extend([(3, 0, Number(8.5)), (3, 1, Text("girl"))]);
    cells.extend([(5, 0, Text("x")), (5, 1, Text("Siân"))]);
    cells.extend([(6, 0, Day(45000.0)), (6, 2, Day(45000.0))]);
    cells.extend([(7, 0, Number(7.0)), (7, 1, Truth(true)), (7, 3, Text("more"))]);
    cells.extend([(8, 0, Number(7.0)), (8, 1, Truth(true))]);
    cells.extend([(9, 1, Text("girl"))]);
    let batch = read(Format::Xlsx, &workbook(&cells)).unwrap();
    assert_eq!(
        faults(&batch),
        [
            (4, "year_group", F::WrongType),
            (6, "year_group", F::WrongType),
            (7, "year_group", F::BadFormat),
            (7, "row_key", F::BadFormat),
            (8, "", F::WrongCellCount),
            (9, "gender", F::NotInList),
            (10, "year_group", F::Missing),
        ]
    );
    let told = |cells: &[(u32, u16, Put)]| told(read(Format::Xlsx, &workbook(cells))).unwrap_err();
    assert_eq!(told(&[]).0, Code::InvalidBody);
    let (code, faults) = told(&[(0, 0, Text("year_group")), (0, 1, Text("Siân")), (0, 3, Text("year_group"))]);
    let places: Vec<_> = faults.iter().map(|f| (f.column.as_deref().unwrap(), f.code)).collect();
    assert_eq!(code, Code::InvalidBody);
    assert_eq!(places, [("#2", F::UnknownColumn), ("#3", F::UnknownColumn), ("#4", F::Duplicate)]);
    // One row too long is one faulty row; too many rows are too many.
    let long: &'static str = Box::leak("k".repeat(301).into_boxed_str());
    let book =
        workbook(&[(0, 0, Text("year_group")), (0, 1, Text("row_key")), (1, 1, Text(long)), (2, 0, Number(7.0))]);
    let batch = read_in(Format::Xlsx, SMALL, &[&book]).unwrap();
    assert_eq!((super::faults(&batch), batch.rows.len()), (vec![(2, "", F::LineTooLong)], 1));
    let many: Vec<_> = (0..42).map(|row| (row, 0, if row == 0 { Text("year_group") } else { Number(7.0) })).collect();
    let limits = Limits { max_bytes: 1 << 20, ..SMALL };
    assert_eq!(read_in(Format::Xlsx, limits, &[&workbook(&many)]).unwrap_err().code, Code::PayloadTooLarge);
}

#[test]
fn what_is_no_workbook_is_told_so() {
    let good = workbook(&[(0, 0, Text("year_group")), (1, 0, Number(7.0))]);
    for body in
        [&b""[..], b"PK\x03\x04", b"year_group\n7\n", &good[..good.len() / 2], b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]
    {
        let (code, faults) = told(read(Format::Xlsx, body)).unwrap_err();
        assert_eq!((code, faults[0].code), (Code::MalformedBody, F::NotWorkbook));
    }
    // A document that is another one, and a sheet whose rows go backwards.
    assert_eq!(read(Format::Xlsx, &archive(&[("word/document.xml", b"<a/>")])).unwrap_err().code, Code::MalformedBody);
    let parts = |rows: &str| sheet(&format!("<sheetData>{rows}</sheetData>"));
    let row =
        |n: u32, at: &str| format!("<row r=\"{n}\"><c r=\"{at}\" t=\"inlineStr\"><is><t>year_group</t></is></c></row>");
    assert_eq!(read(Format::Xlsx, &parts(&row(1, "A1"))).unwrap().received, 0);
    let backwards = format!("{}{}", row(3, "A3"), row(2, "A2"));
    assert_eq!(read(Format::Xlsx, &parts(&backwards)).unwrap_err().code, Code::MalformedBody);
    // What a file says of its own size is not believed.
    let boast = parts(&row(1, "A1"));
    for count in ["18446744073709551615", "100000000000"] {
        let strings = format!("<sst count=\"{count}\" uniqueCount=\"{count}\"><si><t>x</t></si></sst>");
        let body = with_part(&boast, "xl/sharedStrings.xml", strings.as_bytes());
        assert_eq!(read(Format::Xlsx, &body).unwrap().received, 0);
    }
    let far = format!("{}{}", row(1, "A1"), row(1_048_576, "XFD1048576"));
    assert_eq!(faults(&read(Format::Xlsx, &parts(&far)).unwrap()), [(1_048_576, "", F::TooMany)]);
}

/// The same with one part more, which the workbook relates to.
fn with_part(book: &[u8], name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut from = zip::ZipArchive::new(std::io::Cursor::new(book)).unwrap();
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    for index in 0..from.len() {
        let mut part = from.by_index(index).unwrap();
        let mut held = String::new();
        part.read_to_string(&mut held).unwrap();
        let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings";
        let more = format!("<Relationship Id=\"r9\" Type=\"{kind}\" Target=\"sharedStrings.xml\"/></Relationships>");
        if part.name().unwrap().starts_with("xl/_rels/") {
            held = held.replace("</Relationships>", &more);
        }
        parts.push((part.name().unwrap().into_owned(), held.into_bytes()));
    }
    parts.push((name.to_owned(), bytes.to_vec()));
    archive(&parts.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect::<Vec<_>>())
}

/// A workbook of one sheet of this XML.
fn sheet(inner: &str) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let of = "http://schemas.openxmlformats.org/package/2006/relationships";
    archive(&[
        ("_rels/.rels", format!("<Relationships xmlns=\"{of}\"><Relationship Id=\"r1\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>").as_bytes()),
        ("xl/workbook.xml", format!("<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets><sheet name=\"A\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>").as_bytes()),
        ("xl/_rels/workbook.xml.rels", format!("<Relationships xmlns=\"{of}\"><Relationship Id=\"r1\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>").as_bytes()),
        ("xl/worksheets/sheet1.xml", format!("<worksheet xmlns=\"{main}\">{inner}</worksheet>").as_bytes()),
    ])
}

/// `facts/reliability.md` UPL-1: what unpacks to too much is refused before it is read, quickly.
#[test]
fn bombs_are_refused() {
    let nothing = vec![b' '; 120_000_000];
    let started = std::time::Instant::now();
    let one = archive(&[("xl/sharedStrings.xml", &nothing)]);
    assert!(one.len() < 200_000);
    let many: Vec<(String, &[u8])> = (0..1001).map(|n| (format!("part{n}"), &b"x"[..])).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    // Each part is no harm, all together are.
    let hundred: Vec<(String, &[u8])> = (0..100).map(|n| (format!("part{n}"), &nothing[..1_000_000])).collect();
    let hundred: Vec<(&str, &[u8])> = hundred.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    let made = started.elapsed();
    for body in [one, archive(&many), archive(&hundred)] {
        let started = std::time::Instant::now();
        assert_eq!(read(Format::Xlsx, &body).unwrap_err().code, Code::PayloadTooLarge, "{CAPS}");
        assert!(started.elapsed().as_secs() < 5, "{:?} after {made:?}", started.elapsed());
    }
}

fn any_row() -> impl Strategy<Value = PackedRow> {
    let slots = layout().slots().len();
    let picks = prop::collection::vec(any::<u64>(), slots);
    // A key that no spreadsheet takes for something else.
    (3_i64..12, picks, prop::option::of("[a-zA-Zŵé;,\"=+@-]{1,12}x")).prop_filter_map("fits", |(year, picks, key)| {
        let layout = layout();
        let year_group = YearGroup::new(year).ok()?;
        let band = layout.band(year_group)?;
        let mut answers: Vec<(Cow<'_, str>, crate::instruments::Answer<'_>)> = Vec::new();
        for (slot, pick) in layout.slots().iter().zip(&picks) {
            let options: Vec<&str> = slot.options().collect();
            let one = options[usize::try_from(*pick).unwrap_or(0) % options.len()];
            let answer = match slot.kind() {
                crate::instruments::Kind::Single => crate::instruments::Answer::One(one.into()),
                crate::instruments::Kind::Multi => crate::instruments::Answer::Many(vec![one.into()]),
                crate::instruments::Kind::Text => continue,
            };
            answers.push((slot.code().to_owned().into(), answer));
            // What can't be said after the others is not said.
            if pick % 3 == 0 || layout.pack(band, &answers).is_err() {
                answers.pop();
            }
        }
        let answers = layout.pack(band, &answers).ok()?;
        Some(PackedRow { year_group, answers, key: key.map(|key| crate::kernel::clean_text(&key).unwrap()) })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    /// What is written out is read in again, in every form.
    #[test]
    fn importing_what_was_exported_changes_nothing(rows in prop::collection::vec(any_row(), 0..20)) {
        let table = table(&rows);
        let mut bodies = vec![(Format::Xlsx, as_xlsx(&table)), (Format::Json, as_json(&table, false)), (Format::Ndjson, as_json(&table, true))];
        bodies.extend([b',', b';', b'\t'].map(|separator| (CSV, as_csv(&table, separator))));
        for (format, body) in bodies {
            let batch = read(format, &body).unwrap();
            prop_assert_eq!(&batch.faults, &vec![], "{:?}", format);
            prop_assert_eq!(&batch.rows, &rows, "{:?}", format);
        }
    }
}
