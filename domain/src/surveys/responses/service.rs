//! Taking a school's responses.

mod withdrawal;

use crate::access::{Action, Facts, Grant, grant, scope};
use crate::audit::{self, Object};
use crate::db::Work;
use crate::directory::schools;
use crate::instruments::{self, Layout};
use crate::kernel::{CampaignId, Code, Error, FaultCode, Result, SchoolId, SchoolNumber, SubmissionId, to_hex};
use crate::surveys::campaigns::{self, Campaign};
use crate::vault::Vault;

pub use withdrawal::{forget, forget_all, withdraw, withdraw_all};

use super::model::{Batch, Mode, OverRoll, Receipt};
use super::rules::{Placed, keep, over, remembered};
use super::store::{self, Submission};

/// Opens the way for a body: the caller may submit for this school, and the campaign takes answers today.
/// Gives what a [`super::Reader`] needs. [`submit`] checks all of it again in its own transaction.
///
/// # Errors
/// As [`submit`].
pub fn begin(work: &mut Work<'_>, campaign: CampaignId, number: &SchoolNumber) -> Result<Layout> {
    let (campaign, _) = enter(work, campaign, number, false)?;
    layout_of(work, &campaign)
}

/// Whether the authority opened the school's survey again: what it sent before it signed off is not recognised any more, so who
/// sends is told.
///
/// # Errors
/// As [`submit`], but for the days.
pub fn was_opened_again(work: &mut Work<'_>, campaign: CampaignId, number: &SchoolNumber) -> Result<bool> {
    scope(work, Action::SubmitResponses)?;
    let school = schools::by_number(work, number)?;
    let school = grant(work, Action::SubmitResponses, school.id, &Facts::of_school(school.id))?;
    Ok(campaigns::door(work, campaign, school.id(), false)?.part.unlocked_until.is_some())
}

/// Keeps a batch. A dry run writes nothing and answers what the real one would; run it inside `Db::read`.
///
/// The same body for the same campaign and school is taken once: sent again, it is answered with the counts of the
/// first time.
///
/// # Errors
/// A refusal of [`Action::SubmitResponses`]; [`Code::NotFound`] for a school or campaign there is not, or a school that
/// takes no part; [`Code::CampaignClosed`] outside the window; [`Code::RowsRejected`] with the faults when a row is
/// faulty and `mode` is [`Mode::All`]; [`Code::InvalidBody`] when there are no rows at all; [`Code::CodesInUse`] when the
/// school's pupils answer with codes.
pub fn submit(
    work: &mut Work<'_>,
    vault: &Vault,
    to: (CampaignId, &SchoolNumber),
    batch: Batch,
    mode: Mode,
    dry_run: bool,
) -> Result<Receipt> {
    let (campaign, school) = enter(work, to.0, to.1, !dry_run)?;
    fits(work, &campaign, &batch)?;
    let digest = remembered(vault, campaign.id, school.id(), &batch.digest);
    if let Some(before) = store::find(work, &school, campaign.id, &digest)? {
        if !dry_run {
            audit::record(work, "survey.submit_again", object(before.id, &school), "nothing kept");
        }
        let over_roll = over_roll(work, &school, campaign.id, &[])?;
        return Ok(Receipt { over_roll, ..receipt(batch, &before, dry_run, true) });
    }
    if store::has_sheets(work, &school, campaign.id)? || store::by_codes(work, &school, campaign.id)? != 0 {
        return Err(Code::CodesInUse.into());
    }
    if batch.received == 0 {
        return Err(Error::fault("", FaultCode::Missing).with_detail("there are no responses in the body"));
    }
    if mode == Mode::All && batch.rejected > 0 {
        let detail = format!("{} of {} rows have faults; nothing was kept", batch.rejected, batch.received);
        return Err(Error::faults(Code::RowsRejected, batch.faults).with_detail(detail));
    }
    let Batch { rows, .. } = batch;
    let known = store::known_keys(work, &school, campaign.id)?;
    let kept = keep(rows, known, |key| hash(vault, campaign.id, &school, key), || work.random_id());
    let submission = Submission {
        id: SubmissionId::from_uuid(work.random_id()),
        accepted: i64::try_from(kept.rows.len()).map_err(Error::internal)?,
        rejected: i64::try_from(batch.rejected).map_err(Error::internal)?,
        duplicates: i64::try_from(kept.duplicates).map_err(Error::internal)?,
    };
    let over_roll = over_roll(work, &school, campaign.id, &kept.rows)?;
    if !dry_run {
        store::insert_keys(work, &school, campaign.id, &kept.keys)?;
        store::insert_responses(work, &school, campaign.id, &kept.rows)?;
        store::insert(work, &school, campaign.id, &digest, &submission)?;
        let Submission { accepted, rejected, duplicates, .. } = submission;
        let detail = format!("{accepted} accepted, {rejected} rejected, {duplicates} duplicates");
        audit::record(work, "survey.submit", object(submission.id, &school), detail);
    }
    Ok(Receipt { over_roll, ..receipt(Batch { rows: Vec::new(), ..batch }, &submission, dry_run, false) })
}

