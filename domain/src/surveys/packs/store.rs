//! What schools took up.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::access::Grant;
use crate::db::Work;
use crate::db::schema::{campaigns as c, survey_actions as a};
use crate::kernel::{CampaignId, Result, SchoolId};
use crate::surveys::campaigns::Campaign;

/// The approaches a school took up after a campaign, and when.
pub(super) fn taken_up(
    work: &mut Work<'_>,
    school: &Grant<SchoolId>,
    campaign: CampaignId,
) -> Result<Vec<(String, NaiveDate)>> {
    Ok(a::table
        .filter(a::campaign_id.eq(campaign))
        .filter(a::school_id.eq(school.id()))
        .order((a::taken_up_on.asc(), a::approach.asc()))
        .select((a::approach, a::taken_up_on))
        .load(work.conn())?)
}

/// Puts these in the place of what the school took up; what it had taken up before keeps its day.
pub(super) fn set(
    work: &mut Work<'_>,
    school: &Grant<SchoolId>,
    campaign: CampaignId,
    approaches: &[(String, NaiveDate)],
) -> Result<()> {
    let before = a::table.filter(a::campaign_id.eq(campaign)).filter(a::school_id.eq(school.id()));
    diesel::delete(before).execute(work.conn())?;
    for (approach, day) in approaches {
        diesel::insert_into(a::table)
            .values((
                a::campaign_id.eq(campaign),
                a::school_id.eq(school.id()),
                a::approach.eq(approach),
                a::taken_up_on.eq(*day),
            ))
            .execute(work.conn())?;
    }
    Ok(())
}

/// The campaigns that opened before this one, the latest first.
pub(super) fn earlier(work: &mut Work<'_>, campaign: &Campaign) -> Result<Vec<CampaignId>> {
    Ok(c::table
        .filter(c::opens_on.lt(campaign.opens_on))
        .order((c::opens_on.desc(), c::id.desc()))
        .select(c::id)
        .load(work.conn())?)
}
