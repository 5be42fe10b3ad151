//! The distributions that were listed last, kept beside the ledger for those who complete names: a file that may be lost.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::trust::{self, WRITABLE_BY_OTHERS};
use super::whole_file::Draft;
use crate::domain::distribution::Distribution;
use crate::domain::submission::Scope;

const NAME: &str = "targets.json";

/// An account with the most distributions has less.
const LONGEST: u64 = 16 * 1024 * 1024;

/// A list as it was read last with these credentials.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Listed {
    profile: String,
    endpoint: String,
    targets: Vec<KnownTarget>,
}

/// What a distribution may be called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KnownTarget {
    /// Its id.
    pub(crate) id: String,
    /// Its aliases, then its domain name.
    pub(crate) names: Vec<String>,
    /// What its owner says of it.
    pub(crate) comment: String,
}

/// Keeps the whole list of these credentials. A disk that takes no file is no failure: names are then completed from the ledger.
pub(crate) fn keep(folder: &Path, scope: &Scope, all: &[Distribution]) {
    let targets = all.iter().map(|one| KnownTarget {
        id: one.id.to_string(),
        names: one.aliases.iter().chain([&one.domain_name]).cloned().collect(),
        comment: one.comment.clone(),
    });
    let fresh = Listed {
        profile: scope.profile.clone(),
        endpoint: scope.endpoint.clone(),
        targets: targets.collect(),
    };
    let mut lists = read(folder);
    if lists.contains(&fresh) {
        return;
    }
    lists.retain(|old| (&old.profile, &old.endpoint) != (&fresh.profile, &fresh.endpoint));
    lists.insert(0, fresh);
    if let Ok(text) = serde_json::to_string(&lists) {
        let written = Draft::begin(&folder.join(NAME)).and_then(|mut draft| {
            draft.write(&text)?;
            draft.put()
        });
        if let Err(error) = written {
            tracing::debug!("the list of names is not kept: {error}");
        }
    }
}

/// All targets that were listed, the newest list first.
pub(crate) fn all(folder: &Path) -> Vec<KnownTarget> {
    read(folder).into_iter().flat_map(|list| list.targets).collect()
}

fn read(folder: &Path) -> Vec<Listed> {
    let mut bytes = Vec::new();
    let file = File::open(folder.join(NAME)).and_then(|file| {
        let metadata = file.metadata()?;
        file.take(LONGEST).read_to_end(&mut bytes)?;
        Ok(metadata)
    });
    let is_ours = file.is_ok_and(|metadata| metadata.is_file() && trust::check(&metadata, WRITABLE_BY_OTHERS).is_ok());
    let lists = is_ours.then(|| serde_json::from_slice(&bytes).ok()).flatten();
    lists.unwrap_or_default()
}
