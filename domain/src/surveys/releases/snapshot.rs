//! What a release was made of, so that the next one is not given out when a handful of answers has changed: whoever holds both
//! could subtract them (`facts/reliability.md` SUR-4). Keyed hashes of the answers, group by group, in no order.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::instruments::Layout;
use crate::kernel::{SchoolId, to_hex};
use crate::vault::Vault;

/// Fewest answers of an atom, and to a question of an atom, that may change between two releases, unless none does (`facts/reliability.md` SUR-4).
pub(super) const FEWEST: u32 = 10;

/// A year group of a school.
pub(super) type Place = (SchoolId, u8);

/// The answers that hashes stand for, as masks of options: by the question's place and the hash. Those of an answer that nobody gives
/// any more may be missing.
pub(super) type Masks = HashMap<(u16, u64), u64>;

/// What was answered: each atom's rows, and each atom's answers to each question, as sorted hashes with how many there are of each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshot {
    rows: BTreeMap<Place, Vec<(u64, u32)>>,
    /// By the question's place in the questionnaire. Who did not answer it is not among them.
    answers: BTreeMap<(Place, u16), Vec<(u64, u32)>>,
}

/// Makes a snapshot.
pub(super) struct Notes<'a> {
    vault: &'a Vault,
    rows: BTreeMap<Place, BTreeMap<u64, u32>>,
    answers: BTreeMap<(Place, u16), BTreeMap<u64, u32>>,
    /// Answers are few, and hashing is slow.
    known: HashMap<(u16, u64), u64>,
}

impl<'a> Notes<'a> {
    pub(super) fn new(vault: &'a Vault) -> Self {
        Self { vault, rows: BTreeMap::new(), answers: BTreeMap::new(), known: HashMap::new() }
    }

    fn hash(vault: &Vault, of: &[u8]) -> u64 {
        let mac = vault.blind_index("survey_releases.snapshot", &to_hex(of));
        mac.iter().take(8).fold(0_u64, |n, byte| n << 8 | u64::from(*byte))
    }

    /// Notes an answer of an atom.
    pub(super) fn note(&mut self, layout: &Layout, atom: Place, row: &[u8]) {
        *self.rows.entry(atom).or_default().entry(Self::hash(self.vault, row)).or_default() += 1;
        for (at, slot) in (0_u16..).zip(layout.slots()) {
            let Some(mask) = slot.mask(row).filter(|mask| *mask != 0) else { continue };
            let hash = self.known(at, mask);
            *self.answers.entry((atom, at)).or_default().entry(hash).or_default() += 1;
        }
    }

    fn known(&mut self, at: u16, mask: u64) -> u64 {
        let vault = self.vault;
        *self.known.entry((at, mask)).or_insert_with(|| {
            let text: Vec<u8> = [&b"answer"[..], &at.to_le_bytes(), &mask.to_le_bytes()].concat();
            Self::hash(vault, &text)
        })
    }

    /// What the hashes stand for: every answer that was noted, and every option by itself.
    pub(super) fn masks(&mut self, layout: &Layout) -> Masks {
        for (at, slot) in (0_u16..).zip(layout.slots()) {
            for (option, _) in (0_u32..).zip(slot.options()) {
                self.known(at, 1 << option);
            }
        }
        self.known.iter().map(|((at, mask), hash)| ((*at, *hash), *mask)).collect()
    }

    /// What was noted, in the order of the hashes, which is none of the answers'.
    pub(super) fn settled(self) -> Snapshot {
        Snapshot {
            rows: self.rows.into_iter().map(|(at, all)| (at, all.into_iter().collect())).collect(),
            answers: self.answers.into_iter().map(|(at, all)| (at, all.into_iter().collect())).collect(),
        }
    }
}

impl Snapshot {
    /// The year groups that sent anything.
    pub(super) fn places(&self) -> BTreeSet<Place> {
        self.rows.keys().copied().collect()
    }

    /// A year group's rows.
    pub(super) fn rows(&self, of: Place) -> &[(u64, u32)] {
        self.rows.get(&of).map(Vec::as_slice).unwrap_or_default()
    }

    /// A year group's answers to a question, by its place.
    pub(super) fn answers(&self, of: Place, question: u16) -> &[(u64, u32)] {
        self.answers.get(&(of, question)).map(Vec::as_slice).unwrap_or_default()
    }

    /// An atom of which some answers changed, but fewer than ten.
    pub(super) fn too_close(&self, other: &Self) -> Option<Place> {
        few(&self.rows, &other.rows).next()
    }

