//! Taking a request in, deciding on its pieces, releasing, giving.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use crate::access::{self, Action, Facts, Grant};
use crate::audit::{self, Object, Reading};
use crate::cases::Case;
use crate::db::Work;
use crate::directory::{schools, services};
use crate::kernel::{
    Actor, BundleId, Code, DocumentId, Error, FaultCode, Faults, PersonId, PieceId, PupilId, Reference, Result,
    SubjectAccessId, Upn, uk_date,
};
use crate::pupils;
use crate::records::retention::manage;
use crate::records::sealed::SEALED;
use crate::vault::{ChildKey, Place, Sealed, Vault};

use super::model::{
    AskedBy, Bundle, CasePart, Decision, Format, Given, GivenDocument, NewRequest, Piece, Reader, Reason, Rendered,
    Request, State,
};
use super::{rules, store};

/// How many requests a list shows.
const LISTED: i64 = 200;

/// Of how many requests the bundles end at a time.
const ENDED: i64 = 50;

const DAY_SECONDS: i64 = 24 * 60 * 60;

/// Where a piece is sealed.
pub(super) const fn piece_place(id: PieceId) -> Place {
    Place { table: "subject_access_pieces", column: "content", row: id.uuid() }
}

const fn bundle_place(id: BundleId) -> Place {
    Place { table: "subject_access_bundles", column: "content", row: id.uuid() }
}

/// The grant to open what a request found.
pub(super) fn opened(work: &mut Work<'_>, id: SubjectAccessId) -> Result<Grant<SubjectAccessId>> {
    access::grant(work, Action::OpenSubjectAccess, id, &Facts::default())
}

/// The person who asks: what is decided here is decided by somebody.
pub(super) fn somebody(work: &Work<'_>) -> Result<PersonId> {
    match work.caller().actor {
        Actor::Person(person) => Ok(person),
        Actor::Client(_) | Actor::System | Actor::Anonymous => Err(Code::Forbidden.into()),
    }
}

const fn object(id: SubjectAccessId) -> Object {
    Object::one("subject_access", id.uuid())
}

/// Whether the caller may open what a request found.
///
/// # Errors
/// A refusal of `access`.
pub fn permit(work: &mut Work<'_>, id: SubjectAccessId) -> Result<()> {
    opened(work, id).map(|_| ())
}

/// Takes a request in. Its clock begins on the day it was received, not on the day it is entered.
///
/// # Errors
/// [`Code::InvalidBody`] with every fault; a refusal of `access`.
pub fn open(work: &mut Work<'_>, vault: &Vault, new: &NewRequest) -> Result<Request> {
    let pass = access::grant(work, Action::HandleSubjectAccess, (), &Facts::default())?;
    let by = somebody(work)?;
    let today = uk_date(work.now());
    let mut faults = Faults::default();
    let asked_by = faults.keep("/asked_by", new.asked_by.parse::<AskedBy>());
    if new.received_on > today {
        faults.add("/received_on", FaultCode::InFuture);
    }
    let pupil = child(work, vault, &pass, new, &mut faults)?;
    faults.finish()?;
    let (Some(asked_by), Some(pupil)) = (asked_by, pupil) else {
        return Err(Error::internal("a request without a fault was not sound"));
    };
    let request = Request {
        id: SubjectAccessId::from_uuid(work.new_id()),
        reference: Reference::random(work.chance()),
        pupil,
        asked_by,
        received_on: new.received_on,
        due_on: rules::due_on(new.received_on),
        state: State::Open,
        opened_by: by,
        opened_at: work.now(),
        finished_at: None,
        pieces: 0,
        undecided: 0,
        version: 1,
    };
    store::insert(work, &pass, &request)?;
    audit::record(work, "subject_access.open", object(request.id), asked_by.as_str());
    Ok(request)
}

/// The child a request names, by number or by the reference of a case, and locked: a disposal under way ends first, and
/// whom it took is not found; one that begins later sees the request.
fn child(
    work: &mut Work<'_>,
    vault: &Vault,
    pass: &Grant<()>,
    new: &NewRequest,
    faults: &mut Faults,
) -> Result<Option<PupilId>> {
    let Some(pupil) = named(work, vault, pass, new, faults)? else { return Ok(None) };
    pupils::lock(work, &[pupil])?;
    named(work, vault, pass, new, faults)
}

