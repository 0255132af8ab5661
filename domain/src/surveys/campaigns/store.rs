//! The tables of campaigns and their schools.

use std::collections::HashSet;

use chrono::NaiveDate;
use diesel::dsl::count_star;
use diesel::prelude::*;

use crate::access::{Grant, Scope};
use crate::db::Work;
use crate::db::fragments::for_update;
use crate::db::schema::{
    arrivals, campaign_rolls as r, campaign_schools, campaigns, code_sheets, responses, submissions,
};
use crate::kernel::{
    Bilingual, CampaignId, Cursor, Error, InstrumentId, Page, PageRequest, PersonId, Result, SchoolId, Utc, YearGroup,
    YearGroups, uk_date,
};

use super::model::{Campaign, NilReason, Part, Rolls, UnlockReason};

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
    late_days: i16,
    years: i16,
}

#[derive(Insertable)]
#[diesel(table_name = campaign_schools, treat_none_as_default_value = false)]
struct SchoolRow {
    campaign_id: CampaignId,
    school_id: SchoolId,
    roll: Option<i64>,
}

#[derive(Insertable)]
#[diesel(table_name = r, treat_none_as_default_value = false)]
struct RollRow {
    campaign_id: CampaignId,
    school_id: SchoolId,
    year_group: i16,
    pupils: i64,
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
            late_days: u16::try_from(self.late_days).unwrap_or(0),
            years: YearGroups::from_bits(self.years),
            version: self.version,
            created_at: self.created_at,
        }
    }
}

pub(super) fn insert(
    work: &mut Work<'_>,
    grant: &Grant<CampaignId>,
    campaign: &Campaign,
    schools: &[(SchoolId, Rolls)],
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
        late_days: i16::try_from(campaign.late_days).map_err(Error::internal)?,
        years: campaign.years.bits(),
    };
    diesel::insert_into(campaigns::table).values(&row).execute(work.conn())?;
    let rows: Vec<_> = schools
        .iter()
        .map(|(school_id, rolls)| SchoolRow { campaign_id: grant.id(), school_id: *school_id, roll: rolls.all })
        .collect();
    for chunk in rows.chunks(1000) {
        crate::both!(work.conn(), |c| diesel::insert_into(campaign_schools::table).values(chunk).execute(c))?;
    }
    for (school, rolls) in schools {
        insert_rolls(work, grant.id(), *school, rolls)?;
    }
    Ok(())
}

fn insert_rolls(work: &mut Work<'_>, campaign_id: CampaignId, school_id: SchoolId, rolls: &Rolls) -> Result<()> {
    let row = |(year, pupils): &(YearGroup, i64)| RollRow {
        campaign_id,
        school_id,
        year_group: i16::from(year.number()),
        pupils: *pupils,
    };
    let rows: Vec<_> = rolls.by_year.iter().map(row).collect();
    crate::both!(work.conn(), |c| diesel::insert_into(r::table).values(&rows).execute(c))?;
    Ok(())
}

