//! The review overlay, the last check before sending: which items, to which targets, from which account, at what
//! price.

use crate::domain::danger::UnknownTags;
use tui_input::Input;

use super::keys::{self, Keys};
use super::parts::Parts;
use crate::app::aws_command::aws_command;
use crate::domain::batch::Batch;
use crate::domain::distribution::Target;
use crate::domain::submission::Scope;
use crate::engine::drafts::state::Draft;
use crate::engine::state::Engine;

/// An item as shown in the review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewedItem {
    /// The wire form that is sent.
    pub wire: String,
    /// The text as typed, if it differs from the wire form.
    pub typed: Option<String>,
    /// A description of what the item clears; empty for a single exact path.
    pub clears: String,
}

/// A confirmation that must be typed before anything dangerous is sent.
#[derive(Clone, Debug)]
pub struct Confirmation {
    /// The reason why a confirmation is needed.
    pub reason: String,
    /// The text to type.
    pub expected: String,
    /// The text typed so far.
    pub typed: Input,
}

impl Confirmation {
    /// Returns the new confirmation with the text that the user typed for the old one.
    pub(in crate::app) fn kept(before: Option<Self>, now: Option<Self>) -> Option<Self> {
        let typed = before.map(|before| before.typed).unwrap_or_default();
        now.map(|now| Self { typed, ..now })
    }

    /// Returns whether the typed text matches the expected text.
    #[must_use]
    pub fn is_given(&self) -> bool {
        self.typed.value().trim() == self.expected
    }
}

/// The state of the review.
#[derive(Clone, Debug)]
pub struct Review {
    /// The scope of the credentials.
    pub scope: Scope,
    /// The targets with their labels.
    pub targets: Vec<(Target, String)>,
    /// The items to send, byte for byte.
    pub batch: Batch,
    /// The same items, split into one batch per request; each batch is sent to every target.
    pub batches: Vec<Batch>,
    /// The same items for display.
    pub items: Vec<ReviewedItem>,
    /// The lines that are not sent, and why.
    pub left_out: Vec<String>,
    /// The confirmation that must be typed first.
    pub confirmation: Option<Confirmation>,
    /// The user's note.
    pub note: Option<String>,
    /// The note while the user is typing it; meanwhile, letters are treated as text.
    pub noting: Option<Input>,
    /// The composer's draft, which is deleted once the job is planned.
    pub draft: Draft,
    /// What was known about the targets' support for cache tags when the confirmation was determined.
    pub tags: CacheTags,
    /// Whether submissions to a target that is being deployed wait until it is deployed.
    pub when_deployed: bool,
}

/// What is known about the targets' support for cache tags, if the items include any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum CacheTags {
    /// The support is known for all targets, or the items include no cache tags.
    #[default]
    Known,
    /// The support cannot be determined for one of the targets.
    Unknown(UnknownTags),
    /// The support is still being loaded from CloudFront.
    Loading,
}

impl Review {
    /// Returns the number of billed items: each counts once per target.
    #[must_use]
    pub fn billable(&self) -> u64 {
        (self.batch.items().len() * self.targets.len()) as u64
    }

    /// Returns the number of requests, each with its own CallerReference.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.batches.len() * self.targets.len()
    }

    /// Returns the targets that are being deployed, if their status is known.
    #[must_use]
    pub fn deploying(&self, engine: &Engine) -> Vec<Target> {
        let is_deploying = |target: &&Target| match target {
            Target::Distribution(id) => engine.fleet.get(id).is_some_and(|one| !one.is_deployed()),
            Target::Tenant(id) => engine.tenants.get(id).is_some_and(|one| !one.is_deployed()),
        };
        let all = self.targets.iter().map(|(target, _)| target);
        all.filter(is_deploying).cloned().collect()
    }

    /// Returns whether the job may be sent now.
    #[must_use]
    pub fn is_confirmed(&self) -> bool {
        self.confirmation.as_ref().is_none_or(Confirmation::is_given)
    }

    /// Returns the equivalent AWS CLI commands, one per request.
    #[must_use]
    pub fn aws_commands(&self) -> String {
        let commands = self.targets.iter().flat_map(|(target, _)| {
            let of = |batch: &Batch| aws_command(&self.scope, target, batch.items(), None);
            self.batches.iter().map(of)
        });
        commands.collect::<Vec<_>>().join("\n")
    }
}

/// The overlay with the requests that the review below it would send; none of its keys sends anything.
#[derive(Clone, Copy, Debug)]
pub struct DryRun;

impl Parts for Review {
    fn keys(&self) -> Keys {
        match (&self.noting, &self.confirmation) {
            (Some(_), _) => keys::REVIEW_NOTE,
            (None, Some(_)) => keys::REVIEW_TYPING,
            (None, None) => keys::REVIEW,
        }
    }

    fn field_mut(&mut self) -> Option<&mut Input> {
        let confirmation = self.confirmation.as_mut().map(|confirmation| &mut confirmation.typed);
        self.noting.as_mut().or(confirmation)
    }

    fn is_of_composer(&self) -> bool {
        true
    }
}

impl Parts for DryRun {
    fn keys(&self) -> Keys {
        keys::DRY_RUN
    }

    fn is_of_composer(&self) -> bool {
        true
    }
}
