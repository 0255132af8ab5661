//! Adding a factor, proving it, losing it.

use crate::access::{self, Action, Facts};
use crate::audit::{self, Object};
use crate::db::Work;
use crate::identity::{NewSession, Opening, SignInRules, invitations, memberships, people, sessions};
use crate::kernel::{Actor, Code, FactorId, PersonId, Result, SessionId, Utc};
use crate::vault::{Place, Vault};

use super::model::{Enrolled, Enrolment, FactorStanding};
use super::rules::{self, TotpSecret, Typed};
use super::store::{self, Row};

fn place(id: FactorId) -> Place {
    Place { table: "factors", column: "secret", row: id.uuid() }
}

/// The person who acts.
fn own(work: &Work<'_>) -> Result<PersonId> {
    match work.caller().actor {
        Actor::Person(person) => Ok(person),
        _ => Err(Code::SignInRequired.into()),
    }
}

fn secret_of(vault: &Vault, row: &Row) -> Result<TotpSecret> {
    Ok(TotpSecret::from_bytes(&vault.open_own(place(row.id), &row.secret.0)?))
}

/// Opens a session for someone whose password was right, with a code when they have a factor.
///
/// # Errors
/// As [`sessions::open_session`]; [`Code::SecondFactorRequired`] without a code where there is a factor;
/// [`Code::SecondFactorWrong`], which the caller counts with [`sessions::note_failure_of`].
pub fn open_session_with(
    work: &mut Work<'_>,
    vault: &Vault,
    person: PersonId,
    code: Option<&str>,
    device: String,
    rules: &SignInRules,
) -> Result<NewSession> {
    sessions::admit(work, person)?;
    let Some(factor) = store::confirmed_for_update(work, person)? else {
        return sessions::open_session_as(work, person, rules, &Opening { second_factor: false, device });
    };
    let code = code.filter(|c| !c.trim().is_empty()).ok_or(Code::SecondFactorRequired)?;
    prove(work, vault, person, &factor, code)?;
    sessions::open_session_as(work, person, rules, &Opening { second_factor: true, device })
}

/// Proves the second factor again in the caller's session, which gets a new id and token.
///
/// # Errors
/// [`Code::SecondFactorEnrolmentRequired`] without a factor; [`Code::SecondFactorWrong`], which the caller counts with
/// [`sessions::note_failure_of`]; [`Code::AccountLocked`].
pub fn step_up(work: &mut Work<'_>, vault: &Vault, session: SessionId, code: &str) -> Result<NewSession> {
    let person = own(work)?;
    sessions::admit(work, person)?;
    let factor = store::confirmed_for_update(work, person)?.ok_or(Code::SecondFactorEnrolmentRequired)?;
    prove(work, vault, person, &factor, code)?;
    people::store::set_attempts(work, person, 0, None)?;
    sessions::renew_session(work, session, true)
}

/// Takes a code of the app or a recovery code, once.
fn prove(work: &mut Work<'_>, vault: &Vault, person: PersonId, factor: &Row, text: &str) -> Result<()> {
    let taken = match rules::typed(text) {
        Typed::Code(code) => {
            let secret = secret_of(vault, factor)?;
            match rules::matching_step(&secret, &code, work.now(), factor.last_step) {
                Some(step) => store::use_step(work, factor.id, step)?,
                None => false,
            }
        }
        Typed::Recovery(code) => {
            let unused = store::unused_codes(work, person)?;
            match rules::same_digest(&unused, &rules::recovery_digest(person, &code)) {
                Some(digest) => {
                    let used = store::use_code(work, person, digest)?;
                    let detail = format!("left {}", unused.len().saturating_sub(1));
                    audit::record(work, "factor.recovery_used", Object::one("person", person.uuid()), detail);
                    used
                }
                None => false,
            }
        }
        Typed::Neither => false,
    };
    if taken { Ok(()) } else { Err(Code::SecondFactorWrong.into()) }
}

/// Begins a new factor for the caller. Who has one already must have proved it just now, or a session left open would be
/// enough to replace it.
///
/// # Errors
/// [`Code::StepUpRequired`].
pub fn begin_enrolment(work: &mut Work<'_>, vault: &Vault) -> Result<Enrolment> {
    let person = own(work)?;
    may_change(work, person)?;
    store::forget_pending(work, person)?;
    let id = FactorId::from_uuid(work.new_id());
    let secret = TotpSecret::random(work.chance());
    let sealed = vault.seal_own(place(id), secret.bytes(), work.chance())?;
    store::insert(work, id, person, sealed, None)?;
    audit::record(work, "factor.begin", Object::one("factor", id.uuid()), "");
    let email = people::store::email_of(work, person)?;
    Ok(Enrolment { secret: secret.base32(), email })
}

/// The factor the caller has begun and not confirmed, to be shown again: to who may confirm it, for it is a secret.
///
/// # Errors
/// [`Code::StepUpRequired`]; when the vault can't open it.
pub fn pending_enrolment(work: &mut Work<'_>, vault: &Vault) -> Result<Option<Enrolment>> {
    let person = own(work)?;
    may_change(work, person)?;
    let Some(row) = store::pending(work, person)? else { return Ok(None) };
    let email = people::store::email_of(work, person)?;
    Ok(Some(Enrolment { secret: secret_of(vault, &row)?.base32(), email }))
}

