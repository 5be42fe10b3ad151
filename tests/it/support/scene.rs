//! Brings a model into a state with the messages that lead to it: keys, replies, timers.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use invalidash::app::key::{Code, Key};
use invalidash::app::message::Message;
use invalidash::app::model::{Model, Preferences};
use invalidash::app::overlay::themes::Themes;
use invalidash::app::update::update;
use invalidash::domain::danger::GuardChanges;
use invalidash::domain::distribution::{AccountId, Distribution, Target, Tenant};
use invalidash::domain::edge::EdgeResponse;
use invalidash::domain::failure::Failure;
use invalidash::domain::invalidation::{Invalidation, InvalidationSummary, Page};
use invalidash::domain::ledger_failure::LedgerFailure;
use invalidash::domain::options::AccountOptions;
use invalidash::domain::submission::Scope;
use invalidash::engine::effect::{Answer, Context, Effect, LedgerContents, ListsAnswer, Reply, RequestId};
use invalidash::engine::pending::{
    CallRequest, ConnectionRequest, EdgeRequest, LedgerRequest, ListsRequest, ProfileRequest, Request, WhoRequest,
};
use invalidash::engine::session::Who;
use invalidash::engine::timers::TimerKind;
use invalidash::settings::ThemeName;

use super::journal::failing;
use super::samples;

/// A model and the time it lives in.
pub(crate) struct Scene {
    /// The model.
    pub model: Model,
    pub(crate) now: DateTime<Utc>,
    entropy: u128,
}

/// What the pictures are taken with: account 123456789012 is the one that must not be broken.
pub(crate) fn preferences() -> Preferences {
    let production = AccountOptions {
        label: "PRODUCTION".to_owned(),
        production: true,
        guard: GuardChanges {
            countdown: Some(0),
            ..GuardChanges::default()
        },
        ..AccountOptions::default()
    };
    Preferences {
        themes: Themes {
            names: ThemeName::ALL.iter().map(|name| name.name()).collect(),
            configured: 0,
        },
        engine: invalidash::engine::preferences::Preferences {
            profile: Some("prod-admin".to_owned()),
            accounts: BTreeMap::from([(AccountId::new("123456789012"), production)]),
            version: "1.0.0".to_owned(),
            ..Default::default()
        },
        ..Preferences::default()
    }
}

impl Scene {
    /// The first frame: nothing was answered yet.
    pub(crate) fn start(preferences: Preferences) -> Self {
        let now = samples::now();
        let mut scene = Self {
            model: Model::new(preferences, now),
            now,
            entropy: 1,
        };
        scene.send(Message::Start);
        scene
    }

    /// Connected and with these distributions, an empty ledger.
    pub(crate) fn with(distributions: Vec<Distribution>) -> Self {
        Self::with_ledger(distributions, LedgerContents::default())
    }

    /// Connected and with these distributions and this ledger.
    pub(crate) fn with_ledger(distributions: Vec<Distribution>, contents: LedgerContents) -> Self {
        let mut scene = Self::start(preferences());
        scene.ledger(contents);
        scene.connect(Ok(samples::scope()));
        scene.distributions(distributions);
        scene
    }

    /// The profile that is being tried cannot be used.
    pub(crate) fn refuse_connection(&mut self, reason: &str) {
        let tried = self.model.engine.pending.of::<ConnectionRequest>().iter().next();
        if let Some(request) = tried.map(|(request, _)| *request) {
            let result = Err(Failure::Credentials(reason.to_owned()));
            self.send(Message::Reply(Box::new(Reply::Connected { request, result })));
        }
    }

    /// Hands a message to the core.
    pub(crate) fn send(&mut self, message: Message) -> Vec<Effect> {
        // The core takes the upper bits.
        self.entropy += 1 << 64;
        let context = Context {
            now: self.now,
            entropy: self.entropy,
        };
        update(&mut self.model, message, &context)
    }

    /// Presses keys, named as in the configuration, separated by blanks.
    pub(crate) fn keys(&mut self, keys: &str) -> &mut Self {
        for key in keys.split(' ') {
            if let Ok(key) = key.parse::<Key>() {
                self.look();
                self.send(Message::Key(key));
            }
        }
        self
    }

