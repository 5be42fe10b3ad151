//! A single run with every kind of secret: each one is a canary that must appear in the files that have to contain it,
//! and nowhere else.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use invalidash::emulator::Options;
use rustix::process::Signal;
use serde_json::json;

use crate::support::aws::{Aws, CODE, TOKEN, USER_CODE, login_place};
use crate::support::command::Home;
use crate::support::loopback::Loopback;
use crate::support::pty::Pty;

const BINARY: &str = env!("CARGO_BIN_EXE_invalidash");

/// The distribution that everything is sent to.
const SHOP: &str = "E1A2WTXM7KQ4SV";

const CONFIG: &str = "[profile static]\nregion = eu-west-1\n[profile process]\ncredential_process = ~/keys\n\
    [profile sso]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Deploy\n\
    [sso-session corp]\nsso_start_url = https://corp.example/start\nsso_region = eu-west-1\n\
    sso_registration_scopes = sso:account:access\n[profile mfa]\n\
    role_arn = arn:aws:iam::123456789012:role/guarded\nsource_profile = static\n\
    mfa_serial = arn:aws:iam::123456789012:mfa/ada\n";

const SIGNED: &str = "https://www.lumen-shop.example/img/a.html?w=2&X-Amz-Algorithm=AWS4-HMAC-SHA256&\
    X-Amz-Credential=CANARY-presigned-id%2F20261122&X-Amz-Signature=CANARY-presigned-signature\n";

/// What the proxy is logged in to with, and the header that says it.
const PROXY_LOGIN: &str = "me:CANARY-proxy-password";
const PROXY_HEADER: &str = "bWU6Q0FOQVJZLXByb3h5LXBhc3N3b3Jk";

/// Each secret with the files of the home that must hold it.
const CANARIES: [(&str, &[&str]); 15] = [
    ("CANARY-static-secret", &[".aws/credentials"]),
    ("CANARY-process-secret", &["keys"]),
    ("CANARY-ended-token", &[]),
    (TOKEN, &[".aws/sso/cache/"]),
    ("CANARY-refresh-token", &[".aws/sso/cache/"]),
    ("CANARY-client-secret", &[".aws/sso/cache/"]),
    ("CANARY-device-code", &[]),
    ("CANARY-secret-of-sso", &[]),
    ("CANARY-token-of-sso", &[]),
    ("CANARY-secret-of-ASIAGUARDED", &[".aws/cli/cache/"]),
    ("CANARY-token-of-ASIAGUARDED", &[".aws/cli/cache/"]),
    ("CANARY-environment-secret", &[]),
    ("CANARY-presigned", &["urls.txt"]),
    ("CANARY-proxy-password", &[]),
    (PROXY_HEADER, &[]),
];

/// A proxy that lets nobody through.
fn proxy() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            // A client that has gone needs no response.
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
        }
    });
    format!("http://{PROXY_LOGIN}@{address}")
}

struct Stage {
    home: Home,
    aws: Aws,
    served: Loopback,
    proxy: String,
}

impl Stage {
    fn new() -> Self {
        let (home, aws) = (Home::new().unwrap(), Aws::new().unwrap());
        let served = Loopback::new(Options::demo()).unwrap();
        let folder = home.path().to_string_lossy().into_owned();
        home.write(".aws/config", CONFIG.replace('~', &folder)).unwrap();
        let keys = "[static]\naws_access_key_id = AKIASTATIC0000000000\naws_secret_access_key = CANARY-static-secret\n";
        home.write(".aws/credentials", keys).unwrap();
        let ended = json!({"startUrl": "https://corp.example/start", "region": "eu-west-1",
            "accessToken": "CANARY-ended-token", "expiresAt": "2020-01-01T00:00:00Z"});
        home.write(&login_place("corp"), ended.to_string()).unwrap();
        home.write("urls.txt", SIGNED).unwrap();
        let keys = r#"{"Version":1,"AccessKeyId":"AKIAPROCESS000000000","SecretAccessKey":"CANARY-process-secret"}"#;
        witness(&home, "keys", &format!("echo '{keys}'"));
        witness(&home, "editor", "echo /from/the/editor > \"$1\"");
        witness(&home, "hook", "");
        let hook = format!("[notify]\non_completed = [\"{folder}/hook\"]\n");
        home.write("settings.toml", hook).unwrap();
        Self {
            home,
            aws,
            served,
            proxy: proxy(),
        }
    }

