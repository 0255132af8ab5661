//! Signing off, opening again, reminding.

use chrono::{Days, NaiveDate, NaiveTime};

use crate::access::{Action, Facts, Role, grant, scope};
use crate::audit::{self, Object};
use crate::db::Work;
use crate::directory::schools;
use crate::identity;
use crate::kernel::{
    Actor, CampaignId, Code, Error, FaultCode, PersonId, Reference, Result, SchoolId, SchoolNumber, uk_date, uk_instant,
};
use crate::notices::{self, NewNotice, Recipient, Subject, Wording};
use crate::surveys::campaigns::{self, Door, NilReason, Part, UnlockReason, Window};
use crate::surveys::{codes, responses};

use super::store;

/// Longest time a school's survey is opened again for, in days: a guard against slips, longer than any campaign.
const LONGEST_UNLOCK: u64 = 62;

/// Says for a school that what came is all, or, with a reason, that there is nothing to send. Nothing is taken from it after
/// that: unspent codes open nothing any more, and the hashes by which a repeated row or file would be known are forgotten.
/// Saying the same again changes nothing.
///
/// # Errors
/// A refusal of [`Action::SignOffSurvey`]; [`Code::NotFound`] for a school or campaign there is not, or a school that takes
/// no part; [`Code::StateConflict`] before the first day, without answers when there is no reason, with answers when
/// there is one, and when something else was said before: what was signed is taken back by opening the survey again alone.
pub fn sign_off(work: &mut Work<'_>, at: (CampaignId, &SchoolNumber), nil: Option<NilReason>) -> Result<Part> {
    scope(work, Action::SignOffSurvey)?;
    let school = schools::by_number(work, at.1)?;
    let school = grant(work, Action::SignOffSurvey, school.id, &Facts::of_school(school.id))?;
    let Door { campaign, part, .. } = campaigns::door(work, at.0, school.id(), true)?;
    let conflict = |why: &str| Err(Error::from(Code::StateConflict).with_detail(why.to_owned()));
    if part.signed_off_on.is_some() {
        if part.nil != nil {
            return conflict("it was signed off with another answer; the authority can open it again");
        }
        audit::record(work, "survey.sign_off", object(campaign.id, school.id()), "done before");
        return Ok(part);
    }
    if campaign.window(uk_date(work.now())) == Window::Ahead {
        return conflict("the first day is still to come");
    }
    match (store::answers(work, &school, campaign.id)?, nil) {
        (0, None) => return conflict("no answers have come; say why there are none"),
        (1.., Some(_)) => return conflict("answers have come; they are signed off without such a reason"),
        _ => {}
    }
    codes::close(work, &school, campaign.id)?;
    responses::forget(work, &school, campaign.id)?;
    let by = match work.caller().actor {
        Actor::Person(id) => Some(id),
        _ => None,
    };
    let part = Part { signed_off_on: Some(uk_date(work.now())), nil, unlocked_until: None, unlocked_for: None };
    campaigns::set_part(work, campaign.id, school.id(), &part, by)?;
    let detail = nil.map_or_else(|| "all sent".to_owned(), |reason| format!("nothing to send: {reason}"));
    audit::record(work, "survey.sign_off", object(campaign.id, school.id()), detail);
    Ok(part)
}

/// What a school sees before it signs off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    /// How it stands in the campaign.
    pub part: Part,
    /// How many answers have come.
    pub answers: i64,
    /// Its pupils on roll who are asked, when known.
    pub roll: Option<i64>,
}

/// What a school sees before it signs off.
///
/// # Errors
/// As [`sign_off`], but for the conflicts.
pub fn sight(work: &mut Work<'_>, at: (CampaignId, &SchoolNumber)) -> Result<Sight> {
    scope(work, Action::SignOffSurvey)?;
    let school = schools::by_number(work, at.1)?;
    let school = grant(work, Action::SignOffSurvey, school.id, &Facts::of_school(school.id))?;
    let part = campaigns::door(work, at.0, school.id(), false)?.part;
    Ok(Sight { part, answers: store::answers(work, &school, at.0)?, roll: store::roll(work, &school, at.0)? })
}

/// Whether the caller may open this school's survey again, for the form that does.
///
/// # Errors
/// As [`open_again`].
pub fn may_open_again(work: &mut Work<'_>, at: (CampaignId, &SchoolNumber)) -> Result<()> {
    let campaign = grant(work, Action::ManageCampaign, at.0, &Facts::default())?;
    let school = schools::by_number(work, at.1)?;
    campaigns::door(work, campaign.id(), school.id, false)?;
    Ok(())
}

