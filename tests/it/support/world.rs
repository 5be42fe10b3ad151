//! A simulated world in which everything between the core and the outside fails, in any order. The core is real, and so
//! is the emulator, which is called directly; the ledger is in memory. There are no tasks and no sockets, and time is
//! simulated.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};
use invalidash::app::action::Entry;
use invalidash::app::availability::is_available;
use invalidash::app::key::{Code, Key};
use invalidash::app::keys::{action_of, is_text, sections};
use invalidash::app::message::Message;
use invalidash::app::model::Preferences;
use invalidash::app::overlay::Overlay;
use invalidash::domain::batch::{Batch, CallerReference, Learned, Sizes};
use invalidash::domain::distribution::{AccountId, Target};
use invalidash::domain::draft::{DraftId, KeptDraft};
use invalidash::domain::failure::{Failure, Refusal};
use invalidash::domain::invalidation::{Invalidation, InvalidationId, InvalidationSummary, Page, Status};
use invalidash::domain::ledger_failure::{LedgerFailure, LedgerFailureKind};
use invalidash::domain::submission::{State, Submission, SubmissionId};
use invalidash::emulator::{Emulator, Options, Outcome, Request, Tenant};
use invalidash::engine::effect::{Answer, Call, Created, Effect, LedgerContents, LedgerOperation, Reply, RequestId};
use invalidash::runtime::ledger::LedgerResult;

use super::samples;
use super::scene::Scene;

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

