//! What an authority sets for itself.

/// When reading counts as unusual, and whose officers may break the glass.
///
/// The product's own proposal throughout, for the authority to change: no published figure for an education service was
/// found (`facts/features.md` §5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OversightSettings {
    /// The code of the service whose lead and officers may break the glass and whose lead reviews: educational psychology.
    pub emergency_service: String,
    /// More children than this in 24 hours are many.
    pub children_a_day: u32,
    /// More children than this in 7 days are many.
    pub children_a_week: u32,
    /// More children in 7 days than so many times the mean of the four weeks before are many for this reader.
    pub times_usual: u32,
    /// Working hours begin at this hour of a working day in the United Kingdom.
    pub from_hour: u32,
    /// And end before this one.
    pub until_hour: u32,
}

impl Default for OversightSettings {
    fn default() -> Self {
        Self {
            emergency_service: "eps".to_owned(),
            children_a_day: 20,
            children_a_week: 50,
            times_usual: 3,
            from_hour: 7,
            until_hour: 19,
        }
    }
}
