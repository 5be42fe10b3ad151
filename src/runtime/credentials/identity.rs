//! Whose keys they are.

use std::time::Duration;

use aws_sdk_sts::Client;
use aws_sdk_sts::config::retry::RetryConfig;
use aws_sdk_sts::config::timeout::TimeoutConfig;
use aws_sdk_sts::config::{BehaviorVersion, Config, IdentityCache, Region};

use super::{Connection, transport};
use crate::domain::distribution::AccountId;

/// How long the answer is worth waiting for: until it comes the account is only not shown.
const PATIENCE: Duration = Duration::from_secs(10);

/// The account, from the keys themselves or from STS, which asks for no right.
pub(super) async fn account(connection: &Connection) -> Option<AccountId> {
    let asked = tokio::time::timeout(PATIENCE, ask(connection)).await;
    asked.ok().flatten()
}

async fn ask(connection: &Connection) -> Option<AccountId> {
    let keys = connection.keys.load().await.ok()?;
    if let Some(account) = keys.account_id() {
        return Some(AccountId::new(account.as_str()));
    }
    let identity = Client::from_conf(config(connection))
        .get_caller_identity()
        .send()
        .await
        .ok()?;
    identity
        .account()
        .filter(|account| !account.is_empty())
        .map(AccountId::new)
}

fn config(connection: &Connection) -> Config {
    let timeouts = TimeoutConfig::builder()
        .operation_attempt_timeout(PATIENCE / 2)
        .operation_timeout(PATIENCE);
    let mut builder = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(connection.region().to_owned()))
        .credentials_provider(connection.keys())
        .identity_cache(IdentityCache::no_cache())
        .retry_config(RetryConfig::standard().with_max_attempts(2))
        .timeout_config(timeouts.build());
    if let Some(url) = connection.sts_endpoint_url() {
        builder.set_endpoint_url(Some(url.to_owned()));
        builder.set_http_client(Some(transport::whole(transport::client(Some(url)))));
    } else {
        builder.set_use_fips(connection.uses_fips().then_some(true));
        builder.set_use_dual_stack(connection.uses_dual_stack().then_some(true));
        builder.set_http_client(Some(connection.http_client()));
    }
    builder.build()
}
