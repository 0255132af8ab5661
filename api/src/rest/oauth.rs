//! Tokens for API clients: OAuth 2.0 client credentials (RFC 6749 §4.4).
//!
//! Errors of this one address follow RFC 6749 §5.2, because every OAuth client library expects them so.

use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, CONTENT_TYPE};
use actix_web::{HttpRequest, HttpResponse, ResponseError, get, post, web};
use base64::Engine as _;
use dolen_domain::identity;
use dolen_domain::kernel::{Actor, Caller, ClientId, Code, Error, Scopes};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::command::whole_body;
use crate::auth::peer;
use crate::context::RequestContext;
use crate::error::Problem;

/// A request for a token. Send id and secret here or by HTTP Basic.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub struct TokenRequest {
    /// Always `client_credentials`.
    #[schema(example = "client_credentials", max_length = 64)]
    pub grant_type: Option<String>,
    /// The client's id, unless sent by HTTP Basic.
    #[schema(max_length = 64, nullable = false)]
    pub client_id: Option<String>,
    /// The client's secret, unless sent by HTTP Basic.
    #[schema(max_length = 256, nullable = false)]
    pub client_secret: Option<String>,
    /// Scopes asked for, separated by spaces; all of the client's when not given.
    #[schema(max_length = 512, nullable = false)]
    pub scope: Option<String>,
}

/// A token.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenReply {
    /// Send it as `Authorization: Bearer …`.
    pub access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    pub token_type: &'static str,
    /// Its life in seconds.
    #[schema(example = 600)]
    pub expires_in: i64,
    /// The scopes it carries.
    pub scope: String,
}

/// An OAuth error (RFC 6749 §5.2).
#[derive(Debug, Serialize, ToSchema)]
pub struct OAuthProblem {
    /// `invalid_request`, `invalid_client`, `unauthorized_client`, `unsupported_grant_type` or `invalid_scope`.
    pub error: &'static str,
    /// For developers.
    pub error_description: &'static str,
}

fn refuse(status: StatusCode, error: &'static str, error_description: &'static str) -> HttpResponse {
    let mut response = HttpResponse::build(status);
    if status == StatusCode::UNAUTHORIZED {
        response.insert_header(("www-authenticate", "Basic realm=\"dolen\""));
    }
    response.json(OAuthProblem { error, error_description })
}

fn basic(request: &HttpRequest) -> Option<(String, String)> {
    let header = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let encoded = header.strip_prefix("Basic ").or_else(|| header.strip_prefix("basic "))?;
    let text = String::from_utf8(base64::engine::general_purpose::STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}

/// Get a token
///
/// OAuth 2.0 client credentials. Tokens live ten minutes; ask for a new one when it has expired.
#[utoipa::path(tag = "auth", operation_id = "create_token",
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "A token", body = TokenReply),
        (status = 400, description = "The request is not one of client credentials, the scope is not the client's, or it may not call from this address", body = OAuthProblem),
        (status = 401, description = "The client is not known or the secret is wrong", body = OAuthProblem),
        (status = 413, description = "The form is too large", body = crate::error::ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "Too many attempts", body = crate::error::ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "Try again shortly", body = crate::error::ProblemBody, content_type = "application/problem+json"),
    ))]
