//! The profiles from the two AWS files, and which one is chosen.

use std::path::Path;

use aws_config::profile::{Profile, ProfileSet};
use aws_runtime::env_config::file::EnvConfigFiles;
use aws_types::os_shim_internal::Fs;

use super::check::{self, Use};
use super::device::Portal;
use super::environment::Environment;
use super::files::ProfileFile;
use super::lineage::Lineage;
use super::names;
use crate::domain::failure::Failure;
use crate::domain::text::visible;

/// The chosen profile, and how it was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// Chosen by the user, for this run. Credentials in the environment are then ignored.
    Named(String),
    /// Chosen by a variable. Credentials in the environment take precedence, as in every SDK.
    Variable(String),
    /// Chosen by default, because neither the user nor a variable names a profile.
    Default,
}

impl Choice {
    /// Determines the choice.
    pub(super) fn of(named: Option<&str>, environment: &Environment) -> Self {
        let variable = || {
            environment
                .get("AWS_PROFILE")
                .or_else(|| environment.get("AWS_DEFAULT_PROFILE"))
        };
        match named.filter(|name| !name.trim().is_empty()) {
            Some(name) => Self::Named(name.to_owned()),
            None => variable().map_or(Self::Default, Self::Variable),
        }
    }

    /// Returns the profile's name.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Named(name) | Self::Variable(name) => name,
            Self::Default => "default",
        }
    }
}

/// How the user obtains new credentials for a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Login {
    /// The user runs `aws sso login` for this profile, or logs in with a browser.
    Sso {
        /// The profile.
        profile: String,
        /// The portal for the login, or what is missing to determine it.
        portal: Result<Portal, String>,
    },
    /// The program that prints the credentials may prompt in the terminal.
    Process,
    /// The user runs `aws login` for this profile.
    Console(String),
    /// No login is known to help.
    Other,
}

/// The profile keys whose values become part of a request, with the use of each value.
const VALUES: [(&str, Use); 16] = [
    ("aws_access_key_id", Use::KeyId),
    ("aws_secret_access_key", Use::Secret),
    ("aws_session_token", Use::Token),
    ("aws_account_id", Use::Value),
    ("role_arn", Use::Value),
    ("role_session_name", Use::Value),
    ("external_id", Use::Value),
    ("mfa_serial", Use::Value),
    ("credential_source", Use::Value),
    ("web_identity_token_file", Use::Value),
    ("sso_session", Use::Value),
    ("sso_start_url", Use::Value),
    ("sso_region", Use::Value),
    ("sso_account_id", Use::Value),
    ("sso_role_name", Use::Value),
    ("login_session", Use::Value),
];

/// The contents of the two files. They include credentials, so there is no `Debug`.
pub(super) struct Profiles {
    files: Vec<ProfileFile>,
    all: ProfileSet,
    environment: Environment,
}

impl Profiles {
    /// Reads `~/.aws/config` and `~/.aws/credentials`, or the files that the variables specify. Damage is reported only
    /// when the damaged part is needed.
    pub(super) async fn read(environment: &Environment) -> Result<Self, Failure> {
        let variables = environment.clone();
        let files = tokio::task::spawn_blocking(move || ProfileFile::read_all(&variables)).await;
        let files = files.map_err(|error| Failure::Setup(format!("the profile files cannot be read: {error}")))?;
        let all = parse(environment, &sdk_files(&files), None)
            .await
            .map_err(|error| unparsable(&files, &error))?;
        Ok(Self {
            files,
            all,
            environment: environment.clone(),
        })
    }

    /// Rejects a named profile that does not exist, because the next source in the chain could be for another account.
    pub(super) fn check(&self, choice: &Choice) -> Result<(), Failure> {
        let next_step = match choice {
            Choice::Named(_) => "Use one of them",
            Choice::Variable(_) => "Set AWS_PROFILE to one of them",
            Choice::Default => return Ok(()),
        };
        if self.get(choice.name()).is_some() {
            return Ok(());
        }
        // The profile may be in the part that cannot be read.
        match self.trouble() {
            Some(trouble) => Err(Failure::Setup(trouble)),
            None => Err(Failure::Credentials(self.missing(choice.name(), next_step))),
        }
    }

    /// Describes the mistakes that affect a whole file or are outside of every profile.
    pub(super) fn trouble(&self) -> Option<String> {
        let troubles: Vec<_> = self.files.iter().filter_map(|file| file.trouble.clone()).collect();
        (!troubles.is_empty()).then(|| troubles.join("; "))
    }

    /// Rejects a profile if it or one of its source profiles cannot be read in full, because half a profile could
    /// lead to another account.
    pub(super) fn check_whole(&self, selected: &ProfileSet) -> Result<(), Failure> {
        let lineage = Lineage::of(selected, selected.selected_profile());
        let mut lenders = lineage.iter().flat_map(Lineage::profiles);
        let damage = lenders.find_map(|profile| self.damage_of(&names::decoded(profile.name())));
        damage.map_or(Ok(()), |damage| Err(Failure::Setup(damage)))
    }

    fn damage_of(&self, name: &str) -> Option<String> {
        let damage = self.files.iter().find_map(|file| file.damage_of(name))?;
        Some(format!("profile {} cannot be used: {damage}", visible(name)))
    }

