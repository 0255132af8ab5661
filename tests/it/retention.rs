//! What is over goes for good, what is held stays, and nothing else moves (`facts/reliability.md` CRY-4).

mod asks;
mod at_once;
pub mod backup;
mod flips;
mod over_http;
mod readings;
mod reviewing;
mod writes;

use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;
use dolen_domain::access::Role;
use dolen_domain::audit::{self, Finding};
use dolen_domain::cases::{self, DocumentRules, NewDocument, NewPerson, NewTask, OfCase as _, Scan};
use dolen_domain::db::conn::scrub;
use dolen_domain::db::{Db, DbOptions, Kind, Work};
use dolen_domain::kernel::{Caller, CaseId, Clock, Code, FixedClock, Lang, OsChance, PersonId, Result};
use dolen_domain::pupils::NewPupil;
use dolen_domain::records::retention::{self, Certificate, Changed, NewRule, Plan, RecordClass, Reviewed, Standing};
use dolen_domain::records::{holds, sealed, subject_access, tombstones};
use dolen_domain::referrals::{self, Envelope, NewConsent, OpenReferral};
use dolen_domain::vault::{MasterKey, Vault};
use dolen_tests::database::kind;
use dolen_tests::inspect::Inspector;
use dolen_tests::{TestDatabase, World};

use self::backup::Backup;

const YEAR: i64 = 31_557_600;

/// The service's own hands on a database of its own, under a clock that is told where to stand.
struct Rig {
    database: TestDatabase,
    world: World,
    db: Db,
    clock: Arc<FixedClock>,
    vault: Arc<Vault>,
}

/// A child of the first school; everything said of them holds their word.
struct Child {
    word: String,
    case: CaseId,
    referral: Envelope,
}

fn vault() -> Arc<Vault> {
    Arc::new(Vault::new(&MasterKey::new([4; 32])))
}

fn open_at(url: &str, clock: &Arc<FixedClock>) -> Db {
    let shared: Arc<dyn Clock> = Arc::clone(clock) as _;
    Db::open(&DbOptions::for_url(url), shared, Arc::new(OsChance)).unwrap()
}

fn caller(who: PersonId) -> Caller {
    Caller { second_factor_at: None, ..Caller::person(who, Lang::En, "test") }
}

impl Rig {
    fn new() -> Self {
        let (database, world) = TestDatabase::with_world();
        let clock = Arc::new(FixedClock::at(World::monday()));
        let db = open_at(database.url(), &clock);
        Self { database, world, db, clock, vault: vault() }
    }

    fn write<T: Send + 'static>(
        &self,
        caller: &Caller,
        f: impl FnOnce(&mut Work<'_>, &Vault) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let vault = Arc::clone(&self.vault);
        let caller = Caller { second_factor_at: Some(self.clock.now()), ..caller.clone() };
        self.db.write(&caller, move |work| f(work, &vault))
    }

    fn administrator(&self) -> Caller {
        caller(self.world.who(Role::Administrator).id)
    }

    /// A referral with everything around it, declined at once, so that it is closed.
    fn child(&self, word: &str, upn: Option<&str>, born: NaiveDate, service: &str) -> Child {
        let dsp = caller(self.world.who(Role::Dsp).id);
        let new = OpenReferral {
            school_number: self.world.schools[0].number.clone(),
            service: service.to_owned(),
            pupil: NewPupil {
                given_name: format!("{word}given"),
                family_name: format!("{word}family"),
                born_on: born,
                upn: upn.map(str::to_owned),
            },
            year_group: 9,
            key_area: Some("wellbeing".to_owned()),
            urgency: None,
            need: format!("{word} need, as Auntie {word}aunt said"),
            evidence: Some(format!("{word} evidence")),
            consent: Some(NewConsent { given_by: "parent".to_owned(), given_on: self.clock.now().date() }),
            notes: Some(format!("{word} notes")),
        };
        let opened = self.write(&dsp, move |work, vault| referrals::open(work, vault, new)).unwrap();
        let (id, case) = (opened.id, opened.id.case());
        let said = word.to_owned();
        self.write(&dsp, move |work, vault| {
            let person = NewPerson {
                relation: "parent".to_owned(),
                name: format!("{said}aunt"),
                contact: None,
                remark: Some(format!("{said} remark")),
            };
            cases::add_person(work, vault, case, person)?;
            let task = NewTask { what: format!("{said} task"), person: None, due_on: None };
            cases::add_task(work, vault, case, &task)?;
            let document = NewDocument {
                name: format!("{said}.txt"),
                media_type: "text/plain".to_owned(),
                bytes: format!("{said} document").into_bytes(),
                scan: Scan::NotScanned,
            };
            cases::add_document(work, vault, &DocumentRules::default(), case, document).map(drop)
        })
        .unwrap();
        let officer = caller(self.world.officer_of(service).id);
        let note = format!("{word} question");
        self.write(&officer, move |work, vault| referrals::request_information(work, vault, id, 1, &note)).unwrap();
        let note = format!("{word} refusal");
        let declined = self
            .write(&officer, move |work, vault| {
                let reason = referrals::DeclineReason::ALL[0];
                referrals::decline(work, vault, id, 2, reason.as_str(), Some(&note))
            })
            .unwrap();
        Child { word: word.to_owned(), case, referral: declined }
    }

