//! Why settings could not be decided.

use std::io;
use std::path::PathBuf;

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
    #[error("{} line {line}: {reason}; the settings are explained in the commented file that ships with invalidash", visible(&path.to_string_lossy()))]
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
