//! Who is asking. What they may do is decided by `access`, from the database, in the same transaction.

use super::ids::{ClientId, PersonId};
use super::{Lang, Utc};

/// Who acts: a signed-in person, an API client, or the service itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Actor {
    /// Nobody known: the public routes, and the moment of signing in.
    Anonymous,
    /// A person with a session.
    Person(PersonId),
    /// An API client (a school's MIS, a health system) with a token.
    Client(ClientId),
    /// The worker or the command line.
    System,
}

impl Actor {
    /// The word stored in the audit record.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Person(_) => "person",
            Self::Client(_) => "client",
            Self::System => "system",
        }
    }

    /// The actor of two stored columns; `None` when no actor is stored like that.
    #[must_use]
    pub fn from_stored(kind: &str, id: Option<uuid::Uuid>) -> Option<Self> {
        match (kind, id) {
            ("person", Some(id)) => Some(Self::Person(PersonId::from_uuid(id))),
            ("client", Some(id)) => Some(Self::Client(ClientId::from_uuid(id))),
            ("system", None) => Some(Self::System),
            ("anonymous", None) => Some(Self::Anonymous),
            _ => None,
        }
    }

    /// The identifier behind the word, when there is one.
    #[must_use]
    pub fn uuid(self) -> Option<uuid::Uuid> {
        match self {
            Self::Person(id) => Some(id.uuid()),
            Self::Client(id) => Some(id.uuid()),
            Self::Anonymous | Self::System => None,
        }
    }
}

/// The scopes of a token, as granted when it was made (`referrals:write` and the like).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scopes(Vec<String>);

impl Scopes {
    /// Parses a space-separated list (RFC 6749 §3.3).
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self(text.split_ascii_whitespace().map(str::to_owned).collect())
    }

    /// Whether the list holds this scope.
    #[must_use]
    pub fn has(&self, scope: &str) -> bool {
        self.0.iter().any(|s| s == scope)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those of `self` that `other` holds too.
    #[must_use]
    pub fn within(&self, other: &Self) -> Self {
        Self(self.0.iter().filter(|s| other.has(s)).cloned().collect())
    }
}

impl std::fmt::Display for Scopes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

/// One request's caller: identity only, no rights. Rights are read when they are used.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who acts.
    pub actor: Actor,
    /// What the token allows; `None` for a person or the system, who are bound by their roles alone.
    pub scopes: Option<Scopes>,
    /// When this session last proved a second factor; `None` for clients, and for who has proved none.
    pub second_factor_at: Option<Utc>,
    /// The language answers are written in.
    pub lang: Lang,
    /// The request's id, stored with every audit entry.
    pub request_id: String,
}

impl Caller {
    /// The service acting for itself, with the name of what runs (`worker`, `cli`) as request id.
    #[must_use]
    pub fn system(what: &str) -> Self {
        Self { actor: Actor::System, scopes: None, second_factor_at: None, lang: Lang::En, request_id: what.to_owned() }
    }

    /// A person, as a session proves.
    #[must_use]
    pub fn person(id: PersonId, lang: Lang, request_id: &str) -> Self {
        Self { actor: Actor::Person(id), scopes: None, second_factor_at: None, lang, request_id: request_id.to_owned() }
    }
}
