use super::super::rules::testing::{answers_of, definition, gathered_of, layout};
use super::*;
use crate::disclosure::Broad;
use crate::surveys::releases::Share;

/// 3,000 pupils of three large schools: every eighth girl often bullied, one in three of these bullying as well; of the boys
/// every fourth bullying.
fn figures(pupils: usize) -> Vec<Breakdown> {
    let answers = |at: usize| {
        let (girl, n) = (at.is_multiple_of(2), at / 2);
        let bullied = if girl && n.is_multiple_of(8) { "weekly" } else { "once_or_twice" };
        let others = match (girl, n) {
            (true, n) if n.is_multiple_of(24) => "weekly",
            (false, n) if n.is_multiple_of(4) => "two_or_three_a_month",
            _ => "not_at_all",
        };
        [("bullied", bullied), ("bullied_others", others), ("gender", if girl { "girl" } else { "boy" })]
    };
    let layout = layout(&["bullied", "bullied_others", "gender"]);
    breakdowns(
        &gathered_of(layout, pupils, |layout, year, at| answers_of(layout, year, &answers(at))),
        Threshold::default(),
    )
}

fn ranges(of: &[Breakdown], code: &str, question: &str) -> Option<(u32, Vec<String>)> {
    let figure = &of.iter().find(|b| b.code == code)?.figures.iter().find(|(q, _)| q == question)?.1;
    let Broad::Shown { least, shares } = figure.view() else { return None };
    Some((*least, shares.iter().map(Share::range).collect()))
}

#[test]
fn girls_boys_and_roles_are_told_broadly() {
    let told = figures(3000);
    let ranges = |code, question| ranges(&told, code, question).unwrap();
    // Neither 81 %, bullied 4 %, bullying 12.5 %, both 2 %.
    assert_eq!(ranges("authority", ROLES), (2000, ["60–100%", "0–10%", "10–15%", "0–5%"].map(str::to_owned).to_vec()));
    let (least, girls) = ranges("authority/gender/girl", "bullied");
    assert_eq!((least, girls[2].as_str()), (1000, "10–20%"), "one in eight");
    assert_eq!(ranges("authority/gender/boy", "bullied").1[2], "0–10%");
    assert_eq!(ranges("phase/secondary/gender/boy", ROLES).1[2], "20–30%", "one in four");
    assert!(
        told.iter().all(|b| b.figures.iter().all(|(q, _)| q != "gender")),
        "nobody is told apart by what made the group"
    );
    let others = told.iter().find(|b| b.code == "authority/gender/another").unwrap();
    assert!(others.figures.iter().all(|(_, f)| *f.view() == Broad::Small), "nobody is told as a few are");
    assert!(told.iter().all(|b| !b.code.contains(PREFER_NOT_TO_SAY)));
}

/// A group that is one school's, or two's, is not told under another name, and neither is what none of it is asked.
#[test]
fn one_schools_group_is_not_told_under_another_name() {
    let layout = || layout(&["bullied", "school_deals", "gender"]);
    let row = |layout: &Layout, year, at: usize| {
        let gender = if at.is_multiple_of(3) { "girl" } else { "boy" };
        answers_of(
            layout,
            year,
            &[("bullied", "not_at_all"), ("school_deals", "prefer_not_to_say"), ("gender", gender)],
        )
    };
    let told = breakdowns(&gathered_of(layout(), 3000, row), Threshold::default());
    let of = |group: &str, question: &str| {
        let found = told.iter().find(|b| b.code == format!("authority/gender/{group}")).unwrap();
        found.figures.iter().find(|(q, _)| q == question).unwrap().1.view().clone()
    };
    // All girls are of the first school, all boys of the others.
    assert_eq!((of("girl", "bullied"), of("boy", "bullied")), (Broad::Small, Broad::Small));
    // And now of all three.
    let mut mixed = gathered_of(layout(), 3000, |layout, year, at| row(layout, year, at / 3));
    let figures = |gathered: &Gathered| {
        let told = breakdowns(gathered, Threshold::default());
        let girls = told.into_iter().find(|b| b.code == "authority/gender/girl").unwrap().figures;
        girls.into_iter().find(|(q, _)| q == "school_deals").unwrap().1.view().clone()
    };
    assert!(matches!(figures(&mixed), Broad::Shown { .. }));
    // The youngest are not asked how the school deals with it, and answered nothing.
    for cell in &mut mixed.cells {
        cell.year = crate::kernel::YearGroup::new(3).unwrap();
    }
    assert_eq!(figures(&mixed), Broad::NotAsked);
}

