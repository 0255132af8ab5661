//! The table of absences.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::db::Work;
use crate::db::schema::person_absences as a;
use crate::db::types::Uid;
use crate::kernel::{PersonId, Result};

use super::service::Absence;

#[derive(Insertable)]
#[diesel(table_name = a)]
struct NewRow {
    id: Uid,
    person_id: PersonId,
    begins_on: NaiveDate,
    ends_on: NaiveDate,
}

/// Which of these people are away on a day.
///
/// # Errors
/// When the database can't be read.
pub fn absent(work: &mut Work<'_>, people: &[PersonId], on: NaiveDate) -> Result<Vec<PersonId>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    Ok(a::table
        .filter(a::person_id.eq_any(people))
        .filter(a::begins_on.le(on))
        .filter(a::ends_on.ge(on))
        .select(a::person_id)
        .load(work.conn())?)
}

/// A person's absences that are not over, the first first.
pub(super) fn of(work: &mut Work<'_>, person: PersonId, today: NaiveDate) -> Result<Vec<Absence>> {
    let rows: Vec<(NaiveDate, NaiveDate)> = a::table
        .filter(a::person_id.eq(person))
        .filter(a::ends_on.ge(today))
        .order((a::begins_on.asc(), a::id.asc()))
        .select((a::begins_on, a::ends_on))
        .load(work.conn())?;
    Ok(rows.into_iter().map(|(begins_on, ends_on)| Absence { begins_on, ends_on }).collect())
}

/// Puts one absence in the place of all that are not over; none takes them away.
pub(super) fn set(work: &mut Work<'_>, person_id: PersonId, today: NaiveDate, new: Option<Absence>) -> Result<()> {
    diesel::delete(a::table.filter(a::person_id.eq(person_id)).filter(a::ends_on.ge(today))).execute(work.conn())?;
    if let Some(Absence { begins_on, ends_on }) = new {
        let row = NewRow { id: Uid::from_uuid(work.new_id()), person_id, begins_on, ends_on };
        diesel::insert_into(a::table).values(&row).execute(work.conn())?;
    }
    Ok(())
}
