//! The credential provider chain: the SDK's own sources in its own order, but with a short timeout for the metadata
//! service.

use std::collections::BTreeSet;
use std::time::Duration;

use aws_config::ecs::EcsCredentialsProvider;
use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::imds;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::meta::credentials::CredentialsProviderChain;
use aws_config::profile::{self, Profile, ProfileFileCredentialsProvider, ProfileSet};
use aws_config::provider_config::ProviderConfig;
use aws_config::web_identity_token::WebIdentityTokenCredentialsProvider;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_runtime::env_config::file::EnvConfigFiles;
use aws_sdk_cloudfront::config::{BehaviorVersion, Region};
use aws_smithy_types::error::display::DisplayErrorContext;

use super::check::{Checked, Use};
use super::keys::Keys;
use super::lineage::{Base, Lineage};
use super::loan::Loan;
use super::process::Process;
use super::profiles::{Choice, Profiles};
use super::settings::Settings;
use super::token_files::{CONTAINER, TokenFiles, WEB_IDENTITY, WithFiles};
use super::{Environment, names, transport};
use crate::domain::failure::Failure;
use crate::runtime::clock::ServiceClock;

/// The name of the profile provider in the chain.
pub(super) const PROFILE: &str = "Profile";

/// The timeout of a machine's metadata service. If there is none, nothing answers at all.
const METADATA: Duration = Duration::from_secs(1);

/// The name under which a profile chain refers to our own source for its first keys.
const LENDER: &str = "invalidash-lender";

/// Creates the lazy keys, and the scope's name of their source. No request is made yet.
pub(super) fn keys(
    choice: &Choice,
    environment: &Environment,
    profiles: &Profiles,
    selected: ProfileSet,
    settings: &Settings,
    programs: Programs,
) -> Result<(Keys, String), Failure> {
    let variables = match choice {
        Choice::Named(_) => None,
        Choice::Variable(_) | Choice::Default => from_variables(environment)?,
    };
    if let Some(keys) = variables {
        return Ok((Keys::fixed(keys), "environment".to_owned()));
    }
    profiles.check_whole(&selected)?;
    profiles.check_values(&selected)?;
    let profile = names::encoded(choice.name());
    let lent = Lineage::of(&selected, &profile).map_or_else(String::new, |lineage| lent(&lineage));
    let chain = Chain {
        profile,
        files: profiles.files(),
        with_lender: profiles.files_with(&lent),
        selected,
        settings: settings.clone(),
        environment: environment.clone(),
        programs,
    };
    Ok((
        Keys::new(move |clock| SharedCredentialsProvider::new(chain.make(clock))),
        choice.name().to_owned(),
    ))
}

/// Returns the keys from the environment, if they are complete.
fn from_variables(environment: &Environment) -> Result<Option<Credentials>, Failure> {
    let usable = |name, use_| environment.usable(name, use_).map_err(Failure::Credentials);
    match (
        usable("AWS_ACCESS_KEY_ID", Use::KeyId)?,
        usable("AWS_SECRET_ACCESS_KEY", Use::Secret)?,
    ) {
        (Some(id), Some(secret)) => {
            let keys = Credentials::builder().access_key_id(id).secret_access_key(secret);
            let mut keys = keys.provider_name("environment");
            keys.set_session_token(usable("AWS_SESSION_TOKEN", Use::Token)?);
            keys.set_account_id(usable("AWS_ACCOUNT_ID", Use::Value)?.map(Into::into));
            Ok(Some(keys.build()))
        }
        (None, _) => Ok(None),
        // Falling back to a profile could use another account than the user meant.
        (Some(_), None) => Err(Failure::Credentials(
            "AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not. Set both, or neither and use a profile"
                .to_owned(),
        )),
    }
}

/// Returns configuration lines that make our own source the lender of the last role. They are parsed after the files.
fn lent(lineage: &Lineage<'_>) -> String {
    lineage.roles.last().map_or_else(String::new, |role| {
        format!(
            "[{}]\nsource_profile = {LENDER}\n[{LENDER}]\ncredential_source = {LENDER}\n",
            role.name()
        )
    })
}

/// The chain of profile, web identity, container and machine: the SDK's default chain after the variables.
struct Chain {
    profile: String,
    selected: ProfileSet,
    files: EnvConfigFiles,
    /// The files, with our own source as the lender of the last role.
    with_lender: EnvConfigFiles,
    settings: Settings,
    environment: Environment,
    programs: Programs,
}

