//! The embedded emulator behind `--demo`.

mod past;

use std::future;
use std::io;
use std::path::Path;
use std::sync::Arc;

use chrono::Utc;

use super::credentials::Connection;
use super::ledger;
use crate::emulator::{Emulator, Options, server};
use crate::engine::effect::LedgerOperation;

/// Starts an emulator with sample data on a free loopback port and returns its URL. The emulator accepts requests as
/// soon as this function returns, and stops along with the caller's async runtime.
///
/// # Errors
/// If no port could be bound.
pub fn begin() -> io::Result<String> {
    serve(Arc::new(Emulator::new(Options::demo())))
}

/// Starts the emulator, and fills the ledger in this folder as if the dashboard had been used for months: past
/// invalidations with their completion times, and one in progress.
///
/// # Errors
/// If no port could be bound.
pub(super) fn begin_lived_in(state: &Path) -> io::Result<String> {
    let emulator = Arc::new(Emulator::new(Options::demo()));
    let url = serve(Arc::clone(&emulator))?;
    let (scope, now) = (Connection::demo(&url).scope(), Utc::now());
    let plan = LedgerOperation::Plan(past::submissions(&emulator, &scope, now));
    // The demo also works without past activity.
    if let Err(failure) = ledger::furnish(state, vec![plan], now) {
        tracing::warn!("the demo has no history: {failure}");
    }
    Ok(url)
}

fn serve(emulator: Arc<Emulator>) -> io::Result<String> {
    let listening = server::bind(0)?;
    let url = listening.url();
    tokio::spawn(listening.serve(emulator, future::pending()));
    Ok(url)
}