/// A questionnaire of an authority's own calls its questions what it likes.
#[test]
fn roles_and_groups_are_found_by_the_keys_of_questions() {
    let definition = |rename: &[(&str, &str)]| {
        let mut definition = definition(&["bullied", "bullied_others", "gender"]);
        for question in &mut definition.questions {
            if let Some((code, other)) = rename.iter().find(|(code, _)| *code == question.code) {
                (question.code, question.trend) = ((*other).to_owned(), Some((*code).to_owned()));
            }
        }
        Layout::of(&definition).unwrap()
    };
    let figures = |rename: &[(&str, &str)]| {
        let named =
            |code: &'static str| rename.iter().find(|(c, _)| *c == code).map_or(code, |(_, other)| *other).to_owned();
        let (bullied, gender) = (named("bullied"), named("gender"));
        let row = |layout: &Layout, year, at: usize| {
            let answers = [
                (bullied.as_str(), if at % 5 < 2 { "weekly" } else { "not_at_all" }),
                ("bullied_others", "not_at_all"),
                (gender.as_str(), "girl"),
            ];
            answers_of(layout, year, &answers)
        };
        breakdowns(&gathered_of(definition(rename), 3000, row), Threshold::default())
    };
    let (own, other) = (figures(&[]), figures(&[("bullied", "hurt"), ("gender", "i_am")]));
    let girls =
        |of: &[Breakdown], code: &str| of.iter().find(|b| b.code == code).unwrap().figures.last().unwrap().clone();
    let (shipped, renamed) = (girls(&own, "authority/gender/girl"), girls(&other, "authority/i_am/girl"));
    assert!(matches!(shipped.1.view(), Broad::Shown { .. }) && shipped.0 == ROLES);
    assert_eq!(shipped, renamed);
}

#[test]
fn what_is_counted_otherwise_is_refused() {
    let layout = layout(&["bullied", "bullied_others", "gender"]);
    let row = |layout: &Layout, year, at: usize| {
        let answers = [
            ("bullied", if at % 5 < 2 { "weekly" } else { "not_at_all" }),
            ("bullied_others", "weekly"),
            ("gender", "girl"),
        ];
        answers_of(layout, year, &answers)
    };
    let gathered = gathered_of(layout, 3000, row);
    let mut told = breakdowns(&gathered, Threshold::default());
    assert_eq!(audit(&gathered, &told, Threshold::default()), Ok(()));
    let other = broad([("not_at_all", 300), (OFTEN, 2700)].into_iter(), 3000);
    let girls = told.iter_mut().find(|b| b.code == "authority/gender/girl").unwrap();
    girls.figures.iter_mut().find(|(q, _)| q == "bullied").unwrap().1 = other;
    let breach = audit(&gathered, &told, Threshold::default()).unwrap_err();
    assert_eq!((breach.question.as_str(), breach.group.as_str()), ("bullied", "authority/gender/girl"));
}

#[test]
fn a_few_hundred_are_not_told_apart() {
    let told = figures(500);
    let girls = &told.iter().find(|b| b.code == "authority/gender/girl").unwrap().figures;
    assert!(girls.iter().all(|(_, f)| *f.view() == Broad::Small), "{girls:?}");
}
