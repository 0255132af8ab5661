//! The tables of what is kept until when, and of certificates.

use chrono::NaiveDate;
use diesel::dsl::{exists, not};
use diesel::prelude::*;

use crate::access::Grant;
use crate::cases::CaseKind;
use crate::db::Work;
use crate::db::schema::{
    case_documents as d, case_retention as cr, cases as c, legal_holds as h, provisions as pr,
    retention_certificates as rc, services as s, subject_access_requests as sa,
};
use crate::db::types::Utc;
use crate::kernel::{CaseId, PersonId, PupilId, Result, SchoolId};
use crate::records::retention::model::{Certificate, End, RecordClass, Review, Rule};
use crate::records::retention::rules::idle_since;

/// A case whose day is not known, or was reckoned before it changed.
#[derive(Queryable)]
pub(in crate::records::retention) struct Unreckoned {
    pub case: CaseId,
    pub kind: CaseKind,
    pub school: SchoolId,
    pub pupil: PupilId,
    pub service: Option<String>,
    pub closed_at: Option<Utc>,
    /// Whether it has special provision, running or ended.
    pub has_provision: bool,
}

/// Cases to reckon, the oldest first.
pub(in crate::records::retention) fn unreckoned(
    work: &mut Work<'_>,
    _pass: &Grant<()>,
    limit: i64,
) -> Result<Vec<Unreckoned>> {
    // Provision that begins changes until when its case is kept, and not the case.
    let since = || pr::table.filter(pr::record_id.eq(c::id)).filter(pr::started_at.gt(cr::reckoned_at));
    let fresh = || {
        let reckoned = cr::table.filter(cr::case_id.eq(c::id)).filter(cr::reckoned_at.ge(c::updated_at));
        reckoned.filter(not(exists(since())))
    };
    let has_provision = exists(pr::table.filter(pr::record_id.eq(c::id)));
    let documents = RecordClass::Documents;
    let query = c::table
        .left_join(s::table.on(c::service_id.eq(s::id.nullable())))
        .filter(c::disposed_at.is_null())
        .filter(
            not(exists(fresh().filter(cr::record_class.eq(documents))))
                .or(not(exists(fresh().filter(cr::record_class.ne(documents))))),
        )
        .order(c::id.asc())
        .limit(limit)
        .select((c::id, c::kind, c::school_id, c::pupil_id, s::code.nullable(), c::closed_at, has_provision));
    Ok(query.load(work.conn())?)
}

/// Whether a case waits to be reckoned.
pub(in crate::records::retention) fn is_any_unreckoned(work: &mut Work<'_>, pass: &Grant<()>) -> Result<bool> {
    Ok(!unreckoned(work, pass, 1)?.is_empty())
}

/// Notes until when a part of a case is kept. What was reviewed keeps the day of the review.
pub(in crate::records::retention) fn set_day(
    work: &mut Work<'_>,
    _pass: &Grant<()>,
    case: CaseId,
    class: RecordClass,
    day: Option<NaiveDate>,
) -> Result<()> {
    let now = work.now();
    let row = || cr::table.filter(cr::case_id.eq(case)).filter(cr::record_class.eq(class));
    let known = diesel::update(row()).set(cr::reckoned_at.eq(now)).execute(work.conn())?;
    if known == 1 {
        diesel::update(row().filter(cr::review.is_null())).set(cr::dispose_after.eq(day)).execute(work.conn())?;
        return Ok(());
    }
    let new = (cr::case_id.eq(case), cr::record_class.eq(class), cr::dispose_after.eq(day), cr::reckoned_at.eq(now));
    diesel::insert_into(cr::table).values(new).execute(work.conn())?;
    Ok(())
}

/// Notes what a review decided. Says whether there was something to review.
#[expect(clippy::too_many_arguments, reason = "each is one thing the step needs, used once")]
pub(in crate::records::retention) fn set_review(
    work: &mut Work<'_>,
    _pass: &Grant<()>,
    case: CaseId,
    class: RecordClass,
    review: Review,
    day: Option<NaiveDate>,
    by: PersonId,
) -> Result<bool> {
    let now = work.now();
    let row =
        || cr::table.filter(cr::case_id.eq(case)).filter(cr::record_class.eq(class)).filter(cr::disposed_at.is_null());
    let nobody = (cr::confirmed_by.eq(None::<PersonId>), cr::confirmed_at.eq(None::<Utc>));
    let noted = ((cr::review.eq(review), cr::reviewed_by.eq(by), cr::reviewed_at.eq(now)), nobody);
    let changed = match day {
        Some(day) => diesel::update(row()).set((noted, cr::dispose_after.eq(day))).execute(work.conn())?,
        None => diesel::update(row()).set(noted).execute(work.conn())?,
    };
    Ok(changed == 1)
}

/// Notes that a second person agrees that it may go. Says whether there was something to agree with.
pub(in crate::records::retention) fn confirm_review(
    work: &mut Work<'_>,
    _pass: &Grant<()>,
    case: CaseId,
    class: RecordClass,
    by: PersonId,
) -> Result<bool> {
    let now = work.now();
    let row = cr::table.filter(cr::case_id.eq(case)).filter(cr::record_class.eq(class));
    let waits = row
        .filter(cr::disposed_at.is_null())
        .filter(cr::review.eq(Review::Destroy))
        .filter(cr::reviewed_by.ne(by))
        .filter(cr::confirmed_by.is_null());
    let changed =
        diesel::update(waits).set((cr::confirmed_by.eq(by), cr::confirmed_at.eq(now))).execute(work.conn())?;
    Ok(changed == 1)
}

