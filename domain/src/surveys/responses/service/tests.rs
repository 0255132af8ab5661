use diesel::prelude::*;

use super::*;
use crate::access::Role;
use crate::db::schema::{response_keys, responses, submissions};
use crate::kernel::{Bilingual, Caller, PageRequest, Utc};
use crate::surveys::campaigns::{NewCampaign, SchoolsIn};
use crate::surveys::releases::{self, Figure, Reason, State, Threshold, results};
use crate::surveys::responses::{Format, Limits, Reader, Withdrawn};
use crate::surveys::stage::*;

impl Stage {
    fn batch(&self, body: &str) -> Batch {
        let campaign = self.campaign;
        let layout = self.db.db.read(&self.here, |work| begin(work, campaign, &number(HERE))).unwrap();
        let mut reader = Reader::new(Format::Ndjson, layout, Limits::default());
        reader.feed(body.as_bytes()).unwrap();
        reader.finish().unwrap()
    }

    fn submit(&self, body: &str, mode: Mode) -> Result<Receipt> {
        let (batch, campaign) = (self.batch(body), self.campaign);
        let send = move |work: &mut Work<'_>| submit(work, &vault(), (campaign, &number(HERE)), batch, mode, false);
        self.db.db.write(&self.here, send)
    }

    /// Rows, keys, submissions and audit entries stored.
    fn stored(&self) -> [i64; 4] {
        use crate::db::schema::audit_entries;
        let count = |work: &mut Work<'_>| {
            Ok([
                responses::table.count().get_result(work.conn())?,
                response_keys::table.count().get_result(work.conn())?,
                submissions::table.count().get_result(work.conn())?,
                audit_entries::table.filter(audit_entries::action.like("survey.%")).count().get_result(work.conn())?,
            ])
        };
        self.db.db.read(&Caller::system("test"), count).unwrap()
    }
}

fn counts(receipt: &Receipt) -> (u64, u64, u64, bool) {
    (receipt.accepted, receipt.rejected, receipt.duplicates, receipt.repeated)
}

fn row(key: &str, bullied: &str) -> String {
    format!("{{\"year_group\":8,\"row_key\":\"{key}\",\"answers\":{{\"bullied\":\"{bullied}\"}}}}\n")
}

#[test]
fn a_body_is_taken_once_and_a_key_once() {
    let stage = Stage::new();
    let body = [row("a", "weekly"), row("b", "weekly"), row("a", "not_at_all")].concat();
    let first = stage.submit(&body, Mode::All).unwrap();
    assert_eq!(counts(&first), (2, 0, 1, false));
    assert_eq!(stage.stored(), [2, 2, 1, 1]);
    let again = stage.submit(&body, Mode::All).unwrap();
    assert_eq!(counts(&again), (2, 0, 1, true));
    assert_eq!((again.submission, &again.digest), (first.submission, &first.digest));
    assert_eq!(stage.stored(), [2, 2, 1, 2]);
    let more = stage.submit(&[row("b", "weekly"), row("c", "weekly")].concat(), Mode::All).unwrap();
    assert_eq!(counts(&more), (1, 0, 1, false));
    assert_eq!(stage.stored(), [3, 3, 2, 3]);
}