/// What is known of the programs that print keys.
#[derive(Clone, Debug)]
pub(super) struct Programs {
    pub(super) loan: Loan,
    /// The profiles whose programs are known to prompt in the terminal.
    pub(super) interactive: BTreeSet<String>,
}

impl Programs {
    /// Returns the program of a profile, for a profile that borrows its keys.
    fn process(&self, command: &str, base: &Profile, borrower: &str) -> Process {
        let asks = [base.name(), borrower]
            .iter()
            .any(|name| self.interactive.contains(&names::decoded(name)));
        Process::new(command, base.get("aws_account_id"), self.loan.clone(), asks)
    }
}

impl Chain {
    fn make(&self, clock: &ServiceClock) -> CredentialsProviderChain {
        let config = ProviderConfig::without_region()
            .with_region(Some(Region::new(self.settings.region.clone())))
            .with_behavior_version(Some(BehaviorVersion::latest()))
            .with_use_fips(Some(self.settings.fips))
            .with_use_dual_stack(Some(self.settings.dual_stack))
            .with_time_source(clock.clone())
            .with_http_client(transport::for_credentials());
        let web_identity = WebIdentityTokenCredentialsProvider::builder().configure(&config);
        let container = EcsCredentialsProvider::builder().configure(&config);
        let with_file = |variable| TokenFiles::of_variable(variable, &self.environment);
        let chain = CredentialsProviderChain::first_try(PROFILE, self.of_profile(&config))
            .or_else(
                "WebIdentityToken",
                WithFiles::new(web_identity.build(), with_file(WEB_IDENTITY)),
            )
            .or_else("EcsContainer", WithFiles::new(container.build(), with_file(CONTAINER)));
        if self.environment.is_on("AWS_EC2_METADATA_DISABLED") {
            chain
        } else {
            chain.or_else("Ec2InstanceMetadata", IfAny(machine(&config)))
        }
    }

    /// Returns the profile's keys. The SDK signs with the first keys of a role chain, so those are checked on the way.
    fn of_profile(&self, config: &ProviderConfig) -> WithFiles {
        let lineage = Lineage::of(&self.selected, &self.profile);
        let files = lineage.as_ref().map_or_else(TokenFiles::default, |lineage| {
            TokenFiles::of_profile(lineage, &self.environment)
        });
        WithFiles::new(self.of_lineage(lineage, config), files)
    }

    fn of_lineage(&self, lineage: Option<Lineage<'_>>, config: &ProviderConfig) -> SharedCredentialsProvider {
        let lender = lineage.as_ref().and_then(|lineage| self.lender(lineage, config));
        match (lineage, lender) {
            (Some(lineage), Some(lender)) if lineage.roles.is_empty() => lender,
            (Some(_), Some(lender)) => SharedCredentialsProvider::new(
                in_files(config, self.with_lender.clone(), &self.profile)
                    .with_custom_provider(LENDER, lender)
                    .build(),
            ),
            _ => SharedCredentialsProvider::new(in_files(config, self.files.clone(), &self.profile).build()),
        }
    }

    /// Returns our own source for the first keys, where the SDK would not check or limit them.
    fn lender(&self, lineage: &Lineage<'_>, config: &ProviderConfig) -> Option<SharedCredentialsProvider> {
        let base = lineage.base;
        match lineage.base() {
            Base::Process(command) => {
                let process = self.programs.process(command, base, &self.profile);
                Some(SharedCredentialsProvider::new(Checked(process)))
            }
            Base::Other if !lineage.roles.is_empty() && !lineage.is_its_own_lender() => {
                let other = in_files(config, self.files.clone(), base.name()).build();
                Some(SharedCredentialsProvider::new(Checked(other)))
            }
            Base::Other | Base::Static => None,
        }
    }
}

/// Returns the SDK's profile reader.
fn in_files(config: &ProviderConfig, files: EnvConfigFiles, profile: &str) -> profile::credentials::Builder {
    let container = EcsCredentialsProvider::builder().configure(config).build();
    ProfileFileCredentialsProvider::builder()
        .configure(config)
        .profile_files(files)
        .profile_name(profile)
        .with_custom_provider("Ec2InstanceMetadata", Checked(machine(config)))
        .with_custom_provider("EcsContainer", Checked(container))
        .with_custom_provider("Environment", Checked(EnvironmentVariableCredentialsProvider::new()))
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

/// An optional source: if it fails, there are no keys, which is not an error by itself.
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
