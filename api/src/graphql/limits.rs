//! What is refused before anything runs. The builder's limits are not enough (`facts/reliability.md` M4): they expand
//! fragments before they count, and `__typename`, aliases and repeated fields cost them nothing.

use std::collections::HashMap;
use std::time::Duration;

use async_graphql::Positioned;
use async_graphql::parser::parse_query;
use async_graphql::parser::types::{ExecutableDocument, Field, Selection, SelectionSet};
use dolen_domain::kernel::Code;

use crate::config::Limits;

use super::lexer;
use super::problems::Flaw;

/// Largest request, bytes (`facts/reliability.md` GQL-2).
pub const BODY_BYTES: usize = 64 * 1024;
/// Longest time a request may take (D14).
pub const DEADLINE: Duration = Duration::from_secs(5);
/// Directives on one field.
pub const DIRECTIVES: usize = 2;
/// Selection sets within one another, fragments followed.
pub const RECURSION: usize = 16;
/// Brackets within one another: below what the parser's own recursion can take.
const NESTING: usize = 48;
/// Errors told of one query; the rest says nothing new.
pub const ERRORS: usize = 20;

/// Reads a query, or says why it is not even tried.
///
/// # Errors
/// A [`Flaw`] of the query.
pub fn read(query: &str, limits: &Limits) -> Result<ExecutableDocument, Flaw> {
    let not_graphql = |at| Flaw { code: Code::MalformedBody, detail: "the query is not GraphQL".to_owned(), at };
    let shape = lexer::scan(query).ok_or_else(|| not_graphql(None))?;
    if shape.tokens > limits.graphql_tokens {
        return Err(too_much("tokens", limits.graphql_tokens));
    }
    if shape.nesting > NESTING {
        return Err(too_much("brackets within one another", NESTING));
    }
    let document = parse_query(query).map_err(|e| not_graphql(e.positions().next()))?;
    check(&document, limits)?;
    Ok(document)
}

fn too_much(what: &str, limit: usize) -> Flaw {
    Flaw { code: Code::QueryTooExpensive, detail: format!("at most {limit} {what}"), at: None }
}

fn check(document: &ExecutableDocument, limits: &Limits) -> Result<(), Flaw> {
    // First the size with fragments written out, each fragment counted once: thirty small fragments that spread each
    // other twice are a thousand million fields, and no later step may walk them.
    let mut sizes = Sizes { document, known: HashMap::new() };
    let mut size = 0_usize;
    for (_, operation) in document.operations.iter() {
        size = size.saturating_add(sizes.of(&operation.node.selection_set.node)?);
    }
    if size > limits.graphql_tokens {
        return Err(too_much("fields, fragments written out", limits.graphql_tokens));
    }
    let mut counts = Counts::default();
    for (_, operation) in document.operations.iter() {
        counts.walk(document, &[&operation.node.selection_set.node])?;
    }
    if counts.aliases > limits.graphql_aliases {
        return Err(too_much("aliases", limits.graphql_aliases));
    }
    if counts.repeats > limits.graphql_aliases {
        return Err(too_much("repeated fields", limits.graphql_aliases));
    }
    Ok(())
}

/// How many fields a selection is, fragments written out.
struct Sizes<'d> {
    document: &'d ExecutableDocument,
    /// `None` while a fragment is being counted.
    known: HashMap<&'d str, Option<usize>>,
}

impl<'d> Sizes<'d> {
    fn of(&mut self, set: &'d SelectionSet) -> Result<usize, Flaw> {
        let mut size = 0_usize;
        for item in &set.items {
            let inner = match &item.node {
                Selection::Field(field) => self.of(&field.node.selection_set.node)?,
                Selection::InlineFragment(fragment) => self.of(&fragment.node.selection_set.node)?,
                Selection::FragmentSpread(spread) => {
                    self.fragment(spread.node.fragment_name.node.as_str(), item.pos)?
                }
            };
            size = size.saturating_add(inner).saturating_add(1);
        }
        Ok(size)
    }

    fn fragment(&mut self, name: &'d str, at: async_graphql::Pos) -> Result<usize, Flaw> {
        // An unknown one is left to the validation, which names it.
        let Some(fragment) = self.document.fragments.get(name) else {
            return Ok(0);
        };
        match self.known.get(name) {
            Some(Some(size)) => return Ok(*size),
            Some(None) => {
                return Err(Flaw {
                    code: Code::InvalidBody,
                    detail: "fragments lead back to themselves".to_owned(),
                    at: Some(at),
                });
            }
            None => {}
        }
        self.known.insert(name, None);
        let size = self.of(&fragment.node.selection_set.node)?;
        self.known.insert(name, Some(size));
        Ok(size)
    }
}

/// What is counted over the fields as they would run: merged by their name in the answer.
#[derive(Default)]
struct Counts {
    aliases: usize,
    repeats: usize,
}

impl Counts {
    fn walk<'d>(&mut self, document: &'d ExecutableDocument, sets: &[&'d SelectionSet]) -> Result<(), Flaw> {
        let mut fields: HashMap<&str, Vec<&'d Field>> = HashMap::new();
        for set in sets {
            self.collect(document, set, &mut fields)?;
        }
        for same in fields.values() {
            self.repeats += same.len().saturating_sub(1);
            let below: Vec<&SelectionSet> =
                same.iter().map(|f| &f.selection_set.node).filter(|s| !s.items.is_empty()).collect();
            if !below.is_empty() {
                self.walk(document, &below)?;
            }
        }
        Ok(())
    }

    fn collect<'d>(
        &mut self,
        document: &'d ExecutableDocument,
        set: &'d SelectionSet,
        into: &mut HashMap<&'d str, Vec<&'d Field>>,
    ) -> Result<(), Flaw> {
        for item in &set.items {
            match &item.node {
                Selection::Field(field) => {
                    self.field(field)?;
                    let name = field.node.response_key().node.as_str();
                    into.entry(name).or_default().push(&field.node);
                }
                Selection::InlineFragment(fragment) => {
                    self.collect(document, &fragment.node.selection_set.node, into)?;
                }
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                        self.collect(document, &fragment.node.selection_set.node, into)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn field(&mut self, field: &Positioned<Field>) -> Result<(), Flaw> {
        if field.node.alias.is_some() {
            self.aliases += 1;
        }
        let name = field.node.name.node.as_str();
        if name.starts_with("__") && name != "__typename" {
            return Err(Flaw {
                code: Code::InvalidBody,
                detail: "introspection is off; the schema is at /v1/graphql/schema.graphql".to_owned(),
                at: Some(field.pos),
            });
        }
        Ok(())
    }
}
