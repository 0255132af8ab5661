//! Every write of records management, over REST and as the console's form: by the tables of operations and of pages, asked
//! by every person, every client and nobody, with a second factor proved just now and long ago. No write of it is a field
//! of GraphQL. Its readings are asked in `readings`.

use std::fmt;

use dolen_api::console::policy::{Opens, PAGES, Page};
use dolen_api::rest::policy::{Access, OPERATIONS};
use dolen_domain::access::policy::{RULES, Rule, STEP_UP, STEP_UP_SECONDS};
use dolen_domain::access::{Action, Role};
use dolen_domain::identity::{self, AddPerson, Member, NewMembership, Preference};
use dolen_domain::kernel::{Code, EmailAddress, FreeText, PersonId};
use dolen_tests::clients::{Request, fresh_key};
use dolen_tests::writes::Draft;
use dolen_tests::{Client, Reply, TestApp, records};

use super::over_http::allowed;
use super::{caller, flips, retention};

/// What a write is sent as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wire {
    Rest,
    Form(&'static Page),
}

/// A write.
#[derive(Debug, Clone)]
pub(super) struct Write {
    /// The REST operation that does the same.
    operation: String,
    wire: Wire,
    /// What it needs, whichever way it is sent.
    pub(super) action: Action,
    /// It lets something go: whoever does that proves themselves, whatever the policy says.
    lets_go: bool,
    /// What is on record once it was done.
    word: &'static str,
}

impl Write {
    /// Whether these rows let a role do it: the page's own row, and the action's.
    fn may(&self, rules: &[Rule], role: Role) -> bool {
        let has = |action| rules.iter().any(|rule| rule.action == action && rule.role == role);
        let opens = match self.wire {
            Wire::Rest => true,
            Wire::Form(Page { opens: Opens::All(actions), .. }) => actions.iter().all(|action| has(*action)),
            Wire::Form(Page { opens: Opens::OneOf(actions), .. }) => actions.iter().any(|action| has(*action)),
            Wire::Form(page) => panic!("{page:?}"),
        };
        opens && has(self.action)
    }

    pub(super) const fn is_form(&self) -> bool {
        matches!(self.wire, Wire::Form(_))
    }
}

impl fmt::Display for Write {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let to = match self.wire {
            Wire::Rest => "REST",
            Wire::Form(page) => page.path,
        };
        write!(f, "{}{} by {to}", self.operation, if self.lets_go { " (lets go)" } else { "" })
    }
}

/// The writes that one operation of REST is.
fn of_operation(operation: &str) -> Vec<Write> {
    let row = OPERATIONS.iter().find(|(id, _)| *id == operation).unwrap();
    let Access::Action(action) = row.1 else { panic!("{operation}") };
    let word = match operation {
        "change_retention_rule" => "retention.change_rule",
        "decide_retention_change" => "retention.refuse",
        "run_retention" => "retention.dispose",
        "review_retention" => "retention.review",
        "place_legal_hold" => "retention.hold",
        "end_legal_hold" => "retention.end_hold",
        "open_subject_access_request" => "subject_access.open",
        "gather_subject_access" => "subject_access.gather",
        "withdraw_subject_access_request" => "subject_access.withdraw",
        "decide_subject_access_piece" => "subject_access.decide",
        "release_subject_access" => "subject_access.release",
        _ => panic!("what `{operation}` leaves on record is not known to tests/it/retention/writes.rs: add it"),
    };
    let one = |lets_go| Write { operation: operation.to_owned(), wire: Wire::Rest, action, lets_go, word };
    if operation == "review_retention" { vec![one(false), one(true)] } else { vec![one(false)] }
}

/// Which operations a form does.
fn of_form(path: &str) -> &'static [&'static str] {
    match path {
        "/records/run" => &["run_retention"],
        "/records/review/{case}/{class}" => &["review_retention"],
        "/records/holds" => &["place_legal_hold"],
        "/records/holds/{id}/end" => &["end_legal_hold"],
        "/subject-access" => &["open_subject_access_request"],
        "/subject-access/{id}/{step}" => {
            &["gather_subject_access", "release_subject_access", "withdraw_subject_access_request"]
        }
        "/subject-access/{id}/pieces/{number}" => &["decide_subject_access_piece"],
        _ => panic!("what `POST {path}` does is not known to tests/it/retention/writes.rs: add it"),
    }
}

