//! Completes a line to an item that was sent earlier, or to the path pattern of a cache behavior. In an empty list,
//! reviews the items of the last invalidation.

use std::collections::HashSet;

use chrono::{DateTime, Utc};

use crate::app::act::composer::editing::{give, insert_items};
use crate::app::act::composer::{fixes, sending};
use crate::app::activity::unfinished;
use crate::app::editor::Edit;
use crate::app::model::Model;
use crate::app::screen::composer::Composer;
use crate::domain::behavior::CacheBehavior;
use crate::domain::distribution::Target;
use crate::domain::item::Item;
use crate::domain::submission::Submission;

/// The maximum number of distinct items to remember, newest first.
const REMEMBERED: usize = 5_000;

/// Accepts what is offered: in an empty list, the items of the last invalidation, which are then reviewed; otherwise,
/// the completion at the cursor or the line's suggestion.
pub(in crate::app) fn complete(model: &mut Model) {
    let Some(composer) = model.composer_mut() else { return };
    let line = composer.editor.cursor().line;
    let reused = composer.reusable().to_vec();
    if !reused.is_empty() {
        insert_items(model, reused);
        sending::review(model);
    } else if let Some(rest) = composer.completion().map(str::to_owned) {
        give(model, Edit::InsertText(rest).into());
    } else if composer.analysis.offered_fix(line).is_some() {
        fixes::take_offer(model);
    }
}

/// Updates the earlier items and path patterns that completion uses, and the items that can be sent again.
pub(in crate::app) fn refresh(model: &mut Model) {
    let Some(screen) = model.composer() else { return };
    let batches = batches(model, screen);
    let last_items = last_items(model, screen, &batches).unwrap_or_default();
    let known = known(&batches, screen);
    if let Some(composer) = model.composer_mut() {
        composer.known = known;
        composer.last_items = last_items;
    }
}

/// The items of a known invalidation.
struct Sent<'a> {
    items: &'a [String],
    created: DateTime<Utc>,
    is_completed: bool,
    /// The submission, if it was sent from this machine.
    ours: Option<&'a Submission>,
}

/// Returns the known invalidations of the composer's targets, newest first.
fn batches<'a>(model: &'a Model, composer: &Composer) -> Vec<Sent<'a>> {
    let targets: HashSet<&Target> = composer.targets.iter().collect();
    let sent = composer.targets.iter().flat_map(|target| model.engine.sent_to(target));
    let mut all: Vec<_> = sent
        .map(|sent| Sent {
            items: sent.batch.items(),
            created: sent.created,
            is_completed: sent.state.seen_completed().is_some(),
            ours: Some(sent),
        })
        .collect();
    let histories = model.engine.histories.known();
    let seen = histories.filter(|(target, _)| targets.contains(target));
    all.extend(seen.map(|(_, invalidation)| Sent {
        items: invalidation.items.as_slice(),
        created: invalidation.create_time,
        is_completed: invalidation.status.is_completed(),
        ours: None,
    }));
    all.sort_by(|one, other| (other.created, one.items).cmp(&(one.created, other.items)));
    all
}

/// The number of targets that are searched for an invalidation in progress.
const SEARCHED: usize = 16;

/// Returns the items of the newest completed invalidation, preferring one sent from this machine. Skips an
/// invalidation if the same items are already being invalidated again.
fn last_items(model: &Model, composer: &Composer, batches: &[Sent<'_>]) -> Option<Vec<String>> {
    let engine = &model.engine;
    let targets = composer.targets.iter().take(SEARCHED);
    let again: Vec<_> = targets.flat_map(|target| unfinished(engine, target)).collect();
    let is_again = |sent: &&Sent<'_>| again.iter().any(|one| one.is_of(sent.items));
    let newest = |ours: bool| {
        let completed = batches
            .iter()
            .filter(|sent| sent.is_completed && sent.ours.is_some() == ours);
        completed.into_iter().find(|sent| !is_again(sent))
    };
    let sent = newest(true).or_else(|| newest(false))?;
    Some(sent.ours.map_or_else(|| sent.items.to_vec(), |ours| whole(model, ours)))
}

/// Returns the items of all requests that a list was sent in to the target of this submission.
fn whole(model: &Model, sent: &Submission) -> Vec<String> {
    let job = model.engine.queue.job(&sent.job);
    let parts = job.parts().filter(|part| part.target == sent.target);
    parts.flat_map(|part| part.batch.items().iter().cloned()).collect()
}

/// Returns the distinct items of these batches and the path patterns of the targets' cache behaviors.
fn known(batches: &[Sent<'_>], composer: &Composer) -> Vec<String> {
    let items = batches.iter().flat_map(|sent| sent.items.iter().cloned());
    let mut met = HashSet::new();
    items
        .chain(composer.analysis.context().behaviors.iter().filter_map(pattern))
        .filter(|item| met.insert(item.clone()))
        .take(REMEMBERED)
        .collect()
}

/// Returns the path pattern of a behavior, if it can be invalidated unchanged.
fn pattern(behavior: &CacheBehavior) -> Option<String> {
    let path = format!("/{}", behavior.path_pattern.trim_start_matches('/'));
    let item = Item::from_wire(&path).ok()?;
    // A `?` matches any character in a pattern, but starts a query string in a path.
    (!item.is_whole_site() && !path.contains('?')).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_pattern_that_can_be_sent_is_offered() {
        let offered = |pattern: &str| {
            super::pattern(&CacheBehavior {
                path_pattern: pattern.to_owned(),
                ..CacheBehavior::default()
            })
        };
        assert_eq!(offered("api/*").as_deref(), Some("/api/*"));
        assert_eq!(offered("/robots.txt").as_deref(), Some("/robots.txt"));
        for pattern in ["*", "/*", "*.jpg", "/images/*.jpg", "/v?/*", "/~user/*"] {
            assert_eq!(offered(pattern), None, "{pattern}");
        }
    }
}
