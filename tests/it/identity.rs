//! The account of an identity that may create and nothing else: STS tells it without any right, in the background.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::time::{Duration, Instant};

use invalidash::domain::distribution::AccountId;
use invalidash::emulator::{Fault, Operation, Options, Trouble};
use invalidash::runtime::credentials::{self, Connection, Environment};

use crate::support::loopback::Loopback;
use crate::support::pty::Pty;
use crate::support::sts::{Manner, Sts};

const BINARY: &str = env!("CARGO_BIN_EXE_invalidash");
const TARGET: &str = "E1A2WTXM7KQ4SV";

/// An emulator that lets create and nothing else, and a program whose configuration knows which account is production.
fn careful(sts: Option<&Sts>) -> (Loopback, Pty) {
    let server = Loopback::new(Options::demo()).unwrap();
    for read in [
        Operation::ListDistributions,
        Operation::GetDistribution,
        Operation::ListInvalidations,
        Operation::GetInvalidation,
    ] {
        let denied = Fault::new(Trouble::AccessDenied).on(read);
        server.emulator.inject(denied.always());
    }
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    let label = "[accounts]\n\"123456789012\" = { label = \"PRODUCTION\", production = true }\n";
    std::fs::write(&config, label).unwrap();
    let mut env = vec![
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "CANARY-SECRET"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
    ];
    env.extend(sts.map(|sts| ("AWS_ENDPOINT_URL_STS", sts.url.as_str())));
    let arguments = [
        "--endpoint-url",
        &server.url,
        "--config",
        config.to_str().unwrap(),
        TARGET,
    ];
    let program = Pty::spawn(BINARY, &arguments, &env, 24, 120);
    program.wait_for(TARGET);
    (server, program)
}

#[test]
fn the_badge_of_production_shows_for_an_identity_that_may_not_list() {
    let sts = Sts::new(Manner::Account("123456789012")).unwrap();
    let (_server, program) = careful(Some(&sts));
    program.wait_for("PRODUCTION");
    assert!(program.row(0).contains("123456789012"), "{}", program.row(0));
    assert_eq!(sts.asked(), ["Action=GetCallerIdentity&Version=2011-06-15"]);
}

#[test]
fn what_cannot_be_told_is_only_not_shown() {
    for manner in [
        Some(Manner::Refused),
        Some(Manner::Nonsense),
        Some(Manner::Silent),
        None,
    ] {
        let sts = manner.map(|manner| Sts::new(manner).unwrap());
        let (_server, program) = careful(sts.as_ref());
        program.wait_for("You are not allowed to list invalidations");
        program.wait_for("account unknown");
        program.type_keys("i");
        program.wait_for("Invalidate");
    }
}

#[test]
fn what_the_list_tells_is_not_asked() {
    let sts = Sts::new(Manner::Account("210987654321")).unwrap();
    let server = Loopback::new(Options::demo()).unwrap();
    let env = [
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "CANARY-SECRET"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
        ("AWS_ENDPOINT_URL_STS", &sts.url),
    ];
    let program = Pty::spawn(BINARY, &["--endpoint-url", &server.url], &env, 24, 120);
    program.wait_for("123456789012");
    assert_eq!(sts.asked(), [""; 0]);
}

/// What a connection of these variables and this endpoint finds out, and how often STS was asked.
async fn found(sts: &Sts, endpoint: Option<&str>, variables: &[(&str, &str)]) -> (Option<AccountId>, usize) {
    let home = tempfile::tempdir().unwrap();
    let home = home.path().to_string_lossy();
    let mut all = vec![
        ("HOME", &*home),
        ("AWS_EC2_METADATA_DISABLED", "true"),
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "CANARY-SECRET"),
    ];
    all.extend_from_slice(variables);
    let options = credentials::Options {
        endpoint_url: endpoint.map(str::to_owned),
        ..credentials::Options::default()
    };
    let connection = Connection::load(&options, &Environment::of(&all)).await.unwrap();
    let before = sts.asked().len();
    (connection.account().await, sts.asked().len() - before)
}

#[tokio::test]
async fn the_sts_is_asked_that_the_settings_name_and_none_for_another_cloudfront() {
    let sts = Sts::new(Manner::Account("123456789012")).unwrap();
    let account = Some(AccountId::new("123456789012"));
    let own = ("AWS_ENDPOINT_URL_STS", sts.url.as_str());
    let all = ("AWS_ENDPOINT_URL", sts.url.as_str());
    let cloudfront = ("AWS_ENDPOINT_URL_CLOUDFRONT", "http://127.0.0.1:9");
    let ignored = ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
    let here = Some("http://127.0.0.1:9");
    for (endpoint, variables, expected) in [
        (None, vec![own], (account.clone(), 1)),
        (None, vec![all], (account.clone(), 1)),
        (here, vec![own], (account.clone(), 1)),
        (None, vec![cloudfront, own], (account.clone(), 1)),
        (None, vec![cloudfront], (None, 0)),
        (here, vec![], (None, 0)),
        (here, vec![own, ignored], (None, 0)),
        (here, vec![("AWS_ENDPOINT_URL_STS", "nonsense")], (None, 0)),
    ] {
        assert_eq!(
            found(&sts, endpoint, &variables).await,
            expected,
            "{endpoint:?} {variables:?}"
        );
    }
}

#[tokio::test]
async fn it_is_not_waited_for_longer_than_ten_seconds() {
    let sts = Sts::new(Manner::Silent).unwrap();
    let before = Instant::now();
    let (account, _) = found(&sts, None, &[("AWS_ENDPOINT_URL_STS", sts.url.as_str())]).await;
    assert_eq!(account, None);
    assert!(before.elapsed() < Duration::from_secs(12), "{:?}", before.elapsed());
}
