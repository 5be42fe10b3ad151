//! Actions for the overlay that opens a target by its id, name or URL. The text stays in the field until the target
//! is found.

use crate::app::finder::Found;
use crate::app::finder::places;
use crate::app::model::Model;
use crate::app::overlay::go_to::GoTo;
use crate::app::{finder, opening};
use crate::domain::distribution::Target;
use crate::domain::target::{TargetName, TypedTarget};
use crate::engine::{fleet, tenants};

/// Returns the destinations that match the typed text.
#[must_use]
pub fn entries(model: &Model, go_to: &GoTo) -> Vec<Found> {
    places(model, go_to.input.value().trim())
}

/// Returns the hint below the field, which explains what Enter does if no known target matches.
#[must_use]
pub fn hint(model: &Model, go_to: &GoTo) -> &'static str {
    match named(go_to.input.value().trim()) {
        Some(TargetName::Id(_)) => "no match; press ↵ to open it as an id",
        Some(name) if tenants::can_find(&model.engine, &name) => "no match; press ↵ to look it up in CloudFront",
        _ => "no match",
    }
}

fn named(typed: &str) -> Option<TargetName> {
    typed.parse().ok()
}

/// Returns whether Enter should look up the text as a host rather than open a match that merely contains it. That is
/// the case if no known target has this name and the user has not selected another match.
fn is_unknown_host(model: &Model, typed: &TypedTarget, selected: usize) -> bool {
    let is_host = matches!(typed.name, TargetName::Host(_));
    is_host && selected == 0 && fleet::find(&model.engine, &typed.name).is_none()
}

/// Returns the number of matches to choose from.
pub(in crate::app) fn lines(model: &Model) -> usize {
    let go_to = model.overlays.top::<GoTo>();
    go_to.map_or(0, |go_to| entries(model, go_to).len())
}

/// Opens the typed target, looks it up in CloudFront, or reports why it is not a target.
pub(in crate::app) fn accept(model: &mut Model) {
    let Some(text) = model
        .overlays
        .find_mut::<GoTo>()
        .map(|go_to| go_to.input.value().trim().to_owned())
    else {
        return;
    };
    let typed = text.parse::<TypedTarget>();
    let chosen = model
        .overlays
        .find_mut::<GoTo>()
        .cloned()
        .map(|go_to| (entries(model, &go_to), go_to.selected));
    let selected = chosen.as_ref().map_or(0, |(_, selected)| *selected);
    let chosen = chosen.and_then(|(found, selected)| found.get(selected).cloned());
    match (typed, chosen) {
        // A URL or an ARN identifies the target completely; any other text refers to the selected match.
        (Ok(typed), None) => open_typed(model, typed),
        (Ok(typed), Some(_)) if text.contains("://") || text.starts_with("arn:") => open_typed(model, typed),
        (Ok(typed), Some(_)) if is_unknown_host(model, &typed, selected) && ask(model, &typed) => {}
        (_, Some(found)) => go(model, found),
        // On the command line, a single word may be a mistyped command; in this overlay, it may be a tenant's name.
        (Err(_), None) if is_word(&text) => look_for_tenant(model, &text),
        (Err(mistake), None) => refuse(model, mistake.to_string()),
    }
}

fn is_word(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_lowercase() || c == '-')
}

fn look_for_tenant(model: &mut Model, word: &str) {
    let typed = TargetName::of_tenant(word).map(TypedTarget::of);
    if !typed.is_some_and(|typed| ask(model, &typed)) {
        let sentence = "Not a URL, and no alias, id, comment, origin, page, profile or saved list matches";
        refuse(model, sentence.to_owned());
    }
}

fn open_typed(model: &mut Model, typed: TypedTarget) {
    if let Err(sentence) = opening::must_be_ours(model, &typed) {
        return refuse(model, sentence);
    }
    match fleet::find(&model.engine, &typed.name) {
        Some(target) => {
            close(model);
            opening::open_with(model, target, typed.path);
        }
        None => look(model, &typed),
    }
}

/// Opens the target of a URL that was pasted on a page. If that is impossible, shows why in the go-to overlay.
pub(in crate::app) fn pasted(model: &mut Model, url: &str) {
    let go_to = GoTo {
        input: url.to_owned().into(),
        ..GoTo::default()
    };
    model.overlays.push(go_to);
    accept(model);
}

fn close(model: &mut Model) {
    model.overlays.close::<GoTo>();
    model.engine.touch();
}

fn go(model: &mut Model, found: Found) {
    close(model);
    finder::choose(model, found);
}

/// Looks up a name in CloudFront if a tenant may have it. Returns whether a request was made.
fn ask(model: &mut Model, typed: &TypedTarget) -> bool {
    let asks = tenants::find(&mut model.engine, &typed.name);
    if let Some(go_to) = model.overlays.find_mut::<GoTo>().filter(|_| asks) {
        go_to.looking = Some(typed.clone());
        model.engine.touch();
    }
    asks
}

fn look(model: &mut Model, typed: &TypedTarget) {
    if !ask(model, typed) {
        let sentence = fleet::why_not_found(&model.engine, &typed.name);
        refuse(model, sentence);
    }
}

fn refuse(model: &mut Model, sentence: String) {
    if let Some(go_to) = model.overlays.find_mut::<GoTo>() {
        go_to.looking = None;
        go_to.mistake = Some(sentence);
    }
    model.engine.touch();
}

/// Returns the first match for the typed text, unless the text is a URL.
fn first_that_contains(model: &mut Model) -> Option<Found> {
    let go_to = model.overlays.find_mut::<GoTo>().cloned()?;
    let is_url = go_to.input.value().contains("://");
    entries(model, &go_to).into_iter().next().filter(|_| !is_url)
}

/// Opens the target that CloudFront found by name, or else the first match. If there is neither, shows why. Returns
/// whether this overlay requested the lookup.
pub(in crate::app) fn answered(model: &mut Model, name: &TargetName, target: Option<Target>) -> bool {
    let looking = model
        .overlays
        .find_mut::<GoTo>()
        .and_then(|go_to| go_to.looking.clone());
    let Some(typed) = looking.filter(|typed| typed.name == *name) else {
        return false;
    };
    if let Some(target) = target {
        close(model);
        opening::open_with(model, target, typed.path);
    } else if let Some(found) = first_that_contains(model) {
        go(model, found);
    } else {
        let sentence = fleet::why_not_found(&model.engine, name);
        refuse(model, sentence);
    }
    true
}
