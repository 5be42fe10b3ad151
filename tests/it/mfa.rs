//! A role that needs a code from an MFA device: the code is typed into a field and used once, and the AWS CLI can use
//! the resulting credentials as well.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use invalidash::emulator::Options;

use crate::support::aws::{Aws, CODE, role_id};
use crate::support::command::Home;
use crate::support::loopback::Loopback;
use crate::support::pty::Pty;

const BINARY: &str = env!("CARGO_BIN_EXE_invalidash");

const CONFIG: &str = "[profile keys]\nregion = eu-west-1\n[profile mfa]\n\
    role_arn = arn:aws:iam::123456789012:role/guarded\nsource_profile = keys\n\
    mfa_serial = arn:aws:iam::123456789012:mfa/ada\n";

const CREDENTIALS: &str = "[keys]\naws_access_key_id = AKIAKEYS000000000000\naws_secret_access_key = CANARY-secret\n";

/// A home with a role that needs a code, and everything it asks.
struct Stage {
    home: Home,
    aws: Aws,
    served: Loopback,
}

impl Stage {
    fn new() -> Self {
        let (home, aws) = (Home::new().unwrap(), Aws::new().unwrap());
        home.write(".aws/config", CONFIG).unwrap();
        home.write(".aws/credentials", CREDENTIALS).unwrap();
        let served = Loopback::new(Options::demo()).unwrap();
        Self { home, aws, served }
    }

    /// CloudFront takes these keys alone.
    fn only(&self, id: String) {
        self.served.emulator.configure(|settings| settings.only_key = Some(id));
    }

    fn start(&self, profile: &str) -> Pty {
        self.run(profile, &[])
    }

    /// Runs a command in a terminal.
    fn run(&self, profile: &str, more: &[&str]) -> Pty {
        let (home, sts) = (self.home.path().to_str().unwrap(), &self.aws.url);
        let env = [
            ("HOME", home),
            ("AWS_EC2_METADATA_DISABLED", "true"),
            ("AWS_ENDPOINT_URL_STS", sts.as_str()),
        ];
        let mut arguments = vec![
            "--endpoint-url",
            &self.served.url,
            "--profile",
            profile,
            "--log-level",
            "trace",
        ];
        arguments.extend(more);
        Pty::spawn(BINARY, &arguments, &env, 24, 100)
    }

    fn kept(&self) -> Option<PathBuf> {
        let entries = fs::read_dir(self.home.path().join(".aws/cli/cache")).ok()?;
        entries.map(|entry| entry.unwrap().path()).next()
    }

    /// How often a role was assumed.
    fn assumed(&self) -> usize {
        self.aws
            .asked()
            .iter()
            .filter(|asked| asked.contains("Action=AssumeRole&"))
            .count()
    }
}

/// Every file below a folder that holds this.
fn holding(folder: &Path, text: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(holding(&path, text));
        } else if String::from_utf8_lossy(&fs::read(&path).unwrap()).contains(text) {
            found.push(path);
        }
    }
    found
}

#[test]
fn a_code_is_asked_for_and_one_code_serves_the_next_start_and_the_aws_cli() {
    let stage = Stage::new();
    stage.only(role_id("guarded"));
    let pty = stage.start("mfa");
    pty.wait_for("The six digits currently shown on this device");
    assert!(
        pty.screen().contains("arn:aws:iam::123456789012:mfa/ada"),
        "{}",
        pty.screen()
    );
    // Letters are not digits of the code.
    pty.type_keys("12ab3<enter>");
    pty.wait_for("The code must have 6 digits");
    pty.type_keys("999999");
    pty.wait_for("› ******");
    assert!(!pty.screen().contains("999999"));
    pty.type_keys("<enter>");
    pty.wait_for("Not accepted. Wait for the next code");
    pty.type_keys(&format!("{CODE}<enter>"));
    pty.wait_for("Distributions 14");
    assert_eq!(stage.assumed(), 2);
    let kept = stage.kept().unwrap();
    assert_eq!(fs::metadata(&kept).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(
        fs::metadata(kept.parent().unwrap()).unwrap().permissions().mode() & 0o777,
        0o700
    );
    pty.type_keys("q");
    assert_eq!(pty.exit_code(), Some(0));
    // What this program stores contains neither the code nor any key.
    assert_eq!(holding(pty.home(), "CANARY"), Vec::<PathBuf>::new());
    for code in [CODE, "999999"] {
        assert_eq!(holding(pty.home(), code), Vec::<PathBuf>::new(), "{code}");
        assert!(!String::from_utf8_lossy(&pty.log()).contains(code));
    }

    let again = stage.start("mfa");
    again.wait_for("Distributions 14");
    assert_eq!(stage.assumed(), 2, "no second code");
    again.type_keys("q");
    the_aws_cli_takes_them(&stage);
}

/// botocore finds the same keys, where Python has it, without a code.
fn the_aws_cli_takes_them(stage: &Stage) {
    let script = "import sys, os\n\
        try:\n    import botocore.session, botocore.credentials as c, botocore.utils as u\n\
        except ImportError:\n    sys.exit(9)\n\
        s = botocore.session.Session(profile='mfa')\n\
        cache = u.JSONFileCache(os.path.expanduser('~/.aws/cli/cache'))\n\
        s.get_component('credential_provider').get_provider('assume-role').cache = cache\n\
        print(s.get_credentials().get_frozen_credentials().access_key)\n";
    let python = Command::new("python3")
        .args(["-c", script])
        .env("HOME", stage.home.path())
        .env("AWS_ENDPOINT_URL_STS", &stage.aws.url)
        .env("AWS_DEFAULT_REGION", "eu-west-1")
        .output();
    let Ok(output) = python else { return };
    if output.status.code() != Some(9) {
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(
            String::from_utf8_lossy(&output.stdout).trim(),
            role_id("guarded"),
            "{said}"
        );
    }
}

#[test]
fn what_the_aws_cli_was_given_a_code_for_needs_none() {
    let stage = Stage::new();
    stage.only("ASIAOFTHECLI00000000".to_owned());
    let kept = r#"{"Credentials": {"AccessKeyId": "ASIAOFTHECLI00000000", "SecretAccessKey": "CANARY-s",
        "SessionToken": "CANARY-t", "Expiration": "2999-01-01T00:00:00UTC"}, "AssumedRoleUser": {}}"#;
    // Under this name, botocore stores the credentials of this role.
    let name = "0aa1895b0f94fc0ca2f7ba50fb4e1fa84b9c9590";
    let role = CONFIG.replace("role/guarded", "role/deploy");
    stage.home.write(".aws/config", role).unwrap();
    stage.home.write(&format!(".aws/cli/cache/{name}.json"), kept).unwrap();
    let pty = stage.start("mfa");
    pty.wait_for("Distributions 14");
    assert_eq!(stage.assumed(), 0);
}

