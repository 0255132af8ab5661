//! What the schema looks like: every list is bounded, every root field has its action, and loading happens in batches.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use async_graphql::registry::{MetaField, MetaType, Registry};
use async_graphql::{OutputType, Request};
use dolen_domain::cases::Use;
use serde_json::json;

use super::world::World;
use crate::graphql::visit::Visit;
use crate::graphql::{EDGES, FIELDS, Mutation, Query, schema};
use crate::rest::policy::Access;

/// Lists that are no connections, with what bounds them.
const SMALL_LISTS: &[(&str, &str)] = &[
    ("Case.documents", "fifty at most, unless the authority says otherwise"),
    ("Case.links", "the cases one led to; its rule counts five"),
    ("Case.pauses", "the times in which its clocks stood still"),
    ("Case.people", "a hundred at most"),
    ("Case.tasks", "five hundred at most, without anything below them"),
    ("Case.timeline", "one for each thing that happened, without anything below it"),
    ("Query.ownTasks", "a hundred at most; its rule counts twenty"),
    ("AccessReport.readers", "who reads, those with something to ask about first"),
    ("EmergencyAccess.records", "the records of one child"),
    ("ProvisionFile.notes", "one for each review or change of one provision"),
    ("Query.alerts", "a hundred at most; its rule counts a hundred"),
    ("SurveyRelease.carried", "one for each question"),
    ("SurveyReport.carried", "one for each question"),
    ("SurveyCampaign.yearGroups", "fifteen at most"),
    ("Query.ownReturnSteps", "what waits for one person; its rule counts fifty"),
    ("Query.provisions", "those of one record"),
    ("Query.returning", "children back this week with one person to acknowledge; its rule counts fifty"),
    ("Reader.flags", "the flags there are"),
    ("Reader.roles", "the roles there are"),
    ("ReintegrationReport.figures", "the two there are"),
    ("ReturnNote.present", "the kinds of people there are"),
    ("ReturnProgress.steps", "the steps of a return"),
    ("ReturningChild.waiting", "the two parts"),
    ("WarrnReturnFile.notes", "one for each step taken"),
    ("WarrnReturnFile.outcomes", "the outcomes there are"),
    ("WarrnReturnFile.possible", "the steps there are"),
    ("WarrnReturnFile.timeline", "one for each thing that happened"),
    ("Me.roles", "the roles there are"),
    ("Me.scopes", "the scopes there are"),
    ("Officer.keyAreas", "the key areas there are"),
    ("Query.officers", "the authority's contact list; its rule counts fifty"),
    ("Query.services", "the authority's services; its rule counts ten"),
    ("Referral.events", "one for each change of state; its rule counts five"),
    ("Referral.routing", "the officers of one service"),
    ("ReferralContent.said", "one for each question, answer or reason"),
    ("ServiceGate.phases", "the phases there are"),
    ("SurveyBreakdown.figures", "the questions of a questionnaire; what they hold is in the budget of objects"),
    ("SurveyCampaign.releases", "one for each correction; its rule counts five"),
    ("SurveyFigure.shares", "the options of a question"),
    ("SurveyHeatRow.cells", "eight, or the options of one question"),
    ("SurveyReport.standingOut", "the findings that compare schools with the authority"),
    ("SurveyReport.takenUp", "the approaches of the toolkit"),
    ("SurveyTable.figures", "the questions of a questionnaire; what they hold is in the budget of objects"),
    ("SurveyResults.figures", "the questions of a questionnaire; its parent's rule counts fifty"),
    ("WarrnAlert.references", "the last fifty of more"),
    ("WarrnContent.summary", "the authority's headings"),
    ("WarrnRecord.recipients", "two parts and their deputies"),
];

fn registry() -> Registry {
    let mut registry = Registry::default();
    Query::create_type_info(&mut registry);
    Mutation::create_type_info(&mut registry);
    // The parts the two are merged of are no types of the schema.
    registry.query_type = "Query".to_owned();
    registry.mutation_type = Some("Mutation".to_owned());
    registry.remove_unused_types();
    registry
}

fn fields(registry: &Registry) -> Vec<(String, &MetaField)> {
    let mut all = Vec::new();
    for (name, kind) in &registry.types {
        if let MetaType::Object { fields, .. } = kind {
            all.extend(fields.values().map(|f| (format!("{name}.{}", f.name), f)));
        }
    }
    all
}

