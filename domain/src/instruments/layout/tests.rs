use proptest::prelude::*;

use super::*;
use crate::instruments::service::BUILTIN;

fn definition() -> Definition {
    serde_json::from_str(BUILTIN[0]).unwrap()
}

fn layout() -> Layout {
    Layout::of(&definition()).unwrap()
}

fn year(number: i64) -> YearGroup {
    YearGroup::new(number).unwrap()
}

fn one(code: &'static str, option: &'static str) -> (Cow<'static, str>, Answer<'static>) {
    (code.into(), Answer::One(option.into()))
}

fn many(code: &'static str, options: &[&'static str]) -> (Cow<'static, str>, Answer<'static>) {
    (code.into(), Answer::Many(options.iter().map(|o| (*o).into()).collect()))
}

fn misfits(number: i64, answers: &[(Cow<'_, str>, Answer<'_>)]) -> Vec<Misfit> {
    let layout = layout();
    layout.pack(layout.band(year(number)).unwrap(), answers).err().unwrap_or_default()
}

/// The bytes of version 1 mean the same for ever: stored answers hang on this.
#[test]
fn version_one_is_laid_out_as_it_was() {
    let layout = layout();
    let places: Vec<_> = layout.slots().iter().map(|s| (s.code(), s.offset, s.width)).collect();
    assert_eq!(places[4], ("bullied", 4, 1));
    assert_eq!(places[9], ("bullied_reasons", 11, 2));
    assert_eq!(places.last(), Some(&("gender", 27, 1)));
    assert_eq!((layout.width, layout.stamp()), (28, "bullying/1"));
    let band = layout.band(year(7)).unwrap();
    let packed = layout
        .pack(band, &[one("bullied", "weekly"), many("bullied_reasons", &["appearance", "home", "prefer_not_to_say"])])
        .unwrap();
    assert_eq!(packed.as_bytes()[4], 4);
    // appearance is option 0, home 10, prefer_not_to_say 14.
    assert_eq!(packed.as_bytes()[11..13], [0b0000_0001, 0b0100_0100]);
}

/// A text has no place: the bytes are those of the questionnaire without it.
#[test]
fn a_text_takes_no_place() {
    let mut definition = definition();
    definition.questions.insert(3, crate::instruments::testing::text("anything_else"));
    assert_eq!(crate::instruments::check(&definition), []);
    let with = Layout::of(&definition).unwrap();
    let places = |layout: &Layout| layout.slots().iter().map(|s| (s.code().to_owned(), s.place())).collect::<Vec<_>>();
    assert_eq!((places(&with), with.width()), (places(&layout()), layout().width()));
    assert!(with.is_text("anything_else") && with.find("anything_else").is_none() && !with.is_text("bullied"));
    let band = with.band(year(7)).unwrap();
    for answer in [Answer::One("x".into()), Answer::Many(Vec::new()), Answer::Other] {
        let misfits = with.pack(band, &[("anything_else".into(), answer), one("bullied", "weekly")]);
        assert_eq!(misfits, Err(vec![("anything_else".to_owned(), FaultCode::FreeText)]));
    }
    // As it is written and read again; without options.
    let text = serde_json::to_string(&definition).unwrap();
    assert_eq!(serde_json::from_str::<Definition>(&text).unwrap(), definition);
    definition.questions.retain(|q| q.kind == Kind::Text);
    assert!(Layout::of(&definition).is_err(), "nothing to count");
}

#[test]
fn years_outside_the_bands_have_none() {
    let layout = layout();
    for number in [0, 1, 2, 12, 14] {
        assert_eq!(layout.band(year(number)), None, "{number}");
    }
    assert_ne!(layout.band(year(6)), layout.band(year(7)));
}

#[test]
fn answers_that_do_not_fit_are_named_together() {
    let told = |code: &str, fault| (code.to_owned(), fault);
    assert_eq!(
        misfits(
            8,
            &[
                one("bullied", "sometimes"),
                one("nonsense", "yes"),
                many("seen", &["weekly"]),
                (Cow::from("gender"), Answer::Other),
                many("bullied_types", &["hit", "hit"]),
            ]
        ),
        [
            told("bullied", FaultCode::NotInList),
            told("answers", FaultCode::UnknownField),
            told("seen", FaultCode::WrongType),
            told("gender", FaultCode::WrongType),
            told("bullied_types", FaultCode::Duplicate),
        ]
    );
    assert_eq!(misfits(5, &[one("learned", "yes")]), [told("learned", FaultCode::WrongBand)]);
    assert_eq!(misfits(5, &[one("safe_school", "mostly")]), [told("safe_school", FaultCode::NotInList)]);
    assert_eq!(
        misfits(9, &[one("told", "yes"), one("told", "no"), one("bullied", "weekly")]),
        [told("told", FaultCode::Duplicate)]
    );
}

