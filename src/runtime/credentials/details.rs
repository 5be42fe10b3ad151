//! The settings of a connection, for the code that sends requests over it.

use aws_sdk_cloudfront::config::retry::RetryConfig;

use super::profiles::{Choice, Profiles};
use super::transport::Roots;
use super::{Connection, Environment};
use crate::domain::failure::Failure;
use crate::runtime::network::Proxy;
use crate::runtime::waits::Waits;

impl Connection {
    /// Returns the certificates trusted in addition to the system's.
    pub(crate) fn roots(&self) -> &Roots {
        &self.settings.roots
    }

    /// Returns the retry settings for reads.
    pub(crate) fn retries(&self) -> RetryConfig {
        self.settings.retries.clone()
    }

    /// Returns the app id that the user set for all programs that call AWS.
    pub(crate) fn app_id(&self) -> Option<&str> {
        self.settings.app_id.as_deref()
    }

    /// Returns the proxy used to reach the endpoint.
    pub(crate) fn proxy(&self) -> Option<Proxy> {
        self.settings.proxy()
    }

    pub(crate) fn uses_fips(&self) -> bool {
        self.settings.fips
    }

    pub(crate) fn uses_dual_stack(&self) -> bool {
        self.settings.dual_stack
    }

    /// Returns whether any role in the credentials' chain has an MFA device.
    pub(crate) fn may_need_code(&self) -> bool {
        self.device.is_some()
    }

    /// Cancels the credential loading in progress.
    pub(crate) fn cancel_loading(&self) {
        self.keys.cancel();
    }

    /// Returns the steps in progress that loading the credentials depends on.
    pub(crate) fn waits(&self) -> &Waits {
        &self.waits
    }

    /// Returns the name of the endpoint, as it appears in a sentence.
    pub(crate) fn host(&self) -> &str {
        self.endpoint_url().unwrap_or("CloudFront")
    }
}

/// Returns the certificates that the environment or this profile specifies as trusted in addition to the system's.
/// Loads no credentials.
///
/// # Errors
/// [`Failure::Setup`] if the certificates cannot be read.
pub(crate) async fn trusted(profile: Option<&str>) -> Result<Roots, Failure> {
    let environment = Environment::of_process();
    let profiles = Profiles::read(&environment).await?;
    let selected = profiles.select(&Choice::of(profile, &environment)).await?;
    Roots::of(&environment, &selected).await
}
