//! API clients' tokens: short-lived, Ed25519-signed (RFC 8037), published as a JWKS.

use std::time::Duration;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use dolen_domain::kernel::{ClientId, Code, Error, Result, Scopes, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The audience of every token.
const AUDIENCE: &str = "dolen-api";
/// The media type of an access token (RFC 9068 §2.1).
const TYPE: &str = "at+jwt";

/// What a token says (RFC 9068 §2.2).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    client_id: String,
    iat: i64,
    exp: i64,
    jti: String,
    scope: String,
}

/// A token that was checked.
#[derive(Debug, Clone)]
pub struct Verified {
    /// Whose.
    pub client: ClientId,
    /// For what.
    pub scopes: Scopes,
    expires: i64,
}

/// The header of every token.
fn header(key_id: &str) -> Header {
    let mut header = Header::new(Algorithm::EdDSA);
    header.kid = Some(key_id.to_owned());
    header.typ = Some(TYPE.to_owned());
    header
}

/// Signs and verifies.
pub struct Tokens {
    signing: EncodingKey,
    verifying: DecodingKey,
    public: String,
    key_id: String,
    // The first part of every token we make. One that begins otherwise is none of ours, whatever its header asks for
    // (RFC 8725 §3.1: `alg`, `kid`, `typ` and what else a header can bring are ours to choose, not the token's).
    head: String,
    issuer: String,
    minutes: i64,
    // Verifying costs half of a small read (`facts/stack.md` §3); a checked token is remembered for up to a minute.
    seen: moka::sync::Cache<[u8; 32], Verified>,
}

impl Tokens {
    /// From the seed of an Ed25519 key.
    ///
    /// # Errors
    /// When the seed is no key.
    pub fn new(seed: &[u8; 32], issuer: &str, minutes: i64) -> Result<Self> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed)
            .map_err(|_| Error::internal("keys.signing is no Ed25519 seed"))?;
        let public = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
        // PKCS#8 v1 of an Ed25519 seed (RFC 8410 §7): a fixed prefix and the seed.
        let mut der =
            vec![0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
        der.extend(seed);
        let mut key_id = URL_SAFE_NO_PAD.encode(Sha256::digest(public.as_bytes()));
        key_id.truncate(16);
        let head = serde_json::to_vec(&header(&key_id)).map_err(Error::internal)?;
        Ok(Self {
            head: URL_SAFE_NO_PAD.encode(head),
            signing: EncodingKey::from_ed_der(&der),
            verifying: DecodingKey::from_ed_components(&public).map_err(Error::internal)?,
            public,
            key_id,
            issuer: issuer.to_owned(),
            minutes,
            seen: moka::sync::Cache::builder().max_capacity(10_000).time_to_live(Duration::from_mins(1)).build(),
        })
    }

    /// A token for a client, and its life in seconds.
    ///
    /// # Errors
    /// When signing fails.
    pub fn sign(&self, client: ClientId, scopes: &Scopes, now: Utc, id: uuid::Uuid) -> Result<(String, i64)> {
        let iat = now.micros() / 1_000_000;
        let life = self.minutes * 60;
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: AUDIENCE.to_owned(),
            sub: client.to_string(),
            client_id: client.to_string(),
            iat,
            exp: iat + life,
            jti: id.to_string(),
            scope: scopes.to_string(),
        };
        let token = jsonwebtoken::encode(&header(&self.key_id), &claims, &self.signing).map_err(Error::internal)?;
        Ok((token, life))
    }

    /// Checks a token: our key, our issuer, our audience, our type, in time. Anything else is [`Code::BadToken`].
    ///
    /// # Errors
    /// [`Code::BadToken`].
    pub fn verify(&self, token: &str, now: Utc) -> Result<Verified> {
        let seconds = now.micros() / 1_000_000;
        if token.len() > 4096 {
            return Err(Code::BadToken.into());
        }
        let digest: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        if let Some(verified) = self.seen.get(&digest) {
            return if verified.expires > seconds { Ok(verified) } else { Err(Code::BadToken.into()) };
        }
        let bad = || Error::new(Code::BadToken);
        if token.split('.').next() != Some(&self.head) {
            return Err(bad());
        }
        let mut rules = Validation::new(Algorithm::EdDSA);
        rules.set_audience(&[AUDIENCE]);
        rules.set_issuer(&[&self.issuer]);
        rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // Our own clock decides, so that a test can stand on any day.
        rules.validate_exp = false;
        let claims = jsonwebtoken::decode::<Claims>(token, &self.verifying, &rules).map_err(|_| bad())?.claims;
        // A life longer than we give is not from us, though the signature says so: then the key is out.
        let life = claims.exp.checked_sub(claims.iat).ok_or_else(bad)?;
        if claims.exp <= seconds || claims.iat > seconds + 60 || life > self.minutes * 60 {
            return Err(bad());
        }
        if claims.client_id != claims.sub || claims.jti.is_empty() {
            return Err(bad());
        }
        let verified = Verified {
            client: claims.sub.parse().map_err(|_| bad())?,
            scopes: Scopes::parse(&claims.scope),
            expires: claims.exp,
        };
        self.seen.insert(digest, verified.clone());
        Ok(verified)
    }

    /// The public key as a JWKS (RFC 7517, RFC 8037).
    #[must_use]
    pub fn jwks(&self) -> serde_json::Value {
        serde_json::json!({"keys": [{
            "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": self.key_id, "x": self.public,
        }]})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Utc {
        Utc::from_micros(seconds * 1_000_000)
    }

    #[test]
    fn a_token_lives_its_minutes_and_no_foreign_one_is_taken() {
        let ours = Tokens::new(&[1; 32], "http://a.example", 10).unwrap();
        let client = ClientId::from_uuid(uuid::Uuid::from_u128(5));
        let scopes = Scopes::parse("referrals:read surveys:write");
        let (token, life) = ours.sign(client, &scopes, at(1_000), uuid::Uuid::nil()).unwrap();
        assert_eq!(life, 600);
        let verified = ours.verify(&token, at(1_001)).unwrap();
        assert_eq!((verified.client, verified.scopes), (client, scopes.clone()));
        assert!(ours.verify(&token, at(1_600)).is_err(), "expired, though it was remembered");
        for other in [
            Tokens::new(&[2; 32], "http://a.example", 10).unwrap(),
            Tokens::new(&[1; 32], "http://b.example", 10).unwrap(),
        ] {
            let (foreign, _) = other.sign(client, &scopes, at(1_000), uuid::Uuid::nil()).unwrap();
            assert!(ours.verify(&foreign, at(1_001)).is_err());
        }
        for bad in ["", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", &"A".repeat(5000)] {
            assert!(ours.verify(bad, at(1_001)).is_err());
        }
        let mut parts: Vec<&str> = token.split('.').collect();
        let none = URL_SAFE_NO_PAD.encode(br#"{"alg":"none","typ":"at+jwt"}"#);
        parts[0] = &none;
        assert!(ours.verify(&parts.join("."), at(1_001)).is_err());
    }
}
