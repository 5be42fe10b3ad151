//! Where keys come from: the SDK's own sources, in its own order, with a metadata service that is not waited for long.

use std::time::Duration;

use aws_config::ecs::EcsCredentialsProvider;
use aws_config::imds;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::meta::credentials::CredentialsProviderChain;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::web_identity_token::WebIdentityTokenCredentialsProvider;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_cloudfront::config::{BehaviorVersion, Region};

use super::Environment;
use super::profiles::{Choice, Profiles};
use super::settings::Settings;
use crate::domain::failure::Failure;

/// How long the metadata service of a machine may take to answer. Where there is none, nothing answers at all.
const METADATA: Duration = Duration::from_secs(1);

/// The source of keys, and the name that the scope gives it.
pub(super) fn provider(
    choice: &Choice,
    environment: &Environment,
    profiles: &Profiles,
    settings: &Settings,
) -> Result<(SharedCredentialsProvider, String), Failure> {
    let variables = match choice {
        Choice::Named(_) => None,
        Choice::Variable(_) | Choice::Default => from_variables(environment)?,
    };
    let profile = choice.name().to_owned();
    Ok(match variables {
        Some(keys) => (SharedCredentialsProvider::new(keys), "environment".to_owned()),
        None => (
            SharedCredentialsProvider::new(others(choice, environment, profiles, settings)),
            profile,
        ),
    })
}

/// Keys that stand in the environment, whole or not at all.
fn from_variables(environment: &Environment) -> Result<Option<Credentials>, Failure> {
    match (
        environment.get("AWS_ACCESS_KEY_ID"),
        environment.get("AWS_SECRET_ACCESS_KEY"),
    ) {
        (Some(id), Some(secret)) => {
            let keys = Credentials::builder()
                .access_key_id(id.trim())
                .secret_access_key(secret.trim());
            let mut keys = keys.provider_name("environment");
            keys.set_session_token(
                environment
                    .get("AWS_SESSION_TOKEN")
                    .map(|token| token.trim().to_owned()),
            );
            keys.set_account_id(environment.get("AWS_ACCOUNT_ID").map(Into::into));
            Ok(Some(keys.build()))
        }
        (None, None) => Ok(None),
        (Some(_), None) => Err(half("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")),
        (None, Some(_)) => Err(half("AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID")),
    }
}

fn half(set: &str, missing: &str) -> Failure {
    Failure::Credentials(format!(
        "{set} is set and {missing} is not. Set both, or neither and use a profile"
    ))
}

/// Profile, web identity, container, machine: what the SDK's default chain holds after the variables.
fn others(
    choice: &Choice,
    environment: &Environment,
    profiles: &Profiles,
    settings: &Settings,
) -> CredentialsProviderChain {
    let config = ProviderConfig::without_region()
        .with_region(Some(Region::new(settings.region.clone())))
        .with_behavior_version(Some(BehaviorVersion::latest()))
        .with_use_fips(Some(settings.fips))
        .with_use_dual_stack(Some(settings.dual_stack));
    let profile = ProfileFileCredentialsProvider::builder()
        .configure(&config)
        .profile_files(profiles.files())
        .profile_name(choice.name())
        .with_custom_provider("Ec2InstanceMetadata", machine(&config));
    let chain = CredentialsProviderChain::first_try("Profile", profile.build())
        .or_else(
            "WebIdentityToken",
            WebIdentityTokenCredentialsProvider::builder()
                .configure(&config)
                .build(),
        )
        .or_else(
            "EcsContainer",
            EcsCredentialsProvider::builder().configure(&config).build(),
        );
    if environment.is_on("AWS_EC2_METADATA_DISABLED") {
        chain
    } else {
        chain.or_else("Ec2InstanceMetadata", machine(&config))
    }
}

fn machine(config: &ProviderConfig) -> ImdsCredentialsProvider {
    let client = imds::Client::builder()
        .configure(config)
        .max_attempts(1)
        .connect_timeout(METADATA)
        .read_timeout(METADATA)
        .operation_attempt_timeout(2 * METADATA)
        .operation_timeout(2 * METADATA);
    ImdsCredentialsProvider::builder()
        .configure(config)
        .imds_client(client.build())
        .build()
}
