//! Connects to CloudFront according to the settings.

use super::error::Error;
use crate::domain::failure::Failure;
use crate::runtime::child::Terminal;
use crate::runtime::credentials::{Connection, Environment, Options};
use crate::runtime::waits::Waits;
use crate::runtime::{demo, start};
use crate::settings::Settings;

/// Connects to CloudFront or, with `--demo`, to an embedded emulator.
pub(super) async fn connect(settings: &Settings) -> Result<Connection, Error> {
    if settings.demo {
        let url = demo::begin().map_err(Error::Start)?;
        return Ok(Connection::demo(&url));
    }
    lookup(settings).await.map_err(Error::from)
}

/// Returns profile, region and endpoint as they would be used. Reads the profile files, but loads no credentials and
/// sends no requests.
pub(super) async fn lookup(settings: &Settings) -> Result<Connection, Failure> {
    let options = Options {
        profile: settings.profile.clone(),
        region: settings.region.clone(),
        endpoint_url: settings.endpoint_url.clone(),
        terminal: Terminal::Shared,
        interactive: start::interactive(settings),
        code: None,
        waits: Waits::default(),
    };
    Connection::load(&options, &Environment::of_process()).await
}
