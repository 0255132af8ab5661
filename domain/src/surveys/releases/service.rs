//! Asking for releases, making them, reading them.

use std::collections::BTreeMap;

use crate::access::{Action, Facts, Grant, Role, grant, scope, scope_of, standing};
use crate::audit::{self, Object};
use crate::db::Work;
use crate::directory::schools::{self, School};
use crate::identity;
use crate::instruments::{self, Layout};
use crate::kernel::{
    Actor, CampaignId, Code, Error, FaultCode, PersonId, Phase, Reference, Result, SchoolId, SchoolNumber, YearGroup,
    uk_date,
};
use crate::notices::{self, NewNotice, Recipient, Subject, Wording};
use crate::surveys::campaigns::{self, Campaign};
use crate::surveys::responses;
use crate::surveys::tallies::Rows;
use crate::vault::Vault;

use super::model::{Cell, Earlier, Expected, Gathered, Judged, Kind, Line, Reason, Released, Results, State};
use super::snapshot::{Masks, Notes, Snapshot};
use super::store::{self, Of};

/// Asks for a release. A worker decides it; [`list`] says what came of it. While one is being decided, that is the one asked
/// for.
///
/// # Errors
/// A refusal of [`Action::ManageCampaign`]; [`Code::NotFound`]; [`Code::StateConflict`] while a school may still send
/// something; [`Code::InvalidBody`] when the first is asked for as a correction, or
/// a correction as the first.
pub fn ask(work: &mut Work<'_>, campaign: CampaignId, reason: Reason) -> Result<Line> {
    let grant = grant(work, Action::ManageCampaign, campaign, &Facts::default())?;
    let ends_on = campaigns::facts(work, campaign)?.ends_on();
    store::lock(work, &grant)?;
    if !campaigns::is_over(work, campaign)? {
        let detail =
            format!("answers are taken until {ends_on}, and from schools that were opened again until their day");
        return Err(Error::new(Code::StateConflict).with_detail(detail));
    }
    let before = store::lines(work, campaign)?;
    if let Some(line) = before.iter().find(|line| line.state == State::Deciding) {
        audit::record(work, "survey.ask_release", object(campaign), format!("release {} was asked for", line.number));
        return Ok(line.clone());
    }
    if (reason == Reason::First) == before.iter().any(|line| line.state == State::Published) {
        return Err(Error::fault("/reason", FaultCode::NotInList));
    }
    let line = Line {
        campaign,
        number: before.first().map_or(0, |line| line.number) + 1,
        state: State::Deciding,
        reason,
        asked_on: uk_date(work.now()),
        published_on: None,
        refusal: None,
        digest: None,
    };
    let by = match work.caller().actor {
        Actor::Person(id) => Some(id),
        _ => None,
    };
    store::insert(work, &line, by)?;
    audit::record(work, "survey.ask_release", object(campaign), format!("release {}: {reason}", line.number));
    Ok(line)
}

/// The releases that wait to be decided, for the worker.
///
/// # Errors
/// When the database can't be read.
pub fn waiting(work: &mut Work<'_>) -> Result<Vec<Line>> {
    store::deciding(work)
}

/// Reads all that a decision needs, for the worker.
///
/// # Errors
/// When the database can't be read, or the answers are not of the campaign's questionnaire.
pub fn gather(work: &mut Work<'_>, vault: &Vault, line: &Line) -> Result<Gathered> {
    let campaign = campaigns::facts(work, line.campaign)?;
    let instrument = instruments::by_id(work, campaign.instrument)?;
    let layout = Layout::of(&instrument.definition).map_err(|_| Error::internal("a stored questionnaire is flawed"))?;
    let parts = campaigns::parts(work, campaign.id)?;
    let ids: Vec<SchoolId> = parts.iter().map(|(school, ..)| *school).collect();
    let before = earlier(work, campaign.id)?;
    let mut by_day = schools::places_on(work, campaign.opens_on, &ids)?;
    let mut expected: Vec<Expected> = schools::by_ids(work, &ids)?
        .into_iter()
        .map(|school| {
            let place = by_day.remove(&school.id);
            // Two releases whose tables are of other schools could be subtracted: it stays where it stood.
            match before.iter().rev().find_map(|out| stood(&out.released, &school)) {
                Some((phase, cluster)) => School { phase, cluster, ..school },
                None => school.placed(place),
            }
        })
        .filter_map(|school| {
            let (_, rolls, _) = parts.iter().find(|(id, ..)| *id == school.id)?;
            Some(Expected { school, rolls: rolls.clone() })
        })
        .collect();
    expected.sort_by(|a, b| a.school.number.cmp(&b.school.number));
    let unreadable = || Error::internal("stored answers are not of their campaign's questionnaire");
    let mut cells: BTreeMap<(usize, i16), Rows> = BTreeMap::new();
    let places: BTreeMap<SchoolId, usize> = expected.iter().enumerate().map(|(at, e)| (e.school.id, at)).collect();
    for (school, year, answers) in store::answers(work, campaign.id)? {
        let at = *places.get(&school).ok_or_else(unreadable)?;
        let rows = cells.entry((at, year)).or_insert_with(|| Rows::of(layout.width()));
        rows.push(&answers).then_some(()).ok_or_else(unreadable)?;
    }
    let cell = |((school, year), rows): ((usize, i16), Rows)| {
        Ok(Cell { school, year: YearGroup::new(year.into()).map_err(|_| unreadable())?, rows })
    };
    let cells = cells.into_iter().map(cell).collect::<Result<Vec<_>>>()?;
    let others = store::snapshots_of_others(work, &campaign)?;
    let today = uk_date(work.now());
    let mut gathered = Gathered {
        others,
        campaign,
        line: line.clone(),
        layout,
        schools: expected,
        cells,
        before,
        snapshot: Snapshot::default(),
        masks: Masks::default(),
        today,
    };
    note(&mut gathered, vault);
    Ok(gathered)
}

