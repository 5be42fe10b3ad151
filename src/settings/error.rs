//! Errors in the settings.

use std::io;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use crate::domain::text::visible;

/// An error in the settings. Each message names the cause and the next step.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The configuration file cannot be read.
    #[error("cannot read the configuration file {}: {source}; check its name and permissions, or omit --config", visible(&path.to_string_lossy()))]
    Unreadable {
        /// The file's path.
        path: PathBuf,
        /// The reason reported by the system.
        source: io::Error,
    },
    /// The configuration file is invalid.
    #[error("{} line {line}: {reason}; `invalidash config` prints a file that explains the settings", visible(&path.to_string_lossy()))]
    Wrong {
        /// The file's path.
        path: PathBuf,
        /// The line number, counted from 1.
        line: usize,
        /// The key, what is wrong with its value, and which values are allowed.
        reason: String,
    },
    /// The endpoint is not a URL.
    #[error(
        "the endpoint {:?} is not a URL; use the form http://127.0.0.1:4555 or https://host",
        visible(value)
    )]
    Endpoint {
        /// The invalid endpoint.
        value: String,
    },
    /// The endpoint contains a user name or password, which the message does not repeat.
    #[error("the endpoint URL contains a user name or password. Remove them: requests are signed with AWS credentials")]
    SecretInEndpoint,
    /// There is no home folder, and the `XDG_*` variables are not set.
    #[error("cannot find a home folder; set HOME, or XDG_CONFIG_HOME and XDG_STATE_HOME")]
    NoHome,
}

impl Error {
    /// Returns the error with the line of the configuration file that caused it.
    pub(super) fn in_file(self, path: &Path) -> Self {
        let reason = match &self {
            Self::Endpoint { .. } => "`endpoint_url` is not a URL; use the form http://127.0.0.1:4555 or https://host",
            Self::SecretInEndpoint => "`endpoint_url` contains a user name or password; remove them",
            Self::Unreadable { .. } | Self::Wrong { .. } | Self::NoHome => return self,
        };
        Self::Wrong {
            path: path.to_owned(),
            line: line_of(&std::fs::read_to_string(path).unwrap_or_default(), &["endpoint_url"]).unwrap_or(1),
            reason: reason.to_owned(),
        }
    }
}

/// Returns the line that sets a key, counted from 1. The last name of `path` is the key, and the names before it are
/// the tables that contain it. `None` if there is no such key, or the text is not valid TOML.
#[must_use]
pub fn line_of(text: &str, path: &[&str]) -> Option<usize> {
    let document = DeTable::parse(text).ok()?;
    let (key, tables) = path.split_last()?;
    let mut table = document.get_ref();
    for name in tables {
        table = entry(table, name)?.1.get_ref().as_table()?;
    }
    let before = text.get(..entry(table, key)?.0.span().start)?;
    Some(before.matches('\n').count() + 1)
}

fn entry<'a, 'i>(table: &'a DeTable<'i>, name: &str) -> Option<(&'a Spanned<DeString<'i>>, &'a Spanned<DeValue<'i>>)> {
    table.iter().find(|(key, _)| key.get_ref() == name)
}
