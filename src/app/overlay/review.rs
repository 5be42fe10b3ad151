//! The review: the last look at what will be sent, to what, from which account, at what price.

use tui_input::Input;

use crate::app::action::Action;
use crate::app::aws_command::{FRESH, aws_command};
use crate::app::copying::copy;
use crate::app::model::Model;
use crate::app::overlay::Overlay;
use crate::app::overlay::resend;
use crate::app::screen::{self, Screen, composer};
use crate::domain::batch::Batch;
use crate::domain::danger::{Asks, Danger, Job, UnknownTags, typed_before};
use crate::domain::distribution::{Distribution, Target};
use crate::domain::submission::Scope;
use crate::engine::purpose::Draft;
use crate::engine::session::Session;
use crate::engine::{fleet, queue};

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
    pub(super) fn kept(before: Option<Self>, now: Option<Self>) -> Option<Self> {
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

/// Sends what is reviewed, if it is confirmed: the ledger first.
pub(crate) fn submit(model: &mut Model) {
    let Some(Overlay::Review(review)) = model.overlays.last() else {
        return;
    };
    if !review.is_confirmed() {
        return;
    }
    let review = review.clone();
    model.overlays.pop();
    model.marked.clear();
    let plan = queue::Plan {
        scope: &review.scope,
        targets: &review.targets,
        batches: &review.batches,
        note: review.note.as_deref(),
    };
    queue::plan(&mut model.engine, &plan, Some(review.draft.clone()));
    let only = match review.targets.as_slice() {
        [(target, _)] => Some(target.clone()),
        _ => None,
    };
    // The list is sent: its page goes without keeping the text once more.
    model.screens.retain(|screen| !matches!(screen, Screen::Composer(_)));
    screen::open_invalidations(model, only);
}

/// The review that is open, perhaps below its dry run.
#[must_use]
pub fn open_review(model: &Model) -> Option<&Review> {
    model.overlays.iter().rev().find_map(|overlay| match overlay {
        Overlay::Review(review) => Some(&**review),
        _ => None,
    })
}

/// Shows the requests instead of the items, in an overlay that cannot send; the same key closes it.
pub(crate) fn toggle_dry_run(model: &mut Model) {
    match model.overlays.last() {
        Some(Overlay::DryRun) => drop(model.overlays.pop()),
        Some(Overlay::Review(_)) => model.overlays.push(Overlay::DryRun),
        _ => return,
    }
    model.engine.touch();
}

/// Why Enter sends nothing here: no way to send, or something has to be typed first.
///
/// # Errors
/// A sentence.
pub(crate) fn may_submit(model: &Model) -> Result<(), String> {
    blocked(model)?;
    let missing = match model.overlays.last() {
        Some(Overlay::Review(review)) => {
            review
                .targets
                .iter()
                .try_for_each(|(target, _)| fleet::must_be_read(&model.engine, target))?;
            must_be_loaded(review.tags)?;
            review.confirmation.as_ref()
        }
        Some(Overlay::Resend(resend)) => {
            must_be_loaded(resend.tags)?;
            resend.confirmation.as_ref()
        }
        _ => None,
    };
    match missing.filter(|confirmation| !confirmation.is_given()) {
        Some(confirmation) => Err(format!("type {} to send this", confirmation.expected)),
        None => Ok(()),
    }
}

fn must_be_loaded(tags: CacheTags) -> Result<(), String> {
    match tags {
        CacheTags::Loading => Err("the cache tag settings are still loading; try again in a moment".to_owned()),
        CacheTags::Known | CacheTags::Unknown(_) => Ok(()),
    }
}

/// What is known of cache tags now, of everything that these items are sent to.
pub(crate) fn cache_tags<'a>(
    model: &Model,
    targets: &[Target],
    items: impl IntoIterator<Item = &'a String>,
) -> CacheTags {
    let engine = &model.engine;
    let of_target = |target: &Target| {
        let distribution = engine.distribution_of(target);
        if distribution.is_some_and(|id| engine.fleet.configs.contains_key(id)) {
            CacheTags::Known
        } else if fleet::is_being_described(engine, target) {
            CacheTags::Loading
        } else if distribution.is_some_and(|id| engine.rights.may_not_describe(id)) {
            CacheTags::Unknown(UnknownTags::Denied)
        } else {
            CacheTags::Unknown(UnknownTags::Unread)
        }
    };
    if items.into_iter().any(|item| item.starts_with('#')) {
        targets.iter().map(of_target).max().unwrap_or_default()
    } else {
        CacheTags::Known
    }
}

