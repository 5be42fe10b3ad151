//! Writing what the history shows into a file: as what, and under which name.

use chrono::Datelike;
use tui_input::Input;

use super::Overlay;
use crate::app::model::Model;
use crate::app::screen::Screen;
use crate::domain::export::Format;
use crate::domain::record::Query;
use crate::domain::text::count;
use crate::engine::effect::{self, Effect, Exported, RequestId, Unwritten};
use crate::engine::notices::Level;
use crate::engine::purpose::Purpose;

/// The state of the layer.
#[derive(Clone, Debug)]
pub struct Export {
    /// What is written.
    pub query: Query,
    /// The name that is typed; its ending tells the format.
    pub input: Input,
    /// As what it is written.
    pub format: Format,
    /// There is a file of this name: take its place?
    pub exists: Option<String>,
    /// What went wrong.
    pub mistake: Option<String>,
    /// What is waited for.
    pub request: Option<RequestId>,
}

impl Export {
    /// Whether letters are text.
    #[must_use]
    pub fn is_field(&self) -> bool {
        self.exists.is_none()
    }

    /// The text changed: takes the format from its extension and clears the error.
    pub(super) fn edited(&mut self) {
        self.mistake = None;
        if let Some(format) = Format::of_name(self.input.value()) {
            self.format = format;
        }
    }

    /// The other format, and the ending that goes with it.
    fn toggle(&mut self) {
        let name = self.input.value();
        let stem = match Format::of_name(name) {
            Some(format) => &name[..name.len() - format.ending().len()],
            None => name,
        };
        self.format = self.format.other();
        self.input = format!("{stem}{}", self.format.ending()).into();
        self.mistake = None;
    }
}

/// Opens the layer.
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
    model.overlays.push(Overlay::Export(Box::new(export)));
    model.engine.touch();
}

/// Chooses the other format.
pub(in crate::app) fn toggle(model: &mut Model) {
    if let Some(export) = layer(model).filter(|export| export.is_field()) {
        export.toggle();
        model.engine.touch();
    }
}

/// Writes the file under the name that is typed, or in the place of one that was asked about.
pub(in crate::app) fn write(model: &mut Model) {
    let Some(export) = layer(model).filter(|export| export.request.is_none()) else {
        return;
    };
    let name = export.input.value().trim().to_owned();
    if name.is_empty() {
        export.mistake = Some("enter a file name".to_owned());
        return model.engine.touch();
    }
    let replace = export.exists.take().is_some();
    let (query, format) = (export.query.clone(), export.format);
    let request = model.engine.request(Purpose::Export);
    if let Some(export) = layer(model) {
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

/// Goes back from the question to the name; returns whether it did.
pub(in crate::app) fn back(model: &mut Model) -> bool {
    layer(model).is_some_and(|export| export.exists.take().is_some())
}

/// It is written, or is not.
pub(in crate::app) fn written(model: &mut Model, request: RequestId, result: Result<Exported, Unwritten>) {
    let open = layer(model).filter(|export| export.request == Some(request));
    match (result, open) {
        (Ok(exported), open) => {
            if open.is_some() {
                model.overlays.retain(|overlay| !matches!(overlay, Overlay::Export(_)));
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

/// The layer, if it is open; another one, such as the help, may lie above it.
fn layer(model: &mut Model) -> Option<&mut Export> {
    model.overlays.iter_mut().find_map(|overlay| match overlay {
        Overlay::Export(export) => Some(&mut **export),
        _ => None,
    })
}