/// The roll may be old, so nothing is refused: it is told, before and after, and again when the body comes again.
#[test]
fn more_rows_than_pupils_on_roll_are_told() {
    let stage = Stage::new();
    let (year, campaign) = (|n| crate::kernel::YearGroup::new(n).unwrap(), stage.campaign);
    let setter = person(&stage.db, "setter@la.example", Role::Administrator, None);
    let rolls = vec![(year(8), 2), (year(9), 2)];
    let set = move |work: &mut Work<'_>| campaigns::set_rolls(work, (campaign, &number(HERE)), rolls);
    assert_eq!(stage.db.db.write(&setter, set).unwrap(), 4);
    let told = |body: &str| {
        let over = stage.submit(body, Mode::All).unwrap().over_roll;
        over.into_iter().map(|o| (o.year.map(crate::kernel::YearGroup::number), o.roll)).collect::<Vec<_>>()
    };
    assert_eq!(told(&[row("a", "weekly"), row("b", "weekly")].concat()), []);
    // A row that is known already is none more.
    assert_eq!(told(&[row("a", "weekly"), row("b", "not_at_all")].concat()), []);
    assert_eq!(told(&row("c", "weekly")), [(Some(8), 2)]);
    let more = row("d", "weekly") + &row("e", "weekly");
    assert_eq!(told(&more), [(None, 4), (Some(8), 2)]);
    assert_eq!(told(&more), [(None, 4), (Some(8), 2)], "the same body");
}

/// Two senders of the same body, and two bodies that share a key, at the same moment.
#[test]
fn what_comes_at_once_is_taken_once() {
    let stage = Stage::new();
    let other = row("a", "not_at_all") + &row("b", "weekly");
    let bodies = [row("a", "weekly"), row("a", "weekly"), other];
    let receipts: Vec<Receipt> = std::thread::scope(|scope| {
        let threads: Vec<_> =
            bodies.iter().map(|body| scope.spawn(|| stage.submit(body, Mode::All).unwrap())).collect();
        threads.into_iter().map(|t| t.join().unwrap()).collect()
    });
    assert_eq!(receipts.iter().filter(|r| r.repeated).count(), 1);
    let new = receipts.iter().filter(|r| !r.repeated);
    assert_eq!(new.fold((0, 0), |(a, d), r| (a + r.accepted, d + r.duplicates)), (2, 1));
    assert_eq!(stage.stored(), [2, 2, 2, 3]);
}

#[test]
fn one_bad_row_stops_all_or_only_itself() {
    let stage = Stage::new();
    let body = [row("a", "weekly"), row("b", "often"), "x\n".to_owned()].concat();
    let refused = stage.submit(&body, Mode::All).unwrap_err();
    assert_eq!((refused.code, refused.faults.len()), (Code::RowsRejected, 2));
    assert_eq!(stage.stored(), [0, 0, 0, 0]);
    let kept = stage.submit(&body, Mode::Valid).unwrap();
    assert_eq!(counts(&kept), (1, 2, 0, false));
    assert_eq!((kept.problems, kept.problem_count), (refused.faults, 2));
    assert_eq!(stage.stored(), [1, 1, 1, 1]);
    assert_eq!(stage.submit("\n", Mode::Valid).unwrap_err().code, Code::InvalidBody);
}

#[test]
fn a_dry_run_says_the_same_and_writes_nothing() {
    let stage = Stage::new();
    let body = [row("a", "weekly"), row("a", "weekly"), row("b", "often")].concat();
    let (setter, at) = (person(&stage.db, "setter@la.example", Role::Administrator, None), stage.campaign);
    let none = vec![(crate::kernel::YearGroup::new(8).unwrap(), 0)];
    stage.db.db.write(&setter, move |work| campaigns::set_rolls(work, (at, &number(HERE)), none)).unwrap();
    let dry = |mode| {
        let (batch, campaign) = (stage.batch(&body), stage.campaign);
        let send = |work: &mut Work<'_>| submit(work, &vault(), (campaign, &number(HERE)), batch, mode, true);
        stage.db.db.read(&stage.here, send)
    };
    let told = dry(Mode::Valid).unwrap();
    assert_eq!((counts(&told), told.dry_run, told.submission), ((1, 1, 1, false), true, None));
    assert_eq!(dry(Mode::All).unwrap_err().code, Code::RowsRejected);
    assert_eq!((stage.stored(), told.over_roll.len()), ([0, 0, 0, 0], 2));
    let real = stage.submit(&body, Mode::Valid).unwrap();
    assert_eq!(Receipt { dry_run: true, submission: None, ..real }, told);
    assert!(dry(Mode::Valid).unwrap().repeated);
    assert_eq!(stage.stored(), [1, 1, 1, 1]);
}

