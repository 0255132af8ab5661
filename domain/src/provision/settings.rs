//! What an authority sets for itself.

use crate::kernel::CalendarSettings;

/// How special provision is kept here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvisionSettings {
    /// Weeks a reduced timetable lasts at most from its first day, extensions with it.
    pub longest_timetable_weeks: u32,
    /// How days are counted.
    pub calendar: CalendarSettings,
}

/// The product's own proposal, for the authority to change: authorities say six to eight weeks and no statutory time was
/// found (`facts/domain.md` §8).
impl Default for ProvisionSettings {
    fn default() -> Self {
        Self { longest_timetable_weeks: 6, calendar: CalendarSettings::default() }
    }
}
