//! What happened in the invented authority: last year's survey, this year's, referrals on their way, a WARRN record.

use chrono::{Datelike as _, NaiveDate};
use dolen_domain::access::Action;
use dolen_domain::kernel::{
    Caller, CampaignId, Code, FixedClock, Result, SchoolNumber, Utc, WarrnId, YearGroup, pair, uk_date,
};
use dolen_domain::pupils::NewPupil;
use dolen_domain::referrals::{self, NewConsent, OpenReferral};
use dolen_domain::surveys::campaigns::{self, NewCampaign, NilReason, SchoolsIn};
use dolen_domain::surveys::participation;
use dolen_domain::surveys::releases::{self, Reason};
use dolen_domain::surveys::responses::{self, Format, Limits, Mode, Reader};
use dolen_domain::warrn::returns::{self, Source, TakeStep};
use dolen_domain::warrn::{self, Section, SendWarrn};
use dolen_domain::{instruments, kernel};

use crate::app::App;

use super::answers::{self, Climate};
use super::people::Cast;

const DAY: i64 = 86_400;
/// How far back the story begins.
pub const YEAR_SECONDS: i64 = 350 * DAY;

/// Tells the story, moving the clock forward as it goes: entries of the audit record stand in their order.
///
/// # Errors
/// When a step is refused, which would be a fault of the demo.
pub fn tell(app: &App, clock: &FixedClock, now: Utc, cast: &Cast) -> Result<()> {
    let begin = now.plus_seconds(-YEAR_SECONDS);
    // It asked the first version; this year asks the second, which goes on with the same trends.
    let last_year = campaign(app, begin, (-10, 20), Some(1))?;
    rolls(app, last_year)?;
    for (school, years, answers, seed) in [
        ("6994001", 7..=11, (412, Climate::Rough), 11),
        ("6994002", 7..=11, (187, Climate::Fair), 12),
        ("6992001", 3..=6, (96, Climate::Fair), 13),
        ("6992002", 3..=6, (24, Climate::Fair), 14),
        ("6992003", 3..=6, (84, Climate::Fair), 15),
    ] {
        submit(app, last_year, school, years, answers, seed)?;
        sign_off(app, last_year, school, None)?;
    }
    sign_off(app, last_year, "6997001", Some(NilReason::NotTakingPart))?;
    // Its results were published when it was over.
    clock.advance_seconds(30 * DAY);
    publish(app, last_year)?;
    clock.advance_seconds(YEAR_SECONDS - 36 * DAY);
    let this_year = campaign(app, clock_now(app), (-4, 25), None)?;
    rolls(app, this_year)?;
    submit(app, this_year, "6992001", 3..=6, (58, Climate::Fair), 23)?;
    // Four days ago a referral came that is accepted by now.
    clock.advance_seconds(2 * DAY);
    let accepted = refer(app, cast, &CHILDREN[0])?;
    clock.advance_seconds(DAY);
    let officer = cast.caller("officer")?;
    app.db.write(&officer, move |work| referrals::accept(work, accepted.0, accepted.1))?;
    // Yesterday the service asked a question about another.
    let asked = refer(app, cast, &CHILDREN[1])?;
    clock.advance_seconds(2 * DAY);
    let bss = cast.caller("officer_bss")?;
    let inner = app.clone();
    app.db.write(&bss, move |work| {
        let question = "What has changed since the behaviour plan was reviewed?";
        referrals::request_information(work, &inner.vault, asked.0, asked.1, question)
    })?;
    // Today two new ones came, and a WARRN record.
    clock.advance_seconds(DAY - 3600);
    refer(app, cast, &CHILDREN[2])?;
    refer(app, cast, &CHILDREN[3])?;
    warrn(app, cast, now)
}

fn clock_now(app: &App) -> Utc {
    app.db.clock().now()
}

fn day(of: Utc, days: i64) -> NaiveDate {
    of.plus_seconds(days * DAY).date()
}

fn campaign(app: &App, at: Utc, (opens, closes): (i64, i64), instrument_version: Option<i64>) -> Result<CampaignId> {
    // From September to August, so that a window that began today is within it or at most a month beyond.
    let year = at.date().year() - i32::from(at.date().month() < 9);
    let text = format!("{year}/{:02}", (year + 1) % 100);
    let title = pair("Arolwg bwlio blynyddol", "Annual bullying survey").to_owned_pair();
    let new = NewCampaign {
        instrument: "bullying".to_owned(),
        instrument_version,
        academic_year: text,
        title,
        opens_on: day(at, opens),
        closes_on: day(at, closes),
        late_days: 0,
        years: Vec::new(),
        schools: SchoolsIn::AllOpen,
    };
    Ok(app.db.write(&Caller::system("demo"), move |work| campaigns::create(work, new))?.id)
}

