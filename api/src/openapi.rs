//! The OpenAPI documents: 3.1 by utoipa, 3.0.3 down-converted for generators that want it.

use actix_web::{App as ActixApp, HttpResponse, get, web};
use serde_json::{Value, json};
use utoipa::openapi::security::{ClientCredentials, Flow, HttpAuthScheme, HttpBuilder, OAuth2, Scopes, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_actix_web::AppExt as _;

use crate::rest;

/// The document's head. Paths and schemas are collected from the route table.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Dolen API",
        description = "Bullying surveys, referrals and WARRN return-to-school records between schools and a local authority. \
            Every POST needs an `Idempotency-Key`, except signing in and what gives a secret of one's own account; every change of a record needs `If-Match`. Problems are RFC 9457 \
            `application/problem+json` with a stable `code`; treat codes and list values you do not know as \"other\".",
        license(name = "EUPL-1.2", identifier = "EUPL-1.2"),
        contact(name = "The authority's inclusion team", url = "https://la.example/dolen"),
    ),
    servers((url = "/", description = "This service")),
    modifiers(&Security),
    tags(
        (name = "auth", description = "Signing in: tokens for API clients, sessions for people."),
        (name = "people", description = "Who signs in, as what: invitations, roles, sessions."),
        (name = "clients", description = "API clients, and each school's consent that they act for it."),
        (name = "directory", description = "Schools, services and the contact list."),
        (name = "referrals", description = "Asking a service for help for a child."),
        (name = "warrn", description = "WARRN records for a safe return to school."),
        (name = "provision", description = "Special provision of a WARRN record: handling plan, reduced timetable, EOTAS."),
        (name = "oversight", description = "Who reads what: break-glass and its review, readers, unusual reading."),
        (name = "cases", description = "What referrals and WARRN records have in common: timeline, people, tasks, documents, pauses, links."),
        (name = "surveys", description = "The annual bullying survey."),
        (name = "toolkit", description = "Approaches to bullying."),
        (name = "notices", description = "The delivery ledger."),
        (name = "retention", description = "How long what is held is kept, and its end."),
        (name = "subject-access", description = "Giving a child their own."),
    )
)]
struct Head;

struct Security;

/// Every scope a token may carry, with its meaning.
pub const SCOPES: &[(&str, &str)] = &[
    ("directory:read", "See schools, services and the contact list"),
    ("referrals:read", "Follow the school's referrals"),
    ("referrals:write", "Open referrals and answer questions about them"),
    ("surveys:read", "Read campaigns, questions and the school's results"),
    ("surveys:write", "Submit survey responses"),
    ("warrn:read", "Follow the WARRN records sent"),
    ("warrn:write", "Send WARRN records"),
];

impl Modify for Security {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_with(Default::default);
        components.add_security_scheme(
            "client",
            SecurityScheme::OAuth2(OAuth2::new([Flow::ClientCredentials(ClientCredentials::new(
                "/v1/oauth/token",
                SCOPES.iter().copied().collect::<Scopes>(),
            ))])),
        );
        components.add_security_scheme(
            "session",
            SecurityScheme::Http(
                HttpBuilder::new()
                    .scheme(HttpAuthScheme::Bearer)
                    .description(Some("People sign in with POST /v1/session and send the cookie it sets; API clients send a bearer token."))
                    .build(),
            ),
        );
    }
}

/// Builds the 3.1 document.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    let (_, document) =
        ActixApp::new().into_utoipa_app().openapi(Head::openapi()).configure(rest::routes).split_for_parts();
    document
}

/// The 3.1 document as committed: pretty JSON with a line break at the end.
#[must_use]
pub fn text_31() -> String {
    pretty(&serde_json::to_value(document()).unwrap_or_default())
}

/// The 3.0.3 document as committed.
#[must_use]
pub fn text_30() -> String {
    pretty(&down_convert(serde_json::to_value(document()).unwrap_or_default()))
}

fn pretty(value: &Value) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

/// 3.1 to 3.0.3: `type: [t, null]` becomes `nullable`, `const` and single-value `enum`, `examples` and `identifier` go.
fn down_convert(mut document: Value) -> Value {
    if let Some(root) = document.as_object_mut() {
        root.insert("openapi".to_owned(), json!("3.0.3"));
    }
    if let Some(license) = document.pointer_mut("/info/license").and_then(Value::as_object_mut) {
        license.remove("identifier");
    }
    walk(&mut document);
    document
}

fn walk(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(walk),
        Value::Object(map) => {
            let types: Option<Vec<String>> = map
                .get("type")
                .and_then(Value::as_array)
                .map(|a| a.iter().filter_map(|t| t.as_str().map(str::to_owned)).collect());
            if let Some(types) = types {
                let kinds: Vec<&String> = types.iter().filter(|t| *t != "null").collect();
                if let [kind] = kinds.as_slice() {
                    map.insert("type".to_owned(), json!(kind));
                    map.insert("nullable".to_owned(), json!(true));
                }
            }
            if let Some(constant) = map.remove("const") {
                map.insert("enum".to_owned(), json!([constant]));
            }
            map.values_mut().for_each(walk);
        }
        _ => {}
    }
}

/// The documents as served, and the addresses they know.
pub struct Documents {
    v31: String,
    v30: String,
    routes: Vec<(Vec<String>, Vec<&'static str>)>,
}

impl Documents {
    /// Builds both once.
    #[must_use]
    pub fn build() -> Self {
        let value = serde_json::to_value(document()).unwrap_or_default();
        let mut routes = Vec::new();
        for (path, item) in value.get("paths").and_then(Value::as_object).into_iter().flatten() {
            let methods = [("get", "GET"), ("post", "POST"), ("put", "PUT"), ("patch", "PATCH"), ("delete", "DELETE")];
            let methods = methods.iter().filter(|(k, _)| item.get(k).is_some()).map(|(_, m)| *m).collect();
            routes.push((path.split('/').map(str::to_owned).collect(), methods));
        }
        Self { v31: text_31(), v30: text_30(), routes }
    }

    /// The methods an address takes; empty when it is none of the API's.
    #[must_use]
    pub fn methods_at(&self, path: &str) -> Vec<&'static str> {
        let parts: Vec<&str> = path.split('/').collect();
        let fits = |pattern: &[String]| {
            pattern.len() == parts.len()
                && pattern.iter().zip(&parts).all(|(p, s)| p == s || (p.starts_with('{') && !s.is_empty()))
        };
        self.routes.iter().filter(|(p, _)| fits(p)).flat_map(|(_, m)| m.iter().copied()).collect()
    }
}

/// The 3.1 document.
#[get("/v1/openapi.json")]
pub async fn openapi_json(documents: web::Data<Documents>) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(documents.v31.clone())
}

/// The 3.0.3 document, for generators that want it.
#[get("/v1/openapi-3.0.json")]
pub async fn openapi_30_json(documents: web::Data<Documents>) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(documents.v30.clone())
}
