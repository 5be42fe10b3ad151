//! The sources of credentials: the SDK's sources in the AWS CLI's order, each with a display name and a timeout.

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

use aws_config::ecs::EcsCredentialsProvider;
use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::imds;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::meta::credentials::CredentialsProviderChain;
use aws_config::profile::{Profile, ProfileFileCredentialsProvider, ProfileSet};
use aws_config::provider_config::ProviderConfig;
use aws_config::sso::SsoCredentialsProvider;
use aws_config::web_identity_token::WebIdentityTokenCredentialsProvider;
use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_runtime::env_config::file::EnvConfigFiles;
use aws_sdk_cloudfront::config::{BehaviorVersion, Region};

use super::check::Use;
use super::environment::Environment;
use super::keys::Keys;
use super::lineage::{Base, Lineage};
use super::loan::Loan;
use super::outcome::{awaited, checked, decisive, if_any, unknown, with_files};
use super::process::Process;
use super::profiles::{Choice, Profiles};
use super::role::{self, Role, Surroundings};
use super::role_cache::time;
use super::roster::kind;
use super::token_files::{CONTAINER, TokenFiles, WEB_IDENTITY};
use super::{names, transport};
use crate::domain::failure::Failure;
use crate::domain::profile::Kind;
use crate::runtime::clock::ServiceClock;

/// The name of the profile provider in the chain.
pub(super) const PROFILE: &str = "Profile";

/// The profile name in a scope whose credentials come from the environment, regardless of the chosen profile.
pub(super) const ENVIRONMENT: &str = "environment";

/// The name displayed while a role is being assumed with a web identity token.
const BY_TOKEN: &str = "assuming a role with a web identity token";
const CONTAINER_AGENT: &str = "requesting credentials from the container agent";
const MACHINE: &str = "requesting credentials from the instance metadata service";

/// The timeout for a machine's metadata service. Without such a service, there is no response at all.
const METADATA: Duration = Duration::from_secs(1);

/// Returns the source of the credentials, and its name for the scope. Nothing is requested yet.
pub(super) fn keys(
    choice: &Choice,
    environment: &Environment,
    profiles: &Profiles,
    selected: ProfileSet,
    programs: Programs,
) -> Result<(Keys, String), Failure> {
    let variables = match choice {
        Choice::Named(_) => None,
        Choice::Variable(_) | Choice::Default => from_variables(environment)?,
    };
    if let Some(keys) = variables {
        return Ok((Keys::fixed(keys), ENVIRONMENT.to_owned()));
    }
    profiles.check_whole(&selected)?;
    profiles.check_values(&selected)?;
    let profile = names::encoded(choice.name());
    let by_token = Chain::begins_with_token(choice, environment, &selected, &profile);
    let chain = Chain {
        profile,
        files: profiles.files(),
        selected,
        named: matches!(choice, Choice::Named(_)),
        environment: environment.clone(),
        programs,
    };
    let source = if by_token { ENVIRONMENT } else { choice.name() };
    let keys = Keys::new(move |clock| SharedCredentialsProvider::new(chain.make(clock)));
    Ok((keys, source.to_owned()))
}

/// Returns the credentials from the environment. An incomplete pair of keys is an error.
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
            keys.set_expiry(expiration(environment)?);
            Ok(Some(keys.build()))
        }
        (None, _) => Ok(None),
        // Falling back to a profile could use a different account than the user intended.
        (Some(_), None) => Err(Failure::Credentials(
            "AWS_ACCESS_KEY_ID is set but AWS_SECRET_ACCESS_KEY is not. Set both, or unset both and use a profile"
                .to_owned(),
        )),
    }
}

/// Returns when the credentials from the environment expire, if a variable specifies this.
fn expiration(environment: &Environment) -> Result<Option<SystemTime>, Failure> {
    const NAME: &str = "AWS_CREDENTIAL_EXPIRATION";
    let Some(text) = environment.get(NAME) else {
        return Ok(None);
    };
    let end = time(text.trim()).map(SystemTime::from);
    end.map(Some).ok_or_else(|| {
        let sentence = format!("{NAME} must be a time such as 2026-01-31T12:00:00Z. Correct it, or unset it");
        Failure::Credentials(sentence)
    })
}

/// The AWS CLI's chain after the credentials from the environment: the profile, a web identity, a container and the
/// machine.
struct Chain {
    profile: String,
    selected: ProfileSet,
    files: EnvConfigFiles,
    /// Whether the user named the profile. If so, a token in the environment is ignored.
    named: bool,
    environment: Environment,
    programs: Programs,
}

