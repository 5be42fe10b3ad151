//! The program controls the terminal while it runs, and the terminal is restored afterwards, however the program ends.
//!
//! This is tested with `bare`, a program that contains only the guard; the modes are the same for any program that uses
//! it.

#![expect(clippy::panic, reason = "a check that a helper makes for the tests")]

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use rustix::process::Signal;

use crate::support::pty::{Exit, Pty};

const ROWS: u16 = 12;
const COLS: u16 = 100;

/// `bare` stands beside the binary; `cargo test` builds it, and so does `cargo build --example bare`.
fn bare() -> String {
    let binary = Path::new(env!("CARGO_BIN_EXE_invalidash"));
    let bare = binary.with_file_name("examples").join("bare");
    assert!(
        bare.exists(),
        "{} is missing: run `cargo build --example bare`",
        bare.display()
    );
    bare.display().to_string()
}

fn start(env: &[(&str, &str)]) -> Pty {
    let pty = Pty::spawn(bare(), &["crashes"], env, ROWS, COLS);
    pty.wait_for("0 events");
    assert!(pty.alternate_screen());
    assert_eq!(pty.cursor(), None, "the cursor is hidden");
    pty
}

/// A shell with job control, and `bare` as a command of it.
fn in_shell(command: &str) -> Pty {
    let pty = Pty::spawn(
        "/bin/bash",
        &["--norc", "--noprofile", "-i"],
        &[("PS1", "$ ")],
        ROWS,
        COLS,
    );
    pty.wait_for("$ ");
    pty.type_keys(&format!("{command}<enter>"));
    pty
}

#[track_caller]
fn given_back(pty: &Pty) {
    // The last of the restoring bytes shows the cursor again.
    pty.wait_until("the shell's screen", |screen| {
        !screen.alternate_screen() && !screen.hide_cursor()
    });
    modes_undone(&String::from_utf8_lossy(&pty.log()));
}

#[track_caller]
fn modes_undone(log: &str) {
    let last = |bytes: &str| {
        log.rfind(bytes)
            .unwrap_or_else(|| panic!("{bytes:?} was not written: {log:?}"))
    };
    for mode in ["1049", "2004", "1004", "1000", "1006"] {
        assert!(
            last(&format!("\x1b[?{mode}l")) > last(&format!("\x1b[?{mode}h")),
            "mode {mode} is on: {log:?}"
        );
    }
    assert!(last("\x1b[?25h") > last("\x1b[?25l"), "the cursor is hidden");
}

/// One way to end, and what must be the exit code.
struct Ending {
    name: &'static str,
    end: fn(&Pty),
    code: u32,
}