#[test]
fn every_list_is_a_connection_or_small() {
    let registry = registry();
    let mut small = BTreeSet::new();
    for (place, field) in fields(&registry) {
        if field.ty.trim_end_matches('!').ends_with("Connection") {
            assert!(field.compute_complexity.is_some(), "{place} has no complexity rule");
            assert!(field.args.contains_key("first") && field.args.contains_key("after"), "{place}");
        }
        let of_connection = place.ends_with("Connection.edges") || place.ends_with("Connection.nodes");
        if field.ty.contains('[') && !of_connection && !place.ends_with(".userErrors") {
            assert!(SMALL_LISTS.iter().any(|(p, _)| *p == place), "{place} is a list nobody bounded");
            small.insert(place);
        }
    }
    assert_eq!(small.len(), SMALL_LISTS.len(), "a small list is gone: {small:?}");
}

#[test]
fn every_root_field_has_its_action() {
    let registry = registry();
    let all = fields(&registry);
    let root = |place: &str| place.starts_with("Query.") || place.starts_with("Mutation.");
    let roots: BTreeSet<_> = all.iter().filter(|(p, _)| root(p)).map(|(_, f)| f.name.as_str()).collect();
    let named: BTreeSet<_> = FIELDS.iter().map(|(name, _)| *name).collect();
    assert_eq!(roots, named);
    assert_eq!(named.len(), FIELDS.len(), "a field is named twice");
}

#[test]
fn what_may_be_refused_may_be_null() {
    let registry = registry();
    let all = fields(&registry);
    let roots = all.iter().filter(|(p, _)| p.starts_with("Query.") || p.starts_with("Mutation."));
    for (place, field) in roots {
        assert!(!field.ty.ends_with('!'), "{place} would take others with it when refused");
    }
    for (edge, _) in EDGES {
        let (_, field) = all.iter().find(|(p, _)| p == edge).unwrap_or_else(|| panic!("there is no {edge}"));
        assert!(!field.ty.ends_with('!'), "{edge} would take others with it when refused");
    }
}

#[test]
fn every_mutation_is_once_only() {
    let registry = registry();
    for (place, field) in fields(&registry).into_iter().filter(|(p, _)| p.starts_with("Mutation.")) {
        let input = field.args.get("input").unwrap_or_else(|| panic!("{place} has one input"));
        let Some(MetaType::InputObject { input_fields, .. }) = registry.types.get(input.ty.trim_end_matches('!'))
        else {
            panic!("{place} takes no input object")
        };
        assert_eq!((field.args.len(), input_fields["idempotencyKey"].ty.as_str()), (1, "String!"), "{place}");
        let makes = ["open", "send", "create", "start", "refer"].iter().any(|w| field.name.starts_with(w))
            || field.name == "reviewEmergencyAccess";
        // What is kept with a case overwrites nothing.
        let keeps = FIELDS.iter().any(|(row, needs)| *row == field.name && *needs == Some(Access::Case(Use::Keep)));
        assert_eq!(input_fields.contains_key("expectedVersion"), !makes && !keeps, "{place}");
    }
}

#[actix_web::test]
async fn a_list_loads_each_kind_once() {
    let world = World::new();
    for n in 0..10 {
        world.open(&format!("k{n}")).await.fine();
    }
    let query = "{ referrals(first: 10) { nodes { id schoolNumber serviceCode school { number name { cy } }
        service { code } officer { name } routing { text { cy } } events { kind } } } }";
    let visit = Visit::new(world.app.clone(), world.signed("submitter"));
    let tally = visit.tally.clone();
    let response = schema(&world.app).execute(Request::new(query).data(visit)).await;
    assert_eq!(response.errors, []);
    let data = serde_json::to_value(&response.data).unwrap();
    let nodes = data["referrals"]["nodes"].as_array().unwrap();
    assert_eq!(nodes.len(), 10);
    for node in nodes {
        assert_eq!((&node["school"]["number"], &node["service"]["code"]), (&json!("6764001"), &json!("eps")));
        assert_eq!(&node["officer"]["name"], "Educational Psychologist");
        assert_eq!(&node["events"][0]["kind"], "OPENED");
    }
    // Schools, services, officers, histories; before them the list, beside them one look at the directory's grant.
    assert_eq!(tally.batches.load(Ordering::Relaxed), 4);
    assert_eq!(tally.transactions.load(Ordering::Relaxed), 6);
}
