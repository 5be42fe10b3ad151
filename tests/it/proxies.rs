//! The networks of companies: a proxy that inspects TLS, one that is reached over TLS itself, one that requires a
//! login, is down, or uses another protocol. CloudFront and the servers that issue credentials have AWS's own host
//! names.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::net::TcpListener;

use invalidash::emulator::Options;

use crate::support::aws::{Aws, role_id};
use crate::support::command::{Home, Run};
use crate::support::inspecting::{Inspecting, Kind, authority};
use crate::support::loopback::Loopback;
use crate::support::pty::Pty;

const CONFIG: &str = "[profile keys]\nregion = us-east-1\n[profile role]\nregion = us-east-1\n\
    role_arn = arn:aws:iam::123456789012:role/plain\nsource_profile = keys\n\
    [profile bundle]\nregion = us-east-1\nca_bundle = ~/authority.pem\n\
    role_arn = arn:aws:iam::123456789012:role/plain\nsource_profile = keys\n\
    [profile no-bundle]\nca_bundle = ~/none.pem\n[profile government]\nregion = us-gov-west-1\n";

struct Stage {
    home: Home,
    served: Loopback,
    proxy: Inspecting,
}

impl Stage {
    fn new(kind: Kind) -> Self {
        let (home, aws) = (Home::new().unwrap(), Aws::new().unwrap());
        let served = Loopback::new(Options::demo()).unwrap();
        let hosts = vec![
            ("cloudfront.amazonaws.com:", served.url.clone()),
            ("sts.us-east-1.amazonaws.com:", aws.url),
            ("www.lumen-shop.example:", served.url.clone()),
        ];
        home.write(".aws/config", CONFIG).unwrap();
        let section = |name: &str| {
            format!("[{name}]\naws_access_key_id = AKIAKEYS000000000000\naws_secret_access_key = CANARY-secret\n")
        };
        let keys = ["keys", "no-bundle", "government"].map(section).concat();
        home.write(".aws/credentials", keys).unwrap();
        home.write("authority.pem", std::fs::read(authority()).unwrap())
            .unwrap();
        Self {
            home,
            served,
            proxy: Inspecting::new(kind, hosts).unwrap(),
        }
    }

    fn run(&self, profile: &str, env: &[(&str, &str)]) -> Run {
        let mut command = self.home.command(&["--profile", profile, "distributions"]);
        command.env("HTTPS_PROXY", &self.proxy.url).envs(env.iter().copied());
        Home::ended(&self.home, command.output().unwrap())
    }
}

#[test]
fn behind_a_proxy_that_inspects_tls_its_certificates_are_all_that_is_needed() {
    let stage = Stage::new(Kind::Plain);
    stage
        .served
        .emulator
        .configure(|settings| settings.only_key = Some(role_id("plain")));
    let authority = authority();
    for (profile, env) in [
        ("role", vec![("AWS_CA_BUNDLE", authority.as_str())]),
        ("bundle", Vec::new()),
    ] {
        let ended = stage.run(profile, &env);
        assert_eq!(ended.code, Some(0), "{profile}: {ended:?}");
        assert!(ended.out.contains("lumen-shop"), "{ended:?}");
    }
    let asked = stage.proxy.asked();
    for host in ["cloudfront.amazonaws.com:443", "sts.us-east-1.amazonaws.com:443"] {
        assert!(asked.iter().any(|asked| asked == host), "{asked:?}");
    }
}

#[test]
fn certificates_that_nobody_trusts_say_what_to_set_and_never_to_log_in() {
    let stage = Stage::new(Kind::Plain);
    for profile in ["keys", "role"] {
        let ended = stage.run(profile, &[]);
        assert_ne!(ended.code, Some(0), "{ended:?}");
        assert_ne!(ended.code, Some(4), "{ended:?}");
        assert!(ended.err.contains("UnknownIssuer"), "{ended:?}");
        assert!(ended.err.contains("name their file in AWS_CA_BUNDLE"), "{ended:?}");
        assert!(ended.err.contains("SSL_CERT_FILE"), "{ended:?}");
        assert!(!ended.err.contains("log in"), "{ended:?}");
    }
    let expired = Stage::new(Kind::Expired);
    let ended = expired.run("keys", &[("AWS_CA_BUNDLE", &authority())]);
    assert!(ended.err.contains("Check this machine's clock"), "{ended:?}");
    let missing = stage.run("no-bundle", &[]);
    assert_eq!(missing.code, Some(1), "{missing:?}");
    assert!(
        missing.err.contains("ca_bundle of the profile points to "),
        "{missing:?}"
    );
    let empty = stage.home.write("empty.pem", "no certificate").unwrap();
    let ended = stage.run("keys", &[("AWS_CA_BUNDLE", empty.to_str().unwrap())]);
    assert!(ended.err.contains("contains no usable certificate"), "{ended:?}");
}

