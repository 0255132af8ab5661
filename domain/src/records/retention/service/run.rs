//! The plan and the run: the run disposes of just what the plan lists.

use std::collections::BTreeSet;

use crate::access::Grant;
use crate::audit::{self, Object};
use crate::db::Work;
use crate::idempotency;
use crate::kernel::{CaseId, Code, Error, FaultCode, PupilId, Reference, Result, to_hex, uk_date};
use crate::pupils;
use crate::vault::Vault;

use super::super::model::{Certificate, Item, Plan, RecordClass, Review, Reviewed, Rule, Shredded, Standing};
use super::super::rules::{certify, dispose_after, is_done, standing};
use super::super::store::{self, Over};
use super::{manage, somebody, stepped_up};

/// How many things one plan lists and one run disposes of. A run is one transaction: it must end.
const MOST: i64 = 500;

/// The longest a review may keep something, in years (the product's own bound).
const LONGEST_KEEP: i64 = 25;

/// What is over, and how it stands. Changes nothing, opens nothing.
///
/// # Errors
/// A refusal of `access`.
pub fn plan(work: &mut Work<'_>) -> Result<Plan> {
    plan_some(work, MOST)
}

/// [`plan`], listing so many things at most.
///
/// # Errors
/// A refusal of `access`.
pub fn plan_some(work: &mut Work<'_>, most: i64) -> Result<Plan> {
    let pass = manage(work)?;
    let rules = store::rules(work, &pass)?;
    planned(work, &pass, &rules, most)
}

/// What is due comes first: what is held, open or not reviewed may fill a list, and must not keep anything from its end.
fn planned(work: &mut Work<'_>, pass: &Grant<()>, rules: &[Rule], most: i64) -> Result<Plan> {
    let today = uk_date(work.now());
    let mut rows = store::over(work, pass, today, rules, most.saturating_add(1))?;
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let more = rows.len() > most;
    rows.truncate(most);
    let holds = store::holds(work, pass, today)?;
    let held = |pupil: PupilId, case: CaseId| holds.iter().any(|(p, c)| *p == pupil && c.is_none_or(|c| c == case));
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(rule) = rules.iter().find(|r| r.class == row.class) else { continue };
        let done = is_done(row.closed_at.is_some(), row.updated_at, today);
        let standing =
            standing(held(row.pupil, row.case), done, rule.end, row.review.map(|r| (r, row.confirmed_by.is_some())));
        items.push(item(&row, rule, standing)?);
    }
    let children = whole_children(work, pass, &items, &holds)?;
    Ok(Plan { on: today, items, children, more })
}

fn item(row: &Over, rule: &Rule, standing: Standing) -> Result<Item> {
    let reference =
        Reference::parse(&row.reference).map_err(|_| Error::internal("a stored reference can't be read"))?;
    Ok(Item {
        case: row.case,
        reference,
        school: row.school,
        pupil: row.pupil,
        class: row.class,
        dispose_after: row.dispose_after,
        rule: rule.version,
        standing,
        waits: standing == Standing::Review && row.review == Some(Review::Destroy),
    })
}

/// Children of whom no case is left once what is due is gone, and who are not held.
fn whole_children(
    work: &mut Work<'_>,
    pass: &Grant<()>,
    items: &[Item],
    holds: &[(PupilId, Option<CaseId>)],
) -> Result<Vec<PupilId>> {
    let going: BTreeSet<CaseId> = items
        .iter()
        .filter(|i| i.standing == Standing::Due && i.class != RecordClass::Documents)
        .map(|i| i.case)
        .collect();
    let pupils: BTreeSet<PupilId> = items.iter().filter(|i| going.contains(&i.case)).map(|i| i.pupil).collect();
    let pupils: Vec<PupilId> = pupils.into_iter().collect();
    let live = store::live_cases(work, pass, &pupils)?;
    let stays = |pupil: &PupilId| {
        live.iter().any(|(p, case)| p == pupil && !going.contains(case)) || holds.iter().any(|(p, _)| p == pupil)
    };
    Ok(pupils.into_iter().filter(|p| !stays(p)).collect())
}

