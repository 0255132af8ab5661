//! Every mutation of the schema, ready to be sent: the same write as [`Draft`]'s, in GraphQL's words.

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{BaseType, ServiceDocument, Type, TypeKind, TypeSystemDefinition};
use dolen_domain::kernel::PersonId;
use serde_json::{Map, Value, json};

use crate::clients::{Client, Request, fresh_key};
use crate::writes::Draft;
use crate::{Reply, TestApp};

/// A mutation that will succeed, with everything before it done.
#[derive(Clone)]
pub struct Mutation {
    /// Its field.
    pub name: String,
    /// Who sends it.
    pub by: PersonId,
    /// With what, but for the key.
    pub input: Value,
    text: String,
}

/// The schema as its text says it.
struct Schema(ServiceDocument);

impl Schema {
    fn read() -> Self {
        Self(parse_schema(dolen_api::graphql::sdl()).unwrap())
    }

    fn kind(&self, of: &str) -> Option<&TypeKind> {
        self.0.definitions.iter().find_map(|definition| match definition {
            TypeSystemDefinition::Type(t) if t.node.name.node == of => Some(&t.node.kind),
            _ => None,
        })
    }

    /// The fields of a type of objects or inputs: name and type.
    fn fields(&self, of: &str) -> Vec<(String, String)> {
        match self.kind(of) {
            Some(TypeKind::Object(o)) => {
                o.fields.iter().map(|f| (f.node.name.to_string(), named(&f.node.ty.node))).collect()
            }
            Some(TypeKind::InputObject(i)) => {
                i.fields.iter().map(|f| (f.node.name.to_string(), named(&f.node.ty.node))).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// The name of a type, without lists and exclamation marks.
fn named(of: &Type) -> String {
    let mut base = &of.base;
    loop {
        match base {
            BaseType::Named(name) => return name.to_string(),
            BaseType::List(inner) => base = &inner.base,
        }
    }
}

/// Every mutation there is.
#[must_use]
pub fn names() -> Vec<String> {
    Schema::read().fields("Mutation").into_iter().map(|(name, _)| name).collect()
}

/// `openReferral` as an operation is called: `open_referral`.
fn snake(name: &str) -> String {
    name.chars()
        .flat_map(|c| if c.is_ascii_uppercase() { vec!['_', c.to_ascii_lowercase()] } else { vec![c] })
        .collect()
}

/// `school_number` as a field is called: `schoolNumber`.
fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |all, word| all + &word[..1].to_ascii_uppercase() + &word[1..])
}

/// A REST body's value as this type writes it.
fn in_words_of(schema: &Schema, of: &str, value: &Value) -> Value {
    match (value, schema.kind(of)) {
        (Value::Array(items), _) => items.iter().map(|item| in_words_of(schema, of, item)).collect(),
        (Value::String(word), Some(TypeKind::Enum(_))) => json!(word.to_ascii_uppercase()),
        (Value::Object(map), Some(TypeKind::InputObject(_))) => {
            let fields = schema.fields(of);
            let translated = map.iter().map(|(name, value)| {
                let name = camel(name);
                let (_, of) = fields.iter().find(|(f, _)| *f == name).unwrap_or_else(|| panic!("{of} has no {name}"));
                (name.clone(), in_words_of(schema, of, value))
            });
            Value::Object(translated.collect::<Map<_, _>>())
        }
        _ => value.clone(),
    }
}

impl Mutation {
    /// A mutation, ready: made of the REST operation of its name.
    ///
    /// # Panics
    /// When no operation is called like it: then it is made here.
    pub async fn of(app: &TestApp, name: &str) -> Self {
        let schema = Schema::read();
        let draft = Draft::of(app, &snake(name)).await;
        let inputs = format!("{}{}Input", name[..1].to_ascii_uppercase(), &name[1..]);
        let mut input = in_words_of(&schema, &inputs, draft.body.as_ref().unwrap_or(&json!({})));
        let known: Vec<String> = schema.fields(&inputs).into_iter().map(|(field, _)| field).collect();
        if known.iter().any(|f| f == "id") {
            let id = draft.path.split('/').find(|part| part.len() == 36).expect("the record's id");
            input["id"] = json!(id);
        }
        // What is kept with a case is named after it in the address.
        let part = draft.path.split('/').filter(|part| part.len() == 36).nth(1);
        if let (Some(part), Some(field)) = (part, known.iter().find(|f| ["personId", "taskId"].contains(&f.as_str()))) {
            input[field] = json!(part);
        }
        if let Some(version) = &draft.version {
            input["expectedVersion"] = json!(version.trim_matches('"'));
        }
        let (_, payload) = schema.fields("Mutation").into_iter().find(|(n, _)| n == name).expect("it is of the schema");
        let (thing, of) =
            schema.fields(&payload).into_iter().find(|(f, _)| f != "userErrors").expect("what came of it");
        let fields = schema.fields(&of);
        let plain = fields.iter().filter(|(f, of)| {
            schema.fields(of).is_empty() && ["id", "version", "state", "beginsAt"].contains(&f.as_str())
        });
        let thing_fields: Vec<&str> = plain.map(|(f, _)| f.as_str()).collect();
        let thing = if thing_fields.is_empty() { thing } else { format!("{thing} {{ {} }}", thing_fields.join(" ")) };
        let text = format!(
            "mutation($input: {inputs}!) {{ {name}(input: $input) {{ {thing} userErrors {{ code pointer detail message mend }} }} }}"
        );
        Self { name: name.to_owned(), by: draft.by.expect("somebody signed in"), input, text }
    }

    /// Another, as good as this one: other words, or without words another version, or another case.
    #[must_use]
    pub fn otherwise(mut self) -> Self {
        if self.input["closesOn"].is_string() {
            self.input["closesOn"] = self.input["opensOn"].clone();
            return self;
        }
        let words =
            ["need", "question", "note", "answer", "agreement", "what", "name", "reason", "expectedVersion", "id"];
        // A word of a list is not as good as any other.
        let of_a_list = |text: &str| text.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
        let free = |word: &str| self.input[word].as_str().is_some_and(|text| !of_a_list(text));
        let word = words.iter().find(|w| free(w)).expect("an input with words");
        self.input[*word] = json!("2025/26");
        self
    }

    /// Its sender, signed in.
    #[must_use]
    pub fn sender(&self, app: &TestApp) -> Client {
        app.signed_in_as(self.by)
    }

    /// The request from this client, under a key.
    #[must_use]
    pub fn from(&self, client: &Client, key: &str) -> Request {
        let mut input = self.input.clone();
        input["idempotencyKey"] = json!(key);
        self.raw(client, &input)
    }

    /// The request with this input, whatever it is.
    #[must_use]
    pub fn raw(&self, client: &Client, input: &Value) -> Request {
        client
            .request(reqwest::Method::POST, "/v1/graphql")
            .json(&json!({"query": self.text, "variables": {"input": input}}))
    }

    /// Sends it as it should be sent.
    pub async fn sent(&self, app: &TestApp) -> Reply {
        let reply = self.from(&self.sender(app), &fresh_key()).await;
        assert_eq!(self.told(&reply), Ok(()), "{reply:?}");
        reply
    }

    /// Whether it was done, or the code it was refused with.
    ///
    /// # Errors
    /// The code.
    pub fn told(&self, reply: &Reply) -> Result<(), String> {
        let outside = reply.json["errors"][0]["extensions"]["code"].as_str();
        let inside = reply.json["data"][&self.name]["userErrors"][0]["code"].as_str();
        match (outside.or(inside), reply.json["data"][&self.name].is_object()) {
            (Some(code), _) => Err(code.to_owned()),
            (None, true) => Ok(()),
            (None, false) => Err(format!("{reply:?}")),
        }
    }
}
