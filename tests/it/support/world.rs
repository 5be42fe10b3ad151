//! A simulated world in which everything between the core and the outside fails, in any order. The core is real, and so
//! is the emulator, which is called directly; the ledger is in memory. There are no tasks and no sockets, and time is
//! simulated.

#![expect(clippy::panic, reason = "a test that cannot go on has failed")]

mod checks;
mod cloudfront;
mod ledger;
mod user;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};
use invalidash::app::message::Message;
use invalidash::app::model::Preferences;
use invalidash::app::overlay::Overlay;
use invalidash::domain::batch::{CallerReference, Learned, Sizes};
use invalidash::domain::distribution::AccountId;
use invalidash::domain::draft::{DraftId, KeptDraft};
use invalidash::domain::failure::Refusal;
use invalidash::domain::ledger_failure::LedgerFailureKind;
use invalidash::domain::submission::{Submission, SubmissionId};
use invalidash::emulator::{Emulator, Options, Tenant};
use invalidash::engine::effect::{Call, Effect, LedgerOperation, Reply, RequestId};

use super::samples;
use super::scene::Scene;
use ledger::is_counted;

/// The distributions of the world: the emulator's first two.
pub(crate) const TARGETS: [&str; 2] = ["E1A2WTXM7KQ4SV", "E2QBN40PLC6MXR"];

/// A tenant of which only the id is known.
const TENANT: &str = "dt_2yMvQgam3QkJo2z54FDl91dk1AB";

/// How long after it was signed CloudFront accepts a request.
const VALID: TimeDelta = TimeDelta::minutes(5);

/// What the user composes for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Aim {
    /// The first distribution.
    Distribution,
    /// Both distributions.
    Both,
    /// The tenant.
    Tenant,
}

/// The account for which everything is created.
pub(crate) const OURS: &str = "123456789012";

/// Another account to which the user may log in.
pub(crate) const THEIRS: &str = "999999999999";

/// The world: the core and everything around it.
pub(crate) struct World {
    /// The core, with this machine's clock.
    pub(crate) scene: Scene,
    pub(crate) emulator: Emulator,
    /// The submissions in the ledger, which survive a crash.
    pub(crate) disk: BTreeMap<SubmissionId, Submission>,
    /// The account's batch sizes in the ledger.
    sizes: Vec<Learned>,
    /// The drafts in the ledger.
    drafts: BTreeMap<DraftId, KeptDraft>,
    /// The reason why nothing can be written to the ledger.
    trouble: Option<LedgerFailureKind>,
    /// The submissions shown as refused, cancelled or stopped, without a note that this is not saved yet.
    over: BTreeSet<SubmissionId>,
    /// The requests to the ledger that are not carried out yet, in order.
    pub(crate) ledger: VecDeque<(RequestId, LedgerOperation)>,
    /// The requests to CloudFront that are not answered yet.
    pub(crate) calls: Vec<(RequestId, Call)>,
    /// The requests that are still in the network although no one waits for them, with the time of their signature.
    pub(crate) limbo: Vec<(Call, DateTime<Utc>)>,
    /// The references refused because of the bytes of their request: the same bytes are never accepted later.
    unacceptable: BTreeMap<CallerReference, Refusal>,
    connects: Vec<RequestId>,
    identities: Vec<RequestId>,
    /// How far this machine's clock is ahead of the server's.
    skew: TimeDelta,
    /// The account of the credentials on the machine.
    pub(crate) credentials: &'static str,
    /// The account of the connection in use.
    connected_as: &'static str,
    /// How many seconds the user has to stop what was confirmed.
    countdown: u32,
    /// The part of the quota that is reserved for other tools.
    reserve: Sizes,
    composed: usize,
}

impl World {
    pub(crate) fn new() -> Self {
        let clock = DateTime::from_timestamp(1_795_341_600, 0).unwrap_or(DateTime::UNIX_EPOCH);
        let options = Options {
            distributions: Some(TARGETS.len()),
            ..Options::default()
        };
        let mut world = Self {
            scene: Scene::before(Preferences::default(), clock),
            emulator: Emulator::new(options),
            disk: BTreeMap::new(),
            sizes: Vec::new(),
            drafts: BTreeMap::new(),
            trouble: None,
            over: BTreeSet::new(),
            ledger: VecDeque::new(),
            calls: Vec::new(),
            limbo: Vec::new(),
            unacceptable: BTreeMap::new(),
            connects: Vec::new(),
            identities: Vec::new(),
            skew: TimeDelta::zero(),
            credentials: OURS,
            connected_as: OURS,
            countdown: 0,
            reserve: Sizes { exact: 0, wildcards: 0 },
            composed: 0,
        };
        let tenant = Tenant {
            id: TENANT.to_owned(),
            distribution_id: TARGETS[0].to_owned(),
            ..Tenant::default()
        };
        world.emulator.put_tenant(tenant, clock);
        world.start();
        world
    }

    /// Starts the program: the ledger opens, the connection is made, and the distributions are listed.
    fn start(&mut self) {
        self.scene.die();
        self.count_down(self.countdown);
        self.reserve(self.reserve.exact, self.reserve.wildcards);
        self.tell(Message::Start);
        self.open_ledger();
        self.deliver_connects();
        self.deliver_lists();
    }

    fn open_ledger(&mut self) {
        while self
            .ledger
            .front()
            .is_some_and(|(_, operation)| *operation == LedgerOperation::Open)
        {
            self.write(true);
        }
    }

    /// Returns the time of the server's clock.
    fn clock(&self) -> DateTime<Utc> {
        self.scene.now - self.skew
    }

