//! Reads several items on one line, separated by spaces, commas or semicolons, or as the cells of a table.

use super::{Form, Reading, begins_item, closing, unquoted};

/// A word of a line, and whether it was quoted.
struct Word<'a> {
    text: &'a str,
    quoted: bool,
}

/// Returns the items of a line, or `None` if the line has at most one item and no other cells.
pub(super) fn read(text: &str) -> Option<Reading> {
    if text.contains('\t') {
        return table(text);
    }
    if !text.contains(char::is_whitespace) && !text.starts_with(|c| closing(c).is_some()) {
        return None;
    }
    let mut items: Vec<String> = Vec::new();
    let mut certain = true;
    for word in words(text) {
        certain &= word.quoted;
        if begins_item(word.text) {
            items.push(word.text.to_owned());
        } else if let Some(item) = items.last_mut() {
            item.push(' ');
            item.push_str(word.text);
        }
    }
    (items.len() > 1).then(|| Reading::new(Form::Cells, items, certain))
}

/// Returns the cells of a table that are items.
fn table(text: &str) -> Option<Reading> {
    let cells: Vec<&str> = text
        .split('\t')
        .map(str::trim)
        .filter(|cell| !cell.is_empty())
        .collect();
    let items: Vec<String> = cells
        .iter()
        .map(|cell| unquoted(cell).unwrap_or(cell))
        .filter(|cell| begins_item(cell))
        .map(str::to_owned)
        .collect();
    let certain = items.len() == cells.len();
    (!items.is_empty()).then(|| Reading::new(Form::Cells, items, certain))
}

/// Returns the words of a line, without their quotes and trailing separators.
fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || is_separator(c));
        let (word, tail) = quoted(rest).unwrap_or_else(|| plain(rest));
        rest = tail;
        (!word.text.is_empty()).then_some(word)
    })
}

/// Splits off a quoted word, which may contain spaces.
fn quoted(text: &str) -> Option<(Word<'_>, &str)> {
    let open = text.chars().next()?;
    let (body, tail) = text.strip_prefix(open)?.split_once(closing(open)?)?;
    let ends = tail.is_empty() || tail.starts_with(|c: char| c.is_whitespace() || is_separator(c));
    (ends && !body.is_empty()).then_some((
        Word {
            text: body,
            quoted: true,
        },
        tail,
    ))
}

/// Splits off a word that ends at the next space, or at a separator before the next item.
fn plain(text: &str) -> (Word<'_>, &str) {
    let end = text
        .char_indices()
        .find(|&(at, c)| c.is_whitespace() || is_separator(c) && is_boundary(text, at))
        .map_or(text.len(), |(at, _)| at);
    let (word, tail) = text.split_at(end);
    (
        Word {
            text: word,
            quoted: false,
        },
        tail,
    )
}

const fn is_separator(c: char) -> bool {
    matches!(c, ',' | ';')
}

/// Returns whether the separator at this position is followed by an item or by nothing.
fn is_boundary(text: &str, at: usize) -> bool {
    let rest = text.get(at + 1..).unwrap_or_default().trim_start();
    let bare = rest.trim_start_matches(|c| closing(c).is_some());
    rest.is_empty() || begins_item(bare) && !is_image_size(text, at)
}

/// Returns whether the comma belongs to an image size, as in `/200,/0/`, which is a size followed by a rotation in a
/// URL of the International Image Interoperability Framework.
fn is_image_size(text: &str, at: usize) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let size = text.get(..at).and_then(|before| before.rsplit('/').next());
    let turn = text
        .get(at + 1..)
        .and_then(|rest| rest.strip_prefix('/')?.split_once('/'));
    size.is_some_and(digits) && turn.is_some_and(|(turn, _)| digits(turn.trim_start_matches('!')))
}

/// Returns whether a path without spaces has a separator between items or at its end.
pub(in crate::domain::lint) fn is_separated(path: &str) -> bool {
    path.char_indices()
        .any(|(at, c)| is_separator(c) && is_boundary(path, at))
}

/// Returns the items between the separators.
pub(in crate::domain::lint) fn separated(path: &str) -> Vec<&str> {
    words(path).map(|word| word.text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_separator_stands_before_an_item_or_at_the_end() {
        for (path, items) in [
            ("/a,/b", "/a /b"),
            ("/a;/b;", "/a /b"),
            ("/index.html,/*", "/index.html /*"),
            ("/a.html,", "/a.html"),
            ("/a,#tag", "/a #tag"),
            ("/a,https://x.example/b", "/a https://x.example/b"),
        ] {
            assert!(is_separated(path), "{path}");
            assert_eq!(separated(path).join(" "), items, "{path}");
        }
        for path in [
            "/a,b.html",
            "/a;b=1/c",
            "/iiif/x/full/200,/0/default.jpg",
            "/c_fill,w_3/x.jpg",
            "/a",
        ] {
            assert!(!is_separated(path), "{path}");
        }
    }

    #[test]
    fn cells_of_a_table_are_told_from_what_stands_beside_them() {
        let cells = |text| read(text).map(|found| (found.items.join(" "), found.certain));
        assert_eq!(cells("/a\t/b"), Some(("/a /b".to_owned(), true)));
        assert_eq!(cells("200\t/a.html\t1234"), Some(("/a.html".to_owned(), false)));
        assert_eq!(cells("a\tb"), None);
        assert_eq!(cells("\"/a\", \"/b\""), Some(("/a /b".to_owned(), true)));
        assert_eq!(cells("'/a','/b'"), Some(("/a /b".to_owned(), true)));
        assert_eq!(cells("/a, /b"), Some(("/a /b".to_owned(), false)));
    }
}
