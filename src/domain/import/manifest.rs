//! Compares two states of a tree by file contents. Each state is either a folder on disk or a list of checksums.

use std::collections::BTreeMap;

use super::basket::{Basket, Import};
use super::files::{PrefixMap, put_file};
use super::left_out::{LeftOut, Reason};
use super::origin::Change;
use super::reader::{NotText, decode, lines};
use crate::domain::lint::is_remark;

/// The files of a tree with their checksums, and everything in the tree that could not be compared.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tree {
    files: BTreeMap<Vec<u8>, Box<str>>,
    left_out: Vec<LeftOut>,
}

/// The error for two trees whose checksums cannot be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the two lists use different checksums ({0} and {1} digits); a folder is compared by SHA-256")]
pub struct NotComparable(usize, usize);

impl Tree {
    /// Adds a file: its name within the tree, with `/` between folders, and the hexadecimal checksum of its contents.
    pub fn put(&mut self, name: Vec<u8>, checksum: &str) {
        self.files.insert(name, checksum.to_ascii_lowercase().into());
    }

    /// Counts something in the tree that cannot be compared, e.g. because it is not a file.
    pub fn leave(&mut self, reason: Reason, name: &str) {
        match self.left_out.iter_mut().find(|left| left.reason == reason) {
            Some(known) => known.count += 1,
            None => self.left_out.push(LeftOut {
                reason,
                count: 1,
                first: name.to_owned(),
            }),
        }
    }

    /// Returns the number of files.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Returns whether the tree has no files.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Returns the number of digits in the tree's checksums.
    fn digits(&self) -> Option<usize> {
        self.files.values().next().map(|checksum| checksum.len())
    }
}

/// Parses a list of checksums as written by `sha256sum`, `md5sum` or `shasum --tag`.
///
/// # Errors
/// If the input is not text. Lines without a checksum are skipped individually.
pub fn manifest(bytes: &[u8], source: &str) -> Result<Tree, NotText> {
    let decoded = decode(bytes, source)?;
    let mut tree = Tree::default();
    for (at, line) in lines(&decoded) {
        let place = format!("{source} {at}");
        match line.map(|line| (line, entry(line))) {
            Ok((_, Some((checksum, name)))) => tree.put(name.into_bytes(), checksum),
            Ok((line, None)) if is_remark(line) => {}
            Ok((_, None)) => tree.leave(Reason::NoChecksum, &place),
            Err(reason) => tree.leave(reason, &place),
        }
    }
    Ok(tree)
}

/// Splits a line into checksum and name.
fn entry(line: &str) -> Option<(&str, String)> {
    let (escaped, line) = line.strip_prefix('\\').map_or((false, line), |rest| (true, rest));
    let (checksum, name) = tagged(line).or_else(|| plain(line))?;
    let is_checksum = (8..=128).contains(&checksum.len()) && checksum.bytes().all(|byte| byte.is_ascii_hexdigit());
    let name = name.strip_prefix("./").unwrap_or(name);
    let name = if escaped { unescaped(name) } else { name.to_owned() };
    (is_checksum && !name.is_empty()).then_some((checksum, name))
}

/// Parses `SHA256 (name) = checksum`.
fn tagged(line: &str) -> Option<(&str, &str)> {
    let (head, checksum) = line.rsplit_once(") = ")?;
    let (_, name) = head.split_once(" (")?;
    Some((checksum, name))
}

/// Parses `checksum  name`, or `checksum *name` for a binary file.
fn plain(line: &str) -> Option<(&str, &str)> {
    let (checksum, name) = line.split_once([' ', '\t'])?;
    Some((checksum, name.strip_prefix([' ', '*', '\t']).unwrap_or(name)))
}

