//! A campaign's forms: making one, signing a school's survey off, opening it again.

use actix_web::http::StatusCode;
use actix_web::{get, post, web};
use askama::Template;
use dolen_domain::access::Action;
use dolen_domain::directory::schools::{self, School};
use dolen_domain::instruments::drafts;
use dolen_domain::kernel::{
    Bilingual, CampaignId, Code, Error, Fault, FaultCode, Faults, Phase, Result, SchoolNumber, YearGroup, uk_date,
};
use dolen_domain::surveys::campaigns::{
    self, Campaign, Listed, NewCampaign, NilReason, Rolls, SchoolsIn, UnlockReason,
};
use dolen_domain::surveys::participation::{self, Sight};
use uuid::Uuid;

use crate::rest::Reply;

use super::desk::Desk;
use super::flash::Flash;
use super::form::{Done, Field, Fields, Sent, complain, date};
use super::page::Page;
use super::questionnaires::published;
use super::strings::keys;

/// The pages of campaigns.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(new).service(make).service(to_sign).service(sign).service(to_reopen).service(reopen);
}

/// What is asked when the form says nothing else: the newest version of what ships.
const INSTRUMENT: &str = "bullying";

const A_TITLE: &[(FaultCode, &str)] =
    &[(FaultCode::Missing, keys::CAMPAIGN_TITLE_MISSING), (FaultCode::TooLong, keys::TEXT_TOO_LONG)];
const NOT_CHOSEN: &[(FaultCode, &str)] = &[(FaultCode::NotInList, keys::CHOOSE_ONE)];

/// A new campaign's fields.
const NEW: &[Field] = &[
    Field { name: "title_cy", texts: A_TITLE },
    Field { name: "title_en", texts: A_TITLE },
    Field { name: "academic_year", texts: &[(FaultCode::BadFormat, keys::CAMPAIGN_YEAR_WRONG)] },
    Field {
        name: "opens_on",
        texts: &[(FaultCode::Missing, keys::DATE_MISSING), (FaultCode::DateOutOfRange, keys::CAMPAIGN_OPENS_WRONG)],
    },
    Field {
        name: "closes_on",
        texts: &[(FaultCode::Missing, keys::DATE_MISSING), (FaultCode::DateOutOfRange, keys::CAMPAIGN_CLOSES_WRONG)],
    },
    Field { name: "late_days", texts: &[(FaultCode::OutOfRange, keys::CAMPAIGN_LATE_WRONG)] },
    Field {
        name: "instrument",
        texts: &[(FaultCode::NotInList, keys::CHOOSE_ONE), (FaultCode::NotFound, keys::CHOOSE_ONE)],
    },
    Field {
        name: "schools",
        texts: &[
            (FaultCode::NotInList, keys::CHOOSE_ONE),
            (FaultCode::Missing, keys::CAMPAIGN_NO_SCHOOL),
            (FaultCode::NotFound, keys::CAMPAIGN_NO_SCHOOL),
        ],
    },
    Field { name: "numbers", texts: &[(FaultCode::NotFound, keys::CAMPAIGN_NUMBERS_WRONG)] },
    Field { name: "first_year", texts: &[(FaultCode::OutOfRange, keys::CAMPAIGN_YEARS_WRONG)] },
    Field { name: "last_year", texts: &[(FaultCode::OutOfRange, keys::CAMPAIGN_YEARS_WRONG)] },
];
const SIGN_OFF: &[Field] = &[Field { name: "answer", texts: NOT_CHOSEN }];
const REOPEN: &[Field] = &[
    Field {
        name: "until",
        texts: &[(FaultCode::Missing, keys::DATE_MISSING), (FaultCode::DateOutOfRange, keys::UNLOCK_UNTIL_WRONG)],
    },
    Field { name: "reason", texts: NOT_CHOSEN },
];

/// Something to choose from.
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub text: String,
}

fn choices(page: &Page, of: &[(&'static str, &'static str)]) -> Vec<Choice> {
    of.iter().map(|(value, key)| Choice { value: (*value).to_owned(), text: page.say(key) }).collect()
}

