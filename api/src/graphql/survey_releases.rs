//! A release of a survey's results: its tables, and every school beside the authority. Read in one go; what is asked of it is
//! answered from there.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, ID, Object};
use dolen_domain::instruments::{self, Definition};
use dolen_domain::kernel::{Code, Error, Result};
use dolen_domain::surveys::campaigns;
use dolen_domain::surveys::releases::{self, Breakdown, Carried, Line, Released, Table};
use dolen_domain::surveys::reports;

use crate::rest::surveys::{BreakdownView, ChangeView, HeatCellView, HeatRowView, heat_row, table_of};

use super::enums::words;
use super::paging::{self, Connection, Edge, page_cost};
use super::plain::{BilingualText, Date, known_id, plain};
use super::surveys::SurveyFigure;
use super::visit::{answer, read};

words! {
    /// How far a release is.
    SurveyReleaseState = dolen_domain::surveys::releases::State {
        /// A worker decides it.
        Deciding,
        /// It would tell too much, or too few answers changed since the one before.
        Refused,
        /// It is out, and never changes.
        Published,
    }

    /// Why there is a release.
    SurveyReleaseReason = dolen_domain::surveys::releases::Reason {
        /// The campaign's first.
        First,
        /// A school sent answers later.
        LateAnswers,
        /// A school's answers were mended.
        MendedAnswers,
        /// Rolls were mended.
        MendedRolls,
        /// Something else, which the authority tells its schools.
        Other,
    }

    /// Whose answers a table counts.
    SurveyTableKind = dolen_domain::surveys::releases::Kind {
        /// Everybody's.
        Authority,
        /// A year group's, of all schools.
        Year,
        /// A phase's.
        Phase,
        /// A cluster's.
        Cluster,
        /// A school's.
        School,
        /// A year group's of a school.
        SchoolYear,
    }

    /// How a share stands to the authority's.
    SurveyMark = dolen_domain::surveys::packs::Mark {
        /// Its whole range lies above what chance makes for so many answers.
        Above,
        /// Its whole range lies below.
        Below,
    }
}

plain! {
    /// A release, without its tables. Another release has another number; a published one never changes.
    pub struct SurveyReleaseLine {
        /// Its number, from 1.
        pub number: i64,
        /// How far it is.
        pub state: SurveyReleaseState,
        /// Why it is.
        pub reason: SurveyReleaseReason,
        /// The day it was published.
        pub published_on: Option<Date>,
        /// SHA-256 of all that was published, in hexadecimal.
        pub digest: Option<String>,
    }
}

impl From<Line> for SurveyReleaseLine {
    fn from(line: Line) -> Self {
        Self {
            number: line.number,
            state: line.state.into(),
            reason: line.reason.into(),
            published_on: line.published_on.map(Date),
            digest: line.digest,
        }
    }
}

plain! {
    /// A figure that is not what it was in the release before, was not there, or is there no more.
    pub struct SurveyReleaseChange {
        /// The table's code.
        pub table: String,
        /// The question's code.
        pub question: String,
    }
}

plain! {
    /// A question of which a release has the figures of an earlier one.
    pub struct SurveyCarriedQuestion {
        /// The question's code.
        pub question: String,
        /// The number of the release that decided its figures.
        pub release: i64,
    }
}

impl From<Carried> for SurveyCarriedQuestion {
    fn from(carried: Carried) -> Self {
        let Carried { question, release } = carried;
        Self { question, release }
    }
}

plain! {
    /// One group's figures.
    #[graphql(complex)]
    pub struct SurveyTable {
        /// Whose answers.
        pub kind: SurveyTableKind,
        /// Names it in its release.
        pub code: String,
        /// Its name.
        pub name: BilingualText,
        /// The school, of a school's tables.
        pub school_number: Option<String>,
        /// The year group, of a year group's tables.
        pub year_group: Option<u8>,
        /// How many took part, of a school's tables.
        pub responses: Option<u32>,
        /// Pupils on roll who were asked, where it is known.
        pub roll: Option<i64>,
        /// The share of those on roll who took part, in per cent.
        pub response_rate: Option<i64>,
        #[graphql(skip)]
        at: usize,
        #[graphql(skip)]
        of: Arc<Released>,
    }
}

impl SurveyTable {
    /// The table that stands there in a release.
    pub(super) fn of(of: &Arc<Released>, at: usize, table: &Table) -> Self {
        Self {
            kind: table.kind.into(),
            code: table.code.clone(),
            name: table.name.clone().into(),
            school_number: table.school_number.clone(),
            year_group: table.year_group,
            responses: table.responses,
            roll: table.roll,
            response_rate: table.rate(),
            at,
            of: Arc::clone(of),
        }
    }
}

