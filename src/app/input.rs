//! The user's input: keys and pasted text, and the meaning of a key in its context.

use crate::app::act::composer::typing;
use crate::app::act::import::taking;
use crate::app::act::rows::filtered;
use crate::app::act::{deliberate, go_to, import, tools};
use crate::app::action::Action;
use crate::app::availability::is_available;
use crate::app::key::Key;
use crate::app::keys::{action_of, edit_field, is_text};
use crate::app::model::Model;
use crate::app::overlay::keys::Letters;
use crate::app::overlay::tools::Tools;
use crate::app::{act, resting};
use crate::engine::notices::Level;

/// Runs the action bound to a key, or types the key as text. The key was pressed, or its displayed name was clicked.
pub(in crate::app) fn on_key(model: &mut Model, key: Key) {
    model.engine.key_pressed();
    model.remembered.begin();
    deliberate::pressed(model, key);
    if import::on_key(model, key) {
        return;
    }
    match action_of(model, key) {
        Some(action) => perform(model, action),
        None if is_text(model) => on_text(model, key),
        None => {}
    }
}

/// Runs an action if it is available; otherwise reports why not.
pub(in crate::app) fn perform(model: &mut Model, action: Action) {
    match is_available(model, action) {
        Ok(()) => act::act(model, action),
        Err(reason) if reason.is_empty() => {}
        Err(reason) => model.engine.say(Level::Info, reason),
    }
}

fn on_text(model: &mut Model, key: Key) {
    if model.overlays.top::<Tools>().is_some() {
        tools::on_key(model, key);
    } else if let Some(overlay) = model.overlays.last_mut() {
        let parts = overlay.parts_mut();
        if parts.field_mut().is_some_and(|field| edit_field(field, key)) {
            parts.edited();
            model.engine.touch();
            taking::moved(model);
        }
    } else if let Some(view) = model.screen_mut().view_mut() {
        if edit_field(&mut view.filter, key) {
            filtered(model);
            resting::rest(model);
            model.engine.touch();
        }
    } else {
        typing::on_key(model, key);
    }
}

/// Passes pasted text to the import, the focused field or the composer, or opens the target of a pasted URL.
pub(in crate::app) fn on_paste(model: &mut Model, text: &str) {
    if import::on_paste(model, text) {
        return;
    }
    if model
        .overlays
        .last()
        .is_some_and(|overlay| overlay.keys().letters == Letters::Confirmation)
    {
        return model
            .engine
            .say(Level::Info, "Type the confirmation; pasted text does not count");
    }
    if let Some(overlay) = model.overlays.last_mut() {
        let parts = overlay.parts_mut();
        if let Some(field) = parts.field_mut() {
            paste_into(field, text);
            parts.edited();
            model.engine.touch();
            taking::moved(model);
        }
        return;
    }
    let filtering = model.screen().is_filtering();
    if let Some(view) = model.screen_mut().view_mut().filter(|_| filtering) {
        paste_into(&mut view.filter, text);
        filtered(model);
        model.engine.touch();
    } else if model.composer().is_some() {
        typing::on_paste(model, text);
    } else if model.screen().table().is_some() && is_url(text) {
        go_to::pasted(model, text.trim());
    }
}

/// Returns whether pasted text is a single URL, which can identify a target.
fn is_url(text: &str) -> bool {
    let text = text.trim();
    let leads = ["https://", "http://", "arn:"]
        .iter()
        .any(|begin| text.starts_with(begin));
    leads && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// Pastes into a one-line field. Line breaks are removed, and text that is far too long for a name is truncated.
fn paste_into(field: &mut tui_input::Input, text: &str) {
    const LONGEST: usize = 500;
    for c in text.chars().filter(|c| !c.is_control()).take(LONGEST) {
        field.handle(tui_input::InputRequest::InsertChar(c));
    }
}
