//! What these answers hold.

use chrono::{DateTime, NaiveDate, Utc};
use dolen_domain::kernel::to_hex;
use dolen_domain::records::holds::Hold;
use dolen_domain::records::retention::{Certificate, Item, Plan, Rule, RuleChange};
use dolen_domain::records::subject_access::{Piece, Request};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A rule.
#[derive(Serialize, ToSchema)]
#[schema(as = RetentionRule)]
pub struct RuleView {
    /// For what.
    #[schema(example = "referral")]
    pub record_class: String,
    /// Counted from what: `born_on` or `closed`.
    #[schema(example = "born_on")]
    pub anchor: String,
    /// How many years.
    pub years: i64,
    /// And then: `review` or `destroy`.
    #[schema(example = "destroy")]
    pub action: String,
    /// Where it comes from.
    pub source: String,
    /// Its version, to change it.
    pub version: i64,
}

impl From<Rule> for RuleView {
    fn from(r: Rule) -> Self {
        let (record_class, anchor, action) = (r.class.to_string(), r.anchor.to_string(), r.end.to_string());
        Self { record_class, anchor, years: r.years, action, source: r.source, version: r.version }
    }
}

/// A change that waits for a second person.
#[derive(Serialize, ToSchema)]
#[schema(as = RetentionChange)]
pub struct ChangeView {
    /// Its id.
    pub id: Uuid,
    /// Of which rule.
    pub record_class: String,
    /// Counted from what.
    pub anchor: String,
    /// How many years.
    pub years: i64,
    /// And then.
    pub action: String,
    /// Where it comes from.
    pub source: String,
    /// Since when it waits.
    pub proposed_at: DateTime<Utc>,
}

impl From<RuleChange> for ChangeView {
    fn from(c: RuleChange) -> Self {
        Self {
            id: c.id.uuid(),
            record_class: c.class.to_string(),
            anchor: c.anchor.to_string(),
            years: c.years,
            action: c.end.to_string(),
            source: c.source,
            proposed_at: c.proposed_at.chrono(),
        }
    }
}

/// The rules, and the changes that wait.
#[derive(Serialize, ToSchema)]
#[schema(as = RetentionRules)]
pub struct RulesView {
    /// The rules.
    pub rules: Vec<RuleView>,
    /// The changes that wait.
    pub changes: Vec<ChangeView>,
}

/// Something whose time is over.
#[derive(Serialize, ToSchema)]
#[schema(as = RetentionItem)]
pub struct ItemView {
    /// The case's reference.
    #[schema(example = "DL-7K4Q-3M9X")]
    pub reference: String,
    /// What of it.
    pub record_class: String,
    /// It was kept until then.
    pub dispose_after: NaiveDate,
    /// `due`, `review`, `held` or `open`.
    #[schema(example = "due")]
    pub standing: String,
}

impl From<&Item> for ItemView {
    fn from(i: &Item) -> Self {
        Self {
            reference: i.reference.to_string(),
            record_class: i.class.to_string(),
            dispose_after: i.dispose_after,
            standing: i.standing.as_str().to_owned(),
        }
    }
}

/// What is over, and what a run would do.
#[derive(Serialize, ToSchema)]
#[schema(as = RetentionPlan)]
pub struct PlanView {
    /// The day.
    pub on: NaiveDate,
    /// What is over, the longest first.
    pub items: Vec<ItemView>,
    /// How many would go, by class.
    pub counts: std::collections::BTreeMap<String, u64>,
    /// Children of whom nothing would be left.
    pub children: u64,
    /// Whether there is more than is listed.
    pub more: bool,
}

impl From<Plan> for PlanView {
    fn from(p: Plan) -> Self {
        let number = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        Self {
            on: p.on,
            items: p.items.iter().map(Into::into).collect(),
            counts: p.counts().into_iter().map(|(class, n)| (class.to_owned(), number(n))).collect(),
            children: number(p.children.len()),
            more: p.more,
        }
    }
}

/// A certificate. Its digest is in the audit record too.
#[derive(Serialize, ToSchema)]
#[schema(as = RetentionCertificate)]
pub struct CertificateView {
    /// Its number; none when nothing was due.
    pub number: i64,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// What it says: JSON as text, so that its digest can be checked.
    pub body: String,
    /// SHA-256 of the body.
    pub sha256: String,
}

impl From<Certificate> for CertificateView {
    fn from(c: Certificate) -> Self {
        Self { number: c.number, made_at: c.made_at.chrono(), body: c.body, sha256: to_hex(&c.digest) }
    }
}

