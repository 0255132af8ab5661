//! The tables of sheets, of unspent codes and, apart from both, of spent ones.

pub(in crate::surveys) mod arrivals;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::access::Grant;
use crate::db::Work;
use crate::db::schema::{
    campaigns as k, code_sheets as s, spent_arrivals as w, spent_codes, submissions as b, survey_codes as c,
};
use crate::kernel::{CampaignId, Error, Result, SchoolId, SheetId, YearGroup, uk_date};

use super::model::{Sheet, Ticket};

#[derive(Queryable, Insertable)]
#[diesel(table_name = s, treat_none_as_default_value = false)]
struct Row {
    id: SheetId,
    campaign_id: CampaignId,
    school_id: SchoolId,
    year_group: i16,
    class: String,
    size: i16,
    made_on: NaiveDate,
    voided_on: Option<NaiveDate>,
    voided: i16,
}

impl Row {
    fn sheet(self, unspent: i64) -> Result<Sheet> {
        Ok(Sheet {
            id: self.id,
            year_group: year(self.year_group)?,
            class: self.class,
            size: u16::try_from(self.size).map_err(Error::internal)?,
            unspent: u16::try_from(unspent).map_err(Error::internal)?,
            made_on: self.made_on,
            voided_on: self.voided_on,
        })
    }
}

fn year(number: i16) -> Result<YearGroup> {
    YearGroup::new(number.into()).map_err(|_| Error::internal("a stored year group is none"))
}

pub(super) fn insert(
    work: &mut Work<'_>,
    school: &Grant<SchoolId>,
    campaign_id: CampaignId,
    sheet: &Sheet,
) -> Result<()> {
    let row = Row {
        id: sheet.id,
        campaign_id,
        school_id: school.id(),
        year_group: i16::from(sheet.year_group.number()),
        class: sheet.class.clone(),
        size: i16::try_from(sheet.size).map_err(Error::internal)?,
        made_on: sheet.made_on,
        voided_on: sheet.voided_on,
        voided: 0,
    };
    diesel::insert_into(s::table).values(&row).execute(work.conn())?;
    Ok(())
}

/// Keeps unspent codes, in the order given.
pub(super) fn insert_codes(
    work: &mut Work<'_>,
    _school: &Grant<SchoolId>,
    campaign: CampaignId,
    sheet: SheetId,
    hashes: &BTreeSet<Vec<u8>>,
) -> Result<()> {
    for hash in hashes {
        diesel::insert_into(c::table)
            .values((c::code_hash.eq(hash), c::campaign_id.eq(campaign), c::sheet_id.eq(sheet)))
            .execute(work.conn())?;
    }
    Ok(())
}

/// Whether there is such a code already, spent or not.
pub(super) fn is_known(work: &mut Work<'_>, hash: &[u8]) -> Result<bool> {
    Ok(find(work, hash)?.is_some() || is_spent(work, hash)?)
}

pub(super) fn sheets(work: &mut Work<'_>, school: &Grant<SchoolId>, campaign: CampaignId) -> Result<Vec<Sheet>> {
    let rows: Vec<Row> = s::table
        .filter(s::campaign_id.eq(campaign))
        .filter(s::school_id.eq(school.id()))
        .order((s::made_on.desc(), s::year_group.asc(), s::class.asc(), s::id.asc()))
        .load(work.conn())?;
    let ids: Vec<SheetId> = rows.iter().map(|row| row.id).collect();
    let unspent: Vec<(SheetId, i64)> = c::table
        .filter(c::sheet_id.eq_any(ids))
        .group_by(c::sheet_id)
        .select((c::sheet_id, diesel::dsl::count_star()))
        .load(work.conn())?;
    let of = |id| unspent.iter().find(|(sheet, _)| *sheet == id).map_or(0, |(_, n)| *n);
    rows.into_iter().map(|row| (of(row.id), row)).map(|(n, row)| row.sheet(n)).collect()
}

pub(super) fn sheet(work: &mut Work<'_>, school: &Grant<SchoolId>, campaign: CampaignId, id: SheetId) -> Result<Sheet> {
    let row: Row = s::table
        .filter(s::id.eq(id))
        .filter(s::campaign_id.eq(campaign))
        .filter(s::school_id.eq(school.id()))
        .first(work.conn())?;
    let unspent: i64 = c::table.filter(c::sheet_id.eq(id)).count().get_result(work.conn())?;
    row.sheet(unspent)
}

/// Voids the unspent codes of a sheet; says how many there were.
pub(super) fn void(work: &mut Work<'_>, _school: &Grant<SchoolId>, id: SheetId) -> Result<u16> {
    let gone = diesel::delete(c::table.filter(c::sheet_id.eq(id))).execute(work.conn())?;
    let today = uk_date(work.now());
    let count = i16::try_from(gone).map_err(Error::internal)?;
    diesel::update(s::table.filter(s::id.eq(id)).filter(s::voided_on.is_null()))
        .set((s::voided_on.eq(today), s::voided.eq(count)))
        .execute(work.conn())?;
    u16::try_from(gone).map_err(Error::internal)
}