fn named(
    work: &mut Work<'_>,
    vault: &Vault,
    pass: &Grant<()>,
    new: &NewRequest,
    faults: &mut Faults,
) -> Result<Option<PupilId>> {
    let (pointer, found) = match (&new.upn, &new.reference) {
        (Some(upn), _) => match Upn::parse(upn) {
            Ok(upn) => ("/upn", pupils::find(work, vault, pass, &upn)?),
            Err(code) => {
                faults.add("/upn", code);
                return Ok(None);
            }
        },
        (None, Some(reference)) => match Reference::parse(reference) {
            Ok(reference) => ("/reference", store::child_of(work, pass, &reference)?),
            Err(code) => {
                faults.add("/reference", code);
                return Ok(None);
            }
        },
        (None, None) => {
            faults.add("/upn", FaultCode::Missing);
            return Ok(None);
        }
    };
    if found.is_none() {
        faults.add(pointer, FaultCode::NotFound);
    }
    Ok(found)
}

/// The newest requests, without anything they found.
///
/// # Errors
/// A refusal of `access`.
pub fn list(work: &mut Work<'_>) -> Result<Vec<Request>> {
    let pass = access::grant(work, Action::HandleSubjectAccess, (), &Facts::default())?;
    store::list(work, &pass, LISTED)
}

/// One request, without anything it found.
///
/// # Errors
/// A refusal of `access`; [`Code::NotFound`].
pub fn request(work: &mut Work<'_>, id: SubjectAccessId) -> Result<Request> {
    let pass = access::grant(work, Action::HandleSubjectAccess, id, &Facts::default())?;
    store::find(work, &pass)
}

/// Closes a request nobody asks for any more.
///
/// # Errors
/// A refusal of `access`; [`Code::StateConflict`] when it is finished.
pub fn withdraw(work: &mut Work<'_>, id: SubjectAccessId) -> Result<()> {
    let pass = access::grant(work, Action::HandleSubjectAccess, id, &Facts::default())?;
    let by = somebody(work)?;
    let state = store::find(work, &pass)?.state;
    if !matches!(state, State::Open | State::Gathered) {
        return Err(Code::StateConflict.into());
    }
    store::advance(work, &pass, state, State::Withdrawn, by)?;
    audit::record(work, "subject_access.withdraw", object(id), "");
    Ok(())
}

/// Every piece, opened; on record at the request and at every case, so it belongs in a write.
///
/// # Errors
/// A refusal of `access`.
pub fn pieces(work: &mut Work<'_>, vault: &Vault, id: SubjectAccessId) -> Result<Vec<Piece>> {
    let pass = opened(work, id)?;
    let request = store::find(work, &pass)?;
    if request.pieces == 0 {
        audit::read(work, Reading::AccessNothing, object(id), "");
        return Ok(Vec::new());
    }
    let key = pupils::key(work, vault, request.pupil)?;
    let all = open_pieces(work, vault, &pass, &key)?;
    audit::read(work, Reading::AccessRequest, object(id), "");
    note_cases(work, &pass, Reading::AccessPieces)?;
    Ok(all)
}

/// Puts a reading on record at every case the request was gathered from, so that it is among those who have seen the case.
fn note_cases(work: &mut Work<'_>, pass: &Grant<SubjectAccessId>, reading: Reading) -> Result<()> {
    for (case, kind, school) in store::cases_gathered(work, pass)? {
        audit::read(work, reading, Object::one(kind.as_str(), case.uuid()).at(school), pass.basis());
    }
    Ok(())
}

fn open_pieces(
    work: &mut Work<'_>,
    vault: &Vault,
    pass: &Grant<SubjectAccessId>,
    key: &ChildKey,
) -> Result<Vec<Piece>> {
    let stored = store::pieces(work, pass)?;
    let open = |s: store::StoredPiece| {
        let content = vault.open(pass, key, piece_place(s.id), &Sealed::from_stored(s.content))?;
        let decision = s.decision.map(|d| (d, s.reason));
        Ok(Piece { id: s.id, number: s.number, marked: s.marked, content, decision })
    };
    stored.into_iter().map(open).collect()
}

/// Decides on a piece. A decision may be changed until the release.
///
/// # Errors
/// A fault for a redaction without a reason or a keeping with one; [`Code::StateConflict`] when nothing waits for
/// decisions; [`Code::NotFound`] when there is no such piece.
pub fn decide(
    work: &mut Work<'_>,
    id: SubjectAccessId,
    number: i64,
    decision: &str,
    reason: Option<&str>,
) -> Result<()> {
    let pass = opened(work, id)?;
    let by = somebody(work)?;
    let mut faults = Faults::default();
    let decision = faults.keep("/decision", decision.parse::<Decision>());
    let reason = reason.map(|r| faults.keep("/reason", r.parse::<Reason>()));
    match (decision, &reason) {
        (Some(Decision::Redact), None) => faults.add("/reason", FaultCode::Missing),
        (Some(Decision::Keep), Some(Some(_))) => faults.add("/reason", FaultCode::NotInList),
        _ => {}
    }
    faults.finish()?;
    let decision = decision.ok_or_else(|| Error::internal("a decision without a fault was not sound"))?;
    if store::find(work, &pass)?.state != State::Gathered {
        return Err(Code::StateConflict.into());
    }
    let reason = reason.flatten();
    if !store::decide(work, &pass, number, decision, reason, by)? {
        return Err(Code::NotFound.into());
    }
    let why = reason.map_or("", Reason::as_str);
    audit::record(work, "subject_access.decide", object(id), format!("{number} {decision} {why}"));
    Ok(())
}

