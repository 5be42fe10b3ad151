//! Decides what happens when a source returns no credentials: whether the next one in the chain is tried.

use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_smithy_types::error::display::DisplayErrorContext;

/// An unknown source.
#[derive(Debug)]
pub(super) struct Unknown(pub(super) String);

impl ProvideCredentials for Unknown {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let sentence = format!(
            "credential_source {} must be Environment, Ec2InstanceMetadata or EcsContainer",
            self.0
        );
        future::ProvideCredentials::ready(Err(CredentialsError::invalid_configuration(sentence)))
    }
}

/// The source that a profile names. If it returns no keys, no other source is tried: the user who named it does not mean
/// the account of the machine or the container.
#[derive(Debug)]
pub(super) struct Decisive(pub(super) SharedCredentialsProvider);

impl ProvideCredentials for Decisive {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let asked = self.0.provide_credentials();
        future::ProvideCredentials::new(async move {
            asked.await.map_err(|error| match error {
                CredentialsError::CredentialsNotLoaded(_) => CredentialsError::invalid_configuration(error),
                other => other,
            })
        })
    }
}

/// An optional source: if it fails, there are no credentials, which is not an error by itself.
#[derive(Debug)]
pub(super) struct IfAny<P>(pub(super) P);

impl<P: ProvideCredentials> ProvideCredentials for IfAny<P> {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let asked = self.0.provide_credentials();
        future::ProvideCredentials::new(async move {
            asked.await.map_err(|error| {
                tracing::debug!(error = %DisplayErrorContext(&error), "the instance metadata service returned no credentials");
                CredentialsError::not_loaded(error)
            })
        })
    }
}
