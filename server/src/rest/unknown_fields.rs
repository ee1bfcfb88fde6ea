//! What is not described is refused: parameters of the address here, fields of bodies by [`Shape::unknown_in`]. Both read
//! the description, so they hold for every endpoint without its doing.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::Method;
use model::FieldFault;
use serde_json::{Map, Value as Json};

use super::{ApiProblem, days};

/// Faults that are told at once.
const MOST_FAULTS: usize = 100;

const WRONG_TYPE: &str = "wrong_type";

/// What every endpoint takes.
pub(crate) struct Shapes {
    by_place: HashMap<String, Arc<Shape>>,
}

/// What one endpoint takes.
pub(crate) struct Shape {
    /// Names with formats.
    parameters: BTreeMap<String, Option<String>>,
    /// Parameters that begin so are taken too: attributes of a category have names of their own.
    prefixes: Vec<String>,
    body: Option<Json>,
    named: Arc<Map<String, Json>>,
}

impl Shapes {
    /// Reads a description.
    pub(crate) fn of(description: &Json) -> Self {
        let named = description
            .pointer("/components/schemas")
            .and_then(Json::as_object)
            .cloned()
            .unwrap_or_default();
        let named = Arc::new(named);
        let mut by_place = HashMap::new();
        let paths = description.get("paths").and_then(Json::as_object);
        for (path, item) in paths.into_iter().flatten() {
            for (method, operation) in item.as_object().into_iter().flatten() {
                let shape = Shape::of(operation, named.clone());
                by_place.insert(place(&method.to_uppercase(), path), Arc::new(shape));
            }
        }
        Self { by_place }
    }

    fn find(&self, method: &Method, path: &str) -> Option<&Arc<Shape>> {
        let method = if method == Method::HEAD {
            &Method::GET
        } else {
            method
        };
        self.by_place.get(&place(method.as_str(), path))
    }
}

fn place(method: &str, path: &str) -> String {
    format!("{method} {path}")
}

fn texts(list: Option<&Json>) -> impl Iterator<Item = String> {
    let list = list.and_then(Json::as_array);
    list.into_iter()
        .flatten()
        .filter_map(|one| one.as_str().map(str::to_owned))
}

impl Shape {
    fn of(operation: &Json, named: Arc<Map<String, Json>>) -> Self {
        let parameters = operation.get("parameters").and_then(Json::as_array);
        let parameters = parameters
            .into_iter()
            .flatten()
            .filter(|one| one.get("in").and_then(Json::as_str) == Some("query"))
            .filter_map(|one| Some((one.get("name")?.as_str()?.to_owned(), one.get("schema"))));
        let mut shape = Self {
            parameters: BTreeMap::new(),
            prefixes: texts(operation.get("x-parameter-prefixes")).collect(),
            body: operation
                .pointer("/requestBody/content/application~1json/schema")
                .cloned(),
            named,
        };
        for (name, schema) in parameters {
            let format = schema.and_then(|schema| shape.format(schema)).map(str::to_owned);
            shape.parameters.insert(name, format);
        }
        shape
    }

    fn takes(&self, parameter: &str) -> bool {
        self.parameters.contains_key(parameter)
            || self.prefixes.iter().any(|prefix| parameter.starts_with(prefix))
    }

    /// Faults for lists where the shape has objects: a list would be taken for the fields in their order.
    pub(crate) fn lists_in(&self, body: &Json) -> Vec<FieldFault> {
        let faults = self.unknown_in(body).into_iter();
        faults.filter(|fault| fault.code == WRONG_TYPE).collect()
    }

    /// Faults for fields of a body that its shape does not know, and for days beyond the calendar.
    pub(crate) fn unknown_in(&self, body: &Json) -> Vec<FieldFault> {
        let mut faults = Vec::new();
        if let Some(schema) = &self.body {
            self.look(schema, body, "", &mut faults);
        }
        faults
    }

    fn look(&self, schema: &Json, value: &Json, at: &str, faults: &mut Vec<FieldFault>) {
        // Who sends so many has enough to correct.
        if faults.len() >= MOST_FAULTS {
            return;
        }
        match value {
            Json::Object(fields) => {
                let mut known = Known::default();
                self.gather(schema, fields, &mut known);
                for (name, value) in fields {
                    let path = join(at, name);
                    if let Some(part) = known
                        .properties
                        .get(name.as_str())
                        .copied()
                        .or(known.rest.as_ref())
                    {
                        self.look(part, value, &path, faults);
                    } else if !known.open && faults.len() < MOST_FAULTS {
                        let message = "There is no such field here.";
                        faults.push(FieldFault::at(path, "unknown_field", message));
                    }
                }
            }
            Json::Array(items) => {
                if let Some(schema) = self.items(schema) {
                    for (index, item) in items.iter().enumerate() {
                        self.look(schema, item, &format!("{at}[{index}]"), faults);
                    }
                } else if self.is_object(schema) {
                    faults.push(FieldFault::at(
                        at,
                        WRONG_TYPE,
                        "This is an object with named fields, not a list.",
                    ));
                }
            }
            Json::String(text) => faults.extend(days::fault(self.format(schema), text, at)),
            _ => {}
        }
    }

    fn format<'s>(&'s self, schema: &'s Json) -> Option<&'s str> {
        let schema = self.resolved(schema);
        let own = schema.get("format").and_then(Json::as_str);
        own.or_else(|| choices(schema).find_map(|choice| self.format(choice)))
    }