/// Makes the bundle, once every piece is decided, and seals it under the child's key. `render` makes the files.
///
/// # Errors
/// [`Code::StateConflict`] while a piece waits for a decision, and when it was released before.
pub fn release(
    work: &mut Work<'_>,
    vault: &Vault,
    id: SubjectAccessId,
    render: impl FnOnce(&Bundle) -> Result<Rendered>,
) -> Result<()> {
    let pass = opened(work, id)?;
    let by = somebody(work)?;
    let request = store::find(work, &pass)?;
    if request.state != State::Gathered || request.undecided > 0 {
        return Err(Code::StateConflict.into());
    }
    let key = pupils::key(work, vault, request.pupil)?;
    let bundle = assemble(work, vault, &pass, &key, &request)?;
    let Rendered { json, html, pdf } = render(&bundle)?;
    for (format, bytes) in [(Format::Json, json), (Format::Html, html), (Format::Pdf, pdf)] {
        let bundle = BundleId::from_uuid(work.new_id());
        let size = i64::try_from(bytes.len()).map_err(Error::internal)?;
        let sealed = vault.seal(&key, bundle_place(bundle), &STANDARD_NO_PAD.encode(bytes), work.chance())?;
        store::add_bundle(work, &pass, bundle, format, sealed, size)?;
    }
    store::advance(work, &pass, State::Gathered, State::Released, by)?;
    audit::record(work, "subject_access.release", object(id), format!("{} pieces", request.pieces));
    Ok(())
}

/// A file of the bundle; on record before its bytes leave, at the request and at every case, so it belongs in a write.
///
/// # Errors
/// A refusal of `access`; [`Code::NotFound`] when it was not released, or the bundle has ended.
pub fn download(work: &mut Work<'_>, vault: &Vault, id: SubjectAccessId, format: Format) -> Result<Vec<u8>> {
    let pass = opened(work, id)?;
    let request = store::find(work, &pass)?;
    let (bundle, sealed) = store::bundle(work, &pass, format)?;
    let key = pupils::key(work, vault, request.pupil)?;
    let text = vault.open(&pass, &key, bundle_place(bundle), &sealed)?;
    audit::record(work, "subject_access.download", object(id), format.as_str());
    note_cases(work, &pass, Reading::AccessBundle)?;
    STANDARD_NO_PAD.decode(text).map_err(Error::internal)
}

/// The requests released more than so many days ago whose bundle has not ended: the next few.
fn over(work: &mut Work<'_>, pass: &Grant<()>, days: i64) -> Result<Vec<SubjectAccessId>> {
    let before = work.now().plus_seconds(-days.saturating_mul(DAY_SECONDS));
    store::over(work, pass, before, ENDED)
}

/// Whether a bundle is over: released more than so many days ago.
///
/// # Errors
/// A refusal of `access`.
pub fn is_any_bundle_over(work: &mut Work<'_>, days: i64) -> Result<bool> {
    let pass = manage(work)?;
    Ok(!over(work, &pass, days)?.is_empty())
}

/// Ends bundles that are over, a few at a time: whoever asked has theirs, and what is in it is not kept a second time for
/// longer than the records it was made of. Says of how many requests.
///
/// # Errors
/// [`Code::Forbidden`] for anybody but the service itself.
pub fn end_bundles(work: &mut Work<'_>, days: i64) -> Result<usize> {
    if work.caller().actor != Actor::System {
        return Err(Code::Forbidden.into());
    }
    let pass = manage(work)?;
    let over = over(work, &pass, days)?;
    for id in &over {
        store::end_bundle(work, &pass, *id)?;
        audit::record(work, "subject_access.end_bundle", object(*id), format!("{days} days"));
    }
    if over.is_empty() {
        // Another worker was quicker. A write needs its entry all the same.
        audit::record(work, "subject_access.end_bundle", Object::all("subject_access"), "nothing over");
    }
    Ok(over.len())
}

