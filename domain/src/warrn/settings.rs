//! What an authority sets for itself.

use crate::kernel::{Bilingual, CalendarSettings, pair};

use crate::provision::ProvisionSettings;

use super::returns::ReturnClocks;

/// A heading of the summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// Its stable word.
    pub code: String,
    /// What a person reads.
    pub label: Bilingual,
}

/// How WARRN records are taken here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WarrnSettings {
    /// The headings a summary may have, in their order. A heading with no text is left out by the sender.
    pub headings: Vec<Heading>,
    /// Records of several children within so many weeks are close together.
    pub cluster_weeks: u32,
    /// By when each step of the return is due.
    pub clocks: ReturnClocks,
    /// Days after its closing until a record is the school's alone to read: the psychologist and the authority's
    /// safeguarding leads are its recipients no longer.
    pub read_after_closing_days: u32,
    /// The code of the service whose officer is the school's educational psychologist.
    pub psychology_service: String,
    /// How a part-time timetable of a plan is kept: as a reduced timetable.
    pub provision: ProvisionSettings,
    /// How days are counted.
    pub calendar: CalendarSettings,
}

/// The product's own proposal, for the authority to change: the real form's headings were not to be verified and no
/// statutory time exists (`facts/domain.md` §7). Welsh awaits a translator's review.
impl Default for WarrnSettings {
    fn default() -> Self {
        let headings = [
            ("current_situation", pair("Y sefyllfa bresennol", "Current situation")),
            ("history", pair("Hanes perthnasol", "Relevant history")),
            ("triggers", pair("Sbardunau ac arwyddion cynnar", "Triggers and early warning signs")),
            ("protective_factors", pair("Ffactorau amddiffynnol", "Protective factors")),
            ("safety_plan", pair("Cynllun diogelwch", "Safety plan")),
            ("contacts", pair("Gyda phwy i gysylltu os yn bryderus", "Whom to contact if worried")),
            ("review", pair("Adolygu", "Review")),
            ("sharing", pair("Rhannu a chydsyniad", "Sharing and consent")),
        ];
        Self {
            headings: headings
                .into_iter()
                .map(|(code, label)| Heading { code: code.to_owned(), label: label.to_owned_pair() })
                .collect(),
            cluster_weeks: 4,
            clocks: ReturnClocks::default(),
            read_after_closing_days: 90,
            psychology_service: "eps".to_owned(),
            provision: ProvisionSettings::default(),
            calendar: CalendarSettings::default(),
        }
    }
}