/// Voids every sheet of a campaign that has unspent codes, each with how many there were.
pub(super) fn void_all(work: &mut Work<'_>, campaign: CampaignId) -> Result<()> {
    let unspent: Vec<(SheetId, i64)> = c::table
        .filter(c::campaign_id.eq(campaign))
        .group_by(c::sheet_id)
        .select((c::sheet_id, diesel::dsl::count_star()))
        .load(work.conn())?;
    let today = uk_date(work.now());
    for (sheet, count) in unspent {
        let count = i16::try_from(count).map_err(Error::internal)?;
        diesel::update(s::table.filter(s::id.eq(sheet)).filter(s::voided_on.is_null()))
            .set((s::voided_on.eq(today), s::voided.eq(count)))
            .execute(work.conn())?;
    }
    Ok(())
}

/// How many codes of a year group can be, or were, answered with: all that were printed but those called back unspent.
pub(super) fn handed_out(
    work: &mut Work<'_>,
    school: &Grant<SchoolId>,
    campaign: CampaignId,
    year: YearGroup,
) -> Result<i64> {
    let rows: Vec<(i16, i16)> = s::table
        .filter(s::campaign_id.eq(campaign))
        .filter(s::school_id.eq(school.id()))
        .filter(s::year_group.eq(i16::from(year.number())))
        .select((s::size, s::voided))
        .load(work.conn())?;
    Ok(rows.iter().map(|(size, voided)| i64::from(size - voided)).sum())
}

/// Whether the school has answers that came in bulk.
pub(super) fn came_in_bulk(work: &mut Work<'_>, school: &Grant<SchoolId>, campaign: CampaignId) -> Result<bool> {
    let kept: Option<i64> = b::table
        .filter(b::campaign_id.eq(campaign))
        .filter(b::school_id.eq(school.id()))
        .filter(b::accepted.gt(0))
        .select(b::accepted)
        .first(work.conn())
        .optional()?;
    Ok(kept.is_some())
}

/// Where an unspent code is from.
pub(super) struct Found {
    pub campaign: CampaignId,
    pub school: SchoolId,
    pub year_group: YearGroup,
    pub class: String,
}

pub(super) fn find(work: &mut Work<'_>, hash: &[u8]) -> Result<Option<Found>> {
    let row: Option<(CampaignId, SchoolId, i16, String)> = c::table
        .inner_join(s::table)
        .filter(c::code_hash.eq(hash))
        .select((s::campaign_id, s::school_id, s::year_group, s::class))
        .first(work.conn())
        .optional()?;
    let found = |(campaign, school, number, class)| Ok(Found { campaign, school, year_group: year(number)?, class });
    row.map(found).transpose()
}

pub(super) fn is_spent(work: &mut Work<'_>, hash: &[u8]) -> Result<bool> {
    let waiting = w::table.filter(w::code_hash.eq(hash)).select(w::code_hash);
    let before = spent_codes::table.find(hash).select(spent_codes::code_hash);
    let found: Option<Vec<u8>> = waiting.first(work.conn()).optional()?;
    Ok(found.is_some() || before.first::<Vec<u8>>(work.conn()).optional()?.is_some())
}

/// Takes a code away from its sheet, and notes apart that it is spent; false when it is not there any more.
pub(super) fn spend(work: &mut Work<'_>, ticket: &Ticket, hash: &[u8]) -> Result<bool> {
    if diesel::delete(c::table.find(hash)).execute(work.conn())? == 0 {
        return Ok(false);
    }
    diesel::insert_into(w::table)
        .values((w::campaign_id.eq(ticket.campaign), w::school_id.eq(ticket.school), w::code_hash.eq(hash)))
        .execute(work.conn())?;
    Ok(true)
}

/// The campaigns whose first day has come, and of which codes are known.
pub(super) fn with_codes(work: &mut Work<'_>, today: NaiveDate) -> Result<Vec<CampaignId>> {
    let begun = k::table.filter(k::opens_on.le(today));
    let has = |work: &mut Work<'_>, id: CampaignId| -> Result<bool> {
        let unspent: i64 = c::table.filter(c::campaign_id.eq(id)).count().get_result(work.conn())?;
        let waiting: i64 = w::table.filter(w::campaign_id.eq(id)).count().get_result(work.conn())?;
        let spent: i64 = spent_codes::table.filter(spent_codes::campaign_id.eq(id)).count().get_result(work.conn())?;
        Ok(unspent + waiting + spent > 0)
    };
    let mut found = Vec::new();
    for id in begun.select(k::id).load::<CampaignId>(work.conn())? {
        if has(work, id)? {
            found.push(id);
        }
    }
    Ok(found)
}

/// Forgets every code of a campaign; says how many there were.
pub(super) fn forget(work: &mut Work<'_>, campaign: CampaignId) -> Result<usize> {
    let unspent = diesel::delete(c::table.filter(c::campaign_id.eq(campaign))).execute(work.conn())?;
    let waiting = diesel::delete(w::table.filter(w::campaign_id.eq(campaign))).execute(work.conn())?;
    let spent =
        diesel::delete(spent_codes::table.filter(spent_codes::campaign_id.eq(campaign))).execute(work.conn())?;
    Ok(unspent + waiting + spent)
}
