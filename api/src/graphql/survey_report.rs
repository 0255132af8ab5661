//! The authority's annual report of a survey. Read in one go; what is asked of it is answered from there.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, ID, Object};
use dolen_domain::surveys::packs::Changed;
use dolen_domain::surveys::releases::{self, Breakdown, Released};
use dolen_domain::surveys::reports::{self, Annual, Approached, StandingOut, TakingPart};

use crate::rest::surveys::{
    ApproachedView, ChangedView, PointsView, ReportBeforeView, ShareOfView, StandingOutView, TakingPartView, taking_up,
};

use super::enums::words;
use super::paging::{Connection, page_cost};
use super::plain::{BilingualText, Date, known_id, plain};
use super::survey_releases::{SurveyBreakdown, SurveyCarriedQuestion, SurveyTable, SurveyTableKind, page};
use super::visit::{answer, read};

words! {
    /// Which way is worse.
    SurveyDirection = dolen_domain::surveys::packs::Direction {
        /// A high share.
        High,
        /// A low share.
        Low,
    }
}

plain! {
    /// How the schools took part.
    pub struct SurveyTakingPart {
        /// Schools that were asked.
        pub schools: usize,
        /// Schools that say that all their answers are there; null for fewer than five, or none.
        pub signed_off: Option<u64>,
        /// Schools that said that they had nothing to send; null for fewer than five, or none.
        pub nil_returns: Option<u64>,
        /// Pupils who took part.
        pub responses: u64,
        /// Pupils on roll who were asked, of the schools whose roll is known.
        pub roll: Option<i64>,
        /// The share of those on roll who took part, in per cent, of the same schools.
        pub response_rate: Option<i64>,
    }
}

impl From<&TakingPart> for SurveyTakingPart {
    fn from(part: &TakingPart) -> Self {
        let TakingPartView { schools, signed_off, nil_returns, responses, roll, response_rate } = part.into();
        Self { schools, signed_off, nil_returns, responses, roll, response_rate }
    }
}

plain! {
    /// How many schools stand out by a finding: those whose whole range lies beyond what chance makes of so many answers (95 times
    /// of 100), beside the authority's. A count is told from five schools on.
    pub struct SurveyStandingOut {
        /// What, as the toolkit calls it.
        pub finding: String,
        /// The question's code.
        pub question: String,
        /// The code of the option that is counted.
        pub option: String,
        /// Which way is worse.
        pub worse: SurveyDirection,
        /// Schools above; null for fewer than five, or none.
        pub above: Option<u64>,
        /// Schools below; null for fewer than five, or none.
        pub below: Option<u64>,
        /// Schools that show a figure; null for fewer than five, or none.
        pub of: Option<u64>,
    }
}

impl From<&StandingOut> for SurveyStandingOut {
    fn from(out: &StandingOut) -> Self {
        let view = StandingOutView::from(out);
        Self {
            finding: view.finding.to_owned(),
            question: view.question,
            option: view.option.to_owned(),
            worse: out.worse.into(),
            above: view.above,
            below: view.below,
            of: view.of,
        }
    }
}

plain! {
    /// An approach that five schools or more take up, or took up the year before.
    pub struct SurveyTakenUp {
        /// Its word.
        pub code: String,
        /// Its name.
        pub title: BilingualText,
        /// Schools that take it up after this campaign; null for fewer than five, or none.
        pub now: Option<u64>,
        /// Schools that took it up after the campaign that this one is compared with; null for fewer than five, or none, and
        /// where there is no such campaign.
        pub before: Option<u64>,
    }
}

impl From<&Approached> for SurveyTakenUp {
    fn from(one: &Approached) -> Self {
        let ApproachedView { code, title, now, before } = one.into();
        Self { code, title: title.into(), now, before }
    }
}

plain! {
    /// A share, and of how many.
    pub struct SurveyShareOf {
        /// How many answered, rounded down to a multiple of 5.
        pub base: Option<u64>,
        /// At least this percentage of them.
        pub at_least: u16,
        /// Less than this percentage; at most, when it is 100.
        pub below: u16,
    }
}

impl From<ShareOfView> for SurveyShareOf {
    fn from(share: ShareOfView) -> Self {
        let ShareOfView { base, at_least, below } = share;
        Self { base, at_least, below }
    }
}

plain! {
    /// From how many points to how many, both included.
    pub struct SurveyPoints {
        /// The lower end.
        pub from: i16,
        /// The upper end.
        pub to: i16,
    }
}

impl From<PointsView> for SurveyPoints {
    fn from(points: PointsView) -> Self {
        Self { from: points.from, to: points.to }
    }
}

plain! {
    /// A share that is shown in this campaign and in the one before.
    pub struct SurveyChange {
        /// The question's code.
        pub question: String,
        /// The option's.
        pub option: String,
        /// What it is.
        pub now: SurveyShareOf,
        /// What it was.
        pub before: SurveyShareOf,
        /// By how many points it changed: Newcombe's interval, 95 times of 100, wherever in their ranges both shares lie.
        pub change: SurveyPoints,
    }
}

impl From<&Changed> for SurveyChange {
    fn from(changed: &Changed) -> Self {
        let ChangedView { question, option, now, before, change } = changed.into();
        Self { question, option, now: now.into(), before: before.into(), change: change.into() }
    }
}

plain! {
    /// The campaign that a report compares with: the newest before it that asked much the same of mostly the same schools and is
    /// published.
    pub struct SurveyReportBefore {
        /// The campaign.
        pub campaign_id: ID,
        /// Academic year.
        pub academic_year: String,
        /// The release.
        pub release: i64,
        /// The day it was published.
        pub published_on: Date,
        /// The survey's first day, which tells two of one academic year apart.
        pub opens_on: Date,
    }
}

