//! Updates the confirmations during a review when more becomes known about the targets' cache tags.

use crate::app::act::composer::sending;
use crate::app::act::resend;
use crate::app::act::review::{cache_tags, confirmation};
use crate::app::model::Model;
use crate::app::overlay::resend::Resend;
use crate::app::overlay::review::{Confirmation, Review};
use crate::domain::distribution::Target;

/// Updates the confirmations in an open review or resend overlay if more has become known about cache tags.
pub(in crate::app) fn follow(model: &mut Model) {
    follow_resend(model);
    follow_review(model);
}

fn follow_review(model: &mut Model) {
    let Some(review) = model.overlays.find::<Review>() else {
        return;
    };
    let ids: Vec<Target> = review.targets.iter().map(|(target, _)| target.clone()).collect();
    let items = review.batch.items();
    let tags = cache_tags(model, &ids, items);
    if tags == review.tags {
        return;
    }
    let asked = confirmation(model, &ids, items, items.len() * ids.len());
    let rows = sending::reviewed_items(model, tags);
    if let Some(review) = model.overlays.find_mut::<Review>() {
        review.tags = tags;
        review.confirmation = Confirmation::kept(review.confirmation.take(), asked);
        review.items = rows.unwrap_or_else(|| std::mem::take(&mut review.items));
    }
    model.engine.touch();
}

fn follow_resend(model: &mut Model) {
    let Some(state) = model.overlays.find::<Resend>() else {
        return;
    };
    let (tags, asked) = resend::decided(model, &state.ids);
    if tags == state.tags {
        return;
    }
    if let Some(state) = model.overlays.find_mut::<Resend>() {
        state.tags = tags;
        state.confirmation = Confirmation::kept(state.confirmation.take(), asked);
    }
    model.engine.touch();
}
