//! How codes are drawn, written and read; what a sheet must be. Pure.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::kernel::{Chance, FaultCode, Faults, Lang, clean_text};

use super::model::{NewSheet, WORDS, WordCode};

/// Most codes on one sheet: more than any class, and few enough to print.
pub const LARGEST_SHEET: u16 = 60;
/// Longest name of a class, in characters.
const LONGEST_CLASS: usize = 40;
/// The first number of a code: always four digits, and no nought first.
const FIRST_NUMBER: u16 = 1000;
/// How many numbers there are.
const NUMBERS: u16 = 9000;

/// The words, in Welsh and in English. Short, of things a child of seven reads, and none that would hurt on somebody's
/// sheet. A code is kept as a hash of its English words, so a word on a printed sheet must not change: lines are added, and
/// never taken away.
static LIST: LazyLock<Vec<(&'static str, &'static str)>> =
    LazyLock::new(|| include_str!("words.tsv").lines().filter_map(|line| line.split_once('\t')).collect());

/// Each word of either language as it may be typed, and its place.
static PLACES: LazyLock<HashMap<String, usize>> = LazyLock::new(|| {
    let both = |(i, (cy, en)): (usize, &(&str, &str))| [(folded(cy), i), (folded(en), i)];
    LIST.iter().enumerate().flat_map(both).collect()
});

/// A word as children type it: small letters, no accents.
fn folded(word: &str) -> String {
    word.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

impl WordCode {
    /// A fresh one.
    pub(super) fn draw(chance: &dyn Chance) -> Self {
        // Of 2⁶⁴ values a few hundred are drawn once more often than others: a bias nobody can see.
        let below = |n: usize| {
            let mut bytes = [0_u8; 8];
            chance.fill(&mut bytes);
            usize::try_from(u64::from_le_bytes(bytes) % n as u64).unwrap_or(0)
        };
        let words = std::array::from_fn(|_| below(LIST.len()));
        Self { words, number: FIRST_NUMBER + u16::try_from(below(usize::from(NUMBERS))).unwrap_or(0) }
    }

    /// Reads what was typed: the words in either language, capitals, accents and whatever stands between them as it comes.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let text = folded(typed);
        let mut parts = text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
        let mut words = [0; WORDS];
        for word in &mut words {
            *word = *PLACES.get(parts.next()?)?;
        }
        let number: u16 = parts.next()?.parse().ok()?;
        let in_range = (FIRST_NUMBER..FIRST_NUMBER + NUMBERS).contains(&number);
        (in_range && parts.next().is_none()).then_some(Self { words, number })
    }

    /// The code in words, as it is printed: `cath coch haul 4721`, `cat red sun 4721`.
    #[must_use]
    pub fn in_words(&self, lang: Lang) -> String {
        let word = |i: &usize| {
            LIST.get(*i).map_or("", |(cy, en)| match lang {
                Lang::Cy => cy,
                Lang::En => en,
            })
        };
        let words: Vec<&str> = self.words.iter().map(word).collect();
        format!("{} {}", words.join(" "), self.number)
    }

    /// The code as it is hashed: the same in both languages.
    pub(super) fn canonical(&self) -> String {
        self.in_words(Lang::En)
    }
}

/// Notes what is wrong with a sheet, and cleans the class's name.
pub(super) fn tidy(new: &mut NewSheet, faults: &mut Faults) {
    let class = clean_text(&new.class).and_then(|text| match text.chars().count() {
        0 => Err(FaultCode::Missing),
        1..=LONGEST_CLASS => Ok(text),
        _ => Err(FaultCode::TooLong),
    });
    if let Some(class) = faults.keep("/class", class) {
        new.class = class;
    }
    if !(1..=LARGEST_SHEET).contains(&new.size) {
        faults.add("/size", FaultCode::OutOfRange);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::kernel::OsChance;

    #[test]
    fn no_word_is_two_things() {
        assert!(LIST.len() > 200 && WORDS == 3, "{} words", LIST.len());
        let mut seen = HashSet::new();
        for (cy, en) in LIST.iter() {
            for word in [cy, en] {
                let typed = folded(word);
                assert!((2..=8).contains(&typed.len()) && typed.bytes().all(|b| b.is_ascii_lowercase()), "{word}");
                assert!(seen.insert(typed), "{word} is there twice");
            }
        }
    }

    #[test]
    fn a_code_is_read_in_either_language_however_it_is_typed() {
        for _ in 0..1000 {
            let code = WordCode::draw(&OsChance);
            let (cy, en) = (code.in_words(Lang::Cy), code.in_words(Lang::En));
            for typed in [&cy, &en, &cy.to_uppercase(), &en.replace(' ', "-"), &format!("  {} ", en.replace(' ', ", "))]
            {
                assert!(WordCode::parse(typed) == Some(code.clone()), "{typed}");
            }
            assert!(!format!("{code:?}").contains(&code.number.to_string()));
        }
        let mixed = WordCode::parse("Môr coch SUN 4721").unwrap();
        assert_eq!(mixed.in_words(Lang::Cy), "môr coch haul 4721");
        assert_eq!(mixed.in_words(Lang::En), "sea red sun 4721");
        assert!(WordCode::parse("mor coch haul 4721").as_ref() == Some(&mixed));
    }

    #[test]
    fn what_is_no_code_is_none() {
        for typed in [
            "",
            "cat",
            "cat red 4721",
            "cat red sun",
            "cat red sun 999",
            "cat red sun 10000",
            "cat red dog! 4721",
            "cat red sun 4721 1",
            "cat red sun moon 4721",
            "4721 cat red sun",
            "cat red sun 4721x",
            "\u{0}",
            "😀 😀 😀 4721",
        ] {
            assert!(WordCode::parse(typed).is_none(), "{typed}");
        }
        assert!(WordCode::parse(&"cat ".repeat(100_000)).is_none());
    }

    #[test]
    fn a_sheet_has_a_class_and_a_size() {
        let faults = |class: &str, size| {
            let mut faults = Faults::default();
            let mut new =
                NewSheet { year_group: crate::kernel::YearGroup::new(7).unwrap(), class: class.to_owned(), size };
            tidy(&mut new, &mut faults);
            faults.finish().err().map_or_else(Vec::new, |e| e.faults.iter().map(|f| f.pointer.clone()).collect())
        };
        assert!(faults(" 7 Glas ", 30).is_empty() && faults("7", LARGEST_SHEET).is_empty());
        assert_eq!(faults(" ", 0), ["/class", "/size"]);
        assert_eq!(faults(&"x".repeat(41), LARGEST_SHEET + 1), ["/class", "/size"]);
    }
}
