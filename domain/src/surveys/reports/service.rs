//! Reading across schools.

use crate::access::{Action, Facts, Grant, grant};
use crate::db::Work;
use crate::instruments;
use crate::kernel::{CampaignId, Code, Error, Result, SchoolId};
use crate::surveys::campaigns::{self, Part};
use crate::surveys::packs::{self, Before};
use crate::surveys::releases::{self, Kind, Released};
use crate::toolkit::{self, NEWEST};

use super::model::{Annual, Heat, Told};
use super::{rules, store};

/// Every school beside the authority, by the headlines or by every option of one question.
///
/// # Errors
/// A refusal of [`Action::ReadRelease`]; [`Code::NotFound`] for a campaign there is not; [`Code::StateConflict`] until a
/// release is published; [`Code::InvalidParameter`] for a question that was not asked.
pub fn heat(work: &mut Work<'_>, campaign: CampaignId, question: Option<&str>) -> Result<Heat> {
    let released = newest(work, campaign)?;
    let campaign = campaigns::facts(work, campaign)?;
    let unknown =
        || Error::new(Code::InvalidParameter).with_detail("question is the code of a question that was asked");
    let definition = instruments::by_id(work, campaign.instrument)?.definition;
    let columns = rules::columns(&released, &definition, question).ok_or_else(unknown)?;
    Ok(Heat { campaign, definition, released, columns })
}

/// The authority's annual report.
///
/// # Errors
/// A refusal of [`Action::ReadRelease`]; [`Code::NotFound`] for a campaign there is not; [`Code::StateConflict`] until a
/// release is published.
pub fn annual(work: &mut Work<'_>, campaign: CampaignId) -> Result<Annual> {
    let grant = grant(work, Action::ReadRelease, campaign, &Facts::default())?;
    let mut released = newest(work, campaign)?;
    let campaign = campaigns::facts(work, campaign)?;
    let definition = instruments::by_id(work, campaign.instrument)?.definition;
    let (schools, parts): (Vec<SchoolId>, Vec<Part>) =
        campaigns::parts(work, campaign.id)?.into_iter().map(|(school, _, part)| (school, part)).unzip();
    let (taking_part, standing_out) =
        (rules::taking_part(&released, &parts), rules::standing_out(&released, &definition));
    // From here on there is nothing of a school.
    released.tables.retain(|t| !matches!(t.kind, Kind::School | Kind::SchoolYear));
    let (mut before, mut counts) = (None, None);
    for (id, same) in packs::earlier(work, &campaign, &definition)? {
        let then: Vec<SchoolId> = campaigns::parts(work, id)?.into_iter().map(|(school, ..)| school).collect();
        if !rules::are_mostly_the_same(&schools, &then) {
            continue;
        }
        let earlier = earlier(work, id)?;
        if let Some(released) = releases::of_no_school(work, &earlier)? {
            counts = Some(store::taken_up(work, &earlier)?);
            before = Some(Before { released, same });
            break;
        }
    }
    let changes = before.as_ref().map(|before| packs::changes(&released, Kind::Authority, before)).unwrap_or_default();
    let now = store::taken_up(work, &grant)?;
    Ok(Annual {
        taken_up: rules::taken_up(&toolkit::shipped(NEWEST)?, &now, counts.as_deref()),
        schools_taking_up: Told::of(store::taking_up(work, &grant)?),
        campaign,
        definition,
        released,
        before: before.map(|b| b.released),
        changes,
        taking_part,
        standing_out,
    })
}

fn earlier(work: &mut Work<'_>, id: CampaignId) -> Result<Grant<CampaignId>> {
    grant(work, Action::ReadRelease, id, &Facts::default())
}

fn newest(work: &mut Work<'_>, campaign: CampaignId) -> Result<Released> {
    let none =
        || Error::new(Code::StateConflict).with_detail("results are given once the authority has published them");
    releases::latest(work, campaign)?.ok_or_else(none)
}

#[cfg(test)]
mod tests;
