//! Records of several children, close together.

use super::*;
use crate::db::schema::{schools as s, warrn_alerts as wa};
use crate::warrn::alerts::{Alert, AlertPlace, alerts as read_alerts};

impl Rig {
    fn send_of(&self, number: &'static str, upn: Option<&str>) -> WarrnId {
        let mut sent = record();
        sent.school = SchoolNumber::parse(number).unwrap();
        sent.pupil.upn = upn.map(str::to_owned);
        self.try_send(sent).unwrap().record.id
    }

    fn alerts_of(&self, who: PersonId) -> Result<Vec<Alert>> {
        self.t.db.write(&caller(who), read_alerts)
    }

    fn raised(&self) -> usize {
        self.told().iter().filter(|(w, ..)| w == "alert_raised").count()
    }
}

#[test]
fn two_children_of_a_school_or_cluster_are_told_to_the_psychologists_lead_alone() {
    let rig = rig();
    let lead = holder(&rig.t, Role::TeamLead, At { service: Some(rig.eps), ..At::default() });
    let neighbour = testing::school(&rig.t, "6764052");
    holder(&rig.t, Role::Dsp, At { school: Some(neighbour), ..At::default() });
    setup(&rig.t, |work| Ok(diesel::update(s::table).set(s::cluster.eq("North")).execute(work.conn())?));
    rig.send();
    // The same child again is no group.
    rig.send();
    assert_eq!(rig.raised(), 0);
    rig.send_of("6764052", None);
    assert_eq!(rig.raised(), 1, "two children in the cluster, one at each school");
    rig.send_of("6764051", None);
    assert_eq!(rig.raised(), 3, "two at the school, and the cluster's group grew");
    let seen = rig.alerts_of(lead).unwrap();
    let places: Vec<_> = seen.iter().map(|a| (a.place.clone(), a.records.len())).collect();
    assert_eq!(places.len(), 3);
    assert!(places.contains(&(AlertPlace::School(rig.school), 3)));
    assert!(places.contains(&(AlertPlace::Cluster("North".to_owned()), 4)));
    for other in [rig.dsp, rig.ep_person, rig.lead, rig.worker] {
        assert_eq!(code(rig.alerts_of(other)), Code::Forbidden);
    }
    // The lead of another service is given none of them, and finds none by its reference.
    let bss = setup(&rig.t, |work| {
        crate::directory::services::ensure_builtin(work)?;
        Ok(crate::directory::services::by_code(work, "bss")?.id)
    });
    assert_ne!(bss, rig.eps);
    let elsewhere = holder(&rig.t, Role::TeamLead, At { service: Some(bss), ..At::default() });
    assert!(rig.alerts_of(elsewhere).unwrap().is_empty());
    let reference = seen[0].reference.clone();
    let by_reference = |who| {
        let reference = reference.clone();
        rig.t.db.read(&caller(who), move |work| crate::warrn::alerts::by_reference(work, &reference))
    };
    assert_eq!(by_reference(lead).unwrap(), seen[0].id);
    assert_eq!(code(by_reference(elsewhere)), Code::NotFound);
    assert_eq!(code(rig.read(lead, rig.send_of("6764051", None))), Code::NotFound, "an alert opens no record");
    // Weeks later it is another story.
    let stored: i64 = setup(&rig.t, |work| Ok(wa::table.count().get_result(work.conn())?));
    rig.t.clock.advance_seconds(29 * DAY);
    rig.send_of("6764051", None);
    let after: i64 = setup(&rig.t, |work| Ok(wa::table.count().get_result(work.conn())?));
    assert_eq!(after, stored);
}

#[test]
fn an_alert_without_a_lead_waits_until_there_is_one_and_is_told_to_nobody_else() {
    let rig = rig();
    let waiting = || rig.t.db.read(&Caller::system("worker"), crate::warrn::alerts::untold).unwrap();
    let tell = |id| rig.t.db.write(&Caller::system("worker"), move |w| crate::warrn::alerts::tell_late(w, id)).unwrap();
    rig.send();
    rig.send_of("6764051", None);
    assert_eq!((rig.raised(), waiting()), (0, vec![]), "there is nobody to tell, and nothing to do yet");
    rig.t.clock.advance_seconds(3 * DAY);
    assert_eq!((rig.raised(), waiting()), (0, vec![]));
    let lead = holder(&rig.t, Role::TeamLead, At { service: Some(rig.eps), ..At::default() });
    let found = waiting();
    let [(id, reference)] = &found[..] else { panic!("{found:?}") };
    assert_eq!(
        (rig.alerts_of(lead).unwrap()[0].id, rig.alerts_of(lead).unwrap()[0].reference.as_str()),
        (*id, reference.as_str())
    );
    assert_eq!((tell(*id), tell(*id)), (true, false), "once");
    let told: Vec<_> = rig.told().into_iter().filter(|(w, ..)| w == "alert_raised").map(|(.., to)| to).collect();
    assert_eq!(told, [lead.uuid()], "the lead alone");
    assert!(waiting().is_empty());
    // One that is told as it is raised is not told again.
    rig.send_of("6764051", None);
    assert_eq!((rig.raised(), waiting()), (2, vec![]));
    assert_eq!(code(rig.t.db.read(&caller(lead), crate::warrn::alerts::untold)), Code::Forbidden);
}

/// Every error that any test of this process logged, its fields in words. The database has a thread of its own, so that a
/// subscriber of one thread hears nothing.
static ERRORS: std::sync::Mutex<Vec<String>> = std::sync::Mutex::new(Vec::new());

struct Errors;

struct Words(String);

impl tracing::field::Visit for Words {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
        self.0.extend([field.name(), "=", &format!("{value:?}"), " "]);
    }
}

impl tracing::Subscriber for Errors {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        *metadata.level() == tracing::Level::ERROR
    }
    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }
    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        let mut words = Words(String::new());
        event.record(&mut words);
        ERRORS.lock().unwrap().push(words.0);
    }
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}

#[test]
fn an_unknown_psychology_service_is_said_in_the_log_with_the_settings_name() {
    tracing::subscriber::set_global_default(Errors).expect("no other test of this crate listens");
    let rig = rig();
    let mut settings = WarrnSettings::default();
    let said = |settings: WarrnSettings| {
        rig.t.db.write(&caller(rig.worker), move |work| send(work, &vault(), &settings, record())).unwrap();
        let errors = ERRORS.lock().unwrap();
        errors.iter().filter(|words| words.contains("code=\"misspelt\"")).cloned().collect::<Vec<_>>()
    };
    assert_eq!(said(settings.clone()), [""; 0], "the control");
    settings.psychology_service = "misspelt".to_owned();
    let said = said(settings);
    assert!(said.len() == 1 && said[0].contains("warrn.psychology_service"), "{said:?}");
    assert!(!said[0].contains(SECRET), "{said:?}");
}
