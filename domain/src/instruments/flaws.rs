//! What can be wrong with a definition, in words for who writes one.

use crate::kernel::Bilingual;

/// What is wrong with a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FlawKind {
    /// A code is not 1 to 40 lower-case letters, digits, `_` or `-`, or is a word the submission format uses itself.
    BadCode,
    /// A code is used twice.
    DuplicateCode,
    /// Two bands share a year group, or a band ends before it begins.
    BandOverlap,
    /// No such band.
    UnknownBand,
    /// No such shared set of answers.
    UnknownSet,
    /// A condition names no question.
    UnknownQuestion,
    /// A condition names an answer that its question does not offer.
    UnknownOption,
    /// A condition looks at the question itself or at a later one.
    ForwardReference,
    /// A band is asked the question but can never meet its conditions.
    NeverAsked,
    /// More than 100 questions, 64 answers or 32 bands.
    TooMany,
    /// No answers, no bands, or no questions but such as are answered in the pupil's own words.
    Empty,
    /// "Prefer not to say" is not offered.
    NoWayOut,
    /// A text lacks Welsh or English, or a band's wording.
    MissingLanguage,
    /// No such symbol.
    UnknownSymbol,
    /// Two questions have one comparability key.
    SharedTrend,
    /// A question answered in the pupil's own words has options.
    TextWithOptions,
    /// A question answered in the pupil's own words hangs on a condition, or is for some bands.
    TextWithCondition,
    /// The version is below 1.
    BadVersion,
    /// A text has control characters, such as NUL.
    BadCharacter,
    /// A title or an answer of more than 200 characters, a question of more than 500, or a definition of more than 1,000.
    TooLong,
}

impl FlawKind {
    /// Every kind.
    pub const ALL: [Self; 20] = [
        Self::BadCode,
        Self::DuplicateCode,
        Self::BandOverlap,
        Self::UnknownBand,
        Self::UnknownSet,
        Self::UnknownQuestion,
        Self::UnknownOption,
        Self::ForwardReference,
        Self::NeverAsked,
        Self::TooMany,
        Self::Empty,
        Self::NoWayOut,
        Self::MissingLanguage,
        Self::UnknownSymbol,
        Self::SharedTrend,
        Self::TextWithOptions,
        Self::TextWithCondition,
        Self::BadVersion,
        Self::BadCharacter,
        Self::TooLong,
    ];

