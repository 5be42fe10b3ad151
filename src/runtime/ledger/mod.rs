//! The ledger: one `SQLite` file that records what the user confirmed, before and after CloudFront receives it.
//!
//! A dedicated thread owns the file and carries out requests in order; a reply is sent after the commit is durable.
//! Everything that is sent must be recorded in the ledger, and nothing secret may be stored in it.

mod changes;
mod claim;
mod directory;
mod filter;
mod glance;
mod history;
mod image;
mod list;
mod maker;
mod month;
mod open;
mod read;
mod row;
mod schema;
mod store;
mod take_up;
mod trouble;
mod write;

use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::JoinHandle;

use chrono::{DateTime, Utc};

use crate::domain::ledger_failure::{LedgerFailure, LedgerFailureKind};
use crate::engine::effect::{LedgerContents, LedgerOperation};
pub use glance::{Glance, glance};
use store::Store;

/// The result of an operation: contents if something was read, or the reason the operation was not carried out.
pub type LedgerResult = Result<Option<Box<LedgerContents>>, LedgerFailure>;

fn gone() -> LedgerFailure {
    let sentence = "the ledger stopped working; restart invalidash";
    LedgerFailure::new(LedgerFailureKind::Ended, sentence)
}

/// Carries out all or none of the operations on the ledger in a directory, before it is opened. This call blocks.
///
/// # Errors
/// The same as for [`Ledger::open`].
pub fn furnish(directory: &Path, operations: Vec<LedgerOperation>, now: DateTime<Utc>) -> Result<(), LedgerFailure> {
    let mut store = Store::open(directory)?;
    store.carry_out(&LedgerOperation::Together(operations), now).map(drop)
}

/// A handle to the ledger. Clones share one file and one thread, which are closed when the last clone is dropped.
#[derive(Clone)]
pub struct Ledger {
    owner: Arc<Owner>,
}

impl std::fmt::Debug for Ledger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ledger").finish_non_exhaustive()
    }
}

impl Ledger {
    /// Opens `ledger.db` in this directory, creating either if missing. Blocks on the disk; to draw a frame first, call
    /// this on another thread.
    ///
    /// # Errors
    /// A sentence with the cause and the next step, if the directory or file cannot be written to, if the ledger has a
    /// newer version, or if it is damaged and another process is using it.
    pub fn open(directory: &Path) -> Result<Self, LedgerFailure> {
        Store::open(directory).and_then(|store| Self::begin(Keeper::Open(Box::new(store))))
    }

    /// Creates a handle to the ledger in this directory without opening the file. [`LedgerOperation::Open`] opens it
    /// and can be retried; until then, every other operation fails with the reason. Never blocks the caller.
    ///
    /// # Errors
    /// If no thread can be started.
    pub fn in_folder(directory: PathBuf) -> Result<Self, LedgerFailure> {
        let reason = LedgerFailure::new(LedgerFailureKind::Ended, "the ledger has not been opened yet");
        Self::begin(Keeper::Closed { directory, reason })
    }

    /// Creates a ledger that exists only as long as the process and writes nothing to disk.
    ///
    /// # Errors
    /// If there is not enough memory, or no thread can be started.
    pub fn in_memory() -> Result<Self, LedgerFailure> {
        Store::in_memory().and_then(|store| Self::begin(Keeper::Open(Box::new(store))))
    }

    /// Submits the operation immediately, so that operations are carried out in the order of the calls, and returns a
    /// future that resolves to the reply. The reply is awaited on tokio's blocking pool, which keeps a paused clock
    /// from advancing.
    ///
    /// # Errors
    /// A sentence with the cause and the next step. In that case, the operation wrote nothing.
    pub fn carry_out(
        &self,
        operation: LedgerOperation,
        now: DateTime<Utc>,
    ) -> impl Future<Output = LedgerResult> + Send + use<> {
        let (answer, answered) = sync_channel(1);
        let handed_over = self.owner.hand_over(Request { operation, now, answer });
        let owner = Arc::clone(&self.owner);
        async move {
            let outcome = if handed_over {
                wait_for(answered).await
            } else {
                Err(gone())
            };
            drop(owner);
            outcome
        }
    }

    fn begin(keeper: Keeper) -> Result<Self, LedgerFailure> {
        let (requests, received) = channel();
        let thread = std::thread::Builder::new()
            .name("ledger".to_owned())
            .spawn(move || serve(keeper, &received))
            .map_err(|error| {
                let sentence = format!("the ledger thread could not be started: {error}. Restart invalidash");
                LedgerFailure::new(LedgerFailureKind::Ended, sentence)
            })?;
        Ok(Self {
            owner: Arc::new(Owner {
                requests: Some(requests),
                thread: Some(thread),
            }),
        })
    }
}

async fn wait_for(answered: Receiver<LedgerResult>) -> LedgerResult {
    match tokio::task::spawn_blocking(move || answered.recv()).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) | Err(_) => Err(gone()),
    }
}

/// The state of the thread: the open file, or the reason why it is not open.
enum Keeper {
    Closed { directory: PathBuf, reason: LedgerFailure },
    Open(Box<Store>),
}

impl Keeper {
    fn carry_out(&mut self, operation: &LedgerOperation, now: DateTime<Utc>) -> LedgerResult {
        if *operation == LedgerOperation::Open {
            self.open()?;
        }
        match self {
            Self::Open(store) => store.carry_out(operation, now),
            Self::Closed { reason, .. } => Err(reason.clone()),
        }
    }

    /// Opens the file, unless it is already open.
    fn open(&mut self) -> Result<(), LedgerFailure> {
        if let Self::Closed { directory, reason } = self {
            let store = Store::open(directory).inspect_err(|failure| reason.clone_from(failure))?;
            *self = Self::Open(Box::new(store));
        }
        Ok(())
    }
}

struct Request {
    operation: LedgerOperation,
    now: DateTime<Utc>,
    answer: SyncSender<LedgerResult>,
}

fn serve(mut keeper: Keeper, requests: &Receiver<Request>) {
    while let Ok(request) = requests.recv() {
        let outcome = keeper.carry_out(&request.operation, request.now);
        // The caller may be gone; the work is done anyway.
        let _ = request.answer.send(outcome);
    }
}

struct Owner {
    requests: Option<Sender<Request>>,
    thread: Option<JoinHandle<()>>,
}

impl Owner {
    fn hand_over(&self, request: Request) -> bool {
        self.requests
            .as_ref()
            .is_some_and(|requests| requests.send(request).is_ok())
    }
}

impl Drop for Owner {
    /// Waits until pending requests have been carried out, so that the file's locks are free when this returns.
    fn drop(&mut self) {
        self.requests = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
