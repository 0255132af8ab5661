//! Text that exists in Welsh and English together, or not at all.

use serde::{Deserialize, Serialize};

/// A language a person reads. Welsh comes first wherever both are shown
/// (Welsh Language Standards, `No.1` Regulations 2015: no less favourable).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Welsh.
    Cy,
    /// English.
    #[default]
    En,
}

impl Lang {
    /// The BCP 47 tag, for `lang=` and `Content-Language`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Cy => "cy",
            Self::En => "en",
        }
    }

    /// The other of the two.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Cy => Self::En,
            Self::En => Self::Cy,
        }
    }

    /// Picks from an `Accept-Language` header: the first of `cy` and `en` by weight, English when neither is named.
    #[must_use]
    pub fn from_accept_language(header: &str) -> Self {
        let mut best = (Self::En, 0.0_f32);
        for part in header.split(',') {
            let mut pieces = part.split(';');
            let tag = pieces.next().unwrap_or("").trim().to_ascii_lowercase();
            let weight =
                pieces.find_map(|p| p.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok())).unwrap_or(1.0);
            let lang = match tag.split('-').next() {
                Some("cy") => Self::Cy,
                Some("en") => Self::En,
                _ => continue,
            };
            if weight > best.1 {
                best = (lang, weight);
            }
        }
        best.0
    }
}

/// A pair of texts. The struct has no constructor that takes one of them, so a missing half does not compile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bilingual<S = String> {
    /// Welsh.
    pub cy: S,
    /// English.
    pub en: S,
}

impl<S> Bilingual<S> {
    /// The half a reader of `lang` wants.
    pub const fn of(&self, lang: Lang) -> &S {
        match lang {
            Lang::Cy => &self.cy,
            Lang::En => &self.en,
        }
    }
}

impl Bilingual<&'static str> {
    /// An owned copy, for places that mix fixed and stored text.
    #[must_use]
    pub fn to_owned_pair(self) -> Bilingual {
        Bilingual { cy: self.cy.to_owned(), en: self.en.to_owned() }
    }
}

impl Copy for Bilingual<&'static str> {}

/// A fixed pair, Welsh first: `pair("Ysgol", "School")`.
#[must_use]
pub const fn pair(cy: &'static str, en: &'static str) -> Bilingual<&'static str> {
    Bilingual { cy, en }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accept_language_follows_weight_and_defaults_to_english() {
        assert_eq!(Lang::from_accept_language("cy"), Lang::Cy);
        assert_eq!(Lang::from_accept_language("en-GB,cy;q=0.9"), Lang::En);
        assert_eq!(Lang::from_accept_language("en;q=0.3, cy-GB;q=0.8"), Lang::Cy);
        assert_eq!(Lang::from_accept_language("fr, de;q=0.5"), Lang::En);
        assert_eq!(Lang::from_accept_language(""), Lang::En);
    }
}
