//! The bytes that the real binary writes to the terminal in addition to frames: bell, notification, title and progress.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use crate::support::pty::Pty;

/// All that was written until the program ended, after one invalidation was sent and completed.
fn written(config: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    std::fs::write(&file, config).unwrap();
    let arguments = ["--demo", "--config", file.to_str().unwrap()];
    let binary = env!("CARGO_BIN_EXE_invalidash");
    let pty = Pty::spawn(binary, &arguments, &[("TERM_PROGRAM", "ghostty")], 24, 80);
    pty.wait_for("Distributions 14");
    pty.type_keys("i");
    pty.wait_for("Invalidate");
    pty.type_keys("/index.html<c-s>");
    pty.wait_for("1 item will be sent");
    pty.confirms();
    pty.wait_for("Completed after");
    pty.type_keys("qqq");
    assert_eq!(pty.exit_code(), Some(0));
    String::from_utf8(pty.log()).unwrap()
}

/// The operating system commands in it, and the bells between them. Seconds differ from run to run.
fn commands(written: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = written;
    while let Some(at) = rest.find(['\u{1b}', '\u{7}']) {
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("\u{1b}]") {
            let (command, after) = after.split_once("\u{1b}\\").unwrap();
            let told = command.split_once(" after ").map_or(command, |(before, _)| before);
            found.push(told.to_owned());
            rest = after;
        } else {
            if rest.starts_with('\u{7}') {
                found.push("bell".to_owned());
            }
            rest = &rest[1..];
        }
    }
    found
}

#[test]
fn bell_notification_title_and_progress_are_these_bytes_and_each_can_be_switched_off() {
    let runs = [
        "",
        "[notify]\nnotification = \"osc777\"\nbell = false\n",
        "[notify]\nbell = false\nnotification = \"off\"\ntitle = false\nprogress = false\n",
    ];
    let runs = runs.map(|config| std::thread::spawn(move || written(config)));
    let [all, other, none] = runs.map(|run| run.join().unwrap());
    assert_eq!(
        commands(&all),
        [
            "2;invalidash",
            // The demo starts with one in progress.
            "2;invalidash · 1 in flight",
            "9;4;3",
            "2;invalidash · 2 in flight",
            "9;4;1;0",
            "bell",
            "9;www.lumen-shop.example: Completed",
            "2;invalidash · 1 in flight",
            "9;4;1;50",
            // It is reset at the end.
            "9;4;0",
        ]
    );
    assert!(
        all.contains("\u{1b}[22;2t") && all.contains("\u{1b}[23;2t"),
        "the title is given back"
    );
    assert_eq!(
        commands(&other),
        [
            "2;invalidash",
            "2;invalidash · 1 in flight",
            "9;4;3",
            "2;invalidash · 2 in flight",
            "9;4;1;0",
            "777;notify;invalidash;www.lumen-shop.example: Completed",
            "2;invalidash · 1 in flight",
            "9;4;1;50",
            "9;4;0",
        ]
    );
    assert_eq!(commands(&none), [""; 0]);
    assert!(!none.contains("[22;2t") && !none.contains("[23;2t"));
}
