//! Checking an ID token (`OpenID Connect Core` §3.1.3.7, RFC 8725). Pure.

use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use dolen_domain::kernel::Utc;
use jsonwebtoken::{Algorithm, DecodingKey, crypto};
use serde::Deserialize;
use serde::de::{MapAccess, Visitor};
use serde_json::{Map, Value};

use crate::outbound::oidc::PublishedKey;

/// The longest token read, in bytes.
const LONGEST: usize = 32_768;
/// How far the issuer's clock may be off, in seconds.
const SKEW: i64 = 60;
/// How old a token may be: it was made for this sign-in, which lasts ten minutes.
const OLDEST: i64 = 600;

/// The algorithms taken, whatever an issuer offers (RFC 8725 §3.1). The names of keys' kinds are those of RFC 7518.
const TAKEN: [(&str, Algorithm, &str); 3] =
    [("RS256", Algorithm::RS256, "RSA"), ("ES256", Algorithm::ES256, "EC"), ("EdDSA", Algorithm::EdDSA, "OKP")];

/// A key that may verify tokens of one algorithm.
pub struct Key {
    kid: String,
    algorithm: Algorithm,
    key: DecodingKey,
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({:?})", self.algorithm)
    }
}

impl Key {
    /// A published key, when it is one that signs, of a kind taken. A symmetric one never is.
    pub fn of(published: &PublishedKey) -> Option<Self> {
        let (name, algorithm, _) = TAKEN.iter().find(|(_, _, kind)| *kind == published.kty)?;
        let kid = published.kid.clone()?;
        if published.usage.as_ref().is_some_and(|u| u != "sig") || published.alg.as_ref().is_some_and(|a| a != name) {
            return None;
        }
        let key = match algorithm {
            Algorithm::RS256 => DecodingKey::from_rsa_components(published.n.as_ref()?, published.e.as_ref()?),
            Algorithm::ES256 if published.crv.as_deref() == Some("P-256") => {
                DecodingKey::from_ec_components(published.x.as_ref()?, published.y.as_ref()?)
            }
            Algorithm::EdDSA if published.crv.as_deref() == Some("Ed25519") => {
                DecodingKey::from_ed_components(published.x.as_ref()?)
            }
            _ => return None,
        };
        Some(Self { kid, algorithm: *algorithm, key: key.ok()? })
    }
}

/// What a token must agree with.
pub struct Expected<'a> {
    pub issuer: &'a str,
    pub client_id: &'a str,
    pub nonce: &'a str,
    /// The algorithms the issuer says it signs with; any taken when it says nothing.
    pub algorithms: &'a [String],
    pub now: Utc,
}

/// Why a token is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bad {
    /// No key of this name is known; there may be a newer set.
    UnknownKey,
    /// Anything else, in words for the log.
    Token(&'static str),
}

/// A JSON object without a name twice, at its first level.
struct Claims(Map<String, Value>);

impl<'de> Deserialize<'de> for Claims {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Once;
        impl<'de> Visitor<'de> for Once {
            type Value = Claims;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Claims, A::Error> {
                let mut map = Map::new();
                while let Some((name, value)) = access.next_entry::<String, Value>()? {
                    if map.insert(name, value).is_some() {
                        return Err(serde::de::Error::custom("a name is there twice"));
                    }
                }
                Ok(Claims(map))
            }
        }
        d.deserialize_map(Once)
    }
}

fn part(text: &str) -> Result<Map<String, Value>, Bad> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| Bad::Token("a part is not base64url"))?;
    serde_json::from_slice(&bytes).map(|Claims(map)| map).map_err(|_| Bad::Token("a part is no plain JSON object"))
}

/// What a checked token says.
#[derive(Debug)]
pub struct Checked(Map<String, Value>);

/// Checks a token against the keys: who signed it, for whom, when, and for which sign-in.
///
/// # Errors
/// [`Bad`].
pub fn check(token: &str, expected: &Expected<'_>, keys: &[Key]) -> Result<Checked, Bad> {
    if token.len() > LONGEST {
        return Err(Bad::Token("it is too long"));
    }
    let (signed, signature) = token.rsplit_once('.').ok_or(Bad::Token("it has not three parts"))?;
    let (header, body) = signed.split_once('.').ok_or(Bad::Token("it has not three parts"))?;
    let key = key_of(&part(header)?, expected, keys)?;
    if signature.contains('.') || body.contains('.') {
        return Err(Bad::Token("it has not three parts"));
    }
    let right = crypto::verify(signature, signed.as_bytes(), &key.key, key.algorithm);
    if !matches!(right, Ok(true)) {
        return Err(Bad::Token("the signature is wrong"));
    }
    let claims = Checked(part(body)?);
    claims.agree(expected)?;
    Ok(claims)
}