/// What a run did.
#[derive(Serialize, ToSchema)]
#[schema(as = RetentionRun)]
pub struct RunView {
    /// The certificate; absent when nothing was due.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub certificate: Option<CertificateView>,
}

/// Every certificate.
#[derive(Serialize, ToSchema)]
#[schema(as = RetentionCertificates)]
pub struct CertificatesView {
    /// The newest first.
    pub items: Vec<CertificateView>,
}

/// A hold, without its reason.
#[derive(Serialize, ToSchema)]
#[schema(as = LegalHold)]
pub struct HoldView {
    /// Its id.
    pub id: Uuid,
    /// The case, or one of the child's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reference: Option<String>,
    /// Whether everything of the child is held.
    pub whole_child: bool,
    /// When it was placed.
    pub placed_at: DateTime<Utc>,
    /// Until which day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub until: Option<NaiveDate>,
    /// When somebody ended it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub ended_at: Option<DateTime<Utc>>,
}

impl From<Hold> for HoldView {
    fn from(h: Hold) -> Self {
        Self {
            id: h.id.uuid(),
            reference: h.reference.map(|r| r.to_string()),
            whole_child: h.whole_child,
            placed_at: h.placed_at.chrono(),
            until: h.until,
            ended_at: h.ended_at.map(dolen_domain::kernel::Utc::chrono),
        }
    }
}

/// Every hold.
#[derive(Serialize, ToSchema)]
#[schema(as = LegalHolds)]
pub struct HoldsView {
    /// Those in force first.
    pub items: Vec<HoldView>,
}

/// What a change led to.
#[derive(Serialize, ToSchema)]
#[schema(as = RecordsDone)]
pub struct DoneView {
    /// How it stands now, as a word.
    #[schema(example = "done")]
    pub state: String,
    /// The id of what was made or waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub id: Option<Uuid>,
}

impl DoneView {
    pub(super) fn of(state: &str, id: Option<Uuid>) -> Self {
        Self { state: state.to_owned(), id }
    }
}

/// A request for a child's own data, without what it found.
#[derive(Serialize, ToSchema)]
#[schema(as = SubjectAccessRequest)]
pub struct RequestView {
    /// Its id.
    pub id: Uuid,
    /// Its reference.
    #[schema(example = "DL-7K4Q-3M9X")]
    pub reference: String,
    /// Who asks: `child`, `parent` or `representative`.
    #[schema(example = "child")]
    pub asked_by: String,
    /// When it came in.
    pub received_on: NaiveDate,
    /// By when it is to be answered.
    pub due_on: NaiveDate,
    /// `open`, `gathered`, `released` or `withdrawn`.
    #[schema(example = "open")]
    pub state: String,
    /// How many pieces were found.
    pub pieces: i64,
    /// How many wait for a decision.
    pub undecided: i64,
}

impl From<Request> for RequestView {
    fn from(r: Request) -> Self {
        Self {
            id: r.id.uuid(),
            reference: r.reference.to_string(),
            asked_by: r.asked_by.to_string(),
            received_on: r.received_on,
            due_on: r.due_on,
            state: r.state.to_string(),
            pieces: r.pieces,
            undecided: r.undecided,
        }
    }
}

/// The newest requests.
#[derive(Serialize, ToSchema)]
#[schema(as = SubjectAccessRequests)]
pub struct RequestsView {
    /// The newest first.
    pub items: Vec<RequestView>,
}

/// A piece of what was found.
#[derive(Serialize, ToSchema)]
#[schema(as = SubjectAccessPiece)]
pub struct PieceView {
    /// Its number.
    pub number: i64,
    /// Found in which table.
    #[schema(example = "referrals")]
    pub source: String,
    /// Which part.
    #[schema(example = "need")]
    pub field: String,
    /// What it says; of a document its name.
    pub text: String,
    /// Whether it names, or is about, somebody around the child.
    pub marked: bool,
    /// `keep` or `redact`; absent until decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub decision: Option<String>,
    /// Why it is redacted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reason: Option<String>,
}

impl From<Piece> for PieceView {
    fn from(p: Piece) -> Self {
        Self {
            number: p.number,
            source: p.content.source,
            field: p.content.field,
            text: p.content.text,
            marked: p.marked,
            decision: p.decision.map(|(d, _)| d.to_string()),
            reason: p.decision.and_then(|(_, r)| r).map(|r| r.to_string()),
        }
    }
}

/// Everything a request found.
#[derive(Serialize, ToSchema)]
#[schema(as = SubjectAccessPieces)]
pub struct PiecesView {
    /// In order.
    pub items: Vec<PieceView>,
}
