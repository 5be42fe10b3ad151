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
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_runtime::env_config::file::EnvConfigFiles;
use aws_sdk_cloudfront::config::{BehaviorVersion, Region};
use aws_smithy_types::error::display::DisplayErrorContext;

use super::Environment;
use super::keys::Keys;
use super::profiles::{Choice, Profiles};
use super::settings::Settings;
use crate::domain::failure::Failure;

/// The name of the profile's link in the chain.
pub(super) const PROFILE: &str = "Profile";

/// How long the metadata service of a machine may take to answer. Where there is none, nothing answers at all.
const METADATA: Duration = Duration::from_secs(1);

/// The keys to be, and the name that the scope gives their source. Nothing is asked yet.
pub(super) fn keys(
    choice: &Choice,
    environment: &Environment,
    profiles: &Profiles,
    settings: &Settings,
) -> Result<(Keys, String), Failure> {
    let variables = match choice {
        Choice::Named(_) => None,
        Choice::Variable(_) | Choice::Default => from_variables(environment)?,
    };
    if let Some(keys) = variables {
        return Ok((Keys::fixed(keys), "environment".to_owned()));
    }
    let chain = Chain {
        profile: choice.name().to_owned(),
        files: profiles.files(),
        settings: settings.clone(),
        ask_machine: !environment.is_on("AWS_EC2_METADATA_DISABLED"),
    };
    Ok((
        Keys::new(move || SharedCredentialsProvider::new(chain.make())),
        choice.name().to_owned(),
    ))
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
        (None, _) => Ok(None),
        // To go on to a profile would be to ask another account than the person meant.
        (Some(_), None) => Err(Failure::Credentials(
            "AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not. Set both, or neither and use a profile"
                .to_owned(),
        )),
    }
}

/// Profile, web identity, container, machine: what the SDK's default chain holds after the variables.
struct Chain {
    profile: String,
    files: EnvConfigFiles,
    settings: Settings,
    ask_machine: bool,
}

impl Chain {
    fn make(&self) -> CredentialsProviderChain {
        let config = ProviderConfig::without_region()
            .with_region(Some(Region::new(self.settings.region.clone())))
            .with_behavior_version(Some(BehaviorVersion::latest()))
            .with_use_fips(Some(self.settings.fips))
            .with_use_dual_stack(Some(self.settings.dual_stack));
        let profile = ProfileFileCredentialsProvider::builder()
            .configure(&config)
            .profile_files(self.files.clone())
            .profile_name(self.profile.as_str())
            .with_custom_provider("Ec2InstanceMetadata", machine(&config));
        let chain = CredentialsProviderChain::first_try(PROFILE, profile.build())
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
        if self.ask_machine {
            chain.or_else("Ec2InstanceMetadata", IfAny(machine(&config)))
        } else {
            chain
        }
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

/// A source that nobody asked for: when it fails, there are no keys, and that is not an error of its own.
#[derive(Debug)]
struct IfAny<P>(P);

impl<P: ProvideCredentials> ProvideCredentials for IfAny<P> {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let asked = self.0.provide_credentials();
        future::ProvideCredentials::new(async move {
            asked.await.map_err(|error| {
                tracing::debug!(error = %DisplayErrorContext(&error), "the machine's metadata service gives no keys");
                CredentialsError::not_loaded(error)
            })
        })
    }
}