    fn resolved<'s>(&'s self, schema: &'s Json) -> &'s Json {
        let name = schema.get("$ref").and_then(Json::as_str);
        let name = name.and_then(|name| name.rsplit('/').next());
        name.and_then(|name| self.named.get(name)).unwrap_or(schema)
    }

    fn is_object(&self, schema: &Json) -> bool {
        let schema = self.resolved(schema);
        let parts = schema.get("allOf").and_then(Json::as_array);
        schema.get("properties").is_some()
            || parts.into_iter().flatten().any(|part| self.is_object(part))
            || choices(schema).any(|choice| self.is_object(choice))
    }

    fn items<'s>(&'s self, schema: &'s Json) -> Option<&'s Json> {
        let schema = self.resolved(schema);
        schema
            .get("items")
            .or_else(|| choices(schema).find_map(|choice| self.items(choice)))
    }

    /// The properties that an object of this shape may have. Of several choices those count whose fixed texts (`"type":
    /// "date"`) are the object's.
    fn gather<'s>(&'s self, schema: &'s Json, object: &Map<String, Json>, known: &mut Known<'s>) {
        let schema = self.resolved(schema);
        let properties = schema.get("properties").and_then(Json::as_object);
        let parts = schema.get("allOf").and_then(Json::as_array);
        let mut options = choices(schema).peekable();
        let says_nothing = properties.is_none() && parts.is_none() && options.peek().is_none();
        known.properties.extend(
            properties
                .into_iter()
                .flatten()
                .map(|(name, part)| (name.as_str(), part)),
        );
        match schema.get("additionalProperties") {
            Some(rest @ Json::Object(_)) => known.rest = Some(rest.clone()),
            None if says_nothing => known.open = true,
            _ => {}
        }
        for part in parts.into_iter().flatten() {
            self.gather(part, object, known);
        }
        for option in options.filter(|option| self.fits(option, object)) {
            self.gather(option, object, known);
        }
    }

    fn fits(&self, option: &Json, object: &Map<String, Json>) -> bool {
        let option = self.resolved(option);
        if option.get("type").and_then(Json::as_str) == Some("null") {
            return false;
        }
        let properties = option.get("properties").and_then(Json::as_object);
        properties.into_iter().flatten().all(|(name, part)| {
            let mut fixed = texts(part.get("enum")).peekable();
            match object.get(name).and_then(Json::as_str) {
                Some(text) if fixed.peek().is_some() => fixed.any(|one| one == text),
                _ => true,
            }
        })
    }
}

fn choices(schema: &Json) -> impl Iterator<Item = &Json> {
    ["oneOf", "anyOf"]
        .into_iter()
        .filter_map(|choice| schema.get(choice)?.as_array())
        .flatten()
}

#[derive(Default)]
struct Known<'s> {
    properties: HashMap<&'s str, &'s Json>,
    /// The shape of properties with any name.
    rest: Option<Json>,
    /// Anything is taken.
    open: bool,
}

fn join(at: &str, name: &str) -> String {
    if at.is_empty() {
        name.to_owned()
    } else {
        format!("{at}.{name}")
    }
}

/// Refuses parameters of the address that the endpoint does not describe, instead of ignoring what a typo meant.
pub(super) async fn refuse_unknown_parameters(
    State(shapes): State<Arc<Shapes>>,
    mut request: Request,
    next: Next,
) -> Response {
    let path = request.extensions().get::<MatchedPath>();
    let Some(shape) = path.and_then(|path| shapes.find(request.method(), path.as_str()).cloned()) else {
        return next.run(request).await;
    };
    let given = pairs(request.uri().query().unwrap_or_default());
    if let Some((name, _)) = given.iter().find(|(name, _)| !shape.takes(name)) {
        return refusal(&shape, name);
    }
    let beyond = given.iter().find_map(|(name, text)| {
        let format = shape.parameters.get(name)?;
        days::fault(format.as_deref(), text, name)
    });
    if let Some(fault) = beyond {
        let detail = fault.message.clone();
        return ApiProblem::malformed("bad_query", detail, vec![fault]).into_response();
    }
    request.extensions_mut().insert(shape);
    next.run(request).await
}

/// Names and values, decoded.
fn pairs(query: &str) -> Vec<(String, String)> {
    let decoded = |text: &str| {
        let text = text.replace('+', " ");
        let text = percent_encoding::percent_decode_str(&text);
        text.decode_utf8_lossy().into_owned()
    };
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (!name.is_empty()).then(|| (decoded(name), decoded(value)))
    };
    query.split('&').filter_map(pair).collect()
}

fn refusal(shape: &Shape, name: &str) -> Response {
    let name: String = name.chars().take(100).collect();
    let known: Vec<&str> = shape.parameters.keys().map(String::as_str).collect();
    let detail = if known.is_empty() {
        format!("There is no parameter “{name}”: this endpoint takes none in its address.")
    } else {
        format!(
            "There is no parameter “{name}”. This endpoint takes: {}.",
            known.join(", ")
        )
    };
    let message = "There is no such parameter here.";
    let fault = FieldFault::at(name, "unknown_parameter", message);
    ApiProblem::malformed("unknown_parameter", detail, vec![fault]).into_response()
}

#[cfg(test)]
mod tests;