/// The key a header asks for, among ours alone: nothing in a header brings a key or the way to one.
fn key_of<'k>(header: &Map<String, Value>, expected: &Expected<'_>, keys: &'k [Key]) -> Result<&'k Key, Bad> {
    let text = |name: &str| header.get(name).and_then(Value::as_str);
    if ["jku", "jwk", "x5u", "x5c", "crit", "b64", "zip", "enc"].iter().any(|name| header.contains_key(*name)) {
        return Err(Bad::Token("its header brings what is not taken"));
    }
    if header.contains_key("typ") && !text("typ").is_some_and(|t| t.eq_ignore_ascii_case("jwt")) {
        return Err(Bad::Token("it is of another type"));
    }
    let name = text("alg").ok_or(Bad::Token("it names no algorithm"))?;
    let taken = TAKEN.iter().find(|(n, ..)| *n == name).ok_or(Bad::Token("its algorithm is not taken"))?;
    if !expected.algorithms.is_empty() && !expected.algorithms.iter().any(|a| a == name) {
        return Err(Bad::Token("the issuer does not sign like this"));
    }
    let kid = text("kid").ok_or(Bad::Token("it names no key"))?;
    let mut named = keys.iter().filter(|k| k.kid == kid).peekable();
    if named.peek().is_none() {
        return Err(Bad::UnknownKey);
    }
    named.find(|k| k.algorithm == taken.1).ok_or(Bad::Token("the key is for another algorithm"))
}

impl Checked {
    fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }

    /// A time, in whole seconds (RFC 7519 §2: a fraction is allowed).
    fn seconds(&self, name: &str) -> Result<Option<i64>, Bad> {
        let Some(value) = self.0.get(name) else { return Ok(None) };
        let whole = value.as_i64().or_else(|| {
            let text = value.as_f64().filter(|f| f.is_finite()).map(|f| format!("{:.0}", f.trunc()))?;
            text.parse().ok()
        });
        // Far enough from the ends that adding a skew stays a number.
        whole.filter(|s| s.abs() < 1 << 50).map(Some).ok_or(Bad::Token("a time is no number"))
    }

    fn agree(&self, expected: &Expected<'_>) -> Result<(), Bad> {
        let now = expected.now.micros() / 1_000_000;
        if self.text("iss") != Some(expected.issuer) {
            return Err(Bad::Token("another issuer's"));
        }
        let several = match self.0.get("aud") {
            Some(Value::String(one)) if one == expected.client_id => false,
            Some(Value::Array(all)) if all.iter().any(|a| a.as_str() == Some(expected.client_id)) => all.len() > 1,
            _ => return Err(Bad::Token("for somebody else")),
        };
        if (several || self.0.contains_key("azp")) && self.text("azp") != Some(expected.client_id) {
            return Err(Bad::Token("for another party"));
        }
        let exp = self.seconds("exp")?.ok_or(Bad::Token("it never ends"))?;
        if exp + SKEW <= now {
            return Err(Bad::Token("it has ended"));
        }
        let iat = self.seconds("iat")?.ok_or(Bad::Token("it was never made"))?;
        if iat > now + SKEW || iat < now - OLDEST - SKEW {
            return Err(Bad::Token("it was not made just now"));
        }
        if self.seconds("nbf")?.is_some_and(|nbf| nbf > now + SKEW) {
            return Err(Bad::Token("it has not begun"));
        }
        let nonce = self.text("nonce").ok_or(Bad::Token("it names no sign-in"))?;
        verify_slices_are_equal(nonce.as_bytes(), expected.nonce.as_bytes())
            .map_err(|_| Bad::Token("of another sign-in"))
    }

    /// The subject; empty when there is none.
    pub fn subject(&self) -> &str {
        self.text("sub").unwrap_or_default()
    }

    /// The address as it stands.
    pub fn email(&self) -> Option<&str> {
        self.text("email")
    }

    /// Whether the issuer says it proved the address. Some write the word as text.
    pub fn email_verified(&self) -> bool {
        match self.0.get("email_verified") {
            Some(Value::Bool(yes)) => *yes,
            Some(Value::String(word)) => word == "true",
            _ => false,
        }
    }

    /// The values of a claim that is a text or a list of texts.
    pub fn values(&self, claim: &str) -> Vec<String> {
        match self.0.get(claim) {
            Some(Value::String(one)) => vec![one.clone()],
            Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            _ => Vec::new(),
        }
    }

    /// When a second factor was proved: where one of the trusted `amr`, `acr` or `acrs` values is there, at `auth_time`.
    /// Without a time it is not known how long ago that was, so it counts for nothing.
    pub fn second_factor_at(&self, trusted_amr: &[String], trusted_acr: &[String], now: Utc) -> Option<Utc> {
        let among = |claim: &str, trusted: &[String]| self.values(claim).iter().any(|v| trusted.contains(v));
        if !(among("amr", trusted_amr) || among("acr", trusted_acr) || among("acrs", trusted_acr)) {
            return None;
        }
        let seconds = self.seconds("auth_time").ok().flatten().filter(|s| *s > 0)?;
        let at = Utc::from_micros(seconds.checked_mul(1_000_000)?);
        // A clock a little ahead is this instant's; one far ahead is no clock.
        if at > now.plus_seconds(SKEW) { None } else { Some(at.min(now)) }
    }
}