#[post("/v1/oauth/token")]
pub async fn create_token(app: web::Data<App>, request: HttpRequest, payload: web::Payload) -> HttpResponse {
    let answer = async {
        app.attempts.attempt(peer(&app, &request))?;
        let bytes = whole_body(&mut payload.into_inner(), 8192).await?;
        Ok::<_, Error>(bytes)
    };
    let bytes = match answer.await {
        Ok(bytes) => bytes,
        Err(error) => return Problem(error).error_response(),
    };
    let is_form = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.split(';').next().unwrap_or_default().trim() == "application/x-www-form-urlencoded");
    let form: Option<TokenRequest> = is_form.then(|| serde_urlencoded::from_bytes(&bytes).ok()).flatten();
    let Some(form) = form else {
        return refuse(
            StatusCode::BAD_REQUEST,
            "invalid_request",
            "send application/x-www-form-urlencoded with grant_type",
        );
    };
    match form.grant_type.as_deref() {
        Some("client_credentials") => {}
        Some(_) => {
            return refuse(StatusCode::BAD_REQUEST, "unsupported_grant_type", "only client_credentials");
        }
        None => return refuse(StatusCode::BAD_REQUEST, "invalid_request", "grant_type is missing"),
    }
    let credentials = basic(&request).or_else(|| form.client_id.clone().zip(form.client_secret.clone()));
    let Some((id, secret)) = credentials else {
        return refuse(StatusCode::UNAUTHORIZED, "invalid_client", "client id and secret are missing");
    };
    match issue(&app, &request, &id, secret, form.scope.as_deref()).await {
        Ok(reply) => HttpResponse::Ok().insert_header(("pragma", "no-cache")).json(reply),
        Err(error) if error.code == Code::InvalidClient => {
            refuse(StatusCode::UNAUTHORIZED, "invalid_client", "the client is not known or the secret is wrong")
        }
        // Told only to who has the secret.
        Err(error) if error.code == Code::AddressNotAllowed => {
            refuse(StatusCode::BAD_REQUEST, "unauthorized_client", "the client may not call from this network address")
        }
        Err(error) if error.code == Code::ScopeInsufficient => {
            refuse(StatusCode::BAD_REQUEST, "invalid_scope", "the client has none of the scopes asked for")
        }
        Err(error) => Problem(error).error_response(),
    }
}

async fn issue(
    app: &App,
    request: &HttpRequest,
    id: &str,
    secret: String,
    scope: Option<&str>,
) -> Result<TokenReply, Error> {
    let id: ClientId = id.parse().map_err(|_| Code::InvalidClient)?;
    let context = RequestContext::current();
    let nobody = Caller {
        actor: Actor::Anonymous,
        scopes: None,
        second_factor_at: None,
        lang: context.lang,
        request_id: context.request_id,
    };
    let client = app
        .read(&nobody, move |work, _| identity::verify_client(work, id, &secret))
        .await?
        .ok_or(Code::InvalidClient)?;
    if !client.networks.admit(peer(app, request)) {
        return Err(Code::AddressNotAllowed.into());
    }
    let scopes = match scope {
        Some(asked) if !asked.trim().is_empty() => Scopes::parse(asked).within(&client.scopes),
        _ => client.scopes.clone(),
    };
    if scopes.is_empty() {
        return Err(Code::ScopeInsufficient.into());
    }
    let mut random = [0_u8; 16];
    app.db.chance().fill(&mut random);
    let token_id = uuid::Builder::from_random_bytes(random).into_uuid();
    let (access_token, expires_in) = app.tokens.sign(id, &scopes, app.db.clock().now(), token_id)?;
    Ok(TokenReply { access_token, token_type: "Bearer", expires_in, scope: scopes.to_string() })
}

/// A set of public keys (RFC 7517).
#[derive(Debug, Serialize, ToSchema)]
pub struct KeySet {
    /// The keys.
    pub keys: Vec<PublicKey>,
}

/// A public key (RFC 8037).
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicKey {
    /// `OKP`.
    pub kty: String,
    /// `Ed25519`.
    pub crv: String,
    /// `EdDSA`.
    pub alg: String,
    /// The key's id.
    pub kid: String,
    /// The key.
    pub x: String,
}

/// Keys that sign tokens
#[utoipa::path(tag = "auth", operation_id = "get_jwks",
    responses((status = 200, description = "The public keys", body = KeySet)))]
#[get("/v1/oauth/jwks.json")]
pub async fn get_jwks(app: web::Data<App>) -> HttpResponse {
    HttpResponse::Ok().insert_header(("cache-control", "public, max-age=300")).json(app.tokens.jwks())
}