#[test]
fn only_its_own_school_only_in_the_campaign_only_while_open() {
    let stage = Stage::new();
    let campaign = stage.campaign;
    let code = |caller: &Caller, campaign, school: &'static str| {
        stage.db.db.read(caller, |work| begin(work, campaign, &number(school))).err().map(|e| e.code)
    };
    assert_eq!(code(&stage.here, campaign, HERE), None);
    assert_eq!(code(&stage.there, campaign, HERE), Some(Code::Forbidden));
    assert_eq!(code(&stage.there, campaign, THERE), Some(Code::NotFound), "it takes no part");
    assert_eq!(code(&stage.here, campaign, "6769999"), Some(Code::NotFound));
    let other = CampaignId::from_uuid(uuid::Uuid::from_u128(1));
    assert_eq!(code(&stage.here, other, HERE), Some(Code::NotFound));
    let batch = stage.batch(&row("a", "weekly"));
    let send = |caller: &Caller, batch: Batch| {
        let send =
            move |work: &mut Work<'_>| submit(work, &vault(), (campaign, &number(HERE)), batch, Mode::All, false);
        stage.db.db.write(caller, send).map_err(|e| e.code)
    };
    assert_eq!(send(&stage.there, batch.clone()).unwrap_err(), Code::Forbidden);
    let day = 86_400;
    stage.db.clock.advance_seconds(-2 * day);
    // The submitter's role had not begun by then; the service itself has always been.
    let early = send(&Caller::system("test"), batch.clone()).unwrap_err();
    assert_eq!(early, Code::CampaignClosed, "the day before the first");
    stage.db.clock.advance_seconds(15 * day);
    assert_eq!(send(&stage.here, batch.clone()).unwrap_err(), Code::CampaignClosed, "the day after the last");
    stage.db.clock.advance_seconds(-day);
    assert_eq!(send(&stage.here, batch).unwrap().accepted, 1, "the last day");
}

/// The order of sending is not the order of keeping, and a key can't be found beside its row.
#[test]
fn stored_rows_tell_no_order() {
    let stage = Stage::new();
    let sent: Vec<i64> = (0..200).map(|i| 7 + i / 40).collect();
    let body: Vec<String> = sent
        .iter()
        .enumerate()
        .map(|(i, year)| format!("{{\"year_group\":{year},\"row_key\":\"{i}\",\"answers\":{{}}}}\n"))
        .collect();
    stage.submit(&body.concat(), Mode::All).unwrap();
    let years = |work: &mut Work<'_>| Ok(responses::table.select(responses::year_group).load::<i16>(work.conn())?);
    let mut stored: Vec<i64> = stage.db.db.read(&stage.here, years).unwrap().into_iter().map(i64::from).collect();
    // Sent in blocks, neighbours agree 195 times of 199; shuffled, about 40 times (five standard deviations: 68).
    let agree = |years: &[i64]| years.windows(2).filter(|w| w[0] == w[1]).count();
    assert_eq!(agree(&sent), 195);
    assert!(agree(&stored) < 68, "{}", agree(&stored));
    stored.sort_unstable();
    assert_eq!(stored, sent);
}

