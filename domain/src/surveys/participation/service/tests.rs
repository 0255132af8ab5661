use std::borrow::Cow;

use diesel::prelude::*;

use super::*;
use crate::db::schema::{arrivals, notices as n, response_keys, responses as r};
use crate::instruments::Answer;
use crate::kernel::{Caller, YearGroup};
use crate::surveys::codes::{Entered, NewSheet, WordCode};
use crate::surveys::releases;
use crate::surveys::responses::{Format, Limits, Mode, Reader};
use crate::surveys::stage::*;

const DAY: i64 = 86_400;

/// The stage with a headteacher and somebody of the authority who makes campaigns.
struct Play {
    stage: Stage,
    head: Caller,
    authority: Caller,
}

impl Play {
    fn new() -> Self {
        let stage = Stage::new();
        let find = |work: &mut Work<'_>| Ok(schools::by_number(work, &number(HERE))?.id);
        let here = stage.db.db.read(&Caller::system("test"), find).unwrap();
        let head = person(&stage.db, "head@school.example", Role::Headteacher, Some(here));
        let authority = person(&stage.db, "admin@la.example", Role::Administrator, None);
        Self { stage, head, authority }
    }

    fn write<T: Send + 'static>(
        &self,
        who: &Caller,
        f: impl FnOnce(&mut Work<'_>, CampaignId) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let campaign = self.stage.campaign;
        self.stage.db.db.write(who, move |work| f(work, campaign))
    }

    fn sign_off(&self, nil: Option<NilReason>) -> Result<Part> {
        self.write(&self.head, move |work, c| sign_off(work, (c, &number(HERE)), nil))
    }

    fn open_again(&self, until: u32) -> Result<Part> {
        let until = NaiveDate::from_ymd_opt(2026, 3, until).unwrap();
        self.write(&self.authority, move |work, c| {
            open_again(work, (c, &number(HERE)), until, UnlockReason::TechnicalFault)
        })
    }

    fn print(&self) -> Result<Vec<WordCode>> {
        let new = NewSheet { year_group: YearGroup::new(8).unwrap(), class: "8 Glas".into(), size: 3 };
        let made = self.write(&self.stage.here, |work, c| codes::make(work, &vault(), (c, &number(HERE)), new))?;
        Ok(made.codes)
    }

    fn answer(&self, code: &WordCode) -> Option<Entered> {
        let code = code.clone();
        let given = move |work: &mut Work<'_>| {
            let answers = [(Cow::from("bullied"), Answer::One("weekly".into()))];
            let help = crate::surveys::texts::HelpWords::with("").unwrap();
            codes::answer(work, &vault(), &code, &answers, (&[], &help))
        };
        self.stage.db.db.upkeep(&Caller::system("test"), given).unwrap()
    }

    fn submit(&self, key: &'static str) -> Result<u64> {
        self.write(&self.stage.here, move |work, c| {
            let layout = responses::begin(work, c, &number(HERE))?;
            let mut reader = Reader::new(Format::Ndjson, layout, Limits::default());
            let row = format!("{{\"year_group\":8,\"row_key\":\"{key}\",\"answers\":{{\"bullied\":\"weekly\"}}}}\n");
            reader.feed(row.as_bytes())?;
            let batch = reader.finish()?;
            Ok(responses::submit(work, &vault(), (c, &number(HERE)), batch, Mode::All, false)?.accepted)
        })
    }

    fn counts(&self) -> [i64; 3] {
        let count = |work: &mut Work<'_>| {
            Ok([
                r::table.count().get_result(work.conn())?,
                arrivals::table.count().get_result(work.conn())?,
                response_keys::table.count().get_result(work.conn())?,
            ])
        };
        self.stage.db.db.read(&Caller::system("test"), count).unwrap()
    }

    fn told(&self) -> i64 {
        let count = |work: &mut Work<'_>| {
            Ok(n::table.filter(n::wording.eq(Wording::SurveyOwing)).count().get_result(work.conn())?)
        };
        self.stage.db.db.read(&Caller::system("test"), count).unwrap()
    }

    fn remind(&self) -> usize {
        let system = Caller::system("worker");
        let owing = self.stage.db.db.read(&system, |work| to_remind(work, &[10, 3])).unwrap();
        for reminder in owing.clone() {
            // Two workers that saw the same.
            for _ in 0..2 {
                let reminder = reminder.clone();
                self.stage.db.db.upkeep(&system, move |work| remind(work, &reminder)).unwrap();
            }
        }
        owing.len()
    }
}

