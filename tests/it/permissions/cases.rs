//! What every case has is one operation for either kind; the kind decides what it needs. Each is asked of both.

use dolen_api::rest::policy::{Access, OPERATIONS};
use dolen_domain::access::{Action, Role};
use dolen_domain::cases::{self, CaseKind, NewDocument, NewPerson, NewTask, PauseReason, Scan, Use};
use dolen_domain::kernel::{Caller, CaseId, Code, Lang, WarrnId};
use dolen_domain::provision::{self, Kind, StartProvision};
use dolen_tests::TestApp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::operations::{Address, Need, Operation, Part, Target, Wire};
use super::things::Thing;

/// What is kept with a case, for the operations that name it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Kept {
    pub person: Uuid,
    pub task: Uuid,
    pub document: Uuid,
    /// Special provision of a record; none of a referral.
    pub provision: Uuid,
}

fn wanted(operation: &str) -> Option<Use> {
    let row = OPERATIONS.iter().find(|(row, _)| *row == operation)?;
    if let Access::Case(wanted) = row.1 { Some(wanted) } else { None }
}

/// Whether some operation on cases needs the action, of whichever kind.
pub fn needs(action: Action) -> bool {
    let uses = OPERATIONS
        .iter()
        .filter_map(|(_, access)| if let Access::Case(wanted) = access { Some(*wanted) } else { None });
    uses.into_iter().any(|wanted| CaseKind::ALL.iter().any(|kind| kind.action(wanted) == action))
}

/// What a use of a case needs: who may not see it is told that there is none, for whatever reason; who may, why it is not
/// more.
pub fn needed(kind: CaseKind, wanted: Use, scoped: bool) -> Vec<Need> {
    let scope = |action: Action| action.scope().filter(|_| scoped).map(str::to_owned);
    let (see, action) = (kind.action(Use::See), kind.action(wanted));
    let mut needs = vec![Need::Seen(see, scope(see))];
    if wanted != Use::See {
        needs.push(Need::Rule(action, scope(action)));
    }
    needs
}

/// The kinds, each with what stands for it here.
pub const KINDS: [(CaseKind, Target, &str); 2] =
    [(CaseKind::Referral, Target::Referral, "a referral"), (CaseKind::Warrn, Target::Warrn, "a record")];

/// The kinds an operation or a field is asked of: both where the kind decides what it needs.
pub fn kinds(access: Option<Access>) -> Vec<Option<(CaseKind, Target, &'static str)>> {
    if let Some(Access::Case(_)) = access { KINDS.map(Some).into() } else { vec![None] }
}

/// An operation on cases as two, and any other as it is.
pub fn of_either_kind(operation: Operation) -> Vec<Operation> {
    let Some(wanted) = wanted(&operation.id) else { return vec![operation] };
    let one = |(kind, target, word): (CaseKind, Target, &str)| {
        let (id, needs) = (format!("{} on {word}", operation.id), needed(kind, wanted, true));
        let Wire::Rest { method, path, keyed, versioned } = &operation.wire else { unreachable!("of the document") };
        let wire = Wire::Rest { method: method.clone(), path: path.clone(), keyed: *keyed, versioned: *versioned };
        let parts = vec![Part { name: id.clone(), path: Vec::new(), needs }];
        Operation { id, target, parts, changes: operation.changes, wire }
    };
    KINDS.map(one).into()
}

/// The operation's own name.
pub fn plain(id: &str) -> &str {
    id.split(" on a ").next().unwrap_or(id)
}

/// The address with what is kept in it.
pub fn address(path: &str, to: &Address) -> String {
    let record = to.record.to_string();
    let path = path.replace("{case_id}", &record).replace("{task_id}", &to.kept.task.to_string());
    let path = path.replace("{document_id}", &to.kept.document.to_string());
    if path.contains("/cases/") { path.replace("{person_id}", &to.kept.person.to_string()) } else { path }
}

/// Its body, with secrets planted wherever one can stand.
pub fn body(app: &TestApp, operation: &Operation, secret: &str) -> Option<Value> {
    match plain(&operation.id) {
        "add_case_person" => Some(json!({"relation": "parent", "name": secret, "remark": secret})),
        // A system has no tasks of its own.
        "add_case_task" if operation.target == Target::Referral => {
            Some(json!({"what": secret, "person_id": app.world().who_at(Role::Dsp, 0).id.to_string()}))
        }
        "add_case_task" => Some(json!({"what": secret})),
        "add_case_document" => Some(json!({"name": secret, "media_type": "text/plain", "content": "QW5ud3ls"})),
        "pause_case" => Some(json!({"reason": "awaiting_panel"})),
        _ => None,
    }
}

