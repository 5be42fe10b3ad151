//! Work in progress that can be cancelled, keyed by the request that started it.

use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::mpsc::UnboundedSender;
use tokio::task::AbortHandle;

use super::answer;
use crate::app::message::Message;
use crate::engine::effect::{Reply, RequestId};

/// All work of one kind in progress.
#[derive(Default)]
pub(super) struct Running(HashMap<RequestId, Work>);

/// A task that can be stopped. Whichever side sets `answered` first sends the reply.
struct Work {
    task: AbortHandle,
    answered: Arc<AtomicBool>,
}

impl Running {
    /// Starts work that sends its reply when it finishes.
    pub(super) fn begin(
        &mut self,
        request: RequestId,
        replies: &UnboundedSender<Message>,
        work: impl Future<Output = Reply> + Send + 'static,
    ) {
        self.0.retain(|_, work| !work.task.is_finished());
        let (replies, answered) = (replies.clone(), Arc::new(AtomicBool::new(false)));
        let first = Arc::clone(&answered);
        let task = tokio::spawn(async move {
            let reply = work.await;
            if !first.swap(true, Ordering::AcqRel) {
                answer(&replies, reply);
            }
        });
        let task = task.abort_handle();
        self.0.insert(request, Work { task, answered });
    }

    /// Cancels the work of a request, and sends the reply `instead` unless the work has already replied.
    pub(super) fn cancel(&mut self, request: RequestId, replies: &UnboundedSender<Message>, instead: Reply) {
        let Some(work) = self.0.remove(&request) else {
            return;
        };
        work.task.abort();
        if !work.answered.swap(true, Ordering::AcqRel) {
            answer(replies, instead);
        }
    }
}