const ENDINGS: &[Ending] = &[
    Ending {
        name: "q",
        end: |pty| pty.type_keys("q"),
        code: 0,
    },
    Ending {
        name: "ctrl-c",
        end: |pty| pty.type_keys("<c-c>"),
        code: 0,
    },
    Ending {
        name: "SIGTERM",
        end: |pty| pty.signal(Signal::TERM),
        code: 143,
    },
    Ending {
        name: "SIGINT",
        end: |pty| pty.signal(Signal::INT),
        code: 130,
    },
    Ending {
        name: "SIGQUIT",
        end: |pty| pty.signal(Signal::QUIT),
        code: 131,
    },
    Ending {
        name: "SIGHUP",
        end: |pty| pty.signal(Signal::HUP),
        code: 129,
    },
    Ending {
        name: "SIGUSR1",
        end: |pty| pty.signal(Signal::USR1),
        code: 138,
    },
    Ending {
        name: "SIGUSR2",
        end: |pty| pty.signal(Signal::USR2),
        code: 140,
    },
    Ending {
        name: "SIGALRM",
        end: |pty| pty.signal(Signal::ALARM),
        code: 142,
    },
    Ending {
        name: "SIGVTALRM",
        end: |pty| pty.signal(Signal::VTALARM),
        code: 154,
    },
    Ending {
        name: "SIGPROF",
        end: |pty| pty.signal(Signal::PROF),
        code: 155,
    },
    Ending {
        name: "SIGXCPU",
        end: |pty| pty.signal(Signal::XCPU),
        code: 152,
    },
    Ending {
        name: "SIGABRT",
        end: |pty| pty.signal(Signal::ABORT),
        code: 134,
    },
    Ending {
        name: "SIGSEGV",
        end: |pty| pty.signal(Signal::SEGV),
        code: 139,
    },
    Ending {
        name: "SIGBUS",
        end: |pty| pty.signal(Signal::BUS),
        code: 135,
    },
    Ending {
        name: "SIGFPE",
        end: |pty| pty.signal(Signal::FPE),
        code: 136,
    },
    Ending {
        name: "SIGILL",
        end: |pty| pty.signal(Signal::ILL),
        code: 132,
    },
    Ending {
        name: "SIGSYS",
        end: |pty| pty.signal(Signal::SYS),
        code: 159,
    },
    Ending {
        name: "SIGTRAP",
        end: |pty| pty.signal(Signal::TRAP),
        code: 133,
    },
    Ending {
        name: "a failed allocation",
        end: |pty| pty.type_keys("m"),
        code: 134,
    },
    Ending {
        name: "a stack that overflows",
        end: |pty| pty.type_keys("o"),
        code: 139,
    },
    Ending {
        name: "panic",
        end: |pty| pty.type_keys("p"),
        code: 101,
    },
    Ending {
        name: "panic in a thread",
        end: |pty| pty.type_keys("P"),
        code: 101,
    },
    Ending {
        name: "panic in a task",
        end: |pty| pty.type_keys("t"),
        code: 101,
    },
    Ending {
        name: "SIGTERM while the loop hangs",
        end: hang_and_terminate,
        code: 143,
    },
    Ending {
        name: "SIGTERM twice while the loop hangs",
        end: hang_and_terminate_twice,
        code: 143,
    },
];

fn hang_and_terminate(pty: &Pty) {
    pty.type_keys("w");
    pty.wait_for("hangs");
    pty.signal(Signal::TERM);
}

fn hang_and_terminate_twice(pty: &Pty) {
    hang_and_terminate(pty);
    pty.signal(Signal::TERM);
}

#[test]
fn every_ending_gives_the_terminal_back() {
    for Ending { name, end, code } in ENDINGS {
        let pty = Pty::spawn(bare(), &["crashes"], &[], ROWS, COLS);
        pty.wait_for("0 events");
        assert_ne!(
            pty.line_settings(),
            pty.line_settings_before(),
            "{name}: raw mode was not set"
        );

        end(&pty);

        assert_eq!(pty.exit(), Exit::Code(*code), "{name}");
        assert_eq!(pty.line_settings(), pty.line_settings_before(), "{name}");
        given_back(&pty);
        assert_eq!(pty.cursor_queries(), 0, "{name}: the terminal was asked for its cursor");
        tells_its_signal(&pty, name);
    }
}

/// An ending by a signal is told in one sentence, below what the shell shows.
#[track_caller]
fn tells_its_signal(pty: &Pty, name: &str) {
    let printed = String::from_utf8_lossy(&pty.log()).replace("\r\n", "\n");
    let (_, after) = printed.rsplit_once("\x1b[?25h").unwrap_or_default();
    let signal = name.split(' ').next().filter(|name| name.starts_with("SIG"));
    // A closed terminal has no reader, even if only its signal arrived.
    let told = signal.filter(|signal| *signal != "SIGHUP");
    if let Some(signal) = told {
        // The dashboard of the demo also says that it keeps nothing.
        let of_demo = "Demo ended: nothing was sent to CloudFront, and the demo data was deleted\n";
        let after = after.strip_prefix(of_demo).unwrap_or(after);
        assert_eq!(after, format!("invalidash: stopped by {signal}\n"), "{name}");
    }
}

