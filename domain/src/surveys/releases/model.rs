//! Results as they may be published.

use crate::disclosure::PublishedFigure;
use crate::instruments::Definition;
use crate::kernel::SchoolId;
use crate::surveys::campaigns::Campaign;

/// One question's figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionResult {
    /// The question's code.
    pub question: String,
    /// Its figure.
    pub figure: PublishedFigure,
}

/// A school's results in one campaign.
#[derive(Debug, Clone)]
pub struct Results {
    /// The campaign.
    pub campaign: Campaign,
    /// The school.
    pub school: SchoolId,
    /// What was asked, for the wording of questions and options.
    pub definition: Definition,
    /// Every question, in order.
    pub questions: Vec<QuestionResult>,
}