/// Confirms the factor begun with a code of it: from now on it counts, the one before and its recovery codes don't, and
/// the caller's other sessions end. An invitation whose link was followed is accepted with it.
///
/// # Errors
/// [`Code::StateConflict`] when none was begun, [`Code::SecondFactorWrong`], [`Code::StepUpRequired`].
pub fn confirm_enrolment(work: &mut Work<'_>, vault: &Vault, session: SessionId, code: &str) -> Result<Enrolled> {
    let person = own(work)?;
    may_change(work, person)?;
    let row = store::pending(work, person)?.ok_or(Code::StateConflict)?;
    let Typed::Code(code) = rules::typed(code) else { return Err(Code::SecondFactorWrong.into()) };
    let secret = secret_of(vault, &row)?;
    let step = rules::matching_step(&secret, &code, work.now(), row.last_step).ok_or(Code::SecondFactorWrong)?;
    store::use_step(work, row.id, step)?;
    store::confirm(work, row.id)?;
    store::forget_others(work, person, row.id)?;
    let recovery_codes = fresh_codes(work, person)?;
    let ended = sessions::store::end_others(work, person, session)?;
    let session = sessions::renew_session(work, session, true)?;
    audit::record(work, "factor.confirm", Object::one("factor", row.id.uuid()), format!("sessions ended {ended}"));
    if invitations::store::was_followed(work, person)? {
        memberships::accept(work, person)?;
    }
    Ok(Enrolled { recovery_codes, session })
}

/// Whether the caller may put another factor in the place of theirs.
fn may_change(work: &mut Work<'_>, person: PersonId) -> Result<()> {
    let proved = access::is_fresh(work.caller().second_factor_at, work.now());
    if proved || store::confirmed(work, person)?.is_none() { Ok(()) } else { Err(Code::StepUpRequired.into()) }
}

fn fresh_codes(work: &mut Work<'_>, person: PersonId) -> Result<Vec<String>> {
    let codes: Vec<String> = (0..rules::RECOVERY_CODES).map(|_| rules::recovery_code(work.chance())).collect();
    let digests: Vec<_> = codes.iter().map(|c| rules::recovery_digest(person, &c.replace('-', ""))).collect();
    store::replace_codes(work, person, &digests)?;
    Ok(codes)
}

/// Gives the caller ten new recovery codes; the old ones are nothing from now on.
///
/// # Errors
/// [`Code::SecondFactorEnrolmentRequired`] without a factor, [`Code::StepUpRequired`] when it was not proved just now.
pub fn new_recovery_codes(work: &mut Work<'_>) -> Result<Vec<String>> {
    let person = own(work)?;
    if store::confirmed(work, person)?.is_none() {
        return Err(Code::SecondFactorEnrolmentRequired.into());
    }
    may_change(work, person)?;
    let codes = fresh_codes(work, person)?;
    audit::record(work, "factor.recovery_new", Object::one("person", person.uuid()), "");
    Ok(codes)
}

/// How the caller's second factor stands.
///
/// # Errors
/// [`Code::SignInRequired`] for who is no person.
pub fn factor_standing(work: &mut Work<'_>) -> Result<FactorStanding> {
    let person = own(work)?;
    let confirmed_at: Option<Utc> = store::confirmed(work, person)?.and_then(|row| row.confirmed_at);
    let left = store::unused_codes(work, person)?.len();
    Ok(FactorStanding { confirmed_at, recovery_codes_left: i64::try_from(left).unwrap_or(i64::MAX) })
}

/// The step of the last code somebody used: for the demo, whose pages show the next one that will be taken.
///
/// # Errors
/// When the database can't be read.
pub fn last_step(work: &mut Work<'_>, person: PersonId) -> Result<Option<i64>> {
    Ok(store::confirmed(work, person)?.map(|row| row.last_step))
}

/// Takes somebody's second factor and recovery codes away, when they lost them: their sessions end, and they add a new one
/// when they sign in next. Nobody does it for themselves, and an administrator only with a factor proved just now.
///
/// # Errors
/// When the caller may not manage people; [`Code::StepUpRequired`]; [`Code::NotFound`].
pub fn reset_factor(work: &mut Work<'_>, person: PersonId) -> Result<()> {
    let pass = access::grant(work, Action::ManagePeople, person, &Facts::default())?;
    sessions::stepped_up(work)?;
    people::store::exists(work, person)?;
    if work.caller().actor == Actor::Person(person) {
        return Err(Code::Forbidden.into());
    }
    store::forget_all(work, &pass)?;
    let ended = sessions::store::end_all(work, person)?;
    audit::record(work, "factor.reset", Object::one("person", person.uuid()), format!("sessions ended {ended}"));
    Ok(())
}

/// Gives somebody a factor with a secret known beforehand. For the demo and for tests: only the service itself may.
///
/// # Errors
/// [`Code::Forbidden`] for everyone else.
pub fn enrol_known(work: &mut Work<'_>, vault: &Vault, person: PersonId, secret: &TotpSecret) -> Result<()> {
    if work.caller().actor != Actor::System {
        return Err(Code::Forbidden.into());
    }
    let pass = access::grant(work, Action::ManagePeople, person, &Facts::default())?;
    store::forget_all(work, &pass)?;
    let id = FactorId::from_uuid(work.new_id());
    let sealed = vault.seal_own(place(id), secret.bytes(), work.chance())?;
    let now = work.now();
    store::insert(work, id, person, sealed, Some(now))?;
    audit::record(work, "factor.known", Object::one("factor", id.uuid()), "");
    Ok(())
}
