//! Carries out the core's effects. Each request results in exactly one message.

mod asking;
mod commands;
mod connecting;
mod ledger;
mod running;

use std::collections::HashMap;
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::AbortHandle;
use ulid::Ulid;

use super::event_loop::Copying;
use crate::app::message::Message;
use crate::domain::edge::{Address, Method};
use crate::domain::failure::Failure;
use crate::domain::import::Source;
use crate::domain::lint;
use crate::engine::effect::{Call, Effect, ListsOperation, Reply, RequestId, TimerId};
use crate::runtime::clock::ServiceClock;
use crate::runtime::cloudfront::CloudFront;
use crate::runtime::edge::Edge;
use crate::runtime::held::lock;
use crate::runtime::import::{self, Places};
use crate::runtime::ledger::Ledger;
use crate::runtime::lists;
use crate::runtime::waits::Waits;

use commands::Commands;
use ledger::{LedgerRequest, serve_ledger};
use running::Running;

pub use connecting::{Accounts, By, Connected, Connector, Lister, Planner, Stamper, Telling, Wanted};

/// The number of finished timers that may accumulate.
const FEW_TIMERS: usize = 64;

/// A boxed future.
pub type Boxed<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// The outside world except the terminal: CloudFront, the ledger, the clock.
pub struct Effects {
    replies: UnboundedSender<Message>,
    accounts: Accounts,
    cloudfront: Arc<Mutex<Place>>,
    edge: Arc<Mutex<Option<Edge>>>,
    /// The state of the credential files when they were last loaded.
    stamped: Arc<Mutex<Option<u64>>>,
    /// The state of the credential files when the profiles were last listed.
    listed: Arc<Mutex<Option<u64>>>,
    ledger: UnboundedSender<LedgerRequest>,
    timers: HashMap<TimerId, AbortHandle>,
    /// The number of timers that triggers the next removal of finished ones.
    timers_kept: usize,
    places: Arc<Places>,
    imports: Running,
    connecting: Running,
    asking: Running,
    /// The connection of the most recently queried other profile.
    other: asking::Other,
    commands: Commands,
}

impl std::fmt::Debug for Effects {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Effects")
            .field("timers", &self.timers.len())
            .finish_non_exhaustive()
    }
}

/// The current connection. While there is none, the core sends no requests.
#[derive(Default)]
struct Place {
    cloudfront: Option<Arc<CloudFront>>,
    /// The newest connection request. An older one that finishes later must not replace its connection.
    newest: Option<RequestId>,
}

impl Effects {
    /// Creates the effects; replies go to `replies`. The ledger in the state directory is opened by its first request,
    /// after the first frame. Must be called within a tokio runtime.
    #[must_use]
    pub fn new(
        replies: UnboundedSender<Message>,
        accounts: Accounts,
        state_directory: PathBuf,
        places: Places,
    ) -> Self {
        let (ledger, requests) = unbounded_channel();
        tokio::spawn(serve_ledger(
            Ledger::in_folder(state_directory),
            requests,
            replies.clone(),
        ));
        Self::with(replies, accounts, ledger, places)
    }

    fn with(
        replies: UnboundedSender<Message>,
        accounts: Accounts,
        ledger: UnboundedSender<LedgerRequest>,
        places: Places,
    ) -> Self {
        Self {
            replies,
            accounts,
            cloudfront: Arc::default(),
            edge: Arc::default(),
            stamped: Arc::default(),
            listed: Arc::default(),
            ledger,
            timers: HashMap::new(),
            timers_kept: FEW_TIMERS,
            places: Arc::new(places),
            imports: Running::default(),
            connecting: Running::default(),
            asking: Running::default(),
            other: asking::Other::default(),
            commands: Commands::default(),
        }
    }

    /// Reports the offset of the local clock to the core.
    pub fn watch_clock(&self, clock: ServiceClock) {
        let replies = self.replies.clone();
        tokio::spawn(async move { clock.tell(|behind| replies.send(Message::Clock(behind)).is_ok()).await });
    }

    /// Reports to the core what the loading of credentials is waiting for.
    pub fn watch_waits(&self, waits: Waits) {
        let replies = self.replies.clone();
        tokio::spawn(async move { waits.tell(|what| replies.send(Message::Waits(what)).is_ok()).await });
    }

