//! The tables of texts: those that have just come, and those that wait or were passed.

use diesel::prelude::*;

use crate::access::{self, Grant};
use crate::db::Work;
use crate::db::fragments::for_update;
use crate::db::schema::{arrivals, responses, survey_concerns as c, survey_text_arrivals as a, survey_texts as t};
use crate::db::types::{SealedBytes, Uid};
use crate::kernel::{CampaignId, Result, SchoolId, TextId};
use crate::surveys::codes;

#[derive(Insertable)]
#[diesel(table_name = a, treat_none_as_default_value = false)]
struct Arrival {
    campaign_id: CampaignId,
    school_id: SchoolId,
    id: Uid,
    content: SealedBytes,
}

#[derive(Insertable)]
#[diesel(table_name = t, treat_none_as_default_value = false)]
struct Text {
    id: Uid,
    campaign_id: CampaignId,
    school_id: SchoolId,
    passed: bool,
    after_release: i64,
    content: SealedBytes,
}

/// A text that waits.
#[derive(Queryable)]
pub(super) struct Row {
    pub id: TextId,
    pub school: SchoolId,
    pub content: SealedBytes,
}

/// Takes what has just come of a school out of its table.
pub(super) fn take(work: &mut Work<'_>, (campaign, school): (CampaignId, SchoolId)) -> Result<Vec<SealedBytes>> {
    let here = a::table.filter(a::campaign_id.eq(campaign)).filter(a::school_id.eq(school));
    let rows = here.select(a::content).load(work.conn())?;
    diesel::delete(here).execute(work.conn())?;
    Ok(rows)
}

/// Puts it back, in the order given.
pub(super) fn put(
    work: &mut Work<'_>,
    (campaign_id, school_id): (CampaignId, SchoolId),
    all: Vec<SealedBytes>,
) -> Result<()> {
    let ids = codes::ids(work, all.len());
    let row = |(id, content)| Arrival { campaign_id, school_id, id, content };
    let rows: Vec<_> = ids.into_iter().zip(all).map(row).collect();
    for chunk in rows.chunks(1000) {
        crate::both!(work.conn(), |c| diesel::insert_into(a::table).values(chunk).execute(c))?;
    }
    Ok(())
}

/// Puts it among what waits to be decided on, in the order given, with the number of the release it came after. It comes a day at
/// a time, and when nothing more can come.
pub(super) fn go_on(
    work: &mut Work<'_>,
    (campaign_id, school_id): (CampaignId, SchoolId),
    after_release: i64,
    all: Vec<SealedBytes>,
) -> Result<()> {
    let ids = codes::ids(work, all.len());
    let row = |(id, content)| Text { id, campaign_id, school_id, passed: false, after_release, content };
    let rows: Vec<_> = ids.into_iter().zip(all).map(row).collect();
    for chunk in rows.chunks(1000) {
        crate::both!(work.conn(), |c| diesel::insert_into(t::table).values(chunk).execute(c))?;
    }
    Ok(())
}

/// The schools of a campaign of which something has just come.
pub(super) fn with_arrivals(work: &mut Work<'_>, campaign: CampaignId) -> Result<Vec<SchoolId>> {
    Ok(a::table.filter(a::campaign_id.eq(campaign)).select(a::school_id).distinct().load(work.conn())?)
}

pub(super) fn all_waiting(work: &mut Work<'_>, pass: &Grant<access::Scope>) -> Result<Vec<(CampaignId, i64)>> {
    if !pass.on().everything {
        return Ok(Vec::new());
    }
    let waiting = t::table.filter(t::passed.eq(false)).group_by(t::campaign_id).order(t::campaign_id);
    Ok(waiting.select((t::campaign_id, diesel::dsl::count_star())).load(work.conn())?)
}

pub(super) fn waiting(work: &mut Work<'_>, campaign: &Grant<CampaignId>) -> Result<i64> {
    let here = t::table.filter(t::campaign_id.eq(campaign.id())).filter(t::passed.eq(false));
    Ok(here.count().get_result(work.conn())?)
}

