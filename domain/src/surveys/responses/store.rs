//! The tables of responses, hashed keys and submissions.

use std::collections::HashSet;

use chrono::NaiveDate;
use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel::sql_types::{Array, Binary, SmallInt};

use crate::access::Grant;
use crate::db::schema::{arrivals, code_sheets, response_keys, responses, submissions};
use crate::db::types::Uid;
use crate::db::types::sql::UuidSql;
use crate::db::{Conn, Work};
use crate::kernel::{CampaignId, Result, SchoolId, SubmissionId, uk_date};

use super::rules::Placed;

/// Rows of one statement on SQLite (five values each; it takes at most 32,766) and on PostgreSQL.
const SQLITE_CHUNK: usize = 1000;
const POSTGRES_CHUNK: usize = 10_000;

/// What is remembered of a submission.
pub(super) struct Submission {
    pub id: SubmissionId,
    pub accepted: i64,
    pub rejected: i64,
    pub duplicates: i64,
}

#[derive(Insertable)]
#[diesel(table_name = submissions)]
struct SubmissionRow<'a> {
    id: SubmissionId,
    campaign_id: CampaignId,
    school_id: SchoolId,
    digest: &'a [u8],
    accepted: i64,
    rejected: i64,
    duplicates: i64,
    received_on: NaiveDate,
}

#[derive(Insertable)]
#[diesel(table_name = responses, treat_none_as_default_value = false)]
struct ResponseRow<'a> {
    campaign_id: CampaignId,
    school_id: SchoolId,
    id: Uid,
    year_group: i16,
    answers: &'a [u8],
}

#[derive(Insertable)]
#[diesel(table_name = response_keys, treat_none_as_default_value = false)]
struct KeyRow<'a> {
    campaign_id: CampaignId,
    school_id: SchoolId,
    key_hash: &'a [u8],
}

/// The submission of the same body, if there was one.
pub(super) fn find(
    work: &mut Work<'_>,
    school: &Grant<SchoolId>,
    campaign: CampaignId,
    digest: &[u8],
) -> Result<Option<Submission>> {
    use submissions as s;
    let row: Option<(SubmissionId, i64, i64, i64)> = s::table
        .filter(s::campaign_id.eq(campaign))
        .filter(s::school_id.eq(school.id()))
        .filter(s::digest.eq(digest))
        .select((s::id, s::accepted, s::rejected, s::duplicates))
        .first(work.conn())
        .optional()?;
    Ok(row.map(|(id, accepted, rejected, duplicates)| Submission { id, accepted, rejected, duplicates }))
}

pub(super) fn insert(
    work: &mut Work<'_>,
    school: &Grant<SchoolId>,
    campaign: CampaignId,
    digest: &[u8],
    submission: &Submission,
) -> Result<()> {
    let row = SubmissionRow {
        id: submission.id,
        campaign_id: campaign,
        school_id: school.id(),
        digest,
        accepted: submission.accepted,
        rejected: submission.rejected,
        duplicates: submission.duplicates,
        received_on: uk_date(work.now()),
    };
    diesel::insert_into(submissions::table).values(&row).execute(work.conn())?;
    Ok(())
}

/// The hashed keys that have come so far.
pub(super) fn known_keys(
    work: &mut Work<'_>,
    school: &Grant<SchoolId>,
    campaign: CampaignId,
) -> Result<HashSet<Vec<u8>>> {
    let keys: Vec<Vec<u8>> = response_keys::table
        .filter(response_keys::campaign_id.eq(campaign))
        .filter(response_keys::school_id.eq(school.id()))
        .select(response_keys::key_hash)
        .load(work.conn())?;
    Ok(keys.into_iter().collect())
}

pub(super) fn insert_keys(
    work: &mut Work<'_>,
    school: &Grant<SchoolId>,
    campaign_id: CampaignId,
    keys: &[Vec<u8>],
) -> Result<()> {
    let school_id = school.id();
    match work.conn() {
        Conn::Sqlite(c) => {
            for chunk in keys.chunks(SQLITE_CHUNK) {
                let rows: Vec<_> = chunk.iter().map(|key_hash| KeyRow { campaign_id, school_id, key_hash }).collect();
                diesel::insert_into(response_keys::table).values(&rows).execute(c)?;
            }
        }
        Conn::Pg(c) => {
            for chunk in keys.chunks(POSTGRES_CHUNK) {
                diesel::sql_query(
                    "INSERT INTO response_keys (campaign_id, school_id, key_hash) SELECT $1, $2, k FROM unnest($3) AS k",
                )
                .bind::<UuidSql, _>(campaign_id)
                .bind::<UuidSql, _>(school_id)
                .bind::<Array<Binary>, _>(chunk)
                .execute(c)?;
            }
        }
    }
    Ok(())
}

