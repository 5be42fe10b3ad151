//! Resolves the profile, credentials, region and endpoint as the AWS CLI and every SDK do, with two exceptions: naming
//! a profile that does not exist ends the search, and nothing waits long for a metadata service.
//!
//! This module never prints credentials: the types that contain any have their own `Debug`, and [`Connection::redact`]
//! removes credentials from server responses.

pub(crate) mod advice;
mod chain;
mod check;
mod codes;
mod details;
mod device;
mod environment;
mod facts;
mod files;
mod identity;
mod ini;
mod keys;
mod lineage;
mod loan;
mod names;
mod options;
mod outcome;
mod process;
mod profiles;
mod role;
mod role_cache;
mod roster;
mod settings;
mod stamps;
mod sts;
mod token_files;
mod trail;
mod transport;

use std::path::{Path, PathBuf};

use aws_config::profile::ProfileSet;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_cloudfront::config::{HttpClient, IntoShared as _, SharedHttpClient};

pub(crate) use details::trusted;
pub use environment::Environment;
pub use options::Options;
pub(crate) use trail::TrailEndpoint;
#[cfg(test)]
pub(crate) use transport::web_connector_through;
pub(crate) use transport::{
    Document, Roots, Unfinished, app_name, connector_to, is_local, is_web_page, straight_connector, web_connector,
};

use crate::domain::distribution::AccountId;
use crate::domain::failure::Failure;
use crate::domain::login::{BrowserLogin, LoginWay};
use crate::domain::profile::Profile;
use crate::domain::secret;
use crate::domain::submission::Scope;
use crate::domain::text::visible;
use crate::runtime::clock::{self, ServiceClock};
use crate::runtime::waits::Waits;
use chain::Programs;
use codes::Codes;
use keys::Keys;
use loan::Loan;
use profiles::{Choice, Login, Profiles};
use role::Surroundings;
use settings::Settings;

/// Everything needed to create a client. It is cheap to clone, and clones share the loaded credentials.
#[derive(Clone)]
pub struct Connection {
    settings: Settings,
    profile: String,
    /// Where the credentials come from, or `None` if they were passed in.
    origin: Option<Origin>,
    login: Login,
    /// The MFA device of the first role in the chain that has one.
    device: Option<String>,
    home: Option<PathBuf>,
    /// The mistake in the profile files, which explains missing credentials.
    trouble: Option<String>,
    keys: Keys,
    loan: Loan,
    waits: Waits,
    http_client: SharedHttpClient,
    clock: ServiceClock,
}

/// The data that shows where the credentials come from. It contains secrets, so it has no `Debug`.
#[derive(Clone)]
struct Origin {
    selected: ProfileSet,
    /// The profile's name in the SDK's form.
    name: String,
    environment: Environment,
    /// Whether the profile's program prompts in the terminal.
    asks: bool,
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { settings, profile, .. } = self;
        f.debug_struct("Connection")
            .field("settings", settings)
            .field("profile", profile)
            .finish_non_exhaustive()
    }
}

impl Connection {
    /// Reads the profile files and determines everything except the credentials, without sending any requests.
    ///
    /// # Errors
    /// [`Failure::Credentials`] for a profile that does not exist, with a list of those that do; [`Failure::Setup`] for
    /// files that cannot be read and for unusable settings.
    pub async fn load(options: &Options, environment: &Environment) -> Result<Self, Failure> {
        let profiles = Profiles::read(environment).await?;
        let choice = Choice::of(options.profile.as_deref(), environment);
        profiles.check(&choice)?;
        environment.check()?;
        let selected = profiles.select(&choice).await?;
        let settings = settings::resolve(options, environment, &selected).await?;
        let loan = Loan::of(options.terminal);
        let programs = Programs {
            loan: loan.clone(),
            interactive: options.interactive.clone(),
            around: Surroundings {
                settings: settings.clone(),
                clock: ServiceClock::of_machine(),
                waits: options.waits.clone(),
                codes: Codes::of(options.code.clone()),
                home: environment.home().map(Path::to_owned),
            },
        };
        let origin = Origin {
            selected: selected.clone(),
            name: names::encoded(choice.name()),
            environment: environment.clone(),
            asks: options.interactive.contains(choice.name()),
        };
        let (keys, profile) = chain::keys(&choice, environment, &profiles, selected, programs)?;
        let login = profiles.login(&choice);
        let trouble = profiles.trouble();
        let http_client = transport::client(settings.endpoint_url.as_deref(), &settings.roots);
        Ok(Self {
            settings,
            profile,
            origin: Some(origin),
            login,
            device: profiles.device(&choice),
            home: environment.home().map(Path::to_owned),
            trouble,
            keys,
            loan,
            waits: options.waits.clone(),
            http_client,
            clock: ServiceClock::of_machine(),
        })
    }

