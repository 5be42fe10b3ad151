//! The binary as scripts and shell users run it.

mod all_tenants;
mod check;
mod completions;
mod config;
pub(crate) mod create;
mod distributions;
mod guard;
mod history;
mod info;
mod killed;
mod list;
mod rights;
mod trouble;
mod usage;

use std::io::{self, Read, Write as _};
use std::process::{Command, Stdio};

use rustix::process::Signal;

use crate::support::command::{Home, Run, Served};

type Outcome = Result<(), Box<dyn std::error::Error>>;

#[test]
fn help_and_version() -> Outcome {
    let home = Home::new()?;
    let version = Run {
        code: Some(0),
        out: format!("invalidash {}\n", env!("CARGO_PKG_VERSION")),
        err: String::new(),
    };
    assert_eq!(home.run(&["--version"])?, version);
    for (name, arguments) in [
        ("help", &["--help"][..]),
        ("help_short", &["-h"]),
        ("help_distributions", &["distributions", "--help"]),
        ("help_check", &["check", "--help"]),
        ("help_emulator", &["emulator", "--help"]),
        ("help_info", &["info", "--help"]),
        ("help_create", &["create", "--help"]),
        ("help_wait", &["wait", "--help"]),
        ("help_history", &["history", "--help"]),
    ] {
        let run = home.run(arguments)?;
        assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{arguments:?}");
        insta::assert_snapshot!(name, run.out);
    }
    Ok(())
}

