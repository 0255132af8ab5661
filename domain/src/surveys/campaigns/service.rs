//! Making campaigns and following them.

use std::collections::HashMap;

use crate::access::{Action, Facts, grant, scope};
use crate::audit::{self, Object};
use crate::db::Work;
use crate::directory::schools::{self, School};
use crate::instruments;
use crate::kernel::{CampaignId, Code, FaultCode, Faults, Page, PageRequest, Result, SchoolId};

use super::model::{Campaign, NewCampaign, Progress};
use super::{rules, store};

/// Makes a campaign.
///
/// # Errors
/// A refusal of [`Action::ManageCampaign`], or [`Code::InvalidBody`] with every fault.
pub fn create(work: &mut Work<'_>, mut new: NewCampaign) -> Result<Campaign> {
    let id = CampaignId::from_uuid(work.new_id());
    let grant = grant(work, Action::ManageCampaign, id, &Facts::default())?;
    let mut faults = Faults::default();
    rules::tidy(&mut new, &mut faults);
    let instrument = match instruments::by_code(work, &new.instrument) {
        Ok(found) => Some(found.id),
        Err(e) if e.code == Code::NotFound => {
            faults.add("/instrument", FaultCode::NotFound);
            None
        }
        Err(e) => return Err(e),
    };
    let chosen = rules::choose(&new, &schools::all(work)?, &mut faults);
    faults.finish()?;
    let campaign = Campaign {
        id,
        instrument: instrument.ok_or(Code::NotFound)?,
        academic_year: new.academic_year,
        title: new.title,
        opens_on: new.opens_on,
        closes_on: new.closes_on,
        version: 1,
        created_at: work.now(),
    };
    store::insert(work, &grant, &campaign, &chosen)?;
    let detail = format!("{} schools", chosen.len());
    audit::record(work, "campaign.create", Object::one("campaign", id.uuid()), detail);
    Ok(campaign)
}

/// A campaign.
///
/// # Errors
/// [`Code::NotFound`], or a refusal of [`Action::ReadCampaign`].
pub fn by_id(work: &mut Work<'_>, id: CampaignId) -> Result<Campaign> {
    let grant = grant(work, Action::ReadCampaign, id, &Facts::default())?;
    store::by_id(work, &grant)
}

/// The campaigns, newest first.
///
/// # Errors
/// A refusal of [`Action::ReadCampaign`].
pub fn list(work: &mut Work<'_>, request: PageRequest) -> Result<Page<Campaign>> {
    let scope = scope(work, Action::ReadCampaign)?;
    store::page(work, &scope, request)
}

/// How far each school of a campaign is, by school number.
///
/// # Errors
/// [`Code::NotFound`], or a refusal of [`Action::ReadProgress`].
pub fn progress(work: &mut Work<'_>, id: CampaignId) -> Result<Vec<Progress>> {
    let grant = grant(work, Action::ReadProgress, id, &Facts::default())?;
    store::by_id(work, &grant)?;
    let rolls = store::schools(work, &grant)?;
    let ids: Vec<SchoolId> = rolls.iter().map(|(school, _)| *school).collect();
    let rolls: HashMap<_, _> = rolls.into_iter().collect();
    let mut all: Vec<Progress> = schools::by_ids(work, &ids)?
        .into_iter()
        .map(|s| Progress {
            roll: rolls.get(&s.id).copied().flatten(),
            school: s.id,
            number: s.number,
            name: s.name,
            accepted: 0,
            last_received_on: None,
        })
        .collect();
    all.sort_by(|a, b| a.number.cmp(&b.number));
    let places: HashMap<SchoolId, usize> = all.iter().enumerate().map(|(i, p)| (p.school, i)).collect();
    for (school, kept) in store::kept(work, &grant)? {
        if let Some(progress) = places.get(&school).and_then(|i| all.get_mut(*i)) {
            progress.accepted += kept;
        }
    }
    for (school, received_on) in store::received(work, &grant)? {
        if let Some(progress) = places.get(&school).and_then(|i| all.get_mut(*i)) {
            progress.last_received_on = progress.last_received_on.max(Some(received_on));
        }
    }
    Ok(all)
}

/// The schools of a campaign whose results the caller may read, by school number.
///
/// # Errors
/// [`Code::NotFound`], or a refusal of [`Action::ReadCampaign`] or [`Action::ReadResults`].
pub fn with_results(work: &mut Work<'_>, id: CampaignId) -> Result<Vec<School>> {
    let grant = grant(work, Action::ReadCampaign, id, &Facts::default())?;
    store::by_id(work, &grant)?;
    let readable = scope(work, Action::ReadResults)?;
    let ids: Vec<SchoolId> = store::schools(work, &grant)?
        .into_iter()
        .map(|(school, _)| school)
        .filter(|school| readable.on().everything || readable.on().schools.contains(school))
        .collect();
    let mut all = schools::by_ids(work, &ids)?;
    all.sort_by(|a, b| a.number.cmp(&b.number));
    Ok(all)
}
