//! Showing rolls to who sets them, and setting those of many schools.

use std::collections::HashMap;

use crate::access::{Action, Facts, grant};
use crate::db::Work;
use crate::directory::schools::{self, School};
use crate::kernel::{CampaignId, Code, Result, SchoolId, SchoolNumber};
use crate::surveys::campaigns::{self, Campaign, Rolls};
use crate::surveys::responses::{Limits, Line, read_lines};

use super::rules::{self, COLUMNS};

/// Rows of a file: fourteen hundred schools with every year group, more than any authority has.
const MOST_ROWS: u64 = 20_000;

/// A file of rolls, read but not yet held against a campaign.
pub struct RollFile(Vec<Line<3>>);

/// A campaign, for who sets the rolls of its schools.
///
/// # Errors
/// A refusal of [`Action::ManageCampaign`]; [`Code::NotFound`].
pub fn to_set(work: &mut Work<'_>, id: CampaignId) -> Result<Campaign> {
    let campaign = grant(work, Action::ManageCampaign, id, &Facts::default())?;
    campaigns::facts(work, campaign.id())
}

/// What is known of a school's rolls, for who sets them.
///
/// # Errors
/// A refusal of [`Action::ManageCampaign`]; [`Code::NotFound`] for a school or campaign there is not, or a school that takes
/// no part.
pub fn of_school(work: &mut Work<'_>, at: (CampaignId, &SchoolNumber)) -> Result<(Campaign, School, Rolls)> {
    let campaign = grant(work, Action::ManageCampaign, at.0, &Facts::default())?;
    let school = schools::by_number(work, at.1)?;
    let door = campaigns::door(work, campaign.id(), school.id, false)?;
    let rolls = campaigns::rolls_of(work, campaign.id(), school.id)?;
    Ok((door.campaign, school, rolls))
}

/// Reads a file with the columns [`COLUMNS`], which takes a while when it is a large workbook.
///
/// # Errors
/// [`Code::MalformedBody`] for what is no table, [`Code::InvalidBody`] for other columns, [`Code::PayloadTooLarge`].
pub fn read(bytes: &[u8]) -> Result<RollFile> {
    let limits = Limits { max_rows: MOST_ROWS, ..Limits::default() };
    Ok(RollFile(read_lines(bytes, COLUMNS, limits)?))
}

/// Puts the rolls of every school in a file in the place of those known before, or of none; says of how many schools.
///
/// # Errors
/// A refusal of [`Action::ManageCampaign`]; [`Code::NotFound`] for a campaign there is not; [`Code::InvalidBody`] with every fault
/// of every row.
pub fn set(work: &mut Work<'_>, campaign: CampaignId, file: &RollFile) -> Result<usize> {
    let campaign = grant(work, Action::ManageCampaign, campaign, &Facts::default())?;
    let asked = campaigns::facts(work, campaign.id())?.years;
    let parts: Vec<SchoolId> = campaigns::parts(work, campaign.id())?.into_iter().map(|(school, ..)| school).collect();
    let ids: HashMap<SchoolNumber, SchoolId> =
        schools::by_ids(work, &parts)?.into_iter().map(|school| (school.number, school.id)).collect();
    let all = rules::rolls_of(&file.0, asked, &ids.keys().cloned().collect())?;
    let count = all.len();
    // By school number, so that two who set many wait for one another, and neither for ever.
    for (number, by_year) in all {
        let school = ids.get(&number).ok_or(Code::NotFound)?;
        campaigns::put_rolls(work, &campaign, *school, by_year)?;
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Role;
    use crate::db::schema::{audit_entries as a, campaign_rolls as r};
    use crate::kernel::{Caller, YearGroup};
    use crate::surveys::campaigns::{NewCampaign, SchoolsIn};
    use crate::surveys::stage::*;
    use crate::testing;
    use diesel::prelude::*;

    type Row = (SchoolId, i16, i64);

    /// The rolls there are of a campaign, and how often some were set.
    fn kept(stage: &Stage, campaign: CampaignId) -> (Vec<Row>, i64) {
        let look = move |work: &mut Work<'_>| {
            let rows: Vec<Row> = r::table
                .filter(r::campaign_id.eq(campaign))
                .order((r::pupils.asc(), r::year_group.asc()))
                .select((r::school_id, r::year_group, r::pupils))
                .load(work.conn())?;
            let set = a::table.filter(a::action.eq("campaign.rolls")).count().get_result(work.conn())?;
            Ok((rows, set))
        };
        stage.db.db.read(&Caller::system("test"), look).unwrap()
    }

    #[test]
    fn a_file_sets_every_school_or_none() {
        let stage = Stage::new();
        let authority = person(&stage.db, "admin@la.example", Role::Administrator, None);
        testing::school(&stage.db, "6764053");
        let new = new_campaign(SchoolsIn::Listed(vec![listed(HERE, None), listed(THERE, Some(9))]));
        let new = NewCampaign { years: [7, 8].map(|n| YearGroup::new(n).unwrap()).to_vec(), ..new };
        let made = move |work: &mut Work<'_>| Ok(campaigns::create(work, new)?.id);
        let id = stage.db.db.write(&authority, made).unwrap();
        let set_as = |who: &Caller, text: &str| {
            let file = read(text.as_bytes()).unwrap();
            stage.db.db.write(who, move |work| set(work, id, &file))
        };
        let school = |text: &'static str| {
            let find = move |work: &mut Work<'_>| Ok(schools::by_number(work, &number(text))?.id);
            stage.db.db.read(&Caller::system("test"), find).unwrap()
        };
        let head = "school_number,year_group,pupils\n";
        // A school there is that takes no part, beside a good row.
        let mixed = format!("{head}{HERE},7,90\n6764053,7,80\n");
        let faults = set_as(&authority, &mixed).unwrap_err().faults;
        assert_eq!(
            faults.iter().map(|f| (f.row, f.code)).collect::<Vec<_>>(),
            [(Some(3), crate::kernel::FaultCode::NotFound)]
        );
        assert_eq!(kept(&stage, id), (vec![], 0));
        let good = format!("{head}{HERE},7,90\n{THERE},8,70\n{HERE},8,85\n");
        assert_eq!(set_as(&stage.here, &good).unwrap_err().code, Code::Forbidden);
        assert_eq!(set_as(&authority, &good).unwrap(), 2);
        let expected = vec![(school(THERE), 8, 70), (school(HERE), 8, 85), (school(HERE), 7, 90)];
        assert_eq!(kept(&stage, id), (expected, 2));
        // What is in the file takes the place of all that was known of its school, and leaves the others.
        assert_eq!(set_as(&authority, &format!("{head}{HERE},7,1\n")).unwrap(), 1);
        assert_eq!(kept(&stage, id), (vec![(school(HERE), 7, 1), (school(THERE), 8, 70)], 3));
        let look = move |work: &mut Work<'_>| Ok(of_school(work, (id, &number(HERE)))?.2);
        let known = stage.db.db.read(&authority, look).unwrap();
        assert_eq!(known, Rolls { all: Some(1), by_year: vec![(YearGroup::new(7).unwrap(), 1)] });
        let unseen = move |work: &mut Work<'_>| of_school(work, (id, &number("6764053"))).map(drop);
        assert_eq!(stage.db.db.read(&authority, unseen).unwrap_err().code, Code::NotFound);
    }
}