/// The dashboard with its demo, shown and quiet enough to be asked.
fn dashboard(controlled: bool) -> Pty {
    let binary = env!("CARGO_BIN_EXE_invalidash");
    let pty = if controlled {
        Pty::spawn(binary, &["--demo"], &[], 24, 80)
    } else {
        Pty::spawn_uncontrolled(binary, &["--demo"], 24, 80)
    };
    pty.wait_until("the list", |screen| {
        screen.alternate_screen() && screen.contents().contains("Last invalidation")
    });
    pty
}

#[test]
fn the_dashboard_gives_the_terminal_back_too() {
    let from_outside = ENDINGS
        .iter()
        .filter(|ending| ending.name.starts_with("SIG") && !ending.name.contains("hangs"));
    let by_key = ENDINGS.iter().filter(|ending| ["q", "ctrl-c"].contains(&ending.name));
    for Ending { name, end, code } in from_outside.chain(by_key) {
        let pty = dashboard(true);
        end(&pty);
        assert_eq!(pty.exit(), Exit::Code(*code), "{name}");
        assert_eq!(pty.line_settings(), pty.line_settings_before(), "{name}");
        given_back(&pty);
        assert_eq!(pty.cursor_queries(), 0, "{name}: the terminal was asked for its cursor");
        tells_its_signal(&pty, name);
    }
}

#[test]
fn a_limit_on_the_size_of_files_ends_nothing_and_is_told_like_a_full_disk() {
    let program = format!("ulimit -f 8; exec {} --demo", env!("CARGO_BIN_EXE_invalidash"));
    let pty = Pty::spawn("/bin/bash", &["-c", &program], &[], 24, 100);
    pty.wait_until("the list and the limit", |screen| {
        let shown = screen.contents();
        shown.contains("Last invalidation") && shown.contains("disk full")
    });
    pty.type_keys("!");
    pty.wait_for("ulimit -f");
    pty.type_keys("<c-c>");
    assert_eq!(pty.exit_code(), Some(0));
    given_back(&pty);
}

#[test]
fn the_dashboard_ends_with_its_terminal() {
    for controlled in [true, false] {
        let mut pty = dashboard(controlled);
        pty.hang_up();
        assert_eq!(pty.exit_code(), Some(129), "controlled: {controlled}");
    }
}

#[test]
fn a_vanished_terminal_ends_the_program_with_and_without_sighup() {
    let mut controlled = start(&[]);
    controlled.hang_up();
    assert_eq!(controlled.exit_code(), Some(129));

    let mut uncontrolled = Pty::spawn_uncontrolled(bare(), &["crashes"], ROWS, COLS);
    uncontrolled.wait_for("0 events");
    uncontrolled.hang_up();
    assert_eq!(uncontrolled.exit_code(), Some(129));
}

#[test]
fn a_vanished_terminal_ends_a_program_that_hangs() {
    let mut pty = Pty::spawn_uncontrolled(bare(), &["crashes"], ROWS, COLS);
    pty.type_keys("w");
    pty.wait_for("hangs");
    pty.hang_up();
    assert_eq!(pty.exit_code(), Some(129));
}

#[test]
fn a_panic_names_its_report_which_tells_the_place_and_no_data() {
    let pty = start(&[("CANARY", "env-canary")]);
    pty.type_keys("P");
    assert_eq!(pty.exit_code(), Some(101));

    let directory = pty.home().join("crashes");
    let reports: Vec<_> = fs::read_dir(&directory)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    let [report] = reports.as_slice() else {
        panic!("one report, not {reports:?}")
    };
    let name = report.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let printed = String::from_utf8_lossy(&pty.log()).replace("\r\n", "\n");
    let (_, after) = printed.rsplit_once("\x1b[?25h").unwrap_or_default();
    let sentence = "invalidash: stopped because of a bug; a report (without arguments, paths or credentials) was written to crashes/";
    assert_eq!(after, format!("{sentence}{name}\n"));

    let text = fs::read_to_string(report).unwrap_or_default();
    for told in [
        "screen: bare\n",
        "thread: helper\n",
        "location: tests/bench/bare.rs:",
        "message: (omitted",
        env!("CARGO_PKG_VERSION"),
    ] {
        assert!(text.contains(told), "{told:?} is missing: {text}");
    }
    for secret in ["/customer", "env-canary"] {
        assert!(!text.contains(secret) && !printed.contains(secret), "{secret} is told");
    }
    let mode = |path: &Path| fs::metadata(path).map(|data| data.permissions().mode() & 0o777).ok();
    assert_eq!((mode(report), mode(&directory)), (Some(0o600), Some(0o700)));
}

