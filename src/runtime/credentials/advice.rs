//! What to tell a person whose credentials do not work: the cause, and the command that helps (DOMAIN §7.3).

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;

use super::Connection;
use crate::domain::text::visible;

/// How much of the cause is shown.
const LONGEST: usize = 200;

/// Cause and next step.
pub(crate) fn sentence(error: &CredentialsError, connection: &Connection) -> String {
    let texts: Vec<String> = causes(error)
        .map(|error| connection.redact(&error.to_string()))
        .collect();
    advise(
        matches!(error, CredentialsError::CredentialsNotLoaded(_)),
        &texts,
        connection.profile(),
    )
}

/// The same from the texts of the causes, outermost first.
fn advise(none_found: bool, texts: &[String], profile: &str) -> String {
    let all = texts.join(": ").to_ascii_lowercase();
    let option = option(profile);
    let cause = cause(texts);
    if all.contains("sso token") {
        format!(
            "the SSO login of the profile {profile} has ended or was never made ({cause}). Run `aws sso login{option}`, then try again"
        )
    } else if all.contains("login token") || all.contains("reauthenticate") || all.contains("`aws login`") {
        format!(
            "the login of the profile {profile} has ended or was never made ({cause}). Run `aws login{option}`, then try again"
        )
    } else if all.contains("timed out") {
        format!(
            "no credentials came in time ({cause}). Check the network or the program that gives them, then try again"
        )
    } else if none_found {
        format!(
            "there are no credentials for the profile {profile}. Run `aws configure{option}`, `aws sso login{option}` or `aws login{option}`, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        )
    } else {
        format!(
            "the credentials of the profile {profile} cannot be loaded ({cause}). Correct the profile or log in, then try again"
        )
    }
}

fn option(profile: &str) -> String {
    match profile {
        "default" | "environment" => String::new(),
        named => format!(" --profile {named}"),
    }
}

/// The deepest cause, on one line and visible.
fn cause(texts: &[String]) -> String {
    let deepest = texts.last().map(String::as_str).unwrap_or_default();
    let line = deepest.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown: String = line.chars().take(LONGEST).collect();
    visible(&shown).into_owned()
}

/// An error and what caused it, outermost first.
pub(crate) fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}