    /// Creates the effects with a ledger that exists only as long as the process.
    #[must_use]
    pub fn without_ledger(replies: UnboundedSender<Message>, accounts: Accounts, places: Places) -> Self {
        let (ledger, requests) = unbounded_channel();
        tokio::spawn(serve_ledger(Ledger::in_memory(), requests, replies.clone()));
        Self::with(replies, accounts, ledger, places)
    }

    /// Carries out an effect that needs no terminal; returns any other effect unchanged.
    pub fn carry_out(&mut self, effect: Effect, now: DateTime<Utc>) -> Option<Effect> {
        match effect {
            Effect::ListProfiles => self.list_profiles(),
            Effect::Connect { request, profile, code } => {
                let by = code.map_or(By::Nobody, By::Code);
                self.connect(request, Wanted { profile, by });
            }
            Effect::LogInByBrowser { request, profile } => self.log_in_by_browser(request, profile),
            Effect::CancelConnect(request) => self.cancel_connect(request),
            Effect::CancelLoading => self.cancel_loading(),
            Effect::PlanLogin { request, profile } => self.plan_login(request, profile),
            Effect::Identify { request } => self.identify(request),
            Effect::WhoAmI { request, asks } => self.who_am_i(request, asks),
            Effect::LookForLogin { request } => self.look_for_login(request),
            Effect::CloudFront { request, call } => self.call(request, call),
            Effect::AskProfile {
                request,
                profile,
                question,
            } => self.ask_profile(request, profile, question),
            Effect::CancelAskProfile(request) => self.cancel_ask_profile(request),
            Effect::Ledger { request, operation } => self.ledger(request, operation, now),
            Effect::Import {
                request,
                source,
                context,
            } => self.import(request, source, *context),
            Effect::CancelImport(request) => self.cancel_import(request),
            Effect::ListFolder { request, folder } => self.list_folder(request, folder),
            Effect::Lists { request, operation } => self.lists(request, operation),
            Effect::Export { request, export } => self.export(request, export, now),
            Effect::VisitEdge {
                request,
                address,
                method,
                by,
            } => self.visit(request, address, method, by),
            Effect::Timer { id, after } => self.timer(id, after),
            Effect::CancelTimer(id) => self.cancel_timer(id),
            Effect::Run { command, facts } => self.run(command, facts),
            Effect::Copy { .. }
            | Effect::EditText { .. }
            | Effect::LogIn { .. }
            | Effect::Notify(_)
            | Effect::Repaint
            | Effect::Mouse(_)
            | Effect::Suspend
            | Effect::Quit(_) => return Some(effect),
        }
        None
    }

    /// Runs work and delivers the reply that it returns.
    fn reply(&self, work: impl Future<Output = Reply> + Send + 'static) {
        self.tell(async { Message::Reply(Box::new(work.await)) });
    }

    /// Runs work and delivers the message that it returns.
    fn tell(&self, work: impl Future<Output = Message> + Send + 'static) -> AbortHandle {
        let replies = self.replies.clone();
        // A closed channel means that the program is exiting.
        let task = tokio::spawn(async move { drop(replies.send(work.await)) });
        task.abort_handle()
    }

    /// Lists the profiles.
    pub fn list_profiles(&self) {
        let listing = (self.accounts.list)();
        let (stamp, listed) = (Arc::clone(&self.accounts.stamp), Arc::clone(&self.listed));
        self.tell(async move {
            // Taken before anything is read, so that any later write counts as a change.
            let stamped = tokio::task::spawn_blocking(move || stamp()).await;
            *lock(&listed) = stamped.ok();
            let (profiles, trouble) = listing
                .await
                .unwrap_or_else(|failure| (Vec::new(), Some(failure.to_string())));
            Message::Profiles(profiles, trouble)
        });
    }

    /// Determines the account of the current connection.
    pub fn identify(&self, request: RequestId) {
        let cloudfront = lock(&self.cloudfront).cloudfront.clone();
        self.reply(async move {
            let account = match cloudfront {
                Some(cloudfront) => cloudfront.connection().account().await,
                None => None,
            };
            Reply::Identified { request, account }
        });
    }

    /// Determines where the credentials come from and, if requested, whose they are.
    pub fn who_am_i(&self, request: RequestId, asks: bool) {
        let cloudfront = lock(&self.cloudfront).cloudfront.clone();
        self.reply(async move {
            let who = match cloudfront {
                Some(cloudfront) => Some(Box::new(cloudfront.connection().who(asks).await)),
                None => None,
            };
            Reply::Who { request, who }
        });
    }