    /// The worker's pass, until it is done.
    fn reckon(&self) -> usize {
        let worker = Caller::system("worker");
        let mut all = 0;
        while self.db.read(&worker, retention::is_any_unreckoned).unwrap() {
            all += self.write(&worker, retention::reckon).unwrap();
        }
        all
    }

    fn plan(&self) -> Plan {
        self.db.read(&self.administrator(), retention::plan).unwrap()
    }

    fn run(&self) -> Option<Certificate> {
        self.write(&self.administrator(), retention::run).unwrap()
    }

    fn advance_years(&self, years: i64) {
        self.clock.advance_seconds(years * YEAR);
    }

    fn verify(&self) {
        let found = self.db.read(&Caller::system("test"), audit::verify).unwrap();
        assert!(matches!(found, Finding::Whole { .. }), "{found:?}");
    }

    fn read(&self, child: &Child) -> Result<bool> {
        let id = child.referral.id;
        let dsp = caller(self.world.who(Role::Dsp).id);
        self.write(&dsp, move |work, vault| Ok(referrals::read(work, vault, id)?.opened.is_some()))
    }

    fn inspect(&self) -> Inspector {
        self.database.inspect()
    }
}

/// Another administrator than the first.
fn second_administrator(db: &Db, world: &World) -> Caller {
    let other = world.who(Role::Analyst).id;
    db.write(&Caller::system("test"), move |work| {
        let member = dolen_domain::identity::NewMembership {
            who: dolen_domain::identity::Member::Person(other),
            role: Role::Administrator,
            school: None,
            service: None,
            officer: None,
            deputy: false,
        };
        dolen_domain::identity::add_membership(work, &member)
    })
    .unwrap();
    caller(other)
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// Sealed columns that still hold something of a case or its child, and keys that could open it.
fn left(inspect: &mut Inspector, child: &Child) -> Vec<String> {
    let id = child.case.uuid();
    let id = if inspect.is_postgres() { format!("'{id}'") } else { format!("x'{}'", id.simple()) };
    let pupil = format!("(SELECT pupil_id FROM cases WHERE id = {id})");
    let mut found = Vec::new();
    for column in sealed::SEALED.iter().filter(|c| c.end != sealed::End::KeyOnly) {
        let whose = match column.owner {
            sealed::Owner::Case(key) => format!("{key} = {id}"),
            sealed::Owner::Child(key) => format!("{key} = {pupil}"),
            sealed::Owner::Request(key) => {
                format!("{key} IN (SELECT id FROM subject_access_requests WHERE pupil_id = {pupil})")
            }
        };
        let (table, name) = (column.table, column.column);
        if inspect.number(&format!("SELECT count(*) FROM {table} WHERE {whose} AND length({name}) > 0")) > 0 {
            found.push(format!("{table}.{name}"));
        }
    }
    let key = format!("(SELECT key_id FROM pupils WHERE id = {pupil})");
    if inspect.number(&format!("SELECT count(*) FROM child_keys WHERE id = {key} AND length(wrapped) > 0")) > 0 {
        found.push("child_keys.wrapped".to_owned());
    }
    if inspect.number(&format!("SELECT count(*) FROM pupils WHERE id = {pupil} AND upn_index IS NOT NULL")) > 0 {
        found.push("pupils.upn_index".to_owned());
    }
    found
}

/// What reports are made of: every case by school, service, kind, school year and end.
fn tallies(inspect: &mut Inspector) -> Vec<String> {
    let (year, id) = if inspect.is_postgres() {
        ("extract(year from opened_at - interval '8 months')", "coalesce(service_id::text, '')")
    } else {
        ("strftime('%Y', datetime(opened_at / 1000000, 'unixepoch', '-8 months'))", "hex(coalesce(service_id, ''))")
    };
    inspect.texts(&format!(
        "SELECT kind || ' ' || {id} || ' ' || {year} || ' ' || r.year_group || ' ' || r.state || ' ' || count(*) AS value \
         FROM cases JOIN referrals r ON r.id = cases.id GROUP BY kind, {id}, {year}, r.year_group, r.state ORDER BY 1"
    ))
}

/// Every byte below a folder.
fn bytes(folder: &Path) -> Vec<u8> {
    let files = std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).filter(|p| p.is_file());
    files.flat_map(|path| std::fs::read(path).unwrap()).collect()
}

