//! All that the rules know and do at a moment, and how they ask for effects, requests and timers.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use ulid::Ulid;

use super::data::tenants::Tenants;
use super::data::{Fleet, Histories};
use super::drafts::Drafts;
use super::edge::{Edge, EdgeOptions};
use super::effect::{Attempt, Effect, RequestId, TimerId};
use super::ledger::LedgerState;
use super::news::News;
use super::notices::Notice;
use super::overview::Overview;
use super::past::ArchivedSubmissions;
use super::purpose::Purpose;
use super::queue::{Queue, Sending};
use super::reads::Reads;
use super::refused::Rights;
use super::row::RowKey;
use super::script::Script;
use super::seen::Seen;
use super::session::{AccountLabel, Interactive, Session};
use super::telling::{LastNotified, NotifyOptions};
use super::timers::{TimerKind, Timers};
use super::unsaved::Unsaved;
use crate::domain::danger::Guard;
use crate::domain::distribution::{AccountId, DistributionId, Target};
use crate::domain::draft::{DraftId, DraftVersion};
use crate::domain::price::start_of_month;
use crate::domain::profile::Profile;
use crate::domain::record::Record;
use crate::domain::submission::{JobId, Scope, State, Submission, SubmissionId};

/// How late a timer may come that nothing has kept from coming.
const TOO_LATE: TimeDelta = TimeDelta::minutes(2);

/// What was chosen before the start for the rules: arguments, configuration and environment, resolved.
#[derive(Clone, Debug, Default)]
pub struct Preferences {
    /// Nothing that writes may be done.
    pub read_only: bool,
    /// The embedded emulator is used.
    pub demo: bool,
    /// The profile to begin with; `None`: what the environment names.
    pub profile: Option<String>,
    /// Which profiles ask in the terminal.
    pub interactive: Interactive,
    /// How the edge is asked.
    pub edge: EdgeOptions,
    /// What is told outside the frame.
    pub telling: NotifyOptions,
    /// After how many days what has ended is let go of; `None`: never.
    pub keep_days: Option<u32>,
    /// How submissions leave.
    pub sending: Sending,
    /// Who is asked about what is dangerous, in accounts without a label.
    pub guard: Guard,
    /// How accounts are called.
    pub accounts: BTreeMap<String, AccountLabel>,
    /// The version of the program.
    pub version: String,
    /// Who the rules work for.
    pub front: Front,
}

/// Who the rules work for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Front {
    /// A dashboard that reads what is opened.
    #[default]
    Dashboard,
    /// A dashboard that also reads, unasked, the last invalidations of the distributions in sight.
    Overview,
    /// A command without a screen: nothing is listed, claimed or carried on that it did not ask for.
    Script,
}

/// What helps, as a person does it: sentences of the rules name it without knowing the keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hints {
    /// Edits what was refused and sends it again.
    pub edit: String,
    /// Switches the profile.
    pub profiles: String,
}

/// Whether the rows of the pages show what is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Rows {
    /// They do.
    #[default]
    Fresh,
    /// Data changed since they were made.
    Stale,
}

