//! External values that cannot be part of a request: the error contains their name and the cause, and never their
//! value.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::sync::Arc;

use aws_sdk_cloudfront::config::{HttpClient, RuntimeComponents};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use invalidash::domain::batch::{Batch, CallerReference};
use invalidash::domain::behavior::CachePolicyId;
use invalidash::domain::distribution::{DeploymentPolicyId, DistributionId, Target, TenantId};
use invalidash::domain::failure::Failure;
use invalidash::domain::invalidation::InvalidationId;
use invalidash::emulator::{Emulator, Options as EmulatorOptions};
use invalidash::engine::effect::Call;
use invalidash::runtime::clock::ServiceClock;
use invalidash::runtime::cloudfront::CloudFront;
use invalidash::runtime::credentials::{Connection, Environment, Options};
use tempfile::TempDir;

use crate::support::clock::Clock;
use crate::support::connector::{ENDPOINT, InProcess};

/// A machine: its profile files and its variables.
#[derive(Default)]
struct Machine {
    config: String,
    credentials: String,
    variables: Vec<(&'static str, String)>,
    endpoint: Option<String>,
}

impl Machine {
    fn with_config(config: &str) -> Self {
        Self {
            config: config.to_owned(),
            ..Self::default()
        }
    }

    fn with_credentials(credentials: &str) -> Self {
        Self {
            credentials: credentials.to_owned(),
            ..Self::default()
        }
    }

    /// Keys in the environment, with this in the place of one of them.
    fn with_variable(name: &'static str, value: &str) -> Self {
        let mut variables = vec![
            ("AWS_ACCESS_KEY_ID", "CANARYID".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "CANARYSECRET".to_owned()),
        ];
        variables.retain(|(other, _)| *other != name);
        variables.push((name, value.to_owned()));
        Self {
            variables,
            ..Self::default()
        }
    }

    fn at(endpoint: &str) -> Self {
        Self {
            endpoint: Some(endpoint.to_owned()),
            ..Self::with_variable("AWS_REGION", "us-east-1")
        }
    }

