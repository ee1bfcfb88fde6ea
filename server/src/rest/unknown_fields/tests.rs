use serde_json::json;

use super::*;

fn shape(method: &Method, path: &str) -> Arc<Shape> {
    let shapes = Shapes::of(&crate::rest::description());
    shapes.find(method, path).unwrap().clone()
}

fn paths(faults: &[FieldFault]) -> Vec<&str> {
    faults.iter().map(|fault| fault.path.as_str()).collect()
}

#[test]
fn fields_that_nobody_knows_are_named_however_deep_they_stand() {
    let shape = shape(&Method::PUT, "/api/v1/offerings/{id}/request-form");
    let body = json!({ "fields": [
        { "key": "a", "label": "A", "type": "integer", "min": 1, "max_length": 3 },
        { "key": "b", "label": "B", "type": "string", "max_length": 3, "colour": "red",
          "visible_when": { "field": "a", "equals": ["1"], "or": "2" } },
    ], "why": "" });
    let faults = shape.unknown_in(&body);
    let expected = [
        "fields[0].max_length",
        "fields[1].colour",
        "fields[1].visible_when.or",
        "why",
    ];
    assert_eq!(paths(&faults), expected);
}

#[test]
fn a_list_is_not_taken_for_the_fields_of_an_object_in_their_order() {
    let shape = shape(&Method::POST, "/api/v1/orders");
    let nested = json!({ "name": "x", "limits": ["1"] });
    assert_eq!(paths(&shape.lists_in(&json!(["x"]))), [""]);
    let shapes = Shapes::of(&crate::rest::description());
    let form = shapes
        .find(&Method::PUT, "/api/v1/offerings/{id}/request-form")
        .unwrap();
    let body = json!({ "fields": [["a", "A"], { "key": "b", "visible_when": ["a", []] }] });
    assert_eq!(
        paths(&form.lists_in(&body)),
        ["fields[0]", "fields[1].visible_when"]
    );
    assert!(
        shape.lists_in(&nested).is_empty(),
        "names of its own are read by the parser"
    );
}

#[test]
fn what_has_names_of_its_own_is_taken() {
    let shape = shape(&Method::POST, "/api/v1/orders");
    let body =
        json!({ "name": "x", "limits": { "any": "1" }, "attributes": { "any": { "thing": 1 } }, "nam": "y" });
    assert_eq!(paths(&shape.unknown_in(&body)), ["nam"]);
}

#[test]
fn parameters_are_known_by_their_decoded_names() {
    let shape = shape(&Method::GET, "/api/v1/offerings");
    let first_unknown = |query: &str| {
        pairs(query)
            .into_iter()
            .map(|(name, _)| name)
            .find(|name| !shape.takes(name))
    };
    assert_eq!(first_unknown("q=a&limit=3&f.gpu=a100&f%2Egpu=b"), None);
    assert_eq!(first_unknown("limit=3&categry=x").as_deref(), Some("categry"));
    assert_eq!(first_unknown("li%6Dit=3&&x"), Some("x".to_owned()));
}

/// Bodies of this shape that hold nothing but one day before the calendar, one for each place where a day can stand.
fn with_days(shape: &Shape, schema: &Json, depth: u8) -> Vec<Json> {
    let schema = shape.resolved(schema);
    match schema.get("format").and_then(Json::as_str) {
        Some("date") => return vec![json!("-9999-01-01")],
        Some("date-time") => return vec![json!("-9999-01-01T00:00:00Z")],
        _ if depth == 0 => return Vec::new(),
        _ => {}
    }
    let below = |part: &Json| with_days(shape, part, depth - 1);
    let parts = schema.get("allOf").and_then(Json::as_array).into_iter().flatten();
    let mut bodies: Vec<Json> = choices(schema).chain(parts).flat_map(below).collect();
    let items = schema.get("items").map(below).unwrap_or_default();
    bodies.extend(items.into_iter().map(|item| json!([item])));
    let properties = schema.get("properties").and_then(Json::as_object);
    for (name, part) in properties.into_iter().flatten() {
        for body in below(part) {
            let fixed = properties.into_iter().flatten();
            let fixed =
                fixed.filter_map(|(name, part)| Some((name.clone(), texts(part.get("enum")).next()?.into())));
            let mut object: Map<String, Json> = fixed.collect();
            object.insert(name.clone(), body);
            bodies.push(object.into());
        }
    }
    bodies
}

#[test]
fn no_day_or_instant_of_any_body_or_address_lies_beyond_the_calendar() {
    let shapes = Shapes::of(&crate::rest::description());
    let (mut bodies, mut parameters) = (0, 0);
    for (place, shape) in &shapes.by_place {
        for body in shape.body.iter().flat_map(|schema| with_days(shape, schema, 8)) {
            let faults = shape.unknown_in(&body);
            assert!(
                faults.iter().any(|fault| fault.code == "out_of_range"),
                "{place}: {body} {faults:?}"
            );
            bodies += 1;
        }
        let formats = shape.parameters.values().flatten();
        parameters += formats.filter(|format| format.starts_with("date")).count();
    }
    assert!(
        bodies > 10 && parameters > 5,
        "{bodies} in bodies, {parameters} in addresses"
    );
}

#[test]
fn of_many_unknown_fields_the_first_hundred_are_told() {
    let shape = shape(&Method::POST, "/api/v1/orders");
    let body: serde_json::Map<_, _> = (0..60_000)
        .map(|number| (format!("f{number}"), json!(1)))
        .collect();
    assert_eq!(shape.unknown_in(&serde_json::Value::Object(body)).len(), 100);
}