#[test]
fn results_come_after_the_window_and_only_from_thirty() {
    let stage = Stage::new();
    let body: Vec<String> = (0..40)
        .map(|i| {
            let told = if i < 29 { "\"bullied\":\"weekly\",\"told\":\"yes\"," } else { "\"bullied\":\"not_at_all\"," };
            format!("{{\"year_group\":9,\"answers\":{{{told}\"gender\":\"girl\"}}}}\n")
        })
        .collect();
    stage.submit(&body.concat(), Mode::All).unwrap();
    let campaign = stage.campaign;
    let read = |caller: &Caller| stage.db.db.read(caller, |work| results(work, campaign, &number(HERE)));
    let setter = person(&stage.db, "setter@la.example", Role::Administrator, None);
    let ask = |reason| stage.db.db.write(&setter, move |work| releases::ask(work, campaign, reason));
    assert_eq!(ask(Reason::First).unwrap_err().code, Code::StateConflict, "answers are taken still");
    stage.db.clock.advance_seconds(13 * 86_400);
    assert_eq!(read(&stage.here).unwrap_err().code, Code::StateConflict, "nothing is published");
    assert_eq!(ask(Reason::LateAnswers).unwrap_err().code, Code::InvalidBody, "there is nothing to mend");
    let refused = stage.db.db.write(&stage.here, move |work| releases::ask(work, campaign, Reason::First));
    assert_eq!(refused.unwrap_err().code, Code::Forbidden);
    assert_eq!(ask(Reason::First).unwrap().state, State::Deciding);
    assert_eq!(ask(Reason::First).unwrap().number, 1, "one at a time");
    let system = Caller::system("worker");
    let line = stage.db.db.read(&system, releases::waiting).unwrap().remove(0);
    let gathered = stage.db.db.read(&system, move |work| releases::gather(work, &vault(), &line)).unwrap();
    let judged = std::sync::Arc::new(releases::decide(gathered, Threshold::default()));
    let kept = || {
        let judged = std::sync::Arc::clone(&judged);
        stage.db.db.upkeep(&system, move |work| releases::keep(work, &judged)).unwrap()
    };
    assert!(kept() && !kept(), "of two workers one writes it down");
    assert_eq!(read(&stage.there).unwrap_err().code, Code::Forbidden);
    let results = read(&stage.here).unwrap();
    let own = &results.released.tables[0];
    let at = |code: &str| results.released.header.questions.iter().position(|q| q.code == code).unwrap();
    let figure = |code: &str| own.figures[at(code)].view();
    let Figure::Shown { base, shares } = figure("bullied") else { panic!("40 answered") };
    let shown: Vec<_> = shares.iter().filter(|s| s.band.from > 0).map(|s| (s.option.as_str(), s.range())).collect();
    assert_eq!((base, shown), (40, vec![("not_at_all", "20–30%".to_owned()), (releases::OFTEN, "70–80%".to_owned())]));
    assert_eq!(figure("told"), Figure::Withheld { symbol: "c", reason: "small_n" });
    assert!(matches!(figure("gender"), Figure::Shown { base: 40, .. }));
}

