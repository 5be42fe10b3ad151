//! A home folder with profiles of every kind, five of them broken: `P` shows what is wrong with each, and each is fixed
//! in another terminal while the program runs.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;

use invalidash::emulator::Options;
use serde_json::json;

use crate::support::aws::{Aws, TOKEN, login_place};
use crate::support::command::Home;
use crate::support::loopback::Loopback;
use crate::support::pty::Pty;

const BINARY: &str = env!("CARGO_BIN_EXE_invalidash");

/// Twenty that are whole, and five that are not. `~` is the home.
const CONFIG: &str = "\
[default]
region = eu-west-1
[profile 'my prod']
region = eu-west-1
[profile größe]
region = eu-west-1
[profile process]
credential_process = sh ~/keys.sh
[profile vault]
credential_process = /bin/sh ~/keys.sh --prod
[profile sso]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = Deploy
[profile sso-admin]
sso_session = corp
sso_account_id = 210987654321
sso_role_name = AdministratorAccess
[profile legacy]
sso_start_url = https://old.example/start
sso_region = eu-west-1
sso_account_id = 123456789012
sso_role_name = Deploy
[profile role]
role_arn = arn:aws:iam::123456789012:role/plain
source_profile = keys
[profile two-roles]
role_arn = arn:aws:iam::123456789012:role/second
source_profile = role
external_id = secret-handshake
[profile of-process]
role_arn = arn:aws:iam::123456789012:role/process
source_profile = process
[profile of-sso]
role_arn = arn:aws:iam::123456789012:role/sso
source_profile = sso
[profile of-environment]
role_arn = arn:aws:iam::123456789012:role/environment
credential_source = Environment
[profile of-container]
role_arn = arn:aws:iam::123456789012:role/container
credential_source = EcsContainer
[profile mfa]
role_arn = arn:aws:iam::123456789012:role/guarded
source_profile = keys
mfa_serial = arn:aws:iam::123456789012:mfa/ada
[profile token]
role_arn = arn:aws:iam::123456789012:role/web
web_identity_token_file = ~/token
[sso-session corp]
sso_start_url = https://corp.example/start
sso_region = eu-west-1
sso_registration_scopes = sso:account:access
[sso-session other]
sso_start_url = https://other.example/start
sso_region = eu-west-1
[profile broken-login]
sso_session = other
sso_account_id = 123456789012
sso_role_name = Deploy
";

const WHOLE: [&str; 20] = [
    "default",
    "my prod",
    "größe",
    "process",
    "vault",
    "sso",
    "sso-admin",
    "legacy",
    "role",
    "two-roles",
    "of-process",
    "of-sso",
    "of-environment",
    "of-container",
    "mfa",
    "token",
    "keys",
    "prod",
    "stage",
    "dev",
];

/// What is wrong in the configuration file, how the list says it, and what mends it.
const BROKEN: [(&str, &str, &str, &str); 3] = [
    (
        "broken-line",
        "CANARY nonsense",
        "has no = after the name",
        "region = eu-west-1",
    ),
    (
        "broken-lender",
        "role_arn = arn:aws:iam::123456789012:role/plain\nsource_profile = gone",
        "source_profile gone does not exist",
        "role_arn = arn:aws:iam::123456789012:role/plain\nsource_profile = keys",
    ),
    (
        "broken-role",
        "sso_session = corp\nsso_account_id = 123456789012",
        "no sso_role_name",
        "sso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Deploy",
    ),
];

/// With keys in the credentials file.
const KEYED: [&str; 8] = [
    "default",
    "my prod",
    "größe",
    "keys",
    "prod",
    "stage",
    "dev",
    "broken-line",
];

struct Stage {
    home: Home,
    aws: Aws,
    served: Loopback,
}

impl Stage {
    fn new() -> Self {
        let stage = Self {
            home: Home::new().unwrap(),
            aws: Aws::new().unwrap(),
            served: Loopback::new(Options::demo()).unwrap(),
        };
        let section = |name: &str| {
            format!("[{name}]\naws_access_key_id = AKIAKEYS000000000000\naws_secret_access_key = CANARY-secret-0123\n")
        };
        stage.put(".aws/credentials", &KEYED.map(section).concat());
        stage.write_config(&[]);
        stage.put("token", "CANARY-web-token");
        let keys = r#"{"Version":1,"AccessKeyId":"AKIAPROCESS000000000","SecretAccessKey":"CANARY-secret-of-process"}"#;
        stage.put("keys.sh", &format!("echo '{keys}'"));
        for (name, url) in [
            ("corp", "https://corp.example/start"),
            ("https://old.example/start", "https://old.example/start"),
        ] {
            stage.log_in(name, url);
        }
        stage
    }

    /// As careful tools do it, so that nobody reads half a file.
    fn put(&self, name: &str, text: &str) {
        let new = self.home.write("new", text).unwrap();
        let place = self.home.path().join(name);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::rename(new, place).unwrap();
    }

    /// Writes the configuration with these profiles mended.
    fn write_config(&self, mended: &[&str]) {
        let broken = BROKEN.map(|(name, wrong, _, right)| {
            let text = if mended.contains(&name) { right } else { wrong };
            format!("[profile {name}]\n{text}\n")
        });
        let process = if mended.contains(&"broken-process") {
            "sh"
        } else {
            "no-such-vault"
        };
        let process = format!("[profile broken-process]\ncredential_process = {process} ~/keys.sh\n");
        let all = CONFIG.to_owned() + &process + &broken.concat();
        self.put(".aws/config", &all.replace('~', &self.home.path().to_string_lossy()));
    }

