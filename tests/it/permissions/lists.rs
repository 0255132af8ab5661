//! Lists: everyone is given exactly what they may see, page by page, whatever they filter by.

use std::collections::BTreeSet;
use std::sync::Arc;

use dolen_domain::access::policy::RULES;
use dolen_domain::access::{Action, Role};
use dolen_domain::kernel::Actor;
use dolen_tests::Client;
use serde_json::{Value, json};
use uuid::Uuid;

use super::cells::Stage;
use super::oracle::{allowed, may_list};
use super::principals::Principal;
use super::things::{CHILD_MOVED, Thing};

pub type Ids = BTreeSet<Uuid>;

fn id(value: &Value) -> Uuid {
    value.as_str().and_then(|text| text.parse().ok()).unwrap()
}

/// Every id of a REST list, over all its pages; none when it is refused.
pub async fn rest(client: &Client, path: &str) -> Option<Ids> {
    let (mut ids, mut cursor) = (Ids::new(), String::new());
    loop {
        let join = if path.contains('?') { '&' } else { '?' };
        let reply = client.get(&format!("{path}{join}limit=200{cursor}")).await;
        if reply.status == 403 {
            return None;
        }
        reply.expect_status(200);
        for item in reply.json["items"].as_array().unwrap() {
            assert!(ids.insert(id(&item["id"])), "twice in {path}: {item}");
        }
        match reply.json["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return Some(ids),
        }
    }
}

