//! A `credential_process` of a running dashboard: it has no terminal, it cannot outlive the program that started it,
//! and its last error output is shown but not stored.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use invalidash::emulator::Options;
use rustix::process::{Pid, test_kill_process};

use crate::support::loopback::Loopback;
use crate::support::pty::Pty;

const BINARY: &str = env!("CARGO_BIN_EXE_invalidash");

/// Keys as such a program prints them.
const KEYS: &str = r#"{"Version":1,"AccessKeyId":"AKIDEXAMPLE","SecretAccessKey":"CANARY-process-secret"}"#;

/// A folder with a profile whose keys this script prints.
struct Home {
    folder: tempfile::TempDir,
}

impl Home {
    fn new(script: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("keys.sh"), script).unwrap();
        let config = format!(
            "[profile asks]\ncredential_process = sh '{}'\n",
            folder.path().join("keys.sh").display()
        );
        fs::write(folder.path().join("aws-config"), config).unwrap();
        Self { folder }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn start(&self, server: &Loopback, more: &[&str]) -> Pty {
        let (config, folder) = (self.at("aws-config"), self.folder.path().display().to_string());
        let env = [
            ("AWS_CONFIG_FILE", config.to_str().unwrap()),
            ("AWS_PROFILE", "asks"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
            ("FOLDER", folder.as_str()),
        ];
        let mut arguments = vec!["--endpoint-url", server.url.as_str()];
        let settings = self.at("config.toml").display().to_string();
        if self.at("config.toml").exists() {
            arguments.extend(["--config", &settings]);
        }
        arguments.extend(more);
        Pty::spawn(BINARY, &arguments, &env, 24, 100)
    }

    /// The process whose number the script wrote down.
    fn pid(&self, pty: &Pty, name: &str) -> Pid {
        let file = self.at(name);
        let written = |file: &Path| fs::read_to_string(file).is_ok_and(|text| text.ends_with('\n'));
        pty.wait_until("the program to be started", |_| written(&file));
        let number = fs::read_to_string(&file).unwrap().trim().parse().unwrap();
        Pid::from_raw(number).unwrap()
    }
}

#[test]
fn esc_cancels_keys_that_are_loaded_again_while_something_is_asked() {
    let server = Loopback::new(Options::demo()).unwrap();
    // The first credentials last a few seconds; then the program hangs.
    let script = "if [ -f \"$FOLDER/ran\" ]; then echo $$ > \"$FOLDER/pid\"; exec sleep 60; fi; : > \"$FOLDER/ran\"\n\
        end=$(date -u -d '+18 seconds' +%Y-%m-%dT%H:%M:%SZ)\n\
        echo '{\"Version\":1,\"AccessKeyId\":\"AKIDEXAMPLE\",\"SecretAccessKey\":\"CANARY-process-secret\",\"Expiration\":\"'$end'\"}'\n";
    let home = Home::new(script);
    let pty = home.start(&server, &[]);
    pty.wait_for("Distributions 14");
    std::thread::sleep(Duration::from_secs(5));
    pty.type_keys("r");
    pty.wait_for("running 'sh' …");
    let pid = home.pid(&pty, "pid");
    pty.type_keys("<esc>");
    pty.wait_for("not logged in");
    ends(pid);
}

/// Waits until a process is gone.
#[track_caller]
fn ends(pid: Pid) {
    let begun = Instant::now();
    while test_kill_process(pid).is_ok() && !is_zombie(pid) {
        assert!(begun.elapsed() < Duration::from_secs(5), "{pid:?} is still there");
        std::thread::yield_now();
    }
}

/// Whether it has ended and only its parent has not looked: in a container nobody may.
fn is_zombie(pid: Pid) -> bool {
    let stat = fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero()));
    stat.is_ok_and(|stat| {
        stat.rsplit(')')
            .next()
            .is_some_and(|rest| rest.trim_start().starts_with('Z'))
    })
}

#[test]
fn it_has_no_terminal_and_ends_with_the_program() {
    let server = Loopback::new(Options::demo()).unwrap();
    let home = Home::new(
        "echo $$ > $FOLDER/leader\nsleep 600 &\necho $! > $FOLDER/helper\n\
         ( echo WRECKED > /dev/tty ) 2>/dev/null\n( read -r key < /dev/tty ) 2>/dev/null\nwait\n",
    );
    let pty = home.start(&server, &[]);
    let (leader, helper) = (home.pid(&pty, "leader"), home.pid(&pty, "helper"));
    pty.wait_for("connecting");
    pty.type_keys("<c-c>");
    assert_eq!(pty.exit_code(), Some(0));
    ends(leader);
    ends(helper);
    let log = String::from_utf8_lossy(&pty.log()).into_owned();
    assert!(!log.contains("WRECKED"), "{log}");
}