/// The figures of a table.
#[ComplexObject]
impl SurveyTable {
    /// One a question, in the questionnaire's order; of these questions alone, where some are named.
    #[graphql(complexity = "child_complexity + 1")]
    async fn figures(
        &self,
        #[graphql(desc = "Question codes; every question when not given.")] questions: Option<Vec<String>>,
    ) -> Vec<SurveyFigure> {
        let all = self.of.tables.get(self.at).map(|table| table_of(&self.of, table).figures).unwrap_or_default();
        let asked = |code: &String| questions.as_ref().is_none_or(|some| some.contains(code));
        all.into_iter().filter(|f| asked(&f.question)).map(Into::into).collect()
    }
}

plain! {
    /// What one group of pupils answered, in the authority or in a phase, told broadly: every share is true of whichever authority
    /// differs from this one in up to 24 pupils.
    pub struct SurveyBreakdown {
        /// Where: the authority or a phase.
        pub kind: SurveyTableKind,
        /// Names it in its release.
        pub code: String,
        /// The area's name.
        pub name: BilingualText,
        /// The question that the group is made by; null for all pupils of the area.
        pub by_question: Option<String>,
        /// The answer to it that the group gave.
        pub by_option: Option<String>,
        /// One a question; that of `roles` is made of two. A base says that so many or more answered; shares of one question need
        /// not add up.
        pub figures: Vec<SurveyFigure>,
    }
}

impl From<&Breakdown> for SurveyBreakdown {
    fn from(breakdown: &Breakdown) -> Self {
        let view = BreakdownView::from(breakdown);
        Self {
            kind: breakdown.kind.into(),
            code: view.code,
            name: view.name.into(),
            by_question: view.by_question,
            by_option: view.by_option,
            figures: view.figures.into_iter().map(Into::into).collect(),
        }
    }
}

plain! {
    /// A cell: a share with its range, or the symbol in its place.
    pub struct SurveyHeatCell {
        /// The question's code.
        pub question: String,
        /// The code of the option that is counted.
        pub option: String,
        /// Why there is no figure: `c`, `z` or `x`.
        pub symbol: Option<String>,
        /// The reason as a word: `small_n`, `differencing`, `unavailable` or `not_asked`.
        pub reason: Option<String>,
        /// How many answered, rounded down to a multiple of 5.
        pub base: Option<u64>,
        /// At least this percentage of those who answered.
        pub at_least: Option<u16>,
        /// Less than this percentage; at most, when it is 100.
        pub below: Option<u16>,
        /// `u`, `low` or `high`, where one of them stands beside the share.
        pub quality: Option<String>,
        /// Whether the whole range lies beyond what chance makes of so many answers (95 times of 100), beside the authority's.
        pub mark: Option<SurveyMark>,
    }
}

impl From<HeatCellView> for SurveyHeatCell {
    fn from(cell: HeatCellView) -> Self {
        Self {
            question: cell.question,
            option: cell.option,
            symbol: cell.symbol.map(str::to_owned),
            reason: cell.reason.map(str::to_owned),
            base: cell.base,
            at_least: cell.at_least,
            below: cell.below,
            quality: cell.quality.map(str::to_owned),
            mark: cell.mark.map(|word| if word == "above" { SurveyMark::Above } else { SurveyMark::Below }),
        }
    }
}

plain! {
    /// A row of the table of schools: the authority, or a school.
    pub struct SurveyHeatRow {
        /// Its name.
        pub name: BilingualText,
        /// The school's number; null for the authority.
        pub school_number: Option<String>,
        /// How many of the school's pupils took part.
        pub responses: Option<u32>,
        /// Its pupils on roll who were asked, where it is known.
        pub roll: Option<i64>,
        /// The share of those on roll who took part, in per cent.
        pub response_rate: Option<i64>,
        /// One for each column.
        pub cells: Vec<SurveyHeatCell>,
    }
}

impl From<HeatRowView> for SurveyHeatRow {
    fn from(row: HeatRowView) -> Self {
        Self {
            name: row.name.into(),
            school_number: row.school_number,
            responses: row.responses,
            roll: row.roll,
            response_rate: row.response_rate,
            cells: row.cells.into_iter().map(Into::into).collect(),
        }
    }
}

plain! {
    /// A whole release, frozen.
    #[graphql(complex)]
    pub struct SurveyRelease {
        /// The campaign.
        pub campaign_id: ID,
        /// Its number.
        pub number: i64,
        /// Why it is.
        pub reason: SurveyReleaseReason,
        /// Academic year.
        pub academic_year: String,
        /// The campaign's title.
        pub title: BilingualText,
        /// The day it was published.
        pub published_on: Date,
        /// The questionnaire's code and version.
        pub instrument: String,
        /// Figures rest on so many answers at least.
        pub min_base: u64,
        /// SHA-256 of all that was published, in hexadecimal.
        pub digest: String,
        /// Questions of which the figures are an earlier release's: since then fewer than ten pupils of a year group answer them
        /// otherwise, or both releases together would tell of few.
        pub carried: Vec<SurveyCarriedQuestion>,
        #[graphql(skip)]
        held: Arc<Released>,
        #[graphql(skip)]
        definition: Arc<Definition>,
    }
}

