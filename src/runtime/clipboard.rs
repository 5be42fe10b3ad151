//! Copying to the clipboard of the terminal's own machine, over SSH too (OSC 52).

use crossterm::{Command, clipboard::CopyToClipboard};

/// The most text, in bytes, that terminals are known to take: 100,000 of sequence, after encoding.
pub const MOST_BYTES: usize = 74_991;

/// A text that is too long to be copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{bytes} bytes are too much for the clipboard of a terminal, which takes {MOST_BYTES}: copy less at once")]
pub struct TooLong {
    /// How many bytes the text has.
    pub bytes: usize,
}

/// The bytes that copy a text, to be written with `Guard::write`. Whether it worked, no terminal tells.
///
/// # Errors
///
/// [`TooLong`], since a terminal drops what is too long without a word.
pub fn copy(text: &str) -> Result<Vec<u8>, TooLong> {
    if text.len() > MOST_BYTES {
        return Err(TooLong { bytes: text.len() });
    }
    let mut bytes = String::new();
    // Writing to a string cannot fail.
    let _ = CopyToClipboard::to_clipboard_from(text).write_ansi(&mut bytes);
    Ok(bytes.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_osc_52() {
        assert_eq!(copy("/a/*\n/ü"), Ok(b"\x1b]52;c;L2EvKgovw7w=\x1b\\".to_vec()));
        assert_eq!(copy(""), Ok(b"\x1b]52;c;\x1b\\".to_vec()));
    }

    #[test]
    fn the_longest_text_fits_in_100_000_bytes_and_one_more_is_refused() {
        assert!(copy(&"a".repeat(MOST_BYTES)).is_ok_and(|bytes| bytes.len() <= 100_000));
        let refused = copy(&"a".repeat(MOST_BYTES + 1));
        assert_eq!(refused, Err(TooLong { bytes: 74_992 }));
        let told = refused.err().map(|error| error.to_string()).unwrap_or_default();
        assert!(told.starts_with("74992 bytes are too much"), "{told}");
    }
}
