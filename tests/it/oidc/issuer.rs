//! A fake issuer: an OpenID provider on this machine that speaks the documented wire format, and lies when a test asks it
//! to. It checks what a real one checks: the client's secret, the redirect address, PKCE, and that a code is used once.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::keys::{Key, RSA, b64};

pub const CLIENT_ID: &str = "dolen-test-client";
pub const CLIENT_SECRET: &str = "s3cret: with/signs";

/// Makes a token of what an honest issuer would say: its key, header and claims.
type Mint = Box<dyn Fn(&Key, Value, Value) -> String + Send>;

/// What the issuer is now.
pub struct State {
    pub base: String,
    /// The first signs; all are published.
    pub keys: Vec<Arc<Key>>,
    /// Published besides.
    pub more_keys: Vec<Value>,
    /// Who signs in: claims over the honest ones; a null takes one out.
    pub who: Value,
    pub mint: Option<Mint>,
    /// The time there, in seconds.
    pub now: i64,
    /// Changes to the description.
    pub description: Value,
    /// What comes back in the address instead of a code.
    pub error: Option<String>,
    codes: BTreeMap<String, BTreeMap<String, String>>,
    used: Vec<String>,
    pub described: u32,
    pub keys_asked: u32,
    pub redeemed: u32,
    pub refused: u32,
    pub verifiers: Vec<String>,
}