/// Decides about something whose rule asks for a review: it is kept for so many years more, or may go. Nothing a review
/// lets go goes by one person's word (`OWASP ASVS` 5.0 2.3.5): whoever says so first is followed by a second, who says
/// the same, each with a second factor proved just now. Until the second
/// agrees, anybody who may review can keep it after all.
///
/// # Errors
/// [`Code::NotFound`] when there is nothing to review; a fault for a keeping of no or too many years;
/// [`Code::StepUpRequired`]; [`Code::Forbidden`] when who said so first says it again.
pub fn review(work: &mut Work<'_>, case: CaseId, class: RecordClass, keep_years: Option<i64>) -> Result<Reviewed> {
    let pass = manage(work)?;
    let by = somebody(work)?;
    if keep_years.is_none() {
        stepped_up(work)?;
    }
    let rules = store::rules(work, &pass)?;
    let plan = planned(work, &pass, &rules, MOST)?;
    let found = plan.items.iter().find(|i| i.case == case && i.class == class);
    let item = found.filter(|i| i.standing == Standing::Review).ok_or(Code::NotFound)?;
    let object = Object::one("case", case.uuid()).at(item.school);
    if item.waits && keep_years.is_none() {
        if store::reviewer(work, &pass, case, class)? == Some(by) {
            return Err(Code::Forbidden.into());
        }
        if !store::confirm_review(work, &pass, case, class, by)? {
            return Err(Code::StateConflict.into());
        }
        audit::record(work, "retention.confirm", object, format!("{class} {}", Review::Destroy));
        return Ok(Reviewed::Goes);
    }
    let (review, day) = match keep_years {
        Some(years @ 1..=LONGEST_KEEP) => (Review::Keep, dispose_after(plan.on, years)),
        Some(_) => return Err(Error::fault("/keep_years", FaultCode::OutOfRange)),
        None => (Review::Destroy, None),
    };
    if !store::set_review(work, &pass, case, class, review, day, by)? {
        return Err(Code::NotFound.into());
    }
    audit::record(work, "retention.review", object, format!("{class} {review}"));
    Ok(if review == Review::Keep { Reviewed::Kept } else { Reviewed::Waits })
}

/// Disposes of what the plan lists as due, and gives the certificate; nothing when nothing is due.
///
/// A child of whom no case is left is shredded: the key everything was sealed under is destroyed. Of a single case the
/// sealed columns are emptied and the rows around it go. Either way the envelope is reduced to the tally.
///
/// # Errors
/// A refusal of `access`.
pub fn run(work: &mut Work<'_>, vault: &Vault) -> Result<Option<Certificate>> {
    run_some(work, vault, MOST)
}

/// [`run`], disposing of so many things at most.
///
/// # Errors
/// A refusal of `access`.
pub fn run_some(work: &mut Work<'_>, vault: &Vault, most: i64) -> Result<Option<Certificate>> {
    let pass = manage(work)?;
    // Kept answers to repeated requests may hold what a caller was shown; they are kept for two days.
    idempotency::forget_expired(work)?;
    let rules = store::rules(work, &pass)?;
    let (plan, locked) = planned_and_locked(work, &pass, &rules, most)?;
    let due: Vec<&Item> = plan.due().filter(|i| locked.contains(&i.pupil)).collect();
    if due.is_empty() {
        audit::record(work, "retention.run", Object::all("case"), "nothing due");
        return Ok(None);
    }
    let number = store::next_number(work, &pass)?;
    let made_at = work.now();
    let shredded = plan.children.iter().filter(|pupil| locked.contains(pupil)).count();
    let (body, digest) = certify(number, made_at, &due, &rules, shredded)?;
    let detail = format!("certificate {number} sha256 {}", to_hex(&digest));
    let certificate = Certificate { number, made_at, body, digest };
    store::keep_certificate(work, &pass, &certificate)?;
    for item in &due {
        let object = Object::one("case", item.case.uuid()).at(item.school);
        let what = if item.class == RecordClass::Documents { Shredded::Documents } else { Shredded::Case };
        erase(work, vault, &pass, what, item.case.uuid(), item.class, number)?;
        audit::record(work, "retention.dispose", object, format!("{} certificate {number}", item.class));
    }
    for pupil in plan.children.iter().filter(|pupil| locked.contains(pupil)) {
        let class = due.iter().find(|i| i.pupil == *pupil).map_or(RecordClass::Referral, |i| i.class);
        erase(work, vault, &pass, Shredded::Pupil, pupil.uuid(), class, number)?;
        let object = Object::one("pupil", pupil.uuid());
        audit::record(work, "retention.shred", object, format!("certificate {number}"));
    }
    audit::record(work, "retention.run", Object::all("case"), detail);
    Ok(Some(certificate))
}

