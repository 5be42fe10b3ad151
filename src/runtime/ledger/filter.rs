//! Translates the user's filter for the history into SQL conditions.

use regex_lite::Regex;
use rusqlite::Connection;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::Value;

use super::row::first_items;
use super::trouble::Trouble;
use crate::domain::filter::{Filter, Pattern, Term, compiled};
use crate::domain::record;

/// The columns searched for a term that names no column. The items come last because they are the longest.
const ANYWHERE: [&str; 10] = [
    "label",
    "target",
    "word",
    "note",
    "invalidation",
    "refusal",
    "id",
    "account",
    "profile",
    ITEMS,
];

/// The database columns for each column of the page, in the order of [`record::COLUMNS`].
const COLUMNS: [&[&str]; record::COLUMNS.len()] = [
    &["word", "refusal"],
    &["created"],
    &["label", "target"],
    &[ITEMS],
    &["item_count"],
    &["note"],
    &["invalidation", "id"],
    &["account", "profile"],
];

/// The column that contains a JSON list.
const ITEMS: &str = "items";

/// Returns a condition for each term, with the values to bind. Each condition requires that some column or item contain
/// the term. Words are case-insensitive.
pub(super) fn conditions(typed: &str) -> (Vec<String>, Vec<Value>) {
    let filter = Filter::parse(typed, &record::COLUMNS);
    let (conditions, bound): (Vec<_>, Vec<_>) = filter.terms().iter().map(condition).unzip();
    (conditions, bound.concat())
}

fn condition(term: &Term) -> (String, Vec<Value>) {
    let named = term.column.and_then(|column| COLUMNS.get(column).copied());
    let columns = named.unwrap_or(&ANYWHERE);
    let each: Vec<String> = columns.iter().map(|column| found_in(column, &term.pattern)).collect();
    let bound = columns.iter().map(|column| bound(column, &term.pattern)).collect();
    let any = each.join(" OR ");
    // A column without a value matches nothing.
    let condition = if term.negated {
        format!("NOT coalesce({any}, 0)")
    } else {
        format!("({any})")
    };
    (condition, bound)
}

fn found_in(column: &str, pattern: &Pattern) -> String {
    match pattern {
        Pattern::Word(_) => format!("{column} LIKE ? ESCAPE '\\'"),
        Pattern::Regex(_) if column == ITEMS => format!("finds_item(?, {column})"),
        Pattern::Regex(_) => format!("finds(?, {column})"),
    }
}

fn bound(column: &str, looked_for: &Pattern) -> Value {
    match looked_for {
        Pattern::Word(word) if column == ITEMS => pattern(&in_json(word)).into(),
        Pattern::Word(word) => pattern(word).into(),
        Pattern::Regex(regex) => regex.as_str().to_owned().into(),
    }
}

/// Registers the SQL functions that the conditions call.
pub(super) fn teach(connection: &Connection) -> Result<(), Trouble> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("finds", 2, flags, |call| {
        let regex = regex(call)?;
        let text: Option<String> = call.get_raw(1).as_str_or_null().unwrap_or_default().map(str::to_owned);
        Ok(text.is_some_and(|text| regex.is_match(&text)))
    })?;
    connection.create_scalar_function("finds_item", 2, flags, |call| {
        let regex = regex(call)?;
        let items = call.get_raw(1).as_str().map(all_items).unwrap_or_default();
        Ok(items.iter().any(|item| regex.is_match(item)))
    })?;
    Ok(())
}

/// Returns the regular expression, compiled once for all rows.
fn regex(call: &Context<'_>) -> rusqlite::Result<std::sync::Arc<Regex>> {
    call.get_or_create_aux(0, |pattern| -> Result<_, Box<dyn std::error::Error + Send + Sync>> {
        Ok(compiled(pattern.as_str()?)?)
    })
}

/// Returns all items of a list; if the list is damaged, only those before the damage.
fn all_items(json: &str) -> Vec<String> {
    serde_json::from_str(json).unwrap_or_else(|_| first_items(json))
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

/// Returns a word as it appears inside a JSON string.
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
        let (conditions, parameters) = super::conditions("!note:x /a b/");
        assert_eq!(conditions[0], "NOT coalesce(note LIKE ? ESCAPE '\\', 0)");
        assert_eq!((conditions.len(), parameters.len()), (2, 11));
    }
}