    /// Creates a connection to a local server with these credentials, without reading any settings.
    #[must_use]
    pub fn with_keys(endpoint_url: &str, profile: &str, keys: Credentials) -> Self {
        let settings = Settings::local(endpoint_url);
        let http_client = transport::client(settings.endpoint_url.as_deref(), &settings.roots);
        Self {
            settings,
            profile: profile.to_owned(),
            origin: None,
            login: Login::Other,
            device: None,
            home: None,
            trouble: None,
            keys: Keys::fixed(keys),
            loan: Loan::default(),
            waits: Waits::default(),
            http_client,
            clock: ServiceClock::of_machine(),
        }
    }

    /// Creates a connection to the embedded emulator, which accepts any credentials.
    #[must_use]
    pub fn demo(endpoint_url: &str) -> Self {
        Self::with_keys(
            endpoint_url,
            "demo",
            Credentials::new("demo", "demo", None, None, "demo"),
        )
    }

    /// Returns the connection with a different HTTP client, e.g. one that calls the emulator in process.
    #[must_use]
    pub fn over(self, http_client: impl HttpClient + 'static) -> Self {
        Self {
            http_client: http_client.into_shared(),
            ..self
        }
    }

    /// Returns the connection with a different clock for signing. The connection's responses correct this clock.
    #[must_use]
    pub fn timed_by(self, clock: ServiceClock) -> Self {
        Self {
            keys: self.keys.timed_by(clock.clone()),
            clock,
            ..self
        }
    }

    /// Returns the scope without the account. For the account, call [`Connection::account`].
    #[must_use]
    pub fn scope(&self) -> Scope {
        Scope {
            account: None,
            endpoint: self.settings.endpoint_in_words(),
            profile: self.profile.clone(),
        }
    }

