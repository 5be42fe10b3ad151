//! The core as every test of it drives it: a model, the time it lives in, and the effects that it asked for. Messages are
//! the only way in: keys, time and replies are turned into them here and nowhere else.

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

/// A model and the time it lives in.
pub(crate) struct Scene {
    /// The model.
    pub model: Model,
    /// What the clock says. A test that sets it makes the clock jump, as in a sleep: no timer notices.
    pub(crate) now: DateTime<Utc>,
    /// Asked for and not yet taken, in order.
    pub(crate) effects: Vec<Effect>,
    /// When each timer fires, in the time that has passed.
    timers: Vec<(TimerId, TimeDelta)>,
    passed: TimeDelta,
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
        let mut scene = Self::before(preferences, samples::now());
        scene.send(Message::Start);
        scene
    }

    /// The program is not yet started.
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

    /// The process died, and another one is about to be started.
    pub(crate) fn die(&mut self) {
        self.model = Model::new(Preferences::default(), self.now);
        self.effects.clear();
        self.timers.clear();
    }

    /// Hands a message to the core, and returns what it asks for.
    pub(crate) fn send(&mut self, message: Message) -> &[Effect] {
        // The core takes the upper bits.
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
    /// Presses keys, named as in the configuration, separated by blanks; what lies on top was read before each.
    pub(crate) fn keys(&mut self, keys: &str) -> &mut Self {
        for key in keys.split(' ') {
            self.press(key.parse().unwrap());
        }
        self
    }

    /// Presses keys faster than anybody reads.
    pub(crate) fn keys_at_once(&mut self, keys: &str) -> &mut Self {
        for key in keys.split(' ') {
            self.send(Message::Key(key.parse().unwrap()));
        }
        self
    }

    /// Presses a key, and returns what the core asks for.
    pub(crate) fn press(&mut self, key: Key) -> &[Effect] {
        self.look();
        self.send(Message::Key(key))
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
    /// Lets time pass, and each timer that is due fire in its order; returns how many did.
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

    /// Lets timers for this fire now, whenever they are due.
    pub(crate) fn fire(&mut self, due: &TimerKind) -> &mut Self {
        self.fire_those(|other| other == due);
        self
    }

    /// Lets these timers fire now, whenever they are due; returns how many did.
    pub(crate) fn fire_those(&mut self, which: impl Fn(&TimerKind) -> bool) -> usize {
        let timers = self.model.engine.timers.iter().filter(|(_, due)| which(due));
        let ids: Vec<_> = timers.map(|(id, _)| *id).collect();
        for id in &ids {
            self.send(Message::Timer(*id));
        }
        ids.len()
    }
}

/// What was asked for, and the replies to it.
impl Scene {
    /// Takes the newest effect that fits out of those asked for.
    #[track_caller]
    pub(crate) fn find<T>(&mut self, fits: impl Fn(&Effect) -> Option<T>) -> T {
        let place = self.effects.iter().rposition(|effect| fits(effect).is_some());
        let place = place.unwrap_or_else(|| panic!("none such in {:#?}", self.effects));
        fits(&self.effects.remove(place)).unwrap()
    }

    /// Takes the newest request to CloudFront that fits.
    #[track_caller]
    pub(crate) fn call(&mut self, fits: impl Fn(&Call) -> bool) -> RequestId {
        self.find(|effect| match effect {
            Effect::CloudFront { request, call } if fits(call) => Some(*request),
            _ => None,
        })
    }

    /// Takes the newest request to the ledger that fits.
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

    /// Hands a reply to the core, and returns what it asks for.
    pub(crate) fn reply(&mut self, reply: Reply) -> &[Effect] {
        self.send(Message::Reply(Box::new(reply)))
    }

    /// CloudFront's answer.
    pub(crate) fn respond(&mut self, request: RequestId, result: Result<Answer, Failure>) {
        self.reply(Reply::CloudFront { request, result });
    }

    /// The ledger's answer.
    pub(crate) fn record(&mut self, request: RequestId, result: LedgerResult) {
        self.reply(Reply::Ledger { request, result });
    }

    /// The ledger has written it.
    pub(crate) fn written(&mut self, request: RequestId) {
        self.record(request, Ok(None));
    }

    /// How connecting ends.
    pub(crate) fn connects(&mut self, request: RequestId, result: Result<Scope, Failure>) {
        self.reply(Reply::Connected { request, result });
    }
}
