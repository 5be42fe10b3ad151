//! Logs in to IAM Identity Center without the AWS CLI: the user enters a code in a browser, on this machine or another
//! one (OAuth 2.0 Device Authorization Grant, RFC 8628). The login is stored where the AWS CLI stores it, so that both
//! programs share it.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use aws_config::profile::{Profile, ProfileSet};
use aws_sdk_ssooidc::Client;
use aws_sdk_ssooidc::config::retry::RetryConfig;
use aws_sdk_ssooidc::config::{BehaviorVersion, Config, Region};
use aws_sdk_ssooidc::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_ssooidc::operation::create_token::CreateTokenOutput;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::json;
use sha1::{Digest as _, Sha1};
use url::Url;

use super::role_cache::put;
use super::settings::Settings;
use super::{advice, names, transport};
use crate::domain::failure::Failure;
use crate::domain::login::BrowserLogin;
use crate::domain::text::{hex, visible};
use crate::runtime::clock::ServiceClock;
use crate::runtime::waits::Waits;

/// The timeout of one request.
const LIMIT: Duration = Duration::from_secs(10);

/// The polling interval for a login that the user has not completed yet, unless the service specifies one.
const INTERVAL: Duration = Duration::from_secs(5);

/// How much the interval is increased after polling too often.
const SLOWER: Duration = Duration::from_secs(5);

/// The maximum length of a displayed URL, in bytes.
const LONGEST_URL: usize = 2048;

/// The default scope of a login, for sessions that do not specify one.
const SCOPE: &str = "sso:account:access";

/// The portal that the user logs in to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Portal {
    start_url: String,
    region: String,
    /// The name of the session, if the portal has one. A login with a session is renewed automatically.
    session: Option<String>,
    scopes: Vec<String>,
}

impl Portal {
    /// Returns the portal of a profile.
    ///
    /// # Errors
    /// The missing setting.
    pub(super) fn of(profile: &Profile, all: &ProfileSet) -> Result<Self, String> {
        let text = |section: Option<&str>, key: &str| {
            let text = section.map(str::to_owned);
            text.ok_or_else(|| format!("{key} is missing"))
        };
        let Some(name) = profile.get("sso_session") else {
            return Ok(Self {
                start_url: text(profile.get("sso_start_url"), "sso_start_url")?,
                region: text(profile.get("sso_region"), "sso_region")?,
                session: None,
                scopes: Vec::new(),
            });
        };
        let shown = names::decoded(name);
        let session = all
            .sso_session(name)
            .ok_or_else(|| format!("sso_session {shown} does not exist"))?;
        let scopes = session.get("sso_registration_scopes").unwrap_or(SCOPE).split(',');
        Ok(Self {
            start_url: text(session.get("sso_start_url"), "sso_start_url")?,
            region: text(session.get("sso_region"), "sso_region")?,
            scopes: scopes.map(|scope| scope.trim().to_owned()).collect(),
            session: Some(shown),
        })
    }

    /// Returns the file where the AWS CLI and the SDKs store a login to this portal.
    fn place(&self, home: &Path) -> PathBuf {
        let name = self.session.as_ref().unwrap_or(&self.start_url);
        home.join(".aws/sso/cache").join(hex(&Sha1::digest(name)) + ".json")
    }
}

/// A login with a browser.
pub(super) struct Device<'a> {
    pub(super) portal: &'a Portal,
    /// The endpoint to use, and the certificates to trust.
    pub(super) settings: &'a Settings,
    /// The user's home folder.
    pub(super) home: &'a Path,
    pub(super) clock: &'a ServiceClock,
    pub(super) waits: &'a Waits,
}

/// The service's registration of this program. It contains a secret, so its `Debug` prints nothing.
struct Registration {
    id: String,
    secret: String,
    until: DateTime<Utc>,
}

/// A login that the user can complete before it expires.
struct Authorization {
    device_code: String,
    interval: Duration,
    login: BrowserLogin,
}

/// The result of polling a login.
enum Polled {
    Made(Box<CreateTokenOutput>),
    Pending,
    TooOften,
}

impl fmt::Debug for Registration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registration").finish_non_exhaustive()
    }
}

