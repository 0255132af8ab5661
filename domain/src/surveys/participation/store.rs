//! What is asked of a school's part in a campaign.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::access::Grant;
use crate::db::Work;
use crate::db::fragments::for_update;
use crate::db::schema::{arrivals as a, campaign_schools as s, campaigns as c, responses as r, survey_releases as d};
use crate::kernel::{CampaignId, Error, Result, SchoolId};

/// A campaign whose first day has come.
pub(super) struct Running {
    pub id: CampaignId,
    pub closes_on: NaiveDate,
}

/// The campaigns that take answers from everybody on a day.
pub(super) fn running(work: &mut Work<'_>, today: NaiveDate) -> Result<Vec<Running>> {
    let rows: Vec<(CampaignId, NaiveDate)> = c::table
        .filter(c::opens_on.le(today))
        .filter(c::closes_on.ge(today))
        .select((c::id, c::closes_on))
        .load(work.conn())?;
    Ok(rows.into_iter().map(|(id, closes_on)| Running { id, closes_on }).collect())
}

/// Whether a release of the campaign is being decided. Whoever asks for one waits until this transaction ends.
pub(super) fn is_deciding(work: &mut Work<'_>, campaign: &Grant<CampaignId>) -> Result<bool> {
    let query = c::table.find(campaign.id()).select(c::id);
    let _: Option<CampaignId> = for_update(query).get_result(work.conn()).optional()?;
    let waiting: i64 = d::table
        .filter(d::campaign_id.eq(campaign.id()))
        .filter(d::state.eq("deciding"))
        .count()
        .get_result(work.conn())?;
    Ok(waiting > 0)
}

/// How many answers a school has, those that have just come among them. The caller has locked the school.
pub(super) fn answers(work: &mut Work<'_>, school: &Grant<SchoolId>, campaign: CampaignId) -> Result<i64> {
    let settled: i64 = r::table
        .filter(r::campaign_id.eq(campaign))
        .filter(r::school_id.eq(school.id()))
        .count()
        .get_result(work.conn())?;
    let waiting: i64 = a::table
        .filter(a::campaign_id.eq(campaign))
        .filter(a::school_id.eq(school.id()))
        .count()
        .get_result(work.conn())?;
    Ok(settled + waiting)
}

/// A school's pupils on roll who are asked, when known.
pub(super) fn roll(work: &mut Work<'_>, school: &Grant<SchoolId>, campaign: CampaignId) -> Result<Option<i64>> {
    Ok(s::table.find((campaign, school.id())).select(s::roll).first(work.conn())?)
}

/// Whether a school was reminded with so many days left, or later.
pub(super) fn was_reminded(work: &mut Work<'_>, campaign: CampaignId, school: SchoolId, days: u16) -> Result<bool> {
    let reminded: Option<i16> = s::table.find((campaign, school)).select(s::reminded).first(work.conn())?;
    Ok(reminded.is_some_and(|at| i32::from(at) <= i32::from(days)))
}

/// Notes that it was.
pub(super) fn note_reminder(work: &mut Work<'_>, campaign: CampaignId, school: SchoolId, days: u16) -> Result<()> {
    let days = i16::try_from(days).map_err(Error::internal)?;
    diesel::update(s::table.find((campaign, school))).set(s::reminded.eq(days)).execute(work.conn())?;
    Ok(())
}