    /// The questions, by their places, to which in some atom some pupils answer otherwise, but fewer than ten; and those to which nobody
    /// does where more pupils or fewer took part and were asked: that none of them answered would be known of all of them.
    pub(super) fn too_close_in(&self, other: &Self, is_asked: impl Fn(Place, usize) -> bool) -> BTreeSet<usize> {
        let mut close: BTreeSet<usize> =
            few(&self.answers, &other.answers).map(|(_, question)| usize::from(question)).collect();
        // Of a question that nobody answered at all there is nothing to tell.
        let answered: BTreeSet<u16> = self.answers.keys().chain(other.answers.keys()).map(|(_, at)| *at).collect();
        let pupils = |of: &Self, place| of.rows(place).iter().map(|(_, many)| many).sum::<u32>();
        for place in self.places().union(&other.places()).filter(|at| pupils(self, **at) != pupils(other, **at)) {
            let same = |at: &u16| differing(self.answers(*place, *at), other.answers(*place, *at)) == 0;
            let all = answered.iter().copied().filter(same).map(usize::from);
            close.extend(all.filter(|at| is_asked(*place, *at)));
        }
        close
    }

    /// An atom whose answers are those of another survey but for a few: sent twice, they would tell of the few.
    pub(super) fn repeats(&self, other: &Self) -> Option<Place> {
        let alike = |at: &Place| {
            let of = |all: &Self| all.rows(*at).iter().map(|(_, many)| u64::from(*many)).sum::<u64>();
            let differing = differing(self.rows(*at), other.rows(*at));
            of(self).max(of(other)) >= differing + u64::from(FEWEST) && (1..u64::from(FEWEST)).contains(&differing)
        };
        self.places().into_iter().find(alike)
    }

    /// As stored: both parts, each with how many entries it has, and each entry with its hashes.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut put = |place: &Place, question: u16, all: &[(u64, u32)]| {
            bytes.extend_from_slice(place.0.uuid().as_bytes());
            bytes.push(place.1);
            bytes.extend_from_slice(&question.to_le_bytes());
            bytes.extend_from_slice(&u32::try_from(all.len()).unwrap_or(u32::MAX).to_le_bytes());
            for (hash, count) in all {
                bytes.extend_from_slice(&hash.to_le_bytes());
                bytes.extend_from_slice(&count.to_le_bytes());
            }
        };
        for (place, all) in &self.rows {
            put(place, ROWS, all);
        }
        for ((place, question), all) in &self.answers {
            put(place, *question, all);
        }
        bytes
    }

    /// From what is stored; nothing when it is none.
    pub(super) fn from_bytes(mut bytes: &[u8]) -> Option<Self> {
        let mut all = Self::default();
        while !bytes.is_empty() {
            let (school, rest) = bytes.split_first_chunk::<16>()?;
            let (year, rest) = rest.split_first()?;
            let (question, rest) = rest.split_first_chunk::<2>()?;
            let (count, mut rest) = rest.split_first_chunk::<4>()?;
            let mut hashes = Vec::new();
            for _ in 0..u32::from_le_bytes(*count) {
                let (hash, after) = rest.split_first_chunk::<8>()?;
                let (count, after) = after.split_first_chunk::<4>()?;
                hashes.push((u64::from_le_bytes(*hash), u32::from_le_bytes(*count)));
                rest = after;
            }
            let place = (SchoolId::from_uuid(uuid::Uuid::from_bytes(*school)), *year);
            match u16::from_le_bytes(*question) {
                ROWS => all.rows.insert(place, hashes),
                question => all.answers.insert((place, question), hashes),
            };
            bytes = rest;
        }
        Some(all)
    }
}

/// In the place of a question: whole rows. No questionnaire has so many.
const ROWS: u16 = u16::MAX;

/// Where some pupils answer otherwise, but fewer than ten.
fn few<'a, K: Ord + Copy>(
    one: &'a BTreeMap<K, Vec<(u64, u32)>>,
    two: &'a BTreeMap<K, Vec<(u64, u32)>>,
) -> impl Iterator<Item = K> + use<'a, K> {
    let all: BTreeSet<K> = one.keys().chain(two.keys()).copied().collect();
    all.into_iter().filter(move |at| {
        let of = |side: &'a BTreeMap<K, Vec<(u64, u32)>>| side.get(at).map(Vec::as_slice).unwrap_or_default();
        (1..u64::from(FEWEST)).contains(&differing(of(one), of(two)))
    })
}

/// How many pupils two lists of answers differ by: those of one that the other has not, of whichever has more. One mended answer is
/// one gone and one come, and one pupil.
fn differing(one: &[(u64, u32)], two: &[(u64, u32)]) -> u64 {
    let mut sides: BTreeMap<u64, [u32; 2]> = BTreeMap::new();
    for (side, all) in [one, two].into_iter().enumerate() {
        for (hash, count) in all {
            if let Some(place) = sides.entry(*hash).or_default().get_mut(side) {
                *place += count;
            }
        }
    }
    let of = |gone: fn([u32; 2]) -> u32| sides.values().map(|both| u64::from(gone(*both))).sum::<u64>();
    of(|[a, b]| a.saturating_sub(b)).max(of(|[a, b]| b.saturating_sub(a)))
}