fn holds_bytes(hay: &[u8], needle: &[u8]) -> bool {
    hay.windows(needle.len()).any(|w| w == needle)
}

#[test]
fn what_is_due_is_shredded_and_nothing_else() {
    let rig = Rig::new();
    // Born in 2010: over at the end of 2035. Held, younger, counselling (to be reviewed), and one with a second case.
    let gone = rig.child("goner", Some("L676400024001"), day(2010, 5, 6), "bss");
    let held = rig.child("heldone", None, day(2010, 5, 6), "bss");
    let young = rig.child("youngone", None, day(2016, 5, 6), "bss");
    let counselled = rig.child("counselled", None, day(2010, 5, 6), "sbc");
    let reference = held.referral.reference.to_string();
    let placed = rig
        .write(&rig.administrator(), move |work, vault| {
            let reason = "A claim before the court, number 12.".to_owned();
            let new = holds::NewHold { reference, whole_child: true, reason, until: None };
            holds::place(work, vault, &new)
        })
        .unwrap();
    assert_eq!(rig.reckon(), 4);
    assert_eq!(rig.reckon(), 0, "what is reckoned stays so");
    assert!(rig.plan().items.is_empty(), "nothing is over in 2026");
    assert!(rig.run().is_none());

    rig.advance_years(10);
    let plan = rig.plan();
    let standing = |child: &Child| {
        let item = plan.items.iter().find(|i| i.case == child.case && i.class != RecordClass::Documents);
        item.map(|i| i.standing)
    };
    assert_eq!(standing(&gone), Some(Standing::Due));
    assert_eq!(standing(&held), Some(Standing::Held));
    assert_eq!(standing(&young), None);
    assert_eq!(standing(&counselled), Some(Standing::Review));
    assert_eq!(plan.counts().into_iter().collect::<Vec<_>>(), [("documents", 2), ("referral", 1)]);
    assert_eq!(plan.children, [gone.referral.pupil]);

    let mut inspect = rig.inspect();
    let counted = tallies(&mut inspect);
    let before = left(&mut inspect, &gone);
    assert!(before.len() >= 9, "there is something to take away: {before:?}");
    let (held_before, young_before) = (left(&mut inspect, &held), left(&mut inspect, &young));
    let key = wrapped(&mut inspect, &gone);
    assert!(!key.is_empty());

    // The dry run is what runs.
    let certificate = rig.run().unwrap();
    let body: serde_json::Value = serde_json::from_str(&certificate.body).unwrap();
    let went: Vec<&str> =
        body["disposed_of"].as_array().unwrap().iter().map(|i| i["reference"].as_str().unwrap()).collect();
    let planned: Vec<&str> = plan.due().map(|i| i.reference.as_str()).collect();
    assert_eq!(went, planned);
    assert_eq!((body["certificate"].as_i64(), body["children_shredded"].as_u64()), (Some(1), Some(1)));
    assert!(!certificate.body.contains("goner"));
    assert!(rig.run().is_none(), "what went does not go again");

    // Nothing of the child is left, in no row and in no list; the others are as they were.
    let none: [&str; 0] = [];
    assert_eq!(left(&mut inspect, &gone), none);
    assert_eq!(left(&mut inspect, &held), held_before);
    assert_eq!(left(&mut inspect, &young), young_before);
    assert_eq!(rig.read(&gone).unwrap_err().code, Code::NotFound);
    assert!(rig.read(&held).unwrap() && rig.read(&young).unwrap());
    // The documents of the counselling referral had a rule of their own; the rest waits for its review.
    assert!(!left(&mut inspect, &counselled).iter().any(|c| c.starts_with("case_documents")));
    assert!(left(&mut inspect, &counselled).iter().any(|c| c == "referrals.content"));
    assert_eq!(tallies(&mut inspect), counted, "no count of the past moves");
    rig.verify();

    // The control: one sealed copy that was forgotten is found.
    let id = gone.case.uuid();
    let id = if inspect.is_postgres() { format!("'{id}'") } else { format!("x'{}'", id.simple()) };
    let copy = if inspect.is_postgres() { "decode('00ff', 'hex')" } else { "x'00ff'" };
    inspect.execute(&format!("UPDATE referrals SET content = {copy} WHERE id = {id}"));
    assert_eq!(left(&mut inspect, &gone), ["referrals.content"]);
    inspect.execute(&format!(
        "UPDATE referrals SET content = {} WHERE id = {id}",
        if inspect.is_postgres() { "''" } else { "x''" }
    ));

    // In no file either: not the words, which were always sealed, nor the wrapped key.
    drop(inspect);
    scrub(rig.database.url(), &sealed::tables()).unwrap();
    if kind() == Kind::Sqlite {
        let path = rig.database.url().trim_start_matches("sqlite:");
        let all = bytes(Path::new(path).parent().unwrap());
        assert!(!holds_bytes(&all, &key), "the wrapped key is in a file");
        let other = wrapped(&mut rig.inspect(), &young);
        assert!(holds_bytes(&all, &other), "the control: a key that was not destroyed is found");
        assert!(!holds_bytes(&all, gone.word.as_bytes()) && !holds_bytes(&all, young.word.as_bytes()));
        assert!(!holds_bytes(&all, b"L676400024001"));
    }

    // A hold that ended, and a review that decided: now they go.
    rig.write(&rig.administrator(), move |work, _| holds::end(work, placed)).unwrap();
    let case = counselled.case;
    for who in [rig.administrator(), second_administrator(&rig.db, &rig.world)] {
        rig.write(&who, move |work, _| retention::review(work, case, RecordClass::CounsellingReferral, None)).unwrap();
    }
    assert_eq!(rig.run().unwrap().number, 2);
    let mut inspect = rig.inspect();
    assert_eq!(left(&mut inspect, &held), none);
    assert_eq!(left(&mut inspect, &counselled), none);
    assert_eq!(left(&mut inspect, &young), young_before);
    rig.verify();
}

