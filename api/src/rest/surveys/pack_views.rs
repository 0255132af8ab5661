//! A school's pack on the wire.

use dolen_domain::surveys::packs::{self, Changed, Found, Help, NamedOfficer, Pack, Rule, Suggestion, TakenUp};
use dolen_domain::surveys::releases::{Kind, Released, Share, Table, label_of, text_of};
use dolen_domain::toolkit::FindingCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::rest::directory::TextView;
use crate::rest::toolkit::ApproachView;

use super::releases::{CarriedView, ChangeView, TableView, table_of};
use super::results::NOTE;

/// From how many points to how many, both included.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyPoints)]
pub struct PointsView {
    /// The lower end.
    #[schema(minimum = -100, maximum = 100)]
    pub from: i16,
    /// The upper end.
    #[schema(minimum = -100, maximum = 100)]
    pub to: i16,
}

impl From<dolen_domain::disclosure::statistics::Points> for PointsView {
    fn from(points: dolen_domain::disclosure::statistics::Points) -> Self {
        Self { from: points.from, to: points.to }
    }
}

/// A share, and of how many.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyShareOf)]
pub struct ShareOfView {
    /// How many answered, rounded down to a multiple of 5.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub base: Option<u64>,
    /// At least this percentage of them.
    #[schema(minimum = 0, maximum = 100)]
    pub at_least: u16,
    /// Less than this percentage; at most, when it is 100.
    #[schema(minimum = 0, maximum = 100)]
    pub below: u16,
}

impl ShareOfView {
    fn of(base: Option<u64>, share: &Share) -> Self {
        Self { base, at_least: share.band.from / 10, below: share.band.to / 10 }
    }
}

/// An option as it was worded.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyOptionText)]
pub struct OptionTextView {
    /// Its code.
    pub code: String,
    /// Its words.
    pub label: TextView,
}

/// A question as it was worded for the oldest.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyQuestionText)]
pub struct QuestionTextView {
    /// Its code.
    pub code: String,
    /// Its words.
    pub text: TextView,
    /// Its options, in the order of shares.
    pub options: Vec<OptionTextView>,
}

/// Something that stands out, and why.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyFinding)]
pub struct FindingView {
    /// What, as the toolkit calls it.
    #[schema(example = "high_bullied")]
    pub code: String,
    /// Whether it lies far out, beyond the limits of 99.8 %.
    pub severe: bool,
    /// The rule that said so. `funnel`: the whole range lies beyond what chance makes of so many answers. `change`: it changed by
    /// more than chance makes. `most_named`: it was named more often than any other. `response_rate`: fewer than half took part.
    #[schema(example = "funnel")]
    pub rule: &'static str,
    /// The question.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub question: Option<String>,
    /// The option that is counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub option: Option<String>,
    /// The school's share.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub own: Option<ShareOfView>,
    /// What it is compared with: the authority's share, or the school's of the campaign before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub compared: Option<ShareOfView>,
    /// Of a funnel: the limits, 95 times of 100, for so many answers as the school has.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub limits: Option<PointsView>,
    /// Of a change: by how many points, 95 times of 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub change: Option<PointsView>,
    /// Of a response rate: the share of pupils on roll who took part, in per cent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub response_rate: Option<i64>,
}

impl FindingView {
    fn of(pack: &Pack, found: &Found) -> Self {
        let (released, before) = (&pack.results.released, pack.before.as_ref().map(|b| &b.released));
        let asked = |of: Option<&Released>, kind| {
            let (question, _) = found.of.as_ref()?;
            packs::base_of(of?, kind, question)
        };
        let own = asked(Some(released), Kind::School);
        let compared = match found.rule {
            Rule::Change => asked(before, Kind::School),
            _ => asked(Some(released), Kind::Authority),
        };
        let both = found.own.as_ref().zip(own).zip(found.compared.as_ref());
        let limits =
            both.filter(|_| found.rule == Rule::Funnel).map(|((_, base), average)| packs::limits(base, average));
        let change = both.filter(|_| found.rule == Rule::Change).zip(compared);
        let change = change.map(|(((now, base), was), base_before)| packs::change((base_before, was), (base, now)));
        let table = released.tables.iter().find(|t| t.kind == Kind::School);
        let rate = table.filter(|_| found.rule == Rule::ResponseRate).and_then(Table::rate);
        Self {
            code: found.finding.code.to_string(),
            severe: found.finding.severe,
            rule: found.rule.as_str(),
            question: found.of.as_ref().map(|(question, _)| question.clone()),
            option: found.of.as_ref().map(|(_, option)| option.clone()),
            own: found.own.as_ref().map(|share| ShareOfView::of(own, share)),
            compared: found.compared.as_ref().map(|share| ShareOfView::of(compared, share)),
            limits: limits.map(Into::into),
            change: change.map(Into::into),
            response_rate: rate,
        }
    }
}

