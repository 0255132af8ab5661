//! Random worlds: what each principal can see of each record is the same through every channel, and exactly what the
//! policy's rows allow (`facts/reliability.md` AUZ-2).
//!
//! A world is people and systems with drawn roles, places and states of membership, and referrals and WARRN records that
//! stand to them as it fell out. Each record says something of its own in each field. Everybody asks for every record
//! through REST, GraphQL and the console, with its timeline, who has seen it and its downloads, and for every list with
//! drawn filters; the set of (record, field) behind each door must be the oracle's. A database holds several worlds, so
//! that lists also hide what is of another.
//!
//! There are no webhooks and no exports as CSV or XLSX yet; the one download there is, is the document. A new door goes
//! into `doors`; what a door shows that is not declared there stops the test.
//!
//! `DOLEN_TEST_WORLDS` says how many (50 by default, 500 at night), `SEED` repeats a run.

mod controls;
mod doors;
mod draw;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::time::Instant;

use dolen_domain::access::policy::{RULES, Rule, STEP_UP};
use dolen_domain::access::{Action, Relation};
use dolen_domain::kernel::Actor;
use dolen_tests::TestApp;
use dolen_tests::seed::Seed;
use futures_util::StreamExt as _;
use serde_json::{Value, json};

use super::cells::all_text;
use super::lists::{self, Ids};
use super::operations::Target;
use super::oracle::{allowed, may_list};
use super::pages;
use super::principals::Principal;

use doors::{Channel, Door, Field, Record, Right};
use draw::Dice;

/// Worlds in one database.
const TOGETHER: usize = 10;

/// How many requests are under way at a time.
const AT_ONCE: usize = 4;

/// Of the doors that need not be asked always, one in so many is.
const SELDOM: u64 = 4;

/// What somebody was shown of a record behind a door.
#[derive(Debug)]
struct Seen {
    who: usize,
    record: usize,
    door: &'static Door,
    fields: Vec<Field>,
    /// Secrets that are not the record's.
    others: Vec<String>,
}

/// What somebody was given as a list; nothing when it was refused.
struct Listed {
    who: usize,
    what: String,
    given: Option<Ids>,
    expected: Option<Ids>,
}

/// One world, looked at.
struct World {
    principals: Vec<Principal>,
    records: Vec<Record>,
    seen: Vec<Seen>,
}

/// Whether the rules let them, with their scopes and their second factor.
fn may(rules: &[Rule], who: &Principal, action: Action, record: &Record) -> bool {
    reaches(who, action) && !must_prove(who, action) && allowed(rules, who, action, &record.thing)
}

/// Whether their second factor is too long ago for it.
fn must_prove(who: &Principal, action: Action) -> bool {
    who.scopes.is_none() && !who.fresh && STEP_UP.contains(&action)
}

/// Whether they are somebody, and a system's scopes reach the action.
fn reaches(who: &Principal, action: Action) -> bool {
    let scoped = who.scopes.as_ref().is_none_or(|s| action.scope().is_some_and(|needed| s.contains(&needed)));
    who.actor != Actor::Anonymous && scoped
}

impl World {
    /// Where these rules say another thing than was seen, one after the other.
    fn differences<'w>(&'w self, rules: &'w [Rule], seen: &'w [Seen]) -> impl Iterator<Item = String> + 'w {
        seen.iter().filter_map(move |seen| {
            let (who, record) = (&self.principals[seen.who], &self.records[seen.record]);
            let open = Right::Open.action(record.target);
            let is_led_away =
                seen.door.proof_first && must_prove(who, open) && allowed(rules, who, open, &record.thing);
            let has = |right: Right| !is_led_away && may(rules, who, right.action(record.target), record);
            let allowed = Right::ALL.map(|right| seen.door.needs(right) && has(right));
            let own = seen.door.offers().filter(|(field, right)| allowed[*right as usize] && field.is_of(record));
            let (expected, given): (BTreeSet<Field>, BTreeSet<Field>) =
                (own.map(|(field, _)| field).collect(), seen.fields.iter().copied().collect());
            (given != expected || !seen.others.is_empty()).then(|| {
                let (extra, missing) = (&given - &expected, &expected - &given);
                let (asks, of, others) = (seen.door.asks, &record.thing, &seen.others);
                format!("{asks} by {}: extra {extra:?} {others:?}, missing {missing:?} of {of:?}", who.name)
            })
        })
    }

    /// How many pairs of somebody and a record there are.
    fn pairs(&self) -> usize {
        let asked = |who: &Principal| (0..self.records.len()).filter(|r| is_asked(who, *r)).count();
        self.principals.iter().map(asked).sum()
    }
}

/// Looks behind doors, one answer for each pair of who asks and what about.
struct Look<'a> {
    principals: &'a [Principal],
    records: &'a [Record],
}

