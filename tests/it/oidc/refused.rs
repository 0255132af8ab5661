//! What must not work. Each has the honest way beside it as its control.

use dolen_domain::identity;
use dolen_domain::kernel::{Code, EmailAddress};
use serde_json::{Value, json};

use super::issuer::CLIENT_ID;
use super::keys::{EC, ED, Key, RSA_NEXT, b64, sign_hs256};
use super::scene::{Browser, Scene, query, with_query};

async fn invited() -> Scene {
    let scene = Scene::set().await;
    scene.invite("new@la.example");
    scene.is(json!({"email": "new@la.example", "roles": ["Auditor"]}));
    scene
}

/// Nothing came of it: no session, no binding, no role.
#[track_caller]
fn nothing_happened(scene: &Scene) {
    for sql in [
        "SELECT count(*) FROM sessions WHERE issuer IS NOT NULL",
        "SELECT count(*) FROM issuer_links",
        "SELECT count(*) FROM memberships WHERE source IS NOT NULL",
    ] {
        assert_eq!(scene.count(sql), 0, "{sql}");
    }
}

#[tokio::test]
async fn a_return_counts_once_in_the_browser_it_began_in_and_for_ten_minutes() {
    let scene = invited().await;
    let expired = |seen: super::scene::Seen| seen.refuses(401, Code::SignInExpired);
    let (mut browser, mut thief) = (Browser::default(), Browser::default());
    let back = scene.away(&mut browser, "/sign-in/council").await;
    // A browser that has none under way; one that has another; no state; another state; the other issuer's address.
    expired(scene.get(&mut Browser::default(), &back).await);
    scene.away(&mut thief, "/sign-in/council").await;
    expired(scene.get(&mut thief, &back).await);
    expired(scene.get(&mut browser, &with_query(&back, "state", None)).await);
    expired(scene.get(&mut browser, &with_query(&back, "state", Some(&"A".repeat(43)))).await);
    expired(scene.get(&mut browser, &back.replace("/council/", "/hwb/")).await);
    assert_eq!((scene.issuer.with(|s| s.redeemed), scene.other.with(|s| s.redeemed)), (0, 0), "no code was sent on");
    nothing_happened(&scene);
    let kept = browser.cookies.clone();
    assert_eq!(scene.get(&mut browser, &back).await.status, 303, "the control");
    browser.cookies.extend(kept.clone());
    expired(scene.get(&mut browser, &back).await);
    assert_eq!(scene.issuer.with(|s| s.redeemed), 1);
    // A code of one sign-in in another: PKCE and the code's single use are the issuer's; the nonce is ours.
    let fresh = scene.away(&mut browser, "/sign-in/council").await;
    let used = query(&back, "code").unwrap();
    scene.get(&mut browser, &with_query(&fresh, "code", Some(&used))).await.refuses(401, Code::IssuerRefused);
    let mut victim = Browser::default();
    let stolen = query(&scene.away(&mut victim, "/sign-in/council").await, "code").unwrap();
    let own = scene.away(&mut thief, "/sign-in/council").await;
    scene.get(&mut thief, &with_query(&own, "code", Some(&stolen))).await.refuses(401, Code::IssuerRefused);
    assert_eq!(scene.issuer.with(|s| s.refused), 2, "the verifier is another sign-in's");
    // Ten minutes.
    for (seconds, status) in [(599, 303), (600, 401)] {
        let mut browser = Browser::default();
        let back = scene.away(&mut browser, "/sign-in/council").await;
        scene.app.advance(seconds);
        assert_eq!(scene.get(&mut browser, &back).await.status, status, "after {seconds} s");
    }
}

#[tokio::test]
async fn two_returns_at_once_give_one_session() {
    let scene = invited().await;
    let mut browser = Browser::default();
    let back = scene.away(&mut browser, "/sign-in/council").await;
    let again = || {
        let mut tab = Browser { cookies: browser.cookies.clone() };
        let (scene, back) = (&scene, back.clone());
        async move { scene.get(&mut tab, &back).await.status }
    };
    let mut seen = futures_util::future::join_all((0..6).map(|_| again())).await;
    seen.sort_unstable();
    assert_eq!(seen, [303, 401, 401, 401, 401, 401]);
    assert_eq!(scene.count("SELECT count(*) FROM sessions WHERE issuer = 'council'"), 1);
}