    /// Describes a profile's damage briefly, for a table.
    pub(super) fn short_damage_of(&self, name: &str) -> Option<String> {
        self.files.iter().find_map(|file| file.short_damage_of(name))
    }

    /// Returns the profiles, with names in the SDK's form.
    pub(super) fn all(&self) -> &ProfileSet {
        &self.all
    }

    /// Returns the environment variables that were used to find the files.
    pub(super) fn environment(&self) -> &Environment {
        &self.environment
    }

    /// Returns the home folder.
    pub(super) fn home(&self) -> Option<&Path> {
        self.environment.home()
    }

    /// Returns a profile by name, as the user wrote it.
    pub(super) fn get(&self, name: &str) -> Option<&Profile> {
        self.all.get_profile(&names::encoded(name))
    }

    /// Parses the files with this profile selected.
    pub(super) async fn select(&self, choice: &Choice) -> Result<ProfileSet, Failure> {
        let selected = parse(&self.environment, &self.files(), Some(names::encoded(choice.name()))).await;
        selected.map_err(|error| unparsable(&self.files, &error))
    }

    /// Returns the MFA device of the chosen profile, or of the nearest source profile that has one.
    pub(super) fn device(&self, choice: &Choice) -> Option<String> {
        let lineage = Lineage::of(&self.all, &names::encoded(choice.name()))?;
        lineage.devices().next().map(str::to_owned)
    }

    /// Returns how to log in to the profile, or to its source profile.
    pub(super) fn login(&self, choice: &Choice) -> Login {
        let lender = |name: &&str| {
            self.all
                .get_profile(name)
                .and_then(|profile| profile.get("source_profile"))
        };
        let chosen = names::encoded(choice.name());
        // The limit prevents an endless loop in a cycle of profiles.
        let chain = std::iter::successors(Some(chosen.as_str()), lender).take(8);
        let logins = chain
            .filter_map(|name| self.all.get_profile(name))
            .filter_map(|profile| {
                let has = |key| profile.get(key).is_some();
                match (has("sso_session") || has("sso_start_url"), has("login_session")) {
                    (true, _) => Some(Login::Sso {
                        profile: names::decoded(profile.name()),
                        portal: Portal::of(profile, &self.all),
                    }),
                    (false, true) => Some(Login::Console(names::decoded(profile.name()))),
                    (false, false) if has("credential_process") => Some(Login::Process),
                    (false, false) => None,
                }
            });
        logins.last().unwrap_or(Login::Other)
    }

    /// Returns the names, sorted.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.all.profiles().map(names::decoded).collect();
        names.sort();
        names
    }

    /// Rejects values in the selected profile and its source profiles that cannot be part of a request.
    pub(super) fn check_values(&self, selected: &ProfileSet) -> Result<(), Failure> {
        let lineage = Lineage::of(selected, selected.selected_profile());
        for profile in lineage.iter().flat_map(Lineage::profiles) {
            for (key, use_) in VALUES {
                let value = profile.get(key).unwrap_or_default();
                check::value(value, use_).map_err(|wrong| {
                    let name = names::decoded(profile.name());
                    let (name, places) = (visible(&name), in_words(&self.files, " or "));
                    Failure::Credentials(format!("{key} of profile {name} {wrong}. Correct it in {places}"))
                })?;
            }
        }
        Ok(())
    }

    /// Returns the files, for the SDK's own provider.
    pub(super) fn files(&self) -> EnvConfigFiles {
        sdk_files(&self.files)
    }

    fn missing(&self, name: &str, next_step: &str) -> String {
        let places = in_words(&self.files, " or ");
        let name = visible(name);
        let there = self
            .names()
            .iter()
            .map(|name| visible(name).into_owned())
            .collect::<Vec<_>>()
            .join(", ");
        if there.is_empty() {
            format!(
                "profile {name} not found: there are no profiles in {places}. Run `aws configure`, or omit \
                the profile"
            )
        } else {
            format!("profile {name} not found in {places}. Available: {there}. {next_step}")
        }
    }
}

fn sdk_files(files: &[ProfileFile]) -> EnvConfigFiles {
    files
        .iter()
        .fold(EnvConfigFiles::builder(), |all, file| {
            all.with_contents(file.kind, file.text.clone())
        })
        .build()
}

async fn parse(
    environment: &Environment,
    files: &EnvConfigFiles,
    name: Option<String>,
) -> Result<ProfileSet, aws_config::profile::ProfileFileLoadError> {
    aws_config::profile::load(&Fs::real(), environment.as_sdk(), files, name.map(Into::into)).await
}

/// Returns the failure for a file that cannot be parsed. The parser reports the line and the mistake, but never the
/// contents.
fn unparsable(files: &[ProfileFile], error: &aws_config::profile::ProfileFileLoadError) -> Failure {
    let cause = std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string);
    Failure::Setup(format!(
        "{} cannot be parsed: {cause}. Correct the file",
        in_words(files, " or ")
    ))
}

fn in_words(files: &[ProfileFile], between: &str) -> String {
    files
        .iter()
        .map(|file| file.path.display().to_string())
        .collect::<Vec<_>>()
        .join(between)
}
