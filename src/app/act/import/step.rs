//! Functions shared by all kinds of imports: moving between steps, showing the result, and cancelling.

use crate::app::model::Model;
use crate::app::overlay::import::kind::Ask;
use crate::app::overlay::import::preview::Preview;
use crate::app::overlay::import::{Importing, Step};
use crate::domain::import::Import;
use crate::engine::effect::{Effect, RequestId};
use crate::engine::pending::ImportRequest;

/// Goes to a step in the open overlay, or in a new one.
pub(in crate::app) fn put(model: &mut Model, step: Step) {
    model.engine.touch();
    match model.overlays.find_mut::<Importing>() {
        Some(importing) => importing.step = step,
        None => model.overlays.push(Importing { step }),
    }
}

/// Shows the preview of an import.
pub(in crate::app) fn show(model: &mut Model, import: Import, ask: Option<Ask>) {
    let Some(composer) = model.composer() else { return };
    let variants = model
        .imports
        .variants
        .get(&composer.targets_key())
        .copied()
        .unwrap_or_default();
    let preview = Preview::new(import, variants, composer, ask);
    put(model, Step::Preview(Box::new(preview)));
}

/// Cancels the running import, if there is one.
pub(in crate::app) fn cancel_waiting(model: &mut Model) {
    if let Some(Importing {
        step: Step::Waiting(_, request),
    }) = model.overlays.find_mut::<Importing>()
    {
        let request = *request;
        cancel(model, request);
    }
}

/// Cancels this import, whose result is no longer wanted.
pub(in crate::app) fn cancel(model: &mut Model, request: RequestId) {
    model.engine.pending.take::<ImportRequest>(request);
    model.engine.ask(Effect::CancelImport(request));
}
