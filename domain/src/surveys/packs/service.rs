//! Making a pack, and taking up what it suggests.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::access::{Action, Facts, grant, scope};
use crate::audit::{self, Object};
use crate::db::Work;
use crate::directory::officers::{self, KeyArea};
use crate::directory::schools;
use crate::directory::services;
use crate::instruments::{self, Definition, comparable};
use crate::kernel::{CampaignId, Code, FaultCode, Faults, Result, SchoolId, SchoolNumber, uk_date};
use crate::routing::{self, Item};
use crate::surveys::campaigns::{self, Campaign};
use crate::surveys::releases::{self, Kind, Results};
use crate::toolkit::{self, NEWEST, Toolkit, advise};

use super::model::{Before, Help, NamedOfficer, Pack, Suggestion, TakenUp};
use super::{figures, rules, store};

/// Most approaches a pack suggests: a school that is told to do everything does nothing (our own proposal).
const MOST: usize = 8;

/// A school's pack.
///
/// # Errors
/// As [`releases::results`].
pub fn pack(work: &mut Work<'_>, campaign: CampaignId, number: &SchoolNumber) -> Result<Pack> {
    let results = releases::results(work, campaign, number)?;
    let school = grant(work, Action::ReadResults, results.school.id, &Facts::of_school(results.school.id))?;
    let (before, last) = last_year(work, &results, number)?.unzip();
    let toolkit = toolkit::shipped(NEWEST)?;
    let taken_up = match last {
        Some(id) => named(&toolkit, store::taken_up(work, &school, id)?),
        None => Vec::new(),
    };
    let now = named(&toolkit, store::taken_up(work, &school, campaign)?);
    let found = rules::findings(&results.released, &results.definition, before.as_ref());
    let changes = before.as_ref().map(|b| figures::changes(&results.released, Kind::School, b));
    let helpers = helpers(work, school.id())?;
    let findings: Vec<_> = found.iter().map(|f| f.finding.clone()).collect();
    let suggest = |advice: toolkit::Advice<'_>| Suggestion {
        help: advice.approach.help.iter().filter_map(|code| helpers.get(code).cloned()).collect(),
        taken_up_on: now.iter().find(|t| t.code == advice.approach.code).map(|t| t.on),
        approach: advice.approach.clone(),
        answers: advice.answers,
    };
    let advice = advise(&findings, &toolkit, MOST).into_iter().map(suggest).collect();
    let changes = changes.unwrap_or_default();
    Ok(Pack { before, changes, taken_up, takes_up: now, found, advice, toolkit: toolkit.version, results })
}

/// The campaigns before one, the latest first, that asked much the same of the same year groups, in whatever version: each with
/// which of its questions each of ours can be compared with.
pub(in crate::surveys) fn earlier(
    work: &mut Work<'_>,
    now: &Campaign,
    definition: &Definition,
) -> Result<Vec<(CampaignId, BTreeMap<String, String>)>> {
    let mut found = Vec::new();
    for id in store::earlier(work, now)? {
        let then = campaigns::facts(work, id)?;
        let asked = instruments::by_id(work, then.instrument)?.definition;
        let same = comparable((definition, now.years), (&asked, then.years));
        if rules::is_a_trend(same.len(), definition.questions.len()) {
            found.push((id, same));
        }
    }
    Ok(found)
}

/// The latest campaign before that asked much the same and has results of this school.
fn last_year(work: &mut Work<'_>, now: &Results, number: &SchoolNumber) -> Result<Option<(Before, CampaignId)>> {
    for (id, same) in earlier(work, &now.campaign, &now.definition)? {
        match releases::results(work, id, number) {
            Ok(found) => return Ok(Some((Before { released: found.released, same }, id))),
            // It took no part, or nothing was published.
            Err(e) if matches!(e.code, Code::NotFound | Code::StateConflict) => {}
            Err(e) => return Err(e),
        }
    }
    Ok(None)
}

/// What was taken up, by its title; an approach that the toolkit has no longer is left out.
fn named(toolkit: &Toolkit, all: Vec<(String, NaiveDate)>) -> Vec<TakenUp> {
    let title = |code: &str| toolkit.approaches.iter().find(|a| a.code == code).map(|a| a.title.clone());
    all.into_iter().filter_map(|(code, on)| Some(TakenUp { title: title(&code)?, code, on })).collect()
}

/// The services that take referrals, by their codes, each with the officer to whom a referral of this school's about bullying
/// would be routed today: by the school's phase and cluster as they are now, and not as they were when it answered.
fn helpers(work: &mut Work<'_>, school: SchoolId) -> Result<BTreeMap<String, Help>> {
    let school = schools::by_id(work, school)?;
    let (listed, today) = (officers::all_listed(work)?, uk_date(work.now()));
    let mut helpers = BTreeMap::new();
    for service in services::all(work)?.into_iter().filter(|s| s.active) {
        let item = Item {
            service: service.id,
            service_code: service.code.clone(),
            key_area: Some(KeyArea::Bullying),
            school: school.number.clone(),
            cluster: school.cluster.clone(),
            phase: school.phase,
            medium: school.medium,
            queue: service.gate.queue.clone(),
        };
        let chosen = routing::decide(&item, &listed, today).officer();
        let officer = chosen.and_then(|id| listed.iter().find(|o| o.id == id)).map(|o| NamedOfficer {
            name: o.name.clone(),
            role_title: o.role_title.clone(),
            email: o.email.to_string(),
            phone: o.phone.clone(),
        });
        helpers.insert(service.code.clone(), Help { service: service.code, name: service.name, officer });
    }
    Ok(helpers)
}

/// Says which approaches a school takes up, in the place of what it said before; gives them back. The next campaign's pack opens
/// with them.
///
/// # Errors
/// A refusal of [`Action::TakeUpAdvice`]; [`Code::NotFound`] for a school or campaign there is not, or a school that takes no
/// part; [`Code::InvalidBody`] for a word that is no approach's.
pub fn take_up(
    work: &mut Work<'_>,
    (campaign, number): (CampaignId, &SchoolNumber),
    approaches: &[String],
) -> Result<Vec<TakenUp>> {
    scope(work, Action::TakeUpAdvice)?;
    let school = schools::by_number(work, number)?;
    let school = grant(work, Action::TakeUpAdvice, school.id, &Facts::of_school(school.id))?;
    let campaign = campaigns::door(work, campaign, school.id(), true)?.campaign.id;
    let toolkit = toolkit::shipped(NEWEST)?;
    let mut faults = Faults::default();
    for (at, code) in approaches.iter().enumerate() {
        if !toolkit.approaches.iter().any(|a| a.code == *code) {
            faults.add(format!("/approaches/{at}"), FaultCode::NotInList);
        } else if approaches.iter().take(at).any(|before| before == code) {
            faults.add(format!("/approaches/{at}"), FaultCode::Duplicate);
        }
    }
    faults.finish()?;
    let before: BTreeMap<_, _> = store::taken_up(work, &school, campaign)?.into_iter().collect();
    let today = uk_date(work.now());
    let day = |code: &String| (code.clone(), before.get(code).copied().unwrap_or(today));
    let all: Vec<_> = approaches.iter().map(day).collect();
    store::set(work, &school, campaign, &all)?;
    let detail = format!("{} approaches", all.len());
    audit::record(work, "survey.take_up", Object::one("campaign", campaign.uuid()).at(school.id()), detail);
    Ok(named(&toolkit, all))
}

#[cfg(test)]
mod tests;
