//! How days are counted, and what runs by them.

use dolen_domain::kernel::{Bilingual, CalendarSettings, Division};
use dolen_domain::provision::ProvisionSettings;
use dolen_domain::warrn::returns::{ReturnClocks, StepTime};
use dolen_domain::warrn::{Heading, WarrnSettings};

use super::Reader;

/// The calendar's settings.
pub(super) fn calendar(r: &mut Reader<'_>) -> CalendarSettings {
    let settings = CalendarSettings {
        division: r.word(
            "calendar.division",
            &[("wales", Division::Wales), ("england", Division::England)],
            Division::Wales,
        ),
        opens: r.number("calendar.opens_hour"),
        closes: r.number("calendar.closes_hour"),
    };
    r.check(
        settings.opens < settings.closes && settings.closes <= 24,
        "calendar.opens_hour, calendar.closes_hour: hours from 0 to 24, the first before the second",
    );
    settings
}

/// Whether a code can stand in a form as the name of its box.
fn is_a_word(code: &str) -> bool {
    !code.is_empty() && code.len() <= 64 && code.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
}

/// The settings of WARRN records.
pub(super) fn warrn(r: &mut Reader<'_>, provision: ProvisionSettings) -> WarrnSettings {
    let text = r.text("warrn.headings");
    let mut headings = Vec::new();
    for part in text.split(';').map(str::trim).filter(|p| !p.is_empty()) {
        match part.split_once('=').and_then(|(code, label)| Some((code.trim(), label.split_once('|')?))) {
            Some((code, (cy, en))) if is_a_word(code) && !cy.trim().is_empty() && !en.trim().is_empty() => {
                let label = Bilingual { cy: cy.trim().to_owned(), en: en.trim().to_owned() };
                headings.push(Heading { code: code.to_owned(), label });
            }
            _ => r.faults.push(format!(
                "warrn.headings: `{part}` is not code=Welsh|English, the code of letters, digits, - and _"
            )),
        }
    }
    let once = |h: &Heading| headings.iter().filter(|other| other.code == h.code).count() == 1;
    r.check(headings.iter().all(once), "warrn.headings: each code once; a summary has a heading at most once");
    let proposal = WarrnSettings::default();
    let tell_leads_again_within = r.number("warrn.tell_leads_again_days");
    r.check((1..=60).contains(&tell_leads_again_within), "warrn.tell_leads_again_days: from 1 to 60");
    WarrnSettings {
        headings: if headings.is_empty() { proposal.headings } else { headings },
        cluster_weeks: r.number("warrn.cluster_weeks"),
        clocks: ReturnClocks {
            acknowledge: step(r, "warrn.acknowledge_working_days", "warrn.acknowledge_before_return_days"),
            risk_assessment: step(r, "warrn.risk_assessment_days", "warrn.risk_assessment_before_return_days"),
            return_meeting: step(r, "warrn.return_meeting_days", "warrn.return_meeting_before_return_days"),
            return_plan: step(r, "warrn.return_plan_days", "warrn.return_plan_before_return_days"),
            find_return_date_within: r.number("warrn.find_return_date_days"),
            first_review_days: r.number("warrn.first_review_days"),
            review_weeks: r.number("warrn.review_weeks"),
            part_time_weeks: r.number("warrn.part_time_weeks"),
            close_within: r.number("warrn.close_days"),
            tell_again_within: r.number("warrn.tell_again_days"),
            tell_leads_again_within,
            stand_in_within: r.number("warrn.stand_in_days"),
            shortest_hours: r.number("warrn.shortest_hours"),
        },
        read_after_closing_days: r.number("warrn.read_after_closing_days"),
        psychology_service: r.text("warrn.psychology_service"),
        provision,
        calendar: calendar(r),
    }
}

/// The settings of special provision.
pub(super) fn provision(r: &mut Reader<'_>) -> ProvisionSettings {
    let longest_timetable_weeks = r.number("provision.longest_timetable_weeks");
    r.check((1..=52).contains(&longest_timetable_weeks), "provision.longest_timetable_weeks: from 1 to 52");
    ProvisionSettings { longest_timetable_weeks, calendar: calendar(r) }
}

fn step(r: &mut Reader<'_>, within: &str, before_return: &str) -> StepTime {
    let time = StepTime { within: r.number(within), before_return: r.number(before_return) };
    r.check(time.within <= 100, format!("{within}: at most 100"));
    r.check(time.before_return <= 20, format!("{before_return}: at most 20"));
    time
}
