use std::collections::BTreeSet;

use diesel::prelude::*;

use super::*;
use crate::access::Role;
use crate::db::schema::{arrivals as a, audit_entries, responses as r, spent_arrivals, spent_codes, survey_codes};
use crate::kernel::{Caller, YearGroup};
use crate::surveys::stage::*;

impl Stage {
    fn printing<T: Send + 'static>(
        &self,
        who: &Caller,
        f: impl FnOnce(&mut Work<'_>, CampaignId) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let campaign = self.campaign;
        self.db.db.write(who, move |work| f(work, campaign))
    }

    fn print(&self, class: &str, size: u16) -> Printed {
        let new = sheet(class, size);
        self.printing(&self.here, |work, c| make(work, &vault(), (c, &number(HERE)), new)).unwrap()
    }

    fn all(&self) -> Vec<Sheet> {
        let campaign = self.campaign;
        self.db.db.read(&self.here, move |work| sheets(work, (campaign, &number(HERE)))).unwrap()
    }

    /// Answers as a pupil does: nobody, and on no record.
    fn answer(&self, code: &WordCode, bullied: &str) -> Result<Option<Entered>> {
        let (code, bullied) = (code.clone(), bullied.to_owned());
        let given = move |work: &mut Work<'_>| {
            let own = (&[][..], &HelpWords::with("").unwrap());
            answer(work, &vault(), &code, &[("bullied".into(), Answer::One(bullied.into()))], own)
        };
        self.db.db.upkeep(&Caller::system("test"), given)
    }

    fn enter(&self, code: &WordCode) -> Entered {
        let code = code.clone();
        self.db.db.read(&Caller::system("test"), move |work| enter(work, &vault(), &code)).unwrap()
    }

    /// Responses, those that have just come, unspent codes, spent ones.
    fn rows(&self) -> [i64; 4] {
        let count = |work: &mut Work<'_>| {
            Ok([
                r::table.count().get_result(work.conn())?,
                a::table.count().get_result(work.conn())?,
                survey_codes::table.count().get_result(work.conn())?,
                spent_codes::table.count().get_result::<i64>(work.conn())?
                    + spent_arrivals::table.count().get_result::<i64>(work.conn())?,
            ])
        };
        self.db.db.read(&Caller::system("test"), count).unwrap()
    }

    fn audited(&self) -> Vec<(String, String)> {
        let read = |work: &mut Work<'_>| {
            let of_survey = audit_entries::table.filter(audit_entries::action.like("survey.%"));
            Ok(of_survey
                .order(audit_entries::seq)
                .select((audit_entries::action, audit_entries::detail))
                .load(work.conn())?)
        };
        self.db.db.read(&Caller::system("test"), read).unwrap()
    }
}

fn sheet(class: &str, size: u16) -> NewSheet {
    NewSheet { year_group: YearGroup::new(8).unwrap(), class: class.to_owned(), size }
}

#[test]
fn a_class_answers_and_each_code_is_good_once() {
    let stage = Stage::new();
    let printed = stage.print("8 Glas", 23);
    assert_eq!(printed.codes.iter().map(WordCode::canonical).collect::<BTreeSet<_>>().len(), 23);
    assert_eq!((printed.sheet.size, printed.sheet.unspent, stage.rows()), (23, 23, [0, 0, 23, 0]));
    let Entered::Ready(ticket) = stage.enter(&printed.codes[0]) else { panic!() };
    assert_eq!((ticket.campaign, ticket.year_group.number()), (stage.campaign, 8));
    for (n, code) in printed.codes.iter().enumerate().take(22) {
        assert!(stage.answer(code, "not_at_all").unwrap().is_none());
        assert!(matches!(stage.answer(code, "not_at_all"), Ok(Some(Entered::Spent))), "{n}: twice");
        assert!(matches!(stage.enter(code), Entered::Spent));
        let n = i64::try_from(n).unwrap() + 1;
        // Nineteen wait; the twentieth sends ten of them on, and ten of the codes.
        let gone = if n < 20 { 0 } else { 10 };
        assert_eq!(stage.rows(), [gone, n - gone, 23 - n, n]);
    }
    assert_eq!(stage.all()[0].unspent, 1);
    let campaign = stage.campaign;
    let progress = stage.db.db.read(&Caller::system("test"), move |work| campaigns::progress(work, campaign)).unwrap();
    assert_eq!((progress[0].accepted, progress[0].last_received_on), (22, None));
    // The school is on record for printing; nobody is for answering.
    assert_eq!(stage.audited(), [("survey.print_codes".to_owned(), "23 codes for year 8".to_owned())]);
}

#[test]
fn what_does_not_fit_spends_nothing() {
    let stage = Stage::new();
    let code = stage.print("8 Glas", 1).codes.remove(0);
    let refused = stage.answer(&code, "xqcanari").unwrap_err();
    assert_eq!((refused.code, refused.faults[0].pointer.as_str()), (Code::InvalidBody, "/bullied"));
    assert_eq!(stage.rows(), [0, 0, 1, 0]);
    assert!(stage.answer(&code, "not_at_all").unwrap().is_none());
}

#[test]
fn a_code_opens_nothing_outside_the_window_nor_one_nobody_printed() {
    let stage = Stage::new();
    let code = stage.print("8 Glas", 1).codes.remove(0);
    stage.db.clock.advance_seconds(13 * 86_400);
    assert!(matches!(stage.enter(&code), Entered::Closed));
    assert!(matches!(stage.answer(&code, "not_at_all"), Ok(Some(Entered::Closed))));
    let after = stage.printing(&stage.here, |work, c| make(work, &vault(), (c, &number(HERE)), sheet("8", 1)));
    assert_eq!(after.unwrap_err().code, Code::CampaignClosed);
    stage.db.clock.advance_seconds(-86_400);
    for _ in 0..1000 {
        let forged = WordCode::draw(&crate::kernel::OsChance);
        assert!(forged == code || matches!(stage.enter(&forged), Entered::Unknown));
    }
    assert!(stage.answer(&code, "not_at_all").unwrap().is_none());
}

