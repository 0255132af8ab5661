//! The annual survey: campaigns, progress and results.

use async_graphql::{ComplexObject, Context, ID, InputObject, Object};
use chrono::NaiveDate;
use dolen_domain::kernel::{Bilingual, CampaignId, Code, Cursor, Error, Faults, Result, SchoolNumber, uk_date};
use dolen_domain::surveys::campaigns::{self, Campaign, Listed, NewCampaign, Progress, Rolls, SchoolsIn};
use dolen_domain::surveys::releases;
use serde::{Deserialize, Serialize};

use crate::rest::surveys::{FigureView, ResultsView, ShareView, results_of};

use super::enums::{SurveyStage, SurveyWindow};
use super::loaders::ReleasesOf;
use super::once::{key_of, once, payload};
use super::paging::{self, Connection, Edge, page_cost};
use super::plain::{BilingualText, BilingualTextInput, Date, known_id, plain};
use super::survey_releases::SurveyReleaseLine;
use super::visit::{Visit, answer, read};

plain! {
    /// A survey campaign.
    #[derive(Debug, Clone, Serialize, Deserialize)]
    #[graphql(complex)]
    pub struct SurveyCampaign {
        /// Its id.
        pub id: ID,
        /// Academic year, such as `2026/27`.
        pub academic_year: String,
        /// Title.
        pub title: BilingualText,
        /// First day of the window.
        pub opens_on: Date,
        /// Last day of the window.
        pub closes_on: Date,
        /// Last day for schools that had begun by `closesOn`.
        pub ends_on: Date,
        /// The year groups asked.
        pub year_groups: Vec<i32>,
        /// Where today lies relative to the window.
        pub window: SurveyWindow,
        #[graphql(skip)]
        campaign: CampaignId,
    }
}

impl SurveyCampaign {
    fn of(c: Campaign, today: NaiveDate) -> Self {
        Self {
            window: c.window(today).into(),
            ends_on: Date(c.ends_on()),
            year_groups: c.years.iter().map(|y| i32::from(y.number())).collect(),
            id: c.id.into(),
            academic_year: c.academic_year,
            title: c.title.into(),
            opens_on: Date(c.opens_on),
            closes_on: Date(c.closes_on),
            campaign: c.id,
        }
    }
}

/// How far the schools are, and their results.
#[ComplexObject]
impl SurveyCampaign {
    /// How far the schools are, by school number.
    #[graphql(complexity = "page_cost(first, child_complexity)")]
    async fn progress(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Items on the page, 1 to 100; 20 when not given.")] first: Option<i32>,
        #[graphql(desc = "`endCursor` of the page before.")] after: Option<String>,
    ) -> Option<Connection<SurveySchoolProgress>> {
        let id = self.campaign;
        let page = read(ctx, move |work, _| {
            let size = usize::try_from(paging::size(first)?).unwrap_or(1);
            // The cursor is the number of the last school seen.
            let after = after.map(|text| SchoolNumber::parse(&text)).transpose();
            let after = after.map_err(|_| Code::InvalidCursor)?;
            let begun = after.is_some();
            let mut all = campaigns::progress(work, id)?;
            all.retain(|p| after.as_ref().is_none_or(|a| p.number > *a));
            let more = all.len() > size;
            all.truncate(size);
            Ok((all, begun, more))
        });
        let connection = page.await.map(|(all, begun, more)| {
            let edge = |p: Progress| Edge { cursor: p.number.to_string(), node: p.into() };
            Connection::new(all.into_iter().map(edge).collect(), begun, more)
        });
        answer(ctx, connection)
    }

    /// The releases that are out, newest first.
    #[graphql(complexity = "5 + child_complexity")]
    async fn releases(&self, ctx: &Context<'_>) -> Option<Vec<SurveyReleaseLine>> {
        let found = async {
            let found = Visit::of(ctx)?.loader.load_one(ReleasesOf(self.campaign)).await.map_err(Error::new)?;
            Ok(found.unwrap_or_default().into_iter().map(Into::into).collect())
        };
        answer(ctx, found.await)
    }

