//! A campaign for tests of this area.

use crate::access::Role;
use crate::db::Work;
use crate::identity::{AddPerson, Member, NewMembership, Preference, add_membership, add_person};
use crate::instruments;
use crate::kernel::{Bilingual, Caller, CampaignId, EmailAddress, FreeText, Lang, SchoolId, SchoolNumber};
use crate::testing::{self, TestDb};
use crate::vault::{MasterKey, Vault};

use super::campaigns::{self, Listed, NewCampaign, Rolls, SchoolsIn};

pub(super) const HERE: &str = "6764051";
pub(super) const THERE: &str = "6764052";

/// A campaign at one of two schools, open for the fortnight around the test's day; a submitter at each school.
pub(super) struct Stage {
    pub(super) db: TestDb,
    pub(super) campaign: CampaignId,
    pub(super) here: Caller,
    pub(super) there: Caller,
}

pub(super) fn number(text: &str) -> SchoolNumber {
    SchoolNumber::parse(text).unwrap()
}

pub(super) fn person(db: &TestDb, email: &str, role: Role, school: Option<SchoolId>) -> Caller {
    let new = AddPerson {
        email: EmailAddress::parse(email).unwrap(),
        name: FreeText::parse("Role Title").unwrap(),
        lang: Preference::Both,
        password: None,
    };
    let add = move |work: &mut Work<'_>| {
        let id = add_person(work, &new)?;
        let who = Member::Person(id);
        add_membership(work, &NewMembership { who, role, school, service: None, officer: None, deputy: false })?;
        Ok(id)
    };
    Caller::person(db.db.write(&Caller::system("test"), add).unwrap(), Lang::En, "test")
}

pub(super) fn listed(text: &str, all: Option<i64>) -> Listed {
    Listed { number: number(text), rolls: Rolls { all, by_year: Vec::new() } }
}

pub(super) fn new_campaign(schools: SchoolsIn) -> NewCampaign {
    let date = |d| chrono::NaiveDate::from_ymd_opt(2026, 3, d).unwrap();
    NewCampaign {
        instrument: "bullying".into(),
        instrument_version: None,
        academic_year: "2025/26".into(),
        title: Bilingual { cy: "Arolwg 2026".into(), en: "Survey 2026".into() },
        opens_on: date(1),
        closes_on: date(14),
        late_days: 0,
        years: Vec::new(),
        schools,
    }
}

impl Stage {
    pub(super) fn new() -> Self {
        Self::asking("bullying")
    }

    /// The same with another questionnaire: `with_a_text` has a question `anything_else` that is answered in words.
    pub(super) fn asking(instrument: &str) -> Self {
        let db = testing::db();
        let (one, two) = (testing::school(&db, HERE), testing::school(&db, THERE));
        let here = person(&db, "one@school.example", Role::SchoolSubmitter, Some(one));
        let there = person(&db, "two@school.example", Role::SchoolSubmitter, Some(two));
        let new = new_campaign(SchoolsIn::Listed(vec![listed(HERE, Some(120))]));
        let new = NewCampaign { instrument: instrument.to_owned(), ..new };
        let make = |work: &mut Work<'_>| {
            instruments::ensure_builtin(work)?;
            instruments::testing::publish(work, &instruments::testing::with_a_text())?;
            Ok(campaigns::create(work, new)?.id)
        };
        let campaign = db.db.write(&Caller::system("test"), make).unwrap();
        Self { db, campaign, here, there }
    }
}

pub(super) fn vault() -> Vault {
    Vault::new(&MasterKey::new([3; 32]))
}
