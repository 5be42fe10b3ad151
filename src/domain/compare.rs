//! Compares two lists of items: which items both contain, and which only one of them contains.

use std::collections::HashSet;

/// The difference between two lists, without duplicates and in the order of the lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Items that only the first list contains.
    pub only_first: Vec<String>,
    /// Items that only the second list contains.
    pub only_second: Vec<String>,
    /// Items that both lists contain, in the order of the first one.
    pub both: Vec<String>,
}

impl Difference {
    /// Compares two lists by wire form.
    #[must_use]
    pub fn between(first: &[String], second: &[String]) -> Self {
        let in_first: HashSet<&str> = first.iter().map(String::as_str).collect();
        let in_second: HashSet<&str> = second.iter().map(String::as_str).collect();
        let mut difference = Self::default();
        for item in once(first) {
            if in_second.contains(item) {
                difference.both.push(item.to_owned());
            } else {
                difference.only_first.push(item.to_owned());
            }
        }
        let alone = once(second).filter(|item| !in_first.contains(item));
        difference.only_second = alone.map(str::to_owned).collect();
        difference
    }
}

fn once(items: &[String]) -> impl Iterator<Item = &str> {
    let mut seen = HashSet::new();
    items.iter().map(String::as_str).filter(move |item| seen.insert(*item))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_item_stands_once_and_where_it_belongs() {
        let list = |items: &[&str]| items.iter().map(ToString::to_string).collect::<Vec<_>>();
        let found = Difference::between(&list(&["/c", "/a", "/b", "/a"]), &list(&["/x", "/b", "/x", "/c"]));
        let expected = Difference {
            only_first: list(&["/a"]),
            only_second: list(&["/x"]),
            both: list(&["/c", "/b"]),
        };
        assert_eq!(found, expected);
        assert_eq!(Difference::between(&[], &[]), Difference::default());
    }
}