impl Device<'_> {
    /// Logs in. `telling` receives the instructions for the user.
    pub(super) async fn log_in(&self, telling: &(dyn Fn(BrowserLogin) + Send + Sync)) -> Result<(), Failure> {
        let client = Client::from_conf(self.config());
        let registration = self.register(&client).await?;
        let authorization = self.authorize(&client, &registration).await?;
        telling(authorization.login.clone());
        let token = self.token(&client, &registration, &authorization).await?;
        self.keep(&registration, token).await
    }

    fn config(&self) -> Config {
        let client = transport::client(self.settings.oidc_endpoint_url.as_deref(), &self.settings.roots);
        let mut builder = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(self.portal.region.clone()))
            .time_source(self.clock.clone())
            .retry_config(RetryConfig::standard().with_max_attempts(2))
            .http_client(transport::whole(client));
        builder.set_app_name(transport::app_name(self.settings.app_id.as_deref()));
        builder.set_endpoint_url(self.settings.oidc_endpoint_url.clone());
        builder.build()
    }

    async fn register(&self, client: &Client) -> Result<Registration, Failure> {
        let scopes = Some(self.portal.scopes.clone()).filter(|scopes| !scopes.is_empty());
        let asked = client
            .register_client()
            .client_name("invalidash")
            .client_type("public")
            .set_scopes(scopes)
            .send();
        let registered = self
            .in_time("starting a login with IAM Identity Center", Box::pin(asked))
            .await?;
        let until = DateTime::from_timestamp(registered.client_secret_expires_at(), 0);
        match (registered.client_id, registered.client_secret) {
            (Some(id), Some(secret)) => Ok(Registration {
                id,
                secret,
                until: until.unwrap_or_default(),
            }),
            _ => Err(failed("IAM Identity Center did not start a login")),
        }
    }

    async fn authorize(&self, client: &Client, registration: &Registration) -> Result<Authorization, Failure> {
        let asked = client
            .start_device_authorization()
            .client_id(&registration.id)
            .client_secret(&registration.secret)
            .start_url(&self.portal.start_url)
            .send();
        let begun = self
            .in_time("requesting a code from IAM Identity Center", Box::pin(asked))
            .await?;
        let (Some(device_code), Some(code), Some(url)) = (begun.device_code, begun.user_code, begun.verification_uri)
        else {
            return Err(failed("IAM Identity Center returned no code"));
        };
        let seconds = |seconds: i32| u64::try_from(seconds).ok().filter(|seconds| *seconds > 0);
        Ok(Authorization {
            device_code,
            interval: seconds(begun.interval).map_or(INTERVAL, Duration::from_secs),
            login: BrowserLogin {
                url: checked(&url)?,
                direct: begun.verification_uri_complete.and_then(|url| checked(&url).ok()),
                code: visible(&code).chars().take(64).collect(),
                until: self.clock.now() + TimeDelta::seconds(begun.expires_in.into()),
            },
        })
    }

    /// Polls until the user has completed the login.
    async fn token(
        &self,
        client: &Client,
        registration: &Registration,
        authorization: &Authorization,
    ) -> Result<CreateTokenOutput, Failure> {
        let mut interval = authorization.interval;
        while self.clock.now() < authorization.login.until {
            tokio::time::sleep(interval).await;
            match self.poll(client, registration, authorization).await? {
                Polled::Made(token) => return Ok(*token),
                Polled::Pending => {}
                Polled::TooOften => interval += SLOWER,
            }
        }
        Err(failed("the code was not entered in time"))
    }

    async fn poll(
        &self,
        client: &Client,
        registration: &Registration,
        authorization: &Authorization,
    ) -> Result<Polled, Failure> {
        let asked = client
            .create_token()
            .client_id(&registration.id)
            .client_secret(&registration.secret)
            .grant_type("urn:ietf:params:oauth:grant-type:device_code")
            .device_code(&authorization.device_code)
            .send();
        let Ok(answered) = tokio::time::timeout(LIMIT, Box::pin(asked)).await else {
            // The network may be slow while the user opens the page, so the next request may succeed.
            return Ok(Polled::TooOften);
        };
        let error = match answered {
            Ok(token) => return Ok(Polled::Made(Box::new(token))),
            Err(error) => error,
        };
        let Some(refused) = error.as_service_error() else {
            return match error {
                SdkError::DispatchFailure(_) | SdkError::TimeoutError(_) => Ok(Polled::TooOften),
                error => Err(unreachable(&error)),
            };
        };
        if refused.is_authorization_pending_exception() {
            Ok(Polled::Pending)
        } else if refused.is_slow_down_exception() {
            Ok(Polled::TooOften)
        } else if refused.is_expired_token_exception() {
            Err(failed("the code was not entered in time"))
        } else if refused.is_access_denied_exception() {
            Err(failed("access was denied in the browser"))
        } else {
            Err(unreachable(&error))
        }
    }

    /// Stores the login in a file that only its owner can read.
    async fn keep(&self, registration: &Registration, token: CreateTokenOutput) -> Result<(), Failure> {
        let Some(access_token) = &token.access_token else {
            return Err(failed("IAM Identity Center returned no token"));
        };
        let time = |time: DateTime<Utc>| time.to_rfc3339_opts(SecondsFormat::Secs, true);
        let mut document = json!({
            "startUrl": self.portal.start_url,
            "region": self.portal.region,
            "accessToken": access_token,
            "expiresAt": time(self.clock.now() + TimeDelta::seconds(token.expires_in.into())),
            "clientId": registration.id,
            "clientSecret": registration.secret,
            "registrationExpiresAt": time(registration.until),
        });
        if let Some(refresh) = &token.refresh_token {
            document["refreshToken"] = refresh.as_str().into();
        }
        let (place, text) = (self.portal.place(self.home), document.to_string());
        let shown = place.display().to_string();
        let written = tokio::task::spawn_blocking(move || put(&place, &text)).await;
        match written {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(failed(&format!("{shown} cannot be written: {error}"))),
            Err(error) => Err(failed(&error.to_string())),
        }
    }

    async fn in_time<
        T,
        E: std::error::Error + ProvideErrorMetadata + Send + Sync + 'static,
        R: fmt::Debug + Send + Sync + 'static,
    >(
        &self,
        what: &str,
        asked: impl Future<Output = Result<T, SdkError<E, R>>>,
    ) -> Result<T, Failure> {
        let answered = self.waits.naming(what, tokio::time::timeout(LIMIT, asked)).await;
        match answered {
            Ok(answered) => answered.map_err(|error| unreachable(&error)),
            Err(_) => Err(Failure::Unreachable(format!(
                "the login failed: {what} took more than {} seconds. Check the network, and the proxy if one is set",
                LIMIT.as_secs()
            ))),
        }
    }
}

