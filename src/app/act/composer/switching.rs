//! Moves lines from one draft to another: lines that belong to a different distribution go to its draft, and all lines
//! go to a draft that includes the staging distribution.

use crate::app::act::composer::editing::give;
use crate::app::act::composer::{compose, draft};
use crate::app::act::navigation;
use crate::app::editor::Edit;
use crate::app::model::Model;
use crate::app::screen::composer::Composer;
use crate::domain::distribution::{DistributionId, Target};
use crate::domain::text::count;
use crate::engine::notices::Level;

/// Returns the other distribution that the cursor's line belongs to.
#[must_use]
pub(in crate::app) fn owner_here(model: &Model) -> Option<DistributionId> {
    let composer = model.composer()?;
    let owner = composer.analysis.owner(composer.editor.cursor().line)?;
    Some(DistributionId::new(owner))
}

/// Moves the cursor's line, and all other lines that belong to the same distribution, to that distribution's draft
/// and opens it. The remaining lines stay in the draft for the current target.
pub(in crate::app) fn switch(model: &mut Model) {
    let Some(owner) = owner_here(model) else { return };
    let Some(composer) = model.composer_mut() else { return };
    let (theirs, ours) = divided(composer, &owner);
    let left = composer.targets.first().cloned();
    let left = left.map_or_else(String::new, |target| model.engine.label(&target));
    let stays = ours.iter().filter(|line| !line.trim().is_empty()).count();
    let said = format!(
        "Moved {} to this draft; {} left in the draft for {left}",
        lines(theirs.len()),
        lines(stays)
    );
    let targets = vec![Target::Distribution(owner)];
    // Add the lines to the other draft before removing them from this one: after a crash in between, they are in both
    // drafts rather than in neither.
    draft::add(model, &targets, &theirs);
    give(model, Edit::SetText(ours.join("\n")).into());
    navigation::pop(model);
    compose::open(model, targets, None);
    model.engine.say(Level::Info, said);
}

/// Returns the target's staging distribution, if it is listed and not one of the targets yet.
#[must_use]
pub(in crate::app) fn twin_here(model: &Model) -> Option<DistributionId> {
    let twin = model.composer()?.analysis.context().staging_twin.as_deref()?;
    let twin = DistributionId::new(twin);
    model.engine.fleet.get(&twin).map(|twin| twin.id.clone())
}

/// Moves all lines to the draft for the current targets and the staging distribution, and opens that draft.
pub(in crate::app) fn add_twin(model: &mut Model) {
    let Some(twin) = twin_here(model) else { return };
    let Some(composer) = model.composer_mut() else { return };
    let mut targets = composer.targets.clone();
    let all: Vec<String> = composer.editor.lines().map(str::to_owned).collect();
    let said = format!("Added {twin} as a target; moved {} to this draft", lines(all.len()));
    targets.push(Target::Distribution(twin));
    // As above, add the lines to the other draft before removing them from this one.
    draft::add(model, &targets, &all);
    give(model, Edit::SetText(String::new()).into());
    navigation::pop(model);
    compose::open(model, targets, None);
    model.engine.say(Level::Info, said);
}

/// Splits the lines into those that belong to the other distribution and the rest.
fn divided(composer: &Composer, owner: &DistributionId) -> (Vec<String>, Vec<String>) {
    let lines = composer.editor.lines().enumerate();
    let (theirs, ours): (Vec<_>, Vec<_>) =
        lines.partition(|(line, _)| composer.analysis.owner(*line) == Some(owner.as_str()));
    let texts = |lines: Vec<(usize, &str)>| lines.into_iter().map(|(_, text)| text.to_owned()).collect();
    (texts(theirs), texts(ours))
}

fn lines(number: usize) -> String {
    count(number, "line")
}