    /// A school's results, of the newest release. A figure is published only when enough answered; shares are given as
    /// ranges and bases rounded down, so that nobody can be found in them.
    #[graphql(complexity = "50 + child_complexity")]
    async fn results(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Seven digits.")] school_number: String,
    ) -> Option<SurveyResults> {
        let id = self.campaign;
        let results = read(ctx, move |work, _| {
            let number = SchoolNumber::parse(&school_number).map_err(|_| Code::NotFound)?;
            let results = releases::results(work, id, &number)?;
            Ok(SurveyResults::from(results_of(&results, number.as_str())))
        });
        answer(ctx, results.await)
    }
}

plain! {
    /// How far one school is. Counts of responses, never answers.
    pub struct SurveySchoolProgress {
        /// The school.
        pub school_number: String,
        /// Its name.
        pub name: BilingualText,
        /// Responses accepted.
        pub accepted: i64,
        /// Pupils asked.
        pub roll: Option<i64>,
        /// The day of the last submission.
        pub last_received_on: Option<Date>,
        /// How far it is in a word.
        pub stage: SurveyStage,
        /// The day it was signed off, or a nil return made.
        pub signed_off_on: Option<Date>,
        /// The last day of its being opened again.
        pub unlocked_until: Option<Date>,
    }
}

impl From<Progress> for SurveySchoolProgress {
    fn from(p: Progress) -> Self {
        Self {
            school_number: p.number.into(),
            name: p.name.into(),
            accepted: p.accepted,
            roll: p.roll,
            last_received_on: p.last_received_on.map(Date),
            stage: p.stage.into(),
            signed_off_on: p.part.signed_off_on.map(Date),
            unlocked_until: p.part.unlocked_until.map(Date),
        }
    }
}

plain! {
    /// One option's share.
    pub struct SurveyShare {
        /// Option code.
        pub option: String,
        /// The middle of the range, for drawing. What is known of the share is the range.
        pub percent: u8,
        /// At least this percentage of those who answered.
        pub at_least: u16,
        /// Less than this percentage; at most, when it is 100.
        pub below: u16,
        /// The lower end of the share's interval (Wilson's, 95 times of 100), wherever in its range the share lies.
        pub interval_from: i16,
        /// The upper end of that interval.
        pub interval_to: i16,
        /// `low` in the lowest range, where nobody and a few look alike; `high` in the highest.
        pub symbol: Option<String>,
    }
}

plain! {
    /// One question's figure, or the symbol that stands for it.
    pub struct SurveyFigure {
        /// Question code.
        pub question: String,
        /// Why there is no figure: `c` confidential (see `reason`), `z` not applicable (not asked), `x` not available (nothing came).
        pub symbol: Option<String>,
        /// The reason as a word: `small_n`, `differencing` (enough answered, and it would give other answers away), `unavailable` or
        /// `not_asked`.
        pub reason: Option<String>,
        /// How many answered, rounded down to a multiple of 5.
        pub base: Option<u64>,
        /// `u` beside a figure of limited quality: fewer than 40 answered.
        pub quality: Option<String>,
        /// The shares; empty when there is no figure.
        pub shares: Vec<SurveyShare>,
    }
}

impl From<FigureView> for SurveyFigure {
    fn from(f: FigureView) -> Self {
        let share = |s: ShareView| {
            let ShareView { option, percent, at_least, below, interval_from, interval_to, symbol } = s;
            let symbol = symbol.map(str::to_owned);
            SurveyShare { option, percent, at_least, below, interval_from, interval_to, symbol }
        };
        Self {
            question: f.question,
            symbol: f.symbol.map(str::to_owned),
            reason: f.reason.map(str::to_owned),
            base: f.base,
            quality: f.quality.map(str::to_owned),
            shares: f.shares.into_iter().map(share).collect(),
        }
    }
}

plain! {
    /// A school's results.
    pub struct SurveyResults {
        /// The school.
        pub school_number: String,
        /// How to read the figures.
        pub note: BilingualText,
        /// The release they are of.
        pub release: i64,
        /// One a question, in the questionnaire's order.
        pub figures: Vec<SurveyFigure>,
    }
}

impl From<ResultsView> for SurveyResults {
    fn from(r: ResultsView) -> Self {
        let figures = r.figures.into_iter().map(Into::into);
        Self { school_number: r.school_number, note: r.note.into(), release: r.release, figures: figures.collect() }
    }
}

/// The survey's part of the query.
#[derive(Default)]
pub struct SurveyQuery;

