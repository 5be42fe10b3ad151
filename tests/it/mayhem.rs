//! Everything at once: five windows on one ledger, a disk that fails, a proxy that loses, duplicates, truncates and
//! delays, and a kill for each window, again and again. Then the ledger, the emulator's call log and the screens that
//! were shown must agree: each intent carried out once, nothing sent unasked, no list lost, no intact ledger moved
//! aside.
//!
//! A normal run kills ten times. `cargo test --test it mayhem -- --ignored` kills a thousand times (`KILLS=5000` for
//! another number, `SEED=7` for another course of events).

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::Utc;
use invalidash::emulator::{Distribution, Options};
use rusqlite::Connection;
use rustix::process::Signal;
use tempfile::TempDir;

use crate::support::chance::Chance;
use crate::support::loopback::Loopback;
use crate::support::lossy::Lossy;
use crate::support::pty::Pty;

const BINARY: &str = env!("CARGO_BIN_EXE_invalidash");

/// Windows that are open at once.
const WINDOWS: u64 = 5;

/// Each window sends to a distribution of its own, so that no list is confirmed by two of them.
const SENDS_TO: [&str; 5] = [
    "ESEND000000001",
    "ESEND000000002",
    "ESEND000000003",
    "ESEND000000004",
    "ESEND000000005",
];

/// All of them compose for these and send nothing of it.
const KEEPS_FOR: [&str; 2] = ["EKEEP000000001", "EKEEP000000002"];

/// How long one step may take in a window whose disk or network fails.
const STEP: Duration = Duration::from_secs(4);

/// How long a list stands on the screen before it must not be lost any more.
const STOOD: Duration = Duration::from_millis(200);

/// How calls of the disk fail: which, how, from which on at the latest, and what follows.
const DISK: [(&str, &str); 5] = [
    ("pwrite64", "EIO"),
    ("pwrite64", "ENOSPC"),
    ("fsync", "EIO"),
    ("fsync", "ENOSPC"),
    ("pread64", "EIO"),
];

struct Stage {
    server: Loopback,
    proxy: Lossy,
    state: TempDir,
    /// The lists that must not be lost, and what the window said of the disk.
    stood: Mutex<Vec<String>>,
    figures: Figures,
}

#[derive(Default)]
struct Figures {
    kills: AtomicU64,
    failing_disks: AtomicU64,
    confirmed: AtomicU64,
    not_kept: AtomicU64,
    closed: AtomicU64,
}

impl Stage {
    fn new(seed: u64) -> Self {
        let mut options = Options {
            distributions: Some(1),
            ..Options::default()
        };
        options.settings.completion_delay_ms = 50;
        options.settings.latency_ms = 3;
        let server = Loopback::new(options).unwrap();
        for id in SENDS_TO.into_iter().chain(KEEPS_FOR) {
            let distribution = Distribution {
                id: id.to_owned(),
                ..Distribution::default()
            };
            server.emulator.put(distribution, Utc::now());
        }
        let proxy = Lossy::new(&server.url, seed).unwrap();
        Self {
            server,
            proxy,
            state: tempfile::tempdir().unwrap(),
            stood: Mutex::default(),
            figures: Figures::default(),
        }
    }

