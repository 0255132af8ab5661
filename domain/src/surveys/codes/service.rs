//! Making sheets of codes, and answering with one.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::access::{Action, Facts, Grant, grant, scope};
use crate::audit::{self, Object};
use crate::db::Work;
use crate::directory::schools;
use crate::instruments::{self, Answer, Layout};
use crate::kernel::{CampaignId, Code, Error, FaultCode, Faults, Result, SchoolId, SchoolNumber, SheetId};
use crate::surveys::campaigns::{self, Campaign, Window};
use crate::vault::Vault;

use super::model::{Entered, NewSheet, Printed, Sheet, Ticket, WordCode};
use super::rules;
use super::store::{self, arrivals};

/// Makes a sheet for a class. Its codes are told this once, and work on the days of the campaign's window; a school can print
/// before the first of them.
///
/// # Errors
/// A refusal of [`Action::ManageCodes`]; [`Code::NotFound`] for a school or campaign there is not, or a school that takes no
/// part; [`Code::CampaignClosed`] after the last day; [`Code::InvalidBody`] with every fault.
pub fn make(work: &mut Work<'_>, vault: &Vault, at: (CampaignId, &SchoolNumber), mut new: NewSheet) -> Result<Printed> {
    let (campaign, school) = find(work, at)?;
    before_the_end(work, &campaign)?;
    let mut faults = Faults::default();
    rules::tidy(&mut new, &mut faults);
    if layout_of(work, &campaign)?.band(new.year_group).is_none() {
        faults.add("/year_group", FaultCode::OutOfRange);
    }
    faults.finish()?;
    print(work, vault, &school, campaign.id, new)
}

/// The sheets of a school, newest first. Without codes: how many are unspent of each is all there is to know.
///
/// # Errors
/// As [`make`], at any time.
pub fn sheets(work: &mut Work<'_>, at: (CampaignId, &SchoolNumber)) -> Result<Vec<Sheet>> {
    let (campaign, school) = find(work, at)?;
    store::sheets(work, &school, campaign.id)
}

/// Calls a sheet back: its unspent codes open nothing any more. One called back before stays as it is.
///
/// # Errors
/// As [`sheets`]; [`Code::NotFound`] for a sheet there is not.
pub fn void(work: &mut Work<'_>, at: (CampaignId, &SchoolNumber), id: SheetId) -> Result<Sheet> {
    let (campaign, school) = find(work, at)?;
    let sheet = store::sheet(work, &school, campaign.id, id)?;
    let gone = store::void(work, &school, id)?;
    audit::record(work, "survey.void_codes", object(id, &school), format!("{gone} unspent"));
    store::sheet(work, &school, campaign.id, sheet.id)
}

/// Calls a lost sheet back and makes another, with as many codes as nobody had answered with.
///
/// # Errors
/// As [`make`] and [`void`]; [`Code::StateConflict`] when every code of it is spent, or it was called back before.
pub fn reissue(work: &mut Work<'_>, vault: &Vault, at: (CampaignId, &SchoolNumber), id: SheetId) -> Result<Printed> {
    let (campaign, school) = find(work, at)?;
    before_the_end(work, &campaign)?;
    let lost = store::sheet(work, &school, campaign.id, id)?;
    let gone = store::void(work, &school, id)?;
    if gone == 0 {
        return Err(Error::from(Code::StateConflict).with_detail("no code of this sheet is left to be replaced"));
    }
    audit::record(work, "survey.void_codes", object(id, &school), format!("{gone} unspent"));
    let new = NewSheet { year_group: lost.year_group, class: lost.class, size: gone };
    print(work, vault, &school, campaign.id, new)
}

fn print(
    work: &mut Work<'_>,
    vault: &Vault,
    school: &Grant<SchoolId>,
    campaign: CampaignId,
    new: NewSheet,
) -> Result<Printed> {
    let sheet = Sheet {
        id: SheetId::from_uuid(work.random_id()),
        year_group: new.year_group,
        class: new.class,
        size: new.size,
        unspent: new.size,
        made_on: work.now().date(),
        voided_on: None,
    };
    store::insert(work, school, campaign, &sheet)?;
    let mut codes: Vec<WordCode> = Vec::with_capacity(usize::from(new.size));
    let mut hashes = BTreeSet::new();
    while codes.len() < usize::from(new.size) {
        let code = WordCode::draw(work.chance());
        let hash = hash(vault, &code);
        // One that was drawn before, in this campaign or another, is drawn again.
        if !store::is_known(work, &hash)? && hashes.insert(hash) {
            codes.push(code);
        }
    }
    // In the order of their hashes: the place on the sheet is a place in the register.
    store::insert_codes(work, school, campaign, sheet.id, &hashes)?;
    let detail = format!("{} codes for year {}", sheet.size, sheet.year_group.number());
    audit::record(work, "survey.print_codes", object(sheet.id, school), detail);
    Ok(Printed { sheet, codes })
}