#[test]
fn the_end_of_its_complaint_is_shown_and_none_of_it_is_in_the_log() {
    let server = Loopback::new(Options::demo()).unwrap();
    let home = Home::new(
        "i=0; while [ $i -lt 3000 ]; do echo \"CANARY-line $i of the talk before\" >&2; i=$((i+1)); done\n\
         echo 'CANARY the vault is sealed' >&2\nexit 7\n",
    );
    let pty = home.start(&server, &["--log-level", "trace"]);
    pty.wait_for("the vault is sealed");
    assert!(!pty.screen().contains("CANARY-line 0 of"), "{}", pty.screen());
    pty.type_keys("<c-c>");
    assert_eq!(pty.exit_code(), Some(0));
    let log = fs::read_to_string(pty.home().join("state/invalidash/invalidash.log")).unwrap_or_default();
    assert!(log.contains("invalidash"), "{log}");
    assert!(!log.contains("CANARY"), "{log}");
}

/// Asks for a code in the terminal and prints keys for the right one.
const ASKS: &str = "printf 'Code: ' > /dev/tty || exit 5\nread -r code < /dev/tty\n\
     test \"$code\" = 42 || { echo 'wrong code' >&2; exit 6; }\n";

fn asking() -> Home {
    Home::new(&format!("{ASKS}echo '{KEYS}'\n"))
}

#[test]
fn one_that_is_known_to_ask_has_the_terminal_at_the_start() {
    let server = Loopback::new(Options::demo()).unwrap();
    let home = asking();
    fs::write(home.at("config.toml"), "[profiles]\nasks = { interactive = true }\n").unwrap();
    let pty = home.start(&server, &[]);
    pty.wait_for("Code:");
    assert!(!pty.alternate_screen());
    pty.type_keys("42<enter>");
    pty.wait_for("Distributions 14");
    assert!(pty.alternate_screen());
    pty.type_keys("q");
    assert_eq!(pty.exit_code(), Some(0));
    assert_eq!(pty.line_settings(), pty.line_settings_before());
}

/// Lends the terminal to what asks. Earlier questions may still stand on its screen.
fn asked(pty: &Pty) {
    let before = pty.written();
    pty.type_keys("L");
    pty.wait_raw(before, "Code:");
}

#[test]
fn one_that_failed_for_want_of_a_terminal_has_it_on_demand_and_ctrl_c_is_its_own() {
    let server = Loopback::new(Options::demo()).unwrap();
    let home = asking();
    let pty = home.start(&server, &[]);
    pty.wait_for("log in");
    assert!(pty.screen().contains("5)"), "{}", pty.screen());
    asked(&pty);
    pty.type_keys("<c-c>");
    pty.wait_for("(SIGINT)");
    asked(&pty);
    pty.type_keys("41<enter>");
    pty.wait_for("6)");
    asked(&pty);
    pty.type_keys("42<enter>");
    pty.wait_for("Distributions 14");
    pty.type_keys("q");
    assert_eq!(pty.exit_code(), Some(0));
}

#[test]
fn a_login_of_ones_own_is_run_and_told_when_it_fails() {
    let server = Loopback::new(Options::demo()).unwrap();
    let home = Home::new(&format!(
        "test -e $FOLDER/login || {{ echo 'please log in' >&2; exit 1; }}\necho '{KEYS}'\n"
    ));
    let settings = |login: &str| format!("[profiles.asks]\nlogin = [{login}]\n");
    fs::write(home.at("config.toml"), settings("\"no-such-program-here\"")).unwrap();
    let pty = home.start(&server, &[]);
    pty.wait_for("please log in");
    pty.type_keys("L");
    pty.wait_for("failed: no-such-program-here is not");
    pty.type_keys("q");
    assert_eq!(pty.exit_code(), Some(0));
    let login = "\"sh\", \"-c\", \"printf 'Open? '; read -r yes; touch $FOLDER/login\"";
    fs::write(home.at("config.toml"), settings(login)).unwrap();
    let pty = home.start(&server, &[]);
    pty.wait_for("please log in");
    pty.type_keys("L");
    pty.wait_for("Open?");
    pty.type_keys("yes<enter>");
    pty.wait_for("Distributions 14");
}

#[test]
fn a_screen_that_was_wrecked_is_painted_anew() {
    let server = Loopback::new(Options::demo()).unwrap();
    let home = Home::new(&format!("echo '{KEYS}'\n"));
    let pty = home.start(&server, &[]);
    pty.wait_for("Distributions 14");
    for page in ["", "o", "<esc>?"] {
        pty.type_keys(page);
        pty.wait_until("to rest", |_| true);
        let before = pty.written();
        pty.type_keys("<c-l>");
        // The first row is written again although nothing on it changed.
        pty.wait_raw(before, "invalidash");
    }
}
