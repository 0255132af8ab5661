//! The schema as its text says it.

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{BaseType, FieldDefinition, ServiceDocument, TypeKind, TypeSystemDefinition};
use dolen_api::graphql::sdl;

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
