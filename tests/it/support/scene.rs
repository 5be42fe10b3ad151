//! The core as its tests drive it: a model, its clock, and the effects it has requested. Keys, time and replies become
//! messages here and nowhere else.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use invalidash::app::key::{Code, Key};
use invalidash::app::message::Message;
use invalidash::app::model::{Model, Preferences};
use invalidash::app::overlay::themes::Themes;
use invalidash::app::update::update;
use invalidash::domain::danger::GuardChanges;
use invalidash::domain::distribution::AccountId;
use invalidash::domain::failure::Failure;
use invalidash::domain::options::AccountOptions;
use invalidash::domain::submission::Scope;
use invalidash::engine::effect::{Answer, Call, Context, Effect, LedgerOperation, Reply, RequestId, TimerId};
use invalidash::engine::timers::TimerKind;
use invalidash::runtime::ledger::LedgerResult;
use invalidash::settings::ThemeName;

use super::samples;

/// The core with its clock.
pub(crate) struct Scene {
    /// The model.
    pub model: Model,
    /// The time of the clock. When a test sets it, the clock jumps as after a sleep, and no timer fires.
    pub(crate) now: DateTime<Utc>,
    /// The effects that were requested and that no test has taken yet, in order.
    pub(crate) effects: Vec<Effect>,
    /// When each timer fires, measured in the time that has passed.
    timers: Vec<(TimerId, TimeDelta)>,
    passed: TimeDelta,
    entropy: u128,
}

/// Returns the preferences for the pictures, in which account 123456789012 is production.
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
    /// Starts the program; nothing is answered yet.
    pub(crate) fn start(preferences: Preferences) -> Self {
        let mut scene = Self::before(preferences, samples::now());
        scene.send(Message::Start);
        scene
    }

    /// Creates the state before the start of the program.
    pub(crate) fn before(preferences: Preferences, now: DateTime<Utc>) -> Self {
        Self {
            model: Model::new(preferences, now),
            now,
            effects: Vec::new(),
            timers: Vec::new(),
            passed: TimeDelta::zero(),
            entropy: 1,
        }
    }

    /// Kills the process, so that the program can be started again.
    pub(crate) fn die(&mut self) {
        self.model = Model::new(Preferences::default(), self.now);
        self.effects.clear();
        self.timers.clear();
    }

    /// Passes a message to the core, and returns the effects it requests.
    pub(crate) fn send(&mut self, message: Message) -> &[Effect] {
        // The core uses the upper bits.
        self.entropy += 1 << 64;
        let context = Context {
            now: self.now,
            entropy: self.entropy,
        };
        if let Message::Timer(id) = message {
            self.timers.retain(|(other, _)| *other != id);
        }
        let before = self.effects.len();
        self.effects.extend(update(&mut self.model, message, &context));
        for effect in &self.effects[before..] {
            match effect {
                Effect::Timer { id, after } => {
                    let after = TimeDelta::from_std(*after).unwrap_or(TimeDelta::MAX);
                    let at = self.passed.checked_add(&after).unwrap_or(TimeDelta::MAX);
                    self.timers.push((*id, at));
                }
                Effect::CancelTimer(id) => self.timers.retain(|(other, _)| other != id),
                _ => {}
            }
        }
        &self.effects[before..]
    }
}

/// Keys.
impl Scene {
    /// Presses keys, named as in the configuration and separated by spaces. Before each key, the user has read what is on
    /// top.
    pub(crate) fn keys(&mut self, keys: &str) -> &mut Self {
        for key in keys.split(' ') {
            self.press(key.parse().unwrap());
        }
        self
    }

    /// Presses keys faster than anyone reads.
    pub(crate) fn keys_at_once(&mut self, keys: &str) -> &mut Self {
        for key in keys.split(' ') {
            self.send(Message::Key(key.parse().unwrap()));
        }
        self
    }

    /// Presses a key, and returns the effects that the core requests.
    pub(crate) fn press(&mut self, key: Key) -> &[Effect] {
        self.look();
        self.send(Message::Key(key))
    }

