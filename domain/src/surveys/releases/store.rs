//! The stored answers of a school.

use diesel::prelude::*;

use crate::access::Grant;
use crate::db::Work;
use crate::db::schema::{arrivals, responses};
use crate::kernel::{CampaignId, Result, SchoolId};

/// Year group and packed answers of every response, those that have just come among them.
pub(super) fn answers(
    work: &mut Work<'_>,
    school: &Grant<SchoolId>,
    campaign: CampaignId,
) -> Result<Vec<(i16, Vec<u8>)>> {
    let mut all: Vec<(i16, Vec<u8>)> = responses::table
        .filter(responses::campaign_id.eq(campaign))
        .filter(responses::school_id.eq(school.id()))
        .select((responses::year_group, responses::answers))
        .load(work.conn())?;
    let waiting: Vec<(i16, Vec<u8>)> = arrivals::table
        .filter(arrivals::campaign_id.eq(campaign))
        .filter(arrivals::school_id.eq(school.id()))
        .select((arrivals::year_group, arrivals::answers))
        .load(work.conn())?;
    all.extend(waiting);
    Ok(all)
}
