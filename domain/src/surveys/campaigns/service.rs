//! Making campaigns and following them.

use std::collections::HashMap;

use crate::access::{Action, Facts, Grant, grant, scope};
use crate::audit::{self, Object};
use crate::db::Work;
use crate::directory::schools::{self, School};
use crate::instruments::{self, Instrument};
use crate::kernel::{
    CampaignId, Code, Error, FaultCode, Faults, Page, PageRequest, Result, SchoolId, SchoolNumber, YearGroup, uk_date,
};

use super::model::{Campaign, Door, NewCampaign, Part, Progress, Rolls, Shut, Window, YearProgress};
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
    let instrument = chosen(work, &new, &mut faults)?;
    let years = instrument.as_ref().map(|found| rules::years(&new, &found.definition, &mut faults));
    let chosen = rules::choose(&mut new, &schools::all(work)?, years, &mut faults);
    faults.finish()?;
    let (Some(instrument), Some(years)) = (instrument, years) else { return Err(Code::NotFound.into()) };
    let campaign = Campaign {
        id,
        instrument: instrument.id,
        academic_year: new.academic_year,
        title: new.title,
        opens_on: new.opens_on,
        closes_on: new.closes_on,
        late_days: new.late_days,
        years,
        version: 1,
        created_at: work.now(),
    };
    store::insert(work, &grant, &campaign, &chosen)?;
    let detail = format!("{} schools", chosen.len());
    audit::record(work, "campaign.create", Object::one("campaign", id.uuid()), detail);
    Ok(campaign)
}

/// The questionnaire a new campaign asks; nothing, and a fault, when there is none.
fn chosen(work: &mut Work<'_>, new: &NewCampaign, faults: &mut Faults) -> Result<Option<Instrument>> {
    let missing = |e: Error, place: &str, faults: &mut Faults| match e.code {
        Code::NotFound => {
            faults.add(place, FaultCode::NotFound);
            Ok(None)
        }
        _ => Err(e),
    };
    match instruments::by_code(work, &new.instrument) {
        Err(e) => missing(e, "/instrument", faults),
        Ok(newest) if new.instrument_version.is_none() => Ok(Some(newest)),
        Ok(_) => match instruments::published(work, &new.instrument, new.instrument_version) {
            Ok(found) => Ok(Some(found)),
            Err(e) => missing(e, "/instrument_version", faults),
        },
    }
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
    let mut parts: HashMap<SchoolId, _> =
        store::schools(work, &grant)?.into_iter().map(|(school, rolls, part)| (school, (rolls, part))).collect();
    let begun = store::begun(work, id)?;
    let ids: Vec<SchoolId> = parts.keys().copied().collect();
    let mut all: Vec<Progress> = schools::by_ids(work, &ids)?
        .into_iter()
        .filter_map(|s| {
            let (rolls, part) = parts.remove(&s.id)?;
            let year = |(year, pupils)| YearProgress { year, accepted: 0, roll: Some(pupils) };
            Some(Progress {
                roll: rolls.all,
                years: rolls.by_year.into_iter().map(year).collect(),
                stage: rules::stage(&part, begun.contains(&s.id)),
                part,
                school: s.id,
                number: s.number,
                name: s.name,
                accepted: 0,
                last_received_on: None,
            })
        })
        .collect();
    all.sort_by(|a, b| a.number.cmp(&b.number));
    let places: HashMap<SchoolId, usize> = all.iter().enumerate().map(|(i, p)| (p.school, i)).collect();
    for (school, year, kept) in store::kept(work, &grant)? {
        if let Some(progress) = places.get(&school).and_then(|i| all.get_mut(*i)) {
            let year = YearGroup::new(year.into()).map_err(|_| Error::internal("a stored year group is none"))?;
            add(progress, year, kept);
        }
    }
    for (school, received_on) in store::received(work, &grant)? {
        if let Some(progress) = places.get(&school).and_then(|i| all.get_mut(*i)) {
            progress.last_received_on = progress.last_received_on.max(Some(received_on));
        }
    }
    Ok(all)
}

/// Adds responses of a year group. Those of one statement come in two pieces, what has settled and what has just come.
fn add(progress: &mut Progress, year: YearGroup, kept: i64) {
    progress.accepted += kept;
    if let Some(found) = progress.years.iter_mut().find(|y| y.year == year) {
        found.accepted += kept;
    } else {
        progress.years.push(YearProgress { year, accepted: kept, roll: None });
        progress.years.sort_by_key(|y| y.year);
    }
}

