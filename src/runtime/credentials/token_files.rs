//! The files of tokens and logins that the SDK reads: looked at before it does, since it reads them whole, whatever they
//! are, and as often as keys are needed. What is wrong is told, never what stands in them.

use std::fs::{self, File};
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use aws_config::profile::Profile;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};

use super::Environment;
use super::check::{self, Use};
use super::lineage::Lineage;

/// Of a file, in bytes: AWS takes tokens of 20,000 characters, and a login is a document of a few KiB.
const LONGEST: u64 = 1024 * 1024;

/// The variable with the file of a web identity.
pub(super) const WEB_IDENTITY: &str = "AWS_WEB_IDENTITY_TOKEN_FILE";

/// The variable with the file of a container's authorization.
pub(super) const CONTAINER: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";

/// Files that a source of keys reads.
#[derive(Clone, Debug, Default)]
pub(super) struct TokenFiles {
    /// Each holds a token and nothing else.
    tokens: Vec<PathBuf>,
    /// Folders of logins. Their files are named by a hash, and any of them may be the one.
    logins: Vec<PathBuf>,
}

impl TokenFiles {
    /// The file that a variable names.
    pub(super) fn of_variable(name: &str, environment: &Environment) -> Self {
        Self {
            tokens: environment.get(name).map(PathBuf::from).into_iter().collect(),
            ..Self::default()
        }
    }

    /// Those of a profile and of its lenders.
    pub(super) fn of_profile(lineage: &Lineage<'_>, environment: &Environment) -> Self {
        let mut files = Self::default();
        for profile in lineage.profiles() {
            files.add(profile, environment);
        }
        files
    }

    fn add(&mut self, profile: &Profile, environment: &Environment) {
        let has = |key: &str| profile.get(key).is_some();
        let home = environment.home().unwrap_or(Path::new(""));
        self.tokens
            .extend(profile.get("web_identity_token_file").map(PathBuf::from));
        if profile.get("credential_source") == Some("EcsContainer") {
            self.tokens.extend(environment.get(CONTAINER).map(PathBuf::from));
        }
        if has("sso_session") || has("sso_start_url") {
            self.logins.push(home.join(".aws/sso/cache"));
        }
        if has("login_session") {
            let named = environment.get("AWS_LOGIN_CACHE_DIRECTORY").map(PathBuf::from);
            self.logins.push(named.unwrap_or_else(|| home.join(".aws/login/cache")));
        }
    }

    /// Looks at all of them. Blocks.
    fn check(&self) -> Result<(), String> {
        self.tokens.iter().try_for_each(|path| check_token(path))?;
        self.logins.iter().try_for_each(|folder| check_logins(folder))
    }
}

/// A missing file is the SDK's to tell: it knows what it is for.
fn check_token(path: &Path) -> Result<(), String> {
    if !exists(path)? {
        return Ok(());
    }
    let shown = path.display();
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(LONGEST).read_to_string(&mut text));
    read.map_err(|error| match error.kind() {
        ErrorKind::InvalidData => format!("the token in {shown} is not text"),
        _ => format!("{shown} cannot be read: {error}"),
    })?;
    // A line break behind it is what editors leave.
    check::value(text.trim_end(), Use::Token).map_err(|wrong| format!("the token in {shown} {wrong}"))
}

fn check_logins(folder: &Path) -> Result<(), String> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(());
    };
    let paths = entries.flatten().map(|entry| entry.path());
    let mut logins = paths.filter(|path| path.extension().is_some_and(|ending| ending == "json"));
    logins.try_for_each(|path| exists(&path).map(drop))
}

/// Whether a file is there. It is one, and not too long.
fn exists(path: &Path) -> Result<bool, String> {
    let shown = path.display();
    match fs::metadata(path) {
        // A pipe or a device may never end.
        Ok(facts) if !facts.is_file() => Err(format!("{shown} is not a regular file")),
        Ok(facts) if facts.len() > LONGEST => Err(format!("{shown} has more than {} KiB", LONGEST / 1024)),
        Ok(_) => Ok(true),
        Err(_) => Ok(false),
    }
}

/// A source of keys whose files are looked at whenever it is asked.
#[derive(Debug)]
pub(super) struct WithFiles {
    source: SharedCredentialsProvider,
    files: TokenFiles,
}

impl WithFiles {
    pub(super) fn new(source: impl ProvideCredentials + 'static, files: TokenFiles) -> Self {
        Self {
            source: SharedCredentialsProvider::new(source),
            files,
        }
    }
}

impl ProvideCredentials for WithFiles {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let files = self.files.clone();
        future::ProvideCredentials::new(async move {
            let looked = tokio::task::spawn_blocking(move || files.check()).await;
            looked
                .unwrap_or_else(|error| Err(error.to_string()))
                .map_err(CredentialsError::invalid_configuration)?;
            self.source.provide_credentials().await
        })
    }
}
