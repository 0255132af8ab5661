//! Who sees what, and that it leaves a trace.

use super::*;

#[test]
fn recipients_open_the_content_and_the_sender_sees_only_the_steps() {
    let rig = rig();
    let id = rig.send().record.id;
    for who in [rig.dsp, rig.ep_person] {
        let view = rig.read(who, id).unwrap();
        let content = view.content().unwrap();
        assert_eq!(content.pupil.given_name, format!("Given-{SECRET}"));
        assert_eq!(content.summary[0].text, format!("Text {SECRET}"));
        assert!(view.mine().unwrap().acknowledged_at.is_none());
        assert!(matches!(view, WarrnView::Recipient(_)));
        assert_eq!(rig.list(who).unwrap().len(), 1);
    }
    let view = rig.read(rig.worker, id).unwrap();
    assert!(matches!(view, WarrnView::Sender(_)) && view.content().is_none() && view.mine().is_none());
    assert_eq!(view.recipients().len(), 2);
    assert!(!format!("{view:?} {:?}", record()).contains(SECRET));
    assert!(matches!(&rig.list(rig.worker).unwrap()[0], WarrnListed::Sender(record) if record.id == id));
    assert_eq!(code(rig.acknowledge(rig.worker, id, 1)), Code::Forbidden);
    let reads: Vec<_> = rig.audited().into_iter().filter(|(a, _)| a == "warrn.read").map(|(_, d)| d).collect();
    assert_eq!(reads, ["content dsp/recipient", "content officer/recipient", "envelope in_reach_worker/sender"]);
}

#[test]
fn everybody_else_is_told_there_is_no_such_record() {
    let rig = rig();
    let id = rig.send().record.id;
    let here = At { school: Some(rig.school), ..At::default() };
    let elsewhere = At { school: Some(testing::school(&rig.t, "6764052")), ..At::default() };
    let eps = At { service: Some(rig.eps), ..At::default() };
    let (_, colleague) = officer(&rig.t, rig.eps, ("school", "6764051"));
    let others = [
        ("another DSP of the school", holder(&rig.t, Role::Dsp, here)),
        ("the deputy DSP before their time", rig.deputy_dsp),
        ("submitter", holder(&rig.t, Role::SchoolSubmitter, here)),
        ("headteacher", holder(&rig.t, Role::Headteacher, here)),
        ("a colleague of the psychologist", colleague),
        ("the psychologist's deputy before their time", rig.deputy_ep_person),
        ("team lead", holder(&rig.t, Role::TeamLead, eps)),
        ("safeguarding lead", rig.lead),
        ("administrator", holder(&rig.t, Role::Administrator, At::default())),
        ("analyst", holder(&rig.t, Role::Analyst, At::default())),
        ("auditor", holder(&rig.t, Role::Auditor, At::default())),
        ("another in-reach worker", holder(&rig.t, Role::InReachWorker, At::default())),
        ("DSP of another school", holder(&rig.t, Role::Dsp, elsewhere)),
        ("nobody's member", person(&rig.t)),
    ];
    for (who, person) in others {
        assert_eq!(code(rig.read(person, id)), Code::NotFound, "{who} reads");
        assert_eq!(code(rig.acknowledge(person, id, 1)), Code::NotFound, "{who} acknowledges");
        assert_eq!(code(rig.progress(person, id)), Code::NotFound, "{who} reads the steps");
        assert_eq!(code(rig.file(person, id)), Code::NotFound, "{who} reads the file");
        assert_eq!(code(rig.take_at(person, id, 1, rig.assessment())), Code::NotFound, "{who} takes a step");
        assert_eq!(code(rig.move_to(person, id, None)), Code::NotFound, "{who} moves the return");
        // A list is empty, or not theirs to ask for.
        assert!(
            rig.list(person).is_ok_and(|l| l.is_empty()) || code(rig.list(person)) == Code::Forbidden,
            "{who} lists"
        );
    }
    assert_eq!(code(rig.try_send_as(rig.dsp)), Code::Forbidden);
    let unknown = WarrnId::from_uuid(uuid::Uuid::from_u128(5));
    assert_eq!(code(rig.read(rig.dsp, unknown)), Code::NotFound);
}

#[test]
fn a_dsp_who_moved_no_longer_sees_the_record() {
    let rig = rig();
    let id = rig.send().record.id;
    assert!(rig.read(rig.dsp, id).is_ok());
    end_all(&rig.t, rig.dsp);
    assert_eq!(code(rig.read(rig.dsp, id)), Code::NotFound);
    let elsewhere = testing::school(&rig.t, "6764052");
    give(&rig.t, rig.dsp, Role::Dsp, At { school: Some(elsewhere), ..At::default() });
    assert_eq!(code(rig.read(rig.dsp, id)), Code::NotFound);
    assert_eq!(code(rig.acknowledge(rig.dsp, id, 1)), Code::NotFound);
    assert!(rig.list(rig.dsp).unwrap().is_empty());
    // Ended as a recipient, though still the school's DSP: likewise.
    give(&rig.t, rig.dsp, Role::Dsp, At { school: Some(rig.school), ..At::default() });
    assert!(rig.read(rig.dsp, id).is_ok());
    setup(&rig.t, |work| {
        let now = work.now();
        Ok(diesel::update(case_recipients::table).set(case_recipients::ends_at.eq(now)).execute(work.conn())?)
    });
    assert_eq!(code(rig.read(rig.dsp, id)), Code::NotFound);
    assert!(rig.list(rig.dsp).unwrap().is_empty());
}

#[test]
fn no_content_leaves_unless_the_reading_is_on_record() {
    let rig = rig();
    let id = rig.send().record.id;
    let in_a_read = rig.t.db.read(&testing::stepped_up(&rig.t, caller(rig.dsp)), |work| read(work, &vault(), id));
    assert_eq!(code(in_a_read), Code::Internal);
    setup(&rig.t, |work| {
        diesel::sql_query("ALTER TABLE audit_entries RENAME TO audit_gone").execute(work.conn())?;
        Ok(())
    });
    assert!(rig.read(rig.dsp, id).is_err());
    setup(&rig.t, |work| {
        diesel::sql_query("ALTER TABLE audit_gone RENAME TO audit_entries").execute(work.conn())?;
        Ok(())
    });
    assert!(rig.read(rig.dsp, id).unwrap().content().is_some());
    let whole = setup(&rig.t, audit::verify);
    assert!(matches!(whole, audit::Finding::Whole { .. }));
}

#[test]
fn the_database_files_hold_no_word_of_it() {
    let rig = rig();
    let id = rig.send().record.id;
    rig.read(rig.dsp, id).unwrap();
    // The scan finds what is there in plain text.
    rig.t
        .db
        .write(&caller(rig.dsp), |work| {
            audit::record(work, "test.plain", Object::all("test"), "plain-canary-99");
            Ok(())
        })
        .unwrap();
    let mut bytes = Vec::new();
    for file in std::fs::read_dir(rig.t.folder.path()).unwrap() {
        bytes.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    let holds = |text: &str| memchr::memmem::find(&bytes, text.as_bytes()).is_some();
    assert!(holds("plain-canary-99"));
    for secret in [SECRET, "Family", "2012-05-06", "L676400024001"] {
        assert!(!holds(secret), "{secret}");
    }
}