#[test]
fn a_proxy_that_is_reached_over_tls_leads_to_cloudfront_and_to_the_edge() {
    let stage = Stage::new(Kind::Tls);
    let (home, authority) = (stage.home.path().display().to_string(), authority());
    let env = [
        ("HOME", home.as_str()),
        ("HTTPS_PROXY", stage.proxy.url.as_str()),
        ("AWS_CA_BUNDLE", authority.as_str()),
        ("AWS_EC2_METADATA_DISABLED", "true"),
    ];
    let pty = Pty::spawn(env!("CARGO_BIN_EXE_invalidash"), &["--profile", "keys"], &env, 30, 110);
    pty.wait_for("Distributions 14");
    pty.type_keys("i");
    pty.wait_for("Invalidate");
    pty.type_keys("/index.html<c-s>");
    pty.wait_for("1 item will be sent");
    pty.type_keys("v");
    pty.wait_until("the edge to be asked through the proxy", |_| {
        let asked = stage.proxy.asked();
        asked.iter().any(|host| host == "www.lumen-shop.example:443")
    });
    assert!(
        stage
            .proxy
            .asked()
            .iter()
            .any(|host| host == "cloudfront.amazonaws.com:443")
    );
}

#[test]
fn a_proxy_that_lets_nobody_through_is_named_and_never_told_as_cloudfront() {
    let stage = Stage::new(Kind::Login);
    let address = stage.proxy.url.trim_start_matches("http://").to_owned();
    let nobody = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .to_string();
    let with_login = format!("http://me:CANARY@{address}");
    let trusted = authority();
    let ended = stage.run("keys", &[("HTTPS_PROXY", &with_login), ("AWS_CA_BUNDLE", &trusted)]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    for (variable, url, sentence) in [
        (
            "HTTPS_PROXY",
            stage.proxy.url.clone(),
            format!("the proxy {address} from HTTPS_PROXY requires a login"),
        ),
        (
            "HTTPS_PROXY",
            format!("http://me:CANARY@{nobody}"),
            format!("the proxy {nobody} from HTTPS_PROXY cannot be used: the connection was refused"),
        ),
        (
            "https_proxy",
            format!("socks5://me:CANARY@{nobody}"),
            format!("the proxy {nobody} from https_proxy speaks SOCKS"),
        ),
        (
            "ALL_PROXY",
            format!("http://{nobody}"),
            format!("the proxy {nobody} from ALL_PROXY cannot be used"),
        ),
    ] {
        for profile in ["keys", "role"] {
            let mut command = stage.home.command(&["--profile", profile, "distributions"]);
            command.env(variable, &url);
            let ended = Home::ended(&stage.home, command.output().unwrap());
            assert!(ended.err.contains(&sentence), "{variable} {profile}: {ended:?}");
            assert!(!format!("{ended:?}").contains("CANARY"), "{ended:?}");
            assert!(!ended.err.contains("log in"), "{ended:?}");
        }
    }
}

#[test]
fn settings_that_cannot_be_heard_are_said() {
    let stage = Stage::new(Kind::Plain);
    let trusted = authority();
    let with = |name: &'static str, value: &'static str| {
        let keys = [
            ("AWS_ACCESS_KEY_ID", "AKIAKEYS000000000000"),
            ("AWS_SECRET_ACCESS_KEY", "CANARY-secret"),
        ];
        let mut command = stage.home.command(&["distributions"]);
        command.envs(keys).env("HTTPS_PROXY", &stage.proxy.url);
        command.env("AWS_CA_BUNDLE", &trusted).env(name, value);
        Home::ended(&stage.home, command.output().unwrap())
    };
    for (name, value, sentence) in [
        (
            "AWS_MAX_ATTEMPTS",
            "none",
            "AWS_MAX_ATTEMPTS, or max_attempts, is none, but must be a number above 0",
        ),
        ("AWS_RETRY_MODE", "patient", "but must be standard, adaptive or legacy"),
        (
            "AWS_CREDENTIAL_EXPIRATION",
            "soon",
            "AWS_CREDENTIAL_EXPIRATION must be a time such as",
        ),
    ] {
        let ended = with(name, value);
        assert!(ended.err.contains(sentence), "{ended:?}");
    }
    for (name, value) in [
        ("AWS_MAX_ATTEMPTS", "1"),
        ("AWS_RETRY_MODE", "adaptive"),
        ("AWS_SDK_UA_APP_ID", "deploy-robot"),
        ("AWS_CREDENTIAL_EXPIRATION", "2999-01-01T00:00:00Z"),
    ] {
        assert_eq!(with(name, value).code, Some(0), "{name}");
    }
    let ended = stage.run("government", &[]);
    assert!(
        ended
            .err
            .contains("AWS GovCloud region, where CloudFront is not available"),
        "{ended:?}"
    );
}
