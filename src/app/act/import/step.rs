//! What every way of importing does: it goes from step to step, shows what it found, and ends what is waited for.

use crate::app::model::Model;
use crate::app::overlay::import::kind::Ask;
use crate::app::overlay::import::preview::Preview;
use crate::app::overlay::import::{Importing, Step};
use crate::domain::import::Import;
use crate::engine::effect::{Effect, RequestId};

/// Goes to a step, in the layer that is open or in a new one.
pub(in crate::app) fn put(model: &mut Model, step: Step) {
    model.engine.touch();
    match model.overlays.find_mut::<Importing>() {
        Some(importing) => importing.step = step,
        None => model.overlays.push(Importing { step }),
    }
}

/// Shows what an import would bring.
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

/// Cancels the import that is running, if there is one.
pub(in crate::app) fn cancel_waiting(model: &mut Model) {
    if let Some(Importing {
        step: Step::Waiting(_, request),
    }) = model.overlays.find_mut::<Importing>()
    {
        let request = *request;
        cancel(model, request);
    }
}

/// Ends this import; what it brings is not wanted any more.
pub(in crate::app) fn cancel(model: &mut Model, request: RequestId) {
    model.engine.pending.remove(&request);
    model.engine.ask(Effect::CancelImport(request));
}
