//! The state of the engine, and how its rules request effects and timers.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use ulid::Ulid;

use crate::domain::danger::Guard;
use crate::domain::distribution::{AccountId, DistributionId, Target};
use crate::domain::draft::{DraftId, DraftVersion};
use crate::domain::month::Counting;
use crate::domain::options::AccountOptions;
use crate::domain::price::start_of_month;
use crate::domain::profile::Profile;
use crate::domain::record::Record;
use crate::domain::submission::{JobId, Scope, State, Submission, SubmissionId};
use crate::engine::data::tenants::Tenants;
use crate::engine::data::{Fleet, Histories};
use crate::engine::drafts::state::Drafts;
use crate::engine::edge::state::Edge;
use crate::engine::effect::{Attempt, Effect, LedgerOperation, RequestId, TimerId};
use crate::engine::ledger::state::LedgerState;
use crate::engine::logging_in::LoggingIn;
use crate::engine::news::News;
use crate::engine::notices::state::Notice;
use crate::engine::overview::state::Overview;
use crate::engine::past::state::ArchivedSubmissions;
use crate::engine::pending::{LedgerRequest, Pending, Request};
use crate::engine::preferences::{Hints, Preferences};
use crate::engine::profile_search::state::ProfileSearch;
use crate::engine::queue::state::Queue;
use crate::engine::reads::state::Reads;
use crate::engine::refused::state::Rights;
use crate::engine::row::key::RowKey;
use crate::engine::script::state::Script;
use crate::engine::seen::Seen;
use crate::engine::session::{Identity, Session};
use crate::engine::telling::state::LastNotified;
use crate::engine::timers::{TimerKind, Timers};
use crate::engine::trail::state::Trail;
use crate::engine::unsaved::state::Unsaved;

/// How late a timer may fire before the program is assumed to have been suspended.
const TOO_LATE: TimeDelta = TimeDelta::minutes(2);

/// Whether the rows of the pages reflect the data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Rows {
    /// The rows reflect the data.
    #[default]
    Fresh,
    /// The data changed after the rows were built.
    Stale,
}

/// The state of the engine.
#[derive(Debug, Default)]
pub struct Engine {
    /// The settings resolved before startup.
    pub preferences: Preferences,
    /// The identity.
    pub session: Session,
    /// The known details of the current identity.
    pub identity: Identity,
    /// The credentials in use when the user was last asked about work of earlier runs, so that the question is not
    /// repeated.
    pub(crate) asked_for: Option<Scope>,
    /// The available profiles, once they have been loaded.
    pub profiles: Option<Vec<Profile>>,
    /// Whether the terminal has the focus, if it reports that.
    pub focused: bool,
    /// The page that the user is looking at, because visible data is reloaded and watched.
    pub(crate) seen: Seen,
    /// Phrases that tell the user how to do something in this front end.
    pub(crate) hints: Hints,
    /// The news that has not been delivered yet.
    pub(crate) news: Vec<News>,
    /// The distributions.
    pub fleet: Fleet,
    /// The tenants of multi-tenant distributions.
    pub tenants: Tenants,
    /// The invalidations.
    pub histories: Histories,
    /// The automatic reads for visible distributions.
    pub overview: Overview,
    /// The search for a target using every profile, while its overlay is open.
    pub profile_search: Option<ProfileSearch>,
    /// The edge responses.
    pub edge: Edge,
    /// The submissions.
    pub queue: Queue,
    /// The archived submissions that the user has opened.
    pub past: ArchivedSubmissions,
    /// The drafts.
    pub drafts: Drafts,
    /// The pinned targets.
    pub favorites: BTreeSet<Target>,
    /// The lookups of who made invalidations.
    pub trail: Box<Trail>,
    /// The billable items accepted this month according to this ledger, by scope.
    pub used_this_month: Vec<(Scope, u64)>,
    /// This month's count, which includes invalidations by anyone.
    pub counting: Counting,
    /// The number of additions to `used_this_month`.
    pub(crate) uses: u64,
    /// The start of the month that `used_this_month` covers.
    month: DateTime<Utc>,
    /// The values that pages stored in an earlier run, by name, until the pages read them.
    pub(crate) settings: Option<BTreeMap<String, String>>,
    /// The state of the ledger. Nothing is sent until it is open.
    pub ledger: LedgerState,
    /// All notices, newest last, 200 at most.
    pub notices: Vec<Notice>,
    /// The notice on the line above the keys.
    pub notice: Option<Notice>,
    /// The progress of a headless command's work.
    pub script: Script,
    /// The changes that the ledger has not confirmed.
    pub unsaved: Unsaved,
    /// Whether the program is exiting. If so, nothing new is sent, and unsaved changes are retried more often.
    pub(crate) ends: bool,
    /// The time of the last message.
    pub now: DateTime<Utc>,
    /// Whether the visible contents may have changed since the last frame.
    pub dirty: bool,
    /// Whether the rows of the pages may be outdated. They are rebuilt once, after each message has been handled.
    pub(crate) rows: Rows,
    /// The pending requests.
    pub pending: Pending,
    /// The running timers.
    pub timers: Timers,
    /// When a timer was last found to have fired far too late.
    stood_still: Option<DateTime<Utc>>,
    /// The rows that are highlighted because they have just changed.
    pub changed: BTreeSet<RowKey>,
    /// The attempts of the submissions whose details were opened.
    pub attempts: BTreeMap<SubmissionId, Vec<Attempt>>,
    /// The reads that have been sent or are waiting, with their rate limits.
    pub reads: Reads,
    /// The login in progress.
    pub login: LoggingIn,
    /// The actions that the current credentials were allowed or denied.
    pub rights: Rights,
    /// The last notifications.
    pub(crate) told: LastNotified,
    outbox: Vec<Effect>,
    numbers: u64,
    entropy: u128,
}

