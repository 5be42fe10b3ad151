//! Sources of credentials that wrap another one and change its result. The next source in a chain is tried only if
//! the previous one has no credentials.

use aws_credential_types::credential_fn::provide_credentials_fn;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, Result, SharedCredentialsProvider};
use aws_smithy_types::error::display::DisplayErrorContext;

use super::check;
use super::role::{self, Surroundings};
use super::token_files::TokenFiles;

/// Returns a source that changes the result of another one.
fn changed(
    source: impl ProvideCredentials + 'static,
    change: impl Fn(Result) -> Result + Copy + Send + Sync + 'static,
) -> SharedCredentialsProvider {
    let source = SharedCredentialsProvider::new(source);
    SharedCredentialsProvider::new(provide_credentials_fn(move || {
        let source = source.clone();
        async move { change(source.provide_credentials().await) }
    }))
}

/// Rejects unusable credentials, because the SDK signs with them before anything else can check them.
pub(super) fn checked(source: impl ProvideCredentials + 'static) -> SharedCredentialsProvider {
    changed(source, |given| {
        let given = given?;
        check::keys(&given).map_err(CredentialsError::invalid_configuration)?;
        Ok(given)
    })
}

/// Creates a source that a profile names. If it returns no credentials, no other source is tried, because a user who
/// named it does not mean the account of the machine or the container.
pub(super) fn decisive(source: impl ProvideCredentials + 'static) -> SharedCredentialsProvider {
    changed(source, |given| match given {
        Err(error @ CredentialsError::CredentialsNotLoaded(_)) => Err(CredentialsError::invalid_configuration(error)),
        given => given,
    })
}

/// Creates an optional source. A failure only means that it has no credentials, which is not an error in itself.
pub(super) fn if_any(source: impl ProvideCredentials + 'static) -> SharedCredentialsProvider {
    changed(source, |given| {
        given.map_err(|error| {
            tracing::debug!(error = %DisplayErrorContext(&error), "the instance metadata service returned no credentials");
            CredentialsError::not_loaded(error)
        })
    })
}

/// Creates a source that always fails, for a `credential_source` that does not exist.
pub(super) fn unknown(name: &str) -> SharedCredentialsProvider {
    let sentence = format!("credential_source {name} must be Environment, Ec2InstanceMetadata or EcsContainer");
    SharedCredentialsProvider::new(provide_credentials_fn(move || {
        std::future::ready(Err(CredentialsError::invalid_configuration(sentence.clone())))
    }))
}

/// Creates a source with a time limit. The given name is displayed while the source is being queried.
pub(super) fn awaited(
    source: impl ProvideCredentials + 'static,
    name: &str,
    around: &Surroundings,
) -> SharedCredentialsProvider {
    let asked = (
        SharedCredentialsProvider::new(source),
        name.to_owned(),
        around.waits.clone(),
    );
    SharedCredentialsProvider::new(provide_credentials_fn(move || {
        let (source, name, waits) = asked.clone();
        async move { waits.on(&name, role::LIMIT, source.provide_credentials()).await }
    }))
}

/// Creates a source whose files are checked before each use.
pub(super) fn with_files(source: impl ProvideCredentials + 'static, files: TokenFiles) -> SharedCredentialsProvider {
    let asked = (SharedCredentialsProvider::new(source), files);
    SharedCredentialsProvider::new(provide_credentials_fn(move || {
        let (source, files) = asked.clone();
        async move {
            let looked = tokio::task::spawn_blocking(move || files.check()).await;
            let looked = looked.unwrap_or_else(|error| Err(error.to_string()));
            looked.map_err(CredentialsError::invalid_configuration)?;
            source.provide_credentials().await
        }
    }))
}
