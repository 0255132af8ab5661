//! The schema's fields: each root field with everything below it, and what decides for itself named apart.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{BaseType, FieldDefinition, ServiceDocument, TypeKind, TypeSystemDefinition};
use dolen_api::graphql::{EDGES, FIELDS, sdl};
use dolen_domain::access::Action;
use dolen_tests::TestApp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::operations::{self, Address, Need, Operation, Part, Target, Wire};

/// The schema, read from its text.
pub struct Schema(ServiceDocument);

impl Schema {
    pub fn read() -> Self {
        Self(parse_schema(sdl()).unwrap())
    }

    /// The fields of an object type; none when it is no object.
    pub fn fields(&self, of: &str) -> Vec<FieldDefinition> {
        let named = self.0.definitions.iter().find_map(|definition| match definition {
            TypeSystemDefinition::Type(t) if t.node.name.node == of => Some(&t.node.kind),
            _ => None,
        });
        match named {
            Some(TypeKind::Object(object)) => object.fields.iter().map(|f| f.node.clone()).collect(),
            _ => Vec::new(),
        }
    }
}

/// The name of a field's type, without lists and exclamation marks.
pub fn named(field: &FieldDefinition) -> String {
    let mut base = &field.ty.node.base;
    loop {
        match base {
            BaseType::Named(name) => return name.to_string(),
            BaseType::List(inner) => base = &inner.base,
        }
    }
}

/// What a field that decides for itself needs.
pub fn edge(of: &str, field: &str) -> Option<Action> {
    let full = format!("{of}.{field}");
    EDGES.iter().find(|(name, _)| *name == full).map(|(_, action)| *action)
}

fn rule(action: Action) -> Need {
    Need::Rule(action, action.scope().map(str::to_owned))
}

