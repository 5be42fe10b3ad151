//! Facts about the current credentials: where they come from, which profiles lead to them, and when they expire.

use std::path::PathBuf;

use aws_config::profile::{Profile as Section, ProfileSet};
use chrono::{DateTime, Utc};

use super::chain::ENVIRONMENT;
use super::lineage::Lineage;
use super::names;
use super::roster::{self, kind};
use super::{Connection, Environment, identity};
use crate::domain::profile::Kind;
use crate::engine::session::{KeyFacts, Who};

/// The source of the credentials. It contains no secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Source {
    words: String,
    /// The current profile, followed by its source profiles.
    chain: Vec<String>,
    /// How the credentials are renewed after they expire.
    renewal: Renewal,
}

/// How new credentials are obtained.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Renewal {
    /// New credentials are obtained automatically.
    #[default]
    Own,
    /// The user has to provide new credentials.
    Person,
    /// New credentials are obtained automatically while the user is logged in to the portal with this start URL.
    Portal(String, PathBuf),
}

impl Source {
    /// Creates the source for credentials in the environment.
    fn variables() -> Self {
        Self {
            words: "environment variables (AWS_ACCESS_KEY_ID)".to_owned(),
            chain: Vec::new(),
            renewal: Renewal::Person,
        }
    }

    /// Creates the source for a profile's credentials. `asks` is set if the profile's program prompts in the terminal.
    fn of_profile(selected: &ProfileSet, name: &str, environment: &Environment, asks: bool) -> Self {
        let Some(lineage) = Lineage::of(selected, name) else {
            return Self {
                words: outside(environment).to_owned(),
                chain: vec![names::decoded(name)],
                renewal: Renewal::Own,
            };
        };
        let base = lineage.base;
        Self {
            words: words(base, environment),
            chain: lineage.profiles().map(link).collect(),
            renewal: renewal(selected, &lineage, environment, asks),
        }
    }
}

/// Formats a profile in the chain with the role that it assumes.
fn link(section: &Section) -> String {
    let name = names::decoded(section.name());
    match section.get("role_arn") {
        Some(role) => format!("{name} (role {})", role.rsplit('/').next().unwrap_or(role)),
        None => name,
    }
}

fn words(base: &Section, environment: &Environment) -> String {
    match kind(base) {
        Kind::Keys => "keys in the AWS files".to_owned(),
        Kind::Sso => "IAM Identity Center (aws sso login)".to_owned(),
        Kind::Login => "console login (aws login)".to_owned(),
        Kind::Process => "credential_process".to_owned(),
        Kind::WebIdentity => "web identity token".to_owned(),
        Kind::Role => match base.get("credential_source") {
            Some(source) => format!("credential_source = {source}"),
            None => "role".to_owned(),
        },
        Kind::Nothing => outside(environment).to_owned(),
    }
}

/// Describes the source of credentials that are not from a profile.
fn outside(environment: &Environment) -> &'static str {
    let has = |name| environment.get(name).is_some();
    if has("AWS_WEB_IDENTITY_TOKEN_FILE") {
        "web identity token (AWS_WEB_IDENTITY_TOKEN_FILE)"
    } else if has("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") || has("AWS_CONTAINER_CREDENTIALS_FULL_URI") {
        "the container's credentials"
    } else {
        "the instance metadata service"
    }
}

fn renewal(selected: &ProfileSet, lineage: &Lineage<'_>, environment: &Environment, asks: bool) -> Renewal {
    if asks || lineage.roles.iter().any(|role| role.get("mfa_serial").is_some()) {
        return Renewal::Person;
    }
    match kind(lineage.base) {
        Kind::Keys if lineage.roles.is_empty() => Renewal::Person,
        Kind::Sso => portal(selected, lineage.base, environment).unwrap_or_default(),
        _ => Renewal::Own,
    }
}

fn portal(selected: &ProfileSet, base: &Section, environment: &Environment) -> Option<Renewal> {
    let session = base.get("sso_session").and_then(|name| selected.sso_session(name));
    let own = || base.get("sso_start_url");
    let start = session.and_then(|session| session.get("sso_start_url")).or_else(own)?;
    Some(Renewal::Portal(start.to_owned(), environment.home()?.to_owned()))
}

impl Connection {
    /// Returns where the credentials come from and when they expire. If `asks` is set, also queries STS for the
    /// identity, which can take several seconds.
    pub async fn who(&self, asks: bool) -> Who {
        let identity = if asks && self.may_ask_sts() {
            identity::caller(self).await
        } else {
            None
        };
        let (account, arn) = identity.unwrap_or_default();
        Who {
            keys: self.facts().await,
            account,
            arn,
        }
    }

    fn source(&self) -> Source {
        match &self.origin {
            Some(_) if self.profile == ENVIRONMENT => Source::variables(),
            Some(origin) => Source::of_profile(&origin.selected, &origin.name, &origin.environment, origin.asks),
            None => Source::default(),
        }
    }

    async fn facts(&self) -> KeyFacts {
        let (expire, source) = (self.keys.expiry(), self.source());
        KeyFacts {
            login_ends: self.login_ends(&source.renewal, expire).await,
            source: source.words,
            chain: source.chain,
            region: self.region().to_owned(),
            expire,
            command: self.login_command().map(|words| words.join(" ")),
        }
    }

    /// Returns when the user has to log in again. Credentials from a portal remain valid for some time after its login
    /// has expired.
    async fn login_ends(&self, renewal: &Renewal, expire: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
        match renewal {
            Renewal::Own => None,
            Renewal::Person => expire,
            Renewal::Portal(start, home) => {
                let (start, home) = (start.clone(), home.clone());
                let ends = tokio::task::spawn_blocking(move || roster::login_ends(&home, &start)).await;
                let ends = ends.ok().flatten()?;
                Some(expire.map_or(ends, |expire| expire.max(ends)))
            }
        }
    }
}