#[test]
fn campaigns_are_made_listed_and_followed() {
    let stage = Stage::new();
    let setter = person(&stage.db, "setter@la.example", Role::Administrator, None);
    stage.submit(&[row("a", "weekly"), row("b", "weekly")].concat(), Mode::All).unwrap();
    stage.db.clock.advance_seconds(86_400);
    stage.submit(&row("c", "weekly"), Mode::All).unwrap();
    let campaign = stage.campaign;
    let progress = |caller: &Caller| stage.db.db.read(caller, |work| campaigns::progress(work, campaign));
    let found = progress(&setter).unwrap();
    let [one] = found.as_slice() else { panic!("one school takes part") };
    let second = chrono::NaiveDate::from_ymd_opt(2026, 3, 3);
    assert_eq!((one.number.as_str(), one.accepted, one.roll, one.last_received_on), (HERE, 3, Some(120), second));
    assert_eq!(progress(&stage.here).unwrap_err().code, Code::Forbidden);
    let create = |caller: &Caller, new: NewCampaign| stage.db.db.write(caller, |work| campaigns::create(work, new));
    assert_eq!(create(&stage.here, new_campaign(SchoolsIn::AllOpen)).unwrap_err().code, Code::Forbidden);
    let administrator = person(&stage.db, "admin@la.example", Role::Administrator, None);
    let second = create(&administrator, new_campaign(SchoolsIn::AllOpen)).unwrap();
    let all = stage.db.db.read(&setter, |work| campaigns::progress(work, second.id)).unwrap();
    assert_eq!(all.iter().map(|p| p.number.as_str()).collect::<Vec<_>>(), [HERE, THERE]);
    let page = |cursor: Option<String>| {
        let request = PageRequest::read(Some(1), cursor.as_deref()).unwrap();
        stage.db.db.read(&stage.here, |work| campaigns::list(work, request)).unwrap()
    };
    let newest = page(None);
    assert_eq!(newest.items[0].id, second.id);
    let next = page(newest.next.map(crate::kernel::Cursor::encode));
    assert_eq!((next.items[0].id, next.next.is_none()), (campaign, true));
    let bad = NewCampaign {
        instrument: "none".into(),
        academic_year: "2026".into(),
        title: Bilingual { cy: " ".into(), en: "x".repeat(201) },
        closes_on: Utc::from_micros(0).date(),
        schools: SchoolsIn::Listed(vec![listed(HERE, Some(-1)), listed(HERE, None), listed("6760000", None)]),
        ..new_campaign(SchoolsIn::AllOpen)
    };
    let error = create(&administrator, bad).unwrap_err();
    let found: Vec<_> = error.faults.iter().map(|f| (f.pointer.as_str(), f.code)).collect();
    assert_eq!(
        found,
        [
            ("/academic_year", FaultCode::BadFormat),
            ("/title/cy", FaultCode::Missing),
            ("/title/en", FaultCode::TooLong),
            ("/closes_on", FaultCode::DateOutOfRange),
            ("/instrument", FaultCode::NotFound),
            ("/schools/0/roll", FaultCode::OutOfRange),
            ("/schools/1/school_number", FaultCode::Duplicate),
            ("/schools/2/school_number", FaultCode::NotFound),
        ]
    );
}

/// Rows, hashed keys, and what is remembered of bodies.
type Content = (Vec<(i16, Vec<u8>)>, Vec<Vec<u8>>, Vec<Vec<u8>>);

impl Stage {
    fn withdraw(&self, body: &str) -> Result<Withdrawn> {
        let (batch, campaign) = (self.batch(body), self.campaign);
        self.db.db.write(&self.here, move |work| withdraw(work, &vault(), (campaign, &number(HERE)), &batch))
    }

    fn withdraw_all(&self) -> Result<Withdrawn> {
        let campaign = self.campaign;
        self.db.db.write(&self.here, move |work| withdraw_all(work, (campaign, &number(HERE))))
    }

    /// Everything that is stored of the school's answers, without the ids, which are random.
    fn content(&self) -> Content {
        let all = move |work: &mut Work<'_>| {
            let rows = responses::table.select((responses::year_group, responses::answers));
            let mut rows: Vec<(i16, Vec<u8>)> = rows.load(work.conn())?;
            rows.sort_unstable();
            let keys = response_keys::table.select(response_keys::key_hash).order(response_keys::key_hash);
            let digests = submissions::table.select(submissions::digest).order(submissions::digest);
            Ok((rows, keys.load(work.conn())?, digests.load(work.conn())?))
        };
        self.db.db.read(&Caller::system("test"), all).unwrap()
    }

    fn print_codes(&self) -> crate::surveys::codes::Printed {
        let (campaign, class) = (self.campaign, "8 Glas".to_owned());
        let new =
            crate::surveys::codes::NewSheet { year_group: crate::kernel::YearGroup::new(8).unwrap(), class, size: 2 };
        let print =
            move |work: &mut Work<'_>| crate::surveys::codes::make(work, &vault(), (campaign, &number(HERE)), new);
        self.db.db.write(&self.here, print).unwrap()
    }
}