/// Opens a school's survey again, until and with a day, or to the window's end when that is later; whether it had signed off or
/// the window is over.
///
/// # Errors
/// A refusal of [`Action::ManageCampaign`]; [`Code::NotFound`] as for [`sign_off`]; [`Code::StateConflict`] while a release is
/// being decided; [`Code::InvalidBody`] for a day that is past, or too far away.
pub fn open_again(
    work: &mut Work<'_>,
    at: (CampaignId, &SchoolNumber),
    until: NaiveDate,
    reason: UnlockReason,
) -> Result<Part> {
    let campaign = grant(work, Action::ManageCampaign, at.0, &Facts::default())?;
    let school = schools::by_number(work, at.1)?.id;
    // The school is locked before the campaign, as by whoever submits: the other way about the two could wait for each other.
    let before = campaigns::door(work, campaign.id(), school, true)?.part;
    // What is being decided rests on nothing more coming in.
    if store::is_deciding(work, &campaign)? {
        let detail = "a release is being decided; open the school again when it is published or refused";
        return Err(Error::from(Code::StateConflict).with_detail(detail));
    }
    let today = uk_date(work.now());
    let last = today.checked_add_days(Days::new(LONGEST_UNLOCK)).unwrap_or(today);
    if !(today..=last).contains(&until) {
        return Err(Error::fault("/until", FaultCode::DateOutOfRange));
    }
    let part = Part { signed_off_on: None, nil: None, unlocked_until: Some(until), unlocked_for: Some(reason) };
    if part != before {
        campaigns::set_part(work, campaign.id(), school, &part, None)?;
    }
    audit::record(work, "survey.open_again", object(campaign.id(), school), format!("until {until}: {reason}"));
    Ok(part)
}

/// A school that is to be reminded of a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminder {
    /// The campaign.
    pub campaign: CampaignId,
    /// The school.
    pub school: SchoolId,
    /// How many days were left when the reminder fell due.
    pub days: u16,
    /// The last day.
    pub closes_on: NaiveDate,
}

/// The schools that have neither signed off nor said that there is nothing to send, where a campaign's last day is at most so
/// many days away. Of several reminders the latest that is due counts; one that was missed is not made up for.
///
/// # Errors
/// When the database can't be read.
pub fn to_remind(work: &mut Work<'_>, days_before: &[u16]) -> Result<Vec<Reminder>> {
    let today = uk_date(work.now());
    let mut owing = Vec::new();
    for campaign in store::running(work, today)? {
        let left = (campaign.closes_on - today).num_days();
        let due = days_before.iter().copied().filter(|days| left <= i64::from(*days)).min();
        let Some(days) = due.filter(|_| left >= 0) else { continue };
        for (school, _, part) in campaigns::parts(work, campaign.id)? {
            if part.signed_off_on.is_none() && !store::was_reminded(work, campaign.id, school, days)? {
                owing.push(Reminder { campaign: campaign.id, school, days, closes_on: campaign.closes_on });
            }
        }
    }
    Ok(owing)
}

/// Reminds a school: the people who send its answers and its headteacher get a message. Nobody twice for the same day.
///
/// # Errors
/// When the database can't be written.
pub fn remind(work: &mut Work<'_>, reminder: &Reminder) -> Result<()> {
    let Reminder { campaign, school, days, closes_on } = reminder;
    let door = campaigns::door(work, *campaign, *school, true)?;
    // Another worker was here, or the school has signed off meanwhile.
    if door.part.signed_off_on.is_some() || store::was_reminded(work, *campaign, *school, *days)? {
        return Ok(());
    }
    let mut told: Vec<PersonId> = Vec::new();
    for role in [Role::SchoolSubmitter, Role::Headteacher] {
        for (person, _) in identity::holders(work, role, *school)? {
            if !told.contains(&person) {
                told.push(person);
            }
        }
    }
    for person in &told {
        notices::enqueue(
            work,
            NewNotice {
                wording: Wording::SurveyOwing,
                to: Recipient::Person(*person),
                subject: Subject::Campaign(*campaign),
                // The ledger's; such a message quotes none.
                reference: Reference::random(work.chance()),
                due_at: NaiveTime::from_hms_opt(23, 59, 0).map(|end| uk_instant(*closes_on, end)),
                dedupe: format!("survey_owing:{campaign}:{school}:{days}:{person}"),
            },
        )?;
    }
    store::note_reminder(work, *campaign, *school, *days)?;
    audit::record(work, "survey.remind", object(*campaign, *school), format!("{} people", told.len()));
    Ok(())
}

fn object(campaign: CampaignId, school: SchoolId) -> Object {
    Object::one("campaign", campaign.uuid()).at(school)
}

#[cfg(test)]
mod tests;
