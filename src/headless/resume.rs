//! `resume`: finishes the submissions that an earlier run confirmed but did not complete, each under its own reference.

use super::connect::connect;
use super::engine::{Ask, Engine, Wishes};
use super::error::Error;
use super::runtime::runtime;
use super::sending::{self, Sending};
use super::signal::in_time;
use super::wait::deadline;
use crate::cli;
use crate::runtime::cloudfront::CloudFront;
use crate::settings::Settings;

/// Resumes the submissions and follows them.
pub(super) fn run(arguments: &cli::Resume, settings: &Settings) -> Result<u8, Error> {
    if settings.read_only {
        return Err(Error::ReadOnly);
    }
    let deadline = deadline(&arguments.waiting);
    runtime()?.block_on(async {
        let connection = in_time(deadline, connect(settings)).await?;
        let cloudfront = CloudFront::new(connection.clone());
        let wishes = Wishes {
            takes_up: true,
            ..Wishes::of(&arguments.waiting, deadline, arguments.output)
        };
        let mut engine = Engine::start(settings, connection, wishes).await?;
        if engine.core().is_read_only() {
            engine.end().await;
            return Err(Error::ReadOnlyAccount);
        }
        engine.ask(Ask::Resume);
        let how = Sending {
            wait: arguments.wait || arguments.waiting.look,
            waiting: &arguments.waiting,
            deadline,
            output: arguments.output,
            reference: None,
            no_ledger: false,
        };
        Box::pin(sending::follow(engine, &cloudfront, &how)).await
    })
}
