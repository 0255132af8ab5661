//! What should work.

use std::sync::Arc;

use dolen_domain::access::Role;
use dolen_domain::kernel::{Actor, Clock as _, Code};
use serde_json::{Value, json};

use super::issuer::CLIENT_ID;
use super::keys::{EC, ED, Key, RSA, RSA_NEXT};
use super::scene::{Browser, Scene, query};

fn auditor() -> Value {
    json!({"email": "new@la.example", "roles": ["Auditor"]})
}

fn roles(scene: &Scene, person: dolen_domain::kernel::PersonId) -> Vec<Role> {
    let found = scene.app.read(move |work| dolen_domain::access::standing_of(work, Actor::Person(person)));
    let mut roles: Vec<Role> = found.memberships.iter().map(|m| m.role).collect();
    roles.sort();
    roles
}

#[tokio::test]
async fn somebody_invited_signs_in_and_is_known_from_then_on() {
    let scene = Scene::set().await;
    let person = scene.invite("new@la.example");
    scene.is(auditor());
    let mut browser = Browser::default();
    let sent = scene.get(&mut browser, "/sign-in/council?next=/surveys").await;
    assert_eq!(sent.status, 303);
    let ask = |name: &str| query(&sent.location, name).unwrap_or_default();
    assert_eq!(ask("redirect_uri"), format!("{}/sign-in/council/return", scene.app.base()));
    assert_eq!(
        (ask("response_type"), ask("code_challenge_method"), ask("client_id")),
        ("code".into(), "S256".into(), CLIENT_ID.into())
    );
    assert_eq!(
        (ask("scope"), ask("ui_locales"), ask("prompt")),
        ("openid email profile".into(), "en".into(), String::new())
    );
    let kept = &browser.cookies["dolen-away"];
    assert!(kept.len() == 43 && !sent.location.contains(kept.as_str()), "the browser's half stays with it");
    let back = scene.get(&mut browser, &sent.location).await;
    let home = scene.get(&mut browser, &back.location).await;
    assert_eq!((home.status, home.location.as_str()), (303, "/surveys"), "{}", home.text);
    assert!(!browser.cookies.contains_key("dolen-away"));
    assert_eq!(scene.me(&browser).await, Some(person));
    assert_eq!(roles(&scene, person), [Role::Auditor]);
    // Nothing of the way there is kept that could be used again.
    let state = ask("state");
    let mut inspect = scene.inspect();
    let hashes =
        inspect.number("SELECT count(*) FROM issuer_states WHERE used_at IS NOT NULL AND length(state_hash) = 32");
    assert_eq!(hashes, 1);
    assert_eq!(inspect.texts("SELECT next AS value FROM issuer_states"), ["/surveys"]);
    assert!(!state.is_empty() && scene.issuer.with(|s| !s.verifiers[0].contains(&state)));
    // From now on the subject is who they are, whatever address the issuer says.
    scene.is(json!({"email": "married@elsewhere.example", "email_verified": false, "roles": ["Auditor"]}));
    let mut again = Browser::default();
    assert_eq!(scene.sign_in(&mut again).await.status, 303);
    assert_eq!(scene.me(&again).await, Some(person));
    assert_eq!(scene.count("SELECT count(*) FROM issuer_links"), 1);
}

#[tokio::test]
async fn the_page_offers_each_issuer_in_both_languages() {
    let scene = Scene::set().await;
    let mut browser = Browser::default();
    let page = scene.get(&mut browser, "/sign-in?next=/work").await;
    assert!(page.text.contains("Sign in with Council account") && page.text.contains("Sign in with Hwb account"));
    assert!(page.text.contains("href=\"/sign-in/council?next=%2Fwork\""), "{}", page.text);
    let welsh = scene.get(&mut browser, "/cy/sign-in").await;
    assert!(welsh.text.contains("Mewngofnodi gyda Cyfrif Hwb") && welsh.text.contains("href=\"/cy/sign-in/hwb\""));
    // A Welsh page comes back to a Welsh page.
    scene.invite("new@la.example");
    scene.is(auditor());
    let sent = scene.get(&mut browser, "/cy/sign-in/council").await;
    assert_eq!(query(&sent.location, "ui_locales").as_deref(), Some("cy"));
    let back = scene.get(&mut browser, &sent.location).await;
    assert!(back.location.contains("/cy/sign-in/council/return"), "{}", back.location);
    assert_eq!(scene.get(&mut browser, &back.location).await.location, "/cy");
    // And out again: the page says that they are still signed in there.
    let token = browser.cookies["dolen"].clone();
    let page = scene.get(&mut browser, "/cy").await;
    let csrf = page.text.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let out = scene.app.with_session(&token).post("/cy/sign-out").form(&[("csrf", &csrf)]).await;
    assert_eq!((out.status, out.header("location")), (303, "/cy/sign-in?left=council"));
    let page = scene.get(&mut Browser::default(), "/cy/sign-in?left=council").await;
    assert!(
        page.text.contains("href=\"/cy/sign-out/council\"") && page.text.contains("Allgofnodi o Cyfrif Council hefyd")
    );
    let there = scene.get(&mut Browser::default(), "/cy/sign-out/council").await;
    assert!(there.location.starts_with(&format!("{}/logout?", scene.issuer.base())), "{}", there.location);
    assert_eq!(query(&there.location, "post_logout_redirect_uri"), Some(format!("{}/cy/sign-in", scene.app.base())));
    assert_eq!(scene.me(&browser).await, None);
}

