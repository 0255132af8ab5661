//! The table of people.

use diesel::prelude::*;

use crate::access::{Grant, Scope};
use crate::db::Work;
use crate::db::failure::conflict;
use crate::db::fragments::for_update;
use crate::db::schema::people;
use crate::identity::{Contact, Preference, stored_email};
use crate::kernel::{Code, Cursor, EmailAddress, Error, Page, PageRequest, PersonId, Result, Utc};

use super::model::{AddPerson, Person};
use super::passwords::PasswordHash;

#[derive(Queryable)]
struct Row {
    id: PersonId,
    email: String,
    name: String,
    lang: Preference,
    active: bool,
}

#[derive(Insertable)]
#[diesel(table_name = people)]
struct NewRow<'a> {
    id: PersonId,
    email: &'a str,
    name: &'a str,
    lang: Preference,
    password_hash: Option<&'a str>,
    active: bool,
    failed_sign_ins: i64,
    version: i64,
    created_at: Utc,
}

/// What signing in needs to know of a person.
#[derive(Queryable)]
pub(in crate::identity) struct SignIn {
    pub id: PersonId,
    pub password_hash: Option<String>,
    pub active: bool,
    pub failed_sign_ins: i64,
    pub locked_until: Option<Utc>,
}

impl SignIn {
    /// The stored hash.
    pub fn hash(&self) -> Option<PasswordHash> {
        self.password_hash.clone().map(PasswordHash)
    }
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

/// One person.
pub(in crate::identity) fn by_id(work: &mut Work<'_>, id: PersonId) -> Result<Option<Person>> {
    Ok(people_by_ids(work, &[id])?.into_iter().next())
}

/// That there is such a person.
///
/// # Errors
/// [`Code::NotFound`].
pub(in crate::identity) fn exists(work: &mut Work<'_>, id: PersonId) -> Result<()> {
    by_id(work, id)?.map(|_| ()).ok_or_else(|| Code::NotFound.into())
}

/// What a person signs in with.
pub(in crate::identity) fn email_of(work: &mut Work<'_>, id: PersonId) -> Result<EmailAddress> {
    by_id(work, id)?.map(|p| p.email).ok_or_else(|| Code::NotFound.into())
}

/// Whether a person has a password.
pub(in crate::identity) fn has_password(work: &mut Work<'_>, id: PersonId) -> Result<bool> {
    let hash: Option<Option<String>> =
        people::table.find(id).select(people::password_hash).first(work.conn()).optional()?;
    Ok(hash.flatten().is_some())
}

/// A person's own row: what they sign in with, and the hash of their password.
pub(super) fn own_hash(work: &mut Work<'_>, id: PersonId) -> Result<Option<PasswordHash>> {
    let hash: Option<Option<String>> =
        people::table.find(id).select(people::password_hash).first(work.conn()).optional()?;
    Ok(hash.flatten().map(PasswordHash))
}

/// Sets a person's own password. The session and the old password are the proof.
pub(super) fn set_own_password(work: &mut Work<'_>, id: PersonId, hash: &PasswordHash) -> Result<()> {
    let changed = diesel::update(people::table.find(id))
        .set((people::password_hash.eq(Some(hash.as_str())), people::version.eq(people::version + 1)))
        .execute(work.conn())?;
    found(changed)
}

/// Sets the password of who has none. The link they followed is the proof.
pub(in crate::identity) fn set_first_password(work: &mut Work<'_>, id: PersonId, hash: &PasswordHash) -> Result<()> {
    let without = people::table.find(id).filter(people::password_hash.is_null());
    let changed = diesel::update(without)
        .set((people::password_hash.eq(Some(hash.as_str())), people::version.eq(people::version + 1)))
        .execute(work.conn())?;
    found(changed)
}

/// Sets a person's own language.
pub(super) fn set_lang(work: &mut Work<'_>, id: PersonId, lang: Preference) -> Result<()> {
    let changed = diesel::update(people::table.find(id))
        .set((people::lang.eq(lang), people::version.eq(people::version + 1)))
        .execute(work.conn())?;
    found(changed)
}

/// A page of all people, the newest first.
pub(super) fn page(work: &mut Work<'_>, _pass: &Grant<Scope>, request: PageRequest) -> Result<Page<Person>> {
    let mut query = people::table
        .order((people::created_at.desc(), people::id.desc()))
        .limit(request.limit.get() + 1)
        .select(((people::id, people::email, people::name, people::lang, people::active), people::created_at))
        .into_boxed();
    if let Some(after) = request.after {
        let id = PersonId::from_uuid(after.id);
        query =
            query.filter(people::created_at.lt(after.at).or(people::created_at.eq(after.at).and(people::id.lt(id))));
    }
    let rows: Vec<(Row, Utc)> = query.load(work.conn())?;
    let items = rows.into_iter().map(|(row, at)| Ok((row.person()?, at))).collect::<Result<Vec<_>>>()?;
    Ok(Page::from_overfull(items, request.limit, |(p, at)| Cursor { at: *at, id: p.id.uuid() }).map(|(p, _)| p))
}

/// Adds a person; the address must be new.
pub(super) fn insert(work: &mut Work<'_>, _pass: &Grant<()>, id: PersonId, new: &AddPerson) -> Result<()> {
    let row = NewRow {
        id,
        email: new.email.as_str(),
        name: new.name.as_str(),
        lang: new.lang,
        password_hash: new.password.as_ref().map(PasswordHash::as_str),
        active: true,
        failed_sign_ins: 0,
        version: 1,
        created_at: work.now(),
    };
    diesel::insert_into(people::table)
        .values(&row)
        .execute(work.conn())
        .map_err(conflict("people_email_key", Code::AlreadyExists))?;
    Ok(())
}

/// Says that a person may no longer sign in.
pub(super) fn deactivate(work: &mut Work<'_>, pass: &Grant<PersonId>) -> Result<()> {
    let changed = diesel::update(people::table.find(pass.id()))
        .set((people::active.eq(false), people::version.eq(people::version + 1)))
        .execute(work.conn())?;
    found(changed)
}

/// Sets a person's password and forgets failed attempts.
pub(super) fn set_password(work: &mut Work<'_>, pass: &Grant<PersonId>, hash: &PasswordHash) -> Result<()> {
    let changed = diesel::update(people::table.find(pass.id()))
        .set((
            people::password_hash.eq(Some(hash.as_str())),
            people::failed_sign_ins.eq(0),
            people::locked_until.eq(None::<Utc>),
            people::version.eq(people::version + 1),
        ))
        .execute(work.conn())?;
    found(changed)
}

/// One row, or there is no such person.
fn found(changed: usize) -> Result<()> {
    if changed == 1 { Ok(()) } else { Err(Error::new(Code::NotFound)) }
}

/// What signing in needs, by address. Runs before anybody is known, so there is no grant.
pub(in crate::identity) fn sign_in_by_email(work: &mut Work<'_>, email: &EmailAddress) -> Result<Option<SignIn>> {
    let query = people::table.filter(people::email.eq(email.as_str())).select((
        people::id,
        people::password_hash,
        people::active,
        people::failed_sign_ins,
        people::locked_until,
    ));
    Ok(query.first(work.conn()).optional()?)
}

/// The same by id, held until the transaction ends, so that two attempts are counted one after the other.
pub(in crate::identity) fn sign_in_for_update(work: &mut Work<'_>, id: PersonId) -> Result<Option<SignIn>> {
    let query = people::table.filter(people::id.eq(id)).select((
        people::id,
        people::password_hash,
        people::active,
        people::failed_sign_ins,
        people::locked_until,
    ));
    Ok(for_update(query).get_result(work.conn()).optional()?)
}

/// Keeps the count of failed attempts.
pub(in crate::identity) fn set_attempts(
    work: &mut Work<'_>,
    id: PersonId,
    failed: i64,
    locked_until: Option<Utc>,
) -> Result<()> {
    diesel::update(people::table.find(id))
        .set((people::failed_sign_ins.eq(failed), people::locked_until.eq(locked_until)))
        .execute(work.conn())?;
    Ok(())
}