/// Inserts rows in the order given, which must not be the sender's.
pub(super) fn insert_responses(
    work: &mut Work<'_>,
    school: &Grant<SchoolId>,
    campaign_id: CampaignId,
    rows: &[Placed],
) -> Result<()> {
    let school_id = school.id();
    let year = |placed: &Placed| i16::from(placed.row.year_group.number());
    match work.conn() {
        Conn::Sqlite(c) => {
            for chunk in rows.chunks(SQLITE_CHUNK) {
                let rows: Vec<_> = chunk
                    .iter()
                    .map(|placed| ResponseRow {
                        campaign_id,
                        school_id,
                        id: Uid::from_uuid(placed.id),
                        year_group: year(placed),
                        answers: placed.row.answers.as_bytes(),
                    })
                    .collect();
                diesel::insert_into(responses::table).values(&rows).execute(c)?;
            }
        }
        Conn::Pg(c) => {
            for chunk in rows.chunks(POSTGRES_CHUNK) {
                diesel::sql_query(
                    "INSERT INTO responses (campaign_id, school_id, id, year_group, answers) \
                     SELECT $1, $2, r.* FROM unnest($3, $4, $5) AS r",
                )
                .bind::<UuidSql, _>(campaign_id)
                .bind::<UuidSql, _>(school_id)
                .bind::<Array<UuidSql>, _>(chunk.iter().map(|p| Uid::from_uuid(p.id)).collect::<Vec<_>>())
                .bind::<Array<SmallInt>, _>(chunk.iter().map(year).collect::<Vec<_>>())
                .bind::<Array<Binary>, _>(chunk.iter().map(|p| p.row.answers.as_bytes()).collect::<Vec<_>>())
                .execute(c)?;
            }
        }
    }
    Ok(())
}

/// Whether the school has a sheet of codes that was not called back.
pub(super) fn has_sheets(work: &mut Work<'_>, school: &Grant<SchoolId>, campaign: CampaignId) -> Result<bool> {
    let sheets: i64 = code_sheets::table
        .filter(code_sheets::campaign_id.eq(campaign))
        .filter(code_sheets::school_id.eq(school.id()))
        .filter(code_sheets::voided_on.is_null())
        .count()
        .get_result(work.conn())?;
    Ok(sheets > 0)
}

/// How many of the school's answers came by codes: all that there are without those that its submissions brought.
pub(super) fn by_codes(work: &mut Work<'_>, school: &Grant<SchoolId>, campaign: CampaignId) -> Result<i64> {
    let (r, a, s) = (responses::table, arrivals::table, submissions::table);
    let kept: i64 = r
        .filter(responses::campaign_id.eq(campaign))
        .filter(responses::school_id.eq(school.id()))
        .count()
        .get_result(work.conn())?;
    let waiting: i64 = a
        .filter(arrivals::campaign_id.eq(campaign))
        .filter(arrivals::school_id.eq(school.id()))
        .count()
        .get_result(work.conn())?;
    let brought: Vec<i64> = s
        .filter(submissions::campaign_id.eq(campaign))
        .filter(submissions::school_id.eq(school.id()))
        .select(submissions::accepted)
        .load(work.conn())?;
    Ok(kept + waiting - brought.into_iter().sum::<i64>())
}

/// How many rows the school has of each year group.
pub(super) fn by_year(work: &mut Work<'_>, school: &Grant<SchoolId>, campaign: CampaignId) -> Result<Vec<(i16, i64)>> {
    Ok(responses::table
        .filter(responses::campaign_id.eq(campaign))
        .filter(responses::school_id.eq(school.id()))
        .group_by(responses::year_group)
        .select((responses::year_group, count_star()))
        .load(work.conn())?)
}

/// Every row of the school: its id, year group and answers.
pub(super) fn rows(
    work: &mut Work<'_>,
    school: &Grant<SchoolId>,
    campaign: CampaignId,
) -> Result<Vec<(Uid, i16, Vec<u8>)>> {
    Ok(responses::table
        .filter(responses::campaign_id.eq(campaign))
        .filter(responses::school_id.eq(school.id()))
        .select((responses::id, responses::year_group, responses::answers))
        .load(work.conn())?)
}

