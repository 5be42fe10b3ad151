//! Encodes profile names. The AWS CLI accepts and quotes any characters, but the SDK accepts only ASCII letters and a
//! few others, so a name with any other character is passed to the SDK in an encoded form.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::domain::words::split;

/// The prefix of an encoded name. No name that the SDK accepts unencoded starts with it.
const MARK: &str = "%@";

const MARKS: [char; 8] = ['_', '-', '/', '.', '%', '@', ':', '+'];

/// The characters that are encoded.
const OTHERS: &AsciiSet = &NON_ALPHANUMERIC.remove(b'_').remove(b'-').remove(b'.');

/// Returns a name in the form that the SDK accepts.
pub(super) fn encoded(name: &str) -> String {
    let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || MARKS.contains(&c));
    if is_plain && !name.starts_with(MARK) {
        name.to_owned()
    } else {
        format!("{MARK}{}", utf8_percent_encode(name, OTHERS))
    }
}

/// Returns the name as the user wrote it.
pub(super) fn decoded(name: &str) -> String {
    name.strip_prefix(MARK).map_or_else(
        || name.to_owned(),
        |rest| percent_decode_str(rest).decode_utf8_lossy().into_owned(),
    )
}

/// Replaces encoded names in an SDK message with the names as the user wrote them.
pub(super) fn told(sentence: &str) -> String {
    let is_written = |c: char| c.is_ascii_alphanumeric() || "%_-.".contains(c);
    let mut parts = sentence.split(MARK);
    let mut told = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_at(part.find(|c| !is_written(c)).unwrap_or(part.len()));
        told.push_str(&percent_decode_str(name).decode_utf8_lossy());
        told.push_str(rest);
    }
    told
}

/// Splits a header into words as a shell does: `profile 'my prod'` has two. Returns `None` if a quote is not closed.
pub(super) fn words(header: &str) -> Option<Vec<String>> {
    let (words, open) = split(header);
    open.is_none().then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_read_as_a_shell_reads_it() {
        for (header, expected) in [
            ("profile prod", Some(vec!["profile", "prod"])),
            ("profile 'my prod'", Some(vec!["profile", "my prod"])),
            (" profile\t\"it's\\\"\\n\" ", Some(vec!["profile", "it's\"\\n"])),
            ("profile my\\ prod", Some(vec!["profile", "my prod"])),
            ("profile ''", Some(vec!["profile", ""])),
            ("profile 'my", None),
            ("profile größe", Some(vec!["profile", "größe"])),
        ] {
            assert_eq!(
                words(header),
                expected.map(|words| words.into_iter().map(str::to_owned).collect()),
                "{header}"
            );
        }
    }

    #[test]
    fn every_name_comes_back_and_no_two_are_written_the_same() {
        let names = [
            "prod",
            "a/b.c@d:e+f",
            "my prod",
            "größe",
            "a%20b",
            "a b",
            "%@a%20b",
            "%@",
            "#x",
            "a'b",
            "",
        ];
        let written: std::collections::BTreeSet<String> = names.iter().map(|name| encoded(name)).collect();
        assert_eq!(written.len(), names.len());
        assert_eq!(names.map(|name| decoded(&encoded(name))), names.map(str::to_owned));
        assert_eq!(encoded("prod"), "prod");
        let sentence = format!("profile `{}` was not defined", encoded("my größe"));
        assert_eq!(told(&sentence), "profile `my größe` was not defined");
    }
}
