//! GraphQL over HTTP: POST and JSON only, one operation a request.

use std::sync::LazyLock;
use std::sync::atomic::Ordering;

use actix_web::http::header::{ACCEPT, ALLOW, CACHE_CONTROL};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, ResponseError, web};
use async_graphql::parser::types::{ExecutableDocument, OperationType};
use async_graphql::{Request, ServerError, Value, Variables};
use dolen_domain::kernel::Code;
use serde::{Deserialize, Serialize};
use serde_json::Map;

use crate::app::App;
use crate::auth::Signed;
use crate::auth::command::{expect_json, strict_json, whole_body};
use crate::error::Problem;

use super::limits::{self, BODY_BYTES, DEADLINE, ERRORS};
use super::problems::{error_of, own};
use super::visit::Visit;
use super::{Schema, sdl};

/// The media type of GraphQL's own answers (GraphQL over HTTP).
const GRAPHQL_JSON: &str = "application/graphql-response+json";

/// A request.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Body {
    query: String,
    #[serde(default)]
    operation_name: Option<String>,
    #[serde(default)]
    variables: Option<Map<String, serde_json::Value>>,
    /// Taken because clients send it; nothing reads it.
    #[serde(default, rename = "extensions")]
    _extensions: Option<Map<String, serde_json::Value>>,
}

/// An answer. Without `data` when the query was not run.
#[derive(Serialize)]
struct Wire {
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<ServerError>,
}

impl Wire {
    const fn refused(errors: Vec<ServerError>) -> Self {
        Self { data: None, errors }
    }
}

/// Answers a request. Who may not ask at all, or sends no request, is told so by a problem; what is wrong with the query
/// itself stands in GraphQL's own `errors`.
///
/// # Errors
/// A [`Problem`].
pub async fn execute(
    app: web::Data<App>,
    schema: web::Data<Schema>,
    signed: Signed,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    expect_json(&request)?;
    let limit = BODY_BYTES.min(app.settings.limits.body_bytes);
    let bytes = whole_body(&mut payload.into_inner(), limit).await?;
    let body: Body = strict_json(&bytes)?;
    let visit = Visit::new(app.get_ref().clone(), signed);
    let wire = answer(&schema, body, visit).await;
    Ok(respond(&request, &wire))
}

async fn answer(schema: &Schema, body: Body, visit: Visit) -> Wire {
    let document = match limits::read(&body.query, &visit.app.settings.limits) {
        Ok(document) => document,
        Err(flaw) => return Wire::refused(vec![flaw.into()]),
    };
    // A query that takes too long asks for too much; a change that does is no fault of the caller's.
    let late = if changes_something(&document) { Code::Unavailable } else { Code::QueryTooExpensive };
    let (tally, budget) = (visit.tally.clone(), visit.app.settings.limits.graphql_objects);
    let variables = serde_json::Value::Object(body.variables.unwrap_or_default());
    let mut request = Request::new(String::new()).variables(Variables::from_json(variables)).data(visit);
    if let Some(name) = body.operation_name {
        request = request.operation_name(name);
    }
    request.set_parsed_query(document);
    let Ok(response) = tokio::time::timeout(DEADLINE, schema.execute(request)).await else {
        let detail = format!("no answer within {} seconds", DEADLINE.as_secs());
        return Wire::refused(vec![error_of(late, Some(detail), None)]);
    };
    let objects = tally.objects.load(Ordering::Relaxed);
    let transactions = tally.transactions.load(Ordering::Relaxed);
    tracing::debug!(objects, transactions, "graphql");
    if objects > budget {
        let detail = format!("at most {budget} objects");
        return Wire::refused(vec![error_of(Code::QueryTooExpensive, Some(detail), None)]);
    }
    // Errors of the query as a whole have no path; those of its fields do.
    let ran = response.errors.iter().all(|e| !e.path.is_empty());
    Wire { data: ran.then_some(response.data), errors: response.errors.into_iter().take(ERRORS).map(own).collect() }
}

fn changes_something(document: &ExecutableDocument) -> bool {
    let mut operations = document.operations.iter();
    operations.any(|(_, o)| o.node.ty == OperationType::Mutation)
}

fn respond(request: &HttpRequest, wire: &Wire) -> HttpResponse {
    let accept = request.headers().get(ACCEPT).and_then(|v| v.to_str().ok());
    if accept.is_some_and(|a| a.contains(GRAPHQL_JSON)) {
        let status = if wire.data.is_some() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
        return HttpResponse::build(status).content_type(GRAPHQL_JSON).json(wire);
    }
    // A client that knows plain JSON alone may take any other status for no answer at all (GraphQL over HTTP).
    HttpResponse::Ok().json(wire)
}

/// Any other method.
#[must_use]
pub fn not_allowed(allowed: &Method) -> HttpResponse {
    let mut response = Problem(Code::MethodNotAllowed.into()).error_response();
    if let Ok(value) = allowed.as_str().parse() {
        response.headers_mut().insert(ALLOW, value);
    }
    response
}

/// Built once: anyone may ask for it.
static SDL: LazyLock<String> = LazyLock::new(sdl);

/// The schema as text: what introspection would tell, for everyone.
pub async fn schema_text() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .insert_header((CACHE_CONTROL, "public, max-age=300"))
        .body(SDL.as_str())
}
