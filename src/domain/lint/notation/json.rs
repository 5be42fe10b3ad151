//! Reads JSON: whole documents written by the AWS CLI, single lines of them, and names quoted by git.

use serde_json::Value;

use super::{Form, Reading, begins_item};

/// The keys that the AWS CLI writes next to the items.
const NO_ITEMS: [&str; 7] = [
    "Location",
    "Id",
    "Status",
    "CreateTime",
    "CallerReference",
    "DistributionId",
    "ETag",
];

/// Returns the items of a JSON document that is either a list of items or a batch of the AWS CLI. Returns `None` for
/// any other document, or if an item would not fit on one line.
pub(crate) fn document(text: &str) -> Option<Vec<String>> {
    let text = text.trim();
    if !text.starts_with(['{', '[']) {
        return None;
    }
    let value = serde_json::from_str(text).ok()?;
    let are_lines =
        |items: &Vec<String>| !items.is_empty() && !items.iter().any(|item| item.contains(char::is_control));
    batch(&value).filter(are_lines)
}

/// Reads a line that is JSON or part of a JSON document.
pub(super) fn read(text: &str) -> Option<Reading> {
    if !text.starts_with(['"', '{', '[', '}', ']']) {
        return None;
    }
    let bare = text.trim_end_matches([',', ';', ' ']);
    let wrapped = || serde_json::from_str(&format!("[{bare}]")).ok();
    let member = || serde_json::from_str(&format!("{{{bare}}}")).ok();
    if let Some(value) = serde_json::from_str(bare).ok().or_else(wrapped).or_else(member) {
        return of_value(&value);
    }
    if is_frame(bare) {
        return Some(Reading::new(Form::Json, Vec::new(), true));
    }
    let name = super::row::c_quoted(bare)?;
    Some(Reading::new(Form::Git, vec![name], true))
}

fn of_value(value: &Value) -> Option<Reading> {
    if let Value::String(text) = value {
        return (!text.trim().is_empty()).then(|| Reading::new(Form::Marks, vec![text.trim().to_owned()], true));
    }
    if let Some(items) = batch(value) {
        return Some(Reading::new(Form::Json, items, true));
    }
    match value {
        Value::Object(members) => {
            let of_ours = members.iter().filter(|(name, _)| !NO_ITEMS.contains(&name.as_str()));
            let items: Vec<String> = of_ours
                .filter_map(|(_, value)| value.as_str())
                .filter(|text| begins_item(text))
                .map(str::to_owned)
                .collect();
            let certain = items.is_empty();
            Some(Reading::new(Form::Json, items, certain))
        }
        _ => None,
    }
}

/// Returns the strings of a list, or of the list named `Items` anywhere in a document.
fn batch(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::Array(values) => values
            .iter()
            .map(|value| value.as_str().map(|text| text.trim().to_owned()))
            .collect(),
        Value::Object(members) => match members.get("Items").and_then(batch) {
            Some(items) => Some(items),
            None => members.values().filter(|value| value.is_object()).find_map(batch),
        },
        _ => None,
    }
}

/// Returns whether a line contains only brackets, optionally after a key, e.g. `"Items": [`.
fn is_frame(text: &str) -> bool {
    let is_bracket = |c: char| matches!(c, '[' | ']' | '{' | '}' | ',') || c.is_whitespace();
    let behind = text.trim_end_matches(is_bracket);
    let is_name = |name: &str| serde_json::from_str::<String>(name).is_ok();
    behind.is_empty() || behind.strip_suffix(':').is_some_and(|name| is_name(name.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_of_the_aws_command_and_its_answer_give_their_items() {
        let batch = r#"{"Paths": {"Quantity": 2, "Items": ["/a", "/b*"]}, "CallerReference": "x"}"#;
        let answer =
            format!(r#"{{"Location": "https://x/y", "Invalidation": {{"Id": "I1", "InvalidationBatch": {batch}}}}}"#);
        for text in [batch, &answer, r#"["/a","/b*"]"#] {
            assert_eq!(document(text), Some(vec!["/a".to_owned(), "/b*".to_owned()]), "{text}");
        }
        for text in ["{}", "[1]", "[]", "/a", "[", r#"{"Items": [{"Id": "I1"}]}"#] {
            assert_eq!(document(text), None, "{text}");
        }
    }

    #[test]
    fn a_line_of_json_gives_what_it_holds() {
        let items = |text| read(text).map(|found| (found.items.join(" "), found.certain));
        let certain = |items: &str| Some((items.to_owned(), true));
        for frame in [
            "{",
            "},",
            "[",
            "]",
            "\"Items\": [",
            "\"Paths\": {",
            "\"Quantity\": 2,",
            "\"Id\": \"I1\",",
        ] {
            assert_eq!(items(frame), certain(""), "{frame}");
        }
        assert_eq!(items(r#""\/x","#), certain("/x"));
        assert_eq!(items(r#""/a","/b""#), certain("/a /b"));
        assert_eq!(items(r#""Items": ["/a", "/b"],"#), certain("/a /b"));
        assert_eq!(
            items(r#""main.js": "/static/main.1.js","#),
            Some(("/static/main.1.js".to_owned(), false))
        );
        assert_eq!(items(r#""caf\303\251.html""#), certain("café.html"));
        assert_eq!(items("{{ page.url }}"), None);
        assert_eq!(items("[docs](/a)"), None);
    }
}