impl From<(Released, Definition)> for SurveyRelease {
    fn from((released, definition): (Released, Definition)) -> Self {
        let header = released.header.clone();
        Self {
            campaign_id: header.campaign_id.into(),
            number: header.number,
            reason: header.reason.into(),
            academic_year: header.academic_year,
            title: header.title.into(),
            published_on: Date(header.published_on),
            instrument: header.instrument,
            min_base: header.min_base,
            digest: released.digest.clone(),
            carried: header.carried.into_iter().map(Into::into).collect(),
            held: Arc::new(released),
            definition: Arc::new(definition),
        }
    }
}

/// A page of things that are all at hand; the cursor is the place of the last one seen.
pub(super) fn page<T, N: async_graphql::OutputType>(
    all: Vec<T>,
    first: Option<i32>,
    after: Option<&str>,
    node: impl Fn(T) -> N,
) -> Result<Connection<N>> {
    let size = usize::try_from(paging::size(first)?).unwrap_or(1);
    let begin = match after {
        Some(text) => text.parse::<usize>().map_err(|_| Code::InvalidCursor)?.saturating_add(1),
        None => 0,
    };
    let more = all.len() > begin.saturating_add(size);
    let edges = all.into_iter().enumerate().skip(begin).take(size);
    let edges = edges.map(|(at, item)| Edge { cursor: at.to_string(), node: node(item) });
    Ok(Connection::new(edges.collect(), begin > 0, more))
}

/// Its tables, and the table of schools.
#[ComplexObject]
impl SurveyRelease {
    /// What changed since the release before.
    #[graphql(complexity = "page_cost(first, child_complexity)")]
    async fn changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Items on the page, 1 to 100; 20 when not given.")] first: Option<i32>,
        #[graphql(desc = "`endCursor` of the page before.")] after: Option<String>,
    ) -> Option<Connection<SurveyReleaseChange>> {
        let all = self
            .held
            .header
            .changed
            .iter()
            .map(|c| ChangeView { table: c.table.clone(), question: c.question.clone() });
        let node = |c: ChangeView| SurveyReleaseChange { table: c.table, question: c.question };
        answer(ctx, page(all.collect(), first, after.as_deref(), node))
    }

    /// The tables, in their order; of one kind or one school alone, where it is named.
    #[graphql(complexity = "page_cost(first, child_complexity)")]
    async fn tables(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose answers.")] kind: Option<SurveyTableKind>,
        #[graphql(desc = "Seven digits.")] school_number: Option<String>,
        #[graphql(desc = "Items on the page, 1 to 100; 20 when not given.")] first: Option<i32>,
        #[graphql(desc = "`endCursor` of the page before.")] after: Option<String>,
    ) -> Option<Connection<SurveyTable>> {
        let kind = kind.map(releases::Kind::from);
        let wanted = |table: &Table| {
            kind.is_none_or(|kind| table.kind == kind)
                && (school_number.is_none() || table.school_number == school_number)
        };
        let all: Vec<_> = self.held.tables.iter().enumerate().filter(|(_, table)| wanted(table)).collect();
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

    /// Every school beside the authority, which comes first: by the questions that stand for the rest, or by every option of one.
    /// Schools are not ranked.
    #[graphql(complexity = "page_cost(first, child_complexity)")]
    async fn schools(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A question's code.")] question: Option<String>,
        #[graphql(desc = "Items on the page, 1 to 100; 20 when not given.")] first: Option<i32>,
        #[graphql(desc = "`endCursor` of the page before.")] after: Option<String>,
    ) -> Option<Connection<SurveyHeatRow>> {
        let unknown =
            || Error::new(Code::InvalidParameter).with_detail("question is the code of a question that was asked");
        let rows = reports::columns(&self.held, &self.definition, question.as_deref()).ok_or_else(unknown).and_then(
            |columns| {
                let all = reports::compared_tables(&self.held).collect();
                page(all, first, after.as_deref(), |table| heat_row(&self.held, table, &columns).into())
            },
        );
        answer(ctx, rows)
    }
}

/// The releases' part of the query.
#[derive(Default)]
pub struct ReleaseQuery;

/// Whole releases, for the authority and its analysts.
#[Object]
impl ReleaseQuery {
    /// A published release of a campaign: the newest, or the one of a number.
    #[graphql(complexity = "50 + child_complexity")]
    async fn survey_release(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The campaign's id.")] campaign_id: ID,
        #[graphql(desc = "The release's number; the newest when not given.")] number: Option<i64>,
    ) -> Option<SurveyRelease> {
        let released = read(ctx, move |work, _| {
            let campaign = known_id(&campaign_id)?;
            let released = match number {
                Some(number) => releases::document(work, campaign, number)?,
                None => releases::latest(work, campaign)?.ok_or(Code::NotFound)?,
            };
            let instrument = campaigns::by_id(work, campaign)?.instrument;
            let definition = instruments::by_id(work, instrument)?.definition;
            Ok(SurveyRelease::from((released, definition)))
        });
        answer(ctx, released.await)
    }
}
