//! Who we are for AWS: account, identity, where the keys come from, and what was seen to be allowed and denied.

use crate::app::model::Model;
use crate::app::overlay::reading::Who;
use crate::engine::identity;

/// Opens it, and asks whose the keys are; the same key closes it.
pub(in crate::app) fn open(model: &mut Model) {
    model.toggle(Who);
    if model.overlays.top::<Who>().is_some() && !model.engine.preferences.demo {
        identity::look(&mut model.engine, true);
    }
}
