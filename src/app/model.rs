//! Everything the program knows at a moment. Only [`super::update::update`] changes it; the view reads it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use ulid::Ulid;

use super::action::Action;
use super::data::tenants::Tenants;
use super::data::{Fleet, Histories};
use super::drafts::Drafts;
use super::edge::{Edge, Manner};
use super::effect::{Attempt, Effect, RequestId, TimerId};
use super::ending::Ending;
use super::keymap::Keymap;
use super::ledger::LedgerState;
use super::news::News;
use super::overlay::Overlays;
use super::overlay::import::kind::Remembered;
use super::past::Past;
pub use super::purpose::{Draft, Purpose};
use super::queue::{Queue, Sending};
use super::reads::Reads;
use super::screen::Screen;
use super::scroll::{Scroll, Scrolled, Scrolls};
use super::seen::Seen;
use super::settle::{Rows, Want};
use super::telling::{Telling, Told};
use super::timers::Timers;
use super::unsaved::Unsaved;
use crate::app::row::RowKey;
use crate::domain::distribution::{AccountId, Target};
use crate::domain::draft::{DraftId, DraftVersion};
use crate::domain::failure::Failure;
use crate::domain::price::start_of_month;
use crate::domain::record::Record;
use crate::domain::submission::{JobId, Scope, State, Submission, SubmissionId};
use crate::domain::target::TargetName;

/// How late a timer may come that nothing has kept from coming.
const TOO_LATE: TimeDelta = TimeDelta::minutes(2);

/// What was chosen before the start: arguments, configuration and environment, resolved.
#[derive(Clone, Debug, Default)]
pub struct Preferences {
    /// The keys.
    pub keymap: Keymap,
    /// Nothing that writes may be done.
    pub read_only: bool,
    /// The embedded emulator is used.
    pub demo: bool,
    /// The profile to begin with; `None`: what the environment names.
    pub profile: Option<String>,
    /// The id, alias, domain or URL to open at the start.
    pub target: Option<TargetName>,
    /// How the edge is asked.
    pub edge: Manner,
    /// What is told outside the frame.
    pub telling: Telling,
    /// After how many days what has ended is let go of; `None`: never.
    pub keep_days: Option<u32>,
    /// How submissions leave.
    pub sending: Sending,
    /// How accounts are called.
    pub accounts: BTreeMap<String, AccountLabel>,
    /// The version of the program.
    pub version: String,
}

/// What helps, as a person does it: sentences of the rules name it without knowing the keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Hints {
    /// Edits what was refused and sends it again.
    pub edit: String,
    /// Switches the profile.
    pub profiles: String,
}

impl Hints {
    fn of(keymap: &Keymap) -> Self {
        Self {
            edit: keymap.spoken(Action::EditResend),
            profiles: keymap.spoken(Action::Profiles),
        }
    }
}

/// How a person calls an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountLabel {
    /// A word or two, such as `PRODUCTION`.
    pub label: String,
    /// Whether it wears the colour of danger all the time.
    pub production: bool,
}

/// Who we are for AWS.
#[derive(Clone, Debug, PartialEq)]
pub enum Session {
    /// Profile and credentials are being loaded.
    Connecting,
    /// They are loaded.
    Connected(Scope),
    /// They cannot be used; the failure says what helps.
    Failed(Failure),
}

/// How times are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Times {
    /// In the time of this machine.
    #[default]
    Local,
    /// In UTC, as logs have them.
    Utc,
    /// By how long ago it was.
    Relative,
}

impl Times {
    /// The next way.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Local => Self::Utc,
            Self::Utc => Self::Relative,
            Self::Relative => Self::Local,
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Utc => "UTC",
            Self::Relative => "relative",
        }
    }
}

/// How much a message matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Said in passing.
    Info,
    /// Something a person waited for is done.
    Done,
    /// Something to look at.
    Warning,
    /// Something went wrong.
    Error,
}

/// Something said to the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// When.
    pub at: DateTime<Utc>,
    /// How much it matters.
    pub level: Level,
    /// A sentence.
    pub text: String,
    /// The invalidation that it is about: where that is selected, the notice names the next step.
    pub about: Option<RowKey>,
}

