//! A correction tells nothing new of a question to which a handful answers otherwise.

use super::*;
use crate::surveys::releases::snapshot::Snapshot;

/// Three large schools, a campaign of two questions; late pupils of the first school, of whom some answer the second.
fn authority(late: &[Option<&str>]) -> Gathered {
    let layout = testing::layout(&["bullied", "trusted_adult"]);
    let row = |layout: &Layout, year, at: usize| {
        let bullied = if at.is_multiple_of(3) { "weekly" } else { "not_at_all" };
        let adult = if at % 5 < 2 { "no" } else { "yes" };
        testing::answers_of(layout, year, &[("bullied", bullied), ("trusted_adult", adult)])
    };
    let mut gathered = testing::gathered_of(layout, 900, row);
    let layout = testing::layout(&["bullied", "trusted_adult"]);
    for adult in late {
        let adult = adult.map(|adult| ("trusted_adult", adult));
        let given: Vec<_> = std::iter::once(("bullied", "once_or_twice")).chain(adult).collect();
        let year = gathered.cells[0].year;
        assert!(gathered.cells[0].rows.push(&testing::answers_of(&layout, year, &given)));
    }
    super::super::super::service::note(&mut gathered, &vault());
    gathered
}

fn after(mut gathered: Gathered, before: &[(Snapshot, Released)]) -> (Snapshot, Released) {
    let earlier = |(snapshot, released): &(Snapshot, Released)| Earlier {
        released: released.clone(),
        snapshot: snapshot.clone(),
    };
    gathered.before = before.iter().map(earlier).collect();
    gathered.line.number = i64::try_from(before.len()).unwrap() + 1;
    (gathered.snapshot.clone(), published(gathered))
}

fn of_question(released: &Released, question: usize) -> Vec<&PublishedFigure> {
    released.tables.iter().map(|table| &table.figures[question]).collect()
}

fn carried(released: &Released) -> Vec<(&str, i64)> {
    released.header.carried.iter().map(|c| (c.question.as_str(), c.release)).collect()
}

#[test]
fn a_question_that_few_late_pupils_answered_keeps_its_figures() {
    let none = vec![None; 60];
    let few: Vec<Option<&str>> = none.iter().copied().enumerate().map(|(n, _)| (n < 3).then_some("no")).collect();
    let many = vec![Some("no"); 60];
    let first = after(authority(&[]), &[]);
    let second = after(authority(&few), std::slice::from_ref(&first));
    let at = |question: &str| first.1.header.questions.iter().position(|q| q.code == question).unwrap();
    let (bullied, adult) = (at("bullied"), at("trusted_adult"));
    assert_eq!(carried(&second.1), [("trusted_adult", 1)]);
    assert_eq!(of_question(&first.1, adult), of_question(&second.1, adult));
    assert_ne!(of_question(&first.1, bullied), of_question(&second.1, bullied));
    assert!(second.1.header.changed.iter().all(|change| change.question == "bullied"));
    // Nothing more changed: they are still the first release's, though the second counted the same answers.
    let third = after(authority(&few), &[first.clone(), second.clone()]);
    assert_eq!(carried(&third.1), [("trusted_adult", 1)]);
    let fourth = after(authority(&many), &[first.clone(), second, third]);
    assert_eq!(carried(&fourth.1), []);
    assert_ne!(of_question(&first.1, adult), of_question(&fourth.1, adult));
    // Where none of the late answered it, all sixty would be known not to have.
    let other = after(authority(&none), std::slice::from_ref(&first));
    assert_eq!(carried(&other.1), [("trusted_adult", 1)]);
    assert_eq!(of_question(&first.1, adult), of_question(&other.1, adult));
}

/// The same answers are sent to a survey that was made again, with one pupil's more.
#[test]
fn answers_that_another_survey_has_but_for_a_few_are_not_published() {
    let again = |late: usize| {
        let mut gathered = authority(&vec![Some("no"); late]);
        gathered.others = vec![authority(&[]).snapshot];
        decide(gathered, Threshold::default()).outcome.map(|_| ())
    };
    let refused = again(1).unwrap_err();
    assert_eq!(refused.finding, Finding::Isolates);
    assert!(refused.group.starts_with("school/6764000/year/8, "), "{refused}");
    assert!(again(9).is_err() && again(10).is_ok() && again(0).is_ok());
}
