//! Making sheets of codes, and answering with one.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::access::{Action, Facts, Grant, grant, scope};
use crate::audit::{self, Object};
use crate::db::Work;
use crate::directory::schools;
use crate::instruments::{self, Answer, Kind, Layout};
use crate::kernel::{CampaignId, Code, Error, FaultCode, Faults, Result, SchoolId, SchoolNumber, SheetId, uk_date};
use crate::surveys::campaigns::{self, Campaign, Door, Window};
use crate::surveys::concerns;
use crate::surveys::texts::{self, HelpWords, Written};
use crate::vault::Vault;

use super::model::{Entered, NewSheet, Printed, Sheet, Ticket, WordCode};
use super::rules;
use super::store::{self, arrivals};

/// Makes a sheet for a class. Its codes are told this once, and work on the days of the campaign's window; a school can print
/// before the first of them.
///
/// # Errors
/// A refusal of [`Action::ManageCodes`]; [`Code::NotFound`] for a school or campaign there is not, or a school that takes no
/// part; [`Code::CampaignClosed`] after the last day; [`Code::SurveySignedOff`]; [`Code::SurveyOtherWay`] where answers came in
/// bulk; [`Code::InvalidBody`] with every fault, and when the year group would have more codes than pupils on roll.
pub fn make(work: &mut Work<'_>, vault: &Vault, at: (CampaignId, &SchoolNumber), mut new: NewSheet) -> Result<Printed> {
    let (door, school) = find(work, at, true)?;
    may_print(work, &door, true)?;
    let campaign = &door.campaign;
    if store::came_in_bulk(work, &school, campaign.id)? {
        return Err(Code::SurveyOtherWay.into());
    }
    let mut faults = Faults::default();
    rules::tidy(&mut new, &mut faults);
    if layout_of(work, campaign)?.band(new.year_group).is_none() {
        faults.add("/year_group", FaultCode::OutOfRange);
    }
    // More codes than pupils would be answered with by somebody else.
    if let Some(roll) = campaigns::roll_of(work, campaign.id, school.id(), new.year_group)? {
        let out = store::handed_out(work, &school, campaign.id, new.year_group)?;
        if out + i64::from(new.size) > roll {
            faults.add("/size", FaultCode::OutOfRange);
        }
    }
    faults.finish()?;
    print(work, vault, &school, campaign.id, new)
}

/// The sheets of a school, newest first. Without codes: how many are unspent of each is all there is to know.
///
/// # Errors
/// As [`make`], at any time.
pub fn sheets(work: &mut Work<'_>, at: (CampaignId, &SchoolNumber)) -> Result<Vec<Sheet>> {
    let (door, school) = find(work, at, false)?;
    store::sheets(work, &school, door.campaign.id)
}

/// Calls a sheet back: its unspent codes open nothing any more. One called back before stays as it is.
///
/// # Errors
/// As [`sheets`]; [`Code::NotFound`] for a sheet there is not.
pub fn void(work: &mut Work<'_>, at: (CampaignId, &SchoolNumber), id: SheetId) -> Result<Sheet> {
    let (Door { campaign, .. }, school) = find(work, at, false)?;
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
    let (door, school) = find(work, at, true)?;
    may_print(work, &door, false)?;
    let campaign = &door.campaign;
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
        made_on: uk_date(work.now()),
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
    let Door { campaign, shut, .. } = campaigns::door(work, found.campaign, found.school, false)?;
    if shut.is_some() {
        return Ok(Entered::Closed);
    }
    let definition = instruments::by_id(work, campaign.instrument)?.definition;
    Ok(Entered::Ready(Box::new(Ticket {
        campaign: campaign.id,
        title: campaign.title,
        definition,
        year_group: found.year_group,
        class: found.class,
        school: found.school,
    })))
}

/// Answers with a code, which is spent by it. `None` when the answers are kept; what the code opens otherwise, and nothing is
/// kept.
///
/// Nothing of when, in what order or by which code the answers came is stored with them, and none of it is audited
/// (`DESIGN.md` invariant 6). What the pupil wrote is kept apart from them; of help words in it there remains that somebody of
/// the class wrote some today.
///
/// # Errors
/// [`Code::InvalidBody`] with the answers and texts that do not fit; the code is good still.
pub fn answer(
    work: &mut Work<'_>,
    vault: &Vault,
    code: &WordCode,
    answers: &[(Cow<'_, str>, Answer<'_>)],
    (written, help): (&[Written], &HelpWords),
) -> Result<Option<Entered>> {
    let ticket = match enter(work, vault, code)? {
        Entered::Ready(ticket) => ticket,
        otherwise => return Ok(Some(otherwise)),
    };
    let layout = Layout::of(&ticket.definition).map_err(|_| Error::internal("a stored questionnaire is flawed"))?;
    let band = layout.band(ticket.year_group).ok_or_else(|| Error::internal("a code of a year that is not asked"))?;
    let mut faults = Faults::default();
    let packed = layout.pack(band, answers).map_err(|misfits| {
        for (question, fault) in misfits {
            faults.add(format!("/{question}"), fault);
        }
    });
    let takes_texts = check_texts(&ticket, written, &mut faults);
    faults.finish()?;
    let packed = packed.map_err(|()| Code::InvalidBody)?;
    arrivals::lock(work, ticket.campaign, ticket.school)?;
    // Of several at once one finds it there; or its sheet was called back meanwhile.
    let hash = hash(vault, code);
    if !store::spend(work, &ticket, &hash)? {
        return Ok(Some(if store::is_spent(work, &hash)? { Entered::Spent } else { Entered::Unknown }));
    }
    arrivals::keep(work, &ticket, &packed)?;
    if takes_texts {
        let at = (ticket.campaign, ticket.school);
        texts::keep(work, vault, at, written)?;
        let calls = written.iter().any(|one| help.are_in(&one.words));
        concerns::note(work, at, (ticket.year_group, &ticket.class), calls)?;
    }
    Ok(None)
}

