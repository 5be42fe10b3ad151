//! Completes a line to an item that was sent earlier, or to the path pattern of a cache behavior. In an empty list,
//! inserts the items of the last invalidation.

use std::collections::HashSet;

use crate::app::act::composer::editing::{give, insert_items};
use crate::app::act::composer::fixes;
use crate::app::editor::Edit;
use crate::app::model::Model;
use crate::app::screen::composer::Composer;
use crate::domain::behavior::CacheBehavior;
use crate::domain::distribution::Target;
use crate::domain::item::Item;

/// The maximum number of distinct items to remember, newest first.
const REMEMBERED: usize = 5_000;

/// Accepts what is currently offered: the last items for an empty list, the completion at the cursor, or the line's
/// suggestion.
pub(in crate::app) fn complete(model: &mut Model) {
    let Some(composer) = model.composer_mut() else { return };
    let line = composer.editor.cursor().line;
    let reused = composer.reusable().to_vec();
    if !reused.is_empty() {
        insert_items(model, reused);
    } else if let Some(rest) = composer.completion().map(str::to_owned) {
        give(model, Edit::InsertText(rest).into());
    } else if composer.analysis.offered_fix(line).is_some() {
        fixes::take_offer(model);
    }
}

/// Updates the earlier items and the path patterns that completions come from.
pub(in crate::app) fn refresh(model: &mut Model) {
    let Some(screen) = model.composer() else { return };
    let batches = batches(model, screen);
    let last_items = batches.first().map(|items| items.to_vec()).unwrap_or_default();
    let known = known(&batches, screen);
    if let Some(composer) = model.composer_mut() {
        composer.known = known;
        composer.last_items = last_items;
    }
}

/// Returns the items of every known invalidation of the composer's targets, the newest invalidation first.
fn batches<'a>(model: &'a Model, composer: &Composer) -> Vec<&'a [String]> {
    let targets: HashSet<&Target> = composer.targets.iter().collect();
    let sent = composer.targets.iter().flat_map(|target| model.engine.sent_to(target));
    let mut dated: Vec<_> = sent.map(|sent| (sent.created, sent.batch.items())).collect();
    let seen = model
        .engine
        .histories
        .known()
        .filter(|(target, _)| targets.contains(target));
    dated.extend(seen.map(|(_, invalidation)| (invalidation.create_time, invalidation.items.as_slice())));
    dated.sort_by(|one, other| other.0.cmp(&one.0).then_with(|| one.1.cmp(other.1)));
    dated.into_iter().map(|(_, items)| items).collect()
}

/// Returns the distinct items of these batches and the path patterns of the targets' cache behaviors.
fn known(batches: &[&[String]], composer: &Composer) -> Vec<String> {
    let items = batches.iter().flat_map(|items| items.iter().cloned());
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