#[test]
fn another_profile_asks_for_its_code_and_esc_stays_with_the_one_in_use() {
    let stage = Stage::new();
    let pty = stage.start("keys");
    pty.wait_for("Distributions 14");
    pty.type_keys("P");
    pty.wait_for("Profiles");
    pty.type_keys("mfa");
    pty.wait_for("guarded");
    pty.type_keys("<enter>");
    pty.wait_for("The six digits");
    pty.type_keys("<esc><esc>");
    pty.wait_until("the field to close", |screen| !screen.contents().contains("six digits"));
    pty.wait_for("keys");
    pty.type_keys("Pmfa");
    pty.wait_for("guarded");
    pty.type_keys("<enter>");
    pty.wait_for("The six digits");
    pty.type_keys(&format!("{CODE}<enter>"));
    pty.wait_until("the profile to be used", |screen| {
        screen
            .contents()
            .lines()
            .next()
            .is_some_and(|line| line.contains("mfa · 123456789012"))
    });
}

#[test]
fn a_code_that_was_not_given_is_asked_for_again_by_the_key_that_logs_in() {
    let stage = Stage::new();
    let pty = stage.start("mfa");
    pty.wait_for("The six digits");
    pty.type_keys("<esc>");
    pty.wait_for("needs a code from MFA device");
    // The code is not requested again automatically, although the files change.
    fs::write(stage.home.path().join(".aws/config"), format!("{CONFIG}# changed\n")).unwrap();
    let before = stage.aws.asked().len();
    pty.type_keys("L");
    pty.wait_for("The six digits");
    pty.type_keys(&format!("{CODE}<enter>"));
    pty.wait_for("Distributions 14");
    assert_eq!(stage.aws.asked().len(), before + 1);
}

#[test]
fn a_command_on_a_terminal_asks_for_a_code_and_shows_nothing_of_it() {
    let stage = Stage::new();
    stage.only(role_id("guarded"));
    let pty = stage.run("mfa", &["distributions"]);
    pty.wait_for("MFA code for arn:aws:iam::123456789012:mfa/ada: ");
    pty.type_keys("12ab<enter>");
    pty.wait_for("The code must have 6 digits");
    pty.type_keys("999999<enter>");
    pty.wait_for("Not accepted. Wait for the next code");
    pty.type_keys(&format!("{CODE}<enter>"));
    pty.wait_for("www.lumen-shop.example");
    assert_eq!(pty.exit_code(), Some(0));
    assert_eq!(pty.line_settings(), pty.line_settings_before());
    for code in [CODE, "999999", "12ab"] {
        assert!(!String::from_utf8_lossy(&pty.log()).contains(code), "{code}");
        assert_eq!(holding(pty.home(), code), Vec::<PathBuf>::new(), "{code}");
    }
    // The same code also serves the next command.
    let again = stage.run("mfa", &["distributions"]);
    assert_eq!(again.exit_code(), Some(0));
    assert_eq!(stage.assumed(), 2);
}

#[test]
fn whoever_gives_no_code_leaves_a_terminal_that_shows_what_is_typed() {
    for (keys, code) in [("<enter>", 4), ("<c-c>", 130)] {
        let stage = Stage::new();
        let pty = stage.run("mfa", &["distributions"]);
        pty.wait_for("MFA code for");
        pty.type_keys(keys);
        assert_eq!(pty.exit_code(), Some(code), "{keys}");
        assert_eq!(pty.line_settings(), pty.line_settings_before(), "{keys}");
    }
}
