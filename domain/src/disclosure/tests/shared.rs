//! What is told of several schools is of several, question by question.

use super::*;

/// Three schools, the first of which is asked a question that the others are not, and another that all are asked.
fn release(owners: [Option<usize>; 3], bases: [u32; 3]) -> Release {
    let atom = |(at, owner): (usize, Option<usize>)| Atom { code: format!("s{at}"), roll: None, least: 0, owner };
    let tally = |base: u32| Tally::Counted { base, counts: vec![base / 2, base - base / 2] };
    let asked = |code: &str, tallies: [Tally; 3]| Question {
        code: code.into(),
        options: vec!["yes".into(), "no".into()],
        choice: Choice::One,
        tallies: tallies.into(),
    };
    let of_the_oldest = [tally(bases[0]), Tally::NotAsked, Tally::NotAsked];
    let questions = vec![asked("all", bases.map(tally)), asked("oldest", of_the_oldest)];
    let own =
        (0..3).map(|at| Group { code: format!("school/{at}"), kind: "school".into(), atoms: vec![at], roll: None });
    let all = Group { code: "cluster".into(), kind: "cluster".into(), atoms: vec![0, 1, 2], roll: None };
    let groups = std::iter::once(all).chain(own).collect();
    Release::new(owners.into_iter().enumerate().map(atom).collect(), groups, questions).unwrap()
}

fn cluster(release: &Release) -> Vec<bool> {
    let shown = |figures: &Vec<PublishedFigure>| matches!(figures[0].view(), Figure::Shown { .. });
    disclose(release, Threshold::default()).unwrap().iter().map(shown).collect()
}

const THREE: [Option<usize>; 3] = [Some(0), Some(1), Some(2)];

#[test]
fn a_question_that_one_school_is_asked_is_not_told_of_its_cluster() {
    let release = release(THREE, [150, 60, 60]);
    assert_eq!(cluster(&release), [true, false]);
    let own = &disclose(&release, Threshold::default()).unwrap()[1][1];
    assert!(matches!(own.view(), Figure::Shown { .. }), "the school reads its own");
}

#[test]
fn a_few_pupils_of_others_make_no_figure_of_several_schools() {
    assert_eq!(cluster(&release(THREE, [150, 60, 9])), [false, false], "two schools and nine pupils");
    assert_eq!(cluster(&release(THREE, [150, 20, 20])), [true, false]);
    assert_eq!(cluster(&release(THREE, [200, 20, 20])), [false, false], "five of six are of one school");
    assert_eq!(
        cluster(&release([Some(0), Some(0), Some(0)], [150, 60, 60])),
        [true, true],
        "a school's own year groups"
    );
}

/// The control: decided as if it were nobody's, the school's figure comes out as its cluster's, and the audit refuses it.
#[test]
fn the_audit_refuses_a_schools_figure_under_another_name() {
    let figures = disclose(&release([None; 3], [150, 60, 60]), Threshold::default()).unwrap();
    assert!(matches!(figures[1][0].view(), Figure::Shown { .. }));
    let breach = audit(&release(THREE, [150, 60, 60]), &figures, Threshold::default()).unwrap_err();
    assert_eq!((breach.question.as_str(), breach.group.as_str()), ("oldest", "cluster"));
    assert_eq!(breach.finding, Finding::Isolates);
}
