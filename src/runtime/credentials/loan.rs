//! The terminal, as the programs stand to it that give keys: it is lent to them for a moment, or it is not theirs.

use std::sync::{Arc, Mutex, PoisonError};

use crate::runtime::child::Terminal;

/// How the programs of a connection stand to the terminal now. Clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Loan(Arc<Mutex<Terminal>>);

impl Loan {
    pub(super) fn of(terminal: Terminal) -> Self {
        Self(Arc::new(Mutex::new(terminal)))
    }

    pub(super) fn terminal(&self) -> Terminal {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The terminal is lent no longer: whoever needs keys from now on has none.
    pub(super) fn end(&self) {
        let mut terminal = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if *terminal == Terminal::Lent {
            *terminal = Terminal::Apart;
        }
    }
}
