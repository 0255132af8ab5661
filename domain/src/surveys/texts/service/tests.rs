use std::collections::BTreeSet;

use diesel::prelude::*;

use super::*;
use crate::access::Role;
use crate::db::schema::{
    audit_entries as e, notices as n, survey_class_days as d, survey_text_arrivals as a, survey_texts as t,
};
use crate::instruments::Answer;
use crate::kernel::{Caller, FaultCode, YearGroup};
use crate::surveys::codes::{Entered, NewSheet, WordCode};
use crate::surveys::concerns::{Concern, Scope};
use crate::surveys::releases::Reason;
use crate::surveys::stage::*;
use crate::surveys::texts::HelpWords;
use crate::testing::stepped_up;

const HOUR: i64 = 3600;
const QUIET: &str = "More benches, please.";
const LOUD: &str = "Sometimes I want to die.";

/// The stage with a questionnaire that takes a text, a safeguarding person of the school, and the
/// authority's lead.
struct Play {
    stage: Stage,
    school: SchoolId,
    dsp: Caller,
    lead: Caller,
}

impl Play {
    fn new() -> Self {
        let stage = Stage::asking("with_a_text");
        let find = |work: &mut Work<'_>| Ok(schools::by_number(work, &number(HERE))?.id);
        let school = stage.db.db.read(&Caller::system("test"), find).unwrap();
        let dsp = person(&stage.db, "dsp@school.example", Role::Dsp, Some(school));
        let lead = stepped_up(&stage.db, person(&stage.db, "lead@la.example", Role::SafeguardingLead, None));
        Self { stage, school, dsp, lead }
    }

    fn write<T: Send + 'static>(
        &self,
        who: &Caller,
        f: impl FnOnce(&mut Work<'_>, CampaignId) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let campaign = self.stage.campaign;
        self.stage.db.db.write(who, move |work| f(work, campaign))
    }

    fn print(&self, class: &str, size: u16) -> Vec<WordCode> {
        let new = NewSheet { year_group: YearGroup::new(8).unwrap(), class: class.into(), size };
        self.write(&self.stage.here, |work, c| codes::make(work, &vault(), (c, &number(HERE)), new)).unwrap().codes
    }

    fn try_answer(&self, code: &WordCode, question: &str, texts: &[&str]) -> Result<Option<Entered>> {
        let code = code.clone();
        let read = |raw: &&str| Written::read(question, raw).unwrap();
        let texts: Vec<Written> = texts.iter().filter_map(read).collect();
        let help = HelpWords::with("").unwrap();
        let given = [("bullied".into(), Answer::One("not_at_all".into()))];
        let answer = move |work: &mut Work<'_>| codes::answer(work, &vault(), &code, &given, (&texts, &help));
        self.stage.db.db.upkeep(&Caller::system("test"), answer)
    }

    fn answer(&self, code: &WordCode, text: &str) {
        assert!(self.try_answer(code, "anything_else", &[text]).unwrap().is_none());
    }

    /// What the worker does.
    fn look(&self) {
        let system = Caller::system("worker");
        for at in self.stage.db.db.read(&system, concerns::to_look).unwrap() {
            self.stage.db.db.upkeep(&system, move |work| concerns::look(work, at)).unwrap();
        }
    }

    fn concerns(&self) -> Vec<Concern> {
        self.write(&self.dsp, |work, _| concerns::list(work)).unwrap()
    }

    fn next(&self) -> Option<Waiting> {
        self.write(&self.lead, |work, c| next(work, &vault(), c, None)).unwrap()
    }

    fn decide(&self, who: &Caller, id: TextId, verdict: Verdict) -> Result<()> {
        self.write(who, move |work, c| decide(work, &vault(), (c, id), &verdict))
    }

