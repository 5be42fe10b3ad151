//! Imports the changes between two commits, from git's output.

use std::fmt;
use std::str::FromStr;

use super::basket::{Basket, Import};
use super::files::{PrefixMap, put_file};
use super::origin::Change;

/// Two commits: `A..B`, or `A...B` to start at their merge base.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitRange(String);

/// The error for text that is not a commit range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a range is two commits joined by two dots, such as main..HEAD or v1.4..v1.5")]
pub struct NotARange;

impl CommitRange {
    /// Returns the arguments of the git command that lists the changed files, for [`files`].
    ///
    /// The repository may be untrusted, and its configuration can name programs to run: monitors, hooks, pagers,
    /// transports, filters. None of them is needed to compare two commits, and none may run. Nor may the user's own
    /// configuration make git print file names other than the real ones.
    #[must_use]
    pub fn arguments(&self, renames: Renames) -> Vec<&str> {
        let command = [
            "--no-pager",
            "-c",
            "core.fsmonitor=false",
            "-c",
            "core.hooksPath=/dev/null",
            "-c",
            "protocol.allow=never",
            "-c",
            "submodule.recurse=false",
            "-c",
            "diff.relative=false",
            "diff",
            "--name-status",
            "-z",
            "--no-ext-diff",
            "--no-textconv",
            "--submodule=short",
        ];
        let mut arguments = command.to_vec();
        arguments.extend([renames.argument(), self.0.as_str(), "--"]);
        arguments
    }

    /// The environment variables that keep git from prompting, taking locks or fetching anything.
    ///
    /// A partial clone names a server for missing objects, and its configuration can make any program the transport for
    /// git. The list of allowed transports is therefore empty, and the repository's configuration cannot extend it.
    pub const ENVIRONMENT: [(&str, &str); 5] = [
        ("GIT_ALLOW_PROTOCOL", ""),
        ("GIT_NO_LAZY_FETCH", "1"),
        ("GIT_OPTIONAL_LOCKS", "0"),
        ("GIT_PROTOCOL_FROM_USER", "0"),
        ("GIT_TERMINAL_PROMPT", "0"),
    ];
}

/// Whether git compares file contents to detect renames. If it does not, a renamed file appears as removed and added,
/// which yields the same paths, and a partial clone needs no file contents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Renames {
    /// Git detects renames.
    Found,
    /// Git does not detect renames.
    Ignored,
}

impl Renames {
    fn argument(self) -> &'static str {
        match self {
            Self::Found => "-M",
            Self::Ignored => "--no-renames",
        }
    }
}

impl FromStr for CommitRange {
    type Err = NotARange;

    fn from_str(text: &str) -> Result<Self, NotARange> {
        // A commit with a leading dash could be mistaken for an option.
        let plain = !text.starts_with('-') && !text.contains(|c: char| c.is_whitespace() || c.is_control());
        let (from, to) = text.split_once("..").ok_or(NotARange)?;
        let to = to.strip_prefix('.').unwrap_or(to);
        let two = !(to.contains("..") || from.is_empty() && to.is_empty());
        if plain && two {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotARange)
        }
    }
}

impl fmt::Display for CommitRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The error for git output that cannot be parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("could not parse git's output; is git very old?")]
pub struct Torn;

/// Returns the paths of the changed files, including both names of a renamed file. Removed files are included because
/// they are still cached.
///
/// # Errors
/// If the input is not the output of `git diff --name-status -z`.
pub fn files(answer: &[u8], range: &CommitRange, map: &PrefixMap) -> Result<Import, Torn> {
    let mut basket = Basket::new(&range.to_string());
    let mut fields = answer.split(|&byte| byte == 0);
    while let Some(status) = fields.next().filter(|status| !status.is_empty()) {
        let name = fields.next().ok_or(Torn)?;
        match status {
            [b'R', ..] => {
                let new = fields.next().ok_or(Torn)?;
                put_file(&mut basket, map, name, Change::RenamedTo(lossy(new)));
                put_file(&mut basket, map, new, Change::RenamedFrom(lossy(name)));
            }
            [b'C', ..] => put_file(&mut basket, map, fields.next().ok_or(Torn)?, Change::Added),
            b"A" => put_file(&mut basket, map, name, Change::Added),
            b"D" => put_file(&mut basket, map, name, Change::Removed),
            b"M" | b"T" | b"U" | b"X" | b"B" => put_file(&mut basket, map, name, Change::Changed),
            _ => return Err(Torn),
        }
    }
    Ok(basket.finish())
}

fn lossy(name: &[u8]) -> Box<str> {
    String::from_utf8_lossy(name).into()
}

