//! Escape sequences that notify the user, who may be looking elsewhere: bell, desktop notification, title, progress.
//!
//! These are pure functions from text to bytes, for `Guard::write`; title and progress have their own methods there,
//! because they must be undone. The text may come from outside, so control characters are always removed.

use crate::domain::options::Protocol;
pub use crate::engine::effect::Progress;

/// Saves the title on the terminal's stack.
pub(crate) const PUSH_TITLE: &[u8] = b"\x1b[22;2t";
/// Restores the saved title.
pub(crate) const POP_TITLE: &[u8] = b"\x1b[23;2t";
/// Removes the displayed progress.
pub(crate) const NO_PROGRESS: &[u8] = b"\x1b]9;4;0\x1b\\";

/// The maximum length of text, in characters. Terminals truncate or ignore longer text.
const MOST_CHARACTERS: usize = 200;

/// Returns the sequence that rings the terminal's bell.
#[must_use]
pub fn bell() -> &'static [u8] {
    b"\x07"
}

/// Returns the sequence that shows a notification from this program.
#[must_use]
pub fn notification(protocol: Protocol, message: &str) -> Vec<u8> {
    match protocol {
        Protocol::Osc9 => osc9(message),
        Protocol::Osc777 => osc777("invalidash", message),
    }
}

/// Returns the sequence that shows a notification in iTerm2, Ghostty, kitty and Windows Terminal (OSC 9).
#[must_use]
pub fn osc9(message: &str) -> Vec<u8> {
    // ConEmu and compatible terminals treat a leading number as a command; `4;…` would set the progress.
    let message = clean(message);
    let blank = if message.starts_with(|first: char| first.is_ascii_digit()) {
        " "
    } else {
        ""
    };
    format!("\x1b]9;{blank}{message}\x1b\\").into_bytes()
}

/// Returns the sequence that shows a notification in rxvt, foot, Ghostty and GNOME Terminal (OSC 777).
#[must_use]
pub fn osc777(title: &str, message: &str) -> Vec<u8> {
    // A semicolon ends the title; the message is everything after it.
    let title = clean(title).replace(';', ",");
    format!("\x1b]777;notify;{title};{}\x1b\\", clean(message)).into_bytes()
}

/// Returns the sequence that sets the window's title (OSC 2).
#[must_use]
pub fn title(text: &str) -> Vec<u8> {
    format!("\x1b]2;{}\x1b\\", clean(text)).into_bytes()
}

/// Returns the sequence that shows progress in the tab or the task bar (OSC 9;4). Percentages above 100 count as 100.
#[must_use]
pub fn progress(progress: Progress) -> Vec<u8> {
    let state = match progress {
        Progress::None => return NO_PROGRESS.to_vec(),
        Progress::Percent(done) => format!("1;{}", done.min(100)),
        Progress::Busy => "3".to_owned(),
        Progress::Paused(done) => format!("4;{}", done.min(100)),
    };
    format!("\x1b]9;4;{state}\x1b\\").into_bytes()
}

/// Wraps a sequence for the outer terminal. tmux passes on wrapped sequences if its `allow-passthrough` option permits
/// it, and ignores others.
#[must_use]
pub fn outward(sequence: Vec<u8>, in_tmux: bool) -> Vec<u8> {
    if !in_tmux {
        return sequence;
    }
    let doubled = sequence.iter().flat_map(|byte| match byte {
        0x1b => vec![0x1b, 0x1b],
        byte => vec![*byte],
    });
    b"\x1bPtmux;".iter().copied().chain(doubled).chain(*b"\x1b\\").collect()
}

/// Returns whether the terminal is known to show progress. Other terminals treat the sequence as a message (iTerm2
/// before 3.6.6 pops up "4;3"), and tmux ignores it.
#[must_use]
pub fn shows_progress(variable: &impl Fn(&str) -> Option<String>) -> bool {
    if variable("TMUX").is_some() || variable("STY").is_some() {
        return false;
    }
    let version = |name: &str| variable(name).and_then(|text| text.parse::<u32>().ok()).unwrap_or(0);
    let conemu = variable("WT_SESSION").is_some() || variable("ConEmuPID").is_some();
    conemu
        || version("VTE_VERSION") >= 7_900
        || match variable("TERM_PROGRAM").as_deref() {
            Some("ghostty" | "WezTerm" | "mintty") => true,
            Some("iTerm.app") => is_at_least(&variable("TERM_PROGRAM_VERSION").unwrap_or_default(), [3, 6, 6]),
            _ => false,
        }
}