/// Puts together what is given: who the child is, each case with its pieces and documents, and who has read them.
fn assemble(
    work: &mut Work<'_>,
    vault: &Vault,
    pass: &Grant<SubjectAccessId>,
    key: &ChildKey,
    request: &Request,
) -> Result<Bundle> {
    let child = pupils::identity(work, vault, pass, request.pupil)?;
    let pieces = open_pieces(work, vault, pass, key)?;
    let cases = store::cases_of(work, pass, request.pupil)?;
    let mut things: Vec<uuid::Uuid> = cases.iter().map(|c| c.id.uuid()).collect();
    things.push(request.pupil.uuid());
    let mut parts = Vec::with_capacity(cases.len());
    for case in &cases {
        parts.push(part(work, vault, pass, key, case, &pieces)?);
    }
    let readers = readers(work, pass, &things)?;
    let (reference, received_on) = (request.reference.clone(), request.received_on);
    Ok(Bundle { reference, received_on, released_on: uk_date(work.now()), child, cases: parts, readers })
}

/// One case as it is given.
fn part(
    work: &mut Work<'_>,
    vault: &Vault,
    pass: &Grant<SubjectAccessId>,
    key: &ChildKey,
    case: &Case,
    pieces: &[Piece],
) -> Result<CasePart> {
    let (mut given, mut documents) = (Vec::new(), Vec::new());
    for piece in pieces.iter().filter(|p| p.content.case == case.id) {
        let (source, field) = (piece.content.source.clone(), piece.content.field.clone());
        let Some((Decision::Keep, _)) = piece.decision else {
            let why = piece.decision.and_then(|(_, reason)| reason).unwrap_or(Reason::Other);
            given.push(Given { source, field, text: None, redacted: Some(why) });
            continue;
        };
        let text = piece.content.text.clone();
        if let Some(id) = piece.content.document {
            documents.push(document(work, vault, pass, key, case, id, text.clone())?);
        }
        given.push(Given { source, field, text: Some(text), redacted: None });
    }
    let service = match case.service {
        Some(id) => Some(services::by_id(work, id)?.name),
        None => None,
    };
    Ok(CasePart {
        reference: case.reference.clone(),
        kind: case.kind.as_str().to_owned(),
        school: schools::by_id(work, case.school)?,
        service,
        opened_on: uk_date(case.opened_at),
        closed_on: case.closed.as_ref().map(|(at, _)| uk_date(*at)),
        given,
        documents,
    })
}

/// A document's bytes. They are sealed as base64 text (`cases`).
#[expect(clippy::too_many_arguments, reason = "each is one thing the step needs, used once")]
fn document(
    work: &mut Work<'_>,
    vault: &Vault,
    pass: &Grant<SubjectAccessId>,
    key: &ChildKey,
    case: &Case,
    id: DocumentId,
    name: String,
) -> Result<GivenDocument> {
    let column = SEALED.iter().find(|c| (c.table, c.column) == ("case_documents", "content"));
    let column = column.ok_or_else(|| Error::internal("documents are not in the list of sealed columns"))?;
    let found = store::sealed(work, pass, *column, case.id)?.into_iter().find(|f| f.row == id.uuid());
    // It was there when it was gathered; documents are never taken away but by disposal.
    let found = found.ok_or(Code::NotFound)?;
    let sealed: Sealed<String> = Sealed::from_stored(found.sealed);
    let text = vault.open(pass, key, column.place(case.kind, found.row), &sealed)?;
    let bytes = STANDARD_NO_PAD.decode(text).map_err(Error::internal)?;
    let media_type = store::media_type(work, pass, id)?;
    Ok(GivenDocument { name, media_type, bytes })
}

/// Who has read the child's records, each once a day and deed, as roles.
fn readers(work: &mut Work<'_>, pass: &Grant<SubjectAccessId>, things: &[uuid::Uuid]) -> Result<Vec<Reader>> {
    let mut roles: BTreeMap<(&'static str, Option<uuid::Uuid>), String> = BTreeMap::new();
    let mut all = std::collections::BTreeSet::new();
    for (at, actor, action) in store::readings(work, pass, things)? {
        let key = (actor.kind(), actor.uuid());
        let role = if let Some(known) = roles.get(&key) {
            known.clone()
        } else {
            let standing = access::standing_of(work, actor)?;
            let role = standing.memberships.first().map_or_else(|| actor.kind().to_owned(), |m| m.role.to_string());
            roles.insert(key, role.clone());
            role
        };
        all.insert(Reader { on: uk_date(at), action, role });
    }
    Ok(all.into_iter().collect())
}
