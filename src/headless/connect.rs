//! Connects to CloudFront according to the settings.

use super::error::Error;
use super::mfa;
use crate::domain::failure::Failure;
use crate::domain::mfa::MfaCode;
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
    let connection = lookup(settings).await?;
    Box::pin(mfa::with_code(connection, settings)).await
}

/// Returns a connection with the profile, region and endpoint that would be used. Reads the profile files, but loads no
/// credentials and sends no requests.
pub(super) async fn lookup(settings: &Settings) -> Result<Connection, Failure> {
    lookup_with(settings, None).await
}

/// Returns the same connection as [`lookup`], but with a code from an MFA device.
pub(super) async fn lookup_with(settings: &Settings, code: Option<MfaCode>) -> Result<Connection, Failure> {
    let options = Options {
        code,
        ..start::options(settings, Terminal::Shared, Waits::default())
    };
    Connection::load(&options, &Environment::of_process()).await
}
