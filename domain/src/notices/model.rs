//! What is told, to whom, about what, and how far it got.

use crate::kernel::{
    AlertId, CampaignId, ConcernId, EmailAddress, EmergencyId, NoticeId, OfficerId, PersonId, Reference, ReferralId,
    Utc, WarrnId, text_enum,
};

text_enum! {
    /// What happened. Many of these read the same once written out: see [`Wording::ask`].
    pub enum Wording {
        /// A referral reached an officer or a queue.
        ReferralReceived = "referral_received",
        /// The service asks the referrer something.
        ReferralInfoRequested = "referral_info_requested",
        /// The referrer answered.
        ReferralAnswered = "referral_answered",
        /// The service took the referral.
        ReferralAccepted = "referral_accepted",
        /// The service declined the referral.
        ReferralDeclined = "referral_declined",
        /// The service passed the referral to another service.
        ReferralRedirected = "referral_redirected",
        /// A WARRN record came for this recipient.
        WarrnReceived = "warrn_received",
        /// A WARRN record was not acknowledged in time and comes to the deputy.
        WarrnEscalated = "warrn_escalated",
        /// Several records came close together.
        AlertRaised = "alert_raised",
        /// Help words were written in a class of the recipient's school.
        ConcernRaised = "concern_raised",
        /// A WARRN record went on: a plan, a return, a moved date, an end.
        WarrnNews = "warrn_news",
        /// The child of an open WARRN record has changed school, and somebody must hand the record over.
        ChildMoved = "child_moved",
        /// A date of special provision passed: a review or its end.
        ProvisionOverdue = "provision_overdue",
        /// The day of somebody's task passed.
        TaskOverdue = "task_overdue",
        /// Somebody is invited to join.
        Invited = "invited",
        /// Something about somebody's own way in was changed.
        AccountChanged = "account_changed",
        /// Somebody broke the glass over records the recipient holds or watches over.
        EmergencyStarted = "emergency_started",
        /// A school's survey is neither signed off nor a nil return, and the last day is near.
        SurveyOwing = "survey_owing",
        /// A campaign's results were published, or published anew.
        SurveyPublished = "survey_published",
    }
}

text_enum! {
    /// What the recipient is asked to do. All a message says of its cause, so that its text never gives away what kind
    /// of record it is about.
    pub enum Ask {
        /// Something waits for the recipient.
        Attention = "attention",
        /// Something has waited for somebody else too long.
        Overdue = "overdue",
        /// A question waits.
        Question = "question",
        /// An answer came.
        Answer = "answer",
        /// There is news.
        News = "news",
        /// An account waits to be taken up.
        Join = "join",
        /// The recipient's own account was changed.
        Account = "account",
        /// The school's survey waits to be finished.
        Survey = "survey",
        /// Survey results can be read.
        Results = "results",
    }
}

impl Wording {
    /// What the recipient is asked to do.
    #[must_use]
    pub const fn ask(self) -> Ask {
        match self {
            Self::ReferralReceived
            | Self::WarrnReceived
            | Self::ChildMoved
            | Self::ProvisionOverdue
            | Self::TaskOverdue
            | Self::EmergencyStarted
            | Self::AlertRaised
            | Self::ConcernRaised => Ask::Attention,
            Self::WarrnEscalated => Ask::Overdue,
            Self::ReferralInfoRequested => Ask::Question,
            Self::ReferralAnswered => Ask::Answer,
            Self::ReferralAccepted | Self::ReferralDeclined | Self::ReferralRedirected | Self::WarrnNews => Ask::News,
            Self::Invited => Ask::Join,
            Self::AccountChanged => Ask::Account,
            Self::SurveyOwing => Ask::Survey,
            Self::SurveyPublished => Ask::Results,
        }
    }
}

text_enum! {
    /// How far a message got, in GOV.UK Notify's words (`facts/reliability.md` D11).
    pub enum State {
        /// Waits for its first try.
        Created = "created",
        /// A worker holds it.
        Sending = "sending",
        /// Handed over. Final.
        Delivered = "delivered",
        /// The recipient's side refused it for good. Final.
        PermanentFailure = "permanent-failure",
        /// The last try failed in a way that may pass; it is tried again at its next time.
        TemporaryFailure = "temporary-failure",
        /// Given up on. Final.
        TechnicalFailure = "technical-failure",
        /// Not sent, because the recipient is gone or may no longer know. Final.
        Withdrawn = "withdrawn",
    }
}