/// Campaigns.
#[Object]
impl SurveyQuery {
    /// Campaigns, newest first.
    #[graphql(complexity = "page_cost(first, child_complexity)")]
    async fn survey_campaigns(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Items on the page, 1 to 100; 20 when not given.")] first: Option<i32>,
        #[graphql(desc = "`endCursor` of the page before.")] after: Option<String>,
    ) -> Option<Connection<SurveyCampaign>> {
        let page = read(ctx, move |work, _| {
            let request = paging::request(first, after.as_deref())?;
            Ok((campaigns::list(work, request)?, request))
        });
        let place = |c: &Campaign| Cursor { at: c.created_at, id: c.id.uuid() };
        let connection = async {
            let (page, request) = page.await?;
            let today = uk_date(Visit::of(ctx)?.app.db.clock().now());
            Ok(Connection::of(page, &request, place, |c| SurveyCampaign::of(c, today)))
        };
        answer(ctx, connection.await)
    }

    /// A campaign.
    async fn survey_campaign(&self, ctx: &Context<'_>, #[graphql(desc = "Its id.")] id: ID) -> Option<SurveyCampaign> {
        let campaign = read(ctx, move |work, _| {
            let campaign = campaigns::by_id(work, known_id(&id)?)?;
            Ok(SurveyCampaign::of(campaign, uk_date(work.now())))
        });
        answer(ctx, campaign.await)
    }
}

payload! {
    /// What came of making a campaign.
    SurveyCampaignPayload {
        /// The campaign.
        survey_campaign: SurveyCampaign
    }
}

/// A school that takes part.
#[derive(InputObject)]
pub struct SurveySchoolInput {
    /// Seven digits.
    pub school_number: String,
    /// Pupils asked, 0 to 100,000.
    pub roll: Option<i64>,
}

/// A campaign to be made.
#[derive(InputObject)]
pub struct CreateSurveyCampaignInput {
    /// 1 to 255 visible ASCII characters; the same key with the same input is carried out once.
    pub idempotency_key: String,
    /// Code of the questionnaire.
    pub instrument: String,
    /// Its version, which must be published; the newest when not given.
    pub instrument_version: Option<i64>,
    /// Academic year, such as `2026/27`.
    pub academic_year: String,
    /// Title.
    pub title: BilingualTextInput,
    /// First day of the window, in the academic year (1 September to 31 August) or at most a month before or after it.
    pub opens_on: Date,
    /// Last day of the window, within the same days.
    pub closes_on: Date,
    /// Schools that take part; every open one when not given.
    pub schools: Option<Vec<SurveySchoolInput>>,
}

impl CreateSurveyCampaignInput {
    fn read(self) -> Result<NewCampaign> {
        let mut faults = Faults::default();
        let schools = match self.schools {
            None => SchoolsIn::AllOpen,
            Some(list) => {
                let mut listed = Vec::with_capacity(list.len());
                for (i, school) in list.into_iter().enumerate() {
                    let number =
                        faults.keep(format!("/schools/{i}/school_number"), SchoolNumber::parse(&school.school_number));
                    let rolls = Rolls { all: school.roll, by_year: Vec::new() };
                    listed.extend(number.map(|number| Listed { number, rolls }));
                }
                SchoolsIn::Listed(listed)
            }
        };
        faults.finish()?;
        Ok(NewCampaign {
            instrument: self.instrument,
            instrument_version: self.instrument_version,
            academic_year: self.academic_year,
            title: Bilingual { cy: self.title.cy, en: self.title.en },
            opens_on: self.opens_on.0,
            closes_on: self.closes_on.0,
            late_days: 0,
            years: Vec::new(),
            schools,
        })
    }
}

/// The survey's part of the mutations.
#[derive(Default)]
pub struct SurveyMutation;

/// Making campaigns.
#[Object]
impl SurveyMutation {
    /// Makes a campaign.
    async fn create_survey_campaign(
        &self,
        ctx: &Context<'_>,
        input: CreateSurveyCampaignInput,
    ) -> Option<SurveyCampaignPayload> {
        let key = key_of("createSurveyCampaign", &input.idempotency_key, &input);
        let made = once(ctx, key, move |work, _| {
            let campaign = campaigns::create(work, input.read()?)?;
            Ok(SurveyCampaign::of(campaign, uk_date(work.now())))
        });
        made.await.map(Into::into)
    }
}