/// Returns git's own error message: the first line, without `fatal:`. Warnings before it are skipped.
#[must_use]
pub fn complaint(stderr: &[u8]) -> String {
    const LONGEST: usize = 200;
    let text = String::from_utf8_lossy(stderr);
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    if lines().any(|line| line.contains("promisor remote")) {
        return "this repository is a partial clone, and invalidash does not fetch missing objects; run git diff with \
            this range in a shell, then import again"
            .to_owned();
    }
    let line = lines().find(|line| !line.starts_with("warning: ")).or(lines().next());
    let line = line.unwrap_or("git exited without a message");
    let line = ["fatal: ", "error: "]
        .iter()
        .find_map(|mark| line.strip_prefix(mark))
        .unwrap_or(line);
    let short: String = line.chars().take(LONGEST).collect();
    if short.len() < line.len() {
        format!("{short}…")
    } else {
        short
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail")]

    use proptest::prelude::*;

    use super::super::tests::told;
    use super::*;

    fn taken(answer: &str, map: &str) -> (Vec<String>, Vec<String>) {
        told(&files(answer.as_bytes(), &"A..B".parse().unwrap(), &map.parse().unwrap()).unwrap())
    }

    #[test]
    fn a_renamed_file_gives_both_names_and_a_removed_one_its_own() {
        let answer = "M\0dist/a b.html\0A\0dist/é.css\0D\0dist/old.js\0R097\0dist/x.png\0dist/y.png\0T\0dist/l\0\
                      C75\0dist/a\0dist/c\0M\0src/main.ts\0M\0README\0";
        let (rows, left_out) = taken(answer, "dist/=/");
        assert_eq!(
            rows,
            [
                "/a b.html · A..B: changed",
                "/é.css · A..B: added",
                "/old.js · A..B: removed",
                "/x.png · A..B: renamed to dist/y.png",
                "/y.png · A..B: renamed from dist/x.png",
                "/l · A..B: changed",
                "/c · A..B: added",
            ]
        );
        assert_eq!(left_out, ["2 files outside dist/ (first: src/main.ts)"]);
    }

    #[test]
    fn the_longest_folder_decides_where_a_file_is_served() {
        let answer = "M\0site/a\0M\0site/blog/b\0M\0./x\0";
        for map in ["site/=/ site/blog=/news/", "/site=/ ./site/blog/=/news"] {
            assert_eq!(taken(answer, map).0, ["/a · A..B: changed", "/news/b · A..B: changed"]);
        }
        assert_eq!(taken("M\0site/a\0", "").0, ["/site/a · A..B: changed"]);
        assert_eq!(taken("M\0a=b/c\0", "a=b=/x").0, ["/x/c · A..B: changed"]);
    }

    #[test]
    fn what_a_name_holds_means_itself_in_the_path() {
        let answer = "M\0\x3100%.html\0M\0a?b#c\0M\0%41\0M\0t\tn\n\0M\0all*\0";
        let (rows, left_out) = taken(answer, "");
        let paths: Vec<_> = rows.iter().map(|row| row.split(' ').next().unwrap()).collect();
        assert_eq!(paths, ["/100%25.html", "/a%3Fb%23c", "/%2541", "/t%09n%0A"]);
        assert_eq!(left_out, ["1 file name with *, which would act as a wildcard (all*)"]);
    }

    #[test]
    fn names_in_another_encoding_are_left_out() {
        let import = files(b"M\0caf\xe9\0A\0ok\0", &"A..B".parse().unwrap(), &PrefixMap::default()).unwrap();
        assert_eq!(
            told(&import),
            (
                vec!["/ok · A..B: added".to_owned()],
                vec!["1 file name is not UTF-8".to_owned()]
            )
        );
    }

    #[test]
    fn ranges_are_two_commits() {
        for text in [
            "main..HEAD",
            "v1...v2",
            "..HEAD",
            "HEAD~3..",
            "a/b..c^{tree}",
            "@{u}..@",
        ] {
            assert_eq!(text.parse::<CommitRange>().unwrap().to_string(), text);
        }
        for text in ["", "..", "...", "HEAD", "--output=x..y", "a b..c", "a..b..c", "a..b\0"] {
            assert_eq!(text.parse::<CommitRange>(), Err(NotARange), "{text}");
        }
    }

    #[test]
    fn a_map_names_folder_and_path() {
        for text in ["dist", "dist=assets", "=", "dist/:/"] {
            assert!(text.parse::<PrefixMap>().is_err(), "{text}");
        }
        let refusal = "dist".parse::<PrefixMap>().unwrap_err().to_string();
        assert_eq!(
            refusal,
            "\"dist\" does not map a folder to a path; write dist/=/ for files in dist that are served from /"
        );
    }

    #[test]
    fn git_complains_in_its_own_words() {
        let stderr = b"fatal: ambiguous argument 'x..y': unknown revision or path not in the working tree.\nUse '--'\n";
        assert_eq!(
            complaint(stderr),
            "ambiguous argument 'x..y': unknown revision or path not in the working tree."
        );
        assert_eq!(complaint(b""), "git exited without a message");
        assert_eq!(complaint(&[b'x'; 500]).chars().count(), 201);
    }

    proptest! {
        #[test]
        fn no_answer_is_too_odd(bytes in prop::collection::vec(prop_oneof![Just(0), Just(b'M'), Just(b'R'), any::<u8>()], 0..40)) {
            let import = files(&bytes, &"A..B".parse().unwrap(), &"d/=/".parse().unwrap());
            prop_assert!(import.is_ok_and(|import| import.rows.len() <= bytes.len()) || !bytes.is_empty());
        }
    }
}