    /// Calls CloudFront.
    pub fn call(&self, request: RequestId, call: Call) {
        let cloudfront = lock(&self.cloudfront).cloudfront.clone();
        self.reply(async move {
            let result = match cloudfront {
                Some(cloudfront) => cloudfront.call(call).await,
                None => Err(Failure::Setup("not connected to CloudFront yet".to_owned())),
            };
            Reply::CloudFront { request, result }
        });
    }

    /// Reports where copied text went, once that is known.
    pub fn copied(&self, name: String, copying: Copying) {
        self.tell(async { Message::Copied(name, copying.await) });
    }

    /// Requests a URL from the edge.
    pub fn visit(&self, request: RequestId, address: Address, method: Method, by: Option<String>) {
        let edge = lock(&self.edge).clone();
        self.reply(async move {
            let result = match edge {
                Some(edge) => edge.visit(&address, method, by.as_deref()).await,
                None => Err("not connected yet".to_owned()),
            };
            Reply::Visited { request, result }
        });
    }

    /// Imports a list.
    pub fn import(&mut self, request: RequestId, source: Source, context: lint::Context) {
        let places = Arc::clone(&self.places);
        self.imports.begin(request, &self.replies, async move {
            let result = import::import(source, context, &places).await;
            Reply::Imported { request, result }
        });
    }

    /// Reads the names in a folder.
    pub fn list_folder(&self, request: RequestId, folder: String) {
        let places = Arc::clone(&self.places);
        self.reply(async move {
            let work = tokio::task::spawn_blocking(move || import::names_in(&places, &folder)).await;
            let result =
                work.unwrap_or_else(|_| Err("the folder could not be read: the background task failed".to_owned()));
            Reply::Folder { request, result }
        });
    }

    /// Cancels an import and everything it started.
    pub fn cancel_import(&mut self, request: RequestId) {
        let result = Err("cancelled".to_owned());
        let instead = Reply::Imported { request, result };
        self.imports.cancel(request, &self.replies, instead);
    }

    /// Reads or writes the saved lists.
    pub fn lists(&self, request: RequestId, operation: ListsOperation) {
        let places = Arc::clone(&self.places);
        self.reply(async move {
            let work = tokio::task::spawn_blocking(move || lists::carry_out(&places.lists, operation)).await;
            let result = work
                .unwrap_or_else(|_| Err("the saved lists could not be read: the background task failed".to_owned()));
            Reply::Lists { request, result }
        });
    }

    /// Runs the user's own command.
    pub fn run(&self, command: Vec<String>, facts: Vec<(&'static str, String)>) {
        let replies = self.replies.clone();
        let warn = move |reason| drop(replies.send(Message::Warning(reason)));
        self.commands.run(command, facts, warn);
    }

    /// Waits until the user's commands have finished, for callers that would end them by exiting.
    pub async fn commands_ended(&self) {
        self.commands.ended().await;
    }

    /// Starts a timer.
    pub fn timer(&mut self, id: TimerId, after: std::time::Duration) {
        self.forget_ended_timers();
        let timer = self.tell(async move {
            tokio::time::sleep(after).await;
            Message::Timer(id)
        });
        self.timers.insert(id, timer);
    }

    /// Removes finished timers once they may outnumber the running ones. There can be thousands, each started by a
    /// separate call.
    fn forget_ended_timers(&mut self) {
        if self.timers.len() >= self.timers_kept {
            self.timers.retain(|_, timer| !timer.is_finished());
            self.timers_kept = FEW_TIMERS + 2 * self.timers.len();
        }
    }

    /// Cancels a timer.
    pub fn cancel_timer(&mut self, id: TimerId) {
        if let Some(timer) = self.timers.remove(&id) {
            timer.abort();
        }
    }
}

fn answer(replies: &UnboundedSender<Message>, reply: Reply) {
    // A closed channel means that the program is exiting.
    let _ = replies.send(Message::Reply(Box::new(reply)));
}

/// Returns fresh random bits for the core, from two ULIDs with 80 random bits each.
#[must_use]
pub(crate) fn entropy() -> u128 {
    u128::from(Ulid::generate()).rotate_left(64) ^ u128::from(Ulid::generate())
}
