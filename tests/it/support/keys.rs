//! The names of keys, and the bytes that terminals send for them.

#![expect(clippy::panic, reason = "a key that does not exist is a mistake in the test")]

/// Returns the bytes of typed text, in which names such as `<enter>` are keys.
pub(crate) fn encode(keys: &str) -> Vec<u8> {
    each(keys).concat()
}

/// Returns the bytes of each key separately.
pub(crate) fn each(keys: &str) -> Vec<Vec<u8>> {
    let (mut bytes, mut rest) = (Vec::new(), keys);
    while let Some(first) = rest.chars().next() {
        let named = rest.strip_prefix('<').and_then(|rest| rest.split_once('>'));
        if let Some((name, after)) = named {
            bytes.push(key(name));
            rest = after;
        } else {
            bytes.push(first.to_string().into_bytes());
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
        }
    }
    bytes
}

fn key(name: &str) -> Vec<u8> {
    let bytes: &[u8] = match name {
        "enter" => b"\r",
        "esc" => b"\x1b",
        "tab" => b"\t",
        "backtab" => b"\x1b[Z",
        "space" => b" ",
        "backspace" => b"\x7f",
        "delete" => b"\x1b[3~",
        "up" => b"\x1b[A",
        "down" => b"\x1b[B",
        "right" => b"\x1b[C",
        "left" => b"\x1b[D",
        "home" => b"\x1b[H",
        "end" => b"\x1b[F",
        "c-end" => b"\x1b[1;5F",
        "pgup" => b"\x1b[5~",
        "pgdn" => b"\x1b[6~",
        "f1" => b"\x1bOP",
        "f2" => b"\x1bOQ",
        "f4" => b"\x1bOS",
        "lt" => b"<",
        _ => return chord(name),
    };
    bytes.to_vec()
}

fn chord(name: &str) -> Vec<u8> {
    match name.as_bytes() {
        [b'c', b'-', letter @ b'a'..=b'z'] => vec![letter - b'a' + 1],
        [b'a', b'-', rest @ ..] if !rest.is_empty() => [b"\x1b", rest].concat(),
        _ => panic!("no key is called <{name}>"),
    }
}
