//! Copies text by any available means: tmux's buffer, a program of the platform, or the terminal itself. The terminal's
//! OSC 52 sequence also works over SSH, but is never confirmed.

use std::{io, process::Stdio, time::Duration};

use crossterm::{Command, clipboard::CopyToClipboard};
use tokio::{io::AsyncWriteExt as _, time::timeout};

use super::child::{self, Group};
use super::terminal;
use crate::engine::effect::CopiedBy;
use crate::settings::Clipboard;

/// The length, in bytes, of the largest text that terminals are known to accept: 100,000 bytes once encoded.
pub const MOST_BYTES: usize = 74_991;

/// How long a program may take to accept the text. Programs that keep running in the background to serve the text
/// detach immediately.
const PATIENCE: Duration = Duration::from_secs(2);

/// The error for text that is too long to be copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{bytes} bytes are too many for the terminal's clipboard; the limit is {MOST_BYTES}: copy less at a time")]
pub struct TooLong {
    /// The length of the text in bytes.
    pub bytes: usize,
}

/// The parts of the program's environment that matter for copying.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// Whether the program runs inside tmux.
    tmux: bool,
    /// Whether the terminal is on another machine.
    remote: bool,
    /// The platform's programs for copying.
    programs: Vec<Way>,
}

impl Surroundings {
    /// Determines the surroundings from the environment variables and the platform.
    #[must_use]
    pub fn of(is_set: impl Fn(&str) -> bool, macos: bool) -> Self {
        let all: [(bool, &[&str]); 4] = [
            (macos, &["pbcopy"]),
            (is_set("WAYLAND_DISPLAY"), &["wl-copy"]),
            (is_set("DISPLAY"), &["xclip", "-selection", "clipboard"]),
            (is_set("DISPLAY"), &["xsel", "--clipboard", "--input"]),
        ];
        let fitting = all.into_iter().filter(|(fits, _)| *fits);
        Self {
            tmux: is_set("TMUX"),
            remote: is_set("SSH_CONNECTION") || is_set("SSH_TTY"),
            programs: fitting.map(|(_, words)| Way::Program(words)).collect(),
        }
    }
}

/// A way to copy text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// A program that reads the text: its name and arguments.
    Program(&'static [&'static str]),
    /// The terminal, through OSC 52.
    Terminal,
}

/// The commands that fill tmux's buffer. `-w` also passes the text on to the terminal that tmux runs in, but versions
/// before 3.2 lack that option.
const TMUX: [Way; 2] = [
    Way::Program(&["tmux", "load-buffer", "-w", "-"]),
    Way::Program(&["tmux", "load-buffer", "-"]),
];

/// Returns the ways to copy text, in the order in which to try them.
fn ways(chosen: Clipboard, place: &Surroundings) -> Vec<Way> {
    match chosen {
        Clipboard::Osc52 => vec![Way::Terminal],
        Clipboard::Tmux => TMUX.to_vec(),
        Clipboard::Command => place.programs.clone(),
        Clipboard::Auto => {
            let tmux: &[Way] = if place.tmux { &TMUX } else { &[] };
            // A program on this machine would fill this machine's clipboard instead of the user's.
            let programs: &[Way] = if place.remote { &[] } else { &place.programs };
            [tmux, programs, &[Way::Terminal]].concat()
        }
    }
}

/// Copies text and returns what accepted it.
///
/// # Errors
///
/// A sentence explaining why nothing accepted the text.
pub async fn copy(text: &str, chosen: Clipboard, place: &Surroundings) -> Result<CopiedBy, String> {
    let mut reasons = Vec::new();
    for way in ways(chosen, place) {
        match take(way, text).await {
            Ok(taker) => return Ok(taker),
            Err(reason) => reasons.push(reason),
        }
    }
    if reasons.is_empty() {
        reasons.push("no clipboard program was found; set `clipboard` to \"osc52\"".to_owned());
    }
    Err(reasons.join("; "))
}

