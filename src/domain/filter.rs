//! Parses the filter text that finds rows: `word`, `!word`, `column:word` and `/regex/`. A row must satisfy every term.

use regex_lite::{Regex, RegexBuilder};

/// The maximum number of terms. No user needs more, and each term is tested on every row.
const TERMS: usize = 8;
/// The size limit of a compiled regular expression, in bytes.
const REGEX_SIZE: usize = 256 * 1024;

/// The conditions that a row must satisfy.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    terms: Vec<Term>,
    mistake: Option<String>,
}

/// One condition of a filter.
#[derive(Clone, Debug)]
pub struct Term {
    /// Whether the condition is negated.
    pub negated: bool,
    /// The index of the column that the condition applies to; `None` means all columns.
    pub column: Option<usize>,
    /// The pattern to search for.
    pub pattern: Pattern,
}

/// A pattern to search for in text.
#[derive(Clone, Debug)]
pub enum Pattern {
    /// A word within the text. Case matters if the word contains a capital letter.
    Word(String),
    /// A regular expression.
    Regex(Regex),
}

impl Filter {
    /// Parses the typed text for a table with these columns. A prefix of a column's name is sufficient. A colon after
    /// anything else is part of the word.
    #[must_use]
    pub fn parse(text: &str, columns: &[&str]) -> Self {
        let mut filter = Self::default();
        let mut rest = text.trim_start();
        while !rest.is_empty() && filter.terms.len() < TERMS {
            let (negated, after) = match rest.strip_prefix('!') {
                Some(after) => (true, after),
                None => (false, rest),
            };
            let (column, after) = column_of(after, columns);
            let (word, after) = next(after);
            rest = after.trim_start();
            filter.take(negated, column, word);
        }
        if !rest.is_empty() {
            filter.mistake = Some(format!("only the first {TERMS} words are used"));
        }
        filter
    }

    fn take(&mut self, negated: bool, column: Option<usize>, word: &str) {
        // The user is still typing: there is a prefix, but no word yet.
        if word.is_empty() {
            return;
        }
        let pattern = match regex_of(word).map(compiled) {
            Some(Ok(regex)) => Pattern::Regex(regex),
            Some(Err(mistake)) => {
                self.mistake = Some(mistake);
                Pattern::Word(word.to_owned())
            }
            None => Pattern::Word(word.to_owned()),
        };
        self.terms.push(Term {
            negated,
            column,
            pattern,
        });
    }

    /// Returns the terms in the order they were typed.
    #[must_use]
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// Returns a sentence about what is wrong: an invalid regular expression, which is searched for as a word, or too
    /// many words.
    #[must_use]
    pub fn mistake(&self) -> Option<&str> {
        self.mistake.as_deref()
    }

    /// Returns the words if only plain words were typed.
    #[must_use]
    pub fn plain(&self) -> Option<Vec<&str>> {
        let word = |term: &'_ Term| term.word().is_some() && !term.negated && term.column.is_none();
        let all = self.terms.iter().all(word);
        all.then(|| self.terms.iter().filter_map(Term::word).collect())
    }

    /// Returns whether a row satisfies the filter: `whole` is all of the row's searchable text, and `cell` returns the
    /// text of a column.
    #[must_use]
    pub fn finds(&self, whole: &str, cell: impl Fn(usize) -> String) -> bool {
        self.terms.iter().all(|term| {
            let found = match term.column {
                Some(column) => term.pattern.is_in(&cell(column)),
                None => term.pattern.is_in(whole),
            };
            found != term.negated
        })
    }
}

impl Term {
    fn word(&self) -> Option<&str> {
        match &self.pattern {
            Pattern::Word(word) => Some(word),
            Pattern::Regex(_) => None,
        }
    }
}

impl Pattern {
    /// Returns whether the text contains the pattern.
    #[must_use]
    pub fn is_in(&self, text: &str) -> bool {
        match self {
            Self::Word(word) if word.chars().any(char::is_uppercase) => text.contains(word.as_str()),
            Self::Word(word) => text.to_lowercase().contains(&word.to_lowercase()),
            Self::Regex(regex) => regex.is_match(text),
        }
    }
}

