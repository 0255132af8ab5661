//! How many schools took up what. Counts, and no school.

use diesel::dsl::count_star;
use diesel::prelude::*;

use crate::access::Grant;
use crate::db::Work;
use crate::db::schema::survey_actions as a;
use crate::kernel::{CampaignId, Error, Result, SchoolId};

fn whole(count: i64) -> Result<usize> {
    usize::try_from(count).map_err(Error::internal)
}

/// How many schools took up each approach after a campaign.
pub(super) fn taken_up(work: &mut Work<'_>, campaign: &Grant<CampaignId>) -> Result<Vec<(String, usize)>> {
    let rows: Vec<(String, i64)> = a::table
        .filter(a::campaign_id.eq(campaign.id()))
        .group_by(a::approach)
        .order(a::approach.asc())
        .select((a::approach, count_star()))
        .load(work.conn())?;
    rows.into_iter().map(|(approach, schools)| Ok((approach, whole(schools)?))).collect()
}

/// How many schools took up anything after a campaign.
pub(super) fn taking_up(work: &mut Work<'_>, campaign: &Grant<CampaignId>) -> Result<usize> {
    let schools: Vec<SchoolId> =
        a::table.filter(a::campaign_id.eq(campaign.id())).select(a::school_id).distinct().load(work.conn())?;
    Ok(schools.len())
}