    /// Sets this machine's clock this far ahead of the server's.
    pub(crate) fn set_clock(&mut self, ahead: TimeDelta) {
        self.scene.now += ahead - self.skew;
        self.skew = ahead;
    }

    fn tell(&mut self, message: Message) {
        self.scene.send(message);
        self.take_effects();
    }

    fn take_effects(&mut self) {
        for effect in std::mem::take(&mut self.scene.effects) {
            self.take(effect);
        }
    }

    fn take(&mut self, effect: Effect) {
        match effect {
            Effect::Connect { request, .. }
            | Effect::LogIn { request, .. }
            | Effect::LogInByBrowser { request, .. } => self.connects.push(request),
            Effect::CancelConnect(request) => self.connects.retain(|other| *other != request),
            Effect::Identify { request } => self.identities.push(request),
            Effect::CloudFront { request, call } => {
                self.hold_to_the_ledger(&call);
                self.calls.push((request, call));
            }
            Effect::Ledger { request, operation } if is_counted(&operation) => {
                self.ledger.push_back((request, operation));
            }
            Effect::Ledger { .. }
            | Effect::Timer { .. }
            | Effect::CancelTimer(_)
            | Effect::ListProfiles
            | Effect::LookForLogin { .. }
            | Effect::PlanLogin { .. }
            | Effect::WhoAmI { .. }
            | Effect::Copy { .. }
            | Effect::EditText { .. }
            | Effect::Import { .. }
            | Effect::AskProfile { .. }
            | Effect::CancelAskProfile(_)
            | Effect::CancelImport(_)
            | Effect::CancelLoading
            | Effect::ListFolder { .. }
            | Effect::Lists { .. }
            | Effect::Export { .. }
            | Effect::VisitEdge { .. }
            | Effect::Run { .. }
            | Effect::Notify(_)
            | Effect::Repaint
            | Effect::Mouse(_)
            | Effect::Suspend
            | Effect::Quit(_) => {}
        }
    }

    pub(crate) fn deliver_connects(&mut self) {
        for request in std::mem::take(&mut self.connects) {
            self.connected_as = self.credentials;
            let result = Ok(samples::unknown_account());
            self.scene.connects(request, result);
            self.take_effects();
        }
        for request in std::mem::take(&mut self.identities) {
            let account = Some(AccountId::new(self.connected_as));
            self.scene.reply(Reply::Identified { request, account });
            self.take_effects();
        }
    }

    fn deliver_lists(&mut self) {
        while let Some(place) = self
            .calls
            .iter()
            .position(|(_, call)| matches!(call, Call::ListDistributions { .. }))
        {
            self.answer(place);
        }
    }

    /// Lets time pass, with its timers.
    pub(crate) fn pass(&mut self, seconds: i64) {
        self.scene.pass(seconds);
        self.take_effects();
    }

    /// Kills the process: some of the requests to the ledger are carried out, and each request to CloudFront arrives now,
    /// later or never. Then the program is started again.
    pub(crate) fn crash(&mut self, written: usize, fate: Fate) {
        for (_, operation) in self.ledger.drain(..).take(written).collect::<Vec<_>>() {
            if self.trouble.is_none() {
                drop(self.transact(operation));
            }
        }
        for (_, call) in std::mem::take(&mut self.calls) {
            match fate {
                Fate::Now => drop(self.work(&call)),
                Fate::Later => self.limbo.push((call, self.clock())),
                Fate::Never => {}
            }
        }
        self.connects.clear();
        self.identities.clear();
        self.start();
    }

    /// Ends all faults: everything arrives and is answered, and the user decides what requires a decision.
    pub(crate) fn settle(&mut self) {
        self.trouble = None;
        self.emulator.clear_faults();
        self.emulator
            .configure(|settings| *settings = invalidash::emulator::Settings::default());
        self.credentials = OURS;
        while !self.limbo.is_empty() {
            self.arrive();
        }
        for round in 0..400 {
            self.deliver_connects();
            while !self.ledger.is_empty() {
                self.write(true);
            }
            while !self.calls.is_empty() {
                self.answer(0);
            }
            if self.connects.is_empty() && self.ledger.is_empty() && self.calls.is_empty() {
                if self.unsettled().is_empty() {
                    return;
                }
                self.pass(5);
                if round % 8 == 7 {
                    self.lend_a_hand();
                }
            }
        }
        panic!(
            "these never end: {:#?}\nheld: {:?}\npending: {:?}\ntimers: {:?}\noverlays: {:?}\nsession: {:?}",
            self.unsettled(),
            self.scene.model.engine.queue.held(),
            self.scene.model.engine.pending,
            self.scene.model.engine.timers,
            self.scene.model.overlays,
            self.scene.model.engine.session,
        );
    }

    fn lend_a_hand(&mut self) {
        if matches!(self.scene.model.overlays.last(), Some(Overlay::LeftOver(left)) if !left.ids.is_empty()) {
            // A key pressed when the overlay appears decides nothing.
            self.pass(1);
            return self.keys("S");
        }
        self.keys("esc esc esc 1");
        let first = self.unsettled().first().and_then(|s| s.scope.account.clone());
        let wanted = if first.is_some_and(|account| account.as_str() == THEIRS) {
            THEIRS
        } else {
            OURS
        };
        if self.connected_as != wanted {
            self.credentials = wanted;
            return self.crash(usize::MAX, Fate::Now);
        }
        for row in 0..self.scene.model.engine.queue.iter().count() {
            self.on_row(row, "R");
        }
    }

    fn unsettled(&self) -> Vec<&Submission> {
        self.scene
            .model
            .engine
            .queue
            .iter()
            .filter(|s| s.state.waits_to_be_sent())
            .collect()
    }
}

/// When a request arrives whose response is lost.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fate {
    Now,
    Later,
    Never,
}