#[cfg(test)]
mod tests {
    use super::super::rules::testing::{answers_of, layout};
    use super::*;
    use crate::kernel::YearGroup;
    use crate::surveys::stage::vault;

    /// Pupils of a year group: how often each is bullied, and for some whether they have an adult.
    fn of(rows: &[(&str, Option<&str>)]) -> Snapshot {
        let (vault, layout) = (vault(), layout(&["bullied", "trusted_adult"]));
        let mut notes = Notes::new(&vault);
        let (school, year) = (SchoolId::from_uuid(uuid::Uuid::from_u128(7)), YearGroup::new(8).unwrap());
        for (bullied, adult) in rows {
            let adult = adult.map(|adult| ("trusted_adult", adult));
            let given: Vec<_> = std::iter::once(("bullied", *bullied)).chain(adult).collect();
            notes.note(&layout, (school, 8), &answers_of(&layout, year, &given));
        }
        notes.settled()
    }

    fn before() -> Vec<(&'static str, Option<&'static str>)> {
        (0..40).map(|n| (if n % 5 == 0 { "weekly" } else { "not_at_all" }, (n % 2 == 0).then_some("yes"))).collect()
    }

    #[test]
    fn one_to_nine_changed_answers_are_too_few() {
        for more in 0..12 {
            let with = [before(), vec![("once_or_twice", Some("no")); more]].concat();
            let close = of(&before()).too_close(&of(&with));
            assert_eq!(close.is_some(), (1..10).contains(&more), "{more}");
            assert_eq!(of(&with).too_close(&of(&before())), close, "either way");
        }
        // As many as before, and some of them others.
        for mended in 1..12 {
            let mut others = before();
            others.iter_mut().take(mended).for_each(|row| row.0 = "once_or_twice");
            let close = of(&before()).too_close(&of(&others)).is_some();
            assert_eq!(close, mended < 10, "{mended} answers mended");
        }
        let mut another_order = before();
        another_order.reverse();
        assert_eq!(of(&before()), of(&another_order));
    }

    /// Ten late pupils of whom few answered a question are few, of that question.
    #[test]
    fn each_question_is_looked_at_by_itself() {
        let late = |adults: usize| {
            let row = |n: usize| ("once_or_twice", (n < adults).then_some("no"));
            of(&[before(), (0..12).map(row).collect()].concat())
        };
        for adults in 0..=12 {
            let close = of(&before()).too_close_in(&late(adults), |_, _| true);
            // That none of the twelve said so would be known of all of them.
            let expected: &[usize] = if adults < 10 { &[0] } else { &[] };
            assert_eq!(
                close.into_iter().collect::<Vec<_>>(),
                expected,
                "{adults} of the late said whether they have an adult"
            );
            assert_eq!(of(&before()).too_close(&late(adults)), None, "as a whole they are twelve");
        }
        // Twelve pupils' mends, of which each is of another question for half.
        let mut mended = before();
        for (n, row) in mended.iter_mut().take(12).enumerate() {
            if n < 6 { row.0 = "once_or_twice" } else { row.1 = Some("no") }
        }
        assert_eq!(of(&before()).too_close_in(&of(&mended), |_, _| true).len(), 2);
        // Of a question that they are not asked nothing is known, and as many mended answers leave the others as they were.
        let close = of(&before()).too_close_in(&late(0), |_, question| question == 1);
        assert_eq!(close.len(), 0);
        let mut others = before();
        others.iter_mut().take(12).for_each(|row| row.0 = "once_or_twice");
        assert_eq!(of(&before()).too_close_in(&of(&others), |_, _| true).len(), 0);
    }

    /// The same file sent to two surveys with one row more tells that row; another year's answers are others'.
    #[test]
    fn a_file_sent_to_two_surveys_is_known_again() {
        for more in 0..12 {
            let with = [before(), vec![("once_or_twice", Some("no")); more]].concat();
            assert_eq!(of(&with).repeats(&of(&before())).is_some(), (1..10).contains(&more), "{more}");
            assert_eq!(of(&before()).repeats(&of(&with)).is_some(), (1..10).contains(&more), "{more}");
        }
        // Eight pupils who all say something else are another year's.
        let small = |answer| vec![(answer, Some("yes")); 8];
        assert_eq!(of(&small("weekly")).repeats(&of(&small("not_at_all"))), None);
    }

    #[test]
    fn what_is_stored_comes_back() {
        let snapshot = of(&before());
        assert_eq!(Snapshot::from_bytes(&snapshot.to_bytes()), Some(snapshot.clone()));
        let bytes = snapshot.to_bytes();
        assert_eq!(Snapshot::from_bytes(&bytes[..bytes.len() - 1]), None);
    }
}
