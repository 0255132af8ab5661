//! Answers as bytes. Pure.
//!
//! A single answer is one byte (0 = not answered, *n* = the *n*th option); several answers are a bit mask, least byte
//! first. Every question of the version has its place, asked or not, so a row's length tells nothing of its answers.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::kernel::{FaultCode, YearGroup, YearGroups};

use super::flaws::Flaw;
use super::model::{Band, Definition, Kind, in_band};
use super::rules::structure;

/// A band of a [`Layout`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BandRef(u32);

/// An answer as it comes in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer<'a> {
    /// One option's code.
    One(Cow<'a, str>),
    /// Several options' codes.
    Many(Vec<Cow<'a, str>>),
    /// Something that is neither.
    Other,
}

/// One answer that does not fit: the question's code (`answers` when there is no such question) and why.
pub type Misfit = (String, FaultCode);

/// One respondent's answers, packed.
#[derive(Clone, PartialEq, Eq)]
pub struct Packed(Box<[u8]>);

impl Packed {
    /// The bytes to store.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Debug for Packed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Packed({})", self.0.len())
    }
}

/// One question's place among the bytes.
#[derive(Debug, Clone)]
pub struct Slot {
    code: String,
    /// The comparability key, which an authority's own questionnaire may give another code.
    key: String,
    kind: Kind,
    offset: usize,
    width: usize,
    bands: u32,
    options: Vec<(String, u32)>,
    /// Places of earlier questions and the answers of which one must be among theirs.
    ask_if: Vec<(usize, u64)>,
}

impl Slot {
    /// The question's code.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The question's comparability key.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The options' codes, in order.
    #[must_use]
    pub fn options(&self) -> impl ExactSizeIterator<Item = &str> + '_ {
        self.options.iter().map(|(code, _)| code.as_str())
    }

    /// One answer or several.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// Where its bytes stand in a row.
    #[must_use]
    pub const fn place(&self) -> std::ops::Range<usize> {
        self.offset..self.offset + self.width
    }

    /// Whether the band is asked this question.
    #[must_use]
    pub const fn is_for(&self, band: BandRef) -> bool {
        self.bands & band.0 != 0
    }

    /// The answers in a packed row, as a mask of options (bit 0 is the first); nothing when the bytes are not ours.
    #[must_use]
    pub fn mask(&self, row: &[u8]) -> Option<u64> {
        let bytes = row.get(self.offset..self.offset + self.width)?;
        let mask = match (self.kind, bytes) {
            (Kind::Single, [0]) => 0,
            (Kind::Single, [n]) => 1_u64.checked_shl(u32::from(*n) - 1)?,
            (Kind::Single | Kind::Text, _) => return None,
            (Kind::Multi, _) => bytes.iter().rev().fold(0, |mask, byte| mask << 8 | u64::from(*byte)),
        };
        (mask & !self.all() == 0).then_some(mask)
    }

    /// The mask of every option.
    fn all(&self) -> u64 {
        u64::MAX.checked_shr(64 - u32::try_from(self.options.len()).unwrap_or(64)).unwrap_or(0)
    }

    /// Writes a mask into the row.
    fn put(&self, mask: u64, row: &mut [u8]) {
        let Some(bytes) = row.get_mut(self.offset..self.offset + self.width) else {
            return;
        };
        let code = match self.kind {
            Kind::Single if mask == 0 => 0,
            Kind::Single => u64::from(mask.trailing_zeros()) + 1,
            Kind::Multi => mask,
            Kind::Text => 0,
        };
        for (to, from) in bytes.iter_mut().zip(code.to_le_bytes()) {
            *to = from;
        }
    }

    /// The bit of one option, when the band is offered it.
    fn bit(&self, code: &str, band: BandRef) -> Result<u64, FaultCode> {
        self.options
            .iter()
            .position(|(c, bands)| c == code && bands & band.0 != 0)
            .map(|i| 1_u64 << i)
            .ok_or(FaultCode::NotInList)
    }

    fn read(&self, answer: &Answer<'_>, band: BandRef) -> Result<u64, FaultCode> {
        match (self.kind, answer) {
            _ if !self.is_for(band) => Err(FaultCode::WrongBand),
            (Kind::Single, Answer::One(code)) => self.bit(code, band),
            (Kind::Multi, Answer::Many(codes)) => codes.iter().try_fold(0, |mask, code| {
                let bit = self.bit(code, band)?;
                if mask & bit == 0 { Ok(mask | bit) } else { Err(FaultCode::Duplicate) }
            }),
            _ => Err(FaultCode::WrongType),
        }
    }
}

/// A definition made ready for packing, unpacking and counting.
#[derive(Debug, Clone)]
pub struct Layout {
    stamp: String,
    bands: Vec<Band>,
    slots: Vec<Slot>,
    by_code: HashMap<String, usize>,
    /// Questions answered in the pupil's own words: they have no place among the bytes.
    texts: Vec<String>,
    width: usize,
    years: YearGroups,
}

