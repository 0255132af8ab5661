//! The tables of campaigns and their schools.

use chrono::NaiveDate;
use diesel::dsl::count_star;
use diesel::prelude::*;

use crate::access::{Grant, Scope};
use crate::db::Work;
use crate::db::fragments::for_update;
use crate::db::schema::{arrivals, campaign_schools, campaigns, responses, submissions};
use crate::kernel::{Bilingual, CampaignId, Cursor, InstrumentId, Page, PageRequest, Result, SchoolId, Utc};

use super::model::Campaign;

#[derive(Queryable, Insertable)]
#[diesel(table_name = campaigns)]
struct Row {
    id: CampaignId,
    instrument_id: InstrumentId,
    academic_year: String,
    title_cy: String,
    title_en: String,
    opens_on: NaiveDate,
    closes_on: NaiveDate,
    version: i64,
    created_at: Utc,
}

#[derive(Insertable)]
#[diesel(table_name = campaign_schools, treat_none_as_default_value = false)]
struct SchoolRow {
    campaign_id: CampaignId,
    school_id: SchoolId,
    roll: Option<i64>,
}

impl Row {
    fn campaign(self) -> Campaign {
        Campaign {
            id: self.id,
            instrument: self.instrument_id,
            academic_year: self.academic_year,
            title: Bilingual { cy: self.title_cy, en: self.title_en },
            opens_on: self.opens_on,
            closes_on: self.closes_on,
            version: self.version,
            created_at: self.created_at,
        }
    }
}

pub(super) fn insert(
    work: &mut Work<'_>,
    grant: &Grant<CampaignId>,
    campaign: &Campaign,
    schools: &[(SchoolId, Option<i64>)],
) -> Result<()> {
    let row = Row {
        id: grant.id(),
        instrument_id: campaign.instrument,
        academic_year: campaign.academic_year.clone(),
        title_cy: campaign.title.cy.clone(),
        title_en: campaign.title.en.clone(),
        opens_on: campaign.opens_on,
        closes_on: campaign.closes_on,
        version: campaign.version,
        created_at: campaign.created_at,
    };
    diesel::insert_into(campaigns::table).values(&row).execute(work.conn())?;
    let rows: Vec<_> = schools
        .iter()
        .map(|(school_id, roll)| SchoolRow { campaign_id: grant.id(), school_id: *school_id, roll: *roll })
        .collect();
    for chunk in rows.chunks(1000) {
        crate::both!(work.conn(), |c| diesel::insert_into(campaign_schools::table).values(chunk).execute(c))?;
    }
    Ok(())
}

pub(super) fn by_id(work: &mut Work<'_>, grant: &Grant<CampaignId>) -> Result<Campaign> {
    facts(work, grant.id())
}

/// A campaign, for the decisions of this area.
pub(in crate::surveys) fn facts(work: &mut Work<'_>, id: CampaignId) -> Result<Campaign> {
    Ok(campaigns::table.find(id).first::<Row>(work.conn())?.campaign())
}

pub(super) fn page(work: &mut Work<'_>, _scope: &Grant<Scope>, request: PageRequest) -> Result<Page<Campaign>> {
    let mut query = campaigns::table
        .order((campaigns::created_at.desc(), campaigns::id.desc()))
        .limit(request.limit.get() + 1)
        .into_boxed();
    if let Some(after) = request.after {
        let id = CampaignId::from_uuid(after.id);
        query = query.filter(
            campaigns::created_at.lt(after.at).or(campaigns::created_at.eq(after.at).and(campaigns::id.lt(id))),
        );
    }
    let rows: Vec<Row> = query.load(work.conn())?;
    let cursor = |c: &Campaign| Cursor { at: c.created_at, id: c.id.uuid() };
    Ok(Page::from_overfull(rows.into_iter().map(Row::campaign).collect(), request.limit, cursor))
}

/// The schools of a campaign with their rolls.
pub(super) fn schools(work: &mut Work<'_>, grant: &Grant<CampaignId>) -> Result<Vec<(SchoolId, Option<i64>)>> {
    Ok(campaign_schools::table
        .filter(campaign_schools::campaign_id.eq(grant.id()))
        .select((campaign_schools::school_id, campaign_schools::roll))
        .load(work.conn())?)
}

/// The schools that have sent something, each with the day of the latest.
pub(super) fn received(work: &mut Work<'_>, grant: &Grant<CampaignId>) -> Result<Vec<(SchoolId, NaiveDate)>> {
    Ok(submissions::table
        .filter(submissions::campaign_id.eq(grant.id()))
        .select((submissions::school_id, submissions::received_on))
        .load(work.conn())?)
}

/// How many responses each school has, however they came.
pub(super) fn kept(work: &mut Work<'_>, grant: &Grant<CampaignId>) -> Result<Vec<(SchoolId, i64)>> {
    let waiting = arrivals::table
        .filter(arrivals::campaign_id.eq(grant.id()))
        .group_by(arrivals::school_id)
        .select((arrivals::school_id, count_star()));
    // In one statement: between two, some could go from one table to the other.
    let all = responses::table
        .filter(responses::campaign_id.eq(grant.id()))
        .group_by(responses::school_id)
        .select((responses::school_id, count_star()))
        .union_all(waiting);
    Ok(crate::both!(work.conn(), |c| all.load(c))?)
}

/// Whether the school takes part. With `lock`, others who submit for the same school wait until this transaction ends.
pub(in crate::surveys) fn has_school(
    work: &mut Work<'_>,
    school: &Grant<SchoolId>,
    campaign: CampaignId,
    lock: bool,
) -> Result<bool> {
    let query = campaign_schools::table
        .filter(campaign_schools::campaign_id.eq(campaign))
        .filter(campaign_schools::school_id.eq(school.id()))
        .select(campaign_schools::school_id);
    let found: Option<SchoolId> = if lock {
        for_update(query).get_result(work.conn()).optional()?
    } else {
        query.first(work.conn()).optional()?
    };
    Ok(found.is_some())
}
