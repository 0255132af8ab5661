//! Writing, claiming, settling, and the ledger.

use crate::access::{self, Action, Decision};
use crate::audit::{self, Object};
use crate::db::Work;
use crate::directory::officers;
use crate::identity::{self, Contact, Preference};
use crate::kernel::{Actor, NoticeId, Page, PageRequest, PersonId, Reference, Result, Utc};
use crate::vault::Vault;

use super::model::{Composed, Leased, Mail, NewNotice, Notice, Outcome, Recipient, State, Subject, Wording};
use super::rules::{self, LARGEST_ATTEMPT, Next};
use super::store;
use super::wording::{self, Due, Envelope, Link};

/// Writes a message into the outbox, in the transaction of the change it tells of. A second one with the same `dedupe`
/// is nothing more.
///
/// # Errors
/// When the database refuses it.
#[expect(clippy::needless_pass_by_value, reason = "a notice is made to be written once")]
pub fn enqueue(work: &mut Work<'_>, new: NewNotice) -> Result<()> {
    store::insert(work, &new)
}

/// Takes up to `limit` messages that are due for `lease_seconds`. Who does not settle in time loses them to the next
/// worker; a message whose last try was lost that way is given up here.
///
/// # Errors
/// When the database can't be written.
pub fn claim(work: &mut Work<'_>, limit: i64, lease_seconds: i64) -> Result<Vec<Leased>> {
    let (mine, worn_out): (Vec<_>, Vec<_>) =
        store::due(work, limit)?.into_iter().partition(|l| l.attempt <= LARGEST_ATTEMPT);
    for lost in worn_out {
        if store::finish(work, lost.id, State::TechnicalFailure, Some("lost"))? {
            record_end(work, lost.id, State::TechnicalFailure, "lost");
        }
    }
    if !mine.is_empty() {
        let ids: Vec<NoticeId> = mine.iter().map(|l| l.id).collect();
        let until = work.now().plus_seconds(lease_seconds);
        store::lease(work, &ids, until)?;
    }
    Ok(mine)
}

/// Puts a message back that was taken and not tried, for another look after so many seconds: the try does not count.
/// Whoever puts it back must not send it any more.
///
/// # Errors
/// When the database can't be written.
pub fn give_back(work: &mut Work<'_>, held: &Leased, seconds: i64) -> Result<()> {
    let next_at = work.now().plus_seconds(seconds);
    store::give_back(work, held, next_at)
}

/// Since when the longest waiting message could be taken; nothing when none waits. For the worker to ask in a read, so
/// that an idle one writes nothing.
///
/// # Errors
/// When the database can't be read.
pub fn waiting_since(work: &mut Work<'_>) -> Result<Option<Utc>> {
    store::waiting_since(work)
}

/// Writes the message out for its recipient as they are now, or withdraws it: when they are gone, or may no longer know
/// of what it is about (`facts/reliability.md` OUT-5). `base_url` is the service's own address.
///
/// # Errors
/// When the database can't be read.
pub fn compose(work: &mut Work<'_>, held: &Leased, base_url: &str) -> Result<Composed> {
    let contact = match held.to {
        Recipient::Person(id) => identity::contact(work, id)?,
        Recipient::Officer(id) => officers::contact(work, id)?,
    };
    let Some(contact) = contact else {
        return Ok(Composed::Withdrawn(Outcome::Withdrawn("recipient-gone")));
    };
    if !may_still_know(work, held)? {
        return Ok(Composed::Withdrawn(Outcome::Withdrawn("no-longer-entitled")));
    }
    let envelope = Envelope {
        reference: held.reference.clone(),
        link: match held.subject {
            Subject::Campaign(id) => Link::page(base_url, &format!("/surveys/{id}")),
            _ => Link::to(base_url, &held.reference),
        },
        due: held.due_at.map(Due::at),
    };
    Ok(written(held, contact, &envelope, base_url))
}

/// The same for a message about the recipient's own account ([`Subject::Person`]). An invitation's link is made here, with
/// a secret that is stored nowhere; without an open invitation there is nothing to say any more.
///
/// # Errors
/// When the database can't be read.
pub fn compose_account(work: &mut Work<'_>, vault: &Vault, held: &Leased, base_url: &str) -> Result<Composed> {
    let (Recipient::Person(person), Subject::Person(about)) = (held.to, held.subject) else {
        return Ok(Composed::Withdrawn(Outcome::Technical("no-account")));
    };
    let Some(contact) = identity::contact(work, person)?.filter(|_| person == about) else {
        return Ok(Composed::Withdrawn(Outcome::Withdrawn("recipient-gone")));
    };
    let path = match held.wording {
        Wording::Invited => match identity::invitation_link(work, vault, person)? {
            Some(secret) => format!("/invitation/{secret}"),
            None => return Ok(Composed::Withdrawn(Outcome::Withdrawn("no-longer-entitled"))),
        },
        _ => "/account".to_owned(),
    };
    let link = Link::page(base_url, &path);
    let envelope = Envelope { reference: held.reference.clone(), link, due: held.due_at.map(Due::at) };
    Ok(written(held, contact, &envelope, base_url))
}