impl Layout {
    /// The layout of a definition.
    ///
    /// # Errors
    /// The definition's flaws, but for those of its version and the length and the characters of its texts.
    pub fn of(definition: &Definition) -> Result<Self, Vec<Flaw>> {
        let flaws = structure(definition);
        if !flaws.is_empty() {
            return Err(flaws);
        }
        let bits = |bands: &[String]| {
            (0_u32..).zip(&definition.bands).filter(|(_, b)| in_band(bands, &b.code)).map(|(i, _)| 1_u32 << i).sum()
        };
        let mut layout = Self {
            stamp: format!("{}/{}", definition.code, definition.version),
            bands: definition.bands.clone(),
            slots: Vec::with_capacity(definition.questions.len()),
            by_code: HashMap::new(),
            texts: Vec::new(),
            width: 0,
            years: YearGroups::ALL,
        };
        for question in &definition.questions {
            if question.kind == Kind::Text {
                layout.texts.push(question.code.clone());
                continue;
            }
            let options: Vec<_> =
                definition.options_of(question).iter().map(|c| (c.code.clone(), bits(&c.bands))).collect();
            let width = match question.kind {
                Kind::Single | Kind::Text => 1,
                Kind::Multi => options.len().div_ceil(8),
            };
            let ask_if = question.ask_if.iter().filter_map(|condition| {
                let index = layout.find(&condition.question)?;
                let earlier = layout.slots.get(index)?;
                let mask = (0_u32..)
                    .zip(earlier.options())
                    .filter(|(_, code)| condition.any_of.iter().any(|c| c == code))
                    .map(|(i, _)| 1_u64 << i)
                    .sum();
                Some((index, mask))
            });
            let slot = Slot {
                code: question.code.clone(),
                key: question.key().to_owned(),
                kind: question.kind,
                offset: layout.width,
                width,
                bands: bits(&question.bands),
                options,
                ask_if: ask_if.collect(),
            };
            layout.by_code.insert(slot.code.clone(), layout.slots.len());
            layout.slots.push(slot);
            layout.width += width;
        }
        Ok(layout)
    }

    /// The instrument's code and version, such as `bullying/1`.
    #[must_use]
    pub fn stamp(&self) -> &str {
        &self.stamp
    }

    /// How many bytes a row is long.
    #[must_use]
    pub const fn width(&self) -> usize {
        self.width
    }

    /// Every question's place, in order.
    #[must_use]
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// The place of a question.
    #[must_use]
    pub fn find(&self, code: &str) -> Option<usize> {
        self.by_code.get(code).copied()
    }

    /// Whether a question is answered in the pupil's own words.
    #[must_use]
    pub fn is_text(&self, code: &str) -> bool {
        self.texts.iter().any(|text| text == code)
    }

    /// The codes that a band may answer a question with, in order; none for a question that it is not asked.
    #[must_use]
    pub fn offered(&self, question: &str, band: BandRef) -> Vec<String> {
        let slot = self.find(question).and_then(|at| self.slots.get(at)).filter(|slot| slot.is_for(band));
        let options = slot.map_or(&[][..], |slot| &slot.options);
        options.iter().filter(|(_, bands)| bands & band.0 != 0).map(|(code, _)| code.clone()).collect()
    }

    /// The same for these year groups alone: no other has a band any more.
    #[must_use]
    pub fn only(self, years: YearGroups) -> Self {
        Self { years, ..self }
    }

    /// The band of a year group; none when it is not asked.
    #[must_use]
    pub fn band(&self, year: YearGroup) -> Option<BandRef> {
        self.bands.iter().position(|b| self.years.has(year) && b.has(year)).map(|i| BandRef(1 << i))
    }

    /// Packs one respondent's answers.
    ///
    /// # Errors
    /// Every answer that does not fit. Skip logic is looked at once the answers themselves are in order, so one slip
    /// does not make all that hangs on it look wrong.
    pub fn pack(&self, band: BandRef, answers: &[(Cow<'_, str>, Answer<'_>)]) -> Result<Packed, Vec<Misfit>> {
        let mut misfits = Vec::new();
        let mut given: Vec<Option<u64>> = vec![None; self.slots.len()];
        for (code, answer) in answers {
            let found = self.find(code).and_then(|i| Some((self.slots.get(i)?, given.get_mut(i)?)));
            let Some((slot, place)) = found else {
                let unknown = || ("answers".to_owned(), FaultCode::UnknownField);
                let free = || (code.clone().into_owned(), FaultCode::FreeText);
                misfits.push(if self.is_text(code) { free() } else { unknown() });
                continue;
            };
            let read = if place.is_some() { Err(FaultCode::Duplicate) } else { slot.read(answer, band) };
            *place = Some(read.unwrap_or_else(|fault| {
                misfits.push((slot.code.clone(), fault));
                0
            }));
        }
        let masks: Vec<u64> = given.into_iter().map(Option::unwrap_or_default).collect();
        let in_order = misfits.is_empty();
        let mut row = vec![0_u8; self.width];
        for (slot, mask) in self.slots.iter().zip(&masks) {
            let asked = slot.ask_if.is_empty()
                || slot.ask_if.iter().any(|(i, any_of)| masks.get(*i).is_some_and(|m| m & any_of != 0));
            if *mask != 0 && !asked && in_order {
                misfits.push((slot.code.clone(), FaultCode::NotAnswerable));
            }
            slot.put(*mask, &mut row);
        }
        if misfits.is_empty() { Ok(Packed(row.into_boxed_slice())) } else { Err(misfits) }
    }

    /// The answers of a packed row, question by question; nothing when the bytes are not of this layout.
    #[must_use]
    pub fn unpack(&self, row: &[u8]) -> Option<Vec<(&str, Vec<&str>)>> {
        if row.len() != self.width {
            return None;
        }
        let mut answers = Vec::new();
        for slot in &self.slots {
            let mask = slot.mask(row)?;
            if mask != 0 {
                let given = slot.options().enumerate().filter(|(i, _)| mask >> i & 1 == 1).map(|(_, code)| code);
                answers.push((slot.code(), given.collect()));
            }
        }
        Some(answers)
    }
}

#[cfg(test)]
mod tests;
