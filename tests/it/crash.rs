//! Kills the real program, at random moments and at each of its writes, and restarts it until everything is done. Then
//! the emulator's call log and the ledger must agree, with each intent carried out once.
//!
//! A normal run kills the program thirty times. `cargo test --test it crash -- --ignored` kills it hundreds of times
//! and, if `strace` is available, at every write of a whole session.
//!
//! **Negative control**, done manually: a build that sends before it writes must fail. In `engine::queue::plan`, apply
//! `Event::Stored` and `Event::Sent` to each submission and request its `CreateInvalidation` along with
//! `LedgerOperation::Plan`; in `runtime::ledger`, let the thread sleep for 15 ms before each operation, as on a busy
//! disk. The random kills then fail with "an invalidation without an intent in the ledger", and the model test with "is
//! sent and not in the ledger".

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use chrono::Utc;
use invalidash::emulator::{Fault, Operation, Options, Tenant, Trouble};
use rusqlite::Connection;
use rustix::process::Signal;
use tempfile::TempDir;

use crate::support::chance::Chance;
use crate::support::loopback::Loopback;
use crate::support::pty::{Exit, Pty};

const BINARY: &str = env!("CARGO_BIN_EXE_invalidash");

/// A tenant, opened by its id.
const TENANT: &str = "dt_2yMvQgam3QkJo2z54FDl91dk1AB";

/// An emulator that outlives every kill, and the state directory that does.
struct Stage {
    server: Loopback,
    state: TempDir,
    composed: u32,
}

impl Stage {
    fn new() -> Self {
        let mut options = Options {
            distributions: Some(2),
            ..Options::default()
        };
        options.settings.completion_delay_ms = 50;
        options.settings.latency_ms = 3;
        let server = Loopback::new(options).unwrap();
        let tenant = Tenant {
            id: TENANT.to_owned(),
            ..Tenant::default()
        };
        server.emulator.put_tenant(tenant, Utc::now());
        Self {
            server,
            state: tempfile::tempdir().unwrap(),
            composed: 0,
        }
    }

