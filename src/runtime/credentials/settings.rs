//! Resolves the region and endpoint from the options, the variables and the profile, in that order.

use aws_config::profile::ProfileSet;
use aws_runtime::env_config::EnvConfigValue;
use aws_sdk_cloudfront::config::retry::RetryConfig;
use url::Url;

use super::environment::Environment;
use super::options::Options;
use super::transport::{Roots, is_local};
use crate::domain::failure::Failure;
use crate::domain::text::visible;
use crate::runtime::network::{Proxies, Proxy};

/// The default region for signing CloudFront requests. Because CloudFront is global, a missing region is no reason to
/// query a metadata service.
const REGION: &str = "us-east-1";

/// The maximum length of an endpoint URL. It leaves room for the path: the HTTP library accepts 65,534 bytes in all.
const LONGEST_URL: usize = 2048;

/// Where and how to send requests.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) region: String,
    pub(super) endpoint_url: Option<String>,
    /// The STS endpoint to query for the account, if it is not AWS's.
    pub(super) sts_endpoint_url: Option<String>,
    /// The CloudTrail endpoint, if it is neither AWS's nor the one used instead of CloudFront.
    pub(super) trail_endpoint_url: Option<String>,
    /// The endpoint for logging in to IAM Identity Center, if it is not AWS's.
    pub(super) oidc_endpoint_url: Option<String>,
    pub(super) fips: bool,
    pub(super) dual_stack: bool,
    /// The certificates trusted in addition to the system's.
    pub(super) roots: Roots,
    /// The retry settings for reads.
    pub(super) retries: RetryConfig,
    /// The app id that the user set for all programs that call AWS.
    pub(super) app_id: Option<String>,
}

impl Settings {
    /// Returns the settings for a local server.
    pub(super) fn local(endpoint_url: &str) -> Self {
        Self {
            region: REGION.to_owned(),
            endpoint_url: Some(endpoint_url.to_owned()),
            sts_endpoint_url: None,
            trail_endpoint_url: None,
            oidc_endpoint_url: None,
            fips: false,
            dual_stack: false,
            roots: Roots::default(),
            retries: RetryConfig::standard(),
            app_id: None,
        }
    }

    /// Returns the proxy used to reach the endpoint.
    pub(super) fn proxy(&self) -> Option<Proxy> {
        proxy_to(
            self.endpoint_url
                .as_deref()
                .unwrap_or("https://cloudfront.amazonaws.com/"),
        )
    }

    /// Returns the proxy used to reach STS and all other AWS servers that issue credentials.
    pub(super) fn proxy_to_sts(&self) -> Option<Proxy> {
        let own = || format!("https://sts.{}.amazonaws.com/", self.region);
        proxy_to(&self.sts_endpoint_url.clone().unwrap_or_else(own))
    }

    /// Returns the name of the endpoint for the scope.
    pub(super) fn endpoint_in_words(&self) -> String {
        self.endpoint_url.clone().unwrap_or_else(|| "CloudFront".to_owned())
    }
}

fn proxy_to(url: &str) -> Option<Proxy> {
    let uri = url.parse().ok().filter(|_| !is_local(url))?;
    Proxies::of_environment().to(&uri)
}

/// Resolves all settings, and rejects unusable values before a request can fail.
pub(super) async fn resolve(
    options: &Options,
    environment: &Environment,
    profile: &ProfileSet,
) -> Result<Settings, Failure> {
    let configured = Configured { environment, profile };
    let option = filled(options.endpoint_url.as_deref());
    let if_valid = |url: Option<String>| url.and_then(|url| checked(&url).ok());
    let settings = Settings {
        roots: Roots::of(environment, profile).await?,
        retries: configured.retries()?,
        app_id: configured.text("AWS_SDK_UA_APP_ID", "sdk_ua_app_id"),
        region: region(options, environment, profile)?,
        endpoint_url: option
            .clone()
            .or_else(|| configured.url("cloudfront"))
            .map(|url| checked(&url))
            .transpose()?,
        // The account is only displayed, so an invalid STS endpoint is no reason to fail.
        sts_endpoint_url: if_valid(configured.url("sts")),
        // The option for CloudFront's endpoint takes precedence over an endpoint configured for all services.
        trail_endpoint_url: if_valid(match option {
            Some(_) => environment.get("AWS_ENDPOINT_URL_CLOUDTRAIL"),
            None => configured.url("cloudtrail"),
        }),
        oidc_endpoint_url: if_valid(configured.url("sso oidc")),
        fips: configured.is_on("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"),
        dual_stack: configured.is_on("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint"),
    };
    if let Some(Err(wrong)) = settings.proxy().map(|proxy| proxy.check()) {
        return Err(Failure::Setup(wrong));
    }
    if settings.endpoint_url.is_none() && settings.region.starts_with("us-gov-") {
        return Err(Failure::Setup(format!(
            "{} is an AWS GovCloud region, where CloudFront is not available. Use a commercial account's \
                profile, or --region \
                {REGION} if these keys belong to such an account",
            settings.region
        )));
    }
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
    let region = filled(options.region.as_deref())
        .or_else(|| environment.get("AWS_REGION"))
        .or_else(|| environment.get("AWS_DEFAULT_REGION"))
        .or_else(|| filled(profile.get("region")))
        .unwrap_or_else(|| REGION.to_owned());
    let region = region.trim();
    // The region becomes a label in a host name.
    if region.len() < 64 && region.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        Ok(region.to_owned())
    } else {
        Err(Failure::Setup(format!(
            "{} is not a valid region name; use one such as us-east-1",
            visible(&beginning(region))
        )))
    }
}

