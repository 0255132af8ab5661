//! What each page needs: the one row a reviewer reads, and the permission tests walk.
//!
//! The decision itself is the service's own (`dolen_domain::access`); a row here that says something else than the
//! service does, and a page without a row, fail `tests/it/permissions`.

use dolen_domain::access::Action;

/// What a reader needs for a page. An API client has no session, and is led to the sign-in page like anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opens {
    /// Nothing: nobody need have signed in.
    Anybody,
    /// A session, whatever their roles.
    SignedIn,
    /// Rules for all of these actions.
    All(&'static [Action]),
    /// A rule for one of these actions: the page shows the part of it that is theirs.
    OneOf(&'static [Action]),
}

/// A page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// How it is asked for: `GET`, or `POST` for a form.
    pub method: &'static str,
    /// Its address, without its language. A `{step:a|b}` of the handler is a row for each.
    pub path: &'static str,
    /// What it needs.
    pub opens: Opens,
    /// What the sealed content it shows needs besides; who lacks that is shown the page without.
    pub content: Option<Action>,
}

const fn page(method: &'static str, path: &'static str, opens: Opens) -> Page {
    Page { method, path, opens, content: None }
}

const fn sealed(path: &'static str, opens: Opens, content: Action) -> Page {
    Page { method: "GET", path, opens, content: Some(content) }
}

use Action as A;
use Opens::{All, Anybody, OneOf, SignedIn};

/// Every page, in the order of the route table.
pub const PAGES: &[Page] = &[
    page("GET", "/assets/{hash}/{name}", Anybody),
    page("GET", "/sign-in", Anybody),
    page("POST", "/sign-in", Anybody),
    page("POST", "/sign-out", SignedIn),
    page("GET", "/step-up", SignedIn),
    page("POST", "/step-up", SignedIn),
    page("GET", "/account", SignedIn),
    page("POST", "/account/language", SignedIn),
    page("GET", "/account/password", SignedIn),
    page("POST", "/account/password", SignedIn),
    page("GET", "/account/second-factor", SignedIn),
    page("POST", "/account/second-factor", SignedIn),
    page("POST", "/account/second-factor/confirm", SignedIn),
    page("POST", "/account/recovery-codes", SignedIn),
    page("POST", "/account/sessions/{id}/end", SignedIn),
    page("POST", "/account/sessions/end-others", SignedIn),
    // A link that works once is all that is needed.
    page("GET", "/invitation/{link}", Anybody),
    page("POST", "/invitation/{link}", Anybody),
    page("GET", "/sign-in-link/{link}", Anybody),
    page("POST", "/sign-in-link/{link}", Anybody),
    page("GET", "/people", All(&[A::ManagePeople])),
    page("POST", "/people", All(&[A::ManagePeople])),
    page("POST", "/people/{of}/{id}/{verb}", All(&[A::ManagePeople])),
    page("GET", "/", SignedIn),
    page("GET", "/r/{reference}", OneOf(&[A::ReadReferral, A::ReadWarrn])),
    page("GET", "/work", OneOf(&[A::ReadReferral, A::ReadWarrn])),
    sealed("/referrals/{id}", All(&[A::ReadReferral]), A::ReadReferralContent),
    // Leads back to the referral, which decides; the same for one that is not there.
    page("GET", "/referrals/{id}/accept", SignedIn),
    page("POST", "/referrals/{id}/accept", All(&[A::DecideReferral])),
    page("GET", "/referrals/{id}/ask", All(&[A::DecideReferral])),
    page("GET", "/referrals/{id}/answer", All(&[A::AnswerReferral])),
    page("GET", "/referrals/{id}/decline", All(&[A::DecideReferral])),
    page("GET", "/referrals/{id}/redirect", All(&[A::DecideReferral])),
    page("POST", "/referrals/{id}/ask", All(&[A::DecideReferral])),
    page("POST", "/referrals/{id}/answer", All(&[A::AnswerReferral])),
    page("POST", "/referrals/{id}/decline", All(&[A::DecideReferral])),
    page("POST", "/referrals/{id}/redirect", All(&[A::DecideReferral])),
    sealed("/warrn/{id}", All(&[A::ReadWarrn]), A::ReadWarrnContent),
    page("GET", "/warrn/{id}/acknowledge", SignedIn),
    page("POST", "/warrn/{id}/acknowledge", All(&[A::AcknowledgeWarrn])),
    page("GET", "/surveys", All(&[A::ReadCampaign])),
    page("GET", "/surveys/{id}", All(&[A::ReadCampaign])),
    page("GET", "/surveys/{id}/schools/{number}", All(&[A::ReadCampaign, A::ReadResults])),
    page("GET", "/mail", All(&[A::ReadNotices])),
    page("GET", "/mail/{name}", All(&[A::ReadNotices])),
    page("GET", "/problems/{code}", Anybody),
];