    /// As `aws sso login` in another terminal.
    fn log_in(&self, name: &str, url: &str) {
        let token = json!({"startUrl": url, "region": "eu-west-1", "accessToken": TOKEN,
            "expiresAt": "2999-01-01T00:00:00Z"});
        self.put(&login_place(name), &token.to_string());
    }

    /// Mends a profile in another terminal.
    fn mend(&self, name: &str) {
        if name == "broken-login" {
            self.log_in("other", "https://other.example/start");
        } else {
            self.write_config(&[name]);
        }
    }

    fn start(&self, profile: &str, (rows, columns): (u16, u16)) -> Pty {
        let home = self.home.path().to_str().unwrap().to_owned();
        let mut env = vec![
            ("HOME", home),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", format!("{}/ecs", self.aws.url)),
        ];
        env.extend(self.aws.variables());
        let env: Vec<(&str, &str)> = env.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let arguments = ["--endpoint-url", &self.served.url, "--profile", profile];
        Pty::spawn(BINARY, &arguments, &env, rows, columns)
    }
}

/// The line of the list that shows a profile.
fn row(screen: &str, name: &str) -> String {
    let mut lines = screen.lines().skip_while(|line| !line.contains("Profiles"));
    let is_it = |line: &&str| {
        let within = line.split('│').nth(1).unwrap_or_default();
        let cell = within.trim_start_matches(|c: char| !c.is_alphanumeric());
        cell.strip_prefix(name).is_some_and(|rest| rest.starts_with("  "))
    };
    lines.find(is_it).unwrap_or_default().to_owned()
}

const TROUBLES: [(&str, &str); 5] = [
    ("broken-line", "has no = after the name"),
    ("broken-lender", "source_profile gone does not exist"),
    ("broken-role", "no sso_role_name"),
    ("broken-process", "no-such-vault is not installed"),
    ("broken-login", "log in"),
];

#[test]
fn the_list_shows_all_profiles_and_follows_what_another_terminal_mends() {
    let stage = Stage::new();
    let pty = stage.start("broken-line", (40, 160));
    pty.wait_for("not connected");
    pty.type_keys("P");
    pty.wait_until("all profiles", |screen| {
        let text = screen.contents();
        WHOLE.iter().all(|name| !row(&text, name).is_empty()) && text.contains("↵ use it")
    });
    let screen = pty.screen();
    for name in WHOLE {
        let line = row(&screen, name);
        assert!(line.contains(name), "{name}\n{screen}");
        let has_trouble = ["no ", "not", "log in"].iter().any(|word| line.contains(word));
        assert!(!has_trouble, "{line}");
    }
    for (name, trouble) in TROUBLES {
        assert!(row(&screen, name).contains(trouble), "{name}\n{screen}");
    }
    assert!(!screen.contains("CANARY"), "{screen}");
    for (name, trouble) in TROUBLES {
        // The profile is tried while it is broken, and the list explains why it stays open.
        pty.type_keys(&format!("<c-u>{name}<enter>"));
        pty.wait_until(&format!("why {name} cannot be used"), |screen| {
            screen.contents().contains(&format!("{name}: "))
        });
        stage.mend(name);
        pty.wait_until(&format!("{name} to be mended"), |screen| {
            let line = row(&screen.contents(), name);
            !line.is_empty() && !line.contains(trouble) && !screen.contents().contains(&format!("{name}: "))
        });
        pty.type_keys("<enter>");
        pty.wait_until(&format!("{name} to be used"), |screen| {
            let text = screen.contents();
            let head = text.lines().next().unwrap_or_default().to_owned();
            head.contains(name) && !text.contains("Profiles") && text.contains("Distributions 14")
        });
        pty.type_keys("P");
        pty.wait_for("Profiles");
    }
}

#[test]
fn what_was_started_with_a_broken_profile_goes_on_when_it_is_mended() {
    let stages: Vec<_> = TROUBLES
        .iter()
        .map(|(name, _)| {
            let stage = Stage::new();
            let pty = stage.start(name, (24, 100));
            (*name, stage, pty)
        })
        .collect();
    for (name, stage, pty) in &stages {
        pty.wait_until(&format!("{name} to be refused"), |screen| {
            let text = screen.contents();
            text.contains("not connected") || text.contains("not logged in")
        });
        stage.mend(name);
    }
    for (_, _, pty) in &stages {
        pty.wait_for("Distributions 14");
    }
}

#[test]
fn what_lies_outside_of_the_files_is_loaded_again_by_refresh() {
    let stage = Stage::new();
    stage.put("keys.sh", "echo no luck >&2; exit 3");
    let pty = stage.start("process", (24, 100));
    pty.wait_for("no luck");
    let keys = r#"{"Version":1,"AccessKeyId":"AKIAPROCESS000000000","SecretAccessKey":"CANARY-secret-of-process"}"#;
    stage.put("keys.sh", &format!("echo '{keys}'"));
    pty.type_keys("r");
    pty.wait_for("Distributions 14");
}
