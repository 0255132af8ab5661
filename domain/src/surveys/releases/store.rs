//! The stored answers of a school.

use diesel::prelude::*;

use crate::access::Grant;
use crate::db::Work;
use crate::db::schema::responses;
use crate::kernel::{CampaignId, Result, SchoolId};

/// Year group and packed answers of every response.
pub(super) fn answers(
    work: &mut Work<'_>,
    school: &Grant<SchoolId>,
    campaign: CampaignId,
) -> Result<Vec<(i16, Vec<u8>)>> {
    Ok(responses::table
        .filter(responses::campaign_id.eq(campaign))
        .filter(responses::school_id.eq(school.id()))
        .select((responses::year_group, responses::answers))
        .load(work.conn())?)
}
