//! The connections of the real binary when it is used offline: no telemetry, no search for updates.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::support::pty::Pty;

const BINARY: &str = env!("CARGO_BIN_EXE_invalidash");

/// How strace is told to write down what a program and its children connect to or send to.
const TRACE: [&str; 6] = [
    "-f",
    "-qq",
    "-e",
    "trace=connect,sendto,sendmsg,sendmmsg",
    "-e",
    "signal=none",
];

/// Whether strace is here and may trace.
fn can_trace() -> bool {
    let tried = Command::new("strace").args(["-qq", "-o", "/dev/null", "true"]).output();
    tried.is_ok_and(|output| output.status.success())
}

/// The addresses of other machines or of this one in a trace, as strace writes them.
fn addresses(trace: &Path) -> Vec<String> {
    let text = fs::read_to_string(trace).unwrap();
    let lines = text.lines().filter(|line| line.contains("AF_INET"));
    lines.map(str::to_owned).collect()
}

fn is_this_machine(line: &str) -> bool {
    line.contains("inet_addr(\"127.0.0.1\")") || line.contains("\"::1\"")
}

#[test]
fn the_demo_connects_to_this_machine_alone() {
    if !can_trace() {
        return;
    }
    let folder = TempDir::new().unwrap();
    let trace = folder.path().join("trace");
    let mut arguments = TRACE.to_vec();
    arguments.extend(["-o", trace.to_str().unwrap(), BINARY, "--demo"]);
    let pty = Pty::spawn("strace", &arguments, &[("TERM", "xterm-256color")], 24, 80);
    pty.wait_for("Distributions 14");
    pty.type_keys("i");
    pty.wait_for("Invalidate");
    pty.type_keys("/index.html<c-s>");
    pty.wait_for("1 item will be sent");
    pty.confirms();
    pty.wait_for("Completed after");
    pty.type_keys("qq");
    assert_eq!(pty.exit_code(), Some(0));

    let addresses = addresses(&trace);
    let elsewhere: Vec<_> = addresses.iter().filter(|line| !is_this_machine(line)).collect();
    assert!(elsewhere.is_empty(), "{elsewhere:#?}");
    // The trace recorded something, namely the embedded emulator.
    assert!(!addresses.is_empty());
}

#[test]
fn commands_that_work_offline_connect_to_nothing() {
    if !can_trace() {
        return;
    }
    let folder = TempDir::new().unwrap();
    let commands: [&[&str]; 5] = [
        &["check", "/index.html", "/en/*"],
        &["completions", "bash"],
        &["man"],
        &["info"],
        &["--version"],
    ];
    for (n, command) in commands.iter().enumerate() {
        let trace = folder.path().join(n.to_string());
        let output = Command::new("strace")
            .args(TRACE)
            .arg("-o")
            .arg(&trace)
            .arg(BINARY)
            .args(*command)
            .env("HOME", folder.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{command:?}: {output:?}");
        assert_eq!(addresses(&trace), Vec::<String>::new(), "{command:?}");
    }
}