/// Pupils on roll of each year group, of the schools that know them.
fn rolls(app: &App, campaign: CampaignId) -> Result<()> {
    for (school, years, each) in [
        ("6994001", 7..=11, 90),
        ("6994002", 7..=11, 46),
        ("6992001", 3..=6, 27),
        ("6992002", 3..=6, 7),
        ("6992003", 3..=6, 24),
    ] {
        let number = SchoolNumber::parse(school).map_err(|_| Code::Internal)?;
        let by_year = years.map(|year| Ok((YearGroup::new(year).map_err(|_| Code::Internal)?, each)));
        let by_year = by_year.collect::<Result<Vec<_>>>()?;
        app.db.write(&Caller::system("demo"), move |work| campaigns::set_rolls(work, (campaign, &number), by_year))?;
    }
    Ok(())
}

fn sign_off(app: &App, campaign: CampaignId, school: &str, nil: Option<NilReason>) -> Result<()> {
    let number = SchoolNumber::parse(school).map_err(|_| Code::Internal)?;
    let system = Caller::system("demo");
    app.db.write(&system, move |work| participation::sign_off(work, (campaign, &number), nil))?;
    Ok(())
}

fn publish(app: &App, campaign: CampaignId) -> Result<()> {
    let system = Caller::system("demo");
    let line = app.db.write(&system, move |work| releases::ask(work, campaign, Reason::First))?;
    let inner = app.clone();
    let gathered = app.db.read(&system, move |work| releases::gather(work, &inner.vault, &line))?;
    let judged = releases::decide(gathered, app.threshold());
    app.db.write(&system, move |work| releases::keep(work, &judged))?;
    Ok(())
}

fn submit(
    app: &App,
    campaign: CampaignId,
    school: &str,
    years: std::ops::RangeInclusive<u8>,
    answers: (usize, Climate),
    seed: u64,
) -> Result<()> {
    let number = SchoolNumber::parse(school).map_err(|_| Code::Internal)?;
    let inner = app.clone();
    app.db.write(&Caller::system("demo"), move |work| {
        let definition = instruments::by_code(work, "bullying")?.definition;
        let layout = responses::begin(work, campaign, &number)?;
        let mut reader = Reader::new(Format::Ndjson, layout, Limits::default());
        reader.feed(answers::ndjson(&definition, years, answers, seed).as_bytes())?;
        responses::submit(work, &inner.vault, (campaign, &number), reader.finish()?, Mode::All, false)
    })?;
    Ok(())
}

/// An invented child and what is asked for.
struct Child {
    by: &'static str,
    school: &'static str,
    given_name: &'static str,
    upn: &'static str,
    year: u8,
    service: &'static str,
    area: &'static str,
    urgency: &'static str,
    need: &'static str,
    evidence: &'static str,
}

const CHILDREN: [Child; 4] = [
    Child {
        by: "submitter",
        school: "6994001",
        given_name: "Enghraifft Un",
        upn: "L676400024001",
        year: 9,
        service: "sbc",
        area: "wellbeing",
        urgency: "routine",
        need: "Low mood since the start of term; would like someone to talk to. (Invented.)",
        evidence: "Weekly check-ins with a key adult for half a term.",
    },
    Child {
        by: "submitter_primary",
        school: "6992001",
        given_name: "Enghraifft Dau",
        upn: "R674123101121",
        year: 5,
        service: "bss",
        area: "behaviour",
        urgency: "soon",
        need: "Finds break times hard; support with friendships and calm returns to class. (Invented.)",
        evidence: "A behaviour plan reviewed twice; circle time; a buddy at lunch.",
    },
    Child {
        by: "submitter",
        school: "6994001",
        given_name: "Enghraifft Tri",
        upn: "H243278544154",
        year: 10,
        service: "eps",
        area: "eotas",
        urgency: "routine",
        need: "Advice wanted on a return from a reduced timetable. (Invented.)",
        evidence: "Two meetings with the family; adjusted timetable for six weeks.",
    },
    Child {
        by: "submitter_cy",
        school: "6994002",
        given_name: "Enghraifft Pedwar",
        upn: "X845212818005",
        year: 8,
        service: "sbc",
        area: "wellbeing",
        urgency: "soon",
        need: "Pryderu am yr ysgol; hoffai siarad â chwnselydd yn Gymraeg. (Dychmygol.)",
        evidence: "Sgyrsiau wythnosol gyda'r pennaeth blwyddyn.",
    },
];

