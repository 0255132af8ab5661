//! The tables of releases, and the answers they are made of.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::access::{Grant, Scope};
use crate::db::Work;
use crate::db::fragments::for_update;
use crate::db::schema::{campaigns, responses, survey_release_tables as t, survey_releases as r};
use crate::db::types::Uid;
use crate::kernel::{CampaignId, Error, PersonId, Result, SchoolId};
use crate::surveys::campaigns::Campaign;

use super::model::{Header, Kind, Line, Reason, Released, State, Table};
use super::snapshot::Snapshot;

#[derive(Queryable)]
struct Row {
    campaign_id: CampaignId,
    number: i64,
    state: State,
    reason: Reason,
    asked_on: NaiveDate,
    published_on: Option<NaiveDate>,
    refusal: Option<String>,
    digest: Option<String>,
}

impl Row {
    fn line(self) -> Line {
        let Self { campaign_id, number, state, reason, asked_on, published_on, refusal, digest } = self;
        Line { campaign: campaign_id, number, state, reason, asked_on, published_on, refusal, digest }
    }
}

macro_rules! lines {
    () => {
        r::table.select((
            r::campaign_id,
            r::number,
            r::state,
            r::reason,
            r::asked_on,
            r::published_on,
            r::refusal,
            r::digest,
        ))
    };
}

/// Others who ask for a release of the campaign wait until this transaction ends.
pub(super) fn lock(work: &mut Work<'_>, campaign: &Grant<CampaignId>) -> Result<()> {
    let query = campaigns::table.find(campaign.id()).select(campaigns::id);
    let _: CampaignId = for_update(query).get_result(work.conn())?;
    Ok(())
}

pub(super) fn insert(work: &mut Work<'_>, line: &Line, by: Option<PersonId>) -> Result<()> {
    diesel::insert_into(r::table)
        .values((
            r::campaign_id.eq(line.campaign),
            r::number.eq(line.number),
            r::state.eq(line.state),
            r::reason.eq(line.reason),
            r::asked_on.eq(line.asked_on),
            r::asked_by.eq(by),
        ))
        .execute(work.conn())?;
    Ok(())
}

/// A campaign's releases, newest first.
pub(super) fn lines(work: &mut Work<'_>, campaign: CampaignId) -> Result<Vec<Line>> {
    let rows: Vec<Row> = lines!().filter(r::campaign_id.eq(campaign)).order(r::number.desc()).load(work.conn())?;
    Ok(rows.into_iter().map(Row::line).collect())
}

/// The published releases of several campaigns, newest first.
pub(super) fn published(work: &mut Work<'_>, _readable: &Grant<Scope>, campaigns: &[CampaignId]) -> Result<Vec<Line>> {
    let rows: Vec<Row> = lines!()
        .filter(r::campaign_id.eq_any(campaigns))
        .filter(r::state.eq(State::Published))
        .order(r::number.desc())
        .load(work.conn())?;
    Ok(rows.into_iter().map(Row::line).collect())
}

/// The releases that wait to be decided.
pub(super) fn deciding(work: &mut Work<'_>) -> Result<Vec<Line>> {
    let rows: Vec<Row> = lines!().filter(r::state.eq(State::Deciding)).order(r::number.asc()).load(work.conn())?;
    Ok(rows.into_iter().map(Row::line).collect())
}

/// Settles a release that waits; false when somebody else has.
pub(super) fn settle(
    work: &mut Work<'_>,
    line: &Line,
    outcome: std::result::Result<(&Released, &Snapshot), String>,
) -> Result<bool> {
    let waiting = r::table.find((line.campaign, line.number)).filter(r::state.eq(State::Deciding));
    let changed = match outcome {
        Ok((released, snapshot)) => diesel::update(waiting)
            .set((
                r::state.eq(State::Published),
                r::published_on.eq(released.header.published_on),
                r::header.eq(text(&released.header)?),
                r::digest.eq(released.digest.as_str()),
                r::snapshot.eq(snapshot.to_bytes()),
            ))
            .execute(work.conn())?,
        Err(refusal) => {
            diesel::update(waiting).set((r::state.eq(State::Refused), r::refusal.eq(refusal))).execute(work.conn())?
        }
    };
    Ok(changed > 0)
}

fn text(of: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(of).map_err(Error::internal)
}

#[derive(Insertable)]
#[diesel(table_name = t, treat_none_as_default_value = false)]
struct TableRow {
    campaign_id: CampaignId,
    number: i64,
    place: i64,
    kind: Kind,
    school_id: Option<SchoolId>,
    body: String,
}