#[test]
fn what_is_withdrawn_is_as_if_it_had_never_come() {
    let stage = Stage::new();
    // The second body has rows equal to the first one's, a faulty row, a key twice and a row without one.
    let first = [row("a", "weekly"), row("b", "weekly"), row("c", "not_at_all")].concat();
    let nameless = "{\"year_group\":8,\"answers\":{\"bullied\":\"weekly\"}}\n";
    let second = [&row("d", "weekly"), nameless, "x\n", &row("d", "not_at_all"), &row("e", "not_at_all")].concat();
    stage.submit(&first, Mode::All).unwrap();
    let alone = stage.content();
    assert_eq!(counts(&stage.submit(&second, Mode::Valid).unwrap()), (3, 1, 1, false));
    let both = stage.content();
    assert_eq!(stage.withdraw(&second).unwrap(), Withdrawn { submissions: 1, rows: 3 });
    assert_eq!(stage.content(), alone);
    assert_eq!(stage.withdraw(&second).unwrap_err().code, Code::SubmissionUnknown);
    // Sent again it is new, and its keys are.
    assert_eq!(counts(&stage.submit(&second, Mode::Valid).unwrap()), (3, 1, 1, false));
    assert_eq!(stage.content(), both);
    // In the other order. The day after, nothing that the second left out can have come with the third.
    assert_eq!(
        stage.withdraw(&first).unwrap_err().code,
        Code::WithdrawalAmbiguous,
        "a row that was left out may be its"
    );
    stage.db.clock.advance_seconds(86_400);
    let third = [row("f", "weekly"), row("g", "weekly")].concat();
    stage.submit(&third, Mode::All).unwrap();
    assert_eq!(stage.withdraw(&third).unwrap().rows, 2);
    assert_eq!(stage.content(), both);
    assert_eq!(stage.withdraw(&second).unwrap().rows, 3);
    assert_eq!(stage.withdraw(&first).unwrap(), Withdrawn { submissions: 1, rows: 3 });
    assert_eq!(stage.stored()[..3], [0, 0, 0]);
}

/// The second body's rows that were left out would go with the first's, and could not be sent again.
#[test]
fn what_another_body_rests_on_is_not_withdrawn() {
    let stage = Stage::new();
    let keyed = |keys: std::ops::Range<u8>| keys.map(|k| row(&format!("k{k}"), "weekly")).collect::<String>();
    let nameless = "{\"year_group\":9,\"answers\":{\"bullied\":\"weekly\"}}\n";
    let (first, second) = (keyed(0..5), keyed(0..7));
    stage.submit(&first, Mode::All).unwrap();
    assert_eq!(counts(&stage.submit(&second, Mode::All).unwrap()), (2, 0, 5, false));
    stage.submit(nameless, Mode::All).unwrap();
    // On no row without a key does another body rest.
    assert_eq!(stage.withdraw(nameless).unwrap().rows, 1);
    let before = stage.content();
    assert_eq!(stage.withdraw(&first).unwrap_err().code, Code::WithdrawalAmbiguous);
    stage.db.clock.advance_seconds(86_400);
    assert_eq!(stage.withdraw(&first).unwrap_err().code, Code::WithdrawalAmbiguous);
    assert_eq!(stage.content(), before);
    assert_eq!(stage.withdraw_all().unwrap(), Withdrawn { submissions: 2, rows: 7 });
    assert_eq!(counts(&stage.submit(&second, Mode::All).unwrap()), (7, 0, 0, false));
}