    /// Returns the region for which requests are signed.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.settings.region
    }

    /// Returns the endpoint, if it is not CloudFront.
    #[must_use]
    pub fn endpoint_url(&self) -> Option<&str> {
        self.settings.endpoint_url.as_deref()
    }

    /// Loads the credentials, or new ones if the old ones are about to expire.
    ///
    /// # Errors
    /// [`Failure::Credentials`] with the cause and the command that helps; [`Failure::Unreachable`] if the server that
    /// provides the credentials cannot be reached.
    pub async fn credentials(&self) -> Result<(), Failure> {
        match self.keys.load().await {
            Ok(_) => Ok(()),
            Err(error) => Err(self.no_keys(&error)),
        }
    }

    /// Returns the command, as words, that logs in to the profile or its source profile; `None` if no command is known
    /// to help.
    #[must_use]
    pub fn login_command(&self) -> Option<Vec<String>> {
        let (words, profile): (&[&str], _) = match &self.login {
            Login::Sso { profile, .. } => (&["aws", "sso", "login"], profile),
            Login::Console(profile) => (&["aws", "login"], profile),
            Login::Process | Login::Other => return None,
        };
        let words = words.iter().map(|word| (*word).to_owned());
        Some(words.chain(["--profile".to_owned(), profile.clone()]).collect())
    }

    /// Returns how to log in to the profile, according to the profile files.
    #[must_use]
    pub fn login_way(&self) -> LoginWay {
        match (&self.login, &self.device) {
            (Login::Sso { .. }, _) => LoginWay::Browser,
            (Login::Console(_) | Login::Process, _) | (Login::Other, None) => LoginWay::Terminal,
            (Login::Other, Some(device)) => LoginWay::Code(device.clone()),
        }
    }

    /// Returns the name of the current profile.
    #[must_use]
    pub fn profile(&self) -> &str {
        &self.profile
    }

    /// Logs in to IAM Identity Center with a browser, and stores the login where the AWS CLI stores it. Meanwhile,
    /// `telling` receives the instructions for the user.
    ///
    /// # Errors
    /// [`Failure::Credentials`] with the cause: the profile does not use IAM Identity Center, the code was not entered
    /// in time or was refused, or the login cannot be stored.
    pub async fn log_in_by_browser(
        &self,
        clock: &ServiceClock,
        telling: &(dyn Fn(BrowserLogin) + Send + Sync),
    ) -> Result<(), Failure> {
        let (Login::Sso { portal: Ok(portal), .. }, Some(home)) = (&self.login, &self.home) else {
            let profile = visible(&self.profile);
            let why = match &self.login {
                Login::Sso { portal: Err(why), .. } => why,
                _ => "it has no IAM Identity Center login",
            };
            return Err(Failure::Credentials(format!(
                "cannot log in to profile {profile}: {why}"
            )));
        };
        let device = device::Device {
            portal,
            settings: &self.settings,
            home,
            clock,
            waits: &self.waits,
        };
        Box::pin(device.log_in(telling)).await
    }

    /// Takes the terminal back from the programs that print credentials.
    pub fn end_loan(&self) {
        self.loan.end();
    }

    /// Makes the next call load new credentials, because the current ones were refused.
    pub(crate) fn forget_credentials(&self) {
        self.keys.forget();
    }

    /// Returns the account of the credentials, if they contain it or STS returns it. This may take seconds, so nothing
    /// should wait for it. If the endpoint is not AWS's, STS is queried only if the settings specify an STS endpoint as
    /// well.
    pub async fn account(&self) -> Option<AccountId> {
        if self.may_ask_sts() {
            identity::account(self).await
        } else {
            None
        }
    }

    /// Returns whether there is an STS endpoint that knows these credentials.
    fn may_ask_sts(&self) -> bool {
        self.endpoint_url().is_none() || self.settings.sts_endpoint_url.is_some()
    }

    /// Removes credentials, both ours and others', from external text, because some refusals quote the refused request.
    #[must_use]
    pub fn redact(&self, text: &str) -> String {
        secret::redacted(&self.keys.redact(text)).into_owned()
    }

    pub(crate) fn keys(&self) -> Keys {
        self.keys.clone()
    }

    /// Returns the HTTP client, which delivers only complete responses and uses their dates to correct the clock.
    pub(crate) fn http_client(&self) -> SharedHttpClient {
        transport::dated(transport::whole(self.http_client.clone()), self.clock.clone())
    }

    /// Returns the service's clock.
    pub(crate) fn clock(&self) -> &ServiceClock {
        &self.clock
    }

    /// Returns the failure that explains why there are no credentials, and what to do.
    pub(crate) fn no_keys(&self, error: &CredentialsError) -> Failure {
        advice::failure(
            error,
            &advice::Whose {
                profile: &self.profile,
                login: &self.login,
                trouble: self.trouble.as_deref(),
                proxy: self.settings.proxy_to_sts(),
            },
        )
    }
}

/// Returns a number that changes whenever any of the credential files is written. Blocks the thread.
#[must_use]
pub fn stamp(environment: &Environment) -> u64 {
    stamps::of(environment)
}

/// Returns the available profiles by name, and the mistake in the files outside of any profile.
///
/// # Errors
/// [`Failure::Setup`] if the files cannot be read at all.
pub async fn profiles(environment: &Environment) -> Result<(Vec<Profile>, Option<String>), Failure> {
    let profiles = Profiles::read(environment).await?;
    let listed = tokio::task::spawn_blocking(move || (profiles.list(clock::now()), profiles.trouble())).await;
    listed.map_err(|error| Failure::Setup(format!("the profile files cannot be read: {error}")))
}
