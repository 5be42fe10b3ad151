//! Decodes HTML character references: `&amp;`, `&#38;`, `&#x26;`.

/// The HTML names of characters that a URL may contain.
const NAMED: [(&str, char); 5] = [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\'')];

/// Returns the first character reference, and the character that it represents.
pub(super) fn first(text: &str) -> Option<(&str, char)> {
    next(text).map(|(at, entity, c)| (text.get(at..at + entity).unwrap_or_default(), c))
}

/// Returns the text with character references decoded once, as a browser does.
pub(super) fn decoded(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((at, len, c)) = next(rest) {
        plain.push_str(rest.get(..at).unwrap_or_default());
        plain.push(c);
        rest = rest.get(at + len..).unwrap_or_default();
    }
    plain + rest
}

/// Returns the byte offset and length of the next reference, and its character.
fn next(text: &str) -> Option<(usize, usize, char)> {
    text.match_indices('&').find_map(|(at, _)| {
        let behind = text.get(at + 1..)?;
        // No reference is longer than this. Without the limit, a long line would be searched again and again.
        let end = behind.bytes().take(9).position(|byte| byte == b';')?;
        Some((at, end + 2, character(behind.get(..end)?)?))
    })
}

fn character(name: &str) -> Option<char> {
    let named = || NAMED.iter().find(|(known, _)| *known == name).map(|(_, c)| *c);
    let Some(number) = name.strip_prefix('#') else {
        return named();
    };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => number.parse(),
    };
    code.ok().and_then(char::from_u32).filter(|c| !c.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_are_decoded_once() {
        assert_eq!(decoded("/a?x=1&amp;y=2&#38;z&#x26;&amp;amp;"), "/a?x=1&y=2&z&&amp;");
        assert_eq!(first("/a&lt;b"), Some(("&lt;", '<')));
        for text in [
            "/a&b;",
            "/a&copy;",
            "/a?amp;",
            "/a&amp",
            "/a&#;",
            "/a&#xD800;",
            "/a&#10;",
            "/é&é;",
        ] {
            assert_eq!(first(text), None, "{text}");
        }
    }
}