    /// Looks at what is on top for a second, without holding down a key.
    pub(crate) fn look(&mut self) {
        if self.model.overlays.is_empty() {
            return;
        }
        // Looking must not change the ids of what is created later.
        let entropy = self.entropy;
        self.now -= TimeDelta::seconds(1);
        if self.model.overlays.wait_to_be_seen() {
            self.send(Message::Seen);
        }
        self.send(Message::Key(Key::plain(Code::F(24))));
        self.now += TimeDelta::seconds(1);
        self.entropy = entropy;
    }

    /// Types text, one key per character.
    pub(crate) fn type_text(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            self.send(Message::Key(Key::plain(Code::Char(c))));
        }
        self
    }

    /// Pastes text.
    pub(crate) fn paste(&mut self, text: impl Into<String>) -> &mut Self {
        self.send(Message::Paste(text.into()));
        self
    }
}

/// Time.
impl Scene {
    /// Lets time pass and fires the timers that are due, in order. Returns their number.
    pub(crate) fn pass(&mut self, seconds: i64) -> usize {
        self.now += TimeDelta::seconds(seconds);
        self.passed += TimeDelta::seconds(seconds);
        let mut due = self.timers.clone();
        due.retain(|(_, at)| *at <= self.passed);
        due.sort_by_key(|(_, at)| *at);
        for (id, _) in &due {
            self.send(Message::Timer(*id));
        }
        due.len()
    }

    /// Fires the timers for this purpose now, whenever they are due.
    pub(crate) fn fire(&mut self, due: &TimerKind) -> &mut Self {
        self.fire_those(|other| other == due);
        self
    }

    /// Fires these timers now, whenever they are due. Returns their number.
    pub(crate) fn fire_those(&mut self, which: impl Fn(&TimerKind) -> bool) -> usize {
        let timers = self.model.engine.timers.iter().filter(|(_, due)| which(due));
        let ids: Vec<_> = timers.map(|(id, _)| *id).collect();
        for id in &ids {
            self.send(Message::Timer(*id));
        }
        ids.len()
    }
}

/// Requested effects and the replies to them.
impl Scene {
    /// Takes the newest matching effect out of those requested.
    #[track_caller]
    pub(crate) fn find<T>(&mut self, fits: impl Fn(&Effect) -> Option<T>) -> T {
        let place = self.effects.iter().rposition(|effect| fits(effect).is_some());
        let place = place.unwrap_or_else(|| panic!("none such in {:#?}", self.effects));
        fits(&self.effects.remove(place)).unwrap()
    }

    /// Takes the newest matching request to CloudFront.
    #[track_caller]
    pub(crate) fn call(&mut self, fits: impl Fn(&Call) -> bool) -> RequestId {
        self.find(|effect| match effect {
            Effect::CloudFront { request, call } if fits(call) => Some(*request),
            _ => None,
        })
    }

    /// Takes the newest matching request to the ledger.
    #[track_caller]
    pub(crate) fn operation(&mut self, fits: impl Fn(&LedgerOperation) -> bool) -> RequestId {
        self.find(|effect| match effect {
            Effect::Ledger { request, operation } if fits(operation) => Some(*request),
            _ => None,
        })
    }

    /// Takes the newest request for a connection.
    #[track_caller]
    pub(crate) fn connection(&mut self) -> RequestId {
        self.find(|effect| match effect {
            Effect::Connect { request, .. } => Some(*request),
            _ => None,
        })
    }

    /// Passes a reply to the core, and returns the effects it requests.
    pub(crate) fn reply(&mut self, reply: Reply) -> &[Effect] {
        self.send(Message::Reply(Box::new(reply)))
    }

    /// Passes on CloudFront's response.
    pub(crate) fn respond(&mut self, request: RequestId, result: Result<Answer, Failure>) {
        self.reply(Reply::CloudFront { request, result });
    }

    /// Passes on the ledger's reply.
    pub(crate) fn record(&mut self, request: RequestId, result: LedgerResult) {
        self.reply(Reply::Ledger { request, result });
    }

    /// Reports that the ledger has carried out a request.
    pub(crate) fn written(&mut self, request: RequestId) {
        self.record(request, Ok(None));
    }

    /// Passes on the result of connecting.
    pub(crate) fn connects(&mut self, request: RequestId, result: Result<Scope, Failure>) {
        self.reply(Reply::Connected { request, result });
    }
}