/// Every form of the table of pages.
fn forms() -> impl Iterator<Item = &'static Page> {
    let ours = |path: &str| path.starts_with("/records") || path.starts_with("/subject-access");
    PAGES.iter().filter(move |page| page.method != "GET" && ours(page.path))
}

/// Every write, both ways. A longer rule comes last: with it nothing is over.
fn all() -> Vec<Write> {
    let operations = dolen_tests::writes::operations().into_iter().filter(|o| records::drafts(o));
    let rest = operations.flat_map(|operation| of_operation(&operation));
    let form = |page: &'static Page| {
        let writes = of_form(page.path).iter().flat_map(|operation| of_operation(operation));
        writes.map(move |write| Write { wire: Wire::Form(page), ..write })
    };
    let mut all: Vec<Write> = rest.chain(forms().flat_map(form)).collect();
    all.sort_by_key(|write| write.operation == "change_retention_rule");
    all
}

/// Somebody who asks.
#[derive(Clone)]
pub(super) struct Asker {
    name: String,
    /// None for nobody.
    pub(super) role: Option<Role>,
    is_client: bool,
    /// Whether they proved a second factor lately.
    fresh: bool,
    client: Client,
    csrf: String,
}

/// What they are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    Done,
    SignIn,
    StepUp,
    Scope,
    Forbidden,
    /// Anything else, which is never right.
    Other(u16),
}

impl Answer {
    fn of(reply: &Reply, write: &Write) -> Self {
        if write.is_form() { Self::of_form(reply) } else { Self::of_rest(reply) }
    }

    fn of_rest(reply: &Reply) -> Self {
        match (reply.status, reply.code()) {
            (200 | 201, _) => Self::Done,
            (401, _) => Self::SignIn,
            (403, "step_up_required") => Self::StepUp,
            (403, "scope_insufficient") => Self::Scope,
            (403, "forbidden") => Self::Forbidden,
            (status, _) => Self::Other(status),
        }
    }

    fn of_form(reply: &Reply) -> Self {
        let to = |path: &str| reply.header("location").starts_with(path);
        let cookies = || reply.headers.get_all("set-cookie").iter().filter_map(|v| v.to_str().ok());
        let refusal = Code::Forbidden.title().en;
        match reply.status {
            303 if to("/sign-in") => Self::SignIn,
            303 if to("/step-up") => Self::StepUp,
            303 if cookies().any(|cookie| cookie.starts_with("dolen-flash=changed;")) => Self::Other(303),
            303 => Self::Done,
            // A form of another page is refused as well, in other words.
            403 if String::from_utf8_lossy(&reply.body).contains(refusal) => Self::Forbidden,
            status => Self::Other(status),
        }
    }
}

/// What a write should be answered, worked out from the rows alone.
pub(super) fn expected(rules: &[Rule], step_up: &[Action], write: &Write, asker: &Asker) -> Answer {
    let Some(role) = asker.role else { return Answer::SignIn };
    if asker.is_client {
        // A page is for people; no scope reaches these actions.
        return if write.is_form() { Answer::SignIn } else { Answer::Scope };
    }
    match write.may(rules, role) {
        false => Answer::Forbidden,
        true if !asker.fresh && (write.lets_go || step_up.contains(&write.action)) => Answer::StepUp,
        true => Answer::Done,
    }
}

/// What was asked, and what was answered.
pub(super) struct Seen {
    pub(super) write: Write,
    pub(super) asker: Asker,
    pub(super) answer: Answer,
}

/// What differs from what these rows say.
pub(super) fn mismatches<'s>(
    rules: &[Rule],
    step_up: &[Action],
    observed: impl IntoIterator<Item = &'s Seen>,
) -> Vec<String> {
    let differs = |seen: &&Seen| expected(rules, step_up, &seen.write, &seen.asker) != seen.answer;
    let say = |seen: &Seen| {
        let should = expected(rules, step_up, &seen.write, &seen.asker);
        format!("{} of {}: {:?}, not {should:?}", seen.write, seen.asker.name, seen.answer)
    };
    observed.into_iter().filter(differs).map(say).collect()
}