/// Returns whether a dotted version number is at least `least`.
fn is_at_least(version: &str, least: [u32; 3]) -> bool {
    let mut numbers = version.split('.').map(|part| part.parse().unwrap_or(0));
    let mut next = || numbers.next().unwrap_or(0);
    [next(), next(), next()] >= least
}

/// Removes control characters (a line break becomes a space), and characters that change the direction of text.
fn clean(text: &str) -> String {
    text.chars()
        .map(|character| {
            if matches!(character, '\n' | '\r' | '\t') {
                ' '
            } else {
                character
            }
        })
        .filter(|&character| !character.is_control() && !turns_direction(character))
        .take(MOST_CHARACTERS)
        .collect()
}

fn turns_direction(character: char) -> bool {
    matches!(character, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_become_their_sequences() {
        assert_eq!(bell(), b"\x07");
        assert_eq!(osc9("I2J0 is Completed"), b"\x1b]9;I2J0 is Completed\x1b\\");
        assert_eq!(osc777("shop; live", "a;b"), b"\x1b]777;notify;shop, live;a;b\x1b\\");
        assert_eq!(title("invalidash – shöp"), "\x1b]2;invalidash – shöp\x1b\\".as_bytes());
    }

    #[test]
    fn progress_has_five_states_and_no_more_than_a_hundred_percent() {
        let table: [(Progress, &[u8]); 4] = [
            (Progress::None, b"\x1b]9;4;0\x1b\\"),
            (Progress::Percent(250), b"\x1b]9;4;1;100\x1b\\"),
            (Progress::Busy, b"\x1b]9;4;3\x1b\\"),
            (Progress::Paused(50), b"\x1b]9;4;4;50\x1b\\"),
        ];
        for (state, bytes) in table {
            assert_eq!(progress(state), bytes, "{state:?}");
        }
    }

    #[test]
    fn a_message_that_begins_with_a_number_is_no_command() {
        assert_eq!(osc9("4;1;50"), b"\x1b]9; 4;1;50\x1b\\");
    }

    #[test]
    fn no_control_and_no_turn_of_direction_gets_through() {
        let hostile = "a\x1b]0;owned\x07b\u{9b}31mc\u{9c}\x7f\0d\ne\u{202e}f\u{2066}g\u{200f}";
        assert_eq!(title(hostile), b"\x1b]2;a]0;ownedb31mcd efg\x1b\\");
        for bytes in [osc9(hostile), osc777(hostile, hostile), title(hostile)] {
            let text = String::from_utf8(bytes).unwrap_or_default();
            let inner = text
                .strip_prefix("\x1b]")
                .and_then(|text| text.strip_suffix("\x1b\\"))
                .unwrap_or("\x1b");
            assert!(!inner.chars().any(char::is_control), "{text:?}");
        }
    }

    #[test]
    fn progress_goes_to_terminals_that_are_known_to_show_it() {
        let shows = |set: &[(&str, &str)]| {
            shows_progress(&|name: &str| {
                let found = set.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| (*value).to_owned())
            })
        };
        for (set, wanted) in [
            (&[][..], false),
            (&[("TERM_PROGRAM", "Apple_Terminal")], false),
            (
                &[("TERM_PROGRAM", "iTerm.app"), ("TERM_PROGRAM_VERSION", "3.4.19")],
                false,
            ),
            (
                &[("TERM_PROGRAM", "iTerm.app"), ("TERM_PROGRAM_VERSION", "3.6.6")],
                true,
            ),
            (
                &[("TERM_PROGRAM", "iTerm.app"), ("TERM_PROGRAM_VERSION", "3.10.1")],
                true,
            ),
            (&[("TERM_PROGRAM", "ghostty")], true),
            (
                &[("TERM_PROGRAM", "ghostty"), ("TMUX", "/tmp/tmux-0/default,1,0")],
                false,
            ),
            (&[("WT_SESSION", "x")], true),
            (&[("VTE_VERSION", "7600")], false),
            (&[("VTE_VERSION", "8003")], true),
        ] {
            assert_eq!(shows(set), wanted, "{set:?}");
        }
    }

    #[test]
    fn tmux_is_asked_to_hand_a_notification_on() {
        assert_eq!(outward(osc9("a"), false), osc9("a"));
        assert_eq!(outward(osc9("a"), true), b"\x1bPtmux;\x1b\x1b]9;a\x1b\x1b\\\x1b\\");
    }

    #[test]
    fn a_long_text_is_cut() {
        assert_eq!(
            title(&"é".repeat(1_000)).len(),
            "\x1b]2;\x1b\\".len() + 2 * MOST_CHARACTERS
        );
    }
}
