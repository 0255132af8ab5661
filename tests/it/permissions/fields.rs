//! The schema's fields: each root field with everything below it, and what decides for itself named apart.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use async_graphql::parser::types::FieldDefinition;
use dolen_api::graphql::{EDGES, FIELDS};
use dolen_api::rest::policy::Access;
use dolen_domain::cases::CaseKind;
use dolen_tests::TestApp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::cases;
use super::operations::{self, Address, Need, Operation, Part, Target, Wire};
use super::schema::{Schema, named};

/// What a field that decides for itself needs.
pub fn edge(of: &str, field: &str) -> Option<Access> {
    let full = format!("{of}.{field}");
    EDGES.iter().find(|(name, _)| *name == full).map(|(_, access)| *access)
}

/// What a row asks for, of a case of this kind where that decides.
fn needs(access: Option<Access>, kind: Option<CaseKind>) -> Vec<Need> {
    match (access, kind) {
        (None | Some(Access::Public), _) => vec![Need::SignedIn],
        (Some(Access::SignedIn), _) => vec![Need::Session],
        (Some(Access::Action(action)), _) => vec![Need::Rule(action, action.scope().map(str::to_owned))],
        (Some(Access::Case(wanted)), Some(kind)) => cases::needed(kind, wanted, true),
        (Some(Access::Case(wanted)), None) => panic!("{wanted:?} of what kind of case?"),
    }
}

/// The arguments of fields below a root that must have some.
fn arguments(of: &str, field: &FieldDefinition) -> &'static str {
    match (of, field.name.node.as_str()) {
        ("SurveyCampaign", "results") => "(schoolNumber: $school)",
        ("SurveyCampaign", "progress") => "(first: 5)",
        ("SurveyRelease", "tables" | "schools" | "changed" | "breakdowns") => "(first: 1)",
        ("SurveyReport", "tables" | "breakdowns" | "changes") => "(first: 1)",
        ("SurveyTable", "figures") => "(questions: [\"bullied\"])",
        (of, name) => {
            assert!(
                field.arguments.is_empty(),
                "write the arguments of {of}.{name} into tests/it/permissions/fields.rs"
            );
            ""
        }
    }
}

/// Selects everything there is below a type, and notes what decides for itself.
fn select(
    (schema, kind): (&Schema, Option<CaseKind>),
    of: &str,
    path: &[String],
    above: &[Need],
    text: &mut String,
    parts: &mut Vec<Part>,
) {
    for field in schema.fields(of) {
        let name = field.name.node.to_string();
        let (mut path, mut above) = (path.to_vec(), above.to_vec());
        path.push(name.clone());
        if let Some(access) = edge(of, &name) {
            above.extend(needs(Some(access), kind));
            parts.push(Part { name: format!("{of}.{name}"), path: path.clone(), needs: above.clone() });
        }
        write!(text, "{name}{} ", arguments(of, &field)).unwrap();
        let below = named(&field);
        if !schema.fields(&below).is_empty() {
            text.push_str("{ ");
            select((schema, kind), &below, &path, &above, text, parts);
            text.push_str("} ");
        }
    }
}

/// Fields of emergency accesses.
const ELSEWHERE: [&str; 2] = ["emergencyAccess", "reviewEmergencyAccess"];

/// Every root field.
pub fn all() -> Vec<Operation> {
    let schema = Schema::read();
    let roots = [("query", "Query"), ("mutation", "Mutation")];
    let fields = roots.iter().flat_map(|(kind, root)| schema.fields(root).into_iter().map(move |f| (*kind, f)));
    // Emergency accesses have a matrix of their own: `emergencies`.
    let known = fields.filter(|(_, f)| !ELSEWHERE.contains(&f.name.node.as_str()));
    let mut all = Vec::new();
    for (root, field) in known {
        let name = field.name.node.as_str();
        let row = FIELDS.iter().find(|(row, _)| *row == name);
        let access = row.unwrap_or_else(|| panic!("`{name}` has no row in graphql::FIELDS")).1;
        all.extend(cases::kinds(access).into_iter().map(|case| read(&schema, root, &field, access, case)));
    }
    all
}

