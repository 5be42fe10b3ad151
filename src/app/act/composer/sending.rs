//! Builds the review from the text: what is sent, what is skipped, and which confirmation has to be typed.

use crate::app::act::composer::draft;
use crate::app::act::composer::editing::give;
use crate::app::act::review::{blocked, cache_tags, confirmation};
use crate::app::action::Action;
use crate::app::editor::{Command, Motion};
use crate::app::model::Model;
use crate::app::overlay::review::{CacheTags, Review, ReviewedItem};
use crate::app::screen::composer::Composer;
use crate::domain::batch::Batch;
use crate::domain::distribution::Target;
use crate::domain::item::{Item, ItemKind};
use crate::domain::lint::Severity;
use crate::domain::text::count;
use crate::engine::drafts::state::Draft;
use crate::engine::notices::Level;

/// Opens the review, or reports why not: a line is invalid, there is nothing to send, or sending is impossible.
pub(in crate::app) fn review(model: &mut Model) {
    let scope = match blocked(&model.engine) {
        Ok(scope) => scope,
        Err(reason) => return model.engine.say(Level::Warning, reason),
    };
    // Save the text that the user is about to confirm.
    draft::keep_draft(model);
    let Some(composer) = model.composer_mut() else { return };
    if composer.analysis.summary().errors > 0 {
        return refuse_errors(model);
    }
    let Some(batch) = Batch::new(composer.analysis.sent().map(|(_, wire)| wire.to_owned()).collect()) else {
        return model.engine.say(
            Level::Info,
            "nothing to send yet; enter a path such as /index.html or /images/*",
        );
    };
    let left_out = left_out(composer);
    let draft = Draft {
        key: composer.draft,
        targets: composer.targets_key(),
        text: composer.editor.text(),
    };
    let targets: Vec<_> = composer.targets.clone();
    let targets: Vec<_> = targets
        .into_iter()
        .map(|target| {
            let label = model.engine.label(&target);
            (target, label)
        })
        .collect();
    let ids: Vec<Target> = targets.iter().map(|(target, _)| target.clone()).collect();
    let billable = batch.items().len() * ids.len();
    let tags = cache_tags(model, &ids, batch.items());
    let items = reviewed_items(model, tags).unwrap_or_default();
    let confirmation = confirmation(model, &ids, batch.items(), billable);
    let review = Review {
        targets,
        batches: Batch::pack(batch.items(), crate::engine::queue::sizes(&model.engine, &scope)),
        batch,
        items,
        left_out,
        confirmation,
        note: None,
        noting: None,
        draft,
        scope,
        tags,
        when_deployed: false,
    };
    // A notice about invalid lines no longer applies.
    model.engine.end_notice();
    model.overlays.push(review);
    // The review shows this month's count next to the price.
    crate::engine::counting::look(&mut model.engine);
    model.engine.touch();
}

/// Refuses to send while any line is invalid, because CloudFront would refuse the whole batch without naming the line.
fn refuse_errors(model: &mut Model) {
    let Some(composer) = model.composer_mut() else { return };
    let errors = composer.analysis.summary().errors;
    let first = composer.analysis.next_problem(composer.analysis.len(), Severity::Error);
    if let Some(line) = first {
        give(model, Command::Move(Motion::Line(line)));
    }
    let lines = format!("{} cannot be sent", count(errors, "line"));
    let it = if errors == 1 { "it" } else { "them" };
    let Some(composer) = model.composer_mut() else { return };
    // Mention the key that applies all safe fixes only if there are any.
    let (taking, is_safe) = (composer.takes_suggestion(), !composer.analysis.safe_fixes().is_empty());
    let keymap = &model.keymap;
    let (fix, offer) = (keymap.spoken(Action::FixSafe), keymap.spoken(taking));
    let keys = if is_safe { format!("{offer} or {fix}") } else { offer };
    model.engine.say(
        Level::Warning,
        format!("{lines}; fix {it} with {keys}, or comment {it} out"),
    );
}

/// Returns the lines of the composer that would be sent, as the review shows them.
pub(in crate::app) fn reviewed_items(model: &Model, known: CacheTags) -> Option<Vec<ReviewedItem>> {
    model.composer().map(|composer| items(composer, known))
}

fn items(composer: &Composer, known: CacheTags) -> Vec<ReviewedItem> {
    let tags = composer.analysis.context().cache_tags;
    composer
        .analysis
        .sent()
        .map(|(line, wire)| {
            let raw = composer.editor.line(line).trim();
            // An exact path needs no description of what it clears.
            let item = Item::from_wire(wire).ok().filter(|item| item.kind() != ItemKind::Path);
            let reach = item.map_or_else(String::new, |item| match (item.kind(), tags) {
                (ItemKind::Tag, None) if known == CacheTags::Loading => "still loading".to_owned(),
                (ItemKind::Tag, None) => "unknown; cache tags may be turned off".to_owned(),
                _ => item.reach(),
            });
            ReviewedItem {
                wire: wire.to_owned(),
                typed: (raw != wire).then(|| raw.to_owned()),
                clears: reach,
            }
        })
        .collect()
}

fn left_out(composer: &Composer) -> Vec<String> {
    composer
        .analysis
        .rows()
        .filter(|row| row.ok && !row.sent)
        .map(|row| row.raw.to_owned())
        .collect()
}