#[test]
fn a_school_signs_off_and_nothing_comes_after() {
    let play = Play::new();
    assert_eq!(play.sign_off(None).unwrap_err().code, Code::StateConflict, "nothing has come");
    let codes = play.print().unwrap();
    assert!(play.answer(&codes[0]).is_none());
    assert_eq!(play.sign_off(Some(NilReason::NoPupils)).unwrap_err().code, Code::StateConflict, "something has come");
    let here = play.stage.here.clone();
    let refused = play.write(&here, |work, c| sign_off(work, (c, &number(HERE)), None)).unwrap_err();
    assert_eq!(refused.code, Code::Forbidden, "who sends the answers doesn't sign for them");

    let part = play.sign_off(None).unwrap();
    assert_eq!((part.signed_off_on, part.nil), (NaiveDate::from_ymd_opt(2026, 3, 2), None));
    assert_eq!(play.counts(), [1, 0, 0], "what waited went on");
    assert!(matches!(play.answer(&codes[0]), Some(Entered::Spent)));
    assert!(matches!(play.answer(&codes[1]), Some(Entered::Unknown)), "its sheet was called back");
    assert_eq!(play.print().unwrap_err().code, Code::SurveySignedOff);
    assert_eq!(play.submit("one").unwrap_err().code, Code::SurveySignedOff);
    assert_eq!(play.sign_off(None).unwrap(), part, "again changes nothing");
    assert_eq!(play.sign_off(Some(NilReason::NoPupils)).unwrap_err().code, Code::StateConflict, "another answer");
}

#[test]
fn another_answer_after_a_nil_return_is_refused() {
    let play = Play::new();
    let part = play.sign_off(Some(NilReason::NoPupils)).unwrap();
    assert_eq!(play.sign_off(Some(NilReason::NoPupils)).unwrap(), part, "the same again changes nothing");
    for other in [None, Some(NilReason::SchoolClosed)] {
        assert_eq!(play.sign_off(other).unwrap_err().code, Code::StateConflict, "{other:?}");
    }
    assert_eq!(play.sign_off(Some(NilReason::NoPupils)).unwrap(), part, "what was said stands");
}

#[test]
fn the_keys_of_rows_are_forgotten_at_sign_off() {
    let play = Play::new();
    assert_eq!(play.submit("one").unwrap(), 1);
    assert_eq!(play.counts(), [1, 0, 1]);
    assert_eq!(play.print().unwrap_err().code, Code::SurveyOtherWay, "one way in for a school");
    play.sign_off(None).unwrap();
    assert_eq!(play.counts(), [1, 0, 0]);
}

#[test]
fn the_authority_opens_a_school_again_and_the_rest_stays_shut() {
    let play = Play::new();
    play.sign_off(Some(NilReason::SchoolClosed)).unwrap();
    play.stage.db.clock.advance_seconds(20 * DAY);
    assert_eq!(play.print().unwrap_err().code, Code::SurveySignedOff);
    assert_eq!(play.open_again(1).unwrap_err().code, Code::InvalidBody, "a day that is past");
    let part = play.open_again(24).unwrap();
    assert_eq!((part.signed_off_on, part.nil, part.unlocked_for), (None, None, Some(UnlockReason::TechnicalFault)));
    let codes = play.print().unwrap();
    assert!(play.answer(&codes[0]).is_none());
    play.stage.db.clock.advance_seconds(3 * DAY);
    let authority = play.authority.clone();
    play.write(&authority, |work, c| releases::ask(work, c, releases::Reason::First)).unwrap();
    assert_eq!(play.open_again(28).unwrap_err().code, Code::StateConflict, "what is being decided rests on this");
    assert!(matches!(play.answer(&codes[1]), Some(Entered::Closed)));
    let head = play.head.clone();
    let until = NaiveDate::from_ymd_opt(2026, 3, 26).unwrap();
    let refused =
        play.write(&head, move |work, c| open_again(work, (c, &number(HERE)), until, UnlockReason::Other)).unwrap_err();
    assert_eq!(refused.code, Code::Forbidden);
}