#[tokio::test]
async fn an_answer_of_another_issuer_or_none_is_refused() {
    let scene = invited().await;
    let refused = |seen: super::scene::Seen| seen.refuses(401, Code::IssuerRefused);
    let other = scene.other.base();
    let mut browser = Browser::default();
    let back = scene.away(&mut browser, "/sign-in/council").await;
    refused(scene.get(&mut browser, &with_query(&back, "iss", Some(&other))).await);
    assert_eq!(scene.issuer.with(|s| s.redeemed), 0);
    let back = scene.away(&mut browser, "/sign-in/council").await;
    refused(scene.get(&mut browser, &with_query(&back, "code", None)).await);
    scene.issuer.with(|s| s.error = Some("access_denied".to_owned()));
    refused(scene.arrive().await);
    scene.issuer.with(|s| s.error = None);
    // A token the other issuer made, with its own key or in its own name.
    let (theirs, ours) = (other.clone(), scene.issuer.base());
    scene.issuer.mint(move |key, header, mut claims| {
        claims["iss"] = theirs.as_str().into();
        key.sign(&header, &claims)
    });
    refused(scene.arrive().await);
    scene.issuer.mint(|_, _, claims| RSA_NEXT.sign(&json!({"alg": "RS256", "kid": "rsa-1"}), &claims));
    refused(scene.arrive().await);
    nothing_happened(&scene);
    // The control: with its own name an answer counts.
    scene.issuer.with(|s| s.mint = None);
    let back = scene.away(&mut browser, "/sign-in/council").await;
    assert_eq!(scene.get(&mut browser, &with_query(&back, "iss", Some(&ours))).await.status, 303);
    // Who says it names itself must.
    let scene = invited().await;
    scene.issuer.with(|s| s.description = json!({"authorization_response_iss_parameter_supported": true}));
    refused(scene.arrive().await);
    // A parameter that is there twice is no answer at all.
    let back = scene.away(&mut browser, "/sign-in/council").await;
    assert_eq!(scene.get(&mut browser, &format!("{back}&state=x")).await.status, 400);
}

/// A token that is wrong: what is wrong with it, and how it is made of the honest parts.
type Wrong = (&'static str, Box<dyn Fn(&Key, Value, Value) -> String + Send>);

fn claim(name: &'static str, value: Value) -> Wrong {
    let make = move |key: &Key, header: Value, mut claims: Value| {
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(name);
        } else {
            claims[name] = value.clone();
        }
        key.sign(&header, &claims)
    };
    (name, Box::new(make))
}

fn shifted(name: &'static str, seconds: i64) -> Wrong {
    let make = move |key: &Key, header: Value, mut claims: Value| {
        claims[name] = (claims["iat"].as_i64().unwrap() + seconds).into();
        key.sign(&header, &claims)
    };
    (name, Box::new(make))
}

fn head(name: &'static str, value: Value) -> Wrong {
    let make = move |key: &Key, mut header: Value, claims: Value| {
        if value.is_null() {
            header.as_object_mut().unwrap().remove(name);
        } else {
            header[name] = value.clone();
        }
        key.sign(&header, &claims)
    };
    (name, Box::new(make))
}

fn made(what: &'static str, make: impl Fn(&Key, Value, Value) -> String + Send + 'static) -> Wrong {
    (what, Box::new(make))
}

fn without_signature(alg: &'static str) -> Wrong {
    made("no signature", move |_, mut header, claims| {
        header["alg"] = alg.into();
        format!("{}.{}.", b64(header.to_string()), b64(claims.to_string()))
    })
}