fn read(
    schema: &Schema,
    root: &str,
    field: &FieldDefinition,
    access: Option<Access>,
    case: Option<(CaseKind, Target, &str)>,
) -> Operation {
    let name = field.name.node.to_string();
    let kind = case.map(|(kind, ..)| kind);
    let above = needs(access, kind);
    let of = named(field);
    let (path, changes) = (vec![name.clone()], root == "mutation");
    let whole = above.iter().cloned().chain(operations::needed_besides(&name)).collect();
    let mut parts = vec![Part { name: name.clone(), path: path.clone(), needs: whole }];
    let mut below = String::new();
    let list = of.ends_with("Connection");
    if list {
        below.push_str("edges { cursor } pageInfo { hasNextPage }");
    } else if changes {
        // What a change gives back decides as it does in a query, and is asked for there.
        below.push_str("userErrors { code pointer detail message mend }");
    } else {
        select((schema, kind), &of, &path, &above, &mut below, &mut parts);
    }
    let has = |argument: &str| field.arguments.iter().any(|a| a.node.name.node == argument);
    let input = field.arguments.iter().find(|a| a.node.name.node == "input").map(|a| a.node.ty.to_string());
    let (declared, given) = match &input {
        Some(input) => (format!("($input: {input})"), "(input: $input)"),
        None if has("campaignId") => ("($id: ID!)".to_owned(), "(campaignId: $id)"),
        None if has("id") && below.contains("$school") => ("($id: ID!, $school: String!)".to_owned(), "(id: $id)"),
        None if has("id") => ("($id: ID!)".to_owned(), "(id: $id)"),
        None if has("number") => ("($school: String!)".to_owned(), "(number: $school)"),
        None if has("academicYear") => ("($year: String!)".to_owned(), "(academicYear: $year)"),
        None if list => (String::new(), "(first: 1)"),
        None => (String::new(), ""),
    };
    Operation {
        id: case.map_or_else(|| format!("graphql {name}"), |(_, _, word)| format!("graphql {name} on {word}")),
        target: case.map_or_else(|| target(&name), |(_, target, _)| target),
        parts,
        changes,
        wire: Wire::Field { text: format!("{root}{declared} {{ {name}{given} {{ {below} }} }}"), name },
    }
}

fn target(name: &str) -> Target {
    match name {
        "school" => Target::School,
        "surveyCampaign" | "surveyRelease" | "surveyReport" => Target::Campaign,
        "warrnRecord"
        | "acknowledgeWarrnRecord"
        | "handOverWarrnRecord"
        | "assessWarrnRisk"
        | "holdWarrnMeeting"
        | "agreeWarrnPlan"
        | "recordWarrnReturn"
        | "referFromWarrnRecord" => Target::Warrn,
        "endWarrnPartTime" | "reviewWarrnReturn" | "closeWarrnRecord" | "moveWarrnReturn" | "withdrawWarrnReturn" => {
            Target::Warrn
        }
        "provision" | "provisions" | "startProvision" | "reviewProvision" | "extendProvision" | "endProvision" => {
            Target::Warrn
        }
        "openReferral" => Target::Nothing,
        "referral" | "referralReaders" => Target::Referral,
        "childReaders" => Target::Pupil,
        "warrnReaders" => Target::Warrn,
        name if name.ends_with("Referral") || name == "requestReferralInformation" => Target::Referral,
        _ => Target::Nothing,
    }
}