/// The releases of a campaign that are out, oldest first.
fn earlier(work: &mut Work<'_>, campaign: CampaignId) -> Result<Vec<Earlier>> {
    let mut out = store::lines(work, campaign)?;
    out.retain(|line| line.state == State::Published);
    out.sort_by_key(|line| line.number);
    let read = |line: Line| {
        let released = store::released(work, campaign, line.number, Of::All)?;
        Ok(Earlier { released, snapshot: store::snapshot(work, campaign, line.number)? })
    };
    out.into_iter().map(read).collect()
}

/// The phase and cluster that a school stood beside in a release; nothing when it was none of its schools.
fn stood(last: &Released, school: &School) -> Option<(Phase, Option<String>)> {
    let number = Some(school.number.as_str());
    let own = last.tables.iter().find(|t| t.kind == Kind::School && t.school_number.as_deref() == number)?;
    let beside = |kind: Kind| own.beside.iter().find_map(|code| code.strip_prefix(&format!("{kind}/")));
    Some((beside(Kind::Phase)?.parse().ok()?, beside(Kind::Cluster).map(str::to_owned)))
}

/// Notes what the release is made of.
pub(super) fn note(gathered: &mut Gathered, vault: &Vault) {
    let mut notes = Notes::new(vault);
    for cell in &gathered.cells {
        let Some(expected) = gathered.schools.get(cell.school) else { continue };
        for row in cell.rows.iter() {
            notes.note(&gathered.layout, (expected.school.id, cell.year.number()), row);
        }
    }
    gathered.masks = notes.masks(&gathered.layout);
    gathered.snapshot = notes.settled();
}

/// Writes down what was decided, for the worker, and tells schools that there are results. False when another worker was
/// quicker.
///
/// # Errors
/// When the database can't be written.
pub fn keep(work: &mut Work<'_>, judged: &Judged) -> Result<bool> {
    let line = &judged.line;
    let outcome = match &judged.outcome {
        Ok(released) => Ok((released, &judged.snapshot)),
        Err(breach) => Err(breach.to_string()),
    };
    if !store::settle(work, line, outcome)? {
        return Ok(false);
    }
    let detail = match &judged.outcome {
        Ok(released) => {
            store::insert_tables(work, line, &released.tables, &judged.owners)?;
            responses::forget_all(work, line.campaign)?;
            tell(work, line)?;
            format!("release {} published: {} tables", line.number, released.tables.len())
        }
        Err(_) => format!("release {} refused", line.number),
    };
    audit::record(work, "survey.release", object(line.campaign), detail);
    Ok(true)
}

/// Tells the headteachers and safeguarding persons of schools that take part, and whoever asked for it.
fn tell(work: &mut Work<'_>, line: &Line) -> Result<()> {
    let mut told: Vec<PersonId> = store::asked_by(work, line)?.into_iter().collect();
    for (school, ..) in campaigns::parts(work, line.campaign)? {
        for role in [Role::Headteacher, Role::Dsp] {
            told.extend(identity::holders(work, role, school)?.into_iter().map(|(person, _)| person));
        }
    }
    told.sort_unstable();
    told.dedup();
    for person in told {
        notices::enqueue(
            work,
            NewNotice {
                wording: Wording::SurveyPublished,
                to: Recipient::Person(person),
                subject: Subject::Campaign(line.campaign),
                // The ledger's; such a message quotes none.
                reference: Reference::random(work.chance()),
                due_at: None,
                dedupe: format!("survey_published:{}:{}:{person}", line.campaign, line.number),
            },
        )?;
    }
    Ok(())
}

