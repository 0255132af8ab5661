//! The problems each sort of operation may answer, for the document: written once, so that none is forgotten.

use std::collections::BTreeMap;

use utoipa::openapi::{Content, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, PartialSchema, ToSchema};

use crate::error::ProblemBody;

/// Every problem status with what it means here.
const MEANINGS: &[(u16, &str)] = &[
    (400, "The request cannot be read: malformed content, a parameter or the idempotency key"),
    (401, "Sign in first"),
    (403, "Not allowed"),
    (404, "There is no such record, or the caller may not know it"),
    (409, "The record is not in the state this needs"),
    (412, "The record has changed; read it again"),
    (413, "The content is too large"),
    (415, "The content type is not accepted"),
    (422, "The content has faults, or the idempotency key was used for another request"),
    (428, "An If-Match header is required"),
    (429, "Too many requests"),
    (503, "Try again shortly"),
];

fn responses(statuses: &[u16]) -> BTreeMap<String, RefOr<Response>> {
    let content = || Content::new(Some(RefOr::Ref(Ref::from_schema_name(ProblemBody::name()))));
    MEANINGS
        .iter()
        .filter(|(status, _)| statuses.contains(status))
        .map(|(status, meaning)| {
            let response = ResponseBuilder::new().description(*meaning).content("application/problem+json", content());
            (status.to_string(), RefOr::T(response.build()))
        })
        .collect()
}

macro_rules! problem_sets {
    ($($(#[$m:meta])* $name:ident: $statuses:expr;)*) => {$(
        $(#[$m])*
        pub struct $name;
        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> { responses(&$statuses) }
        }
    )*};
}

problem_sets! {
    /// Of a read without parameters.
    ReadProblems: [401, 403, 429, 503];
    /// Of a read with parameters.
    ListProblems: [400, 401, 403, 429, 503];
    /// Of a read with parameters that must wait for a state.
    ReportProblems: [400, 401, 403, 409, 429, 503];
    /// Of a read of one thing.
    ItemProblems: [401, 403, 404, 429, 503];
    /// Of a list below one thing.
    ItemListProblems: [400, 401, 403, 404, 429, 503];
    /// Of a read that must wait for a state.
    ResultProblems: [401, 403, 404, 409, 429, 503];
    /// Of a read below one thing, with parameters, that must wait for a state.
    ItemResultProblems: [400, 401, 403, 404, 409, 429, 503];
    /// Of making something.
    CreateProblems: [400, 401, 403, 404, 409, 413, 415, 422, 429, 503];
    /// Of changing something of one's own account.
    OwnProblems: [400, 401, 403, 404, 409, 413, 415, 422, 429, 503];
    /// Of doing something that needs no words.
    ActProblems: [400, 401, 403, 404, 409, 422, 429, 503];
    /// Of taking something away in a version.
    RemoveProblems: [401, 403, 404, 409, 412, 428, 429, 503];
    /// Of changing something in a version.
    ChangeProblems: [400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 429, 503];
}

/// The schemas these refer to, for the document's components.
pub type Schemas = ProblemBody;

const _: fn() -> RefOr<utoipa::openapi::schema::Schema> = <Schemas as PartialSchema>::schema;
