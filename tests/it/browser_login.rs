//! Logs in to IAM Identity Center from within the program, without the AWS CLI: the user enters a code in a browser.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use invalidash::emulator::Options;
use serde_json::Value;

use crate::support::aws::{Aws, Login, TOKEN, USER_CODE, login_place};
use crate::support::command::Home;
use crate::support::loopback::Loopback;
use crate::support::pty::Pty;

const BINARY: &str = env!("CARGO_BIN_EXE_invalidash");

const CONFIG: &str = "[profile sso]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Deploy\n\
    [sso-session corp]\nsso_start_url = https://corp.example/start\nsso_region = eu-west-1\n\
    sso_registration_scopes = sso:account:access\n\
    [profile legacy]\nsso_start_url = https://old.example/start\nsso_region = eu-west-1\n\
    sso_account_id = 123456789012\nsso_role_name = Deploy\n";

struct Stage {
    home: Home,
    aws: Aws,
    served: Loopback,
}

impl Stage {
    fn new() -> Self {
        let home = Home::new().unwrap();
        home.write(".aws/config", CONFIG).unwrap();
        let ended = format!(
            r#"{{"startUrl":"https://corp.example/start","region":"eu-west-1","accessToken":"{}",
                "expiresAt":"2020-01-01T00:00:00Z"}}"#,
            "CANARY-ended"
        );
        home.write(&login_place("corp"), ended).unwrap();
        let served = Loopback::new(Options::demo()).unwrap();
        served
            .emulator
            .configure(|settings| settings.only_key = Some("ASIASSO0000000000000".to_owned()));
        let aws = Aws::new().unwrap();
        Self { home, aws, served }
    }

    /// Starts it with this on the `PATH`.
    fn start(&self, profile: &str, path: &str, more: &[&str]) -> Pty {
        let mut env = vec![
            ("HOME".to_owned(), self.home.path().display().to_string()),
            ("PATH".to_owned(), path.to_owned()),
            ("AWS_EC2_METADATA_DISABLED".to_owned(), "true".to_owned()),
        ];
        env.extend(
            self.aws
                .variables()
                .into_iter()
                .map(|(name, url)| (name.to_owned(), url)),
        );
        let env: Vec<(&str, &str)> = env
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let mut arguments = vec![
            "--endpoint-url",
            &self.served.url,
            "--profile",
            profile,
            "--log-level",
            "trace",
        ];
        arguments.extend(more);
        Pty::spawn(BINARY, &arguments, &env, 30, 110)
    }

    fn kept(&self, name: &str) -> (Value, u32) {
        let path = self.home.path().join(login_place(name));
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        (serde_json::from_slice(&fs::read(path).unwrap()).unwrap(), mode & 0o777)
    }

    fn polls(&self) -> usize {
        self.aws.asked().iter().filter(|asked| *asked == "POST /token").count()
    }
}

/// Every file below a folder that holds a canary.
fn with_canary(folder: &std::path::Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(with_canary(&path));
        } else if String::from_utf8_lossy(&fs::read(&path).unwrap()).contains("CANARY") {
            found.push(path);
        }
    }
    found
}

#[test]
fn an_expired_login_is_renewed_with_a_code_in_a_browser_and_everything_goes_on() {
    let stage = Stage::new();
    stage.aws.state().logins = [Login::Pending, Login::SlowDown].into();
    let pty = stage.start("sso", "/nowhere", &[]);
    pty.wait_for("Run `aws sso login --profile sso`");
    pty.type_keys("L");
    pty.wait_for(USER_CODE);
    pty.wait_for("/device");
    // This is the picture of the page.
    assert!(pty.screen().contains('▀'), "{}", pty.screen());
    let before = pty.written();
    pty.type_keys("c");
    // OSC 52 copies the URL that already contains the code.
    pty.wait_raw(before, "]52;c;");
    stage.aws.enter();
    pty.wait_for("Distributions 14");
    assert_eq!(stage.polls(), 3);
    let (login, mode) = stage.kept("corp");
    assert_eq!((login["accessToken"].as_str(), mode), (Some(TOKEN), 0o600));
    assert_eq!(login["startUrl"], "https://corp.example/start");
    assert_eq!(login["region"], "eu-west-1");
    assert_eq!(login["refreshToken"], "CANARY-refresh-token");
    assert_eq!(login["clientId"], "client");
    pty.type_keys("q");
    assert_eq!(pty.exit_code(), Some(0));
    // The token is stored with those of the AWS CLI, and nowhere else.
    assert_eq!(with_canary(pty.home()), Vec::<PathBuf>::new());
    assert!(!String::from_utf8_lossy(&pty.log()).contains("CANARY"));
}

