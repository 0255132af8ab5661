//! The texts of the pages, in Welsh and English, from `console/strings`.

use std::borrow::Cow;

use dolen_domain::kernel::{Bilingual, Lang};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

/// One constant for each text. The build proves that each stands in both languages with the same arguments; a constant
/// nobody uses is a warning.
pub(crate) mod keys {
    include!(concat!(env!("OUT_DIR"), "/string_keys.rs"));
}

const WELSH: &str = include_str!("../../../console/strings/cy.ftl");
const ENGLISH: &str = include_str!("../../../console/strings/en.ftl");

/// Every text in both languages; one for all threads.
pub struct Strings(Bilingual<FluentBundle<FluentResource>>);

impl Strings {
    /// Reads the texts, once at start.
    #[must_use]
    pub fn load() -> Self {
        Self(Bilingual { cy: bundle(Lang::Cy, WELSH), en: bundle(Lang::En, ENGLISH) })
    }

    /// A text without arguments.
    #[must_use]
    pub fn say(&self, lang: Lang, key: &str) -> String {
        self.write(lang, key, None)
    }

    /// A text with arguments.
    #[must_use]
    pub fn tell(&self, lang: Lang, key: &str, args: &[(&'static str, FluentValue<'_>)]) -> String {
        let args: FluentArgs<'_> = args.iter().map(|(name, value)| (Cow::Borrowed(*name), value.clone())).collect();
        self.write(lang, key, Some(&args))
    }

    fn write(&self, lang: Lang, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let bundle = self.0.of(lang);
        let Some(pattern) = bundle.get_message(key).and_then(|m| m.value()) else { return key.to_owned() };
        let mut faults = Vec::new();
        let text = bundle.format_pattern(pattern, args, &mut faults);
        if !faults.is_empty() {
            tracing::error!(key, lang = lang.tag(), "a text was asked for without its arguments");
        }
        text.into_owned()
    }
}

fn bundle(lang: Lang, source: &str) -> FluentBundle<FluentResource> {
    // The build has read the file: what is not a text of it was refused there.
    let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(read, _)| read);
    let mut bundle = FluentBundle::new_concurrent(vec![lang.tag().parse().unwrap_or_default()]);
    // The marks would stand in attributes and in what a reader copies; both languages run left to right.
    bundle.set_use_isolating(false);
    bundle.add_resource_overriding(resource);
    bundle
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every key, as the build lists them.
    fn all() -> Vec<&'static str> {
        include_str!(concat!(env!("OUT_DIR"), "/string_keys.rs"))
            .lines()
            .filter_map(|line| line.split('"').nth(1))
            .collect()
    }

    #[test]
    fn every_text_is_there_in_both_languages() {
        let strings = Strings::load();
        assert!(all().len() > 100);
        for lang in [Lang::Cy, Lang::En] {
            for key in all() {
                let message = strings.0.of(lang).get_message(key).and_then(|m| m.value());
                assert!(message.is_some(), "{key} in {}", lang.tag());
            }
        }
    }

    #[test]
    fn no_text_is_the_same_in_both_languages_by_oversight() {
        let strings = Strings::load();
        let same: Vec<_> = all().into_iter().filter(|k| strings.say(Lang::Cy, k) == strings.say(Lang::En, k)).collect();
        assert_eq!(same, ["kilobytes", "service-name"]);
    }

    #[test]
    fn a_number_takes_its_form() {
        let strings = Strings::load();
        let say = |lang, n: i64| strings.tell(lang, keys::REFERRALS_FOUND, &[("count", n.into())]);
        assert_eq!([0, 1, 2].map(|n| say(Lang::En, n)), ["No referrals", "1 referral", "2 referrals"]);
        assert_eq!([0, 1, 2].map(|n| say(Lang::Cy, n)), ["Dim atgyfeiriadau", "1 atgyfeiriad", "2 atgyfeiriad"]);
    }
}
