//! Taking a school's responses.

use crate::access::{Action, Facts, Grant, grant, scope};
use crate::audit::{self, Object};
use crate::db::Work;
use crate::directory::schools;
use crate::instruments::{self, Layout};
use crate::kernel::{CampaignId, Code, Error, FaultCode, Result, SchoolId, SchoolNumber, SubmissionId, to_hex};
use crate::surveys::campaigns::{self, Campaign};
use crate::vault::Vault;

use super::model::{Batch, Mode, Receipt};
use super::rules::keep;
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

/// Keeps a batch. A dry run writes nothing and answers what the real one would; run it inside `Db::read`.
///
/// The same body for the same campaign and school is taken once: sent again, it is answered with the counts of the
/// first time.
///
/// # Errors
/// A refusal of [`Action::SubmitResponses`]; [`Code::NotFound`] for a school or campaign there is not, or a school that
/// takes no part; [`Code::CampaignClosed`] outside the window; [`Code::RowsRejected`] with the faults when a row is
/// faulty and `mode` is [`Mode::All`]; [`Code::InvalidBody`] when there are no rows at all.
pub fn submit(
    work: &mut Work<'_>,
    vault: &Vault,
    to: (CampaignId, &SchoolNumber),
    batch: Batch,
    mode: Mode,
    dry_run: bool,
) -> Result<Receipt> {
    let (campaign, school) = enter(work, to.0, to.1, !dry_run)?;
    if layout_of(work, &campaign)?.stamp() != batch.stamp {
        return Err(Error::internal("a batch was read against another questionnaire than its campaign's"));
    }
    if let Some(before) = store::find(work, &school, campaign.id, &batch.digest)? {
        if !dry_run {
            audit::record(work, "survey.submit_again", object(before.id, &school), "nothing kept");
        }
        return Ok(receipt(batch, &before, dry_run, true));
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
    let hash = |key: &str| vault.blind_index("responses.row_key", &format!("{}/{}/{key}", campaign.id, school.id()));
    let kept = keep(rows, known, hash, || work.random_id());
    let submission = Submission {
        id: SubmissionId::from_uuid(work.random_id()),
        accepted: i64::try_from(kept.rows.len()).map_err(Error::internal)?,
        rejected: i64::try_from(batch.rejected).map_err(Error::internal)?,
        duplicates: i64::try_from(kept.duplicates).map_err(Error::internal)?,
    };
    if !dry_run {
        store::insert_keys(work, &school, campaign.id, &kept.keys)?;
        store::insert_responses(work, &school, campaign.id, &kept.rows)?;
        store::insert(work, &school, campaign.id, &batch.digest, &submission)?;
        let Submission { accepted, rejected, duplicates, .. } = submission;
        let detail = format!("{accepted} accepted, {rejected} rejected, {duplicates} duplicates");
        audit::record(work, "survey.submit", object(submission.id, &school), detail);
    }
    Ok(receipt(Batch { rows: Vec::new(), ..batch }, &submission, dry_run, false))
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

fn layout_of(work: &mut Work<'_>, campaign: &Campaign) -> Result<Layout> {
    let instrument = instruments::by_id(work, campaign.instrument)?;
    let layout = Layout::of(&instrument.definition).map_err(|_| Error::internal("a stored questionnaire is flawed"))?;
    Ok(layout.only(campaign.years))
}

/// Forgets, when a school signs off, the hashes by which a repeated row would be known.
///
/// # Errors
/// When the database can't be written.
pub(in crate::surveys) fn forget(work: &mut Work<'_>, school: &Grant<SchoolId>, campaign: CampaignId) -> Result<()> {
    store::forget_keys(work, school, campaign)
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
        dry_run,
        repeated,
    }
}

#[cfg(test)]
mod tests;
