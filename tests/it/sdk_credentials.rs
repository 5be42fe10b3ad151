//! Which profile, credentials, region and endpoint a connection uses, and its error if it has none.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use invalidash::domain::failure::Failure;
use invalidash::emulator::{ApiError, Emulator, Fault, Options as EmulatorOptions, Trouble};
use invalidash::engine::effect::Call;
use invalidash::runtime::clock::ServiceClock;
use invalidash::runtime::cloudfront::CloudFront;
use invalidash::runtime::credentials::{Connection, Environment, Options, profiles};
use tempfile::TempDir;

use crate::support::clock::Clock;
use crate::support::connector::{ENDPOINT, InProcess};

const CONFIG: &str = "
[default]
region = eu-west-1
[profile prod]
region = eu-central-1
[profile local]
endpoint_url = http://127.0.0.1:9
services = here
[profile fips]
use_fips_endpoint = true
[profile empty]
[services here]
cloudfront =
  endpoint_url = http://127.0.0.1:7
";

const CREDENTIALS: &str = "
[default]
aws_access_key_id = AKIADEFAULT000000000
aws_secret_access_key = CANARY-default-secret-0123456789
[prod]
aws_access_key_id = AKIAPROD000000000000
aws_secret_access_key = CANARY-prod-secret-0123456789
aws_session_token = CANARY-prod-token-0123456789
[local]
aws_access_key_id = AKIALOCAL00000000000
aws_secret_access_key = CANARY-local-secret-0123456789
";

/// A person's folder with the two files, and nothing of this machine's own.
struct Home {
    folder: TempDir,
}

