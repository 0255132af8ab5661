//! Pages by keyset: an opaque cursor, never an offset.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use super::{Code, Error, Result, Utc};

/// How many items a page holds: 1 to 200, 50 when not said (`facts/ecosystem.md` §2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(i64);

impl Limit {
    /// The largest page.
    pub const MAX: i64 = 200;

    /// Reads a limit.
    ///
    /// # Errors
    /// [`Code::InvalidParameter`] outside 1 to 200.
    pub fn new(n: Option<i64>) -> Result<Self> {
        match n {
            None => Ok(Self(50)),
            Some(n) if (1..=Self::MAX).contains(&n) => Ok(Self(n)),
            Some(_) => Err(Error::new(Code::InvalidParameter).with_detail("limit is a whole number from 1 to 200")),
        }
    }

    /// The number of items asked for.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}

/// A place in a list ordered by an instant and an id, newest first. Opaque outside: base64url of version, micros, id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// The instant of the last item seen.
    pub at: Utc,
    /// The id of the last item seen.
    pub id: Uuid,
}

impl Cursor {
    /// The opaque text.
    #[must_use]
    pub fn encode(self) -> String {
        let mut raw = Vec::with_capacity(25);
        raw.push(1);
        raw.extend(self.at.micros().to_be_bytes());
        raw.extend(self.id.as_bytes());
        URL_SAFE_NO_PAD.encode(raw)
    }

    /// Reads the opaque text back.
    ///
    /// # Errors
    /// [`Code::InvalidCursor`] for anything [`Self::encode`] did not make.
    pub fn decode(text: &str) -> Result<Self> {
        let bad = || Error::new(Code::InvalidCursor);
        let raw = URL_SAFE_NO_PAD.decode(text).map_err(|_| bad())?;
        let (version, rest) = raw.split_first().ok_or_else(bad)?;
        let (at, id) = rest.split_at_checked(8).ok_or_else(bad)?;
        if *version != 1 {
            return Err(bad());
        }
        let at = i64::from_be_bytes(at.try_into().map_err(|_| bad())?);
        let at = Utc::try_from_micros(at).ok_or_else(bad)?;
        Ok(Self { at, id: Uuid::from_slice(id).map_err(|_| bad())? })
    }
}

/// What part of a list is asked for.
#[derive(Debug, Clone, Copy)]
pub struct PageRequest {
    /// How many.
    pub limit: Limit,
    /// After which item; the start when none.
    pub after: Option<Cursor>,
}

impl PageRequest {
    /// Reads `limit` and `cursor` as they come from outside.
    ///
    /// # Errors
    /// [`Code::InvalidParameter`] or [`Code::InvalidCursor`].
    pub fn read(limit: Option<i64>, cursor: Option<&str>) -> Result<Self> {
        Ok(Self { limit: Limit::new(limit)?, after: cursor.map(Cursor::decode).transpose()? })
    }
}

/// One page and where the next begins.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// The items, in order.
    pub items: Vec<T>,
    /// The cursor of the next page; none at the end.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// Makes a page from a query that asked for one item more than the limit.
    pub fn from_overfull(mut items: Vec<T>, limit: Limit, cursor: impl Fn(&T) -> Cursor) -> Self {
        let size = usize::try_from(limit.get()).unwrap_or(usize::MAX);
        let more = items.len() > size;
        items.truncate(size);
        let next = if more { items.last().map(cursor) } else { None };
        Self { items, next }
    }

    /// The same page of other things.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), next: self.next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_round_trip_and_rubbish_is_refused() {
        let cursor = Cursor { at: Utc::from_micros(1_700_000_000_123_456), id: Uuid::from_u128(42) };
        assert_eq!(Cursor::decode(&cursor.encode()).unwrap(), cursor);
        for bad in ["", "AQ", "!!", "AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", &"A".repeat(400)] {
            assert!(Cursor::decode(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_page_knows_whether_more_follows() {
        let limit = Limit::new(Some(2)).unwrap();
        let cursor = |n: &i64| Cursor { at: Utc::from_micros(*n), id: Uuid::nil() };
        assert!(Page::from_overfull(vec![1, 2, 3], limit, cursor).next.is_some());
        assert!(Page::from_overfull(vec![1, 2], limit, cursor).next.is_none());
        assert!(Limit::new(Some(0)).is_err() && Limit::new(Some(201)).is_err());
    }
}
