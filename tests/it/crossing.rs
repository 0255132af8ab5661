//! Writes that name what is another school's, or another child's: none is done, and nothing of any is kept
//! (`facts/reliability.md` TEN-3).

use dolen_domain::access::Role;
use dolen_tests::clients::fresh_key;
use dolen_tests::writes::{Draft, keyed};
use dolen_tests::{Client, TestApp};

/// Roles held at a school.
const OF_A_SCHOOL: [Role; 3] = [Role::Dsp, Role::SchoolSubmitter, Role::Headteacher];

/// Everybody of the second school, its system too.
async fn strangers(app: &TestApp) -> Vec<Client> {
    let people = app.world().people.iter().filter(|p| p.school == Some(1) && OF_A_SCHOOL.contains(&p.role));
    let mut all: Vec<Client> = people.map(|p| app.signed_in_as(p.id)).collect();
    let system = app.world().clients.iter().find(|c| c.school == Some(1)).unwrap().clone();
    all.push(app.token(&system).await);
    all
}

#[tokio::test]
async fn no_write_about_one_school_is_taken_from_another() {
    let app = TestApp::start().await;
    let strangers = strangers(&app).await;
    assert!(strangers.len() >= 4);
    let (mut tried, mut operations) = (0, 0);
    for operation in keyed() {
        let draft = Draft::of(&app, &operation).await;
        let sender = app.world().people.iter().find(|p| Some(p.id) == draft.by);
        let ours = sender.is_some_and(|p| p.school == Some(0) && OF_A_SCHOOL.contains(&p.role));
        // One's own account is nobody else's to name.
        if !ours || draft.path.starts_with("/v1/account/") || draft.path.starts_with("/v1/session") {
            continue;
        }
        let before = app.database().inspect().counts();
        for stranger in &strangers {
            let reply = draft.from(stranger).key(&fresh_key()).await;
            assert!(matches!(reply.status, 403 | 404), "{operation}: {reply:?}");
            tried += 1;
        }
        assert_eq!(app.database().inspect().counts(), before, "{operation} left something");
        // The control: from whose it is, it is taken.
        draft.sent(&app).await;
        operations += 1;
    }
    eprintln!("{tried} writes of {operations} operations from another school: none was taken");
    assert!(tried >= 60, "{tried}");
}

#[tokio::test]
async fn nothing_of_one_case_is_changed_at_the_address_of_another() {
    let app = TestApp::start().await;
    let case = |path: &str| path.split('/').nth(3).unwrap().to_owned();
    for operation in ["end_case_person", "complete_case_task"] {
        let (one, other) = (Draft::of(&app, operation).await, Draft::of(&app, operation).await);
        let mut crossed = one.clone();
        crossed.path = one.path.replace(&case(&one.path), &case(&other.path));
        let sender = crossed.sender(&app);
        let before = app.database().inspect().counts();
        let reply = crossed.from(&sender).key(&fresh_key()).await;
        reply.expect_problem(404, "not_found");
        assert_eq!(app.database().inspect().counts(), before);
        one.sent(&app).await;
    }
}