/// Puts a school's rolls in the place of those it had.
pub(super) fn set_rolls(
    work: &mut Work<'_>,
    campaign: &Grant<CampaignId>,
    school: SchoolId,
    rolls: &Rolls,
) -> Result<()> {
    let old = r::table.filter(r::campaign_id.eq(campaign.id())).filter(r::school_id.eq(school));
    diesel::delete(old).execute(work.conn())?;
    diesel::update(campaign_schools::table.find((campaign.id(), school)))
        .set(campaign_schools::roll.eq(rolls.all))
        .execute(work.conn())?;
    insert_rolls(work, campaign.id(), school, rolls)
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

type PartRow = (Option<NaiveDate>, Option<NilReason>, Option<NaiveDate>, Option<UnlockReason>);

fn part((signed_off_on, nil, unlocked_until, unlocked_for): PartRow) -> Part {
    Part { signed_off_on, nil, unlocked_until, unlocked_for }
}

/// The schools of a campaign with their rolls and how they stand in it.
pub(super) fn schools(work: &mut Work<'_>, grant: &Grant<CampaignId>) -> Result<Vec<(SchoolId, Rolls, Part)>> {
    parts(work, grant.id())
}

/// The same, for the worker, which has asked nobody.
pub(in crate::surveys) fn parts(work: &mut Work<'_>, campaign: CampaignId) -> Result<Vec<(SchoolId, Rolls, Part)>> {
    use campaign_schools as s;
    let rows: Vec<(SchoolId, Option<i64>, PartRow)> = s::table
        .filter(s::campaign_id.eq(campaign))
        .select((s::school_id, s::roll, (s::signed_off_on, s::nil_return, s::unlocked_until, s::unlocked_for)))
        .load(work.conn())?;
    let years: Vec<(SchoolId, i16, i64)> = r::table
        .filter(r::campaign_id.eq(campaign))
        .order((r::school_id.asc(), r::year_group.asc()))
        .select((r::school_id, r::year_group, r::pupils))
        .load(work.conn())?;
    let of = |school: SchoolId| {
        let mine = years.iter().filter(move |(at, ..)| *at == school);
        mine.filter_map(|(_, year, pupils)| Some((YearGroup::new((*year).into()).ok()?, *pupils))).collect()
    };
    Ok(rows.into_iter().map(|(id, all, p)| (id, Rolls { all, by_year: of(id) }, part(p))).collect())
}

/// The schools that have printed codes or sent something, whether it is there still or was withdrawn.
pub(in crate::surveys) fn begun(work: &mut Work<'_>, campaign: CampaignId) -> Result<HashSet<SchoolId>> {
    use {code_sheets as c, submissions as s};
    let mut all: HashSet<SchoolId> =
        s::table.filter(s::campaign_id.eq(campaign)).select(s::school_id).load(work.conn())?.into_iter().collect();
    let printed: Vec<SchoolId> = c::table.filter(c::campaign_id.eq(campaign)).select(c::school_id).load(work.conn())?;
    all.extend(printed);
    let noted: Vec<SchoolId> = campaign_schools::table
        .filter(campaign_schools::campaign_id.eq(campaign))
        .filter(campaign_schools::begun_on.is_not_null())
        .select(campaign_schools::school_id)
        .load(work.conn())?;
    all.extend(noted);
    Ok(all)
}

/// The schools that have sent something, each with the day of the latest.
pub(super) fn received(work: &mut Work<'_>, grant: &Grant<CampaignId>) -> Result<Vec<(SchoolId, NaiveDate)>> {
    Ok(submissions::table
        .filter(submissions::campaign_id.eq(grant.id()))
        .select((submissions::school_id, submissions::received_on))
        .load(work.conn())?)
}

/// How many responses each year group of each school has, however they came.
pub(super) fn kept(work: &mut Work<'_>, grant: &Grant<CampaignId>) -> Result<Vec<(SchoolId, i16, i64)>> {
    let waiting = arrivals::table
        .filter(arrivals::campaign_id.eq(grant.id()))
        .group_by((arrivals::school_id, arrivals::year_group))
        .select((arrivals::school_id, arrivals::year_group, count_star()));
    // In one statement: between two, some could go from one table to the other.
    let all = responses::table
        .filter(responses::campaign_id.eq(grant.id()))
        .group_by((responses::school_id, responses::year_group))
        .select((responses::school_id, responses::year_group, count_star()))
        .union_all(waiting);
    Ok(crate::both!(work.conn(), |c| all.load(c))?)
}

/// How a school stands in a campaign, and whether it has printed codes or sent something; nothing when it takes no part.
/// With `lock`, others who write for the same school wait until this transaction ends.
pub(in crate::surveys) fn part_of(
    work: &mut Work<'_>,
    campaign: CampaignId,
    school: SchoolId,
    lock: bool,
) -> Result<Option<(Part, bool)>> {
    use {campaign_schools as s, code_sheets as c, submissions as b};
    let query = s::table
        .filter(s::campaign_id.eq(campaign))
        .filter(s::school_id.eq(school))
        .select(((s::signed_off_on, s::nil_return, s::unlocked_until, s::unlocked_for), s::begun_on));
    let found: Option<(PartRow, Option<NaiveDate>)> = if lock {
        for_update(query).get_result(work.conn()).optional()?
    } else {
        query.first(work.conn()).optional()?
    };
    let Some((row, begun_on)) = found else { return Ok(None) };
    let sheets: i64 =
        c::table.filter(c::campaign_id.eq(campaign)).filter(c::school_id.eq(school)).count().get_result(work.conn())?;
    let sent: i64 =
        b::table.filter(b::campaign_id.eq(campaign)).filter(b::school_id.eq(school)).count().get_result(work.conn())?;
    Ok(Some((part(row), sheets + sent > 0 || begun_on.is_some())))
}

/// The pupils on roll of a school's year group, when they are known.
pub(in crate::surveys) fn roll_of(
    work: &mut Work<'_>,
    campaign: CampaignId,
    school: SchoolId,
    year: YearGroup,
) -> Result<Option<i64>> {
    let key = (campaign, school, i16::from(year.number()));
    Ok(r::table.find(key).select(r::pupils).first(work.conn()).optional()?)
}

/// A school's pupils on roll, as far as they are known.
pub(in crate::surveys) fn rolls_of(work: &mut Work<'_>, campaign: CampaignId, school: SchoolId) -> Result<Rolls> {
    use campaign_schools as s;
    let all: Option<Option<i64>> = s::table.find((campaign, school)).select(s::roll).first(work.conn()).optional()?;
    let years: Vec<(i16, i64)> = r::table
        .filter(r::campaign_id.eq(campaign))
        .filter(r::school_id.eq(school))
        .order(r::year_group.asc())
        .select((r::year_group, r::pupils))
        .load(work.conn())?;
    let known = |(year, pupils): (i16, i64)| Some((YearGroup::new(year.into()).ok()?, pupils));
    Ok(Rolls { all: all.flatten(), by_year: years.into_iter().filter_map(known).collect() })
}

/// Notes that a school had begun, for when what it sent is withdrawn: who withdraws in the closing days may send again.
pub(in crate::surveys) fn note_begun(work: &mut Work<'_>, campaign: CampaignId, school: SchoolId) -> Result<()> {
    use campaign_schools as s;
    let today = uk_date(work.now());
    diesel::update(s::table.find((campaign, school)).filter(s::begun_on.is_null()))
        .set(s::begun_on.eq(today))
        .execute(work.conn())?;
    Ok(())
}

/// Writes down how a school stands in a campaign, and who says so.
pub(in crate::surveys) fn set_part(
    work: &mut Work<'_>,
    campaign: CampaignId,
    school: SchoolId,
    part: &Part,
    by: Option<PersonId>,
) -> Result<()> {
    use campaign_schools as s;
    diesel::update(s::table.find((campaign, school)))
        .set((
            s::signed_off_on.eq(part.signed_off_on),
            s::signed_off_by.eq(by),
            s::nil_return.eq(part.nil),
            s::unlocked_until.eq(part.unlocked_until),
            s::unlocked_for.eq(part.unlocked_for),
        ))
        .execute(work.conn())?;
    Ok(())
}