impl State {
    /// Whether nothing more will happen to the message.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Delivered | Self::PermanentFailure | Self::TechnicalFailure | Self::Withdrawn)
    }
}

/// Who is told. The address is looked up when the message is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Recipient {
    /// A person who signs in.
    Person(PersonId),
    /// An officer on the contact list.
    Officer(OfficerId),
}

impl Recipient {
    /// The id behind it.
    #[must_use]
    pub const fn uuid(self) -> uuid::Uuid {
        match self {
            Self::Person(id) => id.uuid(),
            Self::Officer(id) => id.uuid(),
        }
    }
}

/// What it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A referral.
    Referral(ReferralId),
    /// A WARRN record.
    Warrn(WarrnId),
    /// The recipient's own account.
    Person(PersonId),
    /// An emergency access.
    Emergency(EmergencyId),
    /// Records close together.
    Alert(AlertId),
    /// A survey campaign.
    Campaign(CampaignId),
    /// Help words in a class on a day.
    Concern(ConcernId),
}

/// A message to write into the outbox.
#[derive(Debug, Clone)]
pub struct NewNotice {
    /// What happened.
    pub wording: Wording,
    /// Who is told.
    pub to: Recipient,
    /// What it is about.
    pub subject: Subject,
    /// The record's reference, which the message quotes.
    pub reference: Reference,
    /// By when something must be done, if by any time.
    pub due_at: Option<Utc>,
    /// Equal text, one message: ids and version of the change, and the recipient. Never a name.
    pub dedupe: String,
}

/// A message a worker holds for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leased {
    /// Its id.
    pub id: NoticeId,
    /// Which try this is, from 1. It also tells this lease from a later one.
    pub attempt: i64,
    /// What happened.
    pub wording: Wording,
    /// Who is told.
    pub to: Recipient,
    /// What it is about.
    pub subject: Subject,
    /// The record's reference.
    pub reference: Reference,
    /// By when something must be done.
    pub due_at: Option<Utc>,
}

/// A message ready to leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The one address it goes to.
    pub to: EmailAddress,
    /// The subject line.
    pub subject: String,
    /// The body, plain text.
    pub text: String,
    /// The value for `Content-Language`.
    pub languages: &'static str,
    /// The `Message-ID`, the same at every try, so that a repeat shows as one.
    pub message_id: String,
}

/// What became of a message at the moment of sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Composed {
    /// Send it.
    Ready(Mail),
    /// Don't: settle it with this outcome.
    Withdrawn(Outcome),
}

/// How a try ended. The word is a short code of ours (`smtp-451`, `timeout`): being static, it holds no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The mail server took it.
    Delivered,
    /// The recipient's side refused it for good (an SMTP 5xx reply about this recipient or message).
    Permanent(&'static str),
    /// It may go better later: 4xx, a timeout, no connection, our own account refused.
    Temporary(&'static str),
    /// It can't be made or offered at all, now or later.
    Technical(&'static str),
    /// It must not be sent any more.
    Withdrawn(&'static str),
}

impl Outcome {
    /// The word for the ledger.
    #[must_use]
    pub const fn problem(self) -> Option<&'static str> {
        match self {
            Self::Delivered => None,
            Self::Permanent(word) | Self::Temporary(word) | Self::Technical(word) | Self::Withdrawn(word) => Some(word),
        }
    }
}

/// A line of the delivery ledger. It says neither what kind of record the message is about nor which one by id: the
/// ledger's readers may not know that a WARRN record exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its id.
    pub id: NoticeId,
    /// What the recipient is asked.
    pub ask: Ask,
    /// Who is told.
    pub to: Recipient,
    /// The record's reference.
    pub reference: Reference,
    /// By when something must be done.
    pub due_at: Option<Utc>,
    /// How far it got.
    pub state: State,
    /// Tries begun.
    pub attempts: i64,
    /// When it is tried next; none once final.
    pub next_at: Option<Utc>,
    /// Why the last try failed, as a code word.
    pub problem: Option<String>,
    /// When it was written.
    pub created_at: Utc,
    /// When it reached its final state.
    pub finished_at: Option<Utc>,
}