impl Home {
    fn new(config: &str, credentials: &str) -> std::io::Result<Self> {
        let folder = TempDir::new()?;
        fs::create_dir(folder.path().join(".aws"))?;
        fs::write(folder.path().join(".aws/config"), config)?;
        fs::write(folder.path().join(".aws/credentials"), credentials)?;
        Ok(Self { folder })
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn environment(&self, variables: &[(&str, &str)]) -> Environment {
        let home = self.path().to_string_lossy();
        let mut all = vec![("HOME", home.as_ref()), ("AWS_EC2_METADATA_DISABLED", "true")];
        all.extend_from_slice(variables);
        Environment::of(&all)
    }

    /// Profile, region and endpoint, or the sentence with the folder's name taken out.
    async fn found(&self, options: &Options, variables: &[(&str, &str)]) -> String {
        match Connection::load(options, &self.environment(variables)).await {
            Ok(connection) => {
                let scope = connection.scope();
                format!("{} {} {}", scope.profile, connection.region(), scope.endpoint)
            }
            Err(failure) => {
                let exit = failure.exit_code();
                format!("{exit}: {failure}").replace(self.path().to_string_lossy().as_ref(), "~")
            }
        }
    }
}

fn profile(name: &str) -> Options {
    Options {
        profile: Some(name.to_owned()),
        ..Options::default()
    }
}

fn endpoint(url: &str) -> Options {
    Options {
        endpoint_url: Some(url.to_owned()),
        ..Options::default()
    }
}

#[tokio::test]
async fn profile_region_and_endpoint_are_found_as_every_sdk_finds_them() -> std::io::Result<()> {
    let home = Home::new(CONFIG, CREDENTIALS)?;
    let keys = [
        ("AWS_ACCESS_KEY_ID", "AKIAENV"),
        ("AWS_SECRET_ACCESS_KEY", "CANARY-env-secret-0123456789"),
    ];
    let with_keys = |more: &[(&'static str, &'static str)]| [&keys, more].concat();
    let none = Options::default();
    let region = Options {
        region: Some("ap-south-1".to_owned()),
        ..Options::default()
    };
    for (options, variables, expected) in [
        (&none, vec![], "default eu-west-1 CloudFront"),
        (&none, vec![("AWS_PROFILE", "prod")], "prod eu-central-1 CloudFront"),
        (
            &none,
            vec![("AWS_DEFAULT_PROFILE", "prod")],
            "prod eu-central-1 CloudFront",
        ),
        (
            &profile("prod"),
            vec![("AWS_PROFILE", "local")],
            "prod eu-central-1 CloudFront",
        ),
        (&none, with_keys(&[]), "environment eu-west-1 CloudFront"),
        (
            &none,
            with_keys(&[("AWS_PROFILE", "prod")]),
            "environment eu-central-1 CloudFront",
        ),
        (&profile("prod"), with_keys(&[]), "prod eu-central-1 CloudFront"),
        (
            &none,
            vec![("AWS_SECRET_ACCESS_KEY", "stray")],
            "default eu-west-1 CloudFront",
        ),
        (&none, vec![("AWS_REGION", "us-west-2")], "default us-west-2 CloudFront"),
        (
            &none,
            vec![("AWS_DEFAULT_REGION", "us-west-1")],
            "default us-west-1 CloudFront",
        ),
        (
            &region,
            vec![("AWS_REGION", "us-west-2")],
            "default ap-south-1 CloudFront",
        ),
        (&profile("empty"), vec![], "empty us-east-1 CloudFront"),
        (&profile("local"), vec![], "local us-east-1 http://127.0.0.1:7"),
        (
            &profile("local"),
            vec![("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")],
            "local us-east-1 CloudFront",
        ),
        (
            &none,
            vec![("AWS_ENDPOINT_URL", "http://127.0.0.1:8")],
            "default eu-west-1 http://127.0.0.1:8",
        ),
        (
            &none,
            vec![
                ("AWS_ENDPOINT_URL", "http://127.0.0.1:8"),
                ("AWS_ENDPOINT_URL_CLOUDFRONT", "http://127.0.0.1:6"),
            ],
            "default eu-west-1 http://127.0.0.1:6",
        ),
        (
            &endpoint("http://127.0.0.1:5"),
            vec![("AWS_ENDPOINT_URL", "http://127.0.0.1:8")],
            "default eu-west-1 http://127.0.0.1:5",
        ),
    ] {
        assert_eq!(
            home.found(options, &variables).await,
            expected,
            "{options:?} {variables:?}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn what_cannot_work_is_refused_with_cause_and_next_step() -> std::io::Result<()> {
    let home = Home::new(CONFIG, CREDENTIALS)?;
    let missing = "4: profile typo not found in ~/.aws/config or ~/.aws/credentials. Available: default, empty, \
        fips, local, prod. ";
    let key = ("AWS_ACCESS_KEY_ID", "AKIAENV");
    for (options, variables, expected) in [
        (&profile("typo"), vec![], format!("{missing}Use one of them")),
        (
            &Options::default(),
            vec![("AWS_PROFILE", "typo")],
            format!("{missing}Set AWS_PROFILE to one of them"),
        ),
        (
            &Options::default(),
            vec![("AWS_PROFILE", "typo"), key, ("AWS_SECRET_ACCESS_KEY", "s")],
            format!("{missing}Set AWS_PROFILE to one of them"),
        ),
        (
            &Options::default(),
            vec![key],
            "4: AWS_ACCESS_KEY_ID is set but AWS_SECRET_ACCESS_KEY is not. Set both, or unset both and use a profile"
                .to_owned(),
        ),
        (
            &Options {
                profile: Some("fips".to_owned()),
                ..endpoint("http://127.0.0.1:5")
            },
            vec![],
            "1: FIPS endpoints are enabled (AWS_USE_FIPS_ENDPOINT, or use_fips_endpoint in the profile) but are \
                not available at http://127.0.0.1:5. Disable them, or remove the endpoint URL"
                .to_owned(),
        ),
        (
            &endpoint("http://127.0.0.1:5"),
            vec![("AWS_USE_DUALSTACK_ENDPOINT", "TRUE")],
            "1: dual-stack endpoints are enabled (AWS_USE_DUALSTACK_ENDPOINT, or use_dualstack_endpoint in the \
                profile) but are not available at http://127.0.0.1:5. Disable them, or remove the endpoint URL"
                .to_owned(),
        ),
        (
            &endpoint("localhost:4566"),
            vec![],
            "1: the endpoint URL localhost:4566 is neither http nor https. Use a URL such as http://127.0.0.1:4566 in \
                --endpoint-url or AWS_ENDPOINT_URL"
                .to_owned(),
        ),
        (
            &endpoint("http://me:CANARY@127.0.0.1"),
            vec![],
            "1: the endpoint URL must not contain a user name. Use a URL such as http://127.0.0.1:4566 in --endpoint-url \
                or AWS_ENDPOINT_URL"
                .to_owned(),
        ),
        (
            &Options {
                region: Some("us east".to_owned()),
                ..Options::default()
            },
            vec![],
            "1: us east is not a valid region name; use one such as us-east-1".to_owned(),
        ),
    ] {
        assert_eq!(
            home.found(options, &variables).await,
            expected,
            "{options:?} {variables:?}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn files_that_are_missing_broken_or_elsewhere() -> std::io::Result<()> {
    let bare = Home {
        folder: TempDir::new()?,
    };
    assert_eq!(
        bare.found(&Options::default(), &[]).await,
        "default us-east-1 CloudFront"
    );
    let none = "4: profile prod not found: there are no profiles in ~/.aws/config or ~/.aws/credentials. Run `aws \
        configure`, or omit the profile";
    assert_eq!(bare.found(&profile("prod"), &[]).await, none);

    fs::write(bare.path().join("elsewhere"), "[profile other]\nregion = sa-east-1\n")?;
    let variables = [("AWS_CONFIG_FILE", "~/elsewhere")];
    assert_eq!(
        bare.found(&profile("other"), &variables).await,
        "other sa-east-1 CloudFront"
    );

    fs::create_dir(bare.path().join("folder"))?;
    let folder = bare.path().join("folder").to_string_lossy().into_owned();
    let variables = [("AWS_SHARED_CREDENTIALS_FILE", folder.as_str())];
    let sentence = bare.found(&profile("prod"), &variables).await;
    assert!(sentence.starts_with("1: ~/folder cannot be read: "), "{sentence}");

    let endless = [("AWS_CONFIG_FILE", "/dev/zero")];
    assert_eq!(
        bare.found(&profile("prod"), &endless).await,
        "1: /dev/zero cannot be read: it is larger than 16 MiB. Make it readable, or use another file"
    );
    Ok(())
}

#[tokio::test]
async fn the_profiles_are_listed_in_order() -> std::io::Result<()> {
    let home = Home::new(CONFIG, CREDENTIALS)?;
    let listed = profiles(&home.environment(&[])).await;
    let names = listed.map(|(profiles, _)| profiles.into_iter().map(|profile| profile.name).collect::<Vec<_>>());
    assert_eq!(
        names,
        Ok(["default", "empty", "fips", "local", "prod"]
            .map(str::to_owned)
            .to_vec())
    );
    Ok(())
}

#[tokio::test]
async fn without_keys_nothing_is_sent_and_the_command_that_helps_is_named() -> std::io::Result<()> {
    let home = Home::new(CONFIG, "")?;
    let emulator = Arc::new(Emulator::new(EmulatorOptions::default()));
    let in_process = InProcess::new(Arc::clone(&emulator), Clock::new());
    let options = Options {
        profile: Some("prod".to_owned()),
        ..endpoint(ENDPOINT)
    };
    let connection = Connection::load(&options, &home.environment(&[])).await;
    let Ok(connection) = connection else {
        unreachable!("the profile is there")
    };
    let result = CloudFront::new(connection.over(in_process))
        .call(Call::ListDistributions { marker: None })
        .await;
    let sentence = "no credentials for profile prod. Run `aws configure --profile prod`, `aws sso \
        login --profile prod` or `aws login --profile prod`, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
    assert_eq!(result, Err(Failure::Credentials(sentence.to_owned())));
    assert_eq!(emulator.calls(), []);
    Ok(())
}

/// A refusal that quotes the request it refuses, as some do.
const INDISCREET: &str = "The Canonical String should have been x-amz-security-token:CANARY-prod-token-0123456789 \
    AKIAPROD000000000000 CANARY-prod-secret-0123456789";

fn indiscreet() -> Fault {
    Fault::new(Trouble::Error(ApiError::new(403, "SignatureDoesNotMatch", INDISCREET)))
}

/// What is logged on this thread, at the finest level.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_key_is_ever_printed_or_logged() -> std::io::Result<()> {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone());
    let logging = tracing::subscriber::set_default(subscriber.finish());
    let home = Home::new(CONFIG, CREDENTIALS)?;
    let emulator = Arc::new(Emulator::new(EmulatorOptions::default()));
    let options = Options {
        profile: Some("prod".to_owned()),
        ..endpoint(ENDPOINT)
    };
    let environment = home.environment(&[("AWS_ACCESS_KEY_ID", "CANARY-id")]);
    let Ok(connection) = Connection::load(&options, &environment).await else {
        unreachable!("the profile is there")
    };
    let clock = Clock::new();
    let connection = connection
        .over(InProcess::new(Arc::clone(&emulator), clock))
        .timed_by(ServiceClock::of(clock));
    let cloudfront = CloudFront::new(connection.clone());
    let list = || cloudfront.call(Call::ListDistributions { marker: None });
    let mut said = vec![format!("{environment:?} {options:?}")];
    let web_page = Fault::new(Trouble::Html { status: 200 });
    for fault in [
        None,
        Some(indiscreet()),
        Some(web_page),
        Some(Fault::new(Trouble::Drop).times(3)),
    ] {
        if let Some(fault) = fault {
            emulator.inject(fault);
        }
        said.push(format!("{:?}", list().await));
        said.push(format!("{connection:?} {connection:#?} {cloudfront:?} {cloudfront:#?}"));
    }
    said.push(format!(
        "{:?}",
        Connection::load(&Options::default(), &environment).await
    ));
    drop(logging);
    let said = said.join("\n");
    assert!(said.contains("x-amz-security-token:[redacted] [redacted] [redacted]"));
    assert_eq!((found(&said, "CANARY"), found(&said, "AKIAPROD")), (None, None));
    // The indiscreet refusal itself stands in the SDK's own log of the answer, which only a person's TRACE level shows.
    let log = log.text().replace(INDISCREET, "");
    assert!(log.contains("ListDistributions"), "something was logged");
    assert_eq!(found(&log, "CANARY"), None);
    Ok(())
}

/// What stands around a word, if it is there.
fn found(text: &str, word: &str) -> Option<String> {
    let at = text.find(word)?;
    Some(
        text.get(at.saturating_sub(200)..at + word.len())
            .unwrap_or(word)
            .to_owned(),
    )
}
