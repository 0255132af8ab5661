//! A database of its own for each unit test.

use std::sync::Arc;

use crate::db::{Db, DbOptions};
use crate::kernel::{Caller, FixedChance, FixedClock, Result, SchoolId, Utc};

/// A SQLite database in a folder that goes when this is dropped, under a clock that stands still.
pub(crate) struct TestDb {
    pub db: Db,
    pub clock: Arc<FixedClock>,
    pub folder: tempfile::TempDir,
}

/// A fresh, empty, migrated database; it is Monday 2 March 2026, nine o'clock.
pub(crate) fn db() -> TestDb {
    let folder = tempfile::tempdir().expect("a folder for the test's database");
    let url = format!("sqlite:{}", folder.path().join("dolen.db").display());
    let monday = chrono::NaiveDate::from_ymd_opt(2026, 3, 2).expect("a date");
    let clock = Arc::new(FixedClock::at(Utc::from_date_hour(monday, 9)));
    let shared: Arc<dyn crate::kernel::Clock> = Arc::clone(&clock) as _;
    let db = Db::open(&DbOptions::for_url(&url), shared, Arc::new(FixedChance::seeded(11))).expect("a test database");
    TestDb { db, clock, folder }
}

/// A primary school with this number.
pub(crate) fn school(db: &TestDb, number: &str) -> SchoolId {
    use diesel::prelude::*;

    use crate::db::schema::schools as s;

    let number = number.to_owned();
    let insert = move |work: &mut crate::db::Work<'_>| -> Result<SchoolId> {
        let id = SchoolId::from_uuid(work.new_id());
        let row = (
            (s::id.eq(id), s::number.eq(&number), s::name_cy.eq("Ysgol Enghraifft"), s::name_en.eq("Example School")),
            (s::phase.eq("primary"), s::medium.eq("welsh"), s::version.eq(1_i64), s::updated_at.eq(work.now())),
        );
        diesel::insert_into(s::table).values(row).execute(work.conn())?;
        Ok(id)
    };
    db.db.upkeep(&Caller::system("test"), insert).expect("a school")
}

/// The caller with a second factor proved just now.
pub(crate) fn stepped_up(db: &TestDb, caller: Caller) -> Caller {
    Caller { second_factor_at: Some(crate::kernel::Clock::now(&*db.clock)), ..caller }
}