    /// Texts that have just come, that wait, that were passed.
    fn rows(&self) -> [i64; 3] {
        let count = |work: &mut Work<'_>| {
            Ok([
                a::table.count().get_result(work.conn())?,
                t::table.filter(t::passed.eq(false)).count().get_result(work.conn())?,
                t::table.filter(t::passed.eq(true)).count().get_result(work.conn())?,
            ])
        };
        self.stage.db.db.read(&Caller::system("test"), count).unwrap()
    }

    fn audited(&self, action: &str) -> Vec<String> {
        let action = action.to_owned();
        let read = move |work: &mut Work<'_>| {
            Ok(e::table.filter(e::action.eq(action)).order(e::seq).select(e::detail).load(work.conn())?)
        };
        self.stage.db.db.read(&Caller::system("test"), read).unwrap()
    }

    fn told(&self) -> Vec<String> {
        let read = |work: &mut Work<'_>| Ok(n::table.select(n::wording).order(n::id).load::<String>(work.conn())?);
        self.stage.db.db.read(&Caller::system("test"), read).unwrap()
    }
}

#[test]
fn what_is_written_stands_apart_from_every_answer() {
    let play = Play::new();
    let codes = play.print("8 Glas", 3);
    play.answer(&codes[0], QUIET);
    play.answer(&codes[1], "");
    play.answer(&codes[2], LOUD);
    assert_eq!(play.rows(), [2, 0, 0]);
    let columns = |table: &'static str| {
        #[derive(diesel::QueryableByName)]
        struct Column {
            #[diesel(sql_type = diesel::sql_types::Text)]
            name: String,
        }
        let read = move |work: &mut Work<'_>| {
            Ok(diesel::sql_query(format!("SELECT name FROM pragma_table_info('{table}')"))
                .load::<Column>(work.conn())?)
        };
        let found = play.stage.db.db.read(&Caller::system("test"), read).unwrap();
        found.into_iter().map(|c| c.name).collect::<BTreeSet<_>>()
    };
    let set = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(columns("survey_text_arrivals"), set(&["campaign_id", "school_id", "id", "content"]));
    assert_eq!(columns("survey_texts"), set(&["id", "campaign_id", "school_id", "passed", "after_release", "content"]));
    // Nothing of what was written is in any file of the database.
    for file in std::fs::read_dir(play.stage.db.folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(7).any(|w| w == b"benches" || w == b"to die."), "in the clear");
    }
    // Every row is written anew with each answer, under another id, whoever wrote something.
    let ids = || {
        let read = |work: &mut Work<'_>| Ok(a::table.select(a::id).load::<crate::db::types::Uid>(work.conn())?);
        play.stage.db.db.read(&Caller::system("test"), read).unwrap()
    };
    let before = ids();
    play.answer(&play.print("8 Coch", 1)[0], "");
    assert!(ids().len() == 2 && ids().iter().all(|id| !before.contains(id)));
}

#[test]
fn a_text_no_question_of_the_pupils_asks_for_spends_nothing() {
    let play = Play::new();
    let code = play.print("8 Glas", 1).remove(0);
    for (question, texts, pointer) in [
        ("bullied", &[QUIET][..], "/answers"),
        ("nothing", &[QUIET], "/answers"),
        ("anything_else", &[QUIET, QUIET], "/anything_else"),
    ] {
        let refused = play.try_answer(&code, question, texts).unwrap_err();
        assert_eq!((refused.code, refused.faults[0].pointer.as_str()), (Code::InvalidBody, pointer));
    }
    assert_eq!(Written::read("q", &"x".repeat(1001)), Err(FaultCode::TooLong));
    assert_eq!(Written::read("q", " \r\n ").unwrap(), None);
    assert!(play.try_answer(&code, "anything_else", &[]).unwrap().is_none());
    assert_eq!(play.rows(), [0, 0, 0]);
}

