//! Whether a text calls for help, and what may be taken out of one. Pure.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::kernel::{FaultCode, clean_text};

use super::model::HelpWords;

/// What stands where something was taken out.
pub const MARK: &str = "[…]";

/// The list that ships.
const SHIPPED: &str = include_str!("help_words.txt");

/// One word of a text: where it stands, and how it is compared.
struct Word {
    at: Range<usize>,
    folded: String,
}

const fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | '`' | '´')
}

/// The words of a text in small letters, without accents and apostrophes: children leave out both.
fn words(text: &str) -> Vec<Word> {
    let mut all = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain(std::iter::once((text.len(), ' '))) {
        let within = c.is_alphanumeric() || is_combining_mark(c) || is_apostrophe(c);
        match (within, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                start = None;
                let folded = text.get(from..at).map(folded).unwrap_or_default();
                if !folded.is_empty() {
                    all.push(Word { at: from..at, folded });
                }
            }
            _ => {}
        }
    }
    all
}

fn folded(word: &str) -> String {
    let plain = word.nfd().filter(|c| !is_combining_mark(*c) && !is_apostrophe(*c));
    plain.flat_map(char::to_lowercase).collect()
}

fn phrase(text: &str) -> Vec<String> {
    words(text).into_iter().map(|word| word.folded).collect()
}

/// Where a phrase stands among words: how far each of its places is from the start.
fn places<'a>(all: &'a [Word], phrase: &'a [String]) -> impl Iterator<Item = usize> + 'a {
    let fits = move |window: &[Word]| window.iter().zip(phrase).all(|(word, wanted)| word.folded == *wanted);
    all.windows(phrase.len().max(1)).enumerate().filter(move |(_, w)| fits(w)).map(|(at, _)| at)
}

impl HelpWords {
    /// The list that ships with an authority's own changes: phrases, separated by commas; one that begins with `-` takes a
    /// shipped one out.
    ///
    /// # Errors
    /// The first of its phrases that has no word in it, or takes out what is not there.
    pub fn with(own: &str) -> Result<Self, String> {
        let lines = SHIPPED.lines().filter(|line| !line.starts_with('#'));
        let mut all: Vec<Vec<String>> = lines.map(phrase).filter(|words| !words.is_empty()).collect();
        for part in own.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let words = phrase(part);
            let known = all.iter().position(|other| *other == words);
            match (part.starts_with('-'), known) {
                _ if words.is_empty() => return Err(part.to_owned()),
                (true, Some(at)) => drop(all.remove(at)),
                (true, None) => return Err(part.to_owned()),
                (false, None) => all.push(words),
                (false, Some(_)) => {}
            }
        }
        Ok(Self(all))
    }

    /// Whether one of them stands in a text, as whole words.
    #[must_use]
    pub fn are_in(&self, text: &str) -> bool {
        let all = words(text);
        self.0.iter().any(|phrase| places(&all, phrase).next().is_some())
    }
}

/// Line ends of one kind: a browser sends two characters for each.
pub(super) fn one_line_end(raw: &str) -> String {
    raw.replace("\r\n", "\n").replace('\r', "\n")
}