/// Compiles a regular expression; case matters only if the pattern contains a capital letter.
///
/// # Errors
/// A sentence explaining why the pattern is invalid.
pub fn compiled(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new(pattern)
        .case_insensitive(!pattern.chars().any(char::is_uppercase))
        .size_limit(REGEX_SIZE)
        .build()
        .map_err(|error| format!("/{pattern}/ is not a valid regex, so it is searched for as plain text: {error}"))
}

fn regex_of(word: &str) -> Option<&str> {
    let inner = word.strip_prefix('/')?.strip_suffix('/')?;
    (!inner.is_empty()).then_some(inner)
}

/// Splits a leading column name and its colon off the text.
fn column_of<'a>(text: &'a str, columns: &[&str]) -> (Option<usize>, &'a str) {
    const SHORTEST: usize = 2;
    let Some((name, rest)) = text.split_once(':') else {
        return (None, text);
    };
    let plain = |name: &str| name.chars().filter(|c| *c != ' ').collect::<String>().to_lowercase();
    let typed = plain(name);
    if name.chars().any(char::is_whitespace) || typed.len() < SHORTEST {
        return (None, text);
    }
    match columns.iter().position(|column| plain(column).starts_with(&typed)) {
        Some(column) => (Some(column), rest),
        None => (None, text),
    }
}

/// Splits off the next word. A regular expression may contain spaces.
fn next(text: &str) -> (&str, &str) {
    let blank = |text: &str| text.find(char::is_whitespace).unwrap_or(text.len());
    if let Some(inner) = text.strip_prefix('/') {
        let ends = inner.match_indices('/').map(|(at, _)| at + 2);
        let closing = ends.filter(|at| text.get(*at..).is_some_and(|rest| rest.is_empty() || blank(rest) == 0));
        if let Some(end) = closing.min() {
            return text.split_at(end);
        }
    }
    text.split_at(blank(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [&str; 3] = ["Aliases", "Last invalidation", ""];

    fn finds(filter: &str, cells: [&str; 2]) -> bool {
        let cell = |column: usize| cells.get(column).copied().unwrap_or_default().to_owned();
        Filter::parse(filter, &COLUMNS).finds(&cells.join(" "), cell)
    }

    #[test]
    fn each_term_must_hold() {
        let row = ["www.shop.example", "/en/* Release"];
        for (filter, found) in [
            ("", true),
            ("shop", true),
            ("SHOP", false),
            ("release shop", true),
            ("shop docs", false),
            ("!docs", true),
            ("!shop", false),
            ("!", true),
            ("alias:shop", true),
            ("aliases:release", false),
            ("lastinv:release", true),
            ("!last:release", false),
            ("alias:", true),
            ("x:y", false),
            ("/^www\\..*rel/", true),
            ("/^shop/", false),
            ("alias:/example$/", true),
            ("!/shop example/", true),
            ("/en/*", true),
            ("/en/", true),
        ] {
            assert_eq!(finds(filter, row), found, "{filter}");
        }
    }

    #[test]
    fn a_wrong_expression_is_a_word_and_said() {
        let filter = Filter::parse("/a(/", &COLUMNS);
        assert!(filter.mistake().is_some() && filter.finds("x/a(/y", |_| String::new()));
        assert_eq!(Filter::parse("a b", &COLUMNS).plain(), Some(vec!["a", "b"]));
        assert_eq!(Filter::parse("a !b", &COLUMNS).plain(), None);
        assert_eq!(Filter::parse("a b c d e f g h", &COLUMNS).mistake(), None);
        let many = Filter::parse("a b c d e f g h i", &COLUMNS);
        assert_eq!(many.mistake(), Some("only the first 8 words are used"));
    }

    #[test]
    fn hostile_text_is_read_to_its_end() {
        for text in [
            "/",
            "//",
            "!!",
            "!/",
            ":",
            "é:é",
            "/é/ü",
            "////",
            "a:/",
            &"x ".repeat(500),
        ] {
            let _ = Filter::parse(text, &COLUMNS).finds("é", |_| String::new());
        }
        assert!(compiled(&"a{1000}".repeat(100)).is_err());
    }
}