/// A share that is shown in this campaign and in the one before.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyChange)]
pub struct ChangedView {
    /// The question.
    pub question: String,
    /// The option.
    pub option: String,
    /// What it is.
    pub now: ShareOfView,
    /// What it was.
    pub before: ShareOfView,
    /// By how many points it changed: Newcombe's interval, 95 times of 100, wherever in their ranges both shares lie.
    pub change: PointsView,
}

impl From<&Changed> for ChangedView {
    fn from(changed: &Changed) -> Self {
        let of = |worth: &packs::Worth| ShareOfView::of(Some(worth.base), &worth.share);
        Self {
            question: changed.question.clone(),
            option: changed.option.clone(),
            now: of(&changed.now),
            before: of(&changed.before),
            change: changed.change.into(),
        }
    }
}

/// An officer of the contact list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyOfficer)]
pub struct OfficerView {
    /// Their name.
    pub name: String,
    /// Their role's title.
    pub role_title: String,
    /// Their address at work.
    pub email: String,
    /// Their telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub phone: Option<String>,
}

/// A service that can help.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyHelp)]
pub struct HelpView {
    /// Its short word.
    #[schema(example = "eps")]
    pub service: String,
    /// Its name.
    pub name: TextView,
    /// The officer to whom this school's referrals about bullying would be routed today; absent when they go to its queue.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub officer: Option<OfficerView>,
}

impl From<&Help> for HelpView {
    fn from(help: &Help) -> Self {
        let officer = |o: &NamedOfficer| OfficerView {
            name: o.name.clone(),
            role_title: o.role_title.clone(),
            email: o.email.clone(),
            phone: o.phone.clone(),
        };
        Self {
            service: help.service.clone(),
            name: help.name.clone().into(),
            officer: help.officer.as_ref().map(officer),
        }
    }
}

/// An approach to try, and why.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyAdvice)]
pub struct AdviceView {
    /// What to try.
    pub approach: ApproachView,
    /// The findings it was chosen for.
    pub answers: Vec<String>,
    /// Who can help, the nearest first.
    pub services: Vec<HelpView>,
    /// The day the school said that it takes it up.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub taken_up_on: Option<chrono::NaiveDate>,
}

impl From<&Suggestion> for AdviceView {
    fn from(one: &Suggestion) -> Self {
        Self {
            approach: one.approach.clone().into(),
            answers: one.answers.iter().map(FindingCode::to_string).collect(),
            services: one.help.iter().map(Into::into).collect(),
            taken_up_on: one.taken_up_on,
        }
    }
}

/// An approach that a school takes up.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyAction)]
pub struct TakenUpView {
    /// Its word.
    #[schema(example = "standing_by")]
    pub code: String,
    /// Its name.
    pub title: TextView,
    /// The day the school said so.
    pub taken_up_on: chrono::NaiveDate,
}

impl From<&TakenUp> for TakenUpView {
    fn from(t: &TakenUp) -> Self {
        Self { code: t.code.clone(), title: t.title.clone().into(), taken_up_on: t.on }
    }
}

/// What a school takes up.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyActionList)]
pub struct TakenUpListView {
    /// All of it.
    #[schema(max_items = 100)]
    pub items: Vec<TakenUpView>,
}

/// The campaign before that asked much the same.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyPackBefore)]
pub struct BeforeView {
    /// The campaign.
    pub campaign_id: uuid::Uuid,
    /// Academic year.
    pub academic_year: String,
    /// The release.
    pub release: i64,
    /// The day it was published.
    pub published_on: chrono::NaiveDate,
    /// The share of the school's pupils on roll who took part, in per cent, where the roll was known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub response_rate: Option<i64>,
}