/// The wrapped key of a child.
fn wrapped(inspect: &mut Inspector, child: &Child) -> Vec<u8> {
    let id = child.case.uuid();
    let (id, hex) = if inspect.is_postgres() {
        (format!("'{id}'"), "encode(k.wrapped, 'hex')")
    } else {
        (format!("x'{}'", id.simple()), "lower(hex(k.wrapped))")
    };
    let found = inspect.texts(&format!(
        "SELECT {hex} AS value FROM child_keys k JOIN pupils p ON p.key_id = k.id JOIN cases c ON c.pupil_id = p.id \
         WHERE c.id = {id}"
    ));
    dolen_domain::kernel::from_hex(&found[0]).unwrap()
}

#[test]
fn a_child_with_a_case_that_stays_keeps_their_key() {
    let rig = Rig::new();
    let upn = Some("L676400024001");
    let first = rig.child("firstcase", upn, day(2010, 5, 6), "bss");
    let second = rig.child("secondcase", upn, day(2010, 5, 6), "sbc");
    assert_eq!(first.referral.pupil, second.referral.pupil);
    rig.reckon();
    rig.advance_years(10);
    assert!(rig.plan().children.is_empty());
    rig.run().unwrap();
    let mut inspect = rig.inspect();
    let left = left(&mut inspect, &first);
    assert_eq!(left, ["pupils.identity", "child_keys.wrapped", "pupils.upn_index"], "what the other case needs");
    assert!(rig.read(&second).unwrap(), "the other case still opens");
    assert_eq!(rig.read(&first).unwrap_err().code, Code::NotFound);
    rig.verify();
}