    /// Starts the program, alone or under something that kills it.
    fn start(&self, killer: &[&str]) -> Pty {
        let state = self.state.path().to_string_lossy();
        let env = [
            ("XDG_STATE_HOME", &*state),
            ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
            ("AWS_SECRET_ACCESS_KEY", "CANARY-SECRET"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
        ];
        let words = [killer, &[BINARY, "--endpoint-url", &self.server.url]].concat();
        Pty::spawn(words[0], &words[1..], &env, 30, 100)
    }

    /// Composes a path that nobody composed before and confirms it, for a distribution and for a tenant in turn; false
    /// when the program died on the way.
    fn confirm(&mut self, program: &Pty) -> bool {
        self.composed += 1;
        let is_for_the_tenant = self.composed.is_multiple_of(2);
        let step = |keys: &str, seen: &str| program.try_type(keys) && program.appears_or_ends(seen);
        program.appears_or_ends("Last invalidation")
            && (!is_for_the_tenant || step(&format!("o{TENANT}<enter>"), &format!("Invalidations  {TENANT}")))
            && step("i", "Invalidate  ")
            && step(
                &format!("/kill/{}.html", self.composed),
                &format!("/kill/{}.html", self.composed),
            )
            && step("<c-s>", "will be sent")
            && program.confirms()
    }

    /// Lets the program end its work undisturbed: one request in two seconds, after a burst.
    fn settle(&self) {
        self.server.emulator.clear_faults();
        let program = self.start(&[]);
        assert!(program.appears_or_ends("Last invalidation"), "{}", program.screen());
        program.type_keys("2");
        // A visible row shows that the ledger was read.
        program.wait_for("/kill/");
        let looks = std::iter::repeat_n((), 600 * 4);
        let mut busy = looks.map(|()| {
            std::thread::sleep(Duration::from_millis(250));
            program.screen().contains("in flight")
        });
        assert!(busy.any(|busy| !busy), "{}", program.screen());
        program.type_keys("<c-c>");
        assert_eq!(program.exit_code(), Some(0));
    }

    /// The record and the ledger tell the same story, each intent once.
    fn hold_to_account(&self, story: &str) {
        let mut written = references(self.state.path());
        for creation in self.server.emulator.received().creations {
            let reference = &creation.caller_reference;
            let word = written.remove(reference);
            let word = word
                .unwrap_or_else(|| panic!("{story}: an invalidation without an intent in the ledger: {creation:?}"));
            assert!(!creation.items_differed, "{story}: {creation:?}");
            assert_eq!(
                (creation.invalidations.len(), word.as_str()),
                (1, "Completed"),
                "{story}: {creation:?}"
            );
        }
        assert_eq!(written, BTreeMap::new(), "{story}: an intent without its invalidation");
    }
}

/// The references in the ledger with their words; every table of it is sound.
fn references(state: &Path) -> BTreeMap<String, String> {
    let ledger = Connection::open(state.join("invalidash/ledger.db")).unwrap();
    let sound: String = ledger
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(sound, "ok");
    let mut rows = ledger.prepare("SELECT reference, word FROM submission").unwrap();
    let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

/// Kills at random moments after the word to send, with answers that are lost in between.
fn kill_at_random(kills: u64, seed: u64) {
    let mut stage = Stage::new();
    let mut chance = Chance(seed);
    for kill in 0..kills {
        if chance.below(3) == 0 {
            let committed = chance.below(2) == 0;
            for operation in [
                Operation::CreateInvalidation,
                Operation::CreateInvalidationForDistributionTenant,
            ] {
                let fault = Fault::new(Trouble::Drop).on(operation);
                stage.server.emulator.inject(Fault { committed, ..fault });
            }
        }
        let program = stage.start(&[]);
        let story = format!("seed {seed}, kill {kill}");
        assert!(stage.confirm(&program), "{story}: {}", program.screen());
        std::thread::sleep(Duration::from_micros(chance.below(60_000)));
        program.signal(Signal::KILL);
        assert!(matches!(program.exit(), Exit::Signal(_)), "{story}");
    }
    stage.settle();
    stage.hold_to_account(&format!("seed {seed}"));
    let creations = stage.server.emulator.received().creations;
    // A kill before the write to the ledger leaves a draft and no intent, so their number is not known in advance.
    assert!(creations.iter().any(|creation| creation.target == TENANT));
}

#[test]
fn thirty_kills_at_random_lose_nothing_and_make_nothing_twice() {
    kill_at_random(30, 20_261_122);
}

#[test]
#[ignore = "minutes: hundreds of kills"]
fn hundreds_of_kills_at_random_lose_nothing_and_make_nothing_twice() {
    let seed = std::env::var("CRASH_SEED").ok().and_then(|seed| seed.parse().ok());
    kill_at_random(300, seed.unwrap_or(1));
}

/// Kills at the first write of a session, at the second, and so on, until a session survives.
#[test]
#[ignore = "minutes: one session for each write"]
fn a_kill_at_each_write_loses_nothing_and_makes_nothing_twice() {
    for call in ["pwrite64", "fsync", "sendto"] {
        let mut stage = Stage::new();
        let (mut survived, mut kills) = (false, 0);
        for write in 1..500 {
            // Only a traced program can be killed this way.
            let (trace, inject) = (
                format!("trace={call}"),
                format!("inject={call}:signal=KILL:when={write}"),
            );
            let program = stage.start(&["strace", "-f", "-qq", "-o", "/dev/null", "-e", &trace, "-e", &inject]);
            let alive = stage.confirm(&program) && program.appears_or_ends("Completed");
            kills = write;
            if alive {
                survived = true;
                program.type_keys("<c-c>");
                program.exit();
                break;
            }
        }
        assert!(survived, "no session survived its {call}s");
        assert!(kills > 2, "{call}: {kills} sessions were killed");
        stage.settle();
        stage.hold_to_account(call);
    }
}
