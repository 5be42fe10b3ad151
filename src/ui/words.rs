//! The small phrases that several screens say in the same way.

use super::widget::text::thousands;
use crate::app::model::Model;
use crate::app::screen::invalidations::{Row, RowKey, row};
use crate::domain::distribution::Target;

/// Items a month that cost nothing, for each account.
const FREE_PER_MONTH: u64 = 1_000;

/// `/en/* +3`: the first item and how many more; what can be said while they are not known.
pub(super) fn items(row: &Row<'_>) -> (String, String) {
    match (row.items, row.unreadable) {
        (Some([]), _) => ("none".to_owned(), String::new()),
        (Some([only]), _) => (only.clone(), String::new()),
        (Some([first, rest @ ..]), _) => (first.clone(), format!("+{}", thousands(rest.len() as u64))),
        (None, Some(why)) => (why.to_owned(), String::new()),
        (None, None) => ("…".to_owned(), String::new()),
    }
}

/// `212 of 1,000 free paths used, seen here`.
pub(super) fn month(model: &Model) -> String {
    let used = model.known_use();
    if used <= FREE_PER_MONTH {
        let (used, free) = (thousands(used), thousands(FREE_PER_MONTH));
        format!("{used} of {free} free paths used, seen here")
    } else {
        format!(
            "{} paths used, beyond the {} free ones, seen here",
            thousands(used),
            thousands(FREE_PER_MONTH)
        )
    }
}

/// The newest invalidation of a target, ours or not, as far as it was seen.
pub(super) fn newest(model: &Model, target: &Target) -> Option<RowKey> {
    let ours = model
        .queue
        .iter()
        .rev()
        .find(|submission| submission.target == *target)
        .map(|submission| RowKey::Submission(submission.id.clone()));
    let others = model
        .histories
        .get(target)
        .into_iter()
        .flat_map(|history| history.summaries());
    let other = others
        .max_by_key(|summary| (summary.create_time, &summary.id))
        .map(|summary| RowKey::Invalidation(target.clone(), summary.id.clone()));
    match (ours, other) {
        (Some(ours), Some(other)) => {
            let (one, two) = (row(model, &ours)?, row(model, &other)?);
            let later = one.create_time.is_some() && two.create_time > one.create_time;
            Some(if later { other } else { ours })
        }
        (ours, other) => ours.or(other),
    }
}
