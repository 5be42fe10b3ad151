//! Detects whether the credential files have been written, with a number that is cheap to determine and compare.

use std::collections::hash_map::DefaultHasher;
use std::fs::{self, Metadata};
use std::hash::{Hash, Hasher as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::environment::Environment;
use super::files;

/// The folders in the home folder where the AWS CLI caches logins and assumed roles.
const CACHES: [&str; 3] = [".aws/sso/cache", ".aws/login/cache", ".aws/cli/cache"];

/// Returns a number that changes whenever a profile file or login cache is written. Does not read the contents of these
/// files. Blocks the thread.
pub(super) fn of(environment: &Environment) -> u64 {
    let mut hasher = DefaultHasher::new();
    for path in files::places(environment) {
        stamp(&path, fs::metadata(&path).ok()).hash(&mut hasher);
    }
    for folder in caches(environment) {
        stamps_in(&folder).hash(&mut hasher);
    }
    hasher.finish()
}

fn caches(environment: &Environment) -> impl Iterator<Item = PathBuf> {
    let home = environment.home().unwrap_or(Path::new("")).to_owned();
    let named = environment.get("AWS_LOGIN_CACHE_DIRECTORY").map(PathBuf::from);
    CACHES.into_iter().map(move |cache| home.join(cache)).chain(named)
}

type Stamp = (PathBuf, Option<(u64, u64, i64, i64)>);

fn stamp(path: &Path, facts: Option<Metadata>) -> Stamp {
    let facts = facts.map(|facts| (facts.ino(), facts.len(), facts.mtime(), facts.mtime_nsec()));
    (path.to_owned(), facts)
}

fn stamps_in(folder: &Path) -> Vec<Stamp> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let logins = entries.filter(|entry| entry.path().extension().is_some_and(|ending| ending == "json"));
    let mut stamps: Vec<_> = logins
        .map(|entry| stamp(&entry.path(), entry.metadata().ok()))
        .collect();
    stamps.sort_unstable();
    stamps
}
