//! What the user sees. Every screen has a snapshot; its important properties are tested separately, as facts.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod dashboard;
mod facts;
pub(crate) mod history;
mod legible;
mod login;
mod makers;
mod safety;
pub(crate) mod scenes;
mod shown;
mod steps;

use std::path::Path;

use invalidash::settings::ThemeName;
use invalidash::ui::Theme;

use crate::support::screen::{ansi, berlin, picture};

/// The theme of this name.
fn theme(name: &str) -> Theme {
    Theme::named(name, berlin).unwrap()
}

/// Takes pictures: a test's name, the scene, the size, the theme.
macro_rules! pictures {
    ($($test:ident: $scene:ident $width:literal $height:literal $theme:literal;)*) => {$(
        #[test]
        fn $test() {
            let scene = scenes::$scene();
            insta::assert_snapshot!(stringify!($test), picture(&scene.model, &theme($theme), ($width, $height)));
        }
    )*};
}

pictures! {
    first_frame: first_frame 80 24 "default";
    distributions: distributions 80 24 "default";
    distributions_wide: distributions 120 40 "default";
    distributions_widest: distributions 160 50 "default";
    distributions_narrow: distributions 50 14 "default";
    distributions_mono: distributions 80 24 "mono";
    distributions_filter: distributions_filter 80 24 "default";
    distributions_no_match: distributions_no_match 80 24 "default";
    distributions_reading: distributions_reading 80 24 "default";
    distributions_empty: distributions_empty 80 24 "default";
    distributions_stale: distributions_stale 100 24 "default";
    distributions_login: distributions_login 80 24 "default";
    distributions_denied: distributions_denied 80 24 "default";
    distributions_hostile: distributions_hostile 100 24 "default";
    tenants: tenants 80 24 "default";
    tenants_wide: tenants 120 40 "default";
    tenants_widest: tenants 160 50 "default";
    tenants_mono: tenants 80 24 "mono";
    tenants_reading: tenants_reading 80 24 "default";
    tenants_empty: tenants_empty 80 24 "default";
    tenants_denied: tenants_denied 80 24 "default";
    tenants_hostile: tenants_hostile 100 24 "default";
    tenants_review: tenants_review 80 24 "default";
    tenants_known: tenants_known 100 24 "default";
    invalidations: invalidations 80 24 "default";
    invalidations_wide: invalidations 120 40 "default";
    invalidations_mono: invalidations 80 24 "mono";
    invalidations_trouble: invalidations_trouble 100 24 "default";
    invalidations_all: invalidations_all 160 50 "default";
    invalidations_none: invalidations_none 80 24 "default";
    invalidations_denied: invalidations_denied 80 24 "default";
    details: details 80 24 "default";
    details_wide: details 160 50 "default";
    details_refused: details_refused 80 24 "default";
    composer: composer 80 24 "default";
    composer_wide: composer 120 40 "default";
    composer_mono: composer 80 24 "mono";
    composer_empty: composer_empty 80 24 "default";
    ledger_closed: ledger_closed 80 24 "default";
    ledger_closed_composer: ledger_closed_composer 100 24 "default";
    review: review 100 30 "default";
    review_everything: review_everything 80 24 "default";
    review_everything_mono: review_everything 80 24 "mono";
    review_small: review_everything_covered 40 12 "default";
    review_several: review_several 80 24 "default";
    review_request: review_request 80 24 "default";
    countdown: countdown 80 24 "default";
    matrix: matrix 100 30 "default";
    matrix_narrow: matrix 50 16 "default";
    matrix_mono: matrix 80 24 "mono";
    matrix_large: matrix_large 80 24 "default";
    edge: edge 100 30 "default";
    edge_mono: edge 80 24 "mono";
    help: help 80 24 "default";
    help_wide: help 120 40 "default";
    palette: palette 80 24 "default";
    themes: themes 80 24 "light";
    distributions_light: distributions 160 50 "light";
    distributions_contrast: distributions 80 24 "contrast";
    invalidations_night: invalidations 120 40 "night";
    composer_light: composer 80 24 "light";
    review_contrast: review_everything 80 24 "contrast";
    review_night: review 100 30 "night";
    messages: messages 80 24 "default";
    month: month 80 40 "default";
    month_begins: month_begins 80 24 "default";
    facts_of_a_distribution: facts 80 24 "default";
    who: who 80 24 "default";
    who_wide: who 160 50 "default";
    who_mono: who 80 24 "mono";
    who_asking: who_asking 80 24 "default";
    login_ends: login_ends 100 24 "default";
    no_credentials: no_credentials 80 24 "default";
    no_credentials_wide: no_credentials 160 50 "default";
    no_credentials_mono: no_credentials 80 24 "mono";
    profiles_login: profiles_login 80 24 "default";
    profiles: profiles 80 24 "default";
    profiles_wide: profiles 120 30 "default";
    profile_failed: profile_failed 100 30 "default";
    go_to: go_to 80 24 "default";
    profile_search: profile_search 80 24 "default";
    profile_search_wide: profile_search 120 30 "default";
    quit: quit 80 24 "default";
    not_saved: not_saved 80 24 "default";
    left_over: left_over 100 24 "default";
    read_only: read_only 80 24 "default";
    demo: demo 80 24 "default";
}