/// What a code opens. Writes nothing, and is on no record: a pupil is nobody here.
///
/// # Errors
/// When the database can't be read.
pub fn enter(work: &mut Work<'_>, vault: &Vault, code: &WordCode) -> Result<Entered> {
    let hash = hash(vault, code);
    let Some(found) = store::find(work, &hash)? else {
        return Ok(if store::is_spent(work, &hash)? { Entered::Spent } else { Entered::Unknown });
    };
    let campaign = campaigns::facts(work, found.campaign)?;
    if campaign.window(work.now().date()) != Window::Open {
        return Ok(Entered::Closed);
    }
    let definition = instruments::by_id(work, campaign.instrument)?.definition;
    Ok(Entered::Ready(Box::new(Ticket {
        campaign: campaign.id,
        title: campaign.title,
        definition,
        year_group: found.year_group,
        school: found.school,
    })))
}

/// Answers with a code, which is spent by it. `None` when the answers are kept; what the code opens otherwise, and nothing is
/// kept.
///
/// Nothing of when, in what order or by which code the answers came is stored with them, and none of it is audited
/// (`DESIGN.md` invariant 6).
///
/// # Errors
/// [`Code::InvalidBody`] with the answers that do not fit; the code is good still.
pub fn answer(
    work: &mut Work<'_>,
    vault: &Vault,
    code: &WordCode,
    answers: &[(Cow<'_, str>, Answer<'_>)],
) -> Result<Option<Entered>> {
    let ticket = match enter(work, vault, code)? {
        Entered::Ready(ticket) => ticket,
        otherwise => return Ok(Some(otherwise)),
    };
    let layout = Layout::of(&ticket.definition).map_err(|_| Error::internal("a stored questionnaire is flawed"))?;
    let band = layout.band(ticket.year_group).ok_or_else(|| Error::internal("a code of a year that is not asked"))?;
    let packed = layout.pack(band, answers).map_err(|misfits| {
        let mut faults = Faults::default();
        for (question, fault) in misfits {
            faults.add(format!("/{question}"), fault);
        }
        Error::faults(Code::InvalidBody, faults.into_vec())
    })?;
    arrivals::lock(work, ticket.campaign, ticket.school)?;
    // Of several at once one finds it there; or its sheet was called back meanwhile.
    let hash = hash(vault, code);
    if !store::spend(work, &ticket, &hash)? {
        return Ok(Some(if store::is_spent(work, &hash)? { Entered::Spent } else { Entered::Unknown }));
    }
    arrivals::keep(work, &ticket, &packed)?;
    Ok(None)
}

/// The campaigns that are over and whose codes wait to be forgotten.
///
/// # Errors
/// When the database can't be read.
pub fn to_settle(work: &mut Work<'_>) -> Result<Vec<CampaignId>> {
    store::over(work, work.now().date())
}

/// Ends a campaign that is over: what waits goes on to the other answers, and every code is forgotten.
///
/// # Errors
/// When the database can't be written.
pub fn settle(work: &mut Work<'_>, campaign: CampaignId) -> Result<()> {
    arrivals::settle(work, campaign)?;
    let codes = store::forget(work, campaign)?;
    audit::record(work, "survey.settle", Object::one("campaign", campaign.uuid()), format!("{codes} codes forgotten"));
    Ok(())
}

fn hash(vault: &Vault, code: &WordCode) -> Vec<u8> {
    vault.blind_index("survey_codes.code", &code.canonical())
}

fn object(id: SheetId, school: &Grant<SchoolId>) -> Object {
    Object::one("code_sheet", id.uuid()).at(school.id())
}

fn layout_of(work: &mut Work<'_>, campaign: &Campaign) -> Result<Layout> {
    let instrument = instruments::by_id(work, campaign.instrument)?;
    Layout::of(&instrument.definition).map_err(|_| Error::internal("a stored questionnaire is flawed"))
}

fn before_the_end(work: &Work<'_>, campaign: &Campaign) -> Result<()> {
    if campaign.window(work.now().date()) == Window::Over {
        let detail = format!("answers were taken until {}", campaign.closes_on);
        return Err(Error::new(Code::CampaignClosed).with_detail(detail));
    }
    Ok(())
}

fn find(work: &mut Work<'_>, (campaign, number): (CampaignId, &SchoolNumber)) -> Result<(Campaign, Grant<SchoolId>)> {
    // Which schools there are is told to nobody without a right to any.
    scope(work, Action::ManageCodes)?;
    let school = schools::by_number(work, number)?;
    let school = grant(work, Action::ManageCodes, school.id, &Facts::of_school(school.id))?;
    let campaign = campaigns::facts(work, campaign)?;
    if !campaigns::has_school(work, &school, campaign.id, false)? {
        return Err(Code::NotFound.into());
    }
    Ok((campaign, school))
}

#[cfg(test)]
mod tests;