/// A campaign's releases, newest first: for who publishes with what became of each, for others those that are out.
///
/// # Errors
/// A refusal of [`Action::ReadCampaign`]; [`Code::NotFound`].
pub fn list(work: &mut Work<'_>, campaign: CampaignId) -> Result<Vec<Line>> {
    let grant = grant(work, Action::ReadCampaign, campaign, &Facts::default())?;
    campaigns::facts(work, grant.id())?;
    let mut lines = store::lines(work, grant.id())?;
    // What would tell too much names a school's cell: it is for who publishes, and nobody else.
    if scope_of(&standing(work)?, Action::ManageCampaign).is_none() {
        lines.retain(|line| line.state == State::Published);
    }
    Ok(lines)
}

/// Refuses a release that can't be decided at all, so that it holds up no other and can be asked for again.
///
/// # Errors
/// When the database can't be written.
pub fn give_up(work: &mut Work<'_>, line: &Line) -> Result<()> {
    if store::settle(work, line, Err("it could not be decided: see the service's log".to_owned()))? {
        let detail = format!("release {} could not be decided", line.number);
        audit::record(work, "survey.release", object(line.campaign), detail);
    }
    Ok(())
}

/// A whole release, for who reads every school's.
///
/// # Errors
/// A refusal of [`Action::ReadRelease`]; [`Code::NotFound`] for a number that is not published.
pub fn document(work: &mut Work<'_>, campaign: CampaignId, number: i64) -> Result<Released> {
    let grant = grant(work, Action::ReadRelease, campaign, &Facts::default())?;
    store::released(work, grant.id(), number, Of::All)
}

/// The newest release, whole, when there is one.
///
/// # Errors
/// As [`document`].
pub fn latest(work: &mut Work<'_>, campaign: CampaignId) -> Result<Option<Released>> {
    let grant = grant(work, Action::ReadRelease, campaign, &Facts::default())?;
    campaigns::facts(work, grant.id())?;
    newest(work, grant.id())?.map(|number| store::released(work, campaign, number, Of::All)).transpose()
}

/// The tables of a campaign's newest release that are no school's, when there is one.
///
/// # Errors
/// When the database can't be read.
pub(in crate::surveys) fn of_no_school(work: &mut Work<'_>, campaign: &Grant<CampaignId>) -> Result<Option<Released>> {
    let newest = newest(work, campaign.id())?;
    newest.map(|number| store::released(work, campaign.id(), number, Of::NoSchool)).transpose()
}

/// The published releases of several campaigns, newest first, for lists of campaigns.
///
/// # Errors
/// A refusal of [`Action::ReadCampaign`].
pub fn published(work: &mut Work<'_>, campaigns: &[CampaignId]) -> Result<Vec<Line>> {
    let readable = scope(work, Action::ReadCampaign)?;
    store::published(work, &readable, campaigns)
}

/// The number of a campaign's newest published release.
pub(in crate::surveys) fn newest(work: &mut Work<'_>, campaign: CampaignId) -> Result<Option<i64>> {
    let published = store::lines(work, campaign)?.into_iter().find(|line| line.state == State::Published);
    Ok(published.map(|line| line.number))
}

/// A school's results: of the newest release its own tables, and those of everybody it stands beside. They never change but
/// by another release.
///
/// # Errors
/// A refusal of [`Action::ReadResults`]; [`Code::NotFound`] for a school or campaign there is not, or a school that takes
/// no part; [`Code::StateConflict`] until a release is published.
pub fn results(work: &mut Work<'_>, campaign: CampaignId, number: &SchoolNumber) -> Result<Results> {
    // Which schools there are is told to nobody without a right to any.
    scope(work, Action::ReadResults)?;
    let school = schools::by_number(work, number)?;
    let granted = grant(work, Action::ReadResults, school.id, &Facts::of_school(school.id))?;
    let campaign: Campaign = campaigns::door(work, campaign, school.id, false)?.campaign;
    let Some(newest) = newest(work, campaign.id)? else {
        return Err(
            Error::new(Code::StateConflict).with_detail("results are given once the authority has published them")
        );
    };
    let definition = instruments::by_id(work, campaign.instrument)?.definition;
    let mut released = store::released(work, campaign.id, newest, Of::School(&granted))?;
    // As the release has it: what is said of the school since changes nothing.
    let own = released.tables.iter().find(|t| t.kind == Kind::School);
    let beside = own.map(|table| table.beside.clone()).unwrap_or_default();
    released.tables.retain(|t| match t.kind {
        Kind::Authority | Kind::Year | Kind::School | Kind::SchoolYear => true,
        Kind::Phase | Kind::Cluster => beside.contains(&t.code),
    });
    // Its own first.
    released.tables.sort_by_key(|t| !matches!(t.kind, Kind::School | Kind::SchoolYear));
    Ok(Results { campaign, school, definition, released })
}

fn object(campaign: CampaignId) -> Object {
    Object::one("campaign", campaign.uuid())
}

#[cfg(test)]
mod tests;
