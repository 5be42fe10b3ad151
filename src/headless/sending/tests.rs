//! Tests of the report on work that was stopped before any of it was planned.

use std::time::Duration;

use super::*;
use crate::cli::Options;
use crate::headless::engine::Wishes;
use crate::runtime::credentials::Connection;
use crate::settings::Settings;

/// A ledger that has not returned its contents yet is not reported as empty.
#[tokio::test]
async fn what_was_stopped_before_it_was_planned_is_not_told_to_be_nothing() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let nowhere = folder.path().to_owned();
    let variables = |name: &str| name.starts_with("XDG_").then(|| nowhere.clone().into_os_string());
    let settings = Settings::decide(&Options::default(), None, &variables, None)?;
    let connection = Connection::demo("http://127.0.0.1:9");
    let cloudfront = CloudFront::new(connection.clone());
    let waiting = Waiting {
        timeout: None,
        look: false,
        strict: false,
        on_login: OnLogin::Fail,
        notify: false,
        quiet: true,
    };
    let wishes = Wishes {
        no_ledger: true,
        ..Wishes::of(&waiting, None, Output::Json)
    };
    let engine = Engine::start(&settings, connection, wishes).await?;
    let how = Sending {
        wait: false,
        waiting: &waiting,
        deadline: Some(Instant::now() + Duration::from_millis(20)),
        output: Output::Json,
        reference: None,
        no_ledger: true,
    };
    let ended = Box::pin(follow(engine, &cloudfront, &how)).await;
    assert!(matches!(ended, Err(Error::Stopped(Stop::Timeout))), "{ended:?}");
    Ok(())
}
