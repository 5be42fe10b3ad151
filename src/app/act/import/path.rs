//! Path completion in an import's input field.

use tui_input::InputRequest;

use crate::app::model::Model;
use crate::app::overlay::import::kind::{Ask, Kind};
use crate::app::overlay::import::path::Completing;
use crate::app::overlay::import::{Importing, Step};
use crate::domain::import::{Completed, Names, TypedPath};
use crate::engine::effect::{Effect, RequestId};
use crate::engine::pending::FolderRequest;

fn ask(model: &mut Model) -> Option<&mut Ask> {
    match &mut model.overlays.find_mut::<Importing>()?.step {
        Step::Ask(ask) => Some(ask),
        _ => None,
    }
}

/// Returns the path at the end of the input, if that is where the cursor is.
fn typed(ask: &Ask) -> Option<TypedPath> {
    let line = ask.input.value();
    let at_end = ask.input.cursor() == line.chars().count();
    let names = match ask.kind {
        Kind::File | Kind::Sitemap => Names::Whole,
        Kind::Git | Kind::Trees => Names::Words,
        Kind::Paste | Kind::Earlier => return None,
    };
    TypedPath::at_end(line, names).filter(|_| at_end)
}

/// Requests the names in the typed path's folder, to complete the path.
pub(in crate::app) fn complete(model: &mut Model) {
    let Some(typed) = ask(model).and_then(|ask| typed(ask)) else {
        return;
    };
    let request = model.engine.request(FolderRequest);
    model.engine.ask(Effect::ListFolder {
        request,
        folder: typed.folder,
    });
    if let Some(ask) = ask(model) {
        ask.completing.request = Some(request);
    }
}

/// Completes the path from the names in the folder, unless the input has changed in the meantime.
pub(in crate::app) fn listed(model: &mut Model, request: RequestId, result: Result<Vec<String>, String>) {
    let Some(ask) = ask(model).filter(|ask| ask.completing.request == Some(request)) else {
        return;
    };
    ask.completing = Completing::default();
    match (result, typed(ask)) {
        (Ok(names), Some(typed)) => take(ask, &typed, &names),
        (Err(mistake), _) => ask.mistake = Some(mistake),
        (Ok(_), None) => {}
    }
    model.engine.touch();
}

fn take(ask: &mut Ask, typed: &TypedPath, names: &[String]) {
    match typed.completed(names) {
        Completed::Rest(rest) => {
            ask.mistake = None;
            for c in rest.chars() {
                ask.input.handle(InputRequest::InsertChar(c));
            }
        }
        Completed::OneOf(names) => ask.completing.names = names,
        Completed::Nothing => ask.mistake = Some(format!("nothing matches {}", typed.begin)),
    }
}
