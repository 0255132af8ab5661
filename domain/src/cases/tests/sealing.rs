//! What is said with a case is sealed, each piece at its place.

use diesel::prelude::*;

use super::world::{World, call, caller, code, letter, mother, rules};
use crate::audit::{self, Object};
use crate::cases::*;
use crate::db::schema::{case_documents as d, case_people as p, case_tasks as t};
use crate::db::types::SealedBytes;
use crate::kernel::Code;

const CANARIES: [&str; 8] = [
    "Canarygiven",
    "Canaryfamily",
    "canary mother",
    "canary number",
    "canary remark",
    "canary task",
    "canary letter",
    "canary bytes",
];

fn found(bytes: &[u8], needle: &str) -> bool {
    memchr::memmem::find(bytes, needle.as_bytes()).is_some()
}

#[test]
fn the_files_of_the_database_hold_no_word_of_it() {
    use base64::Engine as _;
    let w = World::new();
    for id in [w.referral, w.warrn] {
        w.write(&caller(w.dsp), move |work, vault| {
            add_person(work, vault, id, mother())?;
            add_task(work, vault, id, &call(None))?;
            add_document(work, vault, &rules(), id, letter())
        })
        .unwrap();
        w.write(&caller(w.dsp), move |work, vault| {
            people(work, vault, id)?;
            tasks(work, vault, id)?;
            documents(work, vault, id).map(drop)
        })
        .unwrap();
    }
    let bytes = w.bytes();
    for canary in CANARIES {
        assert!(!found(&bytes, canary), "{canary}");
    }
    for engine in [base64::engine::general_purpose::STANDARD_NO_PAD, base64::engine::general_purpose::URL_SAFE_NO_PAD] {
        assert!(!found(&bytes, &engine.encode("canary bytes")));
    }
    // The control: what is not sealed is found.
    for plain in ["Example School", "person_added", "text/plain"] {
        assert!(found(&bytes, plain), "{plain}");
    }
}

#[test]
fn nothing_opens_in_another_place() {
    let w = World::new();
    let id = w.referral;
    w.write(&caller(w.dsp), move |work, vault| {
        for _ in 0..2 {
            add_person(work, vault, id, mother())?;
            add_task(work, vault, id, &call(None))?;
            add_document(work, vault, &rules(), id, letter())?;
        }
        Ok(())
    })
    .unwrap();
    let opens = |w: &World| {
        let read = |f: fn(&mut crate::db::Work<'_>, &crate::vault::Vault, crate::kernel::CaseId) -> bool| {
            w.write(&caller(w.dsp), move |work, vault| {
                let opened = f(work, vault, id);
                audit::record(work, "test.read", Object::all("request"), "");
                Ok(opened)
            })
            .unwrap()
        };
        [
            read(|work, vault, id| people(work, vault, id).is_ok()),
            read(|work, vault, id| tasks(work, vault, id).is_ok()),
            read(|work, vault, id| documents(work, vault, id).is_ok()),
        ]
    };
    assert_eq!(opens(&w), [true; 3]);
    // One person's, task's or document's seal in the row of another.
    w.system(|work, _| {
        let seals: Vec<SealedBytes> = p::table.select(p::details).load(work.conn())?;
        diesel::update(p::table).set(p::details.eq(seals.into_iter().next().unwrap())).execute(work.conn())?;
        let seals: Vec<SealedBytes> = t::table.select(t::what).load(work.conn())?;
        diesel::update(t::table).set(t::what.eq(seals.into_iter().next().unwrap())).execute(work.conn())?;
        let seals: Vec<SealedBytes> = d::table.select(d::name).load(work.conn())?;
        diesel::update(d::table).set(d::name.eq(seals.into_iter().next().unwrap())).execute(work.conn())?;
        audit::record(work, "test.swap", Object::all("request"), "");
        Ok(())
    });
    assert_eq!(opens(&w), [false; 3]);
}

#[test]
fn a_documents_bytes_open_at_their_own_row_and_column() {
    let w = World::new();
    let id = w.warrn;
    let (one, two) = w
        .write(&caller(w.dsp), move |work, vault| {
            let one = add_document(work, vault, &rules(), id, letter())?;
            Ok((one, add_document(work, vault, &rules(), id, letter())?))
        })
        .unwrap();
    let open = |document| w.write(&caller(w.dsp), move |work, vault| open_document(work, vault, id, document));
    open(one).unwrap();
    w.system(move |work, _| {
        let content: SealedBytes = d::table.find(two).select(d::content).first(work.conn())?;
        diesel::update(d::table.find(one)).set(d::content.eq(content)).execute(work.conn())?;
        audit::record(work, "test.swap", Object::all("request"), "");
        Ok(())
    });
    assert_eq!(code(open(one)), Code::Internal);
    open(two).unwrap();
}