#[test]
fn a_concern_names_a_class_when_ten_answered_and_never_twice_on_a_day() {
    let play = Play::new();
    let codes = play.print("8 Glas", 40);
    play.answer(&codes[0], LOUD);
    for code in &codes[1..9] {
        play.answer(code, QUIET);
    }
    play.look();
    assert!(play.concerns().is_empty(), "nine");
    play.answer(&codes[9], LOUD);
    assert!(play.concerns().is_empty(), "no pupil's own transaction raises it");
    play.look();
    let [one] = &play.concerns()[..] else { panic!() };
    assert_eq!(one.scope, Scope::Class(YearGroup::new(8).unwrap(), "8 Glas".into()));
    assert_eq!((one.school, one.day.to_string(), one.acknowledged), (play.school, "2026-03-02".to_owned(), None));
    assert_eq!(
        (play.audited("concern.raise"), play.told()),
        (vec!["class, 1 people told".to_owned()], vec!["concern_raised".to_owned()])
    );
    for code in &codes[10..30] {
        play.answer(code, LOUD);
    }
    play.look();
    assert_eq!(play.concerns().len(), 1);
    // On another day there is another.
    play.stage.db.clock.advance_seconds(24 * HOUR);
    for code in &codes[30..40] {
        play.answer(code, LOUD);
    }
    play.look();
    assert_eq!((play.concerns().len(), play.told().len()), (2, 2));
    let id = play.concerns()[0].id;
    let acknowledge =
        |who: &Caller| play.write(who, move |work, c| concerns::acknowledge(work, (c, &number(HERE)), id));
    for who in [&play.stage.here, &play.stage.there] {
        assert_eq!(acknowledge(who).unwrap_err().code, Code::Forbidden);
    }
    let done = acknowledge(&play.dsp).unwrap();
    assert_eq!(acknowledge(&play.dsp).unwrap().acknowledged, done.acknowledged);
    // Those that nobody has taken up come first.
    assert!(done.acknowledged.is_some() && play.concerns()[1].acknowledged == done.acknowledged);
    assert_eq!(play.audited("concern.acknowledge"), ["taken up", "done before"]);
    assert_eq!(play.write(&play.stage.here, |work, _| concerns::list(work)).unwrap_err().code, Code::Forbidden);
    // Who reads every school's, and texts, is not told the class.
    let seen = play.write(&play.lead, |work, _| concerns::list(work)).unwrap();
    assert!(seen.len() == 2 && seen.iter().all(|concern| concern.scope == Scope::School), "{seen:?}");
}

/// Whoever writes help words after somebody acted on others' is heard: no disclosure is swallowed by an entry that is done.
#[test]
fn what_is_written_after_a_concern_was_taken_up_is_told_again() {
    let play = Play::new();
    let (small, large) = (play.print("8 Glas", 3), play.print("8 Coch", 20));
    for code in &small {
        play.answer(code, LOUD);
    }
    play.stage.db.clock.advance_seconds(5 * HOUR);
    play.look();
    let [first] = &play.concerns()[..] else { panic!() };
    assert_eq!(first.scope, Scope::School);
    let id = first.id;
    let take_up = || {
        play.write(&play.dsp, move |work, c| concerns::acknowledge(work, (c, &number(HERE)), id)).unwrap();
    };
    take_up();
    // Of another class, fewer than ten since the last look: the same school, the same day.
    for code in &large[..6] {
        play.answer(code, LOUD);
    }
    play.stage.db.clock.advance_seconds(HOUR / 4);
    play.look();
    assert!(play.concerns()[0].acknowledged.is_none() && play.concerns().len() == 1);
    assert_eq!(play.told().len(), 2);
    // Nothing new: nothing is told.
    play.look();
    assert_eq!(play.told().len(), 2);
    take_up();
    // Six wrote help words and were told of. Who comes now is not counted with them: the class is not named by one pupil.
    for code in &large[6..10] {
        play.answer(code, LOUD);
    }
    play.stage.db.clock.advance_seconds(HOUR / 4);
    play.look();
    assert_eq!(play.concerns().into_iter().map(|c| c.scope).collect::<Vec<_>>(), [Scope::School]);
    assert_eq!(play.told().len(), 3);
}

