//! Surveys made, answered and published in the test's own time, by the same services a school, an officer and the worker use.

use dolen_domain::instruments;
use dolen_domain::kernel::{Bilingual, Caller, CampaignId, SchoolNumber, YearGroup};
use dolen_domain::surveys::campaigns::{self, NewCampaign, SchoolsIn, UnlockReason};
use dolen_domain::surveys::participation;
use dolen_domain::surveys::releases::{self, Reason};
use dolen_domain::surveys::responses::{self as bulk, Format, Limits, Mode, Reader};
use serde_json::{Value, json};

use crate::TestApp;

/// A campaign of year 8 of every school, of the questionnaire that ships, from one day to another, such as `2026-03-01`.
#[must_use]
pub fn campaign(app: &TestApp, opens: &str, closes: &str) -> CampaignId {
    campaign_of(app, [opens, closes], &[8])
}

/// The same, of these year groups.
#[must_use]
pub fn campaign_of(app: &TestApp, [opens, closes]: [&str; 2], years: &[i64]) -> CampaignId {
    let new = NewCampaign {
        instrument_version: None,
        instrument: "bullying".to_owned(),
        academic_year: "2025/26".to_owned(),
        title: Bilingual { cy: "Arolwg".to_owned(), en: "Survey".to_owned() },
        opens_on: opens.parse().unwrap(),
        closes_on: closes.parse().unwrap(),
        late_days: 0,
        years: years.iter().map(|year| YearGroup::new(*year).unwrap()).collect(),
        schools: SchoolsIn::AllOpen,
    };
    app.write(move |work| {
        instruments::ensure_builtin(work)?;
        Ok(campaigns::create(work, new)?.id)
    })
}

/// Takes a school's answers: pupils of year 8, each by what was answered to which question.
pub fn send(app: &TestApp, campaign: CampaignId, school: &str, pupils: impl IntoIterator<Item = Value>) {
    send_of(app, campaign, school, pupils.into_iter().map(|answers| (8, answers)));
}

/// Takes a school's answers: pupils, each by their year group and what was answered to which question.
pub fn send_of(app: &TestApp, campaign: CampaignId, school: &str, pupils: impl IntoIterator<Item = (u8, Value)>) {
    let row = |(year, answers): (u8, Value)| json!({"year_group": year, "answers": answers});
    let rows: Vec<Value> = pupils.into_iter().map(row).collect();
    let body = serde_json::to_vec(&json!({"responses": rows})).unwrap();
    let number = SchoolNumber::parse(school).unwrap();
    let vault = app.app().vault.clone();
    let taken = app.db().write(&Caller::system("test"), move |work| {
        let mut reader = Reader::new(Format::Json, bulk::begin(work, campaign, &number)?, Limits::default());
        reader.feed(&body)?;
        bulk::submit(work, &vault, (campaign, &number), reader.finish()?, Mode::All, false)
    });
    taken.unwrap();
}

/// Opens a school's survey again for today.
pub fn open_again(app: &TestApp, campaign: CampaignId, school: &str) {
    let (number, today) = (SchoolNumber::parse(school).unwrap(), app.today());
    app.write(move |work| {
        participation::open_again(work, (campaign, &number), today, UnlockReason::StartedLate)?;
        Ok(())
    });
}

/// Asks for a release, and decides it as the worker does; whether it was published.
#[must_use]
pub fn publish(app: &TestApp, campaign: CampaignId, reason: Reason) -> bool {
    let line = app.write(move |work| releases::ask(work, campaign, reason));
    let vault = app.app().vault.clone();
    let gathered = app.read(move |work| releases::gather(work, &vault, &line));
    let judged = releases::decide(gathered, releases::Threshold::default());
    app.write(move |work| releases::keep(work, &judged))
}
