//! `emulator`: runs a local CloudFront in the foreground.

use std::sync::Arc;
use std::time::Duration;

use super::error::Error;
use super::{output, signal};
use crate::cli;
use crate::emulator::{Emulator, Options, server};

/// Serves requests until a signal arrives, and returns that signal's exit code.
pub(super) fn run(arguments: &cli::Emulator) -> Result<u8, Error> {
    let port = arguments.port;
    let listening = server::bind(port).map_err(|source| Error::Port { port, source })?;
    let emulator = Arc::new(Emulator::new(options(arguments)));
    signal::until_signal(async {
        // Scripts read the port from this line. The socket is already bound, so a request sent now waits until it is
        // served.
        output::print(&format!("listening on {}\n", listening.url()))?;
        listening
            .serve(emulator, std::future::pending())
            .await
            .map_err(Error::Start)?;
        Ok(0)
    })
}

fn options(arguments: &cli::Emulator) -> Options {
    let mut options = Options {
        distributions: arguments.distributions,
        ..Options::demo()
    };
    if let Some(seed) = arguments.seed {
        options.seed = seed;
    }
    if let Some(delay) = arguments.completion_delay {
        options.settings.completion_delay_ms = milliseconds(delay);
        options.settings.completion_spread_ms = 0;
    }
    if let Some(latency) = arguments.latency {
        options.settings.latency_ms = milliseconds(latency);
    }
    options
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments() -> cli::Emulator {
        cli::Emulator {
            port: 0,
            distributions: None,
            completion_delay: None,
            latency: None,
            seed: None,
        }
    }

    #[test]
    fn a_delay_that_was_asked_for_does_not_vary() {
        let delayed = cli::Emulator {
            completion_delay: Some(Duration::from_millis(1500)),
            ..arguments()
        };
        let settings = options(&delayed).settings;
        assert_eq!((settings.completion_delay_ms, settings.completion_spread_ms), (1500, 0));
        assert_eq!(options(&arguments()), Options::demo());
    }
}