#[tokio::test]
async fn roles_follow_the_claim_at_every_sign_in() {
    let scene = Scene::set().await;
    let person = scene.invite("new@la.example");
    let says = |roles: Value| scene.is(json!({"email": "new@la.example", "roles": roles}));
    says(json!(["Auditor", "Dsp.6764002", "Eps", "Unknown", "Nowhere", "Dsp.6769999", 7]));
    let mut first = Browser::default();
    assert_eq!(scene.sign_in(&mut first).await.status, 303);
    assert_eq!(roles(&scene, person), [Role::Dsp, Role::Officer, Role::Auditor]);
    let begun = "SELECT count(*) FROM memberships WHERE source IS NOT NULL AND state = 'confirmed' AND ends_at IS NULL";
    assert_eq!(scene.count(begun), 3);
    // The same again changes nothing.
    scene.app.advance(60);
    assert_eq!(scene.arrive().await.status, 303);
    assert_eq!((scene.count(begun), scene.count("SELECT count(*) FROM memberships WHERE state = 'ended'")), (3, 0));
    // One that is gone ends at once, in the session that is open too; a single text is a list of one.
    says(json!("Dsp.6764002"));
    assert_eq!(scene.arrive().await.status, 303);
    assert_eq!(roles(&scene, person), [Role::Dsp]);
    assert_eq!(scene.me(&first).await, Some(person));
    // All gone: no session, those there were are ended, and that is kept.
    says(json!([]));
    scene.arrive().await.refuses(403, Code::NoRole);
    assert_eq!((scene.me(&first).await, roles(&scene, person)), (None, vec![]));
    assert_eq!(scene.count("SELECT count(*) FROM audit_entries WHERE action = 'session.refuse'"), 1);
    assert_eq!(scene.count("SELECT count(*) FROM audit_entries WHERE action = 'membership.end'"), 3);
    // Back again.
    says(json!(["Head of the first"]));
    assert_eq!(scene.arrive().await.status, 303);
    assert_eq!(roles(&scene, person), [Role::Headteacher]);
}

#[tokio::test]
async fn what_an_administrator_gave_an_issuer_does_not_take() {
    let scene = Scene::set().await;
    let dsp = scene.app.world().who_at(Role::Dsp, 0).clone();
    scene.is(json!({"email": dsp.email, "roles": ["Auditor"]}));
    assert_eq!(scene.arrive().await.status, 303);
    assert_eq!(roles(&scene, dsp.id), [Role::Dsp, Role::Auditor]);
    scene.is(json!({"roles": null}));
    assert_eq!(scene.arrive().await.status, 303, "with the role they hold here");
    assert_eq!(roles(&scene, dsp.id), [Role::Dsp]);
    // Nor does another issuer take what this one gave.
    scene.is(json!({"roles": ["Auditor"]}));
    assert_eq!(scene.arrive().await.status, 303);
    scene.other.with(|s| s.who = json!({"email": dsp.email, "sub": "at the other", "roles": []}));
    let mut browser = Browser::default();
    let back = scene.away(&mut browser, "/sign-in/hwb").await;
    assert_eq!(scene.get(&mut browser, &back).await.status, 303);
    assert_eq!((scene.me(&browser).await, roles(&scene, dsp.id)), (Some(dsp.id), vec![Role::Dsp, Role::Auditor]));
}

