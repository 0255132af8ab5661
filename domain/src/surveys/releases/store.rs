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
    let waiting = arrivals::table
        .filter(arrivals::campaign_id.eq(campaign))
        .filter(arrivals::school_id.eq(school.id()))
        .select((arrivals::year_group, arrivals::answers));
    // In one statement: between two, some could go from one table to the other.
    let all = responses::table
        .filter(responses::campaign_id.eq(campaign))
        .filter(responses::school_id.eq(school.id()))
        .select((responses::year_group, responses::answers))
        .union_all(waiting);
    Ok(crate::both!(work.conn(), |c| all.load(c))?)
}
