//! Actions for the overlay that asks for an MFA code.

use tui_input::Input;

use crate::app::model::Model;
use crate::app::overlay::code::CodeEntry;
use crate::domain::failure::CodeNeeded;
use crate::domain::mfa::{DIGITS, MfaCode};
use crate::engine::{fleet, login};

/// Opens the MFA code overlay, with an error if the previous code was not accepted.
pub(in crate::app) fn wanted(model: &mut Model, needed: &CodeNeeded, profile: Option<String>) {
    let mistake = needed.refused.then(|| {
        "Not accepted. Wait for the next code; the device shows a new one every 30 seconds, and each works only once"
            .to_owned()
    });
    model.overlays.close::<CodeEntry>();
    model.open(CodeEntry {
        input: Input::default(),
        device: needed.device.clone(),
        profile,
        mistake,
    });
}

/// Tries the typed MFA code.
pub(in crate::app) fn accept(model: &mut Model) {
    let Some(entry) = model.overlays.top_mut::<CodeEntry>() else {
        return;
    };
    let code = MfaCode::new(entry.input.value());
    let profile = entry.profile.clone();
    entry.input = Input::default();
    entry.mistake = code.is_none().then(|| format!("The code must have {DIGITS} digits"));
    model.engine.touch();
    match (code, profile) {
        (Some(code), Some(profile)) => fleet::try_profile(&mut model.engine, profile, Some(code)),
        (Some(code), None) => login::enter_code(&mut model.engine, code),
        (None, _) => {}
    }
}

/// Closes the overlay and abandons the login or profile switch that needed the code.
pub(in crate::app) fn back(model: &mut Model) -> bool {
    let tried = model
        .overlays
        .top::<CodeEntry>()
        .and_then(|entry| entry.profile.clone());
    model.overlays.pop();
    if tried.is_none() {
        login::decline(&mut model.engine);
    } else if fleet::is_trying(&model.engine) {
        fleet::stop_trying(&mut model.engine);
    }
    true
}

/// Shows why the attempt failed if the code itself was not the reason.
pub(in crate::app) fn failed(model: &mut Model, sentence: &str) {
    if let Some(entry) = model.overlays.find_mut::<CodeEntry>() {
        entry.mistake = Some(sentence.to_owned());
        model.engine.touch();
    }
}
