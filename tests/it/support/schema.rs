//! The subset of JSON Schema that `docs/schema` uses, so that real output can be validated against it.

use serde_json::Value;

/// Everything in which a value differs from a schema; nothing is the empty list. What a schema says that is not known
/// here is a fault of the schema.
pub(crate) fn faults(schema: &Value, value: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    check(schema, schema, value, "$", &mut faults);
    faults
}

const KNOWN: &[&str] = &[
    "$schema",
    "$id",
    "$defs",
    "$ref",
    "title",
    "description",
    "type",
    "enum",
    "const",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "format",
    "minimum",
    "pattern",
    "anyOf",
];

fn check(root: &Value, schema: &Value, value: &Value, place: &str, faults: &mut Vec<String>) {
    let Some(rules) = schema.as_object() else {
        return faults.push(format!("{place}: the schema is no object"));
    };
    for (rule, wanted) in rules {
        if !KNOWN.contains(&rule.as_str()) {
            faults.push(format!("{place}: the schema's {rule} is not known to the tests"));
        }
        match rule.as_str() {
            "$ref" => {
                let name = wanted
                    .as_str()
                    .and_then(|name| name.strip_prefix('#'))
                    .unwrap_or_default();
                match root.pointer(name) {
                    Some(meant) => check(root, meant, value, place, faults),
                    None => faults.push(format!("{place}: {wanted} leads nowhere")),
                }
            }
            "type" if !types(wanted).iter().any(|name| is_of_type(name, value)) => {
                faults.push(format!("{place}: {value} is not {wanted}"));
            }
            "enum" if wanted.as_array().is_some_and(|all| !all.contains(value)) => {
                faults.push(format!("{place}: {value} is none of {wanted}"));
            }
            "const" if wanted != value => faults.push(format!("{place}: {value} is not {wanted}")),
            "minimum" if value.is_number() && value.as_f64() < wanted.as_f64() => {
                faults.push(format!("{place}: {value} is too small"));
            }
            "format" if wanted == "date-time" => {
                let is_time = |text: &str| text.ends_with('Z') && chrono::DateTime::parse_from_rfc3339(text).is_ok();
                if value.as_str().is_some_and(|text| !is_time(text)) {
                    faults.push(format!("{place}: {value} is no time in UTC"));
                }
            }
            "anyOf" => {
                let fits = |schema: &Value| {
                    let mut inner = Vec::new();
                    check(root, schema, value, place, &mut inner);
                    inner.is_empty()
                };
                if !wanted.as_array().is_some_and(|all| all.iter().any(fits)) {
                    faults.push(format!("{place}: {value} fits none"));
                }
            }
            _ => {}
        }
    }
    if let Some(object) = value.as_object() {
        check_object(root, schema, object, place, faults);
    }
    if let (Some(items), Some(schema)) = (value.as_array(), schema.get("items")) {
        for (at, item) in items.iter().enumerate() {
            check(root, schema, item, &format!("{place}[{at}]"), faults);
        }
    }
}

fn check_object(
    root: &Value,
    schema: &Value,
    object: &serde_json::Map<String, Value>,
    place: &str,
    faults: &mut Vec<String>,
) {
    let required = schema["required"].as_array().map(Vec::as_slice).unwrap_or_default();
    for name in required
        .iter()
        .filter_map(Value::as_str)
        .filter(|name| !object.contains_key(*name))
    {
        faults.push(format!("{place}: {name} is missing"));
    }
    for (name, inner) in object {
        match schema["properties"].get(name) {
            Some(schema) => check(root, schema, inner, &format!("{place}.{name}"), faults),
            None if schema["additionalProperties"] == Value::Bool(false) => {
                faults.push(format!("{place}: {name} is not in the schema"));
            }
            None => {}
        }
    }
}

fn types(wanted: &Value) -> Vec<&str> {
    match wanted {
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        name => name.as_str().into_iter().collect(),
    }
}

fn is_of_type(name: &str, value: &Value) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        _ => false,
    }
}

#[test]
fn the_checker_sees_faults() {
    let schema = serde_json::json!({
        "type": "object", "required": ["at"], "additionalProperties": false,
        "properties": {"at": {"$ref": "#/$defs/time"}, "list": {"type": "array", "items": {"enum": [1, 2]}}},
        "$defs": {"time": {"type": "string", "format": "date-time"}},
    });
    for (value, wrong) in [
        (serde_json::json!({"at": "2026-11-22T10:00:00Z", "list": [1, 2]}), 0),
        (serde_json::json!({"at": "2026-11-22T10:00:00+01:00"}), 1),
        (serde_json::json!({"at": 7, "list": [3]}), 2),
        (serde_json::json!({"more": 1}), 2),
        (serde_json::json!([]), 1),
    ] {
        assert_eq!(
            faults(&schema, &value).len(),
            wrong,
            "{value}: {:?}",
            faults(&schema, &value)
        );
    }
}