/// The issuer, running.
pub struct Issuer {
    state: Arc<Mutex<State>>,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl Issuer {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State {
            base,
            keys: vec![Arc::clone(&RSA)],
            more_keys: Vec::new(),
            who: json!({}),
            mint: None,
            now: 0,
            description: json!({}),
            error: None,
            codes: BTreeMap::new(),
            used: Vec::new(),
            described: 0,
            keys_asked: 0,
            redeemed: 0,
            refused: 0,
            verifiers: Vec::new(),
        }));
        let shared = web::Data::new(Arc::clone(&state));
        let (send, started) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let server = HttpServer::new(move || {
                    App::new()
                        .app_data(shared.clone())
                        .route("/.well-known/openid-configuration", web::get().to(describe))
                        .route("/authorize", web::get().to(authorize))
                        .route("/token", web::post().to(token))
                        .route("/keys", web::get().to(keys))
                        .route("/moved", web::get().to(moved))
                })
                .workers(1)
                .disable_signals()
                .listen(listener)
                .unwrap()
                .run();
                send.send(server.handle()).unwrap();
                server.await.unwrap();
            });
        });
        Self { state, handle: started.recv().unwrap(), thread: Some(thread) }
    }

    /// Looks at it or changes it.
    pub fn with<T>(&self, f: impl FnOnce(&mut State) -> T) -> T {
        f(&mut self.state.lock().unwrap())
    }

    pub fn base(&self) -> String {
        self.with(|s| s.base.clone())
    }

    /// Makes tokens in a way of the test's own.
    pub fn mint(&self, mint: impl Fn(&Key, Value, Value) -> String + Send + 'static) {
        self.with(|s| s.mint = Some(Box::new(mint)));
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

type Shared = web::Data<Arc<Mutex<State>>>;

fn over(base: &mut Value, changes: &Value) {
    for (name, value) in changes.as_object().into_iter().flatten() {
        if value.is_null() {
            base.as_object_mut().unwrap().remove(name);
        } else {
            base[name] = value.clone();
        }
    }
}

async fn describe(state: Shared) -> HttpResponse {
    let mut state = state.lock().unwrap();
    state.described += 1;
    let base = state.base.clone();
    let mut description = json!({
        "issuer": base,
        "authorization_endpoint": format!("{base}/authorize"),
        "token_endpoint": format!("{base}/token"),
        "jwks_uri": format!("{base}/keys"),
        "end_session_endpoint": format!("{base}/logout"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256", "EdDSA"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "code_challenge_methods_supported": ["S256"],
    });
    over(&mut description, &state.description);
    HttpResponse::Ok().json(description)
}

async fn keys(state: Shared) -> HttpResponse {
    let mut state = state.lock().unwrap();
    state.keys_asked += 1;
    let mut keys: Vec<Value> = state.keys.iter().map(|k| k.jwk()).collect();
    keys.extend(state.more_keys.clone());
    HttpResponse::Ok().json(json!({"keys": keys}))
}

async fn moved(state: Shared) -> HttpResponse {
    let to = format!("{}/keys", state.lock().unwrap().base);
    HttpResponse::Found().insert_header(("location", to)).finish()
}

async fn authorize(state: Shared, query: web::Query<BTreeMap<String, String>>) -> HttpResponse {
    let mut state = state.lock().unwrap();
    for (name, value) in [("response_type", "code"), ("client_id", CLIENT_ID), ("code_challenge_method", "S256")] {
        assert_eq!(query.get(name).map(String::as_str), Some(value), "{name}");
    }
    assert!(
        query["scope"].split(' ').any(|s| s == "openid") && query["nonce"].len() >= 22 && query["state"].len() == 43
    );
    let code = format!("code-{}", state.codes.len() + state.used.len());
    let mut back = reqwest::Url::parse(&query["redirect_uri"]).unwrap();
    match &state.error {
        Some(error) => drop(back.query_pairs_mut().append_pair("error", error)),
        None => drop(back.query_pairs_mut().append_pair("code", &code)),
    }
    back.query_pairs_mut().append_pair("state", &query["state"]);
    state.codes.insert(code, query.into_inner());
    HttpResponse::Found().insert_header(("location", String::from(back))).finish()
}

fn no(state: &mut State, error: &str) -> HttpResponse {
    state.refused += 1;
    HttpResponse::BadRequest().json(json!({"error": error}))
}

async fn token(state: Shared, request: HttpRequest, form: web::Form<BTreeMap<String, String>>) -> HttpResponse {
    let mut state = state.lock().unwrap();
    let basic = request.headers().get("authorization").and_then(|v| v.to_str().ok()).unwrap_or_default();
    // RFC 6749 §2.3.1: each half encoded as in a form.
    let expected = format!("Basic {}", STANDARD.encode(format!("{CLIENT_ID}:s3cret%3A+with%2Fsigns")));
    if basic != expected {
        state.refused += 1;
        return HttpResponse::Unauthorized().json(json!({"error": "invalid_client"}));
    }
    let code = form.get("code").cloned().unwrap_or_default();
    let Some(asked) = state.codes.remove(&code) else { return no(&mut state, "invalid_grant") };
    state.used.push(code);
    let verifier = form.get("code_verifier").cloned().unwrap_or_default();
    let proved = (43..=128).contains(&verifier.len()) && b64(Sha256::digest(&verifier)) == asked["code_challenge"];
    if !proved || form.get("redirect_uri") != asked.get("redirect_uri") || form["grant_type"] != "authorization_code" {
        return no(&mut state, "invalid_grant");
    }
    state.verifiers.push(verifier);
    let now = state.now;
    let mut claims = json!({
        "iss": state.base, "aud": CLIENT_ID, "sub": "subject-1", "nonce": asked["nonce"], "iat": now, "nbf": now,
        "exp": now + 3600, "email_verified": true, "auth_time": now - 30, "amr": ["pwd", "mfa"],
    });
    over(&mut claims, &state.who);
    let key = Arc::clone(&state.keys[0]);
    let header = json!({"alg": key.alg(), "typ": "JWT", "kid": key.kid});
    let id_token = match &state.mint {
        Some(mint) => mint(&key, header, claims),
        None => key.sign(&header, &claims),
    };
    state.redeemed += 1;
    let answer = json!({"access_token": "opaque", "token_type": "Bearer", "expires_in": 3600, "id_token": id_token});
    HttpResponse::Ok().insert_header(("cache-control", "no-store")).json(answer)
}