/// What a timer was set for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Due {
    /// To look at what is in flight on a target.
    Poll(Target),
    /// To read the first page of the screen one looks at.
    Reread,
    /// To let a changed row be a row like any other.
    Changed,
    /// To see what other windows wrote.
    Ledger,
    /// To try to open the ledger again.
    OpenLedger,
    /// To make the next read of those that wait.
    Reads,
    /// To send what waits.
    Pump,
    /// To look once more for a submission that was refused: from then on no earlier request of it can arrive.
    Search(SubmissionId),
    /// To see whether somebody has logged in.
    Login,
    /// To take a passing notice away.
    Notice,
    /// To show the seconds that pass while something is in flight.
    Tick,
    /// To fetch what the selected row lacks, once the selection rests.
    Rest,
    /// To ask the edge for the next address.
    NextVisit,
    /// To write the draft.
    Draft,
    /// To let go of what is old.
    Prune,
    /// To say that the end waits for the ledger.
    EndingTold,
    /// To end without the ledger's answer.
    Ending,
    /// To write again what could not be saved.
    Save,
    /// To show what takes long to be saved.
    Saving,
}

/// The whole state.
#[derive(Debug)]
pub struct Model {
    /// What was chosen before the start.
    pub preferences: Preferences,
    /// Who we are.
    pub session: Session,
    /// Whose credentials were in use when a person was asked about what an earlier run left: once for each is enough.
    pub(super) asked_for: Option<Scope>,
    /// The profiles there are.
    pub profiles: Vec<String>,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// Whether the terminal has the focus, as far as it tells.
    pub focused: bool,
    /// The pages from the bottom to the one being looked at; never empty.
    pub screens: Vec<Screen>,
    /// The overlays above the page; the last one has the keys.
    pub overlays: Overlays,
    /// How what is read was scrolled.
    pub scrolls: Scrolls,
    /// What is to be opened without having been asked for, as soon as that takes nobody's keys.
    pub(super) wants: Vec<Want>,
    /// What is looked at, as far as rules depend on it.
    pub(super) seen: Seen,
    /// What helps, as a person does it here.
    pub(super) hints: Hints,
    /// What the rules found out that is still to be shown.
    pub(super) news: Vec<News>,
    /// The distributions.
    pub fleet: Fleet,
    /// The tenants of multi-tenant distributions.
    pub tenants: Tenants,
    /// The invalidations.
    pub histories: Histories,
    /// What was seen at the edge.
    pub edge: Edge,
    /// The submissions.
    pub queue: Queue,
    /// Submissions of earlier runs that are looked at.
    pub past: Past,
    /// What was being composed, by the targets' ids.
    pub drafts: Drafts,
    /// What is remembered of imports until the program ends.
    pub imports: Remembered,
    /// Targets marked to do something with all of them, on whichever page.
    pub marked: BTreeSet<Target>,
    /// Rows of the page one looks at that are marked, to be compared.
    pub marked_rows: BTreeSet<RowKey>,
    /// Targets kept at the top.
    pub favourites: BTreeSet<Target>,
    /// Billable items that this ledger saw accepted this month, by whom they were made for.
    pub used_this_month: Vec<(Scope, u64)>,
    /// How often something was added to that.
    pub(super) uses: u64,
    /// Where that month begins.
    month: DateTime<Utc>,
    /// Whether the ledger can be used. Nothing is sent until it is open.
    pub ledger: LedgerState,
    /// What was said, the newest last, 200 at most.
    pub notes: Vec<Note>,
    /// The notice in the line above the keys.
    pub notice: Option<Note>,
    /// A target from the command line that waits for the distributions.
    pub wanted: Option<TargetName>,
    /// What the ledger has not confirmed.
    pub unsaved: Unsaved,
    /// Whether the program is ending: nothing new is sent, and what is not saved is tried more often.
    pub(super) ends: bool,
    /// The end that was asked for, while the ledger is waited for.
    pub(super) ending: Option<Ending>,
    /// The time of the last message.
    pub now: DateTime<Utc>,
    /// Whether what is seen may have changed since the last frame.
    pub dirty: bool,
    /// Whether the rows of the pages may be other ones now: they are rebuilt once, at the end of the message.
    pub(super) rows: Rows,
    /// Requests that are waited for.
    pub pending: HashMap<RequestId, Purpose>,
    /// Timers that are waited for.
    pub timers: Timers,
    /// When one of them was last found to be far too late.
    stood_still: Option<DateTime<Utc>>,
    /// How times are shown.
    pub times: Times,
    /// Rows that have just changed, for as long as that is shown.
    pub changed: BTreeSet<RowKey>,
    /// When the attempts of a submission left and how they ended, where somebody looked.
    pub attempts: BTreeMap<SubmissionId, Vec<Attempt>>,
    /// The reads that were made, and their pace.
    pub reads: Reads,
    /// What was told outside the frame.
    pub(super) told: Told,
    outbox: Vec<Effect>,
    numbers: u64,
    entropy: u128,
}

