//! The properties that hold in the simulated world, whatever happens.

#![expect(clippy::panic, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use invalidash::domain::submission::{State, Submission};
use invalidash::engine::effect::Call;

use super::{VALID, World};

impl World {
    /// Checks that no request is sent without a durable intent, or with another account's credentials.
    pub(super) fn hold_to_the_ledger(&self, call: &Call) {
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
}