/// The same of the history.
macro_rules! history_pictures {
    ($($test:ident: $scene:ident $width:literal $height:literal $theme:literal;)*) => {$(
        #[test]
        fn $test() {
            let scene = history::$scene();
            insta::assert_snapshot!(stringify!($test), picture(&scene.model, &theme($theme), ($width, $height)));
        }
    )*};
}

history_pictures! {
    history: history 80 24 "default";
    history_wide: history 120 40 "default";
    history_widest: history 160 50 "default";
    history_narrow: history 50 14 "default";
    history_mono: history 80 24 "mono";
    history_filter: history_filter 80 24 "default";
    history_empty: history_empty 80 24 "default";
    history_reading: history_reading 80 24 "default";
    history_failed: history_failed 80 24 "default";
    history_stale: history_stale 80 24 "default";
    history_hostile: history_hostile 120 24 "default";
    export: export 80 24 "default";
    export_exists: export_exists 80 24 "default";
    note: note 80 24 "default";
    note_failed: note_failed 80 24 "default";
    review_note: review_note 100 30 "default";
    noted: noted 120 40 "default";
    details_note: details_note 80 24 "default";
    compare: compare 100 30 "default";
    compare_reading: compare_reading 80 24 "default";
}

/// The same of logging in.
macro_rules! login_pictures {
    ($($test:ident: $scene:ident $width:literal $height:literal $theme:literal;)*) => {$(
        #[test]
        fn $test() {
            let scene = login::$scene();
            insta::assert_snapshot!(stringify!($test), picture(&scene.model, &theme($theme), ($width, $height)));
        }
    )*};
}

login_pictures! {
    mfa_code: mfa_code 80 24 "default";
    mfa_code_wide: mfa_code 160 50 "default";
    mfa_code_refused: mfa_code_refused 80 24 "default";
    mfa_code_refused_mono: mfa_code_refused 80 24 "mono";
    browser_login: browser_login 80 24 "default";
    browser_login_wide: browser_login 160 50 "default";
    browser_login_mono: browser_login 100 30 "mono";
    browser_login_ended: browser_login_ended 80 24 "default";
    connecting_slowly: connecting_slowly 80 24 "default";
}

/// The same of who created an invalidation.
macro_rules! maker_pictures {
    ($($test:ident: $scene:ident $width:literal $height:literal $theme:literal;)*) => {$(
        #[test]
        fn $test() {
            let scene = makers::$scene();
            insta::assert_snapshot!(stringify!($test), picture(&scene.model, &theme($theme), ($width, $height)));
        }
    )*};
}

maker_pictures! {
    maker: maker 80 24 "default";
    maker_wide: maker 120 40 "default";
    maker_mono: maker 80 24 "mono";
    maker_asking: maker_asking 80 24 "default";
    maker_unknown: maker_unknown 80 24 "default";
    maker_young: maker_young 80 24 "default";
    details_not_from_here: details_not_from_here 80 24 "default";
    maker_denied: maker_denied 80 24 "default";
    maker_hostile: maker_hostile 80 24 "default";
    details_maker: details_maker 80 24 "default";
    details_maker_wide: details_maker 120 40 "default";
}

/// Writes every scene as a terminal would be told to draw it into `target/pictures`, to be looked at:
/// `cargo test --test it write_pictures -- --ignored`, then `cat` one of them in a terminal of its size.
#[test]
#[ignore = "writes files to look at"]
fn write_pictures() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pictures");
    std::fs::create_dir_all(&folder).unwrap();
    for theme in ThemeName::ALL.map(|name| theme(name.name())) {
        for (name, scene) in scenes::all() {
            for size in [(60, 20), (80, 24), (100, 30), (120, 40), (160, 50)] {
                let file = format!("{name}-{}x{}-{}.ansi", size.0, size.1, theme.name);
                std::fs::write(folder.join(file), ansi(&scene().model, &theme, size)).unwrap();
            }
        }
    }
}