/// A school's pack.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyPack)]
pub struct PackView {
    /// The campaign.
    pub campaign_id: uuid::Uuid,
    /// Academic year.
    pub academic_year: String,
    /// The campaign's title.
    pub title: TextView,
    /// The school.
    pub school_number: String,
    /// Its name.
    pub school_name: TextView,
    /// How to read the figures.
    pub note: TextView,
    /// The release they are of. A later one takes the place of those before it.
    #[schema(example = 1)]
    pub release: i64,
    /// Why it is: `first`, `late_answers`, `mended_answers`, `mended_rolls` or `other`.
    #[schema(example = "first")]
    pub reason: &'static str,
    /// The day it was published.
    pub published_on: chrono::NaiveDate,
    /// The release's SHA-256, in hexadecimal.
    pub digest: String,
    /// Figures rest on so many answers at least.
    pub min_base: u64,
    /// Which figures of these tables are not what they were in the release before, were not there, or are there no more; empty
    /// for a first release. What changed since the campaign before is `changes`.
    pub changed: Vec<ChangeView>,
    /// Questions of which the figures are an earlier release's.
    pub carried: Vec<CarriedView>,
    /// The school's pupils who took part.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub responses: Option<u32>,
    /// Its pupils on roll who were asked, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub roll: Option<i64>,
    /// The share of those on roll who took part, in per cent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub response_rate: Option<i64>,
    /// The campaign before, where the school took part in one that is published.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub before: Option<BeforeView>,
    /// What was asked, in words.
    pub questions: Vec<QuestionTextView>,
    /// The school's tables, its own first, then those it stands beside: the authority's, its phase's, its cluster's.
    pub tables: Vec<TableView>,
    /// What changed of its own figures since the campaign before.
    pub changes: Vec<ChangedView>,
    /// What stands out, the most pressing first.
    pub findings: Vec<FindingView>,
    /// What to try.
    pub advice: Vec<AdviceView>,
    /// The version of the toolkit it is from.
    pub toolkit: u16,
    /// What the school takes up.
    pub takes_up: Vec<TakenUpView>,
    /// What it took up after the campaign before.
    pub taken_up_before: Vec<TakenUpView>,
}

impl From<&Pack> for PackView {
    fn from(pack: &Pack) -> Self {
        let (results, released) = (&pack.results, &pack.results.released);
        let header = &released.header;
        let own = |of: &Released| of.tables.iter().find(|t| t.kind == Kind::School).cloned();
        let table = own(released);
        let questions = header.questions.iter().map(|asked| QuestionTextView {
            code: asked.code.clone(),
            text: text_of(&results.definition, &asked.code).into(),
            options: asked
                .options
                .iter()
                .map(|option| OptionTextView {
                    code: option.clone(),
                    label: label_of(&results.definition, &asked.code, option).into(),
                })
                .collect(),
        });
        let before = |before: &Released| BeforeView {
            campaign_id: before.header.campaign_id.uuid(),
            academic_year: before.header.academic_year.clone(),
            release: before.header.number,
            published_on: before.header.published_on,
            response_rate: own(before).and_then(|t| t.rate()),
        };
        Self {
            campaign_id: results.campaign.id.uuid(),
            academic_year: header.academic_year.clone(),
            title: header.title.clone().into(),
            school_number: results.school.number.to_string(),
            school_name: results.school.name.clone().into(),
            note: NOTE.to_owned_pair().into(),
            release: header.number,
            reason: header.reason.as_str(),
            published_on: header.published_on,
            digest: released.digest.clone(),
            min_base: header.min_base,
            changed: pack.corrected().map(Into::into).collect(),
            carried: header.carried.iter().map(Into::into).collect(),
            responses: table.as_ref().and_then(|t| t.responses),
            roll: table.as_ref().and_then(|t| t.roll),
            response_rate: table.as_ref().and_then(Table::rate),
            before: pack.before.as_ref().map(|b| before(&b.released)),
            questions: questions.collect(),
            tables: released.tables.iter().map(|t| table_of(released, t)).collect(),
            changes: pack.changes.iter().map(Into::into).collect(),
            findings: pack.found.iter().map(|found| FindingView::of(pack, found)).collect(),
            advice: pack.advice.iter().map(Into::into).collect(),
            toolkit: pack.toolkit,
            takes_up: pack.takes_up.iter().map(Into::into).collect(),
            taken_up_before: pack.taken_up.iter().map(Into::into).collect(),
        }
    }
}