/// A campaign as a school finds it today. With `lock`, others who write for the same school wait until this transaction ends.
///
/// # Errors
/// [`Code::NotFound`] for a campaign there is not, and for a school that takes no part.
pub(in crate::surveys) fn door(work: &mut Work<'_>, id: CampaignId, school: SchoolId, lock: bool) -> Result<Door> {
    let campaign = store::facts(work, id)?;
    let (part, begun) = store::part_of(work, id, school, lock)?.ok_or(Code::NotFound)?;
    let shut = rules::shut(&campaign, &part, begun, uk_date(work.now()));
    Ok(Door { campaign, part, begun, shut })
}

/// Whether no school can send anything any more: the last day is past and no school is opened again, or all have signed off.
///
/// # Errors
/// [`Code::NotFound`].
pub(in crate::surveys) fn is_over(work: &mut Work<'_>, id: CampaignId) -> Result<bool> {
    let today = uk_date(work.now());
    let over = store::facts(work, id)?.window(today) == Window::Over;
    let parts = store::parts(work, id)?;
    let closed =
        |part: &Part| part.signed_off_on.is_some() || over && part.unlocked_until.is_none_or(|last| last < today);
    Ok((over || !parts.is_empty()) && parts.iter().all(|(.., part)| closed(part)))
}

/// Puts a school's pupils on roll, by year group, in the place of those known before; says how many they are together.
///
/// # Errors
/// A refusal of [`Action::ManageCampaign`]; [`Code::NotFound`] for a school or campaign there is not, or a school that takes
/// no part; [`Code::InvalidBody`] with every fault.
pub fn set_rolls(
    work: &mut Work<'_>,
    (campaign, number): (CampaignId, &SchoolNumber),
    by_year: Vec<(YearGroup, i64)>,
) -> Result<i64> {
    let grant = grant(work, Action::ManageCampaign, campaign, &Facts::default())?;
    let school = schools::by_number(work, number)?;
    put_rolls(work, &grant, school.id, by_year)
}

/// The same for a school that was looked up.
///
/// # Errors
/// Those of [`set_rolls`], but for the refusal.
pub(in crate::surveys) fn put_rolls(
    work: &mut Work<'_>,
    campaign: &Grant<CampaignId>,
    school: SchoolId,
    by_year: Vec<(YearGroup, i64)>,
) -> Result<i64> {
    let door = door(work, campaign.id(), school, true)?;
    let mut faults = Faults::default();
    let mut rolls = Rolls { all: None, by_year };
    if rolls.by_year.is_empty() {
        faults.add("/rolls", FaultCode::Missing);
    }
    rules::reckon(&mut rolls, Some(door.campaign.years), "", &mut faults);
    faults.finish()?;
    store::set_rolls(work, campaign, school, &rolls)?;
    let detail = format!("{} year groups", rolls.by_year.len());
    audit::record(work, "campaign.rolls", Object::one("campaign", campaign.id().uuid()).at(school), detail);
    Ok(rolls.all.unwrap_or(0))
}

impl Door {
    /// Nothing when the school's answers are taken today.
    ///
    /// # Errors
    /// [`Code::SurveySignedOff`]; [`Code::CampaignClosed`] outside the days.
    pub(in crate::surveys) fn pass(&self) -> Result<()> {
        let Campaign { opens_on, closes_on, .. } = &self.campaign;
        let words = match self.shut {
            None => return Ok(()),
            Some(Shut::SignedOff) => return Err(Code::SurveySignedOff.into()),
            Some(Shut::Ahead | Shut::Over) => format!("answers are taken from {opens_on} to {closes_on}"),
            Some(Shut::NotBegun) => format!("schools that had begun by {closes_on} may finish; this one had not"),
        };
        Err(Error::new(Code::CampaignClosed).with_detail(words))
    }
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
        .map(|(school, ..)| school)
        .filter(|school| readable.on().everything || readable.on().schools.contains(school))
        .collect();
    let mut all = schools::by_ids(work, &ids)?;
    all.sort_by(|a, b| a.number.cmp(&b.number));
    Ok(all)
}