/// Notes each text that answers no question of its pupil's, or one a second time; says whether the pupil is asked for any.
fn check_texts(ticket: &Ticket, written: &[Written], faults: &mut Faults) -> bool {
    let band = ticket.definition.band_of(ticket.year_group).map_or("", |band| band.code.as_str());
    let asked: Vec<&str> =
        ticket.definition.questions_of(band).filter(|q| q.kind == Kind::Text).map(|q| q.code.as_str()).collect();
    for (at, one) in written.iter().enumerate() {
        if !asked.contains(&one.question.as_str()) {
            faults.add("/answers", FaultCode::UnknownField);
        } else if written.iter().take(at).any(|before| before.question == one.question) {
            faults.add(format!("/{}", one.question), FaultCode::Duplicate);
        }
    }
    !asked.is_empty()
}

/// The campaigns that are over and whose codes wait to be forgotten.
///
/// # Errors
/// When the database can't be read.
pub fn to_settle(work: &mut Work<'_>) -> Result<Vec<CampaignId>> {
    let today = uk_date(work.now());
    let mut over = Vec::new();
    for id in store::with_codes(work, today)? {
        if campaigns::is_over(work, id)? {
            over.push(id);
        }
    }
    Ok(over)
}

/// Ends a campaign that is over: what waits goes on to the other answers, and every code is forgotten.
///
/// # Errors
/// When the database can't be written.
pub fn settle(work: &mut Work<'_>, campaign: CampaignId) -> Result<()> {
    let object = Object::one("campaign", campaign.uuid());
    // A school was opened again since this was looked for: its codes are good.
    if !campaigns::is_over(work, campaign)? {
        audit::record(work, "survey.settle", object, "opened again");
        return Ok(());
    }
    arrivals::settle(work, campaign)?;
    texts::settle_all(work, campaign)?;
    store::void_all(work, campaign)?;
    let codes = store::forget(work, campaign)?;
    audit::record(work, "survey.settle", object, format!("{codes} codes forgotten"));
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
    let layout = Layout::of(&instrument.definition).map_err(|_| Error::internal("a stored questionnaire is flawed"))?;
    Ok(layout.only(campaign.years))
}

/// Sheets are made before the first day and while answers are taken. In the closing days a lost one is replaced, and no
/// other is begun.
fn may_print(work: &mut Work<'_>, door: &Door, is_new: bool) -> Result<()> {
    let today = uk_date(work.now());
    let window = door.campaign.window(today);
    if window != Window::Ahead || door.part.signed_off_on.is_some() {
        door.pass()?;
    }
    if is_new && window == Window::Closing && door.part.unlocked_until.is_none_or(|last| last < today) {
        let detail = format!("new sheets were made until {}", door.campaign.closes_on);
        return Err(Error::new(Code::CampaignClosed).with_detail(detail));
    }
    Ok(())
}

fn find(
    work: &mut Work<'_>,
    (campaign, number): (CampaignId, &SchoolNumber),
    lock: bool,
) -> Result<(Door, Grant<SchoolId>)> {
    // Which schools there are is told to nobody without a right to any.
    scope(work, Action::ManageCodes)?;
    let school = schools::by_number(work, number)?;
    let school = grant(work, Action::ManageCodes, school.id, &Facts::of_school(school.id))?;
    Ok((campaigns::door(work, campaign, school.id(), lock)?, school))
}

/// Ends what a school has of codes when it signs off: what waits goes on to the other answers, unspent codes are voided, and
/// spent ones stay known as spent until the campaign is over.
///
/// # Errors
/// When the database can't be written.
pub(in crate::surveys) fn close(work: &mut Work<'_>, school: &Grant<SchoolId>, campaign: CampaignId) -> Result<()> {
    arrivals::settle_school(work, campaign, school.id())?;
    texts::settle(work, (campaign, school.id()))?;
    for sheet in store::sheets(work, school, campaign)? {
        if sheet.unspent > 0 {
            store::void(work, school, sheet.id)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
