//! Counting, raising, reading and acknowledging.

use std::collections::BTreeMap;

use chrono::{NaiveDate, Timelike as _};

use crate::access::{Action, Facts, Role, grant, scope};
use crate::audit::{self, Object, Reading};
use crate::db::Work;
use crate::directory::schools;
use crate::identity;
use crate::kernel::{
    Actor, CampaignId, Code, ConcernId, PersonId, Reference, Result, SchoolId, SchoolNumber, Utc, YearGroup, uk_date,
    uk_time,
};
use crate::notices::{self, NewNotice, Recipient, Subject, Wording};
use crate::surveys::{campaigns, codes, texts};

use super::model::{ClassDay, Concern, Scope};
use super::rules::{self, Step};
use super::store;

/// Counts a pupil who answered, and whether help words were among what they wrote. The caller has locked the school.
///
/// It is written for every pupil of a questionnaire that takes a text: a row says nothing by being there.
///
/// # Errors
/// When the database can't be written.
pub(in crate::surveys) fn note(
    work: &mut Work<'_>,
    at: (CampaignId, SchoolId),
    (year_group, class): (YearGroup, &str),
    help: bool,
) -> Result<()> {
    let day = uk_date(work.now());
    store::count(work, at, &ClassDay { year_group, class: class.to_owned(), day, answered: 1, help })
}

type Days = BTreeMap<(CampaignId, SchoolId), Vec<ClassDay>>;

fn steps(work: &Work<'_>, days: &[ClassDay]) -> Vec<Step> {
    rules::steps(days, uk_date(work.now()), uk_time(work.now()).hour())
}

/// The schools about whose classes something is to be done, for the worker to ask in a read.
///
/// # Errors
/// When the database can't be read.
pub fn to_look(work: &mut Work<'_>) -> Result<Vec<(CampaignId, SchoolId)>> {
    let mut all: Days = BTreeMap::new();
    for (at, day) in store::all_days(work)? {
        all.entry(at).or_default().push(day);
    }
    all.retain(|_, days| steps(work, days).iter().any(|step| *step != Step::Wait));
    Ok(all.into_keys().collect())
}

/// Looks at a school's classes, for the worker: raises what is due, begins new groups, and forgets the days that are past.
/// What was written on a day goes on to those who read it once nobody has answered on the next one yet.
///
/// The transaction is the worker's and holds no pupil's answer. Call it inside `Db::upkeep`: a concern that is raised is on
/// record, and of anything else there is nothing to record.
///
/// # Errors
/// When the database can't be written.
pub fn look(work: &mut Work<'_>, at: (CampaignId, SchoolId)) -> Result<()> {
    codes::lock(work, at.0, at.1)?;
    let today = uk_date(work.now());
    let days = store::days(work, at)?;
    for (one, step) in days.iter().zip(steps(work, &days)) {
        let Step::Group(scope) = step else { continue };
        store::begin_group(work, at, one)?;
        if let Some(scope) = scope {
            raise(work, at, scope, one.day)?;
        }
    }
    store::forget_days(work, at, today)?;
    if !days.iter().any(|one| one.day == today) {
        texts::settle(work, at)?;
    }
    Ok(())
}

/// Raises a concern and tells the school's safeguarding people; where it has none, the authority's safeguarding leads. One of
/// the same group and day that somebody has taken up is open again, and told again: others wrote since. One that nobody
/// has taken up yet says it already.
fn raise(work: &mut Work<'_>, (campaign, school): (CampaignId, SchoolId), scope: Scope, day: NaiveDate) -> Result<()> {
    let concern = match store::same(work, (campaign, school), &scope, day)? {
        Some(open) if open.acknowledged.is_none() => return Ok(()),
        Some(before) => {
            store::open_again(work, before.id)?;
            before
        }
        None => {
            // Random: it says nothing of when it was raised.
            let id = ConcernId::from_uuid(work.random_id());
            let reference = Reference::random(work.chance());
            let new = Concern { id, reference, campaign, school, scope, day, acknowledged: None };
            store::insert(work, &new)?;
            new
        }
    };
    let mut told = dsps(work, school)?;
    if told.is_empty() {
        told = leads(work)?;
        tracing::warn!(reference = %concern.reference, "a concern was raised at a school without a safeguarding person");
    }
    let told = tell(work, &concern, told)?;
    let detail = format!("{}, {told} people told", concern.scope.word());
    audit::record(work, "concern.raise", object(&concern), detail);
    Ok(())
}

fn dsps(work: &mut Work<'_>, school: SchoolId) -> Result<Vec<PersonId>> {
    Ok(identity::holders(work, Role::Dsp, school)?.into_iter().map(|(person, _)| person).collect())
}

/// The authority's safeguarding leads; where there is none, who runs the service and can name one.
fn leads(work: &mut Work<'_>) -> Result<Vec<PersonId>> {
    let leads = identity::holders_anywhere(work, Role::SafeguardingLead)?;
    if leads.is_empty() { identity::holders_anywhere(work, Role::Administrator) } else { Ok(leads) }
}

