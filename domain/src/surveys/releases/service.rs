//! A school's results.

use crate::access::{Action, Facts, grant, scope};
use crate::db::Work;
use crate::directory::schools;
use crate::disclosure::Threshold;
use crate::instruments::{self, Layout};
use crate::kernel::{CampaignId, Code, Error, Result, SchoolNumber, YearGroup};
use crate::surveys::campaigns;

use super::model::Results;
use super::{rules, store};

/// A school's results, once the window has closed. Nothing comes in after that, so they never change, and no two
/// readings can be subtracted from each other (`facts/reliability.md` SUR-4). The authority may set a larger base than the
/// default, never a smaller one.
///
/// # Errors
/// A refusal of [`Action::ReadResults`]; [`Code::NotFound`] for a school or campaign there is not, or a school that takes
/// no part; [`Code::StateConflict`] until the window has closed.
pub fn results(
    work: &mut Work<'_>,
    campaign: CampaignId,
    number: &SchoolNumber,
    threshold: Threshold,
) -> Result<Results> {
    // Which schools there are is told to nobody without a right to any.
    scope(work, Action::ReadResults)?;
    let school = schools::by_number(work, number)?;
    let school = grant(work, Action::ReadResults, school.id, &Facts::of_school(school.id))?;
    let campaign = campaigns::door(work, campaign, school.id(), false)?.campaign;
    if !campaigns::is_over(work, campaign.id)? {
        let detail = format!("results are given after the last day of the window, {}", campaign.ends_on());
        return Err(Error::new(Code::StateConflict).with_detail(detail));
    }
    let instrument = instruments::by_id(work, campaign.instrument)?;
    let layout = Layout::of(&instrument.definition).map_err(|_| Error::internal("a stored questionnaire is flawed"))?;
    let unreadable = || Error::internal("stored answers are not of their campaign's questionnaire");
    let rows = store::answers(work, &school, campaign.id)?
        .into_iter()
        .map(|(year, answers)| Ok((YearGroup::new(year.into()).map_err(|_| unreadable())?, answers)))
        .collect::<Result<Vec<_>>>()?;
    let tallies =
        rules::tally(&layout, rows.iter().map(|(year, row)| (*year, row.as_slice()))).ok_or_else(unreadable)?;
    let questions = rules::release(&layout, &tallies, threshold).ok_or_else(unreadable)?;
    Ok(Results { campaign, school: school.id(), definition: instrument.definition, questions })
}
