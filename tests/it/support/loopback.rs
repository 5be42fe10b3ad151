//! An emulator on a real loopback port, owned by the test, for running the binary against it.

use std::future;
use std::io;
use std::sync::Arc;

use invalidash::emulator::{Emulator, Options, server};
use tokio::runtime::Runtime;

/// Serves until it is dropped.
pub(crate) struct Loopback {
    /// What to change and to ask about.
    pub(crate) emulator: Arc<Emulator>,
    /// Where it listens.
    pub(crate) url: String,
    _runtime: Runtime,
}

impl Loopback {
    pub(crate) fn new(options: Options) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let emulator = Arc::new(Emulator::new(options));
        let listening = server::bind(0)?;
        let url = listening.url();
        runtime.spawn(listening.serve(Arc::clone(&emulator), future::pending()));
        Ok(Self {
            emulator,
            url,
            _runtime: runtime,
        })
    }
}
