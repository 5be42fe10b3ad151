//! Explains to the user why credentials do not work: the cause, and a command that helps (`docs/cloudfront.md`,
//! "Credentials").

use std::error::Error;
use std::io;

use aws_config::meta::ProviderChainError;
use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::error::ErrorMetadata;

use super::chain::PROFILE;
use super::codes::CodeWanted;
use super::keys::Cancelled;
use super::names;
use super::process::Ended;
use super::profiles::Login;
use crate::domain::failure::{CodeNeeded, Failure};
use crate::domain::reasons::{Cure, KeyReason, of_keys};
use crate::domain::text::visible;
use crate::runtime::network::{self, Proxy};
use crate::runtime::waits::TooSlow;

/// The maximum length of the displayed cause.
const LONGEST: usize = 400;

/// The profile whose credentials fail.
pub(super) struct Whose<'a> {
    pub(super) profile: &'a str,
    pub(super) login: &'a Login,
    /// The mistake in the profile files, if any.
    pub(super) trouble: Option<&'a str>,
    /// The proxy used to reach the servers that issue credentials.
    pub(super) proxy: Option<Proxy>,
}

/// Returns the failure with a sentence that explains it. The sentence does not suggest logging in if a server cannot be
/// reached.
pub(super) fn failure(error: &CredentialsError, whose: &Whose<'_>) -> Failure {
    let (profile, option) = (visible(whose.profile), option(whose.profile));
    if let Some(ended) = causes(error).find_map(|error| error.downcast_ref::<Ended>()) {
        let told = on_one_line(&ended.in_full());
        return Failure::Credentials(format!("no credentials for profile {profile}: {told}"));
    }
    let is_cancelled = |error: &(dyn Error + 'static)| error.downcast_ref::<Cancelled>().is_some();
    if causes(error).any(is_cancelled) {
        return Failure::Credentials(format!(
            "loading the credentials for profile {profile} was cancelled. Refresh to load them"
        ));
    }
    if let Some(wanted) = causes(error).find_map(|error| error.downcast_ref::<CodeWanted>()) {
        return Failure::CodeNeeded(whose.code_needed(wanted));
    }
    if let Some(slow) = causes(error).find_map(|error| error.downcast_ref::<TooSlow>()) {
        return Failure::Unreachable(format!(
            "no credentials for profile {profile}: {slow}. Check the network, and {}",
            whose.proxy_in_words()
        ));
    }
    let cause = cause(error);
    if let CredentialsError::ProviderTimedOut(details) = error {
        let seconds = details.timeout_duration().as_secs();
        return Failure::Credentials(format!(
            "the credentials for profile {profile} did not arrive within {seconds} seconds. Check the network or \
                the program that provides them, then try again"
        ));
    }
    if is_network(error) {
        let (why, next) = network::why(&cause, whose.proxy.as_ref());
        return Failure::Unreachable(format!(
            "the credential service for profile {profile} cannot be reached: {why}. {next}"
        ));
    }
    if let (CredentialsError::CredentialsNotLoaded(_), Some(trouble)) = (error, whose.trouble) {
        let trouble = visible(trouble);
        return Failure::Setup(format!("no credentials for profile {profile}: {trouble}"));
    }
    if let Some(failure) = refused(error, whose, &cause) {
        return failure;
    }
    Failure::Credentials(match (whose.command(error), error) {
        (Some(command), _) => {
            format!("no valid login for profile {profile} ({cause}). Run `{command}`, then try again")
        }
        (None, CredentialsError::CredentialsNotLoaded(_)) => {
            let because = of_the_profile(error)
                .map(|cause| format!(" ({cause})"))
                .unwrap_or_default();
            format!(
                "no credentials for profile {profile}{because}. Run `aws configure{option}`, `aws sso \
                    login{option}` or `aws login{option}`, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
            )
        }
        (None, _) => {
            format!(
                "the credentials for profile {profile} cannot be loaded ({cause}). Correct the profile, then try \
                    again"
            )
        }
    })
}

/// Returns the failure if a server that provides credentials refused the request or has problems itself. Logging in
/// does not help in either case.
fn refused(error: &CredentialsError, whose: &Whose<'_>, cause: &str) -> Option<Failure> {
    let profile = visible(whose.profile);
    let told: Vec<String> = causes(error).map(in_words).collect();
    let trouble = |why: &str| {
        Failure::Unreachable(format!(
            "the credential service for profile {profile} returned no usable response ({cause}). {why}Try again in a \
                moment"
        ))
    };
    match of_keys(&told.join("\n")) {
        Some(reason) if reason.cure == Cure::Wait => Some(trouble(&format!("{}. ", reason.why))),
        // Whatever the reason for rejecting the console login, a new login helps.
        Some(_) if matches!(whose.login, Login::Console(_)) => None,
        Some(KeyReason { why, next, .. }) => Some(Failure::Credentials(format!(
            "the credentials for profile {profile} cannot be loaded ({cause}). {why}. {next}"
        ))),
        None if cause.starts_with("unhandled error") => Some(trouble("")),
        None => None,
    }
}

/// Returns an error's text. The SDK formats a service's code and message as a structure, so they are extracted.
fn in_words(error: &(dyn Error + 'static)) -> String {
    let Some(told) = error.downcast_ref::<ErrorMetadata>() else {
        return error.to_string();
    };
    let parts = [told.code(), told.message()];
    let parts: Vec<&str> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    parts.join(": ")
}

impl Whose<'_> {
    fn proxy_in_words(&self) -> String {
        let named = self.proxy.as_ref().map(Proxy::in_words);
        named.unwrap_or_else(|| "the proxy if one is set".to_owned())
    }

    /// Returns the command for logging in, if a login is missing.
    fn command(&self, error: &CredentialsError) -> Option<String> {
        let all = causes(error)
            .map(|error| error.to_string().to_ascii_lowercase())
            .collect::<Vec<_>>()
            .join("\n");
        let says = |words: &[&str]| words.iter().any(|word| all.contains(word));
        match self.login {
            Login::Sso { profile, .. }
                if says(&[
                    "sso token",
                    // If a login does not exist, the error names its file.
                    ".aws/sso/cache/",
                    "unauthorized",
                    "session token not found",
                    "token is expired",
                ]) =>
            {
                Some(format!("aws sso login{}", option(profile)))
            }
            Login::Console(profile) => Some(format!("aws login{}", option(profile))),
            Login::Sso { .. } | Login::Process | Login::Other => None,
        }
    }

    /// Explains what the code is needed for, and how to enter one without this program.
    fn code_needed(&self, wanted: &CodeWanted) -> CodeNeeded {
        let (profile, option) = (visible(self.profile), option(self.profile));
        let (device, refused) = (visible(&wanted.device), wanted.refused);
        let sentence = if refused {
            format!("the code from MFA device {device} was not accepted. Wait for the next one, then try again")
        } else {
            format!(
                "the role of profile {profile} needs a code from MFA device {device}. Run `aws sts \
                    get-caller-identity{option}` and enter it there, then try again"
            )
        };
        CodeNeeded {
            device: wanted.device.clone(),
            refused,
            sentence,
        }
    }
}

fn option(profile: &str) -> String {
    match profile {
        "default" | "environment" => String::new(),
        named => format!(" --profile {}", visible(named)),
    }
}

/// Returns an error and its causes, outermost first.
pub(crate) fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

/// Returns whether the error means that a server could not be reached.
fn is_network(error: &CredentialsError) -> bool {
    let connector = causes(error).find_map(|error| error.downcast_ref::<ConnectorError>());
    connector.is_some_and(|error| error.is_io() || error.is_timeout())
}

/// Returns the reason why the profile has no credentials, if the error contains one.
fn of_the_profile(error: &CredentialsError) -> Option<String> {
    let chain = causes(error).find_map(|error| error.downcast_ref::<ProviderChainError<CredentialsError>>())?;
    let attempt = chain.attempts().iter().find(|attempt| attempt.name() == PROFILE)?;
    causes(attempt.error()).nth(1).map(|_| cause(attempt.error()))
}

/// Returns the innermost cause that has text, escaped and on one line. If a file is missing, returns the error one
/// level further out instead, because it contains the file's name.
fn cause(error: &CredentialsError) -> String {
    let mut said: Vec<String> = causes(error)
        .filter(|error| !error.is::<io::Error>() || error.source().is_some())
        .map(in_words)
        .filter(|text| !text.is_empty())
        .collect();
    if is_network(error) {
        said.extend(causes(error).last().map(ToString::to_string));
    }
    let line = said.last().map(|text| on_one_line(text)).unwrap_or_default();
    let shown: String = line.chars().take(LONGEST).collect();
    names::told(&shown)
}

fn on_one_line(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    visible(&line).into_owned()
}

#[cfg(test)]
mod tests;