#[test]
fn ctrl_z_stops_and_fg_comes_back_to_the_same_screen() {
    let pty = in_shell(&bare());
    pty.wait_for("0 events");
    pty.type_keys("jjT");
    pty.wait_for("3 events");
    assert_eq!(pty.title(), "bare, titled");
    let raw = pty.line_settings();
    let screen = pty.screen();

    pty.type_keys("<c-z>");
    let stopped = pty.wait_raw(0, "Stopped");
    // Later output is ignored, because bash turns on bracketed paste for itself.
    let until_stopped = String::from_utf8_lossy(&pty.log()[..stopped]).into_owned();
    modes_undone(&until_stopped);
    assert!(
        until_stopped.contains("\x1b]9;4;0\x1b\\\x1b[23;2t"),
        "title and progress stay"
    );
    pty.wait_raw(stopped, "$ ");

    pty.type_keys("fg<enter>");
    pty.wait_raw(stopped, "\x1b[22;2t\x1b]2;bare, titled\x1b\\\x1b]9;4;1;40\x1b\\");
    pty.wait_for("4 events");
    assert!(pty.alternate_screen());
    assert_eq!(pty.line_settings(), raw);
    assert_eq!(pty.screen(), screen.replace("3 events", "4 events"));

    pty.type_keys("q");
    pty.wait_raw(stopped, "\x1b[?25h");
    pty.type_keys("exit<enter>");
    assert_eq!(pty.exit_code(), Some(0));
    given_back(&pty);
    assert_eq!(pty.cursor_queries(), 0);
}

#[test]
fn bg_does_not_take_the_terminal_from_the_shell() {
    let pty = in_shell(&bare());
    pty.wait_for("0 events");
    pty.type_keys("<c-z>");
    let first = pty.wait_raw(0, "Stopped");
    pty.type_keys("bg<enter>");
    // Bash reports a job that stopped again only at the next prompt, so it is asked until then.
    pty.type_keys("until jobs -s %1 2>&1 | grep Stopped; do :; done<enter>");
    let second = pty.wait_raw(pty.wait_raw(first, "done"), "Stopped");
    assert!(!pty.alternate_screen());
    pty.type_keys("fg<enter>");
    pty.wait_until("the table", |screen| {
        screen.alternate_screen() && screen.contents().contains("1 events")
    });
    pty.type_keys("q");
    pty.wait_raw(second, "\x1b[?25h");
    pty.type_keys("echo $((6 * 7))<enter>");
    pty.wait_for("42");
}

#[test]
fn sigtstp_stops_and_sigcont_repaints() {
    let pty = start(&[]);
    let before = pty.screen();
    pty.signal(Signal::TSTP);
    pty.wait_stopped();
    given_back(&pty);
    let stopped = pty.log().len();

    pty.signal(Signal::CONT);
    let entered = pty.wait_raw(stopped, "\x1b[?1049h");
    pty.wait_raw(entered, "\x1b[?2026l");
    assert_eq!(pty.screen(), before);
    pty.type_keys("jq");
    assert_eq!(pty.exit_code(), Some(0));
    given_back(&pty);
}