#[expect(clippy::too_many_lines, reason = "one list, to be read as one")]
fn wrong_tokens() -> Vec<Wrong> {
    let jwk = RSA_NEXT.jwk();
    let foreign = |name: &'static str, value: Value| {
        // Signed by a key the header brings along, or says the way to.
        made(name, move |_, mut header, claims| {
            header[name] = value.clone();
            RSA_NEXT.sign(&header, &claims)
        })
    };
    vec![
        claim("nonce", json!("another")),
        claim("nonce", json!("")),
        claim("nonce", Value::Null),
        claim("nonce", json!(["x"])),
        claim("aud", json!("somebody-else")),
        claim("aud", json!([])),
        claim("aud", Value::Null),
        claim("aud", json!([CLIENT_ID, "somebody-else"])),
        claim("aud", json!({"0": CLIENT_ID})),
        claim("azp", json!("somebody-else")),
        claim("iss", json!("https://evil.example")),
        claim("iss", json!("")),
        claim("iss", Value::Null),
        claim("exp", Value::Null),
        claim("exp", json!("tomorrow")),
        claim("exp", json!(1e300)),
        claim("iat", Value::Null),
        claim("sub", json!(null)),
        shifted("exp", -60),
        shifted("exp", -3600),
        shifted("nbf", 61),
        shifted("nbf", 3600),
        made("made in the future", |key, header, mut claims| {
            claims["iat"] = (claims["iat"].as_i64().unwrap() + 61).into();
            key.sign(&header, &claims)
        }),
        made("made long ago", |key, header, mut claims| {
            claims["iat"] = (claims["iat"].as_i64().unwrap() - 661).into();
            key.sign(&header, &claims)
        }),
        without_signature("none"),
        without_signature("None"),
        without_signature("nOnE"),
        without_signature("RS256"),
        made("HS256 under the public key", |key, mut header, claims| {
            header["alg"] = "HS256".into();
            sign_hs256(&key.public_der(), &header, &claims)
        }),
        made("HS256 under the published key's text", |key, mut header, claims| {
            header["alg"] = "HS256".into();
            sign_hs256(key.jwk()["n"].as_str().unwrap().as_bytes(), &header, &claims)
        }),
        made("HS256 under the client's secret", |_, mut header, claims| {
            header["alg"] = "HS256".into();
            sign_hs256(super::issuer::CLIENT_SECRET.as_bytes(), &header, &claims)
        }),
        made("HS256 under nothing, of an empty file", |_, mut header, claims| {
            (header["alg"], header["kid"]) = ("HS256".into(), "../../../../dev/null".into());
            sign_hs256(b"", &header, &claims)
        }),
        head("alg", json!("RS512")),
        head("alg", json!("PS256")),
        head("alg", json!("ES256")),
        head("alg", json!("rs256")),
        head("alg", Value::Null),
        head("alg", json!(["RS256"])),
        head("kid", json!("../../../../etc/passwd")),
        head("kid", json!("x' OR '1'='1")),
        head("kid", json!("rsa-1\u{0}")),
        head("kid", json!("rsa-1 ")),
        head("kid", json!("")),
        head("kid", json!("k".repeat(20_000))),
        head("kid", Value::Null),
        head("kid", json!(["rsa-1"])),
        head("typ", json!("at+jwt")),
        head("typ", json!("logout+jwt")),
        head("crit", json!(["exp"])),
        head("b64", json!(false)),
        head("zip", json!("DEF")),
        foreign("jwk", jwk.clone()),
        foreign("jku", json!("https://evil.example/keys")),
        foreign("x5u", json!("https://evil.example/cert")),
        foreign("x5c", json!(["MIIB"])),
        made("another key under a known name", |_, header, claims| RSA_NEXT.sign(&header, &claims)),
        made("an unpublished key", |_, _, claims| EC.sign(&json!({"alg": "ES256", "kid": "ec-1"}), &claims)),
        made("a name twice", |key, header, claims| {
            let text = claims.to_string();
            key.sign_text(&header.to_string(), &format!("{},\"roles\":[\"Auditor\"]}}", &text[..text.len() - 1]))
        }),
        made("a header's name twice", |key, header, claims| {
            let text = header.to_string();
            key.sign_text(&format!("{},\"alg\":\"RS256\"}}", &text[..text.len() - 1]), &claims.to_string())
        }),
        made("a list", |key, header, claims| key.sign_text(&header.to_string(), &format!("[{claims}]"))),
        made("no JSON", |key, header, _| key.sign_text(&header.to_string(), "nothing")),
        made("cut short", |key, header, claims| {
            let token = key.sign(&header, &claims);
            token[..token.len() - 4].to_owned()
        }),
        made("five parts", |key, header, claims| format!("{}.x.y", key.sign(&header, &claims))),
        made("two parts", |key, header, claims| key.sign(&header, &claims).rsplit_once('.').unwrap().0.to_owned()),
        made("padded", |key, header, claims| format!("{}==", key.sign(&header, &claims))),
        made("changed after signing", |key, header, mut claims| {
            let token = key.sign(&header, &claims);
            claims["roles"] = json!(["Auditor", "Eps"]);
            let parts: Vec<&str> = token.split('.').collect();
            format!("{}.{}.{}", parts[0], b64(claims.to_string()), parts[2])
        }),
        made("giant", |key, header, mut claims| {
            claims["more"] = "x".repeat(40_000).into();
            key.sign(&header, &claims)
        }),
        made("empty", |_, _, _| String::new()),
    ]
}