    fn env(&self) -> Vec<(&'static str, String)> {
        let home = self.home.path();
        let mut env = vec![
            ("HOME", home.display().to_string()),
            ("XDG_STATE_HOME", home.join("state").display().to_string()),
            ("XDG_CONFIG_HOME", home.join("config").display().to_string()),
            ("VISUAL", home.join("editor").display().to_string()),
            ("PATH", "/usr/bin:/bin".to_owned()),
            ("HTTPS_PROXY", self.proxy.clone()),
            ("AWS_ACCESS_KEY_ID", "AKIAENVIRONMENT00000".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "CANARY-environment-secret".to_owned()),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
        ];
        env.extend(self.aws.variables());
        env
    }

    fn start(&self) -> Pty {
        let env = self.env();
        let env: Vec<(&str, &str)> = env.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let settings = self.home.path().join("settings.toml");
        let script = "cd \"$1\" && shift && exec \"$@\"";
        let arguments = [
            "-c",
            script,
            "sh",
            self.home.path().to_str().unwrap(),
            BINARY,
            "--endpoint-url",
            &self.served.url,
            "--profile",
            "sso",
            "--config",
            settings.to_str().unwrap(),
            "--log-level",
            "trace",
        ];
        Pty::spawn("/bin/sh", &arguments, &env, 30, 110)
    }

    /// Runs a command without a screen; what it prints.
    fn run(&self, profile: &str, arguments: &[&str]) -> String {
        let fixed = [
            "--endpoint-url",
            &self.served.url,
            "--profile",
            profile,
            "--log-level",
            "trace",
        ];
        let mut command = self.home.command(&[&fixed, arguments].concat());
        let output = command.envs(self.env()).output().unwrap();
        format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        )
    }
}

/// A program that writes down its environment, its arguments and those of whoever started it, then does this.
fn witness(home: &Home, name: &str, then: &str) {
    let list = home.path().join(format!("{name}.seen"));
    let script = format!(
        "#!/bin/sh\n{{ env; tr '\\0' ' ' < /proc/$$/cmdline; tr '\\0' ' ' < /proc/$PPID/cmdline; }} >> '{}'\n{then}\n",
        list.display()
    );
    let path = home.write(name, script).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// Every file below a folder, with its content.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if let Ok(bytes) = fs::read(&path) {
            found.push((path.display().to_string(), bytes));
        }
    }
    found
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// What was copied: OSC 52 with base64, each on a line.
fn copied(written: &[u8]) -> String {
    let text = String::from_utf8_lossy(written).into_owned();
    let parts = text.split("\x1b]52;c;").skip(1);
    parts
        .map(|part| {
            part.chars()
                .take_while(|c| c.is_ascii_alphanumeric() || "+/".contains(*c))
                .collect()
        })
        .map(|part: String| String::from_utf8_lossy(&decoded(&part)).into_owned() + "\n")
        .collect()
}

fn decoded(text: &str) -> Vec<u8> {
    const DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for digit in text.chars().filter_map(|c| DIGITS.find(c)) {
        held = (held << 6 | u32::try_from(digit).unwrap()) & 0xffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 0xff).unwrap());
        }
    }
    bytes
}

fn uses(pty: &Pty, profile: &str) {
    pty.type_keys("P");
    pty.wait_for("Profiles");
    pty.type_keys(&format!("{profile}<enter>"));
}

fn is_used(pty: &Pty, profile: &str) {
    pty.wait_until(profile, |screen| {
        let text = screen.contents();
        let head = text.lines().next().unwrap_or_default();
        head.contains(profile) && text.contains("Distributions 14")
    });
}

