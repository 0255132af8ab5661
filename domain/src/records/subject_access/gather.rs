//! Finding everything that is sealed of a child, and taking it apart.

use serde_json::Value;

use crate::access::Grant;
use crate::audit::{self, Object, Reading};
use crate::cases::Case;
use crate::db::Work;
use crate::kernel::{Code, DocumentId, PieceId, Result, SubjectAccessId};
use crate::pupils;
use crate::records::sealed::SEALED;
use crate::vault::{ChildKey, Sealed, Vault};

use super::model::{PieceContent, State};
use super::service::{opened, piece_place, somebody};
use super::{rules, store};

/// Something found, before it is a numbered piece.
struct Part {
    content: PieceContent,
    /// Whether it is about one of the people around the child as such.
    of_a_person: bool,
}

/// Gathers everything held of the child into pieces that wait for decisions. The reading is on record at every case.
///
/// # Errors
/// A refusal of `access`; [`Code::StateConflict`] when it was gathered before.
pub fn gather(work: &mut Work<'_>, vault: &Vault, id: SubjectAccessId) -> Result<()> {
    let pass = opened(work, id)?;
    let by = somebody(work)?;
    let request = store::find(work, &pass)?;
    if request.state != State::Open {
        return Err(Code::StateConflict.into());
    }
    let key = pupils::key(work, vault, request.pupil)?;
    let mut parts = Vec::new();
    for case in store::cases_of(work, &pass, request.pupil)? {
        parts.extend(of_case(work, vault, &pass, &key, &case)?);
        let object = Object::one(case.kind.as_str(), case.id.uuid()).at(case.school);
        audit::read(work, Reading::AccessGathered, object, pass.basis());
    }
    let people = parts.iter().filter(|part| part.of_a_person && part.content.field == "name");
    let names = rules::name_words(people.map(|part| part.content.text.as_str()));
    for (number, part) in (1_i64..).zip(&parts) {
        let piece = PieceId::from_uuid(work.new_id());
        let marked = part.of_a_person || rules::names_any(&part.content.text, &names);
        let sealed = vault.seal(&key, piece_place(piece), &part.content, work.chance())?;
        store::add_piece(work, &pass, (piece, number), part.content.case, marked, sealed)?;
    }
    store::advance(work, &pass, State::Open, State::Gathered, by)?;
    let object = Object::one("subject_access", id.uuid());
    audit::record(work, "subject_access.gather", object, format!("{} pieces", parts.len()));
    Ok(())
}

/// What is sealed in a case. A document is one piece, by its name; its bytes are opened when it is given.
fn of_case(
    work: &mut Work<'_>,
    vault: &Vault,
    pass: &Grant<SubjectAccessId>,
    key: &ChildKey,
    case: &Case,
) -> Result<Vec<Part>> {
    let mut parts = Vec::new();
    let bytes = ("case_documents", "content");
    for column in SEALED.iter().filter(|c| c.is_of_cases() && (c.table, c.column) != bytes) {
        for found in store::sealed(work, pass, *column, case.id)? {
            let sealed: Sealed<Value> = Sealed::from_stored(found.sealed);
            let value = vault.open(pass, key, column.place(case.kind, found.row), &sealed)?;
            let document = (column.table == "case_documents").then(|| DocumentId::from_uuid(found.row));
            for (field, text) in rules::leaves(&value) {
                let source = column.table.to_owned();
                let content = PieceContent { case: case.id, source, field, text, document };
                parts.push(Part { content, of_a_person: column.table == "case_people" });
            }
        }
    }
    Ok(parts)
}