impl Look<'_> {
    async fn behind(&self, wanted: Vec<(usize, usize, &'static Door)>) -> Vec<Seen> {
        let (fields, addresses): (Vec<_>, Vec<_>) = wanted.into_iter().partition(|w| w.2.channel == Channel::GraphQl);
        let mut queries: BTreeMap<usize, Vec<(usize, &'static Door)>> = BTreeMap::new();
        for (who, record, door) in fields {
            queries.entry(who).or_default().push((record, door));
        }
        let one = futures_util::stream::iter(addresses).map(|(who, record, door)| self.address(who, record, door));
        let mut seen: Vec<Seen> = one.buffer_unordered(AT_ONCE).collect().await;
        for (who, asked) in queries {
            seen.extend(self.query(who, &asked).await);
        }
        seen
    }

    fn seen(&self, who: usize, record: usize, door: &'static Door, text: &str) -> Seen {
        let (fields, others) = doors::fields(&self.records[record], text);
        Seen { who, record, door, fields, others }
    }

    async fn address(&self, who: usize, record: usize, door: &'static Door) -> Seen {
        let path = door.about(&self.records[record].thing);
        let mut request = self.principals[who].client.get(&path);
        if door.channel == Channel::Console {
            request = request.header("accept", "text/html");
        }
        let mut text = all_text(&request.await);
        if door.channel == Channel::Console {
            text = pages::without_its_own(&text, door.asks, &path);
        }
        self.seen(who, record, door, &text)
    }

    /// Everything somebody asks of GraphQL at a time, in one request.
    async fn query(&self, who: usize, asked: &[(usize, &'static Door)]) -> Vec<Seen> {
        let mut query = String::new();
        for (n, (record, door)) in asked.iter().enumerate() {
            write!(query, "f{n}: {} ", door.about(&self.records[*record].thing)).unwrap();
        }
        let body = json!({"query": format!("{{ {query} }}")});
        let reply = self.principals[who].client.post("/v1/graphql").json(&body).await;
        let errors = reply.json["errors"].to_string();
        assert!(!doors::has_secret(&errors), "an error tells: {errors}");
        assert!(!errors.contains("too_expensive"), "{errors}");
        let answer = |n: usize| match &reply.json["data"][format!("f{n}")] {
            Value::Null => String::new(),
            data => data.to_string(),
        };
        asked.iter().enumerate().map(|(n, (record, door))| self.seen(who, *record, door, &answer(n))).collect()
    }

    /// Everybody, or one of them, at every door that is theirs to ask at; who has seen a record is asked first.
    async fn everywhere(&self, seed: &Seed, only: Option<usize>) -> Vec<Seen> {
        let mut all = Vec::new();
        for doors in [doors::READERS.iter().collect(), doors::all()] {
            let mut wanted = Vec::new();
            for (r, record) in self.records.iter().enumerate() {
                let is_theirs = |(w, who): &(usize, &Principal)| is_asked(who, r) && only.is_none_or(|one| one == *w);
                for (w, _) in self.principals.iter().enumerate().filter(is_theirs) {
                    let of_kind = doors.iter().filter(|d| d.target == record.target);
                    let has =
                        |door: &&&'static Door| self.principals[w].scopes.is_none() || door.channel != Channel::Console;
                    let often = |door: &&&'static Door| door.always || seed.below(SELDOM) == 0;
                    wanted.extend(of_kind.filter(has).filter(often).map(|door| (w, r, *door)));
                }
            }
            all.extend(self.behind(wanted).await);
        }
        all
    }

    /// Every list as everybody is given it, with drawn filters, over all the records there are.
    async fn lists(&self, dice: &Dice<'_>, all: &[Record]) -> Vec<Listed> {
        let mut listed = Vec::new();
        for (w, who) in self.principals.iter().enumerate().filter(|(_, who)| who.actor != Actor::Anonymous) {
            // A row for emergencies makes no list for who has started none.
            let has = |r: &&Record| r.thing.emergency.is_some_and(|person| who.actor == Actor::Person(person));
            let broke = all.iter().any(|r| has(&r));
            let rules: Vec<Rule> =
                RULES.iter().copied().filter(|row| broke || row.relation != Relation::Emergency).collect();
            let expected = |target: Target, fits: &dyn Fn(&Record) -> bool| {
                let action = Right::See.action(target);
                let own = all.iter().filter(|r| r.target == target && fits(r) && may(RULES, who, action, r));
                (reaches(who, action) && may_list(&rules, who, action))
                    .then(|| own.map(|r| r.thing.id).collect::<Ids>())
            };
            let both = [Target::Referral, Target::Warrn].map(|target| expected(target, &|_| true));
            let any = both.iter().any(Option::is_some);
            let [referrals, warrns] = both;
            let mut wanted = vec![
                ("/v1/referrals".to_owned(), referrals.clone()),
                ("/v1/warrn-records".to_owned(), warrns.clone()),
                ("referrals".to_owned(), referrals.clone()),
                ("warrnRecords".to_owned(), warrns.clone()),
            ];
            if who.scopes.is_none() {
                wanted.push(("page referrals".to_owned(), any.then(|| referrals.unwrap_or_default())));
                wanted.push(("page warrn".to_owned(), any.then(|| warrns.unwrap_or_default())));
            }
            let (query, filter) = dice.filter(who);
            wanted.push((format!("/v1/referrals?{query}"), expected(Target::Referral, &filter)));
            for (what, expected) in wanted {
                let given = match what.strip_prefix("page ") {
                    Some(kind) => lists::console(&who.client, kind).await,
                    None if what.starts_with('/') => lists::rest(&who.client, &what).await,
                    None => lists::graphql(&who.client, &what).await,
                };
                listed.push(Listed { who: w, what, given, expected });
            }
        }
        listed
    }
}

/// Whether they are asked about a record: of nobody, two are enough.
fn is_asked(who: &Principal, record: usize) -> bool {
    who.actor != Actor::Anonymous || [0, 5].contains(&record)
}

/// What is counted of a run.
#[derive(Default)]
struct Figures {
    worlds: usize,
    principals: usize,
    records: usize,
    pairs: usize,
    requests: usize,
    answers: usize,
    fields: usize,
    shown: usize,
    lists: usize,
}

impl Figures {
    fn count(&mut self, world: &World, listed: &[Listed]) {
        self.worlds += 1;
        self.principals += world.principals.len();
        self.records += world.records.len();
        self.pairs += world.pairs();
        // What is asked of GraphQL goes in two requests for each principal.
        let addresses = world.seen.iter().filter(|s| s.door.channel != Channel::GraphQl).count();
        self.requests += addresses + 2 * world.principals.len() + listed.len();
        self.answers += world.seen.len();
        let offered = |s: &Seen| s.door.offers().filter(|(f, _)| f.is_of(&world.records[s.record])).count();
        self.fields += world.seen.iter().map(offered).sum::<usize>();
        self.shown += world.seen.iter().map(|s| s.fields.len()).sum::<usize>();
        self.lists += listed.len();
    }
}

#[tokio::test]
async fn fifty_random_worlds_show_the_same_everywhere_and_nothing_more() {
    let wanted = std::env::var("DOLEN_TEST_WORLDS").ok().and_then(|n| n.parse().ok()).unwrap_or(50_usize);
    let (run, begun) = (Seed::of_run(), Instant::now());
    let (mut all, mut figures, mut wrong) = (Vec::new(), Figures::default(), Vec::new());
    let mut ended = 0;
    while all.len() < wanted {
        let app = service().await;
        let mut before: Vec<Record> = Vec::new();
        let together = TOGETHER.min(wanted - all.len());
        for n in 0..together {
            let dice = Dice::new(&run, &app);
            let principals = dice.everybody();
            let records = dice.records(&principals, before.len());
            let look = Look { principals: &principals, records: &records };
            let seen = look.everywhere(&run, None).await;
            before.extend(records.iter().cloned());
            let listed = look.lists(&dice, &before).await;
            let lists = listed.iter().filter(|l| l.given != l.expected);
            wrong.extend(lists.map(|l| {
                let (given, expected) = (&l.given, &l.expected);
                format!("{} of {}: {given:?}, not {expected:?}", l.what, principals[l.who].name)
            }));
            let world = World { principals, records, seen };
            wrong.extend(world.differences(RULES, &world.seen));
            figures.count(&world, &listed);
            none(&wrong);
            if n + 1 == together {
                ended += usize::from(controls::an_end_is_noticed(&app, &world, &run).await);
            }
            all.push(world);
        }
    }
    let (rows, new) = controls::each_row_is_missed(&all);
    let silent = controls::never_shown(&all);
    let f = figures;
    eprintln!(
        "{} worlds, {} principals, {} records, {} pairs, {} requests, {} answers, {} fields compared ({} shown), \
         {} lists, {:.1} s",
        f.worlds,
        f.principals,
        f.records,
        f.pairs,
        f.requests,
        f.answers,
        f.fields,
        f.shown,
        f.lists,
        begun.elapsed().as_secs_f64()
    );
    eprintln!(
        "control: {} of {} rows are missed, {} of {} new rows and {ended} ends of memberships are noticed",
        rows.0, rows.1, new.0, new.1
    );
    if wanted >= 50 {
        // How it falls out: of a row for few, no world may have one.
        assert!(rows.0 + 5 >= rows.1, "rows that nobody needs: {rows:?}");
        assert!(silent.is_empty(), "nobody was ever shown {silent:?}");
        assert!(ended > 0, "nobody's membership could end");
    }
}

/// Stops where something differs.
fn none(wrong: &[String]) {
    let first: Vec<&str> = wrong.iter().take(20).map(String::as_str).collect();
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), first.join("\n"));
}

/// A service that takes everything somebody asks of a world in one query.
async fn service() -> TestApp {
    let limits = ["limits.graphql_complexity", "limits.graphql_tokens", "limits.graphql_aliases"];
    let with = TestApp::with().standing().set("server.workers", "2");
    limits.into_iter().fold(with, |with, limit| with.set(limit, "50000")).start().await
}