#[tokio::test]
async fn keys_of_each_kind_verify_and_new_ones_are_found() {
    let scene = Scene::set().await;
    scene.invite("new@la.example");
    scene.is(auditor());
    let asked = || scene.issuer.with(|s| s.keys_asked);
    let signs = |keys: Vec<&Arc<Key>>| scene.issuer.with(|s| s.keys = keys.into_iter().map(Arc::clone).collect());
    assert_eq!(scene.arrive().await.status, 303);
    assert_eq!(scene.arrive().await.status, 303);
    assert_eq!(asked(), 1, "kept");
    // The next key: its name is not known, so the keys are asked for once more.
    signs(vec![&RSA_NEXT, &RSA]);
    assert_eq!(scene.arrive().await.status, 303);
    assert_eq!(asked(), 2);
    // Names nobody knows don't make us ask again and again.
    signs(vec![&EC]);
    for _ in 0..3 {
        scene.arrive().await.refuses(401, Code::IssuerRefused);
    }
    assert_eq!(asked(), 2, "asked again within a minute");
    scene.app.advance(61);
    assert_eq!(scene.arrive().await.status, 303, "P-256");
    assert_eq!(asked(), 3);
    signs(vec![&ED]);
    scene.app.advance(61);
    assert_eq!(scene.arrive().await.status, 303, "Ed25519");
    assert_eq!((asked(), scene.issuer.with(|s| s.described)), (4, 1));
    // A key that was taken back is not believed any more.
    scene.issuer.mint(|_, _, claims| RSA.sign(&json!({"alg": "RS256", "kid": RSA.kid}), &claims));
    scene.arrive().await.refuses(401, Code::IssuerRefused);
    // After an hour both are asked for again.
    scene.issuer.with(|s| s.mint = None);
    scene.app.advance(3601);
    assert_eq!(scene.arrive().await.status, 303);
    assert_eq!((asked(), scene.issuer.with(|s| s.described)), (5, 2));
}

#[tokio::test]
async fn a_second_session_ends_the_browsers_first_and_two_tabs_do_not_end_each_other() {
    let scene = Scene::set().await;
    scene.invite("new@la.example");
    scene.is(auditor());
    let mut browser = Browser::default();
    let one = scene.away(&mut browser, "/sign-in/council").await;
    let two = scene.away(&mut browser, "/sign-in/council").await;
    let kept = browser.cookies.clone();
    assert_eq!(scene.get(&mut browser, &one).await.status, 303);
    let first = browser.cookies["dolen"].clone();
    browser.cookies.extend(kept);
    assert_eq!(scene.get(&mut browser, &two).await.status, 303);
    assert_ne!(browser.cookies["dolen"], first, "a fresh session each time");
    scene.app.with_session(&first).get("/v1/session").await.expect_problem(401, "bad_token");
}

#[tokio::test]
async fn asking_again_asks_the_issuer_to_prove_who_it_is() {
    let scene = Scene::set().await;
    let sent = scene.get(&mut Browser::default(), "/sign-in/council?again=yes").await;
    let ask = |name: &str| query(&sent.location, name);
    assert_eq!((ask("prompt").as_deref(), ask("max_age").as_deref()), (Some("login"), Some("0")));
}

#[tokio::test]
async fn a_second_factor_the_issuer_saw_counts_where_it_is_believed() {
    let scene = Scene::set().await;
    scene.invite("new@la.example");
    let now = scene.app.clock().now();
    let seconds = now.micros() / 1_000_000;
    for (claims, counts) in [
        (json!({"amr": ["pwd", "mfa"], "auth_time": seconds - 200}), Some(200)),
        (json!({"amr": "mfa", "auth_time": seconds - 1}), Some(1)),
        (json!({"amr": null, "acr": "c1", "auth_time": seconds - 9}), Some(9)),
        (json!({"amr": null, "acrs": ["c0", "c1"], "auth_time": seconds}), Some(0)),
        (json!({"amr": ["mfa"], "auth_time": seconds + 60}), Some(0)),
        // Nobody knows when; a word that is not trusted, or not the claim's; a time that can't be.
        (json!({"amr": ["mfa"], "auth_time": null}), None),
        (json!({"amr": ["pwd"], "auth_time": seconds}), None),
        (json!({"amr": ["c1"], "acr": "mfa", "auth_time": seconds}), None),
        (json!({"amr": ["MFA"], "auth_time": seconds}), None),
        (json!({"amr": ["mfa"], "auth_time": seconds + 61}), None),
        (json!({"amr": ["mfa"], "auth_time": "now"}), None),
        (json!({"amr": null, "auth_time": seconds}), None),
    ] {
        let mut who = auditor();
        who.as_object_mut().unwrap().extend(claims.as_object().unwrap().clone());
        scene.is(who);
        let mut browser = Browser::default();
        assert_eq!(scene.sign_in(&mut browser).await.status, 303, "{claims}");
        let rules = scene.app.app().sign_in_rules();
        let token = browser.cookies["dolen"].clone();
        let session = scene.app.read(move |work| dolen_domain::identity::session(work, &token, &rules)).unwrap();
        let expected = counts.map(|ago| now.plus_seconds(-ago));
        assert_eq!(session.second_factor_at, expected, "{claims}");
        assert_eq!(session.issuer.as_deref(), Some("council"));
        // Without it the service asks for its own, as of anybody.
        let reply = scene.app.with_session(&browser.cookies["dolen"]).get("/v1/schools").await;
        if counts.is_some() {
            reply.expect_status(200);
        } else {
            reply.expect_problem(403, "second_factor_enrolment_required");
        }
    }
}