    /// What becomes of the first call: `answered`, or exit code and sentence.
    async fn lists(&self) -> String {
        let home = TempDir::new().unwrap();
        fs::create_dir(home.path().join(".aws")).unwrap();
        fs::write(home.path().join(".aws/config"), &self.config).unwrap();
        fs::write(home.path().join(".aws/credentials"), &self.credentials).unwrap();
        let folder = home.path().to_string_lossy().into_owned();
        let mut variables = vec![("HOME", folder.as_str()), ("AWS_EC2_METADATA_DISABLED", "true")];
        variables.extend(self.variables.iter().map(|(name, value)| (*name, value.as_str())));
        let options = Options {
            endpoint_url: Some(self.endpoint.clone().unwrap_or_else(|| ENDPOINT.to_owned())),
            ..Options::default()
        };
        match list(&options, &Environment::of(&variables)).await {
            Ok(()) => "answered".to_owned(),
            Err(failure) => format!("{}: {failure}", failure.exit_code()).replace(&folder, "~"),
        }
    }
}

async fn list(options: &Options, environment: &Environment) -> Result<(), Failure> {
    let (clock, emulator) = (Clock::new(), Arc::new(Emulator::new(EmulatorOptions::default())));
    let connection = Connection::load(options, environment).await?;
    let connection = connection
        .over(InProcess::new(emulator, clock))
        .timed_by(ServiceClock::of(clock));
    let call = Call::ListDistributions { marker: None };
    CloudFront::new(connection).call(call).await.map(drop)
}

fn keys(id: &str, secret: &str, token: &str) -> String {
    format!("aws_access_key_id = {id}\naws_secret_access_key = {secret}\naws_session_token = {token}\n")
}

fn printing(keys: &str) -> String {
    format!("credential_process = printf '%s' '{{\"Version\":1,{keys},\"SecretAccessKey\":\"CANARYSECRET\"}}'\n")
}

#[tokio::test]
async fn variables_that_cannot_stand_in_a_request_are_named() {
    let long = "x".repeat(70_000);
    for (name, value, told) in [
        (
            "AWS_ACCESS_KEY_ID",
            "CANARY\u{1}",
            "4: AWS_ACCESS_KEY_ID contains a control character (U+0001) at position 7. Correct it, or unset it",
        ),
        (
            "AWS_ACCESS_KEY_ID",
            "CANARYé",
            "4: AWS_ACCESS_KEY_ID contains a non-ASCII character at position 7. Correct it, or unset it",
        ),
        (
            "AWS_SECRET_ACCESS_KEY",
            "CANARY\u{7f}",
            "4: AWS_SECRET_ACCESS_KEY contains a control character (U+007F) at position 7. Correct it, or unset it",
        ),
        (
            "AWS_SESSION_TOKEN",
            "CANARY\nCANARY",
            "4: AWS_SESSION_TOKEN contains a line break at position 7. Correct it, or unset it",
        ),
        (
            "AWS_SESSION_TOKEN",
            &long,
            "4: AWS_SESSION_TOKEN has more than 32768 characters. Correct it, or unset it",
        ),
        (
            "AWS_EXECUTION_ENV",
            "CANARY\u{1b}[2J",
            "1: AWS_EXECUTION_ENV contains a control character (U+001B) at position 7. Correct it, or unset it",
        ),
        (
            "AWS_REGION",
            "us-east-1\u{1}",
            "1: us-east-1\\x01 is not a valid region name; use one such as us-east-1",
        ),
        // A line break that a shell appended is not part of it.
        ("AWS_SESSION_TOKEN", "CANARY\n", "answered"),
        ("AWS_ACCESS_KEY_ID", " CANARY \n", "answered"),
    ] {
        assert_eq!(Machine::with_variable(name, value).lists().await, told, "{name}");
    }
    let sentence = Machine::with_variable("AWS_REGION", &long).lists().await;
    assert!(sentence.len() < 300 && sentence.ends_with("… is not a valid region name; use one such as us-east-1"));
}

#[tokio::test]
async fn profiles_that_cannot_stand_in_a_request_are_named() {
    let place = "Correct it in ~/.aws/config or ~/.aws/credentials";
    for (keys, told) in [
        (
            keys("CANARY\u{1}", "s", "t"),
            format!(
                "aws_access_key_id of profile default contains a control character (U+0001) at position 7. \
                {place}"
            ),
        ),
        // The second line continues the value of the first one.
        (
            keys("CANARY\n  CANARY", "s", "t"),
            format!("aws_access_key_id of profile default contains a line break at position 7. {place}"),
        ),
        (
            keys("CANARYID", "s", "CANARY CANARY"),
            format!("aws_session_token of profile default contains a space at position 7. {place}"),
        ),
        (
            keys(&"x".repeat(70_000), "s", "t"),
            format!("aws_access_key_id of profile default has more than 1024 characters. {place}"),
        ),
    ] {
        let machine = Machine::with_credentials(&format!("[default]\n{keys}"));
        assert_eq!(machine.lists().await, format!("4: {told}"));
    }
    // Only the source of a profile's credentials is checked, and no other profile.
    let borrowing = "[default]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = lender\n";
    let lender = format!("[lender]\n{}", keys("CANARY\u{1}", "s", "t"));
    let machine = Machine {
        config: borrowing.to_owned(),
        ..Machine::with_credentials(&lender)
    };
    let told =
        format!("4: aws_access_key_id of profile lender contains a control character (U+0001) at position 7. {place}");
    assert_eq!(machine.lists().await, told);
    let good = keys("CANARYID", "s", "t");
    let machine = Machine::with_credentials(&format!("{lender}\n[default]\n{good}"));
    assert_eq!(machine.lists().await, "answered");
}

#[tokio::test]
async fn keys_that_a_program_prints_are_looked_at_before_anything_is_signed() {
    let printed = printing("\"AccessKeyId\":\"CANARY\\u0001\"");
    let told = "4: the credentials for profile default cannot be loaded (the access key ID contains a control \
        character \
        (U+0001) at position 7). Correct the profile, then try again";
    let whole = Machine::with_config(&format!("[default]\n{}", printing("\"AccessKeyId\":\"CANARYID\"")));
    assert_eq!(whole.lists().await, "answered");
    // The credentials are its own, those of a source profile, or those of a profile that is its own source.
    let role = "role_arn = arn:aws:iam::123456789012:role/r\n";
    for config in [
        format!("[default]\n{printed}"),
        format!("[default]\n{role}source_profile = lender\n[profile lender]\n{printed}"),
        format!("[default]\n{role}source_profile = default\n{printed}"),
        format!(
            "[profile default]\n{role}source_profile = b\n[profile b]\n{role}source_profile = c\n[profile c]\n{printed}"
        ),
    ] {
        assert_eq!(Machine::with_config(&config).lists().await, told, "{config}");
    }
}

#[tokio::test]
async fn a_program_that_prints_without_an_end_is_stopped() {
    let machine = Machine::with_config("[default]\ncredential_process = yes CANARY\n");
    let begun = std::time::Instant::now();
    assert_eq!(
        machine.lists().await,
        "4: no credentials for profile default: the credential process 'yes' printed more than 64 KiB"
    );
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
}

/// A profile whose keys come from a file of the person's folder, `~` in the profile.
async fn with_file(name: &str, content: &[u8], profile: &str) -> String {
    let home = TempDir::new().unwrap();
    let folder = home.path().to_string_lossy().into_owned();
    let path = home.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::create_dir_all(home.path().join(".aws")).unwrap();
    fs::write(path, content).unwrap();
    fs::write(home.path().join(".aws/config"), profile.replace('~', &folder)).unwrap();
    let variables = [("HOME", folder.as_str()), ("AWS_EC2_METADATA_DISABLED", "true")];
    let options = Options {
        // No server listens there.
        endpoint_url: Some("http://127.0.0.1:1".to_owned()),
        ..Options::default()
    };
    match list(&options, &Environment::of(&variables)).await {
        Ok(()) => "answered".to_owned(),
        Err(failure) => format!("{}: {failure}", failure.exit_code()).replace(&folder, "~"),
    }
}

#[tokio::test]
async fn token_files_are_looked_at_before_the_sdk_reads_them() {
    let web = "[default]\nrole_arn = arn:aws:iam::123456789012:role/r\nweb_identity_token_file = ~/token\n";
    let long = vec![b'x'; 2 * 1024 * 1024];
    for (content, wrong) in [
        (
            &b"CANARY\x01"[..],
            "the token in ~/token contains a control character (U+0001) at position 7",
        ),
        (b"CAN\nARY", "the token in ~/token contains a line break at position 4"),
        (b"CANARY\xff", "the token in ~/token is not text"),
        (&long[..40_000], "the token in ~/token has more than 32768 characters"),
        (&long, "~/token is larger than 1024 KiB"),
    ] {
        assert_eq!(
            with_file("token", content, web).await,
            format!(
                "4: the credentials for profile default cannot be loaded ({wrong}). Correct the profile, then try again"
            )
        );
    }
    let pipe = web.replace("~/token", "/dev/zero");
    let told = with_file("other", b"", &pipe).await;
    assert!(told.contains("(/dev/zero is not a regular file)"), "{told}");
    // This one belongs to a source profile.
    let lent = format!(
        "[default]\nrole_arn = arn:aws:iam::123456789012:role/q\nsource_profile = web\n{}",
        web.replace("[default]", "[profile web]")
    );
    let told = with_file("token", b"CANARY\x01", &lent).await;
    assert!(
        told.contains("the token in ~/token contains a control character"),
        "{told}"
    );
}

#[tokio::test]
async fn a_login_that_has_no_end_is_not_read() {
    let sso = "[default]\nsso_start_url = https://a.awsapps.com/start\nsso_region = us-east-1\n\
               sso_account_id = 123456789012\nsso_role_name = r\n";
    let long = vec![b' '; 2 * 1024 * 1024];
    let told = with_file(".aws/sso/cache/0123.json", &long, sso).await;
    assert!(
        told.contains("~/.aws/sso/cache/0123.json is larger than 1024 KiB"),
        "{told}"
    );
    let login = "[default]\nlogin_session = arn:aws:iam::123456789012:user/u\nregion = us-east-1\n";
    let told = with_file(".aws/login/cache/0123.json", &long, login).await;
    assert!(
        told.contains("~/.aws/login/cache/0123.json is larger than 1024 KiB"),
        "{told}"
    );
}

#[tokio::test]
async fn an_endpoint_that_cannot_be_requested_is_told_at_once() {
    for (url, told) in [
        ("http://127.0.0.1/a b", "cannot be requested: invalid uri character"),
        ("http://127.0.0.1/\u{1}", "cannot be requested: invalid uri character"),
        ("http:\\\\127.0.0.1", "cannot be requested: invalid uri character"),
        ("http://bücher.example", "cannot be requested: invalid uri character"),
        ("http:/127.0.0.1", "cannot be requested: invalid format"),
        ("http://127.0.0.1/?x=1", "must not have a query or fragment"),
        ("http://127.0.0.1/#x", "must not have a query or fragment"),
        (
            &format!("http://127.0.0.1/{}", "x".repeat(70_000)),
            "has more than 2048 characters",
        ),
    ] {
        let sentence = Machine::at(url).lists().await;
        assert!(sentence.starts_with("1: the endpoint URL http:"), "{sentence}");
        assert!(
            sentence.contains(&format!(" {told}. Use a URL such as")),
            "{url}: {sentence}"
        );
        assert!(sentence.len() < 500, "{sentence}");
    }
    assert_eq!(Machine::at("http://127.0.0.1:4566/").lists().await, "answered");
}

/// Answers every request with this.
#[derive(Clone, Debug)]
struct Says(u16, String);

impl HttpClient for Says {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Says {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        let response = HttpResponse::new(self.0.try_into().unwrap(), SdkBody::from(self.1.clone()));
        HttpConnectorFuture::ready(Ok(response))
    }
}

fn create(target: Target) -> Call {
    Call::CreateInvalidation {
        target,
        batch: Batch::new(vec!["/a".to_owned()]).unwrap(),
        reference: CallerReference::new("r-1"),
    }
}

#[tokio::test]
async fn ids_that_no_request_takes_are_never_asked_for() {
    let long = "\u{fd}".repeat(70_000);
    let target = || Target::Distribution(DistributionId::new(long.clone()));
    let tenant = TenantId::new(long.clone());
    let marker = Some(long.clone());
    let calls = [
        (Call::ListDistributions { marker: marker.clone() }, "next-page marker"),
        (
            Call::GetDistribution(DistributionId::new(long.clone())),
            "distribution ID",
        ),
        (Call::GetCachePolicy(CachePolicyId::new(long.clone())), "policy ID"),
        (
            Call::GetDeploymentPolicy(DeploymentPolicyId::new(long.clone())),
            "policy ID",
        ),
        (Call::GetTenant(tenant.clone()), "tenant ID"),
        (Call::FindTenant(long.clone()), "domain"),
        (
            Call::ListInvalidations {
                target: Target::Tenant(tenant),
                marker: None,
            },
            "tenant ID",
        ),
        (
            Call::ListInvalidations {
                target: Target::from_id("E1"),
                marker,
            },
            "next-page marker",
        ),
        (
            Call::GetInvalidation {
                target: Target::from_id("E1"),
                id: InvalidationId::new(long.clone()),
            },
            "invalidation ID",
        ),
        (create(target()), "distribution ID"),
    ];
    let cloudfront = CloudFront::new(Connection::demo(ENDPOINT).over(Says(500, String::new())));
    for (call, what) in calls {
        let told = cloudfront.call(call).await;
        let begins = format!("this {what} has 140,000 characters, but the limit is ");
        assert!(
            matches!(&told, Err(Failure::Setup(text)) if text.starts_with(&begins)),
            "{told:?}"
        );
    }
}

#[tokio::test]
async fn ids_that_no_request_takes_are_no_answer() {
    let long = "x".repeat(70_000);
    let time = "2026-11-22T10:00:00Z";
    let rows = |rows: &str, next: &str| {
        format!(
            "<InvalidationList><Marker/><NextMarker>{next}</NextMarker><MaxItems>100</MaxItems><IsTruncated>true</IsTruncated>\
                <Quantity>1</Quantity><Items>{rows}</Items></InvalidationList>"
        )
    };
    let row = |id: &str| {
        format!(
            "<InvalidationSummary><Id>{id}</Id><CreateTime>{time}</CreateTime><Status>Completed</Status></InvalidationSummary>"
        )
    };
    let list = || Call::ListInvalidations {
        target: Target::from_id("E1"),
        marker: None,
    };
    let created = format!(
        "<Invalidation><Id>{long}</Id><Status>InProgress</Status><CreateTime>{time}</CreateTime></Invalidation>"
    );
    for (call, status, body, what) in [
        (list(), 200, rows(&row(&long), "I1"), "invalidation ID"),
        (list(), 200, rows(&row("I1"), &long), "next-page marker"),
        (create(Target::from_id("E1")), 201, created, "invalidation ID"),
    ] {
        let cloudfront = CloudFront::new(Connection::demo(ENDPOINT).over(Says(status, body)));
        let told = format!("the {what} in the response has 70,000 characters, more than CloudFront ever issues");
        assert_eq!(cloudfront.call(call).await, Err(Failure::Unknown(told)));
    }
}
