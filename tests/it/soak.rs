//! A long run: at the end, the program uses no more resources than after warming up.
//!
//! `cargo test --locked --test it soak:: -- --ignored --nocapture --test-threads 1`; `SOAK_SECONDS` is the duration of
//! the run in real time (600), `SOAK_BINARY` a program to use instead of the test build.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::time::{Duration, Instant};

use invalidash::emulator::Options;

use crate::support::dashboard::Stage;
use crate::support::loopback::Loopback;
use crate::support::pty::Pty;

const BINARY: &str = env!("CARGO_BIN_EXE_invalidash");

/// What a process holds.
#[derive(Clone, Copy, Debug)]
struct Held {
    kib: u64,
    descriptors: usize,
    threads: u64,
}

impl Held {
    /// By a process, as `/proc` names it.
    fn by(process: &str) -> Self {
        let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
        let number = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            line.split_whitespace().next().unwrap().parse().unwrap()
        };
        Self {
            kib: number("VmRSS:"),
            descriptors: fs::read_dir(format!("/proc/{process}/fd")).unwrap().count(),
            threads: number("Threads:"),
        }
    }

    fn print(self, at: Duration, sent: u64) {
        let Self {
            kib,
            descriptors,
            threads,
        } = self;
        println!(
            "| {} min | {sent} | {} MiB | {descriptors} | {threads} |",
            at.as_secs() / 60,
            kib / 1024
        );
    }

    /// Holds the end against what was held when everything had been done once; each submission may leave so many KiB.
    fn holds(self, warm: Self, sent: u64, kib_each: u64) {
        assert!(self.descriptors <= warm.descriptors + 2, "{warm:?} {self:?}");
        assert!(self.threads <= warm.threads + 2, "{warm:?} {self:?}");
        let most = warm.kib + warm.kib / 4 + kib_each * sent;
        assert!(self.kib <= most, "{warm:?} {self:?} after {sent}");
    }
}

fn heading(story: &str) {
    println!("{story}\n| at | sent | memory | descriptors | threads |\n|---|---|---|---|---|");
}

/// Looks around, sends one, and sees it completed.
fn round(program: &Pty, number: u64) {
    let step = |keys: &str, seen: &str| {
        program.type_keys(keys);
        program.wait_for(seen);
    };
    let close = |what: &str| {
        program.type_keys("<esc>");
        program.wait_until(what, |screen| !screen.contents().contains(what));
    };
    step("1", "Last invalidation");
    step("?", "─ Help ─");
    close("─ Help ─");
    step("/docs", "1 of 14");
    close("1 of 14");
    step("3", " History ");
    step("1", "Last invalidation");
    let path = format!("/soak/{number}.html");
    step("i", "Invalidate  ");
    step(&path, &path);
    step("<c-s>", "will be sent");
    step("<enter>", "in flight");
    let (rows, columns) = if number.is_multiple_of(2) { (30, 100) } else { (40, 140) };
    program.resize(rows, columns);
    program.wait_until("nothing in flight", |screen| !screen.contents().contains("in flight"));
}

#[test]
#[ignore = "ten minutes"]
fn ten_minutes_of_work_leave_nothing_behind() {
    let seconds = std::env::var("SOAK_SECONDS").map_or(600, |seconds| seconds.parse().unwrap());
    let server = Loopback::new(Options::demo()).unwrap();
    let env = [
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "CANARY-SECRET"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
    ];
    let binary = std::env::var("SOAK_BINARY").unwrap_or_else(|_| BINARY.to_owned());
    let program = Pty::spawn(binary, &["--endpoint-url", &server.url], &env, 30, 100);
    program.wait_for("Distributions 14");
    let process = program.pid().to_string();
    let (begun, span) = (Instant::now(), Duration::from_secs(seconds));
    let (mut sent, mut warm, mut next) = (0, None, span / 10);
    heading("in real time, against an emulator in another process");
    while begun.elapsed() < span {
        round(&program, sent);
        sent += 1;
        if begun.elapsed() >= next {
            next += span / 10;
            let held = Held::by(&process);
            held.print(begun.elapsed(), sent);
            warm.get_or_insert((held, sent));
        }
    }
    let (warm, sent_warm) = warm.unwrap();
    let end = Held::by(&process);
    end.print(begun.elapsed(), sent);
    program.type_keys("<c-c>");
    assert_eq!(program.exit_code(), Some(0));
    end.holds(warm, sent - sent_warm, 8);
}

/// The emulator is in the same process, and keeps every call.
#[tokio::test(start_paused = true)]
#[ignore = "an hour of virtual time"]
async fn an_hour_of_watching_leaves_nothing_behind() {
    let stage = Stage::demo();
    heading("an hour of virtual time, the emulator in the same process");
    stage
        .play(async |mut person| {
            person.sees("www.").await;
            let mut warm = None;
            for minute in 1..=60 {
                person.press("1");
                person.sees("Distributions").await;
                person.submits(&format!("/soak/{minute}.html")).await;
                person.waits(60).await;
                if minute % 10 == 0 {
                    let held = Held::by("self");
                    held.print(Duration::from_secs(60 * minute), minute);
                    warm.get_or_insert(held);
                }
            }
            Held::by("self").holds(warm.unwrap(), 50, 64);
        })
        .await;
    let made = stage.emulator.received().creations.len();
    assert_eq!(made, 60);
}
