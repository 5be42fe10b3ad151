//! Why settings could not be decided.

use std::io;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use crate::domain::text::visible;

/// Why settings could not be decided. Each sentence names the cause and the next step.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The configuration file cannot be read.
    #[error("cannot read the configuration file {}: {source}; check its name and rights, or leave --config out", visible(&path.to_string_lossy()))]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The configuration file is not what it should be.
    #[error("{} line {line}: {reason}; `invalidash config` prints a file that explains the settings", visible(&path.to_string_lossy()))]
    Wrong {
        /// Which file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// The key, what is wrong with it, and what is allowed.
        reason: String,
    },
    /// An endpoint that is no URL.
    #[error(
        "the endpoint {:?} is not a URL; write it as http://127.0.0.1:4555 or https://host",
        visible(value)
    )]
    Endpoint {
        /// What was given.
        value: String,
    },
    /// An endpoint with a user's name or password in it, which is not repeated here.
    #[error("the endpoint URL holds a user name or password; leave them out, requests are signed with AWS credentials")]
    SecretInEndpoint,
    /// No home folder and no `XDG_*` variable.
    #[error("no home folder is known; set HOME, or XDG_CONFIG_HOME and XDG_STATE_HOME")]
    NoHome,
}

impl Error {
    /// The same with the line of the file that it comes from.
    pub(super) fn in_file(self, path: &Path) -> Self {
        let reason = match &self {
            Self::Endpoint { .. } => {
                "`endpoint_url`: this is not a URL; write it as http://127.0.0.1:4555 or https://host"
            }
            Self::SecretInEndpoint => "`endpoint_url`: it holds a user name or password; leave them out",
            Self::Unreadable { .. } | Self::Wrong { .. } | Self::NoHome => return self,
        };
        Self::Wrong {
            path: path.to_owned(),
            line: line_of(&std::fs::read_to_string(path).unwrap_or_default(), &["endpoint_url"]).unwrap_or(1),
            reason: reason.to_owned(),
        }
    }
}

/// The line that sets a key, counted from 1: the key of this name in the table that the names before it lead to. Nothing where
/// there is no such key, or the text is no TOML.
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