impl Model {
    /// The state before the first message.
    #[must_use]
    pub fn new(preferences: Preferences, now: DateTime<Utc>) -> Self {
        Self {
            wanted: preferences.target.clone(),
            session: Session::Connecting,
            asked_for: None,
            profiles: Vec::new(),
            size: (80, 24),
            focused: true,
            screens: vec![Screen::distributions()],
            overlays: Overlays::default(),
            scrolls: Scrolls::default(),
            wants: Vec::new(),
            news: Vec::new(),
            seen: Seen::default(),
            hints: Hints::of(&preferences.keymap),
            fleet: Fleet::default(),
            tenants: Tenants::default(),
            histories: Histories::default(),
            edge: Edge::default(),
            queue: Queue::default(),
            past: Past::default(),
            drafts: Drafts::default(),
            imports: Remembered::default(),
            marked: BTreeSet::new(),
            marked_rows: BTreeSet::new(),
            favourites: BTreeSet::new(),
            used_this_month: Vec::new(),
            uses: 0,
            month: start_of_month(now),
            ledger: LedgerState::default(),
            unsaved: Unsaved::default(),
            ends: false,
            ending: None,
            notes: Vec::new(),
            notice: None,
            now,
            dirty: true,
            rows: Rows::default(),
            pending: HashMap::new(),
            timers: Timers::default(),
            stood_still: None,
            times: Times::default(),
            changed: BTreeSet::new(),
            attempts: BTreeMap::new(),
            reads: Reads::default(),
            told: Told::default(),
            preferences,
            outbox: Vec::new(),
            numbers: 0,
            entropy: 0,
        }
    }

    /// The page being looked at.
    #[must_use]
    pub fn screen(&self) -> &Screen {
        // `screens` is never empty: it begins with the distributions and `pop_screen` keeps the first one.
        &self.screens[self.screens.len() - 1]
    }

