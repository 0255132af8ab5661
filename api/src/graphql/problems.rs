//! Problems in GraphQL's form: an error with `extensions.code`, or a `userErrors` entry. The codes are those of REST.

use async_graphql::{ErrorExtensionValues, Pos, ServerError, SimpleObject};
use dolen_domain::kernel::{Class, Code, Error, Fault};

use crate::context::RequestContext;
use crate::error::{FaultBody, log};

/// Why a query is not run.
#[derive(Debug)]
pub struct Flaw {
    /// The problem.
    pub code: Code,
    /// A sentence for developers, without anything of the query.
    pub detail: String,
    /// Where, when one place is to blame.
    pub at: Option<Pos>,
}

impl From<Flaw> for ServerError {
    fn from(flaw: Flaw) -> Self {
        error_of(flaw.code, Some(flaw.detail), flaw.at)
    }
}

/// An error of a code, in the caller's language.
#[must_use]
pub fn error_of(code: Code, detail: Option<String>, at: Option<Pos>) -> ServerError {
    let context = RequestContext::current();
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", code.as_str());
    extensions.set("requestId", context.request_id);
    if let Some(detail) = detail {
        extensions.set("detail", detail);
    }
    let mut error = ServerError::new(*code.title().of(context.lang), at);
    error.extensions = Some(extensions);
    error
}

/// The error of a refused or failed field. What went wrong underneath goes to the log alone.
#[must_use]
pub fn refused(error: &Error, at: Pos) -> ServerError {
    log(error);
    error_of(error.code, error.detail.clone(), Some(at))
}

/// Whether the caller can do something about it: then it belongs in `userErrors`.
#[must_use]
pub const fn is_the_callers(code: Code) -> bool {
    !matches!(code.class(), Class::Internal | Class::Unavailable)
}

/// The messages async-graphql gives for its own limits.
const LIMITS: &[&str] =
    &["Query is too complex", "Query is nested too deep", "The recursion depth", "The number of directives"];

/// Gives an error that is none of ours a code and our words. Its own text names fields and types. Where it may quote a
/// value it is cut or dropped: about a word that is in no list, and whatever came up while running.
#[must_use]
pub fn own(error: ServerError) -> ServerError {
    if error.extensions.as_ref().is_some_and(|e| e.get("code").is_some()) {
        return error;
    }
    let expensive = LIMITS.iter().any(|l| error.message.starts_with(l));
    let code = if expensive { Code::QueryTooExpensive } else { Code::InvalidBody };
    let told = match error.message.split_once(" does not contain the value ") {
        Some((place, _)) => format!("{place} has no such value"),
        None => error.message,
    };
    let detail = error.path.is_empty().then_some(told);
    ServerError { locations: error.locations, path: error.path, ..error_of(code, detail, None) }
}

/// Something the caller can put right: the answer of a mutation that changed nothing.
#[derive(Debug, Clone, SimpleObject)]
pub struct UserError {
    /// Stable code, the same as in the REST API's problems and faults. Treat unknown ones as a refusal.
    #[graphql(complexity = 0)]
    pub code: String,
    /// What it is, in the caller's language.
    #[graphql(complexity = 0)]
    pub message: String,
    /// JSON Pointer into the input, when one place is to blame.
    #[graphql(complexity = 0)]
    pub pointer: Option<String>,
    /// How to mend it, in the caller's language.
    #[graphql(complexity = 0)]
    pub mend: Option<String>,
    /// A sentence more, for developers.
    #[graphql(complexity = 0)]
    pub detail: Option<String>,
}

impl UserError {
    /// The entries of a refusal: one for each fault, or one for the whole.
    #[must_use]
    pub fn of(error: &Error) -> Vec<Self> {
        let lang = RequestContext::current().lang;
        let message = (*error.code.title().of(lang)).to_owned();
        if error.faults.is_empty() {
            return vec![Self {
                code: error.code.as_str().to_owned(),
                message,
                pointer: None,
                mend: None,
                detail: error.detail.clone(),
            }];
        }
        let entry = |fault: &Fault| {
            let body = FaultBody::of(fault, lang);
            Self {
                code: body.code.to_owned(),
                message: message.clone(),
                pointer: body.pointer.as_deref().map(camel_case),
                mend: Some(body.mend.to_owned()),
                detail: error.detail.clone(),
            }
        };
        error.faults.iter().map(entry).collect()
    }
}

/// `/pupil/given_name` as GraphQL names it: `/pupil/givenName`.
fn camel_case(pointer: &str) -> String {
    let mut out = String::with_capacity(pointer.len());
    let mut upper = false;
    for c in pointer.chars() {
        if c == '_' {
            upper = true;
        } else {
            out.extend(if upper { c.to_uppercase().next() } else { Some(c) });
            upper = false;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use dolen_domain::kernel::FaultCode;

    use super::*;

    #[test]
    fn faults_become_entries_with_pointers_into_the_input() {
        let faults = vec![
            Fault::at("/pupil/given_name", FaultCode::Missing),
            Fault::at("/schools/0/school_number", FaultCode::BadFormat),
        ];
        let entries = UserError::of(&Error::faults(Code::InvalidBody, faults));
        let places: Vec<_> = entries.iter().map(|e| (e.code.as_str(), e.pointer.as_deref())).collect();
        assert_eq!(places, [("missing", Some("/pupil/givenName")), ("bad_format", Some("/schools/0/schoolNumber"))]);
        let whole = UserError::of(&Code::StateConflict.into());
        assert_eq!((whole.len(), whole[0].code.as_str()), (1, "state_conflict"));
    }

    #[test]
    fn a_foreign_error_gets_a_code_and_a_value_is_dropped() {
        let code = |e: &ServerError| e.extensions.as_ref().and_then(|x| x.get("code").cloned());
        let deep = own(ServerError::new("Query is nested too deep.", None));
        assert_eq!(code(&deep), Some("query_too_expensive".into()));
        let mut running = ServerError::new("Failed to parse \"Date\": secret", None);
        running.path = vec![async_graphql::PathSegment::Field("a".into())];
        let running = own(running);
        assert_eq!(code(&running), Some("invalid_body".into()));
        assert!(!format!("{running:?}").contains("secret"));
    }
}