impl Engine {
    /// Creates the state before the first message. `hints` tell the user how to do something in this front end.
    #[must_use]
    pub fn new(preferences: Preferences, hints: Hints, now: DateTime<Utc>) -> Self {
        Self {
            queue: Queue::new(&preferences.send),
            preferences,
            focused: true,
            hints,
            month: start_of_month(now),
            now,
            dirty: true,
            ..Self::default()
        }
    }

    /// Returns the current account, if it is known.
    #[must_use]
    pub fn account(&self) -> Option<&AccountId> {
        self.scope()?.account.as_ref()
    }

    /// Returns the user's settings for the current account.
    #[must_use]
    pub fn account_options(&self) -> Option<&AccountOptions> {
        self.preferences.account(self.account())
    }

    /// Returns whether sending is disabled, either entirely or in the current account.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.preferences.read_only || self.account_options().is_some_and(|label| label.read_only)
    }

    /// Returns an error if sending is disabled, naming the setting that would change this.
    ///
    /// # Errors
    /// A sentence that contains `what`, a clause such as `nothing can be sent`.
    pub(crate) fn must_not_be_read_only(&self, what: &str) -> Result<(), String> {
        if self.preferences.read_only {
            // Read-only mode can be set by either the configuration or the command line.
            return Err(format!("read-only: {what}; remove --read-only or read_only = true"));
        }
        if self.is_read_only() {
            return Err(format!("read-only: {what}; this account has read_only = true"));
        }
        Ok(())
    }

    /// Returns which dangers must be confirmed in the current account, and by whom.
    #[must_use]
    pub fn guard(&self) -> Guard {
        self.preferences.guard_of(self.account())
    }

    /// Returns the state of a record in the history. This run's state is used if there is one, because it is more
    /// recent than the stored one.
    #[must_use]
    pub fn state_of<'a>(&'a self, record: &'a Record) -> Option<&'a State> {
        let live = self.queue.get(&record.id).map(|submission| &submission.state);
        live.or(record.state.as_ref())
    }

    /// Returns the distribution of a target; for a tenant, only if the tenant is known.
    #[must_use]
    pub fn distribution_of<'a>(&'a self, target: &'a Target) -> Option<&'a DistributionId> {
        match target {
            Target::Distribution(id) => Some(id),
            Target::Tenant(id) => Some(&self.tenants.get(id)?.distribution),
        }
    }

    /// Returns the display name of a target.
    #[must_use]
    pub fn label(&self, target: &Target) -> String {
        match target {
            Target::Distribution(id) => self
                .fleet
                .get(id)
                .map_or_else(|| id.to_string(), |d| d.label().to_owned()),
            Target::Tenant(id) => self.tenants.label(id).to_owned(),
        }
    }

    /// Remembers the labels that tenants had in `submissions`, for use until the tenants are loaded. The submissions
    /// must be ordered newest last.
    pub(crate) fn remember_names<'a>(&mut self, submissions: impl IntoIterator<Item = &'a Submission>) {
        for submission in submissions {
            if let Target::Tenant(id) = &submission.target {
                self.tenants.remember_name(id, &submission.label);
            }
        }
    }

    /// Marks the visible contents as changed.
    pub fn touch(&mut self) {
        self.dirty = true;
    }

    /// Queues news for the pages and overlays.
    pub(crate) fn tell(&mut self, news: News) {
        self.news.push(news);
    }

    /// Marks the rows of the pages as outdated. They are rebuilt once, after the message has been handled.
    pub(crate) fn rows_changed(&mut self) {
        self.rows = Rows::Stale;
    }

    /// Marks the rows of the pages as outdated, and the visible contents as changed.
    pub(crate) fn redraw_rows(&mut self) {
        self.rows_changed();
        self.touch();
    }

    /// Starts handling a message, given its time and entropy.
    pub(crate) fn begin(&mut self, now: DateTime<Utc>, entropy: u128) {
        const STEP: u128 = 0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835;
        self.now = now;
        if self.timers.earliest().is_some_and(|deadline| now - deadline > TOO_LATE) {
            self.stood_still = Some(now);
        }
        let month = start_of_month(now);
        if month > self.month {
            self.month = month;
            self.used_this_month.clear();
            self.touch();
        }
        // The ids use the upper bits, which depend on all bits of the input.
        self.entropy = entropy.wrapping_mul(STEP).wrapping_add(STEP);
    }

    /// Returns whether a timer has fired far too late since this time, because the machine slept, the program was
    /// stopped, or the clock was changed.
    pub(crate) fn stood_still_since(&self, time: DateTime<Utc>) -> bool {
        self.stood_still.is_some_and(|found| found > time)
    }

    /// Finishes handling a message and returns the requested effects.
    pub(crate) fn end(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.outbox)
    }

    /// Requests an effect.
    pub(crate) fn ask(&mut self, effect: Effect) {
        self.outbox.push(effect);
    }

    /// Registers a pending request and returns its id.
    pub(crate) fn request<R: Request>(&mut self, kind: R) -> RequestId {
        let id = RequestId(self.number());
        self.pending.of_mut().insert(id, kind);
        id
    }

    /// Requests an operation of the ledger; `purpose` determines what happens to the result.
    pub(crate) fn ask_ledger(&mut self, purpose: LedgerRequest, operation: LedgerOperation) -> RequestId {
        let request = self.request(purpose);
        self.ask(Effect::Ledger { request, operation });
        request
    }

    /// Starts a timer.
    pub(crate) fn timer(&mut self, due: TimerKind, after: std::time::Duration) -> TimerId {
        let id = TimerId(self.number());
        let deadline = TimeDelta::from_std(after).ok();
        let deadline = deadline.and_then(|after| self.now.checked_add_signed(after));
        self.timers
            .insert(id, due, deadline.unwrap_or(DateTime::<Utc>::MAX_UTC));
        self.ask(Effect::Timer { id, after });
        id
    }

    /// Starts a timer, replacing an earlier one of the same kind.
    pub(crate) fn restart_timer(&mut self, due: TimerKind, after: std::time::Duration) -> TimerId {
        self.cancel_timer(&due);
        self.timer(due, after)
    }

    /// Cancels the timer of this kind.
    pub(crate) fn cancel_timer(&mut self, due: &TimerKind) {
        for id in self.timers.remove_all(due) {
            self.ask(Effect::CancelTimer(id));
        }
    }

    /// Returns whether a timer of this kind is running.
    pub(crate) fn is_timed(&self, due: &TimerKind) -> bool {
        self.timers.has(due)
    }

    /// Returns a fresh id for a job.
    pub(crate) fn job_id(&mut self) -> JobId {
        JobId::new(self.ulid().to_string())
    }

    /// Returns a fresh id for a submission.
    pub(crate) fn submission_id(&mut self) -> SubmissionId {
        SubmissionId::new(self.ulid().to_string())
    }

    /// Returns a fresh id for a draft.
    pub(crate) fn draft_id(&mut self) -> DraftId {
        DraftId::new(self.ulid().to_string())
    }

    /// Returns a fresh version id for a draft.
    pub(crate) fn draft_version(&mut self) -> DraftVersion {
        DraftVersion::new(self.ulid().to_string())
    }

    /// Returns a ULID with this message's time. The ULIDs of one message are in ascending order, so that batches are
    /// sent in order.
    fn ulid(&mut self) -> Ulid {
        // A ULID has 80 random bits, so any bits above those are discarded.
        const CUT: u32 = 40;
        self.entropy = self.entropy.wrapping_add(1 << CUT);
        let millis = u64::try_from(self.now.timestamp_millis()).unwrap_or(0);
        Ulid::from_parts(millis, self.entropy >> CUT)
    }

    pub(crate) fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }
}