/// A person with the one role that no person of the world has.
fn person_for_a_system(app: &TestApp) -> PersonId {
    let school = app.world().schools[0].id;
    app.write(move |work| {
        let email = EmailAddress::parse("person@system.example").unwrap();
        let name = FreeText::parse("Example integration").unwrap();
        let person = identity::add_person(work, &AddPerson { email, name, lang: Preference::Both, password: None })?;
        let (who, role) = (Member::Person(person), Role::Integration);
        let post = NewMembership { who, role, school: Some(school), service: None, officer: None, deputy: false };
        identity::add_membership(work, &post)?;
        Ok(person)
    })
}

/// Everybody, with the sessions that are to be stale opened first.
async fn askers(app: &TestApp) -> Vec<Asker> {
    let mut people: Vec<_> = app.world().people.iter().map(|p| (p.email.clone(), p.role, p.id)).collect();
    people.push(("a person for a system".to_owned(), Role::Integration, person_for_a_system(app)));
    let mut askers = Vec::new();
    for fresh in [false, true] {
        for (email, role, id) in &people {
            let client = app.signed_in_as(*id);
            let page = String::from_utf8(client.get("/").await.body).unwrap();
            let csrf = page.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
            let csrf = csrf.unwrap().to_owned();
            let name = format!("{email}, {role}{}", if fresh { "" } else { ", not proved lately" });
            askers.push(Asker { name, role: Some(*role), is_client: false, fresh, client, csrf });
        }
        if !fresh {
            app.advance(STEP_UP_SECONDS + 1);
        }
    }
    for system in app.world().clients.clone() {
        let name = format!("the client of a {}", system.role);
        let (client, csrf) = (app.token(&system).await, String::new());
        askers.push(Asker { name, role: Some(system.role), is_client: true, fresh: false, client, csrf });
    }
    let (name, client, csrf) = ("nobody".to_owned(), app.anonymous(), String::new());
    askers.push(Asker { name, role: None, is_client: false, fresh: false, client, csrf });
    askers
}

/// A write with everything before it done.
struct Ready {
    draft: Draft,
    path: String,
    fields: Vec<(&'static str, String)>,
}

impl Ready {
    async fn prepare(app: &TestApp, write: &Write) -> Self {
        if write.operation == "run_retention" {
            records::over(app, "bss").await;
        }
        let mut draft = Draft::of(app, &write.operation).await;
        if write.lets_go {
            draft.body.as_mut().unwrap().as_object_mut().unwrap().remove("keep_years").unwrap();
        }
        let (path, fields) = Self::form(app, write, &draft);
        Self { draft, path, fields }
    }

