//! Answers that have just come.
//!
//! A row's place in a file betrays when it came: PostgreSQL fills its pages in order and stamps each row with its
//! transaction. So a school's answers wait in a table of their own, all of which is written anew and in random order whenever
//! one is added; ten at a time they go on to the others, and those are all written anew with them (`facts/reliability.md` D12,
//! SUR-1). They are safe from the first moment, and counted with the rest.

use diesel::prelude::*;

use crate::db::Work;
use crate::db::fragments::for_update;
use crate::db::schema::{arrivals as a, campaign_schools, responses};
use crate::db::types::Uid;
use crate::instruments::Packed;
use crate::kernel::{CampaignId, Result, SchoolId};

use super::super::model::Ticket;

/// How many go on together: `facts/reliability.md` D12, "shuffled batches of ≥10".
const TOGETHER: usize = 10;

#[derive(Insertable)]
#[diesel(table_name = a, treat_none_as_default_value = false)]
struct Arrival {
    campaign_id: CampaignId,
    school_id: SchoolId,
    id: Uid,
    year_group: i16,
    answers: Vec<u8>,
}

#[derive(Insertable)]
#[diesel(table_name = responses, treat_none_as_default_value = false)]
struct Response {
    campaign_id: CampaignId,
    school_id: SchoolId,
    id: Uid,
    year_group: i16,
    answers: Vec<u8>,
}

/// Others who answer at the same school wait until this transaction ends: what waits is written anew by one at a time.
pub(in crate::surveys::codes) fn lock(work: &mut Work<'_>, ticket: &Ticket) -> Result<()> {
    let query = campaign_schools::table
        .filter(campaign_schools::campaign_id.eq(ticket.campaign))
        .filter(campaign_schools::school_id.eq(ticket.school))
        .select(campaign_schools::school_id);
    let _: SchoolId = for_update(query).get_result(work.conn())?;
    Ok(())
}

/// Keeps a pupil's answers.
pub(in crate::surveys::codes) fn keep(work: &mut Work<'_>, ticket: &Ticket, packed: &Packed) -> Result<()> {
    let (campaign_id, school_id) = (ticket.campaign, ticket.school);
    let here = a::table.filter(a::campaign_id.eq(campaign_id)).filter(a::school_id.eq(school_id));
    let mut waiting: Vec<(i16, Vec<u8>)> = here.select((a::year_group, a::answers)).load(work.conn())?;
    waiting.push((i16::from(ticket.year_group.number()), packed.as_bytes().to_vec()));
    diesel::delete(here).execute(work.conn())?;
    let full = waiting.len() >= TOGETHER;
    if full {
        use responses as r;
        let before = r::table.filter(r::campaign_id.eq(campaign_id)).filter(r::school_id.eq(school_id));
        let others: Vec<(i16, Vec<u8>)> = before.select((r::year_group, r::answers)).load(work.conn())?;
        waiting.extend(others);
        diesel::delete(before).execute(work.conn())?;
    }
    // In the order of fresh random ids: a uniform shuffle, as `responses::rules::keep` says.
    let mut shuffled: Vec<_> =
        waiting.into_iter().map(|(year, answers)| (Uid::from_uuid(work.random_id()), year, answers)).collect();
    shuffled.sort_unstable_by_key(|(id, ..)| id.uuid());
    let rows = shuffled.into_iter();
    if full {
        let row = |(id, year_group, answers)| Response { campaign_id, school_id, id, year_group, answers };
        let rows: Vec<_> = rows.map(row).collect();
        for chunk in rows.chunks(1000) {
            crate::both!(work.conn(), |c| diesel::insert_into(responses::table).values(chunk).execute(c))?;
        }
    } else {
        let row = |(id, year_group, answers)| Arrival { campaign_id, school_id, id, year_group, answers };
        let rows: Vec<_> = rows.map(row).collect();
        crate::both!(work.conn(), |c| diesel::insert_into(a::table).values(&rows).execute(c))?;
    }
    Ok(())
}
