//! Region and endpoint: by option, by variable, by profile, in this order.

use aws_config::profile::ProfileSet;
use aws_runtime::env_config::EnvConfigValue;
use url::Url;

use super::{Environment, Options};
use crate::domain::failure::Failure;
use crate::domain::text::visible;

/// Where CloudFront is signed for; it is global, so that no region set is no reason to ask a metadata service.
const REGION: &str = "us-east-1";

/// Where and how to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Settings {
    pub(super) region: String,
    pub(super) endpoint_url: Option<String>,
    /// Who is asked whose the keys are, where that is not AWS.
    pub(super) sts_endpoint_url: Option<String>,
    pub(super) fips: bool,
    pub(super) dual_stack: bool,
}

impl Settings {
    /// A server of our own.
    pub(super) fn local(endpoint_url: &str) -> Self {
        Self {
            region: REGION.to_owned(),
            endpoint_url: Some(endpoint_url.to_owned()),
            sts_endpoint_url: None,
            fips: false,
            dual_stack: false,
        }
    }

    /// The scope's word for the server.
    pub(super) fn endpoint_in_words(&self) -> String {
        self.endpoint_url.clone().unwrap_or_else(|| "CloudFront".to_owned())
    }
}

/// Settles everything, and refuses what cannot work before a request finds out.
pub(super) fn resolve(options: &Options, environment: &Environment, profile: &ProfileSet) -> Result<Settings, Failure> {
    let settings = Settings {
        region: region(options, environment, profile)?,
        endpoint_url: endpoint_url(options, environment, profile)
            .map(|url| checked(&url))
            .transpose()?,
        // What is only a label is no reason to refuse to work.
        sts_endpoint_url: configured_url("sts", environment, profile).and_then(|url| checked(&url).ok()),
        fips: is_on("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint", environment, profile),
        dual_stack: is_on(
            "AWS_USE_DUALSTACK_ENDPOINT",
            "use_dualstack_endpoint",
            environment,
            profile,
        ),
    };
    match (&settings.endpoint_url, settings.fips, settings.dual_stack) {
        (Some(url), true, _) => Err(clash(url, "FIPS", "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint")),
        (Some(url), _, true) => Err(clash(
            url,
            "dual-stack",
            "AWS_USE_DUALSTACK_ENDPOINT",
            "use_dualstack_endpoint",
        )),
        (Some(_) | None, _, _) => Ok(settings),
    }
}

fn region(options: &Options, environment: &Environment, profile: &ProfileSet) -> Result<String, Failure> {
    let named = options.region.clone().filter(|region| !region.trim().is_empty());
    let region = named
        .or_else(|| environment.get("AWS_REGION"))
        .or_else(|| environment.get("AWS_DEFAULT_REGION"))
        .or_else(|| {
            profile
                .get("region")
                .filter(|region| !region.trim().is_empty())
                .map(str::to_owned)
        })
        .unwrap_or_else(|| REGION.to_owned());
    let region = region.trim();
    if region.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        Ok(region.to_owned())
    } else {
        Err(Failure::Setup(format!(
            "{} is not the name of a region; us-east-1 is one",
            visible(region)
        )))
    }
}

fn endpoint_url(options: &Options, environment: &Environment, profile: &ProfileSet) -> Option<String> {
    if let Some(url) = options.endpoint_url.as_ref().filter(|url| !url.trim().is_empty()) {
        return Some(url.clone());
    }
    configured_url("cloudfront", environment, profile)
}

/// The endpoint of a service as variables and profile name it, for this service or for all of them.
fn configured_url(service: &'static str, environment: &Environment, profile: &ProfileSet) -> Option<String> {
    if is_on(
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
        "ignore_configured_endpoint_urls",
        environment,
        profile,
    ) {
        return None;
    }
    let configured = EnvConfigValue::new()
        .env("AWS_ENDPOINT_URL")
        .profile("endpoint_url")
        .service_id(service);
    let url = configured
        .load(environment.as_sdk(), Some(profile))
        .map(|(url, _)| url.into_owned());
    url.filter(|url| !url.trim().is_empty())
}

fn checked(url: &str) -> Result<String, Failure> {
    let wrong = |why: &str| {
        Failure::Setup(format!(
            "the endpoint URL {why}. Write it like http://127.0.0.1:4566, in --endpoint-url or AWS_ENDPOINT_URL"
        ))
    };
    let parsed =
        Url::parse(url.trim()).map_err(|error| wrong(&format!("{} cannot be understood: {error}", visible(url))))?;
    match parsed.scheme() {
        // It could hold a password, and it is shown on the screen and kept in the ledger.
        _ if !parsed.username().is_empty() || parsed.password().is_some() => Err(wrong("must not hold a user name")),
        "http" | "https" if parsed.has_host() => Ok(url.trim().to_owned()),
        _ => Err(wrong(&format!("{} is neither http nor https", visible(url)))),
    }
}

fn is_on(variable: &str, key: &str, environment: &Environment, profile: &ProfileSet) -> bool {
    let value = EnvConfigValue::new().env(variable).profile(key);
    let value = value.load(environment.as_sdk(), Some(profile));
    value.is_some_and(|(value, _)| value.trim().eq_ignore_ascii_case("true"))
}

fn clash(url: &str, kind: &str, variable: &str, key: &str) -> Failure {
    Failure::Setup(format!(
        "{kind} endpoints are switched on ({variable}, or {key} in the profile) and cannot be had at {url}. Switch \
            them off, or leave out the endpoint URL"
    ))
}
