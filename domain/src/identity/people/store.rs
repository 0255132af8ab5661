//! The table of people.

use diesel::prelude::*;

use crate::db::Work;
use crate::db::schema::people;
use crate::identity::{Contact, Preference, stored_email};
use crate::kernel::{PersonId, Result};

use super::model::Person;

#[derive(Queryable)]
struct Row {
    id: PersonId,
    email: String,
    name: String,
    lang: Preference,
    active: bool,
}

impl Row {
    fn person(self) -> Result<Person> {
        Ok(Person {
            id: self.id,
            email: stored_email(&self.email)?,
            name: self.name,
            lang: self.lang,
            active: self.active,
        })
    }
}

/// Where a person is written to; nothing when they are unknown or no longer active.
///
/// # Errors
/// When the database can't be read.
pub fn contact(work: &mut Work<'_>, id: PersonId) -> Result<Option<Contact>> {
    let row: Option<(String, Preference)> = people::table
        .find(id)
        .filter(people::active.eq(true))
        .select((people::email, people::lang))
        .first(work.conn())
        .optional()?;
    row.map(|(email, lang)| Ok(Contact { email: stored_email(&email)?, lang })).transpose()
}

/// The people with these ids, in no order; unknown ids are left out.
///
/// # Errors
/// When the database can't be read.
pub fn people_by_ids(work: &mut Work<'_>, ids: &[PersonId]) -> Result<Vec<Person>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> = people::table
        .filter(people::id.eq_any(ids))
        .select((people::id, people::email, people::name, people::lang, people::active))
        .load(work.conn())?;
    rows.into_iter().map(Row::person).collect()
}
