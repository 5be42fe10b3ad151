//! Runs the core and its effects without a terminal: passes messages to the core, carries out its effects, and lets the
//! commands inspect the model. The commands access the core only through this module, and decide what to do with its
//! state.

use std::sync::Arc;
use std::time::Duration;

use tokio::select;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::{Instant, sleep};

use super::error::Error;
use super::report;
use super::signal::{Signals, Stop, at};
use crate::app::message::Message;
use crate::app::model::Model;
use crate::app::update::update;
use crate::cli::{OnLogin, Output, Waiting};
use crate::domain::distribution::{AccountId, Target};
use crate::domain::failure::Failure;
use crate::domain::options::NotifyOptions;
use crate::domain::submission::{State, Submission};
use crate::engine::data::Freshness;
use crate::engine::effect::{Announcement, Context, Effect};
use crate::engine::ledger::LedgerState;
use crate::engine::lost;
use crate::engine::notices::Level;
use crate::engine::preferences::Front;
use crate::engine::preferences::Hints;
use crate::engine::script::knows_account;
pub(super) use crate::engine::script::{Ask, Job, Known, Part, Refused};
use crate::engine::session::Session;
pub(super) use crate::engine::state::Engine as Core;
use crate::runtime::clock::ServiceClock;
use crate::runtime::credentials::Connection;
use crate::runtime::effects::{Accounts, Connected, Connector, Effects, entropy};
use crate::runtime::{notify, start};
use crate::settings::Settings;

/// The number of attempts to open the ledger before a command gives up.
const LEDGER_TRIES: u32 = 2;

/// What a command requires of the core.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a wish of its own")]
pub(super) struct Wishes {
    /// The account, if already known.
    pub(super) account: Option<AccountId>,
    /// Whether to run without a ledger file, using a ledger that exists only as long as the process.
    pub(super) no_ledger: bool,
    /// Whether the command only watches. Such a command works even if the ledger cannot be opened.
    pub(super) only_watches: bool,
    /// Whether the command resumes the unfinished work of earlier runs. This requires a known account.
    pub(super) takes_up: bool,
    /// Whether to ring and notify as the dashboard does.
    pub(super) notify: bool,
    /// When the command gives up.
    pub(super) deadline: Option<Instant>,
    /// What to do if the credentials expire.
    pub(super) on_login: OnLogin,
    /// The output format of warnings.
    pub(super) output: Output,
    /// Whether warnings are suppressed.
    pub(super) quiet: bool,
}

impl Wishes {
    /// Returns the requirements from the options that all waiting commands share.
    pub(super) fn of(waiting: &Waiting, deadline: Option<Instant>, output: Output) -> Self {
        Self {
            notify: waiting.notify,
            deadline,
            on_login: waiting.on_login,
            output,
            quiet: waiting.quiet,
            ..Self::default()
        }
    }
}

/// A running core.
pub(super) struct Engine {
    /// The model.
    model: Box<Model>,
    effects: Effects,
    replies: UnboundedReceiver<Message>,
    signals: Signals,
    clock: ServiceClock,
    wishes: Wishes,
    /// The number of notices that have been printed.
    told: usize,
    quit: bool,
}

impl Engine {
    /// Starts the core with a connection and waits until it is ready.
    pub(super) async fn start(settings: &Settings, connection: Connection, wishes: Wishes) -> Result<Self, Error> {
        let (replies, received) = unbounded_channel();
        let clock = ServiceClock::of_machine();
        let way = accounts(connection.timed_by(clock.clone()), wishes.account.clone());
        let places = start::places(settings);
        let effects = if wishes.no_ledger {
            Effects::without_ledger(replies, way, places)
        } else {
            Effects::new(replies, way, settings.state_dir.clone(), places)
        };
        effects.watch_clock(clock.clone());
        let mut preferences = start::preferences(settings).map_err(Error::Settings)?;
        preferences.engine.front = Front::Script;
        preferences.engine.read_only |= wishes.only_watches;
        preferences.engine.notify = NotifyOptions {
            title: false,
            progress: false,
            bell: preferences.engine.notify.bell && wishes.notify,
            notification: preferences.engine.notify.notification.filter(|_| wishes.notify),
            on_completed: if wishes.notify {
                preferences.engine.notify.on_completed
            } else {
                Vec::new()
            },
        };
        let mut model = Model::new(preferences, clock.now());
        model.engine.hints = Hints {
            log_in: "`aws sso login`".to_owned(),
            edit: "another `invalidash create`".to_owned(),
            all_tenants: "`create --all-tenants`".to_owned(),
            profiles: "--profile".to_owned(),
        };
        let mut engine = Self {
            model: Box::new(model),
            effects,
            replies: received,
            signals: Signals::listen()?,
            clock,
            wishes,
            told: 0,
            quit: false,
        };
        engine.take(Message::Start);
        engine.ready().await?;
        Ok(engine)
    }