/// The state of the rules.
#[derive(Debug)]
pub struct Engine {
    /// What was chosen before the start.
    pub preferences: Preferences,
    /// Who we are.
    pub session: Session,
    /// Whose credentials were in use when a person was asked about what an earlier run left: once for each is enough.
    pub(crate) asked_for: Option<Scope>,
    /// The profiles there are, once they were read.
    pub profiles: Option<Vec<Profile>>,
    /// Whether the terminal has the focus, as far as it tells.
    pub focused: bool,
    /// What is looked at, as far as rules depend on it.
    pub(crate) seen: Seen,
    /// What helps, as a person does it here.
    pub(crate) hints: Hints,
    /// What the rules found out that is still to be shown.
    pub(crate) news: Vec<News>,
    /// The distributions.
    pub fleet: Fleet,
    /// The tenants of multi-tenant distributions.
    pub tenants: Tenants,
    /// The invalidations.
    pub histories: Histories,
    /// What was read of the distributions in sight.
    pub overview: Overview,
    /// What was seen at the edge.
    pub edge: Edge,
    /// The submissions.
    pub queue: Queue,
    /// Submissions of earlier runs that are looked at.
    pub past: ArchivedSubmissions,
    /// What was being composed, by the targets' ids.
    pub drafts: Drafts,
    /// Targets kept at the top.
    pub favourites: BTreeSet<Target>,
    /// Billable items that this ledger saw accepted this month, by whom they were made for.
    pub used_this_month: Vec<(Scope, u64)>,
    /// How often something was added to that.
    pub(crate) uses: u64,
    /// Where that month begins.
    month: DateTime<Utc>,
    /// What the pages wrote in an earlier run, by name, until they have read it.
    pub(crate) settings: Option<BTreeMap<String, String>>,
    /// Whether the ledger can be used. Nothing is sent until it is open.
    pub ledger: LedgerState,
    /// What was said, the newest last, 200 at most.
    pub notices: Vec<Notice>,
    /// The notice in the line above the keys.
    pub notice: Option<Notice>,
    /// Where the work of a command without a screen stands.
    pub script: Script,
    /// What the ledger has not confirmed.
    pub unsaved: Unsaved,
    /// Whether the program is ending: nothing new is sent, and what is not saved is tried more often.
    pub(crate) ends: bool,
    /// The time of the last message.
    pub now: DateTime<Utc>,
    /// Whether what is seen may have changed since the last frame.
    pub dirty: bool,
    /// Whether the rows of the pages may be other ones now: they are rebuilt once, at the end of the message.
    pub(crate) rows: Rows,
    /// Requests that are waited for.
    pub pending: HashMap<RequestId, Purpose>,
    /// Timers that are waited for.
    pub timers: Timers,
    /// When one of them was last found to be far too late.
    stood_still: Option<DateTime<Utc>>,
    /// Rows that have just changed, for as long as that is shown.
    pub changed: BTreeSet<RowKey>,
    /// When the attempts of a submission left and how they ended, where somebody looked.
    pub attempts: BTreeMap<SubmissionId, Vec<Attempt>>,
    /// The reads that were made, and their pace.
    pub reads: Reads,
    /// What the credentials in use were seen to allow.
    pub rights: Rights,
    /// What was told outside the frame.
    pub(crate) told: LastNotified,
    outbox: Vec<Effect>,
    numbers: u64,
    entropy: u128,
}

impl Engine {
    /// The state before the first message. `hints` tell what helps, as whoever reads the sentences does it.
    #[must_use]
    pub fn new(preferences: Preferences, hints: Hints, now: DateTime<Utc>) -> Self {
        Self {
            preferences,
            session: Session::Connecting,
            asked_for: None,
            profiles: None,
            focused: true,
            news: Vec::new(),
            seen: Seen::default(),
            hints,
            fleet: Fleet::default(),
            tenants: Tenants::default(),
            histories: Histories::default(),
            overview: Overview::default(),
            edge: Edge::default(),
            queue: Queue::default(),
            past: ArchivedSubmissions::default(),
            drafts: Drafts::default(),
            favourites: BTreeSet::new(),
            used_this_month: Vec::new(),
            uses: 0,
            month: start_of_month(now),
            settings: None,
            ledger: LedgerState::default(),
            script: Script::default(),
            unsaved: Unsaved::default(),
            ends: false,
            notices: Vec::new(),
            notice: None,
            now,
            dirty: true,
            rows: Rows::default(),
            pending: HashMap::new(),
            timers: Timers::default(),
            stood_still: None,
            changed: BTreeSet::new(),
            attempts: BTreeMap::new(),
            reads: Reads::default(),
            rights: Rights::default(),
            told: LastNotified::default(),
            outbox: Vec::new(),
            numbers: 0,
            entropy: 0,
        }
    }

    /// The account in use, as far as it is known.
    #[must_use]
    pub fn account(&self) -> Option<&AccountId> {
        self.scope()?.account.as_ref()
    }

    /// What a person calls the account in use.
    #[must_use]
    pub fn account_label(&self) -> Option<&AccountLabel> {
        self.preferences.accounts.get(self.account()?.as_str())
    }

