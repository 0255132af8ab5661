//! Requests that are good as they are.

use std::sync::atomic::{AtomicU32, Ordering};

use chrono::{Datelike as _, Days, NaiveDate};
use serde_json::{Value, json};

/// Children made up so far.
static CHILDREN: AtomicU32 = AtomicU32::new(0);

/// An invented child, with no number of their own: two referrals for them are for two children.
#[must_use]
pub fn pupil() -> Value {
    let given_name = format!("Enghraifft {}", CHILDREN.fetch_add(1, Ordering::Relaxed));
    json!({"given_name": given_name, "family_name": "Ddysgwr", "born_on": "2012-05-04"})
}

/// A referral to a service, from this school.
#[must_use]
pub fn referral(school: &str, service: &str) -> Value {
    json!({
        "school_number": school,
        "service": service,
        "pupil": pupil(),
        "year_group": 9,
        "key_area": "wellbeing",
        "urgency": "soon",
        "need": "Help with settling back in.",
        "evidence": "Small group sessions for six weeks, with little change.",
        "consent": {"given_by": "parent", "given_on": "2026-02-20"},
    })
}

/// A WARRN record about a child of this school.
#[must_use]
pub fn warrn(school: &str) -> Value {
    json!({
        "school": school,
        "pupil": pupil(),
        "agreement": "WASPI-2026-01",
        "summary": [{"heading": "triggers", "text": "Loud corridors."}],
    })
}

/// The academic year of a day, such as `2025/26`: from 1 September to 31 August.
#[must_use]
pub fn academic_year(day: NaiveDate) -> String {
    let first = day.year() - i32::from(day.month() < 9);
    format!("{first}/{:02}", (first + 1) % 100)
}

/// A campaign of every school, open since the day before `today`.
#[must_use]
pub fn campaign(today: NaiveDate) -> Value {
    json!({
        "instrument": "bullying",
        "academic_year": academic_year(today),
        "title": {"cy": "Arolwg", "en": "Survey"},
        "opens_on": today.checked_sub_days(Days::new(1)).unwrap(),
        "closes_on": today.checked_add_days(Days::new(30)).unwrap(),
    })
}

/// Two pupils' answers.
#[must_use]
pub fn responses() -> Value {
    json!({"responses": [
        {"year_group": 8, "row_key": "a", "answers": {"safe_school": "always"}},
        {"year_group": 9, "row_key": "b", "answers": {"safe_school": "sometimes"}},
    ]})
}

/// A sheet of codes for a class.
#[must_use]
pub fn codes() -> Value {
    json!({"year_group": 8, "class": "8 Glas", "size": 3})
}
