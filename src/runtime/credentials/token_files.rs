//! Checks token and login files before the SDK reads them, because the SDK reads each file in full, whatever it
//! contains, whenever it needs credentials. Messages describe the problem but never quote the file.

use std::fs::{self, File};
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use aws_config::profile::Profile;

use super::check::{self, Use};
use super::environment::Environment;
use super::lineage::Lineage;

/// The maximum size of a file, in bytes. AWS accepts tokens of up to 20,000 characters, and a login file is only a few
/// KiB.
const LONGEST: u64 = 1024 * 1024;

/// The environment variable that names the web identity token file.
pub(super) const WEB_IDENTITY: &str = "AWS_WEB_IDENTITY_TOKEN_FILE";

/// The environment variable that names a container's authorization token file.
pub(super) const CONTAINER: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";

/// The files that a credential source reads.
#[derive(Clone, Debug, Default)]
pub(super) struct TokenFiles {
    /// The files that contain only a token.
    tokens: Vec<PathBuf>,
    /// The folders of login files. The file names are hashes, so the SDK may read any of them.
    logins: Vec<PathBuf>,
}

impl TokenFiles {
    /// Returns the token file that an environment variable names.
    pub(super) fn of_variable(name: &str, environment: &Environment) -> Self {
        Self {
            tokens: environment.get(name).map(PathBuf::from).into_iter().collect(),
            ..Self::default()
        }
    }

    /// Returns the files of a profile and its source profiles.
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
            self.logins.push(login_folder(environment));
        }
    }

    /// Checks all files. This call blocks.
    pub(super) fn check(&self) -> Result<(), String> {
        self.tokens.iter().try_for_each(|path| check_token(path))?;
        self.logins.iter().try_for_each(|folder| check_logins(folder))
    }
}

/// Returns the folder where the AWS CLI caches console logins.
pub(super) fn login_folder(environment: &Environment) -> PathBuf {
    let named = environment.get("AWS_LOGIN_CACHE_DIRECTORY").map(PathBuf::from);
    named.unwrap_or_else(|| environment.home().unwrap_or(Path::new("")).join(".aws/login/cache"))
}

/// Checks a token file. The SDK reports a missing file, because it knows what the file is for.
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
    // Editors add a trailing newline.
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

/// Returns whether a file exists, and checks that it is a regular file of acceptable size.
fn exists(path: &Path) -> Result<bool, String> {
    let shown = path.display();
    match fs::metadata(path) {
        // Reading a pipe or a device may never finish.
        Ok(facts) if !facts.is_file() => Err(format!("{shown} is not a regular file")),
        Ok(facts) if facts.len() > LONGEST => Err(format!("{shown} is larger than {} KiB", LONGEST / 1024)),
        Ok(_) => Ok(true),
        Err(_) => Ok(false),
    }
}
