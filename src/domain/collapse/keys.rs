//! The sorted paths that the plans are computed from.

use crate::domain::item::{Item, ItemKind};

/// The sorted paths of a list, excluding any that another path covers.
pub(super) struct Paths<'a> {
    paths: Vec<Path<'a>>,
    /// The wildcards among the paths, without the `*`; none is a prefix of another.
    wildcards: Vec<&'a str>,
}

/// A path, or the text before the `*` of a wildcard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Path<'a> {
    pub(super) key: &'a str,
    /// Whether this is a wildcard; an exact path sorts before the wildcard with the same key.
    pub(super) is_wildcard: bool,
}

impl Path<'_> {
    pub(super) fn wire(&self) -> String {
        format!("{}{}", self.key, if self.is_wildcard { "*" } else { "" })
    }
}

impl<'a> Paths<'a> {
    pub(super) fn of(items: &'a [Item]) -> Self {
        let mut paths: Vec<Path<'a>> = items
            .iter()
            .filter(|item| item.kind() != ItemKind::Tag)
            .map(path)
            .collect();
        paths.sort_unstable();
        paths.dedup();
        let paths = uncovered(paths);
        let wildcards = paths
            .iter()
            .filter(|path| path.is_wildcard)
            .map(|path| path.key)
            .collect();
        Self { paths, wildcards }
    }

    pub(super) fn as_slice(&self) -> &[Path<'a>] {
        &self.paths
    }

    pub(super) fn wires(&self) -> Vec<String> {
        self.paths.iter().map(Path::wire).collect()
    }

    /// Returns whether the list already contains this wildcard.
    pub(super) fn has_wildcard(&self, prefix: &str) -> bool {
        self.wildcards.binary_search(&prefix).is_ok()
    }

    /// Returns the longest common prefix of all paths, if there are two or more.
    pub(super) fn common_prefix(&self) -> Option<&'a str> {
        let [first, .., last] = self.paths.as_slice() else {
            return None;
        };
        first.key.get(..whole(first.key, shared(first.key, last.key)))
    }

    /// Returns whether the list clears an object with this path. Among the wildcards, only the last one that
    /// sorts before the path can clear it: the prefix of an earlier wildcard would also be a prefix of the last one,
    /// which is ruled out.
    fn clears(&self, key: &str) -> bool {
        let before = self.wildcards.partition_point(|prefix| *prefix <= key);
        let wildcard = before.checked_sub(1).and_then(|at| self.wildcards.get(at));
        wildcard.is_some_and(|prefix| key.starts_with(prefix))
            || self
                .paths
                .binary_search(&Path {
                    key,
                    is_wildcard: false,
                })
                .is_ok()
    }
}

/// The known paths that a list does not clear, sorted and without duplicates.
pub(super) struct Keys<'a> {
    keys: Vec<&'a str>,
}

impl<'a> Keys<'a> {
    pub(super) fn not_cleared_by<K: AsRef<str>>(paths: &Paths<'_>, known: &'a [K]) -> Self {
        let mut keys: Vec<&str> = known
            .iter()
            .map(AsRef::as_ref)
            .filter(|key| !paths.clears(key))
            .collect();
        keys.sort_unstable();
        keys.dedup();
        Self { keys }
    }

    /// Returns the known paths that start with `prefix`.
    pub(super) fn below(&self, prefix: &str) -> &[&'a str] {
        let start = self.keys.partition_point(|key| *key < prefix);
        let rest = self.keys.get(start..).unwrap_or_default();
        let count = rest.partition_point(|key| key.starts_with(prefix));
        rest.get(..count).unwrap_or_default()
    }
}

/// Returns the length in bytes of the common prefix of two strings.
pub(super) fn shared(a: &str, b: &str) -> usize {
    a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count()
}

/// Returns the greatest length up to `len` that does not split a `%XX` escape.
pub(super) fn whole(wire: &str, len: usize) -> usize {
    let tail = len.saturating_sub(2);
    let cut = wire
        .as_bytes()
        .get(tail..len)
        .and_then(|bytes| bytes.iter().position(|&byte| byte == b'%'));
    cut.map_or(len, |at| tail + at)
}

fn path(item: &Item) -> Path<'_> {
    match item.prefix() {
        Some(prefix) => Path {
            key: prefix,
            is_wildcard: true,
        },
        None => Path {
            key: item.wire(),
            is_wildcard: false,
        },
    }
}

/// Drops paths that start with a wildcard's prefix; the folder itself, `/dir/` next to `/dir/*`, is kept.
fn uncovered(sorted: Vec<Path<'_>>) -> Vec<Path<'_>> {
    let mut cover: Option<&str> = None;
    let mut kept: Vec<Path<'_>> = Vec::with_capacity(sorted.len());
    for path in sorted {
        if cover.is_some_and(|prefix| path.key.starts_with(prefix)) {
            continue;
        }
        if path.is_wildcard {
            cover = Some(path.key);
            let is_folder = path.key.ends_with('/') && path.key.len() > 1;
            kept.pop_if(|before| before.key == path.key && !is_folder);
        }
        kept.push(path);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::whole;

    #[test]
    fn a_prefix_cuts_no_escape() {
        for (wire, len, whole_len) in [
            ("/a%C3%A9", 8, 8),
            ("/a%C3%A9", 7, 5),
            ("/a%C3%A9", 6, 5),
            ("/a%C3%A9", 5, 5),
            ("/", 1, 1),
            ("", 0, 0),
        ] {
            assert_eq!(whole(wire, len), whole_len, "{wire} {len}");
        }
    }
}