/// Returns the text, unless it is empty or blank.
fn filled(text: Option<&str>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty()).map(str::to_owned)
}

fn checked(url: &str) -> Result<String, Failure> {
    let wrong = |why: &str| {
        Failure::Setup(format!(
            "the endpoint URL {why}. Use a URL such as http://127.0.0.1:4566 in --endpoint-url or AWS_ENDPOINT_URL"
        ))
    };
    let url = url.trim();
    let shown = beginning(url);
    let shown = visible(&shown);
    let parsed = Url::parse(url).map_err(|error| wrong(&format!("{shown} cannot be parsed: {error}")))?;
    let is_web = matches!(parsed.scheme(), "http" | "https") && parsed.has_host();
    // A user name may come with a password, but the URL is shown on screen and stored in the ledger.
    if !parsed.username().is_empty() || parsed.password().is_some() {
        Err(wrong("must not contain a user name"))
    } else if !is_web {
        Err(wrong(&format!("{shown} is neither http nor https")))
    } else {
        as_requested(url).map_err(|why| wrong(&format!("{shown} {why}")))
    }
}

/// Checks that the URL can be requested as is, because the HTTP library is less tolerant than a browser.
fn as_requested(url: &str) -> Result<String, String> {
    if url.len() > LONGEST_URL {
        return Err(format!("has more than {LONGEST_URL} characters"));
    }
    let uri = http::Uri::try_from(url).map_err(|error| format!("cannot be requested: {error}"))?;
    let has_more = uri.query().is_some() || url.contains('#');
    match uri.host() {
        Some(_) if !has_more => Ok(url.to_owned()),
        Some(_) => Err("must not have a query or fragment".to_owned()),
        None => Err("has no host".to_owned()),
    }
}

/// Returns the beginning of the text, long enough to be recognized in a sentence.
fn beginning(text: &str) -> String {
    const ENOUGH: usize = 200;
    let mut begins: String = text.chars().take(ENOUGH).collect();
    if begins.len() < text.len() {
        begins.push('…');
    }
    begins
}

/// The settings from the variables and the profile. The variables take precedence.
struct Configured<'a> {
    environment: &'a Environment,
    profile: &'a ProfileSet,
}

impl Configured<'_> {
    /// Returns a setting as the AWS CLI reads it: from the variable, or else from the profile.
    fn text(&self, variable: &str, key: &str) -> Option<String> {
        let set = self.environment.get(variable);
        let set = set.or_else(|| self.profile.get(key).map(str::to_owned));
        set.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// Returns the endpoint configured for this service, or else for all services.
    fn url(&self, service: &'static str) -> Option<String> {
        if self.is_on("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls") {
            return None;
        }
        let url = EnvConfigValue::new().env("AWS_ENDPOINT_URL").profile("endpoint_url");
        let url = url
            .service_id(service)
            .load(self.environment.as_sdk(), Some(self.profile));
        filled(url.map(|(url, _)| url).as_deref())
    }

    fn is_on(&self, variable: &str, key: &str) -> bool {
        let value = EnvConfigValue::new().env(variable).profile(key);
        let value = value.load(self.environment.as_sdk(), Some(self.profile));
        value.is_some_and(|(value, _)| value.trim().eq_ignore_ascii_case("true"))
    }

    fn retries(&self) -> Result<RetryConfig, Failure> {
        let wrong = |name: &str, text: &str, next: &str| {
            let shown = beginning(text);
            Failure::Setup(format!("{name} is {}, {next}", visible(&shown)))
        };
        let mode = self.text("AWS_RETRY_MODE", "retry_mode").unwrap_or_default();
        let retries = match mode.to_ascii_lowercase().as_str() {
            "" | "standard" | "legacy" => RetryConfig::standard(),
            "adaptive" => RetryConfig::adaptive(),
            _ => {
                let next = "but must be standard, adaptive or legacy";
                return Err(wrong("AWS_RETRY_MODE, or retry_mode,", &mode, next));
            }
        };
        let Some(attempts) = self.text("AWS_MAX_ATTEMPTS", "max_attempts") else {
            return Ok(retries);
        };
        let number = attempts.parse().ok().filter(|number| *number > 0);
        let next = "but must be a number above 0";
        number
            .map(|number| retries.with_max_attempts(number))
            .ok_or_else(|| wrong("AWS_MAX_ATTEMPTS, or max_attempts,", &attempts, next))
    }
}

fn clash(url: &str, kind: &str, variable: &str, key: &str) -> Failure {
    Failure::Setup(format!(
        "{kind} endpoints are enabled ({variable}, or {key} in the profile) but are not available at {url}. Disable \
            them, or remove the endpoint URL"
    ))
}
