//! What sends counts only when a person means it: once what would be sent was seen, and by a key that was pressed for it.
//! Keys typed ahead, a key that is held down and a paste confirm nothing.

use chrono::TimeDelta;

use crate::app::key::Key;
use crate::app::model::{Model, Pressed};
use crate::engine::notices::Level;

/// For so long after it was seen nothing is confirmed: nobody reads faster, and a key that was meant for what stood there
/// before may still be on its way.
const SETTLING: TimeDelta = TimeDelta::milliseconds(400);

/// A key that comes again within this time may be held down: most keyboards begin to repeat after half a second, X servers
/// after two thirds of one.
const HELD: TimeDelta = TimeDelta::milliseconds(750);

/// A key was pressed.
pub(in crate::app) fn pressed(model: &mut Model, key: Key) {
    let now = model.engine.now;
    let again = |before: &Pressed| before.key == key && is_within(now - before.at, HELD);
    let again = model.pressed.as_ref().is_some_and(again);
    model.pressed = Some(Pressed { key, at: now, again });
}

/// The overlay on top was drawn, and no key was waiting then.
pub(in crate::app) fn seen(model: &mut Model) {
    let now = model.engine.now;
    model.overlays.see_top(now);
}

/// Whether the key that was just pressed decides about what the overlay on top lists; else it is said why not.
pub(in crate::app) fn is_given(model: &mut Model) -> bool {
    let seen = model.overlays.top_seen();
    let settled = seen.is_some_and(|seen| !is_within(model.engine.now - seen, SETTLING));
    let held = model.pressed.as_ref().is_some_and(|pressed| pressed.again);
    let why_not = match (settled, held) {
        (true, false) => return true,
        (false, _) => "This has just opened: press the key again",
        (true, true) => "A key that is held down confirms nothing: pause for a second, then press it once",
    };
    model.engine.say(Level::Info, why_not);
    false
}

/// Whether so little time has passed. A clock that was set back since holds nobody up.
fn is_within(passed: TimeDelta, span: TimeDelta) -> bool {
    (TimeDelta::zero()..span).contains(&passed)
}
