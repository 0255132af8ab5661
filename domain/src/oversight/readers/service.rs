//! Who has seen a record, and who has seen anything about a child.

use crate::access::{self, Action, Facts, Grant};
use crate::audit::{self, Object, Reading};
use crate::cases::{self, CaseKind, OfCase};
use crate::db::Work;
use crate::identity;
use crate::kernel::{
    Actor, CaseId, Code, Error, Page, PageRequest, PersonId, PupilId, Reference, ReferralId, Result, WarrnId,
};

use super::model::Seen;
use super::rules;
use super::store::{self, Row};

/// Who has seen a referral, newest first; on record, so it belongs in a write.
///
/// # Errors
/// A refusal of [`Action::ReadReferralReaders`].
pub fn of_referral(work: &mut Work<'_>, id: ReferralId, request: PageRequest) -> Result<Page<Seen>> {
    of_case(work, id.case(), CaseKind::Referral, Action::ReadReferralReaders, request)
}

/// Who has seen a WARRN record, newest first; on record, so it belongs in a write.
///
/// # Errors
/// A refusal of [`Action::ReadWarrnReaders`].
pub fn of_warrn(work: &mut Work<'_>, id: WarrnId, request: PageRequest) -> Result<Page<Seen>> {
    of_case(work, id.case(), CaseKind::Warrn, Action::ReadWarrnReaders, request)
}

fn of_case(
    work: &mut Work<'_>,
    id: CaseId,
    kind: CaseKind,
    action: Action,
    request: PageRequest,
) -> Result<Page<Seen>> {
    // One of another kind has no facts here, like one that is not there.
    let facts = cases::facts(work, id)?.filter(|(found, _)| *found == kind).map(|(_, facts)| facts);
    let known = facts.as_ref().and_then(|f| f.school);
    let pass = access::grant(work, action, id, &facts.unwrap_or_default())?;
    let school = known.ok_or_else(|| Error::new(Code::NotFound))?;
    let page = store::page(work, &pass, &[id.uuid()], request)?;
    let records = store::record(work, &pass, id)?;
    let reading = match kind {
        CaseKind::Referral => Reading::ReferralReaders,
        CaseKind::Warrn => Reading::WarrnReaders,
    };
    let object = Object::one(kind.as_str(), id.uuid()).at(school);
    audit::read(work, reading, object, pass.basis());
    seen(work, &pass, page, &records)
}

/// Who has seen anything about a child, newest first; on record, so it belongs in a write.
///
/// # Errors
/// A refusal of [`Action::ReadChildReaders`].
pub fn of_pupil(work: &mut Work<'_>, id: PupilId, request: PageRequest) -> Result<Page<Seen>> {
    let pass = access::grant(work, Action::ReadChildReaders, id, &Facts::default())?;
    if !store::is_pupil(work, id)? {
        return Err(Error::new(Code::NotFound));
    }
    let records = store::records_of(work, &pass)?;
    let mut ids: Vec<uuid::Uuid> = records.iter().map(|(id, ..)| id.uuid()).collect();
    ids.push(id.uuid());
    let page = store::page(work, &pass, &ids, request)?;
    audit::read(work, Reading::ChildReaders, Object::one("pupil", id.uuid()), pass.basis());
    seen(work, &pass, page, &records)
}

fn seen<T>(
    work: &mut Work<'_>,
    pass: &Grant<T>,
    page: Page<Row>,
    records: &[(CaseId, CaseKind, String)],
) -> Result<Page<Seen>> {
    let actor = work.caller().actor;
    let people = if rules::watches_over(pass.basis()) {
        let mut ids: Vec<PersonId> = page.items.iter().filter_map(person).collect();
        ids.sort_unstable();
        ids.dedup();
        identity::people_by_ids(work, &ids)?
    } else {
        Vec::new()
    };
    Ok(page.map(|row| {
        let who = Actor::from_stored(&row.actor_kind, row.actor_id.map(crate::db::types::Uid::uuid));
        let of = records.iter().find(|(id, ..)| row.object_id.is_some_and(|o| o.uuid() == id.uuid()));
        let of = of.and_then(|(_, kind, stored)| Some((*kind, Reference::parse(stored).ok()?)));
        let name = person(&row).and_then(|id| people.iter().find(|p| p.id == id)).map(|p| p.name.clone());
        Seen {
            seq: row.seq,
            at: row.at,
            of,
            part: rules::part(&row.action, &row.detail),
            basis: rules::basis(&row.detail),
            own: who == Some(actor),
            by_client: matches!(who, Some(Actor::Client(_))),
            name,
        }
    }))
}

/// The person of an entry, if it is one's.
fn person(row: &Row) -> Option<PersonId> {
    row.actor_id.filter(|_| row.actor_kind == "person").map(|id| PersonId::from_uuid(id.uuid()))
}