    /// What lies on top was looked at for a second, and no key was held down meanwhile.
    pub(crate) fn look(&mut self) {
        if self.model.overlays.is_empty() {
            return;
        }
        // Nothing that is made later has another id for it.
        let entropy = self.entropy;
        self.now -= TimeDelta::seconds(1);
        if self.model.overlays.wait_to_be_seen() {
            self.send(Message::Seen);
        }
        self.send(Message::Key(Key::plain(Code::F(24))));
        self.now += TimeDelta::seconds(1);
        self.entropy = entropy;
    }

    /// Types text, a key a character.
    pub(crate) fn type_text(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            let key = Code::Char(c);
            self.send(Message::Key(Key::plain(key)));
        }
        self
    }

    /// Makes time pass.
    pub(crate) fn wait(&mut self, seconds: i64) -> &mut Self {
        self.now += TimeDelta::seconds(seconds);
        self
    }

    /// Lets timers for this fire.
    pub(crate) fn fire(&mut self, due: &TimerKind) -> &mut Self {
        let ids: Vec<_> = self
            .model
            .engine
            .timers
            .iter()
            .filter(|(_, d)| *d == due)
            .map(|(id, _)| *id)
            .collect();
        for id in ids {
            self.send(Message::Timer(id));
        }
        self
    }

    /// Takes the notice away.
    pub(crate) fn quiet(&mut self) -> &mut Self {
        self.model.engine.notice = None;
        self
    }

    /// The oldest pending request of this kind.
    fn awaited<R: Request>(&self, of: impl Fn(&R) -> bool) -> Option<RequestId> {
        let mut found: Vec<_> = self
            .model
            .engine
            .pending
            .of()
            .iter()
            .filter(|(_, kind)| of(kind))
            .collect();
        found.sort_by_key(|(id, _)| **id);
        found.first().map(|(id, _)| **id)
    }

    /// Answers what another profile is asked.
    pub(crate) fn ask_profile(&mut self, result: Result<Answer, Failure>) -> &mut Self {
        if let Some(request) = self.awaited(|ProfileRequest| true) {
            let result = result.map(|answer| (samples::scope(), answer));
            self.send(Message::Reply(Box::new(Reply::ProfileAnswered { request, result })));
        }
        self
    }

    /// Answers the credentials' request.
    pub(crate) fn connect(&mut self, result: Result<Scope, Failure>) -> &mut Self {
        if let Some(request) = self.awaited(|kind: &ConnectionRequest| *kind == ConnectionRequest::Connect) {
            self.send(Message::Reply(Box::new(Reply::Connected { request, result })));
        }
        self
    }

    /// Tells where the keys come from, and whose they are.
    pub(crate) fn who(&mut self, who: Who) -> &mut Self {
        if let Some(request) = self.awaited(|kind: &WhoRequest| *kind == WhoRequest) {
            let who = Some(Box::new(who));
            self.send(Message::Reply(Box::new(Reply::Who { request, who })));
        }
        self
    }

    /// Answers a request to CloudFront.
    pub(crate) fn answer(&mut self, of: impl Fn(&CallRequest) -> bool, result: Result<Answer, Failure>) -> &mut Self {
        if let Some(request) = self.awaited(of) {
            self.send(Message::Reply(Box::new(Reply::CloudFront { request, result })));
        }
        // Pictures are taken when a change is no longer one.
        self.model.engine.changed.clear();
        self
    }

    /// Answers a reading of the saved lists, or what else is done with them.
    pub(crate) fn lists(&mut self, result: Result<ListsAnswer, String>) -> &mut Self {
        if let Some(request) = self.awaited(|kind: &ListsRequest| *kind == ListsRequest::Names) {
            self.send(Message::Reply(Box::new(Reply::Lists { request, result })));
        }
        self
    }

    /// Answers the visit to the edge that is waited for.
    pub(crate) fn visited(&mut self, result: Result<EdgeResponse, String>) -> &mut Self {
        if let Some(request) = self.awaited(|kind| matches!(kind, EdgeRequest(_))) {
            self.send(Message::Reply(Box::new(Reply::Visited { request, result })));
        }
        self
    }

    /// Answers a reading of the history, or what else asked the ledger to tell something.
    pub(crate) fn told(
        &mut self,
        of: impl Fn(&LedgerRequest) -> bool,
        result: Result<LedgerContents, String>,
    ) -> &mut Self {
        if let Some(request) = self.awaited(of) {
            let result = result.map(|contents| Some(Box::new(contents))).map_err(failing);
            self.send(Message::Reply(Box::new(Reply::Ledger { request, result })));
        }
        self
    }

    /// Answers a request to the ledger.
    pub(crate) fn stored(&mut self, of: impl Fn(&LedgerRequest) -> bool) -> &mut Self {
        if let Some(request) = self.awaited(of) {
            let reply = Reply::Ledger {
                request,
                result: Ok(None),
            };
            self.send(Message::Reply(Box::new(reply)));
        }
        self
    }

    /// The ledger opens.
    pub(crate) fn ledger(&mut self, contents: LedgerContents) -> &mut Self {
        if let Some(request) = self.awaited(|kind: &LedgerRequest| *kind == LedgerRequest::Open) {
            let reply = Reply::Ledger {
                request,
                result: Ok(Some(Box::new(contents))),
            };
            self.send(Message::Reply(Box::new(reply)));
        }
        self
    }

    /// The ledger cannot be opened.
    pub(crate) fn ledger_fails(&mut self, failure: LedgerFailure) -> &mut Self {
        if let Some(request) = self.awaited(|kind: &LedgerRequest| *kind == LedgerRequest::Open) {
            let result = Err(failure);
            self.send(Message::Reply(Box::new(Reply::Ledger { request, result })));
        }
        self
    }

    /// The only page of the distributions.
    pub(crate) fn distributions(&mut self, items: Vec<Distribution>) -> &mut Self {
        self.answer(
            |kind| *kind == CallRequest::Distributions,
            Ok(Answer::Distributions(Page { items, next: None })),
        )
    }

    /// The only page of the tenants that are being read.
    pub(crate) fn tenants(&mut self, items: Vec<Tenant>) -> &mut Self {
        self.answer(
            |kind| matches!(kind, CallRequest::Tenants(_)),
            Ok(Answer::Tenants(Page { items, next: None })),
        )
    }

    /// The newest page of a target's invalidations.
    pub(crate) fn invalidations(&mut self, target: &Target, items: Vec<InvalidationSummary>) -> &mut Self {
        self.answer(
            |kind| matches!(kind, CallRequest::FirstPage(of, _) if of == target),
            Ok(Answer::Invalidations(Page { items, next: None })),
        )
    }

    /// Confirms these items for a target: what Enter on the review does. Nothing is answered yet.
    pub(crate) fn submit(&mut self, target: &Target, items: &[&str]) -> &mut Self {
        let review = samples::review(&[(target.clone(), self.model.engine.label(target))], items);
        self.model.overlays.push(review);
        self.keys("enter")
    }

    /// Confirms them, and the ledger holds plan and attempt: the request leaves.
    pub(crate) fn send_off(&mut self, target: &Target, items: &[&str]) -> &mut Self {
        self.submit(target, items)
            .stored(|kind| matches!(kind, LedgerRequest::Plan(..)))
            .stored(|kind| matches!(kind, LedgerRequest::Attempt(_)))
    }

    /// Answers the create that is under way.
    pub(crate) fn created(&mut self, failure: Failure) -> &mut Self {
        self.answer(|kind| matches!(kind, CallRequest::Create(_)), Err(failure))
    }

    /// What the rows hold that the core asks for once the selection rests.
    pub(crate) fn items(&mut self, items: Vec<Invalidation>) -> &mut Self {
        self.fire(&TimerKind::Rest);
        for invalidation in items {
            let id = invalidation.id.clone();
            self.answer(
                |kind| matches!(kind, CallRequest::Items(_, of) if *of == id),
                Ok(Answer::Invalidation(invalidation)),
            );
        }
        self
    }
}
