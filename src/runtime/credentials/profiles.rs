//! The profile files.

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use aws_config::profile::ProfileSet;
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_types::os_shim_internal::Fs;

use super::Environment;
use super::check::{self, Use};
use super::lineage::Lineage;
use crate::domain::failure::Failure;
use crate::domain::text::visible;

/// Of a profile file, in bytes: a thousand profiles need a hundredth of it.
const LONGEST: u64 = 16 * 1024 * 1024;

/// Which profile, and who says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// A person, for this run: keys in the environment do not count beside it.
    Named(String),
    /// A variable: keys in the environment come before it, as in every SDK.
    Variable(String),
    /// Nobody.
    Default,
}

impl Choice {
    /// Settles who is heard.
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

    /// The profile's name.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Named(name) | Self::Variable(name) => name,
            Self::Default => "default",
        }
    }
}

/// What a person does to get new keys for a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Login {
    /// `aws sso login`, for this profile.
    Sso(String),
    /// `aws login`, for this profile.
    Console(String),
    /// Neither is known to help.
    Other,
}

/// What of a profile ends in a request, and what it is for.
const VALUES: [(&str, Use); 15] = [
    ("aws_access_key_id", Use::KeyId),
    ("aws_secret_access_key", Use::Secret),
    ("aws_session_token", Use::Token),
    ("aws_account_id", Use::Value),
    ("role_arn", Use::Value),
    ("role_session_name", Use::Value),
    ("external_id", Use::Value),
    ("credential_source", Use::Value),
    ("web_identity_token_file", Use::Value),
    ("sso_session", Use::Value),
    ("sso_start_url", Use::Value),
    ("sso_region", Use::Value),
    ("sso_account_id", Use::Value),
    ("sso_role_name", Use::Value),
    ("login_session", Use::Value),
];

/// What the two files hold. They hold keys: there is no `Debug`.
pub(super) struct Profiles {
    contents: Vec<(EnvConfigFileKind, String)>,
    /// Where they were looked for.
    places: Vec<PathBuf>,
    all: ProfileSet,
    environment: Environment,
}

impl Profiles {
    /// Reads `~/.aws/config` and `~/.aws/credentials`, or the files that the variables name. One that is missing is empty.
    pub(super) async fn read(environment: &Environment) -> Result<Self, Failure> {
        let (mut contents, mut places) = (Vec::new(), Vec::new());
        for (kind, variable, name) in [
            (EnvConfigFileKind::Config, "AWS_CONFIG_FILE", "config"),
            (
                EnvConfigFileKind::Credentials,
                "AWS_SHARED_CREDENTIALS_FILE",
                "credentials",
            ),
        ] {
            let place = place(environment, variable, name);
            contents.push((kind, read_file(place.clone()).await?));
            places.push(place);
        }
        let all = parse(environment, &files(&contents), None)
            .await
            .map_err(|error| unparsable(&places, &error))?;
        Ok(Self {
            contents,
            places,
            all,
            environment: environment.clone(),
        })
    }

    /// Refuses a profile that was named and does not exist: what comes next in the chain could be another account.
    pub(super) fn check(&self, choice: &Choice) -> Result<(), Failure> {
        let next_step = match choice {
            Choice::Named(_) => "Name one of them",
            Choice::Variable(_) => "Set AWS_PROFILE to one of them",
            Choice::Default => return Ok(()),
        };
        if self.all.get_profile(choice.name()).is_some() {
            return Ok(());
        }
        Err(Failure::Credentials(self.missing(choice.name(), next_step)))
    }

    /// The files' view with this profile selected.
    pub(super) async fn select(&self, choice: &Choice) -> Result<ProfileSet, Failure> {
        let selected = parse(
            &self.environment,
            &files(&self.contents),
            Some(choice.name().to_owned()),
        )
        .await;
        selected.map_err(|error| unparsable(&self.places, &error))
    }

    /// How the profile, or the one it borrows its keys from, is logged in.
    pub(super) fn login(&self, choice: &Choice) -> Login {
        let lender = |name: &&str| {
            self.all
                .get_profile(name)
                .and_then(|profile| profile.get("source_profile"))
        };
        // A ring of profiles is no reason to go round for ever.
        let chain = std::iter::successors(Some(choice.name()), lender).take(8);
        let logins = chain
            .filter_map(|name| self.all.get_profile(name))
            .filter_map(|profile| {
                let has = |key| profile.get(key).is_some();
                match (has("sso_session") || has("sso_start_url"), has("login_session")) {
                    (true, _) => Some(Login::Sso(profile.name().to_owned())),
                    (false, true) => Some(Login::Console(profile.name().to_owned())),
                    (false, false) => None,
                }
            });
        logins.last().unwrap_or(Login::Other)
    }

