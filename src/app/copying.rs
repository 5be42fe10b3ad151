//! Copies text to the clipboard, and reports which clipboard received it.

use super::model::Model;
use crate::engine::effect::{CopiedBy, Effect};
use crate::engine::notices::Level;

/// Copies text; notices refer to it as `name`.
pub(super) fn copy(model: &mut Model, text: String, name: impl Into<String>) {
    let name = name.into();
    model.engine.ask(Effect::Copy { text, name });
}

/// Reports which clipboard received the copied text, or why nothing was copied.
pub(super) fn copied(model: &mut Model, name: &str, result: Result<CopiedBy, String>) {
    match result {
        Ok(CopiedBy::Program(program)) => model.engine.say(Level::Info, format!("Copied {name} ({program})")),
        // Terminals never confirm that they received text.
        Ok(CopiedBy::Terminal) => model
            .engine
            .say(Level::Info, format!("Sent {name} to the terminal's clipboard (OSC 52)")),
        Err(reason) => model.engine.say(Level::Warning, format!("Nothing copied: {reason}")),
    }
}