/// Codes nobody used are forgotten when a campaign is over; a school that is opened late prints as many again.
#[test]
fn a_school_opened_late_prints_for_all_its_pupils() {
    let play = Play::new();
    let rolls = vec![(YearGroup::new(8).unwrap(), 3)];
    let authority = play.authority.clone();
    play.write(&authority, move |work, c| campaigns::set_rolls(work, (c, &number(HERE)), rolls)).unwrap();
    play.print().unwrap();
    assert_eq!(play.print().unwrap_err().code, Code::InvalidBody, "three codes for three pupils are out");
    play.stage.db.clock.advance_seconds(20 * DAY);
    play.write(&Caller::system("worker"), codes::settle).unwrap();
    play.open_again(24).unwrap();
    let codes = play.print().unwrap();
    assert!(play.answer(&codes[0]).is_none());
    // A worker that looked before the school was opened again forgets nothing.
    play.write(&Caller::system("worker"), codes::settle).unwrap();
    assert!(play.answer(&codes[1]).is_none());
}

/// Who mends a file in the closing days has begun, though nothing of it is there for a moment.
#[test]
fn what_is_withdrawn_in_the_closing_days_may_be_sent_again() {
    let play = Play::new();
    let late = |work: &mut Work<'_>| {
        use crate::db::schema::campaigns as c;
        diesel::update(c::table).set(c::late_days.eq(4_i16)).execute(work.conn())?;
        Ok(())
    };
    play.stage.db.db.upkeep(&Caller::system("test"), late).unwrap();
    play.submit("one").unwrap();
    play.stage.db.clock.advance_seconds(13 * DAY);
    let here = play.stage.here.clone();
    let gone = play.write(&here, |work, c| responses::withdraw_all(work, (c, &number(HERE)))).unwrap();
    assert_eq!((gone.submissions, gone.rows), (1, 1));
    assert_eq!(play.submit("two").unwrap(), 1);
    // The control: a school that had not begun is told so.
    let other = Play::new();
    other.stage.db.db.upkeep(&Caller::system("test"), late).unwrap();
    other.stage.db.clock.advance_seconds(13 * DAY);
    assert_eq!(other.submit("one").unwrap_err().code, Code::CampaignClosed);
}

#[test]
fn who_owes_is_reminded_once_and_nobody_else() {
    let play = Play::new();
    assert_eq!((play.remind(), play.told()), (0, 0), "twelve days are left");
    play.stage.db.clock.advance_seconds(2 * DAY);
    assert_eq!((play.remind(), play.told()), (1, 2), "who sends, and the head");
    assert_eq!((play.remind(), play.told()), (0, 2));
    play.stage.db.clock.advance_seconds(8 * DAY);
    assert_eq!((play.remind(), play.told()), (1, 4), "the second reminder");
    play.sign_off(Some(NilReason::NotTakingPart)).unwrap();
    assert_eq!((play.remind(), play.told()), (0, 4));

    let done = Play::new();
    done.sign_off(Some(NilReason::NoPupils)).unwrap();
    done.stage.db.clock.advance_seconds(3 * DAY);
    assert_eq!((done.remind(), done.told()), (0, 0), "it owes nothing");
}

/// A window opens and shuts at midnight where people are, which is an hour earlier than the clocks of computers in summer.
#[test]
fn a_window_is_of_the_days_people_read() {
    let play = Play::new();
    let july = |d| NaiveDate::from_ymd_opt(2026, 7, d).unwrap();
    let c = play.stage.campaign;
    let moved = play.stage.db.db.upkeep(&Caller::system("test"), move |work| {
        use crate::db::schema::campaigns as t;
        let days = (t::opens_on.eq(july(1)), t::closes_on.eq(july(2)));
        diesel::update(t::table.find(c)).set(days).execute(work.conn()).map(|_| ()).map_err(Into::into)
    });
    moved.unwrap();
    let go = |text: &str| {
        let at = chrono::DateTime::parse_from_rfc3339(text).unwrap().timestamp();
        play.stage.db.clock.advance_seconds(at - play.stage.db.db.clock().now().micros() / 1_000_000);
    };
    go("2026-06-30T22:59:00Z");
    assert_eq!(play.sign_off(None).unwrap_err().code, Code::StateConflict, "a minute to midnight");
    go("2026-06-30T23:01:00Z");
    assert!(play.sign_off(Some(NilReason::NoPupils)).is_ok(), "a minute past midnight in London");
}
