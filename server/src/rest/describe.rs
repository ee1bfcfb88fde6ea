//! Completes the description that utoipa writes from the handlers: what holds for every operation is said here once, so
//! that no handler can forget it. Its rules: [`refusals`] (each operation lists the statuses and codes that it can really
//! answer), [`bodies`] (nothing unknown is taken; a PATCH leaves out what stays), [`headers`], [`examples`],
//! and [`events`], what webhooks are told.

mod bodies;
mod events;
mod examples;
mod headers;
mod problems;
mod refusals;
mod unite;
mod wording;

use serde_json::{Map, Value as Json};

pub(super) use self::problems::status_of;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// An operation of the description.
pub(super) struct Operation<'a> {
    pub(super) method: &'a str,
    pub(super) fields: &'a mut Map<String, Json>,
}

impl Operation<'_> {
    fn parameters(&self) -> impl Iterator<Item = &Json> {
        let all = self.fields.get("parameters").and_then(Json::as_array);
        all.into_iter().flatten()
    }

    fn has_parameter(&self, place: &str, name: &str) -> bool {
        self.parameters().any(|one| {
            let is = |field: &str, text: &str| one.get(field).and_then(Json::as_str) == Some(text);
            is("in", place) && is("name", name)
        })
    }

    fn has_parameter_in(&self, place: &str) -> bool {
        self.parameters()
            .any(|one| one.get("in").and_then(Json::as_str) == Some(place))
    }

    fn has_body(&self) -> bool {
        self.fields.contains_key("requestBody")
    }

    /// The answers by status.
    fn responses(&mut self) -> impl Iterator<Item = (&str, &mut Map<String, Json>)> {
        let all = self.fields.get_mut("responses").and_then(Json::as_object_mut);
        all.into_iter()
            .flatten()
            .filter_map(|(status, response)| Some((status.as_str(), response.as_object_mut()?)))
    }
}

/// Makes the description whole.
pub(super) fn complete(api: &mut Json) {
    wording::add_descriptions(api);
    unite::unite(api);
    bodies::close(api);
    each_operation(api, |operation| {
        headers::add(operation);
        refusals::add(operation);
    });
    refusals::add_shared(api);
    examples::add(api);
    events::add(api);
}

fn each_operation(api: &mut Json, mut work: impl FnMut(&mut Operation<'_>)) {
    let paths = api.get_mut("paths").and_then(Json::as_object_mut);
    for (_, item) in paths.into_iter().flatten() {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            if let Some(fields) = operation
                .as_object_mut()
                .filter(|_| METHODS.contains(&method.as_str()))
            {
                work(&mut Operation { method, fields });
            }
        }
    }
}
