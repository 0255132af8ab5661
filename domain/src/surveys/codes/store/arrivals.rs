//! Answers that have just come, and the codes they came by.
//!
//! A row's place in a file betrays when it came: PostgreSQL fills its pages in order and stamps each row with its
//! transaction. So a school's answers wait in a table of their own, and its spent codes in another; both are written anew and
//! in random order whenever one is added. When twenty wait, ten answers and ten codes go on, each drawn by themselves, and the
//! school's other answers are written anew with them (`facts/reliability.md` D12, SUR-1). They are safe from the first moment,
//! and counted with the rest. When the campaign is over all go on, and the codes are forgotten.

use diesel::prelude::*;

use crate::db::Work;
use crate::db::fragments::for_update;
use crate::db::schema::{arrivals as a, campaign_schools, responses, spent_arrivals as w, spent_codes as s};
use crate::db::types::Uid;
use crate::instruments::Packed;
use crate::kernel::{CampaignId, Result, SchoolId};

use super::super::model::Ticket;

/// How many go on together: `facts/reliability.md` D12, "shuffled batches of ≥10".
const TOGETHER: usize = 10;

/// How many wait before that, so that whoever goes on was one of so many.
const POOL: usize = 20;

type Rows = Vec<(i16, Vec<u8>)>;

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

#[derive(Insertable)]
#[diesel(table_name = s, treat_none_as_default_value = false)]
struct Spent {
    campaign_id: CampaignId,
    code_hash: Vec<u8>,
}

#[derive(Insertable)]
#[diesel(table_name = w, treat_none_as_default_value = false)]
struct Waiting {
    campaign_id: CampaignId,
    school_id: SchoolId,
    code_hash: Vec<u8>,
}

/// Others who answer at the same school wait until this transaction ends: what waits is written anew by one at a time.
pub(in crate::surveys) fn lock(work: &mut Work<'_>, campaign: CampaignId, school: SchoolId) -> Result<()> {
    let query = campaign_schools::table
        .filter(campaign_schools::campaign_id.eq(campaign))
        .filter(campaign_schools::school_id.eq(school))
        .select(campaign_schools::school_id);
    let _: SchoolId = for_update(query).get_result(work.conn())?;
    Ok(())
}

/// Keeps a pupil's answers; their code is spent already, and waits too.
pub(in crate::surveys::codes) fn keep(work: &mut Work<'_>, ticket: &Ticket, packed: &Packed) -> Result<()> {
    let at = (ticket.campaign, ticket.school);
    let mut waiting = take_answers(work, at)?;
    waiting.push((i16::from(ticket.year_group.number()), packed.as_bytes().to_vec()));
    let mut waiting = shuffled(work, waiting);
    let codes = take_codes(work, at)?;
    let mut codes = shuffled(work, codes);
    if waiting.len() >= POOL {
        let going = waiting.drain(..TOGETHER).collect();
        go_on(work, at, going)?;
        let spent: Vec<_> =
            codes.drain(..TOGETHER.min(codes.len())).map(|code_hash| Spent { campaign_id: at.0, code_hash }).collect();
        crate::both!(work.conn(), |c| diesel::insert_into(s::table).values(&spent).execute(c))?;
    }
    let ids = ids(work, waiting.len());
    let rows: Vec<_> = ids
        .into_iter()
        .zip(waiting)
        .map(|(id, (year_group, answers))| Arrival { campaign_id: at.0, school_id: at.1, id, year_group, answers })
        .collect();
    crate::both!(work.conn(), |c| diesel::insert_into(a::table).values(&rows).execute(c))?;
    let codes: Vec<_> =
        codes.into_iter().map(|code_hash| Waiting { campaign_id: at.0, school_id: at.1, code_hash }).collect();
    crate::both!(work.conn(), |c| diesel::insert_into(w::table).values(&codes).execute(c))?;
    Ok(())
}

/// Sends on whatever waits of a campaign that is over.
pub(in crate::surveys::codes) fn settle(work: &mut Work<'_>, campaign: CampaignId) -> Result<()> {
    let schools: Vec<SchoolId> =
        a::table.filter(a::campaign_id.eq(campaign)).select(a::school_id).distinct().load(work.conn())?;
    for school in schools {
        lock(work, campaign, school)?;
        let waiting = take_answers(work, (campaign, school))?;
        go_on(work, (campaign, school), waiting)?;
    }
    Ok(())
}

/// Sends on whatever waits of one school, answers and spent codes each by themselves. The caller has locked the school.
pub(in crate::surveys::codes) fn settle_school(
    work: &mut Work<'_>,
    campaign_id: CampaignId,
    school: SchoolId,
) -> Result<()> {
    let waiting = take_answers(work, (campaign_id, school))?;
    go_on(work, (campaign_id, school), waiting)?;
    let codes = take_codes(work, (campaign_id, school))?;
    let spent: Vec<_> = shuffled(work, codes).into_iter().map(|code_hash| Spent { campaign_id, code_hash }).collect();
    crate::both!(work.conn(), |c| diesel::insert_into(s::table).values(&spent).execute(c))?;
    Ok(())
}

/// Writes these answers among the school's others, all of them anew.
fn go_on(work: &mut Work<'_>, (campaign_id, school_id): (CampaignId, SchoolId), mut going: Rows) -> Result<()> {
    use responses as r;
    let before = r::table.filter(r::campaign_id.eq(campaign_id)).filter(r::school_id.eq(school_id));
    let others: Rows = before.select((r::year_group, r::answers)).load(work.conn())?;
    going.extend(others);
    diesel::delete(before).execute(work.conn())?;
    let ids = ids(work, going.len());
    let rows: Vec<_> = ids
        .into_iter()
        .zip(shuffled(work, going))
        .map(|(id, (year_group, answers))| Response { campaign_id, school_id, id, year_group, answers })
        .collect();
    for chunk in rows.chunks(1000) {
        crate::both!(work.conn(), |c| diesel::insert_into(responses::table).values(chunk).execute(c))?;
    }
    Ok(())
}

fn take_answers(work: &mut Work<'_>, (campaign, school): (CampaignId, SchoolId)) -> Result<Rows> {
    let here = a::table.filter(a::campaign_id.eq(campaign)).filter(a::school_id.eq(school));
    let rows = here.select((a::year_group, a::answers)).load(work.conn())?;
    diesel::delete(here).execute(work.conn())?;
    Ok(rows)
}

fn take_codes(work: &mut Work<'_>, (campaign, school): (CampaignId, SchoolId)) -> Result<Vec<Vec<u8>>> {
    let here = w::table.filter(w::campaign_id.eq(campaign)).filter(w::school_id.eq(school));
    let rows = here.select(w::code_hash).load(work.conn())?;
    diesel::delete(here).execute(work.conn())?;
    Ok(rows)
}

/// So many fresh random ids, in their order: rows are written at the table's clustered key.
pub(in crate::surveys) fn ids(work: &Work<'_>, count: usize) -> Vec<Uid> {
    let mut ids: Vec<_> = (0..count).map(|_| work.random_id()).collect();
    ids.sort_unstable();
    ids.into_iter().map(Uid::from_uuid).collect()
}

/// In random order: that of fresh random ids, of which no two are alike in 122 bits.
pub(in crate::surveys) fn shuffled<T>(work: &Work<'_>, rows: Vec<T>) -> Vec<T> {
    let mut placed: Vec<_> = rows.into_iter().map(|row| (work.random_id(), row)).collect();
    placed.sort_unstable_by_key(|(id, _)| *id);
    placed.into_iter().map(|(_, row)| row).collect()
}
