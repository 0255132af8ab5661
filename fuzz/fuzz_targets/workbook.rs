//! XLSX: the bytes as they are, and as the parts of an archive, which a fuzzer would hardly get past the checksums of.
#![no_main]

use std::io::{Cursor, Write as _};

use dolen_domain::surveys::responses::Format;
use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 6] = [
    "xl/worksheets/sheet1.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "_rels/.rels",
];

/// The parts that a workbook needs, each unless the fuzzer wrote its own.
const GOOD: [&str; 6] = [
    "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row><row r=\"2\"><c r=\"A2\"><v>7</v></c></row></sheetData></worksheet>",
    "<sst><si><t>year_group</t></si></sst>",
    "<styleSheet><cellXfs><xf numFmtId=\"14\"/></cellXfs></styleSheet>",
    "<workbook xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"A\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>",
    "<Relationships><Relationship Id=\"r1\" Type=\"a/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"a/sharedStrings\" Target=\"sharedStrings.xml\"/><Relationship Id=\"r3\" Type=\"a/styles\" Target=\"/xl/styles.xml\"/></Relationships>",
    "<Relationships><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>",
];

fuzz_target!(|data: &[u8]| {
    let _ = dolen_fuzz::check(Format::Xlsx, data);
    // The first byte says which parts the fuzzer wrote; `~` ends one.
    let Some((own, rest)) = data.split_first() else { return };
    let mut parts = rest.split(|b| *b == b'~');
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (i, (name, good)) in NAMES.iter().zip(GOOD).enumerate() {
        let part = if own >> i & 1 == 1 { parts.next() } else { None };
        out.start_file(*name, stored).unwrap();
        out.write_all(part.unwrap_or(good.as_bytes())).unwrap();
    }
    let rows = dolen_fuzz::check(Format::Xlsx, &out.finish().unwrap().into_inner());
    // The control: what the fuzzer's parts stand among is a workbook.
    assert!(*own & 63 != 0 || rows == Some(1));
});