pub(super) fn insert_tables(
    work: &mut Work<'_>,
    line: &Line,
    tables: &[Table],
    owners: &[Option<SchoolId>],
) -> Result<()> {
    let row = |(place, (table, owner)): (i64, (&Table, &Option<SchoolId>))| {
        let (campaign_id, number, kind) = (line.campaign, line.number, table.kind);
        Ok(TableRow { campaign_id, number, place, kind, school_id: *owner, body: text(table)? })
    };
    let rows = (0..).zip(tables.iter().zip(owners)).map(row).collect::<Result<Vec<_>>>()?;
    for chunk in rows.chunks(500) {
        crate::both!(work.conn(), |c| diesel::insert_into(t::table).values(chunk).execute(c))?;
    }
    Ok(())
}

/// Which tables of a release are read.
#[derive(Clone, Copy)]
pub(super) enum Of<'a> {
    /// All of them.
    All,
    /// Those of no school.
    NoSchool,
    /// A school's own, and those of no school.
    School(&'a Grant<SchoolId>),
}

/// A published release with some of its tables.
pub(super) fn released(work: &mut Work<'_>, campaign: CampaignId, number: i64, of: Of<'_>) -> Result<Released> {
    let (header, digest): (Option<String>, Option<String>) = r::table
        .find((campaign, number))
        .filter(r::state.eq(State::Published))
        .select((r::header, r::digest))
        .first(work.conn())?;
    let header = header.ok_or_else(|| Error::internal("a published release has no header"))?;
    let header: Header = serde_json::from_str(&header).map_err(Error::internal)?;
    let mut query = t::table
        .filter(t::campaign_id.eq(campaign))
        .filter(t::number.eq(number))
        .order(t::place.asc())
        .select(t::body)
        .into_boxed();
    match of {
        Of::All => {}
        Of::NoSchool => query = query.filter(t::school_id.is_null()),
        Of::School(school) => query = query.filter(t::school_id.is_null().or(t::school_id.eq(school.id()))),
    }
    let bodies: Vec<String> = query.load(work.conn())?;
    let tables = bodies.iter().map(|body| serde_json::from_str(body).map_err(Error::internal));
    Ok(Released { header, tables: tables.collect::<Result<_>>()?, digest: digest.unwrap_or_default() })
}

/// What a published release was made of.
pub(super) fn snapshot(work: &mut Work<'_>, campaign: CampaignId, number: i64) -> Result<Snapshot> {
    let bytes: Option<Vec<u8>> = r::table.find((campaign, number)).select(r::snapshot).first(work.conn())?;
    let read = bytes.as_deref().and_then(Snapshot::from_bytes);
    read.ok_or_else(|| Error::internal("a release's snapshot is none"))
}

/// What the published releases of other campaigns with the same questionnaire were made of.
pub(super) fn snapshots_of_others(work: &mut Work<'_>, campaign: &Campaign) -> Result<Vec<Snapshot>> {
    let others = campaigns::table
        .filter(campaigns::instrument_id.eq(campaign.instrument))
        .filter(campaigns::id.ne(campaign.id))
        .select(campaigns::id);
    let all: Vec<Option<Vec<u8>>> = r::table
        .filter(r::campaign_id.eq_any(others))
        .filter(r::state.eq(State::Published))
        .select(r::snapshot)
        .load(work.conn())?;
    let read = |bytes: &Option<Vec<u8>>| bytes.as_deref().and_then(Snapshot::from_bytes);
    all.iter().map(|bytes| read(bytes).ok_or_else(|| Error::internal("a release's snapshot is none"))).collect()
}

/// School, year group and packed answers of every response, those that have just come among them.
pub(super) fn answers(work: &mut Work<'_>, campaign: CampaignId) -> Result<Vec<(SchoolId, i16, Vec<u8>)>> {
    use crate::db::schema::arrivals;
    let waiting = arrivals::table.filter(arrivals::campaign_id.eq(campaign)).select((
        arrivals::school_id,
        arrivals::year_group,
        arrivals::answers,
    ));
    // In one statement: between two, some could go from one table to the other.
    let all = responses::table
        .filter(responses::campaign_id.eq(campaign))
        .select((responses::school_id, responses::year_group, responses::answers))
        .union_all(waiting);
    Ok(crate::both!(work.conn(), |c| all.load(c))?)
}

/// Whoever asked for a release.
pub(super) fn asked_by(work: &mut Work<'_>, line: &Line) -> Result<Option<PersonId>> {
    let by: Option<Uid> = r::table.find((line.campaign, line.number)).select(r::asked_by).first(work.conn())?;
    Ok(by.map(|id| PersonId::from_uuid(id.uuid())))
}
