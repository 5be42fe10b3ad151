//! `info`: prints file locations and the settings in use. Loads no credentials and sends no requests.

use std::path::PathBuf;

use serde::Serialize;

use super::connect::lookup;
use super::error::Error;
use super::table::Table;
use super::{output, signal};
use crate::cli::Output;
use crate::domain::failure::Failure;
use crate::settings::{LogLevel, Settings, ThemeName};

/// Prints everything that could be determined. If the profile is unusable, the command fails afterwards.
pub(super) fn run(form: Output, settings: &Settings) -> Result<u8, Error> {
    signal::until_signal(async {
        let (connection, failure) = match Way::of(settings).await {
            Ok(way) => (Some(way), None),
            Err(failure) => (None, Some(failure)),
        };
        let document = Document::of(settings, connection, failure.as_ref());
        let table = table(&document);
        output::print_as(form, &document, || table.tabbed(), || table.render(None))?;
        failure.map_or(Ok(0), |failure| Err(failure.into()))
    })
}

/// The profile, region and endpoint that requests would use.
#[derive(Serialize)]
struct Way {
    profile: String,
    region: String,
    endpoint: String,
}

impl Way {
    async fn of(settings: &Settings) -> Result<Self, Failure> {
        if settings.demo {
            let words = ["demo", "us-east-1", "the embedded emulator"].map(str::to_owned);
            let [profile, region, endpoint] = words;
            return Ok(Self {
                profile,
                region,
                endpoint,
            });
        }
        let connection = lookup(settings).await?;
        let scope = connection.scope();
        Ok(Self {
            profile: scope.profile,
            region: connection.region().to_owned(),
            endpoint: scope.endpoint,
        })
    }
}

/// The `--output json` document.
#[derive(Serialize)]
struct Document {
    version: &'static str,
    config: Place,
    state: Place,
    ledger: Place,
    log: Place,
    connection: Option<Way>,
    problem: Option<String>,
    demo: bool,
    read_only: bool,
    log_level: LogLevel,
    theme: ThemeName,
}

#[derive(Serialize)]
struct Place {
    path: String,
    exists: bool,
}

impl From<PathBuf> for Place {
    fn from(path: PathBuf) -> Self {
        Self {
            exists: path.exists(),
            path: path.to_string_lossy().into_owned(),
        }
    }
}

impl Document {
    fn of(settings: &Settings, connection: Option<Way>, failure: Option<&Failure>) -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION"),
            config: settings.config_file.clone().into(),
            state: settings.state_dir.clone().into(),
            ledger: settings.ledger_file().into(),
            log: settings.log_file().into(),
            connection,
            problem: failure.map(ToString::to_string),
            demo: settings.demo,
            read_only: settings.read_only,
            log_level: settings.log_level,
            theme: settings.theme.name,
        }
    }
}

fn table(document: &Document) -> Table {
    let mut table = Table::bare(2);
    let mut say = |what: &str, value: String| table.push([what.to_owned(), value]);
    say("Version", document.version.to_owned());
    for (what, place) in [
        ("Configuration", &document.config),
        ("State", &document.state),
        ("Ledger", &document.ledger),
        ("Log", &document.log),
    ] {
        say(
            what,
            format!(
                "{}{}",
                place.path,
                if place.exists { "" } else { " (does not exist yet)" }
            ),
        );
    }
    if let Some(connection) = &document.connection {
        say("Profile", connection.profile.clone());
        say("Region", connection.region.clone());
        say("Endpoint", connection.endpoint.clone());
    }
    say("Read-only", if document.read_only { "yes" } else { "no" }.to_owned());
    say("Log level", document.log_level.name().to_owned());
    say("Theme", document.theme.name().to_owned());
    table
}