#[test]
fn a_lost_sheet_is_replaced_by_as_many_codes_as_were_left() {
    let stage = Stage::new();
    let lost = stage.print("8 Glas", 5);
    assert!(stage.answer(&lost.codes[0], "not_at_all").unwrap().is_none());
    let id = lost.sheet.id;
    let again =
        |stage: &Stage| stage.printing(&stage.here, move |work, c| reissue(work, &vault(), (c, &number(HERE)), id));
    let new = again(&stage).unwrap();
    assert_eq!((new.codes.len(), &new.sheet.class), (4, &lost.sheet.class));
    for code in &lost.codes[1..] {
        assert!(matches!(stage.answer(code, "not_at_all"), Ok(Some(Entered::Unknown))), "a voided code opens nothing");
    }
    assert_eq!(again(&stage).unwrap_err().code, Code::StateConflict, "there is nothing left to replace");
    assert!(new.codes.iter().all(|code| matches!(stage.answer(code, "not_at_all"), Ok(None))));
    let sheets: Vec<_> = stage.all().into_iter().map(|s| (s.unspent, s.voided_on.is_some())).collect();
    assert_eq!(sheets.iter().collect::<BTreeSet<_>>(), [(0, false), (0, true)].iter().collect());
    assert_eq!(stage.rows(), [0, 5, 0, 5]);
}

#[test]
fn a_school_prints_and_calls_back_its_own_alone() {
    let stage = Stage::new();
    let id = stage.print("8 Glas", 2).sheet.id;
    let outsider = person(&stage.db, "admin@la.example", Role::Administrator, None);
    let print = |who: &Caller, at: &'static str| {
        stage.printing(who, move |work, c| make(work, &vault(), (c, &number(at)), sheet("8", 1))).map(drop)
    };
    assert_eq!(print(&outsider, HERE).unwrap_err().code, Code::Forbidden);
    assert_eq!(print(&stage.there, HERE).unwrap_err().code, Code::Forbidden);
    assert_eq!(print(&stage.there, THERE).unwrap_err().code, Code::NotFound, "it takes no part");
    let call_back = |who: &Caller| stage.printing(who, move |work, c| void(work, (c, &number(HERE)), id));
    assert_eq!(call_back(&stage.there).unwrap_err().code, Code::Forbidden);
    assert_eq!(stage.rows(), [0, 0, 2, 0]);
    let gone = call_back(&stage.here).unwrap();
    assert!(gone.unspent == 0 && gone.voided_on.is_some());
    let faults = stage.printing(&stage.here, |work, c| {
        let new = NewSheet { year_group: YearGroup::new(2).unwrap(), class: String::new(), size: 0 };
        make(work, &vault(), (c, &number(HERE)), new)
    });
    let faults = faults.unwrap_err().faults;
    assert_eq!(faults.iter().map(|f| f.pointer.as_str()).collect::<Vec<_>>(), ["/class", "/size", "/year_group"]);
}

#[test]
fn no_table_joins_a_code_to_an_answer() {
    let columns = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<BTreeSet<_>>();
    let stage = Stage::new();
    let code = stage.print("8 Glas", 1).codes.remove(0);
    assert!(stage.answer(&code, "not_at_all").unwrap().is_none());
    for (table, expected) in [
        ("arrivals", &["campaign_id", "school_id", "id", "year_group", "answers"][..]),
        ("responses", &["campaign_id", "school_id", "id", "year_group", "answers"]),
        ("spent_arrivals", &["code_hash", "campaign_id", "school_id"]),
        ("spent_codes", &["code_hash", "campaign_id"]),
    ] {
        #[derive(diesel::QueryableByName)]
        struct Column {
            #[diesel(sql_type = diesel::sql_types::Text)]
            name: String,
        }
        let found: Vec<Column> = stage
            .db
            .db
            .read(&Caller::system("test"), move |work| {
                Ok(diesel::sql_query(format!("SELECT name FROM pragma_table_info('{table}')")).load(work.conn())?)
            })
            .unwrap();
        assert_eq!(found.into_iter().map(|c| c.name).collect::<BTreeSet<_>>(), columns(expected), "{table}");
    }
}

#[test]
fn when_a_campaign_is_over_its_codes_are_forgotten_and_its_answers_are_all_there() {
    let stage = Stage::new();
    let printed = stage.print("8 Glas", 30);
    for code in &printed.codes[..25] {
        assert!(stage.answer(code, "not_at_all").unwrap().is_none());
    }
    let over = |stage: &Stage| stage.db.db.read(&Caller::system("test"), to_settle).unwrap();
    assert!(over(&stage).is_empty(), "it is open");
    stage.db.clock.advance_seconds(13 * 86_400);
    assert_eq!((stage.rows(), over(&stage)), ([10, 15, 5, 25], vec![stage.campaign]));
    let campaign = stage.campaign;
    stage.db.db.write(&Caller::system("test"), move |work| settle(work, campaign)).unwrap();
    assert_eq!((stage.rows(), over(&stage)), ([25, 0, 0, 0], Vec::new()));
    assert!(matches!(stage.enter(&printed.codes[0]), Entered::Unknown));
    assert_eq!(stage.audited().last().unwrap(), &("survey.settle".to_owned(), "30 codes forgotten".to_owned()));
}
