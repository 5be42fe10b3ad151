//! The distributions page: which one is it?

use crate::app::list::{List, matching};
use crate::app::model::Model;
use crate::domain::distribution::{Distribution, DistributionId, Target};
use crate::engine::drafts::HeldDraft;

/// The columns it can be sorted by; the first is CloudFront's own order.
pub const SORTS: [&str; 6] = ["as listed", "Aliases", "Id", "Comment", "Status", "LastModified"];

/// What a click on each heading sorts by; empty: nothing.
pub const SORT_OF_COLUMN: [&str; 5] = ["Aliases", "", "Id", "Comment", "Status"];

/// The state of the page.
#[derive(Debug, Default)]
pub struct Distributions {
    /// The rows.
    pub list: List<DistributionId>,
}

impl Distributions {
    /// Fills the rows anew: favourites first, then by the chosen column.
    pub(crate) fn refill(&mut self, model: &Model) {
        let all = model.engine.fleet.all();
        let mut rows = matching(all.iter().collect(), self.list.filter.value(), |d| haystack(d));
        let sort = self.list.sort;
        rows.sort_by_cached_key(|d| (!is_favourite(model, &d.id), sort_key(d, sort)));
        self.list
            .show(rows.into_iter().map(|d| d.id.clone()).collect(), all.len());
    }
}

/// Whether a person keeps it at the top.
#[must_use]
pub fn is_favourite(model: &Model, id: &DistributionId) -> bool {
    // No favourites, no id to build: this runs for every row.
    !model.engine.favourites.is_empty() && model.engine.favourites.contains(&Target::Distribution(id.clone()))
}

/// The lines that wait in drafts for this target, alone or together with others.
#[must_use]
pub fn draft_lines(model: &Model, target: &Target) -> usize {
    let written = |draft: &HeldDraft| draft.text.lines().filter(|line| !line.trim().is_empty()).count();
    drafts_of(model, target).into_iter().map(written).sum()
}

/// The drafts for this target, alone or together with others.
#[must_use]
pub fn drafts_of<'a>(model: &'a Model, target: &Target) -> Vec<&'a HeldDraft> {
    let drafts = model.engine.drafts.iter().map(|(_, draft)| draft);
    let of_target = drafts.filter(|draft| draft.targets.split(' ').any(|id| id == target.id()));
    of_target.collect()
}

/// Everything by which a person may know it.
fn haystack(d: &Distribution) -> String {
    let origins = d.origins.iter().map(|origin| origin.domain_name.as_str());
    let words = d
        .aliases
        .iter()
        .map(String::as_str)
        .chain([d.id.as_str(), &d.comment, &d.domain_name])
        .chain(origins);
    words.collect::<Vec<_>>().join(" ")
}

fn sort_key(d: &Distribution, sort: usize) -> String {
    match SORTS.get(sort).copied() {
        Some("Aliases") => d.label().to_lowercase(),
        Some("Id") => d.id.to_string(),
        Some("Comment") => d.comment.to_lowercase(),
        Some("Status") => format!("{}{}{}", !d.is_deployed(), d.enabled, d.label()),
        // The newest first: later times count down.
        Some("LastModified") => format!("{:020}", i64::MAX.saturating_sub(d.last_modified.timestamp_millis())),
        _ => String::new(),
    }
}
