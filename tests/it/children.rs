//! The environment of the programs that the real binary starts: the user's settings, none of the user's credentials,
//! and no terminal unless it is handed over.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use invalidash::app::message::Message;
use invalidash::runtime::effects::{Accounts, Effects};
use invalidash::runtime::import::Places;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::support::pty::Pty;

/// Secrets in the environment of the program, each with the same canary in it.
const SECRETS: [(&str, &str); 5] = [
    ("AWS_ACCESS_KEY_ID", "canary-id"),
    ("AWS_SECRET_ACCESS_KEY", "canary-secret"),
    ("AWS_SESSION_TOKEN", "canary-session"),
    ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "canary-container"),
    ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/canary"),
];

/// A program that writes down what it finds in its environment, then does this; returns its path and that of its list.
fn witness(folder: &Path, name: &str, then: &str) -> (PathBuf, PathBuf) {
    let (program, list) = (folder.join(name), folder.join(format!("{name}.environment")));
    let script = format!(
        "#!/bin/sh\n{{ env; ( : > /dev/tty ) 2>/dev/null && echo HAS_TERMINAL; }} > '{0}.new'\nmv '{0}.new' '{0}'\n{then}\n",
        list.display()
    );
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).unwrap();
    (program, list)
}

/// What a witness found, once it was there.
fn found(pty: &Pty, list: &Path) -> String {
    pty.wait_until("the witness", |_| list.exists());
    fs::read_to_string(list).unwrap()
}

#[track_caller]
fn knows_settings_and_no_secret(environment: &str) {
    assert!(environment.contains("AWS_PROFILE=canary-profile"), "{environment}");
    let secrets = environment.replace("canary-profile", "");
    assert!(!secrets.contains("canary"), "{environment}");
}

fn git(folder: &Path, arguments: &[&str]) {
    let done = std::process::Command::new("git")
        .args(["-c", "user.name=n", "-c", "user.email=e@e.example"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn editor_hook_and_git_find_no_credentials() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let (editor, edited) = witness(folder.path(), "editor", "echo /from/the/editor > \"$1\"");
    let (hook, told) = witness(folder.path(), "hook", "");
    let real = std::env::var("PATH").unwrap();
    let bin = folder.path().join("bin");
    fs::create_dir(&bin).unwrap();
    let (_, compared) = witness(&bin, "git", &format!("PATH='{real}' exec git \"$@\""));
    let config = format!("[notify]\non_completed = [{:?}]\n", hook.display().to_string());
    fs::write(at("config.toml"), config).unwrap();
    git(folder.path(), &["init", "-q"]);
    git(folder.path(), &["commit", "-q", "--allow-empty", "-m", "one"]);
    fs::write(at("page.html"), "x").unwrap();
    git(folder.path(), &["add", "page.html"]);
    git(folder.path(), &["commit", "-qm", "two"]);

    let path = format!("{}:{real}", bin.display());
    let mut env = vec![
        ("VISUAL", editor.to_str().unwrap()),
        ("PATH", path.as_str()),
        ("AWS_PROFILE", "canary-profile"),
    ];
    env.extend(SECRETS);
    let (config, start) = (at("config.toml"), folder.path().display().to_string());
    let binary = env!("CARGO_BIN_EXE_invalidash");
    let script = "cd \"$1\" && shift && exec \"$@\"";
    let args = ["-c", script, "sh", &start, binary, "--demo", "--config", &config];
    let pty = Pty::spawn("/bin/sh", &args, &env, 30, 100);
    pty.wait_for("Distributions 14");
    pty.type_keys("i");
    pty.wait_for("Invalidate");
    pty.type_keys("<f4>");
    let edited = found(&pty, &edited);
    knows_settings_and_no_secret(&edited);
    assert!(edited.contains("HAS_TERMINAL"), "{edited}");
    pty.wait_for("/from/the/editor");
    pty.type_keys("<c-o>");
    pty.wait_for("Earlier invalidation");
    pty.type_keys("<down><down><down><enter>HEAD~1..HEAD<enter>");
    let compared = found(&pty, &compared);
    knows_settings_and_no_secret(&compared);
    assert!(!compared.contains("HAS_TERMINAL"), "{compared}");
    pty.wait_for("1 line");
    pty.type_keys("<enter>");
    pty.wait_for("1 line from HEAD~1..HEAD");
    pty.type_keys("<c-s>");
    pty.wait_for("2 items will be sent");
    pty.confirms();
    let told = found(&pty, &told);
    knows_settings_and_no_secret(&told);
    assert!(told.contains("INVALIDASH_STATUS=Completed"), "{told}");
    assert!(!told.contains("HAS_TERMINAL"), "{told}");
    pty.type_keys("<c-c>");
    assert_eq!(pty.exit_code(), Some(0));
}

async fn warning(messages: &mut UnboundedReceiver<Message>) -> String {
    match messages.recv().await.unwrap() {
        Message::Warning(sentence) => sentence,
        other => panic!("{other:?}"),
    }
}

/// Most lines `+` without their `-`, at any time.
fn most_at_once(log: &str) -> i32 {
    let mut running = 0;
    let steps = log.lines().map(|line| {
        running += if line == "+" { 1 } else { -1 };
        running
    });
    steps.max().unwrap_or(0)
}

#[tokio::test]
async fn commands_that_do_not_end_let_the_others_wait_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let (gate, log) = (folder.path().join("gate"), folder.path().join("log"));
    assert!(
        std::process::Command::new("mkfifo")
            .arg(&gate)
            .status()
            .unwrap()
            .success()
    );
    let nowhere = Accounts {
        connect: Arc::new(|_| Box::pin(std::future::pending())),
        plan: Arc::new(|_| Box::pin(std::future::pending())),
        list: Arc::new(|| Box::pin(std::future::pending())),
        stamp: Arc::new(|| 0),
    };
    let (replies, mut messages) = unbounded_channel();
    let places = Places {
        start: folder.path().to_owned(),
        home: None,
        lists: folder.path().join("lists"),
        profile: None,
    };
    let effects = Effects::new(replies, nowhere, folder.path().to_owned(), places);
    let script = "echo + >> \"$1\"; : < \"$0\"; echo - >> \"$1\"; exit 3";
    for _ in 0..5 {
        let command = ["sh", "-c", script, gate.to_str().unwrap(), log.to_str().unwrap()];
        effects.run(command.map(str::to_owned).to_vec(), Vec::new());
    }
    let waits = "on_completed: 2 programs are still running; the next one starts when one exits";
    assert_eq!(warning(&mut messages).await, waits);
    // Both ends in one: from now on nobody who opens the gate waits.
    let open = fs::OpenOptions::new().read(true).write(true).open(&gate).unwrap();
    for _ in 0..5 {
        let ended = warning(&mut messages).await;
        assert_eq!(ended, "on_completed: sh failed (exit status: 3)");
    }
    drop(open);
    let log = fs::read_to_string(&log).unwrap();
    assert_eq!(log.lines().filter(|line| *line == "+").count(), 5);
    assert!(most_at_once(&log) <= 2, "{log}");
}