#[tokio::test]
async fn no_wrong_token_is_taken() {
    let scene = invited().await;
    // A symmetric key in the published set is no key of ours; nor is one that is for something else.
    scene.issuer.with(|s| {
        s.more_keys.push(json!({"kty": "oct", "kid": "shared", "alg": "HS256", "k": b64("shared")}));
        let mut sealing = ED.jwk();
        sealing["use"] = "enc".into();
        s.more_keys.push(sealing);
    });
    let mut tokens = wrong_tokens();
    tokens.push(made("a shared key they publish", |_, _, claims| {
        sign_hs256(b"shared", &json!({"alg": "HS256", "kid": "shared"}), &claims)
    }));
    tokens.push(made("a key for sealing", |_, _, claims| ED.sign(&json!({"alg": "EdDSA", "kid": "ed-1"}), &claims)));
    let all = tokens.len();
    for (what, make) in tokens {
        scene.issuer.with(|s| s.mint = Some(make));
        let seen = scene.arrive().await;
        let code = if what == "sub" { Code::AccountUnknown } else { Code::IssuerRefused };
        assert!(seen.text.contains(code.title().en), "{what}: {} {}", seen.status, seen.text);
        nothing_happened(&scene);
    }
    assert!(all >= 60, "{all}");
    // The controls: the honest token, and honest ones that look unusual.
    for (what, make) in [
        made("honest", |key, header, claims| key.sign(&header, &claims)),
        claim("aud", json!([CLIENT_ID])),
        made("for two, by name", |key, header, mut claims| {
            claims["aud"] = json!([CLIENT_ID, "api"]);
            claims["azp"] = json!(CLIENT_ID);
            key.sign(&header, &claims)
        }),
        head("typ", Value::Null),
        head("x5t", json!("thumbprint")),
        shifted("exp", -59),
        shifted("nbf", 60),
    ] {
        scene.issuer.with(|s| s.mint = Some(make));
        assert_eq!(scene.arrive().await.status, 303, "{what}");
    }
    eprintln!("{all} wrong ID tokens, none taken; 7 right ones taken");
}

#[tokio::test]
async fn an_algorithm_the_issuer_does_not_offer_is_refused() {
    let scene = invited().await;
    scene.issuer.with(|s| {
        s.keys = vec![std::sync::Arc::clone(&EC)];
        s.description = json!({"id_token_signing_alg_values_supported": ["RS256"]});
    });
    scene.arrive().await.refuses(401, Code::IssuerRefused);
    nothing_happened(&scene);
}