/// The settings for programs that print credentials and for roles.
#[derive(Clone)]
pub(super) struct Programs {
    pub(super) loan: Loan,
    /// The profiles whose programs are known to prompt in the terminal.
    pub(super) interactive: BTreeSet<String>,
    /// The settings and services that roles need.
    pub(super) around: Surroundings,
}

impl Programs {
    /// Returns the program of the profile `base`, on behalf of the profile `borrower` that uses its credentials.
    fn process(&self, command: &str, base: &Profile, borrower: &str) -> Process {
        let asks = [base.name(), borrower]
            .iter()
            .any(|name| self.interactive.contains(&names::decoded(name)));
        let account = base.get("aws_account_id");
        Process::new(command, account, self.loan.clone(), asks).named_by(self.around.waits.clone())
    }
}

impl Chain {
    /// Returns whether a token from the environment takes precedence over the profile. It does unless the profile is a
    /// role or was named by the user.
    fn begins_with_token(choice: &Choice, environment: &Environment, selected: &ProfileSet, profile: &str) -> bool {
        let is_role = Lineage::of(selected, profile).is_some_and(|lineage| !lineage.roles.is_empty());
        environment.get(WEB_IDENTITY).is_some() && !is_role && !matches!(choice, Choice::Named(_))
    }

    fn make(&self, clock: &ServiceClock) -> CredentialsProviderChain {
        let around = Surroundings {
            clock: clock.clone(),
            ..self.programs.around.clone()
        };
        let config = ProviderConfig::without_region()
            .with_region(Some(Region::new(around.settings.region.clone())))
            .with_behavior_version(Some(BehaviorVersion::latest()))
            .with_use_fips(Some(around.settings.fips))
            .with_use_dual_stack(Some(around.settings.dual_stack))
            .with_time_source(clock.clone())
            .with_http_client(transport::named(
                transport::whole(transport::client(None, &around.settings.roots)),
                around.settings.app_id.as_deref(),
            ));
        let lineage = Lineage::of(&self.selected, &self.profile);
        let is_role = lineage.as_ref().is_some_and(|lineage| !lineage.roles.is_empty());
        let chain = match (self.named, is_role) {
            (false, false) => CredentialsProviderChain::first_try("WebIdentityToken", self.of_token(&config, &around))
                .or_else(PROFILE, self.of_profile(lineage, &config, &around)),
            (true, _) | (false, true) => {
                CredentialsProviderChain::first_try(PROFILE, self.of_profile(lineage, &config, &around))
            }
        };
        let chain = chain.or_else("EcsContainer", self.with_file(container(&config, &around), CONTAINER));
        if self.environment.is_on("AWS_EC2_METADATA_DISABLED") {
            chain
        } else {
            chain.or_else("Ec2InstanceMetadata", if_any(machine(&config, &around)))
        }
    }

    /// Returns the role for the token that an environment variable names, if any.
    fn of_token(&self, config: &ProviderConfig, around: &Surroundings) -> SharedCredentialsProvider {
        let web_identity = WebIdentityTokenCredentialsProvider::builder().configure(config).build();
        self.with_file(awaited(web_identity, BY_TOKEN, around), WEB_IDENTITY)
    }

    fn with_file(&self, source: impl ProvideCredentials + 'static, variable: &str) -> SharedCredentialsProvider {
        with_files(source, TokenFiles::of_variable(variable, &self.environment))
    }

    /// Returns the source of the profile's credentials.
    fn of_profile(
        &self,
        lineage: Option<Lineage<'_>>,
        config: &ProviderConfig,
        around: &Surroundings,
    ) -> SharedCredentialsProvider {
        let files = lineage.as_ref().map_or_else(TokenFiles::default, |lineage| {
            TokenFiles::of_profile(lineage, &self.environment)
        });
        let source = match lineage {
            Some(lineage) if lineage.is_whole() => self.of_lineage(&lineage, config, around),
            // The SDK reports the mistake.
            Some(_) | None => self.of_sdk(config, &self.profile),
        };
        let names_source = self
            .selected
            .get_profile(&self.profile)
            .is_some_and(|profile| kind(profile) != Kind::Nothing);
        with_files(if names_source { decisive(source) } else { source }, files)
    }

