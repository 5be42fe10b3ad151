//! The ledger: one `SQLite` file that remembers what a person confirmed, before and after CloudFront hears of it.
//!
//! A thread of its own owns the file and carries requests out in the order they are made; an answer comes after the
//! commit is durable. Nothing that is sent may be missing here, and nothing secret may be in it.

mod changes;
mod claim;
mod directory;
mod filter;
mod glance;
mod history;
mod image;
mod list;
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

/// What an operation ends with: contents for [`LedgerOperation::Open`] alone, or why it was not done.
pub type LedgerResult = Result<Option<Box<LedgerContents>>, LedgerFailure>;

fn gone() -> LedgerFailure {
    let sentence = "the ledger's thread has ended; start invalidash again";
    LedgerFailure::new(LedgerFailureKind::Ended, sentence)
}

/// A handle to the ledger. Clones share one file and one thread, which end with the last of them.
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
    /// Opens `ledger.db` in this directory and makes either where it is missing. It blocks while the disk does; a start
    /// that wants to draw first calls it elsewhere.
    ///
    /// # Errors
    /// A sentence with cause and next step: a directory or file that cannot be written, a ledger of a newer version,
    /// a damaged one that another process holds.
    pub fn open(directory: &Path) -> Result<Self, LedgerFailure> {
        Store::open(directory).and_then(|store| Self::begin(Keeper::Open(Box::new(store))))
    }

    /// A ledger in this directory that is opened by [`LedgerOperation::Open`], as often as it takes; until then every
    /// other operation is refused with the reason. Nothing blocks whoever calls it.
    ///
    /// # Errors
    /// A sentence, when there is no thread left.
    pub fn in_folder(directory: PathBuf) -> Result<Self, LedgerFailure> {
        let reason = LedgerFailure::new(LedgerFailureKind::Ended, "the ledger was not opened yet");
        Self::begin(Keeper::Closed { directory, reason })
    }

    /// A ledger that ends with the process: nothing is written to any disk.
    ///
    /// # Errors
    /// A sentence, when there is no memory or no thread left.
    pub fn in_memory() -> Result<Self, LedgerFailure> {
        Store::in_memory().and_then(|store| Self::begin(Keeper::Open(Box::new(store))))
    }

    /// Hands the operation over at once, so that calls are carried out in the order they are made, and gives the future
    /// of its answer. It is awaited on tokio's blocking pool: that is what stops a paused clock from running ahead.
    ///
    /// # Errors
    /// A sentence with cause and next step; then nothing of the operation was written.
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
                let sentence = format!("the ledger's thread could not be started: {error}. Start invalidash again");
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

/// What the thread has: the open file, or what keeps it from that.
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

    /// Opens the file, unless it is open.
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
        // Whoever asked may have gone; the work is done all the same.
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
    /// What was handed over is still carried out, and the file's locks are free when this returns.
    fn drop(&mut self) {
        self.requests = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
