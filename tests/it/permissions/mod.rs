//! Who may do what, asked of the running service: every operation, by everyone, on every way a record can stand to them
//! (`facts/reliability.md` AUZ-1, AUZ-3, TEN-1).

mod cells;
mod operations;
mod oracle;
mod principals;
mod things;

use std::collections::BTreeMap;

use dolen_domain::access::policy::RULES;

use cells::{Observed, Stage};
use oracle::Answer;

#[tokio::test]
async fn every_cell_answers_as_the_policy_says() {
    let started = std::time::Instant::now();
    let stage = Stage::set().await;
    eprintln!("set {:?}", started.elapsed());
    let cells = stage.plan();
    let count = cells.len();
    eprintln!("planned {count} {:?}", started.elapsed());
    let observed = stage.fire(cells).await;
    eprintln!("fired {:?}", started.elapsed());
    assert_eq!(observed.len(), count);
    let wrong = stage.mismatches(RULES, &observed);
    assert!(wrong.is_empty(), "{} of {count} cells:\n{}", wrong.len(), wrong.join("\n"));
    let leaks: Vec<_> =
        observed.iter().filter_map(|o| o.leak.as_ref().map(|l| format!("{}: {l}", stage.describe(&o.cell)))).collect();
    assert!(leaks.is_empty(), "{} leaks:\n{}", leaks.len(), leaks.join("\n"));
    let _ = BTreeMap::<u8, (Observed, Answer)>::new();
}

#[tokio::test]
async fn zz_time() {
    let stage = Stage::set().await;
    let cells = stage.plan();
    for (i, o) in stage.operations.iter().enumerate() {
        let mine: Vec<_> = cells.iter().filter(|c| c.operation == i).cloned().collect();
        let (n, at) = (mine.len(), std::time::Instant::now());
        stage.fire(mine).await;
        eprintln!("{:32} {n:5} {:?}", o.id, at.elapsed());
    }
}