/// The plan once the children it would touch are locked, and who they are. A record, a case or a hold that another
/// transaction was adding is there by then; what became due only meanwhile waits for the next run.
fn planned_and_locked(
    work: &mut Work<'_>,
    pass: &Grant<()>,
    rules: &[Rule],
    most: i64,
) -> Result<(Plan, BTreeSet<PupilId>)> {
    let children: BTreeSet<PupilId> = planned(work, pass, rules, most)?.due().map(|i| i.pupil).collect();
    let children: Vec<PupilId> = children.into_iter().collect();
    let locked = pupils::lock(work, &children)?.into_iter().collect();
    Ok((planned(work, pass, rules, most)?, locked))
}

#[expect(clippy::too_many_arguments, reason = "each is one thing the step needs, used once")]
fn erase(
    work: &mut Work<'_>,
    vault: &Vault,
    pass: &Grant<()>,
    what: Shredded,
    id: uuid::Uuid,
    class: RecordClass,
    certificate: i64,
) -> Result<()> {
    match what {
        Shredded::Documents => store::erase_documents(work, pass, CaseId::from_uuid(id), certificate),
        Shredded::Case => store::erase_case(work, pass, CaseId::from_uuid(id), class, certificate),
        Shredded::Pupil => {
            let pupil = PupilId::from_uuid(id);
            if let Some(key) = store::key_of(work, pass, pupil)? {
                vault.destroy_child_key(work, key)?;
            }
            store::erase_pupil(work, pass, pupil, class, certificate)
        }
    }
}

/// Disposes once more of what a tombstone names: a backup from before may have brought it back. What the backup does not
/// hold at all is left with its tombstone.
///
/// # Errors
/// When the database refuses it.
#[expect(clippy::too_many_arguments, reason = "each is one thing the step needs, used once")]
pub(in crate::records) fn erase_again(
    work: &mut Work<'_>,
    vault: &Vault,
    pass: &Grant<()>,
    what: Shredded,
    id: uuid::Uuid,
    class: RecordClass,
    certificate: i64,
) -> Result<()> {
    erase(work, vault, pass, what, id, class, certificate)?;
    let kind = if what == Shredded::Pupil { "pupil" } else { "case" };
    audit::record(work, "retention.replay", Object::one(kind, id), format!("certificate {certificate}"));
    Ok(())
}

/// Every certificate, the newest first.
///
/// # Errors
/// A refusal of `access`.
pub fn certificates(work: &mut Work<'_>) -> Result<Vec<Certificate>> {
    let pass = manage(work)?;
    store::certificates(work, &pass)
}

/// One certificate.
///
/// # Errors
/// A refusal of `access`; [`Code::NotFound`].
pub fn certificate(work: &mut Work<'_>, number: i64) -> Result<Certificate> {
    let found = certificates(work)?.into_iter().find(|c| c.number == number);
    found.ok_or_else(|| Code::NotFound.into())
}
