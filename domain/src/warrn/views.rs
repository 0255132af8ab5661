//! What is seen of a record: a type for each way of standing to it, which holds what that reader may know and nothing else
//! (`docs/adr/0003-grants-and-policy-as-data.md`). What somebody is not told has no field that could say it.

use crate::access::{self, Action, Basis, Facts, Grant, Relation};
use crate::db::Work;
use crate::kernel::{Code, Result, SchoolId, WarrnId};

use super::model::{Content, Mine, NamedRecipient, WarrnEnvelope};
use super::{handing, rules, store};

/// What everybody sees who may know of a record.
#[derive(Debug, Clone)]
pub struct Known {
    /// The envelope.
    pub record: WarrnEnvelope,
    /// Who was named, and how far each is.
    pub recipients: Vec<NamedRecipient>,
}

/// How far the content is open to a reader.
#[derive(Debug, Clone)]
pub enum Opened {
    /// Not asked for, or not for this reader.
    No,
    /// Once the reader has proved a second factor again.
    StepUp,
    /// This is what it says.
    Yes(Content),
}

/// For who sent it: how far it got.
#[derive(Debug, Clone)]
pub struct SeenBySender {
    /// What everybody sees.
    pub known: Known,
}

/// For a named recipient.
#[derive(Debug, Clone)]
pub struct SeenByRecipient {
    /// What everybody sees.
    pub known: Known,
    /// The content.
    pub opened: Opened,
    /// What waits for the reader.
    pub mine: Option<Mine>,
    /// Whether the child has changed school and the record waits to be handed over, for who acts for it.
    pub moved: Option<bool>,
    /// The school it would be handed over to, for who may.
    pub hand_over_to: Option<SchoolId>,
}

/// For a safeguarding lead, who sees it because its child has changed school.
#[derive(Debug, Clone)]
pub struct SeenByLead {
    /// What everybody sees.
    pub known: Known,
    /// The content.
    pub opened: Opened,
    /// The school it would be handed over to.
    pub hand_over_to: Option<SchoolId>,
}

/// For who opened the child's records in an emergency.
#[derive(Debug, Clone)]
pub struct SeenInEmergency {
    /// What everybody sees.
    pub known: Known,
    /// The content.
    pub opened: Opened,
}

/// What a reader sees.
#[derive(Debug, Clone)]
pub enum WarrnView {
    /// Its sender.
    Sender(SeenBySender),
    /// A named recipient.
    Recipient(SeenByRecipient),
    /// A safeguarding lead, after a move.
    Lead(SeenByLead),
    /// Who broke the glass.
    Emergency(SeenInEmergency),
}

impl WarrnView {
    /// What this reader sees: who stands to a record in several ways is shown the most of them. Who sent it and opens its
    /// content in an emergency is somebody in an emergency.
    ///
    /// # Errors
    /// When the database can't be read.
    pub(super) fn of(work: &mut Work<'_>, pass: &Grant<WarrnId>, facts: &Facts, opened: Opened) -> Result<Self> {
        let known = Known { record: store::envelope(work, pass)?, recipients: store::recipients(work, pass)? };
        let standing = access::standing(work)?;
        let own = !rules::own(&standing, known.record.school, &known.recipients, work.now()).is_empty();
        let hand_over_to = handing::seen(work, pass, facts)?;
        let opens = may_open(work, pass, facts)?;
        Ok(match pass.basis() {
            _ if opens && !own && hand_over_to.is_some() => Self::Lead(SeenByLead { known, opened, hand_over_to }),
            _ if opens && !own => Self::Emergency(SeenInEmergency { known, opened }),
            Basis::Role(_, Relation::Sender) if !own => Self::Sender(SeenBySender { known }),
            _ => Self::Recipient(SeenByRecipient {
                mine: rules::mine(&standing, &known.record, &known.recipients, work.now()),
                moved: own.then_some(facts.moved),
                hand_over_to,
                known,
                opened,
            }),
        })
    }

    fn known(&self) -> &Known {
        match self {
            Self::Sender(seen) => &seen.known,
            Self::Recipient(seen) => &seen.known,
            Self::Lead(seen) => &seen.known,
            Self::Emergency(seen) => &seen.known,
        }
    }