#[test]
fn an_open_case_waits_and_the_day_gives_no_birthday_away() {
    let rig = Rig::new();
    let born = [day(2010, 1, 1), day(2010, 12, 31)];
    let children = [rig.child("january", None, born[0], "bss"), rig.child("december", None, born[1], "bss")];
    rig.reckon();
    let mut inspect = rig.inspect();
    let text = if inspect.is_postgres() { "dispose_after::text" } else { "dispose_after" };
    let days = inspect.texts(&format!("SELECT DISTINCT {text} AS value FROM case_retention"));
    assert_eq!(days, ["2035-12-31"]);
    let open = if inspect.is_postgres() { "'2035-12-30'" } else { "2082672000000000" };
    let id = children[0].case.uuid();
    let id = if inspect.is_postgres() { format!("'{id}'") } else { format!("x'{}'", id.simple()) };
    inspect.execute(&format!(
        "UPDATE cases SET closed_at = NULL, close_reason = NULL, updated_at = {open} WHERE id = {id}"
    ));
    rig.advance_years(10);
    rig.reckon();
    let standing: Vec<Standing> = rig
        .plan()
        .items
        .iter()
        .filter(|i| i.case == children[0].case && i.class == RecordClass::Referral)
        .map(|i| i.standing)
        .collect();
    assert_eq!(standing, [Standing::Open]);
}

#[test]
fn a_rule_that_shortens_takes_two_people() {
    let rig = Rig::new();
    let child = rig.child("ruled", None, day(2010, 5, 6), "bss");
    rig.reckon();
    let rule = |years| NewRule {
        anchor: "born_on".to_owned(),
        years,
        end: "destroy".to_owned(),
        source: "Decided by the records officer".to_owned(),
    };
    let class = RecordClass::Referral;
    let admin = rig.administrator();
    let longer = rule(30);
    assert_eq!(rig.write(&admin, move |w, _| retention::change_rule(w, class, 1, &longer)).unwrap(), Changed::Now);
    let shorter = rule(16);
    let Changed::Waits(change) = rig.write(&admin, move |w, _| retention::change_rule(w, class, 2, &shorter)).unwrap()
    else {
        panic!("a shorter rule waits")
    };
    let code = |outcome: Result<()>| outcome.unwrap_err().code;
    assert_eq!(code(rig.write(&admin, move |w, _| retention::decide_change(w, change, true))), Code::Forbidden);
    rig.reckon();
    rig.advance_years(1);
    assert!(rig.plan().items.is_empty(), "until then nothing changes");
    // Another administrator approves.
    let other = second_administrator(&rig.db, &rig.world);
    rig.write(&other, move |w, _| retention::decide_change(w, change, true)).unwrap();
    assert_eq!(rig.reckon(), 1);
    let due: Vec<CaseId> = rig.plan().due().filter(|i| i.class == class).map(|i| i.case).collect();
    assert_eq!(due, [child.case]);
    // Nobody else may.
    let refused = rig.db.read(&caller(rig.world.who(Role::Dsp).id), retention::plan);
    assert_eq!(refused.unwrap_err().code, Code::Forbidden);
}

#[test]
fn a_backup_from_before_brings_nothing_back() {
    let rig = Rig::new();
    let gone = rig.child("restored", Some("L676400024001"), day(2010, 5, 6), "bss");
    let stays = rig.child("staying", None, day(2016, 5, 6), "bss");
    rig.reckon();
    rig.advance_years(10);
    let kept = Backup::take(&rig.database);
    rig.run().unwrap();
    let lines = rig.db.read(&Caller::system("test"), tombstones::lines).unwrap();
    assert_eq!(lines.len(), 4, "a certificate; the documents, the case and the child: {lines:?}");
    let text: Vec<String> = lines.iter().map(|l| serde_json::to_string(l).unwrap()).collect();
    assert!(!text.concat().contains("restored"));
    let Rig { database, world, db, clock, vault } = rig;
    drop(db);

    drop(database);
    let database = kept.restore();
    let db = open_at(database.url(), &clock);
    let rig = Rig { database, world, db, clock, vault };
    assert!(rig.read(&gone).unwrap(), "the control: the backup has brought the child back");
    let known = rig.db.read(&Caller::system("test"), tombstones::lines).unwrap();
    let missing = tombstones::missing(&lines, &known);
    assert_eq!(missing, lines);
    let again = missing.clone();
    assert_eq!(rig.write(&Caller::system("start"), move |w, v| tombstones::replay(w, v, &again)).unwrap(), 3);
    let none: [&str; 0] = [];
    assert_eq!(left(&mut rig.inspect(), &gone), none);
    assert_eq!(rig.read(&gone).unwrap_err().code, Code::NotFound);
    assert!(rig.read(&stays).unwrap());
    let known = rig.db.read(&Caller::system("test"), tombstones::lines).unwrap();
    assert!(tombstones::missing(&lines, &known).is_empty());
    rig.verify();
}