/// Who said at a review that something may go.
pub(in crate::records::retention) fn reviewer(
    work: &mut Work<'_>,
    _pass: &Grant<()>,
    case: CaseId,
    class: RecordClass,
) -> Result<Option<PersonId>> {
    let row = cr::table.filter(cr::case_id.eq(case)).filter(cr::record_class.eq(class));
    Ok(row.select(cr::reviewed_by).first::<Option<PersonId>>(work.conn()).optional()?.flatten())
}

/// Something whose day is over, as stored.
#[derive(Queryable)]
pub(in crate::records::retention) struct Over {
    pub case: CaseId,
    pub class: RecordClass,
    pub dispose_after: NaiveDate,
    pub review: Option<Review>,
    pub confirmed_by: Option<PersonId>,
    pub reference: String,
    pub school: SchoolId,
    pub pupil: PupilId,
    pub closed_at: Option<Utc>,
    pub updated_at: Utc,
}

/// What is over on a day: first what is due, the longest first, then what waits. Documents are listed where there are any.
pub(in crate::records::retention) fn over(
    work: &mut Work<'_>,
    _pass: &Grant<()>,
    today: NaiveDate,
    rules: &[Rule],
    limit: i64,
) -> Result<Vec<Over>> {
    let has_documents = exists(d::table.filter(d::case_id.eq(cr::case_id)));
    // What is due, as `rules::standing` says it; that is asked again of every row.
    let hold =
        h::table.filter(h::pupil_id.eq(c::pupil_id)).filter(h::case_id.is_null().or(h::case_id.eq(c::id.nullable())));
    let held = exists(hold.filter(h::ended_at.is_null()).filter(h::until.is_null().or(h::until.ge(today))));
    let asked = exists(sa::table.filter(sa::pupil_id.eq(c::pupil_id)).filter(sa::finished_at.is_null()));
    let done = c::closed_at.is_not_null().or(c::updated_at.lt(idle_since(today)));
    let destroyed: Vec<RecordClass> = rules.iter().filter(|r| r.end == End::Destroy).map(|r| r.class).collect();
    let by_rule = cr::review.is_null().and(cr::record_class.eq_any(destroyed));
    let reviewed = cr::confirmed_by.is_not_null();
    let due = not(held).and(not(asked)).and(done).and(by_rule.or(reviewed));
    let query = cr::table
        .inner_join(c::table)
        .filter(cr::disposed_at.is_null())
        .filter(c::disposed_at.is_null())
        .filter(cr::dispose_after.lt(today))
        .filter(cr::record_class.ne(RecordClass::Documents).or(has_documents))
        .order((due.desc(), cr::dispose_after.asc(), cr::case_id.asc(), cr::record_class.asc()))
        .limit(limit)
        .select((
            cr::case_id,
            cr::record_class,
            cr::dispose_after.assume_not_null(),
            cr::review,
            cr::confirmed_by,
            c::reference,
            c::school_id,
            c::pupil_id,
            c::closed_at,
            c::updated_at,
        ));
    Ok(query.load(work.conn())?)
}

/// What must not go on a day: of whom, and of which case unless of all. By the holds in force, and by the requests for a
/// child's own data that nobody finished: each holds everything of its child.
pub(in crate::records::retention) fn holds(
    work: &mut Work<'_>,
    _pass: &Grant<()>,
    today: NaiveDate,
) -> Result<Vec<(PupilId, Option<CaseId>)>> {
    let in_force =
        h::table.filter(h::ended_at.is_null()).filter(h::until.is_null().or(h::until.ge(today))).order(h::id.asc());
    let mut all: Vec<(PupilId, Option<CaseId>)> = in_force.select((h::pupil_id, h::case_id)).load(work.conn())?;
    let asked = sa::table.filter(sa::finished_at.is_null()).order(sa::id.asc());
    let asked: Vec<PupilId> = asked.select(sa::pupil_id).load(work.conn())?;
    all.extend(asked.into_iter().map(|pupil| (pupil, None)));
    Ok(all)
}

/// The cases of these children that were not disposed of.
pub(in crate::records::retention) fn live_cases(
    work: &mut Work<'_>,
    _pass: &Grant<()>,
    pupils: &[PupilId],
) -> Result<Vec<(PupilId, CaseId)>> {
    let mut found = Vec::new();
    for some in pupils.chunks(500) {
        let live = c::table.filter(c::pupil_id.eq_any(some)).filter(c::disposed_at.is_null());
        found.extend(live.select((c::pupil_id, c::id)).load::<(PupilId, CaseId)>(work.conn())?);
    }
    Ok(found)
}

pub(in crate::records::retention) fn next_number(work: &mut Work<'_>, _pass: &Grant<()>) -> Result<i64> {
    let last: Option<i64> = rc::table.select(diesel::dsl::max(rc::number)).first(work.conn())?;
    Ok(last.unwrap_or(0) + 1)
}

/// Keeps a certificate.
pub(in crate::records) fn keep_certificate(work: &mut Work<'_>, _pass: &Grant<()>, new: &Certificate) -> Result<()> {
    let row =
        (rc::number.eq(new.number), rc::made_at.eq(new.made_at), rc::body.eq(&new.body), rc::digest.eq(&new.digest));
    diesel::insert_into(rc::table).values(row).execute(work.conn())?;
    Ok(())
}

/// Every certificate, the newest first.
pub(in crate::records) fn certificates(work: &mut Work<'_>, _pass: &Grant<()>) -> Result<Vec<Certificate>> {
    let rows: Vec<(i64, Utc, String, Vec<u8>)> = rc::table.order(rc::number.desc()).load(work.conn())?;
    let all = rows.into_iter().map(|(number, made_at, body, digest)| Certificate { number, made_at, body, digest });
    Ok(all.collect())
}
