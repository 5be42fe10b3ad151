//! Where configuration and state lie.

use std::path::PathBuf;

use directories::ProjectDirs;

use super::{Environment, Error};

/// The folder of the configuration file.
pub(super) fn config(environment: Environment) -> Result<PathBuf, Error> {
    xdg(environment, "XDG_CONFIG_HOME").map_or_else(|| Ok(platform()?.config_dir().to_owned()), Ok)
}

/// The folder of ledger and log. macOS has no folder for state: its data folder takes it.
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

/// The variables hold everywhere, on macOS too; a relative one is to be ignored, as their specification says.
fn xdg(environment: Environment, name: &str) -> Option<PathBuf> {
    let folder = PathBuf::from(environment(name)?);
    folder.is_absolute().then(|| folder.join("invalidash"))
}

fn platform() -> Result<ProjectDirs, Error> {
    ProjectDirs::from("", "", "invalidash").ok_or(Error::NoHome)
}