    /// Waits for the credentials and the ledger.
    async fn ready(&mut self) -> Result<(), Error> {
        let wishes = self.wishes.clone();
        let (only_watches, fails) = (wishes.only_watches, wishes.on_login == OnLogin::Fail);
        let state = self.until(wishes.deadline, |model| match (&model.session, &model.ledger) {
            (Session::Failed(failure), _) => Some(Err(Error::from(failure.clone()))),
            (_, LedgerState::Closed { failure, tries })
                if !only_watches && (*tries >= LEDGER_TRIES || !failure.may_pass()) =>
            {
                Some(Err(Error::Ledger(failure.clone())))
            }
            (Session::Connected(_), LedgerState::Open) if !wishes.takes_up || knows_account(model) => Some(Ok(())),
            (Session::Connected(_), LedgerState::Closed { .. }) if only_watches => Some(Ok(())),
            (Session::Connected(_), _) if wishes.takes_up && fails => {
                needed_login(&model.fleet.freshness).map(|failure| Err(failure.into()))
            }
            _ => None,
        });
        state.await.unwrap_or_else(|stop| Err(Error::Stopped(stop)))
    }

    /// Runs a future while the core continues working.
    pub(super) async fn beside<T>(
        &mut self,
        deadline: Option<Instant>,
        work: impl Future<Output = T>,
    ) -> Result<T, Stop> {
        let mut work = std::pin::pin!(work);
        loop {
            self.tell_notes();
            select! {
                biased;
                code = self.signals.exit_code() => return Err(Stop::Signal(code)),
                value = &mut work => return Ok(value),
                Some(message) = self.replies.recv() => self.take_all(message),
                () = at(deadline) => return Err(Stop::Timeout),
            }
        }
    }

    /// Returns the core's state.
    pub(super) fn core(&self) -> &Core {
        &self.model.engine
    }

    /// Takes the reason why the job could not be planned, if there is one.
    pub(super) fn take_refusal(&mut self) -> Option<Refused> {
        self.model.engine.script.refused.take()
    }

    /// Sends a request to the core.
    pub(super) fn ask(&mut self, ask: Ask) {
        self.take(Message::Ask(Box::new(ask)));
    }

    /// Runs the core until `ready` returns a value.
    pub(super) async fn until<T>(
        &mut self,
        deadline: Option<Instant>,
        ready: impl FnMut(&Core) -> Option<T>,
    ) -> Result<T, Stop> {
        self.until_each(deadline, None, ready).await
    }

    /// Runs the core until `ready` returns a value, also calling it whenever nothing has happened for the given
    /// interval.
    pub(super) async fn until_each<T>(
        &mut self,
        deadline: Option<Instant>,
        each: Option<Duration>,
        mut ready: impl FnMut(&Core) -> Option<T>,
    ) -> Result<T, Stop> {
        loop {
            self.tell_notes();
            if let Some(value) = ready(self.core()) {
                return Ok(value);
            }
            select! {
                biased;
                code = self.signals.exit_code() => return Err(Stop::Signal(code)),
                Some(message) = self.replies.recv() => self.take_all(message),
                () = at(deadline) => return Err(Stop::Timeout),
                () = after(each) => {}
            }
        }
    }

