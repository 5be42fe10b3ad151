//! The items of a batch as CloudFront interprets them: which items it refuses, and what each accepted item clears.
//!
//! This implementation is derived independently from the facts (`docs/cloudfront.md`, "Paths", "Encoding" and "Cache
//! tags"), so that it can be compared with the composer's rules.

/// The maximum length of a path, in characters including the leading slash; longer paths are refused.
const MAX_PATH: usize = 4_000;
/// The maximum length of a tag, in characters excluding the `#`; longer tags are refused.
const MAX_TAG: usize = 256;
/// RFC 1738's unsafe characters, which must be percent-encoded in a path. `%` may start an escape.
const UNSAFE: &[u8] = b"<>\"#{}|\\^~[]`";

/// An item that CloudFront accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    text: String,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Exact,
    Wildcard,
    Tag,
    /// Accepted and counted, but without any effect: a path that contains `%7E`.
    Powerless,
}

impl Item {
    /// Parses an item; `None` if CloudFront would refuse the whole batch because of it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let kind = match text.strip_prefix('#') {
            Some(tag) => is_tag(tag).then_some(Kind::Tag),
            None => path_kind(text),
        }?;
        Some(Self {
            text: text.to_owned(),
            kind,
        })
    }

    /// Returns the item as sent.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns whether the item counts against the limits for wildcards.
    #[must_use]
    pub fn is_wildcard(&self) -> bool {
        self.text.starts_with('/') && self.text.ends_with('*')
    }

    /// Returns whether the item clears an object with the tags `tags` that is cached under `key` (the path, and the
    /// query string if it is part of the cache key).
    #[must_use]
    pub fn clears(&self, key: &str, tags: &[String]) -> bool {
        match self.kind {
            Kind::Exact => key == self.text,
            Kind::Wildcard => self
                .text
                .strip_suffix('*')
                .is_some_and(|prefix| key.starts_with(prefix)),
            Kind::Tag => self
                .text
                .strip_prefix('#')
                .is_some_and(|own| tags.iter().any(|tag| tag.eq_ignore_ascii_case(own))),
            Kind::Powerless => false,
        }
    }
}

fn is_tag(tag: &str) -> bool {
    (1..=MAX_TAG).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_graphic() && byte != b',')
}

fn path_kind(path: &str) -> Option<Kind> {
    let (before_last, wildcard) = match path.strip_suffix('*') {
        Some(prefix) => (prefix, true),
        None => (path, false),
    };
    let bytes = before_last.as_bytes();
    let sound = path.starts_with('/')
        && path.len() <= MAX_PATH
        && bytes
            .iter()
            .all(|byte| byte.is_ascii_graphic() && *byte != b'*' && !UNSAFE.contains(byte))
        && escapes_are_whole(before_last);
    let tilde = before_last.contains("%7E") || before_last.contains("%7e");
    sound.then_some(match (tilde, wildcard) {
        (true, _) => Kind::Powerless,
        (false, true) => Kind::Wildcard,
        (false, false) => Kind::Exact,
    })
}

/// Returns whether every `%` starts an escape. A lone `%` is refused like the other unsafe characters.
fn escapes_are_whole(path: &str) -> bool {
    path.split('%')
        .skip(1)
        .all(|rest| rest.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepted_and_refused() {
        let longest = format!("/{}", "a".repeat(MAX_PATH - 1));
        let longest_tag = format!("#{}", "t".repeat(MAX_TAG));
        let accepted = [
            "/",
            "/*",
            "/a",
            "/a*",
            "/dir/",
            "/a?x=1&y=2",
            "/a?*",
            "/a%20b",
            "/caf%C3%A9",
            "/a+b,c;d:e@f$g!h'i(j)k-l_m.n=o",
            "/a%2A",
            "/x%7Ey",
            "//",
            "/a/../b",
            "#tag",
            "#a*b",
            "#product:electronics",
            "##",
            &longest,
            &longest_tag,
        ];
        for text in accepted {
            assert!(Item::parse(text).is_some(), "{text}");
        }
        let refused = [
            "",
            "a",
            "*",
            "a/b",
            "/a*b",
            "/a**",
            "/*.jpg",
            "/a b",
            "/a\tb",
            "/café",
            "/a<b",
            "/a>b",
            "/a\"b",
            "/a#b",
            "/100%",
            "/a%2",
            "/a%zz",
            "/{a}",
            "/a|b",
            "/a\\b",
            "/a^b",
            "/~x",
            "/[a]",
            "/`a",
            "/a\n",
            "/a\u{7f}",
            "https://x.example/a",
            "#",
            "# tag",
            "#a,b",
            "#a b",
            "#é",
            &format!("{longest}a"),
            &format!("{longest_tag}t"),
        ];
        for text in refused {
            assert!(Item::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn what_an_item_clears() {
        let cases = [
            ("/a", "/a", true),
            ("/a", "/A", false),
            ("/a", "/a/", false),
            ("/a", "/a?x=1", false),
            ("/a?x=1", "/a?x=1", true),
            ("/a*", "/a?x=1", true),
            ("/a?*", "/a", false),
            ("/a?*", "/a?x", true),
            ("/foo*", "/foobar", true),
            ("/foo*", "/foo", true),
            ("/d/*", "/d/e/f", true),
            ("/d/*", "/d", false),
            ("/", "/index.html", false),
            ("/*", "/x", true),
            ("/a%2A", "/a*", false),
            ("/caf%c3%a9", "/caf%C3%A9", false),
            ("/x%7Ey", "/x~y", false),
            ("/x%7Ey", "/x%7Ey", false),
            ("/x%7E*", "/x%7Ey", false),
            ("/x%7ey", "/x%7ey", false),
        ];
        for (item, key, clears) in cases {
            let item = Item::parse(item).unwrap_or_else(|| unreachable!());
            assert_eq!(item.clears(key, &[]), clears, "{item:?} {key}");
        }
    }

    #[test]
    fn a_tag_clears_what_carries_it_whatever_the_case() {
        let tags = ["Product:1".to_owned(), "a*".to_owned()];
        let clears = |text: &str| Item::parse(text).is_some_and(|item| item.clears("/x", &tags));
        assert_eq!(
            ["#product:1", "#PRODUCT:1", "#product", "#a*", "#*"].map(clears),
            [true, true, false, true, false]
        );
    }
}