fn refer(app: &App, cast: &Cast, child: &'static Child) -> Result<(kernel::ReferralId, i64)> {
    let (caller, inner) = (cast.caller(child.by)?, app.clone());
    let opened = app.db.write(&caller, move |work| {
        let today = work.now().date();
        let born_on = born(today, child.year);
        let raw = OpenReferral {
            school_number: child.school.to_owned(),
            service: child.service.to_owned(),
            pupil: NewPupil {
                given_name: child.given_name.to_owned(),
                family_name: "Ddychmygol".to_owned(),
                born_on,
                upn: Some(child.upn.to_owned()),
            },
            year_group: i64::from(child.year),
            key_area: Some(child.area.to_owned()),
            urgency: Some(child.urgency.to_owned()),
            need: child.need.to_owned(),
            evidence: Some(child.evidence.to_owned()),
            consent: Some(NewConsent { given_by: "parent".to_owned(), given_on: today }),
            notes: None,
        };
        referrals::open(work, &inner.vault, raw)
    })?;
    Ok((opened.id, opened.version))
}

/// A date of birth that fits a year group: year = age on 1 September − 4 (`facts/domain.md` §9).
fn born(today: NaiveDate, year: u8) -> NaiveDate {
    today.checked_sub_months(chrono::Months::new((u32::from(year) + 5) * 12)).unwrap_or(today)
}

/// Two records: one that came in just now, and one whose return is on its way.
fn warrn(app: &App, cast: &Cast, now: Utc) -> Result<()> {
    send(app, cast, now, ("Enghraifft Pump", Source::SchoolNurse, 5))?;
    let id = send(app, cast, now, ("Enghraifft Chwech", Source::CamhsInReach, 3))?;
    acknowledge(app, cast.caller("dsp")?, id)?;
    acknowledge(app, cast.caller("officer_eps")?, id)?;
    let (caller, inner) = (cast.caller("dsp")?, app.clone());
    app.db.write(&caller, move |work| {
        let version = warrn::version(work, Action::StepWarrn, id)?;
        let step = TakeStep::RiskAssessment {
            held_on: uk_date(work.now()),
            with_eps: true,
            findings: "Invented: the corridors at break; a quiet start to the day protects.".to_owned(),
        };
        returns::take_step(work, &inner.vault, &inner.settings.warrn, id, version, step)
    })?;
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "a caller is made for one call")]
fn acknowledge(app: &App, caller: Caller, id: WarrnId) -> Result<()> {
    app.db.write(&caller, move |work| {
        let version = warrn::version(work, Action::AcknowledgeWarrn, id)?;
        warrn::acknowledge(work, id, version).map(|_| ())
    })
}

fn send(app: &App, cast: &Cast, now: Utc, (given_name, source, back_in): (&str, Source, i64)) -> Result<WarrnId> {
    let (caller, inner) = (cast.caller("in_reach_worker")?, app.clone());
    let (school, given_name) = (SchoolNumber::parse("6994001").map_err(|_| Code::Internal)?, given_name.to_owned());
    app.db.write(&caller, move |work| {
        let text = [
            ("current_situation", "An invented summary: seen today, calm, wants to come back to school."),
            ("triggers", "Crowded corridors; being asked about it by other pupils."),
            ("protective_factors", "A trusted form tutor; art; a close friend in the same year."),
            ("safety_plan", "A card to leave lessons; the quiet room; whom to ring."),
        ];
        let sections = text.into_iter().map(|(h, t)| Section { heading: h.to_owned(), text: t.to_owned() }).collect();
        let record = SendWarrn {
            school,
            pupil: NewPupil {
                given_name,
                family_name: "Ddychmygol".to_owned(),
                born_on: born(now.date(), 10),
                upn: None,
            },
            agreement: "WASPI-EXAMPLE-01".to_owned(),
            source: Some(source),
            received_on: None,
            expected_return_on: Some(day(now, back_in)),
            summary: sections,
        };
        Ok(warrn::send(work, &inner.vault, &inner.settings.warrn, record)?.record.id)
    })
}
