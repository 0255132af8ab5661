use super::*;
use crate::disclosure::{Choice, Question, Tally, Threshold, disclose_group};
use crate::kernel::{Bilingual, CampaignId};
use crate::surveys::campaigns::NilReason;
use crate::surveys::releases::{Asked, Header, OFTEN, Reason};

const SCALE: [&str; 3] = ["not_at_all", "once_or_twice", OFTEN];

fn date(d: u32) -> chrono::NaiveDate {
    chrono::NaiveDate::from_ymd_opt(2026, 3, d).unwrap()
}

fn table(kind: Kind, number: Option<usize>, counts: [u32; 3], roll: Option<i64>) -> Table {
    let base = counts.iter().sum();
    let question = Question {
        code: "bullied".into(),
        options: SCALE.map(str::to_owned).to_vec(),
        choice: Choice::One,
        tallies: vec![Tally::Counted { base, counts: counts.to_vec() }],
    };
    Table {
        beside: Vec::new(),
        kind,
        code: kind.to_string(),
        name: Bilingual { cy: "Enw".into(), en: "Name".into() },
        school_number: number.map(|n| format!("67640{n:02}")),
        year_group: None,
        responses: number.map(|_| base),
        roll,
        figures: vec![disclose_group("g", vec![question], Threshold::default()).unwrap().remove(0)],
    }
}

/// So many schools, of which these many stand out, beside one whose figures are withheld.
fn release(schools: usize, above: usize) -> Released {
    let mut tables = vec![table(Kind::Authority, None, [6800, 2000, 1200], None)];
    let counts = |at| if at < above { [60, 60, 80] } else { [136, 40, 24] };
    tables.extend((0..schools).map(|at| table(Kind::School, Some(at), counts(at), Some(250))));
    tables.push(table(Kind::School, Some(schools), [7, 2, 3], None));
    Released {
        header: Header {
            campaign_id: CampaignId::from_uuid(uuid::Uuid::nil()),
            number: 1,
            reason: Reason::First,
            academic_year: "2025/26".into(),
            title: Bilingual { cy: "Arolwg".into(), en: "Survey".into() },
            window: [date(1), date(14)],
            published_on: date(16),
            instrument: "bullying/1".into(),
            min_base: 30,
            questions: vec![Asked { code: "bullied".into(), options: SCALE.map(str::to_owned).to_vec() }],
            changed: Vec::new(),
            carried: Vec::new(),
            breakdowns: Vec::new(),
        },
        tables,
        digest: String::new(),
    }
}

fn definition() -> Definition {
    serde_json::from_str(include_str!("../../../instruments/builtin/bullying-v1.json")).unwrap()
}

#[test]
fn columns_are_of_what_was_asked() {
    let released = release(1, 0);
    assert_eq!(columns(&released, &definition(), None).unwrap(), [("bullied".to_owned(), OFTEN.to_owned())]);
    let all: Vec<String> =
        columns(&released, &definition(), Some("bullied")).unwrap().into_iter().map(|(_, option)| option).collect();
    assert_eq!(all, SCALE);
    assert_eq!(columns(&released, &definition(), Some("told")), None);
}

#[test]
fn a_row_marks_what_stands_out_and_keeps_its_symbol() {
    let released = release(2, 1);
    let columns = columns(&released, &definition(), None).unwrap();
    let rows: Vec<HeatCell> = compared_tables(&released).map(|t| row(&released, t, &columns).remove(0)).collect();
    assert_eq!(rows.iter().map(|r| r.mark).collect::<Vec<_>>(), [None, Some(Mark::Above), None, None]);
    assert_eq!(rows[3].seen, Seen::Withheld { symbol: "c", reason: "small_n" });
    let Seen::Shown(worth) = &rows[1].seen else { panic!("{rows:?}") };
    assert_eq!((worth.base, worth.share.range().as_str()), (200, "40–45%"));
    assert!(worth.interval.from < 40 && worth.interval.to > 45);
}

/// A count of schools is told from five on, whatever it counts.
#[test]
fn fewer_than_five_schools_are_not_counted() {
    assert_eq!([0, 1, 4, 5, 6].map(Told::of), [Told::Few, Told::Few, Told::Few, Told::Number(5), Told::Number(6)]);
    let of = |schools, above| {
        let all = standing_out(&release(schools, above), &definition());
        assert_eq!(all.len(), 1, "of questions that were not asked nothing is said");
        (all[0].finding, all[0].above, all[0].below, all[0].of)
    };
    assert_eq!(of(9, 4), ("high_bullied", Told::Few, Told::Few, Told::Number(9)));
    assert_eq!(of(9, 5), ("high_bullied", Told::Number(5), Told::Few, Told::Number(9)));
    assert_eq!(of(4, 0).3, Told::Few);
}

#[test]
fn taking_part_is_counted_where_the_roll_is_known() {
    let day = Some(date(10));
    let part = |signed, nil| Part { signed_off_on: signed, nil, ..Part::default() };
    let mut parts = vec![part(day, None); 6];
    parts.push(part(day, Some(NilReason::NoPupils)));
    parts.push(part(None, None));
    let found = taking_part(&release(7, 0), &parts);
    assert_eq!((found.schools, found.signed_off, found.nil_returns), (8, Told::Number(6), Told::Few));
    // The last school's twelve pupils took part, and nobody knows of how many.
    assert_eq!((found.responses, found.roll, found.rate), (7 * 200 + 12, Some(7 * 250), Some(80)));
}

#[test]
fn approaches_of_few_schools_are_not_told_apart_from_those_of_none() {
    let toolkit = crate::toolkit::shipped(crate::toolkit::NEWEST).unwrap();
    let count = |all: &[(&str, usize)]| all.iter().map(|(code, n)| ((*code).to_owned(), *n)).collect::<Vec<_>>();
    let now = count(&[("shared_meaning", 6), ("mapped_places", 4), ("life_online", 1)]);
    let before = count(&[("mapped_places", 5), ("safe_journeys", 3)]);
    let told = taken_up(&toolkit, &now, Some(&before));
    let told: Vec<_> = told.iter().map(|a| (a.code.as_str(), a.now, a.before)).collect();
    assert_eq!(
        told,
        [("shared_meaning", Told::Number(6), Some(Told::Few)), ("mapped_places", Told::Few, Some(Told::Number(5)))]
    );
    assert_eq!(taken_up(&toolkit, &now, None).len(), 1);
}
