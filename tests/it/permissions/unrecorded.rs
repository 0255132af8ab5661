//! What can't be put on record is neither done nor read: with a record that takes nothing more, everything that is
//! recorded answers that it can't now, and not a byte of content leaves (`facts/reliability.md` REC-1).

use std::collections::BTreeMap;

use dolen_domain::access::policy::RULES;
use dolen_tests::{TestApp, canary};

use super::cells::{Cell, Stage, all_text};
use super::oracle::Answer;

/// What changes nothing and reads nothing sealed, though it is a `POST`.
const UNRECORDED: &[&str] = &["check_survey_responses", "create_token"];

/// Lets the record of who did what take nothing more, as a full or failing disk would.
fn refuse_entries(app: &TestApp) {
    let mut inspect = app.database().inspect();
    let statements = if inspect.is_postgres() {
        "CREATE FUNCTION refuse_entry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no more'; END $$; \
         CREATE TRIGGER refuse_entry BEFORE INSERT ON audit_entries FOR EACH ROW EXECUTE FUNCTION refuse_entry()"
    } else {
        "CREATE TRIGGER refuse_entry BEFORE INSERT ON audit_entries BEGIN SELECT RAISE(ABORT, 'no more'); END"
    };
    inspect.execute(statements);
}

/// One cell of each operation that is recorded, by somebody who may: what changes something, and what gives content.
fn recorded(stage: &Stage, plan: Vec<Cell>) -> Vec<Cell> {
    let mut chosen: BTreeMap<usize, Cell> = BTreeMap::new();
    for cell in plan {
        let operation = &stage.operations[cell.operation];
        let gives = operation.parts.iter().any(super::operations::Part::gives_content);
        if (operation.changes || gives)
            && !UNRECORDED.contains(&operation.id.as_str())
            && stage.expected(RULES, &cell).iter().all(|answer| *answer == Answer::Done)
        {
            chosen.entry(cell.operation).or_insert(cell);
        }
    }
    chosen.into_values().collect()
}

#[tokio::test]
async fn what_cannot_be_recorded_is_neither_done_nor_read() {
    let stage = Stage::set().await;
    let (plan, _) = stage.plan();
    let cells = recorded(&stage, plan);
    let all =
        stage.operations.iter().filter(|o| o.changes || o.parts.iter().any(super::operations::Part::gives_content));
    assert_eq!(cells.len() + UNRECORDED.len(), all.count(), "somebody may do each of them");
    // Made before, for some need something that is on record itself.
    let requests: Vec<_> = cells.iter().map(|cell| (cell, stage.request(cell))).collect();
    refuse_entries(&stage.app);
    let before = stage.app.database().inspect().counts();
    for (cell, request) in requests {
        let operation = &stage.operations[cell.operation];
        let reply = request.may_fail().await;
        let code = match &operation.wire {
            super::operations::Wire::Field { .. } => reply.json["errors"][0]["extensions"]["code"].as_str(),
            super::operations::Wire::Rest { .. } => reply.json["code"].as_str(),
            super::operations::Wire::Page { .. } => (reply.status == 503).then_some("unavailable"),
        };
        assert_eq!(code, Some("unavailable"), "{}: {reply:?}", stage.describe(cell));
        let in_graphql = reply.status == 200 && code == Some("unavailable");
        assert!(in_graphql || reply.status == 503, "{}: {reply:?}", stage.describe(cell));
        assert!(canary::all(&all_text(&reply)).is_empty(), "{}: {reply:?}", stage.describe(cell));
    }
    assert_eq!(stage.app.database().inspect().counts(), before);
    // The control: with the record as it was, each of them is done, and content is given.
    stage.app.database().inspect().execute(if stage.app.database().inspect().is_postgres() {
        "DROP TRIGGER refuse_entry ON audit_entries"
    } else {
        "DROP TRIGGER refuse_entry"
    });
    let mut contents = 0;
    let count = cells.len();
    // A session that was ended can't be signed out of.
    for cell in cells.into_iter().filter(|c| stage.operations[c.operation].id != "end_session") {
        let reply = stage.request(&cell).await;
        let answers = super::cells::answers(&reply, &stage.operations[cell.operation]);
        assert!(answers.iter().all(|a| *a == Answer::Done), "{}: {reply:?}", stage.describe(&cell));
        contents += usize::from(!canary::all(&all_text(&reply)).is_empty());
    }
    assert!(contents >= 6, "{contents}");
    eprintln!("{count} operations, {contents} of which give content, without a record: 0 done, 0 read");
}
