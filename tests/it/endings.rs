//! Every ending preserves what was on the screen: the real program is ended in every way, at random moments while text
//! is being typed, and restarted.
//!
//! A normal run ends it twelve times. `cargo test --test it endings -- --ignored` ends it two hundred times
//! (`ENDINGS=1000` for another number) and, if `strace` is available to slow the disk down, again with every sync
//! taking 300 ms.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use invalidash::emulator::{Fault, Operation, Options, Trouble};
use rustix::process::Signal;
use tempfile::TempDir;

use crate::support::loopback::Loopback;
use crate::support::pty::Pty;

const BINARY: &str = env!("CARGO_BIN_EXE_invalidash");

/// What stands before the program to slow the disk down; it takes itself aside, so that signals reach the program.
const SLOW_DISK: &[&str] = &[
    "strace",
    "-D",
    "-f",
    "-qq",
    "-o",
    "/dev/null",
    "-e",
    "trace=fsync",
    "-e",
    "inject=fsync:delay_enter=300000",
];

/// A way to end, and the exit code that belongs to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    /// Ctrl-C, typed.
    Key,
    /// A signal.
    Signal(Signal, u32),
    /// The terminal is closed.
    HangUp,
}

const ENDINGS: [Ending; 6] = [
    Ending::Key,
    Ending::Signal(Signal::TERM, 143),
    Ending::Signal(Signal::HUP, 129),
    Ending::Signal(Signal::INT, 130),
    Ending::Signal(Signal::QUIT, 131),
    Ending::HangUp,
];

impl Ending {
    fn end(self, program: &mut Pty) -> u32 {
        match self {
            Self::Key => program.type_keys("<c-c>"),
            Self::Signal(signal, _) => program.signal(signal),
            Self::HangUp => program.hang_up(),
        }
        match self {
            Self::Key => 0,
            Self::Signal(_, code) => code,
            Self::HangUp => 129,
        }
    }
}

/// An emulator, and the state directory that outlives every ending.
struct Stage {
    server: Loopback,
    state: TempDir,
    slow: bool,
}

impl Stage {
    fn new(slow: bool) -> Self {
        let options = Options {
            distributions: Some(1),
            ..Options::default()
        };
        Self {
            server: Loopback::new(options).unwrap(),
            state: tempfile::tempdir().unwrap(),
            slow,
        }
    }

    fn start(&self) -> Pty {
        let state = self.state.path().to_string_lossy();
        let env = [
            ("XDG_STATE_HOME", &*state),
            ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
            ("AWS_SECRET_ACCESS_KEY", "CANARY-SECRET"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
        ];
        let killer: &[&str] = if self.slow { SLOW_DISK } else { &[] };
        let words = [killer, &[BINARY, "--endpoint-url", &self.server.url]].concat();
        Pty::spawn(words[0], &words[1..], &env, 30, 100)
    }

    /// Starts the program and opens the composer of the one distribution.
    fn compose(&self) -> Pty {
        let program = self.start();
        program.wait_for("Last invalidation");
        program.type_keys("i");
        program.wait_for("Invalidate  ");
        program
    }

    /// What the next run shows of the list.
    fn next_start(&self, expected: &BTreeMap<usize, String>) -> BTreeMap<usize, String> {
        let program = self.compose();
        // The ledger is read after the first frame.
        let _ = program.arrival_when(Duration::from_secs(5), |screen| {
            let shown = lines(&screen.contents());
            expected.iter().all(|(number, text)| keeps(shown.get(number), text))
        });
        lines(&program.screen())
    }
}

/// The numbered lines of the composer on a screen.
fn lines(screen: &str) -> BTreeMap<usize, String> {
    let line = |row: &str| {
        let mut words = row
            .split_whitespace()
            .filter(|word| !["▌", "✓", "·", "!", "✗"].contains(word));
        let number = words.next()?.parse().ok()?;
        let text = words.next().filter(|word| word.starts_with('/'))?;
        Some((number, text.to_owned()))
    };
    screen.lines().filter_map(line).collect()
}

/// Keys may have arrived after the last frame: then there is more of the line.
fn keeps(shown: Option<&String>, text: &str) -> bool {
    shown.is_some_and(|shown| shown.starts_with(text))
}

/// What the program drew last, before it gave the terminal back.
fn last_frame(program: &Pty) -> String {
    let log = program.log();
    let leave = b"\x1b[?1049l";
    let end = log.windows(leave.len()).rposition(|window| window == leave);
    let mut parser = vt100::Parser::new(30.try_into().unwrap(), 100.try_into().unwrap(), 0);
    parser.process(&log[..end.unwrap_or(log.len())]);
    parser.screen().contents()
}

/// A small generator, so that a failing story can be told again.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn pause(&mut self, milliseconds: u64) {
        std::thread::sleep(Duration::from_micros(self.below(milliseconds * 1_000)));
    }
}