/// The arguments of fields below a root that must have some.
fn arguments(of: &str, field: &FieldDefinition) -> &'static str {
    match (of, field.name.node.as_str()) {
        ("SurveyCampaign", "results") => "(schoolNumber: $school)",
        ("SurveyCampaign", "progress") => "(first: 5)",
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
fn select(schema: &Schema, of: &str, path: &[String], needs: &[Need], text: &mut String, parts: &mut Vec<Part>) {
    for field in schema.fields(of) {
        let name = field.name.node.to_string();
        let (mut path, mut needs) = (path.to_vec(), needs.to_vec());
        path.push(name.clone());
        if let Some(action) = edge(of, &name) {
            needs.push(rule(action));
            parts.push(Part { name: format!("{of}.{name}"), path: path.clone(), needs: needs.clone() });
        }
        write!(text, "{name}{} ", arguments(of, &field)).unwrap();
        let below = named(&field);
        if !schema.fields(&below).is_empty() {
            text.push_str("{ ");
            select(schema, &below, &path, &needs, text, parts);
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
    known.map(|(kind, field)| read(&schema, kind, &field)).collect()
}

fn read(schema: &Schema, kind: &str, field: &FieldDefinition) -> Operation {
    let name = field.name.node.to_string();
    let row = FIELDS.iter().find(|(row, _)| *row == name);
    let need = match row.unwrap_or_else(|| panic!("`{name}` has no row in graphql::FIELDS")).1 {
        None => Need::SignedIn,
        Some(action) => rule(action),
    };
    let of = named(field);
    let (path, changes) = (vec![name.clone()], kind == "mutation");
    let needs = std::iter::once(need.clone()).chain(operations::needed_besides(&name)).collect();
    let mut parts = vec![Part { name: name.clone(), path: path.clone(), needs }];
    let mut below = String::new();
    let list = of.ends_with("Connection");
    if list {
        below.push_str("edges { cursor } pageInfo { hasNextPage }");
    } else if changes {
        // What a change gives back decides as it does in a query, and is asked for there.
        below.push_str("userErrors { code pointer detail message mend }");
    } else {
        select(schema, &of, &path, std::slice::from_ref(&need), &mut below, &mut parts);
    }
    let has = |argument: &str| field.arguments.iter().any(|a| a.node.name.node == argument);
    let input = field.arguments.iter().find(|a| a.node.name.node == "input").map(|a| a.node.ty.to_string());
    let (declared, given) = match &input {
        Some(input) => (format!("($input: {input})"), "(input: $input)"),
        None if has("id") && below.contains("$school") => ("($id: ID!, $school: String!)".to_owned(), "(id: $id)"),
        None if has("id") => ("($id: ID!)".to_owned(), "(id: $id)"),
        None if has("number") => ("($school: String!)".to_owned(), "(number: $school)"),
        None if has("academicYear") => ("($year: String!)".to_owned(), "(academicYear: $year)"),
        None if list => (String::new(), "(first: 1)"),
        None => (String::new(), ""),
    };
    Operation {
        id: format!("graphql {name}"),
        target: target(&name),
        parts,
        changes,
        wire: Wire::Field { text: format!("{kind}{declared} {{ {name}{given} {{ {below} }} }}"), name },
    }
}

fn target(name: &str) -> Target {
    match name {
        "school" => Target::School,
        "surveyCampaign" => Target::Campaign,
        "warrnRecord"
        | "acknowledgeWarrnRecord"
        | "assessWarrnRisk"
        | "holdWarrnMeeting"
        | "agreeWarrnPlan"
        | "recordWarrnReturn"
        | "referFromWarrnRecord" => Target::Warrn,
        "endWarrnPartTime" | "reviewWarrnReturn" | "closeWarrnRecord" | "moveWarrnReturn" => Target::Warrn,
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
pub fn variables(name: &str, app: &TestApp, to: &Address, version: &str) -> Value {
    let pupil = json!({"givenName": "Enw xqcanariaaaaaaaaaaaa", "familyName": "Teulu xqcanariaaaaaaaaaaaa", "bornOn": super::things::BORN});
    let mut input = match name {
        "openReferral" => json!({
            "schoolNumber": to.school, "service": "eps", "pupil": pupil, "yearGroup": 9, "need": "xqcanariaaaaaaaaaaaa-angen",
            "evidence": "xqcanariaaaaaaaaaaaa-tystiolaeth", "notes": "xqcanariaaaaaaaaaaaa-nodiadau",
            "consent": {"givenBy": "PARENT", "givenOn": "2026-02-20"},
        }),
        "acceptReferral" | "acknowledgeWarrnRecord" => json!({}),
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
        "recordWarrnReturn" => json!({"on": "2026-02-27", "attendance": "FULL_TIME"}),
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
        "surveyCampaign" => return json!({"id": to.campaign, "school": to.school}),
        "school" => return json!({"school": to.school}),
        "provision" => return json!({"id": to.kept.provision}),
        "referral" | "warrnRecord" | "referralReaders" | "warrnReaders" | "provisions" => {
            return json!({"id": to.record});
        }
        "childReaders" => return json!({"id": to.pupil}),
        "startEmergencyAccess" => json!({
            "reference": to.children[1], "reason": format!("{}, and nobody else is there", super::things::CANARY),
        }),
        _ => return json!({}),
    };
    input["idempotencyKey"] = json!(Uuid::new_v4());
    if target(name) != Target::Nothing {
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
            let action = FIELDS.iter().find(|(row, _)| *row == name).and_then(|(_, action)| *action);
            reached.insert((format!("{root}.{name}"), word(action)));
            walk(&schema, &named(&field), action, &mut reached);
        }
    }
    reached
}

fn walk(schema: &Schema, of: &str, action: Option<Action>, reached: &mut BTreeSet<(String, String)>) {
    for field in schema.fields(of) {
        let name = field.name.node.as_str();
        let action = edge(of, name).or(action);
        if reached.insert((format!("{of}.{name}"), word(action))) {
            walk(schema, &named(&field), action, reached);
        }
    }
}

fn word(action: Option<Action>) -> String {
    action.map_or_else(|| "SignedIn".to_owned(), |a| format!("{a:?}"))
}
