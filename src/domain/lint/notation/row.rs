//! Reads the output of tools: `git diff`, `aws s3`, and text with Markdown links.

use super::{Form, Reading, begins_item};

/// The letters that `git diff --name-status` writes before a name.
const STATUS: &str = "ACDMRTUXB";

/// Reads a line of `git diff --name-status`: both names of a renamed file, but only the new name of a copied one.
pub(super) fn git(text: &str) -> Option<Reading> {
    let (status, names) = text.split_once(['\t', ' '])?;
    let (letter, score) = status.split_at_checked(1)?;
    let tabs = text.get(status.len()..)?.starts_with('\t');
    let is_status = STATUS.contains(letter) && score.len() <= 3 && score.bytes().all(|byte| byte.is_ascii_digit());
    // A terminal turns the tab into several spaces; a single space is more likely part of a sentence.
    if !is_status || !(tabs || names.starts_with(' ')) {
        return None;
    }
    let mut names: Vec<String> = names
        .split(['\t'])
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(|name| c_quoted(name).unwrap_or_else(|| literal(name)))
        .collect();
    if letter == "C" && names.len() > 1 {
        names.remove(0);
    }
    (!names.is_empty() && names.len() <= 2).then(|| Reading::new(Form::Git, names, tabs))
}

/// Decodes a name that git has quoted because it contains non-ASCII characters.
pub(super) fn c_quoted(text: &str) -> Option<String> {
    let body = text.strip_prefix('"')?.strip_suffix('"')?;
    let mut name = Vec::with_capacity(body.len());
    let mut rest = body.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        match byte {
            b'\\' => name.push(escape(&mut rest)?),
            b'"' => return None,
            byte => name.push(byte),
        }
    }
    String::from_utf8(name)
        .ok()
        .map(|name| literal(&name))
        .filter(|name| !name.is_empty())
}

/// Decodes the character after a backslash in a quoted name.
fn escape(rest: &mut &[u8]) -> Option<u8> {
    let (&byte, tail) = rest.split_first()?;
    if let [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', tail @ ..] = *rest {
        *rest = tail;
        return Some((a - b'0') << 6 | (b - b'0') << 3 | (c - b'0'));
    }
    *rest = tail;
    Some(match byte {
        b'a' => 7,
        b'b' => 8,
        b't' => b'\t',
        b'n' => b'\n',
        b'v' => 11,
        b'f' => 12,
        b'r' => b'\r',
        b'"' | b'\\' => byte,
        _ => return None,
    })
}

/// Encodes the characters of a file name that have a special meaning in a path.
fn literal(name: &str) -> String {
    let name = name.strip_prefix("./").unwrap_or(name);
    name.replace('%', "%25")
        .replace('?', "%3F")
        .replace('#', "%23")
        .replace('\\', "%5C")
}

/// Reads a line of `aws s3 sync`, `cp`, `mv`, `rm` or `ls`.
pub(super) fn s3(text: &str) -> Option<Reading> {
    let items = transferred(text).or_else(|| listed(text).map(|item| vec![item]))?;
    Some(Reading::new(Form::S3, items, false))
}

/// Reads a transfer, e.g. `upload: dist/a.html to s3://bucket/a.html`.
fn transferred(text: &str) -> Option<Vec<String>> {
    let text = text.strip_prefix("(dryrun) ").unwrap_or(text);
    let (verb, rest) = text.split_once(": ")?;
    let to_bucket = || rest.rfind(" to s3://").map(|at| rest.split_at(at));
    let keys = match verb {
        "upload" | "copy" => vec![key(to_bucket()?.1)?],
        "download" => vec![key(rest.rsplit_once(" to ")?.0)?],
        "move" => to_bucket().map(|(from, to)| [from, to].into_iter().filter_map(key).collect())?,
        "delete" => vec![key(rest)?],
        _ => return None,
    };
    (!keys.is_empty()).then_some(keys)
}

/// Returns the path of an S3 object, assuming that its bucket is served from the root.
fn key(address: &str) -> Option<String> {
    let address = address.strip_prefix(" to ").unwrap_or(address);
    let (_, key) = address.trim().strip_prefix("s3://")?.split_once('/')?;
    Some(format!("/{}", literal(key)))
}

