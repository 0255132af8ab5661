//! An invented authority's answers, for tests.

use std::borrow::Cow;

use super::super::model::{Cell, Expected, Gathered, Line, Reason, State};
use super::super::snapshot::{Masks, Snapshot};
use crate::directory::schools::School;
use crate::instruments::{Answer, Definition, Layout};
use crate::kernel::{
    Bilingual, CampaignId, InstrumentId, Medium, Phase, SchoolId, SchoolNumber, Utc, YearGroup, YearGroups,
};
use crate::surveys::campaigns::{Campaign, Rolls};
use crate::surveys::stage::vault;
use crate::surveys::tallies::Rows;

/// Some of the questionnaire's questions.
pub fn definition(questions: &[&str]) -> Definition {
    let text = include_str!("../../../instruments/builtin/bullying-v1.json");
    let mut definition: Definition = serde_json::from_str(text).unwrap();
    definition.questions.retain(|q| questions.contains(&q.code.as_str()));
    definition
}

/// Their layout.
pub fn layout(questions: &[&str]) -> Layout {
    Layout::of(&definition(questions)).unwrap()
}

/// One pupil's row.
pub fn answers_of(layout: &Layout, year: YearGroup, given: &[(&str, &str)]) -> Vec<u8> {
    let answers: Vec<(Cow<'_, str>, Answer<'_>)> =
        given.iter().map(|(q, o)| ((*q).into(), Answer::One((*o).into()))).collect();
    layout.pack(layout.band(year).unwrap(), &answers).unwrap().as_bytes().to_vec()
}

/// So many pupils of year 8 in three secondary schools.
pub fn gathered_of(layout: Layout, pupils: usize, row: impl Fn(&Layout, YearGroup, usize) -> Vec<u8>) -> Gathered {
    let year = YearGroup::new(8).unwrap();
    let mut cells: Vec<Cell> = (0..3).map(|school| Cell { school, year, rows: Rows::of(layout.width()) }).collect();
    for at in 0..pupils {
        assert!(cells[at % 3].rows.push(&row(&layout, year, at)));
    }
    let expected = (0..3).map(|n| Expected { school: school(n, Phase::Secondary), rolls: Rolls::default() });
    gathered(layout, expected.collect(), cells)
}

fn date(d: u32) -> chrono::NaiveDate {
    chrono::NaiveDate::from_ymd_opt(2026, 3, d).unwrap()
}

/// A school of a phase, in one of two clusters.
pub fn school(n: u32, phase: Phase) -> School {
    School {
        id: SchoolId::from_uuid(uuid::Uuid::from_u128(n.into())),
        number: SchoolNumber::parse(&format!("67640{n:02}")).unwrap(),
        name: Bilingual { cy: format!("Ysgol {n}"), en: format!("School {n}") },
        phase,
        medium: Medium::Welsh,
        cluster: Some(if n.is_multiple_of(2) { "Dwyrain" } else { "Gorllewin" }.into()),
        opened_on: None,
        closed_on: None,
    }
}

/// A campaign that is over, with these answers.
pub fn gathered(layout: Layout, schools: Vec<Expected>, cells: Vec<Cell>) -> Gathered {
    let id = CampaignId::from_uuid(uuid::Uuid::nil());
    let mut gathered = Gathered {
        campaign: Campaign {
            id,
            instrument: InstrumentId::from_uuid(uuid::Uuid::nil()),
            academic_year: "2025/26".into(),
            title: Bilingual { cy: "Arolwg".into(), en: "Survey".into() },
            opens_on: date(1),
            closes_on: date(14),
            late_days: 0,
            years: YearGroups::of((3..=11).map(|n| YearGroup::new(n).unwrap())),
            version: 1,
            created_at: Utc::from_micros(0),
        },
        line: Line {
            campaign: id,
            number: 1,
            state: State::Deciding,
            reason: Reason::First,
            asked_on: date(16),
            published_on: None,
            refusal: None,
            digest: None,
        },
        layout,
        schools,
        cells,
        before: Vec::new(),
        others: Vec::new(),
        snapshot: Snapshot::default(),
        masks: Masks::default(),
        today: date(16),
    };
    super::super::service::note(&mut gathered, &vault());
    gathered
}
