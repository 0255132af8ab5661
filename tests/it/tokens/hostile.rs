//! Hostile access tokens (SES-2, RFC 8725 and the attacks it names). Where it matters they are signed with the service's
//! own key: then nothing but the check in question stands between them and the data.

use std::collections::BTreeSet;

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use dolen_domain::kernel::Clock as _;
use dolen_tests::TestApp;
use serde_json::{Value, json};

/// The service's key, as its settings have it.
const SEED: [u8; 32] = [2; 32];

struct Forge {
    own: Ed25519KeyPair,
    foreign: Ed25519KeyPair,
    header: Value,
    claims: Value,
}

fn b64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn sign(key: &Ed25519KeyPair, header: &str, claims: &str) -> String {
    let signed = format!("{}.{}", b64(header), b64(claims));
    format!("{signed}.{}", b64(key.sign(signed.as_bytes())))
}

fn hs(name: hmac::Algorithm, secret: &[u8], header: &Value, claims: &Value) -> String {
    let signed = format!("{}.{}", b64(header.to_string()), b64(claims.to_string()));
    format!("{signed}.{}", b64(hmac::sign(&hmac::Key::new(name, secret), signed.as_bytes())))
}

impl Forge {
    /// As the service makes it: the fields in its own order.
    fn honest(&self) -> String {
        let kid = self.header["kid"].as_str().unwrap();
        sign(&self.own, &format!(r#"{{"typ":"at+jwt","alg":"EdDSA","kid":"{kid}"}}"#), &self.claims.to_string())
    }

    /// Signed with the service's key, with a header's field changed or taken out.
    fn head(&self, name: &str, value: Value) -> String {
        let mut header = self.header.clone();
        set(&mut header, name, value);
        sign(&self.own, &header.to_string(), &self.claims.to_string())
    }

    /// Signed with the service's key under its own header, with a claim changed or taken out.
    fn claim(&self, name: &str, value: Value) -> String {
        let mut claims = self.claims.clone();
        set(&mut claims, name, value);
        self.own_claims(&claims.to_string())
    }

    fn own_claims(&self, claims: &str) -> String {
        let head = self.honest().split('.').next().unwrap().to_owned();
        let signed = format!("{head}.{}", b64(claims));
        format!("{signed}.{}", b64(self.own.sign(signed.as_bytes())))
    }
}

fn set(object: &mut Value, name: &str, value: Value) {
    if value.is_null() {
        object.as_object_mut().unwrap().remove(name);
    } else {
        object[name] = value;
    }
}

#[expect(clippy::too_many_lines, reason = "one list, to be read as one")]
fn hostile(forge: &Forge, now: i64) -> Vec<(&'static str, String)> {
    let good = forge.honest();
    let parts: Vec<&str> = good.split('.').collect();
    let public = forge.own.public_key().as_ref().to_vec();
    let alg = |name: &str| {
        let mut header = forge.header.clone();
        header["alg"] = name.into();
        header
    };
    let unsigned = |name: &str| format!("{}.{}.", b64(alg(name).to_string()), parts[1]);
    let foreign_key = json!({"kty": "OKP", "crv": "Ed25519", "kid": "mine", "x": b64(forge.foreign.public_key())});
    let brings = |name: &str, value: Value| {
        let mut header = forge.header.clone();
        header[name] = value;
        sign(&forge.foreign, &header.to_string(), &forge.claims.to_string())
    };
    let text = forge.claims.to_string();
    let with = |more: &str| format!("{},{more}}}", &text[..text.len() - 1]);
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", STANDARD.encode(&public));
    let mut flipped = URL_SAFE_NO_PAD.decode(parts[2]).unwrap();
    flipped[0] ^= 1;
    let last = parts[2].chars().last().unwrap();
    let loose = char::from(last as u8 + 1);
    vec![
        // The algorithm is the token's to choose.
        ("alg none", unsigned("none")),
        ("alg None", unsigned("None")),
        ("alg NONE", unsigned("NONE")),
        ("alg nOnE", unsigned("nOnE")),
        ("alg none, with the old signature", format!("{}{}", unsigned("none"), parts[2])),
        ("alg empty", unsigned("")),
        ("no alg", forge.head("alg", Value::Null)),
        ("alg a number", forge.head("alg", json!(1))),
        ("HS256 under the public key", hs(hmac::HMAC_SHA256, &public, &alg("HS256"), &forge.claims)),
        ("HS384 under the public key", hs(hmac::HMAC_SHA384, &public, &alg("HS384"), &forge.claims)),
        ("HS512 under the public key", hs(hmac::HMAC_SHA512, &public, &alg("HS512"), &forge.claims)),
        ("HS256 under its base64", hs(hmac::HMAC_SHA256, b64(&public).as_bytes(), &alg("HS256"), &forge.claims)),
        ("HS256 under its PEM", hs(hmac::HMAC_SHA256, pem.as_bytes(), &alg("HS256"), &forge.claims)),
        ("HS256 under nothing", hs(hmac::HMAC_SHA256, b"", &alg("HS256"), &forge.claims)),
        ("EdDSA with an HMAC for a signature", hs(hmac::HMAC_SHA512, &public, &forge.header, &forge.claims)),
        ("alg ES256", forge.head("alg", json!("ES256"))),
        ("alg RS256", forge.head("alg", json!("RS256"))),
        ("alg eddsa", forge.head("alg", json!("eddsa"))),
        // The key is the token's to choose.
        ("no kid", forge.head("kid", Value::Null)),
        ("another kid", forge.head("kid", json!("another"))),
        ("kid a path", forge.head("kid", json!("../../../../dev/null"))),
        ("kid a path, and the empty file for a secret", {
            let mut header = alg("HS256");
            header["kid"] = "../../../../dev/null".into();
            hs(hmac::HMAC_SHA256, b"", &header, &forge.claims)
        }),
        ("kid SQL", forge.head("kid", json!("' UNION SELECT 'secret' --"))),
        ("kid a command", forge.head("kid", json!("key; cat /etc/passwd"))),
        ("kid with NUL", forge.head("kid", json!(format!("{}\u{0}", forge.header["kid"].as_str().unwrap())))),
        ("kid a list", forge.head("kid", json!([forge.header["kid"]]))),
        ("jwk", brings("jwk", foreign_key.clone())),
        ("jku", brings("jku", json!("https://evil.example/jwks.json"))),
        ("x5u", brings("x5u", json!("https://evil.example/cert.pem"))),
        ("x5c", brings("x5c", json!([STANDARD.encode(forge.foreign.public_key())]))),
        ("jwk beside our own signature", forge.head("jwk", foreign_key)),
        ("a foreign key under our kid", sign(&forge.foreign, &forge.header.to_string(), &text)),
        // The header.
        ("typ JWT", forge.head("typ", json!("JWT"))),
        ("no typ", forge.head("typ", Value::Null)),
        ("typ of an ID token", forge.head("typ", json!("id_token+jwt"))),
        ("crit", forge.head("crit", json!(["exp"]))),
        ("crit, unknown", forge.head("crit", json!(["http://evil.example/ext"]))),
        ("b64 false", forge.head("b64", json!(false))),
        ("b64 false, and critical", {
            let mut header = forge.header.clone();
            (header["b64"], header["crit"]) = (json!(false), json!(["b64"]));
            let signed = format!("{}.{text}", b64(header.to_string()));
            format!("{signed}.{}", b64(forge.own.sign(signed.as_bytes())))
        }),
        ("zip", forge.head("zip", json!("DEF"))),
        ("a header's name twice", {
            let header = forge.header.to_string();
            sign(&forge.own, &format!("{},\"alg\":\"none\"}}", &header[..header.len() - 1]), &text)
        }),
        ("a header with spaces", sign(&forge.own, &format!(" {} ", forge.header), &text)),
        ("a header that is a list", sign(&forge.own, &format!("[{}]", forge.header), &text)),
        ("a header that is no JSON", sign(&forge.own, "EdDSA", &text)),
        // The claims, under our own signature.
        ("another iss", forge.claim("iss", json!("https://evil.example"))),
        ("iss with a slash more", forge.claim("iss", json!(format!("{}/", forge.claims["iss"].as_str().unwrap())))),
        ("iss a list with ours", forge.claim("iss", json!([forge.claims["iss"], "https://evil.example"]))),
        ("no iss", forge.claim("iss", Value::Null)),
        ("another aud", forge.claim("aud", json!("another-api"))),
        ("aud a list with ours", forge.claim("aud", json!(["dolen-api", "another-api"]))),
        ("no aud", forge.claim("aud", Value::Null)),
        ("no exp", forge.claim("exp", Value::Null)),
        ("exp now", forge.claim("exp", json!(now))),
        ("exp long ago", forge.claim("exp", json!(0))),
        ("exp a text", forge.claim("exp", json!("9999999999"))),
        ("exp far ahead", forge.claim("exp", json!(now + 365 * 86_400))),
        ("exp as far as a number goes", forge.claim("exp", json!(i64::MAX))),
        (
            "exp beyond numbers",
            forge.own_claims(&text.replace(&format!("\"exp\":{}", forge.claims["exp"]), "\"exp\":1e999")),
        ),
        ("no iat", forge.claim("iat", Value::Null)),
        ("iat ahead", {
            let mut claims = forge.claims.clone();
            (claims["iat"], claims["exp"]) = (json!(now + 61), json!(now + 600));
            forge.own_claims(&claims.to_string())
        }),
        ("iat as far back as a number goes", forge.claim("iat", json!(i64::MIN))),
        ("nbf ahead", forge.claim("nbf", json!(now + 300))),
        ("no sub", forge.claim("sub", Value::Null)),
        ("sub of somebody else", forge.claim("sub", json!("0198f2f0-0000-7000-8000-000000000000"))),
        ("sub a path", forge.claim("sub", json!("../../admin"))),
        ("another client_id", forge.claim("client_id", json!("0198f2f0-0000-7000-8000-000000000000"))),
        ("no jti", forge.claim("jti", json!(""))),
        ("a claim we never make", forge.claim("role", json!("administrator"))),
        ("scope a list", forge.claim("scope", json!(["directory:read"]))),
        ("scope twice", forge.own_claims(&with("\"scope\":\"directory:read warrn:read\""))),
        ("exp twice", forge.own_claims(&with("\"exp\":9999999999"))),
        ("claims that are a list", forge.own_claims(&format!("[{text}]"))),
        ("claims that are a text", forge.own_claims("\"x\"")),
        ("claims that are no UTF-8", {
            let signed = format!("{}.{}", parts[0], b64([0xff, 0xfe]));
            format!("{signed}.{}", b64(forge.own.sign(signed.as_bytes())))
        }),
        (
            "claims nested a thousand deep",
            forge.own_claims(&with(&format!("\"x\":{}{}", "[".repeat(1000), "]".repeat(1000)))),
        ),
        ("a token in a token", forge.own_claims(&json!(good).to_string())),
        // The bytes.
        ("changed after signing", format!("{}.{}.{}", parts[0], b64(with("\"a\":1")), parts[2])),
        ("a flipped bit", format!("{}.{}.{}", parts[0], parts[1], b64(&flipped))),
        ("loose bits at the end", format!("{}.{}.{}{loose}", parts[0], parts[1], &parts[2][..parts[2].len() - 1])),
        ("cut short", good[..good.len() - 2].to_owned()),
        ("no signature", format!("{}.{}.", parts[0], parts[1])),
        ("two parts", format!("{}.{}", parts[0], parts[1])),
        ("four parts", format!("{good}.{}", parts[2])),
        ("five parts, as if sealed", format!("{good}..")),
        ("padded", format!("{}.{}.{}==", parts[0], parts[1], parts[2])),
        ("padded inside", format!("{}.{}=.{}", parts[0], parts[1], parts[2])),
        ("of the other alphabet", {
            let raw = URL_SAFE_NO_PAD.decode(parts[2]).unwrap();
            // The same bytes; where no sign differs, a sign of the other alphabet is put in.
            let other = STANDARD_NO_PAD.encode(&raw);
            let other = if other == parts[2] { format!("+{}", &other[1..]) } else { other };
            format!("{}.{}.{other}", parts[0], parts[1])
        }),
        ("with the padding of base64url", {
            let raw = URL_SAFE_NO_PAD.decode(parts[1]).unwrap();
            let signed = format!("{}.{}=", parts[0], URL_SAFE.encode(&raw).trim_end_matches('='));
            format!("{signed}.{}", b64(forge.own.sign(signed.as_bytes())))
        }),
        ("a space before", format!(" {good}")),
        ("a space inside", format!("{}. {}.{}", parts[0], parts[1], parts[2])),
        ("a tab inside", format!("{}.\t{}.{}", parts[0], parts[1], parts[2])),
        ("twice, with a comma", format!("{good},{good}")),
        ("giant", "A".repeat(5000)),
        ("giant, and signed", forge.own_claims(&with(&format!("\"x\":\"{}\"", "x".repeat(4000))))),
        ("dots", "..".to_owned()),
        ("a word", "null".to_owned()),
        (
            "a JSON serialisation",
            json!({"payload": parts[1], "protected": parts[0], "signature": parts[2]}).to_string(),
        ),
    ]
}

#[tokio::test]
async fn none_of_the_hostile_tokens_is_taken_and_all_are_told_the_same() {
    let app = TestApp::with().standing().start().await;
    let client = app.world().integration(0).clone();
    let now = app.clock().now().micros() / 1_000_000;
    let own = Ed25519KeyPair::from_seed_unchecked(&SEED).unwrap();
    let kid = app.anonymous().get("/v1/oauth/jwks.json").await.json["keys"][0]["kid"].clone();
    let id = client.id.to_string();
    let forge = Forge {
        own,
        foreign: Ed25519KeyPair::generate().unwrap(),
        header: json!({"alg": "EdDSA", "kid": kid, "typ": "at+jwt"}),
        claims: json!({
            "aud": "dolen-api", "client_id": id, "exp": now + 600, "iat": now, "iss": app.base(),
            "jti": "0198f2f0-0000-7000-8000-000000000001", "scope": client.scopes, "sub": id,
        }),
    };
    // The control first: the same parts, honest, are a token.
    let honest = || async { app.with_bearer(&forge.honest()).get("/v1/schools").await.status };
    assert_eq!(honest().await, 200);
    let tokens = hostile(&forge, now);
    let mut told = BTreeSet::new();
    for (what, token) in &tokens {
        assert_ne!(*token, forge.honest(), "{what} is the honest one");
        let reply = app.with_bearer(token).get("/v1/schools").await;
        assert_eq!((reply.status, reply.code()), (401, "bad_token"), "{what}: {reply:?}");
        let body = String::from_utf8(reply.body.clone()).unwrap();
        told.insert((body.replace(reply.header("x-request-id"), ""), reply.header("www-authenticate").to_owned()));
    }
    assert_eq!(told.len(), 1, "{told:?}");
    let different: BTreeSet<&String> = tokens.iter().map(|(_, token)| token).collect();
    assert_eq!(different.len(), tokens.len(), "no token is there twice");
    assert!(tokens.len() >= 90, "{}", tokens.len());
    // And again, after all of them.
    assert_eq!(honest().await, 200);
    // Other ways to say it in the header.
    let good = forge.honest();
    for (header, status) in [
        (format!("Bearer {good}"), 200),
        (format!("bearer {good}"), 200),
        (format!("Bearer  {good}"), 401),
        (format!("Basic {good}"), 401),
        (format!("Token {good}"), 401),
        (good.clone(), 401),
        ("Bearer".to_owned(), 401),
    ] {
        let reply = app.anonymous().get("/v1/schools").header("authorization", &header).await;
        assert_eq!(reply.status, status, "{}", header.split(' ').next().unwrap());
    }
    let by_address = format!("/v1/schools?access_token={good}");
    assert!(app.anonymous().get(&by_address).await.status >= 400, "never by the address, which logs keep");
    eprintln!("{} hostile tokens: 0 taken, 1 answer; controls taken", tokens.len());
}
