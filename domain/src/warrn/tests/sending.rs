//! Taking records in, and listing them.

use super::*;

#[test]
fn exactly_the_dsp_and_the_psychologist_are_named_and_told() {
    let rig = rig();
    let sent = rig.send();
    let named: Vec<_> = sent.recipients.iter().map(|r| (r.part, r.to)).collect();
    assert_eq!(named, [(Part::Dsp, Recipient::Person(rig.dsp)), (Part::Ep, Recipient::Officer(rig.ep))]);
    let tomorrow = rig.t.clock.now().plus_seconds(DAY);
    assert!(sent.recipients.iter().all(|r| r.due_at == tomorrow && !r.is_deputy()));
    let word = "warrn_received".to_owned();
    assert_eq!(
        rig.told(),
        [(word.clone(), "person".to_owned(), rig.dsp.uuid()), (word, "officer".to_owned(), rig.ep.uuid())]
    );
    let stored: i64 = setup(&rig.t, |work| Ok(case_recipients::table.count().get_result(work.conn())?));
    assert_eq!(stored, 2);
    assert_eq!(rig.audited(), [("warrn.send".to_owned(), "dsp=named ep=named".to_owned())]);
}

#[test]
fn an_absent_psychologist_and_a_missing_dsp_have_their_deputies_named_at_once() {
    let rig = rig();
    set_absent(&rig.t, rig.ep);
    end_all(&rig.t, rig.dsp);
    let sent = rig.send();
    let named: Vec<_> = sent.recipients.iter().map(|r| r.to).collect();
    assert_eq!(named, [Recipient::Person(rig.deputy_dsp), Recipient::Officer(rig.deputy_ep)]);
    assert_eq!(code(rig.read(rig.ep_person, sent.record.id)), Code::NotFound);
    assert_eq!(rig.audited()[0].1, "dsp=deputy ep=deputy");
    // The deputy who stood in from the start is late too: the lead is next, not the deputy again.
    rig.t.clock.advance_seconds(DAY + 1);
    assert_eq!(rig.escalate(), 2);
    assert!(rig.read(rig.lead, sent.record.id).is_ok());
}

#[test]
fn a_record_falls_to_the_safeguarding_lead_and_with_nobody_at_all_nothing_is_kept() {
    let rig = rig();
    for who in [rig.dsp, rig.deputy_dsp] {
        end_all(&rig.t, who);
    }
    setup(&rig.t, |work| Ok(diesel::update(o::table).set(o::listed.eq(false)).execute(work.conn())?));
    let sent = rig.send();
    assert!(sent.recipients.iter().all(|r| r.to == Recipient::Person(rig.lead)));
    assert_eq!(rig.acknowledge(rig.lead, sent.record.id, 1).unwrap().version, 2);
    assert!(rig.read(rig.lead, sent.record.id).unwrap().recipients().iter().all(|r| r.acknowledged_at.is_some()));
    end_all(&rig.t, rig.lead);
    assert_eq!(code(rig.read(rig.lead, sent.record.id)), Code::NotFound);

    let mut other = record();
    other.pupil.upn = None;
    assert_eq!(code(rig.try_send(other)), Code::NoOfficer);
    let kept: (i64, i64) = setup(&rig.t, |work| {
        let records = warrn_records::table.count().get_result(work.conn())?;
        Ok((records, pupils::table.count().get_result(work.conn())?))
    });
    assert_eq!(kept, (1, 1));
    assert_eq!(rig.told().len(), 2);
}

#[test]
fn a_school_opens_and_closes_by_the_clock_people_read() {
    use crate::db::schema::schools as s;
    let rig = rig();
    // In London it is the first of July, half past midnight.
    rig.go("2026-06-30", 23);
    rig.t.clock.advance_seconds(1800);
    let days = |from: Option<&'static str>, until: Option<&'static str>| {
        let day = |text: Option<&str>| text.map(|t| t.parse::<NaiveDate>().unwrap());
        let days = (s::opened_on.eq(day(from)), s::closed_on.eq(day(until)));
        setup(&rig.t, move |work| Ok(diesel::update(s::table).set(days).execute(work.conn())?));
        rig.try_send(SendWarrn { expected_return_on: None, ..record() })
    };
    assert!(days(Some("2026-07-01"), None).is_ok(), "open since midnight");
    let closed = days(None, Some("2026-06-30")).unwrap_err();
    assert_eq!((closed.faults[0].pointer.as_str(), closed.faults[0].code), ("/school", FaultCode::NotFound));
    assert!(days(None, Some("2026-07-01")).is_ok(), "the control: the last day is open");
}

#[test]
fn every_fault_is_told_at_once() {
    let rig = rig();
    let mut bad = record();
    bad.school = SchoolNumber::parse("6769999").unwrap();
    bad.pupil.given_name = String::new();
    bad.agreement = "x".repeat(101);
    bad.expected_return_on = NaiveDate::from_ymd_opt(2062, 3, 9);
    let section = |heading: &str, text: &str| Section { heading: heading.to_owned(), text: text.to_owned() };
    bad.summary =
        vec![section("risk_score", "9"), section("history", " "), section("review", "a"), section("review", "b")];
    let error = rig.try_send(bad).unwrap_err();
    assert_eq!(error.code, Code::InvalidBody);
    let told: Vec<_> = error.faults.iter().map(|f| (f.pointer.as_str(), f.code)).collect();
    assert_eq!(
        told,
        [
            ("/school", FaultCode::NotFound),
            ("/pupil/given_name", FaultCode::Missing),
            ("/agreement", FaultCode::TooLong),
            ("/expected_return_on", FaultCode::DateOutOfRange),
            ("/summary/0/heading", FaultCode::NotInList),
            ("/summary/1/text", FaultCode::Missing),
            ("/summary/3/heading", FaultCode::Duplicate),
        ]
    );
    let mut empty = record();
    empty.summary.clear();
    assert_eq!(rig.try_send(empty).unwrap_err().faults[0].code, FaultCode::Missing);
    assert!(rig.told().is_empty());
}

#[test]
fn lists_go_on_page_by_page_newest_first() {
    let rig = rig();
    let mut sent = Vec::new();
    for _ in 0..3 {
        rig.t.clock.advance_seconds(1);
        sent.push(rig.send().record.id);
    }
    sent.reverse();
    let mut after = None;
    let mut seen = Vec::new();
    loop {
        let request = PageRequest { limit: Limit::new(Some(2)).unwrap(), after };
        let page = rig.t.db.read(&caller(rig.ep_person), |work| list(work, request)).unwrap();
        seen.extend(page.items.iter().map(|i| i.record().id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, sent);
    // One child, three records: the pupil number found them again.
    let children: i64 = setup(&rig.t, |work| Ok(pupils::table.count().get_result(work.conn())?));
    assert_eq!(children, 1);
}