#[test]
fn a_stop_from_outside_is_repaired_when_it_is_over() {
    let pty = start(&[]);
    let before = pty.screen();
    pty.signal(Signal::STOP);
    pty.wait_stopped();
    let stopped = pty.log().len();
    pty.signal(Signal::CONT);
    let entered = pty.wait_raw(stopped, "\x1b[?1049h");
    pty.wait_raw(entered, "\x1b[?2026l");
    assert_eq!(pty.screen(), before);
    pty.type_keys("q");
    assert_eq!(pty.exit_code(), Some(0));
    given_back(&pty);
}

#[test]
fn what_is_no_terminal_is_refused_with_a_sentence_and_exit_code_2() {
    let bare = bare();
    let dumb = Pty::spawn(&bare, &[], &[("TERM", "dumb")], ROWS, COLS);
    let shell = |command: &str| Pty::spawn("/bin/sh", &["-c", &command.replace("bare", &bare)], &[], ROWS, COLS);
    for (pty, told) in [
        (dumb, "bare: TERM is `dumb`"),
        (
            shell("bare </dev/null"),
            "bare: the dashboard needs a terminal as standard input",
        ),
        (
            shell("bare | cat; exit ${PIPESTATUS:-2}"),
            "bare: the dashboard needs a terminal as standard output",
        ),
    ] {
        assert_eq!(pty.exit_code(), Some(2), "{told}");
        assert!(pty.screen().starts_with(told), "{}", pty.screen());
        assert!(!pty.log().contains(&0x1b), "{told}: modes were set");
    }
}

#[test]
fn no_color_takes_colors_away_and_leaves_bold_and_reverse() {
    let colorless = start(&[("NO_COLOR", "1")]);
    let colored = start(&[]);
    let selected = |pty: &Pty| pty.cell(2, 3);
    for pty in [&colorless, &colored] {
        assert!(selected(pty).inverse() && selected(pty).bold(), "{:?}", selected(pty));
        assert_eq!(selected(pty).contents(), "E");
    }
    assert_eq!(
        (selected(&colorless).fgcolor(), selected(&colored).fgcolor()),
        (vt100::Color::Default, vt100::Color::Idx(4))
    );
    let log = String::from_utf8_lossy(&colorless.log()).into_owned();
    for bytes in ["\x1b[38;", "\x1b[48;", "\x1b[;m"] {
        assert!(!log.contains(bytes), "{bytes:?} in {log:?}");
    }
}

#[test]
fn frames_are_synchronized_and_nothing_comes_between_them() {
    let pty = start(&[]);
    pty.type_keys("jk");
    pty.wait_for("2 events");
    let log = String::from_utf8_lossy(&pty.log()).into_owned();
    let frames = log
        .strip_prefix("\x1b[?1049h\x1b[2J\x1b[?2004h\x1b[?1004h\x1b[?25l\x1b[?1000h\x1b[?1006h")
        .unwrap_or_default();
    let outside: Vec<_> = frames
        .split("\x1b[?2026h")
        .filter_map(|frame| frame.split_once("\x1b[?2026l"))
        .map(|(_, outside)| outside)
        .collect();
    assert!(outside.len() >= 2, "{log:?}");
    assert!(outside.iter().all(|bytes| bytes.is_empty()), "{outside:?}");
}

#[test]
fn floods_of_input_and_of_sizes_lose_nothing() {
    let pty = start(&[]);
    pty.send(&b"j".repeat(10_000));
    pty.wait_for("10000 events");
    assert!(pty.row(ROWS - 3).starts_with("│> E0000000000999"), "{}", pty.screen());
    let text = "/a/path/of/the/list\n".repeat(100_000);
    pty.paste(&text);
    pty.wait_for(&format!("10001 events; pasted {} bytes", text.len()));
    for step in 0..100 {
        pty.resize(1 + step % 60, 1 + (step * 7) % 200);
    }
    pty.resize(ROWS, COLS);
    pty.wait_for(&format!("resized to {COLS}x{ROWS}"));
    pty.type_keys("q");
    assert_eq!(pty.exit_code(), Some(0));
    given_back(&pty);
}