#[test]
fn wrong_usage_is_told_on_standard_error_and_exits_2() -> Outcome {
    let home = Home::new()?;
    for (arguments, sentence) in [
        (&["--frobnicate"][..], "unexpected argument '--frobnicate'"),
        (
            &["--log-level", "loud"],
            "[possible values: off, error, warn, info, debug, trace]",
        ),
        (
            &["distribtions"],
            "no such command: distribtions; did you mean distributions?",
        ),
        (&["crate"], "no such command: crate; did you mean create?"),
        (&["frobnicate"], "no such command: frobnicate\n"),
        (&["Create"], "no such command: Create; did you mean create?"),
        (&["LIST"], "no such command: LIST; did you mean list?"),
        (&["resume2"], "no such command: resume2; did you mean resume?"),
        (
            &["lst", "--distribution", "E1"],
            "no such command: lst; did you mean list?",
        ),
        (
            &["--profile", "prod", "--output", "table", "emulater", "--port", "0"],
            "no such command: emulater; did you mean emulator?",
        ),
        (&["help", "crate"], "no such command: crate; did you mean create?"),
        (&["config", "chek"], "a similar subcommand exists: 'check'"),
        (
            &["E2QWRUHEXAMPLE", "info"],
            "a TARGET opens the dashboard and cannot be combined with a command",
        ),
        (&["--demo", "--profile", "prod"], "cannot be used with"),
        (&["check"], "<PATH|--paths-from <FILE>>"),
        (&["create"], "<ITEM|--paths-from <FILE>"),
        (
            &["--endpoint-url", "localhost:5000", "info"],
            "the endpoint \"localhost:5000\" is not a URL; use the form http://",
        ),
    ] {
        let run = home.run(arguments)?;
        assert_eq!((run.code, run.out.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(run.err.contains(sentence), "{arguments:?}: {}", run.err);
    }
    Ok(())
}

#[test]
fn help_is_a_command_too() -> Outcome {
    let home = Home::new()?;
    for (command, option) in [
        (&["help"][..], &["--help"][..]),
        (&["help", "check"], &["check", "--help"]),
        (&["help", "emulator"], &["emulator", "--help"]),
    ] {
        assert_eq!(home.run(command)?, home.run(option)?, "{command:?}");
    }
    Ok(())
}

#[test]
fn numbers_are_told_their_range() -> Outcome {
    let home = Home::new()?;
    for (option, value, range) in [
        ("--distributions", "99999999999", "a number from 0 to 10,000"),
        ("--distributions", "-5", "a number from 0 to 10,000"),
        ("--distributions", "many", "a number from 0 to 10,000"),
        ("--port", "70000", "a number from 0 to 65,535"),
        ("--port", "-1", "a number from 0 to 65,535"),
        ("--seed", "-1", "a number from 0 to 18,446,744,073,709,551,615"),
        ("--completion-delay", "-0.5", "seconds from 0 to 86,400"),
        ("--latency", "1e9", "seconds from 0 to 86,400"),
    ] {
        let run = home.run(&["emulator", option, value])?;
        assert_eq!((run.code, run.out.as_str()), (Some(2), ""), "{option} {value}");
        let sentence = run.err.lines().next().unwrap_or_default();
        assert!(
            sentence.contains(&format!("'{value}' for '{option} <")) && sentence.contains(range),
            "{sentence}"
        );
    }
    Ok(())
}

#[test]
fn who_asks_for_json_gets_every_error_as_json() -> Outcome {
    let home = Home::new()?;
    home.write("latin1.txt", b"/a\n/caf\xe9\n")?;
    home.write("wrong.toml", "theme = 7\n")?;
    for (arguments, code, error, next) in [
        (&["check"][..], 2, "usage", "see invalidash --help"),
        (&["check", "--frobnicate", "/a"], 2, "usage", "see invalidash --help"),
        (&["create"], 2, "usage", "see invalidash --help"),
        (&["emulator", "--seed", "-1"], 2, "usage", "see invalidash --help"),
        (
            &["check", "--paths-from", "none.txt"],
            2,
            "items",
            "check the name given to --paths-from",
        ),
        (
            &["check", "--paths-from", "latin1.txt"],
            2,
            "items",
            "save the file as UTF-8",
        ),
        (
            &["--endpoint-url", "localhost:5000", "distributions"],
            2,
            "settings",
            "use the form http://127.0.0.1:4555 or https://host",
        ),
        (
            &["--config", "wrong.toml", "info"],
            2,
            "settings",
            "`invalidash config` prints a file that explains the settings",
        ),
        (
            &["--profile", "nobody", "distributions"],
            4,
            "credentials",
            "Run `aws configure`, or omit the profile",
        ),
        (
            &["--profile", "nobody", "info"],
            4,
            "credentials",
            "Run `aws configure`, or omit the profile",
        ),
    ] {
        let run = home.run(&[arguments, &["--output", "json"]].concat())?;
        assert_eq!(run.code, Some(code), "{arguments:?}: {}", run.err);
        let told: serde_json::Value =
            serde_json::from_str(&run.err).map_err(|fault| format!("{arguments:?}: {fault}: {}", run.err))?;
        let told = &told["error"];
        assert_eq!(told["code"], error, "{arguments:?}: {told}");
        assert!(
            told["message"].as_str().is_some_and(|cause| !cause.is_empty()),
            "{told}"
        );
        assert_eq!(told["next"], next, "{arguments:?}: {told}");
    }
    Ok(())
}

#[test]
fn the_dashboard_needs_a_terminal() -> Outcome {
    let run = Home::new()?.run(&["--demo"])?;
    assert_eq!((run.code, run.out.as_str()), (Some(2), ""));
    assert!(
        run.err
            .starts_with("invalidash: the dashboard needs a terminal as standard input"),
        "{}",
        run.err
    );
    Ok(())
}

#[test]
fn the_demo_leaves_nothing_behind() -> Outcome {
    let home = Home::new()?;
    assert_eq!(home.run(&["--demo", "info"])?.code, Some(0));
    assert_eq!(std::fs::read_dir(home.path())?.count(), 0);
    Ok(())
}

/// What a typesetter says of the manual page; `None` where the machine has none.
fn faults_of_page(page: &str, program: &str, arguments: &[&str]) -> io::Result<Option<String>> {
    let child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = match child {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        child => child?,
    };
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(page.as_bytes())?;
    }
    let ended = child.wait_with_output()?;
    Ok(Some(String::from_utf8_lossy(&ended.stderr).into_owned()))
}

#[test]
fn the_manual_has_its_sections_and_is_set_without_a_complaint() -> Outcome {
    let home = Home::new()?;
    let man = home.run(&["man"])?;
    assert_eq!((man.code, man.err.as_str()), (Some(0), ""));
    let headings: Vec<_> = man.out.lines().filter_map(|line| line.strip_prefix(".SH ")).collect();
    assert_eq!(
        headings,
        [
            "NAME",
            "SYNOPSIS",
            "DESCRIPTION",
            "OPTIONS",
            "COMMANDS",
            "KEYS",
            "CONFIGURATION",
            "ENVIRONMENT",
            "FILES",
            "EXIT STATUS",
            "EXAMPLES",
            "SEE ALSO"
        ]
    );
    for (program, arguments) in [
        ("groff", &["-man", "-Tutf8", "-ww", "-K", "utf8"][..]),
        ("mandoc", &["-man", "-T", "lint", "-W", "warning"]),
    ] {
        let faults = faults_of_page(&man.out, program, arguments)?.unwrap_or_default();
        let faults: Vec<_> = faults.lines().filter(|fault| !fault.contains("missing date")).collect();
        assert_eq!(faults, Vec::<&str>::new(), "{program}");
    }
    Ok(())
}

#[test]
fn the_emulator_says_where_it_listens_and_ends_by_signal_with_its_code() -> Outcome {
    let home = Home::new()?;
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143), (Signal::HUP, 129)] {
        let served = Served::start(&home, &[])?;
        let port = served
            .first_line()
            .strip_prefix("listening on http://127.0.0.1:")
            .and_then(|rest| rest.strip_suffix('\n'));
        assert!(
            port.is_some_and(|port| port.parse::<u16>().is_ok_and(|port| port > 0)),
            "{}",
            served.first_line()
        );
        assert_eq!(served.end(signal)?, (Some(code), String::new()));
    }
    Ok(())
}

