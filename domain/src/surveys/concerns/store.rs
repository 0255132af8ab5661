//! The tables of classes' days and of concerns.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::access::{self, Grant};
use crate::db::Work;
use crate::db::schema::{survey_class_days as d, survey_concerns as c};
use crate::kernel::{CampaignId, ConcernId, Error, PersonId, Reference, Result, SchoolId, Utc, YearGroup};

use super::model::{ClassDay, Concern, Scope};

/// The most concerns of a list.
const MOST: i64 = 500;

type DayRow = (i16, String, NaiveDate, i64, bool);

fn day((number, class, day, answered, help): DayRow) -> Result<ClassDay> {
    Ok(ClassDay { year_group: year(number)?, class, day, answered, help })
}

fn year(number: i16) -> Result<YearGroup> {
    YearGroup::new(number.into()).map_err(|_| Error::internal("a stored year group is none"))
}

/// Counts a pupil of a class. The caller has locked the school.
pub(super) fn count(work: &mut Work<'_>, (campaign, school): (CampaignId, SchoolId), one: &ClassDay) -> Result<()> {
    let year = i16::from(one.year_group.number());
    let row = d::table.find((campaign, school, year, one.class.as_str(), one.day));
    let changed = if one.help {
        diesel::update(row).set((d::answered.eq(d::answered + 1), d::help.eq(true))).execute(work.conn())?
    } else {
        diesel::update(row).set(d::answered.eq(d::answered + 1)).execute(work.conn())?
    };
    if changed == 0 {
        diesel::insert_into(d::table)
            .values((
                (d::campaign_id.eq(campaign), d::school_id.eq(school), d::year_group.eq(year)),
                (d::class.eq(&one.class), d::day.eq(one.day), d::answered.eq(one.answered), d::help.eq(one.help)),
            ))
            .execute(work.conn())?;
    }
    Ok(())
}

/// Every class's days that are not forgotten, with the campaign and school.
pub(super) fn all_days(work: &mut Work<'_>) -> Result<Vec<((CampaignId, SchoolId), ClassDay)>> {
    let rows: Vec<((CampaignId, SchoolId), DayRow)> = d::table
        .select(((d::campaign_id, d::school_id), (d::year_group, d::class, d::day, d::answered, d::help)))
        .load(work.conn())?;
    rows.into_iter().map(|(at, row)| Ok((at, day(row)?))).collect()
}

/// A school's, in an order of their own.
pub(super) fn days(work: &mut Work<'_>, (campaign, school): (CampaignId, SchoolId)) -> Result<Vec<ClassDay>> {
    let rows: Vec<DayRow> = d::table
        .filter(d::campaign_id.eq(campaign))
        .filter(d::school_id.eq(school))
        .order((d::day.asc(), d::year_group.asc(), d::class.asc()))
        .select((d::year_group, d::class, d::day, d::answered, d::help))
        .load(work.conn())?;
    rows.into_iter().map(day).collect()
}

/// Begins a new group of a class.
pub(super) fn begin_group(work: &mut Work<'_>, at: (CampaignId, SchoolId), one: &ClassDay) -> Result<()> {
    let key = (at.0, at.1, i16::from(one.year_group.number()), one.class.as_str(), one.day);
    diesel::update(d::table.find(key)).set((d::answered.eq(0), d::help.eq(false))).execute(work.conn())?;
    Ok(())
}

/// Forgets a school's days before today.
pub(super) fn forget_days(
    work: &mut Work<'_>,
    (campaign, school): (CampaignId, SchoolId),
    today: NaiveDate,
) -> Result<()> {
    let past = d::table.filter(d::campaign_id.eq(campaign)).filter(d::school_id.eq(school)).filter(d::day.lt(today));
    diesel::delete(past).execute(work.conn())?;
    Ok(())
}

/// A scope as it is stored: no class is the whole year group, and no year group the whole school.
fn stored(scope: &Scope) -> (i16, &str) {
    match scope {
        Scope::Class(year, class) => (i16::from(year.number()), class.as_str()),
        Scope::Year(year) => (i16::from(year.number()), ""),
        Scope::School => (-1, ""),
    }
}

type Row = (ConcernId, String, CampaignId, SchoolId, (i16, String), NaiveDate, (Option<PersonId>, Option<Utc>));

fn concern((id, reference, campaign, school, (number, class), day, by): Row) -> Result<Concern> {
    let scope = match (number, class) {
        (-1, _) => Scope::School,
        (number, class) if class.is_empty() => Scope::Year(year(number)?),
        (number, class) => Scope::Class(year(number)?, class),
    };
    let reference = Reference::parse(&reference).map_err(|_| Error::internal("a stored reference can't be read"))?;
    let acknowledged = by.0.zip(by.1);
    Ok(Concern { id, reference, campaign, school, scope, day, acknowledged })
}

macro_rules! rows {
    () => {
        c::table.select((
            c::id,
            c::reference,
            c::campaign_id,
            c::school_id,
            (c::year_group, c::class),
            c::day,
            (c::acknowledged_by, c::acknowledged_at),
        ))
    };
}