/// Nine of a class write nothing of the kind, an afternoon's look passes, and a tenth pupil does: the class must not be named.
#[test]
fn a_tenth_pupil_of_the_afternoon_names_no_class() {
    let play = Play::new();
    let codes = play.print("8 Glas", 10);
    for code in &codes[..9] {
        play.answer(code, QUIET);
    }
    play.stage.db.clock.advance_seconds(5 * HOUR);
    play.look();
    play.answer(&codes[9], LOUD);
    play.look();
    assert_eq!(play.concerns().into_iter().map(|c| c.scope).collect::<Vec<_>>(), [Scope::School]);
}

#[test]
fn a_concern_that_nobody_takes_up_is_pressed_the_day_after_and_once() {
    let play = Play::new();
    for code in &play.print("8 Glas", 10) {
        play.answer(code, LOUD);
    }
    play.look();
    let system = Caller::system("worker");
    let due = || play.stage.db.db.read(&system, concerns::to_press).unwrap();
    assert_eq!((due(), play.told().len()), (vec![], 1));
    play.stage.db.clock.advance_seconds(24 * HOUR);
    let [one] = due()[..] else { panic!() };
    play.write(&system, move |work, _| concerns::press(work, one)).unwrap();
    // The school's person again, and the authority's lead.
    assert_eq!((due(), play.told().len()), (vec![], 3));
    assert_eq!(play.audited("concern.press"), ["2 people told"]);
    // The lead takes it up: the school may have nobody.
    let taken = play.write(&play.lead, move |work, c| concerns::acknowledge(work, (c, &number(HERE)), one)).unwrap();
    assert!(taken.acknowledged.is_some() && taken.scope == Scope::School);
}

/// Who was late is not told by a text that was not there before: it waits for the next release.
#[test]
fn a_text_written_after_a_release_is_read_with_the_next_one() {
    let play = Play::new();
    let codes = play.print("8 Glas", 31);
    for (n, code) in codes[..30].iter().enumerate() {
        play.answer(code, if n == 0 { QUIET } else { "" });
    }
    play.stage.db.clock.advance_seconds(20 * 24 * HOUR);
    play.look();
    play.write(&Caller::system("test"), codes::settle).unwrap();
    let play = Play { lead: stepped_up(&play.stage.db, play.lead.clone()), ..play };
    publish(&play);
    // One more, as of a school that was opened again.
    let at = (play.stage.campaign, play.school);
    let late = Written::read("anything_else", "I came late").unwrap().unwrap();
    let come = move |work: &mut Work<'_>| {
        keep(work, &vault(), at, &[late])?;
        settle(work, at)
    };
    play.stage.db.db.upkeep(&Caller::system("test"), come).unwrap();
    while let Some(one) = play.next() {
        let pass = Verdict::Pass { edited: one.written.words, named: String::new() };
        play.decide(&play.lead, one.id, pass).unwrap();
    }
    assert_eq!(play.rows(), [0, 0, 2]);
    let campaign = play.stage.campaign;
    let read = move |work: &mut Work<'_>| published(work, &vault(), (campaign, &number(HERE)), Threshold::default());
    let found = play.stage.db.db.read(&play.dsp, read).unwrap();
    assert_eq!(found.iter().map(|p| p.texts.clone()).collect::<Vec<_>>(), [vec![QUIET.to_owned()]]);
}