#[test]
fn skipped_questions_can_not_be_answered() {
    let skipped =
        [("told".to_owned(), FaultCode::NotAnswerable), ("bullied_types".to_owned(), FaultCode::NotAnswerable)];
    let follow = |bullied| [one("bullied", bullied), one("told", "no"), many("bullied_types", &["hit"])];
    assert_eq!(misfits(9, &follow("weekly")), []);
    for quiet in ["not_at_all", "prefer_not_to_say"] {
        let mut found = misfits(9, &follow(quiet));
        found.sort_by(|a, b| b.0.cmp(&a.0));
        assert_eq!(found, skipped);
    }
    // Either of two conditions is enough.
    assert_eq!(misfits(9, &[one("told", "no"), one("bullied_online", "weekly")]), []);
    // An empty list is no answer.
    assert_eq!(misfits(9, &[many("bullied_types", &[])]), []);
}

#[test]
fn bytes_of_another_layout_do_not_unpack() {
    let layout = layout();
    let mut row = vec![0; layout.width];
    assert_eq!(layout.unpack(&row), Some(vec![]));
    for bad in [7, 64, 65, 255] {
        row[4] = bad;
        assert_eq!(layout.unpack(&row), None, "{bad}");
    }
    row[4] = 0;
    row[12] = 0b1000_0000;
    assert_eq!(layout.unpack(&row), None);
    assert_eq!(layout.unpack(&row[1..]), None);
}

/// Answers a pupil of the year could give: each question asked in turn, answered or left by the dice.
fn answered(number: i64, dice: &[u64]) -> Vec<(Cow<'static, str>, Answer<'static>)> {
    let definition = definition();
    let band = definition.band_of(year(number)).unwrap().code.clone();
    let mut given: HashMap<String, Vec<String>> = HashMap::new();
    let mut answers = Vec::new();
    for (question, die) in definition.questions_of(&band).zip(dice) {
        let asked = question.ask_if.is_empty()
            || question
                .ask_if
                .iter()
                .any(|c| given.get(&c.question).is_some_and(|options| options.iter().any(|o| c.any_of.contains(o))));
        let options: Vec<String> = definition
            .options_of(question)
            .iter()
            .filter(|c| in_band(&c.bands, &band))
            .enumerate()
            .filter(|(i, _)| match question.kind {
                Kind::Single => u64::try_from(*i).unwrap() == die % 8,
                Kind::Multi => die >> i & 1 == 1,
                Kind::Text => false,
            })
            .map(|(_, c)| c.code.clone())
            .collect();
        if !asked || options.is_empty() {
            continue;
        }
        given.insert(question.code.clone(), options.clone());
        let mut options = options.into_iter().map(Cow::from);
        let answer = match question.kind {
            Kind::Single => Answer::One(options.next().unwrap()),
            Kind::Multi => Answer::Many(options.collect()),
            Kind::Text => Answer::Other,
        };
        answers.push((question.code.clone().into(), answer));
    }
    answers
}

proptest! {
    #[test]
    fn unpacking_gives_back_what_was_packed(number in 3_i64..=11, dice in prop::collection::vec(any::<u64>(), 24)) {
        let layout = layout();
        let answers = answered(number, &dice);
        let packed = layout.pack(layout.band(year(number)).unwrap(), &answers).unwrap();
        let expected: Vec<(&str, Vec<&str>)> = answers
            .iter()
            .map(|(code, answer)| {
                let options = match answer {
                    Answer::One(option) => vec![option.as_ref()],
                    Answer::Many(options) => options.iter().map(AsRef::as_ref).collect(),
                    Answer::Other => vec![],
                };
                (code.as_ref(), options)
            })
            .collect();
        prop_assert_eq!(layout.unpack(packed.as_bytes()).unwrap(), expected);
    }

    #[test]
    fn every_bit_unpacks_to_one_option(row in prop::collection::vec(0_u8..2, 28)) {
        let layout = layout();
        let answers = layout.unpack(&row).unwrap();
        for slot in layout.slots() {
            let given = answers.iter().find(|(code, _)| *code == slot.code()).map_or(0, |(_, options)| options.len());
            prop_assert_eq!(u32::try_from(given).unwrap(), slot.mask(&row).unwrap().count_ones());
        }
    }
}
