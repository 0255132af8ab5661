//! Documents by kind, size and number; what only looks like one.

use super::world::{World, caller, code, faults, letter, rules};
use crate::cases::*;
use crate::kernel::{CaseId, Code, DocumentId, FaultCode, Result};

const PDF: &str = "application/pdf";
const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const ODT: &str = "application/vnd.oasis.opendocument.text";
const JPEG: &str = "image/jpeg";
const PNG: &str = "image/png";
const TEXT: &str = "text/plain";

/// A ZIP archive's first local header (APPNOTE 4.3.7), for a stored entry of this name and content.
fn zip(name: &str, content: &[u8]) -> Vec<u8> {
    let mut bytes = b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0".to_vec();
    bytes.extend([0; 4]);
    for length in [content.len(), content.len()] {
        bytes.extend(u32::try_from(length).unwrap().to_le_bytes());
    }
    bytes.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
    bytes.extend([0; 2]);
    bytes.extend(name.as_bytes());
    bytes.extend(content);
    bytes
}

fn samples() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        (PDF, b"%PDF-1.7\n%%EOF".to_vec()),
        (DOCX, zip("[Content_Types].xml", b"<Types/>")),
        (ODT, zip("mimetype", ODT.as_bytes())),
        (JPEG, b"\xFF\xD8\xFF\xE0\0\x10JFIF".to_vec()),
        (PNG, b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR".to_vec()),
        (TEXT, "Llythyr o'r ysgol – gyda tô.".as_bytes().to_vec()),
    ]
}

fn add_with(w: &World, rules: DocumentRules, case: CaseId, new: NewDocument) -> Result<DocumentId> {
    w.write(&caller(w.dsp), move |work, vault| add_document(work, vault, &rules, case, new))
}

fn add(w: &World, name: &str, kind: &str, bytes: &[u8]) -> Result<DocumentId> {
    let new =
        NewDocument { name: name.to_owned(), media_type: kind.to_owned(), bytes: bytes.to_vec(), scan: Scan::Clean };
    add_with(w, rules(), w.referral, new)
}

fn open(w: &World, case: CaseId, id: DocumentId) -> Result<OpenedDocument> {
    w.write(&caller(w.psychologist), move |work, vault| open_document(work, vault, case, id))
}

fn list(w: &World, case: CaseId) -> Vec<Document> {
    w.write(&caller(w.psychologist), move |work, vault| documents(work, vault, case)).unwrap()
}

#[test]
fn every_kind_is_kept_and_comes_back_byte_for_byte() {
    let w = World::new();
    for case in [w.referral, w.warrn] {
        for (n, (kind, bytes)) in samples().into_iter().enumerate() {
            w.t.clock.advance_seconds(1);
            let (name, scan) = (format!("Adroddiad {n}"), if n % 2 == 0 { Scan::Clean } else { Scan::NotScanned });
            let new = NewDocument { name: name.clone(), media_type: kind.to_owned(), bytes: bytes.clone(), scan };
            let id = add_with(&w, rules(), case, new).unwrap();
            let back = open(&w, case, id).unwrap();
            assert!(back.bytes == bytes, "{kind}");
            let all = list(&w, case);
            let listed = all.last().unwrap();
            for there in [listed, &back.document] {
                assert_eq!((there.id, there.name.as_str(), there.media_type.as_str()), (id, name.as_str(), kind));
                assert_eq!((there.size, there.scan), (i64::try_from(bytes.len()).unwrap(), scan));
                assert_eq!(there.added_by, crate::kernel::Actor::Person(w.dsp));
            }
        }
        assert_eq!(list(&w, case).len(), samples().len());
    }
}

#[test]
fn bytes_of_one_kind_are_refused_as_another() {
    let w = World::new();
    for (real, bytes) in samples() {
        for (said, _) in samples() {
            // Text that begins as a PDF does is text as well as a PDF; what is said is what it is served as.
            let both = real == PDF && said == TEXT;
            let answer = add(&w, "a", said, &bytes);
            if real == said || both {
                answer.unwrap_or_else(|e| panic!("{real} as {said}: {e}"));
            } else {
                assert_eq!(faults(answer), [("/content".to_owned(), FaultCode::WrongType)], "{real} as {said}");
            }
        }
    }
}

