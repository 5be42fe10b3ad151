//! A role that is assumed with the credentials of another source and, if its profile names an MFA device, with a code.

use std::fmt;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use aws_config::profile::Profile;
use aws_credential_types::Credentials;
use aws_credential_types::attributes::AccountId;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, Result, SharedCredentialsProvider, future};
use aws_sdk_sts::Client;
use aws_sdk_sts::error::SdkError;
use aws_sdk_sts::operation::assume_role::{AssumeRoleError, AssumeRoleOutput};

use super::codes::{CodeWanted, Codes};
use super::role_cache::{self, Argument};
use super::settings::Settings;
use super::{sts, transport};
use crate::runtime::clock::ServiceClock;
use crate::runtime::waits::Waits;

/// The timeout for requests to STS.
pub(super) const LIMIT: Duration = Duration::from_secs(10);

/// The settings and services that a role needs in addition to the credentials used to assume it.
#[derive(Clone)]
pub(super) struct Surroundings {
    pub(super) settings: Settings,
    pub(super) clock: ServiceClock,
    pub(super) waits: Waits,
    pub(super) codes: Codes,
    /// The user's home folder, where the AWS CLI stores role credentials.
    pub(super) home: Option<PathBuf>,
}

/// A role, and the source of the credentials used to assume it.
pub(super) struct Role {
    arn: String,
    session_name: Option<String>,
    external_id: Option<String>,
    seconds: Option<i32>,
    device: Option<String>,
    lender: SharedCredentialsProvider,
    around: Surroundings,
}

impl fmt::Debug for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Role").field("arn", &self.arn).finish_non_exhaustive()
    }
}

/// A refusal by STS, with its code and message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
struct Refused {
    code: String,
    message: String,
}

impl Role {
    /// Creates the role of a profile.
    pub(super) fn of(profile: &Profile, lender: SharedCredentialsProvider, around: Surroundings) -> Self {
        let text = |key: &str| profile.get(key).filter(|value| !value.is_empty()).map(str::to_owned);
        Self {
            arn: text("role_arn").unwrap_or_default(),
            session_name: text("role_session_name"),
            external_id: text("external_id"),
            seconds: text("duration_seconds").and_then(|seconds| seconds.trim().parse().ok()),
            device: device(profile).map(str::to_owned),
            lender,
            around,
        }
    }

    async fn keys(&self) -> Result {
        if let Some(kept) = self.kept().await {
            return Ok(kept);
        }
        let lent = self.lender.provide_credentials().await?;
        let code = match &self.device {
            Some(device) => Some(self.around.codes.take().ok_or_else(|| wanted(device, false))?),
            None => None,
        };
        let what = format!("assuming the role {}", name(&self.arn));
        let digits = code.as_ref().map(|code| code.digits().to_owned());
        let keys = self.around.waits.on(&what, LIMIT, self.assume(lent, digits)).await?;
        self.keep(&keys).await;
        Ok(keys)
    }

    /// Returns the role's credentials that the AWS CLI has stored. If the user has just entered a code, the stored
    /// credentials are ignored, because they may have been refused.
    async fn kept(&self) -> Option<Credentials> {
        let place = self.place().filter(|_| !self.around.codes.has_one())?;
        let now = self.around.clock.now();
        let read = tokio::task::spawn_blocking(move || role_cache::read(&place, now)).await;
        read.ok().flatten()
    }

    /// Stores the credentials obtained with a code. They are used even if storing them fails.
    async fn keep(&self, keys: &Credentials) {
        let Some(place) = self.place() else { return };
        let keys = keys.clone();
        let written = tokio::task::spawn_blocking(move || role_cache::write(&place, &keys)).await;
        if let Ok(Err(error)) = written {
            tracing::warn!(%error, "the role's credentials cannot be cached for the AWS CLI");
        }
    }