async fn take(way: Way, text: &str) -> Result<CopiedBy, String> {
    match way {
        Way::Terminal => {
            let bytes = sequence(text).map_err(|error| error.to_string())?;
            terminal::write(&bytes).map_err(|error| error.to_string())?;
            Ok(CopiedBy::Terminal)
        }
        Way::Program(words) => {
            let name = words.first().copied().unwrap_or_default();
            match timeout(PATIENCE, feed(words, text)).await {
                Ok(Ok(())) => Ok(CopiedBy::Program(name)),
                Ok(Err(error)) => Err(format!("{name}: {error}")),
                Err(_) => Err(format!("{name}: no response within {} s", PATIENCE.as_secs())),
            }
        }
    }
}

/// Passes the text to a program and waits until it exits successfully.
async fn feed(words: &[&str], text: &str) -> io::Result<()> {
    let (name, arguments) = words.split_first().ok_or(io::ErrorKind::InvalidInput)?;
    let mut command = child::command(name);
    command
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut program = Group(tokio::process::Command::from(command).spawn()?);
    if let Some(mut stdin) = program.0.stdin.take() {
        stdin.write_all(text.as_bytes()).await?;
    }
    let status = program.0.wait().await?;
    if status.success() {
        Ok(())
    } else {
        Err(io::Error::other(status.to_string()))
    }
}

/// Returns the escape sequence that asks a terminal to copy text.
///
/// # Errors
///
/// [`TooLong`], because a terminal silently drops text that is too long.
pub fn sequence(text: &str) -> Result<Vec<u8>, TooLong> {
    if text.len() > MOST_BYTES {
        return Err(TooLong { bytes: text.len() });
    }
    let mut bytes = String::new();
    // Writing to a String cannot fail.
    let _ = CopyToClipboard::to_clipboard_from(text).write_ansi(&mut bytes);
    Ok(bytes.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_osc_52() {
        assert_eq!(sequence("/a/*\n/ü"), Ok(b"\x1b]52;c;L2EvKgovw7w=\x1b\\".to_vec()));
        assert_eq!(sequence(""), Ok(b"\x1b]52;c;\x1b\\".to_vec()));
    }

    #[test]
    fn the_longest_text_fits_in_100_000_bytes_and_one_more_is_refused() {
        assert!(sequence(&"a".repeat(MOST_BYTES)).is_ok_and(|bytes| bytes.len() <= 100_000));
        let refused = sequence(&"a".repeat(MOST_BYTES + 1));
        assert_eq!(refused, Err(TooLong { bytes: 74_992 }));
        let told = refused.err().map(|error| error.to_string()).unwrap_or_default();
        assert!(told.starts_with("74992 bytes are too many"), "{told}");
    }

    #[test]
    fn the_way_follows_from_the_place() {
        let place = |names: &[&str]| Surroundings::of(|name| names.contains(&name), names.contains(&"macOS"));
        let names = |chosen, place: &Surroundings| {
            let name = |way| match way {
                Way::Program([name, "load-buffer", "-"]) => format!("{name}, old"),
                Way::Program(words) => words[0].to_owned(),
                Way::Terminal => "osc52".to_owned(),
            };
            ways(chosen, place).into_iter().map(name).collect::<Vec<_>>().join(" ")
        };
        for (set, way) in [
            (&[][..], "osc52"),
            (&["TMUX"], "tmux tmux, old osc52"),
            (&["macOS"], "pbcopy osc52"),
            (&["WAYLAND_DISPLAY", "DISPLAY"], "wl-copy xclip xsel osc52"),
            (&["DISPLAY", "TMUX"], "tmux tmux, old xclip xsel osc52"),
            (&["DISPLAY", "macOS", "SSH_TTY"], "osc52"),
            (&["TMUX", "DISPLAY", "SSH_CONNECTION"], "tmux tmux, old osc52"),
        ] {
            assert_eq!(names(Clipboard::Auto, &place(set)), way, "{set:?}");
        }
        let everything = place(&["TMUX", "DISPLAY"]);
        assert_eq!(names(Clipboard::Osc52, &everything), "osc52");
        assert_eq!(names(Clipboard::Tmux, &everything), "tmux tmux, old");
        assert_eq!(names(Clipboard::Command, &everything), "xclip xsel");
    }

    #[tokio::test]
    async fn a_program_that_is_not_there_or_fails_took_nothing() {
        let refused = feed(&["false"], "text").await;
        assert!(refused.is_err());
        assert!(feed(&["invalidash-no-such-program"], "text").await.is_err());
        assert!(feed(&["cat"], &"text".repeat(100_000)).await.is_ok());
    }
}
