//! The async runtime of the commands that need one.

use super::error::Error;

/// Creates the async runtime for commands that wait for several things at once.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, Error> {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().build().map_err(Error::Start)
}