/// Decodes the line breaks and backslashes that the tools escape in a name.
fn unescaped(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    let mut rest = name.chars();
    while let Some(c) = rest.next() {
        match (c, if c == '\\' { rest.next() } else { None }) {
            ('\\', Some('n')) => plain.push('\n'),
            ('\\', Some('r')) => plain.push('\r'),
            ('\\', Some(other)) => plain.push(other),
            (c, _) => plain.push(c),
        }
    }
    plain
}

/// Returns the paths of the files that were added, changed or removed between two trees.
///
/// # Errors
/// If the two trees use different kinds of checksums.
pub fn compared(old: Tree, new: Tree, source: &str, map: &PrefixMap) -> Result<Import, NotComparable> {
    if let (Some(a), Some(b)) = (old.digits(), new.digits())
        && a != b
    {
        return Err(NotComparable(a, b));
    }
    let mut basket = Basket::new(source);
    let mut gone = old.files;
    for (name, checksum) in new.files {
        match gone.remove(&name) {
            None => put_file(&mut basket, map, &name, Change::Added),
            Some(before) if before != checksum => put_file(&mut basket, map, &name, Change::Changed),
            Some(_) => {}
        }
    }
    for name in gone.into_keys() {
        put_file(&mut basket, map, &name, Change::Removed);
    }
    let mut import = basket.finish();
    import.left_out.extend(old.left_out.into_iter().chain(new.left_out));
    Ok(import)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail")]

    use proptest::prelude::*;

    use super::super::tests::told;
    use super::*;

    const A: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    const B: &str = "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB";

    #[test]
    fn lists_of_checksums_are_read_as_the_tools_write_them() {
        let list = format!(
            "# made by md5sum\n{A}  ./a b.html\n{B} *img/x.png\nMD5 (c (1).css) = {A}\n\\{A}  odd\\nname\\\\n\n\nno checksum\n\
             {A}\n"
        );
        let tree = manifest(list.as_bytes(), "old.md5").unwrap();
        let names: Vec<_> = tree
            .files
            .keys()
            .map(|name| String::from_utf8_lossy(name).into_owned())
            .collect();
        assert_eq!(names, ["a b.html", "c (1).css", "img/x.png", "odd\nname\\n"]);
        assert_eq!(
            tree.left_out.iter().map(LeftOut::sentence).collect::<Vec<_>>(),
            ["2 lines without a checksum and a name (first: old.md5 line 7)"]
        );
    }

    #[test]
    fn what_is_new_changed_or_gone_is_told() {
        let tree = |list: &str| manifest(list.as_bytes(), "m").unwrap();
        let old = tree(&format!("{A}  same\n{A}  changed\n{A}  gone\n"));
        let new = tree(&format!("{}  same\n{B}  changed\n{B}  new\n", A.to_uppercase()));
        let import = compared(old, new, "a → b", &"=/site".parse().unwrap()).unwrap();
        assert_eq!(
            told(&import).0,
            [
                "/site/changed · a → b: changed",
                "/site/new · a → b: added",
                "/site/gone · a → b: removed"
            ]
        );
    }

    #[test]
    fn two_kinds_of_checksums_are_not_compared() {
        let tree = |checksum: &str| manifest(format!("{checksum}  a").as_bytes(), "m").unwrap();
        let refusal = compared(tree(A), tree("0123456789"), "m", &PrefixMap::default()).unwrap_err();
        assert_eq!(
            refusal.to_string(),
            "the two lists use different checksums (32 and 10 digits); a folder is compared by SHA-256"
        );
        let added = compared(Tree::default(), tree(A), "m", &PrefixMap::default()).unwrap();
        assert_eq!(told(&added).0, ["/a · m: added"]);
    }

    proptest! {
        #[test]
        fn no_list_is_too_odd(bytes in prop::collection::vec(any::<u8>(), 0..60), line in "[a-f0-9]{0,40}[ *\\\\(=)]{0,4}.{0,9}") {
            let _ = manifest(&bytes, "m");
            let _ = manifest(line.as_bytes(), "m");
        }
    }
}