/// The first that waits after an id, or the first of all.
pub(super) fn next(work: &mut Work<'_>, campaign: &Grant<CampaignId>, after: Option<TextId>) -> Result<Option<Row>> {
    let here = || {
        let waiting = t::table.filter(t::campaign_id.eq(campaign.id())).filter(t::passed.eq(false));
        waiting.order(t::id.asc()).select((t::id, t::school_id, t::content))
    };
    if let Some(after) = after
        && let Some(row) = here().filter(t::id.gt(after)).first(work.conn()).optional()?
    {
        return Ok(Some(row));
    }
    Ok(here().first(work.conn()).optional()?)
}

/// A text that waits, locked: of two who decide, one does.
pub(super) fn find(work: &mut Work<'_>, campaign: &Grant<CampaignId>, id: TextId) -> Result<Option<Row>> {
    let query = t::table
        .filter(t::id.eq(id))
        .filter(t::campaign_id.eq(campaign.id()))
        .filter(t::passed.eq(false))
        .select((t::id, t::school_id, t::content));
    let found: Vec<Row> = for_update(query).load(work.conn())?;
    Ok(found.into_iter().next())
}

/// Puts what is left of a text in its place.
pub(super) fn pass(work: &mut Work<'_>, _campaign: &Grant<CampaignId>, id: TextId, left: SealedBytes) -> Result<()> {
    diesel::update(t::table.find(id)).set((t::passed.eq(true), t::content.eq(left))).execute(work.conn())?;
    Ok(())
}

pub(super) fn delete(work: &mut Work<'_>, _campaign: &Grant<CampaignId>, id: TextId) -> Result<()> {
    diesel::delete(t::table.find(id)).execute(work.conn())?;
    Ok(())
}

/// A school's texts that were passed, of those that came before a release, in the order of their random ids.
pub(super) fn passed(
    work: &mut Work<'_>,
    school: &Grant<SchoolId>,
    campaign: CampaignId,
    release: i64,
) -> Result<Vec<SealedBytes>> {
    Ok(t::table
        .filter(t::campaign_id.eq(campaign))
        .filter(t::school_id.eq(school.id()))
        .filter(t::passed.eq(true))
        .filter(t::after_release.lt(release))
        .order(t::id.asc())
        .select(t::content)
        .load(work.conn())?)
}

/// How many of a school answered.
pub(super) fn answers(work: &mut Work<'_>, school: &Grant<SchoolId>, campaign: CampaignId) -> Result<i64> {
    let settled: i64 = responses::table
        .filter(responses::campaign_id.eq(campaign))
        .filter(responses::school_id.eq(school.id()))
        .count()
        .get_result(work.conn())?;
    let waiting: i64 = arrivals::table
        .filter(arrivals::campaign_id.eq(campaign))
        .filter(arrivals::school_id.eq(school.id()))
        .count()
        .get_result(work.conn())?;
    Ok(settled + waiting)
}

/// The campaigns of which there are texts that nobody has decided on, or concerns that were taken up.
pub(super) fn with_something(work: &mut Work<'_>) -> Result<Vec<CampaignId>> {
    let mut all: Vec<CampaignId> = a::table.select(a::campaign_id).distinct().load(work.conn())?;
    let waiting: Vec<CampaignId> =
        t::table.filter(t::passed.eq(false)).select(t::campaign_id).distinct().load(work.conn())?;
    let done: Vec<CampaignId> =
        c::table.filter(c::acknowledged_at.is_not_null()).select(c::campaign_id).distinct().load(work.conn())?;
    all.extend(waiting.into_iter().chain(done));
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// Forgets the texts of a campaign that nobody has decided on; says how many there were.
pub(super) fn forget(work: &mut Work<'_>, campaign: CampaignId) -> Result<usize> {
    let come = diesel::delete(a::table.filter(a::campaign_id.eq(campaign))).execute(work.conn())?;
    let waiting = t::table.filter(t::campaign_id.eq(campaign)).filter(t::passed.eq(false));
    Ok(come + diesel::delete(waiting).execute(work.conn())?)
}