/// Who sees that there was no concern after some of a class, and that there is one after a few more, must not know it of the
/// few: they are a group of their own, and too small to be named.
#[test]
fn who_answers_after_a_look_is_another_group() {
    let play = Play::new();
    let codes = play.print("8 Glas", 14);
    for code in &codes[..12] {
        play.answer(code, QUIET);
    }
    play.look();
    play.answer(&codes[12], LOUD);
    play.answer(&codes[13], QUIET);
    play.look();
    assert!(play.concerns().is_empty(), "two");
    // In the afternoon somebody must be able to act: wider, for the class would be two pupils.
    play.stage.db.clock.advance_seconds(5 * HOUR);
    play.look();
    play.look();
    assert_eq!(play.concerns().into_iter().map(|c| c.scope).collect::<Vec<_>>(), [Scope::School]);
}

#[test]
fn small_classes_are_told_as_their_year_group() {
    let play = Play::new();
    for (class, text) in [("8 Glas", LOUD), ("8 Coch", QUIET)] {
        for code in play.print(class, 5) {
            play.answer(&code, text);
        }
    }
    play.stage.db.clock.advance_seconds(5 * HOUR);
    play.look();
    let scopes = || play.concerns().into_iter().map(|c| c.scope).collect::<Vec<_>>();
    assert_eq!(scopes(), [Scope::Year(YearGroup::new(8).unwrap())]);
    // The next day nothing is known of the day before, and what was written can be read.
    assert_eq!(play.rows(), [10, 0, 0]);
    play.stage.db.clock.advance_seconds(24 * HOUR);
    play.look();
    let days = |work: &mut Work<'_>| Ok(d::table.count().get_result::<i64>(work.conn())?);
    assert_eq!(play.stage.db.db.read(&Caller::system("test"), days).unwrap(), 0);
    assert_eq!((play.rows(), scopes().len()), ([0, 10, 0], 1));
}

#[test]
fn names_are_taken_out_before_anybody_else_reads_it() {
    let play = Play::new();
    let codes = play.print("8 Glas", 2);
    play.answer(&codes[0], "Example Bully took my bag");
    play.answer(&codes[1], "Example Bully is mean");
    play.stage.db.clock.advance_seconds(24 * HOUR);
    play.look();
    let lead = Caller { second_factor_at: None, ..play.lead.clone() };
    let administrator =
        stepped_up(&play.stage.db, person(&play.stage.db, "admin@la.example", Role::Administrator, None));
    let play = Play { lead: stepped_up(&play.stage.db, play.lead.clone()), ..play };
    let one = play.next().unwrap();
    for (who, code) in [
        (&administrator, Code::Forbidden),
        (&play.dsp, Code::Forbidden),
        (&play.stage.here, Code::Forbidden),
        (&lead, Code::StepUpRequired),
    ] {
        assert_eq!(play.decide(who, one.id, Verdict::KeepBack).unwrap_err().code, code);
        let read = play.write(who, |work, c| next(work, &vault(), c, None));
        assert_eq!(read.unwrap_err().code, code);
    }
    assert_eq!((one.asked.en.as_str(), one.school.id), ("Anything else?", play.school));
    let pass = |edited: &str| Verdict::Pass { edited: edited.to_owned(), named: "example bully".to_owned() };
    let other = play.decide(&play.lead, one.id, pass("Example Bully is kind"));
    assert_eq!(other.unwrap_err().faults[0].pointer, "/text");
    play.decide(&play.lead, one.id, pass(&one.written.words)).unwrap();
    assert_eq!(play.decide(&play.lead, one.id, Verdict::KeepBack).unwrap_err().code, Code::StateConflict);
    assert_eq!(play.rows(), [0, 1, 1]);
    let two = play.next().unwrap();
    assert_ne!(two.id, one.id);
    play.decide(&play.lead, two.id, Verdict::KeepBack).unwrap();
    assert_eq!((play.rows(), play.next()), ([0, 0, 1], None));
    assert_eq!(play.audited("survey.pass_text"), ["1 pieces taken out"]);
    assert_eq!(play.audited("survey.read_text"), ["content", "content", "content none"]);
    let kept = |work: &mut Work<'_>| Ok(t::table.select(t::content).first(work.conn())?);
    let content = play.stage.db.db.read(&play.lead, kept).unwrap();
    let left: Written = vault().open_system(place(play.stage.campaign), &Sealed::from_stored(content)).unwrap();
    assert!(left.words.starts_with("[…] ") && !left.words.contains("Bully"));
}