    /// The page being looked at, to change it.
    pub fn screen_mut(&mut self) -> &mut Screen {
        let last = self.screens.len() - 1;
        &mut self.screens[last]
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

    /// Where a row of the history stands: what this run knows is newer than what was read.
    #[must_use]
    pub fn state_of<'a>(&'a self, record: &'a Record) -> Option<&'a State> {
        let live = self.queue.get(&record.id).map(|submission| &submission.state);
        live.or(record.state.as_ref())
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
    pub(super) fn remember_names<'a>(&mut self, submissions: impl IntoIterator<Item = &'a Submission>) {
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

    /// Scrolls the overlay on top, or else the page.
    pub(super) fn scroll(&mut self, step: Scroll) {
        let of = match self.overlays.len().checked_sub(1) {
            Some(top) => Scrolled::Overlay(self.overlays.serial(top)),
            None => match self.screen() {
                Screen::Details(page) => Scrolled::Page(page.serial),
                _ => return,
            },
        };
        self.scrolls.push(of, step);
        self.touch();
    }

    /// Asks for something to be opened that nobody asked for; the same is wanted once.
    pub(super) fn want(&mut self, want: Want) {
        if !self.wants.contains(&want) {
            self.wants.push(want);
        }
    }

    /// Tells the pages and overlays what was found out.
    pub(super) fn tell(&mut self, news: News) {
        self.news.push(news);
    }

    /// Data changed from which the pages make their rows. Rules say so and leave the rebuilding to [`super::settle`].
    pub(super) fn rows_changed(&mut self) {
        self.rows = Rows::Stale;
    }

    /// Begins a message: its time and its chance.
    pub(super) fn begin(&mut self, now: DateTime<Utc>, entropy: u128) {
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
    pub(super) fn stood_still_since(&self, time: DateTime<Utc>) -> bool {
        self.stood_still.is_some_and(|found| found > time)
    }

    /// Ends a message: what it asked for.
    pub(super) fn end(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.outbox)
    }

    /// Asks for an effect.
    pub(super) fn ask(&mut self, effect: Effect) {
        self.outbox.push(effect);
    }

    /// A number for a request that is waited for.
    pub(super) fn request(&mut self, purpose: Purpose) -> RequestId {
        let id = RequestId(self.number());
        self.pending.insert(id, purpose);
        id
    }

    /// Asks for a timer.
    pub(super) fn timer(&mut self, due: Due, after: std::time::Duration) -> TimerId {
        let id = TimerId(self.number());
        let deadline = TimeDelta::from_std(after).ok();
        let deadline = deadline.and_then(|after| self.now.checked_add_signed(after));
        self.timers
            .insert(id, due, deadline.unwrap_or(DateTime::<Utc>::MAX_UTC));
        self.ask(Effect::Timer { id, after });
        id
    }

    /// Asks for a timer in the place of an earlier one for the same.
    pub(super) fn restart_timer(&mut self, due: Due, after: std::time::Duration) -> TimerId {
        self.cancel_timer(&due);
        self.timer(due, after)
    }

    /// Forgets the timer for this.
    pub(super) fn cancel_timer(&mut self, due: &Due) {
        for id in self.timers.remove_all(due) {
            self.ask(Effect::CancelTimer(id));
        }
    }

    /// Whether a timer for this is running.
    pub(super) fn is_timed(&self, due: &Due) -> bool {
        self.timers.has(due)
    }

    /// A fresh id for a job.
    pub(super) fn job_id(&mut self) -> JobId {
        JobId::new(self.ulid().to_string())
    }

    /// A fresh id for a submission.
    pub(super) fn submission_id(&mut self) -> SubmissionId {
        SubmissionId::new(self.ulid().to_string())
    }

    /// A fresh id for a draft.
    pub(super) fn draft_id(&mut self) -> DraftId {
        DraftId::new(self.ulid().to_string())
    }

    /// A fresh version of a draft.
    pub(super) fn draft_version(&mut self) -> DraftVersion {
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

    pub(super) fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    /// Says something: in the messages, and in the line above the keys.
    pub(super) fn say(&mut self, level: Level, text: impl Into<String>) {
        self.say_of(level, text, None);
    }

    /// Says something of an invalidation. In passing it is said for six seconds, all else until a key is pressed.
    pub(super) fn say_of(&mut self, level: Level, text: impl Into<String>, about: Option<RowKey>) {
        const KEPT: usize = 200;
        const PASSING: std::time::Duration = std::time::Duration::from_secs(6);
        let note = Note {
            at: self.now,
            level,
            text: text.into(),
            about,
        };
        if self.notes.len() == KEPT {
            self.notes.remove(0);
        }
        self.notes.push(note.clone());
        self.notice = Some(note);
        if level == Level::Info {
            self.restart_timer(Due::Notice, PASSING);
        } else {
            self.cancel_timer(&Due::Notice);
        }
        self.touch();
    }

    /// A key was pressed: a notice that was there long enough to be seen has done its work. Whoever types on does not take
    /// it away before anybody could read it.
    pub(super) fn key_pressed(&mut self) {
        const SEEN: TimeDelta = TimeDelta::seconds(2);
        let seen = |note: &Note| note.level != Level::Info && (self.now - note.at).abs() >= SEEN;
        if self.notice.as_ref().is_some_and(seen) {
            self.end_notice();
        }
    }

    /// The notice goes, also because its page does.
    pub(super) fn end_notice(&mut self) {
        if self.notice.take().is_some() {
            self.cancel_timer(&Due::Notice);
            self.touch();
        }
    }
}