impl From<&Released> for SurveyReportBefore {
    fn from(before: &Released) -> Self {
        let ReportBeforeView { campaign_id, academic_year, release, published_on, opens_on } = before.into();
        let (published_on, opens_on) = (Date(published_on), Date(opens_on));
        Self { campaign_id: campaign_id.into(), academic_year, release, published_on, opens_on }
    }
}

plain! {
    /// The authority's annual report. It names no school, and tells a count of schools from five on: null says that there are
    /// fewer, and not whether there is any.
    #[graphql(complex)]
    pub struct SurveyReport {
        /// The campaign.
        pub campaign_id: ID,
        /// The release the figures are of.
        pub release: i64,
        /// Academic year.
        pub academic_year: String,
        /// The campaign's title.
        pub title: BilingualText,
        /// The day the release was published.
        pub published_on: Date,
        /// The survey's first day, which tells two of one academic year apart.
        pub opens_on: Date,
        /// The questionnaire's code and version.
        pub instrument: String,
        /// Figures rest on so many answers at least.
        pub min_base: u64,
        /// Questions of which the figures are an earlier release's: since then fewer than ten pupils of a year group answer them
        /// otherwise, or both releases together would tell of few.
        pub carried: Vec<SurveyCarriedQuestion>,
        /// How the schools took part.
        pub taking_part: SurveyTakingPart,
        /// How many schools stand out, finding by finding.
        pub standing_out: Vec<SurveyStandingOut>,
        /// The campaign that this one is compared with; null where there is none.
        pub before: Option<SurveyReportBefore>,
        /// Schools that take up anything at all; null for fewer than five, or none.
        pub schools_taking_up: Option<u64>,
        /// What they take up, in the toolkit's order. That an approach is not among them says neither that nobody takes it up nor
        /// that somebody does.
        pub taken_up: Vec<SurveyTakenUp>,
        #[graphql(skip)]
        held: Arc<Released>,
        #[graphql(skip)]
        changed: Vec<Changed>,
    }
}

impl From<Annual> for SurveyReport {
    fn from(annual: Annual) -> Self {
        let schools_taking_up = taking_up(&annual);
        let Annual { released, before, changes, taking_part, standing_out, taken_up, .. } = annual;
        let header = released.header.clone();
        Self {
            campaign_id: header.campaign_id.into(),
            release: header.number,
            academic_year: header.academic_year,
            title: header.title.into(),
            published_on: Date(header.published_on),
            opens_on: Date(header.window[0]),
            instrument: header.instrument,
            min_base: header.min_base,
            carried: header.carried.into_iter().map(Into::into).collect(),
            taking_part: (&taking_part).into(),
            standing_out: standing_out.iter().map(Into::into).collect(),
            before: before.as_ref().map(Into::into),
            schools_taking_up,
            taken_up: taken_up.iter().map(Into::into).collect(),
            held: Arc::new(released),
            changed: changes,
        }
    }
}

/// Its tables, and what changed.
#[ComplexObject]
impl SurveyReport {
    /// The authority's table, and those of year groups, phases and clusters; of one kind alone, where it is named.
    #[graphql(complexity = "page_cost(first, child_complexity)")]
    async fn tables(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose answers.")] kind: Option<SurveyTableKind>,
        #[graphql(desc = "Items on the page, 1 to 100; 20 when not given.")] first: Option<i32>,
        #[graphql(desc = "`endCursor` of the page before.")] after: Option<String>,
    ) -> Option<Connection<SurveyTable>> {
        let kind = kind.map(releases::Kind::from);
        let tables = self.held.tables.iter().enumerate();
        let all: Vec<_> = tables.filter(|(_, table)| kind.is_none_or(|kind| table.kind == kind)).collect();
        let node = |(at, table)| SurveyTable::of(&self.held, at, table);
        answer(ctx, page(all, first, after.as_deref(), node))
    }

    /// Girls, boys and others, and the roles in bullying, of the authority and its phases.
    #[graphql(complexity = "page_cost(first, child_complexity)")]
    async fn breakdowns(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Items on the page, 1 to 100; 20 when not given.")] first: Option<i32>,
        #[graphql(desc = "`endCursor` of the page before.")] after: Option<String>,
    ) -> Option<Connection<SurveyBreakdown>> {
        let all: Vec<&Breakdown> = self.held.header.breakdowns.iter().collect();
        answer(ctx, page(all, first, after.as_deref(), SurveyBreakdown::from))
    }

    /// What changed since the campaign before, of the authority as a whole.
    #[graphql(complexity = "page_cost(first, child_complexity)")]
    async fn changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Items on the page, 1 to 100; 20 when not given.")] first: Option<i32>,
        #[graphql(desc = "`endCursor` of the page before.")] after: Option<String>,
    ) -> Option<Connection<SurveyChange>> {
        let all: Vec<&Changed> = self.changed.iter().collect();
        answer(ctx, page(all, first, after.as_deref(), SurveyChange::from))
    }
}

/// The report's part of the query.
#[derive(Default)]
pub struct SurveyReportQuery;

/// Annual reports, for the authority and its analysts.
#[Object]
impl SurveyReportQuery {
    /// The authority's annual report of a campaign, from the newest release.
    #[graphql(complexity = "50 + child_complexity")]
    async fn survey_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The campaign's id.")] campaign_id: ID,
    ) -> Option<SurveyReport> {
        let annual = read(ctx, move |work, _| {
            let campaign = known_id(&campaign_id)?;
            Ok(SurveyReport::from(reports::annual(work, campaign)?))
        });
        answer(ctx, annual.await)
    }
}
