//! Keeping what pupils write, taking names out of it, and giving what was passed.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use crate::access::{Action, Facts, grant, scope};
use crate::audit::{self, Object, Reading};
use crate::db::Work;
use crate::directory::schools;
use crate::instruments::{self, Definition};
use crate::kernel::{CampaignId, Code, Error, Result, SchoolId, SchoolNumber, TextId, uk_date};
use crate::surveys::releases::{self, Threshold};
use crate::surveys::{campaigns, codes, concerns};
use crate::vault::{Place, Sealed, Vault};

use super::model::{Published, Waiting, Written};
use super::{rules, store};

/// What becomes of a text.
#[derive(Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is passed, as it was edited and without these words.
    Pass {
        /// The original with pieces taken out, each with [`rules::MARK`] in its place.
        edited: String,
        /// Words more to take out wherever they stand, with a comma or a line between two.
        named: String,
    },
    /// Nobody reads it again.
    KeepBack,
}

/// Where a campaign's texts are sealed. Bound to the campaign and not to a row: a row is written anew under other ids, and
/// nobody who moves it opens it.
const fn place(campaign: CampaignId) -> Place {
    Place { table: "survey_texts", column: "content", row: campaign.uuid() }
}

fn object(campaign: CampaignId) -> Object {
    Object::one("campaign", campaign.uuid())
}

/// Keeps what a pupil wrote among what waits of the school; all of it is written anew in random order, whether they wrote
/// something or not. The caller has locked the school.
///
/// # Errors
/// When the database can't be written.
pub(in crate::surveys) fn keep(
    work: &mut Work<'_>,
    vault: &Vault,
    at: (CampaignId, SchoolId),
    written: &[Written],
) -> Result<()> {
    let mut all = store::take(work, at)?;
    for one in written {
        all.push(vault.seal_system(place(at.0), &one.padded(), work.chance())?.into_stored());
    }
    let all = codes::shuffled(work, all);
    store::put(work, at, all)
}

/// Sends on what waits of a school to those who read it. The caller has locked the school.
///
/// # Errors
/// When the database can't be written.
pub(in crate::surveys) fn settle(work: &mut Work<'_>, at: (CampaignId, SchoolId)) -> Result<()> {
    let all = store::take(work, at)?;
    let all = codes::shuffled(work, all);
    let after = releases::newest(work, at.0)?.unwrap_or(0);
    store::go_on(work, at, after, all)
}

/// The same for every school of a campaign that is over.
///
/// # Errors
/// When the database can't be written.
pub(in crate::surveys) fn settle_all(work: &mut Work<'_>, campaign: CampaignId) -> Result<()> {
    for school in store::with_arrivals(work, campaign)? {
        codes::lock(work, campaign, school)?;
        settle(work, (campaign, school))?;
    }
    Ok(())
}

/// How many texts wait to be decided on.
///
/// # Errors
/// A refusal of [`Action::RedactTexts`]; [`Code::NotFound`].
pub fn waiting(work: &mut Work<'_>, campaign: CampaignId) -> Result<i64> {
    let pass = grant(work, Action::RedactTexts, campaign, &Facts::default())?;
    campaigns::facts(work, campaign)?;
    store::waiting(work, &pass)
}

/// How many wait of each campaign of which any does.
///
/// # Errors
/// A refusal of [`Action::RedactTexts`].
pub fn all_waiting(work: &mut Work<'_>) -> Result<Vec<(CampaignId, i64)>> {
    let pass = scope(work, Action::RedactTexts)?;
    store::all_waiting(work, &pass)
}

/// The last day on which a text of a campaign that nobody has decided on is kept.
///
/// # Errors
/// As [`waiting`].
pub fn kept_until(work: &mut Work<'_>, campaign: CampaignId, days: u16) -> Result<NaiveDate> {
    let pass = grant(work, Action::RedactTexts, campaign, &Facts::default())?;
    last_day(work, pass.id(), days)
}

/// One of the texts that wait, opened: the next in the order of their random ids, after `after`, or the first again. Nothing
/// when none waits. On record, so it belongs in a write.
///
/// # Errors
/// As [`waiting`].
pub fn next(
    work: &mut Work<'_>,
    vault: &Vault,
    campaign: CampaignId,
    after: Option<TextId>,
) -> Result<Option<Waiting>> {
    let pass = grant(work, Action::RedactTexts, campaign, &Facts::default())?;
    campaigns::facts(work, campaign)?;
    let Some(row) = store::next(work, &pass, after)? else {
        audit::read(work, Reading::SurveyText, object(campaign), "none");
        return Ok(None);
    };
    opened(work, vault, campaign, row).map(Some)
}

/// One that waits, opened again: what was edited can't be taken. On record, so it belongs in a write.
///
/// # Errors
/// As [`waiting`]; [`Code::StateConflict`] for a text that was decided on, or is none.
pub fn open(work: &mut Work<'_>, vault: &Vault, (campaign, id): (CampaignId, TextId)) -> Result<Waiting> {
    let pass = grant(work, Action::RedactTexts, campaign, &Facts::default())?;
    let row = store::find(work, &pass, id)?.ok_or(Code::StateConflict)?;
    opened(work, vault, campaign, row)
}