/// A text with every one of these phrases taken out, whatever their capitals and accents.
fn without(text: &str, phrases: &[Vec<String>]) -> String {
    let all = words(text);
    let mut gone: Vec<Range<usize>> = Vec::new();
    for phrase in phrases.iter().filter(|phrase| !phrase.is_empty()) {
        for at in places(&all, phrase) {
            let ends = all.get(at).zip(all.get(at + phrase.len() - 1));
            gone.extend(ends.map(|(first, last)| first.at.start..last.at.end));
        }
    }
    gone.sort_unstable_by_key(|range| (range.start, range.end));
    let (mut out, mut from) = (String::new(), 0);
    for range in gone {
        // What overlaps with the one before is gone already, but for its end.
        if range.start >= from {
            out.push_str(text.get(from..range.start).unwrap_or_default());
            out.push_str(MARK);
        }
        from = from.max(range.end);
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

/// Whether one text is the other with pieces taken out, each with [`MARK`] in its place, and nothing else: no letter added,
/// none changed, and none moved.
fn only_less(original: &str, edited: &str) -> bool {
    let mut pieces: Vec<&str> = edited.split(MARK).collect();
    let (Some(last), false) = (pieces.pop(), pieces.is_empty()) else { return original == edited };
    let mut pieces = pieces.into_iter();
    let Some(mut rest) = pieces.next().and_then(|first| original.strip_prefix(first)) else { return false };
    // The leftmost place of each leaves the most for those after it.
    for piece in pieces {
        let Some((_, after)) = rest.split_once(piece) else { return false };
        rest = after;
    }
    rest.ends_with(last)
}

/// What an officer leaves of a text: what they edited it to, which must be the original with pieces taken out, and then
/// without the words they named (a comma or a line between two).
///
/// # Errors
/// [`FaultCode::BadCharacter`]; [`FaultCode::BadFormat`] when something else than pieces taken out was changed;
/// [`FaultCode::Missing`] when nothing is left to read.
pub fn redacted(original: &str, edited: &str, named: &str) -> Result<String, FaultCode> {
    let edited = clean_text(&one_line_end(edited))?.replace("[...]", MARK);
    if !only_less(original, &edited) {
        return Err(FaultCode::BadFormat);
    }
    let named = named.split([',', '\n']).map(phrase).filter(|phrase| !phrase.is_empty());
    // What is somebody's goes with them: `Siân's` is `sians` where apostrophes are left out.
    let owned = |phrase: Vec<String>| {
        let mut theirs = phrase.clone();
        if let Some(last) = theirs.last_mut() {
            last.push('s');
        }
        [phrase, theirs]
    };
    let phrases: Vec<_> = named.flat_map(owned).collect();
    let left = without(&edited, &phrases);
    if words(&left.replace(MARK, " ")).is_empty() { Err(FaultCode::Missing) } else { Ok(left) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shipped() -> HelpWords {
        HelpWords::with("").unwrap()
    }

    #[test]
    fn words_that_call_for_help_are_found_however_they_are_typed() {
        for text in [
            "I want to kill myself",
            "i WANT TO   DIE.",
            "sometimes I self-harm",
            "Self\nharm",
            "I don't want to live",
            "i dont want to live",
            "I don’t want to live",
            "Dw i ddim eisiau byw",
            "weithiau dwi'n meddwl am hunan-laddiad",
            "Mae’n fy nharo i",
            "mae fy nhad yn fy nhagu",
            "cyffwrdd â fi",
            "Mae gen i OFN",
            "I'm running away",
            "he (touches me)",
        ] {
            assert!(shipped().are_in(text), "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_one_is_none() {
        for text in [
            "",
            "I like maths",
            "we killed the dragon in a game",
            "grapes and drapes",
            "trapeze",
            "scary films",
            "ofnadwy o dda",
            "The ski ll",
            "harm self",
            "we ran to the park and away we went",
        ] {
            assert!(!shipped().are_in(text), "{text}");
        }
    }

    #[test]
    fn an_authority_adds_its_own_and_takes_some_out() {
        let own = HelpWords::with("county lines, -knife , scared, -Self harm").unwrap();
        assert!(own.are_in("COUNTY  lines") && !own.are_in("a knife") && own.are_in("scared"));
        assert!(!own.are_in("self-harm") && own.are_in("selfharm"));
        assert_eq!(own.0.len(), shipped().0.len() - 1);
        for bad in ["!?", "ok, -", "-never was there"] {
            assert!(HelpWords::with(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_shipped_list_is_in_order() {
        let mut seen = std::collections::BTreeSet::new();
        for phrase in shipped().0 {
            assert!(phrase.iter().all(|w| w.is_ascii()) && seen.insert(phrase.clone()), "{phrase:?}");
        }
        assert!(seen.len() > 100);
    }

    #[test]
    fn pieces_are_taken_out_and_nothing_else() {
        let text = "Siân took my bag, and siân's friend Bob\nlaughed. Siân.";
        assert_eq!(redacted(text, text, "").unwrap(), text);
        assert_eq!(redacted(text, text, "sian, BOB").unwrap(), "[…] took my bag, and […] friend […]\nlaughed. […].");
        let edited = text.replace("Siân", "[...]");
        assert_eq!(redacted(text, &edited, "").unwrap(), text.replace("Siân", MARK));
        assert_eq!(
            redacted(text, "[…] took my bag, and […]\r\nlaughed. […]", "").unwrap(),
            "[…] took my bag, and […]\nlaughed. […]"
        );
        assert_eq!(redacted(text, "[…]laughed[…]", "").unwrap(), "[…]laughed[…]");
        for (edited, fault) in [
            ("Siân took my bag", FaultCode::BadFormat),
            ("Siân took my bag[…] and then", FaultCode::BadFormat),
            ("[…]Bob[…]Siân took[…]", FaultCode::BadFormat),
            ("They[…]", FaultCode::BadFormat),
            ("Sian[…]", FaultCode::BadFormat),
            ("", FaultCode::BadFormat),
            ("[…]", FaultCode::Missing),
            ("[…], […].", FaultCode::Missing),
            ("a\u{0}[…]", FaultCode::BadCharacter),
        ] {
            assert_eq!(redacted(text, edited, ""), Err(fault), "{edited}");
        }
        // A mark the pupil wrote is a piece like any other.
        assert_eq!(redacted("a […] b", "a […] b", "").unwrap(), "a […] b");
        // The end must be the original's end, after what was found before it.
        assert!(!only_less("abab", "ab[…]abab") && !only_less("aba", "ab[…]ba") && only_less("abba", "ab[…]ba"));
    }

    #[test]
    fn phrases_that_overlap_go_together() {
        assert_eq!(without("one two three four", &[phrase("one two"), phrase("two three")]), "[…] four");
        assert_eq!(without("one two", &[phrase("two"), phrase("two"), Vec::new()]), "one […]");
    }

    proptest! {
        /// Whatever is taken out of whatever text: the outcome is less of it, and another text's is not.
        #[test]
        fn what_words_are_taken_out_is_proved(text in "[ab’ \n.â]{0,30}", named in "[ab ,]{0,8}", other in "[abâ ]{1,8}") {
            let phrases: Vec<_> = named.split(',').map(phrase).collect();
            let left = without(&text, &phrases);
            prop_assert!(only_less(&text, &left));
            // Not one is left between two marks.
            let is_left = |p: &Vec<String>| left.split(MARK).any(|piece| places(&words(piece), p).next().is_some());
            prop_assert!(!phrases.iter().filter(|p| !p.is_empty()).any(is_left));
            let more = [other, text.clone()].concat();
            prop_assert!(!only_less(&text, &more));
        }
    }
}
