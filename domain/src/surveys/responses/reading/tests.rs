mod workbooks;

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::instruments::Definition;
use crate::surveys::responses::Charset;
use FaultCode as F;

/// Small, so that a test reaches it.
const SMALL: Limits = Limits { max_rows: 40, max_line: 300, max_bytes: 8000 };

const CSV: Format = Format::Csv(None);

pub(super) fn layout() -> Layout {
    static LAYOUT: LazyLock<Layout> = LazyLock::new(|| {
        let text = include_str!("../../../instruments/builtin/bullying-v1.json");
        Layout::of(&serde_json::from_str::<Definition>(text).unwrap()).unwrap()
    });
    LAYOUT.clone()
}

pub(super) fn read_in(format: Format, limits: Limits, chunks: &[&[u8]]) -> Result<Batch> {
    let mut reader = Reader::new(format, layout(), limits);
    for chunk in chunks {
        reader.feed(chunk)?;
    }
    reader.finish()
}

pub(super) fn read(format: Format, body: &[u8]) -> Result<Batch> {
    read_in(format, Limits::default(), &[body])
}

/// An outcome that can be compared.
fn told(outcome: Result<Batch>) -> Result<Batch, (Code, Vec<Fault>)> {
    outcome.map_err(|e| (e.code, e.faults))
}

/// The faults as row, column, code.
pub(super) fn faults(batch: &Batch) -> Vec<(u64, &str, FaultCode)> {
    batch.faults.iter().map(|f| (f.row.unwrap(), f.column.as_deref().unwrap_or(""), f.code)).collect()
}

/// The faults of one line of NDJSON.
fn line(line: &[u8]) -> Vec<(u64, String, FaultCode)> {
    let batch = read(Format::Ndjson, line).unwrap();
    assert_eq!((batch.received, batch.rejected), (1, u64::from(!batch.faults.is_empty())));
    faults(&batch).into_iter().map(|(row, column, code)| (row, column.to_owned(), code)).collect()
}

const ROW: &str = r#"{"year_group":7,"row_key":"a-1","answers":{"bullied":"weekly","bullied_types":["hit","names"]}}"#;

