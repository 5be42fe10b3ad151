//! Validates the output of a command against the schema in `docs/schema` that describes it.

use std::path::Path;

use serde_json::Value;

use super::schema::faults;

type Failure = Box<dyn std::error::Error>;

/// The schema with this name.
fn schema(name: &str) -> Result<Value, Failure> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/schema/{name}.json"));
    Ok(serde_json::from_str(&std::fs::read_to_string(file)?)?)
}

/// The one document that was printed, which keeps to the schema.
pub(crate) fn document(name: &str, printed: &str) -> Result<Value, Failure> {
    let value: Value = serde_json::from_str(printed).map_err(|error| format!("{error}: {printed}"))?;
    assert_eq!(faults(&schema(name)?, &value), Vec::<String>::new(), "{printed}");
    Ok(value)
}

/// The objects that were printed one a line; each keeps to what the schema says of the rows under `key`.
pub(crate) fn lines(name: &str, key: &str, printed: &str) -> Result<Vec<Value>, Failure> {
    let mut schema = schema(name)?;
    let rows = schema["properties"][key]["items"].take();
    let mut root = rows;
    root["$defs"] = schema["$defs"].take();
    let values: Vec<Value> = printed.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    for value in &values {
        assert_eq!(faults(&root, value), Vec::<String>::new(), "{value}");
    }
    Ok(values)
}