#[test]
fn a_port_that_is_taken_is_told() -> Outcome {
    let home = Home::new()?;
    let taken = std::net::TcpListener::bind("127.0.0.1:0")?;
    let port = taken.local_addr()?.port().to_string();
    let err = format!(
        "invalidash: cannot listen on 127.0.0.1 port {port}: {}; choose another port with --port, or 0 for a free \
            one\n",
        io::Error::from(rustix::io::Errno::ADDRINUSE)
    );
    assert_eq!(
        home.run(&["emulator", "--port", &port])?,
        Run {
            code: Some(1),
            out: String::new(),
            err
        }
    );
    Ok(())
}

#[test]
fn a_reader_that_goes_away_is_no_failure() -> Outcome {
    let home = Home::new()?;
    for arguments in [&["--help"][..], &["completions", "bash"], &["man"]] {
        let mut child = home
            .command(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        drop(child.stdout.take());
        let mut err = String::new();
        if let Some(mut stderr) = child.stderr.take() {
            stderr.read_to_string(&mut err)?;
        }
        assert_eq!((child.wait()?.code(), err.as_str()), (Some(0), ""), "{arguments:?}");
    }
    Ok(())
}

#[test]
#[cfg(target_os = "linux")]
fn output_that_cannot_be_written_is_a_failure() -> Outcome {
    let home = Home::new()?;
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full")?;
    let run = home.ended(home.command(&["man"]).stdout(full).output()?);
    let err = "invalidash: cannot write to standard output: No space left on device (os error 28); check where the output goes\n";
    assert_eq!(
        run,
        Run {
            code: Some(1),
            out: String::new(),
            err: err.to_owned()
        }
    );
    Ok(())
}
