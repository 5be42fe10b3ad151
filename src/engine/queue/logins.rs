//! Determines whether there are credentials to send with, and when to check for them next.

use crate::domain::submission::{Ownership, Scope, Submission, SubmissionId};
use crate::engine::pending::ConnectionRequest;
use crate::engine::preferences::{Front, Preferences};
use crate::engine::session::Session;
use crate::engine::state::Engine;
use crate::engine::timers::TimerKind;

/// The interval between checks for new credentials while anything waits for them.
pub(in crate::engine) const LOGIN_AGAIN: std::time::Duration = std::time::Duration::from_secs(30);

/// Returns the scope to send with; `None` while credentials are being loaded, because the connection may already use
/// different ones.
pub(in crate::engine) fn open_scope(engine: &Engine) -> Option<Scope> {
    let connecting = !engine.pending.of::<ConnectionRequest>().is_empty();
    match &engine.session {
        Session::Connected(scope) if !connecting && !engine.is_read_only() => Some(scope.clone()),
        Session::Connected(_) | Session::Connecting | Session::Failed(_) => None,
    }
}

/// Returns whether the submission was made with the current credentials.
pub(in crate::engine) fn is_ours(engine: &Engine, id: &SubmissionId) -> bool {
    match (open_scope(engine), engine.queue.get(id)) {
        (Some(scope), Some(submission)) => submission.ownership(&scope) == Ownership::Ours,
        _ => false,
    }
}

/// Returns whether a headless command must learn the account before it resumes anything.
pub(in crate::engine) fn asks_whose(engine: &Engine) -> bool {
    let Preferences { front, read_only, .. } = &engine.preferences;
    *front == Front::Script && !read_only && !engine.queue.account_told
}

/// Schedules the next check while anything waits for credentials or for the account.
pub(in crate::engine) fn await_login(engine: &mut Engine) {
    let waits = |s: &Submission| s.state.waits_to_be_sent() && !s.state.needs_a_person();
    let may_be_ours = |s: &Submission| engine.difference(s).is_none();
    let any_waits = || engine.queue.submissions.open().any(|s| waits(s) && may_be_ours(s));
    if engine.is_timed(&TimerKind::Login) {
        return;
    }
    if asks_whose(engine) || any_waits() {
        engine.timer(TimerKind::Login, LOGIN_AGAIN);
    } else if engine.reads.are_locked() {
        // If only automatic reads are waiting, query the credential source less and less often.
        let calmly = LOGIN_AGAIN * (1 << engine.queue.logins_looked_for.min(4));
        engine.timer(TimerKind::Login, calmly);
    }
}
