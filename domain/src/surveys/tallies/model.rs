//! Rows to count, and what was counted.

/// Packed answers of one layout, one after another.
#[derive(Clone, Default)]
pub struct Rows {
    pub(super) width: usize,
    pub(super) bytes: Vec<u8>,
}

impl std::fmt::Debug for Rows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Rows({})", self.len())
    }
}

impl Rows {
    /// None yet, each to be so many bytes long.
    #[must_use]
    pub const fn of(width: usize) -> Self {
        Self { width, bytes: Vec::new() }
    }

    /// Adds a row; false when it is not as long as the others.
    #[must_use]
    pub fn push(&mut self, row: &[u8]) -> bool {
        let fits = row.len() == self.width;
        if fits {
            self.bytes.extend_from_slice(row);
        }
        fits
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.len().checked_div(self.width).unwrap_or(0)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Each row.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.bytes.chunks_exact(self.width.max(1))
    }
}

/// What one question was answered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counted {
    /// Those who answered.
    pub base: u32,
    /// Those who chose each option, in order.
    pub chosen: Vec<u32>,
}