#[test]
fn what_is_not_taken_is_refused_whatever_it_is_called() {
    let w = World::new();
    let page = b"<!DOCTYPE html><script>alert(1)</script>";
    let picture = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>";
    let kind = [("/media_type".to_owned(), FaultCode::NotInList)];
    for said in ["text/html", "image/svg+xml", "application/zip", "application/x-msdownload", "TEXT/PLAIN", ""] {
        assert_eq!(faults(add(&w, "a", said, page)), kind, "{said}");
    }
    let content = [("/content".to_owned(), FaultCode::WrongType)];
    for said in [PDF, DOCX, ODT, JPEG, PNG] {
        for bytes in [&page[..], picture, b"MZ\x90\0", b"\x7FELF"] {
            assert_eq!(faults(add(&w, "letter.pdf", said, bytes)), content, "{said}");
        }
    }
    // A page before or after a PDF's head is a PDF no more, or still one.
    assert_eq!(faults(add(&w, "a", PDF, b"<html>%PDF-1.7")), content);
    for bytes in [&b"\xFF\xFEh\0i\0"[..], b"a\0b", b"\xC3\x28"] {
        assert_eq!(faults(add(&w, "a", TEXT, bytes)), content, "no text in UTF-8 without NUL");
    }
    // HTML is text. It is kept as that; how it is served is the edge's business.
    for bytes in [&page[..], picture] {
        let id = add(&w, "a.html", TEXT, bytes).unwrap();
        let back = open(&w, w.referral, id).unwrap();
        assert_eq!(back.document.media_type, MediaType::Text);
    }
    let empty = NewDocument { name: " / ".to_owned(), bytes: Vec::new(), ..letter() };
    let told = faults(add_with(&w, rules(), w.referral, empty));
    assert_eq!(told, [("/name".to_owned(), FaultCode::Missing), ("/content".to_owned(), FaultCode::Missing)]);
}

#[test]
fn a_name_is_what_stands_after_the_last_slash() {
    let w = World::new();
    for (given, kept) in [
        ("llythyr.txt", "llythyr.txt"),
        ("C:\\Users\\school\\llythyr.txt", "llythyr.txt"),
        ("../../etc/passwd", "passwd"),
        (" llythyr \u{202E}txt.exe ", "llythyr \u{202E}txt.exe"),
    ] {
        let id = add(&w, given, TEXT, b"x").unwrap();
        assert_eq!(open(&w, w.referral, id).unwrap().document.name, kept);
    }
    let bad = |name: &str| faults(add(&w, name, TEXT, b"x"));
    assert_eq!(bad(&"x".repeat(201)), [("/name".to_owned(), FaultCode::TooLong)]);
    assert_eq!(bad("a\nb\0"), [("/name".to_owned(), FaultCode::BadCharacter)]);
    assert_eq!(bad("folder/"), [("/name".to_owned(), FaultCode::Missing)]);
}

#[test]
fn size_and_number_have_an_end() {
    let w = World::new();
    let small = DocumentRules { max_bytes: 10, max_documents: 2, ..rules() };
    let new = |n: usize| NewDocument { bytes: vec![b'x'; n], ..letter() };
    let too_long = [("/content".to_owned(), FaultCode::TooLong)];
    assert_eq!(faults(add_with(&w, small, w.referral, new(11))), too_long);
    add_with(&w, small, w.referral, new(10)).unwrap();
    add_with(&w, small, w.referral, new(1)).unwrap();
    let too_many = [(String::new(), FaultCode::TooMany)];
    assert_eq!(faults(add_with(&w, small, w.referral, new(1))), too_many);
    add_with(&w, small, w.warrn, new(1)).unwrap();
    let standard = rules();
    assert_eq!((standard.max_bytes, standard.max_documents, standard.scan_required), (5_000_000, 50, false));
    assert_eq!(faults(add_with(&w, standard, w.warrn, new(5_000_001))), too_long);
    let large = add_with(&w, standard, w.warrn, new(5_000_000)).unwrap();
    assert_eq!(open(&w, w.warrn, large).unwrap().bytes.len(), 5_000_000);
}

#[test]
fn where_a_scan_is_required_nothing_unscanned_is_kept() {
    let w = World::new();
    let strict = DocumentRules { scan_required: true, ..rules() };
    let unscanned = || NewDocument { scan: Scan::NotScanned, ..letter() };
    assert_eq!(code(add_with(&w, strict, w.referral, unscanned())), Code::Unavailable);
    add_with(&w, strict, w.referral, letter()).unwrap();
    add_with(&w, rules(), w.referral, unscanned()).unwrap();
}

#[test]
fn a_document_is_found_in_its_own_case_alone() {
    let w = World::new();
    let id = add_with(&w, rules(), w.referral, letter()).unwrap();
    assert_eq!(code(open(&w, w.warrn, id)), Code::NotFound);
    assert_eq!(code(open(&w, w.referral, DocumentId::from_uuid(w.referral.uuid()))), Code::NotFound);
    assert!(list(&w, w.warrn).is_empty());
    assert_eq!(open(&w, w.referral, id).unwrap().bytes, b"canary bytes");
}