/// What is known of cache tags may change while something is looked at before it is sent: what has to be typed follows.
pub(crate) fn follow(model: &mut Model) {
    resend::follow(model);
    let Some(review) = open_review(model) else { return };
    let ids: Vec<Target> = review.targets.iter().map(|(target, _)| target.clone()).collect();
    let items = review.batch.items();
    let tags = cache_tags(model, &ids, items);
    if tags == review.tags {
        return;
    }
    let asked = confirmation(model, &ids, items, items.len() * ids.len());
    let rows = composer::reviewed_items(model, tags);
    let open = model.overlays.iter_mut().find_map(|overlay| match overlay {
        Overlay::Review(review) => Some(review),
        _ => None,
    });
    if let Some(review) = open {
        review.tags = tags;
        review.confirmation = Confirmation::kept(review.confirmation.take(), asked);
        review.items = rows.unwrap_or_else(|| std::mem::take(&mut review.items));
    }
    model.engine.touch();
}

/// What has to be typed before these items are sent to each of these targets, as the guard says.
pub(crate) fn confirmation<'a>(
    model: &Model,
    targets: &[Target],
    items: impl IntoIterator<Item = &'a String>,
    billable: usize,
) -> Option<Confirmation> {
    let engine = &model.engine;
    let multi_tenant = targets.iter().find(|target| match target {
        Target::Distribution(id) => engine.fleet.get(id).is_some_and(Distribution::is_multi_tenant),
        Target::Tenant(_) => false,
    });
    let production = engine.account_label().filter(|label| label.production);
    let items: Vec<&String> = items.into_iter().collect();
    let unknown_tags = match cache_tags(model, targets, items.iter().copied()) {
        CacheTags::Unknown(why) => Some(why),
        CacheTags::Known | CacheTags::Loading => None,
    };
    let job = Job {
        billable,
        targets: targets.len(),
        multi_tenant: multi_tenant.map(|target| target.id().to_owned()),
        production: production.map(|label| label.label.clone()),
        // A person sees in the header that it is.
        unknown_account: false,
        unknown_tags,
    };
    let guard = engine.guard();
    let mut dangers = guard.dangers(items, job).into_iter();
    let danger = dangers.find(|danger| guard.asks(danger) == Asks::Always)?;
    let expected = typed_before(&targets.iter().collect::<Vec<_>>())?;
    Some(Confirmation {
        reason: reason(model, &danger),
        expected,
        typed: Input::default(),
    })
}

/// What is dangerous, with the key of what is better where there is one.
fn reason(model: &Model, danger: &Danger) -> String {
    match danger {
        Danger::MultiTenant(_) => {
            let key = model.keymap.spoken(Action::InvalidateAllTenants);
            format!("{danger}: {key} on the distribution")
        }
        _ => danger.to_string(),
    }
}

/// Copies the equal command.
pub(crate) fn copy_command(model: &mut Model) {
    let Some(review) = open_review(model) else {
        return;
    };
    let commands = review.aws_commands();
    copy(model, commands, format!("the aws command ({FRESH})"));
}

/// Why nothing can be sent now.
pub(crate) fn blocked(model: &Model) -> Result<Scope, String> {
    model.engine.must_not_be_read_only("nothing can be sent")?;
    model.engine.ledger.must_not_be_closed()?;
    match &model.engine.session {
        Session::Connected(scope) => Ok(scope.clone()),
        Session::Connecting => Err("the credentials are still being loaded".to_owned()),
        Session::Failed(failure) => Err(failure.to_string()),
    }
}
