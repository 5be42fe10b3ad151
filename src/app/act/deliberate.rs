//! Ensures that sending is deliberate: the user must have seen what would be sent, and must have pressed the key for
//! that purpose. Keys typed ahead, a key that is held down and pasted text do not confirm anything.

use chrono::TimeDelta;

use crate::app::key::Key;
use crate::app::model::{Model, Pressed};
use crate::engine::notices::Level;

/// The time after an overlay appears during which keys do not confirm anything. It is too short for the user to read
/// the overlay, and a key meant for the previous screen may still arrive.
const SETTLING: TimeDelta = TimeDelta::milliseconds(400);

/// The time within which a repeated key press may come from a key that is held down. Most keyboards start repeating
/// after half a second, X servers after two thirds of a second.
const HELD: TimeDelta = TimeDelta::milliseconds(750);

/// Records a key press.
pub(in crate::app) fn pressed(model: &mut Model, key: Key) {
    let now = model.engine.now;
    let again = |before: &Pressed| before.key == key && is_within(now - before.at, HELD);
    let again = model.pressed.as_ref().is_some_and(again);
    model.pressed = Some(Pressed { key, at: now, again });
}

/// Records that the top overlay was drawn while no key was waiting to be handled.
pub(in crate::app) fn seen(model: &mut Model) {
    let now = model.engine.now;
    model.overlays.see_top(now);
}

/// Returns whether the key that was just pressed confirms what the top overlay lists; if not, tells the user why.
pub(in crate::app) fn is_given(model: &mut Model) -> bool {
    let seen = model.overlays.top_seen();
    let settled = seen.is_some_and(|seen| !is_within(model.engine.now - seen, SETTLING));
    let held = model.pressed.as_ref().is_some_and(|pressed| pressed.again);
    let why_not = match (settled, held) {
        (true, false) => return true,
        (false, _) => "This just opened; press the key again",
        (true, true) => "Holding the key down does not confirm; release it, wait a second, then press it once",
    };
    model.engine.say(Level::Info, why_not);
    false
}

/// Returns whether less time than this span has passed. If the clock was set back in the meantime, the result is
/// `false`, so that the user is not blocked.
fn is_within(passed: TimeDelta, span: TimeDelta) -> bool {
    (TimeDelta::zero()..span).contains(&passed)
}