/// Where the school has more rows than pupils on roll, with those that come.
fn over_roll(
    work: &mut Work<'_>,
    school: &Grant<SchoolId>,
    campaign: CampaignId,
    coming: &[Placed],
) -> Result<Vec<OverRoll>> {
    let rolls = campaigns::rolls_of(work, campaign, school.id())?;
    let stored = store::by_year(work, school, campaign)?;
    Ok(over(&rolls, &stored, coming.iter().map(|placed| placed.row.year_group)))
}

/// Grants, and finds the campaign open to the school. With `lock`, two submissions for the same school wait for each
/// other, so that neither misses the other's keys or digest.
fn enter(
    work: &mut Work<'_>,
    campaign: CampaignId,
    number: &SchoolNumber,
    lock: bool,
) -> Result<(Campaign, Grant<SchoolId>)> {
    // Which schools there are is told to nobody without a right to any.
    scope(work, Action::SubmitResponses)?;
    let school = schools::by_number(work, number)?;
    let school = grant(work, Action::SubmitResponses, school.id, &Facts::of_school(school.id))?;
    let door = campaigns::door(work, campaign, school.id(), lock)?;
    door.pass()?;
    Ok((door.campaign, school))
}

/// What is kept of a sender's key.
fn hash(vault: &Vault, campaign: CampaignId, school: &Grant<SchoolId>, key: &str) -> Vec<u8> {
    vault.blind_index("responses.row_key", &format!("{campaign}/{}/{key}", school.id()))
}

/// Whether the batch was read as the campaign's questionnaire has it.
fn fits(work: &mut Work<'_>, campaign: &Campaign, batch: &Batch) -> Result<()> {
    if layout_of(work, campaign)?.stamp() == batch.stamp {
        return Ok(());
    }
    Err(Error::internal("a batch was read against another questionnaire than its campaign's"))
}

fn layout_of(work: &mut Work<'_>, campaign: &Campaign) -> Result<Layout> {
    let instrument = instruments::by_id(work, campaign.instrument)?;
    let layout = Layout::of(&instrument.definition).map_err(|_| Error::internal("a stored questionnaire is flawed"))?;
    Ok(layout.only(campaign.years))
}

fn object(id: SubmissionId, school: &Grant<SchoolId>) -> Object {
    Object::one("submission", id.uuid()).at(school.id())
}

fn receipt(batch: Batch, submission: &Submission, dry_run: bool, repeated: bool) -> Receipt {
    let count = |n: i64| u64::try_from(n).unwrap_or(0);
    Receipt {
        submission: (repeated || !dry_run).then_some(submission.id),
        accepted: count(submission.accepted),
        rejected: count(submission.rejected),
        duplicates: count(submission.duplicates),
        digest: to_hex(&batch.digest),
        problems: batch.faults,
        problem_count: batch.fault_count,
        over_roll: Vec::new(),
        dry_run,
        repeated,
    }
}

#[cfg(test)]
mod tests;
