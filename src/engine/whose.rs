//! The owner of a submission, relative to the session. Submissions of another endpoint, account or profile are marked
//! as such, with advice on what to do, and are not counted for this session.

use crate::domain::distribution::Target;
use crate::domain::submission::{Difference, Ownership, Scope, Submission, SubmissionId};
use crate::domain::text::{agree, count};
use crate::engine::notices::state::Level;
use crate::engine::preferences::Front;
use crate::engine::session::Session;
use crate::engine::state::Engine;

impl Engine {
    /// Returns whether a submission was made with the current credentials. Credentials whose account is unknown do not
    /// match credentials whose account was known. Before any credentials are loaded, the result is `NotYetKnown`.
    #[must_use]
    pub fn ownership(&self, submission: &Submission) -> Ownership {
        let Some(scope) = self.scope() else {
            return Ownership::NotYetKnown;
        };
        match (submission.ownership(scope), &submission.scope.account) {
            (Ownership::NotYetKnown, Some(made)) if self.queue.account_told => {
                Ownership::Foreign(Difference::Account {
                    made: made.clone(),
                    now: None,
                })
            }
            (ownership, _) => ownership,
        }
    }

    /// Returns whether a submission belongs to the session.
    #[must_use]
    pub fn is_ours(&self, submission: &Submission) -> bool {
        self.ownership(submission) == Ownership::Ours
    }

    /// Returns the reason why a submission does not belong to the session.
    #[must_use]
    pub fn difference(&self, submission: &Submission) -> Option<Difference> {
        match self.ownership(submission) {
            Ownership::Foreign(difference) => Some(difference),
            Ownership::Ours | Ownership::NotYetKnown => None,
        }
    }

    /// Returns whether something made in this scope belongs to the current endpoint and, as far as is known, to the
    /// current account.
    #[must_use]
    pub fn is_here(&self, made: &Scope) -> bool {
        self.scope().is_none_or(|scope| scope.is_same_place(made))
    }

    /// Returns a target's submissions that belong to the current endpoint and account, oldest first.
    #[must_use]
    pub fn sent_to(&self, target: &Target) -> impl DoubleEndedIterator<Item = &Submission> {
        let sent = self.queue.of(target);
        sent.filter(move |s| self.is_here(&s.scope))
    }

    /// Returns the number of the session's submissions in flight, in this window or another: being sent, or accepted
    /// and watched.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.queue.open().filter(|s| self.is_under_way(s)).count()
    }

    /// Returns the session's submissions in this window, from this run or an earlier one, that CloudFront has not
    /// accepted but may still accept without a decision by the user.
    pub fn waiting(&self) -> impl Iterator<Item = &Submission> {
        let waits = |s: &Submission| s.state.waits_to_be_sent() && !s.state.needs_a_person();
        let open = self.queue.own_open();
        open.filter(move |s| waits(s) && self.is_ours(s))
    }

    /// Returns whether a submission of the session will make progress without a decision by the user. A submission that
    /// cannot or will not be polled no longer changes.
    #[must_use]
    pub fn is_under_way(&self, submission: &Submission) -> bool {
        if !self.is_ours(submission) || self.queue.is_left(&submission.id) {
            return false;
        }
        let Some((id, _)) = submission.state.in_progress() else {
            return !submission.state.is_final() && !submission.state.needs_a_person();
        };
        let unreadable = self.histories.unreadable(&submission.target, id).is_some();
        self.queue.is_elsewhere(&submission.id) || !unreadable
    }

    /// Returns this month's billable items of the current account, according to this ledger.
    #[must_use]
    pub fn known_use(&self) -> u64 {
        let Some(scope) = self.scope() else { return 0 };
        let paid = self
            .used_this_month
            .iter()
            .filter(|(made, _)| scope.is_same_payer(made));
        paid.map(|(_, used)| used).sum()
    }

    /// Returns the scope of the current credentials.
    #[must_use]
    pub fn scope(&self) -> Option<&Scope> {
        match &self.session {
            Session::Connected(scope) => Some(scope),
            Session::Connecting | Session::Failed(_) => None,
        }
    }
}

/// Describes the owner of a submission that does not belong to the session, and what the user can do.
#[must_use]
pub fn explained(engine: &Engine, difference: &Difference) -> String {
    format!("{difference}; {}", remedy(engine, difference))
}

/// Returns what the user can do about a submission that does not belong to the session.
fn remedy(engine: &Engine, difference: &Difference) -> String {
    let profiles = &engine.hints.profiles;
    match difference {
        Difference::Profile { .. } => format!("use {profiles} to switch profiles"),
        Difference::Account { .. } => format!("log in to that account, or switch to its profile with {profiles}"),
        Difference::Endpoint { made, .. } if made == "CloudFront" => {
            "start invalidash without a custom endpoint".to_owned()
        }
        Difference::Endpoint { made, .. } => format!("start invalidash with --endpoint-url {made}"),
    }
}

/// Checks whether the user can cancel a submission here, or send it again if `again` is set. If the user has logged in
/// to another account in the meantime, sending again looks for new credentials.
///
/// # Errors
/// A sentence explaining why not.
pub fn may_decide(engine: &Engine, submission: &Submission, again: bool) -> Result<(), String> {
    let elsewhere = engine.queue.is_elsewhere(&submission.id);
    let profile = &submission.scope.profile;
    match engine.difference(submission) {
        _ if elsewhere => Err(format!(
            "a window using profile {profile} is handling this; use that window"
        )),
        Some(difference) if engine.queue.is_left(&submission.id) => Err(explained(engine, &difference)),
        Some(difference @ (Difference::Profile { .. } | Difference::Endpoint { .. })) if again => {
            Err(explained(engine, &difference))
        }
        Some(_) | None => Ok(()),
    }
}

/// Reports, once per owner, the submissions that wait for other credentials.
pub(crate) fn tell_left(engine: &mut Engine) {
    let mut owners: Vec<(Difference, usize)> = Vec::new();
    let mut told: Vec<SubmissionId> = Vec::new();
    // A user who asked to resume must be told what is not resumed.
    let level = match engine.preferences.front {
        Front::Script => Level::Warning,
        Front::Dashboard | Front::Overview => Level::Info,
    };
    for (submission, difference) in waiting_for_others(engine) {
        match owners.iter_mut().find(|(owner, _)| *owner == difference) {
            Some((_, count)) => *count += 1,
            None => owners.push((difference, 1)),
        }
        told.push(submission.id.clone());
    }
    engine.queue.told_left.extend(told);
    for (difference, number) in owners {
        let (what, whose) = (count(number, "invalidation"), difference.owner());
        let text = format!(
            "{what} {whose} {} not sent yet; {}",
            agree(number, "is", "are"),
            remedy(engine, &difference)
        );
        engine.say(level, text);
    }
}

/// Returns the submissions from earlier runs that belong to other credentials, are neither held nor resumed by this
/// window, and have not been reported yet.
fn waiting_for_others(engine: &Engine) -> impl Iterator<Item = (&Submission, Difference)> {
    let queue = &engine.queue;
    // Work that a command claimed but must not resume is held. A dashboard asks the user about it.
    let is_script = engine.preferences.front == Front::Script;
    let is_left = move |s: &&Submission| queue.is_left(&s.id) || is_script && queue.held().contains(&s.id);
    let left = queue.open().filter(|s| s.state.waits_to_be_sent()).filter(is_left);
    let news = left.filter(|s| !queue.told_left.contains(&s.id));
    news.filter_map(|s| Some((s, engine.difference(s)?)))
}
