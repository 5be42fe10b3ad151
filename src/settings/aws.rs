//! The settings that determine the server and the identity. The SDK itself reads the standard variables and the profile
//! files.

use super::file::File;
use super::{Environment, Error};
use crate::cli::Options;

/// The settings that determine the server and the identity. The SDK reads the standard variables and the profile files;
/// this program only lets the variables override the configuration file.
#[derive(Default)]
pub(super) struct Aws {
    pub(super) profile: Option<String>,
    pub(super) region: Option<String>,
    pub(super) endpoint_url: Option<String>,
}

/// The environment variables that select credentials. As in the AWS CLI, an option that names a profile overrides them;
/// they override the profile in the configuration file.
const PROFILE: [&str; 4] = [
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_ACCESS_KEY_ID",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
];
const REGION: [&str; 2] = ["AWS_REGION", "AWS_DEFAULT_REGION"];
const ENDPOINT: [&str; 2] = ["AWS_ENDPOINT_URL_CLOUDFRONT", "AWS_ENDPOINT_URL"];

impl Aws {
    pub(super) fn choose(options: &Options, environment: Environment, file: &File) -> Result<Self, Error> {
        let choose = |option: &Option<String>, variables: &[&str], setting: &str| {
            let silenced = setting.is_empty() || variables.iter().any(|name| is_set(environment, name));
            option.clone().or_else(|| (!silenced).then(|| setting.to_owned()))
        };
        let ignored =
            environment("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS").is_some_and(|value| value.eq_ignore_ascii_case("true"));
        let endpoint_url = if ignored { "" } else { &file.endpoint_url };
        let endpoint_url = choose(&options.endpoint_url, &ENDPOINT, endpoint_url);
        Ok(Self {
            profile: choose(&options.profile, &PROFILE, &file.profile),
            region: choose(&options.region, &REGION, &file.region),
            endpoint_url: endpoint_url.map(checked_endpoint).transpose()?,
        })
    }
}

/// Returns a warning if two variables name different profiles, because versions of the AWS CLI disagree on which one to
/// use.
pub(super) fn two_profiles(options: &Options, environment: Environment) -> Option<String> {
    let named = |name: &str| {
        let named = environment(name)?.to_str()?.to_owned();
        Some(named).filter(|profile| !profile.trim().is_empty())
    };
    let (used, other) = (named("AWS_PROFILE")?, named("AWS_DEFAULT_PROFILE")?);
    let differ = used != other && options.profile.is_none() && !is_set(environment, "AWS_ACCESS_KEY_ID");
    differ.then(|| {
        format!(
            "AWS_PROFILE is {used} and AWS_DEFAULT_PROFILE is {other}; using {used}, as AWS CLI version 2 does \
                (version 1 uses {other}). Unset one of the variables"
        )
    })
}

pub(super) fn is_set(environment: Environment, name: &str) -> bool {
    environment(name).is_some_and(|value| !value.is_empty())
}

fn checked_endpoint(endpoint: String) -> Result<String, Error> {
    let rest = endpoint
        .strip_prefix("https://")
        .or_else(|| endpoint.strip_prefix("http://"));
    let authority = rest.map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    match authority {
        // A password in the URL would appear in headers, logs and the ledger.
        Some(host) if host.contains('@') => Err(Error::SecretInEndpoint),
        Some(host) if !host.is_empty() && !endpoint.contains(char::is_whitespace) => Ok(endpoint),
        // The password must not appear in the error about an invalid URL either.
        _ if endpoint.contains('@') => Err(Error::SecretInEndpoint),
        _ => Err(Error::Endpoint { value: endpoint }),
    }
}
