//! Actions for the AWS identity overlay, which shows the account, the ARN, the source of the credentials, and which
//! actions were allowed or denied.

use crate::app::model::Model;
use crate::app::overlay::reading::Who;
use crate::engine::identity;

/// Opens the overlay and requests the identity behind the credentials; the same key closes the overlay.
pub(in crate::app) fn open(model: &mut Model) {
    model.toggle(Who);
    if model.overlays.top::<Who>().is_some() && !model.engine.preferences.demo {
        identity::look(&mut model.engine, true);
    }
}
