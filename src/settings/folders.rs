//! Locates the folders for configuration and state.

use std::path::PathBuf;

use directories::ProjectDirs;

use super::{Environment, Error};

/// Returns the folder of the configuration file.
pub(super) fn config(environment: Environment) -> Result<PathBuf, Error> {
    xdg(environment, "XDG_CONFIG_HOME").map_or_else(|| Ok(platform()?.config_dir().to_owned()), Ok)
}

/// Returns the folder for the ledger and the log. macOS has no folder for state, so its data folder is used.
pub(super) fn state(environment: Environment) -> Result<PathBuf, Error> {
    xdg(environment, "XDG_STATE_HOME").map_or_else(
        || {
            let platform = platform()?;
            Ok(platform
                .state_dir()
                .unwrap_or_else(|| platform.data_local_dir())
                .to_owned())
        },
        Ok,
    )
}

/// Returns the folder from an XDG variable. These variables apply on every system, including macOS; their specification
/// says to ignore relative paths.
fn xdg(environment: Environment, name: &str) -> Option<PathBuf> {
    let folder = PathBuf::from(environment(name)?);
    folder.is_absolute().then(|| folder.join("invalidash"))
}

fn platform() -> Result<ProjectDirs, Error> {
    ProjectDirs::from("", "", "invalidash").ok_or(Error::NoHome)
}
