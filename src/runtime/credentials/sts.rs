//! Configuration of the STS clients.

use aws_credential_types::provider::ProvideCredentials;
use aws_sdk_cloudfront::config::SharedHttpClient;
use aws_sdk_sts::config::retry::RetryConfig;
use aws_sdk_sts::config::{BehaviorVersion, Builder, Config, IdentityCache, Region};

use super::settings::Settings;
use super::transport;
use crate::runtime::clock::ServiceClock;

/// Returns the configuration of an STS client that signs with `keys` and makes at most `attempts` attempts. `of_aws`
/// is the HTTP client for AWS's own endpoints.
pub(super) fn config(
    settings: &Settings,
    clock: &ServiceClock,
    keys: impl ProvideCredentials + 'static,
    attempts: u32,
    of_aws: SharedHttpClient,
) -> Builder {
    let url = settings.sts_endpoint_url.as_deref();
    let client = url.map_or(of_aws, |_| transport::client(url, &settings.roots));
    let mut builder = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(settings.region.clone()))
        .credentials_provider(keys)
        .identity_cache(IdentityCache::no_cache())
        .time_source(clock.clone())
        .disable_clock_skew_correction(true)
        .retry_config(RetryConfig::standard().with_max_attempts(attempts))
        .http_client(transport::dated(transport::whole(client), clock.clone()));
    builder.set_app_name(transport::app_name(settings.app_id.as_deref()));
    builder.set_endpoint_url(url.map(str::to_owned));
    if url.is_none() {
        builder.set_use_fips(settings.fips.then_some(true));
        builder.set_use_dual_stack(settings.dual_stack.then_some(true));
    }
    builder
}