fn opened(work: &mut Work<'_>, vault: &Vault, campaign: CampaignId, row: store::Row) -> Result<Waiting> {
    let definition = definition(work, campaign)?;
    let written = vault.open_system(place(campaign), &Sealed::<Written>::from_stored(row.content))?;
    let school = schools::by_ids(work, &[row.school])?.into_iter().next().ok_or(Code::NotFound)?;
    audit::read(work, Reading::SurveyText, Object::one("text", row.id.uuid()).at(row.school), "");
    let asked = releases::text_of(&definition, &written.question);
    Ok(Waiting { id: row.id, school, asked, written })
}

fn definition(work: &mut Work<'_>, campaign: CampaignId) -> Result<Definition> {
    let campaign = campaigns::facts(work, campaign)?;
    Ok(instruments::by_id(work, campaign.instrument)?.definition)
}

/// Decides on a text. What was written is gone then: of a text that is passed what is left is kept in its place, and one that
/// is kept back goes whole.
///
/// # Errors
/// A refusal of [`Action::RedactTexts`]; [`Code::NotFound`] for a campaign there is not; [`Code::StateConflict`] for a text
/// that was decided on, or is none; [`Code::InvalidBody`] at `/text` when something else than pieces taken out was changed, or
/// nothing is left.
pub fn decide(
    work: &mut Work<'_>,
    vault: &Vault,
    (campaign, id): (CampaignId, TextId),
    verdict: &Verdict,
) -> Result<()> {
    let pass = grant(work, Action::RedactTexts, campaign, &Facts::default())?;
    campaigns::facts(work, campaign)?;
    let row = store::find(work, &pass, id)?.ok_or(Code::StateConflict)?;
    let object = Object::one("text", id.uuid()).at(row.school);
    match verdict {
        Verdict::KeepBack => {
            store::delete(work, &pass, id)?;
            audit::record(work, "survey.keep_text_back", object, "");
        }
        Verdict::Pass { edited, named } => {
            let sealed = Sealed::<Written>::from_stored(row.content);
            let Written { question, words, .. } = vault.open_system(place(campaign), &sealed)?;
            let left = rules::redacted(&words, edited, named).map_err(|code| Error::fault("/text", code))?;
            let taken_out = left.matches(rules::MARK).count();
            let sealed = vault.seal_system(place(campaign), &Written::new(question, left).padded(), work.chance())?;
            store::pass(work, &pass, id, sealed.into_stored())?;
            audit::record(work, "survey.pass_text", object, format!("{taken_out} pieces taken out"));
        }
    }
    Ok(())
}

/// A school's texts that were passed, question by question: once a release of the campaign is published, and only when enough
/// of the school answered. Never by year group, for a text has none. What was written after a release is read with the next
/// one, which waits until ten answered otherwise: the one pupil who was late would be known by the text more.
///
/// # Errors
/// As [`releases::results`].
pub fn published(
    work: &mut Work<'_>,
    vault: &Vault,
    (campaign, number): (CampaignId, &SchoolNumber),
    threshold: Threshold,
) -> Result<Vec<Published>> {
    let results = releases::results(work, campaign, number)?;
    let school = grant(work, Action::ReadResults, results.school.id, &Facts::of_school(results.school.id))?;
    let answers = u64::try_from(store::answers(work, &school, campaign)?).unwrap_or(0);
    if answers < threshold.min_base {
        return Ok(Vec::new());
    }
    let mut by_question: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for content in store::passed(work, &school, campaign, results.released.header.number)? {
        let one = vault.open_system(place(campaign), &Sealed::<Written>::from_stored(content))?;
        by_question.entry(one.question).or_default().push(one.words);
    }
    let each = by_question.into_iter();
    Ok(each.map(|(code, texts)| Published { asked: releases::text_of(&results.definition, &code), texts }).collect())
}

/// The campaigns of which texts still wait so many days after the last day, or concerns are kept that were taken up. For the
/// worker to ask in a read.
///
/// # Errors
/// When the database can't be read.
pub fn to_forget(work: &mut Work<'_>, days: u16) -> Result<Vec<CampaignId>> {
    let today = uk_date(work.now());
    let mut due = Vec::new();
    for id in store::with_something(work)? {
        let last = last_day(work, id, days)?;
        if last < today && campaigns::is_over(work, id)? {
            due.push(id);
        }
    }
    Ok(due)
}

/// So many days from the last on which anybody answered: a school may have been opened again, or signed off late.
fn last_day(work: &mut Work<'_>, campaign: CampaignId, days: u16) -> Result<NaiveDate> {
    let parts = campaigns::parts(work, campaign)?;
    let late = parts.iter().flat_map(|(.., part)| [part.unlocked_until, part.signed_off_on]).flatten().max();
    let ends_on = campaigns::facts(work, campaign)?.ends_on();
    let ends_on = late.map_or(ends_on, |late| late.max(ends_on));
    Ok(ends_on.checked_add_days(Days::new(days.into())).unwrap_or(ends_on))
}

/// Forgets the texts of a campaign that nobody has decided on, and its concerns that were taken up.
///
/// # Errors
/// When the database can't be written.
pub fn forget(work: &mut Work<'_>, campaign: CampaignId) -> Result<()> {
    let texts = store::forget(work, campaign)?;
    let concerns = concerns::forget(work, campaign)?;
    audit::record(work, "survey.forget_texts", object(campaign), format!("{texts} texts, {concerns} concerns"));
    Ok(())
}

#[cfg(test)]
mod tests;