    /// The names, sorted.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.all.profiles().map(str::to_owned).collect();
        names.sort();
        names
    }

    /// Refuses what cannot stand in a request, in the profile that was selected and in those that lend it keys.
    pub(super) fn check_values(&self, selected: &ProfileSet) -> Result<(), Failure> {
        let lineage = Lineage::of(selected, selected.selected_profile());
        for profile in lineage.iter().flat_map(Lineage::profiles) {
            for (key, use_) in VALUES {
                let value = profile.get(key).unwrap_or_default();
                check::value(value, use_).map_err(|wrong| {
                    let (name, places) = (visible(profile.name()), in_words(&self.places, " or "));
                    Failure::Credentials(format!("{key} of the profile {name} {wrong}. Correct it in {places}"))
                })?;
            }
        }
        Ok(())
    }

    /// The files, for the SDK's own provider.
    pub(super) fn files(&self) -> EnvConfigFiles {
        files(&self.contents)
    }

    /// The files, and what stands below them: it comes before what they say.
    pub(super) fn files_with(&self, more: &str) -> EnvConfigFiles {
        let below = (EnvConfigFileKind::Credentials, more.to_owned());
        files(&[self.contents.as_slice(), &[below]].concat())
    }

    fn missing(&self, name: &str, next_step: &str) -> String {
        let places = in_words(&self.places, " or ");
        let name = visible(name);
        let there = self
            .names()
            .iter()
            .map(|name| visible(name).into_owned())
            .collect::<Vec<_>>()
            .join(", ");
        if there.is_empty() {
            format!("there is no profile {name}, nor any other, in {places}. Run `aws configure`, or name none")
        } else {
            format!("there is no profile {name} in {places}. There is: {there}. {next_step}")
        }
    }
}

fn files(contents: &[(EnvConfigFileKind, String)]) -> EnvConfigFiles {
    let all = contents.iter().cloned();
    all.fold(EnvConfigFiles::builder(), |files, (kind, text)| {
        files.with_contents(kind, text)
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

fn place(environment: &Environment, variable: &str, name: &str) -> PathBuf {
    let home = environment.home().unwrap_or(Path::new(""));
    match environment.get(variable) {
        Some(path) => match path.strip_prefix("~/") {
            Some(below) => home.join(below),
            None => PathBuf::from(path),
        },
        None => home.join(".aws").join(name),
    }
}

async fn read_file(place: PathBuf) -> Result<String, Failure> {
    let cannot = |place: &Path, error: &dyn std::fmt::Display| {
        Failure::Setup(format!(
            "{} cannot be read: {error}. Make it readable, or name another file",
            place.display()
        ))
    };
    let read = tokio::task::spawn_blocking(move || {
        let contents = read_bounded(&place);
        (place, contents)
    });
    match read.await {
        Ok((_, Ok(contents))) => Ok(contents),
        Ok((_, Err(error))) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(String::new())
        }
        Ok((place, Err(error))) => Err(cannot(&place, &error)),
        Err(error) => Err(Failure::Setup(format!("the profile files cannot be read: {error}"))),
    }
}

/// The text of a file of a reasonable size; a variable may name anything.
fn read_bounded(place: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    File::open(place)?.take(LONGEST + 1).read_to_string(&mut text)?;
    if text.len() as u64 > LONGEST {
        let sentence = format!("it has more than {} MiB", LONGEST / 1024 / 1024);
        return Err(std::io::Error::new(ErrorKind::FileTooLarge, sentence));
    }
    Ok(text)
}

/// The parser tells the line and what is wrong with it, and never what stands in it.
fn unparsable(places: &[PathBuf], error: &aws_config::profile::ProfileFileLoadError) -> Failure {
    let cause = std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string);
    Failure::Setup(format!(
        "{} cannot be understood: {cause}. Correct the file",
        in_words(places, " or ")
    ))
}

fn in_words(places: &[PathBuf], between: &str) -> String {
    places
        .iter()
        .map(|place| place.display().to_string())
        .collect::<Vec<_>>()
        .join(between)
}