    /// Stops the core, giving it limited time to write pending changes. Reports changes that could not be written.
    pub(super) async fn end(mut self) {
        self.take(Message::End(0));
        while !self.quit {
            let Some(message) = self.replies.recv().await else {
                break;
            };
            self.take_all(message);
        }
        self.effects.commands_ended().await;
        while let Ok(message) = self.replies.try_recv() {
            self.take(message);
        }
        self.tell_notes();
        for name in lost::names(self.core()) {
            let text = format!("not saved in the ledger: {name} ({})", lost::reason(self.core()));
            report::warn(&text, self.wishes.output);
        }
    }

    fn take_all(&mut self, message: Message) {
        self.take(message);
        while let Ok(message) = self.replies.try_recv() {
            self.take(message);
        }
    }

    fn take(&mut self, message: Message) {
        let context = Context {
            now: self.clock.now(),
            entropy: entropy(),
        };
        for effect in update(&mut self.model, message, &context) {
            match self.effects.carry_out(effect, context.now) {
                Some(Effect::Quit(_)) => self.quit = true,
                Some(Effect::Notify(notice)) => ring(&notice),
                _ => {}
            }
        }
    }

    /// Prints the core's new warnings. Other notices are only meant for users with a screen.
    fn tell_notes(&mut self) {
        let notes = self.model.engine.notices.get(self.told..).unwrap_or_default();
        if !self.wishes.quiet {
            let loud = notes.iter().filter(|note| note.level == Level::Warning);
            loud.for_each(|note| report::warn(&note.text, self.wishes.output));
        }
        self.told = self.model.engine.notices.len();
    }

    /// Returns this command's submissions in their current state. A split submission is replaced by its parts.
    pub(super) fn submissions(model: &Core) -> Vec<&Submission> {
        let own = model.script.submissions.iter().filter_map(|id| model.queue.get(id));
        let own: Vec<&Submission> = own.collect();
        let is_divided = |s: &Submission| matches!(s.state, State::Split { .. });
        if !own.iter().any(|s| is_divided(s)) {
            return own;
        }
        let of_divided = |s: &Submission| {
            own.iter()
                .any(|whole| is_divided(whole) && whole.job == s.job && whole.target == s.target)
        };
        let parts = model.queue.iter().filter(|s| !is_divided(s));
        let parts = parts.filter(|s| of_divided(s) && own.iter().all(|known| known.id != s.id));
        own.iter().copied().filter(|s| !is_divided(s)).chain(parts).collect()
    }
}

/// Returns the failure if only logging in can resolve it.
pub(super) fn needed_login(freshness: &Freshness) -> Option<Failure> {
    freshness.failure.clone().filter(Failure::needs_login)
}

/// Returns the failure of a target with invalidations in progress, if only logging in can resolve it.
pub(super) fn login(model: &Core, target: &Target) -> Option<Failure> {
    needed_login(&model.histories.get(target)?.freshness)
}

/// Returns accounts with this single connection and no choice of profiles. Reconnecting reloads credentials that have
/// expired.
fn accounts(connection: Connection, account: Option<AccountId>) -> Accounts {
    let connect: Connector = Arc::new(move |_| {
        let (connection, account) = (connection.clone(), account.clone());
        Box::pin(async move {
            connection.credentials().await?;
            let mut connected = Connected::over(connection);
            connected.scope.account = connected.scope.account.or(account);
            Ok(connected)
        })
    });
    Accounts::fixed(connect, Vec::new())
}

async fn after(each: Option<Duration>) {
    match each {
        Some(each) => sleep(each).await,
        None => std::future::pending().await,
    }
}

/// Rings the bell or shows a notification through standard error, if it is a terminal.
fn ring(notice: &Announcement) {
    let bytes = match notice {
        Announcement::Bell => notify::bell().to_vec(),
        Announcement::Notification(protocol, text) => notify::notification(*protocol, text),
        Announcement::Title(_) | Announcement::Progress(_) => return,
    };
    report::to_terminal(&bytes);
}