#[derive(Template)]
#[template(path = "campaign_new.html")]
struct NewPage {
    page: Page,
    schools: Vec<Choice>,
    instruments: Vec<Choice>,
    fields: Fields,
}

#[derive(Template)]
#[template(path = "survey_part.html")]
struct PartPage {
    page: Page,
    campaign: Campaign,
    school: School,
    /// What a school knows of itself; nothing on the authority's form.
    sight: Option<Sight>,
    choices: Vec<Choice>,
    fields: Fields,
}

/// The form of a new campaign.
#[get("/surveys/new")]
pub async fn new(desk: Desk) -> Reply {
    let today = uk_date(desk.visitor.app.db.clock().now());
    let starts = i32::from(chrono::Datelike::month(&today) < 8);
    let first = chrono::Datelike::year(&today) - starts;
    let year = format!("{first}/{:02}", (first + 1) % 100);
    let fields = Fields::of(&[("academic_year", &year), ("late_days", "0"), ("schools", "all")]);
    new_page(&desk, fields, None).await
}

async fn new_page(desk: &Desk, fields: Fields, wrong: Option<Vec<Fault>>) -> Reply {
    if !desk.may(Action::ManageCampaign) {
        return Err(Error::from(Code::Forbidden).into());
    }
    let lines = desk.visitor.app.read(&desk.caller, |work, _| drafts::list(work)).await?;
    let mut page = Page::of(desk);
    let shown = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    complain(&mut page, NEW, &wrong.unwrap_or_default());
    let words = [
        ("all", keys::CAMPAIGN_ALL_SCHOOLS),
        ("primary", keys::CAMPAIGN_PRIMARY),
        ("secondary", keys::CAMPAIGN_SECONDARY),
        ("listed", keys::CAMPAIGN_LISTED),
    ];
    let schools = choices(&page, &words);
    // What ships stands first: who chooses nothing asks its newest version.
    let (shipped, own): (Vec<_>, Vec<_>) = lines.into_iter().partition(|line| line.builtin);
    let instruments = published(&page, &[shipped, own].concat());
    Ok(page.show(shown, |page| NewPage { page, schools, instruments, fields })?)
}

/// Makes a campaign.
#[post("/surveys")]
pub async fn make(sent: Sent) -> Reply {
    let fields = sent.fields.clone();
    let made = sent.once(move |work, _| {
        let campaign = campaigns::create(work, read(&fields)?).map_err(at_its_field)?;
        Ok(Done::at(format!("/surveys/{}", campaign.id), Flash::CampaignMade))
    });
    match made.await {
        Err(e) if e.code == Code::InvalidBody => new_page(&sent.desk, sent.fields, Some(e.faults)).await,
        made => Ok(made?),
    }
}

