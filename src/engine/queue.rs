//! The submissions of this program: waiting, in progress and ended, and the order in which they are sent.
//!
//! A submission is sent in three steps, each waiting for the previous one: the ledger stores its plan, the ledger
//! stores the attempt, and the request is sent.

pub(in crate::engine) mod change;
pub(in crate::engine) mod countdown;
mod deployment;
pub(in crate::engine) mod divide;
pub(in crate::engine) mod left_over;
pub(in crate::engine) mod login;
pub(in crate::engine) mod logins;
pub(in crate::engine) mod others;
pub(in crate::engine) mod plan;
pub(in crate::engine) mod reserve;
pub(in crate::engine) mod search;
pub(in crate::engine) mod send;
pub(in crate::engine) mod state;
pub(in crate::engine) mod store;
pub(in crate::engine) mod stored;

pub(crate) use change::{by_hand, noted};
pub(crate) use countdown::{stop, until};
pub(crate) use deployment::{awaits_deployment, deployment_read};
pub(crate) use divide::{divided, sizes};
pub(crate) use left_over::{discard, discard_held, resume_held};
pub(crate) use login::{files_seen, look_at_files, look_for_login, renew, watch_files};
pub(crate) use plan::{Plan, plan, planned, resend};
pub(crate) use reserve::{batches_in_progress, held_back, in_progress};
pub(crate) use search::{search_again, searched_candidate, searched_page};
pub(crate) use send::{attempted, created, pump, settle};
pub use state::{Countdown, Pause, Queue};