/// Checks a URL that the user is asked to open. It must use HTTPS or point to this machine.
fn checked(url: &str) -> Result<String, Failure> {
    let is_page = Url::parse(url).is_ok_and(|parsed| parsed.scheme() == "https" && parsed.has_host());
    if url.len() <= LONGEST_URL
        && url.bytes().all(|byte| byte.is_ascii_graphic())
        && (is_page || transport::is_local(url))
    {
        Ok(url.to_owned())
    } else {
        Err(failed("IAM Identity Center returned no usable login URL"))
    }
}

fn failed(why: &str) -> Failure {
    Failure::Credentials(format!("the login failed: {why}"))
}

/// Returns the failure if there was no response, or if the service refused the login as a whole.
fn unreachable<E, R>(error: &SdkError<E, R>) -> Failure
where
    E: std::error::Error + ProvideErrorMetadata + Send + Sync + 'static,
    R: fmt::Debug + Send + Sync + 'static,
{
    if let Some(refused) = error.as_service_error() {
        let (code, message) = (
            refused.code().unwrap_or("no code"),
            refused.message().unwrap_or_default(),
        );
        return failed(visible(&format!("IAM Identity Center refused the request ({code}: {message})")).trim());
    }
    let cause = advice::causes(error).last().map(ToString::to_string);
    let cause = visible(&cause.unwrap_or_default()).into_owned();
    Failure::Unreachable(format!(
        "the login failed: IAM Identity Center cannot be reached: {cause}. Check the network"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_lies_where_the_aws_cli_looks_for_it() {
        let portal = |session: Option<&str>| Portal {
            start_url: "https://corp.awsapps.com/start".to_owned(),
            region: "eu-west-1".to_owned(),
            session: session.map(str::to_owned),
            scopes: Vec::new(),
        };
        for (session, name) in [
            (None, "a51746d4aa793ae07b25e90c3a5db96fc7832bd7"),
            (Some("corp"), "ee0bfd2552fbd840c02cc48b6e823320543c450f"),
        ] {
            let expected = Path::new("/home/ada/.aws/sso/cache").join(format!("{name}.json"));
            assert_eq!(portal(session).place(Path::new("/home/ada")), expected);
        }
    }

    #[test]
    fn only_a_web_page_is_shown_to_be_opened() {
        let good = [
            "https://device.sso.eu-west-1.amazonaws.com/?user_code=A-B",
            "http://127.0.0.1:1/device",
        ];
        let bad = [
            "javascript:alert(1)",
            "http://device.example/",
            "https://a b/",
            "https://x/\u{1b}[2J",
            "file:///etc/passwd",
        ];
        assert!(good.into_iter().all(|url| checked(url).is_ok()));
        assert!(bad.into_iter().all(|url| checked(url).is_err()));
    }
}