fn read(fields: &Fields) -> Result<NewCampaign> {
    let mut faults = Faults::default();
    // With the other fields' faults, though the domain says so too: all are told at once.
    for name in ["title_cy", "title_en"] {
        if fields.optional(name).is_none() {
            faults.add(format!("/{name}"), FaultCode::Missing);
        }
    }
    let (opens_on, closes_on) = (date(fields, "opens_on", &mut faults), date(fields, "closes_on", &mut faults));
    let mut number = |name: &str| match fields.optional(name) {
        None => None,
        Some(typed) => faults.keep(format!("/{name}"), typed.trim().parse::<i64>().map_err(|_| FaultCode::OutOfRange)),
    };
    let (late, first, last) = (number("late_days"), number("first_year"), number("last_year"));
    let late_days = faults.keep("/late_days", u16::try_from(late.unwrap_or(0)).map_err(|_| FaultCode::OutOfRange));
    let (first, last) = (first.or(last), last.or(first));
    let mut years = Vec::new();
    if let (Some(first), Some(last)) = (first, last) {
        let all: Vec<_> = (first.max(-1)..=last.min(15)).map(YearGroup::new).collect();
        if all.is_empty() {
            faults.add("/last_year", FaultCode::OutOfRange);
        }
        for year in all {
            years.extend(faults.keep("/first_year", year));
        }
    }
    let schools = match fields.get("schools") {
        "all" => Some(SchoolsIn::AllOpen),
        "primary" => Some(SchoolsIn::OfPhases(vec![Phase::Primary])),
        "secondary" => Some(SchoolsIn::OfPhases(vec![Phase::Secondary, Phase::Middle])),
        "listed" => Some(SchoolsIn::Listed(listed(fields, &mut faults))),
        _ => None,
    };
    let schools = faults.keep("/schools", schools.ok_or(FaultCode::NotInList));
    let instrument = faults.keep("/instrument", instrument(fields));
    faults.finish()?;
    let (Some(opens_on), Some(closes_on), Some(schools)) = (opens_on, closes_on, schools) else {
        return Err(Code::InvalidBody.into());
    };
    let (instrument, instrument_version) = instrument.unwrap_or_default();
    Ok(NewCampaign {
        instrument,
        instrument_version,
        academic_year: fields.get("academic_year").trim().to_owned(),
        title: Bilingual { cy: fields.get("title_cy").to_owned(), en: fields.get("title_en").to_owned() },
        opens_on,
        closes_on,
        late_days: late_days.unwrap_or(0),
        years,
        schools,
    })
}

/// The questionnaire chosen, as `code/version`.
fn instrument(fields: &Fields) -> std::result::Result<(String, Option<i64>), FaultCode> {
    match fields.optional("instrument") {
        None => Ok((INSTRUMENT.to_owned(), None)),
        Some(chosen) => {
            let (code, version) = chosen.split_once('/').ok_or(FaultCode::NotInList)?;
            Ok((code.to_owned(), Some(version.parse().map_err(|_| FaultCode::NotInList)?)))
        }
    }
}

/// The schools whose numbers were typed, with anything between them.
fn listed(fields: &Fields, faults: &mut Faults) -> Vec<Listed> {
    let numbers = fields.get("numbers").split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    let read = |part| SchoolNumber::parse(part).map_err(|_| FaultCode::NotFound);
    let found = numbers.filter_map(|part| faults.keep("/numbers", read(part)));
    found.map(|number| Listed { number, rolls: Rolls::default() }).collect()
}

/// The domain's places as the form's fields.
fn at_its_field(mut error: Error) -> Error {
    for fault in &mut error.faults {
        match fault.pointer.as_str() {
            "/title/cy" => fault.pointer = "/title_cy".into(),
            "/title/en" => fault.pointer = "/title_en".into(),
            "/instrument_version" => fault.pointer = "/instrument".into(),
            "/phases" => fault.pointer = "/schools".into(),
            pointer if pointer.starts_with("/schools/") => {
                (fault.pointer, fault.code) = ("/numbers".into(), FaultCode::NotFound);
            }
            pointer if pointer.starts_with("/year_groups") => fault.pointer = "/first_year".into(),
            _ => {}
        }
    }
    error
}

type Place = web::Path<(Uuid, String)>;

fn number_of(place: &Place) -> Result<SchoolNumber> {
    SchoolNumber::parse(&place.1).map_err(|_| Code::NotFound.into())
}

