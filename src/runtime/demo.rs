//! The embedded emulator behind `--demo`.

use std::future;
use std::io;
use std::sync::Arc;

use crate::emulator::{Emulator, Options, server};

/// Starts an emulator with sample data on a free loopback port and returns its URL. It ends with the async runtime of
/// the caller, and accepts requests from the moment this returns.
///
/// # Errors
/// If no port could be bound.
pub fn begin() -> io::Result<String> {
    let listening = server::bind(0)?;
    let url = listening.url();
    let emulator = Arc::new(Emulator::new(Options::demo()));
    tokio::spawn(listening.serve(emulator, future::pending()));
    Ok(url)
}