#[test]
fn the_same_rows_come_out_of_all_three_forms() {
    let lines = format!("{ROW}\n\n  \r\n{}\r\n", r#"{"answers":{"gender":"girl"},"year_group":5}"#);
    let json = format!(
        "\u{feff} {{ \"responses\" : [ {ROW} ,\n{{\"year_group\":5,\"answers\":{{\"gender\":\"girl\"}}}} ] }} \n"
    );
    let expected = read(Format::Ndjson, lines.as_bytes()).unwrap();
    assert_eq!((expected.received, expected.rejected, expected.rows.len()), (2, 0, 2));
    assert_eq!(expected.rows[0].key.as_deref(), Some("a-1"));
    assert_eq!(expected.digest, <[u8; 32]>::from(Sha256::digest(&lines)));
    let mut others = vec![read(Format::Json, json.as_bytes()).unwrap()];
    for separator in [",", ";", "\t"] {
        let table =
            "year_group,row_key,gender,bullied_types,bullied\r\n7,\"a-1\",,hit | names,weekly\r\n,,,,\n\n5,,girl,,\n";
        others.push(read(CSV, table.replace(',', separator).as_bytes()).unwrap());
    }
    let unquoted = "\u{feff}bullied_types,year_group,row_key,bullied,gender\rhit|names,7,a-1,weekly,\r,5,,,girl";
    others.push(read(CSV, unquoted.as_bytes()).unwrap());
    for other in others {
        assert_eq!((other.rows, other.faults, other.received), (expected.rows.clone(), vec![], 2));
    }
}

#[test]
fn each_slip_of_a_row_has_its_code() {
    let cases: &[(&str, &[(&str, FaultCode)])] = &[
        ("{", &[("", F::BadFormat)]),
        ("7 8", &[("", F::BadFormat)]),
        (r#"{"year_group":7,"answers":{}} x"#, &[("", F::BadFormat)]),
        (r#"{"year_group":7,"answers":{},}"#, &[("", F::BadFormat)]),
        (r#"{"year_group":1e400,"answers":{}}"#, &[("", F::BadFormat)]),
        (r#"{"year_group":7,"answers":{"gender":"\ud800"}}"#, &[("", F::BadFormat)]),
        (r#"{"year_group":7,"answers":{"gender":"\udc00\ud800"}}"#, &[("", F::BadFormat)]),
        ("{\"year_group\":7,\"answers\":{\"gender\":\"gi\0rl\"}}", &[("", F::BadCharacter)]),
        (r#"{"year_group":7,"answers":{"gender":"gi\u0000rl"}}"#, &[("gender", F::NotInList)]),
        (r#"{"year_group":7,"answers":{},"row_key":"a\u0000"}"#, &[("row_key", F::BadCharacter)]),
        ("null", &[("", F::WrongType)]),
        ("[7]", &[("", F::WrongType)]),
        ("{}", &[("answers", F::Missing), ("year_group", F::Missing)]),
        (r#"{"year_group":"7","answers":[]}"#, &[("answers", F::WrongType), ("year_group", F::WrongType)]),
        (r#"{"year_group":7.0,"answers":{}}"#, &[("year_group", F::WrongType)]),
        (r#"{"year_group":12,"answers":{}}"#, &[("year_group", F::OutOfRange)]),
        (r#"{"year_group":-1,"answers":{}}"#, &[("year_group", F::OutOfRange)]),
        (r#"{"year_group":18446744073709551615,"answers":{}}"#, &[("year_group", F::OutOfRange)]),
        (r#"{"year_group":7,"year_group":7,"answers":{}}"#, &[("year_group", F::Duplicate)]),
        (r#"{"year_group":7,"answers":{"gender":"girl","gender":"boy"}}"#, &[("gender", F::Duplicate)]),
        (r#"{"year_group":7,"answers":{},"Siân":1}"#, &[("", F::UnknownField)]),
        (r#"{"year_group":7,"answers":{"Siân":"girl"}}"#, &[("answers", F::UnknownField)]),
        (r#"{"year_group":7,"answers":{"gender":null}}"#, &[("gender", F::WrongType)]),
        (r#"{"year_group":7,"answers":{"gender":["girl"]}}"#, &[("gender", F::WrongType)]),
        (
            r#"{"year_group":7,"answers":{"bullied":"weekly","bullied_types":["hit",1]}}"#,
            &[("bullied_types", F::WrongType)],
        ),
        (r#"{"year_group":7,"answers":{"gender":"Girl"}}"#, &[("gender", F::NotInList)]),
        (r#"{"year_group":4,"answers":{"learned":"yes"}}"#, &[("learned", F::WrongBand)]),
        (r#"{"year_group":7,"answers":{"told":"yes"}}"#, &[("told", F::NotAnswerable)]),
        (r#"{"year_group":7,"answers":{},"row_key":" "}"#, &[("row_key", F::Missing)]),
        (r#"{"year_group":7,"answers":{},"row_key":null}"#, &[("row_key", F::WrongType)]),
        (r#"{"year_group":7,"answers":{},"row_key":"aé"}"#, &[]),
    ];
    for (text, expected) in cases {
        let expected: Vec<_> = expected.iter().map(|(column, code)| (1, (*column).to_owned(), *code)).collect();
        assert_eq!(line(text.as_bytes()), expected, "{text}");
        // As an element of a list it is the same, where it can stand in one at all.
        if !matches!(*text, "{") {
            let json = read(Format::Json, format!("{{\"responses\":[{text}]}}").as_bytes()).unwrap();
            let found: Vec<_> = faults(&json).into_iter().map(|(r, c, code)| (r, c.to_owned(), code)).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
    assert_eq!(line(b"{\"year_group\":7,\"answers\":{\"gender\":\"\xff\"}}"), [(1, String::new(), F::BadEncoding)]);
    let key = format!(r#"{{"year_group":7,"answers":{{}},"row_key":"{}"}}"#, "k".repeat(129));
    assert_eq!(line(key.as_bytes()), [(1, "row_key".to_owned(), F::TooLong)]);
}

#[test]
fn rows_are_numbered_as_their_sender_sees_them() {
    let lines = format!("\n{ROW}\n\nbad\n{ROW}\nbad");
    let batch = read(Format::Ndjson, lines.as_bytes()).unwrap();
    assert_eq!(faults(&batch), [(2, "", F::BadFormat), (4, "", F::BadFormat)]);
    assert_eq!((batch.received, batch.rejected, batch.fault_count, batch.rows.len()), (4, 2, 2, 2));
    // A table's rows have the numbers that a spreadsheet gives them: header, blank lines and all.
    let table = "\r\nyear_group,gender\r\n7,girl\n\n,,\nx,girl\n7,\"a\nb\"\n7\n";
    for end in ["\n", "\r", "\r\n"] {
        let table = table.replace("\r\n", "\n").replace('\n', end);
        let batch = read(CSV, table.as_bytes()).unwrap();
        assert_eq!(
            faults(&batch),
            [(6, "year_group", F::WrongType), (7, "gender", F::NotInList), (8, "", F::WrongCellCount)],
            "{end:?}"
        );
    }
    let blank_first = " \r\n\n\r\nyear_group\nx\n";
    assert_eq!(faults(&read(CSV, blank_first.as_bytes()).unwrap()), [(5, "year_group", F::WrongType)]);
}

#[test]
fn faults_are_all_counted_and_a_thousand_kept() {
    let batch = read(Format::Ndjson, "{}\n".repeat(1200).as_bytes()).unwrap();
    assert_eq!((batch.faults.len(), batch.fault_count, batch.rejected), (1000, 2400, 1200));
}

#[test]
fn headers_are_read_strictly() {
    let told = |body: &str| {
        let error = read(CSV, body.as_bytes()).unwrap_err();
        let faults: Vec<_> = error.faults.into_iter().map(|f| (f.column.unwrap_or_default(), f.code)).collect();
        (error.code, faults)
    };
    let at = |column: &str, code| (column.to_owned(), code);
    let bad = Code::InvalidBody;
    assert_eq!(told(""), (bad, vec![at("year_group", F::Missing)]));
    assert_eq!(told("gender\ngirl\n"), (bad, vec![at("year_group", F::Missing)]));
    assert_eq!(told("year_group,Siân Jones,gender\n"), (bad, vec![at("#2", F::UnknownColumn)]));
    assert_eq!(
        told("year_group,gender,year_group,gender\n"),
        (bad, vec![at("#3", F::Duplicate), at("#4", F::Duplicate)])
    );
    assert_eq!(told(&"x".repeat(20_000)), (bad, vec![at("", F::LineTooLong)]));
}

#[test]
fn a_fault_says_what_to_do() {
    let table = |body: &str| read(CSV, format!("year_group,bullied,bullied_types\n{body}").as_bytes()).unwrap();
    // The codes that this year group may answer with.
    let allowed = |body: &str| table(body).faults[0].allowed.join(" ");
    assert_eq!(
        allowed("7,often,\n"),
        "not_at_all once_or_twice two_or_three_a_month weekly several_a_week prefer_not_to_say"
    );
    let (young, old) = (allowed("4,weekly,hits\n"), allowed("9,weekly,hits\n"));
    assert_eq!(old, young.replace("threatened", "threatened sexual"), "each band has its own");
    // Nothing is listed for what is no answer's fault, or where the year group is not known.
    for body in ["7,weekly,\nx,often,\n", "7,,hit|hit\n", "7,not_at_all,hit\n"] {
        assert!(table(body).faults.iter().all(|f| f.allowed.is_empty()), "{body}");
    }
    for separator in [",", ";", "/"] {
        let body = format!("7,weekly,\"hit{separator}names\"\n");
        assert_eq!(faults(&table(&body)), [(2, "bullied_types", F::WrongSeparator)], "{separator}");
    }
    for cells in ["7\n", "7,weekly\n", "7,weekly,hit,\n", "7,weekly,hit,names\n"] {
        assert_eq!(faults(&table(cells)), [(2, "", F::WrongCellCount)], "{cells}");
    }
    // A mark that is not closed takes the rows after it with it, whatever column it stands in.
    for open in ["7,\"weekly,hit\n8,weekly,hit\n", "7,weekly,\"hit\n", "7,weekly,hit\"\n7,\"a\n"] {
        assert!(faults(&table(open)).iter().any(|f| f.2 == F::UnclosedQuote), "{open}");
    }
    assert_eq!(table("7,weekly,\"hit|names\"\n8,weekly,\n").rejected, 0);
    let keys = "year_group,row_key\n7,\"a\n8,b\n";
    assert_eq!(faults(&read(CSV, keys.as_bytes()).unwrap()), [(2, "", F::UnclosedQuote)], "no row is lost unseen");
    // One that stands alone in a key is a part of it.
    assert_eq!(read(CSV, b"year_group,row_key\n7,5\" a\n").unwrap().rejected, 0);
}

#[test]
fn a_first_line_may_say_the_separator() {
    let plain = read(CSV, b"year_group;bullied\n7;weekly\n8;often\n").unwrap();
    for end in ["\n", "\r", "\r\n"] {
        for (mark, separator) in [("", ";"), ("\u{feff}", ","), ("", "\t")] {
            let table = "year_group;bullied\n7;weekly\n8;often\n".replace(';', separator);
            let table = format!("{mark}sep={separator}\n{table}").replace('\n', end);
            let batch = read(CSV, table.as_bytes()).unwrap();
            // A spreadsheet doesn't count the line either.
            assert_eq!((&batch.rows, &batch.faults), (&plain.rows, &plain.faults), "{separator:?} {end:?}");
        }
    }
    // What is said holds, whatever the header has most of.
    assert_eq!(read(CSV, b"SEP=,\nyear_group\n7\n").unwrap().rows.len(), 1);
    let other = "sep=;\nyear_group,bullied,gender\n7,weekly,girl\n";
    assert_eq!(read(CSV, other.as_bytes()).unwrap_err().code, Code::InvalidBody);
    for none in ["sep=|\nyear_group\n7\n", "sep=\nyear_group\n7\n", "sep=;\nsep=;\nyear_group\n7\n", "sep=;"] {
        assert_eq!(read(CSV, none.as_bytes()).unwrap_err().code, Code::InvalidBody, "{none}");
    }
}

#[test]
fn what_a_spreadsheet_saves_is_read() {
    // Windows-1252: é is one byte, which UTF-8 is not; a quoted field holds separator, quote and line break.
    let mut body = b"year_group;row_key;gender\n7;\"Caf\xe9; \"\"3\"\"\r\nb\";girl\n".to_vec();
    let batch = read(CSV, &body).unwrap();
    assert_eq!(batch.rows[0].key.as_deref(), Some("Café; \"3\"\r\nb"));
    body.extend(b"8;\xff\xfe;\0\n");
    assert_eq!(faults(&read(CSV, &body).unwrap()), [(3, "gender", F::BadCharacter)]);
    // Said to be one of the two, it is read as that.
    let said = |charset, body: &[u8]| read(Format::Csv(Some(charset)), body).unwrap();
    let one = "year_group,row_key\n7,é\n".as_bytes();
    assert_eq!(said(Charset::Utf8, one).rows[0].key.as_deref(), Some("é"));
    assert_eq!(said(Charset::Windows1252, one).rows[0].key.as_deref(), Some("Ã©"));
    assert_eq!(faults(&said(Charset::Utf8, b"year_group,row_key\n7,\xe9\n")), [(2, "row_key", F::BadEncoding)]);
    for format in [Format::Ndjson, CSV, Format::Json] {
        let error = read(format, b"\xff\xfey\0e\0a\0r\0").unwrap_err();
        assert_eq!((error.code, error.faults[0].code), (Code::MalformedBody, F::BadEncoding));
    }
}

#[test]
fn bodies_that_are_no_list_of_responses_are_refused() {
    type Case = (&'static str, Code, &'static [(&'static str, FaultCode)]);
    let cases: &[Case] = &[
        ("", Code::MalformedBody, &[]),
        ("[]", Code::MalformedBody, &[]),
        ("{", Code::MalformedBody, &[]),
        ("{}", Code::InvalidBody, &[("/responses", F::Missing)]),
        (r#"{"responses":{}}"#, Code::InvalidBody, &[("/responses", F::WrongType)]),
        (r#"{"response":[]}"#, Code::InvalidBody, &[("", F::UnknownField)]),
        (r#"{"responses!":[]}"#, Code::InvalidBody, &[("", F::UnknownField)]),
        (r#"{"responses":[],"more":1}"#, Code::InvalidBody, &[("", F::UnknownField)]),
        (r#"{"responses":[]} x"#, Code::MalformedBody, &[]),
        (r#"{"responses":[]"#, Code::MalformedBody, &[]),
        (r#"{"responses":[{}"#, Code::MalformedBody, &[]),
        (r#"{"responses":[{},]}"#, Code::MalformedBody, &[]),
        (r#"{"responses":[,]}"#, Code::MalformedBody, &[]),
        (r#"{"responses":[}"#, Code::MalformedBody, &[]),
        (r#"{"responses":["]}"#, Code::MalformedBody, &[]),
        (r#"{"responses" []}"#, Code::MalformedBody, &[]),
    ];
    for (body, code, expected) in cases {
        let error = read(Format::Json, body.as_bytes()).unwrap_err();
        let found: Vec<_> = error.faults.iter().map(|f| (f.pointer.as_str(), f.code)).collect();
        assert_eq!((error.code, found.as_slice()), (*code, *expected), "{body}");
    }
    assert_eq!(read(Format::Json, br#"{"responses":[]}"#).unwrap().received, 0);
}

#[test]
fn nesting_is_refused_by_depth_and_length_by_the_limit() {
    let wide = Limits { max_line: 1 << 20, ..Limits::default() };
    for open in ["[", "{\"a\":"] {
        let deep = open.repeat(100_000);
        let batch = read_in(Format::Ndjson, wide, &[deep.as_bytes()]).unwrap();
        assert_eq!(faults(&batch), [(1, "", F::BadFormat)]);
        let close = if open == "[" { "]" } else { "}" }.repeat(100_000);
        let json = format!("{{\"responses\":[{deep}{close},{ROW}]}}");
        let batch = read_in(Format::Json, wide, &[json.as_bytes()]).unwrap();
        assert_eq!((faults(&batch), batch.rows.len()), (vec![(1, "", F::BadFormat)], 1));
    }
    let long = format!(r#"{{"year_group":7,"row_key":"{}","answers":{{}}}}"#, "k".repeat(20_000));
    let lines = read(Format::Ndjson, format!("{long}\n{ROW}\n").as_bytes()).unwrap();
    let list = read(Format::Json, format!("{{\"responses\":[{long},{ROW}]}}").as_bytes()).unwrap();
    let table = format!("year_group,row_key\n7,{}\n7,a\n", "k".repeat(20_000));
    for (batch, row) in [(lines, 1), (list, 1), (read(CSV, table.as_bytes()).unwrap(), 2)] {
        assert_eq!((faults(&batch), batch.rows.len()), (vec![(row, "", F::LineTooLong)], 1));
    }
    // Exactly the limit is let through, with either line end.
    for end in ["", "\n", "\r\n"] {
        let exact = Limits { max_line: ROW.len(), ..SMALL };
        assert_eq!(read_in(Format::Ndjson, exact, &[format!("{ROW}{end}").as_bytes()]).unwrap().rejected, 0);
        let less = Limits { max_line: ROW.len() - 1, ..SMALL };
        assert_eq!(read_in(Format::Ndjson, less, &[format!("{ROW}{end}").as_bytes()]).unwrap().rejected, 1);
    }
    // A quote that never ends takes no more than its row's room.
    let open = format!("year_group,row_key\n7,a\n7,\"{}", "k".repeat(100_000));
    let batch = read(CSV, open.as_bytes()).unwrap();
    assert_eq!((faults(&batch), batch.rows.len()), (vec![(3, "", F::UnclosedQuote)], 1));
}

#[test]
fn too_many_rows_or_bytes_end_the_reading() {
    let rows = |n: usize| format!("{ROW}\n").repeat(n);
    let few = Limits { max_rows: 3, ..Limits::default() };
    assert_eq!(read_in(Format::Ndjson, few, &[rows(3).as_bytes()]).unwrap().received, 3);
    assert_eq!(read_in(Format::Ndjson, few, &[rows(4).as_bytes()]).unwrap_err().code, Code::PayloadTooLarge);
    let exact = rows(5);
    let bytes = Limits { max_bytes: u64::try_from(exact.len()).unwrap(), ..Limits::default() };
    assert!(read_in(Format::Ndjson, bytes, &[exact.as_bytes()]).is_ok());
    let mut reader = Reader::new(Format::Ndjson, layout(), bytes);
    reader.feed(exact.as_bytes()).unwrap();
    assert_eq!(reader.feed(b"\n").unwrap_err().code, Code::PayloadTooLarge);
    assert_eq!(reader.feed(b"\n").unwrap_err().code, Code::MalformedBody, "a failed reader stays failed");
    assert!(reader.finish().is_err());
}

/// Bodies with everything in them that a boundary could fall into.
fn corpus() -> Vec<(Format, Vec<u8>)> {
    let long = "k".repeat(301);
    let mut bodies: Vec<(Format, Vec<u8>)> = Vec::new();
    for mark in ["", "\u{feff}"] {
        let lines = format!(
            "{mark}{ROW}\r\n\n{{\"year_group\":7,\"answers\":{{\"gender\":\"\\u0067irl\"}},\"row_key\":\"ŵ\\\"\\\\\"}}\n{long}\r\nx\0\n{}\n{ROW}",
            " ".repeat(320)
        );
        bodies.push((Format::Ndjson, lines.into_bytes()));
        let list = format!(
            "{mark} {{\"responses\": [ {ROW} , {{\"row_key\":\"]}},\\\"ŵ\\\\\"}},[[[[]]]],\"{long}\",{ROW}\n]\t}} "
        );
        bodies.push((Format::Json, list.into_bytes()));
        let table = format!(
            "{mark}\r\nyear_group;row_key;bullied;bullied_types\r\n7;\"ŵ;\"\"\r\n\";weekly;hit|names\r\n;;;\r\n7;{long};;\n9\n8;b;weekly;hit"
        );
        bodies.push((CSV, table.into_bytes()));
    }
    bodies.push((CSV, b"year_group,Bad\n7,girl\n".to_vec()));
    bodies.push((CSV, b"sep=;\r\nyear_group;gender\r\n7;girl\r\n8;\"boy\r\n9;girl\r\n".to_vec()));
    bodies.push((CSV, b"year_group\r7\r\r\n8\r".to_vec()));
    bodies.push((Format::Json, b"{\"responses\":[{},}".to_vec()));
    bodies.push((Format::Ndjson, format!("{ROW}\n").repeat(41).into_bytes()));
    bodies.push((Format::Ndjson, vec![b'\n'; 8001]));
    for format in Format::ALL {
        bodies
            .extend([b"".as_slice(), b"\xef", b"\xef\xbb", b"\xef\xbb\xbf", b"\xff\xfe"].map(|b| (format, b.to_vec())));
    }
    bodies
}

#[test]
fn every_boundary_gives_the_same_batch() {
    for (format, body) in corpus() {
        let whole = told(read_in(format, SMALL, &[&body]));
        for at in (0..=body.len()).step_by(if body.len() > 2000 { 97 } else { 1 }) {
            let (a, b) = body.split_at(at);
            assert_eq!(told(read_in(format, SMALL, &[a, b"", b])), whole, "{format:?} cut at {at}");
        }
        let bytes: Vec<&[u8]> = body.chunks(1).collect();
        assert_eq!(told(read_in(format, SMALL, &bytes)), whole, "{format:?} byte by byte");
    }
}

proptest! {
    /// Any body, spoiled anywhere and cut anyhow, gives what it gives in one piece, and never a panic.
    #[test]
    fn any_cutting_of_any_body_gives_the_same(
        which in any::<prop::sample::Index>(),
        spoils in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
    ) {
        let corpus = corpus();
        let (format, mut body) = which.get(&corpus).clone();
        for (at, byte) in spoils {
            if !body.is_empty() {
                let at = at.index(body.len());
                body[at] = byte;
            }
        }
        let mut places: Vec<usize> = cuts.iter().map(|c| c.index(body.len() + 1)).collect();
        places.sort_unstable();
        let mut chunks = Vec::new();
        let mut from = 0;
        for place in places.into_iter().chain([body.len()]) {
            chunks.push(&body[from..place]);
            from = place;
        }
        prop_assert_eq!(told(read_in(format, SMALL, &chunks)), told(read_in(format, SMALL, &[&body])));
    }
}