/// Deletes these rows; says how many there were.
pub(super) fn delete_rows(
    work: &mut Work<'_>,
    school: &Grant<SchoolId>,
    campaign: CampaignId,
    ids: &[Uid],
) -> Result<usize> {
    let mut gone = 0;
    for chunk in ids.chunks(SQLITE_CHUNK) {
        let rows = responses::table
            .filter(responses::campaign_id.eq(campaign))
            .filter(responses::school_id.eq(school.id()))
            .filter(responses::id.eq_any(chunk));
        gone += diesel::delete(rows).execute(work.conn())?;
    }
    Ok(gone)
}

/// Deletes these hashed keys; says how many there were.
pub(super) fn delete_keys(
    work: &mut Work<'_>,
    school: &Grant<SchoolId>,
    campaign: CampaignId,
    keys: &[Vec<u8>],
) -> Result<usize> {
    let mut gone = 0;
    for chunk in keys.chunks(SQLITE_CHUNK) {
        let rows = response_keys::table
            .filter(response_keys::campaign_id.eq(campaign))
            .filter(response_keys::school_id.eq(school.id()))
            .filter(response_keys::key_hash.eq_any(chunk));
        gone += diesel::delete(rows).execute(work.conn())?;
    }
    Ok(gone)
}

/// Deletes every hashed key of the school; says how many there were.
pub(super) fn delete_all_keys(work: &mut Work<'_>, school: &Grant<SchoolId>, campaign: CampaignId) -> Result<usize> {
    let keys = response_keys::table
        .filter(response_keys::campaign_id.eq(campaign))
        .filter(response_keys::school_id.eq(school.id()));
    Ok(diesel::delete(keys).execute(work.conn())?)
}

/// Deletes every hashed key of a campaign.
pub(super) fn delete_keys_of_all(work: &mut Work<'_>, campaign: CampaignId) -> Result<()> {
    diesel::delete(response_keys::table.filter(response_keys::campaign_id.eq(campaign))).execute(work.conn())?;
    Ok(())
}

/// Deletes every row of the school; says how many there were.
pub(super) fn delete_all_rows(work: &mut Work<'_>, school: &Grant<SchoolId>, campaign: CampaignId) -> Result<usize> {
    let rows =
        responses::table.filter(responses::campaign_id.eq(campaign)).filter(responses::school_id.eq(school.id()));
    Ok(diesel::delete(rows).execute(work.conn())?)
}

/// The school's submissions.
pub(super) fn all(work: &mut Work<'_>, school: &Grant<SchoolId>, campaign: CampaignId) -> Result<Vec<SubmissionId>> {
    Ok(submissions::table
        .filter(submissions::campaign_id.eq(campaign))
        .filter(submissions::school_id.eq(school.id()))
        .select(submissions::id)
        .load(work.conn())?)
}

/// Whether another submission of the school, of the same day or a later one, left rows out as known. Of a day nothing says which
/// came first, nor of rows left out whether their key had come with this one, another or earlier in the same body.
pub(super) fn left_out_since(
    work: &mut Work<'_>,
    school: &Grant<SchoolId>,
    campaign: CampaignId,
    id: SubmissionId,
) -> Result<bool> {
    use submissions as s;
    let day: NaiveDate = s::table.find(id).select(s::received_on).first(work.conn())?;
    let others: i64 = s::table
        .filter(s::campaign_id.eq(campaign))
        .filter(s::school_id.eq(school.id()))
        .filter(s::id.ne(id))
        .filter(s::duplicates.gt(0))
        .filter(s::received_on.ge(day))
        .count()
        .get_result(work.conn())?;
    Ok(others > 0)
}

/// Deletes a submission.
pub(super) fn delete(work: &mut Work<'_>, _school: &Grant<SchoolId>, id: SubmissionId) -> Result<()> {
    diesel::delete(submissions::table.find(id)).execute(work.conn())?;
    Ok(())
}

/// Puts something that tells nothing in the place of what is remembered of a body.
pub(super) fn blot(work: &mut Work<'_>, _school: &Grant<SchoolId>, id: SubmissionId) -> Result<()> {
    blot_out(work, id)
}

/// The same of every body of a campaign.
pub(super) fn blot_all(work: &mut Work<'_>, campaign: CampaignId) -> Result<()> {
    let of_campaign = submissions::table.filter(submissions::campaign_id.eq(campaign)).select(submissions::id);
    let all: Vec<SubmissionId> = of_campaign.load(work.conn())?;
    all.into_iter().try_for_each(|id| blot_out(work, id))
}

fn blot_out(work: &mut Work<'_>, id: SubmissionId) -> Result<()> {
    let mut noise = [0_u8; 32];
    work.chance().fill(&mut noise);
    diesel::update(submissions::table.find(id)).set(submissions::digest.eq(&noise[..])).execute(work.conn())?;
    Ok(())
}
