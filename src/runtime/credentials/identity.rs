//! The account and identity behind the credentials.

use std::time::Duration;

use aws_sdk_sts::Client;
use aws_sdk_sts::config::timeout::TimeoutConfig;
use aws_sdk_sts::operation::get_caller_identity::GetCallerIdentityOutput;

use super::{Connection, sts};
use crate::domain::distribution::AccountId;

/// The timeout of a request to STS. Until the response arrives, only the account is missing from the screen.
const PATIENCE: Duration = Duration::from_secs(10);

/// Returns the account, from the credentials themselves or from STS, which requires no permission.
pub(super) async fn account(connection: &Connection) -> Option<AccountId> {
    let asked = tokio::time::timeout(PATIENCE, ask(connection)).await;
    asked.ok().flatten()
}

/// Returns the account and the ARN from STS, which requires no permission.
pub(super) async fn caller(connection: &Connection) -> Option<(Option<AccountId>, Option<String>)> {
    let asking = async { get(&client(connection), connection).await };
    let identity = tokio::time::timeout(PATIENCE, asking).await.ok().flatten()?;
    let told = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
    Some((told(identity.account()).map(AccountId::new), told(identity.arn())))
}

async fn ask(connection: &Connection) -> Option<AccountId> {
    let keys = connection.keys.load().await.ok()?;
    if let Some(account) = keys.account_id() {
        return Some(AccountId::new(account.as_str()));
    }
    let identity = get(&client(connection), connection).await?;
    identity
        .account()
        .filter(|account| !account.is_empty())
        .map(AccountId::new)
}

/// Sends the request, and repeats it once if the response shows that the local clock is wrong.
async fn get(client: &Client, connection: &Connection) -> Option<GetCallerIdentityOutput> {
    let behind = connection.clock().behind();
    match client.get_caller_identity().send().await {
        Ok(identity) => Some(identity),
        Err(_) if connection.clock().was_set_since(behind) => client.get_caller_identity().send().await.ok(),
        Err(_) => None,
    }
}

fn client(connection: &Connection) -> Client {
    let (settings, clock, of_aws) = (&connection.settings, &connection.clock, connection.http_client.clone());
    let timeouts = TimeoutConfig::builder()
        .operation_attempt_timeout(PATIENCE / 2)
        .operation_timeout(PATIENCE);
    let config = sts::config(settings, clock, connection.keys(), 2, of_aws);
    Client::from_conf(config.timeout_config(timeouts.build()).build())
}