/// Reads a listed object, e.g. `2026-01-02 03:04:05       1234 a.html`, or a listed folder, e.g. `PRE images/`.
fn listed(text: &str) -> Option<String> {
    if let Some(folder) = text.strip_prefix("PRE ") {
        return folder.ends_with('/').then(|| format!("/{}*", literal(folder)));
    }
    let like = |text: &str, form: &str| {
        let same = |(byte, form): (u8, u8)| {
            if form == b'0' {
                byte.is_ascii_digit()
            } else {
                byte == form
            }
        };
        text.len() == form.len() && text.bytes().zip(form.bytes()).all(same)
    };
    let (when, rest) = text.split_at_checked("0000-00-00 00:00:00".len())?;
    let (size, name) = rest.trim_start().split_once(' ')?;
    let is_size = !size.is_empty() && size.bytes().all(|byte| byte.is_ascii_digit());
    let is_row = like(when, "0000-00-00 00:00:00") && is_size && !name.is_empty();
    is_row.then(|| format!("/{}", literal(name.trim_start_matches('/'))))
}

/// Reads the targets of the Markdown links on a line. If the line is a single link, the item is certain.
pub(super) fn markdown(text: &str) -> Option<Reading> {
    if let Some(target) = defined(text) {
        return Some(Reading::new(Form::Markdown, vec![target.to_owned()], true));
    }
    let mut items = Vec::new();
    let mut links = 0;
    let mut rest = text;
    while let Some((_, behind)) = rest.split_once("](") {
        let (inner, tail) = behind.split_once(')').unwrap_or((behind, ""));
        let target = inner.split_whitespace().next().unwrap_or_default();
        let target = target.trim_start_matches('<').trim_end_matches('>');
        items.extend(begins_item(target).then(|| target.to_owned()));
        (links, rest) = (links + 1, tail);
    }
    let bare = text.trim_start_matches(['-', '*', '+', '•', ' ']);
    let alone = bare.starts_with(['[', '!']) && links == 1 && rest.is_empty() && text.ends_with(')');
    (!items.is_empty()).then(|| Reading::new(Form::Markdown, items, alone))
}

/// Returns the target of a Markdown link definition, e.g. `[docs]: /a`.
fn defined(text: &str) -> Option<&str> {
    let (_, target) = text.strip_prefix('[')?.split_once("]: ")?;
    let target = target.split_whitespace().next()?;
    begins_item(target).then_some(target)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(reading: Option<Reading>) -> Option<(String, bool)> {
        reading.map(|found| (found.items.join(" "), found.certain))
    }

    #[test]
    fn rows_of_git_give_the_names_that_changed() {
        let names = |text| told(git(text));
        assert_eq!(names("M\tpublic/a.html"), Some(("public/a.html".to_owned(), true)));
        assert_eq!(
            names("R097\told.html\tnew.html"),
            Some(("old.html new.html".to_owned(), true))
        );
        assert_eq!(names("C75\ta\tb"), Some(("b".to_owned(), true)));
        assert_eq!(names(r#"A	"caf\303\251.html""#), Some(("café.html".to_owned(), true)));
        assert_eq!(
            names("M       public/a.html"),
            Some(("public/a.html".to_owned(), false))
        );
        for text in ["A file", "M", "M\t", "Z\ta", "M1234\ta"] {
            assert_eq!(names(text), None, "{text}");
        }
    }

    #[test]
    fn rows_of_aws_s3_give_the_keys() {
        for (row, keys) in [
            ("upload: dist/a.html to s3://b/web/a.html", "/web/a.html"),
            ("(dryrun) upload: ./a to b.txt to s3://b/a to b.txt", "/a to b.txt"),
            ("copy: s3://a/x to s3://b/y", "/y"),
            ("move: s3://a/x to s3://a/y", "/x /y"),
            ("delete: s3://b/old.html", "/old.html"),
            ("download: s3://b/x.html to ./x.html", "/x.html"),
            ("2026-01-02 03:04:05       1234 index.html", "/index.html"),
            ("PRE images/", "/images/*"),
        ] {
            assert_eq!(told(s3(row)), Some((keys.to_owned(), false)), "{row}");
        }
        for row in ["upload: x", "note: /a", "2026-01-02 /a", "delete: /a", "PRE x"] {
            assert_eq!(told(s3(row)), None, "{row}");
        }
    }

    #[test]
    fn targets_of_markdown_links_are_found() {
        for (text, target, certain) in [
            ("[docs](/a)", "/a", true),
            ("![logo](/a.png \"Logo\")", "/a.png", true),
            ("[docs]: https://x.example/a", "https://x.example/a", true),
            ("see [docs](/a) and [b](</b>)", "/a /b", false),
        ] {
            assert_eq!(told(markdown(text)), Some((target.to_owned(), certain)), "{text}");
        }
        for text in ["[docs]", "[docs](a)", "](", "[slug]"] {
            assert_eq!(told(markdown(text)), None, "{text}");
        }
    }
}
