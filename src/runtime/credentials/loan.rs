//! The terminal access of programs that print credentials, and how a temporary handover of the terminal ends.

use std::sync::{Arc, Mutex};

use crate::runtime::child::Terminal;
use crate::runtime::held::lock;

/// The current terminal access of a connection's programs. Clones share this state.
#[derive(Clone, Debug, Default)]
pub(super) struct Loan(Arc<Mutex<Terminal>>);

impl Loan {
    pub(super) fn of(terminal: Terminal) -> Self {
        Self(Arc::new(Mutex::new(terminal)))
    }

    pub(super) fn terminal(&self) -> Terminal {
        *lock(&self.0)
    }

    /// Ends the handover. From then on, programs that print credentials have no terminal.
    pub(super) fn end(&self) {
        let mut terminal = lock(&self.0);
        if *terminal == Terminal::HandedOver {
            *terminal = Terminal::Apart;
        }
    }
}
