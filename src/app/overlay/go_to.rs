//! Opens a target by id, alias, domain or URL. The text stays in the field until the target is found.

use tui_input::Input;

use super::Overlay;
use crate::app::model::Model;
use crate::app::opening;
use crate::domain::distribution::Target;
use crate::domain::target::TargetName;
use crate::engine::{fleet, tenants};

/// The state of the overlay.
#[derive(Clone, Debug, Default)]
pub struct GoTo {
    /// What is typed.
    pub input: Input,
    /// The name that CloudFront is being asked for.
    pub looking: Option<TargetName>,
    /// Why no target was opened.
    pub mistake: Option<String>,
}

impl GoTo {
    /// The text changed: clears the error and drops the pending search.
    pub(super) fn edited(&mut self) {
        self.mistake = None;
        self.looking = None;
    }
}

/// The overlay, if it is open.
fn open_overlay(model: &mut Model) -> Option<&mut GoTo> {
    model.overlays.iter_mut().find_map(|overlay| match overlay {
        Overlay::GoTo(go_to) => Some(go_to),
        _ => None,
    })
}

/// Opens what is typed, asks CloudFront for it, or says why it is no target.
pub(in crate::app) fn accept(model: &mut Model) {
    let Some(text) = open_overlay(model).map(|go_to| go_to.input.value().trim().to_owned()) else {
        return;
    };
    match text.parse::<TargetName>() {
        Ok(name) => match fleet::find(&model.engine, &name) {
            Some(target) => found(model, target),
            None => look(model, name),
        },
        // On the command line such a word may be a mistyped command; here it is none.
        Err(_) if text.chars().all(|c| c.is_ascii_lowercase() || c == '-') => {
            refuse(
                model,
                "Not a distribution ID, tenant ID, alias, domain or URL".to_owned(),
            );
        }
        Err(mistake) => refuse(model, mistake.to_string()),
    }
}

fn look(model: &mut Model, name: TargetName) {
    if tenants::find(&mut model.engine, &name) {
        if let Some(go_to) = open_overlay(model) {
            go_to.looking = Some(name);
        }
        model.engine.touch();
    } else {
        let sentence = fleet::why_not_found(&model.engine, &name);
        refuse(model, sentence);
    }
}

fn refuse(model: &mut Model, sentence: String) {
    if let Some(go_to) = open_overlay(model) {
        go_to.looking = None;
        go_to.mistake = Some(sentence);
    }
    model.engine.touch();
}

fn found(model: &mut Model, target: Target) {
    model.overlays.retain(|overlay| !matches!(overlay, Overlay::GoTo(_)));
    opening::open(model, target);
}

/// CloudFront answered for a name; returns whether it was asked for here.
pub(in crate::app) fn answered(model: &mut Model, name: &TargetName, target: Option<Target>) -> bool {
    if open_overlay(model).is_none_or(|go_to| go_to.looking.as_ref() != Some(name)) {
        return false;
    }
    if let Some(target) = target {
        found(model, target);
    } else {
        let sentence = fleet::why_not_found(&model.engine, name);
        refuse(model, sentence);
    }
    true
}
