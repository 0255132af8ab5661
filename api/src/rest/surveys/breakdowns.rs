//! Large groups that cut across schools, as a release tells them: girls, boys and others, and the roles in bullying.

use dolen_domain::surveys::releases::{Breakdown, Broad, BroadFigure};
use serde::Serialize;
use utoipa::ToSchema;

use crate::rest::directory::TextView;

use super::results::{FigureView, ShareView, without};

/// What one group of pupils answered, told broadly: every share is true of whichever authority differs from this one in up to 24
/// pupils. `c` and `small_n` say that fewer than 300 answered, or hardly any outside one or two schools.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyBreakdown)]
pub struct BreakdownView {
    /// Where: `authority` or `phase`.
    #[schema(example = "authority")]
    pub kind: &'static str,
    /// Names it in its release.
    #[schema(example = "authority/gender/girl")]
    pub code: String,
    /// The area's name.
    pub name: TextView,
    /// The question that the group is made by; absent for all pupils of the area.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "gender")]
    pub by_question: Option<String>,
    /// The answer to it that the group gave.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "girl")]
    pub by_option: Option<String>,
    /// One a question. That of `roles` is made of two questions: `neither`, `bullied`, `bullied_others` and `both`, each at two or
    /// three times a month or more often. A base says that so many or more answered. Shares of one question need not add up, and
    /// options of which nothing can be said are not among them.
    pub figures: Vec<FigureView>,
}

impl From<&Breakdown> for BreakdownView {
    fn from(breakdown: &Breakdown) -> Self {
        let (by_question, by_option) = breakdown.by.clone().unzip();
        Self {
            kind: breakdown.kind.as_str(),
            code: breakdown.code.clone(),
            name: breakdown.area.clone().into(),
            by_question,
            by_option,
            figures: breakdown.figures.iter().map(|(question, figure)| broad_of(question, figure)).collect(),
        }
    }
}

fn broad_of(question: &str, figure: &BroadFigure) -> FigureView {
    match (figure.view(), figure.symbol()) {
        (Broad::Shown { least, shares }, _) => {
            let base = u64::from(*least);
            let shares = shares.iter().map(|share| ShareView::of(base, share)).collect();
            FigureView { base: Some(base), shares, ..without(question, None) }
        }
        (_, symbol) => without(question, symbol),
    }
}
