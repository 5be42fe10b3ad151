//! The overlay that exports the history to a file: format and file name.

use tui_input::Input;

use super::keys::{self, Keys};
use super::parts::Parts;
use crate::domain::export::Format;
use crate::domain::record::Query;
use crate::engine::effect::RequestId;

/// The state of the export overlay.
#[derive(Clone, Debug)]
pub struct Export {
    /// The query whose results are exported.
    pub query: Query,
    /// The typed file name; its extension determines the format.
    pub input: Input,
    /// The format.
    pub format: Format,
    /// The existing file that the export would replace, while the user is being asked about it.
    pub exists: Option<String>,
    /// What went wrong.
    pub mistake: Option<String>,
    /// The pending request.
    pub request: Option<RequestId>,
}

impl Export {
    /// Switches to the other format, and changes the extension accordingly.
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
    fn keys(&self) -> Keys {
        if self.exists.is_none() {
            keys::EXPORT
        } else {
            keys::EXPORT_EXISTS
        }
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
