//! Who asks; schools, services and the contact list.

use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use dolen_domain::access::{self, Action};
use dolen_domain::directory::{officers, schools, services};
use dolen_domain::kernel::{Actor, Code, Cursor, OfficerId, Result, SchoolId, SchoolNumber, ServiceId, Utc as Instant};
use futures_util::join;

use super::enums::{KeyArea, Role, SchoolMedium, SchoolPhase};
use super::paging::{self, Connection, page_cost};
use super::plain::{BilingualText, Date, plain};
use super::visit::{Visit, answer, read};

/// What signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, async_graphql::Enum)]
pub enum CallerKind {
    /// A person.
    Person,
    /// An API client.
    Client,
}

plain! {
    /// Who is asking.
    pub struct Me {
        /// A person or a client.
        pub kind: CallerKind,
        /// Their id.
        pub id: ID,
        /// A person's name.
        pub name: Option<String>,
        /// When a person's session ends at the latest.
        pub expires_at: Option<DateTime<Utc>>,
        /// What a client's token allows.
        pub scopes: Vec<String>,
        /// What they are, somewhere, now.
        pub roles: Vec<Role>,
    }
}

plain! {
    /// A school.
    pub struct School {
        /// Authority and establishment, seven digits.
        pub number: String,
        /// Name.
        pub name: BilingualText,
        /// Phase.
        pub phase: SchoolPhase,
        /// Language of teaching.
        pub medium: SchoolMedium,
        /// Cluster.
        pub cluster: Option<String>,
        /// First day.
        pub opened_on: Option<Date>,
        /// Last day.
        pub closed_on: Option<Date>,
    }
}

impl From<schools::School> for School {
    fn from(s: schools::School) -> Self {
        Self {
            number: s.number.to_string(),
            name: s.name.into(),
            phase: s.phase.into(),
            medium: s.medium.into(),
            cluster: s.cluster,
            opened_on: s.opened_on.map(Date),
            closed_on: s.closed_on.map(Date),
        }
    }
}

plain! {
    /// What a service takes.
    pub struct ServiceGate {
        /// First year group taken (0 is Reception); every one when null.
        pub from_year: Option<u8>,
        /// Last year group taken.
        pub to_year: Option<u8>,
        /// Phases taken; every one when empty.
        pub phases: Vec<SchoolPhase>,
        /// Whether consent must be recorded.
        pub consent_required: bool,
        /// Whether the school must say what it has tried.
        pub evidence_required: bool,
    }
}

plain! {
    /// A service schools refer to.
    pub struct Service {
        /// Its short word.
        pub code: String,
        /// Name.
        pub name: BilingualText,
        /// What a referral must meet.
        pub gate: ServiceGate,
    }
}

impl From<services::Service> for Service {
    fn from(s: services::Service) -> Self {
        Self {
            code: s.code,
            name: s.name.into(),
            gate: ServiceGate {
                from_year: s.gate.years.map(|y| y.0),
                to_year: s.gate.years.map(|y| y.1),
                phases: s.gate.phases.into_iter().map(Into::into).collect(),
                consent_required: s.gate.consent_required,
                evidence_required: s.gate.evidence_required,
            },
        }
    }
}

plain! {
    /// Someone on the contact list.
    pub struct Officer {
        /// Their id.
        pub id: ID,
        /// Their name.
        pub name: String,
        /// Their role.
        pub role: String,
        /// Their e-mail address; null when they are on the list no more.
        pub email: Option<String>,
        /// What they look after; nothing when they are on the list no more.
        pub key_areas: Vec<KeyArea>,
    }
}

impl From<officers::Officer> for Officer {
    fn from(o: officers::Officer) -> Self {
        // An old record names an officer who left; by that way no more is shown than the record itself shows.
        let areas = if o.listed { o.areas } else { Vec::new() };
        Self {
            id: o.id.into(),
            name: o.name,
            role: o.role_title,
            email: o.listed.then(|| o.email.to_string()),
            key_areas: areas.into_iter().map(Into::into).collect(),
        }
    }
}

/// A school of a record, for who sees the directory.
///
/// # Errors
/// A refusal of the directory.
pub(super) async fn school_of(visit: &Visit, id: SchoolId) -> Result<School> {
    // Both at once: waiting for the right first would put what was asked without it into a batch of its own.
    let (pass, found) = join!(visit.sees_directory(), visit.loader.load_one(id));
    pass?;
    Ok(found?.ok_or(Code::NotFound)?.into())
}

