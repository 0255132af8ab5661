//! How old an English reader must be. Pure.
//!
//! The Flesch–Kincaid grade (Kincaid and others, Research Branch Report 8-75, 1975) with five years added: a pupil of the
//! first grade is six. There is no accepted measure for Welsh, so none is given. A short text makes a rough figure; it is
//! for finding the hard sentence, not for ranking texts.

use super::model::{Definition, Wording};

/// The reading age of one text that pupils of a band read.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadingAge {
    /// The band's code.
    pub band: String,
    /// Codes that lead to the text, as in a [`super::Flaw`].
    pub place: String,
    /// Years.
    pub age: f64,
    /// The age of the band's youngest pupils, in years.
    pub youngest: u8,
}

impl ReadingAge {
    /// Whether it asks more of a reader than the band's youngest have.
    #[must_use]
    pub fn is_hard(&self) -> bool {
        self.age > f64::from(self.youngest)
    }
}

/// The reading age of the definition of bullying and of each question's English, for each band that reads it; the hardest
/// first.
#[must_use]
pub fn reading_ages(definition: &Definition) -> Vec<ReadingAge> {
    let mut all = Vec::new();
    // What has too much to be looked through has no ages either: see the flaws.
    for band in definition.bands.iter().take(32) {
        // A pupil turns five in Reception, six in Year 1.
        let youngest = band.years[0].number().saturating_add(4);
        let mut add = |place: &str, wording: &Wording| {
            if let Some(age) = wording.of(&band.code).and_then(|text| of_text(&text.en)) {
                all.push(ReadingAge { band: band.code.clone(), place: place.to_owned(), age, youngest });
            }
        };
        add("definition", &definition.definition);
        for question in definition.questions_of(&band.code).take(100) {
            add(&question.code, &question.text);
        }
    }
    all.sort_by(|a, b| (b.age - f64::from(b.youngest)).total_cmp(&(a.age - f64::from(a.youngest))));
    all
}

/// The reading age of an English text in years, never below five; nothing without a word.
#[must_use]
pub fn of_text(text: &str) -> Option<f64> {
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’').filter(|w| !w.is_empty()).collect();
    if words.is_empty() {
        return None;
    }
    let sentences = text.split(['.', '?', '!', ':']).filter(|s| s.chars().any(char::is_alphanumeric)).count().max(1);
    let syllables: usize = words.iter().map(|word| syllables(word)).sum();
    let (words, sentences, syllables) = (number(words.len()), number(sentences), number(syllables));
    let grade = 0.39 * words / sentences + 11.8 * syllables / words - 15.59;
    Some((grade + 5.0).max(5.0))
}

fn number(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}

/// Groups of vowels, without an `e` that is not spoken at the end; at least one.
fn syllables(word: &str) -> usize {
    let word: Vec<char> = word.to_lowercase().chars().filter(|c| c.is_alphabetic()).collect();
    let is_vowel = |c: &char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
    let groups =
        word.chunk_by(|a, b| is_vowel(a) == is_vowel(b)).filter(|group| group.first().is_some_and(is_vowel)).count();
    let silent = match word.as_slice() {
        [.., before, 'e'] => !is_vowel(before) && *before != 'l',
        [.., before, 'e', 's' | 'd'] => !is_vowel(before) && !matches!(before, 't' | 'd' | 's' | 'l' | 'c' | 'g'),
        _ => false,
    };
    groups.saturating_sub(usize::from(silent)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instruments::service::BUILTIN;

    #[test]
    fn syllables_are_counted_as_they_are_spoken() {
        for (word, expected) in [
            ("I", 1),
            ("bullying", 2),
            ("someone", 3),
            ("school", 1),
            ("table", 2),
            ("named", 1),
            ("wanted", 2),
            ("safe", 1),
            ("rumours", 2),
            ("education", 4),
            ("the", 1),
        ] {
            // `ying` and `eo` run together, and `some` within a word is not heard as one: the count is of letters.
            assert!(syllables(word).abs_diff(expected) <= 1, "{word}: {}", syllables(word));
        }
        assert_eq!((syllables("safe"), syllables("table"), syllables("wanted"), syllables("cats")), (1, 2, 2, 1));
    }

    #[test]
    fn a_known_text_has_its_known_grade() {
        // 6 words, 1 sentence, 6 syllables: 0.39 * 6 + 11.8 - 15.59 is below the first grade.
        assert_eq!(of_text("The cat sat on the mat."), Some(5.0));
        // 11 words, 24 syllables: 0.39 * 11 + 11.8 * 24 / 11 - 15.59 + 5.
        let hard = "The Australian platypus is seemingly a hybrid of a mammal creature.";
        let age = of_text(hard).unwrap();
        assert!((12.0..=20.0).contains(&age), "{age}");
        assert_eq!(of_text(" ... "), None);
        let (short, long) =
            (of_text("It was sad. He ran off.").unwrap(), of_text("It was sad and he ran off and hid.").unwrap());
        assert!(short <= long);
    }

    #[test]
    fn what_ships_can_be_read_by_those_it_asks() {
        for text in BUILTIN {
            let ages = reading_ages(&serde_json::from_str(text).unwrap());
            assert!(ages.iter().any(|a| a.place == "definition") && ages.len() > 20);
            // The control: the hardest come first.
            assert!(
                ages.windows(2).all(|w| w[0].age - f64::from(w[0].youngest) >= w[1].age - f64::from(w[1].youngest))
            );
        }
    }
}