    /// Opens a window on this distribution, perhaps with a disk that fails.
    fn open(&self, target: &str, disk: Option<&str>) -> Pty {
        let state = self.state.path().to_string_lossy();
        let env = [
            ("XDG_STATE_HOME", &*state),
            ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
            ("AWS_SECRET_ACCESS_KEY", "CANARY-SECRET"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
        ];
        let program = [BINARY, "--endpoint-url", &self.proxy.url, target];
        let Some(inject) = disk else {
            return Pty::spawn(program[0], &program[1..], &env, 30, 100);
        };
        let call = inject.split([':', '=']).nth(1).unwrap();
        let trace = format!("trace={call}");
        // With `-D`, strace is a separate process, so that the kill hits the program.
        let strace = ["-D", "-f", "-qq", "-o", "/dev/null", "-e", &trace, "-e", inject];
        Pty::spawn("strace", &[&strace, program.as_slice()].concat(), &env, 30, 100)
    }

    /// One window's life: it composes a list that nobody composed before, perhaps confirms it, and is killed.
    fn live(&self, window: u64, life: u64, chance: &mut Chance) {
        let sends = chance.percent(40);
        let disk = chance.percent(40).then(|| failing_disk(chance));
        let window = usize::try_from(window).unwrap();
        let target = if sends {
            SENDS_TO[window]
        } else {
            KEEPS_FOR[window % KEEPS_FOR.len()]
        };
        let path = format!("/{}/{window}/{life}.html", if sends { "send" } else { "keep" });
        let program = self.open(target, disk.as_deref());
        self.figures
            .failing_disks
            .fetch_add(u64::from(disk.is_some()), Ordering::Relaxed);
        if compose(&program, target, &path) {
            self.look(&program, &path);
            if sends && chance.percent(75) {
                self.confirm(&program);
            }
        }
        std::thread::sleep(Duration::from_micros(chance.below(300_000)));
        program.signal(Signal::KILL);
        program.exit();
        self.figures.kills.fetch_add(1, Ordering::Relaxed);
    }

    /// The list stands on the screen: from then on it must not be lost, unless the window does not say that it is kept.
    fn look(&self, program: &Pty, path: &str) {
        std::thread::sleep(STOOD);
        let is_kept = |screen: &vt100::Screen| screen.contents().contains("draft saved");
        if program.arrival_when(STEP, is_kept).is_err() {
            self.figures.not_kept.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let mut stood = self.stood.lock().unwrap_or_else(PoisonError::into_inner);
        stood.push(path.to_owned());
    }

    fn confirm(&self, program: &Pty) {
        if step(program, "<c-s>", "will be sent") && program.confirms() {
            self.figures.confirmed.fetch_add(1, Ordering::Relaxed);
        } else {
            self.figures.closed.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Lets a last window end the work, undisturbed.
    fn settle(&self) {
        self.proxy.be_quiet();
        self.server.emulator.clear_faults();
        let program = self.open(SENDS_TO[0], None);
        assert!(program.appears_or_ends("Invalidations"), "{}", program.screen());
        program.type_keys("2");
        let until = Instant::now() + Duration::from_hours(2);
        let mut quiet = 0;
        while quiet < 20 {
            std::thread::sleep(Duration::from_millis(250));
            let screen = program.screen();
            if screen.contains("Left by an earlier run") {
                // The key is pressed at most once a second, because a key that is held down decides nothing.
                std::thread::sleep(Duration::from_millis(1_250));
                program.type_keys("S");
            }
            quiet = if screen.contains("in flight") { 0 } else { quiet + 1 };
            assert!(Instant::now() < until, "{screen}");
        }
        program.type_keys("<c-c>");
        assert_eq!(program.exit_code(), Some(0));
    }

    fn hold_to_account(&self, story: &str) {
        let folder = self.state.path().join("invalidash");
        assert_eq!(damaged(&folder), Vec::<String>::new(), "{story}: put aside");
        let ledger = Connection::open(folder.join("ledger.db")).unwrap();
        let sound: String = ledger
            .query_row("PRAGMA integrity_check", [], |row| row.get(0))
            .unwrap();
        assert_eq!(sound, "ok");
        let submissions = submissions(&ledger);
        let mut times = BTreeMap::<String, usize>::new();
        for creation in self.server.emulator.received().creations {
            let told = submissions.get(&creation.caller_reference);
            let (word, items) =
                told.unwrap_or_else(|| panic!("{story}: without an intent in the ledger: {creation:?}"));
            assert_eq!(
                (word.as_str(), items),
                ("Completed", &creation.items),
                "{story}: {creation:?}"
            );
            assert!(
                !creation.items_differed && creation.invalidations.len() == 1,
                "{story}: {creation:?}"
            );
            assert!(
                creation.target.starts_with("ESEND"),
                "{story}: nobody asked for {creation:?}"
            );
            for item in creation.items {
                *times.entry(item).or_default() += 1;
            }
        }
        let twice: Vec<_> = times.iter().filter(|(_, times)| **times > 1).collect();
        assert!(twice.is_empty(), "{story}: sent more than once: {twice:?}");
        let words: BTreeSet<_> = submissions.values().map(|(word, _)| word.as_str()).collect();
        assert!(
            words.iter().all(|word| ["Completed", "Rejected"].contains(word)),
            "{story}: {words:?}"
        );
        let drafts = texts(&ledger);
        let is_there =
            |path: &String| times.contains_key(path) || drafts.iter().any(|text| text.lines().any(|line| line == path));
        let stood = self.stood.lock().unwrap();
        let lost: Vec<_> = stood.iter().filter(|path| !is_there(path)).collect();
        assert!(
            lost.is_empty(),
            "{story}: {} of {} lists are lost: {lost:?}",
            lost.len(),
            stood.len()
        );
        eprintln!(
            "{story}: {} kills, {} with a failing disk; {} lists stood on the screen, {} more were not kept; {} were \
             confirmed, {} could not be; {} invalidations, {} drafts; the proxy: {}",
            self.figures.kills.load(Ordering::Relaxed),
            self.figures.failing_disks.load(Ordering::Relaxed),
            stood.len(),
            self.figures.not_kept.load(Ordering::Relaxed),
            self.figures.confirmed.load(Ordering::Relaxed),
            self.figures.closed.load(Ordering::Relaxed),
            self.server.emulator.received().creations.len(),
            drafts.len(),
            self.proxy.figures(),
        );
    }
}

/// From its page to a list on the screen; false where that cannot be had.
fn compose(program: &Pty, target: &str, path: &str) -> bool {
    let appears = |text: &str| {
        let text = text.to_owned();
        program
            .arrival_when(STEP, move |screen| screen.contents().contains(&text))
            .is_ok()
    };
    appears(&format!("Invalidations  {target}"))
        && step(program, "i", "Invalidate  ")
        && step(program, path, path)
        && program.try_type("<enter>")
}

/// Types keys and waits for a text.
fn step(program: &Pty, keys: &str, seen: &str) -> bool {
    let seen = seen.to_owned();
    let appears = |screen: &vt100::Screen| screen.contents().contains(&seen);
    program.try_type(keys) && program.arrival_when(STEP, appears).is_ok()
}

/// What a disk does: fail once, from a call on, or in a rhythm.
fn failing_disk(chance: &mut Chance) -> String {
    let (call, error) = DISK[usize::try_from(chance.below(DISK.len() as u64)).unwrap()];
    // The loader makes the first reads.
    let first = 5 + chance.below(120);
    let rhythm = match chance.below(4) {
        0 => String::new(),
        1 => format!("..{}", first + chance.below(20)),
        2 => "+".to_owned(),
        _ => format!("+{}", 2 + chance.below(30)),
    };
    format!("inject={call}:error={error}:when={first}{rhythm}")
}

fn damaged(folder: &Path) -> Vec<String> {
    let names = folder.read_dir().unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    names.filter(|name| name.contains("damaged")).collect()
}

/// By reference: where it stands, and its items.
fn submissions(ledger: &Connection) -> BTreeMap<String, (String, Vec<String>)> {
    let mut rows = ledger.prepare("SELECT reference, word, items FROM submission").unwrap();
    let rows = rows.query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get::<_, String>(2)?))));
    let rows = rows.unwrap().map(Result::unwrap);
    rows.map(|(reference, (word, items))| (reference, (word, serde_json::from_str(&items).unwrap())))
        .collect()
}

fn texts(ledger: &Connection) -> Vec<String> {
    let mut rows = ledger.prepare("SELECT text FROM draft").unwrap();
    let rows = rows.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

/// So many windows live and die, five at a time.
fn mayhem(kills: u64, seed: u64) {
    let stage = Stage::new(seed);
    std::thread::scope(|windows| {
        for window in 0..WINDOWS {
            let stage = &stage;
            windows.spawn(move || {
                let mut chance = Chance(seed.wrapping_mul(WINDOWS).wrapping_add(window));
                (0..kills.div_ceil(WINDOWS)).for_each(|life| stage.live(window, life, &mut chance));
            });
        }
    });
    stage.settle();
    stage.hold_to_account(&format!("seed {seed}"));
}

#[test]
fn ten_kills_of_five_windows_on_a_failing_disk_behind_a_lossy_proxy() {
    mayhem(10, 20_261_128);
}

#[test]
#[ignore = "half an hour and more: a thousand kills"]
fn a_thousand_kills_of_five_windows_on_a_failing_disk_behind_a_lossy_proxy() {
    let number = |name| std::env::var(name).ok().and_then(|text| text.parse().ok());
    mayhem(number("KILLS").unwrap_or(1_000), number("SEED").unwrap_or(1));
}
