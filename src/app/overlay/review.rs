//! The review: the last look at what will be sent, to what, from which account, at what price.

use crate::domain::danger::UnknownTags;
use tui_input::Input;

use super::keys::{self, Keys};
use super::parts::Parts;
use crate::app::aws_command::aws_command;
use crate::domain::batch::Batch;
use crate::domain::distribution::Target;
use crate::domain::submission::Scope;
use crate::engine::purpose::Draft;

/// An item as the review shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewedItem {
    /// What is sent.
    pub wire: String,
    /// What was typed, where that differs.
    pub typed: Option<String>,
    /// What it clears, in words; empty for one exact path.
    pub clears: String,
}

/// What must be typed before something dangerous is sent.
#[derive(Clone, Debug)]
pub struct Confirmation {
    /// Why it is asked.
    pub reason: String,
    /// What has to be typed.
    pub expected: String,
    /// What is typed.
    pub typed: Input,
}

impl Confirmation {
    /// What is asked now, with what was typed so far.
    pub(in crate::app) fn kept(before: Option<Self>, now: Option<Self>) -> Option<Self> {
        let typed = before.map(|before| before.typed).unwrap_or_default();
        now.map(|now| Self { typed, ..now })
    }

    /// Whether it was typed.
    #[must_use]
    pub fn is_given(&self) -> bool {
        self.typed.value().trim() == self.expected
    }
}

/// The state of the review.
#[derive(Clone, Debug)]
pub struct Review {
    /// Whose credentials are used.
    pub scope: Scope,
    /// What it is aimed at, with the label.
    pub targets: Vec<(Target, String)>,
    /// What is sent, byte for byte.
    pub batch: Batch,
    /// The same in the requests it takes, each for every target.
    pub batches: Vec<Batch>,
    /// The same, to look at.
    pub items: Vec<ReviewedItem>,
    /// Lines that are not sent, and why.
    pub left_out: Vec<String>,
    /// What must be typed first.
    pub confirmation: Option<Confirmation>,
    /// Why it is made, in the person's own words.
    pub note: Option<String>,
    /// The text it was made from: with the plan it is no draft any more.
    pub draft: Draft,
    /// What is known of cache tags, when the confirmation was decided.
    pub tags: CacheTags,
}

/// What is known of the cache tags of all targets of something that clears tags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum CacheTags {
    /// Whether they are on, or that no tag is cleared.
    #[default]
    Known,
    /// It cannot be known of one.
    Unknown(UnknownTags),
    /// CloudFront is being asked.
    Loading,
}

impl Review {
    /// Items that are billed: each one, on each target.
    #[must_use]
    pub fn billable(&self) -> u64 {
        (self.batch.items().len() * self.targets.len()) as u64
    }

    /// Requests that are made, each with its own CallerReference.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.batches.len() * self.targets.len()
    }

    /// Whether it may be sent as it stands.
    #[must_use]
    pub fn is_confirmed(&self) -> bool {
        self.confirmation.as_ref().is_none_or(Confirmation::is_given)
    }

    /// The equal commands of the AWS CLI, one a request.
    #[must_use]
    pub fn aws_commands(&self) -> String {
        let commands = self.targets.iter().flat_map(|(target, _)| {
            let of = |batch: &Batch| aws_command(&self.scope, target, batch.items(), None);
            self.batches.iter().map(of)
        });
        commands.collect::<Vec<_>>().join("\n")
    }
}

/// The requests that the review below it would send; it has no key that sends.
#[derive(Clone, Copy, Debug)]
pub struct DryRun;

impl Parts for Review {
    fn title(&self) -> &'static str {
        "Review"
    }

    fn keys(&self) -> Keys {
        if self.confirmation.is_some() {
            keys::REVIEW_TYPING
        } else {
            keys::REVIEW
        }
    }

    fn is_field(&self) -> bool {
        self.confirmation.is_some()
    }

    fn field_mut(&mut self) -> Option<&mut Input> {
        self.confirmation.as_mut().map(|confirmation| &mut confirmation.typed)
    }

    fn is_of_composer(&self) -> bool {
        true
    }
}

impl Parts for DryRun {
    fn title(&self) -> &'static str {
        "Dry run"
    }

    fn keys(&self) -> Keys {
        keys::DRY_RUN
    }

    fn is_of_composer(&self) -> bool {
        true
    }
}
