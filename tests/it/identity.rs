//! The account of an identity that may only create invalidations: STS returns it in the background, without any
//! permission.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::time::{Duration, Instant};

use invalidash::domain::distribution::AccountId;
use invalidash::emulator::{ApiError, Fault, Operation, Options, Trouble};
use invalidash::engine::session::Who;
use invalidash::runtime::credentials::{self, Connection, Environment};

use crate::support::loopback::Loopback;
use crate::support::pty::Pty;
use crate::support::sts::{Manner, Sts};

const BINARY: &str = env!("CARGO_BIN_EXE_invalidash");
const TARGET: &str = "E1A2WTXM7KQ4SV";

/// A refusal that does not say who was refused.
fn terse() -> Trouble {
    Trouble::Error(ApiError::new(403, "AccessDenied", "Access denied"))
}

/// An emulator that lets create and nothing else, and a program whose configuration knows which account is production.
fn careful(sts: Option<&Sts>, denial: &Trouble) -> (Loopback, Pty) {
    let server = Loopback::new(Options::demo()).unwrap();
    for read in [
        Operation::ListDistributions,
        Operation::GetDistribution,
        Operation::ListInvalidations,
        Operation::GetInvalidation,
    ] {
        server.emulator.inject(Fault::new(denial.clone()).on(read).always());
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
    let (_server, program) = careful(Some(&sts), &terse());
    program.wait_for("PRODUCTION");
    assert!(program.row(0).contains("123456789012"), "{}", program.row(0));
    assert_eq!(sts.asked(), ["Action=GetCallerIdentity&Version=2011-06-15"]);
}

#[test]
fn a_refusal_that_names_the_identity_tells_the_account_without_an_sts() {
    let (_server, program) = careful(None, &Trouble::AccessDenied);
    program.wait_for("PRODUCTION");
    program.type_keys("W");
    program.wait_for("arn:aws:iam::123456789012:user/deploy");
    program.wait_for("Denied so far");
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
        let (_server, program) = careful(sts.as_ref(), &terse());
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

/// What is told of a connection with these files below its home.
async fn told(files: &[(&str, &str)], variables: &[(&str, &str)]) -> Who {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let home = folder.path().to_string_lossy();
    let mut all = vec![("HOME", &*home), ("AWS_EC2_METADATA_DISABLED", "true")];
    all.extend_from_slice(variables);
    let options = credentials::Options::default();
    let connection = Connection::load(&options, &Environment::of(&all)).await.unwrap();
    // Some have no credentials that can be loaded here.
    let _ = connection.credentials().await;
    connection.who(false).await
}

const PORTAL: &str = "[profile dev]\nrole_arn = arn:aws:iam::123456789012:role/deploy\nsource_profile = company\n[profile company]\n\
                      sso_session = corp\nsso_account_id = 123456789012\nsso_role_name = admin\n[sso-session corp]\n\
                      sso_region = eu-central-1\nsso_start_url = https://corp.awsapps.com/start\n";

#[tokio::test]
async fn where_the_keys_come_from_and_when_their_login_ends_is_told() {
    let token = |more: &str| {
        format!(
            "{{\"startUrl\": \"https://corp.awsapps.com/start\", \"accessToken\": \"CANARY\", \"expiresAt\": \
             \"2126-11-28T10:00:00Z\"{more}}}"
        )
    };
    let dev = ("AWS_PROFILE", "dev");
    let plain = token("");
    let portal = [(".aws/config", PORTAL), (".aws/sso/cache/1.json", &plain)];
    let who = told(&portal, &[dev, ("AWS_REGION", "eu-west-1")]).await;
    assert_eq!(who.keys.source, "IAM Identity Center (aws sso login)");
    assert_eq!(who.keys.chain, ["dev (role deploy)", "company"]);
    assert_eq!(who.keys.region, "eu-west-1");
    assert_eq!(who.keys.command.as_deref(), Some("aws sso login --profile company"));
    let ends = who.keys.login_ends.map(|ends| ends.to_rfc3339());
    assert_eq!(ends.as_deref(), Some("2126-11-28T10:00:00+00:00"));
    // A token that is renewed automatically ends with its registration.
    let renewed = token(", \"refreshToken\": \"CANARY\", \"registrationExpiresAt\": \"2127-02-01T00:00:00Z\"");
    let who = told(&[(".aws/config", PORTAL), (".aws/sso/cache/1.json", &renewed)], &[dev]).await;
    let ends = who.keys.login_ends.map(|ends| ends.to_rfc3339());
    assert_eq!(ends.as_deref(), Some("2127-02-01T00:00:00+00:00"));

    let keys = [
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "CANARY"),
    ];
    let who = told(&[], &keys).await;
    assert_eq!(who.keys.source, "environment variables (AWS_ACCESS_KEY_ID)");
    assert_eq!((who.keys.login_ends, who.keys.command), (None, None));

    let process = "[default]\ncredential_process = printf '{\"Version\": 1, \"AccessKeyId\": \"AKIDEXAMPLE\", \
                   \"SecretAccessKey\": \"CANARY\", \"Expiration\": \"2126-11-28T10:00:00Z\"}'\n";
    let who = told(&[(".aws/config", process)], &[]).await;
    assert_eq!(who.keys.source, "credential_process");
    let expire = who.keys.expire.map(|expire| expire.to_rfc3339());
    assert_eq!(expire.as_deref(), Some("2126-11-28T10:00:00+00:00"));
    assert_eq!(who.keys.login_ends, None, "the program is asked again");
}