async fn part_page(desk: &Desk, place: &Place, signs: bool, fields: Fields, wrong: Option<Vec<Fault>>) -> Reply {
    let (id, number) = (CampaignId::from_uuid(place.0), number_of(place)?);
    let found = move |work: &mut dolen_domain::db::Work<'_>, _: &crate::app::App| {
        let sight = if signs { Some(participation::sight(work, (id, &number))?) } else { None };
        if !signs {
            participation::may_open_again(work, (id, &number))?;
        }
        Ok((campaigns::by_id(work, id)?, schools::by_number(work, &number)?, sight))
    };
    let (campaign, school, sight) = desk.visitor.app.read(&desk.caller, found).await?;
    let mut page = Page::of(desk);
    let shown = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    complain(&mut page, if signs { SIGN_OFF } else { REOPEN }, &wrong.unwrap_or_default());
    let choices = match &sight {
        Some(sight) if sight.answers > 0 => choices(&page, &[("complete", keys::SIGN_OFF_COMPLETE)]),
        Some(_) => choices(
            &page,
            &[
                (NilReason::NoPupils.as_str(), keys::NIL_NO_PUPILS),
                (NilReason::SchoolClosed.as_str(), keys::NIL_CLOSED),
                (NilReason::NotTakingPart.as_str(), keys::NIL_NO_PART),
            ],
        ),
        None => choices(
            &page,
            &[
                (UnlockReason::StartedLate.as_str(), keys::UNLOCK_STARTED_LATE),
                (UnlockReason::TechnicalFault.as_str(), keys::UNLOCK_FAULT),
                (UnlockReason::MendedAnswers.as_str(), keys::UNLOCK_MENDED),
                (UnlockReason::JoinedLate.as_str(), keys::UNLOCK_JOINED),
                (UnlockReason::Other.as_str(), keys::UNLOCK_OTHER),
            ],
        ),
    };
    Ok(page.show(shown, |page| PartPage { page, campaign, school, sight, choices, fields })?)
}

/// What a school has sent, and the form that says it is all.
#[get("/surveys/{id}/schools/{number}/sign-off")]
pub async fn to_sign(desk: Desk, place: Place) -> Reply {
    part_page(&desk, &place, true, Fields::default(), None).await
}

/// Signs a school's survey off.
#[post("/surveys/{id}/schools/{number}/sign-off")]
pub async fn sign(sent: Sent, place: Place) -> Reply {
    let (id, number) = (CampaignId::from_uuid(place.0), number_of(&place)?);
    let answer = sent.fields.get("answer").to_owned();
    let done = sent.once(move |work, _| {
        let nil = match answer.as_str() {
            "complete" => None,
            word => Some(word.parse().map_err(|code| Error::fault("/answer", code))?),
        };
        participation::sign_off(work, (id, &number), nil)?;
        Ok(Done::at(format!("/surveys/{id}"), Flash::SurveySignedOff))
    });
    match done.await {
        Err(e) if e.code == Code::InvalidBody => part_page(&sent.desk, &place, true, sent.fields, Some(e.faults)).await,
        Err(e) if e.code == Code::StateConflict => {
            Ok(Done::at(format!("/surveys/{id}"), Flash::Changed).respond(&sent.desk.visitor))
        }
        done => Ok(done?),
    }
}

/// The form that opens a school's survey again.
#[get("/surveys/{id}/schools/{number}/reopen")]
pub async fn to_reopen(desk: Desk, place: Place) -> Reply {
    part_page(&desk, &place, false, Fields::default(), None).await
}

/// Opens a school's survey again.
#[post("/surveys/{id}/schools/{number}/reopen")]
pub async fn reopen(sent: Sent, place: Place) -> Reply {
    let (id, number) = (CampaignId::from_uuid(place.0), number_of(&place)?);
    let fields = sent.fields.clone();
    let done = sent.once(move |work, _| {
        let mut faults = Faults::default();
        let until = date(&fields, "until", &mut faults);
        let reason = faults.keep("/reason", fields.get("reason").parse());
        faults.finish()?;
        let (Some(until), Some(reason)) = (until, reason) else { return Err(Code::InvalidBody.into()) };
        participation::open_again(work, (id, &number), until, reason)?;
        Ok(Done::at(format!("/surveys/{id}"), Flash::SurveyReopened))
    });
    match done.await {
        Err(e) if e.code == Code::InvalidBody => {
            part_page(&sent.desk, &place, false, sent.fields, Some(e.faults)).await
        }
        // A release is being decided: the page says how far it is.
        Err(e) if e.code == Code::StateConflict => {
            Ok(Done::at(format!("/surveys/{id}/releases"), Flash::Changed).respond(&sent.desk.visitor))
        }
        done => Ok(done?),
    }
}