/// Every id of a GraphQL list.
pub async fn graphql(client: &Client, field: &str) -> Option<Ids> {
    let (mut ids, mut after) = (Ids::new(), Value::Null);
    loop {
        let list =
            format!("{field}(first: 100, after: $after) {{ edges {{ node {{ id }} }} pageInfo {{ endCursor }} }}");
        let body = json!({"query": format!("query($after: String) {{ {list} }}"), "variables": {"after": after}});
        let reply = client.post("/v1/graphql").json(&body).await;
        reply.expect_status(200);
        let page = &reply.json["data"][field];
        if page.is_null() {
            let code = reply.json["errors"][0]["extensions"]["code"].as_str().unwrap();
            assert!(["forbidden", "scope_insufficient"].contains(&code), "{reply:?}");
            return None;
        }
        let edges = page["edges"].as_array().unwrap();
        ids.extend(edges.iter().map(|e| id(&e["node"]["id"])));
        if edges.len() < 100 {
            return Some(ids);
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

/// Every id of one kind that the work list of the console links to, over all its pages; none when it is not theirs.
pub async fn console(client: &Client, kind: &str) -> Option<Ids> {
    let (mut ids, mut path) = (Ids::new(), "/work".to_owned());
    loop {
        let reply = client.get(&path).header("accept", "text/html").await;
        if reply.status == 403 {
            return None;
        }
        reply.expect_status(200);
        let page = String::from_utf8(reply.body).unwrap();
        let start = format!("href=\"/{kind}/");
        let links = page.split(&start).skip(1).map(|rest| rest.split('"').next().unwrap());
        for link in links.filter(|link| link.len() == 36) {
            ids.insert(link.parse().unwrap());
        }
        let word = if kind == "referrals" { "/work?cursor=" } else { "/work?warrn_cursor=" };
        match page.split(&format!("href=\"{word}")).nth(1) {
            Some(rest) => path = format!("{word}{}", rest.split('"').next().unwrap()),
            None => return Some(ids),
        }
    }
}

/// What the rules let this principal see.
fn visible(who: &Principal, action: Action, all: &[Arc<Thing>], fits: impl Fn(&Thing) -> bool) -> Option<Ids> {
    let seen = all.iter().filter(|thing| fits(thing) && allowed(RULES, who, action, thing));
    may_list(RULES, who, action).then(|| seen.map(|thing| thing.id).collect())
}

/// Compares every list of everyone whose scopes reach it. Gives how many lists were compared.
pub async fn compare(stage: &Stage, things: &[Arc<Thing>]) -> usize {
    let is_referral = |thing: &Thing| thing.service.is_some();
    // Records that were to be handed over are elsewhere by now, or wait for it: whose they are is their own test's.
    let handed: Ids = things.iter().filter(|t| t.done.contains(&CHILD_MOVED)).map(|t| t.id).collect();
    let (mut compared, mut wrong) = (0, Vec::new());
    let people = stage.principals.iter().filter(|p| p.actor != Actor::Anonymous);
    let numbers: Vec<&str> = stage.app.world().schools.iter().map(|s| s.number.as_str()).collect();
    for who in people.filter(|p| p.scopes.is_none() || p.is_whole()) {
        let referrals =
            |fits: &dyn Fn(&Thing) -> bool| visible(who, Action::ReadReferral, things, |t| is_referral(t) && fits(t));
        let mine = |thing: &Thing| {
            let holds = |officer| who.in_force().any(|post| post.place.officer == Some(officer));
            thing.sender == Some(who.actor) || thing.officer.is_some_and(holds)
        };
        let warrns = visible(who, Action::ReadWarrn, things, |t| !is_referral(t));
        let mut lists = vec![
            ("/v1/referrals".to_owned(), referrals(&|_| true)),
            ("/v1/warrn-records".to_owned(), warrns.clone()),
            ("referrals".to_owned(), referrals(&|_| true)),
            ("warrnRecords".to_owned(), warrns),
        ];
        if referrals(&|_| true).is_some_and(|ids| !ids.is_empty()) {
            lists.push(("/v1/referrals?mine=true".to_owned(), referrals(&mine)));
            lists.push(("/v1/referrals?service=bss".to_owned(), referrals(&|t| t.service == Some("bss"))));
            lists.push(("/v1/referrals?state=info_requested".to_owned(), referrals(&|t| t.asked)));
            for (i, number) in numbers.iter().enumerate() {
                let path = format!("/v1/referrals?school_number={number}");
                lists.push((path, referrals(&|t| t.school == Some(i))));
            }
        }
        if who.scopes.is_none() {
            // One page for both kinds: who may see neither is refused, who may see one is shown none of the other.
            let seen = [referrals(&|_| true), visible(who, Action::ReadWarrn, things, |t| !is_referral(t))];
            let any = seen.iter().any(Option::is_some);
            for (kind, seen) in ["page referrals", "page warrn"].into_iter().zip(seen) {
                lists.push((kind.to_owned(), any.then(|| seen.unwrap_or_default())));
            }
        }
        for (list, expected) in lists {
            let expected = expected.map(|ids| &ids - &handed);
            let given = match list.strip_prefix("page ") {
                Some(kind) => console(&who.client, kind).await,
                None if list.starts_with('/') => rest(&who.client, &list).await,
                None => graphql(&who.client, &list).await,
            };
            let given = given.map(|ids| &ids - &handed);
            compared += 1;
            if given != expected {
                wrong.push(format!("{list} of {}: {given:?}, not {expected:?}", who.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {compared} lists:\n{}", wrong.len(), wrong.join("\n"));
    everybodys(stage).await;
    compared
}

/// The lists that are one for everybody who may see them at all.
async fn everybodys(stage: &Stage) {
    let client = stage.app.signed_in(Role::Dsp);
    let campaigns = rest(&client, "/v1/survey-campaigns").await.unwrap();
    assert_eq!(campaigns, Ids::from([stage.open, stage.over, stage.coded, stage.signed, stage.silent]));
    assert_eq!(graphql(&client, "surveyCampaigns").await.unwrap(), campaigns);
    let told = stage.app.database().inspect().number("SELECT count(*) FROM notices");
    let administrator = stage.app.signed_in(Role::Administrator);
    let notices = rest(&administrator, "/v1/notices").await.unwrap();
    assert_eq!(i64::try_from(notices.len()).unwrap(), told);
    assert_eq!(graphql(&administrator, "notices").await.unwrap(), notices);
}