/// With every secret: loaded, typed, pasted, copied, exported, sent.
fn whole_day(stage: &Stage, pty: &Pty) {
    pty.wait_for("Run `aws sso login --profile sso`");
    pty.type_keys("L");
    pty.wait_for(USER_CODE);
    pty.type_keys("c");
    stage.aws.enter();
    is_used(pty, "sso");
    uses(pty, "process");
    is_used(pty, "process");
    uses(pty, "static");
    is_used(pty, "static");
    uses(pty, "mfa");
    pty.wait_for("The six digits");
    pty.type_keys(&format!("{CODE}<enter>"));
    is_used(pty, "mfa");
    pty.type_keys("W");
    pty.wait_for("Who am I");
    pty.type_keys("<esc>");
    pty.wait_until("the overlay to close", |screen| !screen.contents().contains("Who am I"));
    pty.type_keys("i");
    pty.wait_for("Invalidate");
    pty.type_keys("<f4>");
    pty.wait_for("/from/the/editor");
    pty.type_keys("<c-o>");
    pty.wait_for("Earlier invalidation");
    pty.type_keys("furls.txt<enter>");
    pty.wait_for("a credential, which is removed");
    pty.type_keys("<enter>");
    pty.wait_for("/img/a.html?w=2");
    pty.type_keys("<c-o>");
    pty.wait_for("Earlier invalidation");
    pty.type_keys("shttps://www.example.com/sitemap.xml<enter>");
    pty.wait_for("from HTTPS_PROXY");
    pty.type_keys("<esc><esc>");
    pty.wait_until("the import to close", |screen| !screen.contents().contains("Sitemap"));
    pty.type_keys("<c-s>");
    pty.wait_for("2 items will be sent");
    let before = pty.written();
    pty.type_keys("y");
    pty.wait_raw(before, "]52;c;");
    pty.confirms();
    pty.wait_for("Completed after");
    let hook = stage.home.path().join("hook.seen");
    pty.wait_until("the hook", |_| hook.exists());
    pty.type_keys("3");
    pty.wait_for("1 of 1");
    for name in ["out.json", "out.csv"] {
        pty.type_keys("e");
        pty.wait_for("with all items");
        pty.type_keys(&format!("<c-u>{name}<enter>"));
        let file = stage.home.path().join(name);
        pty.wait_until("the file", |_| file.exists());
        pty.wait_until("the export to close", |screen| {
            !screen.contents().contains("with all items")
        });
    }
}

#[test]
fn every_secret_stays_in_the_files_that_must_hold_it() {
    let stage = Stage::new();
    let pty = stage.start();
    whole_day(&stage, &pty);
    // The crash leaves a report.
    pty.signal(Signal::ABORT);
    pty.exit();
    let mut printed = String::new();
    for profile in ["static", "process", "sso", "mfa"] {
        printed += &stage.run(profile, &["distributions", "--output", "json"]);
        printed += &stage.run(profile, &["info", "--output", "json"]);
        printed += &stage.run(
            profile,
            &[
                "create",
                "--distribution",
                SHOP,
                "/headless.html",
                "--yes",
                "--output",
                "json",
            ],
        );
    }
    let more: [&[&str]; 5] = [
        &["list", "--distribution", SHOP, "--output", "jsonl"],
        &["history", "--output", "json"],
        &[
            "create",
            "--distribution",
            SHOP,
            "--from-sitemap",
            "https://www.example.com/sitemap.xml",
            "--yes",
        ],
        &[
            "create",
            "--distribution",
            SHOP,
            "--paths-from",
            "urls.txt",
            "--yes",
            "--output",
            "json",
        ],
        &["check", "--paths-from", "urls.txt", "--output", "json"],
    ];
    for arguments in more {
        printed += &stage.run("static", arguments);
    }
    let screen = pty.log();
    let mut places = files(stage.home.path());
    places.extend(files(pty.home()));
    assert!(places.iter().any(|(name, _)| name.ends_with("ledger.db")));
    places.push(("the clipboard".to_owned(), copied(&screen).into_bytes()));
    places.push(("the screen".to_owned(), screen));
    places.push(("the commands without a screen".to_owned(), printed.into_bytes()));
    // Programs that are started keep the proxy, which they may need. A program that supplies credentials also needs
    // those of the environment.
    let is_given = |place: &str, canary: &str| {
        place.rsplit_once('.').is_some_and(|(_, ending)| ending == "seen") && canary == "CANARY-proxy-password"
            || place.ends_with("keys.seen") && canary == "CANARY-environment-secret"
    };
    let mut found = BTreeSet::new();
    for (place, bytes) in &places {
        for (canary, allowed) in CANARIES.iter().chain(&[(CODE, &[] as &[&str])]) {
            let is_allowed = allowed.iter().any(|file| place.contains(&format!("/{file}"))) || is_given(place, canary);
            if !is_allowed && holds(bytes, canary) {
                found.insert(format!("{canary} in {place}"));
            }
        }
    }
    assert_eq!(found, BTreeSet::new());
    // The run used its secrets: each one is where it must be.
    for (canary, allowed) in CANARIES.iter().filter(|(_, allowed)| !allowed.is_empty()) {
        let is_there = |(place, bytes): &(String, Vec<u8>)| {
            allowed.iter().any(|file| place.contains(&format!("/{file}"))) && holds(bytes, canary)
        };
        assert!(places.iter().any(is_there), "{canary}");
    }
    for seen in ["keys.seen", "editor.seen", "hook.seen", "out.json", "out.csv"] {
        assert!(places.iter().any(|(place, _)| place.ends_with(seen)), "{seen}");
    }
    let sent = format!("{:?}", stage.served.emulator.received());
    assert!(!sent.contains("CANARY"), "{sent}");
}