    /// The stable word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BadCode => "bad_code",
            Self::DuplicateCode => "duplicate_code",
            Self::BandOverlap => "band_overlap",
            Self::UnknownBand => "unknown_band",
            Self::UnknownSet => "unknown_set",
            Self::UnknownQuestion => "unknown_question",
            Self::UnknownOption => "unknown_option",
            Self::ForwardReference => "forward_reference",
            Self::NeverAsked => "never_asked",
            Self::TooMany => "too_many",
            Self::Empty => "empty",
            Self::NoWayOut => "no_way_out",
            Self::MissingLanguage => "missing_language",
            Self::UnknownSymbol => "unknown_symbol",
            Self::SharedTrend => "shared_trend",
            Self::TextWithOptions => "text_with_options",
            Self::TextWithCondition => "text_with_condition",
            Self::BadVersion => "bad_version",
            Self::BadCharacter => "bad_character",
            Self::TooLong => "too_long",
        }
    }

    /// What is wrong and how to mend it.
    #[must_use]
    pub const fn words(self) -> Bilingual<&'static str> {
        match self {
            Self::BadCode => Bilingual {
                cy: "Mae'r cod yn anaddas: defnyddiwch 1 i 40 o lythrennau bach, digidau, _ neu -, ac nid year_group, row_key nac answers",
                en: "the code won't do: use 1 to 40 lower-case letters, digits, _ or -, and not year_group, row_key or answers",
            },
            Self::DuplicateCode => Bilingual {
                cy: "Mae'r cod wedi'i ddefnyddio eisoes: rhowch un arall",
                en: "the code is used already: give another",
            },
            Self::BandOverlap => Bilingual {
                cy: "Mae'r band oedran yn gorgyffwrdd â band arall neu'n gorffen cyn dechrau: rhowch bob grŵp blwyddyn mewn un band",
                en: "the age band overlaps another, or ends before it begins: put each year group in one band",
            },
            Self::UnknownBand => Bilingual {
                cy: "Nid oes band oedran â'r cod hwn: ychwanegwch ef at bands, neu newidiwch y cod",
                en: "there is no age band of this code: add it to bands, or change the code",
            },
            Self::UnknownSet => Bilingual {
                cy: "Nid oes set o atebion â'r enw hwn: ychwanegwch hi at sets, neu rhowch yr atebion yma",
                en: "there is no set of answers of this name: add it to sets, or write the answers here",
            },
            Self::UnknownQuestion => Bilingual {
                cy: "Mae'r amod yn enwi cwestiwn nad yw'n bod",
                en: "the condition names a question that does not exist",
            },
            Self::UnknownOption => Bilingual {
                cy: "Mae'r amod yn enwi ateb nad yw'r cwestiwn yn ei gynnig",
                en: "the condition names an answer its question does not offer",
            },
            Self::ForwardReference => Bilingual {
                cy: "Mae'r amod yn edrych ar y cwestiwn ei hun neu ar un diweddarach: symudwch y cwestiwn hwn ymlaen",
                en: "the condition looks at the question itself or at a later one: move this question further on",
            },
            Self::NeverAsked => Bilingual {
                cy: "Nid oes modd i'r band oedran hwn fyth gyrraedd y cwestiwn: newidiwch yr amod neu'r bandiau",
                en: "this age band can never reach the question: change the condition or the bands",
            },
            Self::TooMany => Bilingual {
                cy: "Mae gormod: hyd at 100 o gwestiynau, 64 o atebion i gwestiwn a 32 o fandiau",
                en: "there are too many: up to 100 questions, 64 answers to a question and 32 bands",
            },
            Self::Empty => Bilingual {
                cy: "Nid oes dim yma: rhaid cael o leiaf un",
                en: "there is nothing here: at least one is needed",
            },
            Self::NoWayOut => Bilingual {
                cy: "Nid yw prefer_not_to_say ar gael i bawb: ychwanegwch ef heb fandiau",
                en: "prefer_not_to_say is not offered to everybody: add it, without bands",
            },
            Self::MissingLanguage => Bilingual {
                cy: "Mae'r testun yn brin o'r Gymraeg, y Saesneg neu eiriad band oedran",
                en: "the text lacks Welsh, English or the wording for an age band",
            },
            Self::UnknownSymbol => Bilingual {
                cy: "Nid oes symbol o'r enw hwn: defnyddiwch un o'r rhai sydd yn yr holiadur a ddaw gyda Dolen, neu hepgorwch symbol",
                en: "there is no symbol of this name: use one of those in the questionnaire that comes with Dolen, or leave symbol out",
            },
            Self::SharedTrend => Bilingual {
                cy: "Mae gan gwestiwn arall yr un allwedd trend (ei god, os nad oes un): rhowch un arall",
                en: "another question has the same trend key (its code, where there is none): give another",
            },
            Self::TextWithOptions => Bilingual {
                cy: "Atebir cwestiwn o'r math text yng ngeiriau'r disgybl ei hun: tynnwch options",
                en: "a question of the kind text is answered in the pupil's own words: take options away",
            },
            // Who was asked it would say what they answered before, or how old they are.
            Self::TextWithCondition => Bilingual {
                cy: "Gofynnir cwestiwn o'r math text i bawb: byddai'r testun yn dweud pwy a'i hysgrifennodd; tynnwch ask_if a bands",
                en: "a question of the kind text is asked of everybody: the text would tell who wrote it; take ask_if and bands away",
            },
            Self::BadVersion => Bilingual {
                cy: "Mae'r fersiwn yn anaddas: rhowch rif o 1 i fyny",
                en: "the version won't do: give a number from 1 up",
            },
            Self::BadCharacter => Bilingual {
                cy: "Mae nodau rheoli (er enghraifft NUL) yn y testun: tynnwch nhw",
                en: "the text has control characters (such as NUL): remove them",
            },
            Self::TooLong => Bilingual {
                cy: "Mae'r testun yn rhy hir: hyd at 200 o nodau i deitl ac i ateb, 500 i gwestiwn a 1,000 i'r diffiniad",
                en: "the text is too long: up to 200 characters for a title and for an answer, 500 for a question and 1,000 for the definition",
            },
        }
    }
}

/// One flaw and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// Codes that lead to it, such as `told/options/yes`.
    pub place: String,
    /// What it is.
    pub kind: FlawKind,
}
