//! Completes the path at the end of an input line.

/// How paths are written in an input line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// The whole line is one path.
    Whole,
    /// The line has several words, separated by spaces; a backslash escapes a space.
    Words,
}

/// An incomplete path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypedPath {
    /// The folder part, including its trailing `/`; empty for the program's initial working directory.
    pub folder: String,
    /// The beginning of the name in that folder.
    pub begin: String,
    names: Names,
}

/// The result of a completion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Completed {
    /// The text to append.
    Rest(String),
    /// The names to choose from.
    OneOf(Vec<String>),
    /// No name starts with the typed text.
    Nothing,
}

impl TypedPath {
    /// Returns the path at the end of a line, or `None` if there is a quote, a `FOLDER=URL` map or a URL instead of a
    /// plain path.
    #[must_use]
    pub fn at_end(line: &str, names: Names) -> Option<Self> {
        let word = match names {
            Names::Whole => line.trim_start().to_owned(),
            Names::Words => last_word(line)?,
        };
        if word.contains("://") {
            return None;
        }
        let (folder, begin) = match word.rfind('/') {
            Some(slash) => word.split_at(slash + 1),
            None if word == "~" => ("", "~"),
            None => ("", word.as_str()),
        };
        Some(Self {
            folder: folder.to_owned(),
            begin: begin.to_owned(),
            names,
        })
    }

    /// Completes the path using the names in its folder. Folder names end in `/`.
    #[must_use]
    pub fn completed(&self, names: &[String]) -> Completed {
        if self.folder.is_empty() && self.begin == "~" {
            return Completed::Rest("/".to_owned());
        }
        let hidden = self.begin.starts_with('.');
        let fits = |name: &&String| name.starts_with(&self.begin) && (hidden || !name.starts_with('.'));
        let found: Vec<&String> = names.iter().filter(fits).collect();
        let Some(first) = found.first() else {
            return Completed::Nothing;
        };
        let shared = found.iter().fold(first.as_str(), |shared, name| common(shared, name));
        match shared.get(self.begin.len()..).filter(|rest| !rest.is_empty()) {
            Some(rest) => Completed::Rest(self.written(rest)),
            None => Completed::OneOf(found.into_iter().cloned().collect()),
        }
    }

    fn written(&self, rest: &str) -> String {
        match self.names {
            Names::Whole => rest.to_owned(),
            Names::Words => rest.replace('\\', "\\\\").replace(' ', "\\ "),
        }
    }
}

/// Returns the last word of a line, unescaped. A trailing space starts a new word.
fn last_word(line: &str) -> Option<String> {
    let (mut word, mut kept) = (String::new(), false);
    for c in line.chars() {
        match c {
            _ if kept => {
                word.push(c);
                kept = false;
            }
            '\\' => kept = true,
            '"' | '\'' => return None,
            c if c.is_whitespace() => word.clear(),
            c => word.push(c),
        }
    }
    (!kept && !word.contains('=')).then_some(word)
}

/// Returns the common prefix of two names.
fn common<'a>(one: &'a str, other: &str) -> &'a str {
    let same = one.char_indices().zip(other.chars()).find(|((_, a), b)| a != b);
    let end = same.map_or(one.len().min(other.len()), |((at, _), _)| at);
    one.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn completed(line: &str, style: Names, names: &[&str]) -> Option<Completed> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        TypedPath::at_end(line, style).map(|typed| typed.completed(&names))
    }

    #[test]
    fn what_is_typed_grows_as_far_as_it_is_certain() {
        let names = ["release.txt", "release-old.txt", "dist/", ".git/", "my lists/"];
        let rest = |text: &str| Some(Completed::Rest(text.to_owned()));
        for (line, style, expected) in [
            ("r", Names::Whole, rest("elease")),
            ("release.", Names::Whole, rest("txt")),
            ("a/b/d", Names::Whole, rest("ist/")),
            ("m", Names::Whole, rest("y lists/")),
            ("../live m", Names::Words, rest("y\\ lists/")),
            ("../live my\\ ", Names::Words, rest("lists/")),
            (".", Names::Whole, rest("git/")),
            ("~", Names::Whole, rest("/")),
            ("x", Names::Whole, Some(Completed::Nothing)),
            ("'a b", Names::Words, None),
            ("main..HEAD dist/=/", Names::Words, None),
            ("https://www.example.com/si", Names::Whole, None),
        ] {
            assert_eq!(completed(line, style, &names), expected, "{line}");
        }
        let both = ["release.txt".to_owned(), "release-old.txt".to_owned()];
        assert_eq!(
            completed("release", Names::Whole, &names),
            Some(Completed::OneOf(both.to_vec()))
        );
        let visible = completed("", Names::Whole, &names);
        assert!(matches!(visible, Some(Completed::OneOf(all)) if all.len() == 4));
    }

    #[test]
    fn the_folder_is_what_stands_before_the_name() {
        let typed = TypedPath::at_end("old/ ../new/as", Names::Words);
        assert_eq!(
            typed.map(|typed| (typed.folder, typed.begin)),
            Some(("../new/".to_owned(), "as".to_owned()))
        );
        assert_eq!(common("äöü", "äöx"), "äö");
        assert_eq!(common("ab", "abc"), "ab");
    }
}