/// Writes a message into the outbox about a person's own account, to themselves. `dedupe` tells two of a kind apart.
///
/// # Errors
/// When the database refuses it.
pub fn enqueue_account(work: &mut Work<'_>, wording: Wording, person: PersonId, dedupe: &str) -> Result<()> {
    let new = NewNotice {
        wording,
        to: Recipient::Person(person),
        subject: Subject::Person(person),
        // The ledger's; such a message quotes none.
        reference: Reference::random(work.chance()),
        due_at: None,
        dedupe: format!("{wording}:{person}:{dedupe}"),
    };
    store::insert(work, &new)
}

/// A message in its recipient's words.
fn written(held: &Leased, contact: Contact, envelope: &Envelope, base_url: &str) -> Composed {
    let text = wording::write(held.wording.ask(), envelope, contact.lang);
    let languages = match contact.lang {
        Preference::Cy => "cy",
        Preference::En => "en",
        Preference::Both => "cy, en",
    };
    let message_id = format!("<{}@{}>", held.id, host(base_url));
    Composed::Ready(Mail { to: contact.email, subject: text.subject, text: text.body, languages, message_id })
}

/// Whether the recipient would still be shown the record if they asked for it now. A person is judged by the policy
/// table; an officer of the contact list must still hold it.
fn may_still_know(work: &mut Work<'_>, held: &Leased) -> Result<bool> {
    let Some(facts) = store::facts(work, held.subject)? else {
        return Ok(false);
    };
    match held.to {
        Recipient::Person(id) => {
            let action = match held.subject {
                Subject::Referral(_) => Action::ReadReferral,
                Subject::Warrn(_) => Action::ReadWarrn,
                Subject::Person(_) => return Ok(false),
                Subject::Emergency(_) => Action::ReadEmergency,
                Subject::Alert(_) => Action::ReadAlerts,
                Subject::Campaign(_) => Action::ReadCampaign,
                Subject::Concern(_) => Action::ReadConcerns,
            };
            let standing = access::standing_of(work, Actor::Person(id))?;
            Ok(matches!(access::decide(&standing, None, action, &facts), Decision::Allowed(_)))
        }
        Recipient::Officer(id) => Ok(facts.officer == Some(id) || facts.recipient_officers.contains(&id)),
    }
}

/// The host of the service's own address, for `Message-ID`.
fn host(base_url: &str) -> &str {
    let rest = base_url.split_once("://").map_or(base_url, |(_, rest)| rest);
    // An IPv6 address in brackets is no name a `Message-ID` may end with.
    rest.split(['/', ':']).next().filter(|h| !h.is_empty() && !h.starts_with('[')).unwrap_or("localhost")
}

/// Writes down how a try ended: its final state, or when it is tried again.
///
/// A delivery counts even when the lease ran out meanwhile; any other late outcome is left to whoever holds the message
/// now. Settling twice changes nothing.
///
/// # Errors
/// When the database can't be written.
pub fn settle(work: &mut Work<'_>, held: &Leased, outcome: Outcome) -> Result<()> {
    let mut random = [0_u8; 2];
    work.chance().fill(&mut random);
    match rules::next(outcome, held.attempt, u16::from_le_bytes(random)) {
        Next::Final(State::Delivered) => store::finish(work, held.id, State::Delivered, None).map(|_| ()),
        Next::Final(state) => {
            if store::finish_own(work, held, state, outcome.problem())? {
                record_end(work, held.id, state, outcome.problem().unwrap_or_default());
            }
            Ok(())
        }
        Next::Retry(seconds) => {
            let next_at = work.now().plus_seconds(seconds);
            store::put_off(work, held, next_at, outcome.problem())
        }
    }
}

/// A message that did not arrive is part of the record (`facts/reliability.md` OUT-5).
fn record_end(work: &mut Work<'_>, id: NoticeId, state: State, problem: &str) {
    audit::record(work, "notice.failed", Object::one("notice", id.uuid()), format!("{state} {problem}"));
}

/// A page of the delivery ledger, newest first.
///
/// # Errors
/// As [`access::scope`].
pub fn page(work: &mut Work<'_>, request: PageRequest) -> Result<Page<Notice>> {
    let pass = access::scope(work, Action::ReadNotices)?;
    store::page(work, &pass, request)
}