/// What a field is given, with secrets planted wherever one can stand.
pub fn variables(name: &str, app: &TestApp, to: &Address, target: Target, version: &str) -> Value {
    if let Some(mut input) = cases::input(app, name, to, target, "xqcanariaaaaaaaaaaaa-achos") {
        input["idempotencyKey"] = json!(Uuid::new_v4());
        input["id"] = json!(to.record);
        return json!({ "input": input });
    }
    let family = format!("Teulu xqcanariaaaaaaaaaaaa {}", Uuid::new_v4());
    let pupil = json!({"givenName": "Enw xqcanariaaaaaaaaaaaa", "familyName": family, "bornOn": super::things::BORN});
    let mut input = match name {
        "openReferral" => json!({
            "schoolNumber": to.school, "service": "eps", "pupil": pupil, "yearGroup": 9, "need": "xqcanariaaaaaaaaaaaa-angen",
            "evidence": "xqcanariaaaaaaaaaaaa-tystiolaeth", "notes": "xqcanariaaaaaaaaaaaa-nodiadau",
            "consent": {"givenBy": "PARENT", "givenOn": "2026-02-20"},
        }),
        "acceptReferral" | "acknowledgeWarrnRecord" | "handOverWarrnRecord" => json!({}),
        "requestReferralInformation" => json!({"question": "xqcanariaaaaaaaaaaaa-cwestiwn"}),
        "answerReferral" => json!({"answer": "xqcanariaaaaaaaaaaaa-ateb"}),
        "declineReferral" => json!({"reason": "OTHER", "note": "xqcanariaaaaaaaaaaaa-nodyn"}),
        "redirectReferral" => json!({"service": "bss", "note": "xqcanariaaaaaaaaaaaa-nodyn"}),
        "sendWarrnRecord" => json!({
            "school": app.world().schools[0].number, "pupil": pupil, "agreement": "WASPI-2026-01",
            "summary": [{"heading": "triggers", "text": "xqcanariaaaaaaaaaaaa-crynodeb"}],
        }),
        "assessWarrnRisk" => {
            json!({"heldOn": "2026-02-27", "withEps": true, "findings": "xqcanariaaaaaaaaaaaa-asesiad"})
        }
        "holdWarrnMeeting" => json!({
            "heldOn": "2026-02-27", "present": [{"who": "PUPIL", "name": "Enw xqcanariaaaaaaaaaaaa"}], "note": "xqcanariaaaaaaaaaaaa-nodyn",
        }),
        "agreeWarrnPlan" => json!({
            "agreedOn": "2026-02-27", "triggers": "xqcanariaaaaaaaaaaaa-sbardun", "whatHelps": "xqcanariaaaaaaaaaaaa-help",
            "safePlaces": "xqcanariaaaaaaaaaaaa-lle", "keyAdult": "xqcanariaaaaaaaaaaaa-oedolyn", "adjustments": "xqcanariaaaaaaaaaaaa-addasiad",
            "reviewOn": "2026-03-20",
        }),
        "recordWarrnReturn" => json!({"on": "2026-03-02", "attendance": "FULL_TIME"}),
        "withdrawWarrnReturn" => json!({"reason": "xqcanariaaaaaaaaaaaa-rheswm"}),
        "endWarrnPartTime" => json!({"on": "2026-02-27"}),
        "reviewWarrnReturn" => json!({"heldOn": "2026-02-27", "note": "xqcanariaaaaaaaaaaaa-adolygiad"}),
        "closeWarrnRecord" => json!({"outcome": "RE_REFERRED", "note": "xqcanariaaaaaaaaaaaa-diwedd"}),
        "moveWarrnReturn" => json!({"expectedReturnOn": "2026-03-20"}),
        "startProvision" => json!({
            "kind": "REDUCED_TIMETABLE", "startsOn": "2026-03-02", "reviewOn": "2026-03-16", "endsOn": "2026-03-27",
            "plan": "xqcanariaaaaaaaaaaaa-cynllun", "minutesPerWeek": 750, "reason": "xqcanariaaaaaaaaaaaa-rheswm",
            "consent": {"by": "Enw xqcanariaaaaaaaaaaaa", "on": "2026-02-27"},
        }),
        "reviewProvision" => {
            json!({"heldOn": "2026-03-02", "note": "xqcanariaaaaaaaaaaaa-adolygiad", "nextOn": "2026-03-20"})
        }
        "extendProvision" => json!({"endsOn": "2026-04-24", "reason": "xqcanariaaaaaaaaaaaa-rheswm"}),
        "endProvision" => {
            json!({"on": "2026-03-02", "ending": "NO_LONGER_NEEDED", "note": "xqcanariaaaaaaaaaaaa-diwedd"})
        }
        "createSurveyCampaign" => json!({
            "instrument": "bullying", "academicYear": "2025/26", "title": {"cy": "Arolwg", "en": "Survey"},
            "opensOn": "2026-03-01", "closesOn": "2026-04-30",
        }),
        "referFromWarrnRecord" => json!({
            "service": "eps", "yearGroup": 9, "need": "xqcanariaaaaaaaaaaaa-angen", "evidence": "xqcanariaaaaaaaaaaaa-tystiolaeth",
            "consent": {"givenBy": "PARENT", "givenOn": "2026-02-20"},
        }),
        "reintegrationReport" => return json!({"year": "2024/25"}),
        "surveyRelease" | "surveyReport" => return json!({"id": to.campaign}),
        "surveyCampaign" => return json!({"id": to.campaign, "school": to.school}),
        "school" => return json!({"school": to.school}),
        "provision" => return json!({"id": to.kept.provision}),
        "case" | "referral" | "warrnRecord" | "referralReaders" | "warrnReaders" | "provisions" => {
            return json!({"id": to.record});
        }
        "childReaders" => return json!({"id": to.pupil}),
        "startEmergencyAccess" => json!({
            "reference": to.children[1], "reason": format!("{}, and nobody else is there", super::things::CANARY),
        }),
        _ => return json!({}),
    };
    input["idempotencyKey"] = json!(Uuid::new_v4());
    if target != Target::Nothing {
        input["id"] = json!(to.record);
        if ["reviewProvision", "extendProvision", "endProvision"].contains(&name) {
            input["id"] = json!(to.kept.provision);
        }
        // What begins has no version yet, and what only adds to a record expects none of it.
        if !["startProvision", "referFromWarrnRecord"].contains(&name) {
            input["expectedVersion"] = json!(version);
        }
    }
    json!({ "input": input })
}

/// Every field of every type that can be reached, with the actions it is reached by.
pub fn reachable() -> BTreeSet<(String, String)> {
    let schema = Schema::read();
    let mut reached = BTreeSet::new();
    for root in ["Query", "Mutation"] {
        for field in schema.fields(root) {
            let name = field.name.node.as_str();
            let access = FIELDS.iter().find(|(row, _)| *row == name).and_then(|(_, access)| *access);
            reached.insert((format!("{root}.{name}"), word(access)));
            walk(&schema, &named(&field), access, &mut reached);
        }
    }
    reached
}

fn walk(schema: &Schema, of: &str, access: Option<Access>, reached: &mut BTreeSet<(String, String)>) {
    for field in schema.fields(of) {
        let name = field.name.node.as_str();
        let access = edge(of, name).or(access);
        if reached.insert((format!("{of}.{name}"), word(access))) {
            walk(schema, &named(&field), access, reached);
        }
    }
}

fn word(access: Option<Access>) -> String {
    match access {
        None => "SignedIn".to_owned(),
        Some(Access::Action(action)) => format!("{action:?}"),
        Some(Access::SignedIn) => "Session".to_owned(),
        Some(other) => format!("{other:?}"),
    }
}