/// Returns whether an operation matters in this world. There is no other window, and operations that only save the next
/// run some work are ignored.
fn is_counted(operation: &LedgerOperation) -> bool {
    !matches!(
        operation,
        LedgerOperation::Changes(_)
            | LedgerOperation::List(_)
            | LedgerOperation::KeptLists(_)
            | LedgerOperation::KeepList(_)
            | LedgerOperation::Month(_)
            | LedgerOperation::KeepMonth(..)
            | LedgerOperation::Maker(_)
            | LedgerOperation::KeepMaker(..)
            | LedgerOperation::Setting { .. }
    )
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

    /// Reserves part of the quota for other tools.
    pub(crate) fn reserve(&mut self, exact: usize, wildcards: usize) {
        self.reserve = Sizes { exact, wildcards };
        let send = &mut self.scene.model.engine.preferences.send;
        send.reserve_items = exact.try_into().unwrap();
        send.reserve_wildcards = wildcards.try_into().unwrap();
    }

    /// Sets how long the user can stop what was confirmed.
    pub(crate) fn count_down(&mut self, seconds: u32) {
        self.countdown = seconds;
        self.scene.model.engine.preferences.send.countdown = seconds;
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

    /// Checks that no request is sent without a durable intent, or with another account's credentials.
    fn hold_to_the_ledger(&self, call: &Call) {
        let Call::CreateInvalidation {
            target,
            batch,
            reference,
        } = call
        else {
            return;
        };
        let written = self.disk.values().find(|s| s.reference == *reference);
        let written = written.unwrap_or_else(|| panic!("{reference} is sent and not in the ledger"));
        assert_eq!((&written.target, &written.batch), (target, batch));
        assert_eq!(written.state.word(), "Sending", "the attempt is not in the ledger");
        if let Some(account) = &written.scope.account {
            assert_eq!(
                account.as_str(),
                self.connected_as,
                "sent with another account's credentials"
            );
        }
    }

    /// Presses keys. Checks that an action works only where it is shown, and that a key that types text sends nothing.
    pub(crate) fn keys(&mut self, keys: &str) {
        for key in keys.split(' ') {
            self.press(key.parse().unwrap());
        }
    }

    fn press(&mut self, key: Key) {
        let typed = is_text(&self.scene.model) && key.typed().is_some();
        if let Some(action) = action_of(&self.scene.model, key) {
            let shown = sections(&self.scene.model, self.scene.model.overlays.len());
            let mut actions = shown.iter().flat_map(|section| &section.actions);
            let means = |(shown, keys): &(&Entry, Vec<Key>)| shown.action == action && keys.contains(&key);
            let hidden = is_available(&self.scene.model, action) == Err(String::new());
            assert!(hidden || actions.any(means), "{key} is {action:?}, which is not shown");
        }
        let (calls, submissions) = (self.creates(), self.scene.model.engine.queue.iter().count());
        self.scene.press(key);
        self.take_effects();
        if typed {
            assert_eq!(
                (calls, submissions),
                (self.creates(), self.scene.model.engine.queue.iter().count()),
                "{key} was typed"
            );
        }
    }

    /// Returns the number of creates that are not answered yet.
    fn creates(&self) -> usize {
        let create = |call: &&(RequestId, Call)| matches!(call.1, Call::CreateInvalidation { .. });
        self.calls.iter().filter(create).count()
    }

    /// Types a line for the selected target, whatever has the keyboard focus meanwhile, then clears it and leaves.
    pub(crate) fn type_line(&mut self, line: &str) {
        self.keys("esc esc esc 1 g i");
        for c in line.chars() {
            self.press(Key::plain(Code::Char(c)));
            // A response may arrive between two keys.
            self.write(true);
            self.answer(0);
        }
        self.keys("f9 esc");
    }

    /// Composes exact paths and wildcards that were not composed before, and confirms them.
    pub(crate) fn compose(&mut self, exact: usize, wildcards: usize, aim: Aim) {
        self.keys("esc esc esc 1 g");
        match aim {
            Aim::Distribution => {}
            Aim::Both => self.keys("space space"),
            Aim::Tenant => {
                self.keys("o");
                self.tell(Message::Paste(TENANT.to_owned()));
                self.keys("enter");
            }
        }
        self.keys("i");
        let number = self.composed;
        let exact = (0..exact).map(|item| format!("/p{number}/{item}.html"));
        let lines: Vec<_> = exact
            .chain((0..wildcards).map(|item| format!("/w{number}/{item}/*")))
            .collect();
        self.composed += 1;
        // The list of a stopped submission is a draft again: this one replaces it.
        self.keys("alt-a backspace");
        self.tell(Message::Paste(lines.join("\n")));
        self.keys("ctrl-s enter");
    }

    /// Presses a key on a row of the invalidations.
    pub(crate) fn on_row(&mut self, row: usize, key: &str) {
        self.keys("2 g");
        for _ in 0..row {
            self.keys("down");
        }
        self.keys(key);
    }

    /// Carries out the oldest ledger operation, or lets it fail without any effect. Reading works even on a full disk.
    pub(crate) fn write(&mut self, works: bool) {
        let Some((request, operation)) = self.ledger.pop_front() else {
            return;
        };
        let result = match self.trouble {
            None if works => self.transact(operation),
            Some(kind) if operation != LedgerOperation::Open => Err(LedgerFailure::new(kind, "it cannot be written")),
            _ if operation == LedgerOperation::Open => self.transact(operation),
            _ => Err(LedgerFailure::new(
                LedgerFailureKind::Full,
                "the disk is full; make room",
            )),
        };
        self.scene.record(request, result);
        self.take_effects();
    }

    /// Makes every write fail for this reason from now on; `None` ends this.
    pub(crate) fn trouble_the_ledger(&mut self, kind: Option<LedgerFailureKind>) {
        self.trouble = kind;
    }

    /// Carries out the oldest operation but reports a failure, as a lying disk does.
    pub(crate) fn write_and_deny(&mut self) {
        if matches!(self.ledger.front(), Some((_, LedgerOperation::Open))) {
            return self.write(false);
        }
        if let Some((request, operation)) = self.ledger.pop_front() {
            drop(self.transact(operation));
            let result = Err(LedgerFailure::new(
                LedgerFailureKind::Disk,
                "the disk failed; look at it",
            ));
            self.scene.record(request, result);
            self.take_effects();
        }
    }

    /// Carries out all of an operation or nothing.
    fn transact(&mut self, operation: LedgerOperation) -> LedgerResult {
        let (disk, drafts, sizes) = (self.disk.clone(), self.drafts.clone(), self.sizes.clone());
        let result = self.on_disk(operation);
        if result.is_err() {
            (self.disk, self.drafts, self.sizes) = (disk, drafts, sizes);
        }
        result
    }

    fn on_disk(&mut self, operation: LedgerOperation) -> LedgerResult {
        match operation {
            LedgerOperation::Open => {
                let (finished, unfinished) = self.disk.values().cloned().partition(|s| s.state.is_final());
                return Ok(Some(Box::new(LedgerContents {
                    unfinished,
                    finished,
                    drafts: self.drafts.values().cloned().collect(),
                    batch_sizes: self.sizes.clone(),
                    ..LedgerContents::default()
                })));
            }
            LedgerOperation::Together(operations) => {
                for operation in operations {
                    self.on_disk(operation)?;
                }
            }
            LedgerOperation::Plan(submissions) => self.insert(submissions),
            LedgerOperation::Divide { whole, into } => {
                self.put(*whole)?;
                self.insert(into);
            }
            LedgerOperation::Progress(submission) => self.put(*submission)?,
            LedgerOperation::BatchSizes(learned) => self.sizes = vec![learned],
            LedgerOperation::Forget(ids) => self.disk.retain(|id, s| !ids.contains(id) || s.attempts > 0),
            LedgerOperation::Draft(write) if write.text.is_empty() => drop(self.drafts.remove(&write.id)),
            LedgerOperation::Draft(write) => {
                let kept = KeptDraft {
                    id: write.id,
                    targets: write.targets,
                    text: write.text,
                    changed: self.scene.now,
                    version: write.version,
                };
                self.drafts.insert(kept.id.clone(), kept);
            }
            LedgerOperation::Favorite { .. }
            | LedgerOperation::Remember { .. }
            | LedgerOperation::Changes(_)
            | LedgerOperation::TakeUp(_)
            | LedgerOperation::Attempts(_)
            | LedgerOperation::History(_)
            | LedgerOperation::Submission(_)
            | LedgerOperation::Whole(_)
            | LedgerOperation::Note { .. }
            | LedgerOperation::List(_)
            | LedgerOperation::KeptLists(_)
            | LedgerOperation::KeepList(_)
            | LedgerOperation::Month(_)
            | LedgerOperation::KeepMonth(..)
            | LedgerOperation::Maker(_)
            | LedgerOperation::KeepMaker(..)
            | LedgerOperation::Setting { .. }
            | LedgerOperation::Prune(_) => {}
        }
        Ok(None)
    }

    fn insert(&mut self, submissions: Vec<Submission>) {
        for submission in submissions {
            assert!(
                self.disk.values().all(|s| s.reference != submission.reference),
                "a reference was made twice"
            );
            self.disk.insert(submission.id.clone(), submission);
        }
    }

    fn put(&mut self, submission: Submission) -> Result<(), LedgerFailure> {
        let Some(old) = self.disk.get(&submission.id) else {
            return Err(LedgerFailure::new(
                LedgerFailureKind::Conflict,
                "the ledger does not hold it",
            ));
        };
        assert_eq!((&old.reference, &old.batch), (&submission.reference, &submission.batch));
        assert!(
            !old.state.is_final() || old.state == submission.state || completes(old, &submission),
            "{old:?}"
        );
        self.disk.insert(submission.id.clone(), submission);
        Ok(())
    }

    /// Lets CloudFront carry out a call, and delivers the response.
    pub(crate) fn answer(&mut self, place: usize) {
        if let Some((request, call)) = self.take_call(place) {
            let result = self.work(&call);
            self.reply(request, result);
        }
    }

    /// Delivers the response twice. CloudFront may also receive an accepted request twice; a refusal repeated by a proxy
    /// cannot be distinguished from the first one.
    pub(crate) fn answer_twice(&mut self, place: usize) {
        if let Some((request, call)) = self.take_call(place) {
            let first = self.work(&call);
            let second = if first.is_ok() { self.work(&call) } else { first.clone() };
            self.reply(request, first);
            self.reply(request, second);
        }
    }

    /// Loses the response; the request arrives now, later or never.
    pub(crate) fn lose(&mut self, place: usize, fate: Fate) {
        if let Some((request, call)) = self.take_call(place) {
            let failure = match fate {
                Fate::Never => Failure::Unreachable("the network is down".to_owned()),
                Fate::Now | Fate::Later => Failure::Unknown("no response within 30 seconds".to_owned()),
            };
            match fate {
                Fate::Now => drop(self.work(&call)),
                Fate::Later => self.limbo.push((call, self.clock())),
                Fate::Never => {}
            }
            self.reply(request, Err(failure));
        }
    }

    /// Lets a delayed request arrive. CloudFront accepts none whose signature is older than five minutes.
    pub(crate) fn arrive(&mut self) {
        if let Some((call, signed)) = self.limbo.pop()
            && self.clock() - signed <= VALID
        {
            drop(self.work(&call));
        }
    }

    fn take_call(&mut self, place: usize) -> Option<(RequestId, Call)> {
        (!self.calls.is_empty()).then(|| self.calls.remove(place % self.calls.len()))
    }

    fn reply(&mut self, request: RequestId, result: Result<Answer, Failure>) {
        self.scene.respond(request, result);
        self.take_effects();
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

    /// Checks that each intent has ended in exactly one invalidation or a visible refusal.
    pub(crate) fn hold_to_account(&self) {
        let made = self.made();
        for submission in self.scene.model.engine.queue.iter() {
            let id = &submission.id;
            match self.disk.get(id) {
                Some(written) => assert_eq!(written.reference, submission.reference),
                None => assert_eq!(submission.state.word(), "Rejected", "it was never written"),
            }
            let times = self.times(submission);
            if let State::Dismissed { .. } = submission.state {
                // The user dismissed it while its outcome was unknown: it may have arrived, once.
                assert!(times <= 1, "{submission:#?}");
                continue;
            }
            let wanted = usize::from(matches!(
                submission.state,
                State::InProgress { .. } | State::Completed { .. }
            ));
            assert_eq!(times, wanted, "{submission:#?}");
        }
        for ((target, item), times) in made {
            assert_eq!(times, 1, "{item} was cleared {times} times on {target}");
        }
    }

    /// Checks that what was shown as refused or cancelled, without *not saved yet*, stays so in the ledger.
    fn hold_to_what_is_over(&mut self) {
        let over = self.scene.model.engine.queue.iter().filter(|s| s.state.did_nothing());
        let over = over
            .filter(|s| self.scene.model.engine.unsaved.is_saved(&s.id))
            .map(|s| s.id.clone());
        self.over.extend(over);
        for id in &self.over {
            // A submission that was never planned is not in the ledger.
            let state = self.disk.get(id).map(|s| &s.state);
            assert!(
                state.is_none_or(State::did_nothing),
                "{id} is over and comes back as {state:?}"
            );
        }
    }

    /// Checks that what is shown as refused, cancelled or divided had no effect and never will.
    pub(crate) fn hold_to_its_word(&mut self) {
        self.hold_to_what_is_over();
        for submission in self.scene.model.engine.queue.iter() {
            let has_word = matches!(submission.state, State::Completed { .. } | State::Dismissed { .. });
            let given_up = submission.state.is_final() && !has_word;
            if given_up {
                assert_eq!(self.times(submission), 0, "{submission:#?}");
                let sent = |call: &Call| matches!(call, Call::CreateInvalidation { reference, .. } if *reference == submission.reference);
                let may_arrive = |(call, signed): &(Call, DateTime<Utc>)| sent(call) && self.clock() - *signed <= VALID;
                let unacceptable = self.unacceptable.contains_key(&submission.reference);
                assert!(
                    unacceptable || !self.limbo.iter().any(may_arrive),
                    "it may still arrive: {submission:#?}"
                );
            }
        }
    }

    fn times(&self, submission: &Submission) -> usize {
        self.emulator
            .received()
            .creations
            .iter()
            .filter(|made| {
                made.target == submission.target.id() && made.caller_reference == submission.reference.as_str()
            })
            .map(|made| made.invalidations.len())
            .sum()
    }

    fn made(&self) -> BTreeMap<(String, String), usize> {
        let mut made = BTreeMap::new();
        for creation in self.emulator.received().creations {
            assert!(!creation.items_differed, "{creation:?}");
            for item in &creation.items {
                *made.entry((creation.target.clone(), item.clone())).or_default() += creation.invalidations.len();
            }
        }
        made.retain(|_, times| *times > 0);
        made
    }

    fn work(&mut self, call: &Call) -> Result<Answer, Failure> {
        match call {
            Call::ListDistributions { .. } => Ok(Answer::Distributions(Page {
                items: TARGETS.map(|id| samples::bare(id, self.connected_as)).to_vec(),
                next: None,
            })),
            Call::GetDistribution(_)
            | Call::GetCachePolicy(_)
            | Call::GetDeploymentPolicy(_)
            | Call::GetConnectionGroup(_)
            | Call::ListTenants { .. }
            | Call::GetTenant(_)
            | Call::FindTenant(_)
            | Call::LookUpEvents(_) => Err(Failure::Refused(Refusal {
                code: "AccessDenied".to_owned(),
                message: "no".to_owned(),
                http_status: 403,
                request_id: None,
            })),
            Call::ListInvalidations { target, marker } => {
                let marker = marker.as_ref().map(|m| format!("?Marker={m}")).unwrap_or_default();
                let body = self.ask(&Request::get(&format!("{}{marker}", place(target))))?;
                Ok(Answer::Invalidations(page(&body)))
            }
            Call::GetInvalidation { target, id } => {
                let body = self.ask(&Request::get(&format!("{}/{id}", place(target))))?;
                Ok(Answer::Invalidation(invalidation(&body)))
            }
            Call::CreateInvalidation {
                target,
                batch,
                reference,
            } => {
                if let Some(refusal) = self.unacceptable.get(reference) {
                    return Err(Failure::Refused(refusal.clone()));
                }
                let body = self.ask(&Request::post(&place(target), document(batch, reference)));
                if let Err(Failure::Refused(refusal)) = &body
                    && refusal.is_about_the_bytes()
                {
                    self.unacceptable.insert(reference.clone(), refusal.clone());
                }
                Ok(Answer::Created(Created {
                    invalidation: invalidation(&body?),
                    request_id: None,
                }))
            }
        }
    }

    /// Reads the outcome as an HTTP client does.
    fn ask(&self, request: &Request) -> Result<String, Failure> {
        let Outcome::Reply(reply) = self.emulator.handle(request, self.clock()) else {
            return Err(Failure::Unknown("the connection broke".to_owned()));
        };
        let body = String::from_utf8_lossy(&reply.body).into_owned();
        let status = reply.status.as_u16();
        let is_whole = (body.rsplit_once("</"))
            .is_some_and(|(_, end)| body.contains(&format!("<{} xmlns", end.trim_end_matches('>'))));
        match (status, between(&body, "Code")) {
            // A truncated response to a create is passed to the core, which detects it.
            (201, _) if !body.is_empty() => Ok(body),
            _ if !is_whole => Err(Failure::Unknown("the response was truncated".to_owned())),
            (200..300, _) => Ok(body),
            (400..500, Some(code)) => Err(Failure::Refused(Refusal {
                code: code.to_owned(),
                message: between(&body, "Message").unwrap_or_default().to_owned(),
                http_status: status,
                request_id: None,
            })),
            _ => Err(Failure::Unknown(format!("the answer was {status}"))),
        }
    }
}

/// When a request arrives whose response is lost.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fate {
    Now,
    Later,
    Never,
}

/// Returns whether a final submission may still change in the ledger: the whole of a divided one may become active again
/// if the division failed.
fn completes(old: &Submission, new: &Submission) -> bool {
    matches!(
        (&old.state, &new.state),
        (State::Completed { .. }, State::Completed { .. }) | (State::Split { .. }, _)
    )
}

fn place(target: &Target) -> String {
    let kind = match target {
        Target::Distribution(_) => "distribution",
        Target::Tenant(_) => "distribution-tenant",
    };
    format!("/2020-05-31/{kind}/{}/invalidation", target.id())
}

fn document(batch: &Batch, reference: &CallerReference) -> String {
    let paths = batch.items().join("</Path><Path>");
    format!(
        "<InvalidationBatch><Paths><Quantity>{}</Quantity><Items><Path>{paths}</Path></Items></Paths><CallerReference>{reference}</CallerReference></InvalidationBatch>",
        batch.items().len()
    )
}

fn invalidation(body: &str) -> Invalidation {
    Invalidation {
        id: InvalidationId::new(between(body, "Id").unwrap_or_default()),
        status: Status::new(between(body, "Status").unwrap_or_default()),
        create_time: time(body),
        items: all(body, "Path").map(str::to_owned).collect(),
        caller_reference: begun(body, "CallerReference").to_owned(),
    }
}

fn page(body: &str) -> Page<InvalidationSummary> {
    let row = |row: &str| InvalidationSummary {
        id: InvalidationId::new(between(row, "Id").unwrap_or_default()),
        status: Status::new(between(row, "Status").unwrap_or_default()),
        create_time: time(row),
    };
    Page {
        items: all(body, "InvalidationSummary").map(row).collect(),
        next: between(body, "NextMarker")
            .filter(|next| !next.is_empty())
            .map(str::to_owned),
    }
}

fn time(body: &str) -> DateTime<Utc> {
    let text = between(body, "CreateTime").unwrap_or_default();
    text.parse().unwrap_or(DateTime::UNIX_EPOCH)
}

fn between<'a>(body: &'a str, name: &str) -> Option<&'a str> {
    all(body, name).next()
}

/// Returns the content of an element whose end may be missing.
fn begun<'a>(body: &'a str, name: &str) -> &'a str {
    let content = body.split_once(&format!("<{name}>")).map_or("", |(_, content)| content);
    content.split('<').next().unwrap_or_default()
}

/// Returns the contents of all elements with this name. The texts of this world need no escaping.
fn all<'a>(body: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let mut rest = body;
    std::iter::from_fn(move || {
        let (_, from) = rest.split_once(&open)?;
        let (content, after) = from.split_once(&close)?;
        rest = after;
        Some(content)
    })
}
