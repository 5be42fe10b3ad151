//! What a person types to find rows of the history, as conditions.

use rusqlite::types::Value;

/// More words than this are of no use to anybody, and each one costs a look at every row.
const WORDS: usize = 8;

/// Where a word is looked for; the items come last, since they are the longest.
const COLUMNS: [&str; 9] = [
    "label",
    "target",
    "word",
    "note",
    "invalidation",
    "refusal",
    "id",
    "account",
    "profile",
];

/// A condition for each word, and what is bound in it: the word stands in some column, or in an item. Capitals do not
/// matter.
pub(super) fn conditions(words: &str) -> (Vec<String>, Vec<Value>) {
    let mut conditions = Vec::new();
    let mut parameters = Vec::new();
    for word in words.split_whitespace().take(WORDS) {
        let anywhere = COLUMNS.map(|column| format!("{column} LIKE ? ESCAPE '\\' OR "));
        conditions.push(format!("({}items LIKE ? ESCAPE '\\')", anywhere.concat()));
        parameters.extend(COLUMNS.map(|_| pattern(word).into()));
        parameters.push(pattern(&in_json(word)).into());
    }
    (conditions, parameters)
}

fn pattern(word: &str) -> String {
    let mut pattern = String::from("%");
    for c in word.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// As the word stands within a text in JSON.
fn in_json(word: &str) -> String {
    let quoted = serde_json::Value::from(word).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_to_like_or_json_is_taken_as_it_is() {
        assert_eq!(pattern(r"100%_a\"), r"%100\%\_a\\%");
        assert_eq!(in_json("a\"b\\c"), r#"a\"b\\c"#);
        let (conditions, parameters) = conditions(" one  two ");
        assert_eq!((conditions.len(), parameters.len()), (2, 20));
    }
}
