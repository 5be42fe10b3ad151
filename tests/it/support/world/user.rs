//! What the user of the simulated world does.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use invalidash::app::action::Entry;
use invalidash::app::availability::is_available;
use invalidash::app::key::{Code, Key};
use invalidash::app::keys::{action_of, is_text, sections};
use invalidash::app::message::Message;
use invalidash::domain::batch::Sizes;
use invalidash::engine::effect::{Call, RequestId};

use super::{Aim, TENANT, World};

impl World {
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
}