/// The concern of a group and day. The caller has locked the school.
pub(super) fn same(
    work: &mut Work<'_>,
    (campaign, school): (CampaignId, SchoolId),
    scope: &Scope,
    day: NaiveDate,
) -> Result<Option<Concern>> {
    let (year, class) = stored(scope);
    let row: Option<Row> = rows!()
        .filter(c::campaign_id.eq(campaign))
        .filter(c::school_id.eq(school))
        .filter(c::year_group.eq(year))
        .filter(c::class.eq(class))
        .filter(c::day.eq(day))
        .first(work.conn())
        .optional()?;
    row.map(concern).transpose()
}

/// Makes one that was taken up one that nobody has.
pub(super) fn open_again(work: &mut Work<'_>, id: ConcernId) -> Result<()> {
    diesel::update(c::table.find(id))
        .set((
            c::acknowledged_by.eq(None::<PersonId>),
            c::acknowledged_at.eq(None::<Utc>),
            c::pressed_on.eq(None::<NaiveDate>),
        ))
        .execute(work.conn())?;
    Ok(())
}

/// Those of days before this one that nobody has taken up, and that were not pressed.
pub(super) fn overdue(work: &mut Work<'_>, today: NaiveDate) -> Result<Vec<ConcernId>> {
    Ok(c::table
        .filter(c::acknowledged_at.is_null())
        .filter(c::pressed_on.is_null())
        .filter(c::day.lt(today))
        .order(c::day.asc())
        .select(c::id)
        .load(work.conn())?)
}

/// Notes that one is pressed, and gives it; nothing when it was taken up or pressed meanwhile.
pub(super) fn press(work: &mut Work<'_>, id: ConcernId, today: NaiveDate) -> Result<Option<Concern>> {
    let waiting = c::table.filter(c::id.eq(id)).filter(c::acknowledged_at.is_null()).filter(c::pressed_on.is_null());
    if diesel::update(waiting).set(c::pressed_on.eq(Some(today))).execute(work.conn())? == 0 {
        return Ok(None);
    }
    let row: Row = rows!().filter(c::id.eq(id)).first(work.conn())?;
    concern(row).map(Some)
}

/// Keeps a concern. The caller has locked the school, and there is none of the same group and day.
pub(super) fn insert(work: &mut Work<'_>, new: &Concern) -> Result<()> {
    let (year, class) = stored(&new.scope);
    diesel::insert_into(c::table)
        .values((
            (c::id.eq(new.id), c::reference.eq(new.reference.as_str()), c::campaign_id.eq(new.campaign)),
            (c::school_id.eq(new.school), c::year_group.eq(year), c::class.eq(class), c::day.eq(new.day)),
        ))
        .execute(work.conn())?;
    Ok(())
}

/// The concerns in scope: those nobody has taken up, then by day, the latest first.
pub(super) fn list(work: &mut Work<'_>, pass: &Grant<access::Scope>) -> Result<Vec<Concern>> {
    let mut query =
        rows!().order((c::acknowledged_at.is_not_null().asc(), c::day.desc(), c::id.asc())).limit(MOST).into_boxed();
    if !pass.on().everything {
        query = query.filter(c::school_id.eq_any(&pass.on().schools));
    }
    query.load::<Row>(work.conn())?.into_iter().map(concern).collect()
}

pub(super) fn unacknowledged(work: &mut Work<'_>, pass: &Grant<access::Scope>) -> Result<i64> {
    let open = c::table.filter(c::acknowledged_at.is_null());
    if pass.on().everything {
        return Ok(open.count().get_result(work.conn())?);
    }
    Ok(open.filter(c::school_id.eq_any(&pass.on().schools)).count().get_result(work.conn())?)
}

pub(super) fn find(
    work: &mut Work<'_>,
    school: &Grant<SchoolId>,
    campaign: CampaignId,
    id: ConcernId,
) -> Result<Concern> {
    let row: Row = rows!()
        .filter(c::id.eq(id))
        .filter(c::campaign_id.eq(campaign))
        .filter(c::school_id.eq(school.id()))
        .first(work.conn())?;
    concern(row)
}

pub(super) fn acknowledge(work: &mut Work<'_>, school: &Grant<SchoolId>, id: ConcernId, by: PersonId) -> Result<()> {
    let now = work.now();
    diesel::update(c::table.find(id).filter(c::school_id.eq(school.id())))
        .set((c::acknowledged_by.eq(Some(by)), c::acknowledged_at.eq(Some(now))))
        .execute(work.conn())?;
    Ok(())
}

/// The concern with this reference and its school, for asking `access` about it.
pub(super) fn by_reference(work: &mut Work<'_>, reference: &Reference) -> Result<Option<(ConcernId, SchoolId)>> {
    let found = c::table.filter(c::reference.eq(reference.as_str())).select((c::id, c::school_id));
    Ok(found.first(work.conn()).optional()?)
}

/// Forgets a campaign's concerns that were taken up.
pub(super) fn forget(work: &mut Work<'_>, campaign: CampaignId) -> Result<usize> {
    let done = c::table.filter(c::campaign_id.eq(campaign)).filter(c::acknowledged_at.is_not_null());
    Ok(diesel::delete(done).execute(work.conn())?)
}