/// A service of a record, for who sees the directory.
///
/// # Errors
/// A refusal of the directory.
pub(super) async fn service_of(visit: &Visit, id: ServiceId) -> Result<Service> {
    let (pass, found) = join!(visit.sees_directory(), visit.loader.load_one(id));
    pass?;
    Ok(found?.ok_or(Code::NotFound)?.into())
}

/// An officer of a record, for who sees the directory.
///
/// # Errors
/// A refusal of the directory.
pub(super) async fn officer_of(visit: &Visit, id: OfficerId) -> Result<Officer> {
    let (pass, found) = join!(visit.sees_directory(), visit.loader.load_one(id));
    pass?;
    Ok(found?.ok_or(Code::NotFound)?.into())
}

/// The number of a record's school, which is part of its envelope.
///
/// # Errors
/// When the database can't be read.
pub(super) async fn school_number(visit: &Visit, id: SchoolId) -> Result<String> {
    let found = visit.loader.load_one(id).await?;
    Ok(found.ok_or(Code::NotFound)?.number.to_string())
}

/// The directory's part of the query.
#[derive(Default)]
pub struct DirectoryQuery;

/// Who asks; schools, services and the contact list.
#[Object]
impl DirectoryQuery {
    /// Who is asking.
    async fn me(&self, ctx: &Context<'_>) -> Option<Me> {
        answer(ctx, me(ctx).await)
    }

    /// Schools, by number.
    #[graphql(complexity = "page_cost(first, child_complexity)")]
    async fn schools(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Items on the page, 1 to 100; 20 when not given.")] first: Option<i32>,
        #[graphql(desc = "`endCursor` of the page before.")] after: Option<String>,
    ) -> Option<Connection<School>> {
        let page = read(ctx, move |work, _| {
            let request = paging::request(first, after.as_deref())?;
            let scope = access::scope(work, Action::ReadDirectory)?;
            Ok((schools::page(work, &scope, request)?, request))
        });
        // The domain pages schools by number; the cursor's instant says nothing.
        let place = |s: &schools::School| Cursor { at: Instant::from_micros(0), id: s.id.uuid() };
        let page = page.await.map(|(page, request)| Connection::of(page, &request, place, Into::into));
        answer(ctx, page)
    }

    /// A school by its number.
    async fn school(&self, ctx: &Context<'_>, #[graphql(desc = "Seven digits.")] number: String) -> Option<School> {
        let school = read(ctx, move |work, _| {
            access::scope(work, Action::ReadDirectory)?;
            let number = SchoolNumber::parse(&number).map_err(|_| Code::NotFound)?;
            schools::by_number(work, &number)
        });
        answer(ctx, school.await.map(Into::into))
    }

    /// The services that take referrals now.
    #[graphql(complexity = "10 + 10 * child_complexity")]
    async fn services(&self, ctx: &Context<'_>) -> Option<Vec<Service>> {
        let all = read(ctx, |work, _| {
            access::scope(work, Action::ReadDirectory)?;
            services::all(work)
        });
        let active = |all: Vec<services::Service>| all.into_iter().filter(|s| s.active).map(Into::into).collect();
        answer(ctx, all.await.map(active))
    }

    /// The contact list: who looks after what.
    #[graphql(complexity = "50 + 50 * child_complexity")]
    async fn officers(&self, ctx: &Context<'_>) -> Option<Vec<Officer>> {
        let listed = read(ctx, |work, _| {
            access::scope(work, Action::ReadDirectory)?;
            officers::all_listed(work)
        });
        answer(ctx, listed.await.map(|all| all.into_iter().map(Into::into).collect()))
    }
}

async fn me(ctx: &Context<'_>) -> Result<Me> {
    let visit = Visit::of(ctx)?;
    let standing = read(ctx, |work, _| access::standing(work)).await?;
    let mut roles: Vec<_> = standing.memberships.iter().map(|m| m.role).collect();
    roles.sort_unstable();
    roles.dedup();
    let session = visit.session.as_ref();
    let scopes = visit.caller.scopes.as_ref().map(ToString::to_string).unwrap_or_default();
    Ok(Me {
        kind: match visit.caller.actor {
            Actor::Client(_) => CallerKind::Client,
            Actor::Person(_) | Actor::System | Actor::Anonymous => CallerKind::Person,
        },
        id: visit.caller.actor.uuid().ok_or(Code::SignInRequired)?.into(),
        name: session.map(|s| s.name.clone()),
        expires_at: session.map(|s| s.expires_at.chrono()),
        scopes: scopes.split_ascii_whitespace().map(str::to_owned).collect(),
        roles: roles.into_iter().map(Into::into).collect(),
    })
}