    /// Returns the file for storing the role's credentials, if the role needs a code.
    fn place(&self) -> Option<PathBuf> {
        let device = self.device.as_deref()?;
        let home = self.around.home.as_deref()?;
        let arguments = [
            self.seconds
                .map(|seconds| ("DurationSeconds", Argument::Number(seconds))),
            self.external_id.as_deref().map(|id| ("ExternalId", Argument::Text(id))),
            Some(("RoleArn", Argument::Text(&self.arn))),
            self.session_name
                .as_deref()
                .map(|name| ("RoleSessionName", Argument::Text(name))),
            Some(("SerialNumber", Argument::Text(device))),
        ];
        let arguments: Vec<_> = arguments.into_iter().flatten().collect();
        Some(role_cache::place(home, &arguments))
    }

    /// Sends the request, and repeats it once if the response shows that the local clock is wrong. In that case, the
    /// code has not been used yet.
    async fn assume(&self, lent: Credentials, code: Option<String>) -> Result {
        let client = self.client(lent, if code.is_some() { 1 } else { 2 });
        let behind = self.around.clock.behind();
        let answered = match self.ask(&client, code.clone()).await {
            Err(_) if self.around.clock.was_set_since(behind) => self.ask(&client, code).await,
            answered => answered,
        };
        keys_of(answered.map_err(|error| self.refused(error))?)
    }

    /// Creates the client. A request with a code is not retried, because a code is valid for only one request.
    fn client(&self, lent: Credentials, attempts: u32) -> Client {
        let Surroundings { settings, clock, .. } = &self.around;
        let of_aws = transport::client(None, &settings.roots);
        Client::from_conf(sts::config(settings, clock, lent, attempts, of_aws).build())
    }

    async fn ask(
        &self,
        client: &Client,
        code: Option<String>,
    ) -> std::result::Result<AssumeRoleOutput, SdkError<AssumeRoleError>> {
        client
            .assume_role()
            .role_arn(&self.arn)
            .role_session_name(self.session_name())
            .set_external_id(self.external_id.clone())
            .set_duration_seconds(self.seconds)
            .set_serial_number(self.device.clone())
            .set_token_code(code)
            .send()
            .await
    }

    /// Returns the session name, which AWS requires and `CloudTrail` shows.
    fn session_name(&self) -> String {
        self.session_name.clone().unwrap_or_else(|| {
            let since = self.around.clock.machine().duration_since(SystemTime::UNIX_EPOCH);
            format!("invalidash-{}", since.unwrap_or_default().as_secs())
        })
    }

    fn refused(&self, error: SdkError<AssumeRoleError>) -> CredentialsError {
        let SdkError::ServiceError(service) = &error else {
            return CredentialsError::provider_error(error);
        };
        let meta = service.err().meta();
        let refused = Refused {
            code: meta.code().unwrap_or("no code").to_owned(),
            message: meta.message().unwrap_or_default().to_owned(),
        };
        match &self.device {
            Some(device) if refused.message.contains("MultiFactorAuthentication") => wanted(device, true),
            Some(_) | None => CredentialsError::provider_error(refused),
        }
    }
}

impl ProvideCredentials for Role {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.keys())
    }
}

/// Returns the MFA device that a profile specifies.
pub(super) fn device(profile: &Profile) -> Option<&str> {
    profile.get("mfa_serial").filter(|device| !device.trim().is_empty())
}

/// Returns the role's name from its ARN.
pub(super) fn name(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}

fn wanted(device: &str, refused: bool) -> CredentialsError {
    CredentialsError::provider_error(CodeWanted {
        device: device.to_owned(),
        refused,
    })
}

fn keys_of(answered: AssumeRoleOutput) -> Result {
    let account = answered
        .assumed_role_user()
        .and_then(|user| user.arn().split(':').nth(4))
        .map(|account| AccountId::from(account.to_owned()));
    let keys = answered
        .credentials
        .ok_or_else(|| CredentialsError::unhandled("STS returned no credentials for the role"))?;
    let end = SystemTime::try_from(keys.expiration)
        .map_err(|_| CredentialsError::unhandled("STS returned credentials with an invalid expiration time"))?;
    let mut built = Credentials::builder()
        .access_key_id(keys.access_key_id)
        .secret_access_key(keys.secret_access_key)
        .session_token(keys.session_token)
        .expiry(end)
        .provider_name("AssumeRoleProvider");
    built.set_account_id(account);
    Ok(built.build())
}
