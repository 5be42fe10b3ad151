//! Actions for the overlay that exports the history to a file.

use crate::app::model::Model;
use crate::app::overlay::export::Export;
use crate::app::screen::Screen;
use crate::domain::export::Format;
use crate::domain::text::count;
use crate::engine::effect;
use crate::engine::effect::{Effect, Exported, RequestId, Unwritten};
use crate::engine::notices::Level;
use crate::engine::pending::ExportRequest;
use chrono::Datelike;

/// Opens the export overlay.
pub(in crate::app) fn open(model: &mut Model) {
    let (now, Screen::History(page)) = (model.engine.now, model.screen()) else {
        return;
    };
    let format = Format::Json;
    let name = format!(
        "invalidash-{:04}-{:02}-{:02}{}",
        now.year(),
        now.month(),
        now.day(),
        format.ending()
    );
    let export = Export {
        query: page.shown(&model.arrangements),
        input: name.into(),
        format,
        exists: None,
        mistake: None,
        request: None,
    };
    model.open(export);
}

/// Switches to the other file format.
pub(in crate::app) fn toggle(model: &mut Model) {
    if let Some(export) = model
        .overlays
        .find_mut::<Export>()
        .filter(|export| export.exists.is_none())
    {
        export.toggle();
        model.engine.touch();
    }
}

/// Writes the export to the typed file name, or replaces the existing file if the user has confirmed that.
pub(in crate::app) fn write(model: &mut Model) {
    let Some(export) = model
        .overlays
        .find_mut::<Export>()
        .filter(|export| export.request.is_none())
    else {
        return;
    };
    let name = export.input.value().trim().to_owned();
    if name.is_empty() {
        export.mistake = Some("enter a file name".to_owned());
        return model.engine.touch();
    }
    let replace = export.exists.take().is_some();
    let (query, format) = (export.query.clone(), export.format);
    let request = model.engine.request(ExportRequest);
    if let Some(export) = model.overlays.find_mut::<Export>() {
        export.request = Some(request);
        export.mistake = None;
    }
    let export = effect::Export {
        query,
        format,
        name,
        replace,
    };
    model.engine.ask(Effect::Export { request, export });
    model.engine.touch();
}

/// Handles Esc by going back from the question about replacing a file to the file name. Returns whether that question
/// was open.
pub(in crate::app) fn back(model: &mut Model) -> bool {
    model
        .overlays
        .find_mut::<Export>()
        .is_some_and(|export| export.exists.take().is_some())
}

/// Reports the result of the export, or asks whether to replace an existing file.
pub(in crate::app) fn written(model: &mut Model, request: RequestId, result: Result<Exported, Unwritten>) {
    let open = model
        .overlays
        .find_mut::<Export>()
        .filter(|export| export.request == Some(request));
    match (result, open) {
        (Ok(exported), open) => {
            if open.is_some() {
                model.overlays.close::<Export>();
            }
            let said = format!("{} written to {}", count(exported.rows, "row"), exported.file);
            match exported.warning {
                Some(warning) => model.engine.say(Level::Warning, format!("{said}; {warning}")),
                None => model.engine.say(Level::Done, said),
            }
        }
        (Err(Unwritten::Exists(file)), Some(export)) => {
            export.request = None;
            export.exists = Some(file);
        }
        (Err(Unwritten::Failed(sentence)), Some(export)) => {
            export.request = None;
            export.mistake = Some(sentence);
        }
        (Err(Unwritten::Exists(file)), None) => {
            model
                .engine
                .say(Level::Warning, format!("nothing exported: {file} already exists"));
        }
        (Err(Unwritten::Failed(sentence)), None) => model.engine.say(Level::Error, sentence),
    }
    model.engine.touch();
}
