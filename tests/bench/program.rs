//! A program under measurement, from its start on.

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use crate::pty::{Arrival, Pty};

/// The longest wait for something that must come.
const LIMIT: Duration = Duration::from_secs(20);
/// The longest wait for a list that comes in many pages, by the pace that CloudFront bears.
const SLOWLY: Duration = Duration::from_mins(2);
/// A pause in the output that ends a picture.
const QUIET: Duration = Duration::from_millis(25);
/// A pause that ends everything a start causes.
const SETTLED: Duration = Duration::from_millis(700);
/// The longest wait for a pause; something may turn for ever.
const RESTLESS: Duration = Duration::from_secs(4);

const BEGIN_FRAME: &str = "\x1b[?2026h";
const END_FRAME: &str = "\x1b[?2026l";

/// What is run: a binary, its arguments and its environment.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    binary: PathBuf,
    args: Vec<String>,
    env: Vec<(String, String)>,
}

impl Program {
    /// The sample without anything behind it: this very program, called so that it becomes one.
    pub(crate) fn bare() -> Result<Self, String> {
        let binary = std::env::current_exe().map_err(|error| format!("this program: {error}"))?;
        Ok(Self {
            binary,
            args: vec![crate::BARE.to_owned()],
            env: Vec::new(),
        })
    }

    /// The dashboard on a server, with credentials that are worth nothing.
    pub(crate) fn dashboard(binary: &Path, url: &str) -> Self {
        let env = [
            ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"),
            ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
            ("AWS_REGION", "us-east-1"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
        ];
        Self {
            binary: binary.to_owned(),
            args: vec!["--endpoint-url".to_owned(), url.to_owned()],
            env: env.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
        }
    }

    /// The same with this in its environment.
    pub(crate) fn with(mut self, name: &str, value: &Path) -> Self {
        self.env.push((name.to_owned(), value.to_string_lossy().into_owned()));
        self
    }

    /// Starts it in a terminal of that size.
    pub(crate) fn start(&self, rows: u16, cols: u16) -> Running {
        let args: Vec<_> = self.args.iter().map(String::as_str).collect();
        let env: Vec<_> = self
            .env
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let started = Instant::now();
        Running {
            pty: Pty::spawn(&self.binary, &args, &env, rows, cols),
            started,
        }
    }
}

/// A program that runs.
pub(crate) struct Running {
    pub(crate) pty: Pty,
    started: Instant,
}

/// How a program answered a key.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Answer {
    /// Milliseconds to the first byte.
    pub(crate) first_ms: f64,
    /// Milliseconds to the last byte.
    pub(crate) paint_ms: f64,
    /// All bytes.
    pub(crate) bytes: f64,
}

impl Running {
    /// Milliseconds from the start to the first byte.
    pub(crate) fn first_byte_ms(&self) -> Result<f64, String> {
        let first = self
            .pty
            .arrival_beyond(0, LIMIT)
            .ok_or_else(|| self.complaint("wrote nothing"))?;
        Ok(self.ms(first))
    }

    /// Milliseconds from the start to the end of the first frame, and its bytes.
    pub(crate) fn first_frame(&self) -> Result<(f64, f64), String> {
        let mut seen = self.pty.arrival_beyond(0, LIMIT);
        while let Some(arrival) = seen {
            let log = self.pty.log();
            let written = String::from_utf8_lossy(log.get(..arrival.length).unwrap_or_default()).into_owned();
            if let Some(frame) = first_frame(&written) {
                return Ok((self.ms(arrival), bytes(frame.len())));
            }
            seen = self.pty.arrival_beyond(arrival.length, LIMIT);
        }
        Err(self.complaint("drew no frame"))
    }

    /// Milliseconds from the start until so many distributions are on the screen.
    pub(crate) fn distributions_ms(&self, count: usize) -> Result<f64, String> {
        Ok(self.ms(self.shown(count)?))
    }

    /// The bytes written until so many distributions are on the screen.
    pub(crate) fn list_bytes(&self, count: usize) -> Result<f64, String> {
        Ok(bytes(self.shown(count)?.length))
    }

    fn shown(&self, count: usize) -> Result<Arrival, String> {
        let shown = self
            .pty
            .arrival_when(LIMIT, |screen| distributions(&screen.contents()) >= count);
        shown.map_err(|state| format!("{count} distributions never came; {state}"))
    }

    /// Waits until the output has paused long enough for the start to be over.
    pub(crate) fn settle(&self) {
        let end = Instant::now() + RESTLESS;
        let mut written = self.pty.written();
        while let Some(arrival) = self.pty.arrival_beyond(written, SETTLED) {
            written = arrival.length;
            if arrival.at > end {
                break;
            }
        }
    }

    /// Waits until the screen shows this.
    pub(crate) fn shows(&self, text: &str) -> Result<(), String> {
        let shown = self.pty.arrival_when(SLOWLY, |screen| screen.contents().contains(text));
        shown.map(drop).map_err(|state| format!("{text:?} never came; {state}"))
    }

    /// Types keys; milliseconds until anything is drawn.
    pub(crate) fn wait_ms(&self, keys: &str) -> Result<f64, String> {
        let before = self.pty.written();
        let pressed = Instant::now();
        self.pty.type_keys(keys);
        let drawn = self.pty.arrival_beyond(before, LIMIT);
        let drawn = drawn.ok_or_else(|| self.complaint(&format!("did not answer {keys:?}")))?;
        Ok(drawn.at.duration_since(pressed).as_secs_f64() * 1e3)
    }

    /// Types keys and waits for the whole answer.
    pub(crate) fn press(&self, keys: &str) -> Result<Answer, String> {
        let before = self.pty.written();
        let picture = self.pty.picture();
        let pressed = Instant::now();
        self.pty.type_keys(keys);
        let beyond = self.pty.arrival_beyond(before, LIMIT);
        let first = beyond.ok_or_else(|| self.complaint(&format!("did not answer {keys:?}")))?;
        let mut last = first;
        while let Some(arrival) = self.pty.arrival_beyond(last.length, QUIET) {
            last = arrival;
            if last.at > pressed + RESTLESS {
                break;
            }
        }
        if self.pty.picture() == picture {
            return Err(self.complaint(&format!("showed nothing new on {keys:?}")));
        }
        let ms = |arrival: Arrival| arrival.at.duration_since(pressed).as_secs_f64() * 1e3;
        Ok(Answer {
            first_ms: ms(first),
            paint_ms: ms(last),
            bytes: bytes(last.length - before),
        })
    }

    fn ms(&self, arrival: Arrival) -> f64 {
        arrival.at.duration_since(self.started).as_secs_f64() * 1e3
    }

    fn complaint(&self, what: &str) -> String {
        format!("the program {what}; the screen:\n{}", self.pty.screen())
    }
}

fn first_frame(written: &str) -> Option<&str> {
    let begin = written.find(BEGIN_FRAME)?;
    let length = written.get(begin..)?.find(END_FRAME)? + END_FRAME.len();
    written.get(begin..begin + length)
}

/// How many words on the screen look like the id of a distribution.
fn distributions(screen: &str) -> usize {
    let is_id = |word: &str| {
        let mut characters = word.chars();
        characters.next() == Some('E')
            && word.len() >= 13
            && characters.all(|character| character.is_ascii_uppercase() || character.is_ascii_digit())
    };
    screen.split_whitespace().filter(|word| is_id(word)).count()
}

/// A number as the screen writes it.
pub(crate) fn grouped(count: usize) -> String {
    invalidash::domain::text::grouped(count as u64)
}

/// A number of bytes to calculate with.
pub(crate) fn bytes(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}