/// What a field of a change to a case is given, but for the key and the case, with secrets planted wherever one can
/// stand.
pub fn input(app: &TestApp, name: &str, to: &Address, target: Target, secret: &str) -> Option<Value> {
    Some(match name {
        "addCasePerson" => json!({"relation": "PARENT", "name": secret, "contact": secret, "remark": secret}),
        "endCasePerson" => json!({"personId": to.kept.person}),
        // A system has no tasks of its own.
        "addCaseTask" if target == Target::Referral => {
            json!({"what": secret, "personId": app.world().who_at(Role::Dsp, 0).id.to_string()})
        }
        "addCaseTask" => json!({"what": secret}),
        "completeCaseTask" => json!({"taskId": to.kept.task}),
        "pauseCase" => json!({"reason": "AWAITING_PANEL"}),
        "endCasePause" => json!({}),
        _ => return None,
    })
}

/// Special provision with a secret in every field that can hold one. It has no end: an extension needs no consent.
fn handling_plan(canary: &str, today: chrono::NaiveDate) -> StartProvision {
    StartProvision {
        kind: Kind::HandlingPlan,
        starts_on: today,
        review_on: today + chrono::Days::new(14),
        ends_on: None,
        plan: format!("cynllun {canary}"),
        triggers: Some(format!("sbardun {canary}")),
        techniques: Some(format!("techneg {canary}")),
        minutes_per_week: None,
        consent: None,
        reason: None,
        placement: None,
        provider: None,
    }
}

/// Keeps one of each with every record, its secret in each, by somebody who may; and stops the clocks where they are to go
/// on.
pub fn keep(app: &TestApp, school: usize, things: &mut [Thing]) {
    for thing in things {
        let world = app.world();
        // A record's recipients are the cell's own; its officer may always keep something with it.
        let officer = thing.officers.first().and_then(|o| world.people.iter().find(|p| p.officer == Some(*o)));
        let by = officer.map_or_else(|| world.who_at(Role::Dsp, school).id, |p| p.id);
        let proved = Some(app.db().clock().now());
        let caller = Caller { second_factor_at: proved, ..Caller::person(by, Lang::En, "test") };
        let (vault, id, canary) = (app.app().vault.clone(), CaseId::from_uuid(thing.id), thing.canary.clone());
        let none = thing.done.contains(&super::things::NO_PROVISION);
        let (paused, closed, settings) = (thing.paused, thing.closed, app.app().settings.provision.clone());
        let kept = app.db().write(&caller, move |work| {
            // A referral has none, and refuses it like a stranger's.
            let plan = handling_plan(&canary, work.now().date());
            let provision = if none {
                Uuid::nil()
            } else {
                match provision::start(work, &vault, &settings, WarrnId::from_uuid(id.uuid()), plan) {
                    Err(error) if error.code == Code::NotFound => Uuid::nil(),
                    begun => begun?.id.uuid(),
                }
            };
            let (name, what) = (format!("rhiant {canary}"), format!("tasg {canary}"));
            let person = NewPerson { relation: "parent".to_owned(), name, contact: None, remark: None };
            let (file, bytes) = (format!("dogfen-{canary}"), format!("cynnwys {canary}").into_bytes());
            let document = NewDocument { name: file, media_type: "text/plain".to_owned(), bytes, scan: Scan::Clean };
            let rules = cases::DocumentRules::default();
            let kept = Kept {
                person: cases::add_person(work, &vault, id, person)?.uuid(),
                task: cases::add_task(work, &vault, id, &NewTask { what, person: None, due_on: None })?.uuid(),
                document: cases::add_document(work, &vault, &rules, id, document)?.uuid(),
                provision,
            };
            if paused {
                cases::pause(work, id, PauseReason::AwaitingConsent)?;
            }
            if closed {
                super::things::close(work, id)?;
            }
            Ok(kept)
        });
        thing.kept = kept.unwrap();
    }
}
