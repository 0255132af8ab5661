//! A service over a SQLite database of its own, with a school whose people may know of one referral. All invented.

use std::sync::Arc;

use chrono::NaiveDate;
use dolen_domain::access::Role;
use dolen_domain::directory::{import, schools, services};
use dolen_domain::identity::{self, AddPerson, Member, NewMembership, Preference};
use dolen_domain::kernel::{
    Caller, Chance, Clock, EmailAddress, FixedChance, FixedClock, FreeText, Lang, PageRequest, PersonId, SchoolId,
    SchoolNumber, Utc,
};
use dolen_domain::notices::{self, NewNotice, Notice, Recipient, Subject, Wording};
use dolen_domain::pupils::NewPupil;
use dolen_domain::referrals::{self, Envelope, NewConsent, OpenReferral};

use crate::app::App;
use crate::config::{self, Settings};
use crate::outbound::mail::Mailer;

const SCHOOL: &str = "number,name,name_cy,phase,medium\n6764001,Example School,Ysgol Enghraifft,primary,welsh\n";

/// Settings with these values set and every other at its default.
fn settings(values: &[(&str, &str)]) -> Settings {
    let mut loaded = config::load(None, std::iter::empty()).unwrap();
    for (key, value) in values {
        loaded.set(key, *value).unwrap();
    }
    loaded.settings().unwrap()
}

/// A mailer for a relay of the tests, in plain, with a limit of a second for each message and these other settings.
pub(crate) fn mailer(port: u16, more: &[(&str, &str)]) -> Mailer {
    let port = port.to_string();
    let mut values = vec![("mail.port", port.as_str()), ("mail.tls", "none"), ("mail.timeout_seconds", "1")];
    values.extend(more);
    let clock = Arc::new(FixedClock::at(monday()));
    Mailer::open(&settings(&values).mail, clock).unwrap()
}

/// Monday 2 March 2026, nine o'clock.
fn monday() -> Utc {
    Utc::from_date_hour(NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(), 9)
}

/// A service, a clock that stands still, and one referral from one school.
pub(crate) struct World {
    pub app: App,
    pub clock: Arc<FixedClock>,
    pub school: SchoolId,
    pub referral: Envelope,
    values: Vec<(String, String)>,
    _folder: tempfile::TempDir,
}

impl World {
    /// With these settings on top of the test's own.
    pub(crate) fn new(more: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut values = vec![
            ("database.url".to_owned(), format!("sqlite:{}", folder.path().join("dolen.db").display())),
            ("keys.master".to_owned(), "5".repeat(64)),
            ("keys.signing".to_owned(), "6".repeat(64)),
            ("mail.capture_dir".to_owned(), folder.path().join("mail").display().to_string()),
            ("server.public_url".to_owned(), "https://dolen.la.example".to_owned()),
        ];
        values.extend(more.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())));
        let clock = Arc::new(FixedClock::at(monday()));
        let app = open(&values, &clock, 11);
        let prepare = |work: &mut dolen_domain::db::Work<'_>| {
            services::ensure_builtin(work)?;
            let report = import::import_schools(work, SCHOOL.as_bytes(), "676", false)?;
            assert!(report.faults.is_empty(), "{:?}", report.faults);
            Ok(schools::by_number(work, &SchoolNumber::parse("6764001").unwrap())?.id)
        };
        let school = app.db.write(&Caller::system("test"), prepare).unwrap();
        let dsp = person(&app, school, "dsp@school.example");
        let vault = Arc::clone(&app.vault);
        let caller = Caller::person(dsp, Lang::En, "test");
        let referral = app.db.write(&caller, move |work| referrals::open(work, &vault, raw())).unwrap();
        Self { app, clock, school, referral, values, _folder: folder }
    }

    /// The same service in another process, as it were: its own connections to the same database.
    pub(crate) fn second(&self) -> App {
        open(&self.values, &self.clock, 77)
    }

    /// Puts a message for each address into the outbox, for people of the school who may know of the referral.
    pub(crate) fn enqueue(&self, addresses: &[&str]) {
        for address in addresses {
            let to = person(&self.app, self.school, address);
            self.enqueue_to(to, address);
        }
    }

    /// Puts a message into the outbox.
    pub(crate) fn enqueue_to(&self, to: PersonId, dedupe: &str) {
        let (id, reference, dedupe) = (self.referral.id, self.referral.reference.clone(), dedupe.to_owned());
        let write = move |work: &mut dolen_domain::db::Work<'_>| {
            let new = NewNotice {
                wording: Wording::ReferralAnswered,
                to: Recipient::Person(to),
                subject: Subject::Referral(id),
                reference,
                due_at: None,
                dedupe,
            };
            notices::enqueue(work, new)
        };
        self.app.db.upkeep(&Caller::system("test"), write).unwrap();
    }

    /// The delivery ledger.
    pub(crate) fn ledger(&self) -> Vec<Notice> {
        let all = PageRequest::read(Some(200), None).unwrap();
        self.app.db.read(&Caller::system("test"), |work| notices::page(work, all)).unwrap().items
    }
}

fn open(values: &[(String, String)], clock: &Arc<FixedClock>, seed: u64) -> App {
    let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let (clock, chance): (Arc<dyn Clock>, Arc<dyn Chance>) =
        (Arc::clone(clock) as _, Arc::new(FixedChance::seeded(seed)));
    App::open(settings(&values), clock, chance).unwrap()
}

/// Somebody of the school who may know of its referrals.
fn person(app: &App, school: SchoolId, email: &str) -> PersonId {
    let new = AddPerson {
        email: EmailAddress::parse(email).unwrap(),
        name: FreeText::parse("Designated Person").unwrap(),
        lang: Preference::Both,
        password: None,
    };
    let add = move |work: &mut dolen_domain::db::Work<'_>| {
        let id = identity::add_person(work, &new)?;
        let membership = NewMembership {
            who: Member::Person(id),
            role: Role::Dsp,
            school: Some(school),
            service: None,
            officer: None,
            deputy: false,
        };
        identity::add_membership(work, &membership)?;
        Ok(id)
    };
    app.db.write(&Caller::system("test"), add).unwrap()
}

fn raw() -> OpenReferral {
    let day = |year| NaiveDate::from_ymd_opt(year, 1, 5).unwrap();
    OpenReferral {
        school_number: "6764001".to_owned(),
        service: "eps".to_owned(),
        pupil: NewPupil {
            given_name: "Canarygiven".to_owned(),
            family_name: "Canaryfamily".to_owned(),
            born_on: day(2017),
            upn: None,
        },
        year_group: 3,
        key_area: None,
        urgency: None,
        need: "canary need".to_owned(),
        evidence: Some("canary evidence".to_owned()),
        consent: Some(NewConsent { given_by: "parent".to_owned(), given_on: day(2026) }),
        notes: None,
    }
}