/// What became of one run.
struct Outcome {
    lost: Option<String>,
    took: Duration,
}

/// Types a few lines at a person's pace and a machine's, and ends the program in the middle of it.
fn type_and_end(chance: &mut Chance, number: u64, ending: Ending, slow: bool) -> Outcome {
    let stage = Stage::new(slow);
    let mut program = stage.compose();
    for line in 0..=chance.below(8) {
        for part in [
            "/run",
            &number.to_string(),
            "/l",
            &line.to_string(),
            "/abcdefgh",
            ".html",
            "<enter>",
        ] {
            program.type_keys(part);
            chance.pause(25);
        }
    }
    chance.pause(100);
    end(&stage, &mut program, ending)
}

/// Ends the program and starts it again.
fn end(stage: &Stage, program: &mut Pty, ending: Ending) -> Outcome {
    let since = Instant::now();
    let code = ending.end(program);
    let exit = program.exit_code();
    let took = since.elapsed();
    let seen = lines(&last_frame(program));
    let then = stage.next_start(&seen);
    // The draft continues on a new line, for which the first line disappears in a full window.
    let first = then.keys().next().copied().unwrap_or_default();
    let missing = |number: &usize| *number >= first || *number + 2 < first;
    let mut lines = seen.iter().filter(|(number, _)| missing(number));
    let is_kept = lines.all(|(number, text)| keeps(then.get(number), text));
    let lost = (!is_kept).then(|| format!("seen last: {seen:?}\nnext start: {then:?}"));
    let exited = (exit != Some(code)).then(|| format!("exit code {exit:?}, not {code}"));
    Outcome {
        lost: lost.or(exited),
        took,
    }
}

/// Ends so many runs, each in the next way; tells of those that lost something.
fn type_and_end_often(times: u64, seed: u64, slow: bool) {
    let mut chance = Chance(seed);
    let mut lost = Vec::new();
    let mut longest = BTreeMap::new();
    for number in 0..times {
        let ending = ENDINGS[usize::try_from(number).unwrap() % ENDINGS.len()];
        let outcome = type_and_end(&mut chance, number, ending, slow);
        let slowest = longest.entry(format!("{ending:?}")).or_insert(outcome.took);
        *slowest = (*slowest).max(outcome.took);
        lost.extend(outcome.lost.map(|what| format!("run {number}, {ending:?}: {what}")));
    }
    println!(
        "{times} runs, seed {seed}, slow disk: {slow}; {} lost something; longest {longest:?}",
        lost.len()
    );
    assert!(lost.is_empty(), "{} of {times} runs:\n{}", lost.len(), lost.join("\n"));
}

fn wanted(runs: u64) -> u64 {
    std::env::var("ENDINGS")
        .ok()
        .and_then(|runs| runs.parse().ok())
        .unwrap_or(runs)
}

#[test]
fn what_is_typed_is_there_again_after_every_ending() {
    type_and_end_often(12, 20_261_122, false);
}

#[test]
#[ignore = "minutes: two hundred endings"]
fn what_is_typed_is_there_again_after_two_hundred_endings() {
    type_and_end_often(wanted(200), 1, false);
}

#[test]
#[ignore = "minutes: strace slows every sync down"]
fn what_is_typed_is_there_again_though_the_disk_is_slow() {
    type_and_end_often(wanted(48), 2, true);
}

#[test]
fn a_paste_of_twenty_thousand_lines_is_there_again_after_every_ending() {
    let pasted: Vec<String> = (1..=20_000).map(|number| format!("/paste/{number}.html")).collect();
    for ending in [Ending::Signal(Signal::TERM, 143), Ending::HangUp, Ending::Key] {
        let stage = Stage::new(false);
        let mut program = stage.compose();
        program.paste(&pasted.join("\n"));
        program.wait_for("/paste/20000.html");
        let outcome = end(&stage, &mut program, ending);
        assert_eq!(outcome.lost, None, "{ending:?}");
    }
}

/// What the shell shows after the terminal was given back.
fn last_words(program: &Pty) -> String {
    let log = program.log();
    let log = String::from_utf8_lossy(&log);
    let (_, after) = log.rsplit_once("\x1b[?25h").unwrap();
    after.replace("\r\n", "\n")
}

impl Stage {
    /// Confirms one path and waits until its row says so.
    fn confirm(&self, path: &str, word: &str) -> Pty {
        let program = self.compose();
        program.type_keys(&format!("{path}<enter>{path}2"));
        program.wait_for(&format!("{path}2"));
        program.type_keys("<c-s>");
        program.wait_for("will be sent");
        program.confirms();
        program.wait_for(word);
        program
    }

    /// The state of the one submission in the ledger.
    fn word(&self) -> String {
        let ledger = rusqlite::Connection::open(self.state.path().join("invalidash/ledger.db")).unwrap();
        ledger
            .query_row("SELECT word FROM submission", [], |row| row.get(0))
            .unwrap()
    }
}

