//! Splits a line into words as a shell does.

/// Returns the words of a line, and the quote or backslash left open at its end, if any. Blanks separate words, except
/// inside quotes. A backslash makes the next character literal. Inside double quotes, it does so only for a quote or
/// another backslash, and inside single quotes, it is an ordinary character.
#[must_use]
pub fn split(line: &str) -> (Vec<String>, Option<char>) {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    let mut rest = line.chars();
    while let Some(c) = rest.next() {
        match (c, quote) {
            (c, Some(open)) if c == open => quote = None,
            ('"' | '\'', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            ('\\', None | Some('"')) => {
                let Some(next) = rest.next() else {
                    words.extend(word);
                    return (words, quote.or(Some(c)));
                };
                let stays = quote.is_some() && !matches!(next, '"' | '\\');
                let kept = stays.then_some(c).into_iter().chain([next]);
                word.get_or_insert_default().extend(kept);
            }
            (c, None) if c.is_whitespace() => words.extend(word.take()),
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    (words, quote)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_as_a_shell_does() {
        for (line, expected, open) in [
            ("a  b", &["a", "b"][..], None),
            (" \"my dist/=/\" 'it''s' ", &["my dist/=/", "its"], None),
            (r"a\ b \\ c\", &["a b", "\\", "c"], Some('\\')),
            ("'' x", &["", "x"], None),
            ("", &[], None),
            ("profile\t\"it's\\\"\\n\"", &["profile", "it's\"\\n"], None),
            ("profile größe", &["profile", "größe"], None),
            ("a 'b", &["a", "b"], Some('\'')),
            ("a \"b\\", &["a", "b"], Some('"')),
        ] {
            let expected = expected.iter().map(|word| (*word).to_owned()).collect();
            assert_eq!(split(line), (expected, open), "{line}");
        }
    }
}