#[test]
fn what_cannot_be_told_apart_is_not_withdrawn() {
    let stage = Stage::new();
    stage.submit(&row("a", "weekly"), Mode::All).unwrap();
    let shared = [row("a", "not_at_all"), row("b", "weekly")].concat();
    assert_eq!(counts(&stage.submit(&shared, Mode::All).unwrap()), (1, 0, 1, false));
    let before = stage.content();
    assert_eq!(stage.withdraw(&shared).unwrap_err().code, Code::WithdrawalAmbiguous);
    assert_eq!(stage.content(), before);
    assert_eq!(stage.withdraw(&row("z", "weekly")).unwrap_err().code, Code::SubmissionUnknown);
    // A body of which nothing was kept is withdrawn without a row.
    let nothing = row("a", "weekly").repeat(2);
    assert_eq!(counts(&stage.submit(&nothing, Mode::All).unwrap()), (0, 0, 2, false));
    assert_eq!(stage.withdraw(&nothing).unwrap(), Withdrawn { submissions: 1, rows: 0 });
    assert_eq!(stage.content(), before);
    let campaign = stage.campaign;
    let all = move |work: &mut Work<'_>| withdraw_all(work, (campaign, &number(HERE)));
    assert_eq!(stage.db.db.write(&stage.there, all).unwrap_err().code, Code::Forbidden);
    assert_eq!(stage.withdraw_all().unwrap(), Withdrawn { submissions: 2, rows: 2 });
    assert_eq!(stage.stored()[..3], [0, 0, 0]);
    assert_eq!(stage.withdraw_all().unwrap(), Withdrawn { submissions: 0, rows: 0 });
    stage.submit(&shared, Mode::All).unwrap();
    stage.db.clock.advance_seconds(20 * 86_400);
    assert_eq!(stage.withdraw_all().unwrap_err().code, Code::CampaignClosed);
}

/// Whoever has the database can't try a body: what is remembered of it is not its own digest, and after sign-off nothing is.
#[test]
fn a_body_is_not_to_be_guessed_and_is_forgotten() {
    let stage = Stage::new();
    let body = row("a", "weekly");
    let receipt = stage.submit(&body, Mode::All).unwrap();
    let digest = stage.content().2.concat();
    assert!(digest.len() == 32 && to_hex(&digest) != receipt.digest, "the plain digest is stored");
    let campaign = stage.campaign;
    let forget = move |work: &mut Work<'_>| {
        let school = schools::by_number(work, &number(HERE))?;
        let school = grant(work, Action::SubmitResponses, school.id, &Facts::of_school(school.id))?;
        audit::record(work, "survey.test", Object::one("campaign", campaign.uuid()), "forgotten");
        forget(work, &school, campaign)
    };
    stage.db.db.write(&stage.here, forget).unwrap();
    let (rows, keys, digests) = stage.content();
    assert_eq!((rows.len(), keys.len(), digests.len()), (1, 0, 1));
    assert_ne!(digests.concat(), digest);
    assert_eq!(stage.withdraw(&body).unwrap_err().code, Code::SubmissionUnknown);
}

#[test]
fn a_school_has_one_way_in() {
    use crate::surveys::codes;
    let stage = Stage::new();
    let sheet = stage.print_codes();
    assert_eq!(stage.submit(&row("a", "weekly"), Mode::All).unwrap_err().code, Code::CodesInUse);
    let (campaign, id) = (stage.campaign, sheet.sheet.id);
    let void = move |work: &mut Work<'_>| codes::void(work, (campaign, &number(HERE)), id);
    stage.db.db.write(&stage.here, void).unwrap();
    // Nobody has answered: the school may send a file after all.
    assert_eq!(counts(&stage.submit(&row("a", "weekly"), Mode::All).unwrap()), (1, 0, 0, false));
    assert_eq!(stage.withdraw_all().unwrap().rows, 1);
    let sheet = stage.print_codes();
    let code = sheet.codes.into_iter().next().unwrap();
    let answer = move |work: &mut Work<'_>| {
        audit::record(work, "survey.test", Object::one("campaign", campaign.uuid()), "answered");
        let help = crate::surveys::texts::HelpWords::default();
        codes::answer(work, &vault(), &code, &[], (&[], &help))
    };
    assert!(stage.db.db.write(&stage.here, answer).unwrap().is_none());
    let id = sheet.sheet.id;
    stage.db.db.write(&stage.here, move |work| codes::void(work, (campaign, &number(HERE)), id)).unwrap();
    assert_eq!(stage.submit(&row("a", "weekly"), Mode::All).unwrap_err().code, Code::CodesInUse);
}