    /// Returns a source that starts with the first credentials and assumes each role of the chain in turn.
    fn of_lineage(
        &self,
        lineage: &Lineage<'_>,
        config: &ProviderConfig,
        around: &Surroundings,
    ) -> SharedCredentialsProvider {
        let lender = self.lender(lineage, config, around);
        lineage.roles.iter().rev().fold(lender, |lender, role| {
            SharedCredentialsProvider::new(Role::of(role, lender, around.clone()))
        })
    }

    /// Returns the source of the first credentials. Uses our own implementation where the SDK would neither validate
    /// its input nor apply a timeout.
    fn lender(
        &self,
        lineage: &Lineage<'_>,
        config: &ProviderConfig,
        around: &Surroundings,
    ) -> SharedCredentialsProvider {
        let base = lineage.base;
        match lineage.base() {
            Base::Process(command) => checked(self.programs.process(command, base, &self.profile)),
            Base::Named(source) => named(source, config, around),
            Base::Static if lineage.is_its_own_lender() || base.get("role_arn").is_some() => checked(written(base)),
            Base::Static => checked(self.of_sdk(config, base.name())),
            Base::Other => {
                let source = self.of_session(config, base);
                let source = source.unwrap_or_else(|| self.of_sdk(config, base.name()));
                checked(awaited(source, &asking(base), around))
            }
        }
    }

    /// Returns the provider for IAM Identity Center if the SDK would not accept the session's name as written. The AWS
    /// CLI stores the login under that name.
    fn of_session(&self, config: &ProviderConfig, base: &Profile) -> Option<SharedCredentialsProvider> {
        let name = base.get("sso_session").filter(|name| names::decoded(name) != *name)?;
        let session = self.selected.sso_session(name)?;
        let source = SsoCredentialsProvider::builder()
            .configure(config)
            .session_name(names::decoded(name))
            .start_url(session.get("sso_start_url")?)
            .region(Region::new(session.get("sso_region")?.to_owned()))
            .account_id(base.get("sso_account_id")?)
            .role_name(base.get("sso_role_name")?);
        Some(SharedCredentialsProvider::new(source.build()))
    }

    /// Returns the SDK's provider for profiles.
    fn of_sdk(&self, config: &ProviderConfig, profile: &str) -> SharedCredentialsProvider {
        let source = ProfileFileCredentialsProvider::builder()
            .configure(config)
            .profile_files(self.files.clone())
            .profile_name(profile);
        SharedCredentialsProvider::new(source.build())
    }
}

/// Returns the credentials written in a profile.
fn written(profile: &Profile) -> Credentials {
    let text = |key: &str| profile.get(key).map(str::to_owned);
    let mut keys = Credentials::builder()
        .access_key_id(text("aws_access_key_id").unwrap_or_default())
        .secret_access_key(text("aws_secret_access_key").unwrap_or_default())
        .provider_name("ProfileFile");
    keys.set_session_token(text("aws_session_token"));
    keys.set_account_id(text("aws_account_id").map(Into::into));
    keys.build()
}

/// Returns the source that a profile specifies as its `credential_source`.
fn named(source: &str, config: &ProviderConfig, around: &Surroundings) -> SharedCredentialsProvider {
    match source.to_ascii_lowercase().as_str() {
        "environment" => checked(EnvironmentVariableCredentialsProvider::new()),
        "ecscontainer" => checked(container(config, around)),
        "ec2instancemetadata" => checked(machine(config, around)),
        _ => unknown(source),
    }
}

/// Returns a description of the step that requests a profile's credentials, for a user who is waiting.
fn asking(profile: &Profile) -> String {
    let role = profile.get("sso_role_name");
    if let Some(arn) = profile.get("role_arn") {
        format!("assuming the role {} with a web identity token", role::name(arn))
    } else if profile.get("login_session").is_some() {
        "renewing the console login".to_owned()
    } else {
        format!(
            "requesting credentials from IAM Identity Center for the role {}",
            role.unwrap_or("of the profile")
        )
    }
}

fn container(config: &ProviderConfig, around: &Surroundings) -> SharedCredentialsProvider {
    let agent = EcsCredentialsProvider::builder().configure(config).build();
    awaited(agent, CONTAINER_AGENT, around)
}

fn machine(config: &ProviderConfig, around: &Surroundings) -> SharedCredentialsProvider {
    let client = imds::Client::builder()
        .configure(config)
        .max_attempts(1)
        .connect_timeout(METADATA)
        .read_timeout(METADATA)
        .operation_attempt_timeout(2 * METADATA)
        .operation_timeout(2 * METADATA);
    let service = ImdsCredentialsProvider::builder()
        .configure(config)
        .imds_client(client.build());
    awaited(service.build(), MACHINE, around)
}