#[test]
fn what_is_still_under_way_is_told_in_the_shell() {
    let stage = Stage::new(false);
    stage
        .server
        .emulator
        .configure(|settings| settings.completion_delay_ms = 600_000);
    let program = stage.confirm("/index.html", "InProgress");
    program.type_keys("<c-c>");
    assert_eq!(program.exit_code(), Some(0));
    let said = last_words(&program);
    let words: Vec<&str> = said.split_whitespace().collect();
    let creation = &stage.server.emulator.received().creations[0];
    let (id, target) = (creation.invalidations[0].as_str(), creation.target.as_str());
    let endpoint = format!("'{}'", stage.server.url);
    assert_eq!(
        words,
        [
            id,
            target,
            "InProgress",
            "/index.html",
            "+1",
            "–",
            "run",
            "invalidash",
            "--endpoint-url",
            &endpoint,
            target,
            "to",
            "see",
            "it",
        ],
        "{said:?}"
    );
}

#[test]
fn what_was_taken_back_in_the_last_moment_stays_so() {
    for _ in 0..4 {
        let stage = Stage::new(false);
        let throttled = Fault::new(Trouble::Throttling).on(Operation::CreateInvalidation);
        stage.server.emulator.inject(throttled.times(1_000));
        let program = stage.confirm("/index.html", "Retrying");
        program.type_keys("x<c-c>");
        assert_eq!(program.exit_code(), Some(0), "{}", program.screen());
        assert_eq!(
            (stage.word(), last_words(&program)),
            ("Cancelled".to_owned(), String::new())
        );
    }
}

#[test]
fn what_waits_is_told_in_the_shell_and_goes_on() {
    let stage = Stage::new(false);
    let throttled = Fault::new(Trouble::Throttling).on(Operation::CreateInvalidation);
    stage.server.emulator.inject(throttled.times(1_000));
    let program = stage.confirm("/index.html", "Retrying");
    program.signal(Signal::TERM);
    assert_eq!(program.exit_code(), Some(143));
    let said = last_words(&program);
    assert!(
        said.contains("Retrying /index.html +1 – not sent yet; run invalidash"),
        "{said:?}"
    );
    stage.server.emulator.clear_faults();
    let program = stage.start();
    program.wait_for("Resuming 1");
    program.type_keys("2");
    program.wait_for("Completed");
}

impl Stage {
    /// Keeps everybody else from writing to the ledger, until it is dropped.
    fn lock(&self) -> rusqlite::Connection {
        let ledger = rusqlite::Connection::open(self.state.path().join("invalidash/ledger.db")).unwrap();
        ledger.execute_batch("BEGIN IMMEDIATE").unwrap();
        ledger
    }
}

#[test]
fn whoever_quits_while_the_ledger_is_locked_is_asked_and_told_what_is_lost() {
    let stage = Stage::new(false);
    let program = stage.compose();
    let lock = stage.lock();
    // This is not one of the examples of an empty list.
    program.type_keys("/kept.html");
    program.wait_for("/kept.html");
    program.type_keys("<c-c>");
    program.wait_for("Quit without saving?");
    program.wait_for("1 line");
    program.type_keys("x");
    assert_eq!(program.exit_code(), Some(0));
    let said = last_words(&program);
    assert!(said.contains("invalidash: could not save the draft for "), "{said:?}");
    drop(lock);
}

#[test]
fn a_signal_while_the_ledger_is_locked_tells_what_is_lost() {
    let stage = Stage::new(false);
    let program = stage.compose();
    let lock = stage.lock();
    // This is not one of the examples of an empty list.
    program.type_keys("/kept.html");
    program.wait_for("/kept.html");
    program.signal(Signal::TERM);
    assert_eq!(program.exit_code(), Some(143));
    let said = last_words(&program);
    assert!(said.contains("invalidash: could not save the draft for "), "{said:?}");
    drop(lock);
}

/// A program that has the ledger for longer than is waited for at a time.
#[test]
fn what_was_taken_back_while_the_ledger_was_locked_stays_so() {
    for ending in [Ending::Key, Ending::Signal(Signal::TERM, 143)] {
        let stage = Stage::new(false);
        let throttled = Fault::new(Trouble::Throttling).on(Operation::CreateInvalidation);
        stage.server.emulator.inject(throttled.times(1_000));
        let mut program = stage.confirm("/index.html", "Retrying");
        let lock = stage.lock();
        let unlocked = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(6_500));
            drop(lock);
        });
        program.type_keys("x");
        program.wait_for("Cancelled");
        let code = ending.end(&mut program);
        assert_eq!(program.exit_code(), Some(code), "{}", program.screen());
        unlocked.join().unwrap();
        assert_eq!(stage.word(), "Cancelled");
        let said = last_words(&program);
        assert!(!said.contains("could not save"), "{said:?}");
    }
}
