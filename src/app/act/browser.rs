//! Actions for the browser login overlay.

use crate::app::act::profiles;
use crate::app::copying::copy;
use crate::app::model::Model;
use crate::app::overlay::browser::Browser;
use crate::engine::login;

/// Opens the browser login overlay when a login to this profile starts; `None` means the current profile.
pub(in crate::app) fn open(model: &mut Model, profile: Option<String>) {
    model.overlays.close::<Browser>();
    model.open(Browser { ended: None, profile });
}

/// Copies the login URL.
pub(in crate::app) fn copy_url(model: &mut Model) {
    if let Some(waits) = &model.engine.login.browser {
        let link = waits.link().to_owned();
        copy(model, link, "the URL");
    }
}

/// Starts the login again after a failure.
pub(in crate::app) fn again(model: &mut Model) {
    let ended = model
        .overlays
        .top::<Browser>()
        .filter(|browser| browser.ended.is_some());
    if let Some(profile) = ended.map(|browser| browser.profile.clone()) {
        login::browse_again(&mut model.engine, profile);
    }
}

/// Closes the overlay and cancels the login.
pub(in crate::app) fn back(model: &mut Model) -> bool {
    let of_other = model
        .overlays
        .top::<Browser>()
        .is_some_and(|browser| browser.profile.is_some());
    model.overlays.close::<Browser>();
    if of_other {
        model.engine.login.browser = None;
        profiles::stop_trying(model);
    } else {
        login::stop_browsing(&mut model.engine);
    }
    true
}

/// Handles the end of the login: the overlay closes, or shows why the login failed.
pub(in crate::app) fn ended(model: &mut Model, failed: Option<String>) {
    match (failed, model.overlays.find_mut::<Browser>()) {
        (None, Some(_)) => model.overlays.close::<Browser>(),
        (Some(sentence), Some(browser)) => browser.ended = Some(sentence),
        (_, None) => return,
    }
    model.engine.touch();
}