/// Publishes the results, as the worker does.
fn publish(play: &Play) {
    let setter = person(&play.stage.db, "setter@la.example", Role::Administrator, None);
    play.write(&setter, |work, c| releases::ask(work, c, Reason::First)).unwrap();
    let (db, system) = (&play.stage.db.db, Caller::system("worker"));
    let line = db.read(&system, releases::waiting).unwrap().remove(0);
    let gathered = db.read(&system, move |work| releases::gather(work, &vault(), &line)).unwrap();
    let judged = releases::decide(gathered, Threshold::default());
    assert!(db.upkeep(&system, move |work| releases::keep(work, &judged)).unwrap());
}

#[test]
fn what_was_passed_is_read_with_the_results_of_thirty_or_more() {
    for pupils in [29, 30] {
        let play = Play::new();
        for (n, code) in play.print("8 Glas", pupils).iter().enumerate() {
            play.answer(code, if n < 3 { QUIET } else { "" });
        }
        play.stage.db.clock.advance_seconds(24 * HOUR);
        play.look();
        let play = Play { lead: stepped_up(&play.stage.db, play.lead.clone()), ..play };
        for _ in 0..2 {
            let one = play.next().unwrap();
            let pass = Verdict::Pass { edited: one.written.words, named: "benches".to_owned() };
            play.decide(&play.lead, one.id, pass).unwrap();
        }
        let read = |who: &Caller| {
            let campaign = play.stage.campaign;
            let read =
                move |work: &mut Work<'_>| published(work, &vault(), (campaign, &number(HERE)), Threshold::default());
            play.stage.db.db.read(who, read)
        };
        play.stage.db.clock.advance_seconds(20 * 24 * HOUR);
        assert_eq!(read(&play.dsp).unwrap_err().code, Code::StateConflict, "nothing is published");
        publish(&play);
        assert_eq!(read(&play.stage.there).unwrap_err().code, Code::Forbidden);
        for who in [&play.dsp, &play.stage.here, &play.lead] {
            let found: Vec<_> = read(who).unwrap().into_iter().map(|p| (p.asked.en, p.texts)).collect();
            let expected = ("Anything else?".to_owned(), vec!["More […], please.".to_owned(); 2]);
            assert_eq!(found, if pupils < 30 { vec![] } else { vec![expected] });
        }
        // One still waits: it is forgotten in time, and what was passed stays.
        let due =
            |days| play.stage.db.db.read(&Caller::system("test"), move |work| to_forget(work, days)).unwrap().len();
        assert_eq!((due(0), due(8), due(9), due(180)), (1, 1, 0, 0));
        play.write(&Caller::system("test"), forget).unwrap();
        assert_eq!((play.rows(), due(0)), ([0, 0, 2], 0));
        assert_eq!(play.audited("survey.forget_texts"), ["1 texts, 0 concerns"]);
    }
}

#[test]
fn when_a_school_signs_off_or_the_campaign_is_over_nothing_is_left_to_come() {
    let play = Play::new();
    let codes = play.print("8 Glas", 2);
    play.answer(&codes[0], QUIET);
    let head = person(&play.stage.db, "head@school.example", Role::Headteacher, Some(play.school));
    play.write(&head, |work, c| crate::surveys::participation::sign_off(work, (c, &number(HERE)), None)).unwrap();
    assert_eq!(play.rows(), [0, 1, 0]);
    let play = Play::new();
    play.answer(&play.print("8 Glas", 1)[0], QUIET);
    play.stage.db.clock.advance_seconds(20 * 24 * HOUR);
    play.write(&Caller::system("test"), codes::settle).unwrap();
    assert_eq!(play.rows(), [0, 1, 0]);
}
