//! Taking responses back, and forgetting what they were recognised by.

use crate::access::Grant;
use crate::audit::{self, Object};
use crate::db::Work;
use crate::kernel::{CampaignId, Code, Error, Result, SchoolId, SchoolNumber};
use crate::surveys::campaigns;
use crate::surveys::responses::model::{Batch, Withdrawn};
use crate::surveys::responses::rules::{equals, kept_of, remembered};
use crate::surveys::responses::store;
use crate::vault::Vault;

use super::{enter, fits, hash, object};

/// Withdraws a body that was taken in before: the same body comes again.
///
/// Nothing stored says which rows a submission brought. But a row is its year group and its answers, nothing else; so for each
/// row of the body one equal to it goes. Its keys go too, so that a mended body is taken anew. Where another body may have left
/// rows out because their keys had come with this one, it is refused: those rows would be gone with this body's, and the other,
/// known still, could not bring them again. So what is left is what would be there had the body never come.
///
/// # Errors
/// As [`super::submit`], but for what is wrong with rows; [`Code::SubmissionUnknown`] for a body that was not taken in;
/// [`Code::WithdrawalAmbiguous`] when it had rows whose key had come with another body before, or another may have had rows
/// whose key had come with this one: which, nothing says.
pub fn withdraw(
    work: &mut Work<'_>,
    vault: &Vault,
    to: (CampaignId, &SchoolNumber),
    batch: &Batch,
) -> Result<Withdrawn> {
    let (campaign, school) = enter(work, to.0, to.1, true)?;
    fits(work, &campaign, batch)?;
    let digest = remembered(vault, campaign.id, school.id(), &batch.digest);
    let before = store::find(work, &school, campaign.id, &digest)?.ok_or(Code::SubmissionUnknown)?;
    let count = |n: i64| u64::try_from(n).unwrap_or(0);
    let kept = kept_of(batch, count(before.accepted), count(before.rejected), count(before.duplicates));
    let kept: Vec<_> = kept.ok_or(Code::WithdrawalAmbiguous)?.into_iter().filter_map(|i| batch.rows.get(i)).collect();
    let stored = store::rows(work, &school, campaign.id)?;
    let ids = equals(kept.iter().copied(), stored).ok_or(Code::WithdrawalAmbiguous)?;
    let keys: Vec<_> = kept.iter().filter_map(|row| row.key.as_deref()).collect();
    let keys: Vec<_> = keys.into_iter().map(|key| hash(vault, campaign.id, &school, key)).collect();
    if !keys.is_empty() && store::left_out_since(work, &school, campaign.id, before.id)? {
        return Err(Code::WithdrawalAmbiguous.into());
    }
    let rows = store::delete_rows(work, &school, campaign.id, &ids)?;
    // Keys that are others now, as those of a file read in other characters, would leave those of then behind.
    if rows != ids.len() || store::delete_keys(work, &school, campaign.id, &keys)? != keys.len() {
        return Err(Code::WithdrawalAmbiguous.into());
    }
    store::delete(work, &school, before.id)?;
    campaigns::note_begun(work, campaign.id, school.id())?;
    audit::record(work, "survey.withdraw", object(before.id, &school), format!("{rows} rows"));
    Ok(Withdrawn { submissions: 1, rows: u64::try_from(rows).map_err(Error::internal)? })
}

/// Withdraws all that the school sent in bulk, if there is anything.
///
/// # Errors
/// As [`super::submit`], but for what is wrong with rows; [`Code::CodesInUse`] when answers that came by codes are among the
/// school's: nothing says which those are.
pub fn withdraw_all(work: &mut Work<'_>, to: (CampaignId, &SchoolNumber)) -> Result<Withdrawn> {
    let (campaign, school) = enter(work, to.0, to.1, true)?;
    let all = store::all(work, &school, campaign.id)?;
    if store::by_codes(work, &school, campaign.id)? != 0 {
        return Err(Code::CodesInUse.into());
    }
    let rows = store::delete_all_rows(work, &school, campaign.id)?;
    store::delete_all_keys(work, &school, campaign.id)?;
    for id in &all {
        store::delete(work, &school, *id)?;
    }
    if !all.is_empty() {
        campaigns::note_begun(work, campaign.id, school.id())?;
    }
    let detail = format!("{rows} rows of {} submissions", all.len());
    let object = Object::one("campaign", campaign.id.uuid()).at(school.id());
    audit::record(work, "survey.withdraw_all", object, detail);
    let count = |n: usize| u64::try_from(n).map_err(Error::internal);
    Ok(Withdrawn { submissions: count(all.len())?, rows: count(rows)? })
}

/// Forgets what a school's bodies and rows were recognised by, once it has signed off: how many rows came, and on which day,
/// stays. The caller puts it on record.
///
/// # Errors
/// When the database can't be written.
pub fn forget(work: &mut Work<'_>, school: &Grant<SchoolId>, campaign: CampaignId) -> Result<()> {
    store::delete_all_keys(work, school, campaign)?;
    for id in store::all(work, school, campaign)? {
        store::blot(work, school, id)?;
    }
    Ok(())
}

/// The same of every school of a campaign, once its results are out: not every school signs off. The caller puts it on record.
///
/// # Errors
/// When the database can't be written.
pub fn forget_all(work: &mut Work<'_>, campaign: CampaignId) -> Result<()> {
    store::delete_keys_of_all(work, campaign)?;
    store::blot_all(work, campaign)
}