#[test]
fn the_list_of_profiles_logs_in_with_a_browser_too() {
    let stage = Stage::new();
    let in_use = format!(
        r#"{{"startUrl":"https://corp.example/start","region":"eu-west-1","accessToken":"{TOKEN}","expiresAt":"2999-01-01T00:00:00Z"}}"#
    );
    stage.home.write(&login_place("corp"), in_use).unwrap();
    stage.aws.state().logins = [Login::Denied].into();
    let pty = stage.start("sso", "/nowhere", &[]);
    pty.wait_for("Distributions 14");
    pty.type_keys("P");
    pty.wait_for("log in");
    pty.type_keys("legacy<a-l>");
    pty.wait_for("access was denied in the browser");
    pty.type_keys("<enter>");
    pty.wait_for(USER_CODE);
    // Esc ends the login, and the list is still there.
    pty.type_keys("<esc>");
    pty.wait_until("the list", |screen| {
        let text = screen.contents();
        text.contains("Profiles") && !text.contains(USER_CODE)
    });
    stage.aws.enter();
    pty.type_keys("<a-l>");
    pty.wait_until("the profile to be used", |screen| {
        let text = screen.contents();
        let head = text.lines().next().unwrap_or_default();
        head.contains("legacy") && text.contains("Distributions 14")
    });
}

#[test]
fn what_goes_wrong_is_told_where_the_code_stood_and_begun_again() {
    let stage = Stage::new();
    stage.aws.state().logins = [Login::Denied, Login::Expired].into();
    let pty = stage.start("legacy", "/nowhere", &[]);
    pty.wait_for("Run `aws sso login --profile legacy`");
    pty.type_keys("L");
    pty.wait_for("access was denied in the browser");
    pty.type_keys("<enter>");
    pty.wait_for("the code was not entered in time");
    stage.aws.enter();
    pty.type_keys("<enter>");
    pty.wait_for("Distributions 14");
    let (login, mode) = stage.kept("https://old.example/start");
    assert_eq!((login["accessToken"].as_str(), mode), (Some(TOKEN), 0o600));
}

#[test]
fn esc_ends_it_and_nobody_asks_any_more() {
    let stage = Stage::new();
    let pty = stage.start("sso", "/nowhere", &[]);
    pty.wait_for("Run `aws sso login --profile sso`");
    pty.type_keys("L");
    pty.wait_for(USER_CODE);
    pty.type_keys("<esc>");
    pty.wait_for("the login was cancelled");
    let polled = stage.polls();
    stage.aws.enter();
    // The next login is independent: the earlier one has ended, whatever happened to its code.
    pty.type_keys("L");
    pty.wait_for("Distributions 14");
    assert_eq!(stage.polls(), polled + 1);
}

#[test]
fn a_service_that_does_not_answer_is_named_and_given_up() {
    let stage = Stage::new();
    stage.aws.state().silent = ["/client/register".to_owned()].into();
    let pty = stage.start("sso", "/nowhere", &[]);
    pty.wait_for("Run `aws sso login --profile sso`");
    pty.type_keys("L");
    pty.wait_for("Starting a login with IAM Identity Center …");
    pty.type_keys("<esc>");
    pty.wait_for("the login was cancelled");
}

/// A folder with an `aws` that logs in in the terminal.
fn with_cli(stage: &Stage) -> String {
    let token = format!(
        r#"{{"startUrl":"https://corp.example/start","region":"eu-west-1","accessToken":"{TOKEN}","expiresAt":"2999-01-01T00:00:00Z"}}"#
    );
    let home = stage.home.path().display();
    let script = format!(
        "#!/bin/sh\necho \"$@\"; printf 'Go on? '; read -r yes\necho '{token}' > {home}/{}\n",
        login_place("corp")
    );
    let path = stage.home.write("bin/aws", script).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path.parent().unwrap().display().to_string()
}

#[test]
fn the_aws_cli_logs_in_where_it_is_installed_unless_the_settings_say_otherwise() {
    let stage = Stage::new();
    let path = with_cli(&stage) + ":/usr/bin:/bin";
    let pty = stage.start("sso", &path, &[]);
    pty.wait_for("Run `aws sso login --profile sso`");
    pty.type_keys("L");
    pty.wait_for("sso login --profile sso");
    pty.wait_for("Go on?");
    pty.type_keys("<enter>");
    pty.wait_for("Distributions 14");

    let other = Stage::new();
    let path = with_cli(&other) + ":/usr/bin:/bin";
    let settings = other
        .home
        .write("settings.toml", "[profiles]\nsso = { aws_cli = false }\n")
        .unwrap();
    let pty = other.start("sso", &path, &["--config", settings.to_str().unwrap()]);
    pty.wait_for("Run `aws sso login --profile sso`");
    pty.type_keys("L");
    pty.wait_for(USER_CODE);
}