    /// The same as a form.
    fn form(app: &TestApp, write: &Write, draft: &Draft) -> (String, Vec<(&'static str, String)>) {
        let text = |name: &str| draft.body.as_ref().unwrap()[name].as_str().unwrap().to_owned();
        let path = draft.path.replace("/v1/retention/", "/records/");
        let path = path.replace("/v1/subject-access-requests", "/subject-access");
        let given = |names: &[&'static str]| names.iter().map(|name| (*name, text(name))).collect::<Vec<_>>();
        match write.operation.as_str() {
            "run_retention" => ("/records/run".to_owned(), given(&["confirm"])),
            "review_retention" => {
                let administrator = caller(app.world().who(Role::Administrator).id);
                let plan = app.db().read(&administrator, retention::plan).unwrap();
                let (reference, class) = (text("reference"), text("record_class"));
                let item = plan.items.iter().find(|item| item.reference.to_string() == reference).unwrap();
                let keep = if write.lets_go { "destroy" } else { "keep" };
                (format!("/records/review/{}/{class}", item.case), vec![("keep", keep.to_owned())])
            }
            "place_legal_hold" => {
                let whole = ("whole_child", "yes".to_owned());
                (path, given(&["reference", "reason"]).into_iter().chain([whole]).collect())
            }
            "open_subject_access_request" => (path, given(&["reference", "asked_by", "received_on"])),
            "decide_subject_access_piece" => (path, vec![("choice", text("decision"))]),
            _ => (path, Vec::new()),
        }
    }

    fn by(&self, write: &Write, asker: &Asker) -> Request {
        if !write.is_form() {
            return self.draft.from(&asker.client).key(&fresh_key());
        }
        let key = fresh_key();
        let mut fields: Vec<_> = self.fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        fields.extend([("csrf", asker.csrf.as_str()), ("key", key.as_str())]);
        asker.client.request(reqwest::Method::POST, &self.path).header("accept", "text/html").form(&fields)
    }
}

/// Asks a write of everybody. Who should be refused comes first, and leaves nothing behind.
async fn ask(app: &TestApp, write: &Write, askers: &[Asker]) -> Vec<Seen> {
    let (may, may_not): (Vec<_>, Vec<_>) =
        askers.iter().partition(|asker| expected(RULES, STEP_UP, write, asker) == Answer::Done);
    let mut ready = Ready::prepare(app, write).await;
    let seen = |asker: &Asker, reply: &Reply| Seen {
        write: write.clone(),
        asker: asker.clone(),
        answer: Answer::of(reply, write),
    };
    let mut observed = Vec::new();
    let before = app.database().inspect().counts();
    for asker in may_not {
        observed.push(seen(asker, &ready.by(write, asker).await));
    }
    let wrong = mismatches(RULES, STEP_UP, &observed);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(app.database().inspect().counts(), before, "{write}: a refusal wrote something");
    for (i, asker) in may.into_iter().enumerate() {
        // Most can be done once.
        if i > 0 {
            ready = Ready::prepare(app, write).await;
        }
        let known = app.database().inspect().audit_entries();
        let reply = ready.by(write, asker).await;
        let one = seen(asker, &reply);
        assert_eq!(one.answer, Answer::Done, "{write} of {}: {reply:?}", asker.name);
        observed.push(one);
        let actions = app.database().inspect().actions_after(known);
        assert!(actions.iter().any(|action| action == write.word), "{write}: {actions:?}");
    }
    observed
}

#[tokio::test]
async fn every_write_is_for_who_the_tables_say() {
    let app = TestApp::with().standing().start().await;
    let askers = askers(&app).await;
    let mut observed = Vec::new();
    for write in all() {
        for role in askers.iter().filter_map(|asker| asker.role) {
            assert_eq!(write.may(RULES, role), allowed(role, write.action), "{write} by {role}");
        }
        let seen = ask(&app, &write, &askers).await;
        assert!(seen.iter().any(|one| one.answer == Answer::Done), "the control: somebody may do {write}");
        observed.extend(seen);
    }
    let (forms, rest): (Vec<&Seen>, Vec<&Seen>) = observed.iter().partition(|seen| seen.write.is_form());
    // A form for each thing done over REST but the rules, which no page changes.
    assert_eq!((rest.len() / askers.len(), forms.len() / askers.len()), (12, 10));
    let flipped = flips::each_row_is_noticed(&forms) + flips::each_row_is_noticed(&rest);
    eprintln!("{} writes of {} askers: 0 mismatches; {flipped} flips noticed", observed.len(), askers.len());
}

/// A page that does what no operation does, or something else than it says, is noticed.
#[test]
fn each_form_opens_by_what_its_writes_need() {
    let mut pages = 0;
    for page in forms() {
        let needed: Vec<Action> =
            of_form(page.path).iter().flat_map(|operation| of_operation(operation)).map(|w| w.action).collect();
        let (Opens::All(actions) | Opens::OneOf(actions)) = page.opens else { panic!("{page:?}") };
        assert!(needed.iter().all(|action| actions.contains(action)), "{page:?}: {needed:?}");
        assert!(actions.iter().all(|action| needed.contains(action)), "{page:?}: {needed:?}");
        pages += 1;
    }
    assert_eq!(pages, 7);
}
