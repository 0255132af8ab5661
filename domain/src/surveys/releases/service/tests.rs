use diesel::prelude::*;

use super::*;
use crate::db::schema::schools as s;
use crate::kernel::Caller;
use crate::surveys::campaigns::{NewCampaign, SchoolsIn};
use crate::surveys::releases::{Threshold, decide};
use crate::surveys::stage::{HERE, Stage, listed, new_campaign, vault};

/// What is said of a school after a release moves it in the next campaign's tables, and in no correction of this one's: clusters of
/// other schools could be subtracted.
#[test]
fn a_correction_keeps_each_school_where_it_stood() {
    let (stage, system) = (Stage::new(), Caller::system("test"));
    let write = |f: fn(&mut Work<'_>, CampaignId) -> Result<Line>, campaign| {
        stage.db.db.write(&system, move |work| f(work, campaign)).unwrap()
    };
    let campaign = || {
        let day = |d| chrono::NaiveDate::from_ymd_opt(2026, 2, d).unwrap();
        let listed = SchoolsIn::Listed(vec![listed(HERE, Some(120))]);
        let new = NewCampaign { opens_on: day(1), closes_on: day(10), ..new_campaign(listed) };
        stage.db.db.write(&system, |work| Ok(campaigns::create(work, new)?.id)).unwrap()
    };
    let cluster = |line: &Line| {
        let gathered = stage.db.db.read(&system, |work| gather(work, &vault(), line)).unwrap();
        gathered.schools[0].school.cluster.clone()
    };
    let move_to = |name: &'static str| {
        let here = s::table.filter(s::number.eq(HERE));
        let moved = stage.db.db.upkeep(&system, move |work| {
            Ok(diesel::update(here).set(s::cluster.eq(Some(name))).execute(work.conn())?)
        });
        assert_eq!(moved.unwrap(), 1);
    };
    move_to("Gorllewin");
    let (first, second) = (campaign(), campaign());
    let line = write(|work, id| ask(work, id, Reason::First), first);
    let gathered = stage.db.db.read(&system, |work| gather(work, &vault(), &line)).unwrap();
    let judged = decide(gathered, Threshold::default());
    assert!(stage.db.db.write(&system, move |work| keep(work, &judged)).unwrap());
    move_to("Dwyrain");
    let correction = write(|work, id| ask(work, id, Reason::Other), first);
    assert_eq!(cluster(&correction).as_deref(), Some("Gorllewin"));
    let other = write(|work, id| ask(work, id, Reason::First), second);
    assert_eq!(cluster(&other).as_deref(), Some("Dwyrain"), "the control: a release of another campaign sees it");
}