#[tokio::test]
async fn an_address_binds_only_to_who_was_invited_and_only_where_it_is_proved() {
    let scene = invited().await;
    scene.invite("other@elsewhere.example");
    let unknown = |seen: super::scene::Seen| seen.refuses(403, Code::AccountUnknown);
    for who in [
        json!({"email": "new@la.example", "email_verified": false}),
        json!({"email": "new@la.example", "email_verified": null}),
        json!({"email": "new@la.example", "email_verified": "false"}),
        json!({"email": "nobody@la.example"}),
        json!({"email": "other@elsewhere.example"}),
        json!({"email": "new@la.example.evil.example"}),
        json!({"email": ["new@la.example"]}),
        json!({"preferred_username": "new@la.example", "upn": "new@la.example"}),
        json!({"email": "new@la.example", "sub": ""}),
        json!({"email": "new@la.example", "sub": "é"}),
        json!({"email": "new@la.example", "sub": "x".repeat(256)}),
        json!({"email": "new@la.example", "sub": 7}),
    ] {
        let mut who = who;
        who["roles"] = json!(["Auditor"]);
        scene.is(who.clone());
        unknown(scene.arrive().await);
        nothing_happened(&scene);
    }
    // The control, and then: the same address under another subject is somebody else.
    scene.is(json!({"email": "NEW@la.example", "roles": ["Auditor"]}));
    assert_eq!(scene.arrive().await.status, 303);
    scene.is(json!({"email": "new@la.example", "sub": "subject-2", "roles": ["Auditor"]}));
    unknown(scene.arrive().await);
    assert_eq!(scene.count("SELECT count(*) FROM issuer_links"), 1);
    // Unless an administrator says that it changed hands.
    let person = scene.app.read(|work| {
        let email = EmailAddress::parse("new@la.example").unwrap();
        Ok(identity::credentials(work, &email)?.unwrap().person)
    });
    assert_eq!(scene.app.write(move |work| identity::unbind_person(work, person, None)), 1);
    assert_eq!(scene.arrive().await.status, 303);
    // Who was let go is let go here too.
    scene.app.write(move |work| identity::deactivate_person(work, person));
    unknown(scene.arrive().await);
}

#[tokio::test]
async fn an_issuer_is_believed_as_far_as_the_settings_say() {
    let scene = Scene::set_with(|one| one["email_trusted"] = true.into()).await;
    scene.invite("new@la.example");
    scene.is(json!({"email": "new@la.example", "email_verified": null, "roles": ["Auditor"]}));
    assert_eq!(scene.arrive().await.status, 303);
    let scene = Scene::set_with(|one| one["email_domains"] = json!([])).await;
    scene.invite("new@la.example");
    scene.is(json!({"email": "new@la.example", "roles": ["Auditor"]}));
    scene.arrive().await.refuses(403, Code::AccountUnknown);
}

#[tokio::test]
async fn who_holds_no_role_gets_no_session() {
    let scene = invited().await;
    for roles in [
        json!(null),
        json!([]),
        json!(["Nothing of ours"]),
        json!(["Nowhere"]),
        json!(["auditor"]),
        json!({"0": "Auditor"}),
    ] {
        scene.is(json!({"email": "new@la.example", "roles": roles}));
        let seen = scene.arrive().await;
        seen.refuses(403, Code::NoRole);
    }
    assert_eq!(scene.count("SELECT count(*) FROM sessions WHERE issuer IS NOT NULL"), 0);
    let mut browser = Browser::default();
    let back = scene.away(&mut browser, "/cy/sign-in/council").await;
    assert!(scene.get(&mut browser, &back).await.text.contains("Nid oes gennych rôl yma"), "in Welsh on a Welsh page");
}

#[tokio::test]
async fn an_issuer_that_cannot_be_trusted_is_not_asked_for_more() {
    for (what, change) in [
        ("another's description", json!({"issuer": "https://login.example"})),
        ("a slash more", json!({"issuer": "with a slash"})),
        ("keys elsewhere without TLS", json!({"jwks_uri": "http://keys.example/keys"})),
        ("a token endpoint that is a file", json!({"token_endpoint": "file:///etc/passwd"})),
        ("an odd page to sign in", json!({"authorization_endpoint": "javascript:alert(1)"})),
        ("no keys", json!({"jwks_uri": null})),
    ] {
        let scene = invited().await;
        let mut change = change;
        if change["issuer"] == "with a slash" {
            change["issuer"] = format!("{}/", scene.issuer.base()).into();
        }
        scene.issuer.with(|s| s.description = change);
        let seen = scene.get(&mut Browser::default(), "/sign-in/council").await;
        seen.refuses(503, Code::Unavailable);
        assert!(seen.location.is_empty(), "{what}");
    }
    // Nobody is followed elsewhere.
    let scene = invited().await;
    let moved = format!("{}/moved", scene.issuer.base());
    scene.issuer.with(|s| s.description = json!({"jwks_uri": moved}));
    scene.arrive().await.refuses(503, Code::Unavailable);
    assert_eq!(scene.issuer.with(|s| s.keys_asked), 0);
    let nowhere = scene.get(&mut Browser::default(), "/sign-in/nobody").await;
    assert_eq!(nowhere.status, 404);
}