/// Tells people of a concern, each once at a time; says how many.
fn tell(work: &mut Work<'_>, concern: &Concern, mut told: Vec<PersonId>) -> Result<usize> {
    told.sort_unstable();
    told.dedup();
    let now = work.now().micros();
    for person in &told {
        notices::enqueue(
            work,
            NewNotice {
                wording: Wording::ConcernRaised,
                to: Recipient::Person(*person),
                subject: Subject::Concern(concern.id),
                reference: concern.reference.clone(),
                due_at: None,
                dedupe: format!("concern:{}:{person}:{now}", concern.id),
            },
        )?;
    }
    Ok(told.len())
}

/// The concerns that nobody has taken up by the day after, and of which nobody else was told yet. For the worker to ask in
/// a read.
///
/// # Errors
/// When the database can't be read.
pub fn to_press(work: &mut Work<'_>) -> Result<Vec<ConcernId>> {
    let today = uk_date(work.now());
    store::overdue(work, today)
}

/// Tells the authority's safeguarding leads, and the school's people again, of a concern that nobody has taken up by the day
/// after (our own proposal; no figure was found).
///
/// # Errors
/// When the database can't be written.
pub fn press(work: &mut Work<'_>, id: ConcernId) -> Result<()> {
    let today = uk_date(work.now());
    let Some(concern) = store::press(work, id, today)? else {
        audit::record(work, "concern.press", Object::one("concern", id.uuid()), "taken up meanwhile");
        return Ok(());
    };
    let mut told = dsps(work, concern.school)?;
    told.extend(leads(work)?);
    let told = tell(work, &concern, told)?;
    audit::record(work, "concern.press", object(&concern), format!("{told} people told"));
    Ok(())
}

fn object(concern: &Concern) -> Object {
    Object::one("concern", concern.id.uuid()).at(concern.school)
}

/// The concerns of the caller's schools: those nobody has taken up first, then by day, the latest first. On record, so it belongs
/// in a write.
///
/// Who reads every school's is told the school and the day: with the class they could lay a text beside it, which they may read
/// as well.
///
/// # Errors
/// A refusal of [`Action::ReadConcerns`].
pub fn list(work: &mut Work<'_>) -> Result<Vec<Concern>> {
    let pass = scope(work, Action::ReadConcerns)?;
    let mut found = store::list(work, &pass)?;
    if pass.on().everything {
        for concern in &mut found {
            concern.scope = Scope::School;
        }
    }
    audit::read(work, Reading::Concerns, Object::all("concern"), found.len());
    Ok(found)
}

/// How many concerns of the caller's schools nobody has taken up.
///
/// # Errors
/// A refusal of [`Action::AcknowledgeConcern`].
pub fn unacknowledged(work: &mut Work<'_>) -> Result<i64> {
    let pass = scope(work, Action::AcknowledgeConcern)?;
    store::unacknowledged(work, &pass)
}

/// Takes a concern up for its school. One that was taken up before stays as it is.
///
/// # Errors
/// A refusal of [`Action::AcknowledgeConcern`]; [`Code::NotFound`] for a school, campaign or concern there is not.
pub fn acknowledge(work: &mut Work<'_>, at: (CampaignId, &SchoolNumber), id: ConcernId) -> Result<Concern> {
    let everywhere = scope(work, Action::AcknowledgeConcern)?.on().everything;
    let school = schools::by_number(work, at.1)?;
    let school = grant(work, Action::AcknowledgeConcern, school.id, &Facts::of_school(school.id))?;
    let campaign = campaigns::door(work, at.0, school.id(), true)?.campaign.id;
    let mut concern = store::find(work, &school, campaign, id)?;
    let detail = if concern.acknowledged.is_some() {
        "done before"
    } else {
        let Actor::Person(by) = work.caller().actor else { return Err(Code::Forbidden.into()) };
        let now: Utc = work.now();
        store::acknowledge(work, &school, id, by)?;
        concern.acknowledged = Some((by, now));
        "taken up"
    };
    audit::record(work, "concern.acknowledge", object(&concern), detail);
    if everywhere {
        concern.scope = Scope::School;
    }
    Ok(concern)
}

/// The concern with a reference, for who may know of it.
///
/// # Errors
/// [`Code::NotFound`] for everybody else.
pub fn by_reference(work: &mut Work<'_>, reference: &Reference) -> Result<ConcernId> {
    let found = store::by_reference(work, reference)?;
    let facts = found.map_or_else(Facts::default, |(_, school)| Facts::of_school(school));
    let pass = grant(work, Action::ReadConcerns, found.map(|(id, _)| id), &facts)?;
    pass.id().ok_or_else(|| Code::NotFound.into())
}

/// Forgets a campaign's concerns that were taken up.
///
/// # Errors
/// When the database can't be written.
pub(in crate::surveys) fn forget(work: &mut Work<'_>, campaign: CampaignId) -> Result<usize> {
    store::forget(work, campaign)
}
