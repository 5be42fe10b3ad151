//! Requests to the ledger, from the core and from exports.

use chrono::{DateTime, Utc};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;

use super::{Effects, answer};
use crate::app::message::Message;
use crate::domain::ledger_failure::{LedgerFailure, LedgerFailureKind};
use crate::engine::effect::{Export, LedgerOperation, Reply, RequestId};
use crate::runtime::export;
use crate::runtime::ledger::{Ledger, LedgerResult};

/// A request to the ledger.
pub(super) struct LedgerRequest {
    asker: Asker,
    operation: LedgerOperation,
    now: DateTime<Utc>,
}

/// The recipient of the ledger's reply.
enum Asker {
    Core(RequestId),
    Export(oneshot::Sender<LedgerResult>),
}

impl Asker {
    fn tell(self, replies: &UnboundedSender<Message>, result: LedgerResult) {
        match self {
            Self::Core(request) => answer(replies, Reply::Ledger { request, result }),
            // A closed channel means that the export was dropped.
            Self::Export(waiting) => drop(waiting.send(result)),
        }
    }
}

impl Effects {
    /// Sends a request to the ledger. Requests are carried out in the order of the calls.
    pub fn ledger(&self, request: RequestId, operation: LedgerOperation, now: DateTime<Utc>) {
        // The receiving task lives as long as `self`.
        let _ = self.ledger.send(LedgerRequest {
            asker: Asker::Core(request),
            operation,
            now,
        });
    }

    /// Writes the result of a query to a file.
    pub fn export(&self, request: RequestId, export: Export, now: DateTime<Utc>) {
        let ledger = self.ledger.clone();
        let path = self.places.path(&export.name);
        self.reply(async move {
            let ask = |operation| {
                let (asker, answered) = oneshot::channel();
                let asker = Asker::Export(asker);
                let _ = ledger.send(LedgerRequest { asker, operation, now });
                async move {
                    let stopped = "the ledger stopped working; restart invalidash";
                    let gone = |_| Err(LedgerFailure::new(LedgerFailureKind::Ended, stopped));
                    answered.await.unwrap_or_else(gone)
                }
            };
            let result = export::export(export.query, export.format, path, export.replace, ask).await;
            Reply::Exported { request, result }
        });
    }
}

/// Passes requests to the ledger in order of arrival. The replies arrive in the same order and are awaited one at a
/// time, because each wait occupies a thread.
pub(super) async fn serve_ledger(
    ledger: Result<Ledger, LedgerFailure>,
    mut requests: UnboundedReceiver<LedgerRequest>,
    replies: UnboundedSender<Message>,
) {
    let (handed_over, mut outstanding) = unbounded_channel();
    let answers = replies.clone();
    tokio::spawn(async move {
        while let Some((asker, writing)) = outstanding.recv().await {
            let result = writing.await;
            Asker::tell(asker, &answers, result);
        }
    });
    while let Some(LedgerRequest { asker, operation, now }) = requests.recv().await {
        match &ledger {
            // The receiver lives as long as replies are expected.
            Ok(ledger) => drop(handed_over.send((asker, ledger.carry_out(operation, now)))),
            Err(reason) => asker.tell(&replies, Err(reason.clone())),
        }
    }
}