    /// Whether nothing may be sent: at all, or in the account in use.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.preferences.read_only || self.account_label().is_some_and(|label| label.read_only)
    }

    /// Why nothing may be sent, if so, and what would change that.
    ///
    /// # Errors
    /// The sentence, which begins with what cannot be done: `nothing can be sent`.
    pub(crate) fn must_not_be_read_only(&self, what: &str) -> Result<(), String> {
        if self.preferences.read_only {
            // The configuration can say it as well as the command line.
            return Err(format!("read-only: {what}; remove --read-only or read_only = true"));
        }
        if self.is_read_only() {
            return Err(format!("read-only: {what}; this account has read_only = true"));
        }
        Ok(())
    }

    /// Who is asked about what is dangerous in the account in use.
    #[must_use]
    pub fn guard(&self) -> &Guard {
        self.account_label()
            .map_or(&self.preferences.guard, |label| &label.guard)
    }

    /// Where a row of the history stands: what this run knows is newer than what was read.
    #[must_use]
    pub fn state_of<'a>(&'a self, record: &'a Record) -> Option<&'a State> {
        let live = self.queue.get(&record.id).map(|submission| &submission.state);
        live.or(record.state.as_ref())
    }

    /// The distribution that is meant, or that of the tenant where it is known.
    #[must_use]
    pub fn distribution_of<'a>(&'a self, target: &'a Target) -> Option<&'a DistributionId> {
        match target {
            Target::Distribution(id) => Some(id),
            Target::Tenant(id) => Some(&self.tenants.get(id)?.distribution),
        }
    }

    /// What to call a target.
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

    /// Tenants are called what they were called when something was sent to them, the newest name last, until more is known.
    pub(crate) fn remember_names<'a>(&mut self, submissions: impl IntoIterator<Item = &'a Submission>) {
        for submission in submissions {
            if let Target::Tenant(id) = &submission.target {
                self.tenants.remember_name(id, &submission.label);
            }
        }
    }

    /// Something that is seen changed.
    pub fn touch(&mut self) {
        self.dirty = true;
    }

    /// Tells the pages and overlays what was found out.
    pub(crate) fn tell(&mut self, news: News) {
        self.news.push(news);
    }

    /// Data changed from which the pages make their rows. Rules say so and leave the rebuilding to the end of the message.
    pub(crate) fn rows_changed(&mut self) {
        self.rows = Rows::Stale;
    }

    /// Begins a message: its time and its chance.
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
        // The upper bits make the ids: all bits have their part in them.
        self.entropy = entropy.wrapping_mul(STEP).wrapping_add(STEP);
    }

    /// Whether a timer came far too late since then: the machine slept, the program was stopped, or the clock was set.
    pub(crate) fn stood_still_since(&self, time: DateTime<Utc>) -> bool {
        self.stood_still.is_some_and(|found| found > time)
    }

    /// Ends a message: what it asked for.
    pub(crate) fn end(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.outbox)
    }

    /// Asks for an effect.
    pub(crate) fn ask(&mut self, effect: Effect) {
        self.outbox.push(effect);
    }

    /// A number for a request that is waited for.
    pub(crate) fn request(&mut self, purpose: Purpose) -> RequestId {
        let id = RequestId(self.number());
        self.pending.insert(id, purpose);
        id
    }

    /// Asks for a timer.
    pub(crate) fn timer(&mut self, due: TimerKind, after: std::time::Duration) -> TimerId {
        let id = TimerId(self.number());
        let deadline = TimeDelta::from_std(after).ok();
        let deadline = deadline.and_then(|after| self.now.checked_add_signed(after));
        self.timers
            .insert(id, due, deadline.unwrap_or(DateTime::<Utc>::MAX_UTC));
        self.ask(Effect::Timer { id, after });
        id
    }

    /// Asks for a timer in the place of an earlier one for the same.
    pub(crate) fn restart_timer(&mut self, due: TimerKind, after: std::time::Duration) -> TimerId {
        self.cancel_timer(&due);
        self.timer(due, after)
    }

    /// Forgets the timer for this.
    pub(crate) fn cancel_timer(&mut self, due: &TimerKind) {
        for id in self.timers.remove_all(due) {
            self.ask(Effect::CancelTimer(id));
        }
    }

    /// Whether a timer for this is running.
    pub(crate) fn is_timed(&self, due: &TimerKind) -> bool {
        self.timers.has(due)
    }

    /// A fresh id for a job.
    pub(crate) fn job_id(&mut self) -> JobId {
        JobId::new(self.ulid().to_string())
    }

    /// A fresh id for a submission.
    pub(crate) fn submission_id(&mut self) -> SubmissionId {
        SubmissionId::new(self.ulid().to_string())
    }

    /// A fresh id for a draft.
    pub(crate) fn draft_id(&mut self) -> DraftId {
        DraftId::new(self.ulid().to_string())
    }

    /// A fresh version of a draft.
    pub(crate) fn draft_version(&mut self) -> DraftVersion {
        DraftVersion::new(self.ulid().to_string())
    }

    /// A ULID of this message's time. Those of one message follow each other, so that batches are sent in their order.
    fn ulid(&mut self) -> Ulid {
        // A ULID holds 80 bits of chance; those above are cut off.
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
