//! Writing what the history shows into a file: as what, and under which name.

use tui_input::Input;

use super::keys::{self, Keys};
use super::parts::Parts;
use crate::domain::export::Format;
use crate::domain::record::Query;
use crate::engine::effect::RequestId;

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
    /// The other format, and the ending that goes with it.
    pub(in crate::app) fn toggle(&mut self) {
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

impl Parts for Export {
    fn title(&self) -> &'static str {
        "Export"
    }

    fn keys(&self) -> Keys {
        if self.exists.is_none() {
            keys::EXPORT
        } else {
            keys::EXPORT_EXISTS
        }
    }

    fn is_field(&self) -> bool {
        self.exists.is_none()
    }

    fn field_mut(&mut self) -> Option<&mut Input> {
        self.exists.is_none().then_some(&mut self.input)
    }

    fn edited(&mut self) {
        self.mistake = None;
        if let Some(format) = Format::of_name(self.input.value()) {
            self.format = format;
        }
    }
}