    /// The envelope.
    #[must_use]
    pub fn record(&self) -> &WarrnEnvelope {
        &self.known().record
    }

    /// Who was named, and how far each is.
    #[must_use]
    pub fn recipients(&self) -> &[NamedRecipient] {
        &self.known().recipients
    }

    const fn opened(&self) -> Option<&Opened> {
        match self {
            Self::Sender(_) => None,
            Self::Recipient(seen) => Some(&seen.opened),
            Self::Lead(seen) => Some(&seen.opened),
            Self::Emergency(seen) => Some(&seen.opened),
        }
    }

    /// The content, where it is open.
    #[must_use]
    pub const fn content(&self) -> Option<&Content> {
        match self.opened() {
            Some(Opened::Yes(content)) => Some(content),
            _ => None,
        }
    }

    /// The content alone.
    #[must_use]
    pub fn into_content(self) -> Option<Content> {
        let opened = match self {
            Self::Sender(_) => return None,
            Self::Recipient(seen) => seen.opened,
            Self::Lead(seen) => seen.opened,
            Self::Emergency(seen) => seen.opened,
        };
        match opened {
            Opened::Yes(content) => Some(content),
            Opened::No | Opened::StepUp => None,
        }
    }

    /// Whether the content would open once the reader has proved a second factor again.
    #[must_use]
    pub const fn needs_step_up(&self) -> bool {
        matches!(self.opened(), Some(Opened::StepUp))
    }

    /// What waits for the reader: recipients alone have anything.
    #[must_use]
    pub const fn mine(&self) -> Option<&Mine> {
        match self {
            Self::Recipient(seen) => seen.mine.as_ref(),
            _ => None,
        }
    }

    /// Whether the child has changed school and the record waits to be handed over; `None` for who is not told.
    #[must_use]
    pub const fn moved(&self) -> Option<bool> {
        match self {
            Self::Sender(_) | Self::Emergency(_) => None,
            Self::Recipient(seen) => seen.moved,
            Self::Lead(_) => Some(true),
        }
    }

    /// The school it would be handed over to, for who may.
    #[must_use]
    pub const fn hand_over_to(&self) -> Option<SchoolId> {
        match self {
            Self::Sender(_) | Self::Emergency(_) => None,
            Self::Recipient(seen) => seen.hand_over_to,
            Self::Lead(seen) => seen.hand_over_to,
        }
    }
}

/// Whether the content would open to them, once they have proved a second factor.
fn may_open(work: &mut Work<'_>, pass: &Grant<WarrnId>, facts: &Facts) -> Result<bool> {
    match access::grant(work, Action::ReadWarrnContent, pass.id(), facts) {
        Ok(_) => Ok(true),
        Err(error) if matches!(error.code, Code::Forbidden | Code::ScopeInsufficient) => Ok(false),
        Err(error) if error.code == Code::StepUpRequired => Ok(true),
        Err(error) => Err(error),
    }
}

/// A record in a list: who sent it is told that it is there, who reads it what waits for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WarrnListed {
    /// For its sender.
    Sender(WarrnEnvelope),
    /// For who opened the child's records in an emergency.
    Emergency(WarrnEnvelope),
    /// For its recipients, and for a safeguarding lead after a move.
    Reader {
        /// The envelope.
        record: WarrnEnvelope,
        /// What waits for the caller.
        mine: Option<Mine>,
        /// Whether the child has changed school and the record waits to be handed over, for who acts for it.
        moved: Option<bool>,
    },
}

impl WarrnListed {
    /// The envelope.
    #[must_use]
    pub const fn record(&self) -> &WarrnEnvelope {
        match self {
            Self::Sender(record) | Self::Emergency(record) | Self::Reader { record, .. } => record,
        }
    }

    /// What waits for the caller.
    #[must_use]
    pub const fn mine(&self) -> Option<&Mine> {
        match self {
            Self::Sender(_) | Self::Emergency(_) => None,
            Self::Reader { mine, .. } => mine.as_ref(),
        }
    }

    /// Whether the child has changed school and the record waits to be handed over; `None` for who is not told.
    #[must_use]
    pub const fn moved(&self) -> Option<bool> {
        match self {
            Self::Sender(_) | Self::Emergency(_) => None,
            Self::Reader { moved, .. } => *moved,
        }
    }
}
